//! A telephone system is set up by keyboard on a phone: its secret, its log, the names of its columns.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::careful::sideways;
use crate::house::{Door, HELEN, House};
use crate::keyboard::{DELETE, ENTER, fill, press};
use crate::page::{Look, Page};
use crate::story;

const HERE: &str = "/settings/telephone";

async fn at_the_telephone(house: &House) -> Page {
    let page = house.browser_of(HELEN, Look::PHONE).await;
    page.go(HERE).await;
    assert_eq!(sideways(&page).await, 0, "nothing scrolls sideways");
    page
}

/// A contact of the sample firm who has a number: the client's id in its list, and the number.
fn number(house: &House) -> (String, String) {
    let contacts = house.file("contacts.csv");
    let mut rows = contacts.lines().skip(1).map(|line| (line.split(',').next(), line.rsplit(',').next()));
    let (client, number) = rows.find(|(_, number)| number.is_some_and(|n| 8 < n.len())).expect("a number");
    (client.unwrap_or_default().to_owned(), number.unwrap_or_default().to_owned())
}

/// Tells of a call as a telephone system does; gives the status.
async fn tell(page: &Page, hook: &str, secret: &str, from: &str) -> i64 {
    let now = regard::clock::now();
    let body = format!("{{\"time\":\"{now}\",\"from\":\"{from}\",\"to\":\"201\",\"direction\":\"in\"}}");
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(format!("{}.{body}", now.as_second()).as_bytes());
    let digits: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let signature = format!("t={},v1={digits}", now.as_second());
    let script = "const [hook, signature, body, done] = arguments; \
        fetch('/api/v1/calls', { method: 'POST', credentials: 'omit', body, \
            headers: { 'regard-hook': hook, 'regard-signature': signature } }).then(r => done(r.status))";
    let arguments = vec![hook.into(), signature.into(), body.into()];
    page.client.execute_async(script, arguments).await.expect("an answer").as_i64().expect("a status")
}

#[test]
fn a_system_gets_its_secret_by_keyboard_tells_of_a_call_and_is_taken_away() {
    story(Door::Locked, async |house| {
        let page = at_the_telephone(&house).await;
        fill(&page, "[action='/settings/telephone'] [name=name]", "Reception").await;
        press(&page, "[action='/settings/telephone'] button").await;
        let shown = page.see("section.notice pre.copy").await.text().await.expect("what is shown once");
        let (hook, secret) = shown.split_once('\n').expect("two lines");
        let hook = hook.trim_start_matches("Regard-Hook: ").trim();
        let secret = secret.trim_start_matches("Secret: ").trim();
        assert_eq!(sideways(&page).await, 0, "the secret is not wider than the phone");
        page.go(HERE).await;
        page.read("main", "has told of none yet").await;
        let page_again = page.client.source().await.expect("the page");
        assert!(!page_again.contains(secret), "it is shown once");

        let (_, number) = number(&house);
        page.go("/today?whose=firm&kind=callback").await;
        let before = page.lines().await.len();
        assert_eq!(tell(&page, hook, "another secret", &number).await, 401);
        assert_eq!(tell(&page, hook, secret, &number).await, 200);
        page.until("the call that nobody took", async || {
            page.go("/today?whose=firm&kind=callback").await;
            before < page.lines().await.len()
        })
        .await;
        page.go(HERE).await;
        page.read("main", "told of a call").await;
        press(&page, "form[action$='/removing'] button").await;
        page.read(".notice", "It tells of no call any more").await;
        page.miss("form[action$='/removing']").await;
        assert_eq!(tell(&page, hook, secret, &number).await, 401, "its secret is worth nothing");
    });
}

#[test]
fn a_log_is_followed_by_keyboard_where_it_may_be_and_no_more() {
    story(Door::Locked, async |house| {
        let page = at_the_telephone(&house).await;
        let path = "[action='/settings/telephone/logs'] [name=path]";
        fill(&page, path, "/etc/passwd").await;
        page.type_keys(ENTER).await;
        page.read("[data-refused]", "does not lie in").await;
        let (_, number) = number(&house);
        let log = house.calls_folder().join("calls.csv");
        let now = regard::clock::now();
        std::fs::write(
            &log,
            format!("time,from,to,direction,answered,seconds\n{now},{number},201,in,no,0\n"),
        )
        .expect("a log");
        page.go(HERE).await;
        fill(&page, path, &log.display().to_string()).await;
        page.type_keys(ENTER).await;
        page.read(".notice", "It is followed from its first line on").await;
        page.until("its call", async || {
            page.go(HERE).await;
            page.text("main .person").await.contains("1 call in the record")
        })
        .await;
        assert_eq!(sideways(&page).await, 0, "a long path is not wider than the phone");
        press(&page, "[action*='/telephone/logs/'] button").await;
        page.read(".notice", "It is not followed any more. What was read of it stays").await;
        page.miss("main .person").await;
    });
}

#[test]
fn the_columns_of_a_system_are_named_by_keyboard_wrongly_rightly_and_not_at_all() {
    story(Door::Locked, async |house| {
        let page = at_the_telephone(&house).await;
        let form = "[action='/settings/telephone/columns']";
        let open = "details.shows > summary";
        press(&page, open).await;
        fill(&page, &format!("{form} [name=time]"), "Date+Time").await;
        page.type_keys(ENTER).await;
        page.read("[data-refused]", "columns").await;
        page.go(HERE).await;
        press(&page, open).await;
        for (name, theirs) in [("time", "Date+Time"), ("from", "Caller"), ("to", "Called")] {
            fill(&page, &format!("{form} [name={name}]"), theirs).await;
        }
        page.type_keys(ENTER).await;
        page.read(".notice", "It is kept").await;
        page.see("details.shows[open]").await;
        assert_eq!(page.attr(&format!("{form} [name=from]"), "value").await, "Caller");
        for name in ["time", "from", "to"] {
            fill(&page, &format!("{form} [name={name}]"), DELETE).await;
        }
        press(&page, &format!("{form} button")).await;
        page.read(".notice", "It is kept").await;
        page.miss("details.shows[open]").await;
    });
}
