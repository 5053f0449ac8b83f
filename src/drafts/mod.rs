//! Letters that people of the firm write: begun from what is owed, kept as they are typed, looked over, and sent.
//!
//! [`words`] has what a letter begins with and how people are named in it; [`check`] what to mend; [`send`] the way
//! out and back, [`standing`] where a letter stands on it. A draft is its writer's own: nobody else reads it, colleagues only learn that it is being written.

pub mod check;
mod clock;
pub mod files;
pub mod pages;
pub mod send;
pub mod standing;
pub mod store;
mod whom;
pub mod words;

use care::obligation::{Kind, Obligation, ObligationId};
use jiff::{SignedDuration, Timestamp};

use crate::app::Handles;
use crate::board::{Asker, Card};
use crate::db::{Durability, Tx};
use crate::error::{Error, Result};
use crate::ids::{ClientId, DraftId, MailboxId, NaturalKey, OutgoingId, StaffId};
use crate::mailboxes::{self, Connection};
use crate::outbox::compose::{self, Answered};
use crate::record::{changes, read};
use crate::text;

/// A page that is open says so this often at least; one that fell silent is taken for closed.
pub const OPEN: SignedDuration = SignedDuration::from_secs(40);
/// A longer letter is a document.
pub const LONGEST: usize = 100_000;

/// Why a letter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// To answer, or to deliver what was promised.
    Answer,
    /// To say when they will hear.
    Hold,
    /// To tell another date for what was promised.
    NewDate,
    /// To be in touch after silence.
    CheckIn,
    /// To thank.
    Thanks,
    /// For any other reason.
    Letter,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Purpose; 6] = [
        Purpose::Answer,
        Purpose::Hold,
        Purpose::NewDate,
        Purpose::CheckIn,
        Purpose::Thanks,
        Purpose::Letter,
    ];

    /// The word in tables, forms and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Purpose::Answer => "answer",
            Purpose::Hold => "hold",
            Purpose::NewDate => "new_date",
            Purpose::CheckIn => "check_in",
            Purpose::Thanks => "thanks",
            Purpose::Letter => "letter",
        }
    }

    /// The purpose of that name.
    pub fn named(name: &str) -> Option<Purpose> {
        Purpose::ALL.into_iter().find(|purpose| purpose.name() == name)
    }

    /// Whether a letter for this can be written about something of that kind.
    pub fn suits(self, kind: Kind) -> bool {
        match self {
            Purpose::Answer => !kind.is_upkeep(),
            Purpose::Hold => !kind.is_upkeep() && kind != Kind::Promise,
            Purpose::NewDate => kind == Kind::Promise,
            Purpose::CheckIn => kind == Kind::CheckIn,
            Purpose::Thanks => kind == Kind::Thanks,
            Purpose::Letter => false,
        }
    }
}

/// What a letter is written about, and to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The client.
    pub client: ClientId,
    /// What is owed; none for a letter that nothing asks for.
    pub owed: Option<ObligationId>,
    /// Why.
    pub purpose: Purpose,
}

/// What its writer fills in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    /// From which mailbox; none: the first of one's own.
    pub mailbox: Option<MailboxId>,
    /// To whom, as it is typed.
    pub to: String,
    /// Who gets a copy.
    pub cc: String,
    /// Who gets a copy that nobody else knows of.
    pub bcc: String,
    /// About what.
    pub subject: String,
    /// The letter.
    pub words: String,
    /// What it answers stands below, quoted.
    pub quotes: bool,
}

/// A letter that somebody is writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its id.
    pub id: DraftId,
    /// Who writes.
    pub by: StaffId,
    /// About what.
    pub target: Target,
    /// The message that it answers.
    pub answers: Option<NaturalKey>,
    /// What was filled in.
    pub fields: Fields,
    /// When it was begun.
    pub made: Timestamp,
    /// When something was written last; none while it is as it was begun.
    pub changed: Option<Timestamp>,
    /// Until when it is open before its writer.
    pub open_until: Timestamp,
    /// The message that was made from it, until that has left or was taken back.
    pub outgoing: Option<OutgoingId>,
}

/// A file that goes with a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its number.
    pub id: i64,
    /// The hash of its bytes.
    pub hash: Vec<u8>,
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media: String,
    /// How many bytes it has.
    pub size: u64,
}

impl Fields {
    /// What somebody typed, made fit to be kept.
    pub fn tidied(self) -> Result<Fields> {
        Ok(Fields {
            mailbox: self.mailbox,
            to: text::line("To", &self.to, 2000)?,
            cc: text::line("Cc", &self.cc, 4000)?,
            bcc: text::line("Bcc", &self.bcc, 4000)?,
            subject: text::line("the subject", &self.subject, 500)?,
            words: words::typed(&self.words, LONGEST)?,
            quotes: self.quotes,
        })
    }
}

