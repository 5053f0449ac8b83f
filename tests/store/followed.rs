//! What a followed calendar told, when it tells something else: on both databases.

use care::entry::{Decision, Entry, Verdict};
use care::ids::{EntryId, NaturalKey};
use care::record::taking_back;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use regard::clients::{self, Contact};
use regard::db::{Db, Durability, Tx};
use regard::firm;
use regard::ids::{AbsenceId, ContactId, FirmId, StaffId, SubscriptionId};
use regard::intake::enlist::calendars::Taken;
use regard::intake::enlist::calendars::follow::{self, Followed, Holds};
use regard::record::addresses::{AddressBook, AddressKind};
use regard::record::{changes, others, read};
use regard::staff::{self, Absence};

use crate::all;
use crate::people::{client, person};
use crate::support::made::{at, firm, now};
use crate::support::{Place, on_both};

const AMY: StaffId = StaffId(1);
const BOB: StaffId = StaffId(2);
const CAROL: StaffId = StaffId(3);

/// Calendars of a firm with three people, and one client of which Jo comes.
struct Office {
    db: Db,
    firm: FirmId,
}

impl Office {
    async fn open(place: &Place) -> Office {
        let db = place.open().await;
        let (firm, _) = firm(&db).await;
        let mut tx = db.write(Durability::Act).await.unwrap();
        let mut book = AddressBook::default();
        for (id, name, email) in [
            (AMY, "Amy Fox", "amy@firm.example"),
            (BOB, "Bob Ward", "bob@firm.example"),
            (CAROL, "Carol Nye", "carol@firm.example"),
        ] {
            let address = book.number(AddressKind::Email, email, name);
            staff::store::save(&mut tx, firm, &person(id.0, name, vec![address]), now()).await.unwrap();
        }
        book.save(&mut tx, firm).await.unwrap();
        clients::store::save(&mut tx, firm, &client(5, "acme"), now()).await.unwrap();
        tx.commit().await.unwrap();
        let office = Office { db, firm };
        office.jo_is_a_contact(true).await;
        office
    }

    async fn write(&self) -> Tx {
        self.db.write(Durability::Act).await.unwrap()
    }

