//! A calendar that somebody subscribed to, followed: what each of its events told is remembered ([`facts`]), so that one
//! that is changed or cancelled changes what it told, and nothing is told twice.
//!
//! Of a meeting with a client that is still to come its time and guests are remembered until it is over; of everything
//! else in the calendar nothing is.

mod absences;
mod facts;
mod meetings;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use wire::calendar::{Calendar, Event};

use self::facts::{Away, Fact, Known};
use super::{AHEAD, Desk, Entered, LONGEST_DAYS, Meeting, Options, Taken, is_absence};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::{ClientId, FirmId, NaturalKey, StaffId, SubscriptionId};
use crate::record::project;

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

/// Something in it that is new or other than it was: its path, and what it holds; none where it is gone.
pub type Changed = (String, Option<Holds>);

/// What a thing in a calendar holds, as it was read: that of a large one takes time, and needs nothing that is known here.
#[derive(Debug, Default)]
pub struct Holds {
    calendar: Calendar,
    /// What could not be read, and why.
    wrong: Vec<String>,
}

impl Holds {
    /// Reads the words of a thing (iCalendar).
    pub fn read(words: &[u8], zone: &TimeZone, now: Timestamp) -> Holds {
        let until = now.saturating_add(AHEAD).unwrap_or(Timestamp::MAX);
        let (calendar, errors) = wire::calendar::read(words, zone, until);
        Holds { calendar, wrong: errors.iter().map(ToString::to_string).collect() }
    }
}

/// Takes what changed in a calendar into the record, and what has come to an end meanwhile. Where it changes who is here
/// when, all is marked as to be settled anew; else what is owed to those whom it touches is made anew at once.
pub async fn follow(
    tx: &mut Tx,
    firm: FirmId,
    followed: &Followed,
    zone: &TimeZone,
    changed: &[Changed],
    now: Timestamp,
) -> Result<Taken> {
    let options = Options { public_holidays: followed.closes, ..Options::default() };
    let desk = Desk::open(tx, firm, zone, &options, now).await?;
    let mut follower = Follower::new(desk, followed);
    for (path, holds) in changed {
        follower.one(tx, path, holds.as_ref().unwrap_or(&Holds::default())).await?;
    }
    follower.what_is_over(tx).await?;
    let Follower { desk, mut cancelled, known, is_book_changed, .. } = follower;
    let (mut clients, book) = (desk.touched.clone(), Arc::clone(&desk.book));
    let taken = desk.close(tx).await?;
    // What is cancelled in one place of the calendar and stands in another takes place.
    cancelled.retain(|meeting| !known.contains(meeting));
    clients.extend(meetings::cancel(tx, firm, &book, &cancelled, now).await?);
    clients.extend(meetings::restore(tx, firm, &book, &known, now).await?);
    clients.sort_unstable();
    clients.dedup();
    if is_book_changed {
        project::mark_behind(tx, firm, true).await?;
    } else if !clients.is_empty() {
        project::renew_clients(tx, firm, &clients).await?;
    }
    Ok(taken)
}

/// Whether a meeting of a calendar has come to an end that is not in the record.
pub async fn is_due(tx: &mut Tx, firm: FirmId, subscription: SubscriptionId, now: Timestamp) -> Result<bool> {
    facts::is_due(tx, firm, subscription, now).await
}

