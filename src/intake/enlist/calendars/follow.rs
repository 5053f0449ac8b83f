//! A calendar that somebody subscribed to, followed: what each of its events told is remembered, so that one that is
//! changed or cancelled changes what it told, and nothing is told twice.
//!
//! Of a meeting with a client that is still to come its time and guests are remembered until it is over; of everything
//! else in the calendar nothing is.

use std::collections::{BTreeMap, BTreeSet};

use care::entry::{Decision, Verdict};
use care::ids::EntryId;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, query, query_as};

use super::{AHEAD, Desk, LONGEST_DAYS, Meeting, Options, Taken, is_absence};
use crate::db::{Ts, Tx, run, sql};
use crate::error::Result;
use crate::firm::store::{json, parse};
use crate::ids::{ClientId, FirmId, NaturalKey, StaffId, SubscriptionId};
use crate::record::{others, project};
use crate::staff::{self, SOMEBODY};

/// The calendar that is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Followed {
    /// Which.
    pub subscription: SubscriptionId,
    /// Whose.
    pub staff: StaffId,
    /// Its whole days are days on which the firm is closed; nothing else in it counts.
    pub closes: bool,
}

/// Something in it that is new or other than it was: its path, and its words; none where it is gone.
pub type Changed<'a> = (&'a str, Option<&'a [u8]>);

/// What an event told.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fact {
    Meeting(Meeting),
    Absence(Away),
    Closed(Date),
}

/// That somebody is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Away {
    uid: String,
    staff: i64,
    from: Date,
    to: Date,
    cover: Option<i64>,
}

impl Fact {
    fn key(&self) -> NaturalKey {
        match self {
            Fact::Meeting(meeting) => meeting.key(),
            Fact::Absence(away) => NaturalKey::of(
                format!("away {} {} {} {}", away.uid, away.staff, away.from, away.to).as_bytes(),
            ),
            Fact::Closed(day) => NaturalKey::of(format!("closed {day}").as_bytes()),
        }
    }
}

const OF_PATH: &str = "SELECT fact_key, kind, words, told FROM subscribed_fact
    WHERE firm_id = $1 AND subscription_id = $2 AND href = $3";
const ALL: &str = "SELECT fact_key, kind, words, told FROM subscribed_fact
    WHERE firm_id = $1 AND subscription_id = $2";
const DUE: &str = "SELECT fact_key, kind, words, told FROM subscribed_fact
    WHERE firm_id = $1 AND subscription_id = $2 AND told = $3 AND ends_at <= $4 ORDER BY ends_at LIMIT 1000";
const ADD: &str = "INSERT INTO subscribed_fact (firm_id, subscription_id, fact_key, href, kind, client_id, from_day,
        to_day, ends_at, words, told)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (firm_id, subscription_id, fact_key) DO UPDATE SET href = excluded.href, words = excluded.words,
        client_id = excluded.client_id";
const TOLD: &str = "UPDATE subscribed_fact SET told = $4
    WHERE firm_id = $1 AND subscription_id = $2 AND fact_key = $3";
const FORGET: &str =
    "DELETE FROM subscribed_fact WHERE firm_id = $1 AND subscription_id = $2 AND fact_key = $3";
const TELLS_TOO: &str = "SELECT subscription_id FROM subscribed_fact
    WHERE firm_id = $1 AND kind = $2 AND from_day = $3 AND told = $4 LIMIT 1";

#[derive(FromRow)]
struct Row {
    fact_key: i64,
    kind: String,
    words: String,
    told: bool,
}

/// A fact as it is remembered.
struct Known {
    key: NaturalKey,
    /// None for one of another kind, which is somebody else's.
    fact: Option<Fact>,
    told: bool,
}

fn known(row: Row) -> Result<Known> {
    let fact = match row.kind.as_str() {
        "meeting" => Some(Fact::Meeting(parse(&row.words)?)),
        "absence" => Some(Fact::Absence(parse(&row.words)?)),
        "closed" => Some(Fact::Closed(parse(&row.words)?)),
        _ => None,
    };
    Ok(Known { key: NaturalKey(row.fact_key.cast_unsigned()), fact, told: row.told })
}

