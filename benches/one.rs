//! What one act of somebody costs on a record that is there: `cargo bench --bench one -- DIR [N]`.
//!
//! DIR is a record kept by `scripts/bench-web --keep`. A decision about each of N things that are owed (default 100) is
//! entered and rolled back, and what follows from it is made anew, part by part; then N letters of N clients arrive,
//! and stay. Prints processor time of this program and time of the clock in each part, on average.

mod support;

use std::time::{Duration, Instant};

use regard::clock;
use regard::db::{Db, Durability, Location};
use regard::firm::{self, Firm};
use regard::ids::{AddressId, StaffId};
use regard::intake::live::{Arrived, Live};
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
        let db = Db::open(&Location::Folder(folder.into())).await.expect("a database");
        let mut tx = db.read().await.expect("a transaction");
        let firm = firm::store::all(&mut tx).await.expect("firms").pop().expect("a firm");
        drop(tx);
        println!("| part | CPU ms | wall ms | at most |\n|---|---|---|---|");
        decisions(&db, &firm, count).await;
        letters(&db, &firm, count).await;
        db.close().await;
    });
}

async fn decisions(db: &Db, firm: &Firm, count: usize) {
    let mut tx = db.read().await.expect("a transaction");
    let open = owed::open(&mut tx, firm.id, None, OPEN).await.expect("what is owed");
    drop(tx);
    let (mut books, mut records, mut entered) = (Part::default(), Part::default(), Part::default());
    let mut size = 0;
    for owed in open.iter().step_by((open.len() / count).max(1)).take(count) {
        let mut tx = db.write(Durability::Act).await.expect("a transaction");
        let book = books.time(book::load(&mut tx, firm.id)).await.expect("a book");
        let what = verdict::no_answer(owed).or_else(|_| verdict::released(owed)).expect("a verdict");
        let enter = decide::enter_by(&mut tx, firm.id, what, StaffId(1), "", owed.due_at, Some(&book));
        entered.time(enter).await.expect("entered");
        let read = read::load_record(&mut tx, firm.id, owed.client, &book);
        size += records.time(read).await.expect("a record").len();
    }
    books.print("the firm's book is read (where none is at hand)");
    entered.print(&format!(
        "a decision: entered, folded, kept; {} entries on average",
        size / open.len().clamp(1, count)
    ));
    records.print("the same record is read once more");
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
    let inbox = std::sync::Arc::new(Folder { mailbox: None, name: "INBOX".into(), role: Role::Inbox });
    let (mut first, mut rest) = (Part::default(), Part::default());
    for (n, address) in from.iter().enumerate() {
        let date = now.to_zoned(jiff::tz::TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S +0000").to_string();
        let raw = format!(
            "Message-ID: <{n}.{}@bench.example>\r\nFrom: {}\r\nTo: {}\r\nSubject: A lease, {n}\r\nDate: {date}\r\n\r\n\
             Dear all,\r\n\r\nCould you please send me the draft of lease {n} by Friday?\r\n\r\nRegards\r\n",
            now.as_microsecond(),
            words[address].0,
            words[&to].0,
        );
        let arrived = Arrived {
            raw: raw.into_bytes(),
            number: n as u32 + 1,
            flags: Flags::default(),
            folder: inbox.clone(),
            source: place.source,
        };
        let part = if n == 0 { &mut first } else { &mut rest };
        let taken = part.time(live.take(vec![arrived], Vec::new(), None, true, now)).await.expect("taken");
        assert!(taken.added == 1 && taken.settled, "{taken:?}");
    }
    first.print("the first letter: threads and addresses are read");
    rest.print("a letter: read, stored, indexed, folded");
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
