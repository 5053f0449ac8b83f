//! Who waits to be placed in somebody's mailboxes, from the addresses that nobody has placed and the mail they are
//! on: no more of the record is read than that.

use care::people::{ClientKind, Who};
use jiff::Timestamp;
use rustc_hash::FxHashMap;

use crate::board::Asker;
use crate::clients::domains::{domain_of, is_freemail, organisation_domain};
use crate::db::{Ts, Tx, rows};
use crate::error::Result;
use crate::ids::{AddressId, StaffId};
use crate::intake::robots::is_robot;
use crate::record::addresses::AddressBook;
use crate::record::project::likeness;
use crate::record::texts;

const TRAFFIC: &str = "SELECT a.address, a.role, b.staff_id, COUNT(DISTINCT a.entry_id),
        COUNT(DISTINCT CASE WHEN g.automatic IS NOT NULL THEN a.entry_id END), MAX(a.at)
    FROM entry_address a
    JOIN message g ON g.firm_id = a.firm_id AND g.entry_id = a.entry_id
    JOIN entry_mailbox m ON m.firm_id = a.firm_id AND m.entry_id = a.entry_id
    JOIN folder f ON f.firm_id = m.firm_id AND f.folder_id = m.folder_id
    JOIN mailbox b ON b.firm_id = f.firm_id AND b.mailbox_id = f.mailbox_id
    WHERE a.firm_id = {firm} AND a.address IN {list} AND (b.staff_id IS NOT NULL OR b.was_shared
        OR EXISTS (SELECT 1 FROM connection c WHERE c.firm_id = b.firm_id AND c.mailbox_id = b.mailbox_id)
        OR EXISTS (SELECT 1 FROM intake_address i WHERE i.firm_id = b.firm_id AND i.mailbox_id = b.mailbox_id))
    GROUP BY a.address, a.role, b.staff_id";

/// An organisation by its domain, or a person by their address, whom nobody has placed.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// The domain or address to place it by.
    pub name: String,
    /// How many messages its people wrote.
    pub wrote: u32,
    /// How many messages went to them.
    pub received: u32,
    /// How client-like that is, 0 to 1.
    pub likeness: f64,
    /// When they were last on a message.
    pub last: Timestamp,
    /// Their addresses, those with most mail first.
    pub addresses: Vec<(AddressId, u32)>,
}

/// Whom the asker's mailboxes hold and nobody has placed, the most client-like first.
pub async fn waiting(tx: &mut Tx, asker: &Asker) -> Result<Vec<Waiting>> {
    let mut book = AddressBook::default();
    book.look(tx, asker.firm).await?;
    let house = &asker.board.firm;
    let is_proposal = |client| {
        let known = house.book.client(client);
        known.is_some_and(|client| client.kind == ClientKind::Correspondent)
    };
    let is_placed = |address| match house.book.directory.who(address) {
        Who::Unplaced => false,
        Who::Client { client, .. } | Who::Partner(client) => !is_proposal(client),
        Who::Staff(_) | Who::ThirdParty | Who::Private | Who::Robot => true,
    };
    let is_ours =
        |text: &str| domain_of(text).is_some_and(|d| house.firm.domains.contains(organisation_domain(d)));
    let mut groups: FxHashMap<AddressId, String> = FxHashMap::default();
    for (address, text) in book.iter().filter(|(address, text)| !is_placed(*address) && !is_ours(text)) {
        let Some(domain) = domain_of(text).filter(|_| !is_robot(text)) else { continue };
        let group = if is_freemail(domain) { text } else { organisation_domain(domain) };
        groups.insert(address, group.to_owned());
    }
    let mut numbers: Vec<i64> = groups.keys().map(|address| address.0.into()).collect();
    numbers.sort_unstable();
    type Row = (i64, String, Option<i64>, i64, i64, Ts);
    let reader = asker.reader();
    let rows: Vec<Row> = rows::pick(tx, TRAFFIC, asker.firm, &numbers).await?;
    let mut found: FxHashMap<&str, Waiting> = FxHashMap::default();
    for (address, role, owner, messages, automatic, at) in rows {
        let address = AddressId(u32::try_from(address).unwrap_or(u32::MAX));
        let Some(name) = groups.get(&address).filter(|_| reader.has(owner.map(StaffId))) else { continue };
        let one = found.entry(name).or_insert_with(|| Waiting {
            name: name.clone(),
            wrote: 0,
            received: 0,
            likeness: 0.0,
            last: Timestamp::MIN,
            addresses: Vec::new(),
        });
        let count = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
        match role.as_str() {
            "from" => one.wrote += count(messages - automatic),
            _ => one.received += count(messages),
        }
        one.last = one.last.max(at.into());
        match one.addresses.iter_mut().find(|(known, _)| *known == address) {
            Some((_, many)) => *many += count(messages),
            None => one.addresses.push((address, count(messages))),
        }
    }
    let mut found: Vec<Waiting> = found.into_values().filter(|one| 0 < one.wrote + one.received).collect();
    for one in &mut found {
        one.likeness = likeness(one.wrote, one.received);
        one.addresses.sort_by_key(|(address, many)| (std::cmp::Reverse(*many), *address));
    }
    let much = |one: &Waiting| one.wrote + one.received;
    found.sort_by(|a, b| {
        b.likeness.total_cmp(&a.likeness).then(much(b).cmp(&much(a))).then_with(|| a.name.cmp(&b.name))
    });
    Ok(found)
}

/// What the people of those who wait are called: name, else address; at most three of each.
pub(crate) async fn people(
    tx: &mut Tx,
    asker: &Asker,
    shown: &[Waiting],
) -> Result<FxHashMap<AddressId, String>> {
    let mut numbers = Vec::new();
    for one in shown {
        numbers.extend(one.addresses.iter().take(3).map(|(address, _)| *address));
    }
    let texts = texts::addresses(tx, asker.firm, numbers).await?;
    Ok(texts
        .into_iter()
        .map(|(address, (text, name))| (address, texts::called(&text, &name).to_owned()))
        .collect())
}
