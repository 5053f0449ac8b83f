//! Whose letters are that nobody else sees, since nobody has placed whom they are from or to: of whoever has a mailbox in
//! which they lie, and of those who share one.

use crate::db::{Tx, rows};
use crate::error::Result;
use crate::ids::{FirmId, NaturalKey, StaffId};

const OWNERS: &str = "SELECT e.natural_key, b.staff_id FROM entry e
    JOIN entry_mailbox m ON m.firm_id = e.firm_id AND m.entry_id = e.entry_id
    JOIN folder f ON f.firm_id = m.firm_id AND f.folder_id = m.folder_id
    JOIN mailbox b ON b.firm_id = f.firm_id AND b.mailbox_id = f.mailbox_id
    WHERE e.firm_id = {firm} AND e.natural_key IN {list} AND (b.staff_id IS NOT NULL OR b.was_shared
        OR EXISTS (SELECT 1 FROM connection c WHERE c.firm_id = b.firm_id AND c.mailbox_id = b.mailbox_id)
        OR EXISTS (SELECT 1 FROM intake_address i WHERE i.firm_id = b.firm_id AND i.mailbox_id = b.mailbox_id))";

/// Whoever reads letters that nobody else sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    /// Who it is.
    pub staff: StaffId,
    /// What the firm shares is theirs as well: they are an owner of the firm.
    pub shares: bool,
}

impl Reader {
    /// Whether a mailbox is theirs: somebody's, or nobody's alone, which the firm shares.
    pub fn has(self, owner: Option<StaffId>) -> bool {
        owner.map_or(self.shares, |owner| owner == self.staff)
    }
}

/// In whose mailboxes these entries lie, an entry once for each; nobody's are those that the firm shares. One that was
/// imported, and of which nobody has said whose it is, is neither.
pub async fn owners(
    tx: &mut Tx,
    firm: FirmId,
    entries: &[NaturalKey],
) -> Result<Vec<(NaturalKey, Option<StaffId>)>> {
    let keys: Vec<i64> = entries.iter().map(|key| key.0.cast_signed()).collect();
    let owners: Vec<(i64, Option<i64>)> = rows::pick(tx, OWNERS, firm, &keys).await?;
    let owner = |(key, owner): (i64, Option<i64>)| (NaturalKey(key.cast_unsigned()), owner.map(StaffId));
    Ok(owners.into_iter().map(owner).collect())
}
