//! Any text read for acts, said at any moment or none.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use reading::acts::Reader;
use regard_fuzz::{calendar, check_reading, moment};

static READER: LazyLock<Reader> = LazyLock::new(Reader::shipped);

fuzz_target!(|input: (Option<i64>, u8, &str)| {
    let (said_at, choice, text) = input;
    let said_at = said_at.map(moment);
    let reading = READER.read(text, said_at, &calendar(choice));
    check_reading(text, &reading, said_at);
});
