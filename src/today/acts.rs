//! What people do about what is owed: each act becomes a decision of the record, and can be undone.

use care::entry::{Entry, Means, Verdict};
use care::obligation::{Obligation, ObligationId};
use care::record::taking_back;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::verdict;
use super::{decide, words};
use crate::app::Handles;
use crate::board::{Asker, Sight};
use crate::db::{Durability, Tx};
use crate::error::{Error, Result};
use crate::ids::{NaturalKey, StaffId};
use crate::intake::taught::READ_WRONGLY;
use crate::record::{audit, changes, read};
use crate::text::line;

/// Why something is let go: one key each.
pub const REASONS: [&str; 5] =
    ["Needs no answer", "Settled in another way", "Not for us to do", "Too long ago to matter", READ_WRONGLY];

/// What somebody wants to do about something that is owed.
#[derive(Debug, Clone, Deserialize)]
pub struct Wish {
    /// `kept`, `moved`, `not_needed`, `not_a_promise`, `hand_over`, `right`, `wrong`.
    pub what: String,
    /// How it was done: `phone`, `meeting`, `message`, `other`.
    #[serde(default)]
    pub means: String,
    /// A new date, as the browser gives it in the reader's zone, or RFC 3339.
    #[serde(default)]
    pub until: String,
    /// The zone of that date; without it the reader's.
    #[serde(default)]
    pub zone: String,
    /// To whom it is handed.
    #[serde(default)]
    pub staff: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// How it stood on the page: see [`mark`].
    #[serde(default)]
    pub seen: String,
}

/// What became of a wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// It was entered.
    Entered {
        /// The decision, for undoing it.
        decision: NaturalKey,
        /// What it did, as a sentence.
        words: String,
    },
    /// Nothing was entered, since it already stands so, or a colleague was faster.
    Already {
        /// What was found, as a sentence.
        words: String,
    },
}

/// How an obligation stands, as a short mark: a form carries it, so that nobody acts on what has changed meanwhile.
pub fn mark(owed: &Obligation) -> String {
    let ended = owed.ended.map(|ended| (ended.at, ended.proposed));
    let facts =
        format!("{:?} {:?} {ended:?} {} {}", owed.owner, owed.due_at, owed.chases, owed.evidence.len());
    blake3::hash(facts.as_bytes()).to_hex()[..8].to_owned()
}

/// Does what somebody wants to do.
pub async fn act(app: &Handles, asker: &Asker, id: ObligationId, wish: &Wish) -> Result<Done> {
    asker.may_act()?;
    let now = app.now();
    let reason = line("the reason", &wish.reason, 500)?;
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    let found = asker.obligation(&mut tx, id).await?;
    if let Some(words) = already(asker, &found, wish, now) {
        return Ok(Done::Already { words });
    }
    let what = wanted(asker, &found, wish, now)?;
    let book = asker.book(&mut tx).await?;
    let entered = decide::enter_by(&mut tx, asker.firm, what, asker.staff, &reason, now, book).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "decided", &format!("{} {id}", wish.what), now).await?;
    app.commit(asker.firm, tx).await?;
    let after = entered.changed.after.iter().find(|owed| owed.id == id);
    Ok(Done::Entered { decision: entered.decision, words: told(asker, &found, after, wish) })
}

/// Takes a decision or a note back: one's own, or, for owners, anybody's.
pub async fn undo(app: &Handles, asker: &Asker, key: NaturalKey) -> Result<Done> {
    asker.may_act()?;
    let now = app.now();
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    let found = read::entries(&mut tx, asker.firm, &[key]).await?;
    let (by, words) = match found.as_slice() {
        [Entry::Decision(earlier)] => (earlier.by, "Undone. It stands again as it did before."),
        [Entry::Note(note)] => (note.by, "Undone. The note is in the record no more."),
        _ => return Err(Error::NotFound),
    };
    may_undo(&mut tx, asker, &found).await?;
    if by != asker.staff {
        asker.may_set_up()?;
    }
    let against = read::decisions_about(&mut tx, asker.firm, &[key]).await?;
    if taking_back(key, &against).next().is_some() {
        return Ok(Done::Already { words: "That had been undone already.".to_owned() });
    }
    let what = Verdict::TakenBack { decision: key };
    let book = asker.book(&mut tx).await?;
    decide::enter_by(&mut tx, asker.firm, what, asker.staff, "", now, book).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "undid", &format!("{:016x}", key.0), now).await?;
    app.commit(asker.firm, tx).await?;
    Ok(Done::Already { words: words.to_owned() })
}

