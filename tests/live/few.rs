//! A few messages at a time give what a whole settling of the record gives.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use care::entry::Verdict;
use care::people::Who;
use jiff::civil::date;
use jiff::tz::TimeZone;
use regard::db::{Db, Durability};
use regard::firm::{self, Firm};
use regard::ids::{AddressId, SourceId};
use regard::intake::live::{Arrived, Live};
use regard::intake::settle::settle;
use regard::record::{book, owed, project, read, sources};
use regard::staff;
use regard::today::{decide, verdict};

use crate::support::made::now;
use crate::support::{Kind, Place, run};

/// All messages of the sample firm, with the folders they lie in.
fn messages(folder: &Path) -> Vec<wire::mail::Item> {
    let listing = wire::mail::sources(&[folder.join("mail")]);
    listing.sources.iter().flat_map(|source| source.open().flatten()).collect()
}

/// A number that looks thrown by dice, the same each time.
fn dice(n: u64) -> u64 {
    let n = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (n ^ (n >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9) ^ (n >> 27)
}

async fn obligations(db: &Db, firm: &Firm) -> Vec<String> {
    let mut tx = db.read().await.expect("a transaction");
    let mut all = owed::all(&mut tx, firm.id).await.expect("what is owed");
    all.sort_by_key(|owed| owed.id);
    all.iter().map(|owed| format!("{owed:?}")).collect()
}

/// Somebody decides about something that is open.
async fn decide_something(db: &Db, firm: &Firm, n: u64) {
    let mut tx = db.write(Durability::Act).await.expect("a transaction");
    let mut open = owed::open(&mut tx, firm.id, None, 1000).await.expect("what is owed");
    open.retain(|owed| owed.opened_at <= now());
    let people = staff::store::all(&mut tx, firm.id).await.expect("people");
    let owed = &open[dice(n) as usize % open.len()];
    let what = verdict::no_answer(owed).or_else(|_| verdict::released(owed)).expect("a verdict");
    let entered = decide::enter(&mut tx, firm.id, what, people[0].id, "", now()).await.expect("entered");
    assert!(entered.changed.before.contains(owed), "{owed:?}");
    tx.commit().await.expect("a commit");
}

/// Somebody says that one of a client's people belongs to another client.
async fn move_somebody(db: &Db, firm: &Firm, n: u64) {
    let mut tx = db.write(Durability::Act).await.expect("a transaction");
    let people = staff::store::all(&mut tx, firm.id).await.expect("people");
    let book = book::load(&mut tx, firm.id).await.expect("a book");
    let all: Vec<AddressId> = read::addresses(&mut tx, firm.id).await.expect("addresses").collect();
    let theirs = |address: &&AddressId| book.directory.who(**address).client().is_some();
    let theirs: Vec<&AddressId> = all.iter().filter(theirs).collect();
    let clients = book.all_clients();
    let address = *theirs[dice(n) as usize % theirs.len()];
    let client = clients[dice(n + 1) as usize % clients.len()].id;
    let what = Verdict::Placed { address, who: Who::Client { client, contact: None } };
    decide::enter(&mut tx, firm.id, what, people[0].id, "", now()).await.expect("entered");
    tx.commit().await.expect("a commit");
}

/// Takes the mail of the sample firm in, most of it at once and the rest a little at a time in a mixed-up order, while
/// people decide, in this process and in another, also about who is who; gives how many batches there were, and for how
/// many of them all had to be settled anew.
async fn story(place: &Place, db: &Db, firm: &Firm, folder: &Path, seed: u64) -> (usize, usize) {
    let beside = place.open().await;
    let mut tx = db.write(Durability::Act).await.expect("a transaction");
    let source = sources::Source {
        id: SourceId(0),
        path: "imap://test".to_owned(),
        size: 0,
        stamp: 0,
        reached: 0,
        member: None,
        done: true,
        messages: 0,
    };
    let source = sources::reach(&mut tx, firm.id, &source, now()).await.expect("a source");
    tx.commit().await.expect("a commit");
    let arrives = |(n, item): (usize, wire::mail::Item)| Arrived {
        raw: item.raw,
        number: n as u32 + 1,
        flags: item.flags,
        folder: Arc::clone(&item.folder),
        source,
    };
    let mut all: Vec<Arrived> = messages(folder).into_iter().enumerate().map(arrives).collect();
    all.sort_by_key(|arrived| dice(u64::from(arrived.number) + seed * 1_000_003));
    let later = all.split_off(all.len() - 60);
    let mut live = Live::new(db, firm).expect("a way in");
    live.take(all, Vec::new(), None, false, now()).await.expect("taken");
    settle(db, firm.id, now()).await.expect("settled");
    live.settled();
    let (mut batches, mut whole) = (0, 0);
    let copy = later[0].clone();
    let mut later = later.into_iter().peekable();
    while later.peek().is_some() {
        let size = 1 + dice(seed + batches as u64) as usize % 3;
        let batch: Vec<Arrived> = later.by_ref().take(size).collect();
        let taken = live.take(batch, Vec::new(), None, true, now()).await.expect("taken");
        batches += 1;
        if batches % 3 == 0 {
            let by = if batches % 2 == 0 { db } else { &beside };
            decide_something(by, firm, seed + batches as u64).await;
        }
        if batches % 5 == 0 {
            move_somebody(&beside, firm, seed + batches as u64).await;
        }
        if !taken.settled {
            whole += 1;
            settle(db, firm.id, now()).await.expect("settled");
            live.settled();
        }
    }
    let few = obligations(db, firm).await;
    settle(db, firm.id, now()).await.expect("settled");
    let all = obligations(db, firm).await;
    assert!(!all.is_empty());
    for (few, all) in few.iter().zip(&all) {
        assert_eq!(few, all, "seed {seed}");
    }
    assert_eq!(few.len(), all.len(), "seed {seed}");
    // Killed before all was settled, the program is handed the same message once more.
    for behind in [false, true] {
        let mut tx = db.write(Durability::Act).await.expect("a transaction");
        project::mark_behind(&mut tx, firm.id, behind).await.expect("marked");
        tx.commit().await.expect("a commit");
        let again = live.take(vec![copy.clone()], Vec::new(), None, true, now()).await.expect("taken");
        assert_eq!((again.added, again.settled), (0, !behind), "seed {seed}");
    }
    (batches, whole)
}

fn sample(folder: &Path) {
    let zone = TimeZone::get("Europe/London").expect("a zone");
    for (path, content) in &sample::firm(date(2025, 9, 3), &zone).files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, content).expect("written");
    }
}

