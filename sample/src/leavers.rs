//! Clients who left before the nine months: when, when that was noticed, and why.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::world::World;

/// A client who left.
pub(crate) struct Leaver {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    /// How many months ago they came.
    came: i64,
    /// How many days ago they had gone.
    gone: i64,
    /// How many days later somebody noticed.
    noticed: i64,
    pub(crate) reason: &'static str,
    pub(crate) evidence: &'static str,
    pub(crate) words: &'static str,
}

/// A row: id, name, came, gone, noticed, reason, evidence, words.
type Row = (&'static str, &'static str, i64, i64, i64, &'static str, &'static str, &'static str);

const ROWS: [Row; 10] = [
    (
        "f01",
        "Brackley Nurseries",
        96,
        700,
        75,
        "felt_forgotten",
        "said",
        "After the lease was signed we never heard from you again.",
    ),
    (
        "f02",
        "Orme & Daughters",
        61,
        655,
        4,
        "competitor",
        "said",
        "A firm in the city does it at a fixed price.",
    ),
    ("f03", "Mrs Ilse Hartnoll", 140, 610, 12, "died", "said", ""),
    (
        "f04",
        "Saltmarsh Kayaks",
        44,
        580,
        120,
        "felt_forgotten",
        "think",
        "Nobody had written to them for seven months.",
    ),
    (
        "f05",
        "Pym Roofing",
        38,
        520,
        31,
        "dissatisfied",
        "said",
        "The second bill was twice what we had been told.",
    ),
    (
        "f06",
        "Dr Anselm Reyes",
        70,
        470,
        45,
        "felt_forgotten",
        "said",
        "I rang twice about the will, and nobody rang back.",
    ),
    ("f07", "Tolland Mill Bakery", 52, 430, 8, "moved", "said", "We have closed the shop and gone to Spain."),
    (
        "f08",
        "Kestrel Lettings",
        83,
        390,
        90,
        "felt_forgotten",
        "think",
        "Their contact here left, and nobody took them over.",
    ),
    ("f09", "Vane Furniture", 29, 350, 20, "friend", "said", "My brother-in-law has joined a practice."),
    ("f10", "Mr Hugh Penrose", 47, 310, 25, "", "", ""),
];

/// All of them.
pub(crate) fn all() -> impl Iterator<Item = Leaver> {
    ROWS.into_iter().map(|(id, name, came, gone, noticed, reason, evidence, words)| Leaver {
        id,
        name,
        came,
        gone,
        noticed,
        reason,
        evidence,
        words,
    })
}

impl Leaver {
    pub(crate) fn since(&self, world: &World) -> Date {
        world.days.today - self.came.months()
    }

    pub(crate) fn left(&self, world: &World) -> Date {
        world.days.today - self.gone.days()
    }

    pub(crate) fn noticed(&self, world: &World) -> Date {
        world.days.working(self.left(world) + self.noticed.days(), 0)
    }
}
