//! Mail from the program to the people of the firm: what it warned of, and what they owe.
//!
//! It goes to them alone, leaves by a mailbox of the firm through the outbox, says by its headers that a machine wrote
//! it, and is not kept in the record when it comes back as mail.

mod alarm_rows;
pub mod alarms;
pub mod digests;
pub mod due;
pub mod elsewhere;
mod schedule;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use sqlx::query_scalar;
use wire::smtp::{Draft, Person, notice_id};

use crate::db::{Tx, sql};
use crate::error::{Error, Result};
use crate::ids::{FirmId, MailboxId, OutgoingId, StaffId};
use crate::mailboxes::{self, Connection, Trouble, TroubleKind};
use crate::outbox::{self, Outgoing};

const SENDER: &str = "SELECT sender_mailbox_id FROM firm WHERE firm_id = $1";
const OWNER: &str = "SELECT mailbox_id FROM mailbox WHERE firm_id = $1 AND staff_id = $2 ORDER BY mailbox_id";
const WEB: &str = "SELECT web_address FROM firm WHERE firm_id = $1";

/// Something to tell one person of the firm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// To whom, by name and address.
    pub to: Person,
    /// About what.
    pub subject: String,
    /// In plain text.
    pub text: String,
    /// The same, formatted.
    pub html: String,
}

/// Which mailboxes may send a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The one that the firm named for this, else the person's own: for what comes every day.
    NamedOrOwn,
    /// These, else any that works: for what somebody must know.
    Any,
}

/// Puts a notice on its way; none where no mailbox can send it now.
pub async fn put(
    tx: &mut Tx,
    firm: FirmId,
    staff: StaffId,
    notice: Notice,
    by: By,
    zone: &TimeZone,
    now: Timestamp,
) -> Result<Option<OutgoingId>> {
    let Some(connection) = sender(tx, firm, staff, by).await? else { return Ok(None) };
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|e| Error::Unexpected(anyhow::anyhow!("no randomness: {e}")))?;
    let draft = Draft {
        from: Person { name: Some("Regard".to_owned()), address: connection.address.clone() },
        to: vec![notice.to],
        cc: Vec::new(),
        bcc: Vec::new(),
        subject: notice.subject,
        text: notice.text,
        html: Some(notice.html),
        signature: None,
        attachments: Vec::new(),
        in_reply_to: None,
        references: Vec::new(),
        message_id: notice_id(u128::from_be_bytes(random), &connection.address),
        date: now.to_zoned(zone.clone()),
    };
    let built = draft.build_automatic().map_err(|e| Error::invalid("the notice", e.to_string()))?;
    let id = OutgoingId(tx.new_id());
    // It is no correspondence of the firm: neither in the record nor among what somebody sent.
    let outgoing =
        Outgoing { recorded: true, copied: true, ..Outgoing::new(id, connection.id, draft, built, now) };
    outbox::store::add(tx, firm, &outgoing).await?;
    Ok(Some(id))
}

/// The mailbox that sends to somebody.
async fn sender(tx: &mut Tx, firm: FirmId, staff: StaffId, by: By) -> Result<Option<Connection>> {
    let named = named_sender(tx, firm).await?;
    let own: Vec<i64> = sql!(tx, c => query_scalar(OWNER).bind(firm.0).bind(staff.0).fetch_all(c).await)?;
    let mut all = mailboxes::store::all(tx, firm).await?;
    // Who is let in nowhere sends nothing either.
    let is_tried = |trouble: &Trouble| trouble.kind == TroubleKind::Other;
    all.retain(|connection| connection.health.trouble.as_ref().is_none_or(is_tried));
    let rank = |connection: &Connection| match connection.id {
        id if Some(id) == named => Some(0),
        id if own.contains(&id.0) => Some(1),
        // What cannot be reached to fetch can perhaps not be reached to send either.
        _ if by == By::Any => Some(if connection.health.trouble.is_none() { 2 } else { 3 }),
        _ => None,
    };
    let best = all.into_iter().filter_map(|connection| Some((rank(&connection)?, connection)));
    Ok(best.min_by_key(|(rank, _)| *rank).map(|(_, connection)| connection))
}

/// The mailbox that the firm named for such mail.
pub async fn named_sender(tx: &mut Tx, firm: FirmId) -> Result<Option<MailboxId>> {
    let named: Option<i64> = sql!(tx, c => query_scalar(SENDER).bind(firm.0).fetch_one(c).await)?;
    Ok(named.map(MailboxId))
}

/// The address under which people reach the pages, without a slash at its end; none where nobody said.
pub async fn web_address(tx: &mut Tx, firm: FirmId) -> Result<Option<String>> {
    sql!(tx, c => query_scalar(WEB).bind(firm.0).fetch_one(c).await)
}

/// A text as HTML shows it.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
