//! Broken, odd and hostile mail: the program says what it could not read and where, reads the rest, and stays small
//! and quick.

#![cfg(target_os = "linux")]

mod scan;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use self::scan::{Scanned, letter, letter_with, mbox, packed, scan, scan_with, tar_of, zeros_packed};
use tempfile::TempDir;

const MIB: u64 = 1 << 20;

#[test]
fn a_truncated_mbox_is_read_to_its_end_and_named() {
    let home = TempDir::new().expect("a folder");
    let whole = mbox(&["one", "two", "three"]);
    let file = home.path().join("inbox.mbox");
    let third = whole.rfind("From ").expect("a third message");
    fs::write(&file, &whole[..third + 150]).expect("written");
    let scanned = scan(&[&file]);
    assert_eq!((scanned.count("messages"), scanned.count("unreadable")), (3, 1));
    scanned.names("inbox.mbox", &format!("at byte {third}"), "ends inside this message");

    // Packed, what is left of it ends earlier than it should.
    let gz = packed(whole.as_bytes());
    let file = home.path().join("sent.mbox.gz");
    fs::write(&file, &gz[..gz.len() - 12]).expect("written");
    let scanned = scan(&[&file]);
    assert!(2 <= scanned.count("messages"), "{:#}", scanned.json);
    scanned.names("sent.mbox.gz", "at byte", "cannot be read further");
}

#[test]
fn a_message_of_200_megabytes_is_read_in_bounded_memory() {
    let home = TempDir::new().expect("a folder");
    let line = format!("{}\n", "QUJD".repeat(19));
    let file = home.path().join("inbox.mbox");
    let mut big = String::with_capacity(210 << 20);
    big.push_str(&mbox(&["before"]));
    big.push_str("From jo@acme.example Tue Jun  3 11:15:00 2025\n");
    big.push_str(&letter_with(
        "big",
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n",
        "--b\nContent-Type: text/plain\n\nThe scans are attached.\n--b\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n",
    ));
    while big.len() < 200 << 20 {
        big.push_str(&line);
    }
    big.push_str("--b--\n\n");
    big.push_str(&mbox(&["after"]));
    fs::write(&file, &big).expect("written");
    drop(big);
    let scanned = scan(&[&file]);
    assert_eq!((scanned.count("messages"), scanned.count("unreadable")), (3, 0), "{:#}", scanned.json);
    scanned.within(500 * MIB, Duration::from_secs(60));
}

#[test]
fn one_text_of_200_megabytes_is_read_in_bounded_memory() {
    let home = TempDir::new().expect("a folder");
    let file = home.path().join("inbox.mbox");
    let line = "Could you let me know by Friday where the draft has got to? I will call you tomorrow.\n";
    let mut big = mbox(&["before"]);
    big.push_str("From jo@acme.example Tue Jun  3 11:15:00 2025\n");
    big.push_str(&letter_with("big", "", &line.repeat((200 << 20) / line.len())));
    big.push('\n');
    big.push_str(&mbox(&["after"]));
    fs::write(&file, &big).expect("written");
    drop(big);
    let scanned = scan(&[&file]);
    assert_eq!(
        (scanned.count("messages"), scanned.count("unreadable")),
        (3, 0),
        "{:#}",
        scanned.json["counts"]
    );
    scanned.within(600 * MIB, Duration::from_secs(240));
}

#[test]
fn ten_thousand_parts_are_one_message() {
    let part = "--b\nContent-Type: text/plain\n\nPart of it.\n";
    let text = letter_with("parts", "Content-Type: multipart/mixed; boundary=b\n", &part.repeat(10_000));
    let scanned = one_letter(&(text + "--b--\n"));
    scanned.within(300 * MIB, Duration::from_secs(20));
}

