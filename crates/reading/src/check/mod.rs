//! The check of a draft before it is sent: excuses, promises that cannot be kept, questions left open.
//!
//! It underlines and says what would be better, in one plain sentence. It never scolds, and never holds a letter back.

mod asked;
mod attached;

use care::acts::{Act, ActKind};
use care::hours::WorkCalendar;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use crate::acts::Reading;
use crate::when::{self, Found, Limit, Meaning};

/// Something in a draft that could be better.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// Where the words begin in the draft, in Unicode scalar values.
    pub start: u32,
    /// Where they end (exclusive). Both at the end of the draft for what is missing in it.
    pub end: u32,
    /// How sure the reader is, 0 to 1.
    pub confidence: f32,
    /// What to do, in one plain sentence.
    pub words: String,
    /// A sentence to put in its place, where there is one.
    pub better: Option<String>,
}

/// What a finding is.
#[derive(Debug, Clone, PartialEq)]
pub enum FindingKind {
    /// Explains a delay by our own load, absence or forgetfulness, or by others.
    Excuse,
    /// A promise for a day on which it cannot well be kept.
    PromiseCollides {
        /// With what.
        with: Collision,
        /// The day promised.
        day: Date,
        /// The next working day that is free; none within a year.
        free: Option<Date>,
    },
    /// A promise that names no day.
    PromiseWithoutDate,
    /// Something asked that the draft does not come back to.
    UnansweredQuestion {
        /// Which of [`Situation::asked`].
        asked: usize,
    },
    /// Says that something is attached, and nothing is.
    AttachmentMissing,
    /// Says that they will hear, but not when.
    VagueHold,
}

/// Why a day is no good for a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Collision {
    /// The writer is away.
    Absence,
    /// The firm is closed.
    Closed,
    /// As much is promised for that day already as can be done.
    Full,
}

/// What the check has to know beside the draft.
#[derive(Debug, Clone)]
pub struct Situation<'a> {
    /// When the draft would be sent.
    pub said_at: Timestamp,
    /// The firm's opening hours and holidays.
    pub calendar: &'a WorkCalendar,
    /// When the writer is away: first and last day.
    pub absences: &'a [(Date, Date)],
    /// For how many promises of the writer each day is the last; days without any may be missing.
    pub promised: &'a [(Date, u32)],
    /// How many promises a day the writer can keep; none where nobody knows.
    pub capacity: Option<u32>,
    /// What was asked in the message that the draft answers: the passages of its requests.
    pub asked: &'a [&'a str],
    /// How many files are attached.
    pub attachments: usize,
}

/// What could be better in `draft`, in the order of the text. `reading` is what the reader of acts found in it.
pub fn check(draft: &str, reading: &Reading, situation: &Situation) -> Vec<Finding> {
    let times = when::find(draft, situation.said_at, situation.calendar);
    let check = Check { draft, reading, situation, times, places: Places::of(draft) };
    let mut findings: Vec<Finding> = Vec::new();
    for act in &reading.acts {
        findings.extend(match act.kind {
            ActKind::Excuse => Some(check.excuse(act)),
            ActKind::Promise => check.promise(act),
            ActKind::Hold if act.due.is_none() => check.vague_hold(act),
            _ => None,
        });
    }
    findings.extend(attached::missing(&check));
    findings.extend(asked::unanswered(&check));
    findings.sort_by_key(|f| (f.start, f.end));
    findings
}

struct Check<'a> {
    draft: &'a str,
    reading: &'a Reading,
    situation: &'a Situation<'a>,
    times: Vec<Found>,
    places: Places,
}

