//! One message: what it says, and the bytes that a mail program would have made of it.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::encode::{base64, header_words, html_escape, quoted_printable};
use crate::prng::Prng;
use crate::quote::quoted;
use crate::voice::Program;

/// A name with an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mailbox {
    pub(crate) name: String,
    pub(crate) email: String,
}

impl Mailbox {
    fn header(&self) -> String {
        if self.name.is_empty() {
            return format!("<{}>", self.email);
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || " '-".contains(c);
        if self.name.chars().all(plain) {
            format!("{} <{}>", self.name, self.email)
        } else if self.name.is_ascii() {
            format!("\"{}\" <{}>", self.name, self.email)
        } else {
            format!("{} <{}>", header_words(&self.name), self.email)
        }
    }
}

/// A file that travels with a message.
#[derive(Debug, Clone)]
pub(crate) struct Attachment {
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// A message of the sample.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    /// With angle brackets.
    pub(crate) id: String,
    pub(crate) at: Timestamp,
    pub(crate) from: Mailbox,
    pub(crate) to: Vec<Mailbox>,
    pub(crate) cc: Vec<Mailbox>,
    pub(crate) subject: String,
    /// Ids of the messages before it in its thread, oldest first; empty where the program lost them.
    pub(crate) references: Vec<String>,
    /// What its writer wrote, greeting and name included.
    pub(crate) text: String,
    pub(crate) signature: String,
    /// What stands below: the message answered or passed on, in the form of the writer's program.
    pub(crate) below: String,
    pub(crate) program: Program,
    pub(crate) files: Vec<Attachment>,
    /// Further headers, such as those by which machines give themselves away.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// A whole other form of the message (delivery reports, invitations): its content type and body.
    pub(crate) other_body: Option<(String, String)>,
    /// The folder that the firm's people keep it in; none for Inbox and Sent Items.
    pub(crate) folder: Option<&'static str>,
}

impl Mail {
    /// All that a reader of it sees.
    pub(crate) fn seen(&self) -> String {
        format!("{}{}{}", self.text, self.signature, self.below)
    }

    /// Everyone it reached.
    pub(crate) fn recipients(&self) -> impl Iterator<Item = &Mailbox> {
        self.to.iter().chain(&self.cc)
    }

    /// What a reply or forward by `program` puts below its own words.
    pub(crate) fn below_in(&self, program: Program, zone: &TimeZone) -> String {
        quoted(self, program, zone)
    }

    /// The message as it travels, with CRLF line ends.
    pub(crate) fn bytes(&self, zone: &TimeZone) -> Vec<u8> {
        let mut out = self.head(zone);
        let (kind, body) = self.body();
        if self.files.is_empty() {
            out.push_str(&kind);
            out.push_str("\r\n\r\n");
            out.push_str(&body);
        } else {
            let seam = self.seam("mixed");
            out.push_str(&format!("Content-Type: multipart/mixed; boundary=\"{seam}\"\r\n\r\n"));
            out.push_str(&format!("--{seam}\r\n{kind}\r\n\r\n{body}\r\n"));
            for file in &self.files {
                out.push_str(&format!(
                    "--{seam}\r\nContent-Type: {}; name=\"{name}\"\r\nContent-Disposition: attachment; \
                     filename=\"{name}\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n",
                    file.kind,
                    base64(&file.bytes),
                    name = file.name,
                ));
            }
            out.push_str(&format!("--{seam}--\r\n"));
        }
        out.into_bytes()
    }

    fn head(&self, zone: &TimeZone) -> String {
        let join = |list: &[Mailbox]| list.iter().map(Mailbox::header).collect::<Vec<_>>().join(",\r\n\t");
        let mut out = format!("From: {}\r\nTo: {}\r\n", self.from.header(), join(&self.to));
        if !self.cc.is_empty() {
            out.push_str(&format!("Cc: {}\r\n", join(&self.cc)));
        }
        out.push_str(&format!("Subject: {}\r\n", header_words(&self.subject)));
        out.push_str(&format!("Date: {}\r\n", date_header(&self.at.to_zoned(zone.clone()))));
        out.push_str(&format!("Message-ID: {}\r\n", self.id));
        if let Some(last) = self.references.last() {
            out.push_str(&format!("In-Reply-To: {last}\r\n"));
            out.push_str(&format!("References: {}\r\n", self.references.join("\r\n ")));
        }
        for (name, value) in &self.headers {
            out.push_str(&format!("{name}: {value}\r\n"));
        }
        out.push_str(match self.program {
            Program::Outlook | Program::OutlookGerman => "X-Mailer: Microsoft Outlook 16.0\r\n",
            Program::Apple => "X-Mailer: Apple Mail (2.3774)\r\n",
            Program::Phone => "X-Mailer: iPhone Mail (21F90)\r\n",
            Program::Thunderbird => "User-Agent: Mozilla Thunderbird\r\n",
            _ => "",
        });
        out.push_str("MIME-Version: 1.0\r\n");
        out
    }

