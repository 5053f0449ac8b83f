//! Letters, sent from pages.

use axum::http::StatusCode;
use regard::outbox::State;
use regard::record::changes::{self, Changed};

use crate::drafts::{ANSWER, begin, borrowed, form, owed, value, words};
use crate::house::{FIRM, House, run};

#[test]
fn a_letter_leaves_once_however_often_it_is_handed_in() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        house.connect("Helen").await;
        let id = owed(&helen).await;
        let draft = begin(&helen, &id, "answer", &[]).await;
        let page = helen.get(&draft).await;
        let (to, subject) = (value(&page, "to"), value(&page, "subject"));
        assert!(to.contains('@') && subject.to_lowercase().starts_with("re: "), "{to} {subject}");
        assert!(
            words(&page).starts_with("Dear ") && words(&page).ends_with("Helen Farrow"),
            "{}",
            words(&page)
        );
        assert!(page.text.contains("wrote:</summary>"), "what they wrote stands below");

        let form = form(&helen, &draft, ANSWER).await;
        let kept = helen.post(&draft, &borrowed(&form, &[])).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
        assert_eq!(words(&helen.get(&draft).await), ANSWER);

        let sending = format!("{draft}/sending");
        let sent = helen.post(&sending, &borrowed(&form, &[("way", "smtp")])).await;
        assert!(sent.location().starts_with("/today?whose=firm&said="), "{}", sent.text);
        let again = helen.post(&sending, &borrowed(&form, &[("way", "smtp")])).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.text);
        let [message] = &house.outgoing().await[..] else { panic!("one message") };
        assert_eq!(message.state, State::Waiting);
        let text = String::from_utf8(message.bytes.clone()).unwrap();
        for part in ["In-Reply-To: <", "References: <", "multipart/alternative", "text/html", "Subject: R"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        let today = helen.get(sent.location()).await.ok();
        assert!(today.contains("leaves in a moment"), "{today}");
        assert!(
            today.contains("Take it back") && today.contains(&format!("o-{id}")),
            "owed until it has left"
        );

        assert!(helen.get("/outbox").await.ok().contains("href=\"/outbox.csv\""));
        let list = helen.get("/outbox.csv").await.ok();
        assert!(list.starts_with("written,state,to,by,subject,leaves_or_left,trouble\r\n"), "{list}");
        assert!(list.lines().count() == 2 && list.contains(",waiting,"), "{list}");

        // Taken back, it is the draft that it was.
        let undo = format!("/decisions/letter-{}/undoing", message.id.0);
        let back = helen.post(&undo, &[("back", "/today")]).await;
        assert!(back.location().starts_with(&draft), "{}", back.text);
        let page = helen.get(back.location()).await;
        assert_eq!(words(&page), ANSWER);
        assert_eq!(value(&page, "to"), to);
        assert_eq!(house.outgoing().await[0].state, State::Cancelled);
        assert!(helen.get("/today?whose=firm").await.ok().contains(&format!("o-{id}")));

        // And it can be sent again after that, once.
        helen.post(&sending, &borrowed(&form, &[])).await;
        helen.post(&sending, &borrowed(&form, &[])).await;
        let states: Vec<State> = house.outgoing().await.into_iter().map(|one| one.state).collect();
        assert_eq!(states, [State::Waiting, State::Cancelled]);
    });
}

#[test]
fn writing_beside_a_colleague_and_sending_are_told_to_pages_and_read_no_record_again() {
    run(async {
        let house = House::new().await;
        let (helen, marcus) = (house.person("Helen").await, house.person("Marcus").await);
        house.connect("Helen").await;
        let id = owed(&helen).await;
        let draft = begin(&helen, &id, "answer", &[]).await;
        let form = form(&helen, &draft, ANSWER).await;

        let known = revision(&house).await;
        let beside = begin(&marcus, &id, "answer", &[]).await;
        let known = told_besides(&house, known).await;
        marcus.post(&format!("{beside}/removing"), &[]).await;
        let known = told_besides(&house, known).await;
        helen.post(&format!("{draft}/sending"), &borrowed(&form, &[("way", "smtp")])).await;
        let known = told_besides(&house, known).await;
        let [message] = &house.outgoing().await[..] else { panic!("one message") };
        helen.post(&format!("/decisions/letter-{}/undoing", message.id.0), &[("back", "/today")]).await;
        told_besides(&house, known).await;
    });
}

async fn revision(house: &House) -> i64 {
    changes::revision(&mut house.app.db.read().await.unwrap(), FIRM).await.unwrap()
}

/// Open pages were told something since a revision, and no client's record is another; gives the revision now.
async fn told_besides(house: &House, known: i64) -> i64 {
    let now = revision(house).await;
    assert!(known < now, "open pages are told");
    let changed = changes::since(&mut house.app.db.read().await.unwrap(), FIRM, known, now).await.unwrap();
    assert_eq!(changed, Changed::Clients(Vec::new()), "the record is as it was");
    now
}
