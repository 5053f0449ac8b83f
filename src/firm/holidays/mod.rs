//! Public holidays, computed: the days on which offices of a country or region are closed by law or by custom.
//!
//! Each region is a list of rules in [`table`], written from the laws themselves. Closing days of a single firm are
//! dates of its own beside these.

mod table;

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use reading::when::easter;

use table::REGIONS;

/// Years for which days are computed: mail is seldom older, plans seldom reach further.
const YEARS: std::ops::RangeInclusive<i16> = 1995..=2055;

/// A country or a part of it.
#[derive(Debug, Clone, Copy)]
pub struct Region {
    /// As ISO 3166 writes it.
    pub code: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// What happens to a day that falls on a weekend.
    weekend: Weekend,
    days: &'static [&'static [Day]],
}

/// What happens to a day that falls on a weekend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weekend {
    /// Nothing.
    Stays,
    /// The next working day that is no holiday is free instead.
    Next,
    /// Saturday's is Friday, Sunday's is Monday.
    Nearest,
}

/// A holiday, and in which years it is one.
#[derive(Debug, Clone, Copy)]
struct Day {
    name: &'static str,
    rule: Rule,
    from: i16,
    to: i16,
}

/// When it is.
#[derive(Debug, Clone, Copy)]
enum Rule {
    /// Month and day.
    On(i8, i8),
    /// Month, which one (negative from the end), weekday.
    Nth(i8, i8, Weekday),
    /// Days after Easter Sunday.
    Easter(i32),
    /// The last such weekday before a day.
    Before(i8, i8, Weekday),
    /// The first such weekday on or after a day.
    From(i8, i8, Weekday),
    /// Month and day, in years that five divides.
    EveryFifthYear(i8, i8),
    /// Saint Brigid's Day: the first of February if that is a Friday, else the first Monday of it.
    Brigid,
    /// The 27th of April, or the 26th if that is a Sunday.
    KingOfTheNetherlands,
}

impl Rule {
    fn date(self, year: i16) -> Option<Date> {
        match self {
            Rule::EveryFifthYear(..) if year % 5 != 0 => None,
            Rule::On(month, day) | Rule::EveryFifthYear(month, day) => Date::new(year, month, day).ok(),
            Rule::Nth(month, nth, weekday) => {
                Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()
            }
            Rule::Easter(days) => easter(year)?.checked_add(days.days()).ok(),
            Rule::Before(month, day, weekday) => {
                Date::new(year, month, day).ok()?.nth_weekday(-1, weekday).ok()
            }
            Rule::From(month, day, weekday) => {
                Date::new(year, month, day).ok()?.yesterday().ok()?.nth_weekday(1, weekday).ok()
            }
            Rule::Brigid => {
                let first = Date::new(year, 2, 1).ok()?;
                match first.weekday() {
                    Weekday::Friday => Some(first),
                    _ => first.nth_weekday_of_month(1, Weekday::Monday).ok(),
                }
            }
            Rule::KingOfTheNetherlands => {
                let date = Date::new(year, 4, 27).ok()?;
                if date.weekday() == Weekday::Sunday { date.yesterday().ok() } else { Some(date) }
            }
        }
    }
}

/// All regions, in the order of lists.
pub fn regions() -> &'static [Region] {
    REGIONS
}

/// The region of that code.
pub fn region(code: &str) -> Option<&'static Region> {
    REGIONS.iter().find(|region| region.code == code)
}

impl Region {
    /// Its holidays in one year, each with its name; what a weekend moves is given on the day it is kept.
    pub fn days(&self, year: i16) -> BTreeMap<Date, &'static str> {
        let mut days: BTreeMap<Date, &'static str> = BTreeMap::new();
        let mut moved = Vec::new();
        let rules = self.days.iter().copied().flatten();
        for day in rules.filter(|day| (day.from..=day.to).contains(&year)) {
            let Some(date) = day.rule.date(year) else { continue };
            if is_weekend(date) && self.weekend != Weekend::Stays {
                moved.push((date, day.name));
            } else {
                days.entry(date).or_insert(day.name);
            }
        }
        moved.sort_unstable();
        for (date, name) in moved {
            let mut kept = date;
            match self.weekend {
                Weekend::Nearest if date.weekday() == Weekday::Saturday => kept = before(date),
                _ => {
                    while is_weekend(kept) || days.contains_key(&kept) {
                        kept = after(kept);
                    }
                }
            }
            days.entry(kept).or_insert(name);
        }
        days
    }

    /// All its holidays in the years that matter.
    pub fn all(&self) -> BTreeSet<Date> {
        YEARS.flat_map(|year| self.days(year).into_keys()).collect()
    }
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn after(date: Date) -> Date {
    date.tomorrow().unwrap_or(Date::MAX)
}

