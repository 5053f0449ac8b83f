//! An obligation in few bytes: all of it but its identity, which is the key of its row.

use care::obligation::{Ended, Ending, Evidence, Kind, Obligation, ObligationId, Role};

use super::{Reader, Unreadable, Writer};
use crate::ids::{ClientId, StaffId};

/// The version written now. Rows of another version are no facts: they are folded anew.
const VERSION: u8 = 2;

const ROLES: [Role; 4] = [Role::Opened, Role::Joined, Role::Moved, Role::Ended];
const ENDINGS: [Ending; 3] = [Ending::Kept, Ending::Moved, Ending::Released];

/// An obligation, to be stored.
pub fn pack_owed(owed: &Obligation) -> Vec<u8> {
    let mut out = Writer::default();
    out.byte(VERSION);
    out.byte(place_in(&Kind::ALL, &owed.kind));
    out.signed(owed.client.0);
    out.option(owed.contact, Writer::address);
    out.option(owed.owner, |out, staff| out.signed(staff.0));
    out.at(owed.opened_at);
    out.at(owed.due_at);
    out.option(owed.ended, ended_out);
    out.number(owed.chases.into());
    out.real(owed.confidence);
    out.byte(owed.first.into());
    out.list(&owed.evidence, |out, evidence| {
        out.byte(place_in(&ROLES, &evidence.role));
        out.of(evidence.of);
        out.option(evidence.passage, |out, (start, end)| {
            out.number(start.into());
            out.number(end.into());
        });
    });
    out.option(owed.continues, |out, id| out.whole(id.0));
    out.0
}

/// What was stored under that identity.
pub fn unpack_owed(id: ObligationId, packed: &[u8]) -> Result<Obligation, Unreadable> {
    let mut from = Reader(packed);
    let version = from.byte()?;
    if version != VERSION {
        return Err(Unreadable::Unknown(version.into()));
    }
    let owed = Obligation {
        id,
        kind: one_of(&mut from, &Kind::ALL)?,
        client: ClientId(from.signed()?),
        contact: from.option(Reader::address)?,
        owner: from.option(|from| from.signed().map(StaffId))?,
        opened_at: from.at()?,
        due_at: from.at()?,
        ended: from.option(ended_in)?,
        chases: from.small()?,
        confidence: from.real()?,
        first: one_of(&mut from, &[false, true])?,
        evidence: from.list(evidence_in)?.into(),
        continues: from.option(|from| from.whole().map(ObligationId))?,
    };
    if from.0.is_empty() { Ok(owed) } else { Err(Unreadable::Length) }
}

fn ended_out(out: &mut Writer, ended: Ended) {
    out.byte(place_in(&ENDINGS, &ended.how));
    out.at(ended.at);
    out.byte(ended.proposed.into());
    out.option(ended.by, |out, staff| out.signed(staff.0));
    out.option(ended.continued_by, |out, id| out.whole(id.0));
}

fn ended_in(from: &mut Reader<'_>) -> Result<Ended, Unreadable> {
    Ok(Ended {
        how: one_of(from, &ENDINGS)?,
        at: from.at()?,
        proposed: one_of(from, &[false, true])?,
        by: from.option(|from| from.signed().map(StaffId))?,
        continued_by: from.option(|from| from.whole().map(ObligationId))?,
    })
}

fn evidence_in(from: &mut Reader<'_>) -> Result<Evidence, Unreadable> {
    Ok(Evidence {
        role: one_of(from, &ROLES)?,
        of: from.of()?,
        passage: from.option(|from| Ok((from.small()?, from.small()?)))?,
    })
}

/// The place in a list that holds every value there is.
fn place_in<T: PartialEq>(all: &[T], value: &T) -> u8 {
    all.iter().position(|known| known == value).unwrap_or_default() as u8
}

fn one_of<T: Copy>(from: &mut Reader<'_>, all: &[T]) -> Result<T, Unreadable> {
    let place = from.byte()?;
    all.get(usize::from(place)).copied().ok_or(Unreadable::Unknown(place.into()))
}
