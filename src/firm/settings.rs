//! What a firm writes down about itself: name, zone, hours, holidays and standards, as one TOML file.
//!
//! ```toml
//! name = "Hartley & Moss"
//! zone = "Europe/London"
//! currency = "GBP"              # of amounts in lists that name none
//! holidays = ["2026-12-25", "2026-12-28"]
//!
//! [hours]                       # days left out are closed
//! monday = ["09:00-12:30", "13:30-17:30"]
//! tuesday = ["09:00-17:30"]
//!
//! [standards.default]
//! answer = "1 day"              # working time: "4 hours", "30 minutes", "2 days"
//! callback = "4 hours"
//!
//! [standards.tiers.a]
//! answer = "4 hours"
//! ```

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use care::hours::WorkCalendar;
use care::standard::Standards;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::{Firm, Hours};

/// The file, read.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The firm's name.
    pub name: Option<String>,
    /// An IANA name such as `Europe/London`.
    pub zone: Option<String>,
    /// The currency of amounts that name none, as its three letters.
    pub currency: Option<String>,
    /// Days on which the firm is closed.
    pub holidays: Vec<Date>,
    /// Opening periods by weekday; without any, Monday to Friday 09:00 to 17:00.
    pub hours: WrittenHours,
    /// What is promised.
    pub standards: Standards,
}

/// Opening periods by weekday, each like `09:00-17:30`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "the days of the week say what they are")]
pub struct WrittenHours {
    pub monday: Vec<String>,
    pub tuesday: Vec<String>,
    pub wednesday: Vec<String>,
    pub thursday: Vec<String>,
    pub friday: Vec<String>,
    pub saturday: Vec<String>,
    pub sunday: Vec<String>,
}

impl Settings {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Settings> {
        let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        Settings::parse(&text).with_context(|| format!("{} was not understood", path.display()))
    }

    /// Reads a text.
    pub fn parse(text: &str) -> Result<Settings> {
        Ok(toml::from_str(text)?)
    }

    /// The opening times, where any are written down.
    pub fn hours(&self) -> Result<Option<Hours>> {
        if self.hours == WrittenHours::default() {
            return Ok(None);
        }
        let h = &self.hours;
        let days = [&h.monday, &h.tuesday, &h.wednesday, &h.thursday, &h.friday, &h.saturday, &h.sunday];
        let mut week: [Vec<(Time, Time)>; 7] = Default::default();
        for (periods, words) in week.iter_mut().zip(days) {
            *periods = words.iter().map(|text| period(text)).collect::<Result<_>>()?;
        }
        Ok(Some(Hours(week)))
    }

    /// Writes into a firm what the file says; what it leaves out stays.
    pub fn apply(&self, firm: &mut Firm) -> Result<()> {
        if let Some(name) = &self.name {
            firm.name.clone_from(name);
        }
        if let Some(zone) = &self.zone {
            firm.zone.clone_from(zone);
        }
        if let Some(text) = &self.currency {
            firm.currency = wire::csv::currency(text).ok_or_else(|| {
                anyhow!("currency {text:?} is not known; write its three letters, such as GBP")
            })?;
        }
        if let Some(hours) = self.hours()? {
            firm.hours = Some(hours);
        }
        if !self.holidays.is_empty() {
            firm.holidays = self.holidays.iter().copied().collect();
        }
        if self.standards != Standards::default() {
            firm.standards = Some(self.standards.clone());
        }
        firm.calendar()?;
        Ok(())
    }

    /// The firm's hours in a zone.
    pub fn calendar(&self, zone: TimeZone) -> Result<WorkCalendar> {
        Ok(super::calendar(zone, self.hours()?.as_ref(), self.holidays.iter().copied())?)
    }
}

fn period(text: &str) -> Result<(Time, Time)> {
    let clock = |part: &str| -> Result<Time> {
        let part = part.trim();
        part.parse().map_err(|_| anyhow!("“{part}” in the opening hours is no time of day; write 09:00"))
    };
    let Some((from, to)) = text.split_once(['-', '–']) else {
        bail!("“{text}” is no opening period; write it like 09:00-17:30");
    };
    Ok((clock(from)?, clock(to)?))
}

#[cfg(test)]
mod tests {
    use care::standard::WorkSpan;
    use jiff::civil::{date, time};

    use super::*;

    #[test]
    fn a_firm_is_read_with_its_lunch_breaks_and_tiers() {
        let settings = Settings::parse(
            r#"
            name = "Hartley & Moss"
            zone = "Europe/London"
            holidays = ["2026-12-25"]
            [hours]
            monday = ["13:30-17:30", "09:00-12:30"]
            [standards.default]
            answer = "2 days"
            [standards.tiers.a]
            answer = "4 hours"
            "#,
        )
        .unwrap();
        let calendar = settings.calendar(TimeZone::UTC).unwrap();
        assert_eq!(calendar.periods(date(2026, 12, 21)).len(), 2);
        assert_eq!(calendar.periods(date(2026, 12, 21))[0].from, time(9, 0, 0, 0));
        assert!(!calendar.is_working_day(date(2026, 12, 25)));
        assert_eq!(settings.standards.of(Some("A")).answer, WorkSpan::hours(4));
        assert_eq!(settings.standards.of(None).answer, WorkSpan::Days(2));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let wrong = |text: &str| match Settings::parse(text).map(|s| s.calendar(TimeZone::UTC)) {
            Err(error) | Ok(Err(error)) => format!("{error:#}"),
            Ok(Ok(_)) => panic!("{text} was taken"),
        };
        assert!(wrong("[hours]\nmonday = [\"9 to 5\"]").contains("write it like 09:00-17:30"));
        assert!(wrong("[hours]\nmonday = [\"17:00-09:00\"]").contains("ends before it begins"));
        assert!(wrong("[standards.default]\nanswer = \"soon\"").contains("soon"));
        assert!(wrong("colour = 1").contains("colour"));
    }
}
