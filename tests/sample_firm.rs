//! The main job on the sample firm: what was placed there on purpose must be found, and nothing must be invented.

use std::collections::HashMap;
use std::process::Command;

use jiff::civil::{date, time};
use jiff::tz::TimeZone;
use sample::{Expected, Opener};
use serde_json::Value;

const TODAY: jiff::civil::Date = date(2026, 6, 17);

/// The findings of `regard demo --json` on the sample firm of one fixed day.
fn findings(zone: &TimeZone) -> Value {
    let folder = tempfile::tempdir().expect("a folder for the sample firm");
    findings_of(TODAY, zone, folder.path())
}

/// The same of any day, in a folder that may hold those of other days.
fn findings_of(day: jiff::civil::Date, zone: &TimeZone, folder: &std::path::Path) -> Value {
    let now = day.to_datetime(time(9, 0, 0, 0)).to_zoned(zone.clone()).unwrap();
    let out = Command::new(env!("CARGO_BIN_EXE_regard"))
        .args(["demo", "--json", "--now", &now.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(), "--to"])
        .arg(folder)
        .output()
        .expect("regard runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).expect("one JSON object")
}

#[test]
fn another_day_in_the_same_folder_sees_nothing_of_the_day_before() {
    let zone = TimeZone::get("Europe/London").unwrap();
    let folder = tempfile::tempdir().expect("a folder for the sample firm");
    let before = findings_of(date(2026, 3, 2), &zone, folder.path());
    let found = findings_of(TODAY, &zone, folder.path());
    assert_eq!(found["counts"], findings(&zone)["counts"]);
    assert_ne!(found["counts"], before["counts"]);
}

#[test]
fn what_was_placed_is_found() {
    let zone = TimeZone::get("Europe/London").unwrap();
    let firm = sample::firm(TODAY, &zone);
    let found = findings(&zone);
    let obligations = found["obligations"].as_array().unwrap();
    let acts = acts_by_message(&found);
    let wrong: Vec<String> = firm
        .expected
        .iter()
        .filter_map(|expected| {
            check(expected, obligations, &acts).err().map(|why| format!("{}: {why}", expected.note))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} placed situations were not found as they are:\n{}",
        wrong.len(),
        firm.expected.len(),
        wrong.join("\n")
    );
}

fn acts_by_message(found: &Value) -> HashMap<&str, Vec<&str>> {
    let mut acts: HashMap<&str, Vec<&str>> = HashMap::new();
    for act in found["acts"].as_array().unwrap() {
        acts.entry(act["message_id"].as_str().unwrap()).or_default().push(act["act"].as_str().unwrap());
    }
    acts
}

fn check(expected: &Expected, obligations: &[Value], acts: &HashMap<&str, Vec<&str>>) -> Result<(), String> {
    if expected.state == "read" {
        let Opener::Message(id) = &expected.opener else { return Err("an act stands in a message".into()) };
        let found = acts.get(id.as_str()).is_some_and(|acts| acts.contains(&expected.kind));
        return if found { Ok(()) } else { Err(format!("no {} was read in {id}", expected.kind)) };
    }
    let of_kind = obligations
        .iter()
        .filter(|owed| owed["kind"] == expected.kind && owed["client"] == expected.client.as_str())
        .filter(|owed| opened_by(owed, &expected.opener));
    if expected.state == "absent" {
        // Upkeep that ended long ago is no longer there; what a message opened must never have been.
        let mut there = of_kind.filter(|owed| expected.opener != Opener::None || owed["state"] == "open");
        return match there.next() {
            None => Ok(()),
            Some(owed) => Err(format!("{} {} stands where nothing should", owed["state"], expected.kind)),
        };
    }
    let candidates: Vec<&Value> = of_kind.collect();
    let is_call = matches!(expected.opener, Opener::Call(_));
    let right = |owed: &&&Value| {
        owed["state"] == expected.state
            && (expected.state != "open" || owed["overdue"] == expected.overdue)
            && (is_call || owed["chases"] == expected.chases)
            && (is_call
                || expected.contact.is_empty()
                || expected.opener == Opener::None
                || owed["contact"] == expected.contact.as_str())
    };
    match candidates.iter().find(right) {
        Some(_) => Ok(()),
        None => Err(format!("expected {expected:?}, found {}", summary(&candidates))),
    }
}

fn summary(candidates: &[&Value]) -> String {
    let lines: Vec<String> = candidates
        .iter()
        .take(3)
        .map(|o| {
            format!(
                "{} overdue {} chases {} due {} contact {}",
                o["state"], o["overdue"], o["chases"], o["due_at"], o["contact"]
            )
        })
        .collect();
    if lines.is_empty() { "nothing".into() } else { lines.join(" | ") }
}

fn opened_by(owed: &Value, opener: &Opener) -> bool {
    let mut evidence = owed["evidence"].as_array().unwrap().iter().filter(|e| e["role"] == "opened");
    match opener {
        Opener::None => true,
        Opener::Message(id) => evidence.any(|e| e["message_id"] == id.as_str()),
        Opener::Call(call) => evidence.any(|e| e["call"]["from"] == call.from.as_str()),
    }
}

#[test]
fn counts_are_what_lies_in_the_folder() {
    let zone = TimeZone::get("Europe/London").unwrap();
    let firm = sample::firm(TODAY, &zone);
    let found = findings(&zone);
    let clients = firm.files.iter().find(|(path, _)| path == "clients.csv").unwrap();
    let text = String::from_utf8_lossy(&clients.1);
    let rows = || text.lines().skip(1);
    assert_eq!(found["counts"]["clients"], rows().count());
    assert_eq!(found["counts"]["unreadable"], 0);
    // Whoever has left is no more at risk, and in no list of those who are.
    let served = rows().filter(|row| !row.contains(",former,")).count();
    assert_eq!(found["clients"].as_array().unwrap().len(), served);
    assert!(2_000 < found["counts"]["messages"].as_u64().unwrap());
    assert!(0 < found["counts"]["duplicates"].as_u64().unwrap());
}

/// The whole folder in a record: the lists beside the mail, the calendar and who left change nothing that was placed.
#[test]
fn the_record_of_the_whole_folder_says_the_same() {
    let zone = TimeZone::get("Europe/London").unwrap();
    let firm = sample::firm(TODAY, &zone);
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in &firm.files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    let regard = |args: &[&str]| -> Value {
        let out = Command::new(env!("CARGO_BIN_EXE_regard"))
            .args(args)
            .args(["--json", "--data"])
            .arg(folder.path().join("data"))
            .output()
            .expect("regard runs");
        assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
        serde_json::from_slice(&out.stdout).expect("one JSON object")
    };
    let path = |name: &str| folder.path().join(name).display().to_string();
    let settings = path("firm.toml");
    for list in ["staff", "clients", "contacts", "matters", "absences", "calls"] {
        regard(&["import", list, &path(&format!("{list}.csv")), "--firm", &settings]);
    }
    regard(&["import", "mail", &path("mail")]);
    assert_eq!(regard(&["import", "departures", &path("departures.csv")])["rows"], 10);
    let taken = regard(&["import", "calendar", &path("calendar.ics")]);
    let count = |what: &str| taken[what].as_u64().unwrap();
    assert!(10 < count("meetings"), "{taken}");
    assert_eq!((count("absences"), count("nobody"), count("others")), (8, 0, 0), "{taken}");

    let now = TODAY.to_datetime(time(9, 0, 0, 0)).to_zoned(zone).unwrap();
    let now = now.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    let owed = regard(&["today", "--now", &now]);
    let obligations = owed["obligations"].as_array().unwrap();
    let wrong: Vec<String> = firm
        .expected
        .iter()
        .filter(|expected| expected.state != "read")
        .filter_map(|expected| {
            check(expected, obligations, &HashMap::new()).err().map(|why| format!("{}: {why}", expected.note))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        obligations.iter().all(|owed| !owed["client"].as_str().unwrap_or_default().starts_with('f')),
        "nothing is owed to whom left"
    );
    regard(&["verify"]);
}
