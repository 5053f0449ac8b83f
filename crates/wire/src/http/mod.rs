//! Asks servers by HTTP/1.1: one question on one connection, or one after the other on one that is kept, to an address
//! that may be reached, and with the password only where it belongs.

mod events;
mod kept;
mod url;

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderMap, LOCATION, USER_AGENT};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::net::{Limits, Login, Reach, Security, Target, Trouble, Trust, dial};
pub use events::{Event, Events};
pub use kept::Kept;
pub use url::Address;
pub(crate) use url::escaped;

/// So often somebody is sent on to another address.
const SENT_ON: usize = 5;
/// No answer is longer, in bytes.
const LONGEST: usize = 64 << 20;
/// What a server says of its trouble is cut to so many characters.
const SAID: usize = 200;

/// Asks servers.
#[derive(Debug, Clone)]
pub struct Client {
    /// Where connections may go.
    pub reach: Reach,
    /// Whose word is taken for who a server is.
    pub trust: Trust,
    /// How long servers may take.
    pub limits: Limits,
    /// Who signs in, and on which server: that and its neighbours alone are told the password, whatever other addresses
    /// servers name. Nobody where an address alone is the key.
    pub login: Option<(Login, Address)>,
}

/// A question.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// What is asked: `GET`, `POST`, `PROPFIND`, `REPORT`, `PUT`, `DELETE`.
    pub method: &'static str,
    /// Of what.
    pub address: &'a Address,
    /// Headers beside those that every question has.
    pub headers: &'a [(&'static str, &'a str)],
    /// The type of what is sent along, and that.
    pub body: Option<(&'static str, &'a [u8])>,
}

/// How much of an answer is taken.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Most {
    /// All of it; one that is longer than so many bytes is refused.
    Whole(usize),
    /// Its first bytes, so many at most.
    Beginning(usize),
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Where it came from, after all that was sent on.
    pub address: Address,
    /// What it holds.
    pub body: Vec<u8>,
    headers: HeaderMap,
}

impl Answer {
    /// A header, where it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// What went wrong, for a question that was asked with `doing`.
    pub fn trouble(&self, doing: &'static str) -> Trouble {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let words = match status {
            StatusCode::UNAUTHORIZED => {
                let words = "the name, or the password or token, is not taken".to_owned();
                return Trouble::LoginRefused(words);
            }
            StatusCode::FORBIDDEN => "403, this may not be read with that name".to_owned(),
            StatusCode::NOT_FOUND | StatusCode::GONE => {
                format!("{}, there is nothing at {}", self.status, self.address.shown())
            }
            _ => status.to_string().chars().take(SAID).collect(),
        };
        Trouble::Said { command: doing, said: words }
    }
}

impl Client {
    /// The same at another address that the server named as its own: whoever signs in does so there as well.
    pub(crate) fn also_at(&self, address: &Address) -> Client {
        let login = self.login.as_ref().map(|(login, _)| (login.clone(), address.clone()));
        Client { login, ..self.clone() }
    }

    /// Asks, and follows where it is sent on.
    pub async fn ask(&self, question: &Question<'_>) -> Result<Answer, Trouble> {
        let mut address = question.address.clone();
        for _ in 0..=SENT_ON {
            let answer = timeout(self.limits.transfer, self.ask_once(question, &address))
                .await
                .map_err(|_| Trouble::TimedOut("answering"))??;
            let is_sent_on = matches!(answer.status, 301 | 302 | 303 | 307 | 308);
            let Some(to) = answer.header(LOCATION.as_str()).filter(|_| is_sent_on) else { return Ok(answer) };
            let next = address.join(to)?;
            if address.is_protected() && !next.is_protected() {
                return Err(Trouble::Broke(format!("it sends on to {} without TLS", next.shown())));
            }
            address = next;
        }
        Err(Trouble::Broke("it sends on and on".to_owned()))
    }

    /// Asks, and goes nowhere else: what is sent along is meant for this server alone.
    pub async fn ask_here(&self, question: &Question<'_>) -> Result<Answer, Trouble> {
        let asked = timeout(self.limits.command, self.ask_once(question, question.address));
        asked.await.map_err(|_| Trouble::TimedOut("answering"))?
    }

    async fn ask_once(&self, question: &Question<'_>, address: &Address) -> Result<Answer, Trouble> {
        let mut open = self.open(address).await?;
        let response = self.answered(&mut open, question, address).await?;
        Ok(self.taken(response, address, Most::Whole(LONGEST)).await?.0)
    }

