//! Subjects: what stands before the subject proper, in many languages.

use std::sync::LazyLock;

use care::ids::NaturalKey;

use super::words::Exact;

/// Words before a colon that say "answer".
static REPLY: LazyLock<Exact> = LazyLock::new(|| Exact::new(include_str!("words/subject-reply.txt")));
/// Words before a colon that say "passed on".
static FORWARD: LazyLock<Exact> = LazyLock::new(|| Exact::new(include_str!("words/subject-forward.txt")));

/// The subject without Re:, Fw:, `[list]` and their kin in many languages, however often they stand there.
pub fn base_subject(subject: &str) -> &str {
    let mut rest = subject.trim();
    loop {
        let next = match prefix(rest) {
            Some((_, after)) => after,
            None => match tag(rest) {
                Some(after) => after,
                None => break,
            },
        };
        rest = next;
    }
    loop {
        let shorter = ["(fwd)", "(fw)", "(Fwd)", "(FWD)"].iter().find_map(|end| rest.strip_suffix(end));
        match shorter {
            Some(s) if !s.trim().is_empty() => rest = s.trim_end(),
            _ => return rest,
        }
    }
}

/// Whether a subject says that the message answers another.
pub fn is_reply_subject(subject: &str) -> bool {
    first_prefix(subject) == Some(Prefix::Reply)
}

/// Whether a subject says that the message passes another on.
pub fn is_forward_subject(subject: &str) -> bool {
    first_prefix(subject) == Some(Prefix::Forward) || subject.trim_end().ends_with("(fwd)")
}

/// The hash of a base subject, whatever its case and spaces; 0 where nothing is left of it.
pub fn subject_hash(subject: &str) -> u64 {
    let mut letters = String::with_capacity(subject.len());
    for c in base_subject(subject).chars().filter(|c| c.is_alphanumeric()) {
        letters.extend(c.to_lowercase());
    }
    if letters.is_empty() { 0 } else { NaturalKey::of(letters.as_bytes()).0 }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Prefix {
    Reply,
    Forward,
}

fn first_prefix(subject: &str) -> Option<Prefix> {
    let mut rest = subject.trim();
    loop {
        match prefix(rest) {
            Some((kind, _)) => return Some(kind),
            None => rest = tag(rest)?,
        }
    }
}

/// A word of the tables, perhaps with a count (`Re[2]:`, `Re^2:`, `AW(3):`), and a colon.
fn prefix(subject: &str) -> Option<(Prefix, &str)> {
    let colon = subject.char_indices().take(24).find(|(_, c)| matches!(c, ':' | '：'))?;
    let word = subject[..colon.0].trim_end();
    let word =
        word.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '[' | ']' | '(' | ')' | '^' | '*'));
    let word = word.trim_end_matches(['.', ' ']);
    let lower = word.to_lowercase();
    let kind = if REPLY.has(&lower) {
        Prefix::Reply
    } else if FORWARD.has(&lower) {
        Prefix::Forward
    } else {
        return None;
    };
    Some((kind, subject[colon.0 + colon.1.len_utf8()..].trim_start()))
}

/// A list's tag in brackets, where something follows it. A ticket's number stays: it tells subjects apart.
fn tag(subject: &str) -> Option<&str> {
    let inside = subject.strip_prefix('[')?;
    let end = inside.find(']')?;
    let after = inside[end + 1..].trim_start();
    let name = &inside[..end];
    let is_number = name.contains('#') || name.bytes().all(|b| b.is_ascii_digit());
    (name.len() <= 60 && !is_number && !after.is_empty()).then_some(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_what_stands_before_the_subject() {
        let table = [
            ("Re: Lease", "Lease"),
            ("RE: FW: Re[2]: Lease", "Lease"),
            ("AW: WG: [office] Mietvertrag", "Mietvertrag"),
            ("[office] Re: [office] Lease", "Lease"),
            ("回复：合同", "合同"),
            ("Ynt: İlt: Sözleşme", "Sözleşme"),
            ("[Ticket#77] Lease", "[Ticket#77] Lease"),
            ("[office]", "[office]"),
            ("Note: the lease", "Note: the lease"),
            ("Lease (fwd)", "Lease"),
            ("Re:", ""),
            ("Réf. : loyer", "loyer"),
        ];
        for (subject, base) in table {
            assert_eq!(base_subject(subject), base, "{subject}");
        }
    }

    #[test]
    fn tells_answers_from_what_is_passed_on() {
        assert!(is_reply_subject("Antw: huur") && !is_forward_subject("Antw: huur"));
        assert!(is_forward_subject("[a] WG: Re: Miete") && !is_reply_subject("[a] WG: Re: Miete"));
        assert!(!is_reply_subject("Return: the keys"));
        assert_eq!(subject_hash("RE:  The lease"), subject_hash("the Lease"));
        assert_eq!(subject_hash("Re: "), 0);
    }
}
