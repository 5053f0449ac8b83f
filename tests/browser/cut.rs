//! A first fetch over a line that breaks, hangs and lies: in the end the record holds every letter, once, and meanwhile
//! the page of mailboxes says what is wrong.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::letters::{Open, told};
use crate::mail_between::{Between, Way};
use crate::office::{Office, letter};
use crate::page::Look;

const ASKS: &str = "Could you send me the signed lease, please?";
const ALL: u32 = 320;
const PAGE: &str = "/settings/mailboxes";

/// An office to whose mail the way leads through somebody; nothing was fetched yet.
fn office() -> (Office, Between) {
    let office = Office::open();
    let between = Between::start(office.server.imap);
    let imap = format!("localhost:{}", between.port);
    let smtp = format!("localhost:{}", office.sink.port);
    let add = ["connect", "add", "alice@example.org", "--untested", "--user", "alice", "--private-network"];
    let plain = ["--imap-security", "plain", "--smtp-security", "plain"];
    office.run(&[&add[..], &["--imap", &imap, "--smtp", &smtp], &plain].concat()).ok();
    (office, between)
}

fn arrive(office: &Office, numbers: std::ops::RangeInclusive<u32>) {
    let filling =
        "The lease runs for ten years from the day on which the keys were handed over.\n".repeat(20);
    let one = |n| letter(n, &format!("Dear Alice, this is number {n}. {ASKS}\n\n{filling}"));
    office.server.deliver_all("alice", &numbers.map(one).collect::<Vec<_>>());
}

/// How many letters the record holds; panics where one is there twice.
async fn letters(office: &Office) -> usize {
    use sqlx::{ConnectOptions, Connection};
    let file = office.data().join(regard::db::FILE);
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).read_only(true);
    let mut record = options.connect().await.expect("the record opens");
    let ids: Vec<String> =
        sqlx::query_scalar("SELECT message_id FROM message").fetch_all(&mut record).await.expect("ids");
    record.close().await.expect("it closes");
    let mut times = BTreeMap::<String, u32>::new();
    for id in &ids {
        *times.entry(id.clone()).or_default() += 1;
    }
    assert!(times.values().all(|times| *times == 1), "{times:?}");
    ids.len()
}

/// Fetches once over a line that behaves so, and gives what the page says afterwards.
async fn fetched(open: &Open, between: &Between, way: Way) -> String {
    between.behave(way);
    let said = open.office.run(&["sync"]);
    open.page.go(PAGE).await;
    let standing = open.page.text(".mailbox .standing").await;
    println!("{standing}");
    // Whoever asks on the command line is told the same.
    assert_eq!(said.good, standing.starts_with("Waiting for mail"), "{said:?}\n{standing}");
    standing
}

#[test]
fn a_first_fetch_over_a_line_that_breaks_gets_further_each_time_and_nothing_is_lost_or_twice() {
    let (office, between) = office();
    arrive(&office, 1..=ALL);
    told(async || {
        let open = Open::with(office, Look::DESK, &["--no-work"]).await;
        let broken = "Not reached since";
        // At the greeting, at the login, in the list of folders, in that of numbers: nothing is had yet.
        for bytes in [0, 40, 300, 1200, 6000] {
            let said = fetched(&open, &between, Way::CutAfter(bytes)).await;
            assert!(said.contains(broken) && said.contains("tried again by itself"), "{bytes}: {said}");
            assert!(said.contains("the connection ended"), "{bytes}: {said}");
            assert_eq!(letters(&open.office).await, 0, "after {bytes} bytes");
        }
        // In the middle of letters: those that came whole are had, so each attempt gets further.
        let mut had = 0;
        for bytes in [70_000, 75_001, 80_019, 120_333] {
            let said = fetched(&open, &between, Way::CutAfter(bytes)).await;
            assert!(said.contains("the connection ended in the transfer of messages"), "{said}");
            let have = letters(&open.office).await;
            assert!(had + 10 < have, "{have} after {had}, with {bytes} bytes");
            had = have;
        }
        assert!(had < ALL as usize, "all of it");
        // A line that is slow is only slow.
        let slow = Way::Slow(16 << 10, Duration::from_millis(20));
        let said = fetched(&open, &between, slow).await;
        assert!(said.starts_with("Waiting for mail"), "{said}");
        assert_eq!(letters(&open.office).await, ALL as usize);
        is_whole(&open).await;
    });
}

