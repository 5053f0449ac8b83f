//! The obligations of a fold half way: every change of one is noted, so that a step can tell what it changed.

use std::hash::Hash;
use std::ops::Deref;

use rustc_hash::FxHashMap;

use crate::obligation::Obligation;

/// The obligations that a fold has opened so far. Read like a list; changed only through [`Out::change`].
#[derive(Debug, Default)]
pub(super) struct Out {
    all: Vec<Obligation>,
    /// Places of what was opened or changed; some more than once.
    changed: Vec<u32>,
}

impl Out {
    /// The list as it stood, of which nothing has changed yet.
    pub(super) fn standing(all: Vec<Obligation>) -> Out {
        Out { all, changed: Vec::new() }
    }

    pub(super) fn push(&mut self, obligation: Obligation) {
        self.changed.push(self.all.len() as u32);
        self.all.push(obligation);
    }

    pub(super) fn change(&mut self, i: usize) -> &mut Obligation {
        self.changed.push(i as u32);
        &mut self.all[i]
    }

    /// What was opened or changed since the list was made or this was asked, each once.
    pub(super) fn take_changed(&mut self) -> Vec<Obligation> {
        let mut changed = std::mem::take(&mut self.changed);
        changed.sort_unstable();
        changed.dedup();
        changed.into_iter().map(|i| self.all[i as usize].clone()).collect()
    }

    /// Takes what was opened from this place on out of the list.
    pub(super) fn split_off(&mut self, from: usize) -> Vec<Obligation> {
        self.all.split_off(from)
    }

    pub(super) fn into_all(self) -> Vec<Obligation> {
        self.all
    }
}

impl Deref for Out {
    type Target = [Obligation];

    fn deref(&self) -> &[Obligation] {
        &self.all
    }
}

/// Where the things of a list are after some were forgotten.
pub(super) struct Places(Vec<Option<u32>>);

impl Places {
    /// Those that are kept move together.
    pub(super) fn of(kept: impl IntoIterator<Item = bool>) -> Places {
        let mut next = 0;
        let place = |kept: bool| {
            kept.then(|| {
                next += 1;
                next - 1
            })
        };
        Places(kept.into_iter().map(place).collect())
    }

    /// Mends a number that points into the list; false where it points at what was forgotten.
    pub(super) fn mend(&self, place: &mut u32) -> bool {
        let now = self.0[*place as usize];
        *place = now.unwrap_or(*place);
        now.is_some()
    }

    /// The same for a place among obligations.
    pub(super) fn mend_place(&self, place: &mut usize) -> bool {
        let now = self.0[*place];
        *place = now.map_or(*place, |now| now as usize);
        now.is_some()
    }

    /// Keeps of a list what points at something that was kept; gives where these are now in turn.
    pub(super) fn keep<T>(&self, list: &mut Vec<T>, place: impl Fn(&mut T) -> &mut usize) -> Places {
        let mut kept = Vec::with_capacity(list.len());
        list.retain_mut(|one| {
            kept.push(self.mend_place(place(one)));
            kept.last() == Some(&true)
        });
        list.shrink_to_fit();
        Places::of(kept)
    }

    /// Keeps in lists the numbers of what was kept; a list with none left is forgotten.
    pub(super) fn keep_in<K: Hash + Eq>(&self, lists: &mut FxHashMap<K, Vec<u32>>) {
        lists.retain(|_, list| {
            list.retain_mut(|place| self.mend(place));
            list.shrink_to_fit();
            !list.is_empty()
        });
        lists.shrink_to_fit();
    }
}
