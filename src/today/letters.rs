//! The passages that show what is owed: fetched for what is on the page, and for nothing else.

use care::entry::Of;
use care::obligation::{Evidence, Obligation, Role};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::board::Asker;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::{AddressId, NaturalKey};
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
    let openers: Vec<(u64, Evidence)> =
        shown.clone().filter_map(|owed| Some((owed.id.0, opener(owed)?))).collect();
    let keys: FxHashSet<NaturalKey> = openers
        .iter()
        .filter_map(|(_, opener)| if let Of::Message(key) = opener.of { Some(key) } else { None })
        .collect();
    let without_place: Vec<NaturalKey> = openers
        .iter()
        .filter(|(_, opener)| opener.passage.is_none() && matches!(opener.of, Of::Message(_)))
        .map(|(_, opener)| opener.of.key())
        .collect();
    let places = asked(tx, asker.firm, &without_place).await?;
    let letters = texts::letters(tx, asker.firm, keys).await?;
    let noted = openers.iter().filter(|(_, opener)| matches!(opener.of, Of::Note(_)));
    let notes = texts::notes(tx, asker.firm, noted.map(|(_, opener)| opener.of.key())).await?;
    let names = names(tx, asker, shown.clone()).await?;
    let mut openings: FxHashMap<u64, Opening> = FxHashMap::default();
    for owed in shown {
        let contact = owed.contact.and_then(|address| names.get(&address).cloned()).unwrap_or_default();
        openings.insert(owed.id.0, Opening { contact, ..Opening::default() });
    }
    for (id, opener) in openers {
        if let (Some(note), Some(opening)) = (notes.get(&opener.of.key()), openings.get_mut(&id)) {
            let (start, end) = opener.passage.unwrap_or((0, u32::MAX));
            opening.passage = one_line(scalars(note, start, end), 2 * GIST);
        }
        let (Some(letter), Some(opening)) = (letters.get(&opener.of.key()), openings.get_mut(&id)) else {
            continue;
        };
        opening.subject = reading::letter::base_subject(&letter.subject).to_owned();
        let place = opener.passage.or_else(|| places.get(&opener.of.key()).copied());
        opening.passage = match place {
            Some((start, end)) => one_line(scalars(&letter.body, start, end), 2 * GIST),
            None => one_line(&letter.body, GIST),
        };
    }
    Ok(openings)
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
