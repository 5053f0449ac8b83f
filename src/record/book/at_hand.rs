//! The firm's book in memory: one letter more is folded without reading again who everybody is.
//!
//! A book is true at a revision of the firm. Whoever wants it asks what changed since: where only the records of clients
//! did, it is taken as it is, with the addresses that were met since placed in it; after any other change it is read
//! anew. So whoever changes what a book is made from notes it ([`changes::note_everything`]), or marks what is owed as
//! behind: then the book is read each time, until all is settled anew, which notes it. What a transaction read is kept
//! once it has committed, and not before: one that is undone leaves nothing behind.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use care::book::FirmBook;
use jiff::Timestamp;
use sqlx::query_as;

use super::{Placed, Whole};
use crate::db::{Ts, Tx, sql};
use crate::error::Result;
use crate::ids::FirmId;
use crate::record::changes::{self, Changed};

const STANDS: &str = "SELECT revision, next_address, record_from_at, behind FROM firm WHERE firm_id = $1";
const MET_SINCE: &str = "SELECT address, text FROM address WHERE firm_id = $1 AND address >= $2";

/// So many addresses, and rules of whose they are, are kept in the books of all firms: some 50 MB. The book used last is always kept.
const MOST: usize = 1_000_000;

/// A book, and what else says who the firm is.
#[derive(Debug, Clone)]
pub struct AtHand {
    /// The book.
    pub book: Arc<FirmBook>,
    /// The firm's own domains.
    pub domains: Arc<BTreeSet<String>>,
    /// A list, or a person, says who works here.
    pub staff_listed: bool,
}

#[derive(Debug, Clone)]
struct Kept {
    /// The revision at which it is true.
    revision: i64,
    /// The addresses below this number are placed in it.
    next_address: i64,
    is: AtHand,
    placed: Arc<Placed>,
}

/// The books that a process remembers, the one used last at the end.
#[derive(Debug, Default)]
struct Books(Mutex<Vec<(FirmId, Kept)>>);

/// The book of a firm as [`super::load`] gives it, read only where the one in memory is not true any more.
///
/// Whoever changes in this transaction what a book is made from notes it before asking; others cannot where the caller
/// holds the firm ([`changes::hold`]), and where not, what they change meanwhile may be in it or not.
pub async fn at_hand(tx: &mut Tx, firm: FirmId) -> Result<AtHand> {
    let (revision, next_address, begins, is_behind): (i64, i64, Option<Ts>, bool) =
        sql!(tx, c => query_as(STANDS).bind(firm.0).fetch_one(c).await)?;
    let books: Arc<Books> = tx.shelf().of();
    let known = if is_behind { None } else { books.of(firm) };
    let mut kept = match still_true(tx, firm, known, revision).await? {
        Some(kept) => kept.and_met_since(tx, firm, next_address).await?,
        None => Kept::read(tx, firm, next_address).await?,
    };
    kept.revision = revision;
    let begins = begins.map(Timestamp::from);
    if kept.is.book.record_from != begins {
        Arc::make_mut(&mut kept.is.book).record_from = begins;
    }
    #[cfg(debug_assertions)]
    assert!(
        *kept.is.book == super::load(tx, firm).await? || changes::revision(tx, firm).await? != revision,
        "what the book of {firm:?} is made from changed, and nobody noted it"
    );
    let is = kept.is.clone();
    if !is_behind {
        tx.once_committed(move || books.keep(firm, kept));
    }
    Ok(is)
}

async fn still_true(tx: &mut Tx, firm: FirmId, kept: Option<Kept>, revision: i64) -> Result<Option<Kept>> {
    // A transaction that looks at the firm as it was before has no use for what is true later.
    let Some(kept) = kept.filter(|kept| kept.revision <= revision) else { return Ok(None) };
    let changed = changes::since(tx, firm, kept.revision, revision).await?;
    Ok((changed != Changed::Everything).then_some(kept))
}

impl Kept {
    async fn read(tx: &mut Tx, firm: FirmId, next_address: i64) -> Result<Kept> {
        let Whole { book, placed, settings, staff_listed } = super::load_whole(tx, firm).await?;
        let is = AtHand { book: book.into(), domains: settings.domains.into(), staff_listed };
        Ok(Kept { revision: 0, next_address, is, placed: placed.into() })
    }

    /// With the addresses that were met since: nobody decided about one of them, only about their domains.
    async fn and_met_since(mut self, tx: &mut Tx, firm: FirmId, next_address: i64) -> Result<Kept> {
        if self.next_address < next_address && !self.placed.is_empty() {
            let met: Vec<(i64, String)> =
                sql!(tx, c => query_as(MET_SINCE).bind(firm.0).bind(self.next_address).fetch_all(c).await)?;
            let directory = &mut Arc::make_mut(&mut self.is.book).directory;
            self.placed.add_to(directory, &met);
        }
        self.next_address = next_address;
        Ok(self)
    }

    fn size(&self) -> usize {
        self.placed.len() + usize::try_from(self.next_address).unwrap_or_default()
    }
}

impl Books {
    fn all(&self) -> MutexGuard<'_, Vec<(FirmId, Kept)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of(&self, firm: FirmId) -> Option<Kept> {
        self.all().iter().find(|(of, _)| *of == firm).map(|(_, kept)| kept.clone())
    }

    fn keep(&self, firm: FirmId, kept: Kept) {
        let mut all = self.all();
        if let Some(at) = all.iter().position(|(of, _)| *of == firm) {
            if kept.revision < all[at].1.revision {
                // A later transaction was here first.
                return;
            }
            all.remove(at);
        }
        all.push((firm, kept));
        let mut size: usize = all.iter().map(|(_, kept)| kept.size()).sum();
        while MOST < size && 1 < all.len() {
            size -= all.remove(0).1.size();
        }
    }
}
