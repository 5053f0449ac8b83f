//! Who writes and is not placed yet: each person sees whom their own mailboxes hold, owners of the firm also whom those
//! hold that it shares, and nobody sees anybody else's.

pub mod pages;
mod waiting;

use care::people::Who;

use crate::app::Handles;
use crate::board::Asker;
use crate::clients::{self, Placement};
use crate::db::{Durability, Tx};
use crate::error::{Error, Result};
use crate::ids::StaffId;
use crate::intake::correspondents::{self, Done, Kind, place_now};
use crate::record::changes;

pub(crate) use waiting::people;
pub use waiting::{Waiting, waiting};

/// What somebody can be placed as, in the order of the keys.
pub const KINDS: [(Kind, &str, &str); 6] = [
    (Kind::Client, Kind::Client.word(), "Client"),
    (Kind::Prospect, Kind::Prospect.word(), "Prospect"),
    (Kind::Partner, Kind::Partner.word(), "Partner"),
    (Kind::ThirdParty, Kind::ThirdParty.word(), "Third party"),
    (Kind::Private, Kind::Private.word(), "Private"),
    (Kind::Robot, Kind::Robot.word(), "Robot"),
];

/// The kind of that name.
pub fn kind_named(name: &str) -> Option<Kind> {
    KINDS.iter().find(|(_, known, _)| *known == name).map(|(kind, ..)| *kind)
}

/// Places some of those who wait in the asker's mailboxes.
pub async fn place(app: &Handles, asker: &Asker, names: &[String], kind: Kind) -> Result<Done> {
    asker.may_act()?;
    if names.is_empty() {
        return Err(Error::invalid("nobody", "is chosen: tick whom you mean first"));
    }
    let now = app.now();
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    all_wait(&mut tx, asker, names).await?;
    let done = place_now(&mut tx, asker.firm, names, kind, asker.reader(), now).await?;
    for name in names {
        correspondents::note(&mut tx, asker.firm, name, kind, asker.staff, now).await?;
    }
    app.commit(asker.firm, tx).await?;
    Ok(done)
}

/// How many letters lose their words for good where these are placed as private. Nothing is changed.
pub async fn erased_by(app: &Handles, asker: &Asker, names: &[String]) -> Result<usize> {
    asker.may_act()?;
    if names.is_empty() {
        return Err(Error::invalid("nobody", "is chosen: tick whom you mean first"));
    }
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    all_wait(&mut tx, asker, names).await?;
    // The transaction ends here without a word, so all of it is as it was.
    correspondents::erased_by(&mut tx, asker.firm, names, asker.reader(), app.now()).await
}

/// Whoever is to be placed waits in the asker's mailboxes.
async fn all_wait(tx: &mut Tx, asker: &Asker, names: &[String]) -> Result<()> {
    let theirs = waiting(tx, asker).await?;
    if let Some(other) = names.iter().find(|name| theirs.iter().all(|one| one.name != **name)) {
        // Placed already (a double click, a second page), or never theirs to place.
        let mine = mine(tx, asker).await?;
        if mine.iter().any(|placement| placement.text == *other) {
            return Err(Error::invalid(other.clone(), "is placed already; load the page again"));
        }
        return Err(Error::NotFound);
    }
    Ok(())
}

/// Takes back what the asker said of somebody. Private mail that was erased stays erased.
pub async fn take_back(app: &Handles, asker: &Asker, names: &[String]) -> Result<Done> {
    asker.may_act()?;
    let now = app.now();
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    let mine = mine(&mut tx, asker).await?;
    let known: Vec<String> =
        names.iter().filter(|name| mine.iter().any(|placement| placement.text == **name)).cloned().collect();
    if known.is_empty() {
        return Err(Error::NotFound);
    }
    let done = place_now(&mut tx, asker.firm, &known, Kind::Unplaced, asker.reader(), now).await?;
    for name in &known {
        correspondents::note(&mut tx, asker.firm, name, Kind::Unplaced, asker.staff, now).await?;
    }
    app.commit(asker.firm, tx).await?;
    Ok(done)
}

/// What the asker placed, the last first.
pub async fn mine(tx: &mut Tx, asker: &Asker) -> Result<Vec<Placement>> {
    let mut all = clients::store::placements(tx, asker.firm).await?;
    all.retain(|placement| is_by(placement, asker.staff));
    all.sort_by_key(|placement| std::cmp::Reverse(placement.at));
    Ok(all)
}

fn is_by(placement: &Placement, staff: StaffId) -> bool {
    placement.decided_by == Some(staff) && placement.who != Who::Unplaced
}
