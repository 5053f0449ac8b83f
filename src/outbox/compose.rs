//! What a person wrote becomes a message: an answer to what is owed.

use care::acts::ActKind;
use care::entry::Of;
use care::obligation::{Obligation, Role};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use reading::acts::Reader;
use reading::check::{Finding, Situation, check};
use reading::letter::{self, Letter};
use sqlx::query_as;
use wire::smtp::{Attachment, Built, Draft, Person, message_id};

use super::{Outgoing, State};
use crate::db::{Tx, sql};
use crate::error::{Error, Result};
use crate::firm::Firm;
use crate::ids::{FirmId, NaturalKey, OutgoingId, StaffId};
use crate::mailboxes::Connection;
use crate::record::raw;
use crate::staff;

const MESSAGE: &str = "SELECT m.message_id, m.subject, m.raw_hash FROM entry e
    JOIN message m ON m.firm_id = e.firm_id AND m.entry_id = e.entry_id
    WHERE e.firm_id = $1 AND e.natural_key = $2";

/// The message that is answered.
#[derive(Debug)]
pub struct Answered {
    key: NaturalKey,
    message_id: String,
    subject: String,
    letter: Letter,
}

/// What a person wrote.
#[derive(Debug, Default)]
pub struct Words {
    /// The letter.
    pub text: String,
    /// About what; without it what it answers is about.
    pub subject: Option<String>,
    /// Files.
    pub attachments: Vec<Attachment>,
}

/// The message that an obligation waits for an answer to: the last that the client wrote of this wait.
pub async fn answered(tx: &mut Tx, firm: FirmId, obligation: &Obligation) -> Result<Answered> {
    let waits = obligation.evidence.iter().rev().find_map(|evidence| match (evidence.role, evidence.of) {
        (Role::Opened | Role::Joined, Of::Message(key)) => Some(key),
        _ => None,
    });
    let none = || Error::invalid("obligation", "no message stands behind it that could be answered");
    let key = waits.ok_or_else(none)?;
    type Row = (String, String, Option<Vec<u8>>);
    let row: Option<Row> =
        sql!(tx, c => query_as(MESSAGE).bind(firm.0).bind(key.0.cast_signed()).fetch_optional(c).await)?;
    let (message_id, subject, hash) = row.ok_or_else(none)?;
    let bytes = raw::load(tx, firm, &hash.ok_or_else(none)?).await?;
    let letter = letter::parse(&bytes).map_err(|e| Error::Unexpected(e.into()))?;
    Ok(Answered { key, message_id, subject, letter })
}

/// What to mend in an answer before it is sent. It never blocks.
pub async fn findings(
    tx: &mut Tx,
    firm: &Firm,
    writer: Option<StaffId>,
    answered: &Answered,
    words: &Words,
    now: Timestamp,
) -> Result<Vec<Finding>> {
    let calendar = firm.calendar()?;
    let reader = Reader::shipped();
    let letter = &answered.letter;
    let theirs = reader.read(&letter.new_text, letter.sent.map(|sent| sent.at), &calendar);
    let asked: Vec<String> = theirs
        .acts
        .iter()
        .filter(|act| matches!(act.kind, ActKind::Request | ActKind::Chase))
        .map(|act| crate::text::scalars(&letter.new_text, act.start, act.end).to_owned())
        .collect();
    let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
    let absences: Vec<(Date, Date)> = staff::store::absences(tx, firm.id)
        .await?
        .into_iter()
        .filter(|absence| Some(absence.staff) == writer)
        .map(|absence| (absence.from, absence.to))
        .collect();
    let situation = Situation {
        said_at: now,
        calendar: &calendar,
        absences: &absences,
        promised: &[],
        capacity: None,
        asked: &asked,
        attachments: words.attachments.len(),
    };
    let reading = reader.read(&words.text, Some(now), &calendar);
    Ok(check(&words.text, &reading, &situation))
}

/// Who sends, and as whom.
pub struct Writer<'a> {
    /// From this mailbox.
    pub connection: &'a Connection,
    /// By this name.
    pub name: Option<String>,
    /// This person.
    pub staff: Option<StaffId>,
}

