//! One obligation as it is printed: the same for a scan, which has everything in memory, and for the stored record.

use care::entry::Of;
use care::ids::{AddressId, ClientId, NaturalKey, StaffId};
use care::obligation::{Evidence, Obligation, Role, State, by_urgency, state};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::findings::{CallItem, EvidenceItem, Moment, Owed};

/// Below this, an ending or an opening that was read from words is only proposed: nine right in ten.
const STATED: f32 = 0.9;

/// What is looked up for the numbers in an obligation.
pub trait Lookup {
    /// The client's id in the client list, else a stable slug.
    fn client(&self, client: ClientId) -> String;
    /// A mail address or telephone number.
    fn address(&self, address: AddressId) -> String;
    /// The mail address of a person of the firm.
    fn owner(&self, staff: StaffId) -> Option<String>;
    /// A message: its Message-ID with angle brackets, and its subject.
    fn message(&self, key: NaturalKey) -> Option<(String, String)>;
    /// The words at a place of a message; without a place, those that say what it is about.
    fn passage(&self, key: NaturalKey, place: Option<(u32, u32)>) -> Option<String>;
    /// A call: when, who rang, who was rung.
    fn call(&self, key: NaturalKey) -> Option<(Timestamp, String, String)>;
}

/// Obligations as they stand at `now`, the most pressing first, ended ones last.
pub fn owed<'a>(
    lookup: &impl Lookup,
    obligations: impl IntoIterator<Item = &'a Obligation>,
    zone: &TimeZone,
    now: Timestamp,
) -> Vec<Owed> {
    let stands = |owed: &'a Obligation| state(owed, now).map(|(state, overdue)| (owed, state, overdue));
    let mut all: Vec<(&Obligation, State, bool)> = obligations.into_iter().filter_map(stands).collect();
    all.sort_by(|(a, a_state, _), (b, b_state, _)| {
        b_state.is_owed().cmp(&a_state.is_owed()).then_with(|| by_urgency(a, b))
    });
    let view = View { lookup, zone, now };
    all.into_iter().map(|(owed, state, overdue)| view.one(owed, state, overdue)).collect()
}

struct View<'a, L> {
    lookup: &'a L,
    zone: &'a TimeZone,
    now: Timestamp,
}

impl<L: Lookup> View<'_, L> {
    fn one(&self, owed: &Obligation, state: State, overdue: bool) -> Owed {
        let moment = |at| Moment::new(at, self.zone);
        let ended = owed.ended.filter(|ended| ended.at <= self.now);
        let opener = owed.evidence.iter().find(|evidence| evidence.role == Role::Opened);
        let subject = opener.and_then(|evidence| self.lookup.message(evidence.of.key()));
        Owed {
            id: owed.id.to_string(),
            kind: owed.kind.name(),
            state: state.name(),
            overdue,
            proposed: ended.map_or(owed.confidence < STATED, |ended| ended.proposed),
            confidence: rounded(owed.confidence),
            client: self.lookup.client(owed.client),
            contact: owed.contact.map(|contact| self.lookup.address(contact)),
            owner: owed.owner.and_then(|owner| self.lookup.owner(owner)),
            opened_at: moment(owed.opened_at),
            due_at: moment(owed.due_at),
            ended_at: ended.map(|ended| moment(ended.at)),
            chases: owed.chases,
            evidence: owed.evidence.iter().filter_map(|evidence| self.evidence(evidence)).collect(),
            subject: subject.map(|(_, subject)| subject).unwrap_or_default(),
        }
    }

    fn evidence(&self, evidence: &Evidence) -> Option<EvidenceItem> {
        let role = evidence.role.name();
        match evidence.of {
            Of::Message(key) => {
                let (message_id, _) = self.lookup.message(key)?;
                let passage = self.lookup.passage(key, evidence.passage).filter(|words| !words.is_empty());
                Some(EvidenceItem::Message { role, message_id, passage })
            }
            Of::Call(key) => {
                let (at, from, to) = self.lookup.call(key)?;
                let call = CallItem { at: Moment::new(at, self.zone), from, to };
                Some(EvidenceItem::Call { role, call })
            }
            Of::Note(_) | Of::Decision(_) => None,
        }
    }
}

/// To three places, as JSON prints it.
pub(crate) fn rounded(share: f32) -> f64 {
    (f64::from(share) * 1000.0).round() / 1000.0
}
