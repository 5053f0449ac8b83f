//! What people of the firm are told by mail every morning.

use jiff::Timestamp;
use regard::access::passwords;
use regard::db::Durability;
use regard::notices::{self, digests};
use regard::outbox::Outgoing;
use regard::record::project;

use wire::calendar::feed::Due;

use crate::house::{FIRM, House, run};

const EMAIL: &str = "owen@tiddfarrow.example";

/// Somebody who can sign in, with a mailbox of their own.
async fn house() -> House {
    let house = House::new().await;
    house.connect("Owen").await;
    let hash = passwords::hash("a quiet river bank").expect("a hash");
    let mut tx = house.app.db.write(Durability::Act).await.expect("a transaction");
    passwords::save(&mut tx, FIRM, house.staff("Owen").await, EMAIL, &hash, house.app.now())
        .await
        .expect("saved");
    tx.commit().await.expect("it is written");
    house
}

async fn is_behind(house: &House, behind: bool) {
    let mut tx = house.app.db.write(Durability::Act).await.expect("a transaction");
    project::mark_behind(&mut tx, FIRM, behind).await.expect("marked");
    tx.commit().await.expect("it is written");
}

async fn sent_at(house: &House, moment: &str) -> Vec<Outgoing> {
    let now: Timestamp = moment.parse().expect("a moment");
    digests::send(&house.app.db, FIRM, now).await.expect("sent");
    house.outgoing().await
}

fn text(outgoing: &Outgoing) -> String {
    let letter = reading::letter::parse(&outgoing.bytes).expect("a letter");
    letter.text
}

#[test]
fn a_morning_mail_says_what_is_owed_once_a_day_and_never_out_of_hours() {
    run(async {
        let house = house().await;
        assert!(sent_at(&house, "2026-06-17T05:00:00+01:00").await.is_empty(), "it is night");
        is_behind(&house, true).await;
        assert!(sent_at(&house, "2026-06-17T09:34:00+01:00").await.is_empty(), "what is owed is not known");
        is_behind(&house, false).await;
        let [mail] = &sent_at(&house, "2026-06-17T09:35:00+01:00").await[..] else { panic!("one mail") };
        assert_eq!(mail.recipients, [EMAIL]);
        assert!(mail.subject.starts_with("Wednesday 17 June: "), "{}", mail.subject);
        let raw = String::from_utf8_lossy(&mail.bytes);
        assert!(
            raw.contains("Auto-Submitted: auto-generated") && raw.contains("multipart/alternative"),
            "{raw}"
        );
        // It says what his page says, in its order.
        let page = house.person("Owen").await.get("/today").await.ok();
        let said = text(mail);
        let (first, _) = said.split_once(": ").expect("a client");
        let first = first.lines().last().expect("a line").trim();
        let page = page.replace("&#38;", "&").replace("&amp;", "&");
        assert!(page.contains(first), "{first}: {said}");
        assert!(!said.contains("/owed/"), "without an address there are no links");
        assert_eq!(sent_at(&house, "2026-06-17T09:50:00+01:00").await.len(), 1, "once a day");
        assert_eq!(sent_at(&house, "2026-06-18T09:35:00+01:00").await.len(), 2, "and the next day");
        assert_eq!(sent_at(&house, "2026-06-20T09:35:00+01:00").await.len(), 2, "not on a Saturday");
    });
}

#[test]
fn a_calendar_elsewhere_names_nobody_behind_a_wall() {
    run(async {
        let house = house().await;
        let (staff, now) = (house.staff("Owen").await, house.app.now());
        let stands = notices::elsewhere::Elsewhere::default();
        let owes = async || stands.owed(&house.app.db, FIRM, staff, now).await.expect("asked");
        let before = owes().await;
        let board = house.asker("Owen").await.board;
        let of = |due: &Due| {
            let (_, name) = due.summary.split_once(": ")?;
            board.firm.clients.values().find(|card| card.name == name)
        };
        let (due, card) =
            before.iter().find_map(|due| Some((due, of(due)?))).expect("something of a client's");
        house.wall("Helen", card.id).await;
        let after = owes().await;
        assert_eq!(after.len(), before.len());
        let then = after.iter().find(|then| then.uid == due.uid).expect("it is still owed");
        assert_eq!((then.at, then.description.as_str()), (due.at, ""));
        assert!(due.summary.starts_with(&then.summary) && !then.summary.contains(&card.name), "{then:?}");
        assert!(after.iter().all(|due| !due.summary.contains(&card.name)));
        // And an address book holds nobody of theirs.
        let cards = stands.contacts(&house.app.db, FIRM, staff, now).await.expect("asked");
        assert!(20 < cards.len(), "{}", cards.len());
        assert!(cards.iter().all(|one| one.organisation.as_ref() != Some(&card.name)));
    });
}

#[test]
fn whoever_says_no_is_told_nothing_and_links_lead_where_the_firm_says() {
    run(async {
        let house = house().await;
        let owen = house.person("Owen").await;
        let page = owen.get("/settings/reminders").await.ok();
        assert!(!page.contains("No mailbox can send"), "{page}");
        assert!(
            owen.post("/settings/reminders/sender", &[("web", "https://x.example")])
                .await
                .status
                .is_client_error()
        );
        house.give_access("Owen", "owner").await;
        owen.post("/settings/reminders", &[("weekly", "1"), ("zone", "America/New_York")]).await;
        assert!(sent_at(&house, "2026-06-17T14:35:00+01:00").await.is_empty(), "not in the morning");
        assert!(owen.post("/settings/reminders", &[("zone", "Mars/Crater")]).await.status.is_client_error());
        owen.post("/settings/reminders", &[("morning", "1"), ("zone", "America/New_York")]).await;
        owen.post("/settings/reminders/sender", &[("web", "https://regard.firm.example/")]).await;
        assert!(sent_at(&house, "2026-06-17T09:35:00+01:00").await.is_empty(), "his day has not begun");
        let [mail] = &sent_at(&house, "2026-06-17T14:35:00+01:00").await[..] else { panic!("one mail") };
        let said = text(mail);
        assert!(said.contains("https://regard.firm.example/owed/"), "{said}");
        assert!(said.contains("https://regard.firm.example/settings/reminders"), "{said}");
    });
}

#[test]
fn the_week_begins_with_how_ones_clients_are() {
    run(async {
        let house = house().await;
        let sent = sent_at(&house, "2026-06-22T09:35:00+01:00").await;
        let week = sent.iter().find(|mail| mail.subject.starts_with("Your clients this week"));
        let week =
            week.unwrap_or_else(|| panic!("{:?}", sent.iter().map(|mail| &mail.subject).collect::<Vec<_>>()));
        let said = text(week);
        assert!(said.contains(" risk"), "{said}");
        // Only those whose one face he is.
        let board = house.asker("Owen").await.board;
        let staff = house.staff("Owen").await;
        for card in board.firm.clients.values().filter(|card| card.point_person != Some(staff)) {
            assert!(!said.contains(&format!("{}: ", card.name)), "{}: {said}", card.name);
        }
    });
}
