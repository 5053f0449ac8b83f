//! What a client is called, its tier, and what its record tells of it, as people change them.

use std::collections::BTreeSet;

use care::particular::Particular;
use jiff::Timestamp;

use super::changed::{self, Change, Undone, What};
use super::particulars::{self, By, Words};
use super::store;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{ClientId, FirmId, StaffId};
use crate::record::{changes, project};
use crate::text;

/// What people say of a client.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Details {
    /// What it is called.
    pub name: String,
    /// Its tier.
    pub tier: Option<String>,
    /// What its record tells of it beside what happened; of a change, only what that touched.
    pub told: Words,
}

/// One of the details.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// What it is called.
    Name,
    /// Its tier.
    Tier,
    /// Something that its record tells.
    Told(Particular),
}

impl Detail {
    /// All of them, in the order of the form.
    pub fn all() -> impl Iterator<Item = Detail> {
        [Detail::Name, Detail::Tier].into_iter().chain(Particular::ALL.map(Detail::Told))
    }
}

impl Details {
    /// How one of them stands, however its line breaks or capitals are sent.
    fn plain(&self, one: Detail) -> String {
        let words = match one {
            Detail::Name => self.name.as_str(),
            Detail::Tier => return self.tier.as_deref().unwrap_or_default().to_lowercase(),
            Detail::Told(what) => self.told.get(&what).map_or("", String::as_str),
        };
        text::text("", words, usize::MAX).unwrap_or_default()
    }

