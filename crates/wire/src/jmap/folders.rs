//! The folders of a mailbox, as JMAP lists them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::Jmap;
use super::account::MAIL;
use super::answers::{Found, Got, is_fit};
use crate::folders::{Folder, MOST_FOLDERS, Use, guess};
use crate::mail::Role;
use crate::net::Trouble;

/// Folders lie in folders so deep at most.
const DEEPEST: usize = 64;
/// Of a folder's name so many characters are kept: a name may be as long as an answer, and is told again in the path of
/// every folder below it.
const LONGEST_NAME: usize = 255;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    id: String,
    name: String,
    #[serde(default)]
    parent_id: Option<String>,
    #[serde(default)]
    role: Option<String>,
    #[serde(default)]
    my_rights: Option<Rights>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rights {
    may_read_items: bool,
}

impl Jmap {
    /// All folders.
    pub async fn folders(&mut self) -> Result<Vec<Folder>, Trouble> {
        let account = self.account.id.clone();
        let wanted = |ids: Value| {
            let properties = ["id", "name", "parentId", "role", "myRights"];
            json!({ "accountId": account, "ids": ids, "properties": properties })
        };
        let listed = match self.call::<Got<Listed>>(MAIL, "Mailbox/get", wanted(Value::Null)).await? {
            Ok(got) => got.list,
            // More than the server gives at once: their names first, then some at a time.
            Err(refused) if refused.kind == "requestTooLarge" => {
                let query = json!({ "accountId": account });
                let found = self.call::<Found>(MAIL, "Mailbox/query", query).await?;
                let ids = found.map_err(|refused| refused.trouble("Mailbox/query"))?.ids;
                let mut list = Vec::new();
                for some in ids[..ids.len().min(MOST_FOLDERS)].chunks(self.account.limits.objects) {
                    let got = self.call::<Got<Listed>>(MAIL, "Mailbox/get", wanted(json!(some))).await?;
                    list.extend(got.map_err(|refused| refused.trouble("Mailbox/get"))?.list);
                }
                list
            }
            Err(refused) => return Err(refused.trouble("Mailbox/get")),
        };
        if MOST_FOLDERS < listed.len() {
            return Err(Trouble::Broke("it lists folders without end".to_owned()));
        }
        listed.iter().try_for_each(|one| is_fit(&one.id))?;
        let by_id: BTreeMap<&str, &Listed> = listed.iter().map(|one| (one.id.as_str(), one)).collect();
        let mut folders: Vec<Folder> = by_id.values().map(|one| folder_of(one, &by_id)).collect();
        folders.sort_by(|a, b| a.label.cmp(&b.label));
        Ok(folders)
    }
}

fn folder_of(listed: &Listed, all: &BTreeMap<&str, &Listed>) -> Folder {
    let mut path = vec![listed];
    while let Some(parent) = path.last().and_then(|last| all.get(last.parent_id.as_deref()?))
        && path.len() < DEEPEST
    {
        path.push(*parent);
    }
    let name = |one: &&Listed| one.name.chars().take(LONGEST_NAME).collect::<String>();
    let names: Vec<String> = path.iter().rev().map(name).collect();
    let label = names.join("/");
    let own = listed.role.as_deref().and_then(purpose);
    // What lies below a folder for unwanted mail is unwanted as well.
    let above = || {
        let told = path[1..].iter().filter_map(|one| one.role.as_deref().and_then(purpose));
        told.into_iter().find(|told| matches!(told, Use::Of(Role::Drafts | Role::Spam | Role::Trash)))
    };
    Folder {
        purpose: own.or_else(above).unwrap_or_else(|| guess(&label, Some("/"))),
        holds_mail: listed.my_rights.as_ref().is_none_or(|rights| rights.may_read_items),
        told: own.is_some(),
        name: listed.id.clone(),
        label,
    }
}

fn purpose(role: &str) -> Option<Use> {
    let role = match role.to_ascii_lowercase().as_str() {
        "all" => return Some(Use::Everything),
        "archive" => Role::Archive,
        "drafts" => Role::Drafts,
        "inbox" => Role::Inbox,
        "junk" => Role::Spam,
        "sent" => Role::Sent,
        "trash" => Role::Trash,
        _ => return None,
    };
    Some(Use::Of(role))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_known_by_what_they_are_for_and_by_where_they_lie() {
        let list = json!([
            { "id": "a", "name": "Posteingang", "role": "inbox" },
            { "id": "b", "name": "Private", "parentId": "a" },
            { "id": "c", "name": "Doctor", "parentId": "b" },
            { "id": "d", "name": "Weg", "role": "trash", "parentId": null },
            { "id": "e", "name": "Old", "parentId": "d" },
            { "id": "f", "name": "Clients", "myRights": { "mayReadItems": false } },
            { "id": "g", "name": "Round", "parentId": "h" },
            { "id": "h", "name": "Round", "parentId": "g" },
        ]);
        let listed: Vec<Listed> = serde_json::from_value(list).expect("folders");
        let all: BTreeMap<&str, &Listed> = listed.iter().map(|one| (one.id.as_str(), one)).collect();
        let of = |id: &str| folder_of(all[id], &all);
        assert_eq!((of("a").purpose, of("a").told), (Use::Of(Role::Inbox), true));
        assert_eq!((of("c").label.as_str(), of("c").purpose), ("Posteingang/Private/Doctor", Use::Private));
        assert_eq!((of("e").purpose, of("e").told), (Use::Of(Role::Trash), false));
        assert_eq!((of("f").purpose, of("f").holds_mail), (Use::Of(Role::Other), false));
        assert!(of("g").label.len() < 1000, "it ends");
        let long = Listed {
            id: "l".into(),
            name: "é".repeat(1 << 20),
            parent_id: Some("l".into()),
            role: None,
            my_rights: None,
        };
        let label = folder_of(&long, &BTreeMap::from([("l", &long)])).label;
        assert!(
            label.chars().count() <= DEEPEST * (LONGEST_NAME + 1),
            "a long name in itself is told no further"
        );
    }
}
