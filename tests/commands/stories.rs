//! What people do with the record, in order.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::run::{NOW, Record, Said, program, regard};
use crate::schema::Schema;
use crate::village::{letter, lists, mail, put};

fn place() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// Scans what lies in a folder, with these lists.
fn scan(folder: &Path, names: &[&str]) -> Value {
    let mut command = program();
    command.arg("scan").arg(folder.join("mail")).args(["--zone", "Europe/London", "--now", NOW, "--json"]);
    for name in names {
        command.arg(format!("--{name}")).arg(folder.join(format!("{name}.csv")));
    }
    Said::of(command.output().expect("the program runs")).json()
}

#[test]
fn importing_again_adds_nothing() {
    let folder = place();
    let mail = mail(folder.path(), 60);
    let record = Record::new(folder.path(), "data");
    let first = record.import("mail", &mail);
    assert!(first["added"].as_u64() > Some(90) && first["copies"].as_u64() > Some(3), "{first}");
    let owed = record.owed();
    assert!(owed.as_array().is_some_and(|all| 40 < all.len()));
    let again = record.import("mail", &mail);
    assert_eq!((&again["added"], &again["unchanged"]), (&0.into(), &4.into()), "{again}");
    // A file that only looks changed is read again, and nothing in it is new.
    let inbox = mail.join("amy/inbox.mbox");
    let same = fs::read(&inbox).unwrap();
    fs::write(&inbox, [same, b"\n".to_vec()].concat()).unwrap();
    let again = record.import("mail", &mail);
    assert_eq!((&again["added"], &again["unchanged"]), (&0.into(), &3.into()), "{again}");
    assert!(again["copies"].as_u64() > Some(20), "{again}");
    assert_eq!(record.owed(), owed);
    record.is_whole();
}

#[test]
fn mail_that_comes_later_and_out_of_order_gives_the_same() {
    let folder = place();
    let mail = mail(folder.path(), 60);
    let whole = Record::new(folder.path(), "whole");
    whole.import("mail", &mail);
    let parts = Record::new(folder.path(), "parts");
    for part in ["bo/sent.mbox", "amy/inbox.mbox", "bo/inbox.mbox", "amy"] {
        parts.import("mail", &mail.join(part));
    }
    assert_eq!(parts.owed(), whole.owed());
    parts.is_whole();
}

#[test]
fn a_scan_and_a_record_say_the_same() {
    let folder = place();
    let mail = mail(folder.path(), 60);
    lists(folder.path());
    let record = Record::new(folder.path(), "data");
    record.import("mail", &mail);
    assert_eq!(record.owed(), scan(folder.path(), &[])["obligations"], "without lists");
    // Lists may come before the mail or after it.
    let names = ["clients", "staff", "contacts", "calls", "absences"];
    for name in names {
        record.import(name, &folder.path().join(format!("{name}.csv")));
    }
    let scanned = scan(folder.path(), &names);
    assert_eq!(record.owed(), scanned["obligations"], "lists after mail");
    let other = Record::new(folder.path(), "other");
    for name in ["staff", "clients", "contacts", "absences", "calls"] {
        other.import(name, &folder.path().join(format!("{name}.csv")));
    }
    other.import("mail", &mail);
    assert_eq!(other.owed(), scanned["obligations"], "lists before mail");
    let kinds: Vec<&str> =
        scanned["obligations"].as_array().unwrap().iter().filter_map(|owed| owed["kind"].as_str()).collect();
    for kind in ["answer", "promise", "callback", "cover"] {
        assert!(kinds.contains(&kind), "no {kind} in the village");
    }
}

#[test]
fn a_database_server_says_the_same() {
    let folder = place();
    let mail = mail(folder.path(), 40).display().to_string();
    let url = crate::support::postgres::new_database();
    let said = |args: &[&str]| regard(&[args, &["--database", &url]].concat());
    said(&["import", "mail", &mail, "--zone", "Europe/London"]).ok();
    assert_eq!(said(&["import", "mail", &mail, "--json"]).json()["unchanged"], 4);
    lists(folder.path());
    for name in ["clients", "staff", "contacts", "calls"] {
        said(&["import", name, &folder.path().join(format!("{name}.csv")).display().to_string()]).ok();
    }
    let owed = said(&["today", "--now", NOW, "--json"]).json()["obligations"].clone();
    assert_eq!(owed, scan(folder.path(), &["clients", "staff", "contacts", "calls"])["obligations"]);
    let id = owed[0]["id"].as_str().expect("an id").to_owned();
    said(&["decide", &id, "released"]).ok();
    said(&["place", "oseibakes.example", "private", "--yes"]).ok();
    for args in [&["verify"][..], &["doctor"], &["correspondents"], &["report", "answers"]] {
        said(args).ok();
    }
}

