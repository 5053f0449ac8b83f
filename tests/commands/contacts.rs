//! Address books: whose contacts they tell of, what they propose, and contacts as cards for another program.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::run::Record;
use crate::village::lists;

/// A record of the village with its lists, and no mail.
fn village(folder: &Path) -> Record {
    let record = Record::new(folder, "data");
    lists(folder);
    for name in ["staff", "clients", "contacts"] {
        record.import(name, &folder.join(format!("{name}.csv")));
    }
    record
}

fn cards(folder: &Path, name: &str, cards: &[&str]) -> std::path::PathBuf {
    let text: Vec<String> =
        cards.iter().map(|card| format!("BEGIN:VCARD\nVERSION:3.0\n{card}\nEND:VCARD\n")).collect();
    let path = folder.join(name);
    fs::write(&path, text.concat().replace('\n', "\r\n")).unwrap();
    path
}

fn sorted(said: &Value) -> [u64; 4] {
    ["renewed", "known", "proposed", "others"].map(|what| said["cards"][what].as_u64().expect("a count"))
}

/// The cards of an export, each by the lines that say something of the person.
fn exported(record: &Record, args: &[&str]) -> Vec<String> {
    let text = record.run(&[&["export", "--contacts"], args].concat()).ok().out;
    let told = |card: &str| -> String {
        let lines =
            card.lines().filter(|line| ["FN:", "ORG:", "EMAIL:", "TEL:"].iter().any(|p| line.starts_with(p)));
        lines.collect::<Vec<_>>().join(" ")
    };
    text.split("BEGIN:VCARD").skip(1).map(told).collect()
}

#[test]
fn an_address_book_tells_of_contacts_and_merges_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let record = village(folder.path());
    let book = cards(
        folder.path(),
        "book.vcf",
        &[
            // Known by address and name: the number is new.
            "FN:Ms. Jo Fenn\nEMAIL:Jo@fennmill.example\nTEL:+44 1632 960009",
            // The same address under another name; the same name under another address.
            "UID:u2\nFN:Josephine Mill\nEMAIL:jo@fennmill.example",
            "UID:u3\nFN:Ida Marl\nORG:Marl Pits Limited\nEMAIL:ida.private@gmail.com",
            // Unknown, by the client's domain and by its name.
            "UID:u4\nFN:New Face\nEMAIL:face@fennmill.example",
            "UID:u5\nFN:Rob Keel\nORG:Rowan Boats;Yard\nTEL:01632 960010",
            // A colleague, a stranger, a friend at a provider that Una uses as well.
            "FN:Amy Quill\nEMAIL:amy@quillward.example",
            "FN:Pat Plumb\nORG:Plumbing\nEMAIL:pat@plumbing.example",
            "FN:Aunt May\nEMAIL:may@gmail.com",
            // A line that somebody of a client has as well says nothing of who rings by it.
            "FN:The Caretaker\nTEL:01632 960001",
        ],
    );
    let said = record.import("contacts", &book);
    assert_eq!(sorted(&said), [1, 0, 4, 4], "{said}");
    let all = exported(&record, &[]);
    let fenn = "FN:Jo Fenn ORG:Fenn Mill EMAIL:jo@fennmill.example TEL:01632 960001 TEL:+44 1632 960009";
    assert!(all.contains(&fenn.to_owned()), "{all:?}");
    // Nobody is joined or added without a word, and of strangers nothing is kept.
    assert_eq!(all.len(), 4, "{all:?}");
    let text = all.join("\n");
    for name in ["Josephine", "private@", "New Face", "Keel", "Plumb", "Aunt", "Amy"] {
        assert!(!text.contains(name), "{name}: {text}");
    }
    record.is_whole();

    // The same file again says nothing new, and neither does our own file.
    let again = record.import("contacts", &book);
    assert_eq!(sorted(&again), [0, 5, 0, 4], "{again}");
    let own = folder.path().join("own.vcf");
    record.run(&["export", "--contacts", "--to", &own.display().to_string()]).ok();
    assert_eq!(sorted(&record.import("contacts", &own)), [0, 4, 0, 0]);
    // Into an empty record of the same clients it brings everybody back as a proposal.
    let words = record.run(&["import", "contacts", &book.display().to_string()]).ok().out;
    assert!(words.contains("9 cards: 0 contacts have something new."), "{words}");
    assert!(words.contains("4 are of nobody at a client, and nothing of them is kept"), "{words}");
}

#[test]
fn a_card_that_cannot_be_read_keeps_its_file_out_unless_that_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let record = village(folder.path());
    let book = cards(folder.path(), "book.vcf", &["NOTE:nobody", "FN:New Face\nEMAIL:face@fennmill.example"]);
    let path = book.display().to_string();
    let said = record.run(&["import", "contacts", &path]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("line 1: this card names nobody"), "{}", said.err);
    let said = record.run(&["import", "contacts", &path, "--skip-bad", "--json"]).json();
    assert_eq!(sorted(&said), [0, 0, 1, 0]);
    assert!(said["wrong"][0]["error"].as_str().unwrap().starts_with("line 1"), "{said}");
    let none = folder.path().join("none.vcf");
    fs::write(&none, "name,email\n").unwrap();
    let said = record.run(&["import", "contacts", &none.display().to_string()]);
    assert!(said.err.contains("export them as vCard"), "{}", said.err);
}

#[test]
fn contacts_are_exported_of_one_client_or_all() {
    let folder = tempfile::tempdir().unwrap();
    let record = village(folder.path());
    assert_eq!(exported(&record, &["c2"]), ["FN:Ida Marl ORG:Marl Pits Ltd EMAIL:ida@marlpits.example"]);
    // A person who is the client works nowhere.
    assert_eq!(exported(&record, &["Una Thorp"]), ["FN:Una Thorp EMAIL:una.thorp@gmail.com"]);
    assert_eq!(exported(&record, &[]).len(), 4);
    let nobody = record.run(&["export", "--contacts", "--by", "zed@quillward.example"]);
    assert_eq!(nobody.code, Some(1), "{}", nobody.err);
    assert_eq!(record.run(&["export"]).code, Some(2));
}
