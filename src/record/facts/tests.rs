use care::acts::{Act, ActKind};
use care::entry::{
    Ask, Call, Decision, Delivery, Entry, Means, Message, Note, NoteKind, Of, Subject, Verdict,
};
use care::obligation::{Ended, Ending, Evidence, Kind, Obligation, ObligationId, Role};
use care::people::Who;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use reading::letter::Fingerprint;

use super::*;
use crate::ids::ContactId;

fn at() -> impl Strategy<Value = Timestamp> {
    let (first, last) = (Timestamp::MIN.as_microsecond(), Timestamp::MAX.as_microsecond());
    (first..=last).prop_map(|micros| Timestamp::from_microsecond(micros).unwrap())
}

fn addresses() -> impl Strategy<Value = Box<[AddressId]>> {
    prop::collection::vec(any::<u32>().prop_map(AddressId), 0..4).prop_map(Into::into)
}

fn hashes() -> impl Strategy<Value = Box<[u32]>> {
    prop::collection::vec(any::<u32>(), 0..4).prop_map(Into::into)
}

fn of() -> impl Strategy<Value = Of> {
    (0..4, any::<u64>()).prop_map(|(kind, key)| match kind {
        0 => Of::Message(NaturalKey(key)),
        1 => Of::Call(NaturalKey(key)),
        2 => Of::Note(NaturalKey(key)),
        _ => Of::Decision(NaturalKey(key)),
    })
}

fn act() -> impl Strategy<Value = Act> {
    let kind = prop::sample::select(ActKind::ALL.to_vec());
    (kind, any::<u32>(), any::<u32>(), 0f32..=1.0, prop::option::of(at()), hashes(), any::<bool>()).prop_map(
        |(kind, start, end, confidence, due, things, in_touch)| Act {
            kind,
            start,
            end,
            confidence,
            due,
            things,
            in_touch,
        },
    )
}

fn acts() -> impl Strategy<Value = Box<[Act]>> {
    prop::collection::vec(act(), 0..4).prop_map(Into::into)
}

fn who() -> impl Strategy<Value = Who> {
    let client = (any::<i64>(), prop::option::of(any::<i64>())).prop_map(|(client, contact)| Who::Client {
        client: ClientId(client),
        contact: contact.map(ContactId),
    });
    prop_oneof![
        any::<i64>().prop_map(|id| Who::Staff(StaffId(id))),
        client,
        any::<i64>().prop_map(|id| Who::Partner(ClientId(id))),
        prop::sample::select(vec![Who::ThirdParty, Who::Private, Who::Robot, Who::Unplaced]),
    ]
}

/// Every verdict there is; the match makes a new one fail to compile until it is here.
fn verdicts() -> impl Strategy<Value = Verdict> {
    let subject =
        (of(), prop::option::of(any::<(u32, u32)>())).prop_map(|(of, passage)| Subject { of, passage });
    let kind = prop::sample::select(Kind::ALL.to_vec());
    (
        0..19,
        (of(), of(), subject, act(), who()),
        (at(), at(), addresses()),
        (any::<i64>(), any::<i64>(), any::<i64>(), kind),
    )
        .prop_map(|(which, (of, other, subject, act, who), (at, due, addresses), (a, b, c, kind))| {
            let (message, client, staff) = (of.key(), ClientId(a), StaffId(b));
            let all = [
                Verdict::NoAnswerNeeded { message },
                Verdict::AnswerNeeded { message },
                Verdict::NotThatAct { of, passage: (act.start, act.end), kind: act.kind },
                Verdict::ThatAct { of, act },
                Verdict::Done { subject, at, means: Means::Meeting },
                Verdict::NewDate { subject, at, due },
                Verdict::Released { subject },
                Verdict::Owner { subject, staff },
                Verdict::Confirmed { opened: of, ended: other },
                Verdict::NotTheEnd { opened: of, ended: other },
                Verdict::Kept { client, kind, at },
                Verdict::Spared { client, kind },
                Verdict::Planned { client, kind, due },
                Verdict::PointPerson { client, staff },
                Verdict::Cover { client, away: staff, cover: StaffId(c) },
                Verdict::Placed { address: AddressId(b as u32), who },
                Verdict::Merged { from: client, into: ClientId(c) },
                Verdict::Split { from: client, into: ClientId(c), addresses },
                Verdict::TakenBack { decision: message },
            ];
            all[which as usize].clone()
        })
}

