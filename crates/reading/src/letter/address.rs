//! Who: addresses in one form, and the names that directories and old clients write.

/// A person or a box that mail comes from or goes to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Mailbox {
    /// The display name as a person would write it ("Kim S Ward", not "Ward, Kim S").
    pub name: Option<String>,
    /// Lower case, trimmed; empty where only a name is known.
    pub address: String,
    /// The short name in the directory of the writer's organisation (the last CN of an Exchange name), lower case.
    pub account: Option<String>,
}

impl Mailbox {
    /// From the two halves of a mail address; none where both are empty.
    pub fn new(name: Option<&str>, address: Option<&str>) -> Option<Mailbox> {
        let raw_address = address.unwrap_or_default();
        let mut mailbox = Mailbox { address: tidy_address(raw_address), ..Mailbox::default() };
        if let Some((name, address, account)) = encapsulated(&mailbox.address) {
            mailbox = Mailbox { name, address: address.unwrap_or(mailbox.address), account };
        }
        let mut said = name.map(person_name).unwrap_or_default();
        if !mailbox.address.contains('@') && said.is_empty() {
            said = person_name(raw_address);
        }
        if !said.is_empty() && !said.eq_ignore_ascii_case(&mailbox.address) {
            mailbox.name = Some(said);
        }
        (mailbox.name.is_some() || !mailbox.address.is_empty()).then_some(mailbox)
    }

    /// From a name alone, as Exchange and Notes write it: `Ward, Kim S </O=ACME/CN=KWARD3>`,
    /// `Kim Ward/NA/Acme@Acme`, `"Kim Ward" <kward@example.com>`, `kward@example.com`.
    pub fn from_words(words: &str) -> Option<Mailbox> {
        let words = words.trim().trim_end_matches([';', ',']).trim();
        let open = words.rfind(['<', '[']).filter(|open| words[*open..].contains(['>', ']']));
        let (before, inside) = match open {
            Some(open) => (&words[..open], words[open + 1..].trim_end_matches(['>', ']', ' '])),
            None => (words, ""),
        };
        let inside = inside.trim_start_matches("mailto:").trim_start_matches("MAILTO:");
        if let Some(account) = directory_account(inside) {
            let name = Some(person_name(before)).filter(|n| !n.is_empty());
            return Some(Mailbox { name, address: String::new(), account: Some(account) });
        }
        if inside.contains('@') {
            // "Jeff Fuller <JFuller@example.com>@ACME <IMCEANOTES-…>": the name's own address is the true one.
            return match before.find('<') {
                Some(_) if encapsulated(&tidy_address(inside)).is_some() => {
                    Mailbox::new(None, Some(inside)).map(|m| named_from(m, before))
                }
                _ => Mailbox::new(Some(before), Some(inside)),
            };
        }
        if is_plain_address(before.trim_matches(QUOTES)) {
            return Mailbox::new(None, Some(before));
        }
        let name = Some(person_name(before)).filter(|n| !n.is_empty())?;
        Some(Mailbox { name: Some(name), ..Mailbox::default() })
    }
}

const QUOTES: [char; 7] = ['"', '\'', ' ', '*', '“', '”', '\u{a0}'];

fn named_from(mut mailbox: Mailbox, before: &str) -> Mailbox {
    let name = person_name(before.split('<').next().unwrap_or_default());
    if mailbox.name.is_none() && !name.is_empty() {
        mailbox.name = Some(name);
    }
    mailbox
}

/// Reads a list such as X-To holds: entries with a directory name in angle brackets, or names parted by commas.
pub(super) fn directory_list(words: &str) -> Vec<Mailbox> {
    /// Longer lists name distribution lists; their names help nobody.
    const MOST: usize = 200;
    let words = words.trim();
    let mut found = Vec::new();
    if words.contains('>') {
        let pieces = words.split_inclusive('>').map(|piece| piece.trim_start_matches([',', ' ', ';']));
        found.extend(pieces.filter_map(Mailbox::from_words).take(MOST));
    } else {
        found.extend(words.split([',', ';']).filter_map(Mailbox::from_words).take(MOST));
    }
    found
}

/// Lower case, without blanks, quotes, angle brackets and `mailto:`. Odd local parts are kept as they are.
pub(super) fn tidy_address(address: &str) -> String {
    let trimmed =
        address.trim_matches(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'' | ';' | ','));
    let trimmed = match trimmed.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => &trimmed[7..],
        _ => trimmed,
    };
    if trimmed.is_ascii() { trimmed.to_ascii_lowercase() } else { trimmed.to_lowercase() }
}

/// Whether words are one address and nothing else.
pub(super) fn is_plain_address(words: &str) -> bool {
    let Some((local, domain)) = words.rsplit_once('@') else { return false };
    !local.is_empty()
        && domain.contains('.')
        && !domain.ends_with('.')
        && !words.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';' | '/'))
}

/// The account in an Exchange name (`/O=ACME/OU=NA/CN=RECIPIENTS/CN=KWARD3`): its last CN.
fn directory_account(words: &str) -> Option<String> {
    let first = words.get(..3)?;
    if !first.eq_ignore_ascii_case("/o=") {
        return None;
    }
    let last = words.rsplit('/').next()?;
    let account = last.get(..3).filter(|cn| cn.eq_ignore_ascii_case("cn="))?;
    Some(last[account.len()..].trim().to_lowercase()).filter(|a| !a.is_empty())
}

