//! One thing that is owed, opened: the letters that prove it, and what can be done about it.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use care::entry::{Entry, Of};
use care::obligation::{Evidence, Kind, Obligation, Role, state};
use care::people::Who;
use jiff::{Timestamp, ToSpan};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use crate::app::App;
use crate::board::{Asker, Card};
use crate::db::Tx;
use crate::drafts::pages::take_back;
use crate::drafts::{self, Purpose};
use crate::error::{Error, Result};
use crate::holding;
use crate::ids::{AddressId, ClientId, NaturalKey};
use crate::record::{read, texts};
use crate::report::stored;
use crate::report::words::{SUBJECT, one_line};
use crate::text::{scalars, tel};
use crate::today::acts::{self, Done, REASONS, Wish, mark};
use crate::today::letters;
use crate::today::together::{self, Batch};
use crate::today::words::{self, When};
use crate::web::forms::{Posted, own_path};
use crate::web::page::{Frame, Notice, page};
use crate::web::said::Telling;
use crate::web::trouble::{Trouble, form_urlencoded, is_part};
use crate::web::visitor::Visitor;

/// So much of a letter is shown before the passage; the rest can be unfolded.
const LONGEST: usize = 20_000;
/// So many numbers of somebody are shown.
const NUMBERS: usize = 3;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    undo: String,
    #[serde(default)]
    said: String,
    #[serde(default)]
    back: String,
    /// Until when a hold is to say; as a browser gives it.
    #[serde(default)]
    until: String,
}

/// The whole page.
#[derive(Template)]
#[template(path = "today/opened.html")]
struct OpenedPage<'a> {
    frame: Frame,
    one: Opened<'a>,
}

/// The part that the list unfolds.
#[derive(Template)]
#[template(path = "today/_opened.html")]
struct OpenedPart<'a> {
    frame: Frame,
    one: Opened<'a>,
}

