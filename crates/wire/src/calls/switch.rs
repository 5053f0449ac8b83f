//! The files that telephone switches write, without a header row.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::{CallRow, direction_by_extension, when};
use crate::csv::{Record, RowError, plain_name};

/// One record of a switch: a call, or one desk's part of it.
pub(super) struct Leg {
    pub(super) call: CallRow,
    /// The switch's own number of the call, the same in all its parts.
    pub(super) of: Option<String>,
}

/// Whether a record is one of a switch.
pub(super) fn is_leg(record: &Record) -> bool {
    start_of(record).is_some()
}

/// Where the times of a record stand: begin, answer (may be empty) and end.
fn start_of(record: &Record) -> Option<usize> {
    let field = |at: usize| record.fields.get(at).map(String::as_str).unwrap_or_default();
    let is_start = |at: usize| {
        let answer = field(at + 1);
        when::is_time(field(at))
            && (answer.is_empty() || when::is_time(answer))
            && when::is_time(field(at + 2))
    };
    // FreeSWITCH writes them from the fifth field on, Asterisk from the tenth, or the ninth without an account.
    [4, 8, 9].into_iter().find(|at| is_start(*at))
}

/// Reads one record of Asterisk or FreeSWITCH. Where the times stand tells which; after them come the seconds in all,
/// the seconds spoken, and how it ended.
pub(super) fn leg(record: &Record, zone: &TimeZone) -> Result<Leg, RowError> {
    let fields = &record.fields;
    let field = |at: usize| fields.get(at).map(String::as_str).unwrap_or_default();
    let start = start_of(record).ok_or_else(|| {
        let what = "no call as Asterisk or FreeSWITCH write them; \
            a list of your own needs a header row naming time,from,to,direction,answered,seconds";
        RowError::of_row(record.line, what)
    })?;
    let spoken = field(start + 4).parse::<i64>().ok().filter(|seconds| 0 <= *seconds);
    let spoken = spoken.ok_or_else(|| RowError {
        line: record.line,
        column: Some(format!("{}", start + 5)),
        what: format!("{:?} is no number of seconds", field(start + 4)),
    })?;
    let (of, answered, voicemail, mailbox_full) = if start == 4 {
        (None, 0 < spoken && !field(start + 1).is_empty(), false, false)
    } else {
        let (answered, voicemail) = asterisk_ending(fields, start);
        let of = fields.iter().skip(start + 6).rev().find(|text| call_number(text).is_some()).cloned();
        // Asterisk itself does not write it; a line in the dialplan puts these words into the user's field.
        let full = !answered && fields.iter().skip(start + 6).any(|text| plain_name(text) == "mailboxfull");
        (of, answered, voicemail && !full, full)
    };
    let near = of.as_deref().and_then(call_number);
    let at = when::read(field(start), zone, near);
    let at = at.ok_or_else(|| RowError::of_row(record.line, "a time that no clock ever showed"))?;
    let (from, to) = (field(1).to_string(), field(2).to_string());
    let direction = direction_by_extension(&from, &to);
    let talked = SignedDuration::from_secs(if answered { spoken } else { 0 });
    let line = record.line;
    let call = CallRow { at, from, to, direction, answered, talked, voicemail, mailbox_full, line };
    Ok(Leg { call, of })
}

/// Whether a person answered, and whether it went to voicemail. The switch itself "answers" to play a tape or a menu:
/// only a call put through to another channel was answered by somebody.
fn asterisk_ending(fields: &[String], start: usize) -> (bool, bool) {
    let field = |at: usize| fields.get(at).map(String::as_str).unwrap_or_default();
    let (other_side, application) = (field(start - 3), field(start - 2));
    let taken = field(start + 5).eq_ignore_ascii_case("ANSWERED");
    let voicemail = taken && application.eq_ignore_ascii_case("VoiceMail");
    (taken && !voicemail && !other_side.is_empty(), voicemail)
}

/// Asterisk numbers calls by the second in which they began, since 1970, and a counter: `1737000000.12`, perhaps
/// with the machine's name before it.
fn call_number(text: &str) -> Option<Timestamp> {
    let (seconds, counter) = text.rsplit_once('.')?;
    let seconds = seconds.rsplit_once('-').map_or(seconds, |(_, seconds)| seconds);
    let sound = 9 <= seconds.len() && !counter.is_empty() && counter.bytes().all(|b| b.is_ascii_digit());
    Timestamp::from_second(seconds.parse().ok().filter(|_| sound)?).ok()
}

/// Puts the parts of each call together, in the order in which the calls first stand in the list.
#[derive(Default)]
pub(super) struct Legs {
    calls: Vec<CallRow>,
    by_number: HashMap<String, usize>,
}

impl Legs {
    pub(super) fn add(&mut self, leg: Leg) {
        let Some(number) = leg.of else { return self.calls.push(leg.call) };
        match self.by_number.get(&number).and_then(|at| self.calls.get_mut(*at)) {
            Some(call) => join(call, leg.call),
            None => {
                self.by_number.insert(number, self.calls.len());
                self.calls.push(leg.call);
            }
        }
    }

    pub(super) fn finish(self) -> Vec<CallRow> {
        self.calls
    }
}

/// One more part of a call: it was answered if any part was, and by whom spoke longest.
fn join(call: &mut CallRow, part: CallRow) {
    call.at = call.at.min(part.at);
    if part.answered && (!call.answered || call.talked < part.talked) {
        call.to = part.to;
        call.talked = part.talked;
        call.direction = call.direction.or(part.direction);
    }
    call.answered |= part.answered;
    call.mailbox_full = !call.answered && (call.mailbox_full || part.mailbox_full);
    call.voicemail = !call.answered && !call.mailbox_full && (call.voicemail || part.voicemail);
}
