//! Reads the firm's own lists from their files: all of a file, or, where a row is wrong, nothing of it.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use care::ids::NaturalKey;
use care::particular::Particular;
use care::people::ClientKind;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use wire::calls::{CallRow, Columns};
use wire::csv::{AbsenceRow, ClientRow, ContactRow, MatterRow, Row, RowError, Settings, StaffRow};

use super::roster::{ListedAbsence, ListedClient, ListedContact, ListedMatter, ListedStaff, Roster};

/// So many wrong rows are named; the rest are counted.
const NAMED: usize = 20;

/// The files of the lists, each optional.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// Staff.
    pub staff: Option<PathBuf>,
    /// Clients.
    pub clients: Option<PathBuf>,
    /// Contacts.
    pub contacts: Option<PathBuf>,
    /// Matters.
    pub matters: Option<PathBuf>,
    /// Absences.
    pub absences: Option<PathBuf>,
}

impl Files {
    /// Reads all of them.
    pub fn read(&self) -> Result<Roster> {
        let mut roster = Roster {
            staff: merged_staff(rows(self.staff.as_deref())?),
            clients: rows(self.clients.as_deref())?.into_iter().map(listed_client).collect(),
            contacts: rows(self.contacts.as_deref())?.into_iter().map(listed_contact).collect(),
            matters: rows(self.matters.as_deref())?.into_iter().map(listed_matter).collect(),
            absences: rows(self.absences.as_deref())?.into_iter().map(listed_absence).collect(),
            decided: Vec::new(),
        };
        roster.complete();
        Ok(roster)
    }
}

fn rows<R: Row>(path: Option<&Path>) -> Result<Vec<R>> {
    let Some(path) = path else { return Ok(Vec::new()) };
    let (rows, errors) = read(path, "GBP")?;
    refuse_wrong(path, &errors)?;
    Ok(rows)
}

/// Reads a list: the rows that are right, and what is wrong with the others. Amounts that name no currency are in this
/// one.
pub fn read<R: Row>(path: &Path, currency: &str) -> Result<(Vec<R>, Vec<RowError>)> {
    let file = File::open(path).with_context(|| format!("opening the list {}", path.display()))?;
    Ok(wire::csv::read_all(file, &Settings { currency: currency.to_owned() }))
}

/// What makes a call the same one whichever list names it.
pub fn call_key(at: Timestamp, from: &str, to: &str) -> NaturalKey {
    NaturalKey::of(format!("call {} {from} {to}", at.as_millisecond()).as_bytes())
}

/// The kind of client that a row names.
pub fn kind_of(kind: wire::csv::ClientKind) -> ClientKind {
    match kind {
        wire::csv::ClientKind::Organisation => ClientKind::Organisation,
        wire::csv::ClientKind::Person => ClientKind::Person,
        wire::csv::ClientKind::Partner => ClientKind::Partner,
        wire::csv::ClientKind::Prospect => ClientKind::Prospect,
        wire::csv::ClientKind::Former => ClientKind::Former,
    }
}

/// Reads a list of calls, whose times are in the given zone and whose columns may be called otherwise than ours.
pub fn calls(path: &Path, zone: &TimeZone, columns: &Columns) -> Result<(Vec<CallRow>, Vec<RowError>)> {
    let file = File::open(path).with_context(|| format!("opening the list of calls {}", path.display()))?;
    Ok(wire::calls::read_all(file, zone, columns))
}

/// Nothing of a file with a wrong row is taken: half a client list would call the other half strangers.
pub fn refuse_wrong(path: &Path, errors: &[RowError]) -> Result<()> {
    if errors.is_empty() {
        return Ok(());
    }
    let mut told: Vec<String> = errors.iter().take(NAMED).map(|error| format!("  {error}")).collect();
    if NAMED < errors.len() {
        told.push(format!("  and {} more", errors.len() - NAMED));
    }
    bail!("{} was not read:\n{}", path.display(), told.join("\n"))
}

/// Several rows of one name are one person with several addresses.
fn merged_staff(rows: Vec<StaffRow>) -> Vec<ListedStaff> {
    let mut staff: Vec<ListedStaff> = Vec::new();
    for row in rows {
        let known = staff.iter_mut().position(|person| person.name.eq_ignore_ascii_case(&row.name));
        let place = known.unwrap_or_else(|| {
            staff.push(ListedStaff { name: row.name.clone(), ..ListedStaff::default() });
            staff.len() - 1
        });
        staff[place].emails.extend(row.emails.iter().map(|email| email.to_lowercase()));
        staff[place].phones.extend(row.phones);
    }
    staff
}

fn listed_client(row: ClientRow) -> ListedClient {
    ListedClient {
        client_id: row.client_id,
        name: row.name,
        kind: kind_of(row.kind),
        since: row.since,
        tier: row.tier,
        point_person: row.point_person.map(|text| text.to_lowercase()),
        told: row.told.iter().filter_map(|(column, _)| Particular::named(column)).collect(),
    }
}

fn listed_contact(row: ContactRow) -> ListedContact {
    ListedContact {
        client_id: row.client_id,
        name: row.name.unwrap_or_default(),
        emails: row.emails.iter().map(|email| email.to_lowercase()).collect(),
        phones: row.phones,
    }
}

fn listed_matter(row: MatterRow) -> ListedMatter {
    let handler = row.handler.map(|text| text.to_lowercase());
    ListedMatter { client_id: row.client_id, handler, opened: row.opened, closed: row.closed }
}

fn listed_absence(row: AbsenceRow) -> ListedAbsence {
    let cover = row.cover.map(|text| text.to_lowercase());
    ListedAbsence { email: row.email.to_lowercase(), from: row.from, to: row.to, cover }
}
