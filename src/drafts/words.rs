//! What a letter begins with: our own words for each purpose, whom it goes to, fields of canned texts. And how people
//! are named in To and Cc.

use care::entry::Of;
use care::obligation::{Obligation, Role};
use jiff::Timestamp;
use reading::letter::{Letter, Mailbox};
use wire::smtp::Person;

use super::whom::{contact_of, is_ours, likeliest, still_there};
use super::{Fields, Purpose};
use crate::board::{Asker, Card};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{ClientId, MailboxId, NaturalKey};
use crate::matters;
use crate::outbox::compose;
use crate::record::addresses;
use crate::text;
use crate::today::letters;

/// What a draft begins with.
#[derive(Debug, Default)]
pub struct Seed {
    /// The message that it answers.
    pub answers: Option<NaturalKey>,
    /// What is filled in.
    pub fields: Fields,
}

/// What the fields of a canned text stand for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Blanks {
    /// The client's name.
    pub client: String,
    /// The contact's first name.
    pub first_name: String,
    /// What is done for them at this time.
    pub matter: String,
    /// Who writes.
    pub my_name: String,
}

/// The fields of canned texts, as they are written in them.
pub const BLANKS: [&str; 4] = ["{client}", "{contact first name}", "{matter}", "{my name}"];

impl Blanks {
    /// A canned text with its fields filled in; a field that is not known stays as it stands, to be seen.
    pub fn fill(&self, words: &str) -> String {
        let values = [&self.client, &self.first_name, &self.matter, &self.my_name];
        let known = BLANKS.iter().zip(values).filter(|(_, value)| !value.is_empty());
        known.fold(words.to_owned(), |words, (field, value)| words.replace(field, value))
    }

    /// For a letter to somebody at a client.
    pub async fn of(tx: &mut Tx, asker: &Asker, client: ClientId, contact: &str) -> Result<Blanks> {
        let card = asker.board.firm.clients.get(&client);
        let mut matters = matters::store::of_client(tx, asker.firm, client).await?;
        matters.retain(|matter| matter.closed.is_none() && !asker.is_walled_off(matter.id));
        matters.sort_by_key(|matter| std::cmp::Reverse(matter.opened));
        Ok(Blanks {
            client: card.map(|card| card.name.clone()).unwrap_or_default(),
            first_name: first_name(contact).unwrap_or_default(),
            // With several at once nobody can know which one is meant.
            matter: if matters.len() == 1 { matters.remove(0).name } else { String::new() },
            my_name: asker.name_of(asker.staff).to_owned(),
        })
    }
}

/// What a letter about something that is owed begins with.
pub async fn about_owed(
    tx: &mut Tx,
    asker: &Asker,
    owed: &Obligation,
    purpose: Purpose,
    until: Option<Timestamp>,
    now: Timestamp,
) -> Result<Seed> {
    let names = letters::names(tx, asker, std::iter::once(owed)).await?;
    let reached = match purpose {
        Purpose::CheckIn | Purpose::Thanks if owed.contact.is_none() => {
            likeliest(tx, asker, owed.client).await?
        }
        _ => owed.contact,
    };
    let name = |address| names.get(&address).or_else(|| asker.board.firm.contacts.get(&address)).cloned();
    let contact = reached.and_then(name).unwrap_or_default();
    let until = until.filter(|until| now < *until).map(|until| by_when(asker, until)).unwrap_or_default();
    let words = begun(asker, purpose, &contact, &until, owed.due_at);
    let key = match purpose {
        // A letter of its own: the last word may be long past, and about something that is over.
        Purpose::CheckIn | Purpose::Thanks => None,
        _ => answers(owed).or_else(|| last_letter(owed)),
    };
    let answered = match key {
        Some(key) => super::letter_seen(tx, asker, key).await?,
        None => None,
    };
    let mut fields = Fields { words, quotes: answered.is_some(), ..Fields::default() };
    let theirs = answered.as_ref().map(|answered| answered.letter());
    let is_own = match theirs.and_then(|letter| letter.from.as_ref()) {
        Some(from) => is_ours(tx, asker, &from.address).await?,
        None => false,
    };
    match (&answered, is_own) {
        (Some(answered), false) => {
            fields.to = spelled(&answered.to()?);
            fields.cc = spelled(&also_written_to(tx, asker, owed.client, answered.letter()).await?.0);
            fields.subject = answered.reply_subject();
        }
        // What we promised in a letter of ours: it goes to whom that letter went.
        (Some(answered), true) => {
            fields.to = spelled(&still_there(tx, asker, people(&answered.letter().to)).await?);
            fields.subject = answered.reply_subject();
        }
        (None, _) => {
            fields.to = spelled(&contact_of(tx, asker, reached, &contact).await?);
            fields.subject = subject_of(purpose);
        }
    }
    let letter = answered.as_ref().map(|answered| answered.letter());
    fields.mailbox = mailbox_for(tx, asker, letter, owed.client).await?;
    Ok(Seed { answers: answered.map(|answered| answered.key()), fields })
}

