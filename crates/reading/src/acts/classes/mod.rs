//! Classes of words: what the model knows of a word that no labelled text holds.
//!
//! "Your secretary hung up" and "your engineer never came" share no word that says much; by classes both are
//! *your team fail*. So the model also sees the classes of a sentence, in their order and a few apart.

mod words;

use super::words::{HASH_SEED, hash_byte};

/// The first two classes that name a word, counted from 1; 0 where it has none or only one.
pub(super) type Classes = [u8; 2];

/// Every word of the tables with its classes, by the hash of the word.
pub(super) fn all() -> impl Iterator<Item = (u32, u8)> {
    words::CLASSES.iter().enumerate().flat_map(|(number, (_, list))| {
        list.split_whitespace().flat_map(forms).map(move |hash| (hash, number as u8 + 1))
    })
}

/// The hashes of a word and of the word with each of its endings.
fn forms(entry: &str) -> impl Iterator<Item = u32> {
    let mut parts = entry.split('/');
    let stem = parts.next().unwrap_or_default();
    let ends = parts.collect::<Vec<_>>();
    std::iter::once("")
        .chain(ends)
        .map(move |end| stem.bytes().chain(end.bytes()).filter(|&b| b != b'-').fold(HASH_SEED, hash_byte))
}

/// The first classes name people: whoever speaks, is spoken to and is spoken of.
pub(super) const PEOPLE: u8 = 8;
/// The class of numbers.
pub(super) const NUMBERS: u8 = words::CLASSES.len() as u8 + 1;

#[cfg(test)]
mod tests {
    use super::super::words::hash_words;
    use super::*;

    #[test]
    fn endings_make_words() {
        let forms: Vec<u32> = forms("miss/es/ed").collect();
        assert_eq!(forms, hash_words::<3>("miss misses missed"));
    }
}