#[test]
fn five_thousand_nested_parts_are_one_message() {
    for (name, of_level) in [
        ("Content-Type", "multipart/mixed"),
        ("contenT-Type", "multipart/mixed"),
        ("CONTENT-type", "multipart/digest"),
    ] {
        let mut body = String::new();
        for level in 0..5_000 {
            body.push_str(&format!("--b{level}\n{name}: {of_level}; boundary=b{}\n\n", level + 1));
        }
        body.push_str("--b5000\n\nAt the bottom.\n");
        let headers = format!("{name}: {of_level}; boundary=b0\n");
        let scanned = one_letter(&letter_with("nested", &headers, &body));
        scanned.within(300 * MIB, Duration::from_secs(20));
    }
}

#[test]
fn messages_within_messages_without_end_are_one_message() {
    for name in ["Content-Type", "contenT-tYpe", "CONTENT-TYPE", "COntent-Type"] {
        let body = format!("{name}: message/rfc822\n\n").repeat(100_000);
        let scanned = one_letter(&letter_with("nested", &format!("{name}: message/rfc822\n"), &body));
        scanned.within(400 * MIB, Duration::from_secs(20));
    }
}

#[test]
fn references_in_a_circle_are_a_thread() {
    let home = TempDir::new().expect("a folder");
    for (of, to) in [("a", "b"), ("b", "c"), ("c", "a"), ("d", "d")] {
        let headers = format!(
            "In-Reply-To: <{to}@acme.example>\nReferences: <{of}@acme.example> <{to}@acme.example>\n"
        );
        fs::write(home.path().join(format!("{of}.eml")), letter_with(of, &headers, "Any news?\n"))
            .expect("written");
    }
    let long: String = (0..20_000).map(|n| format!(" <{n}@acme.example>\n")).collect();
    fs::write(home.path().join("e.eml"), letter_with("e", &format!("References:{long}"), "Any news?\n"))
        .expect("written");
    let scanned = scan(&[home.path()]);
    assert_eq!((scanned.count("messages"), scanned.count("unreadable")), (5, 0), "{:#}", scanned.json);
    assert_eq!(scanned.count("threads"), 3);
}

#[test]
fn dates_of_no_sense_are_read_and_put_nothing_off() {
    let home = TempDir::new().expect("a folder");
    let dates = [
        "Mon, 1 Jan 0001 00:00:00 +0000",
        "Thu, 3 Jun 2099 10:15:00 +0000",
        "Fri, 31 Dec 9999 23:59:59 -1200",
        "Tue, 99 Foo 2025 99:99:99 +9999",
        "Thu, 1 Jan 1970 00:00:00 +0000",
        "99999999999999999999",
        "",
    ];
    for (n, date) in dates.iter().enumerate() {
        let text = letter(&format!("odd {n}")).replace("Tue, 3 Jun 2025 10:15:00 +0100", date);
        fs::write(home.path().join(format!("{n}.eml")), text).expect("written");
    }
    let scanned = scan_with(&[home.path()], &["--now", "2025-06-05T09:00:00Z"]);
    assert_eq!((scanned.count("messages"), scanned.count("unreadable")), (7, 0), "{:#}", scanned.json);
    scanned.within(300 * MIB, Duration::from_secs(20));
    let owed = scanned.json["obligations"].as_array().expect("obligations");
    for o in owed {
        let due = o["due_at"].as_str().expect("a date");
        assert!(("1990".."2030").contains(&&due[..4]), "{o:#}");
    }
}

#[test]
fn nul_bytes_and_broken_characters_are_read_over() {
    let home = TempDir::new().expect("a folder");
    let broken: [(&str, &[u8]); 4] = [
        ("nul", b"From: Jo <jo@ac\0me.example>\nTo: amy@fell.example\nSubject: a\0b\nMessage-ID: <n@acme.example>\n\nCould you\0 call me?\0\0\n"),
        ("utf8", b"From: J\xff\xc3 <jo@acme.example>\nTo: amy@fell.example\nSubject: \xe2\x82 \xf0\x9f\nMessage-ID: <u@acme.example>\nContent-Type: text/plain; charset=utf-8\n\nCould you \xc3\x28 call \xff\xfe me?\n"),
        ("charset", b"From: jo@acme.example\nTo: amy@fell.example\nSubject: =?nonsense?q?=ff=fe?= =?utf-8?b?////?=\nMessage-ID: <c@acme.example>\nContent-Type: text/plain; charset=\"x-\xff\"\n\n\xa3\xa4\xa5\n"),
        ("bare", b"From: jo@acme.example\rTo: amy@fell.example\rSubject: returns only\rMessage-ID: <r@acme.example>\r\rCould you call me?\r"),
    ];
    for (name, bytes) in broken {
        fs::write(home.path().join(format!("{name}.eml")), bytes).expect("written");
    }
    let scanned = scan(&[home.path()]);
    assert_eq!((scanned.count("messages"), scanned.count("unreadable")), (4, 0), "{:#}", scanned.json);
}

