//! Clients, contacts and placements, as rows.

use care::people::Who;
use jiff::Timestamp;
use rustc_hash::FxHashMap;
use sqlx::{FromRow, query, query_as, query_scalar};

use super::{Client, Contact, Money, Placement, Scope, kind_name, kind_named};
use crate::db::rows::{self, Insert, Value};
use crate::db::{Ts, Tx, run, sql};
use crate::error::{Error, Result};
use crate::firm::store::{json, parse};
use crate::firm::{day, day_text};
use crate::ids::{AddressId, ClientId, ContactId, FirmId, StaffId};

const SAVE: &str =
    "INSERT INTO client (firm_id, client_id, external_key, name, kind, since_day, tier, point_person_id,
        cover_id, revenue_minor, revenue_currency, custom, made_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    ON CONFLICT (firm_id, external_key) DO UPDATE SET name = excluded.name, kind = excluded.kind,
        since_day = excluded.since_day, tier = excluded.tier, point_person_id = excluded.point_person_id,
        cover_id = excluded.cover_id, revenue_minor = excluded.revenue_minor,
        revenue_currency = excluded.revenue_currency, custom = excluded.custom
    RETURNING client_id";
const ALL: &str =
    "SELECT client_id, external_key, name, kind, since_day, tier, point_person_id, cover_id, revenue_minor,
        revenue_currency, custom
    FROM client WHERE firm_id = $1 AND erased_at IS NULL ORDER BY client_id";
const ONE: &str =
    "SELECT client_id, external_key, name, kind, since_day, tier, point_person_id, cover_id, revenue_minor,
        revenue_currency, custom
    FROM client WHERE firm_id = $1 AND client_id = $2 AND erased_at IS NULL";
const RENAME: &str = "UPDATE client SET name = $3, tier = $4 WHERE firm_id = $1 AND client_id = $2";
const CONTACTS_OF: &str = "SELECT contact_id, name, role, circumstances, custom FROM contact
    WHERE firm_id = $1 AND client_id = $2 AND contact_id NOT IN
        (SELECT r.contact_id FROM client_change r WHERE r.firm_id = $1 AND r.contact_id IS NOT NULL
            AND r.new_reached IS NULL AND r.undone_at IS NULL)
    ORDER BY contact_id";
const ADDRESSES_OF: &str = "SELECT contact_id, address FROM contact_address
    WHERE firm_id = {firm} AND contact_id IN {list} ORDER BY contact_id, address";
const SAVE_CONTACT: &str = "INSERT INTO contact (firm_id, contact_id, client_id, name, role, custom, made_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (firm_id, contact_id) DO UPDATE SET client_id = excluded.client_id, name = excluded.name,
        role = excluded.role, custom = excluded.custom";
const FREE: &str = "DELETE FROM contact_address WHERE firm_id = $1 AND contact_id = $2";
const CONTACT_ADDRESS: &str = "INSERT INTO contact_address (firm_id, address, contact_id) VALUES ($1, $2, $3)
    ON CONFLICT (firm_id, address) DO UPDATE SET contact_id = excluded.contact_id";
const REMOVE_CONTACT: &str = "DELETE FROM contact WHERE firm_id = $1 AND contact_id = $2";
const CONTACTS: &str = "SELECT contact_id, client_id, name, role, custom FROM contact
    WHERE firm_id = $1 AND contact_id NOT IN
        (SELECT r.contact_id FROM client_change r WHERE r.firm_id = $1 AND r.contact_id IS NOT NULL
            AND r.new_reached IS NULL AND r.undone_at IS NULL)
    ORDER BY contact_id";
const CONTACT_ADDRESSES: &str =
    "SELECT contact_id, address FROM contact_address WHERE firm_id = $1 ORDER BY contact_id, address";
