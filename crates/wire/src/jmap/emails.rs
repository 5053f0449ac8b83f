//! Which messages there are, and which changed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::Jmap;
use super::account::MAIL;
use super::answers::{Found, Got, fit};
use crate::mail::Flags;
use crate::net::Trouble;

/// So many messages are listed at a time.
const PAGE: usize = 500;

/// Some messages of a list, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// Their ids; none at the end of the list.
    pub ids: Vec<String>,
    /// How many there are in all, where the server says so.
    pub total: Option<u64>,
}

/// What changed since a state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Messages that are new, or moved, or marked.
    pub changed: Vec<String>,
    /// Messages that are there no more.
    pub gone: Vec<String>,
    /// The state that this leads to.
    pub state: String,
    /// There is more after it.
    pub has_more: bool,
}

/// What is known of a message before it is fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    /// Its id.
    pub id: String,
    /// The id of its bytes.
    pub blob: String,
    /// The ids of the folders that it lies in.
    pub folders: BTreeSet<String>,
    /// What the owner's mail program noted.
    pub flags: Flags,
    /// How large it is on the server, in bytes.
    pub size: u64,
}

/// Who wrote a message, about what and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Its id.
    pub id: String,
    /// The address of its writer.
    pub from: Option<String>,
    /// About what.
    pub subject: String,
    /// When, by its header, else when the server received it.
    pub sent: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Changed {
    new_state: String,
    #[serde(default)]
    has_more_changes: bool,
    created: Vec<String>,
    updated: Vec<String>,
    destroyed: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Outline {
    id: String,
    blob_id: String,
    #[serde(default)]
    mailbox_ids: BTreeMap<String, bool>,
    #[serde(default)]
    keywords: BTreeMap<String, bool>,
    #[serde(default)]
    size: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Heading {
    id: String,
    #[serde(default)]
    from: Option<Vec<Person>>,
    #[serde(default)]
    subject: Option<String>,
    #[serde(default)]
    sent_at: Option<String>,
    #[serde(default)]
    received_at: Option<String>,
}

#[derive(Deserialize)]
struct Person {
    email: String,
}

impl Jmap {
    /// The state of the messages at this moment.
    pub async fn state(&mut self) -> Result<String, Trouble> {
        let arguments = json!({ "accountId": self.account.id, "ids": [], "properties": ["id"] });
        let got = self.call::<Got<IgnoredAny>>(MAIL, "Email/get", arguments).await?;
        let state = got.map_err(|refused| refused.trouble("Email/get"))?.state;
        match state.is_empty() {
            true => Err(Trouble::Broke("it keeps no state of its messages".to_owned())),
            false => Ok(state),
        }
    }

    /// The messages after one of the list, or the first ones; none where that one is not in the list any more.
    pub async fn page(&mut self, after: Option<&str>) -> Result<Option<Page>, Trouble> {
        let mut arguments = json!({
            "accountId": self.account.id,
            "sort": [{ "property": "receivedAt", "isAscending": false }],
            "limit": PAGE,
            "calculateTotal": after.is_none(),
        });
        if let Some(after) = after {
            arguments["anchor"] = Value::from(after);
            arguments["anchorOffset"] = Value::from(1);
        }
        match self.call::<Found>(MAIL, "Email/query", arguments).await? {
            Ok(found) => {
                let mut ids = fit(found.ids)?;
                ids.truncate(PAGE);
                if after.is_some_and(|after| ids.iter().any(|id| id == after)) {
                    return Err(Trouble::Broke("it lists the same messages again and again".to_owned()));
                }
                Ok(Some(Page { ids, total: found.total }))
            }
            Err(refused) if refused.kind == "anchorNotFound" => Ok(None),
            Err(refused) => Err(refused.trouble("Email/query")),
        }
    }

    /// What changed since a state; none where the server does not know any more.
    pub async fn changes(&mut self, since: &str) -> Result<Option<Changes>, Trouble> {
        let most = PAGE.min(self.account.limits.objects);
        let arguments = json!({ "accountId": self.account.id, "sinceState": since, "maxChanges": most });
        match self.call::<Changed>(MAIL, "Email/changes", arguments).await? {
            Ok(told) if told.has_more_changes && told.new_state == since => {
                Err(Trouble::Broke("it tells of the same changes again and again".to_owned()))
            }
            Ok(told) => {
                let mut changed = told.created;
                changed.extend(told.updated);
                let mut once = BTreeSet::new();
                changed.retain(|id| once.insert(id.clone()));
                Ok(Some(Changes {
                    changed: fit(changed)?,
                    gone: fit(told.destroyed)?,
                    state: told.new_state,
                    has_more: told.has_more_changes,
                }))
            }
            // The second is what some say of a state that they do not understand.
            Err(refused)
                if matches!(refused.kind.as_str(), "cannotCalculateChanges" | "invalidArguments") =>
            {
                Ok(None)
            }
            Err(refused) => Err(refused.trouble("Email/changes")),
        }
    }

    /// What is known of these messages. Those that are there no more are left out.
    pub async fn about(&mut self, ids: &[String]) -> Result<Vec<Email>, Trouble> {
        let properties = ["id", "blobId", "mailboxIds", "keywords", "size"];
        let email = |one: Outline| Email {
            id: one.id,
            blob: one.blob_id,
            folders: one.mailbox_ids.into_iter().filter(|(_, is_in)| *is_in).map(|(id, _)| id).collect(),
            flags: flags_of(
                one.keywords.iter().filter(|(_, is_set)| **is_set).map(|(word, _)| word.as_str()),
            ),
            size: one.size,
        };
        let found = self.some::<Outline>(ids, &properties, |one| &one.id).await?;
        Ok(found.into_iter().map(email).collect())
    }

    /// Who wrote these messages, about what and when.
    pub async fn heads(&mut self, ids: &[String]) -> Result<Vec<Head>, Trouble> {
        let properties = ["id", "from", "subject", "sentAt", "receivedAt"];
        let head = |one: Heading| Head {
            from: one.from.and_then(|people| people.into_iter().next()).map(|person| person.email),
            subject: one.subject.unwrap_or_default(),
            sent: [one.sent_at, one.received_at].into_iter().flatten().find_map(|at| at.parse().ok()),
            id: one.id,
        };
        let found = self.some::<Heading>(ids, &properties, |one| &one.id).await?;
        Ok(found.into_iter().map(head).collect())
    }

    /// Asks after messages, as many at a time as the server allows. What nobody asked after is passed over; of each it must
    /// say something, or one would be lost.
    async fn some<T: for<'a> Deserialize<'a>>(
        &mut self,
        ids: &[String],
        properties: &[&str],
        id_of: impl Fn(&T) -> &String,
    ) -> Result<Vec<T>, Trouble> {
        let mut all = Vec::new();
        let most = PAGE.min(self.account.limits.objects);
        for some in ids.chunks(most) {
            let mut missing: BTreeSet<&String> = some.iter().collect();
            let arguments = json!({ "accountId": self.account.id, "ids": some, "properties": properties });
            let got = self.call::<Got<T>>(MAIL, "Email/get", arguments).await?;
            let got = got.map_err(|refused| refused.trouble("Email/get"))?;
            all.extend(got.list.into_iter().filter(|one| missing.remove(id_of(one))));
            let gone = got.not_found.unwrap_or_default();
            missing.retain(|id| !gone.contains(id));
            if !missing.is_empty() {
                return Err(Trouble::Broke("it says nothing of messages that it lists".to_owned()));
            }
        }
        Ok(all)
    }
}

fn flags_of<'a>(words: impl Iterator<Item = &'a str>) -> Flags {
    let mut flags = Flags::default();
    for word in words {
        match word.to_ascii_lowercase().as_str() {
            "$seen" => flags.seen = true,
            "$answered" => flags.replied = true,
            "$flagged" => flags.flagged = true,
            "$forwarded" => flags.passed = true,
            "$draft" => flags.draft = true,
            _ => {}
        }
    }
    flags
}
