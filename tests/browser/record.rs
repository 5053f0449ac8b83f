//! A client's record by keyboard: searched, walked back, a letter opened whole, a reading corrected, a note taken back.

use crate::clients::open;
use crate::house::{Door, HELEN};
use crate::keyboard::{CONTROL_ENTER, ENTER, fill, press, step_to};
use crate::page::Look;
use crate::story;

const VANTAGE: &str = "Vantage Lettings Ltd";

#[test]
fn a_letter_is_searched_opened_whole_and_closed_again() {
    story(Door::Locked, async |house| {
        let page = house.browser_of(HELEN, Look::DESK).await;
        page.go("/today").await;
        fill(&page, ".search [name=q]", "Halloway").await;
        page.type_keys(ENTER).await;
        page.read("h1", "Search").await;
        press(&page, "main a[href^='/entries/']").await;
        page.see(".letter .body").await;
        let written = page.text(".letter .body").await;
        let all = page.text("main").await.to_lowercase();
        assert!(all.contains("halloway"), "{all}");
        press(&page, ".letter a[href*='whole=1']").await;
        page.see(".letter .body.sent").await;
        press(&page, ".letter a:not([href*='whole=1'])[href^='/entries/']").await;
        page.miss(".letter .body.sent").await;
        assert_eq!(page.text(".letter .body").await, written);
        press(&page, ".crumb a").await;
        page.read("h1", "Search").await;
    });
}

#[test]
fn a_record_is_walked_back_to_its_first_day() {
    story(Door::Locked, async |house| {
        let page = house.browser_of(HELEN, Look::DESK).await;
        let path = open(&page, VANTAGE).await;
        let ids = "return [...document.querySelectorAll('#timeline .line')].map(line => line.id)";
        let of_page =
            async || -> Vec<String> { serde_json::from_value(page.script(ids).await).expect("ids") };
        let mut seen = of_page().await;
        let mut pages = 1;
        while page.has("a[rel=next]").await {
            let last = page.attr("a[rel=next]", "href").await;
            press(&page, "a[rel=next]").await;
            page.until("an earlier page", async || page.path().await.ends_with(&last)).await;
            let more = of_page().await;
            assert!(more.iter().all(|id| !seen.contains(id)), "each stands once");
            seen.extend(more);
            pages += 1;
        }
        assert!(1 < pages, "their record has one page alone");
        let csv = format!("return fetch('{path}/record.csv').then(r => r.text())");
        let file = page.script(&csv).await.as_str().expect("a file").to_owned();
        assert!(seen.len() < file.lines().count(), "{} on {pages} pages", seen.len());
    });
}

#[test]
fn a_reading_is_corrected_by_its_number_and_a_note_is_taken_back() {
    story(Door::Locked, async |house| {
        let page = house.browser_of(HELEN, Look::DESK).await;
        let path = open(&page, VANTAGE).await;
        press(&page, "details[data-key=e] summary").await;
        step_to(&page, "details[data-key=e] textarea").await;
        page.type_keys("They moved house last week.").await;
        page.see("details[data-key=e] textarea").await.send_keys(CONTROL_ENTER).await.expect("keys");
        page.read("#timeline", "They moved house").await;
        page.go(&path).await;
        press(&page, "#timeline .line.note > a").await;
        press(&page, ".opened form[action$='/undoing'] button").await;
        page.read(".notice", "The note is in the record no more").await;
        page.go(&path).await;
        assert!(!page.text("#timeline").await.contains("They moved house"));

        // What was read in a letter and is none.
        page.go("/search?q=survey").await;
        press(&page, "main a[href^='/entries/']").await;
        page.see(".opened .reading form[action$='/reading'] kbd").await;
        let readings = page.count(".letter mark").await;
        page.type_keys("1").await;
        page.see(".notice").await;
        page.type_keys("u").await;
        page.read(".notice", "Undone").await;
        page.go("/search?q=survey").await;
        press(&page, "main a[href^='/entries/']").await;
        page.see(".letter .body").await;
        assert_eq!(page.count(".letter mark").await, readings);
    });
}
