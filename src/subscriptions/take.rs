//! Takes what a subscription told into the record.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::task::spawn_blocking;
use wire::contacts::Card;

use super::fetch::{Follower, Report};
use super::known::{self, Item};
use super::{Folder, Kind, Subscription};
use crate::clients::said::Said;
use crate::db::{Durability, Tx};
use crate::error::{Error, Result};
use crate::intake::enlist::calendars::follow::{self, Changed, Holds};
use crate::intake::enlist::cards::{self, Origin};
use crate::record::changes;

/// A thing whose mark is noted; without one it is gone.
pub(super) struct Noted {
    path: String,
    etag: Option<String>,
    words: Option<Vec<u8>>,
    /// What it said when it was written here or looked at last, where it is a contact's own card.
    said: Option<Said>,
}

impl Noted {
    pub(super) fn here(path: String, etag: String, words: Vec<u8>) -> Noted {
        Noted { path, etag: Some(etag), words: Some(words), said: None }
    }

    /// The same, with what it said before.
    pub(super) fn saying(self, said: Option<Said>) -> Noted {
        Noted { said, ..self }
    }

    pub(super) fn gone(path: String) -> Noted {
        Noted { path, etag: None, words: None, said: None }
    }
}

/// What some things hold, as it was read.
enum Read {
    Events(Vec<Changed>),
    Cards(BTreeMap<String, Vec<Card>>),
}

impl Read {
    /// What a thing says now, where it is a contact's own card.
    fn said(&self, path: &str) -> Option<Said> {
        match self {
            Read::Cards(cards) => match cards.get(path)?.as_slice() {
                [card] => Said::of(card),
                _ => None,
            },
            Read::Events(_) => None,
        }
    }
}

impl Follower<'_> {
    /// Takes some things into the record, together with their marks where they lie in a folder, and what has come to an
    /// end meanwhile.
    pub(super) async fn keep(
        &self,
        of: &Subscription,
        folder: Option<&Folder>,
        some: Vec<Noted>,
        report: &mut Report,
    ) -> Result<()> {
        let firm = self.firm.id;
        let zone = TimeZone::get(&self.firm.zone).unwrap_or(TimeZone::UTC);
        let marks = some.iter().map(|one| (one.path.clone(), one.etag.clone())).collect::<Vec<_>>();
        let said = some.iter().filter_map(|one| Some((one.path.clone(), one.said.clone()?))).collect();
        let read = read(of.kind, some, zone.clone(), (self.now)()).await?;
        let mut tx = changes::begin(self.db, firm, Durability::Import).await?;
        if let Some(folder) = folder {
            for (path, etag) in marks {
                let item = etag.map(|etag| Item { etag, said: read.said(&path) });
                known::item(&mut tx, firm, of.id, &folder.path, &path, item.as_ref()).await?;
            }
        }
        self.enter(&mut tx, of, &zone, read, &said, report).await?;
        tx.commit().await
    }

    async fn enter(
        &self,
        tx: &mut Tx,
        of: &Subscription,
        zone: &TimeZone,
        read: Read,
        said: &BTreeMap<String, Said>,
        report: &mut Report,
    ) -> Result<()> {
        let (firm, now) = (self.firm.id, (self.now)());
        match read {
            Read::Cards(cards) => {
                let origin = Origin { book: Some(of.id), staff: Some(of.staff) };
                report.sorted += cards::follow(tx, firm, &cards, said, origin, now).await?;
            }
            Read::Events(changed) => {
                report.taken += follow::follow(tx, firm, &of.followed(), zone, &changed, now).await?;
            }
        }
        Ok(())
    }
}

/// Reads what some things hold, on a thread where that may take its time and before anything is kept waiting for it.
async fn read(kind: Kind, some: Vec<Noted>, zone: TimeZone, now: Timestamp) -> Result<Read> {
    let reading = spawn_blocking(move || match kind {
        Kind::AddressBooks => {
            let cards = |words: Vec<u8>| wire::contacts::read(&words).0;
            Read::Cards(
                some.into_iter().map(|one| (one.path, one.words.map(cards).unwrap_or_default())).collect(),
            )
        }
        Kind::Feed | Kind::Calendars => {
            let holds = |words: Vec<u8>| Holds::read(&words, &zone, now);
            Read::Events(some.into_iter().map(|one| (one.path, one.words.map(holds))).collect())
        }
    });
    reading.await.map_err(|error| match error.try_into_panic() {
        Ok(fault) => std::panic::resume_unwind(fault),
        Err(error) => Error::Unexpected(error.into()),
    })
}
