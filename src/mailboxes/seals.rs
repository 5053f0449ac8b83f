//! Where sealed secrets stand: a column of each table that has some. Whatever seals one anew compares first: on a
//! database server another may be put in its place meanwhile, and must not be lost by it.

use sqlx::{query, query_as, query_scalar};

use super::secret::{Keys, SealedSecret};
use crate::db::{Tx, run, sql};
use crate::error::{Error, Result};
use crate::ids::{FirmId, MailboxId};

/// The secrets of one table.
#[derive(Debug)]
pub struct Seals {
    /// Asks for all of a firm: whose each is, and the secret.
    pub all: &'static str,
    /// Asks for one.
    pub one: &'static str,
    /// Puts one (`$3`) in the place of another (`$4`), where that still stands there.
    pub put: &'static str,
}

impl Seals {
    /// A secret as it is kept now.
    pub async fn one(&self, tx: &mut Tx, firm: FirmId, id: i64) -> Result<SealedSecret> {
        let secret: Option<Vec<u8>> =
            sql!(tx, c => query_scalar(self.one).bind(firm.0).bind(id).fetch_optional(c).await)?;
        secret.map(SealedSecret).ok_or(Error::NotFound)
    }

    /// Puts one in the place of another; false where that does not stand there any more.
    async fn put(
        &self,
        tx: &mut Tx,
        firm: FirmId,
        id: i64,
        new: &SealedSecret,
        old: &SealedSecret,
    ) -> Result<bool> {
        Ok(run!(tx, query(self.put).bind(firm.0).bind(id).bind(&new.0).bind(&old.0))? == 1)
    }

    /// Seals all of a firm anew, each as it is at this moment; gives how many there are.
    pub async fn seal_anew(&self, tx: &mut Tx, keys: &Keys, firm: FirmId) -> Result<usize> {
        let all: Vec<(i64, Vec<u8>)> = sql!(tx, c => query_as(self.all).bind(firm.0).fetch_all(c).await)?;
        let mut sealed = 0;
        for (id, secret) in all {
            sealed += usize::from(self.seal_one_anew(tx, keys, firm, id, SealedSecret(secret)).await?);
        }
        Ok(sealed)
    }

    /// False where it was taken away meanwhile.
    async fn seal_one_anew(
        &self,
        tx: &mut Tx,
        keys: &Keys,
        firm: FirmId,
        id: i64,
        mut before: SealedSecret,
    ) -> Result<bool> {
        loop {
            let secret = keys.open(firm, MailboxId(id), &before)?;
            let again = keys.seal(firm, MailboxId(id), &secret)?;
            if self.put(tx, firm, id, &again, &before).await? {
                return Ok(true);
            }
            before = match self.one(tx, firm, id).await {
                Err(Error::NotFound) => return Ok(false),
                now => now?,
            };
        }
    }
}
