//! The folders of a mailbox, and which of them a firm wants by default.

use imap_proto::{MailboxDatum, NameAttribute, Response};

use super::session::Session;
use crate::mail::{Role, decode_utf7};
use crate::net::Trouble;

/// How many folders are listed at most.
const MOST_FOLDERS: usize = 10_000;

/// A folder on the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// The name that the server knows.
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

impl Session {
    /// All folders.
    pub async fn folders(&mut self) -> Result<Vec<Folder>, Trouble> {
        let told = self.offers.has("SPECIAL-USE") && self.offers.has("LIST-EXTENDED");
        let command = if told { r#"LIST "" "*" RETURN (SPECIAL-USE)"# } else { r#"LIST "" "*""# };
        let mut folders: Vec<Folder> = Vec::new();
        self.asked("LIST", command, |response| {
            if let Response::MailboxData(MailboxDatum::List(listed)) = response {
                let delimiter = listed.delimiter.as_deref();
                folders.push(folder_of(&listed.name, delimiter, &listed.name_attributes));
                if MOST_FOLDERS < folders.len() {
                    return Err(Trouble::Broke("it lists folders without end".to_owned()));
                }
            }
            Ok(())
        })
        .await?;
        folders.sort_by(|a, b| a.name.cmp(&b.name));
        folders.dedup_by(|a, b| a.name == b.name);
        Ok(folders)
    }
}

fn folder_of(name: &str, delimiter: Option<&str>, attributes: &[NameAttribute<'_>]) -> Folder {
    let label = decode_utf7(name);
    let role = attributes.iter().find_map(|attribute| match attribute {
        NameAttribute::All => Some(Use::Everything),
        NameAttribute::Archive => Some(Use::Of(Role::Archive)),
        NameAttribute::Drafts => Some(Use::Of(Role::Drafts)),
        NameAttribute::Junk => Some(Use::Of(Role::Spam)),
        NameAttribute::Sent => Some(Use::Of(Role::Sent)),
        NameAttribute::Trash => Some(Use::Of(Role::Trash)),
        _ => None,
    });
    let cannot = |attribute: &NameAttribute<'_>| match attribute {
        NameAttribute::NoSelect => true,
        NameAttribute::Extension(word) => word.eq_ignore_ascii_case("\\NonExistent"),
        _ => false,
    };
    let holds_mail = !attributes.iter().any(cannot);
    let purpose = role.unwrap_or_else(|| guess(&label, delimiter));
    Folder { name: name.to_owned(), purpose, holds_mail, told: role.is_some(), label }
}

/// What a folder is for by its path; a folder below a private or unwanted one is like it.
fn guess(label: &str, delimiter: Option<&str>) -> Use {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Folder {
        folder_of(name, Some("/"), &[])
    }

    #[test]
    fn the_usual_folders_leave_out_what_is_private_unsent_or_unwanted() {
        let names = [
            "INBOX",
            "Sent",
            "Drafts",
            "Junk",
            "Trash",
            "Archive/2024",
            "Clients/Acme",
            "Private/Doctor",
            "Entw&APw-rfe",
            "Calendar",
            "INBOX/Papierkorb",
            "Gesendet",
        ];
        let folders: Vec<Folder> = names.iter().map(|name| named(name)).collect();
        let chosen: Vec<&str> = usual(&folders).iter().map(|folder| folder.name.as_str()).collect();
        assert_eq!(chosen, ["INBOX", "Sent", "Archive/2024", "Clients/Acme", "Gesendet"]);
    }

    #[test]
    fn one_folder_that_holds_everything_is_enough() {
        let all = folder_of("[Gmail]/All Mail", Some("/"), &[NameAttribute::All]);
        let folders = [named("INBOX"), all, folder_of("[Gmail]", Some("/"), &[NameAttribute::NoSelect])];
        assert_eq!(usual(&folders).iter().map(|f| f.name.as_str()).collect::<Vec<_>>(), ["[Gmail]/All Mail"]);
    }

    #[test]
    fn what_the_server_tells_counts_more_than_the_name() {
        let folder = folder_of("Weggeworfen", Some("."), &[NameAttribute::Trash]);
        assert_eq!((folder.purpose, folder.told), (Use::Of(Role::Trash), true));
        assert_eq!(folder_of("INBOX.Sent", Some("."), &[]).purpose, Use::Of(Role::Sent));
        assert_eq!(folder_of("INBOX", Some("."), &[]).purpose, Use::Of(Role::Inbox));
        assert_eq!(folder_of("Old inbox", Some("."), &[]).purpose, Use::Of(Role::Other));
    }
}