/// The answer as a message that waits for its time.
pub fn answer(
    tx: &Tx,
    firm: &Firm,
    writer: &Writer<'_>,
    answered: &Answered,
    words: Words,
    leaves: Timestamp,
    now: Timestamp,
) -> Result<(Outgoing, Built)> {
    let zone = TimeZone::get(&firm.zone)
        .map_err(|_| Error::invalid("zone", format!("the firm's zone {} is not known", firm.zone)))?;
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|e| Error::Unexpected(anyhow::anyhow!("no randomness: {e}")))?;
    let connection = writer.connection;
    let draft = Draft {
        from: Person { name: writer.name.clone(), address: connection.address.clone() },
        to: answered.to()?,
        cc: Vec::new(),
        bcc: Vec::new(),
        subject: words.subject.unwrap_or_else(|| reply_subject(&answered.subject)),
        text: words.text,
        html: None,
        signature: connection.signature.clone(),
        attachments: words.attachments,
        in_reply_to: Some(answered.message_id.clone()).filter(|id| is_id(id)),
        references: answered.references(),
        message_id: message_id(u128::from_be_bytes(random), &connection.address),
        date: dated(leaves, zone),
    };
    let built = draft.build().map_err(|e| Error::invalid("message", e.to_string()))?;
    let outgoing = Outgoing {
        id: OutgoingId(tx.new_id()),
        mailbox: connection.id,
        by: writer.staff,
        state: State::Waiting,
        message_id: draft.message_id,
        sender: built.from.clone(),
        recipients: built.recipients.clone(),
        subject: draft.subject,
        bytes: built.bytes.clone(),
        answers: Some(answered.key),
        // What leaves at once was written in view of all that is there.
        only_if_quiet: now + super::UNDO < leaves,
        made: now,
        next: leaves,
        tries: 0,
        trouble: None,
        sent: None,
        recorded: false,
        copied: false,
    };
    Ok((outgoing, built))
}

/// A message carries the moment at which it leaves: words like "tomorrow" are read from there.
fn dated(leaves: Timestamp, zone: TimeZone) -> Zoned {
    leaves.to_zoned(zone)
}

impl Answered {
    fn to(&self) -> Result<Vec<Person>> {
        let to = self.letter.reply_to.first().or(self.letter.from.as_ref());
        let nobody = || Error::invalid("obligation", "the message does not say who wrote it");
        let to = to.filter(|person| person.address.contains('@')).ok_or_else(nobody)?;
        Ok(vec![Person { name: to.name.clone(), address: to.address.clone() }])
    }

    /// The ids of the thread, the oldest first, ending with the message itself.
    fn references(&self) -> Vec<String> {
        let letter = &self.letter;
        let before = if letter.references.is_empty() { &letter.in_reply_to } else { &letter.references };
        let mut all: Vec<String> = before.iter().map(|id| format!("<{id}>")).collect();
        all.push(self.message_id.clone());
        all.retain(|id| is_id(id));
        // A chain without end is of no use to anybody: its root and its last steps are.
        if 20 < all.len() {
            all.drain(1..all.len() - 19);
        }
        all
    }
}

fn is_id(text: &str) -> bool {
    let inside = text.strip_prefix('<').and_then(|text| text.strip_suffix('>')).unwrap_or_default();
    !inside.is_empty() && inside.bytes().all(|b| b.is_ascii_graphic() && b != b'<' && b != b'>')
}

fn reply_subject(subject: &str) -> String {
    let begins = |start: &str| subject.get(..start.len()).is_some_and(|s| s.eq_ignore_ascii_case(start));
    match ["re:", "aw:", "sv:", "antw:"].iter().any(|start| begins(start)) {
        true => subject.to_owned(),
        false => format!("Re: {subject}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_answered_once() {
        assert_eq!(reply_subject("The lease"), "Re: The lease");
        assert_eq!(reply_subject("RE: The lease"), "RE: The lease");
        assert_eq!(reply_subject("AW: Der Vertrag"), "AW: Der Vertrag");
    }

    #[test]
    fn what_is_no_id_is_left_out() {
        assert!(is_id("<a@b.example>"));
        assert!(!is_id("a@b.example") && !is_id("<>") && !is_id("<a b@c>") && !is_id("<a>\r\n<b>"));
    }
}
