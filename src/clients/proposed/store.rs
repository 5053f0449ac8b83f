//! Proposed contacts, as rows.

use jiff::Timestamp;
use sqlx::{FromRow, query, query_as};

use super::{Filled, Gave, Proposed, State, Why, numbers};
use crate::db::{Ts, Tx, run, sql};
use crate::error::{Error, Result};
use crate::ids::{AddressId, CardId, ClientId, ContactId, FirmId, NaturalKey, StaffId, SubscriptionId};

const COLUMNS: &str =
    "SELECT card_id, origin_key, subscription_id, staff_id, client_id, contact_id, name, role,
        organisation, emails, phones, why, state, given, name_before, gave_name, role_before, gave_role
    FROM proposed_contact WHERE firm_id = $1 ORDER BY client_id, name, card_id";
const SAVE: &str = "INSERT INTO proposed_contact (firm_id, card_id, origin_key, subscription_id, staff_id, client_id,
        contact_id, name, role, organisation, emails, phones, why, state, given, made_at, name_before, gave_name,
        role_before, gave_role)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
    ON CONFLICT (firm_id, card_id) DO UPDATE SET client_id = excluded.client_id, contact_id = excluded.contact_id,
        name = excluded.name, role = excluded.role, organisation = excluded.organisation,
        emails = excluded.emails, phones = excluded.phones, why = excluded.why, given = excluded.given,
        name_before = excluded.name_before, gave_name = excluded.gave_name, role_before = excluded.role_before,
        gave_role = excluded.gave_role";
const DECIDE: &str =
    "UPDATE proposed_contact SET state = $3, contact_id = $4, given = $5, name_before = $6, gave_name = $7,
        role_before = $8, gave_role = $9, decided_by_id = $10, decided_at = $11
    WHERE firm_id = $1 AND card_id = $2";
const FORGET: &str = "DELETE FROM proposed_contact WHERE firm_id = $1 AND origin_key = $2 AND state = 'open'";
const FORGET_BOOK: &str =
    "DELETE FROM proposed_contact WHERE firm_id = $1 AND subscription_id = $2 AND state = 'open'";
const OPEN: &str =
    "SELECT client_id, staff_id, contact_id FROM proposed_contact WHERE firm_id = $1 AND state = 'open'";

#[derive(FromRow)]
struct Row {
    card_id: i64,
    origin_key: i64,
    subscription_id: Option<i64>,
    staff_id: Option<i64>,
    client_id: i64,
    contact_id: Option<i64>,
    name: String,
    role: Option<String>,
    organisation: Option<String>,
    emails: String,
    phones: String,
    why: String,
    state: String,
    given: String,
    name_before: Option<String>,
    gave_name: Option<String>,
    role_before: Option<String>,
    gave_role: Option<String>,
}

/// All cards of a firm, decided or not, by client and name.
pub async fn all(tx: &mut Tx, firm: FirmId) -> Result<Vec<Proposed>> {
    let rows: Vec<Row> = sql!(tx, c => query_as(COLUMNS).bind(firm.0).fetch_all(c).await)?;
    rows.into_iter().map(of_row).collect()
}

/// Of each card that waits for a word its client, whose address book holds it, and whom it resembles.
pub async fn open(tx: &mut Tx, firm: FirmId) -> Result<Vec<(ClientId, Option<StaffId>, Option<ContactId>)>> {
    type Row = (i64, Option<i64>, Option<i64>);
    let rows: Vec<Row> = sql!(tx, c => query_as(OPEN).bind(firm.0).fetch_all(c).await)?;
    let ids = |(client, staff, contact): Row| (ClientId(client), staff.map(StaffId), contact.map(ContactId));
    Ok(rows.into_iter().map(ids).collect())
}

