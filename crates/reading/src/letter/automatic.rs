//! Mail that no person wrote for its reader, or that came through a list.

use super::Letter;
use super::bounce::has_any;
use super::mime::Clues;

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
const AWAY: &[&str] = &[
    "out of office", "out of the office", "out-of-office", "autoreply", "auto-reply", "auto reply", "automatic reply", "automated reply", "automated response", "auto response", "autoresponse", "on vacation", "vacation reply", "away from my mail", "i am away", "abwesenheit", "abwesend", "automatische antwort", "nicht im büro", "nicht im hause",
    "absence du bureau", "réponse automatique", "message d'absence", "absent du bureau", "respuesta automática", "fuera de la oficina", "resposta automática", "fora do escritório", "ausência temporária", "risposta automatica", "fuori sede", "fuori ufficio", "afwezig", "automatisch antwoord", "niet aanwezig", "autosvar", "automatiskt svar", "frånvaro", "automatisk svar", "fraværende", "ikke på kontoret",
    "automaattinen vastaus", "poissa", "odpowiedź automatyczna", "autoodpowiedź", "nieobecność", "automatická odpověď", "automatická odpoveď", "автоответ", "автоматический ответ", "нет на месте", "otomatik yanıt", "automatikus válasz", "răspuns automat", "αυτόματη απάντηση", "自動返信", "不在", "自动回复", "自動回覆", "자동 응답", "부재중",
];
/// Answers that calendars write into subjects.
const CALENDAR: &[&str] = &["accepted:", "declined:", "tentative:", "tentatively accepted:", "canceled:", "cancelled:", "zugesagt:", "abgesagt:", "mit vorbehalt:", "accepté", "refusé", "aceptado:", "aceptada:", "rechazado:", "aceito:", "accettato:", "geaccepteerd:", "geweigerd:", "invitation:", "updated invitation:"];
/// Subjects of receipts.
const RECEIPT: &[&str] = &["read:", "gelesen:", "lu :", "lu:", "leído:", "lido:", "letto:", "gelezen:", "läst:", "læst:", "przeczytano:", "прочитано:", "okundu:", "return receipt", "read receipt", "delivery receipt", "lesebestätigung", "not read:", "ungelesen gelöscht"];
/// Local parts of addresses that nobody reads.
const NO_REPLY: &[&str] = &["noreply", "no-reply", "no_reply", "no.reply", "donotreply", "do-not-reply", "do_not_reply", "do.not.reply", "nicht-antworten", "nepasrepondre", "ne-pas-repondre", "noresponder", "no-responder", "nao-responda", "niet-beantwoorden", "notification", "notifications", "notify", "mailer-daemon", "autoresponder", "auto-confirm", "bounce", "automailer", "unattended"];
/// Local parts of programs.
const SYSTEM: &[&str] = &["root", "cron", "daemon", "nagios", "monitor", "monitoring", "alerts", "alert", "logwatch", "backup", "jenkins", "www-data", "apache", "nobody", "mdaemon", "system", "sysadmin-robot", "postmaster", "mailer-daemon", "listserv", "majordomo", "mailman", "arsystem"];
/// Words at the foot of mail to many.
const MASS: &[&str] = &[
    "unsubscribe", "opt out", "opt-out", "remove me from", "removed from this list", "removed from our", "to be removed", "manage your preferences", "manage preferences", "email preferences", "subscription preferences", "view this email in your browser", "view it in your browser", "view in browser", "you are receiving this", "you received this email because", "you are subscribed", "abmelden", "abbestellen", "newsletter abbestellen", "se désabonner", "désinscrire", "désinscription",
    "darse de baja", "cancelar suscripción", "cancelar a inscrição", "descadastrar", "disiscriviti", "cancellati", "uitschrijven", "afmelden", "avregistrera", "avprenumerera", "afmeld", "avmeld", "wypisz się", "отписаться", "配信停止", "退订", "수신거부",
];
/// Text that says a machine wrote it.
const MACHINE: &[&str] = &["do not reply to this e", "do not reply to this m", "do not respond to this e", "please do not reply", "this is an automated", "this is an automatic", "automatically generated", "this message was generated", "this e-mail was generated", "this email was sent automatically", "nicht auf diese e-mail", "automatisch generiert", "ne pas répondre", "no responda a este"];

