//! The words that rules name, and the patterns made of them.
//!
//! A pattern is a row of words: `a/b` either, `a?` may be missing, `$group` any word of a group, `..` up to three
//! further words, `..6` up to six, `^` the beginning of a clause, `^^` of one that may be an order, `.$` the end of a sentence, `?$` one that ends with
//! a question mark. A pattern never crosses the end of its sentence.

use rustc_hash::FxHashMap;

use super::classes::{self, Classes};
use super::clause::{begins, ended, has_subject};
use super::cues::{self, Cue, CueSet};
use super::words::{Shape, Token, hash_word};

/// The number of a word in the lexicon; 0 for all words that no rule names.
pub(super) type WordId = u16;

/// The number of a set of words.
type SetId = u16;

/// One step of a pattern.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// One of these words.
    One(SetId),
    /// One of these words, or nothing.
    Maybe(SetId),
    /// Up to so many words of any kind, but no mark.
    Gap(u8),
    /// The beginning of a clause.
    Start,
    /// The beginning of a clause that has no subject before it.
    Order,
    /// The end of the sentence.
    End,
    /// The end of the sentence, which is a question mark.
    Question,
}

/// A compiled pattern: a stretch of all steps.
#[derive(Debug)]
struct Pattern {
    from: u32,
    to: u32,
    cue: Cue,
    /// What the second word may be.
    second: Glance,
}

/// Whether a word may be among some others: quick, and wrong only by saying yes. Most patterns fail at their second word,
/// and most of these here, before any step is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Glance([u64; 4]);

impl Glance {
    const ANY: Glance = Glance([u64::MAX; 4]);
    const NONE: Glance = Glance([0; 4]);

    /// The place of a word. That of words which no rule names is theirs alone.
    fn place(word: WordId) -> usize {
        if word == 0 { 0 } else { 1 + usize::from(word) % 255 }
    }

    fn add(&mut self, word: WordId) {
        let place = Glance::place(word);
        self.0[place / 64] |= 1 << (place % 64);
    }

    fn holds(&self, word: WordId) -> bool {
        let place = Glance::place(word);
        self.0[place / 64] >> (place % 64) & 1 == 1
    }
}

/// All words and patterns, compiled once.
pub(super) struct Lexicon {
    ids: FxHashMap<u32, WordId>,
    classes: FxHashMap<u32, Classes>,
    /// All that is known of a word, for one look.
    known: FxHashMap<u32, Known>,
    /// One word for another way to write it.
    plain: FxHashMap<u32, u32>,
    /// Two words for a contraction.
    joined: FxHashMap<u32, (u32, u32)>,
    patterns: Vec<Pattern>,
    steps: Vec<Step>,
    /// The sets of words that steps name, each once.
    sets: Vec<Vec<WordId>>,
    /// For each word, one bit for each set that holds it. All patterns that may begin at a word ask for the same few.
    member: Vec<u64>,
    /// How many numbers of `member` belong to one word.
    stride: usize,
    /// For each word, the patterns that may begin with it.
    by_first: Vec<Vec<u16>>,
    number: WordId,
}

/// What the lexicon knows of a word as it is written.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Known {
    /// The hash of the usual way to write it.
    pub plain: u32,
    /// The number of that word.
    pub word: WordId,
    /// The classes of that word.
    pub classes: Classes,
    /// Where it is a contraction: the two words of it.
    pub joined: Option<(u32, u32)>,
}

/// Where a cue was found: tokens `from..to` of the sentence.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    /// Which cue.
    pub cue: Cue,
    /// First token.
    pub from: u32,
    /// Past the last token.
    pub to: u32,
}

