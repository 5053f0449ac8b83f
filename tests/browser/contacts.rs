//! The people of a client, added and changed by keyboard, on a phone, and without JavaScript.

use fantoccini::Locator;

use crate::house::{Door, House};
use crate::page::{Look, Page};
use crate::story;

const ADD: &str = "#who > details:has(> form[action$='/contacts'])";
const ENTER: char = '\u{e007}';
const TAB: char = '\u{e004}';

/// A browser on the page of a client.
async fn at_a_client(house: &House, look: Look) -> Page {
    let page = house.browser(look).await;
    page.go("/clients?by=name").await;
    page.go(&page.attr(".line > a", "href").await).await;
    page
}

/// Puts the keyboard on something.
async fn focus(page: &Page, css: &str) {
    page.see(css).await;
    page.script(&format!("document.querySelector({css:?}).focus()")).await;
}

#[test]
fn somebody_is_added_changed_and_it_is_undone_by_keyboard_on_a_phone() {
    story(Door::Open, async |house| {
        let page = at_a_client(&house, Look::PHONE).await;
        focus(&page, &format!("{ADD} > summary")).await;
        page.type_keys(&ENTER.to_string()).await;
        page.see(&format!("{ADD}[open]")).await;
        let wider = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(page.script(wider).await, 0, "nothing scrolls sideways");
        let typed = ["", "Robin Hale", "Book-keeper", "robin@elsewhere.example", "01632 960777", ""];
        page.type_keys(&typed.join(&TAB.to_string())).await;
        page.type_keys(&ENTER.to_string()).await;
        page.read(".notice", "Robin Hale is a contact now.").await;
        page.read("#who .people", "robin@elsewhere.example").await;

        // What is refused is said beside the button, and what was typed is still there.
        let robin = "#who li:has(a[href='mailto:robin@elsewhere.example'])";
        focus(&page, &format!("{robin} details > summary")).await;
        page.type_keys(&ENTER.to_string()).await;
        focus(&page, &format!("{robin} textarea[name=emails]")).await;
        page.type_keys(&format!("nobody{ENTER}")).await;
        focus(&page, &format!("{robin} form.fields button")).await;
        page.type_keys(&ENTER.to_string()).await;
        page.read(&format!("{robin} #refused"), "is no mail address").await;
        page.see(&format!("{robin} details[open]")).await;
        focus(&page, &format!("{robin} input[name=role]")).await;
        page.script("document.activeElement.select()").await;
        page.type_keys("Director").await;
        let emails = format!(
            "document.querySelector({:?}).value = 'robin@elsewhere.example'",
            format!("{robin} textarea[name=emails]")
        );
        page.script(&emails).await;
        focus(&page, &format!("{robin} form.fields button")).await;
        page.type_keys(&ENTER.to_string()).await;
        page.read(".notice", "Robin Hale is changed.").await;
        page.read(robin, "Director").await;
        page.type_keys("u").await;
        page.read(".notice", "Robin Hale is as before").await;
        page.read(robin, "Book-keeper").await;
    });
}

#[test]
fn a_contact_is_added_without_javascript_and_a_colleague_sees_them_at_once() {
    story(Door::Open, async |house| {
        let watching = at_a_client(&house, Look::DESK).await;
        let page = at_a_client(&house, Look::DESK.without_script()).await;
        page.click(&format!("{ADD} > summary")).await;
        for (name, words) in [("name", "Robin Hale"), ("emails", "robin@elsewhere.example")] {
            let field =
                page.client.find(Locator::Css(&format!("{ADD} [name={name}]"))).await.expect("a field");
            field.send_keys(words).await.expect("it takes words");
        }
        page.click(&format!("{ADD} form.fields button")).await;
        page.read(".notice", "Robin Hale is a contact now.").await;
        watching.read("#who .people", "Robin Hale").await;
        page.click(".notice button").await;
        page.read(".notice", "no contact any more").await;
    });
}
