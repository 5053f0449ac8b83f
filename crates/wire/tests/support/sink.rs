//! An SMTP server that keeps what it is given, and misbehaves as it is told.

#![allow(dead_code, reason = "each test program uses its part of this")]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use base64::Engine;

/// What the sink does instead of taking a message.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ways {
    /// Answers every attempt to sign in with this.
    pub(crate) login: Option<&'static str>,
    /// Refuses these recipients, with this answer.
    pub(crate) refused: Vec<(&'static str, &'static str)>,
    /// Answers MAIL with this.
    pub(crate) mail: Option<&'static str>,
    /// Answers a message with this; empty: goes away without an answer.
    pub(crate) data: Option<&'static str>,
    /// Says nothing at all.
    pub(crate) silent: bool,
    /// Offers only this way to sign in.
    pub(crate) offers: Option<&'static str>,
}

/// A message as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) text: String,
}

/// A server on a port of this machine.
pub(crate) struct Sink {
    pub(crate) port: u16,
    ways: Arc<Mutex<Ways>>,
    taken: Arc<Mutex<Vec<Taken>>>,
    /// Who signed in, and with what.
    logins: Arc<Mutex<Vec<String>>>,
}

impl Sink {
    pub(crate) fn start(ways: Ways) -> Sink {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let sink = Sink {
            port: listener.local_addr().expect("its address").port(),
            ways: Arc::new(Mutex::new(ways)),
            taken: Arc::default(),
            logins: Arc::default(),
        };
        let (ways, taken, logins) = (sink.ways.clone(), sink.taken.clone(), sink.logins.clone());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let ways = ways.lock().expect("no panic").clone();
                let (taken, logins) = (taken.clone(), logins.clone());
                thread::spawn(move || talk(&stream, &ways, &taken, &logins));
            }
        });
        sink
    }

    /// From now on it behaves like this.
    pub(crate) fn behave(&self, ways: Ways) {
        *self.ways.lock().expect("no panic") = ways;
    }

    pub(crate) fn taken(&self) -> Vec<Taken> {
        self.taken.lock().expect("no panic").clone()
    }

    pub(crate) fn logins(&self) -> Vec<String> {
        self.logins.lock().expect("no panic").clone()
    }
}

fn talk(
    stream: &TcpStream,
    ways: &Ways,
    taken: &Mutex<Vec<Taken>>,
    logins: &Mutex<Vec<String>>,
) -> Option<()> {
    if ways.silent {
        thread::sleep(Duration::from_secs(30));
        return None;
    }
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let say = |text: &str| {
        let mut stream = stream;
        stream.write_all(format!("{text}\r\n").as_bytes()).ok()
    };
    say("220 sink ESMTP")?;
    let (mut from, mut to) = (String::new(), Vec::new());
    while let Some(Ok(line)) = lines.next() {
        let word = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        match word.as_str() {
            "EHLO" | "LHLO" => {
                say(&format!("250-sink\r\n250-8BITMIME\r\n250 AUTH {}", ways.offers.unwrap_or("PLAIN")))?;
            }
            "AUTH" => {
                let coded = line.rsplit(' ').next().unwrap_or_default();
                let plain = base64::engine::general_purpose::STANDARD.decode(coded).unwrap_or_default();
                logins.lock().ok()?.push(String::from_utf8_lossy(&plain).into_owned());
                say(ways.login.unwrap_or("235 welcome"))?;
            }
            "MAIL" => {
                from = address(&line);
                say(ways.mail.unwrap_or("250 yes"))?;
            }
            "RCPT" => {
                let who = address(&line);
                match ways.refused.iter().find(|(refused, _)| *refused == who) {
                    Some((_, answer)) => say(answer)?,
                    None => {
                        to.push(who);
                        say("250 yes")?;
                    }
                }
            }
            "DATA" => {
                say("354 go on")?;
                let mut text = String::new();
                for line in lines.by_ref() {
                    let line = line.ok()?;
                    if line == "." {
                        break;
                    }
                    text.push_str(line.strip_prefix('.').unwrap_or(&line));
                    text.push_str("\r\n");
                }
                match ways.data {
                    Some("") => return None,
                    Some(answer) => say(answer)?,
                    None => {
                        taken.lock().ok()?.push(Taken { from: from.clone(), to: to.clone(), text });
                        say("250 taken")?;
                    }
                }
                to.clear();
            }
            "RSET" | "NOOP" => say("250 yes")?,
            "QUIT" => {
                say("221 bye")?;
                return Some(());
            }
            _ => say("500 what")?,
        }
    }
    Some(())
}

fn address(line: &str) -> String {
    let inside = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map(|(address, _)| address.to_owned()).unwrap_or_default()
}
