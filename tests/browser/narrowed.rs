//! Today is divided and narrowed, and taken back, by keyboard; and a mailbox rests and is removed.

use serde_json::json;

use crate::house::{Door, HELEN};
use crate::keyboard::{ENTER, press, step_to};
use crate::page::{Look, Page};
use crate::story;

/// The headings of the list.
async fn headings(page: &Page) -> Vec<String> {
    let all = page.script("return [...document.querySelectorAll('main h2')].map(h => h.textContent)").await;
    serde_json::from_value(all).expect("headings")
}

/// How high the first heading is, and where it begins.
async fn heading(page: &Page) -> (f64, f64) {
    let at =
        "const at = document.querySelector('main h2').getBoundingClientRect(); return [at.height, at.left]";
    serde_json::from_value(page.script(at).await).expect("two numbers")
}

#[test]
fn today_is_divided_and_narrowed_and_taken_back_by_keyboard() {
    story(Door::Open, async |house| {
        let page = house.browser(Look::DESK).await;
        page.go("/today?whose=firm").await;
        let all = page.lines().await;
        for (by, field) in [("client", "client="), ("person", "person=")] {
            page.go("/today?whose=firm").await;
            press(&page, ".narrow summary").await;
            press(&page, &format!(".narrow a[href$='by={by}']")).await;
            let divided = format!("/today?whose=firm&by={by}");
            page.until("it is divided", async || page.path().await == divided).await;
            page.see("main h2 a").await;
            let (names, high) = (headings(&page).await, heading(&page).await);
            assert!(1 < names.len(), "{names:?}");
            let mut lines = page.lines().await;
            assert_ne!(lines, all, "in another order");
            lines.sort();
            let mut same = all.clone();
            same.sort();
            assert_eq!(lines, same, "of the same things");

            // The second heading leads to it alone.
            let second = "main h2:nth-of-type(2) a";
            let name = page.text(second).await;
            press(&page, second).await;
            page.until("it is narrowed", async || page.path().await.contains(field)).await;
            page.see(".narrow[open]").await;
            assert_eq!(headings(&page).await, [name.as_str()]);
            assert!(!page.has("main h2 a").await, "it leads nowhere more");
            let (height, left) = heading(&page).await;
            assert_eq!((height, left), high, "and stands as it stood");
            let narrowed = page.lines().await;
            assert!(!narrowed.is_empty() && narrowed.len() < all.len());
            assert_eq!(page.text(".narrow a[aria-current]").await, name);
            let shifts = "const done = arguments[arguments.length - 1]; let sum = 0;
                new PerformanceObserver(list => list.getEntries().forEach(e => { sum += e.value; }))
                    .observe({ type: 'layout-shift', buffered: true });
                setTimeout(() => done(sum), 300)";
            let shifted = page.client.execute_async(shifts, Vec::new()).await.expect("an answer");
            assert_eq!(shifted, json!(0), "nothing moves while it loads");

            // What is done there leads back there, and so does its undo.
            let here = page.path().await;
            page.type_keys("jd").await;
            page.read(".notice", "is done").await;
            assert_eq!(page.path().await, here);
            assert_eq!(page.lines().await.len(), narrowed.len() - 1);
            page.type_keys("u").await;
            page.read(".notice", "Undone").await;
            assert_eq!((page.path().await, page.lines().await), (here.clone(), narrowed));

            // The way back is by its name, or by all of it; and the browser's own.
            press(&page, ".narrow dd:first-of-type a[aria-current]").await;
            page.until("it is divided again", async || page.path().await == divided).await;
            page.go(&here).await;
            step_to(&page, ".narrow dd:first-of-type a[aria-current] ~ a:last-of-type").await;
            assert_eq!(page.script("return document.activeElement.textContent").await, "Everything");
            page.type_keys(ENTER).await;
            page.until("everything", async || page.path().await == divided).await;
            page.client.back().await.expect("back");
            page.until("narrowed again", async || page.path().await == here).await;
            page.until("its heading", async || headings(&page).await == [name.as_str()]).await;
        }
    });
}

#[test]
fn without_script_a_heading_narrows_on_a_phone_and_leads_back() {
    story(Door::Open, async |house| {
        let page = house.browser(Look::PHONE.without_script()).await;
        page.go("/today?whose=firm&by=client").await;
        let all = headings(&page).await;
        page.click("main h2 a").await;
        page.see(".narrow[open]").await;
        assert_eq!(headings(&page).await, all[..1]);
        assert_eq!(crate::careful::sideways(&page).await, 0);
        page.click(".narrow dd:first-of-type a[aria-current]").await;
        page.until("all of it", async || headings(&page).await == all).await;
    });
}

#[test]
fn a_mailbox_rests_goes_on_and_is_removed_by_keyboard() {
    story(Door::Locked, async |house| {
        house.connect(HELEN).await;
        house.has_fetched(HELEN).await;
        let page = house.browser_of(HELEN, Look::DESK).await;
        page.go("/settings/mailboxes").await;
        let rest = ".mailbox form[action$='/rest'] button";
        page.read(rest, "Let it rest").await;
        press(&page, rest).await;
        page.read(".notice", "rests: nothing is fetched from it").await;
        page.read(".mailbox .standing", "Rests").await;
        page.read(rest, "Let it go on").await;
        press(&page, rest).await;
        page.read(".notice", "is fetched again").await;
        page.read(rest, "Let it rest").await;

        // Removing says first what it does, and is closed again by whoever did not mean it.
        page.go("/settings/mailboxes").await;
        let summary = ".mailbox details:has(form[action$='/removing']) summary";
        press(&page, summary).await;
        page.read(".mailbox details[open]:has(form[action$='/removing'])", "What was fetched stays").await;
        page.type_keys(ENTER).await;
        page.miss(".mailbox details[open]:has(form[action$='/removing'])").await;
        assert!(page.has(rest).await, "nothing was done");
        press(&page, summary).await;
        press(&page, ".mailbox form[action$='/removing'] button").await;
        page.read(".notice", "its password is forgotten").await;
        assert!(!page.has(rest).await);
        assert!(house.regard(&["connect", "list"]).contains("No mailbox is connected"));
    });
}
