//! What signs in to a mailbox, a calendar or an address book at this moment. A token is renewed before it runs out and when a server refuses it, by one
//! process at a time, and kept before it is used: where the server gives a new one for renewing, the old one is of no
//! use any more. So once it was asked what it gives is kept, also where nobody waits for it any more and where the program
//! stops.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::sleep;
use wire::net::{Limits, Login, Secret, Trouble};
use wire::oauth::{Client, Refused, Tokens};

use super::tokens::TokenOf;
use super::{Held, PUBLIC_FLOWS, Way, store};
use crate::db::{Db, Durability};
use crate::error::{Error, Result};
use crate::ids::{FirmId, MailboxId};
use crate::mailboxes::failure::Failure;
use crate::mailboxes::secret::{Keys, SealedSecret};
use crate::mailboxes::{Connection, SecretKind};

/// How long one process has to renew; longer than any server may take that is asked twice.
const CLAIM: SignedDuration = SignedDuration::from_mins(5);
/// How often another looks whether it is done.
const LOOK: Duration = Duration::from_millis(200);
/// What somebody must do about a mailbox, at the end of a sentence.
pub const SIGN_IN_AGAIN: &str =
    "sign in again under Settings, My mailboxes, or with `regard connect sign-in`";

/// What an owner of the firm must do where a server that gives tokens does not take the firm's id or secret any more, at the
/// end of a sentence.
pub const NEW_SECRET: &str = "an owner of the firm gives it the new secret under Settings, Sign-ins, or with \
                              `regard connect issuer change`; nobody has to sign in again";

/// What is needed to sign in.
pub struct Signer<'a> {
    /// The database.
    pub db: &'a Db,
    /// The firm.
    pub firm: FirmId,
    /// The keys to what is sealed.
    pub keys: &'a Keys,
    /// How long servers may take.
    pub limits: &'a Limits,
    /// Asked for the moment.
    pub now: &'a (dyn Fn() -> Timestamp + Sync),
}

impl Signer<'_> {
    /// Who signs in to a mailbox, and with what.
    pub async fn login(&self, connection: &Connection) -> Result<Login, Failure> {
        self.login_after(connection, None).await
    }

    /// The same after a server refused `refused`: with a token that is not that one.
    pub async fn login_after(
        &self,
        connection: &Connection,
        refused: Option<&Login>,
    ) -> Result<Login, Failure> {
        if connection.kind != SecretKind::OAuth {
            let secret = self.keys.open(self.firm, connection.id, &connection.secret)?;
            return Ok(connection.login(secret));
        }
        let refused = refused.map(|login| match login {
            Login::Token { token, .. } | Login::Password { password: token, .. } => token,
        });
        Ok(connection.login(self.token(&connection.token(), refused).await?))
    }

    /// The token of something at this moment; after a server refused `refused` one that is not that one.
    pub async fn token(&self, of: &TokenOf<'_>, refused: Option<&Secret>) -> Result<Secret, Failure> {
        loop {
            let mut tx = self.db.read().await?;
            let sealed = of.kept(&mut tx, self.firm).await?;
            tx.commit().await?;
            let held = Held::open(&self.keys.open(self.firm, MailboxId(of.id), &sealed)?)?;
            let now = (self.now)();
            let access = held.access();
            // Another process may have renewed it meanwhile.
            if refused != Some(&access) && !held.is_short(now) {
                return Ok(access);
            }
            let mut tx = self.db.write(Durability::Act).await?;
            let claimed = of.claim(&mut tx, self.firm, now + CLAIM, now).await?;
            tx.commit().await?;
            if !claimed {
                sleep(LOOK).await;
                continue;
            }
            return match self.renewed(of, &held, sealed).await {
                Ok(token) => Ok(token),
                Err(failure) => {
                    // As long as it is good, a server for tokens that is away hinders nobody.
                    let is_good = refused != Some(&access) && !held.is_over(now);
                    let may_pass = match &failure {
                        Failure::Server(trouble) => !trouble.is_login(),
                        Failure::Issuer(_) => true,
                        Failure::Here(_) => false,
                    };
                    if is_good && may_pass { Ok(access) } else { Err(failure) }
                }
            };
        }
    }

    /// Renews, and keeps what was given: to the end, whoever waits for it.
    async fn renewed(&self, of: &TokenOf<'_>, held: &Held, sealed: SealedSecret) -> Result<Secret, Failure> {
        match self.renewal(of, held, sealed).await {
            Ok(renewal) => self.db.to_the_end(renewal.run()).await?,
            Err(failure) => {
                give_up(self.db, of, self.firm).await?;
                Err(failure)
            }
        }
    }

    /// Who is to be asked, and for what; refused where nobody would give anything.
    async fn renewal(&self, of: &TokenOf<'_>, held: &Held, sealed: SealedSecret) -> Result<Renewal, Failure> {
        let ended = |why: &str| ended(why, of.table.again);
        let refresh = held.refresh().ok_or_else(|| ended("the sign-in has run out"))?;
        let id = of.oauth.ok_or_else(|| ended("nobody knows who gave the sign-in"))?;
        let issuer = match store::issuer(&mut self.db.read().await?, self.firm, id).await {
            Err(Error::NotFound) => return Err(ended("whoever gave the sign-in is not set up any more")),
            found => found?,
        };
        if held.is_of_another(&issuer.client_id) {
            return Err(ended(&format!(
                "{} gave the sign-in to another id of the firm than it has now",
                issuer.name
            )));
        }
        // What was asked for when somebody said yes stays so.
        let client = issuer.client(self.firm, self.keys, "", held.way(), (of.reach, of.trust()))?;
        Ok(Renewal {
            // Whoever would mind how long another writes may be gone.
            db: self.db.patient(),
            firm: self.firm,
            keys: self.keys.clone(),
            limits: *self.limits,
            now: (self.now)(),
            of: of.row(),
            name: issuer.name,
            has_secret: issuer.secret.is_some(),
            client,
            refresh,
            from: held.clone(),
            sealed,
        })
    }
}

