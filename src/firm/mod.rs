//! The firm: the practice that uses Regard.

pub mod settings;
pub mod store;

use std::collections::{BTreeMap, BTreeSet};

use care::hours::{HoursError, Period, WorkCalendar};
use care::standard::Standards;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

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
    /// Days on which it is closed.
    pub holidays: BTreeSet<Date>,
    /// Its own mail domains, lower case.
    pub domains: BTreeSet<String>,
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
    /// When it is open.
    pub fn calendar(&self) -> Result<WorkCalendar> {
        let zone = TimeZone::get(&self.zone)
            .map_err(|_| Error::invalid("zone", format!("there is no time zone “{}”", self.zone)))?;
        let calendar = calendar(zone, self.hours.as_ref(), self.holidays.iter().copied());
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
