//! Reports that mail did not arrive: who was not reached, why, and whether ever.

mod reason;
mod report;

use std::sync::LazyLock;

use super::Letter;
use super::mime::Clues;
use super::words::Anywhere;

pub use reason::Reason;

/// A report about another message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    /// What kind of report.
    pub kind: BounceKind,
    /// One for each recipient that is named; at least one.
    pub failures: Vec<Failure>,
}

/// What kind of report it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BounceKind {
    /// A message was not delivered, or only later.
    Bounce,
    /// A recipient called a message unwanted.
    FeedbackReport,
}

/// One recipient that was not reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Lower case; empty where the report does not say.
    pub recipient: String,
    /// Enhanced status code such as `5.1.1`, as reported.
    pub status: Option<String>,
    /// Why.
    pub reason: Reason,
    /// It will never arrive there.
    pub hard: bool,
}

/// Words of subjects that reports begin with or hold.
static SUBJECTS: LazyLock<Anywhere> =
    LazyLock::new(|| Anywhere::new(include_str!("../words/bounce-subjects.txt")));
/// Words of subjects that only reports hold.
static SURE: LazyLock<Anywhere> = LazyLock::new(|| Anywhere::new(include_str!("../words/bounce-sure.txt")));
/// Words of bodies that only reports hold.
static BODIES: LazyLock<Anywhere> =
    LazyLock::new(|| Anywhere::new(include_str!("../words/bounce-bodies.txt")));

/// The report that a message is, if it is one.
pub(super) fn find(letter: &Letter, clues: &Clues) -> Option<Bounce> {
    if !clues.feedback_report.is_empty() || clues.report_type.as_deref() == Some("feedback-report") {
        return Some(feedback(clues));
    }
    let lower = letter.subject.trim().to_ascii_lowercase();
    if clues.encloses && (lower.starts_with("complaint about message") || lower.starts_with("abuse report")) {
        return Some(feedback(clues));
    }
    if clues.disposition {
        return None;
    }
    if letter.text.trim_start().starts_with('{') {
        return report::notification(&letter.text);
    }
    let is_report = !clues.delivery_status.is_empty()
        || (clues.report_type.as_deref() == Some("delivery-status"))
        || !clues.failed_recipients.is_empty();
    if !is_report && !looks_like_one(letter, clues) {
        return None;
    }
    let failures = report::failures(letter, clues);
    Some(Bounce { kind: BounceKind::Bounce, failures })
}

fn feedback(clues: &Clues) -> Bounce {
    let mut recipients = Vec::new();
    for report in &clues.feedback_report {
        for line in report.lines() {
            if let Some((name, value)) = line.split_once(':')
                && (name.eq_ignore_ascii_case("Original-Rcpt-To")
                    || name.eq_ignore_ascii_case("Removal-Recipient"))
            {
                recipients.push(super::address::tidy_address(value.trim()));
            }
        }
    }
    recipients.dedup();
    if recipients.is_empty() {
        recipients = clues.original_to.iter().take(1).cloned().collect();
    }
    if recipients.is_empty() {
        recipients.push(String::new());
    }
    let failure = |recipient| Failure { recipient, status: None, reason: Reason::Feedback, hard: false };
    Bounce { kind: BounceKind::FeedbackReport, failures: recipients.into_iter().map(failure).collect() }
}

/// A machine's address and a report's words; a person's mail has only one of the two.
fn looks_like_one(letter: &Letter, clues: &Clues) -> bool {
    let from = letter.from.as_ref();
    let address = from.map(|f| f.address.as_str()).unwrap_or_default();
    let local = address.split('@').next().unwrap_or_default();
    let name = from.and_then(|f| f.name.as_deref()).unwrap_or_default();
    let is_daemon = ["mailer-daemon", "mailerdaemon", "mailer_daemon", "mail-daemon", "mdaemon"]
        .iter()
        .any(|d| local.contains(d))
        || name.len() < 60
            && ["MAILER-DAEMON", "Mail Delivery", "Mailer-Daemon", "Mail Administrator"]
                .iter()
                .any(|d| name.contains(d));
    let is_postmaster = is_daemon
        || matches!(
            local,
            "postmaster"
                | "post_master"
                | "mailadmin"
                | "mail-admin"
                | "bounce"
                | "bounces"
                | "majordomo"
                | "fml-admin"
                | "postmaster-noreply"
        )
        || name.eq_ignore_ascii_case("postmaster")
        || local.starts_with("postmaster");
    let may_be = is_postmaster || clues.empty_return_path || clues.auto_submitted.is_some() || clues.encloses;
    let says_so = letter.subject.len() < 200 && SURE.is_in(&letter.subject);
    if !(may_be || says_so) {
        return false;
    }
    let has_subject = SUBJECTS.is_in(&letter.subject);
    let head = &letter.text[..letter.text.floor_char_boundary(3_000)];
    let has_body = BODIES.is_in(head);
    let lower = letter.subject.to_lowercase();
    let away = ["out of office", "auto-reply", "autoreply", "automatic reply", "vacation", "away", "abwesen"];
    let is_vacation = away.iter().any(|word| lower.contains(word));
    if is_vacation && !is_daemon {
        return false;
    }
    (is_daemon && (has_body || has_subject))
        || (is_postmaster && has_body)
        || (has_subject && has_body)
        || (has_body && clues.empty_return_path && clues.encloses)
}

#[cfg(test)]
mod tests {
    use crate::letter::{BounceKind, Reason, parse};

    #[test]
    fn reads_a_report_by_the_standard() {
        let raw = b"From: MAILER-DAEMON@mx.example\nTo: ada@moss.example\nSubject: Undelivered\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nYour message could not be delivered.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; Bo@Hill.example\nAction: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 5.2.2 Mailbox\n full\n--b--\n";
        let bounce = parse(raw).unwrap().bounce.unwrap();
        assert_eq!(bounce.kind, BounceKind::Bounce);
        assert_eq!(bounce.failures.len(), 1);
        let failure = &bounce.failures[0];
        assert_eq!((failure.recipient.as_str(), failure.reason), ("bo@hill.example", Reason::MailboxFull));
        assert_eq!((failure.status.as_deref(), failure.hard), (Some("5.2.2"), false));
    }

    #[test]
    fn reads_a_report_in_free_words() {
        let raw = b"From: MAILER-DAEMON@mx.example\nSubject: failure notice\n\nI'm afraid I wasn't able to deliver your message.\n\n<bo@hill.example>:\nRemote host said: 550 5.1.1 no such user here\n\n--- Below this line is a copy of the message.\n\nTo: bo@hill.example\n";
        let bounce = parse(raw).unwrap().bounce.unwrap();
        assert_eq!(bounce.failures[0].recipient, "bo@hill.example");
        assert_eq!((bounce.failures[0].reason, bounce.failures[0].hard), (Reason::UserUnknown, true));
    }

    #[test]
    fn a_person_who_writes_about_failed_mail_is_no_machine() {
        let raw = b"From: Ada Moss <ada@moss.example>\nSubject: Re: your mail\n\nYour message was rejected by our server, please send it again.\n";
        assert_eq!(parse(raw).unwrap().bounce, None);
    }
}
