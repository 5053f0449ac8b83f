//! The folders of a mailbox on a server, and which of them a firm wants by default.

use crate::mail::Role;

/// How many folders are listed at most.
pub(crate) const MOST_FOLDERS: usize = 10_000;

/// A folder on the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// The name that the server knows; by JMAP its id.
    pub name: String,
    /// The name that a person reads.
    pub label: String,
    /// What it is for.
    pub purpose: Use,
    /// Messages can be in it.
    pub holds_mail: bool,
    /// What it is for was told by the server, not guessed from its name.
    pub told: bool,
}

/// What a folder is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Use {
    /// One of the usual purposes.
    Of(Role),
    /// Every message of the mailbox, whatever folder it is in.
    Everything,
    /// The owner's own, by its name.
    Private,
    /// No mail: calendars, contacts, notes, what a program keeps for itself.
    NoMail,
}

impl Folder {
    /// The purpose that the intake knows it by.
    pub fn role(&self) -> Role {
        match self.purpose {
            Use::Of(role) => role,
            Use::Everything => Role::Archive,
            Use::Private | Use::NoMail => Role::Other,
        }
    }

    /// Whether somebody chose it, by the name that the server knows or by the one that a person reads. The inbox has one
    /// name, however it is written.
    pub fn is_among(&self, chosen: &[String]) -> bool {
        let is_inbox =
            |name: &str| name.eq_ignore_ascii_case("INBOX") && self.label.eq_ignore_ascii_case(name);
        chosen.iter().any(|name| *name == self.name || *name == self.label || is_inbox(name))
    }
}

/// The folders that a firm wants where nobody chose: what comes in, what was sent, what was put away, and folders that
/// the owner named, but nothing private, unsent, unwanted or thrown away. Where one folder holds everything, that one.
pub fn usual(folders: &[Folder]) -> Vec<&Folder> {
    let with_mail = || folders.iter().filter(|folder| folder.holds_mail);
    if let Some(everything) = with_mail().find(|folder| folder.purpose == Use::Everything) {
        return vec![everything];
    }
    let wanted = |folder: &&Folder| {
        matches!(folder.purpose, Use::Of(Role::Inbox | Role::Sent | Role::Archive | Role::Other))
    };
    with_mail().filter(wanted).collect()
}

/// The folder that a server keeps for something: the one of which it says so itself, else the first that seems to be.
pub fn kept_for(folders: &[Folder], role: Role) -> Option<&Folder> {
    let is_meant = |folder: &&Folder| folder.holds_mail && folder.purpose == Use::Of(role);
    let told = folders.iter().filter(is_meant).find(|folder| folder.told);
    told.or_else(|| folders.iter().find(is_meant))
}

/// Names of folders that are their owner's own.
const PRIVATE: [&str; 17] = [
    "private",
    "personal",
    "privat",
    "persönlich",
    "persoenlich",
    "privé",
    "prive",
    "personnel",
    "privado",
    "personale",
    "privato",
    "persoonlijk",
    "prywatne",
    "family",
    "familie",
    "famille",
    "familia",
];

/// Names under which servers show what is no mail.
const NO_MAIL: [&str; 15] = [
    "calendar",
    "contacts",
    "tasks",
    "journal",
    "notes",
    "kalender",
    "kontakte",
    "aufgaben",
    "notizen",
    "syncissues",
    "conversationhistory",
    "rssfeeds",
    "rsssubscriptions",
    "chats",
    "templates",
];

/// What a folder is for by its path; a folder below a private or unwanted one is like it.
pub(crate) fn guess(label: &str, delimiter: Option<&str>) -> Use {
    let delimiter = delimiter.filter(|delimiter| !delimiter.is_empty()).unwrap_or("/");
    let parts: Vec<&str> = label.split(delimiter).collect();
    let letters = |part: &str| -> String {
        part.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect()
    };
    for part in &parts {
        let word = letters(part);
        if PRIVATE.contains(&word.as_str()) {
            return Use::Private;
        }
        if NO_MAIL.contains(&word.as_str()) {
            return Use::NoMail;
        }
        let role = Role::of_name(part);
        if matches!(role, Role::Drafts | Role::Spam | Role::Trash) {
            return Use::Of(role);
        }
    }
    if label.eq_ignore_ascii_case("INBOX") {
        return Use::Of(Role::Inbox);
    }
    Use::Of(parts.last().map_or(Role::Other, |part| match Role::of_name(part) {
        // Only one folder is the inbox, whatever others are called.
        Role::Inbox => Role::Other,
        role => role,
    }))
}