/// The connected mailboxes from which somebody may write, the best first.
pub async fn senders(tx: &mut Tx, asker: &Asker) -> Result<Vec<Connection>> {
    let allowed = store::senders(tx, asker.firm, asker.staff).await?;
    if allowed.is_empty() {
        return Ok(Vec::new());
    }
    let mut all = mailboxes::store::all(tx, asker.firm).await?;
    all.retain(|connection| allowed.contains(&connection.id));
    all.sort_by_key(|connection| allowed.iter().position(|id| *id == connection.id));
    Ok(all)
}

/// What is owed, as far as whoever writes about it may see it; with its client.
async fn owed<'a>(tx: &mut Tx, asker: &'a Asker, id: ObligationId) -> Result<(Obligation, Option<&'a Card>)> {
    let found = asker.obligation(tx, id).await?;
    let card = asker.board.firm.clients.get(&found.client);
    Ok((found, card))
}

/// Begins a letter about something that is owed, or goes on with the one that was begun. `until` is the date that a
/// hold or a new date tells.
pub async fn begin(
    app: &Handles,
    asker: &Asker,
    id: ObligationId,
    purpose: Purpose,
    until: Option<Timestamp>,
) -> Result<DraftId> {
    asker.may_act()?;
    let now = app.now();
    let mut tx = app.db.write(Durability::Act).await?;
    let (found, _) = owed(&mut tx, asker, id).await?;
    if !purpose.suits(found.kind) {
        return Err(Error::unfit(format!("is nothing to write {} about", purpose.name().replace('_', " "))));
    }
    let target = Target { client: found.client, owed: Some(id), purpose };
    let known = store::of(&mut tx, asker.firm, asker.staff, &target).await?;
    // Another date asks for other words, where none of one's own were written yet.
    let known = match known {
        Some(draft) if draft.changed.is_none() && draft.outgoing.is_none() => {
            store::remove(&mut tx, asker.firm, draft.id).await?;
            None
        }
        known => known,
    };
    let draft = match known {
        Some(draft) => draft,
        None => {
            let seed = words::about_owed(&mut tx, asker, &found, purpose, until, now).await?;
            fresh(&mut tx, asker, target, seed, now).await?
        }
    };
    opened(&mut tx, asker, &draft, now).await?;
    app.commit(asker.firm, tx).await?;
    Ok(draft.id)
}

/// Begins a letter to a client that nothing asks for: a word of thanks, a word after silence, any letter.
pub async fn begin_to(app: &Handles, asker: &Asker, card: &Card, purpose: Purpose) -> Result<DraftId> {
    asker.may_act()?;
    if matches!(purpose, Purpose::Answer | Purpose::Hold | Purpose::NewDate) {
        return Err(Error::invalid("the purpose", "needs something that is owed; begin it from there"));
    }
    let now = app.now();
    let mut tx = app.db.write(Durability::Act).await?;
    let target = Target { client: card.id, owed: None, purpose };
    let draft = match store::of(&mut tx, asker.firm, asker.staff, &target).await? {
        Some(draft) => draft,
        None => {
            let seed = words::to_client(&mut tx, asker, card, purpose).await?;
            fresh(&mut tx, asker, target, seed, now).await?
        }
    };
    opened(&mut tx, asker, &draft, now).await?;
    tx.commit().await?;
    Ok(draft.id)
}

async fn fresh(
    tx: &mut Tx,
    asker: &Asker,
    target: Target,
    seed: words::Seed,
    now: Timestamp,
) -> Result<Draft> {
    let draft = Draft {
        id: DraftId(tx.new_id()),
        by: asker.staff,
        target,
        answers: seed.answers,
        fields: seed.fields,
        made: now,
        changed: None,
        open_until: now + OPEN,
        outgoing: None,
    };
    store::add(tx, asker.firm, &draft).await?;
    // Begun twice in the same moment, the first one counts.
    let kept = store::of(tx, asker.firm, asker.staff, &target).await?;
    kept.ok_or_else(|| Error::Unexpected(anyhow::anyhow!("a draft was begun and is not there")))
}

