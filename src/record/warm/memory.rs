//! What a process remembers of records, and in which order it forgets them.

use rustc_hash::FxHashMap;

use super::later::Later;
use super::{Known, packed};
use crate::ids::{ClientId, FirmId};
use crate::record::changes::Changed;
use crate::record::stand::Stand;

/// So many entries of all firms are kept as the fold takes them, those folded last: some 30 MB.
pub(super) const AT_HAND: usize = 50_000;
/// So many bytes of all firms are kept of the others, packed: some 600,000 entries.
const PACKED: usize = 160 << 20;
/// So many obligations of all firms are kept of where folds stand: some 40 MB.
const STANDING: usize = 100_000;

#[derive(Debug, Default)]
pub(super) struct Memory {
    firms: FxHashMap<FirmId, OfFirm>,
    /// Counts up with each record that is kept.
    turn: u64,
    /// How many entries are kept as the fold takes them.
    at_hand: usize,
    /// How many bytes the others take.
    packed: usize,
    /// How many obligations the standing folds hold.
    standing: usize,
}

#[derive(Debug, Default)]
struct OfFirm {
    /// The revision at which all of it is true.
    revision: i64,
    clients: FxHashMap<ClientId, OfClient>,
    /// All for which there was room were read since everything changed last.
    is_warm: bool,
    /// How often everything changed.
    begun: u64,
}

/// What is kept of one client: the whole record, where its fold stands, or both.
#[derive(Debug, Default)]
struct OfClient {
    turn: u64,
    record: Option<Record>,
    stand: Option<Box<Stand>>,
}

/// A record, and what came since it was put here.
#[derive(Debug)]
struct Record {
    form: Form,
    later: Later,
}

/// A record as it is kept.
#[derive(Debug)]
pub(super) enum Form {
    /// As the fold takes it.
    AtHand(Known),
    /// In few bytes: it takes about a tenth of the time in which it would be read.
    Packed(Box<[u8]>),
}

/// What a transaction gives to be kept.
#[derive(Debug)]
pub(super) enum Kept {
    /// A record that was folded whole, where there is room for it, and where its fold stands.
    Whole(Option<Form>, Option<Box<Stand>>),
    /// Where a fold stands after a step, and what it added to the record.
    Step(Box<Stand>, Later),
}

impl Form {
    pub(super) fn packed(known: &Known) -> Form {
        Form::Packed(packed::pack(known))
    }
}

impl Record {
    fn is_packed(&self) -> bool {
        matches!(self.form, Form::Packed(_)) && self.later.is_none()
    }

    /// How many of its entries are kept as the fold takes them.
    fn at_hand(&self) -> usize {
        let Form::AtHand(known) = &self.form else { return self.later.entries.len() };
        known.entries.len() + self.later.entries.len()
    }

    fn packed(&self) -> usize {
        if let Form::Packed(bytes) = &self.form { bytes.len() } else { 0 }
    }

    fn known(self) -> Option<Known> {
        let mut known = match self.form {
            Form::AtHand(known) => known,
            Form::Packed(bytes) => packed::unpack(&bytes).ok()?,
        };
        self.later.put_into(&mut known);
        Some(known)
    }
}

impl Memory {
    /// The revision at which what is kept of a firm is true; none where nothing was kept yet.
    pub(super) fn revision(&self, firm: FirmId) -> Option<i64> {
        self.firms.get(&firm).map(|of_firm| of_firm.revision)
    }

    pub(super) fn has(&self, firm: FirmId, client: ClientId) -> bool {
        self.firms.get(&firm).is_some_and(|of_firm| of_firm.clients.contains_key(&client))
    }

    pub(super) fn is_warm(&self, firm: FirmId) -> bool {
        self.firms.get(&firm).is_some_and(|of_firm| of_firm.is_warm)
    }

    /// How often everything changed since the program started: what was read before that is forgotten.
    pub(super) fn begun(&self, firm: FirmId) -> u64 {
        self.firms.get(&firm).map_or(0, |of_firm| of_firm.begun)
    }

    /// Of how many clients something is kept.
    pub(super) fn count(&self, firm: FirmId) -> usize {
        self.firms.get(&firm).map_or(0, |of_firm| of_firm.clients.len())
    }

    /// To be called when all for which there was room were read.
    pub(super) fn is_warm_now(&mut self, firm: FirmId) {
        self.firms.entry(firm).or_default().is_warm = true;
    }

