//! The holding reply: what the firm says by itself, in its own words, to a client whose message will have to wait.
//!
//! It is off until an owner writes its words and switches it on. [`send`] looks at each message that arrives: [`guard`]
//! says whether a machine may answer it at all (RFC 3834), [`care::holding`] whether it will have to wait and what can
//! be told, [`words`] how that is said. It ends and moves nothing: the client still waits for a person.

pub mod guard;
pub mod pages;
pub mod store;
pub mod words;

use care::book::FirmBook;
use care::entry::Of;
use care::holding::{Holding, holding};
use care::obligation::{Kind, Obligation, Role};
use care::people::{ClientKind, Who};
use care::record::in_force;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use reading::letter::{self, Letter};
use wire::smtp::{Draft, Person, hold_id};

use crate::db::{Db, Durability, Tx};
use crate::error::{Error, Result};
use crate::firm::{self, Firm};
use crate::ids::{AddressId, ClientId, FirmId, MailboxId, NaturalKey, OutgoingId};
use crate::mailboxes::{self, Connection};
use crate::outbox::{self, Outgoing, html};
use crate::record::{addresses, book, owed, project, raw};

/// A message that came longer ago is answered by nobody but a person: a server that was off all night says nothing in
/// the morning of what came in the evening.
pub const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// One that is dated longer ago was not written just now, whenever it came.
pub const WRITTEN: SignedDuration = SignedDuration::from_hours(12);
/// The same person is told once in so long.
pub const AGAIN: SignedDuration = SignedDuration::from_hours(24);

/// That a message was looked at and nothing said is remembered for longer than it could be looked at again.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// What the firm switched on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Setting {
    /// Its words, with fields such as `{by when}`.
    pub words: String,
    /// Since when it is on; none while it is off.
    pub on_since: Option<Timestamp>,
}

/// A message that came, and that nobody has looked at.
#[derive(Debug)]
pub(crate) struct Came {
    pub(crate) entry: i64,
    pub(crate) key: NaturalKey,
    pub(crate) raw: Vec<u8>,
}

/// A client's message, and what can be told of it.
struct Answerable {
    client: ClientId,
    owed: Obligation,
    told: Holding,
}

/// Whom it is said to: clients of the firm, and nobody whom it has not yet placed.
pub(crate) fn is_client(kind: ClientKind) -> bool {
    matches!(kind, ClientKind::Organisation | ClientKind::Person)
}

/// Why nothing was said, as the word in the table.
type Silent = &'static str;

/// Its bytes, or whoever it is from, make no message that can be answered.
const UNFIT: Silent = "unfit";

/// Looks at what has come, and puts on its way what is to be said.
pub async fn send(db: &Db, firm: FirmId, now: Timestamp) -> Result<()> {
    let mut tx = db.read().await?;
    let Some(since) = store::setting(&mut tx, firm).await?.on_since else { return Ok(()) };
    // What is owed for what came is known once it is settled.
    if project::is_behind(&mut tx, firm).await? {
        return Ok(());
    }
    let came = store::came(&mut tx, firm, since.max(now - FRESH), now - WRITTEN).await?;
    if came.is_empty() {
        return Ok(());
    }
    let settings = firm::store::load(&mut tx, firm).await?;
    let book = book::at_hand(&mut tx, firm).await?.book;
    tx.commit().await?;
    for message in came {
        look(db, &settings, &book, &message, now).await?;
    }
    Ok(())
}

/// Looks at one message, once.
async fn look(db: &Db, firm: &Firm, book: &FirmBook, came: &Came, now: Timestamp) -> Result<()> {
    let mut tx = db.write(Durability::Act).await?;
    // One process looks at a time, so that nobody is told twice.
    let setting = store::lock(&mut tx, firm.id).await?;
    if setting.on_since.is_none() || store::is_looked_at(&mut tx, firm.id, came.entry).await? {
        return Ok(());
    }
    let bytes = raw::load(&mut tx, firm.id, &came.raw).await?;
    let mut from = None;
    let mut row = store::Look {
        entry: came.entry,
        address: String::new(),
        client: None,
        outcome: "",
        told_until: None,
        outgoing: None,
    };
    let replied = match letter::parse(&bytes) {
        Ok(letter) => {
            let replied = reply(&mut tx, firm, book, &setting, came, &bytes, &letter, now).await?;
            from = letter.from;
            replied
        }
        Err(_) => Err(UNFIT),
    };
    match replied {
        Err(silent) => row.outcome = silent,
        Ok((answerable, outgoing)) => {
            outbox::store::add(&mut tx, firm.id, &outgoing).await?;
            row.address = from.map(|from| from.address).unwrap_or_default();
            row.client = Some(answerable.client);
            row.outcome = answerable.told.why.name();
            (row.told_until, row.outgoing) = (Some(answerable.told.by), Some(outgoing.id));
        }
    }
    store::add(&mut tx, firm.id, &row, now).await?;
    store::forget(&mut tx, firm.id, now - KEPT).await?;
    tx.commit().await
}

