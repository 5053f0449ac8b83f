//! `regard connect sign-in`: signing in by OAuth 2 from a terminal.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use jiff::SignedDuration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};
use wire::net::{Limits, Reach, Trust};
use wire::oauth::{Client, Refused, Tokens};

use super::{keys, named, open};
use crate::clock;
use crate::config::Config;
use crate::db::{Db, Durability};
use crate::firm::Firm;
use crate::mailboxes::oauth::begun::Proof;
use crate::mailboxes::oauth::{Held, Issuer, PUBLIC_FLOWS, Purpose, Way, store};
use crate::mailboxes::secret::Keys;
use crate::mailboxes::{Connection, SecretKind};

/// How long somebody may take in their browser.
const PATIENCE: Duration = Duration::from_secs(600);

#[derive(Debug, clap::Args)]
pub(super) struct SignInArgs {
    /// The address of a connected mailbox
    #[arg(value_name = "EMAIL")]
    address: String,
    /// Who gives the sign-in; without it who gave it before, else the only one
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

/// Signs in again to a connected mailbox.
pub(super) async fn again(args: &SignInArgs, config: &Config) -> Result<String> {
    let (db, firm) = open::existing(config).await?;
    let keys = keys(config, true)?;
    let known = named(&db, &firm, &args.address).await?;
    let issuer = chosen(&db, &firm, args.by.as_deref(), known.oauth).await?;
    let held = obtain(&firm, &keys, &issuer, &For::mailbox(&known)).await?;
    let mut connection = Connection { kind: SecretKind::OAuth, oauth: Some(issuer.id), ..known };
    super::try_out(&connection, &connection.login(held.access())).await?;
    connection.secret = keys.seal(firm.id, connection.id, &held.text()?)?;
    let mut tx = db.write(Durability::Act).await?;
    crate::mailboxes::store::signed_in(&mut tx, firm.id, &connection, clock::now()).await?;
    tx.commit().await?;
    db.close().await;
    Ok(format!("Signed in; {} is fetched again.\n", connection.address))
}

/// Who is to give the sign-in: the one of that name, or of that number, else the only one.
pub(in crate::cli) async fn chosen(
    db: &Db,
    firm: &Firm,
    name: Option<&str>,
    known: Option<i64>,
) -> Result<Issuer> {
    let mut all = store::issuers(&mut db.read().await?, firm.id).await?;
    match (name, known) {
        (Some(name), _) => all.retain(|issuer| issuer.name.eq_ignore_ascii_case(name)),
        (None, Some(known)) => all.retain(|issuer| issuer.id == known),
        (None, None) => {}
    }
    match all.len() {
        1 => Ok(all.remove(0)),
        0 => bail!("no such sign-in is set up; `regard connect issuer add` does it"),
        _ => bail!("several sign-ins are set up; name one of those that `regard connect issuer list` lists"),
    }
}

/// What somebody signs in for, and how its servers are reached.
pub(in crate::cli) struct For<'a> {
    /// What it is asked for.
    pub(in crate::cli) purpose: Purpose,
    /// Certificates of the firm's own authority, in PEM form.
    pub(in crate::cli) authority: Option<&'a str>,
    /// Where connections may go.
    pub(in crate::cli) reach: Reach,
    /// Who most likely signs in.
    pub(in crate::cli) hint: &'a str,
}

impl For<'_> {
    /// To fetch and send the mail of a mailbox.
    pub(super) fn mailbox(of: &Connection) -> For<'_> {
        let (authority, hint) = (of.authority.as_deref(), of.address.as_str());
        For { purpose: Purpose::Mail, authority, reach: of.reach, hint }
    }
}

/// Has somebody say yes: by a short code on any device where the server gives one, else in a browser on this machine.
pub(in crate::cli) async fn obtain(firm: &Firm, keys: &Keys, issuer: &Issuer, to: &For<'_>) -> Result<Held> {
    let trust = to.authority.map_or(Trust::Machine, |pem| Trust::Also(pem.into()));
    let way = Way::by_code(issuer.device.is_some());
    let client = issuer.client(firm.id, keys, issuer.scopes(to.purpose)?, way, (to.reach, trust))?;
    let limits = Limits::default();
    let tokens = match way {
        Way::Elsewhere => by_code(&client, &limits).await?,
        Way::Here => by_browser(&client, to.hint, &limits).await?,
    };
    Ok(Held::new(&tokens, &issuer.client_id, way, None, clock::now()))
}

