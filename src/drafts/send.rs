//! The way out: a draft becomes a message once, can be taken back while it has not left, and is a draft again then.

use care::obligation::ObligationId;
use jiff::Timestamp;

use super::files::HandedIn;
use super::standing::stands;
use super::words::{self, read_people};
use super::{Draft, Fields, Purpose, Target, answered, files, find, save_in, senders, store};
use crate::app::Handles;
use crate::board::Asker;
use crate::db::{Durability, Tx};
use crate::error::{Error, Result};
use crate::ids::{DraftId, OutgoingId};
use crate::mailboxes::Connection;
use crate::outbox::compose::{self, Leaving, Words, Writer};
use crate::outbox::walls::{self, About};
use crate::outbox::{self, Outgoing, State, UNDO, Way};
use crate::record::{audit, changes};

/// How a draft is to leave.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// When; none: at once, with the time to take it back.
    pub at: Option<Timestamp>,
    /// Where it goes.
    pub way: Way,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnItsWay {
    /// The message.
    pub outgoing: OutgoingId,
    /// What was done, as a sentence.
    pub words: String,
    /// It was on its way already, so nothing was done.
    pub already: bool,
}

/// Sends a draft, with what was filled in last. However often it is asked, one message leaves.
pub async fn send(
    app: &Handles,
    asker: &Asker,
    id: DraftId,
    fields: Option<Fields>,
    wanted: Wanted,
) -> Result<OnItsWay> {
    asker.may_act()?;
    let now = app.now();
    let mut tx = app.db.write(Durability::Act).await?;
    let draft = match find(&mut tx, asker, id).await {
        Err(Error::NotFound) => return already(&mut tx, asker, id, now).await,
        found => found?,
    };
    if let Some(outgoing) = draft.outgoing {
        let known = outbox::store::one(&mut tx, asker.firm, outgoing).await?;
        return Ok(OnItsWay { outgoing, words: stands(asker, &known, now), already: true });
    }
    let draft = match fields {
        Some(fields) => save_in(&mut tx, asker, draft, fields, now).await?,
        None => draft,
    };
    hand_over(app, asker, tx, &draft, wanted, now).await
}

/// A letter that a program hands in whole.
#[derive(Debug, Clone, Default)]
pub struct Ready {
    /// The letter.
    pub text: String,
    /// About what; none: as an answer is called.
    pub subject: Option<String>,
    /// To whom; none: whoever waits.
    pub to: Option<String>,
    /// Who gets a copy; none: as an answer goes.
    pub cc: Option<String>,
    /// Who gets a copy that nobody else knows of.
    pub bcc: String,
    /// What it answers stands below, quoted.
    pub quotes: bool,
    /// Files.
    pub files: Vec<HandedIn>,
}

/// Sends a letter that is whole already. Asked again with the same `once`, it is not sent again.
pub async fn write(
    app: &Handles,
    asker: &Asker,
    owed: ObligationId,
    purpose: Purpose,
    ready: Ready,
    once: &str,
    wanted: Wanted,
) -> Result<OnItsWay> {
    asker.may_act()?;
    let now = app.now();
    let mut tx = app.db.write(Durability::Act).await?;
    let found = asker.obligation(&mut tx, owed).await?;
    let id = DraftId(once_id(asker, owed, once));
    if outbox::store::of_draft(&mut tx, asker.firm, id).await?.is_some() {
        return already(&mut tx, asker, id, now).await;
    }
    if !purpose.suits(found.kind) {
        return Err(Error::unfit(format!("is nothing to write {} about", purpose.name().replace('_', " "))));
    }
    let target = Target { client: found.client, owed: Some(owed), purpose };
    if let Some(known) = store::of(&mut tx, asker.firm, asker.staff, &target).await? {
        // What somebody began by hand is not written over.
        if known.outgoing.is_some() || known.changed.is_some() {
            return Err(Error::unfit(
                "has a letter of yours already, begun or on its way; look at the outbox",
            ));
        }
        store::remove(&mut tx, asker.firm, known.id).await?;
    }
    let seed = words::about_owed(&mut tx, asker, &found, purpose, None, now).await?;
    let fields = Fields {
        words: ready.text,
        subject: ready.subject.unwrap_or(seed.fields.subject),
        to: ready.to.unwrap_or(seed.fields.to),
        cc: ready.cc.unwrap_or(seed.fields.cc),
        bcc: ready.bcc,
        quotes: ready.quotes,
        mailbox: None,
    };
    let draft = Draft {
        id,
        by: asker.staff,
        target,
        answers: seed.answers,
        fields: fields.tidied()?,
        made: now,
        changed: Some(now),
        open_until: now,
        outgoing: None,
    };
    store::add(&mut tx, asker.firm, &draft).await?;
    files::attach_in(&mut tx, asker.firm, id, ready.files).await?;
    hand_over(app, asker, tx, &draft, wanted, now).await
}

