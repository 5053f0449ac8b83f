//! The firm book: what the fold must know that is not one client's.

use jiff::Timestamp;
use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::entry::{Decision, Verdict};
use crate::hours::WorkCalendar;
use crate::ids::{ClientId, FirmId, StaffId};
use crate::people::{Absence, Client, Directory, Staff};
use crate::standard::{Standard, Standards};

/// Staff, hours, standards, and who owns which address.
#[derive(Debug, Clone, PartialEq)]
pub struct FirmBook {
    /// Whose book it is.
    pub firm: FirmId,
    /// When the firm is open.
    pub calendar: WorkCalendar,
    /// What it promises.
    pub standards: Standards,
    /// Who owns which address, with the firm's decisions applied.
    pub directory: Directory,
    /// From when on mail was kept: before it, silence means nothing. None where that is not known.
    pub record_from: Option<Timestamp>,
    /// Who looks after a client that nobody looks after.
    pub lead: Option<StaffId>,
    staff: FxHashMap<StaffId, Staff>,
    clients: FxHashMap<ClientId, Client>,
}

impl FirmBook {
    /// A book with nobody in it yet.
    pub fn new(firm: FirmId, calendar: WorkCalendar, standards: Standards, directory: Directory) -> FirmBook {
        FirmBook {
            firm,
            calendar,
            standards,
            directory,
            record_from: None,
            lead: None,
            staff: FxHashMap::default(),
            clients: FxHashMap::default(),
        }
    }

    /// Adds a person, or replaces the one of that id.
    pub fn add_staff(&mut self, staff: Staff) {
        self.staff.insert(staff.id, staff);
    }

    /// Adds a client, or replaces the one of that id.
    pub fn add_client(&mut self, client: Client) {
        self.clients.insert(client.id, client);
    }

    /// The person of that id.
    pub fn staff(&self, id: StaffId) -> Option<&Staff> {
        self.staff.get(&id)
    }

    /// All staff, by id.
    pub fn all_staff(&self) -> Vec<&Staff> {
        let mut all: Vec<&Staff> = self.staff.values().collect();
        all.sort_unstable_by_key(|staff| staff.id);
        all
    }

    /// How many people work here.
    pub fn staff_count(&self) -> usize {
        self.staff.values().filter(|staff| staff.left.is_none()).count()
    }

    /// The client of that id.
    pub fn client(&self, id: ClientId) -> Option<&Client> {
        self.clients.get(&id)
    }

    /// All clients, by id.
    pub fn all_clients(&self) -> Vec<&Client> {
        let mut all: Vec<&Client> = self.clients.values().collect();
        all.sort_unstable_by_key(|client| client.id);
        all
    }

    /// What this client was promised.
    pub fn standard(&self, client: &Client) -> &Standard {
        self.standards.of(client.tier.as_deref())
    }

    /// Whether somebody works here on a day. Who is not in the book does.
    pub fn works_here(&self, staff: StaffId, on: Date) -> bool {
        self.staff.get(&staff).and_then(|staff| staff.left).is_none_or(|left| on <= left)
    }

    /// The absence that keeps somebody away on a day.
    pub fn absence(&self, staff: StaffId, on: Date) -> Option<&Absence> {
        let staff = self.staff.get(&staff)?;
        staff.absences.iter().find(|absence| absence.from <= on && on <= absence.to)
    }

    /// Who stands in for somebody at a client on a day: nobody while they are here; else whom a decision named for
    /// this client, else the cover of the absence, else the client's point person, whoever of these is here.
    /// `decided` are the decisions in force, in their order.
    pub fn covering<'a>(
        &self,
        staff: StaffId,
        client: ClientId,
        on: Date,
        decided: impl IntoIterator<Item = &'a Decision>,
    ) -> Option<StaffId> {
        if self.is_here(staff, on) {
            return None;
        }
        let mut named = None;
        let mut point_person = self.clients.get(&client).and_then(|client| client.point_person);
        for decision in decided {
            match decision.what {
                Verdict::Cover { client: at, away, cover }
                    if away == staff && self.directory.client(at) == client =>
                {
                    named = Some(cover);
                }
                Verdict::PointPerson { client: at, staff } if self.directory.client(at) == client => {
                    point_person = Some(staff);
                }
                _ => {}
            }
        }
        let cover = self.absence(staff, on).and_then(|absence| absence.cover);
        [named, cover, point_person].into_iter().flatten().find(|&one| one != staff && self.is_here(one, on))
    }

    /// Whether somebody works here and is not away on a day.
    pub fn is_here(&self, staff: StaffId, on: Date) -> bool {
        self.works_here(staff, on) && self.absence(staff, on).is_none()
    }
}
