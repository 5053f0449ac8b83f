//! A gate before Radicale, which knows no tokens itself: it lets through whoever shows one that the server for tokens
//! says is good, and nobody with a password.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::issuer::IssuerServer;
use crate::radicale::{Radicale, SECRET, USER};

pub(crate) struct Gate {
    port: u16,
}

impl Gate {
    pub(crate) fn before(server: &Radicale, issuer: &IssuerServer) -> Gate {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (behind, issuer) = (server.port, issuer.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (Ok(stream), issuer) = (stream, issuer.clone()) else { return };
                // Whoever goes away in the middle is nobody's trouble.
                std::thread::spawn(move || drop(pass(stream, behind, &issuer)));
            }
        });
        Gate { port }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://localhost:{}/", self.port)
    }
}

/// Passes one question on, and what is answered.
fn pass(stream: TcpStream, behind: u16, issuer: &IssuerServer) -> std::io::Result<()> {
    let mut asked = BufReader::new(stream);
    let (mut head, mut length, mut token) = (String::new(), 0, None);
    loop {
        let mut line = String::new();
        if asked.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let (name, value) = line.trim_end().split_once(": ").unwrap_or((line.trim_end(), ""));
        match name.to_ascii_lowercase().as_str() {
            "" => break,
            "authorization" => token = value.strip_prefix("Bearer ").map(str::to_owned),
            "content-length" => {
                length = value.parse().expect("a length");
                head.push_str(&line);
            }
            _ => head.push_str(&line),
        }
    }
    let mut body = vec![0; length];
    asked.read_exact(&mut body)?;
    let mut answers = asked.into_inner();
    if !token.is_some_and(|token| issuer.is_good(&token)) {
        return answers.write_all(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
    }
    let login = STANDARD.encode(format!("{USER}:{SECRET}"));
    let mut server = TcpStream::connect(("127.0.0.1", behind))?;
    write!(server, "{head}Authorization: Basic {login}\r\nConnection: close\r\n\r\n")?;
    server.write_all(&body)?;
    std::io::copy(&mut server, &mut answers).map(drop)
}
