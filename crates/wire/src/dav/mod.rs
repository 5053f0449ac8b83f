//! Calendars and address books on servers (CalDAV, RFC 4791; CardDAV, RFC 6352; what changed, RFC 6578).

mod discover;
mod sync;
mod xml;

use crate::http::{Address, Answer, Client, Question};
use crate::net::Trouble;

pub use sync::{Item, News, Put};

/// What a collection holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Events.
    Calendar,
    /// Cards of people.
    AddressBook,
}

/// A calendar or an address book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// Its address.
    pub address: Address,
    /// What its owner calls it.
    pub name: String,
    /// Something may be put into it.
    pub may_write: bool,
}

/// A conversation with a server.
#[derive(Debug, Clone)]
pub struct Dav {
    /// Asks the server.
    pub client: Client,
    /// What is looked for.
    pub kind: Kind,
}

impl Dav {
    async fn ask(
        &self,
        method: &'static str,
        address: &Address,
        depth: &'static str,
        body: &str,
    ) -> Result<Answer, Trouble> {
        let headers = [("depth", depth)];
        let body = Some(("application/xml; charset=utf-8", body.as_bytes()));
        self.client.ask(&Question { method, address, headers: &headers, body }).await
    }

    /// Asks for several things at once; the answers, and where they came from.
    async fn ask_many(
        &self,
        method: &'static str,
        address: &Address,
        depth: &'static str,
        body: &str,
    ) -> Result<(Vec<xml::Response>, Option<String>, Address), Trouble> {
        let answer = self.ask(method, address, depth, body).await?;
        if answer.status != 207 {
            return Err(answer.trouble(doing(method)));
        }
        let (all, token) = xml::responses(&xml::tree(&answer.body)?)?;
        Ok((all, token, answer.address))
    }
}

fn doing(method: &'static str) -> &'static str {
    match method {
        "PROPFIND" => "to list",
        "PUT" => "to keep",
        "DELETE" => "to remove",
        _ => "to tell",
    }
}