    /// The name and the tier, as far as they are other ones in `new`: "Acme Ltd, tier B".
    pub fn called(&self, new: &Details) -> Option<String> {
        let name = (self.name != new.name).then(|| self.name.clone());
        let tier = || match &self.tier {
            Some(tier) => format!("tier {}", tier.to_uppercase()),
            None => "without a tier".to_owned(),
        };
        let tier = (self.tier != new.tier).then(tier);
        let parts: Vec<String> = name.into_iter().chain(tier).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    fn mark(&self, one: Detail) -> String {
        blake3::hash(self.plain(one).as_bytes()).to_hex()[..8].to_owned()
    }

    /// How they stand, as a short mark of each: a form carries it, so that nobody overwrites what a colleague wrote
    /// meanwhile.
    pub fn marks(&self) -> String {
        Detail::all().map(|one| self.mark(one)).collect::<Vec<_>>().join("-")
    }

    /// What somebody means who typed these where `seen` (see [`Details::marks`]) stood, and `now` stands by now: what they
    /// left as they saw it stays as it is now. `Err` names what they and somebody else changed otherwise meanwhile. Where
    /// `seen` tells nothing, all that was typed is meant.
    pub fn meant(self, seen: &str, now: &Details) -> std::result::Result<Details, Vec<Detail>> {
        let mut meant = self.clone();
        let mut both = Vec::new();
        let untouched = self.untouched(seen);
        for (one, seen) in Detail::all().zip(seen.split('-')) {
            let is_so_already = self.plain(one) == now.plain(one);
            if seen.is_empty() {
                break;
            } else if untouched.contains(&one) || is_so_already {
                meant.take(one, now);
            } else if now.mark(one) != seen {
                both.push(one);
            }
        }
        if both.is_empty() { Ok(meant) } else { Err(both) }
    }

    /// Which of these whoever typed them left as they were when `seen` stood.
    pub fn untouched(&self, seen: &str) -> BTreeSet<Detail> {
        let all = Detail::all().zip(seen.split('-'));
        all.filter(|(one, seen)| self.mark(*one) == *seen).map(|(one, _)| one).collect()
    }

    fn take(&mut self, one: Detail, from: &Details) {
        match one {
            Detail::Name => self.name.clone_from(&from.name),
            Detail::Tier => self.tier.clone_from(&from.tier),
            Detail::Told(what) => match from.told.get(&what) {
                Some(words) => drop(self.told.insert(what, words.clone())),
                None => drop(self.told.remove(&what)),
            },
        }
    }
}

/// What a change touched of what the record tells.
pub fn touched(old: &Details, new: &Details) -> BTreeSet<Particular> {
    old.told.keys().chain(new.told.keys()).copied().collect()
}

/// Whether what a change touched is as it left it; what somebody changed of the rest is none of its business.
pub fn is_left_so(now: &Details, old: &Details, new: &Details) -> bool {
    let told = |what: Particular| now.told.get(&what) == new.told.get(&what);
    (old.name == new.name || now.name == new.name)
        && (old.tier == new.tier || now.tier == new.tier)
        && touched(old, new).into_iter().all(told)
}

/// Changes a client's details; none where they are these already. The caller holds the firm, and commits.
pub async fn change(
    tx: &mut Tx,
    firm: FirmId,
    client: ClientId,
    mut new: Details,
    by: StaffId,
    now: Timestamp,
) -> Result<Option<Change>> {
    let mut old = now_are(tx, firm, client).await?;
    new.told.retain(|_, words| !words.is_empty());
    if old == new {
        return Ok(None);
    }
    for what in Particular::ALL {
        if old.told.get(&what) == new.told.get(&what) {
            old.told.remove(&what);
            new.told.remove(&what);
        }
    }
    let what = What::Client { old: old.clone(), new: new.clone() };
    let change = changed::note(tx, firm, client, what, by, now).await?;
    let by = By { staff: Some(by), at: now, change: Some(change.id) };
    for what in touched(&old, &new) {
        let words = new.told.get(&what).map(String::as_str);
        particulars::write(tx, firm, client, what, words, by).await?;
    }
    set(tx, firm, client, &old, &new).await?;
    Ok(Some(change))
}

/// Makes a client's details as they were before a change.
pub(super) async fn change_back(
    tx: &mut Tx,
    firm: FirmId,
    change: &Change,
    old: &Details,
    new: &Details,
    now: Timestamp,
) -> Result<Undone> {
    let client = change.client;
    let stands = now_are(tx, firm, client).await?;
    if !is_left_so(&stands, old, new) {
        return Ok(Undone::ChangedSince);
    }
    for what in touched(old, new) {
        let was = old.told.get(&what).map(String::as_str);
        particulars::write_back(tx, firm, client, what, was, change.id, now).await?;
    }
    let mut back = stands.clone();
    if old.name != new.name {
        back.name.clone_from(&old.name);
    }
    if old.tier != new.tier {
        back.tier.clone_from(&old.tier);
    }
    touched(old, new).into_iter().for_each(|what| back.take(Detail::Told(what), old));
    set(tx, firm, client, &stands, &back).await?;
    Ok(Undone::Yes)
}

/// How they stand.
pub async fn now_are(tx: &mut Tx, firm: FirmId, client: ClientId) -> Result<Details> {
    let found = store::one(tx, firm, client).await?;
    let told = particulars::standing(tx, firm, client).await?;
    Ok(Details { name: found.name, tier: found.tier, told })
}

async fn set(tx: &mut Tx, firm: FirmId, client: ClientId, was: &Details, is: &Details) -> Result<()> {
    store::rename(tx, firm, client, &is.name, is.tier.as_deref()).await?;
    changes::note_everything(tx, firm).await?;
    if was.tier != is.tier || was.told != is.told {
        // Another tier was promised other times, and what a record tells is what it does not lack.
        project::renew_clients(tx, firm, &[client]).await?;
    }
    Ok(())
}

/// No words about a client that somebody types are longer, in characters.
pub const LONGEST_WORDS: usize = 4000;

/// Refuses words that are longer than anybody reads, where they are other than they stand.
pub fn refuse_long(new: &Details, now: &Details, called: impl Fn(Particular) -> &'static str) -> Result<()> {
    for (what, words) in new.told.iter().filter(|(what, words)| now.told.get(what) != Some(words)) {
        let field = || format!("“{}”", called(*what));
        text::text("", words, LONGEST_WORDS).map_err(|error| match error {
            Error::Invalid { words, .. } => Error::invalid(field(), words),
            error => error,
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn details(name: &str, tier: &str, why: &str, channel: &str) -> Details {
        let told = [(Particular::WhyCame, why), (Particular::Channel, channel)];
        let told = told.into_iter().filter(|(_, words)| !words.is_empty());
        Details {
            name: name.to_owned(),
            tier: Some(tier.to_owned()),
            told: told.map(|(what, words)| (what, words.to_owned())).collect(),
        }
    }

    #[test]
    fn what_was_left_as_it_was_seen_stays_as_it_is_now() {
        let seen = details("Acme", "A", "", "by\nletter");
        let now = details("Acme Ltd", "A", "A lease", "by\nletter");
        let typed = details("Acme", "a", "", "by telephone");
        let meant = typed.clone().meant(&seen.marks(), &now);
        assert_eq!(meant, Ok(details("Acme Ltd", "A", "A lease", "by telephone")));
        let breaks = details("Acme", "a", "", "by\r\nletter ");
        assert_eq!(breaks.meant(&seen.marks(), &now), Ok(now.clone()), "as browsers send it");
        assert_eq!(typed.clone().meant("", &now), Ok(typed), "without a mark it is all meant");
    }

    #[test]
    fn what_two_change_otherwise_is_asked_about_and_what_both_make_the_same_is_not() {
        let seen = details("Acme", "a", "", "");
        let now = details("Acme", "b", "A lease", "");
        let typed = details("Acme", "c", "A dispute", "by letter");
        let both = typed.meant(&seen.marks(), &now);
        assert_eq!(both, Err(vec![Detail::Tier, Detail::Told(Particular::WhyCame)]));
        let same = details("Acme", "b", "A lease", "by letter");
        assert_eq!(same.clone().meant(&seen.marks(), &now), Ok(same));
    }
}
