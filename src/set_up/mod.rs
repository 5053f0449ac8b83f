//! The first visit: the firm, its owner's account, and what is brought in.

pub mod bring;
pub mod pages;
pub mod sample;

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use crate::access::{Access, passwords};
use crate::app::Handles;
use crate::db::{Db, Durability, Tx};
use crate::error::{Error, Result};
use crate::firm::{self, Custom, Firm, holidays, week};
use crate::ids::{FirmId, StaffId};
use crate::record::addresses::{AddressBook, AddressKind};
use crate::record::{audit, changes, project, sources};
use crate::staff::{self, Person};
use crate::text::{line, typed};

/// What the page of the first visit asks about the firm; the page of its settings asks the same.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the fields of a form, named as on the page")]
pub struct FirmForm {
    #[serde(deserialize_with = "typed")]
    pub firm: String,
    #[serde(deserialize_with = "typed")]
    pub zone: String,
    #[serde(deserialize_with = "typed")]
    pub region: String,
    #[serde(deserialize_with = "typed")]
    pub closed: String,
    #[serde(deserialize_with = "typed")]
    pub domains: String,
    #[serde(deserialize_with = "typed")]
    pub currency: String,
    #[serde(deserialize_with = "typed")]
    pub monday: String,
    #[serde(deserialize_with = "typed")]
    pub tuesday: String,
    #[serde(deserialize_with = "typed")]
    pub wednesday: String,
    #[serde(deserialize_with = "typed")]
    pub thursday: String,
    #[serde(deserialize_with = "typed")]
    pub friday: String,
    #[serde(deserialize_with = "typed")]
    pub saturday: String,
    #[serde(deserialize_with = "typed")]
    pub sunday: String,
}

impl FirmForm {
    /// The form as it stands for a firm.
    pub fn of(firm: &Firm) -> FirmForm {
        let [monday, tuesday, wednesday, thursday, friday, saturday, sunday] =
            week::lines(firm.hours.as_ref());
        let list = |items: Vec<String>| items.join(", ");
        FirmForm {
            firm: firm.name.clone(),
            zone: firm.zone.clone(),
            region: firm.region.clone().unwrap_or_default(),
            closed: in_lines(&firm.holidays),
            domains: list(firm.named_domains.iter().cloned().collect()),
            currency: firm.currency.clone(),
            monday,
            tuesday,
            wednesday,
            thursday,
            friday,
            saturday,
            sunday,
        }
    }

    /// The lines of the week, Monday first.
    pub fn week(&self) -> [&str; 7] {
        [
            &self.monday,
            &self.tuesday,
            &self.wednesday,
            &self.thursday,
            &self.friday,
            &self.saturday,
            &self.sunday,
        ]
    }

    /// Writes into a firm what the form says.
    pub fn apply(&self, firm: &mut Firm) -> Result<()> {
        let name = line("the firm's name", &self.firm, 200)?;
        if name.is_empty() {
            return Err(Error::invalid("the firm", "needs a name"));
        }
        firm.name = name;
        firm.zone = self.zone.trim().to_owned();
        if firm.zone.is_empty() {
            return Err(Error::invalid(
                "the time zone",
                "is not chosen yet; take the one where the firm works",
            ));
        }
        let region = self.region.trim();
        if !region.is_empty() && holidays::region(region).is_none() {
            return Err(Error::invalid("the holidays", format!("of “{region}” are not known here")));
        }
        firm.region = (!region.is_empty()).then(|| region.to_owned());
        firm.holidays = days(&self.closed)?;
        firm.named_domains = domains(&self.domains)?;
        let currency = self.currency.trim();
        if !currency.is_empty() {
            firm.currency = wire::csv::currency(currency).ok_or_else(|| {
                let words = format!("“{currency}” is not known; write its three letters, such as GBP or EUR");
                Error::invalid("the currency", words)
            })?;
        }
        firm.hours = Some(week::read(self.week())?);
        firm.calendar().map(drop)
    }
}

/// Days, a few on a line: a line that is full would be broken inside a day, at its hyphen.
fn in_lines(days: &BTreeSet<Date>) -> String {
    const ON_A_LINE: usize = 3;
    let days: Vec<String> = days.iter().map(Date::to_string).collect();
    let lines: Vec<String> = days.chunks(ON_A_LINE).map(|days| days.join(", ")).collect();
    lines.join(",\n")
}

fn days(text: &str) -> Result<BTreeSet<Date>> {
    let words = text.split([',', ';', '\n']).map(str::trim).filter(|word| !word.is_empty());
    let day = |word: &str| {
        crate::text::day(word).map_err(|why| {
            let words = format!("have “{word}”, {why}; write days like 2026-12-24, with commas between them");
            Error::invalid("the closing days", words)
        })
    };
    words.map(day).collect()
}

fn domains(text: &str) -> Result<BTreeSet<String>> {
    let words = text.split([',', ';', '\n', ' ']).map(str::trim).filter(|word| !word.is_empty());
    let domain = |word: &str| {
        let name = word.trim_start_matches('@').to_lowercase();
        let is_fit = |c: char| c.is_alphanumeric() || c == '-' || c == '.';
        if !name.contains('.') || name.len() > 253 || !name.chars().all(is_fit) {
            return Err(Error::invalid(
                "the mail domains",
                format!("have “{word}”; write them like firm.example"),
            ));
        }
        if crate::clients::domains::is_freemail(&name) {
            return Err(Error::invalid(
                "the mail domains",
                format!("have {name}, where anybody may have an address; leave it out"),
            ));
        }
        Ok(name)
    };
    words.map(domain).collect()
}

