//! What is known of the contact with each client, kept beside what is owed: all that weighing their outlook needs.
//!
//! Nothing here is a fact. [`Contact::of`] makes it from a record, for a scan and for the stored record alike, and
//! [`replace`] writes it wherever what is owed is written anew. What depends on the moment is weighed when it is
//! looked at. What came since is written apart from what was there before, so a letter more writes little.

mod contact;
mod packed;

use care::people::Directory;
use sqlx::{FromRow, query, query_as};

pub use self::contact::{Contact, Pair};
use super::stand::Stepped;
use crate::db::rows::{Insert, Value};
use crate::db::{Ts, Tx, run, sql};
use crate::error::{Error, Result};
use crate::ids::{ClientId, FirmId};

const FORGET: [&str; 2] = [
    "DELETE FROM outlook WHERE firm_id = $1 AND client_id = $2",
    "DELETE FROM outlook_before WHERE firm_id = $1 AND client_id = $2",
];
const FORGET_ALL: [&str; 2] =
    ["DELETE FROM outlook WHERE firm_id = $1", "DELETE FROM outlook_before WHERE firm_id = $1"];
/// What came since; no bytes where all is from before.
const OUTLOOKS: Insert = Insert {
    into: "outlook (firm_id, client_id, last_in_at, last_out_at, ties, likeness, facts)",
    then: "ON CONFLICT (firm_id, client_id) DO UPDATE SET last_in_at = excluded.last_in_at,
        last_out_at = excluded.last_out_at, ties = excluded.ties, likeness = excluded.likeness, facts = excluded.facts",
};
const BEFORE: Insert = Insert {
    into: "outlook_before (firm_id, client_id, facts)",
    then: "ON CONFLICT (firm_id, client_id) DO UPDATE SET facts = excluded.facts",
};
const ALL: &str = "SELECT o.client_id, o.likeness, o.facts AS since, b.facts AS before FROM outlook o
    JOIN outlook_before b ON b.firm_id = o.firm_id AND b.client_id = o.client_id WHERE o.firm_id = $1";
const OF_CLIENT: &str = "SELECT o.client_id, o.likeness, o.facts AS since, b.facts AS before FROM outlook o
    JOIN outlook_before b ON b.firm_id = o.firm_id AND b.client_id = o.client_id
    WHERE o.firm_id = $1 AND o.client_id = $2";

#[derive(FromRow)]
struct ContactRow {
    client_id: i64,
    likeness: f64,
    since: Vec<u8>,
    before: Vec<u8>,
}

/// Keeps what is known of the contact with a client; nothing where the client has no record any more.
pub async fn replace(tx: &mut Tx, firm: FirmId, client: ClientId, contact: Option<&Contact>) -> Result<()> {
    match contact {
        Some(contact) => add(tx, firm, &[(client, contact)]).await,
        None => {
            for text in FORGET {
                run!(tx, query(text).bind(firm.0).bind(client.0))?;
            }
            Ok(())
        }
    }
}

/// Brings what is known of the contact with a client up to date after one step of the fold: `entries` came into the record,
/// and `changed` is what they changed of what is owed. None where nothing was known.
pub(super) async fn go_on(
    tx: &mut Tx,
    firm: FirmId,
    client: ClientId,
    directory: &Directory,
    Stepped { stand, entries, step }: &mut Stepped,
) -> Result<Option<Contact>> {
    let known = match stand.contact.take() {
        Some(known) => Some(known),
        None => of_client(tx, firm, client).await?,
    };
    let Some(known) = known else { return Ok(None) };
    let mut contact = known.with(client, directory, &*entries, &step.changed);
    contact.likeness = stand.traffic.likeness();
    if contact.is_long() {
        contact = contact.joined();
        add(tx, firm, &[(client, &contact)]).await?;
    } else {
        let since = packed::pack(&contact.since, &contact.pairs);
        OUTLOOKS.rows(tx, &row(firm, client, &contact, &since)).await?;
    }
    stand.contact = Some(contact.clone());
    Ok(Some(contact))
}

/// Keeps what is known of the contact with all clients, in the place of what was kept.
pub async fn replace_all(tx: &mut Tx, firm: FirmId, contacts: &[(ClientId, Contact)]) -> Result<()> {
    for text in FORGET_ALL {
        run!(tx, query(text).bind(firm.0))?;
    }
    let contacts: Vec<(ClientId, &Contact)> = contacts.iter().map(|(client, c)| (*client, c)).collect();
    for some in contacts.chunks(1000) {
        add(tx, firm, some).await?;
    }
    Ok(())
}

