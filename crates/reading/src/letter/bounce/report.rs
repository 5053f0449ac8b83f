//! The recipients that a report names, with what it says of each.

use super::super::address::{is_plain_address, tidy_address};
use super::super::mime::Clues;
use super::reason::{self, Reason};
use super::{Bounce, BounceKind, Failure, Letter};

/// More than these tell nothing more.
const MOST_FAILURES: usize = 50;
/// How much of a report's words is read.
const MOST_WORDS: usize = 8_000;

/// A report as JSON, as Amazon's mail service sends it.
pub(super) fn notification(text: &str) -> Option<Bounce> {
    // It may have been put, as text, into another object.
    let text = &text.replace("\\\"", "\"");
    let kind = json_value(text, "notificationType")?;
    let recipient =
        json_value(text, "emailAddress").or_else(|| json_value(text, "destination")).unwrap_or_default();
    let recipient = tidy_address(&recipient);
    let failure = match kind.as_str() {
        "Complaint" => Failure { recipient, status: None, reason: Reason::Feedback, hard: false },
        "Delivery" => Failure { recipient, status: None, reason: Reason::Delivered, hard: false },
        "Bounce" => {
            let words = json_value(text, "diagnosticCode").unwrap_or_default();
            let words =
                if words.is_empty() { json_value(text, "bounceSubType").unwrap_or_default() } else { words };
            let mut failure = of_words(&recipient, &words);
            failure.status = failure.status.or_else(|| json_value(text, "status"));
            failure
        }
        _ => return None,
    };
    let kind =
        if failure.reason == Reason::Feedback { BounceKind::FeedbackReport } else { BounceKind::Bounce };
    Some(Bounce { kind, failures: vec![failure] })
}

/// The first string that a name of a JSON text has.
fn json_value(text: &str, name: &str) -> Option<String> {
    let after = &text[text.find(&format!("\"{name}\""))? + name.len() + 2..];
    let open = after.find('"').filter(|open| *open < 20)?;
    let value = &after[open + 1..];
    let mut end = 0;
    let bytes = value.as_bytes();
    while bytes.get(end).is_some_and(|b| *b != b'"') {
        end += if bytes[end] == b'\\' { 2 } else { 1 };
    }
    value.get(..end.min(value.len())).map(|v| v.replace("\\\"", "\""))
}

/// What the fields of a delivery-status part say of one recipient.
#[derive(Default)]
struct Group {
    recipient: String,
    status: Option<String>,
    action: String,
    diagnostic: String,
}

pub(super) fn failures(letter: &Letter, clues: &Clues) -> Vec<Failure> {
    let words = own_words(&letter.text);
    let mut failures = Vec::new();
    for status in &clues.delivery_status {
        let groups = groups(status);
        let recipients: Vec<String> = groups.iter().map(|g| g.recipient.clone()).collect();
        for group in groups.iter().take(MOST_FAILURES) {
            failures.push(of_group(group, around(&words, &group.recipient, &recipients)));
        }
    }
    if failures.is_empty() {
        // Some systems write the fields into their text.
        let fields = groups(&words);
        failures.extend(
            fields
                .iter()
                .filter(|g| !g.diagnostic.is_empty() || g.status.is_some())
                .map(|g| of_group(g, &words)),
        );
    }
    if failures.is_empty() {
        let mut recipients = clues.failed_recipients.clone();
        if recipients.is_empty() {
            recipients = named(&words, letter);
        }
        if recipients.is_empty() {
            recipients = clues.original_to.iter().take(1).cloned().collect();
        }
        if recipients.is_empty() {
            recipients.push(String::new());
        }
        recipients.truncate(MOST_FAILURES);
        let whole = &letter.text[..letter.text.floor_char_boundary(MOST_WORDS)];
        for recipient in &recipients {
            let mut failure = of_words(recipient, around(&words, recipient, &recipients));
            if failure.reason == Reason::Undefined {
                // Some put their reasons below the copy of the message.
                failure = of_words(recipient, whole);
            }
            if failure.reason == Reason::Undefined {
                failure.reason = reason::of(&letter.subject, Some(""));
                failure.hard = failure.reason.is_hard();
            }
            failures.push(failure);
        }
    }
    failures
}

fn of_group(group: &Group, words: &str) -> Failure {
    let mut reason = reason::of(&group.diagnostic, group.status.as_deref());
    // Given up after days: whatever the words say of the last try.
    let is_expired = group.diagnostic.trim().is_empty() && group.status.as_deref() == Some("4.4.7");
    if !reason.is_sure() && !is_expired {
        let found = reason::of(words, group.status.as_deref());
        if found != Reason::Undefined {
            reason = found;
        }
    }
    if reason == Reason::Undefined {
        reason = reason::of_status(group.status.as_deref());
    }
    if reason == Reason::Undefined && group.action == "delayed" {
        reason = Reason::Expired;
    }
    if matches!(group.action.as_str(), "delivered" | "relayed" | "expanded") {
        reason = Reason::Delivered;
    }
    Failure {
        recipient: group.recipient.clone(),
        status: group.status.clone(),
        reason,
        hard: reason.is_hard(),
    }
}

fn of_words(recipient: &str, words: &str) -> Failure {
    let status = status_in(words);
    let mut reason = reason::of(words, status.as_deref());
    if reason == Reason::Undefined {
        reason = reason::of_status(status.as_deref());
    }
    Failure { recipient: recipient.to_owned(), status, reason, hard: reason.is_hard() }
}

