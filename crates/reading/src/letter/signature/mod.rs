//! What only closes a message: name, closing words, telephone numbers, "sent from my telephone", disclaimers and the
//! footers of lists.
//!
//! Words written between quotes are looked at stretch by stretch: the signature of a message that answers above its
//! quote stands before the quote, the footer of its list after it.

mod closing;
mod footer;

use super::address::Mailbox;

/// New words, parted.
pub(super) struct Closing {
    /// Without what only closes.
    pub(super) body: String,
    /// What closes, in order.
    pub(super) signature: Option<String>,
}

/// Parts new words that consist of stretches beginning at the given places.
pub(super) fn find(text: &str, stretches: &[usize], sender: Option<&Mailbox>) -> Closing {
    let sender = closing::Sender::of(sender);
    let mut body = String::with_capacity(text.len());
    let mut signature = String::new();
    for (number, &start) in stretches.iter().enumerate() {
        let end = stretches.get(number + 1).copied().unwrap_or(text.len());
        let Some(stretch) = text.get(start..end) else { continue };
        let is_last = number + 1 == stretches.len();
        // Between quotes, a single word is an answer and no name.
        let only_sure = 0 < number && !is_last;
        let cut = cut_at(stretch, &sender, only_sure, !body.trim().is_empty());
        body.push_str(&stretch[..cut]);
        push_block(&mut signature, stretch[cut..].trim());
        if 0 < cut && !body.ends_with('\n') {
            body.push('\n');
        }
    }
    body.truncate(body.trim_end().len());
    let skip = body.len() - body.trim_start_matches('\n').len();
    body.drain(..skip);
    Closing { body, signature: Some(signature).filter(|s| !s.is_empty()) }
}

fn push_block(out: &mut String, block: &str) {
    if block.is_empty() {
        return;
    }
    if !out.is_empty() {
        out.push_str("\n\n");
    }
    out.push_str(block);
}

/// The byte at which the words of a stretch end.
fn cut_at(stretch: &str, sender: &closing::Sender, only_sure: bool, has_words_above: bool) -> usize {
    let lines = lines_of(stretch);
    let foot = footer::start(&lines);
    let head = &lines[..foot];
    let start = closing::start(head, sender, only_sure, has_words_above);
    lines.get(start).map_or(stretch.len(), |line| line.start)
}

/// A line without blanks at its ends, and where it begins in its stretch.
#[derive(Clone, Copy)]
struct Row<'t> {
    text: &'t str,
    start: usize,
}

fn lines_of(stretch: &str) -> Vec<Row<'_>> {
    let mut start = 0;
    stretch
        .split_inclusive('\n')
        .map(|line| {
            let row = Row { text: line.trim(), start };
            start += line.len();
            row
        })
        .collect()
}

#[cfg(test)]
mod tests;
