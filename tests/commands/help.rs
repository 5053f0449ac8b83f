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
