//! What people write that no client waits for: newsletters, a town's list, colleagues and friends.

use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::blanks::fill;
use crate::machines;
use crate::mail::{Mail, Mailbox};
use crate::people::{DEE, HELEN, MARCUS, OWEN, PRIYA, RUTH};
use crate::placed::{Expected, Opener};
use crate::plan::DAYS_BACK;
use crate::prng::Prng;
use crate::story::{Story, stories};
use crate::voice::Program;
use crate::world::{Letter, World};

/// Adds all of it.
pub(crate) fn add(world: &mut World) {
    office(world);
    newsletters(world);
    town_list(world);
    machines::add(world);
    friends(world);
}

/// The talk of the office, colleague to colleague.
fn office(world: &mut World) {
    let talk = stories(include_str!("../stories/office.txt"));
    let mut chance = Prng::of("office");
    let pairs = [
        (DEE, MARCUS),
        (RUTH, HELEN),
        (OWEN, DEE),
        (PRIYA, RUTH),
        (MARCUS, OWEN),
        (HELEN, DEE),
        (DEE, OWEN),
        (RUTH, PRIYA),
    ];
    for k in 0..talk.len() * 5 {
        let story = &talk[k % talk.len()];
        let (first, second) = pairs[(k / talk.len() + k) % pairs.len()];
        let day = world.days.working(world.days.today - chance.between(1, DAYS_BACK).days(), 0);
        let mut at = world.days.at(day, 9, 0, 0) + SignedDuration::from_mins(chance.between(0, 420));
        let facts = facts_of(story, &mut chance, &world.person(second).first.clone());
        let mut last = None;
        for (i, step) in story.steps.iter().enumerate() {
            if 0 < i {
                at = world.moment(at, step.gap, true, &mut chance);
            }
            if world.days.now() <= at {
                break;
            }
            let (from, to) = if i % 2 == 0 { (first, second) } else { (second, first) };
            let voice = world.person(from).voice.clone();
            let body = world.rotation.body(step, &voice, &mut chance);
            let on = world.days.date_of(at);
            let body = fill(&body, on, world, &facts);
            let subject = if last.is_none() {
                fill(chance.word(&story.subject), on, world, &facts)
            } else {
                String::new()
            };
            let cc = if step.copy_colleague { vec![*chance.pick(&[PRIYA, DEE, OWEN])] } else { Vec::new() };
            let cc = cc.into_iter().filter(|&p| p != from && p != to).collect();
            last = Some(world.post(Letter {
                from,
                to: vec![to],
                cc,
                at,
                subject,
                body,
                answers: last,
                ..Letter::default()
            }));
        }
    }
}

fn facts_of(story: &Story, chance: &mut Prng, second: &str) -> Vec<(String, String)> {
    let mut facts: Vec<(String, String)> = story
        .facts
        .iter()
        .map(|(name, values)| ((*name).to_owned(), chance.word(values).to_owned()))
        .collect();
    facts.push(("colleague".to_owned(), second.to_owned()));
    facts
}

/// A message that no writer of the sample wrote in their own manner.
pub(crate) fn bare(
    world: &mut World,
    at: Timestamp,
    from: (&str, &str),
    to: usize,
    subject: &str,
    text: String,
) -> Mail {
    let from = Mailbox { name: from.0.to_owned(), email: from.1.to_owned() };
    Mail {
        id: world.fresh_id(&from.email, at, Program::Gmail, subject),
        at,
        to: vec![world.mailbox(to)],
        cc: Vec::new(),
        from,
        subject: subject.to_owned(),
        references: Vec::new(),
        text,
        signature: String::new(),
        below: String::new(),
        program: Program::Gmail,
        files: Vec::new(),
        headers: Vec::new(),
        other_body: None,
        folder: None,
    }
}

fn newsletters(world: &mut World) {
    let letters = stories(include_str!("../stories/newsletters.txt"));
    let mut chance = Prng::of("newsletters");
    for (n, story) in letters.iter().enumerate() {
        let (name, address) = story.title.split_once('|').unwrap_or((story.title, "news@news.example"));
        for issue in 0..DAYS_BACK / 30 {
            let day = world.days.working(world.days.today - (issue * 30 + 2 + n as i64 * 3).days(), 0);
            let at = world.days.at(day, 6, 30, 0) + SignedDuration::from_mins(chance.between(0, 90));
            if world.days.now() <= at {
                continue;
            }
            let facts = facts_of(story, &mut chance, "");
            let subject = fill(chance.word(&story.subject), day, world, &facts);
            let Some(step) = story.steps.get(issue as usize % story.steps.len().max(1)) else { continue };
            let voice = crate::voice::Voice::of("plain");
            let text = fill(&world.rotation.body(step, &voice, &mut chance), day, world, &facts);
            for to in [HELEN, MARCUS, PRIYA, OWEN].into_iter().skip(n % 2).step_by(2) {
                let mut mail = bare(world, at, (name.trim(), address.trim()), to, &subject, text.clone());
                mail.headers = vec![
                    ("List-Unsubscribe", format!("<https://news.example/out?n={n}>")),
                    ("Precedence", "bulk".to_owned()),
                ];
                if to == HELEN && issue == 0 {
                    expect_nothing(world, &mail.id, "a newsletter");
                }
                world.keep(mail);
            }
        }
    }
}

