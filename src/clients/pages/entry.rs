//! One entry of a record, opened: the whole letter with what was read in it, and its files.

use askama::Template;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use care::acts::Act;
use care::entry::{Entry, Verdict};
use care::people::{Directory, Who};
use jiff::Timestamp;
use reading::letter::{File, Opened};
use serde::Deserialize;

use super::timeline::{Sayer, is_ours};
use crate::app::App;
use crate::board::Asker;
use crate::db::{Durability, Tx};
use crate::error::{Error, Result};
use crate::ids::{EntryId, FirmId};
use crate::record::timeline::{self, Whole};
use crate::record::{audit, changes, raw, read};
use crate::report::words::{counted, grouped, one_line};
use crate::text::scalars;
use crate::today::acts::Done;
use crate::today::decide;
use crate::today::pages::lead_back;
use crate::today::words::When;
use crate::web::forms::{Path, Posted, Query, own_path};
use crate::web::letter::{Clean, clean};
use crate::web::page::{Frame, page};
use crate::web::trouble::{Trouble, is_part};
use crate::web::visitor::Visitor;

/// More of a text is not shown on a page.
const LONGEST: usize = 100_000;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    whole: String,
    #[serde(default)]
    back: String,
}

#[derive(Template)]
#[template(path = "clients/entry.html")]
struct EntryPage {
    frame: Frame,
    one: Shown,
}

#[derive(Template)]
#[template(path = "clients/_entry.html")]
struct EntryPart {
    frame: Frame,
    one: Shown,
}

