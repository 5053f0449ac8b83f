//! Calendars and address books elsewhere that people subscribed to, and that keep themselves in step.
//!
//! [`store`] keeps how to reach them, and [`known`] what is known of each thing in them; [`trial`] signs in to try them;
//! [`fetch`] asks what changed and `take` takes it in; [`write`](mod@write) puts what stands here into a calendar or an
//! address book of theirs.

pub mod fetch;
pub mod known;
pub mod store;
mod take;
pub mod trial;
pub mod write;

use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use wire::http::{Address, Client};
use wire::net::{Limits, Login, Reach, Secret, Trust};

use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{FirmId, MailboxId, StaffId, SubscriptionId};
use crate::intake::enlist::calendars::follow::{self, Followed};
use crate::intake::enlist::cards;
use crate::mailboxes::failure::Failure;
use crate::mailboxes::oauth::Purpose;
use crate::mailboxes::oauth::renew::{self, Signer};
use crate::mailboxes::oauth::tokens::TokenOf;
use crate::mailboxes::secret::{Keys, SealedSecret};
use crate::mailboxes::{Health, SecretKind, Trouble, TroubleKind};

/// How often each is looked at.
pub const EVERY: SignedDuration = SignedDuration::from_mins(15);
/// One that fails is looked at again after so long, and less and less often.
const AGAIN: SignedDuration = SignedDuration::from_secs(30);
/// Without a successful look for so long it is silent: that is told.
pub const SILENT: SignedDuration = SignedDuration::from_hours(6);
/// What somebody must do about one that lets nobody in with a token, at the end of a sentence.
pub const SIGN_IN_AGAIN: &str =
    "sign in again under Settings, My calendar, or with `regard subscribe sign-in`";
/// So often all of it is looked at anew: who is a client may have changed since.
pub const WHOLE: SignedDuration = SignedDuration::from_hours(24);

/// What somebody subscribed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A calendar at an address (iCalendar); the address is the key to it.
    Feed,
    /// The calendars of an account (CalDAV).
    Calendars,
    /// The address books of an account (CardDAV).
    AddressBooks,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 3] = [Kind::Feed, Kind::Calendars, Kind::AddressBooks];

    /// The word in tables, forms and commands.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Feed => "feed",
            Kind::Calendars => "caldav",
            Kind::AddressBooks => "carddav",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What somebody signs in for who signs in to one; nothing where an address alone is the key.
    pub fn purpose(self) -> Option<Purpose> {
        match self {
            Kind::Feed => None,
            Kind::Calendars => Some(Purpose::Calendars),
            Kind::AddressBooks => Some(Purpose::AddressBooks),
        }
    }

    /// What servers call it.
    pub fn dav(self) -> Option<wire::dav::Kind> {
        match self {
            Kind::Feed => None,
            Kind::Calendars => Some(wire::dav::Kind::Calendar),
            Kind::AddressBooks => Some(wire::dav::Kind::AddressBook),
        }
    }
}

/// A calendar, or the calendars or address books of an account, elsewhere.
#[derive(Debug, Clone)]
pub struct Subscription {
    /// Its id.
    pub id: SubscriptionId,
    /// Whose it is.
    pub staff: StaffId,
    /// What it is.
    pub kind: Kind,
    /// What its owner calls it.
    pub name: String,
    /// Where it is: for an account the address, for a feed only its server, since the rest is the key to it.
    pub place: String,
    /// Who signs in; empty where an address alone is the key.
    pub user: String,
    /// What kind of secret it is reached with.
    pub signs_in: SecretKind,
    /// The password or token, or the whole address of a feed, sealed.
    pub secret: SealedSecret,
    /// Who gave the token and renews it.
    pub oauth: Option<i64>,
    /// Certificates of the firm's own authority, in PEM form.
    pub authority: Option<String>,
    /// Where connections may go.
    pub reach: Reach,
    /// Its whole days are days on which the firm is closed, and nothing else in it counts.
    pub closes: bool,
    /// Nothing is fetched until somebody says so again.
    pub paused: bool,
    /// The calendar into which is written what its owner owes, or the address book into which the contacts are that they may
    /// see; none for nowhere.
    pub writes_to: Option<String>,
    /// The server's marks of how a feed was when it was last read.
    pub marks: Marks,
    /// When all of it was last looked at anew.
    pub whole: Option<Timestamp>,
    /// How the last looks went.
    pub health: Health,
    /// Why nothing is written there.
    pub refused: Option<Trouble>,
}

