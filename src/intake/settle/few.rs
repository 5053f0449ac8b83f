//! Who is who and what is owed after a few new messages: what [`settle`](super::settle) would give, without reading the
//! whole record.
//!
//! Most mail comes from people who are known, in threads that are known: then only the threads it joins and the clients
//! on them have to be looked at. Where a message says something about who is who (a new colleague, a robot that turns
//! out to be a person, mail of somebody else in a folder of sent mail), nothing is done here, and all is settled anew.

use care::acts::Direction;
use care::book::FirmBook;
use care::entry::Message;
use care::people::{ClientKind, Who};
use jiff::Timestamp;
use reading::thread::Threads;
use rustc_hash::FxHashSet;

use super::write;
use crate::clients::domains::{domain_of, is_freemail, organisation_domain};
use crate::clients::{self, Client, Placement, Scope};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::{AddressId, ClientId, FirmId};
use crate::intake::import::batch::Written;
use crate::intake::robots::is_robot;
use crate::intake::standing::names_somebody_of;
use crate::record::addresses::AddressBook;
use crate::record::book::{self, AtHand};
use crate::record::{changes, project, read, store, threads};

/// What is known of the firm, for deciding whether the messages change it.
struct Known<'a> {
    addresses: &'a AddressBook,
    firm: AtHand,
    /// A list says who the clients are.
    clients_listed: bool,
    /// Addresses below this number were known before.
    before: u32,
}

/// What is to be stored about people who were met for the first time.
#[derive(Default)]
struct Newcomers {
    placements: Vec<Placement>,
    clients: Vec<(String, String)>,
    seen: FxHashSet<AddressId>,
}

/// Makes right what the new messages change. False where all must be settled anew; then nothing was done.
pub(in crate::intake) async fn settle_few(
    tx: &mut Tx,
    firm: FirmId,
    written: &Written,
    addresses: &AddressBook,
    threads: &mut Threads,
    now: Timestamp,
) -> Result<bool> {
    if written.new.is_empty() {
        return Ok(true);
    }
    let mut known = Known::of(book::at_hand(tx, firm).await?, addresses, written.known_addresses);
    if began_earlier(&known.firm.book, &written.new) {
        return Ok(false);
    }
    let mut newcomers = Newcomers::default();
    for message in &written.new {
        let is_sent = written.sent.contains(&message.entry);
        if !known.can_take(tx, firm, message, is_sent, &mut newcomers, now).await? {
            return Ok(false);
        }
    }
    let has_newcomers = newcomers.store(tx, firm, now).await?;
    if has_newcomers {
        known.firm = book::at_hand(tx, firm).await?;
    }
    let book = &*known.firm.book;
    for message in written.new.iter().filter(|message| written.through_lists.contains(&message.entry)) {
        let quiet = !names_somebody_of(&book.directory, message);
        if quiet != message.automatic {
            store::change(tx, firm, &Message { automatic: quiet, ..message.clone() }).await?;
        }
    }
    let merged = threads.take_merged();
    let more_changed = has_newcomers || !merged.is_empty() || are_judged(tx, firm, &written.new).await?;
    let mut touched: Vec<i64> = merged.into_iter().map(u64::cast_signed).collect();
    touched.extend(written.new.iter().map(|message| message.thread.cast_signed()));
    touched.extend(written.new.iter().filter_map(|m| threads.thread(m.key)).map(u64::cast_signed));
    touched.sort_unstable();
    touched.dedup();
    threads::retie_some(tx, firm, threads, &touched).await?;
    let stored = written.new.iter().zip(written.directions.iter().copied());
    let went_otherwise = write::directions_of(tx, firm, stored, &book.directory).await?;
    let mut now_in: Vec<u64> = written.new.iter().filter_map(|m| threads.thread(m.key)).collect();
    now_in.sort_unstable();
    now_in.dedup();
    if went_otherwise {
        let rows: Vec<i64> = now_in.iter().map(|thread| thread.cast_signed()).collect();
        threads::renew(tx, firm, &rows).await?;
    }
    let new = written.new.iter().map(|message| message.entry).collect();
    project::renew_threads(tx, firm, &now_in, (!more_changed).then_some(&new), book).await?;
    Ok(true)
}

/// Whether somebody decided about one of the messages before it came.
async fn are_judged(tx: &mut Tx, firm: FirmId, new: &[Message]) -> Result<bool> {
    let keys: Vec<_> = new.iter().map(|message| message.key).collect();
    Ok(!read::decisions_about(tx, firm, &keys).await?.is_empty())
}

/// Whether the record begins with one of the messages: then the silence before it means something else for every
/// client.
fn began_earlier(book: &FirmBook, new: &[Message]) -> bool {
    let first = new.iter().map(|message| message.at).min();
    book.record_from.is_none_or(|begins| first.is_some_and(|first| first <= begins))
}