/// Whose account is made first.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the fields of a form, named as on the page")]
pub struct OwnerForm {
    #[serde(deserialize_with = "typed")]
    pub name: String,
    #[serde(deserialize_with = "typed")]
    pub email: String,
    pub password: String,
    #[serde(deserialize_with = "typed")]
    pub code: String,
}

impl OwnerForm {
    /// The mail address, fit to be kept.
    pub fn email(&self) -> Result<String> {
        mail_address(&self.email)
    }
}

/// A mail address that somebody typed.
pub fn mail_address(text: &str) -> Result<String> {
    let email = line("the mail address", text, 254)?.to_lowercase();
    let (name, domain) = email.split_once('@').unwrap_or(("", ""));
    let is_odd = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';' | '"' | '@');
    if name.is_empty() || !domain.contains('.') || domain.contains(is_odd) || name.contains(is_odd) {
        return Err(Error::invalid("the mail address", "is none: write it like amy@firm.example"));
    }
    Ok(email)
}

/// Whether nobody can sign in, to any firm of this database: then, and only then, it is set up here.
pub async fn is_needed(tx: &mut Tx) -> Result<bool> {
    for firm in firm::store::all(tx).await? {
        if !passwords::all(tx, firm.id).await?.is_empty() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The firm as it is before the first visit: made by an import, or not there.
pub async fn before(db: &Db) -> Result<Option<Firm>> {
    Ok(firm::store::all(&mut db.read().await?).await?.into_iter().next())
}

/// Makes the firm (or takes the one that an import made) and its owner's account. `change` says what the firm is.
pub async fn make(
    app: &Handles,
    owner: &OwnerForm,
    change: impl FnOnce(&mut Firm) -> Result<()>,
) -> Result<(FirmId, StaffId)> {
    if app.works.code().is_some_and(|code| owner.code.trim().to_lowercase() != code) {
        return Err(Error::invalid(
            "the set-up code",
            "is another one; it stands in the terminal where Regard was started",
        ));
    }
    let now = app.now();
    let email = owner.email()?;
    let name = line("your name", &owner.name, 200)?;
    if name.is_empty() {
        return Err(Error::invalid("your name", "is missing"));
    }
    let password = owner.password.clone();
    let hashed = tokio::task::spawn_blocking(move || passwords::hash(&password)).await;
    let hashed = hashed.map_err(|e| Error::Unexpected(e.into()))??;
    let mut tx = app.db.write(Durability::Act).await?;
    let known = firm::store::all(&mut tx).await?.into_iter().next();
    let mut firm = known.unwrap_or_else(|| Firm::new(String::new()));
    change(&mut firm)?;
    firm::store::save(&mut tx, &firm, now).await?;
    // Of two at once the second waits for the first one's firm, and finds its account.
    if !is_needed(&mut tx).await? {
        return Err(Error::invalid("the firm", "is set up already; sign in, or ask an owner for an account"));
    }
    let person = person(&mut tx, firm.id, &name, &email, Access::Owner, now).await?;
    passwords::save(&mut tx, firm.id, person, &email, &hashed, now).await?;
    // It may have been connected on the command line before anybody was known here.
    sources::own_mailbox(&mut tx, firm.id, &email, person).await?;
    audit::note(&mut tx, firm.id, person, "set_up", &firm.name, now).await?;
    project::mark_behind(&mut tx, firm.id, true).await?;
    changes::note_everything(&mut tx, firm.id).await?;
    tx.commit().await?;
    Ok((firm.id, person))
}

/// The person of the firm with this mail address, made where there is none, with at least this access.
pub async fn person(
    tx: &mut Tx,
    firm: FirmId,
    name: &str,
    email: &str,
    access: Access,
    now: Timestamp,
) -> Result<StaffId> {
    let mut book = AddressBook::default();
    book.refresh(tx, firm).await?;
    let address = book.number(AddressKind::Email, email, name);
    book.save(tx, firm).await?;
    let known =
        staff::store::all(tx, firm).await?.into_iter().find(|person| person.addresses.contains(&address));
    let mut person = known.unwrap_or_else(|| Person {
        id: StaffId(tx.new_id()),
        name: String::new(),
        role: String::new(),
        access: access.name().to_owned(),
        left: None,
        proposed: false,
        addresses: vec![address],
        custom: Custom::default(),
    });
    name.clone_into(&mut person.name);
    access.name().clone_into(&mut person.access);
    person.proposed = false;
    staff::store::save(tx, firm, &person, now).await?;
    Ok(person.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_days_stand_in_lines_and_are_read_back() {
        let all = ["2026-12-24", "2026-12-25", "2026-12-28", "2026-12-31"];
        let closed: BTreeSet<Date> = all.iter().map(|day| day.parse().expect("a day")).collect();
        let lines = in_lines(&closed);
        assert_eq!(lines, "2026-12-24, 2026-12-25, 2026-12-28,\n2026-12-31");
        assert_eq!(days(&lines).expect("days"), closed);
    }
}
