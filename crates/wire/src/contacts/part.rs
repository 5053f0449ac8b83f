//! A file of contacts cut into its cards.

/// One card of a file.
pub(super) struct Part {
    /// The line on which it begins, counted from 1.
    pub(super) line: u64,
    /// The card from its first line to its last; why there is none where it has no end.
    pub(super) words: Result<String, &'static str>,
}

/// The text of a file: UTF-8, UTF-16 with its mark, else the letters of western Europe that old programs wrote.
pub(super) fn text(bytes: &[u8]) -> String {
    let pairs = |read: fn([u8; 2]) -> u16| {
        let units = bytes[2..].chunks_exact(2).map(|pair| read([pair[0], pair[1]]));
        char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    match bytes {
        [0xff, 0xfe, ..] => pairs(u16::from_le_bytes),
        [0xfe, 0xff, ..] => pairs(u16::from_be_bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
            Err(_) => bytes.iter().copied().map(char::from).collect(),
        },
    }
}

/// The cards of a file, in order.
pub(super) fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut open: Option<(u64, String)> = None;
    // A card may hold the card of somebody's assistant, which is passed over.
    let mut inside = 0_u32;
    let mut before = "";
    for (line, number) in text.lines().zip(1..) {
        let is = |word: &str| line.trim_end().eq_ignore_ascii_case(word);
        match &mut open {
            None if is("BEGIN:VCARD") => open = Some((number, with_break(line))),
            None => {}
            Some(_) if is("BEGIN:VCARD") && (0 < inside || is_agent(before)) => inside += 1,
            Some(_) if is("BEGIN:VCARD") => {
                let unfinished = open.replace((number, with_break(line)));
                parts.extend(unfinished.map(|(line, _)| Part { line, words: Err(UNFINISHED) }));
            }
            Some(_) if is("END:VCARD") && 0 < inside => inside -= 1,
            Some((_, words)) if is("END:VCARD") => {
                words.push_str(&with_break(line));
                parts.extend(open.take().map(|(line, words)| Part { line, words: Ok(words) }));
            }
            Some((_, words)) if inside == 0 => words.push_str(&with_break(line)),
            Some(_) => {}
        }
        before = line;
    }
    parts.extend(open.map(|(line, _)| Part { line, words: Err(UNFINISHED) }));
    parts
}

const UNFINISHED: &str = "this card has no end (END:VCARD); the file was cut off there";

fn is_agent(line: &str) -> bool {
    line.get(..5).is_some_and(|name| name.eq_ignore_ascii_case("AGENT"))
}

fn with_break(line: &str) -> String {
    format!("{line}\r\n")
}
