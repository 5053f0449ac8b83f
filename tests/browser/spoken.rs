//! A call is logged by hand, with what was promised: three keystrokes and the words themselves.

use crate::careful::sideways;
use crate::house::Door;
use crate::keyboard::{ENTER, ESCAPE, TAB, choose};
use crate::page::{Look, Page};
use crate::story;

const CURSOR: &str = "details[data-key=l][open] [name=promised]:focus";
const CALLS: &str =
    "return document.querySelector('#timeline').innerText.split('You spoke on the telephone with').length";

const CTRL_ENTER: &str = "document.activeElement.dispatchEvent(
    new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true, cancelable: true }))";

/// On a line of Today: with whoever it is owed to.
async fn from_today(page: &Page) {
    page.go("/today?whose=firm").await;
    let waits = choose(page, "answer").await;
    let contact = page.text(&format!("#{waits} .who > span")).await;
    page.type_keys("l").await;
    page.see(&format!("#{waits} {CURSOR}")).await;
    assert_eq!(page.text(&format!("#{waits} [data-key=l] .reasons button")).await, contact);
    assert_eq!(sideways(page).await, 0, "nothing scrolls sideways");
    let client = page.attr(&format!("#{waits} .opened a[href^='/clients/']"), "href").await;
    page.type_keys("send the deeds by noon tomorrow").await;
    page.type_keys(ENTER).await;
    page.read(".notice", "Noted, and what was promised is open until it is kept.").await;
    assert!(page.path().await.starts_with("/today?whose=firm"), "one goes on where one was");
    page.see(".line.here").await;
    assert!(!page.lines().await.contains(&waits), "whoever waited was spoken with");
    page.go(&client).await;
    page.read(".story [data-kind=promise]", "I will send the deeds by noon tomorrow").await;
    let due = page.attr(".story [data-kind=promise] time", "title").await;
    assert!(due.contains("12:00"), "the date is read in the words: {due}");
    page.read("#timeline", &format!("You spoke on the telephone with {contact}")).await;
}

#[test]
fn what_was_promised_on_the_telephone_takes_three_keystrokes_on_a_line_of_today() {
    story(Door::Open, async |house| from_today(&house.browser(Look::DESK).await).await);
}

#[test]
fn what_was_promised_on_the_telephone_takes_three_keystrokes_on_a_phone() {
    story(Door::Open, async |house| from_today(&house.browser(Look::PHONE).await).await);
}

#[test]
fn what_was_promised_on_the_telephone_takes_three_keystrokes_at_a_client() {
    story(Door::Open, async |house| {
        let page = house.browser(Look::DESK).await;
        page.go("/clients?q=vantage").await;
        page.go(&page.attr("#found .line > a", "href").await).await;
        let calls = page.script(CALLS).await.as_u64();
        // Also where a line is chosen, the call is of the client.
        page.type_keys("j").await;
        page.type_keys("l").await;
        page.see(CURSOR).await;
        page.type_keys("ring back on Friday").await;
        page.type_keys(ENTER).await;
        page.read(".notice", "what was promised is open").await;
        page.read(".story", "I will ring back on Friday").await;
        page.type_keys("u").await;
        page.read(".notice", "Undone").await;
        assert!(!page.text(".story .list").await.contains("I will ring back on Friday"));

        // Nothing was promised: two keys. With somebody else: their number, or step to them.
        let names =
            "return [...document.querySelectorAll('[data-key=l] .reasons button')].map(b => b.innerText)";
        let names: Vec<String> = serde_json::from_value(page.script(names).await).expect("names");
        // The keys that keep other notes keep this one too, with whoever stands first.
        page.type_keys("l").await;
        page.see(CURSOR).await;
        page.type_keys("send the keys on Monday").await;
        page.script(CTRL_ENTER).await;
        page.read(".notice", "what was promised is open").await;
        page.read("#timeline .line", &format!("You spoke on the telephone with {}", names[0])).await;
        for (keys, name) in
            [(&[ENTER][..], &names[0]), (&[ESCAPE, "2"], &names[1]), (&[TAB, TAB, ENTER], &names[1])]
        {
            page.type_keys("l").await;
            page.see(CURSOR).await;
            for key in keys {
                page.type_keys(key).await;
            }
            page.read(".notice", "Noted.").await;
            page.read("#timeline .line", &format!("You spoke on the telephone with {name}")).await;
        }
        assert_eq!(page.script(CALLS).await.as_u64(), calls.map(|calls| calls + 4));
    });
}
