//! What people set, and what follows from it for who sees what and what is owed.

use axum::http::StatusCode;
use regard::web::visitor::is_this_machine;

use crate::correspondents::{SECRET, firm, sees_nothing};
use crate::house::{FIRM, House, NOW, Page, Person, run};

const HIS_OWN: [&str; 4] = ["jo@acme.example", "acme.example", "Jo Ash", "Aunt May"];

async fn place_acme(amy: &Person) {
    let placed = amy.post("/correspondents", &[("kind", "client"), ("w:acme.example", "1")]).await;
    assert_eq!(placed.status, StatusCode::SEE_OTHER, "{}", placed.text);
}

fn id_of_secret(page: &Page) -> String {
    let before = page.text.split(SECRET).next().unwrap();
    let at = before.rfind("id=\"o-").expect("a line") + 6;
    before[at..at + 16].to_owned()
}

#[test]
fn only_folders_that_somebody_chose_are_seen_by_the_firm() {
    run(async {
        let house = firm().await;
        let (amy, bo) = (house.person("Amy").await, house.person("Bo").await);
        place_acme(&amy).await;
        let seen = bo.get("/today?whose=firm").await;
        let id = id_of_secret(&seen);
        let page = amy.get("/settings/mailboxes").await;
        assert!(!page.text.contains("Nobody's"), "{}", page.text);
        let path = format!("/settings/mailboxes/{}", page.between("action=\"/settings/mailboxes/", "\""));
        let forged = bo.post(&path, &[("shows", "chosen")]).await;
        assert_eq!(forged.status, StatusCode::NOT_FOUND, "nobody chooses for another");
        let kept = amy.post(&path, &[("shows", "chosen")]).await;
        assert!(
            amy.get(kept.location()).await.text.contains("The firm sees chosen folders"),
            "{}",
            kept.text
        );
        sees_nothing(&bo, "Bo", &HIS_OWN).await;
        assert_eq!(bo.get(&format!("/owed/{id}")).await.status, StatusCode::NOT_FOUND);
        assert!(amy.get(&format!("/owed/{id}")).await.text.contains(SECRET), "she sees her own mail");
        let folder = amy.get("/settings/mailboxes").await.between("name=\"f:", "\"").to_owned();
        amy.post(&path, &[("shows", "chosen"), (&format!("f:{folder}"), "1")]).await;
        assert!(bo.get("/today?whose=firm").await.text.contains(SECRET), "a chosen folder is seen");
    });
}

#[test]
fn behind_a_wall_nothing_is_found_and_an_owner_raises_and_lowers_it() {
    run(async {
        let house = firm().await;
        let (amy, bo) = (house.person("Amy").await, house.person("Bo").await);
        place_acme(&amy).await;
        let id = id_of_secret(&bo.get("/today?whose=firm").await);
        let staff = house.staff("Bo").await.0.to_string();
        let wall =
            [("staff", staff.as_str()), ("client", "acme.example"), ("reason", "His sister works there")];
        assert!(bo.post("/settings/walls", &wall).await.status.is_client_error(), "not for staff");
        assert!(
            amy.post("/settings/walls", &[("staff", &staff), ("client", "acme.example"), ("reason", " ")])
                .await
                .text
                .contains("say why")
        );
        assert!(
            amy.post("/settings/walls", &[("staff", &staff), ("client", "nobody"), ("reason", "x")])
                .await
                .text
                .contains("none of the firm")
        );
        let raised = amy.post("/settings/walls", &wall).await;
        assert!(amy.get(raised.location()).await.text.contains("His sister works there"));
        sees_nothing(&bo, "Bo", &["Aunt May"]).await;
        assert_eq!(bo.get(&format!("/owed/{id}")).await.status, StatusCode::NOT_FOUND);
        let client = house.client("acme.example").await.id.0.to_string();
        assert_eq!(bo.get(&format!("/clients/{client}")).await.status, StatusCode::NOT_FOUND);
        let lowered = amy
            .post("/settings/walls/lowering", &[("staff", &staff), ("client", &client), ("matter", "0")])
            .await;
        assert_eq!(lowered.status, StatusCode::SEE_OTHER, "{}", lowered.text);
        assert!(bo.get("/today?whose=firm").await.text.contains(SECRET));
        let log = amy.get("/settings/log").await;
        for words in ["raised wall", "lowered wall", "refused", "placed", "saw"] {
            assert!(log.text.contains(words), "{words}: {}", log.text);
        }
        let csv = amy.get(&format!("/settings/log.csv?person={staff}")).await;
        assert!(csv.text.starts_with("at,who,act,detail") && !csv.text.contains("Amy Quill"), "{}", csv.text);
        assert!(amy.get("/settings/log?act=exported").await.text.contains("log.csv"));
    });
}

