//! What is signed in to with a server that gives tokens, mailboxes and subscriptions alike: how much that is, what is wrong
//! with it, and that it is to be tried at once.

use sqlx::{query, query_as, query_scalar};

use crate::db::{Ts, Tx, run, sql};
use crate::error::Result;
use crate::ids::FirmId;
use crate::mailboxes::{Trouble, TroubleKind};
use crate::text::counted;

const MAILBOXES: &str = "SELECT COUNT(*) FROM connection WHERE firm_id = $1 AND oauth_id = $2";
const SUBSCRIPTIONS: &str = "SELECT COUNT(*) FROM subscription WHERE firm_id = $1 AND oauth_id = $2";
const TROUBLE: [&str; 2] = [
    "SELECT trouble, trouble_at FROM connection
    WHERE firm_id = $1 AND oauth_id = $2 AND trouble_kind = $3 AND paused = $4 ORDER BY trouble_at LIMIT 1",
    "SELECT trouble, trouble_at FROM subscription
    WHERE firm_id = $1 AND oauth_id = $2 AND trouble_kind = $3 AND paused = $4 ORDER BY trouble_at LIMIT 1",
];
const AT_ONCE: [&str; 2] = [
    "UPDATE connection SET tried_at = NULL WHERE firm_id = $1 AND oauth_id = $2 AND trouble IS NOT NULL",
    "UPDATE subscription SET tried_at = NULL WHERE firm_id = $1 AND oauth_id = $2 AND trouble IS NOT NULL",
];

/// How much is signed in to with one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Users {
    /// Mailboxes.
    pub mailboxes: usize,
    /// Accounts of calendars or address books.
    pub subscriptions: usize,
}

impl Users {
    /// Nothing is.
    pub fn is_nobody(self) -> bool {
        self == Users::default()
    }

    /// As a sentence names them.
    pub fn words(self) -> String {
        let mailboxes = counted(self.mailboxes, "mailbox", "mailboxes");
        let (one, many) = ("account of calendars or address books", "accounts of calendars or address books");
        let accounts = counted(self.subscriptions, one, many);
        match (self.mailboxes, self.subscriptions) {
            (_, 0) => mailboxes,
            (0, _) => accounts,
            _ => format!("{mailboxes} and {accounts}"),
        }
    }
}

/// How much is signed in to with one.
pub async fn of(tx: &mut Tx, firm: FirmId, issuer: i64) -> Result<Users> {
    let mut many = [0; 2];
    for (many, text) in many.iter_mut().zip([MAILBOXES, SUBSCRIPTIONS]) {
        let found: i64 = sql!(tx, c => query_scalar(text).bind(firm.0).bind(issuer).fetch_one(c).await)?;
        *many = usize::try_from(found).unwrap_or_default();
    }
    Ok(Users { mailboxes: many[0], subscriptions: many[1] })
}

/// That its server does not take the firm's id or secret any more, as whatever was tried first with it met that.
pub async fn trouble(tx: &mut Tx, firm: FirmId, issuer: i64) -> Result<Option<Trouble>> {
    let kind = TroubleKind::Issuer;
    let mut first: Option<Trouble> = None;
    for text in TROUBLE {
        let row: Option<(String, Ts)> = sql!(tx, c => query_as(text).bind(firm.0).bind(issuer)
            .bind(kind.name()).bind(false).fetch_optional(c).await)?;
        let found = row.map(|(words, since)| Trouble { words, kind, since: since.into() });
        first = [first, found].into_iter().flatten().min_by_key(|trouble| trouble.since);
    }
    Ok(first)
}

/// Lets whatever fails that is signed in to with one be tried at once, since it may be let in now.
pub async fn at_once(tx: &mut Tx, firm: FirmId, issuer: i64) -> Result<()> {
    for text in AT_ONCE {
        run!(tx, query(text).bind(firm.0).bind(issuer))?;
    }
    Ok(())
}
