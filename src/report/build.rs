//! From a firm in memory to its findings at a moment.

use std::cmp::Reverse;
use std::collections::HashMap;

use care::acts::{Act, Direction};
use care::entry::{Entry, Message};
use care::ids::{AddressId, ClientId, NaturalKey, StaffId};
use care::obligation::{Kind, Obligation, state};
use care::people::{ClientKind, Who};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rustc_hash::FxHashMap;

use super::findings::{ClientOutlook, Findings, FoundAct, Moment, OutlookReason};
use super::owed::{self, Lookup, rounded};
use crate::intake::own::Told;
use crate::intake::standing::Standing;
use crate::record::outlook::Contact;
use crate::text::counted;

/// How much of what was found is put into words: a scan of a million messages has more of it than memory should hold
/// for a page that shows ten lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Everything, as `--json` prints it.
    Whole,
    /// What a report reads: only what is still owed, and no list of acts.
    Report,
}

/// What the firm's record says at `now`, in the reader's zone.
pub fn findings(standing: &Standing, extent: Extent, zone: &TimeZone, now: Timestamp) -> Findings {
    let builder = Builder { standing, zone, now };
    let mut unreadable = standing.gathered.unreadable.clone();
    unreadable.sort();
    let is_wanted = |owed: &&Obligation| {
        extent == Extent::Whole || state(owed, now).is_some_and(|(state, _)| state.is_owed())
    };
    let obligations = standing.obligations.iter().filter(is_wanted);
    Findings {
        as_of: builder.moment(now),
        counts: standing.gathered.counts.clone(),
        obligations: owed::owed(standing, obligations, zone, now),
        acts: if extent == Extent::Whole { builder.acts() } else { Vec::new() },
        clients: builder.clients(),
        unreadable,
        names: builder.names(),
        notes: builder.notes(),
        clients_are_known: standing.placed.clients_are_known,
    }
}

struct Builder<'a> {
    standing: &'a Standing,
    zone: &'a TimeZone,
    now: Timestamp,
}

