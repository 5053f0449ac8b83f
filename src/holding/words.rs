//! The firm's words with their fields filled in.

use care::book::FirmBook;
use care::holding::Holding;
use jiff::tz::TimeZone;
use rustc_hash::FxHashMap;

use crate::clients;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::firm::Firm;
use crate::ids::{AddressId, ClientId, StaffId};
use crate::record::texts;
use crate::staff;
use crate::text;

/// The fields, as they are written.
pub const FIELDS: [&str; 6] =
    ["{contact first name}", "{client}", "{who answers}", "{who stands in}", "{by when}", "{firm}"];
/// A longer reply is a letter.
const LONGEST: usize = 4_000;

/// What an owner begins from; nothing is sent before they have kept words of their own.
pub const BEGUN: &str = "Dear {contact first name},

Thank you for your message, which has reached us. You will hear from {who answers} by {by when}.
{who stands in} stands in until then.

Kind regards
{firm}";

/// Words that somebody typed, made fit to be kept: the one thing that they must say is by when.
pub fn fit(words: &str) -> Result<String> {
    let words = text::text("the words", words, LONGEST)?;
    if !words.contains("{by when}") {
        return Err(Error::invalid(
            "the words",
            "need the field {by when}: a reply that tells no date only adds to the wait",
        ));
    }
    let known = |field: &str| FIELDS.contains(&field);
    let fields = words.match_indices('{').filter_map(|(at, _)| {
        let end = words[at..].find('}')?;
        Some(&words[at..=at + end])
    });
    match fields.into_iter().find(|field| !known(field)) {
        Some(field) => Err(Error::invalid(
            "the words",
            format!("have the field {field}, which is not known; there are {}", FIELDS.join(", ")),
        )),
        None => Ok(words),
    }
}

/// Who is who in a reply.
#[derive(Debug, Clone, Default)]
pub struct Names {
    first_name: String,
    client: String,
    firm: String,
    people: FxHashMap<StaffId, String>,
}

impl Names {
    /// For somebody at a client. `spelled` is how they wrote their own name.
    pub async fn of(
        tx: &mut Tx,
        firm: &Firm,
        book: &FirmBook,
        client: ClientId,
        spelled: Option<&str>,
        address: AddressId,
    ) -> Result<Names> {
        let known = texts::addresses(tx, firm.id, [address]).await?;
        let known = known.get(&address).map(|(_, name)| name.as_str()).filter(|name| !name.is_empty());
        let contact = known.or(spelled).unwrap_or_default();
        let all = clients::store::all(tx, firm.id).await?;
        let client = all.into_iter().find(|one| book.directory.client(one.id) == client && one.id == client);
        let people = staff::store::all(tx, firm.id).await?;
        Ok(Names {
            first_name: first_name(contact),
            client: client.map(|client| client.name).unwrap_or_default(),
            firm: if firm.name.is_empty() { "Our office".to_owned() } else { firm.name.clone() },
            people: people.into_iter().map(|person| (person.id, person.name)).collect(),
        })
    }

    /// The words with what can be told. A line with a field of which nothing is known is left out; who answers is the
    /// firm where no one person does.
    pub fn fill(&self, words: &str, told: &Holding, zone: &TimeZone) -> String {
        let name =
            |staff: Option<StaffId>| staff.and_then(|one| self.people.get(&one)).map_or("", String::as_str);
        let answers = match name(told.answers) {
            "" => self.firm.as_str(),
            name => name,
        };
        let by = told.by.to_zoned(zone.clone()).strftime("%A %-d %B, %H:%M").to_string();
        let values = [self.first_name.as_str(), &self.client, answers, name(told.stands_in), &by, &self.firm];
        let line = |line: &str| {
            let mut filled = line.to_owned();
            for (field, value) in FIELDS.iter().zip(values) {
                if value.is_empty() && line.contains(field) {
                    return None;
                }
                filled = filled.replace(field, value);
            }
            Some(filled)
        };
        let lines: Vec<String> = words.lines().filter_map(line).collect();
        lines.join("\n").trim().to_owned()
    }
}

/// The first of somebody's names; empty where they have none.
fn first_name(contact: &str) -> String {
    let first = contact.split_whitespace().next().unwrap_or_default().trim_end_matches(',');
    let is_name = !first.contains('@') && first.chars().any(char::is_alphabetic);
    if is_name { first.to_owned() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use care::holding::Wait;

    #[test]
    fn fields_are_filled_and_lines_without_anything_to_say_are_left_out() {
        let names = Names {
            first_name: "Jo".to_owned(),
            client: "Acme".to_owned(),
            firm: "Quill & Ward".to_owned(),
            people: FxHashMap::from_iter([
                (StaffId(1), "Amy Ash".to_owned()),
                (StaffId(2), "Bob Birch".to_owned()),
            ]),
        };
        let by = "2026-12-08T12:00:00Z".parse().expect("a moment");
        let mut told =
            Holding { why: Wait::Away, answers: Some(StaffId(1)), stands_in: Some(StaffId(2)), by };
        let text = names.fill(BEGUN, &told, &TimeZone::UTC);
        assert!(
            text.contains("hear from Amy Ash by Tuesday 8 December, 12:00.\nBob Birch stands in"),
            "{text}"
        );
        told.stands_in = None;
        let text = names.fill(BEGUN, &told, &TimeZone::UTC);
        assert!(!text.contains("stands in") && text.ends_with("Kind regards\nQuill & Ward"), "{text}");
        told.answers = None;
        let nameless = Names { first_name: String::new(), ..names };
        let text = nameless.fill(BEGUN, &told, &TimeZone::UTC);
        assert!(text.starts_with("Thank you") && text.contains("hear from Quill & Ward by"), "{text}");
    }

    #[test]
    fn words_say_by_when_and_name_no_field_that_is_not_there() {
        assert!(fit(BEGUN).is_ok());
        assert!(fit("You will hear from us soon.").is_err());
        let error = fit("By {by when}, says {who}.").expect_err("unknown").to_string();
        assert!(error.contains("{who}") && error.contains("{who answers}"), "{error}");
    }
}
