//! A mailbox that the firm shares: whom nobody has placed in it, its owners see and place.

use std::sync::Arc;

use axum::http::StatusCode;
use regard::db::Durability;
use regard::ids::MailboxId;
use regard::intake::live::{Arrived, Live};
use regard::intake::settle::settle;
use regard::record::sources::{self, server_folder};
use wire::mail::{Flags, Folder, Role};

use crate::correspondents::{DOORS, firm, letter, subjects};
use crate::house::{FIRM, House, Person, run};

/// A mailbox that nobody has alone, and letters in it, as they are fetched.
async fn shares(house: &House, address: &str, letters: &[String]) -> MailboxId {
    let mailbox = house.connect_shared(address).await;
    bring(house, mailbox, address, letters).await;
    mailbox
}

/// Letters as they are fetched from somebody's mailbox; each with a line before it.
pub(crate) async fn bring(house: &House, mailbox: MailboxId, address: &str, letters: &[String]) {
    let added = lies_in(house, mailbox, address, Role::Inbox, letters).await;
    assert_eq!(added, letters.len() as u64);
}

/// The same in a folder for that purpose; gives how many were not there yet.
pub(crate) async fn lies_in(
    house: &House,
    mailbox: MailboxId,
    address: &str,
    role: Role,
    letters: &[String],
) -> u64 {
    let (name, kind) = if role == Role::Spam { ("Junk", "spam") } else { ("INBOX", "inbox") };
    let (now, firm) = (house.app.now(), house.firm().await);
    let mut tx = house.app.db.write(Durability::Act).await.unwrap();
    let folder = sources::folder(&mut tx, FIRM, mailbox, name, kind).await.unwrap();
    let place = server_folder(&mut tx, FIRM, folder, &format!("imap://{address}/{name}"), now).await.unwrap();
    tx.commit().await.unwrap();
    let lies = Arc::new(Folder { mailbox: Some(address.to_owned()), name: name.to_owned(), role });
    let arrived = |(n, letter): (usize, &String)| Arrived {
        raw: letter.split_once('\n').expect("a line before it").1.as_bytes().to_vec(),
        number: n as u32 + 1,
        flags: Flags::default(),
        folder: Arc::clone(&lies),
        source: place.source,
    };
    let arrived = letters.iter().enumerate().map(arrived).collect();
    let mut live = Live::new(&house.app.db, &firm).unwrap();
    let taken = live.take(arrived, Vec::new(), None, true, now).await.unwrap();
    settle(&house.app.db, FIRM, now).await.unwrap();
    taken.added
}

/// Where somebody is told of Zed Fisher of heron.example, or of the heronry.
async fn tells_of_zed(person: &Person) -> Vec<String> {
    let mut tells = Vec::new();
    for door in DOORS {
        let door = door.replace("wolfhound", "heronry").replace("acme", "heron");
        let text = person.get(&door).await.text;
        let typed = ["value=\"heronry\"", "value=\"heron\"", "“heronry”", "“heron”"];
        let text = typed.iter().fold(text, |text, typed| text.replace(typed, ""));
        if ["heronry", "heron.example", "Zed Fisher"].iter().any(|word| text.contains(word)) {
            tells.push(door);
        }
    }
    tells
}

