//! How fast messages are stored: `cargo bench --bench store -- 100000 [postgres://…]`.
//!
//! Made messages of about 11 KB as they arrive, of which some 3 KB are new text over 20,000 words; the work of
//! reading them is left out. Prints rows a second of the processor and of the clock.

mod support;

use std::time::{Duration, Instant};

use care::acts::{Act, ActKind, Direction};
use care::entry::{Delivery, Message};
use care::ids::{EntryId, NaturalKey};
use jiff::Timestamp;
use reading::letter::Fingerprint;
use reading::thread::Facts;
use regard::db::{Db, Durability, Location};
use regard::firm::{self, Firm};
use regard::ids::FirmId;
use regard::record::addresses::{AddressBook, AddressKind};
use regard::record::{Found, NewMessage, raw, read, sources, store, threads};

const BATCH: usize = 4000;

fn main() {
    let mut args = std::env::args().skip(1).filter(|arg| !arg.starts_with("--"));
    let count: usize = args.next().and_then(|n| n.parse().ok()).unwrap_or(20_000);
    let folder = tempfile::tempdir().expect("a folder for the database");
    let location = args.next().map_or(Location::Folder(folder.path().into()), Location::Url);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(bench(&location, count));
    if let Ok(file) = std::fs::metadata(folder.path().join("regard.sqlite")) {
        println!("file: {} MB", file.len() / 1_000_000);
    }
}

async fn bench(location: &Location, count: usize) {
    let db = Db::open(location).await.expect("a database");
    let now: Timestamp = "2025-09-03T09:00:00Z".parse().expect("a time");
    let mut tx = db.write(Durability::Import).await.expect("a transaction");
    let firm = FirmId(tx.new_id());
    firm::store::save(&mut tx, &sample_firm(firm), now).await.expect("a firm");
    let mailbox = sources::mailbox(&mut tx, firm, "amy", None, None, now).await.expect("a mailbox");
    let folder = sources::folder(&mut tx, firm, mailbox, "INBOX", "inbox").await.expect("a folder");
    tx.commit().await.expect("a commit");

    let words = words();
    let mut book = AddressBook::default();
    let (mut cpu, mut wall, mut packing) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
    let mut n = 0;
    while n < count {
        let size = BATCH.min(count - n);
        let mut made: Vec<(NewMessage, Vec<u8>)> = (n..n + size).map(|n| message(n, &words)).collect();
        let start = support::cpu_time();
        for (message, bytes) in &mut made {
            message.raw = raw::pack(bytes).expect("packing");
        }
        packing += support::cpu_time() - start;
        let (start, clock) = (support::cpu_time(), Instant::now());
        let mut tx = db.write(Durability::Import).await.expect("a transaction");
        book.refresh(&mut tx, firm).await.expect("a book");
        let mut batch = Vec::with_capacity(size);
        for (mut message, _) in made {
            let people: Vec<_> =
                message.people.split(' ').map(|a| book.number(AddressKind::Email, a, "")).collect();
            message.facts.from = people[0];
            message.facts.to = people[1..].into();
            message.tie.people = people;
            message.found = Found { folder, source: None, position: None };
            batch.push(message);
        }
        book.save(&mut tx, firm).await.expect("addresses");
        store::add_messages(&mut tx, firm, &batch).await.expect("messages");
        tx.commit().await.expect("a commit");
        cpu += support::cpu_time() - start;
        wall += clock.elapsed();
        n += size;
    }
    let (start, clock) = (support::cpu_time(), Instant::now());
    let mut entries = Vec::with_capacity(count);
    let mut tx = db.read().await.expect("a transaction");
    read::load_all(&mut tx, firm, |entry| entries.push(entry)).await.expect("entries");
    drop(tx);
    println!(
        "read all {} for the fold: {:.1?} of the clock, {:.1?} of the processor",
        entries.len(),
        clock.elapsed(),
        support::cpu_time() - start
    );
    let (start, clock) = (support::cpu_time(), Instant::now());
    let mut tx = db.read().await.expect("a transaction");
    let known = threads::load(&mut tx, firm).await.expect("threads");
    drop(tx);
    println!(
        "read all ties: {:.1?} of the clock, {:.1?} of the processor",
        clock.elapsed(),
        support::cpu_time() - start
    );
    let (start, clock) = (support::cpu_time(), Instant::now());
    let mut tx = db.write(Durability::Import).await.expect("a transaction");
    let changed = threads::retie(&mut tx, firm, &known).await.expect("threads");
    tx.commit().await.expect("a commit");
    println!(
        "tie anew: {changed} changed, {:.1?} of the clock, {:.1?} of the processor",
        clock.elapsed(),
        support::cpu_time() - start
    );
    let (start, clock) = (support::cpu_time(), Instant::now());
    db.tidy().await.expect("tidying");
    db.close().await;
    cpu += support::cpu_time() - start;
    wall += clock.elapsed();
    let rate = |time: Duration| (count as f64 / time.as_secs_f64()) as u64;
    println!("{count} messages: store {} per CPU second ({cpu:.1?}), {} per second", rate(cpu), rate(wall));
    println!("pack: {} per CPU second; both: {} per CPU second", rate(packing), rate(cpu + packing));
}

