//! What the mail itself tells about each address: how often it wrote, was written to, and under what name.

use care::ids::AddressId;
use reading::letter::Mailbox;
use wire::mail::Role;

use super::addresses::Addresses;
use super::domains::domain_of;
use super::read::ReadMessage;

/// What the mail tells about one address.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The name that most often stands with it, and how often.
    pub name: Option<(Box<str>, u32)>,
    /// Messages from it that a person wrote.
    pub wrote: u32,
    /// Messages from it that a machine wrote.
    pub automatic: u32,
    /// Messages to or copied to it.
    pub received: u32,
    /// Messages from it in folders of sent mail.
    pub in_sent: u32,
}

/// Facts about all addresses.
#[derive(Debug, Default)]
pub struct Traffic {
    facts: Vec<Facts>,
}

/// The people of one message, as addresses.
pub struct People {
    /// Who wrote it.
    pub from: Option<AddressId>,
    /// To, each once.
    pub to: Box<[AddressId]>,
    /// Cc and Bcc, each once.
    pub cc: Box<[AddressId]>,
}

impl Traffic {
    /// Counts one message and gives its people as addresses.
    pub fn note(&mut self, message: &ReadMessage, addresses: &mut Addresses) -> People {
        let letter = &message.letter;
        let from =
            letter.from.as_ref().or(letter.sender.as_ref()).and_then(|from| self.number(from, addresses));
        let mut place = |people: &[Mailbox]| -> Box<[AddressId]> {
            let mut found: Vec<AddressId> = Vec::with_capacity(people.len());
            for person in people {
                if let Some(id) = self.number(person, addresses)
                    && !found.contains(&id)
                {
                    found.push(id);
                }
            }
            found.into_boxed_slice()
        };
        let to = place(&letter.to);
        let cc = match letter.bcc.is_empty() {
            true => place(&letter.cc),
            false => place(&[letter.cc.as_slice(), letter.bcc.as_slice()].concat()),
        };
        if let Some(from) = from {
            let facts = &mut self.facts[from.0 as usize];
            let written = letter.automatic.is_none_or(|automatic| automatic.is_personal());
            facts.wrote += u32::from(written);
            facts.automatic += u32::from(!written);
            facts.in_sent += u32::from(message.folder.role == Role::Sent);
        }
        for id in to.iter().chain(&cc) {
            self.facts[id.0 as usize].received += 1;
        }
        People { from, to, cc }
    }

    /// What is known of an address.
    pub fn of(&self, address: AddressId) -> Facts {
        self.facts.get(address.0 as usize).cloned().unwrap_or_default()
    }

    fn number(&mut self, person: &Mailbox, addresses: &mut Addresses) -> Option<AddressId> {
        domain_of(&person.address)?;
        let id = addresses.number(&person.address);
        let index = id.0 as usize;
        if self.facts.len() <= index {
            self.facts.resize(index + 1, Facts::default());
        }
        if let Some(name) = person.name.as_deref() {
            self.facts[index].note_name(name);
        }
        Some(id)
    }
}

impl Facts {
    /// Keeps the name that leads in a running vote: one small counter a person, and the most frequent name wins.
    fn note_name(&mut self, name: &str) {
        match &mut self.name {
            Some((kept, votes)) if &**kept == name => *votes += 1,
            Some((_, votes)) if 0 < *votes => *votes -= 1,
            place => *place = Some((name.into(), 1)),
        }
    }

    /// The name it goes by.
    pub fn display_name(&self) -> Option<&str> {
        self.name.as_ref().map(|(name, _)| &**name)
    }
}
