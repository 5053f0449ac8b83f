//! Texts: by places that count Unicode scalar values, as people type them, and counts as they read them.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer};

use crate::error::{Error, Result};

/// "1 client", "3 clients".
pub fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(n as u64), if n == 1 { one } else { many })
}

/// 1234567 as "1,234,567".
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if 0 < i && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The same words for a page, where a number stays on one line with what it counts: "12 days", "3 July".
pub fn bound(words: &str) -> String {
    let mut chars = words.chars().peekable();
    let (mut out, mut before) = (String::with_capacity(words.len()), ' ');
    while let Some(next) = chars.next() {
        let binds = next == ' ' && before.is_ascii_digit() && chars.peek().is_some_and(|c| c.is_alphabetic());
        out.push(if binds { '\u{a0}' } else { next });
        before = next;
    }
    out
}

/// The part of a text between two places.
pub fn scalars(text: &str, start: u32, end: u32) -> &str {
    // Up to the end asked for: what comes after may be long.
    let until = text.len().min(end as usize);
    if text.as_bytes()[..until].is_ascii() {
        return text.get(start as usize..until).unwrap_or_default();
    }
    let mut places = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let from = places.nth(start as usize).unwrap_or(text.len());
    let to = match end.checked_sub(start) {
        None | Some(0) => from,
        Some(length) => places.nth(length as usize - 1).unwrap_or(text.len()),
    };
    text.get(from..to).unwrap_or_default()
}

/// Text as both databases take it: PostgreSQL refuses NUL, so it becomes the replacement character, which counts as
/// one character as well.
pub fn storable(text: &str) -> std::borrow::Cow<'_, str> {
    if text.as_bytes().contains(&0) { text.replace('\0', "\u{fffd}").into() } else { text.into() }
}

/// A line that somebody typed: without control characters and marks that turn the direction of writing, at most
/// `most` characters.
pub fn line(field: &str, text: &str, most: usize) -> Result<String> {
    let text: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !turns(*c)).collect();
    cut(field, text.trim(), most)
}

/// What somebody sent, as it may be said back to them: without control characters and marks that turn the direction of
/// writing, and no longer than a person reads.
pub fn said_back(text: &str) -> String {
    const MOST: usize = 1000;
    text.chars().filter(|c| !c.is_control() && !turns(*c)).take(MOST).collect()
}

/// Reads a field that is shown again as it was typed, but for what turns the reading round. Not for passwords. No field
/// takes as much as is left of a text that is longer still, so that it is refused as well.
pub fn typed<'de, D: Deserializer<'de>>(field: D) -> std::result::Result<String, D::Error> {
    const MOST: usize = 25_000;
    let text = String::deserialize(field)?;
    Ok(text.chars().filter(|c| !turns(*c)).take(MOST).collect())
}

/// A text that somebody typed: like [`line()`], and line breaks stay.
pub fn text(field: &str, text: &str, most: usize) -> Result<String> {
    let text = text.replace("\r\n", "\n");
    let keep = |c: char| if c.is_control() && c != '\n' && c != '\t' { ' ' } else { c };
    let text: String = text.chars().map(keep).filter(|c| !turns(*c)).collect();
    cut(field, text.trim(), most)
}

fn cut(field: &str, text: &str, most: usize) -> Result<String> {
    match text.chars().count() {
        long if most < long => {
            Err(Error::invalid(field, format!("takes at most {most} characters; this has {long}")))
        }
        _ => Ok(text.to_owned()),
    }
}

/// A day that somebody typed: 2026-12-24, or as many write it, 24/12/2026 or 24.12.2026. What could be two days is
/// taken for neither. What is wrong with it is said as the end of a sentence.
pub fn day(text: &str) -> std::result::Result<Date, &'static str> {
    const NONE: &str = "which is no day";
    let text = text.trim();
    if let Ok(day) = text.parse() {
        return Ok(day);
    }
    let parts: Option<Vec<i16>> = text.split(['/', '.']).map(|part| part.trim().parse().ok()).collect();
    let Some([first, second, year]) = parts.as_deref() else { return Err(NONE) };
    let (first, second, year) = (*first, *second, *year);
    let date = |day, month| Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok();
    let dotted = text.contains('.');
    match (date(first, second), date(second, first).filter(|_| !dotted)) {
        (Some(one), Some(other)) if one != other => Err("which could be two days"),
        (Some(day), _) | (None, Some(day)) if 1900 < year => Ok(day),
        _ => Err(NONE),
    }
}

