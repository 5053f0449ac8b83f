//! Mailboxes, calendars and address books that are signed in to by OAuth 2.
//!
//! The firm is known to each server that gives tokens by an id of its own ([`Issuer`]), which an owner enters once.
//! Somebody signs in with it in their browser or with a short code ([`begun`]); what that gives is sealed like a
//! password ([`Held`]), kept with what it signs in to ([`tokens`], [`users`]), and renewed before it runs out ([`renew`]).

pub mod begun;
pub mod renew;
pub mod store;
pub mod tokens;
pub mod users;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use wire::net::{Reach, Secret, Trust};
use wire::oauth::{Client, Tokens};

use super::provider::Provider;
use super::secret::{Keys, SealedSecret};
use crate::error::{Error, Result};
use crate::ids::{FirmId, MailboxId};

/// A server that gives tokens, and as whom the firm asks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// Its id.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// Whose accounts it opens.
    pub provider: Provider,
    /// The firm's own id with it.
    pub client_id: String,
    /// The secret that goes with that, sealed; none where it gave none.
    pub secret: Option<SealedSecret>,
    /// Where a person says yes.
    pub authorize: String,
    /// Where tokens are given.
    pub token: String,
    /// Where short codes are given; none where it gives none.
    pub device: Option<String>,
    /// What is asked for to fetch and send mail; empty where it gives nothing for that.
    pub scopes: String,
    /// What is asked for to read and write calendars; without it what its provider is known to want.
    pub calendar_scopes: Option<String>,
    /// What is asked for to read address books; without it what its provider is known to want.
    pub contact_scopes: Option<String>,
}

/// What somebody signs in for: for each it is asked for nothing more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Fetching and sending mail.
    Mail,
    /// Reading and writing calendars (CalDAV).
    Calendars,
    /// Reading address books (CardDAV).
    AddressBooks,
}

impl Purpose {
    /// As it stands in a sentence.
    fn words(self) -> &'static str {
        match self {
            Purpose::Mail => "mail",
            Purpose::Calendars => "calendars",
            Purpose::AddressBooks => "address books",
        }
    }
}

/// In which way somebody says yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// In the browser in which they are here.
    Here,
    /// On any device, by typing a short code.
    Elsewhere,
}

impl Way {
    /// By a short code, or in the browser.
    pub fn by_code(is_by_code: bool) -> Way {
        if is_by_code { Way::Elsewhere } else { Way::Here }
    }
}

/// Where a provider gives tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Places {
    /// Where a person says yes.
    pub authorize: &'static str,
    /// Where tokens are given.
    pub token: &'static str,
    /// Where short codes are given.
    pub device: Option<&'static str>,
    /// What is asked for to fetch and send mail.
    pub scopes: &'static str,
    /// What is asked for to read and write calendars; none where it has none to give.
    pub calendar_scopes: Option<&'static str>,
    /// What is asked for to read address books.
    pub contact_scopes: Option<&'static str>,
}

impl Provider {
    /// Where it gives tokens; none where that is not known.
    pub fn places(self) -> Option<Places> {
        match self {
            // Google gives no codes to type elsewhere for any of these.
            Provider::Google => Some(Places {
                authorize: "https://accounts.google.com/o/oauth2/v2/auth",
                token: "https://oauth2.googleapis.com/token",
                device: None,
                scopes: "https://mail.google.com/",
                calendar_scopes: Some("https://www.googleapis.com/auth/calendar"),
                contact_scopes: Some("https://www.googleapis.com/auth/carddav"),
            }),
            Provider::Microsoft => Some(Places {
                authorize: "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
                token: "https://login.microsoftonline.com/common/oauth2/v2.0/token",
                device: Some("https://login.microsoftonline.com/common/oauth2/v2.0/devicecode"),
                scopes: "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access",
                // Microsoft speaks neither CalDAV nor CardDAV.
                calendar_scopes: None,
                contact_scopes: None,
            }),
            Provider::Fastmail | Provider::Other => None,
        }
    }

    /// Whether it takes the firm's secret along with what somebody says yes to in this way. By RFC 8628 it goes along with a
    /// short code as with all else, and Google asks for it; to Microsoft short codes are for programs that can keep no
    /// secret, and it renews for nobody who shows one what was got so.
    fn takes_secret(self, way: Way) -> bool {
        !(self == Provider::Microsoft && way == Way::Elsewhere)
    }
}

impl Issuer {
    /// What is asked for; refused where it gives nothing for that.
    pub fn scopes(&self, purpose: Purpose) -> Result<&str> {
        let places = self.provider.places();
        let scopes = match purpose {
            Purpose::Mail => Some(self.scopes.as_str()),
            Purpose::Calendars => {
                self.calendar_scopes.as_deref().or(places.and_then(|places| places.calendar_scopes))
            }
            Purpose::AddressBooks => {
                self.contact_scopes.as_deref().or(places.and_then(|places| places.contact_scopes))
            }
        };
        scopes.filter(|scopes| !scopes.is_empty()).ok_or_else(|| {
            let words = format!(
                "signs in to no {what}: it was set up without scopes for {what}. An owner sets one up with them under \
                 Settings, Sign-ins",
                what = purpose.words()
            );
            Error::invalid(&self.name, words)
        })
    }

    /// What it signs in to, as a list: "mail, calendars".
    pub fn opens(&self) -> String {
        let all = [Purpose::Mail, Purpose::Calendars, Purpose::AddressBooks];
        let opened = all.into_iter().filter(|purpose| self.scopes(*purpose).is_ok());
        opened.map(Purpose::words).collect::<Vec<_>>().join(", ")
    }