impl Lexicon {
    /// Compiles the tables of [`cues`].
    pub fn new() -> Lexicon {
        let mut lexicon = Lexicon {
            ids: FxHashMap::default(),
            classes: FxHashMap::default(),
            known: FxHashMap::default(),
            plain: FxHashMap::default(),
            joined: FxHashMap::default(),
            patterns: Vec::new(),
            steps: Vec::new(),
            sets: Vec::new(),
            member: Vec::new(),
            stride: 0,
            by_first: vec![Vec::new()],
            number: 0,
        };
        for (surface, word) in cues::PLAIN {
            lexicon.plain.insert(hash_word(surface), hash_word(word));
        }
        for (surface, one, two) in cues::JOINED {
            lexicon.joined.insert(hash_word(surface), (hash_word(one), hash_word(two)));
        }
        lexicon.number = lexicon.add("<number>");
        for (hash, class) in classes::all() {
            let of_word = lexicon.classes.entry(lexicon.plain(hash)).or_default();
            if let Some(free) = of_word.iter().position(|&c| c == 0).filter(|_| !of_word.contains(&class)) {
                of_word[free] = class;
            }
        }
        for (cue, patterns) in cues::tables() {
            for pattern in patterns.iter() {
                lexicon.compile(cue, pattern);
            }
        }
        lexicon.turn_round();
        lexicon.gather();
        lexicon
    }

    /// All that is known of a word with this hash.
    pub fn known(&self, hash: u32) -> Known {
        self.known.get(&hash).copied().unwrap_or(Known { plain: hash, ..Known::default() })
    }

    /// Gathers what is known of each word.
    fn gather(&mut self) {
        let hashes: Vec<u32> =
            [&self.plain.keys().copied().collect::<Vec<_>>(), &self.joined.keys().copied().collect()]
                .into_iter()
                .flatten()
                .copied()
                .chain(self.ids.keys().copied())
                .chain(self.classes.keys().copied())
                .collect();
        for hash in hashes {
            let plain = self.plain(hash);
            let known = Known {
                plain,
                word: self.ids.get(&plain).copied().unwrap_or(0),
                classes: self.classes.get(&plain).copied().unwrap_or_default(),
                joined: self.joined.get(&hash).copied(),
            };
            self.known.insert(hash, known);
        }
    }

    /// The word that stands for all numbers.
    pub fn number(&self) -> WordId {
        self.number
    }

    /// The usual way to write this word.
    fn plain(&self, hash: u32) -> u32 {
        self.plain.get(&hash).copied().unwrap_or(hash)
    }

    fn add(&mut self, word: &str) -> WordId {
        let next = self.by_first.len() as WordId;
        // As the splitter writes words: without hyphens, in the usual way.
        let hash = self.plain(hash_word(&word.replace('-', "")));
        let id = *self.ids.entry(hash).or_insert(next);
        if id == next {
            self.by_first.push(Vec::new());
        }
        id
    }