/// Where somebody has several mailboxes to send from: the one that a letter came to, else that of their own address,
/// else the one in which there was last mail with the client.
async fn mailbox_for(
    tx: &mut Tx,
    asker: &Asker,
    letter: Option<&Letter>,
    client: ClientId,
) -> Result<Option<MailboxId>> {
    let senders = super::senders(tx, asker).await?;
    if senders.len() < 2 {
        return Ok(None);
    }
    let came_to = |address: &str| {
        letter.is_some_and(|letter| {
            letter.recipients().any(|one| one.address.eq_ignore_ascii_case(address))
                || letter.delivered_to.iter().any(|one| one.eq_ignore_ascii_case(address))
        })
    };
    let mine = asker.face().map(|face| face.email.as_str()).unwrap_or_default();
    let best = senders.iter().find(|one| came_to(&one.address));
    let best = best.or_else(|| senders.iter().find(|one| one.address.eq_ignore_ascii_case(mine)));
    if let Some(best) = best {
        return Ok(Some(best.id));
    }
    let theirs = asker.board.firm.addresses.get(&client).cloned().unwrap_or_default();
    let allowed: Vec<MailboxId> = senders.iter().map(|one| one.id).collect();
    let last = super::store::mailbox_of_last(tx, asker.firm, &theirs, &allowed).await?;
    Ok(last.or(senders.first().map(|one| one.id)))
}

/// What a letter to a client begins with that nothing asks for.
pub async fn to_client(tx: &mut Tx, asker: &Asker, card: &Card, purpose: Purpose) -> Result<Seed> {
    let address = likeliest(tx, asker, card.id).await?;
    let name = address.and_then(|address| asker.board.firm.contacts.get(&address).cloned());
    let to = contact_of(tx, asker, address, name.as_deref().unwrap_or_default()).await?;
    let name = name.or_else(|| to.first().and_then(|person| person.name.clone())).unwrap_or_default();
    let words = begun(asker, purpose, &name, "", Timestamp::MAX);
    let mailbox = mailbox_for(tx, asker, None, card.id).await?;
    let fields =
        Fields { mailbox, to: spelled(&to), subject: subject_of(purpose), words, ..Fields::default() };
    Ok(Seed { answers: None, fields })
}

/// The words that a letter begins with, for whoever writes to change.
fn begun(asker: &Asker, purpose: Purpose, contact: &str, until: &str, due: Timestamp) -> String {
    let dear = first_name(contact).map_or("Dear all".to_owned(), |name| format!("Dear {name}"));
    let me = asker.name_of(asker.staff);
    let body = match purpose {
        Purpose::Answer | Purpose::Letter => String::new(),
        Purpose::Hold => format!("Thank you for your message. You will hear from us by {until}."),
        Purpose::NewDate => {
            let said = due.to_zoned(asker.zone.clone()).strftime("%A %-d %B");
            // Nothing but the new date and a word of regret: so it moves what was promised, and ends nothing.
            format!("You will hear from us by {until}, instead of {said}. I am sorry for the change.")
        }
        Purpose::CheckIn => "It has been a while since we spoke, so here is a short word from me. Is there anything \
                             on your mind in which we could be of help, or anything that you would like to hear from \
                             us?\n\nA line in answer is enough; if you would rather talk, tell me when it suits you."
            .to_owned(),
        Purpose::Thanks => "I wanted to thank you: for your trust, and for the way in which you worked with us. It is \
                            noticed here, and it makes our work better."
            .to_owned(),
    };
    format!("{dear},\n\n{body}\n\nKind regards\n{me}")
}

