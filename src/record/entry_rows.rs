//! The rows that entries of every kind have: whose they are, what they do, and which are there already.

use care::acts::Act;
use care::ids::NaturalKey;
use jiff::Timestamp;
use rustc_hash::FxHashMap;

use crate::db::rows::{Insert, Value};
use crate::db::{Ts, Tx, rows};
use crate::error::Result;
use crate::ids::{AddressId, EntryId, FirmId};

const KNOWN: &str =
    "SELECT natural_key, entry_id FROM entry WHERE firm_id = {firm} AND natural_key IN {list}";
const ADDRESSES: Insert = Insert {
    into: "entry_address (firm_id, address, at, entry_id, role)",
    then: "ON CONFLICT (firm_id, address, at, entry_id) DO NOTHING",
};
const ACTS: Insert =
    Insert { into: "act (firm_id, entry_id, n, kind, start_char, end_char, confidence, due_at)", then: "" };

/// In how many addresses of an entry a second naming of the same one is looked for: a message to thousands would make
/// it slow, and the database refuses a second row anyway.
const LOOKED_AT: usize = 32;

/// The entries that are there already, by their natural keys.
pub(super) async fn known(
    tx: &mut Tx,
    firm: FirmId,
    keys: &[NaturalKey],
) -> Result<FxHashMap<NaturalKey, EntryId>> {
    known_by(tx, KNOWN, firm, keys).await
}

/// The same by another key: `question` gives key and entry.
pub(super) async fn known_by(
    tx: &mut Tx,
    question: &'static str,
    firm: FirmId,
    keys: &[NaturalKey],
) -> Result<FxHashMap<NaturalKey, EntryId>> {
    let keys: Vec<i64> = keys.iter().map(|key| key.0.cast_signed()).collect();
    let found: Vec<(i64, i64)> = rows::pick(tx, question, firm, &keys).await?;
    Ok(found.into_iter().map(|(key, entry)| (NaturalKey(key.cast_unsigned()), EntryId(entry))).collect())
}

/// Who takes part in entries: for writing in one go.
#[derive(Default)]
pub(super) struct People {
    values: Vec<Value<'static>>,
}

impl People {
    /// Notes who takes part in an entry, each once, by the first part they have in it.
    pub(super) fn add(
        &mut self,
        firm: FirmId,
        entry: EntryId,
        at: Timestamp,
        people: impl IntoIterator<Item = (AddressId, &'static str)>,
    ) {
        let mut seen: Vec<AddressId> = Vec::new();
        for (address, role) in people {
            if seen.len() < LOOKED_AT && seen.contains(&address) {
                continue;
            }
            seen.push(address);
            self.values.extend([
                Value::int(firm.0),
                Value::int(address.0.into()),
                Value::at(at),
                Value::int(entry.0),
                Value::text(role),
            ]);
        }
    }

    pub(super) async fn write(self, tx: &mut Tx) -> Result<()> {
        ADDRESSES.rows(tx, &self.values).await.map(drop)
    }
}

/// Writes what passages of entries do.
pub(super) async fn write_acts<'a>(
    tx: &mut Tx,
    firm: FirmId,
    entries: impl IntoIterator<Item = (EntryId, &'a [Act])>,
) -> Result<()> {
    let mut values = Vec::new();
    for (entry, acts) in entries {
        for (n, act) in acts.iter().enumerate() {
            values.extend([
                Value::int(firm.0),
                Value::int(entry.0),
                Value::int(n as i64),
                Value::text(act.kind.name()),
                Value::int(act.start.into()),
                Value::int(act.end.into()),
                Value::Real(Some(act.confidence.into())),
                Value::At(act.due.map(Ts::from)),
            ]);
        }
    }
    ACTS.rows(tx, &values).await.map(drop)
}
