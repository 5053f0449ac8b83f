//! Messages that were passed on: the originals inside a journal report or a forward.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::mime::open;
use super::model::Letter;
use super::parse;

/// The header of Exchange's journal reports.
const JOURNAL: &str = "x-ms-journal-report:";
/// The header that says who passed a message on, and with which words.
const PASSED_ON: &str = "X-Passed-On-By";
/// Words of time without a zone may be so far from the moment meant.
const ZONES: SignedDuration = SignedDuration::from_hours(15);
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/// So many of the covering words are kept, in characters.
const WORDS: usize = 2000;

/// Whether a message is a journal report: what a mail server makes of every message, with the message attached.
pub fn is_journal_report(raw: &[u8]) -> bool {
    let head = raw.split(|byte| *byte == b'\n').take_while(|line| !line.trim_ascii().is_empty());
    head.into_iter().any(|line| {
        line.get(..JOURNAL.len()).is_some_and(|start| start.eq_ignore_ascii_case(JOURNAL.as_bytes()))
    })
}

/// The originals in a message that was passed on, as raw messages: those attached to it, else the one whose headers and
/// words stand in its text. Nothing where it holds none. `letter` is the message, read.
///
/// Who passed it on, and their covering words, stand in a header of each that was not in a journal report.
pub fn originals(raw: &[u8], letter: &Letter) -> Vec<Vec<u8>> {
    if letter.bounce.is_some() {
        return Vec::new();
    }
    let is_journal = is_journal_report(raw);
    let attached = open(raw).map(|opened| opened.files).unwrap_or_default();
    let attached: Vec<Vec<u8>> = attached
        .into_iter()
        .filter(|file| file.media_type == "message/rfc822")
        .map(|file| file.bytes)
        .filter(|bytes| parse(bytes).is_ok_and(|inner| inner.from.is_some()))
        .collect();
    if is_journal {
        // The report holds one message; others are in that one.
        return attached.into_iter().take(1).collect();
    }
    if !attached.is_empty() {
        let note = note(letter);
        return attached.into_iter().map(|bytes| [note.as_bytes(), &bytes].concat()).collect();
    }
    inline(letter).into_iter().collect()
}

/// The original whose headers were copied into the text.
fn inline(letter: &Letter) -> Option<Vec<u8>> {
    let quoted = letter.quoted.first().filter(|quoted| quoted.depth == 1)?;
    let from = quoted.from.as_ref().filter(|from| from.address.contains('@'))?;
    if !(quoted.forwarded || letter.is_forward()) || quoted.header.trim().is_empty() {
        return None;
    }
    let body = letter.text.split_once(quoted.header.trim_end()).map(|(_, body)| body.trim_start())?;
    let subject = quoted.subject.as_deref().unwrap_or_else(|| letter.base_subject());
    let passed = letter.sent?.at;
    let write = |date: &str, id: &str| {
        let to = letter.from.as_ref().map(|to| address(to.name.as_deref(), &to.address)).unwrap_or_default();
        format!(
            "{}From: {}\r\nTo: {to}\r\nSubject: {}\r\nDate: {date}\r\nMessage-ID: <{id}@passed-on.invalid>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}\r\n",
            note(letter),
            address(from.name.as_deref(), &from.address),
            encoded(subject),
        )
    };
    // The same message passed on twice is one: what it is known by comes from itself.
    let known = [from.address.as_str(), subject, body].join("\0");
    let id = format!("{:016x}", care::ids::NaturalKey::of(known.as_bytes()).0);
    // Words of the same day name no zone: when it was passed on is nearer.
    let said = quoted.sent_words.as_deref().and_then(moment);
    let at = said.filter(|at| ZONES < passed.duration_since(*at)).unwrap_or(passed);
    let date = at.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string();
    Some(write(&date, &id).into_bytes())
}

