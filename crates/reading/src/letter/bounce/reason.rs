//! Why a message did not arrive, from the words and codes of many mail systems.

use std::sync::LazyLock;

/// Why a message did not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Reason {
    /// Nothing says.
    #[default]
    Undefined,
    /// No such mailbox.
    UserUnknown,
    /// Their mailbox is full.
    MailboxFull,
    /// Tried for days, or still being tried.
    Expired,
    /// The mailbox refused it after it was handed over.
    Filtered,
    /// The sending machine or its address is not wanted.
    Blocked,
    /// The sender's address is not wanted.
    Rejected,
    /// No such domain or machine.
    HostUnknown,
    /// Against a rule of the other side.
    PolicyViolation,
    /// The sending machine has no name in the reverse DNS.
    RequirePtr,
    /// SPF, DKIM or DMARC failed.
    AuthFailure,
    /// The account is switched off.
    Suspend,
    /// A fault of the other system.
    SystemError,
    /// The other system has no room.
    SystemFull,
    /// Taken for unwanted mail.
    SpamDetected,
    /// A virus was found.
    VirusDetected,
    /// DNS, routes, loops.
    NetworkError,
    /// The sender must sign in, encrypt, or may not send.
    SecurityError,
    /// Their domain takes no mail at all.
    NotAccept,
    /// Larger than allowed.
    MesgTooBig,
    /// Larger than this mailbox allows.
    ExceedLimit,
    /// Too many connections or messages at a time.
    TooManyConn,
    /// Sent too fast.
    Speeding,
    /// The sending machine has a bad name.
    BadReputation,
    /// Held back, and nothing more is said.
    OnHold,
    /// Not written by the standards of mail.
    NotCompliantRfc,
    /// The other machine does not pass mail on.
    NoRelaying,
    /// The mailbox moved.
    HasMoved,
    /// The dialogue between the machines failed.
    SyntaxError,
    /// A program at the other side failed.
    MailerError,
    /// The content is not accepted.
    ContentError,
    /// It did arrive.
    Delivered,
    /// A recipient called it unwanted.
    Feedback,
}

impl Reason {
    /// Whether it will never arrive there.
    pub fn is_hard(self) -> bool {
        matches!(self, Reason::UserUnknown | Reason::HostUnknown | Reason::HasMoved | Reason::NotAccept)
    }

    /// The word for it in tables and JSON.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(reason, _)| *reason == self).map_or("", |(_, name)| name)
    }

    /// Whether no other words of the report can say it better.
    pub(super) fn is_sure(self) -> bool {
        !matches!(self, Reason::Undefined | Reason::OnHold)
    }
}

/// Words that leave no doubt that there is no such mailbox.
const SURE_UNKNOWN: &[&str] = &[
    "not listed in",
    "couldn't be found",
    "wasn't found",
    "could not be found",
    "no valid recipients",
    "does not like recipient",
    "unrouteable address",
    "unknown local",
    "見つかりません",
    "address not found",
];

/// The word for each reason.
const NAMES: [(Reason, &str); 33] = [
    (Reason::Undefined, "undefined"),
    (Reason::UserUnknown, "userunknown"),
    (Reason::MailboxFull, "mailboxfull"),
    (Reason::Expired, "expired"),
    (Reason::Filtered, "filtered"),
    (Reason::Blocked, "blocked"),
    (Reason::Rejected, "rejected"),
    (Reason::HostUnknown, "hostunknown"),
    (Reason::PolicyViolation, "policyviolation"),
    (Reason::RequirePtr, "requireptr"),
    (Reason::AuthFailure, "authfailure"),
    (Reason::Suspend, "suspend"),
    (Reason::SystemError, "systemerror"),
    (Reason::SystemFull, "systemfull"),
    (Reason::SpamDetected, "spamdetected"),
    (Reason::VirusDetected, "virusdetected"),
    (Reason::NetworkError, "networkerror"),
    (Reason::SecurityError, "securityerror"),
    (Reason::NotAccept, "notaccept"),
    (Reason::MesgTooBig, "mesgtoobig"),
    (Reason::ExceedLimit, "exceedlimit"),
    (Reason::TooManyConn, "toomanyconn"),
    (Reason::Speeding, "speeding"),
    (Reason::BadReputation, "badreputation"),
    (Reason::OnHold, "onhold"),
    (Reason::NotCompliantRfc, "notcompliantrfc"),
    (Reason::NoRelaying, "norelaying"),
    (Reason::HasMoved, "hasmoved"),
    (Reason::SyntaxError, "syntaxerror"),
    (Reason::MailerError, "mailererror"),
    (Reason::ContentError, "contenterror"),
    (Reason::Delivered, "delivered"),
    (Reason::Feedback, "feedback"),
];

