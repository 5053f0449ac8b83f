//! Calls out of a log that still grows: what is over is given, what may go on waits with its lines.
//!
//! A switch writes one call on several lines: a line for each desk, or for each thing that happened in a queue. So a
//! call is given once its lines are all there, and never a part of it as a call of its own.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::columns::{Columns, Named};
use super::queue::{self, Event, Queue};
use super::{CallRow, switch};
use crate::csv::{Record, RowError, delimiter_of};

/// The lines of one call come within this time of each other.
const SETTLED: SignedDuration = SignedDuration::from_secs(10);
/// Or so many other lines lie between.
const APART: u64 = 200;
/// A call in a queue whose end was not written for so long, by the log's own time, has one that is not known.
const ENDLESS: SignedDuration = SignedDuration::from_hours(12);
/// More lines do not wait: in a log that tells only of beginnings.
const WAITING: usize = 5000;

/// A line of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Its number in the log, counted from 1.
    pub number: u64,
    /// When it was read.
    pub heard: Timestamp,
    /// What it says, without the end of the line.
    pub text: String,
}

/// What lines of a log say.
#[derive(Debug, Default)]
pub struct Heard {
    /// Calls that are over.
    pub calls: Vec<CallRow>,
    /// Lines that cannot be read, and why.
    pub errors: Vec<RowError>,
    /// Lines of calls that may go on: to be handed in again before those that come next.
    pub waiting: Vec<LogLine>,
    /// The row that names the columns, where one of the lines is it.
    pub header: Option<String>,
}

/// Reads lines of a log: those that waited, then what was added to it. `header` is the row that names its columns, where
/// it was met before.
pub fn hear(
    lines: Vec<LogLine>,
    header: Option<&str>,
    columns: &Columns,
    zone: &TimeZone,
    now: Timestamp,
) -> Heard {
    let mut heard = Heard::default();
    let mut ear = Ear { columns, zone, named: None, delimiter: b',' };
    if let Some(header) = header {
        ear.begin(header, 1);
    }
    let newest = lines.iter().map(|line| line.number).max().unwrap_or(0);
    let latest = lines.iter().filter_map(|line| Event::of(&line.text)).map(|event| event.at).max();
    let mut groups: Vec<Group> = Vec::new();
    for line in lines {
        ear.take(line, &mut groups, &mut heard);
    }
    let waiting: usize = groups.iter().map(|group| group.lines.len()).sum();
    let is_too_much = WAITING < waiting;
    for group in groups {
        if group.is_over(newest, latest, now) || is_too_much {
            group.finish(zone, ear.delimiter, &mut heard);
        } else {
            heard.waiting.extend(group.lines);
        }
    }
    heard.waiting.sort_by_key(|line| line.number);
    heard
}

/// How the lines of a log are understood.
struct Ear<'a> {
    columns: &'a Columns,
    zone: &'a TimeZone,
    named: Option<Named>,
    delimiter: u8,
}

impl Ear<'_> {
    /// Takes a row that may name the columns; whether it does.
    fn begin(&mut self, text: &str, line: u64) -> bool {
        let delimiter = delimiter_of(text.as_bytes());
        let named = Record::of_line(text, line, delimiter).ok().and_then(|row| self.columns.named(&row));
        match named {
            Some(named) if named.has_header() => {
                (self.named, self.delimiter) = (Some(named), delimiter);
                true
            }
            _ => false,
        }
    }

    fn take(&mut self, line: LogLine, groups: &mut Vec<Group>, heard: &mut Heard) {
        if line.text.trim().is_empty() {
            return;
        }
        if line.number == 1 && self.begin(&line.text, 1) {
            heard.header = Some(line.text);
            return;
        }
        if self.named.is_none() && queue::is_event(&line.text) {
            let number = Event::of(&line.text).map(|event| event.number.to_owned());
            match number {
                Some(number) => gather(groups, Of::Queue(number), line),
                None => heard.errors.extend(Queue::default().add(&line.text, line.number).err()),
            }
            return;
        }
        match self.call(&line) {
            Ok(switch::Leg { of: Some(of), .. }) => gather(groups, Of::Switch(of), line),
            Ok(switch::Leg { call, .. }) => heard.calls.push(call),
            Err(error) => heard.errors.push(error),
        }
    }

    fn call(&self, line: &LogLine) -> Result<switch::Leg, RowError> {
        let record = Record::of_line(&line.text, line.number, self.delimiter);
        if let Some(named) = &self.named {
            return Ok(switch::Leg { call: named.call(&record?, self.zone)?, of: None });
        }
        if !record.as_ref().is_ok_and(switch::is_leg) {
            // Without a row of names only the line itself says what parts its columns.
            let delimiter = delimiter_of(line.text.as_bytes());
            let own = Record::of_line(&line.text, line.number, delimiter);
            if let Ok(own) = own
                && let Some(by_number) = self.columns.named(&own).filter(|named| !named.has_header())
            {
                return Ok(switch::Leg { call: by_number.call(&own, self.zone)?, of: None });
            }
        }
        switch::leg(&record?, self.zone).map_err(|error| self.columns.missed(error))
    }
}

