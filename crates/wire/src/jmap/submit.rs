//! Hands messages in for sending.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::Jmap;
use super::account::SUBMISSION;
use super::answers::{Got, ONE, Outcome};
use super::call::{Refused, question, read};
use crate::folders::kept_for;
use crate::mail::Role;
use crate::net::Trouble;
use crate::smtp::{Built, Refusal, without_bcc};

#[derive(Deserialize)]
struct Identity {
    id: String,
    #[serde(default)]
    email: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NotSent {
    #[serde(flatten)]
    refused: Refused,
    #[serde(default)]
    invalid_recipients: Vec<String>,
}

impl Jmap {
    /// Whether mail can be handed in here for an address, and by whom.
    pub async fn may_send(&mut self, from: &str) -> Result<(), Refusal> {
        self.identity(from).await.map(drop)
    }

    /// Hands a message in; it lies in the folder of sent mail then. Its Bcc header, where it has one, is left out: whom it
    /// names is in the list of recipients alone.
    pub async fn hand_in(&mut self, message: &Built) -> Result<(), Refusal> {
        let (account, identity) = self.identity(&message.from).await?;
        if account != self.account.id {
            let words = "mail is sent from another account there than it is fetched from".to_owned();
            return Err(Refusal::Message(words));
        }
        let folders = self.folders().await.map_err(of_trouble)?;
        let drafts = match kept_for(&folders, Role::Drafts) {
            Some(drafts) => drafts.name.clone(),
            None => self.create("Drafts").await.map_err(of_trouble)?,
        };
        let sent = match kept_for(&folders, Role::Sent) {
            Some(sent) => sent.name.clone(),
            None => self.create("Sent").await.map_err(of_trouble)?,
        };
        let bytes = without_bcc(&message.bytes);
        let email = self.put(&drafts, &["$draft", "$seen"], &bytes).await.map_err(of_trouble)?;
        let outcome = self.submit(&identity, &email, message, (&drafts, &sent)).await;
        if !matches!(outcome, Ok(()) | Err(Refusal::Unsure(_))) {
            // Where it cannot be taken away it lies there as a draft, which is in nobody's way.
            let _ = self.take_out(&email, &drafts).await;
        }
        outcome
    }

    async fn submit(
        &mut self,
        identity: &str,
        email: &str,
        message: &Built,
        (drafts, sent): (&str, &str),
    ) -> Result<(), Refusal> {
        let people: Vec<Value> = message.recipients.iter().map(|to| json!({ "email": to })).collect();
        let submission = json!({
            "identityId": identity,
            "emailId": email,
            "envelope": { "mailFrom": { "email": message.from }, "rcptTo": people },
        });
        let arguments = json!({
            "accountId": self.account.id,
            "create": { ONE: submission },
            "onSuccessUpdateEmail": { format!("#{ONE}"): {
                format!("mailboxIds/{drafts}"): null,
                format!("mailboxIds/{sent}"): true,
                "keywords/$draft": null,
            } },
        });
        let method = "EmailSubmission/set";
        let body = self.body(SUBMISSION, &[(method, arguments)]).map_err(of_trouble)?;
        let address = self.account.api.clone();
        // Asked once: whether a second message leaves is not tried out.
        let answer = self.client.ask_here(&question(&address, &body)).await.map_err(after_it_was_given)?;
        let mut all = self.answers(method, &answer).map_err(|trouble| match answer.status {
            200 | 500.. => Refusal::Unsure(trouble.to_string()),
            _ => of_trouble(trouble),
        })?;
        let (name, answered, _) = all.swap_remove(0);
        let unsure = |trouble: Trouble| Refusal::Unsure(trouble.to_string());
        let submitted = read::<Outcome<IgnoredAny, NotSent>>(method, &name, answered).map_err(unsure)?;
        match submitted.map_err(|refused| sort(refused, Vec::new()))?.one() {
            (_, Some(not)) => Err(sort(not.refused, not.invalid_recipients)),
            (Some(_), None) => Ok(()),
            (None, None) => {
                Err(Refusal::Unsure("the server does not say whether it took the message".to_owned()))
            }
        }
    }

    /// As whom mail of this address is sent, and from which account.
    async fn identity(&mut self, from: &str) -> Result<(String, String), Refusal> {
        let none = || Refusal::Message("no mail can be handed in there (JMAP without submission)".to_owned());
        let account = self.account.sends.clone().ok_or_else(none)?;
        let arguments = json!({ "accountId": account, "ids": Value::Null });
        let got =
            self.call::<Got<Identity>>(SUBMISSION, "Identity/get", arguments).await.map_err(of_trouble)?;
        let all = got.map_err(|refused| of_trouble(refused.trouble("Identity/get")))?.list;
        let domain = from.rsplit_once('@').map_or("", |(_, domain)| domain);
        let any = format!("*@{domain}");
        // The second stands for every address of the domain, an empty one for whatever may be sent.
        let wanted = [from, any.as_str(), ""];
        let found =
            wanted.iter().find_map(|email| all.iter().find(|one| one.email.eq_ignore_ascii_case(email)));
        let named = || all.iter().map(|one| one.email.as_str()).collect::<Vec<_>>().join(", ");
        let identity = found.ok_or_else(|| {
            Refusal::Message(format!("mail of {from} cannot be sent there, only of: {}", named()))
        })?;
        Ok((account, identity.id.clone()))
    }
}

/// Why a message was not taken, by the word of the protocol.
fn sort(refused: Refused, recipients: Vec<String>) -> Refusal {
    match refused.kind.as_str() {
        "invalidRecipients" if !recipients.is_empty() => {
            let words = refused.words();
            Refusal::Recipients(recipients.into_iter().map(|to| (to, words.clone())).collect())
        }
        "rateLimit" | "serverUnavailable" | "serverFail" | "limit" | "overQuota" | "stateMismatch" => {
            Refusal::Later(refused.words())
        }
        "serverPartialFail" => Refusal::Unsure(refused.words()),
        _ => Refusal::Message(refused.words()),
    }
}

fn of_trouble(trouble: Trouble) -> Refusal {
    match trouble {
        trouble if trouble.is_login() => Refusal::Login(trouble),
        Trouble::Untrusted { .. } | Trouble::Forbidden { .. } | Trouble::BadAuthority(_) => {
            Refusal::Login(trouble)
        }
        trouble => Refusal::Later(trouble.to_string()),
    }
}

/// What went wrong once the message may have been given: only a connection that never was, and a sign-in that was refused,
/// are sure to have sent nothing.
fn after_it_was_given(trouble: Trouble) -> Refusal {
    match trouble {
        trouble if trouble.is_login() => of_trouble(trouble),
        Trouble::Unknown { .. }
        | Trouble::Unreachable { .. }
        | Trouble::Untrusted { .. }
        | Trouble::Forbidden { .. }
        | Trouble::BadAuthority(_) => of_trouble(trouble),
        trouble => Refusal::Unsure(trouble.to_string()),
    }
}
