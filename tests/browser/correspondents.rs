//! Correspondents: five keys and one more, many at once, and all of it taken back.

use crate::house::{Door, HELEN, MARCUS};
use crate::keyboard::{press, step_to};
use crate::page::{Look, Page};
use crate::story;

/// Who waits to be placed.
async fn waiting(page: &Page) -> Vec<String> {
    let names =
        "return [...document.querySelectorAll('form.placing .line .who b')].map(name => name.textContent)";
    serde_json::from_value(page.script(names).await).expect("names")
}

#[test]
fn each_key_places_somebody_and_one_takes_it_back() {
    story(Door::Locked, async |house| {
        let page = house.browser_of(HELEN, Look::DESK).await;
        page.go("/correspondents").await;
        let mut all = waiting(&page).await;
        all.sort();
        assert!(3 < all.len(), "{all:?}");
        let kinds =
            [("1", "client"), ("2", "prospect"), ("3", "partner"), ("4", "third party"), ("6", "robot")];
        for (key, kind) in kinds {
            let first = waiting(&page).await.remove(0);
            page.type_keys("j").await;
            page.type_keys(key).await;
            page.read(".notice", &format!("{first}: {kind}.")).await;
            assert!(!waiting(&page).await.contains(&first), "{kind}");
            page.type_keys("u").await;
            page.read(".notice", "Taken back. Only you see them again.").await;
            let mut again = waiting(&page).await;
            again.sort();
            assert_eq!(again, all, "{kind}");
        }
    });
}

#[test]
fn many_are_placed_at_once_and_come_back_at_once_or_one_by_one() {
    story(Door::Locked, async |house| {
        let page = house.browser_of(HELEN, Look::DESK).await;
        page.go("/correspondents").await;
        let all = waiting(&page).await;
        // Three are ticked by the space bar, each where the keyboard stands.
        for _ in 0..3 {
            page.type_keys("j ").await;
        }
        assert_eq!(page.count("form.placing input:checked").await, 3);
        page.type_keys("1").await;
        page.read(".notice", "3 correspondents: client.").await;
        assert_eq!(waiting(&page).await.len(), all.len() - 3);
        // They are the firm's now: a colleague finds them.
        let marcus = house.browser_of(MARCUS, Look::PHONE).await;
        marcus.go(&format!("/clients?q={}", all[0])).await;
        marcus.read("#found", &all[0]).await;
        page.type_keys("u").await;
        page.read(".notice", "Taken back").await;
        assert_eq!(waiting(&page).await.len(), all.len());
        marcus.go(&format!("/clients?q={}", all[0])).await;
        marcus.read("#found", "Nobody is like that").await;

        // Days later the place is taken back from what one placed.
        page.type_keys("j3").await;
        page.read(".notice", ": partner.").await;
        page.go("/correspondents").await;
        page.miss(".notice").await;
        press(&page, "details.aside summary").await;
        step_to(&page, "details.aside input[type=checkbox]").await;
        page.type_keys(" ").await;
        press(&page, "details.aside button").await;
        page.read(".notice", "Taken back").await;
        assert_eq!(waiting(&page).await.len(), all.len());
    });
}

#[test]
fn private_is_asked_first_and_erases_when_it_is_meant() {
    story(Door::Locked, async |house| {
        let page = house.browser_of(HELEN, Look::PHONE).await;
        page.go("/correspondents").await;
        let all = waiting(&page).await;
        page.type_keys("j5").await;
        page.read(".notice", "Tick whom you mean first").await;
        page.type_keys(" 5").await;
        page.read("h1", "Private?").await;
        page.read("main", &all[0]).await;
        press(&page, "main button.first").await;
        page.read(".notice", "1 correspondent: private.").await;
        page.read(".notice", "erased for good").await;
        assert!(!page.has(".notice button").await, "what is erased is promised to nobody");
        assert!(!waiting(&page).await.contains(&all[0]));
        page.go(&format!("/search?q={}", all[0])).await;
        page.read(".empty", "Nothing that you may see").await;
    });
}

#[test]
fn without_script_people_are_ticked_placed_and_taken_back() {
    story(Door::Locked, async |house| {
        let page = house.browser_of(HELEN, Look::PHONE.without_script()).await;
        page.go("/correspondents").await;
        let all = waiting(&page).await;
        page.click("form.placing .line:nth-child(1) label").await;
        page.click("form.placing .line:nth-child(2) label").await;
        page.click(".placebar button[value=third_party]").await;
        page.read(".notice", "2 correspondents: third party.").await;
        assert_eq!(waiting(&page).await.len(), all.len() - 2);
        page.click(".notice button").await;
        page.read(".notice", "Taken back").await;
        assert_eq!(waiting(&page).await.len(), all.len());
        // Nobody is ticked: it is said in words, with the way back.
        page.click(".placebar button[value=client]").await;
        page.read("[data-refused]", "tick whom you mean first").await;
        page.click(".choice a").await;
        page.read("h1", "Correspondents").await;
    });
}
