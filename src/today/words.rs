//! What is owed, in words for a page.

use std::borrow::Cow;

use care::book::FirmBook;
use care::obligation::{Ending, Kind, Obligation, State};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::report::findings::Moment;
use crate::report::told;
use crate::report::words::{how_long, moment};

/// A moment as a page shows it: in short words, with the exact moment beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When {
    /// In short: "2 days late", "today 17:00", "Tue 3 Sep".
    pub words: String,
    /// With date, hour and zone, for whoever wants to know exactly.
    pub exact: String,
    /// For the machine: RFC 3339.
    pub machine: String,
}

impl When {
    /// A moment in the past or future, seen from `now`.
    pub fn new(at: Timestamp, now: Timestamp, zone: &TimeZone) -> When {
        let (zoned, seen) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
        When { words: spoken(&zoned, &seen), ..When::exactly(&zoned) }
    }

    /// When something falls due, or since how long it is late.
    pub fn due(at: Timestamp, now: Timestamp, zone: &TimeZone) -> When {
        let zoned = at.to_zoned(zone.clone());
        let words = if at < now {
            format!("{} late", how_long(now.duration_since(at)))
        } else {
            spoken(&zoned, &now.to_zoned(zone.clone()))
        };
        When { words, ..When::exactly(&zoned) }
    }

    /// How long ago a moment was: "3 days ago", or "just now".
    pub fn ago(at: Timestamp, now: Timestamp, zone: &TimeZone) -> When {
        let since = now.duration_since(at);
        let words = match since.as_mins() {
            0 => "just now".to_owned(),
            _ => format!("{} ago", how_long(since)),
        };
        When { words, ..When::exactly(&at.to_zoned(zone.clone())) }
    }

    fn exactly(zoned: &Zoned) -> When {
        When {
            words: String::new(),
            exact: zoned.strftime("%A %-d %B %Y, %H:%M %Z").to_string(),
            machine: Moment(zoned.clone()).to_string(),
        }
    }
}

/// A moment as people say it: "today 17:00", "yesterday 09:12", "Tue 3 Sep 17:00".
pub fn spoken(at: &Zoned, now: &Zoned) -> String {
    let (day, today) = (at.date(), now.date());
    let hour = at.strftime("%H:%M");
    if day == today {
        format!("today {hour}")
    } else if today.tomorrow().is_ok_and(|tomorrow| tomorrow == day) {
        format!("tomorrow {hour}")
    } else if today.yesterday().is_ok_and(|yesterday| yesterday == day) {
        format!("yesterday {hour}")
    } else {
        moment(at, now)
    }
}

/// A kind of obligation as a page calls it.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Answer => "Answer",
        Kind::Callback => "Call back",
        Kind::Promise => "Promise",
        Kind::NextWord => "Next word",
        Kind::CheckIn => "Check-in",
        Kind::Thanks => "Thanks",
        Kind::Complaint => "Complaint",
        Kind::Question => "Question",
        Kind::Step => "Step",
        Kind::Acceptance => "Acceptance",
        Kind::Renewal => "Renewal",
        Kind::Cover => "Cover",
        Kind::SecondTie => "Second tie",
        Kind::RecordGap => "Record gap",
        Kind::Verify => "Verify",
        Kind::DepartureReason => "Why they left",
    }
}

/// What lacks, where no message says it: for upkeep.
pub fn lack(owed: &Obligation, book: &FirmBook, now: Timestamp) -> Cow<'static, str> {
    match owed.kind {
        Kind::CheckIn => {
            "Nobody has been in touch for longer than this client is used to. A short word is enough.".into()
        }
        Kind::SecondTie => {
            "The relation hangs on one single pair of people. Introduce somebody else of either side.".into()
        }
        Kind::Cover => {
            "Nobody stands in for whoever this client knows. Name a cover, and tell the client.".into()
        }
        Kind::RecordGap => match told::lack(told::lacking(book, owed.client, now)) {
            lack if lack.is_empty() => "The record did not say all that it must.".into(),
            lack => lack.into(),
        },
        _ => "".into(),
    }
}

/// How something stands: "open", "kept late" …, for what has ended.
pub fn state(state: State) -> &'static str {
    match state {
        State::Open => "open",
        State::Kept => "kept",
        State::KeptLate => "kept late",
        State::Moved => "moved",
        State::MovedLate => "moved late",
        State::Broken => "past its date",
        State::Released => "not needed",
    }
}

/// How often they asked, and since when they wait.
pub fn why(owed: &Obligation, now: Timestamp, zone: &TimeZone) -> String {
    let since = how_long(now.duration_since(owed.opened_at));
    let asked = match owed.chases {
        0 => String::new(),
        1 => "asked again, ".to_owned(),
        2 => "asked again twice, ".to_owned(),
        n => format!("asked again {n} times, "),
    };
    match owed.kind {
        Kind::Promise => {
            let due = spoken(&owed.due_at.to_zoned(zone.clone()), &now.to_zoned(zone.clone()));
            format!("{asked}given {since} ago for {due}")
        }
        Kind::Callback => format!("{asked}rang {since} ago"),
        kind if kind.is_upkeep() => {
            let [opened, today] = [owed.opened_at, now].map(|at| at.to_zoned(zone.clone()).date());
            if opened == today { "since today".to_owned() } else { format!("for {since}") }
        }
        _ => format!("{asked}waits for {since}"),
    }
}

/// What a decision did, as the sentence that offers to undo it.
pub fn ending(how: Ending) -> &'static str {
    match how {
        Ending::Kept => "done",
        Ending::Moved => "moved to a new date",
        Ending::Released => "not needed",
    }
}
