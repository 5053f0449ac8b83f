//! Reminders, set by keyboard on a phone: what one wants to be told, in which zone, and by which mailbox it is sent.

use crate::careful::sideways;
use crate::house::{Door, HELEN};
use crate::keyboard::{DELETE, ENTER, fill, press, step_to};
use crate::page::{Look, Page};
use crate::story;

const HERE: &str = "/settings/reminders";
const WISH: &str = "form[action='/settings/reminders']";
const SENDER: &str = "form[action='/settings/reminders/sender']";
const OWEN: &str = "owen@tiddfarrow.example";

/// Which boxes are ticked.
async fn ticked(page: &Page) -> Vec<String> {
    let names = "return [...document.querySelectorAll('main input:checked')].map(one => one.name)";
    serde_json::from_value(page.script(names).await).expect("names")
}

#[test]
fn somebody_chooses_by_keyboard_what_they_are_told_and_when_their_day_begins() {
    story(Door::Locked, async |house| {
        let page = house.browser_of(OWEN, Look::PHONE).await;
        page.go(HERE).await;
        page.read(".trouble", "No mailbox can send it to you yet").await;
        assert!(!page.has(SENDER).await, "how they are sent is for owners to say");
        assert_eq!(sideways(&page).await, 0, "nothing scrolls sideways");
        let before = ticked(&page).await;
        step_to(&page, &format!("{WISH} [name=weekly]")).await;
        page.type_keys(" ").await;
        let after = ticked(&page).await;
        assert_ne!(after, before);

        // A zone that is none: nothing is kept of it.
        fill(&page, &format!("{WISH} [name=zone]"), "Atlantis/Harbour").await;
        page.type_keys(ENTER).await;
        page.read("[data-refused]", "The zone is not known").await;
        page.go(HERE).await;
        assert_eq!(ticked(&page).await, before);
        step_to(&page, &format!("{WISH} [name=weekly]")).await;
        page.type_keys(" ").await;
        fill(&page, &format!("{WISH} [name=zone]"), "Europe/Lisbon").await;
        page.type_keys(ENTER).await;
        page.read(".notice", "It is kept").await;
        page.go(HERE).await;
        assert_eq!(ticked(&page).await, after);
        assert_eq!(page.attr("[name=zone]", "value").await, "Europe/Lisbon");
        // Back to the firm's.
        fill(&page, &format!("{WISH} [name=zone]"), DELETE).await;
        press(&page, &format!("{WISH} button")).await;
        page.read(".notice", "It is kept").await;
        assert_eq!(page.attr("[name=zone]", "value").await, "");
    });
}

#[test]
fn an_owner_says_by_keyboard_how_they_are_sent_and_where_people_open_regard() {
    story(Door::Locked, async |house| {
        let page = house.browser_of(HELEN, Look::PHONE.dark()).await;
        house.connect(HELEN).await;
        page.go(HERE).await;
        assert_eq!(sideways(&page).await, 0, "nothing scrolls sideways");
        fill(&page, &format!("{SENDER} [name=web]"), "regard on the hill").await;
        page.type_keys(ENTER).await;
        page.read("[data-refused]", "begins with https://").await;
        page.go(HERE).await;
        step_to(&page, &format!("{SENDER} [name=mailbox]")).await;
        page.type_keys("helen").await;
        fill(&page, &format!("{SENDER} [name=web]"), "https://regard.tiddfarrow.example").await;
        page.type_keys(ENTER).await;
        page.read(".notice", "It is kept").await;
        page.go(HERE).await;
        page.read(&format!("{SENDER} option:checked"), "helen@tiddfarrow.example, for everybody").await;
        assert_eq!(
            page.attr(&format!("{SENDER} [name=web]"), "value").await,
            "https://regard.tiddfarrow.example"
        );

        // Links begin with that from now on.
        page.go("/settings/people").await;
        press(&page, "details.person > summary").await;
        press(&page, "form[action$='/invitation'] button").await;
        page.read("section.notice pre.copy", "https://regard.tiddfarrow.example/join/").await;
        assert_eq!(sideways(&page).await, 0, "the link is not wider than the phone");
    });
}
