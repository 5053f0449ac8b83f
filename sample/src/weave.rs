//! Storylines become mail: who, when, with which facts, late or in time.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::blanks::fill;
use crate::people::{DEE, HELEN, MARCUS, OWEN, PRIYA, RUTH, Side};
use crate::prng::Prng;
use crate::story::{Role, Step, Story};
use crate::world::{Call, Letter, Matter, World};

/// Who takes part in one telling of a story.
#[derive(Debug, Clone)]
pub(crate) struct Cast {
    pub(crate) client: usize,
    pub(crate) contact: usize,
    pub(crate) second: usize,
    pub(crate) handler: usize,
    pub(crate) colleague: usize,
    pub(crate) other: usize,
}

/// One telling: its facts are the same from the first message to the last.
struct Telling<'a> {
    story: &'a Story,
    cast: Cast,
    facts: Vec<(String, String)>,
    chance: Prng,
}

impl World {
    /// Tells a story from a day on, up to now. Where the client rests, the story moves back until it ends before that.
    pub(crate) fn tell(&mut self, story: &Story, client: usize, turn: usize, start: Date, seed: &str) {
        let Some(cast) = self.cast(story, client, seed) else { return };
        let rest = self.people.clients[cast.client].rest;
        let mut start = self.days.working(start, 0);
        let latest = self.days.today - rest.days();
        let mut times = self.schedule(story, &cast, start, seed);
        if 0 < rest {
            for _ in 0..12 {
                let Some(end) = times.iter().flatten().last().map(|&at| self.days.date_of(at)) else {
                    return;
                };
                if end < latest {
                    break;
                }
                start = self.days.working(start - ((end - latest).get_days() + 4).days(), 0);
                times = self.schedule(story, &cast, start, seed);
            }
        }
        let facts = self.facts(story, &cast, seed, turn);
        let mut telling = Telling { story, cast, facts, chance: Prng::of(&format!("telling {seed}")) };
        let finished = self.write(&mut telling, &times);
        if !story.kind.is_empty() {
            let closed = finished.map(|at| self.days.working(self.days.date_of(at), 3));
            let closed = closed.filter(|&day| day < self.days.today);
            self.matters.push(Matter {
                client: telling.cast.client,
                name: telling.fill(story.title, start, self),
                kind: story.kind,
                handler: telling.cast.handler,
                opened: start,
                closed,
            });
        }
    }

    fn cast(&self, story: &Story, client: usize, seed: &str) -> Option<Cast> {
        let row = self.people.clients.get(client)?;
        let mut chance = Prng::of(&format!("cast {seed}"));
        let contact = *row.contacts.first()?;
        let second = row.contacts.get(1).copied().unwrap_or(contact);
        let able: Vec<usize> = story.by.iter().filter_map(|name| self.staff(name)).collect();
        let point = row.point.unwrap_or(DEE);
        let handler = if able.is_empty() || able.contains(&point) { point } else { *chance.pick(&able) };
        let colleague = match handler {
            HELEN => RUTH,
            RUTH => HELEN,
            MARCUS => *chance.pick(&[OWEN, DEE]),
            OWEN => *chance.pick(&[MARCUS, DEE]),
            _ => *chance.pick(&[HELEN, DEE]),
        };
        let named = if story.with.is_empty() { &SOLICITORS[..] } else { &story.with };
        let other = self.people.other(chance.word(named)).unwrap_or(contact);
        let swap = second != contact && chance.chance(20);
        let (contact, second) = if swap { (second, contact) } else { (contact, second) };
        Some(Cast { client, contact, second, handler, colleague, other })
    }

    pub(crate) fn staff(&self, name: &str) -> Option<usize> {
        self.people.staff.iter().copied().find(|&s| self.person(s).first.eq_ignore_ascii_case(name))
    }

    fn facts(&self, story: &Story, cast: &Cast, seed: &str, turn: usize) -> Vec<(String, String)> {
        let mut chance = Prng::of(&format!("facts {seed}"));
        let mut facts: Vec<(String, String)> = story
            .facts
            .iter()
            .map(|(name, values)| {
                let at = (chance.below(values.len()) + turn) % values.len().max(1);
                ((*name).to_owned(), values.get(at).copied().unwrap_or_default().to_owned())
            })
            .collect();
        let other = self.person(cast.other);
        let client = &self.people.clients[cast.client];
        let handler = self.person(cast.handler);
        let (h, l) =
            (handler.first.chars().next().unwrap_or('T'), handler.last.chars().next().unwrap_or('F'));
        for (name, value) in [
            ("client", self.person(cast.contact).first.clone()),
            ("clientlast", self.person(cast.contact).last.clone()),
            ("second", self.person(cast.second).first.clone()),
            ("org", client.name.trim_end_matches(" Ltd").trim_end_matches(" plc").to_owned()),
            ("handler", handler.first.clone()),
            ("colleague", self.person(cast.colleague).first.clone()),
            ("other", other.first.clone()),
            ("othername", other.name()),
            ("otherhouse", other.house.clone()),
            ("ref", format!("{h}{l}/{}", 2100 + Prng::of(seed).below(6900))),
        ] {
            facts.push((name.to_owned(), value));
        }
        // A fact may name another one: “appointing {second} as secretary”.
        let plain = facts.clone();
        for (_, value) in &mut facts {
            for (name, other) in &plain {
                *value = value.replace(&format!("{{{name}}}"), other);
            }
        }
        facts
    }