pub(in crate::record) fn entries() -> impl Strategy<Value = Entry> {
    let delivery = (any::<bool>(), any::<bool>(), hashes()).prop_map(|(carries, states, things)| Delivery {
        carries,
        states,
        things,
    });
    let mentions = prop::collection::vec(any::<i64>().prop_map(ClientId), 0..3);
    let message = (
        (any::<u32>(), addresses(), addresses(), prop::option::of(any::<u32>()), any::<u64>()),
        (
            any::<bool>(),
            0f32..=1.0,
            any::<bool>(),
            any::<bool>(),
            delivery,
            acts(),
            mentions,
            prop::option::of(any::<u64>()),
        ),
    );
    let message = message.prop_map(
        |(
            (from, to, cc, mailbox, subject),
            (automatic, needs_reply, by_form, only_holds, delivers, acts, mentions, answers),
        )| {
            Entry::Message(Message {
                entry: EntryId(3),
                key: NaturalKey(4),
                at: Timestamp::UNIX_EPOCH,
                thread: 5,
                subject,
                from: AddressId(from),
                to,
                cc,
                mailbox: mailbox.map(AddressId),
                answers: answers.map(NaturalKey),
                mentions: mentions.into(),
                automatic,
                needs_reply,
                by_form,
                only_holds,
                delivers,
                acts,
            })
        },
    );
    let call =
        (any::<u32>(), any::<u32>(), prop::option::of(0i64..1_000_000)).prop_map(|(from, to, talked)| {
            Entry::Call(Call {
                entry: EntryId(3),
                key: NaturalKey(4),
                at: Timestamp::UNIX_EPOCH,
                from: AddressId(from),
                to: AddressId(to),
                talked: talked.map(SignedDuration::from_millis),
            })
        });
    let kind = prop::sample::select(vec![NoteKind::Call, NoteKind::Meeting, NoteKind::Text]);
    let note = (any::<i64>(), kind, any::<i64>(), addresses(), acts(), asks()).prop_map(
        |(by, kind, client, with, acts, asks)| {
            Entry::Note(Note {
                entry: EntryId(3),
                key: NaturalKey(4),
                at: Timestamp::UNIX_EPOCH,
                by: StaffId(by),
                kind,
                client: ClientId(client),
                with,
                acts,
                asks,
            })
        },
    );
    let decision = (any::<i64>(), verdicts()).prop_map(|(by, what)| {
        let (entry, key) = (EntryId(3), NaturalKey(4));
        Entry::Decision(Decision { entry, key, at: Timestamp::UNIX_EPOCH, by: StaffId(by), what })
    });
    prop_oneof![message, call, note, decision]
}

fn asks() -> impl Strategy<Value = Box<[Ask]>> {
    let ask = (any::<i64>(), any::<u32>(), any::<u32>());
    let ask = ask.prop_map(|(staff, start, end)| Ask { staff: StaffId(staff), start, end });
    prop::collection::vec(ask, 0..3).prop_map(Vec::into_boxed_slice)
}

/// A note as the first version wrote it stays readable: it asks nobody.
#[test]
fn notes_of_the_first_version_are_read() {
    let note = |asks: Box<[Ask]>| {
        Entry::Note(Note {
            entry: EntryId(3),
            key: NaturalKey(4),
            at: Timestamp::UNIX_EPOCH,
            by: StaffId(5),
            kind: NoteKind::Call,
            client: ClientId(6),
            with: Box::default(),
            acts: Box::default(),
            asks,
        })
    };
    let old = note(Box::default());
    // Version, by, kind, client, nobody took part, no acts.
    let written = [1, 10, 0, 12, 0, 0];
    assert_eq!(pack(&old), written);
    assert_eq!(unpack("note", row(&old), &written).unwrap(), old);
    let asking = note([Ask { staff: StaffId(7), start: 0, end: 9 }].into());
    assert_eq!(pack(&asking), [2, 10, 0, 12, 0, 0, 1, 14, 0, 9]);
    assert_eq!(unpack("note", row(&asking), &pack(&asking)).unwrap(), asking);
    assert!(unpack("call", row(&asking), &[2, 0, 0, 0]).is_err(), "only notes have a second version");
}

