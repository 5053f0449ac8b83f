//! Stands between a client and an HTTP server: passes on what is asked, or misbehaves as it is told. It also takes tokens
//! where the server behind it takes passwords alone.

#![allow(dead_code, reason = "each test program uses its part of this")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What was asked.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    /// How the one who asked signed in.
    pub(crate) login: String,
    pub(crate) body: Vec<u8>,
}

impl Asked {
    /// Whether this method of JMAP is called.
    pub(crate) fn calls(&self, method: &str) -> bool {
        self.method == "POST" && String::from_utf8_lossy(&self.body).contains(&format!("[[\"{method}\""))
    }
}

/// What it does with a question.
pub(crate) enum Way {
    /// Passes it on.
    On,
    /// Answers this by itself: status, type, and what it holds.
    Says(u16, &'static str, String),
    /// Passes it on, and changes what was answered.
    Alters(Box<dyn Fn(String) -> String + Send>),
    /// Says nothing, and keeps the connection open.
    Hangs,
    /// Ends the connection without a word.
    Ends,
    /// Passes it on, and ends the connection without giving the answer.
    Swallows,
    /// Passes it on, and gives an answer that is none.
    Garbles,
    /// Tells of something as it happens: after so long each time, for ever in the end.
    Tells(Vec<(Duration, String)>),
}

type Rule = dyn Fn(&Asked) -> Way + Send + Sync;
type IsGood = dyn Fn(&str) -> bool + Send + Sync;

pub(crate) struct Between {
    pub(crate) port: u16,
    rule: Arc<Mutex<Arc<Rule>>>,
    heard: Arc<Mutex<Vec<Asked>>>,
    /// How many connections there were.
    connections: Arc<Mutex<usize>>,
    /// Says which tokens are good.
    is_good: Arc<Mutex<Arc<IsGood>>>,
}

impl Between {
    /// One that passes on everything to a port of this machine. Whoever brings the token is let in with this name and
    /// password.
    pub(crate) fn start(behind: u16, user: &str, password: &str) -> Between {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let rule: Arc<Rule> = Arc::new(|_: &Asked| Way::On);
        let nobody: Arc<IsGood> = Arc::new(|_: &str| false);
        let between = Between {
            port: listener.local_addr().expect("its address").port(),
            rule: Arc::new(Mutex::new(rule)),
            heard: Arc::default(),
            connections: Arc::default(),
            is_good: Arc::new(Mutex::new(nobody)),
        };
        let (rule, heard) = (Arc::clone(&between.rule), Arc::clone(&between.heard));
        let (connections, is_good) = (Arc::clone(&between.connections), Arc::clone(&between.is_good));
        let basic = format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                *connections.lock().expect("no panic") += 1;
                let (rule, heard, is_good) = (Arc::clone(&rule), Arc::clone(&heard), Arc::clone(&is_good));
                let basic = basic.clone();
                thread::spawn(move || {
                    let mut read = BufReader::new(stream.try_clone().ok()?);
                    while let Some(asked) = asked(&mut read) {
                        heard.lock().ok()?.push(asked.clone());
                        let rule = Arc::clone(&*rule.lock().ok()?);
                        let is_good = Arc::clone(&*is_good.lock().ok()?);
                        let login = match asked.login.strip_prefix("Bearer ") {
                            Some(given) if is_good(given) => basic.clone(),
                            Some(_) => String::new(),
                            None => asked.login.clone(),
                        };
                        answer(&stream, behind, &asked, &login, rule(&asked))?;
                    }
                    Some(())
                });
            }
        });
        between
    }

    /// From now on it behaves like this.
    pub(crate) fn behave(&self, rule: impl Fn(&Asked) -> Way + Send + Sync + 'static) {
        *self.rule.lock().expect("no panic") = Arc::new(rule);
    }

    /// From now on these tokens are good.
    pub(crate) fn take_tokens(&self, is_good: impl Fn(&str) -> bool + Send + Sync + 'static) {
        *self.is_good.lock().expect("no panic") = Arc::new(is_good);
    }

    /// What was asked since the last time.
    pub(crate) fn heard(&self) -> Vec<Asked> {
        std::mem::take(&mut *self.heard.lock().expect("no panic"))
    }

    pub(crate) fn connections(&self) -> usize {
        *self.connections.lock().expect("no panic")
    }
}

