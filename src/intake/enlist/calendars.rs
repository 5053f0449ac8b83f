//! Calendars into the record: meetings with clients become entries, whole days on which somebody of the firm is away
//! become absences, and a calendar of public holidays says when the firm is closed.

pub mod follow;
mod who;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use care::book::FirmBook;
use care::entry::{Note, NoteKind};
use care::people::Who;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use wire::calendar::{Calendar, Event, Guest, When};

use super::away;
use super::enlister::Enlister;
use super::refused;
use crate::clients::{self, Scope};
use crate::db::{Db, Durability, Tx};
use crate::error::{Error, Result};
use crate::firm;
use crate::ids::{AbsenceId, AddressId, ClientId, EntryId, FirmId, NaturalKey, StaffId};
use crate::record::{book, others, project};
use crate::staff::{self, Absence, SOMEBODY};

/// What repeats without an end is looked at so far ahead.
const AHEAD: SignedDuration = SignedDuration::from_hours(366 * 24);
/// Somebody who is away for so long has the day off, though an hour is given.
const A_DAY: SignedDuration = SignedDuration::from_hours(20);
/// Nothing lasts longer than this; it is a slip of the keyboard.
const LONGEST_DAYS: i32 = 400;

/// How calendars are taken in.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Whose they are: an address or a name. Without it by the calendar's own name or the file's.
    pub of: Option<String>,
    /// Their whole days are days on which the firm is closed; nothing else in them counts.
    pub public_holidays: bool,
    /// What can be read is taken, and the rest listed.
    pub skip_bad: bool,
}

/// What was taken from calendars, and what was not.
#[derive(Debug, Default)]
pub struct Taken {
    /// Meetings with clients that are in the record now.
    pub meetings: u64,
    /// Meetings that were in it before.
    pub known: u64,
    /// Meetings that are not over: they are taken when the calendar is imported again.
    pub to_come: u64,
    /// Meetings with people of no client.
    pub others: u64,
    /// Meetings that their owner marked as private.
    pub private: u64,
    /// Absences of people of the firm.
    pub absences: u64,
    /// Days on which the firm is closed that it did not know of.
    pub holidays: u64,
    /// Whole days that are no absence.
    pub days: u64,
    /// Absences of nobody who is known.
    pub nobody: u64,
    /// What could not be read, with the file and why.
    pub wrong: Vec<(PathBuf, String)>,
}

impl std::ops::AddAssign for Taken {
    fn add_assign(&mut self, other: Taken) {
        self.meetings += other.meetings;
        self.known += other.known;
        self.to_come += other.to_come;
        self.others += other.others;
        self.private += other.private;
        self.absences += other.absences;
        self.holidays += other.holidays;
        self.days += other.days;
        self.nobody += other.nobody;
        self.wrong.extend(other.wrong);
    }
}

/// Reads calendars into the record; a file of which something cannot be read is refused whole unless that is asked.
pub async fn import(
    db: &Db,
    firm: FirmId,
    paths: &[PathBuf],
    zone: &TimeZone,
    options: &Options,
    now: Timestamp,
) -> Result<Taken> {
    let mut tx = db.write(Durability::Act).await?;
    let mut desk = Desk::open(&mut tx, firm, zone, options, now).await?;
    for path in paths {
        let bytes = fs::read(path).map_err(|error| Error::file(path, error))?;
        let until = now.saturating_add(AHEAD).unwrap_or(Timestamp::MAX);
        let (calendar, errors) = wire::calendar::read(&bytes, zone, until);
        if !errors.is_empty() && !options.skip_bad {
            return Err(refused(path, &errors));
        }
        desk.taken.wrong.extend(errors.iter().map(|error| (path.clone(), error.to_string())));
        desk.take(&mut tx, path, &calendar).await?;
    }
    let taken = desk.close(&mut tx).await?;
    project::mark_behind(&mut tx, firm, true).await?;
    tx.commit().await?;
    Ok(taken)
}

/// What is known while calendars are taken in.
struct Desk<'a> {
    lists: Enlister,
    book: Arc<FirmBook>,
    /// Who everybody at a domain is.
    domains: FxHashMap<String, Who>,
    absences: Vec<Absence>,
    firm: firm::Firm,
    zone: &'a TimeZone,
    options: &'a Options,
    now: Timestamp,
    taken: Taken,
    /// Whose record has another meeting now.
    touched: Vec<ClientId>,
}

