//! Posts: what is written in public, or in a chat, to a firm or to nobody. Whether a post complains is judged by all of it.
//!
//! A letter says in sentences what it wants, and is judged by its likeliest one. A post is short, greets nobody, addresses
//! whom it means by a handle, and says in no one sentence what went wrong: so its words, its letters and its outward form
//! are weighed together, by weights of their own. No letter is read by them.

use super::features::{Analysis, FIRST_PERSON, SECOND_PERSON};
use super::label::Label;
use super::model::{Model, Posts, WIDTH, logistic};
use super::rows::mixed;
use super::sentences::{Part, Sentence};
use super::words::{HASH_SEED, Shape, Token, hash_byte, hash_words};

/// How many weights there are, as a power of two.
pub(super) const BITS: u32 = 17;
/// Posts are no longer than this, in bytes.
const LONGEST: usize = 700;
/// A greeting is no longer than this.
const GREETING: usize = 4;

/// What the model sees of a post, in four parts: the places of their weights.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PostFeatures {
    /// Of its words, of two that stand together, and of what is denied.
    pub words: Vec<u32>,
    /// Of runs of two to five letters.
    pub letters: Vec<u32>,
    /// Of what the model sees of its sentences in letters as well: classes of words, and what the rules found.
    pub sentences: Vec<u32>,
    /// Of its outward form, and of each rule that found something.
    pub form: Vec<u32>,
}

impl PostFeatures {
    /// The parts, each of which counts as much as the others.
    pub fn parts(&self) -> [&[u32]; 4] {
        [&self.words, &self.letters, &self.sentences, &self.form]
    }
}

/// Whether a text is a post, by its form alone: short, one paragraph, with somebody addressed by a handle or a subject named
/// by a hash, and with no greeting, quoted line or signature of a letter.
pub(super) fn is_post(text: &str, tokens: &[Token], sentences: &[Sentence]) -> bool {
    if text.len() > LONGEST || tokens.iter().skip(1).any(|t| t.lines_before >= 2) {
        return false;
    }
    let handles = |among: std::ops::Range<usize>| among.into_iter().any(|at| handle(tokens, at).is_some());
    // "Hey @parcelgo" on one line greets nobody by a name.
    let one_line = tokens.iter().skip(1).all(|t| t.lines_before == 0);
    let greets = sentences.first().is_some_and(|s| s.from > 0 || s.part == Part::Frame)
        && !(one_line && handles(0..GREETING.min(tokens.len())));
    let signs = |s: &Sentence| s.part == Part::Frame && 0 < s.from && 0 < tokens[s.from].lines_before;
    let quotes = |s: &Sentence| s.part == Part::Quoted;
    !greets
        && !sentences.iter().any(|s| signs(s) || quotes(s))
        && (handles(0..tokens.len()) || (0..tokens.len()).any(|at| is_hashtag(tokens, at)))
}

/// The tokens of the name behind an @ that begins a word, without it.
fn handle(tokens: &[Token], at: usize) -> Option<&[Token]> {
    let begins = tokens[at].is_mark('@') && tokens[at].run == 1;
    let free = tokens[at].spaced || at == 0 || tokens[at - 1].shape == Shape::Mark;
    // "@_jo": a name may begin with a line.
    let line = tokens.get(at + 1).is_some_and(|t| t.is_mark('_') && !t.spaced);
    let name = at + 1..at + 2 + usize::from(line);
    let is_name = tokens.get(name.end - 1).is_some_and(|t| !t.spaced && t.shape != Shape::Mark);
    if begins && free && is_name { tokens.get(name) } else { None }
}

/// "#delayed", but not "#3" and "no. #14".
fn is_hashtag(tokens: &[Token], at: usize) -> bool {
    let named = tokens.get(at + 1).is_some_and(|t| !t.spaced && t.shape == Shape::Word);
    tokens[at].is_mark('#') && tokens[at].run == 1 && named
}

/// Whom a handle means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whom {
    /// Those whose work it is to help a firm's customers, by the words in the name.
    Desk,
    /// Anybody.
    Somebody,
}