struct Opened<'a> {
    id: String,
    kind: &'static str,
    client: &'a str,
    client_href: String,
    contact: String,
    email: String,
    /// Numbers at which they are reached, and what rings each.
    numbers: Vec<(String, String)>,
    owner: &'a str,
    standin: String,
    due: When,
    why: String,
    state: &'static str,
    is_owed: bool,
    is_upkeep: bool,
    is_promise: bool,
    /// A colleague's question to whoever asks for the page: the client to note the answer at.
    answers_at: Option<i64>,
    /// What tells one writing of a note from another.
    once: String,
    is_proposed_end: bool,
    lack: &'static str,
    /// Who was told by itself that it will take a while, when, and by when they will hear.
    held: Option<(String, When, String)>,
    letters: Vec<Exhibit>,
    /// Letters can be written here: a mailbox is connected.
    writes: bool,
    /// What a letter would be written for, and the words of its button; nothing where none is fitting.
    purposes: Vec<(&'static str, &'static str)>,
    answer_href: String,
    hold_words: String,
    hold_href: String,
    until: String,
    colleagues: Vec<(String, &'a str)>,
    reasons: [&'static str; REASONS.len()],
    seen: String,
    back: String,
}

/// A letter or call that shows something.
struct Exhibit {
    role: &'static str,
    when: When,
    people: String,
    subject: String,
    before: String,
    passage: String,
    after: String,
    /// The passage stands so far down that it is out of sight at first.
    is_far: bool,
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
    let found = match asker.obligation(&mut tx, acts::id(&id)?).await {
        Err(Error::NotFound) => {
            app.seen.note(asker.firm, asker.staff, "refused", format!("obligation {id}"), now);
            return Err(Error::NotFound.into());
        }
        found => found?,
    };
    let back = own_path(Some(&asked.back)).unwrap_or("/today").to_owned();
    let until = acts::moment(asker, &asked.until, "").ok().filter(|until| now < *until);
    let until = until.unwrap_or_else(|| next_noon(asker, now));
    let one = opened(&mut tx, asker, &found, back, until, now).await?;
    tx.commit().await?;
    app.seen.note(asker.firm, asker.staff, "saw", format!("client {}", found.client.0), now);
    let notice = Notice::said(&asked.said, &asked.undo);
    let frame = Frame::new(&visitor, "today").with_notice(notice);
    Ok(if is_part(&headers) { page(&OpenedPart { frame, one })? } else { page(&OpenedPage { frame, one })? })
}

#[derive(Debug, Deserialize)]
pub(super) struct Decided {
    #[serde(flatten)]
    wish: Wish,
    #[serde(default)]
    back: String,
}

pub(super) async fn decide(
    State(app): State<App>,
    Path(id): Path<String>,
    Posted { visitor, form }: Posted<Decided>,
) -> Result<Response, Trouble> {
    let done = acts::act(&app, &visitor.asker, acts::id(&id)?, &form.wish).await?;
    Ok(lead_back(&form.back, &done))
}

#[derive(Debug, Deserialize)]
pub(super) struct Undone {
    #[serde(default)]
    back: String,
}

pub(super) async fn undo(
    State(app): State<App>,
    Path(key): Path<String>,
    Posted { visitor, form }: Posted<Undone>,
) -> Result<Response, Trouble> {
    if let Some(id) = key.strip_prefix("letter-") {
        return Ok(take_back(&app, &visitor.asker, id, &form.back).await?);
    }
    let done = match Batch::named(&key) {
        Some(batch) => together::undo(&app, &visitor.asker, batch).await?,
        None => acts::undo(&app, &visitor.asker, NaturalKey(acts::id(&key)?.0)).await?,
    };
    Ok(lead_back(&form.back, &done))
}

/// Back to where somebody was, with a sentence about what was done.
pub(crate) fn lead_back(back: &str, done: &Done) -> Response {
    lead_back_from(back, done, None)
}

/// The same for what was done together, with how all of it is undone.
pub(crate) fn lead_back_from(back: &str, done: &Done, batch: Option<Batch>) -> Response {
    let back = own_path(Some(back)).unwrap_or("/today");
    let (said, undo) = match done {
        Done::Entered { decision, words } => (words.clone(), format!("{:016x}", decision.0)),
        Done::Already { words } => (words.clone(), batch.map(Batch::name).unwrap_or_default()),
    };
    Telling { said, undo, ..Telling::default() }.lead(back)
}

async fn opened<'a>(
    tx: &mut Tx,
    asker: &'a Asker,
    owed: &Obligation,
    back: String,
    until: Timestamp,
    now: Timestamp,
) -> Result<Opened<'a>> {
    let house = &asker.board.firm;
    let card = house.clients.get(&owed.client);
    let today = now.to_zoned(house.zone.clone()).date();
    let standin = owed.owner.and_then(|owner| house.book.covering(owner, owed.client, today, []));
    let names = letters::names(tx, asker, std::iter::once(owed)).await?;
    let contact = owed.contact.and_then(|address| names.get(&address).cloned()).unwrap_or_default();
    let email = match owed.contact {
        Some(address) => mail_of(tx, asker, address).await?,
        None => String::new(),
    };
    let numbers = match owed.contact {
        Some(address) => numbers_of(tx, asker, owed.client, address, &contact).await?,
        None => Vec::new(),
    };
    let letters = exhibits(tx, asker, owed, now).await?;
    let stands = state(owed, now.max(owed.opened_at)).map(|(state, _)| state);
    let subject = letters.first().map(|letter| letter.subject.clone()).unwrap_or_default();
    let hold = hold_words(asker, &contact, until);
    let writes = asker.may_act().is_ok() && !drafts::senders(tx, asker).await?.is_empty();
    let mut colleagues: Vec<(String, &str)> = house
        .people
        .iter()
        .filter(|(staff, face)| face.left.is_none() && Some(**staff) != owed.owner)
        .map(|(staff, face)| (staff.0.to_string(), face.name.as_str()))
        .collect();
    colleagues.sort_unstable_by_key(|(_, name)| *name);
    Ok(Opened {
        id: owed.id.to_string(),
        kind: words::kind(owed.kind),
        client: card.map_or("", |card| &card.name),
        client_href: card
            .filter(|card| card.is_confirmed())
            .map(|card: &Card| format!("/clients/{}", card.id.0))
            .unwrap_or_default(),
        writes,
        purposes: if writes { purposes(owed.kind) } else { Vec::new() },
        answer_href: mailto(&email, &subject, ""),
        hold_href: mailto(&email, &subject, &hold),
        hold_words: hold,
        contact,
        email,
        numbers,
        owner: owed.owner.map_or("nobody", |owner| asker.name_of(owner)),
        standin: standin.map(|staff| asker.name_of(staff).to_owned()).unwrap_or_default(),
        due: When::due(owed.due_at, now, &asker.zone),
        why: words::why(owed, now, &asker.zone),
        state: stands.map_or("open", words::state),
        is_owed: stands.is_none_or(|state| state.is_owed()),
        is_upkeep: owed.kind.is_upkeep(),
        is_promise: owed.kind == Kind::Promise,
        answers_at: card
            .filter(|_| {
                owed.kind == Kind::Question && owed.owner == Some(asker.staff) && owed.ended.is_none()
            })
            .filter(|_| owed.evidence.iter().any(|evidence| matches!(evidence.of, Of::Note(_))))
            .map(|card| card.id.0),
        once: now.as_microsecond().to_string(),
        is_proposed_end: owed.ended.is_some_and(|ended| ended.proposed),
        lack: words::lack(owed.kind),
        held: held(tx, asker, owed, now).await?,
        letters,
        until: until.to_zoned(asker.zone.clone()).strftime("%Y-%m-%dT%H:%M").to_string(),
        colleagues,
        reasons: REASONS,
        seen: mark(owed),
        back,
    })
}

