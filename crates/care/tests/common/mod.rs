//! A small invented firm, and short words to tell what happened in it.
//!
//! The second of June 2025 is a Monday; the firm is open on weekdays from 9 to 17, in UTC; an answer is owed within a
//! working day, a callback within four working hours.
#![allow(dead_code, reason = "each test binary uses its own part of it")]

use care::acts::{Act, ActKind};
use care::book::FirmBook;
use care::entry::{Ask, Call, Decision, Delivery, Entry, Message, Note, NoteKind, Of, Verdict};
use care::fold::fold;
use care::hours::WorkCalendar;
use care::ids::{AddressId, ClientId, ContactId, EntryId, FirmId, MatterId, NaturalKey, StaffId};
use care::obligation::{Kind, Obligation, state};
use care::people::{Client, ClientKind, Directory, Matter, Staff, Who};
use care::record::{Record, records};
use care::standard::Standards;
use jiff::civil::date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Handles Acme's matter.
pub(crate) const AMY: StaffId = StaffId(1);
/// Acme's point person.
pub(crate) const BOB: StaffId = StaffId(2);
/// Neither.
pub(crate) const CAT: StaffId = StaffId(3);

pub(crate) const ACME: ClientId = ClientId(10);
pub(crate) const ZETA: ClientId = ClientId(20);

pub(crate) const AMY_MAIL: AddressId = AddressId(1);
pub(crate) const BOB_MAIL: AddressId = AddressId(2);
pub(crate) const CAT_MAIL: AddressId = AddressId(3);
pub(crate) const AMY_PHONE: AddressId = AddressId(4);
pub(crate) const BOB_PHONE: AddressId = AddressId(5);
pub(crate) const JO: AddressId = AddressId(10);
pub(crate) const JO_PHONE: AddressId = AddressId(11);
pub(crate) const JO_HOME: AddressId = AddressId(12);
pub(crate) const KIM: AddressId = AddressId(13);
pub(crate) const ACME_PHONE: AddressId = AddressId(14);
pub(crate) const ZED: AddressId = AddressId(20);
pub(crate) const COUNSEL: AddressId = AddressId(30);
pub(crate) const STRANGER: AddressId = AddressId(31);
pub(crate) const PARTNER: AddressId = AddressId(32);

/// A day and time of June 2025, or of another month: "2 11:00", "09-30 11:00".
pub(crate) fn at(text: &str) -> Timestamp {
    let (day, time) = text.split_once(' ').expect("day and time");
    let day = if day.contains('-') { day.to_owned() } else { format!("06-{day:0>2}") };
    format!("2025-{day}T{time}:00Z").parse().expect("a moment")
}

pub(crate) fn key(name: &str) -> NaturalKey {
    NaturalKey::of(name.as_bytes())
}

pub(crate) fn directory() -> Directory {
    let mut directory = Directory::default();
    for (address, staff) in
        [(AMY_MAIL, AMY), (BOB_MAIL, BOB), (CAT_MAIL, CAT), (AMY_PHONE, AMY), (BOB_PHONE, BOB)]
    {
        directory.place(address, Who::Staff(staff));
    }
    let contacts = [(JO, ACME, 1), (JO_PHONE, ACME, 1), (JO_HOME, ACME, 1), (KIM, ACME, 2), (ZED, ZETA, 3)];
    for (address, client, contact) in contacts {
        directory.place(address, Who::Client { client, contact: Some(ContactId(contact)) });
    }
    directory.place(ACME_PHONE, Who::Client { client: ACME, contact: None });
    directory.place(COUNSEL, Who::ThirdParty);
    directory.place(PARTNER, Who::Partner(ClientId(40)));
    directory
}

pub(crate) fn client(id: ClientId, point_person: Option<StaffId>) -> Client {
    Client {
        id,
        key: NaturalKey::of(&id.0.to_le_bytes()),
        kind: ClientKind::Organisation,
        since: Some(date(2025, 1, 1)),
        tier: None,
        point_person,
        matters: Vec::new(),
        told: Vec::new(),
    }
}

pub(crate) fn staff(id: StaffId) -> Staff {
    Staff { id, addresses: Vec::new(), absences: Vec::new(), left: None }
}

