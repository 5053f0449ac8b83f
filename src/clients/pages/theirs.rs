//! Whether an address may be a contact's, and whether whoever makes it one may open what is written with it.

use care::book::FirmBook;
use care::people::Who;

use crate::board::{Asker, Card};
use crate::clients::people::{Belongs, belongs};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{AddressId, ClientId};
use crate::record::read;
use crate::record::texts::{self, as_written};

/// Whether an address may be somebody's of a client: it is the client's, or nobody's, and no contact's.
pub(super) async fn is_free(
    tx: &mut Tx,
    asker: &Asker,
    book: &FirmBook,
    client: ClientId,
    address: AddressId,
) -> Result<bool> {
    match belongs(book, whose(asker, book, address), client) {
        Belongs::ToClient => Ok(true),
        Belongs::ToNobody => may_open(tx, asker, book, address).await,
        Belongs::ToAnother => Ok(false),
    }
}

/// The same, and where it may not, whose it is: said only to whoever may see that.
pub(super) async fn may_be_theirs(
    tx: &mut Tx,
    asker: &Asker,
    book: &FirmBook,
    card: &Card,
    address: AddressId,
) -> Result<()> {
    if is_free(tx, asker, book, card.id, address).await? {
        return Ok(());
    }
    let who = whose(asker, book, address);
    let seen = who.client().and_then(|client| asker.client(client).ok());
    let words = match (who, seen) {
        (Who::Staff(staff), _) => format!("is {}’s, who works here", asker.name_of(staff)),
        (Who::Client { contact: Some(_), .. }, Some(of)) => {
            let name = asker.board.firm.contacts.get(&address).filter(|name| !name.is_empty());
            let whose = name.map_or("another contact", String::as_str);
            match of.id == card.id {
                true if book.directory.is_removed(address) => {
                    format!("was found to be {whose}’s, who is removed; undo one of both first")
                }
                true => {
                    format!("is {whose}’s already; where the two are one, say so below: Two people are one")
                }
                false => format!("is {whose}’s, of {}", of.name),
            }
        }
        (_, Some(of)) => format!("is of {}", of.name),
        _ => "is somebody else’s here, whom you do not see; ask a colleague, or an owner of the firm"
            .to_owned(),
    };
    let texts = texts::addresses(tx, asker.firm, [address]).await?;
    let text = texts.get(&address).map_or("", |(text, name)| as_written(text, name));
    Err(Error::invalid(format!("“{text}”"), words))
}

/// Whose an address is. That of somebody who was removed is their client's, for whoever comes after them, but for one that
/// was joined to them: it was said that this is theirs.
fn whose(asker: &Asker, book: &FirmBook, address: AddressId) -> Who {
    match book.directory.who(address) {
        Who::Client { client, .. }
            if book.directory.is_removed(address) && !asker.board.firm.joined.contains_key(&address) =>
        {
            Who::Client { client, contact: None }
        }
        who => who,
    }
}

/// Whether what is written with somebody whom nobody has placed is the asker's to show to the firm: there is nothing, or
/// they see some of it. Else whoever made somebody a contact would read what lies in a colleague's mailbox alone. Calls
/// lie in nobody's mailbox.
async fn may_open(tx: &mut Tx, asker: &Asker, book: &FirmBook, address: AddressId) -> Result<bool> {
    if book.directory.who(address).client().is_some_and(|proposed| asker.is_walled(proposed)) {
        return Ok(false);
    }
    let letters = read::letters_with(tx, asker.firm, address).await?;
    Ok(letters.is_empty() || !asker.visible(tx, letters).await?.is_empty())
}
