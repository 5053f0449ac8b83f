//! Calendars and departures: what they change in what is owed, and in the reports.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::run::{NOW, Record};
use crate::village::{lists, mail};

/// A record of the village, with its lists.
fn village(folder: &Path) -> Record {
    let record = Record::new(folder, "data");
    lists(folder);
    for name in ["staff", "clients", "contacts"] {
        record.import(name, &folder.join(format!("{name}.csv")));
    }
    record.import("mail", &mail(folder, 60));
    record
}

fn calendar(folder: &Path, name: &str, events: &[&str]) -> PathBuf {
    let events: Vec<String> =
        events.iter().map(|event| format!("BEGIN:VEVENT\n{event}\nEND:VEVENT\n")).collect();
    let path = folder.join(name);
    let text = format!("BEGIN:VCALENDAR\nVERSION:2.0\n{}END:VCALENDAR\n", events.concat());
    fs::write(&path, text.replace('\n', "\r\n")).unwrap();
    path
}

fn count(said: &Value, what: &str) -> u64 {
    said[what].as_u64().unwrap_or_else(|| panic!("no {what} in {said}"))
}

/// What is owed of a kind to a client and not over.
fn open(record: &Record, kind: &str, client: &str) -> Vec<Value> {
    let all = record.owed();
    let all = all.as_array().unwrap().iter();
    all.filter(|owed| owed["kind"] == kind && owed["client"] == client && owed["ended_at"].is_null())
        .cloned()
        .collect()
}

#[test]
fn a_meeting_ends_a_wait_and_stays_one_however_often_it_is_imported() {
    let folder = tempfile::tempdir().unwrap();
    let record = village(folder.path());
    let letter = "Message-ID: <late@x.example>\nDate: Wed, 20 Aug 2025 10:00:00 +0100\nFrom: Jo Fenn <jo@fennmill.example>\n\
        To: amy@quillward.example\nSubject: The lease\n\nHello Amy,\n\nCould you send me the lease, please?\n\nJo\n";
    let late = folder.path().join("late.eml");
    fs::write(&late, letter).unwrap();
    record.import("mail", &late);
    let waiting = open(&record, "answer", "c1");
    assert!(!waiting.is_empty());
    let meeting = "UID:m1\nSUMMARY:The lease\nDTSTART;TZID=Europe/London:20250826T100000\n\
        DTEND;TZID=Europe/London:20250826T110000\nORGANIZER:mailto:amy@quillward.example\n\
        ATTENDEE;CN=Jo Fenn:mailto:jo@fennmill.example";
    let declined = meeting.replace("UID:m1", "UID:m2").replace("CN=Jo Fenn", "PARTSTAT=DECLINED");
    let private = format!("{}\nCLASS:PRIVATE", meeting.replace("UID:m1", "UID:m3"));
    let to_come = meeting.replace("UID:m1", "UID:m4").replace("20250826", "20990826");
    let strangers = meeting.replace("UID:m1", "UID:m5").replace("jo@fennmill", "pat@plumbing");
    // A colleague of the client whom nobody has met yet, by the client's own domain.
    let colleague = meeting.replace("UID:m1", "UID:m6").replace("jo@fennmill", "new.face@fennmill");
    let all = [meeting, &declined, &private, &to_come, &strangers, &colleague];
    let file = calendar(folder.path(), "amy.ics", &all);
    let said = record.import("calendar", &file);
    let counts =
        |said: &Value| ["meetings", "known", "private", "to_come", "others"].map(|what| count(said, what));
    // The two that somebody else could not make are with the firm's own people alone.
    assert_eq!(counts(&said), [2, 0, 1, 0, 1], "{said}");
    let after = open(&record, "answer", "c1");
    assert!(after.len() < waiting.len(), "{after:?}");
    let ended = record.owed();
    let ended = ended.as_array().unwrap().iter().find(|owed| owed["id"] == waiting[0]["id"]).unwrap();
    assert_eq!((&ended["proposed"], &ended["ended_at"]), (&true.into(), &"2025-08-26T10:00:00+01:00".into()));
    record.is_whole();
    let owed = record.owed();
    let again = record.import("calendar", &file);
    assert_eq!(counts(&again), [0, 2, 1, 0, 1], "{again}");
    assert_eq!(record.owed(), owed);
}

