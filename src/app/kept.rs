//! Forms that were handed in after their session had ended, and are too long for a cookie: kept in memory for a while,
//! for whoever signs in again at the same browser.

use std::collections::VecDeque;
use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};
use rustc_hash::FxHashSet;

/// How long one is kept.
const LASTS: SignedDuration = SignedDuration::from_mins(30);
/// So many are kept; beyond, the oldest goes.
const MANY: usize = 64;
/// So many are kept of one session; beyond, its oldest goes.
const OF_ONE: usize = 8;
/// A longer one is not kept.
const LONGEST: usize = 512 * 1024;
/// What a field takes beside its name and its value.
const FIELD: usize = 64;
/// Beyond so many marks, those that were not seen lately are forgotten.
const MARKS: usize = 10_000;

/// A form that was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptForm {
    /// Its address.
    pub action: String,
    /// Its fields.
    pub fields: Vec<(String, String)>,
}

/// The forms that are kept, and of whom one is.
#[derive(Debug, Default)]
pub struct KeptForms {
    kept: Mutex<VecDeque<Kept>>,
    marks: Mutex<Marks>,
}

#[derive(Debug)]
struct Kept {
    secret: String,
    /// The mark of the session that had ended.
    mark: String,
    at: Timestamp,
    form: KeptForm,
}

/// Marks of sessions, as their hashes: those seen last, and those before.
#[derive(Debug, Default)]
struct Marks([FxHashSet<[u8; 32]>; 2]);

impl KeptForms {
    /// Somebody is signed in whose forms carry this mark.
    pub fn know(&self, mark: &str) {
        let mark = *blake3::hash(mark.as_bytes()).as_bytes();
        let mut marks = self.marks.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let [last, before] = &mut marks.0;
        if last.insert(mark) && MARKS / 2 <= last.len() {
            *before = std::mem::take(last);
        }
    }

    /// Keeps a form under `secret`; false where it is too long, and where nobody was ever signed in with its mark: nobody
    /// else fills the memory.
    pub fn put(&self, secret: &str, mark: &str, form: KeptForm, now: Timestamp) -> bool {
        let size: usize = form.fields.iter().map(|(name, value)| name.len() + value.len() + FIELD).sum();
        if LONGEST < size || !self.is_known(mark) {
            return false;
        }
        let mut kept = self.kept.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        kept.retain(|one| now.duration_since(one.at) < LASTS);
        if OF_ONE <= kept.iter().filter(|one| one.mark == mark).count() {
            let first = kept.iter().position(|one| one.mark == mark);
            first.and_then(|place| kept.remove(place));
        }
        if MANY <= kept.len() {
            kept.pop_front();
        }
        kept.push_back(Kept { secret: secret.to_owned(), mark: mark.to_owned(), at: now, form });
        true
    }

    fn is_known(&self, mark: &str) -> bool {
        let mark = *blake3::hash(mark.as_bytes()).as_bytes();
        let marks = self.marks.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        marks.0.iter().any(|some| some.contains(&mark))
    }

    /// The form under `secret`, which is given out once.
    pub fn take(&self, secret: &str, now: Timestamp) -> Option<KeptForm> {
        let mut kept = self.kept.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        kept.retain(|one| now.duration_since(one.at) < LASTS);
        let place = kept.iter().position(|one| one.secret == secret)?;
        kept.remove(place).map(|one| one.form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(words: &str) -> KeptForm {
        KeptForm { action: "/drafts/1".into(), fields: vec![("words".into(), words.into())] }
    }

    fn known(marks: &[&str]) -> KeptForms {
        let kept = KeptForms::default();
        marks.iter().for_each(|mark| kept.know(mark));
        kept
    }

    #[test]
    fn a_form_is_given_out_once_and_not_for_ever() {
        let (kept, now) = (known(&["m"]), Timestamp::UNIX_EPOCH);
        assert!(kept.put("a", "m", form("Dear Jo"), now));
        assert_eq!(kept.take("b", now), None);
        assert_eq!(kept.take("a", now), Some(form("Dear Jo")));
        assert_eq!(kept.take("a", now), None);
        assert!(kept.put("a", "m", form("Dear Jo"), now));
        assert_eq!(kept.take("a", now + LASTS), None);
    }

    #[test]
    fn nobody_fills_the_memory_with_forms() {
        let marks: Vec<String> = (0..=MANY).map(|n| format!("m{n}")).collect();
        let (kept, now) =
            (known(&marks.iter().map(|mark| &**mark).collect::<Vec<_>>()), Timestamp::UNIX_EPOCH);
        assert!(!kept.put("a", "m0", form(&"x".repeat(LONGEST)), now));
        let many = KeptForm { fields: vec![("a".into(), String::new()); LONGEST / FIELD], ..form("") };
        assert!(!kept.put("a", "m0", many, now), "fields without words take memory as well");
        for (n, mark) in marks.iter().enumerate() {
            assert!(kept.put(&n.to_string(), mark, form("x"), now));
        }
        assert_eq!(kept.take("0", now), None, "the oldest went");
        assert!(kept.take("1", now).is_some());
    }

    #[test]
    fn one_session_crowds_out_nobody_elses_forms_and_a_made_up_mark_keeps_none() {
        let (kept, now) = (known(&["helen", "priya"]), Timestamp::UNIX_EPOCH);
        assert!(kept.put("hers", "helen", form("x"), now));
        for n in 0..=2 * MANY {
            assert!(kept.put(&n.to_string(), "priya", form("x"), now));
            assert!(!kept.put(&format!("s{n}"), &format!("made up {n}"), form("x"), now));
        }
        assert_eq!(kept.take(&(2 * MANY - OF_ONE).to_string(), now), None);
        assert!(kept.take(&(2 * MANY + 1 - OF_ONE).to_string(), now).is_some());
        assert!(kept.take("hers", now).is_some());
    }

    #[test]
    fn marks_that_were_not_seen_lately_are_forgotten() {
        let (kept, now) = (known(&["long ago"]), Timestamp::UNIX_EPOCH);
        for n in 0..2 * MARKS {
            kept.know(&n.to_string());
            kept.know("in use");
        }
        assert!(!kept.put("a", "long ago", form("x"), now));
        assert!(kept.put("b", "in use", form("x"), now));
        assert!(kept.marks.lock().unwrap().0.iter().map(FxHashSet::len).sum::<usize>() <= MARKS);
    }
}