fn of_row(row: Row) -> Result<Proposed> {
    let word =
        |word: &str| Error::Unexpected(anyhow::anyhow!("a card is in the state “{word}”, which is none"));
    let filled = |before: Option<String>, is: Option<String>| {
        is.map(|is| Filled { before: before.unwrap_or_default(), is })
    };
    let lines = |text: &str| text.lines().map(str::to_owned).collect();
    let why = Why::ALL.iter().find(|(_, name)| *name == row.why).ok_or_else(|| word(&row.why))?.0;
    let state = State::ALL.iter().find(|(_, name)| *name == row.state).ok_or_else(|| word(&row.state))?.0;
    Ok(Proposed {
        id: CardId(row.card_id),
        origin: NaturalKey(row.origin_key.cast_unsigned()),
        book: row.subscription_id.map(SubscriptionId),
        staff: row.staff_id.map(StaffId),
        client: ClientId(row.client_id),
        contact: row.contact_id.map(ContactId),
        name: row.name,
        role: row.role,
        organisation: row.organisation,
        emails: lines(&row.emails),
        phones: lines(&row.phones),
        why,
        state,
        given: row.given.split_whitespace().filter_map(|number| number.parse().ok().map(AddressId)).collect(),
        gave: Gave {
            name: filled(row.name_before, row.gave_name),
            role: filled(row.role_before, row.gave_role),
        },
    })
}

/// Keeps a card, or what is new on it. What somebody said of it stands.
pub async fn save(tx: &mut Tx, firm: FirmId, card: &Proposed, now: Timestamp) -> Result<()> {
    run!(
        tx,
        query(SAVE)
            .bind(firm.0)
            .bind(card.id.0)
            .bind(card.origin.0.cast_signed())
            .bind(card.book.map(|book| book.0))
            .bind(card.staff.map(|staff| staff.0))
            .bind(card.client.0)
            .bind(card.contact.map(|contact| contact.0))
            .bind(&card.name)
            .bind(&card.role)
            .bind(&card.organisation)
            .bind(card.emails.join("\n"))
            .bind(card.phones.join("\n"))
            .bind(card.why.name())
            .bind(card.state.name())
            .bind(numbers(&card.given))
            .bind(Ts::from(now))
            .bind(card.gave.name.as_ref().map(|name| &name.before))
            .bind(card.gave.name.as_ref().map(|name| &name.is))
            .bind(card.gave.role.as_ref().map(|role| &role.before))
            .bind(card.gave.role.as_ref().map(|role| &role.is))
    )
    .map(drop)
}

/// Keeps what somebody said of a card, and what its contact was given by that; nobody said it where it is taken back.
pub(super) async fn decide(
    tx: &mut Tx,
    firm: FirmId,
    card: &Proposed,
    said: Option<(StaffId, Timestamp)>,
) -> Result<()> {
    run!(
        tx,
        query(DECIDE)
            .bind(firm.0)
            .bind(card.id.0)
            .bind(card.state.name())
            .bind(card.contact.map(|contact| contact.0))
            .bind(numbers(&card.given))
            .bind(card.gave.name.as_ref().map(|name| &name.before))
            .bind(card.gave.name.as_ref().map(|name| &name.is))
            .bind(card.gave.role.as_ref().map(|role| &role.before))
            .bind(card.gave.role.as_ref().map(|role| &role.is))
            .bind(said.map(|(by, _)| by.0))
            .bind(said.map(|(_, at)| Ts::from(at)))
    )
    .map(drop)
}

/// Takes away a card that is no more, if nobody has said anything of it.
pub async fn forget_open(tx: &mut Tx, firm: FirmId, origin: NaturalKey) -> Result<()> {
    run!(tx, query(FORGET).bind(firm.0).bind(origin.0.cast_signed())).map(drop)
}

/// Takes away the cards of an address book of which nobody has said anything.
pub async fn forget_book(tx: &mut Tx, firm: FirmId, book: SubscriptionId) -> Result<()> {
    run!(tx, query(FORGET_BOOK).bind(firm.0).bind(book.0)).map(drop)
}
