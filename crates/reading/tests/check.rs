//! The check of a draft, on invented drafts.

use care::hours::WorkCalendar;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use reading::acts::Reader;
use reading::check::{Collision, Finding, FindingKind, Situation, check};

/// Wednesday, 2 July 2025, ten in the morning in London; Monday the 7th is a holiday.
struct Desk {
    calendar: WorkCalendar,
    said_at: Timestamp,
    absences: Vec<(Date, Date)>,
    promised: Vec<(Date, u32)>,
    capacity: Option<u32>,
    attachments: usize,
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

impl Desk {
    fn new() -> Desk {
        let zone = TimeZone::get("Europe/London").unwrap();
        let office = WorkCalendar::office_hours(zone.clone());
        let week = std::array::from_fn(|i| {
            office.periods(date("2025-06-02").saturating_add(jiff::Span::new().days(i as i64))).to_vec()
        });
        let calendar = WorkCalendar::new(zone, week, [date("2025-07-07")]).unwrap();
        let said_at = "2025-07-02T09:00:00Z".parse().unwrap();
        Desk { calendar, said_at, absences: Vec::new(), promised: Vec::new(), capacity: None, attachments: 0 }
    }

    fn check(&self, draft: &str, asked: &[&str]) -> Vec<Finding> {
        let reading = Reader::shipped().read(draft, Some(self.said_at), &self.calendar);
        let situation = Situation {
            said_at: self.said_at,
            calendar: &self.calendar,
            absences: &self.absences,
            promised: &self.promised,
            capacity: self.capacity,
            asked,
            attachments: self.attachments,
        };
        check(draft, &reading, &situation)
    }
}

fn passage(draft: &str, finding: &Finding) -> String {
    draft.chars().skip(finding.start as usize).take((finding.end - finding.start) as usize).collect()
}

fn only<'a>(findings: &'a [Finding], draft: &str) -> &'a Finding {
    assert_eq!(findings.len(), 1, "{draft:?}: {findings:#?}");
    &findings[0]
}

#[test]
fn a_good_draft_passes() {
    let desk = Desk::new();
    let drafts = [
        "Dear Anna,\n\nThe landlord has agreed to pay for the roof. I will send you the signed deed by Friday.\n\nKind regards,\nTom",
        "Dear Anna,\n\nYes, that works. See you on Thursday at ten.\n\nTom",
        "Thank you, Anna. Noted.",
        "",
    ];
    for draft in drafts {
        assert_eq!(desk.check(draft, &[]), [], "{draft:?}");
    }
}

#[test]
fn an_excuse_is_underlined_and_a_day_suggested() {
    let desk = Desk::new();
    let draft =
        "Dear Anna,\n\nI am sorry for the delay; we have been extremely busy with other matters.\n\nTom";
    let findings = desk.check(draft, &[]);
    let excuse = findings.iter().find(|f| f.kind == FindingKind::Excuse).unwrap();
    assert!(passage(draft, excuse).contains("busy"), "{excuse:?}");
    assert!(excuse.better.as_deref().unwrap().ends_with("You will have it by Friday 4 July."), "{excuse:?}");
}

/// What stands beside a warning must not fall into what it warns of.
#[test]
fn an_excuse_is_never_bettered_with_a_day_on_which_nothing_can_be_kept() {
    let mut desk = Desk::new();
    desk.absences = vec![(date("2025-07-03"), date("2025-07-04"))];
    for (day, open) in [
        ("on Saturday", "Tuesday 8 July"),
        ("on Monday", "Tuesday 8 July"),
        ("tomorrow", "Tuesday 8 July"),
        ("on Wednesday", "Wednesday 9 July"),
    ] {
        let draft = format!("I'll send it {day}. Sorry for the delay, we've been swamped.");
        let findings = desk.check(&draft, &[]);
        let excuse = findings.iter().find(|f| f.kind == FindingKind::Excuse).unwrap();
        assert_eq!(
            excuse.better.as_deref(),
            Some(format!("You will have it by {open}.").as_str()),
            "{draft}"
        );
        assert!(
            findings.iter().all(|f| f.better.as_deref().is_none_or(|b| b.contains(open))),
            "{findings:?}"
        );
    }
}

#[test]
fn a_promise_of_money_for_a_closed_day_is_told() {
    let draft = "I'll send the £12,000 – the whole balance – to the seller by Saturday.";
    let findings = Desk::new().check(draft, &[]);
    let finding = only(&findings, draft);
    assert!(
        matches!(finding.kind, FindingKind::PromiseCollides { with: Collision::Closed, .. }),
        "{finding:?}"
    );
    assert_eq!(
        finding.better.as_deref(),
        Some("I'll send the £12,000 – the whole balance – to the seller by Tuesday 8 July.")
    );
}

