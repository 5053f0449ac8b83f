//! The situations that are placed on purpose, so that a test can hold the program to them.

mod answers;
mod others;
mod promises;

use jiff::Timestamp;

use crate::blanks::fill;
use crate::people::DEE;
use crate::world::{Call, Letter, World};

/// A situation placed on purpose, and how it stands at 09:00 of the day the firm was made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// The kind of obligation as `scan` prints it; with state `read`, the act that a message holds.
    pub kind: &'static str,
    /// `open`, `kept`, `kept_late`, `moved`, `moved_late`, `broken` as `scan` prints them. Besides these: `absent`
    /// (nothing of this kind is opened by it, or, where the kind is an act, the message holds no such act) and `read` (the message holds this act).
    pub state: &'static str,
    /// Open and past due.
    pub overdue: bool,
    /// The client's id in `clients.csv`.
    pub client: String,
    /// The contact's address; empty where the whole client is meant.
    pub contact: String,
    /// What opened it.
    pub opener: Opener,
    /// How often the client asked again before we answered.
    pub chases: u32,
    /// What was placed, in words.
    pub note: &'static str,
}

/// What opened an obligation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opener {
    /// A message, by its Message-ID with angle brackets.
    Message(String),
    /// A call.
    Call(CallRef),
    /// Nothing that has an id: silence, an absence, a gap in a list.
    None,
}

/// A call as it stands in `calls.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRef {
    /// When it rang.
    pub at: Timestamp,
    /// The caller's number.
    pub from: String,
    /// The number rung.
    pub to: String,
}

/// Places all of them.
pub(crate) fn place(world: &mut World) {
    answers::place(world);
    promises::place(world);
    others::place(world);
}

/// One situation with one client: a small stage on which both sides speak.
struct Scene<'w> {
    world: &'w mut World,
    client: usize,
    contact: usize,
    handler: usize,
    subject: String,
    last: Option<usize>,
    file: Option<&'static str>,
    copies: Vec<usize>,
}

impl<'w> Scene<'w> {
    /// With a client's first contact and its point person.
    fn with(world: &'w mut World, id: &str, subject: &str) -> Scene<'w> {
        let (client, contact) = world.people.contact(id).unwrap_or_default();
        let handler = world.people.clients[client].point.unwrap_or(DEE);
        Scene {
            world,
            client,
            contact,
            handler,
            subject: subject.to_owned(),
            last: None,
            file: None,
            copies: Vec::new(),
        }
    }

    /// The client's other contact speaks from here on.
    fn second(&mut self) -> &mut Self {
        let contacts = &self.world.people.clients[self.client].contacts;
        self.contact = contacts.get(1).copied().unwrap_or(self.contact);
        self
    }

    /// A new thread.
    fn about(&mut self, subject: &str) -> &mut Self {
        self.subject = subject.to_owned();
        self.last = None;
        self
    }

    fn at(&self, days_ago: i64, hour: i8, minute: i8) -> Timestamp {
        let days = &self.world.days;
        days.at(days.working(days.today, -days_ago), hour, minute, (minute % 12) * 4 + hour % 12)
    }

    fn letter(&mut self, when: (i64, i8, i8), body: &str) -> Letter {
        let at = self.at(when.0, when.1, when.2);
        let on = self.world.days.date_of(at);
        let facts = [
            ("client".to_owned(), self.world.person(self.contact).first.clone()),
            ("handler".to_owned(), self.world.person(self.handler).first.clone()),
        ];
        let subject = if self.last.is_none() { self.subject.clone() } else { String::new() };
        Letter {
            at,
            subject: fill(&subject, on, self.world, &facts),
            body: fill(body, on, self.world, &facts),
            answers: self.last,
            file: self.file.take().map(str::to_owned),
            cc: std::mem::take(&mut self.copies),
            ..Letter::default()
        }
    }

    /// The client writes, so many working days before today.
    fn theirs(&mut self, when: (i64, i8, i8), body: &str) -> usize {
        let letter = self.letter(when, body);
        let letter = Letter { from: self.contact, to: vec![self.handler], ..letter };
        self.keep(letter)
    }

    /// The firm writes.
    fn ours(&mut self, when: (i64, i8, i8), body: &str) -> usize {
        let letter = self.letter(when, body);
        let letter = Letter { from: self.handler, to: vec![self.contact], ..letter };
        self.keep(letter)
    }

    fn keep(&mut self, letter: Letter) -> usize {
        let place = self.world.post(letter);
        self.last = Some(place);
        place
    }

    /// A call between the two; 0 seconds is a missed one.
    fn rings(&mut self, when: (i64, i8, i8), outgoing: bool, desk: usize, seconds: i64) -> CallRef {
        let at = self.at(when.0, when.1, when.2);
        let (theirs, ours) =
            (self.world.person(self.contact).phone.clone(), self.world.person(desk).phone.clone());
        let (from, to) = if outgoing { (ours, theirs) } else { (theirs, ours) };
        self.world.calls.push(Call { at, from: from.clone(), to: to.clone(), outgoing, seconds });
        CallRef { at, from, to }
    }

    /// Writes down what must be seen.
    fn expect(
        &mut self,
        kind: &'static str,
        state: &'static str,
        opener: usize,
        note: &'static str,
    ) -> &mut Expected {
        let opener = Opener::Message(self.world.mails[opener].id.clone());
        self.expect_from(kind, state, opener, note)
    }

    fn expect_from(
        &mut self,
        kind: &'static str,
        state: &'static str,
        opener: Opener,
        note: &'static str,
    ) -> &mut Expected {
        let contact = self.world.person(self.contact).email().to_owned();
        let client = self.world.people.clients[self.client].id.clone();
        let (overdue, chases) = (false, 0);
        self.world.expected.push(Expected { kind, state, overdue, client, contact, opener, chases, note });
        let last = self.world.expected.len() - 1;
        &mut self.world.expected[last]
    }
}

impl Expected {
    fn overdue(&mut self) -> &mut Expected {
        self.overdue = true;
        self
    }

    fn chased(&mut self, times: u32) -> &mut Expected {
        self.chases = times;
        self
    }
}
