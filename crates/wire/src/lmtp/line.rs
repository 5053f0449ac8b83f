//! Lines of a command, and pieces of a message, out of a stream.

use tokio::io::{AsyncRead, AsyncReadExt};

/// A command line is at most so long; addresses and parameters have room in it.
const LONGEST: usize = 2048;
/// So much is read at once.
const CHUNK: usize = 16 << 10;

/// A stream, read line by line.
pub(super) struct Lines<S> {
    stream: S,
    buffer: Vec<u8>,
    /// So much of the buffer was given.
    at: usize,
    /// In a message: what comes next begins a line.
    begins: bool,
}

pub(super) enum Read {
    Line(String),
    /// It was passed over.
    TooLong,
    End,
}

/// A piece of a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Bytes of it, with the full stop taken away that was put before a line's own.
    Bytes(Vec<u8>),
    /// The line that is a full stop alone.
    End,
}

impl<S: AsyncRead + Unpin> Lines<S> {
    pub(super) fn new(stream: S) -> Lines<S> {
        Lines { stream, buffer: Vec::new(), at: 0, begins: true }
    }

    pub(super) fn stream(&mut self) -> &mut S {
        &mut self.stream
    }

    /// More of the stream; false at its end.
    async fn fill(&mut self) -> std::io::Result<bool> {
        self.buffer.drain(..self.at);
        self.at = 0;
        let known = self.buffer.len();
        self.buffer.resize(known + CHUNK, 0);
        let read = self.stream.read(&mut self.buffer[known..]).await;
        self.buffer.truncate(known + *read.as_ref().unwrap_or(&0));
        Ok(0 < read?)
    }

    /// The next command.
    pub(super) async fn next(&mut self) -> std::io::Result<Read> {
        let mut too_long = false;
        loop {
            let ahead = &self.buffer[self.at..];
            if let Some(end) = memchr::memchr(b'\n', ahead) {
                let line = String::from_utf8_lossy(&ahead[..end]).trim_end_matches('\r').to_owned();
                self.at += end + 1;
                return Ok(if too_long || LONGEST < end { Read::TooLong } else { Read::Line(line) });
            }
            if LONGEST < ahead.len() {
                (too_long, self.at) = (true, self.buffer.len());
            }
            if !self.fill().await? {
                return Ok(Read::End);
            }
        }
    }

    /// The next piece of a message; nothing where the stream ends before the message does.
    ///
    /// Only a full stop between two whole line ends (CR LF) ends a message: what lets a bare LF end it can be tricked
    /// into taking the words of a message for commands.
    pub(super) async fn piece(&mut self) -> std::io::Result<Option<Piece>> {
        loop {
            let ahead = &self.buffer[self.at..];
            if let Some(end) = memchr::memmem::find(ahead, b"\r\n") {
                let begins = std::mem::replace(&mut self.begins, true);
                let line = &ahead[..end + 2];
                if begins && line == b".\r\n" {
                    self.at += 3;
                    return Ok(Some(Piece::End));
                }
                let bytes = unstuffed(line, begins).to_vec();
                self.at += end + 2;
                return Ok(Some(Piece::Bytes(bytes)));
            }
            // Of a very long line a part is given; its last byte may be the first of its end.
            if CHUNK < ahead.len() {
                let part = ahead.len() - 1;
                let begins = std::mem::replace(&mut self.begins, false);
                let bytes = unstuffed(&ahead[..part], begins).to_vec();
                self.at += part;
                return Ok(Some(Piece::Bytes(bytes)));
            }
            if !self.fill().await? {
                return Ok(None);
            }
        }
    }
}

fn unstuffed(line: &[u8], begins: bool) -> &[u8] {
    line.strip_prefix(b".").filter(|_| begins).unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn message(bytes: &[u8]) -> Option<Vec<u8>> {
        let mut lines = Lines::new(bytes);
        let mut message = Vec::new();
        loop {
            match lines.piece().await.expect("no error") {
                None => return None,
                Some(Piece::End) => return Some(message),
                Some(Piece::Bytes(bytes)) => message.extend(bytes),
            }
        }
    }

    #[tokio::test]
    async fn a_message_ends_at_a_full_stop_between_whole_line_ends() {
        assert_eq!(message(b"a\r\n..b\r\n.\r\nMAIL").await.unwrap(), b"a\r\n.b\r\n");
        assert_eq!(message(b".\r\n").await.unwrap(), b"");
        for smuggled in [&b"a\n.\nMAIL\r\n.\r\n"[..], b"a\r\n.\nMAIL\r\n.\r\n", b"a\n.\r\nMAIL\r\n.\r\n"] {
            let message = message(smuggled).await.unwrap();
            assert!(message.ends_with(b"MAIL\r\n"), "{:?}", String::from_utf8_lossy(&message));
        }
        assert_eq!(message(b"half\r\n").await, None);
        let mut long = vec![b'x'; 3 * CHUNK];
        long.extend(b".\r\n.\r\n");
        assert_eq!(message(&long).await.unwrap().len(), 3 * CHUNK + 3);
    }

    #[tokio::test]
    async fn commands_are_lines_and_no_line_is_endless() {
        let mut bytes = b"LHLO a\r\nNOOP\n".to_vec();
        bytes.extend(vec![b'x'; 5 * CHUNK]);
        bytes.extend(b"\r\nQUIT\r\n");
        let mut lines = Lines::new(&bytes[..]);
        let mut read = Vec::new();
        loop {
            match lines.next().await.expect("no error") {
                Read::Line(line) => read.push(line),
                Read::TooLong => read.push("too long".to_owned()),
                Read::End => break,
            }
        }
        assert_eq!(read, ["LHLO a", "NOOP", "too long", "QUIT"]);
    }
}