#[test]
fn an_owner_whom_a_wall_keeps_out_of_a_matter_learns_nothing_of_it_where_walls_are_raised() {
    run(async {
        let house = House::new().await;
        let (helen, marcus) = (house.person("Helen").await, house.person("Marcus").await);
        house.give_access("Marcus", "owner").await;
        let mut tx = house.app.db.read().await.unwrap();
        let matter = regard::matters::store::all(&mut tx, FIRM).await.unwrap().remove(0);
        drop(tx);
        let client = house.asker("Helen").await.board.firm.clients[&matter.client].key.clone();
        let (kept_out, other) = (house.staff("Marcus").await, house.staff("Priya").await);
        let raise = async |by: &Person, staff: i64, matter: &str| {
            let staff = staff.to_string();
            let wall = [("staff", &*staff), ("client", &client), ("matter", matter), ("reason", "Theirs")];
            by.post("/settings/walls", &wall).await
        };
        for staff in [kept_out, other] {
            let raised = raise(&helen, staff.0, &matter.name).await;
            assert_eq!(raised.status, StatusCode::SEE_OTHER, "{}", raised.text);
        }
        assert!(helen.get("/settings/walls").await.ok().contains(&matter.name));
        let walls = marcus.get("/settings/walls").await.ok();
        assert_eq!(walls.matches("a matter that you do not see").count(), 2, "{walls}");
        assert!(!walls.contains(&matter.name) && !walls.contains(&matter.external_key), "{walls}");
        assert!(!walls.contains("Theirs") && !walls.contains(&matter.id.0.to_string()), "{walls}");
        for named in [&matter.name, &matter.external_key] {
            let refused = raise(&marcus, other.0, named).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.text.contains("is none of that client"), "{}", refused.text);
        }
    });
}

#[test]
fn an_owner_whom_a_wall_keeps_out_of_a_client_learns_nothing_of_why_and_lowers_none_round_it() {
    run(async {
        let house = House::new().await;
        house.give_access("Marcus", "owner").await;
        let (helen, marcus) = (house.person("Helen").await, house.person("Marcus").await);
        let client = house.client("Vantage Lettings Ltd").await;
        let number = client.id.0.to_string();
        for (name, reason) in [("Marcus", "His sister owns it"), ("Priya", "She was with Vantage before")] {
            let staff = house.staff(name).await.0.to_string();
            let wall = [("staff", &*staff), ("client", &*client.name), ("reason", reason)];
            let raised = helen.post("/settings/walls", &wall).await;
            assert_eq!(raised.status, StatusCode::SEE_OTHER, "{}", raised.text);
        }
        let hers = helen.get("/settings/walls").await.ok();
        assert!(
            hers.contains("His sister owns it") && hers.contains("She was with Vantage before"),
            "{hers}"
        );
        let his = marcus.get("/settings/walls").await.ok();
        assert_eq!(his.matches("is kept out of a client whom you do not see").count(), 2, "{his}");
        for word in ["sister", "Vantage", &number, "Let them in again"] {
            assert!(!his.contains(word), "{word}: {his}");
        }
        let staff = house.staff("Priya").await.0.to_string();
        let wall = [("staff", &*staff), ("client", &*number), ("matter", "0")];
        assert_eq!(marcus.post("/settings/walls/lowering", &wall).await.status, StatusCode::NOT_FOUND);
        assert_eq!(helen.get("/settings/walls").await.ok().matches("Let them in again").count(), 2);
        assert_eq!(helen.post("/settings/walls/lowering", &wall).await.status, StatusCode::SEE_OTHER);
    });
}

