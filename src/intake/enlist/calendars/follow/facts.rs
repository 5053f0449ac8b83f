//! What the things in a followed calendar told, as rows.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, query, query_as};

use super::super::Meeting;
use super::Followed;
use super::absences::Given;
use crate::db::{Ts, Tx, run, sql};
use crate::error::Result;
use crate::firm::store::{json, parse};
use crate::ids::{ClientId, FirmId, NaturalKey, SubscriptionId};

/// What an event told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fact {
    Meeting(Meeting),
    Absence(Away),
    Closed(Date),
}

/// That somebody is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Away {
    pub(super) uid: String,
    pub(super) staff: i64,
    pub(super) from: Date,
    pub(super) to: Date,
    pub(super) cover: Option<i64>,
    /// What a list or a person had said of these days, which stands whatever calendars say.
    #[serde(default)]
    pub(super) given: Given,
}

impl Fact {
    /// The same as long as it is the same fact, whatever else is said of it.
    pub(super) fn key(&self) -> NaturalKey {
        match self {
            Fact::Meeting(meeting) => meeting.key(),
            Fact::Absence(away) => NaturalKey::of(
                format!("away {} {} {} {}", away.uid, away.staff, away.from, away.to).as_bytes(),
            ),
            Fact::Closed(day) => NaturalKey::of(format!("closed {day}").as_bytes()),
        }
    }

    /// Whether the calendar says the same.
    pub(super) fn says(&self, other: &Fact) -> bool {
        match (self, other) {
            (Fact::Absence(one), Fact::Absence(other)) => {
                *one == Away { given: one.given.clone(), ..other.clone() }
            }
            _ => self == other,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Fact::Meeting(_) => "meeting",
            Fact::Absence(_) => "absence",
            Fact::Closed(_) => "closed",
        }
    }

    fn words(&self) -> Result<String> {
        match self {
            Fact::Meeting(meeting) => json(meeting),
            Fact::Absence(away) => json(away),
            Fact::Closed(day) => json(day),
        }
    }

    fn days(&self) -> Option<(Date, Date)> {
        match self {
            Fact::Meeting(_) => None,
            Fact::Absence(away) => Some((away.from, away.to)),
            Fact::Closed(day) => Some((*day, *day)),
        }
    }
}

const OF_PATH: &str = "SELECT subscription_id, fact_key, kind, client_id, words, told FROM subscribed_fact
    WHERE firm_id = $1 AND subscription_id = $2 AND href = $3";
const ALL: &str = "SELECT subscription_id, fact_key, kind, client_id, words, told FROM subscribed_fact
    WHERE firm_id = $1 AND subscription_id = $2";
const FROM_DAY: &str = "SELECT subscription_id, fact_key, kind, client_id, words, told FROM subscribed_fact
    WHERE firm_id = $1 AND kind = $2 AND from_day = $3 ORDER BY subscription_id, fact_key";
const DUE: &str = "SELECT subscription_id, fact_key, kind, client_id, words, told FROM subscribed_fact
    WHERE firm_id = $1 AND subscription_id = $2 AND told = $3 AND ends_at <= $4 ORDER BY ends_at LIMIT 1000";
const IS_DUE: &str = "SELECT fact_key FROM subscribed_fact
    WHERE firm_id = $1 AND subscription_id = $2 AND told = $3 AND ends_at <= $4 LIMIT 1";
/// Asked as a range: of what is equal to three values SQLite supposes that there is as much as of a whole firm.
const MEETINGS_TO: &str =
    "SELECT subscription_id, fact_key, kind, client_id, words, told FROM subscribed_fact
    WHERE firm_id = $1 AND kind = $2 AND ends_at BETWEEN $3 AND $3";
const PATH: &str = "SELECT href FROM subscribed_fact
    WHERE firm_id = $1 AND subscription_id = $2 AND fact_key = $3";
const ADD: &str = "INSERT INTO subscribed_fact (firm_id, subscription_id, fact_key, href, kind, client_id, from_day,
        to_day, ends_at, words, told)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (firm_id, subscription_id, fact_key) DO UPDATE SET href = excluded.href, words = excluded.words,
        client_id = excluded.client_id, ends_at = excluded.ends_at";
const TOLD: &str = "UPDATE subscribed_fact SET told = $4, words = $5
    WHERE firm_id = $1 AND subscription_id = $2 AND fact_key = $3";
const FORGET: &str =
    "DELETE FROM subscribed_fact WHERE firm_id = $1 AND subscription_id = $2 AND fact_key = $3";

#[derive(FromRow)]
struct Row {
    subscription_id: i64,
    fact_key: i64,
    kind: String,
    client_id: Option<i64>,
    words: String,
    told: bool,
}

/// A fact as it is remembered.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) subscription: SubscriptionId,
    /// The same wherever the fact is told.
    pub(super) key: NaturalKey,
    /// Its own: the same event may stand in several calendars of an account.
    pub(super) row: NaturalKey,
    pub(super) fact: Fact,
    /// Of a meeting the first of those who came.
    pub(super) client: Option<ClientId>,
    /// It has come into the record.
    pub(super) told: bool,
}

/// The facts among some rows; those of other kinds are somebody else's.
fn known(rows: Vec<Row>) -> Result<Vec<Known>> {
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let fact = match row.kind.as_str() {
            "meeting" => Fact::Meeting(parse(&row.words)?),
            "absence" => Fact::Absence(parse(&row.words)?),
            "closed" => Fact::Closed(parse(&row.words)?),
            _ => continue,
        };
        all.push(Known {
            subscription: SubscriptionId(row.subscription_id),
            key: fact.key(),
            row: NaturalKey(row.fact_key.cast_unsigned()),
            fact,
            client: row.client_id.map(ClientId),
            told: row.told,
        });
    }
    Ok(all)
}

