//! Where the firm's people keep their mail: mbox files, one Maildir tree and a folder of single messages.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::mail::{Mail, date_header};
use crate::people::{HELEN, MARCUS, OWEN, PRIYA, RUTH};
use crate::world::World;

/// The mail files of all staff.
pub(crate) fn files(world: &World) -> Vec<(String, Vec<u8>)> {
    let mut mboxes: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut files = Vec::new();
    for mail in &world.mails {
        let bytes = mail.bytes(&world.days.zone);
        for &staff in &world.people.staff {
            let person = world.person(staff);
            let theirs = |email: &str| person.emails.iter().any(|own| own == email);
            let sent = theirs(&mail.from.email);
            let received = mail.recipients().any(|to| theirs(&to.email));
            if !sent && !received {
                continue;
            }
            let name = person.first.to_lowercase();
            let bytes = if sent { bytes.clone() } else { delivered(mail, &bytes, person.email(), world) };
            if staff == OWEN {
                files.push((maildir_path(mail, sent), bytes.clone()));
                continue;
            }
            if staff == RUTH && !sent && mail.subject.to_lowercase().contains("keys") {
                let number = files.len();
                files.push((
                    format!("mail/{name}/Completions/{number:04} {}.eml", tidy(&mail.subject)),
                    bytes,
                ));
                continue;
            }
            let folder = if sent { "Sent Items" } else { own_folder(staff, mail) };
            let path = format!("mail/{name}/{folder}.mbox");
            append(mboxes.entry(path).or_default(), &bytes, mail);
        }
    }
    files.extend(mboxes);
    files
}

/// Some keep their Inbox in order.
fn own_folder(staff: usize, mail: &Mail) -> &'static str {
    let from = mail.from.email.as_str();
    if let Some(folder) = mail.folder {
        return folder;
    }
    match staff {
        HELEN if from.ends_with("harrowvale.example") => "Harrow Vale",
        HELEN if from.ends_with("tworivers.example") => "Two Rivers",
        MARCUS if from.ends_with("hollisinstruments.example") || from.ends_with("skerrowmarine.example") => {
            "Key clients"
        }
        PRIYA if mail.subject.to_lowercase().contains("estate") => "Probate",
        _ => "Inbox",
    }
}

/// A message as it arrived, with the trace headers of its last mile.
fn delivered(mail: &Mail, bytes: &[u8], to: &str, world: &World) -> Vec<u8> {
    let zoned = (mail.at + jiff::SignedDuration::from_secs(4)).to_zoned(world.days.zone.clone());
    let host = mail.from.email.rsplit('@').next().unwrap_or("localhost");
    let trace = format!(
        "Return-Path: <{}>\r\nDelivered-To: {to}\r\nReceived: from mx1.{host} by mail.tiddfarrow.example \
            with ESMTPS;\r\n\t{}\r\n",
        mail.from.email,
        date_header(&zoned)
    );
    let mut all = trace.into_bytes();
    all.extend_from_slice(bytes);
    all
}

fn maildir_path(mail: &Mail, sent: bool) -> String {
    let folder = match (sent, mail.folder) {
        (true, _) => ".Sent/cur",
        (_, Some("Lists")) => ".Lists/cur",
        _ if mail.subject.to_lowercase().contains("invoice") => ".Debts.Invoices/cur",
        _ => "cur",
    };
    let mark: String = mail.id.chars().filter(char::is_ascii_alphanumeric).take(14).collect();
    format!("mail/owen/Maildir/{folder}/{}.{mark}.wexcombe:2,S", mail.at.as_second())
}

/// Words that are safe as part of a file's name.
fn tidy(subject: &str) -> String {
    let kept: String =
        subject.chars().map(|c| if c.is_alphanumeric() || " -".contains(c) { c } else { ' ' }).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(40).collect()
}

/// Adds a message to an mbox file, lines that begin with From marked so that they do not split it (mboxrd).
fn append(mbox: &mut Vec<u8>, bytes: &[u8], mail: &Mail) {
    mbox.extend_from_slice(format!("From {} {}\n", mail.from.email, from_line(mail.at)).as_bytes());
    for line in bytes.split(|&b| b == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let unmarked = line.iter().position(|&b| b != b'>').map_or(&b""[..], |at| &line[at..]);
        if unmarked.starts_with(b"From ") {
            mbox.push(b'>');
        }
        mbox.extend_from_slice(line);
        mbox.push(b'\n');
    }
}

/// Tue Mar  3 09:14:05 2026, in UTC as is the habit.
fn from_line(at: Timestamp) -> String {
    at.strftime("%a %b %e %H:%M:%S %Y").to_string()
}
