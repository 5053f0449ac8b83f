//! Whose things Today lists, and how it is narrowed to one client, one person, one kind.

use care::today::Hurt;
use regard::db::Durability;
use regard::ids::{ClientId, MatterId, StaffId};
use regard::matters::{self, Matter};
use regard::record::changes;

use crate::house::{FIRM, House, Page, Person, run};

/// The ids of the lines of a page.
fn lines(page: &str) -> Vec<String> {
    let ids = page.split("<li class=\"line\" id=\"o-").skip(1);
    ids.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

/// The parts of a divided list: where the heading leads, what it says, the lines below it.
fn parts(page: &str) -> Vec<(String, String, Vec<String>)> {
    let part = |part: &str| {
        let heading = part.split("</h2>").next().unwrap();
        let (href, title) = match heading.strip_prefix("<a href=\"").and_then(|rest| rest.split_once("\">")) {
            Some((href, rest)) => (href.replace("&#38;", "&"), rest.trim_end_matches("</a>")),
            None => (String::new(), heading),
        };
        (href, title.to_owned(), lines(part))
    };
    // The list of keys has a heading as well, and no lines.
    page.split("<h2>").skip(1).map(part).filter(|(.., lines)| !lines.is_empty()).collect()
}

/// The link of those that narrow, of this name, that is chosen.
fn chosen(page: &str, name: &str) -> Option<String> {
    let links = page.split("<dt>Only</dt>").nth(1)?.split("</dd>").next()?;
    let before = links.split(&format!("\" aria-current=\"true\">{name}")).next().filter(|b| *b != links)?;
    before.rsplit_once("href=\"").map(|(_, href)| href.replace("&#38;", "&"))
}

/// A matter of a client, in somebody's hands.
async fn matter(house: &House, client: ClientId, handler: StaffId, closed: Option<&str>) {
    let mut tx = house.app.db.write(Durability::Act).await.unwrap();
    let matter = Matter {
        id: MatterId(tx.new_id()),
        external_key: "M-4711".to_owned(),
        client,
        name: "Sale of Mill Lane".to_owned(),
        kind: String::new(),
        handler: Some(handler),
        opened: None,
        closed: closed.map(|day| day.parse().unwrap()),
        custom: Default::default(),
    };
    matters::store::save(&mut tx, FIRM, &matter, house.app.now()).await.unwrap();
    changes::note_everything(&mut tx, FIRM).await.unwrap();
    tx.commit().await.unwrap();
}

async fn whole(person: &Person, path: &str) -> String {
    let page: Page = person.get(path).await;
    let text = page.ok();
    assert!(!text.contains("rel=\"next\""), "all of it is on one page");
    text
}

#[test]
fn whose_is_mine_my_clients_or_the_firm() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        let asker = house.asker("Helen").await;
        let open = |id: &String| asker.open().find(|open| open.owed.id.to_string() == *id).unwrap();
        let page = whole(&helen, "/today").await;
        let tabs = page.split("aria-label=\"Whose\">").nth(1).unwrap().split("</nav>").next().unwrap();
        for (href, words) in [
            ("\"/today\" aria-current=\"true\"", "Mine"),
            ("\"/today?whose=my_clients\"", "My clients"),
            ("\"/today?whose=firm\"", "Firm"),
        ] {
            assert!(tabs.contains(&format!("<a href={href}>{words}</a>")), "{words}: {tabs}");
        }
        let firm = lines(&whole(&helen, "/today?whose=firm").await);

        // Nobody is away, so hers is what she owes.
        let mine: Vec<&String> = firm.iter().filter(|id| open(id).owed.owner == Some(asker.staff)).collect();
        assert!(!mine.is_empty() && mine.len() < firm.len());
        assert_eq!(lines(&page).iter().collect::<Vec<_>>(), mine, "in the order of the whole");

        // Somebody's clients are those whose point person they are: by whoever it is owed.
        let book = &asker.board.firm.book;
        let point_person = |id: &String| book.client(open(id).owed.client).unwrap().point_person;
        let tended: Vec<&String> = firm.iter().filter(|id| point_person(id) == Some(asker.staff)).collect();
        assert!(
            tended.iter().any(|id| open(id).owed.owner != Some(asker.staff)),
            "what colleagues owe them too"
        );
        let shown = lines(&whole(&helen, "/today?whose=my_clients").await);
        assert_eq!(shown.iter().collect::<Vec<_>>(), tended);

        // Or whose open matter they handle.
        let other = firm.iter().find(|id| point_person(id) != Some(asker.staff)).expect("another client");
        let client = open(other).owed.client;
        let theirs: Vec<&String> = firm.iter().filter(|id| open(id).owed.client == client).collect();
        let of_theirs = async || {
            let shown = lines(&whole(&helen, "/today?whose=my_clients").await);
            shown.iter().filter(|id| theirs.contains(id)).count()
        };
        for (closed, count) in [(None, theirs.len()), (Some("2026-06-01"), 0)] {
            matter(&house, client, asker.staff, closed).await;
            assert_eq!(of_theirs().await, count, "closed {closed:?}");
        }
    });
}

