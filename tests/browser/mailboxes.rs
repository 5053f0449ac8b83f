//! Mailboxes are connected, and looked after, in the browser alone.

use std::time::{Duration, Instant};

use crate::cyrus::{Cyrus, SECRET};
use crate::dovecot::{Dovecot, PASSWORD};
use crate::house::{Door, HELEN, House, MARCUS};
use crate::keyboard::press;
use crate::page::{Look, Page};
use crate::sink::{Sink, Ways};
use crate::story;

/// A letter of today that asks for something.
fn letter(n: u32, from: &str) -> String {
    let now = regard::clock::now().to_zoned(jiff::tz::TimeZone::UTC);
    let date = jiff::fmt::rfc2822::to_string(&now).expect("a date");
    format!(
        "From: <{from}>\nTo: Helen Farrow <{HELEN}>, alice@example.org\nSubject: The boundary wall, part {n}\n\
         Message-ID: <wall-{n}@tests.example>\nDate: {date}\n\nDear Helen,\n\n\
         Could you send me the surveyor's report on the wall, please?\n"
    )
}

/// A contact of a client of the sample firm.
fn contact(house: &House) -> String {
    let contacts = house.file("contacts.csv");
    let email = |line: &str| line.split(',').find(|field| field.contains('@')).map(str::to_owned);
    contacts.lines().skip(1).find_map(email).expect("a contact with an address")
}

async fn fill(page: &Page, name: &str, text: &str) {
    let field = page.see(&format!("main [name={name}]:not([type=hidden])")).await;
    if field.tag_name().await.expect("a field") == "select" {
        field.select_by_value(text).await.expect("a choice");
    } else {
        field.clear().await.expect("a field");
        field.send_keys(text).await.expect("a field");
    }
}

/// Fills in the servers and the password.
pub(crate) async fn fill_in(page: &Page, server: &Dovecot, sink: &Sink, password: &str) {
    fill(page, "password", password).await;
    for (name, port) in [("imap", server.imap), ("smtp", sink.port)] {
        fill(page, name, "localhost").await;
        fill(page, &format!("{name}_port"), &port.to_string()).await;
        fill(page, &format!("{name}_security"), "plain").await;
    }
    press(page, "main form.fields details summary").await;
    fill(page, "user", "alice").await;
    press(page, "main button.first").await;
}

#[test]
fn somebody_connects_a_mailbox_and_a_letter_stands_on_today_five_seconds_after_it_arrives() {
    story(Door::Locked, async |house| {
        let (server, sink) = (Dovecot::start(), Sink::start(Ways::default()));
        let page = house.browser_of(HELEN, Look::DESK).await;
        page.go("/settings/mailboxes").await;
        fill(&page, "address", "alice@example.org").await;
        press(&page, "main form[action='/settings/connections/new'] button").await;
        assert_eq!(page.attr("main [name=imap]", "value").await, "imap.example.org");

        // A wrong password is told, and nothing is kept.
        fill_in(&page, &server, &sink, "wrong").await;
        page.read(".trouble", "refused the login").await;
        assert_eq!(page.attr("main [name=password]", "value").await, "");
        assert!(house.regard(&["connect", "list"]).contains("No mailbox is connected"));

        fill(&page, "password", PASSWORD).await;
        press(&page, "main button.first").await;
        page.read("h2", "Folders of alice@example.org").await;
        assert!(page.text("main").await.contains("Both logins work"));
        assert!(page.has("[name='f:INBOX']:checked").await && page.has("[name='f:Sent']:checked").await);
        assert!(!page.has("[name='f:Junk']").await && !page.has("[name='f:Drafts']").await);
        press(&page, "main button.first").await;
        page.read(".notice", "alice@example.org is fetched from now on").await;
        page.read(".mailbox .standing", "Waiting for mail").await;

        let today = house.browser_of(HELEN, Look::DESK).await;
        today.go("/today?whose=firm").await;
        let before = today.lines().await.len();
        server.deliver("alice", &letter(1, &contact(&house)));
        let begun = Instant::now();
        today.until("the letter", async || today.text("main").await.contains("surveyor's report")).await;
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(5), "{took:?}");
        assert!(before <= today.lines().await.len());

        // Another person sees nothing of how it is reached; an owner sees how it does.
        let marcus = house.browser_of(MARCUS, Look::PHONE).await;
        marcus.go("/settings/mailboxes").await;
        assert!(!marcus.text("main").await.contains("localhost"));
    });
}

