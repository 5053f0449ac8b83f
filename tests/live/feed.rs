//! A calendar at an address, as a subscription reads it.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

/// A server with one file, which it gives only when it is other than the asker knows.
pub(crate) struct Feed {
    pub(crate) port: u16,
    text: Arc<Mutex<String>>,
    given: Arc<Mutex<u32>>,
}

impl Feed {
    pub(crate) fn start(text: &str) -> Feed {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (text, given) = (Arc::new(Mutex::new(text.to_owned())), Arc::new(Mutex::new(0)));
        let feed = Feed { port, text: Arc::clone(&text), given: Arc::clone(&given) };
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let mut asked = [0; 4096];
                let read = stream.read(&mut asked).unwrap_or(0);
                let asked = String::from_utf8_lossy(&asked[..read]).to_lowercase();
                let text = text.lock().expect("its text").clone();
                let etag = format!("\"{}\"", text.len());
                let answer = match asked.contains(&format!("if-none-match: {etag}")) {
                    true => format!("HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n"),
                    false => {
                        *given.lock().expect("a count") += 1;
                        format!(
                            "HTTP/1.1 200 OK\r\nETag: {etag}\r\nContent-Length: {}\r\n\r\n{text}",
                            text.len()
                        )
                    }
                };
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        feed
    }

    pub(crate) fn say(&self, text: &str) {
        text.clone_into(&mut self.text.lock().expect("its text"));
    }

    /// How often it gave the file.
    pub(crate) fn given(&self) -> u32 {
        *self.given.lock().expect("a count")
    }
}

/// A calendar with these events.
pub(crate) fn feed(events: &[String]) -> String {
    let events: String = events.iter().map(|event| format!("BEGIN:VEVENT\n{event}\nEND:VEVENT\n")).collect();
    format!("BEGIN:VCALENDAR\nVERSION:2.0\n{events}END:VCALENDAR\n").replace('\n', "\r\n")
}
