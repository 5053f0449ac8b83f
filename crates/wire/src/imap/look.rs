//! What is new in a folder.

use imap_proto::{AttributeValue, MailboxDatum, Response, ResponseCode};

use super::name::quoted;
use super::session::{Done, Session};
use super::state::{FolderState, UidSet};
use crate::net::Trouble;

/// The longest list of known messages that is sent along; without it the server only tells more than it need.
const LONGEST_LIST: usize = 8_000;
/// How long the answer for one message may be in a list of numbers, in bytes.
const PER_NUMBER: u64 = 200;

/// What is new in a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct News {
    /// The generation of the numbers.
    pub uidvalidity: u32,
    /// The number that the next message gets.
    pub uidnext: u32,
    /// The last change; zero where the server does not count them.
    pub modseq: u64,
    /// How many messages there are.
    pub exists: u32,
    /// Another generation than before: what was known means nothing any more.
    pub reset: bool,
    /// Messages that are there and not known.
    pub new: UidSet,
    /// Messages that were known and are there no more.
    pub vanished: UidSet,
}

/// What opening a folder told.
#[derive(Default)]
struct Opened {
    exists: Option<u32>,
    uidvalidity: Option<u32>,
    uidnext: Option<u32>,
    modseq: Option<u64>,
    vanished: UidSet,
    changed: UidSet,
}

impl Opened {
    fn take(&mut self, response: &Response<'_>) {
        match response {
            Response::MailboxData(MailboxDatum::Exists(count)) => self.exists = Some(*count),
            Response::Data { outcome, .. } | Response::Done { outcome, .. } => match outcome.code {
                Some(ResponseCode::UidValidity(value)) => self.uidvalidity = Some(value),
                Some(ResponseCode::UidNext(value)) => self.uidnext = Some(value),
                Some(ResponseCode::HighestModSeq(value)) => self.modseq = Some(value),
                _ => {}
            },
            Response::Vanished { uids, .. } => {
                for range in uids {
                    let (first, last) = (*range.start(), *range.end());
                    self.vanished.insert_range(first.min(last), first.max(last));
                }
            }
            Response::Fetch(_, attributes) => {
                self.changed.insert_uid(attributes);
            }
            _ => {}
        }
    }
}

impl UidSet {
    /// Puts in the number that a response names; false where it was there, none where it names none.
    fn insert_uid(&mut self, attributes: &[AttributeValue<'_>]) -> Option<bool> {
        let uid = attributes.iter().find_map(|attribute| match attribute {
            AttributeValue::Uid(uid) => Some(*uid),
            _ => None,
        })?;
        (uid != 0).then(|| self.insert(uid))
    }
}

impl Session {
    /// Opens a folder for reading and says what is new in it against what is known.
    pub async fn look(&mut self, folder: &str, known: &FolderState) -> Result<News, Trouble> {
        let resync = self.enabled && known.modseq != 0 && known.uidvalidity != 0;
        let opened = self.open_folder(folder, known, resync).await?;
        let exists = opened
            .exists
            .ok_or_else(|| Trouble::Broke("it does not say how many messages there are".into()))?;
        let uidvalidity = opened
            .uidvalidity
            .filter(|value| *value != 0)
            .ok_or_else(|| Trouble::Broke("it does not keep the numbers of messages".into()))?;
        let reset = uidvalidity != known.uidvalidity;
        let before = if reset { UidSet::default() } else { known.known.clone() };
        let mut news = News {
            uidvalidity,
            uidnext: opened.uidnext.unwrap_or(0),
            modseq: opened.modseq.unwrap_or(0),
            exists,
            reset: reset && known.uidvalidity != 0,
            ..News::default()
        };
        let since = if reset { 0 } else { known.uidnext };
        // What came and went since the last look, where that can be told without the whole list.
        if since != 0 && news.uidnext != 0 {
            news.vanished = if resync { opened.vanished.both(&before) } else { UidSet::default() };
            news.new = self.new_since(since, &before, &opened, &news).await?;
            if before.len() - news.vanished.len() + news.new.len() == u64::from(exists) {
                return Ok(news);
            }
        }
        let all = self.list(1, exists).await?;
        news.new = all.without(&before);
        news.vanished = before.without(&all);
        Ok(news)
    }

    async fn new_since(
        &mut self,
        since: u32,
        before: &UidSet,
        opened: &Opened,
        news: &News,
    ) -> Result<UidSet, Trouble> {
        let mut new = UidSet::default();
        if since < news.uidnext {
            new = self.list(since, news.exists).await?;
            // The protocol gives the last message even where it is older.
            new.remove_range(0, since - 1);
        }
        for uid in opened.changed.without(before).newest_first() {
            new.insert(uid);
        }
        Ok(new.without(before))
    }

    async fn open_folder(
        &mut self,
        folder: &str,
        known: &FolderState,
        resync: bool,
    ) -> Result<Opened, Trouble> {
        let name = quoted(folder)?;
        let list = known.known.to_string();
        let command = match resync {
            true if list.len() <= LONGEST_LIST && !list.is_empty() => {
                format!("EXAMINE {name} (QRESYNC ({} {} {list}))", known.uidvalidity, known.modseq)
            }
            true => format!("EXAMINE {name} (QRESYNC ({} {}))", known.uidvalidity, known.modseq),
            false if self.offers.condstore() => format!("EXAMINE {name} (CONDSTORE)"),
            false => format!("EXAMINE {name}"),
        };
        self.open = None;
        let mut opened = Opened::default();
        let time = self.line.limits().transfer;
        // Every known message may have changed.
        self.line.allow(
            "the opening of the folder",
            time,
            (1 << 20) + PER_NUMBER * 2 * known.known.len().max(1000),
        );
        let tag = self.line.send(&command).await?;
        let done = self.finish(&tag, |response| {
            opened.take(response);
            Ok(())
        });
        match done.await? {
            Done::Ok => self.open = Some(folder.to_owned()),
            Done::Refused(said) => return Err(Trouble::Said { command: "EXAMINE", said }),
        }
        Ok(opened)
    }

    /// The numbers of all messages from `first` on. More than twice as many as there are is a lie.
    async fn list(&mut self, first: u32, exists: u32) -> Result<UidSet, Trouble> {
        let most = u64::from(exists) * 2 + 1000;
        let time = self.line.limits().transfer;
        self.line.allow("the listing of messages", time, (1 << 20) + PER_NUMBER * most);
        let tag = self.line.send(&format!("UID FETCH {first}:* (UID)")).await?;
        let (mut uids, mut count) = (Vec::new(), 0);
        let done = self.finish(&tag, |response| {
            if let Response::Fetch(_, attributes) = response {
                count += 1;
                let uid = attributes.iter().find_map(|attribute| match attribute {
                    AttributeValue::Uid(uid) => Some(*uid),
                    _ => None,
                });
                match uid {
                    Some(0) => return Err(Trouble::Broke("it gave a message the number 0".to_owned())),
                    Some(uid) => uids.push(uid),
                    None => {}
                }
                if most < count {
                    return Err(Trouble::Broke("it lists more messages than it has".to_owned()));
                }
            }
            Ok(())
        });
        if let Done::Refused(said) = done.await? {
            return Err(Trouble::Said { command: "FETCH", said });
        }
        Ok(uids.into_iter().collect())
    }
}
