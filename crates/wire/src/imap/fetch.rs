//! Messages, in batches of bounded size.

use std::collections::BTreeMap;

use imap_proto::{AttributeValue, MessageSection, Response, SectionPath};
use jiff::Timestamp;
use jiff::fmt::strtime;

use super::session::Session;
use super::state::UidSet;
use crate::mail::Flags;
use crate::net::Trouble;

/// How many messages one batch holds.
const MOST_MESSAGES: usize = 250;
/// How much of a message that is too large is fetched, in bytes: its letter, without its attachments.
const BEGINNING: u32 = 1 << 20;

/// How much of a message is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// Who wrote to whom, when, and about what.
    Header,
}

impl Part {
    /// How it is asked for.
    fn section(self) -> &'static str {
        match self {
            Part::Whole => "BODY.PEEK[]",
            Part::Header => "BODY.PEEK[HEADER]",
        }
    }
}

/// A message as the server has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Its number in the folder.
    pub uid: u32,
    /// What the owner's mail program noted.
    pub flags: Flags,
    /// When the server received it.
    pub received: Option<Timestamp>,
    /// Its bytes.
    pub raw: Vec<u8>,
    /// How large it is on the server.
    pub size: u64,
    /// It is too large, and these are its first bytes.
    pub cut: bool,
}

/// What one request for messages gave.
#[derive(Debug, Default)]
pub struct Batch {
    /// The messages.
    pub messages: Vec<Fetched>,
    /// Those that are there no more.
    pub gone: Vec<u32>,
    /// Those that the server lists and does not give, or gives twice with different words.
    pub withheld: Vec<u32>,
    /// How many of those that were asked for are dealt with, from the first on.
    pub taken: usize,
    /// The connection ended before all had come: what came whole is here, and nothing is said of the others.
    pub ended: Option<Trouble>,
}

/// What is known of a message before it is fetched.
struct Outline {
    size: u64,
    flags: Flags,
}

impl Session {
    /// Fetches the first of these messages of the open folder, as many as one batch holds.
    pub async fn fetch(&mut self, uids: &[u32], part: Part) -> Result<Batch, Trouble> {
        if self.open.is_none() {
            return Err(Trouble::Broke("no folder is open".to_owned()));
        }
        let asked = &uids[..uids.len().min(MOST_MESSAGES)];
        if asked.is_empty() {
            return Ok(Batch::default());
        }
        let outlines = self.outlines(asked).await?;
        let limits = *self.line.limits();
        let (mut whole, mut large, mut batch) = (Vec::new(), Vec::new(), Batch::default());
        let mut bytes = 0;
        for uid in asked {
            let Some(outline) = outlines.get(uid) else {
                batch.gone.push(*uid);
                batch.taken += 1;
                continue;
            };
            let large_one = part == Part::Whole && outline.size > limits.message as u64;
            let size = match part {
                Part::Header => 1 << 12,
                Part::Whole if large_one => u64::from(BEGINNING),
                Part::Whole => outline.size,
            };
            if bytes != 0 && bytes + size > limits.batch as u64 {
                break;
            }
            bytes += size;
            batch.taken += 1;
            if large_one { large.push(*uid) } else { whole.push(*uid) }
        }
        let given = async {
            self.bodies(&whole, part.section(), bytes, &outlines, &mut batch).await?;
            let section = format!("BODY.PEEK[]<0.{BEGINNING}>");
            for uid in large {
                self.bodies(&[uid], &section, u64::from(BEGINNING), &outlines, &mut batch).await?;
            }
            self.ask_after(&mut batch).await
        };
        match given.await {
            Ok(()) => {}
            // On a line that breaks again and again the next attempt begins further on.
            Err(trouble) if trouble.may_pass() && !batch.messages.is_empty() => {
                (batch.gone, batch.withheld, batch.ended) = (Vec::new(), Vec::new(), Some(trouble));
            }
            Err(trouble) => return Err(trouble),
        }
        Ok(batch)
    }

    async fn outlines(&mut self, uids: &[u32]) -> Result<BTreeMap<u32, Outline>, Trouble> {
        let set: UidSet = uids.iter().copied().collect();
        let mut outlines = BTreeMap::new();
        self.asked("FETCH", &format!("UID FETCH {set} (UID RFC822.SIZE FLAGS)"), |response| {
            if let Response::Fetch(_, attributes) = response {
                let (mut uid, mut size, mut flags) = (None, 0, Flags::default());
                for attribute in attributes {
                    match attribute {
                        AttributeValue::Uid(value) => uid = Some(*value),
                        AttributeValue::Rfc822Size(value) => size = u64::from(*value),
                        AttributeValue::Flags(words) => flags = flags_of(words.iter().map(AsRef::as_ref)),
                        _ => {}
                    }
                }
                if let Some(uid) = uid.filter(|uid| set.contains(*uid)) {
                    outlines.insert(uid, Outline { size, flags });
                }
            }
            Ok(())
        })
        .await?;
        Ok(outlines)
    }