#[test]
fn what_is_printed_keeps_its_contract() {
    let folder = place();
    let mail = mail(folder.path(), 30);
    lists(folder.path());
    Schema::of("scan").check(&scan(folder.path(), &["staff", "clients", "contacts", "calls"]));
    let record = Record::new(folder.path(), "data");
    record.import("mail", &mail);
    Schema::of("today").check(&record.run(&["today", "--now", NOW, "--json"]).json());
    let read = |line: &str| {
        let input = folder.path().join("lines");
        fs::write(&input, format!("{line}\n")).unwrap();
        let read =
            program().args(["read", "--jsonl"]).stdin(fs::File::open(&input).unwrap()).output().unwrap();
        let told = Said::of(read).json();
        Schema::of("read").check(&told);
        told
    };
    let told = read(
        r#"{"id":"1","direction":"out","text":"I will send the draft by Friday.","sent_at":"2025-07-01T10:00:00Z"}"#,
    );
    assert_eq!(told.get("language"), None, "{told}");
    let told = read(
        r#"{"id":"2","direction":"in","text":"Können Sie mir bitte sagen, wann der Vertrag fertig ist?"}"#,
    );
    assert_eq!(told["language"], "other", "{told}");
}

#[test]
fn a_wrong_row_keeps_its_file_out_unless_that_is_asked() {
    let folder = place();
    mail(folder.path(), 10);
    let list = folder.path().join("clients.csv");
    fs::write(&list, "client_id,name,kind\nc1,Fenn Mill,organisation\nc2,Marl Pits,castle\n").unwrap();
    let record = Record::new(folder.path(), "data");
    let path = list.display().to_string();
    let said = record.run(&["import", "clients", &path, "--zone", "UTC"]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("line 3, column kind"), "{}", said.err);
    let said = record.run(&["import", "clients", &path, "--skip-bad", "--json"]).json();
    assert_eq!(said["rows"], 1);
    assert!(said["wrong"][0]["error"].as_str().unwrap().contains("castle"), "{said}");
}

#[test]
fn whom_a_list_names_and_nobody_knows_is_told_with_the_place() {
    let folder = place();
    let list = folder.path().join("clients.csv");
    fs::write(&list, "client_id,name,point_person\nc1,Fenn Mill,\nc2,Marl Pits,Pat Nobody\n").unwrap();
    let record = Record::new(folder.path(), "data");
    let path = list.display().to_string();
    let said = record.run(&["import", "clients", &path, "--zone", "UTC"]);
    assert_eq!(said.code, Some(0), "the rows are taken: {}", said.err);
    let told = "line 3, column point_person: nobody of the firm is \"Pat Nobody\" yet";
    assert!(said.out.contains("1 row names somebody") && said.out.contains(told), "{}", said.out);
    let said = record.run(&["import", "clients", &path, "--json"]).json();
    assert_eq!(said["rows"], 2);
    assert_eq!(said["unsure"][0]["error"], told);
}

fn open(record: &Record, kind: &str) -> Vec<Value> {
    let all = record.owed();
    let is =
        |owed: &&Value| owed["kind"] == kind && matches!(owed["state"].as_str(), Some("open" | "broken"));
    all.as_array().unwrap().iter().filter(is).cloned().collect()
}

