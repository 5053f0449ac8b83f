//! What goes by itself, and how it is set up: the holding reply, and signing in by OAuth 2.

use axum::http::StatusCode;
use regard::app::outside::Allowed;
use regard::mailboxes::secret::Keys;
use wire::net::{Limits, Reach};

use crate::correspondents::firm;
use crate::house::{House, Person, run};

pub(crate) const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
pub(crate) const SECRET: &str = "a secret of the firm";

#[test]
fn an_owner_writes_the_holding_reply_sees_what_a_client_gets_and_switches_it_on() {
    run(async {
        let house = House::new().await;
        let (helen, marcus) = (house.person("Helen").await, house.person("Marcus").await);
        house.give_access("Helen", "owner").await;
        house.give_access("Marcus", "staff").await;
        let here = "/settings/holding";
        assert!(marcus.get(here).await.status.is_client_error(), "not for staff");
        let page = helen.get(here).await.ok();
        assert!(
            page.contains("nothing is sent before you keep them") && page.contains("{by when}"),
            "{page}"
        );
        assert!(page.contains("If they wrote") && page.contains("It is read as: they hear by"), "{page}");
        assert!(!page.contains("name=\"on\" value=\"1\" checked"), "it is off");
        let without = [("words", "You will hear from us soon."), ("on", "1")];
        let refused = helen.post(here, &without).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        let words = "Dear {contact first name},\n\nYou will hear from {who answers} by {by when}.\n\n{firm}";
        assert!(marcus.post(here, &[("words", words), ("on", "1")]).await.status.is_client_error());
        let kept = helen.post(here, &[("words", words), ("on", "1")]).await;
        let page = helen.get(kept.location()).await.ok();
        assert!(page.contains("name=\"on\" value=\"1\" checked"), "{page}");
        assert!(page.contains("Nothing has been sent by itself."), "{page}");
        let client = page.split("<option value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let of = format!("{here}?client={}", regard::web::trouble::form_urlencoded(client));
        assert!(helen.get(&of).await.ok().contains("You will hear from "));
        assert!(helen.get(&format!("{here}?client=nobody")).await.ok().contains("is no client of the firm"));
        // Whom a wall hides is no example either.
        let card = house.client(&client.replace("&#38;", "&").replace("&#39;", "'")).await;
        house.wall("Helen", card.id).await;
        assert!(helen.get(&of).await.ok().contains("is no client of the firm"));
        let log = house.log().await;
        assert!(
            log.iter().any(|(act, said)| act == "switched_on_holding_reply" && said.contains("{by when}"))
        );
        helen.post(here, &[("words", words)]).await;
        assert!(!helen.get(here).await.ok().contains("name=\"on\" value=\"1\" checked"));
    });
}

pub(crate) fn allow(house: &House) {
    let variable = |name: &str| (name == "REGARD_KEY").then(|| KEY.to_owned());
    let keys = Ok(Keys::find(None, variable, false).expect("keys"));
    let limits = Limits { connect: std::time::Duration::from_secs(2), ..Limits::default() };
    house.app.outside.allow(Allowed {
        keys,
        reach: Reach::Public,
        call_logs: Vec::new(),
        limits,
        works: true,
    });
}

/// A server of the firm's own, as an owner enters it.
pub(crate) const ISSUER: [(&str, &str); 7] = [
    ("provider", "other"),
    ("name", "Ours"),
    ("client_id", "firm-17"),
    ("secret", SECRET),
    ("authorize", "https://login.away.example/authorize"),
    ("token", "https://login.away.example/token"),
    ("scopes", "mail offline"),
];

/// The form of a mailbox that somebody signs in to.
async fn begin(person: &Person, issuer: &str, imap: &str) -> crate::house::Page {
    let fields = [
        ("oauth", issuer),
        ("address", "amy@away.example"),
        ("imap", imap),
        ("imap_port", "993"),
        ("imap_security", "tls"),
        ("smtp", "smtp.away.example"),
        ("smtp_port", "465"),
        ("smtp_security", "tls"),
        ("password", ""),
    ];
    person.post("/settings/connections/signing-in", &fields).await
}

#[test]
fn a_sign_in_is_set_up_by_an_owner_and_begun_by_whose_mailbox_it_is() {
    run(async {
        let house = firm().await;
        allow(&house);
        let (amy, bo) = (house.person("Amy").await, house.person("Bo").await);
        house.give_access("Bo", "staff").await;
        house.give_access("Amy", "owner").await;
        let here = "/settings/sign-ins";
        assert!(bo.get(here).await.status.is_client_error(), "not for staff");
        assert!(bo.post(here, &ISSUER).await.status.is_client_error());
        let page = amy.get(here).await.ok();
        assert!(page.contains("First say under which address"), "{page}");
        amy.post("/settings/reminders/sender", &[("web", "https://regard.firm.example")]).await;
        for (name, value) in [("token", "ftp://x"), ("client_id", ""), ("authorize", "javascript:alert(1)")] {
            let mut wrong = ISSUER.to_vec();
            wrong.iter_mut().filter(|field| field.0 == name).for_each(|field| field.1 = value);
            let refused = amy.post(here, &wrong).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", refused.text);
        }
        amy.post(here, &ISSUER).await;
        let page = amy.get(here).await.ok();
        assert!(page.contains("https://regard.firm.example/settings/signed-in"), "{page}");
        assert!(page.contains("firm-17, with a secret") && !page.contains(SECRET), "{page}");

        let page = amy.get("/settings/connections/new?address=amy@away.example").await;
        let issuer = page.between("name=\"oauth\" value=\"", "\"").to_owned();
        assert!(page.text.contains("Sign in with Ours"), "{}", page.text);
        // Into the network of the machine nothing is signed in to.
        assert!(begin(&amy, &issuer, "imap.away.example:22/x").await.status.is_client_error());
        let begun = begin(&amy, &issuer, "imap.away.example").await;
        let path = begun.location().to_owned();
        assert!(path.starts_with("/settings/signing-in/"), "{}", begun.text);
        let page = amy.get(&path).await.ok().replace("&#38;", "&").replace("&amp;", "&");
        for part in [
            "https://login.away.example/authorize?response_type=code&client_id=firm-17",
            "redirect_uri=https%3A%2F%2Fregard.firm.example%2Fsettings%2Fsigned-in",
            "code_challenge_method=S256",
            "<b>login.away.example</b>",
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
        assert!(!page.contains(SECRET));
        // It is hers alone, and an answer with another state is nobody's.
        assert_eq!(bo.get(&path).await.status, StatusCode::NOT_FOUND);
        let state = page.split("state=").nth(1).and_then(|rest| rest.split('&').next()).unwrap().to_owned();
        for (who, state) in [(&amy, "0".repeat(64)), (&bo, state.clone()), (&amy, String::new())] {
            let back = who.get(&format!("/settings/signed-in?code=x&state={state}")).await;
            assert!(back.location().contains("Not%20signed%20in"), "{}", back.text);
        }
        // Refused there, it is said here, and the sign-in is used up.
        let no = amy.get(&format!("/settings/signed-in?error=access_denied&state={state}")).await;
        assert!(no.location().contains("access_denied"), "{}", no.location());
        let again = amy.get(&format!("/settings/signed-in?code=x&state={state}")).await;
        assert!(again.location().contains("used%20already"), "{}", again.location());
        assert_eq!(amy.get(&path).await.status, StatusCode::NOT_FOUND);
        let log = amy.get("/settings/log").await.ok();
        assert!(log.contains("added sign in") && !log.contains(SECRET), "{log}");
        amy.post(&format!("{here}/{issuer}/removing"), &[]).await;
        assert!(amy.get(here).await.ok().contains("None is set up"));
    });
}
