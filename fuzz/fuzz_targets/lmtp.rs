//! Any bytes as what a mail server says over LMTP: each answer is one, and only what was ended is kept.
#![no_main]

use std::cell::RefCell;
use std::pin::Pin;
use std::task::{Context, Poll};

use libfuzzer_sys::fuzz_target;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use wire::lmtp::{Desk, Rules, Verdict, converse};

/// What one side says, given in pieces, and what it is told.
struct Wire<'a> {
    said: &'a [u8],
    told: &'a RefCell<Vec<u8>>,
    piece: usize,
}

impl AsyncRead for Wire<'_> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let count = self.said.len().min(self.piece).min(into.remaining());
        into.put_slice(&self.said[..count]);
        self.said = &self.said[count..];
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire<'_> {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        self.told.borrow_mut().extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

struct Known(RefCell<usize>);

impl Desk for Known {
    async fn knows(&self, address: &str) -> Verdict {
        if address.starts_with("known") { Verdict::Taken } else { Verdict::Unknown }
    }

    async fn keep(&self, address: &str, message: &[u8]) -> Verdict {
        assert!(address.starts_with("known") && message.len() <= 4096);
        assert!(message.is_empty() || message.ends_with(b"\r\n"), "half a message");
        *self.0.borrow_mut() += 1;
        Verdict::Taken
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((piece, said)) = input.split_first() else { return };
    let told = RefCell::default();
    let desk = Known(RefCell::default());
    let rules = Rules { size: 4096, recipients: 5, ..Rules::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let wire = Wire { said, told: &told, piece: usize::from(*piece) + 1 };
    runtime.block_on(converse(wire, &desk, &rules)).expect("this wire never breaks");
    let told = String::from_utf8(told.into_inner()).expect("answers are text");
    for line in told.lines() {
        let code = line.get(..3).and_then(|code| code.parse::<u16>().ok());
        assert!(code.is_some_and(|code| (220..560).contains(&code)), "{line}");
    }
    let kept = told.lines().filter(|line| line.contains("it is kept")).count();
    assert_eq!(kept, *desk.0.borrow(), "what is kept is answered for");
});