/// Words in the names of desks that help customers.
const DESKS: [&str; 8] = ["help", "support", "care", "service", "assist", "team", "cust", "desk"];

fn whom(name: &str) -> Whom {
    let name = name.to_ascii_lowercase();
    let desk = DESKS.iter().any(|word| name.contains(word)) || name.ends_with("cs");
    if desk { Whom::Desk } else { Whom::Somebody }
}

/// Below what is told of letters ([`super::reader::told_from`]).
const NOT_TOLD: f32 = 0.41;

/// Words that deny what stands behind them.
const DENYING: [u32; 10] = hash_words("not no never nothing nobody none without cannot hardly nowhere");
/// So many words behind it are denied.
const DENIED: u32 = 4;
/// Runs of letters have so many.
const RUNS: std::ops::RangeInclusive<usize> = 2..=5;

/// Stand in the text for what is named or shown in it.
const DESK: u8 = 1;
const SOMEBODY: u8 = 2;
const LINK: u8 = 3;
const PICTURE: u8 = 4;

/// Tell the kinds of features apart.
const WORD: u32 = 0x68bc_21eb;
const PAIR: u32 = 0x02e5_be93;
const NOT: u32 = 0x967a_889b;
const LETTERS: u32 = 0x85eb_ca6b;
const FORM: u32 = 0xc2b2_ae35;
const CUE: u32 = 0x27d4_eb2f;
const SENTENCE: u32 = 0x1656_67b1;

/// One word or mark as the model sees it, and its letters.
struct Piece {
    hash: u32,
    shape: Shape,
}

/// What the model sees of a post.
pub(super) fn features(text: &str, analysis: &Analysis) -> PostFeatures {
    let tokens = &analysis.tokens;
    let mut seen = Seen::default();
    let mut at = 0;
    while at < tokens.len() {
        at += seen.take(text, tokens, at);
    }
    let mut features = PostFeatures::default();
    seen.words(&mut features.words);
    seen.runs(&mut features.letters);
    seen.form(&mut features.form);
    for (at, &sentence) in analysis.body.iter().enumerate() {
        analysis.rows_without_words(at, |row| features.sentences.push(place(row ^ SENTENCE)));
        let cues = analysis.cues[sentence].numbers().map(|cue| (cue as u32 + 1).wrapping_mul(CUE));
        features.form.extend(cues.map(place));
    }
    for part in [&mut features.words, &mut features.letters, &mut features.sentences, &mut features.form] {
        part.sort_unstable();
        part.dedup();
    }
    features
}

/// A post while it is looked at.
#[derive(Default)]
struct Seen {
    pieces: Vec<Piece>,
    /// The text in small letters, with one byte for each handle, link, figure and picture.
    plain: Vec<u8>,
    count: Counts,
}

/// How often what is in a post.
#[derive(Default)]
struct Counts {
    words: u32,
    asks: u32,
    exclaims: u32,
    desks: u32,
    people: u32,
    links: u32,
    tags: u32,
    pictures: u32,
    figures: u32,
    shouted: u32,
    me: bool,
    you: bool,
    trails: bool,
    quotes: bool,
}

impl Seen {
    /// Looks at the token at `at`; gives how many belong to it.
    fn take(&mut self, text: &str, tokens: &[Token], at: usize) -> usize {
        let token = &tokens[at];
        let words = |t: &Token| text.get(t.start as usize..t.end as usize).unwrap_or_default();
        if token.spaced || at == 0 {
            self.plain.push(b' ');
        }
        if let Some(name) = handle(tokens, at) {
            let (byte, count) = match whom(&text[name[0].start as usize..name[name.len() - 1].end as usize]) {
                Whom::Desk => (DESK, &mut self.count.desks),
                Whom::Somebody => (SOMEBODY, &mut self.count.people),
            };
            *count += 1;
            self.put(byte, Shape::Link);
            return 1 + name.len();
        }
        let count = &mut self.count;
        match token.shape {
            Shape::Word => {
                count.words += 1;
                count.me |= FIRST_PERSON.contains(&token.hash);
                count.you |= SECOND_PERSON.contains(&token.hash);
                let word = words(token).as_bytes();
                count.shouted += u32::from(word.len() >= 3 && word.iter().all(u8::is_ascii_uppercase));
                self.plain.extend(word.iter().map(u8::to_ascii_lowercase));
                self.pieces.push(Piece { hash: token.hash, shape: Shape::Word });
            }
            Shape::Number => {
                count.figures += 1;
                self.put(b'0', Shape::Number);
            }
            Shape::Link => {
                count.links += 1;
                self.put(LINK, Shape::Link);
            }
            Shape::Mark => self.mark(token, is_hashtag(tokens, at)),
        }
        1
    }

