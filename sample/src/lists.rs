//! The lists beside the mail: clients, contacts, staff, matters, absences, calls, departures, the calendar and the
//! firm's own settings.

use jiff::ToSpan;

use crate::world::World;
use crate::{agenda, leavers};

/// All lists, by file name.
pub(crate) fn files(world: &World) -> Vec<(String, Vec<u8>)> {
    [
        ("clients.csv", clients(world)),
        ("contacts.csv", contacts(world)),
        ("staff.csv", staff(world)),
        ("matters.csv", matters(world)),
        ("absences.csv", absences(world)),
        ("calls.csv", calls(world)),
        ("departures.csv", departures(world)),
        ("calendar.ics", agenda::calendar(world)),
        ("firm.toml", settings(world)),
    ]
    .map(|(name, text)| (name.to_owned(), text.into_bytes()))
    .into()
}

/// One row of CSV, quoted where RFC 4180 asks for it.
fn row(cells: &[&str]) -> String {
    let cells: Vec<String> = cells
        .iter()
        .map(|cell| {
            if cell.contains([',', '"', '\n', '\r']) {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                (*cell).to_owned()
            }
        })
        .collect();
    cells.join(",") + "\r\n"
}

fn clients(world: &World) -> String {
    let known = ["client_id", "name", "kind", "since", "tier", "point_person", "annual_revenue"];
    let told = ["why_came", "circumstances", "expectations", "channel", "heard_of_us"];
    let mut out = row(&[&known[..], &told].concat());
    for client in &world.people.clients {
        let since = (world.days.today - client.months.months() - (client.months % 27).days()).to_string();
        let since = if client.kind == "prospect" { String::new() } else { since };
        let point = client.point.map_or("", |point| world.person(point).email());
        let known = [&*client.id, &client.name, &client.kind, &since, &client.tier, point, &client.revenue];
        let told = client.told.each_ref().map(String::as_str);
        out += &row(&[&known[..], &told].concat());
    }
    for leaver in leavers::all() {
        let since = leaver.since(world).to_string();
        let known = [leaver.id, leaver.name, "former", &since, "", "", ""];
        out += &row(&[&known[..], &[""; 5]].concat());
    }
    out
}

fn departures(world: &World) -> String {
    let mut out = row(&["client_id", "noticed", "left", "reason", "evidence", "words"]);
    for leaver in leavers::all() {
        let (noticed, left) = (leaver.noticed(world).to_string(), leaver.left(world).to_string());
        out += &row(&[leaver.id, &noticed, &left, leaver.reason, leaver.evidence, leaver.words]);
    }
    out
}

fn contacts(world: &World) -> String {
    let mut out = row(&["client_id", "name", "email", "phone"]);
    for client in &world.people.clients {
        for &contact in &client.contacts {
            let person = world.person(contact);
            for (i, email) in person.emails.iter().enumerate() {
                let phone = if i == 0 { person.phone.as_str() } else { "" };
                out += &row(&[&client.id, &person.name(), email, phone]);
            }
        }
    }
    out
}

fn staff(world: &World) -> String {
    let mut out = row(&["name", "email", "role", "phone"]);
    for &place in &world.people.staff {
        let person = world.person(place);
        for (i, email) in person.emails.iter().enumerate() {
            let phone = if i == 0 { person.phone.as_str() } else { "" };
            out += &row(&[&person.name(), email, &person.role, phone]);
        }
    }
    out
}

fn matters(world: &World) -> String {
    let mut out = row(&["matter_id", "client_id", "name", "kind", "handler", "opened", "closed"]);
    let mut matters: Vec<_> = world.matters.iter().collect();
    matters.sort_by_key(|matter| matter.opened);
    for (i, matter) in matters.iter().enumerate() {
        out += &row(&[
            &format!("m{:04}", 401 + i),
            &world.people.clients[matter.client].id,
            &matter.name,
            matter.kind,
            world.person(matter.handler).email(),
            &matter.opened.to_string(),
            &matter.closed.map(|day| day.to_string()).unwrap_or_default(),
        ]);
    }
    out
}

fn absences(world: &World) -> String {
    let mut out = row(&["email", "from", "to", "cover"]);
    for absence in &world.absences {
        let cover = absence.cover.map_or("", |cover| world.person(cover).email());
        out += &row(&[
            world.person(absence.who).email(),
            &absence.from.to_string(),
            &absence.to.to_string(),
            cover,
        ]);
    }
    out
}

fn calls(world: &World) -> String {
    let mut out = row(&["time", "from", "to", "direction", "answered", "seconds"]);
    for call in &world.calls {
        let at = call.at.to_zoned(world.days.zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
        let direction = if call.outgoing { "out" } else { "in" };
        let answered = if 0 < call.seconds { "yes" } else { "no" };
        out += &row(&[&at, &call.from, &call.to, direction, answered, &call.seconds.to_string()]);
    }
    out
}

fn settings(world: &World) -> String {
    let holidays: Vec<String> = world.days.holidays().map(|day| format!("  \"{day}\",")).collect();
    let zone = world.days.zone.iana_name().unwrap_or("UTC");
    format!(
        r#"name = "Tidd & Farrow Solicitors"
zone = "{zone}"
holidays = [
{}
]

[hours]
monday = ["09:00-17:30"]
tuesday = ["09:00-17:30"]
wednesday = ["09:00-12:30", "13:30-17:30"]
thursday = ["09:00-17:30"]
friday = ["09:00-17:00"]

[standards.default]
answer = "1 day"
callback = "4 hours"
question = "1 day"
cover = "5 days"
check_in = {{ wanted_days = 45, worst_days = 90 }}
valued = false
second_tie_weeks = 6
record = ["why_came"]
record_gap = "10 days"

[standards.tiers.a]
answer = "6 hours"
callback = "2 hours"
question = "1 day"
cover = "3 days"
check_in = {{ wanted_days = 28, worst_days = 56 }}
valued = true
second_tie_weeks = 6
record = ["why_came", "expectations", "channel"]
record_gap = "5 days"

[standards.tiers.c]
answer = "2 days"
callback = "1 day"
question = "1 day"
cover = "5 days"
check_in = {{ wanted_days = 90, worst_days = 180 }}
valued = false
second_tie_weeks = 6
"#,
        holidays.join("\n")
    )
}
