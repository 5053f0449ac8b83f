//! What was decided, in few bytes: one byte for which verdict, then its fields.

use care::acts::ActKind;
use care::entry::{Means, Subject, Verdict};
use care::obligation::Kind;
use care::people::Who;

use super::{Reader, Unreadable, Writer, act_in, act_out};
use crate::ids::{ClientId, ContactId, NaturalKey, StaffId};

pub(super) fn out(out: &mut Writer, verdict: &Verdict) {
    match verdict {
        Verdict::NoAnswerNeeded { message } => {
            out.byte(0);
            out.whole(message.0);
        }
        Verdict::AnswerNeeded { message } => {
            out.byte(1);
            out.whole(message.0);
        }
        Verdict::NotThatAct { of, passage, kind } => {
            out.byte(2);
            out.of(*of);
            passage_out(out, *passage);
            out.byte(*kind as u8);
        }
        Verdict::ThatAct { of, act } => {
            out.byte(3);
            out.of(*of);
            act_out(out, act);
        }
        Verdict::Done { subject, at, means } => {
            out.byte(4);
            subject_out(out, subject);
            out.at(*at);
            out.byte(*means as u8);
        }
        Verdict::NewDate { subject, at, due } => {
            out.byte(5);
            subject_out(out, subject);
            out.at(*at);
            out.at(*due);
        }
        Verdict::Released { subject } => {
            out.byte(6);
            subject_out(out, subject);
        }
        Verdict::Owner { subject, staff } => {
            out.byte(7);
            subject_out(out, subject);
            out.signed(staff.0);
        }
        Verdict::Confirmed { opened, ended } => {
            out.byte(8);
            out.of(*opened);
            out.of(*ended);
        }
        Verdict::NotTheEnd { opened, ended } => {
            out.byte(9);
            out.of(*opened);
            out.of(*ended);
        }
        Verdict::Kept { client, kind, at } => {
            upkeep_out(out, 10, *client, *kind);
            out.at(*at);
        }
        Verdict::Spared { client, kind } => upkeep_out(out, 11, *client, *kind),
        Verdict::Planned { client, kind, due } => {
            upkeep_out(out, 12, *client, *kind);
            out.at(*due);
        }
        Verdict::PointPerson { .. }
        | Verdict::Cover { .. }
        | Verdict::Placed { .. }
        | Verdict::Merged { .. }
        | Verdict::Split { .. }
        | Verdict::TakenBack { .. } => people_out(out, verdict),
    }
}

/// The verdicts about who is who, and the taking-back.
fn people_out(out: &mut Writer, verdict: &Verdict) {
    match verdict {
        Verdict::PointPerson { client, staff } => {
            out.byte(13);
            out.signed(client.0);
            out.signed(staff.0);
        }
        Verdict::Cover { client, away, cover } => {
            out.byte(14);
            out.signed(client.0);
            out.signed(away.0);
            out.signed(cover.0);
        }
        Verdict::Placed { address, who } => {
            out.byte(15);
            out.address(*address);
            who_out(out, *who);
        }
        Verdict::Merged { from, into } => {
            out.byte(16);
            out.signed(from.0);
            out.signed(into.0);
        }
        Verdict::Split { from, into, addresses } => {
            out.byte(17);
            out.signed(from.0);
            out.signed(into.0);
            out.addresses(addresses);
        }
        Verdict::TakenBack { decision } => {
            out.byte(18);
            out.whole(decision.0);
        }
        // All others were written by `out`, whose match names every verdict.
        _ => {}
    }
}