const PLACE: &str = "INSERT INTO placement (firm_id, scope, text, who, client_id, staff_id, decided_by_id, decided_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (firm_id, scope, text) DO UPDATE SET who = excluded.who, client_id = excluded.client_id,
        staff_id = excluded.staff_id, decided_by_id = excluded.decided_by_id, decided_at = excluded.decided_at";
const UNPLACE: &str = "DELETE FROM placement WHERE firm_id = $1 AND scope = $2 AND text = $3";
const FORGET_PROPOSALS: &str = "DELETE FROM placement WHERE firm_id = $1 AND decided_by_id IS NULL";
const PROPOSALS: Insert = Insert {
    into: "placement (firm_id, scope, text, who, client_id, staff_id, decided_at)",
    then: "ON CONFLICT (firm_id, scope, text) DO NOTHING",
};
const REMOVE: &str = "DELETE FROM client WHERE firm_id = $1 AND client_id = $2";
const PLACEMENTS: &str =
    "SELECT scope, text, who, client_id, staff_id, decided_by_id, decided_at FROM placement
    WHERE firm_id = $1 ORDER BY scope DESC, text";

#[derive(FromRow)]
struct ClientRow {
    client_id: i64,
    external_key: String,
    name: String,
    kind: String,
    since_day: Option<String>,
    tier: Option<String>,
    point_person_id: Option<i64>,
    cover_id: Option<i64>,
    revenue_minor: Option<i64>,
    revenue_currency: Option<String>,
    custom: String,
}

/// Makes a client, or changes the one with that external key; gives its id, which is the old one then.
pub async fn save(tx: &mut Tx, firm: FirmId, client: &Client, now: Timestamp) -> Result<ClientId> {
    let (custom, since) = (json(&client.custom)?, day_text(client.since));
    let revenue = client.revenue.as_ref();
    let id: i64 = sql!(tx, c => query_scalar(SAVE).bind(firm.0).bind(client.id.0).bind(&client.external_key)
        .bind(&client.name).bind(kind_name(client.kind)).bind(&since).bind(&client.tier)
        .bind(client.point_person.map(|staff| staff.0)).bind(client.cover.map(|staff| staff.0))
        .bind(revenue.map(|money| money.minor)).bind(revenue.map(|money| money.currency.as_str()))
        .bind(&custom).bind(Ts::from(now)).fetch_one(c).await)?;
    Ok(ClientId(id))
}

/// All clients that were not erased, by id.
pub async fn all(tx: &mut Tx, firm: FirmId) -> Result<Vec<Client>> {
    let rows: Vec<ClientRow> = sql!(tx, c => query_as(ALL).bind(firm.0).fetch_all(c).await)?;
    rows.into_iter().map(of_row).collect()
}

fn of_row(row: ClientRow) -> Result<Client> {
    Ok(Client {
        id: ClientId(row.client_id),
        external_key: row.external_key,
        name: row.name,
        kind: kind_named(&row.kind).ok_or_else(|| unknown(&row.kind))?,
        since: day(row.since_day.as_deref())?,
        tier: row.tier,
        point_person: row.point_person_id.map(StaffId),
        cover: row.cover_id.map(StaffId),
        revenue: row
            .revenue_minor
            .zip(row.revenue_currency)
            .map(|(minor, currency)| Money { minor, currency }),
        custom: parse(&row.custom)?,
    })
}

/// One client that was not erased.
pub async fn one(tx: &mut Tx, firm: FirmId, client: ClientId) -> Result<Client> {
    let row: Option<ClientRow> =
        sql!(tx, c => query_as(ONE).bind(firm.0).bind(client.0).fetch_optional(c).await)?;
    of_row(row.ok_or(Error::NotFound)?)
}

