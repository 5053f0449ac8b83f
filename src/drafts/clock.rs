//! What time it is where somebody is, by the clocks that their own letters showed.
//!
//! A letter tells how far its writer's clock is from UTC and not in which zone it hangs, so it tells nothing of a change
//! of clocks that came since. Letters from before and after one tell it; where there are none, a clock that most of those
//! who have it change is taken to be changed.

use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use reading::letter::Sent;

/// One zone for each way of changing clocks that most of those follow who show such a clock, at either time of the year.
const LIKELY: [&str; 9] = [
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "Australia/Sydney",
    "Australia/Adelaide",
    "Pacific/Auckland",
];
/// Ways of changing clocks that are believed once letters show both times: as many people have one of the two all the year.
const SHOWN: [&str; 9] = [
    "Europe/Athens",
    "America/Halifax",
    "America/St_Johns",
    "America/Anchorage",
    "America/Santiago",
    "America/Havana",
    "Atlantic/Azores",
    "Africa/Cairo",
    "Asia/Jerusalem",
];
/// Clocks are changed twice a year; letters this far apart lie on both sides of a change.
const SEASON: SignedDuration = SignedDuration::from_hours(90 * 24);
/// So many seasons are looked back.
const SEASONS: i32 = 3;

/// Before which moments a letter would tell more than the newest one does; none where that tells all.
pub(super) fn more_before(newest: Sent, firm: &TimeZone, now: Timestamp) -> Vec<Timestamp> {
    let Some(shown) = offset(newest) else { return Vec::new() };
    let mut could_be = zones(firm).filter(|zone| zone.to_offset(newest.at) == shown);
    let is_told = newest.clock().is_some() && could_be.all(|zone| zone.to_offset(now) == shown);
    let before = |season: i32| newest.at.checked_sub(SEASON * season).ok();
    if is_told { Vec::new() } else { (1..=SEASONS).filter_map(before).collect() }
}

/// Where somebody's clock hangs who wrote these, the newest first; none where they tell nothing.
pub(super) fn zone_of(letters: &[Sent], firm: &TimeZone) -> Option<TimeZone> {
    let newest = *letters.first()?;
    let fits = |zone: &TimeZone| {
        let fit = |sent: &&Sent| offset(**sent).is_none_or(|shown| zone.to_offset(sent.at) == shown);
        letters.iter().take_while(fit).count()
    };
    // +0000 tells a clock only beside another one of the same zone.
    let tells = |zone: &TimeZone| letters.iter().take(fits(zone)).any(|sent| sent.clock().is_some());
    let fixed = newest.clock().map(TimeZone::fixed);
    let mut best = fixed.as_ref().map(|zone| (fits(zone), zone.clone()));
    let is_likely = |at: usize| at <= LIKELY.len();
    for (at, zone) in zones(firm).enumerate() {
        let (fit, least) = (fits(&zone), best.as_ref().map_or(0, |(fit, _)| *fit));
        // The first that fits as well takes the place of a clock that is never changed.
        let is_first = is_likely(at) && best.as_ref().is_some_and(|(_, known)| Some(known) == fixed.as_ref());
        if tells(&zone) && (least < fit || (fit == least && is_first)) {
            best = Some((fit, zone));
        }
    }
    best.map(|(_, zone)| zone)
}

/// The firm's own zone, which its clients most likely share, then the others.
fn zones(firm: &TimeZone) -> impl Iterator<Item = TimeZone> {
    let others = LIKELY.into_iter().chain(SHOWN).filter_map(|name| TimeZone::get(name).ok());
    std::iter::once(firm.clone()).chain(others)
}

