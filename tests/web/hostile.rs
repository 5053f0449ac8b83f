//! Every field of every form on every page, with what nobody should send: it is refused with words, or kept and shown as
//! words.

use std::collections::BTreeSet;

use axum::http::StatusCode;

use regard::web::trouble::form_urlencoded;

use crate::alone::allow;
use crate::house::{House, Page, Person, run};
use crate::proposed;

const HELEN: &str = "Helen Farrow";
const MARCUS: &str = "Marcus Tidd";
/// A script, a picture that runs one, marks that turn the reading round, and a NUL.
pub(crate) const HOSTILE: &str =
    "\"><script>alert(1)</script><img src=x onerror=alert(2)>'\u{202e}\u{2066}\0 {{x}}";
/// What no field takes.
pub(crate) const LONG: usize = 1 << 20;
/// Longer than an address may be.
pub(crate) const LONGEST_ASKED: usize = 20_000;
/// No page is longer because of it.
const LONGEST_PAGE: usize = 600_000;

/// Every page that has forms, but for one client, one thing and one letter.
pub(crate) const PAGES: [&str; 25] = [
    "/today?whose=firm",
    "/today?whose=firm&group=before_regard",
    "/clients?risk=high",
    "/clients/proposed",
    "/correspondents",
    "/outbox",
    "/search?q=lease",
    "/bring-in",
    "/settings",
    "/settings/mailboxes",
    "/settings/texts",
    "/settings/reminders",
    "/settings/people",
    "/settings/standards",
    "/settings/firm",
    "/settings/telephone",
    "/settings/forwarding",
    "/settings/calendar",
    "/settings/holding",
    "/settings/sign-ins",
    "/settings/walls",
    "/settings/data",
    "/settings/log",
    "/settings/connections/new?address=jo@acme.example",
    "/settings/connections/new?address=jo@acme.example&by=jmap",
];

/// A form as a browser would send it.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    pub(crate) action: String,
    /// It asks for a page, and changes nothing.
    pub(crate) asks: bool,
    pub(crate) fields: Vec<(String, String)>,
}

impl Form {
    /// What tells it from others: the ids of its address do not.
    fn shape(&self) -> String {
        let is_id = |part: &str| part.len() > 6 && part.bytes().all(|b| b.is_ascii_hexdigit());
        let path = self.action.split(['?', '#']).next().unwrap_or_default();
        path.split('/').map(|part| if is_id(part) { "ID" } else { part }).collect::<Vec<_>>().join("/")
    }

    /// Hands it in with one field changed.
    async fn send(&self, person: &Person, name: &str, value: &str) -> Page {
        let fields = self.with(name, value);
        if !self.asks {
            return person.post(&self.action, &fields).await;
        }
        // A longer address is refused by what reads requests, before it is a page's.
        let typed = |value: &str| form_urlencoded(&value.chars().take(LONGEST_ASKED).collect::<String>());
        let fields = fields.iter().map(|(name, value)| format!("{name}={}", typed(value)));
        person.get(&format!("{}?{}", self.action, fields.collect::<Vec<_>>().join("&"))).await
    }

    /// The same with one field changed.
    fn with<'a>(&'a self, name: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
        let changed =
            |(field, kept): &'a (String, String)| (&**field, if field == name { value } else { &**kept });
        self.fields.iter().map(changed).collect()
    }
}

fn attr(tag: &str, name: &str) -> Option<String> {
    let value = tag.split_once(&format!(" {name}=\""))?.1.split_once('"')?.0;
    Some(value.replace("&#38;", "&").replace("&amp;", "&").replace("&#34;", "\"").replace("&#39;", "'"))
}

/// The forms of a page.
pub(crate) fn forms(page: &str) -> Vec<Form> {
    let mut found = Vec::new();
    for part in page.split("<form ").skip(1) {
        let whole = part.split("</form>").next().unwrap_or_default();
        let (head, body) = whole.split_once('>').expect("a form's tag ends");
        let Some(action) = attr(&format!(" {head}"), "action") else { continue };
        let asks = !head.contains("method=\"post\"");
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut others = Vec::new();
        for tag in body.split('<') {
            let is_field = ["input", "textarea", "select", "button"].iter().any(|kind| tag.starts_with(kind));
            others.extend(attr(tag, "formaction"));
            let Some(name) = attr(tag, "name").filter(|name| is_field && name != "mark") else { continue };
            if fields.iter().all(|(known, _)| *known != name) {
                fields.push((name, attr(tag, "value").unwrap_or_default()));
            }
        }
        let of = |action: String| Form { action, asks, fields: fields.clone() };
        found.extend(others.into_iter().chain([action]).map(of));
    }
    found
}

