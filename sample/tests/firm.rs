//! The sample firm, seen from outside: whole, readable, lively, and the same every time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use mail_parser::MessageParser;
use sample::{Opener, SampleFirm, firm};

fn london() -> TimeZone {
    TimeZone::get("Europe/London").unwrap()
}

/// Days on which something might go wrong: after a bank holiday, a Sunday, in summer, after the clocks change.
const DAYS: [Date; 5] =
    [date(2026, 3, 2), date(2026, 4, 7), date(2025, 8, 31), date(2026, 10, 26), date(2028, 2, 29)];

struct Message {
    id: String,
    at: Timestamp,
    to_count: usize,
    text: String,
}

fn split_mbox(bytes: &[u8]) -> Vec<Vec<u8>> {
    let text = String::from_utf8_lossy(bytes);
    let mut all: Vec<String> = Vec::new();
    for line in text.split_inclusive('\n') {
        if line.starts_with("From ") {
            all.push(String::new());
        } else if let Some(last) = all.last_mut() {
            last.push_str(line);
        }
    }
    all.into_iter().map(String::into_bytes).collect()
}

fn messages(firm: &SampleFirm) -> Vec<Message> {
    let mut all = Vec::new();
    for (path, bytes) in firm.files.iter().filter(|(path, _)| path.starts_with("mail/")) {
        let raw = if path.ends_with(".mbox") { split_mbox(bytes) } else { vec![bytes.clone()] };
        for raw in raw {
            let parsed =
                MessageParser::default().parse(&raw).unwrap_or_else(|| panic!("unreadable in {path}"));
            let id = parsed.message_id().unwrap_or_else(|| panic!("no Message-ID in {path}"));
            let sent = parsed.date().unwrap_or_else(|| panic!("no Date in {path}"));
            all.push(Message {
                id: format!("<{id}>"),
                at: Timestamp::from_second(sent.to_timestamp()).unwrap(),
                to_count: parsed.to().map_or(0, |to| to.iter().count()),
                text: parsed.body_text(0).map(|text| text.into_owned()).unwrap_or_default(),
            });
        }
    }
    all
}

/// Every day's firm with its messages, made once for all tests.
static FIRMS: LazyLock<Vec<(Date, SampleFirm, Vec<Message>)>> = LazyLock::new(|| {
    let made = DAYS.map(|day| (day, firm(day, &london())));
    made.into_iter()
        .map(|(day, firm)| {
            let all = messages(&firm);
            (day, firm, all)
        })
        .collect()
});

#[test]
fn the_same_day_gives_the_same_firm() {
    assert_eq!(FIRMS[0].1, firm(DAYS[0], &london()));
    assert_ne!(FIRMS[0].1.files, FIRMS[1].1.files);
}

#[test]
fn every_message_is_readable_and_past() {
    for (day, _, all) in FIRMS.iter() {
        let now = day.at(9, 0, 0, 0).to_zoned(london()).unwrap().timestamp();
        let distinct: BTreeSet<&str> = all.iter().map(|message| message.id.as_str()).collect();
        assert!((2_500..=4_000).contains(&distinct.len()), "{day}: {} messages", distinct.len());
        assert!(distinct.len() < all.len(), "{day}: no message lies in two mailboxes");
        for message in all {
            assert!(message.at <= now, "{day}: {} is dated after the day", message.id);
            assert!(0 < message.to_count, "{day}: {} went to nobody", message.id);
            assert!(
                !message.text.contains('{'),
                "{day}: a blank was left in {}: {}",
                message.id,
                message.text
            );
        }
    }
}

#[test]
fn people_hardly_repeat_themselves() {
    let mut seen: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for message in &FIRMS[0].2 {
        seen.entry(&message.text).or_default().insert(&message.id);
    }
    let repeated: usize = seen.values().map(|ids| ids.len() - 1).sum();
    let all: usize = seen.values().map(BTreeSet::len).sum();
    assert!(repeated * 50 < all, "{repeated} of {all} messages say what another says, word for word");
}

#[test]
fn the_lists_keep_to_their_columns() {
    let made = &FIRMS[1].1;
    for (name, header, least) in [
        (
            "clients.csv",
            "client_id,name,kind,since,tier,point_person,annual_revenue,\
             why_came,circumstances,expectations,channel,heard_of_us",
            60,
        ),
        ("contacts.csv", "client_id,name,email,phone", 85),
        ("staff.csv", "name,email,role,phone", 8),
        ("matters.csv", "matter_id,client_id,name,kind,handler,opened,closed", 80),
        ("absences.csv", "email,from,to,cover", 8),
        ("calls.csv", "time,from,to,direction,answered,seconds", 330),
        ("departures.csv", "client_id,noticed,left,reason,evidence,words", 10),
    ] {
        let (_, bytes) = made.files.iter().find(|(path, _)| path == name).unwrap();
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>().join(","), header);
        let rows = reader.records().collect::<Result<Vec<_>, _>>().unwrap().len();
        assert!((least..least * 2).contains(&rows), "{name}: {rows} rows");
    }
}

#[test]
fn what_is_expected_is_there() {
    for (day, made, all) in FIRMS.iter() {
        let ids: BTreeSet<&str> = all.iter().map(|message| message.id.as_str()).collect();
        let calls = made.files.iter().find(|(path, _)| path == "calls.csv").unwrap();
        let calls = String::from_utf8_lossy(&calls.1).into_owned();
        assert!(40 <= made.expected.len(), "{} placed", made.expected.len());
        for expected in &made.expected {
            match &expected.opener {
                Opener::Message(id) => {
                    assert!(ids.contains(id.as_str()), "{day}: {} has no message", expected.note)
                }
                Opener::Call(call) => {
                    let at = call.at.to_zoned(london()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
                    let row = format!("{at},{},{},", call.from, call.to);
                    assert!(calls.contains(&row), "{day}: {} has no call {row}", expected.note);
                }
                Opener::None => {}
            }
        }
    }
}