#[test]
fn somebody_is_invited_comes_in_once_and_leaves() {
    run(async {
        let house = firm().await;
        let amy = house.person("Amy").await;
        let form = [("name", "Di Marsh"), ("email", "di@quill.example"), ("access", "read_only")];
        let page = amy.post("/settings/people", &form).await;
        let link = page.between("<pre class=\"copy\">", "</pre>").to_owned();
        let (web, path) = link.split_at(link.find("/join/1.").expect("a link"));
        assert_eq!(web, "http://127.0.0.1", "whole, under the address that was asked");
        assert!(page.text.contains("It opens on this machine alone"), "{}", page.text);
        let link = path.to_owned();
        let nobody = house.nobody();
        assert!(nobody.get(&link).await.text.contains("di@quill.example"));
        let short = nobody.post_bare(&link, &[("password", "short")]).await;
        assert!(short.text.contains("at least 10"), "{}", short.text);
        let joined = nobody.post_bare(&link, &[("password", "four little words here")]).await;
        assert_eq!(joined.location(), "/today", "{}", joined.text);
        assert_eq!(nobody.get(&link).await.status, StatusCode::NOT_FOUND, "it works once");
        let di = house.with_cookie_of(&joined).await;
        for owners in ["people", "walls", "firm", "standards", "log", "log.csv", "data"] {
            let page = di.get(&format!("/settings/{owners}")).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{owners}");
        }
        assert!(!di.get("/settings").await.text.contains("/settings/walls"));
        assert!(
            di.post("/correspondents", &[("kind", "client"), ("w:x.example", "1")])
                .await
                .text
                .contains("may look")
        );
        let id = house.staff("Di").await.0;
        let left =
            amy.post(&format!("/settings/people/{id}"), &[("access", "staff"), ("left", "2026-06-01")]).await;
        assert_eq!(left.status, StatusCode::SEE_OTHER, "{}", left.text);
        assert_eq!(di.get("/today").await.status, StatusCode::SEE_OTHER, "who left does not come in");
        let me = house.staff("Amy").await.0;
        let last = amy.post(&format!("/settings/people/{me}"), &[("access", "staff")]).await;
        assert!(last.text.contains("needs an owner who can sign in"), "{}", last.text);
        let bo = house.staff("Bo").await.0.to_string();
        let away = [("staff", bo.as_str()), ("from", "2026-06-20"), ("to", "2026-06-10")];
        assert!(amy.post("/settings/absences", &away).await.text.contains("lies before"));
        let away = [("staff", bo.as_str()), ("from", "2026-06-20"), ("to", "2026-06-30")];
        let noted = amy.post("/settings/absences", &away).await;
        assert!(amy.get(noted.location()).await.text.contains("nobody stands in"));
    });
}

