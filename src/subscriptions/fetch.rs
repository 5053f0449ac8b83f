//! Asks what changed in a subscription and takes it into the record.
//!
//! What a folder holds is taken some things at a time, each batch written together with their marks; how far the folder
//! goes is written at its end. Stopped anywhere, the next look finds the rest by comparison, and nothing is told twice.

use std::time::Duration;

use futures_util::FutureExt;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;
use tokio::time::timeout;
use wire::dav::Dav;
use wire::http::{Address, Client, Question};
use wire::net::{Limits, Secret, Trouble};

use super::known;
use super::store::{self, LEASES};
use super::take::Noted;
use super::write::Ours;
use super::{Folder, Marks, Subscription, WHOLE, signed_in, trial};
use crate::db::{Db, Durability};
use crate::error::{Error, Result};
use crate::firm::Firm;
use crate::ids::SubscriptionId;
use crate::intake::enlist::calendars::Taken;
use crate::intake::enlist::calendars::follow;
use crate::intake::enlist::cards::Sorted;
use crate::mailboxes::failure::Failure;
use crate::mailboxes::oauth::renew::Signer;
use crate::mailboxes::secret::Keys;

/// No look, and no writing, takes longer; what is left then comes the next time.
const LONGEST: Duration = Duration::from_secs(20 * 60);
/// After that the process that had it is taken for gone.
const LEASE: SignedDuration = SignedDuration::from_mins(25);
/// So many things are taken into the record at once.
const BATCH: usize = 50;
/// The path of the only thing in a feed.
const FEED: &str = "";
/// So a calendar ends.
const END: &[u8] = b"END:VCALENDAR";

/// What is needed to look.
pub struct Follower<'a> {
    /// The database.
    pub db: &'a Db,
    /// The firm.
    pub firm: &'a Firm,
    /// The keys to the passwords.
    pub keys: &'a Keys,
    /// How long servers may take.
    pub limits: Limits,
    /// Asked for the moment.
    pub now: &'a (dyn Fn() -> Timestamp + Sync),
    /// Names this process: a subscription is kept from the others while it is looked at.
    pub holder: i64,
}

/// What one look brought.
#[derive(Debug, Default)]
pub struct Report {
    /// Things that are new or other than they were.
    pub changed: u64,
    /// Things that are gone.
    pub gone: u64,
    /// What calendars told.
    pub taken: Taken,
    /// What became of cards.
    pub sorted: Sorted,
    /// Another process looks at it at this moment, so nothing was done.
    pub elsewhere: bool,
}

