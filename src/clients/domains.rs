//! Domains: which organisation an address belongs to, and which domains are anybody's.

/// Providers at which anybody may have an address: their users are persons, never one organisation.
/// A name without a dot stands for every country's ending ("yahoo" covers yahoo.com, yahoo.co.uk …).
const FREEMAIL: [&str; 70] = [
    "126.com",
    "163.com",
    "ameritech.net",
    "aol",
    "att.net",
    "bellsouth.net",
    "bigfoot.com",
    "bigpond",
    "bluewin.ch",
    "btinternet.com",
    "btopenworld.com",
    "charter.net",
    "comcast.net",
    "compuserve.com",
    "cox.net",
    "earthlink.net",
    "ev1.net",
    "excite.com",
    "fastmail.com",
    "fastmail.fm",
    "flash.net",
    "free.fr",
    "freenet.de",
    "frontier.com",
    "gmail.com",
    "gmx",
    "googlemail.com",
    "hey.com",
    "hotmail",
    "hushmail.com",
    "icloud.com",
    "inbox.com",
    "juno.com",
    "laposte.net",
    "libero.it",
    "live",
    "lycos.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "mindspring.com",
    "msn.com",
    "netscape.net",
    "netzero.net",
    "ntlworld.com",
    "o2.pl",
    "optonline.net",
    "orange.fr",
    "outlook",
    "pacbell.net",
    "pipeline.com",
    "pm.me",
    "posteo.de",
    "prodigy.net",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "rocketmail.com",
    "rr.com",
    "sbcglobal.net",
    "sky.com",
    "swbell.net",
    "t-online.de",
    "talktalk.net",
    "tiscali.co.uk",
    "verizon.net",
    "virginmedia.com",
    "web.de",
    "ymail.com",
];

/// More providers of the same kind, whose names begin alike in many countries.
const FREEMAIL_FAMILIES: [&str; 3] = ["yahoo", "wanadoo", "yandex"];

/// The part of an e-mail address after the last `@`.
pub fn domain_of(address: &str) -> Option<&str> {
    address.rsplit_once('@').map(|(_, domain)| domain).filter(|domain| !domain.is_empty())
}

/// The domain that an organisation registered: `mail.acme.co.uk` gives `acme.co.uk`. A name that is no public
/// domain is given back whole.
pub fn organisation_domain(domain: &str) -> &str {
    psl::domain_str(domain).unwrap_or(domain)
}

/// Whether anybody may have an address at this domain.
pub fn is_freemail(domain: &str) -> bool {
    let organisation = organisation_domain(domain);
    let label = organisation.split('.').next().unwrap_or(organisation);
    FREEMAIL.binary_search(&organisation).is_ok()
        || FREEMAIL.binary_search(&label).is_ok()
        || FREEMAIL_FAMILIES.contains(&label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn freemail_list_is_sorted_for_the_search() {
        assert!(FREEMAIL.is_sorted());
    }

    #[test]
    fn providers_are_told_from_organisations_in_every_country() {
        for domain in ["gmail.com", "yahoo.co.uk", "hotmail.fr", "gmx.net", "web.de", "live.co.uk", "aol.com"]
        {
            assert!(is_freemail(domain), "{domain}");
        }
        for domain in ["acme.example", "gmail.acme.com", "livewell.com", "webber.de"] {
            assert!(!is_freemail(domain), "{domain}");
        }
    }

    #[test]
    fn an_organisation_is_known_by_the_domain_it_registered() {
        assert_eq!(organisation_domain("mail.acme.co.uk"), "acme.co.uk");
        assert_eq!(organisation_domain("acme.com"), "acme.com");
        assert_eq!(organisation_domain("localhost"), "localhost");
    }
}
