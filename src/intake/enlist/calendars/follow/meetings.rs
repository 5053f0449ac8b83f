//! Meetings that are in the record and that a calendar says were cancelled, or take place after all.

use care::book::FirmBook;
use care::entry::{Decision, Verdict};
use care::record::taking_back;
use jiff::Timestamp;
use wire::calendar::Event;

use super::super::{Meeting, coming};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::{ClientId, EntryId, FirmId, NaturalKey};
use crate::record::{others, project, read};
use crate::staff::SOMEBODY;

/// Whether the calendar still says that a meeting takes place when it did, and that one of those who were at it comes:
/// whoever they are of at this moment.
pub(super) fn still_stands(meeting: &Meeting, events: &[Event]) -> bool {
    let is_at_it = |address: &String| meeting.guests.iter().any(|(guest, _)| guest == address);
    let mut same = events.iter().filter(|event| event.uid == meeting.uid && !event.private);
    same.any(|event| coming(event).any(|guest| is_at_it(&guest.address)))
}

/// Says of meetings that were written down that they did not take place so; gives whose record they are in.
pub(super) async fn cancel(
    tx: &mut Tx,
    firm: FirmId,
    book: &FirmBook,
    meetings: &[NaturalKey],
    now: Timestamp,
) -> Result<Vec<ClientId>> {
    let why = "the calendar says that it was moved or cancelled";
    take_back(tx, firm, book, meetings, why, now).await
}

/// Says of meetings that were in the record that they took place after all, where a calendar had taken them back; gives
/// whose record they are in. What a person took back stays so.
pub(super) async fn restore(
    tx: &mut Tx,
    firm: FirmId,
    book: &FirmBook,
    meetings: &[NaturalKey],
    now: Timestamp,
) -> Result<Vec<ClientId>> {
    if meetings.is_empty() {
        return Ok(Vec::new());
    }
    let decisions = read::decisions_about(tx, firm, meetings).await?;
    let against = meetings.iter().flat_map(|meeting| taking_back(*meeting, &decisions));
    let against: Vec<NaturalKey> = against.filter(|one| one.by == SOMEBODY).map(|one| one.key).collect();
    take_back(tx, firm, book, &against, "the calendar says that it takes place after all", now).await
}

async fn take_back(
    tx: &mut Tx,
    firm: FirmId,
    book: &FirmBook,
    what: &[NaturalKey],
    why: &str,
    now: Timestamp,
) -> Result<Vec<ClientId>> {
    let mut clients = Vec::new();
    for one in what {
        let key = NaturalKey::of(format!("decision {} {}", firm.0, tx.new_id()).as_bytes());
        let what = Verdict::TakenBack { decision: *one };
        let decision = Decision { entry: EntryId(0), key, at: now, by: SOMEBODY, what };
        others::add_decision(tx, firm, &decision, why).await?;
        clients.extend(project::touched(tx, firm, &decision, book).await?);
    }
    Ok(clients)
}
