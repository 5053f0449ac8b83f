//! Copies in secret, and walls around matters.

use crate::drafts::{ANSWER, begin, borrowed, form, owed, value};
use crate::house::{FIRM, House, Page, Person, run};

#[test]
fn a_copy_in_secret_is_kept_with_the_draft_and_named_in_ones_own_copy() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        house.connect("Helen").await;
        let draft = begin(&helen, &owed(&helen).await, "answer", &[]).await;
        let mut form = form(&helen, &draft, ANSWER).await;
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