#[test]
fn hours_and_standards_reach_what_is_owed_and_can_be_brought_back() {
    run(async {
        let house = firm().await;
        let amy = house.person("Amy").await;
        let due = async || {
            let mut tx = house.app.db.read().await.unwrap();
            let open = regard::record::owed::open(&mut tx, crate::house::FIRM, None, 100).await.unwrap();
            let mut all: Vec<_> = open.iter().map(|owed| owed.due_at).collect();
            all.sort();
            all
        };
        let before = due().await;
        let page = amy.get("/settings/standards").await;
        assert!(page.text.contains("within <span class=\"nowrap\">1 day</span>"), "{}", page.text);
        let form = [("tier", ""), ("answer", "2 hours"), ("wanted", "45"), ("worst", "90")];
        let kept = amy.post("/settings/standards", &form).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
        let after = due().await;
        assert_ne!(after, before);
        assert!(amy.post("/settings/standards", &[("answer", "soon")]).await.text.contains("soon"));
        let page = amy.get("/settings/standards").await;
        assert!(page.text.contains("within <span class=\"nowrap\">2 hours</span>"));
        let back = format!("/settings/history/{}", page.between("action=\"/settings/history/", "\""));
        assert_eq!(amy.post(&back, &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(due().await, before);
        let week = ["monday", "tuesday", "wednesday", "thursday", "friday"].map(|day| (day, "13-14"));
        let mut form = vec![("firm", "Quill"), ("zone", "Europe/London"), ("region", "GB-SCT")];
        form.extend(week);
        let kept = amy.post("/settings/firm", &form).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
        assert_ne!(due().await, before, "an hour a day is another working day");
        let page = amy.get("/settings/firm").await;
        assert!(
            page.text.contains("value=\"13:00-14:00\"") && page.text.contains("value=\"GB-SCT\" selected")
        );
        form.push(("currency", "chf"));
        amy.post("/settings/firm", &form).await;
        assert_eq!(house.firm().await.currency, "CHF");
        let page = amy.get("/settings/firm").await;
        let back = format!("/settings/history/{}", page.between("action=\"/settings/history/", "\""));
        amy.post(&back, &[]).await;
        assert_eq!(house.firm().await.currency, "GBP", "as it was before");
    });
}

#[test]
fn a_password_a_token_and_the_record_are_kept() {
    run(async {
        let house = firm().await;
        let (amy, other) = (house.person("Amy").await, house.person("Amy").await);
        let page = amy.post("/settings/tokens", &[("name", "board report"), ("scope", "read")]).await;
        let token = page.between("<pre class=\"copy\">", "</pre>").to_owned();
        assert_eq!(house.with_token(&token, "/api/v1/me").await.status, StatusCode::OK);
        let page = amy.get("/settings").await;
        assert!(!page.text.contains(&token) && page.text.contains("board report"), "it is shown once");
        let id = page.between("action=\"/settings/tokens/", "/").to_owned();
        let bo = house.person("Bo").await;
        assert_eq!(
            bo.post(&format!("/settings/tokens/{id}/removing"), &[]).await.status,
            StatusCode::NOT_FOUND
        );
        amy.post(&format!("/settings/tokens/{id}/removing"), &[]).await;
        assert_eq!(house.with_token(&token, "/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
        let log = house.log().await;
        assert!(log.contains(&("removed_token".into(), "board report".into())), "{log:?}");
        let wrong = [("current", "not this one"), ("password", "a whole new password")];
        assert!(amy.post("/settings/password", &wrong).await.text.contains("is another one"));
        let right = [("current", "correct horse battery"), ("password", "a whole new password")];
        let changed = amy.post("/settings/password", &right).await;
        assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.text);
        assert_eq!(other.get("/today").await.status, StatusCode::SEE_OTHER, "other sessions are signed out");
        let amy = house.with_cookie_of(&changed).await;
        let backup = amy.post("/settings/data/backup", &[]).await;
        assert!(amy.get(backup.location()).await.text.contains(".backup"), "{}", backup.text);
        let verified = amy.post("/settings/data/verification", &[]).await;
        assert!(verified.text.contains("Everything is as it must be."), "{}", verified.text);
        crate::correspondents::bring(
            &house,
            "amy2",
            "From x@y.example Mon Jun  1 09:00:00 2026\nFrom: z@z.example\n\nno date at all\n",
        )
        .await;
        let data = amy.get("/settings/data").await;
        assert!(
            data.text.contains("it has no date that can be right") && data.text.contains("amy2.mbox"),
            "{}",
            data.text
        );
    });
}

#[test]
fn a_restart_and_a_clock_that_jumps_lose_nothing_and_repeat_nothing() {
    run(async {
        let house = firm().await;
        let amy = house.person("Amy").await;
        let id = id_of_secret(&amy.get("/today?whose=firm").await);
        let path = format!("/owed/{id}/decisions");
        let done = amy.post(&path, &[("what", "not_needed"), ("reason", "Settled")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        // The server is started again, once with a clock that is two hours behind, once a year ahead.
        for moment in ["2026-06-17T08:00:00+01:00", NOW] {
            let amy = house.restarted(&amy, moment);
            let page = amy.get("/today?whose=firm").await;
            assert_eq!(page.status, StatusCode::OK, "the session goes on");
            assert!(!page.text.contains(&format!("o-{id}")), "what was done stays done");
            let again = amy.post(&path, &[("what", "not_needed"), ("reason", "Settled")]).await;
            assert!(amy.get(again.location()).await.text.contains("Nothing was changed"), "{}", again.text);
        }
        let late = house.restarted(&amy, "2027-06-17T10:00:00+01:00");
        assert_eq!(
            late.get("/today").await.status,
            StatusCode::SEE_OTHER,
            "a session of last year has ended"
        );
    });
}

#[test]
fn an_import_that_a_restart_cut_off_is_settled_when_the_server_is_there_again() {
    run(async {
        let house: House = firm().await;
        let mut tx = house.app.db.write(regard::db::Durability::Act).await.unwrap();
        regard::record::project::mark_behind(&mut tx, crate::house::FIRM, true).await.unwrap();
        tx.commit().await.unwrap();
        regard::set_up::bring::recover(&house.app).await.unwrap();
        house.app.works.stop().await;
        let work = house.app.works.of(crate::house::FIRM).expect("it was begun");
        assert!(work.ended().is_some());
    });
}

#[test]
fn a_link_begins_with_the_address_that_the_firm_said() {
    run(async {
        let house = firm().await;
        let amy = house.person("Amy").await;
        let said = [("web", "https://care.quill.example"), ("mailbox", "")];
        let kept = amy.post("/settings/reminders/sender", &said).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
        let form = [("name", "Di Marsh"), ("email", "di@quill.example"), ("access", "staff")];
        let page = amy.post("/settings/people", &form).await;
        let link = page.between("<pre class=\"copy\">", "</pre>");
        assert!(link.starts_with("https://care.quill.example/join/1."), "{link}");
        assert!(!page.text.contains("It opens on this machine alone"));
    });
}

#[test]
fn a_host_is_this_machine_by_its_names_with_a_port_or_without() {
    for host in ["localhost", "127.0.0.1:4747", "[::1]", "[::1]:4747"] {
        assert!(is_this_machine(host), "{host}");
    }
    for host in ["", "[::2]", "127.0.0.12", "care.example:80", "localhost.example"] {
        assert!(!is_this_machine(host), "{host}");
    }
}

#[test]
fn the_log_tells_of_refused_sign_ins_and_of_lists() {
    run(async {
        let house = firm().await;
        let (amy, nobody) = (house.person("Amy").await, house.nobody());
        for email in ["amy@quill.example", "Amy@Quill.example ", "amy@quill.example", "a secret typed here"] {
            let refused =
                nobody.post_bare("/sign-in", &[("email", email), ("password", "guessed wrongly")]).await;
            assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{}", refused.text);
        }
        let log = amy.get("/settings/log?act=sign_in_refused").await.ok();
        assert_eq!(log.matches("<tr><td>").count(), 2, "one line for an account and hour: {log}");
        assert!(log.contains("amy@quill.example, 3 times within the hour"), "{log}");
        assert!(log.contains("an address that nobody here has, once within the hour"), "{log}");
        assert!(!log.contains("a secret typed here"), "it may be a password in the wrong field");
        nobody.post_bare("/sign-in", &[("email", "amy@quill.example"), ("password", "again")]).await;
        let log = amy.get("/settings/log?act=sign_in_refused").await.ok();
        assert!(log.contains("4 times within the hour") && log.matches("<tr><td>").count() == 2, "{log}");
        // The timer and a page that is opened write at the same moment.
        nobody.post_bare("/sign-in", &[("email", "bo@quill.example"), ("password", "guessed")]).await;
        let (one, other) =
            tokio::join!(regard::app::seen::write(&house.app), regard::app::seen::write(&house.app));
        one.and(other).expect("both write");
        let log = amy.get("/settings/log?act=sign_in_refused").await.ok();
        assert_eq!(log.matches("bo@quill.example").count(), 1, "{log}");

        let path = house.app.works.folder().unwrap().join("1795341472479-4097-people.csv");
        std::fs::write(&path, "name,email,role\nDi Marsh,di@quill.example,Clerk\n").unwrap();
        let fields = [("kind", "staff"), ("path", path.to_str().unwrap())];
        let begun = amy.post("/bring-in/path", &fields).await;
        assert_eq!(begun.location(), "/bring-in", "{}", begun.text);
        brought(&amy).await;
        let log = amy.get("/settings/log?act=imported").await.ok();
        let line = log.split("<tr>").find(|line| line.contains("staff: Reading")).expect("a line of it");
        assert!(line.contains("Amy Quill"), "who brought it in: {line}");
    });
}

/// Until what is brought in has been read.
async fn brought(person: &Person) -> String {
    for _ in 0..400 {
        let page = person.get("/bring-in").await;
        if !page.text.contains("<progress") {
            return page.text;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("it is read for twenty seconds");
}

#[test]
fn a_file_that_was_handed_in_is_called_as_its_owner_calls_it() {
    run(async {
        let house = firm().await;
        let amy = house.person("Amy").await;
        let wrong = ("staff.csv", &b"name,email\nDi Marsh,no address at all\n"[..]);
        let page = hand_in(&amy, &[("kind", "staff")], wrong).await;
        assert!(page.contains("staff.csv"), "{page}");
        assert!(!page.contains("handed-in") && !page.contains("-staff.csv"), "{page}");

        let mail = "From x@y.example Mon Jun  1 09:00:00 2026\nMessage-ID: <99@made.example>\nDate: 8 Jun 2026 09:00:00 +0100\nFrom: jo@acme.example\nTo: amy@quill.example\nSubject: One\n\nHello.\n\n";
        hand_in(&amy, &[("kind", "mail")], ("In2.mbox", mail.as_bytes())).await;
        let page = amy.get("/settings/mailboxes").await.ok();
        assert!(page.contains("<h2>In2</h2>"), "{page}");
    });
}

/// Hands a file in; gives what is told of it in the end.
async fn hand_in(person: &Person, fields: &[(&str, &str)], file: (&str, &[u8])) -> String {
    let handed = person.post_files("/bring-in/file", fields, &[file]).await;
    assert_eq!(handed.location(), "/bring-in", "{}", handed.text);
    brought(person).await
}
