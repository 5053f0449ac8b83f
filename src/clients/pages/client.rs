//! One client: who they are and why they came, what is owed to them, and all that happened.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use care::people::ClientKind;
use care::today::Group;
use jiff::Timestamp;
use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::change;
use super::list::reasons;
use super::people::{self, Person, spelled};
use super::timeline::{self, Timeline};
use crate::app::App;
use crate::board::{Asker, Card};
use crate::clients::people::as_decided;
use crate::clients::{Client, kind_name, store};
use crate::db::Tx;
use crate::departures::{self, Departure, Evidence};
use crate::drafts;
use crate::error::{Error, Result};
use crate::holding;
use crate::ids::{AddressId, ClientId};
use crate::matters;
use crate::record::outlook::Pair;
use crate::record::texts;
use crate::report::words::grouped;
use crate::today::letters;
use crate::today::list::{Filter, Listed, Whose, list};
use crate::today::pages::{Line, line};
use crate::today::words::When;
use crate::web::page::{Frame, Notice, page};
use crate::web::trouble::{Trouble, is_part};
use crate::web::visitor::Visitor;

/// So many ties are named.
const TIES: usize = 8;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    before: String,
    #[serde(default)]
    said: String,
    #[serde(default)]
    undo: String,
}

#[derive(Template)]
#[template(path = "clients/client.html")]
struct ClientPage<'a> {
    frame: Frame,
    here: String,
    id: i64,
    about: About<'a>,
    owed: Vec<Line<'a>>,
    /// What stands elsewhere on Today: in words, and where.
    besides: Vec<(String, String)>,
    timeline: Timeline,
    is_first: bool,
    /// Letters can be written here: a mailbox is connected.
    writes: bool,
}

/// The part that "Earlier" adds.
#[derive(Template)]
#[template(path = "clients/_timeline.html")]
struct TimelinePart {
    here: String,
    id: i64,
    timeline: Timeline,
}

/// Who they are.
struct About<'a> {
    name: &'a str,
    kind: &'static str,
    tier: &'a str,
    since: String,
    point_person: &'a str,
    point_person_id: i64,
    cover: &'a str,
    risk: &'static str,
    reasons: String,
    /// When and why they left, as a sentence; empty while they are here.
    departure: String,
    last_in: Option<When>,
    last_out: Option<When>,
    facts: Vec<(String, String)>,
    people: Vec<Person>,
    /// With whom one may have spoken: address and name.
    partners: Vec<(u32, String)>,
    /// What tells one writing of a note from another.
    once: String,
    matters: Vec<Matter<'a>>,
    ties: Vec<Tie<'a>>,
    colleagues: Vec<(i64, &'a str)>,
    /// The tiers that they may have.
    tiers: Vec<String>,
    merged: Vec<(String, &'a str)>,
}

struct Matter<'a> {
    name: String,
    kind: String,
    handler: &'a str,
    open: bool,
    dates: String,
}

/// Who really talks to whom.
struct Tie<'a> {
    theirs: String,
    ours: &'a str,
    counts: String,
    last: When,
    is_tie: bool,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    let card = find(&app, asker, &id)?;
    let client = card.id;
    if client.0.to_string() != id {
        return Ok(Redirect::to(&format!("/clients/{}", client.0)).into_response());
    }
    let before = timeline::place(&asked.before);
    let is_first = asked.before.is_empty();
    let mut tx = app.db.read().await?;
    let timeline = timeline::page(&mut tx, asker, client, before, now).await?;
    let here = format!("/clients/{id}");
    if is_part(&headers) {
        tx.commit().await?;
        return Ok(page(&TimelinePart { here, id: client.0, timeline })?);
    }
    let about = about(&mut tx, asker, card, now).await?;
    let filter = Filter { whose: Whose::Firm, client: Some(client), most: 20, ..Filter::default() };
    let listed = list(asker, &filter, now);
    let mut openings = letters::openings(&mut tx, asker, listed.shown.iter().map(|s| &s.open.owed)).await?;
    let held = holding::store::told(&mut tx, asker.firm, listed.shown.iter().map(|s| &s.open.owed)).await?;
    let writes = asker.may_act().is_ok() && !drafts::senders(&mut tx, asker).await?.is_empty();
    tx.commit().await?;
    app.seen.note(asker.firm, asker.staff, "saw", format!("client {}", client.0), now);
    let owed = listed.shown.iter().map(|shown| {
        let id = shown.open.owed.id;
        let line = line(asker, shown, openings.remove(&id.0).unwrap_or_default(), now);
        Line { held: held.get(&id).map(|told| When::new(told.at, now, &asker.zone)), ..line }
    });
    let owed: Vec<Line<'_>> = owed.collect();
    let besides = besides(client, &listed, owed.len());
    let notice = Notice::said(&asked.said, &asked.undo);
    let frame = Frame::new(&visitor, "clients").with_notice(notice);
    Ok(page(&ClientPage { frame, here, id: client.0, about, owed, besides, timeline, is_first, writes })?)
}

