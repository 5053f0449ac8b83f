//! Sessions that end in the midst of a form: what was filled in is offered again, and no password with it.

use axum::http::StatusCode;
use regard::access::passwords;
use regard::db::Durability;

use crate::house::{FIRM, House, Page, Person, run};

const HELEN: &str = "Helen Farrow";
const VANTAGE: &str = "Vantage Lettings Ltd";

/// The cookie in which an answer keeps a form, or tells where it is kept.
fn kept(answer: &Page) -> Option<String> {
    let line = answer.headers.get("set-cookie")?.to_str().unwrap();
    Some(line.split(';').next().unwrap().to_owned())
}

/// Whoever signs in again at the browser that was given this answer.
async fn back_after(house: &House, refused: &Page) -> Person {
    assert_eq!(refused.location(), "/sign-in?to=/again", "{}", refused.text);
    let mut back = house.person(HELEN).await;
    back.cookie = format!("{}; {}", back.cookie, kept(refused).expect("it is kept"));
    back
}

#[test]
fn a_note_of_any_length_is_offered_whole_after_signing_in_again() {
    run(async {
        let house = House::new().await;
        let card = house.client(VANTAGE).await;
        let form = format!("/clients/{}/notes", card.id.0);
        let short = "They asked about the roof.".to_owned();
        let cyrillic = "Слово за словом. ".repeat(1100);
        let long = format!("The whole talk, & all of it: {}", "word after word, ".repeat(1115));
        assert!(
            (18_000..20_000).contains(&cyrillic.chars().count()) && (18_900..20_000).contains(&long.len())
        );
        for (n, words) in [short, cyrillic.trim().to_owned(), long.trim().to_owned()].into_iter().enumerate()
        {
            let mut helen = house.person(HELEN).await;
            helen.post("/sign-out", &[]).await;
            // Signed out in another window, a browser has no cookie any more; ended by itself, it has.
            if n == 1 {
                helen.cookie.clear();
            }
            let once = n.to_string();
            let refused = helen.post(&form, &[("kind", "meeting"), ("words", &words), ("once", &once)]).await;
            let back = back_after(&house, &refused).await;
            let again = back.get("/again").await;
            assert_eq!(again.between("<p class=\"choice\">", "</p>").matches("Enter it now").count(), 1);
            assert!(again.text.contains(&format!("action=\"{form}\"")), "{}", again.text);
            let typed = |name: &str| {
                let value = again.between(&format!("type=\"hidden\" name=\"{name}\" value=\""), "\"");
                value.replace("&#38;", "&")
            };
            assert_eq!(typed("words"), words);
            let fields = ["kind", "words", "once"].map(|name| (name, typed(name)));
            let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let entered = back.post(&form, &fields).await;
            assert!(entered.location().contains("said="), "{}", entered.text);
            let page = back.get(&format!("/clients/{}", card.id.0)).await.ok();
            let entries = page.split("href=\"/entries/").skip(1).filter_map(|rest| rest.split('?').next());
            let mut found = false;
            for entry in entries.take(3) {
                // What is read in a note as a promise is marked.
                let letter = back.get(&format!("/entries/{entry}")).await.ok();
                let letter = letter.replace("<mark title=\"promise\">", "").replace("</mark>", "");
                found |= letter.contains(&words.replace('&', "&#38;"));
            }
            assert!(found, "note {n} stands in the record");
        }
    });
}

#[test]
fn the_page_to_sign_in_says_that_a_form_is_kept() {
    run(async {
        let house = House::new().await;
        let staff = house.staff(HELEN).await;
        let hashed = passwords::hash("a password of hers").unwrap();
        let mut tx = house.app.db.write(Durability::Act).await.unwrap();
        passwords::save(&mut tx, FIRM, staff, "helen@hers.example", &hashed, house.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let nobody = house.nobody();
        let words = "It is kept for half an hour";
        let refused = nobody.post_bare("/clients/1/notes", &[("words", "They rang.")]).await;
        assert!(nobody.get(refused.location()).await.ok().contains(words));
        assert!(!nobody.get("/sign-in?to=/today").await.ok().contains(words));
    });
}

#[test]
fn no_password_is_kept_however_long_the_form() {
    run(async {
        let house = House::new().await;
        let helen = house.person(HELEN).await;
        helen.post("/sign-out", &[]).await;
        let long = "x".repeat(10_000);
        for name in ["password", "current", "secret"] {
            for others in ["a", &long] {
                let refused =
                    helen.post("/settings/password", &[("note", others), (name, "hush hush")]).await;
                assert_eq!(refused.location(), "/sign-in?to=/", "{name}");
                assert_eq!(kept(&refused), None, "{name}");
            }
        }
    });
}

#[test]
fn what_cannot_be_kept_is_refused_with_words_and_a_stranger_fills_no_memory() {
    run(async {
        let house = House::new().await;
        let card = house.client(VANTAGE).await;
        let form = format!("/clients/{}/notes", card.id.0);
        let helen = house.person(HELEN).await;
        helen.post("/sign-out", &[]).await;
        for (length, words) in [(600_000, "too long to be kept"), (3_000_000, "too large")] {
            let refused = helen.post(&form, &[("words", &"x".repeat(length))]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{length}");
            assert!(refused.text.contains(words) && refused.text.contains("<h1"), "{}", refused.text);
        }
        let long = "x".repeat(10_000);
        let stranger = house.nobody().post_bare(&form, &[("words", &long)]).await;
        assert_eq!((stranger.location(), kept(&stranger)), ("/sign-in?to=/", None));
        let made_up = [("words", long.as_str()), ("mark", "0123456789abcdef0123456789abcdef")];
        let stranger = house.nobody().post_bare(&form, &made_up).await;
        assert_eq!((stranger.status, kept(&stranger)), (StatusCode::UNPROCESSABLE_ENTITY, None));
        assert!(stranger.text.contains("too long to be kept"), "{}", stranger.text);
    });
}