/// The contacts of one client, by id, without who was removed.
pub async fn contacts_of(tx: &mut Tx, firm: FirmId, client: ClientId) -> Result<Vec<Contact>> {
    type Row = (i64, String, Option<String>, Option<String>, String);
    let rows: Vec<Row> = sql!(tx, c => query_as(CONTACTS_OF).bind(firm.0).bind(client.0).fetch_all(c).await)?;
    let ids: Vec<i64> = rows.iter().map(|(id, ..)| *id).collect();
    let addresses: Vec<(i64, i64)> = rows::pick(tx, ADDRESSES_OF, firm, &ids).await?;
    rows.into_iter()
        .map(|(id, name, role, circumstances, custom)| {
            let theirs = addresses.iter().filter(|(contact, _)| *contact == id);
            let mut custom: crate::firm::Custom = parse(&custom)?;
            custom.extend(circumstances.map(|words| ("circumstances".to_owned(), words)));
            Ok(Contact {
                id: ContactId(id),
                client,
                name,
                role,
                addresses: theirs.filter_map(|(_, a)| u32::try_from(*a).ok().map(AddressId)).collect(),
                custom,
            })
        })
        .collect()
}

/// Changes what a client is called and its tier.
pub async fn rename(
    tx: &mut Tx,
    firm: FirmId,
    client: ClientId,
    name: &str,
    tier: Option<&str>,
) -> Result<()> {
    run!(tx, query(RENAME).bind(firm.0).bind(client.0).bind(name).bind(tier)).map(drop)
}

/// Makes a contact, or changes the one of that id, with exactly these addresses.
pub async fn save_contact(tx: &mut Tx, firm: FirmId, contact: &Contact, now: Timestamp) -> Result<()> {
    let custom = json(&contact.custom)?;
    run!(
        tx,
        query(SAVE_CONTACT)
            .bind(firm.0)
            .bind(contact.id.0)
            .bind(contact.client.0)
            .bind(&contact.name)
            .bind(&contact.role)
            .bind(&custom)
            .bind(Ts::from(now))
    )?;
    free(tx, firm, contact.id).await?;
    for address in &contact.addresses {
        run!(tx, query(CONTACT_ADDRESS).bind(firm.0).bind(i64::from(address.0)).bind(contact.id.0))?;
    }
    Ok(())
}

/// Takes all addresses from a contact.
pub(super) async fn free(tx: &mut Tx, firm: FirmId, contact: ContactId) -> Result<()> {
    run!(tx, query(FREE).bind(firm.0).bind(contact.0)).map(drop)
}

/// Takes a contact away; their addresses are nobody's then.
pub async fn remove_contact(tx: &mut Tx, firm: FirmId, contact: ContactId) -> Result<()> {
    free(tx, firm, contact).await?;
    run!(tx, query(REMOVE_CONTACT).bind(firm.0).bind(contact.0)).map(drop)
}

/// All contacts, by id, without who was removed: see [`super::removed`].
pub async fn contacts(tx: &mut Tx, firm: FirmId) -> Result<Vec<Contact>> {
    let rows: Vec<(i64, i64, String, Option<String>, String)> =
        sql!(tx, c => query_as(CONTACTS).bind(firm.0).fetch_all(c).await)?;
    let addresses: Vec<(i64, i64)> =
        sql!(tx, c => query_as(CONTACT_ADDRESSES).bind(firm.0).fetch_all(c).await)?;
    let mut by_contact: FxHashMap<i64, Vec<AddressId>> = FxHashMap::default();
    for (contact, address) in addresses {
        by_contact.entry(contact).or_default().extend(u32::try_from(address).ok().map(AddressId));
    }
    rows.into_iter()
        .map(|(id, client, name, role, custom)| {
            Ok(Contact {
                id: ContactId(id),
                client: ClientId(client),
                name,
                role,
                addresses: by_contact.remove(&id).unwrap_or_default(),
                custom: parse(&custom)?,
            })
        })
        .collect()
}

/// Says who everybody at a domain is, or who one address is; the last word counts.
pub async fn place(tx: &mut Tx, firm: FirmId, placement: &Placement) -> Result<()> {
    let (who, client, staff) = who_columns(placement.who);
    let text = placement.text.trim().to_lowercase();
    run!(
        tx,
        query(PLACE)
            .bind(firm.0)
            .bind(scope_name(placement.scope))
            .bind(&text)
            .bind(who)
            .bind(client)
            .bind(staff)
            .bind(placement.decided_by.map(|staff| staff.0))
            .bind(Ts::from(placement.at))
    )
    .map(drop)
}

