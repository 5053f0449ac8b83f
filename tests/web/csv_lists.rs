//! The lists of the settings, and the contacts that are proposed, as files: every row of the page, and no formula.

use axum::http::StatusCode;
use regard::calls::{hooks, logs};
use regard::db::Durability;
use regard::forwarding::store as forwarded;
use regard::ids::SourceId;
use regard::record::sources::{self, Source};
use wire::calls::tail::Place;
use wire::csv::RowError;

use crate::house::{FIRM, House, Person, run};
use crate::proposed;

/// Cells that a spreadsheet would work out, were they written as they are.
const FORMULA: &str = "=HYPERLINK(\"https://evil.example\")";
const DISARMED: &str = "'=HYPERLINK(\"https://evil.example\")";

/// The rows of a file, read as RFC 4180 says.
fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => field.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            c => field.push(c),
        }
    }
    assert!(row.is_empty() && field.is_empty() && !quoted, "it ends with a whole row: {text}");
    rows
}

/// A file that a page leads to, without its head; the log says who took it, and how much that was.
async fn file(house: &House, person: &Person, page: &str, path: &str, name: &str) -> Vec<Vec<String>> {
    let shown = person.get(page).await.ok();
    assert!(shown.contains(&format!("href=\"{path}\" download")), "{page} leads to {path}: {shown}");
    let taken = person.get(path).await;
    let disposition = taken.headers["content-disposition"].to_str().unwrap().to_owned();
    assert_eq!(disposition, format!("attachment; filename=\"{name}\""));
    let mut rows = rows(&taken.ok());
    let head = rows.remove(0);
    for row in &rows {
        assert_eq!(row.len(), head.len(), "{name}: {row:?}");
        let is_formula = |cell: &String| cell.starts_with(['=', '+', '-', '@', '\t']);
        assert!(!row.iter().any(is_formula), "{name}: a cell would be worked out: {row:?}");
    }
    let (act, detail) = house.log().await.remove(0);
    let counted = if rows.len() == 1 { "1 row".to_owned() } else { format!("{} rows", rows.len()) };
    assert_eq!((act.as_str(), detail), ("exported", format!("{name}, {counted}")));
    rows
}

fn column(rows: &[Vec<String>], n: usize) -> Vec<&str> {
    rows.iter().map(|row| row[n].as_str()).collect()
}

#[test]
fn walls_and_absences_are_downloaded_by_owners() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        let marcus = house.staff("Marcus").await.0.to_string();
        let client = house.client("Vantage Lettings Ltd").await;
        let fields = [("staff", marcus.as_str()), ("client", client.name.as_str()), ("reason", FORMULA)];
        assert_eq!(helen.post("/settings/walls", &fields).await.status, StatusCode::SEE_OTHER);
        let before = file(&house, &helen, "/settings/walls", "/settings/walls.csv", "walls.csv").await;
        assert_eq!(before[0][2..4], [DISARMED, "Helen Farrow"]);
        house.wall("Helen", client.id).await;
        let walls = file(&house, &helen, "/settings/walls", "/settings/walls.csv", "walls.csv").await;
        let of = |name: &str| walls.iter().find(|row| row[0] == name).unwrap();
        // Of whom the reader is kept out, it says neither of what anybody is kept out nor why.
        for name in ["Helen Farrow", "Marcus Tidd"] {
            assert_eq!(of(name)[1..3], ["a client whom you do not see", ""]);
        }
        assert_eq!(walls.len(), 2, "{walls:?}");
        assert!(!walls.iter().flatten().any(|cell| cell.contains("Vantage")), "{walls:?}");

        for (from, to, cover) in [
            ("2026-06-22", "2026-06-26", marcus.as_str()),
            ("2026-07-01", "2026-07-01", ""),
            // It is over.
            ("2026-05-04", "2026-05-08", ""),
        ] {
            let owen = house.staff("Owen").await.0.to_string();
            let fields = [("staff", owen.as_str()), ("from", from), ("to", to), ("cover", cover)];
            assert_eq!(helen.post("/settings/absences", &fields).await.status, StatusCode::SEE_OTHER);
        }
        let shown = helen.get("/settings/people").await.ok().matches("action=\"/settings/absences/").count();
        let away = file(&house, &helen, "/settings/people", "/settings/absences.csv", "absences.csv").await;
        assert_eq!(away.len(), shown, "{away:?}");
        let owens: Vec<&[String]> =
            away.iter().filter(|row| row[0] == "Owen Bellamy").map(|row| &row[1..]).collect();
        assert_eq!(owens, [["2026-06-22", "2026-06-26", "Marcus Tidd"], ["2026-07-01", "2026-07-01", ""]]);

        let owen = house.person("Owen").await;
        for path in
            ["walls", "absences", "unreadable", "telephone/logs", "telephone/systems", "telephone/unread"]
                .map(|name| format!("/settings/{name}.csv"))
        {
            let refused = owen.get(&path).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {}", refused.text);
        }
        assert_eq!(
            owen.get("/settings/forwarding/refused.csv").await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    });
}