/// What is said to whoever wrote a message, if anything is.
#[expect(clippy::too_many_arguments, reason = "each is one fact that the rule needs")]
async fn reply(
    tx: &mut Tx,
    firm: &Firm,
    book: &FirmBook,
    setting: &Setting,
    came: &Came,
    bytes: &[u8],
    letter: &Letter,
    now: Timestamp,
) -> Result<std::result::Result<(Answerable, Outgoing), Silent>> {
    if guard::is_machine(bytes, letter) {
        return Ok(Err("machine"));
    }
    let Some(from) = letter.from.as_ref() else { return Ok(Err("nobody")) };
    let Some(address) = addresses::find(tx, firm.id, &from.address).await? else { return Ok(Err("nobody")) };
    let answerable = match answerable(tx, firm.id, book, address, came.key, now).await? {
        Ok(answerable) => answerable,
        Err(silent) => return Ok(Err(silent)),
    };
    if told_lately(tx, firm.id, book, &from.address, address, now).await? {
        return Ok(Err("told_lately"));
    }
    let Some(connection) = came_to(tx, firm.id, came.entry, letter).await? else {
        return Ok(Err("not_to_us"));
    };
    let names = words::Names::of(tx, firm, book, answerable.client, from.name.as_deref(), address).await?;
    let text = names.fill(&setting.words, &answerable.told, &zone(firm)?);
    let to = Person { name: from.name.clone(), address: from.address.clone() };
    let outgoing = match message(tx, firm, &connection, letter, to, &text, now) {
        Ok(outgoing) => outgoing,
        Err(Error::Invalid { .. }) => return Ok(Err(UNFIT)),
        Err(error) => return Err(error),
    };
    let outgoing = Outgoing {
        answers: Some(came.key),
        owed: Some(answerable.owed.id),
        client: Some(answerable.client),
        ..outgoing
    };
    Ok(Ok((answerable, outgoing)))
}

/// The answer that a message opened or joined, where it is a client's of the firm and will have to wait.
async fn answerable(
    tx: &mut Tx,
    firm: FirmId,
    book: &FirmBook,
    from: AddressId,
    key: NaturalKey,
    now: Timestamp,
) -> Result<std::result::Result<Answerable, Silent>> {
    let Who::Client { client, .. } = book.directory.who(from) else { return Ok(Err("no_client")) };
    if !book.client(client).is_some_and(|client| is_client(client.kind)) {
        return Ok(Err("no_client"));
    }
    let waits = |owed: &Obligation| {
        owed.kind == Kind::Answer
            && owed.ended.is_none()
            && owed.evidence.iter().any(|evidence| {
                matches!(evidence.role, Role::Opened | Role::Joined) && evidence.of == Of::Message(key)
            })
    };
    let Some(owed) = owed::of_client(tx, firm, client).await?.into_iter().find(waits) else {
        return Ok(Err("nothing_owed"));
    };
    let decisions = book::decisions_about_cover(tx, firm).await?;
    Ok(match holding(book, &owed, in_force(&decisions), now) {
        Some(told) => Ok(Answerable { client, owed, told }),
        None => Err("in_time"),
    })
}

/// Whether the same person was told within the last day, by whichever address of theirs.
async fn told_lately(
    tx: &mut Tx,
    firm: FirmId,
    book: &FirmBook,
    text: &str,
    address: AddressId,
    now: Timestamp,
) -> Result<bool> {
    let contact = |who| match who {
        Who::Client { contact, .. } => contact,
        _ => None,
    };
    let who = contact(book.directory.who(address));
    for told in store::told_since(tx, firm, now - AGAIN).await? {
        if told.eq_ignore_ascii_case(text) {
            return Ok(true);
        }
        let other = addresses::find(tx, firm, &told).await?;
        let other = other.and_then(|other| contact(book.directory.who(other)));
        if who.is_some() && other == who {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The connected mailbox that a message was written to by name; none where it came there some other way, or where its
/// owner does not show it to the firm.
async fn came_to(tx: &mut Tx, firm: FirmId, entry: i64, letter: &Letter) -> Result<Option<Connection>> {
    let lies_in: Vec<MailboxId> = store::mailboxes(tx, firm, entry).await?;
    let named = |connection: &Connection| {
        let people = letter.to.iter().chain(&letter.cc);
        people.map(|one| &one.address).any(|address| address.eq_ignore_ascii_case(&connection.address))
    };
    let all = mailboxes::store::all(tx, firm).await?;
    Ok(all.into_iter().find(|connection| lies_in.contains(&connection.id) && named(connection)))
}

fn zone(firm: &Firm) -> Result<TimeZone> {
    TimeZone::get(&firm.zone).map_err(|_| Error::invalid("zone", format!("{} is not known", firm.zone)))
}

/// The reply as a message that leaves at once.
fn message(
    tx: &Tx,
    firm: &Firm,
    connection: &Connection,
    letter: &Letter,
    to: Person,
    text: &str,
    now: Timestamp,
) -> Result<Outgoing> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|e| Error::Unexpected(anyhow::anyhow!("no randomness: {e}")))?;
    let id = letter.message_id.as_ref().map(|id| format!("<{id}>"));
    let mut references: Vec<String> = letter.references.iter().map(|id| format!("<{id}>")).collect();
    references.extend(id.clone());
    let name = Some(firm.name.clone()).filter(|name| !name.is_empty());
    let draft = Draft {
        from: Person { name, address: connection.address.clone() },
        to: vec![to],
        cc: Vec::new(),
        bcc: Vec::new(),
        // As RFC 3834 has it: that it is automatic, and what it answers.
        subject: format!("Auto: {}", letter.subject),
        text: text.to_owned(),
        html: Some(html::of_text(text)),
        signature: None,
        attachments: Vec::new(),
        in_reply_to: id.filter(|id| outbox::compose::is_id(id)),
        references: references.into_iter().filter(|id| outbox::compose::is_id(id)).collect(),
        message_id: hold_id(u128::from_be_bytes(random), &connection.address),
        date: now.to_zoned(zone(firm)?),
    };
    let built =
        draft.build_automatic_reply().map_err(|e| Error::invalid("the holding reply", e.to_string()))?;
    Ok(Outgoing::new(OutgoingId(tx.new_id()), connection.id, draft, built, now))
}
