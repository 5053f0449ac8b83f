//! Where tokens are kept that are renewed: of mailboxes in one table, of calendars and address books in another, and for
//! both in one way.

use jiff::Timestamp;
use sqlx::query;
use wire::net::{Reach, Trust};

use crate::db::{Tx, run};
use crate::error::Result;
use crate::ids::FirmId;
use crate::mailboxes::seals::Seals;
use crate::mailboxes::secret::SealedSecret;

/// The tokens of one table.
#[derive(Debug)]
pub struct TokenTable {
    /// Where they stand, sealed.
    pub seals: &'static Seals,
    /// Lets one process renew one, until a moment (`$3`), where none does at this moment (`$4`).
    pub claim: &'static str,
    /// Lets others try.
    pub give_up: &'static str,
    /// Puts what was renewed (`$3`) in the place of what it was renewed from (`$4`).
    pub renewed: &'static str,
    /// What somebody must do where none is given any more, at the end of a sentence.
    pub again: &'static str,
}

/// What is signed in to with a token.
#[derive(Debug, Clone, Copy)]
pub struct TokenOf<'a> {
    /// Where its token is kept.
    pub table: &'static TokenTable,
    /// Its id there.
    pub id: i64,
    /// Who gave the token and renews it.
    pub oauth: Option<i64>,
    /// Certificates of the firm's own authority, in PEM form.
    pub authority: Option<&'a str>,
    /// Where connections may go.
    pub reach: Reach,
}

impl TokenOf<'_> {
    /// Whose word is taken for who the server is that gives tokens.
    pub(super) fn trust(&self) -> Trust {
        self.authority.map_or(Trust::Machine, |pem| Trust::Also(pem.into()))
    }

    /// The same for where its token is kept alone.
    pub(super) fn row(&self) -> TokenOf<'static> {
        TokenOf { table: self.table, id: self.id, oauth: self.oauth, authority: None, reach: self.reach }
    }

    /// The token as it is kept now.
    pub(super) async fn kept(&self, tx: &mut Tx, firm: FirmId) -> Result<SealedSecret> {
        self.table.seals.one(tx, firm, self.id).await
    }

    /// Lets one process renew it, until a moment; false while another does.
    pub(super) async fn claim(
        &self,
        tx: &mut Tx,
        firm: FirmId,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<bool> {
        let (until, now) = (until.as_microsecond(), now.as_microsecond());
        Ok(run!(tx, query(self.table.claim).bind(firm.0).bind(self.id).bind(until).bind(now))? == 1)
    }

    /// Lets others try.
    pub(super) async fn give_up(&self, tx: &mut Tx, firm: FirmId) -> Result<()> {
        run!(tx, query(self.table.give_up).bind(firm.0).bind(self.id)).map(drop)
    }

    /// Puts what was renewed in the place of what it was renewed from; false where that does not stand there any more.
    pub(super) async fn renewed(
        &self,
        tx: &mut Tx,
        firm: FirmId,
        new: &SealedSecret,
        old: &SealedSecret,
    ) -> Result<bool> {
        Ok(run!(tx, query(self.table.renewed).bind(firm.0).bind(self.id).bind(&new.0).bind(&old.0))? == 1)
    }
}
