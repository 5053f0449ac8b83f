//! Passwords and tokens of mailboxes, sealed: XChaCha20-Poly1305 with a key that is not in the database.
//!
//! The key lies in the file `key` of the data folder, readable by its owner alone, or in the variable `REGARD_KEY`
//! (64 hexadecimal digits) where the database is a server. What is sealed names its key, so that two keys can be in use
//! while one takes the other's place, and is bound to its mailbox: moved to another row, it does not open.

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use wire::net::Secret;

use crate::error::{Error, Result};
use crate::ids::{FirmId, MailboxId};

/// The file of the key in the data folder.
pub const FILE: &str = "key";
/// The key that takes the place of the one in [`FILE`], while secrets are being sealed anew.
const NEXT_FILE: &str = "key.next";
/// Names the form of a sealed secret.
const FORM: u8 = 1;

/// A secret, sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedSecret(pub Vec<u8>);

impl fmt::Debug for SealedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sealed")
    }
}

/// The keys at hand: the first seals, all open. Where they lie in files, these are looked at again before something is
/// sealed and where none opens: so a process that runs while the key is changed goes on with the new one.
#[derive(Clone)]
pub struct Keys {
    keys: Arc<RwLock<Vec<[u8; 32]>>>,
    folder: Option<PathBuf>,
    place: String,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "keys of {}", self.place)
    }
}

impl Keys {
    /// The keys of an installation: `REGARD_KEY` (and, while keys change, `REGARD_KEY_OLD`), else the file in the data
    /// folder. `make` makes that file where there is none.
    pub fn find(
        folder: Option<&Path>,
        variable: impl Fn(&str) -> Option<String>,
        make: bool,
    ) -> Result<Keys> {
        let mut keys = Vec::new();
        for name in ["REGARD_KEY", "REGARD_KEY_OLD"] {
            if let Some(text) = variable(name).filter(|text| !text.is_empty()) {
                keys.push(parse(&text).ok_or_else(|| Error::invalid(name, HOW))?);
            }
        }
        if !keys.is_empty() {
            return Ok(Keys::of(keys, None, "REGARD_KEY".to_owned()));
        }
        let Some(folder) = folder else {
            return Err(Error::invalid("REGARD_KEY", format!("{MISSING} {HOW}")));
        };
        let path = folder.join(FILE);
        keys.extend(in_files(folder)?);
        if keys.is_empty() {
            if !make {
                let words = format!(
                    "{} is not there; without it the passwords of mailboxes cannot be read. \
                     Bring it back from where it was kept, or connect the mailboxes anew",
                    path.display()
                );
                return Err(Error::invalid(FILE, words));
            }
            keys.push(write(&path)?);
        }
        Ok(Keys::of(keys, Some(folder), path.display().to_string()))
    }

    fn of(keys: Vec<[u8; 32]>, folder: Option<&Path>, place: String) -> Keys {
        Keys { keys: Arc::new(RwLock::new(keys)), folder: folder.map(Path::to_owned), place }
    }

    /// The keys as they are known.
    fn known(&self) -> Vec<[u8; 32]> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The keys as they lie in their files now; where there are none, those that are known.
    fn fresh(&self) -> Result<Vec<[u8; 32]>> {
        if let Some(folder) = &self.folder {
            let keys = in_files(folder)?;
            if !keys.is_empty() {
                *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
            }
        }
        Ok(self.known())
    }

    /// Seals a secret for a mailbox.
    pub fn seal(&self, firm: FirmId, mailbox: MailboxId, secret: &Secret) -> Result<SealedSecret> {
        let keys = self.fresh()?;
        let key = &keys[0];
        let mut nonce = [0; 24];
        getrandom::fill(&mut nonce).map_err(|e| Error::Unexpected(anyhow::anyhow!("no randomness: {e}")))?;
        let payload = Payload { msg: secret.reveal().as_bytes(), aad: &bound_to(firm, mailbox) };
        let sealed = cipher(key)
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| Error::Unexpected(anyhow::anyhow!("sealing a secret failed")))?;
        let mut bytes = vec![FORM];
        bytes.extend(name_of(key));
        bytes.extend(nonce);
        bytes.extend(sealed);
        Ok(SealedSecret(bytes))
    }

    /// Opens a secret of a mailbox.
    pub fn open(&self, firm: FirmId, mailbox: MailboxId, sealed: &SealedSecret) -> Result<Secret> {
        let wrong = || Error::invalid("the secret", "is damaged; connect the mailbox, or the calendar, anew");
        let bytes = sealed.0.as_slice();
        let (head, sealed) = bytes.split_at_checked(1 + 4 + 24).ok_or_else(wrong)?;
        if head[0] != FORM {
            return Err(wrong());
        }
        let named = |keys: Vec<[u8; 32]>| keys.into_iter().find(|key| name_of(key) == head[1..5]);
        let key = match named(self.known()) {
            Some(key) => Some(key),
            None => named(self.fresh()?),
        };
        let key = key.ok_or_else(|| {
            let words =
                format!("it was sealed with another key than that of {}; bring that key back", self.place);
            Error::invalid("secret", words)
        })?;
        let nonce: [u8; 24] = head[5..].try_into().map_err(|_| wrong())?;
        let payload = Payload { msg: sealed, aad: &bound_to(firm, mailbox) };
        let plain = cipher(&key).decrypt(&XNonce::from(nonce), payload).map_err(|_| wrong())?;
        String::from_utf8(plain).map(Secret::new).map_err(|_| wrong())
    }

    /// Makes a new key for sealing, beside the one in use; the old one still opens. Only for keys in a file.
    pub fn begin_change(folder: &Path) -> Result<Keys> {
        let next = folder.join(NEXT_FILE);
        let new = match read(&next)? {
            Some(key) => key,
            None => write(&next)?,
        };
        let mut keys = vec![new];
        keys.extend(read(&folder.join(FILE))?);
        Ok(Keys::of(keys, Some(folder), next.display().to_string()))
    }

    /// Puts the new key in the place of the old one, once everything is sealed with it.
    pub fn end_change(folder: &Path) -> Result<()> {
        let (next, path) = (folder.join(NEXT_FILE), folder.join(FILE));
        fs::rename(&next, &path).map_err(|e| Error::file(&path, e))
    }
}

