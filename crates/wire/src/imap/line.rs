//! One response of the server at a time, bounded in time and size.
//!
//! A response is a line, or several that literals join. It is found by its framing alone and parsed once, when it is
//! whole: a literal that is too large is refused before a byte of it is kept, and what the parser does not know is
//! one response less, not the end of the conversation.

use std::time::Duration;

use imap_proto::Response;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, timeout};

use crate::net::{Io, Limits, Trouble, words};

/// The longest response without its literals.
const LONGEST_LINE: usize = 16 << 20;

/// The conversation with a server.
pub(super) struct Line {
    stream: Box<dyn Io>,
    /// What arrived; the response at hand ends at `end`.
    buffer: Vec<u8>,
    end: usize,
    limits: Limits,
    /// What the command at hand is called in an error, until when it may take, and how much more may be sent.
    doing: &'static str,
    until: Instant,
    allowance: u64,
    tag: u32,
}

impl Line {
    /// One that begins with `doing`.
    pub(super) fn new(stream: Box<dyn Io>, limits: Limits, doing: &'static str) -> Line {
        let until = Instant::now() + limits.connect;
        Line { stream, buffer: Vec::new(), end: 0, limits, doing, until, allowance: 1 << 16, tag: 0 }
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The bare connection, to be protected from here on. What was sent ahead unprotected is forgotten with it.
    pub(super) fn into_stream(self) -> Box<dyn Io> {
        self.stream
    }

    /// Sets what comes next: how it is called, how long it may take, how much may be sent.
    pub(super) fn allow(&mut self, doing: &'static str, time: Duration, bytes: u64) {
        (self.doing, self.until, self.allowance) = (doing, Instant::now() + time, bytes);
    }

    /// Sends a command; gives the tag that ends its answer.
    pub(super) async fn send(&mut self, command: &str) -> Result<String, Trouble> {
        self.tag = self.tag.wrapping_add(1);
        let tag = format!("R{}", self.tag);
        self.write(format!("{tag} {command}\r\n").as_bytes()).await?;
        Ok(tag)
    }

    /// Sends bytes as they are.
    pub(super) async fn write(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        let whole = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        match timeout(self.until.saturating_duration_since(Instant::now()), whole).await {
            Ok(done) => done.map_err(|e| Trouble::of_io(e, self.doing)),
            Err(_) => Err(Trouble::TimedOut(self.doing)),
        }
    }

    /// The next response, as it was sent. Until the next call, [`Line::response`] parses it.
    pub(super) async fn next(&mut self) -> Result<(), Trouble> {
        self.buffer.drain(..self.end);
        self.end = 0;
        // A batch of mail must not keep its room for ever after.
        if self.buffer.is_empty() && self.buffer.capacity() > 1 << 20 {
            self.buffer = Vec::new();
        }
        let (mut from, mut literals) = (0, 0);
        loop {
            let Some(end) = memchr::memchr(b'\n', &self.buffer[from..]).map(|at| from + at + 1) else {
                if LONGEST_LINE + literals < self.buffer.len() {
                    return Err(Trouble::Broke("it sends a line that does not end".to_owned()));
                }
                let searched = self.buffer.len();
                self.read().await?;
                from = from.max(searched);
                continue;
            };
            let Some(literal) = literal_at_end(&self.buffer[..end]) else {
                self.end = end;
                return Ok(());
            };
            // Servers are known to be wrong about a size by some tenths; twice as much is none of that.
            if literal as usize > self.limits.message.saturating_mul(2) || literal > u64::from(u32::MAX) {
                return Err(Trouble::Broke(format!("it announced {literal} bytes in one piece")));
            }
            literals += literal as usize;
            from = end + literal as usize;
            while self.buffer.len() < from {
                self.read().await?;
            }
        }
    }

    /// The response at hand; none where the parser does not know it.
    pub(super) fn response(&self) -> Option<Response<'_>> {
        Response::parse(&self.buffer[..self.end]).ok().map(|(_, response)| response)
    }

    /// The response at hand, as it was sent.
    pub(super) fn raw(&self) -> &[u8] {
        &self.buffer[..self.end]
    }

    async fn read(&mut self) -> Result<(), Trouble> {
        let left = self.until.saturating_duration_since(Instant::now()).min(self.limits.quiet);
        let read = timeout(left, self.stream.read_buf(&mut self.buffer)).await;
        let count = match read {
            Ok(Ok(0)) => return Err(Trouble::Closed(self.doing)),
            Ok(Ok(count)) => count as u64,
            Ok(Err(error)) => return Err(Trouble::of_io(error, self.doing)),
            Err(_) => return Err(Trouble::TimedOut(self.doing)),
        };
        match self.allowance.checked_sub(count) {
            Some(rest) => self.allowance = rest,
            None => {
                return Err(Trouble::Broke(format!(
                    "it sent far more than was asked for in {}",
                    words::of_command(self.doing)
                )));
            }
        }
        Ok(())
    }

    /// Whether something arrives before the time is over. What arrives stays to be read.
    pub(super) async fn stirs(&mut self, within: Duration) -> Result<bool, Trouble> {
        if self.end < self.buffer.len() {
            return Ok(true);
        }
        match timeout(within, self.stream.read_buf(&mut self.buffer)).await {
            Ok(Ok(0)) => Err(Trouble::Closed(self.doing)),
            Ok(Ok(_)) => Ok(true),
            Ok(Err(error)) => Err(Trouble::of_io(error, self.doing)),
            Err(_) => Ok(false),
        }
    }
}

/// The size of the literal that a line announces at its end: `… {123}`.
fn literal_at_end(line: &[u8]) -> Option<u64> {
    let line = line.strip_suffix(b"\r\n")?.strip_suffix(b"}")?;
    let line = line.strip_suffix(b"+").unwrap_or(line);
    let open = line.iter().rposition(|b| *b == b'{')?;
    let digits = std::str::from_utf8(&line[open + 1..]).ok()?;
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_announced_at_the_end_of_a_line() {
        assert_eq!(literal_at_end(b"* 1 FETCH (BODY[] {310}\r\n"), Some(310));
        assert_eq!(literal_at_end(b"* 1 FETCH (BODY[] {310+}\r\n"), Some(310));
        assert_eq!(literal_at_end(b"* OK {3} done\r\n"), None);
        assert_eq!(literal_at_end(b"* OK {x}\r\n"), None);
        assert_eq!(literal_at_end(b"* OK {}\r\n"), None);
    }

    #[tokio::test]
    async fn a_response_is_whole_however_it_arrives() {
        let text = b"* 1 FETCH (UID 7 BODY[] {11}\r\nhe\r\nllo)\r\n X FLAGS (\\Seen))\r\nR1 OK\r\n";
        let (mut server, client) = tokio::io::duplex(3);
        let limits = Limits { quiet: Duration::from_secs(5), ..Limits::default() };
        let mut line = Line::new(Box::new(client), limits, "a test");
        let writer = tokio::spawn(async move { server.write_all(text).await });
        line.next().await.expect("a response");
        assert!(line.raw().ends_with(b"(\\Seen))\r\n"), "{:?}", String::from_utf8_lossy(line.raw()));
        line.next().await.expect("its end");
        assert!(matches!(line.response(), Some(Response::Done { .. })));
        writer.await.expect("no panic").expect("written");
        assert!(matches!(line.next().await, Err(Trouble::Closed(_))));
    }
}
