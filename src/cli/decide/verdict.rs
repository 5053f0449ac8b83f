//! What a decision about an obligation says about the record: it points at the entry that opened it.

use anyhow::{Result, anyhow, bail};
use care::acts::ActKind;
use care::entry::{Means, Of, Subject, Verdict};
use care::obligation::{Evidence, Kind, Obligation, Role};
use clap::ValueEnum;
use jiff::Timestamp;

use crate::ids::StaffId;

/// How something was done.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum By {
    Phone,
    Meeting,
    Message,
    Other,
}

pub(super) fn no_answer(owed: &Obligation) -> Result<Verdict> {
    let last = owed.evidence.iter().rev().find_map(|evidence| match (evidence.role, evidence.of) {
        (Role::Opened | Role::Joined, Of::Message(key)) => Some(key),
        _ => None,
    });
    match last {
        Some(message) if owed.kind == Kind::Answer => Ok(Verdict::NoAnswerNeeded { message }),
        _ => bail!("this is no answer but {}; say `released`", called(owed.kind)),
    }
}

pub(super) fn not_a_promise(owed: &Obligation) -> Result<Verdict> {
    let opener = opener(owed)?;
    match opener.passage {
        Some(passage) if owed.kind == Kind::Promise => {
            Ok(Verdict::NotThatAct { of: opener.of, passage, kind: ActKind::Promise })
        }
        _ => bail!("no passage made this a promise; say `released`"),
    }
}

pub(super) fn done(owed: &Obligation, now: Timestamp, by: By) -> Result<Verdict> {
    if owed.kind.is_upkeep() {
        return Ok(Verdict::Kept { client: owed.client, kind: owed.kind, at: now });
    }
    let means = match by {
        By::Phone => Means::Phone,
        By::Meeting => Means::Meeting,
        By::Message => Means::Message,
        By::Other => Means::Other,
    };
    Ok(Verdict::Done { subject: subject(owed)?, at: now, means })
}

pub(super) fn released(owed: &Obligation) -> Result<Verdict> {
    if owed.kind.is_upkeep() {
        return Ok(Verdict::Spared { client: owed.client, kind: owed.kind });
    }
    Ok(Verdict::Released { subject: subject(owed)? })
}

pub(super) fn moved(owed: &Obligation, now: Timestamp, due: Timestamp) -> Result<Verdict> {
    if due <= now {
        bail!("--until must lie ahead");
    }
    if owed.kind.is_upkeep() {
        return Ok(Verdict::Planned { client: owed.client, kind: owed.kind, due });
    }
    Ok(Verdict::NewDate { subject: subject(owed)?, at: now, due })
}

pub(super) fn owner(owed: &Obligation, staff: StaffId) -> Result<Verdict> {
    if owed.kind.is_upkeep() {
        return Ok(Verdict::PointPerson { client: owed.client, staff });
    }
    Ok(Verdict::Owner { subject: subject(owed)?, staff })
}

fn subject(owed: &Obligation) -> Result<Subject> {
    let opener = opener(owed)?;
    Ok(Subject { of: opener.of, passage: opener.passage })
}

fn opener(owed: &Obligation) -> Result<Evidence> {
    let opener = owed.evidence.iter().find(|evidence| evidence.role == Role::Opened);
    opener.copied().ok_or_else(|| anyhow!("nothing in the record opened this; it ends by itself"))
}

fn called(kind: Kind) -> String {
    format!("a {}", kind.name().replace('_', " "))
}
