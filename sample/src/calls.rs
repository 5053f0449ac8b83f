//! The telephone: ordinary calls in both directions, a few of them missed and returned.

use jiff::{SignedDuration, ToSpan};

use crate::people::DEE;
use crate::plan::DAYS_BACK;
use crate::prng::Prng;
use crate::world::{Call, World};

/// How many ordinary calls there are besides those of the storylines.
const CALLS: i64 = 470;

/// Rings through the nine months. Missed calls are returned the same day here; those that are not are placed by hand.
pub(crate) fn add(world: &mut World) {
    let mut chance = Prng::of("calls");
    let served: Vec<usize> = (0..world.people.clients.len()).collect();
    for _ in 0..CALLS {
        let client = &world.people.clients[*chance.pick(&served)];
        let Some(&contact) = client.contacts.get(chance.below(client.contacts.len())) else { continue };
        let latest = if 0 < client.rest { client.rest + 3 } else { 1 };
        let earliest = DAYS_BACK.min(client.months * 30 - 4).max(latest + 1);
        let day = world.days.today - chance.between(latest, earliest).days();
        if !world.days.works(day) {
            continue;
        }
        let desk = if chance.chance(35) { DEE } else { client.point.unwrap_or(DEE) };
        let at = world.days.at(day, 9, 2, 0) + SignedDuration::from_secs(chance.between(0, 7 * 3600));
        let (theirs, ours) = (world.person(contact).phone.clone(), world.person(desk).phone.clone());
        let outgoing = chance.chance(40);
        let (from, to) =
            if outgoing { (ours.clone(), theirs.clone()) } else { (theirs.clone(), ours.clone()) };
        let missed = !outgoing && chance.chance(22);
        let seconds = if missed { 0 } else { chance.between(34, 900) };
        world.calls.push(Call { at, from, to, outgoing, seconds });
        if missed {
            let back = at + SignedDuration::from_mins(chance.between(8, 50));
            let seconds = chance.between(45, 700);
            world.calls.push(Call { at: back, from: ours, to: theirs, outgoing: true, seconds });
        }
    }
}
