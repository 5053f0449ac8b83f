//! Who writes to the firm and was placed by nobody yet, the most client-like first; and placing them.

use care::book::FirmBook;
use care::people::{ClientKind, Who};
use jiff::Timestamp;
use serde::Serialize;

use super::place::place;
use super::settle::stored::Stored;
use crate::clients::domains::{domain_of, is_freemail, organisation_domain};
use crate::clients::{self, Client, Placement, Scope};
use crate::db::{Db, Durability, Tx};
use crate::error::{Error, Result};
use crate::ids::{AddressId, ClientId, FirmId, StaffId};
use crate::record::addresses::AddressBook;
use crate::record::erase::erase_private;
use crate::record::whose::Reader;
use crate::record::{audit, book, changes, project};

/// Somebody outside the firm whom nobody has placed: an organisation by its domain, a person by their address.
#[derive(Debug, Clone, Serialize)]
pub struct Correspondent {
    /// The domain or address to place it by.
    pub name: String,
    /// The name it goes by.
    pub called: String,
    /// How client-like its traffic is, 0 to 1.
    pub likeness: f64,
    /// Messages that its people wrote.
    pub wrote: u32,
    /// Messages that went to them.
    pub received: u32,
}

/// Whom nobody has placed, the most client-like first.
pub async fn correspondents(db: &Db, firm: FirmId) -> Result<Vec<Correspondent>> {
    let mut tx = db.read().await?;
    let known = book::load(&mut tx, firm).await?;
    let mut stored = Stored::load(&mut tx, firm).await?;
    let own = stored.own();
    let is_proposal = |client: ClientId| {
        known.client(client).is_some_and(|client| client.kind == ClientKind::Correspondent)
    };
    let mut roster = std::mem::take(&mut stored.roster);
    roster.clients.clear();
    roster.contacts.clear();
    roster.decided = stored
        .addresses
        .iter()
        .map(|(address, _)| (address, known.directory.who(address)))
        .filter(|(_, who)| match who {
            Who::Client { client, .. } | Who::Partner(client) => !is_proposal(*client),
            who => matches!(who, Who::ThirdParty | Who::Private),
        })
        .collect();
    let decided: Vec<AddressId> = roster.decided.iter().map(|(address, _)| *address).collect();
    let placed = place(&own, &roster, &stored.traffic, &mut stored.addresses);
    let mut found: Vec<Correspondent> = placed
        .clients
        .iter()
        .map(|file| Correspondent {
            name: file.slug.clone(),
            called: file.name.clone(),
            likeness: (file.likeness * 1000.0).round() / 1000.0,
            wrote: 0,
            received: 0,
        })
        .collect();
    for (address, _) in stored.addresses.iter().filter(|(address, _)| decided.binary_search(address).is_err())
    {
        let at = placed.directory.who(address).client().and_then(|client| usize::try_from(client.0 - 1).ok());
        if let Some(correspondent) = at.and_then(|at| found.get_mut(at)) {
            let facts = stored.traffic.of(address);
            correspondent.wrote += facts.wrote;
            correspondent.received += facts.received;
        }
    }
    found.sort_by(|a, b| {
        let much = |c: &Correspondent| c.wrote + c.received;
        b.likeness.total_cmp(&a.likeness).then(much(b).cmp(&much(a))).then_with(|| a.name.cmp(&b.name))
    });
    Ok(found)
}

/// What somebody can be placed as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A client.
    Client,
    /// Not a client yet.
    Prospect,
    /// Refers clients.
    Partner,
    /// The other side, counsel, a court, a supplier.
    ThirdParty,
    /// Nothing of theirs is kept.
    Private,
    /// A machine.
    Robot,
    /// Nobody has said: takes an earlier placing back.
    Unplaced,
}

impl Kind {
    /// The word in forms and in the log.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Client => "client",
            Kind::Prospect => "prospect",
            Kind::Partner => "partner",
            Kind::ThirdParty => "third_party",
            Kind::Private => "private",
            Kind::Robot => "robot",
            Kind::Unplaced => "unplaced",
        }
    }
}

/// Notes in the log that somebody was placed. Who is no client, prospect or partner, or not any more, stays unknown to
/// others, also there: it has a number, which has a name as long as they are one.
pub async fn note(
    tx: &mut Tx,
    firm: FirmId,
    text: &str,
    kind: Kind,
    by: StaffId,
    now: Timestamp,
) -> Result<()> {
    let (text, kind) = (as_placed(text), kind.word());
    let placed = clients::store::placements(tx, firm).await?;
    let client =
        placed.iter().find(|placement| placement.text == text).and_then(|placed| placed.who.client());
    let detail = match client {
        Some(client) => format!("client {} as {kind}", client.0),
        None => format!("somebody {kind}"),
    };
    audit::note(tx, firm, by, "placed", &detail, now).await
}

