//! The list of clients, and a client's record: found while one types, kept as a view, merged and split, noted.

use crate::house::{Door, HELEN, MARCUS};
use crate::keyboard::{CONTROL_ENTER, DOWN, ENTER, fill, press, step_to};
use crate::page::{Look, Page};
use crate::story;

const VANTAGE: &str = "Vantage Lettings Ltd";
const NORTHGATE: &str = "Northgate Packaging Ltd";

/// Opens a client by its name.
pub(crate) async fn open(page: &Page, name: &str) -> String {
    page.go(&format!("/clients?q={}", name.replace(' ', "+"))).await;
    let href = page.attr("#found .line > a", "href").await;
    page.go(&href).await;
    page.read("h1", name).await;
    href
}

/// The people whom the page of a client names.
async fn people(page: &Page) -> Vec<String> {
    let names = "const heads = [...document.querySelectorAll('#who h2')].find(h => h.textContent === 'People'); \
                 return [...heads.nextElementSibling.querySelectorAll('b')].map(b => b.textContent)";
    serde_json::from_value(page.script(names).await).expect("names")
}

#[test]
fn clients_are_found_while_one_types_and_a_view_is_kept_and_forgotten() {
    story(Door::Locked, async |house| {
        let page = house.browser_of(HELEN, Look::DESK).await;
        page.go("/clients").await;
        let all = page.count("#found .line").await;
        step_to(&page, ".sieve [name=q]").await;
        page.type_keys("vantage").await;
        page.until("the one", async || page.count("#found .line").await == 1).await;
        page.read("#found", VANTAGE).await;
        assert!(page.path().await.starts_with("/clients?q=vantage"), "it can be gone back to, and sent on");
        assert_eq!(page.script("return document.activeElement.name").await, "q", "one goes on typing");
        fill(&page, ".sieve [name=q]", " ").await;
        page.until("all again", async || page.count("#found .line").await == all).await;

        // A filter, kept under a name.
        step_to(&page, ".sieve [name=risk]").await;
        page.type_keys("high").await;
        page.until("fewer", async || page.count("#found .line").await < all).await;
        let found = page.count("#found .line").await;
        assert!(0 < found && page.count("#found .risk.high").await == found);
        let narrowed = page.path().await;
        page.go(&narrowed).await;
        press(&page, "details.keep summary").await;
        fill(&page, "details.keep [name=name]", "Ring first").await;
        page.type_keys(ENTER).await;
        page.read("nav[aria-label='Kept views']", "Ring first").await;
        page.go("/clients").await;
        press(&page, "nav[aria-label='Kept views'] a").await;
        page.until("the view", async || page.count("#found .line").await == found).await;
        let marcus = house.browser_of(MARCUS, Look::DESK).await;
        marcus.go("/clients").await;
        assert!(!marcus.text("main").await.contains("Ring first"), "a view is its keeper's own");
        page.go(&narrowed).await;
        press(&page, "form.keep button").await;
        page.miss("nav[aria-label='Kept views']").await;
    });
}

#[test]
fn two_clients_are_merged_and_split_back_by_keyboard() {
    story(Door::Locked, async |house| {
        let page = house.browser_of(HELEN, Look::DESK).await;
        let other = open(&page, NORTHGATE).await;
        let path = open(&page, VANTAGE).await;
        // Nobody of that name: said in words, and nothing is changed.
        press(&page, "details:has([action$='/merging']) summary").await;
        fill(&page, "[action$='/merging'] [name=other]", "Nobody & Sons").await;
        page.type_keys(ENTER).await;
        page.read("[data-refused], .notice", "nobody is called “Nobody & Sons”").await;

        for undo in [".notice button", "form.keep:has(button.plain) button.plain"] {
            page.go(&path).await;
            press(&page, "details:has([action$='/merging']) summary").await;
            fill(&page, "[action$='/merging'] [name=other]", "northgate").await;
            page.type_keys(ENTER).await;
            page.read(".notice", &format!("{VANTAGE} is now part of {NORTHGATE}")).await;
            assert!(page.path().await.starts_with(&other));
            page.go(&path).await;
            page.until("the old address to lead on", async || page.path().await == other).await;
            page.read("#who", &format!("{VANTAGE} was merged here")).await;
            if undo.starts_with(".notice") {
                page.client.back().await.expect("back");
                page.see(undo).await;
            }
            press(&page, undo).await;
            page.read(".notice", "Undone").await;
            page.go(&path).await;
            page.read("h1", VANTAGE).await;
        }
    });
}

#[test]
fn two_people_are_joined_and_split_off() {
    story(Door::Locked, async |house| {
        let page = house.browser_of(HELEN, Look::PHONE).await;
        let path = open(&page, NORTHGATE).await;
        let before = people(&page).await;
        assert!(1 < before.len(), "{before:?}");
        for undo in [".notice button", "#who .people form.inline button"] {
            page.go(&path).await;
            press(&page, "details:has([action$='/joining']) summary").await;
            step_to(&page, "[action$='/joining'] [name=is]").await;
            page.type_keys(DOWN).await;
            press(&page, "[action$='/joining'] button").await;
            page.read(".notice", "They are one person now").await;
            assert_eq!(people(&page).await.len(), before.len() - 1);
            press(&page, undo).await;
            page.read(".notice", "Undone").await;
            assert_eq!(people(&page).await, before);
        }
    });
}