impl Follower<'_> {
    /// Looks once, and notes how it went. What is owed is to be settled by whoever asked.
    pub async fn look(&self, of: &Subscription) -> Result<Report, Failure> {
        if !self.lease(of.id).await? {
            return Ok(Report { elsewhere: true, ..Report::default() });
        }
        let looked = match within(self.look_once(of)).await {
            Ok(report) => Ok(report),
            Err(failure) => Err(self.note(of, failure).await),
        };
        self.free(of.id).await?;
        looked
    }

    /// Gives it back.
    pub(super) async fn free(&self, id: SubscriptionId) -> Result<()> {
        let mut tx = self.db.write(Durability::Import).await?;
        LEASES.free(&mut tx, self.firm.id, id.0, self.holder).await?;
        tx.commit().await
    }

    /// Takes it for this process; false where another has it.
    pub(super) async fn lease(&self, id: SubscriptionId) -> Result<bool> {
        LEASES.take_over(self.db, self.firm.id, id.0, self.holder, LEASE, (self.now)()).await
    }

    /// Notes why it failed; where even that fails, it is said by whoever called.
    async fn note(&self, of: &Subscription, failure: Failure) -> Failure {
        let noted = async {
            let mut tx = self.db.write(Durability::Import).await?;
            let words = failure.to_string();
            store::failed(&mut tx, self.firm.id, of.id, &words, failure.kind(), (self.now)()).await?;
            tx.commit().await
        };
        match noted.await {
            Ok(()) => failure,
            Err(error) => Failure::Here(error),
        }
    }

    /// What gets what signs in.
    pub(super) fn signer(&self) -> Signer<'_> {
        Signer { db: self.db, firm: self.firm.id, keys: self.keys, limits: &self.limits, now: self.now }
    }

    async fn look_once(&self, of: &Subscription) -> Result<Report, Failure> {
        // Who is a client may have changed since, so from time to time all is looked at anew.
        let now = (self.now)();
        let is_whole = of.whole.is_none_or(|whole| WHOLE <= now.duration_since(whole));
        let taken = Mutex::new(Report::default());
        let look = |secret: Secret| {
            let taken = &taken;
            async move { self.look_with(of, &secret, is_whole, &mut *taken.lock().await).await }.boxed()
        };
        let marks = signed_in(&self.signer(), of, look).await?;
        let mut report = taken.into_inner();
        self.what_is_over(of, &mut report).await?;
        let whole = if is_whole { Some(now) } else { of.whole };
        let mut tx = self.db.write(Durability::Import).await?;
        store::fetched(&mut tx, self.firm.id, of.id, &marks, whole, (self.now)()).await?;
        tx.commit().await?;
        Ok(report)
    }

    async fn look_with(
        &self,
        of: &Subscription,
        secret: &Secret,
        is_whole: bool,
        report: &mut Report,
    ) -> Result<Marks, Failure> {
        let client = of.client(secret, self.limits)?;
        let address = of.address(secret)?;
        match of.kind.dav() {
            None => self.feed(of, &client, &address, is_whole, report).await,
            Some(kind) => {
                let dav = Dav { client, kind };
                self.account(of, &dav, &address, is_whole, report).await?;
                Ok(Marks::default())
            }
        }
    }

    /// Takes meetings into the record that have come to an end, though nothing changed in the calendar.
    async fn what_is_over(&self, of: &Subscription, report: &mut Report) -> Result<()> {
        let mut tx = self.db.read().await?;
        let is_due = follow::is_due(&mut tx, self.firm.id, of.id, (self.now)()).await?;
        tx.commit().await?;
        if is_due {
            self.keep(of, None, Vec::new(), report).await?;
        }
        Ok(())
    }

    async fn feed(
        &self,
        of: &Subscription,
        client: &Client,
        address: &Address,
        is_whole: bool,
        report: &mut Report,
    ) -> Result<Marks, Failure> {
        let mut headers = vec![("accept", "text/calendar")];
        if !is_whole {
            headers.extend(of.marks.etag.as_deref().map(|etag| ("if-none-match", etag)));
            headers.extend(of.marks.modified.as_deref().map(|modified| ("if-modified-since", modified)));
        }
        let question = Question { method: "GET", address, headers: &headers, body: None };
        let answer = client.ask(&question).await?;
        if answer.status == 304 {
            return Ok(of.marks.clone());
        }
        if answer.status != 200 {
            return Err(answer.trouble("to give the calendar").into());
        }
        // What is no calendar (a page to sign in) must not look like one in which everything was cancelled.
        let mut from_the_end = answer.body.windows(END.len()).rev();
        if !from_the_end.any(|words| words.eq_ignore_ascii_case(END)) {
            return Err(Trouble::Broke(
                "what it gives is no calendar, or the end of it is missing".to_owned(),
            )
            .into());
        }
        let header = |name| answer.header(name).map(str::to_owned);
        let marks = Marks { etag: header("etag"), modified: header("last-modified") };
        self.keep(of, None, vec![Noted::here(FEED.to_owned(), String::new(), answer.body)], report).await?;
        report.changed += 1;
        Ok(marks)
    }

    async fn account(
        &self,
        of: &Subscription,
        dav: &Dav,
        address: &Address,
        is_whole: bool,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let firm = self.firm.id;
        // What went wrong may be that a folder is there no more.
        if is_whole || of.health.trouble.is_some() {
            self.list(of, trial::folders(dav.clone(), address).await?).await?;
        }
        let mut tx = self.db.read().await?;
        let folders = store::folders(&mut tx, firm, of.id).await?;
        drop(tx);
        let mut refused = None;
        for folder in &folders {
            let looked = match folder.chosen {
                true => self.folder(of, dav, folder, is_whole, report).await,
                false => self.leave(of, folder, report).await.map_err(Failure::Here),
            };
            match looked {
                Ok(()) => {}
                // What the server says of one folder keeps no other from being read.
                Err(Failure::Server(trouble @ Trouble::Said { .. })) => {
                    refused.get_or_insert(trouble);
                }
                Err(failure) => return Err(failure),
            }
        }
        refused.map_or(Ok(()), |trouble| Err(trouble.into()))
    }

    /// Keeps what folders there are: new ones are followed, and what is no more is left. Where there is none at all,
    /// something is wrong with the server, and nothing is left.
    async fn list(&self, of: &Subscription, found: Vec<Folder>) -> Result<(), Failure> {
        if found.is_empty() {
            return Err(Trouble::Broke("it holds none for this name any more".to_owned()).into());
        }
        let mut tx = self.db.write(Durability::Import).await?;
        for folder in &found {
            store::folder(&mut tx, self.firm.id, of.id, folder).await?;
        }
        let known = store::folders(&mut tx, self.firm.id, of.id).await?;
        tx.commit().await?;
        for folder in known.iter().filter(|known| found.iter().all(|one| one.path != known.path)) {
            self.leave(of, folder, &mut Report::default()).await?;
            let mut tx = self.db.write(Durability::Import).await?;
            store::forget_folder(&mut tx, self.firm.id, of.id, &folder.path).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// What a folder told of times to come is told no more.
    async fn leave(&self, of: &Subscription, folder: &Folder, report: &mut Report) -> Result<()> {
        let known = known::items(&mut self.db.read().await?, self.firm.id, of.id, &folder.path).await?;
        let gone: Vec<Noted> = known.into_keys().map(Noted::gone).collect();
        if gone.is_empty() {
            return Ok(());
        }
        self.keep(of, Some(folder), gone, report).await
    }

    async fn folder(
        &self,
        of: &Subscription,
        dav: &Dav,
        folder: &Folder,
        is_whole: bool,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let firm = self.firm.id;
        let address = Address::parse(&folder.path).map_err(|words| Error::invalid("the folder", words))?;
        let mut known = known::items(&mut self.db.read().await?, firm, of.id, &folder.path).await?;
        if is_whole {
            // Marks that nothing has: each thing counts as changed, and what is gone is still found.
            known.values_mut().for_each(String::clear);
        }
        let token = folder.token.as_deref().filter(|_| !is_whole);
        let mut news = dav.look(&address, token, &known).await?;
        let ours = Ours::load(&mut self.db.read().await?, firm, of.id).await?;
        news.changed.retain(|path, etag| ours.is_theirs(path, etag));
        let mut said = known::said(&mut self.db.read().await?, firm, of.id, &folder.path).await?;
        said.extend(ours.said());
        let gone = news.gone.into_iter().filter(|path| known.contains_key(path));
        let gone: Vec<Noted> = gone.map(Noted::gone).collect();
        if !gone.is_empty() {
            report.gone += gone.len() as u64;
            self.keep(of, Some(folder), gone, report).await?;
        }
        let paths: Vec<String> = news.changed.into_keys().collect();
        for some in paths.chunks(BATCH) {
            let items = dav.fetch(&address, some).await?.into_iter();
            let items: Vec<Noted> = items
                .map(|item| {
                    let before = said.get(&item.path).cloned();
                    Noted::here(item.path, item.etag, item.words.into_bytes()).saying(before)
                })
                .collect();
            report.changed += items.len() as u64;
            self.keep(of, Some(folder), items, report).await?;
        }
        if news.token != folder.token {
            let mut tx = self.db.write(Durability::Import).await?;
            store::reach(&mut tx, firm, of.id, &folder.path, news.token.as_deref()).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

/// Ends what takes too long.
pub(super) async fn within<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let ended = timeout(LONGEST, work).await;
    ended.unwrap_or_else(|_| Err(Trouble::TimedOut("telling all that it holds").into()))
}
