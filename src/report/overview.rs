//! The findings as a partner would read them with coffee: what matters first, each list short. The terminal and the
//! HTML page show the same overview.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use super::findings::{ClientOutlook, Findings, Owed};
use super::words::counted;

/// How many lines each list shows.
const LINES: usize = 10;

/// Promises that fall due within this time are "running out".
const SOON: SignedDuration = SignedDuration::from_hours(24 * 7);

/// What one page says.
pub struct Overview<'a> {
    /// All that was found.
    pub findings: &'a Findings,
    /// Headline numbers.
    pub headline: Headline,
    /// The clients most likely to feel forgotten.
    pub forgotten: Vec<&'a ClientOutlook>,
    /// Open answers, the longest wait first.
    pub waiting: Vec<&'a Owed>,
    /// Promises past their date, the oldest first.
    pub broken: Vec<&'a Owed>,
    /// Promises still open, the next due first.
    pub promises: Vec<&'a Owed>,
    /// Callers not rung back, the longest wait first.
    pub callers: Vec<&'a Owed>,
    /// Per person of the firm, the most pressed first.
    pub people: Vec<(String, Load)>,
}

/// The numbers at the top.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Headline {
    /// Clients with an open answer.
    pub clients_waiting: usize,
    /// Open answers.
    pub answers: usize,
    /// Open answers past their due moment.
    pub answers_overdue: usize,
    /// Promises past their date and not kept.
    pub promises_broken: usize,
    /// Promises that fall due within a week.
    pub promises_soon: usize,
    /// Callers not rung back.
    pub callbacks: usize,
    /// Clients quiet past the wanted rhythm.
    pub quiet: usize,
    /// Clients at high risk.
    pub high_risk: usize,
}

/// What one person owes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Load {
    /// Open answers.
    pub answers: usize,
    /// Of these, past their due moment.
    pub overdue: usize,
    /// Promises open.
    pub promises: usize,
    /// Promises broken.
    pub broken: usize,
    /// Call-backs open.
    pub callbacks: usize,
}

impl<'a> Overview<'a> {
    /// Sorts the findings for reading.
    pub fn of(findings: &'a Findings) -> Overview<'a> {
        let standing = |kind: &'static str| {
            findings
                .obligations
                .iter()
                .filter(move |o| o.kind == kind && matches!(o.state, "open" | "broken"))
        };
        let mut waiting: Vec<&Owed> = standing("answer").collect();
        waiting.sort_by_key(|o| o.opened_at.clone());
        let (mut broken, mut promises): (Vec<&Owed>, Vec<&Owed>) =
            standing("promise").partition(|o| o.state == "broken");
        broken.sort_by_key(|o| o.due_at.clone());
        promises.sort_by_key(|o| o.due_at.clone());
        let mut callers: Vec<&Owed> = standing("callback").collect();
        callers.sort_by_key(|o| o.opened_at.clone());

        let soon = findings.as_of.0.timestamp() + SOON;
        let mut clients_waiting: Vec<&str> = waiting.iter().map(|o| o.client.as_str()).collect();
        clients_waiting.sort_unstable();
        clients_waiting.dedup();
        let headline = Headline {
            clients_waiting: clients_waiting.len(),
            answers: waiting.len(),
            answers_overdue: waiting.iter().filter(|o| o.overdue).count(),
            promises_broken: broken.len(),
            promises_soon: promises.iter().filter(|o| o.due_at.0.timestamp() <= soon).count(),
            callbacks: callers.len(),
            quiet: standing("check_in").count(),
            high_risk: findings.clients.iter().filter(|c| c.risk == "high").count(),
        };
        let people = by_person(&waiting, &promises, &broken, &callers);
        let forgotten = findings.clients.iter().filter(|c| c.risk != "low").take(LINES).collect();
        for list in [&mut waiting, &mut broken, &mut promises, &mut callers] {
            list.truncate(LINES);
        }
        Overview { findings, headline, forgotten, waiting, broken, promises, callers, people }
    }

    /// The client's name for its id.
    pub fn client(&self, id: &'a str) -> &'a str {
        self.findings.clients.iter().find(|c| c.client == id).map_or(id, |c| c.name.as_str())
    }

    /// The person's name for an address, else the address.
    pub fn person(&self, address: &'a str) -> &'a str {
        self.findings.names.get(address).map_or(address, String::as_str)
    }

    /// How many outside people there are, as they are called: clients only where a list says so.
    pub fn clients(&self) -> String {
        let count = self.findings.counts.clients as usize;
        match self.findings.clients_are_known {
            true => counted(count, "client", "clients"),
            false => counted(count, "correspondent", "correspondents"),
        }
    }
}

fn by_person(
    waiting: &[&Owed],
    promises: &[&Owed],
    broken: &[&Owed],
    callers: &[&Owed],
) -> Vec<(String, Load)> {
    let mut loads: BTreeMap<String, Load> = BTreeMap::new();
    let mut count = |list: &[&Owed], add: fn(&mut Load, &Owed)| {
        for owed in list {
            let owner = owed.owner.clone().unwrap_or_else(|| "nobody".to_owned());
            add(loads.entry(owner).or_default(), owed);
        }
    };
    count(waiting, |load, owed| {
        load.answers += 1;
        load.overdue += usize::from(owed.overdue);
    });
    count(promises, |load, _| load.promises += 1);
    count(broken, |load, _| load.broken += 1);
    count(callers, |load, _| load.callbacks += 1);
    let mut people: Vec<_> = loads.into_iter().collect();
    people.sort_by_key(|(_, load)| {
        std::cmp::Reverse((load.overdue + load.broken, load.answers + load.promises))
    });
    people
}
