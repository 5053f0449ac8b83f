//! Calendars and address books elsewhere, subscribed to by the people whose they are.
//!
//! Everybody subscribes to their own and gives its password; an owner of the firm sees how all of them do, and can let one
//! rest or take it away. Only owners say that a calendar closes the firm.

use jiff::Timestamp;
use wire::http::Address;
use wire::net::{Reach, Secret};

use super::connections::{Given, count};
use super::{Standing, commit, commit_and_refold};
use crate::access::Access;
use crate::app::App;
use crate::board::Asker;
use crate::db::{Durability, Tx};
use crate::error::{Error, Result};
use crate::ids::SubscriptionId;
use crate::mailboxes::SecretKind;
use crate::mailboxes::oauth::renew::Signer;
use crate::record::{audit, changes};
use crate::subscriptions::{Folder, Kind, Subscription, seal, store, trial, write};

/// Ports of the web. Where the operator allows no private networks, others are refused: a form shall not be used to
/// knock at the doors of other machines.
const PORTS: [u16; 2] = [443, 8443];

/// How somebody wants to subscribe.
pub struct Wish {
    /// What it is.
    pub kind: Kind,
    /// What they call it; empty for what the server is called.
    pub name: String,
    /// Its address.
    pub address: String,
    /// Who signs in.
    pub user: String,
    /// Certificates of the firm's own authority, in PEM form; empty for none.
    pub authority: String,
    /// Its whole days are days on which the firm is closed.
    pub closes: bool,
}

/// One's own; for owners of the firm anybody's.
async fn managed(tx: &mut Tx, asker: &Asker, id: SubscriptionId) -> Result<Subscription> {
    asker.may_act()?;
    let found = store::one(tx, asker.firm, id).await?;
    match found.staff == asker.staff || asker.access == Access::Owner {
        true => Ok(found),
        false => Err(Error::NotFound),
    }
}

/// One's own.
pub async fn own(tx: &mut Tx, asker: &Asker, id: SubscriptionId) -> Result<Subscription> {
    let found = managed(tx, asker, id).await?;
    if found.staff == asker.staff { Ok(found) } else { Err(Error::NotFound) }
}

/// What somebody wishes to subscribe to, where that may be; it has no id and no secret yet.
pub fn wished(
    app: &App,
    asker: &Asker,
    wish: &Wish,
    given: (SecretKind, Option<i64>),
) -> Result<Subscription> {
    asker.may_act()?;
    if wish.closes {
        asker.may_set_up()?;
    }
    let allowed = app.outside.allowed()?;
    let address = fit(&wish.address, allowed.reach)?;
    let name = crate::text::line("the name", &wish.name, 80)?;
    let user = crate::text::line("the name that signs in", &wish.user, 254)?;
    let is_feed = wish.kind == Kind::Feed;
    let (signs_in, oauth) = given;
    if !is_feed && signs_in == SecretKind::Password && user.is_empty() {
        return Err(Error::invalid("the account", "needs the name that signs in and its password"));
    }
    let name = if name.is_empty() { address.host() } else { name };
    let place = if is_feed { address.shown() } else { address.reveal().to_owned() };
    Ok(Subscription {
        user: if is_feed { String::new() } else { user },
        signs_in,
        oauth,
        authority: Some(wish.authority.trim().to_owned()).filter(|text| !text.is_empty()),
        reach: allowed.reach,
        closes: wish.closes && wish.kind != Kind::AddressBooks,
        ..Subscription::new(asker.staff, wish.kind, name, place)
    })
}