    /// Whether there is room for where folds stand that nobody asked for.
    pub(super) fn has_room(&self) -> bool {
        self.standing < STANDING / 10 * 9
    }

    /// Whether there is room for records that nobody asked for.
    pub(super) fn has_room_for_records(&self) -> bool {
        self.packed < PACKED / 10 * 9
    }

    /// Takes a record; where its fold stands is forgotten.
    pub(super) fn take(&mut self, firm: FirmId, client: ClientId) -> Option<Known> {
        self.remove(firm, client)?.record?.known()
    }

    /// Takes where the fold of a record stands. The record stays as it was.
    pub(super) fn take_stand(&mut self, firm: FirmId, client: ClientId) -> Option<Box<Stand>> {
        let stand = self.firms.get_mut(&firm)?.clients.get_mut(&client)?.stand.take()?;
        self.standing -= stand.size();
        Some(stand)
    }

    /// Keeps what is true at this revision, and forgets what changed until then; false where what is kept is true at a
    /// later one already, and nothing was done.
    pub(super) fn renew(
        &mut self,
        firm: FirmId,
        revision: i64,
        changed: Changed,
        kept: impl IntoIterator<Item = (ClientId, Kept)>,
    ) -> bool {
        let of_firm = self.firms.entry(firm).or_default();
        if revision < of_firm.revision {
            // A later transaction was here first, and knows of this one.
            return false;
        }
        of_firm.revision = revision;
        let gone = match changed {
            Changed::Everything => {
                of_firm.is_warm = false;
                of_firm.begun += 1;
                of_firm.clients.keys().copied().collect()
            }
            Changed::Clients(clients) => clients,
        };
        for client in gone {
            self.remove(firm, client);
        }
        for (client, kept) in kept {
            self.keep(firm, client, kept);
        }
        self.forget();
        true
    }

    fn keep(&mut self, firm: FirmId, client: ClientId, kept: Kept) {
        let before = self.remove(firm, client).unwrap_or_default();
        let (record, stand) = match kept {
            Kept::Whole(form, stand) => (form.map(|form| Record { form, later: Later::default() }), stand),
            Kept::Step(stand, later) => {
                let record = before.record.map(|mut record| {
                    record.later.then(later);
                    record
                });
                (record, Some(stand))
            }
        };
        self.turn += 1;
        self.put(firm, client, OfClient { turn: self.turn, record, stand });
    }

    fn put(&mut self, firm: FirmId, client: ClientId, kept: OfClient) {
        if let Some(record) = &kept.record {
            self.at_hand += record.at_hand();
            self.packed += record.packed();
        }
        self.standing += kept.stand.as_ref().map_or(0, |stand| stand.size());
        if kept.record.is_some() || kept.stand.is_some() {
            self.firms.entry(firm).or_default().clients.insert(client, kept);
        }
    }

    fn remove(&mut self, firm: FirmId, client: ClientId) -> Option<OfClient> {
        let kept = self.firms.get_mut(&firm)?.clients.remove(&client)?;
        if let Some(record) = &kept.record {
            self.at_hand -= record.at_hand();
            self.packed -= record.packed();
        }
        self.standing -= kept.stand.as_ref().map_or(0, |stand| stand.size());
        Some(kept)
    }

    /// Packs the records that were folded longest ago, and forgets what was kept longest ago, until what is left is small
    /// enough.
    fn forget(&mut self) {
        while AT_HAND < self.at_hand {
            let is_large = |kept: &OfClient| kept.record.as_ref().is_some_and(|record| !record.is_packed());
            if !self.mend_oldest(is_large, |kept| {
                let known = kept.record.take().and_then(Record::known);
                kept.record =
                    known.map(|known| Record { form: Form::packed(&known), later: Later::default() });
            }) {
                break;
            }
        }
        while PACKED < self.packed {
            let is_packed = |kept: &OfClient| kept.record.as_ref().is_some_and(|record| 0 < record.packed());
            if !self.mend_oldest(is_packed, |kept| kept.record = None) {
                break;
            }
        }
        while STANDING < self.standing {
            if !self.mend_oldest(|kept| kept.stand.is_some(), |kept| kept.stand = None) {
                break;
            }
        }
    }

    /// Makes something else of what was kept longest ago, of that which is kept in some way; false where there is none.
    fn mend_oldest(&mut self, is_it: impl Fn(&OfClient) -> bool, mend: impl FnOnce(&mut OfClient)) -> bool {
        let Some((firm, client)) = self.oldest(is_it) else { return false };
        let Some(mut kept) = self.remove(firm, client) else { return false };
        mend(&mut kept);
        self.put(firm, client, kept);
        true
    }

