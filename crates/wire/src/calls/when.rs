//! Times as lists of calls write them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// In which order a list writes day, month and year: by what stands first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Order {
    /// 2025-09-03.
    #[default]
    Year,
    /// 03/09/2025.
    Day,
    /// 09/03/2025.
    Month,
}

impl Order {
    pub(super) fn name(self) -> &'static str {
        match self {
            Order::Year => "ymd",
            Order::Day => "dmy",
            Order::Month => "mdy",
        }
    }

    pub(super) fn named(name: &str) -> Option<Order> {
        [Order::Year, Order::Day, Order::Month].into_iter().find(|order| order.name() == name)
    }
}

/// The same where a list may write its dates in another order. A date that begins with its year is read as one
/// whatever was said; one with full stops (03.09.2025) has the day first.
pub(super) fn read_in(
    text: &str,
    order: Order,
    zone: &TimeZone,
    near: Option<Timestamp>,
) -> Option<Timestamp> {
    if let Some(at) = read(text, zone, near) {
        return Some(at);
    }
    let (date, time) = text.split_once([' ', 'T'])?;
    let parts: Vec<&str> = date.split(['-', '/', '.']).collect();
    let [first, second, year] = parts[..] else { return None };
    let (day, month) = match order {
        _ if date.contains('.') => (first, second),
        Order::Day => (first, second),
        Order::Month => (second, first),
        Order::Year => return None,
    };
    let year = if year.len() == 2 { format!("20{year}") } else { year.to_owned() };
    read(&format!("{year}-{month}-{day} {}", hours(time.trim())?), zone, near)
}

/// `2:05 PM` as `14:05`; what names no half of the day as it is.
fn hours(time: &str) -> Option<String> {
    let lower = time.to_ascii_lowercase();
    let (clock, is_late) = match (lower.strip_suffix("am"), lower.strip_suffix("pm")) {
        (Some(clock), _) => (clock, false),
        (_, Some(clock)) => (clock, true),
        _ => return Some(time.to_owned()),
    };
    let (hour, rest) = clock.trim().split_once(':')?;
    let hour = hour.parse::<u8>().ok().filter(|hour| (1..=12).contains(hour))? % 12;
    Some(format!("{}:{rest}", if is_late { hour + 12 } else { hour }))
}

/// Reads `2025-09-03T14:05:00+01:00`, `2025-09-03 14:05:07`, `2025/9/3 14:05`; local ones in the zone. `near`, where
/// it is known, decides between the two readings of an hour that the clocks repeat.
pub(super) fn read(text: &str, zone: &TimeZone, near: Option<Timestamp>) -> Option<Timestamp> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant);
    }
    let local = local(text)?;
    let readings = zone.to_ambiguous_timestamp(local);
    let earlier = readings.compatible().ok()?;
    if let (true, Some(near)) = (readings.is_ambiguous(), near) {
        let later = readings.later().ok()?;
        let apart = |at: Timestamp| at.duration_since(near).abs();
        return Some(if apart(later) < apart(earlier) { later } else { earlier });
    }
    Some(earlier)
}

/// Whether a text is a time.
pub(super) fn is_time(text: &str) -> bool {
    local(text).is_some() || text.parse::<Timestamp>().is_ok()
}

/// Year, month and day, then hours, minutes and perhaps seconds, parted by `-`, `/`, `:`, a space or `T`.
fn local(text: &str) -> Option<DateTime> {
    let (date, time) = text.split_once([' ', 'T'])?;
    let mut parts = date.splitn(3, ['-', '/']);
    let year = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
    let month = small(parts.next()?)?;
    let day = small(parts.next()?)?;
    let mut parts = time.trim().splitn(3, ':');
    let hour = small(parts.next()?)?;
    let minute = small(parts.next()?)?;
    let second = match parts.next() {
        Some(second) => small(second.split_once('.').map_or(second, |(whole, _)| whole))?,
        None => 0,
    };
    DateTime::new(year, month, day, hour, minute, second, 0).ok()
}

fn small(text: &str) -> Option<i8> {
    let digits = matches!(text.len(), 1 | 2) && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_lists_write_them() {
        let zone = TimeZone::get("Europe/London").unwrap();
        let cases = [
            ("2025-07-03 14:05:07", "2025-07-03T13:05:07Z"),
            ("2025/7/3 14:05", "2025-07-03T13:05:00Z"),
            ("2025-07-03T14:05:07+02:00", "2025-07-03T12:05:07Z"),
            ("2025-07-03T14:05:07.250", "2025-07-03T13:05:07Z"),
            // The hour from 01:00 comes twice on 26 October 2025: the earlier is taken.
            ("2025-10-26 01:30:00", "2025-10-26T00:30:00Z"),
            // The hour from 01:00 is left out on 30 March 2025: moved on by the gap.
            ("2025-03-30 01:30:00", "2025-03-30T01:30:00Z"),
        ];
        for (text, instant) in cases {
            assert_eq!(read(text, &zone, None), Some(instant.parse().unwrap()), "{text}");
        }
        for text in
            ["", "yesterday", "2025-13-01 10:00", "2025-07-03", "14:05", "25-07-03 14:05", "2025-07-03 1é:00"]
        {
            assert_eq!(read(text, &zone, None), None, "{text}");
        }
        let cases = [
            ("03/07/2025 14:05:07", Order::Day, "2025-07-03T13:05:07Z"),
            ("07/03/2025 2:05 PM", Order::Month, "2025-07-03T13:05:00Z"),
            ("07/03/2025 12:05 am", Order::Month, "2025-07-02T23:05:00Z"),
            ("03.07.25 14:05", Order::Year, "2025-07-03T13:05:00Z"),
            ("2025-07-03 14:05", Order::Day, "2025-07-03T13:05:00Z"),
        ];
        for (text, order, instant) in cases {
            assert_eq!(read_in(text, order, &zone, None), Some(instant.parse().unwrap()), "{text}");
        }
        for (text, order) in [("03/07/2025 14:05", Order::Year), ("03/07/2025 13:05 pm", Order::Day)] {
            assert_eq!(read_in(text, order, &zone, None), None, "{text}");
        }
        let near = "2025-10-26T01:31:00Z".parse().unwrap();
        assert_eq!(
            read("2025-10-26 01:30:00", &zone, Some(near)),
            Some("2025-10-26T01:30:00Z".parse().unwrap())
        );
    }
}