/// The draft is open before its writer; colleagues who write about the same thing learn it at once.
async fn opened(tx: &mut Tx, asker: &Asker, draft: &Draft, now: Timestamp) -> Result<()> {
    store::sweep(tx, asker.firm, asker.staff, now).await?;
    store::hold_open(tx, asker.firm, draft, now + OPEN).await?;
    if let Some(owed) = draft.target.owed
        && !store::others(tx, asker.firm, asker.staff, owed, now).await?.is_empty()
    {
        changes::note_besides(tx, asker.firm).await?;
    }
    Ok(())
}

/// One's own draft, where whom it is written to can still be seen.
pub async fn find(tx: &mut Tx, asker: &Asker, id: DraftId) -> Result<Draft> {
    let draft = store::one(tx, asker.firm, asker.staff, id).await?;
    if let Some(owed) = draft.target.owed {
        match asker.obligation(tx, owed).await {
            // What it was about may have been read otherwise meanwhile; the letter is still there.
            Err(Error::NotFound) => {}
            found => return found.map(|_| draft),
        }
    }
    asker.client(draft.target.client).map(|_| draft)
}

/// Keeps what was written so far. What is on its way already is not changed.
pub async fn save(app: &Handles, asker: &Asker, id: DraftId, fields: Fields) -> Result<Draft> {
    asker.may_act()?;
    let now = app.now();
    let mut tx = app.db.write(Durability::Act).await?;
    let draft = find(&mut tx, asker, id).await?;
    let draft = save_in(&mut tx, asker, draft, fields, now).await?;
    tx.commit().await?;
    Ok(draft)
}

async fn save_in(tx: &mut Tx, asker: &Asker, draft: Draft, fields: Fields, now: Timestamp) -> Result<Draft> {
    let fields = fields.tidied()?;
    if draft.outgoing.is_some() || (fields == draft.fields && now + OPEN / 2 < draft.open_until) {
        return Ok(draft);
    }
    if fields == draft.fields {
        store::hold_open(tx, asker.firm, &draft, now + OPEN).await?;
        return Ok(Draft { open_until: now + OPEN, ..draft });
    }
    store::save(tx, asker.firm, &draft, &fields, now, now + OPEN).await?;
    Ok(Draft { fields, changed: Some(now), open_until: now + OPEN, ..draft })
}

/// Throws a draft away.
pub async fn discard(app: &Handles, asker: &Asker, id: DraftId) -> Result<()> {
    asker.may_act()?;
    let mut tx = app.db.write(Durability::Act).await?;
    let draft = find(&mut tx, asker, id).await?;
    if draft.outgoing.is_some() {
        return Err(Error::unfit("is on its way; take it back first"));
    }
    store::remove(&mut tx, asker.firm, id).await?;
    if draft.target.owed.is_some() {
        changes::note_besides(&mut tx, asker.firm).await?;
    }
    app.commit(asker.firm, tx).await
}

/// What a draft answers.
pub async fn answered(tx: &mut Tx, asker: &Asker, draft: &Draft) -> Result<Option<Answered>> {
    match draft.answers {
        Some(key) => letter_seen(tx, asker, key).await,
        None => Ok(None),
    }
}

/// A letter that is answered, if whoever answers may see it: what lies in a colleague's mailbox alone is not quoted.
/// None as well where it was erased meanwhile.
async fn letter_seen(tx: &mut Tx, asker: &Asker, key: NaturalKey) -> Result<Option<Answered>> {
    let found = read::entries(tx, asker.firm, &[key]).await?;
    if asker.visible(tx, found).await?.is_empty() {
        return Ok(None);
    }
    match compose::answered_by_key(tx, asker.firm, key).await {
        Ok(answered) => Ok(Some(answered)),
        Err(Error::Invalid { .. } | Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The letter that an answer to something owed would answer.
pub async fn answer_to(tx: &mut Tx, asker: &Asker, owed: &Obligation) -> Result<Option<Answered>> {
    match compose::waited_for(owed) {
        Ok(key) => letter_seen(tx, asker, key).await,
        Err(_) => Ok(None),
    }
}

/// Who else writes about the same thing at this moment, or has begun to, as sentences.
pub async fn beside(tx: &mut Tx, asker: &Asker, draft: &Draft, now: Timestamp) -> Result<Vec<String>> {
    let Some(owed) = draft.target.owed else { return Ok(Vec::new()) };
    let others = store::others(tx, asker.firm, asker.staff, owed, now).await?;
    let sentence = |other: Draft| {
        let who = asker.name_of(other.by);
        match (other.outgoing, other.open_until) {
            (Some(_), _) => format!("{who} has written about this; the letter is on its way."),
            (None, open) if now < open => format!("{who} is writing about this at this moment."),
            (None, _) => format!("{who} has begun to write about this."),
        }
    };
    Ok(others.into_iter().map(sentence).collect())
}
