//! Forms that were handed in after their session had ended, and are too long for a cookie: kept in memory for a while,
//! for whoever signs in again at the same browser.

use std::collections::VecDeque;
use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};

/// How long one is kept.
const LASTS: SignedDuration = SignedDuration::from_mins(30);
/// So many are kept; beyond, the oldest goes.
const MANY: usize = 64;
/// A longer one is not kept.
const LONGEST: usize = 512 * 1024;

/// A form that was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptForm {
    /// Its address.
    pub action: String,
    /// Its fields.
    pub fields: Vec<(String, String)>,
}

/// The forms that are kept.
#[derive(Debug, Default)]
pub struct KeptForms {
    kept: Mutex<VecDeque<(String, Timestamp, KeptForm)>>,
}

impl KeptForms {
    /// Keeps a form under `secret`; false where it is too long.
    pub fn put(&self, secret: &str, form: KeptForm, now: Timestamp) -> bool {
        let size: usize = form.fields.iter().map(|(name, value)| name.len() + value.len()).sum();
        if LONGEST < size {
            return false;
        }
        let mut kept = self.kept.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        kept.retain(|(_, at, _)| now.duration_since(*at) < LASTS);
        if MANY <= kept.len() {
            kept.pop_front();
        }
        kept.push_back((secret.to_owned(), now, form));
        true
    }

    /// The form under `secret`, which is given out once.
    pub fn take(&self, secret: &str, now: Timestamp) -> Option<KeptForm> {
        let mut kept = self.kept.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        kept.retain(|(_, at, _)| now.duration_since(*at) < LASTS);
        let place = kept.iter().position(|(known, ..)| known == secret)?;
        kept.remove(place).map(|(.., form)| form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(words: &str) -> KeptForm {
        KeptForm { action: "/drafts/1".into(), fields: vec![("words".into(), words.into())] }
    }

    #[test]
    fn a_form_is_given_out_once_and_not_for_ever() {
        let (kept, now) = (KeptForms::default(), Timestamp::UNIX_EPOCH);
        assert!(kept.put("a", form("Dear Jo"), now));
        assert_eq!(kept.take("b", now), None);
        assert_eq!(kept.take("a", now), Some(form("Dear Jo")));
        assert_eq!(kept.take("a", now), None);
        assert!(kept.put("a", form("Dear Jo"), now));
        assert_eq!(kept.take("a", now + LASTS), None);
    }

    #[test]
    fn nobody_fills_the_memory_with_forms() {
        let (kept, now) = (KeptForms::default(), Timestamp::UNIX_EPOCH);
        assert!(!kept.put("a", form(&"x".repeat(LONGEST + 1)), now));
        for n in 0..=MANY {
            assert!(kept.put(&n.to_string(), form("x"), now));
        }
        assert_eq!(kept.take("0", now), None, "the oldest went");
        assert!(kept.take("1", now).is_some());
    }
}
