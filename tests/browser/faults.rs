//! Clocks that jump, servers that start anew while somebody is at work, buttons that are pressed twice: no act lost,
//! none done twice.

use crate::house::{Door, HELEN, PASSWORD};
use crate::keyboard::{ENTER, fill, press};
use crate::page::Look;
use crate::story;

#[test]
fn a_clock_that_jumps_loses_no_act_and_repeats_none() {
    story(Door::Open, async |mut house| {
        let page = house.browser(Look::DESK).await;
        page.go("/today?whose=firm&kind=answer").await;
        let all = page.lines().await;
        page.type_keys("jd").await;
        page.read(".notice", "is done").await;
        // Three hours back, then to the end of the day: what was done is done, and what is done then as well.
        let jumps = ["2025-09-01T05:00:00+01:00", "2025-09-01T23:30:00+01:00"];
        for (n, now) in jumps.into_iter().enumerate() {
            house.at(now);
            page.go("/today?whose=firm&kind=answer").await;
            let left = page.lines().await;
            assert!(!left.contains(&all[n]), "{now}: it stays done");
            assert!(left.contains(&all[n + 1]), "{now}: and nothing else was");
            page.go(&format!("/owed/{}", all[n + 1].trim_start_matches("o-"))).await;
            press(&page, ".opened form[data-key=d] button").await;
            page.read(".notice", "is done").await;
            page.go("/today?whose=firm&kind=answer").await;
            assert!(!page.lines().await.contains(&all[n + 1]), "{now}");
        }
        assert_eq!(house.decisions().await, 3);
        let verified = house.regard(&["verify"]);
        assert!(verified.contains("The record is whole"), "{verified}");
    });
}

#[test]
fn a_server_that_starts_anew_in_the_middle_of_a_form_loses_no_word() {
    story(Door::Locked, async |mut house| {
        house.give_password(HELEN).await;
        let page = house.browser_of(HELEN, Look::DESK).await;
        page.go("/clients?q=vantage").await;
        page.go(&page.attr("#found .line > a", "href").await).await;
        page.type_keys("e").await;
        fill(&page, "details[data-key=e] textarea", "They would like to meet in June.").await;
        house.restart();
        // The form of the page before is taken: the session is still good.
        press(&page, "details[data-key=e] button.first").await;
        page.read(".notice", "Noted").await;
        page.read("#timeline .line.note", "to meet in June").await;

        // The session ends while the next one is written.
        page.type_keys("e").await;
        fill(&page, "details[data-key=e] textarea", "Rather in July.").await;
        house.end_sessions(HELEN).await;
        house.restart();
        press(&page, "details[data-key=e] button.first").await;
        fill(&page, "[name=email]", HELEN).await;
        fill(&page, "[name=password]", PASSWORD).await;
        page.type_keys(ENTER).await;
        page.read("h1", "Not entered yet").await;
        page.read("main", "Rather in July.").await;
        press(&page, "main button.first").await;
        page.read(".notice", "Noted").await;
        assert_eq!(page.count("#timeline .line.note").await, 2);
    });
}

#[test]
fn a_form_that_is_sent_twice_or_again_from_the_page_before_is_entered_once() {
    story(Door::Locked, async |house| {
        let page = house.browser_of(HELEN, Look::PHONE.without_script()).await;
        page.go("/clients?q=vantage").await;
        let client = page.attr("#found .line > a", "href").await;
        page.go(&client).await;
        let write = async || {
            page.click("details[data-key=e] summary").await;
            let field = page.see("details[data-key=e] textarea").await;
            field.clear().await.expect("a field");
            field.send_keys("They are content.").await.expect("keys");
            page.click("details[data-key=e] button.first").await;
            page.see(".notice").await;
        };
        write().await;
        page.read(".notice", "Noted").await;
        // Back to the page on which it was written, and sent once more.
        page.client.back().await.expect("back");
        page.see("details[data-key=e] summary").await;
        if page.has("details[data-key=e][open]").await {
            page.click("details[data-key=e] summary").await;
        }
        write().await;
        page.go(&client).await;
        assert_eq!(page.count("#timeline .line.note").await, 1, "{}", page.text("#timeline").await);
    });
}
