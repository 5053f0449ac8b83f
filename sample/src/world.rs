//! The sample as it grows: people, mail, calls and matters, and the one way to post a message.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendar::Days;
use crate::mail::{Attachment, Mail, Mailbox};
use crate::people::{People, Person, Side};
use crate::placed::Expected;
use crate::prng::Prng;
use crate::story::{Rotation, Step, stories};
use crate::voice::{Program, dress, signature};

/// A telephone call.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) at: Timestamp,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) outgoing: bool,
    /// How long they spoke; 0 where nobody answered.
    pub(crate) seconds: i64,
}

/// A row of the matter list.
#[derive(Debug, Clone)]
pub(crate) struct Matter {
    pub(crate) client: usize,
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    pub(crate) handler: usize,
    pub(crate) opened: Date,
    pub(crate) closed: Option<Date>,
}

/// An absence of one of the staff, first and last day included.
#[derive(Debug, Clone)]
pub(crate) struct Absence {
    pub(crate) who: usize,
    pub(crate) from: Date,
    pub(crate) to: Date,
    pub(crate) cover: Option<usize>,
}

/// Everything made so far.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) days: Days,
    pub(crate) people: People,
    pub(crate) mails: Vec<Mail>,
    pub(crate) calls: Vec<Call>,
    pub(crate) matters: Vec<Matter>,
    pub(crate) absences: Vec<Absence>,
    pub(crate) expected: Vec<Expected>,
    pub(crate) rotation: Rotation,
    pub(crate) slips: Slips,
    ids: BTreeSet<String>,
}

/// What is said when an answer is late.
#[derive(Debug, Default)]
pub(crate) struct Slips {
    /// The client asks again.
    pub(crate) chase: Option<Step>,
    /// How we begin when we answer at last.
    pub(crate) sorry: Option<Step>,
}

impl Slips {
    fn read() -> Slips {
        let mut all = stories(include_str!("../stories/chases.txt")).into_iter();
        let mut next = || all.next().and_then(|story| story.steps.into_iter().next());
        Slips { chase: next(), sorry: next() }
    }
}

/// A message before it is written out in its writer's manner.
#[derive(Debug, Clone, Default)]
pub(crate) struct Letter {
    pub(crate) from: usize,
    /// Writes from the second address.
    pub(crate) from_other_address: bool,
    pub(crate) to: Vec<usize>,
    pub(crate) cc: Vec<usize>,
    pub(crate) at: Timestamp,
    /// Of a new thread; a reply takes the subject of what it answers unless this says otherwise.
    pub(crate) subject: String,
    pub(crate) body: String,
    /// The place of the message that it answers or passes on.
    pub(crate) answers: Option<usize>,
    pub(crate) forward: bool,
    /// Its program kept no In-Reply-To, or its writer began a new message.
    pub(crate) loses_thread: bool,
    pub(crate) file: Option<String>,
    pub(crate) folder: Option<&'static str>,
}

impl World {
    pub(crate) fn new(days: Days) -> World {
        World {
            days,
            people: People::read(),
            mails: Vec::new(),
            calls: Vec::new(),
            matters: Vec::new(),
            absences: Vec::new(),
            expected: Vec::new(),
            rotation: Rotation::default(),
            slips: Slips::read(),
            ids: BTreeSet::new(),
        }
    }

    pub(crate) fn person(&self, place: usize) -> &Person {
        &self.people.all[place]
    }

    pub(crate) fn mailbox(&self, place: usize) -> Mailbox {
        let person = self.person(place);
        Mailbox { name: person.name(), email: person.email().to_owned() }
    }

