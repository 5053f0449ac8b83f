//! Signing in.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use imap_proto::{Response, Status};

use super::name::quoted;
use super::session::{Offers, Session, words};
use crate::net::{Login, Target, Trouble, sasl};

/// How somebody signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mechanism {
    /// SASL PLAIN.
    Plain,
    /// The protocol's own LOGIN.
    Login,
    /// OAuth 2 as Google and Microsoft first had it.
    Xoauth2,
    /// OAuth 2 as RFC 7628 has it.
    OauthBearer,
}

/// The best way that both sides know.
fn choose(offers: &Offers, login: &Login) -> Result<Mechanism, Trouble> {
    let offered = |word: &str| offers.has(word);
    match login {
        Login::Password { .. } if offered("AUTH=PLAIN") => Ok(Mechanism::Plain),
        Login::Password { .. } if !offered("LOGINDISABLED") => Ok(Mechanism::Login),
        Login::Password { .. } => Err(Trouble::NoWayIn("the server takes no password here".to_owned())),
        Login::Token { .. } if offered("AUTH=OAUTHBEARER") => Ok(Mechanism::OauthBearer),
        Login::Token { .. } if offered("AUTH=XOAUTH2") => Ok(Mechanism::Xoauth2),
        Login::Token { .. } => Err(Trouble::NoWayIn("the server takes no OAuth 2 token".to_owned())),
    }
}

pub(super) async fn sign_in(session: &mut Session, target: &Target, login: &Login) -> Result<(), Trouble> {
    session.ask_offers().await?;
    let (name, response) = match (choose(&session.offers, login)?, login) {
        (Mechanism::Login, Login::Password { user, password }) => {
            let command = format!("LOGIN {} {}", quoted(user)?, quoted(password.reveal())?);
            return match session.command("LOGIN", &command).await {
                Err(Trouble::Said { said, .. }) => Err(Trouble::LoginRefused(said)),
                other => other,
            };
        }
        (_, Login::Password { user, password }) => ("PLAIN", format!("\0{user}\0{}", password.reveal())),
        (Mechanism::Xoauth2, Login::Token { user, token }) => ("XOAUTH2", sasl::xoauth2(user, token)),
        (_, Login::Token { user, token }) => {
            ("OAUTHBEARER", sasl::oauthbearer(user, token, &target.host, target.port))
        }
    };
    authenticate(session, name, &response).await
}

async fn authenticate(session: &mut Session, name: &str, response: &str) -> Result<(), Trouble> {
    let heard = if name == "OAUTHBEARER" { sasl::HEARD } else { "" };
    let limits = *session.line.limits();
    session.line.allow("AUTHENTICATE", limits.command, 1 << 20);
    let tag = session.line.send(&format!("AUTHENTICATE {name}")).await?;
    let mut asked = 0;
    loop {
        session.line.next().await?;
        let reply = match session.line.response() {
            Some(Response::Continue(_)) => {
                asked += 1;
                match asked {
                    1 => STANDARD.encode(response),
                    // The token was refused, and the reason sent as a question; having heard it gets the refusal.
                    2 => heard.to_owned(),
                    _ => return Err(Trouble::Broke("it keeps asking who signs in".to_owned())),
                }
            }
            Some(Response::Done { tag: of, status, outcome }) if of.0 == tag => match status {
                Status::Ok => return Ok(()),
                _ => return Err(Trouble::LoginRefused(words(&outcome))),
            },
            Some(Response::Data { status: Status::Bye, outcome }) => {
                return Err(Trouble::Goodbye(words(&outcome)));
            }
            // Some servers send an empty "+", which is no continuation to the parser.
            None if session.line.raw().starts_with(b"+") => {
                asked += 1;
                if asked > 2 {
                    return Err(Trouble::Broke("it keeps asking who signs in".to_owned()));
                }
                if asked == 1 { STANDARD.encode(response) } else { heard.to_owned() }
            }
            _ => continue,
        };
        session.line.write(format!("{reply}\r\n").as_bytes()).await?;
    }
}
