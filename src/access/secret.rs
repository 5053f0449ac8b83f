//! Secrets that a browser or a program carries: random, and kept here only as a hash.

use std::fmt;

use crate::error::{Error, Result};

/// 256 random bits. The database has only their hash, so that whoever reads a backup can sign in nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; 32]);

impl Secret {
    /// A new one.
    pub fn new() -> Result<Secret> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)
            .map_err(|e| Error::Unexpected(anyhow::anyhow!("the machine gives no random bytes: {e}")))?;
        Ok(Secret(bytes))
    }

    /// Reads one from its text; none where it is no secret.
    pub fn parse(text: &str) -> Option<Secret> {
        blake3::Hash::from_hex(text).ok().map(|bytes| Secret(*bytes.as_bytes()))
    }

    /// Its text, 64 digits, for a cookie or a header.
    pub fn text(&self) -> String {
        blake3::Hash::from_bytes(self.0).to_hex().to_string()
    }

    /// What the database keeps of it.
    pub fn hash(&self) -> [u8; 32] {
        *blake3::hash(&self.0).as_bytes()
    }

    /// What a form must carry to show that one of our own pages made it: another site can make a browser send the
    /// cookie, but cannot read this.
    pub fn form_mark(&self) -> String {
        blake3::Hash::from_bytes(blake3::derive_key("regard form mark 1", &self.0)).to_hex()[..32].to_owned()
    }

    /// What shows that we wrote these texts for this session, and nobody else did.
    pub fn seal(&self, texts: &[&str]) -> String {
        self.over("regard notice 1", texts).to_hex()[..32].to_owned()
    }

    /// Another secret, the same whenever this session hands in the same form with the same texts.
    pub fn of_form(&self, texts: &[&str]) -> Secret {
        Secret(*self.over("regard secret of a form 1", texts).as_bytes())
    }

    fn over(&self, purpose: &str, texts: &[&str]) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new_keyed(&blake3::derive_key(purpose, &self.0));
        for text in texts {
            hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
        }
        hasher.finalize()
    }

    /// Whether two seals or marks are the same. Takes the same time for every wrong one.
    pub fn is_same(one: &str, other: &str) -> bool {
        blake3::hash(one.as_bytes()) == blake3::hash(other.as_bytes())
    }

    /// Whether a form carries the right mark. Takes the same time for every wrong one.
    pub fn is_form_mark(&self, mark: &str) -> bool {
        Secret::is_same(mark, &self.form_mark())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_as_it_was_written_and_never_printed() {
        let secret = Secret::new().unwrap();
        assert_eq!(Secret::parse(&secret.text()).as_ref(), Some(&secret));
        assert_ne!(Secret::new().unwrap(), secret);
        assert!(!format!("{secret:?}").contains(&secret.text()[..8]));
        assert!(Secret::parse("nonsense").is_none());
    }

    #[test]
    fn a_form_has_one_secret_and_no_other_form_has_it() {
        let (one, other) = (Secret::new().unwrap(), Secret::new().unwrap());
        assert_eq!(one.of_form(&["1", "a"]), one.of_form(&["1", "a"]));
        assert_ne!(one.of_form(&["1", "a"]), one.of_form(&["1a", ""]));
        assert_ne!(one.of_form(&["1", "a"]), other.of_form(&["1", "a"]));
    }

    #[test]
    fn a_form_mark_belongs_to_one_secret() {
        let (one, other) = (Secret::new().unwrap(), Secret::new().unwrap());
        assert!(one.is_form_mark(&one.form_mark()));
        assert!(!one.is_form_mark(&other.form_mark()));
        assert!(!one.is_form_mark(""));
    }
}
