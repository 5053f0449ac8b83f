//! Any history of a small firm: people who come and go, odd clocks, decisions about anything.

use arbitrary::{Arbitrary, Result, Unstructured};
use care::acts::{Act, ActKind};
use care::book::FirmBook;
use care::entry::{
    Ask, Call, Decision, Delivery, Entry, Means, Message, Note, NoteKind, Of, Subject, Verdict,
};
use care::ids::{AddressId, ClientId, ContactId, EntryId, FirmId, MatterId, NaturalKey, StaffId};
use care::obligation::Kind;
use care::particular::{Particular, Particulars, Told};
use care::people::{Absence, Client, ClientKind, Directory, Matter, Staff, Who};
use care::standard::{Rhythm, Standard, Standards, WorkSpan};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::{calendar, moment};

/// A firm, what happened in it, and the seed of another order of arrival.
#[derive(Debug)]
pub struct History {
    /// The firm before any decision.
    pub book: FirmBook,
    /// What happened, each with a key of its own.
    pub entries: Vec<Entry>,
    /// Chooses another order of the entries.
    pub seed: u64,
    /// Moments to ask how things stand.
    pub moments: [Timestamp; 3],
}

impl<'a> Arbitrary<'a> for History {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<History> {
        let mut any = Any(u);
        let book = any.book()?;
        let seed = any.0.arbitrary()?;
        let moments = [any.moment()?, any.moment()?, any.moment()?];
        let mut kinds = Vec::new();
        while kinds.len() < 60 && any.0.ratio(9, 10)? && !any.0.is_empty() {
            let key = NaturalKey(1000 + kinds.len() as u64);
            kinds.push(match any.0.int_in_range(0u8..=15)? {
                0..=8 => Of::Message(key),
                9..=10 => Of::Call(key),
                11 => Of::Note(key),
                _ => Of::Decision(key),
            });
        }
        let entries = (0..kinds.len()).map(|i| any.entry(i, &kinds)).collect::<Result<_>>()?;
        Ok(History { book, entries, seed, moments })
    }
}

/// Makes parts of a history from what bytes are left.
struct Any<'a, 'u>(&'a mut Unstructured<'u>);

impl Any<'_, '_> {
    fn up_to(&mut self, most: u64) -> Result<u64> {
        self.0.int_in_range(0..=most)
    }

    fn some(&mut self) -> Result<bool> {
        self.0.ratio(1, 3)
    }

    fn moment(&mut self) -> Result<Timestamp> {
        // Mostly within a season of each other, so that things meet.
        if self.0.ratio(9, 10)? {
            let hours = self.up_to(24 * 90)? as i64;
            return Ok(Timestamp::constant(1_748_736_000, 0) + SignedDuration::from_hours(hours));
        }
        Ok(moment(self.0.arbitrary()?))
    }

    fn day(&mut self) -> Result<Date> {
        Ok(TimeZone::UTC.to_datetime(self.moment()?).date())
    }

    fn address(&mut self) -> Result<AddressId> {
        Ok(AddressId(self.up_to(19)? as u32))
    }

    fn addresses(&mut self) -> Result<Box<[AddressId]>> {
        (0..self.up_to(3)?).map(|_| self.address()).collect()
    }

    fn asks(&mut self) -> Result<Box<[Ask]>> {
        let count = self.up_to(3)? as u32;
        (0..count).map(|n| Ok(Ask { staff: self.staff()?, start: n * 20, end: n * 20 + 10 })).collect()
    }

    fn client(&mut self) -> Result<ClientId> {
        Ok(ClientId(self.up_to(4)? as i64))
    }

    fn staff(&mut self) -> Result<StaffId> {
        Ok(StaffId(self.up_to(4)? as i64))
    }

    fn who(&mut self) -> Result<Who> {
        Ok(match self.up_to(9)? {
            0..=2 => Who::Staff(self.staff()?),
            3 => Who::Client { client: self.client()?, contact: None },
            4..=6 => {
                let contact = Some(ContactId(self.up_to(5)? as i64));
                Who::Client { client: self.client()?, contact }
            }
            7 => Who::Partner(self.client()?),
            8 => [Who::ThirdParty, Who::Private, Who::Robot][self.up_to(2)? as usize],
            _ => Who::Unplaced,
        })
    }

