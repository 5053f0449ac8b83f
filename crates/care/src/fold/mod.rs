//! From a client's record to what is owed to them.
//!
//! One pass over the record in the order of `order`; each kind of obligation keeps the little it must remember in
//! a file of its own. Nothing here asks the time: what is overdue or broken follows from [`crate::obligation::state`].
//!
//! The rows of the design's table 3a hold as written. Cases met beyond them:
//!
//! - A reply comes after what it answers, whatever its clock says; it takes effect at the later of the two moments.
//! - Copies of one entry count once; the earliest is kept.
//! - A promise to several clients in one message is owed to the first of them in To, else in Cc. A client who is only
//!   in Cc of a letter to an outsider is promised nothing by it.
//! - A date that is not after the sending is no date: such a promise falls due one standard answer time after it.
//! - Promise passages that overlap are one promise: the last date, the things of all.
//! - A hold alone is a promise only where the message holds nothing else; otherwise the reader gives it as a promise too.
//! - A reply that only holds, but in which every promise and hold was corrected away, is an ordinary answer.
//! - A hold to several open waits (same subject, or by quotation) moves each; one promise continues them all. It names
//!   the oldest answer as what it continues, and each of them names it.
//! - A delivery that meets the things of one open promise leaves those open that name other things. One that meets
//!   none counts for all in that thread, with less confidence, as proposed.
//! - A message that delivers something and tells a new date for a promise by name moves that promise, unless it
//!   carries a file: then the promise is kept, and the new one stands beside it.
//! - A promise from a note has no thread: mail to those who took part keeps it where the thing meets, or where the
//!   promise was to be in touch.
//! - A call or meeting that somebody noted counts as a connected call with those who took part.
//! - A call with anybody who waits (who opened, or joined) proposes the end of that wait.
//! - A callback to a number that no contact has: a call with that number, or any message to the client (proposed).
//! - The desks of a hunt group ring together: rings within two minutes are one attempt, a later one is a chase.
//! - "No answer needed", "done" and "released" on a message judge the wait up to that message. What the client wrote
//!   after it opens an answer of its own.
//! - A person's word replaces a proposed ending, and never a certain one.
//! - What was taken for a promise and is none stays visible as released, and can be taken back.
//! - A check-in opens after silence of both sides, and is not ended by the client's own message: our word ends it.
//! - A stand-in for a client (no list given) is missed only after three messages each way, and needs no cover.
//! - Partners, prospects and former clients are answered and rung back like clients; nothing is tended for them.
//! - An owner who has left is passed over; one who is away stays the owner, and the page says who stands in.
//! - When an uncovered absence is over, the cover is kept late: the point person is there again.
//! - Several things that a record lacks are one record gap, open until it tells them all. Whoever spares it is asked again
//!   only once the record was whole and lacks something anew.

mod answer;
mod callback;
mod check_in;
mod cover;
mod decide;
mod facts;
mod order;
mod out;
mod owner;
mod promise;
mod question;
mod record_gap;
mod rulings;
mod second_tie;
mod standing;

use jiff::{SignedDuration, Timestamp};
use rustc_hash::FxHashMap;

use crate::book::FirmBook;
use crate::entry::{Decision, Entry, Of};
use crate::ids::{AddressId, ClientId, ContactId, NaturalKey, StaffId};
use crate::obligation::{Ended, Ending, Evidence, Kind, Obligation, ObligationId, Role};
use crate::people::Client;
use crate::record::{Record, in_force};
use crate::standard::Standard;

use out::Out;
pub use standing::{Standing, Step, fold_and_stand};

/// From this confidence on, what the reader found is acted on.
const SURE_ENOUGH: f32 = 0.5;
/// A connected call is taken for a talk from this length on.
const TALK: SignedDuration = SignedDuration::from_secs(30);
/// How sure we are that a talk of unknown content answered what was asked.
const TALK_ANSWERS: f32 = 0.6;

