//! Walls on the way out: whoever is kept out of a client or a matter sends no letter to or on it, whenever it was
//! written.
//!
//! Mail is not filed by matter, so a letter is taken for one on a matter where its subject or its words, quoted ones
//! among them, name that matter as the firm's list does, by name or by number.

use reading::letter;

use super::Outgoing;
use crate::access::walls::{self, Wall};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::{ClientId, FirmId, StaffId};
use crate::matters;
use crate::record::{addresses, book};

/// What a wall keeps a letter's writer out of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Barred {
    /// A client whom it is about or goes to.
    Client,
    /// A matter that it names.
    Matter,
}

impl Barred {
    /// Why the letter does not leave, as the end of a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Barred::Client => {
                "a wall keeps its writer out of a client whom it goes to; ask an owner of the firm"
            }
            Barred::Matter => {
                "a wall keeps its writer out of a matter that it names; ask an owner of the firm"
            }
        }
    }
}

/// What a letter says and whom it goes to.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The client that it is written to.
    pub client: Option<ClientId>,
    /// Everybody who gets it.
    pub recipients: &'a [String],
    /// Its subject and its words.
    pub texts: &'a [&'a str],
}

/// The wall between a message on its way out and its writer.
pub(super) async fn before(tx: &mut Tx, firm: FirmId, outgoing: &Outgoing) -> Result<Option<Barred>> {
    let Some(writer) = outgoing.by else { return Ok(None) };
    let walls = of(tx, firm, writer).await?;
    if walls.is_empty() {
        return Ok(None);
    }
    // What cannot be read as a letter has no words to look at; its people are looked at all the same.
    let text = letter::parse(&outgoing.bytes).map(|letter| letter.text).unwrap_or_default();
    let texts = [outgoing.subject.as_str(), &text];
    let about = About { client: outgoing.client, recipients: &outgoing.recipients, texts: &texts };
    one_of(tx, firm, &walls, &about).await
}

/// The wall between somebody and a letter, if there is one.
pub async fn between(
    tx: &mut Tx,
    firm: FirmId,
    writer: StaffId,
    about: &About<'_>,
) -> Result<Option<Barred>> {
    let walls = of(tx, firm, writer).await?;
    one_of(tx, firm, &walls, about).await
}

async fn of(tx: &mut Tx, firm: FirmId, writer: StaffId) -> Result<Vec<Wall>> {
    let mut walls = walls::all(tx, firm).await?;
    walls.retain(|wall| wall.staff == writer);
    Ok(walls)
}

/// Which of these walls stands before a letter.
async fn one_of(tx: &mut Tx, firm: FirmId, walls: &[Wall], about: &About<'_>) -> Result<Option<Barred>> {
    // For most people there are none.
    if walls.is_empty() {
        return Ok(None);
    }
    let book = book::at_hand(tx, firm).await?.book;
    let directory = &book.directory;
    let mut clients: Vec<ClientId> =
        about.client.map(|client| directory.client(client)).into_iter().collect();
    for recipient in about.recipients {
        let known = addresses::find(tx, firm, recipient).await?;
        clients.extend(known.and_then(|known| directory.who(known).client()));
    }
    let whole = walls.iter().filter(|wall| wall.matter.is_none());
    if whole.map(|wall| directory.client(wall.client)).any(|walled| clients.contains(&walled)) {
        return Ok(Some(Barred::Client));
    }
    let all = matters::store::all(tx, firm).await?;
    let walled = all.iter().filter(|matter| walls.iter().any(|wall| wall.matter == Some(matter.id)));
    let texts: Vec<String> = about.texts.iter().map(|text| text.to_lowercase()).collect();
    let mut names = walled.flat_map(|matter| [&matter.name, &matter.external_key]);
    Ok(names.any(|name| texts.iter().any(|text| names_it(text, name))).then_some(Barred::Matter))
}

/// Whether a text in lower case has a name in it, as words of its own, however it is broken into lines.
fn names_it(text: &str, name: &str) -> bool {
    let name = name.to_lowercase();
    let mut words = name.split_whitespace();
    let Some(first) = words.next() else { return false };
    let rest: Vec<&str> = words.collect();
    text.match_indices(first).any(|(at, _)| {
        let mut left = &text[at + first.len()..];
        for word in &rest {
            // What answers are quoted with may stand where a line breaks.
            let blank = left.trim_start_matches(|c: char| c.is_whitespace() || c == '>');
            if blank.len() == left.len() || !blank.starts_with(word) {
                return false;
            }
            left = &blank[word.len()..];
        }
        let is_inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !is_inside(text[..at].chars().next_back()) && !is_inside(left.chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matter_is_named_by_words_of_its_own() {
        let named = |text: &str| names_it(&text.to_lowercase(), "Sale of Mill Lane");
        assert!(named("On the sale of Mill Lane, as we said") && named("(SALE OF MILL LANE)"));
        assert!(named("> about the sale\n> of Mill\n> Lane."));
        assert!(!named("the resale of Mill Lanes") && !named("sale of Mill and Lane") && !named(""));
        assert!(names_it("re: m-17", "M-17") && !names_it("re: m-170", "M-17"));
        assert!(!names_it("anything", "") && !names_it("anything", "  "));
    }
}
