//! Calendars as programs write them: times, repetition, moved and cancelled occurrences, people.

use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use wire::calendar::{Calendar, Event, When, read};
use wire::csv::RowError;

fn london() -> TimeZone {
    TimeZone::get("Europe/London").unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A file of these lines inside a calendar.
fn file(lines: &str) -> Vec<u8> {
    format!("BEGIN:VCALENDAR\nVERSION:2.0\n{lines}\nEND:VCALENDAR\n").replace('\n', "\r\n").into_bytes()
}

fn all(lines: &str) -> (Calendar, Vec<RowError>) {
    read(&file(lines), &london(), at("2026-12-31T00:00:00Z"))
}

fn right(lines: &str) -> Vec<Event> {
    let (calendar, errors) = all(lines);
    assert!(errors.is_empty(), "{errors:?}");
    calendar.events
}

#[test]
fn an_invitation_says_who_when_and_what() {
    let events = right(
        "X-WR-CALNAME:Amy Quill\nBEGIN:VEVENT\nUID:m1@x.example\nDTSTART;TZID=Europe/London:20250714T100000\n\
         DTEND;TZID=Europe/London:20250714T110000\nSUMMARY:The lease\\, at last\nDESCRIPTION:Bring\n  the plan\n\
         ORGANIZER;CN=Amy Quill:mailto:Amy@QuillWard.example\n\
         ATTENDEE;CN=\"Fenn, Jo\";PARTSTAT=ACCEPTED:MAILTO:jo@fennmill.example\n\
         ATTENDEE;PARTSTAT=DECLINED:mailto:ida@marlpits.example\n\
         ATTENDEE;CUTYPE=ROOM:mailto:room1@quillward.example\n\
         ATTENDEE;EMAIL=kit@rowanboats.example:/principals/kit\nATTENDEE:invalid:nomail\nCLASS:PRIVATE\nEND:VEVENT",
    );
    let [event] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(event.when, When::Time(at("2025-07-14T09:00:00Z"), at("2025-07-14T10:00:00Z")));
    assert_eq!(
        (event.summary.as_str(), event.description.as_str()),
        ("The lease, at last", "Bring the plan")
    );
    assert_eq!(event.organiser.as_ref().unwrap().address, "amy@quillward.example");
    let guests: Vec<_> =
        event.guests.iter().map(|g| (g.address.as_str(), g.name.as_deref(), g.declined)).collect();
    assert_eq!(
        guests,
        [
            ("jo@fennmill.example", Some("Fenn, Jo"), false),
            ("ida@marlpits.example", None, true),
            ("kit@rowanboats.example", None, false)
        ]
    );
    assert!(event.private && !event.away);
    assert_eq!(event.line, 4);
    assert_eq!(
        all("X-WR-CALNAME:Amy Quill\nBEGIN:VEVENT\nDTSTART:20250714\nEND:VEVENT").0.name.unwrap(),
        "Amy Quill"
    );
}

#[test]
fn days_are_days_in_every_zone() {
    let whole = |lines: &str| right(&format!("BEGIN:VEVENT\nUID:d\n{lines}\nEND:VEVENT"))[0].when;
    let days = |from, to| When::Days(from, to);
    let (ninth, twelfth) = (date(2025, 9, 8), date(2025, 9, 12));
    assert_eq!(whole("DTSTART;VALUE=DATE:20250908\nDTEND;VALUE=DATE:20250913"), days(ninth, twelfth));
    assert_eq!(whole("DTSTART;VALUE=DATE:20250908"), days(ninth, ninth));
    assert_eq!(whole("DTSTART;VALUE=DATE:20250908\nDURATION:P5D"), days(ninth, twelfth));
    // An end on the day of the beginning, as some programs write it, is that day.
    assert_eq!(whole("DTSTART;VALUE=DATE:20250908\nDTEND;VALUE=DATE:20250908"), days(ninth, ninth));
}

#[test]
fn what_repeats_is_unrolled_over_a_change_of_clocks() {
    let events = right(
        "BEGIN:VEVENT\nUID:weekly\nSUMMARY:Weekly\nDTSTART;TZID=Europe/London:20250317T090000\n\
         DTEND;TZID=Europe/London:20250317T093000\nRRULE:FREQ=WEEKLY;COUNT=4\n\
         EXDATE;TZID=Europe/London:20250324T090000\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:weekly\nSUMMARY:Weekly\\, moved\nRECURRENCE-ID;TZID=Europe/London:20250407T090000\n\
         DTSTART;TZID=Europe/London:20250408T140000\nDTEND;TZID=Europe/London:20250408T143000\nEND:VEVENT",
    );
    let when: Vec<_> = events.iter().map(|e| (e.when, e.summary.as_str())).collect();
    let half = |from: &str, to: &str| When::Time(at(from), at(to));
    assert_eq!(
        when,
        [
            (half("2025-03-17T09:00:00Z", "2025-03-17T09:30:00Z"), "Weekly"),
            (half("2025-03-31T08:00:00Z", "2025-03-31T08:30:00Z"), "Weekly"),
            (half("2025-04-08T13:00:00Z", "2025-04-08T13:30:00Z"), "Weekly, moved"),
        ]
    );
    let uids: std::collections::BTreeSet<_> = events.iter().map(|e| &e.uid).collect();
    assert_eq!(uids.len(), 3, "each time is an event of its own");
}

#[test]
fn what_repeats_for_ever_ends_and_starves_nothing() {
    let events = right(
        "BEGIN:VEVENT\nUID:daily\nDTSTART:20200101T080000Z\nRRULE:FREQ=DAILY\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:monthly\nDTSTART;VALUE=DATE:20260101\nRRULE:FREQ=MONTHLY;UNTIL=99991231\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:once\nDTSTART:20250101T080000Z\nEND:VEVENT",
    );
    let of = |uid: &str| events.iter().filter(|e| e.uid.starts_with(uid)).count();
    assert_eq!((of("daily"), of("monthly"), of("once")), (2556, 12, 1));
    let (calendar, errors) =
        all("BEGIN:VEVENT\nUID:a\nDTSTART:20200101T080000Z\nRRULE:FREQ=SECONDLY\nEND:VEVENT\n\
             BEGIN:VEVENT\nUID:b\nDTSTART:20250101T080000Z\nEND:VEVENT");
    assert_eq!(calendar.events.len(), 1);
    assert!(errors[0].to_string().starts_with("line 3: it repeats more than"), "{errors:?}");
}

#[test]
fn cancelled_events_and_floating_times() {
    let events = right(
        "BEGIN:VEVENT\nUID:gone\nSTATUS:CANCELLED\nDTSTART:20250101T080000Z\nEND:VEVENT\n\
         BEGIN:VTODO\nUID:todo\nDTSTART:20250101T080000Z\nEND:VTODO\n\
         BEGIN:VEVENT\nUID:floats\nDTSTART:20250701T080000\nX-MICROSOFT-CDO-BUSYSTATUS:OOF\nEND:VEVENT",
    );
    let [event] = events.as_slice() else { panic!("{events:?}") };
    let eight = at("2025-07-01T07:00:00Z");
    assert_eq!((event.when, event.away), (When::Time(eight, eight), true));
    assert!(right("METHOD:CANCEL\nBEGIN:VEVENT\nUID:x\nDTSTART:20250101T080000Z\nEND:VEVENT").is_empty());
}

#[test]
fn what_cannot_be_read_is_named_by_line() {
    let (calendar, errors) = all("BEGIN:VEVENT\nUID:a\nSUMMARY:No time\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:b\nDTSTART:20250101T080000Z\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:c\nDTSTART:20250231T080000Z\nEND:VEVENT");
    assert_eq!(calendar.events.len(), 1);
    let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert!(told[0].starts_with("line 3: DTSTART is missing"), "{told:?}");
    assert!(told[1].starts_with("line 11: DTSTART"), "{told:?}");
    let (_, errors) = read(b"client_id,name\nc1,Acme\n", &london(), Timestamp::MAX);
    assert_eq!(errors[0].to_string(), "line 1: this is no calendar; export it as iCalendar (.ics)");
}

/// Calendars of a public collection, where it lies beside the project: the valid ones are read, and none does harm.
#[test]
fn calendars_of_many_programs_are_read() {
    let archive = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/calendar-contact-files/files.tar.zst");
    let Ok(file) = std::fs::File::open(&archive) else {
        eprintln!("skipped: {} is not there", archive.display());
        return;
    };
    let (mut files, mut events, mut silent) = (0, 0, Vec::new());
    let mut tar = tar::Archive::new(zstd::Decoder::new(file).unwrap());
    for entry in tar.entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().display().to_string();
        if !path.ends_with(".ics") {
            continue;
        }
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut bytes).unwrap();
        let (calendar, errors) = read(&bytes, &london(), at("2030-01-01T00:00:00Z"));
        files += 1;
        events += calendar.events.len();
        let has_one = bytes.windows(12).any(|part| part == b"BEGIN:VEVENT");
        if has_one && calendar.events.is_empty() && errors.is_empty() {
            silent.push(path);
        }
    }
    eprintln!("{files} files, {events} events, {} with neither event nor error: {silent:#?}", silent.len());
    assert!(90 < files && 1000 < events, "{files} files, {events} events");
    assert!(silent.len() <= 12, "{silent:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn nothing_breaks_the_reader(lines in proptest::collection::vec(line(), 0..14)) {
        let text = format!("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{}\r\nEND:VEVENT\r\nEND:VCALENDAR", lines.join("\r\n"));
        let (calendar, _) = read(text.as_bytes(), &london(), at("2026-12-31T00:00:00Z"));
        for event in &calendar.events {
            let in_order = match event.when {
                When::Days(from, to) => from <= to,
                When::Time(from, to) => from <= to,
            };
            prop_assert!(in_order, "{:?}", event.when);
        }
    }
}

