//! Who may do what with a calendar elsewhere, and where connections may go.

use std::io::{Read, Write};
use std::net::TcpListener;

use axum::http::StatusCode;
use regard::app::outside::Allowed;
use regard::db::Durability;
use regard::ids::SubscriptionId;
use regard::mailboxes::secret::Keys;
use regard::subscriptions::{Folder, Kind, Marks, Subscription, store};
use wire::net::{Limits, Reach};

use crate::correspondents::firm;
use crate::house::{FIRM, House, run};

const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

fn allow(house: &House, reach: Reach) {
    let variable = |name: &str| (name == "REGARD_KEY").then(|| KEY.to_owned());
    let keys = Keys::find(None, variable, false).expect("keys");
    let limits = Limits { connect: std::time::Duration::from_secs(2), ..Limits::default() };
    house.app.outside.allow(Allowed { keys: Ok(keys), reach, call_logs: Vec::new(), limits, works: true });
}

/// A server that gives everybody the same calendar.
fn calendar() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let _ = stream.read(&mut [0; 4096]);
            let text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n";
            let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{text}", text.len());
        }
    });
    format!("http://localhost:{port}/key-4711/amy.ics")
}

async fn stored(house: &House) -> Vec<Subscription> {
    store::all(&mut house.app.db.read().await.expect("a transaction"), FIRM).await.expect("all")
}