#[test]
fn leave_in_a_calendar_is_an_absence_with_its_cover() {
    let folder = tempfile::tempdir().unwrap();
    let record = village(folder.path());
    record.import("absences", &folder.path().join("absences.csv"));
    assert_eq!(open(&record, "cover", "c1").len(), 1, "nobody stands in for Amy");
    let week = "DTSTART;VALUE=DATE:20250908\nDTEND;VALUE=DATE:20250913";
    let team = calendar(
        folder.path(),
        "team.ics",
        &[
            &format!("UID:a1\nSUMMARY:Amy – annual leave\\, cover Bo\n{week}"),
            &format!("UID:a2\nSUMMARY:Somebody on holiday\n{week}"),
            "UID:a3\nSUMMARY:Spring bank holiday\nDTSTART;VALUE=DATE:20250526",
            "UID:a4\nSUMMARY:Bo out of office\nDTSTART:20251006T080000Z\nDTEND:20251008T160000Z",
            "UID:a5\nSUMMARY:Bo not working\nDTSTART;VALUE=DATE:20250905\nRRULE:FREQ=WEEKLY",
        ],
    );
    let said = record.import("calendar", &team);
    let counts = ["absences", "nobody", "holidays"].map(|what| count(&said, what));
    assert_eq!(counts, [2, 1, 0], "{said}");
    assert!(count(&said, "days") > 40, "a day off every week is no absence: {said}");
    assert_eq!(open(&record, "cover", "c1"), [] as [Value; 0], "Bo stands in");
    // The same list again does not take the cover back, nor does a calendar that names nobody.
    let plain = calendar(folder.path(), "amy.ics", &[&format!("UID:a1\nSUMMARY:Holiday\n{week}")]);
    assert_eq!(count(&record.import("calendar", &plain), "absences"), 1);
    assert_eq!(open(&record, "cover", "c1"), [] as [Value; 0]);
    record.is_whole();
}

#[test]
fn public_holidays_close_the_firm() {
    let folder = tempfile::tempdir().unwrap();
    let record = village(folder.path());
    let before = record.owed();
    let week = calendar(
        folder.path(),
        "holidays.ics",
        &["UID:h1\nSUMMARY:Works holiday\nDTSTART;VALUE=DATE:20250317\nDTEND;VALUE=DATE:20250322"],
    );
    let path = week.display().to_string();
    assert_eq!(count(&record.import("calendar", &week), "holidays"), 0, "not unless that is asked");
    assert_eq!(record.owed(), before);
    let said = record.run(&["import", "calendar", &path, "--public-holidays", "--json"]).json();
    assert_eq!((count(&said, "holidays"), count(&said, "absences")), (5, 0));
    let after = record.owed();
    let due = |owed: &Value| -> Vec<String> {
        let all = owed.as_array().unwrap().iter().filter_map(|owed| owed["due_at"].as_str());
        all.filter(|due| ("2025-03-17".."2025-03-22").contains(&&due[..10])).map(str::to_owned).collect()
    };
    assert!(
        due(&after).len() < due(&before).len(),
        "answers fall due when the firm is open again: {:?}",
        due(&before)
    );
    record.is_whole();
}

#[test]
fn a_wrong_event_keeps_its_calendar_out_unless_that_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let record = village(folder.path());
    let file = calendar(
        folder.path(),
        "amy.ics",
        &["UID:w1\nSUMMARY:No time", "UID:w2\nSUMMARY:Holiday\nDTSTART;VALUE=DATE:20250908"],
    );
    let path = file.display().to_string();
    let said = record.run(&["import", "calendar", &path]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("line 3: DTSTART is missing"), "{}", said.err);
    let said = record.run(&["import", "calendar", &path, "--skip-bad", "--json"]).json();
    assert_eq!(count(&said, "absences"), 1);
    assert!(said["wrong"][0]["error"].as_str().unwrap().starts_with("line 3"), "{said}");
    let said = record.run(&["import", "calendar", &path, "--of", "zed@quillward.example"]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("nobody of the firm"), "{}", said.err);
}

