//! New moons, and the months that people count by them: enough of astronomy to date a feast, from 1900 to 2100.
//!
//! Series after Meeus, cut where a term is too small to move a day. A lunar month of India is named after the sign
//! that the sun enters in it (a month in which it enters none is skipped for feasts); one of Islam begins on the day
//! after a conjunction before sunset in Mecca; China's year begins with the month in which the sun reaches 330°.

use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::Date;

/// The first and last year whose moons are known.
const YEARS: (i16, i16) = (1900, 2100);

/// New moons are counted from this one on, in January 2000.
const FIRST: i32 = -1240;
const LAST: i32 = 1260;

/// Midnight at the beginning of 2000-01-01 as a Julian day.
const MILLENNIUM: f64 = 2_451_544.5;

/// India's clocks are so many days ahead.
const INDIA: f64 = 5.5 / 24.0;

/// One new moon.
#[derive(Clone, Copy)]
struct Moon {
    /// Its Julian day.
    at: f64,
    /// The month of India that it begins, Chaitra being 0; none for one that is skipped.
    month: Option<u8>,
}

static MOONS: LazyLock<Vec<Moon>> = LazyLock::new(|| {
    let at: Vec<f64> = (FIRST..=LAST).map(new_moon).collect();
    let sign = |at: f64| (star_longitude(sun(at), at) / 30.0).floor() as i64;
    at.windows(2)
        .map(|pair| {
            let month = (sign(pair[0]) != sign(pair[1])).then(|| ((sign(pair[0]) + 1) % 12) as u8);
            Moon { at: pair[0], month }
        })
        .collect()
});

/// The day in `year` on which the given tithi (1 to 30) of a month of India runs at an hour there.
pub(super) fn tithi_day(year: i16, month: u8, tithi: u8, hour: f64) -> Option<Date> {
    moons_of(year)?.filter(|moon| moon.month == Some(month)).find_map(|moon| {
        let near = (moon.at + INDIA + 0.5).floor() - 0.5 + f64::from(tithi) * 0.984 - 2.0;
        let day = (0..5).map(|n| near.floor() + 0.5 + f64::from(n)).find(|midnight| {
            let at = midnight + hour / 24.0 - INDIA;
            let apart = (moon_longitude(at) - sun(at)).rem_euclid(360.0);
            (apart / 12.0) as u8 + 1 == tithi
        })?;
        date_of(day).filter(|date| date.year() == year)
    })
}

/// The day in `year` on which the sun enters a sign of the stars, in degrees, by India's clocks.
pub(super) fn sign_day(year: i16, degrees: f64) -> Option<Date> {
    (YEARS.0..=YEARS.1).contains(&year).then_some(())?;
    let start = julian(Date::new(year, 1, 1).ok()?);
    let passed = |day: f64| {
        let at = start + day + 1.0 - INDIA;
        (star_longitude(sun(at), at) - degrees).rem_euclid(360.0) < 180.0
    };
    let day = (1..366).find(|n| passed(f64::from(*n)) && !passed(f64::from(*n - 1)))?;
    date_of(start + f64::from(day))
}

/// China's new year.
pub(super) fn chinese_new_year(year: i16) -> Option<Date> {
    const CHINA: f64 = 8.0 / 24.0;
    let local_day = |at: f64| (at + CHINA + 0.5).floor() - 0.5;
    let february = julian(Date::new(year, 2, 10).ok()?);
    let rain = (0..20).map(|n| february + f64::from(n)).find(|day| sun(day + 1.0 - CHINA) >= 330.0)?;
    let moon = moons_of(year)?.filter(|moon| local_day(moon.at) <= rain).last()?;
    date_of(local_day(moon.at))
}

/// The day of a month of Islam that falls in `year` first, and the length of that month.
pub(super) fn islamic(year: i16, month: i32, day: i64) -> Option<(Date, i64)> {
    // Muharram 1445 began with the new moon of July 2023.
    const MUHARRAM: i32 = 291;
    (YEARS.0..=YEARS.1).contains(&year).then_some(())?;
    let begin = |k: i32| {
        // conjunction before 16:00 of Greenwich is before sunset in Mecca
        let index = usize::try_from(k - FIRST).ok()?;
        date_of((MOONS.get(index)?.at + 8.0 / 24.0 + 0.5).floor() + 0.5)
    };
    let guess = (f64::from(year - 2023) * 12.368_266 / 12.0).floor() as i32;
    (guess - 2..=guess + 2).find_map(|years| {
        let k = MUHARRAM + 12 * years + month - 1;
        let first = begin(k)?;
        let date = first.checked_add((day - 1).days()).ok().filter(|d| d.year() == year)?;
        let length = first.until(begin(k + 1)?).ok()?.get_days();
        Some((date, i64::from(length)))
    })
}

