//! Copies in secret, and walls around matters.

use wire::mail::Role;

use crate::drafts::{ANSWER, answering, begin, borrowed, form, owed, value};
use crate::house::{FIRM, House, Page, Person, run};
use crate::shared::lies_in;

#[test]
fn what_a_mail_server_took_for_unwanted_says_so_where_it_is_owed_until_it_is_moved() {
    run(async {
        let house = House::new().await;
        let mailbox = house.connect("Helen").await;
        let address = house.asker("Helen").await.face().expect("a face").email.clone();
        let letter = format!(
            "From x\nMessage-ID: <unwanted-1@made.example>\nDate: 17 Jun 2026 08:30:00 +0100\n\
             From: Toby Marchant <toby@vantagelettings.example>\nTo: {address}\nSubject: The heronry plan\n\n\
             Dear Helen,\n\nCould you send me the plan of the heronry, please?\n\nToby\n"
        );
        let lies = async |role| lies_in(&house, mailbox, &address, role, std::slice::from_ref(&letter)).await;
        assert_eq!(lies(Role::Spam).await, 1);
        let asker = house.asker("Helen").await;
        let answers = asker.open().filter(|open| open.owed.kind.name() == "answer");
        let newest = answers.max_by_key(|open| open.owed.opened_at).expect("it is owed");
        let path = format!("/owed/{}", newest.owed.id);
        let helen = house.person("Helen").await;
        let page = helen.get(&path).await.ok();
        assert!(page.contains("plan of the heronry") && page.contains("took this for unwanted"), "{page}");
        assert_eq!(lies(Role::Inbox).await, 0, "it was moved");
        let page = helen.get(&path).await.ok();
        assert!(page.contains("plan of the heronry") && !page.contains("took this for unwanted"), "{page}");
    });
}

#[test]
fn a_copy_in_secret_is_kept_with_the_draft_and_named_in_ones_own_copy() {
    run(async {
        let house = House::new().await;
        let (helen, draft, mut form) = answering(&house, ANSWER).await;
        let bcc = "Ms Secret <secret@elsewhere.example>";
        form.push(("bcc", bcc.to_owned()));
        helen.post(&draft, &borrowed(&form, &[])).await;
        assert_eq!(value(&helen.get(&draft).await, "bcc"), bcc);
        let wrong = borrowed(&form[..form.len() - 1], &[("bcc", "not an address")]);
        let refused = helen.post(&format!("{draft}/sending"), &wrong).await;
        assert!(helen.get(refused.location()).await.ok().contains("Not sent: Bcc"), "{}", refused.text);
        helen.post(&format!("{draft}/sending"), &borrowed(&form, &[])).await;
        let [message] = &house.outgoing().await[..] else { panic!("one message") };
        assert!(message.recipients.contains(&"secret@elsewhere.example".to_owned()));
        let letter = reading::letter::parse(&message.bytes).unwrap();
        let named = |people: &[reading::letter::Mailbox]| {
            people.iter().any(|one| one.address == "secret@elsewhere.example")
        };
        assert!(named(&letter.bcc) && !named(&letter.to) && !named(&letter.cc));
    });
}

#[test]
fn whom_a_wall_keeps_out_of_a_matter_sends_no_letter_that_names_it() {
    run(async {
        let house = House::new().await;
        let marcus = house.person("Marcus").await;
        house.connect("Marcus").await;
        let id = owed(&marcus).await;
        let draft = begin(&marcus, &id, "answer", &[]).await;
        let obligation = regard::today::acts::id(&id).unwrap();
        let mut tx = house.app.db.write(regard::db::Durability::Act).await.unwrap();
        let client = house.asker("Marcus").await.obligation(&mut tx, obligation).await.unwrap().client;
        let matter = regard::matters::Matter {
            id: regard::ids::MatterId(tx.new_id()),
            external_key: "M-4711".to_owned(),
            client,
            name: "Sale of Mill Lane".to_owned(),
            kind: String::new(),
            handler: None,
            opened: None,
            closed: None,
            custom: Default::default(),
        };
        let matter = regard::matters::store::save(&mut tx, FIRM, &matter, house.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        house.wall_off("Marcus", client, Some(matter)).await;
        // The draft was begun before the wall, and the client is seen as before.
        let names = ["Dear all,\n\nthe sale of\nMill Lane is done.", "See m-4711 for it."];
        for words in names {
            let form = form(&marcus, &draft, words).await;
            let refused = marcus.post(&format!("{draft}/sending"), &borrowed(&form, &[])).await;
            assert!(where_led(&marcus, &refused).await.contains("out of a matter"), "{}", refused.location());
        }
        assert!(house.outgoing().await.is_empty());
        let form = form(&marcus, &draft, "The sale of Mill Lanes and M-47110 is none of it.").await;
        marcus.post(&format!("{draft}/sending"), &borrowed(&form, &[])).await;
        assert_eq!(house.outgoing().await.len(), 1, "other letters to the same client leave");
    });
}

/// The page that an answer leads to.
async fn where_led(person: &Person, page: &Page) -> String {
    person.get(page.location()).await.ok()
}

#[test]
fn several_answer_from_one_shared_mailbox_and_learn_of_each_other() {
    run(async {
        let house = House::new().await;
        let (helen, marcus) = (house.person("Helen").await, house.person("Marcus").await);
        let shared = house.connect_shared("office@shared.example").await;
        let id = owed(&helen).await;
        let first = begin(&helen, &id, "answer", &[]).await;
        let second = begin(&marcus, &id, "answer", &[]).await;
        assert!(helen.get(&first).await.ok().contains("is writing about this at this moment."));
        let form = form(&helen, &first, ANSWER).await;
        helen.post(&format!("{first}/sending"), &borrowed(&form, &[])).await;
        let [message] = &house.outgoing().await[..] else { panic!("one message") };
        assert_eq!((message.mailbox, message.sender.as_str()), (shared, "office@shared.example"));
        let page = marcus.get(&second).await.ok();
        assert!(page.contains("Helen Farrow has written about this; the letter is on its way."), "{page}");
        // It can be sent all the same: two may have to say different things.
        marcus.post(&format!("{second}/sending"), &borrowed(&form, &[])).await;
        let senders: Vec<_> = house.outgoing().await.into_iter().map(|one| (one.sender, one.by)).collect();
        assert!(senders.iter().all(|(sender, _)| sender == "office@shared.example"), "{senders:?}");
        assert_ne!(senders[0].1, senders[1].1, "each in their own name");

        // Owners of the firm look after it; whoever else sends from it does not.
        let path = format!("/settings/connections/{}/signature", shared.0);
        house.give_access("Marcus", "staff").await;
        house.give_access("Helen", "owner").await;
        let refused = marcus.post(&path, &[("signature", "x")]).await;
        assert_eq!(refused.status, axum::http::StatusCode::NOT_FOUND, "{}", refused.text);
        assert!(!marcus.get("/settings/mailboxes").await.ok().contains("office@shared.example"));
        helen.post(&path, &[("signature", "Tidd & Farrow")]).await;
        let page = helen.get("/settings/mailboxes").await.ok();
        assert!(page.contains("office@shared.example <span class=\"quiet\">shared</span>"), "{page}");
        assert!(page.contains("Tidd &#38; Farrow</textarea>"), "{page}");
    });
}
