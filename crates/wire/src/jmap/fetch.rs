//! Messages, in batches of bounded size.

use futures_util::future::join_all;

use super::{Email, Jmap};
use crate::http::{Address, Kept, Most, Question};
use crate::mail::Flags;
use crate::net::Trouble;

/// How many messages one batch holds.
const MOST_MESSAGES: usize = 250;
/// How much of a message that is too large is fetched, in bytes: its letter, without its attachments.
const BEGINNING: usize = 1 << 20;
/// So much more than the server said a message may have.
const MORE: usize = 1 << 16;

/// A message as the server has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Its id.
    pub id: String,
    /// What the owner's mail program noted.
    pub flags: Flags,
    /// Its bytes.
    pub raw: Vec<u8>,
}

/// What asking for messages gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// The messages.
    pub messages: Vec<Fetched>,
    /// Those that the server lists and does not give.
    pub withheld: Vec<String>,
    /// How many of those that were asked for are dealt with, from the first on.
    pub taken: usize,
}

impl Jmap {
    /// Fetches the first of these messages, as many as one batch holds.
    pub async fn fetch(&mut self, emails: &[Email]) -> Result<Batch, Trouble> {
        let limits = self.client.limits;
        let (mut taken, mut bytes) = (0, 0);
        for email in emails.iter().take(MOST_MESSAGES) {
            let size = match limits.message as u64 {
                most if most < email.size => BEGINNING as u64,
                _ => email.size,
            };
            if taken != 0 && limits.batch as u64 <= bytes + size {
                break;
            }
            bytes += size;
            taken += 1;
        }
        let mut batch = Batch { taken, ..Batch::default() };
        let asked = &emails[..taken];
        let mut addresses = Vec::with_capacity(taken);
        for email in asked {
            addresses.push(self.account.download(&email.blob)?);
        }
        let lines = self.lines.len();
        for (emails, addresses) in asked.chunks(lines).zip(addresses.chunks(lines)) {
            let all = self.lines.iter_mut().zip(emails.iter().zip(addresses));
            let all = join_all(all.map(|(line, (email, address))| one(line, email, address, limits.message)));
            for (email, raw) in emails.iter().zip(all.await) {
                match raw? {
                    Some(raw) => {
                        let (id, flags) = (email.id.clone(), email.flags);
                        batch.messages.push(Fetched { id, flags, raw });
                    }
                    None => batch.withheld.push(email.id.clone()),
                }
            }
        }
        Ok(batch)
    }
}

/// One message; none where the server does not give it.
async fn one(
    line: &mut Kept,
    email: &Email,
    address: &Address,
    largest: usize,
) -> Result<Option<Vec<u8>>, Trouble> {
    let size = usize::try_from(email.size).unwrap_or(usize::MAX);
    let most = match largest < size {
        true => Most::Beginning(BEGINNING),
        false => Most::Whole((size + MORE).min(largest + MORE)),
    };
    let question = Question { method: "GET", address, headers: &[], body: None };
    let (answer, _) = line.ask_for(&question, most).await?;
    match answer.status {
        200 if !answer.body.is_empty() => Ok(Some(answer.body)),
        200 | 404 | 410 => Ok(None),
        _ => Err(answer.trouble("to give a message")),
    }
}
