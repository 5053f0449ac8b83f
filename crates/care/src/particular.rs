//! What a client's record tells of them beside what happened: why they came, their circumstances, and so on.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::StaffId;

/// Something that whoever speaks with a client should know of them, in words of the firm's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Particular {
    /// Why they came to us.
    WhyCame,
    /// How they live, or what their house is like and what moves it.
    Circumstances,
    /// What they expect of us.
    Expectations,
    /// How they like to be reached.
    Channel,
    /// How they heard of us.
    HeardOfUs,
}

impl Particular {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Particular; 5] = [
        Particular::WhyCame,
        Particular::Circumstances,
        Particular::Expectations,
        Particular::Channel,
        Particular::HeardOfUs,
    ];

    /// The word in lists, tables, standards and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Particular::WhyCame => "why_came",
            Particular::Circumstances => "circumstances",
            Particular::Expectations => "expectations",
            Particular::Channel => "channel",
            Particular::HeardOfUs => "heard_of_us",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Particular> {
        Particular::ALL.into_iter().find(|particular| particular.name() == name)
    }
}

/// Some of them, each once.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Particular>", into = "Vec<Particular>")]
pub struct Particulars(u8);

impl Particulars {
    /// None of them.
    pub const NONE: Particulars = Particulars(0);

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether this one is among them.
    pub fn has(self, one: Particular) -> bool {
        self.0 & bit(one) != 0
    }

    /// Each of them, in the order of [`Particular::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Particular> {
        Particular::ALL.into_iter().filter(move |one| self.has(*one))
    }
}

fn bit(one: Particular) -> u8 {
    1 << one as u8
}

impl FromIterator<Particular> for Particulars {
    fn from_iter<I: IntoIterator<Item = Particular>>(all: I) -> Particulars {
        Particulars(all.into_iter().fold(0, |bits, one| bits | bit(one)))
    }
}

impl From<Vec<Particular>> for Particulars {
    fn from(all: Vec<Particular>) -> Particulars {
        all.into_iter().collect()
    }
}

impl From<Particulars> for Vec<Particular> {
    fn from(all: Particulars) -> Vec<Particular> {
        all.iter().collect()
    }
}

impl fmt::Debug for Particulars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// That a client's record tells a particular, since when and until when. The words stay with its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// What it tells.
    pub what: Particular,
    /// Since when; none where a list told it, which holds since they are a client.
    pub from: Option<Timestamp>,
    /// Until when: it was taken away then, or written anew; none while it stands.
    pub until: Option<Timestamp>,
    /// Who wrote it.
    pub by: Option<StaffId>,
}

impl Told {
    /// As a list tells it.
    pub fn listed(what: Particular) -> Told {
        Told { what, from: None, until: None, by: None }
    }

    /// Whether it stands at a moment.
    pub fn stands(&self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= at) && self.until.is_none_or(|until| at < until)
    }
}

/// Of some particulars, those that nothing tells at a moment.
pub fn lacking(wanted: Particulars, told: &[Told], at: Timestamp) -> Particulars {
    wanted.iter().filter(|what| !told.iter().any(|one| one.what == *what && one.stands(at))).collect()
}
