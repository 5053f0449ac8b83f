//! The facts of an entry in few bytes, as the fold reads them back: one byte of version, then the fields in order.
//!
//! What has a column of its own (entry, natural key, time, thread) is not repeated. Numbers are as long as they need
//! to be. A new field means a new version, and reading goes on for all versions ever written.

mod owed;
#[cfg(test)]
pub(super) mod tests;
mod tie;
mod verdict;

use care::acts::{Act, ActKind};
use care::entry::{Ask, Call, Decision, Delivery, Entry, Message, Note, NoteKind, Of};
use jiff::{SignedDuration, Timestamp};

pub use owed::{pack_owed, unpack_owed};
pub use tie::{pack_tie, unpack_tie};

use crate::ids::{AddressId, ClientId, EntryId, NaturalKey, StaffId};
use crate::packed::{Reader, Unreadable, Writer};

/// The version written now.
const VERSION: u8 = 1;
/// The version of a note that asks colleagues something.
const ASKING: u8 = 2;

/// The columns beside the facts.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The entry.
    pub entry: EntryId,
    /// Its natural key.
    pub key: NaturalKey,
    /// When it happened.
    pub at: Timestamp,
    /// Its thread; 0 for what is no message.
    pub thread: u64,
    /// The message that it answers.
    pub answers: Option<NaturalKey>,
}

/// The word for the kind of an entry in its table.
pub fn kind(entry: &Entry) -> &'static str {
    match entry {
        Entry::Message(_) => "message",
        Entry::Call(_) => "call",
        Entry::Note(_) => "note",
        Entry::Decision(_) => "decision",
    }
}

/// The facts of an entry, to be stored.
pub fn pack(entry: &Entry) -> Vec<u8> {
    let mut out = Writer::default();
    match entry {
        Entry::Message(message) => message_out(&mut out, message),
        Entry::Call(call) => call_out(&mut out, call),
        Entry::Note(note) => note_out(&mut out, note),
        Entry::Decision(decision) => decision_out(&mut out, decision),
    }
    out.0
}

/// The entry of a row of the record.
pub fn unpack(kind: &str, row: Row, facts: &[u8]) -> Result<Entry, Unreadable> {
    let mut from = Reader(facts);
    let version = from.byte()?;
    if version != VERSION && !(version == ASKING && kind == "note") {
        return Err(Unreadable::Unknown(version.into()));
    }
    let entry = match kind {
        "message" => Entry::Message(message_in(&mut from, row)?),
        "call" => Entry::Call(call_in(&mut from, row)?),
        "note" => Entry::Note(note_in(&mut from, row, version)?),
        "decision" => Entry::Decision(decision_in(&mut from, row)?),
        _ => return Err(Unreadable::Unknown(u64::MAX)),
    };
    if from.0.is_empty() { Ok(entry) } else { Err(Unreadable::Length) }
}

/// The facts of a message, to be stored.
pub(crate) fn pack_message(message: &Message) -> Vec<u8> {
    let mut out = Writer::default();
    message_out(&mut out, message);
    out.0
}

const AUTOMATIC: u64 = 1;
const ONLY_HOLDS: u64 = 2;
const CARRIES: u64 = 4;
const STATES: u64 = 8;
const BY_FORM: u64 = 16;

fn message_out(out: &mut Writer, message: &Message) {
    out.byte(VERSION);
    let flag = |set: bool, bit: u64| if set { bit } else { 0 };
    out.number(
        flag(message.automatic, AUTOMATIC)
            | flag(message.only_holds, ONLY_HOLDS)
            | flag(message.delivers.carries, CARRIES)
            | flag(message.delivers.states, STATES)
            | flag(message.by_form, BY_FORM),
    );
    out.whole(message.subject);
    out.address(message.from);
    out.addresses(&message.to);
    out.addresses(&message.cc);
    out.number(message.mailbox.map_or(0, |address| u64::from(address.0) + 1));
    out.list(&message.mentions, |out, client| out.signed(client.0));
    out.real(message.needs_reply);
    out.hashes(&message.delivers.things);
    out.list(&message.acts, act_out);
}

fn message_in(from: &mut Reader<'_>, row: Row) -> Result<Message, Unreadable> {
    let flags = from.number()?;
    Ok(Message {
        entry: row.entry,
        key: row.key,
        at: row.at,
        thread: row.thread,
        subject: from.whole()?,
        from: from.address()?,
        to: from.addresses()?,
        cc: from.addresses()?,
        mailbox: match from.number()? {
            0 => None,
            number => Some(address(number - 1)?),
        },
        answers: row.answers,
        mentions: from.list(|from| from.signed().map(ClientId))?,
        automatic: flags & AUTOMATIC != 0,
        needs_reply: from.real()?,
        by_form: flags & BY_FORM != 0,
        only_holds: flags & ONLY_HOLDS != 0,
        delivers: Delivery {
            carries: flags & CARRIES != 0,
            states: flags & STATES != 0,
            things: from.hashes()?,
        },
        acts: from.list(act_in)?,
    })
}

fn call_out(out: &mut Writer, call: &Call) {
    out.byte(VERSION);
    out.address(call.from);
    out.address(call.to);
    out.option(call.talked, |out, talked| out.signed(micros(talked)));
}