fn sample_firm(id: FirmId) -> Firm {
    Firm {
        id,
        name: "Bench".into(),
        zone: "Europe/London".into(),
        currency: "GBP".into(),
        hours: None,
        holidays: Default::default(),
        domains: Default::default(),
        standards: None,
        lead: None,
        region: None,
        named_domains: Default::default(),
    }
}

/// 20,000 made words; their use falls off as words' use does.
fn words() -> Vec<String> {
    let syllables =
        ["ba", "ter", "lo", "min", "sa", "con", "re", "ti", "pu", "gen", "or", "ve", "da", "sil", "na", "ex"];
    (0..20_000usize)
        .map(|n| {
            (0..2 + n % 3).map(|i| syllables[(n >> (4 * i)) % 16]).collect::<String>() + &(n % 7).to_string()
        })
        .collect()
}

fn message(n: usize, words: &[String]) -> (NewMessage, Vec<u8>) {
    let mut seed =
        blake3::hash(&n.to_le_bytes()).as_bytes()[..8].iter().fold(1u64, |s, b| s << 8 | u64::from(*b));
    let mut random = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    let mut text = |bytes: usize| {
        let mut text = String::with_capacity(bytes + 16);
        while text.len() < bytes {
            let unit = (random() >> 11) as f64 / (1u64 << 53) as f64;
            let word = ((words.len() as f64).powf(unit) as usize).min(words.len()) - 1;
            text.push_str(&words[word]);
            text.push(' ');
        }
        text
    };
    let body = text(3000);
    let raw = format!("Message-ID: <{n}@bench.example>\r\nSubject: x\r\n\r\n{body}\r\n> {}", text(7800))
        .into_bytes();
    let at = Timestamp::from_second(1_600_000_000 + 300 * n as i64).expect("a time");
    let act = Act {
        kind: ActKind::Promise,
        start: 4,
        end: 60,
        confidence: 0.9,
        due: Some(at),
        things: [1, 2].into(),
        in_touch: false,
    };
    let facts = Message {
        entry: EntryId(0),
        key: NaturalKey::of(&n.to_le_bytes()),
        at,
        thread: NaturalKey::of(&(n / 4).to_le_bytes()).0,
        subject: NaturalKey::of(&(n / 4).to_be_bytes()).0,
        from: care::ids::AddressId(0),
        to: Box::default(),
        cc: Box::default(),
        mailbox: None,
        answers: (!n.is_multiple_of(4)).then(|| NaturalKey::of(&(n - 1).to_le_bytes())),
        mentions: Box::default(),
        automatic: false,
        needs_reply: 0.5,
        by_form: false,
        only_holds: false,
        delivers: Delivery { carries: false, states: true, things: (0..40).map(|i| i * 77_777).collect() },
        acts: if n.is_multiple_of(2) { [act].into() } else { Box::default() },
    };
    let people =
        format!("p{}@clients.example amy{}@firm.example q{}@clients.example", n % 5000, n % 20, n % 997);
    let tie = Facts {
        key: facts.key,
        parents: facts.answers.iter().map(|key| key.0).collect(),
        subject: facts.subject,
        is_reply: facts.answers.is_some(),
        from: None,
        people: Vec::new(),
        sent: Some(at),
        fingerprint: Fingerprint::of(&body),
        quoted: Vec::new(),
        automatic: false,
    };
    let message = NewMessage {
        facts,
        tie,
        content: NaturalKey::of(&(n as u64 + 1_000_000_000_000).to_le_bytes()),
        message_id: format!("<{n}@bench.example>"),
        subject: text(40),
        people,
        body,
        direction: if n.is_multiple_of(2) { Direction::In } else { Direction::Out },
        automatic: None,
        attachments: 0,
        raw: raw::Packed { hash: [0; 32], size: 0, packed: Vec::new() },
        reader_version: 1,
        found: Found { folder: regard::ids::FolderId(0), source: None, position: None },
    };
    (message, raw)
}