pub(super) fn find(letter: &Letter, clues: &Clues) -> Option<Automatic> {
    if letter.bounce.is_some() {
        return Some(Automatic::Bounce);
    }
    let subject = letter.subject.as_str();
    let auto = clues.auto_submitted.as_deref().unwrap_or_default();
    if clues.disposition || clues.report_type.as_deref() == Some("disposition-notification") || starts_with_any(subject, RECEIPT) {
        return Some(Automatic::Receipt);
    }
    if letter.calendar.as_ref().is_some_and(|c| c.method != "PUBLISH") || starts_with_any(subject, CALENDAR) {
        return Some(Automatic::Calendar);
    }
    let is_replied = auto.starts_with("auto-replied") || clues.autoreply || clues.precedence.as_deref() == Some("auto_reply") || has_name(clues, "x-auto-response-suppress") && clues.empty_return_path;
    if is_replied || is_away(subject, letter) {
        return Some(Automatic::AutoReply);
    }
    let from = letter.from.as_ref().map(|f| f.address.as_str()).unwrap_or_default();
    let local = from.split('@').next().unwrap_or_default();
    let is_robot = NO_REPLY.iter().any(|n| local == *n || (5 < n.len() && local.contains(n)));
    let is_system = SYSTEM.contains(&local) || auto.starts_with("auto-generated") || auto.starts_with("auto-notified");
    let is_bulk = matches!(clues.precedence.as_deref(), Some("bulk" | "junk"));
    // Old list programs say no more than "bulk", but send in their own name.
    let by_proxy = letter.sender.as_ref().is_some_and(|sender| !sender.address.is_empty() && sender.address != from);
    let is_old_list = is_bulk && !is_system && (by_proxy || has_name(clues, "x-list") || letter.is_reply());
    if clues.list || is_old_list {
        // A person's mail to a list: an answer, or written with a program for people, and no mass mail.
        let personal = !is_robot && !is_system && !has_name(clues, "feedback-id") && !is_mass(letter, clues);
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
    if has_any(foot, MASS) {
        return Some(Automatic::Newsletter);
    }
    let head = &letter.new_text[..letter.new_text.floor_char_boundary(400)];
    (has_any(head, MACHINE) || has_any(foot, MACHINE)).then_some(Automatic::System)
}

fn foot(letter: &Letter) -> &str {
    /// The foot of a mailing is in its last words.
    const FOOT: usize = 1_000;
    &letter.text[letter.text.ceil_char_boundary(letter.text.len().saturating_sub(FOOT))..]
}

/// A list that only its owner writes to.
fn is_mass(letter: &Letter, clues: &Clues) -> bool {
    clues.unsubscribe && !letter.is_reply() && letter.in_reply_to.is_empty() && has_any(foot(letter), &MASS[6..]) && letter.to.len() <= 1
}

fn is_away(subject: &str, letter: &Letter) -> bool {
    if subject.is_empty() || 200 < subject.len() {
        return false;
    }
    let lower = subject.to_lowercase();
    let found = AWAY.iter().filter_map(|a| lower.find(a)).min();
    // "Re: out of office" from a person holds their own words and a quote.
    found.is_some_and(|at| at < 30 && !letter.is_reply() && !letter.is_forward() && letter.quoted.is_empty() && (at < 12 || lower[..at].contains(':')))
        || (found == Some(0) && letter.new_text.len() < 1_500)
}

fn has_name(clues: &Clues, name: &str) -> bool {
    clues.names.iter().any(|n| n == name)
}

fn starts_with_any(subject: &str, words: &[&str]) -> bool {
    let head: String = subject.chars().take(30).flat_map(char::to_lowercase).collect();
    words.iter().any(|word| head.starts_with(word))
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
            ("From: ada@moss.example\nSubject: Out of Office: Lease", "I am back on Monday.", Some(Automatic::AutoReply)),
            ("From: ada@moss.example\nSubject: Abwesenheitsnotiz: Miete", "Bis Montag.", Some(Automatic::AutoReply)),
            ("From: ada@moss.example\nAuto-Submitted: auto-replied\nSubject: Lease", "Thanks.", Some(Automatic::AutoReply)),
            ("From: ada@moss.example\nSubject: Re: out of office rules", "Agreed.\n\n> Which?", None),
            ("From: ada@moss.example\nList-Id: <a.example>\nSubject: Re: roof", "Try tar.", Some(Automatic::List { personal: true })),
            ("From: news@shop.example\nList-Unsubscribe: <mailto:u@shop.example>\nSubject: Sale", "Buy", Some(Automatic::Newsletter)),
            ("From: no-reply@bank.example\nSubject: Statement", "Ready.", Some(Automatic::NoReply)),
            ("From: ada@moss.example\nSubject: Accepted: Lunch", "", Some(Automatic::Calendar)),
            ("From: ada@moss.example\nSubject: Read: Lease", "", Some(Automatic::Receipt)),
            ("From: cron@host.example\nSubject: output", "done", Some(Automatic::System)),
            ("From: shop@shop.example\nSubject: Spring", "Roses.\n\nTo unsubscribe click here.", Some(Automatic::Newsletter)),
        ];
        for (headers, body, wanted) in table {
            assert_eq!(of(headers, body), wanted, "{headers}");
        }
    }
}
