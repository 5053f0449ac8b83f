//! The fields of a form that say how a mailbox is reached.

use serde::Deserialize;
use wire::http::Address;
use wire::net::Security;

use crate::error::{Error, Result};
use crate::mailboxes::provider::Suggestion;
use crate::mailboxes::store::security_name;
use crate::mailboxes::{FetchBy, SendBy, Server};
use crate::text::typed;

/// How a mailbox is reached, as it is typed.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Ways {
    /// `jmap`; else by IMAP.
    #[serde(deserialize_with = "typed")]
    pub(super) by: String,
    /// Where JMAP is spoken.
    #[serde(deserialize_with = "typed")]
    pub(super) jmap: String,
    /// The account there, where it is not one's own.
    #[serde(deserialize_with = "typed")]
    pub(super) account: String,
    #[serde(deserialize_with = "typed")]
    pub(super) imap: String,
    #[serde(deserialize_with = "typed")]
    pub(super) imap_port: String,
    #[serde(deserialize_with = "typed")]
    pub(super) imap_security: String,
    /// Empty to send by JMAP.
    #[serde(deserialize_with = "typed")]
    pub(super) smtp: String,
    #[serde(deserialize_with = "typed")]
    pub(super) smtp_port: String,
    #[serde(deserialize_with = "typed")]
    pub(super) smtp_security: String,
}

/// The word for JMAP in forms.
pub(super) const JMAP: &str = "jmap";

impl Ways {
    /// What an address is probably reached by.
    pub(super) fn suggested(known: &Suggestion, by: &str) -> Ways {
        let is_jmap = by == JMAP;
        Ways {
            by: if is_jmap { JMAP.to_owned() } else { String::new() },
            jmap: known.jmap.clone(),
            account: String::new(),
            imap: known.imap.host.clone(),
            imap_port: known.imap.port.to_string(),
            imap_security: security_name(known.imap.security).to_owned(),
            // By JMAP mail is sent as well, unless somebody names another server.
            smtp: if is_jmap { String::new() } else { known.smtp.host.clone() },
            smtp_port: known.smtp.port.to_string(),
            smtp_security: security_name(known.smtp.security).to_owned(),
        }
    }

    /// Whether it is fetched by JMAP.
    pub(super) fn is_jmap(&self) -> bool {
        self.by == JMAP
    }

    /// How the mailbox is reached.
    pub(super) fn read(&self) -> Result<(FetchBy, SendBy)> {
        let fetch_by = match self.is_jmap() {
            true => {
                let address =
                    Address::parse(&self.jmap).map_err(|words| Error::invalid("the server", words))?;
                FetchBy::Jmap(match self.account.trim() {
                    "" => address,
                    account => address.with_part(account),
                })
            }
            false => FetchBy::Imap(server(&self.imap, &self.imap_port, &self.imap_security, TO_FETCH)?),
        };
        let send_by = match self.is_jmap() && self.smtp.trim().is_empty() {
            true => SendBy::Jmap,
            false => SendBy::Smtp(server(&self.smtp, &self.smtp_port, &self.smtp_security, TO_SEND)?),
        };
        Ok((fetch_by, send_by))
    }
}

/// What the port of a server is called, and what it is.
type Port = (&'static str, &'static str);
const TO_FETCH: Port = ("the port to fetch mail from", "is a number, such as 993");
const TO_SEND: Port = ("the port to send mail by", "is a number, such as 465");

fn server(host: &str, port: &str, security: &str, (name, words): Port) -> Result<Server> {
    let port = port.trim().parse().map_err(|_| Error::invalid(name, words))?;
    let security = match security {
        "starttls" => Security::StartTls,
        "plain" => Security::Plain,
        _ => Security::Tls,
    };
    Ok(Server { host: host.trim().to_owned(), port, security })
}
