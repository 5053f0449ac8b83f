//! What one act of somebody costs on a record that is there: `cargo bench --bench one -- DIR [N]`.
//!
//! DIR is a record kept by `scripts/bench-web --keep`, or a copy of one: what this adds stays. Of N clients (default 100)
//! two things that are owed are decided, one after the other, and taken back in the end; then a letter of each of N
//! people arrives, and one more of each; then once more, in a program that begins anew and reads records into memory before
//! somebody waits for them, as `regard` does. Prints processor time of this program and time of the clock in each part, on
//! average: the first act about a client reads the client's record, a further one has it in memory.

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use care::book::FirmBook;
use care::entry::Verdict;
use care::obligation::Obligation;
use jiff::{SignedDuration, Timestamp};
use regard::board::Boards;
use regard::clock;
use regard::db::{Db, Durability, Location};
use regard::firm::{self, Firm};
use regard::ids::{AddressId, ClientId, NaturalKey, StaffId};
use regard::intake::live::{Arrived, Live};
use regard::record::warm::warm_up;
use regard::record::{book, owed, read, sources, texts};
use regard::today::{decide, verdict};
use regard::{clients, staff};
use wire::mail::{Flags, Folder, Role};

const OPEN: u32 = 1_000_000;

fn main() {
    let mut args = std::env::args().skip(1).filter(|arg| !arg.starts_with("--"));
    let Some(folder) = args.next() else {
        println!("a record is needed: cargo bench --bench one -- DIR [N]");
        return;
    };
    let count: usize = args.next().and_then(|n| n.parse().ok()).unwrap_or(100);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let place = Location::Folder(folder.into());
        let db = Db::open(&place).await.expect("a database");
        let mut tx = db.read().await.expect("a transaction");
        let firm = firm::store::all(&mut tx).await.expect("firms").pop().expect("a firm");
        drop(tx);
        println!("| part | CPU ms | wall ms | at most |\n|---|---|---|---|");
        decisions(&db, &firm, count).await;
        db.close().await;
        // What was folded by now is in memory beside that handle alone.
        for is_warm in [false, true] {
            let db = Db::open(&place).await.expect("a database");
            if is_warm {
                println!("| with what `regard` reads into memory when it starts: | | | |");
                let mut warming = Part::default();
                let warmed = warming.time(warm_up(&db, firm.id, || false)).await.expect("records");
                warming.print(&format!("the records of {} clients are read into memory", warmed.read));
            }
            letters(&db, &firm, count).await;
            db.close().await;
        }
    });
}

async fn decisions(db: &Db, firm: &Firm, count: usize) {
    let mut tx = db.read().await.expect("a transaction");
    let open = owed::open(&mut tx, firm.id, None, OPEN).await.expect("what is owed");
    let mut books = Part::default();
    let book = books.time(book::load(&mut tx, firm.id)).await.expect("a book");
    drop(tx);
    let mut by_client: BTreeMap<ClientId, Vec<&Obligation>> = BTreeMap::new();
    open.iter().for_each(|owed| by_client.entry(owed.client).or_default().push(owed));
    by_client.retain(|_, owed| 2 <= owed.len());
    let (mut first, mut further, mut back) = (Part::default(), Part::default(), Part::default());
    let (mut size, mut entered) = (0, Vec::new());
    let few = (by_client.len() / count).max(1);
    for (client, owed) in by_client.iter().step_by(few).take(count) {
        let mut tx = db.read().await.expect("a transaction");
        size += read::load_record(&mut tx, firm.id, *client, &book).await.expect("a record").len();
        drop(tx);
        for (owed, part) in owed.iter().zip([&mut first, &mut further]) {
            let what = verdict::no_answer(owed).or_else(|_| verdict::released(owed)).expect("a verdict");
            entered.push(part.time(decide_it(db, firm, what, owed.due_at, &book)).await);
        }
    }
    // What was decided is taken back, so that as much is open when this is measured again.
    for decision in &entered {
        let what = Verdict::TakenBack { decision: *decision };
        back.time(decide_it(db, firm, what, clock::now(), &book)).await;
    }
    books.print("the firm's book is read (where none is at hand)");
    let entries = size / first.count.max(1) as usize;
    first.print(&format!("the first decision about a client; {entries} entries on average"));
    further.print("a further decision about it");
    back.print("a decision taken back");
}

