//! Servers that give tokens (OAuth 2), as an owner sets them up, changes them and takes them away. A secret that ends is
//! given anew without anybody signing in again: what was given to the firm's id stays good with it.

use jiff::Timestamp;
use wire::http::Address;
use wire::net::Secret;

use crate::app::App;
use crate::board::Asker;
use crate::db::{Durability, Tx};
use crate::error::{Error, Result};
use crate::ids::{FirmId, MailboxId, StaffId};
use crate::mailboxes::oauth::users::{self, Users};
use crate::mailboxes::oauth::{Issuer, store};
use crate::mailboxes::provider::Provider;
use crate::mailboxes::secret::{Keys, SealedSecret};
use crate::record::audit;

/// What an owner says of a server that gives tokens.
#[derive(Debug, Clone, Default)]
pub struct NewIssuer {
    /// What it is called.
    pub name: String,
    /// Whose accounts it opens: the word of a provider.
    pub provider: String,
    /// The firm's own id with it.
    pub client_id: String,
    /// The secret that goes with that; empty for none.
    pub secret: String,
    /// Where a person says yes; empty for where the provider has that.
    pub authorize: String,
    /// Where tokens are given.
    pub token: String,
    /// Where short codes are given.
    pub device: String,
    /// What is asked for to fetch and send mail.
    pub scopes: String,
    /// What is asked for to read and write calendars.
    pub calendar_scopes: String,
    /// What is asked for to read address books.
    pub contact_scopes: String,
}

/// What becomes of the secret of a server that is changed.
#[derive(Debug, Default)]
pub enum NewSecret {
    /// The one that is kept stays.
    #[default]
    Stays,
    /// This one takes its place.
    Is(Secret),
    /// It has none any more.
    Gone,
}

/// How an owner wants to have a server that gives tokens. Its addresses stay: what people were given is handed to those
/// that it came from, and to no others.
#[derive(Debug, Default)]
pub struct Change {
    /// What it is called.
    pub name: String,
    /// The firm's own id with it.
    pub client_id: String,
    /// What becomes of the secret that goes with that.
    pub secret: NewSecret,
    /// What is asked for to fetch and send mail.
    pub scopes: String,
    /// What is asked for to read and write calendars.
    pub calendar_scopes: String,
    /// What is asked for to read address books.
    pub contact_scopes: String,
}

/// Who changes what is set up: for whom, and with what it is sealed.
pub struct By<'a> {
    /// The firm.
    pub firm: FirmId,
    /// Who.
    pub staff: StaffId,
    /// What seals.
    pub keys: &'a Keys,
    /// When.
    pub now: Timestamp,
}

/// What came of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// What it is called now.
    pub name: String,
    /// What is other than it was, as a list; empty for nothing.
    pub what: String,
    /// What has to be signed in to again, since the firm's id is another.
    pub again: Users,
}

impl Changed {
    /// What somebody is told who did it.
    pub fn words(&self) -> String {
        match (self.what.is_empty(), self.again.is_nobody()) {
            (true, _) => format!("Nothing about {} is other than it was.", self.name),
            (false, true) => format!("Kept for {}: {}. Whoever is signed in stays so.", self.name, self.what),
            (false, false) => format!(
                "Kept for {}: {}. Everybody signs in again: {}.",
                self.name,
                self.what,
                self.again.words()
            ),
        }
    }
}

/// Keeps a server that gives tokens.
pub async fn add_issuer(app: &App, asker: &Asker, new: NewIssuer) -> Result<()> {
    asker.may_set_up()?;
    let by = By { firm: asker.firm, staff: asker.staff, keys: app.outside.keys()?, now: app.now() };
    let mut tx = app.db.write(Durability::Act).await?;
    add(&mut tx, &by, &new).await?;
    tx.commit().await
}

