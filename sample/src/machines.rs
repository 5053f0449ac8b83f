//! What machines write: out-of-office replies, delivery reports and invitations.

use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::blanks::fill;
use crate::encode::quoted_printable;
use crate::mail::Mailbox;
use crate::noise::{bare, expect_nothing};
use crate::people::{HELEN, MARCUS, OWEN, PRIYA, RUTH};
use crate::plan::DAYS_BACK;
use crate::prng::Prng;
use crate::story::stories;
use crate::voice::Program;
use crate::world::{Letter, World};

/// Adds all of it.
pub(crate) fn add(world: &mut World) {
    out_of_office(world);
    bounces(world);
    invitations(world);
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
                "--{seam}\r\nContent-Type: text/plain\r\n\r\nYour message could not be delivered to \
                    <{to}>: host or domain name not found.\r\n--{seam}\r\nContent-Type: \
                    message/delivery-status\r\n\r\nReporting-MTA: dns; \
                    mail.tiddfarrow.example\r\n\r\nFinal-Recipient: rfc822; {to}\r\nAction: \
                    failed\r\nStatus: 5.1.2\r\nDiagnostic-Code: X-Postfix; Host or domain name not \
                    found\r\n--{seam}\r\nContent-Type: text/rfc822-headers\r\n\r\nFrom: <{from}>\r\nTo: \
                    <{to}>\r\nMessage-ID: {original}\r\n--{seam}--\r\n"
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
                "--{seam}\r\nContent-Type: text/plain; charset=\"utf-8\"\r\nContent-Transfer-Encoding: \
                    quoted-printable\r\n\r\n{}\r\n--{seam}\r\nContent-Type: text/calendar; \
                    charset=\"utf-8\"; method=REQUEST\r\n\r\n{event}\r\n--{seam}--\r\n",
                quoted_printable(&words)
            ),
        ));
        if k == 0 {
            expect_nothing(world, &mail.id, "a calendar invitation");
        }
        world.keep(mail);
    }
}
