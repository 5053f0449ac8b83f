//! Answers of WebDAV servers as a tree, and questions as text.

use quick_xml::NsReader;
use quick_xml::escape::{escape, resolve_predefined_entity};
use quick_xml::events::Event;
use quick_xml::name::ResolveResult;

use crate::net::Trouble;

pub(super) const DAV: &str = "DAV:";
pub(super) const CALDAV: &str = "urn:ietf:params:xml:ns:caldav";
pub(super) const CARDDAV: &str = "urn:ietf:params:xml:ns:carddav";

/// Nothing that we ask for lies deeper.
const DEEPEST: usize = 64;

/// An element with what is in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Node {
    space: String,
    name: String,
    /// The text in it, that of its children left out.
    pub(super) text: String,
    children: Vec<Node>,
    /// The attribute `name`, by which calendars tell what they hold.
    pub(super) named: Option<String>,
}

impl Node {
    pub(super) fn is(&self, space: &str, name: &str) -> bool {
        self.space == space && self.name == name
    }

    /// The children of that name.
    pub(super) fn all<'a>(&'a self, space: &'a str, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children.iter().filter(move |child| child.is(space, name))
    }

    /// The first child of that name.
    pub(super) fn one<'a>(&'a self, space: &'a str, name: &'a str) -> Option<&'a Node> {
        self.all(space, name).next()
    }

    /// An element of that name, however deep it lies.
    pub(super) fn has_deep(&self, space: &str, name: &str) -> bool {
        self.is(space, name) || self.children.iter().any(|child| child.has_deep(space, name))
    }

    /// The text of an address in it.
    pub(super) fn href(&self) -> Option<&str> {
        self.one(DAV, "href").map(|href| href.text.trim()).filter(|href| !href.is_empty())
    }
}

/// Reads a whole answer.
pub(super) fn tree(bytes: &[u8]) -> Result<Node, Trouble> {
    let broke = |what: String| Trouble::Broke(format!("its answer is none of CalDAV or CardDAV: {what}"));
    let text = String::from_utf8_lossy(bytes);
    let mut reader = NsReader::from_str(&text);
    let mut open: Vec<Node> = vec![Node::default()];
    loop {
        let (space, event) = reader.read_resolved_event().map_err(|e| broke(e.to_string()))?;
        let space = match space {
            ResolveResult::Bound(space) => space.into_inner().to_owned(),
            _ => String::new(),
        };
        match event {
            Event::Start(begun) => {
                if DEEPEST < open.len() {
                    return Err(broke("it is nested too deeply".to_owned()));
                }
                open.push(node(space, &begun));
            }
            Event::Empty(whole) => {
                let whole = node(space, &whole);
                open.last_mut()
                    .ok_or_else(|| broke("it ends before it begins".to_owned()))?
                    .children
                    .push(whole);
            }
            Event::End(_) => {
                let ended = open.pop().filter(|_| !open.is_empty());
                let ended = ended.ok_or_else(|| broke("it ends before it begins".to_owned()))?;
                open.last_mut()
                    .ok_or_else(|| broke("it ends before it begins".to_owned()))?
                    .children
                    .push(ended);
            }
            Event::Text(text) => say(&mut open, &text.into_inner()),
            Event::CData(text) => say(&mut open, &text.into_inner()),
            Event::GeneralRef(name) => match name.resolve_char_ref().map_err(|e| broke(e.to_string()))? {
                Some(character) => say(&mut open, character.encode_utf8(&mut [0; 4])),
                None => say(&mut open, resolve_predefined_entity(&name.into_inner()).unwrap_or_default()),
            },
            Event::Eof => break,
            _ => {}
        }
    }
    match (open.pop().and_then(|mut root| root.children.pop()), open.is_empty()) {
        (Some(root), true) => Ok(root),
        _ => Err(broke("it was cut off".to_owned())),
    }
}

fn say(open: &mut [Node], text: &str) {
    if let Some(inside) = open.last_mut() {
        inside.text.push_str(text);
    }
}

fn node(space: String, begun: &quick_xml::events::BytesStart<'_>) -> Node {
    let name = begun.local_name().into_inner().to_owned();
    let named = begun.attributes().flatten().find(|attribute| attribute.key.into_inner() == "name");
    let named = named.map(|attribute| attribute.value.into_owned());
    Node { space, name, named, ..Node::default() }
}

/// One answer of several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Response {
    /// Of what, as the server names it.
    pub(super) href: String,
    /// What became of it as a whole, where that is said.
    pub(super) status: Option<u16>,
    /// The properties that it has.
    pub(super) found: Node,
}

