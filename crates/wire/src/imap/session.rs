//! A conversation with a mailbox on a server, from the greeting to the goodbye.

use std::collections::BTreeSet;
use std::time::Duration;

use imap_proto::{Capability, Response, Status};

use super::line::Line;
use super::login;
use crate::net::{Limits, Login, Security, Target, Trouble, dial, secure};

/// How much an ordinary answer may hold, in bytes.
const ORDINARY: u64 = 4 << 20;

/// What a server can do that not every server can.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offers {
    words: BTreeSet<String>,
}

/// A mailbox that is open on a server.
pub struct Session {
    pub(super) line: Line,
    pub(super) offers: Offers,
    /// The folder that is open.
    pub(super) open: Option<String>,
    /// Changes were asked to be told by number.
    pub(super) enabled: bool,
}

/// How an answer ended.
pub(super) enum Done {
    Ok,
    /// The server's words.
    Refused(String),
}

impl Offers {
    /// Whether the server named this.
    pub fn has(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// Changes are counted, and what vanished is told by number.
    pub fn qresync(&self) -> bool {
        self.has("QRESYNC")
    }

    /// Changes are counted.
    pub fn condstore(&self) -> bool {
        self.has("CONDSTORE") || self.qresync()
    }

    /// The server speaks up when something changes.
    pub fn idle(&self) -> bool {
        self.has("IDLE")
    }

    fn of(capabilities: &[Capability<'_>]) -> Offers {
        let word = |capability: &Capability<'_>| match capability {
            Capability::Imap4rev1 => "IMAP4REV1".to_owned(),
            Capability::Auth(way) => format!("AUTH={}", way.to_uppercase()),
            Capability::Atom(word) => word.to_uppercase(),
        };
        Offers { words: capabilities.iter().map(word).collect() }
    }
}

impl Session {
    /// Connects and signs in.
    pub async fn open(target: &Target, login: &Login, limits: Limits) -> Result<Session, Trouble> {
        let stream = dial(target, &limits).await?;
        let mut session = Session {
            line: Line::new(stream, limits, target.security.greeting()),
            offers: Offers::default(),
            open: None,
            enabled: false,
        };
        let at_door = |trouble| match trouble {
            Trouble::Closed(_) => Trouble::HungUp(target.is_meant_for("IMAP")),
            trouble => trouble,
        };
        session.greet().await.map_err(at_door)?;
        if target.security == Security::StartTls {
            session = session.start_tls(target, limits).await.map_err(at_door)?;
        }
        login::sign_in(&mut session, target, login).await.map_err(at_door)?;
        session.ask_offers().await?;
        if session.offers.qresync() && session.offers.has("ENABLE") {
            session.enabled = session.command("ENABLE", "ENABLE QRESYNC").await.is_ok();
        }
        Ok(session)
    }

    /// What the server can do.
    pub fn offers(&self) -> &Offers {
        &self.offers
    }

    /// Says goodbye.
    pub async fn close(mut self) {
        self.line.allow("the goodbye", Duration::from_secs(5), ORDINARY);
        if self.line.send("LOGOUT").await.is_ok() {
            while self.line.next().await.is_ok() {}
        }
    }

    /// Reads the greeting. Who lets us in before anybody signed in cannot be asked for TLS any more, and may be
    /// somebody in between.
    async fn greet(&mut self) -> Result<(), Trouble> {
        self.line.next().await?;
        match self.line.response() {
            Some(Response::Data { status: Status::Ok, .. }) => Ok(()),
            Some(Response::Data { status: Status::PreAuth, .. }) => {
                Err(Trouble::Broke("it let us in before anybody signed in".to_owned()))
            }
            Some(Response::Data { status: Status::Bye, outcome }) => Err(Trouble::Goodbye(words(&outcome))),
            _ => {
                let said = String::from_utf8_lossy(&self.line.raw()[..self.line.raw().len().min(80)]);
                Err(Trouble::Stranger(format!(
                    "this is no IMAP server; it greets with {:?}",
                    said.trim_end()
                )))
            }
        }
    }

    async fn start_tls(mut self, target: &Target, limits: Limits) -> Result<Session, Trouble> {
        match self.run("STARTTLS", "STARTTLS", |_| Ok(())).await? {
            Done::Ok => {}
            Done::Refused(said) => {
                return Err(Trouble::NoWayIn(format!("{} offers no TLS: {said}", target.host)));
            }
        }
        let stream = secure(self.line.into_stream(), target, &limits).await?;
        self.line = Line::new(stream, limits, "STARTTLS");
        Ok(self)
    }

    /// Asks what the server can do.
    pub(super) async fn ask_offers(&mut self) -> Result<(), Trouble> {
        let mut offers = None;
        self.run("CAPABILITY", "CAPABILITY", |response| {
            if let Response::Capabilities(all) = response {
                offers = Some(Offers::of(all));
            }
            Ok(())
        })
        .await?;
        self.offers = offers.ok_or_else(|| Trouble::Broke("it does not say what it can do".to_owned()))?;
        Ok(())
    }

    /// Runs a command of which only the success matters.
    pub(super) async fn command(&mut self, name: &'static str, command: &str) -> Result<(), Trouble> {
        self.asked(name, command, |_| Ok(())).await
    }

    /// Runs a command and hands every untagged response over; a refusal is an error.
    pub(super) async fn asked(
        &mut self,
        name: &'static str,
        command: &str,
        take: impl FnMut(&Response<'_>) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        match self.run(name, command, take).await? {
            Done::Ok => Ok(()),
            Done::Refused(said) => Err(Trouble::Said { command: name, said }),
        }
    }

    async fn run(
        &mut self,
        name: &'static str,
        command: &str,
        take: impl FnMut(&Response<'_>) -> Result<(), Trouble>,
    ) -> Result<Done, Trouble> {
        let time = self.line.limits().command;
        self.line.allow(name, time, ORDINARY);
        let tag = self.line.send(command).await?;
        self.finish(&tag, take).await
    }

    /// Reads until the answer to `tag` ends. Time and size were allowed before.
    pub(super) async fn finish(
        &mut self,
        tag: &str,
        mut take: impl FnMut(&Response<'_>) -> Result<(), Trouble>,
    ) -> Result<Done, Trouble> {
        loop {
            self.line.next().await?;
            let Some(response) = self.line.response() else { continue };
            match &response {
                Response::Done { tag: of, status, outcome } => {
                    if of.0 != tag {
                        return Err(Trouble::Broke("it answers what nobody asked".to_owned()));
                    }
                    if *status != Status::Ok {
                        return Ok(Done::Refused(words(outcome)));
                    }
                    take(&response)?;
                    return Ok(Done::Ok);
                }
                Response::Data { status: Status::Bye, outcome } => {
                    return Err(Trouble::Goodbye(words(outcome)));
                }
                _ => take(&response)?,
            }
        }
    }
}

/// What the server said, for people.
pub(super) fn words(outcome: &imap_proto::Outcome<'_>) -> String {
    let said = outcome.information.as_deref().unwrap_or_default();
    let plain: String = said.chars().filter(|c| !c.is_control()).take(300).collect();
    // It stands within a sentence.
    let plain = plain.trim_end_matches('.');
    if plain.is_empty() { "without a word".to_owned() } else { plain.to_owned() }
}
