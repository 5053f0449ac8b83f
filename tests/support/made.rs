//! Made firms and messages.

use care::acts::{Act, ActKind, Direction};
use care::entry::{Delivery, Message};
use care::ids::{AddressId, EntryId, NaturalKey};
use jiff::Timestamp;
use reading::letter::Fingerprint;
use reading::thread::Facts;
use regard::db::{Db, Durability};
use regard::firm::{self, Firm};
use regard::ids::{FirmId, FolderId};
use regard::record::addresses::{AddressBook, AddressKind};
use regard::record::{Found, NewMessage, raw, sources};

pub fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

pub fn now() -> Timestamp {
    at("2025-09-03T09:00:00Z")
}

/// A firm with one mailbox and one folder.
pub async fn firm(db: &Db) -> (FirmId, FolderId) {
    let mut tx = db.write(Durability::Act).await.expect("a transaction");
    let id = FirmId(tx.new_id());
    let firm = Firm {
        id,
        name: "Quill & Partners".into(),
        zone: "Europe/London".into(),
        currency: "GBP".into(),
        hours: None,
        holidays: ["2025-12-25".parse().expect("a day")].into(),
        domains: ["firm.example".to_owned()].into(),
        standards: None,
        lead: None,
        region: None,
        named_domains: Default::default(),
    };
    firm::store::save(&mut tx, &firm, now()).await.expect("the firm is saved");
    let mailbox = sources::mailbox(&mut tx, id, "amy", None, None, now()).await.expect("a mailbox");
    let folder = sources::folder(&mut tx, id, mailbox, "INBOX", "inbox").await.expect("a folder");
    tx.commit().await.expect("a commit");
    (id, folder)
}

/// A message before its addresses are numbered: number, sender, receivers, thread, minutes, text.
#[derive(Debug, Clone)]
pub struct Mail {
    pub n: u64,
    pub from: &'static str,
    pub to: Vec<&'static str>,
    pub thread: u64,
    pub minutes: i64,
    pub subject: &'static str,
    pub body: String,
}

impl Mail {
    pub fn key(&self) -> NaturalKey {
        NaturalKey::of(format!("{}@made.example", self.n).as_bytes())
    }

    pub fn bytes(&self) -> Vec<u8> {
        format!("Message-ID: <{}@made.example>\r\nSubject: {}\r\n\r\n{}", self.n, self.subject, self.body)
            .into_bytes()
    }

    pub fn arrives(&self, book: &mut AddressBook, folder: FolderId) -> NewMessage {
        let from = book.number(AddressKind::Email, self.from, "");
        let to: Box<[AddressId]> = self.to.iter().map(|to| book.number(AddressKind::Email, to, "")).collect();
        let is_ours = self.from.ends_with("@firm.example");
        let at = Timestamp::from_second(1_750_000_000 + self.minutes * 60).expect("a time");
        let act = Act {
            kind: if is_ours { ActKind::Promise } else { ActKind::Request },
            start: 0,
            end: 5,
            confidence: 0.75,
            due: is_ours.then_some(at),
            things: [7].into(),
            in_touch: false,
        };
        let people = std::iter::once(from).chain(to.iter().copied()).collect();
        NewMessage {
            facts: Message {
                entry: EntryId(0),
                key: self.key(),
                at,
                thread: self.thread,
                subject: self.thread,
                from,
                to,
                cc: Box::default(),
                mailbox: None,
                answers: None,
                mentions: Box::default(),
                automatic: false,
                needs_reply: 0.9,
                by_form: false,
                only_holds: false,
                delivers: Delivery { carries: false, states: true, things: [3, 9].into() },
                acts: [act].into(),
            },
            tie: Facts {
                key: self.key(),
                parents: vec![self.thread],
                subject: self.thread,
                is_reply: false,
                from: Some(from),
                people,
                sent: Some(at),
                fingerprint: Fingerprint::of(&self.body),
                quoted: Vec::new(),
                automatic: false,
            },
            content: NaturalKey::of(&self.bytes()),
            message_id: format!("<{}@made.example>", self.n),
            subject: self.subject.into(),
            people: format!("{} {}", self.from, self.to.join(" ")),
            body: self.body.clone(),
            direction: if is_ours { Direction::Out } else { Direction::In },
            automatic: None,
            attachments: 0,
            raw: raw::pack(&self.bytes()).expect("packing"),
            reader_version: 1,
            found: Found { folder, source: None, position: Some(self.n) },
        }
    }
}

pub fn mail(n: u64, from: &'static str, to: &'static str, thread: u64, minutes: i64) -> Mail {
    Mail {
        n,
        from,
        to: vec![to],
        thread,
        minutes,
        subject: "The lease",
        body: format!("Dear all, number {n} of the lease"),
    }
}
