//! What a contact's card said when it was written, or seen last, as marks without a word of it: enough to tell what its owner
//! changed on it from what changed here since.

use std::collections::BTreeSet;

use wire::contacts::Card;

use super::cards::contact_of_uid;
use crate::ids::NaturalKey;

/// What a contact's card said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    name: NaturalKey,
    role: NaturalKey,
    reached: BTreeSet<NaturalKey>,
}

impl Said {
    /// What a card says; none where it is not a contact's own.
    pub fn of(card: &Card) -> Option<Said> {
        let uid = own(card)?;
        let reached = card.emails.iter().map(|text| email(uid, text));
        Some(Said {
            name: name(uid, card.called()),
            role: role(uid, card.role.as_deref().unwrap_or_default()),
            reached: reached.chain(card.phones.iter().map(|text| phone(uid, text))).collect(),
        })
    }

    /// What stands on the same card now and did not then, with nothing else on it.
    pub fn since(&self, card: &Card) -> Card {
        let uid = own(card).unwrap_or_default();
        let is_new = |mark: NaturalKey| !self.reached.contains(&mark);
        let called = Some(card.called()).filter(|text| name(uid, text) != self.name).unwrap_or_default();
        Card {
            name: called.to_owned(),
            role: card.role.clone().filter(|text| role(uid, text) != self.role),
            emails: card.emails.iter().filter(|text| is_new(email(uid, text))).cloned().collect(),
            phones: card.phones.iter().filter(|text| is_new(phone(uid, text))).cloned().collect(),
            ..card.clone()
        }
    }

    /// As it is kept.
    pub fn text(&self) -> String {
        let marks = [self.name, self.role].into_iter().chain(self.reached.iter().copied());
        marks.map(|mark| format!("{:x}", mark.0)).collect::<Vec<_>>().join(" ")
    }

    /// What is kept; none where it cannot be read.
    pub fn read(text: &str) -> Option<Said> {
        let mut marks = text.split(' ').map(|mark| u64::from_str_radix(mark, 16).ok().map(NaturalKey));
        let (name, role) = (marks.next()??, marks.next()??);
        Some(Said { name, role, reached: marks.collect::<Option<_>>()? })
    }
}

fn own(card: &Card) -> Option<&str> {
    card.uid.as_deref().filter(|uid| contact_of_uid(uid).is_some())
}

fn name(uid: &str, text: &str) -> NaturalKey {
    mark(uid, "name", text)
}

fn role(uid: &str, text: &str) -> NaturalKey {
    mark(uid, "role", text)
}

fn email(uid: &str, text: &str) -> NaturalKey {
    mark(uid, "email", &text.to_lowercase())
}

/// The same however it is written.
fn phone(uid: &str, text: &str) -> NaturalKey {
    mark(uid, "phone", &wire::calls::number_key(text).unwrap_or_else(|| text.to_owned()))
}

fn mark(uid: &str, what: &str, text: &str) -> NaturalKey {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    NaturalKey::of(format!("{uid} {what} {text}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card() -> Card {
        Card {
            uid: Some("regard-contact-7".to_owned()),
            name: "Jo  Fenn".to_owned(),
            role: Some("Clerk".to_owned()),
            emails: vec!["Jo@acme.example".to_owned()],
            phones: vec!["+44 1632 960001".to_owned()],
            ..Card::default()
        }
    }

    #[test]
    fn only_what_is_other_than_it_was_is_told() {
        let said = Said::of(&card()).expect("a contact's card");
        assert_eq!(Said::read(&said.text()), Some(said.clone()));
        let again = Card {
            name: "Jo Fenn".to_owned(),
            emails: vec!["jo@acme.example".to_owned()],
            phones: vec!["+44 (1632) 960001".to_owned()],
            ..card()
        };
        assert_eq!(Said::of(&again), Some(said.clone()), "however it is written");
        let nothing = Card { name: String::new(), role: None, emails: vec![], phones: vec![], ..card() };
        assert_eq!(said.since(&again), nothing);
        let phones = vec!["+44 1632 960002".to_owned()];
        let more = Card { role: Some("Director".to_owned()), phones: phones.clone(), ..again };
        assert_eq!(said.since(&more), Card { role: more.role.clone(), phones, ..nothing });
        assert_eq!(Said::of(&Card { uid: Some("theirs".to_owned()), ..card() }), None);
        assert_eq!(Said::read("7 not-a-mark"), None);
    }
}
