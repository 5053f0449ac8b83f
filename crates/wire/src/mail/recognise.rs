//! Tells by its content what a file is.

use memchr::memmem;

use super::tarball::adds_up;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Mbox,
    Message,
    Tar,
    Empty,
    /// No mail, or mail in a form that is not read: what to tell the person.
    Other(&'static str),
}

/// Tells what a file is from its first bytes (uncompressed) and its name.
pub(super) fn recognise(head: &[u8], name: &str) -> What {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let extension = extension(name);
    if text.is_empty() {
        return match extension {
            "mbox" | "mbx" => What::Mbox,
            _ => What::Empty,
        };
    }
    if let Some(reason) = foreign(head) {
        return What::Other(reason);
    }
    if head.first_chunk().is_some_and(adds_up) {
        return What::Tar;
    }
    if text.starts_with(b"From ") && is_envelope(line_at(text, 0)) {
        return What::Mbox;
    }
    if looks_like_headers(text) {
        return What::Message;
    }
    match extension {
        "mbox" | "mbx" => What::Mbox,
        "eml" | "emlx" => What::Message,
        "tar" | "tgz" => What::Other("not a tar archive, though its name says so"),
        _ => What::Other("not mail"),
    }
}

/// The last extension of a name in lower case, those of compression aside.
pub(super) fn extension(name: &str) -> &'static str {
    const KNOWN: [&str; 6] = ["mbox", "mbx", "eml", "emlx", "tar", "tgz"];
    let lower = name.to_ascii_lowercase();
    let bare =
        [".gz", ".zst", ".zstd"].iter().find_map(|packed| lower.strip_suffix(packed)).unwrap_or(&lower);
    let last = bare.rsplit_once('.').map_or("", |(_, last)| last);
    KNOWN.iter().copied().find(|known| *known == last).unwrap_or("")
}

/// Forms that hold mail but are not read, with what to do.
fn foreign(head: &[u8]) -> Option<&'static str> {
    Some(match head {
        [0xd0, 0xcf, 0x11, 0xe0, ..] => "an Outlook .msg file: save it as .eml or export the folder as mbox",
        [b'!', b'B', b'D', b'N', ..] => "an Outlook .pst file: export it as mbox first (readpst does)",
        [b'P', b'K', 3, 4, ..] => "a zip archive: unpack it first",
        [0xfd, b'7', b'z', b'X', b'Z', ..] => "compressed with xz: unpack it first",
        [b'B', b'Z', b'h', b'1'..=b'9', ..] => "compressed with bzip2: unpack it first",
        [b'7', b'z', 0xbc, 0xaf, ..] => "a 7z archive: unpack it first",
        _ => return None,
    })
}

/// Header fields that mail begins with; one of them among the first lines tells mail from other `Name: value` files.
const FIELDS: [&str; 17] = [
    "from",
    "to",
    "cc",
    "date",
    "subject",
    "received",
    "message-id",
    "return-path",
    "mime-version",
    "delivered-to",
    "sender",
    "reply-to",
    "x-received",
    "x-mozilla-status",
    "content-type",
    "envelope-to",
    "x-gmail-labels",
];

fn looks_like_headers(text: &[u8]) -> bool {
    let mut known = 0;
    let mut whole = false;
    for line in text.trim_ascii_end().split(|b| *b == b'\n').take(60) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            whole = true;
            break;
        }
        if matches!(line[0], b' ' | b'\t') {
            continue;
        }
        let Some(name) = header_name(line) else { break };
        let is_field = FIELDS.iter().any(|field| name.eq_ignore_ascii_case(field.as_bytes()));
        known += usize::from(is_field);
    }
    2 <= known || (known == 1 && whole)
}

/// The name of a header field, where a line is one.
pub(super) fn header_name(line: &[u8]) -> Option<&[u8]> {
    let end = line.iter().position(|b| !matches!(b, b'!'..=b'9' | b';'..=b'~'))?;
    // Some old programs put a space before the colon.
    let rest = line[end..].trim_ascii_start();
    (0 < end && end <= 76 && rest.first() == Some(&b':')).then(|| &line[..end])
}