    /// The client of whom something was kept longest ago of that which is kept in some way.
    fn oldest(&self, is_it: impl Fn(&OfClient) -> bool) -> Option<(FirmId, ClientId)> {
        let all = self
            .firms
            .iter()
            .flat_map(|(firm, of_firm)| of_firm.clients.iter().map(|(client, kept)| (*firm, *client, kept)));
        let of_them = all.filter(|(.., kept)| is_it(kept));
        of_them.min_by_key(|(.., kept)| kept.turn).map(|(firm, client, _)| (firm, client))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::StaffId;
    use crate::record::stand::Traffic;
    use care::book::FirmBook;
    use care::entry::{Call, Decision, Entry, Verdict};
    use care::fold::{Step, fold_and_stand};
    use care::hours::WorkCalendar;
    use care::ids::{AddressId, EntryId, NaturalKey};
    use care::people::Directory;
    use care::record::Record;
    use care::standard::Standards;

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

    fn whole(form: Form) -> Kept {
        Kept::Whole(Some(form), None)
    }

    fn at_hand(client: i64, entries: i64) -> [(ClientId, Kept); 1] {
        [(ClientId(client), whole(Form::AtHand(known(0..entries))))]
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
        let third = || whole(Form::Packed(vec![0; PACKED / 3].into()));
        for client in 1..=4 {
            assert_eq!(memory.has_room_for_records(), client < 4);
            memory.renew(FIRM, client, Changed::Clients(Vec::new()), [(ClientId(client), third())]);
        }
        let kept: Vec<bool> = (1..=4).map(|client| memory.has(FIRM, ClientId(client))).collect();
        assert_eq!(kept, [false, true, true, true]);
        assert_eq!(memory.packed, PACKED / 3 * 3);
    }

    fn stand() -> Box<Stand> {
        let at = jiff::Timestamp::UNIX_EPOCH;
        let (from, to) = (AddressId(1), AddressId(2));
        let call = Call { entry: EntryId(1), key: NaturalKey(1), at, from, to, talked: None };
        let hours = WorkCalendar::office_hours(jiff::tz::TimeZone::UTC);
        let book = FirmBook::new(FIRM, hours, Standards::default(), Directory::default());
        let (_, fold) = fold_and_stand(&Record::new(ClientId(1), [&Entry::Call(call)]), &book);
        Box::new(Stand { fold: fold.unwrap(), traffic: Traffic::default(), contact: None })
    }

    #[test]
    fn what_a_step_added_is_in_the_record_however_that_is_kept() {
        for form in [Form::AtHand(known(0..2)), Form::packed(&known(0..2))] {
            let mut memory = Memory::default();
            let kept = Kept::Whole(Some(form), Some(stand()));
            memory.renew(FIRM, 1, Changed::Everything, [(ClientId(1), kept)]);
            for revision in 2..4 {
                let stand = memory.take_stand(FIRM, ClientId(1)).unwrap();
                let later = Later::of(known(revision..revision + 1).entries, Step::default());
                let step = [(ClientId(1), Kept::Step(stand, later))];
                memory.renew(FIRM, revision, Changed::Clients(Vec::new()), step);
            }
            assert_eq!(memory.take(FIRM, ClientId(1)), Some(known(0..4)));
            assert_eq!((memory.at_hand, memory.packed, memory.standing), (0, 0, 0));
        }
    }

    #[test]
    fn where_a_fold_stands_outlives_its_record() {
        let mut memory = Memory::default();
        let nothing = || Changed::Clients(Vec::new());
        let kept = || Kept::Whole(Some(Form::Packed(vec![0; PACKED / 2].into())), Some(stand()));
        for client in 1..=3 {
            memory.renew(FIRM, client, nothing(), [(ClientId(client), kept())]);
        }
        let stand = memory.take_stand(FIRM, ClientId(1)).unwrap();
        let step = Kept::Step(stand, Later::of(known(2..3).entries, Step::default()));
        memory.renew(FIRM, 4, nothing(), [(ClientId(1), step)]);
        assert!(memory.take(FIRM, ClientId(1)).is_none());
        assert!(memory.take(FIRM, ClientId(1)).is_none() && memory.take_stand(FIRM, ClientId(1)).is_none());
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
