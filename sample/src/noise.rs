//! Everything in a mailbox that no client waits for: machines, lists, newsletters, bounces, colleagues and friends.

use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::encode::quoted_printable;
use crate::mail::{Mail, Mailbox};
use crate::people::{DEE, HELEN, MARCUS, OWEN, PRIYA, RUTH};
use crate::placed::{Expected, Opener};
use crate::plan::DAYS_BACK;
use crate::prng::Prng;
use crate::story::{Story, stories};
use crate::voice::Program;
use crate::weave::fill;
use crate::world::{Letter, World};

/// Adds all of it.
pub(crate) fn add(world: &mut World) {
    office(world);
    newsletters(world);
    town_list(world);
    out_of_office(world);
    bounces(world);
    invitations(world);
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
fn bare(
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

fn expect_nothing(world: &mut World, id: &str, note: &'static str) {
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
            last = Some(place);
        }
    }
}

/// Clients away from their desks say so by machine, minutes after a message of ours.
fn out_of_office(world: &mut World) {
    let replies = stories(include_str!("../stories/automatic.txt"));
    let Some(away) = replies.iter().find(|story| story.name == "away") else { return };
    let mut chance = Prng::of("away");
    let now = world.days.now();
    let sent: Vec<usize> = (0..world.mails.len())
        .filter(|&m| {
            world.mails[m].from.email.ends_with("@tiddfarrow.example") && world.mails[m].to.len() == 1
        })
        .collect();
    for k in 0..64 {
        let mail = world.mails[sent[(k * 37 + 11) % sent.len()]].clone();
        let Some(to) = mail.to.first() else { continue };
        let Some(who) = world.people.all.iter().position(|p| p.email() == to.email) else { continue };
        let Some(back_to) = world.people.all.iter().position(|p| p.emails.contains(&mail.from.email)) else {
            continue;
        };
        let person = world.person(who).clone();
        let at = mail.at + SignedDuration::from_secs(chance.between(3, 70));
        if person.house.is_empty() || person.side == crate::people::Side::Staff || now <= at {
            continue;
        }
        let on = world.days.date_of(at);
        let step = chance.pick(&away.steps).clone();
        let body = world.rotation.body(&step, &person.voice, &mut chance);
        let text = fill(&body, on, world, &[("name".to_owned(), person.name())]);
        let subject = format!("Automatic reply: {}", mail.subject);
        let mut reply = bare(world, at, (&person.name(), person.email()), back_to, &subject, text);
        reply.program = Program::Outlook;
        reply.references = vec![mail.id.clone()];
        reply.headers = vec![
            ("Auto-Submitted", "auto-replied".to_owned()),
            ("X-Auto-Response-Suppress", "All".to_owned()),
        ];
        if k < 3 {
            expect_nothing(world, &reply.id, "an out-of-office reply");
        }
        world.keep(reply);
    }
}

