//! Mail that is forwarded to secret addresses: by a real Postfix, and through what goes wrong on the way.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::beside::within;
use crate::office::{Office, letter};
use crate::ports::free_port;
use crate::postfix::{DOMAIN, Postfix};

const ASKS: &str = "Dear Alice,\n\nCould you send me the signed lease, please?\n\nJo";

/// `regard work` that takes mail; killed when dropped.
struct Working {
    child: Child,
    port: u16,
}

impl Working {
    fn start(office: &Office, port: u16) -> Working {
        let at = format!("127.0.0.1:{port}");
        Working::of(office.command(&["work", "--lmtp", &at]), port)
    }

    fn of(mut command: Command, port: u16) -> Working {
        let child = command.stderr(Stdio::null()).spawn().expect("it runs");
        let working = Working { child, port };
        within(30, "the listener", || TcpStream::connect(("127.0.0.1", port)).is_ok());
        working
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A mail server that hands mail in, line by line.
struct Server {
    stream: TcpStream,
    answers: std::io::Lines<BufReader<TcpStream>>,
}

impl Server {
    fn at(port: u16) -> Server {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a limit");
        let answers = BufReader::new(stream.try_clone().expect("a copy")).lines();
        let mut server = Server { stream, answers };
        assert!(server.answer().starts_with("220 "));
        assert!(server.ask("LHLO mail.example.org").contains("SIZE"));
        server
    }

    fn say(&mut self, line: &str) {
        self.stream.write_all(line.as_bytes()).expect("said");
        self.stream.write_all(b"\r\n").expect("said");
    }

    fn answer(&mut self) -> String {
        let mut all = String::new();
        while let Some(Ok(line)) = self.answers.next() {
            all.push_str(&line);
            if line.as_bytes().get(3) != Some(&b'-') {
                break;
            }
            all.push('\n');
        }
        all
    }

    fn ask(&mut self, line: &str) -> String {
        self.say(line);
        self.answer()
    }

    /// Hands a message in; gives what is said of each address.
    fn hand_in(&mut self, to: &[&str], message: &str) -> Vec<String> {
        assert!(self.ask("MAIL FROM:<jo@acme.example> BODY=8BITMIME SIZE=500").starts_with("250"));
        let taken = to.iter().filter(|to| self.ask(&format!("RCPT TO:<{to}>")).starts_with("250")).count();
        assert!(self.ask("DATA").starts_with("354"));
        let text = message.replace('\n', "\r\n");
        self.say(&format!("{text}\r\n."));
        (0..taken).map(|_| self.answer()).collect()
    }
}

fn address(office: &Office, name: &str, more: &[&str]) -> String {
    let mut args = vec!["forwarding", "make", name, "--json"];
    args.extend(more);
    let made = office.run(&args).json();
    format!("{}@{DOMAIN}", made["address"].as_str().expect("an address"))
}

fn answers(office: &Office) -> Vec<String> {
    let owed = office.owed();
    let answers = owed.iter().filter(|owed| owed["kind"] == "answer");
    answers.map(|owed| owed["evidence"].to_string()).collect()
}

fn listed(office: &Office) -> serde_json::Value {
    office.run(&["forwarding", "list", "--json"]).json()
}

#[test]
fn postfix_hands_mail_in_and_each_address_is_answered_for_itself() {
    let office = Office::open();
    let mine = address(&office, "Alice's mail", &["--staff", "alice@example.org"]);
    let shared = address(&office, "clients", &[]);
    let port = free_port();
    let working = Working::start(&office, port);
    let Some(postfix) = Postfix::start(port) else { return };
    // The same letter to both, and to an address that nobody made: what is taken is one entry.
    let nobody = format!("in-1-00112233445566778899aabbccddeeff@{DOMAIN}");
    postfix.send("jo@acme.example", &[&mine, &shared, &nobody], &letter(1, ASKS));
    within(60, "an answer that is owed", || answers(&office).len() == 1);
    within(30, "both addresses", || {
        let list = listed(&office);
        list["addresses"].as_array().expect("a list").iter().all(|one| one["letters"] == 1)
    });
    within(30, "the refusal", || {
        let list = listed(&office);
        list["refused"].as_array().expect("a list").iter().any(|one| one["address"] == nobody.as_str())
    });
    assert!(postfix.log().contains("550 5.1.1"), "{}", postfix.log());
    assert_eq!(answers(&office).len(), 1);

    // A journal report of Alice's answer, as Exchange makes it, ends it.
    let now = regard::clock::now().to_zoned(jiff::tz::TimeZone::UTC);
    let date = jiff::fmt::rfc2822::to_string(&now).expect("a date");
    let report = format!(
        "From: MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.org\nTo: {mine}\nSubject: RE: The lease, part 1\n\
         Message-ID: <journal-1@example.org>\nX-MS-Journal-Report:\nDate: {date}\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSender: alice@example.org\n\
         Subject: RE: The lease, part 1\nMessage-Id: <answer-1@example.org>\nRecipient: jo@acme.example\n\n\
         --b\nContent-Type: message/rfc822\n\nFrom: Alice Quill <alice@example.org>\nTo: Jo Fenn <jo@acme.example>\n\
         Subject: RE: The lease, part 1\nMessage-ID: <answer-1@example.org>\nIn-Reply-To: <letter-1@acme.example>\n\
         Date: {date}\n\nDear Jo,\n\nThe signed lease went out to you by post this morning.\n\nAlice\n--b--\n"
    );
    postfix.send("", &[&mine], &report);
    within(60, "the answer that was given", || {
        office.owed().iter().all(|owed| owed["kind"] != "answer" || owed["state"] != "open")
    });
    drop(working);
}

#[test]
fn what_is_killed_between_the_message_and_the_answer_is_there_once() {
    let office = Office::open();
    let mine = address(&office, "Alice's mail", &["--staff", "alice@example.org"]);
    let port = free_port();
    for n in 1..=4 {
        let working = Working::start(&office, port);
        let mut server = Server::at(port);
        assert!(server.ask("MAIL FROM:<jo@acme.example>").starts_with("250"));
        assert!(server.ask(&format!("RCPT TO:<{mine}>")).starts_with("250"));
        assert!(server.ask("DATA").starts_with("354"));
        let text = letter(n, ASKS).replace('\n', "\r\n");
        server.say(&format!("{text}\r\n."));
        // Sooner, later, or after it was kept: whoever got no answer hands it in again.
        std::thread::sleep(Duration::from_millis(u64::from(n) * 60 - 60));
        drop(working);
        let _again = Working::start(&office, port);
        let said = Server::at(port).hand_in(&[&mine], &letter(n, ASKS));
        assert!(said[0].starts_with("250"), "{said:?}");
    }
    office.run(&["verify"]).ok();
    let all = answers(&office).join("\n");
    for n in 1..=4 {
        assert_eq!(all.matches(&format!("<letter-{n}@acme.example>")).count(), 1, "{all}");
    }
}

#[test]
fn what_is_wrong_is_refused_and_half_a_message_is_none() {
    let office = Office::open();
    let mine = address(&office, "Alice's mail", &["--staff", "alice@example.org"]);
    let port = free_port();
    let working = Working::start(&office, port);
    let mut server = Server::at(working.port);
    assert!(server.ask("EHLO there").starts_with("500"));
    assert!(server.ask("RCPT TO:<a@b.example>").starts_with("503"));
    assert!(server.ask("MAIL FROM:<jo@acme.example> SIZE=99999999999").starts_with("552"));
    assert!(server.ask("MAIL FROM:<jo@acme.example> RET=HDRS").starts_with("555"));
    assert!(server.ask("MAIL FROM:<jo@acme.example>").starts_with("250"));
    assert!(server.ask("RCPT TO:<alice@example.org>").starts_with("550 5.1.1"));
    assert!(server.ask("DATA").starts_with("503"));
    assert!(server.ask(&format!("RCPT TO:<{}>", mine.to_uppercase())).starts_with("250"), "case is nothing");
    assert!(server.ask("RSET").starts_with("250"));
    assert_eq!(listed(&office)["refused"][0]["address"], "alice@example.org");

    // Half a message, and then the connection breaks.
    assert!(server.ask("MAIL FROM:<jo@acme.example>").starts_with("250"));
    assert!(server.ask(&format!("RCPT TO:<{mine}>")).starts_with("250"));
    assert!(server.ask("DATA").starts_with("354"));
    server.say(&letter(1, ASKS).replace('\n', "\r\n"));
    drop(server);
    // What is no mail at all is kept, listed, and answered for.
    let said = Server::at(port).hand_in(&[&mine], "this is no message");
    assert!(said[0].starts_with("250"), "{said:?}");
    assert_eq!(answers(&office).len(), 0, "half a message is none");
    assert_eq!(Server::at(port).hand_in(&[&mine], &letter(1, ASKS)).len(), 1);
    assert_eq!(answers(&office).len(), 1);

    office.run(&["forwarding", "revoke", "Alice's mail"]).ok();
    let mut server = Server::at(port);
    assert!(server.ask("MAIL FROM:<>").starts_with("250"));
    assert!(server.ask(&format!("RCPT TO:<{mine}>")).starts_with("550"));
    assert!(server.ask("QUIT").starts_with("221"));
}

#[test]
fn a_full_disk_says_later_and_loses_nothing() {
    let office = Office::open();
    let mine = address(&office, "Alice's mail", &["--staff", "alice@example.org"]);
    let port = free_port();
    // No file may grow past this; the shell's blocks are of 512 or 1024 bytes.
    let script = "trap '' XFSZ; ulimit -f 1200; exec \"$0\" \"$@\"";
    let plain = office.command(&["work", "--lmtp", &format!("127.0.0.1:{port}")]);
    let mut limited = Command::new("sh");
    limited.args(["-c", script]).arg(plain.get_program()).args(plain.get_args());
    let working = Working::of(limited, port);
    // Files that cannot be packed any smaller.
    let mut seed = 7_u64;
    let mut noise = || {
        let next = |_| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            char::from(b'a' + (seed >> 59) as u8 % 26)
        };
        (0..60_000).map(next).collect::<String>()
    };
    let mut said = String::new();
    let mut taken = 0;
    for n in 1..=60 {
        let long = letter(
            n,
            &format!(
                "{ASKS}\n\n{}",
                noise()
                    .as_bytes()
                    .chunks(70)
                    .map(|line| String::from_utf8_lossy(line).into_owned())
                    .collect::<Vec<_>>()
                    .join("\n")
            ),
        );
        said = Server::at(port).hand_in(&[&mine], &long).remove(0);
        if !said.starts_with("250") {
            break;
        }
        taken += 1;
    }
    assert!(said.starts_with("452 4.3.1"), "after {taken}: {said}");
    drop(working);
    let working = Working::start(&office, port);
    let said = Server::at(port).hand_in(&[&mine], &letter(99, ASKS));
    assert!(said[0].starts_with("250"), "{said:?}");
    drop(working);
    office.run(&["verify"]).ok();
    assert_eq!(answers(&office).len(), taken + 1);
}
