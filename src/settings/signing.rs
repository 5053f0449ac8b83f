//! Signing in to a mailbox, a calendar or an address book by OAuth 2: begun here, said yes to at the server that gives tokens, and ended here.

use jiff::SignedDuration;
use wire::net::{Reach, Secret, Trust};
use wire::oauth::{Client, Refused, Tokens};

use super::connections::{self, Wish};
use super::fit::{By, are_fit, may_be_connected};
use super::subscriptions;
use crate::app::App;
use crate::board::Asker;
use crate::db::Durability;
use crate::error::{Error, Result};
use crate::ids::{MailboxId, SubscriptionId};
use crate::mailboxes::SecretKind;
use crate::mailboxes::oauth::begun::{self, Begun, LASTS, New, Proof, To};
use crate::mailboxes::oauth::{Held, Issuer, Purpose, store};
use crate::record::audit;
use crate::subscriptions::Kind;

/// The page that answers come back to.
pub const BACK: &str = "/settings/signed-in";
/// Where a server says that it was asked too often, it is asked less often by so much (RFC 8628).
const SLOWER: SignedDuration = SignedDuration::from_secs(5);

/// In which way somebody says yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// In the browser in which they are here.
    Here,
    /// On any device, by typing a short code.
    Elsewhere,
}

/// What somebody signed in to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// A mailbox, which is connected now.
    Mailbox(MailboxId),
    /// A mailbox that was connected.
    MailboxAgain(MailboxId),
    /// Calendars or address books of this name, which are followed now.
    Subscription(String),
    /// Some that were followed.
    SubscriptionAgain(String),
}

/// Refuses what may not be signed in to.
async fn may_begin(app: &App, asker: &Asker, wish: &begun::Wish) -> Result<()> {
    let mut tx = app.db.read().await?;
    match (&wish.to, wish.again) {
        (To::Mailbox(_), Some(id)) => drop(connections::own(&mut tx, asker, MailboxId(id)).await?),
        (To::Mailbox(mailbox), None) => {
            may_be_connected(&mut tx, asker.firm, By::of(asker), &mailbox.address).await?;
            let (fetch_by, send_by) = mailbox.ways()?;
            are_fit(&fetch_by, &send_by, app.outside.allowed()?.reach)?;
        }
        (To::Subscription(_), Some(id)) => {
            drop(subscriptions::own(&mut tx, asker, SubscriptionId(id)).await?);
        }
        (To::Subscription(one), None) => {
            drop(subscriptions::wished(app, asker, &followed(wish, one), (SecretKind::OAuth, None))?);
        }
    }
    Ok(())
}

/// How somebody wants to subscribe.
fn followed(wish: &begun::Wish, one: &begun::Subscription) -> subscriptions::Wish {
    subscriptions::Wish {
        kind: Kind::named(&one.kind).unwrap_or(Kind::Feed),
        name: one.name.clone(),
        address: one.address.clone(),
        user: wish.user.clone(),
        authority: wish.authority.clone(),
        closes: one.closes,
    }
}

/// Begins to sign in, to connect something or to be let in to it again; gives what was begun.
pub async fn begin(app: &App, asker: &Asker, issuer: i64, wish: begun::Wish, way: Way) -> Result<i64> {
    asker.may_act()?;
    let (keys, now) = (app.outside.keys()?, app.now());
    may_begin(app, asker, &wish).await?;
    let issuer = store::issuer(&mut app.db.read().await?, asker.firm, issuer).await?;
    issuer.scopes(purpose(&wish)?)?;
    let proof = Proof::new()?;
    let (mark, every) = (proof.state.hash(), SignedDuration::from_secs(5));
    let (oauth, until) = (issuer.id, now + LASTS);
    let mut tx;
    let id = match way {
        Way::Here => {
            let secret = proof.text();
            let new = New { oauth, mark, secret, wish: &wish, device: None, every, until };
            tx = app.db.write(Durability::Act).await?;
            begun::add(&mut tx, keys, asker.firm, asker.staff, new, now).await?
        }
        Way::Elsewhere => {
            connections::count(app, asker)?;
            let client = client(app, asker, &issuer, &wish)?;
            let device = client.device(&app.outside.allowed()?.limits).await.map_err(|e| told(&issuer, e))?;
            let lasts = SignedDuration::try_from(device.lasts).unwrap_or(LASTS);
            let new = New {
                oauth,
                mark,
                secret: device.code,
                wish: &wish,
                device: Some((&device.user_code, &device.address)),
                every: SignedDuration::try_from(device.every).unwrap_or(every),
                until: now + lasts.min(SignedDuration::from_hours(1)),
            };
            tx = app.db.write(Durability::Act).await?;
            begun::add(&mut tx, keys, asker.firm, asker.staff, new, now).await?
        }
    };
    tx.commit().await?;
    Ok(id)
}