#[test]
fn somebody_connects_a_mailbox_by_jmap_after_a_password_that_was_refused_in_words() {
    story(Door::Locked, async |house| {
        let sink = Sink::start(Ways::default());
        let server = Cyrus::start(sink.port);
        server.deliver("alice", &[letter(1, "may@aunts.example")]);
        let page = house.browser_of(HELEN, Look::PHONE).await;
        page.go("/settings/mailboxes").await;
        fill(&page, "address", "alice@example.org").await;
        page.click("main form[action='/settings/connections/new'] button").await;
        page.click("main a[href*='by=jmap']").await;
        page.see("main [name=jmap]").await;
        assert_eq!(page.attr("main [name=jmap]", "value").await, "example.org", "its domain may tell");
        assert!(!page.has("main [name=imap]").await);

        fill(&page, "jmap", &server.url()).await;
        fill(&page, "password", "wrong").await;
        page.click("main form.fields details:last-of-type summary").await;
        fill(&page, "user", "alice").await;
        page.click("main form.fields p button.first").await;
        page.read(".trouble", "refused the login").await;
        page.read(".trouble", "Nothing was kept").await;
        assert_eq!(page.attr("main [name=password]", "value").await, "", "it is typed again");
        assert_eq!(page.attr("main [name=jmap]", "value").await, server.url(), "and nothing else is");
        assert!(house.regard(&["connect", "list"]).contains("No mailbox is connected"));

        // A mailbox that nobody shares with her: those that there are are told.
        page.click("main form.fields details:first-of-type summary").await;
        fill(&page, "account", "carol").await;
        fill(&page, "password", SECRET).await;
        page.click("main form.fields p button.first").await;
        page.read(".trouble", "mail of alice").await;

        fill(&page, "account", "").await;
        fill(&page, "password", SECRET).await;
        page.click("main form.fields p button.first").await;
        page.read("h2", "Folders of alice@example.org").await;
        assert!(page.text("main").await.contains("Inbox"));
        press(&page, "main button.first").await;
        page.read(".notice", "alice@example.org is fetched from now on").await;
        page.read(".mailbox .standing", "Waiting for mail").await;
        let listed = house.regard(&["connect", "list"]);
        assert!(listed.contains("JMAP") && !listed.contains(SECRET), "{listed}");
        let is_here = async |n: u32| letters(&house).await.contains(&format!("<wall-{n}@tests.example>"));
        page.until("the first letter", async || is_here(1).await).await;
    });
}

#[test]
fn a_mailbox_is_tested_rests_gets_another_password_and_is_removed() {
    story(Door::Locked, async |house| {
        let (server, sink) = (Dovecot::start(), Sink::start(Ways::default()));
        let page = house.browser_of(HELEN, Look::PHONE).await;
        page.go("/settings/connections/new?address=alice@example.org").await;
        fill_in(&page, &server, &sink, PASSWORD).await;
        page.read("h2", "Folders of alice@example.org").await;
        page.click("main button.first").await;
        page.read(".mailbox .standing", "Waiting for mail").await;
        page.click("form[action$='/test'] button").await;
        page.read(".notice", "Both logins of alice@example.org work").await;

        page.click("form[action$='/rest'] button").await;
        page.read(".mailbox .standing", "Rests").await;
        let from = contact(&house);
        server.deliver("alice", &letter(1, &from));
        tokio::time::sleep(Duration::from_secs(4)).await;
        let is_here = async |n: u32| letters(&house).await.contains(&format!("<wall-{n}@tests.example>"));
        assert!(!is_here(1).await, "it rests");
        page.click("form[action$='/rest'] button").await;
        page.read(".mailbox .standing", "Waiting for mail").await;
        page.until("the letter", async || is_here(1).await).await;

        server.set_password("another one");
        page.go("/settings/mailboxes").await;
        page.click("form[action$='/test'] button").await;
        page.read("main", "refused the login").await;
        page.go("/settings/mailboxes").await;
        // It is open already where the refusal was met meanwhile.
        page.script("document.querySelector(\"form[action$='/login']\").closest('details').open = true")
            .await;
        fill(&page, "password", "another one").await;
        page.click("form[action$='/login'] button").await;
        page.read(".notice", "is fetched again").await;

        // Whom she keeps out is not stored.
        fill(&page, "what", "aunts.example").await;
        page.click("form[action='/settings/excluded'] button").await;
        page.read(".notice", "Nothing of aunts.example is kept").await;
        server.deliver("alice", &letter(2, "may@aunts.example"));
        server.deliver("alice", &letter(3, &from));
        page.until("the third letter", async || is_here(3).await).await;
        assert!(!is_here(2).await, "she left her out");

        // A client's letters are the firm's.
        page.go("/settings/mailboxes").await;
        fill(&page, "what", &from).await;
        page.click("form[action='/settings/excluded'] button").await;
        page.read("main", "whose letters are the firm's").await;

        page.go("/settings/mailboxes").await;
        page.click(".mailbox .acts details:nth-of-type(3) summary").await;
        page.click("form[action$='/removing'] button.first").await;
        page.read(".notice", "its password is forgotten").await;
        assert!(house.regard(&["connect", "list"]).contains("No mailbox is connected"));
    });
}

/// The ids of all letters in the record.
async fn letters(house: &House) -> Vec<String> {
    use sqlx::{ConnectOptions, Connection};
    let file = house.record().join(regard::db::FILE);
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).read_only(true);
    let mut record = options.connect().await.expect("the record opens");
    let found = sqlx::query_scalar("SELECT message_id FROM message").fetch_all(&mut record).await;
    record.close().await.expect("it closes");
    found.expect("ids")
}
