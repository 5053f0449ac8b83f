//! One question over HTTP: a form handed in, and the whole answer. It goes where any connection may go and nowhere
//! else, follows nobody who sends it elsewhere, and reads no more than it was told to.

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, CONTENT_TYPE, HOST, USER_AGENT};
use hyper::{Request, Uri};
use hyper_util::rt::TokioIo;
use tokio::time::timeout;

use super::{Limits, Reach, Security, Target, Trouble, Trust, dial};

/// No answer to a form of ours is longer.
const LONGEST: usize = 256 * 1024;

/// What a server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The number that says how it went: 200 for well.
    pub status: u16,
    /// The answer itself.
    pub body: Vec<u8>,
}

/// Where a form goes: `https://server/path`; without TLS only to this very machine.
#[derive(Debug, Clone)]
pub struct Endpoint {
    target: Target,
    host: String,
    path: String,
}

impl Endpoint {
    /// Reads an address. A wrong one is told in words that end a sentence.
    pub fn parse(url: &str, reach: Reach, trust: Trust) -> Result<Endpoint, String> {
        let uri: Uri =
            url.trim().parse().map_err(|_| "is no address, such as https://server.example/token")?;
        let security = match uri.scheme_str() {
            Some("https") => Security::Tls,
            Some("http") => Security::Plain,
            _ => return Err("begins with https://".to_owned()),
        };
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'));
        let authority = authority.ok_or("names a server and nobody who signs in there")?;
        let usual = if security == Security::Tls { 443 } else { 80 };
        let target = Target {
            host: authority.host().to_owned(),
            port: authority.port_u16().unwrap_or(usual),
            security,
            reach,
            trust,
        };
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Ok(Endpoint { target, host: authority.as_str().to_owned(), path })
    }

    /// Hands a form in.
    pub async fn post(&self, form: &[(&str, &str)], limits: &Limits) -> Result<Answer, Trouble> {
        match timeout(limits.command, self.asked(form, limits)).await {
            Ok(answered) => answered,
            Err(_) => Err(Trouble::TimedOut("its answer")),
        }
    }

    async fn asked(&self, form: &[(&str, &str)], limits: &Limits) -> Result<Answer, Trouble> {
        let stream = TokioIo::new(dial(&self.target, limits).await?);
        let broke = |error: hyper::Error| Trouble::Broke(error.to_string());
        let (mut sender, connection) = http1::handshake(stream).await.map_err(broke)?;
        let driving = Driving(tokio::spawn(connection));
        let request = Request::post(&self.path)
            .header(HOST, &self.host)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(ACCEPT, "application/json")
            .header(USER_AGENT, "regard")
            .body(Full::new(Bytes::from(encoded(form))))
            .map_err(|error| Trouble::Broke(error.to_string()))?;
        let response = sender.send_request(request).await.map_err(|_| Trouble::Closed("its answer"))?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), LONGEST).collect().await;
        let body = body.map_err(|_| Trouble::Broke("its answer ends too early or never".to_owned()))?;
        drop(driving);
        Ok(Answer { status, body: body.to_bytes().to_vec() })
    }
}

/// The connection behind a question; it ends with it.
struct Driving(tokio::task::JoinHandle<Result<(), hyper::Error>>);

impl Drop for Driving {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Names and values as a form or an address holds them.
pub fn encoded(form: &[(&str, &str)]) -> String {
    let pairs: Vec<String> =
        form.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
    pairs.join("&")
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(char::from(byte))
            }
            byte => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_wrong_ones_told() {
        let read = |url| {
            Endpoint::parse(url, Reach::Public, Trust::Machine).map(|e| (e.host, e.target.port, e.path))
        };
        assert_eq!(
            read("https://login.example/oauth/token?a=b"),
            Ok(("login.example".to_owned(), 443, "/oauth/token?a=b".to_owned()))
        );
        assert_eq!(read("http://127.0.0.1:81").map(|read| read.1), Ok(81));
        for wrong in
            ["", "login.example/token", "ftp://login.example/", "https://a:b@login.example/", "https://"]
        {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn forms_hold_any_text() {
        assert_eq!(encoded(&[("a b", "ü&=+"), ("c", "~")]), "a%20b=%C3%BC%26%3D%2B&c=~");
    }
}
