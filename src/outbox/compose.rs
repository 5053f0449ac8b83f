//! What a person wrote becomes a message: an answer to what is owed, or a letter of their own.

use std::sync::LazyLock;

use care::acts::ActKind;
use care::entry::Of;
use care::hours::WorkCalendar;
use care::obligation::{Obligation, ObligationId, Role};
use jiff::civil::Date;
use jiff::fmt::rfc2822;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use reading::acts::Reader;
use reading::check::{Finding, Situation, check};
use reading::letter::{self, Letter};
use sqlx::query_as;
use wire::smtp::{Attachment, Built, Draft, Person, message_id};

use super::{Outgoing, Way, html};
use crate::db::{Tx, sql};
use crate::error::{Error, Result};
use crate::firm::Firm;
use crate::ids::{ClientId, DraftId, FirmId, NaturalKey, OutgoingId, StaffId};
use crate::mailboxes::Connection;
use crate::record::raw;
use crate::staff;

/// More of a letter is not quoted below an answer.
const LONGEST_QUOTE: usize = 50_000;

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
    /// To whom; nobody: to whoever wrote what it answers.
    pub to: Vec<Person>,
    /// Who gets a copy.
    pub cc: Vec<Person>,
    /// Who gets a copy that nobody else knows of.
    pub bcc: Vec<Person>,
    /// Put under it; none: the mailbox's own.
    pub signature: Option<String>,
    /// What it answers stands below, quoted.
    pub quotes: bool,
    /// Files.
    pub attachments: Vec<Attachment>,
}

/// How a message leaves.
#[derive(Debug, Clone, Copy, Default)]
pub struct Leaving {
    /// When.
    pub at: Timestamp,
    /// Where it goes.
    pub way: Way,
    /// The draft that it is made from.
    pub draft: Option<DraftId>,
    /// What it is written about.
    pub owed: Option<ObligationId>,
    /// To whom.
    pub client: Option<ClientId>,
}

/// The message that an obligation waits for an answer to: the last that the client wrote of this wait.
pub async fn answered(tx: &mut Tx, firm: FirmId, obligation: &Obligation) -> Result<Answered> {
    answered_by_key(tx, firm, waited_for(obligation)?).await
}

/// The last message that the client wrote of a wait.
pub fn waited_for(obligation: &Obligation) -> Result<NaturalKey> {
    let waits = obligation.evidence.iter().rev().find_map(|evidence| match (evidence.role, evidence.of) {
        (Role::Opened | Role::Joined, Of::Message(key)) => Some(key),
        _ => None,
    });
    waits.ok_or_else(nothing_to_answer)
}

fn nothing_to_answer() -> Error {
    Error::invalid("this", "has no message behind it that could be answered")
}

/// A message that is to be answered.
pub async fn answered_by_key(tx: &mut Tx, firm: FirmId, key: NaturalKey) -> Result<Answered> {
    let none = nothing_to_answer;
    type Row = (String, String, Option<Vec<u8>>);
    let row: Option<Row> =
        sql!(tx, c => query_as(MESSAGE).bind(firm.0).bind(key.0.cast_signed()).fetch_optional(c).await)?;
    let (message_id, subject, hash) = row.ok_or_else(none)?;
    let bytes = raw::load(tx, firm, &hash.ok_or_else(none)?).await?;
    let letter = letter::parse(&bytes).map_err(|e| Error::Unexpected(e.into()))?;
    Ok(Answered { key, message_id, subject, letter })
}

/// What is known of whoever writes, for the check of what they write.
#[derive(Debug, Default)]
pub struct Standing {
    /// When they are away: first and last day.
    pub absences: Vec<(Date, Date)>,
    /// For how many of their promises each day is the last.
    pub promised: Vec<(Date, u32)>,
    /// How many a day they can keep; none where nobody knows.
    pub capacity: Option<u32>,
}

impl Standing {
    /// What the firm knows of somebody's absences.
    pub async fn of(tx: &mut Tx, firm: FirmId, writer: Option<StaffId>) -> Result<Standing> {
        let absences = staff::store::absences(tx, firm)
            .await?
            .into_iter()
            .filter(|absence| Some(absence.staff) == writer)
            .map(|absence| (absence.from, absence.to))
            .collect();
        Ok(Standing { absences, ..Standing::default() })
    }
}

