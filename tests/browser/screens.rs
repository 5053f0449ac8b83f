//! Pictures of every page for the documents: `scripts/screens` makes them.

use std::path::{Path, PathBuf};

use crate::careful::{PAGES, WRITES};
use crate::house::{Door, House};
use crate::page::{Look, Page};
use crate::story;

const LOOKS: [(&str, Look); 4] = [
    ("wide-light", Look::DESK),
    ("wide-dark", Look::DESK.dark()),
    ("phone-light", Look::PHONE),
    ("phone-dark", Look::PHONE.dark()),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/screens")
}

async fn take(page: &Page, name: &str, look: &str) {
    // Fonts and the place of the page have settled.
    page.script("scrollTo(0, 0); return document.fonts.ready.then(() => 0)").await;
    let picture = page.client.screenshot().await.expect("a picture");
    std::fs::write(folder().join(format!("{name}-{look}.png")), picture).expect("it is written");
}

async fn inside(house: &House, look: Look, called: &str) {
    let page = house.browser(look).await;
    for (name, path) in PAGES {
        page.go(path).await;
        take(&page, name, called).await;
    }
    page.go("/clients").await;
    page.go(&page.attr(".line > a", "href").await).await;
    take(&page, "client", called).await;
    page.go("/today").await;
    take(&page, "mine", called).await;
    page.type_keys("jh").await;
    page.see("details[data-key=h][open]").await;
    take(&page, "hold", called).await;
    page.go("/today?whose=firm").await;
    page.go(&page.attr("[data-kind=answer] > a", "href").await).await;
    page.see(".opened").await;
    take(&page, "answer", called).await;
    page.click(".opened form[data-key=d] button").await;
    page.see(".notice").await;
    take(&page, "done", called).await;
    page.click(".notice button").await;
    page.read(".notice", "Undone").await;
    page.script("document.querySelector('#keys').showModal()").await;
    take(&page, "keys", called).await;
    letters(house, &page, called).await;
}

/// A letter as it is written, and the outbox that knows of it.
async fn letters(house: &House, page: &Page, called: &str) {
    house.connect("helen@tiddfarrow.example").await;
    page.go("/today?whose=firm&kind=answer").await;
    page.go(&page.attr(".line > a", "href").await).await;
    page.click(".opened form[data-compose] button").await;
    page.see(".composing textarea").await;
    page.script(WRITES).await;
    page.see(".findings li").await;
    page.go("/outbox").await;
    take(page, "outbox", called).await;
    page.click(".line > a").await;
    page.see(".under u").await;
    take(page, "letter", called).await;
}

#[test]
#[ignore = "makes pictures for docs/screens; run by scripts/screens"]
fn pictures_of_every_page() {
    std::fs::create_dir_all(folder()).expect("a folder");
    story(Door::Open, async |house| {
        for (called, look) in LOOKS {
            inside(&house, look, called).await;
        }
    });
    story(Door::Locked, async |house| {
        house.give_password("helen@tiddfarrow.example").await;
        for (called, look) in LOOKS {
            let page = house.browser(look).await;
            page.go("/sign-in").await;
            page.see("input[name=password]").await;
            take(&page, "sign-in", called).await;
        }
    });
}
