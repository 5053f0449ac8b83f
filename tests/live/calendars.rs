//! Calendars and address books elsewhere, kept in step: what they tell comes in once, changes with them, and survives
//! whatever happens to their server.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::beside::{Work, within};
use crate::feed::{Feed, feed};
use crate::office::Office;
use crate::radicale::{Radicale, SECRET, USER};

/// A moment as calendars write it.
fn stamp(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn day(at: Timestamp) -> String {
    at.strftime("%Y%m%d").to_string()
}

fn hours(n: i64) -> Timestamp {
    regard::clock::now() + SignedDuration::from_hours(n)
}

/// A meeting of Alice with Jo that begins so many hours from now and takes one.
pub(crate) fn meeting(from_now: i64, more: &str) -> String {
    format!(
        "SUMMARY:The lease\nDTSTART:{}\nDTEND:{}\nORGANIZER:mailto:alice@example.org\n\
         ATTENDEE;CN=Jo Fenn:mailto:jo@acme.example{more}",
        stamp(hours(from_now)),
        stamp(hours(from_now + 1))
    )
}

fn leave(from_days: i64) -> String {
    let from = hours(24 * from_days);
    let to = hours(24 * (from_days + 5));
    format!("SUMMARY:Annual leave\nDTSTART;VALUE=DATE:{}\nDTEND;VALUE=DATE:{}", day(from), day(to))
}

fn follow(office: &Office, server: &Radicale, kind: &str) {
    let password = office.write("dav-password", SECRET);
    let url = server.url("/");
    let args = ["subscribe", "add", &url, "--of", "alice@example.org", "--kind", kind, "--user", USER];
    office.run(&[&args[..], &["--private-network", "--password-file", &password]].concat()).ok();
}

/// What one look at the only subscription brought.
fn look(office: &Office) -> Value {
    office.run(&["sync", "--json"]).json()["subscriptions"][0].clone()
}

fn counts(look: &Value) -> [u64; 4] {
    ["meetings", "to_come", "absences", "changed"].map(|what| look[what].as_u64().expect("a count"))
}

fn answers(office: &Office) -> Vec<Value> {
    office.owed().into_iter().filter(|owed| owed["kind"] == "answer").collect()
}

fn is_open(owed: &Value) -> bool {
    owed["ended_at"].is_null()
}

fn a_calendar_is_followed(office: &Office) {
    let mut server = Radicale::start();
    let path = server.make_calendar("work");
    // Jo asked two days ago, and they met yesterday.
    let letter = crate::office::letter(60 * 48, "Dear Alice,\n\nCould you send me the lease, please?\n\nJo");
    let file = office.write("letter.eml", &letter);
    office.run(&["import", "mail", &file]).ok();
    assert!(is_open(&answers(office)[0]));
    server.put_event(&path, "met", &meeting(-24, ""));
    server.put_event(&path, "soon", &meeting(24, ""));
    server.put_event(&path, "leave", &leave(7));
    server.put_event(&path, "private", &meeting(-20, "\nCLASS:PRIVATE"));
    server.put_event(&path, "doctor", "SUMMARY:The doctor\nDTSTART:20250826T090000Z\nDTEND:20250826T100000Z");
    follow(office, &server, "caldav");
    let first = look(office);
    assert_eq!(counts(&first), [1, 1, 1, 5], "{first}");
    assert!(!is_open(&answers(office)[0]), "they met, so she was answered");
    office.run(&["verify"]).ok();

    // Nothing is told twice, not even when the server forgets its marks.
    assert_eq!(counts(&look(office)), [0, 0, 0, 0]);
    server.forget_marks(&path);
    assert_eq!(counts(&look(office)), [0, 0, 0, 0]);

    // Away for a while: that is told, nothing is lost, and what happened meanwhile comes afterwards.
    server.kill();
    let said = office.run(&["sync", "--json"]);
    assert!(!said.good && said.out.contains("cannot be reached"), "{said:?}");
    let listed = office.run(&["subscribe", "list", "--json"]).json();
    assert!(listed["subscriptions"][0]["trouble"].as_str().is_some_and(|words| words.contains("reached")));
    assert!(server.begin());
    server.put_event(&path, "met2", &meeting(-3, ""));
    server.delete(&format!("{path}leave.ics"));
    let after = look(office);
    assert_eq!((counts(&after), &after["gone"]), ([1, 0, 0, 1], &1.into()), "{after}");

    // Another password: told as such at once.
    server.set_password("another");
    assert!(!office.run(&["sync"]).good);
    let doctor = office.run(&["doctor", "--json"]);
    assert!(doctor.out.contains("Give it a new password"), "{}", doctor.out);
    server.set_password(SECRET);

    // It did not take place after all: Jo waits again. That the other is tidied away changes nothing.
    server.put_event(&path, "met", &meeting(-24, "\nSTATUS:CANCELLED"));
    server.put_event(&path, "met2", &meeting(-3, "\nSTATUS:CANCELLED"));
    let cancelled = look(office);
    assert!(is_open(&answers(office)[0]), "{cancelled} {:?}", answers(office));
    office.run(&["verify"]).ok();

    let listed = office.run(&["subscribe", "list", "--json"]).json();
    let id = listed["subscriptions"][0]["id"].as_str().expect("a number").to_owned();
    office.run(&["subscribe", "remove", &id]).ok();
    assert!(office.run(&["subscribe", "list"]).ok().out.contains("Nothing is followed"));
}

#[test]
fn a_calendar_of_an_account_is_followed() {
    a_calendar_is_followed(&Office::open());
}

#[test]
fn a_calendar_of_an_account_is_followed_on_a_database_server() {
    a_calendar_is_followed(&Office::open_on_a_server());
}

#[test]
fn an_address_book_proposes_and_what_is_gone_is_proposed_no_more() {
    let office = Office::open();
    let server = Radicale::start();
    let path = server.make_book("people");
    server.put_card(&path, "jo", "FN:Jo Fenn\nEMAIL:jo@acme.example\nTEL:+44 1632 960001");
    server.put_card(&path, "kim", "FN:Kim Lee\nORG:Acme Mills Ltd\nEMAIL:kim@gmail.com");
    server.put_card(&path, "pat", "FN:Pat\nORG:Acme Mills\nEMAIL:pat@gmail.com");
    server.put_card(&path, "may", "FN:Aunt May\nEMAIL:may@gmail.com");
    follow(&office, &server, "carddav");
    let first = look(&office);
    assert_eq!((&first["contacts_renewed"], &first["contacts_proposed"]), (&1.into(), &2.into()), "{first}");
    let cards = office.run(&["export", "--contacts"]).ok().out;
    assert!(cards.contains("TEL:+44 1632 960001") && !cards.contains("Kim"), "{cards}");
    assert_eq!(look(&office)["changed"], 0);
    server.delete(&format!("{path}kim.vcf"));
    server.put_card(
        &path,
        "jo",
        "FN:Jo Fenn\nEMAIL:jo@acme.example\nTEL:+44 1632 960001\nTEL:+44 1632 960002",
    );
    let second = look(&office);
    assert_eq!((&second["gone"], &second["contacts_renewed"]), (&1.into(), &1.into()), "{second}");
    assert!(office.run(&["export", "--contacts"]).ok().out.contains("960002"));
    let data = std::fs::read(office.data().join("regard.sqlite")).expect("the record");
    let holds = |words: &str| data.windows(words.len()).any(|part| part == words.as_bytes());
    assert!(!holds("Aunt May") && !holds(SECRET), "of strangers nothing is kept, and no password in clear");
    office.run(&["verify"]).ok();
}

#[test]
fn a_calendar_at_an_address_is_read_again_only_when_it_changed_and_a_page_to_sign_in_cancels_nothing() {
    let office = Office::open();
    let met = format!("UID:met\n{}", meeting(-24, ""));
    let away = format!("UID:away\n{}", leave(7));
    let server = Feed::start(&feed(&[met.clone(), away.clone()]));
    let url = format!("http://localhost:{}/key-4711/alice.ics", server.port);
    office.run(&["subscribe", "add", &url, "--of", "alice@example.org", "--private-network"]).ok();
    let listed = office.run(&["subscribe", "list"]).ok().out;
    assert!(listed.contains("localhost") && !listed.contains("key-4711"), "{listed}");
    let first = look(&office);
    assert_eq!(counts(&first), [1, 0, 1, 1], "{first}");
    let given = server.given();
    assert_eq!(counts(&look(&office)), [0, 0, 0, 0]);
    assert_eq!(server.given(), given, "it is asked only whether it changed");
    server.say("<html>Please sign in</html>");
    let said = office.run(&["sync"]);
    assert!(!said.good && said.out.contains("no calendar"), "{said:?}");
    // The meeting is over and tidied away, which undoes nothing; the leave is off.
    server.say(&feed(&[format!("UID:other\n{}", meeting(30, ""))]));
    let last = look(&office);
    assert_eq!(counts(&last), [0, 1, 0, 1], "{last}");
    let entries = office.run(&["doctor", "--json"]).json();
    let entries = entries["record"].as_array().expect("lines").iter().find(|line| line["what"] == "entries");
    assert_eq!(entries.expect("a line")["value"], "1 note");
    // A public calendar of holidays, by somebody who says so.
    let works =
        "UID:h\nSUMMARY:Works holiday\nDTSTART;VALUE=DATE:20270315\nDTEND;VALUE=DATE:20270317".to_owned();
    let server = Feed::start(&feed(&[works]));
    let url = format!("http://localhost:{}/holidays.ics", server.port);
    let add =
        ["subscribe", "add", &url, "--of", "alice@example.org", "--private-network", "--public-holidays"];
    office.run(&[&add[..], &["--name", "Works"]].concat()).ok();
    let looked = office.run(&["sync", "--json"]).json()["subscriptions"].clone();
    let works = looked.as_array().expect("two").iter().find(|one| one["name"] == "Works").expect("it");
    assert_eq!(works["holidays"], 2, "{works}");
    let refused = office.run(&["subscribe", "add", "http://localhost:1/x.ics", "--of", "alice@example.org"]);
    assert!(!refused.good && refused.err.contains("no address of the open internet"), "{refused:?}");
}

#[test]
fn a_meeting_comes_into_the_record_when_it_is_over_though_nothing_changed_in_the_calendar() {
    let office = Office::open();
    let server = Radicale::start();
    let path = server.make_calendar("work");
    let ends = regard::clock::now() + SignedDuration::from_secs(30);
    let soon = format!(
        "SUMMARY:The lease\nDTSTART:{}\nDTEND:{}\nORGANIZER:mailto:alice@example.org\n\
         ATTENDEE:mailto:jo@acme.example",
        stamp(hours(-1)),
        stamp(ends)
    );
    server.put_event(&path, "soon", &soon);
    follow(&office, &server, "caldav");
    let feed = Feed::start(&feed(&[format!("UID:other\n{}", soon.replace("The lease", "The same"))]));
    let url = format!("http://localhost:{}/alice.ics", feed.port);
    let add = ["subscribe", "add", &url, "--of", "alice@example.org", "--private-network", "--name", "feed"];
    office.run(&add).ok();
    let sums = |what: &str| -> u64 {
        let looked = office.run(&["sync", "--json"]).json()["subscriptions"].clone();
        looked.as_array().expect("two").iter().filter_map(|one| one[what].as_u64()).sum()
    };
    assert_eq!(sums("to_come"), 2);
    let left = ends.duration_since(regard::clock::now()) + SignedDuration::from_secs(2);
    std::thread::sleep(left.max(SignedDuration::ZERO).unsigned_abs());
    assert_eq!(sums("meetings"), 2);
    assert_eq!(sums("meetings"), 0, "once");
}

#[test]
fn a_calendar_that_is_gone_keeps_no_other_from_being_read_and_an_account_that_seems_empty_loses_nothing() {
    let office = Office::open();
    let server = Radicale::start();
    let [first, second] = ["first", "second"].map(|name| server.make_calendar(name));
    server.put_event(&first, "leave", &leave(7));
    follow(&office, &server, "caldav");
    assert_eq!(counts(&look(&office)), [0, 0, 1, 1]);
    server.delete(&first);
    server.put_event(&second, "met", &meeting(-3, ""));
    let notes = || {
        let entries = office.run(&["doctor", "--json"]).json();
        let lines = entries["record"].as_array().expect("lines").clone();
        lines.iter().find(|line| line["what"] == "entries").expect("a line")["value"].clone()
    };
    let said = office.run(&["sync", "--json"]);
    assert!(!said.good && said.out.contains("404"), "{said:?}");
    assert_eq!(notes(), "1 note", "the second was read all the same");
    // The next look finds that it is there no more.
    assert_eq!(counts(&look(&office)), [0, 0, 0, 0]);
    let listed = || office.run(&["subscribe", "list", "--json"]).json()["subscriptions"][0].clone();
    let second_alone = serde_json::json!(["second"]);
    assert_eq!((&listed()["folders"], &listed()["trouble"]), (&second_alone, &Value::Null));
    server.delete(&second);
    for _ in 0..2 {
        let said = office.run(&["sync", "--json"]);
        assert!(!said.good, "{said:?}");
    }
    assert_eq!(listed()["folders"], second_alone, "it may come back");
    let again = server.make_calendar("second");
    server.put_event(&again, "met2", &meeting(-6, ""));
    assert_eq!(counts(&look(&office))[0], 1);
}

#[test]
fn a_feed_that_moved_is_read_at_its_new_address() {
    let office = Office::open();
    let [old, new] = ["The lease", "The deeds"].map(|what| {
        let event = meeting(-24, "").replace("The lease", what);
        Feed::start(&feed(&[format!("UID:{}\n{event}", &what[4..])]))
    });
    let url = |feed: &Feed| format!("http://localhost:{}/key-4711/alice.ics", feed.port);
    office.run(&["subscribe", "add", &url(&old), "--of", "alice@example.org", "--private-network"]).ok();
    assert_eq!(counts(&look(&office)), [1, 0, 0, 1]);
    let id = office.run(&["subscribe", "list", "--json"]).json()["subscriptions"][0]["id"].clone();
    let secret = office.write("address", &url(&new));
    office.run(&["subscribe", "login", id.as_str().expect("a number"), "--password-file", &secret]).ok();
    // Both servers use the same mark for what they hold.
    assert_eq!(counts(&look(&office)), [1, 0, 0, 1]);
    let listed = office.run(&["subscribe", "list", "--json"]).json()["subscriptions"][0]["place"].clone();
    assert_eq!(listed, format!("localhost:{}", new.port));
}

#[test]
fn into_a_calendar_that_may_only_be_read_nothing_is_written_and_that_is_told() {
    let office = Office::open();
    let mut server = Radicale::start();
    let [path, _] = ["work", "home"].map(|name| server.make_calendar(name));
    let letter = crate::office::letter(60, "Dear Alice,\n\nCould you send me the lease, please?\n\nJo");
    office.run(&["import", "mail", &office.write("letter.eml", &letter)]).ok();
    follow(&office, &server, "caldav");
    look(&office);
    let listed = || office.run(&["subscribe", "list", "--json"]).json()["subscriptions"][0].clone();
    let id = listed()["id"].as_str().expect("a number").to_owned();
    office.run(&["subscribe", "write", &id, "--into", "work"]).ok();
    server.lock(&path);
    let refused = office.run(&["subscribe", "write", &id, "--into", "work"]);
    assert!(!refused.good && refused.err.contains("not written into"), "{refused:?}");
    let work = Work::begin(&office);
    within(60, "the refusal", || listed()["refused"].as_str().is_some_and(|words| words.contains("403")));
    assert_eq!(listed()["trouble"], Value::Null, "it is read all the same");
    look(&office);
    assert!(listed()["refused"].is_string(), "that it was read says nothing of writing");
    assert!(office.run(&["subscribe", "list"]).ok().out.contains("nothing is written there"));
    office.run(&["subscribe", "write", &id, "--into", "home"]).ok();
    assert_eq!(listed()["refused"], Value::Null);
    drop(work);
}

#[test]
fn what_one_owes_is_written_only_where_that_is_wanted_and_goes_when_it_has_ended() {
    let office = Office::open();
    let server = Radicale::start();
    let path = server.make_calendar("work");
    let wrote = |n: u32| {
        let letter = crate::office::letter(n, "Dear Alice,\n\nCould you send me the lease, please?\n\nJo");
        office.run(&["import", "mail", &office.write(&format!("{n}.eml"), &letter)]).ok();
    };
    wrote(60);
    follow(&office, &server, "caldav");
    look(&office);
    let there = || {
        let listed = server.ask("PROPFIND", &path, "Depth: 1\r\n", "").1;
        listed.split("<href>").filter(|part| part.contains("regard-owed-")).count()
    };
    let work = Work::begin(&office);
    std::thread::sleep(std::time::Duration::from_secs(5));
    assert_eq!(there(), 0, "nobody asked for it");
    let listed = office.run(&["subscribe", "list", "--json"]).json();
    let id = listed["subscriptions"][0]["id"].as_str().expect("a number").to_owned();
    office.run(&["subscribe", "write", &id, "--into", "work"]).ok();
    within(60, "the event", || there() == 1);
    let answer = office.answer_owed();
    let event = server.ask("GET", &format!("{path}regard-owed-{answer}.ics"), "", "").1;
    assert!(event.contains("Answer: Acme Mills") && event.contains("TRANSPARENT"), "{event}");
    office.run(&["decide", &answer, "no-answer", "--reason", "settled by telephone"]).ok();
    within(60, "its going", || there() == 0);
    wrote(30);
    within(60, "another", || there() == 1);
    office.run(&["subscribe", "write", &id, "--nowhere"]).ok();
    within(60, "the end of it", || there() == 0);
    drop(work);
    assert_eq!(look(&office)["meetings"], 0, "what was written here is no meeting of theirs");
}

#[test]
fn a_calendar_that_lets_nobody_in_is_told_once_and_again_when_it_is_well() {
    let office = Office::open();
    office.connect_straight();
    let server = Radicale::start();
    let path = server.make_calendar("work");
    follow(&office, &server, "caldav");
    server.set_password("another");
    let told = |words: &str| office.sink.taken().iter().filter(|taken| taken.text.contains(words)).count();
    let work = Work::begin(&office);
    within(40, "the warning", || told("A calendar is out of step") == 1);
    std::thread::sleep(std::time::Duration::from_secs(6));
    assert_eq!(told("A calendar is out of step"), 1, "once");
    let listed = office.run(&["subscribe", "list", "--json"]).json();
    let id = listed["subscriptions"][0]["id"].as_str().expect("a number").to_owned();
    let wrong = office.write("wrong", "wrong");
    assert!(!office.run(&["subscribe", "login", &id, "--password-file", &wrong]).good, "it is tried first");
    server.set_password(SECRET);
    server.put_event(&path, "met", &meeting(-24, ""));
    server.set_password("another");
    let right = office.write("right", "another");
    office.run(&["subscribe", "login", &id, "--password-file", &right]).ok();
    within(40, "the all-clear", || told("A calendar is in step again") == 1);
    drop(work);
    let entries = office.run(&["doctor", "--json"]).json();
    let entries = entries["record"].as_array().expect("lines").iter().find(|line| line["what"] == "entries");
    assert_eq!(entries.expect("a line")["value"], "1 note", "and what happened meanwhile is here");
}