/// A domain or address that somebody gave, as placings have it.
fn as_placed(text: &str) -> String {
    text.trim().trim_start_matches('@').to_lowercase()
}

/// What placing did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Done {
    /// Addresses that it concerns.
    pub addresses: usize,
    /// Messages whose words were erased.
    pub erased: usize,
    /// Messages that stay, since a client or somebody not placed yet takes part in them.
    pub shared: usize,
}

/// Places an address or everybody at a domain. Whoever calls settles the firm after it.
pub async fn place_as(
    db: &Db,
    firm: FirmId,
    text: &str,
    kind: Kind,
    by: StaffId,
    now: Timestamp,
) -> Result<Done> {
    let mut tx = changes::begin(db, firm, Durability::Act).await?;
    let known = book::at_hand(&mut tx, firm).await?.book;
    let concerned = place_in(&mut tx, firm, text, kind, by, &known, now).await?;
    let done = erased_where_private(&mut tx, firm, kind, &concerned, Erase::Everything).await?;
    note(&mut tx, firm, text, kind, by, now).await?;
    project::mark_behind(&mut tx, firm, true).await?;
    tx.commit().await?;
    Ok(done)
}

/// Places several at once, and makes right what that changes: the clients on the threads that they take part in are
/// folded anew, and nothing else. Of private mail only what lies in nobody else's mailbox is erased.
pub async fn place_now(
    tx: &mut Tx,
    firm: FirmId,
    texts: &[String],
    kind: Kind,
    by: Reader,
    now: Timestamp,
) -> Result<Done> {
    let before = book::at_hand(tx, firm).await?.book;
    let mut concerned = Vec::new();
    for text in texts {
        concerned.extend(place_in(tx, firm, text, kind, by.staff, &before, now).await?);
    }
    let done = erased_where_private(tx, firm, kind, &concerned, Erase::Own(by)).await?;
    let after = book::load(tx, firm).await?;
    project::renew_addresses(tx, firm, &concerned, &before, &after).await?;
    changes::note_everything(tx, firm).await?;
    Ok(done)
}

/// How much would be erased, were these placed as private. It is counted by doing it: whoever calls throws the
/// transaction away.
pub async fn erased_by(
    tx: &mut Tx,
    firm: FirmId,
    texts: &[String],
    by: Reader,
    now: Timestamp,
) -> Result<usize> {
    let known = book::at_hand(tx, firm).await?.book;
    let mut concerned = Vec::new();
    for text in texts {
        concerned.extend(place_in(tx, firm, text, Kind::Private, by.staff, &known, now).await?);
    }
    Ok(erased_where_private(tx, firm, Kind::Private, &concerned, Erase::Own(by)).await?.erased)
}

/// What of private mail is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Erase {
    /// All of it.
    Everything,
    /// What lies in nobody else's mailbox than theirs.
    Own(Reader),
}

/// Places one, as far as the book that is `known` from before lets it; gives the addresses that it concerns.
async fn place_in(
    tx: &mut Tx,
    firm: FirmId,
    text: &str,
    kind: Kind,
    by: StaffId,
    known: &FirmBook,
    now: Timestamp,
) -> Result<Vec<AddressId>> {
    let text = as_placed(text);
    let scope = if text.contains('@') { Scope::Address } else { Scope::Domain };
    if scope == Scope::Domain && is_freemail(&text) {
        return Err(Error::invalid(text, "anybody may have an address there; place single addresses of it"));
    }
    let concerned = concerned(tx, firm, scope, &text).await?;
    if concerned.is_empty() {
        return Err(Error::invalid(text, "nobody there has ever written to the firm, or been written to"));
    }
    if kind != Kind::Unplaced {
        may_be_placed(tx, firm, scope, &text, kind, &concerned, known).await?;
    }
    let who = decide(tx, firm, scope, &text, kind, now).await?;
    match who {
        Who::Unplaced => {
            clients::store::unplace(tx, firm, scope, &text).await?;
            propose_again(tx, firm, scope, &text, now).await?;
        }
        who => {
            let placement = Placement { scope, text, who, decided_by: Some(by), at: now };
            clients::store::place(tx, firm, &placement).await?;
        }
    }
    Ok(concerned)
}

/// Erases the mail of whoever was placed as private; gives what was done.
async fn erased_where_private(
    tx: &mut Tx,
    firm: FirmId,
    kind: Kind,
    concerned: &[AddressId],
    erase: Erase,
) -> Result<Done> {
    let mut done = Done { addresses: concerned.len(), ..Done::default() };
    if kind == Kind::Private {
        // Who they are has changed since the book at hand was read.
        let known = book::load(tx, firm).await?;
        let only = if let Erase::Own(reader) = erase { Some(reader) } else { None };
        let erased = erase_private(tx, firm, concerned, only, &known).await?;
        (done.erased, done.shared) = (erased.entries, erased.shared);
    }
    Ok(done)
}

