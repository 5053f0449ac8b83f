//! What a process remembers of records, and in which order it forgets them.

use rustc_hash::FxHashMap;

use super::{Known, packed};
use crate::ids::{ClientId, FirmId};
use crate::record::changes::Changed;

/// So many entries of all firms are kept as the fold takes them, those folded last: some 60 MB.
pub(super) const AT_HAND: usize = 100_000;
/// So many bytes of all firms are kept of the others, packed: some 600,000 entries.
const PACKED: usize = 160 << 20;

#[derive(Debug, Default)]
pub(super) struct Memory {
    firms: FxHashMap<FirmId, OfFirm>,
    /// Counts up with each record that is kept.
    turn: u64,
    /// How many entries are kept as the fold takes them.
    at_hand: usize,
    /// How many bytes the others take.
    packed: usize,
}

#[derive(Debug, Default)]
struct OfFirm {
    /// The revision at which all of it is true.
    revision: i64,
    records: FxHashMap<ClientId, (u64, Kept)>,
    /// All for which there was room were read since everything changed last.
    is_warm: bool,
}

/// A record as it is kept.
#[derive(Debug)]
pub(super) enum Kept {
    /// As the fold takes it.
    AtHand(Known),
    /// In few bytes: it takes about a tenth of the time in which it would be read.
    Packed(Box<[u8]>),
}

impl Kept {
    pub(super) fn packed(known: &Known) -> Kept {
        Kept::Packed(packed::pack(known))
    }
}

impl Memory {
    /// The revision at which what is kept of a firm is true; none where nothing was kept yet.
    pub(super) fn revision(&self, firm: FirmId) -> Option<i64> {
        self.firms.get(&firm).map(|of_firm| of_firm.revision)
    }

    pub(super) fn has(&self, firm: FirmId, client: ClientId) -> bool {
        self.firms.get(&firm).is_some_and(|of_firm| of_firm.records.contains_key(&client))
    }

    pub(super) fn is_warm(&self, firm: FirmId) -> bool {
        self.firms.get(&firm).is_some_and(|of_firm| of_firm.is_warm)
    }

    /// To be called when all for which there was room were read.
    pub(super) fn is_warm_now(&mut self, firm: FirmId) {
        self.firms.entry(firm).or_default().is_warm = true;
    }

    /// Whether there is room for records that nobody asked for.
    pub(super) fn has_room(&self) -> bool {
        self.packed < PACKED / 10 * 9
    }

    pub(super) fn take(&mut self, firm: FirmId, client: ClientId) -> Option<Known> {
        match self.remove(firm, client)? {
            Kept::AtHand(known) => Some(known),
            Kept::Packed(bytes) => packed::unpack(&bytes).ok(),
        }
    }

    fn remove(&mut self, firm: FirmId, client: ClientId) -> Option<Kept> {
        let (_, kept) = self.firms.get_mut(&firm)?.records.remove(&client)?;
        match &kept {
            Kept::AtHand(known) => self.at_hand -= known.entries.len(),
            Kept::Packed(bytes) => self.packed -= bytes.len(),
        }
        Some(kept)
    }

    /// Keeps records that are true at this revision, and forgets those that changed until then.
    pub(super) fn renew(
        &mut self,
        firm: FirmId,
        revision: i64,
        changed: Changed,
        kept: impl IntoIterator<Item = (ClientId, Kept)>,
    ) {
        let of_firm = self.firms.entry(firm).or_default();
        if revision < of_firm.revision {
            // A later transaction was here first, and knows of this one.
            return;
        }
        of_firm.revision = revision;
        let gone = match changed {
            Changed::Everything => {
                of_firm.is_warm = false;
                of_firm.records.keys().copied().collect()
            }
            Changed::Clients(clients) => clients,
        };
        for client in gone {
            self.remove(firm, client);
        }
        for (client, kept) in kept {
            self.put(firm, client, kept);
        }
        self.forget();
    }

    fn put(&mut self, firm: FirmId, client: ClientId, kept: Kept) {
        self.remove(firm, client);
        match &kept {
            Kept::AtHand(known) => self.at_hand += known.entries.len(),
            Kept::Packed(bytes) => self.packed += bytes.len(),
        }
        self.turn += 1;
        self.firms.entry(firm).or_default().records.insert(client, (self.turn, kept));
    }