pub(super) fn read(from: &mut Reader<'_>) -> Result<Verdict, Unreadable> {
    Ok(match from.byte()? {
        0 => Verdict::NoAnswerNeeded { message: key(from)? },
        1 => Verdict::AnswerNeeded { message: key(from)? },
        2 => Verdict::NotThatAct { of: from.of()?, passage: passage(from)?, kind: act_kind(from)? },
        3 => Verdict::ThatAct { of: from.of()?, act: act_in(from)? },
        4 => Verdict::Done { subject: subject(from)?, at: from.at()?, means: means(from)? },
        5 => Verdict::NewDate { subject: subject(from)?, at: from.at()?, due: from.at()? },
        6 => Verdict::Released { subject: subject(from)? },
        7 => Verdict::Owner { subject: subject(from)?, staff: staff(from)? },
        8 => Verdict::Confirmed { opened: from.of()?, ended: from.of()? },
        9 => Verdict::NotTheEnd { opened: from.of()?, ended: from.of()? },
        10 => Verdict::Kept { client: client(from)?, kind: kind(from)?, at: from.at()? },
        11 => Verdict::Spared { client: client(from)?, kind: kind(from)? },
        12 => Verdict::Planned { client: client(from)?, kind: kind(from)?, due: from.at()? },
        13 => Verdict::PointPerson { client: client(from)?, staff: staff(from)? },
        14 => Verdict::Cover { client: client(from)?, away: staff(from)?, cover: staff(from)? },
        15 => Verdict::Placed { address: from.address()?, who: who(from)? },
        16 => Verdict::Merged { from: client(from)?, into: client(from)? },
        17 => Verdict::Split { from: client(from)?, into: client(from)?, addresses: from.addresses()? },
        18 => Verdict::TakenBack { decision: key(from)? },
        other => return Err(Unreadable::Unknown(other.into())),
    })
}

fn upkeep_out(out: &mut Writer, verdict: u8, client: ClientId, kind: Kind) {
    out.byte(verdict);
    out.signed(client.0);
    out.byte(kind as u8);
}

fn passage_out(out: &mut Writer, (start, end): (u32, u32)) {
    out.number(start.into());
    out.number(end.into());
}

fn passage(from: &mut Reader<'_>) -> Result<(u32, u32), Unreadable> {
    Ok((from.small()?, from.small()?))
}

fn subject_out(out: &mut Writer, subject: &Subject) {
    out.of(subject.of);
    out.option(subject.passage, passage_out);
}

fn subject(from: &mut Reader<'_>) -> Result<Subject, Unreadable> {
    Ok(Subject { of: from.of()?, passage: from.option(passage)? })
}

fn who_out(out: &mut Writer, who: Who) {
    match who {
        Who::Staff(staff) => {
            out.byte(0);
            out.signed(staff.0);
        }
        Who::Client { client, contact } => {
            out.byte(1);
            out.signed(client.0);
            out.option(contact, |out, contact| out.signed(contact.0));
        }
        Who::Partner(client) => {
            out.byte(2);
            out.signed(client.0);
        }
        Who::ThirdParty => out.byte(3),
        Who::Private => out.byte(4),
        Who::Robot => out.byte(5),
        Who::Unplaced => out.byte(6),
    }
}

fn who(from: &mut Reader<'_>) -> Result<Who, Unreadable> {
    Ok(match from.byte()? {
        0 => Who::Staff(staff(from)?),
        1 => {
            Who::Client { client: client(from)?, contact: from.option(|from| from.signed().map(ContactId))? }
        }
        2 => Who::Partner(client(from)?),
        3 => Who::ThirdParty,
        4 => Who::Private,
        5 => Who::Robot,
        6 => Who::Unplaced,
        other => return Err(Unreadable::Unknown(other.into())),
    })
}

fn key(from: &mut Reader<'_>) -> Result<NaturalKey, Unreadable> {
    from.whole().map(NaturalKey)
}

fn staff(from: &mut Reader<'_>) -> Result<StaffId, Unreadable> {
    from.signed().map(StaffId)
}

fn client(from: &mut Reader<'_>) -> Result<ClientId, Unreadable> {
    from.signed().map(ClientId)
}

fn kind(from: &mut Reader<'_>) -> Result<Kind, Unreadable> {
    one_of(from, &Kind::ALL)
}

fn act_kind(from: &mut Reader<'_>) -> Result<ActKind, Unreadable> {
    one_of(from, &ActKind::ALL)
}

fn means(from: &mut Reader<'_>) -> Result<Means, Unreadable> {
    one_of(from, &[Means::Phone, Means::Meeting, Means::Message, Means::Other])
}

fn one_of<T: Copy>(from: &mut Reader<'_>, all: &[T]) -> Result<T, Unreadable> {
    let index = from.byte()?;
    all.get(usize::from(index)).copied().ok_or(Unreadable::Unknown(index.into()))
}
