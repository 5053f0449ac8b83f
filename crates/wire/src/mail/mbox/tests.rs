use proptest::prelude::*;

use super::*;

/// A stream that gives a few bytes at a time, and may fail at its end.
struct Dribble {
    rest: io::Cursor<Vec<u8>>,
    fails: bool,
}

impl Read for Dribble {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let few = buffer.len().min(700);
        match self.rest.read(&mut buffer[..few])? {
            0 if self.fails => Err(io::Error::other("the disk is gone")),
            read => Ok(read),
        }
    }
}

fn split(text: &[u8], cap: usize, fails: bool) -> Vec<Piece> {
    let mut splitter =
        Splitter::with_cap(Box::new(Dribble { rest: io::Cursor::new(text.to_vec()), fails }), 0, cap);
    std::iter::from_fn(|| splitter.next()).collect()
}

fn told(pieces: &[Piece]) -> Vec<String> {
    let tell = |piece: &Piece| match piece {
        Piece::Message { offset, raw, cut } => {
            let cut = if *cut { " cut" } else { "" };
            format!("{offset}{cut}: {}", String::from_utf8_lossy(raw).escape_debug())
        }
        Piece::Garbage { offset, bytes } => format!("{offset} garbage {bytes}"),
        Piece::TooLarge { offset, bytes } => format!("{offset} too large {bytes}"),
        Piece::Empty { offset } => format!("{offset} empty"),
        Piece::Broken { offset, error } => format!("{offset} broken: {error}"),
    };
    pieces.iter().map(tell).collect()
}

const A: &str = "From amy@firm.example Mon Jul 29 02:17:12 2002\n";

#[test]
fn table() {
    let cases: [(&str, &[&str]); 20] = [
        ("", &[]),
        ("\n \n", &[]),
        ("no mail at all\n", &["0 garbage 15"]),
        ("{A}Subject: a\n\nHello\n", &["0: Subject: a\\n\\nHello\\n"]),
        ("{A}Subject: a\n\nHello\n\n", &["0: Subject: a\\n\\nHello\\n"]),
        ("{A}Subject: a\n\nHello\n\n\n", &["0: Subject: a\\n\\nHello\\n\\n"]),
        ("{A}Subject: a\n\nHel", &["0 cut: Subject: a\\n\\nHel"]),
        ("{A}Subject: a\r\n\r\nHello\r\n\r\n", &["0: Subject: a\\r\\n\\r\\nHello\\r\\n"]),
        (
            "{A}Subject: a\n\nx\n\n{A}Subject: b\n\ny\n",
            &["0: Subject: a\\n\\nx\\n", "62: Subject: b\\n\\ny\\n"],
        ),
        // A message cut off without an empty line after it; the next one's header tells.
        (
            "{A}Subject: a\n\nx\n{A}Subject: b\n\ny\n",
            &["0: Subject: a\\n\\nx\\n", "61: Subject: b\\n\\ny\\n"],
        ),
        // Sentences that begin with From are none, nor is a quoted separator inside a line.
        ("{A}Subject: a\n\n\nFrom what I hear: fine\n", &["0: Subject: a\\n\\n\\nFrom what I hear: fine\\n"]),
        (
            "{A}S: a\n\n> {A}x: y\n",
            &["0: S: a\\n\\n> From amy@firm.example Mon Jul 29 02:17:12 2002\\nx: y\\n"],
        ),
        // One > is taken off in the body, none in the headers or inside a line.
        (
            "{A}S: a\n\n>From here\n>>From there\na >From\n",
            &["0: S: a\\n\\nFrom here\\n>From there\\na >From\\n"],
        ),
        ("{A}>From x y\nS: a\n\n>From here\n", &["0: >From x y\\nS: a\\n\\nFrom here\\n"]),
        ("junk\n\n{A}S: a\n\nx\n", &["0 garbage 6", "6: S: a\\n\\nx\\n"]),
        ("\u{feff}{A}S: a\n\nx\n", &["3: S: a\\n\\nx\\n"]),
        ("{A}{A}S: a\n\nx\n", &["0 empty", "47: S: a\\n\\nx\\n"]),
        ("{A}\n{A}S: a\n\nx\n", &["0 empty", "48: S: a\\n\\nx\\n"]),
        ("From amy\nS: a\n\nx\n", &["0: S: a\\n\\nx\\n"]),
        ("{A}S: a\n\nNUL \0 here\n", &["0: S: a\\n\\nNUL \\0 here\\n"]),
    ];
    for (text, expected) in cases {
        let text = text.replace("{A}", A);
        assert_eq!(told(&split(text.as_bytes(), MESSAGE_CAP, false)), expected, "{text:?}");
    }
}

