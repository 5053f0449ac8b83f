//! Searching: clients, people and letters by their words, as far as whoever asks may see them.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use care::entry::Entry;
use jiff::Timestamp;
use serde::Deserialize;
use wire::calls::number_key;

use super::rows::visible;
use crate::app::App;
use crate::board::Asker;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::EntryId;
use crate::record::{read, texts, timeline};
use crate::report::words::{SUBJECT, grouped, one_line};
use crate::today::words::When;
use crate::web::csv::export;
use crate::web::forms::Query;
use crate::web::page::{Frame, Notice, page};
use crate::web::trouble::{Trouble, form_urlencoded};
use crate::web::visitor::Visitor;

/// So many clients are shown.
const CLIENTS: usize = 10;
/// So many letters are shown.
const LETTERS: usize = 30;
/// So many letters are looked at before saying that no more can be seen: most hits are of clients.
const LOOKED_AT: usize = 400;
/// So many for a file: all that the index of words gives.
const A_FILE: usize = 2000;
/// So many of these are asked for first: mostly enough of them may be seen.
const READ_FIRST: usize = 2 * LETTERS;
/// Longer questions are cut.
const LONGEST: usize = 200;
/// Fewer digits are no telephone number.
const SHORTEST_NUMBER: usize = 5;
/// So much of a letter is shown.
const GIST: usize = 180;
const HEAD: [&str; 4] = ["at", "people", "subject", "words"];

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    said: String,
    #[serde(default)]
    undo: String,
}

impl Asked {
    fn typed(&self) -> String {
        self.q.trim().chars().filter(|c| !c.is_control()).take(LONGEST).collect()
    }
}

#[derive(Template)]
#[template(path = "clients/search.html")]
struct SearchPage<'a> {
    frame: Frame,
    q: String,
    here: String,
    clients: Vec<(i64, &'a str, String)>,
    more_clients: Option<(String, String)>,
    letters: Vec<Letter>,
}

struct Letter {
    id: i64,
    people: String,
    when: When,
    subject: String,
    gist: String,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    let q = asked.typed();
    let sought = Sought::of(&q);
    let mut found: Vec<_> =
        visible(asker).filter(|card| !sought.words.is_empty() && sought.is_in(&card.words)).collect();
    // Whose name begins like that comes first.
    let begins =
        |name: &str| sought.words.first().is_some_and(|word| name.to_lowercase().starts_with(word.as_str()));
    found.sort_by_cached_key(|card| (!begins(&card.name), card.name.to_lowercase(), card.id));
    let more = found.len().saturating_sub(CLIENTS);
    let more_clients =
        (0 < more).then(|| (grouped(more as u64), format!("/clients?q={}", form_urlencoded(&q))));
    let clients = found
        .into_iter()
        .take(CLIENTS)
        .map(|card| {
            let person = card.point_person.map(|staff| asker.name_of(staff)).unwrap_or_default();
            (card.id.0, card.name.as_str(), person.to_owned())
        })
        .collect();
    let here = format!("/search?q={}", form_urlencoded(&q));
    let mut tx = app.db.read().await?;
    let letters = letters(&mut tx, asker, &q, (LETTERS, LOOKED_AT), now).await?;
    tx.commit().await?;
    if !letters.is_empty() {
        // What was sought may be the name of somebody whom nobody has confirmed.
        app.seen.note(asker.firm, asker.staff, "saw", "letters that a search found".to_owned(), now);
    }
    let frame = Frame::new(&visitor, "search").with_notice(Notice::said(&asked.said, &asked.undo));
    Ok(page(&SearchPage { frame, here, q, clients, more_clients, letters })?)
}

/// The letters that are found, as many as the index of words gives.
pub(super) async fn csv(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    let mut tx = app.db.read().await?;
    let letters = letters(&mut tx, asker, &asked.typed(), (usize::MAX, A_FILE), now).await?;
    tx.commit().await?;
    let row = |one: Letter| vec![one.when.machine, one.people, one.subject, one.gist];
    Ok(export(&app, asker, "letters.csv", &HEAD, letters.into_iter().map(row).collect()).await?)
}

/// What is looked for among clients.
pub(super) struct Sought {
    words: Vec<String>,
    /// The telephone number that was typed, as numbers are compared.
    number: Option<String>,
}

impl Sought {
    pub(super) fn of(typed: &str) -> Sought {
        let digits = typed.chars().filter(char::is_ascii_digit).count();
        let spelling = |c: char| c.is_ascii_digit() || c.is_whitespace() || "+-./()".contains(c);
        let is_number = SHORTEST_NUMBER <= digits && typed.chars().all(spelling);
        Sought {
            words: typed.split_whitespace().take(8).map(str::to_lowercase).collect(),
            number: number_key(typed).filter(|_| is_number),
        }
    }

    /// Whether a client's words hold all that is sought, or a number of its people is the one that is sought, however
    /// either is spelled.
    pub(super) fn is_in(&self, words: &str) -> bool {
        let is_number = |number: &String| words.split_whitespace().any(|word| word.ends_with(number));
        self.words.iter().all(|word| words.contains(word.as_str()))
            || self.number.as_ref().is_some_and(is_number)
    }
}

/// The newest letters that hold all the words and that whoever asks may see: how many at most, and how many are looked at.
async fn letters(
    tx: &mut Tx,
    asker: &Asker,
    q: &str,
    (most, looked_at): (usize, usize),
    now: Timestamp,
) -> Result<Vec<Letter>> {
    let mut entries = Vec::new();
    let mut read = 0;
    for upto in [READ_FIRST, looked_at] {
        let hits = texts::search(tx, asker.firm, q, upto).await?;
        let found = read::by_ids(tx, asker.firm, hits.get(read..).unwrap_or_default()).await?;
        entries.extend(asker.visible(tx, found).await?);
        read = hits.len();
        if read < upto || most <= entries.len() {
            break;
        }
    }
    entries.sort_by_key(|entry| std::cmp::Reverse((entry.at(), entry.id())));
    entries.truncate(most);
    let ids: Vec<EntryId> = entries.iter().map(Entry::id).collect();
    let words = timeline::words(tx, asker.firm, &ids).await?;
    let people = texts::people(tx, asker.firm, &ids).await?;
    Ok(entries
        .iter()
        .map(|entry| {
            let line = words.messages.get(&entry.id());
            let names = people.get(&entry.id()).map_or("", String::as_str);
            Letter {
                id: entry.id().0,
                people: names.lines().take(2).map(name_of).collect::<Vec<_>>().join(" to "),
                when: When::new(entry.at(), now, &asker.zone),
                subject: line
                    .map(|line| one_line(reading::letter::base_subject(&line.subject), SUBJECT))
                    .unwrap_or_default(),
                gist: line.map(|line| one_line(&line.gist, GIST)).unwrap_or_default(),
            }
        })
        .collect())
}

/// The name in `Name <address>`, else the address.
fn name_of(person: &str) -> &str {
    match person.split_once(" <") {
        Some((name, _)) if !name.trim().is_empty() => name.trim(),
        _ => person.trim(),
    }
}
