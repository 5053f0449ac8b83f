//! What one does with one's own account and mailboxes, and owners with people, by keyboard alone.

use crate::house::{Door, HELEN, MARCUS, PASSWORD};
use crate::keyboard::{DOWN, fill, fill_day, press, step_to};
use crate::page::Look;
use crate::story;

#[test]
fn a_password_is_changed_and_one_signs_out_and_in_with_the_new_one() {
    story(Door::Locked, async |house| {
        const NEW: &str = "five quite other small words";
        house.give_password(HELEN).await;
        let page = house.browser_of(HELEN, Look::DESK).await;
        let change = "[action='/settings/password']";
        page.go("/settings").await;
        fill(&page, &format!("{change} [name=current]"), "not this one").await;
        fill(&page, &format!("{change} [name=password]"), NEW).await;
        press(&page, &format!("{change} button")).await;
        page.read("main", "is another one").await;
        page.go("/settings").await;
        fill(&page, &format!("{change} [name=current]"), PASSWORD).await;
        fill(&page, &format!("{change} [name=password]"), NEW).await;
        press(&page, &format!("{change} button")).await;
        page.read(".notice", "password").await;

        press(&page, ".leave button").await;
        page.see("[name=password]").await;
        page.go("/today").await;
        for (password, follows) in [(PASSWORD, ".trouble"), (NEW, "nav.groups")] {
            fill(&page, "[name=email]", HELEN).await;
            fill(&page, "[name=password]", password).await;
            press(&page, "main form button").await;
            page.see(follows).await;
        }
    });
}

#[test]
fn what_the_firm_sees_of_a_mailbox_is_chosen() {
    story(Door::Locked, async |house| {
        let page = house.browser_of(HELEN, Look::DESK).await;
        page.go("/settings/mailboxes").await;
        page.read(".shows summary", "all mail of clients").await;
        if page.attr(".shows", "open").await.is_empty() {
            press(&page, ".shows summary").await;
        }
        step_to(&page, ".shows [value=clients]").await;
        page.type_keys(DOWN).await;
        step_to(&page, ".shows [type=checkbox]").await;
        page.type_keys(" ").await;
        press(&page, ".shows form button").await;
        page.see(".notice").await;
        page.read(".shows summary", "chosen folders").await;
        page.go("/settings/mailboxes").await;
        assert_eq!(page.count(".shows [type=checkbox]:checked").await, 1);
        assert!(page.has(".shows [value=chosen]:checked").await);
    });
}

#[test]
fn an_owner_says_what_somebody_may_and_until_when_they_are_here() {
    story(Door::Locked, async |house| {
        house.give_password(HELEN).await;
        let page = house.browser_of(HELEN, Look::DESK).await;
        let marcus = house.browser_of(MARCUS, Look::DESK).await;
        let his = "const found = [...document.querySelectorAll('.person')].findIndex(p => p.querySelector('summary b').textContent === 'Marcus Tidd'); \
                   return document.querySelectorAll('.person')[found].querySelector('form').getAttribute('action')";
        page.go("/settings/people").await;
        let action = page.script(his).await.as_str().expect("a form").to_owned();
        let form = format!("[action='{action}']");
        let person = format!(".person:has({form})");
        marcus.go("/settings/walls").await;
        marcus.read("[data-refused]", "need to be an owner").await;
        press(&page, &format!("{person} summary")).await;
        step_to(&page, &format!("{form} [name=access]")).await;
        page.type_keys("set").await;
        press(&page, &format!("{form} button")).await;
        page.see(".notice").await;
        marcus.go("/settings/walls").await;
        marcus.read("h1", "Settings").await;
        marcus.see("[action='/settings/walls']").await;

        press(&page, &format!("{person} summary")).await;
        fill_day(&page, &format!("{form} [name=left]"), "2025-01-31").await;
        press(&page, &format!("{form} button")).await;
        page.read(&person, "last day").await;
        marcus.go("/today").await;
        marcus.see("[name=password]").await;
    });
}
