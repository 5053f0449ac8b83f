//! The list of clients: searched as one types, filtered, in the order of what is most likely to be lost.

use std::cmp::Reverse;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use care::people::ClientKind;
use jiff::{SignedDuration, Timestamp};
use outlook::{Outlook, Risk};
use serde::Deserialize;

use super::proposed;
use super::search::is_found;
use crate::app::App;
use crate::board::{Asker, Card};
use crate::clients::views::{self, View};
use crate::ids::StaffId;
use crate::record::outlook::Contact;
use crate::report::words::{counted, grouped, how_long, reason};
use crate::today::words::When;
use crate::web::page::{Frame, Notice, page};
use crate::web::trouble::{Trouble, form_urlencoded, is_part};
use crate::web::visitor::Visitor;

/// So many lines are on one page.
const A_PAGE: usize = 50;
/// The page's name in what people keep.
pub(super) const PAGE: &str = "clients";
/// Days of silence that can be asked for.
const SILENCES: [(&str, &str); 4] =
    [("30", "30 days"), ("60", "60 days"), ("90", "90 days"), ("180", "half a year")];
const ORDERS: [(&str, &str); 4] =
    [("", "risk"), ("name", "name"), ("quiet", "longest silence"), ("open", "most open")];
const RISKS: [(&str, &str); 3] = [("high", "high"), ("medium", "medium"), ("low", "low")];
const KINDS: [(&str, &str, &[ClientKind]); 4] = [
    ("", "Clients", &[ClientKind::Organisation, ClientKind::Person]),
    ("prospect", "Prospects", &[ClientKind::Prospect]),
    ("partner", "Partners", &[ClientKind::Partner]),
    ("former", "Former", &[ClientKind::Former]),
];

/// What the address of the page asks for.
#[derive(Debug, Default, Clone, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    tier: String,
    #[serde(default)]
    person: String,
    #[serde(default)]
    risk: String,
    #[serde(default)]
    quiet: String,
    #[serde(default)]
    pub(super) by: String,
    #[serde(default)]
    page: String,
    #[serde(default)]
    said: String,
}

impl Asked {
    /// What is asked for, as a part of an address, with one thing changed.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        let fields = [
            ("q", &self.q),
            ("kind", &self.kind),
            ("tier", &self.tier),
            ("person", &self.person),
            ("risk", &self.risk),
            ("quiet", &self.quiet),
            ("by", &self.by),
        ];
        let mut query = Vec::new();
        for (field, now) in fields {
            let value = if field == name { value } else { now };
            if !value.is_empty() {
                query.push(format!("{field}={}", form_urlencoded(value)));
            }
        }
        if name == "page" && value != "0" {
            query.push(format!("page={value}"));
        }
        query.join("&")
    }

    fn href(&self, name: &str, value: &str) -> String {
        match self.with(name, value).as_str() {
            "" => "/clients".to_owned(),
            query => format!("/clients?{query}"),
        }
    }

    fn page(&self) -> usize {
        self.page.parse().unwrap_or(0).min(100_000)
    }
}

#[derive(Template)]
#[template(path = "clients/list.html")]
struct ListPage<'a> {
    frame: Frame,
    kinds: Vec<Choice>,
    tiers: Vec<Choice>,
    people: Vec<Choice>,
    risks: Vec<Choice>,
    silences: Vec<Choice>,
    orders: Vec<Choice>,
    views: Vec<Choice>,
    kept: Option<i64>,
    can_keep: bool,
    /// Cards that wait for a word; empty for none.
    proposed: String,
    query: String,
    q: String,
    kind: String,
    found: Found<'a>,
}

/// The part that is renewed while one types.
#[derive(Template)]
#[template(path = "clients/_found.html")]
struct FoundPart<'a> {
    found: Found<'a>,
}

struct Found<'a> {
    headline: String,
    empty: &'static str,
    lines: Vec<Line<'a>>,
    more: Option<String>,
    before: Option<String>,
    csv: String,
}

/// Something that can be chosen.
struct Choice {
    value: String,
    words: String,
    href: String,
    is_here: bool,
}

/// One client in the list.
struct Line<'a> {
    id: i64,
    name: &'a str,
    about: String,
    risk: &'static str,
    reasons: String,
    last_in: Option<When>,
    last_out: Option<When>,
    ties: String,
    open: String,
    is_late: bool,
}

