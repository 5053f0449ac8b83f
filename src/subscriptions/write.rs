//! Puts what stands here into a calendar or an address book of somebody's: one event for each thing that they owe, one card
//! for each contact, changed when it changes, and taken away when it has ended or is gone. What its owner changed or removed
//! there is left as they want it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use wire::calendar::feed::{Due, event_alone};
use wire::contacts::Card;
use wire::dav::{Dav, Kind};
use wire::http::Address;

use super::fetch::{Follower, within};
use super::store::{self, Written};
use super::{SignIn, Subscription};
use crate::db::{Durability, Tx};
use crate::error::{Error, Result};
use crate::ids::{FirmId, NaturalKey, SubscriptionId};
use crate::mailboxes::failure::Failure;

/// By this an event of ours is known by its name, so that it is not followed like one of theirs.
const EVENT: &str = "regard-owed-";
/// And by this a card; it is the beginning of the mark that the card carries itself.
const CARD: &str = "regard-contact-";

/// Stands in the place of a mark of ours where its owner changed a thing that was to be taken away: it is left, and not
/// written over where it is wanted again.
const THEIRS: NaturalKey = NaturalKey(0);

/// Something that is to stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    /// Its name in the folder, by which it is known as ours.
    name: String,
    /// iCalendar or vCard.
    words: String,
    /// What tells one state of it from another.
    mark: NaturalKey,
}

impl Thing {
    /// Something that is owed, as an event. `now` stamps it, and makes it no other.
    pub fn owed(due: &Due, now: Timestamp) -> Thing {
        let state = format!("{} {} {} {} {}", due.uid, due.summary, due.description, due.at, due.url);
        Thing {
            name: format!("{EVENT}{}.ics", due.uid.split('@').next().unwrap_or_default()),
            words: event_alone(due, now),
            mark: NaturalKey::of(state.as_bytes()),
        }
    }

    /// A contact, as a card; none for a card that carries no mark of ours.
    pub fn contact(card: &Card) -> Option<Thing> {
        let name = card.uid.as_deref().filter(|uid| uid.starts_with(CARD))?;
        let words = wire::contacts::write(std::slice::from_ref(card));
        Some(Thing { name: format!("{name}.vcf"), mark: NaturalKey::of(words.as_bytes()), words })
    }
}

/// Whether something in a folder was written here, by its name.
fn is_ours(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.starts_with(EVENT) || name.starts_with(CARD))
}

/// What was written here into folders of an account: by path, the mark of how it was then.
pub(super) struct Ours(BTreeMap<String, String>);

impl Ours {
    pub(super) async fn load(tx: &mut Tx, firm: FirmId, of: SubscriptionId) -> Result<Ours> {
        let written = store::written(tx, firm, of).await?.into_iter();
        let marks = written.filter_map(|one| {
            let address = Address::parse(&one.address).ok()?;
            Some((address.path().to_owned(), one.etag))
        });
        Ok(Ours(marks.collect()))
    }

    /// Whether something tells of its owner: it was not written here, or they changed it since it was.
    pub(super) fn is_theirs(&self, path: &str, etag: &str) -> bool {
        !is_ours(path) || self.0.get(path).is_some_and(|wrote| !wrote.is_empty() && wrote != etag)
    }
}

