//! Style, script and icon: part of the program, kept by browsers for a year under an address that names the content.
//! Style and script are written in parts and sent as one each, the parts in this order: what comes later counts.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

struct Asset {
    name: &'static str,
    kind: &'static str,
    content: &'static [u8],
}

const ASSETS: [Asset; 3] = [
    Asset {
        name: "regard.css",
        kind: "text/css; charset=utf-8",
        content: concat!(
            include_str!("../../static/css/page.css"),
            include_str!("../../static/css/lists.css"),
            include_str!("../../static/css/record.css"),
            include_str!("../../static/css/narrow.css"),
            include_str!("../../static/css/settings.css"),
        )
        .as_bytes(),
    },
    Asset {
        name: "regard.js",
        kind: "text/javascript; charset=utf-8",
        content: concat!(
            include_str!("../../static/js/pages.js"),
            include_str!("../../static/js/letters.js"),
            include_str!("../../static/js/acts.js"),
            include_str!("../../static/js/live.js"),
        )
        .as_bytes(),
    },
    Asset { name: "icon.svg", kind: "image/svg+xml", content: include_bytes!("../../static/icon.svg") },
];

/// The first letters of each asset's hash, in the order of [`ASSETS`].
static MARKS: LazyLock<[String; ASSETS.len()]> =
    LazyLock::new(|| ASSETS.map(|asset| blake3::hash(asset.content).to_hex()[..12].to_owned()));

/// The address of an asset, with its content's mark in it.
pub fn address(name: &str) -> String {
    let place = ASSETS.iter().position(|asset| asset.name == name);
    format!("/static/{}/{name}", place.map_or("", |place| &MARKS[place]))
}

/// The routes of assets: the same for everybody, so no session is asked for.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/static/{mark}/{name}", get(asset)).route("/favicon.ico", get(icon))
}

async fn asset(Path((mark, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let place = ASSETS.iter().position(|asset| asset.name == name);
    match place {
        Some(place) if MARKS[place] == mark => {
            if headers.get(IF_NONE_MATCH).is_some_and(|tag| tag.as_bytes() == mark.as_bytes()) {
                return StatusCode::NOT_MODIFIED.into_response();
            }
            let asset = &ASSETS[place];
            let kept = "public, max-age=31536000, immutable";
            ([(CONTENT_TYPE, asset.kind), (CACHE_CONTROL, kept), (ETAG, &mark)], asset.content)
                .into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn icon() -> Response {
    let icon = &ASSETS[2];
    ([(CONTENT_TYPE, icon.kind), (CACHE_CONTROL, "public, max-age=86400")], icon.content).into_response()
}