/// Takes what changed in a calendar into the record, and what has come to an end meanwhile. Where it changes who is here
/// when, all is marked as to be settled anew; else what is owed to those whom it touches is made anew at once.
pub async fn follow(
    tx: &mut Tx,
    firm: FirmId,
    followed: &Followed,
    zone: &TimeZone,
    changed: &[Changed<'_>],
    now: Timestamp,
) -> Result<Taken> {
    let options = Options { public_holidays: followed.closes, ..Options::default() };
    let mut follower = Follower {
        desk: Desk::open(tx, firm, zone, &options, now).await?,
        followed: *followed,
        cancelled: Vec::new(),
        is_book_changed: false,
    };
    for (path, words) in changed {
        follower.one(tx, path, *words).await?;
    }
    follower.what_is_over(tx).await?;
    let Follower { desk, cancelled, is_book_changed, .. } = follower;
    let mut clients = desk.touched.clone();
    let taken = desk.close(tx).await?;
    clients.extend(take_back(tx, firm, &cancelled, now).await?);
    clients.sort_unstable();
    clients.dedup();
    if is_book_changed {
        project::mark_behind(tx, firm, true).await?;
    } else if !clients.is_empty() {
        project::renew_clients(tx, firm, &clients).await?;
    }
    Ok(taken)
}

/// Forgets a calendar: what it told of times to come is taken back, and what took place stays.
pub async fn forget(tx: &mut Tx, firm: FirmId, followed: &Followed, now: Timestamp) -> Result<()> {
    let (options, zone) = (Options::default(), TimeZone::UTC);
    let mut follower = Follower {
        desk: Desk::open(tx, firm, &zone, &options, now).await?,
        followed: *followed,
        cancelled: Vec::new(),
        is_book_changed: false,
    };
    let rows: Vec<Row> =
        sql!(tx, c => query_as(ALL).bind(firm.0).bind(followed.subscription.0).fetch_all(c).await)?;
    for row in rows {
        follower.untell(tx, known(row)?, &BTreeSet::new()).await?;
    }
    let is_book_changed = follower.is_book_changed;
    follower.desk.close(tx).await?;
    if is_book_changed {
        project::mark_behind(tx, firm, true).await?;
    }
    Ok(())
}

struct Follower<'a> {
    desk: Desk<'a>,
    followed: Followed,
    /// Meetings that were written down, and did not take place as they were told.
    cancelled: Vec<NaturalKey>,
    is_book_changed: bool,
}