/// A renewal that is about to be asked for, with all that it takes to keep what is given.
struct Renewal {
    db: Db,
    firm: FirmId,
    keys: Keys,
    limits: Limits,
    /// When it is asked: what is given is taken to end rather too early than too late.
    now: Timestamp,
    of: TokenOf<'static>,
    /// Who gives it.
    name: String,
    /// The firm has a secret there, whether it goes along or not.
    has_secret: bool,
    client: Client,
    refresh: Secret,
    /// What is renewed, and as it was sealed.
    from: Held,
    sealed: SealedSecret,
}

impl Renewal {
    /// Asks, and keeps what was given; where that is nothing, others may try.
    async fn run(self) -> Result<Secret, Failure> {
        match self.ask().await {
            Ok((tokens, way)) => {
                let new = Held::new(&tokens, &self.client.id, way, Some(&self.from), self.now);
                self.keep(&new).await?;
                Ok(new.access())
            }
            Err(refused) => {
                give_up(&self.db, &self.of, self.firm).await?;
                Err(self.told(refused))
            }
        }
    }

    /// Asks; gives also in which way somebody had said yes. Whether that was by a short code was not always kept: where the
    /// secret is what the server minds, it was, and it is asked without.
    async fn ask(&self) -> Result<(Tokens, Way), Refused> {
        match self.client.refresh(&self.refresh, &self.limits).await {
            Err(Refused::Secret(_)) if self.client.secret.is_some() => {
                let without = Client { secret: None, ..self.client.clone() };
                Ok((without.refresh(&self.refresh, &self.limits).await?, Way::Elsewhere))
            }
            answer => Ok((answer?, self.from.way())),
        }
    }

    fn told(&self, refused: Refused) -> Failure {
        let (name, again) = (&self.name, self.of.table.again);
        match refused {
            Refused::Server(trouble) => Failure::Server(away(name, trouble)),
            Refused::Client(words) => Failure::Issuer(unknown_here(name, &words)),
            // Of those who signed in by a code alone: the firm's id and its secret are as good as they were.
            Refused::Secret(words) if self.has_secret => {
                ended(&format!("{name} renews no sign-in by a code ({words}); {PUBLIC_FLOWS}"), again)
            }
            Refused::Secret(words) => Failure::Issuer(unknown_here(name, &words)),
            Refused::Ended(words) => ended(&format!("the sign-in has ended ({words})"), again),
            other => ended(&format!("{name}: {other}"), again),
        }
    }

    /// Keeps what was given in the place of what it was renewed from. That may have been sealed anew meanwhile, with another
    /// key, and is the same all the same: what it would renew with is used up. Where somebody signed in anew, their word
    /// counts.
    async fn keep(&self, new: &Held) -> Result<()> {
        let (of, firm, id) = (&self.of, self.firm, MailboxId(self.of.id));
        let mut before = self.sealed.clone();
        let mut tx = self.db.write(Durability::Act).await?;
        loop {
            let resealed = self.keys.seal(firm, id, &new.text()?)?;
            if of.renewed(&mut tx, firm, &resealed, &before).await? {
                return tx.commit().await;
            }
            let kept = match of.kept(&mut tx, firm).await {
                // It was taken away meanwhile.
                Err(Error::NotFound) => return Ok(()),
                kept => kept?,
            };
            if Held::open(&self.keys.open(firm, id, &kept)?)? != self.from {
                of.give_up(&mut tx, firm).await?;
                return tx.commit().await;
            }
            before = kept;
        }
    }
}

/// Lets others try.
async fn give_up(db: &Db, of: &TokenOf<'_>, firm: FirmId) -> Result<()> {
    let mut tx = db.write(Durability::Act).await?;
    of.give_up(&mut tx, firm).await?;
    tx.commit().await
}

/// Somebody must sign in again.
fn ended(why: &str, again: &str) -> Failure {
    Failure::Server(Trouble::LoginRefused(format!("{why}; {again}")))
}

/// That the server for tokens is not there is no refusal of the login, whatever it is: it is tried again.
fn away(name: &str, trouble: Trouble) -> Trouble {
    Trouble::Goodbye(format!("no new token from {name}: {trouble}"))
}

/// That a server that gives tokens does not know the firm any more: nobody else can do anything about it.
fn unknown_here(name: &str, words: &str) -> String {
    format!("{name} does not take the firm’s id or its secret any more ({words}): {NEW_SECRET}")
}

/// What a server says to a token that was just given: somebody must look at it, and do `again`.
pub fn refused(trouble: Trouble, again: &str) -> Trouble {
    match trouble {
        Trouble::LoginRefused(words) => Trouble::LoginRefused(format!("{words}; {again}")),
        other => other,
    }
}
