//! Who writes to the firm and was placed by nobody yet, the most client-like first; and placing them.

use care::people::{ClientKind, Who};
use jiff::Timestamp;
use serde::Serialize;

use super::place::place;
use super::settle::stored::Stored;
use crate::clients::domains::{domain_of, is_freemail, organisation_domain};
use crate::clients::{self, Client, Placement, Scope};
use crate::db::{Db, Durability, Tx};
use crate::error::{Error, Result};
use crate::firm::Custom;
use crate::ids::{AddressId, ClientId, FirmId, StaffId};
use crate::record::addresses::AddressBook;
use crate::record::erase::erase_private;
use crate::record::{book, project};

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

/// What placing did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Done {
    /// Addresses that it concerns.
    pub addresses: usize,
    /// Messages, calls and notes whose words were erased.
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
    let text = text.trim().trim_start_matches('@').to_lowercase();
    let scope = if text.contains('@') { Scope::Address } else { Scope::Domain };
    if scope == Scope::Domain && is_freemail(&text) {
        return Err(Error::invalid(text, "anybody may have an address there; place single addresses of it"));
    }
    let mut tx = db.write(Durability::Act).await?;
    let concerned = concerned(&mut tx, firm, scope, &text).await?;
    if concerned.is_empty() {
        return Err(Error::invalid(text, "nobody there has ever written to the firm, or been written to"));
    }
    let who = decide(&mut tx, firm, scope, &text, kind, now).await?;
    match who {
        Who::Unplaced => clients::store::unplace(&mut tx, firm, scope, &text).await?,
        who => {
            let placement = Placement { scope, text, who, decided_by: Some(by), at: now };
            clients::store::place(&mut tx, firm, &placement).await?;
        }
    }
    let mut done = Done { addresses: concerned.len(), ..Done::default() };
    if kind == Kind::Private {
        let known = book::load(&mut tx, firm).await?;
        for address in concerned {
            let erased = erase_private(&mut tx, firm, address, &known).await?;
            done.erased += erased.entries;
            done.shared += erased.shared;
        }
    }
    project::mark_behind(&mut tx, firm, true).await?;
    tx.commit().await?;
    Ok(done)
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
        None => Some(Client {
            id: ClientId(tx.new_id()),
            external_key: text.to_owned(),
            name: text.to_owned(),
            kind: client_kind,
            since: None,
            tier: None,
            point_person: None,
            cover: None,
            revenue: None,
            custom: Custom::default(),
        }),
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