#[test]
fn on_a_phone_who_they_are_stays_in_view_and_whom_to_ring_is_a_touch_away() {
    story(Door::Open, async |house| {
        for look in [Look::PHONE, Look::PHONE.without_script()] {
            let page = house.browser(look).await;
            open(&page, VANTAGE).await;
            let shown = ".whois .towho > summary";
            page.see(shown).await;
            // A page that is still being laid out may be too short to be scrolled so far.
            let far_down = "scrollTo(0, 2000); const at = document.querySelector('.whois .towho > summary') \
                .getBoundingClientRect(); return 1000 < scrollY && 0 <= at.top && at.bottom < 120";
            page.until("it stays in view", async || page.script(far_down).await == true).await;
            page.read(shown, "since 10 July 2021. Why they came: Possession of a flat in Quay Road.").await;
            page.read(shown, "Point person: Ruth Askew.").await;
            assert!(page.text(".towho .people").await.is_empty());
            page.click(shown).await;
            page.read(".towho .people", "01632 960133").await;
            // A page that moves under the pointer takes the click elsewhere, such as to what folds them up.
            let led_there = async || {
                if !page.has(".towho[open]").await {
                    page.click(shown).await;
                }
                page.click(".towho a[href='#who']").await;
                page.path().await.ends_with("#who")
            };
            page.until("all about them", led_there).await;
        }
    });
}

#[test]
fn a_name_and_a_point_person_are_changed_and_are_as_they_were_after_undo() {
    story(Door::Locked, async |house| {
        let page = house.browser_of(HELEN, Look::DESK).await;
        let path = open(&page, VANTAGE).await;
        let stands = page.text("#who .about").await;
        press(&page, "details:has([action$='/details']) summary").await;
        fill(&page, "[action$='/details'] [name=name]", "Vantage Homes Ltd").await;
        page.type_keys(ENTER).await;
        page.read("h1", "Vantage Homes Ltd").await;
        // Later, from the page itself.
        page.go(&path).await;
        page.read("form.keep", VANTAGE).await;
        press(&page, "form.keep button").await;
        page.read("h1", VANTAGE).await;

        press(&page, "details:has([action$='/point-person']) summary").await;
        step_to(&page, "[action$='/point-person'] [name=staff]").await;
        page.type_keys("Owen").await;
        press(&page, "[action$='/point-person'] button").await;
        page.read(".notice", "Owen Bellamy is now the point person").await;
        page.type_keys("u").await;
        page.read(".notice", "Undone").await;
        assert_eq!(page.text("#who .about").await, stands);
    });
}

#[test]
fn a_note_asks_a_colleague_says_what_was_promised_and_is_taken_back() {
    story(Door::Locked, async |house| {
        let page = house.browser_of(HELEN, Look::DESK).await;
        let marcus = house.browser_of(MARCUS, Look::DESK).await;
        let path = open(&page, VANTAGE).await;
        page.type_keys("e").await;
        let words = page.see("details[data-key=e][open] textarea:focus").await;
        words.send_keys("They worry. @Marcus Tidd, could you ring Toby?").await.expect("keys");
        fill(&page, "details[data-key=e] [name=promised]", "send the draft lease by Friday").await;
        page.see("details[data-key=e] textarea").await.send_keys(CONTROL_ENTER).await.expect("keys");
        page.read(".notice", "Marcus Tidd will find the question on Today").await;
        page.read("#timeline .line.note", "could you ring Toby?").await;
        page.read(".story .list", "send the draft lease").await;
        marcus.go("/today").await;
        marcus.read("main", "could you ring Toby?").await;
        // What was opened and shut again is nowhere entered twice.
        page.client.back().await.expect("back");
        page.client.forward().await.expect("forward");
        page.read("h1", VANTAGE).await;
        assert_eq!(page.count("#timeline .line.note").await, 1);
        page.go(&page.attr("#timeline .line.note > a", "href").await).await;
        page.click("form.acts button").await;
        page.read(".notice", "The note is in the record no more").await;
        page.go(&path).await;
        assert!(!page.text("main").await.contains("ring Toby"));
        marcus.until("the question to go", async || !marcus.text("main").await.contains("ring Toby")).await;
    });
}

#[test]
fn without_script_a_record_is_read_and_a_note_is_kept() {
    story(Door::Locked, async |house| {
        let page = house.browser_of(HELEN, Look::PHONE.without_script()).await;
        page.go("/clients").await;
        let field = page.see(".sieve [name=q]").await;
        field.send_keys("vantage").await.expect("keys");
        page.click(".sieve button").await;
        page.read("#found", VANTAGE).await;
        page.click("#found .line > a").await;
        page.read("h1", VANTAGE).await;
        page.click("details[data-key=e] summary").await;
        page.see("details[data-key=e] textarea").await.send_keys("Rang; all is well.").await.expect("keys");
        page.click("details[data-key=e] button").await;
        page.read(".notice", "Noted").await;
        page.read("#timeline", "all is well").await;
        page.click("#timeline .line > a").await;
        page.see("article.letter").await;
        page.click(".crumb a").await;
        page.read("h1", VANTAGE).await;
    });
}
