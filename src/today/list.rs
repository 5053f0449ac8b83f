//! Today's list: what somebody may see of what is owed, in groups, sorted by what hurts the client most.

use care::obligation::Kind;
use care::today::{Group, Hurt, few_a_day, group, order};
use jiff::{Timestamp, Zoned};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::board::{Asker, Open};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::{ClientId, FirmId, StaffId};
use crate::record::owed;

/// Whose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Whose {
    /// What I owe, and what those owe who are away and whom I stand in for.
    #[default]
    Mine,
    /// What is owed to clients whom I look after, by whoever.
    MyClients,
    /// Everything.
    Firm,
}

impl Whose {
    /// All of them, in the order of the page.
    pub const ALL: [Whose; 3] = [Whose::Mine, Whose::MyClients, Whose::Firm];

    /// The word in addresses of pages and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Whose::Mine => "mine",
            Whose::MyClients => "my_clients",
            Whose::Firm => "firm",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Whose> {
        Whose::ALL.into_iter().find(|whose| whose.name() == name)
    }
}

/// By what the list is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Divided {
    /// Not at all: one list by what hurts most.
    #[default]
    Not,
    /// By client.
    Client,
    /// By who owes it.
    Person,
    /// By what kind of thing it is.
    Kind,
}

impl Divided {
    /// All of them, in the order of the page.
    pub const ALL: [Divided; 4] = [Divided::Not, Divided::Client, Divided::Person, Divided::Kind];

    /// The word in addresses of pages.
    pub fn name(self) -> &'static str {
        match self {
            Divided::Not => "",
            Divided::Client => "client",
            Divided::Person => "person",
            Divided::Kind => "kind",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Divided {
        Divided::ALL.into_iter().find(|divided| divided.name() == name).unwrap_or_default()
    }
}

/// What to list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Whose.
    pub whose: Whose,
    /// Only this kind.
    pub kind: Option<Kind>,
    /// Only at this client.
    pub client: Option<ClientId>,
    /// Only what this person owes.
    pub owner: Option<StaffId>,
    /// Which part of the list; none for what is owed.
    pub group: Option<Group>,
    /// By what it is divided.
    pub divided: Divided,
    /// How many to leave out at the beginning.
    pub skip: usize,
    /// How many to show at most.
    pub most: usize,
}

impl Filter {
    /// Whether it leaves out anything but by whose it is and by group.
    pub fn is_narrow(&self) -> bool {
        self.kind.is_some() || self.client.is_some() || self.owner.is_some()
    }
}

/// What was found.
#[derive(Debug, Default)]
pub struct Listed<'a> {
    /// What is shown, in order.
    pub shown: Vec<Shown<'a>>,
    /// How many there are in this group, shown or not.
    pub total: usize,
    /// How many there are in each group, in the order of [`Group::ALL`].
    pub groups: [usize; Group::ALL.len()],
    /// How many of each kind in this group, were the kind not asked for; only kinds that are there.
    pub kinds: Vec<(Kind, usize)>,
    /// How many in this group hurt in which way.
    pub hurts: [usize; Hurt::ALL.len()],
    /// Upkeep that waits for another day.
    pub later: usize,
}

/// One line of the list.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// What is owed.
    pub open: &'a Open,
    /// Why it stands where it stands.
    pub hurt: Hurt,
}

/// How much upkeep each person has done today already.
pub type DoneToday = FxHashMap<Option<StaffId>, usize>;

/// Lists what `asker` may see.
pub fn list<'a>(asker: &'a Asker, filter: &Filter, now: Timestamp) -> Listed<'a> {
    list_after(asker, filter, &DoneToday::default(), now)
}

/// The same on a day on which some upkeep has been done: less is shown of what is left.
pub fn list_after<'a>(asker: &'a Asker, filter: &Filter, done: &DoneToday, now: Timestamp) -> Listed<'a> {
    let asked = filter.group.unwrap_or(Group::Owed);
    let day_ends = day_ends(asker, now);
    let chosen = Chosen::new(asker, filter, now);
    let mut listed = Listed::default();
    let mut kinds: FxHashMap<Kind, usize> = FxHashMap::default();
    let mut rows = Vec::new();
    for open in asker.open().filter(|open| open.owed.opened_at <= now && chosen.takes(open)) {
        let group = group(&open.owed, asker.board.firm.before_regard);
        let wanted = filter.kind.is_none_or(|kind| kind == open.owed.kind);
        listed.groups[group as usize] += usize::from(wanted);
        if group != asked {
            continue;
        }
        *kinds.entry(open.owed.kind).or_default() += 1;
        if wanted {
            let order = order(&open.owed, now, day_ends);
            listed.hurts[order.0 as usize] += 1;
            rows.push((order, open));
        }
    }
    listed.kinds = Kind::ALL.into_iter().filter_map(|kind| Some((kind, *kinds.get(&kind)?))).collect();
    if asked == Group::Upkeep {
        rows.sort_unstable_by_key(|(order, _)| *order);
        let all = rows.len();
        few_a_day(&mut rows, |(_, open)| open.owed.owner, done.clone());
        listed.later = all - rows.len();
    }
    listed.total = rows.len();
    let rows = cut(rows, filter);
    listed.shown = rows.into_iter().map(|((hurt, ..), open)| Shown { open, hurt }).collect();
    listed
}

