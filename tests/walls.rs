//! Who may import whom. The compiler guards the pure crates; this guards the rooms inside the program, and that the
//! pure crates stay pure.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each room of the program, and the rooms it may use. A room that is missing here fails the test.
const MAY_USE: [(&str, &[&str]); 38] = [
    (
        "cli",
        &[
            "access",
            "app",
            "background",
            "calls",
            "clients",
            "clock",
            "config",
            "correspondents",
            "db",
            "departures",
            "disk",
            "drafts",
            "error",
            "firm",
            "forwarding",
            "holding",
            "ids",
            "intake",
            "mailboxes",
            "matters",
            "outbox",
            "record",
            "report",
            "set_up",
            "settings",
            "staff",
            "subscriptions",
            "text",
            "today",
            "web",
        ],
    ),
    (
        PAGES,
        &[
            "access",
            "app",
            "board",
            "calls",
            "clients",
            "correspondents",
            "db",
            "departures",
            "drafts",
            "error",
            "firm",
            "forwarding",
            "holding",
            "ids",
            "intake",
            "mailboxes",
            "matters",
            "notes",
            "notices",
            "outbox",
            "record",
            "report",
            "set_up",
            "settings",
            "sign_in",
            "staff",
            "subscriptions",
            "text",
            "today",
            "web",
        ],
    ),
    ("app", &["board", "clock", "db", "disk", "error", "ids", "mailboxes", "record", "text"]),
    ("calls", &["db", "error", "firm", "ids", "intake", "mailboxes", "record", "staff", "text"]),
    (
        "background",
        &[
            "calls",
            "db",
            "error",
            "firm",
            "forwarding",
            "holding",
            "ids",
            "intake",
            "mailboxes",
            "notices",
            "outbox",
            "record",
            "subscriptions",
        ],
    ),
    ("holding", &["clients", "db", "error", "firm", "ids", "mailboxes", "outbox", "record", "staff", "text"]),
    (
        "notices",
        &[
            "access",
            "board",
            "calls",
            "clients",
            "db",
            "error",
            "firm",
            "ids",
            "mailboxes",
            "outbox",
            "record",
            "report",
            "staff",
            "subscriptions",
            "text",
            "today",
        ],
    ),
    (
        "web",
        &[
            "access",
            "app",
            "board",
            "calls",
            "clients",
            "correspondents",
            "db",
            "drafts",
            "error",
            "forwarding",
            "holding",
            "ids",
            "notes",
            "notices",
            "record",
            "set_up",
            "settings",
            "sign_in",
            "text",
            "today",
            PAGES,
        ],
    ),
    ("notes", &["app", "board", "db", "error", "ids", "record", "text", "today"]),
    (
        "drafts",
        &[
            "app",
            "board",
            "db",
            "error",
            "ids",
            "mailboxes",
            "matters",
            "outbox",
            "record",
            "report",
            "text",
            "today",
        ],
    ),
    ("sign_in", &[]),
    (
        "settings",
        &[
            "access",
            "app",
            "board",
            "db",
            "error",
            "firm",
            "ids",
            "mailboxes",
            "record",
            "report",
            "set_up",
            "staff",
            "subscriptions",
            "text",
        ],
    ),
    ("correspondents", &["app", "board", "clients", "db", "error", "ids", "intake", "record"]),
    (
        "set_up",
        &[
            "access", "app", "clients", "config", "db", "error", "firm", "ids", "intake", "record", "report",
            "staff", "text",
        ],
    ),
    ("today", &["app", "board", "db", "error", "ids", "intake", "record", "report", "text"]),
    ("board", &["access", "clients", "db", "error", "firm", "ids", "record", "staff"]),
    ("access", &["db", "error", "ids", "record", "text"]),
    ("report", &["clients", "db", "departures", "error", "firm", "ids", "intake", "record", "staff", "text"]),
    (
        "intake",
        &[
            "clients",
            "db",
            "departures",
            "error",
            "firm",
            "ids",
            "matters",
            "packed",
            "record",
            "staff",
            "text",
        ],
    ),
    ("record", &["clients", "db", "error", "firm", "ids", "matters", "packed", "staff", "text"]),
    ("outbox", &["access", "db", "error", "firm", "ids", "mailboxes", "matters", "record", "staff", "text"]),
    ("mailboxes", &["access", "db", "error", "firm", "ids", "intake", "record", "text"]),
    ("subscriptions", &["clients", "db", "error", "firm", "ids", "intake", "mailboxes", "record", "text"]),
    ("forwarding", &["db", "error", "firm", "ids", "intake", "record", "staff", "text"]),
    ("firm", &["db", "error", "ids"]),
    ("staff", &["db", "error", "firm", "ids"]),
    (
        "clients",
        &["db", "departures", "disk", "error", "firm", "ids", "matters", "packed", "record", "staff", "text"],
    ),
    ("matters", &["db", "error", "firm", "ids"]),
    ("departures", &["db", "error", "firm", "ids"]),
    ("db", &["clock", "disk", "error", "ids", "packed"]),
    ("config", &["db", "error"]),
    ("packed", &["error"]),
    ("error", &["disk"]),
    ("disk", &[]),
    ("ids", &[]),
    ("clock", &[]),
    ("text", &["error"]),
    ("main", &[]),
];