    /// Connects to the server of an address.
    async fn open(&self, address: &Address) -> Result<Open, Trouble> {
        let target = Target {
            host: address.host(),
            port: address.port(),
            security: if address.is_protected() { Security::Tls } else { Security::Plain },
            reach: self.reach,
            trust: self.trust.clone(),
        };
        let io = TokioIo::new(dial(&target, &self.limits).await?);
        let (sender, connection) = handshake(io).await.map_err(|error| broken(&error))?;
        let connection = tokio::spawn(async move {
            // Whoever waits for an answer is told how it ended.
            let _ = connection.await;
        });
        Ok(Open { to: address.clone(), sender, connection })
    }

    /// Asks on an open connection; what is in the answer is still to come.
    async fn answered(
        &self,
        open: &mut Open,
        question: &Question<'_>,
        address: &Address,
    ) -> Result<Response<Incoming>, Trouble> {
        let request = self.request(question, address)?;
        let asked = timeout(self.limits.command, open.sender.send_request(request));
        asked.await.map_err(|_| Trouble::TimedOut("answering"))?.map_err(|error| broken(&error))
    }

    fn request(&self, question: &Question<'_>, address: &Address) -> Result<Request<Full<Bytes>>, Trouble> {
        let unfit = |what: String| Trouble::Broke(format!("{} is no address: {what}", address.shown()));
        let method = Method::from_bytes(question.method.as_bytes()).map_err(|e| unfit(e.to_string()))?;
        let body = question.body.map_or_else(Bytes::new, |(_, bytes)| Bytes::copy_from_slice(bytes));
        let mut request = Request::builder()
            .method(method)
            .uri(address.path_and_query())
            .header(HOST, address.authority())
            .header(USER_AGENT, "Regard")
            .header(CONTENT_LENGTH, body.len());
        if let Some((kind, _)) = question.body {
            request = request.header(CONTENT_TYPE, kind);
        }
        for (name, value) in question.headers {
            request = request.header(*name, *value);
        }
        // An answer may name any server; it need not be one that the password is for.
        if let Some((login, _)) = self.login.as_ref().filter(|(_, given)| address.is_near(given)) {
            let words = match login {
                Login::Password { user, password } => {
                    format!("Basic {}", STANDARD.encode(format!("{user}:{}", password.reveal())))
                }
                Login::Token { token, .. } => format!("Bearer {}", token.reveal()),
            };
            request = request.header(AUTHORIZATION, words);
        }
        request.body(Full::new(body)).map_err(|e| unfit(e.to_string()))
    }

    /// What is in an answer, and whether that is all of it.
    async fn taken(
        &self,
        response: Response<Incoming>,
        address: &Address,
        most: Most,
    ) -> Result<(Answer, bool), Trouble> {
        let (parts, mut incoming) = response.into_parts();
        let (mut body, mut is_whole) = (Vec::new(), true);
        let quiet: Duration = self.limits.quiet;
        while let Some(frame) =
            timeout(quiet, incoming.frame()).await.map_err(|_| Trouble::TimedOut("answering"))?
        {
            let frame = frame.map_err(|e| broken(&e))?;
            let Some(data) = frame.data_ref() else { continue };
            match most {
                Most::Whole(most) if most < body.len() + data.len() => {
                    let what = format!("its answer is longer than {} MB", most.div_ceil(1 << 20));
                    return Err(Trouble::Broke(what));
                }
                Most::Beginning(most) if most < body.len() + data.len() => {
                    body.extend_from_slice(&data[..most - body.len()]);
                    is_whole = false;
                    break;
                }
                Most::Whole(_) | Most::Beginning(_) => body.extend_from_slice(data),
            }
        }
        let status = parts.status.as_u16();
        Ok((Answer { status, address: address.clone(), body, headers: parts.headers }, is_whole))
    }
}

/// An open connection; it ends when this is dropped.
#[derive(Debug)]
struct Open {
    /// Something on the server to which it leads.
    to: Address,
    sender: SendRequest<Full<Bytes>>,
    connection: JoinHandle<()>,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.connection.abort();
    }
}

fn broken(error: &hyper::Error) -> Trouble {
    match error.is_parse() {
        true => {
            let what = "no web server answers there (HTTP); see whether the address is right, with its port";
            Trouble::Stranger(what.to_owned())
        }
        false => Trouble::Closed("answering"),
    }
}
