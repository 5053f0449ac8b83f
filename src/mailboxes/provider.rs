//! Servers that an address most likely has: those of large providers by its domain, else by the usual names.

use wire::net::Security;

use super::Server;

/// Who runs a firm's mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// Gmail and Google Workspace.
    Google,
    /// Microsoft 365 and Outlook.
    Microsoft,
    /// Fastmail.
    Fastmail,
    /// Anybody else.
    Other,
}

/// How a mailbox is probably reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Whose servers they are.
    pub provider: Provider,
    /// Where mail is fetched.
    pub imap: Server,
    /// Where mail is handed in.
    pub smtp: Server,
    /// Where JMAP is spoken, if it is.
    pub jmap: String,
    /// The server keeps a copy of what is sent by itself.
    pub server_keeps_copy: bool,
}

const GOOGLE: [&str; 2] = ["gmail.com", "googlemail.com"];
const MICROSOFT: [&str; 5] = ["outlook.com", "hotmail.com", "live.com", "msn.com", "office365.com"];
const FASTMAIL: [&str; 3] = ["fastmail.com", "fastmail.fm", "sent.com"];

/// Where mail is handed in and then lies among sent mail by itself: at Google, and since 2018 at Microsoft.
const KEEP_A_COPY: [&str; 5] = [
    "smtp.gmail.com",
    "smtp.googlemail.com",
    "smtp.office365.com",
    "smtp-mail.outlook.com",
    "outlook.office365.com",
];

/// Whether the server of that name is known to keep a copy of what is sent by itself.
pub fn keeps_copy(host: &str) -> bool {
    KEEP_A_COPY.iter().any(|known| known.eq_ignore_ascii_case(host))
}

impl Provider {
    /// All, in the order of a list.
    pub const ALL: [Provider; 4] =
        [Provider::Google, Provider::Microsoft, Provider::Fastmail, Provider::Other];

    /// The word in addresses and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Provider::Google => "google",
            Provider::Microsoft => "microsoft",
            Provider::Fastmail => "fastmail",
            Provider::Other => "other",
        }
    }

    /// The provider of that name.
    pub fn named(name: &str) -> Option<Provider> {
        Provider::ALL.into_iter().find(|provider| provider.name() == name)
    }

    /// Who runs the mail of a domain, where that can be known from its name.
    pub fn of_domain(domain: &str) -> Provider {
        let domain = domain.to_lowercase();
        let is = |known: &[&str]| known.contains(&domain.as_str());
        match () {
            () if is(&GOOGLE) => Provider::Google,
            () if is(&MICROSOFT) => Provider::Microsoft,
            () if is(&FASTMAIL) => Provider::Fastmail,
            () => Provider::Other,
        }
    }

    /// Its servers, for an address.
    pub fn servers(self, address: &str) -> Suggestion {
        let domain = domain_of(address);
        let server = |host: &str, port, security| Server { host: host.to_owned(), port, security };
        let (imap, smtp) = match self {
            Provider::Google => ("imap.gmail.com".to_owned(), server("smtp.gmail.com", 465, Security::Tls)),
            Provider::Microsoft => {
                ("outlook.office365.com".to_owned(), server("smtp.office365.com", 587, Security::StartTls))
            }
            Provider::Fastmail => {
                ("imap.fastmail.com".to_owned(), server("smtp.fastmail.com", 465, Security::Tls))
            }
            Provider::Other => {
                (format!("imap.{domain}"), server(&format!("smtp.{domain}"), 465, Security::Tls))
            }
        };
        Suggestion {
            provider: self,
            imap: server(&imap, 993, Security::Tls),
            server_keeps_copy: keeps_copy(&smtp.host),
            smtp,
            jmap: match self {
                Provider::Fastmail => "api.fastmail.com".to_owned(),
                Provider::Google | Provider::Microsoft | Provider::Other => domain.to_owned(),
            },
        }
    }
}

/// What an address is probably reached by.
pub fn suggest(address: &str) -> Suggestion {
    Provider::of_domain(domain_of(address)).servers(address)
}

fn domain_of(address: &str) -> &str {
    address.trim().rsplit_once('@').map_or("", |(_, domain)| domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_known_by_the_domain_or_guessed_from_it() {
        let of = |address| {
            let found = suggest(address);
            (found.provider, found.imap.host, found.smtp.host, found.smtp.port)
        };
        let google = "smtp.gmail.com".to_owned();
        assert_eq!(of("amy@GMail.com"), (Provider::Google, "imap.gmail.com".to_owned(), google, 465));
        assert_eq!(of("amy@outlook.com").3, 587);
        let own = of("amy@firm.example");
        assert_eq!(own, (Provider::Other, "imap.firm.example".into(), "smtp.firm.example".into(), 465));
        for (address, keeps) in [
            ("amy@gmail.com", true),
            ("amy@outlook.com", true),
            ("amy@fastmail.com", false),
            ("amy@firm.example", false),
        ] {
            assert_eq!(suggest(address).server_keeps_copy, keeps, "{address}");
        }
        assert!(keeps_copy("SMTP.Office365.com") && !keeps_copy("smtp.office365.com.firm.example"));
    }
}