    fn mark(&mut self, token: &Token, tag: bool) {
        let count = &mut self.count;
        count.tags += u32::from(tag);
        count.asks += u32::from(token.is_mark('?'));
        count.exclaims += u32::from(token.is_mark('!'));
        count.trails |= token.is_mark('.') && token.is_long();
        count.quotes |= token.is_mark('"');
        if token.is_mark('~') {
            count.pictures += 1;
            self.put(PICTURE, Shape::Mark);
            return;
        }
        // "??" asks more than "?", and "?????" no more than that.
        let run = if token.run > 1 { 2 } else { 1 };
        let byte = u8::try_from(token.first).unwrap_or(PICTURE);
        self.plain.extend(std::iter::repeat_n(byte, run));
        let hash = (0..run).fold(HASH_SEED, |hash, _| hash_byte(hash, byte));
        self.pieces.push(Piece { hash, shape: Shape::Mark });
    }

    fn put(&mut self, byte: u8, shape: Shape) {
        self.plain.push(byte);
        self.pieces.push(Piece { hash: hash_byte(HASH_SEED, byte), shape });
    }

    fn words(&self, out: &mut Vec<u32>) {
        let (mut before, mut denied) = (0u32, 0);
        for piece in &self.pieces {
            let word = piece.hash;
            out.push(place(word ^ WORD));
            out.push(place(word.wrapping_mul(3).wrapping_add(before.rotate_left(9)) ^ PAIR));
            before = word;
            if piece.shape == Shape::Mark {
                denied = 0;
            } else if DENYING.contains(&word) {
                denied = DENIED;
            } else if 0 < denied {
                out.push(place(word ^ NOT));
                denied -= 1;
            }
        }
        out.push(place(before.rotate_left(9) ^ PAIR));
    }

    fn runs(&self, out: &mut Vec<u32>) {
        let mut word = Vec::new();
        for letters in self.plain.split(|&byte| byte == b' ').filter(|letters| !letters.is_empty()) {
            word.clear();
            word.push(b' ');
            word.extend_from_slice(letters);
            word.push(b' ');
            for length in RUNS {
                for run in word.windows(length) {
                    let hash = run.iter().fold(HASH_SEED, |hash, &byte| hash_byte(hash, byte));
                    out.push(place(hash ^ LETTERS.rotate_left(length as u32)));
                }
            }
        }
    }

    fn form(&self, out: &mut Vec<u32>) {
        let count = &self.count;
        let mut sign = |sign: u32, much: u32| out.push(place((sign << 8 | much).wrapping_mul(FORM)));
        // A long post is all that a shorter one is, and longer.
        (0..=(count.words / 4).min(12)).for_each(|longer| sign(0, longer));
        let first = self.pieces.first().map_or(0, |p| if p.shape == Shape::Word { 1 } else { p.hash % 200 });
        let last = self.pieces.last().map_or(0, |p| if p.shape == Shape::Word { 1 } else { p.hash % 200 });
        let counted = [
            count.asks,
            count.exclaims,
            count.desks,
            count.desks + count.people,
            count.links,
            count.tags,
            count.pictures,
            count.figures,
            count.shouted,
        ];
        counted.iter().zip(1..).for_each(|(&much, number)| sign(number, much.min(3)));
        sign(20, first);
        sign(21, last);
        let who = u32::from(count.me) * 2 + u32::from(count.you);
        sign(22, who);
        sign(23, who * 2 + count.desks.min(1));
        sign(24, u32::from(count.trails));
        sign(25, u32::from(count.quotes));
    }
}

