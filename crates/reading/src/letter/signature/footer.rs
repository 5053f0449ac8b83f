//! What stands below the name: `-- `, "Sent from my …", disclaimers, the footers of lists.

use std::sync::LazyLock;

use super::super::words::{Anywhere, Prefixes};
use super::Row;

/// A signature below `-- ` is no longer than this; a longer text has only a dash in it.
const LONGEST_SIGNATURE: usize = 30;

/// How lines begin that telephones and programs add.
static SENT_FROM: LazyLock<Prefixes> =
    LazyLock::new(|| Prefixes::new(include_str!("../words/sent-from.txt")));

/// How the footers of lists begin, below a rule.
static LIST_WORDS: LazyLock<Anywhere> =
    LazyLock::new(|| Anywhere::new(include_str!("../words/list-footer.txt")));

/// Two of these in a paragraph, and it is a disclaimer.
static LEGAL: LazyLock<Anywhere> = LazyLock::new(|| Anywhere::new(include_str!("../words/legal.txt")));
/// Titles of disclaimers.
static LEGAL_TITLES: LazyLock<Prefixes> =
    LazyLock::new(|| Prefixes::new(include_str!("../words/legal-titles.txt")));

/// The number of the first line of what stands below the name; the count of lines where nothing does.
pub(super) fn start(rows: &[Row<'_>]) -> usize {
    let mut end = rows.len();
    if let Some(at) = delimiter(&rows[..end]) {
        end = at;
    }
    loop {
        let before = end;
        end = last_line(&rows[..end]);
        if let Some(at) =
            sent_from(&rows[..end]).or_else(|| list_footer(&rows[..end])).or_else(|| legal(&rows[..end]))
        {
            end = at;
            continue;
        }
        if end == before {
            break;
        }
    }
    // Blank lines above belong to what is cut, so that nothing is cut where nothing was found.
    if end == last_line(rows) { rows.len() } else { end }
}

/// One past the last line with words.
fn last_line(rows: &[Row<'_>]) -> usize {
    rows.iter().rposition(|r| !r.text.is_empty()).map_or(0, |at| at + 1)
}

/// The last `--` alone on its line, with words below it.
fn delimiter(rows: &[Row<'_>]) -> Option<usize> {
    let at = rows.iter().rposition(|r| matches!(r.text, "--" | "—" | "–" | "- -" | "---" | "--=20"))?;
    let below = rows[at + 1..].iter().filter(|r| !r.text.is_empty()).count();
    if below == 0 && rows[at].text != "--" {
        return None;
    }
    let is_short = below <= LONGEST_SIGNATURE && (rows[at].text == "--" || below <= 8);
    // A rule of three dashes parts text as well: there must be a name's worth of short lines below it.
    let is_plain = rows[at].text == "--" || rows[at + 1..].iter().all(|r| r.text.len() < 60);
    let first = rows[..at].iter().position(|r| matches!(r.text, "--"));
    (is_short && is_plain).then(|| match first {
        // Two delimiters: the footer of a list below a signature.
        Some(first) if at - first <= 12 => first,
        _ => at,
    })
}

fn sent_from(rows: &[Row<'_>]) -> Option<usize> {
    let last = rows.len().checked_sub(1)?;
    let starts = |at: usize| at == 0 || rows[at - 1].text.is_empty() || is_rule(rows[at - 1].text);
    let at = (0..rows.len()).find(|&at| (starts(at) || at == last) && is_sent_from(rows[at].text))?;
    let is_below_rule = 0 < at && is_rule(rows[at - 1].text);
    Some(if is_below_rule { at - 1 } else { at })
}

fn is_sent_from(line: &str) -> bool {
    if line.len() < 8 || 160 < line.len() {
        return false;
    }
    let line = line.trim_start_matches(['(', '[', '*', '_', '-', '~', '<', ' ']);
    if !SENT_FROM.may_begin(line) {
        return false;
    }
    // "Sent from our office last week, the draft …" is a sentence; what machines write is short and has no stop.
    let words = line.split('<').next().unwrap_or_default().split_whitespace().count();
    if 10 < words || line.ends_with(['.', '?', ',', ':']) || line.contains(". ") {
        return false;
    }
    let head: String = line.chars().take(40).flat_map(char::to_lowercase).collect();
    SENT_FROM.begin(&head) || (head.starts_with("sent from") && words <= 7)
}

pub(super) fn is_rule(line: &str) -> bool {
    3 <= line.len() && line.bytes().all(|b| matches!(b, b'-' | b'_' | b'=' | b'*' | b'~' | b'#' | b' '))
}

/// A rule with a list's words within a few lines below it, down to the end.
fn list_footer(rows: &[Row<'_>]) -> Option<usize> {
    let from = rows.len().saturating_sub(16);
    let at = (from..rows.len()).find(|&at| {
        is_rule(rows[at].text) && rows[at].text.len() >= 5 && {
            let below = &rows[at + 1..];
            below.iter().take(8).any(|r| LIST_WORDS.is_in(r.text))
        }
    });
    at.or_else(|| {
        // Without a rule: the last paragraph says how to unsubscribe.
        let start = paragraph_start(rows);
        let lower = rows[start..].iter().map(|r| r.text.to_lowercase()).collect::<String>();
        let is_footer = (lower.contains("unsubscribe")
            || lower.contains("reply to this email directly or view it"))
            && rows.len() - start <= 8
            && 0 < start;
        is_footer.then_some(start)
    })
}

fn paragraph_start(rows: &[Row<'_>]) -> usize {
    rows.iter().rposition(|r| r.text.is_empty()).map_or(0, |at| at + 1)
}

/// The last paragraph, where it is a disclaimer; with its title or rule above.
fn legal(rows: &[Row<'_>]) -> Option<usize> {
    let end = last_line(rows);
    if end == 0 {
        return None;
    }
    let last = rows[end - 1].text;
    let mut start = paragraph_start(&rows[..end]);
    if is_rule(last) && 10 <= last.len() {
        // A box drawn around it: its upper rule.
        if let Some(upper) = rows[..end - 1].iter().rposition(|r| is_rule(r.text) && 10 <= r.text.len())
            && hits(&rows[upper..end]) >= 2
        {
            return Some(upper);
        }
        return (hits(&rows[..end - 1]) >= 2 && legal(&rows[..end - 1]).is_some())
            .then(|| legal(&rows[..end - 1]))
            .flatten();
    }
    let length: usize = rows[start..end].iter().map(|r| r.text.len()).sum();
    let first = rows[start].text.trim_start_matches(['*', '_', ' ']).to_lowercase();
    let is_titled = LEGAL_TITLES.begin(&first);
    let found = hits(&rows[start..end]);
    let is_legal = (80 < length && 3 <= found)
        || (is_titled && (1 <= found || end - start == 1))
        || first.starts_with("please consider the environment")
        || (80 < length
            && 2 <= found
            && (first.starts_with("this e-mail")
                || first.starts_with("this email")
                || first.starts_with("this message")
                || first.starts_with("the information")));
    if !is_legal {
        return None;
    }
    // A rule or title inside the paragraph, above the legal words: what stands over it is no disclaimer.
    if let Some(inner) = (start + 1..end).find(|&at| is_rule(rows[at].text))
        && hits(&rows[start..inner]) < 2
    {
        start = inner;
    }
    let above = last_line(&rows[..start]);
    if 0 < above && is_rule(rows[above - 1].text) {
        start = above - 1;
    }
    Some(start)
}

fn hits(rows: &[Row<'_>]) -> usize {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return 0 };
    if rows.len() == 1 {
        return LEGAL.count(first.text);
    }
    let mut text = String::with_capacity(last.start + last.text.len() - first.start + 1);
    for row in rows {
        text.push_str(row.text);
        text.push(' ');
    }
    LEGAL.count(&text)
}
