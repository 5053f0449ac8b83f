//! Whose a mail folder is, what it is called and what it is for, told by the names on the way to it.

use std::collections::HashSet;

use super::role::Role;

/// A mail folder: whose it is and what it is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Folder {
    /// The name of its owner's directory or file: `cash` for `cash/sent_items.mbox`.
    pub mailbox: Option<String>,
    /// Its path below the owner's directory, parts parted by `/`.
    pub name: String,
    /// What it is for.
    pub role: Role,
}

/// Directories that mail programs make between the owner's name and the folders.
fn is_between(name: &str) -> bool {
    const BETWEEN: [&str; 15] = [
        "maildir",
        ".maildir",
        "mail",
        ".mail",
        "mails",
        "mailboxes",
        "mbox",
        "imap",
        "imapmail",
        "pop3",
        "local folders",
        "[gmail]",
        "[google mail]",
        "inbox",
        "messages",
    ];
    BETWEEN.contains(&name.to_lowercase().as_str())
}

/// The way to a folder, from the outermost directory that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Way {
    parts: Vec<String>,
    /// How many of the parts only say where the search began.
    base: usize,
}

impl Way {
    /// Begins at a directory or file of this name, below one called `above`.
    pub(super) fn new(above: Option<&str>, name: &str) -> Way {
        let parts: Vec<String> = above.into_iter().chain([name]).map(str::to_string).collect();
        Way { base: parts.len(), parts }
    }

    /// One step further: a directory or the name of a file without its extensions. `inbox.sub` is two steps.
    pub(super) fn join(&self, name: &str) -> Way {
        let mut way = self.clone();
        if is_dotted(name) {
            way.parts.extend(name.split('.').filter(|part| !part.is_empty()).map(str::to_string));
        } else if !name.is_empty() {
            way.parts.push(name.to_string());
        }
        way
    }

    /// One step further, into a directory; `.Sub.Deep` beside the `cur` of a Maildir is two.
    pub(super) fn directory(&self, name: &str, in_maildir: bool) -> Way {
        let Some(dotted) = name.strip_prefix('.').filter(|_| in_maildir) else {
            let bare = [".mbox", ".sbd"].iter().find_map(|extension| name.strip_suffix(extension));
            return self.join(bare.unwrap_or(name));
        };
        let mut way = self.clone();
        way.parts.extend(dotted.split('.').filter(|part| !part.is_empty()).map(decode_utf7));
        way
    }

    /// Whether the last part is a directory that mail programs make, such as `Maildir`.
    pub(super) fn ends_between(&self) -> bool {
        self.parts.last().is_some_and(|last| is_between(last))
    }

    /// The way to a Maildir that is its owner's inbox, unless its own name says so.
    pub(super) fn inbox(&self) -> Way {
        let named = self.parts.last().is_some_and(|last| Role::of_name(last) == Role::Inbox);
        if named { self.clone() } else { self.join("INBOX") }
    }

    fn role(&self) -> Role {
        for (i, part) in self.parts.iter().enumerate().rev() {
            let role = Role::of_name(part);
            // A folder kept below the inbox is the owner's own; below Sent, Trash and so on it is more of the same.
            if role != Role::Other && (role != Role::Inbox || i + 1 == self.parts.len()) {
                return role;
            }
        }
        Role::Other
    }

    /// How many parts lead to the owner's directory, where a part after it names one of the usual folders.
    fn owner(&self) -> Option<usize> {
        let usual = |part: &String| !matches!(Role::of_name(part), Role::Other | Role::Archive);
        self.parts.iter().position(usual).map(|at| self.above_between(at))
    }

    fn above_between(&self, mut end: usize) -> usize {
        while 0 < end && is_between(&self.parts[end - 1]) {
            end -= 1;
        }
        end
    }
}

/// A name such as `INBOX.Sent`, in which dots part folders.
fn is_dotted(name: &str) -> bool {
    name.split_once('.').is_some_and(|(first, rest)| {
        !rest.is_empty()
            && !first.is_empty()
            && matches!(Role::of_name(first), Role::Inbox | Role::Sent | Role::Trash)
    })
}

/// The directories that are known to be an owner's, because a usual folder lies in them.
#[derive(Debug, Default)]
pub(super) struct Owners(HashSet<Vec<String>>);

impl Owners {
    /// Learns from one way whose directory it goes through.
    pub(super) fn learn(&mut self, way: &Way) {
        if let Some(end) = way.owner().filter(|end| 0 < *end) {
            self.0.insert(way.parts[..end].to_vec());
        }
    }

