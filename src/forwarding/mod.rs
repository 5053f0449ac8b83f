//! Secret addresses to which mail is forwarded or journaled, for firms that cannot give access to their mailboxes.
//!
//! A mail server of the firm hands such mail in by LMTP ([`listen`]); what is for no address that somebody of the firm made
//! is refused and listed ([`store`]). What was passed on is read as the message that it was.

pub mod listen;
pub mod pages;
pub mod store;

use crate::ids::FirmId;

/// What every secret address begins with.
const PREFIX: &str = "in-";
/// Bytes of the secret: nobody finds one by trying.
const SECRET: usize = 16;

/// What stands before the @ of a secret address: the firm, and the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Local {
    /// The firm.
    pub firm: FirmId,
    secret: String,
}

impl Local {
    /// One of a new secret in hexadecimal digits, as many of them as an address has room for.
    pub fn new(firm: FirmId, secret: &str) -> Local {
        Local { firm, secret: secret.chars().take(2 * SECRET).collect() }
    }

    /// Reads the address that a mail server names; none where it is none of ours. Mail servers may change the case.
    pub fn of(address: &str) -> Option<Local> {
        let local = address.rsplit_once('@').map_or(address, |(local, _)| local).to_ascii_lowercase();
        let (firm, secret) = local.strip_prefix(PREFIX)?.split_once('-')?;
        let is_secret = secret.len() == 2 * SECRET && secret.bytes().all(|byte| byte.is_ascii_hexdigit());
        Some(Local { firm: FirmId(firm.parse().ok()?), secret: secret.to_owned() }).filter(|_| is_secret)
    }

    /// What stands before the @; to be shown once.
    pub fn text(&self) -> String {
        format!("{PREFIX}{}-{}", self.firm.0, self.secret)
    }

    /// What the database keeps of it.
    fn hash(&self) -> [u8; 32] {
        *blake3::hash(self.secret.as_bytes()).as_bytes()
    }
}

impl std::fmt::Debug for Local {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Local({})", self.firm.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_known_again_whatever_its_case_and_never_printed() {
        let local = Local::new(FirmId(7), &"5c".repeat(32));
        let text = local.text();
        assert!(text.len() <= 64, "{text}");
        assert_eq!(Local::of(&format!("{}@Regard.example", text.to_uppercase())), Some(local.clone()));
        assert!(!format!("{local:?}").contains(&text[6..]));
        for wrong in
            ["amy@firm.example", "in-7-abc@x", "in-x-00112233445566778899aabbccddeeff@x", "in-7@x", ""]
        {
            assert_eq!(Local::of(wrong), None, "{wrong}");
        }
    }
}
