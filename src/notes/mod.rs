//! Notes: what somebody writes down after a call or a meeting, or for the record, and what it asks colleagues.

pub mod call;
pub mod pages;
pub mod read;

use std::sync::LazyLock;

use care::acts::ActKind;
use care::entry::{Note, NoteKind};
use care::obligation::ObligationId;
use jiff::Timestamp;
use reading::acts::Reader;

use crate::app::Handles;
use crate::board::{Asker, Card};
use crate::db::Durability;
use crate::error::{Error, Result};
use crate::ids::{AddressId, EntryId, NaturalKey, StaffId};
use crate::record::{audit, changes, others, project};
use crate::text;
use crate::today::acts::Done;

/// A longer note is a document.
pub(crate) const LONGEST: usize = 20_000;
/// So much is said of a promise apart.
pub(crate) const LONGEST_PROMISE: usize = 1000;

static READER: LazyLock<Reader> = LazyLock::new(Reader::shipped);

/// A note before it is written.
#[derive(Debug, Clone)]
pub struct Draft<'a> {
    /// What it is a note of.
    pub kind: NoteKind,
    /// Its words.
    pub words: &'a str,
    /// What was promised, where that is said apart: "send the draft by Friday".
    pub promised: &'a str,
    /// Who of the client took part.
    pub with: Option<AddressId>,
    /// A colleague who is asked, whether or not the words name them.
    pub asked: Option<StaffId>,
    /// What tells this writing of it from another: a form handed in twice writes one note.
    pub once: &'a str,
}

impl Draft<'_> {
    /// With whom somebody spoke on the telephone is worth noting without a word more.
    fn is_bare_call(&self) -> bool {
        self.kind == NoteKind::Call && self.with.is_some()
    }
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The note; taking it back names it.
    pub key: NaturalKey,
    /// It was not there before.
    pub new: bool,
    /// Whom it asks something.
    pub asked: Vec<StaffId>,
    /// It holds a promise to the client.
    pub promised: bool,
}

impl Written {
    /// What was done, as a sentence, and how it is taken back.
    pub fn done(&self, asker: &Asker) -> Done {
        if !self.new {
            return Done::Already { words: "This was noted already.".to_owned() };
        }
        let asked: Vec<&str> = self.asked.iter().map(|staff| asker.name_of(*staff)).collect();
        let mut words = "Noted".to_owned();
        if self.promised {
            words.push_str(", and what was promised is open until it is kept");
        }
        if !asked.is_empty() {
            words.push_str(&format!("; {} will find the question on Today", asked.join(" and ")));
        }
        Done::Entered { decision: self.key, words: words + "." }
    }
}

/// Writes a note about a client whom `asker` sees.
pub async fn write(app: &Handles, asker: &Asker, client: &Card, draft: &Draft<'_>) -> Result<Written> {
    asker.may_act()?;
    let now = app.now();
    let (note, words) = read_draft(asker, client, draft, now)?;
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    let added = others::add_note(&mut tx, asker.firm, &note, "", &words).await?;
    if added.new {
        project::renew_clients(&mut tx, asker.firm, &[client.id]).await?;
        let detail = format!("client {}: entry {}", client.id.0, added.entry.0);
        audit::note(&mut tx, asker.firm, asker.staff, "noted", &detail, now).await?;
    }
    app.commit(asker.firm, tx).await?;
    Ok(Written {
        key: note.key,
        new: added.new,
        asked: note.asks.iter().map(|ask| ask.staff).collect(),
        promised: note.acts.iter().any(|act| act.kind == ActKind::Promise),
    })
}

/// Asks a colleague about something that is owed, in a note at its client.
pub async fn ask(
    app: &Handles,
    asker: &Asker,
    owed: ObligationId,
    asked: StaffId,
    words: &str,
    once: &str,
) -> Result<Written> {
    asker.may_act()?;
    let mut tx = app.db.read().await?;
    let owed = asker.obligation(&mut tx, owed).await?;
    tx.commit().await?;
    let card = asker.client(owed.client).map_err(|_| {
        Error::invalid("this", "is of somebody whom nobody has placed yet, so no colleague can see it")
    })?;
    if words.trim().is_empty() {
        return Err(Error::invalid("the question", "is empty; a few words are enough"));
    }
    let asked = Some(asked);
    let draft = Draft { kind: NoteKind::Text, words, promised: "", with: None, asked, once };
    write(app, asker, card, &draft).await
}

/// What a note is of, by its word in forms and in JSON.
pub fn kind_named(name: &str) -> Result<NoteKind> {
    match name {
        "call" => Ok(NoteKind::Call),
        "meeting" => Ok(NoteKind::Meeting),
        "text" | "" => Ok(NoteKind::Text),
        _ => Err(Error::invalid("the note", "is of a call, a meeting, or just a text")),
    }
}

/// The note as it goes into the record, with its words: whom it asks, and what it promises.
fn read_draft(asker: &Asker, client: &Card, draft: &Draft<'_>, now: Timestamp) -> Result<(Note, String)> {
    let house = &asker.board.firm;
    let mut words = text::text("the note", draft.words, LONGEST)?;
    let promised = text::line("what was promised", draft.promised, LONGEST_PROMISE)?;
    if words.is_empty() && promised.is_empty() && !draft.is_bare_call() {
        return Err(Error::invalid("the note", "is empty; a few words are enough"));
    }
    let colleagues = asker.colleagues();
    if let Some(asked) = draft.asked
        && !read::mentions(&words, &colleagues).iter().any(|mention| mention.staff == asked)
    {
        words = format!("@{} {words}", asker.name_of(asked));
    }
    let mut asks = read::asks(&words, &colleagues, &READER, draft.asked);
    asks.retain(|ask| ask.staff != asker.staff);
    for ask in &asks {
        if house.is_walled(ask.staff, client.id) {
            let words =
                format!("{} is kept out of this client and cannot be asked", asker.name_of(ask.staff));
            return Err(Error::invalid("the note", words));
        }
    }
    let mut acts = Vec::new();
    if draft.kind != NoteKind::Text {
        acts = read::promises(&mut words, &promised, &READER, now, &house.book.calendar);
    }
    let with = draft.with.map_or(0, |with| with.0);
    let once =
        format!("note {} {} {} {with} {} {words}", asker.firm.0, asker.staff.0, client.id.0, draft.once);
    let note = Note {
        entry: EntryId(0),
        key: NaturalKey::of(once.as_bytes()),
        at: now,
        by: asker.staff,
        kind: draft.kind,
        client: client.id,
        with: draft.with.into_iter().filter(|with| asker.is_of(*with, client.id)).collect(),
        acts: acts.into(),
        asks: asks.into(),
    };
    Ok((note, words))
}
