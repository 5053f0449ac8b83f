//! Finds the account of whoever signs in, and what its server can do.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::http::{Address, Answer, Client, Question, escaped};
use crate::net::{Login, Trouble};

/// Where a server tells where the session is (RFC 8620, section 2.2).
const WELL_KNOWN: &str = "/.well-known/jmap";

/// So many accounts are named where another was asked for, in so many characters.
const ACCOUNTS: usize = 20;
const SAID: usize = 400;

pub(super) const CORE: &str = "urn:ietf:params:jmap:core";
pub(super) const MAIL: &str = "urn:ietf:params:jmap:mail";
pub(super) const SUBMISSION: &str = "urn:ietf:params:jmap:submission";
pub(super) const QUOTA: &str = "urn:ietf:params:jmap:quota";

/// The account that is looked after.
#[derive(Debug)]
pub(super) struct Account {
    /// Its id.
    pub(super) id: String,
    /// Where methods are called.
    pub(super) api: Address,
    download: String,
    upload: String,
    events: String,
    /// Where the templates above begin.
    base: Address,
    /// The server that a password was given for.
    home: Option<Address>,
    /// The state of what the server said of itself.
    pub(super) state: String,
    /// What the server wants to be asked for at most.
    pub(super) limits: Limits,
    /// The account from which mail may be sent; none where none may.
    pub(super) sends: Option<String>,
    /// It says how full it is.
    pub(super) counts: bool,
}

/// What the server wants to be asked for at most.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Things in one question.
    pub(super) objects: usize,
    /// Bytes of one question.
    pub(super) request: usize,
    /// Questions at the same time.
    pub(super) requests: usize,
    /// Bytes of a message that is put there.
    pub(super) upload: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Session {
    capabilities: BTreeMap<String, Value>,
    accounts: BTreeMap<String, Listed>,
    #[serde(default)]
    primary_accounts: BTreeMap<String, String>,
    api_url: String,
    download_url: String,
    #[serde(default)]
    upload_url: String,
    #[serde(default)]
    event_source_url: String,
    #[serde(default)]
    state: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    #[serde(default)]
    name: String,
    /// Cyrus writes null of an account that nobody ever opened and to which no letter came.
    #[serde(default)]
    account_capabilities: Option<BTreeMap<String, Value>>,
}

impl Listed {
    fn can(&self, name: &str) -> bool {
        self.account_capabilities.as_ref().is_some_and(|all| all.contains_key(name))
    }
}

impl Session {
    /// The account with mail of this name or id: one's own, or one that others share.
    fn named(&self, wanted: &str) -> Result<String, Trouble> {
        let with_mail = || self.accounts.iter().filter(|(_, one)| one.can(MAIL));
        let is_it = |(id, one): &(&String, &Listed)| *id == wanted || one.name.eq_ignore_ascii_case(wanted);
        if let Some((id, _)) = with_mail().find(is_it) {
            return Ok(id.clone());
        }
        let name = |(id, one): (&String, &Listed)| match one.name.is_empty() {
            true => id.clone(),
            false => one.name.clone(),
        };
        let names: Vec<String> = with_mail().take(ACCOUNTS).map(name).collect();
        let said = format!("it shows this name mail of {}", names.join(", ")).chars().take(SAID).collect();
        Err(Trouble::Said { command: "the account that was named", said })
    }
}

impl Account {
    /// Asks at `start`, or where the server says that the session is.
    pub(super) async fn find(client: &Client, start: &Address) -> Result<Account, Trouble> {
        let bare = matches!(start.path(), "" | "/");
        let mut last = None;
        let doors = [start.clone(), start.with_path(WELL_KNOWN)];
        for door in &doors[usize::from(bare)..] {
            let question = Question {
                method: "GET",
                address: door,
                headers: &[("accept", "application/json")],
                body: None,
            };
            let answer = client.ask(&question).await?;
            // Whoever is sent on is not signed in there: where that is was told by whoever answers, not by a person.
            if client.login.is_some() && !answer.address.is_near(start) {
                return Err(Trouble::NoWayIn(format!(
                    "its mail is at {}; name that server, where it is meant, so that it is told who you are",
                    answer.address.shown()
                )));
            }
            match answer.session() {
                Ok((session, at)) => return Account::of(session, &at, client, start.part().as_deref()),
                // Another door of the same server takes the same name no sooner.
                Err(trouble) if trouble.is_login() => return Err(trouble),
                Err(trouble) => last = Some(trouble),
            }
        }
        Err(last.unwrap_or_else(|| no_jmap(start)))
    }