const HOW: &str = "give 64 hexadecimal digits, as `openssl rand -hex 32` prints them";
const MISSING: &str = "passwords of mailboxes are sealed with a key that is not in the database.";

fn cipher(key: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.into())
}

/// Names a key without telling anything of it.
fn name_of(key: &[u8; 32]) -> [u8; 4] {
    let hash = blake3::derive_key("regard 2026 name of a mailbox key", key);
    [hash[0], hash[1], hash[2], hash[3]]
}

fn bound_to(firm: FirmId, mailbox: MailboxId) -> Vec<u8> {
    format!("regard mailbox {} {}", firm.0, mailbox.0).into_bytes()
}

fn parse(text: &str) -> Option<[u8; 32]> {
    let text = text.trim();
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut key = [0; 32];
    for (n, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * n..2 * n + 2], 16).ok()?;
    }
    Some(key)
}

fn read(path: &PathBuf) -> Result<Option<[u8; 32]>> {
    match fs::read_to_string(path) {
        Ok(text) => parse(&text).map(Some).ok_or_else(|| Error::invalid(path.display().to_string(), HOW)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::file(path, error)),
    }
}

/// The keys in a folder: while one takes the other's place both, the new one first.
fn in_files(folder: &Path) -> Result<Vec<[u8; 32]>> {
    let mut keys = Vec::new();
    for path in [folder.join(NEXT_FILE), folder.join(FILE)] {
        keys.extend(read(&path)?);
    }
    Ok(keys)
}

fn write(path: &PathBuf) -> Result<[u8; 32]> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|e| Error::Unexpected(anyhow::anyhow!("no randomness: {e}")))?;
    let text: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()
    });
    written.map_err(|e| Error::file(path, e))?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRM: FirmId = FirmId(1);
    const BOX: MailboxId = MailboxId(2);

    #[test]
    fn what_is_sealed_opens_for_its_mailbox_and_with_its_key_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let none = |_: &str| None;
        assert!(Keys::find(Some(folder.path()), none, false).is_err());
        let keys = Keys::find(Some(folder.path()), none, true).expect("keys");
        let sealed = keys.seal(FIRM, BOX, &Secret::new("pässword")).expect("sealed");
        assert!(!sealed.0.windows(4).any(|part| part == b"word"));
        let again = Keys::find(Some(folder.path()), none, false).expect("keys");
        assert_eq!(again.open(FIRM, BOX, &sealed).expect("opened").reveal(), "pässword");
        assert!(again.open(FIRM, MailboxId(3), &sealed).is_err(), "another mailbox");
        let mut damaged = sealed.clone();
        *damaged.0.last_mut().expect("bytes") ^= 1;
        assert!(again.open(FIRM, BOX, &damaged).is_err());
        let other = tempfile::tempdir().expect("a folder");
        let other = Keys::find(Some(other.path()), none, true).expect("keys");
        let error = other.open(FIRM, BOX, &sealed).expect_err("another key").to_string();
        assert!(error.contains("another key"), "{error}");
        assert_ne!(keys.seal(FIRM, BOX, &Secret::new("pässword")).expect("sealed"), sealed);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_read_the_key() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        Keys::find(Some(folder.path()), |_| None, true).expect("keys");
        let mode = fs::metadata(folder.path().join(FILE)).expect("the key").permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }

    #[test]
    fn one_key_takes_the_place_of_another_without_a_moment_in_which_neither_opens() {
        let folder = tempfile::tempdir().expect("a folder");
        let find = || Keys::find(Some(folder.path()), |_| None, false).expect("keys");
        let old = Keys::find(Some(folder.path()), |_| None, true).expect("keys");
        let before = old.seal(FIRM, BOX, &Secret::new("x")).expect("sealed");
        let new = Keys::begin_change(folder.path()).expect("keys");
        let after = new.seal(FIRM, BOX, &new.open(FIRM, BOX, &before).expect("opened")).expect("sealed");
        // Stopped here, both open.
        assert!(find().open(FIRM, BOX, &before).is_ok() && find().open(FIRM, BOX, &after).is_ok());
        Keys::end_change(folder.path()).expect("changed");
        assert!(find().open(FIRM, BOX, &after).is_ok() && find().open(FIRM, BOX, &before).is_err());
        // Whoever runs on since before takes the new key: to open, and to seal what is kept from then on.
        assert!(old.open(FIRM, BOX, &after).is_ok());
        let later = old.seal(FIRM, BOX, &Secret::new("y")).expect("sealed");
        assert!(find().open(FIRM, BOX, &later).is_ok());
    }

    #[test]
    fn a_variable_gives_the_key_of_a_database_server() {
        let key = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
        let keys =
            Keys::find(None, |name| (name == "REGARD_KEY").then(|| key.to_owned()), true).expect("keys");
        assert!(!format!("{keys:?}").contains("0011"));
        assert!(Keys::find(None, |_| None, true).is_err());
        assert!(Keys::find(None, |_| Some("short".to_owned()), true).is_err());
    }
}
