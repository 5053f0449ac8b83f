//! Today, worked through.

use crate::house::Door;
use crate::keyboard::{ENTER, ESCAPE, choose};
use crate::page::Look;
use crate::story;

#[test]
fn a_morning_by_keyboard_alone() {
    story(Door::Open, async |house| {
        let page = house.browser(Look::DESK).await;
        page.go("/today?whose=firm").await;
        let all = page.lines().await;
        assert!(5 < all.len(), "{all:?}");

        // Along the list and back.
        page.type_keys("jj").await;
        assert_eq!(page.attr(".line.here", "id").await, all[1]);
        page.type_keys("k").await;
        assert_eq!(page.attr(".line.here", "id").await, all[0]);

        // Opened, with the very words, and closed.
        page.type_keys(ENTER).await;
        page.see(".line.here .opened .letter").await;
        page.type_keys(ESCAPE).await;
        page.miss(".opened").await;

        // Done: it leaves the list, the next one is chosen, and one key brings it back.
        page.type_keys("d").await;
        page.read(".notice", "is done").await;
        assert!(!page.lines().await.contains(&all[0]));
        assert_eq!(page.attr(".line.here", "id").await, all[1], "the next one is chosen");
        page.type_keys("u").await;
        page.read(".notice", "Undone").await;
        assert_eq!(page.lines().await, all, "everything stands again as before");

        // Not needed, with a reason by its number.
        page.type_keys("n").await;
        page.see("details[data-key=n][open] .reasons").await;
        page.type_keys("2").await;
        page.read(".notice", "is not needed").await;
        assert_eq!(page.lines().await.len(), all.len() - 1);
        page.type_keys("u").await;
        page.read(".notice", "Undone").await;
        assert_eq!(page.lines().await, all);
    });
}

#[test]
fn a_new_date_a_hold_and_a_colleague_by_keyboard() {
    story(Door::Open, async |house| {
        let page = house.browser(Look::DESK).await;
        page.go("/today?whose=firm").await;

        // A new date was told.
        let promise = choose(&page, "promise").await;
        page.type_keys("m").await;
        page.see("details[data-key=m][open] input[name=until]").await;
        page.type_keys(ENTER).await;
        page.read(".notice", "is moved").await;
        assert!(!page.lines().await.contains(&promise), "a promise with the new date stands in its place");
        page.type_keys("u").await;
        page.read(".notice", "Undone").await;
        assert!(page.lines().await.contains(&promise));

        // A hold: the words are there to be copied, or opened in the mail program; then it is noted.
        let answer = choose(&page, "answer").await;
        page.type_keys("h").await;
        page.see("details[data-key=h][open]").await;
        let words = page.text("details[data-key=h] .copy").await;
        assert!(words.contains("You will hear from us by Tuesday 2 September"), "{words}");
        let mailto = page.attr("details[data-key=h] a[href^=mailto]", "href").await;
        assert!(mailto.contains("You%20will%20hear%20from%20us%20by%20Tuesday"), "{mailto}");
        assert!(mailto.starts_with("mailto:") && mailto.contains("?subject=Re%3A%20"), "{mailto}");
        // Another date changes the words with it.
        page.script(
            "const i = document.querySelector('details[data-key=h] input[name=until]'); i.value = '2025-09-03T17:00'; \
             i.dispatchEvent(new Event('change', { bubbles: true }))",
        )
        .await;
        page.read("details[data-key=h] .copy", "by Wednesday 3 September, 17:00").await;
        let mailto = page.attr("details[data-key=h] a[href^=mailto]", "href").await;
        assert!(mailto.contains("by%20Wednesday%203%20September"), "{mailto}");
        page.click("details[data-key=h] form button").await;
        page.read(".notice", "they know when they will hear").await;
        assert!(!page.lines().await.contains(&answer));

        // To a colleague.
        let other = choose(&page, "answer").await;
        page.type_keys("c").await;
        page.see("details[data-key=c][open] select").await;
        page.script(
            "const s = document.querySelector('details[data-key=c][open] select'); \
             s.value = [...s.options].find(o => o.text.startsWith('Priya')).value",
        )
        .await;
        page.click("details[data-key=c][open] button").await;
        page.read(".notice", "is now Priya").await;
        page.read(&format!("#{other} .why"), "Priya").await;
    });
}

#[test]
fn keys_lead_everywhere_and_say_what_they_do() {
    story(Door::Open, async |house| {
        let page = house.browser(Look::DESK).await;
        page.go("/today").await;
        page.type_keys("?").await;
        page.see("dialog#keys[open]").await;
        page.read("dialog#keys", "next, previous").await;
        page.type_keys(ESCAPE).await;
        page.miss("dialog#keys[open]").await;
        page.type_keys("/").await;
        let focused = "return document.activeElement.name";
        assert_eq!(page.script(focused).await, "q", "the search has the focus");
        page.type_keys(ESCAPE).await;
        page.go("/today?group=upkeep").await;
        page.type_keys("gt").await;
        page.until("Today", async || page.path().await == "/today").await;
    });
}

#[test]
fn on_a_phone_nothing_is_wider_than_the_screen() {
    story(Door::Open, async |house| {
        let page = house.browser(Look::PHONE).await;
        page.go("/today?whose=firm").await;
        let overflow = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(page.script(overflow).await, 0);
        page.click(".line > a").await;
        page.see(".line .opened .acts").await;
        assert_eq!(page.script(overflow).await, 0);
        let small = "return [...document.querySelectorAll('.acts button, .acts summary, .acts .button, nav a')]\
            .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 40).map(e => e.textContent.trim())";
        assert_eq!(page.script(small).await, serde_json::json!([]), "too small for a thumb");
        // Done with the thumb.
        let first = page.lines().await[0].clone();
        page.click(".opened form[data-key=d] button").await;
        page.read(".notice", "is done").await;
        assert!(!page.lines().await.contains(&first));
    });
}

#[test]
fn without_script_pages_are_read_and_forms_act() {
    story(Door::Open, async |house| {
        let page = house.browser(Look::DESK.without_script()).await;
        page.go("/today?whose=firm").await;
        let line = page.attr(".line", "id").await;
        page.click(".line > a").await;
        page.see("main > .opened .letter").await;
        page.click("details[data-key=n] summary").await;
        page.click("details[data-key=n] .reasons button").await;
        page.read(".notice", "is not needed").await;
        assert!(page.path().await.starts_with("/today?whose=firm"), "back where it came from");
        assert!(!page.has(&format!("#{line}")).await);
        page.click(".notice button").await;
        page.read(".notice", "Undone").await;
        page.see(&format!("#{line}")).await;
    });
}

#[test]
fn times_are_in_the_readers_zone_with_the_exact_moment_beside() {
    story(Door::Open, async |house| {
        let page = house.browser(Look::DESK).await;
        page.go("/today?whose=firm").await;
        let exact = page.attr(".line time", "title").await;
        assert!(exact.ends_with("BST"), "the firm's zone where nothing else is known: {exact}");
        page.zone("Asia/Tokyo").await;
        page.go("/today?whose=firm").await;
        page.until("the reader's zone", async || page.attr(".line time", "title").await.ends_with("JST"))
            .await;
        let moments = page
            .script(
                "return [...document.querySelectorAll('.line time')].every(t => t.dateTime.endsWith('+09:00'))",
            )
            .await;
        assert_eq!(moments, true);
    });
}
