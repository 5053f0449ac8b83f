//! What a note says: whom it names, what it asks them, what it promises the client.

use care::acts::{Act, ActKind, Direction};
use care::entry::Ask;
use care::hours::WorkCalendar;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use reading::acts::Reader;

use crate::ids::StaffId;

/// From this confidence on, what the reader found is acted on.
const SURE_ENOUGH: f32 = 0.5;

/// A colleague is named: "@Amy".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mention {
    /// Who.
    pub staff: StaffId,
    /// Where, in Unicode scalar values.
    pub start: u32,
}

/// Whom a text names, in its order. A first name alone names somebody where no other has it.
pub fn mentions(text: &str, colleagues: &[(StaffId, &str)]) -> Vec<Mention> {
    let mut found = Vec::new();
    let chars: Vec<char> = text.chars().collect();
    for (at, _) in chars.iter().enumerate().filter(|(_, c)| **c == '@') {
        if 0 < at && chars[at - 1].is_alphanumeric() {
            continue;
        }
        let rest: String = chars[at + 1..].iter().take(80).collect::<String>().to_lowercase();
        let named = |name: &str| {
            let name = name.to_lowercase();
            let after = rest.strip_prefix(&name).map(|after| after.chars().next());
            !name.is_empty() && after.is_some_and(|next| next.is_none_or(|c| !c.is_alphanumeric()))
        };
        let first = |name: &str| name.split_whitespace().next().unwrap_or_default().to_owned();
        let whole = colleagues.iter().filter(|(_, name)| named(name)).max_by_key(|(_, name)| name.len());
        let mut by_first = colleagues.iter().filter(|(_, name)| named(&first(name)));
        let only = by_first.next().filter(|_| by_first.next().is_none());
        if let Some((staff, _)) = whole.or(only) {
            found.push(Mention { staff: *staff, start: at as u32 });
        }
    }
    found
}

/// What a text asks colleagues: each sentence that names somebody and holds a question or a request. `asked` is asked
/// something however it is worded.
pub fn asks(text: &str, colleagues: &[(StaffId, &str)], reader: &Reader, asked: Option<StaffId>) -> Vec<Ask> {
    let mentions = mentions(text, colleagues);
    if mentions.is_empty() {
        return Vec::new();
    }
    let calendar = WorkCalendar::office_hours(TimeZone::UTC);
    let requests: Vec<Act> = (reader.read(text, None, &calendar).acts.into_iter())
        .filter(|act| act.kind == ActKind::Request && SURE_ENOUGH <= act.confidence)
        .collect();
    let chars: Vec<char> = text.chars().collect();
    let mut asks: Vec<Ask> = Vec::new();
    for (n, mention) in mentions.iter().enumerate() {
        let (from, to) = sentence(&chars, mention.start as usize);
        let asks_something = chars[from as usize..to as usize].contains(&'?')
            || requests.iter().any(|act| act.start < to && from < act.end);
        if !asks_something && asked != Some(mention.staff) {
            continue;
        }
        // Several in one sentence are asked from their name on, so that the questions do not overlap.
        let start = if asks.last().is_some_and(|last| from < last.end) { mention.start } else { from };
        let next = mentions.get(n + 1).map_or(to, |next| next.start.min(to));
        if let Some(last) = asks.last_mut() {
            last.end = last.end.min(start);
        }
        asks.push(Ask { staff: mention.staff, start, end: if next <= start { to } else { next } });
    }
    asks
}

/// The sentence around a place, from and to (exclusive).
fn sentence(chars: &[char], at: usize) -> (u32, u32) {
    let ends = |n: usize| match chars[n] {
        '\n' => true,
        '.' | '!' | '?' => chars.get(n + 1).is_none_or(|next| next.is_whitespace()),
        _ => false,
    };
    let mut from = (0..at).rev().find(|n| ends(*n)).map_or(0, |n| n + 1);
    while from < at && chars[from].is_whitespace() {
        from += 1;
    }
    let to = (at..chars.len()).find(|n| ends(*n)).map_or(chars.len(), |n| n + usize::from(chars[n] != '\n'));
    (from as u32, to as u32)
}

