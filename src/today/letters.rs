//! The passages that show what is owed: fetched for what is on the page, and for nothing else.

use std::sync::Arc;

use care::entry::Of;
use care::obligation::{Evidence, Obligation, Role};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::board::Asker;
use crate::board::openings::{Place, Words};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::{AddressId, FirmId, NaturalKey};
use crate::record::texts;
use crate::report::stored::asked;
use crate::report::words::one_line;
use crate::text::scalars;

/// So much of a message is shown where nothing in it is asked in particular.
const GIST: usize = 160;

/// What opened something, in words.
#[derive(Debug, Clone, Default)]
pub struct Opening {
    /// The words that prove it.
    pub passage: String,
    /// The subject of the message, without Re: and Fw:.
    pub subject: String,
    /// Who it is about, as they are called.
    pub contact: String,
}

/// The openings of what is on the page, by obligation.
pub async fn openings<'a>(
    tx: &mut Tx,
    asker: &Asker,
    shown: impl Iterator<Item = &'a Obligation> + Clone,
) -> Result<FxHashMap<u64, Opening>> {
    let openers: Vec<Evidence> = shown.clone().filter_map(opener).collect();
    let mut words = asker.board.openings.at(openers.iter().map(place));
    let unread: Vec<Evidence> =
        openers.into_iter().filter(|opener| !words.contains_key(&place(opener))).collect();
    let read = read(tx, asker.firm, &unread).await?;
    asker.board.openings.keep(read.iter().map(|(place, words)| (*place, Arc::clone(words))));
    words.extend(read);
    let names = names(tx, asker, shown.clone()).await?;
    let opening = |owed: &Obligation| {
        let words = opener(owed).and_then(|opener| words.get(&place(&opener)));
        let Words { subject, passage } = words.map(|words| Words::clone(words)).unwrap_or_default();
        let contact = owed.contact.and_then(|address| names.get(&address).cloned()).unwrap_or_default();
        (owed.id.0, Opening { passage, subject, contact })
    };
    Ok(shown.map(opening).collect())
}

/// Reads the words that opened something; of what is in the record no more, or has no words, none.
async fn read(tx: &mut Tx, firm: FirmId, openers: &[Evidence]) -> Result<Vec<(Place, Arc<Words>)>> {
    let messages: Vec<&Evidence> =
        openers.iter().filter(|opener| matches!(opener.of, Of::Message(_))).collect();
    let without_place = messages.iter().filter(|opener| opener.passage.is_none());
    let without_place: Vec<NaturalKey> = without_place.map(|opener| opener.of.key()).collect();
    let places = asked(tx, firm, &without_place).await?;
    let letters = texts::letters(tx, firm, messages.iter().map(|opener| opener.of.key())).await?;
    let noted = openers.iter().filter(|opener| matches!(opener.of, Of::Note(_)));
    let notes = texts::notes(tx, firm, noted.map(|opener| opener.of.key())).await?;
    let words = |opener: &Evidence| {
        let key = opener.of.key();
        if let Some(note) = notes.get(&key) {
            let (start, end) = opener.passage.unwrap_or((0, u32::MAX));
            return Some(Words {
                passage: one_line(scalars(note, start, end), 2 * GIST),
                ..Words::default()
            });
        }
        let letter = letters.get(&key)?;
        let subject = reading::letter::base_subject(&letter.subject).to_owned();
        let passage = match opener.passage.or_else(|| places.get(&key).copied()) {
            Some((start, end)) => one_line(scalars(&letter.body, start, end), 2 * GIST),
            None => one_line(&letter.body, GIST),
        };
        Some(Words { subject, passage })
    };
    Ok(openers.iter().filter_map(|opener| Some((place(opener), Arc::new(words(opener)?)))).collect())
}

fn place(opener: &Evidence) -> Place {
    (opener.of.key(), opener.passage)
}

fn opener(owed: &Obligation) -> Option<Evidence> {
    owed.evidence.iter().find(|evidence| evidence.role == Role::Opened).copied()
}

/// What people are called by whom something is awaited: the contact's name, else the name in their mail, else the
/// address.
pub async fn names<'a>(
    tx: &mut Tx,
    asker: &Asker,
    shown: impl Iterator<Item = &'a Obligation>,
) -> Result<FxHashMap<AddressId, String>> {
    let contacts = &asker.board.firm.contacts;
    let numbers: FxHashSet<_> = shown.filter_map(|owed| owed.contact).collect();
    let unknown: Vec<_> = numbers.iter().copied().filter(|number| !contacts.contains_key(number)).collect();
    let mut names: FxHashMap<_, _> =
        numbers.iter().filter_map(|number| Some((*number, contacts.get(number)?.clone()))).collect();
    for (number, (text, name)) in texts::addresses(tx, asker.firm, unknown).await? {
        names.insert(number, texts::called(&text, &name).to_owned());
    }
    Ok(names)
}
