//! By IMAP: folder by folder, by the numbers of messages.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use reading::letter;
use wire::folders;
use wire::imap::{Batch, Fetched, Part, Session};
use wire::mail::Folder;

use super::{ASKED_AGAIN, FEW, Fetcher, JUNK, Report, is_unwanted, ours};
use crate::db::Durability;
use crate::ids::SourceId;
use crate::intake::live::{Arrived, WITHHELD, withheld};
use crate::mailboxes::failure::Failure;
use crate::mailboxes::{Connection, Fetching, junk};
use crate::record::accounts::Reached;
use crate::record::sources::{self, ServerFolder};

impl Fetcher<'_> {
    pub(super) async fn all_folders(
        &self,
        connection: &Connection,
        session: &mut Session,
    ) -> Result<Report, Failure> {
        let folders = session.folders().await?;
        let chosen = connection.wanted(&folders);
        let mut report = Report::default();
        for folder in chosen {
            self.one_folder(connection, session, folder, &mut report).await?;
            report.folders += 1;
            if report.stopped || self.stop.load(Ordering::Relaxed) {
                report.stopped = true;
                return Ok(report);
            }
        }
        for folder in folders.iter().filter(|folder| is_unwanted(folder)) {
            self.unwanted(connection, session, folder, &mut report).await?;
        }
        Ok(report)
    }

    async fn one_folder(
        &self,
        connection: &Connection,
        session: &mut Session,
        folder: &folders::Folder,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let ours = Arc::new(ours(connection, folder));
        let mut place = self.place_of(connection, &ours).await?;
        let before = place.state.clone();
        let news = session.look(&folder.name, &place.state).await?;
        place.state.begin(&news);
        let again = self.withheld_before(&place).await?;
        let new: Vec<u32> = news.new.newest_first().chain(again.iter().copied()).collect();
        let few = new.len() as u64 <= FEW;
        let mut at = 0;
        while at < new.len() {
            let mut batch = session.fetch(&new[at..], Part::Whole).await?;
            // It was noted when it was not given for the first time.
            batch.withheld.retain(|uid| !again.contains(uid));
            let ended = batch.ended.take();
            at += batch.taken;
            if at == new.len() && ended.is_none() {
                place.state.finish(&news);
            }
            let uids = batch.messages.iter().map(|message| message.uid);
            let given: Vec<(SourceId, u32)> =
                uids.filter(|uid| again.contains(uid)).map(|uid| (place.source, uid)).collect();
            self.keep(&ours, &mut place, batch, few, report).await?;
            self.were_given(&given).await?;
            if let Some(trouble) = ended {
                return Err(trouble.into());
            }
            (self.progress)(&connection.address, at as u64, new.len() as u64);
            let far = Fetching { folder: folder.label.clone(), done: at as u64, of: new.len() as u64 };
            if !few && !self.still(connection, far).await? {
                report.stopped = true;
                return Ok(());
            }
            if self.stop.load(Ordering::Relaxed) {
                return Ok(());
            }
        }
        place.state.finish(&news);
        if new.is_empty() && place.state != before {
            let mut tx = self.db.write(Durability::Import).await?;
            sources::reach_folder(&mut tx, self.firm.id, &place, (self.now)()).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// The messages that the server did not give when they were asked for: it may do so now.
    async fn withheld_before(&self, place: &ServerFolder) -> Result<Vec<u32>, Failure> {
        let (firm, source) = (self.firm.id, place.source);
        let mut tx = self.db.read().await?;
        let mut all = sources::withheld(&mut tx, firm, source, WITHHELD, ASKED_AGAIN).await?;
        // Where the numbers mean something else by now, that one is new.
        all.retain(|uid| place.state.known.contains(*uid));
        Ok(all)
    }

    /// Takes a batch into the record, together with the place that it reaches.
    async fn keep(
        &self,
        folder: &Arc<Folder>,
        place: &mut ServerFolder,
        batch: Batch,
        few: bool,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let source = place.source;
        let faults = batch.withheld.iter().map(|uid| (source, withheld(&folder.name, *uid))).collect();
        let numbers = batch.messages.iter().map(|message| message.uid);
        numbers.chain(batch.withheld.iter().copied()).for_each(|uid| {
            place.state.known.insert(uid);
        });
        let arrived = |message: Fetched| Arrived {
            raw: message.raw,
            number: message.uid,
            flags: message.flags,
            folder: Arc::clone(folder),
            source,
        };
        let arrived: Vec<Arrived> = batch.messages.into_iter().map(arrived).collect();
        self.take(arrived, faults, Reached::Folder(place), few, report).await
    }

    /// Looks at the headers of what a server holds for unwanted, lists what clients wrote, and takes that into the record.
    async fn unwanted(
        &self,
        connection: &Connection,
        session: &mut Session,
        folder: &folders::Folder,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let ours = Arc::new(ours(connection, folder));
        let mut place = self.place_of(connection, &ours).await?;
        let news = session.look(&folder.name, &place.state).await?;
        place.state.begin(&news);
        let new: Vec<u32> = news.new.newest_first().take(JUNK).collect();
        let (mut at, mut found) = (0, Vec::new());
        while at < new.len() {
            let batch = session.fetch(&new[at..], Part::Header).await?;
            if let Some(trouble) = batch.ended {
                return Err(trouble.into());
            }
            at += batch.taken;
            found.extend(batch.messages);
        }
        let seen = |message: Fetched| {
            let letter = letter::parse(&message.raw).ok()?;
            let (from, sent) = letter.from.zip(letter.sent)?;
            Some(junk::Seen { uid: message.uid, from: from.address, subject: letter.subject, sent: sent.at })
        };
        let mut tx = self.db.write(Durability::Import).await?;
        let (firm, generation) = (self.firm.id, (place.folder, news.uidvalidity));
        junk::keep_only(&mut tx, firm, generation, |uid| place.state.known.contains(uid)).await?;
        let theirs = junk::of_clients(&mut tx, firm, found.into_iter().filter_map(seen).collect()).await?;
        report.in_junk += junk::list(&mut tx, firm, generation, &theirs).await?;
        // Those that clients wrote are dealt with once they are in the record.
        let theirs: Vec<u32> = theirs.iter().map(|(_, letter)| letter.uid).collect();
        for uid in news.new.newest_first().filter(|uid| !theirs.contains(uid)) {
            place.state.known.insert(uid);
        }
        if theirs.is_empty() {
            place.state.finish(&news);
        }
        sources::reach_folder(&mut tx, firm, &place, (self.now)()).await?;
        tx.commit().await?;
        let (mut at, few) = (0, theirs.len() as u64 <= FEW);
        while at < theirs.len() {
            let mut batch = session.fetch(&theirs[at..], Part::Whole).await?;
            let ended = batch.ended.take();
            at += batch.taken;
            if at == theirs.len() && ended.is_none() {
                place.state.finish(&news);
            }
            self.keep(&ours, &mut place, batch, few, report).await?;
            if let Some(trouble) = ended {
                return Err(trouble.into());
            }
        }
        Ok(())
    }
}