    fn words(&mut self, list: &str) -> Vec<WordId> {
        let mut ids = Vec::new();
        for word in list.split('/') {
            match word.strip_prefix('$') {
                Some(group) => {
                    for word in cues::group(group).split_whitespace() {
                        ids.push(self.add(word));
                    }
                }
                None => ids.push(self.add(word)),
            }
        }
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// The number of a set of words; the same words have the same number.
    fn set(&mut self, ids: Vec<WordId>) -> SetId {
        let known = self.sets.iter().position(|set| *set == ids);
        known.unwrap_or_else(|| {
            self.sets.push(ids);
            self.sets.len() - 1
        }) as SetId
    }

    fn compile(&mut self, cue: Cue, pattern: &str) {
        let number = self.patterns.len() as u16;
        let from = self.steps.len();
        let mut may_begin = true;
        for part in pattern.split_whitespace() {
            let step = match part {
                "^" => Step::Start,
                "^^" => Step::Order,
                ".$" => Step::End,
                "?$" => Step::Question,
                ".." => Step::Gap(3),
                _ if part.starts_with("..") => Step::Gap(part[2..].parse().unwrap_or(3)),
                _ => {
                    let (list, optional) = part.strip_suffix('?').map_or((part, false), |list| (list, true));
                    let ids = self.words(list);
                    if may_begin {
                        for &id in &ids {
                            let begun = &mut self.by_first[usize::from(id)];
                            if begun.last() != Some(&number) {
                                begun.push(number);
                            }
                        }
                    }
                    may_begin &= optional;
                    let set = self.set(ids);
                    if optional { Step::Maybe(set) } else { Step::One(set) }
                }
            };
            self.steps.push(step);
        }
        let second = self.second(from);
        self.patterns.push(Pattern { from: from as u32, to: self.steps.len() as u32, cue, second });
    }

    /// What the second word of the pattern whose steps begin here may be.
    fn second(&self, from: usize) -> Glance {
        let mut steps = self.steps[from..].iter().filter(|s| !matches!(s, Step::Start | Step::Order));
        // Where the first word may be missing, the second may be any.
        let Some(Step::One(_)) = steps.next() else { return Glance::ANY };
        let mut glance = Glance::NONE;
        for step in steps {
            match step {
                Step::One(set) | Step::Maybe(set) => {
                    self.sets[usize::from(*set)].iter().for_each(|&word| glance.add(word));
                    if matches!(step, Step::One(_)) {
                        return glance;
                    }
                }
                _ => break,
            }
        }
        Glance::ANY
    }

    /// From the words of each set to the sets of each word.
    fn turn_round(&mut self) {
        self.stride = self.sets.len().div_ceil(64);
        self.member = vec![0; self.stride * self.by_first.len()];
        for (set, words) in self.sets.iter().enumerate() {
            for &word in words {
                self.member[usize::from(word) * self.stride + set / 64] |= 1 << (set % 64);
            }
        }
    }

    fn holds(&self, set: SetId, word: WordId) -> bool {
        let place = usize::from(word) * self.stride + usize::from(set) / 64;
        self.member[place] >> (set % 64) & 1 == 1
    }

    /// All cues of one sentence's tokens, in the order of the text.
    pub fn find(&self, tokens: &[Token], hits: &mut Vec<Hit>) -> CueSet {
        let mut found = CueSet::default();
        for (at, token) in tokens.iter().enumerate() {
            // Past the end there is no word, as there is none where a mark stands.
            let next = tokens.get(at + 1).map_or(0, |t| t.word);
            for &number in &self.by_first[usize::from(token.word)] {
                let pattern = &self.patterns[usize::from(number)];
                if !pattern.second.holds(next) {
                    continue;
                }
                let steps = &self.steps[pattern.from as usize..pattern.to as usize];
                if let Some(to) = self.matches(steps, tokens, at) {
                    hits.push(Hit { cue: pattern.cue, from: at as u32, to: to as u32 });
                    found.insert(pattern.cue);
                }
            }
        }
        found
    }

    /// Where a match of `steps` at token `at` ends.
    fn matches(&self, mut steps: &[Step], tokens: &[Token], mut at: usize) -> Option<usize> {
        while let Some((step, rest)) = steps.split_first() {
            let goes_on = match *step {
                Step::One(set) => {
                    at += 1;
                    self.holds(set, tokens.get(at - 1)?.word)
                }
                Step::Maybe(set) => {
                    if tokens.get(at).is_some_and(|t| self.holds(set, t.word))
                        && let Some(end) = self.matches(rest, tokens, at + 1)
                    {
                        return Some(end);
                    }
                    true
                }
                Step::Gap(most) => return self.after_gap(most, rest, tokens, at),
                Step::Start => begins(tokens, at),
                Step::Order => begins(tokens, at) && !has_subject(&tokens[..at]),
                Step::End => ended(tokens, at, false),
                Step::Question => ended(tokens, at, true),
            };
            if !goes_on {
                return None;
            }
            steps = rest;
        }
        Some(at)
    }

    /// Where a match ends that goes on after up to so many words of any kind.
    fn after_gap(&self, most: u8, rest: &[Step], tokens: &[Token], at: usize) -> Option<usize> {
        for from in at..=at + usize::from(most) {
            if let Some(end) = self.matches(rest, tokens, from) {
                return Some(end);
            }
            if tokens.get(from)?.shape == Shape::Mark {
                return None;
            }
        }
        None
    }
}
