//! Puts what stands here into a calendar or an address book of somebody's: one event for each thing that they owe, one card
//! for each contact, changed when it changes, and taken away when it has ended or is gone. What its owner changed or removed
//! there, and a card of their own under the same name, is left as they want it.

use std::collections::BTreeMap;

use futures_util::FutureExt;
use jiff::Timestamp;
use wire::calendar::feed::{Due, event_alone};
use wire::contacts::{Card, says_more};
use wire::dav::{Dav, Item, Put};
use wire::http::Address;
use wire::net::{Secret, Trouble};

use super::fetch::{Follower, within};
use super::known::{self, What, Written};
use super::{Folder, Kind, Subscription, signed_in, store};
use crate::clients::cards::contact_of_uid;
use crate::clients::said::Said;
use crate::db::{Durability, Tx};
use crate::error::{Error, Result};
use crate::ids::{FirmId, NaturalKey, SubscriptionId};
use crate::mailboxes::failure::Failure;
use crate::record::changes;

/// By this an event of ours is known by its name, so that it is not followed like one of theirs.
const EVENT: &str = "regard-owed-";
/// What the server refuses of one thing keeps no other from being written, but after so many in a row no more are tried.
const IN_A_ROW: usize = 50;

/// Something that is to stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    /// Its name in the folder.
    name: String,
    /// iCalendar or vCard.
    words: String,
    /// What tells one state of it from another.
    mark: NaturalKey,
    /// What it says, where it is a card.
    said: Option<Said>,
    /// For whom it is written, where it is a card.
    written_for: Option<String>,
}

impl Thing {
    /// Something that is owed, as an event. `now` stamps it, and makes it no other.
    pub fn owed(due: &Due, now: Timestamp) -> Thing {
        let from = due.from.map(|from| format!("{from} ")).unwrap_or_default();
        let state = format!("{} {} {} {from}{} {}", due.uid, due.summary, due.description, due.at, due.url);
        Thing {
            name: format!("{EVENT}{}.ics", due.uid.split('@').next().unwrap_or_default()),
            words: event_alone(due, now),
            mark: NaturalKey::of(state.as_bytes()),
            said: None,
            written_for: None,
        }
    }

    /// A contact, as a card; none for a card that carries no mark of ours.
    pub fn contact(card: &Card) -> Option<Thing> {
        let uid = card.uid.as_deref().filter(|uid| contact_of_uid(uid).is_some())?;
        let words = wire::contacts::write(std::slice::from_ref(card));
        Some(Thing {
            name: format!("{uid}.vcf"),
            mark: NaturalKey::of(words.as_bytes()),
            words,
            said: Said::of(card),
            written_for: card.written_for.clone(),
        })
    }
}

/// What was written here into folders of an account, by path.
pub(super) struct Ours(BTreeMap<String, Written>);

impl Ours {
    pub(super) async fn load(tx: &mut Tx, firm: FirmId, of: SubscriptionId) -> Result<Ours> {
        let written = known::written(tx, firm, of).await?.into_iter();
        let by_path = written.filter_map(|one| {
            let address = Address::parse(&one.address).ok()?;
            Some((address.path().to_owned(), one))
        });
        Ok(Ours(by_path.collect()))
    }

    /// Whether something tells of its owner: it was not written here, or they changed it since it was.
    pub(super) fn is_theirs(&self, path: &str, etag: &str) -> bool {
        let is_event = path.rsplit('/').next().is_some_and(|name| name.starts_with(EVENT));
        let is_as_written = |one: &Written| matches!(one.what, What::Wrote(_)) && one.etag == etag;
        match self.0.get(path) {
            Some(one) if is_as_written(one) => false,
            Some(one) => !is_event || !one.etag.is_empty(),
            None => !is_event,
        }
    }

    /// What each card said that was written.
    pub(super) fn said(self) -> impl Iterator<Item = (String, Said)> {
        self.0.into_iter().filter_map(|(path, one)| Some((path, one.said?)))
    }
}

/// Says into which calendar or address book of an account is written; none for nowhere. Into one address book the contacts
/// are written for one person, or what is taken away for one would be gone for the other.
pub async fn into(tx: &mut Tx, firm: FirmId, of: &Subscription, folder: Option<&Folder>) -> Result<()> {
    // Of two who say it at once the second finds what the first said.
    changes::hold(tx, firm).await?;
    if let Some(folder) = folder.filter(|_| of.kind == Kind::AddressBooks) {
        let all = store::all(tx, firm).await?;
        let mut others = all.iter().filter(|other| other.id != of.id && other.kind == of.kind);
        if others.any(|other| other.writes_to.as_deref().is_some_and(|to| is_same(to, &folder.path))) {
            return Err(Error::invalid(&folder.name, TAKEN));
        }
    }
    store::write_to(tx, firm, of.id, folder.map(|folder| folder.path.as_str())).await
}

