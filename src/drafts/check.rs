//! What could be better in a letter, shown beside it while it is written. It never holds a letter back.

use care::hours::WorkCalendar;
use care::obligation::Kind;
use care::people::Who;
use jiff::Timestamp;
use jiff::civil::Date;
use reading::check::{Finding, FindingKind};
use rustc_hash::FxHashMap;

use super::words::read_people;
use super::{Draft, answered, store};
use crate::board::Asker;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::AddressId;
use crate::outbox::compose::{self, Answered, Standing};
use crate::record::addresses;
use crate::text::scalars;

/// So many promises with the same last day are as many as one person keeps well: the number of things of upkeep that
/// Today gives a person for a day.
const A_DAY: u32 = 3;

/// Something that could be better, as a page and the API tell it.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What it is: `excuse`, `promise_collides` …
    pub kind: &'static str,
    /// The words that it is about; empty for what is missing.
    pub passage: String,
    /// Where they begin, in Unicode scalar values.
    pub start: u32,
    /// Where they end.
    pub end: u32,
    /// What to do, in one sentence.
    pub words: String,
    /// What could stand in their place.
    pub better: Option<String>,
}

/// What could be better in a draft as it stands, and who of those it goes to is no contact any more.
pub async fn draft(tx: &mut Tx, asker: &Asker, draft: &Draft, now: Timestamp) -> Result<Vec<Found>> {
    let answered = answered(tx, asker, draft).await?;
    let files = store::files(tx, asker.firm, draft.id).await?.len();
    let mut found = removed(tx, asker, draft).await?;
    found.extend(words(tx, asker, answered.as_ref(), &draft.fields.words, files, now).await?);
    Ok(found)
}

/// Who of those a draft is addressed to was removed from a client's contacts: it may have been begun before.
async fn removed(tx: &mut Tx, asker: &Asker, draft: &Draft) -> Result<Vec<Found>> {
    let house = &asker.board.firm;
    let mut found: Vec<Found> = Vec::new();
    let fields = &draft.fields;
    for (field, text) in [("To", &fields.to), ("Cc", &fields.cc), ("Bcc", &fields.bcc)] {
        // As long as it is typed, it may be no address yet.
        for person in read_people(field, text).unwrap_or_default() {
            let known = addresses::find(tx, asker.firm, &person.address.to_lowercase()).await?;
            let Some((known, client, at)) = known.and_then(|known| removal(asker, known)) else { continue };
            let name = house.contacts.get(&known).unwrap_or(&person.address);
            let day = at.to_zoned(asker.zone.clone()).strftime("%-d %B %Y");
            let words = format!(
                "{name} was removed from the contacts of {client} on {day}; see whether it still goes to them."
            );
            let one = Found {
                kind: "contact_removed",
                passage: String::new(),
                start: 0,
                end: 0,
                words,
                better: None,
            };
            if !found.contains(&one) {
                found.push(one);
            }
        }
    }
    Ok(found)
}

/// From the contacts of which client that the asker sees somebody with this address was removed, and when.
fn removal(asker: &Asker, address: AddressId) -> Option<(AddressId, &str, Timestamp)> {
    let directory = &asker.board.firm.book.directory;
    let Who::Client { client, contact: Some(contact) } = directory.who(address) else { return None };
    let at = directory.removed_at(contact)?;
    Some((address, asker.client(client).ok()?.name.as_str(), at))
}

/// What could be better in words that answer a letter, or none.
pub async fn words(
    tx: &mut Tx,
    asker: &Asker,
    answered: Option<&Answered>,
    text: &str,
    files: usize,
    now: Timestamp,
) -> Result<Vec<Found>> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let calendar = &asker.board.firm.book.calendar;
    let mut standing = Standing::of(tx, asker.firm, Some(asker.staff)).await?;
    (standing.promised, standing.capacity) = (promised(asker, calendar), Some(A_DAY));
    let found = compose::findings(calendar, &standing, answered, text, files, now);
    let mut found: Vec<Found> = found.into_iter().map(|finding| told(text, finding)).collect();
    // A question that they asked twice is one to answer.
    found.dedup();
    Ok(found)
}

/// For how many promises of whoever writes each day is the last.
fn promised(asker: &Asker, calendar: &WorkCalendar) -> Vec<(Date, u32)> {
    let mut days: FxHashMap<Date, u32> = FxHashMap::default();
    let own = asker.open().map(|open| &open.owed);
    for owed in own.filter(|owed| owed.kind == Kind::Promise && owed.owner == Some(asker.staff)) {
        *days.entry(calendar.date_of(owed.due_at)).or_default() += 1;
    }
    days.into_iter().collect()
}

fn told(text: &str, finding: Finding) -> Found {
    Found {
        kind: kind_name(&finding.kind),
        passage: scalars(text, finding.start, finding.end).to_owned(),
        start: finding.start,
        end: finding.end,
        words: finding.words,
        better: finding.better,
    }
}

/// The word for what is to be mended.
pub fn kind_name(kind: &FindingKind) -> &'static str {
    match kind {
        FindingKind::Excuse => "excuse",
        FindingKind::PromiseCollides { .. } => "promise_collides",
        FindingKind::PromiseWithoutDate => "promise_without_date",
        FindingKind::UnansweredQuestion { .. } => "unanswered_question",
        FindingKind::AttachmentMissing => "attachment_missing",
        FindingKind::VagueHold => "vague_hold",
    }
}
