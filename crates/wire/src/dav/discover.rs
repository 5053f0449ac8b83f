//! Finds the calendars or address books of an account, from any address of its server.

use super::xml::{CALDAV, CARDDAV, DAV, Node, propfind};
use super::{Collection, Dav, Kind};
use crate::http::Address;
use crate::net::Trouble;

const ABOUT: &str = "<d:resourcetype/><d:displayname/><d:current-user-principal/><d:current-user-privilege-set/>\
    <c:supported-calendar-component-set/><c:calendar-home-set/><a:addressbook-home-set/>";

impl Kind {
    fn well_known(self) -> &'static str {
        match self {
            Kind::Calendar => "/.well-known/caldav",
            Kind::AddressBook => "/.well-known/carddav",
        }
    }

    fn home(self, found: &Node) -> Option<&str> {
        let home = match self {
            Kind::Calendar => found.one(CALDAV, "calendar-home-set"),
            Kind::AddressBook => found.one(CARDDAV, "addressbook-home-set"),
        };
        home.and_then(Node::href)
    }

    /// Whether it is such a collection, and one for events where it is a calendar.
    fn is(self, found: &Node) -> bool {
        let Some(kind) = found.one(DAV, "resourcetype") else { return false };
        match self {
            Kind::AddressBook => kind.one(CARDDAV, "addressbook").is_some(),
            Kind::Calendar => {
                let holds = found.one(CALDAV, "supported-calendar-component-set");
                let of_events = |holds: &Node| {
                    let mut all = holds.all(CALDAV, "comp");
                    all.any(|one| one.named.as_deref().is_none_or(|name| name.eq_ignore_ascii_case("VEVENT")))
                };
                kind.one(CALDAV, "calendar").is_some() && holds.is_none_or(of_events)
            }
        }
    }
}

impl Dav {
    /// The calendars or address books of whoever signs in. `start` is any address of the server: that of a collection,
    /// of the account, or its front door.
    pub async fn discover(&self, start: &Address) -> Result<Vec<Collection>, Trouble> {
        let mut last = None;
        for door in [start.clone(), start.with_path(self.kind.well_known())] {
            match self.from(&door).await {
                Ok(Some(found)) => return Ok(found),
                Ok(None) => {}
                // Another door of the same server takes the same name no sooner.
                Err(trouble) if !matches!(trouble, Trouble::Said { .. } | Trouble::Broke(_)) => {
                    return Err(trouble);
                }
                Err(trouble) => last = Some(trouble),
            }
        }
        Err(last.unwrap_or_else(|| {
            let what = match self.kind {
                Kind::Calendar => "calendars (CalDAV)",
                Kind::AddressBook => "address books (CardDAV)",
            };
            Trouble::Broke(format!("it tells of no {what} at {}", start.shown()))
        }))
    }

    /// A calendar or an address book, as it is now.
    pub async fn collection(&self, address: &Address) -> Result<Collection, Trouble> {
        let (found, at) = self.about(address).await?;
        Ok(collection(&found, at))
    }

    /// What one address leads to; none where it leads nowhere.
    async fn from(&self, door: &Address) -> Result<Option<Vec<Collection>>, Trouble> {
        let (found, at) = self.about(door).await?;
        if self.kind.is(&found) {
            return Ok(Some(vec![collection(&found, at)]));
        }
        let mut home = self.kind.home(&found).map(|home| at.at(home)).transpose()?;
        if home.is_none()
            && let Some(principal) = found.one(DAV, "current-user-principal").and_then(Node::href)
        {
            let (found, at) = self.about(&at.at(principal)?).await?;
            home = self.kind.home(&found).map(|home| at.at(home)).transpose()?;
        }
        let Some(home) = home else { return Ok(None) };
        let (all, _, at) = self.ask_many("PROPFIND", &home, "1", &propfind(ABOUT)).await?;
        let mut collections = Vec::new();
        for one in all.into_iter().filter(|one| self.kind.is(&one.found)) {
            collections.push(collection(&one.found, at.at(&one.href)?));
        }
        collections.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Some(collections))
    }

    async fn about(&self, address: &Address) -> Result<(Node, Address), Trouble> {
        let (all, _, at) = self.ask_many("PROPFIND", address, "0", &propfind(ABOUT)).await?;
        let found = all.into_iter().next().map(|one| one.found).unwrap_or_default();
        Ok((found, at))
    }
}

fn collection(found: &Node, address: Address) -> Collection {
    let name = found.one(DAV, "displayname").map(|name| name.text.trim().to_owned());
    let by_path = || {
        let last = address.path().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        last.to_owned()
    };
    let rights = found.one(DAV, "current-user-privilege-set");
    let writes =
        |rights: &Node| ["write", "write-content", "bind", "all"].iter().any(|w| rights.has_deep(DAV, w));
    Collection {
        name: name.filter(|name| !name.is_empty()).unwrap_or_else(by_path),
        // A server that does not say what may be done refuses it when it is tried.
        may_write: rights.is_none_or(writes),
        address,
    }
}