    /// As its server is asked, for `scopes`, and for what somebody says yes to in this way. What is sealed is opened for this
    /// alone.
    pub fn client(
        &self,
        firm: FirmId,
        keys: &Keys,
        scopes: &str,
        way: Way,
        (reach, trust): (Reach, Trust),
    ) -> Result<Client> {
        let secret = self.secret.as_ref().filter(|_| self.provider.takes_secret(way));
        let secret = secret.map(|sealed| keys.open(firm, MailboxId(self.id), sealed));
        // Without these Google gives no token that renews itself.
        let extra = match self.provider {
            Provider::Google => vec![("access_type", "offline"), ("prompt", "consent")],
            _ => Vec::new(),
        };
        Ok(Client {
            id: self.client_id.clone(),
            secret: secret.transpose()?,
            authorize: self.authorize.clone(),
            token: self.token.clone(),
            device: self.device.clone(),
            scopes: scopes.to_owned(),
            extra: extra.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            reach,
            trust,
        })
    }
}

/// What a mailbox, a calendar or an address book is signed in to with: sealed, it stands in the place of a password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    access: String,
    refresh: Option<String>,
    until: Timestamp,
    /// As whom the firm was known to the server when it gave this; none where that was before it was kept.
    #[serde(default)]
    client: Option<String>,
    /// It was got by a short code; not noted where that was before this was kept.
    #[serde(default)]
    by_code: bool,
}

/// What helps where a server takes no short codes from the firm, as part of a sentence.
pub const PUBLIC_FLOWS: &str = "an owner of the firm switches on “Allow public client flows” in its registration there, or one signs in in the browser";

/// A token is renewed so long before it runs out: what is begun with it shall be ended with it.
const BEFORE: SignedDuration = SignedDuration::from_mins(3);

impl Held {
    /// What a server gave to the firm, which it knows as `client`, once somebody had said yes. Where it gave no new token for
    /// renewing, the old one stays.
    pub fn new(tokens: &Tokens, client: &str, way: Way, old: Option<&Held>, now: Timestamp) -> Held {
        let lasts = SignedDuration::try_from(tokens.lasts).unwrap_or_default();
        let refresh = tokens.refresh.as_ref().map(|token| token.reveal().to_owned());
        Held {
            access: tokens.access.reveal().to_owned(),
            refresh: refresh.or_else(|| old.and_then(|old| old.refresh.clone())),
            until: now + lasts,
            client: Some(client.to_owned()),
            by_code: way == Way::Elsewhere,
        }
    }

    /// Reads what was sealed.
    pub fn open(secret: &Secret) -> Result<Held> {
        let wrong = |_| Error::invalid("the sign-in", "is damaged; sign in again");
        serde_json::from_str(secret.reveal()).map_err(wrong)
    }

    /// As it is sealed.
    pub fn text(&self) -> Result<Secret> {
        let text = serde_json::to_string(self).map_err(|e| Error::Unexpected(e.into()))?;
        Ok(Secret::new(text))
    }

    /// What signs in.
    pub fn access(&self) -> Secret {
        Secret::new(self.access.as_str())
    }

    /// What gets the next one.
    pub fn refresh(&self) -> Option<Secret> {
        self.refresh.as_deref().map(Secret::new)
    }

    /// In which way somebody said yes to it.
    pub fn way(&self) -> Way {
        Way::by_code(self.by_code)
    }

    /// Whether it was given to another id of the firm than this one, which can do nothing with it.
    pub fn is_of_another(&self, client: &str) -> bool {
        self.client.as_deref().is_some_and(|known| known != client)
    }

    /// Whether it should be renewed.
    pub fn is_short(&self, now: Timestamp) -> bool {
        self.until < now + BEFORE
    }

    /// Whether it signs in to nothing any more, by its own word.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.until <= now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_goes_along_with_all_but_short_codes_at_microsoft() {
        let keys =
            Keys::find(None, |name| (name == "REGARD_KEY").then(|| "0a".repeat(32)), false).expect("keys");
        let secret = keys.seal(FirmId(1), MailboxId(2), &Secret::new("hush")).expect("sealed");
        let goes = |provider, way| {
            let issuer = Issuer {
                id: 2,
                name: String::new(),
                provider,
                client_id: "ours".to_owned(),
                secret: Some(secret.clone()),
                authorize: String::new(),
                token: String::new(),
                device: None,
                scopes: String::new(),
                calendar_scopes: None,
                contact_scopes: None,
            };
            let client = issuer.client(FirmId(1), &keys, "mail", way, (Reach::Public, Trust::Machine));
            client.expect("a client").secret.is_some()
        };
        for provider in [Provider::Google, Provider::Microsoft, Provider::Fastmail, Provider::Other] {
            assert!(goes(provider, Way::Here), "{provider:?}");
            assert_eq!(goes(provider, Way::Elsewhere), provider != Provider::Microsoft, "{provider:?}");
        }
    }

    #[test]
    fn what_was_kept_before_the_way_was_opens_as_it_did() {
        let old = r#"{"access":"a","refresh":"r","until":"2026-05-04T09:00:00Z"}"#;
        let held = Held::open(&Secret::new(old)).expect("opened");
        assert_eq!((held.way(), held.is_of_another("anyone")), (Way::Here, false));
        let tokens =
            Tokens { access: held.access(), refresh: None, lasts: std::time::Duration::from_secs(60) };
        let new = Held::new(&tokens, "ours", Way::Elsewhere, Some(&held), Timestamp::UNIX_EPOCH);
        let again = Held::open(&new.text().expect("a text")).expect("opened");
        assert_eq!(
            (again.way(), again.refresh().map(|r| r.reveal().to_owned())),
            (Way::Elsewhere, Some("r".to_owned()))
        );
    }
}