/// What a letter shows, +0000 as well.
fn offset(sent: Sent) -> Option<Offset> {
    match sent.offset_minutes {
        Some(0) => Some(Offset::UTC),
        _ => sent.clock(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters that were sent like this, the newest first.
    fn letters(dates: &[&str]) -> Vec<Sent> {
        let read = |date: &&str| {
            let at = jiff::fmt::rfc2822::parse(date).expect("a date");
            let minutes = at.offset().seconds() / 60;
            Sent { at: at.timestamp(), offset_minutes: i16::try_from(minutes).ok() }
        };
        dates.iter().map(read).collect()
    }

    /// The clock at a moment, by these letters to a firm in this zone.
    fn clock(firm: &str, dates: &[&str], now: &str) -> Option<i32> {
        let now: Timestamp = now.parse().expect("a moment");
        let firm = TimeZone::get(firm).expect("a zone");
        let zone = zone_of(&letters(dates), &firm)?;
        Some(zone.to_offset(now).seconds() / 60)
    }

    const JANUARY: &str = "2026-01-20T12:00:00Z";
    const JUNE: &str = "2026-06-17T12:00:00Z";

    #[test]
    fn a_clock_that_was_changed_since_the_last_letter_is_known() {
        let london = "Europe/London";
        let cases: [(&[&str], &str, Option<i32>); 12] = [
            // New York in summer and in winter, Berlin, Sydney, which is on the other half of the earth.
            (&["17 Jun 2025 09:00:00 -0400"], JANUARY, Some(-300)),
            (&["20 Jan 2026 09:00:00 -0500"], JUNE, Some(-240)),
            (&["20 Jan 2026 09:00:00 +0100"], JUNE, Some(120)),
            (&["20 Jan 2026 09:00:00 +1100"], JUNE, Some(600)),
            // Nobody changes these.
            (&["17 Jun 2025 09:00:00 +0900"], JANUARY, Some(540)),
            (&["17 Jun 2025 09:00:00 +0530"], JANUARY, Some(330)),
            // -0300 in June is Halifax or São Paulo: only a letter of the other season tells which.
            (&["17 Jun 2025 09:00:00 -0300"], JANUARY, Some(-180)),
            (&["17 Jun 2025 09:00:00 -0300", "20 Jan 2025 09:00:00 -0400"], JANUARY, Some(-240)),
            // Phoenix has the same clock all the year, and Denver not.
            (&["20 Jan 2026 09:00:00 -0700"], JUNE, Some(-360)),
            (&["20 Jan 2026 09:00:00 -0700", "17 Jun 2025 09:00:00 -0700"], JUNE, Some(-420)),
            // Who moved is where the newest letters show.
            (
                &["20 Jan 2026 09:00:00 -0500", "20 Oct 2025 09:00:00 -0400", "17 Jul 2025 09:00:00 +0900"],
                JUNE,
                Some(-240),
            ),
            (&[], JUNE, None),
        ];
        for (dates, now, minutes) in cases {
            assert_eq!(clock(london, dates, now), minutes, "{dates:?} at {now}");
        }
    }

    #[test]
    fn utc_tells_a_clock_only_beside_another_one() {
        let berlin = "Europe/Berlin";
        let winter = "20 Jan 2026 09:00:00 +0000";
        assert_eq!(clock(berlin, &[winter], JUNE), None);
        assert_eq!(clock(berlin, &[winter, "17 Jun 2025 09:00:00 +0000"], JUNE), None);
        assert_eq!(clock(berlin, &[winter, "17 Jun 2025 09:00:00 +0100"], JUNE), Some(60), "London");
        assert_eq!(clock(berlin, &[winter, "17 Jun 2025 09:00:00 +0200"], JUNE), None, "a program in UTC");
    }

    #[test]
    fn the_zone_of_the_firm_is_the_likeliest() {
        let summer = ["17 Jun 2025 09:00:00 -0700"];
        assert_eq!(clock("America/Phoenix", &summer, JANUARY), Some(-420));
        assert_eq!(clock("Europe/London", &summer, JANUARY), Some(-480), "Los Angeles");
    }

    #[test]
    fn older_letters_are_asked_only_where_they_tell_more() {
        let firm = TimeZone::get("Europe/London").expect("a zone");
        let more = |date: &str, now: &str| {
            more_before(letters(&[date])[0], &firm, now.parse().expect("a moment")).len()
        };
        assert_eq!(more("16 Jun 2026 09:00:00 -0400", JUNE), 0, "no clock was changed meanwhile");
        assert_eq!(more("20 Jan 2026 09:00:00 -0500", JUNE), 3);
        assert_eq!(more("16 Jun 2026 09:00:00 +0900", JANUARY), 0);
        assert_eq!(more("16 Jun 2026 09:00:00 +0000", JUNE), 3);
    }
}
