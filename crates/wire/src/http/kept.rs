//! Many questions to one server, one after the other.

use tokio::time::timeout;

use super::{Address, Answer, Client, LONGEST, Most, Open, Question};
use crate::net::Trouble;

/// Asks one question after the other on one connection, and opens another where the server ended it. Only for questions
/// that do no harm when they are asked twice.
#[derive(Debug)]
pub struct Kept {
    client: Client,
    open: Option<Open>,
}

impl Kept {
    /// One that has no connection yet.
    pub fn new(client: Client) -> Kept {
        Kept { client, open: None }
    }

    /// Asks, and goes nowhere else.
    pub async fn ask(&mut self, question: &Question<'_>) -> Result<Answer, Trouble> {
        Ok(self.ask_for(question, Most::Whole(LONGEST)).await?.0)
    }

    /// The same for a part of the answer; and whether it is all of it.
    pub(crate) async fn ask_for(
        &mut self,
        question: &Question<'_>,
        most: Most,
    ) -> Result<(Answer, bool), Trouble> {
        let asked = timeout(self.client.limits.transfer, self.ask_again(question, most));
        asked.await.map_err(|_| Trouble::TimedOut("answering"))?
    }

    async fn ask_again(&mut self, question: &Question<'_>, most: Most) -> Result<(Answer, bool), Trouble> {
        let address = question.address;
        if let Some(open) = self.open.take().filter(|open| is_same(&open.to, address)) {
            match self.on(open, question, most).await {
                // It ended while nothing was asked.
                Err(Trouble::Closed(_)) => {}
                outcome => return outcome,
            }
        }
        let open = self.client.open(address).await?;
        self.on(open, question, most).await
    }

    /// Asks on a connection, which stays open where all went well.
    async fn on(
        &mut self,
        mut open: Open,
        question: &Question<'_>,
        most: Most,
    ) -> Result<(Answer, bool), Trouble> {
        open.sender.ready().await.map_err(|_| Trouble::Closed("answering"))?;
        let response = self.client.answered(&mut open, question, question.address).await?;
        let (answer, is_whole) = self.client.taken(response, question.address, most).await?;
        self.open = is_whole.then_some(open);
        Ok((answer, is_whole))
    }
}

/// Whether both are on the same server.
fn is_same(a: &Address, b: &Address) -> bool {
    (a.is_protected(), a.host(), a.port()) == (b.is_protected(), b.host(), b.port())
}
