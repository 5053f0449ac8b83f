//! Clocks that are put back: what was decided last stands, by the order in which it was done.

use care::entry::Verdict;
use care::obligation::{Kind, Obligation};
use care::people::Who;
use jiff::SignedDuration;
use regard::db::Durability;
use regard::ids::StaffId;
use regard::record::changes;
use regard::today::decide;

use crate::house::{FIRM, House, Person, run};

const HELEN: &str = "Helen Farrow";
const VANTAGE: &str = "Vantage Lettings Ltd";
const NORTHGATE: &str = "Northgate Packaging Ltd";
/// An hour before the clock of a house.
const PUT_BACK: &str = "2026-06-17T09:00:00+01:00";

/// Helen at a server whose clock is right, and at the same whose clock was put back.
async fn before_and_after(house: &House) -> (Person, Person) {
    let helen = house.person(HELEN).await;
    let later = house.restarted(&helen, PUT_BACK);
    (helen, later)
}

/// Two colleagues other than one.
async fn two_others(house: &House, than: Option<StaffId>) -> [StaffId; 2] {
    let asker = house.asker(HELEN).await;
    let mut others =
        asker.colleagues().into_iter().map(|person| person.0).filter(|staff| Some(*staff) != than);
    [others.next().expect("a colleague"), others.next().expect("another")]
}

/// An answer that somebody owes.
async fn an_answer(house: &House) -> Obligation {
    let asker = house.asker(HELEN).await;
    let found = asker.open().find(|open| open.owed.kind == Kind::Answer);
    found.expect("an answer").owed.clone()
}

#[test]
fn what_was_handed_over_last_stands_though_the_clock_was_put_back() {
    run(async {
        let house = House::new().await;
        let (helen, later) = before_and_after(&house).await;
        let owed = an_answer(&house).await;
        let form = format!("/owed/{}/decisions", owed.id);
        let [first, last] = two_others(&house, owed.owner).await;
        for (person, to) in [(&helen, first), (&later, last)] {
            let done = person.post(&form, &[("what", "hand_over"), ("staff", &to.0.to_string())]).await;
            assert!(done.location().contains("undo="), "{} {}", done.location(), done.text);
        }
        let asker = house.asker(HELEN).await;
        let stands = asker.open().find(|open| open.owed.id == owed.id).expect("it is open");
        assert_eq!(stands.owed.owner, Some(last));
    });
}

#[test]
fn the_point_person_named_last_stands_though_the_clock_was_put_back() {
    run(async {
        let house = House::new().await;
        let (helen, later) = before_and_after(&house).await;
        let card = house.client(VANTAGE).await;
        let form = format!("/clients/{}/point-person", card.id.0);
        let [first, last] = two_others(&house, card.point_person).await;
        for (person, to) in [(&helen, first), (&later, last)] {
            let done = person.post(&form, &[("staff", &to.0.to_string())]).await;
            assert!(done.location().contains("undo="), "{} {}", done.location(), done.text);
        }
        assert_eq!(house.client(VANTAGE).await.point_person, Some(last));
    });
}

#[test]
fn the_last_placing_stands_and_what_is_let_go_is_gone_at_once_though_the_clock_was_put_back() {
    run(async {
        let house = House::new().await;
        let (helen, later) = before_and_after(&house).await;
        let asker = house.asker(HELEN).await;
        let (one, other) = (house.client(VANTAGE).await.id, house.client(NORTHGATE).await.id);
        let address = asker.board.firm.addresses[&one][0];
        let mut now = house.app.now();
        for client in [one, other] {
            let mut tx = changes::begin(&house.app.db, FIRM, Durability::Act).await.unwrap();
            let who = Who::Client { client, contact: None };
            decide::enter(&mut tx, FIRM, Verdict::Placed { address, who }, asker.staff, "", now)
                .await
                .unwrap();
            tx.commit().await.unwrap();
            now -= SignedDuration::from_hours(1);
        }
        let asker = house.asker(HELEN).await;
        assert_eq!(asker.board.firm.book.directory.who(address).client(), Some(other));

        let owed = an_answer(&house).await;
        let form = format!("/owed/{}/decisions", owed.id);
        let [to, _] = two_others(&house, owed.owner).await;
        helen.post(&form, &[("what", "hand_over"), ("staff", &to.0.to_string())]).await;
        let gone = later.post(&form, &[("what", "not_needed"), ("reason", "They rang off.")]).await;
        assert!(gone.location().contains("undo="), "{} {}", gone.location(), gone.text);
        let shown = later.get(&format!("/owed/{}", owed.id)).await;
        assert!(!shown.text.contains("name=\"what\" value=\"hand_over\""), "{}", shown.text);
    });
}