/// The new moons from late in the year before to the end of `year`.
fn moons_of(year: i16) -> Option<impl Iterator<Item = &'static Moon>> {
    (YEARS.0..=YEARS.1).contains(&year).then_some(())?;
    let start = julian(Date::new(year, 1, 1).ok()?) - 60.0;
    let from = MOONS.partition_point(|moon| moon.at < start);
    Some(MOONS[from..].iter().take_while(move |moon| moon.at < start + 426.0))
}

fn julian(date: Date) -> f64 {
    let days = Date::constant(2000, 1, 1).until(date).map_or(0, |span| span.get_days());
    MILLENNIUM + f64::from(days)
}

fn date_of(julian: f64) -> Option<Date> {
    let days = (julian - MILLENNIUM).floor();
    if days.abs() < 100_000.0 {
        Date::constant(2000, 1, 1).checked_add((days as i64).days()).ok()
    } else {
        None
    }
}

/// The kth new moon since 2000 as a Julian day.
fn new_moon(k: i32) -> f64 {
    let k = f64::from(k);
    let t = k / 1236.85;
    let e = 1.0 - 0.002_516 * t;
    let sin = |degrees: f64| degrees.to_radians().sin();
    let s = 2.5534 + 29.105_356_70 * k;
    let m = 201.5643 + 385.816_935_28 * k + 0.010_758_2 * t * t;
    let f = 160.7108 + 390.670_502_84 * k - 0.001_611_8 * t * t;
    2_451_550.097_66 + 29.530_588_861 * k + 0.000_154_37 * t * t - 0.000_8 - 0.407_20 * sin(m)
        + 0.172_41 * e * sin(s)
        + 0.016_08 * sin(2.0 * m)
        + 0.010_39 * sin(2.0 * f)
        + 0.007_39 * e * sin(m - s)
        - 0.005_14 * e * sin(m + s)
        + 0.002_08 * e * e * sin(2.0 * s)
        - 0.001_11 * sin(m - 2.0 * f)
        - 0.000_57 * sin(m + 2.0 * f)
        + 0.000_56 * e * sin(2.0 * m + s)
        - 0.000_42 * sin(3.0 * m)
}

/// The longitude of the sun, in degrees.
fn sun(at: f64) -> f64 {
    let t = (at - 2_451_545.0) / 36_525.0;
    let sin = |degrees: f64| degrees.to_radians().sin();
    let m = 357.529_11 + 35_999.050_29 * t;
    let centre = (1.914_602 - 0.004_817 * t) * sin(m) + 0.019_993 * sin(2.0 * m) + 0.000_289 * sin(3.0 * m);
    let long = 280.466_46 + 36_000.769_83 * t + centre - 0.005_69 - 0.004_78 * sin(125.04 - 1_934.136 * t);
    long.rem_euclid(360.0)
}

/// The longitude of the moon, in degrees.
fn moon_longitude(at: f64) -> f64 {
    let t = (at - 2_451_545.0) / 36_525.0;
    let sin = |degrees: f64| degrees.to_radians().sin();
    let d = 297.850_192_1 + 445_267.111_403_4 * t;
    let s = 357.529_109_2 + 35_999.050_290_9 * t;
    let m = 134.963_396_4 + 477_198.867_505_5 * t;
    let f = 93.272_095_0 + 483_202.017_523_3 * t;
    let terms = 6.288_774 * sin(m)
        + 1.274_027 * sin(2.0 * d - m)
        + 0.658_314 * sin(2.0 * d)
        + 0.213_618 * sin(2.0 * m)
        - 0.185_116 * sin(s)
        - 0.114_332 * sin(2.0 * f)
        + 0.058_793 * sin(2.0 * d - 2.0 * m)
        + 0.057_066 * sin(2.0 * d - s - m)
        + 0.053_322 * sin(2.0 * d + m)
        + 0.045_758 * sin(2.0 * d - s)
        - 0.040_923 * sin(s - m)
        - 0.034_720 * sin(d)
        - 0.030_383 * sin(s + m)
        + 0.015_327 * sin(2.0 * d - 2.0 * f)
        - 0.012_528 * sin(m + 2.0 * f)
        + 0.010_980 * sin(m - 2.0 * f);
    (218.316_447_7 + 481_267.881_234_21 * t + terms).rem_euclid(360.0)
}

/// Longitude counted from the stars, as in India, rather than from the equinox.
fn star_longitude(longitude: f64, at: f64) -> f64 {
    let years = (at - 2_451_545.0) / 365.25;
    (longitude - 23.853 - 0.013_972_2 * years).rem_euclid(360.0)
}