/// Forgets a calendar: what it told of times to come is taken back, and what took place stays.
pub async fn forget(tx: &mut Tx, firm: FirmId, followed: &Followed, now: Timestamp) -> Result<()> {
    let (options, zone) = (Options::default(), TimeZone::UTC);
    let desk = Desk::open(tx, firm, &zone, &options, now).await?;
    let mut follower = Follower::new(desk, followed);
    for known in facts::all(tx, firm, followed).await? {
        follower.untell(tx, &known, &Calendar::default()).await?;
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
    /// Meetings that are told, and were written down before.
    known: Vec<NaturalKey>,
    is_book_changed: bool,
}

impl<'a> Follower<'a> {
    fn new(desk: Desk<'a>, followed: &Followed) -> Follower<'a> {
        let (cancelled, known) = (Vec::new(), Vec::new());
        Follower { desk, followed: *followed, cancelled, known, is_book_changed: false }
    }

    /// One thing in the calendar: what it tells now against what it told.
    async fn one(&mut self, tx: &mut Tx, path: &str, Holds { calendar, wrong }: &Holds) -> Result<()> {
        let mut now_told: BTreeMap<NaturalKey, Fact> = BTreeMap::new();
        self.desk.taken.wrong.extend(wrong.iter().map(|why| (path.into(), why.clone())));
        for event in &calendar.events {
            self.facts(event, &mut now_told);
        }
        let (mut gone, mut rows) = (Vec::new(), BTreeMap::new());
        for known in facts::of_path(tx, self.desk.firm.id, &self.followed, path).await? {
            match now_told.get(&known.key) {
                Some(now) if self.stands(&known, now) => drop(now_told.remove(&known.key)),
                Some(_) => drop(rows.insert(known.key, known.row)),
                None => gone.push(known),
            }
        }
        // What is new comes first: leave that became longer keeps whoever was named to stand in.
        for (key, fact) in now_told {
            let row = match rows.get(&key) {
                Some(row) => *row,
                None => facts::row(tx, self.desk.firm.id, self.followed.subscription, key, path).await?,
            };
            self.tell(tx, path, fact, row).await?;
        }
        for known in gone {
            self.untell(tx, &known, calendar).await?;
        }
        Ok(())
    }

    /// Whether nothing is to be done for a fact that is told again. A meeting that is over stands as it was told; one to
    /// come may have other guests or words, and an absence another cover.
    fn stands(&self, known: &Known, now: &Fact) -> bool {
        let is_over = known.told && matches!(now, Fact::Meeting(_));
        is_over || known.fact.says(now) && known.client == self.client_of(now)
    }

    /// What an event tells.
    fn facts(&mut self, event: &Event, told: &mut BTreeMap<NaturalKey, Fact>) {
        let mut add = |fact: Fact| drop(told.insert(fact.key(), fact));
        let owner = Some(self.followed.staff);
        match self.desk.days(event) {
            Some((from, to)) if self.followed.closes => {
                let days = from.series(jiff::ToSpan::days(1)).take_while(|day| *day <= to);
                days.take(LONGEST_DAYS as usize).map(Fact::Closed).for_each(add);
            }
            _ if self.followed.closes => {}
            Some(days) if is_absence(event) => match self.desk.absent(event, days, owner) {
                Some(away) => add(Fact::Absence(Away {
                    uid: event.uid.clone(),
                    staff: away.staff.0,
                    from: days.0,
                    to: away.to,
                    cover: away.cover.map(|cover| cover.0),
                    given: absences::Given::default(),
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

    /// Something that was not told before, or not so; `row` is by what it is remembered.
    async fn tell(&mut self, tx: &mut Tx, path: &str, mut fact: Fact, row: NaturalKey) -> Result<()> {
        let (key, client, subscription) = (fact.key(), self.client_of(&fact), self.followed.subscription);
        let told = match &mut fact {
            Fact::Meeting(meeting) if self.desk.now < meeting.ends => {
                self.desk.taken.to_come += u64::from(row == key);
                false
            }
            Fact::Meeting(meeting) => {
                self.enter(tx, meeting).await?;
                true
            }
            Fact::Absence(away) => {
                *away = self.send_away(tx, away, row).await?;
                true
            }
            // One that a list or a person gave is not ours to take back.
            Fact::Closed(day) => {
                let is_new = self.desk.firm.holidays.insert(*day);
                self.desk.taken.holidays += u64::from(is_new);
                self.is_book_changed |= is_new;
                is_new
            }
        };
        facts::add(tx, self.desk.firm.id, &Known { subscription, key, row, fact, client, told }, path).await
    }

    fn client_of(&self, fact: &Fact) -> Option<ClientId> {
        let Fact::Meeting(meeting) = fact else { return None };
        meeting.guests.iter().find_map(|(address, _)| self.desk.who(address)?.client())
    }

    /// Writes down a meeting that is over; false where nobody of those who came is of a client.
    async fn enter(&mut self, tx: &mut Tx, meeting: &Meeting) -> Result<bool> {
        let entered = self.desk.enter(tx, meeting).await?;
        if entered == Entered::Known {
            self.known.push(meeting.key());
        }
        Ok(entered != Entered::OfNobody)
    }

    /// Something that is told no more in a thing that holds this now.
    async fn untell(&mut self, tx: &mut Tx, known: &Known, holds: &Calendar) -> Result<()> {
        let firm = self.desk.firm.id;
        match &known.fact {
            // Who is a client changes, and comes back; the meeting took place.
            Fact::Meeting(meeting) if known.told && meetings::still_stands(meeting, &holds.events) => {
                return Ok(());
            }
            // That somebody tidies up their calendar undoes no meeting; that it was cancelled or moved does.
            Fact::Meeting(meeting) if known.told && holds.uids.contains(meeting.mark()) => {
                // What another calendar says stands until that says otherwise, whosoever it is.
                if !facts::is_elsewhere(tx, firm, known, meeting).await? {
                    self.cancelled.push(known.key);
                }
            }
            Fact::Meeting(_) => {}
            Fact::Absence(away) => return self.bring_back(tx, known, away).await,
            Fact::Closed(_) if !known.told => {}
            Fact::Closed(day) => {
                let said = facts::from_day(tx, firm, &known.fact).await?;
                let mut others =
                    said.iter().filter(|one| (one.subscription, one.row) != (known.subscription, known.row));
                if let Some(other) = others.next() {
                    // It is theirs to take back from now on.
                    facts::tell(tx, firm, other).await?;
                } else if self.desk.firm.holidays.remove(day) {
                    crate::firm::store::save(tx, &self.desk.firm, self.desk.now).await?;
                    self.is_book_changed = true;
                }
            }
        }
        facts::forget(tx, firm, known).await
    }

    /// Writes down the meetings that have come to an end.
    async fn what_is_over(&mut self, tx: &mut Tx) -> Result<()> {
        let firm = self.desk.firm.id;
        for known in facts::due(tx, firm, &self.followed, self.desk.now).await? {
            let Fact::Meeting(meeting) = &known.fact else { continue };
            match self.enter(tx, meeting).await? {
                true => facts::tell(tx, firm, &known).await?,
                // Where they are of a client again, all is looked at anew, and this is new.
                false => facts::forget(tx, firm, &known).await?,
            }
        }
        Ok(())
    }
}
