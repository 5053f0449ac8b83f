//! The main act of settings pages, done by keyboard alone: a wrong input is told in words that help, a right one is kept.

use std::io::{Read, Write};
use std::net::TcpListener;

use crate::house::{Door, HELEN, House, MARCUS};
use crate::keyboard::{fill, press, step_to};
use crate::page::Look;
use crate::story;

/// A calendar at an address on this machine; it is given to whoever asks as long as the test runs.
fn calendar() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for mut asked in listener.incoming().flatten() {
            let mut head = [0; 4096];
            // Who asks in vain asks again.
            let Ok(_) = asked.read(&mut head) else { continue };
            let body = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//tests//EN\r\nBEGIN:VEVENT\r\nUID:dentist\r\n\
                 DTSTAMP:20260601T000000Z\r\nDTSTART:20260618T090000Z\r\nDTEND:20260618T100000Z\r\n\
                 SUMMARY:The dentist\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
            let answer = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
            drop(asked.write_all(answer.as_bytes()));
        }
    });
    format!("http://{address}/helen.ics")
}

#[test]
fn the_log_says_with_which_browser_somebody_signed_in() {
    story(Door::Open, async |house: House| {
        let page = house.browser(Look::DESK).await;
        page.go("/settings/log?act=signed_in").await;
        page.read(".log tbody td:last-child", "Chrome on Linux").await;
        assert!(!page.text(".log").await.contains("Mozilla"));
        // What it calls itself is told to whoever asks, and stands in the file.
        assert!(page.attr(".log tbody td:last-child", "title").await.starts_with("Mozilla/5.0"));
        let csv = "return fetch('/settings/log.csv?person=&act=signed_in').then(r => r.text())";
        assert!(page.script(csv).await.as_str().expect("a file").contains(",signed_in,\"Mozilla/5.0"));
    });
}

#[test]
fn somebody_follows_their_calendar_by_keyboard() {
    story(Door::Locked, async |house: House| {
        let page = house.browser_of(HELEN, Look::DESK).await;
        page.go("/settings/calendar").await;
        page.read("main", "No calendar of yours is followed yet").await;

        // Where nothing is, nothing is kept, and what was typed stays.
        let nowhere = "http://127.0.0.1:1/helen.ics";
        fill(&page, "main [name=address]", nowhere).await;
        press(&page, "main form[action='/settings/subscriptions'] button").await;
        page.read(".trouble", "Nothing was kept").await;
        assert_eq!(page.attr("main [name=address]", "value").await, nowhere);
        let wrong = page.text(".trouble").await;
        assert!(wrong.contains("cannot be reached"), "{wrong}");

        fill(&page, "main [name=address]", &calendar()).await;
        fill(&page, "main [name=name]", "My diary").await;
        press(&page, "main form[action='/settings/subscriptions'] button").await;
        page.read(".mailbox h2", "My diary").await;
        assert!(!page.text("main").await.contains("helen.ics"), "its address is kept like a password");

        // It rests, and nobody else sees it but as an owner.
        press(&page, ".mailbox form[action$='/rest'] button").await;
        page.read(".mailbox .standing", "Rests").await;
        let marcus = house.browser_of(MARCUS, Look::DESK).await;
        marcus.go("/settings/calendar").await;
        assert!(!marcus.text("main").await.contains("My diary"));
    });
}

#[test]
fn an_owner_writes_the_holding_reply_and_switches_it_on_by_keyboard() {
    story(Door::Locked, async |house: House| {
        let page = house.browser_of(HELEN, Look::DESK).await;
        page.go("/settings/holding").await;
        page.read("main", "Nothing has been sent by itself").await;
        assert!(!page.has("[name=on]:checked").await);

        // Words that tell no date are refused, and nothing is switched on.
        step_to(&page, "[name=on]").await;
        page.type_keys(" ").await;
        fill(&page, "textarea[name=words]", "Dear {contact first name}, we shall write soon.").await;
        press(&page, "main form[method=post] button.first").await;
        page.read("main", "need the field {by when}").await;
        page.go("/settings/holding").await;
        assert!(!page.has("[name=on]:checked").await);

        let words = "Dear {contact first name},\n\nThank you. You will hear from {who answers} by {by when}.\n\n{firm}";
        step_to(&page, "[name=on]").await;
        page.type_keys(" ").await;
        fill(&page, "textarea[name=words]", words).await;
        press(&page, "main form[method=post] button.first").await;
        page.read(".notice", "From now on clients whose message will have to wait are told so").await;
        assert!(page.has("[name=on]:checked").await);
        page.read(".preview:last-of-type", "You will hear from").await;
        assert!(house.regard(&["holding", "show"]).contains("You will hear from {who answers}"));
    });
}

#[test]
fn an_owner_sets_a_sign_in_up_by_keyboard() {
    story(Door::Locked, async |house: House| {
        let page = house.browser_of(HELEN, Look::DESK).await;
        page.go("/settings/sign-ins").await;
        page.read("main", "None is set up").await;
        assert!(page.text("main").await.contains("/settings/signed-in"), "what the server is to be told");

        // A server that is not known needs its addresses.
        step_to(&page, "main [name=provider]").await;
        page.type_keys("Another").await;
        fill(&page, "main [name=client_id]", "firm-17").await;
        press(&page, "main form[action='/settings/sign-ins'] button.first").await;
        page.read("main", "is missing").await;
        page.go("/settings/sign-ins").await;
        page.read("main", "None is set up").await;

        step_to(&page, "main [name=provider]").await;
        page.type_keys("Google").await;
        fill(&page, "main [name=client_id]", "firm-17.apps.example").await;
        fill(&page, "main [name=secret]", "a secret of the firm").await;
        press(&page, "main form[action='/settings/sign-ins'] button.first").await;
        page.read(".notice", "Everybody can sign in with it").await;
        page.read("main", "firm-17.apps.example, with a secret").await;
        assert!(!page.client.source().await.expect("the page").contains("a secret of the firm"));

        // Its secret ends one day: an owner gives it the next, and nobody signs in again.
        press(&page, "main li.person p a").await;
        page.read("main h2", "Google").await;
        assert!(!page.has("details[open]").await, "with a new secret alone the id is not touched");
        press(&page, "main form.fields button.first").await;
        page.read(".notice", "Nothing about Google is other").await;
        press(&page, "main li.person p a").await;
        fill(&page, "main [name=secret]", "the next secret of the firm").await;
        press(&page, "main form.fields button.first").await;
        page.read(".notice", "a new secret. Whoever is signed in stays so").await;
        assert!(!page.client.source().await.expect("the page").contains("the next secret"));
        // Another id says before what follows, and wants its own secret.
        press(&page, "main li.person p a").await;
        press(&page, "main form.fields details:first-of-type summary").await;
        page.read("details[open] .trouble", "everybody signs in again").await;
        fill(&page, "main [name=client_id]", "firm-18.apps.example").await;
        press(&page, "main form.fields button.first").await;
        page.read("main", "belongs to the client id that was here before").await;
        page.go("/settings/sign-ins").await;
        page.read("main", "firm-17.apps.example, with a secret").await;

        press(&page, "main details summary").await;
        press(&page, "main form[action$='/removing'] button").await;
        page.read("main", "None is set up").await;
    });
}
