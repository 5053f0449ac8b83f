//! A sign-in that is set up is given a new secret, or changed, by an owner.

use axum::http::StatusCode;
use regard::access::sessions;
use regard::db::Durability;
use regard::ids::{MailboxId, SubscriptionId};
use regard::mailboxes::oauth::store;
use regard::mailboxes::secret::Keys;
use regard::mailboxes::{SecretKind, TroubleKind};
use regard::subscriptions::{self, Kind, Subscription};
use wire::net::Secret;

use crate::alone::{ISSUER, KEY, SECRET, allow};
use crate::correspondents::firm;
use crate::house::{FIRM, House, run};

const NEXT: &str = "the next secret of the firm";

/// The secret that is kept.
async fn kept(house: &House) -> Option<String> {
    let variable = |name: &str| (name == "REGARD_KEY").then(|| KEY.to_owned());
    let keys = Keys::find(None, variable, false).expect("keys");
    let mut tx = house.app.db.read().await.expect("a transaction");
    let issuer = store::issuers(&mut tx, FIRM).await.expect("issuers").remove(0);
    let open = |sealed| keys.open(FIRM, MailboxId(issuer.id), sealed).expect("opened").reveal().to_owned();
    issuer.secret.as_ref().map(open)
}

/// Bo follows a calendar that is signed in to with it, and it is let in no more.
async fn a_calendar_is_let_in_no_more(house: &House, issuer: i64) {
    let id = SubscriptionId(4711);
    let (bo, keys) = (house.staff("Bo").await, house.app.outside.keys().expect("keys"));
    let place = "https://dav.away.example/".to_owned();
    let one = Subscription {
        id,
        signs_in: SecretKind::OAuth,
        secret: subscriptions::seal(keys, FIRM, id, &Secret::new("{}")).expect("sealed"),
        oauth: Some(issuer),
        ..Subscription::new(bo, Kind::Calendars, "Work".to_owned(), place)
    };
    let (words, now) = ("Ours does not take the firm’s id or its secret any more", house.app.now());
    let mut tx = house.app.db.write(Durability::Act).await.expect("a transaction");
    subscriptions::store::add(&mut tx, FIRM, &one, now).await.expect("kept");
    subscriptions::store::failed(&mut tx, FIRM, id, words, TroubleKind::Issuer, now).await.expect("noted");
    tx.commit().await.expect("written");
}

#[test]
fn an_owner_gives_a_sign_in_its_new_secret_which_nobody_sees_and_nobody_signs_in_again() {
    run(async {
        let house = firm().await;
        allow(&house);
        let (amy, bo) = (house.person("Amy").await, house.person("Bo").await);
        house.give_access("Bo", "staff").await;
        house.give_access("Amy", "owner").await;
        amy.post("/settings/sign-ins", &ISSUER).await;
        let list = amy.get("/settings/sign-ins").await;
        let here = format!("/settings/sign-ins/{}", list.between("href=\"/settings/sign-ins/", "\""));
        let id: i64 = here.rsplit('/').next().and_then(|id| id.parse().ok()).expect("a number");
        a_calendar_is_let_in_no_more(&house, id).await;
        let list = amy.get("/settings/sign-ins").await.ok();
        assert!(list.contains("does not take the firm’s id or its secret any more"), "{list}");
        let page = amy.get(&here).await.ok();
        assert!(page.contains("value=\"firm-17\"") && !page.contains(SECRET), "{page}");
        assert!(
            page.contains("everybody signs in again") && page.contains("1 account of calendars"),
            "{page}"
        );

        // What the page gives, with another secret.
        let all = |secret: &'static str, id: &'static str| {
            [("secret", secret), ("client_id", id), ("name", "Ours"), ("scopes", "mail offline")]
        };
        assert!(bo.get(&here).await.status.is_client_error(), "not for staff");
        assert!(bo.post(&here, &all(NEXT, "firm-17")).await.status.is_client_error());
        let done = amy.post(&here, &all("", "firm-17")).await;
        assert!(amy.get(done.location()).await.ok().contains("Nothing about Ours is other"));
        assert_eq!(kept(&house).await.as_deref(), Some(SECRET), "an empty field keeps it");
        let done = amy.post(&here, &all(NEXT, "firm-17")).await;
        let page = amy.get(done.location()).await.ok();
        assert!(
            page.contains("a new secret. Whoever is signed in stays so.") && !page.contains(NEXT),
            "{page}"
        );
        assert_eq!(kept(&house).await.as_deref(), Some(NEXT));
        let mut tx = house.app.db.read().await.expect("a transaction");
        let one = subscriptions::store::one(&mut tx, FIRM, SubscriptionId(4711)).await.expect("it is there");
        tx.commit().await.expect("read");
        assert_eq!(one.next(), jiff::Timestamp::MIN, "it is tried at once");

        // Another id: the secret of the one before is none of its.
        let refused = amy.post(&here, &all("", "firm-18")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        assert!(refused.text.contains("belongs to the client id that was here before"), "{}", refused.text);
        let done = amy.post(&here, &all(SECRET, "firm-18")).await;
        let page = amy.get(done.location()).await.ok();
        assert!(
            page.contains("Everybody signs in again: 1 account of calendars or address books."),
            "{page}"
        );
        let none = [&all("", "firm-18")[..], &[("no_secret", "1")]].concat();
        amy.post(&here, &none).await;
        assert_eq!(kept(&house).await, None);
        assert_eq!(amy.post(&here, &all("", "")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(amy.get("/settings/sign-ins/1").await.status, StatusCode::NOT_FOUND);

        let log = house.log().await;
        let log: Vec<_> =
            log.iter().filter(|(act, _)| act == "changed_sign_in").map(|(_, said)| said).collect();
        let said =
            ["Ours: a new secret", "Ours: a new secret, another client id", "Ours: no secret any more"];
        assert!(said.iter().all(|said| log.iter().any(|line| line == said)), "{log:?}");
        assert_eq!(log.len(), said.len());
    });
}

#[test]
fn a_secret_that_is_handed_in_after_the_session_ended_is_kept_nowhere() {
    run(async {
        let house = firm().await;
        allow(&house);
        let amy = house.person("Amy").await;
        house.give_access("Amy", "owner").await;
        let staff = house.staff("Amy").await;
        let mut tx = house.app.db.write(Durability::Act).await.expect("a transaction");
        sessions::close_all(&mut tx, FIRM, staff).await.expect("they end");
        tx.commit().await.expect("written");
        let late = amy.post("/settings/sign-ins", &ISSUER).await;
        assert_eq!(late.location(), "/sign-in?to=/");
        let without: Vec<_> = ISSUER.into_iter().filter(|(name, _)| *name != "secret").collect();
        let late = amy.post("/settings/sign-ins", &without).await;
        assert_eq!(late.location(), "/sign-in?to=/again", "what is no secret is offered again");
    });
}