    async fn bodies(
        &mut self,
        uids: &[u32],
        section: &str,
        bytes: u64,
        outlines: &BTreeMap<u32, Outline>,
        batch: &mut Batch,
    ) -> Result<(), Trouble> {
        if uids.is_empty() {
            return Ok(());
        }
        let set: UidSet = uids.iter().copied().collect();
        let (mut missing, mut doubtful) = (set.clone(), UidSet::default());
        let time = self.line.limits().transfer;
        self.line.allow("the transfer of messages", time, (4 << 20) + bytes * 3);
        let tag = self.line.send(&format!("UID FETCH {set} (UID INTERNALDATE {section})")).await?;
        let done = self.finish(&tag, |response| {
            if let Response::Fetch(_, attributes) = response
                && let Some(mut message) = message_of(attributes)
                && set.contains(message.uid)
            {
                // What nobody asked for is passed over, and what came before as well, if it is the same.
                if !missing.contains(message.uid) {
                    if batch.messages.iter().any(|other| other.uid == message.uid && other.raw != message.raw)
                    {
                        doubtful.insert(message.uid);
                    }
                    return Ok(());
                }
                missing.remove_range(message.uid, message.uid);
                if let Some(outline) = outlines.get(&message.uid) {
                    (message.flags, message.size) = (outline.flags, outline.size);
                    message.cut = section.contains('<') && (message.raw.len() as u64) < outline.size;
                }
                batch.messages.push(message);
            }
            Ok(())
        });
        // A server may refuse one message of many; which ones did not come is asked for below.
        let done = done.await;
        // Of two letters under one number nobody knows which is meant.
        batch.messages.retain(|message| !doubtful.contains(message.uid));
        done?;
        batch.gone.extend(missing.newest_first().chain(doubtful.newest_first()));
        Ok(())
    }

    /// Of the messages that did not come, those that the server still lists are withheld.
    async fn ask_after(&mut self, batch: &mut Batch) -> Result<(), Trouble> {
        if batch.gone.is_empty() {
            return Ok(());
        }
        let there = self.outlines(&batch.gone).await?;
        let (withheld, gone) = batch.gone.iter().partition(|uid| there.contains_key(uid));
        batch.gone = gone;
        batch.withheld.extend::<Vec<u32>>(withheld);
        Ok(())
    }
}

fn message_of(attributes: &[AttributeValue<'_>]) -> Option<Fetched> {
    let (mut uid, mut raw, mut received) = (None, None, None);
    for attribute in attributes {
        match attribute {
            AttributeValue::Uid(value) => uid = Some(*value),
            AttributeValue::InternalDate(text) => received = moment(text),
            AttributeValue::BodySection {
                section: None | Some(SectionPath::Full(MessageSection::Header)),
                data: Some(data),
                ..
            } => raw = Some(data.to_vec()),
            _ => {}
        }
    }
    let (flags, size, cut) = (Flags::default(), 0, false);
    Some(Fetched { uid: uid?, flags, received, raw: raw?, size, cut })
}

/// A moment as the protocol writes it: ` 7-Nov-2026 10:00:00 +0100`.
fn moment(text: &str) -> Option<Timestamp> {
    let time = strtime::parse("%d-%b-%Y %H:%M:%S %z", text.trim_start()).ok()?;
    time.to_timestamp().ok()
}

fn flags_of<'a>(words: impl Iterator<Item = &'a str>) -> Flags {
    let mut flags = Flags::default();
    for word in words {
        match word.to_ascii_lowercase().as_str() {
            "\\seen" => flags.seen = true,
            "\\answered" => flags.replied = true,
            "\\flagged" => flags.flagged = true,
            "$forwarded" => flags.passed = true,
            "\\draft" => flags.draft = true,
            "\\deleted" => flags.trashed = true,
            _ => {}
        }
    }
    flags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read() {
        let at = moment(" 7-Nov-2026 10:00:00 +0100").expect("a moment");
        assert_eq!(at.to_string(), "2026-11-07T09:00:00Z");
        assert_eq!(
            moment("17-Jul-1996 02:44:25 -0700").expect("a moment").to_string(),
            "1996-07-17T09:44:25Z"
        );
        assert_eq!(moment("yesterday"), None);
    }
}
