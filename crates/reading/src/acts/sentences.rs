//! Where sentences begin and end, and which of them are greeting, closing or signature.

use super::words::{Shape, Token, hash_word, hash_words};

/// What part of a letter a sentence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// What the letter has to say.
    Body,
    /// "Dear Anna", "Kind regards, Tom", and what follows the closing.
    Frame,
    /// A line that quotes somebody.
    Quoted,
}

/// One sentence: tokens `from..to`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sentence {
    /// First token, past a greeting.
    pub from: usize,
    /// Past the last token.
    pub to: usize,
    /// What part of the letter it is.
    pub part: Part,
}

/// A line shorter than this did not end because it was full.
const FULL_LINE: u32 = 50;

/// Words that end with a full stop inside a sentence.
const SHORT: [u32; 32] = hash_words(
    "mr mrs ms dr prof st no nos inc ltd corp co vs etc approx dept tel ext jan feb mar apr jun jul aug sep \
     sept oct nov dec please fig",
);

/// Splits tokens into sentences, appended to `out`.
pub(super) fn split(tokens: &[Token], out: &mut Vec<Sentence>) {
    let mut from = 0;
    let mut line_start = tokens.first().map_or(0, |t| t.start);
    for at in 0..tokens.len() {
        let last = at + 1 == tokens.len();
        if last || ends_after(tokens, from, at, line_start) {
            out.push(Sentence { from, to: at + 1, part: Part::Body });
            from = at + 1;
        }
        if let Some(next) = tokens.get(at + 1).filter(|next| next.lines_before > 0) {
            line_start = next.start;
        }
    }
    super::frame::mark(tokens, out);
}

/// Whether a sentence ends after the token at `at`.
fn ends_after(tokens: &[Token], from: usize, at: usize, line_start: u32) -> bool {
    let (token, next) = (&tokens[at], &tokens[at + 1]);
    if next.lines_before >= 2 || is_rule(token) || is_rule(next) {
        return true;
    }
    if token.shape == Shape::Mark && ends_at_mark(tokens, from, at) {
        return true;
    }
    next.lines_before == 1 && ends_at_line(tokens, at, line_start)
}

fn ends_at_mark(tokens: &[Token], from: usize, at: usize) -> bool {
    let (token, next) = (&tokens[at], &tokens[at + 1]);
    let closes = next.is_mark('"') || next.is_mark('\'') || next.is_mark(')');
    match token.first {
        '?' | '!' => !(next.is_mark('!') || next.is_mark('?') || (closes && !next.spaced)),
        ';' => next.spaced,
        // "Find it below: please have it signed" is two sentences.
        ':' => next.spaced && next.hash == hash_word("please"),
        '.' if token.is_long() => at > from,
        '.' => {
            let spaced = next.spaced
                || (next.is_capital()
                    && at > from
                    && tokens[at - 1].shape == Shape::Word
                    && tokens[at - 1].end - tokens[at - 1].start > 2);
            spaced && at > from && !is_short(&tokens[at - 1], next)
        }
        '"' | ')' | '\'' => {
            let before = at.checked_sub(1).map(|i| &tokens[i]);
            next.spaced
                && next.is_capital()
                && before.is_some_and(|b| b.shape == Shape::Mark && matches!(b.first, '.' | '!' | '?'))
        }
        _ => false,
    }
}

/// "Dr." and "J." do not end a sentence; "p.m." does before a capital.
fn is_short(before: &Token, next: &Token) -> bool {
    if before.shape == Shape::Number {
        return false;
    }
    let one_letter = before.shape == Shape::Word && before.end - before.start == 1;
    if one_letter {
        return before.is_capital() || !next.is_capital();
    }
    SHORT.contains(&before.hash) && !(before.hash == hash_word("no") && next.is_capital())
}

/// A line end ends a sentence unless the line was full, or the sentence plainly goes on.
fn ends_at_line(tokens: &[Token], at: usize, line_start: u32) -> bool {
    let (token, next) = (&tokens[at], &tokens[at + 1]);
    let bullet = (next.shape == Shape::Mark && matches!(next.first, '-' | '*' | '>' | '~'))
        || (next.shape == Shape::Number
            && tokens.get(at + 2).is_some_and(|t| t.is_mark('.') || t.is_mark(')')));
    if bullet || token.is_mark(':') {
        return true;
    }
    let short = token.end.saturating_sub(line_start) < FULL_LINE;
    short && (next.is_capital() || next.shape == Shape::Number || token.is_mark(','))
}

/// A row of dashes, stars or the like; marks of quoting are none.
fn is_rule(token: &Token) -> bool {
    token.shape == Shape::Mark && token.run >= 4 && !matches!(token.first, '.' | '!' | '?' | '>')
}

#[cfg(test)]
mod tests {
    use super::super::features::Analysis;
    use super::super::reader;

    #[test]
    fn a_mark_that_is_written_out_ends_no_sentence() {
        for text in [
            "Could you send me the &quot;signed&quot; lease &amp; the plan?",
            "Is the sum &lt; 500 or &gt; 500?",
            "Please ask Smith &amp; Jones to send it.",
        ] {
            let analysis = Analysis::of(text, &reader::lexicon());
            assert_eq!(analysis.sentences.len(), 1, "{text}");
        }
        let analysis =
            Analysis::of("Here is the list\n&lt;&lt;&lt;&lt;\nCould you look?", &reader::lexicon());
        assert_eq!(analysis.sentences.len(), 3, "four of them are a rule, as four marks are");
    }
}
