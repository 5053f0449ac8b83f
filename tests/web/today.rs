//! Today and what is done there.

use axum::http::StatusCode;

use regard::web::trouble::form_urlencoded;

use crate::house::{House, Page, Person, run};

/// The first thing on a page of Today.
fn first(page: &Page) -> String {
    page.between("<li class=\"line\" id=\"o-", "\"").to_owned()
}

async fn seen(person: &Person, id: &str) -> String {
    person.get(&format!("/owed/{id}")).await.between("name=\"seen\" value=\"", "\"").to_owned()
}

#[test]
fn whoever_is_not_signed_in_is_led_to_the_door_and_back() {
    run(async {
        let house = House::new().await;
        let nobody = axum::http::Request::get("/today?whose=firm").body(axum::body::Body::empty()).unwrap();
        let page = house.send(nobody).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        assert_eq!(page.location(), "/sign-in?to=/today%3Fwhose%3Dfirm");
    });
}

#[test]
fn something_is_done_and_undone() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        let page = helen.get("/today?whose=firm").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        let id = first(&page);
        let mark = seen(&helen, &id).await;
        let path = format!("/owed/{id}/decisions");
        let done = helen
            .post(
                &path,
                &[("what", "kept"), ("means", "phone"), ("seen", &mark), ("back", "/today?whose=firm")],
            )
            .await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let after = helen.get(done.location()).await;
        assert!(after.text.contains("is done."), "{}", after.text);
        assert!(!after.text.contains(&format!("o-{id}")), "what is done is gone from the list");
        let undo = after.between("action=\"/decisions/", "\"").to_owned();
        let undone = helen.post(&format!("/decisions/{undo}"), &[("back", "/today?whose=firm")]).await;
        let again = helen.get(undone.location()).await;
        assert!(again.text.contains("Undone"), "{}", again.text);
        assert_eq!(first(&again), id, "it stands where it stood");
    });
}

#[test]
fn of_two_at_once_the_second_sees_what_the_first_did() {
    run(async {
        let house = House::new().await;
        let (helen, marcus) = (house.person("Helen").await, house.person("Marcus").await);
        let id = first(&helen.get("/today?whose=firm").await);
        let (hers, his) = (seen(&helen, &id).await, seen(&marcus, &id).await);
        let path = format!("/owed/{id}/decisions");
        let first = helen.post(&path, &[("what", "kept"), ("seen", &hers)]).await;
        assert!(first.location().contains("undo="), "{}", first.location());
        let second =
            marcus.post(&path, &[("what", "not_needed"), ("reason", "Read wrongly"), ("seen", &his)]).await;
        assert!(!second.location().contains("undo="), "{}", second.location());
        let told = marcus.get(second.location()).await;
        assert!(told.text.contains("Helen Farrow said"), "{}", told.text);
        // A double click is the same: nothing is entered twice.
        let again = helen.post(&path, &[("what", "kept"), ("seen", &hers)]).await;
        assert!(again.location().contains("Nothing%20was%20changed"), "{}", again.location());
    });
}

#[test]
fn of_many_at_the_same_moment_one_ends_it() {
    run(async {
        let house = House::new().await;
        let (helen, marcus) = (house.person("Helen").await, house.person("Marcus").await);
        let id = first(&helen.get("/today?whose=firm").await);
        let (hers, his) = (seen(&helen, &id).await, seen(&marcus, &id).await);
        let path = format!("/owed/{id}/decisions");
        let (kept, again) = ([("what", "kept"), ("seen", &*hers)], [("what", "kept"), ("seen", &*his)]);
        let (a, b, c, d) = tokio::join!(
            helen.post(&path, &kept),
            marcus.post(&path, &again),
            helen.post(&path, &kept),
            marcus.post(&path, &again),
        );
        let entered = [a, b, c, d].iter().filter(|page| page.location().contains("undo=")).count();
        assert_eq!(entered, 1);
    });
}

