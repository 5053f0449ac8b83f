//! What somebody owes, by mail: every morning on one screen, and once a week how their clients are.
//!
//! It goes to whoever can sign in and has not said no, when their working day begins, once a day: so nobody is reminded
//! of one thing twice a day.

use std::sync::Arc;

use askama::Template;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use sqlx::{FromRow, query, query_as};
use wire::smtp::Person;

use super::schedule::{Morning, morning};
use super::{By, Notice, put, sender, web_address};
use crate::access::passwords;
use crate::board::{Asker, Board, Boards};
use crate::db::{Db, Durability, Ts, Tx, run, sql};
use crate::error::{Error, Result};
use crate::firm::{self, Firm};
use crate::ids::{FirmId, StaffId};
use crate::record::{changes, project};
use crate::staff;
use crate::today::pages::digest::{self, Lines, Quiet};

const WISHES: &str = "SELECT staff_id, morning, weekly, zone, browser FROM digest_wish WHERE firm_id = $1";
const WISH: &str =
    "INSERT INTO digest_wish (firm_id, staff_id, morning, weekly, zone, browser) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (firm_id, staff_id) DO UPDATE SET morning = excluded.morning, weekly = excluded.weekly,
        zone = excluded.zone, browser = excluded.browser";
const SENT: &str = "SELECT staff_id, kind FROM digest WHERE firm_id = $1 AND day = $2";
const NOTE: &str = "INSERT INTO digest (firm_id, staff_id, kind, day, outgoing_id, made_at)
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (firm_id, staff_id, kind, day) DO NOTHING";
const SENDER: &str = "UPDATE firm SET sender_mailbox_id = $2, web_address = $3 WHERE firm_id = $1";

/// What somebody wants to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Every morning what they owe.
    pub morning: bool,
    /// Every week how their clients are.
    pub weekly: bool,
    /// The zone in which their day begins, by its IANA name; none for the firm's.
    pub zone: Option<String>,
    /// What falls due now, by their browser.
    pub browser: bool,
}

impl Default for Wish {
    fn default() -> Wish {
        Wish { morning: true, weekly: true, zone: None, browser: false }
    }
}

#[derive(FromRow)]
struct WishRow {
    staff_id: i64,
    morning: bool,
    weekly: bool,
    zone: Option<String>,
    browser: bool,
}

/// What somebody wants to be told; all of it where they said nothing.
pub async fn wish(tx: &mut Tx, firm: FirmId, staff: StaffId) -> Result<Wish> {
    let all = wishes(tx, firm).await?;
    Ok(all.into_iter().find(|(one, _)| *one == staff).map(|(_, wish)| wish).unwrap_or_default())
}

async fn wishes(tx: &mut Tx, firm: FirmId) -> Result<Vec<(StaffId, Wish)>> {
    let rows: Vec<WishRow> = sql!(tx, c => query_as(WISHES).bind(firm.0).fetch_all(c).await)?;
    let wish = |row: WishRow| {
        let WishRow { morning, weekly, zone, browser, .. } = row;
        (StaffId(row.staff_id), Wish { morning, weekly, zone, browser })
    };
    Ok(rows.into_iter().map(wish).collect())
}

/// Whether a mailbox can send to somebody what comes every day.
pub async fn reaches(tx: &mut Tx, firm: FirmId, staff: StaffId) -> Result<bool> {
    Ok(sender(tx, firm, staff, By::NamedOrOwn).await?.is_some())
}

/// Says what somebody wants to be told; their open pages hear of it.
pub async fn set_wish(tx: &mut Tx, firm: FirmId, staff: StaffId, wish: &Wish) -> Result<()> {
    if let Some(zone) = &wish.zone {
        TimeZone::get(zone).map_err(|_| Error::invalid("the zone", "is not known; such as Europe/London"))?;
    }
    run!(
        tx,
        query(WISH)
            .bind(firm.0)
            .bind(staff.0)
            .bind(wish.morning)
            .bind(wish.weekly)
            .bind(&wish.zone)
            .bind(wish.browser)
    )?;
    changes::note_besides(tx, firm).await
}