/// Whether a text is a mail address as people write it: a name, an @ and a domain, and nothing that divides addresses.
pub fn is_mail_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, domain)| {
        !name.is_empty()
            && !domain.is_empty()
            && !domain.contains('@')
            && text.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"<>,;\"()".contains(c))
    })
}

/// The address by which a browser rings a number (`tel:`): its digits, and the plus before them. Nothing for what is no
/// number: a withheld one, a name.
pub fn tel(number: &str) -> Option<String> {
    // "+44 (0)20" is dialled without the nought.
    let number = number.trim().replace("(0)", "");
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '.' | '/' | '(' | ')');
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    if digits.len() < 3 || 20 < digits.len() || !number.chars().all(is_number) {
        return None;
    }
    Some(format!("tel:{}{digits}", if number.starts_with('+') { "+" } else { "" }))
}

/// Characters that make later text appear in another order than it stands (the "bidi overrides").
pub fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stays_with_what_it_counts() {
        assert_eq!(
            bound("waits (12 days), left on 3 July 2024"),
            "waits (12\u{a0}days), left on 3\u{a0}July 2024"
        );
        assert_eq!(bound("at 10:05 – 3 (of 4) 5 "), "at 10:05 – 3 (of 4) 5 ");
        assert_eq!(bound(""), "");
    }

    #[test]
    fn counts_are_grouped_and_take_the_right_word() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(1000), "1,000");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(counted(0, "row", "rows"), "0 rows");
        assert_eq!(counted(1, "row", "rows"), "1 row");
        assert_eq!(counted(1001, "row", "rows"), "1,001 rows");
    }

    #[test]
    fn what_is_said_back_turns_nothing_round() {
        assert_eq!(said_back("“a\u{202e}b\0c” is none"), "“abc” is none");
        assert_eq!(said_back(&"x".repeat(5000)).len(), 1000);
    }

    #[test]
    fn numbers_can_be_rung() {
        for (text, address) in [
            ("+44 (0)20 7946-0001", Some("tel:+442079460001")),
            ("(020) 7946 0001", Some("tel:02079460001")),
            ("201", Some("tel:201")),
            ("anonymous", None),
            ("12", None),
            ("020 7946 ext. 5", None),
        ] {
            assert_eq!(tel(text).as_deref(), address, "{text}");
        }
    }

    #[test]
    fn days_are_understood_as_people_write_them_and_never_guessed() {
        for text in ["2026-12-24", " 24/12/2026", "24.12.2026", "12/24/2026", "24. 12. 2026"] {
            assert_eq!(day(text).unwrap().to_string(), "2026-12-24", "{text}");
        }
        assert_eq!(day("3.4.2026").unwrap().to_string(), "2026-04-03");
        assert_eq!(day("04/04/2026").unwrap().to_string(), "2026-04-04");
        assert_eq!(day("03/04/2026"), Err("which could be two days"));
        for text in [
            "24/12/26",
            "31/02/2026",
            "Christmas",
            "24/12",
            "1/2/3/4",
            "",
            "2026/12/24",
            "24/12/x/2026",
            "24./12.2026",
        ] {
            assert_eq!(day(text), Err("which is no day"), "{text}");
        }
    }

    #[test]
    fn what_people_type_is_made_fit_or_refused_with_words() {
        assert_eq!(line("name", " A\0b\u{202e}c\n", 10).unwrap(), "A b c".replace("b c", "bc"));
        assert_eq!(text("note", "one\r\ntwo\0", 10).unwrap(), "one\ntwo");
        assert!(line("name", &"x".repeat(11), 10).unwrap_err().to_string().contains("at most 10"));
    }

    #[test]
    fn places_count_scalar_values() {
        assert_eq!(scalars("Could you?", 0, 5), "Could");
        assert_eq!(scalars("für Zoë 🙂 da", 4, 9), "Zoë 🙂");
        assert_eq!(scalars("für", 1, 3), "ür");
        assert_eq!(scalars("für", 2, 2), "");
        assert_eq!(scalars("für", 2, 99), "r");
        assert_eq!(scalars("on für", 0, 4), "on f");
        assert_eq!(scalars("abc", 2, 99), "c");
        assert_eq!(scalars("abc", 9, 12), "");
    }
}