/// A client that was found, with what its place in the list depends on.
pub(super) struct Row<'a> {
    pub(super) card: &'a Card,
    pub(super) outlook: Arc<Outlook>,
    pub(super) contact: Arc<Contact>,
    pub(super) open: usize,
    late: usize,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    let found = found(asker, &asked, now);
    if is_part(&headers) {
        return Ok(page(&FoundPart { found })?);
    }
    let mut tx = app.db.read().await?;
    let views = views::of_staff(&mut tx, asker.firm, asker.staff, PAGE).await?;
    let proposed = proposed::waiting(&mut tx, asker).await?;
    tx.commit().await?;
    let query = asked.with("", "");
    let kept = views.iter().find(|view| view.query == query).map(|view| view.id);
    Ok(page(&ListPage {
        frame: Frame::new(&visitor, "clients").with_notice(Notice::said(&asked.said, "")),
        kinds: KINDS
            .iter()
            .map(|(value, words, _)| choice(value, words, asked.href("kind", value), is_kind(&asked, value)))
            .collect(),
        tiers: tiers(asker, &asked),
        people: people(asker, &asked),
        risks: choices(&RISKS, &asked.risk),
        silences: choices(&SILENCES, &asked.quiet),
        orders: choices(&ORDERS, &asked.by),
        can_keep: !query.is_empty() && kept.is_none(),
        kept,
        proposed: match proposed {
            0 => String::new(),
            count => counted(count, "contact is proposed", "contacts are proposed"),
        },
        views: views.into_iter().map(|view| view_choice(view, &query)).collect(),
        query,
        q: asked.q.clone(),
        kind: asked.kind.clone(),
        found,
    })?)
}

fn choice(value: &str, words: &str, href: String, is_here: bool) -> Choice {
    Choice { value: value.to_owned(), words: words.to_owned(), href, is_here }
}

fn choices(all: &[(&str, &str)], here: &str) -> Vec<Choice> {
    all.iter().map(|(value, words)| choice(value, words, String::new(), *value == here)).collect()
}

fn view_choice(view: View, query: &str) -> Choice {
    let is_here = view.query == query;
    Choice { value: view.id.to_string(), href: format!("/clients?{}", view.query), words: view.name, is_here }
}

fn is_kind(asked: &Asked, value: &str) -> bool {
    let known = KINDS.iter().any(|(kind, ..)| *kind == asked.kind);
    value == if known { asked.kind.as_str() } else { "" }
}

/// The clients that somebody sees.
pub(super) fn visible(asker: &Asker) -> impl Iterator<Item = &Card> {
    let house = &asker.board.firm;
    // Who was merged into another is found there.
    house
        .clients
        .values()
        .filter(|card| asker.sees_client(card) && house.book.directory.client(card.id) == card.id)
}

fn tiers(asker: &Asker, asked: &Asked) -> Vec<Choice> {
    let mut tiers: Vec<&str> = visible(asker).filter_map(|card| card.tier.as_deref()).collect();
    tiers.sort_unstable();
    tiers.dedup();
    tiers.into_iter().map(|tier| choice(tier, tier, String::new(), tier == asked.tier)).collect()
}

fn people(asker: &Asker, asked: &Asked) -> Vec<Choice> {
    let mut people: Vec<StaffId> = visible(asker).filter_map(|card| card.point_person).collect();
    people.sort_unstable();
    people.dedup();
    let mut people: Vec<Choice> = people
        .into_iter()
        .map(|staff| {
            let id = staff.0.to_string();
            let is_here = id == asked.person;
            choice(&id, asker.name_of(staff), String::new(), is_here)
        })
        .collect();
    people.sort_by(|a, b| a.words.cmp(&b.words));
    people.push(choice("nobody", "nobody", String::new(), asked.person == "nobody"));
    people
}

fn found<'a>(asker: &'a Asker, asked: &Asked, now: Timestamp) -> Found<'a> {
    let mut rows = rows(asker, asked, now);
    sort(&mut rows, &asked.by, now);
    let (total, skip) = (rows.len(), asked.page() * A_PAGE);
    let high = rows.iter().filter(|row| row.outlook.risk == Risk::High).count();
    let (one, many) = match asked.kind.as_str() {
        "prospect" => ("prospect", "prospects"),
        "partner" => ("partner", "partners"),
        "former" => ("former client", "former clients"),
        _ => ("client", "clients"),
    };
    let headline = match (total, high) {
        (0, _) => String::new(),
        (_, 0) => counted(total, one, many),
        _ => format!("{}, {} at high risk", counted(total, one, many), grouped(high as u64)),
    };
    let lines = rows.iter().skip(skip).take(A_PAGE).map(|row| row_line(asker, row, now)).collect();
    let empty = match asked.with("kind", "").as_str() {
        "" => "Nobody stands here yet. Import your client list, or say on Correspondents who is a client.",
        _ => "Nobody is like that. Take a filter away, or write fewer letters of the name.",
    };
    let to = |page: usize| asked.href("page", &page.to_string());
    Found {
        headline,
        empty,
        lines,
        more: (skip + A_PAGE < total).then(|| to(asked.page() + 1)),
        before: (0 < asked.page()).then(|| to(asked.page() - 1)),
        csv: format!("/clients.csv?{}", asked.with("", "")),
    }
}

