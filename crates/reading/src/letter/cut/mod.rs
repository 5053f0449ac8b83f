//! Tells what a writer wrote anew from what was quoted or passed on, whatever the client and its language.
//!
//! A text is read line by line. Lines that begin with `>` are a quote wherever they stand, so that words between
//! them are new. A line or block that introduces another message (an attribution, the headers that Outlook and Notes
//! copy, a divider) makes a quote of the `>` lines after it, or where none follow, of all that is left. What is
//! quoted is read the same way again.

mod attribution;
mod divider;
mod fields;
mod lines;
mod notes;

use super::address::Mailbox;
use super::fingerprint::{Builder, Fingerprint};
use super::model::{Block, BlockKind, Quoted};
use lines::Line;

/// Quotes within quotes that are followed; deeper ones are left as text of the last.
const DEEPEST: u8 = 16;
/// Messages quoted in one that are kept.
const MOST_QUOTED: usize = 100;

/// A text, cut.
#[derive(Default)]
pub(super) struct Cut {
    pub(super) new_text: String,
    /// Where in the new text each of its stretches begins: between them stood quotes.
    pub(super) stretches: Vec<usize>,
    pub(super) blocks: Vec<Block>,
    pub(super) quoted: Vec<Quoted>,
    pub(super) fingerprint: Fingerprint,
}

/// Cuts a whole body.
pub(super) fn cut(text: &str) -> Cut {
    let lines = lines::split(text);
    let mut quoted = Vec::new();
    let scan = scan(&lines, 0, &mut quoted);
    let mut blocks = scan.blocks;
    if let Some(last) = blocks.last_mut() {
        last.end = text.len();
    }
    Cut { new_text: scan.text, stretches: scan.stretches, blocks, quoted, fingerprint: scan.fingerprint }
}

/// What introduces another message: the lines it takes, and what they say.
#[derive(Default)]
struct Intro {
    /// How many lines.
    lines: usize,
    from: Option<Mailbox>,
    sent_words: Option<String>,
    subject: Option<String>,
    forwarded: bool,
}

struct Scan {
    text: String,
    stretches: Vec<usize>,
    blocks: Vec<Block>,
    fingerprint: Fingerprint,
}

/// Reads one message's lines; the messages quoted in it are pushed in the order they stand in.
fn scan(lines: &[Line<'_>], depth: u8, quoted: &mut Vec<Quoted>) -> Scan {
    let mut pieces = Pieces::default();
    let mut last_marked: Option<usize> = None;
    let mut at = 0;
    while at < lines.len() {
        let line = &lines[at];
        if line.text.is_empty() {
            pieces.take(lines, at, at + 1, BlockKind::New);
            at += 1;
            continue;
        }
        if lines::is_marked(lines, at) {
            let end = lines::marked_end(lines, at);
            let inner = unmarked(&lines[at..end]);
            match last_marked {
                Some(place) => continue_quote(&inner, place, depth, quoted),
                None => last_marked = push(&inner, None, &[], depth, quoted),
            }
            pieces.take(lines, at, end, BlockKind::Quoted);
            at = end;
            continue;
        }
        let Some(intro) = introduction(lines, at) else {
            pieces.take(lines, at, at + 1, BlockKind::New);
            at += 1;
            continue;
        };
        let header_end = at + intro.lines;
        let body = lines::skip_blank(lines, header_end);
        if body < lines.len() && lines::is_marked(lines, body) {
            let end = lines::marked_end(lines, body);
            let inner = unmarked(&lines[body..end]);
            last_marked = push(&inner, Some(intro), &lines[at..header_end], depth, quoted);
            pieces.take(lines, at, end, BlockKind::Quoted);
            at = end;
        } else {
            push(&lines[header_end..], Some(intro), &lines[at..header_end], depth, quoted);
            pieces.take(lines, at, lines.len(), BlockKind::Quoted);
            at = lines.len();
        }
    }
    pieces.finish(lines)
}

/// What introduces another message at a line, if anything does.
fn introduction(lines: &[Line<'_>], at: usize) -> Option<Intro> {
    let line = &lines[at];
    if line.has_colon
        && let Some(intro) = fields::block(lines, at, false)
    {
        return Some(intro);
    }
    divider::read(lines, at).or_else(|| attribution::read(lines, at)).or_else(|| notes::block(lines, at))
}

/// The lines of a quote without their marks, to be read again.
fn unmarked<'t>(lines: &[Line<'t>]) -> Vec<Line<'t>> {
    lines.iter().map(Line::unmarked).collect()
}

