//! An alarm, told by mail to whom it concerns.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use wire::smtp::Person;

use super::{Alarm, Kind};
use crate::access::Access;
use crate::db::Tx;
use crate::error::Result;
use crate::firm::Firm;
use crate::ids::{FirmId, StaffId};
use crate::notices::{By, Notice, alarm_rows, escaped, put, sender, web_address};
use crate::record::addresses::AddressBook;
use crate::staff;

/// Tells by mail whom it concerns; where no mailbox works it is told as soon as one does.
pub(super) async fn tell(tx: &mut Tx, settings: &Firm, alarm: &Alarm, now: Timestamp) -> Result<()> {
    let zone = TimeZone::get(&settings.zone).unwrap_or(TimeZone::UTC);
    let mut is_told = false;
    for (staff, to) in concerned(tx, settings.id, alarm).await? {
        let notice = notice(tx, settings, alarm, to).await?;
        is_told |= put(tx, settings.id, staff, notice, By::Any, &zone, now).await?.is_some();
    }
    if is_told {
        alarm_rows::told(tx, settings.id, alarm).await?;
    }
    Ok(())
}

/// Whether any of these can be told: it concerns somebody, and a mailbox works that would send it.
pub(super) async fn can_tell(tx: &mut Tx, firm: FirmId, untold: &[Alarm]) -> Result<bool> {
    for alarm in untold {
        for (staff, _) in concerned(tx, firm, alarm).await? {
            if sender(tx, firm, staff, By::Any).await?.is_some() {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Whom an alarm concerns, with the address that they read: the person, else the owners of the firm.
async fn concerned(tx: &mut Tx, firm: FirmId, alarm: &Alarm) -> Result<Vec<(StaffId, Person)>> {
    let mut book = AddressBook::default();
    book.look(tx, firm).await?;
    let people = staff::store::all(tx, firm).await?;
    let here = people.into_iter().filter(|person| person.left.is_none());
    let is_owner = |person: &staff::Person| Access::named(&person.access) == Access::Owner;
    let here: Vec<staff::Person> = here.collect();
    let known = alarm.staff.filter(|staff| here.iter().any(|person| person.id == *staff));
    let chosen = here.into_iter().filter(|person| match known {
        Some(staff) => person.id == staff,
        None => is_owner(person),
    });
    let with_address = chosen.filter_map(|person| {
        let address =
            person.addresses.iter().map(|address| book.text(*address)).find(|text| text.contains('@'))?;
        Some((person.id, Person { name: Some(person.name), address: address.to_owned() }))
    });
    Ok(with_address.collect())
}

async fn notice(tx: &mut Tx, settings: &Firm, alarm: &Alarm, to: Person) -> Result<Notice> {
    let place = match alarm.kind {
        Kind::Login | Kind::Silent | Kind::Full => "/settings/mailboxes",
        Kind::Bounced | Kind::NotSent => "/outbox",
        Kind::Voicemail => "/today",
        Kind::Calendar => "/settings/calendar",
        Kind::Issuer => "/settings/sign-ins",
    };
    let link = web_address(tx, settings.id).await?.map(|address| format!("{address}{place}"));
    let (subject, said) = match (alarm.over, alarm.kind) {
        (Some(_), Kind::Voicemail) => {
            ("A voicemail takes messages again", format!("This is over: {}.", alarm.words))
        }
        (Some(_), Kind::Calendar) => {
            ("A calendar is in step again", format!("This is over: {}.", alarm.words))
        }
        (Some(_), Kind::Issuer) => ("A sign-in works again", format!("This is over: {}.", alarm.words)),
        (Some(_), kind) if !kind.is_of_letter() => {
            ("A mailbox is well again", format!("This is over: {}.", alarm.words))
        }
        (Some(_), _) => ("A letter is on its way again", format!("This is over: {}.", alarm.words)),
        (None, Kind::Login | Kind::Silent) => {
            let begin = "As long as this lasts, letters from clients to this mailbox have no clock.";
            ("A mailbox gives no mail", format!("{}.\n\n{begin}", alarm.words))
        }
        (None, Kind::Calendar) => {
            let begin = "As long as this lasts, meetings and absences in it are not known here.";
            ("A calendar is out of step", format!("{}.\n\n{begin}", alarm.words))
        }
        (None, Kind::Issuer) => {
            let begin = "Until then nothing comes from mailboxes and calendars that are signed in to with it. \
                         Nobody has to sign in again.";
            ("A sign-in needs a new secret", format!("{}.\n\n{begin}", alarm.words))
        }
        (None, Kind::Full) => ("A mailbox is full", format!("{}.", alarm.words)),
        (None, Kind::Bounced) => ("A letter came back", format!("{}.", alarm.words)),
        (None, Kind::Voicemail) => ("A voicemail is full", format!("{}.", alarm.words)),
        (None, Kind::NotSent) => ("A letter did not leave", format!("{}.", alarm.words)),
    };
    let end = link.as_ref().map(|link| format!("\n\n{link}\n")).unwrap_or_default();
    let paragraphs: String = said.split("\n\n").map(|part| format!("<p>{}</p>", escaped(part))).collect();
    let end_html =
        link.map(|link| format!("<p><a href=\"{0}\">{0}</a></p>", escaped(&link))).unwrap_or_default();
    Ok(Notice {
        to,
        subject: format!("{subject} · {}", settings.name),
        text: format!("{said}{end}"),
        html: format!("{paragraphs}{end_html}"),
    })
}