/// Nothing of it is on a page but as words.
#[track_caller]
fn is_harmless(what: &str, page: &Page) {
    for raw in ["<script>alert", "<img src=x", "\0", "\u{202e}", "\u{2066}"] {
        assert!(!page.text.contains(raw), "{what}: {raw:?} stands there raw");
    }
    assert!(page.text.len() < LONGEST_PAGE, "{what}: {} bytes", page.text.len());
}

/// What became of a form: refused with words, or done and leading to a page of ours.
pub(crate) async fn judge(person: &Person, what: &str, answer: Page) {
    assert!(
        !answer.status.is_server_error() || answer.status == StatusCode::SERVICE_UNAVAILABLE,
        "{what}: {answer:?}"
    );
    assert_ne!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{what}: {}", answer.text);
    is_harmless(what, &answer);
    if answer.status.is_redirection() {
        let to = answer.location().to_owned();
        assert!(to.starts_with('/') && !to.starts_with("//"), "{what} leads to {to}");
        let page = person.get(&to).await;
        assert!(!page.status.is_server_error(), "{what}: {to}: {}", page.text);
        is_harmless(what, &page);
    } else if answer.status.is_client_error() {
        assert!(
            answer.text.contains("<h1"),
            "{what} is refused without words: {} {}",
            answer.status,
            answer.text
        );
    }
}

/// The pages of one client, one thing that is owed, one letter and one draft.
pub(crate) async fn deeper(helen: &Person) -> Vec<String> {
    let clients = helen.get("/clients?by=open").await;
    let client = format!("/clients/{}", clients.between("<li class=\"line\" id=\"c-", "\""));
    let record = helen.get(&client).await;
    let entry = format!("/entries/{}", record.between("href=\"/entries/", "?"));
    let today = helen.get("/today?whose=firm&kind=answer").await;
    let owed = format!("/owed/{}", today.between("<li class=\"line\" id=\"o-", "\""));
    let begun = helen.post(&format!("{owed}/letters"), &[("purpose", "answer"), ("back", "/today")]).await;
    vec![client, entry, owed, begun.location().to_owned()]
}