    /// The headers of the body (without the last line end) and the body.
    fn body(&self) -> (String, String) {
        if let Some((kind, body)) = &self.other_body {
            return (format!("Content-Type: {kind}"), body.clone());
        }
        let seen = self.seen();
        let plain =
            "Content-Type: text/plain; charset=\"utf-8\"\r\nContent-Transfer-Encoding: quoted-printable";
        match self.program {
            Program::Apple | Program::Phone => (plain.to_owned(), quoted_printable(&seen)),
            Program::Thunderbird if seen.is_ascii() => (
                "Content-Type: text/plain; charset=UTF-8; format=flowed\r\nContent-Transfer-Encoding: 7bit"
                    .to_owned(),
                wrapped(&seen),
            ),
            Program::Thunderbird => (plain.to_owned(), quoted_printable(&seen)),
            Program::HtmlOnly => (
                "Content-Type: text/html; charset=\"utf-8\"\r\nContent-Transfer-Encoding: quoted-printable"
                    .to_owned(),
                quoted_printable(&self.html()),
            ),
            _ => {
                let seam = self.seam("alt");
                let html = "Content-Type: text/html; charset=\"utf-8\"\r\nContent-Transfer-Encoding: \
                    quoted-printable";
                (
                    format!("Content-Type: multipart/alternative; boundary=\"{seam}\""),
                    format!(
                        "--{seam}\r\n{plain}\r\n\r\n{}\r\n--{seam}\r\n{html}\r\n\r\n{}\r\n--{seam}--\r\n",
                        quoted_printable(&seen),
                        quoted_printable(&self.html())
                    ),
                )
            }
        }
    }

    fn html(&self) -> String {
        let own = paragraphs(&format!("{}{}", self.text, self.signature));
        let below = if self.below.is_empty() {
            String::new()
        } else if matches!(self.program, Program::Outlook | Program::OutlookGerman | Program::HtmlOnly) {
            let below = paragraphs(self.below.trim_start_matches(['\n', '_']));
            format!("<hr style=\"display:inline-block;width:98%\"><div id=\"divRplyFwdMsg\">{below}</div>")
        } else {
            let (line, rest) =
                self.below.trim_start().split_once('\n').unwrap_or((self.below.trim_start(), ""));
            let rest: Vec<&str> = rest
                .lines()
                .map(|line| line.strip_prefix('>').map_or(line, |l| l.trim_start_matches(' ')))
                .collect();
            format!(
                "<div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">{}<br></div><blockquote \
                 class=\"gmail_quote\">{}</blockquote></div>",
                html_escape(line),
                paragraphs(rest.join("\n").trim())
            )
        };
        format!("<html><body>{own}{below}</body></html>")
    }

    fn seam(&self, word: &str) -> String {
        format!("=_{word}_{:016x}", Prng::of(&format!("{}{word}", self.id)).next())
    }
}

fn paragraphs(text: &str) -> String {
    text.split("\n\n")
        .filter(|part| !part.trim().is_empty())
        .map(|part| format!("<p>{}</p>\n", html_escape(part.trim()).replace('\n', "<br>\n")))
        .collect()
}

/// Lines of at most 72 columns with soft ends, as programs that send flowed text break them.
fn wrapped(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        if line.starts_with('>') || line.len() <= 76 {
            out.push_str(line);
        } else {
            let mut column = 0;
            for word in line.split_inclusive(' ') {
                if 72 < column + word.len() {
                    out.push_str("\r\n");
                    column = 0;
                }
                out.push_str(word);
                column += word.len();
            }
        }
        out.push_str("\r\n");
    }
    out
}

/// Tue, 3 Mar 2026 09:14:05 +0000.
pub(crate) fn date_header(at: &Zoned) -> String {
    at.strftime("%a, %-d %b %Y %H:%M:%S %z").to_string()
}
