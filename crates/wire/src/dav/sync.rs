//! What changed in a collection, the words of what changed, and putting something there.

use std::collections::{BTreeMap, BTreeSet};

use super::xml::{CALDAV, CARDDAV, DAV, Response, multiget, propfind, responses, sync_collection, tree};
use super::{Dav, Kind, doing};
use crate::http::{Address, Question};
use crate::net::Trouble;

/// The words of so many things are asked for at once.
const AT_ONCE: usize = 50;
/// A server that tells of changes in parts has told all after so many.
const PARTS: usize = 1000;

/// By this a server says that the thing is there already under another path (RFC 4791, RFC 6352).
const TWICE: &[u8] = b"no-uid-conflict";

/// What changed in a collection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct News {
    /// What is new or other than it was: by path, the mark of how it is now.
    pub changed: BTreeMap<String, String>,
    /// What is there no more.
    pub gone: BTreeSet<String>,
    /// How far this goes, for the next time; none where the server does not say.
    pub token: Option<String>,
}

/// A thing in a collection, with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its path.
    pub path: String,
    /// The mark of how it is.
    pub etag: String,
    /// Its words: iCalendar or vCard.
    pub words: String,
}

/// What became of something that was put somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Put {
    /// It stands there; with its mark, which is empty where the server does not tell it.
    Stands(String),
    /// Something else stands there meanwhile, or what was known is there no more.
    Another,
    /// The same thing, by the name that it carries itself, stands in that collection under another path.
    Twice,
}

/// What a server says to a question for changes.
enum Told {
    /// What changed since the mark.
    News(News),
    /// The mark is not known any more, or never was.
    MarkUnknown,
    /// It tells of no changes.
    Unable,
}

impl Dav {
    /// What changed since `token`, against what is known of each thing. Without a mark, with one that the server no
    /// longer knows, or where it keeps none, everything is listed and compared.
    pub async fn look(
        &self,
        collection: &Address,
        token: Option<&str>,
        known: &BTreeMap<String, String>,
    ) -> Result<News, Trouble> {
        if let Some(token) = token
            && let Told::News(mut news) = self.changes(collection, token).await?
        {
            news.changed.retain(|path, etag| known.get(path) != Some(etag));
            return Ok(news);
        }
        let all = match self.changes(collection, "").await? {
            Told::News(news) => news,
            Told::MarkUnknown | Told::Unable => self.listing(collection).await?,
        };
        let gone = known.keys().filter(|path| !all.changed.contains_key(*path)).cloned().collect();
        let changed = all.changed.into_iter().filter(|(path, etag)| known.get(path) != Some(etag)).collect();
        Ok(News { changed, gone, token: all.token })
    }

    async fn changes(&self, collection: &Address, token: &str) -> Result<Told, Trouble> {
        let mut news = News { token: Some(token.to_owned()), ..News::default() };
        for _ in 0..PARTS {
            let mark = news.token.clone().unwrap_or_default();
            let answer = self.ask("REPORT", collection, "0", &sync_collection(&mark)).await?;
            match answer.status {
                207 => {}
                400 | 403 | 409 | 410 | 412 if !mark.is_empty() => return Ok(Told::MarkUnknown),
                400 | 403 | 404 | 405 | 415 | 422 | 501 => return Ok(Told::Unable),
                _ => return Err(answer.trouble("to tell what changed")),
            }
            let (all, next) = responses(&tree(&answer.body)?)?;
            let is_cut = self.take(collection, all, &mut news)?;
            if next.is_none() || !is_cut || next == news.token {
                news.token = next;
                return Ok(Told::News(news));
            }
            news.token = next;
        }
        Err(Trouble::Broke("it tells of changes without end".to_owned()))
    }

    async fn listing(&self, collection: &Address) -> Result<News, Trouble> {
        let properties = propfind("<d:getetag/><d:resourcetype/>");
        let (all, _, at) = self.ask_many("PROPFIND", collection, "1", &properties).await?;
        let mut news = News::default();
        self.take(&at, all, &mut news)?;
        Ok(news)
    }