fn subject_of(purpose: Purpose) -> String {
    match purpose {
        Purpose::CheckIn => "A short word",
        Purpose::Thanks => "Thank you",
        _ => "",
    }
    .to_owned()
}

fn by_when(asker: &Asker, until: Timestamp) -> String {
    until.to_zoned(asker.zone.clone()).strftime("%A %-d %B, %H:%M").to_string()
}

/// How somebody is addressed: by their first name, where they have a name and no mere address.
pub fn first_name(contact: &str) -> Option<String> {
    let first = contact.split_whitespace().next()?;
    (!first.contains('@') && !first.starts_with('+') && first.chars().any(char::is_alphabetic))
        .then(|| first.trim_end_matches(',').to_owned())
}

/// The letter of theirs that waits.
fn answers(owed: &Obligation) -> Option<NaturalKey> {
    compose::waited_for(owed).ok()
}

/// The last letter that has to do with it.
fn last_letter(owed: &Obligation) -> Option<NaturalKey> {
    owed.evidence.iter().rev().find_map(|evidence| match (evidence.role, evidence.of) {
        (Role::Opened | Role::Joined | Role::Moved, Of::Message(key)) => Some(key),
        _ => None,
    })
}

/// Whom else a letter went to: those of the same client and of the firm, who get a copy of the answer, and all others,
/// who do not unless somebody adds them, whoever is no contact of the client any more among them.
pub async fn also_written_to(
    tx: &mut Tx,
    asker: &Asker,
    client: ClientId,
    letter: &Letter,
) -> Result<(Vec<Person>, Vec<Person>)> {
    let me = asker.face().map(|face| face.email.to_lowercase()).unwrap_or_default();
    let mine: Vec<String> =
        super::senders(tx, asker).await?.into_iter().map(|sender| sender.address.to_lowercase()).collect();
    let writer = letter.reply_to.first().or(letter.from.as_ref()).map(|from| from.address.clone());
    let (mut copied, mut others) = (Vec::new(), Vec::new());
    for person in people(&[letter.to.clone(), letter.cc.clone()].concat()) {
        let address = person.address.to_lowercase();
        if address == me || mine.contains(&address) || writer.as_deref() == Some(&address) {
            continue;
        }
        let known = addresses::find(tx, asker.firm, &address).await?;
        let is_removed = |known| asker.board.firm.book.directory.is_removed(known);
        let is_theirs = known.is_some_and(|known| asker.is_of(known, client) && !is_removed(known));
        if is_theirs || is_ours(tx, asker, &address).await? { &mut copied } else { &mut others }.push(person);
    }
    Ok((copied, others))
}

fn people(mailboxes: &[Mailbox]) -> Vec<Person> {
    let person = |one: &Mailbox| Person { name: one.name.clone(), address: one.address.clone() };
    mailboxes.iter().filter(|one| one.address.contains('@')).map(person).collect()
}

/// People as a line of To or Cc.
pub fn spelled(people: &[Person]) -> String {
    let one = |person: &Person| match person.name.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
        Some(name) if name.contains([',', ';', '<', '>', '"', '@']) => {
            format!("\"{}\" <{}>", name.replace('"', ""), person.address)
        }
        Some(name) => format!("{name} <{}>", person.address),
        None => person.address.clone(),
    };
    people.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// The people in a line of To or Cc, as people type it.