#[test]
fn forms_from_elsewhere_and_people_who_only_look_change_nothing() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        let id = first(&helen.get("/today?whose=firm").await);
        let path = format!("/owed/{id}/decisions");
        let foreign = helen.post_bare(&path, &[("what", "kept"), ("mark", "0000")]).await;
        assert_eq!(foreign.status, StatusCode::UNPROCESSABLE_ENTITY);
        house.give_access("Owen", "read_only").await;
        let owen = house.person("Owen").await;
        let looked = owen.get(&format!("/owed/{id}")).await;
        assert_eq!(looked.status, StatusCode::OK);
        assert!(!looked.text.contains("Not needed"), "nothing is offered that may not be done");
        assert_eq!(owen.post(&path, &[("what", "kept")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(first(&helen.get("/today?whose=firm").await), id, "nothing changed");
    });
}

#[test]
fn what_is_not_there_is_not_found_and_nothing_hostile_is_shown_raw() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        for path in ["/owed/0000000000000000", "/owed/..%2f", "/owed/x", "/nowhere", "/clients/1"] {
            assert_eq!(helen.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        let page = helen
            .get("/today?said=%3Cscript%3Ealert(1)%3C/script%3E&undo=%22%3E%3Cscript%3E&kind=%3Cb%3E")
            .await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.text.contains("<script>") && !page.text.contains("alert(1)"), "{}", page.text);
        let id = first(&helen.get("/today?whose=firm").await);
        let long = "x".repeat(100_000);
        let path = format!("/owed/{id}/decisions");
        let refused = helen.post(&path, &[("what", "not_needed"), ("reason", &long)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let kept = helen.post(&path, &[("what", "not_needed"), ("reason", "\u{202e}<b>\0</b>")]).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
    });
}

#[test]
fn the_list_divides_filters_and_leads_back_to_itself() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        let all = helen.get("/today?whose=firm").await;
        let promises = helen.get("/today?whose=firm&kind=promise").await;
        assert!(
            promises.text.contains("data-kind=\"promise\"")
                && !promises.text.contains("data-kind=\"answer\"")
        );
        assert!(promises.text.matches("class=\"line\"").count() < all.text.matches("class=\"line\"").count());
        let divided = helen.get("/today?whose=firm&by=person").await;
        assert!(divided.text.contains(">Owen Bellamy</a></h2>"), "{}", divided.text);
        let upkeep = helen.get("/today?whose=firm&group=upkeep").await;
        assert!(upkeep.text.contains("No client waits for these"));
    });
}

#[test]
fn what_was_asked_twice_is_done_once() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        let list = "/today?whose=firm&kind=answer";
        let page = helen.get(list).await;
        let lines: Vec<&str> = page.text.split("<li class=\"line\"").skip(1).collect();
        let chased = lines.iter().find(|line| line.contains("asked again")).expect("somebody asked again");
        let id = chased.split_once("id=\"o-").unwrap().1.split_once('"').unwrap().0;
        let done = helen.post(&format!("/owed/{id}/decisions"), &[("what", "kept"), ("back", list)]).await;
        let after = helen.get(done.location()).await;
        assert!(after.text.contains("is done"), "{}", after.text);
        let left = after.text.matches("<li class=\"line\"").count();
        assert_eq!(left + 1, lines.len(), "nothing of that wait is left");
    });
}

#[test]
fn what_a_call_seems_to_have_ended_is_asked_about_until_somebody_says_so() {
    run(async {
        let house = House::new().await;
        let (helen, marcus) = (house.person("Helen").await, house.person("Marcus").await);
        let card = house.client("Vantage Lettings Ltd").await;
        let client = format!("/clients/{}", card.id.0);
        let page = helen.get(&client).await;
        let waits = page.between("<li class=\"line\" id=\"o-", "\"").to_owned();
        let toby = page.between("<ol class=\"reasons\"><li><button name=\"with\" value=\"", "\"").to_owned();
        assert!(!helen.get("/today?whose=firm&group=perhaps").await.ok().contains(&waits));
        let call = [("kind", "call"), ("with", toby.as_str()), ("once", "1"), ("promised", "")];
        assert_eq!(helen.post(&format!("{client}/notes"), &call).await.status, StatusCode::SEE_OTHER);

        let today = helen.get("/today?whose=firm").await;
        assert!(!today.text.contains(&format!("o-{waits}")), "it counts as ended");
        let there = today.between("<a href=\"/today?whose=firm&#38;group=perhaps#ended\">", "</a>");
        assert_eq!(there, "What ended, as it was read");
        let asks = async |person: &Person| {
            let page = person.get("/today?whose=firm&group=perhaps").await.ok();
            page.split("id=\"ended\"").nth(1).is_some_and(|part| part.contains(&format!("o-{waits}")))
        };
        assert!(asks(&helen).await && asks(&marcus).await);
        assert!(!helen.get("/today?whose=firm&group=perhaps&kind=promise").await.ok().contains(&waits));
        house.wall("Marcus Tidd", card.id).await;
        assert!(!asks(&marcus).await, "behind a wall nothing of it is found");

        let path = format!("/owed/{waits}/decisions");
        let said = helen.post(&path, &[("what", "wrong"), ("seen", &seen(&helen, &waits).await)]).await;
        assert!(helen.get(said.location()).await.text.contains("is still owed"), "{}", said.location());
        assert!(!asks(&helen).await);
        assert!(helen.get("/today?whose=firm").await.text.contains(&format!("o-{waits}")));
    });
}

