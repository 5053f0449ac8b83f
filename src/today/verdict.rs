//! What a decision about an obligation says about the record: it points at the entry that opened it.

use care::acts::ActKind;
use care::entry::{Means, Of, Subject, Verdict};
use care::obligation::{Evidence, Kind, Obligation, Role};
use jiff::Timestamp;

use crate::error::{Error, Result};
use crate::ids::StaffId;

/// No answer is needed to what waits.
pub fn no_answer(owed: &Obligation) -> Result<Verdict> {
    match last_message(owed) {
        Some(Of::Message(message)) => Ok(Verdict::NoAnswerNeeded { message }),
        _ => Err(Error::unfit(format!("is no answer but {}; say that it is not needed", called(owed.kind)))),
    }
}

/// The passage that was read as a promise is none.
pub fn not_a_promise(owed: &Obligation) -> Result<Verdict> {
    let opener = opener(owed)?;
    match opener.passage {
        Some(passage) if owed.kind == Kind::Promise => {
            Ok(Verdict::NotThatAct { of: opener.of, passage, kind: ActKind::Promise })
        }
        _ => Err(Error::unfit("was not read from a passage; say that it is not needed")),
    }
}

/// It was done, in a way that the record does not show.
pub fn done(owed: &Obligation, now: Timestamp, means: Means) -> Result<Verdict> {
    if owed.kind.is_upkeep() {
        return Ok(Verdict::Kept { client: owed.client, kind: owed.kind, at: now });
    }
    Ok(Verdict::Done { subject: subject(owed)?, at: now, means })
}

/// It is not needed.
pub fn released(owed: &Obligation) -> Result<Verdict> {
    if owed.kind.is_upkeep() {
        return Ok(Verdict::Spared { client: owed.client, kind: owed.kind });
    }
    Ok(Verdict::Released { subject: subject(owed)? })
}

/// The client was told a new date; upkeep is planned to one.
pub fn moved(owed: &Obligation, now: Timestamp, due: Timestamp) -> Result<Verdict> {
    if due <= now {
        return Err(Error::unfit("cannot be moved to a moment that is past"));
    }
    if owed.kind.is_upkeep() {
        return Ok(Verdict::Planned { client: owed.client, kind: owed.kind, due });
    }
    Ok(Verdict::NewDate { subject: subject(owed)?, at: now, due })
}

/// It is somebody else's to do.
pub fn owner(owed: &Obligation, staff: StaffId) -> Result<Verdict> {
    if owed.kind.is_upkeep() {
        return Ok(Verdict::PointPerson { client: owed.client, staff });
    }
    Ok(Verdict::Owner { subject: subject(owed)?, staff })
}

/// What was proposed as its end is its end, or is not.
pub fn proposed_end(owed: &Obligation, right: bool) -> Result<Verdict> {
    let opened = opener(owed)?.of;
    let ended = owed.evidence.iter().rev().find(|e| matches!(e.role, Role::Ended | Role::Moved));
    match (ended, owed.ended) {
        (Some(end), Some(how)) if how.proposed && right => Ok(Verdict::Confirmed { opened, ended: end.of }),
        (Some(end), Some(how)) if how.proposed => Ok(Verdict::NotTheEnd { opened, ended: end.of }),
        _ => Err(Error::unfit("has no end that was only proposed")),
    }
}

/// What a decision judges: a wait for an answer up to its last message, so that what was asked again is answered as
/// well; else what opened it.
fn subject(owed: &Obligation) -> Result<Subject> {
    if let Some(of) = last_message(owed) {
        return Ok(of.into());
    }
    let opener = opener(owed)?;
    Ok(Subject { of: opener.of, passage: opener.passage })
}

/// The last message of a wait for an answer.
fn last_message(owed: &Obligation) -> Option<Of> {
    let waits = |evidence: &&Evidence| matches!(evidence.role, Role::Opened | Role::Joined);
    let mut messages = owed.evidence.iter().rev().filter(waits).map(|evidence| evidence.of);
    (owed.kind == Kind::Answer).then(|| messages.find(|of| matches!(of, Of::Message(_))))?
}

/// What opened it.
pub fn opener(owed: &Obligation) -> Result<Evidence> {
    let opener = owed.evidence.iter().find(|evidence| evidence.role == Role::Opened);
    opener.copied().ok_or_else(|| Error::unfit("was opened by nothing in the record; it ends by itself"))
}

fn called(kind: Kind) -> String {
    format!("a {}", kind.name().replace('_', " "))
}