    fn book(&mut self) -> Result<FirmBook> {
        let mut directory = Directory::default();
        for address in 0..16 {
            directory.place(AddressId(address), self.who()?);
        }
        let calendar = calendar(self.0.arbitrary()?);
        let mut book = FirmBook::new(FirmId(1), calendar, self.standards()?, directory);
        for id in 0..4 {
            book.add_staff(self.person(StaffId(id))?);
        }
        for id in 0..4 {
            book.add_client(self.profile(ClientId(id))?);
        }
        book.record_from = if self.some()? { Some(self.moment()?) } else { None };
        book.lead = if self.some()? { Some(self.staff()?) } else { None };
        Ok(book)
    }

    fn standards(&mut self) -> Result<Standards> {
        let default = self.standard()?;
        let mut standards = Standards { default, ..Standards::default() };
        standards.tiers.insert("a".into(), self.standard()?);
        Ok(standards)
    }

    fn standard(&mut self) -> Result<Standard> {
        if self.0.ratio(1, 2)? {
            return Ok(Standard::default());
        }
        Ok(Standard {
            answer: self.span()?,
            callback: self.span()?,
            question: self.span()?,
            cover: self.span()?,
            check_in: Rhythm { wanted_days: self.0.arbitrary()?, worst_days: self.0.arbitrary()? },
            valued: self.0.arbitrary()?,
            second_tie_weeks: self.0.arbitrary()?,
            record: self.particulars()?,
            record_gap: self.span()?,
        })
    }

    fn span(&mut self) -> Result<WorkSpan> {
        Ok(match self.up_to(255)? {
            // Thousands of years of working time take milliseconds: seldom, or little else would be tried.
            0 => WorkSpan::Days(self.0.arbitrary()?),
            1 => WorkSpan::Minutes(self.0.arbitrary()?),
            2..=100 => WorkSpan::Days(self.up_to(30)? as u32),
            _ => WorkSpan::Minutes(self.up_to(3000)? as u32),
        })
    }

    fn person(&mut self, id: StaffId) -> Result<Staff> {
        let mut absences = Vec::new();
        for _ in 0..self.up_to(2)? {
            let cover = if self.some()? { Some(self.staff()?) } else { None };
            absences.push(Absence { from: self.day()?, to: self.day()?, cover });
        }
        let left = if self.some()? { Some(self.day()?) } else { None };
        Ok(Staff { id, addresses: self.addresses()?.into(), absences, left })
    }

    fn profile(&mut self, id: ClientId) -> Result<Client> {
        const KINDS: [ClientKind; 6] = [
            ClientKind::Organisation,
            ClientKind::Person,
            ClientKind::Prospect,
            ClientKind::Former,
            ClientKind::Partner,
            ClientKind::Correspondent,
        ];
        let mut matters = Vec::new();
        for number in 0..self.up_to(2)? {
            let handler = if self.some()? { Some(self.staff()?) } else { None };
            let opened = if self.some()? { Some(self.day()?) } else { None };
            let closed = if self.some()? { Some(self.day()?) } else { None };
            matters.push(Matter { id: MatterId(number as i64), handler, opened, closed });
        }
        Ok(Client {
            id,
            key: NaturalKey(id.0 as u64),
            kind: *self.0.choose(&KINDS)?,
            since: if self.some()? { Some(self.day()?) } else { None },
            tier: if self.some()? { Some("A".into()) } else { None },
            point_person: if self.some()? { Some(self.staff()?) } else { None },
            matters,
            told: self.told()?,
        })
    }

    fn particulars(&mut self) -> Result<Particulars> {
        (0..self.up_to(3)?).map(|_| Ok(*self.0.choose(&Particular::ALL)?)).collect()
    }

    fn told(&mut self) -> Result<Vec<Told>> {
        let mut told = Vec::new();
        for _ in 0..self.up_to(3)? {
            let what = *self.0.choose(&Particular::ALL)?;
            let from = if self.some()? { Some(self.moment()?) } else { None };
            let until = if self.some()? { Some(self.moment()?) } else { None };
            told.push(Told { what, from, until, by: None });
        }
        Ok(told)
    }

    fn act(&mut self) -> Result<Act> {
        let start = self.up_to(60)? as u32;
        Ok(Act {
            kind: *self.0.choose(&ActKind::ALL)?,
            start,
            end: start + 1 + self.up_to(20)? as u32,
            confidence: self.up_to(100)? as f32 / 100.0,
            due: if self.some()? { Some(self.moment()?) } else { None },
            things: self.things()?,
            in_touch: self.0.arbitrary()?,
        })
    }

