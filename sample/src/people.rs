//! Everybody who writes or rings: the firm's own people, its clients' contacts and the rest of the world.

use crate::voice::Voice;

/// Where a person belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Side {
    /// Works in the firm.
    Staff,
    /// A contact of the client with this place in [`People::clients`].
    Client(usize),
    /// The other side, counsel, a bank, a robot, a friend.
    Other,
}

/// Somebody with an address.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) title: String,
    pub(crate) first: String,
    pub(crate) last: String,
    /// The first is the one they write from most.
    pub(crate) emails: Vec<String>,
    pub(crate) phone: String,
    pub(crate) role: String,
    pub(crate) house: String,
    pub(crate) side: Side,
    pub(crate) voice: Voice,
}

impl Person {
    pub(crate) fn name(&self) -> String {
        if self.last.is_empty() { self.first.clone() } else { format!("{} {}", self.first, self.last) }
    }

    pub(crate) fn email(&self) -> &str {
        self.emails.first().map_or("", String::as_str)
    }
}

/// A row of the client list.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) tier: String,
    /// How many months ago they came to the firm.
    pub(crate) months: i64,
    /// The point person's place among the staff; none where nobody was named.
    pub(crate) point: Option<usize>,
    pub(crate) revenue: String,
    /// No ordinary work for them in the last so many days: what they are owed is placed by hand.
    pub(crate) rest: i64,
    pub(crate) contacts: Vec<usize>,
    /// What the firm knows of them beside: why they came, circumstances, expectations, channel, how they heard of it.
    pub(crate) told: [String; 5],
}

/// All of them. The staff come first.
#[derive(Debug, Clone, Default)]
pub(crate) struct People {
    pub(crate) all: Vec<Person>,
    pub(crate) staff: Vec<usize>,
    pub(crate) clients: Vec<Client>,
    /// Places of persons of the other sides.
    pub(crate) others: Vec<usize>,
}

pub(crate) const HELEN: usize = 0;
pub(crate) const MARCUS: usize = 1;
pub(crate) const PRIYA: usize = 2;
pub(crate) const OWEN: usize = 3;
pub(crate) const RUTH: usize = 4;
pub(crate) const DEE: usize = 5;

impl People {
    /// Reads the lists of `sample/text`. A line that cannot be read is left out; a test counts them.
    pub(crate) fn read() -> People {
        let mut people = People::default();
        for line in rows(include_str!("../text/staff.txt")) {
            if let Some(person) = person(line, "Tidd & Farrow Solicitors", Side::Staff) {
                let place = people.add(person);
                people.staff.push(place);
            }
        }
        for line in rows(include_str!("../text/clients.txt")) {
            if line.starts_with(' ') {
                let at = people.clients.len().wrapping_sub(1);
                let house = people.clients.get(at).filter(|c| c.kind != "person").map(|c| c.name.clone());
                if let Some(person) = person(line, &house.unwrap_or_default(), Side::Client(at)) {
                    let place = people.add(person);
                    people.clients[at].contacts.push(place);
                }
            } else if let Some(client) = people.client(line) {
                people.clients.push(client);
            }
        }
        for line in rows(include_str!("../text/told.txt")) {
            let mut cells = line.split('|').map(|cell| cell.trim().to_owned());
            let id = cells.next().unwrap_or_default();
            if let Some(client) = people.clients.iter_mut().find(|client| client.id == id) {
                client.told = std::array::from_fn(|_| cells.next().unwrap_or_default());
            }
        }
        for line in rows(include_str!("../text/others.txt")) {
            if let Some(person) = person(line, "", Side::Other) {
                let place = people.add(person);
                people.others.push(place);
            }
        }
        people
    }

    fn add(&mut self, person: Person) -> usize {
        self.all.push(person);
        self.all.len() - 1
    }

    fn client(&self, line: &str) -> Option<Client> {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let &[id, name, kind, tier, months, point, revenue, rest] = cells.as_slice() else { return None };
        Some(Client {
            id: id.to_owned(),
            name: name.to_owned(),
            kind: kind.to_owned(),
            tier: tier.to_owned(),
            months: months.parse().ok()?,
            point: self.staff.iter().copied().find(|&s| self.all[s].first.eq_ignore_ascii_case(point)),
            revenue: revenue.to_owned(),
            rest: rest.parse().ok()?,
            contacts: Vec::new(),
            told: Default::default(),
        })
    }

    /// The client with this id and the person who speaks for it.
    pub(crate) fn contact(&self, id: &str) -> Option<(usize, usize)> {
        let client = self.clients.iter().position(|client| client.id == id)?;
        Some((client, *self.clients[client].contacts.first()?))
    }

    /// Somebody of the rest of the world, by the beginning of their address.
    pub(crate) fn other(&self, address: &str) -> Option<usize> {
        self.others.iter().copied().find(|&o| self.all[o].email().starts_with(address))
    }
}

fn rows(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
}

/// `Mrs Jo Pell | jo@…, jo2@… | 01632 960101 | Director | brisk outlook`, with `@ House` after the role for others.
fn person(line: &str, house: &str, side: Side) -> Option<Person> {
    let cells: Vec<&str> = line.split('|').map(str::trim).collect();
    let &[name, emails, phone, role, voice] = cells.as_slice() else { return None };
    let (title, name) = name.split_once(' ').filter(|(t, _)| TITLES.contains(t)).unwrap_or(("", name));
    let (first, last) = name.split_once(' ').unwrap_or((name, ""));
    let (role, house) =
        role.split_once('@').map_or((role, house), |(role, house)| (role.trim(), house.trim()));
    Some(Person {
        title: title.to_owned(),
        first: first.to_owned(),
        last: last.to_owned(),
        emails: emails.split(',').map(|email| email.trim().to_owned()).collect(),
        phone: phone.to_owned(),
        role: role.to_owned(),
        house: house.to_owned(),
        side,
        voice: Voice::of(voice),
    })
}

const TITLES: [&str; 6] = ["Mr", "Mrs", "Ms", "Miss", "Dr", "Revd"];
