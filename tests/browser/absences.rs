//! Who is away, noted and taken back by keyboard on a phone: who stands in is told where something is owed.

use crate::careful::sideways;
use crate::house::{Door, MARCUS};
use crate::keyboard::{fill_day, press, step_to};
use crate::page::{Look, Page};
use crate::story;

const FORM: &str = "[action='/settings/absences']";

/// Chooses who is away and who stands in, and hands the form in.
async fn note(page: &Page, days: [&str; 2], standin: &str) {
    step_to(page, &format!("{FORM} [name=staff]")).await;
    page.type_keys("Marcus").await;
    fill_day(page, &format!("{FORM} [name=from]"), days[0]).await;
    fill_day(page, &format!("{FORM} [name=to]"), days[1]).await;
    step_to(page, &format!("{FORM} [name=cover]")).await;
    page.type_keys(standin).await;
    press(page, &format!("{FORM} button")).await;
}

#[test]
fn an_absence_is_noted_and_taken_back_by_keyboard_and_who_stands_in_is_told() {
    story(Door::Open, async |house| {
        let page = house.browser(Look::PHONE).await;
        let marcus = house.browser_of(MARCUS, Look::PHONE.dark()).await;
        let owes = async || {
            marcus.go("/today").await;
            marcus.go(&marcus.attr(".line > a", "href").await).await;
            marcus.text(".opened .facts").await
        };
        assert!(!owes().await.contains("is away"), "{}", owes().await);

        // The wrong way round: said in words, and what was typed is still there on the way back.
        page.go("/settings/people").await;
        assert_eq!(sideways(&page).await, 0, "nothing scrolls sideways");
        let known = page.count("form[action$='/removing']").await;
        note(&page, ["2025-09-05", "2025-09-01"], "Owen").await;
        page.read("[data-refused]", "The last day lies before the first").await;
        page.go("/settings/people").await;
        note(&page, ["2025-09-01", "2025-09-05"], "Marcus").await;
        page.read("[data-refused]", "The cover must be somebody else").await;
        page.go("/settings/people").await;
        assert_eq!(page.count("form[action$='/removing']").await, known, "nothing was noted");

        note(&page, ["2025-09-01", "2025-09-05"], "Owen").await;
        page.read(".notice", "The absence is noted").await;
        let lines =
            "return [...document.querySelectorAll(\"form[action$='/removing']\")].map(one => one.innerText)";
        let lines: Vec<String> = serde_json::from_value(page.script(lines).await).expect("lines");
        let is_his = |line: &&String| line.starts_with("Marcus Tidd, Mon 1 Sep to Fri 5 Sep");
        let his = lines.iter().find(is_his).unwrap_or_else(|| panic!("{lines:?}"));
        assert!(his.contains("Owen Bellamy stands in"), "{his}");
        let told = owes().await;
        assert!(told.contains("Marcus Tidd is away; Owen Bellamy stands in"), "{told}");

        let script = "return [...document.querySelectorAll(\"form[action$='/removing']\")] \
            .find(one => one.innerText.includes('Mon 1 Sep')).getAttribute('action')";
        let mine = page.script(script).await;
        let mine = mine.as_str().expect("an address");
        press(&page, &format!("form[action='{mine}'] button")).await;
        page.read(".notice", "The absence is taken back").await;
        assert_eq!(page.count("form[action$='/removing']").await, known);
        assert!(!owes().await.contains("is away"));
    });
}

#[test]
fn an_absence_without_anybody_who_stands_in_is_marked() {
    story(Door::Open, async |house| {
        let page = house.browser(Look::PHONE).await;
        page.go("/settings/people").await;
        let late = "li:has(form[action$='/removing']) .late";
        let before = page.count(late).await;
        note(&page, ["2025-09-03", "2025-09-04"], "nobody").await;
        page.read(".notice", "The absence is noted").await;
        assert_eq!(page.count(late).await, before + 1, "{}", page.text("main").await);
        assert_eq!(sideways(&page).await, 0);
    });
}
