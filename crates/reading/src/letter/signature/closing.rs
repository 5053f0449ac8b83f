//! A closing, a name, and the lines below it: title, firm, telephone numbers.

use std::sync::LazyLock;

use super::super::address::Mailbox;
use super::super::words::Exact;
use super::Row;
use super::footer::is_rule;

/// A signature takes up to this many lines, blank ones aside.
const MOST_LINES: usize = 14;

static CLOSINGS: LazyLock<Exact> = LazyLock::new(|| Exact::new(include_str!("../words/closings.txt")));

/// Single words that answer, greet or tell a day: no names.
static NO_NAMES: LazyLock<Exact> = LazyLock::new(|| Exact::new(include_str!("../words/no-names.txt")));

/// The names of the writer, in lower case.
pub(super) struct Sender {
    words: Vec<String>,
}

impl Sender {
    pub(super) fn of(mailbox: Option<&Mailbox>) -> Sender {
        let mut words: Vec<String> = Vec::new();
        let mut push = |text: &str| {
            let parts = text.split(|c: char| !c.is_alphanumeric());
            words.extend(
                parts
                    .filter(|w| 2 < w.chars().count() && !w.bytes().all(|b| b.is_ascii_digit()))
                    .map(str::to_lowercase),
            );
        };
        if let Some(mailbox) = mailbox {
            push(mailbox.name.as_deref().unwrap_or_default());
            push(mailbox.address.split('@').next().unwrap_or_default());
        }
        Sender { words }
    }

    /// Whether a line names the writer, by a whole word.
    fn is_in(&self, line: &str) -> bool {
        line.split(|c: char| !c.is_alphanumeric()).any(|word| {
            let lower = word.to_lowercase();
            // "jsmith" of an address holds the surname of "John Smith".
            2 < lower.len()
                && self.words.iter().any(|w| {
                    *w == lower
                        || (4 < w.len() && 3 < lower.len() && w.ends_with(&lower))
                        || (4 <= w.len() && lower.starts_with(w.as_str()))
                })
        })
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Blank,
    /// A closing alone.
    Closing,
    /// A closing and the writer's name on one line.
    Signed,
    /// A line that holds the writer's name and little else.
    Sender,
    /// Words that could be a name.
    Name,
    /// Telephone, address, link.
    Contact,
    /// A title or a firm.
    Short,
    Rule,
    Text,
}

/// The number of the first line of the signature; the count of lines where there is none.
pub(super) fn start(rows: &[Row<'_>], sender: &Sender, only_sure: bool, has_words_above: bool) -> usize {
    let end = rows.iter().rposition(|r| !r.text.is_empty()).map_or(0, |at| at + 1);
    let mut climb = Climb { rows, sender, only_sure, found: None, taken: 0, contacts: 0 };
    let mut blanks = 0;
    for at in (0..end).rev() {
        if climb.taken == MOST_LINES {
            break;
        }
        let kind = kind(rows[at].text, sender);
        if kind == Kind::Blank {
            blanks += 1;
            if 3 < blanks {
                break;
            }
            continue;
        }
        if !climb.goes_on_past(at, kind) {
            break;
        }
        blanks = 0;
        climb.taken += 1;
    }
    let none = rows.len();
    let Some(found) = climb.found else { return none };
    let is_above = has_words_above || rows[..found].iter().any(|r| !r.text.is_empty());
    // A message that is nothing but a name and a number was sent to tell them.
    if !is_above && (0 < climb.contacts || end - found <= 1) {
        return none;
    }
    found
}

/// A look at the lines of a letter from its last one upwards.
struct Climb<'r> {
    rows: &'r [Row<'r>],
    sender: &'r Sender,
    only_sure: bool,
    /// The highest line that is known to be of the signature.
    found: Option<usize>,
    /// Lines passed that are not blank, and those of them that tell how to reach the writer.
    taken: usize,
    contacts: usize,
}

