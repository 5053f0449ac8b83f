//! The only place that asks the machine for the time. Everything else takes `now` as an argument.

use jiff::{SignedDuration, Timestamp};

/// The present moment, in whole microseconds, as the database keeps it.
#[expect(clippy::disallowed_methods, reason = "this is the one file that asks")]
pub fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
}

/// What a server takes for the present moment: the machine's, or one that began elsewhere and runs on with it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock {
    ahead: SignedDuration,
}

impl Clock {
    /// A clock that shows `moment` now.
    pub fn starting_at(moment: Timestamp) -> Clock {
        Clock { ahead: moment.duration_since(now()) }
    }

    /// The present moment on this clock.
    pub fn now(self) -> Timestamp {
        now().saturating_add(self.ahead).unwrap_or(Timestamp::MAX)
    }
}