/// What one thing in a calendar told.
pub(super) async fn of_path(tx: &mut Tx, firm: FirmId, of: &Followed, path: &str) -> Result<Vec<Known>> {
    let of = of.subscription.0;
    known(sql!(tx, c => query_as(OF_PATH).bind(firm.0).bind(of).bind(path).fetch_all(c).await)?)
}

/// All that a calendar told.
pub(super) async fn all(tx: &mut Tx, firm: FirmId, of: &Followed) -> Result<Vec<Known>> {
    known(sql!(tx, c => query_as(ALL).bind(firm.0).bind(of.subscription.0).fetch_all(c).await)?)
}

/// What all calendars of the firm say of the absences, or of the firm's being closed, from a day on.
pub(super) async fn from_day(tx: &mut Tx, firm: FirmId, like: &Fact) -> Result<Vec<Known>> {
    let Some((from, _)) = like.days() else { return Ok(Vec::new()) };
    let from = from.to_string();
    known(sql!(tx, c => query_as(FROM_DAY).bind(firm.0).bind(like.kind()).bind(&from).fetch_all(c).await)?)
}

/// The meetings of a calendar that have come to an end and are not in the record.
pub(super) async fn due(tx: &mut Tx, firm: FirmId, of: &Followed, now: Timestamp) -> Result<Vec<Known>> {
    let (of, now) = (of.subscription.0, Ts::from(now));
    known(sql!(tx, c => query_as(DUE).bind(firm.0).bind(of).bind(false).bind(now).fetch_all(c).await)?)
}

/// Whether there are such.
pub(super) async fn is_due(tx: &mut Tx, firm: FirmId, of: SubscriptionId, now: Timestamp) -> Result<bool> {
    let found: Option<(i64,)> = sql!(tx, c => query_as(IS_DUE).bind(firm.0).bind(of.0).bind(false)
        .bind(Ts::from(now)).fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// Whether another calendar, of this account or of somebody else's, says of a meeting that it takes place.
pub(super) async fn is_elsewhere(tx: &mut Tx, firm: FirmId, of: &Known, meeting: &Meeting) -> Result<bool> {
    let same = known(sql!(tx, c => query_as(MEETINGS_TO).bind(firm.0)
        .bind("meeting").bind(Ts::from(meeting.ends)).fetch_all(c).await)?)?;
    let is_other = |other: &Known| (other.subscription, other.row) != (of.subscription, of.row);
    Ok(same.iter().any(|other| other.key == of.key && is_other(other)))
}

/// By what a fact is remembered that is told at a path: by itself, unless it is told in another calendar already.
pub(super) async fn row(
    tx: &mut Tx,
    firm: FirmId,
    of: SubscriptionId,
    key: NaturalKey,
    path: &str,
) -> Result<NaturalKey> {
    let told_at: Option<(String,)> = sql!(tx, c => query_as(PATH).bind(firm.0).bind(of.0)
        .bind(key.0.cast_signed()).fetch_optional(c).await)?;
    Ok(match told_at {
        Some((other,)) if other != path => NaturalKey::of(format!("{} at {path}", key.0).as_bytes()),
        _ => key,
    })
}

/// Remembers a fact and in which thing of the calendar it stands, or what is new of it.
pub(super) async fn add(tx: &mut Tx, firm: FirmId, new: &Known, path: &str) -> Result<()> {
    let (from, to) = new.fact.days().map(|(from, to)| (from.to_string(), to.to_string())).unzip();
    let ends = match &new.fact {
        Fact::Meeting(meeting) => Some(Ts::from(meeting.ends)),
        _ => None,
    };
    let words = new.fact.words()?;
    run!(
        tx,
        query(ADD)
            .bind(firm.0)
            .bind(new.subscription.0)
            .bind(new.row.0.cast_signed())
            .bind(path)
            .bind(new.fact.kind())
            .bind(new.client.map(|client| client.0))
            .bind(&from)
            .bind(&to)
            .bind(ends)
            .bind(crate::text::storable(&words))
            .bind(new.told)
    )
    .map(drop)
}

/// Notes that a fact has come into the record, with its words as they are now.
pub(super) async fn tell(tx: &mut Tx, firm: FirmId, known: &Known) -> Result<()> {
    let words = known.fact.words()?;
    run!(
        tx,
        query(TOLD)
            .bind(firm.0)
            .bind(known.subscription.0)
            .bind(known.row.0.cast_signed())
            .bind(true)
            .bind(crate::text::storable(&words))
    )
    .map(drop)
}

/// Forgets a fact.
pub(super) async fn forget(tx: &mut Tx, firm: FirmId, known: &Known) -> Result<()> {
    run!(tx, query(FORGET).bind(firm.0).bind(known.subscription.0).bind(known.row.0.cast_signed())).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{Db, Location, rows};

    /// By the firm alone, whoever notes a meeting looks at every meeting that a calendar ever told.
    #[test]
    fn meetings_are_looked_up_by_their_end() {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let db = Db::open(&Location::Folder(folder.path().to_owned())).await.unwrap();
            let mut tx = db.read().await.unwrap();
            let plan = rows::plan(&mut tx, MEETINGS_TO, 2).await;
            assert!(
                plan.contains("USING INDEX subscribed_fact_to (firm_id=? AND kind=? AND ends_at>?"),
                "{plan}"
            );
        });
    }
}