#[test]
fn one_line_of_a_megabyte_is_read() {
    let words = "could you let me know by friday ".repeat(33_000);
    for line in [
        words.clone(),
        "x".repeat(1 << 20),
        "> ".repeat(1 << 19),
        "<div>".repeat(200_000),
        "(".repeat(1 << 20),
    ] {
        for kind in ["text/plain", "text/html"] {
            let text = letter_with("line", &format!("Content-Type: {kind}\n"), &line);
            one_letter(&text).within(300 * MIB, Duration::from_secs(20));
        }
        let text =
            letter_with("line", &format!("X-Long: {line}\nCc: {line}\nReferences: {line}\n"), "Short.\n");
        one_letter(&text).within(300 * MIB, Duration::from_secs(20));
    }
}

#[test]
fn a_gigabyte_of_zeros_in_a_small_file_is_named() {
    let home = TempDir::new().expect("a folder");
    let bomb = zeros_packed(1 << 30);
    assert!(bomb.len() < 5 << 20);
    // As an mbox with nothing else, as a message between two others, and as a file of one message.
    fs::write(home.path().join("zeros.mbox.gz"), &bomb).expect("written");
    let mut between = packed((mbox(&["one"]) + "From a@b.example Tue Jun  3 10:15:00 2025\n").as_bytes());
    between.extend_from_slice(&packed(letter("bomb").as_bytes()));
    between.extend_from_slice(&bomb);
    between.extend_from_slice(&packed(("\n\n".to_string() + &mbox(&["two"])).as_bytes()));
    fs::write(home.path().join("between.mbox.gz"), &between).expect("written");
    let mut single = packed(letter("single").as_bytes());
    single.extend_from_slice(&bomb);
    fs::write(home.path().join("single.eml.gz"), &single).expect("written");
    let scanned = scan(&[home.path()]);
    assert_eq!(scanned.count("messages"), 2, "{:#}", scanned.json);
    scanned.names("zeros.mbox.gz", "", "no mail");
    scanned.names("between.mbox.gz", "at byte", "too large");
    scanned.names("single.eml.gz", "", "too large");
    // Two threads hold one given-up message each, and for a moment its copy in a larger buffer.
    scanned.within(900 * MIB, Duration::from_secs(240));
}

#[test]
fn an_archive_whose_names_lead_outside_is_read_where_it_lies() {
    let home = TempDir::new().expect("a folder");
    let file = home.path().join("mail.tar");
    let letters: Vec<String> = ["one", "two", "three"].map(letter).to_vec();
    let names = ["/etc/mail/one.eml", "../../two.eml", "amy/../../../three.eml"];
    let members: Vec<(&str, &[u8])> = names.into_iter().zip(letters.iter().map(String::as_bytes)).collect();
    fs::write(&file, tar_of(&members)).expect("written");
    let scanned = scan(&[&file]);
    assert_eq!((scanned.count("messages"), scanned.count("unreadable")), (3, 0), "{:#}", scanned.json);
    let left: Vec<_> = fs::read_dir(home.path()).expect("a folder").collect();
    assert_eq!(left.len(), 1, "nothing is written: {left:?}");
}

