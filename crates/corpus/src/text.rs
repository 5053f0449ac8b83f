//! Words as often as in life: a list of some six thousand, of which the n-th comes up one n-th as often as the first.

use std::collections::HashSet;

use crate::chance::Chance;

/// Words of everyday letters, the commonest first.
const COMMON: &str = "the to of and a in that is for on it be with as this have we not you are by from or an will at \
our your was has which if can would all they any may but been their there so when what more other one no about than out \
up some should who also could time only do its like my had into them were these new two made after over such most work \
way even because see need good then make first before those under must where just now between both day know through \
same each last next week back here how still while well much letter matter file draft lease contract meeting call date \
office client firm team report account invoice payment amount figure question answer point term clause party notice \
agreement copy document plan cost price budget order page section change issue reason result review approval signature \
deadline month year morning afternoon today number address name phone message note list form company property building \
office staff manager director partner colleague bank court insurance tax return audit share loan rent deposit sale \
purchase supplier project stage phase survey site delivery claim offer quote tender policy record request advice help \
support service system process step task action detail information data version comment view opinion option choice \
problem mistake delay progress discuss send read write sign agree confirm check prepare complete arrange provide \
receive include require expect consider explain suggest decide attach forward circulate amend";
const COUNT: usize = 6_000;
/// How finely chance is mapped to words: the rarest come up about twice.
const TABLE: usize = 1 << 17;

pub(crate) struct Vocabulary {
    words: Vec<String>,
    table: Vec<u16>,
}

impl Vocabulary {
    pub(crate) fn new(seed: u64) -> Vocabulary {
        let mut chance = Chance::new(seed, 2);
        let mut words: Vec<String> = COMMON.split_whitespace().map(str::to_string).collect();
        let mut known: HashSet<String> = words.iter().cloned().collect();
        while words.len() < COUNT {
            let word = syllable_word(&mut chance);
            if known.insert(word.clone()) {
                words.push(word);
            }
        }
        let weights: Vec<u64> = (1..=words.len() as u64).map(|rank| (1 << 40) / rank).collect();
        let total: u64 = weights.iter().sum();
        let mut table = Vec::with_capacity(TABLE);
        let mut sum = 0;
        for (word, weight) in weights.iter().enumerate() {
            sum += weight;
            let upto = (u128::from(sum) * TABLE as u128 / u128::from(total)) as usize;
            table.resize(upto.max(table.len()), word as u16);
        }
        Vocabulary { words, table }
    }

    pub(crate) fn word(&self, chance: &mut Chance) -> &str {
        &self.words[usize::from(chance.pick(&self.table))]
    }

    /// A sentence, with now and then a number, an amount or a reference in it.
    pub(crate) fn sentence(&self, chance: &mut Chance, out: &mut String) {
        let count = chance.between(5, 19);
        for i in 0..count {
            if 0 < i {
                out.push_str(if chance.in_thousand(60) { ", " } else { " " });
            }
            match chance.below(1000) {
                _ if i == 0 => push_capitalised(out, self.word(chance)),
                0..8 => out.push_str(&format!("INV-{:05}", chance.below(100_000))),
                8..16 => out.push_str(&format!("£{},{:03}.00", chance.between(1, 90), chance.below(1000))),
                16..24 => out.push_str(&format!("{}", chance.below(2000))),
                24..28 => out.push_str("café"),
                28..34 => push_capitalised(out, self.word(chance)),
                _ => out.push_str(self.word(chance)),
            }
        }
        out.push_str(if chance.in_thousand(60) { "? " } else { ". " });
    }
}

fn push_capitalised(out: &mut String, word: &str) {
    let mut letters = word.chars();
    out.extend(letters.next().into_iter().flat_map(char::to_uppercase));
    out.push_str(letters.as_str());
}

const ONSETS: [&str; 28] = [
    "b", "br", "c", "cl", "d", "dr", "f", "fl", "g", "gr", "h", "j", "l", "m", "n", "p", "pl", "pr", "r",
    "s", "st", "str", "t", "tr", "v", "w", "sh", "th",
];
const VOWELS: [&str; 12] = ["a", "e", "i", "o", "u", "ea", "ou", "ai", "ee", "io", "a", "e"];
const CODAS: [&str; 18] =
    ["", "", "", "n", "r", "l", "s", "t", "d", "m", "nd", "st", "ck", "nt", "ng", "rt", "ble", "tion"];

fn syllable_word(chance: &mut Chance) -> String {
    let mut word = String::new();
    for _ in 0..chance.between(1, 4).min(chance.between(1, 4)) {
        word.push_str(chance.pick(&ONSETS));
        word.push_str(chance.pick(&VOWELS));
        word.push_str(chance.pick(&CODAS));
    }
    word
}

/// A family name.
pub(crate) fn syllable_name(chance: &mut Chance) -> String {
    let mut name = String::new();
    let ending = chance.pick(&["son", "ley", "ton", "well", "man", "ford", "wick", "by"]);
    push_capitalised(&mut name, &(syllable_word(chance) + ending));
    name
}