/// The number of a draft that a program names by its own word.
fn once_id(asker: &Asker, owed: ObligationId, once: &str) -> i64 {
    let hash = blake3::hash(format!("letter {} {} {owed} {once}", asker.firm.0, asker.staff.0).as_bytes());
    i64::from_le_bytes(hash.as_bytes()[..8].try_into().unwrap_or_default()) & i64::MAX
}

/// Makes the message of a draft, once, and lets it wait for its time.
async fn hand_over(
    app: &Handles,
    asker: &Asker,
    mut tx: Tx,
    draft: &Draft,
    wanted: Wanted,
    now: Timestamp,
) -> Result<OnItsWay> {
    let outgoing = message(&mut tx, asker, draft, wanted, now).await?;
    if !store::claim(&mut tx, asker.firm, draft, outgoing.id).await? {
        return already(&mut tx, asker, draft.id, now).await;
    }
    outbox::store::add(&mut tx, asker.firm, &outgoing).await?;
    let act = if wanted.way == Way::Drafts { "put_among_drafts" } else { "sent" };
    audit::note(&mut tx, asker.firm, asker.staff, act, &outgoing.for_the_log(), now).await?;
    commit(app, asker, tx, Some(&outgoing)).await?;
    Ok(OnItsWay { outgoing: outgoing.id, words: stands(asker, &outgoing, now), already: false })
}

/// A form that is handed in again when its draft has left.
async fn already(tx: &mut Tx, asker: &Asker, id: DraftId, now: Timestamp) -> Result<OnItsWay> {
    let outgoing = outbox::store::of_draft(tx, asker.firm, id).await?.ok_or(Error::NotFound)?;
    let known = outbox::store::one(tx, asker.firm, outgoing).await?;
    if known.by != Some(asker.staff) || known.client.is_some_and(|client| asker.is_walled(client)) {
        return Err(Error::NotFound);
    }
    Ok(OnItsWay { outgoing, words: stands(asker, &known, now), already: true })
}

/// The draft as a message.
async fn message(
    tx: &mut Tx,
    asker: &Asker,
    draft: &Draft,
    wanted: Wanted,
    now: Timestamp,
) -> Result<Outgoing> {
    let fields = &draft.fields;
    if fields.words.trim().is_empty() {
        return Err(Error::invalid("the letter", "is empty; a few words are enough"));
    }
    let connections = senders(tx, asker).await?;
    let from = sender(&connections, draft)?;
    let (to, cc) = (read_people("To", &fields.to)?, read_people("Cc", &fields.cc)?);
    let bcc = read_people("Bcc", &fields.bcc)?;
    if to.is_empty() {
        return Err(Error::invalid("To", "is empty; say to whom it goes"));
    }
    // Whom a wall keeps somebody away from, they do not write to or about either; the board may be a moment old.
    let recipients: Vec<String> = to.iter().chain(&cc).chain(&bcc).map(|one| one.address.clone()).collect();
    let answered = answered(tx, asker, draft).await?;
    let theirs = answered.as_ref().map_or("", |answered| &answered.letter().subject);
    let quoted = answered.as_ref().filter(|_| fields.quotes).map_or("", |answered| &answered.letter().text);
    let texts = [fields.subject.as_str(), &fields.words, theirs, quoted];
    let about = About { client: Some(draft.target.client), recipients: &recipients, texts: &texts };
    if let Some(barred) = walls::between(tx, asker.firm, asker.staff, &about).await? {
        return Err(Error::invalid("the letter", format!("cannot be sent: {}", barred.words())));
    }
    let leaves = match (wanted.at, wanted.way) {
        (Some(at), Way::Out) if at <= now => {
            return Err(Error::invalid("the moment", "to send it at is past; choose a later one"));
        }
        (Some(at), Way::Out) => at.max(now + UNDO),
        (None, Way::Out) => now + UNDO,
        (_, Way::Drafts) => now,
    };
    let writing = store::writing(tx, asker.firm, asker.staff).await?;
    let words = Words {
        text: fields.words.clone(),
        subject: Some(fields.subject.clone()),
        to,
        cc,
        bcc,
        signature: (!writing.signature.is_empty()).then_some(writing.signature),
        quotes: fields.quotes,
        attachments: files::attachments(tx, asker.firm, draft.id).await?,
    };
    let name = asker.face().map(|face| face.name.clone());
    let writer = Writer { connection: from, name, staff: Some(asker.staff) };
    let leaving = Leaving {
        at: leaves,
        way: wanted.way,
        draft: Some(draft.id),
        owed: draft.target.owed,
        client: Some(draft.target.client),
    };
    let firm = &asker.board.firm.firm;
    let (outgoing, _) = compose::letter(tx, firm, &writer, answered.as_ref(), words, leaving, now)?;
    Ok(outgoing)
}

/// The mailbox that a draft is sent from.
pub fn sender<'a>(connections: &'a [Connection], draft: &Draft) -> Result<&'a Connection> {
    let none =
        || Error::invalid("you", "have no connected mailbox to send from; connect one in the settings");
    match draft.fields.mailbox {
        Some(id) => connections
            .iter()
            .find(|one| one.id == id)
            .ok_or_else(|| Error::invalid("From", "is a mailbox that is connected no more; choose another")),
        None => connections.first().ok_or_else(none),
    }
}

