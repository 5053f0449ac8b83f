//! Messages that a mail server sends back: what did not arrive ended nothing, so that is owed again.

use care::entry::{Decision, Of, Verdict};
use care::obligation::{Evidence, Obligation, Role};
use jiff::{SignedDuration, Timestamp};
use reading::letter::{self, BounceKind, Failure};
use sqlx::{query, query_as};

use super::{Outgoing, State, send::tell, store};
use crate::db::{Ts, Tx, run, sql};
use crate::error::Result;
use crate::ids::{self, EntryId, FirmId, NaturalKey, OutgoingId};
use crate::record::{addresses, others, owed, project, raw};
use crate::staff::SOMEBODY;

/// Mail servers give up after five days at most (RFC 5321), and a report may take a while to be fetched.
const AWAITED: SignedDuration = SignedDuration::from_hours(7 * 24);
/// So many reports are looked at in one round.
const A_ROUND: i64 = 20;

const AWAITING: &str = "SELECT outgoing_id, message_id FROM outgoing
    WHERE firm_id = $1 AND state = 'sent' AND $2 < next_at";
const REPORTS: &str = "SELECT m.entry_id, m.raw_hash FROM message m
    WHERE m.firm_id = $1 AND $2 < m.entry_id AND m.automatic = 'bounce' AND m.raw_hash IS NOT NULL AND NOT EXISTS
        (SELECT 1 FROM report_read r WHERE r.firm_id = $1 AND r.entry_id = m.entry_id)
    ORDER BY m.entry_id LIMIT $3";
const READ: &str = "INSERT INTO report_read (firm_id, entry_id, outgoing_id) VALUES ($1, $2, $3)
    ON CONFLICT (firm_id, entry_id) DO NOTHING";

/// A report of a mail server that nobody has looked at.
pub(super) type Report = (i64, Vec<u8>);
/// A message that left and may come back: its id here, and its Message-ID.
pub(super) type Awaiting = (i64, String);

/// Messages that may come back, and reports that came since.
pub(super) async fn reports(
    tx: &mut Tx,
    firm: FirmId,
    now: Timestamp,
) -> Result<(Vec<Awaiting>, Vec<Report>)> {
    let since = now - AWAITED;
    let awaiting: Vec<Awaiting> =
        sql!(tx, c => query_as(AWAITING).bind(firm.0).bind(Ts::from(since)).fetch_all(c).await)?;
    if awaiting.is_empty() {
        return Ok((awaiting, Vec::new()));
    }
    let first = ids::first_at(since);
    let reports = sql!(tx, c => query_as(REPORTS).bind(firm.0).bind(first).bind(A_ROUND).fetch_all(c).await)?;
    Ok((awaiting, reports))
}

/// Looks at a report; true where it says that a message of ours came back.
pub(super) async fn look(
    tx: &mut Tx,
    firm: FirmId,
    awaiting: &[Awaiting],
    report: &Report,
    now: Timestamp,
) -> Result<bool> {
    let (entry, hash) = report;
    let bytes = raw::load(tx, firm, hash).await?;
    let failures = failures(&bytes);
    // The report encloses the message, or at least its headers.
    let meant = |(_, id): &&Awaiting| bytes.windows(id.len()).any(|window| window == id.as_bytes());
    let found = awaiting.iter().find(meant).map(|(id, _)| OutgoingId(*id));
    run!(tx, query(READ).bind(firm.0).bind(entry).bind(found.map(|id| id.0)))?;
    let Some(id) = found.filter(|_| !failures.is_empty()) else { return Ok(false) };
    let mut outgoing = store::one(tx, firm, id).await?;
    let failed =
        |failure: &Failure| failure.recipient.is_empty() || outgoing.recipients.contains(&failure.recipient);
    let failures: Vec<Failure> = failures.into_iter().filter(failed).collect();
    if failures.is_empty() {
        return Ok(false);
    }
    reopen(tx, firm, &outgoing, &failures, now).await?;
    outgoing.trouble = Some(told(&failures));
    outgoing.state = State::Returned;
    store::set(tx, firm, &outgoing).await?;
    tell(tx, firm, &outgoing).await?;
    Ok(true)
}

/// Whom a report says will never be reached.
fn failures(report: &[u8]) -> Vec<Failure> {
    let bounce = letter::parse(report).ok().and_then(|letter| letter.bounce);
    let bounce = bounce.filter(|bounce| bounce.kind == BounceKind::Bounce);
    bounce
        .map(|bounce| bounce.failures.into_iter().filter(|failure| failure.hard).collect())
        .unwrap_or_default()
}

fn told(failures: &[Failure]) -> String {
    let one = |failure: &Failure| {
        let who = if failure.recipient.is_empty() { "somebody" } else { &failure.recipient };
        match &failure.status {
            Some(status) => format!("{who} was not reached ({status})"),
            None => format!("{who} was not reached"),
        }
    };
    failures.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// What the message had ended is owed again, where whoever waits was not reached.
async fn reopen(
    tx: &mut Tx,
    firm: FirmId,
    outgoing: &Outgoing,
    failures: &[Failure],
    now: Timestamp,
) -> Result<()> {
    let Some(client) = outgoing.client else { return Ok(()) };
    let mut missed = Vec::new();
    for failure in failures {
        missed.extend(addresses::find(tx, firm, &failure.recipient).await?);
    }
    let reached = |recipient: &String| failures.iter().all(|failure| failure.recipient != *recipient);
    let nobody = failures.iter().any(|failure| failure.recipient.is_empty())
        || !outgoing.recipients.iter().any(reached);
    let message = Of::Message(NaturalKey::of(outgoing.message_id.trim_matches(['<', '>']).as_bytes()));
    let ended_it =
        |evidence: &Evidence| evidence.of == message && matches!(evidence.role, Role::Ended | Role::Moved);
    let all: Vec<Obligation> = owed::of_client(tx, firm, client).await?;
    let mut again = false;
    for owed in all.iter().filter(|owed| owed.evidence.iter().any(ended_it)) {
        let waits = nobody || owed.contact.is_some_and(|contact| missed.contains(&contact));
        let opened = owed.evidence.iter().find(|evidence| evidence.role == Role::Opened);
        let Some(opened) = opened.filter(|_| waits) else { continue };
        let key = NaturalKey::of(format!("returned {} {} {}", firm.0, outgoing.id.0, owed.id).as_bytes());
        let what = Verdict::NotTheEnd { opened: opened.of, ended: message };
        // Nobody decided it: a mail server said so.
        let decision = Decision { entry: EntryId(0), key, at: now, by: SOMEBODY, what };
        others::add_decision(tx, firm, &decision, "a mail server sent it back").await?;
        again = true;
    }
    if again {
        project::renew_clients(tx, firm, &[client]).await?;
    }
    Ok(())
}