    /// Packs the records that were folded longest ago, and forgets what was packed first, until what is left is small
    /// enough.
    fn forget(&mut self) {
        while AT_HAND < self.at_hand {
            let Some((firm, client)) = self.oldest(|kept| matches!(kept, Kept::AtHand(_))) else { break };
            if let Some(Kept::AtHand(known)) = self.remove(firm, client) {
                self.put(firm, client, Kept::packed(&known));
            }
        }
        while PACKED < self.packed {
            let Some((firm, client)) = self.oldest(|kept| matches!(kept, Kept::Packed(_))) else { break };
            self.remove(firm, client);
        }
    }

    /// The record that was kept longest ago of those that are kept in some way.
    fn oldest(&self, is_it: impl Fn(&Kept) -> bool) -> Option<(FirmId, ClientId)> {
        let all = self.firms.iter().flat_map(|(firm, of_firm)| {
            of_firm.records.iter().map(|(client, (turn, kept))| (*turn, *firm, *client, kept))
        });
        let of_them = all.filter(|(.., kept)| is_it(kept));
        of_them.min_by_key(|(turn, ..)| *turn).map(|(_, firm, client, _)| (firm, client))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::StaffId;
    use care::entry::{Decision, Entry, Verdict};
    use care::ids::{EntryId, NaturalKey};

    const FIRM: FirmId = FirmId(1);

    fn known(ids: impl Iterator<Item = i64>) -> Known {
        let at = jiff::Timestamp::UNIX_EPOCH;
        let entry = |id: i64| {
            let what = Verdict::TakenBack { decision: NaturalKey(0) };
            Entry::Decision(Decision {
                entry: EntryId(id),
                key: NaturalKey(id as u64),
                at,
                by: StaffId(1),
                what,
            })
        };
        Known { entries: ids.map(entry).collect(), owed: Vec::new() }
    }

    fn at_hand(client: i64, entries: i64) -> [(ClientId, Kept); 1] {
        [(ClientId(client), Kept::AtHand(known(0..entries)))]
    }

    #[test]
    fn what_was_folded_longest_ago_is_packed_first_and_is_the_same_when_it_is_taken() {
        let mut memory = Memory::default();
        let half = AT_HAND as i64 / 2;
        for client in 1..=3 {
            memory.renew(FIRM, client, Changed::Clients(Vec::new()), at_hand(client, half));
        }
        assert_eq!(memory.at_hand, AT_HAND);
        assert!(0 < memory.packed);
        for client in 1..=3 {
            assert_eq!(memory.take(FIRM, ClientId(client)), Some(known(0..half)));
        }
        assert_eq!((memory.at_hand, memory.packed), (0, 0));
    }

    #[test]
    fn what_was_packed_first_is_forgotten_where_there_is_no_room() {
        let mut memory = Memory::default();
        let third = || Kept::Packed(vec![0; PACKED / 3].into());
        for client in 1..=4 {
            assert_eq!(memory.has_room(), client < 4);
            memory.renew(FIRM, client, Changed::Clients(Vec::new()), [(ClientId(client), third())]);
        }
        let kept: Vec<bool> = (1..=4).map(|client| memory.has(FIRM, ClientId(client))).collect();
        assert_eq!(kept, [false, true, true, true]);
        assert_eq!(memory.packed, PACKED / 3 * 3);
    }

    #[test]
    fn an_earlier_revision_that_comes_late_is_not_kept() {
        let mut memory = Memory::default();
        memory.renew(FIRM, 7, Changed::Everything, at_hand(1, 2));
        memory.renew(FIRM, 6, Changed::Everything, at_hand(1, 1));
        assert_eq!(memory.take(FIRM, ClientId(1)), Some(known(0..2)));
        memory.renew(FIRM, 8, Changed::Clients(vec![ClientId(2)]), at_hand(1, 3));
        memory.renew(FIRM, 9, Changed::Clients(vec![ClientId(1)]), []);
        assert!(!memory.has(FIRM, ClientId(1)));
        memory.renew(FIRM, 10, Changed::Clients(Vec::new()), at_hand(1, 3));
        memory.renew(FIRM, 11, Changed::Everything, []);
        assert!(!memory.has(FIRM, ClientId(1)));
        assert_eq!((memory.at_hand, memory.packed), (0, 0));
    }
}
