//! Plans the threads of the corpus: who writes to whom, when, and what each message answers.

use crate::chance::Chance;
use crate::firm::Firm;

/// The corpus begins on Monday, 1 January 2024, 08:00 UTC, in seconds since 1970.
const BEGIN: i64 = 1_704_096_000;
/// It goes over four hundred days, however many messages there are.
const SPAN: i64 = 400 * 86_400;
/// Threads per thousand.
const NEWSLETTERS: usize = 90;
const INTERNAL: usize = 80;

/// Which folder of a mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Folder {
    Inbox,
    Sent,
}

/// What kind of thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// With a contact of a client: places in the firm's clients and their contacts.
    Client { client: usize, contact: usize },
    /// Among colleagues; the other one.
    Internal { other: usize },
    /// One message from a sender of bulk mail.
    Newsletter { client: usize },
}

/// One message to be written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Planned {
    /// When it is sent, in seconds since 1970.
    pub(crate) at: i64,
    /// Which thread; with the seed, all else of it follows from this.
    pub(crate) thread: u32,
    /// Which message of the thread.
    pub(crate) index: u8,
    pub(crate) kind: Kind,
    /// The person of the firm in whose hands the thread is.
    pub(crate) staff: usize,
    /// A colleague who gets a copy.
    pub(crate) copy: Option<usize>,
    /// A bit for each message of the thread: set where the firm (or the first of two colleagues) wrote it.
    pub(crate) ours: u32,
    /// When the messages before it were sent, back from its own time.
    before: [u32; MOST],
}

/// No thread is longer.
const MOST: usize = 16;

impl Planned {
    pub(crate) fn is_ours(&self, index: u8) -> bool {
        self.ours >> index & 1 == 1
    }

    /// When an earlier message of the thread was sent.
    pub(crate) fn sent_at(&self, index: u8) -> i64 {
        self.at - i64::from(self.before[usize::from(index)])
    }

    /// The mailboxes and folders in which it is kept.
    pub(crate) fn kept_in(&self) -> Vec<(usize, Folder)> {
        let mut kept = vec![match (self.kind, self.is_ours(self.index)) {
            (Kind::Internal { .. }, true) | (Kind::Client { .. }, true) => (self.staff, Folder::Sent),
            (Kind::Internal { other }, false) => (other, Folder::Sent),
            _ => (self.staff, Folder::Inbox),
        }];
        if let Kind::Internal { other } = self.kind {
            let reader = if self.is_ours(self.index) { other } else { self.staff };
            kept.push((reader, Folder::Inbox));
        }
        kept.extend(self.copy.map(|colleague| (colleague, Folder::Inbox)));
        kept
    }
}

/// Plans at least so many messages, in the order in which they are sent.
pub(crate) fn plan(seed: u64, messages: usize, firm: &Firm) -> Vec<Planned> {
    let mut planned: Vec<Planned> = Vec::with_capacity(messages + MOST);
    let mut thread = 0;
    while planned.len() < messages {
        let mut chance = Chance::new(seed, (1 << 40) + u64::from(thread));
        one_thread(thread, &mut chance, firm, &mut planned);
        thread += 1;
    }
    planned.sort_by_key(|message| (message.at, message.thread, message.index));
    planned
}

fn one_thread(thread: u32, chance: &mut Chance, firm: &Firm, planned: &mut Vec<Planned>) {
    // A few clients write most of the mail.
    let client = chance.below(firm.clients.len()).min(chance.below(firm.clients.len()));
    let usual = firm.clients[client].point_person;
    let staff = if chance.in_thousand(800) { usual } else { chance.below(firm.staff.len()) };
    let other = (staff + chance.between(1, firm.staff.len())) % firm.staff.len();
    let (kind, length) = match chance.below(1000) {
        roll if roll < NEWSLETTERS => (Kind::Newsletter { client }, 1),
        roll if roll < NEWSLETTERS + INTERNAL => (Kind::Internal { other }, chance.between(1, 4)),
        _ => {
            let contact = chance.below(firm.clients[client].contacts.len());
            (Kind::Client { client, contact }, 1 + chance.below(9).min(chance.below(MOST)))
        }
    };
    let is_client = matches!(kind, Kind::Client { .. });
    let copy = (is_client && chance.in_thousand(60)).then_some(other);
    let mut at = BEGIN + chance.below(SPAN as usize) as i64;
    let mut writes = kind_begins(kind, chance);
    let (mut ours, mut times) = (0, Vec::with_capacity(length));
    for index in 0..length {
        ours |= u32::from(writes) << index;
        times.push(at);
        let before = std::array::from_fn(|i| times.get(i).map_or(0, |sent| (at - sent) as u32));
        planned.push(Planned { at, thread, index: index as u8, kind, staff, copy, ours, before });
        // Mostly the other side writes next; else it is a chase or an afterthought.
        writes ^= chance.in_thousand(870);
        // From minutes to a few days, short ones more often.
        let hours = chance.between(1, 90) * chance.between(1, 90) / 90;
        at += (hours * 3600 + chance.between(120, 3600)) as i64;
    }
}

fn kind_begins(kind: Kind, chance: &mut Chance) -> bool {
    match kind {
        Kind::Client { .. } => chance.in_thousand(300),
        Kind::Internal { .. } => true,
        Kind::Newsletter { .. } => false,
    }
}