#[test]
fn a_decision_changes_what_is_owed_and_can_be_taken_back() {
    let folder = place();
    let record = Record::new(folder.path(), "data");
    record.import("mail", &mail(folder.path(), 60));
    let before = record.owed();
    let answer = open(&record, "answer")[0]["id"].as_str().unwrap().to_owned();
    let promise = open(&record, "promise")[0]["id"].as_str().unwrap().to_owned();
    let find = |id: &str| {
        let all = record.owed();
        all.as_array().unwrap().iter().find(|owed| owed["id"] == id).cloned().unwrap_or(Value::Null)
    };
    for (id, words) in
        [(&answer, vec!["no-answer"]), (&promise, vec!["not-a-promise"]), (&answer, vec!["done"])]
    {
        let mut args = vec!["decide", id, "--json", "--now", "2025-09-02T10:00:00Z"];
        args.extend(words);
        let said = record.run(&args).json();
        assert!(!said["changes"].as_array().unwrap().is_empty(), "{said}");
        assert!(matches!(find(id)["state"].as_str(), Some("released" | "kept_late")), "{}", find(id));
        let decision = said["decision"].as_str().unwrap();
        record.run(&["take-back", decision]).ok();
        assert_eq!(record.owed(), before);
    }
    record.run(&["decide", &answer, "owner", "bo@quillward.example", "--by", "amy@quillward.example"]).ok();
    assert_eq!(find(&answer)["owner"], "bo@quillward.example");
    let until = "2031-09-05T12:00:00+01:00";
    record.run(&["decide", &answer, "moved", "--until", until, "--now", "2025-09-02T10:00:00Z"]).ok();
    assert_eq!(find(&answer)["state"], "moved_late");
    let said = record.run(&["decide", &answer, "moved", "--until", "soon"]);
    assert_eq!(said.code, Some(2), "{}", said.err);
    record.is_whole();
}

#[test]
fn correspondents_are_placed_and_private_mail_is_gone() {
    let folder = place();
    let mail = mail(folder.path(), 60);
    let record = Record::new(folder.path(), "data");
    record.import("mail", &mail);
    let listed = record.run(&["correspondents", "--json"]).json();
    let names: Vec<&str> = listed.as_array().unwrap().iter().filter_map(|c| c["name"].as_str()).collect();
    assert!(names.contains(&"fennmill.example") && names.contains(&"una.thorp@gmail.com"), "{names:?}");
    let owed_to = |client: &str| {
        let all = record.owed();
        all.as_array().unwrap().iter().filter(|owed| owed["client"] == client).count()
    };
    let before = owed_to("fennmill.example");
    assert!(0 < before);
    record.run(&["place", "fennmill.example", "third-party"]).ok();
    assert_eq!(owed_to("fennmill.example"), 0);
    record.run(&["place", "fennmill.example", "unplaced"]).ok();
    assert_eq!(owed_to("fennmill.example"), before);
    record.run(&["place", "fennmill.example", "client"]).ok();
    assert!(before <= owed_to("fennmill.example"), "a client is tended as well");
    let asked = record.run(&["place", "una.thorp@gmail.com", "private"]);
    assert_eq!(asked.code, Some(2), "{}", asked.err);
    let said = record.run(&["place", "una.thorp@gmail.com", "private", "--yes", "--json"]).json();
    assert!(0 < said["erased"].as_u64().unwrap(), "{said}");
    assert_eq!(owed_to("una.thorp@gmail.com"), 0);
    let log = record.log();
    let placed = |detail: &str| log.contains(&("placed".to_owned(), detail.to_owned()));
    let as_client = |(act, detail): &(String, String)| {
        act == "placed" && detail.starts_with("client ") && detail.ends_with(" as client")
    };
    assert!(log.iter().any(as_client) && placed("somebody private"), "{log:?}");
    assert!(log.iter().all(|(_, detail)| !detail.contains("una.thorp")), "who is private: {log:?}");
    // Coming by again, it is not kept.
    let inbox = mail.join("amy/inbox.mbox");
    let same = fs::read(&inbox).unwrap();
    fs::write(&inbox, [same, b"\n".to_vec()].concat()).unwrap();
    let again = record.import("mail", &mail);
    assert_eq!(again["added"], 0);
    assert!(0 < again["private"].as_u64().unwrap(), "{again}");
    assert_eq!(record.run(&["place", "gmail.com", "client"]).code, Some(1));
    record.is_whole();
}

