//! A server of this machine that speaks HTTP/1.1 and answers with what it was given, in pieces of any size; and what it
//! was asked.

use std::cell::{Ref, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::spawn_local;

/// What it answers with.
#[derive(Debug, Default)]
pub struct Answers {
    /// To whoever signs in.
    pub session: Vec<u8>,
    /// To whoever listens to what is told.
    pub events: Vec<u8>,
    /// To everything else, one after the other; nothing more after the last. One that begins with `=` is what the method
    /// answered that was called, with `!` what that refused, with `?` what stands in a page that is not there.
    pub others: VecDeque<Vec<u8>>,
    /// Bytes in each piece of what is told; at least one.
    pub piece: usize,
}

/// What was asked.
#[derive(Debug)]
pub struct Asked {
    /// With which word: `GET`, `POST`.
    pub method: String,
    /// The header in which somebody signs in.
    pub authorization: Option<String>,
    /// What was sent along.
    pub body: Vec<u8>,
}

impl Asked {
    /// The methods that are called, each with its arguments; none where that is no call.
    pub fn calls(&self) -> Vec<(String, Value)> {
        let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let calls = body.get("methodCalls").and_then(Value::as_array).cloned().unwrap_or_default();
        let call = |call: Value| Some((call.get(0)?.as_str()?.to_owned(), call.get(1)?.clone()));
        calls.into_iter().filter_map(call).collect()
    }
}

/// A server, for as long as this lives and its tasks run.
#[derive(Debug)]
pub struct Server {
    /// Its port on 127.0.0.1.
    pub port: u16,
    state: Rc<RefCell<State>>,
}

#[derive(Debug)]
struct State {
    answers: Answers,
    asked: Vec<Asked>,
    signed_in: bool,
}

impl Server {
    /// Starts it among the tasks of this thread.
    pub async fn start(answers: Answers) -> Server {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("its own address").port();
        let state = Rc::new(RefCell::new(State { answers, asked: Vec::new(), signed_in: false }));
        let shared = Rc::clone(&state);
        spawn_local(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let _ = stream.set_nodelay(true);
                spawn_local(converse(stream, Rc::clone(&shared)));
            }
        });
        Server { port, state }
    }

    /// Whoever asks from now on has signed in.
    pub fn is_signed_in(&self) {
        self.state.borrow_mut().signed_in = true;
    }

    /// What is told from now on comes in pieces of so many bytes.
    pub fn tell_in_pieces(&self, piece: usize) {
        self.state.borrow_mut().answers.piece = piece.max(1);
    }

    /// Everything that was asked.
    pub fn asked(&self) -> Ref<'_, [Asked]> {
        Ref::map(self.state.borrow(), |state| state.asked.as_slice())
    }
}

/// Answers question after question until the other side has no more.
async fn converse(mut stream: TcpStream, state: Rc<RefCell<State>>) {
    let mut buffer = Vec::new();
    loop {
        let Some((head, body)) = question(&mut stream, &mut buffer).await else { return };
        let header = |name: &str| {
            let is_it = |line: &&str| line.split_once(':').is_some_and(|(n, _)| n.eq_ignore_ascii_case(name));
            head.lines().find(is_it).and_then(|line| line.split_once(": ")).map(|(_, value)| value.to_owned())
        };
        let method = head.split(' ').next().unwrap_or_default().to_owned();
        let asked = Asked { method, authorization: header("authorization"), body };
        let listens = header("accept").is_some_and(|kind| kind == "text/event-stream");
        let answer = state.borrow_mut().answer(&asked, listens);
        state.borrow_mut().asked.push(asked);
        if stream.write_all(&answer).await.is_err() {
            return;
        }
    }
}

/// The next question: its head, and what was sent along.
async fn question(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<(String, Vec<u8>)> {
    loop {
        if let Some(end) = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            let head = String::from_utf8(buffer[..end].to_vec()).expect("a head is text");
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let whole = end + 4 + length.map_or(0, |length| length.parse().expect("a number"));
            while buffer.len() < whole {
                more(stream, buffer).await?;
            }
            let rest = buffer.split_off(whole);
            let body = std::mem::replace(buffer, rest).split_off(end + 4);
            return Some((head, body));
        }
        more(stream, buffer).await?;
    }
}

async fn more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<()> {
    stream.read_buf(buffer).await.ok().filter(|count| *count != 0).map(drop)
}

impl State {
    fn answer(&mut self, asked: &Asked, listens: bool) -> Vec<u8> {
        if !self.signed_in {
            return page(200, &self.answers.session);
        }
        if listens {
            return told(&self.answers.events, self.answers.piece.max(1));
        }
        let Some(answer) = self.answers.others.pop_front() else { return page(200, b"") };
        let calls = asked.calls();
        match (answer.split_first(), calls.first()) {
            (Some((b'=', rest)), Some((method, _))) => page(200, &response(method, rest)),
            (Some((b'!', rest)), Some(_)) => page(200, &response("error", rest)),
            (Some((b'?', rest)), _) => page(404, rest),
            _ => page(200, &answer),
        }
    }
}

/// What a method answered, as JMAP has it.
fn response(method: &str, arguments: &[u8]) -> Vec<u8> {
    let before = format!("{{\"methodResponses\":[[\"{method}\",");
    [before.as_bytes(), arguments, b",\"0\"]],\"sessionState\":\"s\"}"].concat()
}

fn page(status: u16, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// Events, in pieces, and their end.
fn told(events: &[u8], piece: usize) -> Vec<u8> {
    let mut all =
        b"HTTP/1.1 200 x\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for piece in events.chunks(piece) {
        all.extend(format!("{:x}\r\n", piece.len()).bytes());
        all.extend(piece);
        all.extend(b"\r\n");
    }
    all.extend(b"0\r\n\r\n");
    all
}
