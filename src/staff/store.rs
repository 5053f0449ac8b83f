//! The people of the firm, as rows.

use jiff::Timestamp;
use rustc_hash::FxHashMap;
use sqlx::{FromRow, query, query_as, query_scalar};

use super::{Absence, Person};
use crate::db::{Ts, Tx, run, sql};
use crate::error::{Error, Result};
use crate::firm::store::{json, parse};
use crate::firm::{day, day_text};
use crate::ids::{AbsenceId, AddressId, FirmId, StaffId};

const SAVE: &str =
    "INSERT INTO staff (firm_id, staff_id, name, role, access, skills, left_day, custom, proposed, made_at)
    VALUES ($1, $2, $3, $4, $5, '[]', $6, $7, $8, $9)
    ON CONFLICT (firm_id, staff_id) DO UPDATE SET name = excluded.name, role = excluded.role,
        access = excluded.access, left_day = excluded.left_day, custom = excluded.custom,
        proposed = excluded.proposed";
const ADDRESS: &str = "INSERT INTO staff_address (firm_id, address, staff_id, n) VALUES ($1, $2, $3, $4)
    ON CONFLICT (firm_id, address) DO UPDATE SET staff_id = excluded.staff_id, n = excluded.n";
const FREE: &str = "DELETE FROM staff_address WHERE firm_id = $1 AND staff_id = $2";
const REMOVE: &str = "DELETE FROM staff WHERE firm_id = $1 AND staff_id = $2";
const ALL: &str = "SELECT staff_id, name, role, access, left_day, custom, proposed FROM staff WHERE firm_id = $1 ORDER BY staff_id";
const HAS_ADDRESS: &str = "SELECT COUNT(*) FROM address a
    JOIN staff_address s ON s.firm_id = a.firm_id AND s.address = a.address
    WHERE a.firm_id = $1 AND a.text = $2";
const ADDRESSES: &str = "SELECT staff_id, address FROM staff_address WHERE firm_id = $1 ORDER BY staff_id, n";
const ABSENT: &str = "INSERT INTO absence (firm_id, absence_id, staff_id, from_day, to_day, cover_id)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (firm_id, staff_id, from_day) DO UPDATE SET to_day = excluded.to_day, cover_id = excluded.cover_id
    RETURNING absence_id";
const ABSENCES: &str =
    "SELECT absence_id, staff_id, from_day, to_day, cover_id FROM absence WHERE firm_id = $1
    ORDER BY staff_id, from_day";

#[derive(FromRow)]
struct PersonRow {
    staff_id: i64,
    name: String,
    role: String,
    access: String,
    left_day: Option<String>,
    custom: String,
    proposed: bool,
}

/// Makes a person, or changes the one of that id, with exactly these addresses.
pub async fn save(tx: &mut Tx, firm: FirmId, person: &Person, now: Timestamp) -> Result<()> {
    let (custom, left) = (json(&person.custom)?, day_text(person.left));
    run!(
        tx,
        query(SAVE)
            .bind(firm.0)
            .bind(person.id.0)
            .bind(&person.name)
            .bind(&person.role)
            .bind(&person.access)
            .bind(&left)
            .bind(&custom)
            .bind(person.proposed)
            .bind(Ts::from(now))
    )?;
    run!(tx, query(FREE).bind(firm.0).bind(person.id.0))?;
    for (n, address) in person.addresses.iter().enumerate() {
        run!(tx, query(ADDRESS).bind(firm.0).bind(i64::from(address.0)).bind(person.id.0).bind(n as i64))?;
    }
    Ok(())
}

/// Takes away somebody who was only proposed.
pub async fn remove(tx: &mut Tx, firm: FirmId, person: StaffId) -> Result<()> {
    run!(tx, query(FREE).bind(firm.0).bind(person.0))?;
    run!(tx, query(REMOVE).bind(firm.0).bind(person.0)).map(drop)
}

/// Everybody, by id.
pub async fn all(tx: &mut Tx, firm: FirmId) -> Result<Vec<Person>> {
    let rows: Vec<PersonRow> = sql!(tx, c => query_as(ALL).bind(firm.0).fetch_all(c).await)?;
    let addresses: Vec<(i64, i64)> = sql!(tx, c => query_as(ADDRESSES).bind(firm.0).fetch_all(c).await)?;
    let mut by_staff: FxHashMap<i64, Vec<AddressId>> = FxHashMap::default();
    for (staff, address) in addresses {
        by_staff.entry(staff).or_default().extend(u32::try_from(address).ok().map(AddressId));
    }
    rows.into_iter()
        .map(|row| {
            Ok(Person {
                id: StaffId(row.staff_id),
                name: row.name,
                role: row.role,
                access: row.access,
                left: day(row.left_day.as_deref())?,
                proposed: row.proposed,
                addresses: by_staff.remove(&row.staff_id).unwrap_or_default(),
                custom: parse(&row.custom)?,
            })
        })
        .collect()
}

/// Whether an address, in lower case, is somebody's of the firm.
pub async fn has_address(tx: &mut Tx, firm: FirmId, address: &str) -> Result<bool> {
    let count: i64 = sql!(tx, c => query_scalar(HAS_ADDRESS).bind(firm.0).bind(address).fetch_one(c).await)?;
    Ok(0 < count)
}

/// Notes an absence; one of that person from that day is changed.
pub async fn save_absence(tx: &mut Tx, firm: FirmId, absence: &Absence) -> Result<AbsenceId> {
    let (from, to) = (absence.from.to_string(), absence.to.to_string());
    let id: i64 = sql!(tx, c => query_scalar(ABSENT).bind(firm.0).bind(absence.id.0).bind(absence.staff.0)
        .bind(&from).bind(&to).bind(absence.cover.map(|staff| staff.0)).fetch_one(c).await)?;
    Ok(AbsenceId(id))
}

const PRESENT: &str = "DELETE FROM absence WHERE firm_id = $1 AND absence_id = $2";

/// Takes an absence back.
pub async fn remove_absence(tx: &mut Tx, firm: FirmId, absence: AbsenceId) -> Result<()> {
    match run!(tx, query(PRESENT).bind(firm.0).bind(absence.0))? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// All absences, by person and day.
pub async fn absences(tx: &mut Tx, firm: FirmId) -> Result<Vec<Absence>> {
    let rows: Vec<(i64, i64, String, String, Option<i64>)> =
        sql!(tx, c => query_as(ABSENCES).bind(firm.0).fetch_all(c).await)?;
    rows.into_iter()
        .map(|(id, staff, from, to, cover)| {
            Ok(Absence {
                id: AbsenceId(id),
                staff: StaffId(staff),
                from: day(Some(&from))?.unwrap_or_default(),
                to: day(Some(&to))?.unwrap_or_default(),
                cover: cover.map(StaffId),
            })
        })
        .collect()
}