fn line() -> impl Strategy<Value = String> {
    let when = prop_oneof![
        "[0-9]{8}",
        "[0-9]{8}T[0-9]{6}Z?",
        Just("20250330T013000".to_owned()),
        Just("20251026T013000".to_owned()),
        Just("00000000T000000".to_owned()),
        Just("99991231".to_owned()),
    ];
    let rule = "FREQ=(YEARLY|MONTHLY|WEEKLY|DAILY|HOURLY)(;INTERVAL=[0-9]{1,3})?(;COUNT=[0-9]{1,3})?(;BYDAY=-?[0-9]{0,2}(MO|SU|FR))?(;BYMONTHDAY=-?[0-9]{1,2})?(;BYSETPOS=-?[0-9]{1,2})?(;UNTIL=[0-9]{8})?";
    prop_oneof![
        (
            prop_oneof![Just("DTSTART"), Just("DTEND"), Just("EXDATE"), Just("RDATE"), Just("RECURRENCE-ID")],
            prop_oneof![
                Just(""),
                Just(";VALUE=DATE"),
                Just(";TZID=Europe/London"),
                Just(";TZID=\"(GMT+01.00) Sarajevo\"")
            ],
            when
        )
            .prop_map(|(name, kind, when)| format!("{name}{kind}:{when}")),
        rule.prop_map(|rule| format!("RRULE:{rule}")),
        "DURATION:-?P[0-9]{0,9}[WD]?(T[0-9]{0,9}[HMS])?",
        "(SUMMARY|UID|ATTENDEE|BEGIN|END|X-A)[;:=\",a-z@]{0,20}\\PC{0,20}",
        Just("UID:a".to_owned()),
    ]
}