/// More of a message that was quoted before: words were put in between.
fn continue_quote(lines: &[Line<'_>], place: usize, depth: u8, quoted: &mut Vec<Quoted>) {
    let more = if depth < DEEPEST { scan(lines, depth + 1, quoted).text } else { join(lines) };
    let text = &mut quoted[place].text;
    if !text.is_empty() && !more.is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(&more);
}

/// One quoted message, then those quoted in it. Its place, where it is kept.
fn push(
    lines: &[Line<'_>],
    intro: Option<Intro>,
    header: &[Line<'_>],
    depth: u8,
    quoted: &mut Vec<Quoted>,
) -> Option<usize> {
    if MOST_QUOTED <= quoted.len() {
        return None;
    }
    let place = quoted.len();
    let said = intro.is_some();
    let intro = intro.unwrap_or_default();
    quoted.push(Quoted {
        from: intro.from,
        sent_words: intro.sent_words,
        subject: intro.subject,
        header: join(header),
        text: String::new(),
        depth: depth + 1,
        forwarded: intro.forwarded,
        fingerprint: Fingerprint::default(),
    });
    if DEEPEST <= depth {
        quoted[place].text = join(lines);
        return Some(place);
    }
    let scan = scan(lines, depth + 1, quoted);
    if scan.text.is_empty() && !said {
        // Nothing but another message: the marks were that message's.
        quoted.remove(place);
        quoted[place..].iter_mut().for_each(|q| q.depth = q.depth.saturating_sub(1).max(1));
        return (place < quoted.len()).then_some(place);
    }
    quoted[place].text = scan.text;
    quoted[place].fingerprint = scan.fingerprint;
    Some(place)
}

fn join(lines: &[Line<'_>]) -> String {
    let mut text = String::with_capacity(lines.iter().map(|l| l.text.len() + 1).sum());
    for line in lines {
        text.push_str(line.text);
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text
}

/// The stretches of a text, as they are found.
#[derive(Default)]
struct Pieces {
    blocks: Vec<Block>,
    /// The new stretches, as numbers of lines.
    new: Vec<(usize, usize)>,
}

impl Pieces {
    fn take(&mut self, lines: &[Line<'_>], from: usize, until: usize, kind: BlockKind) {
        let (start, end) = (lines[from].start, lines[until - 1].end);
        match self.blocks.last_mut() {
            Some(last) if last.kind == kind => last.end = end,
            _ => {
                if let Some(last) = self.blocks.last_mut() {
                    last.end = start;
                }
                self.blocks.push(Block { kind, start, end });
            }
        }
        if kind == BlockKind::New {
            match self.new.last_mut() {
                Some(last) if last.1 == from => last.1 = until,
                _ => self.new.push((from, until)),
            }
        }
    }

    fn finish(self, lines: &[Line<'_>]) -> Scan {
        let mut text = String::new();
        let mut stretches = Vec::with_capacity(self.new.len());
        let mut fingerprint = Builder::default();
        for &(from, until) in &self.new {
            stretches.push(text.len());
            for line in &lines[from..until] {
                if text.is_empty() && line.text.is_empty() {
                    continue;
                }
                fingerprint.push(line.text);
                text.push_str(line.text);
                text.push('\n');
            }
        }
        text.truncate(text.trim_end().len());
        stretches.retain(|start| *start < text.len());
        Scan { text, stretches, blocks: self.blocks, fingerprint: fingerprint.finish() }
    }
}

#[cfg(test)]
mod tests;