fn asked(read: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut line = String::new();
    read.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let (mut login, mut length) = (String::new(), 0);
    loop {
        let mut header = String::new();
        read.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(':') else { break };
        match name.to_ascii_lowercase().as_str() {
            "authorization" => value.trim().clone_into(&mut login),
            "content-length" => length = value.trim().parse().ok()?,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    read.read_exact(&mut body).ok()?;
    Some(Asked { method, path, login, body })
}

fn answer(mut to: &TcpStream, behind: u16, asked: &Asked, login: &str, way: Way) -> Option<()> {
    let say = |mut to: &TcpStream, status: u16, kind: &str, body: &[u8]| {
        let head =
            format!("HTTP/1.1 {status} x\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n", body.len());
        to.write_all(head.as_bytes()).ok()?;
        to.write_all(body).ok()
    };
    match way {
        Way::On => {
            let (status, body) = pass_on(behind, asked, login)?;
            say(to, status, "application/json", &body)
        }
        Way::Alters(alter) => {
            let (status, body) = pass_on(behind, asked, login)?;
            let body = alter(String::from_utf8_lossy(&body).into_owned());
            say(to, status, "application/json", body.as_bytes())
        }
        Way::Says(status, kind, body) => say(to, status, kind, body.as_bytes()),
        Way::Hangs => {
            thread::sleep(Duration::from_secs(60));
            None
        }
        Way::Ends => to.shutdown(std::net::Shutdown::Both).ok().and(None),
        Way::Swallows => {
            pass_on(behind, asked, login)?;
            to.shutdown(std::net::Shutdown::Both).ok().and(None)
        }
        Way::Garbles => {
            pass_on(behind, asked, login)?;
            to.write_all(b"220 what was that?\r\n\r\n").ok().and(None)
        }
        Way::Tells(events) => {
            to.write_all(b"HTTP/1.1 200 x\r\nContent-Type: text/event-stream\r\n\r\n: hello\n\n").ok()?;
            for (after, text) in events {
                thread::sleep(after);
                to.write_all(text.as_bytes()).ok()?;
            }
            thread::sleep(Duration::from_secs(60));
            None
        }
    }
}

/// Asks the server behind; status and what it answered.
fn pass_on(behind: u16, asked: &Asked, login: &str) -> Option<(u16, Vec<u8>)> {
    let mut stream = TcpStream::connect(("127.0.0.1", behind)).ok()?;
    let login = if login.is_empty() { String::new() } else { format!("Authorization: {login}\r\n") };
    let head = format!(
        "{} {} HTTP/1.0\r\nHost: localhost\r\n{login}Content-Type: {}\r\nContent-Length: {}\r\n\r\n",
        asked.method,
        asked.path,
        if asked.path.contains("/upload/") { "message/rfc822" } else { "application/json" },
        asked.body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(&asked.body).ok()?;
    let mut all = Vec::new();
    stream.read_to_end(&mut all).ok()?;
    let end = all.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&all[..end]).into_owned();
    let status: u16 = head.split_whitespace().nth(1)?.parse().ok()?;
    // It is sent on within the server behind, as this one is asked.
    if matches!(status, 301 | 302 | 307 | 308)
        && let Some(to) = head.lines().find_map(|line| line.strip_prefix("Location: "))
    {
        let path = to.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map(|(_, path)| path);
        return pass_on(
            behind,
            &Asked { path: format!("/{}", path?), ..asked.clone() },
            login.trim_start_matches("Authorization: ").trim(),
        );
    }
    Some((status, all[end + 4..].to_vec()))
}
