//! To whom a letter goes that was begun before somebody was removed from a client's contacts.

use crate::drafts::ANSWER;
use crate::house::{House, run};
use crate::removed::Jo;

#[test]
fn whoever_was_removed_meanwhile_is_named_before_a_letter_to_them_leaves() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        house.connect("Helen").await;
        let jo = Jo::of(&house).await;
        let clients = house.asker("Helen Farrow").await.board.firm.clients.clone();
        let other = clients.values().find(|card| card.is_confirmed() && card.id != jo.client).unwrap();
        let letters = format!("/clients/{}/letters", other.id.0);
        let begin = async |purpose: &str| {
            let begun = helen.post(&letters, &[("purpose", purpose)]).await;
            begun.location().split('?').next().unwrap().to_owned()
        };
        let draft = begin("letter").await;
        let twice = format!("{0}, {0}", jo.email);
        let fields = [
            ("to", twice.as_str()),
            ("subject", "Hello"),
            ("words", ANSWER),
            ("back", "/today"),
            ("from", ""),
        ];
        helen.post(&draft, &fields).await;
        let named =
            async |draft: &str| helen.get(draft).await.ok().matches("data-kind=\"contact_removed\"").count();
        assert_eq!(named(&draft).await, 0);
        jo.removed_by(&helen).await;
        let words =
            format!("{} was removed from the contacts of Vantage Lettings Ltd on 17 June 2026", jo.name);
        let page = helen.get(&draft).await.ok();
        assert!(page.contains(&words), "{page}");
        assert_eq!(named(&draft).await, 1, "once");
        for field in ["cc", "bcc"] {
            let fields = [("to", "robin@elsewhere.example"), (field, jo.email.as_str()), ("words", "")];
            helen.post(&draft, &fields).await;
            assert_eq!(named(&draft).await, 1, "{field}");
        }
        let sent = helen.post(&format!("{draft}/sending"), &fields).await;
        assert!(sent.location().contains("undo=letter-"), "it is not held back: {}", sent.location());
        // Whoever may not see that client learns nothing of its people.
        let draft = begin("thanks").await;
        helen.post(&draft, &fields).await;
        assert_eq!(named(&draft).await, 1);
        house.wall("Helen Farrow", jo.client).await;
        assert_eq!(named(&draft).await, 0);
    });
}