impl Follower<'_> {
    /// One thing in the calendar: what it tells now against what it told.
    async fn one(&mut self, tx: &mut Tx, path: &str, words: Option<&[u8]>) -> Result<()> {
        let mut now_told: BTreeMap<NaturalKey, Fact> = BTreeMap::new();
        let mut uids = BTreeSet::new();
        if let Some(words) = words {
            let until = self.desk.now.saturating_add(AHEAD).unwrap_or(Timestamp::MAX);
            let (calendar, errors) = wire::calendar::read(words, self.desk.zone, until);
            self.desk.taken.wrong.extend(errors.iter().map(|error| (path.into(), error.to_string())));
            for event in &calendar.events {
                self.facts(tx, event, &mut now_told);
            }
            uids = calendar.uids;
        }
        let (firm, subscription) = (self.desk.firm.id.0, self.followed.subscription.0);
        let rows: Vec<Row> =
            sql!(tx, c => query_as(OF_PATH).bind(firm).bind(subscription).bind(path).fetch_all(c).await)?;
        for row in rows {
            let known = known(row)?;
            match now_told.get(&known.key) {
                // A meeting to come may have other guests or words; one that is over stands as it was told.
                Some(Fact::Meeting(_)) if !known.told => {}
                Some(_) => drop(now_told.remove(&known.key)),
                None => self.untell(tx, known, &uids).await?,
            }
        }
        for fact in now_told.into_values() {
            self.tell(tx, path, fact).await?;
        }
        Ok(())
    }

    /// What an event tells.
    fn facts(&mut self, tx: &Tx, event: &wire::calendar::Event, told: &mut BTreeMap<NaturalKey, Fact>) {
        let mut add = |fact: Fact| drop(told.insert(fact.key(), fact));
        let owner = Some(self.followed.staff);
        match self.desk.days(event) {
            Some((from, to)) if self.followed.closes => {
                let days = from.series(jiff::ToSpan::days(1)).take_while(|day| *day <= to);
                days.take(LONGEST_DAYS as usize).map(Fact::Closed).for_each(add);
            }
            _ if self.followed.closes => {}
            Some(days) if is_absence(event) => match self.desk.absent(tx, event, days, owner) {
                Some(away) => add(Fact::Absence(Away {
                    uid: event.uid.clone(),
                    staff: away.staff.0,
                    from: away.from,
                    to: away.to,
                    cover: away.cover.map(|cover| cover.0),
                })),
                None => self.desk.taken.nobody += 1,
            },
            Some(_) => self.desk.taken.days += 1,
            None if is_absence(event) => self.desk.taken.days += 1,
            None => {
                if let Some(meeting) = self.desk.met(event, owner) {
                    add(Fact::Meeting(meeting));
                }
            }
        }
    }

    /// Something that was not told before.
    async fn tell(&mut self, tx: &mut Tx, path: &str, fact: Fact) -> Result<()> {
        let key = fact.key();
        let told = match &fact {
            Fact::Meeting(meeting) if self.desk.now < meeting.ends => {
                self.desk.taken.to_come += 1;
                false
            }
            Fact::Meeting(meeting) => {
                self.desk.enter(tx, meeting).await?;
                true
            }
            Fact::Absence(away) => self.send_away(tx, away).await?,
            Fact::Closed(day) => {
                let is_new = self.desk.firm.holidays.insert(*day);
                self.desk.taken.holidays += u64::from(is_new);
                self.is_book_changed |= is_new;
                is_new
            }
        };
        let (kind, words, days, ends) = match &fact {
            Fact::Meeting(meeting) => ("meeting", json(meeting)?, None, Some(Ts::from(meeting.ends))),
            Fact::Absence(away) => ("absence", json(away)?, Some((away.from, away.to)), None),
            Fact::Closed(day) => ("closed", json(day)?, Some((*day, *day)), None),
        };
        let client = match &fact {
            Fact::Meeting(meeting) => self.client_of(meeting),
            _ => None,
        };
        let (from, to) = days.map(|(from, to)| (from.to_string(), to.to_string())).unzip();
        run!(
            tx,
            query(ADD)
                .bind(self.desk.firm.id.0)
                .bind(self.followed.subscription.0)
                .bind(key.0.cast_signed())
                .bind(path)
                .bind(kind)
                .bind(client.map(|client| client.0))
                .bind(&from)
                .bind(&to)
                .bind(ends)
                .bind(crate::text::storable(&words))
                .bind(told)
        )
        .map(drop)
    }

    fn client_of(&self, meeting: &Meeting) -> Option<ClientId> {
        meeting.guests.iter().find_map(|(address, _)| self.desk.who(address)?.client())
    }

    /// Notes an absence; false where it was known, by a list or by somebody's word, and so is not ours to take back.
    async fn send_away(&mut self, tx: &mut Tx, away: &Away) -> Result<bool> {
        let staff = StaffId(away.staff);
        let is_known = |known: &&staff::Absence| known.staff == staff && known.from == away.from;
        if let Some(known) = self.desk.absences.iter().find(is_known)
            && away.to <= known.to
        {
            return Ok(false);
        }
        let absence = staff::Absence {
            id: crate::ids::AbsenceId(tx.new_id()),
            staff,
            from: away.from,
            to: away.to,
            cover: away.cover.map(StaffId),
        };
        staff::store::save_absence(tx, self.desk.firm.id, &absence).await?;
        self.desk.absences = staff::store::absences(tx, self.desk.firm.id).await?;
        self.desk.taken.absences += 1;
        self.is_book_changed = true;
        Ok(true)
    }

    /// Something that is told no more. `uids`: the marks of events that the calendar still speaks of.
    async fn untell(&mut self, tx: &mut Tx, known: Known, uids: &BTreeSet<String>) -> Result<()> {
        let firm = self.desk.firm.id;
        let Some(fact) = known.fact else { return Ok(()) };
        run!(
            tx,
            query(FORGET).bind(firm.0).bind(self.followed.subscription.0).bind(known.key.0.cast_signed())
        )?;
        match fact {
            // That somebody tidies up their calendar undoes no meeting; that it was cancelled or moved does.
            Fact::Meeting(meeting) if known.told && uids.contains(meeting.mark()) => {
                self.cancelled.push(known.key);
            }
            Fact::Meeting(_) => {}
            _ if !known.told => {}
            Fact::Absence(away) => {
                if self.tells_too(tx, "absence", away.from).await? {
                    return Ok(());
                }
                let same =
                    |a: &&staff::Absence| a.staff.0 == away.staff && a.from == away.from && a.to == away.to;
                if let Some(absence) = self.desk.absences.iter().find(same) {
                    staff::store::remove_absence(tx, firm, absence.id).await?;
                    self.desk.absences = staff::store::absences(tx, firm).await?;
                    self.is_book_changed = true;
                }
            }
            Fact::Closed(day) => {
                if !self.tells_too(tx, "closed", day).await? && self.desk.firm.holidays.remove(&day) {
                    crate::firm::store::save(tx, &self.desk.firm, self.desk.now).await?;
                    self.is_book_changed = true;
                }
            }
        }
        Ok(())
    }

    /// Whether something else told the same of a day.
    async fn tells_too(&self, tx: &mut Tx, kind: &str, from: Date) -> Result<bool> {
        let found: Option<(i64,)> = sql!(tx, c => query_as(TELLS_TOO).bind(self.desk.firm.id.0).bind(kind)
            .bind(from.to_string()).bind(true).fetch_optional(c).await)?;
        Ok(found.is_some())
    }

    /// Writes down the meetings that have come to an end.
    async fn what_is_over(&mut self, tx: &mut Tx) -> Result<()> {
        let (firm, subscription) = (self.desk.firm.id.0, self.followed.subscription.0);
        let rows: Vec<Row> = sql!(tx, c => query_as(DUE).bind(firm).bind(subscription).bind(false)
            .bind(Ts::from(self.desk.now)).fetch_all(c).await)?;
        for row in rows {
            let Known { key, fact: Some(Fact::Meeting(meeting)), .. } = known(row)? else { continue };
            self.desk.enter(tx, &meeting).await?;
            run!(tx, query(TOLD).bind(firm).bind(subscription).bind(key.0.cast_signed()).bind(true))?;
        }
        Ok(())
    }
}

/// Says of meetings that were written down that they did not take place so; gives whose record they are in.
async fn take_back(
    tx: &mut Tx,
    firm: FirmId,
    meetings: &[NaturalKey],
    now: Timestamp,
) -> Result<Vec<ClientId>> {
    let mut clients = Vec::new();
    for meeting in meetings {
        let key = NaturalKey::of(format!("decision {} {}", firm.0, tx.new_id()).as_bytes());
        let what = Verdict::TakenBack { decision: *meeting };
        let decision = Decision { entry: EntryId(0), key, at: now, by: SOMEBODY, what };
        others::add_decision(tx, firm, &decision, "the calendar says that it was moved or cancelled").await?;
        let book = crate::record::book::load(tx, firm).await?;
        clients.extend(project::touched(tx, firm, &decision, &book).await?);
    }
    Ok(clients)
}
