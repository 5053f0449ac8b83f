//! Calendars and address books elsewhere, each looked at from time to time, and for itself: one that is away or hangs
//! holds up no other.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::pin::pin;

use futures_util::future::{Either, select};
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use jiff::{SignedDuration, Timestamp};

use super::beside::beside;
use super::{ANEW, Background, LOOK_AROUND, Task, Told};
use crate::error::Result;
use crate::ids::{FirmId, SubscriptionId};
use crate::mailboxes::sync::Fetcher;
use crate::notices::elsewhere::{self, Elsewhere};
use crate::subscriptions::fetch::Follower;
use crate::subscriptions::store;
use crate::subscriptions::{EVERY, Kind, Subscription};

/// Into a calendar or an address book is written no more often than this.
const RESTS: SignedDuration = SignedDuration::from_secs(5);

/// How subscriptions stand at a moment.
#[derive(Default)]
struct Stands {
    found: Vec<Subscription>,
    /// The firm's revision.
    revision: i64,
    /// Those of which what is written there may be another than it was.
    other: BTreeSet<SubscriptionId>,
}

impl Background {
    /// Looks at every subscription when it is due, also at those that are made later.
    pub(super) async fn keep_in_step(&self, fetcher: &Fetcher<'_>, holder: i64) {
        let follower = Follower {
            db: &self.db,
            firm: fetcher.firm,
            keys: &self.keys,
            limits: fetcher.limits,
            now: &self.now,
            holder,
        };
        let stands = Elsewhere::default();
        let mut tasks: FuturesUnordered<Task<'_, SubscriptionId>> = FuturesUnordered::new();
        let mut at_work: BTreeSet<SubscriptionId> = BTreeSet::new();
        // What was written when, so that it is written again when something changed, and not too often.
        let mut wrote: BTreeMap<SubscriptionId, (i64, Timestamp)> = BTreeMap::new();
        while !self.stopped() {
            let looked = self.stands_now(fetcher.firm.id, &wrote);
            let looked = beside(&mut tasks, looked, |done| {
                at_work.remove(&done);
            })
            .await;
            // A database that does not answer is told of by whoever wants to write.
            let Stands { found, revision, other } = looked.unwrap_or_default();
            let now = (self.now)();
            for one in found.iter().filter(|one| one.kind != Kind::Feed && !one.paused) {
                let is_due = match wrote.get_mut(&one.id) {
                    None => true,
                    Some((known, at)) => {
                        let is_other = other.contains(&one.id);
                        if !is_other {
                            *known = revision;
                        }
                        *at + if is_other { RESTS } else { EVERY } <= now
                    }
                };
                if is_due && one.health.trouble.is_none() && at_work.insert(one.id) {
                    wrote.insert(one.id, (revision, now));
                    tasks.push(Box::pin(self.write(&follower, &stands, one.clone())));
                }
            }
            for due in found.into_iter().filter(|one| !one.paused && one.next() <= now) {
                if at_work.insert(due.id) {
                    tasks.push(Box::pin(self.look(&follower, fetcher, due)));
                }
            }
            let looking = pin!(self.pause(LOOK_AROUND));
            if tasks.is_empty() {
                looking.await;
            } else if let Either::Left((Some(done), _)) = select(tasks.next(), looking).await {
                at_work.remove(&done);
            }
        }
        while tasks.next().await.is_some() {}
    }

    /// How subscriptions stand, and for which of them what is written may be another than it was.
    async fn stands_now(
        &self,
        firm: FirmId,
        wrote: &BTreeMap<SubscriptionId, (i64, Timestamp)>,
    ) -> Result<Stands> {
        let found = store::all(&mut self.db.read().await?, firm).await?;
        let revision = elsewhere::revision(&self.db, firm).await?;
        let mut other = BTreeSet::new();
        for one in &found {
            if let Some((known, _)) = wrote.get(&one.id)
                && *known != revision
                && elsewhere::may_differ(&self.db, firm, one.kind, *known, revision).await.unwrap_or(true)
            {
                other.insert(one.id);
            }
        }
        Ok(Stands { found, revision, other })
    }

    /// Writes what stands here into a calendar or an address book, where its owner wants that, and takes away what is over.
    async fn write(&self, follower: &Follower<'_>, stands: &Elsewhere, of: Subscription) -> SubscriptionId {
        let written = async {
            let things = stands.things(&self.db, follower.firm.id, &of, (self.now)()).await?;
            follower.write(&of, &things).await
        };
        match select(pin!(AssertUnwindSafe(written).catch_unwind()), pin!(self.ending())).await {
            // Why stands in the database, and is told once.
            Either::Left((Ok(Err(failure)), _)) => {
                let words = failure.to_string();
                if of.refused.as_ref().is_none_or(|refused| refused.words != words) {
                    eprintln!("regard: {}: nothing was written there: {words}", of.name);
                }
            }
            Either::Left((Err(_), _)) => eprintln!("regard: {}: writing into it met a fault", of.name),
            Either::Left((Ok(Ok(_)), _)) | Either::Right(_) => {}
        }
        of.id
    }

    /// Looks once, and settles what came of it.
    async fn look(
        &self,
        follower: &Follower<'_>,
        fetcher: &Fetcher<'_>,
        due: Subscription,
    ) -> SubscriptionId {
        let mut told = Told::default();
        let looked = async {
            let looked = follower.look(&due).await;
            fetcher.settle_if_it_pays().await?;
            looked
        };
        match select(pin!(AssertUnwindSafe(looked).catch_unwind()), pin!(self.ending())).await {
            Either::Left((Ok(Ok(report)), _)) if report.elsewhere => self.pause(LOOK_AROUND).await,
            Either::Left((Ok(Ok(_)), _)) => {}
            // How it does stands in the database; what was wrong before is not told again.
            Either::Left((Ok(Err(failure)), _)) => {
                let words = failure.to_string();
                if due.health.trouble.as_ref().is_none_or(|trouble| trouble.words != words) {
                    told.bad(&format!("{}: {words}", due.name));
                }
            }
            Either::Left((Err(_), _)) => {
                told.bad(&format!("{}: looking at it met a fault", due.name));
                self.pause(ANEW).await;
            }
            Either::Right(_) => {}
        }
        due.id
    }
}
