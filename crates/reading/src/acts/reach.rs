//! How far a clause reaches: past sums of money, brackets, dashes and lists, up to what somebody says next.

use super::words::{Shape, Token, hash_word, hash_words};

/// Past the last token of the clause whose cues end at `from`. A time that stands alone behind a mark belongs to it,
/// also where another clause was put in between: "I'll send it – it's nearly done – by Tuesday".
pub(super) fn end(tokens: &[Token], from: usize) -> usize {
    let mut at = from;
    // Brackets that nothing closes are not looked through again and again.
    let closing = tokens.iter().rposition(|t| t.is_mark(')')).map_or(0, |last| last + 1);
    while at < tokens.len() {
        match past_brackets(&tokens[..closing], at) {
            Some(closed) => at = closed,
            None if next_begins(tokens, at) => return end_with_time(tokens, at),
            None => at += 1,
        }
    }
    tokens.len()
}

/// Marks that part one clause from the next. Currency signs, quotation marks, slashes and brackets do not.
pub(super) fn parts(token: &Token) -> bool {
    token.shape == Shape::Mark && !matches!(token.first, '\'' | '"' | '/' | '&' | '%' | '$' | '(' | ')')
}

/// Past the bracket that closes what this token opens.
fn past_brackets(tokens: &[Token], at: usize) -> Option<usize> {
    let (opens, behind) = tokens.get(at..)?.split_first()?;
    if !opens.is_mark('(') {
        return None;
    }
    behind.iter().position(|t| t.is_mark(')')).map(|between| at + 1 + between + 1)
}

/// Words that join one clause to the next.
pub(super) const JOIN: [u32; 3] = hash_words("and but so");

/// Whether another clause begins at this token.
fn next_begins(tokens: &[Token], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|i| &tokens[i]) else { return true };
    let parted = parts(before);
    if tokens[at].is_joiner() {
        return false;
    }
    (parted || JOIN.contains(&before.hash)) && says(tokens, at)
        || (parted && before.is_long() && !goes_on(&tokens[at]))
}

/// What was said before a dash goes on behind it with a thing, a sum or a time.
fn goes_on(token: &Token) -> bool {
    const GOES_ON: [u32; 12] = hash_words("a an all both with without including plus for to from of");
    token.shape == Shape::Number
        || token.is_mark('$')
        || token.is_joiner()
        || GOES_ON.contains(&token.hash)
        || NAMING.contains(&token.hash)
        || LEADS.contains(&token.hash)
        || TIMES.contains(&token.hash)
}

/// Words that begin a thing as often as a clause: "and the plan", "and the bank will confirm".
const NAMING: [u32; 5] = hash_words("the this my our your");
const PEOPLE: [u32; 8] = hash_words("i we you he she it they there");
/// Words that ask or thank: nobody stands before them.
const ASKING: [u32; 6] = hash_words("please can could would thanks thank");
const QUESTIONS: [u32; 5] = hash_words("what when where how why");
/// By these words somebody is or does something.
const VERBS: [u32; 21] = hash_words(
    "is are am was were has have had will would can could shall should might must do does did needs may",
);
/// A month as well as a verb.
const MAY: u32 = hash_word("may");
/// So many words belong to the thing that a clause is about.
const THING: usize = 8;

/// After "let".
const US: [u32; 2] = hash_words("me us");
/// After "do", where it orders.
const NOT_OR_LET: [u32; 2] = hash_words("not let");

/// Whether a clause of its own begins here: with somebody who does something, with a question or with a request.
fn says(tokens: &[Token], at: usize) -> bool {
    let Some(token) = tokens.get(at) else { return false };
    let next = tokens.get(at + 1).filter(|t| t.shape != Shape::Mark);
    let next_is = |words: &[u32]| next.is_some_and(|t| words.contains(&t.hash));
    if ASKING.contains(&token.hash) {
        true
    } else if PEOPLE.contains(&token.hash) {
        next.is_some_and(|t| !LEADS.contains(&t.hash) && !t.is_joiner())
    } else if token.hash == hash_word("let") {
        next_is(&US)
    } else if token.hash == hash_word("do") {
        next_is(&PEOPLE) || next_is(&NOT_OR_LET)
    } else {
        let (named, asks) = (NAMING.contains(&token.hash), QUESTIONS.contains(&token.hash));
        (named || asks) && verb_follows(&tokens[at + 1..])
    }
}

/// "the bank will", "how soon can", but not "the plan that we will" and "what he will".
fn verb_follows(tokens: &[Token]) -> bool {
    let words = tokens.iter().take(THING).take_while(|t| !parts(t) && !t.is_joiner());
    let mut words = words.take_while(|t| !PEOPLE.contains(&t.hash) && !RELATIVE.contains(&t.hash));
    words.any(|t| VERBS.contains(&t.hash))
}

const RELATIVE: [u32; 3] = hash_words("which who whose");

/// Words that lead to a time.
const LEADS: [u32; 16] =
    hash_words("by before on until till within no not at in this next first early latest end");
/// Words of a time.
const TIMES: [u32; 44] = hash_words(
    "today tomorrow tonight noon midday midnight lunch lunchtime morning afternoon evening monday tuesday \
     wednesday thursday friday saturday sunday weekend day days hour hours week weeks fortnight month \
     quarter january february march april may june july august september october november december \
     christmas easter business play",
);
/// A time is no longer than this.
const TIME: usize = 9;

/// The clause ends at `at`; it goes on to a time that stands alone between marks behind it, unless what lies between asks
/// or thanks: that time is another's.
fn end_with_time(tokens: &[Token], at: usize) -> usize {
    let mark = |t: &Token| parts(t) || t.is_mark('(') || t.is_mark(')');
    let asks = |t: &Token| ASKING.contains(&t.hash) || t.hash == hash_word("let") || t.is_mark('?');
    for begins in at + 1..tokens.len() {
        if asks(&tokens[begins - 1]) {
            return at;
        }
        if !mark(&tokens[begins - 1]) || tokens[begins - 1].is_mark('(') {
            continue;
        }
        let words = tokens[begins..].iter().take_while(|t| !mark(t)).count();
        let time = &tokens[begins..begins + words];
        if is_time(time) && !tokens.get(begins + words).is_some_and(|t| t.is_mark('?')) {
            return begins + words;
        }
    }
    at
}

fn is_time(tokens: &[Token]) -> bool {
    let leads = tokens.first().is_some_and(|t| LEADS.contains(&t.hash) || TIMES.contains(&t.hash));
    let times = tokens.iter().any(|t| t.shape == Shape::Number || TIMES.contains(&t.hash));
    let says = |t: &Token| PEOPLE.contains(&t.hash) || (VERBS.contains(&t.hash) && t.hash != MAY);
    let alone = !tokens.iter().any(says);
    leads && times && alone && tokens.len() <= TIME
}
