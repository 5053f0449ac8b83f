//! The firm's own lists into the record: all of a file, or, where a row is wrong, nothing of it unless that is asked.

mod away;
pub mod calendars;
pub mod cards;
mod enlister;
mod people;
mod work;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use wire::calls::{CallRow, Columns};
use wire::csv::RowError;

use super::lists;
use super::mentions::Mentions;
use crate::clients;
use crate::db::{Db, Durability, Tx};
use crate::error::{Error, Result};
use crate::ids::{ClientId, FirmId, StaffId};
use crate::record::others::{self, NewCall};
use crate::record::{audit, book, changes, project, store};

use enlister::Enlister;

/// Which list a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// Whom the firm serves.
    Clients,
    /// The people there.
    Contacts,
    /// Who works in the firm.
    Staff,
    /// Pieces of work.
    Matters,
    /// Who is away.
    Absences,
    /// Telephone calls.
    Calls,
    /// Who left, and why.
    Departures,
}

impl List {
    /// All of them.
    pub const ALL: [List; 7] = [
        List::Clients,
        List::Contacts,
        List::Staff,
        List::Matters,
        List::Absences,
        List::Calls,
        List::Departures,
    ];

    /// The word in forms and in the log.
    pub fn name(self) -> &'static str {
        match self {
            List::Clients => "clients",
            List::Contacts => "contacts",
            List::Staff => "staff",
            List::Matters => "matters",
            List::Absences => "absences",
            List::Calls => "calls",
            List::Departures => "departures",
        }
    }
}

/// What was imported of some files.
#[derive(Debug, Default)]
pub struct Enlisted {
    /// Rows that are in the record now.
    pub rows: u64,
    /// What became of cards of contacts.
    pub cards: cards::Sorted,
    /// Rows that are not, with the file and why.
    pub wrong: Vec<(PathBuf, String)>,
    /// Rows that are, with somebody of the firm whom nobody knows yet: the file, and where it names whom. They are looked
    /// up again when mail and staff are in.
    pub unsure: Vec<(PathBuf, String)>,
    /// Rows that list a contact whom somebody removed, who stays removed: the file, and where.
    pub passed: Vec<(PathBuf, String)>,
}

/// How files are read.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// Times that name no offset are of this zone.
    pub zone: &'a TimeZone,
    /// Rows that are wrong are left out, instead of the whole file.
    pub skip_bad: bool,
    /// What a list of calls names its columns; without it as the firm set it.
    pub columns: Option<&'a Columns>,
    /// Who brings them in, for the log.
    pub by: StaffId,
    /// What the log calls them.
    pub called: &'a str,
}

/// Reads files of one kind into the record; a file with a wrong row is refused whole unless `skip_bad`.
pub async fn enlist(
    db: &Db,
    firm: FirmId,
    list: List,
    paths: &[PathBuf],
    rules: Rules<'_>,
    now: Timestamp,
) -> Result<Enlisted> {
    let mut enlisted = Enlisted::default();
    // Nobody writes what a record tells meanwhile.
    let mut tx = changes::begin(db, firm, Durability::Act).await?;
    let mut enlister = Enlister::open(&mut tx, firm, now).await?;
    for path in paths {
        let before = enlister.rows;
        let errors = enlister.file(&mut tx, list, path, &rules).await?;
        if !errors.is_empty() && !rules.skip_bad {
            return Err(refused(path, &errors));
        }
        enlisted.rows += enlister.rows - before;
        let told = |error: RowError| (path.clone(), error.to_string());
        enlisted.wrong.extend(errors.into_iter().map(told));
        enlisted.unsure.extend(enlister.unsure.drain(..).map(told));
        enlisted.passed.extend(enlister.passed.drain(..).map(told));
    }
    enlisted.cards = enlister.sorted;
    if list == List::Clients {
        find_mentions(&mut tx, firm).await?;
    }
    project::mark_behind(&mut tx, firm, true).await?;
    let detail = format!("{}: {}", list.name(), rules.called);
    audit::note(&mut tx, firm, rules.by, "imported", &detail, now).await?;
    tx.commit().await?;
    Ok(enlisted)
}

/// Takes calls into the record that a telephone system tells of as they happen, and folds again whom they concern; gives
/// how many are new. The caller holds the firm ([`crate::record::changes::begin`]).
pub async fn told_of(tx: &mut Tx, firm: FirmId, rows: Vec<CallRow>, now: Timestamp) -> Result<u64> {
    let mut enlister = Enlister::open(tx, firm, now).await?;
    let calls: Vec<NewCall> = rows.into_iter().map(|row| enlister.call(row)).collect();
    enlister.book.save(tx, firm).await?;
    let added = others::add_calls(tx, firm, &calls).await?;
    let new: Vec<&NewCall> =
        calls.iter().zip(&added).filter(|(_, added)| added.new).map(|(call, _)| call).collect();
    let book = book::at_hand(tx, firm).await?.book;
    let ends = new.iter().flat_map(|call| [call.facts.from, call.facts.to]);
    let mut clients: Vec<ClientId> = ends.filter_map(|end| book.directory.who(end).client()).collect();
    clients.sort_unstable();
    clients.dedup();
    project::renew_clients_by(tx, firm, &clients, &book).await?;
    Ok(new.len() as u64)
}

fn refused(path: &Path, errors: &[RowError]) -> Error {
    match lists::refuse_wrong(path, errors) {
        Err(error) => Error::Unexpected(error),
        Ok(()) => Error::invalid(path.display().to_string(), "it was not read"),
    }
}

/// Looks again which clients messages name, since the list of names is another now.
async fn find_mentions(tx: &mut Tx, firm: FirmId) -> Result<()> {
    let served: Vec<_> =
        clients::store::all(tx, firm).await?.into_iter().filter(|client| !client.is_proposed()).collect();
    let mentions = Mentions::of(served.iter().map(|client| client.name.as_str()));
    let find = |subject: &str, body: &str| {
        let mut found = mentions.find(subject);
        found.extend(mentions.find(body));
        found.sort_unstable();
        found.dedup();
        found.iter().map(|place| served[*place as usize].id).collect()
    };
    store::renew_mentions(tx, firm, find).await
}