    /// Says that Jo's address is that of a contact, or that it is nobody's.
    async fn jo_is_a_contact(&self, is_so: bool) {
        let mut tx = self.write().await;
        let mut book = AddressBook::default();
        book.refresh(&mut tx, self.firm).await.unwrap();
        let jo = book.number(AddressKind::Email, "jo@acme.example", "Jo Fenn");
        book.save(&mut tx, self.firm).await.unwrap();
        let client = clients::store::all(&mut tx, self.firm).await.unwrap()[0].id;
        let contact = Contact {
            id: ContactId(77),
            client,
            name: "Jo Fenn".to_owned(),
            role: None,
            addresses: if is_so { vec![jo] } else { Vec::new() },
            custom: Default::default(),
        };
        clients::store::save_contact(&mut tx, self.firm, &contact, now()).await.unwrap();
        changes::note_everything(&mut tx, self.firm).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// A calendar holds these events at this moment.
    async fn hears(&self, of: &Followed, events: &[&str], at: Timestamp) -> Taken {
        self.hears_in("", of, events, at).await
    }

    /// The same of one of several calendars of an account.
    async fn hears_in(&self, path: &str, of: &Followed, events: &[&str], at: Timestamp) -> Taken {
        let events: String =
            events.iter().map(|event| format!("BEGIN:VEVENT\n{event}\nEND:VEVENT\n")).collect();
        let words = format!("BEGIN:VCALENDAR\nVERSION:2.0\n{events}END:VCALENDAR\n").replace('\n', "\r\n");
        let mut tx = self.write().await;
        let changed = [(path.to_owned(), Some(Holds::read(words.as_bytes(), &TimeZone::UTC, at)))];
        let taken = follow::follow(&mut tx, self.firm, of, &TimeZone::UTC, &changed, at).await.unwrap();
        tx.commit().await.unwrap();
        taken
    }

    async fn forgets(&self, of: &Followed) {
        let mut tx = self.write().await;
        follow::forget(&mut tx, self.firm, of, now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Who is away, and who stands in.
    async fn away(&self) -> Vec<(StaffId, Date, Date, Option<StaffId>)> {
        let all = staff::store::absences(&mut self.db.read().await.unwrap(), self.firm).await.unwrap();
        all.iter().map(|one| (one.staff, one.from, one.to, one.cover)).collect()
    }

    /// The same of a list or a person.
    async fn says_away(&self, staff: StaffId, from: &str, to: &str, cover: Option<StaffId>) {
        let mut tx = self.write().await;
        let absence = Absence { id: AbsenceId(tx.new_id()), staff, from: day(from), to: day(to), cover };
        staff::store::save_absence(&mut tx, self.firm, &absence).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn is_closed(&self, on: &str) -> bool {
        let firm = firm::store::load(&mut self.db.read().await.unwrap(), self.firm).await.unwrap();
        firm.holidays.contains(&day(on))
    }

    /// The meetings in the record by when they began, and whether each took place.
    async fn meetings(&self) -> Vec<(Timestamp, bool)> {
        let entries = all(&self.db, self.firm).await;
        let notes =
            entries.iter().filter_map(|one| if let Entry::Note(note) = one { Some(note) } else { None });
        let mut found = Vec::new();
        for note in notes {
            let mut tx = self.db.read().await.unwrap();
            let decisions = read::decisions_about(&mut tx, self.firm, &[note.key]).await.unwrap();
            found.push((note.at, taking_back(note.key, &decisions).next().is_none()));
        }
        found
    }

    /// Somebody says of the only meeting that it did not take place.
    async fn takes_back(&self, by: StaffId, key: NaturalKey) {
        let mut tx = self.write().await;
        let meeting = all(&self.db, self.firm).await.iter().find_map(|one| match one {
            Entry::Note(note) => Some(note.key),
            _ => None,
        });
        let what = Verdict::TakenBack { decision: meeting.expect("a meeting") };
        let decision = Decision { entry: EntryId(0), key, at: now(), by, what };
        others::add_decision(&mut tx, self.firm, &decision, "").await.unwrap();
        tx.commit().await.unwrap();
    }
}

fn of(n: i64, staff: StaffId) -> Followed {
    Followed { subscription: SubscriptionId(n), staff, closes: false }
}

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

/// Leave from one day up to the morning of another.
fn leave(uid: &str, from: &str, back: &str, words: &str) -> String {
    let plain = |day: &str| day.replace('-', "");
    format!(
        "UID:{uid}\nSUMMARY:Annual leave{words}\nDTSTART;VALUE=DATE:{}\nDTEND;VALUE=DATE:{}",
        plain(from),
        plain(back)
    )
}

/// A meeting with Jo on a day of September, by the hour and minute at which it begins and ends.
fn meeting(day: u32, from: &str, to: &str, more: &str) -> String {
    format!(
        "UID:lease\nSUMMARY:The lease\nDTSTART:202509{day:02}T{from}00Z\nDTEND:202509{day:02}T{to}00Z\n\
         ORGANIZER:mailto:amy@firm.example{more}"
    )
}

const JO: &str = "\nATTENDEE:mailto:jo@acme.example";

#[test]
fn leave_that_is_off_or_shorter_is_so_though_somebody_else_goes_on_the_same_day() {
    on_both(|place: Place| async move {
        let office = Office::open(&place).await;
        let (amy, bob) = (of(11, AMY), of(12, BOB));
        let hers = leave("a", "2025-10-06", "2025-10-11", "");
        office.hears(&amy, &[&hers], now()).await;
        office.hears(&bob, &[&leave("b", "2025-10-06", "2025-10-09", "")], now()).await;
        let his = (BOB, day("2025-10-06"), day("2025-10-08"), None);
        assert_eq!(office.away().await, [(AMY, day("2025-10-06"), day("2025-10-10"), None), his]);
        let shorter = leave("a", "2025-10-06", "2025-10-08", "");
        office.hears(&amy, &[&shorter], now()).await;
        assert_eq!(office.away().await, [(AMY, day("2025-10-06"), day("2025-10-07"), None), his]);
        office.hears(&amy, &[], now()).await;
        assert_eq!(office.away().await, [his]);
    });
}

#[test]
fn what_two_calendars_say_stays_until_neither_says_it() {
    on_both(|place: Place| async move {
        let office = Office::open(&place).await;
        let (first, second) = (of(11, AMY), of(12, AMY));
        office.hears(&first, &[&leave("a", "2025-10-06", "2025-10-11", "")], now()).await;
        office.hears(&second, &[&leave("other", "2025-10-06", "2025-10-08", "")], now()).await;
        office.hears(&first, &[], now()).await;
        let until = |to: &str| vec![(AMY, day("2025-10-06"), day(to), None)];
        assert_eq!(office.away().await, until("2025-10-07"), "what is left is what the second says");
        office.hears(&first, &[&leave("a", "2025-10-06", "2025-10-11", "")], now()).await;
        assert_eq!(office.away().await, until("2025-10-10"));
        office.forgets(&second).await;
        assert_eq!(office.away().await, until("2025-10-10"));
        office.forgets(&first).await;
        assert_eq!(office.away().await, []);

        let [first, second] = [11, 12].map(|n| Followed { closes: true, ..of(n, AMY) });
        let works = leave("w", "2025-11-03", "2025-11-04", "");
        let given = leave("x", "2025-12-25", "2025-12-26", "");
        for calendar in [&first, &second] {
            office.hears(calendar, &[&works, &given], now()).await;
        }
        office.forgets(&first).await;
        assert!(office.is_closed("2025-11-03").await, "the second says it still");
        office.forgets(&second).await;
        assert!(!office.is_closed("2025-11-03").await);
        assert!(office.is_closed("2025-12-25").await, "that day was given by the firm");
    });
}

#[test]
fn what_two_calendars_of_one_account_say_stays_until_neither_says_it() {
    on_both(|place: Place| async move {
        let office = Office::open(&place).await;
        let amy = of(11, AMY);
        let away = leave("a", "2025-10-06", "2025-10-11", "");
        for path in ["/own/a.ics", "/team/a.ics"] {
            office.hears_in(path, &amy, &[&away], now()).await;
        }
        let hers = [(AMY, day("2025-10-06"), day("2025-10-10"), None)];
        assert_eq!(office.away().await, hers);
        office.hears_in("/own/a.ics", &amy, &[], now()).await;
        assert_eq!(office.away().await, hers, "the team's calendar says it still");
        office.hears_in("/team/a.ics", &amy, &[], now()).await;
        assert_eq!(office.away().await, []);

        // A meeting to come that is taken out of one of them comes into the record all the same, and once.
        let (soon, end) = (meeting(3, "1000", "1100", JO), at("2025-09-03T11:00:00Z"));
        for (path, to_come) in [("/own/m.ics", 1), ("/team/m.ics", 0)] {
            assert_eq!(office.hears_in(path, &amy, &[&soon], now()).await.to_come, to_come, "{path}");
        }
        office.hears_in("/team/m.ics", &amy, &[], now()).await;
        office.hears_in("/team/m.ics", &amy, &[&soon], now()).await;
        office.hears_in("/own/m.ics", &amy, &[], now()).await;
        assert_eq!(office.hears_in("/own/other.ics", &amy, &[], end).await.meetings, 1);
        let took_place = [(at("2025-09-03T10:00:00Z"), true)];
        assert_eq!(office.meetings().await, took_place);
        // Cancelled in one of them and not in the other, it took place.
        office.hears_in("/own/m.ics", &amy, &[&soon], end).await;
        let off = meeting(3, "1000", "1100", &format!("{JO}\nSTATUS:CANCELLED"));
        office.hears_in("/own/m.ics", &amy, &[&off], end).await;
        assert_eq!(office.meetings().await, took_place);
        office.hears_in("/team/m.ics", &amy, &[&off], end).await;
        assert_eq!(office.meetings().await, [(at("2025-09-03T10:00:00Z"), false)]);
    });
}

#[test]
fn what_a_list_said_of_an_absence_stands_when_the_calendar_says_no_more() {
    on_both(|place: Place| async move {
        let office = Office::open(&place).await;
        let amy = of(11, AMY);
        let given = (AMY, day("2025-10-06"), day("2025-10-08"), None);
        office.says_away(AMY, "2025-10-06", "2025-10-08", None).await;
        office.hears(&amy, &[&leave("a", "2025-10-06", "2025-10-11", " (cover Bob)")], now()).await;
        assert_eq!(office.away().await, [(AMY, day("2025-10-06"), day("2025-10-10"), Some(BOB))]);
        office.hears(&amy, &[&leave("a", "2025-10-06", "2025-10-13", " (cover Bob)")], now()).await;
        assert_eq!(office.away().await, [(AMY, day("2025-10-06"), day("2025-10-12"), Some(BOB))]);
        office.hears(&amy, &[], now()).await;
        assert_eq!(office.away().await, [given]);
        // Of what only a calendar told nothing is left, though somebody named who stands in meanwhile.
        office.hears(&amy, &[&leave("b", "2025-12-01", "2025-12-06", "")], now()).await;
        office.says_away(AMY, "2025-12-01", "2025-12-05", Some(CAROL)).await;
        office.hears(&amy, &[&leave("b", "2025-12-01", "2025-12-08", "")], now()).await;
        assert_eq!(office.away().await, [given, (AMY, day("2025-12-01"), day("2025-12-07"), Some(CAROL))]);
        office.hears(&amy, &[], now()).await;
        assert_eq!(office.away().await, [given]);
    });
}

#[test]
fn who_stands_in_comes_in_when_the_calendar_names_them_and_changes_with_it() {
    on_both(|place: Place| async move {
        let office = Office::open(&place).await;
        let amy = of(11, AMY);
        for (words, cover) in
            [("", None), (" (cover Bob)", Some(BOB)), (" (cover Carol)", Some(CAROL)), ("", None)]
        {
            let taken = office.hears(&amy, &[&leave("a", "2025-10-06", "2025-10-11", words)], now()).await;
            let wanted = (AMY, day("2025-10-06"), day("2025-10-10"), cover);
            assert_eq!((office.away().await, taken.absences), (vec![wanted], 1), "{words:?}");
        }
    });
}

#[test]
fn a_meeting_that_was_made_longer_is_over_when_it_ends() {
    on_both(|place: Place| async move {
        let office = Office::open(&place).await;
        let amy = of(11, AMY);
        let is_due = async |at: Timestamp| {
            follow::is_due(&mut office.db.read().await.unwrap(), office.firm, amy.subscription, at)
                .await
                .unwrap()
        };
        let taken = office.hears(&amy, &[&meeting(3, "1000", "1100", JO)], now()).await;
        assert_eq!(taken.to_come, 1);
        let longer = meeting(3, "1000", "1200", JO);
        assert_eq!(office.hears(&amy, &[&longer], now()).await.to_come, 1);
        assert_eq!(office.hears(&amy, &[&longer], now()).await.to_come, 0, "nothing new");
        let early = at("2025-09-03T11:30:00Z");
        assert!(!is_due(early).await);
        office.hears(&amy, &[&longer], early).await;
        assert_eq!(office.meetings().await, []);
        let late = at("2025-09-03T12:00:00Z");
        assert!(is_due(late).await);
        assert_eq!(office.hears(&amy, &[&longer], late).await.meetings, 1);
        assert!(!is_due(late).await);
        assert_eq!(office.meetings().await, [(at("2025-09-03T10:00:00Z"), true)]);
    });
}

#[test]
fn a_meeting_counts_no_more_only_while_the_calendar_says_so() {
    on_both(|place: Place| async move {
        let office = Office::open(&place).await;
        let amy = of(11, AMY);
        let met = meeting(2, "1000", "1100", JO);
        let first = at("2025-09-02T10:00:00Z");
        office.hears(&amy, &[&met], now()).await;
        // Who is of a client changes, and the meeting took place all the same.
        office.jo_is_a_contact(false).await;
        office.hears(&amy, &[&met], now()).await;
        assert_eq!(office.meetings().await, [(first, true)], "nobody cancelled it");
        office.jo_is_a_contact(true).await;
        office.hears(&amy, &[&met], now()).await;
        assert_eq!(office.meetings().await, [(first, true)]);
        // Cancelled, declined, made private, and each taken back.
        let declined = JO.replace("ATTENDEE", "ATTENDEE;PARTSTAT=DECLINED");
        for other in ["\nSTATUS:CANCELLED", "\nCLASS:PRIVATE"]
            .map(|more| meeting(2, "1000", "1100", &format!("{JO}{more}")))
            .into_iter()
            .chain([meeting(2, "1000", "1100", &declined)])
        {
            office.hears(&amy, &[&other], now()).await;
            assert_eq!(office.meetings().await, [(first, false)], "{other}");
            office.hears(&amy, &[&met], now()).await;
            assert_eq!(office.meetings().await, [(first, true)], "{other}");
        }
        // Moved, and moved back.
        let second = at("2025-09-01T10:00:00Z");
        office.hears(&amy, &[&meeting(1, "1000", "1100", JO)], now()).await;
        assert_eq!(office.meetings().await, [(second, true), (first, false)]);
        office.hears(&amy, &[&met], now()).await;
        assert_eq!(office.meetings().await, [(second, false), (first, true)]);
        // That it vanished says nothing.
        office.hears(&amy, &[], now()).await;
        assert_eq!(office.meetings().await, [(second, false), (first, true)]);
    });
}

#[test]
fn what_a_person_took_back_a_calendar_does_not_bring_back() {
    on_both(|place: Place| async move {
        let office = Office::open(&place).await;
        let amy = of(11, AMY);
        let met = meeting(2, "1000", "1100", JO);
        let first = at("2025-09-02T10:00:00Z");
        office.hears(&amy, &[&met], now()).await;
        office.takes_back(AMY, NaturalKey(4711)).await;
        office.hears(&amy, &[], now()).await;
        office.hears(&amy, &[&met], now()).await;
        assert_eq!(office.meetings().await, [(first, false)]);
    });
}

#[test]
fn a_meeting_of_nobody_comes_into_the_record_once_they_are_of_a_client_again() {
    on_both(|place: Place| async move {
        let office = Office::open(&place).await;
        let amy = of(11, AMY);
        let met = meeting(3, "1000", "1100", JO);
        office.hears(&amy, &[&met], now()).await;
        office.jo_is_a_contact(false).await;
        let after = at("2025-09-03T12:00:00Z");
        let nothing = async |at| {
            let mut tx = office.write().await;
            follow::follow(&mut tx, office.firm, &amy, &TimeZone::UTC, &[], at).await.unwrap();
            tx.commit().await.unwrap();
        };
        nothing(after).await;
        assert_eq!(office.meetings().await, []);
        office.jo_is_a_contact(true).await;
        office.hears(&amy, &[&met], after).await;
        assert_eq!(office.meetings().await, [(at("2025-09-03T10:00:00Z"), true)]);
    });
}

#[test]
fn what_is_left_of_two_calendars_is_what_it_says_now() {
    on_both(|place: Place| async move {
        let office = Office::open(&place).await;
        let amy = of(11, AMY);
        for path in ["/own/a.ics", "/team/a.ics"] {
            office.hears_in(path, &amy, &[&leave("a", "2025-10-06", "2025-10-11", "")], now()).await;
        }
        office.hears_in("/own/a.ics", &amy, &[], now()).await;
        let covered = leave("a", "2025-10-06", "2025-10-11", " (cover Bob)");
        office.hears_in("/team/a.ics", &amy, &[&covered], now()).await;
        assert_eq!(office.away().await, [(AMY, day("2025-10-06"), day("2025-10-10"), Some(BOB))]);
        office.hears_in("/team/a.ics", &amy, &[], now()).await;
        assert_eq!(office.away().await, []);
    });
}

#[test]
fn a_meeting_that_one_of_two_colleagues_calls_off_for_themselves_took_place() {
    on_both(|place: Place| async move {
        let office = Office::open(&place).await;
        let (amy, bob) = (of(11, AMY), of(12, BOB));
        let met = meeting(2, "1000", "1100", JO);
        let off = meeting(2, "1000", "1100", &format!("{JO}\nSTATUS:CANCELLED"));
        for calendar in [&amy, &bob] {
            office.hears(calendar, &[&met], now()).await;
        }
        office.hears(&amy, &[&off], now()).await;
        assert_eq!(office.meetings().await, [(at("2025-09-02T10:00:00Z"), true)]);
        office.hears(&bob, &[&off], now()).await;
        assert_eq!(office.meetings().await, [(at("2025-09-02T10:00:00Z"), false)]);
    });
}
