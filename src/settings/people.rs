//! The people of the firm: what they may do, when they are away, and how they come in.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::access::{Access, invitations, passwords, sessions};
use crate::board::Asker;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{AbsenceId, FirmId, StaffId};
use crate::record::audit;
use crate::staff::{self, Absence, Person};
use crate::text::line;

/// What an owner changes about somebody.
#[derive(Debug, Clone)]
pub struct Change {
    /// What they do, in the firm's words.
    pub role: String,
    /// What they may do here.
    pub access: Access,
    /// Their last day.
    pub left: Option<Date>,
}

/// Somebody of the firm, by id.
pub async fn one(tx: &mut Tx, firm: FirmId, id: StaffId) -> Result<Person> {
    let all = staff::store::all(tx, firm).await?;
    all.into_iter().find(|person| person.id == id).ok_or(Error::NotFound)
}

/// Changes somebody. The firm always keeps an owner who can sign in.
pub async fn change(tx: &mut Tx, asker: &Asker, id: StaffId, change: Change, now: Timestamp) -> Result<()> {
    let mut person = one(tx, asker.firm, id).await?;
    let today = now.to_zoned(asker.zone.clone()).date();
    let stays_owner = change.access == Access::Owner && change.left.is_none_or(|left| today <= left);
    if Access::named(&person.access) == Access::Owner && !stays_owner && !others_own(tx, asker, id).await? {
        return Err(Error::invalid(
            "the firm",
            "needs an owner who can sign in; make somebody else one first",
        ));
    }
    person.role = line("the role", &change.role, 100)?;
    change.access.name().clone_into(&mut person.access);
    person.left = change.left;
    person.proposed = false;
    staff::store::save(tx, asker.firm, &person, now).await?;
    if change.left.is_some_and(|left| left < today) {
        sessions::close_all(tx, asker.firm, id).await?;
        invitations::forget(tx, asker.firm, id).await?;
    }
    let left = change.left.map(|left| format!(", last day {left}")).unwrap_or_default();
    let detail = format!("{}: {}{left}", person.name, change.access.name());
    audit::note(tx, asker.firm, asker.staff, "changed_person", &detail, now).await
}

async fn others_own(tx: &mut Tx, asker: &Asker, besides: StaffId) -> Result<bool> {
    let can_sign_in = passwords::all(tx, asker.firm).await?;
    let people = staff::store::all(tx, asker.firm).await?;
    Ok(people.iter().any(|person| {
        person.id != besides
            && person.left.is_none()
            && Access::named(&person.access) == Access::Owner
            && can_sign_in.iter().any(|(staff, _)| *staff == person.id)
    }))
}

/// Notes that somebody is away.
pub async fn away(tx: &mut Tx, asker: &Asker, absence: &Absence, now: Timestamp) -> Result<()> {
    let person = one(tx, asker.firm, absence.staff).await?;
    if absence.to < absence.from {
        return Err(Error::invalid("the last day", "lies before the first"));
    }
    if let Some(cover) = absence.cover {
        one(tx, asker.firm, cover).await?;
        if cover == absence.staff {
            return Err(Error::invalid("the cover", "must be somebody else"));
        }
    }
    staff::store::save_absence(tx, asker.firm, absence).await?;
    let detail = format!("{} {} to {}", person.name, absence.from, absence.to);
    audit::note(tx, asker.firm, asker.staff, "absence", &detail, now).await
}

/// Takes an absence back.
pub async fn here_after_all(tx: &mut Tx, asker: &Asker, id: AbsenceId, now: Timestamp) -> Result<()> {
    staff::store::remove_absence(tx, asker.firm, id).await?;
    audit::note(tx, asker.firm, asker.staff, "absence", "taken back", now).await
}
