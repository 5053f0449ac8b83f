//! What threading needs to know of a message.

use care::ids::{AddressId, NaturalKey};
use jiff::Timestamp;

use crate::letter::{Fingerprint, Letter, Mailbox, subject_hash};

/// What threading needs to know of one message.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// [`Letter::key`]: the hash of its Message-ID, where it has one.
    pub key: NaturalKey,
    /// Hashes of the Message-IDs that it answers, nearest first: In-Reply-To, then References from its end.
    pub parents: Vec<u64>,
    /// [`subject_hash`]; 0 where there is none.
    pub subject: u64,
    /// Its subject says that it answers or passes something on.
    pub is_reply: bool,
    /// Who wrote it.
    pub from: Option<AddressId>,
    /// Its writer and all whom it was sent to.
    pub people: Vec<AddressId>,
    /// When.
    pub sent: Option<Timestamp>,
    /// Of its new words.
    pub fingerprint: Fingerprint,
    /// Of what it quotes, nearest first.
    pub quoted: Vec<Fingerprint>,
    /// A machine sent it: no subject ties it to anything.
    pub automatic: bool,
}

impl Facts {
    /// The facts of a letter, with the program's numbers for its people.
    pub fn of(letter: &Letter, mut number: impl FnMut(&Mailbox) -> AddressId) -> Facts {
        let mut parents: Vec<u64> = Vec::with_capacity(letter.in_reply_to.len() + letter.references.len());
        // Some clients put more into In-Reply-To than the one message; its last is the nearest then.
        let named = letter.in_reply_to.iter().rev().chain(letter.references.iter().rev());
        for id in named {
            let hash = NaturalKey::of(id.as_bytes()).0;
            if !parents.contains(&hash) {
                parents.push(hash);
            }
        }
        let key = letter.key();
        parents.retain(|parent| *parent != key.0);
        let from = letter.from.as_ref().map(&mut number);
        let mut people: Vec<AddressId> = from.into_iter().collect();
        for mailbox in letter.recipients().take(100) {
            let person = number(mailbox);
            if !people.contains(&person) {
                people.push(person);
            }
        }
        Facts {
            key,
            parents,
            subject: subject_hash(&letter.subject),
            is_reply: letter.is_reply() || letter.is_forward(),
            from,
            people,
            sent: letter.sent.map(|sent| sent.at),
            fingerprint: letter.fingerprint,
            quoted: letter.quoted.iter().map(|q| q.fingerprint).filter(|f| !f.is_none()).collect(),
            automatic: letter.automatic.is_some_and(|a| !a.is_personal()),
        }
    }
}
