//! Every page without JavaScript: it is read, at both widths and in the dark, and nothing of it is out of reach.

use crate::careful::sideways;
use crate::house::{Door, House};
use crate::page::{Look, Page};
use crate::rooms::PAGES;
use crate::story;

/// Reads a page: what it is called, that it holds something, that nothing on it waits for a script.
async fn read(page: &Page, name: &str) {
    assert!(!page.text("h1").await.is_empty(), "{name} says what it is");
    let words = page.text("main").await;
    assert!(40 < words.len(), "{name}: {words}");
    assert!(!page.has("html.scripted").await, "{name}: a script runs");
    // What only a script can do is not offered.
    let dead = "return [...document.querySelectorAll('button[type=button], [onclick]')].filter(b => b.checkVisibility()).map(b => b.outerHTML)";
    assert_eq!(page.script(dead).await, serde_json::json!([]), "{name}");
    assert_eq!(sideways(page).await, 0, "{name} is wider than the screen");
}

async fn read_all(house: &House, look: Look) {
    let page = house.browser(look.without_script()).await;
    for (name, path) in PAGES {
        page.go(path).await;
        read(&page, name).await;
    }
    // A line leads to its page, that to the record, and the record to its letters and back.
    page.go("/today?whose=firm").await;
    page.click(".line > a").await;
    read(&page, "one thing").await;
    page.click(".opened .facts a[href^='/clients/']").await;
    read(&page, "a client").await;
    page.click("#timeline .line.in > a").await;
    read(&page, "a letter").await;
    page.click("article ~ p a, article p a").await;
    read(&page, "the whole letter").await;
    page.click(".crumb a").await;
    read(&page, "the client again").await;
}

#[test]
fn without_script_every_page_is_read_at_a_desk() {
    story(Door::Open, async |house| read_all(&house, Look::DESK).await);
}

#[test]
fn without_script_every_page_is_read_on_a_phone_in_the_dark() {
    story(Door::Open, async |house| read_all(&house, Look::PHONE.dark()).await);
}