    /// When each step happens; none for a step that this telling leaves out.
    fn schedule(&self, story: &Story, cast: &Cast, start: Date, seed: &str) -> Vec<Option<Timestamp>> {
        let mut chance = Prng::of(&format!("times {seed}"));
        let minutes = chance.between(5, 400);
        let mut at = self.days.at(start, 8, 40, 0) + SignedDuration::from_mins(minutes);
        let mut before: Option<Role> = None;
        let mut times = Vec::new();
        for step in &story.steps {
            if !chance.chance(step.percent) {
                times.push(None);
                continue;
            }
            if before.is_some() {
                let mut gap = step.gap;
                let answers = matches!(before, Some(Role::In | Role::InSecond));
                if step.role == Role::Out && chance.chance(slack(cast.handler)) {
                    gap += if answers { chance.between(1, 4) as f64 } else { chance.between(1, 2) as f64 };
                }
                if answers && step.role == Role::Out && gap <= 1.0 {
                    at = self.prompt(at, &mut chance);
                    before = Some(step.role);
                    times.push(Some(at));
                    continue;
                }
                at = self.moment(at, gap, self.works_here(step.role), &mut chance);
            }
            before = Some(step.role);
            times.push(Some(at));
        }
        times
    }

    fn works_here(&self, role: Role) -> bool {
        !matches!(role, Role::In | Role::InSecond)
    }

    /// When somebody of the firm answers who is not late: the same day, or first thing on the next.
    fn prompt(&self, asked: Timestamp, chance: &mut Prng) -> Timestamp {
        let local = asked.to_zoned(self.days.zone.clone());
        if chance.chance(75) && self.days.works(local.date()) && local.hour() < 15 {
            return asked + SignedDuration::from_mins(chance.between(12, 190));
        }
        let opens = if self.days.works(local.date()) && local.hour() < 8 { 0 } else { 1 };
        let day = self.days.working(local.date(), opens);
        self.days.at(day, 8, 35, 0) + SignedDuration::from_secs(chance.between(60, 85 * 60))
    }

    /// A moment so many working days after another: staff and other sides in the day, clients when they find time.
    pub(crate) fn moment(&self, after: Timestamp, gap: f64, office: bool, chance: &mut Prng) -> Timestamp {
        let seconds = SignedDuration::from_secs(chance.between(0, 59));
        if gap < 0.5 {
            let soon = after + SignedDuration::from_mins(chance.between(14, 200)) + seconds;
            let local = soon.to_zoned(self.days.zone.clone());
            let latest = if office { 18 } else { 22 };
            if (7..latest).contains(&local.hour()) && (!office || self.days.works(local.date())) {
                return soon;
            }
            let day = if 7 <= local.hour() { local.date() + 1.day() } else { local.date() };
            let day = self.days.working(day, 0);
            return self.days.at(day, 8, 35, 0) + SignedDuration::from_mins(chance.between(5, 120)) + seconds;
        }
        let stretch = chance.between(70, if office { 100 } else { 140 }) as f64 / 100.0;
        let mut day = self.days.working(self.days.date_of(after), ((gap * stretch).round() as i64).max(1));
        let minute = if office {
            chance.between(8 * 60 + 40, 17 * 60 + 20)
        } else if chance.chance(24) {
            chance.between(18 * 60 + 30, 22 * 60 + 20)
        } else {
            chance.between(7 * 60 + 45, 17 * 60 + 50)
        };
        if !office && chance.chance(10) {
            day += 1.day();
        }
        let moment = self.days.at(day, 0, 0, 0) + SignedDuration::from_mins(minute) + seconds;
        if moment <= after { after + SignedDuration::from_mins(chance.between(20, 90)) } else { moment }
    }

    /// Writes the steps that have happened by now. Gives the time of the last step where the story came to its end.
    fn write(&mut self, telling: &mut Telling, times: &[Option<Timestamp>]) -> Option<Timestamp> {
        let (mut last, mut last_in, mut inside, mut outside) = (None, None, None, None);
        let mut end = None;
        let story = telling.story;
        for (step, at) in story.steps.iter().zip(times) {
            let Some(at) = *at else { continue };
            if self.days.now() <= at {
                return None;
            }
            end = Some(at);
            if step.role == Role::Call {
                self.talk(telling, at);
                continue;
            }
            let answers = match step.role {
                _ if step.new_thread => None,
                Role::Tell => inside,
                Role::Ask => last_in.filter(|_| step.forward),
                Role::Other | Role::ToOther => outside,
                _ => last,
            };
            let waited =
                last.filter(|&place| step.role == Role::Out && answers == last && Some(place) == last_in);
            let chase = waited.and_then(|place| self.chase(telling, place, at));
            let answers = chase.or(answers);
            let mut letter = self.letter(telling, step, at, answers, last_in);
            if chase.is_some() {
                let (sorry, voice) = (self.slips.sorry.clone(), self.person(letter.from).voice.clone());
                let words = sorry.map(|step| self.rotation.body(&step, &voice, &mut telling.chance));
                letter.body = format!("{} {}", words.unwrap_or_default(), letter.body).trim().to_owned();
            }
            let place = self.post(letter);
            match step.role {
                Role::Ask | Role::Tell => inside = Some(place),
                Role::Other | Role::ToOther => outside = Some(place),
                _ => last = Some(place),
            }
            if matches!(step.role, Role::In | Role::InSecond) {
                last_in = Some(place);
            }
        }
        end
    }

