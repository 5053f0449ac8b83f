//! Whose mail is not kept at all.

use care::acts::Direction;
use care::people::Who;
use reading::letter::Letter;

use crate::clients;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::FirmId;
use crate::intake::traffic::writer;
use crate::record::book::Placed;
use crate::record::excluded::Excluded;

/// Whose mail is not kept.
#[derive(Default)]
pub(super) struct Private {
    placed: Placed,
    /// Whom people keep out of their own mailboxes.
    pub(super) excluded: Excluded,
}

impl Private {
    pub(super) async fn load(tx: &mut Tx, firm: FirmId) -> Result<Private> {
        let placed = Placed::of(clients::store::placements(tx, firm).await?);
        Ok(Private { placed, excluded: Excluded::load(tx, firm).await? })
    }

    /// Whether everybody outside the firm who takes part in a letter is private, or kept out of this mailbox.
    pub(super) fn is_all_of(&self, letter: &Letter, mailbox: Option<&str>, direction: Direction) -> bool {
        let mailbox = mailbox.unwrap_or_default();
        let is_nobody = self.placed.is_empty() && self.excluded.is_empty_for(mailbox);
        if is_nobody || direction == Direction::Internal {
            return false;
        }
        let is = |address: &str| {
            let said = match self.placed.of_address(address) {
                // What a machine at a private domain writes is as private.
                None | Some(Who::Robot | Who::Unplaced) => self.placed.of_domain(address),
                said => said,
            };
            said == Some(Who::Private) || self.excluded.has(mailbox, address)
        };
        match direction {
            Direction::In => writer(letter).is_some_and(|from| is(&from.address)),
            _ => {
                letter.recipients().any(|to| is(&to.address)) && letter.recipients().all(|to| is(&to.address))
            }
        }
    }
}
