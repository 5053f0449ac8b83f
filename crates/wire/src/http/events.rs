//! What a server tells by itself, as it happens (server-sent events).

use std::collections::VecDeque;
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::header::CONTENT_TYPE;
use tokio::time::timeout;

use super::{Address, Answer, Client, LONGEST, Most, Open, Question};
use crate::net::Trouble;

/// No event is longer, in bytes.
const LONGEST_EVENT: usize = 1 << 20;

/// What a server told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Event {
    /// What sort of event it is; `message` where the server does not say.
    pub kind: String,
    /// What it tells.
    pub data: String,
}

/// A server that tells of something as it happens, as long as it goes on.
#[derive(Debug)]
pub struct Events {
    incoming: Incoming,
    read: Reading,
    /// Ends with this.
    _open: Open,
}

impl Client {
    /// Listens to what is told at an address; where nothing is told there, what was answered instead.
    pub async fn listen(&self, address: &Address) -> Result<Result<Events, Answer>, Trouble> {
        let headers = [("accept", "text/event-stream"), ("cache-control", "no-cache")];
        let question = Question { method: "GET", address, headers: &headers, body: None };
        let mut open = self.open(address).await?;
        let response = self.answered(&mut open, &question, address).await?;
        let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let tells = kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/event-stream"));
        if response.status().as_u16() != 200 || !tells {
            return Ok(Err(self.taken(response, address, Most::Whole(LONGEST)).await?.0));
        }
        Ok(Ok(Events { incoming: response.into_body(), read: Reading::default(), _open: open }))
    }
}

impl Events {
    /// The next thing that is told; none where the server ended, or was silent for so long.
    pub async fn next(&mut self, silence: Duration) -> Result<Option<Event>, Trouble> {
        loop {
            if let Some(event) = self.read.done.pop_front() {
                return Ok(Some(event));
            }
            match timeout(silence, self.incoming.frame()).await {
                Ok(Some(Ok(frame))) => self.read.take(frame.data_ref().map_or(&[][..], |data| data))?,
                Ok(Some(Err(_)) | None) | Err(_) => return Ok(None),
            }
        }
    }
}

/// Events as they come in, piece by piece.
#[derive(Debug, Default)]
struct Reading {
    /// The beginning of a line.
    line: Vec<u8>,
    event: Event,
    has_data: bool,
    done: VecDeque<Event>,
}

impl Reading {
    fn take(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        for byte in bytes {
            match byte {
                b'\n' => self.end_line(),
                _ => self.line.push(*byte),
            }
            if LONGEST_EVENT < self.line.len() + self.event.data.len() {
                return Err(Trouble::Broke("it tells of something without end".to_owned()));
            }
        }
        Ok(())
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(&line)).into_owned();
        if line.is_empty() {
            let mut event = std::mem::take(&mut self.event);
            if std::mem::take(&mut self.has_data) {
                if event.kind.is_empty() {
                    "message".clone_into(&mut event.kind);
                }
                self.done.push_back(event);
            }
            return;
        }
        let (name, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "event" => value.clone_into(&mut self.event.kind),
            "data" => {
                if std::mem::replace(&mut self.has_data, true) {
                    self.event.data.push('\n');
                }
                self.event.data.push_str(value);
            }
            // A comment keeps the connection open, and numbers are of no use here.
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_read_wherever_they_are_cut_into_pieces() {
        let text =
            b": hello\r\n\nevent: state\r\ndata: {\"a\":\ndata: 1}\nid: 7\n\ndata:x\n\nevent: ping\n\n";
        let event = |kind: &str, data: &str| Event { kind: kind.to_owned(), data: data.to_owned() };
        for size in [1, 2, 3, 7, text.len()] {
            let mut reading = Reading::default();
            text.chunks(size).for_each(|piece| reading.take(piece).expect("short"));
            assert_eq!(reading.done, [event("state", "{\"a\":\n1}"), event("message", "x")], "{size}");
        }
    }

    #[test]
    fn a_line_without_end_is_refused() {
        let mut reading = Reading::default();
        let piece = vec![b'x'; 1 << 16];
        assert!((0..20).any(|_| reading.take(&piece).is_err()));
    }
}
