//! What comes from elsewhere: hostile words in addresses, addresses without end, and every form with the mark of another
//! session.

use axum::http::{Method, StatusCode};
use regard::web::trouble::form_urlencoded;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::hostile::{HOSTILE, LONG, LONGEST_ASKED, PAGES, deeper, forms, judge};
use crate::house::{House, run};

const HELEN: &str = "Helen Farrow";
const MARCUS: &str = "Marcus Tidd";

/// What addresses of pages are asked for, by their forms and by their links.
const ASKED: [(&str, &str); 18] = [
    ("/clients", "q"),
    ("/clients", "by"),
    ("/search", "q"),
    ("/search.csv", "q"),
    ("/clients", "page"),
    ("/clients", "kind"),
    ("/today", "client"),
    ("/today", "person"),
    ("/today", "kind"),
    ("/today", "page"),
    ("/correspondents", "page"),
    ("/outbox", "whose"),
    ("/settings/log", "before"),
    ("/settings/log", "act"),
    ("/settings/holding", "client"),
    ("/settings/connections/new", "provider"),
    ("/settings/connections/new", "by"),
    ("/settings/signed-in", "error_description"),
];

#[test]
fn what_an_address_asks_for_is_shown_as_words_or_refused_with_words() {
    run(async {
        let house = House::new().await;
        let helen = house.person(HELEN).await;
        crate::alone::allow(&house);
        let (long, at) = ("x".repeat(LONGEST_ASKED), format!("a@b{HOSTILE}"));
        // As long as an address may be.
        let fits = "x".repeat(15_000);
        for (path, name) in ASKED {
            for value in [HOSTILE, &long, &fits, &at, "-1", "99999999999999999999999"] {
                let what = format!("{path}?{name} ({} bytes)", value.len());
                let asked = format!("{path}?{name}={}", form_urlencoded(value));
                judge(&helen, &what, helen.get(&asked).await).await;
            }
            let twice = helen.get(&format!("{path}?{name}=1&{name}=2")).await;
            assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}?{name} twice");
            judge(&helen, &format!("{path}?{name} twice"), twice).await;
        }
    });
}

#[test]
fn an_address_of_a_million_bytes_is_refused_and_the_server_goes_on() {
    run(async {
        let house = House::new().await;
        let at = house.listen().await.replace("http://", "");
        let mut stream = tokio::net::TcpStream::connect(&at).await.unwrap();
        let request = format!("GET /search?q={} HTTP/1.1\r\nHost: {at}\r\n\r\n", "x".repeat(LONG));
        // The server may hang up before it has all of it.
        let _ = stream.write_all(request.as_bytes()).await;
        let mut answer = vec![0; 12];
        if stream.read_exact(&mut answer).await.is_ok() {
            assert!(answer.starts_with(b"HTTP/1.1 4"), "{}", String::from_utf8_lossy(&answer));
        }
        let mut stream = tokio::net::TcpStream::connect(&at).await.unwrap();
        let request = format!("GET /sign-in HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    });
}

/// Everything that the firm's log says, but who looked at what.
async fn acts(house: &House) -> Vec<(String, String)> {
    house.log().await.into_iter().filter(|(act, _)| act != "saw").collect()
}

#[test]
fn a_form_with_the_mark_of_another_session_is_refused_and_nothing_is_done() {
    run(async {
        let house = House::new().await;
        crate::alone::allow(&house);
        house.connect(HELEN).await;
        let (helen, marcus) = (house.person(HELEN).await, house.person(MARCUS).await);
        let again = house.person(HELEN).await;
        let pages: Vec<String> =
            PAGES.iter().map(|page| (*page).to_owned()).chain(deeper(&helen).await).collect();
        // Marcus's own mark, that of another session of hers, none, and nearly hers.
        let marks = [marcus.mark, again.mark, String::new(), helen.mark.to_uppercase()];
        let crossed = marks.map(|mark| helen.with_mark(mark));
        assert!(crossed.iter().all(|one| one.mark != helen.mark));
        let (mut tried, before) = (0, acts(&house).await);
        for path in &pages {
            for form in forms(&helen.get(path).await.ok()).into_iter().filter(|form| !form.asks) {
                let fields: Vec<(&str, &str)> =
                    form.fields.iter().map(|(name, value)| (&**name, &**value)).collect();
                for one in &crossed {
                    let refused = match form.action.as_str() {
                        file @ "/bring-in/file" => one.post_files(file, &fields, &[("a.csv", b"name")]).await,
                        action => one.post(action, &fields).await,
                    };
                    assert_eq!(
                        refused.status,
                        StatusCode::UNPROCESSABLE_ENTITY,
                        "{}: {}",
                        form.action,
                        refused.text
                    );
                    let words = "did not come from a page of this session";
                    assert!(refused.text.contains(words), "{}: {}", form.action, refused.text);
                    tried += 1;
                }
            }
        }
        assert!(100 < tried, "{tried}");
        assert_eq!(acts(&house).await, before, "nothing was done");
        // With her own mark such a form does what it says.
        let kept = helen.post("/settings/texts", &[("name", "Hers"), ("words", "Words.")]).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
        assert_ne!(acts(&house).await, before);
    });
}

#[test]
fn a_path_that_cannot_be_read_leads_nowhere_and_a_nul_in_json_is_a_space() {
    run(async {
        let house = House::new().await;
        let card = house.client("Vantage Lettings Ltd").await;
        let helen = house.person(HELEN).await;
        for path in [
            "/clients/abc",
            "/owed/-",
            "/entries/9e99/letter",
            "/settings/connections/%F0",
            "/join/a%00b",
            "/clients/%00",
            "/static/a%00/b",
            "/api/v1/clients/1%00",
        ] {
            let page = helen.get(path).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
            assert!(path.starts_with("/static") || page.text.contains("Not found"), "{path}: {}", page.text);
        }
        let note =
            r#"{"once": "1", "kind": "meeting", "words": "They worry\u0000about the roof."}"#.to_owned();
        let there = format!("/api/v1/clients/{}/notes", card.id.0);
        let kept = helen.ask(Method::POST, &there, "application/json", note).await;
        assert!(kept.status.is_success(), "{}", kept.text);
        let page = helen.get(&format!("/clients/{}", card.id.0)).await.ok();
        assert!(page.contains("They worry about the roof."), "{page}");
    });
}
