//! Absences of which calendars tell: of the same days several calendars may speak, and a list or a person besides. Each
//! that goes leaves what the others say.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Follower;
use super::facts::{self, Away, Fact, Known};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::{AbsenceId, NaturalKey, StaffId};
use crate::staff::{self, Absence};

/// What a list or a person said of an absence, whatever calendars say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Given {
    /// The last day; none where they said nothing.
    until: Option<Date>,
    /// Who stands in.
    cover: Option<i64>,
}

/// The last day of an absence and who stands in, from all that is said of it; none where nobody says anything.
fn together<'a>(given: &Given, said: impl Iterator<Item = &'a Away> + Clone) -> Option<(Date, Option<i64>)> {
    let last = said.clone().map(|away| away.to).chain(given.until).max()?;
    Some((last, given.cover.or_else(|| said.clone().find_map(|away| away.cover))))
}

fn away(known: &Known) -> Option<&Away> {
    if let Fact::Absence(away) = &known.fact { Some(away) } else { None }
}

impl Follower<'_> {
    /// Tells an absence that is new or other than it was; gives it as it is to be remembered.
    pub(super) async fn send_away(&mut self, tx: &mut Tx, new: &Away, row: NaturalKey) -> Result<Away> {
        let mut said = self.said_of(tx, new).await?;
        let given = self.given(new, &said);
        let (subscription, key) = (self.followed.subscription, Fact::Absence(new.clone()).key());
        said.retain(|known| (known.subscription, known.row) != (subscription, row));
        let new = Away { given: given.clone(), ..new.clone() };
        let fact = Fact::Absence(new.clone());
        said.push(Known { subscription, key, row, fact, client: None, told: true });
        if self.settle(tx, &new, &given, said).await? {
            self.desk.taken.absences += 1;
        }
        Ok(new)
    }

    /// Takes back what one calendar told of an absence.
    pub(super) async fn bring_back(&mut self, tx: &mut Tx, gone: &Known, was: &Away) -> Result<()> {
        let mut said = self.said_of(tx, was).await?;
        let given = self.given(was, &said);
        said.retain(|known| (known.subscription, known.row) != (gone.subscription, gone.row));
        facts::forget(tx, self.desk.firm.id, gone).await?;
        // Whom somebody called back meanwhile is here, whatever calendars say.
        if self.absence(was).is_none() {
            return Ok(());
        }
        self.settle(tx, was, &given, said).await.map(drop)
    }

    /// What calendars say of the absence of this person from that day on.
    async fn said_of(&self, tx: &mut Tx, of: &Away) -> Result<Vec<Known>> {
        let mut said = facts::from_day(tx, self.desk.firm.id, &Fact::Absence(of.clone())).await?;
        said.retain(|known| away(known).is_some_and(|away| away.staff == of.staff));
        Ok(said)
    }

    fn absence(&self, of: &Away) -> Option<&Absence> {
        self.desk.absences.iter().find(|known| known.staff.0 == of.staff && known.from == of.from)
    }

    /// What a list or a person said: all that is known before a calendar speaks, and then whatever is other than calendars
    /// made it.
    fn given(&self, of: &Away, said: &[Known]) -> Given {
        let now = self.absence(of).map(|now| (now.to, now.cover.map(|cover| cover.0)));
        let told = || said.iter().filter(|known| known.told).filter_map(away);
        let Some(first) = told().next() else {
            let (until, cover) = now.unzip();
            return Given { until, cover: cover.flatten() };
        };
        let mut given = first.given.clone();
        if let (Some((until, cover)), Some((told_until, told_cover))) = (now, together(&given, told())) {
            if until != told_until {
                given.until = Some(until);
            }
            if cover != told_cover {
                given.cover = cover;
            }
        }
        given
    }

    /// Makes the absence what all together say; whether that changed it.
    async fn settle(&mut self, tx: &mut Tx, of: &Away, given: &Given, mut said: Vec<Known>) -> Result<bool> {
        let firm = self.desk.firm.id;
        for known in &mut said {
            let Fact::Absence(away) = &mut known.fact else { continue };
            if !known.told || away.given != *given {
                away.given.clone_from(given);
                facts::tell(tx, firm, known).await?;
            }
        }
        let now = self.absence(of).cloned();
        let wanted = together(given, said.iter().filter_map(away));
        let is = now.as_ref().map(|now| (now.to, now.cover.map(|cover| cover.0)));
        if is == wanted {
            return Ok(false);
        }
        match (wanted, now) {
            (Some((to, cover)), now) => {
                let absence = Absence {
                    id: now.map_or_else(|| AbsenceId(tx.new_id()), |now| now.id),
                    staff: StaffId(of.staff),
                    from: of.from,
                    to,
                    cover: cover.map(StaffId),
                };
                staff::store::save_absence(tx, firm, &absence).await.map(drop)?;
            }
            (None, Some(now)) => staff::store::remove_absence(tx, firm, now.id).await?,
            (None, None) => {}
        }
        self.desk.absences = staff::store::absences(tx, firm).await?;
        self.is_book_changed = true;
        Ok(true)
    }
}