/// The report's own words: above the copy of the message that it is about.
fn own_words(text: &str) -> String {
    const COPIES: &[&str] = &[
        "\nReturn-Path:",
        "\nReturn-path:",
        "\nReceived: from",
        "\nReceived: (",
        "below this line is a copy",
        "Below this line is",
        "This is a copy of the message",
        "----- Original message",
        "Original message follows",
        "----- Unsent message",
        "------ This is a copy",
        "Enclosed is a copy",
        "The header of the original message",
        "Original message headers",
        "\nMessage-ID:",
        "\nMessage-Id:",
        "Headers of the original",
        "Message header follows",
        "--- Original Message",
        "---- Original",
        "\nX-Mailer:",
        "\nMIME-Version:",
        "\nDKIM-Signature:",
    ];
    let text = &text[..text.floor_char_boundary(MOST_WORDS)];
    let end =
        COPIES.iter().filter_map(|copy| text.find(copy)).filter(|at| 60 < *at).min().unwrap_or(text.len());
    text[..end].to_owned()
}

/// The words about one recipient: from its address to the next one's, where several are named.
fn around<'w>(words: &'w str, recipient: &str, others: &[String]) -> &'w str {
    if others.len() < 2 || recipient.is_empty() {
        return words;
    }
    let lower = words.to_ascii_lowercase();
    let Some(at) = lower.find(recipient) else { return words };
    let after = at + recipient.len();
    let next = others
        .iter()
        .filter(|o| *o != recipient)
        .filter_map(|other| lower[after..].find(other.as_str()))
        .min();
    words.get(at..next.map_or(words.len(), |next| after + next)).unwrap_or(words)
}

/// Reads the fields of a delivery-status part, a group for each recipient.
fn groups(text: &str) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut group = Group::default();
    let mut in_diagnostic = false;
    for line in text.lines().take(2_000) {
        if line.trim().is_empty() {
            close(&mut group, &mut groups);
            in_diagnostic = false;
            continue;
        }
        if line.starts_with([' ', '\t']) {
            if in_diagnostic {
                group.diagnostic.push(' ');
                group.diagnostic.push_str(line.trim());
            }
            continue;
        }
        let Some((name, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        in_diagnostic = false;
        match name.trim().to_ascii_lowercase().as_str() {
            "final-recipient" => group.recipient = recipient_of(value),
            "original-recipient" if group.recipient.is_empty() || !group.recipient.contains('@') => {
                group.recipient = recipient_of(value);
            }
            "status" => group.status = status_in(value),
            "action" => {
                group.action = value.split([' ', ';']).next().unwrap_or_default().to_ascii_lowercase()
            }
            "diagnostic-code" | "x-supplementary-info" | "x-notes" | "x-postfix-diagnostic" => {
                group.diagnostic.push(' ');
                group.diagnostic.push_str(value);
                in_diagnostic = true;
            }
            _ => {}
        }
    }
    close(&mut group, &mut groups);
    groups
}

fn close(group: &mut Group, groups: &mut Vec<Group>) {
    let done = std::mem::take(group);
    if !done.recipient.is_empty() || (!done.action.is_empty() && done.status.is_some()) {
        groups.push(done);
    }
}

fn recipient_of(value: &str) -> String {
    tidy_address(value.rsplit(';').next().unwrap_or_default().split_whitespace().next().unwrap_or_default())
}

/// The first enhanced status code, `5.1.1`.
fn status_in(words: &str) -> Option<String> {
    let bytes = words.as_bytes();
    (0..bytes.len().min(6_000)).find_map(|at| {
        let starts = matches!(bytes[at], b'2' | b'4' | b'5')
            && bytes.get(at + 1) == Some(&b'.')
            && (at == 0 || !is_word(bytes[at - 1]));
        if !starts {
            return None;
        }
        let length = bytes[at..].iter().take(9).take_while(|b| b.is_ascii_digit() || **b == b'.').count();
        let code = words.get(at..at + length)?.trim_end_matches('.');
        let parts: Vec<_> = code.split('.').collect();
        let is_code = parts.len() == 3 && parts[1].len() == 1 && (1..=3).contains(&parts[2].len());
        let ends = bytes.get(at + length).is_none_or(|b| !is_word(*b));
        (is_code && ends).then(|| code.to_owned())
    })
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-'
}

/// The addresses that the words of a report name: on a line of their own first, then any.
fn named(words: &str, letter: &Letter) -> Vec<String> {
    let own: Vec<&str> = letter.recipients().chain(&letter.from).map(|m| m.address.as_str()).collect();
    let mut alone = Vec::new();
    let mut any = Vec::new();
    for line in words.lines().take(200) {
        let bare = line.trim().trim_end_matches([':', '.', ',']);
        for word in line.split(|c: char| {
            c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '"' | ',' | ';' | '\'' | '[' | ']')
        }) {
            let address = tidy_address(word.trim_end_matches(['.', ':']));
            if !is_plain_address(&address) || own.contains(&address.as_str()) {
                continue;
            }
            let stands_alone = bare.trim_matches(['<', '>']).eq_ignore_ascii_case(&address)
                || line.trim_start().starts_with('<')
                || line
                    .trim_start()
                    .get(..address.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(&address));
            let list = if stands_alone { &mut alone } else { &mut any };
            if !list.contains(&address) {
                list.push(address);
            }
        }
    }
    if alone.is_empty() {
        any.truncate(1);
        return any;
    }
    alone
}
