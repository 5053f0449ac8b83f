//! Asks what changed in a subscription and takes it into the record.
//!
//! What a folder holds is taken some things at a time, each batch written together with their marks; how far the folder
//! goes is written at its end. Stopped anywhere, the next look finds the rest by comparison, and nothing is told twice.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use wire::dav::Dav;
use wire::http::{Address, Client, Question};
use wire::net::{Limits, Trouble};

use super::store::{self, LEASES};
use super::write::is_ours;
use super::{Folder, Kind, Marks, Subscription, WHOLE, open, trial};
use crate::db::{Db, Durability};
use crate::error::{Error, Result};
use crate::firm::Firm;
use crate::ids::SubscriptionId;
use crate::intake::enlist::calendars::Taken;
use crate::intake::enlist::calendars::follow::{self, Changed};
use crate::intake::enlist::cards::{self, Origin, Sorted};
use crate::mailboxes::failure::Failure;
use crate::mailboxes::secret::Keys;
use crate::record::changes;

/// No look takes longer: after that the process that had it is taken for gone.
const LEASE: SignedDuration = SignedDuration::from_mins(20);
/// So many things are taken into the record at once.
const BATCH: usize = 50;
/// The path of the only thing in a feed.
const FEED: &str = "";

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
        let looked = match self.look_once(of).await {
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
            store::failed(&mut tx, self.firm.id, of.id, &words, failure.is_login(), (self.now)()).await?;
            tx.commit().await
        };
        match noted.await {
            Ok(()) => failure,
            Err(error) => Failure::Here(error),
        }
    }

    async fn look_once(&self, of: &Subscription) -> Result<Report, Failure> {
        let secret = open(self.keys, self.firm.id, of)?;
        let client = of.client(&secret, self.limits);
        let address = of.address(&secret)?;
        // Who is a client may have changed since, so from time to time all is looked at anew.
        let now = (self.now)();
        let is_whole = of.whole.is_none_or(|whole| WHOLE <= now.duration_since(whole));
        let mut report = Report::default();
        let marks = match of.kind.dav() {
            None => self.feed(of, &client, &address, is_whole, &mut report).await?,
            Some(kind) => {
                let dav = Dav { client, kind };
                self.account(of, &dav, &address, is_whole, &mut report).await?;
                Marks::default()
            }
        };
        let whole = if is_whole { Some(now) } else { of.whole };
        let mut tx = self.db.write(Durability::Import).await?;
        store::fetched(&mut tx, self.firm.id, of.id, &marks, whole, (self.now)()).await?;
        tx.commit().await?;
        Ok(report)
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
            self.take(of, &[], report).await?;
            return Ok(of.marks.clone());
        }
        if answer.status != 200 {
            return Err(answer.trouble("to give the calendar").into());
        }
        // What is no calendar (a page to sign in) must not look like one in which everything was cancelled.
        if !String::from_utf8_lossy(&answer.body).to_ascii_uppercase().contains("END:VCALENDAR") {
            return Err(Trouble::Broke(
                "what it gives is no calendar, or the end of it is missing".to_owned(),
            )
            .into());
        }
        self.take(of, &[(FEED, Some(&answer.body))], report).await?;
        report.changed += 1;
        let header = |name| answer.header(name).map(str::to_owned);
        Ok(Marks { etag: header("etag"), modified: header("last-modified") })
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
        if is_whole {
            self.list(of, trial::folders(dav.clone(), address).await?).await?;
        }
        let mut tx = self.db.read().await?;
        let folders = store::folders(&mut tx, firm, of.id).await?;
        drop(tx);
        for folder in &folders {
            match folder.chosen {
                true => self.folder(of, dav, folder, is_whole, report).await?,
                false => self.leave(of, folder, report).await?,
            }
        }
        if folders.iter().all(|folder| !folder.chosen) {
            self.take(of, &[], report).await?;
        }
        Ok(())
    }

    /// Keeps what folders there are: new ones are followed, and what is no more is left.
    async fn list(&self, of: &Subscription, found: Vec<Folder>) -> Result<()> {
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
        let known = store::items(&mut self.db.read().await?, self.firm.id, of.id, &folder.path).await?;
        let gone: Vec<Noted<'_>> = known.keys().map(|path| Noted { path, etag: None, words: None }).collect();
        self.keep(of, &folder.path, &gone, report).await
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
        let mut known = store::items(&mut self.db.read().await?, firm, of.id, &folder.path).await?;
        if is_whole {
            // Marks that nothing has: each thing counts as changed, and what is gone is still found.
            known.values_mut().for_each(String::clear);
        }
        let token = folder.token.as_deref().filter(|_| !is_whole);
        let mut news = dav.look(&address, token, &known).await?;
        news.changed.retain(|path, _| !is_ours(path));
        let gone: Vec<Noted<'_>> = news
            .gone
            .iter()
            .filter(|path| known.contains_key(*path))
            .map(|path| Noted { path, etag: None, words: None })
            .collect();
        self.keep(of, &folder.path, &gone, report).await?;
        report.gone += gone.len() as u64;
        let paths: Vec<String> = news.changed.keys().cloned().collect();
        for some in paths.chunks(BATCH) {
            let items = dav.fetch(&address, some).await?;
            let noted =
                |item: &'_ wire::dav::Item| (item.path.clone(), item.etag.clone(), item.words.clone());
            let items: Vec<(String, String, String)> = items.iter().map(noted).collect();
            let noted: Vec<Noted<'_>> = items
                .iter()
                .map(|(path, etag, words)| Noted { path, etag: Some(etag), words: Some(words.as_bytes()) })
                .collect();
            self.keep(of, &folder.path, &noted, report).await?;
            report.changed += noted.len() as u64;
        }
        self.take(of, &[], report).await?;
        let mut tx = self.db.write(Durability::Import).await?;
        store::reach(&mut tx, firm, of.id, &folder.path, news.token.as_deref()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes some things into the record, together with their marks.
    async fn keep(
        &self,
        of: &Subscription,
        folder: &str,
        some: &[Noted<'_>],
        report: &mut Report,
    ) -> Result<()> {
        if some.is_empty() {
            return Ok(());
        }
        let mut tx = changes::begin(&self.db, self.firm.id, Durability::Import).await?;
        let changed: Vec<Changed<'_>> = some.iter().map(|one| (one.path, one.words)).collect();
        self.enter(&mut tx, of, &changed, report).await?;
        for one in some {
            store::item(&mut tx, self.firm.id, of.id, folder, one.path, one.etag).await?;
        }
        tx.commit().await
    }

    /// Takes what changed into the record, and what has come to an end meanwhile.
    async fn take(&self, of: &Subscription, changed: &[Changed<'_>], report: &mut Report) -> Result<()> {
        let mut tx = changes::begin(&self.db, self.firm.id, Durability::Import).await?;
        self.enter(&mut tx, of, changed, report).await?;
        tx.commit().await
    }

    async fn enter(
        &self,
        tx: &mut crate::db::Tx,
        of: &Subscription,
        changed: &[Changed<'_>],
        report: &mut Report,
    ) -> Result<()> {
        let now = (self.now)();
        if of.kind == Kind::AddressBooks && changed.is_empty() {
            return Ok(());
        }
        if of.kind == Kind::AddressBooks {
            let mut by_path = BTreeMap::new();
            for (path, words) in changed {
                let (cards, _) = words.map(wire::contacts::read).unwrap_or_default();
                by_path.insert((*path).to_owned(), cards);
            }
            let origin = Origin { book: Some(of.id), staff: Some(of.staff) };
            report.sorted += cards::follow(tx, self.firm.id, &by_path, origin, now).await?;
            return Ok(());
        }
        let zone = TimeZone::get(&self.firm.zone).unwrap_or(TimeZone::UTC);
        let taken = follow::follow(tx, self.firm.id, &of.followed(), &zone, changed, now).await?;
        report.taken += taken;
        Ok(())
    }
}

/// A thing whose mark is noted; without one it is gone.
struct Noted<'a> {
    path: &'a str,
    etag: Option<&'a str>,
    words: Option<&'a [u8]>,
}
