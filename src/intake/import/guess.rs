//! Which way a message went, as far as that can be told while mail is still being read.

use care::acts::Direction;
use reading::letter::{Letter, Mailbox};
use rustc_hash::{FxHashMap, FxHashSet};
use wire::mail::Role;

use crate::clients::domains::{domain_of, is_freemail, organisation_domain};
use crate::intake::read::ReadMessage;
use crate::intake::traffic::writer;

/// What is known of the firm's own addresses so far. What it gets wrong is mended when all is read.
#[derive(Debug, Default)]
pub(super) struct Guess {
    addresses: FxHashSet<String>,
    domains: FxHashSet<String>,
    /// How often each domain was written to, while no folder of sent mail has said more.
    written_to: FxHashMap<String, u32>,
}

impl Guess {
    /// From what is stored.
    pub(super) fn of(domains: impl IntoIterator<Item = String>, addresses: Vec<String>) -> Guess {
        Guess {
            addresses: addresses.into_iter().collect(),
            domains: domains.into_iter().collect(),
            written_to: FxHashMap::default(),
        }
    }

    /// Learns from a message, and says which way it went.
    pub(super) fn direction(&mut self, message: &ReadMessage) -> Direction {
        let letter = &message.letter;
        if message.folder.role == Role::Sent {
            if let Some(from) = writer(letter) {
                self.learn(&from.address);
            }
        } else if self.domains.is_empty() && self.addresses.is_empty() {
            self.count(letter);
        }
        let is_own = |person: &Mailbox| self.is_own(&person.address);
        match writer(letter).is_some_and(is_own) {
            false => Direction::In,
            true if letter.recipients().all(is_own) => Direction::Internal,
            true => Direction::Out,
        }
    }

    fn learn(&mut self, address: &str) {
        let Some(domain) = domain_of(address) else { return };
        if is_freemail(domain) {
            self.addresses.insert(address.to_owned());
        } else if !self.domains.contains(organisation_domain(domain)) {
            self.domains.insert(organisation_domain(domain).to_owned());
        }
    }

    fn count(&mut self, letter: &Letter) {
        for domain in letter.recipients().filter_map(|person| domain_of(&person.address)) {
            if !is_freemail(domain) {
                *self.written_to.entry(organisation_domain(domain).to_owned()).or_default() += 1;
            }
        }
    }

    fn is_own(&self, address: &str) -> bool {
        let Some(domain) = domain_of(address) else { return false };
        let domain = organisation_domain(domain);
        if !self.domains.is_empty() || !self.addresses.is_empty() {
            return self.domains.contains(domain) || self.addresses.contains(address);
        }
        let most = self.written_to.iter().max_by_key(|(domain, times)| (**times, std::cmp::Reverse(*domain)));
        most.is_some_and(|(most, _)| most == domain)
    }
}