/// Nothing may be opened by this message.
pub(crate) fn expect_nothing(world: &mut World, id: &str, note: &'static str) {
    let opener = Opener::Message(id.to_owned());
    let (client, contact) = (String::new(), String::new());
    world.expected.push(Expected {
        kind: "answer",
        state: "absent",
        overdue: false,
        client,
        contact,
        opener,
        chases: 0,
        note,
    });
}

/// The Wexcombe traders' mailing list, on which Owen and Dee read along. Clients write there too.
fn town_list(world: &mut World) {
    let threads = stories(include_str!("../stories/townlist.txt"));
    let mut chance = Prng::of("town list");
    let writers = ["jo@pells", "danny@", "secretary@", "maureen@", "rafe@", "zara@", "alfred@", "scott@"];
    let writers: Vec<usize> = writers
        .iter()
        .filter_map(|start| world.people.all.iter().position(|p| p.email().starts_with(start)))
        .collect();
    if writers.is_empty() {
        return;
    }
    let list =
        Mailbox { name: "Wexcombe Traders".to_owned(), email: "traders@lists.wexcombe.example".to_owned() };
    for (n, story) in threads.iter().enumerate() {
        let day = world.days.working(world.days.today - ((n as i64 * 23 + 9) % DAYS_BACK).days(), 0);
        let mut at = world.days.at(day, 8, 50, 0) + SignedDuration::from_mins(chance.between(0, 300));
        let mut last = None;
        for (i, step) in story.steps.iter().enumerate() {
            at = world.moment(at, step.gap, false, &mut chance);
            if world.days.now() <= at {
                break;
            }
            let from = writers[(n + i * 3) % writers.len()];
            let voice = world.person(from).voice.clone();
            let body = world.rotation.body(step, &voice, &mut chance);
            let body = fill(&body, day, world, &[]);
            let subject = format!("[traders] {}", story.subject.first().copied().unwrap_or(story.name));
            let subject = if last.is_none() { subject } else { String::new() };
            let place = world.post(Letter {
                from,
                to: vec![OWEN, DEE],
                at,
                subject,
                body,
                answers: last,
                folder: Some("Lists"),
                ..Letter::default()
            });
            let mail = &mut world.mails[place];
            mail.headers = vec![
                ("List-Id", "Wexcombe Traders <traders.lists.wexcombe.example>".to_owned()),
                ("List-Post", "<mailto:traders@lists.wexcombe.example>".to_owned()),
                ("Precedence", "list".to_owned()),
            ];
            // Everyone on the list has it; the two of the firm show as blind copies do: by their folders alone.
            mail.cc = std::mem::replace(&mut mail.to, vec![list.clone()]);
            if n == 0 && i == 0 {
                let id = world.mails[place].id.clone();
                expect_nothing(world, &id, "a client's question to a mailing list");
            }
            last = Some(place);
        }
    }
}

/// Private mail that came to the office.
fn friends(world: &mut World) {
    let letters = stories(include_str!("../stories/friends.txt"));
    let mut chance = Prng::of("friends");
    let friends = [
        ("Nell Bellamy", "nell_bellamy@gmail.com", OWEN),
        ("Anita Nair", "amma_nair@gmail.com", PRIYA),
        ("Geoff Askew", "geoff_askew@gmail.com", RUTH),
        ("Wexcombe Choral Society", "tenors_wexcombe@gmail.com", MARCUS),
    ];
    for (k, story) in letters.iter().cycle().take(letters.len() * 2).enumerate() {
        let (name, address, staff) = friends[k % friends.len()];
        let day = world.days.today - (k as i64 * 9 % DAYS_BACK + 2).days();
        let at = world.days.at(day, 12, 0, 0) + SignedDuration::from_mins(chance.between(0, 540));
        let Some(step) = story.steps.first() else { continue };
        let voice = crate::voice::Voice::of("chatty gmail");
        let body = world.rotation.body(step, &voice, &mut chance);
        let first = world.person(staff).first.clone();
        let text = fill(&body, day, world, &[("first".to_owned(), first)]);
        let sign = name.split(' ').next().unwrap_or(name);
        let subject = chance.word(&story.subject).to_owned();
        let mail = bare(world, at, (name, address), staff, &subject, format!("{text}\n\n{sign} x"));
        world.keep(mail);
    }
}
