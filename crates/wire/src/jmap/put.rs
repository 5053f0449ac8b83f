//! Puts messages into folders, and finds them there.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::Jmap;
use super::account::MAIL;
use super::answers::{Found, Got, Made, ONE, Outcome, fit_one};
use super::call::Refused;
use crate::http::{Kept, Question};
use crate::net::Trouble;

/// Among so many messages of a folder, the newest, one is looked for.
const NEWEST: usize = 100;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Uploaded {
    blob_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    id: String,
    #[serde(default)]
    message_id: Option<Vec<String>>,
}

impl Jmap {
    /// Puts a message into a folder; gives its id. `keywords` as the protocol writes them: `$seen`, `$draft`.
    pub async fn put(&mut self, folder: &str, keywords: &[&str], message: &[u8]) -> Result<String, Trouble> {
        let cannot = |said: String| Trouble::Said { command: "Email/import", said };
        if self.account.limits.upload < message.len() as u64 {
            return Err(cannot("the message is larger than it takes".to_owned()));
        }
        let upload = self.account.upload()?.ok_or_else(|| cannot("nothing can be put there".to_owned()))?;
        let body = Some(("message/rfc822", message));
        let question = Question { method: "POST", address: &upload, headers: &[], body };
        let answer = Kept::new(self.client.also_at(&upload)).ask(&question).await?;
        if !matches!(answer.status, 200 | 201) {
            return Err(answer.trouble("to take a message"));
        }
        let broke = |_| Trouble::Broke("its answer to a message cannot be read".to_owned());
        let blob = serde_json::from_slice::<Uploaded>(&answer.body).map_err(broke)?.blob_id;
        let keywords: BTreeMap<&str, bool> = keywords.iter().map(|word| (*word, true)).collect();
        let email = json!({ "blobId": blob, "mailboxIds": { folder: true }, "keywords": keywords });
        let arguments = json!({ "accountId": self.account.id, "emails": { ONE: email } });
        let imported = self.call::<Outcome<Made, Refused>>(MAIL, "Email/import", arguments).await?;
        let (made, refused) = imported.map_err(|refused| refused.trouble("Email/import"))?.one();
        let existing = refused.as_ref().and_then(|refused| refused.existing.clone());
        match made.map(|made| made.id).or(existing) {
            Some(id) => fit_one(id),
            None => Err(cannot(
                refused.map_or_else(|| "it does not say why".to_owned(), |refused| refused.words()),
            )),
        }
    }

    /// Whether a message with this Message-ID (with angle brackets) is among the newest of a folder.
    pub async fn has(&mut self, folder: &str, message_id: &str) -> Result<bool, Trouble> {
        let most = NEWEST.min(self.account.limits.objects);
        let query = json!({
            "accountId": self.account.id,
            "filter": { "inMailbox": folder },
            "sort": [{ "property": "receivedAt", "isAscending": false }],
            "limit": most,
        });
        let found = self.call::<Found>(MAIL, "Email/query", query).await?;
        let mut ids = found.map_err(|refused| refused.trouble("Email/query"))?.ids;
        ids.truncate(most);
        let arguments =
            json!({ "accountId": self.account.id, "ids": ids, "properties": ["id", "messageId"] });
        let got = self.call::<Got<Named>>(MAIL, "Email/get", arguments).await?;
        let list = got.map_err(|refused| refused.trouble("Email/get"))?.list;
        let id = message_id.trim_start_matches('<').trim_end_matches('>');
        let is_it = |one: &Named| {
            ids.contains(&one.id) && one.message_id.iter().flatten().any(|message_id| message_id == id)
        };
        Ok(list.iter().any(is_it))
    }

    /// Makes a folder; gives its id.
    pub async fn create(&mut self, name: &str) -> Result<String, Trouble> {
        let arguments = json!({ "accountId": self.account.id, "create": { ONE: { "name": name } } });
        let set = self.call::<Outcome<Made, IgnoredAny>>(MAIL, "Mailbox/set", arguments).await?;
        let (made, _) = set.map_err(|refused| refused.trouble("Mailbox/set"))?.one();
        let made = made.ok_or_else(|| Trouble::Said {
            command: "Mailbox/set",
            said: format!("there is no folder {name}, and none can be made"),
        })?;
        fit_one(made.id)
    }

    /// Takes a message out of a folder. It is gone where it lies in no other: some servers know the same bytes as one
    /// message, which may have left at another time and lie among sent mail as well.
    pub(super) async fn take_out(&mut self, id: &str, folder: &str) -> Result<(), Trouble> {
        let known = self.about(&[id.to_owned()]).await?;
        let lies_elsewhere = known.iter().any(|email| email.folders.iter().any(|other| other != folder));
        let arguments = match lies_elsewhere {
            true => {
                let out = json!({ format!("mailboxIds/{folder}"): null, "keywords/$draft": null });
                json!({ "accountId": self.account.id, "update": { id: out } })
            }
            false => json!({ "accountId": self.account.id, "destroy": [id] }),
        };
        self.call::<Value>(MAIL, "Email/set", arguments).await.map(drop)
    }
}