/// The place of the weight for a hash.
fn place(hash: u32) -> u32 {
    mixed(hash) >> (32 - BITS)
}

/// How likely a post complains; none where nothing was learnt of posts.
pub(super) fn complains(features: &PostFeatures, model: &Model) -> Option<f32> {
    let Posts { weights, unit, bias, line } = &model.posts;
    if *unit == 0.0 {
        return None;
    }
    let of = |part: &[u32]| {
        let sum: i32 = part.iter().map(|&place| i32::from(weights[place as usize])).sum();
        sum as f32 / (part.len().max(1) as f32).sqrt()
    };
    let score = features.parts().map(of).iter().sum::<f32>() * unit + bias;
    Some(logistic(line.0 * score + line.1))
}

/// Tells of a post whether it complains: its likeliest sentence stands for it, and no other is likelier than the whole.
pub(super) fn tell(sure: &mut [[f32; WIDTH]], complains: f32) {
    let at = Label::Complaint as usize;
    // In public a complaint is told where it is likelier than not; a letter's earlier, since a missed one loses a client.
    let complains = if complains < 0.5 { complains * 2.0 * NOT_TOLD } else { complains };
    let Some(likeliest) = (0..sure.len()).max_by(|&a, &b| sure[a][at].total_cmp(&sure[b][at])) else {
        return;
    };
    for (place, p) in sure.iter_mut().enumerate() {
        p[at] = if place == likeliest { complains } else { p[at].min(complains) };
    }
}

#[cfg(test)]
mod tests {
    use super::super::reader;
    use super::*;

    #[test]
    fn a_post_is_known_by_its_form() {
        let post = |text: &str| Analysis::of(text, &reader::lexicon()).post.is_some();
        for text in [
            "@fenrailcare 0742 cancelled again and nobody knows why",
            "Two hours in the queue and then the till breaks down. Well done .@southmarket_",
            "no seats, no apology #neveragain",
            "\"Delivered\" @parcelgo? There is no parcel.\nWhere is it?",
            "@OrchardAirHelp my bag is still in Lisbon. Any news? Thanks",
            "Hey @_parcelgo where is it?",
        ] {
            assert!(post(text), "{text}");
        }
        let long = "@team we went through the draft of the lease again this morning. ".repeat(12);
        for text in [
            "Your driver never came, and nobody rang.",
            "Write to me at jo@acme.example or to the office @ the old address.",
            "Hi @anna,\ncould you look at this?",
            "@anna could you look at this?\n\nKind regards\nTom Reed\nReed & Sons, 12 Mill Lane",
            "@anna could you look at this?\n\nThe second page has our old name.",
            "Invoice #4411 and item # 3 are wrong, see no. #12.",
            "> @anna could you look at this?\nDone.",
            &long,
        ] {
            assert!(!post(text), "{text}");
        }
    }

    #[test]
    fn handles_and_figures_are_not_learnt_but_who_is_meant_is() {
        let seen = |text: &str| features(text, &Analysis::of(text, &reader::lexicon()));
        assert_eq!(
            seen("@HarbourTelCare no signal for 3 days"),
            seen("@brightwell_help no signal for 12 days")
        );
        assert_ne!(seen("@HarbourTelCare no signal for 3 days"), seen("@joan_of_park no signal for 3 days"));
    }

    #[test]
    fn the_likeliest_sentence_stands_for_a_post() {
        let at = Label::Complaint as usize;
        let mut sure = vec![[0.0; WIDTH]; 3];
        (sure[0][at], sure[1][at], sure[2][at]) = (0.5, 0.6, 0.1);
        tell(&mut sure, 0.3);
        assert!(sure.iter().all(|p| p[at] < 0.3), "{sure:?}");
        tell(&mut sure, 0.499);
        let told = super::super::reader::told_from(Label::Complaint);
        assert!(sure.iter().all(|p| p[at] < told), "{sure:?}");
        tell(&mut sure, 0.9);
        assert_eq!(sure.iter().filter(|p| p[at] == 0.9).count(), 1);
        tell(&mut [], 0.9);
    }
}