#[test]
fn what_is_said_most_exactly_says_whose_mail_is_not_kept() {
    let folder = place();
    let mail = mail(folder.path(), 20);
    let record = Record::new(folder.path(), "data");
    let inbox = mail.join("amy/inbox.mbox");
    let people = [
        ("Gil", "gil@home.fennmill.example"),
        ("Jo Fenn", "jo@fennmill.example"),
        ("Pia", "pia@villa.example"),
        ("Rex", "rex@villa.example"),
    ];
    let arrive = |round: i64| {
        let mut all = fs::read_to_string(&inbox).unwrap();
        for (n, from) in people.into_iter().enumerate() {
            let (id, to) = (format!("p{round}.{n}@x.example"), ("Amy Quill", "amy@quillward.example"));
            let minutes = 300_000 + 1000 * round + n as i64;
            put(
                &mut all,
                &letter(&id, None, from, to, &format!("Round {round}"), minutes, "Can you ring me?"),
            );
        }
        fs::write(&inbox, all).unwrap();
        record.import("mail", &mail)
    };
    arrive(1);
    record.run(&["place", "home.fennmill.example", "private", "--yes"]).ok();
    record.run(&["place", "villa.example", "private", "--yes"]).ok();
    record.run(&["place", "rex@villa.example", "client"]).ok();
    // Rex is a client though his house is private, and Jo is not at home. The changed file is read from its beginning, so
    // what Gil and Pia wrote is met twice.
    let said = arrive(2);
    assert_eq!((&said["added"], &said["private"]), (&Value::from(2), &Value::from(4)), "{said}");
    record.is_whole();
}

#[test]
fn a_record_is_kept_moved_and_let_go() {
    let folder = place();
    let record = Record::new(folder.path(), "data");
    record.import("mail", &mail(folder.path(), 40));
    let owed = record.owed();
    let file = folder.path().join("all.backup").display().to_string();
    record.run(&["backup", &file]).ok();
    let other = Record::new(folder.path(), "other");
    other.run(&["restore", &file]).ok();
    assert_eq!(other.owed(), owed);
    assert_eq!(other.run(&["restore", &file]).code, Some(1), "what is there is not overwritten");
    other.run(&["restore", &file, "--force"]).ok();
    let out = folder.path().join("out").display().to_string();
    other.run(&["export", "marlpits.example", "--to", &out]).ok();
    assert!(Path::new(&out).join("client.json").exists());
    assert_eq!(other.run(&["erase", "marlpits.example"]).code, Some(2), "not without --yes");
    other.run(&["erase", "marlpits.example", "--yes"]).ok();
    let left = other.owed();
    assert!(left.as_array().unwrap().iter().all(|owed| owed["client"] != "marlpits.example"));
    other.is_whole();
    other.run(&["doctor"]).ok();
    assert_eq!(regard(&["today", "--data", &out]).code, Some(1), "no record is there");
}

#[test]
fn folding_everything_anew_changes_nothing() {
    let folder = place();
    let record = Record::new(folder.path(), "data");
    record.import("mail", &mail(folder.path(), 40));
    let owed = record.owed();
    let said = record.run(&["refold", "--json"]).json();
    for what in ["missing", "other", "stale"] {
        assert_eq!(said[what], 0, "{said}");
    }
    assert!(said["entries"].as_u64() > Some(60), "{said}");
    assert_eq!(said["obligations"].as_u64(), owed.as_array().map(|all| all.len() as u64));
    let parts: f64 = said["parts"].as_object().unwrap().values().filter_map(Value::as_f64).sum();
    assert!(parts <= said["seconds"].as_f64().unwrap() + 0.01, "{said}");
    assert!(record.run(&["refold"]).ok().out.contains("All were kept as they are."));
    assert_eq!(record.owed(), owed);
    record.is_whole();
}

#[test]
fn reports_come_in_every_form() {
    let folder = place();
    let record = Record::new(folder.path(), "data");
    record.import("mail", &mail(folder.path(), 40));
    let list = regard(&["report", "--list"]).ok().out;
    let names: Vec<&str> = list.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(names, ["promises", "answers", "chases", "contact-load", "ties", "pareto", "departures"]);
    for name in names {
        let json = record.run(&["report", name, "--now", NOW, "--json"]).json();
        assert!(!json["rows"].as_array().unwrap().is_empty(), "{name}: {json}");
        let csv = record.run(&["report", name, "--now", NOW, "--csv"]).ok().out;
        assert_eq!(csv.lines().count(), json["rows"].as_array().unwrap().len() + 1, "{name}");
        let page = record.run(&["report", name, "--now", NOW, "--html"]).ok().out;
        assert!(page.starts_with("<!doctype html>") && page.contains("</html>"));
        record.run(&["report", name]).ok();
    }
}
