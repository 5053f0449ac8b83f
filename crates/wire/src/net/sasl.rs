//! What signs in with a token, as mail servers take it.

use super::Secret;

/// What is answered where a server tells why it refused a token, as RFC 7628 has it: one byte of nothing, in base64.
pub(crate) const HEARD: &str = "AQ==";

/// As Google and Microsoft first had it.
pub(crate) fn xoauth2(user: &str, token: &Secret) -> String {
    format!("user={user}\x01auth=Bearer {}\x01\x01", token.reveal())
}

/// As RFC 7628 has it.
pub(crate) fn oauthbearer(user: &str, token: &Secret, host: &str, port: u16) -> String {
    let name = user.replace('=', "=3D").replace(',', "=2C");
    format!("n,a={name},\x01host={host}\x01port={port}\x01auth=Bearer {}\x01\x01", token.reveal())
}
