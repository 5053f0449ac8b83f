//! HTML to text in one pass: lines as a reader sees them, quotes marked with `>`, rules drawn.
//!
//! Nothing is loaded, nothing is run. Unclosed and misplaced tags are taken as they come.

mod entities;

/// Quotes marked deeper than this look all the same.
const DEEPEST: usize = 12;

/// Appends the text of an HTML page.
pub(super) fn push_text(out: &mut String, html: &str) {
    out.reserve(html.len() / 2);
    let mut writer = Writer::new(out);
    let mut rest = html;
    while let Some(at) = memchr::memchr2(b'<', b'&', rest.as_bytes()) {
        writer.words(&rest[..at]);
        rest = &rest[at..];
        rest = if rest.starts_with('&') { writer.entity(rest) } else { tag(&mut writer, rest) };
    }
    writer.words(rest);
    writer.finish();
}

/// Takes one tag, comment or lone `<` and gives what follows it.
fn tag<'h>(writer: &mut Writer<'_>, html: &'h str) -> &'h str {
    let after = &html[1..];
    if after.starts_with("!--") {
        return after.find("-->").map_or("", |end| &after[end + 3..]);
    }
    let is_end = after.starts_with('/');
    let body = if is_end { &after[1..] } else { after };
    if !body.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '!' | '?')) {
        writer.words("<");
        return after;
    }
    let Some(end) = tag_end(body) else {
        writer.words("<");
        return after;
    };
    let inside = &body[..end];
    let rest = &body[end + 1..];
    let name_end =
        inside.find(|c: char| !(c.is_ascii_alphanumeric() || c == ':' || c == '-')).unwrap_or(inside.len());
    let mut buffer = [0u8; 12];
    let name = lower(&inside[..name_end], &mut buffer);
    // "<ada@moss.example>" and "<https://…>" are words that somebody forgot to escape.
    if inside[name_end..].starts_with('@')
        || inside.starts_with("http:/")
        || inside.starts_with("https:/")
        || inside.starts_with("mailto:")
    {
        writer.words(&html[..html.len() - rest.len()]);
        return rest;
    }
    if is_end {
        writer.close(name);
        return rest;
    }
    match name {
        "style" | "script" | "title" | "xml" | "noscript" | "svg" | "select" | "template" => {
            skip_past(rest, name)
        }
        _ if is_hidden(name, &inside[name_end..]) => skip_past(rest, name),
        _ => {
            writer.open(name);
            rest
        }
    }
}

/// Where a tag's `>` stands, outside of quoted values.
fn tag_end(body: &str) -> Option<usize> {
    /// Longer than any tag but those that carry a picture.
    const LONGEST: usize = 1 << 20;
    let bytes = &body.as_bytes()[..body.len().min(LONGEST)];
    let mut at = 0;
    let mut quote = 0;
    while let Some(step) = bytes.get(at..).and_then(|b| {
        if quote == 0 { memchr::memchr3(b'>', b'"', b'\'', b) } else { memchr::memchr2(quote, b'>', b) }
    }) {
        at += step;
        match (bytes[at], quote) {
            (b'>', 0) => return Some(at),
            // A quote that was never closed: the tag ends here all the same, where a new one follows.
            (b'>', _) => {
                if memchr::memchr2(quote, b'<', &bytes[at..]).is_some_and(|next| bytes[at + next] == b'<') {
                    return Some(at);
                }
            }
            (b, 0) => {
                if bytes[..at].iter().rev().find(|b| !b.is_ascii_whitespace()) == Some(&b'=') {
                    quote = b;
                }
            }
            _ => quote = 0,
        }
        at += 1;
    }
    memchr::memchr(b'>', bytes)
}

fn lower<'b>(name: &str, buffer: &'b mut [u8; 12]) -> &'b str {
    let length = name.len().min(buffer.len());
    let part = &mut buffer[..length];
    part.copy_from_slice(&name.as_bytes()[..length]);
    part.make_ascii_lowercase();
    str::from_utf8(part).unwrap_or_default()
}