    /// The folder at the end of a way. Where no usual folder tells the owner's directory, it is the directory above,
    /// or the folder's own name where the search began there.
    pub(super) fn folder(&self, way: &Way) -> Folder {
        let count = way.parts.len();
        let known = (1..count).find(|end| self.0.contains(&way.parts[..*end]));
        let end = known.unwrap_or_else(|| {
            let above = way.above_between(count.saturating_sub(1));
            if way.base < count.saturating_sub(1) && 0 < above { above } else { count }
        });
        let below = if end < count { &way.parts[end..] } else { &way.parts[count.saturating_sub(1)..] };
        let mailbox = end.checked_sub(1).map(|last| way.parts[last].clone()).filter(|name| !name.is_empty());
        Folder { mailbox, name: below.join("/"), role: way.role() }
    }
}

/// Reads a folder name in IMAP's modified UTF-7 (`Envoy&AOk-s`); anything else is given back as it is.
pub fn decode_utf7(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((plain, coded)) = rest.split_once('&') {
        let Some((code, after)) = coded.split_once('-') else { return name.to_string() };
        out.push_str(plain);
        match decode_code(code) {
            Some(text) => out.push_str(&text),
            None => return name.to_string(),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

fn decode_code(code: &str) -> Option<String> {
    if code.is_empty() {
        return Some("&".to_string());
    }
    let (mut bits, mut held) = (0u32, 0);
    let mut units = Vec::new();
    for byte in code.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b',' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if 16 <= held {
            held -= 16;
            units.push((bits >> held) as u16);
            bits &= (1 << held) - 1;
        }
    }
    if 6 <= held || bits != 0 {
        return None;
    }
    String::from_utf16(&units).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(parts: &[&str], base: usize, siblings: &[&[&str]]) -> Folder {
        let way = |parts: &[&str], base| Way { parts: parts.iter().map(|p| p.to_string()).collect(), base };
        let mut owners = Owners::default();
        owners.learn(&way(parts, base));
        siblings.iter().for_each(|s| owners.learn(&way(s, base)));
        owners.folder(&way(parts, base))
    }

    #[test]
    fn whose_folder_it_is() {
        type Case<'a> = (&'a [&'a str], usize, &'a [&'a [&'a str]], &'a str, &'a str, Role);
        let cases: [Case<'_>; 10] = [
            (&["x", "mail", "amy", "sent_items"], 2, &[], "amy", "sent_items", Role::Sent),
            (&["x", "amy", "leases"], 2, &[&["x", "amy", "inbox"]], "amy", "leases", Role::Other),
            (&["x", "amy", "old", "2001"], 2, &[&["x", "amy", "inbox"]], "amy", "old/2001", Role::Other),
            (&["x", "amy", "inbox", "archives"], 2, &[], "amy", "inbox/archives", Role::Archive),
            (&["x", "amy", "[Gmail]", "Sent Mail"], 2, &[], "amy", "[Gmail]/Sent Mail", Role::Sent),
            (&["amy", "Maildir", "INBOX"], 2, &[], "amy", "Maildir/INBOX", Role::Inbox),
            (&["mail", "amy"], 2, &[], "amy", "amy", Role::Other),
            (&["x", "mail", "amy"], 2, &[], "amy", "amy", Role::Other),
            (&["x", "mail", "amy", "leases"], 2, &[], "amy", "leases", Role::Other),
            (&["x", "amy", "inbox", "dlr"], 2, &[], "amy", "inbox/dlr", Role::Other),
        ];
        for (parts, base, siblings, mailbox, name, role) in cases {
            let got = folder(parts, base, siblings);
            assert_eq!(
                (got.mailbox.as_deref(), got.name.as_str(), got.role),
                (Some(mailbox), name, role),
                "{parts:?}"
            );
        }
    }

    #[test]
    fn dots_part_folders_below_the_usual_ones_only() {
        let base = Way::new(None, "amy");
        assert_eq!(base.join("INBOX.Sent").parts, ["amy", "INBOX", "Sent"]);
        assert_eq!(base.join("smith.co.uk").parts, ["amy", "smith.co.uk"]);
    }

    #[test]
    fn names_in_modified_utf7() {
        for (coded, plain) in [
            ("Envoy&AOk-s", "Envoyés"),
            ("Tom &- Co", "Tom & Co"),
            ("broken &A", "broken &A"),
            ("R&D-x", "R&D-x"),
            ("&ZeVnLIqe-", "日本語"),
        ] {
            assert_eq!(decode_utf7(coded), plain);
        }
    }
}