/// What the firm said by itself to whoever waits.
async fn held(
    tx: &mut Tx,
    asker: &Asker,
    owed: &Obligation,
    now: Timestamp,
) -> Result<Option<(String, When, String)>> {
    let mut told = holding::store::told(tx, asker.firm, std::iter::once(owed)).await?;
    Ok(told.remove(&owed.id).map(|told| {
        let until = told.until.map(|until| When::new(until, now, &asker.zone).words).unwrap_or_default();
        (told.address, When::new(told.at, now, &asker.zone), until)
    }))
}

/// Letters that fit something owed, the usual one first; a hold and a new date have a form of their own.
fn purposes(kind: Kind) -> Vec<(&'static str, &'static str)> {
    let words = |purpose: Purpose| match purpose {
        Purpose::CheckIn => "Write a short word",
        Purpose::Thanks => "Write thanks",
        Purpose::Answer if kind == Kind::Promise => "Write",
        _ => "Answer",
    };
    let all = [Purpose::Answer, Purpose::CheckIn, Purpose::Thanks];
    all.into_iter()
        .filter(|p| p.suits(kind) && kind != Kind::Question)
        .map(|p| (p.name(), words(p)))
        .collect()
}

async fn mail_of(tx: &mut Tx, asker: &Asker, address: AddressId) -> Result<String> {
    let texts = texts::addresses(tx, asker.firm, [address]).await?;
    Ok(texts
        .get(&address)
        .map(|(text, _)| text.clone())
        .filter(|text| text.contains('@'))
        .unwrap_or_default())
}

/// The numbers of the contact who has an address; `shown` is what the page says of that address already.
async fn numbers_of(
    tx: &mut Tx,
    asker: &Asker,
    client: ClientId,
    address: AddressId,
    shown: &str,
) -> Result<Vec<(String, String)>> {
    let house = &asker.board.firm;
    let who = house.book.directory.who(address);
    let is_theirs = |other: &AddressId| *other == address || house.book.directory.who(*other) == who;
    let has_contact = matches!(who, Who::Client { contact: Some(_), .. });
    let all = house.addresses.get(&client).into_iter().flatten().copied().filter(|_| has_contact);
    let mut theirs: Vec<AddressId> = std::iter::once(address).chain(all.filter(is_theirs)).collect();
    theirs.sort_unstable();
    theirs.dedup();
    let texts = texts::addresses(tx, asker.firm, theirs.iter().copied()).await?;
    let mut numbers = Vec::new();
    for (text, name) in theirs.iter().filter_map(|address| texts.get(address)) {
        // The name of a telephone number is how it was spelled.
        let spelled = if name.is_empty() { text } else { name };
        match tel(spelled).or_else(|| tel(text)) {
            Some(href) if !text.contains('@') => numbers.push((spelled.clone(), href)),
            _ => {}
        }
    }
    numbers.truncate(NUMBERS);
    // A caller who is nobody's contact is called by that number already.
    if let [(only, _)] = &mut numbers[..]
        && only == shown
    {
        "ring".clone_into(only);
    }
    Ok(numbers)
}

/// Noon of the next working day: what a hold offers first.
fn next_noon(asker: &Asker, now: Timestamp) -> Timestamp {
    let book = &asker.board.firm.book;
    let mut day = now.to_zoned(asker.zone.clone()).date();
    for _ in 0..30 {
        day = day.saturating_add(1.day());
        if book.calendar.is_working_day(day) {
            break;
        }
    }
    day.at(12, 0, 0, 0).to_zoned(asker.zone.clone()).map_or(now, |noon| noon.timestamp())
}

fn hold_words(asker: &Asker, contact: &str, until: Timestamp) -> String {
    let by = until.to_zoned(asker.zone.clone()).strftime("%A %-d %B, %H:%M");
    let name = contact.split_whitespace().next().filter(|name| !name.contains('@')).unwrap_or("all");
    let me = asker.name_of(asker.staff);
    format!(
        "Dear {name},\n\nThank you for your message. You will hear from us by {by}.\n\nKind regards\n{me}\n"
    )
}