/// The server's marks of how a feed was: nothing is sent while it is still so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub modified: Option<String>,
}

/// A calendar or an address book of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Its path on the server.
    pub path: String,
    /// What its owner calls it.
    pub name: String,
    /// It is followed.
    pub chosen: bool,
    /// How far it was followed, in the server's words.
    pub token: Option<String>,
}

impl Subscription {
    /// One that is new: reached by a password that is not sealed yet, and not read so far.
    pub fn new(staff: StaffId, kind: Kind, name: String, place: String) -> Subscription {
        Subscription {
            id: SubscriptionId(0),
            staff,
            kind,
            name,
            place,
            user: String::new(),
            signs_in: SecretKind::Password,
            secret: SealedSecret(Vec::new()),
            oauth: None,
            authority: None,
            reach: Reach::Public,
            closes: false,
            paused: false,
            writes_to: None,
            marks: Marks::default(),
            whole: None,
            health: Health::default(),
            refused: None,
        }
    }

    /// What the intake needs to know of a calendar.
    pub fn followed(&self) -> Followed {
        Followed { subscription: self.id, staff: self.staff, closes: self.closes }
    }

    /// When it is to be looked at next.
    pub fn next(&self) -> Timestamp {
        let Some(tried) = self.health.tried else { return Timestamp::MIN };
        let wait = match &self.health.trouble {
            Some(trouble) if trouble.is_login() => EVERY,
            // As long again as it has been failing already.
            Some(trouble) => tried.duration_since(trouble.since).clamp(AGAIN, EVERY),
            None => EVERY,
        };
        tried.saturating_add(wait).unwrap_or(Timestamp::MAX)
    }

    /// What somebody should know at this moment: a refused login at once, silence after a while.
    pub fn alarm(&self, now: Timestamp) -> Option<String> {
        if self.paused {
            return None;
        }
        let name = &self.name;
        match &self.health.trouble {
            Some(Trouble { words, kind: TroubleKind::Login, .. }) => {
                Some(match words.contains(SIGN_IN_AGAIN) {
                    true => format!("{name}: {words}"),
                    false => format!("{name}: {words}. Give it a new password"),
                })
            }
            Some(Trouble { words, kind: TroubleKind::Issuer, .. }) => Some(format!("{name}: {words}")),
            _ => self.silence(now),
        }
    }

    /// That it was not read for long, and why.
    pub fn silence(&self, now: Timestamp) -> Option<String> {
        let last = self.health.fetched.or(self.health.since)?;
        (SILENT <= now.duration_since(last)).then(|| match &self.health.trouble {
            Some(trouble) => format!("{}: not reached for hours: {}", self.name, trouble.words),
            None => format!("{}: nobody looks after it: `regard` or `regard work` does", self.name),
        })
    }

    /// Its token, where it is signed in to with one that is renewed.
    pub fn token(&self) -> TokenOf<'_> {
        TokenOf {
            table: &store::TOKENS,
            id: self.id.0,
            oauth: self.oauth,
            authority: self.authority.as_deref(),
            reach: self.reach,
        }
    }

    /// Who asks its server. `secret` is what really signs in: see [`signed_in`].
    pub fn client(&self, secret: &Secret, limits: Limits) -> Result<Client> {
        let trust = self.authority.as_deref().map_or(Trust::Machine, |pem| Trust::Also(pem.into()));
        let user = self.user.clone();
        let login = match (self.kind, self.signs_in) {
            (Kind::Feed, _) => None,
            (_, SecretKind::Password) => Some(Login::Password { user, password: secret.clone() }),
            (_, SecretKind::Token | SecretKind::OAuth) => Some(Login::Token { user, token: secret.clone() }),
        };
        let login = login.map(|login| Ok::<_, Error>((login, self.address(secret)?))).transpose()?;
        Ok(Client { reach: self.reach, trust, limits, login })
    }

    /// Where its server is asked first; of a feed its whole address.
    pub fn address(&self, secret: &Secret) -> Result<Address> {
        let text = if self.kind == Kind::Feed { secret.reveal() } else { &self.place };
        Address::parse(text).map_err(|words| Error::invalid("the address", words))
    }
}

/// Forgets a subscription: how to reach it, its secret, what it told of times to come, and the cards that wait for a word.
/// Meetings that took place stay in the record.
pub async fn remove(tx: &mut Tx, firm: FirmId, of: &Subscription, now: Timestamp) -> Result<()> {
    follow::forget(tx, firm, &of.followed(), now).await?;
    cards::forget(tx, firm, of.id).await?;
    store::remove(tx, firm, of.id).await
}