pub fn read_people(field: &str, line: &str) -> Result<Vec<Person>> {
    let mut people: Vec<Person> = Vec::new();
    for part in parts(line) {
        let wrong = || {
            let words = format!("has “{part}”, which is no mail address; write it like jo@acme.example");
            Error::invalid(field, words)
        };
        let found =
            Mailbox::from_words(part).filter(|one| text::is_mail_address(&one.address)).ok_or_else(wrong)?;
        if people.iter().all(|known| !known.address.eq_ignore_ascii_case(&found.address)) {
            people.push(Person { name: found.name, address: found.address });
        }
    }
    Ok(people)
}

/// The people of a line, cut at commas and semicolons that stand in no name and no address.
fn parts(line: &str) -> Vec<&str> {
    let (mut parts, mut from, mut quoted, mut inside) = (Vec::new(), 0, false, false);
    for (at, c) in line.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '<' if !quoted => inside = true,
            '>' if !quoted => inside = false,
            ',' | ';' if !quoted && !inside => {
                parts.push(&line[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&line[from..]);
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// A letter as it is typed: line breaks and blanks at its end stay, so that a page can go on where it was.
pub fn typed(words: &str, most: usize) -> Result<String> {
    let kept = text::text("the letter", words, most)?;
    let tail: String = words.replace("\r\n", "\n");
    let tail: String = tail[tail.trim_end().len()..].chars().filter(|c| matches!(c, '\n' | ' ')).collect();
    Ok(if kept.is_empty() { kept } else { kept + &tail })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_read_as_they_are_typed() {
        let read = |line: &str| {
            let people = read_people("To", line).map_err(|error| error.to_string())?;
            Ok::<_, String>(people.into_iter().map(|p| (p.name, p.address)).collect::<Vec<_>>())
        };
        let jo = (Some("Jo Fenn".to_owned()), "jo@acme.example".to_owned());
        assert_eq!(read("Jo Fenn <jo@acme.example>").unwrap(), std::slice::from_ref(&jo));
        assert_eq!(read("\"Fenn, Jo\" <jo@acme.example>; jo@acme.example,").unwrap().len(), 1);
        let bo = (None, "bo@acme.example".to_owned());
        assert_eq!(read("Jo Fenn <jo@acme.example>, bo@acme.example").unwrap(), [jo, bo]);
        for wrong in ["Jo Fenn", "jo@", "@acme.example", "jo@acme.example bo@acme.example", "a@b@c"] {
            assert!(read(wrong).unwrap_err().contains("no mail address"), "{wrong}");
        }
        assert_eq!(read("").unwrap(), []);
    }

    #[test]
    fn people_are_spelled_so_that_they_can_be_read_again() {
        let people = [
            Person { name: Some("Fenn; Jo".into()), address: "jo@acme.example".into() },
            Person { name: None, address: "bo@acme.example".into() },
        ];
        let line = spelled(&people);
        assert_eq!(line, "\"Fenn; Jo\" <jo@acme.example>, bo@acme.example");
        assert_eq!(read_people("To", &line).unwrap().len(), 2);
    }

    #[test]
    fn fields_are_filled_and_unknown_ones_stay() {
        let blanks = Blanks {
            client: "Acme".into(),
            first_name: "Jo".into(),
            matter: String::new(),
            my_name: "Amy".into(),
        };
        let filled = blanks.fill("Dear {contact first name}, on {matter} for {client}. {my name}");
        assert_eq!(filled, "Dear Jo, on {matter} for Acme. Amy");
    }

    #[test]
    fn people_are_addressed_by_their_first_name() {
        assert_eq!(first_name("Jo Fenn").as_deref(), Some("Jo"));
        assert_eq!(first_name("jo@acme.example"), None);
        assert_eq!(first_name("+44 20 7946 0000"), None);
        assert_eq!(first_name(""), None);
    }

    #[test]
    fn what_is_typed_stays_as_it_was_typed() {
        assert_eq!(typed("Dear Jo,\r\n\r\n", 100).unwrap(), "Dear Jo,\n\n");
        assert_eq!(typed("  \n", 100).unwrap(), "");
        assert!(typed(&"x".repeat(101), 100).is_err());
    }
}