static READER: LazyLock<Reader> = LazyLock::new(Reader::shipped);

/// What to mend in a letter before it is sent. It never blocks.
pub fn findings(
    calendar: &WorkCalendar,
    standing: &Standing,
    answered: Option<&Answered>,
    text: &str,
    attachments: usize,
    now: Timestamp,
) -> Vec<Finding> {
    let asked = answered.map(|answered| answered.asked(calendar)).unwrap_or_default();
    let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
    let situation = Situation {
        said_at: now,
        calendar,
        absences: &standing.absences,
        promised: &standing.promised,
        capacity: standing.capacity,
        asked: &asked,
        attachments,
    };
    let reading = READER.read(text, Some(now), calendar);
    check(text, &reading, &situation)
}

/// By when whoever gets a letter will hear, as our reader reads it.
pub fn told_until(calendar: &WorkCalendar, text: &str, now: Timestamp) -> Option<Timestamp> {
    let acts = READER.read(text, Some(now), calendar).acts;
    let words = acts.into_iter().filter(|act| matches!(act.kind, ActKind::Hold | ActKind::Promise));
    words.filter_map(|act| act.due).max()
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

/// The letter as a message that waits for its time.
pub fn letter(
    tx: &Tx,
    firm: &Firm,
    writer: &Writer<'_>,
    answered: Option<&Answered>,
    words: Words,
    leaving: Leaving,
    now: Timestamp,
) -> Result<(Outgoing, Built)> {
    let zone = TimeZone::get(&firm.zone)
        .map_err(|_| Error::invalid("zone", format!("the firm's zone {} is not known", firm.zone)))?;
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|e| Error::Unexpected(anyhow::anyhow!("no randomness: {e}")))?;
    let connection = writer.connection;
    let to = match answered {
        Some(answered) if words.to.is_empty() => answered.to()?,
        _ => words.to.clone(),
    };
    if to.is_empty() {
        return Err(Error::invalid("To", "is empty; say to whom it goes"));
    }
    let text = whole(&words, connection, answered, &zone);
    let subject = words.subject.or_else(|| answered.map(|answered| reply_subject(&answered.subject)));
    let draft = Draft {
        from: Person { name: writer.name.clone(), address: connection.address.clone() },
        to,
        cc: words.cc,
        bcc: words.bcc,
        subject: subject.unwrap_or_default(),
        html: Some(html::of_text(&text)),
        text,
        // It stands in the text already, above what is quoted.
        signature: None,
        attachments: words.attachments,
        in_reply_to: answered.map(|answered| answered.message_id.clone()).filter(|id| is_id(id)),
        references: answered.map(Answered::references).unwrap_or_default(),
        message_id: message_id(u128::from_be_bytes(random), &connection.address),
        date: dated(leaving.at, zone),
    };
    let built = draft.build().map_err(|e| Error::invalid("the letter", format!("cannot be sent: {e}")))?;
    let outgoing = Outgoing {
        by: writer.staff,
        answers: answered.map(|answered| answered.key),
        draft: leaving.draft,
        owed: leaving.owed,
        client: leaving.client,
        way: leaving.way,
        // What leaves at once was written in view of all that is there.
        only_if_quiet: now + super::UNDO < leaving.at,
        next: leaving.at,
        ..Outgoing::new(OutgoingId(tx.new_id()), connection.id, draft, built.clone(), now)
    };
    Ok((outgoing, built))
}

/// The whole text: what was written, who signs it, and below what it answers.
fn whole(words: &Words, connection: &Connection, answered: Option<&Answered>, zone: &TimeZone) -> String {
    let mut text = words.text.trim_end().to_owned();
    let signature = words.signature.as_ref().or(connection.signature.as_ref());
    if let Some(signature) = signature.map(|text| text.trim()).filter(|text| !text.is_empty()) {
        text.push_str(&format!("\n\n-- \n{signature}"));
    }
    if let Some(answered) = answered.filter(|_| words.quotes) {
        text.push_str(&format!("\n\n{}", answered.quoted(zone)));
    }
    text
}

/// A message carries the moment at which it leaves: words like "tomorrow" are read from there.
fn dated(leaves: Timestamp, zone: TimeZone) -> Zoned {
    leaves.to_zoned(zone)
}

impl Answered {
    /// Which message it is.
    pub fn key(&self) -> NaturalKey {
        self.key
    }