#[test]
fn a_message_above_the_cap_is_named_and_those_after_it_are_read() {
    let large = format!("{A}S: large\n\n{}\n\n", "x".repeat(3 * CHUNK));
    let text = format!("{A}S: a\n\nx\n\n{large}{A}S: b\n\ny\n");
    let pieces = told(&split(text.as_bytes(), CHUNK, false));
    let second = format!("{} too large {}", 56, large.len());
    let third = format!("{}: S: b\\n\\ny\\n", 56 + large.len());
    assert_eq!(pieces, ["0: S: a\\n\\nx\\n".to_string(), second, third]);
}

#[test]
fn large_messages_and_long_lines() {
    let line = "a line of a megabyte ".repeat(50_000);
    let huge = "y".repeat(LARGE + 5);
    let text = format!("{A}S: a\n\n{line}\n\n{A}S: b\n\n{huge}\n\n{A}S: c\n\n>From {huge}\n\n{A}S: d\n\nz\n");
    let lengths: Vec<(u64, usize)> = split(text.as_bytes(), MESSAGE_CAP, false)
        .iter()
        .map(|piece| match piece {
            Piece::Message { offset, raw, cut: false } => (*offset, raw.len()),
            other => panic!("{other:?}"),
        })
        .collect();
    let starts: Vec<u64> = text.match_indices(A).map(|(at, _)| at as u64).collect();
    let sizes = [6 + line.len() + 1, 6 + huge.len() + 1, 6 + 5 + huge.len() + 1, 8];
    assert_eq!(lengths, starts.into_iter().zip(sizes).collect::<Vec<_>>());
}

#[test]
fn a_stream_that_fails_gives_what_came_before() {
    let text = format!("{A}S: a\n\nx\n\n{A}S: b\n\nhal");
    let pieces = told(&split(text.as_bytes(), MESSAGE_CAP, true));
    assert_eq!(pieces, ["0: S: a\\n\\nx\\n", "56 cut: S: b\\n\\nhal", "112 broken: the disk is gone"]);
}

#[test]
fn reading_can_begin_at_a_separator() {
    let text = format!("{A}S: a\n\nx\n\n{A}S: b\n\ny\n");
    let rest = text.as_bytes()[56..].to_vec();
    let mut splitter = Splitter::new(Box::new(io::Cursor::new(rest)), 56);
    let pieces: Vec<Piece> = std::iter::from_fn(|| splitter.next()).collect();
    assert_eq!(told(&pieces), ["56: S: b\\n\\ny\\n"]);
}

/// Writes messages as an mbox: every line that begins with `From `, or with `>`s and then that, gets a `>`.
fn join(messages: &[Vec<u8>]) -> Vec<u8> {
    let mut mbox = Vec::new();
    for message in messages {
        mbox.extend_from_slice(A.as_bytes());
        for line in message.split_inclusive(|b| *b == b'\n') {
            let quotes = line.iter().take_while(|b| **b == b'>').count();
            if line[quotes..].starts_with(FROM) {
                mbox.push(b'>');
            }
            mbox.extend_from_slice(line);
        }
        mbox.push(b'\n');
    }
    mbox
}

prop_compose! {
    /// A header, then lines in which the marks of the form turn up more often than in life.
    fn message()(lines in prop::collection::vec(line(), 0..40), crlf: bool) -> Vec<u8> {
        let end: &[u8] = if crlf { b"\r\n" } else { b"\n" };
        let mut message = [b"Subject: x", end, end].concat();
        for line in lines {
            message.extend(line);
            message.extend_from_slice(end);
        }
        message
    }
}

fn line() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(Vec::new()),
        Just(A.trim_end().as_bytes().to_vec()),
        Just(b"From ".to_vec()),
        Just(b">From here".to_vec()),
        Just(b">>>From there >From".to_vec()),
        prop::collection::vec(any::<u8>().prop_filter("one line", |b| !b"\r\n".contains(b)), 0..300),
    ]
}

proptest! {
    #[test]
    fn messages_joined_and_split_are_the_same(messages in prop::collection::vec(message(), 0..30)) {
        let pieces = split(&join(&messages), MESSAGE_CAP, false);
        let raws: Vec<Vec<u8>> = pieces
            .into_iter()
            .map(|piece| match piece {
                Piece::Message { raw, cut: false, .. } => raw,
                other => panic!("{other:?}"),
            })
            .collect();
        prop_assert_eq!(raws, messages);
    }

    #[test]
    fn any_bytes_are_split(bytes: Vec<u8>, cap in 1..200usize) {
        for _ in split(&bytes, cap, false) {}
        let mut text = A.as_bytes().to_vec();
        text.extend(bytes);
        for _ in split(&text, cap, true) {}
    }
}