#[test]
fn what_could_not_be_read_is_downloaded_beyond_what_the_page_lists() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        let source = Source {
            id: SourceId(0),
            path: FORMULA.to_owned(),
            size: 1,
            stamp: 1,
            reached: 1,
            member: None,
            done: true,
            messages: 600,
        };
        let mut tx = house.app.db.write(Durability::Act).await.unwrap();
        let id = sources::reach(&mut tx, FIRM, &source, house.app.now()).await.unwrap();
        for position in 0..600 {
            sources::note_unreadable(&mut tx, FIRM, id, position, "no \"From\", two\nlines", None)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        let page = helen.get("/settings/data").await.ok();
        assert!(page.contains("<p>600 items.") && page.matches("<tr><td>").count() == 500);
        let all = file(&house, &helen, "/settings/data", "/settings/unreadable.csv", "unreadable.csv").await;
        let places: Vec<String> = (0..600).map(|n| n.to_string()).collect();
        assert_eq!(column(&all, 1), places);
        assert!(all.iter().all(|row| row[0] == DISARMED && row[2] == "no \"From\", two\nlines"));
    });
}

#[test]
fn whom_one_leaves_out_is_downloaded_by_oneself_alone() {
    run(async {
        let house = House::new().await;
        let (helen, marcus) = (house.person("Helen").await, house.person("Marcus").await);
        let path = "/settings/excluded.csv";
        for what in ["+jo@home.example", "may@home.example"] {
            let kept = helen.post("/settings/excluded", &[("what", what)]).await;
            assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
        }
        marcus.post("/settings/excluded", &[("what", "garden.example")]).await;
        let hers = file(&house, &helen, "/settings/mailboxes", path, "left_out.csv").await;
        assert_eq!(hers, [["'+jo@home.example"], ["may@home.example"]]);
        let his = file(&house, &marcus, "/settings/mailboxes", path, "left_out.csv").await;
        assert_eq!(his, [["garden.example"]]);

        let now = house.app.now();
        let mut tx = house.app.db.write(Durability::Act).await.unwrap();
        for address in ["@nobody", "nobody@regard.example", "nobody@regard.example"] {
            forwarded::refuse(&mut tx, FIRM, address, now).await.unwrap();
        }
        tx.commit().await.unwrap();
        let path = "/settings/forwarding/refused.csv";
        let mut refused = file(&house, &helen, "/settings/forwarding", path, "refused.csv").await;
        refused.sort();
        let known: Vec<&[String]> = refused.iter().map(|row| &row[..2]).collect();
        assert_eq!(known, [["'@nobody", "1"], ["nobody@regard.example", "2"]]);
    });
}