pub(super) fn rows<'a>(asker: &'a Asker, asked: &Asked, now: Timestamp) -> Vec<Row<'a>> {
    let kinds =
        KINDS.iter().find(|(kind, ..)| is_kind(asked, kind)).map_or(KINDS[0].2, |(_, _, kinds)| kinds);
    let sought: Vec<String> = asked.q.split_whitespace().take(8).map(str::to_lowercase).collect();
    let quiet = asked.quiet.parse::<i64>().ok().filter(|days| (1..=10_000).contains(days));
    let board = &asker.board;
    visible(asker)
        .filter(|card| kinds.contains(&card.kind))
        .filter(|card| is_found(&card.words, &asked.q, &sought))
        .filter(|card| asked.tier.is_empty() || card.tier.as_deref() == Some(asked.tier.as_str()))
        .filter(|card| match asked.person.as_str() {
            "" => true,
            "nobody" => card.point_person.is_none(),
            id => card.point_person.is_some_and(|staff| staff.0.to_string() == id),
        })
        .map(|card| {
            let owed = board
                .open_at(card.id)
                .iter()
                .filter(|open| asker.sees(open) && open.owed.opened_at <= now && !open.owed.kind.is_upkeep());
            let (open, late) =
                owed.fold((0, 0), |(open, late), one| (open + 1, late + usize::from(one.owed.due_at < now)));
            let (outlook, contact) = (board.outlook(card.id, now), board.contact_with(card.id));
            Row { card, outlook, contact, open, late }
        })
        .filter(|row| asked.risk.is_empty() || row.outlook.risk.name() == asked.risk)
        .filter(|row| {
            let silent = |days: i64| {
                let since = now.saturating_sub(SignedDuration::from_hours(24 * days)).unwrap_or(now);
                last_contact(&row.contact, now).is_none_or(|last| last < since)
            };
            quiet.is_none_or(silent)
        })
        .collect()
}

fn last_contact(contact: &Contact, now: Timestamp) -> Option<Timestamp> {
    contact.last_in(now).max(contact.last_out(now))
}

pub(super) fn sort(rows: &mut [Row<'_>], by: &str, now: Timestamp) {
    match by {
        "name" => rows.sort_by_cached_key(|row| (row.card.name.to_lowercase(), row.card.id)),
        "quiet" => rows.sort_by_cached_key(|row| (last_contact(&row.contact, now), row.card.id)),
        "open" => rows.sort_by_key(|row| (Reverse((row.open, row.late)), row.card.id)),
        _ => rows.sort_by(|a, b| {
            let quiet = |row: &Row<'_>| (row.contact.last_out(now), row.card.id);
            b.outlook.score.total_cmp(&a.outlook.score).then_with(|| quiet(a).cmp(&quiet(b)))
        }),
    }
}

fn row_line<'a>(asker: &'a Asker, row: &Row<'a>, now: Timestamp) -> Line<'a> {
    let card = row.card;
    let person = card.point_person.map(|staff| asker.name_of(staff));
    let tier = card.tier.as_deref().map(|tier| format!("tier {}", tier.to_uppercase()));
    let about = [tier.as_deref(), person].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let open = match (row.open, row.late) {
        (0, _) => "nothing open".to_owned(),
        (open, 0) => format!("{} open", grouped(open as u64)),
        (open, late) => format!("{} open, {} late", grouped(open as u64), grouped(late as u64)),
    };
    let when = |at: Timestamp| When::ago(at, now, &asker.zone);
    Line {
        id: card.id.0,
        name: &card.name,
        about,
        risk: row.outlook.risk.name(),
        reasons: reasons(&row.outlook, now),
        last_in: row.contact.last_in(now).map(when),
        last_out: row.contact.last_out(now).map(when),
        ties: match row.contact.ties() {
            0 => "no tie".to_owned(),
            ties => counted(ties as usize, "tie", "ties"),
        },
        open,
        is_late: 0 < row.late,
    }
}

/// Why somebody may be lost, in words, the heaviest first.
pub(crate) fn reasons(outlook: &Outlook, now: Timestamp) -> String {
    let words = outlook
        .reasons
        .iter()
        .map(|one| format!("{} ({})", reason(one.kind.name()), how_long(now.duration_since(one.since))));
    words.collect::<Vec<_>>().join(", ")
}
