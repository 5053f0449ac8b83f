//! What the last transactions of this process changed of what is owed to single clients: whoever keeps what is open in
//! memory takes these few, and need not read again all that is open at a client.
//!
//! Each change stands under the revision that noted it ([`super::changes`]). Only where every revision at which a client
//! changed is told here is it all that changed; another process tells nothing here.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use care::fold::Step;

use super::outlook::Contact;
use crate::db::Tx;
use crate::ids::{ClientId, FirmId};

/// So many changes are kept: whoever fell further behind reads.
const KEPT: usize = 16;
/// A change of more obligations than this is read.
const FEW: usize = 100;

/// The last changes of all firms in a database, the latest at the end.
#[derive(Debug, Default)]
pub struct Lately(Mutex<VecDeque<(Place, Arc<Told>)>>);

/// Firm, client and revision.
type Place = (FirmId, ClientId, i64);

/// What one transaction changed at one client.
#[derive(Debug)]
pub struct Told {
    /// Of what is owed.
    pub step: Step,
    /// What is known of the contact with the client since then.
    pub contact: Arc<Contact>,
}

impl Lately {
    /// What changed at a client at these revisions, in their order; none where that is not known of each.
    pub fn at(&self, firm: FirmId, client: ClientId, revisions: &[i64]) -> Option<Vec<Arc<Told>>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of = |revision: &i64| {
            let place = (firm, client, *revision);
            all.iter().rev().find(|(at, _)| *at == place).map(|(_, told)| Arc::clone(told))
        };
        revisions.iter().map(of).collect()
    }

    fn keep(&self, place: Place, told: Told) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push_back((place, Arc::new(told)));
        while KEPT < all.len() {
            all.pop_front();
        }
    }
}

/// Tells, once it has committed, what a transaction changed at a client, noted at that revision.
pub(super) fn tell(tx: &mut Tx, (firm, client, revision): Place, step: Step, contact: Contact) {
    if step.changed.len() + step.gone.len() <= FEW {
        let lately: Arc<Lately> = tx.shelf().of();
        let told = Told { step, contact: Arc::new(contact) };
        tx.once_committed(move || lately.keep((firm, client, revision), told));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_of_each_revision_is_told() {
        let lately = Lately::default();
        let (firm, client) = (FirmId(1), ClientId(2));
        let told = || Told { step: Step::default(), contact: Arc::default() };
        for revision in [3, 5, 6] {
            lately.keep((firm, client, revision), told());
        }
        assert_eq!(lately.at(firm, client, &[3, 5]).map(|all| all.len()), Some(2));
        assert!(lately.at(firm, client, &[3, 4]).is_none());
        assert!(lately.at(firm, ClientId(3), &[3]).is_none());
        (7..).take(KEPT).for_each(|revision| lately.keep((firm, client, revision), told()));
        assert!(lately.at(firm, client, &[6]).is_none(), "the oldest is forgotten");
    }
}