#[test]
fn every_field_of_every_form_takes_words_as_words_or_refuses_them() {
    run(async {
        let house = House::new().await;
        let helen = house.person(HELEN).await;
        house.connect(HELEN).await;
        allow(&house);
        settled_in(&house, &helen).await;
        let long = "x".repeat(LONG);
        let pages: Vec<String> =
            PAGES.iter().map(|page| (*page).to_owned()).chain(deeper(&helen).await).collect();
        let mut tried = BTreeSet::new();
        for path in &pages {
            let page = helen.get(path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            let page = page.text;
            for form in forms(&page) {
                // Whoever is signed out learns nothing of the rest.
                if form.action == "/sign-out" {
                    continue;
                }
                for (name, _) in &form.fields {
                    if !tried.insert((form.shape(), name.clone())) {
                        continue;
                    }
                    for value in [HOSTILE, &long] {
                        let what = format!("{path}: {} {name} ({} bytes)", form.action, value.len());
                        judge(&helen, &what, form.send(&helen, name, value).await).await;
                    }
                }
            }
        }
        assert!(100 < tried.len(), "{tried:#?}");
        for path in &pages {
            let page = helen.get(path).await;
            assert!(!page.status.is_server_error(), "{path}: {}", page.text);
            is_harmless(path, &page);
        }
    });
}

/// A text, an absence and a subscribed calendar, so that their own forms stand on their pages; and a card that is proposed.
async fn settled_in(house: &House, helen: &Person) {
    let marcus = house.staff(MARCUS).await.0.to_string();
    for (form, fields) in [
        ("/settings/texts", vec![("name", "Fees"), ("words", "Our fees stand in the letter.")]),
        (
            "/settings/absences",
            vec![("staff", marcus.as_str()), ("from", "2026-08-01"), ("to", "2026-08-09")],
        ),
    ] {
        assert_eq!(helen.post(form, &fields).await.status, StatusCode::SEE_OTHER, "{form}");
    }
    proposed::bring(house, &proposed::card("1", "Sam Tull", "sam@vantagelettings.example")).await;
}

#[test]
fn who_knocks_with_evil_words_is_refused_in_words() {
    run(async {
        let house = House::new().await;
        let helen = house.person(HELEN).await;
        let fields = [("name", "Di Marsh"), ("email", "di@tiddfarrow.example"), ("access", "staff")];
        let invited = helen.post("/settings/people", &fields).await;
        let join = format!("/join/{}", invited.between("/join/", "<"));
        let (nobody, long) = (house.nobody(), "x".repeat(3 * LONG));
        let known = [("email", "helen@tiddfarrow.example"), ("password", "wrong"), ("to", "/today")];
        for (form, fields) in [("/sign-in", &known[..]), (&join, &[("password", "")])] {
            for (name, _) in fields {
                for value in [HOSTILE, &long] {
                    let what = format!("{form} {name} ({} bytes)", value.len());
                    let with = fields
                        .iter()
                        .map(|(field, kept)| (*field, if field == name { value } else { *kept }));
                    let answer = nobody.post_bare(form, &with.collect::<Vec<_>>()).await;
                    // The hostile words are long enough for a password; nothing else lets anybody in.
                    if form != "/sign-in" && value == HOSTILE {
                        assert_eq!(answer.location(), "/today", "{what}");
                        continue;
                    }
                    assert!(answer.status.is_client_error(), "{what}: {}", answer.status);
                    assert!(
                        answer.text.contains("<h1") && !answer.headers.contains_key("set-cookie"),
                        "{what}"
                    );
                    is_harmless(&what, &answer);
                }
            }
            let lacks = nobody.post_bare(form, &[("x", "y")]).await;
            assert!(lacks.status.is_client_error() && lacks.text.contains("<h1"), "{form}: {}", lacks.text);
        }
    });
}

#[test]
fn a_first_visit_takes_evil_words_as_words_or_refuses_them() {
    run(async {
        let house = House::empty().await;
        let nobody = house.nobody();
        let page = nobody.get("/set-up").await.ok();
        let form = forms(&page).into_iter().find(|form| form.action == "/set-up").expect("the form");
        assert!(10 < form.fields.len(), "{form:?}");
        let long = "x".repeat(3 * LONG);
        for (name, _) in &form.fields {
            for value in [HOSTILE, &long] {
                let what = format!("/set-up {name} ({} bytes)", value.len());
                let answer = nobody.post_bare("/set-up", &form.with(name, value)).await;
                // What else it asks for is not filled in, so that nobody comes in.
                assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}");
                assert!(answer.text.contains("<h1"), "{what}: {}", answer.text);
                is_harmless(&what, &answer);
            }
        }
        let sample = nobody.post_bare("/set-up/sample", &[("name", HOSTILE), ("email", &long)]).await;
        assert!(sample.status.is_client_error() && sample.text.contains("<h1"), "{}", sample.text);
        let page = nobody.get("/set-up").await.ok();
        assert!(page.contains("action=\"/set-up\""), "the firm is not set up yet");
    });
}

#[test]
fn a_made_up_form_is_read_as_a_browser_reads_it() {
    let page = "<form method=\"post\" action=\"/a/0123456789abcdef/b\"><input type=\"hidden\" name=\"mark\" value=\"m\">\
                <input name=\"x\" value=\"1 &#38; 2\"><button formaction=\"/a/c\" name=\"y\">Go</button></form>\
                <form action=\"/search\"><input name=\"q\"></form>";
    let found = forms(page);
    assert_eq!(found.iter().map(Form::shape).collect::<Vec<_>>(), ["/a/c", "/a/ID/b", "/search"]);
    assert_eq!(found.iter().map(|form| form.asks).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!(found[1].fields, [("x", "1 & 2"), ("y", "")].map(|(n, v)| (n.to_owned(), v.to_owned())));
}
