//! Puts messages into folders, and finds them there.

use imap_proto::rfc4315::UidSetMember;
use imap_proto::{MailboxDatum, Response, ResponseCode, Status};

use super::name::quoted;
use super::session::{Done, Session, words};
use crate::net::Trouble;

/// Where a message lies that was put into a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// The generation of the numbers, and the number; none where the server does not say.
    pub place: Option<(u32, u32)>,
}

impl Session {
    /// Puts a message into a folder. `flags` as the protocol writes them: `\Seen`, `\Draft`.
    pub async fn append(
        &mut self,
        folder: &str,
        flags: &[&str],
        message: &[u8],
    ) -> Result<Appended, Trouble> {
        let limits = *self.line.limits();
        self.line.allow("the storing of the message", limits.transfer, 1 << 20);
        let command = format!("APPEND {} ({}) {{{}}}", quoted(folder)?, flags.join(" "), message.len());
        let tag = self.line.send(&command).await?;
        loop {
            self.line.next().await?;
            match self.line.response() {
                Some(Response::Continue(_)) => break,
                None if self.line.raw().starts_with(b"+") => break,
                Some(Response::Done { outcome, .. }) => {
                    return Err(Trouble::Said { command: "APPEND", said: words(&outcome) });
                }
                Some(Response::Data { status: Status::Bye, outcome }) => {
                    return Err(Trouble::Goodbye(words(&outcome)));
                }
                _ => {}
            }
        }
        self.line.write(message).await?;
        self.line.write(b"\r\n").await?;
        let mut place = None;
        let done = self.finish(&tag, |response| {
            if let Response::Done { outcome, .. } = response
                && let Some(ResponseCode::AppendUid(validity, uids)) = &outcome.code
                && let Some(uid) = uids.first()
            {
                let uid = match uid {
                    UidSetMember::Uid(uid) => *uid,
                    UidSetMember::UidRange(range) => *range.start(),
                };
                place = Some((*validity, uid));
            }
            Ok(())
        });
        match done.await? {
            Done::Ok => Ok(Appended { place }),
            Done::Refused(said) => Err(Trouble::Said { command: "APPEND", said }),
        }
    }

    /// Makes a folder.
    pub async fn create(&mut self, folder: &str) -> Result<(), Trouble> {
        let command = format!("CREATE {}", quoted(folder)?);
        self.command("CREATE", &command).await
    }

    /// The numbers of the messages in a folder that have this Message-ID, or had it: Outlook gives what it sends an id of
    /// its own, and says beside it what the first one was.
    pub async fn find(&mut self, folder: &str, message_id: &str) -> Result<Vec<u32>, Trouble> {
        self.open = None;
        let command = format!("EXAMINE {}", quoted(folder)?);
        self.command("EXAMINE", &command).await?;
        self.open = Some(folder.to_owned());
        let id = quoted(message_id)?;
        let command =
            format!("UID SEARCH OR HEADER Message-ID {id} HEADER X-Microsoft-Original-Message-ID {id}");
        let mut found = Vec::new();
        self.asked("SEARCH", &command, |response| {
            if let Response::MailboxData(MailboxDatum::Search(uids)) = response {
                found.extend(uids.iter().copied());
            }
            Ok(())
        })
        .await?;
        Ok(found)
    }
}
