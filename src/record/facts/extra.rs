//! What an obligation's row has no column for, in few bytes.

use care::obligation::{Evidence, ObligationId, Role};

use super::{Reader, Unreadable, VERSION, Writer};
use crate::ids::StaffId;

/// What an obligation's row has no column for.
#[derive(Debug, Clone, PartialEq)]
pub struct Extra {
    /// The entries that show it.
    pub evidence: Vec<Evidence>,
    /// What it continues.
    pub continues: Option<ObligationId>,
    /// Who ended it.
    pub ended_by: Option<StaffId>,
    /// What continues it.
    pub continued_by: Option<ObligationId>,
}

const ROLES: [Role; 4] = [Role::Opened, Role::Joined, Role::Moved, Role::Ended];

/// The rest of an obligation, to be stored.
pub fn pack_extra(extra: &Extra) -> Vec<u8> {
    let mut out = Writer::default();
    out.byte(VERSION);
    out.list(&extra.evidence, |out, evidence| {
        out.byte(ROLES.iter().position(|role| *role == evidence.role).unwrap_or_default() as u8);
        out.of(evidence.of);
        out.option(evidence.passage, |out, (start, end)| {
            out.number(start.into());
            out.number(end.into());
        });
    });
    out.option(extra.continues, |out, id| out.whole(id.0));
    out.option(extra.ended_by, |out, staff| out.signed(staff.0));
    out.option(extra.continued_by, |out, id| out.whole(id.0));
    out.0
}

/// What was stored.
pub fn unpack_extra(packed: &[u8]) -> Result<Extra, Unreadable> {
    let mut from = Reader(packed);
    let version = from.byte()?;
    if version != VERSION {
        return Err(Unreadable::Unknown(version.into()));
    }
    let evidence = from.list(|from| {
        let role = from.byte()?;
        Ok(Evidence {
            role: *ROLES.get(usize::from(role)).ok_or(Unreadable::Unknown(role.into()))?,
            of: from.of()?,
            passage: from.option(|from| Ok((from.small()?, from.small()?)))?,
        })
    })?;
    Ok(Extra {
        evidence: evidence.into(),
        continues: from.option(|from| from.whole().map(ObligationId))?,
        ended_by: from.option(|from| from.signed().map(StaffId))?,
        continued_by: from.option(|from| from.whole().map(ObligationId))?,
    })
}