impl Climb<'_> {
    /// Takes the line in, and says whether those above it may be of the signature too.
    fn goes_on_past(&mut self, at: usize, kind: Kind) -> bool {
        let follows = self.found.is_some_and(|f| f == at + 1);
        match kind {
            Kind::Blank => true,
            Kind::Closing => {
                self.found = self.found.map(|_| at);
                false
            }
            Kind::Signed => {
                self.found = Some(at);
                false
            }
            Kind::Sender => {
                self.found = Some(at);
                true
            }
            Kind::Name if follows || self.is_first_name(at) => {
                self.found = Some(at);
                true
            }
            Kind::Name => self.found.is_some() || self.taken != 0 || self.stands_alone(at),
            Kind::Contact => {
                self.contacts += 1;
                true
            }
            Kind::Short | Kind::Rule
                if follows && (kind == Kind::Rule || is_title_case(self.rows[at].text)) =>
            {
                self.found = Some(at);
                true
            }
            Kind::Short => self.found.is_none(),
            Kind::Rule => true,
            Kind::Text => false,
        }
    }

    /// The lowest name of a letter signs it, unless it is an item of a list; between quotes a word is no name.
    fn is_first_name(&self, at: usize) -> bool {
        let rows = self.rows;
        let is_item = || 1 < bare_words(rows[at].text) && is_in_list(rows, at);
        self.found.is_none()
            && !self.only_sure
            && !is_item()
            && (self.stands_alone(at) || is_below_short(rows, at, self.sender))
    }

    /// A name stands apart from the words above it, or closes them after a full stop; only one does.
    fn stands_alone(&self, at: usize) -> bool {
        let rows = self.rows;
        at == 0
            || rows[at - 1].text.is_empty()
            || ends_sentence(rows[at - 1].text)
            || is_rule(rows[at - 1].text)
            || is_closing_row(rows, at)
    }
}

fn bare_words(line: &str) -> usize {
    line.split_whitespace().count()
}

/// Whether the line above is short and ends no sentence, as items of a list are.
fn is_in_list(rows: &[Row<'_>], at: usize) -> bool {
    let above = rows[..at].iter().rev().find(|r| !r.text.is_empty());
    above.is_some_and(|r| {
        let is_item = r.text.len() < 60 && !ends_sentence(r.text) && !r.text.ends_with(',');
        is_item && !is_closing(r.text) && !is_rule(r.text)
    })
}

fn is_closing_row(rows: &[Row<'_>], at: usize) -> bool {
    at.checked_sub(1).is_some_and(|above| is_closing(rows[above].text))
}

/// A firm's name above the name of a person.
fn is_below_short(rows: &[Row<'_>], at: usize, sender: &Sender) -> bool {
    let above = rows[..at].iter().rposition(|r| kind(r.text, sender) != Kind::Short).map_or(0, |a| a + 1);
    above < at
        && at - above <= 2
        && (above == 0 || rows[above - 1].text.is_empty())
        && rows[above..at].iter().all(|r| is_title_case(r.text))
}

fn ends_sentence(line: &str) -> bool {
    line.ends_with(['.', '!', '?', ')', ':', '…'])
}

fn kind(line: &str, sender: &Sender) -> Kind {
    if line.is_empty() {
        return Kind::Blank;
    }
    if 100 < line.len() {
        return Kind::Text;
    }
    if is_closing(line) {
        return Kind::Closing;
    }
    if is_rule(line) {
        return Kind::Rule;
    }
    let bare = line.trim_start_matches(['-', '~', '/', '*', '–', '—', '_', ' ', '#', '|', '>']);
    let words = bare.split_whitespace().count();
    if words == 0 {
        return Kind::Rule;
    }
    if words <= 6 && is_signed(bare, sender) {
        return Kind::Signed;
    }
    let is_contact = is_contact(line);
    if words <= 5
        && !is_contact
        && !bare.ends_with(['?', '!', ':'])
        && sender.is_in(bare)
        && is_capitalised(bare)
    {
        return Kind::Sender;
    }
    if is_contact {
        return if sender.is_in(bare) && words <= 2 && line.contains('@') {
            Kind::Sender
        } else {
            Kind::Contact
        };
    }
    if words <= 4 && is_name(bare) {
        return Kind::Name;
    }
    // "CEO @ Acme !", "Partner | Moss & Hill": a title and a firm.
    let is_titled = words <= 8 && [" @ ", " | ", " · ", " • "].iter().any(|sep| line.contains(sep));
    let is_short = line.len() <= 64
        && words <= 9
        && !ends_sentence(line.trim_end_matches(')'))
        && (is_capitalised(bare) || words <= 3);
    if is_short || is_titled { Kind::Short } else { Kind::Text }
}

fn is_closing(line: &str) -> bool {
    if 60 < line.len() {
        return false;
    }
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric());
    let lower = bare.to_lowercase();
    CLOSINGS.has(&lower)
}

/// "Thanks, Ada", "Your friend, Ada.", where Ada is the writer.
fn is_signed(line: &str, sender: &Sender) -> bool {
    let Some((closing, name)) = line.rsplit_once(',') else { return false };
    let name = name.trim().trim_end_matches('.');
    let known = is_closing(closing);
    let is_writer = sender.is_in(name) && is_name(name);
    !name.is_empty()
        && name.split_whitespace().count() <= 3
        && ((known && is_writer)
            || (is_writer
                && closing.split_whitespace().count() <= 3
                && closing.starts_with(|c: char| c.is_uppercase())))
        || (known && sender.words.is_empty() && is_name(name))
}

fn is_name(bare: &str) -> bool {
    let bare = bare.trim_end_matches([',', '.', '*', ' ']);
    if bare.is_empty() || 40 < bare.len() {
        return false;
    }
    let mut words = 0;
    for word in bare.split_whitespace() {
        words += 1;
        let lower = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let is_particle = matches!(
            lower.as_str(),
            "de" | "van"
                | "von"
                | "der"
                | "den"
                | "la"
                | "le"
                | "da"
                | "di"
                | "del"
                | "bin"
                | "y"
                | "e"
                | "el"
                | "al"
                | "zu"
                | "ter"
                | "ten"
        );
        let letters =
            word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '\'' | '’' | '-' | '(' | ')' | '"'));
        let capital = word.trim_start_matches(['"', '(', '\'']).starts_with(|c: char| c.is_uppercase());
        if !letters || !(capital || (is_particle && 1 < words)) || NO_NAMES.has(&lower) {
            return false;
        }
    }
    // One letter is an initial only as "A."; two as "AM".
    2 <= bare.chars().filter(|c| c.is_alphabetic()).count()
}