/// The answers in a `multistatus`, and the mark of how far it goes.
pub(super) fn responses(root: &Node) -> Result<(Vec<Response>, Option<String>), Trouble> {
    if !root.is(DAV, "multistatus") {
        return Err(Trouble::Broke(
            "it does not answer as a calendar or address book does (WebDAV)".to_owned(),
        ));
    }
    let answers = root.all(DAV, "response").filter_map(|response| {
        let good = response.all(DAV, "propstat").filter(|part| {
            part.one(DAV, "status").and_then(|status| code(&status.text)).is_none_or(|code| code / 100 == 2)
        });
        let mut found = Node::default();
        for part in good {
            found
                .children
                .extend(part.one(DAV, "prop").into_iter().flat_map(|prop| prop.children.iter().cloned()));
        }
        let status = response.one(DAV, "status").and_then(|status| code(&status.text));
        Some(Response { href: response.href()?.to_owned(), status, found })
    });
    let token = root.one(DAV, "sync-token").map(|token| token.text.trim().to_owned());
    Ok((answers.collect(), token.filter(|token| !token.is_empty())))
}

/// The number in a line such as `HTTP/1.1 404 Not Found`.
fn code(line: &str) -> Option<u16> {
    line.split_whitespace().nth(1)?.parse().ok()
}

/// A question for properties.
pub(super) fn propfind(properties: &str) -> String {
    format!("{HEAD}<d:propfind {SPACES}><d:prop>{properties}</d:prop></d:propfind>")
}

/// A question for what changed since a mark; an empty mark asks for everything.
pub(super) fn sync_collection(token: &str) -> String {
    format!(
        "{HEAD}<d:sync-collection {SPACES}><d:sync-token>{}</d:sync-token><d:sync-level>1</d:sync-level>\
         <d:prop><d:getetag/></d:prop></d:sync-collection>",
        escape(token)
    )
}

/// A question for the words of several things at once.
pub(super) fn multiget(report: &str, data: &str, hrefs: &[String]) -> String {
    let hrefs: String = hrefs.iter().map(|href| format!("<d:href>{}</d:href>", escape(href))).collect();
    format!("{HEAD}<{report} {SPACES}><d:prop><d:getetag/><{data}/></d:prop>{hrefs}</{report}>")
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";
const SPACES: &str =
    "xmlns:d=\"DAV:\" xmlns:c=\"urn:ietf:params:xml:ns:caldav\" xmlns:a=\"urn:ietf:params:xml:ns:carddav\"";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_whatever_its_prefixes() {
        let text =
            br#"<?xml version="1.0"?><multistatus xmlns="DAV:" xmlns:X="urn:ietf:params:xml:ns:caldav">
            <response><href>/a/1.ics</href><propstat><prop><getetag>"7"</getetag>
            <X:calendar-data><![CDATA[BEGIN:VCALENDAR]]> &amp; &#233;</X:calendar-data></prop>
            <status>HTTP/1.1 200 OK</status></propstat><propstat><prop><displayname/></prop>
            <status>HTTP/1.1 404 Not Found</status></propstat></response>
            <response><href>/a/2.ics</href><status>HTTP/1.1 404 Not Found</status></response>
            <sync-token>urn:x:2</sync-token></multistatus>"#;
        let (all, token) = responses(&tree(text).unwrap()).unwrap();
        assert_eq!((all.len(), token.as_deref()), (2, Some("urn:x:2")));
        assert_eq!(all[0].found.one(CALDAV, "calendar-data").unwrap().text, "BEGIN:VCALENDAR & é");
        assert_eq!(all[0].found.one(DAV, "displayname"), None);
        assert_eq!((all[1].href.as_str(), all[1].status), ("/a/2.ics", Some(404)));
    }

    #[test]
    fn what_is_no_answer_is_told_and_nothing_breaks() {
        let deep = "<a>".repeat(200);
        for text in ["", "not xml", "<a>", "</a>", "<a><b></a></b>", "<html><body>Login</body></html>", &deep]
        {
            let read = tree(text.as_bytes()).and_then(|root| responses(&root));
            assert!(read.is_err(), "{text}");
        }
        // Entities of its own that would grow without end are nothing to us.
        let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><multistatus xmlns=\"DAV:\"><response>\
            <href>&b;</href></response></multistatus>";
        let (all, _) = responses(&tree(bomb.as_bytes()).unwrap()).unwrap();
        assert!(all.is_empty());
    }
}
