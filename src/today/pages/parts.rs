//! The parts of the list under their headings. The heading of a divided list narrows it to what it names.

use care::today::{Group, Hurt};
use jiff::Timestamp;
use rustc_hash::FxHashMap;

use super::{Asked, Line, line};
use crate::board::{Asker, Open};
use crate::today::letters::Opening;
use crate::today::list::{Divided, Filter, Listed};

/// A part of a divided list.
pub(super) struct Part<'a> {
    pub(super) title: String,
    /// The same list with nothing but what the title names; none where it is narrowed to that already.
    pub(super) narrowed: Option<String>,
    /// Its place on the page; empty where nothing leads there.
    pub(super) place: &'static str,
    pub(super) lines: Vec<Line<'a>>,
}

pub(super) fn parts<'a>(
    asker: &'a Asker,
    asked: &Asked,
    listed: &Listed<'a>,
    mut openings: FxHashMap<u64, Opening>,
    now: Timestamp,
) -> Vec<Part<'a>> {
    let filter = asked.filter();
    let mut parts: Vec<Part<'a>> = Vec::new();
    for shown in &listed.shown {
        let opening = openings.remove(&shown.open.owed.id.0).unwrap_or_default();
        let line = line(asker, shown, opening, now);
        let title = match filter.divided {
            Divided::Not if filter.group.unwrap_or(Group::Owed) == Group::Owed => {
                pressing(shown.hurt).to_owned()
            }
            Divided::Not => String::new(),
            Divided::Client => line.heading.to_owned(),
            Divided::Person => {
                shown.open.owed.owner.map_or("Nobody", |owner| asker.name_of(owner)).to_owned()
            }
            Divided::Kind => line.kind.to_owned(),
        };
        let narrowed = narrowed(asked, &filter, shown.open);
        match parts.last_mut() {
            // Two clients may have one name.
            Some(part) if part.title == title && part.narrowed == narrowed => part.lines.push(line),
            _ => parts.push(Part { title, narrowed, place: "", lines: vec![line] }),
        }
    }
    parts
}

/// The address of the list with nothing but what is in one part with this.
fn narrowed(asked: &Asked, filter: &Filter, open: &Open) -> Option<String> {
    let owed = &open.owed;
    match filter.divided {
        Divided::Client if filter.client.is_none() => Some(asked.with("client", &owed.client.0.to_string())),
        Divided::Person if filter.owner.is_none() => {
            owed.owner.map(|owner| asked.with("person", &owner.0.to_string()))
        }
        Divided::Kind if filter.kind.is_none() => Some(asked.with("kind", owed.kind.name())),
        _ => None,
    }
}

/// The parts of a list that is not divided otherwise.
fn pressing(hurt: Hurt) -> &'static str {
    match hurt {
        Hurt::DueToday => "Due today",
        Hurt::Coming => "Coming",
        _ => "Pressing",
    }
}