fn call_in(from: &mut Reader<'_>, row: Row) -> Result<Call, Unreadable> {
    Ok(Call {
        entry: row.entry,
        key: row.key,
        at: row.at,
        from: from.address()?,
        to: from.address()?,
        talked: from.option(|from| from.signed().map(SignedDuration::from_micros))?,
    })
}

fn note_out(out: &mut Writer, note: &Note) {
    out.byte(if note.asks.is_empty() { VERSION } else { ASKING });
    out.signed(note.by.0);
    out.byte(match note.kind {
        NoteKind::Call => 0,
        NoteKind::Meeting => 1,
        NoteKind::Text => 2,
    });
    out.signed(note.client.0);
    out.addresses(&note.with);
    out.list(&note.acts, act_out);
    if !note.asks.is_empty() {
        out.list(&note.asks, |out, ask| {
            out.signed(ask.staff.0);
            out.number(ask.start.into());
            out.number(ask.end.into());
        });
    }
}

fn ask_in(from: &mut Reader<'_>) -> Result<Ask, Unreadable> {
    Ok(Ask { staff: StaffId(from.signed()?), start: from.small()?, end: from.small()? })
}

fn note_in(from: &mut Reader<'_>, row: Row, version: u8) -> Result<Note, Unreadable> {
    Ok(Note {
        entry: row.entry,
        key: row.key,
        at: row.at,
        by: StaffId(from.signed()?),
        kind: match from.byte()? {
            0 => NoteKind::Call,
            1 => NoteKind::Meeting,
            2 => NoteKind::Text,
            other => return Err(Unreadable::Unknown(other.into())),
        },
        client: ClientId(from.signed()?),
        with: from.addresses()?,
        acts: from.list(act_in)?,
        asks: if version == ASKING { from.list(ask_in)? } else { Box::default() },
    })
}

fn decision_out(out: &mut Writer, decision: &Decision) {
    out.byte(VERSION);
    out.signed(decision.by.0);
    verdict::out(out, &decision.what);
}

fn decision_in(from: &mut Reader<'_>, row: Row) -> Result<Decision, Unreadable> {
    Ok(Decision {
        entry: row.entry,
        key: row.key,
        at: row.at,
        by: StaffId(from.signed()?),
        what: verdict::read(from)?,
    })
}

pub(super) fn act_out(out: &mut Writer, act: &Act) {
    out.byte(act.kind as u8 | if act.in_touch { 0x80 } else { 0 });
    out.number(act.start.into());
    out.number(act.end.into());
    out.real(act.confidence);
    out.option(act.due, |out, due| out.at(due));
    out.hashes(&act.things);
}

pub(super) fn act_in(from: &mut Reader<'_>) -> Result<Act, Unreadable> {
    let first = from.byte()?;
    let kind = ActKind::ALL.get(usize::from(first & 0x7f)).ok_or(Unreadable::Unknown(first.into()))?;
    Ok(Act {
        kind: *kind,
        start: from.small()?,
        end: from.small()?,
        confidence: from.real()?,
        due: from.option(Reader::at)?,
        things: from.hashes()?,
        in_touch: first & 0x80 != 0,
    })
}

/// A span in whole microseconds; one too long to count is as long as can be counted.
fn micros(span: SignedDuration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

fn address(number: u64) -> Result<AddressId, Unreadable> {
    u32::try_from(number).map(AddressId).map_err(|_| Unreadable::Unknown(number))
}

/// The fields that have a type of their own.
impl Writer {
    pub(super) fn at(&mut self, at: Timestamp) {
        self.signed(at.as_microsecond());
    }

    pub(super) fn address(&mut self, address: AddressId) {
        self.number(address.0.into());
    }

    pub(super) fn addresses(&mut self, addresses: &[AddressId]) {
        self.list(addresses, |out, address| out.address(*address));
    }

    pub(super) fn hashes(&mut self, hashes: &[u32]) {
        self.list(hashes, |out, hash| out.0.extend_from_slice(&hash.to_le_bytes()));
    }

    pub(super) fn of(&mut self, of: Of) {
        self.byte(match of {
            Of::Message(_) => 0,
            Of::Call(_) => 1,
            Of::Note(_) => 2,
            Of::Decision(_) => 3,
        });
        self.whole(of.key().0);
    }
}

impl Reader<'_> {
    pub(super) fn at(&mut self) -> Result<Timestamp, Unreadable> {
        let micros = self.signed()?;
        Timestamp::from_microsecond(micros).map_err(|_| Unreadable::Unknown(micros.cast_unsigned()))
    }

    pub(super) fn address(&mut self) -> Result<AddressId, Unreadable> {
        address(self.number()?)
    }

    pub(super) fn addresses(&mut self) -> Result<Box<[AddressId]>, Unreadable> {
        self.list(Reader::address)
    }

    pub(super) fn hashes(&mut self) -> Result<Box<[u32]>, Unreadable> {
        self.list(|from| from.exactly().map(u32::from_le_bytes))
    }

    pub(super) fn of(&mut self) -> Result<Of, Unreadable> {
        let kind = self.byte()?;
        let key = NaturalKey(self.whole()?);
        Ok(match kind {
            0 => Of::Message(key),
            1 => Of::Call(key),
            2 => Of::Note(key),
            3 => Of::Decision(key),
            other => return Err(Unreadable::Unknown(other.into())),
        })
    }
}