#[test]
fn telephone_systems_their_logs_and_unread_lines_are_downloaded() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        let (staff, now) = (house.staff("Helen").await, house.app.now());
        let mut tx = house.app.db.write(Durability::Act).await.unwrap();
        hooks::add(&mut tx, FIRM, 5, FORMULA, b"sealed", staff, now).await.unwrap();
        hooks::add(&mut tx, FIRM, 6, "Reception", b"sealed", staff, now).await.unwrap();
        hooks::hear(&mut tx, FIRM, 6, b"a call", now).await.unwrap();
        let read = logs::add(&mut tx, FIRM, "/var/log/a.csv", staff, now).await.unwrap();
        let lost = logs::add(&mut tx, FIRM, "/var/log/b.csv", staff, now).await.unwrap();
        let all = logs::all(&mut tx, FIRM).await.unwrap();
        let wrong = |line| RowError { line, column: None, what: FORMULA.to_owned() };
        let reached = logs::Reached {
            place: &Place { inode: 1, reached: 90, line: 7, mark: Vec::new() },
            header: None,
            waiting: &[],
            calls: 4,
            wrong: &[wrong(2), wrong(5)],
        };
        let log = all.iter().find(|log| log.id == read).unwrap();
        assert!(logs::reach(&mut tx, FIRM, log, &reached, now).await.unwrap());
        logs::failed(&mut tx, FIRM, lost, "-rw------- is not for Regard", now, now).await.unwrap();
        tx.commit().await.unwrap();

        let page = "/settings/telephone";
        let systems = file(&house, &helen, page, "/settings/telephone/systems.csv", "systems.csv").await;
        let at = "2026-06-17T10:00:00+01:00";
        assert_eq!(systems, [[DISARMED, at, ""], ["Reception", at, at]]);
        let logs = file(&house, &helen, page, "/settings/telephone/logs.csv", "call_logs.csv").await;
        assert_eq!(
            logs,
            [
                ["/var/log/a.csv", "7", "4", at, at, "", ""],
                ["/var/log/b.csv", "0", "0", "", "", "'-rw------- is not for Regard", at],
            ]
        );
        let unread = file(&house, &helen, page, "/settings/telephone/unread.csv", "unread_lines.csv").await;
        assert_eq!(unread, [["/var/log/a.csv", "5", DISARMED, at], ["/var/log/a.csv", "2", DISARMED, at]]);
    });
}

#[test]
fn proposed_contacts_are_downloaded_by_whoever_sees_the_client() {
    run(async {
        let house = House::new().await;
        let (helen, marcus) = (house.person("Helen").await, house.person("Marcus").await);
        let (client, email) = proposed::listed(&house).await;
        let domain = email.split_once('@').unwrap().1;
        // More than the page shows.
        let cards: Vec<String> = (10..55)
            .map(|n| proposed::card(&n.to_string(), &format!("=Face {n}"), &format!("face{n}@{domain}")))
            .collect();
        proposed::bring(&house, &cards.concat()).await;
        let (page, path) = ("/clients/proposed", "/clients/proposed.csv");
        let shown = helen.get(page).await;
        assert_eq!(proposed::ticks(&shown).len(), 40, "{}", shown.text);
        let left = proposed::ticks(&shown).remove(0);
        let said = helen.post(page, &[(left.as_str(), "1"), ("word", "leave")]).await;
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.text);
        let mut all = file(&house, &helen, page, path, "proposed.csv").await;
        all.sort();
        let names: Vec<String> = (10..55).map(|n| format!("'=Face {n}")).collect();
        assert_eq!(column(&all, 0), names);
        let waits = column(&all, 8).into_iter().filter(|state| *state == "waits").count();
        assert_eq!((waits, column(&all, 8).contains(&"no contact")), (44, true));
        let name =
            house.app.boards.now(&house.app.db, FIRM).await.unwrap().firm.clients[&client].name.clone();
        assert_eq!(all[0][1..4], [name.as_str(), "", &format!("face10@{domain}")]);
        assert!(all[0][4].starts_with("'+44"), "{:?}", all[0]);
        house.wall("Marcus Tidd", client).await;
        let his = marcus.get(path).await.ok();
        assert_eq!(rows(&his).len(), 1, "the head alone: {his}");
    });
}

