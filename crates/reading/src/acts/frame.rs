//! The frame of a letter: greeting, closing, signature, quoted lines.

use super::sentences::{Part, Sentence};
use super::words::{Shape, Token, hash_word, hash_words};

const HELLO: [u32; 10] = hash_words("dear hi hello hey greetings hiya howdy gentlemen ladies folks");
const GOOD: u32 = hash_word("good");
const TIMES_OF_DAY: [u32; 4] = hash_words("morning afternoon evening day");
/// May stand in a greeting beside names.
const GREETED: [u32; 16] =
    hash_words("and all both team everyone there guys again colleagues sir sirs madam mr mrs ms dr");
/// Words that open a closing.
const CLOSERS: [u32; 16] = hash_words(
    "regards sincerely best cheers thanks thank many kind yours warm love respectfully kindest warmest \
     cordially rgds",
);
/// Words that a closing may hold after its first.
const CLOSING: [u32; 22] = hash_words(
    "regards wishes sincerely faithfully truly you thanks thank and again very much best kind so all many \
     in advance the warm with",
);
/// How letters between people who know each other end.
const FAREWELLS: [&[u32]; 12] = [
    &hash_words::<3>("all the best"),
    &hash_words::<3>("all good wishes"),
    &hash_words::<3>("with best wishes"),
    &hash_words::<3>("with kind regards"),
    &hash_words::<3>("with warm regards"),
    &hash_words::<2>("speak soon"),
    &hash_words::<2>("talk soon"),
    &hash_words::<3>("see you soon"),
    &hash_words::<2>("take care"),
    &hash_words::<3>("bye for now"),
    &hash_words::<2>("big hugs"),
    &hash_words::<1>("ta"),
];
/// "Have a lovely weekend": the third word, and the last.
const HAVE_A: [u32; 2] = hash_words("have a");
const LOVELY: [u32; 6] = hash_words("good great lovely nice wonderful pleasant");
const TIMES: [u32; 7] = hash_words("day weekend evening week afternoon holiday one");
/// Kisses, as letters end with them.
const KISSES: [u32; 6] = hash_words("x xx xxx xxxx xo xoxo");
/// Words that begin a sentence with a capital and a comma, and are no names.
const NO_NAME: [u32; 40] = hash_words(
    "yes no ok also however unfortunately sorry please thanks well so sure fyi still yeah great further \
     first again finally therefore meanwhile today tomorrow yesterday apologies frankly honestly actually \
     if when what why how i we anyway oh congratulations update",
);

/// How many tokens after a closing can still be a signature.
const SIGNATURE: usize = 120;

/// A closing inside a sentence is looked for only this near to the end.
const CLOSING_NEAR_END: usize = 40;

/// Marks greeting, closing, signature and quoted lines.
pub(super) fn mark(tokens: &[Token], sentences: &mut Vec<Sentence>) {
    for sentence in sentences.iter_mut().take(2) {
        let past = greeting(&tokens[sentence.from..sentence.to]);
        if past == 0 {
            break;
        }
        if sentence.from + past < sentence.to {
            sentence.from += past;
            break;
        }
        sentence.part = Part::Frame;
    }
    for sentence in sentences.iter_mut() {
        if tokens[sentence.from].is_mark('>') || tokens[sentence.from].is_mark('|') {
            sentence.part = Part::Quoted;
        }
    }
    mark_closing(tokens, sentences);
}

/// How many tokens at the beginning of a sentence are a greeting.
fn greeting(tokens: &[Token]) -> usize {
    let Some(first) = tokens.first() else { return 0 };
    let mut at = 0;
    if HELLO.contains(&first.hash) {
        at = 1;
    } else if first.hash == GOOD && tokens.get(1).is_some_and(|t| TIMES_OF_DAY.contains(&t.hash)) {
        at = 2;
    }
    let hello = at > 0;
    let before_names = at;
    while at < tokens.len()
        && at < before_names + 9
        && (is_name(&tokens[at]) || is_between_names(tokens, at, hello))
    {
        at += 1;
    }
    let Some(mark) = tokens.get(at) else {
        return if hello || (at <= 3 && at > 0 && tokens.len() <= 3) { at } else { 0 };
    };
    let ends = mark.shape == Shape::Mark && matches!(mark.first, ',' | ':' | '-' | '!' | '.' | ';' | '~');
    if hello {
        // "Hi Louise - any update", "Hi I wanted": the greeting is over where the names are.
        return if ends { at + 1 } else { at };
    }
    let names_only = before_names < at
        && ends
        && matches!(mark.first, ',' | ':' | '-')
        && (mark.first != '-' || mark.spaced || mark.is_long());
    if names_only && at <= 6 { at + 1 } else { 0 }
}

fn is_name(token: &Token) -> bool {
    token.is_capital() && !NO_NAME.contains(&token.hash)
}

/// "and", "/", "&" and, after a hello, "all" or "Mr."; a comma only where another name and a mark follow it.
fn is_between_names(tokens: &[Token], at: usize, hello: bool) -> bool {
    let token = &tokens[at];
    if token.is_mark('/')
        || token.is_mark('&')
        || (token.is_mark('.') && !token.spaced && hello && token.run == 1)
    {
        return tokens.get(at + 1).is_some_and(is_name);
    }
    if token.is_mark(',') {
        let again = tokens
            .get(at + 2)
            .is_some_and(|t| t.is_mark(',') || t.is_mark('-') || t.hash == hash_word("and"));
        return again && tokens.get(at + 1).is_some_and(is_name);
    }
    let and = token.hash == hash_word("and") && tokens.get(at + 1).is_some_and(is_name) && at > 0;
    and || (hello && GREETED.contains(&token.hash))
}

