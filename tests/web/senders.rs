//! Which mailbox a new letter goes from.

use crate::correspondents::firm;
use crate::house::{House, run};

#[test]
fn a_new_letter_goes_from_ones_own_mailbox() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        house.connect_shared("aaa@first.example").await;
        house.connect("Marcus").await;
        house.connect("Helen").await;
        let own = house.asker("Helen").await.face().expect("a face").email.clone();
        // One more of hers, which comes first by its name and has no mail with the client.
        house.connect_for("aaa@tiddfarrow.example".to_owned(), Some(house.staff("Helen").await)).await;
        let client = house.client("Vantage Lettings Ltd").await;
        for purpose in ["letter", "thanks"] {
            let path = format!("/clients/{}/letters", client.id.0);
            let begun = helen.post(&path, &[("purpose", purpose), ("back", "/clients")]).await;
            let page = helen.get(begun.location()).await;
            let senders = page.between("<select name=\"from\"", "</select>");
            let chosen =
                senders.split("<option").find(|one| one.contains(" selected")).expect("one is chosen");
            assert!(chosen.contains(&own), "{senders}");
            let marcus = house.asker("Marcus").await.face().expect("a face").email.clone();
            assert!(!senders.contains(&marcus), "never a colleague's: {senders}");
        }
    });
}

#[test]
fn of_several_mailboxes_the_one_that_knows_the_client_writes() {
    run(async {
        let house = firm().await;
        let amy = house.person("Amy").await;
        amy.post("/correspondents", &[("kind", "client"), ("w:acme.example", "1")]).await;
        let staff = house.staff("Amy").await;
        house.connect_for("aaa@quill.example".to_owned(), Some(staff)).await;
        // The mailbox in which her letters to and from that client lie.
        let known = house.connect_for("amy".to_owned(), Some(staff)).await;
        let client = house.client("acme.example").await;
        let path = format!("/clients/{}/letters", client.id.0);
        let begun = amy.post(&path, &[("purpose", "letter"), ("back", "/clients")]).await;
        let page = amy.get(begun.location()).await;
        let senders = page.between("<select name=\"from\"", "</select>");
        assert!(senders.contains(&format!("value=\"{}\" selected", known.0)), "{senders}");
    });
}