/// Takes back what somebody said of a domain or address.
pub async fn unplace(tx: &mut Tx, firm: FirmId, scope: Scope, text: &str) -> Result<()> {
    run!(tx, query(UNPLACE).bind(firm.0).bind(scope_name(scope)).bind(text)).map(drop)
}

/// Puts what the traffic tells in the place of what it told before. What somebody decided stands.
pub async fn replace_proposals(tx: &mut Tx, firm: FirmId, proposals: &[Placement]) -> Result<()> {
    run!(tx, query(FORGET_PROPOSALS).bind(firm.0))?;
    add_proposals(tx, firm, proposals).await
}

/// Adds what the traffic tells of those of whom nothing was said.
pub async fn add_proposals(tx: &mut Tx, firm: FirmId, proposals: &[Placement]) -> Result<()> {
    let mut values = Vec::with_capacity(proposals.len() * 6);
    for proposal in proposals {
        let (who, client, staff) = who_columns(proposal.who);
        values.extend([
            Value::int(firm.0),
            Value::text(scope_name(proposal.scope)),
            Value::text(&proposal.text),
            Value::text(who),
            Value::Int(client),
            Value::Int(staff),
            Value::at(proposal.at),
        ]);
    }
    PROPOSALS.rows(tx, &values).await.map(drop)
}

/// Takes away a client that was only proposed.
pub async fn remove(tx: &mut Tx, firm: FirmId, client: ClientId) -> Result<()> {
    run!(tx, query(REMOVE).bind(firm.0).bind(client.0)).map(drop)
}

/// All placements: domains first, then addresses, which are more exact.
pub async fn placements(tx: &mut Tx, firm: FirmId) -> Result<Vec<Placement>> {
    type Row = (String, String, String, Option<i64>, Option<i64>, Option<i64>, Ts);
    let rows: Vec<Row> = sql!(tx, c => query_as(PLACEMENTS).bind(firm.0).fetch_all(c).await)?;
    rows.into_iter()
        .map(|(scope, text, who, client, staff, decided_by, at)| {
            let who = match (who.as_str(), client, staff) {
                ("staff", _, Some(staff)) => Who::Staff(StaffId(staff)),
                ("client", Some(client), _) => Who::Client { client: ClientId(client), contact: None },
                ("partner", Some(client), _) => Who::Partner(ClientId(client)),
                ("third_party", ..) => Who::ThirdParty,
                ("private", ..) => Who::Private,
                ("robot", ..) => Who::Robot,
                ("unplaced", ..) => Who::Unplaced,
                _ => return Err(unknown(&who)),
            };
            let scope = if scope == scope_name(Scope::Domain) { Scope::Domain } else { Scope::Address };
            Ok(Placement { scope, text, who, decided_by: decided_by.map(StaffId), at: at.into() })
        })
        .collect()
}

fn who_columns(who: Who) -> (&'static str, Option<i64>, Option<i64>) {
    match who {
        Who::Staff(staff) => ("staff", None, Some(staff.0)),
        Who::Client { client, .. } => ("client", Some(client.0), None),
        Who::Partner(client) => ("partner", Some(client.0), None),
        Who::ThirdParty => ("third_party", None, None),
        Who::Private => ("private", None, None),
        Who::Robot => ("robot", None, None),
        Who::Unplaced => ("unplaced", None, None),
    }
}

fn scope_name(scope: Scope) -> &'static str {
    match scope {
        Scope::Domain => "domain",
        Scope::Address => "address",
    }
}

fn unknown(word: &str) -> Error {
    Error::Unexpected(anyhow::anyhow!("a row holds the word “{word}”, which this version does not know"))
}