#[test]
fn whom_nobody_placed_in_a_shared_mailbox_owners_of_the_firm_see_and_place_and_nobody_else() {
    run(async {
        let house = firm().await;
        let ask = |n, day, subject: &str| {
            let words = "Could you send me the plan of the heronry by Friday, please?";
            letter(n, "Zed Fisher <zed@heron.example>", "office@quill.example", day, subject, words)
        };
        let letters = [ask(31, 12, "The heronry"), ask(32, 13, "Again")];
        let mailbox = shares(&house, "office@quill.example", &letters).await;
        let (amy, bo, cy) = (house.person("Amy").await, house.person("Bo").await, house.person("Cy").await);
        assert_eq!(tells_of_zed(&bo).await, Vec::<String>::new(), "staff share it to answer clients");
        assert_eq!(tells_of_zed(&cy).await, Vec::<String>::new());
        let hers = tells_of_zed(&amy).await;
        for door in [
            "/today?whose=firm",
            "/search?q=heronry",
            "/correspondents",
            "/api/v1/obligations?whose=firm",
            "/today.csv?whose=firm",
            "/correspondents.csv",
        ] {
            assert!(hers.iter().any(|told| told == door), "{door} is not among {hers:?}");
        }
        let waits = amy.get("/correspondents").await.ok();
        assert!(waits.contains("wrote 2 messages") && waits.contains("all owners of the firm"), "{waits}");
        // By forged ids and names nobody else gets further.
        let listed: serde_json::Value =
            serde_json::from_str(&amy.get("/api/v1/obligations?whose=firm").await.text).expect("JSON");
        let all = listed["obligations"].as_array().expect("a list");
        let zeds = all.iter().find(|owed| owed.to_string().contains("heron")).expect("what Zed is owed");
        let id = zeds["id"].as_str().expect("an id");
        assert_eq!(bo.get(&format!("/owed/{id}")).await.status, StatusCode::NOT_FOUND);
        let forged = bo.post("/correspondents", &[("kind", "client"), ("w:heron.example", "1")]).await;
        assert_eq!(forged.status, StatusCode::NOT_FOUND);

        // Whoever becomes an owner sees it at once, and whoever is one no more does not.
        house.give_access("Cy", "owner").await;
        assert!(!tells_of_zed(&cy).await.is_empty());
        house.give_access("Cy", "read_only").await;
        assert_eq!(tells_of_zed(&cy).await, Vec::<String>::new());

        let placed = amy.post("/correspondents", &[("kind", "client"), ("w:heron.example", "1")]).await;
        assert!(amy.get(placed.location()).await.text.contains("heron.example: client."));
        assert!(!tells_of_zed(&bo).await.is_empty(), "a client is everybody's");
        amy.post("/correspondents/undoing", &[("w:heron.example", "1")]).await;
        assert_eq!(tells_of_zed(&bo).await, Vec::<String>::new());
        assert!(!tells_of_zed(&amy).await.is_empty());
        // Connected no more, what was fetched for it is seen by the owners as before, and by nobody else.
        let removed = amy.post(&format!("/settings/connections/{}/removing", mailbox.0), &[]).await;
        assert!(removed.status.is_redirection(), "{}", removed.text);
        assert!(!tells_of_zed(&amy).await.is_empty());
        assert_eq!(tells_of_zed(&bo).await, Vec::<String>::new());
        let page = amy.get("/settings/mailboxes").await.ok();
        assert!(page.contains("office@quill.example</b>, shared before,"), "{page}");
        // Until an owner says whose it is: then it is theirs alone.
        let cy_id = house.staff("Cy").await.0.to_string();
        amy.post(&format!("/settings/mailboxes/{}/owner", mailbox.0), &[("staff", &cy_id)]).await;
        assert_eq!(tells_of_zed(&amy).await, Vec::<String>::new());
        assert!(!tells_of_zed(&cy).await.is_empty());
    });
}

#[test]
fn private_mail_in_a_shared_mailbox_is_erased_by_those_who_share_it_and_by_nobody_else() {
    run(async {
        let house = firm().await;
        let may = |n, subject: &str| {
            letter(n, "Aunt May <may@gmail.com>", "office@quill.example", 13, subject, "Is Bo there?")
        };
        shares(&house, "office@quill.example", &[may(41, "To the office")]).await;
        let may = [("kind", "private"), ("w:may@gmail.com", "1"), ("sure", "1")];
        let bo = house.person("Bo").await;
        assert!(bo.post("/correspondents", &may).await.status.is_redirection());
        let left = subjects(&house).await;
        assert!(!left.contains(&"To Bo".to_owned()), "{left:?}");
        assert!(left.contains(&"To the office".to_owned()), "that is not his: {left:?}");
        bo.post("/correspondents/undoing", &[("w:may@gmail.com", "1")]).await;
        let amy = house.person("Amy").await;
        assert!(amy.post("/correspondents", &may).await.status.is_redirection());
        let left = subjects(&house).await;
        assert!(!left.iter().any(|subject| ["Sunday lunch", "To the office"].contains(&subject.as_str())));
    });
}
