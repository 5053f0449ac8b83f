//! Mailboxes on servers that the firm connected: how to reach them, their secrets, and what is new in them.
//!
//! [`provider`] knows their servers, [`trial`] signs in to try them; [`store`] keeps them; [`secret`] seals their
//! passwords, [`seals`] seals them anew, [`oauth`] gets and renews what signs in without one; [`sync`] fetches what is
//! new, and [`lease`] keeps others from it meanwhile; [`junk`] lists what a server held back of clients.

pub mod conversation;
pub mod failure;
pub mod holder;
pub mod junk;
pub mod lease;
pub mod oauth;
pub mod provider;
pub mod seals;
pub mod secret;
pub mod store;
pub mod sync;
pub mod trial;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use wire::folders::{Folder, usual};
use wire::http::Address;
use wire::net::{Login, Reach, Secret, Security, Target, Trust};

use crate::ids::MailboxId;
use crate::text::counted;
use oauth::tokens::TokenOf;
use secret::SealedSecret;

/// A mailbox without a successful fetch for so long is silent: that is shown, never hidden.
pub const SILENT: SignedDuration = SignedDuration::from_mins(15);

/// One server of a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Its name.
    pub host: String,
    /// The port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
}

/// How mail is fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchBy {
    /// By IMAP, from this server.
    Imap(Server),
    /// By JMAP: the address of the server, or of the account's session on it; behind `#` the name of an account that is
    /// not one's own.
    Jmap(Address),
}

/// How mail is handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendBy {
    /// By SMTP, to this server.
    Smtp(Server),
    /// By JMAP, where it is fetched.
    Jmap,
}

impl FetchBy {
    /// The server's name and port.
    pub fn shown(&self) -> String {
        match self {
            FetchBy::Imap(server) => server.shown(),
            FetchBy::Jmap(address) => match address.part() {
                Some(account) => format!("{} (JMAP, {account})", address.shown()),
                None => format!("{} (JMAP)", address.shown()),
            },
        }
    }
}

impl SendBy {
    /// The server's name and port.
    pub fn shown(&self) -> String {
        match self {
            SendBy::Smtp(server) => server.shown(),
            SendBy::Jmap => "the same server (JMAP)".to_owned(),
        }
    }
}

impl Server {
    /// Its name and port, and how it is protected.
    pub fn shown(&self) -> String {
        format!("{}:{} ({})", self.host, self.port, store::security_name(self.security))
    }
}

/// A connected mailbox.
#[derive(Debug, Clone)]
pub struct Connection {
    /// The mailbox.
    pub id: MailboxId,
    /// Its address.
    pub address: String,
    /// How mail is fetched.
    pub fetch_by: FetchBy,
    /// How mail is handed in.
    pub send_by: SendBy,
    /// Who signs in.
    pub user: String,
    /// What kind of secret it is.
    pub kind: SecretKind,
    /// The password or token, sealed.
    pub secret: SealedSecret,
    /// Who gave the token and renews it.
    pub oauth: Option<i64>,
    /// When somebody signed in last; none where that was before this was kept.
    pub signed_in: Option<Timestamp>,
    /// Certificates of the firm's own authority, in PEM form.
    pub authority: Option<String>,
    /// Where connections may go.
    pub reach: Reach,
    /// The folders that are fetched, by the server's names; none: the usual ones.
    pub folders: Option<Vec<String>>,
    /// Put under what is sent.
    pub signature: Option<String>,
    /// A copy of what is sent is put into the folder of sent mail at once; else the server is said to do that by itself.
    pub keeps_copy: bool,
    /// Nothing is fetched until somebody says so again; what is sent from it still leaves.
    pub paused: bool,
    /// How the last fetches went.
    pub health: Health,
}

/// What kind of secret signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretKind {
    /// A password, or an app password.
    Password,
    /// An OAuth 2 access token that somebody brought, and that nobody renews.
    Token,
    /// What an OAuth 2 server gave, and renews: see [`oauth::Held`].
    OAuth,
}