/// What is owed to a client beside what the page shows of it.
fn besides(client: ClientId, listed: &Listed<'_>, shown: usize) -> Vec<(String, String)> {
    let words = |group, count: usize| match group {
        Group::Owed => format!("{} more", grouped(count as u64)),
        Group::Upkeep => format!("{} of upkeep", grouped(count as u64)),
        Group::Perhaps => format!("{} perhaps", grouped(count as u64)),
        Group::BeforeRegard => format!("{} from before Regard", grouped(count as u64)),
    };
    let of_group = |group: Group| {
        let shown = if group == Group::Owed { shown } else { 0 };
        let count = listed.groups[group as usize].saturating_sub(shown);
        let href = format!("/today?whose=firm&client={}&group={}", client.0, group.name());
        (0 < count).then(|| (words(group, count), href))
    };
    Group::ALL.into_iter().filter_map(of_group).collect()
}

/// The client that an address of a page names, if whoever asks may see it.
pub(crate) fn find<'a>(app: &App, asker: &'a Asker, id: &str) -> Result<&'a Card> {
    let found = id.parse().map_err(|_| Error::NotFound).and_then(|id| asker.client(ClientId(id)));
    if found.is_err() {
        let what: String = id.chars().take(40).collect();
        app.seen.note(asker.firm, asker.staff, "refused", format!("client {what}"), app.now());
    }
    found
}

async fn about<'a>(tx: &mut Tx, asker: &'a Asker, card: &'a Card, now: Timestamp) -> Result<About<'a>> {
    let (house, board) = (&asker.board.firm, &asker.board);
    let client = store::one(tx, asker.firm, card.id).await?;
    let merged = house.merged.iter().filter(|merged| house.book.directory.client(merged.from) == card.id);
    let all: Vec<ClientId> = merged.clone().map(|merged| merged.from).chain([card.id]).collect();
    let (mut contacts, mut matters) = (Vec::new(), Vec::new());
    for client in all {
        contacts.extend(store::contacts_of(tx, asker.firm, client).await?);
        matters.extend(matters::store::of_client(tx, asker.firm, client).await?);
    }
    let theirs = house.addresses.get(&card.id).into_iter().flatten().copied();
    let contacts = as_decided(contacts, &house.book.directory, theirs);
    let contact = board.contact_with(card.id);
    let pairs = by_person(asker, &contact.pairs);
    let numbers = contacts.iter().flat_map(|contact| contact.addresses.iter().copied());
    let texts =
        texts::addresses(tx, asker.firm, numbers.chain(pairs.iter().map(|pair| pair.address))).await?;
    let people = people::shown(asker, card, &contacts, &pairs, &texts);
    let outlook = board.outlook(card.id, now);
    let when = |at: Timestamp| When::ago(at, now, &asker.zone);
    matters.retain(|matter| !asker.is_walled_off(matter.id));
    matters.sort_by_key(|matter| (matter.closed.is_some(), std::cmp::Reverse(matter.opened)));
    let mut colleagues: Vec<(i64, &str)> = house
        .people
        .iter()
        .filter(|(_, face)| face.left.is_none())
        .map(|(staff, face)| (staff.0, face.name.as_str()))
        .collect();
    colleagues.sort_unstable_by_key(|(_, name)| *name);
    let today = now.to_zoned(house.zone.clone()).date();
    let person = card.point_person;
    let cover =
        client.cover.or_else(|| person.and_then(|person| house.book.covering(person, card.id, today, [])));
    Ok(About {
        name: &card.name,
        kind: kind_name(card.kind),
        tier: card.tier.as_deref().unwrap_or_default(),
        since: card.since.map(|day| day.strftime("%-d %B %Y").to_string()).unwrap_or_default(),
        point_person: person.map_or("", |person| asker.name_of(person)),
        point_person_id: person.map_or(0, |person| person.0),
        cover: cover.map_or("", |cover| asker.name_of(cover)),
        risk: outlook.risk.name(),
        reasons: reasons(&outlook, now),
        departure: match card.kind {
            ClientKind::Former => gone(departures::store::last_of(tx, asker.firm, card.id).await?.as_ref()),
            _ => String::new(),
        },
        last_in: contact.last_in(now).map(when),
        last_out: contact.last_out(now).map(when),
        facts: facts(&client),
        partners: people
            .iter()
            .filter(|person| person.by != 0)
            .map(|person| (person.by, person.name.clone()))
            .collect(),
        once: now.as_microsecond().to_string(),
        people,
        matters: matters.into_iter().map(|one| matter(asker, one)).collect(),
        ties: pairs.iter().map(|pair| tie(asker, pair, &texts, now)).collect(),
        colleagues,
        tiers: change::tiers(asker),
        merged: merged.map(|one| merged_line(asker, one)).collect(),
    })
}