pub(crate) fn book() -> FirmBook {
    let calendar = WorkCalendar::office_hours(TimeZone::UTC);
    let mut book = FirmBook::new(FirmId(1), calendar, Standards::default(), directory());
    for id in [AMY, BOB, CAT] {
        book.add_staff(staff(id));
    }
    let matter = Matter { id: MatterId(1), handler: Some(AMY), opened: None, closed: None };
    book.add_client(Client { matters: vec![matter], ..client(ACME, Some(BOB)) });
    book.add_client(client(ZETA, Some(CAT)));
    book.record_from = Some(at("1 00:00"));
    book
}

/// A message; further words say what it is.
pub(crate) struct Mail(pub(crate) Message);

pub(crate) fn mail(name: &str, when: &str, from: AddressId, to: &[AddressId]) -> Mail {
    Mail(Message {
        entry: EntryId(0),
        key: key(name),
        at: at(when),
        thread: 1,
        subject: 0,
        from,
        to: to.into(),
        cc: Box::default(),
        mailbox: None,
        answers: None,
        mentions: Box::default(),
        automatic: false,
        needs_reply: 0.0,
        by_form: false,
        only_holds: false,
        delivers: Delivery::default(),
        acts: Box::default(),
    })
}

/// A message of Jo's to Amy that asks something.
pub(crate) fn ask(name: &str, when: &str) -> Mail {
    mail(name, when, JO, &[AMY_MAIL]).asks()
}

/// A message of Amy's to Jo that states something.
pub(crate) fn reply(name: &str, when: &str) -> Mail {
    mail(name, when, AMY_MAIL, &[JO]).states(&[])
}

impl Mail {
    pub(crate) fn cc(mut self, cc: &[AddressId]) -> Mail {
        self.0.cc = cc.into();
        self
    }
    pub(crate) fn thread(mut self, thread: u64) -> Mail {
        self.0.thread = thread;
        self
    }
    pub(crate) fn subject(mut self, subject: u64) -> Mail {
        self.0.subject = subject;
        self
    }
    pub(crate) fn answers(mut self, name: &str) -> Mail {
        self.0.answers = Some(key(name));
        self
    }
    pub(crate) fn mentions(mut self, client: ClientId) -> Mail {
        self.0.mentions = Box::new([client]);
        self
    }
    pub(crate) fn in_mailbox(mut self, address: AddressId) -> Mail {
        self.0.mailbox = Some(address);
        self
    }
    pub(crate) fn automatic(mut self) -> Mail {
        self.0.automatic = true;
        self
    }
    pub(crate) fn asks(mut self) -> Mail {
        self.0.needs_reply = 0.9;
        self
    }
    pub(crate) fn by_form(mut self) -> Mail {
        self.0.by_form = true;
        self
    }
    pub(crate) fn states(mut self, things: &[u32]) -> Mail {
        self.0.delivers.states = true;
        self.0.delivers.things = things.into();
        self
    }
    pub(crate) fn carries(mut self, things: &[u32]) -> Mail {
        self.0.delivers.carries = true;
        self.0.delivers.things = things.into();
        self
    }
    pub(crate) fn act(mut self, act: Act) -> Mail {
        let mut acts = self.0.acts.into_vec();
        acts.push(act);
        self.0.acts = acts.into();
        self
    }
    /// Nothing but the acts it has.
    pub(crate) fn only_holds(mut self) -> Mail {
        self.0.only_holds = true;
        self.0.delivers = Delivery::default();
        self
    }
}

pub(crate) fn act(kind: ActKind, start: u32) -> Act {
    Act { kind, start, end: start + 10, confidence: 0.9, due: None, things: Box::default(), in_touch: false }
}

/// A promise in the ten characters from `start`, of these things.
pub(crate) fn promise(start: u32, due: Option<&str>, things: &[u32]) -> Act {
    Act { due: due.map(at), things: things.into(), ..act(ActKind::Promise, start) }
}

pub(crate) fn in_touch(start: u32, due: Option<&str>) -> Act {
    Act { in_touch: true, ..promise(start, due, &[]) }
}

pub(crate) fn hold(start: u32, due: Option<&str>) -> Act {
    Act { due: due.map(at), ..act(ActKind::Hold, start) }
}

