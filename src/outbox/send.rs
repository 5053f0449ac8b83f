//! Hands in what is due, and sees to it that the record and the folder of sent mail know of it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use wire::folders::kept_for;
use wire::mail::{Folder, Role};
use wire::smtp::{Built, Refusal, hand_in};

use super::returned::{Awaiting, Report};
use super::{Outgoing, State, WROTE_FIRST, Way, next_try, returned, store, walls};
use crate::db::{Durability, Tx};
use crate::error::{Error, Result};
use crate::ids::{FirmId, MailboxId};
use crate::mailboxes::conversation::Conversation;
use crate::mailboxes::failure::Failure;
use crate::mailboxes::sync::{Fetcher, record_sent};
use crate::mailboxes::trial::no_way;
use crate::mailboxes::{self, Connection, SecretKind, SendBy};
use crate::record::changes;

/// From so many mailboxes mail is sent at once: a server that hangs holds up its own, and many that hang are no more
/// than so many waiting connections.
pub const AT_ONCE: usize = 16;
/// How long one process has to hand a message in.
const LEASE: SignedDuration = SignedDuration::from_mins(20);
/// When a copy that could not be put into the folder of sent mail is tried again.
const COPY_AGAIN: SignedDuration = SignedDuration::from_mins(5);

/// A server that files what it sends by itself has done so after this time; looked at earlier, there would be two copies.
const FILED: SignedDuration = SignedDuration::from_mins(2);

/// Hands messages in, with the hands of the fetcher.
pub struct Sender<'a> {
    /// What reaches the servers and the record.
    pub fetcher: &'a Fetcher<'a>,
    /// Names this process.
    pub holder: i64,
}

