//! The quiet groups: what is older than Regard goes together, and upkeep comes three a day.

use crate::house::{Door, NOW};
use crate::keyboard::press;
use crate::page::{Look, Page};
use crate::story;

/// How many stand in a group, as its tab says.
async fn tab(page: &Page, name: &str) -> usize {
    let tabs = page.text(".groups").await;
    let count = tabs.lines().find_map(|line| line.strip_prefix(name));
    count.and_then(|count| count.trim().parse().ok()).unwrap_or(0)
}

#[test]
fn what_is_older_than_regard_goes_together_and_comes_back_together() {
    story(Door::Open, async |house| {
        let page = house.browser(Look::DESK).await;
        page.go("/today?whose=firm&group=before_regard").await;
        let (all, decided) = (page.lines().await, house.decisions().await);
        assert!(2 < all.len(), "{all:?}");
        press(&page, ".together summary").await;
        page.read(".together summary", &format!("Let all {} go together", all.len())).await;
        press(&page, ".together .reasons li:nth-child(4) button").await;
        page.read(".notice", &format!("{} things from before Regard let go: too long ago", all.len())).await;
        assert_eq!(page.count(".line").await, 0);
        page.read(".empty", "Nothing from before Regard is left").await;
        assert_eq!(house.decisions().await - decided, all.len() as i64, "a decision for each");
        page.type_keys("u").await;
        page.read(".notice", "stand again as they did before").await;
        assert_eq!(page.lines().await, all);
    });
}

#[test]
fn of_two_who_let_the_same_go_one_is_told_that_it_is_done() {
    story(Door::Open, async |house| {
        let mine = house.browser(Look::DESK.without_script()).await;
        let theirs = house.browser(Look::DESK).await;
        mine.go("/today?whose=firm&group=before_regard").await;
        theirs.go("/today?whose=firm&group=before_regard").await;
        theirs.click(".line > a").await;
        theirs.click(".opened form[data-key=d] button").await;
        theirs.read(".notice", "is done").await;
        let decided = house.decisions().await;
        mine.click(".together summary").await;
        mine.click(".together .reasons button").await;
        mine.read(".notice", "Nothing was changed: there are").await;
        assert_eq!(house.decisions().await, decided);
    });
}

#[test]
fn the_terminal_says_what_the_page_says() {
    story(Door::Open, async |house| {
        let page = house.browser(Look::DESK).await;
        page.go("/today?whose=firm").await;
        let said = house.regard(&["today", "--now", NOW]);
        let sum = page.text(".sum").await;
        assert!(said.contains(sum.trim_end_matches('.')), "{sum}\n{said}");
        let find =
            |id: &String| said.find(id.trim_start_matches("o-")).unwrap_or_else(|| panic!("{id}\n{said}"));
        let places: Vec<usize> = page.lines().await.iter().map(find).collect();
        assert!(4 < places.len() && places.is_sorted(), "another order: {places:?}\n{said}");
    });
}

#[test]
fn upkeep_comes_three_a_day_and_what_was_done_today_counts() {
    story(Door::Open, async |house| {
        let page = house.browser(Look::DESK).await;
        page.go("/today?whose=firm&group=upkeep").await;
        let shown = page.lines().await.len();
        assert!(shown < tab(&page, "Upkeep").await, "not all of it at once");
        page.read(".later", "wait for another day").await;
        page.click(".line > a").await;
        page.click(".opened form[data-key=d] button").await;
        page.read(".notice", "is done").await;
        assert_eq!(page.lines().await.len(), shown - 1, "nothing comes in its place today");
    });
}
