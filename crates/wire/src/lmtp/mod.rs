//! The receiving side of LMTP (RFC 2033): mail for known addresses alone, and an answer for each of them.
//!
//! [`converse`] speaks with one client. What is taken, and where it is kept, a [`Desk`] decides: an answer that begins
//! with 250 is given only after it has kept the message for good.

mod line;
mod path;

use std::future::Future;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

use line::{Lines, Read};
use path::Asked;

/// What is taken at most.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Bytes in one message.
    pub size: usize,
    /// Recipients of one message.
    pub recipients: usize,
    /// Connections at a time; more wait to be greeted.
    pub connections: usize,
    /// How long the other side may take for a line, or for a piece of a message.
    pub patience: Duration,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules { size: 32 << 20, recipients: 100, connections: 10, patience: Duration::from_secs(300) }
    }
}

/// After so many wrong commands nobody is spoken with any more.
const WRONG: usize = 20;

/// What becomes of an address, or of a message for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is taken. For a message: it is kept for good.
    Taken,
    /// There is no such address, or no more.
    Unknown,
    /// Not now; the other side tries again later.
    Later(&'static str),
    /// There is no room for it now; the other side tries again later.
    NoRoom,
}

/// Who decides what is taken, and keeps it.
pub trait Desk {
    /// Whether mail for an address is taken at all.
    fn knows(&self, address: &str) -> impl Future<Output = Verdict>;
    /// Keeps a message for an address. Asked again with the same message, it keeps it once.
    fn keep(&self, address: &str, message: &[u8]) -> impl Future<Output = Verdict>;
}

/// Speaks with one client until it leaves, is silent for too long, or talks nonsense.
pub async fn converse<S, D>(stream: S, desk: &D, rules: &Rules) -> std::io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
    D: Desk,
{
    let mut talk =
        Talk { lines: Lines::new(stream), desk, rules, greeted: false, sender: false, to: Vec::new() };
    talk.say("220 regard LMTP ready").await?;
    let mut wrong = 0;
    loop {
        let line = match timeout(rules.patience, talk.lines.next()).await {
            Err(_) => return talk.say("421 4.4.2 you were silent for too long").await,
            Ok(read) => match read? {
                Read::End => return Ok(()),
                Read::TooLong => {
                    wrong += 1;
                    talk.say("500 5.5.2 this line is too long").await?;
                    continue;
                }
                Read::Line(line) => line,
            },
        };
        match talk.answer(&line).await? {
            Next::Good => wrong = 0,
            Next::Wrong => wrong += 1,
            Next::Bye => return Ok(()),
        }
        if WRONG <= wrong {
            return talk.say("421 4.7.0 too many commands that nobody understands").await;
        }
    }
}

enum Next {
    Good,
    Wrong,
    Bye,
}

struct Talk<'a, S, D> {
    lines: Lines<S>,
    desk: &'a D,
    rules: &'a Rules,
    /// LHLO was said.
    greeted: bool,
    /// MAIL was said.
    sender: bool,
    /// The addresses that are taken, in the order in which they were named.
    to: Vec<String>,
}