async fn by_code(client: &Client, limits: &Limits) -> Result<Tokens> {
    let device = client.device(limits).await?;
    eprintln!("On any device, open {} and type {}", device.address, device.user_code);
    let until = clock::now() + SignedDuration::try_from(device.lasts).unwrap_or_default();
    let mut every = device.every;
    while clock::now() < until {
        sleep(every).await;
        match client.device_tokens(&device.code, limits).await {
            Ok(tokens) => return Ok(tokens),
            Err(Refused::Pending) => {}
            Err(Refused::SlowDown) => every += Duration::from_secs(5),
            // What may pass is asked again, as RFC 8628 has it.
            Err(Refused::Server(_)) => every = (every * 2).min(Duration::from_secs(60)),
            Err(refused @ Refused::Secret(_)) => bail!("{refused}; {PUBLIC_FLOWS}"),
            Err(refused) => return Err(refused.into()),
        }
    }
    bail!("nobody typed the code in time")
}

/// The answer comes back to a port of this machine that is open for this alone (RFC 8252).
async fn by_browser(client: &Client, hint: &str, limits: &Limits) -> Result<Tokens> {
    let listener = TcpListener::bind("127.0.0.1:0").await.context("waiting for the browser")?;
    let redirect = format!("http://127.0.0.1:{}/", listener.local_addr()?.port());
    let proof = Proof::new()?;
    let (state, verifier) = (proof.state.text(), proof.verifier.text());
    eprintln!("In a browser on this machine, open\n{}", client.address(&redirect, &state, &verifier, hint));
    let code = timeout(PATIENCE, came_back(&listener, &state)).await.context("nobody said yes in time")??;
    Ok(client.redeem(&code, &redirect, &verifier, limits).await?)
}

/// The code that comes back with the right state; whatever else knocks is told that it is wrong here.
async fn came_back(listener: &TcpListener, state: &str) -> Result<String> {
    loop {
        let (stream, _) = listener.accept().await?;
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        // Whoever opens a connection and says nothing hinders nobody for long.
        let read = timeout(Duration::from_secs(5), stream.read_line(&mut line)).await;
        let asked =
            line.split(' ').nth(1).and_then(|path| path.split_once('?')).map_or("", |(_, asked)| asked);
        let value = |name: &str| {
            let pairs = asked.split('&').filter_map(|pair| pair.split_once('='));
            pairs.into_iter().find(|(known, _)| *known == name).map(|(_, value)| unescaped(value))
        };
        let is_ours = matches!(read, Ok(Ok(_))) && value("state").as_deref() == Some(state);
        let words = if is_ours { "You can close this page." } else { "There is nothing here." };
        let answer = format!(
            "HTTP/1.1 {}\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{words}",
            if is_ours { "200 OK" } else { "404 Not Found" },
            words.len()
        );
        let _ = timeout(Duration::from_secs(5), stream.get_mut().write_all(answer.as_bytes())).await;
        match (is_ours, value("code")) {
            (true, Some(code)) => return Ok(code),
            (true, None) => bail!("the sign-in was refused: {}", value("error").unwrap_or_default()),
            (false, _) => {}
        }
    }
}

/// A value of an address as it is meant.
fn unescaped(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut plain, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let digits = text.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        match (bytes[at], digits.and_then(|digits| u8::from_str_radix(digits, 16).ok())) {
            (b'%', Some(byte)) => {
                plain.push(byte);
                at += 3;
            }
            (byte, _) => {
                plain.push(if byte == b'+' { b' ' } else { byte });
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_an_address_are_read_as_they_are_meant() {
        assert_eq!(unescaped("4%2F0Ab%20c+d"), "4/0Ab c d");
        assert_eq!(unescaped("%C3%BC%"), "ü%");
        assert_eq!(unescaped("%zz%4"), "%zz%4");
    }

    #[test]
    fn only_the_answer_that_was_asked_for_is_taken() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(story());
    }

    async fn story() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let knock = |line: &'static str| async move {
            let mut stream = tokio::net::TcpStream::connect(address).await.expect("it listens");
            stream.write_all(line.as_bytes()).await.expect("written");
            let mut answer = String::new();
            let _ = BufReader::new(stream).read_line(&mut answer).await;
            answer
        };
        let waits = came_back(&listener, "right");
        let knocks = async {
            assert!(knock("GET /favicon.ico HTTP/1.1\r\n\r\n").await.contains("404"));
            assert!(knock("GET /?state=wrong&code=c HTTP/1.1\r\n\r\n").await.contains("404"));
            assert!(knock("GET /?code=a%2Fb&state=right HTTP/1.1\r\n\r\n").await.contains("200"));
        };
        let (code, ()) = futures_util::future::join(waits, knocks).await;
        assert_eq!(code.expect("a code"), "a/b");
    }
}
