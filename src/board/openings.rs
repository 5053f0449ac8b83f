//! The words that opened what is owed, as pages read them last: the next page shows most of them again, and what was
//! written once is never written otherwise. What is erased is forgotten with the board that is read anew then.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::ids::NaturalKey;

/// So many are kept of one firm: some 4 MB.
const KEPT: usize = 10_000;

/// What opened something: the entry, and the passage in it; none where it was the whole entry.
pub type Place = (NaturalKey, Option<(u32, u32)>);

/// What a letter or note says there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words {
    /// The subject of the letter, without Re: and Fw:.
    pub subject: String,
    /// The words that prove it.
    pub passage: String,
}

/// The words at the places that pages showed.
#[derive(Debug, Default)]
pub struct Openings(Mutex<FxHashMap<Place, Arc<Words>>>);

impl Openings {
    /// The words at some places, of those that are known.
    pub fn at(&self, places: impl IntoIterator<Item = Place>) -> FxHashMap<Place, Arc<Words>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        places.into_iter().filter_map(|place| Some((place, Arc::clone(all.get(&place)?)))).collect()
    }

    /// Keeps what was read.
    pub fn keep(&self, read: impl IntoIterator<Item = (Place, Arc<Words>)>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (place, words) in read {
            if KEPT <= all.len() {
                all.clear();
            }
            all.insert(place, words);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_so_many_are_kept() {
        let openings = Openings::default();
        let place = |n: usize| (NaturalKey(n as u64), None);
        openings.keep((0..=KEPT).map(|n| (place(n), Arc::default())));
        assert!(openings.at([place(0)]).is_empty());
        assert_eq!(openings.at([place(KEPT), place(KEPT + 1)]).len(), 1);
    }
}