impl<S: AsyncRead + AsyncWrite + Unpin, D: Desk> Talk<'_, S, D> {
    async fn say(&mut self, line: &str) -> std::io::Result<()> {
        let stream = self.lines.stream();
        // In one piece: the system keeps a second small one back until the other side has said that it has the first.
        stream.write_all(format!("{line}\r\n").as_bytes()).await?;
        stream.flush().await
    }

    async fn refuse(&mut self, line: &str) -> std::io::Result<Next> {
        self.say(line).await.map(|()| Next::Wrong)
    }

    async fn good(&mut self, line: &str) -> std::io::Result<Next> {
        self.say(line).await.map(|()| Next::Good)
    }

    async fn answer(&mut self, line: &str) -> std::io::Result<Next> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.trim();
        match word.to_ascii_uppercase().as_str() {
            "LHLO" if rest.is_empty() => self.refuse("501 5.5.4 LHLO names who greets").await,
            "LHLO" => {
                self.begin_anew();
                self.greeted = true;
                let size = self.rules.size;
                let said = format!(
                    "250-regard\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE {size}"
                );
                self.good(&said).await
            }
            "HELO" | "EHLO" => self.refuse("500 5.5.1 this is LMTP: say LHLO").await,
            "NOOP" => self.good("250 2.0.0 yes").await,
            "RSET" => {
                self.begin_anew();
                self.good("250 2.0.0 forgotten").await
            }
            "VRFY" => self.good("252 2.5.0 send it, and see").await,
            "QUIT" => {
                self.say("221 2.0.0 goodbye").await?;
                Ok(Next::Bye)
            }
            "MAIL" => self.mail(rest).await,
            "RCPT" => self.recipient(rest).await,
            "DATA" => self.data().await,
            _ => self.refuse("500 5.5.1 there is no such command").await,
        }
    }

    fn begin_anew(&mut self) {
        self.sender = false;
        self.to.clear();
    }

    async fn mail(&mut self, rest: &str) -> std::io::Result<Next> {
        if !self.greeted {
            return self.refuse("503 5.5.1 say LHLO first").await;
        }
        if self.sender {
            return self.refuse("503 5.5.1 one message after the other").await;
        }
        let Some(asked) = Asked::read(rest, "FROM") else {
            return self.refuse("501 5.5.4 write it as MAIL FROM:<address>").await;
        };
        for (name, value) in &asked.parameters {
            match (name.as_str(), value.as_deref()) {
                ("SIZE", Some(size)) => match size.parse::<u64>() {
                    Ok(size) if size <= self.rules.size as u64 => {}
                    Ok(_) => return self.refuse("552 5.3.4 this message is too large").await,
                    Err(_) => return self.refuse("501 5.5.4 SIZE is a number of bytes").await,
                },
                ("BODY", Some(body))
                    if ["7BIT", "8BITMIME"].contains(&body.to_ascii_uppercase().as_str()) => {}
                ("SMTPUTF8", None) => {}
                _ => return self.refuse("555 5.5.4 this parameter is not known").await,
            }
        }
        self.sender = true;
        self.good("250 2.1.0 go on").await
    }

    async fn recipient(&mut self, rest: &str) -> std::io::Result<Next> {
        if !self.sender {
            return self.refuse("503 5.5.1 say MAIL first").await;
        }
        if self.rules.recipients <= self.to.len() {
            return self
                .good("452 4.5.3 too many recipients at once; send it to the others after this")
                .await;
        }
        let Some(asked) = Asked::read(rest, "TO").filter(|asked| !asked.address.is_empty()) else {
            return self.refuse("501 5.5.4 write it as RCPT TO:<address>").await;
        };
        if !asked.parameters.is_empty() {
            return self.refuse("555 5.5.4 this parameter is not known").await;
        }
        match self.desk.knows(&asked.address).await {
            Verdict::Taken => {
                self.to.push(asked.address);
                self.good("250 2.1.5 it is taken here").await
            }
            Verdict::Unknown => self.refuse("550 5.1.1 there is no such address here").await,
            later => {
                let said = words(&later);
                self.good(&said).await
            }
        }
    }

    async fn data(&mut self) -> std::io::Result<Next> {
        if self.to.is_empty() {
            return self.refuse("503 5.5.1 nobody is named to whom it goes").await;
        }
        self.say("354 end it with a line that is a full stop alone").await?;
        let message = match message(self.rules.patience, &mut self.lines, self.rules.size).await? {
            Message::Whole(message) => message,
            Message::TooLarge => {
                for _ in 0..self.to.len() {
                    self.say("552 5.3.4 this message is too large").await?;
                }
                self.begin_anew();
                return Ok(Next::Good);
            }
            // Half a message is none: whoever sent it tries again.
            Message::Broken => return Ok(Next::Bye),
        };
        let to = std::mem::take(&mut self.to);
        for address in &to {
            let verdict = self.desk.keep(address, &message).await;
            self.say(&words(&verdict)).await?;
        }
        self.begin_anew();
        Ok(Next::Good)
    }
}

fn words(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Taken => "250 2.0.0 it is kept".to_owned(),
        Verdict::Unknown => "550 5.1.1 there is no such address here".to_owned(),
        Verdict::Later(why) => format!("451 4.3.0 {why}; try again later"),
        Verdict::NoRoom => "452 4.3.1 there is no room for it now; try again later".to_owned(),
    }
}

enum Message {
    Whole(Vec<u8>),
    TooLarge,
    Broken,
}

/// A message up to the line that is a full stop alone. One that is too large is read to its end and not kept.
async fn message<S: AsyncRead + Unpin>(
    patience: Duration,
    lines: &mut Lines<S>,
    size: usize,
) -> std::io::Result<Message> {
    let (mut message, mut is_too_large) = (Vec::new(), false);
    loop {
        let Ok(piece) = timeout(patience, lines.piece()).await else { return Ok(Message::Broken) };
        match piece? {
            None => return Ok(Message::Broken),
            Some(line::Piece::End) if is_too_large => return Ok(Message::TooLarge),
            Some(line::Piece::End) => return Ok(Message::Whole(message)),
            Some(line::Piece::Bytes(bytes)) => {
                if size < message.len() + bytes.len() {
                    (is_too_large, message) = (true, Vec::new());
                }
                if !is_too_large {
                    message.extend_from_slice(&bytes);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use super::*;

    struct Nobody;

    impl Desk for Nobody {
        async fn knows(&self, _: &str) -> Verdict {
            Verdict::Unknown
        }

        async fn keep(&self, _: &str, _: &[u8]) -> Verdict {
            Verdict::Unknown
        }
    }

    /// What was written, piece by piece.
    #[derive(Default)]
    struct Pieces(Vec<String>);

    impl AsyncWrite for &mut Pieces {
        fn poll_write(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<std::io::Result<usize>> {
            self.0.push(String::from_utf8_lossy(bytes).into_owned());
            Poll::Ready(Ok(bytes.len()))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    #[tokio::test]
    async fn each_answer_leaves_in_one_piece() {
        let mut pieces = Pieces::default();
        let said: &[u8] = b"LHLO there\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nQUIT\r\n";
        let stream = tokio::io::join(said, &mut pieces);
        converse(stream, &Nobody, &Rules::default()).await.expect("a talk to its end");
        assert_eq!(pieces.0.len(), 5, "{:?}", pieces.0);
        assert!(pieces.0.iter().all(|piece| piece.ends_with("\r\n")), "{:?}", pieces.0);
    }
}
