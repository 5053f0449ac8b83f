//! Hostile names and words, stored as far as the forms take them, and shown: nothing of them runs, hides or pushes the page
//! aside.

use crate::careful::sideways;
use crate::house::{Door, HELEN};
use crate::page::{Look, Page};
use crate::rooms::PAGES;
use crate::story;

/// Runs where a page takes it for its own; turns what follows it round; and has no place to be broken at.
const SCRIPT: &str = "<script>window.hit=1</script><img src=x onerror=window.hit=2>\u{202e}";

/// Puts words into a field, as somebody who pastes them, and sends its form.
async fn hand_in(page: &Page, form: &str, fields: &[(&str, &str)]) {
    page.see(form).await;
    let script = "const [css, fields] = arguments, form = document.querySelector(css); \
        for (const [name, value] of fields) form.elements[name].value = value; \
        for (const hidden of form.querySelectorAll('[maxlength]')) hidden.removeAttribute('maxlength'); \
        document.body.dataset.before = '1'; form.requestSubmit(form.querySelector('button:not(.plain)'))";
    page.client.execute(script, vec![form.into(), serde_json::json!(fields)]).await.expect("it is handed in");
    page.until("the next page", async || !page.has("body[data-before]").await && page.has("main h1").await)
        .await;
}

/// Looks at a page: no script of theirs ran, nothing is wider than the screen, nothing turns the reading round.
async fn look(page: &Page, name: &str, found: &mut Vec<String>) {
    let hit = page.script("return window.hit ?? null").await;
    assert!(hit.is_null(), "{name}: a script of theirs ran");
    let wide = sideways(page).await;
    let outside = "return [...document.querySelectorAll('body *')] \
        .filter(e => document.documentElement.clientWidth < e.getBoundingClientRect().right && !e.closest('.scroll')) \
        .map(e => e.outerHTML.slice(0, 120))";
    if wide != 0 {
        found.push(format!("{name} is {wide} pixels wider than the screen: {}", page.script(outside).await));
    }
    if page.text("body").await.contains('\u{202e}') {
        found.push(format!("{name}: what follows is turned round"));
    }
}

#[test]
fn hostile_words_are_kept_as_words_and_shown_as_such_on_every_page() {
    story(Door::Locked, async |house| {
        let page = house.browser_of(HELEN, Look::PHONE).await;
        page.go("/clients?q=vantage").await;
        let client = page.attr("#found .line > a", "href").await;
        let long = "W".repeat(100);
        let name = format!("{SCRIPT}{long}");
        let mut found = Vec::new();

        page.go(&client).await;
        hand_in(&page, "form[action$='/details']", &[("name", &name)]).await;
        look(&page, "a client with a hostile name", &mut found).await;
        page.read("h1", "<script>window.hit=1</script>").await;
        let words = format!("{SCRIPT} \u{0} @Marcus Tidd, could you {long}?");
        hand_in(&page, "details[data-key=e] form", &[("words", &words), ("promised", &name)]).await;
        look(&page, "a note", &mut found).await;
        page.go("/settings").await;
        hand_in(&page, "form[action='/settings/tokens']", &[("name", &long)]).await;
        look(&page, "a token", &mut found).await;
        page.go("/settings/texts").await;
        hand_in(&page, "form[action='/settings/texts']", &[("name", &long), ("words", &name)]).await;
        look(&page, "a text", &mut found).await;
        page.go("/clients?q=W").await;
        hand_in(&page, "form[action='/clients/views']", &[("name", &long[..60])]).await;
        look(&page, "a view", &mut found).await;
        page.go("/settings/people").await;
        let person = [("name", name.as_str()), ("email", "x@tiddfarrow.example")];
        hand_in(&page, "form[action='/settings/people']", &person).await;
        look(&page, "an invitation", &mut found).await;
        page.go("/settings/walls").await;
        let priya = page.script("return [...document.querySelector('[name=staff]').options].find(o => o.text.startsWith('Priya')).value").await;
        let wall = [("staff", priya.as_str().expect("an id")), ("client", &name), ("reason", &long)];
        hand_in(&page, "form[action='/settings/walls']", &wall).await;
        look(&page, "a wall", &mut found).await;
        page.go("/settings/firm").await;
        hand_in(&page, "form[action='/settings/firm']", &[("firm", &name)]).await;
        look(&page, "the firm", &mut found).await;

        for look_as in [Look::PHONE, Look::DESK.dark()] {
            let page = house.browser_of(HELEN, look_as).await;
            for (name, path) in PAGES {
                page.go(path).await;
                look(&page, name, &mut found).await;
            }
            page.go(&client).await;
            look(&page, "the client", &mut found).await;
            page.click("#timeline .line.note > a").await;
            page.see(".opened").await;
            look(&page, "the note, opened", &mut found).await;
            page.go("/today?whose=firm&by=client").await;
            look(&page, "Today by client", &mut found).await;
        }
        assert!(found.is_empty(), "{}", found.join("\n"));
    });
}

#[test]
fn what_is_far_too_long_is_refused_in_words_with_the_way_back() {
    story(Door::Locked, async |house| {
        let page = house.browser_of(HELEN, Look::DESK).await;
        page.go("/clients?q=vantage").await;
        let client = page.attr("#found .line > a", "href").await;
        let long = "x ".repeat(500_000);
        page.go(&client).await;
        hand_in(&page, "details[data-key=e] form", &[("words", &long)]).await;
        page.read("[data-refused]", "takes at most").await;
        page.click("a[data-back]").await;
        page.read("h1", "Vantage Lettings Ltd").await;
        assert!(!page.has("#timeline .line.note").await, "nothing was kept of it");
        for (field, refused) in
            [("name", "the name takes at most"), ("circumstances", "“Circumstances” takes at most")]
        {
            page.go(&client).await;
            hand_in(&page, "form[action$='/details']", &[(field, &long)]).await;
            page.read("#refused", refused).await;
            page.go(&client).await;
            page.read("h1", "Vantage Lettings Ltd").await;
            assert!(!page.text("#who .about").await.contains("x x x"), "nothing was kept of it");
        }
    });
}