    /// What it says.
    pub fn letter(&self) -> &Letter {
        &self.letter
    }

    /// The subject of an answer to it.
    pub fn reply_subject(&self) -> String {
        reply_subject(&self.subject)
    }

    /// What it asks for: the very passages.
    pub fn asked(&self, calendar: &WorkCalendar) -> Vec<String> {
        let letter = &self.letter;
        let theirs = READER.read(&letter.new_text, letter.sent.map(|sent| sent.at), calendar);
        let asks = theirs.acts.iter().filter(|act| matches!(act.kind, ActKind::Request | ActKind::Chase));
        asks.map(|act| crate::text::scalars(&letter.new_text, act.start, act.end).to_owned()).collect()
    }

    /// What its writer wrote anew, quoted, below a line that says who wrote it and when.
    pub fn quoted(&self, zone: &TimeZone) -> String {
        let letter = &self.letter;
        let who =
            letter.from.as_ref().map_or("somebody", |from| from.name.as_deref().unwrap_or(&from.address));
        let when = letter.sent.map(|sent| sent.at.to_zoned(zone.clone()));
        let head = match when {
            Some(when) => format!("On {}, {who} wrote:", when.strftime("%A %-d %B %Y at %H:%M")),
            None => format!("{who} wrote:"),
        };
        let words: String = letter.text.chars().take(LONGEST_QUOTE).collect();
        let lines = words.trim().lines().map(|line| match line.starts_with('>') {
            true => format!(">{line}\n"),
            false => format!("> {}\n", line.trim_end()),
        });
        format!("{head}\n{}", lines.collect::<String>())
    }

    /// Who wrote it: to whom an answer goes.
    pub fn to(&self) -> Result<Vec<Person>> {
        let to = self.letter.reply_to.first().or(self.letter.from.as_ref());
        let nobody = || Error::invalid("this", "is of a message that does not say who wrote it");
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

/// A message that leaves at another moment than was thought: the same with that moment in its Date.
pub fn redated(bytes: &[u8], at: &Zoned) -> Result<Vec<u8>> {
    let date = rfc2822::to_string(at).map_err(|e| Error::Unexpected(e.into()))?;
    let head = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(bytes.len());
    let name = b"Date: ";
    let is_date = |start: usize| bytes[start..head].starts_with(name);
    let starts = std::iter::once(0).chain(
        (0..head.saturating_sub(1)).filter_map(|at| (&bytes[at..at + 2] == b"\r\n").then_some(at + 2)),
    );
    let Some(start) = starts.into_iter().find(|start| *start < head && is_date(*start)) else {
        return Ok(bytes.to_vec());
    };
    let end =
        bytes[start..head].windows(2).position(|two| two == b"\r\n").map_or(head, |length| start + length);
    Ok([&bytes[..start + name.len()], date.as_bytes(), &bytes[end..]].concat())
}

/// What kind of file it is, by its name's ending: what a browser says of it is not believed.
pub fn media_of(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "pdf" => "application/pdf",
        "txt" => "text/plain",
        "csv" => "text/csv",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "ics" => "text/calendar",
        _ => "application/octet-stream",
    }
}

/// Whether a text is the id of a message, with its angle brackets.
pub fn is_id(text: &str) -> bool {
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
    fn a_message_that_leaves_at_another_moment_says_so() {
        let message =
            b"From: a@b.example\r\nDate: Mon, 1 Sep 2025 09:00:00 +0100\r\nSubject: x\r\n\r\nDate: stays\r\n";
        let at: Zoned = "2025-09-03T10:30:00+01:00[Europe/London]".parse().unwrap();
        let dated = String::from_utf8(redated(message, &at).unwrap()).unwrap();
        let expected =
            "From: a@b.example\r\nDate: Wed, 3 Sep 2025 10:30:00 +0100\r\nSubject: x\r\n\r\nDate: stays\r\n";
        assert_eq!(dated, expected);
        assert_eq!(redated(b"Subject: x", &at).unwrap(), b"Subject: x");
    }

    #[test]
    fn what_is_no_id_is_left_out() {
        assert!(is_id("<a@b.example>"));
        assert!(!is_id("a@b.example") && !is_id("<>") && !is_id("<a b@c>") && !is_id("<a>\r\n<b>"));
    }
}
