//! What is known of a folder between one look and the next.

use std::fmt;

use super::News;

/// A set of message numbers (UIDs), kept as ranges: a folder of a hundred thousand messages is a few of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UidSet {
    /// First and last of each range; ascending, never touching.
    ranges: Vec<(u32, u32)>,
}

/// What is known of a folder. All zero before the first look.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FolderState {
    /// The generation of the numbers; when it changes, all numbers mean something else.
    pub uidvalidity: u32,
    /// Every message below this number has been looked at; zero until the first look is complete.
    pub uidnext: u32,
    /// Every change up to this one has been seen; zero where the server does not count changes.
    pub modseq: u64,
    /// The messages that were fetched and still are there.
    pub known: UidSet,
}

impl FolderState {
    /// Takes over what a look found, before anything of it is fetched.
    pub fn begin(&mut self, news: &News) {
        if self.uidvalidity != news.uidvalidity {
            *self = FolderState { uidvalidity: news.uidvalidity, ..FolderState::default() };
        }
        self.known.remove_all(&news.vanished);
    }

    /// Notes that everything that a look found has been dealt with.
    pub fn finish(&mut self, news: &News) {
        self.uidnext = news.uidnext;
        self.modseq = news.modseq;
    }
}

impl UidSet {
    /// Reads the form that [`fmt::Display`] writes, which is also the protocol's: `1:5,7,9:12`. None where it is not.
    pub fn parse(text: &str) -> Option<UidSet> {
        let mut set = UidSet::default();
        for part in text.split(',').filter(|part| !part.is_empty()) {
            let (first, last) = part.split_once(':').unwrap_or((part, part));
            let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
            set.insert_range(first.min(last), first.max(last));
        }
        Some(set)
    }

    /// How many numbers are in it.
    pub fn len(&self) -> u64 {
        self.ranges.iter().map(|(first, last)| u64::from(last - first) + 1).sum()
    }

    /// None is.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Whether this number is in it.
    pub fn contains(&self, uid: u32) -> bool {
        let at = self.ranges.partition_point(|(_, last)| *last < uid);
        self.ranges.get(at).is_some_and(|(first, _)| *first <= uid)
    }

    /// Puts a number in; false where it was there.
    pub fn insert(&mut self, uid: u32) -> bool {
        let new = !self.contains(uid);
        if new {
            self.insert_range(uid, uid);
        }
        new
    }

    /// Puts in all numbers from `first` to `last`.
    pub fn insert_range(&mut self, first: u32, last: u32) {
        // Those that overlap or touch become one.
        let from = self.ranges.partition_point(|(_, end)| end.saturating_add(1) < first);
        let to = from + self.ranges[from..].partition_point(|(begin, _)| *begin <= last.saturating_add(1));
        let mut whole = (first, last);
        if let [begin, ..] = &self.ranges[from..to] {
            whole.0 = whole.0.min(begin.0);
        }
        if let [.., end] = &self.ranges[from..to] {
            whole.1 = whole.1.max(end.1);
        }
        self.ranges.splice(from..to, [whole]);
    }

    /// Takes out all numbers from `first` to `last`.
    pub fn remove_range(&mut self, first: u32, last: u32) {
        let from = self.ranges.partition_point(|(_, end)| *end < first);
        let to = from + self.ranges[from..].partition_point(|(begin, _)| *begin <= last);
        let mut rest = Vec::new();
        if let [begin, ..] = &self.ranges[from..to]
            && begin.0 < first
        {
            rest.push((begin.0, first - 1));
        }
        if let [.., end] = &self.ranges[from..to]
            && last < end.1
        {
            rest.push((last + 1, end.1));
        }
        self.ranges.splice(from..to, rest);
    }

    /// Takes out all that are in the other.
    pub fn remove_all(&mut self, other: &UidSet) {
        for (first, last) in &other.ranges {
            self.remove_range(*first, *last);
        }
    }

    /// Those that are in this one and not in the other.
    pub fn without(&self, other: &UidSet) -> UidSet {
        let mut rest = self.clone();
        rest.remove_all(other);
        rest
    }

    /// Those that are in both.
    pub fn both(&self, other: &UidSet) -> UidSet {
        self.without(&self.without(other))
    }

    /// The largest.
    pub fn last(&self) -> Option<u32> {
        self.ranges.last().map(|(_, last)| *last)
    }

    /// All numbers, the newest first.
    pub fn newest_first(&self) -> impl Iterator<Item = u32> + '_ {
        self.ranges.iter().rev().flat_map(|(first, last)| (*first..=*last).rev())
    }
}

impl FromIterator<u32> for UidSet {
    fn from_iter<I: IntoIterator<Item = u32>>(uids: I) -> UidSet {
        let mut all: Vec<u32> = uids.into_iter().collect();
        all.sort_unstable();
        let mut set = UidSet::default();
        for uid in all {
            match set.ranges.last_mut() {
                Some((_, last)) if uid <= last.saturating_add(1) => *last = uid,
                _ => set.ranges.push((uid, uid)),
            }
        }
        set
    }
}

impl fmt::Display for UidSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, (first, last)) in self.ranges.iter().enumerate() {
            f.write_str(if n == 0 { "" } else { "," })?;
            match first == last {
                true => write!(f, "{first}")?,
                false => write!(f, "{first}:{last}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn ranges_hold_what_a_set_holds(steps in prop::collection::vec((any::<bool>(), 1u32..60, 0u32..9), 0..60)) {
            let (mut ranges, mut plain) = (UidSet::default(), BTreeSet::new());
            for (puts_in, first, more) in steps {
                let last = first + more;
                if puts_in {
                    ranges.insert_range(first, last);
                    plain.extend(first..=last);
                } else {
                    ranges.remove_range(first, last);
                    plain.retain(|uid| *uid < first || last < *uid);
                }
                prop_assert_eq!(ranges.newest_first().collect::<Vec<_>>(), plain.iter().rev().copied().collect::<Vec<_>>());
                prop_assert_eq!(ranges.len(), plain.len() as u64);
                prop_assert!(ranges.ranges.windows(2).all(|pair| pair[0].1 + 1 < pair[1].0));
                prop_assert_eq!(&UidSet::parse(&ranges.to_string()).expect("its own form"), &ranges);
                prop_assert_eq!(&plain.iter().copied().collect::<UidSet>(), &ranges);
            }
        }

        #[test]
        fn two_sets_meet_as_sets_do(a in prop::collection::btree_set(1u32..40, 0..20), b in prop::collection::btree_set(1u32..40, 0..20)) {
            let set = |uids: &BTreeSet<u32>| uids.iter().copied().collect::<UidSet>();
            prop_assert_eq!(set(&a).without(&set(&b)), set(&a.difference(&b).copied().collect()));
            prop_assert_eq!(set(&a).both(&set(&b)), set(&a.intersection(&b).copied().collect()));
        }
    }

    #[test]
    fn the_largest_numbers_do_not_overflow() {
        let mut set = UidSet::default();
        set.insert_range(u32::MAX - 1, u32::MAX);
        set.insert(1);
        assert_eq!(set.to_string(), "1,4294967294:4294967295");
        set.remove_range(u32::MAX, u32::MAX);
        assert_eq!(set.last(), Some(u32::MAX - 1));
        assert_eq!(UidSet::parse("5:x"), None);
    }
}
