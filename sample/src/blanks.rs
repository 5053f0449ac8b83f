//! The blanks in a sentence, filled: facts of the matter, and days as people say them.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::calendar::{month, plain, said, weekday};
use crate::world::World;

/// Puts facts and days into words: `{place}`, `{by:3}` (Thursday), `{date:10}` (14 May), `{month}`, `{ago:5}`.
pub(crate) fn fill(words: &str, on: Date, world: &World, facts: &[(String, String)]) -> String {
    let mut out = String::with_capacity(words.len() + 32);
    let mut rest = words;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            rest = after;
            continue;
        };
        let (word, number) = name.split_once(':').unwrap_or((name, "0"));
        let number: i64 = number.parse().unwrap_or(0);
        match word {
            "by" => out.push_str(&said(world.days.working(on, number), on)),
            "date" => out.push_str(&plain(world.days.working(on, number))),
            "ago" => out.push_str(&plain(world.days.working(on, -number.max(1)))),
            "month" => out.push_str(month(on + number.months())),
            "weekday" => out.push_str(weekday(on)),
            _ => {
                if let Some((_, value)) = facts.iter().find(|(fact, _)| fact == word) {
                    out.push_str(value);
                } else {
                    out.push_str(&format!("{{{name}}}"));
                }
            }
        }
        rest = after;
    }
    out.push_str(rest);
    sentences(&out)
}

/// Sentences that begin with a fact begin with a capital all the same.
fn sentences(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut begins, mut ended) = (true, false);
    for c in text.chars() {
        if begins && c.is_alphabetic() {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
        begins = match c {
            '\n' => true,
            ' ' => begins || ended,
            '“' => begins,
            _ => false,
        };
        ended = matches!(c, '.' | '?' | '!');
    }
    out
}