/// Delivery reports for addresses that were mistyped.
fn bounces(world: &mut World) {
    let mut chance = Prng::of("bounces");
    let wrong = [
        "jo@pellsbakry.example",
        "bursar@stosyth.example",
        "hamish@polock.example",
        "zara@harborstreet.example",
        "annika@skerowmarine.example",
        "clerk@almonercharity.example",
    ];
    for (k, address) in wrong.iter().cycle().take(14).enumerate() {
        let staff = *chance.pick(&[HELEN, MARCUS, PRIYA, OWEN, RUTH]);
        let day = world.days.working(world.days.today - (k as i64 * 19 + 3).days(), 0);
        let at = world.days.at(day, 10, 0, 0) + SignedDuration::from_mins(chance.between(0, 300));
        if world.days.now() <= at {
            continue;
        }
        let place = world.post(Letter {
            from: staff,
            to: vec![staff],
            at,
            subject: ["Copy of the plan", "The form you asked for", "Signed page", "Engrossment"][k % 4]
                .to_owned(),
            body: [
                "Here is the copy we spoke of.",
                "The form is attached, with a cross where you sign.",
                "The signed page, as promised on the telephone.",
                "The fair copy for signature is attached.",
            ][k % 4]
                .to_owned(),
            file: Some("scan.pdf".to_owned()),
            ..Letter::default()
        });
        let sent = &mut world.mails[place];
        sent.to = vec![Mailbox { name: String::new(), email: (*address).to_owned() }];
        let original = sent.id.clone();
        let (from, to) = (sent.from.email.clone(), *address);
        let subject = "Undelivered Mail Returned to Sender";
        let mut report = bare(
            world,
            at + SignedDuration::from_secs(5),
            ("Mail Delivery System", "mailer-daemon@mail.tiddfarrow.example"),
            staff,
            subject,
            String::new(),
        );
        let seam = format!("=_dsn_{k}");
        report.headers = vec![("Auto-Submitted", "auto-replied".to_owned())];
        report.other_body = Some((
            format!("multipart/report; report-type=delivery-status; boundary=\"{seam}\""),
            format!(
                "--{seam}\r\nContent-Type: text/plain\r\n\r\nYour message could not be delivered to <{to}>: host or domain name not found.\r\n--{seam}\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.tiddfarrow.example\r\n\r\nFinal-Recipient: rfc822; {to}\r\nAction: failed\r\nStatus: 5.1.2\r\nDiagnostic-Code: X-Postfix; Host or domain name not found\r\n--{seam}\r\nContent-Type: text/rfc822-headers\r\n\r\nFrom: <{from}>\r\nTo: <{to}>\r\nMessage-ID: {original}\r\n--{seam}--\r\n"
            ),
        ));
        world.keep(report);
    }
}

/// Meetings with clients, as calendar invitations.
fn invitations(world: &mut World) {
    let mut chance = Prng::of("invitations");
    for k in 0..46 {
        let client = &world.people.clients[(k * 7 + 3) % world.people.clients.len()];
        let (Some(&contact), Some(point), rest) = (client.contacts.first(), client.point, client.rest) else {
            continue;
        };
        let day =
            world.days.working(world.days.today - (rest + 4 + (k as i64 * 53) % (DAYS_BACK - 150)).days(), 0);
        let at = world.days.at(day, 9, 10, 0) + SignedDuration::from_mins(chance.between(0, 420));
        if world.days.now() <= at {
            continue;
        }
        let meets = world.days.working(day, chance.between(2, 6));
        let hour = chance.between(9, 16) as i8;
        let starts = world.days.at(meets, hour, 0, 0);
        let person = world.person(contact).clone();
        let what = *chance.pick(&[
            "Meeting at Corn Street",
            "Call about the papers",
            "Signing",
            "Review meeting",
            "Site visit",
        ]);
        let subject = format!(
            "Invitation: {what} - {} {} {hour}:00",
            crate::calendar::weekday(meets),
            crate::calendar::plain(meets)
        );
        let mut mail = bare(world, at, (&person.name(), person.email()), point, &subject, String::new());
        let stamp = |at: Timestamp| at.strftime("%Y%m%dT%H%M%SZ").to_string();
        let event = format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Sample//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:{}\r\nDTSTAMP:{}\r\nDTSTART:{}\r\nDTEND:{}\r\nSUMMARY:{what}\r\nORGANIZER:mailto:{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            mail.id.trim_matches(['<', '>']),
            stamp(at),
            stamp(starts),
            stamp(starts + SignedDuration::from_mins(45)),
            person.email()
        );
        let words = format!(
            "{} has invited you to {what}.\n\nWhen: {} {}, {hour}:00\nWhere: 4 Corn Street, Wexcombe",
            person.name(),
            crate::calendar::weekday(meets),
            crate::calendar::plain(meets)
        );
        let seam = format!("=_cal_{k}");
        mail.other_body = Some((
            format!("multipart/alternative; boundary=\"{seam}\""),
            format!(
                "--{seam}\r\nContent-Type: text/plain; charset=\"utf-8\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}\r\n--{seam}\r\nContent-Type: text/calendar; charset=\"utf-8\"; method=REQUEST\r\n\r\n{event}\r\n--{seam}--\r\n",
                quoted_printable(&words)
            ),
        ));
        if k == 0 {
            expect_nothing(world, &mail.id, "a calendar invitation");
        }
        world.keep(mail);
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
