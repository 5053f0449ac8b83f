//! How long folding takes. Run with:
//! `cargo test -p care --release --test speed -- --ignored --nocapture`

mod common;

use std::time::Instant;

use care::acts::{Act, ActKind};
use care::book::FirmBook;
use care::entry::{Call, Delivery, Entry, Message};
use care::fold::fold;
use care::hours::WorkCalendar;
use care::ids::{AddressId, ClientId, ContactId, EntryId, FirmId, NaturalKey, StaffId};
use care::people::{Directory, Who};
use care::record::records;
use care::standard::Standards;
use common::{at, client, staff};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// A stream of numbers, the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

const STAFF: u32 = 50;
const CONTACTS: u32 = 4;

fn firm(clients: u32) -> FirmBook {
    let calendar = WorkCalendar::office_hours(TimeZone::get("Europe/London").unwrap());
    let mut directory = Directory::default();
    for s in 0..STAFF {
        directory.place(AddressId(s), Who::Staff(StaffId(i64::from(s))));
    }
    for c in 0..clients * CONTACTS {
        let client = ClientId(i64::from(c / CONTACTS));
        let contact = Some(ContactId(i64::from(c)));
        directory.place(AddressId(STAFF + c), Who::Client { client, contact });
    }
    let mut book = FirmBook::new(FirmId(1), calendar, Standards::default(), directory);
    for s in 0..STAFF {
        book.add_staff(staff(StaffId(i64::from(s))));
    }
    for c in 0..clients {
        book.add_client(client(ClientId(i64::from(c)), Some(StaffId(i64::from(c % STAFF)))));
    }
    book.record_from = Some(at("1 00:00"));
    book
}

/// Threads of about four messages between contacts and staff over five years, with promises, holds and calls.
fn traffic(clients: u32, count: usize) -> Vec<Entry> {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let start = at("1 00:00");
    let mut entries = Vec::with_capacity(count);
    while entries.len() < count {
        let client = dice.roll(u64::from(clients)) as u32;
        let contact = AddressId(STAFF + client * CONTACTS + dice.roll(u64::from(CONTACTS)) as u32);
        let ours =
            AddressId(if dice.roll(3) == 0 { dice.roll(u64::from(STAFF)) as u32 } else { client % STAFF });
        let mut now = start + SignedDuration::from_secs(dice.roll(5 * 365 * 86_400) as i64);
        let thread = dice.roll(u64::MAX);
        for turn in 0..1 + dice.roll(7) {
            now += SignedDuration::from_secs(dice.roll(100_000) as i64);
            let key = NaturalKey(dice.roll(u64::MAX));
            let entry = EntryId(entries.len() as i64);
            if dice.roll(20) == 0 {
                let talked = (dice.roll(2) == 0).then(|| SignedDuration::from_secs(dice.roll(600) as i64));
                entries.push(Entry::Call(Call { entry, key, at: now, from: contact, to: ours, talked }));
                continue;
            }
            let before = entries.last().filter(|_| 0 < turn).map(Entry::key);
            let (from, to) = if turn % 2 == 0 { (contact, ours) } else { (ours, contact) };
            entries.push(letter(&mut dice, entry, key, now, [from, to], thread, before));
        }
    }
    entries.truncate(count);
    entries
}

fn letter(
    dice: &mut Dice,
    entry: EntryId,
    key: NaturalKey,
    at: Timestamp,
    [from, to]: [AddressId; 2],
    thread: u64,
    before: Option<NaturalKey>,
) -> Entry {
    let outbound = from.0 < STAFF;
    let promises = outbound && dice.roll(4) == 0;
    let acts: Box<[Act]> = if promises {
        let due = (dice.roll(2) == 0).then(|| at + SignedDuration::from_hours(dice.roll(200) as i64));
        let things = [dice.roll(50) as u32].into();
        Box::new([Act {
            kind: ActKind::Promise,
            start: 10,
            end: 40,
            confidence: 0.9,
            due,
            things,
            in_touch: false,
        }])
    } else {
        Box::default()
    };
    Entry::Message(Message {
        entry,
        key,
        at,
        thread,
        subject: thread | 1,
        from,
        to: [to].into(),
        cc: Box::default(),
        mailbox: None,
        answers: before,
        mentions: Box::default(),
        automatic: dice.roll(30) == 0,
        needs_reply: dice.roll(100) as f32 / 100.0,
        by_form: false,
        only_holds: promises && dice.roll(3) == 0,
        delivers: Delivery { carries: dice.roll(5) == 0, states: true, things: (0..20).collect() },
        acts,
    })
}

#[test]
#[ignore = "a measurement"]
fn a_firm_of_a_million_entries() {
    for (clients, count) in [(100, 10_000), (1_000, 100_000), (3_000, 1_000_000)] {
        let book = firm(clients);
        let entries = traffic(clients, count);
        let clock = Instant::now();
        let records = records(&entries, &book);
        let grouped = clock.elapsed();
        let owed: usize = records.iter().map(|record| fold(record, &book).len()).sum();
        let all = clock.elapsed();
        println!(
            "{count} entries, {clients} clients: grouped {grouped:?}, folded {:?}, together {all:?}; {owed} obligations",
            all - grouped
        );
    }
}

#[test]
#[ignore = "a measurement"]
fn one_client_with_very_many_messages() {
    for count in [10_000, 100_000] {
        let book = firm(1);
        let entries = traffic(1, count);
        let clock = Instant::now();
        let owed: usize = records(&entries, &book).iter().map(|record| fold(record, &book).len()).sum();
        println!("{count} entries of one client: {:?}; {owed} obligations", clock.elapsed());

        let mut dice = Dice(7);
        let start = at("1 00:00");
        let one_thread: Vec<Entry> = (0..count)
            .map(|i| {
                let moment = start + SignedDuration::from_mins(i as i64);
                let ends = if i % 3 == 0 {
                    [AddressId(STAFF), AddressId(0)]
                } else {
                    [AddressId(0), AddressId(STAFF)]
                };
                letter(&mut dice, EntryId(i as i64), NaturalKey(i as u64), moment, ends, 1, None)
            })
            .collect();
        let clock = Instant::now();
        let owed: usize = records(&one_thread, &book).iter().map(|record| fold(record, &book).len()).sum();
        println!("{count} entries of one thread: {:?}; {owed} obligations", clock.elapsed());
    }
}