#[test]
fn a_feed_is_read_back_as_it_was_written() {
    let at: jiff::Timestamp = "2026-11-23T16:30:00Z".parse().unwrap();
    let due = wire::calendar::feed::Due {
        uid: "70072a8e948e122a@regard".into(),
        summary: "Promise: Skerrow Marine; draft, by Tuesday".into(),
        description: "“I'll send you the draft by Tuesday”\nA line, a comma; and a very long sentence that has to be folded \
                      since no line of such a file may be longer than 75 octets."
            .into(),
        from: None,
        at,
        url: "http://127.0.0.1:4646/owed/70072a8e948e122a".into(),
    };
    let written = wire::calendar::feed::feed("Regard, Amy", std::slice::from_ref(&due), at);
    assert!(written.lines().all(|line| line.len() <= 75), "{written}");
    let until = "2027-01-01T00:00:00Z".parse().unwrap();
    let (calendar, wrong) = wire::calendar::read(written.as_bytes(), &jiff::tz::TimeZone::UTC, until);
    assert_eq!(wrong, []);
    assert_eq!(calendar.name.as_deref(), Some("Regard, Amy"));
    let [event] = calendar.events.as_slice() else { panic!("{written}") };
    assert_eq!(
        (event.summary.as_str(), event.description.as_str()),
        (due.summary.as_str(), due.description.as_str())
    );
    assert!(event.uid.starts_with("70072a8e948e122a@regard"));
    assert!(!written.contains("DTEND"), "{written}");
    // Where hours were told, it lasts from the first to the last.
    let hours =
        wire::calendar::feed::Due { from: Some("2026-11-23T14:30:00Z".parse().unwrap()), ..due.clone() };
    let written = wire::calendar::feed::feed("Regard, Amy", std::slice::from_ref(&hours), at);
    let (calendar, _) = wire::calendar::read(written.as_bytes(), &jiff::tz::TimeZone::UTC, until);
    assert_eq!(calendar.events[0].when, wire::calendar::When::Time(hours.from.unwrap(), at), "{written}");
    // Alone, for a calendar on a server, which takes no method (RFC 4791).
    let alone = wire::calendar::feed::event_alone(&due, at);
    assert!(!alone.contains("METHOD"), "{alone}");
    let (calendar, wrong) = wire::calendar::read(alone.as_bytes(), &jiff::tz::TimeZone::UTC, until);
    assert_eq!((wrong.len(), calendar.events.len()), (0, 1), "{alone}");
}
