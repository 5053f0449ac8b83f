//! What is wrong with somebody's channels, on their pages as long as it lasts.

use jiff::Timestamp;

use crate::access::Access;
use crate::board::Asker;
use crate::db::Tx;
use crate::error::Result;
use crate::notices::alarms;
use crate::today::words::When;

/// Something that is wrong, as a page shows it.
pub(crate) struct Told {
    pub(crate) words: String,
    pub(crate) since: String,
    /// A voicemail, for whoever emptied it to say so.
    pub(crate) voicemail: Option<i64>,
    /// Where something can be done about it.
    pub(crate) place: &'static str,
}

/// What concerns whoever asks.
pub(crate) async fn told(tx: &mut Tx, asker: &Asker, now: Timestamp) -> Result<Vec<Told>> {
    let is_owner = asker.access == Access::Owner;
    let open = alarms::shown(tx, asker.firm, asker.staff, is_owner).await?;
    let told = |alarm: alarms::Alarm| Told {
        since: format!("since {}", When::new(alarm.begun, now, &asker.zone).words),
        words: if alarm.kind == alarms::Kind::Voicemail {
            sentence(&alarm.words)
        } else {
            format!("{}.", alarm.words)
        },
        voicemail: (alarm.kind == alarms::Kind::Voicemail).then_some(alarm.about),
        place: match alarm.kind {
            alarms::Kind::Calendar => "/settings/calendar",
            alarms::Kind::Issuer => "/settings/sign-ins",
            _ => "/settings/mailboxes",
        },
    };
    Ok(open.into_iter().map(told).collect())
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
