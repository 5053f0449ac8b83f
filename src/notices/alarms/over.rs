//! Whether what was told is over, and whether that is worth a word.

use jiff::Timestamp;
use sqlx::query_scalar;

use super::{Alarm, Kind, Wanted};
use crate::db::{Tx, sql};
use crate::error::Result;
use crate::ids::{FirmId, StaffId};
use crate::mailboxes::{Connection, oauth};
use crate::outbox::State;
use crate::subscriptions;

const STATE: &str = "SELECT state FROM outgoing WHERE firm_id = $1 AND outgoing_id = $2";

/// What became of something that was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    /// It lasts.
    Not,
    /// It is well again, which is told.
    Well,
    /// It is no trouble any more, and nothing is well for that: what it was about is gone, rests, or stands otherwise.
    Gone,
}

/// What became of an alarm about a mailbox that is not wrong in that way any more.
pub(super) fn of_mailbox(alarm: &Alarm, all: &[(Connection, Option<StaffId>)], wrong: &[Wanted]) -> Over {
    let known = all.iter().map(|(connection, _)| connection).find(|known| known.id.0 == alarm.about);
    let Some(connection) = known.filter(|connection| !connection.paused) else { return Over::Gone };
    let gives_none = |kind| matches!(kind, Kind::Login | Kind::Silent);
    let mut others = wrong.iter().filter(|wanted| wanted.about == alarm.about);
    match gives_none(alarm.kind) {
        // It gives no mail for another reason, of which they hear.
        true if others.any(|wanted| gives_none(wanted.kind)) => Over::Gone,
        // Who lets nobody in and then does not answer is not well.
        true if connection.health.trouble.is_some() => Over::Not,
        _ => Over::Well,
    }
}

/// What became of an alarm about anything but a mailbox that is not wrong any more.
pub(super) async fn of_others(tx: &mut Tx, firm: FirmId, alarm: &Alarm, now: Timestamp) -> Result<Over> {
    Ok(match alarm.kind {
        Kind::Bounced | Kind::NotSent => of_letter(tx, firm, alarm).await?,
        Kind::Calendar => {
            let all = subscriptions::store::all(tx, firm).await?;
            match all.iter().find(|one| one.id.0 == alarm.about && !one.paused) {
                None => Over::Gone,
                // A server that let nobody in and is away now: it was not read since.
                Some(one) if one.health.trouble.is_some() && one.silence(now).is_none() => Over::Not,
                Some(_) => Over::Well,
            }
        }
        Kind::Issuer => {
            let all = oauth::store::issuers(tx, firm).await?;
            if all.iter().any(|issuer| issuer.id == alarm.about) { Over::Well } else { Over::Gone }
        }
        Kind::Voicemail | Kind::Login | Kind::Silent | Kind::Full => Over::Well,
    })
}

/// A letter that was sent again is on its way; one that was given up, or lies back too far, is not.
async fn of_letter(tx: &mut Tx, firm: FirmId, alarm: &Alarm) -> Result<Over> {
    let state: Option<String> =
        sql!(tx, c => query_scalar(STATE).bind(firm.0).bind(alarm.about).fetch_optional(c).await)?;
    let is = |one: State| state.as_deref() == Some(one.name());
    let is_on_its_way = is(State::Waiting) || is(State::Sending) || is(State::Sent);
    Ok(if is_on_its_way { Over::Well } else { Over::Gone })
}