struct Shown {
    id: i64,
    back: String,
    sentence: String,
    when: When,
    subject: String,
    people: Vec<String>,
    /// The text in pieces: words, and whether an act stands in them.
    pieces: Vec<(String, &'static str)>,
    acts: Vec<(usize, &'static str, String)>,
    decided: Vec<String>,
    /// The key of a note that whoever asks may take back.
    undo: Option<String>,
    needs: Option<bool>,
    whole: Option<Clean>,
    is_whole: bool,
    has_raw: bool,
    files: Vec<(usize, String, String)>,
}

/// An entry that whoever asks may see, by the text of its id.
async fn find(tx: &mut Tx, asker: &Asker, id: &str) -> Result<Entry> {
    let id = id.parse().map(EntryId).map_err(|_| Error::NotFound)?;
    let found = read::by_ids(tx, asker.firm, &[id]).await?;
    let kept = |entry: &Entry| matches!(entry, Entry::Message(_) | Entry::Note(_));
    asker.visible(tx, found.into_iter().filter(kept).collect()).await?.pop().ok_or(Error::NotFound)
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    let mut tx = app.db.read().await?;
    let entry = find(&mut tx, asker, &id).await?;
    let back = own_path(Some(&asked.back)).unwrap_or("/clients").to_owned();
    let mut one = shown(&mut tx, asker, &entry, back, now).await?;
    if let Some(whole) = timeline::whole(&mut tx, asker.firm, entry.id()).await? {
        one.has_raw = whole.raw_hash.is_some();
        one.is_whole = !asked.whole.is_empty() && one.has_raw;
        if one.is_whole || 0 < whole.attachments {
            let opened = opened(&mut tx, asker.firm, &whole).await?;
            one.files = opened.files.iter().enumerate().map(|(n, file)| file_line(n, file)).collect();
            one.whole = opened.html.as_deref().filter(|_| one.is_whole).and_then(clean);
        }
        if one.is_whole && one.whole.is_none() {
            one.pieces = vec![(as_sent(&mut tx, asker.firm, &whole).await?, "")];
        }
    }
    tx.commit().await?;
    app.seen.note(asker.firm, asker.staff, "saw", format!("entry {}", entry.id().0), now);
    let frame = Frame::new(&visitor, "clients");
    Ok(if is_part(&headers) { page(&EntryPart { frame, one })? } else { page(&EntryPage { frame, one })? })
}

async fn shown(tx: &mut Tx, asker: &Asker, entry: &Entry, back: String, now: Timestamp) -> Result<Shown> {
    let sayer = Sayer::load(tx, asker, std::slice::from_ref(entry), now).await?;
    let whole = timeline::whole(tx, asker.firm, entry.id()).await?;
    let automatic = whole.as_ref().is_some_and(|whole| whole.automatic.is_some());
    let (sentence, acts, needs, subject, body) = match entry {
        Entry::Message(message) => {
            let ours = matches!(asker.board.firm.book.directory.who(message.from), Who::Staff(_));
            let needs =
                (!ours && !automatic).then(|| needs(&sayer, message, &asker.board.firm.book.directory));
            let acts = corrected(&sayer, entry, &message.acts, ours);
            let (subject, body) = whole.as_ref().map_or(("", ""), |whole| (&whole.subject, &whole.body));
            (sayer.wrote(message, automatic), acts, needs, subject.to_owned(), body.to_owned())
        }
        Entry::Note(note) => {
            let words = timeline::words(tx, asker.firm, &[note.entry]).await?;
            let (subject, body) = words.notes.get(&note.entry).cloned().unwrap_or_default();
            (sayer.note(note), corrected(&sayer, entry, &note.acts, true), None, subject, body)
        }
        _ => return Err(Error::NotFound),
    };
    let body: String = body.chars().take(LONGEST).collect();
    let taken_back = sayer.taken_back(entry.key());
    let decided = sayer.decided(entry.key()).iter().chain(taken_back);
    let decided = decided.map(|decision| sayer.decision(decision)).collect();
    let undo = match entry {
        Entry::Note(note) if taken_back.is_none() => {
            (note.by == asker.staff || asker.may_set_up().is_ok()).then(|| format!("{:016x}", note.key.0))
        }
        _ => None,
    };
    Ok(Shown {
        id: entry.id().0,
        back,
        sentence,
        when: When::new(entry.at(), now, &asker.zone),
        subject: reading::letter::base_subject(&subject).to_owned(),
        people: whole.map(|whole| whole.people.lines().map(str::to_owned).collect()).unwrap_or_default(),
        pieces: pieces(&body, &acts),
        acts: acts
            .iter()
            .map(|(n, act)| (*n, act.kind.name(), one_line(scalars(&body, act.start, act.end), 80)))
            .collect(),
        decided,
        undo,
        needs,
        whole: None,
        is_whole: false,
        has_raw: false,
        files: Vec::new(),
    })
}

/// Whether a letter needs an answer, as it was read or as people said.
fn needs(sayer: &Sayer<'_>, message: &care::entry::Message, directory: &Directory) -> bool {
    let said = sayer.decided(message.key).iter().rev().find_map(|decision| match decision.what {
        Verdict::AnswerNeeded { .. } => Some(true),
        Verdict::NoAnswerNeeded { .. } => Some(false),
        _ => None,
    });
    said.unwrap_or(0.5 <= message.asks_us(directory))
}

/// What was read in a text, without what people said is none of it, each with its place among all acts.
fn corrected<'a>(sayer: &Sayer<'_>, entry: &Entry, acts: &'a [Act], ours: bool) -> Vec<(usize, &'a Act)> {
    let denied = |act: &Act| {
        sayer.decided(entry.key()).iter().any(|decision| {
            matches!(decision.what, Verdict::NotThatAct { passage, kind, .. }
                if kind == act.kind && passage == (act.start, act.end))
        })
    };
    let acts = acts.iter().enumerate();
    acts.filter(|(_, act)| is_ours(act.kind) == ours && !denied(act)).take(9).collect()
}

/// A text cut where acts begin and end.
fn pieces(body: &str, acts: &[(usize, &Act)]) -> Vec<(String, &'static str)> {
    let mut sorted: Vec<&Act> = acts.iter().map(|(_, act)| *act).collect();
    sorted.sort_by_key(|act| (act.start, act.end));
    let length = body.chars().count() as u32;
    let (mut pieces, mut at) = (Vec::new(), 0);
    for act in sorted {
        let (start, end) = (act.start.min(length).max(at), act.end.min(length));
        if end <= start {
            continue;
        }
        pieces.push((scalars(body, at, start).to_owned(), ""));
        pieces.push((scalars(body, start, end).to_owned(), act.kind.name()));
        at = end;
    }
    pieces.push((scalars(body, at, length).to_owned(), ""));
    pieces
}

/// What arrived, opened away from the threads that answer requests.
async fn opened(tx: &mut Tx, firm: FirmId, whole: &Whole) -> Result<Opened> {
    let Some(hash) = &whole.raw_hash else { return Ok(Opened::default()) };
    let bytes = raw::load(tx, firm, hash).await?;
    let opened = tokio::task::spawn_blocking(move || reading::letter::open(&bytes));
    // What cannot be taken apart has no files that could be shown; its text is there.
    Ok(opened.await.map_err(|e| Error::Unexpected(e.into()))?.unwrap_or_default())
}

/// The whole text as it was sent, with what it quotes.
async fn as_sent(tx: &mut Tx, firm: FirmId, whole: &Whole) -> Result<String> {
    let Some(hash) = &whole.raw_hash else { return Ok(whole.body.clone()) };
    let bytes = raw::load(tx, firm, hash).await?;
    let parsed = tokio::task::spawn_blocking(move || reading::letter::parse(&bytes));
    let letter = parsed.await.map_err(|e| Error::Unexpected(e.into()))?;
    let text = letter.map_or_else(|_| whole.body.clone(), |letter| letter.text);
    Ok(text.chars().take(LONGEST).collect())
}

fn file_line(n: usize, file: &File) -> (usize, String, String) {
    let size = match file.bytes.len() {
        small @ 0..1000 => counted(small, "byte", "bytes"),
        bytes => format!("{} kB", grouped(bytes as u64 / 1000)),
    };
    (n, file_name(n, file), size)
}

/// A name that is safe to show and to save under.
fn file_name(n: usize, file: &File) -> String {
    let name = file.name.as_deref().unwrap_or_default();
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name =
        crate::text::line("the name", &name.chars().take(120).collect::<String>(), 120).unwrap_or_default();
    let name = name.trim_start_matches('.');
    if name.is_empty() { format!("file-{}", n + 1) } else { name.to_owned() }
}

pub(super) async fn file(
    State(app): State<App>,
    visitor: Visitor,
    Path((id, n)): Path<(String, usize)>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    let mut tx = app.db.read().await?;
    let entry = find(&mut tx, asker, &id).await?;
    let whole = timeline::whole(&mut tx, asker.firm, entry.id()).await?.ok_or(Error::NotFound)?;
    let opened = opened(&mut tx, asker.firm, &whole).await?;
    tx.commit().await?;
    let file = opened.files.into_iter().nth(n).ok_or(Error::NotFound)?;
    app.seen.note(
        asker.firm,
        asker.staff,
        "downloaded",
        format!("file {} of entry {}", n + 1, entry.id().0),
        app.now(),
    );
    // Never shown, whatever it says it is: only saved.
    let name = crate::web::trouble::form_urlencoded(&file_name(n, &file)).replace('/', "%2F");
    let disposition = format!("attachment; filename*=UTF-8''{name}");
    let disposition = HeaderValue::from_str(&disposition).map_err(|e| Error::Unexpected(e.into()))?;
    let kind = HeaderValue::from_static("application/octet-stream");
    let policy = HeaderValue::from_static("default-src 'none'; sandbox");
    let headers =
        [(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, disposition), (CONTENT_SECURITY_POLICY, policy)];
    Ok((headers, file.bytes).into_response())
}

#[derive(Debug, Deserialize)]
pub(super) struct Correction {
    /// `needed`, `not_needed` or `not_that`.
    what: String,
    /// For `not_that`: the place of the act.
    #[serde(default)]
    n: String,
    #[serde(default)]
    back: String,
}

/// Somebody says that a letter was read wrongly.
pub(super) async fn correct(
    State(app): State<App>,
    Path(id): Path<String>,
    Posted { visitor, form }: Posted<Correction>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    asker.may_act()?;
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    let entry = find(&mut tx, asker, &id).await?;
    let (what, words) = wanted(&entry, &form)?;
    let entered = decide::enter(&mut tx, asker.firm, what, asker.staff, "", now).await?;
    let detail = format!("{} entry {}", form.what, entry.id().0);
    audit::note(&mut tx, asker.firm, asker.staff, "corrected", &detail, now).await?;
    app.commit(asker.firm, tx).await?;
    Ok(lead_back(&form.back, &Done::Entered { decision: entered.decision, words }))
}

fn wanted(entry: &Entry, form: &Correction) -> Result<(Verdict, String)> {
    match (form.what.as_str(), entry) {
        ("needed", Entry::Message(message)) => {
            Ok((Verdict::AnswerNeeded { message: message.key }, "This letter needs an answer.".into()))
        }
        ("not_needed", Entry::Message(message)) => {
            Ok((Verdict::NoAnswerNeeded { message: message.key }, "This letter needs no answer.".into()))
        }
        ("not_that", Entry::Message(_) | Entry::Note(_)) => {
            let acts = match entry {
                Entry::Message(message) => &message.acts,
                Entry::Note(note) => &note.acts,
                _ => return Err(Error::NotFound),
            };
            let act = form.n.parse().ok().and_then(|n: usize| acts.get(n)).ok_or(Error::NotFound)?;
            let what = Verdict::NotThatAct { of: entry.of(), passage: (act.start, act.end), kind: act.kind };
            Ok((what, format!("Noted: that is no {}.", act.kind.name())))
        }
        _ => Err(Error::invalid("what", "is nothing that can be said of this")),
    }
}