#[test]
fn nobody_but_the_program_puts_words_into_its_notices() {
    run(async {
        let house = House::new().await;
        let (helen, marcus) = (house.person("Helen").await, house.person("Marcus").await);
        let call = "Your account is locked. Ring 0900 123";
        let asked = form_urlencoded(call);
        let pages = [
            "/today",
            "/clients",
            "/correspondents",
            "/outbox",
            "/settings",
            "/settings/mailboxes",
            "/clients/proposed",
        ];
        for path in pages {
            for link in [format!("{path}?said={asked}"), format!("{path}?%73aid={asked}&undo=0f&seal=0f0f")] {
                let page = helen.get(&link).await.ok();
                assert!(!page.contains("0900") && !page.contains("class=\"notice\""), "{link}: {page}");
            }
        }
        let id = first(&helen.get("/today?whose=firm").await);
        let fields = [
            ("what", "not_needed"),
            ("reason", "settled"),
            ("back", &format!("/today?whose=firm&said={asked}")),
        ];
        let done = helen.post(&format!("/owed/{id}/decisions"), &fields).await;
        let told = helen.get(done.location()).await.ok();
        assert!(told.contains("class=\"notice\"") && told.contains(">Undo</button>"), "{told}");
        assert!(!told.contains("0900"), "not by the way back either: {told}");
        assert!(!marcus.get(done.location()).await.ok().contains("class=\"notice\""), "told to her alone");
        let other = done.location().replace("said=", "said=Ring%200900%20");
        assert!(!helen.get(&other).await.ok().contains("0900"));
    });
}

#[test]
fn what_is_refused_is_said_in_the_frame_with_the_way_back() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        let id = first(&helen.get("/today?whose=firm").await);
        let path = format!("/owed/{id}/decisions");
        let fields = [("what", "nonsense")];
        let refused = helen.post_from("/today?whose=firm", &path, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = &refused.text;
        assert!(page.contains("aria-label=\"Pages\"") && page.contains("data-refused"), "{page}");
        assert!(page.contains("href=\"/today?whose=firm\" data-back"), "{page}");
        let foreign = helen.post_from("//evil.example/x", &path, &fields).await;
        assert!(!foreign.text.contains("evil"), "{}", foreign.text);
        let lost = helen.get("/nowhere").await;
        assert_eq!(lost.status, StatusCode::NOT_FOUND);
        assert!(lost.text.contains("aria-label=\"Pages\""), "{}", lost.text);
        // Whom nobody knows sees no frame, and nothing of the firm.
        let nobody = house.nobody().get("/nowhere").await;
        assert!(nobody.status == StatusCode::NOT_FOUND && !nobody.text.contains("aria-label=\"Pages\""));

        let long = "x".repeat(3_000_000);
        let refused = helen.post(&path, &[("what", "not_needed"), ("reason", &long)]).await;
        assert!(refused.text.contains("may have 2 MB"), "{}", refused.text);
    });
}

#[test]
fn a_call_that_nobody_took_says_who_rang_whom() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        let page = helen.get("/today?whose=firm&kind=callback").await;
        let opened = helen.get(&format!("/owed/{}", first(&page))).await;
        let shown = opened.between("<article class=\"letter\">", "</article>");
        assert!(shown.contains(" rang ") && shown.contains(" and reached nobody "), "{shown}");
        assert!(!shown.contains("class=\"body\""), "a call has no words: {shown}");
    });
}