/// What a pure crate may not name: files, network, processes, the machine's clock, threads of its own, printing.
const IMPURE: [&str; 11] = [
    "std::fs",
    "std::net",
    "std::process",
    "std::env",
    "std::io",
    "std::thread",
    "SystemTime",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "println!",
];

/// Pages and the API are one room, whichever thing they show: `pages.rs` and `api.rs` in the room of their thing.
const PAGES: &str = "pages";

const PURE: [&str; 3] = ["care", "reading", "outlook"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The code of a file without its comments.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a source file is UTF-8");
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The rooms that a file names: `crate::room` and `use crate::{room, …}`.
fn rooms_named(code: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let list = list.split('}').next().unwrap_or_default();
            rooms.extend(list.split(',').filter_map(|item| item.trim().split(':').next().map(str::to_owned)));
        } else {
            rooms.insert(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    rooms.retain(|room| !room.is_empty());
    rooms
}

#[test]
fn every_room_uses_only_the_rooms_below_it() {
    let may: BTreeMap<&str, &[&str]> = MAY_USE.into_iter().collect();
    let source = root().join("src");
    let mut broken = Vec::new();
    for file in rust_files(&source) {
        let inside = file.strip_prefix(&source).expect("a file under src");
        let first = inside.components().next().expect("a file name").as_os_str().to_string_lossy();
        let is_page = |name: &str| {
            inside.components().any(|part| part.as_os_str().to_string_lossy().trim_end_matches(".rs") == name)
        };
        let room = if is_page("pages") || is_page("api") { PAGES } else { first.trim_end_matches(".rs") };
        if room == "lib" {
            continue;
        }
        let Some(allowed) = may.get(room) else {
            broken.push(format!("src/{first} is a room without walls: give it a line in this test"));
            continue;
        };
        for named in rooms_named(&code(&file)) {
            if may.contains_key(named.as_str()) && named != room && !allowed.contains(&named.as_str()) {
                broken.push(format!("{} uses crate::{named}", inside.display()));
            }
        }
    }
    assert!(broken.is_empty(), "walls broken:\n{}", broken.join("\n"));
}

#[test]
fn pure_crates_do_nothing_but_compute() {
    let mut broken = Vec::new();
    for name in PURE {
        for file in rust_files(&root().join("crates").join(name).join("src")) {
            let code = code(&file);
            let body = code.split("#[cfg(test)]").next().unwrap_or_default();
            broken.extend(
                IMPURE
                    .iter()
                    .filter(|word| body.contains(*word))
                    .map(|word| format!("{}: {word}", file.display())),
            );
        }
    }
    assert!(broken.is_empty(), "pure crates that are not:\n{}", broken.join("\n"));
}

#[test]
fn pure_crates_depend_on_nothing_that_does_more() {
    let known: [(&str, &[&str]); 4] =
        [("care", &[]), ("outlook", &["care"]), ("reading", &["care"]), ("wire", &[])];
    for (name, own) in known {
        let manifest = fs::read_to_string(root().join("crates").join(name).join("Cargo.toml")).unwrap();
        let dependencies = manifest.split("[dependencies]").nth(1).unwrap_or_default();
        let dependencies = dependencies.split("\n[").next().unwrap_or_default();
        for line in dependencies.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            let dependency = line.split(['.', ' ', '=']).next().unwrap_or_default();
            for other in ["care", "outlook", "reading", "wire", "training", "sample", "regard"] {
                assert!(dependency != other || own.contains(&other), "{name} may not depend on {other}");
            }
            // Only what speaks to servers has a network.
            for heavy in
                ["sqlx", "axum", "tokio", "tokio-rustls", "rustls", "reqwest", "imap-proto", "lettre"]
            {
                let may = name == "wire" && !["sqlx", "axum"].contains(&heavy);
                assert!(may || dependency != heavy, "{name} may not depend on {heavy}");
            }
        }
    }
}
