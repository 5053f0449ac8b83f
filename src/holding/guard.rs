//! What no machine answers (RFC 3834): lists, robots, automatic replies, reports, and answers to what it said itself.

use reading::letter::Letter;
use wire::smtp::is_hold;

/// Local parts behind which nobody reads.
const NOBODY: [&str; 6] = ["mailer-daemon", "postmaster", "listserv", "majordomo", "noreply", "no-reply"];

/// Whether a message is one that a machine must not answer: written or passed on by a machine, or part of a talk in
/// which a machine has answered already.
pub fn is_machine(bytes: &[u8], letter: &Letter) -> bool {
    let own = letter.message_id.iter().chain(&letter.in_reply_to).chain(&letter.references);
    letter.automatic.is_some()
        || letter.bounce.is_some()
        || own.into_iter().any(|id| is_hold(id))
        || letter.from.as_ref().is_none_or(|from| is_nobody(&from.address))
        || headers(bytes).any(|(name, value)| says_machine(&name, &value, letter))
}

fn is_nobody(address: &str) -> bool {
    let name = address.split('@').next().unwrap_or_default().to_lowercase();
    NOBODY.contains(&name.as_str())
        || name.starts_with("owner-")
        || ["-request", "-owner", "-bounces", "+bounces"].iter().any(|end| name.ends_with(end))
}

/// Whether a header says so. Where the envelope names another sender than the letter, an answer to the one would go to
/// the other.
fn says_machine(name: &str, value: &str, letter: &Letter) -> bool {
    let value = value.trim().to_lowercase();
    match name {
        "auto-submitted" => !value.starts_with("no"),
        "precedence" => matches!(value.as_str(), "bulk" | "junk" | "list" | "auto_reply"),
        "x-auto-response-suppress" => {
            value.split([',', ';', ' ']).any(|word| matches!(word, "all" | "oof" | "autoreply"))
        }
        "return-path" => {
            let path = value.trim_start_matches('<').trim_end_matches('>').trim();
            letter.from.as_ref().is_none_or(|from| !from.address.eq_ignore_ascii_case(path))
        }
        "x-loop" | "x-autoreply" | "x-autorespond" | "x-autoresponder" | "feedback-id" => true,
        name => name.starts_with("list-"),
    }
}

/// The headers of a message: names in lower case, values on one line.
fn headers(bytes: &[u8]) -> impl Iterator<Item = (String, String)> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.or_else(|| bytes.windows(2).position(|two| two == b"\n\n")).unwrap_or(bytes.len());
    let head = String::from_utf8_lossy(&bytes[..end]).replace("\r\n", "\n");
    let head = head.replace("\n ", " ").replace("\n\t", " ");
    let lines: Vec<(String, String)> = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_lowercase(), value.to_owned()))
        .collect();
    lines.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuses(more: &str) -> bool {
        let message = format!(
            "From: Jo Fenn <jo@acme.example>\r\nTo: amy@firm.example\r\nSubject: The lease\r\n\
             Message-ID: <a@acme.example>\r\nDate: Mon, 2 Jun 2025 18:00:00 +0000\r\n{more}\r\nCould you send it?\r\n"
        );
        let letter = reading::letter::parse(message.as_bytes()).expect("a letter");
        is_machine(message.as_bytes(), &letter)
    }

    #[test]
    fn no_machine_is_answered() {
        assert!(!refuses("") && !refuses("Auto-Submitted: no\r\n"));
        assert!(!refuses("Return-Path: <JO@acme.example>\r\n"));
        for header in [
            "Auto-Submitted: auto-replied",
            "Auto-Submitted: auto-generated (rejected)",
            "Precedence: bulk",
            "Precedence: LIST",
            "List-Id: <news.acme.example>",
            "List-Unsubscribe:\r\n <mailto:x@acme.example>",
            "X-Auto-Response-Suppress: DR, OOF,\r\n\tAutoReply",
            "Return-Path: <>",
            "Return-Path: <bounce-17@mass.example>",
            "X-Loop: jo@acme.example",
            "In-Reply-To: <regard-hold.0123@firm.example>",
            "References: <x@acme.example>\r\n <regard-hold.0123@other.example>",
        ] {
            assert!(refuses(&format!("{header}\r\n")), "{header}");
        }
        for from in ["MAILER-DAEMON@acme.example", "owner-news@acme.example", "news-request@acme.example"] {
            assert!(is_nobody(from), "{from}");
        }
        assert!(!is_nobody("jo@acme.example"));
    }
}
