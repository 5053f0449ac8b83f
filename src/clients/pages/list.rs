//! The list of clients: searched as one types, filtered, in the order of what is most likely to be lost.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use care::people::ClientKind;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use outlook::{Outlook, Risk};

use super::proposed;
use super::rows::{
    Asked, Departures, FORMER, FORMER_ORDERS, KINDS, ORDERS, Row, departures, is_kind, rows, sort, visible,
};
use crate::app::App;
use crate::board::Asker;
use crate::clients::views::{self, View};
use crate::departures;
use crate::ids::StaffId;
use crate::report::words::{counted, grouped, how_long_so, reason};
use crate::text::bound;
use crate::today::words::When;
use crate::web::forms::Query;
use crate::web::page::{Frame, Notice, page};
use crate::web::trouble::{Trouble, is_part};
use crate::web::visitor::Visitor;

/// So many lines are on one page.
const A_PAGE: usize = 50;
/// The page's name in what people keep.
pub(super) const PAGE: &str = "clients";
/// Days of silence that can be asked for.
const SILENCES: [(&str, &str); 4] =
    [("30", "30 days"), ("60", "60 days"), ("90", "90 days"), ("180", "half a year")];
const RISKS: [(&str, &str); 3] = [("high", "high"), ("medium", "medium"), ("low", "low")];

#[derive(Template)]
#[template(path = "clients/list.html")]
struct ListPage<'a> {
    frame: Frame,
    kinds: Vec<Choice>,
    tiers: Vec<Choice>,
    people: Vec<Choice>,
    risks: Vec<Choice>,
    has_risks: bool,
    silences: Vec<Choice>,
    orders: Vec<Choice>,
    views: Vec<Choice>,
    /// The view that is shown: its id, and its name, which where there is little room stands whole here alone.
    kept: Option<(i64, String)>,
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
    /// When and why they left; empty while they are here.
    departure: String,
    last_in: Option<When>,
    last_out: Option<When>,
    ties: String,
    open: String,
    is_late: bool,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    let mut tx = app.db.read().await?;
    let departures = departures(&mut tx, asker, &asked).await?;
    let found = found(asker, &asked, &departures, now);
    if is_part(&headers) {
        tx.commit().await?;
        return Ok(page(&FoundPart { found })?);
    }
    let views = views::of_staff(&mut tx, asker.firm, asker.staff, PAGE).await?;
    let proposed = proposed::waiting(&mut tx, asker).await?;
    tx.commit().await?;
    let query = asked.with("", "");
    let kept = views.iter().find(|view| view.query == query).map(|view| (view.id, view.name.clone()));
    Ok(page(&ListPage {
        frame: Frame::new(&visitor, "clients").with_notice(Notice::said(&asked.said, &asked.undo)),
        kinds: KINDS
            .iter()
            .map(|(value, words, _)| choice(value, words, asked.href("kind", value), is_kind(&asked, value)))
            .collect(),
        tiers: tiers(asker, &asked),
        people: people(asker, &asked),
        risks: choices(&RISKS, &asked.risk),
        silences: choices(&SILENCES, &asked.quiet),
        orders: match is_kind(&asked, FORMER) {
            true => choices(&FORMER_ORDERS, &asked.by),
            false => choices(&ORDERS, &asked.by),
        },
        // Nobody weighs whether those who left will go.
        has_risks: !is_kind(&asked, FORMER),
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

fn found<'a>(asker: &'a Asker, asked: &Asked, departures: &'a Departures, now: Timestamp) -> Found<'a> {
    let mut rows = rows(asker, asked, departures, now);
    sort(&mut rows, asked, now);
    let (total, skip) = (rows.len(), asked.page() * A_PAGE);
    let high = rows.iter().filter(|row| row.outlook.risk == Risk::High).count();
    let (one, many) = match asked.kind.as_str() {
        "prospect" => ("prospect", "prospects"),
        "partner" => ("partner", "partners"),
        FORMER => ("former client", "former clients"),
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
        reasons: bound(&reasons(&row.outlook, now, &asker.zone)),
        departure: match card.kind {
            ClientKind::Former => bound(&departures::in_words(row.departure)),
            _ => String::new(),
        },
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
pub(crate) fn reasons(outlook: &Outlook, now: Timestamp, zone: &TimeZone) -> String {
    let now = now.to_zoned(zone.clone());
    let words = outlook.reasons.iter().map(|one| {
        let name = one.kind.name();
        format!("{} ({})", reason(name), how_long_so(name, &one.since.to_zoned(zone.clone()), &now))
    });
    words.collect::<Vec<_>>().join(", ")
}