/// Text for mail previews, and pixels for counting readers.
fn is_hidden(name: &str, attributes: &str) -> bool {
    matches!(name, "div" | "span" | "p" | "td" | "tr" | "table") && attributes.len() < 2_000 && {
        let compact = |with: &str| {
            memchr::memmem::find_iter(attributes.as_bytes(), b"isplay").any(|at| {
                let value = attributes[at + 6..].trim_start_matches([' ', ':']);
                value.starts_with(with)
            })
        };
        compact("none")
    }
}

/// What follows the end tag that belongs to a start tag already taken; all that is left where it is missing.
fn skip_past<'h>(html: &'h str, name: &str) -> &'h str {
    let mut level = 1;
    for at in memchr::memchr_iter(b'<', html.as_bytes()) {
        let after = &html.as_bytes()[at + 1..];
        let (is_end, word) = match after.first() {
            Some(b'/') => (true, &after[1..]),
            _ => (false, after),
        };
        let is_same = word.get(..name.len()).is_some_and(|w| w.eq_ignore_ascii_case(name.as_bytes()))
            && !word.get(name.len()).is_some_and(u8::is_ascii_alphanumeric);
        if !is_same {
            continue;
        }
        if !is_end {
            // Raw text elements do not nest; the others do.
            level += i32::from(!matches!(name, "style" | "script" | "title"));
            continue;
        }
        level -= 1;
        if level == 0 {
            return html[at..].find('>').map_or("", |end| &html[at + end + 1..]);
        }
    }
    // Never closed: better too many words than none.
    if matches!(name, "style" | "script") { "" } else { html }
}

struct Writer<'o> {
    out: &'o mut String,
    start: usize,
    /// Line ends owed before the next words.
    owed: u8,
    /// A blank is owed before the next words of this line.
    blank: bool,
    at_line_start: bool,
    quotes: usize,
    preformatted: usize,
    /// Inside `<head>`.
    in_head: bool,
}

impl<'o> Writer<'o> {
    fn new(out: &'o mut String) -> Writer<'o> {
        let start = out.len();
        Writer {
            out,
            start,
            owed: 0,
            blank: false,
            at_line_start: true,
            quotes: 0,
            preformatted: 0,
            in_head: false,
        }
    }

    fn words(&mut self, words: &str) {
        if words.is_empty() || self.in_head {
            return;
        }
        if 0 < self.preformatted {
            for (count, line) in words.split('\n').enumerate() {
                if 0 < count {
                    self.break_line();
                }
                let line = line.trim_end_matches('\r');
                if !line.is_empty() {
                    self.put(line);
                }
            }
            return;
        }
        let mut rest = words;
        loop {
            let trimmed = rest.trim_start_matches([' ', '\n', '\r', '\t', '\0']);
            self.blank |= trimmed.len() < rest.len();
            if trimmed.is_empty() {
                return;
            }
            let end = trimmed
                .bytes()
                .position(|b| matches!(b, b' ' | b'\n' | b'\r' | b'\t' | 0))
                .unwrap_or(trimmed.len());
            self.put(&trimmed[..end]);
            rest = &trimmed[end..];
        }
    }

    /// Writes words of one line, with what is owed before them.
    fn put(&mut self, words: &str) {
        if 0 < self.owed {
            if self.start < self.out.len() {
                self.out.push('\n');
                for _ in 1..self.owed {
                    self.marks();
                    self.out.truncate(self.out.trim_end_matches(' ').len());
                    self.out.push('\n');
                }
            }
            self.owed = 0;
            self.at_line_start = true;
        }
        if self.at_line_start {
            self.marks();
            self.at_line_start = false;
        } else if self.blank {
            self.out.push(' ');
        }
        self.blank = false;
        self.out.push_str(words);
    }

    fn marks(&mut self) {
        for _ in 0..self.quotes {
            self.out.push_str("> ");
        }
    }

    fn break_line(&mut self) {
        self.owed = (self.owed + 1).min(3);
        self.blank = false;
    }

    fn new_line(&mut self) {
        self.owed = self.owed.max(1);
        self.blank = false;
    }

    fn new_paragraph(&mut self) {
        self.owed = self.owed.max(2);
        self.blank = false;
    }

    fn open(&mut self, name: &str) {
        match name {
            "br" => self.break_line(),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dl" => self.new_paragraph(),
            "div" | "tr" | "table" | "ul" | "ol" | "center" | "form" | "dt" | "dd" | "section"
            | "article" | "header" | "footer" | "address" | "fieldset" | "legend" | "body" => {
                self.in_head = false;
                self.new_line();
            }
            "head" => self.in_head = true,
            "li" => {
                self.new_line();
                self.put("-");
                self.blank = true;
            }
            "td" | "th" => self.blank = true,
            "hr" => {
                self.new_line();
                self.put("________________________________");
                self.new_line();
            }
            "blockquote" => {
                self.new_line();
                self.quotes = (self.quotes + 1).min(DEEPEST);
            }
            "pre" => {
                self.new_line();
                self.preformatted += 1;
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dl" => self.new_paragraph(),
            "div" | "tr" | "table" | "ul" | "ol" | "li" | "center" | "form" | "dt" | "dd" | "section"
            | "article" | "header" | "footer" | "address" | "fieldset" => self.new_line(),
            "head" => self.in_head = false,
            "blockquote" => {
                self.new_line();
                self.quotes = self.quotes.saturating_sub(1);
            }
            "pre" => {
                self.new_line();
                self.preformatted = self.preformatted.saturating_sub(1);
            }
            _ => {}
        }
    }

    /// Writes the character that an entity stands for and gives what follows it.
    fn entity<'h>(&mut self, html: &'h str) -> &'h str {
        let Some((character, length)) = entities::decode(html) else {
            self.words("&");
            return &html[1..];
        };
        match character {
            ' ' | '\u{a0}' | '\n' | '\r' | '\t' if self.preformatted == 0 => self.blank = true,
            _ if self.in_head => {}
            c => self.put(c.encode_utf8(&mut [0; 4])),
        }
        &html[length..]
    }