/// Gives it another password or sign-in, of the kind and from whom `of` says, or a feed another address, and lets it be
/// looked at at once.
pub async fn renew(tx: &mut Tx, firm: FirmId, keys: &Keys, of: &Subscription, secret: &Secret) -> Result<()> {
    let sealed = seal(keys, firm, of.id, secret)?;
    match of.kind {
        Kind::Feed => store::readdress(tx, firm, of.id, &of.address(secret)?.shown(), &sealed).await?,
        Kind::Calendars | Kind::AddressBooks => store::signed_in(tx, firm, of, &sealed).await?,
    }
    store::at_once(tx, firm, of.id).await
}

/// Seals a secret for a subscription. An id belongs to one thing alone, so it binds a seal as that of a mailbox does.
pub fn seal(keys: &Keys, firm: FirmId, id: SubscriptionId, secret: &Secret) -> Result<SealedSecret> {
    keys.seal(firm, MailboxId(id.0), secret)
}

/// Does something with what really signs in at this moment, of a feed its address; where its server refuses a token, which
/// may have been taken away before its time, once more with another.
pub async fn signed_in<'a, T>(
    signer: &Signer<'_>,
    of: &Subscription,
    act: impl Fn(Secret) -> BoxFuture<'a, Result<T, Failure>>,
) -> Result<T, Failure> {
    let mut refused: Option<Secret> = None;
    loop {
        let secret = match of.signs_in {
            SecretKind::OAuth => signer.token(&of.token(), refused.as_ref()).await?,
            SecretKind::Password | SecretKind::Token => {
                signer.keys.open(signer.firm, MailboxId(of.id.0), &of.secret)?
            }
        };
        match act(secret.clone()).await {
            Err(Failure::Server(trouble)) if trouble.is_login() && of.signs_in == SecretKind::OAuth => {
                if refused.is_some() {
                    return Err(Failure::Server(renew::refused(trouble, SIGN_IN_AGAIN)));
                }
                refused = Some(secret);
            }
            done => return done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    fn calendar(health: Health) -> Subscription {
        let new = Subscription::new(StaffId(1), Kind::Feed, "Amy".to_owned(), "cal.firm.example".to_owned());
        Subscription { health, ..new }
    }

    #[test]
    fn one_that_fails_is_asked_less_and_less_often_and_a_new_one_at_once() {
        assert_eq!(calendar(Health::default()).next(), Timestamp::MIN);
        let tried = Some(at("2026-11-20T10:00:00Z"));
        let well = Health { tried, ..Health::default() };
        assert_eq!(calendar(well.clone()).next(), at("2026-11-20T10:15:00Z"));
        let failing = |since: &str, kind| {
            let trouble = Some(Trouble { words: "no".to_owned(), kind, since: at(since) });
            calendar(Health { trouble, ..well.clone() })
        };
        assert_eq!(failing("2026-11-20T10:00:00Z", TroubleKind::Other).next(), at("2026-11-20T10:00:30Z"));
        assert_eq!(failing("2026-11-20T09:56:00Z", TroubleKind::Other).next(), at("2026-11-20T10:04:00Z"));
        assert_eq!(failing("2026-11-19T09:56:00Z", TroubleKind::Other).next(), at("2026-11-20T10:15:00Z"));
        assert_eq!(failing("2026-11-20T10:00:00Z", TroubleKind::Login).next(), at("2026-11-20T10:15:00Z"));
    }

    #[test]
    fn a_refused_login_is_told_at_once_and_silence_after_hours() {
        let fetched = Some(at("2026-11-20T09:00:00Z"));
        let well = Health { fetched, ..Health::default() };
        assert_eq!(calendar(well.clone()).alarm(at("2026-11-20T14:00:00Z")), None);
        assert!(calendar(well.clone()).alarm(at("2026-11-20T16:00:00Z")).is_some());
        let trouble = Some(Trouble {
            words: "no".to_owned(),
            kind: TroubleKind::Login,
            since: at("2026-11-20T09:01:00Z"),
        });
        let mut refused = calendar(Health { trouble, ..well });
        assert!(
            refused.alarm(at("2026-11-20T09:02:00Z")).is_some_and(|words| words.contains("new password"))
        );
        refused.paused = true;
        assert_eq!(refused.alarm(at("2026-11-20T09:02:00Z")), None);
    }
}
