//! Whom a card is of, by what is known of whom.

use std::sync::Arc;

use care::book::FirmBook;
use care::people::{ClientKind, Who};
use rustc_hash::FxHashMap;
use wire::contacts::Card;

use super::Enlister;
use crate::clients::cards::contact_of_uid;
use crate::clients::domains::{domain_of, is_freemail, organisation_domain};
use crate::clients::people::{Belongs, belongs, contact_at};
use crate::clients::proposed::{self, Proposed, Why, names_agree};
use crate::clients::said::Said;
use crate::clients::{self, Contact, Scope};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::{AddressId, ClientId, ContactId};
use crate::intake::place::name_key;
use crate::record::{book, read};

/// Words that say what kind of company it is, and not which.
const FORMS: [&str; 21] = [
    "ab",
    "ag",
    "as",
    "bv",
    "co",
    "company",
    "corp",
    "gmbh",
    "inc",
    "kg",
    "limited",
    "llc",
    "llp",
    "ltd",
    "nv",
    "oy",
    "partnership",
    "plc",
    "sa",
    "srl",
    "the",
];

/// Whom a card is of.
pub(super) enum Whose {
    Nobody,
    /// A contact, beyond doubt.
    Contact(ContactId),
    /// Somebody of a client, perhaps this contact.
    Perhaps(ClientId, Option<ContactId>, Why),
    /// A contact's own card, that says nothing new, or the card of somebody who was removed.
    Own,
    /// This contact's own card, and what somebody changed on it there.
    Changed(ClientId, ContactId, Box<Card>),
}

/// What is known of whom while cards are sorted.
pub(super) struct Desk {
    book: Arc<FirmBook>,
    domains: FxHashMap<String, Who>,
    names: FxHashMap<String, ClientId>,
    persons: Vec<(String, ClientId)>,
}

impl Desk {
    pub(super) async fn open(tx: &mut Tx, lists: &Enlister) -> Result<Desk> {
        let placements = clients::store::placements(tx, lists.firm).await?;
        let of_domains = placements.into_iter().filter(|placement| placement.scope == Scope::Domain);
        let clients = clients::store::all(tx, lists.firm).await?;
        let confirmed = || clients.iter().filter(|client| !client.is_proposed());
        let persons = confirmed().filter(|client| client.kind == ClientKind::Person);
        Ok(Desk {
            book: book::at_hand(tx, lists.firm).await?.book,
            domains: of_domains.map(|placement| (placement.text, placement.who)).collect(),
            names: confirmed().map(|client| (organisation_key(&client.name), client.id)).collect(),
            persons: persons.map(|client| (client.name.clone(), client.id)).collect(),
        })
    }

    /// Whom a card is of; `said` is what it said when it was written here, or seen last, where that is known.
    pub(super) fn whose(&self, lists: &Enlister, card: &Card, said: Option<&Said>) -> Whose {
        let own = card.uid.as_deref().and_then(contact_of_uid);
        if let Some(own) = own.and_then(|own| lists.contacts.iter().find(|contact| contact.id == own)) {
            // It was written here, so what else it says now was said by whoever has it.
            return match self.changed(lists, own, card, said) {
                Some(changed) => {
                    Whose::Changed(self.book.directory.client(own.client), own.id, Box::new(changed))
                }
                None => Whose::Own,
            };
        }
        if lists.removed.iter().any(|one| own == Some(one.id)) {
            return Whose::Own;
        }
        let emails = card.emails.iter().filter_map(|text| lists.book.find(text));
        let phones = card.phones.iter().filter_map(|text| wire::calls::number_key(text));
        let phones: Vec<_> = phones.filter_map(|key| lists.book.find(&key)).collect();
        let emails: Vec<_> = emails.collect();
        let is_other = |who: Who| matches!(who, Who::Staff(_) | Who::ThirdParty | Who::Private | Who::Robot);
        if emails.iter().any(|address| is_other(self.book.directory.who(*address))) {
            return Whose::Nobody;
        }
        let contacts = || lists.contacts.iter().filter(|contact| self.is_confirmed(contact.client));
        for address in emails.iter().chain(&phones) {
            let Some(contact) = contacts().find(|contact| contact.addresses.contains(address)) else {
                continue;
            };
            let agrees = may_be(card, contact);
            if agrees && emails.contains(address) {
                return Whose::Contact(contact.id);
            }
            // A line is shared, so a number under another name says nothing.
            if agrees || emails.contains(address) {
                let client = self.book.directory.client(contact.client);
                return Whose::Perhaps(client, Some(contact.id), Why::Address);
            }
        }
        // Whoever was removed stays so, however often a card of theirs comes.
        let has_one = |one: &Contact| emails.iter().any(|address| one.addresses.contains(address));
        if lists.removed.iter().any(|one| has_one(one) && may_be(card, one)) {
            return Whose::Own;
        }
        let Some((client, why)) = self.client(&emails, card) else { return Whose::Nobody };
        let same: Option<&Contact> = contacts().find(|contact| {
            self.book.directory.client(contact.client) == client && names_agree(&contact.name, &card.name)
        });
        match same {
            Some(same) => Whose::Perhaps(client, Some(same.id), Why::Name),
            None => Whose::Perhaps(client, None, why),
        }
    }