impl Follower<'_> {
    /// Writes things where somebody wants that, and takes away what is to be there no more, or all of it where they want
    /// none any more; gives how much changed there.
    pub async fn write(&self, of: &Subscription, things: &[Thing]) -> Result<usize, Failure> {
        let wrote = self.wrote(of, things).await;
        let refused = wrote.as_ref().err().map(ToString::to_string);
        let is_well = of.refused.is_some() && matches!(wrote, Ok(Some(_)));
        if refused.is_some() || is_well {
            let mut tx = self.db.write(Durability::Import).await?;
            store::refused(&mut tx, self.firm.id, of.id, refused.as_deref(), (self.now)()).await?;
            tx.commit().await?;
        }
        wrote.map(Option::unwrap_or_default)
    }

    /// How much was changed there; none where another process looks at it at this moment.
    async fn wrote(&self, of: &Subscription, things: &[Thing]) -> Result<Option<usize>, Failure> {
        let firm = self.firm.id;
        let Some(kind) = of.kind.dav() else { return Ok(Some(0)) };
        let known = store::written(&mut self.db.read().await?, firm, of.id).await?;
        let mut wanted: BTreeMap<String, &Thing> = BTreeMap::new();
        if let Some(folder) = &of.writes_to {
            let folder = Address::parse(folder).map_err(|words| Error::invalid("the folder", words))?;
            for thing in things {
                wanted.insert(folder.at(&thing.name)?.reveal().to_owned(), thing);
            }
        }
        let is_as_wanted =
            |one: &Written| wanted.get(&one.address).is_some_and(|thing| thing.mark == one.what);
        let stands = |one: &&Written| one.what != THEIRS || wanted.contains_key(&one.address);
        let standing: Vec<&Written> = known.iter().filter(stands).collect();
        if standing.len() == wanted.len() && standing.into_iter().all(is_as_wanted) {
            return Ok(Some(0));
        }
        if !self.lease(of.id).await? {
            return Ok(None);
        }
        let changed = within(self.change_all(of, kind, &wanted)).await;
        self.free(of.id).await?;
        changed.map(Some)
    }

    async fn change_all(
        &self,
        of: &Subscription,
        kind: Kind,
        wanted: &BTreeMap<String, &Thing>,
    ) -> Result<usize, Failure> {
        let signer = self.signer();
        let mut sign_in = SignIn::new(&signer, of);
        loop {
            let secret = sign_in.secret().await?;
            let dav = Dav { client: of.client(&secret, self.limits)?, kind };
            // What was written before a server refused is known by now.
            let known = store::written(&mut self.db.read().await?, self.firm.id, of.id).await?;
            match self.change(of, &dav, &known, wanted).await {
                Ok(changed) => return Ok(changed),
                Err(failure) => sign_in.again(failure)?,
            }
        }
    }

    async fn change(
        &self,
        of: &Subscription,
        dav: &Dav,
        known: &[Written],
        wanted: &BTreeMap<String, &Thing>,
    ) -> Result<usize, Failure> {
        let firm = self.firm.id;
        let mut changed = 0;
        let is_over = |one: &&Written| one.what != THEIRS && !wanted.contains_key(&one.address);
        for one in known.iter().filter(is_over) {
            let address = Address::parse(&one.address).map_err(|words| Error::invalid("the thing", words))?;
            let is_gone = dav.remove(&address, &one.etag).await?;
            changed += usize::from(is_gone);
            let mut tx = self.db.write(Durability::Import).await?;
            match is_gone {
                true => store::item(&mut tx, firm, of.id, "", &one.address, None).await?,
                false => {
                    let left = Written { what: THEIRS, ..one.clone() };
                    store::wrote(&mut tx, firm, of.id, &left).await?;
                }
            }
            tx.commit().await?;
        }
        for (text, thing) in wanted {
            let before = known.iter().find(|one| one.address == *text);
            if before.is_some_and(|one| one.what == thing.mark) {
                continue;
            }
            let address = Address::parse(text).map_err(|words| Error::invalid("the thing", words))?;
            let etag = put(dav, &address, thing, before).await?;
            changed += usize::from(etag.is_some());
            // What somebody else changed there meanwhile is theirs from then on.
            let etag = etag.or_else(|| before.map(|one| one.etag.clone())).unwrap_or_default();
            let mut tx = self.db.write(Durability::Import).await?;
            let written = Written { address: text.clone(), etag, what: thing.mark };
            store::wrote(&mut tx, firm, of.id, &written).await?;
            tx.commit().await?;
        }
        Ok(changed)
    }
}

/// Puts one thing there; gives its mark, or none where its owner changed or removed it.
async fn put(
    dav: &Dav,
    address: &Address,
    thing: &Thing,
    before: Option<&Written>,
) -> Result<Option<String>, Failure> {
    let mut put = dav.put(address, &thing.words, before.map(|one| one.etag.as_str())).await?;
    if put.is_none() && before.is_none() {
        // It is there and nothing here knows of it: this was stopped between writing it and noting that.
        let Some(etag) = mark_of(dav, address).await? else { return Ok(None) };
        put = dav.put(address, &thing.words, Some(&etag)).await?;
    }
    match put {
        // Not every server tells the mark of what it took.
        Some(etag) if etag.is_empty() => Ok(Some(mark_of(dav, address).await?.unwrap_or_default())),
        put => Ok(put),
    }
}

/// The mark of how something is there.
async fn mark_of(dav: &Dav, address: &Address) -> Result<Option<String>, Failure> {
    let there = dav.fetch(address, &[address.path().to_owned()]).await?;
    Ok(there.into_iter().next().map(|item| item.etag))
}