/// The line that begins at `at`, without its end.
pub(super) fn line_at(text: &[u8], at: usize) -> &[u8] {
    let rest = text.get(at..).unwrap_or_default();
    let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Whether a line that begins with `From ` can stand before a message of an mbox: a sender and a date, or a lone
/// address. So a sentence that begins with "From" is none, whether or not its writer put a `>` before it.
pub(super) fn is_envelope(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    if is_lone_address(rest) {
        return true;
    }
    let has_time = memchr::memchr_iter(b':', rest).any(|at| {
        at.checked_sub(1).is_some_and(|before| rest[before].is_ascii_digit())
            && rest.get(at + 1..at + 3).is_some_and(|minutes| minutes.iter().all(u8::is_ascii_digit))
    });
    has_time && (names_month(rest) || has_iso_date(rest))
}

/// `From someone@example.org` and nothing more.
pub(super) fn is_lone_address(rest: &[u8]) -> bool {
    let rest = rest.trim_ascii();
    let one_word = !rest.is_empty() && !rest.contains(&b' ') && !rest.contains(&b'\t');
    one_word && (rest.contains(&b'@') || rest == b"-" || rest == b"MAILER-DAEMON")
}

fn names_month(text: &[u8]) -> bool {
    const MONTHS: [&[u8]; 12] =
        [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];
    MONTHS.iter().any(|month| {
        memmem::find_iter(text, month).any(|at| {
            let after = text.get(at + 3).copied().unwrap_or(b' ');
            at.checked_sub(1).is_some_and(|before| !text[before].is_ascii_alphabetic())
                && !after.is_ascii_alphabetic()
        })
    })
}

fn has_iso_date(text: &[u8]) -> bool {
    text.windows(10).any(|w| {
        w[4] == b'-' && w[7] == b'-' && [0, 1, 2, 3, 5, 6, 8, 9].iter().all(|i| w[*i].is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn envelope_lines() {
        for yes in [
            "From amy@firm.example Mon Jul 29 02:17:12 2002",
            "From MAILER-DAEMON Fri Jul  8 12:08:34 2011",
            "From - Tue Sep 02 09:00:00 2025",
            "From 1612345@xxx Wed Apr 13 10:01:02 +0000 2016",
            "From ???@??? Tue May 01 08:15 2001",
            "From Amy Pond Mon Jul 29 02:17:12 2002",
            "From amy@firm.example 2025-09-02T09:00:00",
            "From amy@firm.example",
        ] {
            assert!(is_envelope(yes.as_bytes()), "{yes}");
        }
        for no in [
            "From what I hear, it is settled.",
            "From 10:30 to 11:45 we meet",
            "From May onwards",
            "From Monday",
            "From: amy@firm.example",
        ] {
            assert!(!is_envelope(no.as_bytes()), "{no}");
        }
    }

    #[test]
    fn what_a_file_is() {
        let cases: [(&[u8], &str, What); 10] = [
            (b"From a@b.example Mon Jul 29 02:17:12 2002\nSubject: x\n\n", "Sent", What::Mbox),
            (b"\xef\xbb\xbfReceived: from x\nFrom: a@b.example\n\nHello", "0001", What::Message),
            (b"Subject : old\r\nFrom: a@b.example\r\n\r\nHello", "noname", What::Message),
            (b"kept\tlost\nsent/1\tinbox/2\n", "also-in.tsv", What::Other("not mail")),
            (b"Status: fine\nColour: blue\n", "notes.txt", What::Other("not mail")),
            (b"", "Drafts", What::Empty),
            (b"", "empty.mbox.gz", What::Mbox),
            (b"PK\x03\x04rest", "takeout.zip", What::Other("a zip archive: unpack it first")),
            (b"no header at all", "odd.eml", What::Message),
            (b"garbage first\nFrom a@b.example Mon Jul 29 02:17:12 2002\n", "x.mbox", What::Mbox),
        ];
        for (head, name, what) in cases {
            assert_eq!(recognise(head, name), what, "{name}");
        }
    }
}