/// Nobody undoes what was decided about a client that a wall keeps them out of, nor what a colleague decided about
/// somebody whom nobody has placed and who does not write to them.
pub(super) async fn may_undo(tx: &mut Tx, asker: &Asker, entries: &[Entry]) -> Result<()> {
    let theirs = read::decisions_in(entries).filter(|decision| decision.by != asker.staff);
    let theirs: Vec<&Verdict> = theirs.map(|decision| &decision.what).collect();
    let mut unsure = read::judged_by(tx, asker.firm, &theirs).await?;
    unsure.retain(|entry| !matches!(entry, Entry::Decision(_)) && asker.sight(entry) == Sight::Mailbox);
    let all = unsure.len();
    let is_seen = asker.visible(tx, unsure).await?.len() == all;
    if is_seen && !asker.is_kept_from(tx, entries).await? { Ok(()) } else { Err(Error::NotFound) }
}

/// Why nothing is to be entered: it has ended, or changed since the page was made.
fn already(asker: &Asker, found: &Obligation, wish: &Wish, now: Timestamp) -> Option<String> {
    let who = |staff: Option<StaffId>| match staff {
        Some(staff) if staff == asker.staff => "you".to_owned(),
        Some(staff) => asker.name_of(staff).to_owned(),
        None => "somebody".to_owned(),
    };
    if let Some(ended) = found.ended.filter(|ended| !ended.proposed) {
        let when = words::When::new(ended.at, now, &asker.zone).words;
        return Some(format!(
            "Nothing was changed: {} said {when} that this is {}.",
            who(ended.by),
            words::ending(ended.how)
        ));
    }
    if wish.what == "hand_over" && found.owner.is_some_and(|owner| owner.0.to_string() == wish.staff) {
        return Some(format!("Nothing was changed: this is {} already.", who(found.owner)));
    }
    let changed = !wish.seen.is_empty() && wish.seen != mark(found);
    changed.then(|| {
        "Nothing was changed: this has moved on since you opened the page. Look once more.".to_owned()
    })
}

fn wanted(asker: &Asker, found: &Obligation, wish: &Wish, now: Timestamp) -> Result<Verdict> {
    match wish.what.as_str() {
        "kept" => verdict::done(found, now, means(&wish.means)?),
        "moved" => verdict::moved(found, now, moment(asker, &wish.until, &wish.zone)?),
        "not_needed" => verdict::no_answer(found).or_else(|_| verdict::released(found)),
        "not_a_promise" => verdict::not_a_promise(found),
        "hand_over" => verdict::owner(found, colleague(asker, &wish.staff)?),
        "right" => verdict::proposed_end(found, true),
        "wrong" => verdict::proposed_end(found, false),
        other => Err(Error::invalid("what", format!("“{other}” is nothing that can be done here"))),
    }
}

fn means(name: &str) -> Result<Means> {
    match name {
        "phone" => Ok(Means::Phone),
        "meeting" => Ok(Means::Meeting),
        "message" => Ok(Means::Message),
        "other" | "" => Ok(Means::Other),
        other => Err(Error::invalid("means", format!("“{other}” is none of phone, meeting, message, other"))),
    }
}

/// A moment as a form or a program gives it: exact, or as a clock of `zone` shows it.
pub fn moment(asker: &Asker, text: &str, zone: &str) -> Result<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let zone = TimeZone::get(zone).unwrap_or_else(|_| asker.zone.clone());
    let local: Option<DateTime> = text.parse().ok();
    let zoned = local.and_then(|local| local.to_zoned(zone).ok());
    zoned
        .map(|zoned| zoned.timestamp())
        .ok_or_else(|| Error::invalid("the date", "is missing or no date; give a day and an hour"))
}

/// Somebody of the firm who works here, by their id.
pub fn colleague(asker: &Asker, id: &str) -> Result<StaffId> {
    let staff = id.parse().ok().map(StaffId);
    let known = staff.and_then(|staff| Some((staff, asker.board.firm.people.get(&staff)?)));
    match known {
        Some((staff, face)) if face.left.is_none() => Ok(staff),
        _ => Err(Error::unfit("cannot be handed to somebody who does not work here")),
    }
}

fn told(asker: &Asker, before: &Obligation, after: Option<&Obligation>, wish: &Wish) -> String {
    let kind = words::kind(before.kind);
    let client = asker.board.firm.clients.get(&before.client).map_or("", |card| card.name.as_str());
    let what = match wish.what.as_str() {
        "kept" => "is done",
        "moved" if before.kind.is_upkeep() => "is planned to a later day",
        "moved" => "is moved: they know when they will hear",
        "not_needed" => "is not needed",
        "not_a_promise" => "was no promise",
        "hand_over" => {
            let owner = after.and_then(|owed| owed.owner).map_or("somebody", |owner| asker.name_of(owner));
            return format!("{kind} for {client} is now {owner}'s.");
        }
        "right" => "ended as it was read",
        _ => "is still owed",
    };
    format!("{kind} for {client} {what}.")
}

/// An obligation that somebody names in an address.
pub fn id(text: &str) -> Result<ObligationId> {
    let hex = (text.len() == 16).then(|| u64::from_str_radix(text, 16).ok()).flatten();
    hex.map(ObligationId).ok_or(Error::NotFound)
}