/// A link that opens the reader's own mail program.
fn mailto(email: &str, subject: &str, body: &str) -> String {
    if email.is_empty() {
        return String::new();
    }
    let subject = if subject.is_empty() { String::new() } else { format!("Re: {subject}") };
    let body = body.replace('\n', "\r\n");
    format!("mailto:{email}?subject={}&body={}", form_urlencoded(&subject), form_urlencoded(&body))
}

/// A note that shows something.
fn noted(
    asker: &Asker,
    entry: Option<&Entry>,
    note: &str,
    evidence: &Evidence,
    (role, when): (&'static str, When),
) -> Exhibit {
    let people = match entry {
        Some(Entry::Note(note)) => format!("{} noted", asker.name_of(note.by)),
        _ => "A note".to_owned(),
    };
    let length = note.chars().count() as u32;
    let (start, end) = evidence.passage.unwrap_or((0, 0));
    let (start, end) = (start.min(length), end.min(length));
    Exhibit {
        role,
        when,
        people,
        subject: String::new(),
        is_far: is_far(scalars(note, 0, start)),
        before: scalars(note, 0, start).to_owned(),
        passage: scalars(note, start, end).to_owned(),
        after: scalars(note, end, length).to_owned(),
    }
}

/// Whether so much stands before a passage that it begins below the box of its letter.
fn is_far(before: &str) -> bool {
    const LETTERS: usize = 900;
    const LINES: usize = 12;
    LETTERS < before.chars().count() || LINES < before.lines().count()
}

/// The letters and calls that show something, in time order; what the asker may not see is left out.
async fn exhibits(tx: &mut Tx, asker: &Asker, owed: &Obligation, now: Timestamp) -> Result<Vec<Exhibit>> {
    let keys: Vec<NaturalKey> = owed.evidence.iter().map(|evidence| evidence.of.key()).collect();
    let notes = texts::notes(tx, asker.firm, keys.iter().copied()).await?;
    let entries = read::entries(tx, asker.firm, &keys).await?;
    let all: FxHashSet<NaturalKey> = entries.iter().map(care::entry::Entry::key).collect();
    let entries = asker.visible(tx, entries).await?;
    let bodies = texts::letters(tx, asker.firm, entries.iter().map(care::entry::Entry::key)).await?;
    let times: FxHashMap<NaturalKey, Timestamp> = entries.iter().map(|e| (e.key(), e.at())).collect();
    // What waits is opened by a whole letter; what it asks for is shown where it stands.
    let asked = stored::asked(tx, asker.firm, &keys).await?;
    let mut exhibits = Vec::new();
    for evidence in &owed.evidence {
        let role = match evidence.role {
            Role::Opened => "",
            Role::Joined => "asked again",
            Role::Moved => "told a new date",
            Role::Ended => "ended it",
        };
        let key = evidence.of.key();
        // What lies in a colleague's mailbox alone proves it as well, and is not shown.
        if all.contains(&key) && !times.contains_key(&key) {
            continue;
        }
        let when = When::new(times.get(&key).copied().unwrap_or(owed.opened_at), now, &asker.zone);
        if let (Of::Note(_), Some(note)) = (evidence.of, notes.get(&key)) {
            exhibits.push(noted(
                asker,
                entries.iter().find(|e| e.key() == key),
                note,
                evidence,
                (role, when),
            ));
            continue;
        }
        let (Of::Message(_), Some(letter)) = (evidence.of, bodies.get(&key)) else {
            let what = match evidence.of {
                Of::Call(_) => "A call",
                Of::Note(_) => "A note",
                Of::Decision(_) => "A colleague's word",
                Of::Message(_) => "A letter whose words were erased",
            };
            let (subject, people) = (what.to_owned(), String::new());
            exhibits.push(Exhibit {
                role,
                when,
                people,
                subject,
                is_far: false,
                before: String::new(),
                passage: String::new(),
                after: String::new(),
            });
            continue;
        };
        let body: String = letter.body.chars().take(LONGEST).collect();
        let length = body.chars().count() as u32;
        let place = match evidence.role {
            Role::Opened | Role::Joined => evidence.passage.or_else(|| asked.get(&key).copied()),
            Role::Moved | Role::Ended => evidence.passage,
        };
        let (start, end) = place.unwrap_or((0, 0));
        let (start, end) = (start.min(length), end.min(length));
        exhibits.push(Exhibit {
            role,
            when,
            people: letter.people.lines().next().unwrap_or_default().to_owned(),
            subject: one_line(reading::letter::base_subject(&letter.subject), SUBJECT),
            is_far: is_far(scalars(&body, 0, start)),
            before: scalars(&body, 0, start).to_owned(),
            passage: scalars(&body, start, end).to_owned(),
            after: scalars(&body, end, length).to_owned(),
        });
    }
    Ok(exhibits)
}