/// Says which mailbox sends such mail for all, and under which address people reach the pages.
pub async fn set_sender(tx: &mut Tx, firm: FirmId, mailbox: Option<i64>, web: Option<&str>) -> Result<()> {
    run!(tx, query(SENDER).bind(firm.0).bind(mailbox).bind(web)).map(drop)
}

/// The address under which people reach the pages, as it is kept: `https://regard.firm.example`.
pub fn web(text: &str) -> Result<Option<String>> {
    let text = text.trim().trim_end_matches('/');
    if text.is_empty() {
        return Ok(None);
    }
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_fit = |rest: &str| {
        !rest.is_empty()
            && rest.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | ':' | '/' | '[' | ']'))
    };
    match rest.is_some_and(is_fit) && text.len() <= 200 {
        true => Ok(Some(text.to_owned())),
        false => {
            Err(Error::invalid("the address", "begins with https://, such as https://regard.firm.example"))
        }
    }
}

/// Who is to be told something at this moment.
struct Due {
    staff: StaffId,
    email: String,
    zone: TimeZone,
    day: Morning,
    /// `morning`, `weekly` or both.
    kinds: Vec<&'static str>,
}

/// Sends what is due at this moment.
pub async fn send(db: &Db, firm: FirmId, now: Timestamp) -> Result<()> {
    let mut tx = db.read().await?;
    // What is owed is not known yet: who looked now would be told of nothing, and of nothing more that day.
    if project::is_behind(&mut tx, firm).await? {
        return Ok(());
    }
    let settings = firm::store::load(&mut tx, firm).await?;
    let due = due(&mut tx, &settings, now).await?;
    tx.commit().await?;
    if due.is_empty() {
        return Ok(());
    }
    // Read for this once: it is not needed again before tomorrow.
    let board = Boards::default().now(db, firm).await?;
    for one in due {
        for kind in &one.kinds {
            tell(db, &settings, &board, &one, kind, now).await?;
        }
    }
    Ok(())
}

async fn due(tx: &mut Tx, settings: &Firm, now: Timestamp) -> Result<Vec<Due>> {
    let calendar = settings.calendar()?;
    let firm = settings.id;
    let wishes = wishes(tx, firm).await?;
    let people = staff::store::all(tx, firm).await?;
    let absences = staff::store::absences(tx, firm).await?;
    let mut due = Vec::new();
    for (staff, email) in passwords::all(tx, firm).await? {
        let wish =
            wishes.iter().find(|(one, _)| *one == staff).map(|(_, wish)| wish.clone()).unwrap_or_default();
        let zone = wish.zone.as_deref().and_then(|zone| TimeZone::get(zone).ok());
        let calendar = zone.map_or_else(|| calendar.clone(), |zone| calendar.in_zone(zone));
        let Some(day) = morning(&calendar, now) else { continue };
        let works_here = people.iter().any(|p| p.id == staff && p.left.is_none_or(|left| day.day <= left));
        let is_away = absences.iter().any(|a| a.staff == staff && a.from <= day.day && day.day <= a.to);
        if !works_here || is_away {
            continue;
        }
        let sent: Vec<(i64, String)> = sql!(tx, c => query_as(SENT).bind(firm.0)
            .bind(day.day.to_string()).fetch_all(c).await)?;
        let wants = [("morning", wish.morning), ("weekly", wish.weekly && day.begins_week)];
        let is_sent = |kind: &str| sent.iter().any(|(one, of)| *one == staff.0 && of == kind);
        let kinds: Vec<&str> = wants
            .into_iter()
            .filter(|(kind, wants)| *wants && !is_sent(kind))
            .map(|(kind, _)| kind)
            .collect();
        if !kinds.is_empty() && sender(tx, firm, staff, By::NamedOrOwn).await?.is_some() {
            due.push(Due { staff, email, zone: calendar.zone().clone(), day, kinds });
        }
    }
    Ok(due)
}