/// How the last fetches went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// When it was connected.
    pub since: Option<Timestamp>,
    /// The last attempt.
    pub tried: Option<Timestamp>,
    /// The last fetch that succeeded.
    pub fetched: Option<Timestamp>,
    /// What is wrong, since when; none while all is well.
    pub trouble: Option<Trouble>,
    /// How full it was when it was last fetched, in percent, where the server says so.
    pub full: Option<u32>,
    /// What is being fetched at this moment, where it is much.
    pub fetching: Option<Fetching>,
}

/// How far the fetching of a folder is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetching {
    /// The folder.
    pub folder: String,
    /// So many messages were dealt with …
    pub done: u64,
    /// … of so many.
    pub of: u64,
}

/// What is wrong with a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// In words.
    pub words: String,
    /// Who can mend it.
    pub kind: TroubleKind,
    /// When it began.
    pub since: Timestamp,
}

/// Who can mend what is wrong with a mailbox or a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TroubleKind {
    /// Whose it is must give another password or token, sign in again, or look at the settings.
    Login,
    /// An owner of the firm must look at the sign-in: who gives its tokens does not take the firm's id or secret any more.
    Issuer,
    /// Nobody needs to; it is tried again.
    Other,
}

impl TroubleKind {
    /// The word in tables.
    pub fn name(self) -> &'static str {
        match self {
            TroubleKind::Login => "login",
            TroubleKind::Issuer => "issuer",
            TroubleKind::Other => "other",
        }
    }

    /// By its word.
    pub fn named(name: &str) -> TroubleKind {
        let all = [TroubleKind::Login, TroubleKind::Issuer];
        all.into_iter().find(|kind| kind.name() == name).unwrap_or(TroubleKind::Other)
    }
}

impl Trouble {
    /// Nobody is let in until somebody does something.
    pub fn is_login(&self) -> bool {
        self.kind == TroubleKind::Login
    }
}

impl Health {
    /// What somebody should know at this moment: a refused login at once, any other silence after a while.
    pub fn alarm(&self, now: Timestamp) -> Option<String> {
        match &self.trouble {
            Some(Trouble { words, kind: TroubleKind::Login, .. }) => {
                Some(match words.contains(oauth::renew::SIGN_IN_AGAIN) {
                    true => words.clone(),
                    false => format!("{words}. Give it another with `regard connect login`"),
                })
            }
            Some(Trouble { words, kind: TroubleKind::Issuer, .. }) => Some(words.clone()),
            _ => self.silence(now),
        }
    }

    /// That nothing was fetched for a while, and why.
    pub fn silence(&self, now: Timestamp) -> Option<String> {
        // A first fetching may take its time: as long as it gets on, and from when it was let go on, it is not silent.
        let gets_on = self.trouble.is_none() || self.fetching.is_some();
        let last = self.fetched.or(self.since)?.max(self.tried.filter(|_| gets_on).unwrap_or(Timestamp::MIN));
        let silent = now.duration_since(last);
        if silent < SILENT {
            return None;
        }
        let why = match &self.trouble {
            Some(trouble) => trouble.words.clone(),
            None => "nobody fetched it: `regard`, `regard work` or `regard sync` does".to_owned(),
        };
        Some(format!("no mail was fetched for {}: {why}", long(silent)))
    }
}

/// A time that has passed, in one unit.
fn long(time: SignedDuration) -> String {
    let minutes = time.as_mins();
    match minutes {
        ..120 => counted(minutes.unsigned_abs() as usize, "minute", "minutes"),
        120..2880 => format!("{} hours", minutes / 60),
        _ => format!("{} days", minutes / 1440),
    }
}

impl Connection {
    /// What somebody should know of it at this moment. One that rests is silent by somebody's wish.
    pub fn alarm(&self, now: Timestamp) -> Option<String> {
        self.health.alarm(now).filter(|_| !self.paused)
    }

    /// Whether what is handed in lies among sent mail before long without anybody's doing: so somebody said, or so the
    /// provider is known to do.
    pub fn server_keeps_copy(&self) -> bool {
        match &self.send_by {
            SendBy::Smtp(server) => !self.keeps_copy || provider::keeps_copy(&server.host),
            SendBy::Jmap => false,
        }
    }

