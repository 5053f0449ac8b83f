//! The Hebrew calendar, for dating its feasts.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// The day of a Hebrew month in the Hebrew year that began in the autumn before `year`, or in that of `year`:
/// whichever falls in `year`. Months count from Nisan, so that Tishri is the seventh.
pub(super) fn hebrew(year: i16, month: u8, day: i64) -> Option<Date> {
    let hebrew = i64::from(year) + 3760;
    [hebrew, hebrew + 1].into_iter().find_map(|y| date(y, month, day).filter(|d| d.year() == year))
}

/// A fast that would fall on a Sabbath is kept on the day after.
pub(super) fn after_sabbath(date: Date) -> Option<Date> {
    if date.weekday() == Weekday::Saturday { date.tomorrow().ok() } else { Some(date) }
}

/// Days of remembrance keep away from the Sabbath: the day named, or the Thursday before, or the Tuesday after.
pub(super) fn off_sabbath(date: Date) -> Option<Date> {
    let days = match date.weekday() {
        Weekday::Friday => -1,
        Weekday::Saturday => -2,
        Weekday::Monday => 1,
        _ => 0,
    };
    date.checked_add(days.days()).ok()
}

/// Adar of a year, the second where there are two.
pub(super) const ADAR: u8 = 12;

fn date(year: i64, month: u8, day: i64) -> Option<Date> {
    let new_year = elapsed(year);
    let length = elapsed(year + 1) - new_year;
    // Tishri, Heshvan, Kislev, Tevet, Shevat, (Adar I,) Adar, Nisan …
    let leap = is_leap(year);
    let mut months = vec![30, 29 + i64::from(length % 10 == 5), 30 - i64::from(length % 10 == 3), 29, 30];
    if leap {
        months.push(30);
    }
    months.extend([29, 30, 29, 30, 29, 30, 29]);
    let index = match month {
        7..=11 => usize::from(month) - 7,
        ADAR => 5 + usize::from(leap),
        _ => 5 + usize::from(leap) + usize::from(month),
    };
    let before: i64 = months.get(..index)?.iter().sum();
    // The first of Tishri 5761 was 2000-09-30.
    let days = new_year - elapsed(5761) + before + day - 1;
    Date::constant(2000, 9, 30).checked_add(days.days()).ok()
}

fn is_leap(year: i64) -> bool {
    (7 * year + 1).rem_euclid(19) < 7
}

/// Days from the beginning of the calendar to the new year, with its postponements.
fn elapsed(year: i64) -> i64 {
    let months = (235 * year - 234).div_euclid(19);
    let parts = 12_084 + 13_753 * months;
    let mut day = 29 * months + parts.div_euclid(25_920);
    if (3 * (day + 1)).rem_euclid(7) < 3 {
        day += 1;
    }
    let (last, next) = (plain(year - 1), plain(year + 1));
    let this = plain(year);
    if next - this == 356 {
        day + 2
    } else if this - last == 382 {
        day + 1
    } else {
        day
    }
}

/// As [`elapsed`], before the postponements that keep years to their lengths.
fn plain(year: i64) -> i64 {
    let months = (235 * year - 234).div_euclid(19);
    let parts = 12_084 + 13_753 * months;
    let day = 29 * months + parts.div_euclid(25_920);
    if (3 * (day + 1)).rem_euclid(7) < 3 { day + 1 } else { day }
}
