//! Lines, their quote marks, and where a run of marked ones ends.

/// One line.
#[derive(Clone, Copy)]
pub(super) struct Line<'t> {
    /// Its words, without blanks at the end (and without the marks of the quotes it was taken out of).
    pub(super) text: &'t str,
    /// Its first byte in the whole text.
    pub(super) start: usize,
    /// One past its line end.
    pub(super) end: usize,
    /// Begins with `>`.
    pub(super) marked: bool,
    /// Holds a colon early on, as the headers of mail do.
    pub(super) has_colon: bool,
    /// Ends as an attribution does.
    pub(super) may_end: bool,
}

/// Field names are shorter than this in all languages.
const LONGEST_NAME: usize = 40;

pub(super) fn split(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::with_capacity(text.len() / 40 + 2);
    let mut start = 0;
    for newline in memchr::memchr_iter(b'\n', text.as_bytes()) {
        lines.push(Line::new(&text[start..newline], start, newline + 1));
        start = newline + 1;
    }
    if start < text.len() {
        lines.push(Line::new(&text[start..], start, text.len()));
    }
    lines
}

impl<'t> Line<'t> {
    fn new(text: &'t str, start: usize, end: usize) -> Line<'t> {
        let text = trim_end(text);
        let head = &text.as_bytes()[..text.len().min(LONGEST_NAME)];
        Line {
            text,
            start,
            end,
            marked: mark(text).is_some(),
            has_colon: memchr::memchr(b':', head).is_some()
                || (!text.is_ascii() && head.windows(3).any(|w| w == "：".as_bytes())),
            may_end: may_end(text),
        }
    }

    /// The line without one mark.
    pub(super) fn unmarked(&self) -> Line<'t> {
        match mark(self.text) {
            Some(rest) => Line::new(rest, self.start, self.end),
            None => *self,
        }
    }
}

/// Blanks, no-break blanks and byte order marks.
fn trim_end(text: &str) -> &str {
    match text.as_bytes().last() {
        Some(b' ' | b'\t' | b'\r' | 0x80..) => {
            text.trim_end_matches(|c: char| c.is_whitespace() || is_invisible(c))
        }
        _ => text,
    }
}

/// Zero-width characters and byte order marks.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{ad}')
}

/// What follows the first quote mark, and one blank after it.
fn mark(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let blanks = bytes.iter().take(4).take_while(|b| matches!(b, b' ' | b'\t')).count();
    if bytes.get(blanks) != Some(&b'>') {
        return None;
    }
    let rest = &text[blanks + 1..];
    Some(rest.strip_prefix(' ').unwrap_or(rest))
}

/// An attribution ends with a colon, or with its verb where a client forgot it.
fn may_end(text: &str) -> bool {
    let Some(&last) = text.as_bytes().last() else { return false };
    match last {
        b':' => true,
        b'e' => text.ends_with("wrote"),
        b'-' => text.contains("wrote"),
        b'*' => text.ends_with(":*"),
        0x80.. => text.ends_with('：'),
        _ => false,
    }
}

/// Whether a line is quoted. `>From` where nothing around it is quoted is how mailboxes store a line of new words.
pub(super) fn is_marked(lines: &[Line<'_>], at: usize) -> bool {
    let line = &lines[at];
    if !line.marked {
        return false;
    }
    let neighbour = |at: Option<usize>| at.and_then(|at| lines.get(at)).is_some_and(|l| l.marked);
    !line.text.starts_with(">From ") || neighbour(at.checked_sub(1)) || neighbour(Some(at + 1))
}

/// One past the last line of the marked run that begins at `at`: blank lines between marked ones belong to it, and
/// so does the rest of a marked line that was wrapped.
pub(super) fn marked_end(lines: &[Line<'_>], at: usize) -> usize {
    let mut end = at + 1;
    while end < lines.len() {
        if lines[end].marked {
            end += 1;
            continue;
        }
        if lines[end].text.is_empty() {
            let next = skip_blank(lines, end);
            if next < lines.len() && lines[next].marked {
                end = next + 1;
                continue;
            }
            break;
        }
        if is_wrapped_rest(lines, end) {
            end += 1;
            continue;
        }
        break;
    }
    end
}

/// A short unmarked line right between two marked ones, the first of them long.
fn is_wrapped_rest(lines: &[Line<'_>], at: usize) -> bool {
    const LONG: usize = 66;
    const SHORT: usize = 76;
    let before = at.checked_sub(1).map(|b| &lines[b]);
    let followed = lines.get(at + 1).is_some_and(|l| l.marked);
    let text = lines[at].text;
    followed
        && text.len() < SHORT
        && before.is_some_and(|b| b.marked && LONG <= b.text.len())
        && !text.starts_with(' ')
}

pub(super) fn skip_blank(lines: &[Line<'_>], mut at: usize) -> usize {
    while lines.get(at).is_some_and(|l| l.text.is_empty()) {
        at += 1;
    }
    at
}
