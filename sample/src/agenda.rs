//! The firm's shared calendar: meetings with clients, the weekly meeting of the house, and who is away.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::people::{Client, HELEN};
use crate::plan::DAYS_BACK;
use crate::world::World;

/// Of the clients of whom nothing was placed on purpose, every so many meet us.
const EVERY: usize = 2;

/// The calendar as iCalendar.
pub(crate) fn calendar(world: &World) -> String {
    let mut out = Lines::default();
    out.all(&[
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Tidd & Farrow//Calendar//EN",
        "X-WR-CALNAME:Tidd & Farrow",
    ]);
    house_meeting(world, &mut out);
    client_meetings(world, &mut out);
    absences(world, &mut out);
    out.line("END:VCALENDAR");
    out.0
}

/// Lines that end as the standard wants it, and are folded where they are long.
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn line(&mut self, line: &str) {
        let mut room = 74;
        for letter in line.chars() {
            if room < letter.len_utf8() {
                self.0.push_str("\r\n ");
                room = 73;
            }
            room -= letter.len_utf8();
            self.0.push(letter);
        }
        self.0.push_str("\r\n");
    }

    fn all(&mut self, lines: &[&str]) {
        lines.iter().for_each(|line| self.line(line));
    }

    fn event(&mut self, uid: &str, lines: &[String]) {
        self.all(&["BEGIN:VEVENT", &format!("UID:{uid}@tiddfarrow.example")]);
        lines.iter().for_each(|line| self.line(line));
        self.line("END:VEVENT");
    }
}

/// Every Monday at 08:45, without clients.
fn house_meeting(world: &World, out: &mut Lines) {
    let first = world.days.today - DAYS_BACK.days();
    let monday = (0..7).map(|n| first + n.days()).find(|day| day.weekday() == jiff::civil::Weekday::Monday);
    let begin = world.days.at(monday.unwrap_or(first), 8, 45, 0);
    let mut lines = vec![
        "SUMMARY:Monday meeting".to_owned(),
        format!("DTSTART:{}", moment(begin)),
        format!("DTEND:{}", moment(begin + SignedDuration::from_mins(30))),
        "RRULE:FREQ=WEEKLY".to_owned(),
        organiser(world, HELEN),
    ];
    lines.extend(world.people.staff.iter().skip(1).map(|person| attendee(world, *person)));
    out.event("monday", &lines);
}

/// Some clients were met about their matters; two will be.
fn client_meetings(world: &World, out: &mut Lines) {
    let placed: BTreeSet<&str> = world.expected.iter().map(|expected| expected.client.as_str()).collect();
    let is_free = |client: &Client| !placed.contains(client.id.as_str()) && !client.contacts.is_empty();
    let mut matters: Vec<_> =
        world.matters.iter().filter(|matter| is_free(&world.people.clients[matter.client])).collect();
    matters.sort_by_key(|matter| (matter.opened, matter.client));
    let mut met = BTreeSet::new();
    for (n, matter) in matters.iter().filter(|matter| met.insert(matter.client)).step_by(EVERY).enumerate() {
        let client = &world.people.clients[matter.client];
        let day = world.days.working(matter.opened, 4);
        // The last two are yet to come.
        let day = if day < world.days.today { day } else { world.days.working(world.days.today, 3) };
        let begin = world.days.at(day, 10 + (n % 5) as i8, 0, 0);
        out.event(
            &format!("meeting-{}", client.id),
            &[
                format!("SUMMARY:{}", escaped(&format!("{}: {}", client.name, matter.name))),
                format!("DTSTART:{}", moment(begin)),
                format!("DTEND:{}", moment(begin + SignedDuration::from_mins(50))),
                "LOCATION:Our office".to_owned(),
                organiser(world, matter.handler),
                attendee(world, client.contacts[0]),
            ],
        );
    }
}

fn absences(world: &World, out: &mut Lines) {
    for (n, absence) in world.absences.iter().enumerate() {
        let name = world.person(absence.who).name();
        let cover = absence.cover.map(|cover| format!(" (cover: {})", world.person(cover).name()));
        out.event(
            &format!("away-{n}"),
            &[
                format!("SUMMARY:{}", escaped(&format!("{name} on leave{}", cover.unwrap_or_default()))),
                format!("DTSTART;VALUE=DATE:{}", day(absence.from)),
                format!("DTEND;VALUE=DATE:{}", day(absence.to + 1.day())),
                "TRANSP:TRANSPARENT".to_owned(),
            ],
        );
    }
}

fn organiser(world: &World, person: usize) -> String {
    let person = world.person(person);
    format!("ORGANIZER;CN=\"{}\":mailto:{}", person.name(), person.email())
}

fn attendee(world: &World, person: usize) -> String {
    let person = world.person(person);
    format!("ATTENDEE;CN=\"{}\";PARTSTAT=ACCEPTED:mailto:{}", person.name(), person.email())
}

fn moment(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn day(day: Date) -> String {
    day.strftime("%Y%m%d").to_string()
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(',', "\\,").replace(';', "\\;")
}
