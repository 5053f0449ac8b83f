//! What is known of the contact with each client, kept beside what is owed: all that weighing their outlook needs.
//!
//! Nothing here is a fact. [`Contact::of`] makes it from a record, for a scan and for the stored record alike, and
//! [`replace`] writes it wherever what is owed is written anew. What depends on the moment is weighed when it is
//! looked at.

mod packed;

use care::acts::ActKind;
use care::entry::{Entry, Message, NoteKind, Of};
use care::obligation::{Ended, Ending, Evidence, Kind, Obligation, ObligationId, Role};
use care::people::{ClientKind, Directory, Who};
use care::record::Record;
use jiff::Timestamp;
use outlook::{Facts, Outlook, Said, Traffic, assess};
use rustc_hash::FxHashMap;
use sqlx::{FromRow, query, query_as};

use super::stand::Stepped;
use crate::db::rows::{Insert, Value};
use crate::db::{Ts, Tx, run, sql};
use crate::error::{Error, Result};
use crate::ids::{AddressId, ClientId, FirmId, StaffId};

/// A call of at least this length reached somebody.
const REACHED_SECONDS: i64 = 30;
/// What was said with less confidence weighs nothing.
const SURE_ENOUGH: f32 = 0.5;

/// What is known of the contact with one client.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Contact {
    /// When they wrote or rang, in order of time.
    pub inward: Vec<Timestamp>,
    /// When we wrote or rang and reached them, in order of time.
    pub outward: Vec<Timestamp>,
    /// Their complaints.
    pub complaints: Vec<Said>,
    /// Their words of leaving.
    pub departures: Vec<Said>,
    /// Who there and who here wrote or spoke to each other.
    pub pairs: Vec<Pair>,
    /// Answers that have ended: how they are used to being answered. Of each only what weighing it needs.
    pub answers: Vec<Obligation>,
    /// How sure it is that they are a client at all, 0 to 1.
    pub likeness: f64,
}

/// One there and one here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Who there.
    pub address: AddressId,
    /// Who here.
    pub staff: StaffId,
    /// How often they wrote or rang.
    pub heard: u32,
    /// How often we did, and reached them.
    pub told: u32,
    /// When last, either way.
    pub last: Timestamp,
}

impl Contact {
    /// What a record tells of the contact with its client; `owed` is what the fold of it gave.
    pub fn of(record: &Record<'_>, directory: &Directory, owed: &[Obligation], likeness: f64) -> Contact {
        let entries = record.entries().iter().copied();
        Contact { likeness, ..Contact::default() }.with(record.client, directory, entries, owed)
    }

    /// The same with what came later; of `owed`, answers count that have ended by it.
    fn with<'a>(
        mut self,
        client: ClientId,
        directory: &Directory,
        entries: impl IntoIterator<Item = &'a Entry>,
        owed: &[Obligation],
    ) -> Contact {
        let pairs = std::mem::take(&mut self.pairs).into_iter();
        let pairs = pairs.map(|pair| ((pair.address, pair.staff), pair)).collect();
        let mut gathering = Gathering { client, directory, contact: self, pairs };
        entries.into_iter().for_each(|entry| gathering.note(entry));
        let Gathering { mut contact, pairs, .. } = gathering;
        contact.inward.sort_unstable();
        contact.outward.sort_unstable();
        contact.pairs = pairs.into_values().collect();
        contact.pairs.sort_unstable_by_key(|pair| (pair.address, pair.staff));
        contact.answers.extend(owed.iter().filter_map(ended_answer));
        // A message opens one answer at most.
        contact.answers.sort_by_key(|owed| (owed.opened_at, owed.evidence.first().map(|opener| opener.of)));
        contact
    }

    /// How many pairs of one there and one here really talk: each has written to the other.
    pub fn ties(&self) -> u32 {
        self.pairs.iter().filter(|pair| pair.is_tie()).count() as u32
    }

    /// When they last wrote or rang.
    pub fn last_in(&self, now: Timestamp) -> Option<Timestamp> {
        last(&self.inward, now)
    }

    /// When we last wrote or rang and reached them.
    pub fn last_out(&self, now: Timestamp) -> Option<Timestamp> {
        last(&self.outward, now)
    }

    /// How likely they are to leave or go quiet: with what is open, what they are to the firm, and since when they are
    /// a client. Whoever has left has none.
    pub fn outlook<'a>(
        &'a self,
        open: impl Iterator<Item = &'a Obligation>,
        kind: ClientKind,
        since: Option<Timestamp>,
        now: Timestamp,
    ) -> Outlook {
        if kind == ClientKind::Former {
            return Outlook::of_the_gone();
        }
        let mut obligations: Vec<&Obligation> = open.chain(&self.answers).collect();
        // Weights add up in one order, whoever gives them.
        obligations.sort_by_key(|owed| (owed.opened_at, owed.kind, owed.id));
        let facts = Facts {
            obligations,
            traffic: Traffic { inward: self.inward.clone(), outward: self.outward.clone(), since },
            complaints: self.complaints.clone(),
            departures: self.departures.clone(),
            likeness: self.likeness,
        };
        assess(&facts, now)
    }
}

