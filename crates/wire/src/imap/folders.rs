//! The folders of a mailbox, as IMAP lists them.

use imap_proto::{MailboxDatum, NameAttribute, Response};

use super::session::Session;
use crate::folders::{Folder, MOST_FOLDERS, Use, guess};
use crate::mail::{Role, decode_utf7};
use crate::net::Trouble;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folders::usual;

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
