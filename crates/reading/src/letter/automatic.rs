//! Mail that no person wrote for its reader, or that came through a list.

use std::sync::LazyLock;

use super::Letter;
use super::mime::Clues;
use super::words::{Anywhere, Exact, Prefixes};

/// How a machine had its hand in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Automatic {
    /// Out of office, "we have received your message".
    AutoReply,
    /// Came through a list. A person's own words where `personal`.
    List {
        /// A person wrote it to the list.
        personal: bool,
    },
    /// A report that mail did not arrive, or that somebody called it unwanted.
    Bounce,
    /// From an address that nobody reads: notices, receipts of orders, tickets.
    NoReply,
    /// An invitation, or an answer to one.
    Calendar,
    /// Advertising or news to many.
    Newsletter,
    /// "Your message was read" or "was delivered".
    Receipt,
    /// A report or alert of a system.
    System,
}

impl Automatic {
    /// Whether a person's words are in it all the same.
    pub fn is_personal(self) -> bool {
        matches!(self, Automatic::List { personal: true })
    }
}

/// How the subjects of automatic replies begin, or what they hold.
static AWAY: LazyLock<Anywhere> = LazyLock::new(|| Anywhere::new(include_str!("words/away.txt")));
/// Answers that calendars write into subjects.
static CALENDAR: LazyLock<Prefixes> = LazyLock::new(|| Prefixes::new(include_str!("words/calendar.txt")));
/// Subjects of receipts.
static RECEIPT: LazyLock<Prefixes> = LazyLock::new(|| Prefixes::new(include_str!("words/receipt.txt")));
/// Local parts of addresses that nobody reads.
static NO_REPLY: LazyLock<Anywhere> = LazyLock::new(|| Anywhere::new(include_str!("words/no-reply.txt")));
/// Local parts of programs.
static SYSTEM: LazyLock<Exact> = LazyLock::new(|| Exact::new(include_str!("words/system.txt")));
/// Words at the foot of mail to many.
static MASS: LazyLock<Anywhere> = LazyLock::new(|| Anywhere::new(include_str!("words/mass.txt")));
/// Text that says a machine wrote it.
static MACHINE: LazyLock<Anywhere> = LazyLock::new(|| Anywhere::new(include_str!("words/machine.txt")));

pub(super) fn find(letter: &Letter, clues: &Clues) -> Option<Automatic> {
    if letter.bounce.is_some() {
        return Some(Automatic::Bounce);
    }
    let subject = letter.subject.as_str();
    let auto = clues.auto_submitted.as_deref().unwrap_or_default();
    if clues.disposition
        || clues.report_type.as_deref() == Some("disposition-notification")
        || begins(subject, &RECEIPT)
    {
        return Some(Automatic::Receipt);
    }
    if letter.calendar.as_ref().is_some_and(|c| c.method != "PUBLISH") || begins(subject, &CALENDAR) {
        return Some(Automatic::Calendar);
    }
    let is_replied = auto.starts_with("auto-replied")
        || clues.autoreply
        || clues.precedence.as_deref() == Some("auto_reply")
        || (clues.suppresses_answers && clues.empty_return_path);
    if is_replied || is_away(subject, letter) {
        return Some(Automatic::AutoReply);
    }
    let from = letter.from.as_ref().map(|f| f.address.as_str()).unwrap_or_default();
    let local = from.split('@').next().unwrap_or_default();
    let is_robot = NO_REPLY.is_in(local);
    let is_system =
        SYSTEM.has(local) || auto.starts_with("auto-generated") || auto.starts_with("auto-notified");
    let is_bulk = matches!(clues.precedence.as_deref(), Some("bulk" | "junk"));
    // Old list programs say no more than "bulk", but send in their own name.
    let by_proxy =
        letter.sender.as_ref().is_some_and(|sender| !sender.address.is_empty() && sender.address != from);
    let is_old_list = is_bulk && !is_system && (by_proxy || clues.old_list || letter.is_reply());
    if clues.list || is_old_list {
        // A person's mail to a list: an answer, or written with a program for people, and no mass mail.
        let personal = !is_robot && !is_system && !is_mass(letter, clues);
        return Some(Automatic::List { personal });
    }
    if matches!(clues.precedence.as_deref(), Some("list")) {
        return Some(Automatic::List { personal: !is_robot && !is_system });
    }
    if clues.unsubscribe || (is_bulk && !is_system) {
        return Some(Automatic::Newsletter);
    }
    if is_robot {
        return Some(Automatic::NoReply);
    }
    if is_system {
        return Some(Automatic::System);
    }
    by_words(letter)
}

