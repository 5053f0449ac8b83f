//! What the server holds for unwanted: only headers are looked at, but for letters of clients.

use std::collections::BTreeMap;
use std::sync::Arc;

use wire::jmap::{Email, Jmap};

use super::{GENERATION, Look};
use crate::db::Durability;
use crate::intake::live::{Arrived, withheld};
use crate::mailboxes::failure::Failure;
use crate::mailboxes::junk;
use crate::mailboxes::sync::{Fetcher, JUNK, Report};
use crate::record::accounts::{self, Reached, Seen};

impl Fetcher<'_> {
    /// Looks at the headers of what the server holds for unwanted, lists what clients wrote, and takes that into the record.
    pub(super) async fn look_at(
        &self,
        jmap: &mut Jmap,
        look: &mut Look<'_>,
        unwanted: &[Email],
        report: &mut Report,
    ) -> Result<(), Failure> {
        if unwanted.is_empty() {
            return Ok(());
        }
        let ids: Vec<String> = unwanted.iter().take(JUNK).map(|email| email.id.clone()).collect();
        let heads = jmap.heads(&ids).await?;
        let (firm, mailbox) = (self.firm.id, look.connection.id);
        let mut by_folder: BTreeMap<&String, Vec<junk::Seen>> = BTreeMap::new();
        let mut numbers: BTreeMap<u32, &Email> = BTreeMap::new();
        for email in unwanted {
            look.account.last += 1;
            let number = look.account.last;
            numbers.insert(number, email);
            let head = heads.iter().find(|head| head.id == email.id);
            let folder = look.plan.unwanted.keys().find(|name| email.folders.contains(*name));
            if let Some((head, folder)) = head.zip(folder)
                && let Some((from, sent)) = head.from.clone().zip(head.sent)
            {
                let seen = junk::Seen { uid: number, from, subject: head.subject.clone(), sent };
                by_folder.entry(folder).or_default().push(seen);
            }
        }
        let mut tx = self.db.write(Durability::Import).await?;
        let mut theirs: Vec<(u32, &Email)> = Vec::new();
        for (name, seen) in by_folder {
            let folder = look.plan.unwanted[name].1.folder;
            let of_clients = junk::of_clients(&mut tx, firm, seen).await?;
            report.in_junk += junk::list(&mut tx, firm, (folder, GENERATION), &of_clients).await?;
            theirs.extend(of_clients.iter().filter_map(|(_, letter)| numbers.remove_entry(&letter.uid)));
        }
        // Those that clients wrote are dealt with once they are in the record.
        for (number, email) in numbers {
            accounts::see(&mut tx, firm, mailbox, &email.id, Seen { number, unwanted: true }).await?;
        }
        accounts::reach(&mut tx, firm, &look.account, (self.now)()).await?;
        tx.commit().await?;
        self.keep_unwanted(jmap, look, &theirs, report).await
    }

    /// Takes letters of clients that lie among unwanted mail into the record, under these numbers.
    async fn keep_unwanted(
        &self,
        jmap: &mut Jmap,
        look: &Look<'_>,
        theirs: &[(u32, &Email)],
        report: &mut Report,
    ) -> Result<(), Failure> {
        let emails: Vec<Email> = theirs.iter().map(|(_, email)| (*email).clone()).collect();
        let mut at = 0;
        while at < emails.len() {
            let batch = jmap.fetch(&emails[at..]).await?;
            at += batch.taken;
            let known = |id: &str| {
                let (number, email) = theirs.iter().find(|(_, email)| email.id == id)?;
                let lies = look.plan.unwanted.iter().find(|(name, _)| email.folders.contains(*name));
                lies.map(|(_, (folder, place))| (*number, Arc::clone(folder), place.source))
            };
            let (mut arrived, mut lost, mut seen) = (Vec::new(), Vec::new(), Vec::new());
            for message in batch.messages {
                let Some((number, folder, source)) = known(&message.id) else { continue };
                seen.push((message.id, Seen { number, unwanted: true }));
                arrived.push(Arrived { raw: message.raw, number, flags: message.flags, folder, source });
            }
            for id in batch.withheld {
                let Some((number, folder, source)) = known(&id) else { continue };
                lost.push((source, withheld(&folder.name, number)));
                seen.push((id, Seen { number, unwanted: true }));
            }
            let reached = Reached::Account(&look.account, &seen);
            self.take(arrived, lost, reached, look.few, report).await?;
        }
        Ok(())
    }
}
