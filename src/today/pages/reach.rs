//! How whoever waits is reached: their mail address, and the numbers at which they are rung.

use care::people::Who;

use crate::board::Asker;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::{AddressId, ClientId};
use crate::record::texts::{self, as_written};
use crate::text::tel;

/// So many numbers of somebody are shown.
const NUMBERS: usize = 3;

/// How somebody is reached.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// Their mail address; empty where the one they came by is a number.
    pub(super) email: String,
    /// Their numbers as they are written, and what rings each.
    pub(super) numbers: Vec<(String, String)>,
}

impl Reach {
    /// How the contact who has an address is reached; `shown` is what the page says of that address already.
    pub(super) async fn of(
        tx: &mut Tx,
        asker: &Asker,
        client: ClientId,
        address: AddressId,
        shown: &str,
    ) -> Result<Reach> {
        let house = &asker.board.firm;
        let who = house.book.directory.who(address);
        let is_theirs = |other: &AddressId| *other == address || house.book.directory.who(*other) == who;
        let has_contact = matches!(who, Who::Client { contact: Some(_), .. });
        let all = house.addresses.get(&client).into_iter().flatten().copied().filter(|_| has_contact);
        let mut theirs: Vec<AddressId> = std::iter::once(address).chain(all.filter(is_theirs)).collect();
        theirs.sort_unstable();
        theirs.dedup();
        let texts = texts::addresses(tx, asker.firm, theirs.iter().copied()).await?;
        let mut numbers = Vec::new();
        for (text, name) in theirs.iter().filter_map(|address| texts.get(address)) {
            let spelled = as_written(text, name);
            match tel(spelled).or_else(|| tel(text)) {
                Some(href) if !text.contains('@') => numbers.push((spelled.to_owned(), href)),
                _ => {}
            }
        }
        numbers.truncate(NUMBERS);
        // A caller who is nobody's contact is called by that number already.
        if let [(only, _)] = &mut numbers[..]
            && only == shown
        {
            "ring".clone_into(only);
        }
        let email = texts.get(&address).map(|(text, _)| text.clone()).filter(|text| text.contains('@'));
        Ok(Reach { email: email.unwrap_or_default(), numbers })
    }
}
