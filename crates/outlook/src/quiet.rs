//! Whether a client writes less than they used to.

use jiff::{SignedDuration, Timestamp};

/// When a client and the firm were in touch, apart by direction; each in order of time.
#[derive(Debug, Clone, Default)]
pub struct Traffic {
    /// When they wrote or rang.
    pub inward: Vec<Timestamp>,
    /// When we wrote or rang and reached them.
    pub outward: Vec<Timestamp>,
    /// Since when they are a client, where that is known.
    pub since: Option<Timestamp>,
}

/// The stretch whose count is compared with the time before it.
pub const RECENT: SignedDuration = SignedDuration::from_hours(24 * 42);

/// How far back the usual rate is taken from.
const BEFORE: SignedDuration = SignedDuration::from_hours(24 * 365);

/// Fewer than this many messages tell nothing about a usual rate.
const ENOUGH: usize = 6;

/// How unlikely it is that a client with their usual rate would have written so little lately: the lower tail of a
/// Poisson distribution, P(X <= seen), with the rate taken from the year before. `None` where the past is too thin.
pub fn writes_less(inward: &[Timestamp], now: Timestamp) -> Option<f64> {
    let recent_from = now - RECENT;
    let before_from = recent_from - BEFORE;
    let first = *inward.iter().find(|at| before_from <= **at)?;
    let before = inward.iter().filter(|at| (before_from..recent_from).contains(at)).count();
    let seen = inward.iter().filter(|at| (recent_from..=now).contains(at)).count();
    let span = recent_from.duration_since(first).as_secs_f64();
    if before < ENOUGH || span < RECENT.as_secs_f64() {
        return None;
    }
    let expected = before as f64 / span * RECENT.as_secs_f64();
    Some(poisson_at_most(seen, expected))
}

/// P(X <= k) for a Poisson variable with the given mean.
fn poisson_at_most(k: usize, mean: f64) -> f64 {
    let mut term = (-mean).exp();
    let mut sum = term;
    for i in 1..=k {
        term *= mean / i as f64;
        sum += term;
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * (20_000 + n))
    }

    #[test]
    fn poisson_tail_agrees_with_tables() {
        // Tables of the Poisson distribution: P(X <= 2 | 5) = 0.1247, P(X <= 0 | 3) = 0.0498.
        assert!((poisson_at_most(2, 5.0) - 0.1247).abs() < 1e-4);
        assert!((poisson_at_most(0, 3.0) - 0.0498).abs() < 1e-4);
    }

    #[test]
    fn a_client_who_stops_writing_stands_out_and_a_steady_one_does_not() {
        let steady: Vec<_> = (0..60).map(|week| day(week * 7)).collect();
        let stopped: Vec<_> = (0..50).map(|week| day(week * 7)).collect();
        assert!(0.3 < writes_less(&steady, day(414)).unwrap());
        assert!(writes_less(&stopped, day(414)).unwrap() < 0.05);
    }

    #[test]
    fn a_thin_past_tells_nothing() {
        assert_eq!(writes_less(&[day(0), day(1)], day(300)), None);
        assert_eq!(writes_less(&[], day(300)), None);
    }
}
