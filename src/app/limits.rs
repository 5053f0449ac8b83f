//! How often somebody may try to sign in.

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::error::Error;
use crate::text::counted;

/// Tries at one account, from anywhere: ten at once, then one every minute.
const AT_ACCOUNT: (NonZeroU32, NonZeroU32) =
    (NonZeroU32::new(1).expect("one"), NonZeroU32::new(10).expect("ten"));
/// Tries from one address: an office signs in behind one.
const FROM_ADDRESS: (NonZeroU32, NonZeroU32) =
    (NonZeroU32::new(10).expect("ten"), NonZeroU32::new(60).expect("sixty"));
/// Beyond so many, those whose time is over are forgotten.
const MANY: usize = 10_000;

type Keyed<K> = RateLimiter<K, DashMapStateStore<K>, DefaultClock>;

/// Counts tries to sign in.
#[derive(Debug)]
pub struct Limits {
    accounts: Keyed<String>,
    addresses: Keyed<IpAddr>,
}

impl Default for Limits {
    fn default() -> Limits {
        let quota = |(rate, burst): (NonZeroU32, NonZeroU32)| Quota::per_minute(rate).allow_burst(burst);
        Limits {
            accounts: RateLimiter::dashmap(quota(AT_ACCOUNT)),
            addresses: RateLimiter::dashmap(quota(FROM_ADDRESS)),
        }
    }
}

/// What is told to whoever tried too often, with the seconds to wait.
pub fn tried_too_often(seconds: u64) -> Error {
    let wait = counted(seconds as usize, "second", "seconds");
    Error::invalid("this", format!("was tried too often; wait {wait}"))
}

impl Limits {
    /// Counts a try at an account from an address; gives the seconds to wait where there were too many.
    pub fn count(&self, email: &str, from: Option<IpAddr>) -> Result<(), u64> {
        if MANY < self.accounts.len() {
            self.accounts.retain_recent();
        }
        if MANY < self.addresses.len() {
            self.addresses.retain_recent();
        }
        let seconds = |wait: std::time::Duration| wait.as_secs() + 1;
        let clock = DefaultClock::default();
        self.accounts
            .check_key(&email.trim().to_lowercase())
            .map_err(|wait| seconds(wait.wait_time_from(clock.now())))?;
        match from {
            Some(from) => {
                self.addresses.check_key(&from).map_err(|wait| seconds(wait.wait_time_from(clock.now())))
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_ten_tries_at_an_account_one_waits() {
        let limits = Limits::default();
        for _ in 0..10 {
            assert_eq!(limits.count("Amy@firm.example", None), Ok(()));
        }
        let wait = limits.count("amy@firm.example ", None).unwrap_err();
        assert!((1..=61).contains(&wait), "{wait}");
        assert_eq!(limits.count("bob@firm.example", None), Ok(()), "others are not held up");
    }
}