/// What the foot of the text and its machine phrases say; answers are by people.
fn by_words(letter: &Letter) -> Option<Automatic> {
    if letter.is_reply() || letter.is_forward() || !letter.quoted.is_empty() || letter.text.is_empty() {
        return None;
    }
    let foot = foot(letter);
    if MASS.is_in(foot) {
        return Some(Automatic::Newsletter);
    }
    let head = &letter.new_text[..letter.new_text.floor_char_boundary(400)];
    (MACHINE.is_in(head) || MACHINE.is_in(foot)).then_some(Automatic::System)
}

fn foot(letter: &Letter) -> &str {
    /// The foot of a mailing is in its last words.
    const FOOT: usize = 1_000;
    &letter.text[letter.text.ceil_char_boundary(letter.text.len().saturating_sub(FOOT))..]
}

/// A list that only its owner writes to.
fn is_mass(letter: &Letter, clues: &Clues) -> bool {
    clues.unsubscribe
        && !letter.is_reply()
        && letter.in_reply_to.is_empty()
        && MASS.is_in(foot(letter))
        && letter.to.len() <= 1
}

fn is_away(subject: &str, letter: &Letter) -> bool {
    if subject.is_empty() || 200 < subject.len() {
        return false;
    }
    let lower = subject.to_lowercase();
    let found = AWAY.place(&lower);
    // "Re: out of office" from a person holds their own words and a quote.
    found.is_some_and(|at| {
        at < 30
            && !letter.is_reply()
            && !letter.is_forward()
            && letter.quoted.is_empty()
            && (at < 12 || lower[..at].contains(':'))
    }) || (found == Some(0) && letter.new_text.len() < 1_500)
}

fn begins(subject: &str, words: &Prefixes) -> bool {
    if !words.may_begin(subject) {
        return false;
    }
    let head: String = subject.chars().take(30).flat_map(char::to_lowercase).collect();
    words.begin(&head)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letter::parse;

    fn of(headers: &str, body: &str) -> Option<Automatic> {
        parse(format!("{headers}\n\n{body}\n").as_bytes()).unwrap().automatic
    }

    #[test]
    fn tells_machines_from_people() {
        let table = [
            ("From: ada@moss.example\nSubject: Lease", "Is it ready?", None),
            ("From: ada@moss.example\nAuto-Submitted: no\nSubject: Lease", "Is it ready?", None),
            (
                "From: ada@moss.example\nSubject: Out of Office: Lease",
                "I am back on Monday.",
                Some(Automatic::AutoReply),
            ),
            (
                "From: ada@moss.example\nSubject: Abwesenheitsnotiz: Miete",
                "Bis Montag.",
                Some(Automatic::AutoReply),
            ),
            (
                "From: ada@moss.example\nAuto-Submitted: auto-replied\nSubject: Lease",
                "Thanks.",
                Some(Automatic::AutoReply),
            ),
            ("From: ada@moss.example\nSubject: Re: out of office rules", "Agreed.\n\n> Which?", None),
            (
                "From: ada@moss.example\nList-Id: <a.example>\nSubject: Re: roof",
                "Try tar.",
                Some(Automatic::List { personal: true }),
            ),
            (
                "From: news@shop.example\nList-Unsubscribe: <mailto:u@shop.example>\nSubject: Sale",
                "Buy",
                Some(Automatic::Newsletter),
            ),
            ("From: no-reply@bank.example\nSubject: Statement", "Ready.", Some(Automatic::NoReply)),
            ("From: ada@moss.example\nSubject: Accepted: Lunch", "", Some(Automatic::Calendar)),
            ("From: ada@moss.example\nSubject: Read: Lease", "", Some(Automatic::Receipt)),
            ("From: cron@host.example\nSubject: output", "done", Some(Automatic::System)),
            (
                "From: shop@shop.example\nSubject: Spring",
                "Roses.\n\nTo unsubscribe click here.",
                Some(Automatic::Newsletter),
            ),
        ];
        for (headers, body, wanted) in table {
            assert_eq!(of(headers, body), wanted, "{headers}");
        }
    }
}
