//! Invitations, and answers to them.

use mail_parser::{MessagePart, MimeHeaders};

use crate::letter::model::Calendar;

/// What a part of calendar text says.
pub(super) fn read(text: &str, part: &MessagePart<'_>) -> Calendar {
    let upper = |s: &str| s.trim().to_ascii_uppercase();
    let mut calendar = Calendar::default();
    if let Some(method) = part.content_type().and_then(|c| c.attribute("method")) {
        calendar.method = upper(method);
    }
    for line in text.lines().take(5_000) {
        if let Some(method) = line.strip_prefix("METHOD:")
            && calendar.method.is_empty()
        {
            calendar.method = upper(method);
        } else if line.starts_with("SUMMARY") && calendar.summary.is_none() {
            calendar.summary = line.split_once(':').map(|(_, summary)| summary.trim().replace("\\,", ","));
        } else if calendar.answer.is_none()
            && let Some((_, rest)) = line.split_once("PARTSTAT=")
        {
            calendar.answer = rest.split([';', ':']).next().map(upper);
        }
    }
    if calendar.method != "REPLY" {
        calendar.answer = None;
    }
    calendar
}

#[cfg(test)]
mod tests {
    use crate::letter::parse;

    #[test]
    fn reads_a_calendar_reply() {
        let raw = b"From: a@b.example\r\nContent-Type: text/calendar; method=reply\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.example\r\nSUMMARY:Lunch\\, then work\r\n";
        let letter = parse(raw).unwrap();
        let calendar = letter.calendar.unwrap();
        assert_eq!((calendar.method.as_str(), calendar.answer.as_deref()), ("REPLY", Some("ACCEPTED")));
        assert_eq!(calendar.summary.as_deref(), Some("Lunch, then work"));
    }
}