/// Everything that is or was owed to a client, by the moment at which it opened.
pub fn fold(record: &Record<'_>, book: &FirmBook) -> Vec<Obligation> {
    let decisions = decisions(record);
    let (mut fold, events) = Fold::of(record, book, &decisions);
    fold.finish(events.first().map(|event| event.at));
    sorted(fold.out.into_all())
}

/// In the order in which they opened.
fn sorted(mut owed: Vec<Obligation>) -> Vec<Obligation> {
    owed.sort_by_key(|obligation| (obligation.opened_at, obligation.kind, obligation.id));
    owed
}

/// The decisions of a record that are in force.
fn decisions<'a>(record: &Record<'a>) -> Vec<(&'a Entry, &'a Decision)> {
    let all: FxHashMap<NaturalKey, (&Entry, &Decision)> = (record.entries().iter())
        .filter_map(|&entry| match entry {
            Entry::Decision(decision) => Some((decision.key, (entry, decision))),
            _ => None,
        })
        .collect();
    let standing = in_force(all.values().map(|(_, decision)| *decision));
    standing.into_iter().filter_map(|decision| all.get(&decision.key).copied()).collect()
}

/// Somebody at the client, as calls and messages can be told to be with the same person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Party {
    /// The client is one person.
    Client,
    /// A contact, by whichever address or number.
    Contact(ContactId),
    /// An address or number that no contact has.
    Address(AddressId),
}

/// The fold of one record, half way.
struct Fold<'a> {
    book: &'a FirmBook,
    client: ClientId,
    profile: Option<&'a Client>,
    /// The client's natural key, which tells apart what one entry opens for several clients.
    client_key: NaturalKey,
    standard: &'a Standard,
    /// One standard answer time.
    answer_time: SignedDuration,
    /// The one face the client knows, at the moment that the fold has reached.
    point_person: Option<StaffId>,
    rulings: rulings::Rulings<'a>,
    /// For entries that decisions point at: the obligations they opened or joined.
    pointed_at: FxHashMap<Of, Vec<usize>>,
    out: Out,
    answers: answer::Answers,
    /// Who waits, by wait; remembered where people decided about entries.
    members: FxHashMap<u32, answer::Members<'a>>,
    promises: promise::Promises,
    callbacks: callback::Callbacks,
    questions: question::Questions,
    silence: check_in::Silence,
    ties: second_tie::Ties,
    /// Decisions about the client as such, at the moment they take effect.
    upkeep: Vec<(Timestamp, &'a Decision)>,
}

impl<'a> Fold<'a> {
    /// The fold of all events of a record, and these.
    fn of(
        record: &Record<'a>,
        book: &'a FirmBook,
        decisions: &[(&'a Entry, &'a Decision)],
    ) -> (Fold<'a>, Vec<order::Event<'a>>) {
        let mut fold = Fold::new(record.client, book, decisions);
        let mut events = order::events(record.entries());
        fold.silence_from(events.first().map(|event| event.at));
        if !decisions.is_empty() {
            order::with_decisions(&mut events, decisions);
        }
        for event in &events {
            fold.take(event);
        }
        (fold, events)
    }