impl<'a> Known<'a> {
    fn of(firm: AtHand, addresses: &'a AddressBook, before: u32) -> Known<'a> {
        let clients = firm.book.all_clients();
        let clients_listed = clients.iter().any(|client| client.kind != ClientKind::Correspondent);
        Known { addresses, firm, clients_listed, before }
    }

    fn is_own(&self, text: &str) -> bool {
        domain_of(text).is_some_and(|domain| {
            let domains = &self.firm.domains;
            domains.contains(organisation_domain(domain))
                || (!domain.contains('.') && domains.iter().any(|own| own.split('.').next() == Some(domain)))
        })
    }

    /// Whether everybody on a message stays who they are, or is somebody new who is easily placed.
    async fn can_take(
        &self,
        tx: &mut Tx,
        firm: FirmId,
        message: &Message,
        is_sent: bool,
        newcomers: &mut Newcomers,
        now: Timestamp,
    ) -> Result<bool> {
        if !self.firm.staff_listed {
            // Who the firm is was told by its folders of sent mail.
            let from_staff = matches!(self.firm.book.directory.who(message.from), Who::Staff(_));
            if self.firm.domains.is_empty() || (is_sent && !from_staff) {
                return Ok(false);
            }
        }
        for address in std::iter::once(message.from).chain(message.recipients()) {
            let wrote = address == message.from;
            let stays = match address.0 < self.before {
                true => !wrote || self.stays(tx, firm, address, message.automatic).await?,
                false if newcomers.seen.contains(&address) => !wrote,
                false => {
                    newcomers.seen.insert(address);
                    self.place(address, wrote && message.automatic, newcomers, now)
                }
            };
            if !stays {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether somebody who was known before and wrote stays who they were.
    async fn stays(&self, tx: &mut Tx, firm: FirmId, address: AddressId, automatic: bool) -> Result<bool> {
        if self.clients_listed || is_robot(self.addresses.text(address)) {
            return Ok(true);
        }
        match (self.firm.book.directory.who(address), automatic) {
            (Who::Robot | Who::Unplaced, false) => Ok(false),
            (Who::Client { .. }, true) => {
                // A machine may answer for a person. One who never wrote in person would be taken for a machine.
                let before = read::with_addresses(tx, firm, &[address]).await?;
                Ok(before.iter().any(|entry| {
                    matches!(entry, care::entry::Entry::Message(m) if m.from == address && !m.automatic)
                }))
            }
            _ => Ok(true),
        }
    }

    /// Places somebody who was never met before; false where that takes a look at everybody.
    fn place(&self, address: AddressId, by_machine: bool, newcomers: &mut Newcomers, now: Timestamp) -> bool {
        let text = self.addresses.text(address);
        let who = self.firm.book.directory.who(address);
        if matches!(who, Who::Staff(_)) {
            return true;
        }
        if self.is_own(text) {
            // A colleague whom nobody knows yet.
            return false;
        }
        let mut propose = |scope, text: &str, who| {
            newcomers.placements.push(Placement {
                scope,
                text: text.to_owned(),
                who,
                decided_by: None,
                at: now,
            });
        };
        let Some(domain) = domain_of(text) else { return true };
        if is_robot(text) {
            let who = if self.clients_listed { Who::Unplaced } else { Who::Robot };
            propose(Scope::Address, text, who);
            return true;
        }
        if self.clients_listed || matches!(who, Who::ThirdParty | Who::Private | Who::Partner(_)) {
            return true;
        }
        if by_machine {
            propose(Scope::Address, text, Who::Robot);
            return true;
        }
        if who == Who::Unplaced {
            let slug = if is_freemail(domain) { text } else { organisation_domain(domain) };
            newcomers.clients.push((slug.to_owned(), slug.to_owned()));
        }
        true
    }
}

impl Newcomers {
    /// Stores them; true where there were any.
    async fn store(&self, tx: &mut Tx, firm: FirmId, now: Timestamp) -> Result<bool> {
        let mut placements = self.placements.clone();
        let mut made: FxHashSet<&str> = FxHashSet::default();
        for (slug, name) in &self.clients {
            if !made.insert(slug) {
                continue;
            }
            let id = ClientId(tx.new_id());
            let client = Client::new(id, slug.clone(), name.clone(), ClientKind::Correspondent);
            let id = clients::store::save(tx, firm, &client, now).await?;
            let scope = if slug.contains('@') { Scope::Address } else { Scope::Domain };
            let who = Who::Client { client: id, contact: None };
            placements.push(Placement { scope, text: slug.clone(), who, decided_by: None, at: now });
        }
        if placements.is_empty() {
            return Ok(false);
        }
        clients::store::add_proposals(tx, firm, &placements).await?;
        changes::note_everything(tx, firm).await?;
        Ok(true)
    }
}

/// Which way a message went.
pub(super) fn way(is_own: impl Fn(AddressId) -> bool, message: &Message) -> Direction {
    match is_own(message.from) {
        false => Direction::In,
        true if message.recipients().all(is_own) => Direction::Internal,
        true => Direction::Out,
    }
}
