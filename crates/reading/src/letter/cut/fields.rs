//! The headers of a message, copied above its words: `From: … Sent: … To: … Subject: …` in many languages.

use std::sync::LazyLock;

use super::super::address::Mailbox;
use super::super::words::Exact;
use super::Intro;
use super::lines::Line;

/// What a copied header says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Field {
    From,
    Sent,
    To,
    Subject,
    Other,
}

static FROM: LazyLock<Exact> = LazyLock::new(|| Exact::new(include_str!("../words/field-from.txt")));
static SENT: LazyLock<Exact> = LazyLock::new(|| Exact::new(include_str!("../words/field-sent.txt")));
static TO: LazyLock<Exact> = LazyLock::new(|| Exact::new(include_str!("../words/field-to.txt")));
static SUBJECT: LazyLock<Exact> = LazyLock::new(|| Exact::new(include_str!("../words/field-subject.txt")));
static OTHER: LazyLock<Exact> = LazyLock::new(|| Exact::new(include_str!("../words/field-other.txt")));

/// The field that a line begins, and its value.
pub(super) fn field<'t>(line: &Line<'t>) -> Option<(Field, &'t str)> {
    if !line.has_colon {
        return None;
    }
    let text = line.text.trim_start_matches([' ', '\t', '*', '|', '\u{a0}', '_']);
    let (at, colon) = text.char_indices().take(24).find(|(_, c)| matches!(c, ':' | '：'))?;
    let name = text[..at].trim_end_matches([' ', '*', '\u{a0}', '_']);
    if name.is_empty() || name.len() > 40 {
        return None;
    }
    let kind = kind(name)?;
    Some((kind, text[at + colon.len_utf8()..].trim_matches([' ', '\t', '*', '\u{a0}', '_'])))
}

fn kind(name: &str) -> Option<Field> {
    let first = name.chars().next()?;
    // A header's name is written with a capital, but for "cc" and scripts that have none.
    if first.is_lowercase() && !matches!(name, "cc" | "bcc") {
        return None;
    }
    let lower = name.to_lowercase();
    let lower = lower.as_str();
    [
        (&FROM, Field::From),
        (&SENT, Field::Sent),
        (&TO, Field::To),
        (&SUBJECT, Field::Subject),
        (&OTHER, Field::Other),
    ]
    .iter()
    .find(|(names, _)| names.has(lower))
    .map(|(_, kind)| *kind)
}

/// Lists of recipients wrap over many lines; more than this is text.
const MOST_WRAPPED: usize = 80;

/// The block of copied headers that begins at a line; after a divider, fewer of them prove it.
pub(super) fn block(lines: &[Line<'_>], at: usize, after_divider: bool) -> Option<Intro> {
    let (first, _) = field(&lines[at])?;
    if first == Field::Other {
        return None;
    }
    let needs_all = !after_divider && matches!(first, Field::Subject | Field::To);
    let mut found = Found::default();
    let mut end = at;
    let mut wrapped = 0;
    let mut next = at;
    while let Some(line) = lines.get(next) {
        if let Some((kind, value)) = field(line) {
            if kind == Field::From && found.from.is_some() && found.seen() >= 2 {
                break;
            }
            found.take(kind, value);
            end = next + 1;
            wrapped = 0;
        } else if line.text.is_empty() {
            // Double-spaced headers: only a further field may follow the blank line.
            let after = super::lines::skip_blank(lines, next);
            let is_field = lines.get(after).and_then(field).is_some_and(|(kind, _)| !found.has(kind));
            if !is_field || 2 < after - next || found.subject.is_some() {
                break;
            }
            next = after;
            continue;
        } else {
            wrapped += 1;
            let is_continued =
                matches!(found.last, Some(Field::To | Field::Other | Field::Subject | Field::From));
            if MOST_WRAPPED < wrapped || !is_continued || !continues(lines, next, &found) {
                break;
            }
            found.wrap(line.text);
            end = next + 1;
        }
        next += 1;
    }
    (found.proves(after_divider) && (!needs_all || 4 <= found.seen())).then(|| found.into_intro(end - at))
}

/// Whether a wrapped line is followed by a further field before the block ends, or is indented under a subject.
fn continues(lines: &[Line<'_>], at: usize, found: &Found) -> bool {
    if found.last == Some(Field::Subject) {
        let next_is_end = lines.get(at + 1).is_none_or(|l| l.text.is_empty() || field(l).is_some());
        return next_is_end && lines[at].text.len() < 80 && lines[at - 1].text.len() > 50;
    }
    let rest = lines[at + 1..].iter().take(MOST_WRAPPED);
    rest.take_while(|l| !l.text.is_empty()).any(|l| field(l).is_some_and(|(kind, _)| !found.has(kind)))
        || (found.last == Some(Field::To) && lines[at].text.contains('@'))
}

#[derive(Default)]
struct Found<'t> {
    from: Option<&'t str>,
    sent: Option<&'t str>,
    to: Option<&'t str>,
    subject: Option<String>,
    other: u8,
    last: Option<Field>,
}

impl<'t> Found<'t> {
    fn take(&mut self, kind: Field, value: &'t str) {
        match kind {
            Field::From => self.from = self.from.or(Some(value)),
            Field::Sent => self.sent = self.sent.or(Some(value)),
            Field::To => self.to = self.to.or(Some(value)),
            Field::Subject => self.subject = self.subject.take().or_else(|| Some(value.to_owned())),
            Field::Other => self.other += 1,
        }
        self.last = Some(kind);
    }

    fn wrap(&mut self, text: &str) {
        if let (Some(Field::Subject), Some(subject)) = (self.last, &mut self.subject) {
            subject.push(' ');
            subject.push_str(text.trim());
        }
    }

    fn has(&self, kind: Field) -> bool {
        match kind {
            Field::From => self.from.is_some(),
            Field::Sent => self.sent.is_some(),
            Field::To => self.to.is_some(),
            Field::Subject => self.subject.is_some(),
            Field::Other => false,
        }
    }

    fn seen(&self) -> u8 {
        [self.from.is_some(), self.sent.is_some(), self.to.is_some(), self.subject.is_some()]
            .iter()
            .map(|b| u8::from(*b))
            .sum()
    }

    fn proves(&self, after_divider: bool) -> bool {
        if after_divider {
            return 2 <= self.seen() || (self.from.is_some() && 0 < self.seen() + self.other);
        }
        let written = self.from.is_some_and(|f| !f.is_empty());
        let dated = self.sent.is_some_and(|s| s.contains(|c: char| c.is_ascii_digit()));
        written && ((dated && 2 <= self.seen()) || (self.to.is_some() && self.subject.is_some()))
    }

    fn into_intro(self, lines: usize) -> Intro {
        // "Ada Moss on 03/03/2026 09:36 AM": Notes puts the date behind the name.
        let from = self.from.unwrap_or_default();
        let (name, behind) = match super::notes::date_behind(from) {
            Some((name, date)) => (name, Some(date)),
            None => (from, None),
        };
        Intro {
            lines,
            from: Mailbox::from_words(name),
            sent_words: self.sent.or(behind).map(str::to_owned).filter(|s| !s.is_empty()),
            subject: self.subject.filter(|s| !s.is_empty()),
            forwarded: false,
        }
    }
}