/// Keeps one; gives it as it is kept.
pub async fn add(tx: &mut Tx, by: &By<'_>, new: &NewIssuer) -> Result<Issuer> {
    let mut issuer = new.read()?;
    issuer.id = tx.new_id();
    if !new.secret.trim().is_empty() {
        issuer.secret = Some(by.seal(issuer.id, &Secret::new(new.secret.trim()))?);
    }
    store::add(tx, by.firm, &issuer, by.now).await?;
    audit::note(tx, by.firm, by.staff, "added_sign_in", &issuer.name, by.now).await?;
    Ok(issuer)
}

/// Changes one, for an owner.
pub async fn change_issuer(app: &App, asker: &Asker, id: i64, to: Change) -> Result<Changed> {
    asker.may_set_up()?;
    let by = By { firm: asker.firm, staff: asker.staff, keys: app.outside.keys()?, now: app.now() };
    let mut tx = app.db.write(Durability::Act).await?;
    let changed = change(&mut tx, &by, id, to).await?;
    tx.commit().await?;
    Ok(changed)
}

/// Changes one. What was given to the firm stays good, as long as it is known there by the same id; whatever fails
/// meanwhile is tried at once.
pub async fn change(tx: &mut Tx, by: &By<'_>, id: i64, to: Change) -> Result<Changed> {
    let known = store::issuer(tx, by.firm, id).await?;
    let new = to.read(&known)?;
    let is_other = new.client_id != known.client_id;
    if is_other && known.secret.is_some() && matches!(to.secret, NewSecret::Stays) {
        return Err(Error::invalid(
            "the secret",
            "is missing: the one that is kept belongs to the client id that was here before, and this is another",
        ));
    }
    let what = what_is_other(&known, &new, &to.secret);
    let again = if is_other { users::of(tx, by.firm, id).await? } else { Users::default() };
    if !what.is_empty() {
        store::change(tx, by.firm, &new).await?;
        match &to.secret {
            NewSecret::Stays => {}
            NewSecret::Is(secret) => {
                store::change_secret(tx, by.firm, id, Some(&by.seal(id, secret)?)).await?;
            }
            NewSecret::Gone => store::change_secret(tx, by.firm, id, None).await?,
        }
        users::at_once(tx, by.firm, id).await?;
        let detail = format!("{}: {what}", new.name);
        audit::note(tx, by.firm, by.staff, "changed_sign_in", &detail, by.now).await?;
    }
    Ok(Changed { name: new.name, what, again })
}

/// What is other, as a list.
fn what_is_other(known: &Issuer, new: &Issuer, secret: &NewSecret) -> String {
    let scopes =
        |one: &Issuer| [Some(one.scopes.clone()), one.calendar_scopes.clone(), one.contact_scopes.clone()];
    let all = [
        (matches!(secret, NewSecret::Is(_)), "a new secret"),
        (matches!(secret, NewSecret::Gone) && known.secret.is_some(), "no secret any more"),
        (known.client_id != new.client_id, "another client id"),
        (known.name != new.name, "another name"),
        (scopes(known) != scopes(new), "other scopes"),
    ];
    let others = all.into_iter().filter_map(|(is_other, what)| is_other.then_some(what));
    others.collect::<Vec<_>>().join(", ")
}

/// Forgets one, for an owner.
pub async fn remove_issuer(app: &App, asker: &Asker, id: i64) -> Result<()> {
    asker.may_set_up()?;
    let mut tx = app.db.write(Durability::Act).await?;
    remove(&mut tx, (asker.firm, asker.staff), id, app.now()).await?;
    tx.commit().await
}

/// Forgets one that signs in to nothing.
pub async fn remove(tx: &mut Tx, (firm, by): (FirmId, StaffId), id: i64, now: Timestamp) -> Result<()> {
    let known = store::issuer(tx, firm, id).await?;
    store::remove(tx, firm, id).await?;
    audit::note(tx, firm, by, "removed_sign_in", &known.name, now).await
}

