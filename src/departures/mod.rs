//! Departures: clients who left, when, and why.
//!
//! Clients of professional firms leave for six reasons, and most of them for the last: they felt forgotten. The firm
//! codes each departure with its reason and with how that is known, so that its own split can stand beside that one.

pub mod store;

use jiff::civil::Date;
pub use wire::csv::{Evidence, Reason};

use crate::firm::Custom;
use crate::ids::{ClientId, DepartureId};

/// A client left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departure {
    /// Its id.
    pub id: DepartureId,
    /// Who left.
    pub client: ClientId,
    /// When the firm noticed.
    pub noticed: Date,
    /// When they had really gone; none where nobody knows.
    pub left: Option<Date>,
    /// Why, and how that is known; none while nobody knows.
    pub reason: Option<(Reason, Evidence)>,
    /// The client's words, or ours; empty where there are none.
    pub words: String,
    /// Columns of the list that Regard does not know.
    pub custom: Custom,
}

impl Departure {
    /// The day from which on they were no client.
    pub fn gone(&self) -> Date {
        self.left.unwrap_or(self.noticed)
    }
}

/// When and why somebody left, and how that is known, as sentences.
pub fn in_words(departure: Option<&Departure>) -> String {
    let Some(departure) = departure else { return "They left; nobody noted when or why.".to_owned() };
    let day = |day: Date| day.strftime("%-d %B %Y").to_string();
    let when = match departure.left {
        Some(left) if left == departure.noticed => format!("They left on {}", day(left)),
        Some(left) => format!("They left on {}, noticed on {}", day(left), day(departure.noticed)),
        None => format!("Noticed on {} that they had left", day(departure.noticed)),
    };
    let why = match departure.reason {
        Some((why, Evidence::Said)) => format!("{}, as they told us", said(why)),
        Some((why, Evidence::Think)) => format!("{}, as we think", said(why)),
        None => "nobody knows why".to_owned(),
    };
    let words = departure.words.trim();
    let words = if words.is_empty() { String::new() } else { format!(" “{words}”") };
    format!("{when}: {why}.{words}")
}

/// A reason as the rest of a sentence about them.
fn said(reason: Reason) -> &'static str {
    match reason {
        Reason::Died => "they died",
        Reason::Moved => "they moved away",
        Reason::Friend => "they went to a friend",
        Reason::Competitor => "they went to a competitor",
        Reason::Dissatisfied => "they were dissatisfied",
        Reason::FeltForgotten => "they felt forgotten",
    }
}

/// Of a hundred clients who leave, how many do so for this reason, by the split that is quoted wherever client care is
/// taught.
pub fn known_share(reason: Reason) -> u8 {
    match reason {
        Reason::Died => 1,
        Reason::Moved => 3,
        Reason::Friend => 5,
        Reason::Competitor => 9,
        Reason::Dissatisfied => 14,
        Reason::FeltForgotten => 68,
    }
}
