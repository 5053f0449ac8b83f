//! What ended as it was read, and counts as ended until a person says otherwise: one key says that it is so, another that
//! it is still owed.

use care::obligation::{Obligation, State, state};
use care::today::{Group, Hurt};
use jiff::{SignedDuration, Timestamp};

use super::parts::Part;
use super::{Line, line};
use crate::board::{Asker, Open};
use crate::db::Tx;
use crate::error::Result;
use crate::today::letters::{self, Opening};
use crate::today::list::{Filter, Shown, chosen};
use crate::today::words::{self, When};

/// The place of the page where it stands.
pub(super) const PLACE: &str = "ended";
/// What ended longer ago is asked about no more.
const LATELY: SignedDuration = SignedDuration::from_hours(24 * 14);
/// So many are asked about at once, the last first.
const MOST: usize = 20;

/// The part of the list that asks whether what seems to have ended has; it stands with what was read with less
/// confidence.
pub(super) async fn part<'a>(
    tx: &mut Tx,
    asker: &'a Asker,
    filter: &Filter,
    now: Timestamp,
) -> Result<Option<Part<'a>>> {
    if filter.group != Some(Group::Perhaps) || 0 < filter.skip {
        return Ok(None);
    }
    let since = now.saturating_sub(LATELY).unwrap_or(Timestamp::MIN);
    let found = asker.ended_as_read(tx, since, now).await?;
    let mut ended = chosen(asker, filter, &found, now);
    ended.truncate(MOST);
    let mut openings = letters::openings(tx, asker, ended.iter().map(|open| &open.owed)).await?;
    let lines =
        ended.iter().map(|open| asks(asker, open, openings.remove(&open.owed.id.0).unwrap_or_default(), now));
    let lines: Vec<Line<'_>> = lines.collect();
    let title = "Ended, as it was read".to_owned();
    Ok((!lines.is_empty()).then_some(Part { title, narrowed: None, place: PLACE, lines }))
}

/// Something that seems to have ended, as a line: how, and when.
fn asks<'a>(asker: &'a Asker, open: &Open, opening: Opening, now: Timestamp) -> Line<'a> {
    let owed = &open.owed;
    let ended = owed.ended.map_or(owed.due_at, |ended| ended.at);
    Line {
        due: When::new(ended, now, &asker.zone),
        is_late: false,
        why: format!("seems {}", seems(owed, now)),
        hurt: "",
        ..line(asker, &Shown { open, hurt: Hurt::Coming }, opening, now)
    }
}

/// How it seems to have ended: "kept late".
fn seems(owed: &Obligation, now: Timestamp) -> &'static str {
    words::state(state(owed, now.max(owed.opened_at)).map_or(State::Kept, |(state, _)| state))
}