#[test]
fn a_calendar_is_its_owners_and_an_owner_of_the_firm_sees_only_how_it_does() {
    run(async {
        let house = firm().await;
        allow(&house, Reach::Private);
        let (amy, bo) = (house.person("Amy").await, house.person("Bo").await);
        house.give_access("Amy", "staff").await;
        let form = |address: &str| {
            [("kind", "feed"), ("name", "Mine")]
                .map(|(a, b)| (a, b.to_owned()))
                .into_iter()
                .chain([("address", address.to_owned())])
                .collect::<Vec<_>>()
        };
        let subscribe = async |who: &crate::house::Person, address: &str, more: &[(&str, &str)]| {
            let form = form(address);
            let mut fields: Vec<(&str, &str)> =
                form.iter().map(|(name, value)| (*name, value.as_str())).collect();
            fields.extend(more);
            who.post("/settings/subscriptions", &fields).await
        };
        let address = calendar();
        // What is no calendar is not kept, and only owners of the firm close it.
        let refused = subscribe(&amy, "http://localhost:1/x.ics", &[]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("Nothing was kept"), "{}", refused.text);
        let refused = subscribe(&amy, &address, &[("closes", "1")]).await;
        assert!(refused.status.is_client_error() && stored(&house).await.is_empty());
        let done = subscribe(&amy, &address, &[]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let all = stored(&house).await;
        let path = |what: &str| format!("/settings/subscriptions/{}/{what}", all[0].id.0);
        let page = amy.get("/settings/calendar").await.ok();
        assert!(page.contains("Mine") && page.contains("localhost") && !page.contains("key-4711"), "{page}");

        // Why what she owes is not written there stands there until it is, whatever is read meanwhile.
        let shown_after = async |refused: Option<&str>| {
            let (id, now) = (all[0].id, house.app.now());
            let mut tx = house.app.db.write(Durability::Act).await.unwrap();
            store::refused(&mut tx, FIRM, id, refused, now).await.unwrap();
            store::fetched(&mut tx, FIRM, id, &Marks::default(), None, now).await.unwrap();
            tx.commit().await.unwrap();
            amy.get("/settings/calendar").await.ok()
        };
        let page = shown_after(Some("403, this may not be read")).await;
        assert!(page.contains("What you owe is not written there since") && page.contains("403"), "{page}");
        let page = shown_after(None).await;
        assert!(page.contains("In step.") && !page.contains("not written there"), "{page}");

        // Somebody else finds nothing of it; an owner of the firm how it does, and can let it rest.
        house.give_access("Bo", "staff").await;
        assert!(!bo.get("/settings/calendar").await.ok().contains("Mine"));
        let all_acts = [("rest", ("paused", "1")), ("login", ("password", "x")), ("folders", ("x", "x"))];
        for (what, field) in all_acts.into_iter().chain([
            ("test", ("x", "x")),
            ("writing", ("folder", "")),
            ("removing", ("x", "x")),
        ]) {
            assert_eq!(bo.post(&path(what), &[field]).await.status, StatusCode::NOT_FOUND, "{what}");
        }
        house.give_access("Bo", "owner").await;
        let page = bo.get("/settings/calendar").await.ok();
        assert!(page.contains("Amy Quill") && !page.contains("localhost"), "{page}");
        for (what, field) in [("login", ("password", "x")), ("folders", ("x", "x")), ("test", ("x", "x"))] {
            assert_eq!(bo.post(&path(what), &[field]).await.status, StatusCode::NOT_FOUND, "{what}");
        }
        bo.post(&path("rest"), &[("paused", "1")]).await;
        assert!(stored(&house).await[0].paused);

        // Whoever may only look changes nothing.
        house.give_access("Amy", "read_only").await;
        assert!(amy.post(&path("removing"), &[]).await.status.is_client_error());
        house.give_access("Amy", "staff").await;
        assert!(amy.get(amy.post(&path("test"), &[]).await.location()).await.ok().contains("can be read"));
        amy.post(&path("removing"), &[]).await;
        assert!(stored(&house).await.is_empty());
        let log = bo.get("/settings/log").await.ok();
        assert!(
            log.contains("subscribed") && log.contains("disconnected") && !log.contains("key-4711"),
            "{log}"
        );
    });
}

#[test]
fn no_form_reaches_into_the_network_of_the_machine() {
    run(async {
        let house = firm().await;
        allow(&house, Reach::Public);
        let amy = house.person("Amy").await;
        let address = calendar();
        let inside = [
            address.as_str(),
            "https://127.0.0.1/x.ics",
            "https://[::1]/x.ics",
            "https://169.254.169.254/latest",
            "https://localhost:22/",
            "http://example.com/x.ics",
            "file:///etc/passwd",
        ];
        for address in inside {
            for kind in ["feed", "caldav", "carddav"] {
                let fields = [("kind", kind), ("address", address), ("user", "amy"), ("password", "x")];
                let refused = amy.post("/settings/subscriptions", &fields).await;
                assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{address}: {}", refused.text);
            }
        }
        assert!(stored(&house).await.is_empty());
    });
}

#[test]
fn contacts_are_written_only_where_whose_address_book_it_is_says_so() {
    run(async {
        let house = firm().await;
        allow(&house, Reach::Public);
        house.give_access("Amy", "owner").await;
        let (amy, bo) = (house.person("Amy").await, house.person("Bo").await);
        let id = SubscriptionId(4711);
        let book = Subscription {
            id,
            user: "bo".to_owned(),
            ..Subscription::new(
                house.staff("Bo").await,
                Kind::AddressBooks,
                "Bo’s account".to_owned(),
                "https://dav.away.example/".to_owned(),
            )
        };
        let path = "https://dav.away.example/bo/people/".to_owned();
        let folder = Folder { path: path.clone(), name: "People".to_owned(), chosen: true, token: None };
        let (now, marks) = (house.app.now(), Marks::default());
        let mut tx = house.app.db.write(Durability::Act).await.unwrap();
        store::add(&mut tx, FIRM, &book, now).await.unwrap();
        store::folder(&mut tx, FIRM, id, &folder).await.unwrap();
        store::fetched(&mut tx, FIRM, id, &marks, Some(now), now).await.unwrap();
        tx.commit().await.unwrap();
        let page = bo.get("/settings/calendar").await;
        let form = page.between("Write clients’ contacts", "</details>").to_owned();
        assert!(form.contains(&format!("value=\"{path}\">People")), "it is off: {form}");
        assert!(!page.text.contains("Write what I owe"), "an address book takes no events: {}", page.text);

        let mut tx = house.app.db.write(Durability::Act).await.unwrap();
        store::write_to(&mut tx, FIRM, id, Some(&path)).await.unwrap();
        store::refused(&mut tx, FIRM, id, Some("it says no (403)"), now).await.unwrap();
        tx.commit().await.unwrap();
        let page = bo.get("/settings/calendar").await.ok();
        assert!(page.contains(&format!("value=\"{path}\" selected>People")), "{page}");
        assert!(page.contains("Contacts are not written there since"), "{page}");
        assert!(
            page.contains("Clients’ contacts are written into “People”"),
            "whoever looks sees it: {page}"
        );
        let writing = format!("/settings/subscriptions/{}/writing", id.0);
        let foreign = amy.post(&writing, &[("folder", "")]).await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND, "it is Bo’s, whoever owns the firm");
        let off = bo.post(&writing, &[("folder", "")]).await;
        assert!(off.location().contains("nothing%20is%20written%20there"), "{}", off.location());
        assert_eq!(stored(&house).await[0].writes_to, None);
        assert!(house.log().await.iter().any(|(act, _)| act == "writes_address_book"));
    });
}

