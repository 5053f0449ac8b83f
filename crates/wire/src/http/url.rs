//! Addresses of things on servers.

use std::fmt;

use url::Url;

use crate::net::Trouble;

/// The address of a thing on a server: `https://host/path`. It may be a secret by itself, so it prints without what
/// comes after the host.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(Url);

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

impl Address {
    /// Reads an address as people have it: `https:`, `webcal:` (the same), a bare host; `http:` is for this machine.
    pub fn parse(text: &str) -> Result<Address, String> {
        let text = text.trim();
        let lower = text.to_ascii_lowercase();
        let text = match ["webcals://", "webcal://"].iter().find(|scheme| lower.starts_with(**scheme)) {
            Some(scheme) => format!("https://{}", &text[scheme.len()..]),
            None if !text.contains("://") => format!("https://{text}"),
            None => text.to_owned(),
        };
        let url = Url::parse(&text)
            .map_err(|_| "is no address such as https://calendar.firm.example/".to_owned())?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(format!("begins with {}:, which is not understood; https: is", url.scheme()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("holds a name or a password; give those in their own fields".to_owned());
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err("names no server".to_owned());
        }
        Ok(Address(url))
    }

    /// The address that `to` means on this page.
    pub(super) fn join(&self, to: &str) -> Result<Address, Trouble> {
        let broke =
            |_| Trouble::Broke(format!("it names the address {:?}", to.chars().take(80).collect::<String>()));
        self.0.join(to).map(Address).map_err(broke)
    }

    /// What a server's answer means by a path.
    pub fn at(&self, path: &str) -> Result<Address, Trouble> {
        self.join(path)
    }

    /// The same server, another path.
    pub fn with_path(&self, path: &str) -> Address {
        let mut url = self.0.clone();
        url.set_path(path);
        url.set_query(None);
        url.set_fragment(None);
        Address(url)
    }

    /// What stands behind `#`, as it is read; none where nothing does. It never goes over the wire.
    pub fn part(&self) -> Option<String> {
        self.0.fragment().filter(|part| !part.is_empty()).map(unescaped)
    }

    /// The same address, with this behind `#`; nothing there where it is empty.
    #[must_use]
    pub fn with_part(&self, part: &str) -> Address {
        let mut url = self.0.clone();
        url.set_fragment(Some(escaped(part)).filter(|part| !part.is_empty()).as_deref());
        Address(url)
    }

    /// The whole of it, with what may be secret.
    pub fn reveal(&self) -> &str {
        self.0.as_str()
    }

    /// The path, as it goes over the wire.
    pub fn path(&self) -> &str {
        self.0.path()
    }

    /// Where it is, without what may be secret.
    pub fn shown(&self) -> String {
        self.authority()
    }

    /// The server's name.
    pub fn host(&self) -> String {
        self.0.host_str().unwrap_or_default().to_owned()
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or(443)
    }

    /// By TLS.
    pub fn is_protected(&self) -> bool {
        self.0.scheme() == "https"
    }

    pub(super) fn authority(&self) -> String {
        match self.0.port() {
            Some(port) => format!("{}:{port}", self.host()),
            None => self.host(),
        }
    }

    pub(super) fn path_and_query(&self) -> String {
        match self.0.query() {
            Some(query) => format!("{}?{query}", self.0.path()),
            None => self.0.path().to_owned(),
        }
    }

    /// On the same server, or on a neighbour under the same domain: providers spread accounts over several.
    pub(crate) fn is_near(&self, other: &Address) -> bool {
        let (a, b) = (self.host(), other.host());
        if !self.is_protected() && other.is_protected() {
            return false;
        }
        if a == b {
            return self.port() == other.port();
        }
        // Below "co.uk" everybody has a name.
        let organisation = psl::domain_str(&b);
        if organisation.is_none() || psl::domain_str(&a) != organisation {
            return false;
        }
        let domain = |host: &str| host.split_once('.').map(|(_, rest)| rest.to_owned());
        let is_name = |host: &str| host.chars().any(|c| c.is_ascii_alphabetic()) && !host.starts_with('[');
        match domain(&b).filter(|domain| domain.contains('.')) {
            Some(domain) => is_name(&a) && a.ends_with(&format!(".{domain}")),
            // Below a domain that was given itself.
            None => b.contains('.') && is_name(&b) && a.ends_with(&format!(".{b}")),
        }
    }
}

/// A text as it stands in a part of a path or in a query.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(char::from(byte))
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

/// What an escaped text means; what is not escaped rightly stands as it is.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.filter(|_| *first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_people_have_them_and_show_no_secret() {
        for (text, read) in [
            ("https://cal.firm.example/a?key=s", "https://cal.firm.example/a?key=s"),
            ("webcal://cal.firm.example/a", "https://cal.firm.example/a"),
            ("cal.firm.example", "https://cal.firm.example/"),
            ("http://localhost:5232/", "http://localhost:5232/"),
        ] {
            assert_eq!(Address::parse(text).unwrap().reveal(), read);
        }
        for text in
            ["ftp://x/", "https://", "https://amy:secret@x.example/", "", "file:///etc/passwd", "java script"]
        {
            assert!(Address::parse(text).is_err(), "{text}");
        }
        let secret = Address::parse("https://cal.firm.example/private-4711/basic.ics").unwrap();
        assert_eq!(format!("{secret:?}"), "cal.firm.example");
    }

    #[test]
    fn what_stands_behind_the_address_is_read_as_it_was_given() {
        let address = Address::parse("jmap.firm.example/session").unwrap();
        assert_eq!(address.part(), None);
        for part in ["office@firm.example", "Büro & Co #1", "100%", "%zz", "%+f"] {
            let named = address.with_part(part);
            assert_eq!(named.part().as_deref(), Some(part));
            let again = Address::parse(named.reveal()).unwrap();
            assert_eq!(
                (again.part().as_deref(), again.path_and_query()),
                (Some(part), "/session".to_owned())
            );
            assert_eq!(named.with_part(""), address);
        }
        assert_eq!(
            Address::parse("https://jmap.firm.example/#a%20b").unwrap().part().as_deref(),
            Some("a b")
        );
    }

    #[test]
    fn a_password_goes_to_its_server_and_to_neighbours_of_the_same_domain_alone() {
        let near = |asked: &str, given: &str| {
            Address::parse(asked).unwrap().is_near(&Address::parse(given).unwrap())
        };
        assert!(near("https://p12-caldav.icloud.example/", "https://caldav.icloud.example/"));
        assert!(near("https://caldav.firm.example/x", "https://caldav.firm.example/"));
        assert!(near("https://jmap.firm.example/", "https://firm.example/"));
        assert!(!near("https://other.example/", "https://firm.example/"));
        assert!(!near("https://evil.example/", "https://firm.example/"));
        assert!(!near("https://caldav.firm.example:8443/", "https://caldav.firm.example/"));
        assert!(!near("http://caldav.firm.example/", "https://caldav.firm.example/"));
        assert!(near("https://jmap.firm.co.uk/", "https://firm.co.uk/"));
        assert!(!near("https://evil.co.uk/", "https://firm.co.uk/"));
        assert!(!near("https://127.0.0.2/", "https://127.0.0.1/"));
        assert!(!near("https://caldav.firm.example.evil.example/", "https://caldav.firm.example/"));
    }
}