/// What is said where somebody's contacts stand in an address book already.
const TAKEN: &str = "has clients’ contacts written into it for somebody else already, or by another account; choose another \
    address book";

fn is_same(one: &str, other: &str) -> bool {
    let plain = |text: &str| {
        Address::parse(text).map(|address| address.reveal().trim_end_matches('/').to_owned()).ok()
    };
    plain(one).is_some_and(|one| Some(one) == plain(other))
}

/// What is to be done with one thing there.
enum Step<'a> {
    TakeAway(&'a Written),
    Put(&'a str, &'a Thing, Option<&'a Written>),
}

/// What is to be done there, so that there is what is wanted: by address.
fn steps<'a>(known: &'a [Written], wanted: &'a BTreeMap<String, &'a Thing>) -> Vec<Step<'a>> {
    let by_address: BTreeMap<&str, &Written> = known.iter().map(|one| (one.address.as_str(), one)).collect();
    let over = known.iter().filter(|one| one.what != What::Theirs && !wanted.contains_key(&one.address));
    let put = wanted.iter().filter_map(|(address, thing)| {
        let before = by_address.get(address.as_str()).copied();
        let is_done = before.is_some_and(|one| [What::Theirs, What::Wrote(thing.mark)].contains(&one.what));
        (!is_done).then_some(Step::Put(address, thing, before))
    });
    over.map(Step::TakeAway).chain(put).collect()
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
        let Some(kind) = of.kind.dav() else { return Ok(Some(0)) };
        let mut wanted: BTreeMap<String, &Thing> = BTreeMap::new();
        if let Some(folder) = &of.writes_to {
            let folder = Address::parse(folder).map_err(|words| Error::invalid("the folder", words))?;
            for thing in things {
                wanted.insert(folder.at(&thing.name)?.reveal().to_owned(), thing);
            }
        }
        if steps(&self.written(of).await?, &wanted).is_empty() {
            return Ok(Some(0));
        }
        if !self.lease(of.id).await? {
            return Ok(None);
        }
        let change = |secret: Secret| {
            let wanted = &wanted;
            async move {
                let dav = Dav { client: of.client(&secret, self.limits)?, kind };
                self.change(of, &dav, wanted).await
            }
            .boxed()
        };
        let changed = within(signed_in(&self.signer(), of, change)).await;
        self.free(of.id).await?;
        changed.map(Some)
    }

    async fn written(&self, of: &Subscription) -> Result<Vec<Written>> {
        known::written(&mut self.db.read().await?, self.firm.id, of.id).await
    }

    async fn change(
        &self,
        of: &Subscription,
        dav: &Dav,
        wanted: &BTreeMap<String, &Thing>,
    ) -> Result<usize, Failure> {
        // What was written before a server refused is known by now.
        let known = self.written(of).await?;
        let steps = steps(&known, wanted);
        self.begin(of, &steps).await?;
        let (mut changed, mut in_a_row) = (0, 0);
        let mut refused: Option<Trouble> = None;
        for step in steps {
            let done = match step {
                Step::TakeAway(one) => self.take_away(of, dav, one).await,
                Step::Put(address, thing, before) => self.put(of, dav, address, thing, before).await,
            };
            match done {
                Ok(is_changed) => {
                    changed += usize::from(is_changed);
                    in_a_row = 0;
                }
                Err(Failure::Server(trouble @ Trouble::Said { .. })) => {
                    refused.get_or_insert(trouble);
                    in_a_row += 1;
                    if in_a_row == IN_A_ROW {
                        break;
                    }
                }
                Err(failure) => return Err(failure),
            }
        }
        refused.map_or(Ok(changed), |trouble| Err(trouble.into()))
    }

    /// Notes what is about to be written, so that it is known for ours where this is stopped before that is noted.
    async fn begin(&self, of: &Subscription, steps: &[Step<'_>]) -> Result<()> {
        let mut tx = self.db.write(Durability::Import).await?;
        for step in steps {
            if let Step::Put(address, thing, None) = step {
                let address = (*address).to_owned();
                let begun =
                    Written { address, etag: String::new(), what: What::Begun, said: thing.said.clone() };
                known::wrote(&mut tx, self.firm.id, of.id, &begun).await?;
            }
        }
        tx.commit().await
    }

    async fn noted(&self, of: &Subscription, one: &Written) -> Result<()> {
        let mut tx = self.db.write(Durability::Import).await?;
        known::wrote(&mut tx, self.firm.id, of.id, one).await?;
        tx.commit().await
    }

    async fn forget(&self, of: &Subscription, one: &Written) -> Result<()> {
        let mut tx = self.db.write(Durability::Import).await?;
        known::forget(&mut tx, self.firm.id, of.id, &one.address).await?;
        tx.commit().await
    }

    /// Takes away one thing; says whether anything changed there.
    async fn take_away(&self, of: &Subscription, dav: &Dav, one: &Written) -> Result<bool, Failure> {
        let address = parse(&one.address)?;
        let mut etag = one.etag.clone();
        if etag.is_empty() {
            let there = there(dav, &address).await?;
            let ours =
                there.filter(|item| of.kind == Kind::Calendars || is_one_of(item, &[one.said.as_ref()]));
            let Some(item) = ours else {
                self.forget(of, one).await?;
                return Ok(false);
            };
            etag = item.etag;
        }
        let is_gone = dav.remove(&address, &etag).await?;
        match is_gone {
            true => self.forget(of, one).await?,
            false => self.noted(of, &Written { what: What::Theirs, ..one.clone() }).await?,
        }
        Ok(is_gone)
    }

    /// Puts one thing there; says whether anything changed there.
    async fn put(
        &self,
        of: &Subscription,
        dav: &Dav,
        text: &str,
        thing: &Thing,
        before: Option<&Written>,
    ) -> Result<bool, Failure> {
        let address = parse(text)?;
        let wrote = |etag: String| Written {
            address: text.to_owned(),
            etag,
            what: What::Wrote(thing.mark),
            said: thing.said.clone(),
        };
        let theirs = |etag: String| Written { what: What::Theirs, said: None, ..wrote(etag) };
        let over = before.filter(|one| one.what != What::Begun && !one.etag.is_empty());
        let mut put = dav.put(&address, &thing.words, over.map(|one| one.etag.as_str())).await?;
        if put == Put::Another && over.is_none() {
            // What went away meanwhile is written the next time.
            let Some(item) = there(dav, &address).await? else { return Ok(false) };
            let is_ours = match &thing.said {
                None => true,
                Some(said) => {
                    if is_for_another(&item, thing) {
                        return Err(Error::invalid(&of.name, TAKEN).into());
                    }
                    is_one_of(&item, &[Some(said), before.and_then(|one| one.said.as_ref())])
                }
            };
            if !is_ours {
                self.noted(of, &theirs(item.etag)).await?;
                return Ok(false);
            }
            put = dav.put(&address, &thing.words, Some(&item.etag)).await?;
            if put == Put::Another {
                return Ok(false);
            }
        }
        let (written, is_changed) = match (put, over) {
            // Not every server tells the mark of what it took.
            (Put::Stands(etag), _) if etag.is_empty() => {
                (wrote(there(dav, &address).await?.map(|item| item.etag).unwrap_or_default()), true)
            }
            (Put::Stands(etag), _) => (wrote(etag), true),
            // What somebody else changed there meanwhile is theirs from then on.
            (Put::Another, Some(one)) => {
                (Written { said: one.said.clone(), ..wrote(one.etag.clone()) }, false)
            }
            (Put::Another, None) | (Put::Twice, _) => (theirs(String::new()), false),
        };
        self.noted(of, &written).await?;
        Ok(is_changed)
    }
}

fn parse(text: &str) -> Result<Address> {
    Address::parse(text).map_err(|words| Error::invalid("the thing", words))
}

/// What stands at an address; none where nothing does.
async fn there(dav: &Dav, address: &Address) -> Result<Option<Item>, Failure> {
    let there = dav.fetch(&address.at(".")?, &[address.path().to_owned()]).await?;
    Ok(there.into_iter().next())
}

fn card(item: &Item) -> Option<Card> {
    wire::contacts::read(item.words.as_bytes()).0.into_iter().next()
}

/// Whether a card says one of these things, and nothing that its owner put there.
fn is_one_of(item: &Item, said: &[Option<&Said>]) -> bool {
    let says = card(item).and_then(|card| Said::of(&card));
    !says_more(&item.words) && says.is_some_and(|says| said.contains(&Some(&says)))
}

/// Whether a card was written for somebody else.
fn is_for_another(item: &Item, thing: &Thing) -> bool {
    let for_whom = card(item).and_then(|card| card.written_for);
    for_whom.is_some() && for_whom != thing.written_for
}
