//! Canned texts: made, changed, put into a letter and thrown away by keyboard on a phone.

use crate::careful::sideways;
use crate::house::{Door, HELEN, MARCUS};
use crate::keyboard::{ENTER, fill, press, step_to};
use crate::page::{Look, Page};
use crate::story;

const HERE: &str = "/settings/texts";
const NEW: &str = "form[action='/settings/texts']";
const WAY: &str = "The office is beside the Corn Hall, {contact first name}.";

/// Begins a letter to the first client of the list, and gives what can be put into it.
async fn begin(page: &Page) -> Vec<String> {
    page.go("/clients?by=name").await;
    page.go(&page.attr(".line > a", "href").await).await;
    press(page, ".writeto button[value=letter]").await;
    page.see(".letterform textarea").await;
    let names = "return [...document.querySelectorAll('[name=canned] option')].map(o => o.text)";
    serde_json::from_value(page.script(names).await).expect("names")
}

#[test]
fn a_text_is_made_changed_put_into_a_letter_and_thrown_away_by_keyboard() {
    story(Door::Locked, async |house| {
        house.connect(MARCUS).await;
        let page = house.browser_of(HELEN, Look::PHONE).await;
        let marcus = house.browser_of(MARCUS, Look::PHONE.dark()).await;
        assert_eq!(begin(&marcus).await, Vec::<String>::new());

        page.go(HERE).await;
        page.read("main", "There are none yet").await;
        assert_eq!(sideways(&page).await, 0, "nothing scrolls sideways");
        // Blanks alone are no words.
        fill(&page, &format!("{NEW} [name=name]"), "The way").await;
        fill(&page, &format!("{NEW} textarea"), "   ").await;
        press(&page, &format!("{NEW} button")).await;
        page.read("[data-refused]", "needs a name and some words").await;
        page.go(HERE).await;
        fill(&page, &format!("{NEW} [name=name]"), "The way").await;
        fill(&page, &format!("{NEW} textarea"), WAY).await;
        press(&page, &format!("{NEW} button")).await;
        page.read(".notice", "Everybody of the firm finds it when they write").await;

        // Changed where it stands.
        press(&page, "details.person > summary").await;
        fill(&page, "details.person [name=name]", "How to find us").await;
        page.type_keys(ENTER).await;
        page.read(".notice", "Kept.").await;
        page.read("details.person > summary", "How to find us").await;

        // A colleague finds it when he writes, with its fields filled in.
        assert_eq!(begin(&marcus).await, ["…", "How to find us"]);
        step_to(&marcus, ".letterform [name=canned]").await;
        marcus.type_keys("How").await;
        let words = async || {
            let words = marcus.script("return document.querySelector('.letterform textarea').value").await;
            words.as_str().expect("words").to_owned()
        };
        marcus.until("the text in the letter", async || words().await.contains("beside the Corn Hall")).await;
        assert!(!words().await.contains("{contact"), "{}", words().await);
        assert_eq!(marcus.script("return document.activeElement.name").await, "words", "one goes on writing");

        page.go(HERE).await;
        press(&page, "details.person > summary").await;
        press(&page, "form[action$='/removing'] button").await;
        page.read(".notice", "The text is thrown away").await;
        page.read("main", "There are none yet").await;
        assert_eq!(begin(&marcus).await, Vec::<String>::new());
    });
}
