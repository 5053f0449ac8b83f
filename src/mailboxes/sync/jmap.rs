//! By JMAP: the mailbox as one, by the names that the server gives its messages.
//!
//! What changed since the last time is asked for; where the server does not know any more, or other folders are wanted
//! than then, all messages are listed, and those are fetched that were not dealt with.

mod again;
mod unwanted;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use wire::folders::{self, Use};
use wire::jmap::{Changes, Email, Jmap};
use wire::mail::{Folder, Role};
use wire::net::Trouble;

use super::{FEW, Fetcher, Report, is_unwanted, ours};
use crate::db::Durability;
use crate::ids::SourceId;
use crate::intake::live::{Arrived, withheld};
use crate::mailboxes::failure::Failure;
use crate::mailboxes::{Connection, Fetching, junk};
use crate::record::accounts::{self, Account, Reached, Seen};
use crate::record::sources::ServerFolder;

/// The generation of the numbers that are given here: they are never given anew.
const GENERATION: u32 = 1;
/// A server that loses the place in its list so often keeps none.
const LISTINGS: usize = 5;
/// No mailbox holds more messages.
const MOST: usize = 10_000_000;
/// A server that tells of changes in parts has told all after so many.
const PARTS: usize = 10_000;

/// The folders of a mailbox, and what is to be done with what lies in them.
struct Plan {
    /// By the server's name: those that are fetched, as the intake knows them.
    wanted: BTreeMap<String, (Arc<Folder>, ServerFolder)>,
    /// Those of which only headers are looked at, but where a client wrote.
    unwanted: BTreeMap<String, (Arc<Folder>, ServerFolder)>,
    /// What lies in one of these is left out, wherever else it lies.
    private: Vec<String>,
}

/// What is to be done with a message.
enum Fate<'a> {
    /// It is fetched, as lying in this folder.
    Fetched(&'a Arc<Folder>, SourceId),
    /// Its header is looked at.
    LookedAt,
    /// Nothing of it is wanted.
    LeftOut,
}

impl Plan {
    /// What tells this choice from others.
    fn words(&self) -> String {
        let private = self.private.iter().map(|name| format!("-{name}"));
        let all = self.wanted.keys().cloned().chain(self.unwanted.keys().map(|name| format!("?{name}")));
        all.chain(private).collect::<Vec<_>>().join("\n")
    }

    fn fate(&self, email: &Email) -> Fate<'_> {
        if self.private.iter().any(|name| email.folders.contains(name)) {
            return Fate::LeftOut;
        }
        let lies_in = self.wanted.iter().filter(|(name, _)| email.folders.contains(*name));
        // In several folders, the one that says most of it.
        let telling = |folder: &Folder| match folder.role {
            Role::Sent => 0,
            Role::Inbox => 1,
            Role::Archive => 3,
            _ => 2,
        };
        match lies_in.min_by_key(|(_, (folder, _))| telling(folder)) {
            Some((_, (folder, place))) => Fate::Fetched(folder, place.source),
            None if self.unwanted.keys().any(|name| email.folders.contains(name)) => Fate::LookedAt,
            None => Fate::LeftOut,
        }
    }
}

/// One fetching of a mailbox.
struct Look<'a> {
    connection: &'a Connection,
    plan: Plan,
    account: Account,
    /// A few messages are settled at once.
    few: bool,
    /// How far it is.
    done: u64,
    of: u64,
}

