//! What falls due now is told by the browser of an open page, once, however many are open.

use crate::house::Door;
use crate::page::Look;
use crate::story;

/// Helen owes an answer at 12:25 that day.
const SOON: &str = "2025-09-01T12:20:00+01:00";

/// Keeps what the browser is asked to show, beside showing it.
const SPY: &str = "
    window.told = [];
    const Real = window.Notification;
    window.Notification = class extends Real {
        constructor(title, options) { super(title, options); window.told.push(`${title} | ${options.body}`); }
    };";

#[test]
fn what_falls_due_is_told_once_by_an_open_page() {
    story(Door::Open, async |mut house| {
        house.at(SOON);
        let page = house.browser(Look::DESK).await;
        page.go("/settings/reminders").await;
        page.chromium("Browser.grantPermissions", serde_json::json!({ "permissions": ["notifications"] }))
            .await;
        page.click("input[name=browser]").await;
        page.read("[data-notify-state]", "This browser shows them.").await;
        page.click("main form button.first").await;
        page.until("it is kept", async || page.text(".notice").await.contains("kept")).await;

        page.go("/today").await;
        page.script(SPY).await;
        page.until("it is told", async || page.script("return window.told.length").await == 1).await;
        let told = page.script("return window.told[0]").await;
        let told = told.as_str().expect("words");
        assert!(told.starts_with("Answer: due at 12:25 | "), "{told}");
        // It names who waits, and not one word of what they wrote.
        let client = told.split(" | ").nth(1).expect("a client");
        assert!(!client.is_empty() && page.text("main").await.contains(client), "{told}");

        // Another page of the same person tells nothing that was told.
        let other = house.browser(Look::PHONE).await;
        other.go("/today").await;
        other
            .chromium("Browser.grantPermissions", serde_json::json!({ "permissions": ["notifications"] }))
            .await;
        other.script(SPY).await;
        let asked = "const r = await fetch('/due', { method: 'POST', body: new URLSearchParams({ mark: document.body.dataset.mark }) });
            return (await r.json()).length;";
        let count = other.script(&format!("return (async () => {{ {asked} }})()")).await;
        assert_eq!(count, 0, "it was told");
    });
}
