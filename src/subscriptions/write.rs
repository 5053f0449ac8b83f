//! Puts what somebody owes into a calendar of theirs: one event for each, changed when it changes, and taken away when it
//! has ended. What its owner changed or removed there is left as they want it.

use std::collections::BTreeMap;

use wire::calendar::feed::{Due, event_alone};
use wire::dav::{Dav, Kind};
use wire::http::Address;

use super::fetch::{Follower, within};
use super::store::{self, Written};
use super::{Subscription, open};
use crate::db::Durability;
use crate::error::{Error, Result};
use crate::ids::NaturalKey;
use crate::mailboxes::failure::Failure;

/// By this an event of ours is known by its name, so that it is not followed like one of theirs.
const NAME: &str = "regard-owed-";

/// Whether something in a calendar is an event that was written here.
pub(super) fn is_ours(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.starts_with(NAME))
}

impl Follower<'_> {
    /// Writes what is owed where somebody wants it, and takes away what has ended, or all where they want it no more; gives
    /// how much changed there.
    pub async fn write(&self, of: &Subscription, dues: &[Due]) -> Result<usize, Failure> {
        let wrote = self.wrote(of, dues).await;
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
    async fn wrote(&self, of: &Subscription, dues: &[Due]) -> Result<Option<usize>, Failure> {
        let (firm, kind) = (self.firm.id, Kind::Calendar);
        let known = store::written(&mut self.db.read().await?, firm, of.id).await?;
        let mut wanted: BTreeMap<String, (&Due, NaturalKey)> = BTreeMap::new();
        if let Some(folder) = &of.writes_to {
            let folder = Address::parse(folder).map_err(|words| Error::invalid("the folder", words))?;
            for due in dues {
                let name = due.uid.split('@').next().unwrap_or_default();
                let address = folder.at(&format!("{NAME}{name}.ics"))?;
                wanted.insert(address.reveal().to_owned(), (due, mark(due)));
            }
        }
        let is_as_wanted =
            |one: &Written| wanted.get(&one.address).is_some_and(|(_, mark)| *mark == one.what);
        if known.len() == wanted.len() && known.iter().all(is_as_wanted) {
            return Ok(Some(0));
        }
        let secret = open(self.keys, firm, of)?;
        let dav = Dav { client: of.client(&secret, self.limits)?, kind };
        if !self.lease(of.id).await? {
            return Ok(None);
        }
        let changed = within(self.change(of, &dav, &known, wanted)).await;
        self.free(of.id).await?;
        changed.map(Some)
    }

    async fn change(
        &self,
        of: &Subscription,
        dav: &Dav,
        known: &[Written],
        wanted: BTreeMap<String, (&Due, NaturalKey)>,
    ) -> Result<usize, Failure> {
        let firm = self.firm.id;
        let mut changed = 0;
        for one in known.iter().filter(|one| !wanted.contains_key(&one.address)) {
            let address = Address::parse(&one.address).map_err(|words| Error::invalid("the event", words))?;
            changed += usize::from(dav.remove(&address, &one.etag).await?);
            let mut tx = self.db.write(Durability::Import).await?;
            store::item(&mut tx, firm, of.id, "", &one.address, None).await?;
            tx.commit().await?;
        }
        for (text, (due, mark)) in wanted {
            let before = known.iter().find(|one| one.address == text);
            if before.is_some_and(|one| one.what == mark) {
                continue;
            }
            let address = Address::parse(&text).map_err(|words| Error::invalid("the event", words))?;
            let etag = self.put(dav, &address, due, before).await?;
            changed += usize::from(etag.is_some());
            // What somebody else changed there meanwhile is theirs from then on.
            let etag = etag.or_else(|| before.map(|one| one.etag.clone())).unwrap_or_default();
            let mut tx = self.db.write(Durability::Import).await?;
            store::wrote(&mut tx, firm, of.id, &Written { address: text, etag, what: mark }).await?;
            tx.commit().await?;
        }
        Ok(changed)
    }

    /// Puts one event there; gives its mark, or none where its owner changed or removed it.
    async fn put(
        &self,
        dav: &Dav,
        address: &Address,
        due: &Due,
        before: Option<&Written>,
    ) -> Result<Option<String>, Failure> {
        let words = event_alone(due, (self.now)());
        let put = dav.put(address, &words, before.map(|one| one.etag.as_str())).await?;
        if put.is_some() || before.is_some() {
            return Ok(put);
        }
        // It is there and nothing here knows of it: this was stopped between writing it and noting that.
        let there = dav.fetch(address, &[address.path().to_owned()]).await?;
        match there.first() {
            Some(item) => Ok(dav.put(address, &words, Some(&item.etag)).await?),
            None => Ok(None),
        }
    }
}

/// What tells one state of an event from another.
fn mark(due: &Due) -> NaturalKey {
    let words = format!("{} {} {} {} {}", due.uid, due.summary, due.description, due.at, due.url);
    NaturalKey::of(words.as_bytes())
}