pub(in crate::record) fn obligations() -> impl Strategy<Value = Obligation> {
    let role = prop::sample::select(&[Role::Opened, Role::Joined, Role::Moved, Role::Ended]);
    let evidence = (role, of(), prop::option::of(any::<(u32, u32)>()))
        .prop_map(|(role, of, passage)| Evidence { role, of, passage });
    let how = prop::sample::select(&[Ending::Kept, Ending::Moved, Ending::Released]);
    let ended = (how, at(), any::<(bool, Option<i64>, Option<u64>)>()).prop_map(|(how, at, facts)| Ended {
        how,
        at,
        proposed: facts.0,
        by: facts.1.map(StaffId),
        continued_by: facts.2.map(ObligationId),
    });
    let whose = any::<(u64, i64, Option<u32>, Option<i64>)>();
    let when = (at(), at(), prop::option::of(ended));
    let what = (prop::sample::select(&Kind::ALL), any::<(u32, u8, bool, Option<u64>)>());
    (whose, when, what, prop::collection::vec(evidence, 0..5)).prop_map(|(whose, when, what, evidence)| {
        let (kind, (chases, sure, first, continues)) = what;
        Obligation {
            id: ObligationId(whose.0),
            kind,
            client: ClientId(whose.1),
            contact: whose.2.map(AddressId),
            owner: whose.3.map(StaffId),
            opened_at: when.0,
            due_at: when.1,
            ended: when.2,
            chases,
            confidence: f32::from(sure) / 255.0,
            first,
            evidence,
            continues: continues.map(ObligationId),
        }
    })
}

fn row(entry: &Entry) -> Row {
    let (thread, answers) = match entry {
        Entry::Message(message) => (message.thread, message.answers),
        _ => (0, None),
    };
    Row { entry: entry.id(), key: entry.key(), at: entry.at(), thread, answers }
}

proptest! {
    #[test]
    fn facts_are_read_back_as_they_were(entry in entries()) {
        prop_assert_eq!(unpack(kind(&entry), row(&entry), &pack(&entry)), Ok(entry));
    }

    #[test]
    fn damaged_facts_are_refused_and_never_crash(entry in entries(), cut in any::<prop::sample::Index>(), flip in any::<(prop::sample::Index, u8)>()) {
        let packed = pack(&entry);
        let cut = cut.index(packed.len());
        prop_assert!(unpack(kind(&entry), row(&entry), &packed[..cut]).is_err());
        let mut flipped = packed.clone();
        flipped[flip.0.index(packed.len())] ^= flip.1;
        let _ = unpack(kind(&entry), row(&entry), &flipped);
        let mut longer = packed;
        longer.push(0);
        prop_assert!(unpack(kind(&entry), row(&entry), &longer).is_err());
    }

    #[test]
    fn ties_are_read_back_as_they_were(
        parents in prop::collection::vec(any::<u64>(), 0..4), subject in any::<u64>(), flags in any::<(bool, bool)>(),
        people in addresses(), sent in prop::option::of(at()), text in "[a-z ]{0,80}",
    ) {
        let facts = reading::thread::Facts {
            key: NaturalKey(9), parents, subject, is_reply: flags.0, from: people.first().copied(),
            people: people.into(), sent, fingerprint: Fingerprint::of(&text),
            quoted: vec![Fingerprint::of("and what it quotes, long enough")], automatic: flags.1,
        };
        prop_assert_eq!(unpack_tie(NaturalKey(9), &pack_tie(&facts)), Ok(facts));
    }

    #[test]
    fn obligations_are_read_back_as_they_were(owed in obligations(), cut in any::<prop::sample::Index>()) {
        let packed = pack_owed(&owed);
        prop_assert_eq!(unpack_owed(owed.id, &packed), Ok(owed.clone()));
        prop_assert!(unpack_owed(owed.id, &packed[..cut.index(packed.len())]).is_err());
        prop_assert!(unpack_owed(owed.id, &[packed.as_slice(), &[0]].concat()).is_err());
    }
}
