//! What falls due now, told by browsers: to whoever wants it, within their hours, once a day, naming nobody behind a wall.

use care::obligation::Obligation;
use care::today::{Group, group};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::house::{House, Person, run};

/// Something that Helen owes and that falls due within office hours of a working day to come.
async fn coming(house: &House) -> Obligation {
    let helen = house.asker("Helen").await;
    let calendar = &helen.board.firm.book.calendar;
    let is_good = |at: Timestamp| {
        let zoned = at.to_zoned(helen.zone.clone());
        calendar.is_working_day(zoned.date()) && (10..12).contains(&zoned.hour())
    };
    let found = helen.open().map(|open| &open.owed).find(|owed| {
        owed.owner == Some(helen.staff)
            && group(owed, helen.board.firm.before_regard) == Group::Owed
            && house.app.now() < owed.due_at
            && is_good(owed.due_at)
    });
    found.expect("something that falls due in a morning").clone()
}

async fn told(person: &Person) -> Vec<Value> {
    person.post("/due", &[]).await.json().as_array().expect("a list").clone()
}

#[test]
fn what_falls_due_is_told_once_a_day_in_working_hours_to_whoever_wants_it() {
    run(async {
        let house = House::new().await;
        let owed = coming(&house).await;
        let due = owed.due_at;
        let helen = house.person("Helen").await;
        let at = |before: i64| (due - SignedDuration::from_mins(before)).to_string();
        let id = owed.id.to_string();
        let is_told = |all: &[Value]| all.iter().any(|one| one["id"] == id.as_str());
        assert!(!is_told(&told(&house.restarted(&helen, &at(10))).await), "nobody asked for it");
        let before = house.asker("Helen").await.board.revision;
        helen.post("/settings/reminders", &[("morning", "1"), ("weekly", "1"), ("browser", "1")]).await;
        // Open pages ask for what somebody wishes only when the firm's revision moves.
        assert!(before < house.asker("Helen").await.board.revision, "their pages hear of it");
        assert!(
            helen
                .get("/settings/reminders")
                .await
                .ok()
                .contains("name=\"browser\" value=\"1\" data-notify checked")
        );
        assert!(!is_told(&told(&house.restarted(&helen, &at(60))).await), "not yet");
        assert!(!is_told(&told(&house.restarted(&helen, &at(12 * 60))).await), "it is night");
        let now = house.restarted(&helen, &at(10));
        let all = told(&now).await;
        assert!(is_told(&all), "{all:?}");
        let one = all.iter().find(|one| one["id"] == id.as_str()).expect("it is told");
        assert!(one["title"].as_str().expect("a title").contains("due at"), "{one}");
        let card = house.asker("Helen").await.board.firm.clients[&owed.client].clone();
        assert_eq!(one["words"], card.name.as_str());
        assert!(!is_told(&told(&now).await), "once");
        assert!(!is_told(&told(&house.restarted(&helen, &at(-30))).await), "and that for the whole day");
        // A colleague is told of nothing that is not theirs.
        let owen = house.person("Owen").await;
        owen.post("/settings/reminders", &[("browser", "1")]).await;
        assert!(!is_told(&told(&house.restarted(&owen, &at(5))).await));
    });
}

#[test]
fn a_client_behind_a_wall_is_named_on_no_screen() {
    run(async {
        let house = House::new().await;
        let owed = coming(&house).await;
        let helen = house.person("Helen").await;
        helen.post("/settings/reminders", &[("browser", "1")]).await;
        house.wall("Owen", owed.client).await;
        let moment = (owed.due_at - SignedDuration::from_mins(5)).to_string();
        let all = told(&house.restarted(&helen, &moment)).await;
        let one = all.iter().find(|one| one["id"] == owed.id.to_string().as_str()).expect("it is told");
        assert_eq!(one["words"], "", "{one}");
        let card = house.asker("Helen").await.board.firm.clients[&owed.client].clone();
        assert!(!one.to_string().contains(&card.name), "{one}");
    });
}
