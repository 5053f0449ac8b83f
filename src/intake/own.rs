//! Who the firm itself is: told by the staff list, else by the folders of sent mail, else by where most mail went.

use std::collections::{BTreeMap, BTreeSet};

use care::ids::AddressId;

use super::addresses::Addresses;
use super::traffic::Traffic;
use crate::clients::domains::{domain_of, is_freemail, organisation_domain};

/// An address with less than this share of the mail in the Sent folders is somebody else's (a message moved there by
/// hand, a draft of an assistant).
const SENT_SHARE: f64 = 0.02;

/// How the firm's own people were told from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// By the staff list.
    ByStaffList,
    /// By who wrote the mail in the folders of sent mail.
    BySentFolders,
    /// By the domain most often written to.
    ByMostWrittenTo,
    /// There was no mail to tell by.
    Nohow,
}

/// The firm's own addresses and domains.
#[derive(Debug, Clone)]
pub struct Own {
    /// Organisation domains that are the firm's.
    pub domains: BTreeSet<String>,
    /// Addresses that are the firm's though their domain is anybody's.
    pub addresses: BTreeSet<AddressId>,
    /// How this was told.
    pub told: Told,
}

impl Own {
    /// From the addresses of the staff list.
    pub fn from_staff<'a>(staff: impl IntoIterator<Item = &'a str>, addresses: &mut Addresses) -> Own {
        let mut own = Own { domains: BTreeSet::new(), addresses: BTreeSet::new(), told: Told::ByStaffList };
        for text in staff {
            own.add(text, addresses.number(text));
        }
        own
    }

    /// From the mail alone.
    pub fn from_traffic(traffic: &Traffic, addresses: &Addresses) -> Own {
        let mut own = Own { domains: BTreeSet::new(), addresses: BTreeSet::new(), told: Told::BySentFolders };
        let sent: u32 = addresses.iter().map(|(id, _)| traffic.of(id).in_sent).sum();
        for (id, text) in addresses.iter() {
            let in_sent = traffic.of(id).in_sent;
            if 0 < in_sent && f64::from(sent) * SENT_SHARE <= f64::from(in_sent) {
                own.add(text, id);
            }
        }
        if own.addresses.is_empty() {
            own.told = Told::Nohow;
            if let Some(domain) = most_written_to(traffic, addresses) {
                own.told = Told::ByMostWrittenTo;
                own.domains.insert(domain);
            }
        }
        own
    }

    /// The same with domains that somebody named as the firm's.
    pub fn and_domains<'a>(mut self, named: impl IntoIterator<Item = &'a String>) -> Own {
        self.domains.extend(named.into_iter().map(|domain| organisation_domain(domain).to_owned()));
        self
    }

    fn add(&mut self, text: &str, id: AddressId) {
        self.addresses.insert(id);
        if let Some(domain) = domain_of(text)
            && !is_freemail(domain)
        {
            self.domains.insert(organisation_domain(domain).to_owned());
        }
    }

    /// Whether an address is the firm's.
    pub fn is_own(&self, id: AddressId, text: &str) -> bool {
        self.addresses.contains(&id) || domain_of(text).is_some_and(|domain| self.is_own_domain(domain))
    }

    /// Inside a firm's own system a domain may stand without its ending: `all.staff@acme` for `@acme.com`.
    fn is_own_domain(&self, domain: &str) -> bool {
        self.domains.contains(organisation_domain(domain))
            || (!domain.contains('.') && self.domains.iter().any(|own| own.split('.').next() == Some(domain)))
    }
}

fn most_written_to(traffic: &Traffic, addresses: &Addresses) -> Option<String> {
    let mut received: BTreeMap<&str, u64> = BTreeMap::new();
    for (id, text) in addresses.iter() {
        if let Some(domain) = domain_of(text).filter(|domain| !is_freemail(domain)) {
            *received.entry(organisation_domain(domain)).or_default() += u64::from(traffic.of(id).received);
        }
    }
    let most = received.into_iter().max_by_key(|(domain, n)| (*n, std::cmp::Reverse(*domain)))?;
    (0 < most.1).then(|| most.0.to_owned())
}
