//! What is known of the contact with a client, in few bytes.

use care::obligation::{Ending, Obligation};
use jiff::Timestamp;
use outlook::Said;

use super::contact::{Pair, Traces, answer};
use crate::ids::{NaturalKey, StaffId};
use crate::packed::{Reader, Unreadable, Writer};

/// The version written now.
const VERSION: u8 = 1;
/// How answers end, by their numbers.
const ENDINGS: [Ending; 3] = [Ending::Kept, Ending::Moved, Ending::Released];

/// Packs traces, and who talks to whom.
pub(super) fn pack(traces: &Traces, pairs: &[Pair]) -> Vec<u8> {
    let mut out = Writer::default();
    out.byte(VERSION);
    for times in [&traces.inward, &traces.outward] {
        out.number(times.len() as u64);
        let mut before = 0;
        for at in times {
            out.signed(at.as_microsecond() - before);
            before = at.as_microsecond();
        }
    }
    for all in [&traces.complaints, &traces.departures] {
        out.list(all, |out, said| {
            out.at(said.at);
            out.whole(said.message.0);
            out.real(said.confidence);
        });
    }
    out.list(pairs, |out, pair| {
        out.address(pair.address);
        out.signed(pair.staff.0);
        out.number(pair.heard.into());
        out.number(pair.told.into());
        out.at(pair.last);
    });
    out.list(&traces.answers, |out, owed| {
        let ended = owed.ended.map_or((owed.due_at, Ending::Kept), |ended| (ended.at, ended.how));
        out.at(owed.opened_at);
        out.at(owed.due_at);
        out.at(ended.0);
        out.byte(ENDINGS.iter().position(|how| *how == ended.1).unwrap_or_default() as u8);
        out.list(&owed.evidence, |out, evidence| out.of(evidence.of));
    });
    out.0
}

/// Reads them back.
pub(super) fn unpack(packed: &[u8]) -> Result<(Traces, Vec<Pair>), Unreadable> {
    let mut from = Reader(packed);
    let version = from.byte()?;
    if version != VERSION {
        return Err(Unreadable::Unknown(version.into()));
    }
    let mut traces = Traces {
        inward: times(&mut from)?,
        outward: times(&mut from)?,
        complaints: from.list(said_in)?.into(),
        departures: from.list(said_in)?.into(),
        answers: Vec::new(),
    };
    let pairs = from.list(pair_in)?.into();
    traces.answers = from.list(answer_in)?.into();
    if from.0.is_empty() { Ok((traces, pairs)) } else { Err(Unreadable::Length) }
}

fn times(from: &mut Reader<'_>) -> Result<Vec<Timestamp>, Unreadable> {
    let mut before: i64 = 0;
    let times = from.list(|from| {
        let micros = before.saturating_add(from.signed()?);
        before = micros;
        Timestamp::from_microsecond(micros).map_err(|_| Unreadable::Unknown(micros.cast_unsigned()))
    })?;
    Ok(times.into())
}

fn said_in(from: &mut Reader<'_>) -> Result<Said, Unreadable> {
    Ok(Said { at: from.at()?, message: NaturalKey(from.whole()?), confidence: from.real()? })
}

fn pair_in(from: &mut Reader<'_>) -> Result<Pair, Unreadable> {
    Ok(Pair {
        address: from.address()?,
        staff: StaffId(from.signed()?),
        heard: from.small()?,
        told: from.small()?,
        last: from.at()?,
    })
}

fn answer_in(from: &mut Reader<'_>) -> Result<Obligation, Unreadable> {
    let (opened, due, ended) = (from.at()?, from.at()?, from.at()?);
    let how = from.byte()?;
    let how = *ENDINGS.get(usize::from(how)).ok_or(Unreadable::Unknown(how.into()))?;
    Ok(answer(opened, due, ended, how, from.list(Reader::of)?.into()))
}

#[cfg(test)]
mod tests {
    use care::entry::Of;

    use super::*;
    use crate::ids::AddressId;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn what_is_packed_comes_back_and_what_is_cut_off_is_refused() {
        let traces = Traces {
            inward: vec![at(-5), at(7), at(1_750_000_000)],
            outward: vec![at(1_750_000_100)],
            complaints: vec![Said { at: at(3), message: NaturalKey(u64::MAX), confidence: 0.75 }],
            departures: Vec::new(),
            answers: vec![answer(at(1), at(2), at(3), Ending::Moved, vec![Of::Message(NaturalKey(5))])],
        };
        let last = at(1_750_000_100);
        let pair = Pair { address: AddressId(9), staff: StaffId(-4), heard: 3, told: 0, last };
        assert!(!pair.is_tie(), "who only writes and is never answered is no tie");
        let packed = pack(&traces, &[pair]);
        assert_eq!(unpack(&packed).unwrap(), (traces, vec![pair]));
        for length in 0..packed.len() {
            assert!(unpack(&packed[..length]).is_err(), "{length}");
        }
    }
}