/// Subscribes, once it was read; gives what it is called.
pub async fn subscribe(app: &App, asker: &Asker, wish: Wish, given: Given) -> Result<String> {
    let (keys, now) = (app.outside.keys()?, app.now());
    let allowed = app.outside.allowed()?;
    let mut new = wished(app, asker, &wish, (given.kind, given.oauth))?;
    // Of a feed the address is the key.
    let given = match new.kind {
        Kind::Feed => Given::typed(given.kind, Secret::new(fit(&wish.address, allowed.reach)?.reveal())),
        Kind::Calendars | Kind::AddressBooks => given,
    };
    if given.secret.reveal().is_empty() {
        return Err(Error::invalid("the account", "needs the name that signs in and its password"));
    }
    count(app, asker)?;
    let looked = trial::look(&new, &given.really()?, allowed.limits).await;
    let folders = looked.map_err(|failure| failure.told("it", "was not read"))?;
    let mut tx = app.db.write(Durability::Act).await?;
    new.id = SubscriptionId(tx.new_id());
    new.secret = seal(keys, asker.firm, new.id, &given.secret)?;
    store::add(&mut tx, asker.firm, &new, now).await?;
    for folder in &folders {
        store::folder(&mut tx, asker.firm, new.id, folder).await?;
    }
    audit::note(&mut tx, asker.firm, asker.staff, "subscribed", &new.place, now).await?;
    tx.commit().await?;
    Ok(new.name)
}

/// An address that may be reached from a form.
fn fit(text: &str, reach: Reach) -> Result<Address> {
    let address = Address::parse(text).map_err(|words| Error::invalid("the address", words))?;
    if reach == Reach::Public && !address.is_protected() {
        return Err(Error::invalid("the address", "must be protected: it begins with https:"));
    }
    if reach == Reach::Public && !PORTS.contains(&address.port()) {
        return Err(Error::invalid("the port", "is none of the web: 443"));
    }
    Ok(address)
}

/// Says which calendars or address books of an account are followed.
pub async fn choose(app: &App, asker: &Asker, id: SubscriptionId, chosen: &[String]) -> Result<String> {
    let mut tx = app.db.write(Durability::Act).await?;
    let found = own(&mut tx, asker, id).await?;
    for Folder { path, .. } in store::folders(&mut tx, asker.firm, id).await? {
        store::choose(&mut tx, asker.firm, id, &path, chosen.contains(&path)).await?;
    }
    store::at_once(&mut tx, asker.firm, id).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "chose_folders", &found.place, app.now()).await?;
    tx.commit().await?;
    Ok(found.name)
}

/// Says into which calendar of an account is written what its owner owes, or into which address book the contacts are that
/// they may see, once it is known that it may be; empty for nowhere, and then what was written is taken away again. Gives
/// what it is called, and what it is.
pub async fn write_to(app: &App, asker: &Asker, id: SubscriptionId, folder: &str) -> Result<(String, Kind)> {
    let mut tx = app.db.read().await?;
    let found = own(&mut tx, asker, id).await?;
    let folders = store::folders(&mut tx, asker.firm, id).await?;
    tx.commit().await?;
    if found.kind == Kind::Feed {
        return Err(Error::NotFound);
    }
    let folder = match folder {
        "" => None,
        path => Some(folders.iter().find(|known| known.path == path).ok_or(Error::NotFound)?),
    };
    if let Some(folder) = folder {
        count(app, asker)?;
        let now = || app.now();
        let tried = trial::may_be_written(&signer(app, asker, &now)?, &found, folder).await;
        tried.map_err(|failure| failure.told(&folder.name, "was not read"))?;
    }
    let mut tx = app.db.write(Durability::Act).await?;
    let found = own(&mut tx, asker, id).await?;
    write::into(&mut tx, asker.firm, &found, folder).await?;
    audit::note(&mut tx, asker.firm, asker.staff, writes(found.kind), &found.place, app.now()).await?;
    // Whoever writes looks whether something changed.
    commit(app, asker, tx).await?;
    Ok((found.name, found.kind))
}

/// The word of the log for saying into what is written.
pub fn writes(kind: Kind) -> &'static str {
    if kind == Kind::AddressBooks { "writes_address_book" } else { "writes_calendar" }
}

/// What gets what signs in.
fn signer<'a>(app: &'a App, asker: &Asker, now: &'a (dyn Fn() -> Timestamp + Sync)) -> Result<Signer<'a>> {
    let (keys, limits) = (app.outside.keys()?, &app.outside.allowed()?.limits);
    Ok(Signer { db: &app.db, firm: asker.firm, keys, limits, now })
}

