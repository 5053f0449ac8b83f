//! Random histories of the small invented firm.

use care::acts::{Act, ActKind};
use care::entry::{
    Ask, Call, Decision, Delivery, Entry, Means, Message, Note, NoteKind, Of, Subject, Verdict,
};
use care::ids::{AddressId, ClientId, EntryId, NaturalKey, StaffId};
use care::obligation::Kind;
use care::people::Who;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::common::*;

fn addresses() -> impl Strategy<Value = AddressId> {
    prop::sample::select(vec![
        AMY_MAIL, BOB_MAIL, CAT_MAIL, JO, JO_HOME, KIM, ZED, COUNSEL, STRANGER, PARTNER, AMY_PHONE, JO_PHONE,
        ACME_PHONE,
    ])
}

fn clients() -> impl Strategy<Value = ClientId> {
    prop::sample::select(vec![ACME, ZETA, ClientId(40), ClientId(50)])
}

fn people() -> impl Strategy<Value = StaffId> {
    prop::sample::select(vec![AMY, BOB, CAT])
}

/// Whole hours of about three months, so that moments often coincide.
fn moments() -> impl Strategy<Value = Timestamp> {
    (0i64..24 * 90).prop_map(|hours| at("1 00:00") + SignedDuration::from_hours(hours))
}

fn acts() -> impl Strategy<Value = Box<[Act]>> {
    let act = (
        prop::sample::select(ActKind::ALL.to_vec()),
        0u32..60,
        1u32..20,
        0.3f32..1.0,
        prop::option::of(moments()),
        prop::collection::vec(0u32..4, 0..3),
        any::<bool>(),
    );
    let act = act.prop_map(|(kind, start, length, confidence, due, things, in_touch)| Act {
        kind,
        start,
        end: start + length,
        confidence,
        due,
        things: things.into(),
        in_touch,
    });
    prop::collection::vec(act, 0..3).prop_map(Into::into)
}

/// An entry before it has a key: points at others by their place in the history.
#[derive(Debug, Clone)]
enum Step {
    Message(Message, Option<Index>),
    Call(Call),
    Note(Note),
    Decision(Timestamp, StaffId, Plan),
}

#[derive(Debug, Clone)]
enum Plan {
    Judge(u8, Index, Option<Index>, Timestamp, StaffId),
    Upkeep(u8, ClientId, Kind, Timestamp, StaffId),
    Placed(AddressId, Who),
    Merged(ClientId, ClientId),
    Split(ClientId, ClientId, AddressId),
}

const NO_KEY: NaturalKey = NaturalKey(0);

fn message_step() -> impl Strategy<Value = Step> {
    let people =
        (addresses(), prop::collection::vec(addresses(), 0..3), prop::collection::vec(addresses(), 0..2));
    let place = (moments(), 0u64..4, 0u64..3, prop::option::weighted(0.2, any::<Index>()));
    let content = (prop::bool::weighted(0.1), 0.0f32..1.0, any::<bool>(), prop::bool::weighted(0.2), acts());
    let brings = (any::<bool>(), any::<bool>(), prop::collection::btree_set(0u32..4, 0..3));
    let mentions = prop::option::weighted(0.1, clients());
    (people, place, content, brings, mentions).prop_map(
        |((from, to, cc), (at, thread, subject, answers), content, (carries, states, things), mentions)| {
            let (automatic, needs_reply, by_form, only_holds, acts) = content;
            let message = Message {
                entry: EntryId(0),
                key: NO_KEY,
                at,
                thread,
                subject,
                from,
                to: to.into(),
                cc: cc.into(),
                mailbox: None,
                answers: None,
                mentions: mentions.into_iter().collect(),
                automatic,
                needs_reply,
                by_form,
                only_holds,
                delivers: Delivery { carries, states, things: things.into_iter().collect() },
                acts,
            };
            Step::Message(message, answers)
        },
    )
}

