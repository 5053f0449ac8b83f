//! What people did on the pages is taken back on the command line: names, notes, decisions, and many at once.

use std::sync::Arc;

use regard::clients::details::{self, Details};
use regard::clients::store;
use regard::db::Durability;
use regard::ids::FirmId;
use regard::record::{audit, changes};
use regard::today::list::{Filter, list};
use regard::today::together;
use serde_json::Value;

use crate::calendars::meeting;
use crate::feed::feed;
use crate::oauth::web;
use crate::office::{Office, letter};

const ASKS: &str = "Dear Alice,\n\nCould you send me the signed lease, please?\n\nJo";

fn done(office: &Office) -> Vec<Value> {
    office.run(&["take-back", "--list", "--json"]).json()["done"].as_array().expect("a list").clone()
}

/// The id under which something is listed.
fn id_of(office: &Office, what: &str) -> String {
    let all = done(office);
    let found = all.iter().find(|one| one["what"].as_str().is_some_and(|words| words.contains(what)));
    found.unwrap_or_else(|| panic!("{what} in {all:?}"))["id"].as_str().expect("an id").to_owned()
}

fn open_answers(office: &Office) -> usize {
    office.owed().iter().filter(|owed| owed["kind"] == "answer" && owed["ended_at"].is_null()).count()
}

#[test]
fn whatever_a_page_undoes_is_listed_and_taken_back_once() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let office = Office::open();
    assert!(office.run(&["take-back", "--list"]).ok().out.contains("Nothing was done"));
    // Jo asked two days ago, and they met yesterday: a note says so, and she was answered.
    office.run(&["import", "mail", &office.write("letter.eml", &letter(60 * 48, ASKS))]).ok();
    let met = feed(&[format!("UID:met\n{}", meeting(-24, ""))]);
    let calendar = office.write("alice.ics", &met);
    office.run(&["import", "calendar", &calendar, "--of", "alice@example.org"]).ok();
    assert_eq!(open_answers(&office), 0);
    office.run(&["take-back", &id_of(&office, "note: meeting")]).ok();
    assert_eq!(open_answers(&office), 1, "they did not meet after all");
    // A decision.
    let answer = office.answer_owed();
    office.run(&["decide", &answer, "no-answer"]).ok();
    let decision = id_of(&office, "no answer needed");
    office.run(&["take-back", &decision]).ok();
    assert_eq!(open_answers(&office), 1);
    let twice = office.run(&["take-back", &decision]);
    assert!(!twice.good && twice.err.contains("taken back already"), "{twice:?}");
    let old = letter(60 * 24 * 40, ASKS);
    office.run(&["import", "mail", &office.write("old.eml", &old)]).ok();
    assert_eq!(open_answers(&office), 2);
    // A client's name, and many things at once, as pages do it.
    let batch = runtime.block_on(async {
        let (app, asker) = web(&office).await;
        let app = Arc::clone(&app);
        let firm = FirmId(asker.firm.0);
        let mut tx = changes::begin(&app.db, firm, Durability::Act).await.expect("begun");
        let acme = store::all(&mut tx, firm).await.expect("clients")[0].id;
        let new = Details { name: "Acme Ltd".to_owned(), ..Details::default() };
        details::change(&mut tx, firm, acme, new, asker.staff, app.now()).await.expect("changed");
        tx.commit().await.expect("kept");
        let group = Some(care::today::Group::BeforeRegard);
        let filter = Filter { group, most: 100, ..Filter::default() };
        let count = list(&asker, &filter, app.now()).total;
        assert_eq!(count, 1);
        let (_, batch) = together::let_go(&app, &asker, &filter, count, "Long ago").await.expect("let go");
        app.db.close().await;
        batch.expect("a batch").name()
    });
    let client = || office.run(&["today"]).ok().out;
    assert!(client().contains("Acme Ltd"));
    let change = id_of(&office, "called Acme Ltd");
    let said = office.run(&["take-back", &change]).ok().out;
    assert!(said.contains("Acme Mills") && !client().contains("Acme Ltd"), "{said}");
    assert!(!office.run(&["take-back", &change]).good, "once");
    assert_eq!(open_answers(&office), 1);
    office.run(&["take-back", &batch]).ok();
    assert_eq!(open_answers(&office), 2);
    let twice = office.run(&["take-back", &batch]);
    assert!(!twice.good && twice.err.contains("taken back already"), "{twice:?}");
    let letter = office.run(&["take-back", "letter-17"]);
    assert!(!letter.good && letter.err.contains("regard outbox cancel 17"), "{letter:?}");
    office.run(&["verify"]).ok();
    let log = runtime.block_on(async {
        let (app, asker) = web(&office).await;
        let log = audit::last(&mut app.db.read().await.expect("begun"), FirmId(asker.firm.0), 20).await;
        app.db.close().await;
        log.expect("the log")
    });
    let noted = |act: &str, detail: String| log.contains(&(act.to_owned(), detail));
    assert!(noted("decided", format!("not_needed {answer}")) && noted("undid", decision), "{log:?}");
}