/// Gives it another password or sign-in, or a feed another address, once that works.
pub async fn new_secret(app: &App, asker: &Asker, id: SubscriptionId, given: Given) -> Result<String> {
    let known = own(&mut app.db.read().await?, asker, id).await?;
    let allowed = app.outside.allowed()?;
    let given = match known.kind {
        Kind::Feed => {
            Given::typed(given.kind, Secret::new(fit(given.secret.reveal(), allowed.reach)?.reveal()))
        }
        _ => given,
    };
    let found = Subscription { signs_in: given.kind, oauth: given.oauth, ..known };
    count(app, asker)?;
    let looked = trial::look(&found, &given.really()?, allowed.limits).await;
    looked.map_err(|failure| failure.told("it", "was not read"))?;
    let mut tx = app.db.write(Durability::Act).await?;
    own(&mut tx, asker, id).await?;
    crate::subscriptions::renew(&mut tx, asker.firm, app.outside.keys()?, &found, &given.secret).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "changed_login", &found.place, app.now()).await?;
    tx.commit().await?;
    Ok(found.name)
}

/// Looks whether it can be read, and changes nothing.
pub async fn test(app: &App, asker: &Asker, id: SubscriptionId) -> Result<(String, usize)> {
    let found = own(&mut app.db.read().await?, asker, id).await?;
    count(app, asker)?;
    let now = || app.now();
    let looked = trial::look_again(&signer(app, asker, &now)?, &found).await;
    let folders = looked.map_err(|failure| failure.told(&found.name, "was not read"))?;
    Ok((found.name, folders.len()))
}

/// Lets it rest, or go on.
pub async fn pause(app: &App, asker: &Asker, id: SubscriptionId, paused: bool) -> Result<String> {
    let mut tx = app.db.write(Durability::Act).await?;
    let found = managed(&mut tx, asker, id).await?;
    store::pause(&mut tx, asker.firm, id, paused).await?;
    store::at_once(&mut tx, asker.firm, id).await?;
    let act = if paused { "paused_mailbox" } else { "resumed_mailbox" };
    audit::note(&mut tx, asker.firm, asker.staff, act, &found.place, app.now()).await?;
    tx.commit().await?;
    Ok(found.name)
}

/// Forgets how to reach it, and its password. Meetings that took place stay in the record; what it told of times to come
/// goes.
pub async fn remove(app: &App, asker: &Asker, id: SubscriptionId) -> Result<String> {
    let now = app.now();
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    let found = managed(&mut tx, asker, id).await?;
    crate::subscriptions::remove(&mut tx, asker.firm, &found, now).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "disconnected", &found.place, now).await?;
    commit_and_refold(app, asker, tx).await?;
    Ok(found.name)
}

/// How it does at this moment; `when` says a moment in the reader's words.
pub fn standing(one: &Subscription, now: Timestamp, when: impl Fn(Timestamp) -> String) -> Standing {
    let told = |words: String, is_trouble| Standing { words, is_trouble, is_busy: false };
    let health = &one.health;
    if one.paused {
        return told("Rests. Nothing is read of it until you let it go on.".to_owned(), false);
    }
    match (&health.trouble, health.fetched) {
        (Some(trouble), _) if trouble.is_login() => {
            told(format!("Cannot sign in since {}: {}.", when(trouble.since), trouble.words), true)
        }
        (Some(trouble), _) => {
            let words = format!(
                "Not read since {}: {}. It is tried again by itself.",
                when(trouble.since),
                trouble.words
            );
            told(words, one.alarm(now).is_some())
        }
        (None, None) if one.alarm(now).is_some() => {
            told("Was never read: nothing looks after it. Is `regard work` running?".to_owned(), true)
        }
        (None, None) => {
            Standing { words: "Begins in a moment.".to_owned(), is_trouble: false, is_busy: true }
        }
        (None, Some(at)) if one.alarm(now).is_some() => told(
            format!("Was last read {}: nothing looks after it. Is `regard work` running?", when(at)),
            true,
        ),
        (None, Some(at)) => match &one.refused {
            Some(refused) => {
                let what = match one.kind {
                    Kind::AddressBooks => "Contacts are not written there",
                    _ => "What you owe is not written there",
                };
                let words = format!(
                    "Last read {}. {what} since {}: {}. It is tried again by itself.",
                    when(at),
                    when(refused.since),
                    refused.words
                );
                told(words, true)
            }
            None => told(format!("In step. Last read {}.", when(at)), false),
        },
    }
}