impl Change {
    /// One as it is.
    pub fn none(known: &Issuer) -> Change {
        Change {
            name: known.name.clone(),
            client_id: known.client_id.clone(),
            secret: NewSecret::Stays,
            scopes: known.scopes.clone(),
            calendar_scopes: known.calendar_scopes.clone().unwrap_or_default(),
            contact_scopes: known.contact_scopes.clone().unwrap_or_default(),
        }
    }

    /// As it is to be, with the secret that is kept.
    fn read(&self, known: &Issuer) -> Result<Issuer> {
        let new = NewIssuer {
            name: self.name.clone(),
            provider: known.provider.name().to_owned(),
            client_id: self.client_id.clone(),
            secret: String::new(),
            authorize: known.authorize.clone(),
            token: known.token.clone(),
            device: known.device.clone().unwrap_or_default(),
            scopes: self.scopes.clone(),
            calendar_scopes: self.calendar_scopes.clone(),
            contact_scopes: self.contact_scopes.clone(),
        };
        let new = new.read()?;
        Ok(Issuer { id: known.id, secret: known.secret.clone(), device: known.device.clone(), ..new })
    }
}

impl By<'_> {
    /// Seals a secret for one.
    fn seal(&self, id: i64, secret: &Secret) -> Result<SealedSecret> {
        self.keys.seal(self.firm, MailboxId(id), secret)
    }
}

impl NewIssuer {
    /// Without its secret, which is sealed for it once it has an id.
    pub fn read(&self) -> Result<Issuer> {
        let provider = Provider::named(&self.provider).unwrap_or(Provider::Other);
        let places = provider.places();
        let line = |what: &'static str, text: &str| crate::text::line(what, text, 1000);
        let or = |what: &'static str, text: &str, usual: Option<&str>| {
            let text = line(what, text)?;
            match (text.is_empty(), usual) {
                (true, Some(usual)) => Ok(usual.to_owned()),
                (true, None) => Err(Error::invalid(what, "is missing")),
                (false, _) => Ok(text),
            }
        };
        let authorize = or("the address to say yes at", &self.authorize, places.map(|p| p.authorize))?;
        let token = or("the address for tokens", &self.token, places.map(|p| p.token))?;
        let device = match line("the address for codes", &self.device)? {
            text if text.is_empty() => places.and_then(|p| p.device).map(str::to_owned),
            text => Some(text),
        };
        let known = |what: &'static str, url: &str| {
            let address = Address::parse(url).map_err(|words| Error::invalid(what, words))?;
            Ok::<String, Error>(address.reveal().to_owned())
        };
        let authorize = known("the address to say yes at", &authorize)?;
        let token = known("the address for tokens", &token)?;
        let device = device.map(|url| known("the address for codes", &url)).transpose()?;
        let more = |what: &'static str, text: &str| {
            Ok::<_, Error>(Some(line(what, text)?).filter(|t| !t.is_empty()))
        };
        let calendar_scopes = more("the scopes for calendars", &self.calendar_scopes)?;
        let contact_scopes = more("the scopes for address books", &self.contact_scopes)?;
        // One that is for calendars alone needs none for mail.
        let usual = places.map(|p| p.scopes);
        let usual = usual.or_else(|| calendar_scopes.as_ref().or(contact_scopes.as_ref()).map(|_| ""));
        let name = match (line("the name", &self.name)?, provider) {
            (name, _) if !name.is_empty() => name,
            (_, Provider::Google) => "Google".to_owned(),
            (_, Provider::Microsoft) => "Microsoft".to_owned(),
            _ => return Err(Error::invalid("the name", "is missing; say what people know it by")),
        };
        Ok(Issuer {
            id: 0,
            name,
            provider,
            client_id: or("the client id", &self.client_id, None)?,
            secret: None,
            authorize,
            token,
            device,
            scopes: or("the scopes", &self.scopes, usual)?,
            calendar_scopes,
            contact_scopes,
        })
    }
}
