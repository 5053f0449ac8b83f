//! Asterisk's `queue_log`: what happened to each caller in a queue, an event to a line.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::{CallDirection, CallRow};
use crate::csv::RowError;

/// Stands for no agent.
const NOBODY: &str = "NONE";
/// With these, what happened to a caller in a queue is over.
const ENDS: [&str; 11] = [
    "ABANDON",
    "ATTENDEDTRANSFER",
    "BLINDTRANSFER",
    "COMPLETEAGENT",
    "COMPLETECALLER",
    "EXITEMPTY",
    "EXITWITHKEY",
    "EXITWITHTIMEOUT",
    "MAILBOXFULL",
    "TRANSFER",
    "VOICEMAIL",
];

/// The call of a line, what happened, and when.
pub(super) struct Event<'a> {
    pub(super) number: &'a str,
    pub(super) name: &'a str,
    pub(super) at: Timestamp,
}

impl<'a> Event<'a> {
    pub(super) fn of(text: &'a str) -> Option<Event<'a>> {
        let mut fields = text.split('|').map(str::trim);
        let at = Timestamp::from_second(fields.next()?.parse().ok()?).ok()?;
        Some(Event { number: fields.next()?, name: fields.nth(2)?, at })
    }

    pub(super) fn begins(&self) -> bool {
        self.name == "ENTERQUEUE"
    }

    pub(super) fn ends(&self) -> bool {
        ENDS.contains(&self.name)
    }
}

/// Whether a line is one of a `queue_log`: seconds since 1970, call, queue, agent, event.
pub(super) fn is_event(text: &str) -> bool {
    let mut fields = text.split('|');
    let seconds = fields.next().unwrap_or_default();
    9 <= seconds.len() && seconds.bytes().all(|b| b.is_ascii_digit()) && fields.nth(3).is_some()
}

/// The calls of a log, put together from their events.
#[derive(Default)]
pub(super) struct Queue {
    calls: Vec<CallRow>,
    by_number: HashMap<String, usize>,
}

impl Queue {
    /// Takes one line.
    pub(super) fn add(&mut self, text: &str, line: u64) -> Result<(), RowError> {
        let fields: Vec<&str> = text.split('|').map(str::trim).collect();
        let [seconds, number, queue, agent, event, data @ ..] = &fields[..] else {
            return Err(RowError::of_row(line, "no event of a queue_log: it has less than five fields"));
        };
        let seconds = seconds.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
        let Some(at) = seconds else {
            return Err(RowError::of_row(line, "no event of a queue_log: it does not begin with a moment"));
        };
        let datum = |n: usize| data.get(n).copied().unwrap_or_default();
        if *event == "ENTERQUEUE" {
            let call = CallRow {
                at,
                from: datum(1).to_owned(),
                to: (*queue).to_owned(),
                direction: Some(CallDirection::In),
                answered: false,
                talked: SignedDuration::ZERO,
                voicemail: false,
                mailbox_full: false,
                line,
            };
            // Passed on to another queue, it is the same call.
            if !self.by_number.contains_key(*number) {
                self.by_number.insert((*number).to_owned(), self.calls.len());
                self.calls.push(call);
            }
            return Ok(());
        }
        // What is no caller's (agents that come and go), or began before the log, tells of no call.
        let Some(call) = self.by_number.get(*number).and_then(|at| self.calls.get_mut(*at)) else {
            return Ok(());
        };
        match *event {
            "CONNECT" => {
                call.answered = true;
                call.to = extension(agent).to_owned();
            }
            "COMPLETEAGENT" | "COMPLETECALLER" => {
                call.answered = true;
                call.talked = spoken(datum(1), line)?;
            }
            // Asterisk itself does not write these two: the dialplan does, by QueueLog().
            "VOICEMAIL" if !call.answered => {
                call.voicemail = true;
                call.mailbox_full = false;
                to_box(call, agent);
            }
            "MAILBOXFULL" if !call.answered => {
                call.voicemail = false;
                call.mailbox_full = true;
                to_box(call, agent);
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Vec<CallRow> {
        self.calls
    }
}

/// Nobody answered: what a line names as agent is whose voicemail took the call.
fn to_box(call: &mut CallRow, agent: &str) {
    if !agent.is_empty() && agent != NOBODY {
        call.to = extension(agent).to_owned();
    }
}

fn spoken(text: &str, line: u64) -> Result<SignedDuration, RowError> {
    let seconds = text.parse::<u32>();
    seconds.map(|seconds| SignedDuration::from_secs(i64::from(seconds))).map_err(|_| RowError {
        line,
        column: Some("7".to_owned()),
        what: format!("{text:?} is no number of seconds"),
    })
}

/// The extension of an agent: `201` of `SIP/201-0000001a` and `Local/201@agents/n`.
fn extension(agent: &str) -> &str {
    let name = agent.split_once('/').map_or(agent, |(_, name)| name);
    name.split(['@', '-', '/']).next().unwrap_or(name)
}
