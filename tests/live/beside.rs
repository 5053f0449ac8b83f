//! The web app fetches and sends beside its pages.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::office::Office;

const ASKS: &str = "Dear Alice,\n\nCould you send me the signed lease, please?\n\nJo";
const ANSWER: &str = "Dear Jo,\n\nThe signed lease went out to you by post this morning.\n";

/// The web app at work, and where it listens.
pub(crate) struct Served {
    child: Child,
    address: String,
}

impl Served {
    pub(crate) fn start(office: &Office, more: &[&str]) -> Served {
        let mut command = office.command(&[]);
        command.args(["--listen", "127.0.0.1:0"]).args(more).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it runs");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let said = lines.next().expect("a line").expect("a line");
        drop(lines.next());
        let address = said.split("http://").nth(1).expect("an address").split('/').next();
        Served { address: address.expect("an address").to_owned(), child }
    }

    /// Asks for a page.
    fn page(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let ask = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address);
        stream.write_all(ask.as_bytes()).expect("asked");
        let mut page = String::new();
        stream.read_to_string(&mut page).expect("a page");
        page
    }

    /// Ends it without a word, as a loss of power does.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("it ends");
    }

    /// Asks it to stop as Ctrl-C does; gives how long it took.
    #[track_caller]
    pub(crate) fn stop(mut self) -> Duration {
        let begun = Instant::now();
        let kill = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        assert!(kill.expect("killed").success());
        assert!(self.child.wait().expect("it ends").success());
        let took = begun.elapsed();
        let mut told = String::new();
        self.child.stderr.take().expect("what it told").read_to_string(&mut told).expect("text");
        eprint!("{told}");
        // There is no batch here, and no next run that goes on.
        assert!(told.contains("regard: stopping\n"), "{told}");
        took
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // One that was stopped is gone.
        let _ = self.child.kill();
    }
}

/// The background, until it is dropped.
pub(crate) struct Work(Child);

impl Work {
    pub(crate) fn begin(office: &Office) -> Work {
        Work(office.command(&["work"]).stderr(Stdio::null()).spawn().expect("it runs"))
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

#[track_caller]
pub(crate) fn within(seconds: u64, what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(seconds), "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn owes(office: &Office, subject: &str) -> bool {
    office
        .owed()
        .iter()
        .any(|owed| owed["kind"] == "answer" && owed["evidence"].to_string().contains(subject))
}

#[test]
fn the_web_app_fetches_and_sends_by_itself_and_stops_when_asked() {
    let office = Office::open();
    office.connect_straight();
    let served = Served::start(&office, &[]);
    // Another process beside it changes nothing: each mailbox and each message is one's alone.
    let mut other = office.command(&["work"]).stderr(Stdio::null()).spawn().expect("it runs");
    let letters =
        || office.run(&["connect", "list", "--json"]).json()["mailboxes"][0]["fetched_at"].is_string();
    within(10, "the first fetch", letters);
    office.jo_writes(1, ASKS);
    within(5, "the letter", || owes(&office, "letter-1@"));
    let id = office.answer_owed();
    let at = (regard::clock::now() + jiff::SignedDuration::from_secs(1)).to_string();
    office.write_to(&["send", &id, "--at", &at], ANSWER).ok();
    let is_kept = || office.owed().iter().any(|owed| owed["id"] == id.as_str() && owed["state"] == "kept");
    within(10, "the answer to leave", is_kept);
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(office.sink.taken().len(), 1, "sent once");
    let kill = Command::new("kill").arg(other.id().to_string()).status();
    assert!(kill.expect("killed").success() && other.wait().expect("it ends").success());

    // What one process has, another does not fetch.
    within(10, "the web app to have the mailbox", || office.sync()[0]["elsewhere"] == true);
    let took = served.stop();
    assert!(took < Duration::from_secs(8), "{took:?}");
    let fetched = office.sync();
    assert_eq!(fetched[0]["elsewhere"], false, "it was given back: {fetched}");

    // Pages alone fetch nothing.
    let served = Served::start(&office, &["--no-work"]);
    office.jo_writes(2, ASKS);
    std::thread::sleep(Duration::from_secs(4));
    assert!(!owes(&office, "letter-2@"));
    served.stop();
}

#[test]
fn a_mailbox_that_hangs_holds_up_neither_the_others_nor_the_pages() {
    let office = Office::open();
    office.connect_straight();
    // Takes connections and never says a word.
    let mute = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = mute.local_addr().expect("an address").port();
    let held = std::thread::spawn(move || mute.incoming().take(3).collect::<Vec<_>>());
    let server = format!("localhost:{port}");
    let bob =
        ["connect", "add", "bob@example.org", "--imap", &server, "--imap-security", "plain", "--untested"];
    office.run(&[&bob[..], &["--private-network"]].concat()).ok();
    let served = Served::start(&office, &[]);
    std::thread::sleep(Duration::from_secs(2));
    office.jo_writes(1, ASKS);
    within(8, "the letter", || owes(&office, "letter-1@"));
    let page = served.page("/sign-in");
    assert!(page.starts_with("HTTP/1.1 200") || page.starts_with("HTTP/1.1 303"), "{page}");
    // A stop does not wait for whoever says nothing.
    let took = served.stop();
    assert!(took < Duration::from_secs(8), "{took:?}");
    drop(held);
}
