//! Any bytes as a message: read, its blocks in place, its new words read for acts.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use reading::acts::Reader;
use reading::letter::{Letter, originals, parse};
use regard_fuzz::{calendar, check_reading};

static READER: LazyLock<Reader> = LazyLock::new(Reader::shipped);

fuzz_target!(|raw: &[u8]| {
    let Ok(letter) = parse(raw) else { return };
    check_blocks(&letter);
    let _ = (letter.key(), letter.content_key(), letter.recipients().count());
    for original in originals(raw, &letter) {
        assert!(parse(&original).is_ok(), "what was passed on can be read");
    }
    let said_at = letter.sent.map(|sent| sent.at);
    let reading = READER.read(&letter.new_text, said_at, &calendar(raw.len() as u8));
    check_reading(&letter.new_text, &reading, said_at);
});

/// Blocks stand in the text one after another, on the borders of characters.
fn check_blocks(letter: &Letter) {
    let mut last = 0;
    for block in &letter.blocks {
        assert!(last <= block.start && block.start <= block.end, "{:?}", letter.blocks);
        assert!(letter.text.get(block.start..block.end).is_some(), "{block:?} of {}", letter.text.len());
        last = block.end;
    }
    assert!(letter.quoted.iter().all(|quoted| 0 < quoted.depth));
}
