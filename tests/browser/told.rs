//! What a record lacks: told from Today by keyboard, and, without a script, on a phone.

use crate::careful::sideways;
use crate::house::{Door, HELEN};
use crate::keyboard::{CONTROL_ENTER, choose};
use crate::page::Look;
use crate::story;

const GAPS: &str = "/today?whose=firm&group=upkeep&kind=record_gap";

#[test]
fn what_a_record_lacks_is_told_from_today_by_keyboard_and_lacks_again_after_undo() {
    story(Door::Locked, async |house| {
        let page = house.browser_of(HELEN, Look::DESK).await;
        page.go(GAPS).await;
        let all = page.lines().await;
        assert!(!all.is_empty(), "no record lacks anything");
        let line = choose(&page, "record_gap").await;
        let said = page.text(&format!("#{line}")).await;
        assert!(said.contains("The record does not say "), "{said}");
        page.type_keys("o").await;
        page.see(".opened [data-key=a]").await;
        page.type_keys("a").await;
        page.see("#tell[open]").await;
        let focused = "return document.activeElement.matches('#tell textarea')";
        page.until("one types at once", async || page.script(focused).await == true).await;
        let missed = page.count("#tell .missed").await;
        assert!(0 < missed);
        // All that lacks, one after the other.
        for n in 0..missed {
            let next = "const field = [...document.querySelectorAll('#tell label')].filter(l => l.querySelector('.missed'))
                [arguments.n]; field.querySelector('textarea').focus(); return true"
                .replace("arguments.n", &n.to_string());
            page.script(&next).await;
            page.type_keys("A word <i>on</i> it").await;
        }
        page.see("#tell textarea").await.send_keys(CONTROL_ENTER).await.expect("keys");
        page.read(".notice", "Changed. Before, “").await;
        assert!(page.path().await.starts_with("/today?"), "back where one came from: {}", page.path().await);
        assert!(!page.lines().await.contains(&line), "it lacks nothing more");
        page.type_keys("u").await;
        page.read(".notice", "Undone").await;
        assert_eq!(page.lines().await, all);
        assert_eq!(page.text(&format!("#{line}")).await, said);
    });
}

#[test]
fn without_script_it_is_told_on_a_phone() {
    story(Door::Open, async |house| {
        let page = house.browser(Look::PHONE.dark().without_script()).await;
        page.go(GAPS).await;
        let line = page.lines().await.remove(0);
        page.click(&format!("#{line} > a")).await;
        page.click(".opened a.button.first").await;
        page.see("#tell[open]").await;
        assert_eq!(sideways(&page).await, 0, "wider than the screen");
        let missed = page.count("#tell .missed").await;
        page.see("#tell textarea[autofocus]").await.send_keys("They wrote to us").await.expect("keys");
        page.click("#tell form button").await;
        page.read(".notice", "Changed.").await;
        page.click(".notice button").await;
        page.read(".notice", "Undone").await;
        page.go(GAPS).await;
        assert!(page.lines().await.contains(&line) && 0 < missed);
    });
}
