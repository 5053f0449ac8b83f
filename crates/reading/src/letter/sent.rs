//! When a message was sent: its Date header, or what stands in for one that cannot be right.

use jiff::Timestamp;
use jiff::tz::Offset;
use mail_parser::DateTime;

/// The moment a message was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// The instant.
    pub at: Timestamp,
    /// The writer's distance from UTC in minutes, where the header says it.
    pub offset_minutes: Option<i16>,
}

impl Sent {
    /// The writer's own clock, where the header tells it. Many programs write every date in UTC, wherever the writer sits:
    /// +0000 tells nothing.
    pub fn clock(self) -> Option<Offset> {
        let minutes = self.offset_minutes.filter(|minutes| *minutes != 0 && is_in_use(*minutes))?;
        Offset::from_seconds(i32::from(minutes) * 60).ok()
    }
}

/// Every zone in use is a multiple of a quarter of an hour away from UTC, between -12:00 and +14:00.
fn is_in_use(minutes: i16) -> bool {
    minutes % 15 == 0 && (-12 * 60..=14 * 60).contains(&minutes)
}

/// What is wrong with a Date header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateProblem {
    /// There is none.
    Missing,
    /// It is no date.
    Unreadable,
    /// A year before e-mail was common (1 and 2, 1970, 1980…), or far ahead.
    ImpossibleYear,
    /// More than two days later than the message had already been received.
    AfterReceived,
}

/// Clocks that were never set stand at 1970, 1979 or 1980; no mailbox in use goes back that far.
const FIRST_YEAR: u16 = 1982;
/// Far enough ahead that no clock is wrong by it honestly.
const LAST_YEAR: u16 = 2089;
/// A message is not received long before it is sent; two days forgive wrong zones.
const FORGIVEN_SECONDS: i64 = 2 * 86_400;

/// Chooses between the Date header (its value and raw words) and the newest Received header.
pub(super) fn choose(
    date: Option<(Option<DateTime>, &str)>,
    received: Option<DateTime>,
) -> (Option<Sent>, Option<DateProblem>) {
    let received =
        received.and_then(|r| instant(&r)).filter(|_| received.is_some_and(|r| is_possible(r.year)));
    let fallback = received.map(|at| Sent { at, offset_minutes: None });
    let Some((parsed, words)) = date else { return (fallback, Some(DateProblem::Missing)) };
    if words.trim().is_empty() {
        return (fallback, Some(DateProblem::Missing));
    }
    let Some((parsed, at)) = parsed.and_then(|p| instant(&p).map(|at| (p, at))) else {
        return (fallback, Some(DateProblem::Unreadable));
    };
    if !is_possible(parsed.year) || says_tiny_year(words) {
        return (fallback, Some(DateProblem::ImpossibleYear));
    }
    if let Some(received) = received
        && FORGIVEN_SECONDS < at.as_second() - received.as_second()
    {
        return (fallback, Some(DateProblem::AfterReceived));
    }
    (Some(Sent { at, offset_minutes: offset(&parsed, words) }), None)
}

fn is_possible(year: u16) -> bool {
    (FIRST_YEAR..=LAST_YEAR).contains(&year)
}

/// The parser reads year 0001 as 2001: look at the digits themselves.
fn says_tiny_year(words: &str) -> bool {
    words.split_whitespace().any(|word| word.len() == 4 && word.starts_with("00"))
}

pub(super) fn instant(date: &DateTime) -> Option<Timestamp> {
    let valid = (1..=12).contains(&date.month)
        && (1..=31).contains(&date.day)
        && date.hour < 24
        && date.minute < 60
        && date.second <= 60
        && date.tz_hour <= 24
        && date.tz_minute < 60;
    if !valid {
        return None;
    }
    Timestamp::from_second(date.to_timestamp()).ok()
}

/// `+0100`; none for `-0000` and where no zone is said.
fn offset(date: &DateTime, words: &str) -> Option<i16> {
    let minutes = i16::from(date.tz_hour) * 60 + i16::from(date.tz_minute);
    if minutes != 0 {
        return Some(if date.tz_before_gmt { -minutes } else { minutes });
    }
    let said = words.contains('+') || [" GMT", " UTC", " UT", " Z"].iter().any(|zone| words.contains(zone));
    said.then_some(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &str, received: Option<&str>) -> (Option<Sent>, Option<DateProblem>) {
        choose(Some((DateTime::parse_rfc822(words), words)), received.and_then(DateTime::parse_rfc822))
    }

    #[test]
    fn takes_the_date_header_where_it_can_be_right() {
        let (sent, problem) = read("Tue, 3 Mar 2026 10:00:00 +0100\n", None);
        assert_eq!(problem, None);
        let sent = sent.unwrap();
        assert_eq!(sent.at.to_string(), "2026-03-03T09:00:00Z");
        assert_eq!(sent.offset_minutes, Some(60));
        assert_eq!(read("Tue, 3 Mar 2026 10:00:00 -0000\n", None).0.unwrap().offset_minutes, None);
    }

    #[test]
    fn falls_back_to_received() {
        let received = Some("Tue, 3 Mar 2026 10:00:00 +0000\n");
        for (words, problem) in [
            ("Sun, 28 Aug 0001 00:07:45 -0800\n", DateProblem::ImpossibleYear),
            ("Tue, 1 Jan 1980 00:00:00 +0000\n", DateProblem::ImpossibleYear),
            ("Tue, 3 Mar 2099 10:00:00 +0000\n", DateProblem::ImpossibleYear),
            ("Tue, 3 Mar 2027 10:00:00 +0000\n", DateProblem::AfterReceived),
            ("yesterday\n", DateProblem::Unreadable),
            ("\n", DateProblem::Missing),
        ] {
            let (sent, found) = read(words, received);
            assert_eq!(found, Some(problem), "{words}");
            assert_eq!(sent.unwrap().at.to_string(), "2026-03-03T10:00:00Z", "{words}");
            assert_eq!(read(words, None).0.is_some(), words.contains("2027"), "{words}");
        }
    }
}
