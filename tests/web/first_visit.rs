//! The first visit: the firm, its owner, and mail brought in.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::house::{House, NOW, Page, Person, run};

const FIRM: [(&str, &str); 11] = [
    ("firm", "Quill & Partners"),
    ("zone", "Europe/Berlin"),
    ("region", "DE-SN"),
    ("closed", "2026-12-24, 31/12/2026"),
    ("domains", "quill.example"),
    ("monday", "9-12:30, 13:30-17:30"),
    ("tuesday", "9-17"),
    ("wednesday", ""),
    ("name", "Amy Quill"),
    ("email", "amy@quill.example"),
    ("password", "correct horse battery"),
];

fn with<'a>(changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    FIRM.into_iter()
        .filter(|(name, _)| changed.iter().all(|(other, _)| other != name))
        .chain(changed.iter().copied())
        .collect()
}

/// Until what is brought in has been read.
async fn read_in(person: &Person) -> Page {
    for _ in 0..400 {
        let page = person.get("/bring-in").await;
        if !page.text.contains("<progress") {
            return page;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("it is read for twenty seconds");
}

fn letter(n: u32, from: &str, to: &str, day: u32, text: &str) -> String {
    format!(
        "From x@y.example Mon Jun  1 09:00:00 2026\nMessage-ID: <{n}@made.example>\nDate: {day} Jun 2026 09:{n:02}:00 +0200\nFrom: {from}\nTo: {to}\nSubject: The lease of {from}\n\n{text}\n\n"
    )
}

fn mailbox() -> String {
    let ask = "Could you send me the draft of the lease by Friday, please?";
    letter(1, "jo@acme.example", "amy@quill.example", 8, ask)
        + &letter(2, "amy@quill.example", "jo@acme.example", 9, "Thank you, I'll send it on Friday.")
        + &letter(3, "kim@other.example", "amy@quill.example", 10, "When can we meet about the sale?")
}

async fn hand_in(house: &House, person: &Person, mark: &str, name: &str, content: &str) -> Page {
    hand_in_as(house, person, mark, "mail", name, content).await
}

async fn hand_in_as(
    house: &House,
    person: &Person,
    mark: &str,
    kind: &str,
    name: &str,
    content: &str,
) -> Page {
    let body = format!(
        "--zz\r\nContent-Disposition: form-data; name=\"mark\"\r\n\r\n{mark}\r\n--zz\r\nContent-Disposition: form-data; \
         name=\"kind\"\r\n\r\n{kind}\r\n--zz\r\nContent-Disposition: form-data; name=\"file\"; \
         filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n{content}\r\n--zz--\r\n"
    );
    let request = Request::post("/bring-in/file")
        .header(header::COOKIE, &person.cookie)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=zz");
    house.send(request.body(Body::from(body)).unwrap()).await
}

#[test]
fn an_empty_record_leads_to_the_first_visit_and_from_there_to_today() {
    run(async {
        let house = House::empty().await;
        let nobody = house.nobody();
        assert_eq!(nobody.get("/today").await.location(), "/sign-in?to=/today");
        assert_eq!(nobody.get("/sign-in?to=/today").await.location(), "/set-up");
        let page = nobody.get("/set-up").await;
        assert!(
            page.text.contains("England and Wales") && page.text.contains("Europe/London"),
            "{}",
            page.text
        );
        let made = nobody.post_bare("/set-up", &FIRM).await;
        assert_eq!((made.status, made.location()), (StatusCode::SEE_OTHER, "/bring-in"), "{}", made.text);
        let amy = house.with_cookie_of(&made).await;
        let page = amy.get("/bring-in").await;
        assert!(
            page.text.contains("Quill &#38; Partners") || page.text.contains("Quill &amp; Partners"),
            "{}",
            page.text
        );
        let firm = house.firm().await;
        let calendar = firm.calendar().unwrap();
        let is_open = |day: &str| calendar.is_working_day(day.parse().unwrap());
        assert_eq!(calendar.periods("2026-06-15".parse().unwrap()).len(), 2);
        assert!(!is_open("2026-06-17"), "closed on Wednesdays");
        assert!(!is_open("2026-05-25") && !is_open("2026-12-31"), "Whit Monday, and a day of its own");

        let handed = hand_in(&house, &amy, &amy.mark, "amy.mbox", &mailbox()).await;
        assert_eq!(handed.location(), "/bring-in", "{}", handed.text);
        let page = read_in(&amy).await;
        assert!(page.text.contains("3 messages are new in the record"), "{}", page.text);
        let today = amy.get("/today?whose=firm").await;
        assert!(today.text.contains("When can we meet about the sale?"), "{}", today.text);
        let left = std::fs::read_dir(house.app.works.folder().unwrap()).unwrap().count();
        assert_eq!(left, 0, "what was handed in is gone when it was read");

        // Now somebody can sign in, and nobody sets it up again.
        assert_eq!(nobody.get("/set-up").await.location(), "/");
        let again = nobody.post_bare("/set-up", &FIRM).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.text.contains("is set up already"));
        let signed = nobody
            .post_bare("/sign-in", &[("email", "amy@quill.example"), ("password", "correct horse battery")])
            .await;
        assert_eq!(signed.status, StatusCode::SEE_OTHER);
    });
}

#[test]
fn what_was_typed_wrongly_is_said_and_the_rest_stays() {
    run(async {
        let house = House::empty().await;
        let nobody = house.nobody();
        let wrong = [
            ("zone", "Europe/Nowhere", "there is no time zone"),
            ("monday", "all day", "The hours of Monday"),
            ("region", "XX", "not known here"),
            ("closed", "Christmas", "write days like"),
            ("closed", "03/04/2026", "which could be two days"),
            ("domains", "gmail.com", "anybody may have an address"),
            ("currency", "ERU", "“ERU” is not known; write its three letters"),
            ("email", "amy", "write it like"),
            ("password", "short", "at least 10"),
            ("firm", " ", "needs a name"),
            ("tuesday", "17-9", "ends before it begins"),
        ];
        for (field, value, words) in wrong {
            let page = nobody.post_bare("/set-up", &with(&[(field, value)])).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
            assert!(page.text.contains(words), "{field}: {}", page.text);
            assert!(page.text.contains("Amy Quill"), "what was typed stays");
            assert!(!page.text.contains("correct horse"), "but not the password");
        }
        let hostile = "<script>alert(1)</script>";
        let page = nobody.post_bare("/set-up", &with(&[("firm", hostile), ("zone", "x")])).await;
        assert!(!page.text.contains(hostile));
    });
}

#[test]
fn from_another_machine_the_code_of_the_terminal_is_asked_for() {
    run(async {
        let house = House::empty().await;
        house.app.works.ask_for("c0de4711".into());
        let nobody = house.nobody();
        assert!(nobody.get("/set-up").await.text.contains("Set-up code"));
        for code in ["", "c0de4712"] {
            let page = nobody.post_bare("/set-up", &with(&[("code", code)])).await;
            assert!(page.text.contains("The set-up code is another one"), "{}", page.text);
        }
        let sample = [("name", "A"), ("email", "a@b.example"), ("password", "correct horse battery")];
        assert_eq!(
            nobody.post_bare("/set-up/sample", &sample).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        assert_eq!(
            nobody.post_bare("/set-up", &with(&[("code", "C0DE4711 ")])).await.location(),
            "/bring-in"
        );
    });
}

#[test]
fn of_two_who_set_up_at_once_one_is_told_that_it_is_done() {
    run(async {
        let house = House::empty().await;
        let nobody = house.nobody();
        let other = with(&[("name", "Bo Quill"), ("email", "bo@quill.example")]);
        let (one, two) =
            tokio::join!(nobody.post_bare("/set-up", &FIRM), nobody.post_bare("/set-up", &other));
        let mut all = [one.status, two.status];
        all.sort();
        assert_eq!(all, [StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY]);
    });
}

#[test]
fn only_an_owner_from_our_own_page_hands_files_in() {
    run(async {
        let house = House::empty().await;
        let made = house.nobody().post_bare("/set-up", &FIRM).await;
        let amy = house.with_cookie_of(&made).await;
        let foreign = hand_in(&house, &amy, "wrong", "x.mbox", &mailbox()).await;
        assert_eq!(foreign.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(amy.post_bare("/bring-in/path", &[("path", "/etc")]).await.status.is_client_error());
        assert_eq!(house.nobody().get("/bring-in").await.status, StatusCode::SEE_OTHER);
        let odd = amy.post("/bring-in/path", &[("path", "relative")]).await;
        assert!(odd.text.contains("must be whole"), "{}", odd.text);
        // Nothing there is mail: said in words, and nothing is kept.
        let handed = hand_in(&house, &amy, &amy.mark, "../../evil.sh", "no mail at all").await;
        assert_eq!(handed.location(), "/bring-in", "{}", handed.text);
        let page = read_in(&amy).await;
        assert!(page.text.contains("role=\"alert\"") || page.text.contains("0 messages"), "{}", page.text);
        let bob = amy.post("/bring-in/path", &[("path", "/no/such/folder")]).await;
        assert!(bob.text.contains("is not there"));
    });
}

#[test]
fn the_sample_firm_opens_from_the_first_visit() {
    run(async {
        let house = House::empty().await;
        let owner =
            [("name", "Amy Quill"), ("email", "amy@quill.example"), ("password", "correct horse battery")];
        let made = house.nobody().post_bare("/set-up/sample", &owner).await;
        assert_eq!(made.location(), "/bring-in", "{}", made.text);
        let amy = house.with_cookie_of(&made).await;
        let page = read_in(&amy).await;
        assert!(page.text.contains("are new in the record"), "{} {NOW}", page.text);
        assert!(amy.get("/today?whose=firm").await.text.contains("class=\"line\""));
    });
}

#[test]
fn the_zone_is_chosen_and_both_ways_to_bring_mail_are_offered() {
    run(async {
        let house = House::empty().await;
        let nobody = house.nobody();
        let page = nobody.get("/set-up").await;
        let zones = page.between("<select name=\"zone\"", "</select>");
        assert!(zones.contains("required") && zones.contains("data-own-zone"), "{zones}");
        assert_eq!(zones.matches(" selected").count(), 1, "{zones}");
        assert!(zones.contains("<option value=\"\" selected>"), "no zone is anybody's by itself: {zones}");
        let refused = nobody.post_bare("/set-up", &with(&[("zone", "")])).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("The time zone is not chosen yet"), "{}", refused.text);

        let made = nobody.post_bare("/set-up", &FIRM).await;
        let amy = house.with_cookie_of(&made).await;
        let page = amy.get(made.location()).await.ok();
        assert!(page.contains("href=\"/settings/mailboxes\"") && page.contains("href=\"#file\""), "{page}");
        let page = amy.get("/today").await.ok();
        assert!(page.contains("No mail has been read yet") && !page.contains("You owe nobody"), "{page}");
        assert!(
            page.contains("href=\"/settings/mailboxes\"") && page.contains("href=\"/bring-in\""),
            "{page}"
        );

        hand_in(&house, &amy, &amy.mark, "amy.mbox", &mailbox()).await;
        read_in(&amy).await;
        let page = amy.get("/today?group=upkeep").await.ok();
        assert!(!page.contains("No mail has been read yet"), "{page}");
    });
}

#[test]
fn amounts_are_in_the_currency_of_the_firm_and_whom_a_list_names_and_nobody_knows_is_told() {
    run(async {
        let house = House::empty().await;
        let made = house.nobody().post_bare("/set-up", &with(&[("currency", "eur")])).await;
        let amy = house.with_cookie_of(&made).await;
        assert_eq!(house.firm().await.currency, "EUR");
        let list =
            "client_id,name,point_person,annual_revenue\nc1,Acme,Amy Quill,12500\nc2,Bolt,Pat Nobody,£90\n";
        hand_in_as(&house, &amy, &amy.mark, "clients", "clients.csv", list).await;
        let page = read_in(&amy).await;
        assert!(page.text.contains("2 rows are in the record"), "{}", page.text);
        let told = "1 row names somebody who is not known here yet";
        assert!(page.text.contains(told), "{}", page.text);
        assert!(page.text.contains("line 3, column point_person: nobody of the firm is"), "{}", page.text);
        assert!(!page.text.contains("line 2"), "{}", page.text);
        let shown = |name: &'static str| async {
            let card = house.client(name).await;
            amy.get(&format!("/clients/{}", card.id.0)).await.ok()
        };
        assert!(shown("Acme").await.contains("EUR 12,500"), "the firm's own");
        assert!(shown("Bolt").await.contains("GBP 90"), "as the list says");
    });
}