#[test]
fn the_order_is_explained_by_what_orders() {
    run(async {
        let house = House::new().await;
        let page = house.person("Helen").await.get("/today?whose=firm").await.ok();
        let said = page.split("<dt>Order</dt><dd>").nth(1).unwrap().split("</dd>").next().unwrap();
        let words: Vec<&str> = Hurt::ALL.iter().map(|hurt| hurt.words()).collect();
        let all = format!("What hurts the client most comes first: {}.", words.join("; then "));
        assert_eq!(said, format!("{all} Among equals, what fell due first."));
        let asker = house.asker("Helen").await;
        let due: Vec<_> = lines(&page)
            .iter()
            .map(|id| asker.open().find(|open| open.owed.id.to_string() == *id).unwrap())
            .map(|open| {
                let day_ends = regard::today::list::day_ends(&asker, house.app.now());
                (care::today::hurt(&open.owed, house.app.now(), day_ends), open)
            })
            .collect();
        assert!(due.is_sorted_by_key(|(hurt, _)| *hurt), "{due:?}");
        let late: Vec<_> = due.iter().filter(|(hurt, _)| *hurt == Hurt::Late).collect();
        assert!(1 < late.len() && late.is_sorted_by_key(|(_, open)| open.owed.due_at), "{late:?}");
    });
}

#[test]
fn the_heading_of_a_part_narrows_to_it_and_the_way_back_is_beside_it() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        for (by, field) in [("client", "client="), ("person", "person="), ("kind", "kind=")] {
            let divided = format!("/today?whose=firm&by={by}");
            let all = parts(&whole(&helen, &divided).await);
            assert!(2 < all.len(), "{all:?}");
            for (href, title, lines) in all.into_iter().take(3) {
                assert!(href.contains(field) && href.contains(&format!("by={by}")), "{title}: {href}");
                let one = whole(&helen, &href).await;
                // What stood under the heading, and nothing else; the heading leads nowhere now.
                assert_eq!(parts(&one), [(String::new(), title.clone(), lines)], "{href}");
                assert!(one.contains("<details class=\"narrow\" open>"), "{href}");
                assert_eq!(chosen(&one, &title), Some(divided.clone()), "{href}: {one}");
                assert!(
                    one.contains(&format!("<a href=\"{}\">Everything</a>", divided.replace('&', "&#38;")))
                );
                let csv = href.replace("/today?", "/today.csv?").replace('&', "&#38;");
                assert!(one.contains(&format!("href=\"{csv}\" download")), "{csv}: {one}");
            }
        }
        // Two ways at once: each is taken back by itself.
        let (_, client, _) = &parts(&whole(&helen, "/today?whose=firm&by=client").await)[0];
        let card = house.client(client).await;
        let both = format!("/today?whose=firm&client={}&by=person", card.id.0);
        let (href, person, _) = parts(&whole(&helen, &both).await).remove(0);
        let one = whole(&helen, &href).await;
        assert_eq!(chosen(&one, &person), Some(both), "{one}");
        assert_eq!(chosen(&one, client), Some(href.replace(&format!("client={}&", card.id.0), "")));
        // An act leads back to what is narrowed.
        let line = one.split("<a href=\"/owed/").nth(1).unwrap().split('"').next().unwrap();
        assert!(line.contains(&format!("client%3D{}", card.id.0)), "{line}");
    });
}

#[test]
fn what_is_narrowed_to_nothing_says_so_and_names_nobody_behind_a_wall() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        let (_, client, _) = parts(&whole(&helen, "/today?whose=firm&by=client").await).remove(0);
        let card = house.client(&client).await;
        let narrowed = format!("/today?whose=firm&client={}", card.id.0);
        let marcus = house.person("Marcus").await;
        assert_eq!(chosen(&whole(&marcus, &narrowed).await, &client), Some("/today?whose=firm".to_owned()));
        house.wall("Marcus Tidd", card.id).await;
        let page = whole(&marcus, &narrowed).await;
        assert!(!page.contains(&client) && lines(&page).is_empty(), "{page}");
        assert!(
            page.contains("Nothing of what you ask for is open here.") && page.contains(">Everything</a>")
        );
        for nobody in ["client=77", "person=77"] {
            let page = helen.get(&format!("/today?whose=firm&{nobody}")).await.ok();
            let links = page.split("<dt>Only</dt>").nth(1).unwrap().split("</dd>").next().unwrap();
            assert!(!links.contains("aria-current") && lines(&page).is_empty(), "{nobody}: {links}");
        }
    });
}
