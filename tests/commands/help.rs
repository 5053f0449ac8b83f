//! Every command explains itself, and wrong usage says so.

use crate::run::regard;

/// The commands that a help text lists.
fn listed(help: &str) -> Vec<String> {
    let part = help.split("Commands:").nth(1).unwrap_or_default();
    let part = part.split("\n\n").next().unwrap_or_default();
    // A name stands two columns in; what wraps below it stands further in.
    let names = part.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
    names.map(str::to_owned).collect()
}

fn each_command(way: &[&str], found: &mut Vec<Vec<String>>) {
    let help = regard(&[way, &["--help"]].concat()).ok().out;
    for name in listed(&help) {
        let below: Vec<&str> = way.iter().copied().chain([name.as_str()]).collect();
        found.push(below.iter().map(|part| (*part).to_owned()).collect());
        each_command(&below, found);
    }
}

#[test]
fn every_command_has_an_example() {
    let mut found = Vec::new();
    each_command(&[], &mut found);
    assert!(25 <= found.len(), "{found:?}");
    for way in found {
        let way: Vec<&str> = way.iter().map(String::as_str).collect();
        let help = regard(&[&way, &["--help"][..]].concat()).ok().out;
        assert!(help.contains("Example:\n  "), "{way:?} has no example:\n{help}");
    }
}

#[test]
fn wrong_usage_ends_with_two_and_says_where_help_is() {
    let wrong: [&[&str]; 8] = [
        &["import"],
        &["import", "mail"],
        &["import", "letters", "x"],
        &["today", "--kind", "debt"],
        &["decide", "17", "done"],
        &["place", "acme.example", "enemy"],
        &["report"],
        &["today", "--data", "x", "--database", "postgres://y"],
    ];
    for args in wrong {
        let said = regard(args);
        assert_eq!(said.code, Some(2), "{args:?}: {}", said.err);
        assert!(said.err.contains("--help") || said.err.contains("Usage:"), "{args:?}: {}", said.err);
    }
    for args in [&["today", "--now", "noon"][..], &["report", "wishes"]] {
        assert_eq!(regard(args).code, Some(2), "{args:?}");
    }
}

#[test]
fn what_is_given_wrongly_is_said_with_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name).display().to_string();
    let (nothing, file, record) = (place("nothing"), place("a-file"), place("record"));
    std::fs::create_dir(&nothing).expect("a folder");
    std::fs::write(&file, "no mail").expect("a file");
    let mail = crate::village::mail(folder.path(), 3).display().to_string();
    regard(&["import", "mail", &mail, "--zone", "Europe/London", "--data", &record]).ok();
    let wrong: [(&[&str], &str); 7] = [
        (&["scan", &nothing], "nothing in this folder is mail"),
        (&["import", "mail", &nothing, "--data", &record], "nothing in this folder is mail"),
        (&["scan", &mail, "--clients", &nothing], "this is a folder; give the file that is meant"),
        (
            &["import", "clients", &nothing, "--data", &record],
            "this is a folder; give the file that is meant",
        ),
        (&["import", "mail", &mail, "--data", &file], "is a file; the record is kept in a folder of its own"),
        (&["calls", "follow", &nothing, "--data", &record], "is a folder; name the log in it"),
        (&["holding", "on", "--data", &record], "give them: regard holding on --words FILE"),
    ];
    for (args, words) in wrong {
        let said = regard(args);
        assert_eq!(said.code, Some(1), "{args:?}: {}", said.err);
        assert!(said.err.contains(words), "{args:?}: {}", said.err);
    }
    let one = place("one.mbox");
    let letter = "From a@b.example Mon Sep  1 09:00:00 2025\nFrom: a@b.example\nTo: c@d.example\n\
                  Date: Mon, 1 Sep 2025 09:00:00 +0100\nMessage-ID: <one@b.example>\n\nHello.\n";
    std::fs::write(&one, letter).expect("a mailbox");
    for told in ["Imported 1 message from 1 source", "1 source has not changed."] {
        let said = regard(&["import", "mail", &one, "--data", &record]).ok();
        assert!(said.out.contains(told), "{}", said.out);
    }
    let later = regard(&["calls", "follow", &place("later.csv"), "--data", &record]).ok();
    assert!(later.out.contains("It is not there yet"), "{}", later.out);
}