/// When and why somebody left, and how that is known.
fn gone(departure: Option<&Departure>) -> String {
    let Some(departure) = departure else { return "They left; nobody noted when or why.".to_owned() };
    let day = |day: jiff::civil::Date| day.strftime("%-d %B %Y").to_string();
    let when = match departure.left {
        Some(left) if left == departure.noticed => format!("They left on {}", day(left)),
        Some(left) => format!("They left on {}, noticed on {}", day(left), day(departure.noticed)),
        None => format!("Noticed on {} that they had left", day(departure.noticed)),
    };
    let why = match departure.reason {
        Some((why, Evidence::Said)) => format!("{}, as they told us", why.name().replace('_', " ")),
        Some((why, Evidence::Think)) => format!("{}, as we think", why.name().replace('_', " ")),
        None => "nobody knows why".to_owned(),
    };
    let words = departure.words.trim();
    let words = if words.is_empty() { String::new() } else { format!(" “{words}”") };
    format!("{when}: {why}.{words}")
}

/// The pairs that talk most, each two people once, by whichever address or number.
fn by_person(asker: &Asker, pairs: &[Pair]) -> Vec<Pair> {
    let contacts = &asker.board.firm.contacts;
    let mut people: Vec<(Option<&String>, Pair)> = Vec::new();
    for pair in pairs {
        let name = contacts.get(&pair.address);
        let same = |(known, one): &&mut (Option<&String>, Pair)| {
            one.staff == pair.staff && (name.is_some() && *known == name)
        };
        match people.iter_mut().find(same) {
            None => people.push((name, *pair)),
            Some((_, one)) => {
                one.heard += pair.heard;
                one.told += pair.told;
                one.last = one.last.max(pair.last);
            }
        }
    }
    let mut pairs: Vec<Pair> = people.into_iter().map(|(_, pair)| pair).collect();
    pairs.sort_by_key(|pair| std::cmp::Reverse((pair.is_tie(), pair.heard + pair.told, pair.last)));
    pairs.truncate(TIES);
    pairs
}

fn merged_line<'a>(asker: &'a Asker, merged: &crate::board::Merged) -> (String, &'a str) {
    let name = asker.board.firm.clients.get(&merged.from).map_or("a client", |card| &card.name);
    (format!("{:016x}", merged.decision.0), name)
}

/// What their list tells beside the rest, and what they are worth.
fn facts(client: &Client) -> Vec<(String, String)> {
    let revenue = client.revenue.as_ref().map(|money| {
        let whole = grouped(money.minor.unsigned_abs() / 100);
        ("Annual revenue".to_owned(), format!("{} {whole}", money.currency))
    });
    let custom = client.custom.iter().filter(|(_, value)| !value.trim().is_empty());
    custom.map(|(name, value)| (spelled(name), value.clone())).chain(revenue).collect()
}

fn matter(asker: &Asker, matter: matters::Matter) -> Matter<'_> {
    let day = |day: jiff::civil::Date| day.strftime("%-d %b %Y").to_string();
    let dates = match (matter.opened, matter.closed) {
        (Some(opened), Some(closed)) => format!("{} to {}", day(opened), day(closed)),
        (Some(opened), None) => format!("since {}", day(opened)),
        (None, Some(closed)) => format!("closed {}", day(closed)),
        (None, None) => String::new(),
    };
    Matter {
        name: matter.name,
        kind: matter.kind,
        handler: matter.handler.map_or("", |staff| asker.name_of(staff)),
        open: matter.closed.is_none(),
        dates,
    }
}

fn tie<'a>(
    asker: &'a Asker,
    pair: &Pair,
    texts: &FxHashMap<AddressId, (String, String)>,
    now: Timestamp,
) -> Tie<'a> {
    let named = asker.board.firm.contacts.get(&pair.address).cloned();
    let met =
        || texts.get(&pair.address).map(|(text, name)| if name.is_empty() { text } else { name }.clone());
    Tie {
        theirs: named.or_else(met).unwrap_or_default(),
        ours: asker.name_of(pair.staff),
        counts: format!(
            "{} times from them, {} from us",
            grouped(pair.heard.into()),
            grouped(pair.told.into())
        ),
        last: When::ago(pair.last, now, &asker.zone),
        is_tie: pair.is_tie(),
    }
}
