//! What the server listed and did not give is asked for again: it may do so now.

use std::collections::BTreeMap;

use wire::jmap::{Email, Jmap};

use super::{Fate, Look};
use crate::ids::SourceId;
use crate::intake::live::WITHHELD;
use crate::mailboxes::failure::Failure;
use crate::mailboxes::sync::{ASKED_AGAIN, Fetcher, Report};
use crate::record::accounts;

/// Messages that were noted as not given, by the server's name: where, and under which number.
pub(super) type Lost = BTreeMap<String, (SourceId, u32)>;

impl Fetcher<'_> {
    /// Those of earlier looks, the newest of each folder.
    pub(super) async fn lost_before(&self, look: &Look<'_>) -> Result<Lost, Failure> {
        let (firm, mailbox) = (self.firm.id, look.connection.id);
        let mut lost = Lost::new();
        let mut tx = self.db.read().await?;
        for (_, place) in look.plan.wanted.values() {
            let found =
                accounts::withheld(&mut tx, firm, mailbox, place.source, WITHHELD, ASKED_AGAIN).await?;
            lost.extend(found.into_iter().map(|(id, number)| (id, (place.source, number))));
        }
        Ok(lost)
    }

    /// Asks for them. Where the server still does not give them, in whatever words, they stay noted: all that is new was
    /// fetched.
    pub(super) async fn ask_again(
        &self,
        jmap: &mut Jmap,
        look: &mut Look<'_>,
        lost: &Lost,
        report: &mut Report,
    ) -> Result<(), Failure> {
        if lost.is_empty() {
            return Ok(());
        }
        match self.ask_for(jmap, look, lost, report).await {
            Err(Failure::Server(_)) => Ok(()),
            asked => asked,
        }
    }

    async fn ask_for(
        &self,
        jmap: &mut Jmap,
        look: &mut Look<'_>,
        lost: &Lost,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let ids: Vec<String> = lost.keys().cloned().collect();
        let mut emails: Vec<Email> = jmap.about(&ids).await?;
        emails.retain(|email| matches!(look.plan.fate(email), Fate::Fetched(..)));
        let mut tx = self.db.read().await?;
        let known = accounts::seen(&mut tx, self.firm.id, look.connection.id, &ids).await?;
        drop(tx);
        look.few = true;
        let mut at = 0;
        while at < emails.len() {
            let mut batch = jmap.fetch(&emails[at..]).await?;
            at += batch.taken;
            // It was noted when it was not given for the first time.
            batch.withheld.clear();
            let given: Vec<(SourceId, u32)> =
                batch.messages.iter().filter_map(|message| lost.get(&message.id)).copied().collect();
            if !given.is_empty() {
                self.keep_emails(look, &emails, batch, &known, report).await?;
                self.were_given(&given).await?;
            }
        }
        Ok(())
    }
}