#[test]
fn a_few_messages_give_what_the_whole_gives_where_lists_say_who_is_who() {
    for seed in 1..=2 {
        let place = Place::new(Kind::Embedded);
        let folder = place.folder().join("sample");
        sample(&folder);
        for what in ["staff", "clients", "contacts", "matters", "absences"] {
            let mut command = Command::new(env!("CARGO_BIN_EXE_regard"));
            command.args(["import", what]).arg(folder.join(format!("{what}.csv")));
            command
                .arg("--firm")
                .arg(folder.join("firm.toml"))
                .arg("--data")
                .arg(place.folder().join("data"));
            let out = command.output().expect("it runs");
            assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        }
        run(async {
            let db = place.open().await;
            let firm = firm::store::all(&mut db.read().await.expect("a transaction")).await.expect("firms");
            let (batches, whole) = story(&place, &db, &firm[0], &folder, seed).await;
            assert!(whole * 10 <= batches, "{whole} of {batches} batches had to look at everything");
        });
    }
}

#[test]
fn a_few_messages_give_what_the_whole_gives_where_only_the_mail_says_who_is_who() {
    for (seed, kind) in [(4, Kind::Embedded), (5, Kind::Server)] {
        let place = Place::new(kind);
        let folder = place.folder().join("sample");
        sample(&folder);
        run(async {
            let db = place.open().await;
            let (id, _) = crate::support::made::firm(&db).await;
            let mut tx = db.write(Durability::Act).await.expect("a transaction");
            let mut firm = firm::store::load(&mut tx, id).await.expect("the firm");
            firm.domains.clear();
            firm::store::save(&mut tx, &firm, now()).await.expect("saved");
            tx.commit().await.expect("a commit");
            let (batches, whole) = story(&place, &db, &firm, &folder, seed).await;
            assert!(whole * 4 <= batches, "{whole} of {batches} batches had to look at everything");
        });
    }
}

/// Processor time of this program so far, in milliseconds.
fn processor_ms() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: Vec<u64> = after.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    // utime and stime, in hundredths of a second; the state before them is no number.
    ticks.get(10..12).map_or(0, |two| two.iter().sum::<u64>() * 10)
}

/// `REGARD_RECORD=DIR REGARD_FROM=jo@acme.example REGARD_TO=amy@firm.example cargo test --release --test live -- --ignored
/// what_one_letter_costs --nocapture`
#[test]
#[ignore = "measures a record that is given"]
fn what_one_letter_costs() {
    let given = |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"));
    let (from, to) = (given("REGARD_FROM"), given("REGARD_TO"));
    run(async {
        let db =
            Db::open(&regard::db::Location::Folder(given("REGARD_RECORD").into())).await.expect("a record");
        let firm =
            firm::store::all(&mut db.read().await.expect("a transaction")).await.expect("firms").remove(0);
        let mut live = Live::new(&db, &firm).expect("a way in");
        let folder = Arc::new(wire::mail::Folder {
            mailbox: Some(to.clone()),
            name: "INBOX".to_owned(),
            role: wire::mail::Role::Inbox,
        });
        let stamp = regard::clock::now().as_microsecond();
        let mut times = Vec::new();
        for n in 0..60_u32 {
            let raw = format!(
                "From: {from}\r\nTo: {to}\r\nSubject: Costs {n}\r\nMessage-ID: <c{n}-{stamp}@x.example>\r\n\
                 Date: Wed, 03 Sep 2025 08:{n:02}:00 +0000\r\n\r\nCould you send me the file number {n}, please?\r\n"
            );
            let arrived = Arrived {
                raw: raw.into_bytes(),
                number: n + 1,
                flags: wire::mail::Flags::default(),
                folder: Arc::clone(&folder),
                source: SourceId(1),
            };
            let (before, begun) = (processor_ms(), std::time::Instant::now());
            let taken = live.take(vec![arrived], Vec::new(), None, true, now()).await.expect("taken");
            assert!(taken.settled && taken.added == 1, "{taken:?}");
            times.push((processor_ms() - before, begun.elapsed()));
        }
        let first = times.remove(0);
        let cpu: u64 = times.iter().map(|(ms, _)| ms).sum();
        println!("the first, with threads read: {} ms of processor time", first.0);
        println!("each of {} more: {:.1} ms", times.len(), cpu as f64 / times.len() as f64);
    });
}