/// From the first closing on that is followed by no more than a signature, all is frame.
fn mark_closing(tokens: &[Token], sentences: &mut Vec<Sentence>) {
    let mut at = 0;
    while at < sentences.len() {
        let sentence = sentences[at];
        let body = sentence.part == Part::Body;
        if body && is_closing(&tokens[sentence.from..sentence.to]) {
            sentences[at].part = Part::Frame;
            if tokens.len() - sentence.to <= SIGNATURE {
                // Friends say goodbye in the middle of a letter too.
                let only_names = is_farewell(&tokens[sentence.from..sentence.to]);
                mark_signature(tokens, &mut sentences[at + 1..], only_names);
            }
        } else if body
            && sentences.len() - at <= CLOSING_NEAR_END
            && let Some(cut) = closing_inside(&tokens[sentence.from..sentence.to])
        {
            // "… by Friday thanks, Tom": the sentence ends before its closing.
            sentences[at].to = sentence.from + cut;
            let rest = Sentence { from: sentence.from + cut, to: sentence.to, part: Part::Frame };
            sentences.insert(at + 1, rest);
            at += 1;
        }
        at += 1;
    }
}

/// Lines after a closing are the signature, until one reads like a sentence again (a postscript).
fn mark_signature(tokens: &[Token], sentences: &mut [Sentence], only_names: bool) {
    let is_small = |t: &Token| t.shape == Shape::Word && !t.is_capital() && !KISSES.contains(&t.hash);
    for sentence in sentences {
        let words = &tokens[sentence.from..sentence.to];
        if reads_like_body(words) || (only_names && words.iter().any(is_small)) {
            break;
        }
        sentence.part = Part::Frame;
    }
}

/// Has at least four words in small letters, more than there are names and numbers, or is a question.
fn reads_like_body(tokens: &[Token]) -> bool {
    let small = tokens.iter().filter(|t| t.shape == Shape::Word && !t.first.is_uppercase()).count();
    let other =
        tokens.iter().filter(|t| t.is_capital() || matches!(t.shape, Shape::Number | Shape::Link)).count();
    let asks = tokens.last().is_some_and(|t| t.is_mark('?'));
    let note = tokens.first().is_some_and(|t| t.hash == hash_word("ps"))
        || (tokens.len() > 2 && tokens[0].hash == hash_word("p") && tokens[2].hash == hash_word("s"));
    (small >= 4 && small > other) || (asks && small > 0) || note
}

/// "Speak soon, Jo x", "Have a good weekend.", or nothing but kisses.
fn is_farewell(tokens: &[Token]) -> bool {
    let starts = |with: &[u32]| with.iter().zip(tokens).filter(|(h, t)| **h == t.hash).count() == with.len();
    let have = starts(&HAVE_A)
        && tokens.get(2).is_some_and(|t| LOVELY.contains(&t.hash))
        && tokens.get(3).is_some_and(|t| TIMES.contains(&t.hash));
    let said =
        FAREWELLS.iter().find(|words| starts(words)).map_or(if have { 4 } else { 0 }, |words| words.len());
    let named =
        |t: &Token| t.shape == Shape::Mark && t.first != '?' || t.is_capital() || KISSES.contains(&t.hash);
    let kisses = tokens.iter().any(|t| KISSES.contains(&t.hash));
    (0 < said || kisses) && tokens.len() <= said + 4 && tokens[said..].iter().all(named)
}

/// The whole sentence is a closing: closing words, then at most a name.
fn is_closing(tokens: &[Token]) -> bool {
    // "Best" and "many", "kind" and "love" close only with what belongs to them.
    const ALONE: [u32; 8] = hash_words("best many kind warm love thank kindest warmest");
    if is_farewell(tokens) {
        return true;
    }
    let Some(first) = tokens.first().filter(|t| CLOSERS.contains(&t.hash)) else { return false };
    let mut at = 1;
    while at < tokens.len() && CLOSING.contains(&tokens[at].hash) {
        at += 1;
    }
    if at == 1 && ALONE.contains(&first.hash) && !tokens.get(1).is_none_or(|t| t.shape == Shape::Mark) {
        return false;
    }
    let rest = &tokens[at..];
    let small =
        rest.iter().filter(|t| t.shape == Shape::Word && !t.first.is_uppercase() && t.first != '\'').count();
    let marked = rest.first().is_none_or(|t| t.shape == Shape::Mark || t.is_capital());
    // What follows may be a whole folded signature; a single sentence in small letters is not.
    marked && (rest.len() <= 3 || small * 3 <= rest.len()) && !rest.iter().any(|t| t.is_mark('?'))
}

/// Where a closing begins inside a sentence that lacks its full stop: "… on Monday thanks, Ann", "… Regards Tom".
fn closing_inside(tokens: &[Token]) -> Option<usize> {
    const INSIDE: [u32; 6] = hash_words("thanks regards cheers sincerely best thank");
    let tail = tokens.len().saturating_sub(16).max(2);
    (tail..tokens.len()).find(|&at| {
        let token = &tokens[at];
        let begins =
            INSIDE.contains(&token.hash) && !tokens[at - 1].is_joiner() && !tokens[at - 1].is_mark('"');
        begins
            && (token.is_capital() || at + 1 == tokens.len() || tokens[at + 1].is_mark(','))
            && is_closing(&tokens[at..])
    })
}