impl Sender<'_> {
    /// Sends what is due from all mailboxes, several of them at once, and finishes what has left.
    pub async fn round(&self) -> Result<()> {
        let mut rounds: Vec<_> =
            self.look().await?.into_iter().map(|mailbox| self.work_off(mailbox)).collect();
        let mut outcome = Ok(());
        // What fails at one mailbox keeps no other from its turn.
        while !rounds.is_empty() {
            let some = rounds.split_off(rounds.len().saturating_sub(AT_ONCE));
            outcome = join_all(some).await.into_iter().fold(outcome, Result::and);
        }
        outcome
    }

    /// The mailboxes from which something is to be sent or finished at this moment. Before that, what a process left
    /// behind that ended is given up, and what mail servers report is heard.
    pub async fn look(&self) -> Result<Vec<MailboxId>> {
        let (firm, now) = (self.fetcher.firm.id, (self.fetcher.now)());
        // Once a second, and mostly there is nothing: who writes meanwhile is not kept waiting for that.
        let mut tx = self.fetcher.db.read().await?;
        let has_abandoned = store::has_abandoned(&mut tx, firm, now).await?;
        let (awaiting, reports) = returned::reports(&mut tx, firm, now).await?;
        let due = store::mailboxes_due(&mut tx, firm, now).await?;
        tx.commit().await?;
        if has_abandoned {
            self.abandon(now).await?;
        }
        self.hear(&awaiting, &reports, now).await?;
        Ok(due)
    }

    /// Sends what is due from one mailbox, one message after the other, and finishes what has left.
    pub async fn work_off(&self, mailbox: MailboxId) -> Result<()> {
        let fetcher = self.fetcher;
        let firm = fetcher.firm.id;
        let now = (fetcher.now)();
        let mut tx = fetcher.db.read().await?;
        let due = store::due(&mut tx, firm, mailbox, now).await?;
        let unfinished = store::unfinished(&mut tx, firm, mailbox, now).await?;
        drop(tx);
        for outgoing in due {
            if fetcher.stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            self.send(outgoing).await?;
        }
        for outgoing in unfinished {
            self.finish(outgoing).await?;
        }
        Ok(())
    }

    /// Looks at what mail servers report of messages that left.
    async fn hear(&self, awaiting: &[Awaiting], reports: &[Report], now: Timestamp) -> Result<()> {
        let firm = self.fetcher.firm.id;
        for report in reports {
            let mut tx = changes::begin(self.fetcher.db, firm, Durability::Act).await?;
            returned::look(&mut tx, firm, awaiting, report, now).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    async fn abandon(&self, now: Timestamp) -> Result<()> {
        let words = "the program ended while it was being sent; look into the folder of sent mail";
        let mut tx = self.fetcher.db.write(Durability::Act).await?;
        store::abandon(&mut tx, self.fetcher.firm.id, words, now).await?;
        tx.commit().await
    }

    /// Sends one message; false where another process has it.
    pub async fn send(&self, mut outgoing: Outgoing) -> Result<bool> {
        let firm = self.fetcher.firm.id;
        let now = (self.fetcher.now)();
        let mut tx = self.fetcher.db.write(Durability::Act).await?;
        // It was read a while ago: another process may have sent it meanwhile, or its writer taken it back.
        if !store::claim(&mut tx, firm, &outgoing, State::Sending, self.holder, LEASE, now).await? {
            return Ok(false);
        }
        if let Some(why) = held_back(&mut tx, firm, &outgoing).await? {
            outgoing.state = State::Held;
            outgoing.trouble = Some(why.to_owned());
            store::set(&mut tx, firm, &outgoing).await?;
            tell(&mut tx, firm, &outgoing).await?;
            tx.commit().await?;
            return Ok(true);
        }
        tx.commit().await?;
        let outcome = match outgoing.way {
            Way::Out => self.hand_in(&outgoing).await,
            Way::Drafts => self.put_among_drafts(&outgoing).await,
        };
        self.sort(&mut outgoing, outcome);
        self.save(&outgoing).await?;
        if outgoing.state == State::Sent {
            self.finish(outgoing).await?;
        }
        Ok(true)
    }

    async fn hand_in(&self, outgoing: &Outgoing) -> Result<(), Refusal> {
        let fetcher = self.fetcher;
        let later = |error: Error| Refusal::Later(error.to_string());
        let connection = self.connection(outgoing.mailbox).await.map_err(later)?;
        let Some(connection) = connection else {
            return Err(Refusal::Message("its mailbox is connected no more".to_owned()));
        };
        let message = Built {
            bytes: outgoing.bytes.clone(),
            from: outgoing.sender.clone(),
            recipients: outgoing.recipients.clone(),
        };
        let server = match &connection.send_by {
            SendBy::Smtp(server) => server,
            SendBy::Jmap => {
                // Whoever renews a token does it on the way in.
                return match fetcher.open(&connection).await.map_err(no_login)? {
                    Conversation::Jmap(mut jmap, _) => jmap.hand_in(&message).await,
                    Conversation::Imap(_) => Err(no_way()),
                };
            }
        };
        let (signer, target) = (fetcher.signer(), connection.target(server));
        let login = signer.login(&connection).await.map_err(no_login)?;
        match hand_in(&target, &login, &message, &fetcher.limits).await {
            // Nothing was said yet but who we are, so it may be said again with another token.
            Err(Refusal::Login(trouble)) if trouble.is_login() && connection.kind == SecretKind::OAuth => {
                let login = signer.login_after(&connection, Some(&login)).await.map_err(no_login)?;
                hand_in(&target, &login, &message, &fetcher.limits).await
            }
            outcome => outcome,
        }
    }

    /// Puts a message among the drafts of its mailbox, from where its owner sends it.
    async fn put_among_drafts(&self, outgoing: &Outgoing) -> Result<(), Refusal> {
        let later = |error: &dyn std::fmt::Display| Refusal::Later(error.to_string());
        let connection = self.connection(outgoing.mailbox).await.map_err(|e| later(&e))?;
        let Some(connection) = connection else {
            return Err(Refusal::Message("its mailbox is connected no more".to_owned()));
        };
        let put = async {
            let mut open = self.fetcher.open(&connection).await?;
            open.put(Role::Drafts, &outgoing.message_id, &outgoing.bytes).await?;
            open.close().await;
            Ok::<(), Failure>(())
        };
        put.await.map_err(|failure| later(&failure))
    }

    async fn connection(&self, mailbox: MailboxId) -> Result<Option<Connection>> {
        let mut tx = self.fetcher.db.read().await?;
        let all = mailboxes::store::all(&mut tx, self.fetcher.firm.id).await?;
        Ok(all.into_iter().find(|connection| connection.id == mailbox))
    }

    /// Where a message stands after an attempt.
    fn sort(&self, outgoing: &mut Outgoing, outcome: Result<(), Refusal>) {
        let now = (self.fetcher.now)();
        outgoing.tries += 1;
        outgoing.trouble = outcome.as_ref().err().map(ToString::to_string);
        outgoing.state = match outcome {
            Ok(()) => {
                (outgoing.sent, outgoing.next) = (Some(now), now);
                match outgoing.way {
                    Way::Out => State::Sent,
                    Way::Drafts => State::Placed,
                }
            }
            // Another password may be given at any time.
            Err(Refusal::Later(_) | Refusal::Login(_)) => match next_try(outgoing.tries, now) {
                Some(next) => {
                    outgoing.next = next;
                    State::Waiting
                }
                None => State::Failed,
            },
            Err(Refusal::Unsure(_)) => State::Unsure,
            Err(Refusal::Recipients(_) | Refusal::Message(_)) => State::Failed,
        };
    }

    async fn save(&self, outgoing: &Outgoing) -> Result<()> {
        let mut tx = self.fetcher.db.write(Durability::Act).await?;
        let firm = self.fetcher.firm.id;
        store::set(&mut tx, firm, outgoing).await?;
        if outgoing.state == State::Placed {
            store::empty(&mut tx, firm, outgoing.id).await?;
        }
        tell(&mut tx, firm, outgoing).await?;
        tx.commit().await
    }

    /// Brings a message that left into the record and into the folder of sent mail; what fails is tried again.
    async fn finish(&self, mut outgoing: Outgoing) -> Result<bool> {
        let now = (self.fetcher.now)();
        let mut tx = self.fetcher.db.write(Durability::Act).await?;
        let firm = self.fetcher.firm.id;
        let claimed = store::claim(&mut tx, firm, &outgoing, State::Sent, self.holder, LEASE, now).await?;
        tx.commit().await?;
        if !claimed {
            return Ok(false);
        }
        let Some(connection) = self.connection(outgoing.mailbox).await? else {
            (outgoing.recorded, outgoing.copied) = (true, true);
            self.save(&outgoing).await?;
            return Ok(true);
        };
        if !outgoing.recorded {
            self.record(&connection, &outgoing).await?;
            outgoing.recorded = true;
            if !outgoing.copied && connection.server_keeps_copy() {
                outgoing.next = now + FILED;
                self.save(&outgoing).await?;
                return Ok(true);
            }
        }
        if !outgoing.copied
            && let Err(failure) = self.copy(&connection, &outgoing).await
        {
            let known = match connection.server_keeps_copy() {
                true => "nobody could look whether a copy is in the folder of sent mail",
                false => "no copy is in the folder of sent mail yet",
            };
            outgoing.trouble = Some(format!("it left, but {known}: {failure}"));
            outgoing.next = now + COPY_AGAIN;
        } else {
            outgoing.copied = true;
            outgoing.trouble = None;
        }
        let mut tx = self.fetcher.db.write(Durability::Act).await?;
        store::set(&mut tx, firm, &outgoing).await?;
        if outgoing.copied {
            store::empty(&mut tx, firm, outgoing.id).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    async fn record(&self, connection: &Connection, outgoing: &Outgoing) -> Result<()> {
        let folder = Folder {
            mailbox: Some(connection.address.clone()),
            name: "sent from here".to_owned(),
            role: Role::Sent,
        };
        let now = (self.fetcher.now)();
        let place = self.fetcher.place_of(connection, &folder).await?;
        let live = self.fetcher.live;
        if !record_sent(live, Arc::new(folder), &place, outgoing.bytes.clone(), now).await? {
            self.fetcher.settle_if_it_pays().await?;
        }
        Ok(())
    }

    /// Puts a copy into the folder of sent mail, unless it is there already: some servers do it by themselves.
    async fn copy(&self, connection: &Connection, outgoing: &Outgoing) -> Result<(), Failure> {
        // By JMAP what is handed in lies among sent mail already.
        if connection.send_by == SendBy::Jmap {
            return Ok(());
        }
        let mut open = self.fetcher.open(connection).await?;
        // Where its folder is not shown, the copy that the server keeps cannot be looked for.
        if connection.server_keeps_copy() && kept_for(&open.folders().await?, Role::Sent).is_none() {
            open.close().await;
            return Ok(());
        }
        open.put(Role::Sent, &outgoing.message_id, &outgoing.bytes).await?;
        open.close().await;
        Ok(())
    }
}

/// There is nothing to sign in with.
fn no_login(failure: Failure) -> Refusal {
    match failure {
        Failure::Server(trouble) if trouble.is_login() => Refusal::Login(trouble),
        failure => Refusal::Later(failure.to_string()),
    }
}

/// Why a message whose time has come does not leave: what it was written in view of has changed.
async fn held_back(tx: &mut Tx, firm: FirmId, outgoing: &Outgoing) -> Result<Option<&'static str>> {
    if let Some(barred) = walls::before(tx, firm, outgoing).await? {
        return Ok(Some(barred.words()));
    }
    let Some(answers) = outgoing.answers.filter(|_| outgoing.only_if_quiet) else { return Ok(None) };
    Ok(store::wrote_first(tx, firm, answers, outgoing.made).await?.then_some(WROTE_FIRST))
}

/// Open pages of its client show where a message stands.
pub(super) async fn tell(tx: &mut Tx, firm: FirmId, outgoing: &Outgoing) -> Result<()> {
    match outgoing.client {
        Some(_) => changes::note_besides(tx, firm).await,
        None => Ok(()),
    }
}
