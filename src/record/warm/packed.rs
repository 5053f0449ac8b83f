//! A record in few bytes: what its rows in the database hold, one after the other.

use care::entry::Entry;
use care::obligation::{Obligation, ObligationId};

use super::Known;
use crate::ids::{EntryId, NaturalKey};
use crate::packed::{Reader, Unreadable, Writer};
use crate::record::facts::{self, Row};

/// The kinds of entries, as their table calls them.
const KINDS: [&str; 4] = ["message", "call", "note", "decision"];

/// The entries and obligations of a record.
pub(super) fn pack(known: &Known) -> Box<[u8]> {
    let mut out = Writer::default();
    out.list(&known.entries, entry_out);
    out.list(&known.owed, |out, owed| {
        out.whole(owed.id.0);
        out.bytes(&facts::pack_owed(owed));
    });
    out.0.into()
}

/// The same again.
pub(super) fn unpack(packed: &[u8]) -> Result<Known, Unreadable> {
    let mut from = Reader(packed);
    let entries = from.list(entry_in)?.into_vec();
    let owed = from.list(owed_in)?.into_vec();
    if from.0.is_empty() { Ok(Known { entries, owed }) } else { Err(Unreadable::Length) }
}

fn entry_out(out: &mut Writer, entry: &Entry) {
    let (thread, answers) = match entry {
        Entry::Message(message) => (message.thread, message.answers),
        _ => (0, None),
    };
    let kind = facts::kind(entry);
    out.byte(KINDS.iter().position(|known| *known == kind).unwrap_or_default() as u8);
    out.signed(entry.id().0);
    out.whole(entry.key().0);
    out.at(entry.at());
    out.whole(thread);
    out.option(answers, |out, key| out.whole(key.0));
    out.bytes(&facts::pack(entry));
}

fn entry_in(from: &mut Reader<'_>) -> Result<Entry, Unreadable> {
    let kind = from.byte()?;
    let row = Row {
        entry: EntryId(from.signed()?),
        key: NaturalKey(from.whole()?),
        at: from.at()?,
        thread: from.whole()?,
        answers: from.option(Reader::whole)?.map(NaturalKey),
    };
    let kind = KINDS.get(usize::from(kind)).ok_or(Unreadable::Unknown(kind.into()))?;
    facts::unpack(kind, row, from.bytes()?)
}

fn owed_in(from: &mut Reader<'_>) -> Result<Obligation, Unreadable> {
    let id = ObligationId(from.whole()?);
    facts::unpack_owed(id, from.bytes()?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::record::facts::tests::{entries, obligations};

    proptest! {
        #[test]
        fn a_record_is_unpacked_as_it_was(
            entries in prop::collection::vec(entries(), 0..8), owed in prop::collection::vec(obligations(), 0..4),
        ) {
            let known = Known { entries, owed };
            prop_assert_eq!(unpack(&pack(&known)), Ok(known));
        }
    }
}
