//! Any text as words of time, said at any moment, in several calendars.
#![no_main]

use libfuzzer_sys::fuzz_target;
use reading::when::{Meaning, find};
use regard_fuzz::{calendar, moment};

fuzz_target!(|input: (i64, u8, &str)| {
    let (said_at, choice, text) = input;
    let said_at = moment(said_at);
    let calendar = calendar(choice);
    let mut last = 0;
    for found in find(text, said_at, &calendar) {
        assert!(last <= found.start && found.start < found.end, "{found:?}");
        assert!(text.get(found.start..found.end).is_some(), "{found:?} of {}", text.len());
        last = found.end;
        match found.meaning {
            Meaning::Days { from, to } => assert!(from <= to, "{found:?}"),
            Meaning::Between { from, to } => assert!(from <= to, "{found:?}"),
            _ => {}
        }
        if let Some(due) = found.due(said_at, &calendar) {
            assert!(said_at <= due, "{found:?} is due at {due}, said at {said_at}");
        }
    }
});