/// Which call a line belongs to, by the switch's own number.
#[derive(PartialEq, Eq)]
enum Of {
    Queue(String),
    Switch(String),
}

/// The lines of one call.
struct Group {
    of: Of,
    lines: Vec<LogLine>,
}

fn gather(groups: &mut Vec<Group>, of: Of, line: LogLine) {
    // The lines of a call stand close together, so the last calls are looked at first.
    match groups.iter_mut().rev().find(|group| group.of == of) {
        Some(group) => group.lines.push(line),
        None => groups.push(Group { of, lines: vec![line] }),
    }
}

impl Group {
    fn is_over(&self, newest: u64, latest: Option<Timestamp>, now: Timestamp) -> bool {
        let last = self.lines.last();
        let number = last.map_or(0, |line| line.number);
        let heard = last.map_or(now, |line| line.heard);
        let is_settled = SETTLED <= now.duration_since(heard) || APART <= newest.saturating_sub(number);
        if matches!(self.of, Of::Switch(_)) {
            return is_settled;
        }
        let events: Vec<Event<'_>> = self.lines.iter().filter_map(|line| Event::of(&line.text)).collect();
        // What is no caller's (agents that come and go), or began before the log, tells of no call.
        if !events.iter().any(Event::begins) {
            return true;
        }
        let at = events.iter().map(|event| event.at).max();
        let is_endless = at.zip(latest).is_some_and(|(at, latest)| ENDLESS <= latest.duration_since(at));
        is_endless || (is_settled && events.iter().any(Event::ends))
    }