#[test]
fn a_promise_in_an_absence_is_told_with_the_next_free_day() {
    let mut desk = Desk::new();
    desk.absences = vec![(date("2025-07-04"), date("2025-07-09"))];
    let draft = "Dear Anna,\n\nI will send you the draft lease by Friday.\n\nTom";
    let findings = desk.check(draft, &[]);
    let finding = only(&findings, draft);
    let free = Some(date("2025-07-10"));
    assert_eq!(
        finding.kind,
        FindingKind::PromiseCollides { with: Collision::Absence, day: date("2025-07-04"), free }
    );
    assert_eq!(
        finding.words,
        "You are away on Friday 4 July; the next day that is free is Thursday 10 July."
    );
    assert_eq!(finding.better.as_deref(), Some("I will send you the draft lease by Thursday 10 July."));
}

#[test]
fn a_promise_for_a_closed_or_a_full_day_is_told() {
    let mut desk = Desk::new();
    desk.capacity = Some(3);
    desk.promised = vec![(date("2025-07-03"), 3), (date("2025-07-04"), 2)];
    let cases = [
        ("I will send you the figures on Monday.", Some((Collision::Closed, "2025-07-07", "2025-07-08"))),
        ("I'll send you the figures on Saturday.", Some((Collision::Closed, "2025-07-05", "2025-07-08"))),
        ("I will send you the figures tomorrow.", Some((Collision::Full, "2025-07-03", "2025-07-04"))),
        ("I will send you the figures on Friday.", None),
        ("I will send you the figures by noon on Tuesday.", None),
    ];
    for (draft, want) in cases {
        let findings = desk.check(draft, &[]);
        let got = findings.iter().find_map(|f| match f.kind {
            FindingKind::PromiseCollides { with, day, free } => Some((with, day, free.unwrap())),
            _ => None,
        });
        assert_eq!(
            got,
            want.map(|(with, day, free)| (with, date(day), date(free))),
            "{draft:?} {findings:?}"
        );
    }
}

#[test]
fn a_promise_wants_a_day() {
    let desk = Desk::new();
    let cases = [
        (
            "I will send you the draft as soon as possible.",
            Some("I will send you the draft by Friday 4 July."),
        ),
        ("I will send you the draft shortly.", Some("I will send you the draft by Friday 4 July.")),
        (
            "We will let you have our comments on the contract.",
            Some("We will let you have our comments on the contract by Friday 4 July."),
        ),
        ("I will send you the draft before the hearing.", None),
        ("I will send you the draft by the end of the week.", None),
    ];
    for (draft, want) in cases {
        let findings = desk.check(draft, &[]);
        let better: Vec<Option<&str>> = findings.iter().map(|f| f.better.as_deref()).collect();
        match want {
            Some(want) => assert_eq!(better, [Some(want)], "{draft:?} {findings:?}"),
            None => assert_eq!(findings, [], "{draft:?}"),
        }
    }
}

#[test]
fn a_hold_wants_a_day() {
    let desk = Desk::new();
    let draft =
        "Dear Anna,\n\nThank you for your message. I am looking into it and will get back to you.\n\nTom";
    let findings = desk.check(draft, &["Can we end the lease early?"]);
    let finding = only(&findings, draft);
    assert!(matches!(finding.kind, FindingKind::VagueHold | FindingKind::PromiseWithoutDate), "{finding:?}");
    let better = finding.better.as_deref().unwrap();
    assert!(better.ends_with("by Friday 4 July."), "{better}");
    let held = "Dear Anna,\n\nThank you. I will get back to you on this by Thursday noon.\n\nTom";
    assert_eq!(desk.check(held, &["Can we end the lease early?"]), []);
}

#[test]
fn what_was_asked_and_is_not_answered_is_told() {
    let desk = Desk::new();
    let asked = ["Can we end the lease early?", "How much would the survey cost?"];
    let rows: &[(&str, &[usize])] = &[
        ("The lease cannot end before next June. The survey costs £400.", &[]),
        ("You can end the lease with six months' notice.", &[1]),
        ("A survey would be about £400.", &[0]),
        ("It was good to see you at the garden party.", &[0, 1]),
        ("1. Yes.\n2. About £400.", &[]),
        ("Yes, it can. As to the surveyor, he charges £400.", &[]),
    ];
    for (draft, want) in rows {
        let found: Vec<usize> = desk
            .check(draft, &asked)
            .iter()
            .filter_map(|f| match f.kind {
                FindingKind::UnansweredQuestion { asked } => Some(asked),
                _ => None,
            })
            .collect();
        assert_eq!(&found, want, "{draft:?}");
    }
}

