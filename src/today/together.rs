//! Many things let go together: one reason, a decision for each, and one undo for all of them.

use care::entry::{Decision, Entry, Verdict};
use care::record::{affected, in_force};
use care::today::Group;
use rustc_hash::FxHashSet;

use super::acts::{Done, may_undo};
use super::list::{Filter, list};
use super::verdict;
use crate::app::Handles;
use crate::board::Asker;
use crate::db::{Durability, Tx};
use crate::error::{Error, Result};
use crate::ids::{ClientId, EntryId, FirmId, NaturalKey, StaffId};
use crate::record::{audit, book, changes, others, owed, project, read};
use crate::report::words::{counted, grouped};
use crate::text::line;

/// The name of decisions that were entered together: where they begin, and how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Batch {
    begins: i64,
    count: usize,
}

impl Batch {
    /// The name in addresses of pages.
    pub fn name(self) -> String {
        format!("{:016x}-{}", self.begins, self.count)
    }

    /// How many there are.
    pub fn count(self) -> usize {
        self.count
    }

    /// The batch of that name.
    pub fn named(name: &str) -> Option<Batch> {
        let (begins, count) = name.split_once('-')?;
        let begins = i64::from_str_radix(begins, 16).ok()?;
        Some(Batch { begins, count: count.parse().ok().filter(|count| *count <= MOST)? })
    }

    fn keys(self, firm: FirmId) -> Vec<NaturalKey> {
        let key = |n| NaturalKey::of(format!("decision {} {} {n}", firm.0, self.begins).as_bytes());
        (0..self.count).map(key).collect()
    }
}

/// So many at once; what is left goes the next time.
pub(crate) const MOST: usize = 5000;

/// Lets go everything from before Regard that the filter shows. `count` is how many the page showed.
pub async fn let_go(
    app: &Handles,
    asker: &Asker,
    filter: &Filter,
    count: usize,
    reason: &str,
) -> Result<(Done, Option<Batch>)> {
    asker.may_act()?;
    let now = app.now();
    let reason = line("the reason", reason, 500)?;
    if reason.is_empty() {
        return Err(Error::invalid("the reason", "is missing; say why these need nothing more"));
    }
    let filter = Filter { group: Some(Group::BeforeRegard), skip: 0, most: MOST, ..*filter };
    let listed = list(asker, &filter, now);
    if listed.total != count {
        let words = format!("Nothing was changed: there are {} of these now. Look once more.", listed.total);
        return Ok((Done::Already { words }, None));
    }
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    let mut verdicts = Vec::new();
    for shown in &listed.shown {
        let found = owed::one(&mut tx, asker.firm, shown.open.owed.id).await?;
        if found.ended.is_none() {
            verdicts.push(verdict::no_answer(&found).or_else(|_| verdict::released(&found))?);
        }
    }
    let batch = enter(&mut tx, (asker.firm, asker.staff), verdicts, &reason, now).await?;
    let detail = format!("{} from before Regard, {}", counted(batch.count, "thing", "things"), batch.name());
    audit::note(&mut tx, asker.firm, asker.staff, "let go together", &detail, now).await?;
    app.commit(asker.firm, tx).await?;
    let what = counted(batch.count, "thing", "things");
    let words = format!("{what} from before Regard let go: {}.", reason.to_lowercase());
    Ok((Done::Already { words }, Some(batch)))
}

/// Takes all decisions of a batch back.
pub async fn undo(app: &Handles, asker: &Asker, batch: Batch) -> Result<Done> {
    asker.may_act()?;
    let now = app.now();
    let keys = batch.keys(asker.firm);
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    let entries = read::entries(&mut tx, asker.firm, &keys).await?;
    let others = entries.iter().any(|entry| matches!(entry, Entry::Decision(d) if d.by != asker.staff));
    if entries.is_empty() {
        return Err(Error::NotFound);
    }
    may_undo(&mut tx, asker, &entries).await?;
    if others {
        asker.may_set_up()?;
    }
    let count = take_back(&mut tx, asker.firm, batch, asker.staff, "", now).await?;
    if count == 0 {
        return Ok(Done::Already { words: "That had been undone already.".to_owned() });
    }
    audit::note(&mut tx, asker.firm, asker.staff, "undid", &batch.name(), now).await?;
    app.commit(asker.firm, tx).await?;
    let words = match count {
        1 => "Undone. It stands again as it did before.".to_owned(),
        _ => format!("Undone. All {} stand again as they did before.", grouped(count as u64)),
    };
    Ok(Done::Already { words })
}

