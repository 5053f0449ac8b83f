//! What holds on every route: what an answer says to the browser, that pages hold no script and no style of their own, and
//! that nothing is done because another site's page asked for it.

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};

use crate::forged::{FIELDS, FORM, JSON, NOTHING, is_of, leads, real_paths, things};
use crate::house::{House, Person, run};
use crate::routes::routes;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                      connect-src 'self'; form-action 'self' mailto:; base-uri 'none'; frame-ancestors 'none'; \
                      manifest-src 'self'";

/// What every answer says.
const SAID: [(&str, &str); 6] = [
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
];

/// A path of a route, whatever it leads to.
fn some_path(route: &str) -> String {
    let parts = route.split('/').map(|part| if part.starts_with('{') { NOTHING } else { part });
    parts.collect::<Vec<_>>().join("/")
}

fn lacks(headers: &HeaderMap) -> Vec<&'static str> {
    let is = |name: &str, value: &str| headers.get(name).is_some_and(|is| is.as_bytes() == value.as_bytes());
    SAID.iter().filter(|(name, value)| !is(name, value)).map(|(name, _)| *name).collect()
}

#[test]
fn every_answer_fences_the_browser_in_whatever_it_is() {
    run(async {
        let house = House::new().await;
        house.give_access("Helen", "owner").await;
        let helen = house.person("Helen").await;
        let (nobody, mut wrong) = (house.nobody(), Vec::new());
        let all = routes(&house).await;
        for (method, route) in &all {
            for who in [&helen, &nobody] {
                let request = Request::builder().method(method).uri(some_path(route));
                let request = request.header(header::COOKIE, &who.cookie).body(Body::empty()).unwrap();
                let (status, headers) = who.head(request).await;
                let lacks = lacks(&headers);
                if !lacks.is_empty() {
                    wrong.push(format!("{method} {route} ({status}): {lacks:?}"));
                }
                let keeps = headers.get(header::CACHE_CONTROL).map(|keeps| keeps.to_str().unwrap());
                if keeps != Some("private, no-store") && ![FILES, ICON, "/live"].contains(&route.as_str()) {
                    wrong.push(format!("{method} {route} ({status}): {keeps:?}"));
                }
            }
        }
        for path in ["/nowhere", "/static/0/regard.js"] {
            assert!(lacks(&helen.get(path).await.headers).is_empty(), "{path}");
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    });
}

const FILES: &str = "/static/{mark}/{name}";
const ICON: &str = "/favicon.ico";

/// What of a page would run or paint without being a file of ours.
fn inline(page: &str) -> Vec<&str> {
    let tags = page.split('<').skip(1).filter_map(|rest| rest.split('>').next());
    let is_inline = |tag: &&str| {
        let (name, rest) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
        let at_words = rest.split_whitespace().any(|word| {
            let name = word.split('=').next().unwrap_or_default();
            name == "style" || (name.starts_with("on") && name != word && name.len() < 20)
        });
        let is_script = name == "script" && !rest.starts_with("src=\"/static/");
        let foreign = ["src=\"http", "src=\"//", "href=\"javascript:", "action=\"http"];
        at_words || is_script || name == "style" || foreign.iter().any(|words| rest.contains(words))
    };
    tags.filter(is_inline).collect()
}

#[test]
fn no_page_holds_a_script_or_a_style_of_its_own() {
    assert_eq!(inline("<b onclick=\"x\"><p style=\"x\"><style><script>x</script>").len(), 4);
    run(async {
        let house = House::new().await;
        let helen = things(&house).await;
        let all = routes(&house).await;
        let mut pages: Vec<String> = real_paths(&helen, &all).await.into_values().collect();
        pages.extend(all.iter().filter(|(_, route)| !route.contains('{')).map(|(_, route)| route.clone()));
        let mut seen = 0;
        for path in pages.iter().filter(|path| *path != "/live") {
            let is_read = all.iter().any(|(method, route)| *method == Method::GET && is_of(route, path));
            let page = if is_read { helen.get(path).await } else { continue };
            let kind = page.headers.get(header::CONTENT_TYPE).map(|kind| kind.to_str().unwrap().to_owned());
            if kind.is_some_and(|kind| kind.starts_with("text/html")) {
                assert!(inline(&page.text).is_empty(), "{path}: {:?}", inline(&page.text));
                seen += 1;
            }
        }
        assert!(35 < seen, "{seen}");
    });
}

/// What a browser tells of where a request comes from that another site made.
const FOREIGN: [(&str, &str); 4] = [
    ("sec-fetch-site", "cross-site"),
    ("origin", "https://evil.example"),
    ("origin", "null"),
    ("referer", "https://evil.example/care.example"),
];

/// Hands something in at a path with all that a page of ours has, as a browser does that is at another site.
async fn from_elsewhere(
    who: &Person,
    method: &Method,
    path: &str,
    (name, value): (&str, &str),
) -> StatusCode {
    let (kind, body) = match path.starts_with("/api/") {
        true => {
            (JSON, "{\"what\": \"kept\", \"text\": \"x\", \"once\": \"1\", \"name\": \"A name\"}".to_owned())
        }
        false => (FORM, format!("{FIELDS}&what=kept&email=helen&mark={}", who.mark)),
    };
    let request = Request::builder().method(method).uri(path).header(name, value);
    let request = request.header(header::HOST, "care.example").header(header::CONTENT_TYPE, kind);
    let request = request.header(header::COOKIE, &who.cookie).body(Body::from(body)).unwrap();
    who.head(request).await.0
}

#[test]
fn nothing_is_done_that_another_site_asks_for() {
    run(async {
        let house = House::new().await;
        let helen = things(&house).await;
        let all = routes(&house).await;
        let real = real_paths(&helen, &all).await;
        let before = house.log().await;
        let (mut wrong, mut tried) = (Vec::new(), 0);
        for (method, route) in all.iter().filter(|(method, _)| !method.is_safe()) {
            // It is signed with a secret of its own, and no browser's.
            let signed = route == "/api/v1/calls";
            let wanted = if signed { StatusCode::UNAUTHORIZED } else { StatusCode::UNPROCESSABLE_ENTITY };
            let path = real.get(route).cloned().unwrap_or_else(|| some_path(route));
            for told in FOREIGN {
                let status = from_elsewhere(&helen, method, &path, told).await;
                if status != wanted {
                    wrong.push(format!("{method} {path} from {told:?}: {status}"));
                }
                tried += 1;
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(300 < tried, "{tried}");
        assert_eq!(house.log().await, before, "nothing was done");
        assert_eq!(leads(&helen.get("/today").await).filter(|path| *path == "/sign-out").count(), 1);
    });
}
