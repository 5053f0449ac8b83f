//! `regard today`: what is owed, from the record.

use std::collections::HashMap;
use std::io::Write;

use anyhow::{Context, Result, anyhow};
use care::obligation::{Kind, Obligation};
use care::today::{Group, few_a_day, group};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::open::{self, Place};
use super::options;
use crate::config::Flags;
use crate::db::Tx;
use crate::firm;
use crate::ids::FirmId;
use crate::record::{book, owed, project};
use crate::report::findings::Moment;
use crate::report::owed::owed as shown_as;
use crate::report::stored::Shown;
use crate::report::today::{self, Standing, Today};
use crate::today::list::{DoneToday, upkeep_done};
use crate::today::words;

/// Says what is owed in the groups and the order of the page Today: what hurts the client most comes first, each with
/// its passage, since when, and by whom.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  regard today\n  regard today --staff amy@firm.example --kind promise\n  regard today --data /srv/regard --json"
)]
pub(super) struct Args {
    /// Only what this person owes
    #[arg(long, value_name = "EMAIL")]
    staff: Option<String>,
    /// Only this kind: answer, callback, promise, check_in, question, cover, second_tie, record_gap …
    #[arg(long, value_name = "KIND", value_parser = parse_kind)]
    kind: Option<Kind>,
    /// The moment at which the question is asked (RFC 3339); without it now
    #[arg(long, value_name = "MOMENT")]
    now: Option<String>,
    /// Prints one JSON object, with what has ended as well
    #[arg(long)]
    json: bool,
}

fn parse_kind(text: &str) -> Result<Kind, String> {
    Kind::named(&text.replace(['-', ' '], "_")).ok_or_else(|| {
        let names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        format!("there is no such kind; say one of {}", names.join(", "))
    })
}

/// Where each open thing stands on the page Today, and how much upkeep waits for another day.
fn morning(
    all: &[Obligation],
    before_regard: Timestamp,
    now: &Zoned,
    done: DoneToday,
) -> (HashMap<String, Standing>, usize) {
    let day_ends =
        now.tomorrow().and_then(|day| day.start_of_day()).map_or(Timestamp::MAX, |day| day.timestamp());
    let now = now.timestamp();
    let mut open: Vec<&Obligation> =
        all.iter().filter(|owed| owed.opened_at <= now && owed.ended.is_none()).collect();
    open.sort_by_key(|owed| care::today::order(owed, now, day_ends));
    let (mut upkeep, mut rest): (Vec<_>, Vec<_>) =
        open.into_iter().partition(|owed| group(owed, before_regard) == Group::Upkeep);
    let all = upkeep.len();
    few_a_day(&mut upkeep, |owed| owed.owner, done);
    let later = all - upkeep.len();
    rest.extend(upkeep);
    let place = |(at, owed): (usize, &Obligation)| {
        let hurt = care::today::hurt(owed, now, day_ends);
        (owed.id.to_string(), Standing { group: group(owed, before_regard), hurt, at })
    };
    (rest.into_iter().enumerate().map(place).collect(), later)
}

/// What the records lack of whose gaps are open, as sentences.
async fn lacks(
    tx: &mut Tx,
    firm: FirmId,
    all: &[Obligation],
    now: Timestamp,
) -> Result<HashMap<String, String>> {
    let open = |owed: &&Obligation| owed.kind == Kind::RecordGap && owed.ended.is_none();
    let gaps: Vec<&Obligation> = all.iter().filter(open).collect();
    if gaps.is_empty() {
        return Ok(HashMap::new());
    }
    let book = book::load(tx, firm).await?;
    let lack = |owed: &&Obligation| (owed.id.to_string(), words::lack(owed, &book, now).into_owned());
    Ok(gaps.iter().map(lack).collect())
}

/// Runs the command.
pub(super) fn run(args: &Args, place: &Place) -> Result<()> {
    let config = place.config(Flags::default())?;
    let now = options::now(args.now.as_deref())?;
    let today = open::runtime()?.block_on(async {
        let (db, firm) = open::existing(&config).await?;
        let zone =
            TimeZone::get(&firm.zone).map_err(|_| anyhow!("the firm's zone {} is not known", firm.zone))?;
        let mut tx = db.read().await?;
        if project::is_behind(&mut tx, firm.id).await? {
            eprintln!("regard: {}", open::BEHIND);
        }
        let staff = match &args.staff {
            Some(text) => Some(open::staff(&mut tx, firm.id, text).await?),
            None => None,
        };
        let mut all = owed::all(&mut tx, firm.id).await?;
        all.retain(|owed| args.kind.is_none_or(|kind| owed.kind == kind));
        all.retain(|owed| staff.is_none_or(|staff| owed.owner == Some(staff)));
        if !args.json {
            all.retain(|owed| owed.ended.is_none_or(|ended| now < ended.at));
        }
        let day = now.to_zoned(zone.clone());
        let before_regard = firm::store::before_regard(&mut tx, firm.id).await?;
        let done = upkeep_done(&mut tx, firm.id, &day).await?;
        let (places, later) = morning(&all, before_regard, &day, done);
        let shown = Shown::load(&mut tx, firm.id, &all).await?;
        anyhow::Ok(Today {
            as_of: Moment::new(now, &zone),
            obligations: shown_as(&shown, &all, &zone, now),
            clients: shown.client_names(),
            names: shown.names(),
            places,
            lacks: lacks(&mut tx, firm.id, &all, now).await?,
            later,
        })
    })?;
    if args.json {
        return options::print_json(&today);
    }
    let page = today::write(&today, options::width())?;
    anstream::stdout().write_all(page.as_bytes()).context("writing to standard output")
}
