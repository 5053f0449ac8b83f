//! The form by which a call is logged: what was promised, and with whom one spoke.

use care::obligation::Obligation;
use jiff::Timestamp;

use crate::board::Asker;
use crate::ids::{AddressId, ClientId};
use crate::record::outlook::Pair;

/// On a line of Today so many are offered; a client's page has everybody.
const OFFERED: usize = 9;

/// The form.
pub struct CallForm {
    /// The client.
    pub client: i64,
    /// With whom one may have spoken, the likeliest first: address and name.
    pub partners: Vec<(u32, String)>,
    /// What tells one writing of a note from another.
    pub once: String,
    /// Where its writer is led afterwards.
    pub back: String,
}

impl CallForm {
    /// The form beside something that is owed to a client: with whoever it is owed to, `named` as pages name them, then
    /// with the others there. None for whoever may only look, and where nobody is known to speak with.
    pub fn about(
        asker: &Asker,
        owed: &Obligation,
        named: &str,
        back: &str,
        now: Timestamp,
    ) -> Option<CallForm> {
        let card = asker.client(owed.client).ok().filter(|card| card.is_confirmed())?;
        asker.may_act().ok()?;
        let house = &asker.board.firm;
        let is_there = |address: &AddressId| !house.book.directory.is_removed(*address);
        let pairs = &asker.board.contact_with(card.id).pairs;
        let mut others: Vec<AddressId> =
            house.addresses.get(&card.id).into_iter().flatten().copied().filter(is_there).collect();
        others.sort_by_key(|address| std::cmp::Reverse(last_of(pairs, |one| one == *address)));
        let first = owed.contact.filter(|_| !named.is_empty()).map(|address| (address, named.to_owned()));
        let mut partners: Vec<(u32, String)> = Vec::new();
        let others = others.into_iter().filter_map(|one| Some((one, house.contacts.get(&one)?.clone())));
        for (address, name) in first.into_iter().chain(others) {
            if partners.iter().all(|(_, known)| *known != name) {
                partners.push((address.0, name));
            }
        }
        partners.truncate(OFFERED);
        let (client, once, back) = (card.id.0, once(now), back.to_owned());
        (!partners.is_empty()).then_some(CallForm { client, partners, once, back })
    }

    /// The form on a client's page.
    pub fn at(client: ClientId, partners: Vec<(u32, String)>, now: Timestamp) -> Option<CallForm> {
        let (client, once, back) = (client.0, once(now), String::new());
        (!partners.is_empty()).then_some(CallForm { client, partners, once, back })
    }
}

/// What tells one writing of a note from another.
pub fn once(now: Timestamp) -> String {
    now.as_microsecond().to_string()
}

/// When there was last a word with somebody whose addresses these are.
pub fn last_of(pairs: &[Pair], is_theirs: impl Fn(AddressId) -> bool) -> Option<Timestamp> {
    pairs.iter().filter(|pair| is_theirs(pair.address)).map(|pair| pair.last).max()
}