/// Takes back what stands of a batch, for whoever may; gives how many decisions that were. The caller holds the firm, and
/// commits.
pub async fn take_back(
    tx: &mut Tx,
    firm: FirmId,
    batch: Batch,
    by: StaffId,
    reason: &str,
    now: jiff::Timestamp,
) -> Result<usize> {
    let keys = batch.keys(firm);
    let entries = read::entries(tx, firm, &keys).await?;
    if entries.is_empty() {
        return Err(Error::NotFound);
    }
    let against = read::decisions_about(tx, firm, &keys).await?;
    let standing = in_force(read::decisions_in(&entries).chain(&against)).into_iter();
    let verdicts: Vec<Verdict> = standing.map(|one| Verdict::TakenBack { decision: one.key }).collect();
    let count = verdicts.len();
    if 0 < count {
        enter(tx, (firm, by), verdicts, reason, now).await?;
    }
    Ok(count)
}

/// Enters the decisions, and makes what they touch anew once for all of them.
pub(crate) async fn enter(
    tx: &mut Tx,
    (firm, by): (FirmId, StaffId),
    verdicts: Vec<Verdict>,
    reason: &str,
    now: jiff::Timestamp,
) -> Result<Batch> {
    let batch = Batch { begins: tx.new_id(), count: verdicts.len() };
    let places = verdicts.iter().any(Verdict::places);
    let at = if places { others::placed_at(tx, firm, now).await? } else { now };
    for (key, what) in batch.keys(firm).into_iter().zip(&verdicts) {
        let decision = Decision { entry: EntryId(0), key, at, by, what: what.clone() };
        others::add_decision(tx, firm, &decision, reason).await?;
    }
    renew(tx, firm, verdicts).await?;
    Ok(batch)
}

/// Makes anew what is owed to those whose record these verdicts touch.
async fn renew(tx: &mut Tx, firm: FirmId, verdicts: Vec<Verdict>) -> Result<()> {
    let all: Vec<&Verdict> = verdicts.iter().collect();
    let entries = read::judged_by(tx, firm, &all).await?;
    let earlier = read::decisions_in(&entries).map(|decision| &decision.what);
    let places: Vec<&Verdict> = all.into_iter().chain(earlier).filter(|what| what.places()).collect();
    if !places.is_empty() {
        changes::note_everything(tx, firm).await?;
    }
    let placed: Vec<ClientId> = places.into_iter().filter_map(placed_with).collect();
    let threads: FxHashSet<u64> = entries
        .iter()
        .filter_map(|entry| if let Entry::Message(message) = entry { Some(message.thread) } else { None })
        .collect();
    let threads: Vec<u64> = threads.into_iter().collect();
    let book = book::at_hand(tx, firm).await?.book;
    let mut clients = project::touched_by_threads(tx, firm, &threads, &book).await?;
    let others = entries.iter().filter(|entry| !matches!(entry, Entry::Message(_) | Entry::Decision(_)));
    clients.extend(affected(others, &book.directory));
    clients.extend(placed);
    clients.sort_unstable();
    clients.dedup();
    project::renew_clients_by(tx, firm, &clients, &book).await.map(drop)
}

/// The client at whom an address was given to somebody.
fn placed_with(what: &Verdict) -> Option<ClientId> {
    if let Verdict::Placed { who, .. } = what { who.client() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_known_by_its_name() {
        let batch = Batch { begins: 0x0123_4567_89ab_cdef, count: 7 };
        assert_eq!(batch.name(), "0123456789abcdef-7");
        assert_eq!(Batch::named(&batch.name()), Some(batch));
        for wrong in ["0123456789abcdef", "x-7", "0123456789abcdef-", "0123456789abcdef-99999999"] {
            assert_eq!(Batch::named(wrong), None, "{wrong}");
        }
        assert_eq!(batch.keys(FirmId(1)).len(), 7);
    }
}
