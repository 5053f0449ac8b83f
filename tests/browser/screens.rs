//! Pictures of every page for the documents: `scripts/screens` makes them.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::house::{Door, HELEN};
use crate::page::{Look, Page};
use crate::{rooms, story};

const LOOKS: [(&str, Look); 4] = [
    ("wide-light", Look::DESK),
    ("wide-dark", Look::DESK.dark()),
    ("phone-light", Look::PHONE),
    ("phone-dark", Look::PHONE.dark()),
];

/// What is looked at as a screen shows it: a dialogue lies over its page, what is done on a page is shown where it is done,
/// and the picture that the README begins with is no taller than one.
const SCREENS: [&str; 7] = ["keys", "note", "call-there", "renamed", "removed", "done", "today-wide"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/screens")
}

/// Whether a picture is wanted: all are, unless `REGARD_PICTURES` names some, with commas between them.
fn is_wanted(name: &str) -> bool {
    std::env::var("REGARD_PICTURES").map_or(true, |wanted| wanted.split(',').any(|one| one == name))
}

async fn take(page: &Page, name: &str, look: &str) {
    if !is_wanted(name) {
        return;
    }
    let file = format!("{name}-{look}");
    let is_whole = !SCREENS.iter().any(|one| file.starts_with(&format!("{one}-")));
    if is_whole {
        page.script("scrollTo(0, 0)").await;
    }
    if name == "data" {
        // Where the record of a test lies is nobody's business.
        page.script("for (const p of document.querySelectorAll('main p')) \
            for (const n of p.childNodes) if (n.nodeType === 3) n.data = n.data.replace(/\\/\\S*(?=\\/regard.sqlite)/, '/srv/regard-data')").await;
    }
    // Fonts and the place of the page have settled.
    page.script("return document.fonts.ready.then(() => 0)").await;
    let picture = match is_whole {
        true => whole(page, if look.starts_with("phone") { Look::PHONE } else { Look::DESK }).await,
        false => page.client.screenshot().await.expect("a picture"),
    };
    std::fs::write(folder().join(format!("{file}.png")), picture).expect("it is written");
}

/// The page from top to bottom, however long it is.
async fn whole(page: &Page, look: Look) -> Vec<u8> {
    let tall = page.script("return document.documentElement.scrollHeight").await;
    let clip = json!({ "x": 0, "y": 0, "width": look.width, "height": tall, "scale": 1 });
    let with = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
    let taken = page.chromium("Page.captureScreenshot", with).await;
    STANDARD.decode(taken["data"].as_str().expect("a picture")).expect("base64")
}

#[test]
#[ignore = "makes pictures for docs/screens; run by scripts/screens"]
fn pictures_of_every_page() {
    std::fs::create_dir_all(folder()).expect("a folder");
    // Each look has a firm of its own, in which nobody has done anything yet.
    for (called, look) in LOOKS {
        story(Door::Open, async move |house| {
            let page = house.browser(look).await;
            let mut see = async |page: &Page, name: &str| take(page, name, called).await;
            rooms::inside(&house, &page, &mut see).await;
        });
        story(Door::Locked, async move |house| {
            house.give_password(HELEN).await;
            let page = house.browser(look).await;
            let mut see = async |page: &Page, name: &str| take(page, name, called).await;
            rooms::door(&house, &page, &mut see).await;
        });
        story(Door::First, async move |house| {
            let page = house.browser(look).await;
            let mut see = async |page: &Page, name: &str| take(page, name, called).await;
            rooms::first_visit(&house, &page, &mut see).await;
        });
    }
}