#[test]
fn a_server_that_lies_for_a_while_costs_no_letter() {
    let (office, between) = office();
    arrive(&office, 1..=ALL);
    told(async || {
        let open = Open::with(office, Look::PHONE, &["--no-work"]).await;
        // A piece that nobody could have sent is refused before a byte of it is kept.
        let huge = Way::Alters(Arc::new(|line: &[u8]| {
            let text = String::from_utf8_lossy(line);
            match text.rsplit_once('{') {
                Some((head, _)) if text.contains("BODY[]") => {
                    format!("{head}{{3999999999}}\r\n").into_bytes()
                }
                _ => line.to_vec(),
            }
        }));
        let said = fetched(&open, &between, huge).await;
        assert!(said.contains("the server broke the rules: it announced 3999999999 bytes"), "{said}");
        assert_eq!(letters(&open.office).await, 0);

        // It names other messages than were asked for, one by a number that nobody has, one by that of its neighbour.
        let names = Way::Alters(Arc::new(|line: &[u8]| {
            let text = String::from_utf8_lossy(line);
            if !text.contains("BODY[]") {
                return line.to_vec();
            }
            text.replace("(UID 17 ", "(UID 99917 ").replace("(UID 40 ", "(UID 41 ").into_bytes()
        }));
        fetched(&open, &between, names).await;
        assert_eq!(
            letters(&open.office).await,
            ALL as usize - 3,
            "17, 40 and 41 are none that can be trusted"
        );
        assert_eq!(lost(&open.office), 3, "it is told that there are letters that did not come");
        // It gives something else than was asked for, once more.
        let refuses = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&refuses);
        let no = Way::Alters(Arc::new(move |line: &[u8]| {
            if line.starts_with(b"* ") && String::from_utf8_lossy(line).contains("BODY[]") {
                count.fetch_add(1, Ordering::Relaxed);
                return String::from_utf8_lossy(line).replace("BODY[]", "BODY[TEXT]").into_bytes();
            }
            line.to_vec()
        }));
        fetched(&open, &between, no).await;
        assert_eq!(refuses.load(Ordering::Relaxed), 3, "they were asked for again, and nothing else was");
        assert_eq!(letters(&open.office).await, ALL as usize - 3);

        // An honest one gives them, and nobody is told of them any more.
        let said = fetched(&open, &between, Way::On).await;
        assert!(said.starts_with("Waiting for mail"), "{said}");
        assert_eq!(letters(&open.office).await, ALL as usize);
        is_whole(&open).await;
    });
}

#[test]
fn a_line_that_hangs_in_the_middle_is_told_as_far_as_it_came_and_goes_on_from_there() {
    let (office, between) = office();
    arrive(&office, 1..=ALL);
    told(async || {
        let open = Open::with(office, Look::DESK, &["--no-work"]).await;
        // After the first batch: it is said how far it came, while nothing comes.
        between.behave(Way::HangAfter(600_000));
        let mut child = open.office.command(&["sync"]).spawn().expect("it runs");
        let page = &open.page;
        page.go(PAGE).await;
        open.until("how far it is", 30, async || {
            page.go(PAGE).await;
            page.text(".mailbox .standing").await.starts_with("Fetching INBOX: 250 of 320")
        })
        .await;
        child.kill().expect("killed");
        child.wait().expect("it ends");
        let had = letters(&open.office).await;
        assert!(250 <= had && had < ALL as usize, "{had}");
        let said = fetched(&open, &between, Way::On).await;
        assert!(said.starts_with("Waiting for mail"), "{said}");
        is_whole(&open).await;
    });
}

/// How many letters are told to be lost.
fn lost(office: &Office) -> usize {
    let doctor = office.run(&["doctor", "--json"]).json();
    doctor["unreadable"].as_array().expect("a list").len()
}

/// Every letter is there once, nothing is noted as lost, and the next look finds nothing new.
async fn is_whole(open: &Open) {
    assert_eq!(letters(&open.office).await, ALL as usize);
    let again = open.office.sync();
    assert_eq!((again[0]["added"].as_u64(), again[0]["copies"].as_u64()), (Some(0), Some(0)), "{again}");
    assert_eq!(lost(&open.office), 0, "nothing is told to be lost");
    open.office.run(&["verify"]).ok();
    drop(open.page.client.clone().close().await);
}