    /// A server of it, as it is dialled.
    pub fn target(&self, server: &Server) -> Target {
        Target {
            host: server.host.clone(),
            port: server.port,
            security: server.security,
            reach: self.reach,
            trust: self.trust(),
        }
    }

    /// Whose word is taken for who its servers are.
    pub fn trust(&self) -> Trust {
        self.authority.as_deref().map_or(Trust::Machine, |pem| Trust::Also(Arc::from(pem)))
    }

    /// The folders that are fetched, among all that there are.
    pub fn wanted<'a>(&self, all: &'a [Folder]) -> Vec<&'a Folder> {
        match &self.folders {
            Some(chosen) => all.iter().filter(|folder| folder.is_among(chosen)).collect(),
            None => usual(all),
        }
    }

    /// What stands for a folder of it among the files that were read.
    pub fn path_of(&self, folder: &str) -> String {
        match &self.fetch_by {
            FetchBy::Imap(server) => format!("imap://{}@{}/{folder}", self.user, server.host),
            FetchBy::Jmap(address) => {
                let account = address.part().map(|account| format!("{account}/")).unwrap_or_default();
                format!("jmap://{}@{}/{account}{folder}", self.user, address.shown())
            }
        }
    }

    /// Whether a mailbox is reached in the same way, so that a conversation with its server can go on.
    pub fn is_reached_as(&self, other: &Connection) -> bool {
        let way = |c: &Connection| {
            // What is renewed by itself is no other way.
            let secret = (c.kind != SecretKind::OAuth).then(|| c.secret.clone());
            let servers = (c.fetch_by.clone(), c.user.clone(), c.kind, secret, c.signed_in);
            (servers, c.authority.clone(), c.reach, c.folders.clone(), c.paused)
        };
        way(self) == way(other)
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

    /// Who signs in, with what really does: see [`oauth::renew::Signer`] for getting it.
    pub fn login(&self, secret: Secret) -> Login {
        let user = self.user.clone();
        match self.kind {
            SecretKind::Password => Login::Password { user, password: secret },
            SecretKind::Token | SecretKind::OAuth => Login::Token { user, token: secret },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_told_after_a_while_and_a_refused_login_at_once() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a moment");
        let mut health = Health { since: Some(at("2026-11-20T09:00:00Z")), ..Health::default() };
        assert_eq!(health.alarm(at("2026-11-20T09:10:00Z")), None);
        let silent = health.alarm(at("2026-11-20T12:00:00Z")).expect("an alarm");
        assert!(silent.contains("3 hours") && silent.contains("regard work"), "{silent}");
        health.fetched = Some(at("2026-11-20T11:55:00Z"));
        assert_eq!(health.alarm(at("2026-11-20T12:00:00Z")), None);
        // As long as a first fetching gets on it is not silent; once it does not, it is.
        let far = Fetching { folder: "INBOX".to_owned(), done: 1200, of: 48_000 };
        let begun = Some(at("2026-11-20T09:00:00Z"));
        let on = Health { fetched: None, since: begun, fetching: Some(far), ..health.clone() };
        let tried =
            |moment: &str| Health { tried: Some(at(moment)), ..on.clone() }.alarm(at("2026-11-20T12:00:00Z"));
        assert_eq!(tried("2026-11-20T11:50:00Z"), None);
        assert!(tried("2026-11-20T11:40:00Z").is_some());
        let since = at("2026-11-20T11:59:00Z");
        let of = |words: &str, kind| Some(Trouble { words: words.to_owned(), kind, since });
        health.trouble = of("timed out", TroubleKind::Other);
        assert_eq!(health.alarm(at("2026-11-20T12:00:00Z")), None, "once is nothing");
        assert!(health.alarm(at("2026-11-20T12:30:00Z")).is_some_and(|words| words.contains("timed out")));
        health.trouble = of("refused", TroubleKind::Login);
        assert!(health.alarm(at("2026-11-20T12:00:00Z")).is_some_and(|words| words.contains("refused")));
        health.trouble = of("the secret has run out", TroubleKind::Issuer);
        let told = health.alarm(at("2026-11-20T12:00:00Z"));
        assert_eq!(told.as_deref(), Some("the secret has run out"), "no password would mend that");
    }
}