/// Writes contacts as a whole; nothing is kept apart in them.
async fn add(tx: &mut Tx, firm: FirmId, contacts: &[(ClientId, &Contact)]) -> Result<()> {
    let packed: Vec<Vec<u8>> =
        contacts.iter().map(|(_, contact)| packed::pack(&contact.before, &contact.pairs)).collect();
    let before = contacts.iter().zip(&packed);
    let before = before
        .flat_map(|((client, _), packed)| [Value::int(firm.0), Value::int(client.0), Value::bytes(packed)]);
    BEFORE.rows(tx, &before.collect::<Vec<_>>()).await?;
    let rows = contacts.iter().flat_map(|(client, contact)| row(firm, *client, contact, &[]));
    OUTLOOKS.rows(tx, &rows.collect::<Vec<_>>()).await.map(drop)
}

fn row<'a>(firm: FirmId, client: ClientId, contact: &Contact, since: &'a [u8]) -> [Value<'a>; 7] {
    let (last_in, last_out) = contact.last();
    [
        Value::int(firm.0),
        Value::int(client.0),
        Value::At(last_in.map(Ts::from)),
        Value::At(last_out.map(Ts::from)),
        Value::int(contact.ties().into()),
        Value::Real(Some(contact.likeness)),
        Value::bytes(since),
    ]
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
    let unpacked = |packed: &[u8]| packed::unpack(packed).map_err(|e| Error::Unexpected(e.into()));
    let (before, mut pairs) = unpacked(&row.before)?;
    let mut contact = Contact { before: before.into(), likeness: row.likeness, ..Contact::default() };
    if !row.since.is_empty() {
        // Who talks to whom is told as a whole.
        (contact.since, pairs) = unpacked(&row.since)?;
    }
    Ok((ClientId(row.client_id), Contact { pairs, ..contact }))
}

#[cfg(test)]
mod tests {
    use care::book::FirmBook;
    use care::entry::{Call, Entry};
    use care::fold::{Step, fold_and_stand};
    use care::hours::WorkCalendar;
    use care::people::Who;
    use care::record::Record;
    use care::standard::Standards;
    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    use super::*;
    use crate::db::{Db, Durability, Location};
    use crate::ids::{AddressId, EntryId, NaturalKey, StaffId};
    use crate::record::stand::{Stand, Traffic};

    const FIRM: FirmId = FirmId(1);
    const ACME: ClientId = ClientId(2);
    const THEIRS: AddressId = AddressId(3);
    const OURS: AddressId = AddressId(4);

    fn call(second: i64) -> Entry {
        let at = Timestamp::from_second(second).unwrap();
        let key = NaturalKey(second as u64);
        Entry::Call(Call { entry: EntryId(second), key, at, from: THEIRS, to: OURS, talked: None })
    }

    #[tokio::test]
    async fn what_comes_is_written_apart_until_it_is_much_and_read_back_with_what_was_before() {
        let mut directory = Directory::default();
        directory.place(THEIRS, Who::Client { client: ACME, contact: None });
        directory.place(OURS, Who::Staff(StaffId(5)));
        let hours = WorkCalendar::office_hours(TimeZone::UTC);
        let book = FirmBook::new(FIRM, hours, Standards::default(), directory);
        let first = call(0);
        let record = Record::new(ACME, [&first]);
        let stand = Stand {
            fold: fold_and_stand(&record, &book).1.unwrap(),
            traffic: Traffic::default(),
            contact: None,
        };
        let mut stepped = Stepped { stand, entries: Vec::new(), step: Step::default() };

        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&Location::Folder(folder.path().to_owned())).await.unwrap();
        let mut tx = db.write(Durability::Act).await.unwrap();
        let nothing = go_on(&mut tx, FIRM, ACME, &book.directory, &mut stepped).await.unwrap();
        assert_eq!(nothing, None, "of whom nothing is known, all is to be folded");
        let known = Contact::of(&record, &book.directory, &[], 1.0);
        replace(&mut tx, FIRM, ACME, Some(&known)).await.unwrap();
        let mut was_put_together = false;
        let calls: Vec<Entry> = (0..600).map(call).collect();
        for (n, entry) in calls.iter().enumerate().skip(1) {
            stepped.entries = vec![entry.clone()];
            let told = go_on(&mut tx, FIRM, ACME, &book.directory, &mut stepped).await.unwrap().unwrap();
            was_put_together |= told.since == Default::default();
            let whole = Contact::of(&Record::new(ACME, &calls[..=n]), &book.directory, &[], 1.0);
            assert_eq!(told, whole, "{n}");
            assert_eq!(of_client(&mut tx, FIRM, ACME).await.unwrap(), Some(whole), "{n}");
        }
        assert!(was_put_together);
        replace(&mut tx, FIRM, ACME, None).await.unwrap();
        assert!(all(&mut tx, FIRM).await.unwrap().is_empty());
    }
}