    fn finish(self) {
        if !self.at_line_start {
            self.out.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(html: &str) -> String {
        let mut out = String::new();
        push_text(&mut out, html);
        out
    }

    #[test]
    fn keeps_lines_and_quotes() {
        let table = [
            (
                "<p>Dear  Ada,</p><p>the <b>lease</b>&nbsp;is&#32;here.<br>Bo</p>",
                "Dear Ada,\n\nthe lease is here.\nBo\n",
            ),
            (
                "Yes<blockquote type=cite>Is it?<blockquote>Why?</blockquote></blockquote>No",
                "Yes\n> Is it?\n> > Why?\nNo\n",
            ),
            (
                "<html><head><title>x</title><style>p{a>b}</style></head><body>a<hr>b</body>",
                "a\n________________________________\nb\n",
            ),
            ("<ul><li>one<li>two</ul>", "- one\n- two\n"),
            ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc\n"),
            (
                "a &lt;b@c.example&gt; &amp; &eacute;&#x20AC; &bogus; 1 < 2 & 3",
                "a <b@c.example> & é€ &bogus; 1 < 2 & 3\n",
            ),
            ("<div style=\"display:none\">pre<div>x</div></div>shown", "shown\n"),
            ("<pre>a\n  b</pre>c", "a\n  b\nc\n"),
            ("a <ada@moss.example> b", "a <ada@moss.example> b\n"),
            ("<a href=\"x>y\">link</a><img alt='a>b'>", "link\n"),
        ];
        for (html, wanted) in table {
            assert_eq!(text(html), wanted, "{html}");
        }
    }

    #[test]
    fn broken_html_does_no_harm() {
        for html in [
            "<",
            "<a",
            "<a href=\"",
            "</",
            "<!--",
            "<style>",
            "&",
            "&#",
            "&#x110000;",
            "<blockquote>",
            "<a b='c>d",
        ] {
            text(html);
        }
        assert_eq!(text(&"<blockquote>".repeat(5_000)), "");
    }
}
