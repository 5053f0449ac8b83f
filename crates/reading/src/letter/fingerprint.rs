//! The first letters of a text as one number, for finding the message that a quote was taken from.

use care::ids::NaturalKey;

/// How many letters and digits are taken.
const LENGTH: usize = 60;
/// Fewer than these ("ok", "thanks") would match by chance.
const SHORTEST: usize = 12;

/// The hash of the first 60 letters and digits of a text, lower-cased; none where there are fewer than 12.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// Of one text.
    pub fn of(text: &str) -> Fingerprint {
        let mut builder = Builder::default();
        builder.push(text);
        builder.finish()
    }

    /// As a number, for keeping.
    pub fn number(self) -> u64 {
        self.0
    }

    /// The fingerprint that was kept as a number.
    pub fn from_number(number: u64) -> Fingerprint {
        Fingerprint(number)
    }

    /// Whether the text was too short to have one.
    pub fn is_none(self) -> bool {
        self.0 == 0
    }

    /// The hash; 0 where there is none.
    pub fn value(self) -> u64 {
        self.0
    }

    /// From a stored [`Fingerprint::value`].
    pub fn from_value(value: u64) -> Fingerprint {
        Fingerprint(value)
    }
}

/// Takes a text in pieces.
#[derive(Default)]
pub(super) struct Builder {
    letters: Vec<u8>,
    taken: usize,
}

impl Builder {
    pub(super) fn push(&mut self, text: &str) {
        if LENGTH <= self.taken {
            return;
        }
        self.letters.reserve(LENGTH);
        for c in text.chars() {
            if LENGTH <= self.taken {
                return;
            }
            if c.is_ascii_alphanumeric() {
                self.letters.push(c.to_ascii_lowercase() as u8);
                self.taken += 1;
            } else if !c.is_ascii() && c.is_alphanumeric() {
                for lower in c.to_lowercase() {
                    self.letters.extend_from_slice(lower.encode_utf8(&mut [0; 4]).as_bytes());
                }
                self.taken += 1;
            }
        }
    }

    pub(super) fn finish(&self) -> Fingerprint {
        if self.taken < SHORTEST {
            return Fingerprint(0);
        }
        Fingerprint(NaturalKey::of(&self.letters).0)
    }
}
