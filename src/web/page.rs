//! What every page has around it: who is signed in, where they are, what was just done.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};

use super::assets;
use super::visitor::Visitor;
use crate::access::Access;
use crate::error::{Error, Result};
use crate::text::storable;

/// No sentence at the top of a page is longer, in characters: anybody can write an address.
const LONGEST: usize = 300;

/// The frame of a page. Templates that extend `layout.html` have it as `frame`.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The firm's name.
    pub firm: String,
    /// Who is signed in.
    pub name: String,
    /// Which entry of the navigation this page belongs to.
    pub place: &'static str,
    /// The mark that forms carry.
    pub mark: String,
    /// The revision that this page shows.
    pub revision: i64,
    /// The zone in which this page's times are.
    pub zone: String,
    /// They may act, and not only look.
    pub may_act: bool,
    /// They may set up the firm.
    pub may_set_up: bool,
    /// What was just done, and the decision that can be taken back.
    pub notice: Option<Notice>,
    /// The style's address.
    pub style: String,
    /// The script's address.
    pub script: String,
    /// The icon's address.
    pub icon: String,
}

/// A sentence at the top of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What to say.
    pub words: String,
    /// The decision that "Undo" takes back.
    pub undo: Option<String>,
}

impl Notice {
    /// What the address of a page says was just done; nothing, where it says nothing.
    pub fn said(words: &str, undo: &str) -> Option<Notice> {
        let undo = (!undo.is_empty()).then(|| undo.to_owned());
        (!words.is_empty()).then(|| Notice { words: words.chars().take(LONGEST).collect(), undo })
    }
}

impl Frame {
    /// The frame for a visitor at a place.
    pub fn new(visitor: &Visitor, place: &'static str) -> Frame {
        let asker = &visitor.asker;
        Frame {
            firm: asker.board.firm.firm.name.clone(),
            name: asker.name_of(asker.staff).to_owned(),
            place,
            mark: visitor.form_mark.clone(),
            revision: asker.board.revision,
            zone: asker.zone.iana_name().unwrap_or("UTC").to_owned(),
            may_act: asker.access != Access::ReadOnly,
            may_set_up: asker.access == Access::Owner,
            notice: None,
            style: assets::address("regard.css"),
            script: assets::address("regard.js"),
            icon: assets::address("icon.svg"),
        }
    }

    /// The same with a sentence at the top.
    pub fn with_notice(self, notice: Option<Notice>) -> Frame {
        Frame { notice, ..self }
    }
}

/// A rendered page.
pub fn page(template: &impl Template) -> Result<Response> {
    let html = template.render().map_err(|e| Error::Unexpected(anyhow::anyhow!("a page: {e}")))?;
    // A form that is shown again holds what was typed, and a browser stops reading at a NUL.
    Ok(Html(storable(&html).into_owned()).into_response())
}