    /// The account of this name or id; without one the own one.
    fn of(session: Session, at: &Address, client: &Client, wanted: Option<&str>) -> Result<Account, Trouble> {
        let can =
            |account: &String, name: &str| session.accounts.get(account).is_some_and(|one| one.can(name));
        let with = |name: &str| {
            let primary = session.primary_accounts.get(name);
            let has = |account: &&String| can(account, name);
            primary.filter(has).or_else(|| session.accounts.keys().find(has)).cloned()
        };
        let id = match wanted {
            None => with(MAIL),
            Some(wanted) => Some(session.named(wanted)?),
        };
        let id = id.ok_or_else(no_mail)?;
        let core = session.capabilities.get(CORE);
        let number = |name: &str, usual: u64| {
            core.and_then(|core| core.get(name)?.as_u64()).filter(|number| *number != 0).unwrap_or(usual)
        };
        let size = |name: &str, usual: u64| usize::try_from(number(name, usual)).unwrap_or(usize::MAX);
        let home = client.login.as_ref().and_then(|(login, given)| match login {
            Login::Password { .. } => Some(given.clone()),
            // Good for this service alone, which may well have several names.
            Login::Token { .. } => None,
        });
        Ok(Account {
            api: place(at, home.as_ref(), &session.api_url)?,
            download: session.download_url.clone(),
            upload: session.upload_url.clone(),
            events: session.event_source_url.clone(),
            base: at.clone(),
            home,
            state: session.state.clone(),
            limits: Limits {
                objects: size("maxObjectsInGet", 500),
                request: size("maxSizeRequest", 10_000_000),
                requests: size("maxConcurrentRequests", 4),
                upload: number("maxSizeUpload", u64::MAX),
            },
            // What is sent lies in the account that it is sent from.
            sends: match wanted {
                None => with(SUBMISSION),
                Some(_) => Some(id.clone()).filter(|id| can(id, SUBMISSION)),
            },
            counts: can(&id, QUOTA),
            id,
        })
    }

    /// Where a message is fetched.
    pub(super) fn download(&self, blob: &str) -> Result<Address, Trouble> {
        self.at(&self.download, &[("blobId", blob), ("type", "message/rfc822"), ("name", "message.eml")])
    }

    /// Where a message is put; none where nothing can be.
    pub(super) fn upload(&self) -> Result<Option<Address>, Trouble> {
        (!self.upload.is_empty()).then(|| self.at(&self.upload, &[])).transpose()
    }

    /// Where changes of messages are told as they happen; none where they are not.
    pub(super) fn events(&self, ping: &str) -> Result<Option<Address>, Trouble> {
        let values = [("types", "Email"), ("closeafter", "no"), ("ping", ping)];
        (!self.events.is_empty()).then(|| self.at(&self.events, &values)).transpose()
    }

    /// The address that a template of the server means (RFC 6570, level 1).
    fn at(&self, template: &str, values: &[(&str, &str)]) -> Result<Address, Trouble> {
        let mut text = template.replace("{accountId}", &escaped(&self.id));
        for (name, value) in values {
            text = text.replace(&format!("{{{name}}}"), &escaped(value));
        }
        place(&self.base, self.home.as_ref(), &text)
    }
}

/// An address that a server names. Whoever signs in does so there as well, so it must be as well protected as what named
/// it; and a password, which may be good elsewhere, stays with the server that it was given for and its neighbours.
fn place(base: &Address, home: Option<&Address>, text: &str) -> Result<Address, Trouble> {
    let place = base.at(text)?;
    if base.is_protected() && !place.is_protected() {
        return Err(Trouble::Broke(format!("it names {} without TLS", place.shown())));
    }
    if home.is_some_and(|home| !place.is_near(home)) {
        let what = format!("its mail is at {}, where a password is not told; give a token", place.shown());
        return Err(Trouble::NoWayIn(what));
    }
    Ok(place)
}

impl Answer {
    /// The session that it holds, and where it came from.
    fn session(&self) -> Result<(Session, Address), Trouble> {
        if self.status != 200 {
            return Err(self.trouble("to tell of the account"));
        }
        let session = serde_json::from_slice(&self.body).map_err(|_| no_jmap(&self.address))?;
        Ok((session, self.address.clone()))
    }
}

fn no_mail() -> Trouble {
    let said = "it shows none; a new mailbox may be there once the first letter came to it".to_owned();
    Trouble::Said { command: "mail for this name", said }
}

fn no_jmap(at: &Address) -> Trouble {
    Trouble::Stranger(format!("no JMAP server answers at {}", at.shown()))
}
