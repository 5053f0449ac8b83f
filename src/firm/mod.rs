//! The firm: the practice that uses Regard.

pub mod holidays;
pub mod settings;
pub mod store;
pub mod week;

use std::collections::{BTreeMap, BTreeSet};

use care::hours::{HoursError, Period, WorkCalendar};
use care::standard::Standards;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use self::holidays::Region;
use crate::error::{Error, Result};
use crate::ids::{FirmId, StaffId};

/// One practice and its settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Firm {
    /// Its id.
    pub id: FirmId,
    /// Its name.
    pub name: String,
    /// Its zone, by IANA name.
    pub zone: String,
    /// Its currency, three letters.
    pub currency: String,
    /// When it is open; none for Monday to Friday, 09:00 to 17:00.
    pub hours: Option<Hours>,
    /// Whose public holidays it keeps: the code of a [`holidays::Region`].
    pub region: Option<String>,
    /// Further days on which it is closed.
    pub holidays: BTreeSet<Date>,
    /// Its own mail domains, lower case.
    pub domains: BTreeSet<String>,
    /// Those of them that somebody named; the others are told by its mail.
    pub named_domains: BTreeSet<String>,
    /// What it promises; none for the defaults.
    pub standards: Option<Standards>,
    /// Who looks after clients that nobody looks after.
    pub lead: Option<StaffId>,
}

/// Opening times by weekday, Monday first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours(pub [Vec<(Time, Time)>; 7]);

/// Columns of an imported list that Regard does not know, by name.
pub type Custom = BTreeMap<String, String>;

/// A day as it is stored.
pub(crate) fn day_text(day: Option<Date>) -> Option<String> {
    day.map(|day| day.to_string())
}

/// A stored day.
pub(crate) fn day(text: Option<&str>) -> Result<Option<Date>> {
    text.map(|text| text.parse().map_err(|e: jiff::Error| Error::Unexpected(e.into()))).transpose()
}

impl Firm {
    /// A firm of which nothing is known but its zone.
    pub fn new(zone: String) -> Firm {
        Firm {
            id: store::FIRST,
            // Its own domain stands in for its name until somebody says it.
            name: String::new(),
            zone,
            currency: "GBP".to_owned(),
            hours: None,
            region: None,
            holidays: BTreeSet::new(),
            domains: BTreeSet::new(),
            named_domains: BTreeSet::new(),
            standards: None,
            lead: None,
        }
    }

    /// When it is open.
    pub fn calendar(&self) -> Result<WorkCalendar> {
        let zone = TimeZone::get(&self.zone)
            .map_err(|_| Error::invalid("zone", format!("there is no time zone “{}”", self.zone)))?;
        let mut closed =
            self.region.as_deref().and_then(holidays::region).map(Region::all).unwrap_or_default();
        closed.extend(&self.holidays);
        let calendar = calendar(zone, self.hours.as_ref(), closed);
        calendar.map_err(|e: HoursError| Error::invalid("hours", e.to_string()))
    }
}

/// Opening times in a zone; without any, Monday to Friday 09:00 to 17:00.
pub fn calendar(
    zone: TimeZone,
    hours: Option<&Hours>,
    holidays: impl IntoIterator<Item = Date>,
) -> std::result::Result<WorkCalendar, HoursError> {
    let Some(Hours(week)) = hours else {
        let mut calendar = WorkCalendar::office_hours(zone);
        calendar.close_on(holidays);
        return Ok(calendar);
    };
    let period = |(from, to): &(Time, Time)| Period { from: *from, to: *to };
    let week = std::array::from_fn(|day| week[day].iter().map(period).collect());
    WorkCalendar::new(zone, week, holidays)
}
