//! The only place that asks the machine for the time. Everything else is handed the moment.

use jiff::Timestamp;

/// Where the moment comes from.
#[derive(Debug, Clone, Copy, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    Machine,
    /// Always this moment: for tests, and for looking at a record as of a day.
    Fixed(Timestamp),
}

impl Clock {
    /// The moment, in whole microseconds, as the database keeps it.
    pub fn now(self) -> Timestamp {
        match self {
            Clock::Machine => machine(),
            Clock::Fixed(at) => at,
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that may ask")]
fn machine() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
}
