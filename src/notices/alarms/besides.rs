//! What is wrong besides mailboxes: voicemails, calendars and address books elsewhere, sign-ins.

use jiff::Timestamp;

use super::{Kind, Wanted};
use crate::calls::full::{self, Full};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::FirmId;
use crate::mailboxes::{TroubleKind, oauth};
use crate::subscriptions::{self, Subscription};

/// All of it at this moment.
pub(super) async fn mailboxes(tx: &mut Tx, firm: FirmId, now: Timestamp) -> Result<Vec<Wanted>> {
    let mut wrong = of_voicemails(tx, firm).await?;
    wrong.extend(of_subscriptions(tx, firm, now).await?);
    wrong.extend(of_issuers(tx, firm).await?);
    Ok(wrong)
}

/// Voicemails that take no more messages.
async fn of_voicemails(tx: &mut Tx, firm: FirmId) -> Result<Vec<Wanted>> {
    let wanted = |full: Full| {
        let words = format!("the voicemail of {} is full: callers cannot leave word. Empty it", full.line);
        Wanted { kind: Kind::Voicemail, about: full.id, staff: full.staff, words, since: full.since }
    };
    Ok(full::all(tx, firm).await?.into_iter().map(wanted).collect())
}

/// Sign-ins that do not work any more until an owner mends them: however many wait for one, it is told once.
async fn of_issuers(tx: &mut Tx, firm: FirmId) -> Result<Vec<Wanted>> {
    let mut wanted = Vec::new();
    for issuer in oauth::store::issuers(tx, firm).await? {
        if let Some(trouble) = oauth::users::trouble(tx, firm, issuer.id).await? {
            let (about, since) = (issuer.id, trouble.since);
            wanted.push(Wanted { kind: Kind::Issuer, about, staff: None, words: trouble.words, since });
        }
    }
    Ok(wanted)
}

/// What is wrong with calendars and address books elsewhere.
async fn of_subscriptions(tx: &mut Tx, firm: FirmId, now: Timestamp) -> Result<Vec<Wanted>> {
    let all = subscriptions::store::all(tx, firm).await?;
    let wanted = |one: Subscription| {
        let trouble = one.health.trouble.as_ref();
        let since = trouble.map_or(now, |trouble| trouble.since);
        let words = match trouble.is_some_and(|trouble| trouble.kind == TroubleKind::Issuer) {
            true => one.silence(now).filter(|_| !one.paused)?,
            false => one.alarm(now)?,
        };
        Some(Wanted { kind: Kind::Calendar, about: one.id.0, staff: Some(one.staff), words, since })
    };
    Ok(all.into_iter().filter_map(wanted).collect())
}