/// What Exchange wrapped in `IMCEA…-`: a Notes or X.400 name whose odd characters are written `+20` or `_20`.
fn encapsulated(address: &str) -> Option<(Option<String>, Option<String>, Option<String>)> {
    let rest = address.strip_prefix("imcea")?;
    let (kind, rest) = rest.split_once('-')?;
    let wrapped = rest.rsplit_once('@').map_or(rest, |(wrapped, _)| wrapped);
    let plain = unescape(wrapped);
    if kind == "ex" {
        let account = plain.rsplit("cn=").next().filter(|a| a.len() < plain.len())?;
        return Some((None, None, Some(account.trim_end_matches(['/', '_']).to_owned())));
    }
    let inner = plain.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(inner, _)| inner);
    let inner = inner.filter(|a| is_plain_address(a)).map(tidy_address);
    let name = person_name(plain.split('<').next().unwrap_or_default());
    Some((Some(name).filter(|n| !n.is_empty()), inner, None))
}

fn unescape(wrapped: &str) -> String {
    let bytes = wrapped.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escaped = if byte == b'+' || byte == b'_' { hex_pair(bytes.get(at + 1..at + 3)) } else { None };
        match escaped {
            Some(value) => {
                plain.push(value);
                at += 3;
            }
            None => {
                plain.push(if byte == b'_' { b'/' } else { byte });
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

pub(super) fn hex_pair(pair: Option<&[u8]>) -> Option<u8> {
    let &[high, low] = pair? else { return None };
    let digit = |b: u8| (b as char).to_digit(16);
    Some((digit(high)? * 16 + digit(low)?) as u8)
}

/// A name as a person would write it: without quotes, the path of a Notes name, notes in brackets at its end,
/// and with the surname last.
pub fn person_name(raw: &str) -> String {
    let mut name =
        raw.trim_matches(|c: char| c.is_whitespace() || QUOTES.contains(&c) || c == '\\' || c == ',');
    // "Kim Ward/NA/Acme@Acme": a Notes name; "Kim Ward@ACME": the domain of another system.
    if let Some((person, path)) = name.split_once('/')
        && !path.is_empty()
        && !path.starts_with(' ')
        && person.contains(char::is_alphabetic)
    {
        name = person.trim();
    }
    if let Some((person, system)) = name.rsplit_once('@')
        && !system.contains('.')
    {
        name = person.trim();
    }
    while let Some(open) = name.rfind(" (").filter(|_| name.ends_with(')')) {
        name = name[..open].trim_end();
    }
    let name = name.trim_matches(QUOTES);
    if let Some((last, first)) = name.split_once(',') {
        let (last, first) = (last.trim(), first.trim());
        let words = first.split_whitespace().count();
        let is_title = matches!(
            first.trim_end_matches('.'),
            "Jr" | "Sr" | "PhD" | "Ph.D" | "Esq" | "MD" | "Inc" | "LLC" | "Ltd" | "LLP"
        );
        if !first.contains(',')
            && (1..=3).contains(&words)
            && last.split_whitespace().count() <= 3
            && !is_title
        {
            return format!("{first} {last}");
        }
    }
    if name.contains("  ") || name.contains(['\t', '\n', '\r']) {
        return name.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_names_as_people_do() {
        let table = [
            ("Moss, Ada S", "Ada S Moss"),
            ("\"Moss, Ada\" ", "Ada Moss"),
            ("Ada Moss/LON/Acme@Acme", "Ada Moss"),
            ("'ada@moss.example'", "ada@moss.example"),
            ("Ada Moss (E-mail)", "Ada Moss"),
            ("Moss, Ada (London) (E-mail 2)", "Ada Moss"),
            ("Acme, Inc.", "Acme, Inc."),
            ("Ada  Moss", "Ada Moss"),
            ("Moss & Hill, Solicitors at Law of London", "Moss & Hill, Solicitors at Law of London"),
        ];
        for (raw, name) in table {
            assert_eq!(person_name(raw), name, "{raw}");
        }
    }

    #[test]
    fn understands_names_of_directories() {
        let mailbox = Mailbox::from_words("Moss, Ada S </O=ACME/OU=EU/CN=RECIPIENTS/CN=AMOSS3>").unwrap();
        assert_eq!(
            (mailbox.name.as_deref(), mailbox.account.as_deref()),
            (Some("Ada S Moss"), Some("amoss3"))
        );
        let list = directory_list("Moss, Ada </O=A/CN=AM>, Hill, Bo </O=A/CN=BH>, <c@d.example>");
        let names: Vec<_> = list.iter().map(|m| (m.name.as_deref(), m.address.as_str())).collect();
        assert_eq!(names, [(Some("Ada Moss"), ""), (Some("Bo Hill"), ""), (None, "c@d.example")]);
        let list = directory_list("Ada Moss/LON/Acme, Bo Hill, c@d.example");
        assert_eq!(list.len(), 3);
        assert_eq!(list[2].address, "c@d.example");
        let odd = "IMCEANOTES-Ada+20Moss+20+3Cada+40moss+2Eexample+3E+40ACME@acme.example";
        let mailbox = Mailbox::new(None, Some(odd)).unwrap();
        assert_eq!(
            (mailbox.name.as_deref(), mailbox.address.as_str()),
            (Some("ada moss"), "ada@moss.example")
        );
    }

    #[test]
    fn keeps_odd_addresses() {
        let mailbox = Mailbox::new(Some("office"), Some(".Moss@Acme.example ")).unwrap();
        assert_eq!(
            (mailbox.name.as_deref(), mailbox.address.as_str()),
            (Some("office"), ".moss@acme.example")
        );
        assert_eq!(Mailbox::new(Some(" "), Some("")), None);
    }
}