pub(crate) fn call(name: &str, when: &str, from: AddressId, to: AddressId, seconds: i64) -> Entry {
    Entry::Call(Call {
        entry: EntryId(0),
        key: key(name),
        at: at(when),
        from,
        to,
        talked: (0 < seconds).then(|| SignedDuration::from_secs(seconds)),
    })
}

pub(crate) fn note(name: &str, when: &str, kind: NoteKind, with: &[AddressId], acts: &[Act]) -> Entry {
    Entry::Note(Note {
        entry: EntryId(0),
        key: key(name),
        at: at(when),
        by: AMY,
        kind,
        client: ACME,
        with: with.into(),
        acts: acts.into(),
        asks: Box::default(),
    })
}

/// A note of the text kind by somebody, that asks colleagues: who, and where each question begins.
pub(crate) fn asking(name: &str, when: &str, by: StaffId, asked: &[(StaffId, u32)]) -> Entry {
    let Entry::Note(note) = note(name, when, NoteKind::Text, &[], &[]) else { unreachable!("a note") };
    let asks = asked.iter().map(|&(staff, start)| Ask { staff, start, end: start + 10 }).collect();
    Entry::Note(Note { by, asks, ..note })
}

pub(crate) fn decided(name: &str, when: &str, what: Verdict) -> Entry {
    Entry::Decision(Decision { entry: EntryId(0), key: key(name), at: at(when), by: BOB, what })
}

pub(crate) fn message(name: &str) -> Of {
    Of::Message(key(name))
}

impl From<Mail> for Entry {
    fn from(mail: Mail) -> Entry {
        Entry::Message(mail.0)
    }
}

/// All that was ever owed to a client after these entries.
pub(crate) fn owed(entries: &[Entry], book: &FirmBook, client: ClientId) -> Vec<Obligation> {
    let mut book = book.clone();
    let decisions = entries.iter().filter_map(|entry| match entry {
        Entry::Decision(decision) => Some(decision),
        _ => None,
    });
    book.directory = book.directory.decided(care::record::in_force(decisions));
    let empty = Record::new(client, []);
    let records = records(entries, &book);
    fold(records.iter().find(|record| record.client == client).unwrap_or(&empty), &book)
}

/// Obligations as lines to compare: "answer a of amy kept chases 1 due 3 11:00: opened a, joined b, ended c".
pub(crate) fn lines(obligations: &[Obligation], kinds: &[Kind], now: &str, names: &[&str]) -> Vec<String> {
    let mut lines = Vec::new();
    for o in obligations.iter().filter(|o| kinds.contains(&o.kind)) {
        let Some((state, overdue)) = state(o, at(now)) else { continue };
        let name = |of: Of| names.iter().find(|name| key(name) == of.key()).map_or("?", |name| *name);
        let owner = o.owner.map_or("nobody", |owner| ["?", "amy", "bob", "cat"][owner.0 as usize]);
        let mut line = format!("{} of {owner} {}", o.kind.name(), state.name());
        if overdue && o.kind != Kind::Promise {
            line += " overdue";
        }
        if o.first {
            line += " first";
        }
        if 0 < o.chases {
            line += &format!(" chases {}", o.chases);
        }
        if o.ended.is_some_and(|ended| ended.proposed) {
            line += " proposed";
        }
        line += &format!(" due {}", due(o.due_at));
        if let Some(id) = o.continues {
            let continued = obligations.iter().find(|other| other.id == id);
            line += &format!(" continues {}", continued.map_or("?", |other| other.kind.name()));
        }
        let evidence: Vec<String> =
            o.evidence.iter().map(|e| format!("{} {}", e.role.name(), name(e.of))).collect();
        lines.push(format!("{line}: {}", evidence.join(", ")));
    }
    lines.sort();
    lines
}

fn due(at: Timestamp) -> String {
    let local = at.to_zoned(TimeZone::UTC).datetime();
    if local.date().year() == 2025 && local.date().month() == 6 {
        format!("{} {:02}:{:02}", local.day(), local.hour(), local.minute())
    } else {
        format!("{} {:02}:{:02}", local.date(), local.hour(), local.minute())
    }
}
