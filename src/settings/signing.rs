//! Signing in to a mailbox, a calendar or an address book by OAuth 2: begun here, said yes to at the server that gives tokens, and ended here.

use jiff::SignedDuration;
use wire::net::{Reach, Trust};
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
use crate::mailboxes::oauth::{Held, Issuer, PUBLIC_FLOWS, Purpose, Way, store};
use crate::subscriptions::Kind;

/// The page that answers come back to.
pub const BACK: &str = "/settings/signed-in";
/// Where a server says that it was asked too often, it is asked less often by so much (RFC 8628).
const SLOWER: SignedDuration = SignedDuration::from_secs(5);

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
            let client = client(app, asker, &issuer, &wish, way)?;
            let device =
                client.device(&app.outside.allowed()?.limits).await.map_err(|e| told(&issuer, way, e))?;
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
            let client = client(app, asker, &issuer, &begun.wish, begun.way())?;
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
    let client = client(app, asker, &issuer, &begun.wish, begun.way())?;
    let limits = &app.outside.allowed()?.limits;
    let tokens = client.redeem(&answer.code, &begun.wish.redirect, &proof.verifier.text(), limits).await;
    let tokens = tokens.map_err(|error| told(&issuer, begun.way(), error))?;
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
    let client = client(app, asker, &issuer, &begun.wish, begun.way())?;
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
        Err(error) => Err(told(&issuer, begun.way(), error)),
    }
}

fn unknown() -> Error {
    Error::invalid("this sign-in", "has ended, was used already, or was begun by somebody else; begin again")
}

fn told(issuer: &Issuer, way: Way, error: Refused) -> Error {
    let then = match (&error, way) {
        (Refused::Secret(_), Way::Elsewhere) => format!("; {PUBLIC_FLOWS}"),
        (Refused::Client(_) | Refused::Secret(_), _) => {
            ". An owner of the firm gives it the new secret under Settings, Sign-ins".to_owned()
        }
        _ => String::new(),
    };
    Error::invalid(&issuer.name, format!("gave nothing to sign in with: {error}{then}"))
}

fn client(app: &App, asker: &Asker, issuer: &Issuer, wish: &begun::Wish, way: Way) -> Result<Client> {
    let reach: Reach = app.outside.allowed()?.reach;
    let trust = match wish.authority.trim() {
        "" => Trust::Machine,
        pem => Trust::Also(pem.into()),
    };
    issuer.client(asker.firm, app.outside.keys()?, issuer.scopes(purpose(wish)?)?, way, (reach, trust))
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
    let held = Held::new(tokens, &issuer.client_id, begun.way(), None, app.now());
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