#[test]
fn an_account_is_signed_in_to_with_what_an_owner_set_up_and_again_by_whose_it_is() {
    run(async {
        let house = firm().await;
        allow(&house, Reach::Private);
        let (amy, bo) = (house.person("Amy").await, house.person("Bo").await);
        house.give_access("Amy", "owner").await;
        house.give_access("Bo", "staff").await;
        amy.post("/settings/reminders/sender", &[("web", "https://regard.firm.example")]).await;
        let ours = [
            ("provider", "other"),
            ("name", "Ours"),
            ("client_id", "firm-17"),
            ("authorize", "https://login.away.example/authorize"),
            ("token", "https://login.away.example/token"),
            ("calendar_scopes", "calendars offline"),
        ];
        amy.post("/settings/sign-ins", &ours).await;
        assert!(amy.get("/settings/sign-ins").await.ok().contains("For calendars; https://login"));
        // A mailbox is not signed in to with it.
        let mailbox = amy.get("/settings/connections/new?address=amy@away.example").await.ok();
        assert!(!mailbox.contains("Sign in with Ours"), "{mailbox}");
        let page = bo.get("/settings/calendar").await;
        assert!(page.text.contains("with Ours") && !page.text.contains("by a code on"), "{}", page.text);
        let issuer = page.text.split("\">with Ours").next().and_then(|before| before.rsplit('"').next());
        let issuer = issuer.expect("a number").to_owned();
        let wants = async |kind: &str, address: &str| {
            let fields = [("kind", kind), ("address", address), ("oauth", issuer.as_str()), ("name", "Work")];
            bo.post("/settings/subscriptions", &fields).await
        };
        let refused = wants("carddav", "https://dav.away.example/").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("signs in to no address books"), "{}", refused.text);
        let begun = wants("caldav", "https://dav.away.example/").await;
        let path = begun.location().to_owned();
        assert!(path.starts_with("/settings/signing-in/"), "{}", begun.text);
        let page = bo.get(&path).await.ok().replace("&#38;", "&").replace("&amp;", "&");
        for part in ["Sign in to Work", "scope=calendars+offline", "href=\"/settings/calendar\">Leave it"] {
            assert!(page.contains(part), "{part} in {page}");
        }
        assert!(stored(&house).await.is_empty(), "nothing is kept before it was read");
        let state = page.split("state=").nth(1).and_then(|rest| rest.split('&').next()).unwrap().to_owned();
        let no = bo.get(&format!("/settings/signed-in?error=access_denied&state={state}")).await;
        assert!(no.location().starts_with("/settings/calendar?") && no.location().contains("access_denied"));

        // One that is followed is signed in to again by whose it is, and what signs in to it stays.
        let (mine, id) = (house.staff("Bo").await, regard::ids::SubscriptionId(4711));
        let mut tx = house.app.db.write(Durability::Act).await.unwrap();
        let secret = house.app.outside.keys().unwrap();
        let one = Subscription {
            id,
            signs_in: regard::mailboxes::SecretKind::OAuth,
            secret: regard::subscriptions::seal(secret, FIRM, id, &wire::net::Secret::new("{}")).unwrap(),
            oauth: issuer.parse().ok(),
            reach: Reach::Private,
            ..Subscription::new(
                mine,
                Kind::Calendars,
                "Work".to_owned(),
                "https://dav.away.example/".to_owned(),
            )
        };
        store::add(&mut tx, FIRM, &one, house.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let page = bo.get("/settings/calendar").await.ok();
        assert!(page.contains("Sign in again") && !page.contains("New password"), "{page}");
        let again = "/settings/subscriptions/4711/signing-in";
        assert_eq!(amy.post(again, &[("oauth", &issuer)]).await.status, StatusCode::NOT_FOUND);
        let begun = bo.post(again, &[("oauth", &issuer)]).await;
        assert!(begun.location().starts_with("/settings/signing-in/"), "{}", begun.text);
        let kept = amy.post(&format!("/settings/sign-ins/{issuer}/removing"), &[]).await;
        assert!(kept.status.is_client_error() && kept.text.contains("calendars"), "{}", kept.text);
    });
}