impl Pair {
    /// Each has written to the other.
    pub fn is_tie(&self) -> bool {
        0 < self.heard && 0 < self.told
    }
}

fn last(times: &[Timestamp], now: Timestamp) -> Option<Timestamp> {
    times.iter().rfind(|at| **at <= now).copied()
}

/// An answer that has ended, without what weighing it does not ask for.
fn ended_answer(owed: &Obligation) -> Option<Obligation> {
    let ended = owed.ended.filter(|_| owed.kind == Kind::Answer)?;
    let opens = |evidence: &&Evidence| matches!(evidence.role, Role::Opened | Role::Joined);
    let evidence = owed.evidence.iter().filter(opens).map(|evidence| evidence.of).collect();
    Some(answer(owed.opened_at, owed.due_at, ended.at, ended.how, evidence))
}

fn answer(opened: Timestamp, due: Timestamp, ended: Timestamp, how: Ending, openers: Vec<Of>) -> Obligation {
    let opener = |of| Evidence { role: Role::Opened, of, passage: None };
    Obligation {
        id: ObligationId(0),
        kind: Kind::Answer,
        client: ClientId(0),
        contact: None,
        owner: None,
        opened_at: opened,
        due_at: due,
        ended: Some(Ended { how, at: ended, proposed: false, by: None, continued_by: None }),
        chases: 0,
        confidence: 1.0,
        first: false,
        evidence: openers.into_iter().map(opener).collect(),
        continues: None,
    }
}

/// The contact with one client, while it is gathered.
struct Gathering<'a> {
    client: ClientId,
    directory: &'a Directory,
    contact: Contact,
    pairs: FxHashMap<(AddressId, StaffId), Pair>,
}

impl Gathering<'_> {
    fn note(&mut self, entry: &Entry) {
        match entry {
            Entry::Message(message) if !message.automatic => self.note_message(message),
            Entry::Call(call) => {
                let reached = call.talked.is_some_and(|talked| REACHED_SECONDS <= talked.as_secs());
                if self.is_theirs(call.from) {
                    let staff = self.directory.who(call.to).staff();
                    self.heard(call.from, staff, call.at);
                    if reached && let Some(staff) = staff {
                        self.told(call.from, staff, call.at);
                    }
                } else if reached
                    && self.is_theirs(call.to)
                    && let Some(staff) = self.directory.who(call.from).staff()
                {
                    self.told(call.to, staff, call.at);
                }
            }
            Entry::Note(note) if note.kind != NoteKind::Text => {
                for &address in &note.with {
                    if self.is_theirs(address) {
                        self.heard(address, [note.by], note.at);
                        self.told(address, note.by, note.at);
                    }
                }
            }
            _ => {}
        }
    }

    fn note_message(&mut self, message: &Message) {
        match self.directory.who(message.from) {
            Who::Staff(staff) => {
                for to in message.recipients() {
                    if self.is_theirs(to) {
                        self.told(to, staff, message.at);
                    }
                }
            }
            who if who.client() == Some(self.client) => {
                let directory = self.directory;
                let staff = message.recipients().filter_map(|to| directory.who(to).staff());
                self.heard(message.from, staff, message.at);
                let contact = &mut self.contact;
                contact.complaints.extend(said(message, ActKind::Complaint));
                contact.departures.extend(said(message, ActKind::Departure));
            }
            _ => {}
        }
    }

    fn is_theirs(&self, address: AddressId) -> bool {
        self.directory.who(address).client() == Some(self.client)
    }

    fn heard(&mut self, from: AddressId, staff: impl IntoIterator<Item = StaffId>, at: Timestamp) {
        self.contact.inward.push(at);
        for staff in staff {
            self.pair(from, staff, at, |pair| pair.heard += 1);
        }
    }

    fn told(&mut self, to: AddressId, staff: StaffId, at: Timestamp) {
        self.contact.outward.push(at);
        self.pair(to, staff, at, |pair| pair.told += 1);
    }

    /// Whoever is no contact any more talks to nobody.
    fn pair(&mut self, address: AddressId, staff: StaffId, at: Timestamp, count: impl FnOnce(&mut Pair)) {
        if self.directory.is_removed(address) {
            return;
        }
        let new = Pair { address, staff, heard: 0, told: 0, last: at };
        let pair = self.pairs.entry((address, staff)).or_insert(new);
        pair.last = pair.last.max(at);
        count(pair);
    }
}

