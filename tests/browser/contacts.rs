//! The people of a client, added, changed and removed by keyboard, on a phone, and without JavaScript.

use crate::careful::sideways;
use crate::house::{Door, House};
use crate::keyboard::{fill, press};
use crate::page::{Look, Page};
use crate::story;

const ADD: &str = "#who > details:has(> form[action$='/contacts'])";

/// A browser on the page of a client.
async fn at_a_client(house: &House, look: Look) -> Page {
    let page = house.browser(look).await;
    page.go("/clients?by=name").await;
    page.go(&page.attr(".line > a", "href").await).await;
    page
}

#[test]
fn somebody_is_added_changed_and_it_is_undone_by_keyboard_on_a_phone() {
    story(Door::Open, async |house| {
        let page = at_a_client(&house, Look::PHONE).await;
        press(&page, &format!("{ADD} > summary")).await;
        page.see(&format!("{ADD}[open]")).await;
        assert_eq!(sideways(&page).await, 0, "nothing scrolls sideways");
        let typed = [
            ("name", "Robin Hale"),
            ("role", "Book-keeper"),
            ("emails", "robin@elsewhere.example"),
            ("phones", "01632 960777"),
        ];
        for (name, words) in typed {
            fill(&page, &format!("{ADD} [name={name}]"), words).await;
        }
        press(&page, &format!("{ADD} form.fields button")).await;
        page.read(".notice", "Robin Hale is a contact now.").await;
        page.read("#who .people", "robin@elsewhere.example").await;

        // What is refused is said beside the button, and what was typed is still there.
        let robin = "#who li:has(a[href='mailto:robin@elsewhere.example'])";
        press(&page, &format!("{robin} details > summary")).await;
        fill(&page, &format!("{robin} [name=emails]"), "nobody").await;
        press(&page, &format!("{robin} form.fields button")).await;
        page.read(&format!("{robin} #refused"), "is no mail address").await;
        page.see(&format!("{robin} details[open]")).await;
        assert_eq!(page.attr(&format!("{robin} [name=name]"), "value").await, "Robin Hale");
        fill(&page, &format!("{robin} [name=role]"), "Director").await;
        fill(&page, &format!("{robin} [name=emails]"), "robin@elsewhere.example").await;
        press(&page, &format!("{robin} form.fields button")).await;
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
            let field = page.see(&format!("{ADD} [name={name}]")).await;
            field.send_keys(words).await.expect("it takes words");
        }
        page.click(&format!("{ADD} form.fields button")).await;
        page.read(".notice", "Robin Hale is a contact now.").await;
        watching.read("#who .people", "Robin Hale").await;
        page.click(".notice button").await;
        page.read(".notice", "no contact any more").await;
    });
}

#[test]
fn somebody_is_removed_and_brought_back_at_once_and_later_by_keyboard_on_a_phone() {
    story(Door::Open, async |house| {
        let page = at_a_client(&house, Look::PHONE).await;
        let name = page.text("#who .people li:has(form[action$='/removing']) b").await;
        let listed = "#who li form[action$='/removing']";
        let before = page.count(listed).await;
        let form = "#who li:has(form[action$='/removing'])";
        press(&page, &format!("{form} details > summary")).await;
        assert_eq!(sideways(&page).await, 0, "nothing scrolls sideways");
        press(&page, &format!("{form} form[action$='/removing'] button")).await;
        page.read(".notice", &format!("{name} is no contact any more.")).await;
        assert_eq!(page.count(listed).await + 1, before);
        page.type_keys("u").await;
        page.read(".notice", &format!("{name} is a contact again.")).await;
        assert_eq!(page.count(listed).await, before);

        press(&page, &format!("{form} details > summary")).await;
        press(&page, &format!("{form} form[action$='/removing'] button")).await;
        page.read(".notice", "is no contact any more.").await;
        // Later, when nothing is said of it at the top any more.
        let path = page.path().await;
        page.go(path.split('?').next().expect("a path")).await;
        press(&page, "#who .gone > summary").await;
        page.read("#who .gone[open]", &name).await;
        assert_eq!(sideways(&page).await, 0, "nothing scrolls sideways");
        press(&page, "#who .gone button").await;
        page.read(".notice", &format!("{name} is a contact again.")).await;
        assert_eq!(page.count(listed).await, before);
        assert!(!page.has("#who .gone").await);
    });
}

#[test]
fn of_two_at_once_who_remove_somebody_without_javascript_the_second_finds_it_done() {
    story(Door::Open, async |house| {
        let first = at_a_client(&house, Look::DESK.without_script()).await;
        let second = at_a_client(&house, Look::DESK.dark().without_script()).await;
        let form = "#who li:has(form[action$='/removing'])";
        for page in [&first, &second] {
            page.click(&format!("{form} details > summary")).await;
            page.see(&format!("{form} form[action$='/removing'] button")).await;
        }
        let remove = format!("{form} form[action$='/removing'] button");
        first.click(&remove).await;
        first.read(".notice", "is no contact any more").await;
        second.click(&remove).await;
        second.read(".notice", "was removed already").await;
        assert!(!second.has(".notice button").await, "there is nothing that they could undo");
        first.click(".notice button").await;
        first.read(".notice", "is a contact again").await;
    });
}