#[test]
fn links_in_a_circle_are_walked_once() {
    let home = TempDir::new().expect("a folder");
    fs::create_dir(home.path().join("inner")).expect("a folder");
    fs::write(home.path().join("inner/a.eml"), letter("one")).expect("written");
    std::os::unix::fs::symlink(home.path(), home.path().join("inner/up")).expect("a link");
    std::os::unix::fs::symlink("self", home.path().join("self")).expect("a link");
    let scanned = scan(&[home.path()]);
    assert_eq!((scanned.count("messages"), scanned.count("duplicates")), (1, 0), "{:#}", scanned.json);
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let home = TempDir::new().expect("a folder");
    fs::write(home.path().join("open.eml"), letter("one")).expect("written");
    let closed = home.path().join("closed.mbox");
    fs::write(&closed, mbox(&["two"])).expect("written");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).expect("closed");
    let mut why = "ermission denied";
    if fs::read(&closed).is_ok() {
        // No file can be closed to the superuser, but this one gives an error to everybody.
        fs::remove_file(&closed).expect("removed");
        std::os::unix::fs::symlink("/proc/self/mem", &closed).expect("a link");
        why = "nput/output error";
    }
    let scanned = scan(&[home.path()]);
    assert_eq!((scanned.count("messages"), scanned.count("unreadable")), (1, 1), "{:#}", scanned.json);
    scanned.names("closed.mbox", "", why);
}

#[test]
fn a_list_with_a_wrong_column_is_refused_by_name() {
    let home = TempDir::new().expect("a folder");
    let (mail, list) = (home.path().join("a.eml"), home.path().join("clients.csv"));
    fs::write(&mail, letter("one")).expect("written");
    let path = list.display().to_string();
    for (text, wanted) in [
        ("id,title\nc1,Acme\n", &["line 1", "client_id", "name"][..]),
        ("client_id,name,since\nc1,Acme,2019-04-01\nc2,Zed,soon\n", &["line 3", "since", "soon"]),
        ("client_id,name\nc1,Acme\nc2\n", &["line 3"]),
        ("client_id,name\nc1,\"Acme\n", &["line 2"]),
    ] {
        fs::write(&list, text).expect("written");
        let (status, said) = scan::refused(&[&mail], &["--clients", &path]);
        assert_eq!(status, 1, "{said}");
        for word in wanted.iter().copied().chain(["clients.csv"]) {
            assert!(said.contains(word), "{word:?} is missing: {said}");
        }
    }
}

#[test]
fn a_wrong_row_of_the_calls_is_named_and_the_rest_is_read() {
    let home = TempDir::new().expect("a folder");
    let (mail, list) = (home.path().join("a.eml"), home.path().join("calls.csv"));
    fs::write(&mail, letter("one")).expect("written");
    let calls = "time,from,to,direction,answered,seconds\n\
                 2025-06-03 10:15:00,02079460001,201,in,no,0\n\
                 whenever,02079460001,201,in,no,0\n\
                 2025-06-03 12:15:00,02079460002,201,in,yes,60\n";
    fs::write(&list, calls).expect("written");
    let scanned = scan_with(&[&mail], &["--calls", &list.display().to_string()]);
    assert_eq!((scanned.count("calls"), scanned.count("unreadable")), (2, 1), "{:#}", scanned.json);
    scanned.names("calls.csv", "", "line 3, column time");
}

#[test]
fn usage_that_makes_no_sense_ends_with_two_and_no_mail_with_one() {
    let home = TempDir::new().expect("a folder");
    let nothing = home.path().join("nothing");
    let (status, said) = scan::refused(&[&nothing], &[]);
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("nothing") && said.contains("no such file"), "{said}");
    let (status, said) = scan::refused(&[&nothing], &["--no-such-option"]);
    assert_eq!(status, 2, "{said}");
}

/// Reads one message that must be read as one, with nothing to complain of.
fn one_letter(text: &str) -> Scanned {
    let home = TempDir::new().expect("a folder");
    let file = home.path().join("a.eml");
    fs::write(&file, text).expect("written");
    let scanned = scan(&[&file]);
    assert_eq!(
        (scanned.count("messages"), scanned.count("unreadable")),
        (1, 0),
        "{:#}",
        scanned.json["unreadable"]
    );
    scanned
}
