//! Forms that are handed in twice, by a double click or from the page before: what they make is there once.

use crate::alone::allow;
use crate::house::{House, Page, Person, run};

const HELEN: &str = "Helen Farrow";

/// The `once` of the form of a page that goes to `action`.
async fn once(helen: &Person, page: &str, action: &str) -> String {
    let page = helen.get(page).await.ok();
    let form = page.split_once(&format!("action=\"{action}\"")).expect("its form").1;
    let once =
        form.split("</form>").next().unwrap().split_once("name=\"once\" value=\"").expect("it has one").1;
    once.split('"').next().unwrap().to_owned()
}

fn shown(made: &Page) -> &str {
    made.between("<pre class=\"copy\">", "</pre>")
}

#[test]
fn a_text_is_kept_once() {
    run(async {
        let house = House::new().await;
        let helen = house.person(HELEN).await;
        let once = once(&helen, "/settings/texts", "/settings/texts").await;
        let form = |words| [("name", "How to reach us"), ("words", words), ("once", &*once)];
        let river = form("By the river.");
        let (first, second) =
            tokio::join!(helen.post("/settings/texts", &river), helen.post("/settings/texts", &river));
        assert_eq!(
            (first.status.as_u16(), second.status.as_u16()),
            (303, 303),
            "{} {}",
            first.text,
            second.text
        );
        let summary = "<summary>How to reach us</summary>";
        assert_eq!(helen.get("/settings/texts").await.ok().matches(summary).count(), 1);
        // From the page before with other words it is another text.
        helen.post("/settings/texts", &form("By the bridge.")).await;
        assert_eq!(helen.get("/settings/texts").await.ok().matches(summary).count(), 2);
    });
}

#[test]
fn a_secret_address_and_a_telephone_system_are_made_once_and_shown_again() {
    run(async {
        let house = House::new().await;
        allow(&house);
        let helen = house.person(HELEN).await;
        for (page, made) in [
            ("/settings/forwarding", "action=\"/settings/forwarding/"),
            ("/settings/telephone", "<b>Reception</b>"),
        ] {
            let once = once(&helen, page, page).await;
            let form = [("name", "Reception"), ("once", &*once)];
            let (first, second) = tokio::join!(helen.post(page, &form), helen.post(page, &form));
            assert_eq!(
                (first.status.as_u16(), second.status.as_u16()),
                (200, 200),
                "{page}: {}",
                second.text
            );
            let shown = |page: &Page| {
                page.text.split_once("shown once").unwrap().1.split_once("</section>").unwrap().0.to_owned()
            };
            assert_eq!(shown(&first), shown(&second), "{page}");
            assert_eq!(helen.get(page).await.ok().matches(made).count(), 1, "{page}");
        }
    });
}

#[test]
fn a_token_is_made_once_and_what_is_shown_is_worth_something_both_times() {
    run(async {
        let house = House::new().await;
        let helen = house.person(HELEN).await;
        let once = once(&helen, "/settings", "/settings/tokens").await;
        for scope in ["read", "feed"] {
            let form = [("name", "The board"), ("scope", scope), ("once", &*once)];
            let (first, second) =
                tokio::join!(helen.post("/settings/tokens", &form), helen.post("/settings/tokens", &form));
            assert_eq!(shown(&first), shown(&second), "{scope}");
            if scope == "read" {
                let token = shown(&second);
                assert_eq!(house.with_token(token, "/api/v1/me").await.status, 200, "{token}");
            }
        }
        let page = helen.get("/settings").await.ok();
        assert_eq!(page.matches("<b>The board</b>, may look, made").count(), 1, "{page}");
        assert_eq!(page.matches("<b>The board</b>, only the calendar feed, made").count(), 1, "{page}");
        let made = house.log().await.into_iter().filter(|(act, _)| act == "made_token").count();
        assert_eq!(made, 2, "the log has each once");
        // A new form makes a new one.
        let again = self::once(&helen, "/settings", "/settings/tokens").await;
        assert_ne!(again, once);
        let form = [("name", "The board"), ("scope", "read"), ("once", &*again)];
        helen.post("/settings/tokens", &form).await;
        assert_eq!(helen.get("/settings").await.ok().matches("<b>The board</b>, may look, made").count(), 2);
    });
}

#[test]
fn an_absence_is_noted_once() {
    run(async {
        let house = House::new().await;
        let helen = house.person(HELEN).await;
        house.give_access(HELEN, "owner").await;
        let staff = house.staff(HELEN).await.0.to_string();
        let form = [("staff", &*staff), ("from", "2026-08-03"), ("to", "2026-08-14")];
        for _ in 0..2 {
            let noted = helen.post("/settings/absences", &form).await;
            assert_eq!(noted.status, 303, "{}", noted.text);
        }
        let mut tx = house.app.db.read().await.unwrap();
        let all = regard::staff::store::absences(&mut tx, crate::house::FIRM).await.unwrap();
        let hers =
            all.iter().filter(|one| one.staff.0.to_string() == staff && one.from.to_string() == "2026-08-03");
        assert_eq!(hers.count(), 1);
    });
}