/// Of what ended as it was read, what the filter asks for.
pub fn chosen<'a>(asker: &Asker, filter: &Filter, ended: &'a [Open], now: Timestamp) -> Vec<&'a Open> {
    let chosen = Chosen::new(asker, filter, now);
    let wanted = |open: &&Open| filter.kind.is_none_or(|kind| kind == open.owed.kind) && chosen.takes(open);
    ended.iter().filter(wanted).collect()
}

type Row<'a> = ((Hurt, u32, Timestamp, u64), &'a Open);

/// The part of the rows that is shown, in order.
fn cut<'a>(mut rows: Vec<Row<'a>>, filter: &Filter) -> Vec<Row<'a>> {
    let until = filter.skip.saturating_add(filter.most);
    if filter.divided == Divided::Not {
        // Only as much is put in order as is shown.
        if until < rows.len() {
            rows.select_nth_unstable_by_key(until, |(order, _)| *order);
            rows.truncate(until);
        }
        rows.sort_unstable_by_key(|(order, _)| *order);
    } else {
        rows.sort_unstable_by_key(|(order, _)| *order);
        let mut places: FxHashMap<i64, usize> = FxHashMap::default();
        for (_, open) in &rows {
            let next = places.len();
            places.entry(division(open, filter.divided)).or_insert(next);
        }
        rows.sort_by_key(|(_, open)| places[&division(open, filter.divided)]);
        rows.truncate(until);
    }
    rows.drain(..filter.skip.min(rows.len()));
    rows
}

/// What tells the parts of a divided list apart.
fn division(open: &Open, divided: Divided) -> i64 {
    match divided {
        Divided::Not => 0,
        Divided::Client => open.owed.client.0,
        Divided::Person => open.owed.owner.map_or(0, |owner| owner.0),
        Divided::Kind => open.owed.kind as i64,
    }
}

/// How much upkeep was done since the day began in the reader's zone.
pub async fn done_today(tx: &mut Tx, asker: &Asker, now: Timestamp) -> Result<DoneToday> {
    upkeep_done(tx, asker.firm, &now.to_zoned(asker.zone.clone())).await
}

/// How much upkeep each person of the firm has done on the day of `now`, until then.
pub async fn upkeep_done(tx: &mut Tx, firm: FirmId, now: &Zoned) -> Result<DoneToday> {
    let begins = now.start_of_day().map_or_else(|_| now.timestamp(), |day| day.timestamp());
    let mut done = DoneToday::default();
    for (kind, owner) in owed::ended_since(tx, firm, begins, now.timestamp()).await? {
        if kind.is_upkeep() {
            *done.entry(owner).or_default() += 1;
        }
    }
    Ok(done)
}

/// The end of the day in the reader's zone.
pub fn day_ends(asker: &Asker, now: Timestamp) -> Timestamp {
    let tomorrow = now.to_zoned(asker.zone.clone()).date().tomorrow();
    let start = tomorrow.ok().and_then(|day| day.to_zoned(asker.zone.clone()).ok());
    start.map_or(Timestamp::MAX, |start| start.timestamp())
}

/// Whom the filter lets through.
struct Chosen<'a> {
    asker: &'a Asker,
    filter: &'a Filter,
    today: jiff::civil::Date,
    /// Who is away today.
    away: FxHashSet<StaffId>,
    /// Clients that the asker looks after.
    tended: FxHashSet<ClientId>,
}

impl<'a> Chosen<'a> {
    fn new(asker: &'a Asker, filter: &'a Filter, now: Timestamp) -> Chosen<'a> {
        let house = &asker.board.firm;
        let today = now.to_zoned(house.zone.clone()).date();
        let away = house.people.keys().copied().filter(|staff| !house.book.is_here(*staff, today));
        let mut chosen = Chosen { asker, filter, today, away: away.collect(), tended: FxHashSet::default() };
        if filter.whose == Whose::MyClients {
            chosen.tended = chosen.tended_by(asker.staff);
        }
        chosen
    }

    fn tended_by(&self, staff: StaffId) -> FxHashSet<ClientId> {
        let all = self.asker.board.firm.book.all_clients();
        let tends = |client: &&&care::people::Client| {
            client.point_person == Some(staff)
                || client.matters.iter().any(|m| m.closed.is_none() && m.handler == Some(staff))
        };
        all.iter().filter(tends).map(|client| client.id).collect()
    }

    fn takes(&self, open: &Open) -> bool {
        let (owed, filter) = (&open.owed, self.filter);
        if filter.client.is_some_and(|client| client != owed.client)
            || filter.owner.is_some_and(|owner| Some(owner) != owed.owner)
        {
            return false;
        }
        match filter.whose {
            Whose::Firm => true,
            Whose::MyClients => self.tended.contains(&owed.client),
            Whose::Mine => owed.owner == Some(self.asker.staff) || self.stands_in(open),
        }
    }

    fn stands_in(&self, open: &Open) -> bool {
        let Some(owner) = open.owed.owner.filter(|owner| self.away.contains(owner)) else { return false };
        let book = &self.asker.board.firm.book;
        book.covering(owner, open.owed.client, self.today, []) == Some(self.asker.staff)
    }
}
