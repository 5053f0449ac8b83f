//! Every e-mail address and telephone number met, as one small number each.

use care::ids::AddressId;
use rustc_hash::FxHashMap;

/// The table of addresses: text to number and back.
#[derive(Debug, Default)]
pub struct Addresses {
    numbers: FxHashMap<Box<str>, AddressId>,
    texts: Vec<Box<str>>,
}

impl Addresses {
    /// The number of this address, which is made when it was not met before. E-mail addresses are expected in lower
    /// case.
    pub fn number(&mut self, text: &str) -> AddressId {
        if let Some(id) = self.numbers.get(text) {
            return *id;
        }
        let id = AddressId(self.texts.len() as u32);
        self.texts.push(text.into());
        self.numbers.insert(text.into(), id);
        id
    }

    /// Adds the next address of a table that numbers them already, even where two have the same text.
    pub fn add(&mut self, text: &str) {
        let id = AddressId(self.texts.len() as u32);
        self.texts.push(text.into());
        self.numbers.entry(text.into()).or_insert(id);
    }

    /// The number of a telephone number, however it is spelled; none where it has no digits.
    pub fn phone(&mut self, text: &str) -> Option<AddressId> {
        wire::calls::number_key(text).map(|key| self.number(&key))
    }

    /// The number of an address that was met before.
    pub fn find(&self, text: &str) -> Option<AddressId> {
        self.numbers.get(text).copied()
    }

    /// The text of an address; empty for a number that this table never gave.
    pub fn text(&self, id: AddressId) -> &str {
        self.texts.get(id.0 as usize).map_or("", |text| text)
    }

    /// How many addresses there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether no address was met yet.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// All addresses with their numbers, in the order in which they were met.
    pub fn iter(&self) -> impl Iterator<Item = (AddressId, &str)> {
        self.texts.iter().enumerate().map(|(i, text)| (AddressId(i as u32), &**text))
    }
}