#[test]
fn contacts_and_matters_are_downloaded_by_whoever_sees_the_client() {
    run(async {
        let house = House::new().await;
        let (helen, marcus) = (house.person("Helen").await, house.person("Marcus").await);
        let card = house.client("Vantage Lettings Ltd").await;
        let here = format!("/clients/{}", card.id.0);
        let contact = [("name", FORMULA), ("emails", "di@vantagelettings.example"), ("role", "Director")];
        let added = helen.post(&format!("{here}/contacts"), &contact).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
        let path = format!("{here}/contacts.csv");
        let theirs = file(&house, &helen, &here, &path, "contacts.csv").await;
        let di = theirs.iter().find(|row| row[1] == DISARMED).expect("whom Helen added");
        assert_eq!([&di[0], &di[2], &di[3]], [&card.name, "Director", "di@vantagelettings.example"]);
        let all = file(&house, &helen, "/clients", "/clients/contacts.csv", "contacts.csv").await;
        assert!(theirs.len() < all.len() && theirs.iter().all(|row| all.contains(row)), "{all:?}");
        let path = format!("{here}/matters.csv");
        let matters = file(&house, &helen, &here, &path, "matters.csv").await;
        let page = helen.get(&here).await.ok();
        assert!(
            !matters.is_empty() && matters.iter().all(|row| page.contains(&row[1].replace('&', "&#38;"))),
            "{matters:?}"
        );
        house.wall("Marcus", card.id).await;
        for name in ["contacts", "matters"] {
            assert_eq!(marcus.get(&format!("{here}/{name}.csv")).await.status, StatusCode::NOT_FOUND);
        }
        let his = rows(&marcus.get("/clients/contacts.csv").await.ok());
        assert!(1 < his.len() && his.iter().all(|row| row[0] != card.name), "{his:?}");
    });
}

#[test]
fn texts_mailboxes_and_forwarding_addresses_are_downloaded() {
    run(async {
        let house = House::new().await;
        let (helen, marcus) = (house.person("Helen").await, house.person("Marcus").await);
        let text = [("name", FORMULA), ("words", "Two\nlines, \"quoted\".")];
        assert_eq!(helen.post("/settings/texts", &text).await.status, StatusCode::SEE_OTHER);
        let texts = file(&house, &marcus, "/settings/texts", "/settings/texts.csv", "texts.csv").await;
        assert_eq!(texts, [[DISARMED, "Two\nlines, \"quoted\"."]]);

        house.connect("Marcus Tidd").await;
        let (page, path) = ("/settings/mailboxes", "/settings/mailboxes.csv");
        for person in [&helen, &marcus] {
            let known = file(&house, person, page, path, "mailboxes.csv").await;
            assert_eq!(column(&known, 1), ["Marcus Tidd"]);
        }
        let owen = house.person("Owen").await;
        assert_eq!(rows(&owen.get(path).await.ok()).len(), 1, "a colleague's is not told of");

        let (page, path) = ("/settings/forwarding", "/settings/forwarding.csv");
        let made = marcus.post(page, &[("name", "My mail")]).await;
        let secret = made.between("<pre class=\"copy path\">", "<").to_owned();
        let his = file(&house, &marcus, page, path, "forwarding.csv").await;
        assert_eq!(his, [["My mail", "Marcus Tidd", "0", "", ""]]);
        assert!(8 < secret.len() && !his.concat().concat().contains(&secret));
        assert_eq!(file(&house, &helen, page, path, "forwarding.csv").await.len(), 1);
        assert_eq!(rows(&owen.get(path).await.ok()).len(), 1);
    });
}

#[test]
fn letters_that_are_found_are_downloaded_beyond_what_the_page_shows() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        let page = helen.get("/search?q=the").await.ok();
        let shown = page.matches("<li class=\"line\" id=\"e-").count();
        assert!(page.contains("These letters as CSV</a> <span class=\"quiet\">the newest 2,000 at most"));
        let found = rows(&helen.get("/search.csv?q=the").await.ok());
        assert!(shown == 30 && 400 < found.len() - 1, "{shown} and {}", found.len());
    });
}
