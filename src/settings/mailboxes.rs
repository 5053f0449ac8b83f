//! Somebody's mailboxes, and what of them the firm sees.

use sqlx::{FromRow, query, query_as};

use crate::board::Asker;
use crate::db::{Tx, run, sql};
use crate::error::{Error, Result};
use crate::ids::{FirmId, MailboxId, StaffId};

const FOLDERS: &str = "SELECT b.mailbox_id, b.name AS mailbox, b.shows, b.staff_id, b.was_shared, f.folder_id, f.name AS folder, f.shown,
        (SELECT COUNT(*) FROM entry_mailbox m WHERE m.firm_id = f.firm_id AND m.folder_id = f.folder_id) AS messages
    FROM mailbox b JOIN folder f ON f.firm_id = b.firm_id AND f.mailbox_id = b.mailbox_id
    WHERE b.firm_id = $1 AND (b.staff_id = $2 OR ($3 = 1 AND b.staff_id IS NULL))
    ORDER BY b.name, b.mailbox_id, f.name";
const SHOWS: &str = "UPDATE mailbox SET shows = $4 WHERE firm_id = $1 AND mailbox_id = $2 AND staff_id = $3";
const SHOWN: &str = "UPDATE folder SET shown = $4 WHERE firm_id = $1 AND mailbox_id = $2 AND folder_id = $3";
const GIVE: &str =
    "UPDATE mailbox SET staff_id = $3 WHERE firm_id = $1 AND mailbox_id = $2 AND staff_id IS NULL";

/// A folder of a mailbox.
#[derive(Debug, Clone, FromRow)]
pub struct Folder {
    /// The mailbox.
    pub mailbox_id: i64,
    /// What it is called.
    pub mailbox: String,
    /// `clients` for all mail of clients, `chosen` for chosen folders alone.
    pub shows: String,
    /// Whose it is.
    pub staff_id: Option<i64>,
    /// The firm shared it, and is connected with it no more.
    pub was_shared: bool,
    /// The folder.
    pub folder_id: i64,
    /// What it is called.
    pub folder: String,
    /// The firm sees it, where only chosen folders are seen.
    pub shown: bool,
    /// How many messages it holds.
    pub messages: i64,
}

/// The folders of somebody's mailboxes; with `unowned` also of those of which nobody knows whose they are.
pub async fn folders(tx: &mut Tx, firm: FirmId, staff: StaffId, unowned: bool) -> Result<Vec<Folder>> {
    sql!(tx, c => query_as(FOLDERS).bind(firm.0).bind(staff.0).bind(i64::from(unowned)).fetch_all(c).await)
}

/// Says what the firm sees of a mailbox of one's own: all mail of clients, or only these folders of it.
pub async fn show(
    tx: &mut Tx,
    firm: FirmId,
    staff: StaffId,
    mailbox: MailboxId,
    chosen: Option<&[i64]>,
) -> Result<()> {
    let shows = if chosen.is_some() { "chosen" } else { "clients" };
    if run!(tx, query(SHOWS).bind(firm.0).bind(mailbox.0).bind(staff.0).bind(shows))? == 0 {
        return Err(Error::NotFound);
    }
    let all = folders(tx, firm, staff, false).await?;
    for folder in all.iter().filter(|folder| folder.mailbox_id == mailbox.0) {
        let shown = chosen.is_some_and(|chosen| chosen.contains(&folder.folder_id));
        run!(tx, query(SHOWN).bind(firm.0).bind(mailbox.0).bind(folder.folder_id).bind(shown))?;
    }
    Ok(())
}

/// Says whose a mailbox is of which nobody knew.
pub async fn give(tx: &mut Tx, firm: FirmId, mailbox: MailboxId, staff: StaffId) -> Result<()> {
    match run!(tx, query(GIVE).bind(firm.0).bind(mailbox.0).bind(staff.0))? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// Whether letters of an address or domain may be kept out of the record: never those of clients, and never the firm's
/// own.
pub fn may_be_left_out(asker: &Asker, what: &str) -> Result<()> {
    let house = &asker.board.firm;
    let domain = what.rsplit_once('@').map_or(what, |(_, domain)| domain);
    if house.firm.domains.contains(domain) || house.firm.named_domains.contains(domain) {
        return Err(Error::invalid("this", "is the firm's own, which is always kept"));
    }
    let end = if what.contains('@') { what.to_owned() } else { format!("@{what}") };
    let is_theirs = |word: &str| if what.contains('@') { word == end } else { word.ends_with(&end) };
    let clients = house.clients.values().filter(|card| card.is_confirmed());
    let mut clients = clients.filter(|card| card.words.split_whitespace().any(is_theirs));
    match clients.next() {
        Some(card) if asker.sees_client(card) => {
            let words = format!("is of the client {}, whose letters are the firm's", card.name);
            Err(Error::invalid("this", words))
        }
        Some(_) => Err(Error::invalid("this", "is of a client of the firm, whose letters are kept")),
        None => Ok(()),
    }
}
