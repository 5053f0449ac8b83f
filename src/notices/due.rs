//! What falls due now, told by the browser of an open page: to whoever wants it, within their working hours, and of one
//! thing once a day, on whichever of their devices is first.

use care::hours::WorkCalendar;
use care::obligation::Obligation;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use sqlx::{query, query_as};

use super::digests::{self, Wish};
use super::schedule::is_open;
use crate::board::Asker;
use crate::db::{Db, Ts, Tx, run, sql};
use crate::error::Result;
use crate::today::list::{Filter, list};
use crate::today::words;

/// So long before something falls due it is told, so that it can still be done.
const BEFORE: SignedDuration = SignedDuration::from_mins(15);
/// So long after that it is still told, where no page was open.
const AFTER: SignedDuration = SignedDuration::from_hours(2);
/// More at once nobody reads.
const MOST: usize = 3;

const TOLD: &str = "SELECT obligation_id FROM told_due WHERE firm_id = $1 AND staff_id = $2 AND day = $3";
const TELL: &str = "INSERT INTO told_due (firm_id, staff_id, obligation_id, day, told_at)
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (firm_id, staff_id, obligation_id, day) DO NOTHING";
const FORGET: &str = "DELETE FROM told_due WHERE firm_id = $1 AND staff_id = $2 AND told_at < $3";
/// What was told is remembered for longer than the day.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(72);

/// Something that falls due now, in words that may stand on a locked screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Due {
    /// The obligation.
    pub id: String,
    /// What falls due, and when.
    pub title: String,
    /// To whom; nothing where somebody of the firm is kept away from them.
    pub words: String,
}

/// Whether something is to be told now. The database is asked only where something falls due.
pub async fn is_due(db: &Db, asker: &Asker, wish: &Wish, now: Timestamp) -> Result<bool> {
    let due = falling_due(asker, wish, now);
    Ok(!due.is_empty() && !untold(&mut db.read().await?, asker, wish, due, now).await?.is_empty())
}

/// What is to be told now; whoever asks next is told of none of it that day.
pub async fn tell(tx: &mut Tx, asker: &Asker, now: Timestamp) -> Result<Vec<Due>> {
    let (firm, staff) = (asker.firm.0, asker.staff.0);
    let wish = digests::wish(tx, asker.firm, asker.staff).await?;
    let day = own_calendar(asker, &wish).date_of(now).to_string();
    let mut all = Vec::new();
    for owed in untold(tx, asker, &wish, falling_due(asker, &wish, now), now).await? {
        let id = owed.id.0.cast_signed();
        // Whoever writes this row first tells.
        if run!(tx, query(TELL).bind(firm).bind(staff).bind(id).bind(&day).bind(Ts::from(now)))? == 1 {
            all.push(in_words(asker, owed, now));
        }
    }
    run!(tx, query(FORGET).bind(firm).bind(staff).bind(Ts::from(now - REMEMBERED)))?;
    Ok(all)
}

/// What somebody who wants to be told owes about now, the first due first.
fn falling_due<'a>(asker: &'a Asker, wish: &Wish, now: Timestamp) -> Vec<&'a Obligation> {
    if !wish.browser {
        return Vec::new();
    }
    let calendar = own_calendar(asker, wish);
    // Whoever is away is left in peace.
    let is_away = asker.board.firm.book.absence(asker.staff, calendar.date_of(now)).is_some();
    if is_away || !is_open(&calendar, now) {
        return Vec::new();
    }
    // What they owe, as Today lists it: nothing that they may not see, and no upkeep.
    let listed = list(asker, &Filter { most: usize::MAX, ..Filter::default() }, now);
    let mut due: Vec<&Obligation> = listed
        .shown
        .iter()
        .map(|shown| &shown.open.owed)
        .filter(|owed| owed.due_at - BEFORE <= now && now < owed.due_at + AFTER)
        .collect();
    due.sort_by_key(|owed| owed.due_at);
    due
}

/// Of what falls due, what was not told today on any of their devices.
async fn untold<'a>(
    tx: &mut Tx,
    asker: &Asker,
    wish: &Wish,
    mut due: Vec<&'a Obligation>,
    now: Timestamp,
) -> Result<Vec<&'a Obligation>> {
    let today = own_calendar(asker, wish).date_of(now).to_string();
    let told: Vec<(i64,)> = sql!(tx, c => query_as(TOLD).bind(asker.firm.0).bind(asker.staff.0)
        .bind(today).fetch_all(c).await)?;
    due.retain(|owed| !told.iter().any(|(id,)| *id == owed.id.0.cast_signed()));
    due.truncate(MOST);
    Ok(due)
}

/// The firm's hours in the zone in which somebody's day begins: the same on each of their devices.
fn own_calendar(asker: &Asker, wish: &Wish) -> WorkCalendar {
    let calendar = &asker.board.firm.book.calendar;
    let zone = wish.zone.as_deref().and_then(|zone| TimeZone::get(zone).ok());
    zone.map_or_else(|| calendar.clone(), |zone| calendar.in_zone(zone))
}

fn in_words(asker: &Asker, owed: &Obligation, now: Timestamp) -> Due {
    let kind = words::kind(owed.kind);
    let at = owed.due_at.to_zoned(asker.zone.clone()).strftime("%H:%M").to_string();
    let title = match owed.due_at <= now {
        true => format!("{kind}: it was due at {at}"),
        false => format!("{kind}: due at {at}"),
    };
    let house = &asker.board.firm;
    // A screen is seen by others than its owner: whom a wall is round is named to nobody there.
    let card = house.clients.get(&owed.client).filter(|card| !house.has_wall(card.id));
    let words = card.map(|card| card.name.clone()).unwrap_or_default();
    Due { id: owed.id.to_string(), title, words }
}