impl Builder<'_> {
    fn moment(&self, at: Timestamp) -> Moment {
        Moment::new(at, self.zone)
    }

    fn address(&self, address: AddressId) -> String {
        self.standing.address(address)
    }

    fn message_id(&self, key: NaturalKey) -> String {
        Lookup::message(self.standing, key).map(|(id, _)| id).unwrap_or_default()
    }

    fn messages(&self) -> impl Iterator<Item = &Message> {
        self.standing.gathered.entries.iter().filter_map(|entry| match entry {
            Entry::Message(message) => Some(message),
            _ => None,
        })
    }

    fn acts(&self) -> Vec<FoundAct> {
        let mut messages: Vec<&Message> =
            self.messages().filter(|message| !message.automatic && message.at <= self.now).collect();
        messages.sort_by_key(|message| (message.at, message.key));
        let mut acts = Vec::new();
        for message in messages {
            let Some((_, slip)) = Standing::message(self.standing, message.key) else { continue };
            let direction = self.direction(message);
            let found = message.acts.iter().enumerate().filter(|(_, act)| act.kind.direction() == direction);
            acts.extend(found.map(|(n, act)| self.act(message.key, act, slip.passage(n))));
        }
        acts
    }

    fn act(&self, key: NaturalKey, act: &Act, passage: &str) -> FoundAct {
        FoundAct {
            message_id: self.message_id(key),
            act: act.kind.name(),
            passage: passage.to_owned(),
            start: act.start,
            end: act.end,
            confidence: rounded(act.confidence),
            due: act.due.map(|due| self.moment(due)),
        }
    }

    fn direction(&self, message: &Message) -> Direction {
        let who = |address: AddressId| self.standing.placed.directory.who(address);
        match who(message.from) {
            Who::Staff(_) if message.recipients().all(|to| matches!(who(to), Who::Staff(_))) => {
                Direction::Internal
            }
            Who::Staff(_) => Direction::Out,
            _ => Direction::In,
        }
    }

    fn clients(&self) -> Vec<ClientOutlook> {
        let mut owed: FxHashMap<ClientId, Vec<&Obligation>> = FxHashMap::default();
        // Answers that have ended are known with the contact.
        let open = |owed: &&Obligation| owed.ended.is_none() || owed.kind != Kind::Answer;
        for one in self.standing.obligations.iter().filter(open) {
            owed.entry(one.client).or_default().push(one);
        }
        let none = Contact::default();
        let mut clients: Vec<(f64, ClientOutlook)> = self
            .standing
            .placed
            .clients
            .iter()
            .filter(|file| file.client.kind != ClientKind::Former)
            .map(|file| {
                let contact = self.standing.contacts.get(&file.client.id).unwrap_or(&none);
                let calendar = &self.standing.book.calendar;
                let since =
                    file.client.since.map(|since| calendar.instant(since, jiff::civil::Time::midnight()));
                let owed = owed.remove(&file.client.id).unwrap_or_default();
                let outlook = contact.outlook(owed.into_iter(), file.client.kind, since, self.now);
                (outlook.score, self.client(file.slug.clone(), file.name.clone(), contact, &outlook))
            })
            .collect();
        clients.sort_by(|(a, a_client), (b, b_client)| {
            b.total_cmp(a).then_with(|| Reverse(&a_client.last_out).cmp(&Reverse(&b_client.last_out)))
        });
        clients.into_iter().map(|(_, client)| client).collect()
    }

    fn client(
        &self,
        slug: String,
        name: String,
        contact: &Contact,
        outlook: &outlook::Outlook,
    ) -> ClientOutlook {
        let reasons = outlook.reasons.iter().map(|reason| OutlookReason {
            reason: reason.kind.name(),
            since: self.moment(reason.since),
            weight: (reason.weight * 100.0).round() / 100.0,
            evidence: reason
                .evidence
                .iter()
                .map(|key| self.message_id(*key))
                .filter(|id| !id.is_empty())
                .collect(),
        });
        ClientOutlook {
            client: slug,
            name,
            risk: outlook.risk.name(),
            reasons: reasons.collect(),
            last_in: contact.last_in(self.now).map(|at| self.moment(at)),
            last_out: contact.last_out(self.now).map(|at| self.moment(at)),
            ties: contact.ties(),
        }
    }

    fn names(&self) -> HashMap<String, String> {
        let mut names = HashMap::new();
        for file in &self.standing.placed.staff {
            names.extend(
                file.staff.addresses.iter().map(|address| (self.address(*address), file.name.clone())),
            );
        }
        for owed in &self.standing.obligations {
            let Some(contact) = owed.contact else { continue };
            let listed = self.standing.placed.contact_names.get(&contact).filter(|name| !name.is_empty());
            if let Some(name) = listed.map(String::as_str).or(self.standing.gathered.traffic.name(contact)) {
                names.insert(self.address(contact), name.to_owned());
            }
        }
        names
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let domains = || self.standing.own.domains.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        match self.standing.own.told {
            Told::ByStaffList | Told::Nohow => {}
            Told::BySentFolders => notes.push(format!(
                "No staff list was given: whoever the folders of sent mail belong to is taken for the firm ({}).",
                domains()
            )),
            Told::ByMostWrittenTo => notes.push(format!(
                "No staff list was given and no folder of sent mail was found: the domain most often written to is \
                 taken for the firm ({}). Give --staff to say otherwise.",
                domains()
            )),
        }
        if !self.standing.placed.clients_are_known {
            notes.push(
                "No client list was given: outside correspondents stand in, by organisation.".to_owned(),
            );
        }
        let gathered = &self.standing.gathered;
        if 0 < gathered.drafts {
            notes.push(format!(
                "{}.",
                counted(
                    gathered.drafts as usize,
                    "draft never left and answers nothing",
                    "drafts never left and answer nothing"
                )
            ));
        }
        if 0 < gathered.undated {
            notes.push(format!(
                "{} no date that can be right, counted and opening nothing.",
                counted(gathered.undated as usize, "message has", "messages have")
            ));
        }
        notes
    }
}

impl Lookup for Standing {
    fn client(&self, client: ClientId) -> String {
        self.placed.client(client).map(|file| file.slug.clone()).unwrap_or_default()
    }

    /// A mail address, or a telephone number as it was spelled.
    fn address(&self, address: AddressId) -> String {
        let spelled = self.gathered.spelled.get(&address);
        spelled.map_or_else(|| self.gathered.addresses.text(address).to_owned(), ToString::to_string)
    }

    /// The first mail address of a person of the firm.
    fn owner(&self, staff: StaffId) -> Option<String> {
        let file = self.placed.staff(staff)?;
        let texts = || file.staff.addresses.iter().map(|address| self.address(*address));
        texts().find(|text| text.contains('@')).or_else(|| texts().next())
    }

    fn message(&self, key: NaturalKey) -> Option<(String, String)> {
        let (_, slip) = Standing::message(self, key)?;
        let id = if slip.message_id.is_empty() { String::new() } else { format!("<{}>", slip.message_id) };
        Some((id, slip.subject.to_string()))
    }

    /// The words of a passage: those of the act that begins there, else what the message is about.
    fn passage(&self, key: NaturalKey, place: Option<(u32, u32)>) -> Option<String> {
        let (message, slip) = Standing::message(self, key)?;
        let words = match place {
            Some((start, end)) => {
                let n = message.acts.iter().position(|act| act.start == start && act.end == end)?;
                slip.passage(n)
            }
            None => slip.gist(message),
        };
        Some(words.to_owned())
    }

    fn call(&self, key: NaturalKey) -> Option<(Timestamp, String, String)> {
        let Entry::Call(call) = self.entry(key)? else { return None };
        let (from, to) = match self.gathered.spoken.get(&key) {
            Some((from, to)) => (from.to_string(), to.to_string()),
            None => (self.address(call.from), self.address(call.to)),
        };
        Some((call.at, from, to))
    }
}