fn steps() -> impl Strategy<Value = Step> {
    let call = (moments(), addresses(), addresses(), prop::option::of(0i64..100)).prop_map(
        |(at, from, to, talked)| {
            let talked = talked.map(SignedDuration::from_secs);
            Step::Call(Call { entry: EntryId(0), key: NO_KEY, at, from, to, talked })
        },
    );
    let kinds = prop::sample::select(vec![NoteKind::Call, NoteKind::Meeting, NoteKind::Text]);
    let asks = prop::collection::vec(people(), 0..3).prop_map(|asked| {
        let ask = |(n, staff): (usize, StaffId)| Ask { staff, start: n as u32 * 20, end: n as u32 * 20 + 10 };
        asked.into_iter().enumerate().map(ask).collect()
    });
    let note =
        (moments(), people(), kinds, clients(), prop::collection::vec(addresses(), 0..2), acts(), asks)
            .prop_map(|(at, by, kind, client, with, acts, asks)| {
                let (entry, with) = (EntryId(0), with.into());
                Step::Note(Note { entry, key: NO_KEY, at, by, kind, client, with, acts, asks })
            });
    let judge = (0u8..9, any::<Index>(), prop::option::of(any::<Index>()), moments(), people())
        .prop_map(|(what, on, other, at, staff)| Plan::Judge(what, on, other, at, staff));
    let upkeep_kinds =
        prop::sample::select(vec![Kind::CheckIn, Kind::Cover, Kind::SecondTie, Kind::RecordGap]);
    let upkeep = (0u8..5, clients(), upkeep_kinds, moments(), people())
        .prop_map(|(what, client, kind, at, staff)| Plan::Upkeep(what, client, kind, at, staff));
    let who = prop_oneof![
        clients().prop_map(|client| Who::Client { client, contact: None }),
        people().prop_map(Who::Staff),
        Just(Who::ThirdParty),
        Just(Who::Private),
    ];
    let plan = prop_oneof![
        8 => judge,
        3 => upkeep,
        1 => (addresses(), who).prop_map(|(address, who)| Plan::Placed(address, who)),
        1 => (clients(), clients()).prop_map(|(from, into)| Plan::Merged(from, into)),
        1 => (clients(), clients(), addresses()).prop_map(|(from, into, one)| Plan::Split(from, into, one)),
    ];
    let decision = (moments(), people(), plan).prop_map(|(at, by, plan)| Step::Decision(at, by, plan));
    prop_oneof![10 => message_step(), 2 => call, 1 => note, 4 => decision]
}

/// Up to forty entries of a few people, threads and months, in no order, with decisions about any of them.
pub(crate) fn histories() -> impl Strategy<Value = Vec<Entry>> {
    prop::collection::vec(steps(), 0..40).prop_map(|steps| {
        let kinds: Vec<Of> = steps.iter().enumerate().map(|(i, step)| of(i, step)).collect();
        steps.into_iter().enumerate().map(|(i, step)| entry(i, step, &kinds)).collect()
    })
}

fn of(i: usize, step: &Step) -> Of {
    let key = NaturalKey(1000 + i as u64);
    match step {
        Step::Message(..) => Of::Message(key),
        Step::Call(_) => Of::Call(key),
        Step::Note(_) => Of::Note(key),
        Step::Decision(..) => Of::Decision(key),
    }
}

fn entry(i: usize, step: Step, all: &[Of]) -> Entry {
    let key = all[i].key();
    let entry = EntryId(i as i64);
    match step {
        Step::Message(message, answers) => {
            let answers = answers.map(|index| index.get(all).key());
            Entry::Message(Message { entry, key, answers, ..message })
        }
        Step::Call(call) => Entry::Call(Call { entry, key, ..call }),
        Step::Note(note) => Entry::Note(Note { entry, key, ..note }),
        Step::Decision(at, by, plan) => {
            Entry::Decision(Decision { entry, key, at, by, what: verdict(plan, all) })
        }
    }
}

fn verdict(plan: Plan, all: &[Of]) -> Verdict {
    match plan {
        Plan::Judge(what, on, other, at, staff) => {
            let opened = *on.get(all);
            let subject = Subject { of: opened, passage: other.map(|_| (0, 30)) };
            let ended = other.map_or(opened, |other| *other.get(all));
            match what {
                0 => Verdict::NoAnswerNeeded { message: opened.key() },
                1 => Verdict::AnswerNeeded { message: opened.key() },
                2 => Verdict::NotThatAct { of: opened, passage: (0, 30), kind: ActKind::Promise },
                3 => Verdict::Done { subject, at, means: Means::Phone },
                4 => Verdict::NewDate { subject, at, due: at + SignedDuration::from_hours(50) },
                5 => Verdict::Released { subject },
                6 => Verdict::Owner { subject, staff },
                7 => Verdict::NotTheEnd { opened, ended },
                _ => Verdict::TakenBack { decision: opened.key() },
            }
        }
        Plan::Upkeep(what, client, kind, at, staff) => match what {
            0 => Verdict::Kept { client, kind, at },
            1 => Verdict::Spared { client, kind },
            2 => Verdict::Planned { client, kind, due: at },
            3 => Verdict::PointPerson { client, staff },
            _ => Verdict::Cover { client, away: BOB, cover: staff },
        },
        Plan::Placed(address, who) => Verdict::Placed { address, who },
        Plan::Merged(from, into) => Verdict::Merged { from, into },
        Plan::Split(from, into, address) => Verdict::Split { from, into, addresses: Box::new([address]) },
    }
}
