//! Telephone systems that tell of calls by themselves: who may, what they tell, and the logs that they write.
//!
//! A system signs what it sends with a secret that an owner of the firm made for it ([`signature`]); what is too old, or
//! was heard before, is not heard again. A log that it writes is followed as it grows ([`follow`]). A call that nobody
//! took, or that ended in voicemail, is one to give back; a voicemail that takes no more messages is told to whoever's it
//! is ([`full`]).

pub mod api;
pub mod follow;
pub mod full;
pub mod hooks;
pub mod logs;
pub mod pages;
pub mod signature;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wire::calls::{CallDirection, CallRow};

use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::FirmId;
use crate::intake::enlist;

/// So many calls are told at once.
const MOST: usize = 500;

/// A call, as a telephone system tells of it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// When it began to ring, with its offset from UTC.
    #[schema(format = DateTime)]
    time: String,
    /// Who rang.
    #[schema(min_length = 1, max_length = 100)]
    from: String,
    /// Who was rung; of several, who answered.
    #[schema(min_length = 1, max_length = 100)]
    to: String,
    /// Without it by what is an extension.
    #[serde(default)]
    direction: Option<Way>,
    /// A person answered.
    #[serde(default)]
    answered: bool,
    /// How long they spoke, in seconds.
    #[serde(default)]
    seconds: u32,
    /// It ended in voicemail.
    #[serde(default)]
    voicemail: bool,
    /// The voicemail that it came to took no more messages.
    #[serde(default)]
    mailbox_full: bool,
}

/// Which way a call went.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// Into the firm.
    In,
    /// Out of the firm.
    Out,
    /// Between desks.
    Internal,
}

/// What was taken of it.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Taken {
    /// So many calls are new.
    new: u64,
    /// The very same was sent before, and nothing of it was taken now.
    repeated: bool,
}

/// Takes calls into the record, with what they tell of voicemails; gives how many are new.
pub async fn take(tx: &mut Tx, firm: FirmId, rows: Vec<CallRow>, now: Timestamp) -> Result<u64> {
    full::note(tx, firm, &rows).await?;
    enlist::told_of(tx, firm, rows, now).await
}

/// What a telephone system sends: one call, or several.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(as = Calls)]
pub(crate) enum Sent {
    Several(Vec<Told>),
    One(Told),
}

/// Reads what a telephone system sent.
pub fn read(body: &[u8]) -> Result<Vec<CallRow>> {
    let wrong = |words: String| Error::invalid("the calls", words);
    let told = match serde_json::from_slice(body) {
        Ok(Sent::Several(all)) => all,
        Ok(Sent::One(one)) => vec![one],
        Err(_) => {
            let words = "are no JSON as it is described: one object, or a list of them, with time, from and to; direction is in, out or internal";
            return Err(wrong(words.to_owned()));
        }
    };
    if MOST < told.len() {
        return Err(wrong(format!("are too many at once; send at most {MOST}")));
    }
    told.into_iter()
        .enumerate()
        .map(|(n, told)| row(told).map_err(|words| wrong(format!("{} {words}", n + 1))))
        .collect()
}

fn row(told: Told) -> std::result::Result<CallRow, String> {
    let at: Timestamp = told.time.parse().map_err(|_| {
        format!("has the time {:?}; write it with its offset: 2026-06-17T09:00:00+01:00", told.time)
    })?;
    let direction = match told.direction {
        None | Some(Way::Internal) => None,
        Some(Way::In) => Some(CallDirection::In),
        Some(Way::Out) => Some(CallDirection::Out),
    };
    let end = |text: String| match text.trim() {
        text if text.is_empty() || 100 < text.chars().count() => {
            Err("needs who rang and who was rung".to_owned())
        }
        text => Ok(text.to_owned()),
    };
    let mailbox_full = told.mailbox_full;
    let voicemail = told.voicemail && !mailbox_full;
    let answered = told.answered && !told.voicemail && !mailbox_full;
    let talked = SignedDuration::from_secs(if answered { i64::from(told.seconds) } else { 0 });
    let (from, to) = (end(told.from)?, end(told.to)?);
    Ok(CallRow { at, from, to, direction, answered, talked, voicemail, mailbox_full, line: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_call_or_several_are_read_and_what_is_wrong_is_named() {
        let one = br#"{"time":"2026-06-17T09:00:00+01:00","from":"+44 20 7946 0001","to":"201","answered":true,"seconds":90}"#;
        let [call] = &read(one).unwrap()[..] else { panic!("one call") };
        assert_eq!((call.at.to_string().as_str(), call.talked.as_secs()), ("2026-06-17T08:00:00Z", 90));
        let many = br#"[{"time":"2026-06-17T08:00:00Z","from":"1","to":"2","direction":"out"},
            {"time":"2026-06-17T08:00:00Z","from":"1","to":"2","answered":true,"seconds":20,"voicemail":true}]"#;
        let calls = read(many).unwrap();
        assert_eq!(calls[0].direction, Some(CallDirection::Out));
        assert!(!calls[1].answered && calls[1].voicemail && calls[1].talked.is_zero(), "a machine is nobody");
        for (wrong, named) in [
            (&b"nonsense"[..], "no JSON"),
            (br#"{"time":"noon","from":"1","to":"2"}"#, "noon"),
            (br#"{"time":"2026-06-17T08:00:00Z","from":"","to":"2"}"#, "who rang"),
            (br#"{"time":"2026-06-17T08:00:00Z","from":"1","to":"2","direction":"up"}"#, "direction is in"),
            (br#"{"time":"2026-06-17T08:00:00Z","from":"1","to":"2","more":1}"#, "no JSON"),
        ] {
            let error = read(wrong).unwrap_err().to_string();
            assert!(error.contains(named), "{error}");
        }
        let too_many =
            format!("[{}]", vec![r#"{"time":"2026-06-17T08:00:00Z","from":"1","to":"2"}"#; 501].join(","));
        assert!(read(too_many.as_bytes()).unwrap_err().to_string().contains("at most 500"));
    }
}
