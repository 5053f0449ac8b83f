//! How a mailbox is reached, as it is written on the command line.

use anyhow::{Result, bail};
use wire::http::Address;
use wire::net::Security;

use super::{AddArgs, Protection, Provider};
use crate::cli::options::WrongUsage;
use crate::mailboxes::{FetchBy, SendBy, Server, provider};

impl AddArgs {
    /// How it is reached, and whether the provider keeps a copy of what is sent by itself.
    pub(super) fn servers(&self) -> Result<(FetchBy, SendBy, bool)> {
        if let Some(provider) = self.provider {
            let known = match provider {
                Provider::Google => provider::Provider::Google,
                Provider::Microsoft => provider::Provider::Microsoft,
                Provider::Fastmail => provider::Provider::Fastmail,
            };
            let known = known.servers(&self.address);
            let ways = (FetchBy::Imap(known.imap), SendBy::Smtp(known.smtp));
            return Ok((ways.0, ways.1, known.server_keeps_copy));
        }
        let port = |security| match security {
            Security::Tls => 465,
            _ => 587,
        };
        let smtp = |text: &str| server(text, self.smtp_security, port).map(SendBy::Smtp);
        if let Some(address) = &self.jmap {
            let domain = self.address.rsplit_once('@').map_or("", |(_, domain)| domain);
            let address = if address.is_empty() { domain } else { address };
            let wrong = |words| WrongUsage::new(format!("{address:?} {words}"));
            let place = Address::parse(address).map_err(wrong)?;
            let fetch_by = FetchBy::Jmap(match &self.account {
                Some(account) => place.with_part(account),
                None => place,
            });
            let send_by = self.smtp.as_deref().map_or(Ok(SendBy::Jmap), smtp)?;
            return Ok((fetch_by, send_by, false));
        }
        let imap = self.imap.as_deref().unwrap_or_default();
        let imap = server(imap, self.imap_security, |security| match security {
            Security::Tls => 993,
            _ => 143,
        })?;
        let send_by = smtp(self.smtp.as_deref().unwrap_or(&imap.host))?;
        Ok((FetchBy::Imap(imap), send_by, false))
    }
}

/// A server as it is written: `imap.firm.example`, `imap.firm.example:993`, `[::1]:993`.
fn server(text: &str, protection: Protection, port: impl Fn(Security) -> u16) -> Result<Server> {
    let security = match protection {
        Protection::Tls => Security::Tls,
        Protection::Starttls => Security::StartTls,
        Protection::Plain => Security::Plain,
    };
    let (host, given) = match text.rsplit_once(':') {
        Some((host, given)) if !host.contains(':') || host.ends_with(']') => (host, Some(given)),
        _ => (text, None),
    };
    if host.is_empty() || host.contains(|c: char| c.is_whitespace() || c == '/' || c == '@') {
        bail!(WrongUsage::new(format!("{text:?} is no server; give a name such as imap.firm.example")));
    }
    let port = match given {
        None => port(security),
        Some(given) => given
            .parse()
            .map_err(|_| WrongUsage::new(format!("{given:?} is no port; give a number from 1 to 65535")))?,
    };
    Ok(Server { host: host.to_owned(), port, security })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_read_as_people_write_them() {
        let read = |text| server(text, Protection::Tls, |_| 993).map(|s| (s.host, s.port)).ok();
        assert_eq!(read("imap.firm.example"), Some(("imap.firm.example".to_owned(), 993)));
        assert_eq!(read("imap.firm.example:1993"), Some(("imap.firm.example".to_owned(), 1993)));
        assert_eq!(read("[::1]:143"), Some(("[::1]".to_owned(), 143)));
        assert_eq!(read("imap.firm.example:x"), None);
        assert_eq!(read("https://imap.firm.example"), None);
        assert_eq!(read(""), None);
    }
}