/// A meeting with people of a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Meeting {
    uid: String,
    at: Timestamp,
    ends: Timestamp,
    /// Who of the firm came, or the first of them.
    by: i64,
    subject: String,
    words: String,
    /// Who of clients came: address and name.
    guests: Vec<(String, Option<String>)>,
}

/// Who is away, the last day, and who stands in where the calendar says that.
struct Absent {
    staff: StaffId,
    to: Date,
    cover: Option<StaffId>,
}

/// What became of a meeting that is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entered {
    /// It is in the record now.
    New,
    /// It was before.
    Known,
    /// Of those who came nobody is of a client.
    OfNobody,
}

impl Meeting {
    /// The same wherever the meeting is found, and for each time that it takes place.
    fn key(&self) -> NaturalKey {
        NaturalKey::of(format!("meeting {}", self.uid).as_bytes())
    }

    /// The mark of its event in the calendar, whenever that takes place.
    fn mark(&self) -> &str {
        self.uid.rsplit_once(' ').map_or(self.uid.as_str(), |(mark, _)| mark)
    }
}

impl<'a> Desk<'a> {
    async fn open(
        tx: &mut Tx,
        firm: FirmId,
        zone: &'a TimeZone,
        options: &'a Options,
        now: Timestamp,
    ) -> Result<Desk<'a>> {
        let lists = Enlister::open(tx, firm, now).await?;
        if let Some(of) = options.of.as_deref().filter(|of| lists.named(of).is_none()) {
            let words = format!("nobody of the firm is {of:?}; import the staff list or their mail first");
            return Err(Error::invalid("--of", words));
        }
        let placements = clients::store::placements(tx, firm).await?;
        let of_domains = placements.into_iter().filter(|placement| placement.scope == Scope::Domain);
        Ok(Desk {
            lists,
            book: book::at_hand(tx, firm).await?.book,
            domains: of_domains.map(|placement| (placement.text, placement.who)).collect(),
            absences: staff::store::absences(tx, firm).await?,
            firm: firm::store::load(tx, firm).await?,
            zone,
            options,
            now,
            taken: Taken::default(),
            touched: Vec::new(),
        })
    }

    async fn take(&mut self, tx: &mut Tx, path: &Path, calendar: &Calendar) -> Result<()> {
        let owner = self.owner(path, calendar);
        for event in &calendar.events {
            match self.days(event) {
                Some((from, to)) if self.options.public_holidays => self.close_on(from, to),
                _ if self.options.public_holidays => {}
                Some((from, to)) if is_absence(event) => self.absence(tx, event, (from, to), owner).await?,
                Some(_) => self.taken.days += 1,
                None if is_absence(event) => self.taken.days += 1,
                None => self.meeting(tx, event, owner).await?,
            }
        }
        Ok(())
    }

    async fn close(mut self, tx: &mut Tx) -> Result<Taken> {
        self.lists.book.save(tx, self.firm.id).await?;
        if 0 < self.taken.holidays {
            firm::store::save(tx, &self.firm, self.now).await?;
        }
        Ok(self.taken)
    }

    /// The whole days that an event takes: given as days, or as an absence with hours from one day to another.
    fn days(&self, event: &Event) -> Option<(Date, Date)> {
        match event.when {
            When::Days(from, to) => Some((from, to)),
            When::Time(from, to) if A_DAY <= to.duration_since(from) && is_absence(event) => {
                let day = |at: Timestamp| at.to_zoned(self.zone.clone()).date();
                Some((day(from), day(to.checked_sub(1.second()).unwrap_or(to))))
            }
            When::Time(..) => None,
        }
    }

    fn close_on(&mut self, from: Date, to: Date) {
        for day in from.series(1.day()).take_while(|day| *day <= to).take(LONGEST_DAYS as usize) {
            self.taken.holidays += u64::from(self.firm.holidays.insert(day));
        }
    }

    async fn absence(
        &mut self,
        tx: &mut Tx,
        event: &Event,
        days: (Date, Date),
        owner: Option<StaffId>,
    ) -> Result<()> {
        let Some(told) = self.absent(event, days, owner) else {
            self.taken.nobody += 1;
            return Ok(());
        };
        let from = days.0;
        let known = self.absences.iter().find(|known| known.staff == told.staff && known.from == from);
        // A calendar that names nobody does not take back whom a list named.
        let cover = told.cover.or_else(|| known.and_then(|known| known.cover));
        let absence = Absence { id: AbsenceId(tx.new_id()), staff: told.staff, from, to: told.to, cover };
        staff::store::save_absence(tx, self.firm.id, &absence).await?;
        self.taken.absences += 1;
        Ok(())
    }

    /// Who is away by an event, and until when; none where it is nobody known.
    fn absent(&self, event: &Event, (from, to): (Date, Date), owner: Option<StaffId>) -> Option<Absent> {
        let staff = self.named_in(&event.summary).or(owner).or_else(|| self.ours(event).next())?;
        let cover = [&event.summary, &event.description].iter().find_map(|text| self.cover(text, staff));
        Some(Absent { staff, to: to.min(from.saturating_add(LONGEST_DAYS.days())), cover })
    }

    async fn meeting(&mut self, tx: &mut Tx, event: &Event, owner: Option<StaffId>) -> Result<()> {
        let Some(meeting) = self.met(event, owner) else { return Ok(()) };
        if self.now < meeting.ends {
            self.taken.to_come += 1;
            return Ok(());
        }
        self.enter(tx, &meeting).await.map(drop)
    }

    /// The meeting with people of a client that an event is, over or to come. What is none, or private, is counted.
    fn met(&mut self, event: &Event, owner: Option<StaffId>) -> Option<Meeting> {
        let When::Time(at, ends) = event.when else { return None };
        let guests: Vec<&Guest> = coming(event)
            .filter(|guest| self.who(&guest.address).is_some_and(|who| who.client().is_some()))
            .collect();
        if guests.is_empty() {
            let is_outside = |guest: &Guest| !matches!(self.who(&guest.address), Some(Who::Staff(_)));
            self.taken.others += u64::from(coming(event).any(is_outside));
            return None;
        }
        if event.private {
            self.taken.private += 1;
            return None;
        }
        Some(Meeting {
            uid: event.uid.clone(),
            at,
            ends,
            by: self.ours(event).next().or(owner).unwrap_or(SOMEBODY).0,
            subject: event.summary.clone(),
            words: event.description.clone(),
            guests: guests.iter().map(|guest| (guest.address.clone(), guest.name.clone())).collect(),
        })
    }

    /// Writes down a meeting that is over.
    async fn enter(&mut self, tx: &mut Tx, meeting: &Meeting) -> Result<Entered> {
        let mut with: Vec<AddressId> = Vec::new();
        let mut clients: Vec<ClientId> = Vec::new();
        for (address, name) in &meeting.guests {
            let Some(client) = self.who(address).and_then(Who::client) else { continue };
            clients.push(client);
            let number = self.lists.named_email(address, name.as_deref().unwrap_or_default());
            if !with.contains(&number) {
                with.push(number);
            }
        }
        // Whoever was to come may be of no client any more.
        let Some(client) = clients.first().copied() else { return Ok(Entered::OfNobody) };
        let note = Note {
            entry: EntryId(0),
            key: meeting.key(),
            at: meeting.at,
            by: StaffId(meeting.by),
            kind: NoteKind::Meeting,
            client,
            with: with.into(),
            acts: Box::default(),
            asks: Box::default(),
        };
        let added = others::add_note(tx, self.firm.id, &note, &meeting.subject, &meeting.words).await?;
        *(if added.new { &mut self.taken.meetings } else { &mut self.taken.known }) += 1;
        self.touched.extend(clients);
        Ok(if added.new { Entered::New } else { Entered::Known })
    }
}

/// Whoever asked, and who was asked and has not declined.
fn coming(event: &Event) -> impl Iterator<Item = &Guest> {
    event.organiser.iter().chain(&event.guests).filter(|guest| !guest.declined)
}

/// Whether an event says that somebody is away. What comes back every week is part of their hours.
fn is_absence(event: &Event) -> bool {
    let in_category = event.categories.iter().any(|category| {
        let category = away::plain(category);
        // A category of holidays holds those of a country, put in by the program.
        !category.contains(" holiday") && away::is_away(&category)
    });
    !event.routine && (event.away || in_category || away::is_away(&event.summary))
}
