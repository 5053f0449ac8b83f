//! What whole days in a calendar mean: that somebody is away, who stands in, or neither.

/// Words by which people say in their calendar that they are away.
const AWAY: [&str; 40] = [
    "a l",
    "absence",
    "absent",
    "abwesend",
    "annual leave",
    "away",
    "congé",
    "congés",
    "day off",
    "days off",
    "ferie",
    "holiday",
    "holidays",
    "jury service",
    "krank",
    "leave",
    "maternity",
    "no trabaja",
    "non working",
    "not in",
    "not working",
    "off sick",
    "off work",
    "ooo",
    "out of office",
    "out of the office",
    "parental leave",
    "paternity",
    "pto",
    "sabbatical",
    "sick",
    "sick leave",
    "time off",
    "urlaub",
    "vacaciones",
    "vacances",
    "vacation",
    "vakantie",
    "verlof",
    "ziek",
];

/// Words around these that mean something else.
const NOT_AWAY: [&str; 20] = [
    "away day",
    "bank holiday",
    "bank holidays",
    "federal holiday",
    "half term holiday",
    "holiday let",
    "holiday lets",
    "holiday party",
    "holiday rota",
    "leave at",
    "leave by",
    "leave early",
    "leave for",
    "leave from",
    "leave home",
    "leave the",
    "national holiday",
    "public holiday",
    "school holiday",
    "school holidays",
];

/// Lower case, words parted by single spaces, a space at either end.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::from(" ");
    for word in text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        plain.push_str(word);
        plain.push(' ');
    }
    plain
}

/// Whether these words say that somebody is away.
pub(super) fn is_away(text: &str) -> bool {
    let mut text = plain(text);
    for phrase in NOT_AWAY {
        text = text.replace(&format!(" {phrase} "), " ");
    }
    AWAY.iter().any(|word| text.contains(&format!(" {word} ")))
}

/// Who stands in, in the words of the calendar: what follows "cover" ("cover: Bo Ward", "covered by bo@…").
pub(super) fn cover(text: &str) -> Option<&str> {
    let at = text.to_lowercase().find("cover")?;
    // Lower case may be longer than what it was made from; where it is, nobody is named.
    let after = text.get(at + "cover".len()..)?;
    let after = after.trim_start_matches(|c: char| c.is_lowercase() && c.is_ascii());
    let after = after.trim_start_matches([' ', ':', '-', '–', '=']);
    let after = ["by ", "is ", "from "].iter().find_map(|word| after.strip_prefix(word)).unwrap_or(after);
    let end = after.find([',', ';', '(', ')', '\n', '\r', '/']).unwrap_or(after.len());
    Some(after[..end].trim().trim_end_matches('.')).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_say_in_many_words_that_they_are_away() {
        let away = [
            "Annual leave",
            "AMY - HOLIDAY",
            "Bo OOO (Lisbon)",
            "a/l",
            "Kim: out of the office",
            "Urlaub Priya",
            "On leave, cover: Bo Ward",
            "Sick",
        ];
        for text in away {
            assert!(is_away(text), "{text}");
        }
        let not = [
            "Spring bank holiday",
            "Public Holiday: Christmas Day",
            "Team away day",
            "Leave for Rome",
            "School holidays",
            "Completion of 4 Mill Lane",
            "Awayday planning",
            "Holiday let purchase, Fenn",
            "",
        ];
        for text in not {
            assert!(!is_away(text), "{text}");
        }
    }

    #[test]
    fn whoever_stands_in_is_named_after_cover() {
        for (text, name) in [
            ("On leave, cover: Bo Ward", Some("Bo Ward")),
            ("Annual leave (cover Bo)", Some("Bo")),
            ("Leave – covered by bo@quillward.example.", Some("bo@quillward.example")),
            ("Holiday\nCover = Bo Ward\nback on Monday", Some("Bo Ward")),
            ("Holiday, no one stands in", None),
            ("Holiday, cover:", None),
        ] {
            assert_eq!(cover(text), name, "{text}");
        }
    }
}
