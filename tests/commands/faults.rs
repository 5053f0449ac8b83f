//! What goes wrong on the way: killed, stopped, read-only, full.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::run::{Record, Said, regard};
use crate::village::mail;

/// Small batches, so that a small mailbox is many of them.
const BATCH: &str = "8";

fn start(record: &Record, mail: &Path) -> Child {
    let path = mail.display().to_string();
    let mut command = record.command(&["import", "mail", &path, "--zone", "Europe/London", "--json"]);
    command.env("REGARD_BATCH", BATCH).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the program starts")
}

/// Kills imports at odd moments, this often, and lets the last one end: the record must be that of an unbroken import.
fn killed_and_finished(times: u32) {
    let folder = tempfile::tempdir().expect("a folder");
    let mail = mail(folder.path(), 120);
    let unbroken = Record::new(folder.path(), "unbroken");
    unbroken.import("mail", &mail);
    let owed = unbroken.owed();
    let mut seed = 7_u64;
    let (mut rounds, mut killed) = (0, 0);
    while killed < times {
        rounds += 1;
        let record = Record::new(folder.path(), &format!("broken{rounds}"));
        for _ in 0..4 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let mut child = start(&record, &mail);
            std::thread::sleep(Duration::from_millis(seed >> 33 & 0x1ff));
            if child.try_wait().expect("its state").is_none() {
                child.kill().expect("it is killed");
                killed += 1;
            }
            child.wait().expect("its end");
        }
        let last = Said::of(start(&record, &mail).wait_with_output().expect("its end")).json();
        assert_eq!(last["stopped"], false, "{last}");
        record.is_whole();
        assert_eq!(record.owed(), owed, "after {killed} kills");
    }
    println!("killed {killed} times in {rounds} rounds");
}

#[test]
fn an_import_that_is_killed_goes_on_where_it_was() {
    killed_and_finished(5);
}

#[test]
#[ignore = "takes minutes; `just soak` runs it"]
fn an_import_that_is_killed_fifty_times_goes_on_where_it_was() {
    killed_and_finished(50);
}