    fn finish(self, zone: &TimeZone, delimiter: u8, heard: &mut Heard) {
        match self.of {
            Of::Queue(_) => {
                let mut queue = Queue::default();
                for line in &self.lines {
                    heard.errors.extend(queue.add(&line.text, line.number).err());
                }
                heard.calls.extend(queue.finish());
            }
            Of::Switch(_) => {
                let mut legs = switch::Legs::default();
                for line in &self.lines {
                    let record = Record::of_line(&line.text, line.number, delimiter);
                    match record.and_then(|record| switch::leg(&record, zone)) {
                        Ok(leg) => legs.add(leg),
                        Err(error) => heard.errors.push(error),
                    }
                }
                heard.calls.extend(legs.finish());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_782_000_000 + second).unwrap()
    }

    fn lines(from: u64, second: i64, texts: &[&str]) -> Vec<LogLine> {
        let line =
            |(number, text): (u64, &&str)| LogLine { number, heard: at(second), text: (*text).to_owned() };
        (from..).zip(texts).map(line).collect()
    }

    fn listen(lines: Vec<LogLine>, header: Option<&str>, second: i64) -> Heard {
        hear(lines, header, &Columns::default(), &TimeZone::UTC, at(second))
    }

    #[test]
    fn a_call_in_a_queue_is_told_when_it_is_over_and_as_one() {
        let first = lines(
            1,
            0,
            &[
                "1782000000|7.1|help|NONE|ENTERQUEUE||02079460001|1",
                "1782000000|NONE|NONE|SIP/201|ADDMEMBER|",
            ],
        );
        let heard = listen(first, None, 60);
        assert!(heard.calls.is_empty() && heard.errors.is_empty(), "the caller still waits");
        assert_eq!(heard.waiting.len(), 1, "what agents do is no call");
        let mut more = heard.waiting;
        more.extend(lines(
            3,
            61,
            &[
                "1782000061|7.1|help|SIP/201-01|CONNECT|4",
                "1782000090|7.1|help|SIP/201-01|COMPLETECALLER|4|29|1",
            ],
        ));
        let heard = listen(more.clone(), None, 65);
        assert_eq!((heard.calls.len(), heard.waiting.len()), (0, 3), "a voicemail may follow");
        let heard = listen(more, None, 71);
        let [call] = &heard.calls[..] else { panic!("{heard:?}") };
        assert_eq!((call.to.as_str(), call.answered, call.talked.as_secs()), ("201", true, 29));
        assert!(heard.waiting.is_empty());
    }

    #[test]
    fn a_caller_who_leaves_word_or_cannot_is_told() {
        let told = |event: &str| {
            let texts = [
                "1782000000|7.1|help|NONE|ENTERQUEUE||02079460001|1",
                "1782000030|7.1|help|NONE|EXITWITHTIMEOUT|1|1|30",
            ];
            let last = format!("1782000031|7.1|help|201|{event}|");
            let heard = listen(lines(1, 0, &[texts[0], texts[1], &last]), None, 11);
            let call = heard.calls.into_iter().next().expect("a call");
            (call.answered, call.voicemail, call.mailbox_full, call.to)
        };
        assert_eq!(told("VOICEMAIL"), (false, true, false, "201".to_owned()));
        assert_eq!(told("MAILBOXFULL"), (false, false, true, "201".to_owned()));
    }

    #[test]
    fn a_log_that_ends_in_beginnings_is_given_up_in_the_end() {
        let begun = "1782000000|7.1|help|NONE|ENTERQUEUE||02079460001|1";
        let later = "1782050000|7.2|help|NONE|ENTERQUEUE||02079460002|1";
        let heard = listen(lines(1, 0, &[begun, later]), None, 60_000);
        assert_eq!((heard.calls.len(), heard.waiting.len()), (1, 1));
    }

    #[test]
    fn the_desks_of_a_call_wait_for_each_other_and_for_nobody_else() {
        let leg = |desk: &str, answered: &str, number: &str| {
            let answer = if answered == "ANSWERED" { "2026-06-21 00:00:05" } else { "" };
            let talked = if answered == "ANSWERED" { 40 } else { 0 };
            format!(
                "\"\",\"02079460001\",\"{desk}\",\"in\",\"\",\"SIP/1\",\"SIP/{desk}\",\"Dial\",\"x\",\"2026-06-21 00:00:00\",\"{answer}\",\"2026-06-21 00:00:45\",45,{talked},\"{answered}\",\"DOCUMENTATION\",\"{number}\",\"\""
            )
        };
        let (one, two) = (leg("201", "NO ANSWER", "1782000000.1"), leg("202", "ANSWERED", "1782000000.1"));
        let heard = listen(lines(1, 0, &[&one]), None, 2);
        assert!(heard.calls.is_empty() && heard.waiting.len() == 1);
        let mut all = heard.waiting;
        all.extend(lines(2, 3, &[&two]));
        let heard = listen(all, None, 14);
        let [call] = &heard.calls[..] else { panic!("{heard:?}") };
        assert_eq!((call.to.as_str(), call.answered, call.line), ("202", true, 1));
        // Of a log that is read from its beginning nothing waits but its end.
        let many: Vec<String> =
            (0..1000).map(|n| leg("201", "NO ANSWER", &format!("1782000000.{n}"))).collect();
        let texts: Vec<&str> = many.iter().map(String::as_str).collect();
        let heard = listen(lines(1, 0, &texts), None, 0);
        assert_eq!((heard.calls.len(), heard.waiting.len()), (800, 200));
    }

    #[test]
    fn a_list_with_a_header_row_is_told_line_by_line_and_what_is_wrong_is_named() {
        let heard = listen(
            lines(1, 0, &["time;from;to;answered", "2026-06-21 10:00:00;02079460001;201;no", "noon;1;2;no"]),
            None,
            0,
        );
        assert_eq!((heard.calls.len(), heard.errors.len(), heard.waiting.len()), (1, 1, 0));
        assert_eq!((heard.errors[0].line, heard.errors[0].column.as_deref()), (3, Some("time")));
        let header = heard.header.expect("a header");
        let heard = listen(lines(4, 5, &["2026-06-21 10:05:00;02079460001;201;yes"]), Some(&header), 5);
        assert!(heard.calls[0].answered && heard.header.is_none());
        let heard = listen(lines(9, 0, &["what,is,this", "\"open"]), None, 0);
        assert_eq!(heard.errors.iter().map(|error| error.line).collect::<Vec<_>>(), [9, 10]);
    }

    #[test]
    fn columns_are_told_by_number_whatever_parts_them() {
        let columns: Columns = "time=1\nfrom=3\nto=4\nanswered=5".parse().unwrap();
        for line in [
            "2026-06-21 10:00:00;Reception;02079460001;201;no",
            "2026-06-21 10:00:00,Reception,02079460001,201,no",
            "2026-06-21 10:00:00\tReception\t02079460001\t201\tno",
            "\"2026-06-21 10:00:00\";\"Reception, ground floor\";02079460001;201;no",
        ] {
            let heard = hear(lines(1, 0, &[line]), None, &columns, &TimeZone::UTC, at(0));
            assert_eq!((heard.calls.len(), heard.errors.len()), (1, 0), "{line}: {:?}", heard.errors);
            assert!(!heard.calls[0].answered, "{line}");
        }
    }
}