#[test]
fn the_form_of_a_reply_may_answer() {
    let mut desk = Desk::new();
    let rows = [
        ("When will the hearing take place?", "On 14 October, at ten.", true),
        ("When will the hearing take place?", "The other side has written to us.", false),
        ("Could you meet us on Tuesday?", "That works well.", true),
        ("Do you need the original passport?", "No, a scan is enough.", true),
        ("Do you need the original passport?", "The weather has been kind to us.", false),
        (
            "Please let us know whether the tenant has paid the deposit.",
            "The deposit arrived last week.",
            true,
        ),
    ];
    for (asked, draft, answered) in rows {
        let findings = desk.check(draft, &[asked]);
        let told = findings.iter().any(|f| matches!(f.kind, FindingKind::UnansweredQuestion { .. }));
        assert_eq!(told, !answered, "{asked:?} {draft:?} {findings:?}");
    }
    desk.attachments = 1;
    let draft = "Here it is.";
    assert_eq!(desk.check(draft, &["Please send us the accounts for 2024."]), []);
}

#[test]
fn attached_with_nothing_attached() {
    let mut desk = Desk::new();
    let rows = [
        ("Please find attached the draft contract.", Some("attached")),
        ("I enclose our invoice.", Some("enclose")),
        ("I am attaching the minutes.", Some("attaching")),
        ("Straße und Maß: the plan is attached.", Some("attached")),
        ("The plan you attached is out of date.", None),
        ("It was attached to your last letter.", None),
        ("The judge attached great weight to it.", None),
        ("No conditions are attached to your consent.", None),
    ];
    for (draft, want) in rows {
        let findings = desk.check(draft, &[]);
        let found = findings.iter().find(|f| f.kind == FindingKind::AttachmentMissing);
        assert_eq!(found.map(|f| passage(draft, f)).as_deref(), want, "{draft:?} {findings:?}");
    }
    desk.attachments = 1;
    assert_eq!(desk.check("Please find attached the draft contract.", &[]), []);
}

#[test]
fn it_never_scolds() {
    let mut desk = Desk::new();
    desk.absences = vec![(date("2025-07-03"), date("2025-07-31"))];
    let draft = "Sorry for the delay, I was swamped. Attached is the deed. I will call you tomorrow. I will send the rest soon.";
    let findings = desk.check(draft, &["Who pays the stamp duty?"]);
    assert!(3 <= findings.len(), "{findings:?}");
    for finding in &findings {
        let low = finding.words.to_lowercase();
        for word in ["must", "never", "wrong", "bad", "fail", "forbidden", "!"] {
            assert!(!low.contains(word), "{finding:?}");
        }
        assert!(finding.start <= finding.end && finding.end as usize <= draft.chars().count());
    }
}

#[test]
fn no_free_day_in_a_year() {
    let mut desk = Desk::new();
    desk.absences = vec![(date("2025-07-01"), date("2027-07-01"))];
    let findings = desk.check("I will send you the draft by Friday.", &[]);
    assert!(matches!(findings[0].kind, FindingKind::PromiseCollides { free: None, .. }), "{findings:?}");
    assert_eq!(findings[0].better, None);
}

mod any {
    use super::*;
    use proptest::prelude::*;

    const LETTERS: &[&str] = &[
        "Dear Anna,\n\nSorry for the delay, we were busy. I’ll send the draft by Friday, the 4th of July at 3pm.\n\nTom",
        "I will get back to you soon. Please find attached the deed; the rest follows in 5 working days.",
        "Können wir — früh — am Montag? We will call you next Tuesday between 2 and 4pm, before the hearing.",
        "1. Yes.\n2. By the end of the month.\n> did you quote this?\n\nRegards\n-- \nTom",
    ];

    /// A letter with some of its characters taken out, doubled or replaced.
    fn mutated() -> impl Strategy<Value = String> {
        let edit = (
            any::<prop::sample::Index>(),
            0..5_u8,
            prop::sample::select(&["", " ", "\n\n", "’", "31", "/", "年", "\u{202e}", "\0"][..]),
        );
        (prop::sample::select(LETTERS), prop::collection::vec(edit, 0..20)).prop_map(|(letter, edits)| {
            let mut chars: Vec<char> = letter.chars().collect();
            for (place, what, new) in edits {
                if chars.is_empty() {
                    break;
                }
                let at = place.index(chars.len());
                match what {
                    0 => drop(chars.remove(at)),
                    1 => chars.insert(at, chars[at]),
                    2 => chars.truncate(at),
                    _ => drop(chars.splice(at..at, new.chars())),
                }
            }
            chars.into_iter().collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn findings_lie_in_the_draft(draft in mutated(), asked in mutated(), files in 0..2_usize) {
            let mut desk = Desk::new();
            desk.attachments = files;
            desk.absences = vec![(date("2025-07-04"), date("2025-07-20"))];
            let length = draft.chars().count() as u32;
            let findings = desk.check(&draft, &[&asked, ""]);
            for finding in &findings {
                prop_assert!(finding.start <= finding.end && finding.end <= length, "{finding:?}");
                prop_assert!((0.0..=1.0).contains(&finding.confidence), "{finding:?}");
                prop_assert!(!finding.words.contains('\n'), "{finding:?}");
            }
            prop_assert!(findings.is_sorted_by_key(|f| (f.start, f.end)));
        }
    }
}
