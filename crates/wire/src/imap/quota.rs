//! How full a mailbox is.

use imap_proto::Response;
use imap_proto::rfc2087::{QuotaResource, QuotaResourceName};

use super::session::Session;
use crate::net::Trouble;

impl Session {
    /// How full the mailbox is, in percent; none where the server does not say. Of several limits the one that is
    /// nearest counts.
    pub async fn fullness(&mut self) -> Result<Option<u32>, Trouble> {
        if !self.offers.has("QUOTA") {
            return Ok(None);
        }
        let mut fullest = None;
        let asked = self.asked("GETQUOTAROOT", "GETQUOTAROOT INBOX", |response| {
            if let Response::Quota(quota) = response {
                let known = |name: &QuotaResourceName<'_>| {
                    matches!(name, QuotaResourceName::Storage | QuotaResourceName::Message)
                };
                let limited = quota.resources.iter().filter(|one| known(&one.name) && 0 < one.limit);
                let percent = |one: &QuotaResource<'_>| {
                    u32::try_from(one.usage.saturating_mul(100) / one.limit).unwrap_or(u32::MAX)
                };
                fullest = fullest.max(limited.map(percent).max());
            }
            Ok(())
        });
        match asked.await {
            Ok(()) => Ok(fullest),
            // A server that says no to this is as good as one that never heard of it.
            Err(Trouble::Said { .. }) => Ok(None),
            Err(trouble) => Err(trouble),
        }
    }
}
