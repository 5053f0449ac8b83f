//! Words, digits and marks of a stretch of text.

/// What a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Digits,
    Mark,
}

/// One word, run of digits or mark.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: Kind,
    /// Nothing stands between this token and the one before.
    pub(super) glued: bool,
}

/// Cuts text into tokens. A blank line is a mark of its own, so that no pattern reaches across it.
pub(super) fn cut(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::with_capacity(text.len() / 4);
    let mut chars = text.char_indices().peekable();
    let mut newlines = 0;
    let mut last_end = usize::MAX;
    while let Some((start, c)) = chars.next() {
        if c.is_whitespace() {
            newlines += usize::from(c == '\n');
            if newlines == 2 {
                tokens.push(Token { start, end: start + 1, kind: Kind::Mark, glued: false });
                newlines = 3;
            }
            continue;
        }
        newlines = 0;
        let kind = kind_of(c);
        let mut end = start + c.len_utf8();
        while kind != Kind::Mark {
            match chars.peek() {
                Some(&(at, next)) if kind_of(next) == kind => {
                    end = at + next.len_utf8();
                    chars.next();
                }
                _ => break,
            }
        }
        tokens.push(Token { start, end, kind, glued: last_end == start });
        last_end = end;
    }
    tokens
}

fn kind_of(c: char) -> Kind {
    if c.is_ascii_digit() {
        Kind::Digits
    } else if c.is_alphabetic() {
        Kind::Word
    } else {
        Kind::Mark
    }
}
