//! Which clients a text names.

use aho_corasick::{AhoCorasick, MatchKind};

/// Words at the end of a firm's name that people leave out.
const LEGAL_FORMS: [&str; 22] = [
    "ab",
    "ag",
    "bv",
    "co",
    "company",
    "corp",
    "corporation",
    "gmbh",
    "group",
    "inc",
    "incorporated",
    "kg",
    "limited",
    "llc",
    "llp",
    "ltd",
    "nv",
    "oy",
    "plc",
    "pty",
    "sa",
    "sarl",
];

/// Words before a person's name.
const TITLES: [&str; 9] = ["dame", "dr", "lady", "lord", "miss", "mr", "mrs", "ms", "sir"];

/// A shorter name stands in too many texts by chance.
const SHORTEST_NAME: usize = 4;

/// Looks for the names of clients in texts.
#[derive(Default)]
pub struct Mentions {
    names: Option<AhoCorasick>,
    clients: Vec<u32>,
}

impl Mentions {
    /// Looks for these names; the place of each in the list is what is found.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Mentions {
        let mut patterns = Vec::new();
        let mut clients = Vec::new();
        for (place, name) in names.into_iter().enumerate() {
            let short = short_name(name);
            if SHORTEST_NAME <= short.len() {
                patterns.push(short);
                clients.push(place as u32);
            }
        }
        let names = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .build(&patterns)
            .ok()
            .filter(|_| !patterns.is_empty());
        Mentions { names, clients }
    }

    /// The clients that a text names as whole words, each once, in the order of the list.
    pub fn find(&self, text: &str) -> Vec<u32> {
        let Some(names) = &self.names else { return Vec::new() };
        let mut found: Vec<u32> = names
            .find_iter(text)
            .filter(|hit| is_whole_word(text, hit.start(), hit.end()))
            .map(|hit| self.clients[hit.pattern().as_usize()])
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// A name as people say it: without title and legal form.
fn short_name(name: &str) -> String {
    let mut words: Vec<&str> = name.split_whitespace().collect();
    if 2 < words.len() && TITLES.contains(&words[0].trim_end_matches('.').to_lowercase().as_str()) {
        words.remove(0);
    }
    while 1 < words.len()
        && words.last().is_some_and(|word| {
            let bare: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
            bare.is_empty() || LEGAL_FORMS.contains(&bare.to_lowercase().as_str())
        })
    {
        words.pop();
    }
    words.join(" ").trim_end_matches([',', '.']).to_owned()
}

fn is_whole_word(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).and_then(|t| t.chars().next_back());
    let after = text.get(end..).and_then(|t| t.chars().next());
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_as_whole_words_and_without_their_legal_form() {
        let mentions = Mentions::of(["Acme Holdings Ltd.", "Bo", "Fern & Daughters"]);
        assert_eq!(mentions.find("Has ACME holdings paid? Fern & Daughters has."), [0, 2]);
        assert_eq!(mentions.find("Bo asked about fernery."), Vec::<u32>::new());
        assert_eq!(Mentions::of(["Mrs Jo Fern"]).find("Jo Fern rang."), [0]);
        assert_eq!(Mentions::of([]).find("Acme"), Vec::<u32>::new());
    }
}