#[cfg(unix)]
#[test]
fn an_import_that_is_asked_to_stop_ends_in_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let mail = mail(folder.path(), 200);
    let unbroken = Record::new(folder.path(), "unbroken");
    let all = unbroken.import("mail", &mail);
    let record = Record::new(folder.path(), "stopped");
    let child = start(&record, &mail);
    let file = record.data.join("regard.sqlite-wal");
    for _ in 0..500 {
        if fs::metadata(&file).is_ok_and(|file| 100_000 < file.len()) {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    let said = Said::of(child.wait_with_output().expect("its end"));
    println!("asked to stop ({sent}): {}", said.out.trim());
    let stopped: Value = serde_json::from_str(&said.out).expect("JSON");
    let code = if stopped["stopped"] == true { Some(1) } else { Some(0) };
    assert_eq!(said.code, code, "{said:?}");
    let last = record.import("mail", &mail);
    assert_eq!(last["stopped"], false);
    let added = |value: &Value| value["added"].as_u64().unwrap_or(0);
    assert_eq!(added(&stopped) + added(&last), added(&all), "{stopped} {last}");
    record.is_whole();
    assert_eq!(record.owed(), unbroken.owed());
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_said_and_loses_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mail = mail(folder.path(), 200);
    let record = Record::new(folder.path(), "full");
    // No file may grow past this; the shell's blocks are of 512 or 1024 bytes.
    let limited = |blocks: u32| {
        let program = env!("CARGO_BIN_EXE_regard");
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command.args(["-c", &script, program, "import", "mail"]).arg(&mail);
        command.args(["--zone", "Europe/London", "--data"]).arg(&record.data).env("REGARD_BATCH", BATCH);
        Said::of(command.output().expect("a shell"))
    };
    let said = limited(500);
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert!(said.err.contains("the disk is full"), "{}", said.err);
    record.import("mail", &mail);
    record.is_whole();
    let unbroken = Record::new(folder.path(), "unbroken");
    unbroken.import("mail", &mail);
    assert_eq!(record.owed(), unbroken.owed());
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_named() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;
    let folder = tempfile::tempdir().expect("a folder");
    let rights =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("rights");
    let mail = mail(folder.path(), 4).display().to_string();
    let record = Record::new(folder.path(), "data");
    record.import("mail", Path::new(&mail).join("amy").as_path());
    rights(folder.path(), 0o755);
    rights(&record.data, 0o555);
    for file in fs::read_dir(&record.data).expect("the folder").flatten() {
        rights(&file.path(), 0o444);
    }
    let mut command = record.command(&["import", "mail", &mail, "--zone", "UTC"]);
    // The rights of a file mean nothing to root: be nobody then.
    if fs::metadata(folder.path()).expect("the folder").uid() == 0 {
        command.uid(65_534).gid(65_534);
    }
    let said = match command.output() {
        Ok(output) => Said::of(output),
        Err(error) => {
            println!("SKIPPED: the program cannot be started as nobody ({error})");
            return;
        }
    };
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert!(said.err.contains("read-only") || said.err.contains("cannot be opened"), "{}", said.err);
    assert!(said.err.contains("data"), "{}", said.err);
    rights(&record.data, 0o755);
    for file in fs::read_dir(&record.data).expect("the folder").flatten() {
        rights(&file.path(), 0o644);
    }
    record.import("mail", Path::new(&mail));
    record.is_whole();
}

#[test]
fn a_mailbox_that_was_cut_short_is_counted_by_scan_and_import_alike() {
    let folder = tempfile::tempdir().expect("a folder");
    let mail = mail(folder.path(), 12);
    let inbox = mail.join("amy/inbox.mbox");
    let whole = fs::read(&inbox).expect("a mailbox");
    fs::write(&inbox, &whole[..whole.len() - 60]).expect("a mailbox");
    let scanned = regard(&["scan", &mail.display().to_string(), "--zone", "UTC", "--json"]).json();
    assert_eq!(scanned["counts"]["unreadable"], 1, "{}", scanned["unreadable"]);
    assert!(scanned["unreadable"][0]["error"].as_str().unwrap().contains("ends inside this message"));
    let record = Record::new(folder.path(), "data");
    let said = record.import("mail", &mail);
    assert_eq!(said["unreadable"], 1, "{said}");
    assert_eq!(said["added"], scanned["counts"]["messages"], "the message itself is read");
    let listed = |record: &Record| record.run(&["doctor", "--json"]).json()["unreadable"].clone();
    let [line] = listed(&record).as_array().expect("a list").clone().try_into().expect("one line");
    let line = line.as_str().expect("words").to_owned();
    assert!(line.contains("inbox.mbox") && line.contains("ends inside this message"), "{line}");
    // When the whole of it is there, nothing is wrong any more.
    fs::write(&inbox, &whole).expect("a mailbox");
    assert_eq!(record.import("mail", &mail)["unreadable"], 0);
    assert_eq!(listed(&record).as_array().expect("a list").len(), 0);
    record.is_whole();
}

#[test]
fn what_cannot_be_read_is_kept_and_listed() {
    let folder = tempfile::tempdir().expect("a folder");
    let mail = mail(folder.path(), 6);
    fs::write(mail.join("amy/broken.eml"), b"\n\n\n").expect("a file");
    let undated = "Message-ID: <u@x.example>\nFrom: Jo <jo@fennmill.example>\nTo: amy@quillward.example\nSubject: x\n\nHi\n";
    fs::write(mail.join("amy/undated.eml"), undated).expect("a file");
    let record = Record::new(folder.path(), "data");
    let said = record.import("mail", &mail);
    assert_eq!(said["unreadable"], 2, "{said}");
    let health = record.run(&["doctor", "--json"]).json();
    let listed = health["unreadable"].as_array().expect("a list");
    assert_eq!(listed.len(), 2, "{health}");
    assert!(listed.iter().any(|line| line.as_str().is_some_and(|line| line.contains("no date"))), "{health}");
    record.is_whole();
}
