//! Writes one message: headers, new text, the quoted thread below it, perhaps HTML and a file.
//!
//! A message's new text follows from seed, thread and index alone, so what it quotes is written again rather than kept.

use std::fmt::Write as _;
use std::io::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::chance::Chance;
use crate::firm::{Firm, Person};
use crate::phrases::{self, DAYS, THINGS};
use crate::text::Vocabulary;
use crate::threads::{Kind, Planned};

/// People cut the thread below their answer at some point.
const QUOTED_MOST: u8 = 6;
/// Per thousand messages.
const WITH_HTML: usize = 420;
const WITH_FILE: usize = 66;
const QUOTED_PRINTABLE: usize = 300;

pub(crate) struct Writer<'a> {
    seed: u64,
    firm: &'a Firm,
    words: Vocabulary,
    zone: TimeZone,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(seed: u64, firm: &'a Firm) -> Writer<'a> {
        let zone = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
        Writer { seed, firm, words: Vocabulary::new(seed), zone }
    }

    /// Writes a message, headers first.
    pub(crate) fn write(&self, planned: &Planned, out: &mut Vec<u8>) {
        let mut chance =
            Chance::new(self.seed, (3 << 40) + (u64::from(planned.thread) << 8) + u64::from(planned.index));
        let mut head = String::with_capacity(2048);
        self.headers(planned, &mut chance, &mut head);
        out.extend_from_slice(head.as_bytes());
        let text = self.whole_text(planned);
        let has_file = chance.in_thousand(WITH_FILE);
        let has_html = chance.in_thousand(WITH_HTML) || matches!(planned.kind, Kind::Newsletter { .. });
        let coded = chance.in_thousand(QUOTED_PRINTABLE);
        let boundary = format!("----=_part_{}_{}", planned.thread, planned.index);
        if has_file {
            let kind = format!("multipart/mixed; boundary=\"{boundary}m\"");
            push(
                out,
                &format!("Content-Type: {kind}\n\nThis is a message in several parts.\n--{boundary}m\n"),
            );
        }
        if has_html {
            let kind = format!("multipart/alternative; boundary=\"{boundary}a\"");
            push(out, &format!("Content-Type: {kind}\n\n--{boundary}a\n"));
            part("plain", &text, coded, out);
            push(out, &format!("\n--{boundary}a\n"));
            part("html", &html(&text), true, out);
            push(out, &format!("\n--{boundary}a--\n"));
        } else {
            part("plain", &text, coded, out);
        }
        if has_file {
            push(out, &format!("\n--{boundary}m\n"));
            file(&mut chance, out);
            push(out, &format!("--{boundary}m--\n"));
        }
    }

    fn headers(&self, planned: &Planned, chance: &mut Chance, head: &mut String) {
        let (from, to) = self.people(planned, planned.index);
        let date = self.date(planned.at, "%a, %d %b %Y %H:%M:%S %z");
        let host = from.address.split('@').nth(1).unwrap_or("host.example");
        let _ = write!(
            head,
            "Return-Path: <{}>\nDelivered-To: {}\n\
             Received: from mx{}.{host} (mx.{host} [192.0.2.{}])\n\tby mail.thornevale.example (Postfix) with ESMTPS id {:010X}\n\
             \tfor <{}>; {date}\n\
             DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={host}; s=mail;\n\th=from:to:subject:date:message-id; \
             bh={:016x}{:016x}=;\n\tb={:016x}{:016x}{:016x}{:016x}\n",
            from.address,
            to.address,
            chance.below(9),
            chance.below(250),
            chance.next() >> 24,
            to.address,
            chance.next(),
            chance.next(),
            chance.next(),
            chance.next(),
            chance.next(),
            chance.next(),
        );
        let _ = write!(head, "Date: {date}\nFrom: {}\nTo: {}\n", mailbox(from), mailbox(to));
        if let Some(colleague) = planned.copy {
            let _ = writeln!(head, "Cc: {}", mailbox(&self.firm.staff[colleague]));
        }
        let mut first = Chance::new(self.seed, (4 << 40) + u64::from(planned.thread));
        let subject =
            format!("{} {}", first.pick(&THINGS).trim_start_matches("the "), self.words.word(&mut first));
        let again = if planned.index == 0 { "" } else { "Re: " };
        let _ = writeln!(
            head,
            "Subject: {again}{subject} ({})\nMessage-ID: {}",
            planned.thread,
            self.id(planned, planned.index)
        );
        if let Some(before) = planned.index.checked_sub(1) {
            let _ = writeln!(head, "In-Reply-To: {}", self.id(planned, before));
            head.push_str("References:");
            for earlier in 0..planned.index {
                let _ = write!(head, " {}", self.id(planned, earlier));
                if earlier < before {
                    head.push('\n');
                }
            }
            head.push('\n');
        }
        if let Kind::Newsletter { .. } = planned.kind {
            let _ = writeln!(
                head,
                "List-Unsubscribe: <https://{host}/leave/{}>\nPrecedence: bulk",
                planned.thread
            );
        }
        head.push_str("MIME-Version: 1.0\nX-Mailer: Quillmail 7.2\n");
    }

    fn id(&self, planned: &Planned, index: u8) -> String {
        let host = self.people(planned, index).0.address.split('@').nth(1).unwrap_or("host.example");
        format!("<{:x}.{}.{}@{host}>", self.seed, planned.thread, index)
    }

    /// Who wrote a message of the thread, and to whom.
    fn people(&self, planned: &Planned, index: u8) -> (&Person, &Person) {
        let own = &self.firm.staff[planned.staff];
        let other = match planned.kind {
            Kind::Client { client, contact } => &self.firm.clients[client].contacts[contact],
            Kind::Internal { other } => &self.firm.staff[other],
            Kind::Newsletter { client } => &self.firm.clients[client].contacts[0],
        };
        if planned.is_ours(index) { (own, other) } else { (other, own) }
    }

    fn date(&self, at: i64, form: &str) -> String {
        let instant = Timestamp::from_second(at).unwrap_or_default();
        instant.to_zoned(self.zone.clone()).strftime(form).to_string()
    }

    /// The new text, and below it the thread, each message one `>` deeper than the one that answers it.
    fn whole_text(&self, planned: &Planned) -> String {
        let mut text = self.new_text(planned, planned.index);
        let oldest = planned.index.saturating_sub(QUOTED_MOST);
        let mut marks = String::new();
        for earlier in (oldest..planned.index).rev() {
            let (writer, _) = self.people(planned, earlier);
            let date = self.date(planned.sent_at(earlier), "%a, %d %b %Y at %H:%M");
            let _ = write!(text, "{marks}\n{marks}On {date}, {} wrote:\n", writer.name);
            marks.push_str("> ");
            for line in self.new_text(planned, earlier).lines() {
                let _ = writeln!(text, "{marks}{line}");
            }
        }
        text
    }

    /// What one message of the thread says itself, greeting to signature.
    fn new_text(&self, planned: &Planned, index: u8) -> String {
        let mut chance =
            Chance::new(self.seed, (5 << 40) + (u64::from(planned.thread) << 8) + u64::from(index));
        let (from, to) = self.people(planned, index);
        let first_name = |person: &Person| person.name.split(' ').next().unwrap_or_default().to_string();
        let mut paragraphs = vec![chance.pick(&phrases::GREETINGS).replace("{name}", &first_name(to))];
        let ours = planned.is_ours(index);
        for _ in 0..chance.between(1, 5) {
            let mut paragraph = String::new();
            for _ in 0..chance.between(1, 6) {
                self.words.sentence(&mut chance, &mut paragraph);
            }
            if let Some(act) = act(&mut chance, ours, index) {
                paragraph.push_str(&act);
            }
            paragraphs.push(paragraph);
        }
        let closing = chance.pick(&phrases::CLOSINGS);
        paragraphs.push(format!(
            "{closing}\n{}\n\n-- \n{}\n{}\nTel {}",
            first_name(from),
            from.name,
            from.title,
            from.phone
        ));
        if ours && chance.in_thousand(500) {
            paragraphs.push(phrases::DISCLAIMER.to_string());
        }
        let wrap = if chance.in_thousand(600) { 72 } else { usize::MAX };
        let mut text = String::with_capacity(2048);
        for paragraph in &paragraphs {
            push_wrapped(&mut text, paragraph.trim_end_matches(' '), wrap);
            text.push_str("\n\n");
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
        text
    }
}

/// A sentence that does something, now and then.
fn act(chance: &mut Chance, ours: bool, index: u8) -> Option<String> {
    let roll = chance.below(1000);
    let from: &[&str] = match (ours, roll) {
        (true, 0..220) => &phrases::PROMISES,
        (true, 220..290) => &phrases::HOLDS,
        (true, 290..320) => &phrases::EXCUSES,
        (true, 320..420) => &phrases::DELIVERIES,
        (false, 0..330) => &phrases::REQUESTS,
        (false, 330..390) if 0 < index => &phrases::CHASES,
        (false, 390..415) => &phrases::COMPLAINTS,
        (false, 415..490) => &phrases::THANKS,
        (false, 490..495) => &phrases::DEPARTURES,
        (false, 495..510) => &phrases::COMMENTS,
        _ => return None,
    };
    let filled =
        chance.pick(from).replace("{thing}", chance.pick(&THINGS)).replace("{day}", chance.pick(&DAYS));
    Some(match filled.strip_prefix("the ") {
        Some(rest) => format!("The {rest}"),
        None => filled,
    })
}

fn push_wrapped(out: &mut String, paragraph: &str, width: usize) {
    for (i, line) in paragraph.split('\n').enumerate() {
        if 0 < i {
            out.push('\n');
        }
        if line == "-- " || line.len() <= width {
            out.push_str(line);
            continue;
        }
        let mut column = 0;
        for word in line.split(' ') {
            if 0 < column && width < column + 1 + word.len() {
                out.push('\n');
                column = 0;
            } else if 0 < column {
                out.push(' ');
                column += 1;
            }
            out.push_str(word);
            column += word.len();
        }
    }
}

fn mailbox(person: &Person) -> String {
    if person.name.is_ascii() {
        return format!("{} <{}>", person.name, person.address);
    }
    let mut coded = String::new();
    for byte in person.name.bytes() {
        match byte {
            b' ' => coded.push('_'),
            byte if byte.is_ascii_alphanumeric() => coded.push(char::from(byte)),
            byte => _ = write!(coded, "={byte:02X}"),
        }
    }
    format!("=?utf-8?q?{coded}?= <{}>", person.address)
}

fn push(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

/// One text part with its headers.
fn part(kind: &str, text: &str, coded: bool, out: &mut Vec<u8>) {
    let encoding = if coded { "quoted-printable" } else { "8bit" };
    push(
        out,
        &format!("Content-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n"),
    );
    if coded { quoted_printable(text, out) } else { push(out, text) }
}

fn quoted_printable(text: &str, out: &mut Vec<u8>) {
    let mut column = 0;
    for byte in text.bytes() {
        let plain = matches!(byte, b' '..=b'<' | b'>'..=b'~');
        let width = if plain { 1 } else { 3 };
        if byte == b'\n' {
            out.push(byte);
            column = 0;
            continue;
        }
        if 75 < column + width {
            out.extend_from_slice(b"=\n");
            column = 0;
        }
        if plain {
            out.push(byte);
        } else {
            let _ = write!(out, "={byte:02X}");
        }
        column += width;
    }
}

/// The text as mail programs write it in HTML: a style for each paragraph.
fn html(text: &str) -> String {
    const STYLE: &str = "margin:0cm;font-size:11.0pt;font-family:\"Calibri\",sans-serif";
    let mut html = String::with_capacity(text.len() * 2);
    html.push_str("<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\">\n");
    html.push_str("<style>p.Para{margin:0cm;font-size:11.0pt} a{color:#0563C1} .quote{border-left:2px solid #ccc;padding-left:6pt}</style></head><body>\n");
    for line in text.lines() {
        let depth = line.matches("> ").count().min(1);
        let class = if depth == 0 { "Para" } else { "quote" };
        let _ = write!(html, "<p class=\"{class}\" style='{STYLE}'>");
        for letter in line.trim_start_matches("> ").chars() {
            match letter {
                '<' => html.push_str("&lt;"),
                '>' => html.push_str("&gt;"),
                '&' => html.push_str("&amp;"),
                letter => html.push(letter),
            }
        }
        html.push_str("</p>\n");
    }
    html.push_str("</body></html>\n");
    html
}

/// A file of some tens of kilobytes, in base64.
fn file(chance: &mut Chance, out: &mut Vec<u8>) {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let name = format!("document-{}.pdf", chance.below(10_000));
    push(
        out,
        &format!(
            "Content-Type: application/pdf; name=\"{name}\"\nContent-Disposition: attachment; filename=\"{name}\"\n\
         Content-Transfer-Encoding: base64\n\n"
        ),
    );
    for _ in 0..chance.between(100, 1500) {
        for _ in 0..8 {
            let mut bits = chance.next();
            // Nine letters of 64 bits: the line is 72 long.
            for _ in 0..9 {
                out.push(LETTERS[(bits & 63) as usize]);
                bits >>= 6;
            }
        }
        out.push(b'\n');
    }
}