/// Puts one digest on its way; where there is nothing to tell, that day is passed over in silence.
async fn tell(
    db: &Db,
    settings: &Firm,
    board: &Arc<Board>,
    due: &Due,
    kind: &str,
    now: Timestamp,
) -> Result<()> {
    let Some(asker) = Asker::new(settings.id, due.staff, Arc::clone(board), due.day.day) else {
        return Ok(());
    };
    let asker = Asker { zone: due.zone.clone(), ..asker };
    let mut tx = db.write(Durability::Act).await?;
    let day = due.day.day.to_string();
    // Whoever writes this row first tells.
    let noted = run!(
        &mut tx,
        query(NOTE)
            .bind(settings.id.0)
            .bind(due.staff.0)
            .bind(kind)
            .bind(&day)
            .bind(None::<i64>)
            .bind(Ts::from(now))
    )?;
    if noted == 0 {
        return Ok(());
    }
    let web = web_address(&mut tx, settings.id).await?.unwrap_or_default();
    let name = asker.name_of(due.staff).to_owned();
    let to = Person { name: Some(name), address: due.email.clone() };
    let notice = match kind {
        "morning" => {
            let lines = digest::morning(&mut tx, &asker, now).await?;
            (!lines.shown.is_empty()).then(|| of_morning(to, &lines, &web, settings, due)).transpose()?
        }
        _ => {
            let clients = digest::clients(&asker, now);
            (!clients.is_empty()).then(|| of_week(to, &clients, &web, settings)).transpose()?
        }
    };
    if let Some(notice) = notice
        && put(&mut tx, settings.id, due.staff, notice, By::NamedOrOwn, &due.zone, now).await?.is_none()
    {
        // The mailbox went meanwhile: tried again in a moment.
        return Ok(());
    }
    tx.commit().await
}

#[derive(Template)]
#[template(path = "notices/morning.txt")]
struct MorningText<'a> {
    lines: &'a Lines,
    web: &'a str,
    firm: &'a str,
}

#[derive(Template)]
#[template(path = "notices/morning.html")]
struct MorningPage<'a> {
    lines: &'a Lines,
    web: &'a str,
    firm: &'a str,
}

#[derive(Template)]
#[template(path = "notices/week.txt")]
struct WeekText<'a> {
    clients: &'a [Quiet],
    web: &'a str,
    firm: &'a str,
}

#[derive(Template)]
#[template(path = "notices/week.html")]
struct WeekPage<'a> {
    clients: &'a [Quiet],
    web: &'a str,
    firm: &'a str,
}

fn of_morning(to: Person, lines: &Lines, web: &str, settings: &Firm, due: &Due) -> Result<Notice> {
    let firm = settings.name.as_str();
    Ok(Notice {
        to,
        subject: format!("{}: {}", due.day.day.strftime("%A %-d %B"), lines.sum),
        text: rendered(&MorningText { lines, web, firm })?,
        html: rendered(&MorningPage { lines, web, firm })?,
    })
}

fn of_week(to: Person, clients: &[Quiet], web: &str, settings: &Firm) -> Result<Notice> {
    let firm = settings.name.as_str();
    Ok(Notice {
        to,
        subject: format!("Your clients this week · {firm}"),
        text: rendered(&WeekText { clients, web, firm })?,
        html: rendered(&WeekPage { clients, web, firm })?,
    })
}

fn rendered(template: &impl Template) -> Result<String> {
    template.render().map_err(|e| Error::Unexpected(anyhow::anyhow!("a digest: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_pages_is_one() {
        assert_eq!(
            web(" https://regard.firm.example/ ").unwrap().as_deref(),
            Some("https://regard.firm.example")
        );
        assert_eq!(web("http://127.0.0.1:4646").unwrap().as_deref(), Some("http://127.0.0.1:4646"));
        assert_eq!(web("").unwrap(), None);
        for wrong in ["regard.firm.example", "javascript:alert(1)", "https://a\" onclick=", "https://"] {
            assert!(web(wrong).is_err(), "{wrong}");
        }
    }
}