/// What a note of a call or a meeting promises the client. What was said apart to be promised is added to the words
/// as a sentence, and is a promise however it is worded.
pub fn promises(
    words: &mut String,
    promised: &str,
    reader: &Reader,
    now: Timestamp,
    calendar: &WorkCalendar,
) -> Vec<Act> {
    let mut stated = None;
    if !promised.is_empty() {
        if !words.is_empty() {
            words.push('\n');
        }
        let start = words.chars().count() as u32;
        let said = promised.to_lowercase();
        let is_whole = ["i ", "i'", "i’", "we ", "we'", "we’"].iter().any(|begin| said.starts_with(begin));
        let end = if promised.ends_with(['.', '!']) { "" } else { "." };
        words.push_str(&format!("{}{promised}{end}", if is_whole { "" } else { "I will " }));
        stated = Some((start, words.chars().count() as u32));
    }
    let mut acts = reader.read(words, Some(now), calendar).acts;
    acts.retain(|act| act.kind.direction() == Direction::Out);
    if let Some((start, end)) = stated {
        let mut found = false;
        for act in acts.iter_mut().filter(|act| act.kind == ActKind::Promise && start <= act.start) {
            act.confidence = 1.0;
            found = true;
        }
        if !found {
            let confidence = 1.0;
            let (due, things, in_touch) = (None, Box::default(), false);
            acts.push(Act { kind: ActKind::Promise, start, end, confidence, due, things, in_touch });
        }
    }
    acts
}

#[cfg(test)]
mod tests {
    use super::*;

    const AMY: StaffId = StaffId(1);
    const BOB: StaffId = StaffId(2);
    const BOBBY: StaffId = StaffId(3);
    const PEOPLE: [(StaffId, &str); 4] =
        [(AMY, "Amy Ward"), (BOB, "Bob Ames"), (BOBBY, "Bob Ames-Hill"), (StaffId(4), "Zoë Ray")];

    fn asked(text: &str) -> Vec<(StaffId, String)> {
        let asks = asks(text, &PEOPLE, &Reader::shipped(), None);
        asks.iter()
            .map(|ask| (ask.staff, crate::text::scalars(text, ask.start, ask.end).to_owned()))
            .collect()
    }

    #[test]
    fn colleagues_are_named_by_whole_name_or_by_a_first_name_that_only_one_has() {
        let who = |text| mentions(text, &PEOPLE).iter().map(|mention| mention.staff.0).collect::<Vec<_>>();
        assert_eq!(who("@amy and @Zoë, see this"), [1, 4]);
        assert_eq!(who("@Bob may know"), [] as [i64; 0], "two are called so");
        assert_eq!(who("@Bob Ames knows, @bob ames-hill too"), [2, 3]);
        assert_eq!(who("mail amy@amy.example or @Amyas"), [] as [i64; 0]);
    }

    #[test]
    fn a_sentence_that_names_somebody_and_asks_is_a_question_to_them() {
        assert_eq!(
            asked("They rang twice. @Amy, could you look at the lease? Thanks."),
            [(AMY, "@Amy, could you look at the lease?".to_owned())]
        );
        assert_eq!(asked("@Amy was there as well."), []);
        assert_eq!(
            asked("Do we have the deeds, @Amy or @Bob Ames?"),
            [(AMY, "Do we have the deeds, @Amy or ".to_owned()), (BOB, "@Bob Ames?".to_owned())]
        );
    }

    #[test]
    fn what_was_promised_is_a_promise_however_it_is_worded() {
        let now: Timestamp = "2026-06-17T09:00:00Z".parse().unwrap();
        let calendar = WorkCalendar::office_hours(TimeZone::UTC);
        for (said, has_date) in [("send the draft by Friday", true), ("the usual", false)] {
            let mut words = "They like it.".to_owned();
            let acts = promises(&mut words, said, &Reader::shipped(), now, &calendar);
            let promise = acts.iter().find(|act| act.kind == ActKind::Promise).expect(said);
            assert!(words.ends_with(&format!("I will {said}.")), "{words}");
            assert_eq!((promise.confidence, promise.due.is_some()), (1.0, has_date), "{said}");
        }
        let mut words = "They will send us the deeds. I'll call them back tomorrow.".to_owned();
        let acts = promises(&mut words, "", &Reader::shipped(), now, &calendar);
        assert!(acts.iter().any(|act| act.kind == ActKind::Promise && 28 < act.start), "{acts:?}");
    }
}