impl Check<'_> {
    fn excuse(&self, act: &Act) -> Finding {
        let words =
            "Clients remember what happens next, not why it took long: say what you will do, and by when.";
        let promised = self.reading.acts.iter().filter(|a| a.kind == ActKind::Promise).find_map(|a| a.due);
        let day = match promised.map(|due| self.situation.calendar.date_of(due)) {
            // The day that the promise beside it is told to move to.
            Some(day) if self.collision(day).is_some() => self.free_day(day),
            Some(day) => Some(day),
            None => self.honest_day(),
        };
        let sorry = if self.reading.apology { "" } else { "I am sorry that you had to wait. " };
        let better = day.map(|day| format!("{sorry}You will have it by {}.", said(day)));
        self.finding(FindingKind::Excuse, act, words.to_owned(), better)
    }

    /// A promise for a bad day, or for none.
    fn promise(&self, act: &Act) -> Option<Finding> {
        let Some(due) = act.due else { return self.undated(act) };
        let day = self.situation.calendar.date_of(due);
        let with = self.collision(day)?;
        let free = self.free_day(day);
        let why = match with {
            Collision::Absence => format!("You are away on {}", said(day)),
            Collision::Closed => format!("The firm is closed on {}", said(day)),
            Collision::Full => format!("{} already has as many promises as you can keep", said(day)),
        };
        let words = match free {
            Some(free) => format!("{why}; the next day that is free is {}.", said(free)),
            None => format!("{why}; promise a day on which you can keep it, or ask a colleague to."),
        };
        let better = free.and_then(|free| self.with_day(act, free));
        Some(self.finding(FindingKind::PromiseCollides { with, day, free }, act, words, better))
    }

    fn undated(&self, act: &Act) -> Option<Finding> {
        let held = |a: &&Act| a.kind == ActKind::Hold && a.start < act.end && act.start < a.end;
        // The hold over the same passage says it already, and an event is as good as a day.
        if self.reading.acts.iter().any(|a| held(&a)) || self.waits_for_event(act) {
            return None;
        }
        let words = "Say by when: a promise with a day is one that you and the client can both count on.";
        let better = self.honest_day().map(|day| self.dated(act, day));
        Some(self.finding(FindingKind::PromiseWithoutDate, act, words.to_owned(), better))
    }

    fn vague_hold(&self, act: &Act) -> Option<Finding> {
        if self.waits_for_event(act) {
            return None;
        }
        let words = "Say by when they will hear from you, so that they need not ask again.";
        let better = self.honest_day().map(|day| format!("You will hear from me by {}.", said(day)));
        Some(self.finding(FindingKind::VagueHold, act, words.to_owned(), better))
    }

    fn finding(&self, kind: FindingKind, act: &Act, words: String, better: Option<String>) -> Finding {
        Finding { kind, start: act.start, end: act.end, confidence: act.confidence, words, better }
    }

    fn collision(&self, day: Date) -> Option<Collision> {
        let situation = self.situation;
        if situation.absences.iter().any(|(from, to)| *from <= day && day <= *to) {
            Some(Collision::Absence)
        } else if !situation.calendar.is_working_day(day) {
            Some(Collision::Closed)
        } else {
            let promised: u32 = situation.promised.iter().filter(|(d, _)| *d == day).map(|(_, n)| n).sum();
            situation.capacity.is_some_and(|most| most <= promised).then_some(Collision::Full)
        }
    }

    /// The first day after `day` on which nothing collides.
    fn free_day(&self, day: Date) -> Option<Date> {
        (1..=366).find_map(|n: i64| {
            let next = day.checked_add(n.days()).ok()?;
            self.collision(next).is_none().then_some(next)
        })
    }

    /// A day that can be promised without looking further: two working days on, or the next free one.
    fn honest_day(&self) -> Option<Date> {
        let calendar = self.situation.calendar;
        self.free_day(calendar.working_days_after(calendar.date_of(self.situation.said_at), 1))
    }

    /// The times inside an act's passage.
    fn times_of(&self, act: &Act) -> impl Iterator<Item = &Found> {
        let (start, end) = (self.places.byte(act.start), self.places.byte(act.end));
        self.times.iter().filter(move |t| start <= t.start && t.end <= end)
    }

    /// "before the hearing": bound to something that has its own day.
    fn waits_for_event(&self, act: &Act) -> bool {
        self.times_of(act).any(|t| t.meaning == Meaning::Unresolved && t.limit != Limit::On)
    }

    fn passage(&self, act: &Act) -> &str {
        self.draft.get(self.places.byte(act.start)..self.places.byte(act.end)).unwrap_or_default()
    }

    /// The passage with another day in the place of the one it names.
    fn with_day(&self, act: &Act, day: Date) -> Option<String> {
        let due = |t: &&Found| t.due(self.situation.said_at, self.situation.calendar) == act.due;
        let time = self.times_of(act).filter(due).last()?;
        let start = self.places.byte(act.start);
        let passage = self.passage(act);
        let before = passage.get(..time.start - start)?.trim_end();
        let after = passage.get(time.end - start..)?;
        let before = before.strip_suffix(" on").unwrap_or(before);
        Some(sentence(&format!("{before} by {}{after}", said(day))))
    }

    /// The passage with a day behind it, and without words that only sound like one.
    fn dated(&self, act: &Act, day: Date) -> String {
        const VAGUE: &[&str] = &[
            "as soon as possible",
            "as soon as i can",
            "as soon as we can",
            "at my earliest convenience",
            "in due course",
            "in the near future",
            "very soon",
            "shortly",
            "soon",
            "asap",
            "later",
        ];
        let mut passage = self.passage(act).trim_end_matches(['.', '!', ',', ' ']);
        for vague in VAGUE {
            let cut = passage.len().saturating_sub(vague.len());
            if passage.get(cut..).is_some_and(|tail| tail.eq_ignore_ascii_case(vague)) {
                passage = passage[..cut].trim_end();
                break;
            }
        }
        sentence(&format!("{passage} by {}", said(day)))
    }
}

/// A day as one writes it in a letter.
fn said(day: Date) -> String {
    day.strftime("%A %-d %B").to_string()
}

/// One sentence, on one line, with its full stop and capital.
fn sentence(words: &str) -> String {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut chars = words.trim_end_matches(['.', ',', ' ']).chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}

/// Byte offsets of scalar values.
struct Places {
    bytes: Vec<usize>,
    end: usize,
}

impl Places {
    fn of(text: &str) -> Places {
        Places { bytes: text.char_indices().map(|(at, _)| at).collect(), end: text.len() }
    }

    fn byte(&self, scalar: u32) -> usize {
        self.bytes.get(scalar as usize).copied().unwrap_or(self.end)
    }

    fn scalar(&self, byte: usize) -> u32 {
        self.bytes.partition_point(|at| *at < byte) as u32
    }

    fn last(&self) -> u32 {
        self.bytes.len() as u32
    }
}