impl Fetcher<'_> {
    /// Fetches what is new; `reached` is the state up to which that was done.
    pub(super) async fn account(
        &self,
        connection: &Connection,
        jmap: &mut Jmap,
        reached: &mut Option<String>,
    ) -> Result<Report, Failure> {
        *reached = None;
        let mut report = Report::default();
        let plan = self.plan(connection, jmap).await?;
        let mut tx = self.db.write(Durability::Import).await?;
        let account = accounts::account(&mut tx, self.firm.id, connection.id, &jmap.place()).await?;
        tx.commit().await?;
        let is_same = account.folders == plan.words();
        let mut look = Look { connection, plan, account, few: true, done: 0, of: 0 };
        report.folders = look.plan.wanted.len() as u64;
        let lost = self.lost_before(&look).await?;
        let told = match look.account.state.clone().filter(|_| is_same) {
            Some(since) => self.told(jmap, &mut look, since, &mut report).await?,
            None => false,
        };
        if !told && !report.stopped {
            self.compare(jmap, &mut look, &mut report).await?;
        }
        if !report.stopped {
            self.ask_again(jmap, &mut look, &lost, &mut report).await?;
            reached.clone_from(&look.account.state);
        }
        Ok(report)
    }

    async fn plan(&self, connection: &Connection, jmap: &mut Jmap) -> Result<Plan, Failure> {
        let all = jmap.folders().await?;
        let chosen = connection.wanted(&all);
        let mut plan = Plan { wanted: BTreeMap::new(), unwanted: BTreeMap::new(), private: Vec::new() };
        for folder in &all {
            let is_chosen = chosen.iter().any(|one| one.name == folder.name);
            let folder_of = |folder: &folders::Folder| ours(connection, folder);
            if is_chosen {
                let ours = folder_of(folder);
                let place = self.place_of(connection, &ours).await?;
                plan.wanted.insert(folder.name.clone(), (Arc::new(ours), place));
            } else if is_unwanted(folder) {
                let ours = folder_of(folder);
                let place = self.place_of(connection, &ours).await?;
                plan.unwanted.insert(folder.name.clone(), (Arc::new(ours), place));
            } else if folder.purpose == Use::Private {
                plan.private.push(folder.name.clone());
            }
        }
        Ok(plan)
    }

    /// Deals with what the server says has changed; false where it does not know any more.
    async fn told(
        &self,
        jmap: &mut Jmap,
        look: &mut Look<'_>,
        since: String,
        report: &mut Report,
    ) -> Result<bool, Failure> {
        let mut since = since;
        for _ in 0..PARTS {
            let Some(changes) = jmap.changes(&since).await? else { return Ok(false) };
            let Changes { changed, gone, state, has_more } = changes;
            look.few = look.few && changed.len() as u64 <= FEW && !has_more;
            look.of = look.of.max(look.done) + changed.len() as u64;
            let mut tx = self.db.read().await?;
            let known = accounts::seen(&mut tx, self.firm.id, look.connection.id, &changed).await?;
            drop(tx);
            if !self.deal(jmap, look, &changed, &known, report).await? {
                return Ok(true);
            }
            if state != since || !changed.is_empty() {
                look.account.state = Some(state.clone());
                self.end(look, &gone).await?;
            }
            if !has_more {
                return Ok(true);
            }
            since = state;
        }
        Err(Trouble::Broke("it tells of changes without end".to_owned()).into())
    }

    /// Lists all messages, and deals with those that were not dealt with.
    async fn compare(
        &self,
        jmap: &mut Jmap,
        look: &mut Look<'_>,
        report: &mut Report,
    ) -> Result<(), Failure> {
        // Asked for first: what changes meanwhile is told by the next look.
        let state = jmap.state().await?;
        let mut tx = self.db.read().await?;
        let mut known = accounts::all_seen(&mut tx, self.firm.id, look.connection.id).await?;
        drop(tx);
        look.few = false;
        let mut listed: HashSet<String> = HashSet::new();
        let (mut last, mut listings): (Option<String>, usize) = (None, 1);
        loop {
            let Some(page) = jmap.page(last.as_deref()).await? else {
                // What it was to go on after is gone meanwhile.
                if LISTINGS <= listings {
                    return Err(Trouble::Broke("it loses the place in its list".to_owned()).into());
                }
                listed.clear();
                (last, listings, look.done) = (None, listings + 1, 0);
                continue;
            };
            let Some(end) = page.ids.last().cloned() else { break };
            if let Some(total) = page.total {
                look.of = total;
                look.few = total <= FEW;
            }
            let before = listed.len();
            listed.extend(page.ids.iter().cloned());
            if listed.len() == before || MOST < listed.len() {
                return Err(Trouble::Broke("it lists messages without end".to_owned()).into());
            }
            if !self.deal(jmap, look, &page.ids, &known, report).await? {
                return Ok(());
            }
            last = Some(end);
        }
        known.retain(|id, _| !listed.contains(id));
        let gone: Vec<String> = known.into_keys().collect();
        (look.account.state, look.account.folders) = (Some(state), look.plan.words());
        self.end(look, &gone).await?;
        Ok(())
    }

    /// Deals with messages, the newest first; false where somebody asked to stop.
    async fn deal(
        &self,
        jmap: &mut Jmap,
        look: &mut Look<'_>,
        ids: &[String],
        known: &HashMap<String, Seen>,
        report: &mut Report,
    ) -> Result<bool, Failure> {
        if self.stop.load(Ordering::Relaxed) {
            report.stopped = true;
            return Ok(false);
        }
        let is_new = |id: &&String| known.get(*id).is_none_or(|seen| seen.unwanted);
        let new: Vec<String> = ids.iter().filter(is_new).cloned().collect();
        look.done += (ids.len() - new.len()) as u64;
        let (mut wanted, mut unwanted, mut out) = (Vec::new(), Vec::new(), Vec::new());
        for email in jmap.about(&new).await? {
            match look.plan.fate(&email) {
                Fate::Fetched(..) => wanted.push(email),
                Fate::LookedAt if known.contains_key(&email.id) => {}
                Fate::LookedAt => unwanted.push(email),
                // It was unwanted, and lies where nothing is looked at.
                Fate::LeftOut if known.contains_key(&email.id) => out.push(email.id),
                Fate::LeftOut => {}
            }
        }
        look.done += (new.len() - wanted.len()) as u64;
        let mut at = 0;
        while at < wanted.len() {
            let batch = jmap.fetch(&wanted[at..]).await?;
            at += batch.taken;
            look.done += batch.taken as u64;
            self.keep_emails(look, &wanted, batch, known, report).await?;
            if !self.goes_on(look).await? {
                report.stopped = true;
                return Ok(false);
            }
        }
        self.look_at(jmap, look, &unwanted, report).await?;
        if !out.is_empty() {
            self.end(look, &out).await?;
        }
        Ok(true)
    }

    /// Says how far it is; false where it is to end.
    async fn goes_on(&self, look: &Look<'_>) -> Result<bool, Failure> {
        let of = look.of.max(look.done);
        (self.progress)(&look.connection.address, look.done, of);
        let far = Fetching { folder: "the mailbox".to_owned(), done: look.done, of };
        if !look.few && !self.still(look.connection, far).await? {
            return Ok(false);
        }
        Ok(!self.stop.load(Ordering::Relaxed))
    }

    /// Takes a batch into the record, together with the names of what was dealt with.
    async fn keep_emails(
        &self,
        look: &mut Look<'_>,
        emails: &[Email],
        batch: wire::jmap::Batch,
        known: &HashMap<String, Seen>,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let by_id: HashMap<&str, &Email> = emails.iter().map(|email| (email.id.as_str(), email)).collect();
        let place = |id: &str| match look.plan.fate(by_id.get(id)?) {
            Fate::Fetched(folder, source) => Some((Arc::clone(folder), source)),
            Fate::LookedAt | Fate::LeftOut => None,
        };
        let (mut arrived, mut lost, mut seen) = (Vec::new(), Vec::new(), Vec::new());
        let mut last = look.account.last;
        let mut number = |id: &str| {
            let number = known.get(id).map_or_else(
                || {
                    last += 1;
                    last
                },
                |seen| seen.number,
            );
            seen.push((id.to_owned(), Seen { number, unwanted: false }));
            number
        };
        for message in batch.messages {
            let Some((folder, source)) = place(&message.id) else { continue };
            let number = number(&message.id);
            arrived.push(Arrived { raw: message.raw, number, flags: message.flags, folder, source });
        }
        for id in &batch.withheld {
            let Some((folder, source)) = place(id) else { continue };
            lost.push((source, withheld(&folder.name, number(id))));
        }
        look.account.last = last;
        let reached = Reached::Account(&look.account, &seen);
        self.take(arrived, lost, reached, look.few, report).await?;
        // What was unwanted until now is none of it any more.
        if seen.iter().any(|(id, _)| known.contains_key(id)) {
            self.end(look, &[]).await?;
        }
        Ok(())
    }

    /// Notes how far the mailbox was read, and forgets messages that are there no more.
    async fn end(&self, look: &Look<'_>, gone: &[String]) -> Result<(), Failure> {
        let (firm, mailbox) = (self.firm.id, look.connection.id);
        let mut tx = self.db.write(Durability::Import).await?;
        for id in gone {
            accounts::forget(&mut tx, firm, mailbox, id).await?;
        }
        let left = accounts::unwanted(&mut tx, firm, mailbox).await?;
        for (_, place) in look.plan.unwanted.values() {
            let is_there = |number| left.binary_search(&number).is_ok();
            junk::keep_only(&mut tx, firm, (place.folder, GENERATION), is_there).await?;
        }
        accounts::reach(&mut tx, firm, &look.account, (self.now)()).await?;
        tx.commit().await?;
        Ok(())
    }
}