/// What a page shows of a sign-in that was begun: who gives tokens, and where to go.
pub struct Ahead {
    /// The sign-in.
    pub begun: Begun,
    /// Who gives tokens.
    pub issuer: String,
    /// Where to say yes, with all that the server needs to know; or where to type the code.
    pub address: String,
}

/// Where somebody has to go who began to sign in.
pub async fn ahead(app: &App, asker: &Asker, id: i64) -> Result<Ahead> {
    let keys = app.outside.keys()?;
    let mut tx = app.db.read().await?;
    let begun = begun::one(&mut tx, asker.firm, asker.staff, id, app.now()).await?;
    let issuer = store::issuer(&mut tx, asker.firm, begun.oauth).await?;
    tx.commit().await?;
    let address = match &begun.device {
        Some((_, address)) => address.clone(),
        None => {
            let proof = begun.proof(keys, asker.firm)?;
            let client = client(app, asker, &issuer, &begun.wish)?;
            let (redirect, hint) = (&begun.wish.redirect, begun.wish.hint());
            client.address(redirect, &proof.state.text(), &proof.verifier.text(), hint)
        }
    };
    Ok(Ahead { begun, issuer: issuer.name, address })
}

/// What somebody began to sign in to, where they did and it is good.
pub async fn begun(app: &App, asker: &Asker, id: i64) -> Result<Option<To>> {
    let found = begun::one(&mut app.db.read().await?, asker.firm, asker.staff, id, app.now()).await;
    match found {
        Ok(begun) => Ok(Some(begun.wish.to)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The same by what came back.
pub async fn begun_with(app: &App, asker: &Asker, state: &str) -> Result<Option<To>> {
    let mut tx = app.db.read().await?;
    let found = begun::by_state(&mut tx, asker.firm, asker.staff, state, app.now()).await?;
    Ok(found.map(|begun| begun.wish.to))
}

/// What came back from the server that gives tokens.
#[derive(Debug, Default)]
pub struct Answer {
    /// Says which sign-in it belongs to.
    pub state: String,
    /// Gets the tokens.
    pub code: String,
    /// Why there are none.
    pub error: String,
}

/// Ends a sign-in with what came back: once, for whoever began it, and while it is good.
pub async fn back(app: &App, asker: &Asker, answer: Answer) -> Result<Done> {
    let (keys, now) = (app.outside.keys()?, app.now());
    let mut tx = app.db.write(Durability::Act).await?;
    let begun = begun::by_state(&mut tx, asker.firm, asker.staff, &answer.state, now).await?;
    let Some(begun) = begun else { return Err(unknown()) };
    // Used up before anything else: an answer that is handed in again finds nothing.
    let taken = begun::take(&mut tx, asker.firm, asker.staff, begun.id).await?;
    let issuer = store::issuer(&mut tx, asker.firm, begun.oauth).await?;
    tx.commit().await?;
    if !taken {
        return Err(unknown());
    }
    if answer.code.is_empty() {
        let why: String = answer.error.chars().filter(|c| !c.is_control()).take(200).collect();
        let why = if why.is_empty() { "it gave no code".to_owned() } else { why };
        return Err(Error::invalid("the sign-in", format!("was refused by {}: {why}", issuer.name)));
    }
    let proof = begun.proof(keys, asker.firm)?;
    let client = client(app, asker, &issuer, &begun.wish)?;
    let limits = &app.outside.allowed()?.limits;
    let tokens = client.redeem(&answer.code, &begun.wish.redirect, &proof.verifier.text(), limits).await;
    let tokens = tokens.map_err(|error| told(&issuer, error))?;
    end(app, asker, &begun, &issuer, &tokens).await
}

/// Asks whether somebody has typed the code and said yes; none while nobody has.
pub async fn ask(app: &App, asker: &Asker, id: i64) -> Result<Option<Done>> {
    let (keys, now) = (app.outside.keys()?, app.now());
    let mut tx = app.db.write(Durability::Act).await?;
    let begun = begun::one(&mut tx, asker.firm, asker.staff, id, now).await.map_err(|_| unknown())?;
    if begun.device.is_none() || begun.asked.is_some_and(|asked| now < asked + begun.every) {
        return Ok(None);
    }
    begun::asked(&mut tx, asker.firm, asker.staff, &begun, begun.every, now).await?;
    let issuer = store::issuer(&mut tx, asker.firm, begun.oauth).await?;
    tx.commit().await?;
    let client = client(app, asker, &issuer, &begun.wish)?;
    let code = begun.secret(keys, asker.firm)?;
    match client.device_tokens(&code, &app.outside.allowed()?.limits).await {
        Ok(tokens) => {
            let mut tx = app.db.write(Durability::Act).await?;
            let taken = begun::take(&mut tx, asker.firm, asker.staff, id).await?;
            tx.commit().await?;
            if !taken {
                return Err(unknown());
            }
            end(app, asker, &begun, &issuer, &tokens).await.map(Some)
        }
        Err(Refused::Pending) => Ok(None),
        Err(Refused::SlowDown) => {
            let mut tx = app.db.write(Durability::Act).await?;
            let slower = begun.every + SLOWER;
            begun::asked(&mut tx, asker.firm, asker.staff, &begun, slower, now).await?;
            tx.commit().await?;
            Ok(None)
        }
        Err(error) => Err(told(&issuer, error)),
    }
}

fn unknown() -> Error {
    Error::invalid("this sign-in", "has ended, was used already, or was begun by somebody else; begin again")
}

fn told(issuer: &Issuer, error: Refused) -> Error {
    Error::invalid(&issuer.name, format!("gave nothing to sign in with: {error}"))
}

fn client(app: &App, asker: &Asker, issuer: &Issuer, wish: &begun::Wish) -> Result<Client> {
    let reach: Reach = app.outside.allowed()?.reach;
    let trust = match wish.authority.trim() {
        "" => Trust::Machine,
        pem => Trust::Also(pem.into()),
    };
    issuer.client(asker.firm, app.outside.keys()?, issuer.scopes(purpose(wish)?)?, reach, trust)
}

/// What is signed in for.
fn purpose(wish: &begun::Wish) -> Result<Purpose> {
    match &wish.to {
        To::Mailbox(_) => Ok(Purpose::Mail),
        To::Subscription(one) => Kind::named(&one.kind)
            .and_then(Kind::purpose)
            .ok_or_else(|| Error::unfit("is a calendar at an address, which nobody signs in to")),
    }
}

/// Connects what was signed in to, or lets it be reached again.
async fn end(app: &App, asker: &Asker, begun: &Begun, issuer: &Issuer, tokens: &Tokens) -> Result<Done> {
    let held = Held::new(tokens, None, app.now());
    let (wish, text) = (&begun.wish, held.text()?);
    let given = connections::Given { kind: SecretKind::OAuth, secret: text, oauth: Some(issuer.id) };
    match (&wish.to, wish.again) {
        (To::Mailbox(mailbox), None) => {
            let (fetch_by, send_by) = mailbox.ways()?;
            let wish = Wish {
                address: mailbox.address.clone(),
                fetch_by,
                send_by,
                user: wish.user.clone(),
                authority: wish.authority.clone(),
                server_keeps_copy: mailbox.server_keeps_copy,
                is_shared: mailbox.is_shared,
            };
            connections::connect(app, asker, wish, given).await.map(Done::Mailbox)
        }
        (To::Mailbox(_), Some(id)) => {
            let id = MailboxId(id);
            connections::new_secret(app, asker, id, given).await.map(|_| Done::MailboxAgain(id))
        }
        (To::Subscription(one), None) => {
            subscriptions::subscribe(app, asker, followed(wish, one), given).await.map(Done::Subscription)
        }
        (To::Subscription(_), Some(id)) => {
            let id = SubscriptionId(id);
            subscriptions::new_secret(app, asker, id, given).await.map(Done::SubscriptionAgain)
        }
    }
}

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

/// Keeps a server that gives tokens.
pub async fn add_issuer(app: &App, asker: &Asker, new: NewIssuer) -> Result<()> {
    asker.may_set_up()?;
    let (keys, now) = (app.outside.keys()?, app.now());
    let mut issuer = new.read()?;
    let mut tx = app.db.write(Durability::Act).await?;
    issuer.id = tx.new_id();
    if !new.secret.trim().is_empty() {
        let secret = Secret::new(new.secret.trim());
        issuer.secret = Some(keys.seal(asker.firm, MailboxId(issuer.id), &secret)?);
    }
    store::save(&mut tx, asker.firm, &issuer, now).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "added_sign_in", &issuer.name, now).await?;
    tx.commit().await
}

/// Forgets one.
pub async fn remove_issuer(app: &App, asker: &Asker, id: i64) -> Result<()> {
    asker.may_set_up()?;
    let mut tx = app.db.write(Durability::Act).await?;
    let known = store::issuer(&mut tx, asker.firm, id).await?;
    store::remove(&mut tx, asker.firm, id).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "removed_sign_in", &known.name, app.now()).await?;
    tx.commit().await
}

impl NewIssuer {
    /// Without its secret, which is sealed for it once it has an id.
    pub fn read(&self) -> Result<Issuer> {
        use crate::mailboxes::provider::Provider;
        use wire::http::Address;
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
