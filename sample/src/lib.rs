//! Tidd & Farrow of Wexcombe: an invented law firm with nine months of mail, calls and lists, made from a date.
//!
//! Everything is pure: the same date and zone give the same bytes. Nobody in it exists; addresses lie under
//! `.example`, or have an underscore before `@gmail.com`, which no real address there can have.

mod agenda;
mod blanks;
mod boxes;
mod calendar;
mod calls;
mod encode;
mod leavers;
mod lists;
mod machines;
mod mail;
mod noise;
mod people;
mod placed;
mod plan;
mod prng;
mod quote;
mod story;
mod voice;
mod weave;
mod world;

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

pub use placed::{CallRef, Expected, Opener};

use calendar::Days;
use world::World;

/// The firm on the morning of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleFirm {
    /// What lies on disk: relative path (with `/`) and content.
    pub files: Vec<(String, Vec<u8>)>,
    /// The situations that were placed on purpose, as they stand at 09:00 of that day.
    pub expected: Vec<Expected>,
}

/// Makes the firm as it stands at 09:00 on `today` in `zone`.
///
/// A day before 1990 or after 2080 is taken as the nearest in between, since mail has no other dates.
pub fn firm(today: Date, zone: &TimeZone) -> SampleFirm {
    let today = today.clamp(date(1990, 1, 1), date(2080, 12, 31));
    let mut world = World::new(Days::new(today, zone));
    plan::ordinary(&mut world);
    placed::place(&mut world);
    noise::add(&mut world);
    calls::add(&mut world);
    world.mails.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    world.calls.sort_by(|a, b| (a.at, &a.from, &a.to).cmp(&(b.at, &b.from, &b.to)));
    let mut files = boxes::files(&world);
    files.extend(lists::files(&world));
    SampleFirm { files, expected: world.expected }
}
