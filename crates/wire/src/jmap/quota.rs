//! How full a mailbox is (RFC 9425).

use serde::Deserialize;
use serde_json::{Value, json};

use super::Jmap;
use super::account::QUOTA;
use super::answers::Got;
use crate::net::Trouble;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Quota {
    #[serde(default)]
    used: u64,
    #[serde(default)]
    hard_limit: u64,
    #[serde(default)]
    types: Vec<String>,
}

impl Jmap {
    /// How full the mailbox is, in percent; none where the server does not say. Of several limits the one that is
    /// nearest counts.
    pub async fn fullness(&mut self) -> Result<Option<u32>, Trouble> {
        if !self.account.counts {
            return Ok(None);
        }
        let arguments = json!({ "accountId": self.account.id, "ids": Value::Null });
        // A server that says no to this is as good as one that never heard of it.
        let Ok(got) = self.call::<Got<Quota>>(QUOTA, "Quota/get", arguments).await? else { return Ok(None) };
        let limits = |quota: &&Quota| {
            let of_mail =
                quota.types.is_empty() || quota.types.iter().any(|kind| kind == "Mail" || kind == "Email");
            quota.hard_limit != 0 && of_mail
        };
        let percent = |quota: &Quota| {
            u32::try_from(quota.used.saturating_mul(100) / quota.hard_limit).unwrap_or(u32::MAX)
        };
        Ok(got.list.iter().filter(limits).map(percent).max())
    }
}
