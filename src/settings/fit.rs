//! Whether a mailbox may be connected: whose address it is, and where its servers are.

use care::people::{ClientKind, Who};
use sqlx::query_scalar;
use wire::net::{Reach, Security};

use crate::access::Access;
use crate::board::Asker;
use crate::db::{Tx, sql};
use crate::error::{Error, Result};
use crate::ids::{FirmId, StaffId};
use crate::mailboxes::{FetchBy, SendBy, Server, store};
use crate::record::{addresses, book};
use crate::staff;

const OWNER_BY_NAME: &str = "SELECT staff_id FROM mailbox WHERE firm_id = $1 AND name = $2";

/// Ports at which mail is fetched and handed in. Where the operator allows no private networks, others are refused: a
/// form shall not be used to knock at the doors of other machines.
const PORTS: [u16; 6] = [143, 993, 25, 465, 587, 2525];
/// The same for JMAP.
const JMAP_PORTS: [u16; 2] = [443, 8443];

/// Who connects a mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Somebody of the firm: their own, or as an owner of the firm a shared one.
    Person {
        /// Who it is.
        staff: StaffId,
        /// They are an owner of the firm.
        is_owner: bool,
    },
    /// Whoever runs the program, on its command line: for the person of the firm whose address it is, else a shared one.
    Operator {
        /// It may be connected already, and is reached in another way from now on.
        again: bool,
    },
}

impl By {
    /// The person who asks.
    pub fn of(asker: &Asker) -> By {
        By::Person { staff: asker.staff, is_owner: asker.access == Access::Owner }
    }
}

/// Refuses an address that is none, that is connected, a colleague's or a client's, or whose letters are here and nobody
/// has said whose they are.
pub async fn may_be_connected(tx: &mut Tx, firm: FirmId, by: By, address: &str) -> Result<()> {
    let refuse = |words: String| Err(Error::invalid("this address", words));
    if !address.rsplit_once('@').is_some_and(|(name, domain)| !name.is_empty() && !domain.is_empty()) {
        return refuse("is none: it has a name, an @ and a domain".to_owned());
    }
    let mut connected = store::all(tx, firm).await?.into_iter();
    if connected.any(|one| one.address.eq_ignore_ascii_case(address)) {
        match by {
            By::Operator { again: true } => {}
            By::Operator { again: false } => {
                let words = "is connected already; --again changes how it is reached";
                return refuse(words.to_owned());
            }
            By::Person { .. } => return refuse("is connected already".to_owned()),
        }
    }
    let people = staff::store::all(tx, firm).await?;
    let name = |id: StaffId| {
        let found = people.iter().find(|person| person.id == id);
        found.map_or("somebody", |person| person.name.as_str()).to_owned()
    };
    let book = book::at_hand(tx, firm).await?.book;
    let number = addresses::find(tx, firm, address).await?;
    let listed = people.iter().find(|person| number.is_some_and(|number| person.addresses.contains(&number)));
    if let Some(person) = listed {
        return match by {
            By::Person { staff, .. } if staff != person.id => {
                refuse(format!("is that of {}, who can connect it", person.name))
            }
            By::Person { .. } | By::Operator { .. } => Ok(()),
        };
    }
    let client = number.map(|number| book.directory.who(number)).and_then(Who::client);
    // Whom nobody has confirmed may well be one of us.
    if client.and_then(|id| book.client(id)).is_some_and(|known| known.kind != ClientKind::Correspondent) {
        let words = "is that of a client, prospect or partner of the firm, and no mailbox of yours";
        return refuse(words.to_owned());
    }
    let known: Option<Option<i64>> =
        sql!(tx, c => query_scalar(OWNER_BY_NAME).bind(firm.0).bind(address).fetch_optional(c).await)?;
    match (known, by) {
        (Some(Some(owner)), By::Person { staff, .. }) if owner != staff.0 => {
            refuse(format!("belongs to {}, who can connect it", name(StaffId(owner))))
        }
        // Whoever connects it sees the letters that are here already.
        (Some(None), By::Person { is_owner: false, .. }) => refuse(
            "has letters here, and nobody has said whose it is; an owner of the firm does that".to_owned(),
        ),
        _ => Ok(()),
    }
}

/// Whether a form may reach servers so.
pub(super) fn are_fit(fetch_by: &FetchBy, send_by: &SendBy, reach: Reach) -> Result<()> {
    match fetch_by {
        FetchBy::Imap(server) => is_fit(server, reach, "to fetch mail from")?,
        FetchBy::Jmap(address) if reach == Reach::Public => {
            if !address.is_protected() || !JMAP_PORTS.contains(&address.port()) {
                return Err(Error::invalid("the address", "must begin with https:, at port 443 or 8443"));
            }
        }
        FetchBy::Jmap(_) => {}
    }
    match (fetch_by, send_by) {
        (_, SendBy::Smtp(server)) => is_fit(server, reach, "to send mail by"),
        (FetchBy::Jmap(_), SendBy::Jmap) => Ok(()),
        (FetchBy::Imap(_), SendBy::Jmap) => {
            Err(Error::invalid("the server", "for mail that is sent is missing"))
        }
    }
}

fn is_fit(server: &Server, reach: Reach, what_for: &str) -> Result<()> {
    let refuse = |what: &str, words: &str| Err(Error::invalid(format!("the {what} {what_for}"), words));
    let host = &server.host;
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    if host.is_empty() || 253 < host.len() || !host.chars().all(is_name) {
        return refuse("server", "needs a name such as mail.firm.example");
    }
    if reach == Reach::Public && !PORTS.contains(&server.port) {
        let words = "is none of mail: 993 or 143 to fetch, 465 or 587 to send; whoever runs this allows others \
                     (private_network = true among the settings)";
        return refuse("port", words);
    }
    if reach == Reach::Public && server.security == Security::Plain {
        return refuse("connection", "must be protected: with TLS or STARTTLS");
    }
    Ok(())
}
