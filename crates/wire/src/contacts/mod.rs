//! Contacts as vCard files (2.1, 3.0 and 4.0): people with their addresses and numbers.
//!
//! A file may hold any number of cards. What cannot be read is reported by line, and the others are read. Pictures,
//! sounds and keys are passed over, and so are cards of groups, which are no people.

mod part;
mod write;

use calcard::vcard::{VCard, VCardEntry, VCardProperty, VCardValue};
use calcard::{Entry, Parser};

use crate::csv::RowError;
pub use write::write;

/// The property that says for whom a card was written here.
const FOR: &str = "X-REGARD-FOR";
/// What a card written here holds, and what servers add to each.
const OURS: [&str; 13] =
    ["BEGIN", "END", "VERSION", "PRODID", "UID", "REV", "FN", "N", "ORG", "TITLE", "EMAIL", "TEL", FOR];

/// A person on a card.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Card {
    /// The line on which the card begins, counted from 1.
    pub line: u64,
    /// What makes it the same card when it comes again, where the file says so.
    pub uid: Option<String>,
    /// The person's name; empty where none is given.
    pub name: String,
    /// Where they work, without departments.
    pub organisation: Option<String>,
    /// What they do there.
    pub role: Option<String>,
    /// Mail addresses, as written.
    pub emails: Vec<String>,
    /// Telephone numbers, as written.
    pub phones: Vec<String>,
    /// For whom it was written here; none on a card of anybody else's.
    pub written_for: Option<String>,
}

impl Card {
    /// The name of a person; empty where only an address or a number of theirs, or the place they work at, stands in its
    /// place, as the standard asks for some name.
    pub fn called(&self) -> &str {
        let is_same = |other: &String| one_line(other).eq_ignore_ascii_case(&self.name);
        let mut others = self.emails.iter().chain(&self.phones).chain(&self.organisation);
        if others.any(is_same) { "" } else { &self.name }
    }
}

/// Whether a card holds more than what is written here: a picture, a birthday, a word on what a number is for.
pub fn says_more(words: &str) -> bool {
    let begins = words.lines().filter(|line| !line.starts_with([' ', '\t']) && !line.trim().is_empty());
    let mut heads = begins.map(|line| line.split(':').next().unwrap_or_default().to_ascii_uppercase());
    heads.any(|head| {
        let name = head.split(';').next().unwrap_or_default();
        !OURS.contains(&name) || head.contains(";TYPE=")
    })
}

/// Reads a file: the cards of people, in order, and what is wrong with the others.
pub fn read(bytes: &[u8]) -> (Vec<Card>, Vec<RowError>) {
    let text = part::text(bytes);
    let (mut cards, mut errors) = (Vec::new(), Vec::new());
    let parts = part::parts(&text);
    if parts.is_empty() {
        errors.push(RowError::of_row(1, "this is no file of contacts; export them as vCard (.vcf)"));
    }
    for part in parts {
        match part.words.and_then(|words| one(&words)) {
            Ok(Some(card)) => cards.push(Card { line: part.line, ..card }),
            Ok(None) => {}
            Err(what) => errors.push(RowError::of_row(part.line, what)),
        }
    }
    (cards, errors)
}

/// The person on one card; none where it is of a group.
fn one(words: &str) -> Result<Option<Card>, &'static str> {
    let Entry::VCard(parsed) = Parser::new(words).entry() else {
        return Err("this card cannot be read; export it once more");
    };
    if is_group(&parsed) {
        return Ok(None);
    }
    let card = Card {
        line: 0,
        uid: first(&parsed, &VCardProperty::Uid),
        name: name(&parsed),
        organisation: first(&parsed, &VCardProperty::Org),
        role: first(&parsed, &VCardProperty::Title).or_else(|| first(&parsed, &VCardProperty::Role)),
        emails: each(&parsed, &VCardProperty::Email, email),
        phones: each(&parsed, &VCardProperty::Tel, phone),
        written_for: first(&parsed, &VCardProperty::Other(FOR.to_owned())),
    };
    let is_empty = card.name.is_empty() && card.emails.is_empty() && card.phones.is_empty();
    match is_empty && card.organisation.is_none() {
        true => Err("this card names nobody: it has no name, no address and no number"),
        false => Ok(Some(card)),
    }
}

/// A card of several people, by the standard or by what address books of Apple add to it.
fn is_group(card: &VCard) -> bool {
    card.entries.iter().any(|entry| {
        let is_kind = match &entry.name {
            VCardProperty::Kind => true,
            VCardProperty::Other(name) => name.eq_ignore_ascii_case("X-ADDRESSBOOKSERVER-KIND"),
            _ => false,
        };
        is_kind && words(entry).is_some_and(|kind| kind.eq_ignore_ascii_case("group"))
    })
}

/// The name as it is spoken, else put together from its parts: prefix, given, further, family, suffix.
fn name(card: &VCard) -> String {
    if let Some(formatted) = first(card, &VCardProperty::Fn) {
        return one_line(&formatted);
    }
    let Some(entry) = card.property(&VCardProperty::N) else {
        return first(card, &VCardProperty::Nickname).map(|name| one_line(&name)).unwrap_or_default();
    };
    let part = |at: usize| match entry.values.get(at) {
        Some(VCardValue::Component(words)) => words.join(" "),
        Some(value) => value.as_text().unwrap_or_default().to_owned(),
        None => String::new(),
    };
    one_line(&[3, 1, 2, 0, 4].map(part).join(" "))
}

/// The first value of a property that says something.
fn first(card: &VCard, property: &VCardProperty) -> Option<String> {
    card.properties(property).find_map(words).map(|words| one_line(&words)).filter(|words| !words.is_empty())
}

fn words(entry: &VCardEntry) -> Option<String> {
    entry.values.first()?.as_text().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// All values of a property that can be read, each once.
fn each(card: &VCard, property: &VCardProperty, read: fn(&str) -> Option<String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for entry in card.properties(property) {
        for text in entry.values.iter().filter_map(VCardValue::as_text).filter_map(read) {
            if !found.contains(&text) {
                found.push(text);
            }
        }
    }
    found
}

fn email(text: &str) -> Option<String> {
    let text = text.trim();
    let text = match text.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => &text[7..],
        _ => text,
    };
    let (name, domain) = text.rsplit_once('@')?;
    let is_plain = !text.contains(char::is_whitespace) && !name.is_empty() && !domain.is_empty();
    is_plain.then(|| text.to_owned())
}

/// A number as it is written; of an address of a telephone (`tel:`) the number with its extension.
fn phone(text: &str) -> Option<String> {
    let text = text.trim();
    let text = match text.get(..4) {
        Some(scheme) if scheme.eq_ignore_ascii_case("tel:") => text[4..].replace(";ext=", " ext "),
        _ => text.to_owned(),
    };
    let number = text.split(';').next().unwrap_or_default().trim();
    number.contains(|c: char| c.is_ascii_digit()).then(|| number.to_owned())
}

/// Words on one line, with single spaces.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
