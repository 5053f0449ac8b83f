//! What mail programs put under a reply: each has its own way to say who wrote what stands below.

use jiff::tz::TimeZone;

use crate::mail::{Mail, Mailbox};
use crate::voice::Program;

/// No reply carries more of the past than this; people cut, and programs would make every thread grow without end.
const MOST_LINES: usize = 45;

/// The message `of` as it stands under a reply written with `program`.
pub(crate) fn quoted(of: &Mail, program: Program, zone: &TimeZone) -> String {
    let at = of.at.to_zoned(zone.clone());
    let seen = of.seen();
    let text: Vec<&str> = seen.lines().take(MOST_LINES).collect();
    let who = format!("{} <{}>", of.from.name, of.from.email);
    let (day, month) = (at.day(), at.month() as usize - 1);
    let marked = |line: String| {
        let below: Vec<String> = text
            .iter()
            .map(|l| if l.starts_with('>') { format!(">{l}") } else { format!("> {l}") })
            .collect();
        format!("\n\n{line}\n\n{}", below.join("\n"))
    };
    match program {
        Program::Outlook | Program::HtmlOnly => block(
            of,
            ["From", "Sent", "To", "Cc", "Subject"],
            &at.strftime("%d %B %Y %H:%M").to_string(),
            &text,
        ),
        Program::OutlookGerman => {
            let sent = format!(
                "{}, {day}. {} {} {}",
                GERMAN_DAYS[at.weekday().to_monday_zero_offset() as usize % 7],
                GERMAN_MONTHS[month % 12],
                at.year(),
                at.strftime("%H:%M")
            );
            block(of, ["Von", "Gesendet", "An", "Cc", "Betreff"], &sent, &text)
        }
        Program::Gmail => marked(format!("On {}, {who} wrote:", at.strftime("%a, %-d %b %Y at %H:%M"))),
        Program::GmailFrench => marked(format!(
            "Le {} {day} {} {} à {}, {who} a écrit :",
            FRENCH_DAYS[at.weekday().to_monday_zero_offset() as usize % 7],
            FRENCH_MONTHS[month % 12],
            at.year(),
            at.strftime("%H:%M")
        )),
        Program::GmailGerman => marked(format!("Am {} schrieb {who}:", at.strftime("%d.%m.%y um %H:%M"))),
        Program::GmailPolish => marked(format!(
            "{}, {day} {} {} o {} {who} napisał(a):",
            POLISH_DAYS[at.weekday().to_monday_zero_offset() as usize % 7],
            POLISH_MONTHS[month % 12],
            at.year(),
            at.strftime("%H:%M")
        )),
        Program::Thunderbird => {
            marked(format!("On {}, {} wrote:", at.strftime("%d/%m/%Y %H:%M"), of.from.name))
        }
        Program::Apple | Program::Phone => {
            let below: Vec<String> = text.iter().map(|line| format!("> {line}")).collect();
            let line = format!("On {}, {who} wrote:", at.strftime("%-d %b %Y, at %H:%M"));
            format!("\n\n> {line}\n> \n{}", below.join("\n"))
        }
    }
}

/// The block of headers that Outlook puts above the old message.
fn block(of: &Mail, [from, sent, to, cc, subject]: [&str; 5], when: &str, text: &[&str]) -> String {
    let names = |list: &[Mailbox]| {
        list.iter().map(|m| format!("{} <{}>", m.name, m.email)).collect::<Vec<_>>().join("; ")
    };
    let copied = if of.cc.is_empty() { String::new() } else { format!("{cc}: {}\n", names(&of.cc)) };
    format!(
        "\n\n________________________________\n{from}: {} <{}>\n{sent}: {when}\n{to}: \
            {}\n{copied}{subject}: {}\n\n{}",
        of.from.name,
        of.from.email,
        names(&of.to),
        of.subject,
        text.join("\n")
    )
}

const GERMAN_DAYS: [&str; 7] =
    ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];
const GERMAN_MONTHS: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];
const FRENCH_DAYS: [&str; 7] = ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."];
const FRENCH_MONTHS: [&str; 12] =
    ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];
const POLISH_DAYS: [&str; 7] = ["pon.", "wt.", "śr.", "czw.", "pt.", "sob.", "niedz."];
const POLISH_MONTHS: [&str; 12] =
    ["sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru"];
