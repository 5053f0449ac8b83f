//! What the mail itself tells about each address: how often it wrote, was written to, and under what name.

use care::entry::Message;
use care::ids::AddressId;
use reading::letter::{Letter, Mailbox};
use rustc_hash::FxHashMap;

/// Of one address so many names are counted; what goes by more is a list.
const NAMES: usize = 8;

/// What the mail tells about one address.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts {
    /// Messages from it that a person wrote.
    pub wrote: u32,
    /// Messages from it that a machine wrote.
    pub automatic: u32,
    /// Messages to or copied to it.
    pub received: u32,
    /// Messages from it in folders of sent mail.
    pub in_sent: u32,
}

/// Facts about all addresses. The same messages in another order give the same facts.
#[derive(Debug, Default)]
pub struct Traffic {
    facts: Vec<Facts>,
    names: FxHashMap<AddressId, Vec<(Box<str>, u32)>>,
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

impl People {
    /// The people of a letter, those who have an address, numbered.
    pub fn of(letter: &Letter, mut number: impl FnMut(&Mailbox) -> AddressId) -> People {
        let mut known = |person: &Mailbox| has_domain(person).then(|| number(person));
        let from = writer(letter).and_then(&mut known);
        let mut each_once = |people: &[Mailbox]| -> Box<[AddressId]> {
            let mut found: Vec<AddressId> = Vec::with_capacity(people.len());
            for id in people.iter().filter_map(&mut known) {
                if !found.contains(&id) {
                    found.push(id);
                }
            }
            found.into_boxed_slice()
        };
        let to = each_once(&letter.to);
        let cc = match letter.bcc.is_empty() {
            true => each_once(&letter.cc),
            false => each_once(&[letter.cc.as_slice(), letter.bcc.as_slice()].concat()),
        };
        People { from, to, cc }
    }
}

/// Who wrote a letter.
pub fn writer(letter: &Letter) -> Option<&Mailbox> {
    letter.from.as_ref().or(letter.sender.as_ref())
}

/// Whether somebody has an address that leads anywhere.
pub fn has_domain(person: &Mailbox) -> bool {
    crate::clients::domains::domain_of(&person.address).is_some()
}

impl Traffic {
    /// Counts one message.
    pub fn note(&mut self, message: &Message) {
        let from = self.facts_of(message.from);
        from.wrote += u32::from(!message.automatic);
        from.automatic += u32::from(message.automatic);
        for to in message.recipients() {
            self.facts_of(to).received += 1;
        }
    }

    /// Counts that a copy of a message from this address lies in a folder of sent mail.
    pub fn note_sent(&mut self, from: AddressId) {
        self.facts_of(from).in_sent += 1;
    }

    /// Counts that somebody goes by this name.
    pub fn note_name(&mut self, address: AddressId, name: &str) {
        let names = self.names.entry(address).or_default();
        if let Some((_, times)) = names.iter_mut().find(|(known, _)| &**known == name) {
            *times += 1;
        } else if names.len() < NAMES {
            names.push((name.into(), 1));
        }
    }

    /// What is known of an address.
    pub fn of(&self, address: AddressId) -> Facts {
        self.facts.get(address.0 as usize).copied().unwrap_or_default()
    }

    /// The name that stands with an address most often.
    pub fn name(&self, address: AddressId) -> Option<&str> {
        let names = self.names.get(&address)?;
        let most = names.iter().max_by(|(a, n), (b, m)| n.cmp(m).then_with(|| b.cmp(a)));
        most.map(|(name, _)| &**name)
    }

    fn facts_of(&mut self, address: AddressId) -> &mut Facts {
        let index = address.0 as usize;
        if self.facts.len() <= index {
            self.facts.resize(index + 1, Facts::default());
        }
        &mut self.facts[index]
    }
}
