//! Working without a mouse.

use crate::page::Page;

pub(crate) const TAB: &str = "\u{e004}";
pub(crate) const ENTER: &str = "\u{e007}";
pub(crate) const ESCAPE: &str = "\u{e00c}";
pub(crate) const DELETE: &str = "\u{e017}";
pub(crate) const DOWN: &str = "\u{e015}";
/// Sends what is written.
pub(crate) const CONTROL_ENTER: &str = "\u{e009}\u{e007}\u{e000}";
const CONTROL_A: &str = "\u{e009}a\u{e000}";
/// No page has more to step through.
const STEPS: usize = 160;

/// Steps to something as somebody without a mouse does.
pub(crate) async fn step_to(page: &Page, css: &str) {
    page.see(css).await;
    let script = format!("return document.activeElement.matches({})", serde_json::json!(css));
    for _ in 0..STEPS {
        if page.script(&script).await == serde_json::json!(true) {
            return;
        }
        page.type_keys(TAB).await;
    }
    panic!("{css} is not reached by keyboard at {}", page.path().await);
}

/// Types into a field in the place of what stands there.
pub(crate) async fn fill(page: &Page, css: &str, words: &str) {
    step_to(page, css).await;
    let field = page.see(css).await;
    field.send_keys(CONTROL_A).await.expect("keys");
    field.send_keys(words).await.expect("keys");
}

/// Types a day, given as 2025-12-24, into a field that takes days: as the browser of these stories writes them, the month
/// first.
pub(crate) async fn fill_day(page: &Page, css: &str, day: &str) {
    step_to(page, css).await;
    let [year, month, day_of_month]: [&str; 3] =
        day.split('-').collect::<Vec<_>>().try_into().expect("a year, a month, a day");
    page.type_keys(&format!("{month}{day_of_month}{year}")).await;
    assert_eq!(page.script("return document.activeElement.value").await, day, "{css}");
}

/// Presses a button that was stepped to.
pub(crate) async fn press(page: &Page, css: &str) {
    step_to(page, css).await;
    page.type_keys(ENTER).await;
}

/// Presses `j` until a line of this kind is chosen, and gives its id.
pub(crate) async fn choose(page: &Page, kind: &str) -> String {
    for _ in 0..60 {
        page.type_keys("j").await;
        if page.attr(".line.here", "data-kind").await == kind {
            return page.attr(".line.here", "id").await;
        }
    }
    panic!("no {kind} is on the list:\n{}", page.text("main").await);
}