    fn new(client: ClientId, book: &'a FirmBook, decisions: &[(&'a Entry, &'a Decision)]) -> Fold<'a> {
        let profile = book.client(client);
        let standard = profile.map_or(&book.standards.default, |profile| book.standard(profile));
        let pointed_at = decisions
            .iter()
            .filter_map(|(_, decision)| Some((decision.what.judges()?, Vec::new())))
            .collect();
        Fold {
            book,
            client,
            profile,
            client_key: profile.map_or(NaturalKey(client.0 as u64), |profile| profile.key),
            standard,
            answer_time: standard.answer.in_hours_of(&book.calendar),
            point_person: profile.and_then(|profile| profile.point_person),
            rulings: rulings::Rulings::new(decisions.iter().map(|(_, decision)| *decision)),
            pointed_at,
            out: Default::default(),
            answers: Default::default(),
            members: Default::default(),
            promises: Default::default(),
            callbacks: Default::default(),
            questions: Default::default(),
            silence: Default::default(),
            ties: Default::default(),
            upkeep: Vec::new(),
        }
    }

    /// Adds what follows from the record as a whole; `first` is the moment of its first event.
    fn finish(&mut self, first: Option<Timestamp>) {
        self.finish_silence();
        self.finish_ties();
        self.finish_cover(first);
        self.finish_record_gap(first);
    }

    fn is_open(&self, i: usize) -> bool {
        self.out[i].ended.is_none()
    }

    /// Puts an obligation into the list.
    fn open(&mut self, obligation: Obligation) -> usize {
        if let Some(opened) = obligation.evidence.first() {
            self.point(opened.of, self.out.len());
        }
        self.open_unpointed(obligation)
    }

    /// Puts what is owed to a client as such into the list: decisions find it by client and kind.
    fn open_unpointed(&mut self, obligation: Obligation) -> usize {
        self.out.push(obligation);
        self.out.len() - 1
    }

    /// An entry joins a wait.
    fn join(&mut self, i: usize, of: Of) {
        self.point(of, i);
        self.out.change(i).evidence.push(Evidence { role: Role::Joined, of, passage: None });
    }

    fn point(&mut self, of: Of, i: usize) {
        if !self.pointed_at.is_empty()
            && let Some(list) = self.pointed_at.get_mut(&of)
        {
            list.push(i);
        }
    }

    /// Ends an obligation, unless it has ended for certain or a person said that this was not its end.
    fn end(&mut self, i: usize, end: End) -> bool {
        let decided = matches!(end.of, Of::Decision(_));
        if self.out[i].ended.is_some_and(|ended| !(ended.proposed && decided)) {
            return false;
        }
        let obligation = self.out.change(i);
        if obligation.ended.is_some() {
            obligation.evidence.retain(|e| !matches!(e.role, Role::Ended | Role::Moved));
        }
        // What joined a promise is the client's message of another wait.
        let joins = obligation.kind != Kind::Promise;
        let opens = |e: &&Evidence| e.role == Role::Opened || joins && e.role == Role::Joined;
        let openers = || obligation.evidence.iter().filter(opens).map(|e| e.of);
        if self.rulings.is_barred(openers(), end.of) {
            return false;
        }
        let confirmed = end.sure < PROPOSED_BELOW && self.rulings.is_confirmed(openers(), end.of);
        let sure = if confirmed { 1.0 } else { end.sure };
        let role = if end.how == Ending::Moved { Role::Moved } else { Role::Ended };
        obligation.evidence.push(Evidence { role, of: end.of, passage: None });
        obligation.confidence *= sure;
        obligation.ended = Some(Ended {
            how: end.how,
            at: end.at,
            proposed: sure < PROPOSED_BELOW,
            by: end.by,
            continued_by: end.continued_by,
        });
        if obligation.kind == Kind::Answer && end.how == Ending::Kept && obligation.due_at < end.at {
            self.answers.was_late = true;
        }
        true
    }
}

/// Below this confidence an ending is proposed.
const PROPOSED_BELOW: f32 = 0.8;

/// An ending on its way into an obligation.
#[derive(Clone, Copy)]
struct End {
    how: Ending,
    at: Timestamp,
    /// What ended it.
    of: Of,
    by: Option<StaffId>,
    /// How sure we are that it did, 0 to 1.
    sure: f32,
    continued_by: Option<ObligationId>,
}

/// An obligation that has just opened.
fn opened(id: ObligationId, kind: Kind, client: ClientId, at: Timestamp, due_at: Timestamp) -> Obligation {
    Obligation {
        id,
        kind,
        client,
        contact: None,
        owner: None,
        opened_at: at,
        due_at,
        ended: None,
        chases: 0,
        confidence: 1.0,
        first: false,
        evidence: Vec::new(),
        continues: None,
    }
}

/// The evidence that an entry opened something.
fn opened_by(of: Of, passage: Option<(u32, u32)>) -> Vec<Evidence> {
    vec![Evidence { role: Role::Opened, of, passage }]
}