#[test]
fn whoever_left_is_tended_no_more_and_stands_in_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let record = village(folder.path());
    let list = folder.path().join("departures.csv");
    let wrong = "client_id,noticed,left,reason,evidence,words\nc9,2025-06-01,,moved,said,\n\
        oseibakes.example,2025-06-01,,,,\nc2,2025-06-01,2025-04-01,bored,said,\n";
    fs::write(&list, wrong).unwrap();
    let path = list.display().to_string();
    let said = record.run(&["import", "departures", &path]);
    assert_eq!(said.code, Some(1));
    for part in ["line 2, column client_id: there is no client \"c9\"", "line 4, column reason: \"bored\""] {
        assert!(said.err.contains(part), "{}", said.err);
    }
    assert!(!open(&record, "check_in", "c2").is_empty(), "somebody must ask how they are");
    fs::write(
        &list,
        "client_id,noticed,left,reason,evidence,words\n\
         c2,2025-06-01,2025-04-01,felt forgotten,said,\"Nobody rang, all winter\"\n\
         c3,2025-07-01,,competitor,think,\nc5,2025-08-01,,,,\n",
    )
    .unwrap();
    assert_eq!(count(&record.import("departures", &list), "rows"), 3);
    assert!(open(&record, "check_in", "c2").is_empty(), "nobody checks in with whom left");
    let kind = |to: &str| {
        let out = folder.path().join(to);
        record.run(&["export", "c2", "--to", &out.display().to_string()]).ok();
        let text = fs::read_to_string(out.join("client.json")).unwrap();
        serde_json::from_str::<Value>(&text).unwrap()
    };
    let exported = kind("out1");
    assert_eq!(
        (&exported["kind"], &exported["departures"][0]["words"]),
        (&"former".into(), &"Nobody rang, all winter".into())
    );
    // The client list, coming again as it was, does not bring them back.
    record.import("clients", &folder.path().join("clients.csv"));
    assert_eq!(kind("out2")["kind"], "former");
    let came_back = "client_id,name,kind,since\nc2,Marl Pits Ltd,organisation,2025-08-01\n";
    fs::write(folder.path().join("clients.csv"), came_back).unwrap();
    record.import("clients", &folder.path().join("clients.csv"));
    assert_eq!(kind("out3")["kind"], "organisation");

    let report = record.run(&["report", "departures", "--now", NOW, "--json"]).json();
    let forgotten =
        report["rows"].as_array().unwrap().iter().find(|row| row["reason"] == "felt forgotten").unwrap();
    assert_eq!(
        (&forgotten["departures"], &forgotten["share"], &forgotten["known_split"], &forgotten["they_said"]),
        (&1.into(), &0.5.into(), &0.68.into(), &1.into())
    );
    let known: f64 =
        report["rows"].as_array().unwrap().iter().filter_map(|row| row["known_split"].as_f64()).sum();
    assert!((known - 1.0).abs() < 1e-9);
    let text = record.run(&["report", "departures", "--now", NOW]).ok().out;
    assert!(text.contains("1 of 3 had gone before anybody noticed, by 61 days"), "{text}");
    let csv = record.run(&["report", "departures", "--csv"]).ok().out;
    assert!(csv.contains("not known,1,"), "{csv}");
    // It goes along with a backup, and goes when the client is erased.
    let file = folder.path().join("all.backup").display().to_string();
    record.run(&["backup", &file]).ok();
    let other = Record::new(folder.path(), "other");
    other.run(&["restore", &file]).ok();
    assert_eq!(other.run(&["report", "departures", "--now", NOW, "--json"]).json()["rows"], report["rows"]);
    other.run(&["erase", "c2", "--yes"]).ok();
    let left = other.run(&["report", "departures", "--now", NOW, "--json"]).json();
    assert_ne!(left["rows"], report["rows"]);
    other.is_whole();
}