/// What systems say, most telling first: lines of a reason and its words, parted by `|`, and going on in lines that begin
/// with `|`; `+` joins words that must all be there.
static WORDS: LazyLock<Vec<(Reason, Vec<&'static str>)>> = LazyLock::new(|| {
    let mut words = Vec::new();
    let mut reason = Reason::Undefined;
    for line in include_str!("../words/bounce-reasons.txt").lines() {
        let mut parts = line.split('|');
        let name = parts.next().unwrap_or_default();
        reason = NAMES.iter().find(|(_, known)| *known == name).map_or(reason, |(reason, _)| *reason);
        words.extend(parts.map(|needles| (reason, needles.split('+').collect())));
    }
    words
});

/// By the words, and by the code where the words leave a choice.
pub(super) fn of(words: &str, status: Option<&str>) -> Reason {
    if words.trim().is_empty() {
        return Reason::Undefined;
    }
    let mut text = String::with_capacity(words.len());
    for word in words.split_whitespace() {
        text.push_str(&word.to_lowercase());
        text.push(' ');
    }
    let found = WORDS.iter().find(|(_, needles)| needles.iter().all(|needle| text.contains(needle)));
    let mut reason = found.map_or(Reason::Undefined, |(reason, _)| *reason);
    // Told apart by when they refuse: at the recipient's name there is no such mailbox; later, or where no code and
    // no command says so, the mailbox's own filter may have refused.
    let late = text.contains("end of data")
        || text.contains("in reply to data")
        || (text.contains(">>> data") && !text.contains(">>> rcpt"));
    let uncoded = status.is_none() && !text.contains("rcpt");
    // The mailbox is there, and refuses.
    let refuses = matches!(status, Some("5.2.0" | "5.7.1"));
    let is_sure = text.contains("5.1.1") || SURE_UNKNOWN.iter().any(|words| text.contains(words));
    if reason == Reason::UserUnknown && !is_sure && (late || uncoded || refuses) {
        reason = Reason::Filtered;
    }
    if reason == Reason::Undefined { of_status(status) } else { reason }
}

/// By the code alone.
pub(super) fn of_status(status: Option<&str>) -> Reason {
    let Some(status) = status else { return Reason::Undefined };
    if status.starts_with("2.") {
        return Reason::Delivered;
    }
    match status.get(2..).unwrap_or_default() {
        "1.1" | "1.0" | "1.3" | "1.10" => Reason::UserUnknown,
        "1.2" | "4.4" => Reason::HostUnknown,
        "1.6" => Reason::HasMoved,
        "1.7" | "1.8" | "1.9" => Reason::Rejected,
        "2.1" => Reason::Suspend,
        "2.2" => Reason::MailboxFull,
        "2.3" => Reason::ExceedLimit,
        "2.0" => Reason::Filtered,
        "3.1" => Reason::SystemFull,
        "3.4" => Reason::MesgTooBig,
        "3.0" | "3.2" | "3.5" | "4.3" => Reason::SystemError,
        "4.1" | "4.2" | "4.7" => Reason::Expired,
        "4.6" => Reason::NetworkError,
        "6.0" | "6.1" | "6.2" | "6.3" => Reason::ContentError,
        "7.0" => Reason::PolicyViolation,
        "7.9" => Reason::SecurityError,
        "7.1" => Reason::Rejected,
        "7.25" => Reason::RequirePtr,
        "7.26" | "7.20" | "7.23" => Reason::AuthFailure,
        "7.27" => Reason::NotAccept,
        _ => Reason::Undefined,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_words_names_a_reason() {
        for line in include_str!("../words/bounce-reasons.txt").lines() {
            let name = line.split('|').next().unwrap_or_default();
            assert!(name.is_empty() || NAMES.iter().any(|(_, known)| *known == name), "{line}");
        }
        assert!(WORDS.iter().all(|(_, needles)| needles.iter().all(|needle| 2 <= needle.len())));
    }
}