/// The moment that words name: day, month by its English name or ISO, year, hour and minute; taken for UTC.
fn moment(words: &str) -> Option<Timestamp> {
    let (mut day, mut month, mut year, mut clock) = (None, None, None, None);
    // "2026-06-12T09:12": only there does a T part anything.
    let lower = words.to_ascii_lowercase().replace("t0", " 0").replace("t1", " 1").replace("t2", " 2");
    for word in lower.split([' ', ',', '\u{a0}', '\u{202f}']).filter(|word| !word.is_empty()) {
        let number = word.parse::<i16>().ok();
        let iso: Vec<&str> = word.split('-').collect();
        if let [y, m, d] = iso[..] {
            (year, month, day) = (y.parse().ok(), m.parse().ok(), d.parse().ok());
        } else if let Some((hour, rest)) = word.split_once(':') {
            let minute = rest.split(|c: char| !c.is_ascii_digit()).next()?;
            clock = clock.or(Some((hour.parse::<i8>().ok()?, minute.parse::<i8>().ok()?)));
        } else if number.is_some_and(|number| 1900 < number) {
            year = number;
        } else if let Some(number) = number {
            day = day.or(i8::try_from(number).ok());
        } else if let Some(at) = word.get(..3).and_then(|three| MONTHS.iter().position(|name| *name == three))
        {
            month = i8::try_from(at + 1).ok();
        }
    }
    let (hour, minute) = clock?;
    let hour = match () {
        () if lower.contains("pm") && hour < 12 => hour + 12,
        () if lower.contains("am") && hour == 12 => 0,
        () => hour,
    };
    let civil = DateTime::new(year?, month?, day?, hour, minute, 0, 0).ok()?;
    civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// The header that says who passed a message on, and with which words.
fn note(letter: &Letter) -> String {
    let by = letter.from.as_ref().map(|by| by.address.as_str()).unwrap_or_default();
    let words: String = letter.new_text.trim().chars().take(WORDS).collect();
    let words = if words.is_empty() { String::new() } else { format!(" {}", encoded(&words)) };
    format!("{PASSED_ON}: <{}>{words}\r\n", line(by))
}

fn address(name: Option<&str>, address: &str) -> String {
    match name {
        Some(name) => format!("{} <{}>", encoded(name), line(address)),
        None => format!("<{}>", line(address)),
    }
}

/// Text in a header: without line ends.
fn line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Text in a header, in encoded words (RFC 2047) where it is not plain ASCII words.
fn encoded(text: &str) -> String {
    let is_plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '.' | '\'' | '!' | '?' | '/' | '&');
    if text.chars().all(is_plain) && text.len() < 70 {
        return text.to_owned();
    }
    let mut words = Vec::new();
    let mut part = String::new();
    for c in text.chars() {
        let mut bytes = [0; 4];
        let piece: String = c.encode_utf8(&mut bytes).bytes().map(|byte| format!("={byte:02X}")).collect();
        if 60 < part.len() + piece.len() {
            words.push(std::mem::take(&mut part));
        }
        part.push_str(&piece);
    }
    words.push(part);
    words.iter().map(|word| format!("=?utf-8?Q?{word}?=")).collect::<Vec<_>>().join("\r\n ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &str) -> Vec<Letter> {
        let raw = raw.replace('\n', "\r\n");
        let letter = parse(raw.as_bytes()).unwrap();
        originals(raw.as_bytes(), &letter).iter().map(|raw| parse(raw).unwrap()).collect()
    }

    fn from(letter: &Letter) -> &str {
        letter.from.as_ref().map(|from| from.address.as_str()).unwrap_or_default()
    }

    const INNER: &str = "From: Jo Fenn <jo@acme.example>\nTo: Amy Quill <amy@firm.example>\nSubject: The lease\n\
        Message-ID: <1@acme.example>\nDate: Wed, 17 Jun 2026 09:00:00 +0100\n\nCould you send it?\n";

    #[test]
    fn a_journal_report_is_read_as_the_message_in_it() {
        let raw = format!(
            "From: MicrosoftExchange@firm.example\nTo: in@regard.example\nSubject: The lease\nMessage-ID: <j@x>\nX-MS-Journal-Report:\n\
             Date: Wed, 17 Jun 2026 08:00:01 +0000\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n\
             --b\nContent-Type: text/plain\n\nSender: jo@acme.example\nSubject: The lease\nMessage-Id: <1@acme.example>\nTo: amy@firm.example\n\n\
             --b\nContent-Type: message/rfc822\n\n{INNER}\n--b--\n"
        );
        assert!(is_journal_report(raw.as_bytes()) && !is_journal_report(INNER.as_bytes()));
        let [one] = &read(&raw)[..] else { panic!("one") };
        assert_eq!((from(one), one.message_id.as_deref()), ("jo@acme.example", Some("1@acme.example")));
        assert_eq!(one.new_text.trim(), "Could you send it?");
    }

    #[test]
    fn attached_messages_are_read_each_and_covering_words_are_kept() {
        let second = INNER.replace("<1@", "<2@");
        let raw = format!(
            "From: amy@firm.example\nTo: in@regard.example\nSubject: Fwd: two\nMessage-ID: <f@x>\nDate: Wed, 17 Jun 2026 10:00:00 +0100\n\
             MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nFor the file: Müller\n\n\
             --b\nContent-Type: message/rfc822\n\n{INNER}\n--b\nContent-Type: message/rfc822\n\n{second}\n--b--\n"
        );
        let both = read(&raw);
        let ids: Vec<_> = both.iter().filter_map(|one| one.message_id.as_deref()).collect();
        assert_eq!(ids, ["1@acme.example", "2@acme.example"]);
        let raw = raw.replace('\n', "\r\n");
        let kept = originals(raw.as_bytes(), &parse(raw.as_bytes()).unwrap());
        let head = String::from_utf8(kept[0].clone()).unwrap();
        assert!(head.starts_with("X-Passed-On-By: <amy@firm.example> =?utf-8?Q?"), "{head}");
    }

    #[test]
    fn what_is_copied_into_the_text_is_read_as_the_message_that_it_was() {
        let raw = "From: Amy Quill <amy@firm.example>\nTo: in@regard.example\nSubject: FW: The lease\nMessage-ID: <f@x>\n\
            Date: Wed, 17 Jun 2026 10:00:00 +0100\n\nSee below.\n\n-----Original Message-----\nFrom: Jo Fenn <jo@acme.example>\n\
            Sent: 12 June 2026 09:12\nTo: Amy Quill <amy@firm.example>\nSubject: The lease für Höfe\n\nCould you send it?\n\nJo\n";
        let [one] = &read(raw)[..] else { panic!("one") };
        assert_eq!((from(one), one.subject.as_str()), ("jo@acme.example", "The lease für Höfe"));
        assert!(one.new_text.contains("Could you send it?"), "{}", one.new_text);
        assert_eq!(one.sent.unwrap().at.strftime("%Y-%m-%d").to_string(), "2026-06-12");
        // Passed on by somebody else, later: the same message.
        let again = raw
            .replace("Amy Quill <amy@firm.example>\nTo: in", "Bo <bo@firm.example>\nTo: in")
            .replace("<f@x>", "<g@x>");
        assert_eq!(read(&again)[0].message_id, one.message_id);
    }

    #[test]
    fn moments_are_read_as_programs_write_them() {
        for words in [
            "12 June 2026 09:12",
            "Friday, June 12, 2026 9:12 AM",
            "Fri, 12 Jun 2026 at 09:12",
            "2026-06-12T09:12:30",
            "Fri, Jun 12, 2026 at 9:12\u{202f}AM",
        ] {
            let at = moment(words).unwrap_or_else(|| panic!("{words}"));
            assert_eq!(at.strftime("%Y-%m-%d %H:%M").to_string(), "2026-06-12 09:12", "{words}");
        }
        for words in ["", "yesterday", "12 Juno", "99 June 2026 09:12", "12 June 2026"] {
            assert_eq!(moment(words), None, "{words}");
        }
    }

    #[test]
    fn what_holds_no_original_is_left_as_it_is() {
        assert!(read(INNER).is_empty());
        let reply = "From: amy@firm.example\nTo: jo@acme.example\nSubject: Re: The lease\nMessage-ID: <r@x>\n\
            Date: Wed, 17 Jun 2026 10:00:00 +0100\n\nHere it is.\n\nOn Wed, 17 Jun 2026 at 09:00, Jo Fenn <jo@acme.example> wrote:\n> Could you send it?\n";
        assert!(read(reply).is_empty());
    }
}