fn said(message: &Message, kind: ActKind) -> Option<Said> {
    let acts = message.acts.iter().filter(|act| act.kind == kind && SURE_ENOUGH <= act.confidence);
    let sure = acts.map(|act| act.confidence).reduce(f32::max)?;
    Some(Said { at: message.at, message: message.key, confidence: sure })
}

const FORGET: &str = "DELETE FROM outlook WHERE firm_id = $1 AND client_id = $2";
const FORGET_ALL: &str = "DELETE FROM outlook WHERE firm_id = $1";
const OUTLOOKS: Insert = Insert {
    into: "outlook (firm_id, client_id, last_in_at, last_out_at, ties, likeness, facts)",
    then: "ON CONFLICT (firm_id, client_id) DO UPDATE SET last_in_at = excluded.last_in_at,
        last_out_at = excluded.last_out_at, ties = excluded.ties, likeness = excluded.likeness, facts = excluded.facts",
};
const ALL: &str = "SELECT client_id, likeness, facts FROM outlook WHERE firm_id = $1";
const OF_CLIENT: &str =
    "SELECT client_id, likeness, facts FROM outlook WHERE firm_id = $1 AND client_id = $2";

#[derive(FromRow)]
struct ContactRow {
    client_id: i64,
    likeness: f64,
    facts: Vec<u8>,
}

/// Keeps what is known of the contact with a client; nothing where the client has no record any more.
pub async fn replace(tx: &mut Tx, firm: FirmId, client: ClientId, contact: Option<&Contact>) -> Result<()> {
    match contact {
        Some(contact) => add(tx, firm, &[(client, contact)]).await,
        None => run!(tx, query(FORGET).bind(firm.0).bind(client.0)).map(drop),
    }
}

/// Brings what is known of the contact with a client up to date after one step of the fold: `entries` came into the record,
/// and `changed` is what they changed of what is owed. None where nothing was known.
pub(super) async fn go_on(
    tx: &mut Tx,
    firm: FirmId,
    client: ClientId,
    directory: &Directory,
    Stepped { stand, entries, step }: &Stepped,
) -> Result<Option<Contact>> {
    let Some(contact) = of_client(tx, firm, client).await? else { return Ok(None) };
    let contact = contact.with(client, directory, entries, &step.changed);
    let contact = Contact { likeness: stand.traffic.likeness(), ..contact };
    add(tx, firm, &[(client, &contact)]).await?;
    Ok(Some(contact))
}

/// Keeps what is known of the contact with all clients, in the place of what was kept.
pub async fn replace_all(tx: &mut Tx, firm: FirmId, contacts: &[(ClientId, Contact)]) -> Result<()> {
    run!(tx, query(FORGET_ALL).bind(firm.0))?;
    let contacts: Vec<(ClientId, &Contact)> = contacts.iter().map(|(client, c)| (*client, c)).collect();
    for some in contacts.chunks(1000) {
        add(tx, firm, some).await?;
    }
    Ok(())
}

async fn add(tx: &mut Tx, firm: FirmId, contacts: &[(ClientId, &Contact)]) -> Result<()> {
    let packed: Vec<Vec<u8>> = contacts.iter().map(|(_, contact)| packed::pack(contact)).collect();
    let mut values = Vec::with_capacity(contacts.len() * 7);
    for ((client, contact), packed) in contacts.iter().zip(&packed) {
        values.extend([
            Value::int(firm.0),
            Value::int(client.0),
            Value::At(contact.inward.last().copied().map(Ts::from)),
            Value::At(contact.outward.last().copied().map(Ts::from)),
            Value::int(contact.ties().into()),
            Value::Real(Some(contact.likeness)),
            Value::bytes(packed),
        ]);
    }
    OUTLOOKS.rows(tx, &values).await.map(drop)
}

/// What is known of the contact with every client.
pub async fn all(tx: &mut Tx, firm: FirmId) -> Result<Vec<(ClientId, Contact)>> {
    let rows: Vec<ContactRow> = sql!(tx, c => query_as(ALL).bind(firm.0).fetch_all(c).await)?;
    rows.into_iter().map(contact).collect()
}

/// What is known of the contact with one client.
pub async fn of_client(tx: &mut Tx, firm: FirmId, client: ClientId) -> Result<Option<Contact>> {
    let row: Option<ContactRow> =
        sql!(tx, c => query_as(OF_CLIENT).bind(firm.0).bind(client.0).fetch_optional(c).await)?;
    row.map(|row| contact(row).map(|(_, contact)| contact)).transpose()
}

fn contact(row: ContactRow) -> Result<(ClientId, Contact)> {
    let contact = packed::unpack(&row.facts).map_err(|e| Error::Unexpected(e.into()))?;
    Ok((ClientId(row.client_id), Contact { likeness: row.likeness, ..contact }))
}