    /// Notes what answers say; true where the server has more to say.
    fn take(&self, collection: &Address, all: Vec<Response>, news: &mut News) -> Result<bool, Trouble> {
        let mut is_cut = false;
        for one in all {
            let path = collection.at(&one.href)?.path().to_owned();
            if path.trim_end_matches('/') == collection.path().trim_end_matches('/') {
                is_cut |= one.status == Some(507);
                continue;
            }
            if one.status == Some(404) || one.status == Some(410) {
                news.changed.remove(&path);
                news.gone.insert(path);
                continue;
            }
            let is_folder =
                one.found.one(DAV, "resourcetype").is_some_and(|kind| kind.has_deep(DAV, "collection"));
            if let Some(etag) = one.found.one(DAV, "getetag").filter(|_| !is_folder) {
                news.gone.remove(&path);
                news.changed.insert(path, etag.text.trim().to_owned());
            }
        }
        Ok(is_cut)
    }

    /// The words of some things. What vanished meanwhile is left out.
    pub async fn fetch(&self, collection: &Address, paths: &[String]) -> Result<Vec<Item>, Trouble> {
        let (report, data, space, name) = match self.kind {
            Kind::Calendar => ("c:calendar-multiget", "c:calendar-data", CALDAV, "calendar-data"),
            Kind::AddressBook => ("a:addressbook-multiget", "a:address-data", CARDDAV, "address-data"),
        };
        let mut items = Vec::new();
        for some in paths.chunks(AT_ONCE) {
            let asked = multiget(report, data, some);
            let (all, _, at) = self.ask_many("REPORT", collection, "1", &asked).await?;
            for one in all {
                let Some(words) = one.found.one(space, name) else { continue };
                let etag = one.found.one(DAV, "getetag").map_or("", |etag| etag.text.trim());
                let path = at.at(&one.href)?.path().to_owned();
                items.push(Item { path, etag: etag.to_owned(), words: words.text.clone() });
            }
        }
        Ok(items)
    }

    /// Puts something there: a new thing, or in the place of one that is still as it was.
    pub async fn put(&self, address: &Address, words: &str, over: Option<&str>) -> Result<Put, Trouble> {
        let kind = match self.kind {
            Kind::Calendar => "text/calendar; charset=utf-8",
            Kind::AddressBook => "text/vcard; charset=utf-8",
        };
        let headers = [over.map_or(("if-none-match", "*"), |etag| ("if-match", etag))];
        let question =
            Question { method: "PUT", address, headers: &headers, body: Some((kind, words.as_bytes())) };
        let answer = self.client.ask(&question).await?;
        match answer.status {
            200 | 201 | 204 => Ok(Put::Stands(answer.header("etag").unwrap_or_default().to_owned())),
            412 => Ok(Put::Another),
            // A collection that is there no more is a conflict as well.
            403 | 409 if contains(&answer.body, TWICE) => Ok(Put::Twice),
            _ => Err(answer.trouble(doing("PUT"))),
        }
    }

    /// Takes something away that is still as it was; one that is gone already is no trouble. False where something else
    /// is there meanwhile.
    pub async fn remove(&self, address: &Address, etag: &str) -> Result<bool, Trouble> {
        let headers = [("if-match", etag)];
        let headers = if etag.is_empty() { &[][..] } else { &headers[..] };
        let question = Question { method: "DELETE", address, headers, body: None };
        let answer = self.client.ask(&question).await?;
        match answer.status {
            200 | 202 | 204 | 404 | 410 => Ok(true),
            412 => Ok(false),
            _ => Err(answer.trouble(doing("DELETE"))),
        }
    }
}

fn contains(body: &[u8], words: &[u8]) -> bool {
    body.windows(words.len()).any(|some| some == words)
}