    fn acts(&mut self) -> Result<Box<[Act]>> {
        (0..self.up_to(3)?).map(|_| self.act()).collect()
    }

    /// Sorted, as the reader gives them.
    fn things(&mut self) -> Result<Box<[u32]>> {
        let bits = self.up_to(15)?;
        Ok((0..4).filter(|bit| bits >> bit & 1 == 1).collect())
    }

    fn entry(&mut self, i: usize, all: &[Of]) -> Result<Entry> {
        let key = all[i].key();
        let entry = EntryId(i as i64);
        let at = self.moment()?;
        Ok(match all[i] {
            Of::Message(_) => Entry::Message(Message {
                entry,
                key,
                at,
                thread: self.up_to(3)?,
                subject: self.up_to(3)?,
                from: self.address()?,
                to: self.addresses()?,
                cc: self.addresses()?,
                mailbox: if self.some()? { Some(self.address()?) } else { None },
                answers: if self.some()? { Some(self.0.choose(all)?.key()) } else { None },
                mentions: if self.some()? { Box::new([self.client()?]) } else { Box::default() },
                automatic: self.0.ratio(1, 10)?,
                needs_reply: self.up_to(100)? as f32 / 100.0,
                by_form: self.0.ratio(1, 10)?,
                only_holds: self.some()?,
                delivers: Delivery {
                    carries: self.0.arbitrary()?,
                    states: self.0.arbitrary()?,
                    things: self.things()?,
                },
                acts: self.acts()?,
            }),
            Of::Call(_) => {
                let seconds = self.up_to(90)? as i64;
                let talked = if self.some()? { Some(SignedDuration::from_secs(seconds)) } else { None };
                Entry::Call(Call { entry, key, at, from: self.address()?, to: self.address()?, talked })
            }
            Of::Note(_) => Entry::Note(Note {
                entry,
                key,
                at,
                by: self.staff()?,
                kind: *self.0.choose(&[NoteKind::Call, NoteKind::Meeting, NoteKind::Text])?,
                client: self.client()?,
                with: self.addresses()?,
                acts: self.acts()?,
                asks: self.asks()?,
            }),
            Of::Decision(_) => {
                Entry::Decision(Decision { entry, key, at, by: self.staff()?, what: self.verdict(all)? })
            }
        })
    }

    fn verdict(&mut self, all: &[Of]) -> Result<Verdict> {
        let of = *self.0.choose(all)?;
        let ended = *self.0.choose(all)?;
        let start = self.up_to(60)? as u32;
        let passage = (start, start + self.up_to(40)? as u32);
        let subject = Subject { of, passage: if self.some()? { Some(passage) } else { None } };
        let client = self.client()?;
        let kind = *self.0.choose(&Kind::ALL)?;
        Ok(match self.up_to(18)? {
            0 => Verdict::NoAnswerNeeded { message: of.key() },
            1 => Verdict::AnswerNeeded { message: of.key() },
            2 => Verdict::NotThatAct { of, passage, kind: *self.0.choose(&ActKind::ALL)? },
            3 => Verdict::ThatAct { of, act: self.act()? },
            4 => Verdict::Done { subject, at: self.moment()?, means: Means::Phone },
            5 => Verdict::NewDate { subject, at: self.moment()?, due: self.moment()? },
            6 => Verdict::Released { subject },
            7 => Verdict::Owner { subject, staff: self.staff()? },
            8 => Verdict::Confirmed { opened: of, ended },
            9 => Verdict::NotTheEnd { opened: of, ended },
            10 => Verdict::Kept { client, kind, at: self.moment()? },
            11 => Verdict::Spared { client, kind },
            12 => Verdict::Planned { client, kind, due: self.moment()? },
            13 => Verdict::PointPerson { client, staff: self.staff()? },
            14 => Verdict::Cover { client, away: self.staff()?, cover: self.staff()? },
            15 => Verdict::Placed { address: self.address()?, who: self.who()? },
            16 => Verdict::Merged { from: client, into: self.client()? },
            17 => Verdict::Split { from: client, into: self.client()?, addresses: self.addresses()? },
            _ => Verdict::TakenBack { decision: of.key() },
        })
    }
}
