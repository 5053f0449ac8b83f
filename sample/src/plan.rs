//! The ordinary life of the firm: which storylines happen to whom, and when.

use jiff::ToSpan;

use crate::prng::Prng;
use crate::story::{Story, stories};
use crate::world::World;

/// How many days the sample looks back.
pub(crate) const DAYS_BACK: i64 = 272;

/// The storylines of matters, by kind of work.
fn library() -> Vec<Story> {
    [
        include_str!("../stories/conveyancing.txt"),
        include_str!("../stories/leases.txt"),
        include_str!("../stories/employment.txt"),
        include_str!("../stories/probate.txt"),
        include_str!("../stories/companies.txt"),
        include_str!("../stories/debts.txt"),
        include_str!("../stories/contracts.txt"),
        include_str!("../stories/disputes.txt"),
    ]
    .into_iter()
    .flat_map(stories)
    .collect()
}

/// Short exchanges that belong to no matter, by whom they suit.
fn everyday() -> Vec<Story> {
    [include_str!("../stories/everyday.txt"), include_str!("../stories/everyday2.txt")]
        .into_iter()
        .flat_map(stories)
        .collect()
}

/// Tells every client's matters and everyday exchanges.
pub(crate) fn ordinary(world: &mut World) {
    let (matters, everyday) = (library(), everyday());
    let mut turn = 0;
    for client in 0..world.people.clients.len() {
        turn = tell_matters(world, &matters, client, turn);
    }
    for client in 0..world.people.clients.len() {
        turn = tell_everyday(world, &everyday, client, turn);
    }
}

fn suits(story: &Story, world: &World, client: usize) -> bool {
    let kind = world.people.clients[client].kind.as_str();
    match story.audience {
        "any" => kind != "partner" && kind != "prospect",
        audience => audience == kind,
    }
}

fn tell_matters(world: &mut World, library: &[Story], client: usize, mut turn: usize) -> usize {
    let row = &world.people.clients[client];
    let id = row.id.clone();
    let mut chance = Prng::of(&format!("matters {id}"));
    let many = match (row.tier.as_str(), row.kind.as_str()) {
        (_, "prospect" | "partner") => 0,
        ("a", _) => chance.between(2, 3),
        ("c", _) => 1,
        _ => chance.between(1, 2),
    };
    let back = DAYS_BACK.min(row.months * 30 - 5).max(20);
    let mut suiting: Vec<&Story> = library.iter().filter(|story| suits(story, world, client)).collect();
    for k in 0..many {
        if suiting.is_empty() {
            break;
        }
        let story = suiting.remove((turn * 5 + chance.below(2)) % suiting.len());
        // Spread over the nine months, the last of them recent enough to be still open.
        let (from, to) = (back - back * k / many, (back - back * (k + 1) / many).max(8));
        let start = world.days.today - chance.between(to.min(from), from).days();
        world.tell(story, client, turn, start, &format!("{id} matter {k}"));
        turn += 1;
    }
    turn
}

fn tell_everyday(world: &mut World, everyday: &[Story], client: usize, mut turn: usize) -> usize {
    let row = &world.people.clients[client];
    let (id, rest) = (row.id.clone(), row.rest);
    let mut chance = Prng::of(&format!("everyday {id}"));
    let back = DAYS_BACK.min(row.months * 30 - 3).max(10);
    let often = match row.tier.as_str() {
        "a" => 16,
        "b" => 12,
        _ => 7,
    };
    let many = (often * back / DAYS_BACK).max(1);
    let suiting: Vec<&Story> = everyday.iter().filter(|story| suits(story, world, client)).collect();
    if suiting.is_empty() {
        return turn;
    }
    let offset = chance.below(suiting.len());
    for k in 0..many {
        let story = suiting[(offset + k as usize) % suiting.len()];
        let ago = back - (back * k + chance.between(0, back)) / many;
        let start = world.days.today - ago.max(rest + 3).max(1).days();
        world.tell(story, client, turn, start, &format!("{id} everyday {k}"));
        turn += 1;
    }
    turn
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_library_is_rich() {
        let stories: Vec<Story> = library().into_iter().chain(everyday()).collect();
        let passages: BTreeSet<&str> =
            stories.iter().flat_map(|s| &s.steps).flat_map(|step| step.passages()).collect();
        assert!(600 <= passages.len(), "{} passages", passages.len());
    }
}
