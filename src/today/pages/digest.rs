//! What a digest by mail says: the same list, order and words as the pages.

use care::today::Hurt;
use jiff::Timestamp;
use outlook::Risk;

use super::{headline, line};
use crate::board::Asker;
use crate::clients::pages::reasons;
use crate::db::Tx;
use crate::error::Result;
use crate::today::letters;
use crate::today::list::{Filter, list};

/// So many things are on one screen.
const SCREEN: usize = 10;
/// So many clients are.
const CLIENTS: usize = 12;

/// What somebody owes this morning.
#[derive(Debug)]
pub(crate) struct Lines {
    /// "3 pressing, 1 due today."
    pub(crate) sum: String,
    /// The first of them, by what hurts most.
    pub(crate) shown: Vec<Owed>,
    /// How many there are besides.
    pub(crate) more: usize,
}

/// Something owed, as a line of a letter.
#[derive(Debug)]
pub(crate) struct Owed {
    pub(crate) id: String,
    pub(crate) client: String,
    pub(crate) what: String,
    pub(crate) due: String,
    pub(crate) is_late: bool,
    pub(crate) words: String,
}

/// A client, as a line of a letter.
#[derive(Debug)]
pub(crate) struct Quiet {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) risk: &'static str,
    pub(crate) reasons: String,
    pub(crate) open: usize,
}

/// What somebody owes at this moment, one screen of it.
pub(crate) async fn morning(tx: &mut Tx, asker: &Asker, now: Timestamp) -> Result<Lines> {
    let listed = list(asker, &Filter { most: SCREEN, ..Filter::default() }, now);
    let mut openings =
        letters::openings(tx, asker, listed.shown.iter().map(|shown| &shown.open.owed)).await?;
    let owed = listed.shown.iter().map(|shown| {
        let opening = openings.remove(&shown.open.owed.id.0).unwrap_or_default();
        let line = line(asker, shown, opening, now);
        let words = match (line.subject.is_empty(), line.passage.is_empty()) {
            (_, true) => line.subject.clone(),
            (true, false) => quoted(&line.passage, line.is_quoted),
            (false, false) => format!("{}: {}", line.subject, quoted(&line.passage, line.is_quoted)),
        };
        Owed {
            id: line.id,
            client: line.heading.to_owned(),
            what: line.kind.to_lowercase(),
            due: line.due.words,
            is_late: line.is_late || shown.hurt == Hurt::DueToday,
            words,
        }
    });
    let shown: Vec<Owed> = owed.collect();
    let sum = headline(&listed, care::today::Group::Owed);
    Ok(Lines { sum, more: listed.total - shown.len(), shown })
}

fn quoted(passage: &str, is_quoted: bool) -> String {
    if is_quoted { format!("“{passage}”") } else { passage.to_owned() }
}

/// The clients whose one face somebody is, those first who may leave or go quiet; none where all are well.
pub(crate) fn clients(asker: &Asker, now: Timestamp) -> Vec<Quiet> {
    let theirs = asker.board.firm.clients.values();
    let theirs = theirs.filter(|card| card.point_person == Some(asker.staff) && asker.sees_client(card));
    let mut rows: Vec<(f64, Quiet)> = theirs
        .filter_map(|card| {
            let outlook = asker.board.outlook(card.id, now);
            let open = asker.board.open_at(card.id).iter().filter(|open| asker.sees(open)).count();
            (Risk::Low < outlook.risk).then(|| {
                let quiet = Quiet {
                    id: card.id.0,
                    name: card.name.clone(),
                    risk: outlook.risk.name(),
                    reasons: reasons(&outlook, now, &asker.zone),
                    open,
                };
                (outlook.score, quiet)
            })
        })
        .collect();
    rows.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.name.cmp(&b.1.name)));
    rows.into_iter().map(|(_, quiet)| quiet).take(CLIENTS).collect()
}