/// The firm's own people are nobody else, and whom a list names as a client is that client.
async fn may_be_placed(
    tx: &mut Tx,
    firm: FirmId,
    scope: Scope,
    text: &str,
    kind: Kind,
    concerned: &[AddressId],
    known: &FirmBook,
) -> Result<()> {
    let settings = crate::firm::store::load(tx, firm).await?;
    let is_ours = |address: &AddressId| matches!(known.directory.who(*address), Who::Staff(_));
    let is_own =
        scope == Scope::Domain && (settings.domains.contains(text) || settings.named_domains.contains(text));
    if is_own || concerned.iter().any(is_ours) {
        return Err(Error::invalid(text, "is the firm's own; only who writes from outside is placed"));
    }
    let all = clients::store::all(tx, firm).await?;
    // Whoever was placed by hand goes by that name, and may be placed as somebody else.
    let listed = |id: ClientId| {
        all.iter().find(|client| {
            client.id == id && client.external_key != text && client.kind != ClientKind::Correspondent
        })
    };
    // A domain may be placed though some of its addresses are a client's: those stay theirs, unless all is erased.
    let theirs = concerned.iter().find_map(|address| listed(known.directory.who(*address).client()?));
    let theirs = theirs.filter(|_| scope == Scope::Address || kind == Kind::Private);
    let placements = clients::store::placements(tx, firm).await?;
    let mut named = placements.iter().filter(|p| p.scope == scope && p.text == text);
    if let Some(client) = theirs.or_else(|| named.find_map(|p| listed(p.who.client()?))) {
        let words = format!("is of {}, by the list of clients or contacts; change it there", client.name);
        return Err(Error::invalid(text, words));
    }
    Ok(())
}

/// Whoever is placed no more is proposed again, where no list says who the clients are; else they are nobody's.
async fn propose_again(tx: &mut Tx, firm: FirmId, scope: Scope, text: &str, now: Timestamp) -> Result<()> {
    let all = clients::store::all(tx, firm).await?;
    let Some(known) = all.iter().find(|client| client.external_key == text && client.is_proposed()) else {
        return Ok(());
    };
    let decided = clients::store::placements(tx, firm).await?;
    let one_by_one = |client: &Client| {
        decided.iter().any(|p| {
            p.decided_by.is_some() && p.text == client.external_key && p.who.client() == Some(client.id)
        })
    };
    if all.iter().any(|client| !client.is_proposed() && !one_by_one(client)) {
        return clients::store::remove(tx, firm, known.id).await;
    }
    let who = Who::Client { client: known.id, contact: None };
    let proposal = Placement { scope, text: text.to_owned(), who, decided_by: None, at: now };
    clients::store::add_proposals(tx, firm, &[proposal]).await
}

/// The addresses that a domain or address stands for.
async fn concerned(tx: &mut Tx, firm: FirmId, scope: Scope, text: &str) -> Result<Vec<AddressId>> {
    let mut book = AddressBook::default();
    book.look(tx, firm).await?;
    let is_there = |other: &str| match scope {
        Scope::Address => other == text,
        Scope::Domain => {
            domain_of(other).is_some_and(|domain| domain == text || organisation_domain(domain) == text)
        }
    };
    Ok(book.iter().filter(|(_, other)| is_there(other)).map(|(address, _)| address).collect())
}

/// Makes the client that a placing speaks of, or takes back what an earlier placing made.
async fn decide(
    tx: &mut Tx,
    firm: FirmId,
    scope: Scope,
    text: &str,
    kind: Kind,
    now: Timestamp,
) -> Result<Who> {
    let all = clients::store::all(tx, firm).await?;
    let known = all.into_iter().find(|client| client.external_key == text);
    let client_kind = match kind {
        Kind::Client if scope == Scope::Address => ClientKind::Person,
        Kind::Client => ClientKind::Organisation,
        Kind::Prospect => ClientKind::Prospect,
        Kind::Partner => ClientKind::Partner,
        _ => ClientKind::Correspondent,
    };
    let client = match known {
        Some(known) => Some(Client { kind: client_kind, ..known }),
        None if client_kind == ClientKind::Correspondent => None,
        None => {
            let id = ClientId(tx.new_id());
            Some(Client::new(id, text.to_owned(), text.to_owned(), client_kind))
        }
    };
    let id = match &client {
        Some(client) => Some(clients::store::save(tx, firm, client, now).await?),
        None => None,
    };
    Ok(match (kind, id) {
        (Kind::Client | Kind::Prospect, Some(client)) => Who::Client { client, contact: None },
        (Kind::Partner, Some(client)) => Who::Partner(client),
        (Kind::ThirdParty, _) => Who::ThirdParty,
        (Kind::Private, _) => Who::Private,
        (Kind::Robot, _) => Who::Robot,
        _ => Who::Unplaced,
    })
}
