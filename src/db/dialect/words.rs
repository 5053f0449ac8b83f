//! How the index of words is asked.

use crate::db::Tx;

/// What was typed, in parts: a word, or several that stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part<'a> {
    words: &'a str,
    /// It may be the beginning of a longer word.
    goes_on: bool,
}

/// Messages by their words: firm, what [`question`] gives, how many at most. Of many hits only the last stored are put in
/// order of time, so that a word that is everywhere costs no more than a rare one.
pub(crate) fn search(tx: &Tx) -> &'static str {
    if tx.is_lite() {
        "SELECT e.entry_id FROM
            (SELECT $1 AS firm_id, rowid AS entry_id FROM entry_words
             WHERE entry_words MATCH 'firm:f' || $1 || $2 ORDER BY rowid DESC LIMIT 2000) w
         CROSS JOIN entry e ON e.firm_id = w.firm_id AND e.entry_id = w.entry_id
         ORDER BY e.at DESC, e.entry_id DESC LIMIT $3"
    } else {
        "SELECT e.entry_id FROM
            (SELECT firm_id, entry_id FROM entry_words
             WHERE firm_id = $1 AND words @@ to_tsquery('simple', normalize(regexp_replace(
                 normalize($2::text, NFD), '[\\u0300-\\u036f]', '', 'g'), NFC))
             ORDER BY entry_id DESC LIMIT 2000) w
         JOIN entry e ON e.firm_id = w.firm_id AND e.entry_id = w.entry_id
         ORDER BY e.at DESC, e.entry_id DESC LIMIT $3"
    }
}

/// The words of the index, of whatever firm, from one up to another one: how many at most. Nobody is shown any. Each is
/// looked for behind the one before: the places of a word that is everywhere are not read.
pub(crate) const BEGINNINGS: &str = "WITH RECURSIVE known (term) AS (
        SELECT (SELECT term FROM entry_words_vocabulary WHERE term >= $1 AND term < $2 LIMIT 1)
        UNION ALL
        SELECT (SELECT term FROM entry_words_vocabulary WHERE term >= known.term || char(1) AND term < $2 LIMIT 1)
        FROM known WHERE known.term IS NOT NULL LIMIT $3)
    SELECT term FROM known WHERE term IS NOT NULL";

/// The parts of what a person typed.
pub(crate) fn parts(typed: &str) -> Vec<Part<'_>> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    // Every second part stands between quotes, and is meant as it is; of the others each may go on.
    for (n, part) in typed.split('"').enumerate() {
        match n % 2 {
            1 => parts.push(Part { words: part, goes_on: false }),
            _ => {
                parts.extend(part.split_whitespace().map(|word| Part { words: word, goes_on: goes_on(word) }))
            }
        }
    }
    parts.retain(|part| part.words.chars().any(char::is_alphanumeric));
    parts
}

/// Whether a word that is sought may be the beginning of a longer one: not after so few letters that half of all words
/// would do.
fn goes_on(word: &str) -> bool {
    const SHORTEST: usize = 3;
    SHORTEST <= word.chars().filter(|c| c.is_alphanumeric()).count()
}

/// From which word up to which one those stand in the index that a part begins; none where the database finds them as
/// fast by itself. SQLite puts all messages of all of them together before it gives the newest, and gives the newest
/// that hold any of some words at once.
pub(crate) fn beginnings(tx: &Tx, part: &Part<'_>) -> Option<(String, String)> {
    // The index folds other letters in its own way.
    let is_plain = part.words.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (tx.is_lite() && part.goes_on && is_plain).then(|| {
        let word = part.words.to_ascii_lowercase();
        let end = format!("{word}{}", char::MAX);
        (word, end)
    })
}

/// A part as [`question`] wants it.
pub(crate) fn sought(tx: &Tx, part: &Part<'_>) -> String {
    let words = part.words.replace('\0', " ");
    match (tx.is_lite(), part.goes_on) {
        (true, false) => format!("\"{words}\""),
        (true, true) => format!("\"{words}\" *"),
        (false, false) => format!("'{}'", words.replace('\\', " ").replace('\'', "''")),
        (false, true) => format!("'{}':*", words.replace('\\', " ").replace('\'', "''")),
    }
}

/// Words of the index of which any will do, as [`question`] wants them.
pub(crate) fn any(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    format!("({})", words.join(" OR "))
}

/// All that is sought, as [`search`] wants it after the firm.
pub(crate) fn question(tx: &Tx, sought: &[String]) -> String {
    if tx.is_lite() {
        sought.iter().map(|part| format!(" AND {{subject body people}} : {part}")).collect()
    } else {
        sought.join(" & ")
    }
}