fn before(date: Date) -> Date {
    date.yesterday().unwrap_or(Date::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weekdays only: what falls on a weekend where nothing is moved closes nobody.
    fn list(code: &str, year: i16) -> Vec<String> {
        let days = region(code).unwrap_or_else(|| panic!("{code}")).days(year);
        days.keys().filter(|d| !is_weekend(**d)).map(|d| d.strftime("%m-%d").to_string()).collect()
    }

    #[test]
    fn bank_holidays_of_the_united_kingdom_are_as_published() {
        let england_2021 = ["01-01", "04-02", "04-05", "05-03", "05-31", "08-30", "12-27", "12-28"];
        assert_eq!(list("GB-ENG", 2021), england_2021);
        let england_2022 =
            ["01-03", "04-15", "04-18", "05-02", "06-02", "06-03", "08-29", "09-19", "12-26", "12-27"];
        assert_eq!(list("GB-ENG", 2022), england_2022);
        let england_2023 = ["01-02", "04-07", "04-10", "05-01", "05-08", "05-29", "08-28", "12-25", "12-26"];
        assert_eq!(list("GB-ENG", 2023), england_2023);
        assert_eq!(list("GB-ENG", 2020)[3], "05-08", "the early May day stood on VE day");
        let scotland_2022 = [
            "01-03", "01-04", "04-15", "05-02", "06-02", "06-03", "08-01", "09-19", "11-30", "12-26", "12-27",
        ];
        assert_eq!(list("GB-SCT", 2022), scotland_2022);
        let ireland_north_2025 =
            ["01-01", "03-17", "04-18", "04-21", "05-05", "05-26", "07-14", "08-25", "12-25", "12-26"];
        assert_eq!(list("GB-NIR", 2025), ireland_north_2025);
    }

    #[test]
    fn federal_holidays_of_the_united_states_are_as_published() {
        let year_2021 = [
            "01-01", "01-18", "02-15", "05-31", "06-18", "07-05", "09-06", "10-11", "11-11", "11-25", "12-24",
        ];
        assert_eq!(list("US", 2021), year_2021);
        let observed: Vec<Date> = region("US").unwrap().days(2022).into_keys().collect();
        assert_eq!(observed[0].to_string(), "2021-12-31", "New Year's Day of 2022 was a Saturday");
    }

    #[test]
    fn days_of_the_continent_and_of_ireland_are_as_published() {
        let germany = ["01-01", "04-18", "04-21", "05-01", "05-29", "06-09", "10-03", "12-25", "12-26"];
        assert_eq!(list("DE", 2025), germany);
        assert!(list("DE-SN", 2025).contains(&"11-19".to_owned()), "Saxony keeps the day of repentance");
        assert!(list("DE-BY", 2026).contains(&"06-04".to_owned()), "Corpus Christi");
        assert!(!list("DE-HH", 2017).is_empty() && list("DE-HH", 2017).contains(&"10-31".to_owned()));
        let france =
            ["01-01", "04-21", "05-01", "05-08", "05-29", "06-09", "07-14", "08-15", "11-11", "12-25"];
        assert_eq!(list("FR", 2025), france);
        let netherlands = ["01-01", "04-21", "05-05", "05-29", "06-09", "12-25", "12-26"];
        assert_eq!(list("NL", 2025), netherlands, "King's day was kept on Saturday the 26th");
        let ireland = ["02-06", "03-17", "04-10", "05-01", "06-05", "08-07", "10-30", "12-25", "12-26"];
        assert_eq!(list("IE", 2023), ireland);
        assert_eq!(list("IE", 2024)[1], "02-05");
        assert_eq!(list("IE", 2030)[1], "02-01", "Saint Brigid's own day where it is a Friday");
        assert!(list("AT", 2025).contains(&"06-19".to_owned()));
        assert_eq!(list("CH", 2025), ["01-01", "05-29", "08-01", "12-25"]);
        assert!(list("CA", 2025).contains(&"05-19".to_owned()), "Victoria Day");
        assert!(list("SE", 2025).contains(&"06-06".to_owned()));
    }

    #[test]
    fn every_region_has_a_name_of_its_own_and_days_in_every_year() {
        let names: BTreeSet<&str> = regions().iter().map(|region| region.name).collect();
        let codes: BTreeSet<&str> = regions().iter().map(|region| region.code).collect();
        assert_eq!((names.len(), codes.len()), (regions().len(), regions().len()));
        for region in regions() {
            for year in YEARS {
                assert!((4..=20).contains(&region.days(year).len()), "{} {year}", region.code);
            }
        }
    }
}
