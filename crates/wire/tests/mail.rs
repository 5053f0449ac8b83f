//! Sources of mail in every form, whole and broken.

use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use wire::mail::{Fault, FaultKind, Flags, Item, Kind, Source, sources};

/// A message with a subject of its own.
fn letter(subject: &str) -> String {
    format!(
        "From: jo@ash.example\nTo: amy@firm.example\nSubject: {subject}\n\nCould you ring me about {subject}?\n"
    )
}

fn mbox(subjects: &[&str]) -> String {
    let separated =
        |subject: &&str| format!("From jo@ash.example Mon Sep  1 09:00:00 2025\n{}\n", letter(subject));
    subjects.iter().map(separated).collect()
}

fn write(directory: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = directory.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    path
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zst(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

/// All that the sources at a path give: `mailbox|folder|role|subject`, and the faults of listing and reading.
fn read(path: &Path) -> (Vec<String>, Vec<Fault>) {
    let listing = sources(&[path.to_path_buf()]);
    let mut faults = listing.faults;
    let mut told = Vec::new();
    for found in listing.sources.iter().flat_map(Source::open) {
        match found {
            Ok(item) => told.push(tell(&item)),
            Err(fault) => faults.push(fault),
        }
    }
    (told, faults)
}

fn tell(item: &Item) -> String {
    let text = String::from_utf8_lossy(&item.raw);
    let subject = text.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap_or("-");
    let folder = &item.folder;
    format!("{}|{}|{:?}|{subject}", folder.mailbox.as_deref().unwrap_or("-"), folder.name, folder.role)
}

fn kinds(faults: &[Fault]) -> Vec<FaultKind> {
    faults.iter().map(|fault| fault.kind).collect()
}

#[test]
fn a_tree_of_mbox_files() {
    let home = TempDir::new().unwrap();
    let root = home.path().join("mail");
    write(&root, "amy/inbox.mbox", mbox(&["a", "b"]));
    write(&root, "amy/sent_items.mbox.gz", gzip(mbox(&["c"]).as_bytes()));
    write(&root, "amy/leases.mbox", mbox(&["d"]));
    write(&root, "amy/also-in.tsv", "kept\tlost\n");
    write(&root, "ben.mbox.zst", zst(mbox(&["e"]).as_bytes()));
    write(&root, "eve/Mail/Gesendet", mbox(&["f"]));
    write(&root, "eve/Mail/Gesendet.msf", "// index");
    let (told, faults) = read(&root);
    assert_eq!(
        told,
        [
            "amy|inbox|Inbox|a",
            "amy|inbox|Inbox|b",
            "amy|leases|Other|d",
            "amy|sent_items|Sent|c",
            "ben|ben|Other|e",
            "eve|Mail/Gesendet|Sent|f",
        ]
    );
    assert_eq!(kinds(&faults), [FaultKind::Skipped, FaultKind::Skipped]);
    assert!(faults[0].path.ends_with("amy/also-in.tsv") && !faults[0].loses_mail());
    let one = read(&root.join("amy/sent_items.mbox.gz")).0;
    assert_eq!(one, ["amy|sent_items|Sent|c"]);
}

#[test]
fn maildir_trees() {
    let home = TempDir::new().unwrap();
    let root = home.path().join("homes");
    write(&root, "amy/Maildir/cur/1.a:2,RS", letter("a"));
    write(&root, "amy/Maildir/new/2.b", letter("b"));
    write(&root, "amy/Maildir/tmp/3.c", letter("never delivered"));
    write(&root, "amy/Maildir/dovecot-uidlist", "3 V1");
    write(&root, "amy/Maildir/.Sent/cur/4.d:2,S", gzip(letter("d").as_bytes()));
    write(&root, "amy/Maildir/.Clients.Envoy&AOk-s/cur/5.e", letter("e"));
    write(&root, "ben/INBOX/cur/6.f", letter("f"));
    write(&root, "ben/Sent Items/cur/7.g", letter("g"));
    write(&root, "ben/Leases/Old/cur/8.h", letter("h"));
    let (told, faults) = read(&root);
    assert_eq!(faults, []);
    assert_eq!(
        told,
        [
            "amy|Maildir/INBOX|Inbox|a",
            "amy|Maildir/INBOX|Inbox|b",
            "amy|Maildir/Clients/Envoyés|Sent|e",
            "amy|Maildir/Sent|Sent|d",
            "ben|INBOX|Inbox|f",
            "ben|Leases/Old|Other|h",
            "ben|Sent Items|Sent|g",
        ]
    );
    let listing = sources(&[root.join("amy/Maildir")]);
    assert!(listing.sources.iter().all(|source| source.kind == Kind::Maildir));
    assert_eq!(listing.sources[0].folder.mailbox.as_deref(), Some("amy"));
    let first = listing.sources[0].open().next().unwrap().unwrap();
    assert_eq!(first.flags, Flags { seen: true, replied: true, ..Flags::default() });
    assert_eq!(first.position.member.as_deref(), Some("cur/1.a:2,RS"));
    let size = (letter("a").len() + letter("b").len()) as u64;
    assert_eq!(listing.sources[0].bytes(), size);
    let mut reader = listing.sources[0].open();
    assert_eq!((reader.by_ref().count(), reader.bytes_read()), (2, size));
}

#[test]
fn single_messages_and_numbered_folders() {
    let home = TempDir::new().unwrap();
    let root = home.path().join("amy");
    write(&root, "letters/a.eml", letter("a"));
    write(&root, "letters/b.eml.zst", zst(letter("b").as_bytes()));
    write(&root, "letters/c.emlx", format!("{}\n{}<?xml plist?>", letter("c").len(), letter("c")));
    write(&root, "letters/d", letter("d"));
    write(&root, "letters/empty.eml", "");
    write(&root, "_sent_mail/1.", letter("e"));
    write(&root, "_sent_mail/2.", "not a letter at all");
    write(&root, "letters/outlook.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 rest");
    let (told, faults) = read(&root);
    assert_eq!(
        told,
        [
            "amy|_sent_mail|Sent|e",
            "amy|letters|Other|a",
            "amy|letters|Other|b",
            "amy|letters|Other|c",
            "amy|letters|Other|d"
        ]
    );
    assert_eq!(kinds(&faults), [FaultKind::Skipped, FaultKind::Skipped, FaultKind::Empty]);
    assert!(faults[0].to_string().contains("save it as .eml"), "{}", faults[0]);
    assert_eq!(read(&root.join("letters/a.eml")).0, ["letters|letters|Other|a"]);
    let listing = sources(&[root.join("letters/a.eml"), root.join("letters/d"), root.join("letters/a.eml")]);
    assert_eq!(listing.sources.len(), 1, "files of one directory are one source");
    assert_eq!(listing.sources[0].open().count(), 2, "a file named twice is read once");
}

#[test]
fn archives_in_archives_with_odd_names() {
    let long = format!("amy/{}/inbox.mbox", "projects and more ".repeat(12));
    let inner = tar(&[("eve/Sent.mbox", mbox(&["e"]).as_bytes())]);
    let whole = tar(&[
        ("./amy/inbox.mbox", mbox(&["a", "b"]).as_bytes()),
        ("amy/also-in.tsv", b"kept\tlost\n"),
        ("amy/leases.mbox", mbox(&["c"]).as_bytes()),
        ("amy/sent.mbox.gz", &gzip(mbox(&["d"]).as_bytes())),
        (&long, mbox(&["long"]).as_bytes()),
        ("old.tar.zst", &zst(&inner)),
        ("ben/Maildir/.Sent/cur/1.x:2,S", letter("f").as_bytes()),
        ("ben/Maildir/cur/2.x", letter("g").as_bytes()),
        ("caf\u{e9}/Envoy\u{e9}s/x.eml", letter("h").as_bytes()),
        ("amy/empty.mbox", b""),
    ]);
    let home = TempDir::new().unwrap();
    for (name, bytes) in [("all.tar", whole.clone()), ("all.tgz", gzip(&whole)), ("all.tar.zst", zst(&whole))]
    {
        let path = write(home.path(), name, bytes);
        let (told, faults) = read(&path);
        assert_eq!(
            told[..4],
            ["amy|inbox|Inbox|a", "amy|inbox|Inbox|b", "amy|leases|Other|c", "amy|sent|Sent|d"]
        );
        assert!(
            told[4].starts_with("amy|projects and more") && told[4].ends_with("|Inbox|long"),
            "{}",
            told[4]
        );
        assert_eq!(
            told[5..],
            [
                "eve|Sent|Sent|e",
                "ben|Maildir/Sent|Sent|f",
                "ben|Maildir/INBOX|Inbox|g",
                "café|Envoyés|Sent|h"
            ]
        );
        assert_eq!(kinds(&faults), [FaultKind::Skipped]);
        assert_eq!(faults[0].position.member.as_deref(), Some("amy/also-in.tsv"));
        let items: Vec<Item> = sources(&[path]).sources[0].open().flatten().collect();
        assert_eq!(items[1].position.index, 1);
        assert!(0 < items[1].position.offset);
        assert_eq!(items[5].position.member.as_deref(), Some("old.tar.zst/eve/Sent.mbox"));
        assert_eq!(items[6].flags, Flags { seen: true, ..Flags::default() });
    }
}

#[test]
fn broken_files_give_what_can_be_read() {
    let home = TempDir::new().unwrap();
    let subjects: Vec<String> = (0..2000).map(|i| format!("number {}", i * 7919)).collect();
    let long = mbox(&subjects.iter().map(String::as_str).collect::<Vec<_>>());
    for (name, packed) in [("cut.mbox.gz", gzip(long.as_bytes())), ("cut.mbox.zst", zst(long.as_bytes()))] {
        let path = write(home.path(), name, &packed[..packed.len() / 2]);
        let (told, faults) = read(&path);
        assert!(100 < told.len() && told.len() < 2000, "{name}: {}", told.len());
        assert_eq!(kinds(&faults), [FaultKind::CutShort, FaultKind::Broken], "{name}");
        assert!(0 < faults[1].position.offset && faults[1].loses_mail());
    }
    let mut damaged = gzip(long.as_bytes());
    let middle = damaged.len() / 2;
    damaged[middle..middle + 64].fill(0xff);
    let (told, faults) = read(&write(home.path(), "damaged.mbox.gz", &damaged));
    assert!(!told.is_empty() && faults.last().unwrap().kind == FaultKind::Broken, "{faults:?}");

    let archive = tar(&[("amy/inbox.mbox", long.as_bytes()), ("amy/sent.mbox", long.as_bytes())]);
    let (told, faults) = read(&write(home.path(), "cut.tar", &archive[..archive.len() * 3 / 4]));
    assert!(2000 < told.len() && told.len() < 4000);
    assert_eq!(kinds(&faults), [FaultKind::CutShort, FaultKind::Broken]);
    let packed = zst(&archive);
    let (told, faults) = read(&write(home.path(), "cut.tar.zst", &packed[..packed.len() * 3 / 4]));
    assert!(100 < told.len() && told.len() < 4000);
    assert_eq!(faults.last().unwrap().kind, FaultKind::Broken, "{faults:?}");
    // So early that not a byte of it can be had.
    let (_, faults) = read(&write(home.path(), "stump.tar.zst", &packed[..500]));
    assert_eq!(kinds(&faults), [FaultKind::Unreadable]);

    // A broken file inside an archive does not end the reading of the archive.
    let packed = gzip(long.as_bytes());
    let archive = tar(&[("a.mbox.gz", &packed[..packed.len() / 2]), ("b.mbox", mbox(&["after"]).as_bytes())]);
    let (told, faults) = read(&write(home.path(), "inner.tar", &archive));
    assert!(told.last().unwrap().ends_with("|after"));
    assert_eq!(kinds(&faults), [FaultKind::CutShort, FaultKind::Broken]);
}

#[test]
fn a_cut_mbox_is_given_and_noted() {
    let home = TempDir::new().unwrap();
    let text = mbox(&["a", "b"]);
    let (told, faults) = read(&write(home.path(), "amy/inbox.mbox", &text[..text.len() - 20]));
    assert_eq!(told, ["amy|inbox|Inbox|a", "amy|inbox|Inbox|b"]);
    assert_eq!(kinds(&faults), [FaultKind::CutShort]);
    assert_eq!(faults[0].position.offset, text.rfind("From jo@").unwrap() as u64);
    assert!(faults[0].to_string().contains("inbox.mbox at byte"), "{}", faults[0]);
}

#[test]
fn links_and_what_cannot_be_opened() {
    let home = TempDir::new().unwrap();
    let root = home.path().join("mail");
    write(&root, "amy/inbox.mbox", mbox(&["a"]));
    write(home.path(), "elsewhere/sent.mbox", mbox(&["b"]));
    symlink(&root, root.join("amy/again")).unwrap();
    symlink(".", root.join("self")).unwrap();
    symlink("circle", root.join("circle")).unwrap();
    symlink("nowhere", root.join("dangling.mbox")).unwrap();
    symlink(root.join("amy/inbox.mbox"), root.join("same.mbox")).unwrap();
    symlink(home.path().join("elsewhere"), root.join("linked")).unwrap();
    let (told, faults) = read(&root);
    assert_eq!(told, ["amy|inbox|Inbox|a", "linked|sent|Sent|b"]);
    assert_eq!(kinds(&faults), [FaultKind::Skipped, FaultKind::Skipped]);

    let (told, faults) = read(&home.path().join("missing"));
    assert!(told.is_empty());
    assert_eq!(kinds(&faults), [FaultKind::Missing]);

    let listing = sources(&[root.join("amy/inbox.mbox")]);
    fs::remove_file(root.join("amy/inbox.mbox")).unwrap();
    let found: Vec<_> = listing.sources[0].open().collect();
    assert!(matches!(&found[..], [Err(fault)] if fault.kind == FaultKind::Unreadable));
}

#[test]
fn one_long_line_and_nul_bytes() {
    let home = TempDir::new().unwrap();
    let mut text = mbox(&["a"]);
    text += &format!(
        "From x@y.example Mon Sep  1 09:00:00 2025\nSubject: long\n\n{}\0\n\n",
        "word ".repeat(200_000)
    );
    text += &mbox(&["b"]);
    let path = write(home.path(), "amy/inbox", text);
    let items: Vec<Item> = sources(&[path]).sources[0].open().map(Result::unwrap).collect();
    assert_eq!(items.len(), 3);
    assert!(1_000_000 < items[1].raw.len() && items[1].raw.ends_with(b" \0\n"));
}

/// `zstd --long=27` writes windows of 128 MiB.
#[test]
fn the_largest_usual_zstd_window() {
    let home = TempDir::new().unwrap();
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.window_log(27).unwrap();
    encoder.long_distance_matching(true).unwrap();
    encoder.write_all(mbox(&["a"]).as_bytes()).unwrap();
    let (told, faults) = read(&write(home.path(), "amy/inbox.mbox.zst", encoder.finish().unwrap()));
    assert_eq!((told, faults), (vec!["amy|inbox|Inbox|a".to_string()], vec![]));
}

/// Readers may be handed to other threads, and their messages as well.
#[test]
fn readers_can_be_sent() {
    fn is_send<T: Send>() {}
    is_send::<wire::mail::Reader>();
    is_send::<Item>();
}

/// Whatever the form, going on at a position gives the same messages as reading on would have.
#[test]
fn reading_goes_on_where_it_stood() {
    let home = TempDir::new().unwrap();
    let subjects = ["a", "b", "c", "d", "e"];
    let text = mbox(&subjects);
    write(home.path(), "plain/inbox.mbox", &text);
    write(home.path(), "gz/inbox.mbox.gz", gzip(text.as_bytes()));
    write(
        home.path(),
        "tar/x.tar",
        tar(&[("amy/inbox.mbox", text.as_bytes()), ("amy/sent.mbox", text.as_bytes())]),
    );
    for subject in subjects {
        write(home.path(), &format!("maildir/cur/{subject}:2,"), letter(subject));
        write(home.path(), &format!("eml/{subject}.eml"), letter(subject));
    }
    // Some programs write several messages into one such file.
    write(home.path(), "several/b.eml", &text);
    write(home.path(), "several/a.eml", letter("f"));
    write(home.path(), "several/c.eml", letter("g"));
    for name in ["plain", "gz", "tar", "maildir", "eml", "several"] {
        let listing = sources(&[home.path().join(name)]);
        let source = &listing.sources[0];
        let whole: Vec<Item> = source.open().map(Result::unwrap).collect();
        assert!(5 <= whole.len());
        for from in 0..whole.len() {
            let rest: Vec<Item> = source.open_at(&whole[from].position).map(Result::unwrap).collect();
            assert_eq!(rest, whole[from..], "{name} from {from}");
        }
    }
}

#[test]
fn a_stamp_tells_of_change() {
    let home = TempDir::new().unwrap();
    let path = write(home.path(), "amy/inbox.mbox", mbox(&["a"]));
    write(home.path(), "ben/cur/1.a", letter("a"));
    let stamps =
        || -> Vec<_> { sources(&[home.path().into()]).sources.iter().map(|source| source.stamp).collect() };
    let before = stamps();
    assert_eq!(before, stamps());
    fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(mbox(&["b"]).as_bytes()).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(20));
    write(home.path(), "ben/cur/2.b", letter("b"));
    let after = stamps();
    assert!(before.iter().zip(&after).all(|(before, after)| before != after), "{before:?} {after:?}");
}
