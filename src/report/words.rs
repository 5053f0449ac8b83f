//! Findings in words: how long, when, and why.

use jiff::{SignedDuration, Zoned};

pub use crate::text::{counted, grouped};

/// How many rows of a list name somebody who is not known yet; whom follows after a colon.
pub fn name_nobody_known(rows: usize) -> String {
    format!(
        "{} somebody who is not known here yet, and is looked up again when mail or the staff list comes in",
        counted(rows, "row names", "rows name")
    )
}

/// How many rows of a list of contacts were passed over since who they list was removed; who follows after a colon.
pub fn passed_removed(rows: usize) -> String {
    format!(
        "{} somebody who was removed from a client’s contacts, and stays so until that is undone on the client’s page",
        counted(rows, "row lists", "rows list")
    )
}

/// How long: "a moment", "40 minutes", "5 hours", "3 days", "7 weeks", "2 years".
pub fn how_long(span: SignedDuration) -> String {
    let hours = span.as_hours().unsigned_abs() as usize;
    match hours {
        0 if span.as_mins() == 0 => "a moment".to_owned(),
        0 => counted(span.as_mins().unsigned_abs() as usize, "minute", "minutes"),
        1..=35 => counted(hours, "hour", "hours"),
        36..=1007 => counted((hours + 12) / 24, "day", "days"),
        1008..=17519 => counted(hours / (24 * 7), "week", "weeks"),
        _ => counted(hours / (24 * 365), "year", "years"),
    }
}

/// A day as people say it, with the year only where it is another than the reader's: "Tue 3 Sep", "3 Sep 2024".
pub fn day(at: &Zoned, now: &Zoned) -> String {
    let form = if at.year() == now.year() { "%a %-d %b" } else { "%-d %b %Y" };
    at.strftime(form).to_string()
}

/// A day with its hour: "Tue 3 Sep 17:00".
pub fn moment(at: &Zoned, now: &Zoned) -> String {
    format!("{} {}", day(at, now), at.strftime("%H:%M"))
}

/// A reason of an outlook in words.
pub fn reason(name: &str) -> &str {
    match name {
        "unanswered" => "waits for an answer",
        "chased" => "had to ask again",
        "broken_promise" => "was promised something that did not come",
        "missed_call" => "rang and was not rung back",
        "quiet" => "has heard nothing for too long",
        "never_written" => "was never written to",
        "writes_less" => "writes less than before",
        "complaint" => "complained",
        "departure" => "spoke of leaving",
        "answered_late" => "was often answered late",
        "one_tie" => "hangs on one single person",
        other => other,
    }
}

/// For how long a reason of an outlook has been one. Of what began today the hours say nothing.
pub fn how_long_so(name: &str, since: &Zoned, now: &Zoned) -> String {
    match name {
        _ if since.date() != now.date() => how_long(now.duration_since(since)),
        "chased" | "complaint" | "departure" | "answered_late" => "today".to_owned(),
        _ => "since today".to_owned(),
    }
}

/// So much of a subject stands in a list, in characters.
pub const SUBJECT: usize = 120;

/// A passage on one line, cut at a word near `width` characters.
pub fn one_line(passage: &str, width: usize) -> String {
    let mut out = String::new();
    let mut length = 0;
    for word in passage.split_whitespace() {
        let more = word.chars().count() + usize::from(!out.is_empty());
        if width < length + more {
            if out.is_empty() {
                out.extend(word.chars().take(width));
            }
            out.push('…');
            return out;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
        length += more;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_said_in_the_unit_that_people_use() {
        let hours = SignedDuration::from_hours;
        assert_eq!(how_long(SignedDuration::from_secs(59)), "a moment");
        assert_eq!(how_long(SignedDuration::from_mins(1)), "1 minute");
        assert_eq!(how_long(hours(5)), "5 hours");
        assert_eq!(how_long(hours(24 * 3)), "3 days");
        assert_eq!(how_long(hours(24 * 50)), "7 weeks");
        assert_eq!(how_long(hours(24 * 800)), "2 years");
    }

    #[test]
    fn what_began_today_is_so_since_today() {
        let at = |hour: i8, day: i8| {
            jiff::civil::date(2026, 6, day).at(hour, 0, 0, 0).in_tz("Europe/London").expect("a moment")
        };
        let now = at(11, 17);
        assert_eq!(how_long_so("one_tie", &now, &now), "since today");
        assert_eq!(how_long_so("unanswered", &at(0, 17), &now), "since today");
        assert_eq!(how_long_so("complaint", &at(9, 17), &now), "today");
        assert_eq!(how_long_so("complaint", &at(23, 16), &now), "12 hours");
        assert_eq!(how_long_so("one_tie", &at(9, 3), &now), "14 days");
    }

    #[test]
    fn a_long_passage_is_cut_at_a_word() {
        assert_eq!(one_line("Could you\n let me know", 40), "Could you let me know");
        assert_eq!(one_line("Could you let me know", 12), "Could you…");
        assert_eq!(one_line("Unterschriftenregelung", 5), "Unter…");
    }
}
