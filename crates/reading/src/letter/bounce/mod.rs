//! Reports that mail did not arrive: who was not reached, why, and whether ever.

mod reason;
mod report;

use super::Letter;
use super::mime::Clues;

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
const SUBJECTS: &[&str] = &[
    "undeliver", "returned mail", "failure notice", "delivery fail", "delivery status", "delivery notification", "delivery report", "mail delivery", "message delivery", "could not be delivered", "not delivered", "cannot be delivered", "delivery error",
    "returned to sender", "returning message", "non delivery", "non-delivery", "nondeliver", "nondelivery", "unzustellbar", "unzustellbarkeit", "zustellung", "non remis", "échec", "non recapitabile", "mancato recapito", "no se puede entregar", "no se ha podido entregar",
    "não entregue", "falha na entrega", "onbestelbaar", "delivery has failed", "mail system error", "mail error", "error sending", "message could not", "warning: message", "delayed mail", "delivery delayed", "user unknown", "mailbox full", "bounce", "rejected", "недоставлен", "не доставлено", "mail failure",
    "email address not found", "unable to deliver", "undelivered", "delivery problem", "failed delivery", "failed mail", "メール送信エラー", "配信", "デリバリ", "message not sent", "rejected message", "nie dostarczono", "ne peut pas", "could not send message", "dsn", "delivery subsystem",
];
/// Words of bodies that only reports hold.
const BODIES: &[&str] = &[
    "could not be delivered", "wasn't able to deliver", "was not able to deliver", "unable to deliver", "undeliverable", "delivery failed", "delivery to the following", "delivery has failed", "could not deliver", "not be delivered", "was not delivered", "has not been delivered", "permanent fatal errors", "this is a permanent error", "permanently failed", "failed permanently",
    "returned to sender", "message you sent", "your message was rejected", "your mail was not", "user unknown", "mailbox is full", "mailbox full", "reason: 5", "said: 5", "said: 4", "error message below", "following address", "transient nonfatal errors", "transient non-fatal", "delivery error", "did not reach", "couldn't be delivered", "wasn't delivered", "cannot be delivered", "delayed", "not delivered", "failed address", "<<< 5", "delivery status notification", "message from yahoo", "couldn't be found", "address not found", "your message to", "returned mail", "invalid recipient", "no such user", "failed for the following", "problem delivering", "as undeliverable", "unzustellbar", "nicht zugestellt",
];

/// The report that a message is, if it is one.
pub(super) fn find(letter: &Letter, clues: &Clues) -> Option<Bounce> {
    if !clues.feedback_report.is_empty() || clues.report_type.as_deref() == Some("feedback-report") {
        return Some(feedback(clues));
    }
    if clues.disposition {
        return None;
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
                && (name.eq_ignore_ascii_case("Original-Rcpt-To") || name.eq_ignore_ascii_case("Removal-Recipient"))
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
    let is_daemon = ["mailer-daemon", "mailerdaemon", "mailer_daemon", "mail-daemon", "mdaemon"].iter().any(|d| local.contains(d))
        || name.len() < 60 && ["MAILER-DAEMON", "Mail Delivery", "Mailer-Daemon", "Mail Administrator"].iter().any(|d| name.contains(d));
    let is_postmaster = is_daemon || matches!(local, "postmaster" | "post_master" | "mailadmin" | "mail-admin" | "bounce" | "bounces" | "majordomo" | "fml-admin" | "postmaster-noreply")
        || name.eq_ignore_ascii_case("postmaster") || local.starts_with("postmaster");
    let may_be = is_postmaster || clues.empty_return_path || clues.auto_submitted.is_some() || clues.encloses;
    if !may_be && !(letter.subject.len() < 200 && has_any(&letter.subject, &SUBJECTS[..12])) {
        return false;
    }
    let has_subject = has_any(&letter.subject, SUBJECTS);
    let head = &letter.text[..letter.text.floor_char_boundary(3_000)];
    let has_body = has_any(head, BODIES);
    let is_vacation = has_any(&letter.subject, &["out of office", "auto-reply", "autoreply", "automatic reply", "vacation", "away", "abwesen"]);
    if is_vacation && !is_daemon {
        return false;
    }
    (is_daemon && (has_body || has_subject)) || (is_postmaster && has_body) || (has_subject && has_body)
        || (has_body && clues.empty_return_path && clues.encloses)
}

/// Whether any of some lower-case words stands in a text.
pub(super) fn has_any(text: &str, words: &[&str]) -> bool {
    let lower = text.to_lowercase();
    words.iter().any(|word| lower.contains(word))
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