fn is_capitalised(line: &str) -> bool {
    line.chars().find(|c| c.is_alphabetic()).is_none_or(|c| !c.is_lowercase())
}

/// Nearly every word begins with a capital or holds a digit.
fn is_title_case(line: &str) -> bool {
    let words = line.split_whitespace().filter(|w| 3 < w.len());
    let (mut all, mut high) = (0, 0);
    for word in words {
        all += 1;
        high += usize::from(
            word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || !c.is_alphanumeric()),
        );
    }
    high == all && !line.ends_with(['.', '?', '!', ':'])
}

/// A telephone number, an e-mail address, a link, or a line that says it is one.
fn is_contact(line: &str) -> bool {
    let bytes = line.as_bytes();
    let digits = bytes.iter().filter(|b| b.is_ascii_digit()).count();
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    let words = line.split_whitespace().count();
    if words <= 3 && (line.contains('@') || line.contains("www.") || line.contains("://")) {
        return true;
    }
    if words <= 8
        && line.contains('@')
        && line.contains('.')
        && (line.contains('*') || line.contains('|') || line.contains("mail"))
    {
        return true;
    }
    let lower = line.to_lowercase();
    const LABELS: &[&str] = &[
        "tel", "phone", "fax", "cell", "mobile", "mob", "direct", "office", "ext", "voice", "pager", "desk",
        "home", "work", "fon", "handy", "telefon", "tél", "ph", "p:", "m:", "t:", "f:", "o:", "d:", "c:",
        "h:", "e:", "w:",
    ];
    let labelled = LABELS.iter().any(|l| lower.contains(l));
    (7 <= digits && letters <= 28 && (digits * 2 > letters || labelled))
        || (3 <= digits
            && words <= 3
            && letters <= 5
            && (lower.starts_with('x')
                || lower.starts_with('*')
                || lower.starts_with('#')
                || labelled
                || 7 <= digits))
        || (5 <= digits && labelled && words <= 10 && line.len() < 70)
}
