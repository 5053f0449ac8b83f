//! HTML that others wrote, made fit to be shown: no script, no style, no picture from elsewhere.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ammonia::Builder;

/// More HTML than this is not shown; the text is.
pub const LONGEST: usize = 512 * 1024;

/// What is left of a letter's HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clean {
    /// May stand in a page of ours as it is.
    pub html: String,
    /// Pictures that were not loaded: each would have told its sender that the letter is being read.
    pub pictures: usize,
}

/// Tags that are kept; of all others only what is in them.
const TAGS: [&str; 40] = [
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "li",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tr",
    "u",
];

/// Cleans HTML; none where there is too much of it.
pub fn clean(html: &str) -> Option<Clean> {
    if LONGEST < html.len() {
        return None;
    }
    let pictures = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&pictures);
    let tags: HashSet<&str> = TAGS.into_iter().chain(["ul", "th", "thead", "tfoot"]).collect();
    let cleaned = Builder::new()
        .tags(tags)
        .generic_attributes(["dir", "lang", "title"].into())
        .tag_attributes(
            [
                ("a", ["href"].into()),
                ("img", ["src", "alt"].into()),
                ("td", ["colspan", "rowspan"].into()),
                ("th", ["colspan", "rowspan"].into()),
            ]
            .into(),
        )
        .url_schemes(["http", "https", "mailto", "tel", "cid", "data"].into())
        .link_rel(Some("noopener noreferrer nofollow"))
        .attribute_filter(move |tag, name, value| match (tag, name) {
            ("img", "src") => {
                counted.fetch_add(1, Ordering::Relaxed);
                None
            }
            ("a", "href") if !leads_out(value) => None,
            _ => Some(Cow::Borrowed(value)),
        })
        .clean(html)
        .to_string();
    Some(Clean { html: cleaned, pictures: pictures.load(Ordering::Relaxed) })
}

/// A link of a letter leads to the web, a mailbox or a telephone: never into our own pages.
fn leads_out(address: &str) -> bool {
    let address = address.trim_start().to_ascii_lowercase();
    ["http://", "https://", "mailto:", "tel:"].iter().any(|scheme| address.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_runs_and_nothing_is_fetched() {
        let hostile = "<p onclick=evil()>Dear <b>all</b></p><script>evil()</script><style>p{}</style>\
            <img src=https://spy.example/1.gif alt=logo width=1><img src=cid:1><IMG SRC='//spy.example/x'>\
            <a href='javascript:evil()'>x</a><a href='/decisions/1/undoing'>y</a><a href='https://a.example'>z</a>\
            <form action=/sign-out><input name=q><button>go</button></form><iframe src=//a></iframe>\
            <svg><script>evil()</script></svg><p style='background:url(//spy.example)' background=//spy.example>end</p>\
            <base href=//evil.example><meta http-equiv=refresh content='0;url=//evil.example'><link rel=stylesheet href=//x>";
        let Clean { html, pictures } = clean(hostile).unwrap();
        assert_eq!(pictures, 3);
        assert!(html.contains("<b>all</b>") && html.contains("href=\"https://a.example\""), "{html}");
        for gone in [
            "script", "evil", "spy", "style", "src=", "form", "input", "iframe", "svg", "base", "meta",
            "undoing",
        ] {
            assert!(!html.contains(gone), "{gone} in {html}");
        }
    }

    #[test]
    fn deep_and_endless_html_ends() {
        let deep = "<div>".repeat(20_000);
        assert!(clean(&deep).is_some());
        assert_eq!(clean(&"x".repeat(LONGEST + 1)), None);
    }
}
