//! Real mailboxes, where the data is at hand: every message they are known to hold is found.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use wire::mail::{FaultKind, Role, sources};

fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")).join(name);
    if !path.exists() {
        eprintln!("SKIPPED: no {name} beside the repository, so nothing was tested here");
        return None;
    }
    Some(path)
}

#[test]
fn every_mailbox_yields_the_messages_its_list_counts() {
    let Some(directory) = shared("enron-mail") else { return };
    let table = fs::read_to_string(directory.join("custodians.tsv")).unwrap();
    for row in table.lines().skip(1) {
        let fields: Vec<&str> = row.split('\t').collect();
        let archive = directory.join(format!("{}.tar.zst", fields[0]));
        let listing = sources(std::slice::from_ref(&archive));
        assert_eq!((listing.sources.len(), listing.faults.len()), (1, 0), "{}", fields[0]);
        let (mut count, mut roles, mut faults) = (0, BTreeMap::new(), Vec::new());
        for found in listing.sources[0].open() {
            match found {
                Ok(item) => {
                    count += 1;
                    assert_eq!(item.folder.mailbox.as_deref(), Some(fields[0]), "{:?}", item.position);
                    assert!(item.raw.starts_with(b"Message-ID:"), "{:?}", item.position);
                    *roles.entry(item.folder.role == Role::Sent).or_insert(0) += 1;
                }
                Err(fault) => faults.push(fault),
            }
        }
        assert_eq!(count, fields[1].parse::<usize>().unwrap(), "{}: {faults:?}", fields[0]);
        assert!(faults.iter().all(|fault| fault.kind == FaultKind::Skipped), "{faults:?}");
        assert!(
            faults.iter().any(|fault| fault
                .position
                .member
                .as_deref()
                .unwrap_or("")
                .ends_with("also-in.tsv"))
        );
        assert!(0 < roles[&true] && 0 < roles[&false], "{}: {roles:?}", fields[0]);
    }
}

#[test]
fn the_support_list_has_all_its_messages() {
    let Some(directory) = shared("support-list") else { return };
    let listing = sources(&[directory.join("list.mbox.zst")]);
    let found: Vec<_> = listing.sources.iter().flat_map(|source| source.open()).collect();
    assert!(found.iter().all(Result::is_ok), "{:?}", found.iter().find(|f| f.is_err()));
    assert_eq!(found.len(), 2167);
    let crlf = found.iter().flatten().filter(|item| item.raw.windows(2).any(|w| w == b"\r\n")).count();
    assert!(2000 < crlf, "line ends are kept: {crlf}");
}
