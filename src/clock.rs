//! The only place that asks the machine for the time. Everything else takes `now` as an argument.

use jiff::Timestamp;

/// The present moment, in whole microseconds, as the database keeps it.
#[expect(clippy::disallowed_methods, reason = "this is the one file that asks")]
pub fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
}
