//! Several people, several windows, sessions that end, servers that stop: no act lost, none twice.

use crate::house::{Door, HELEN, MARCUS, PASSWORD};
use crate::keyboard::ENTER;
use crate::page::{Look, Page};
use crate::story;

async fn sign_in(page: &Page, email: &str, password: &str) {
    let enter = async |name: &str, text: &str| {
        let field = page.see(&format!("input[name={name}]")).await;
        field.clear().await.expect("a field");
        field.send_keys(text).await.expect("a field");
    };
    enter("email", email).await;
    enter("password", password).await;
    page.type_keys(ENTER).await;
}

#[test]
fn what_a_colleague_does_shows_by_itself() {
    story(Door::Open, async |house| {
        let mine = house.browser(Look::DESK).await;
        let theirs = house.browser_of(MARCUS, Look::DESK).await;
        mine.go("/today?whose=firm").await;
        theirs.go("/today?whose=firm").await;
        theirs.read(".leave", "Marcus Tidd").await;
        let first = mine.lines().await[0].clone();
        theirs.click(".line > a").await;
        theirs.click(".opened form[data-key=d] button").await;
        theirs.read(".notice", "is done").await;
        mine.until("the line to go", async || !mine.lines().await.contains(&first)).await;
    });
}

#[test]
fn of_two_people_at_the_same_thing_one_sees_what_the_other_did() {
    story(Door::Open, async |house| {
        let mine = house.browser(Look::DESK).await;
        let theirs = house.browser_of(MARCUS, Look::DESK).await;
        mine.go("/today?whose=firm").await;
        let path = mine.attr(".line > a", "href").await;
        mine.go(&path).await;
        theirs.go(&path).await;
        theirs.click(".opened form[data-key=d] button").await;
        theirs.read(".notice", "is done").await;
        mine.click(".opened form[data-key=d] button").await;
        mine.read(".notice", "Nothing was changed: Marcus Tidd said").await;
        assert!(!mine.has(".notice button").await, "there is nothing of mine to undo");
    });
}

#[test]
fn a_double_click_and_the_back_button_do_nothing_twice() {
    story(Door::Open, async |house| {
        let page = house.browser(Look::DESK).await;
        page.go("/today?whose=firm").await;
        let (all, path) = (page.lines().await, page.attr(".line > a", "href").await);
        // On the page of one thing, where forms are sent by the browser itself.
        page.go(&path).await;
        page.script(
            "const b = document.querySelector('.opened form[data-key=d] button'); b.click(); b.click();",
        )
        .await;
        page.read(".notice", "is done").await;
        assert_eq!(page.lines().await.len(), all.len() - 1);
        page.client.back().await.expect("back");
        page.see(".opened").await;
        if page.has(".opened form[data-key=d] button").await {
            page.click(".opened form[data-key=d] button").await;
            page.read(".notice", "Nothing was changed: you said").await;
        }
        // In the list, where the script sends them.
        page.go("/today?whose=firm").await;
        let before = page.lines().await;
        page.click(".line > a").await;
        page.see(".opened form[data-key=d] button").await;
        page.script(
            "const b = document.querySelector('.opened form[data-key=d] button'); b.click(); b.click();",
        )
        .await;
        page.read(".notice", "is done").await;
        assert_eq!(page.lines().await.len(), before.len() - 1);
        assert_eq!(house.decisions().await, 2);
    });
}

#[test]
fn who_signs_in_wrongly_too_often_waits() {
    story(Door::Locked, async |house| {
        house.give_password(HELEN).await;
        let page = house.browser(Look::DESK).await;
        page.go("/today?whose=firm").await;
        page.read("h1", "Tidd & Farrow").await;
        sign_in(&page, HELEN, "not the one").await;
        page.read(".trouble", "do not belong together").await;
        assert_eq!(page.attr("input[name=email]", "value").await, HELEN, "nobody types their address twice");
        sign_in(&page, HELEN, PASSWORD).await;
        page.until("the page that was asked for", async || page.path().await == "/today?whose=firm").await;
        page.click(".leave button").await;
        page.see("input[name=password]").await;
        for _ in 0..8 {
            sign_in(&page, HELEN, "not the one").await;
            page.see(".trouble").await;
        }
        sign_in(&page, HELEN, PASSWORD).await;
        page.read(".trouble", "Too many tries. Wait").await;
    });
}

#[test]
fn a_session_that_ended_loses_no_form() {
    story(Door::Locked, async |house| {
        house.give_password(HELEN).await;
        let page = house.browser(Look::DESK).await;
        page.go("/today?whose=firm").await;
        sign_in(&page, HELEN, PASSWORD).await;
        page.see(".line").await;
        let all = page.lines().await;
        page.type_keys("jn").await;
        page.see("details[data-key=n][open] .reasons").await;
        house.end_sessions(HELEN).await;
        page.type_keys("3").await;
        page.see("input[name=password]").await;
        sign_in(&page, HELEN, PASSWORD).await;
        page.read("main", "Not for us to do").await;
        page.click("main button.first").await;
        page.read(".notice", "is not needed").await;
        page.go("/today?whose=firm").await;
        assert!(!page.lines().await.contains(&all[0]));
        // Once entered it is not offered again.
        page.go("/again").await;
        page.until("Today", async || page.path().await.starts_with("/today")).await;
    });
}

#[test]
fn signing_out_everywhere_ends_the_other_browser_too() {
    story(Door::Open, async |house| {
        let here = house.browser_of(MARCUS, Look::DESK).await;
        let there = house.browser_of(MARCUS, Look::DESK).await;
        there.go("/today").await;
        there.read(".leave", "Marcus Tidd").await;
        here.go("/today").await;
        here.script(
            "const f = document.querySelector('.leave'); const i = document.createElement('input'); \
             i.name = 'everywhere'; i.value = 'yes'; f.append(i); f.submit()",
        )
        .await;
        // In a demonstration, whoever is signed out is the owner again.
        here.until("another person", async || here.text(".leave").await.contains("Helen Farrow")).await;
        there.go("/today").await;
        there.read(".leave", "Helen Farrow").await;
    });
}

#[test]
fn a_server_that_starts_anew_is_noticed_by_nobody() {
    story(Door::Locked, async |mut house| {
        house.give_password(HELEN).await;
        let page = house.browser(Look::DESK).await;
        page.go("/today?whose=firm").await;
        sign_in(&page, HELEN, PASSWORD).await;
        page.see(".line").await;
        let all = page.lines().await;
        page.type_keys("j").await;
        house.stop();
        page.type_keys("d").await;
        page.read(".notice", "The server does not answer").await;
        assert_eq!(page.lines().await, all, "what was on the page is still there");
        house.restart();
        page.type_keys("d").await;
        page.read(".notice", "is done").await;
        assert_eq!(page.lines().await.len(), all.len() - 1);
    });
}