async fn decide_it(db: &Db, firm: &Firm, what: Verdict, at: Timestamp, book: &FirmBook) -> NaturalKey {
    let mut tx = db.write(Durability::Act).await.expect("a transaction");
    let entered = decide::enter_by(&mut tx, firm.id, what, StaffId(1), "", at, Some(book)).await;
    tx.commit().await.expect("a commit");
    entered.expect("entered").decision
}

async fn letters(db: &Db, firm: &Firm, count: usize) {
    let now = clock::now();
    let mut tx = db.write(Durability::Import).await.expect("a transaction");
    let all = clients::store::contacts(&mut tx, firm.id).await.expect("contacts");
    let people = staff::store::all(&mut tx, firm.id).await.expect("people");
    let mailbox = sources::mailbox(&mut tx, firm.id, "bench", None, None, now).await.expect("a mailbox");
    let folder = sources::folder(&mut tx, firm.id, mailbox, "INBOX", "inbox").await.expect("a folder");
    let place = sources::server_folder(&mut tx, firm.id, folder, "bench", now).await.expect("a place");
    let numbers = all.iter().flat_map(|contact| contact.addresses.iter().copied());
    let words = texts::addresses(&mut tx, firm.id, numbers.chain(people[0].addresses.clone())).await;
    let words = words.expect("addresses");
    // Of telephone numbers no letter comes.
    let mail = |numbers: &[AddressId]| numbers.iter().copied().find(|number| words[number].0.contains('@'));
    let from: Vec<AddressId> = all.iter().filter_map(|contact| mail(&contact.addresses)).collect();
    let from: Vec<AddressId> =
        from.iter().step_by((from.len() / count).max(1)).copied().take(count).collect();
    let to = mail(&people[0].addresses).expect("an address");
    tx.commit().await.expect("a commit");
    let mut live = Live::new(db, firm).expect("a way in");
    let boards = Boards::default();
    boards.now(db, firm.id).await.expect("a board");
    let inbox = Arc::new(Folder { mailbox: None, name: "INBOX".into(), role: Role::Inbox });
    let (mut start, mut first, mut further) = (Part::default(), Part::default(), Part::default());
    let mut renewed = Part::default();
    for round in 0..2 {
        for (n, address) in from.iter().enumerate() {
            let n = round * from.len() + n;
            // Of a client's letters each is written after the one before, as letters are.
            let written = now - SignedDuration::from_secs(2 - round as i64);
            let raw = letter(n, &words[address].0, &words[&to].0, written);
            let number = n as u32 + 1;
            let flags = Flags::default();
            let arrived = Arrived { raw, number, flags, folder: inbox.clone(), source: place.source };
            let part = match (n, round) {
                (0, _) => &mut start,
                (_, 0) => &mut first,
                _ => &mut further,
            };
            let taken = part.time(live.take(vec![arrived], Vec::new(), None, true, now)).await;
            let taken = taken.expect("taken");
            assert!(taken.added == 1 && taken.settled, "{taken:?}");
            renewed.time(boards.now(db, firm.id)).await.expect("a board");
        }
    }
    start.print("the first letter of all: threads and addresses are read");
    first.print("the first letter of a client: read, stored, indexed, folded");
    further.print("a further letter of one of them");
    renewed.print("what Today shows is renewed after each");
}

fn letter(n: usize, from: &str, to: &str, now: Timestamp) -> Vec<u8> {
    let date = now.to_zoned(jiff::tz::TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S +0000").to_string();
    let stamp = now.as_microsecond();
    format!(
        "Message-ID: <{n}.{stamp}@bench.example>\r\nFrom: {from}\r\nTo: {to}\r\nSubject: A lease, {n}\r\n\
         Date: {date}\r\n\r\nDear all,\r\n\r\nCould you please send me the draft of lease {n} by Friday?\r\n\r\n\
         Regards\r\n"
    )
    .into_bytes()
}

/// What a part of the work cost so far.
#[derive(Default)]
struct Part {
    count: u32,
    cpu: Duration,
    wall: Duration,
    longest: Duration,
}

impl Part {
    async fn time<T>(&mut self, work: impl Future<Output = T>) -> T {
        let (cpu, clock) = (support::cpu_time(), Instant::now());
        let done = work.await;
        self.cpu += support::cpu_time() - cpu;
        self.wall += clock.elapsed();
        self.longest = self.longest.max(clock.elapsed());
        self.count += 1;
        done
    }

    fn print(&self, what: &str) {
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        let (cpu, wall) = (ms(self.cpu) / f64::from(self.count), ms(self.wall) / f64::from(self.count));
        println!("| {what} | {cpu:.2} | {wall:.2} | {:.1} |", ms(self.longest));
    }
}