/// A message of one's own, or one that everybody may know of who sees its client.
pub async fn outgoing(tx: &mut Tx, asker: &Asker, id: OutgoingId) -> Result<Outgoing> {
    let found = outbox::store::one(tx, asker.firm, id).await?;
    if sees(asker, found.by, found.client) { Ok(found) } else { Err(Error::NotFound) }
}

/// Whether somebody may know of a message: its writer, unless a wall has come between; others where its client is
/// confirmed and no wall keeps them out.
pub fn sees(asker: &Asker, by: Option<crate::ids::StaffId>, client: Option<crate::ids::ClientId>) -> bool {
    match client {
        Some(client) if asker.is_walled(client) => false,
        Some(client) => by == Some(asker.staff) || asker.client(client).is_ok(),
        None => by == Some(asker.staff),
    }
}

/// What somebody may do with a message that has not left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Taken back: it is a draft again.
    TakeBack,
    /// It leaves now.
    Now,
    /// It had left, says a person.
    Left,
    /// That it came back was seen; it needs no look any more.
    Seen,
}

impl Turn {
    /// The turn of that name.
    pub fn named(name: &str) -> Option<Turn> {
        match name {
            "back" => Some(Turn::TakeBack),
            "now" => Some(Turn::Now),
            "left" => Some(Turn::Left),
            "seen" => Some(Turn::Seen),
            _ => None,
        }
    }
}

/// What a turn did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turned {
    /// In a sentence.
    pub words: String,
    /// The draft that it is again.
    pub draft: Option<DraftId>,
}

/// Takes a message back, sends it now, or says that it left.
pub async fn turn(app: &Handles, asker: &Asker, id: OutgoingId, turn: Turn) -> Result<Turned> {
    asker.may_act()?;
    let now = app.now();
    let mut tx = app.db.write(Durability::Act).await?;
    let found = outgoing(&mut tx, asker, id).await?;
    // A colleague's letter is theirs to send; an owner may stop one.
    if found.by != Some(asker.staff) {
        asker.may_set_up()?;
        let is_nobodys = found.by.is_none() && turn == Turn::Seen;
        if turn != Turn::TakeBack && !is_nobodys {
            return Err(Error::invalid("you", "may stop a colleague's letter, but not send it for them"));
        }
    }
    let (to, next) = match (turn, found.state) {
        (Turn::TakeBack, State::Waiting | State::Failed | State::Held) => (State::Cancelled, found.next),
        (Turn::Now, State::Waiting | State::Failed | State::Held | State::Unsure) => (State::Waiting, now),
        (Turn::Left, State::Unsure) => (State::Sent, now),
        (Turn::Seen, State::Returned) => (State::Cancelled, found.next),
        _ => return Err(Error::unfit(format!("cannot be done any more: {}", stands(asker, &found, now)))),
    };
    if !outbox::store::turn(&mut tx, asker.firm, &found, to, next, now).await? {
        return Err(Error::unfit("came too late: it is being handed to the mail server at this moment"));
    }
    let mut turned = Turned { words: String::new(), draft: None };
    match (turn, found.state) {
        (Turn::Left, _) => {
            let left =
                Outgoing { state: State::Sent, sent: Some(now), next: now, trouble: None, ..found.clone() };
            outbox::store::set(&mut tx, asker.firm, &left).await?;
        }
        // What may have left is sent again as the same message; what has not carries the moment at which it does.
        (Turn::Now, State::Waiting | State::Failed | State::Held) => {
            let bytes = compose::redated(&found.bytes, &now.to_zoned(asker.board.firm.zone.clone()))?;
            outbox::store::rewrite(&mut tx, asker.firm, id, &bytes).await?;
        }
        _ => {}
    }
    match turn {
        Turn::TakeBack => {
            let again = store::release(&mut tx, asker.firm, id).await?;
            turned.draft = found.draft.filter(|_| again && found.by == Some(asker.staff));
            turned.words = "Taken back. Nothing left; here it is as you wrote it.".to_owned();
        }
        Turn::Now => turned.words = "It leaves now.".to_owned(),
        Turn::Left => turned.words = "Noted: it had left.".to_owned(),
        Turn::Seen => turned.words = "Noted. What it was to end is owed again.".to_owned(),
    }
    let act = match turn {
        Turn::TakeBack => "took a message back",
        Turn::Now => "sent a message again",
        Turn::Left => "said that a message left",
        Turn::Seen => "saw that a message came back",
    };
    audit::note(&mut tx, asker.firm, asker.staff, act, &found.for_the_log(), now).await?;
    commit(app, asker, tx, Some(&found)).await?;
    Ok(turned)
}

/// Makes it stand, and tells open pages of its client.
async fn commit(app: &Handles, asker: &Asker, mut tx: Tx, of: Option<&Outgoing>) -> Result<()> {
    if of.is_some_and(|outgoing| outgoing.client.is_some()) {
        changes::note_besides(&mut tx, asker.firm).await?;
    }
    app.commit(asker.firm, tx).await
}
