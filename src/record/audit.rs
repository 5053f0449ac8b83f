//! What people did that leaves no other trace: saw, changed, erased, exported, restored.

use jiff::Timestamp;
use sqlx::{FromRow, query, query_as};

use crate::db::{Ts, Tx, run, sql};
use crate::error::Result;
use crate::ids::{FirmId, StaffId};

const NOTE: &str =
    "INSERT INTO audit (firm_id, audit_id, at, staff_id, act, detail) VALUES ($1, $2, $3, $4, $5, $6)";
const LAST: &str =
    "SELECT act, detail FROM audit WHERE firm_id = $1 ORDER BY at DESC, audit_id DESC LIMIT $2";

/// Every word for what is noted, by the alphabet: the log can be asked for each alone.
pub const ACTS: [&str; 69] = [
    "absence",
    "added_sign_in",
    "backed_up",
    "brought_back",
    "changed",
    "changed_firm",
    "changed_holding_reply",
    "changed_login",
    "changed_password",
    "changed_person",
    "changed_sign_in",
    "changed_signature",
    "changed_standards",
    "changed_text",
    "chose_folders",
    "chose_sender",
    "connected",
    "corrected",
    "decided",
    "disconnected",
    "downloaded",
    "emptied_voicemail",
    "erase",
    "exported",
    "followed_call_log",
    "gave_mailbox",
    "imported",
    "invited",
    "joined",
    "left_call_log",
    "left_somebody_out",
    "let go together",
    "let_somebody_in",
    "lowered_wall",
    "made_call_hook",
    "made_forwarding",
    "made_text",
    "made_token",
    "named_call_columns",
    "noted",
    "paused_mailbox",
    "placed",
    "put_among_drafts",
    "raised_wall",
    "refused",
    "removed_call_hook",
    "removed_sign_in",
    "removed_text",
    "removed_token",
    "reset_reader",
    "resumed_mailbox",
    "revoked_forwarding",
    "said that a message left",
    "saw",
    "saw that a message came back",
    "sent",
    "sent a message again",
    "set_up",
    "shows_mailbox",
    "sign_in_refused",
    "signed_in",
    "signed_out",
    "subscribed",
    "switched_off_holding_reply",
    "switched_on_holding_reply",
    "took a message back",
    "undid",
    "writes_address_book",
    "writes_calendar",
];

/// What was done last, the newest first: act and detail.
pub async fn last(tx: &mut Tx, firm: FirmId, most: u32) -> Result<Vec<(String, String)>> {
    sql!(tx, c => query_as(LAST).bind(firm.0).bind(i64::from(most)).fetch_all(c).await)
}

/// Notes what somebody did; nobody is named who did not say who they are.
pub async fn note(
    tx: &mut Tx,
    firm: FirmId,
    by: StaffId,
    act: &str,
    detail: &str,
    now: Timestamp,
) -> Result<()> {
    debug_assert!(ACTS.contains(&act), "nobody can ask for “{act}” in the log");
    let (id, by) = (tx.new_id(), (by.0 != 0).then_some(by.0));
    let detail = super::storable(detail);
    run!(tx, query(NOTE).bind(firm.0).bind(id).bind(Ts::from(now)).bind(by).bind(act).bind(detail.as_ref()))
        .map(drop)
}

const COUNTED: &str = "UPDATE audit SET detail = $3, at = $4 WHERE firm_id = $1 AND audit_id = $2";

/// Notes what is counted, of nobody who is known or of `by`, or brings the line up to date that counts it; gives the line.
pub async fn note_count(
    tx: &mut Tx,
    firm: FirmId,
    line: Option<i64>,
    by: Option<StaffId>,
    act: &str,
    detail: &str,
    now: Timestamp,
) -> Result<i64> {
    debug_assert!(ACTS.contains(&act), "nobody can ask for “{act}” in the log");
    let (detail, at) = (super::storable(detail), Ts::from(now));
    if let Some(line) = line {
        run!(tx, query(COUNTED).bind(firm.0).bind(line).bind(detail.as_ref()).bind(at))?;
        return Ok(line);
    }
    let (id, by) = (tx.new_id(), by.map(|staff| staff.0));
    run!(tx, query(NOTE).bind(firm.0).bind(id).bind(at).bind(by).bind(act).bind(detail.as_ref()))?;
    Ok(id)
}

const LIST: &str = "SELECT audit_id, at, staff_id, act, detail FROM audit
    WHERE firm_id = $1 AND audit_id < $2 AND ($3 = 0 OR staff_id = $3) AND ($4 = '' OR act = $4)
    ORDER BY audit_id DESC LIMIT $5";

/// A line of the log.
#[derive(Debug, Clone, FromRow)]
pub struct Noted {
    /// Its id: later ones are greater.
    pub audit_id: i64,
    /// When.
    pub at: Ts,
    /// Who; none where they did not say.
    pub staff_id: Option<i64>,
    /// What they did.
    pub act: String,
    /// With what.
    pub detail: String,
}

/// What to list of the log.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Only lines before this one.
    pub before: i64,
    /// Only what this person did.
    pub by: Option<StaffId>,
    /// Only this act; empty for all.
    pub act: String,
    /// At most so many.
    pub most: i64,
}

/// The log, the last line first.
pub async fn list(tx: &mut Tx, firm: FirmId, asked: &Asked) -> Result<Vec<Noted>> {
    let by = asked.by.map_or(0, |staff| staff.0);
    sql!(tx, c => query_as(LIST).bind(firm.0).bind(asked.before).bind(by).bind(&asked.act).bind(asked.most)
        .fetch_all(c).await)
}