    /// Of a contact's card the addresses and numbers that are theirs without a word. Letters with one that nobody has placed
    /// are seen by those alone in whose mailboxes they lie: where somebody gives it to the contact, the firm reads them, so
    /// the card is proposed, unless it was said already who it is.
    pub(super) async fn sifted(
        &self,
        lists: &mut Enlister,
        tx: &mut Tx,
        whose: Whose,
        card: &Proposed,
        is_said: bool,
    ) -> Result<(Whose, Vec<AddressId>)> {
        let Whose::Contact(id) = whose else { return Ok((whose, Vec::new())) };
        let Some(contact) = lists.contacts.iter().find(|contact| contact.id == id) else {
            return Ok((whose, Vec::new()));
        };
        let client = self.book.directory.client(contact.client);
        let addresses = proposed::numbered(&mut lists.book, card);
        lists.book.save(tx, lists.firm).await?;
        let (mut free, mut asks) = (Vec::new(), false);
        for address in addresses {
            match belongs(&self.book, self.who(lists.book.text(address), address), client) {
                Belongs::ToClient => free.push(address),
                Belongs::ToNobody if read::letters_with(tx, lists.firm, address).await?.is_empty() => {
                    free.push(address);
                }
                Belongs::ToNobody => asks = true,
                Belongs::ToAnother => {}
            }
        }
        match asks && !is_said {
            true => Ok((Whose::Perhaps(client, Some(id), Why::Address), Vec::new())),
            false => Ok((whose, free)),
        }
    }

    /// Whose an address is; one that was met first on this card is whose its domain is.
    fn who(&self, text: &str, address: AddressId) -> Who {
        match self.book.directory.who(address) {
            Who::Unplaced => self.of_domain(text).unwrap_or(Who::Unplaced),
            who => who,
        }
    }

    fn of_domain(&self, text: &str) -> Option<Who> {
        let domain = domain_of(text).filter(|domain| !is_freemail(domain))?;
        self.domains.get(domain).or_else(|| self.domains.get(organisation_domain(domain))).copied()
    }

    /// What somebody changed on a contact's own card: what it did not say when it was written, and is not known of them
    /// now. What changed here meanwhile they did not say.
    fn changed(&self, lists: &Enlister, own: &Contact, card: &Card, said: Option<&Said>) -> Option<Card> {
        let nothing = || Card { name: card.called().to_owned(), ..card.clone() };
        let mut changed = said.map_or_else(nothing, |said| said.since(card));
        let is_known = |address: Option<AddressId>| {
            address.is_some_and(|address| {
                let has = contact_at(&self.book.directory, address);
                has.is_some_and(|has| self.book.directory.removed_at(has).is_none())
                    || lists.contacts.iter().any(|one| one.addresses.contains(&address))
            })
        };
        if changed.name == own.name {
            changed.name.clear();
        }
        changed.role = changed.role.filter(|role| Some(role) != own.role.as_ref());
        changed.emails.retain(|text| !is_known(lists.book.find(text)));
        changed
            .phones
            .retain(|text| wire::calls::number_key(text).is_some_and(|key| !is_known(lists.book.find(&key))));
        let is_nothing = changed.name.is_empty()
            && changed.role.is_none()
            && changed.emails.is_empty()
            && changed.phones.is_empty();
        (!is_nothing).then_some(changed)
    }

    /// The client at which somebody seems to be, and what says so.
    fn client(&self, emails: &[care::ids::AddressId], card: &Card) -> Option<(ClientId, Why)> {
        let by_address = emails.iter().find_map(|address| self.book.directory.who(*address).client());
        let by_domain = card.emails.iter().find_map(|text| self.of_domain(&text.to_lowercase())?.client());
        let by_name = || {
            let key = organisation_key(card.organisation.as_deref()?);
            self.names.get(&key).filter(|_| !key.is_empty()).copied()
        };
        let as_person =
            || self.persons.iter().find(|(name, _)| names_agree(name, &card.name)).map(|(_, id)| *id);
        let confirmed = |client: ClientId| {
            let client = self.book.directory.client(client);
            self.is_confirmed(client).then_some(client)
        };
        by_address
            .or(by_domain)
            .and_then(confirmed)
            .map(|client| (client, Why::Domain))
            .or_else(|| by_name().and_then(confirmed).map(|client| (client, Why::Organisation)))
            .or_else(|| as_person().and_then(confirmed).map(|client| (client, Why::Organisation)))
    }

    fn is_confirmed(&self, client: ClientId) -> bool {
        let client = self.book.directory.client(client);
        self.book.client(client).is_some_and(|client| client.kind != ClientKind::Correspondent)
    }
}

/// Whether the name on a card may be that of a contact.
fn may_be(card: &Card, contact: &Contact) -> bool {
    card.name.is_empty() || contact.name.is_empty() || names_agree(&card.name, &contact.name)
}

/// What makes two spellings of a company's name one: its words without those for its legal form.
fn organisation_key(name: &str) -> String {
    let words = name_key(name);
    let kept: Vec<&str> = words.split(' ').filter(|word| !FORMS.contains(word)).collect();
    kept.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_company_is_known_whatever_its_legal_form() {
        for (a, b) in [
            ("Marl Pits Ltd", "Marl Pits Limited"),
            ("The Rowan Boats Co.", "rowan boats"),
            ("Ashdown Farms Partnership", "Ashdown Farms"),
        ] {
            assert_eq!(organisation_key(a), organisation_key(b));
        }
        assert_ne!(organisation_key("Marl Pits"), organisation_key("Marl Mills"));
        assert_eq!(organisation_key("The Company Ltd"), "");
    }
}
