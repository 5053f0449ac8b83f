//! What shows that a telephone system sent something, and when: `t=1781683200,v1=…`, where the second is the
//! HMAC-SHA256 of the first, a full stop and the body.

use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;

/// Clocks may differ by so much; what is older was sent before, or was kept back by somebody.
pub const FRESH: SignedDuration = SignedDuration::from_mins(5);

/// A signature as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    stamp: String,
    mac: Vec<u8>,
}

impl Signature {
    /// Reads the header; none where it is no signature.
    pub fn parse(header: &str) -> Option<Signature> {
        let part = |name: &str| header.split(',').find_map(|part| part.trim().strip_prefix(name));
        let (stamp, digits) = (part("t=")?, part("v1=")?);
        if digits.len() != 64 || !digits.is_ascii() || 20 < stamp.len() {
            return None;
        }
        let byte = |n: usize| u8::from_str_radix(&digits[2 * n..2 * n + 2], 16).ok();
        Some(Signature { stamp: stamp.to_owned(), mac: (0..32).map(byte).collect::<Option<_>>()? })
    }

    /// Whether this secret made it for this body, not long ago. Takes the same time for every wrong one.
    pub fn is_right(&self, secret: &str, body: &[u8], now: Timestamp) -> bool {
        let sent = self.stamp.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
        let is_fresh = sent.is_some_and(|sent| now.duration_since(sent).abs() <= FRESH);
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return false };
        mac.update(self.stamp.as_bytes());
        mac.update(b".");
        mac.update(body);
        mac.verify_slice(&self.mac).is_ok() && is_fresh
    }

    /// What is kept of it, to know it again.
    pub fn mark(&self) -> Vec<u8> {
        blake3::hash(&self.mac).as_bytes()[..16].to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `printf '1781683200.{"a":1}' | openssl dgst -sha256 -hmac secret`
    const MADE: &str = include_str!("signature.txt");

    #[test]
    fn only_the_secret_signs_and_only_for_a_while() {
        let now = Timestamp::from_second(1_781_683_200).expect("a moment");
        let body = br#"{"a":1}"#;
        let signature = Signature::parse(&format!("t=1781683200,v1={}", MADE.trim())).expect("a signature");
        assert!(signature.is_right("secret", body, now));
        assert!(!signature.is_right("secret", br#"{"a":2}"#, now), "another body");
        assert!(!signature.is_right("other", body, now), "another secret");
        assert!(!signature.is_right("secret", body, now + FRESH + SignedDuration::from_secs(1)), "too old");
        assert!(signature.is_right("secret", body, now - FRESH), "clocks differ");
        let moved = Signature::parse(&format!("t=1781683201,v1={}", MADE.trim())).expect("a signature");
        assert!(!moved.is_right("secret", body, now), "the moment is signed too");
        for wrong in ["", "t=1", "t=1,v1=zz", "v1=00", &format!("t=1,v1={}", "é".repeat(32))] {
            assert_eq!(Signature::parse(wrong), None, "{wrong}");
        }
    }
}