    /// A client who has waited for days for an answer that comes at `answered` asks again, more often than not.
    fn chase(&mut self, telling: &mut Telling, waits: usize, answered: Timestamp) -> Option<usize> {
        let (asked, from) = (self.mails.get(waits)?.at, self.writer(waits)?);
        let latest = self.days.working(self.days.date_of(answered), -1);
        let day = self.days.working(self.days.date_of(asked), 2);
        if latest < day || !telling.chance.chance(65) {
            return None;
        }
        let minutes = telling.chance.between(8 * 60, 18 * 60);
        let at = self.days.at(day, 0, 0, 0) + SignedDuration::from_mins(minutes);
        let (step, voice) = (self.slips.chase.clone()?, self.person(from).voice.clone());
        let body = self.rotation.body(&step, &voice, &mut telling.chance);
        let body = telling.fill(&body, day, self);
        let to = vec![telling.cast.handler];
        Some(self.post(Letter { from, to, at, body, answers: Some(waits), ..Letter::default() }))
    }

    fn letter(
        &mut self,
        telling: &mut Telling,
        step: &Step,
        at: Timestamp,
        answers: Option<usize>,
        last_in: Option<usize>,
    ) -> Letter {
        let cast = telling.cast.clone();
        let waits = last_in.and_then(|place| self.writer(place)).filter(|&p| p == cast.second);
        let contact = waits.unwrap_or(cast.contact);
        let (from, to) = match step.role {
            Role::In => (cast.contact, cast.handler),
            Role::InSecond => (cast.second, cast.handler),
            Role::Out | Role::Call => (cast.handler, contact),
            Role::Assist => (cast.colleague, contact),
            Role::Other => (cast.other, cast.handler),
            Role::ToOther => (cast.handler, cast.other),
            Role::Ask => (cast.handler, cast.colleague),
            Role::Tell => (cast.colleague, cast.handler),
        };
        let mut cc = Vec::new();
        if step.copy_second && cast.second != cast.contact {
            cc.push(if to == cast.second || from == cast.second { cast.contact } else { cast.second });
        }
        if step.copy_colleague {
            cc.push(cast.colleague);
        }
        let voice = self.person(from).voice.clone();
        let on = self.days.date_of(at);
        let body = self.rotation.body(step, &voice, &mut telling.chance);
        let body = telling.fill(&body, on, self);
        let subjects = if step.subject.is_empty() { &telling.story.subject } else { &step.subject };
        let fresh = answers.is_none() || (!step.subject.is_empty() && !step.forward);
        let subject = if fresh && !subjects.is_empty() {
            telling.fill(telling.chance.clone().word(subjects), on, self)
        } else {
            String::new()
        };
        let staff = self.person(from).side == Side::Staff;
        let second_address = 1 < self.person(from).emails.len();
        Letter {
            from,
            from_other_address: second_address && telling.chance.chance(if staff { 7 } else { 14 }),
            to: vec![to],
            cc,
            at,
            subject,
            body,
            answers,
            forward: step.forward,
            loses_thread: !staff && telling.chance.chance(3),
            file: step.file.map(|name| telling.fill(name, on, self).replace(' ', "-")),
            folder: None,
        }
    }

    /// The person whose message this was.
    fn writer(&self, place: usize) -> Option<usize> {
        let from = &self.mails.get(place)?.from.email;
        self.people.all.iter().position(|person| person.emails.contains(from))
    }

    fn talk(&mut self, telling: &mut Telling, at: Timestamp) {
        let (client, staff) = (telling.cast.contact, telling.cast.handler);
        let outgoing = telling.chance.chance(60);
        let (client, staff) = (self.person(client).phone.clone(), self.person(staff).phone.clone());
        let (from, to) = if outgoing { (staff, client) } else { (client, staff) };
        self.calls.push(Call { at, from, to, outgoing, seconds: telling.chance.between(75, 1300) });
    }
}

impl Telling<'_> {
    /// Puts facts and days into the words.
    fn fill(&self, words: &str, on: Date, world: &World) -> String {
        fill(words, on, world, &self.facts)
    }
}

/// Who stands on the other side where a story does not say.
const SOLICITORS: [&str; 4] = ["acrewe", "s.bratt", "jlister", "piers.dunmore"];

/// How many of a hundred answers somebody is late with.
fn slack(staff: usize) -> u32 {
    match staff {
        MARCUS => 11,
        OWEN => 12,
        PRIYA | HELEN => 4,
        _ => 5,
    }
}