    /// Writes the letter in its writer's manner and keeps it. Gives its place.
    pub(crate) fn post(&mut self, letter: Letter) -> usize {
        let from = self.person(letter.from).clone();
        let to = letter.to.first().map_or_else(|| from.clone(), |&to| self.person(to).clone());
        let mut chance = Prng::of(&format!("{}{}{}", from.email(), letter.at, letter.body));
        let hour = letter.at.to_zoned(self.days.zone.clone()).hour();
        let mut program = from.voice.program;
        if from.side == Side::Staff && from.voice.brief && !(8..18).contains(&hour) {
            program = Program::Phone;
        }
        let mut writer = from.clone();
        writer.voice.program = program;
        let parent = letter.answers.and_then(|place| self.mails.get(place)).cloned();
        let short =
            parent.is_some() && !letter.forward && letter.body.chars().count() < 60 && chance.chance(50);
        let text =
            if short { letter.body.clone() } else { dress(&writer, &to, &letter.body, hour, &mut chance) };
        let mut sender = self.mailbox(letter.from);
        if let Some(second) = from.emails.get(1).filter(|_| letter.from_other_address) {
            sender.email.clone_from(second);
        }
        let subject = match &parent {
            Some(parent) if letter.subject.is_empty() => retitled(&parent.subject, program, letter.forward),
            _ => letter.subject.clone(),
        };
        let references = match &parent {
            Some(parent) if !letter.forward && !letter.loses_thread => {
                let mut all = parent.references.clone();
                all.push(parent.id.clone());
                all
            }
            _ => Vec::new(),
        };
        let keeps_text = parent.is_some() && (letter.forward || !letter.loses_thread);
        let below = match &parent {
            Some(parent) if keeps_text => parent.below_in(program, &self.days.zone),
            _ => String::new(),
        };
        let mail = Mail {
            id: self.fresh_id(&sender.email, letter.at, program, &subject),
            at: letter.at,
            from: sender,
            to: letter.to.iter().map(|&p| self.mailbox(p)).collect(),
            cc: letter.cc.iter().map(|&p| self.mailbox(p)).collect(),
            subject,
            references,
            text,
            signature: signature(&writer, keeps_text),
            below,
            program,
            files: letter.file.as_deref().map(attachment).into_iter().collect(),
            headers: Vec::new(),
            other_body: None,
            folder: letter.folder,
        };
        self.keep(mail)
    }

    /// Keeps a message that was made elsewhere.
    pub(crate) fn keep(&mut self, mail: Mail) -> usize {
        self.mails.push(mail);
        self.mails.len() - 1
    }

    /// A Message-ID as the program would make it.
    pub(crate) fn fresh_id(&mut self, email: &str, at: Timestamp, program: Program, words: &str) -> String {
        let host = email.rsplit('@').next().unwrap_or("localhost");
        for turn in 0.. {
            let mut bits = Prng::of(&format!("{email} {at} {words} {turn}"));
            let (a, b) = (bits.next(), bits.next());
            let id = match program {
                Program::Apple | Program::Phone => format!(
                    "<{:08X}-{:04X}-{:04X}-{:04X}-{:012X}@{host}>",
                    a >> 32,
                    (a >> 16) & 0xffff,
                    a & 0xffff,
                    b >> 48,
                    b & 0xffff_ffff_ffff
                ),
                Program::Outlook | Program::OutlookGerman | Program::HtmlOnly => {
                    format!("<{a:016X}{:08X}@mx1.{host}>", b >> 32)
                }
                _ => format!("<CA+{a:016x}{b:016x}@mail.{host}>"),
            };
            if self.ids.insert(id.clone()) {
                return id;
            }
        }
        String::new()
    }
}

/// The subject of a reply or forward.
fn retitled(subject: &str, program: Program, forward: bool) -> String {
    let mut bare = subject.trim();
    while let Some((mark, rest)) = bare.split_once(':') {
        if !["re", "fw", "fwd", "aw", "wg", "odp", "tr"].contains(&mark.trim().to_lowercase().as_str()) {
            break;
        }
        bare = rest.trim();
    }
    let mark = match (program, forward) {
        (Program::OutlookGerman, false) => "AW: ",
        (Program::OutlookGerman, true) => "WG: ",
        (Program::Outlook, false) => "RE: ",
        (Program::Outlook, true) => "FW: ",
        (Program::GmailFrench, false) => "RE : ",
        (_, false) => "Re: ",
        (_, true) => "Fwd: ",
    };
    format!("{mark}{bare}")
}

/// A tiny file of the kind that its name says.
pub(crate) fn attachment(name: &str) -> Attachment {
    let kind = match name.rsplit('.').next() {
        Some("pdf") => "application/pdf",
        Some("docx") => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some("jpg") => "image/jpeg",
        _ => "application/octet-stream",
    };
    let bytes = if kind == "application/pdf" {
        format!("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%{name}\n%%EOF\n")
            .into_bytes()
    } else {
        format!("sample file: {name}\n").into_bytes()
    };
    Attachment { name: name.to_owned(), kind, bytes }
}
