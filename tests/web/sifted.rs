//! What a list of clients says of each and how it is filtered and ordered; in which order correspondents wait; and what a
//! calendar feed holds.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use jiff::{SignedDuration, Timestamp};
use regard::access::tokens::Scope;
use regard::board::{Asker, Card};
use regard::ids::ClientId;

use crate::correspondents::{bring, firm, letter};
use crate::house::{House, Person, run};

/// All clients that a list has, in its order, page by page, with the line of each.
async fn listed(person: &Person, path: &str) -> Vec<(ClientId, String)> {
    let mut found = Vec::new();
    for page in 0..10 {
        let part = person.part(&format!("{path}&page={page}")).await.ok();
        found.extend(part.split("<li class=\"line\" id=\"c-").skip(1).map(|line| {
            let id = line.split('"').next().unwrap().parse().map(ClientId).unwrap();
            (id, line.split("</li>").next().unwrap().to_owned())
        }));
        if !part.contains("rel=\"next\"") {
            break;
        }
    }
    found
}

fn ids(listed: &[(ClientId, String)]) -> BTreeSet<ClientId> {
    listed.iter().map(|(id, _)| *id).collect()
}

fn last_word(asker: &Asker, client: ClientId, now: Timestamp) -> Option<Timestamp> {
    let contact = asker.board.contact_with(client);
    contact.last_in(now).max(contact.last_out(now))
}

#[test]
fn clients_are_filtered_by_tier_and_by_how_long_they_are_quiet() {
    run(async {
        let house = House::new().await;
        let (helen, asker, now) = (house.person("Helen").await, house.asker("Helen").await, house.app.now());
        let all = listed(&helen, "/clients?by=name").await;
        assert!(50 < all.len(), "more than a page: {}", all.len());
        let of = |is: &dyn Fn(&Card) -> bool| -> BTreeSet<ClientId> {
            let firm = &asker.board.firm;
            all.iter().map(|(id, _)| *id).filter(|id| is(&firm.clients[id])).collect()
        };
        let page = helen.get("/clients").await.ok();
        let mut tiers = 0;
        for tier in ["a", "b", "c"] {
            let expected = of(&|card| card.tier.as_deref() == Some(tier));
            let found = listed(&helen, &format!("/clients?tier={tier}")).await;
            assert_eq!(ids(&found), expected, "tier {tier}");
            assert!(found.iter().all(|(_, line)| line.contains(&format!("tier {}", tier.to_uppercase()))));
            let offered =
                page.contains(&format!("<option value=\"{tier}\">{}</option>", tier.to_uppercase()));
            assert_eq!(offered, !expected.is_empty(), "tier {tier} is offered where somebody has it");
            tiers += usize::from(!expected.is_empty() && expected.len() < all.len());
        }
        assert!(1 < tiers, "the tiers tell them apart");
        let mut before = all.len();
        for days in [30, 60, 90, 180] {
            assert!(page.contains(&format!("<option value=\"{days}\">")), "{days} days are offered");
            let since = now - SignedDuration::from_hours(24 * days);
            let expected = of(&|card| last_word(&asker, card.id, now).is_none_or(|last| last < since));
            let found = ids(&listed(&helen, &format!("/clients?quiet={days}")).await);
            assert_eq!(found, expected, "{days} days");
            assert!(found.len() <= before);
            before = found.len();
        }
        let quiet = ids(&listed(&helen, "/clients?quiet=30").await);
        assert!(!quiet.is_empty() && quiet.len() < all.len(), "{}", quiet.len());
        // Two filters at once let through whom both do.
        let tier = ids(&listed(&helen, "/clients?tier=b").await);
        let both = ids(&listed(&helen, "/clients?tier=b&quiet=30").await);
        assert_eq!(both, tier.intersection(&quiet).copied().collect());
    });
}

#[test]
fn clients_stand_in_the_order_that_is_asked_for() {
    run(async {
        let house = House::new().await;
        let (helen, asker, now) = (house.person("Helen").await, house.asker("Helen").await, house.app.now());
        let order = async |by: &str| -> Vec<ClientId> {
            listed(&helen, &format!("/clients?by={by}")).await.into_iter().map(|(id, _)| id).collect()
        };
        let names = order("name").await;
        let firm = &asker.board.firm;
        assert!(names.is_sorted_by_key(|id| firm.clients[id].name.to_lowercase()));
        let risk = order("").await;
        let score = |id: &ClientId| asker.board.outlook(*id, now).score;
        assert!(risk.is_sorted_by(|a, b| score(b) <= score(a)), "the likeliest to leave first");
        assert!(score(risk.last().unwrap()) < score(&risk[0]));
        let quiet = order("quiet").await;
        assert!(quiet.is_sorted_by_key(|id| last_word(&asker, *id, now)), "the longest silence first");
        let owed = order("open").await;
        let open = |id: &ClientId| {
            let open = asker.open().filter(|open| open.owed.client == *id && !open.owed.kind.is_upkeep());
            open.filter(|open| open.owed.opened_at <= now).count()
        };
        assert!(owed.is_sorted_by(|a, b| open(b) <= open(a)), "most open first");
        assert!(open(owed.last().unwrap()) < open(&owed[0]));
        let orders: BTreeSet<&[ClientId]> = [&names[..], &risk, &quiet, &owed].into();
        assert_eq!(orders.len(), 4, "each is another one");
        for other in [&risk, &quiet, &owed] {
            assert_eq!(other.iter().collect::<BTreeSet<_>>(), names.iter().collect(), "of the same clients");
        }
    });
}

#[test]
fn a_line_says_why_a_client_may_be_lost_and_how_many_ties_there_are() {
    run(async {
        let house = House::new().await;
        let (helen, asker, now) = (house.person("Helen").await, house.asker("Helen").await, house.app.now());
        let (mut with_reasons, mut ties_seen) = (0, BTreeSet::new());
        for (id, line) in listed(&helen, "/clients?by=").await {
            let (outlook, contact) = (asker.board.outlook(id, now), asker.board.contact_with(id));
            let said =
                line.split("<span class=\"words\">").nth(1).and_then(|rest| rest.split("</span>").next());
            let said = said.unwrap_or_default().replace('\u{a0}', " ");
            assert_eq!(said.is_empty(), outlook.reasons.is_empty(), "{line}");
            // Each reason in words of people, the heaviest first, with since when.
            let places: Vec<usize> = outlook
                .reasons
                .iter()
                .map(|one| regard::report::words::reason(one.kind.name()))
                .map(|words| said.find(words).unwrap_or_else(|| panic!("no “{words}” in {said}")))
                .collect();
            assert!(places.is_sorted(), "{said}");
            assert!(outlook.reasons.is_sorted_by(|a, b| b.weight <= a.weight), "{:?}", outlook.reasons);
            assert_eq!(said.matches(" (").count(), places.len(), "since when, of each: {said}");
            with_reasons += usize::from(!said.is_empty());
            if contact.last_in(now).is_some() || contact.last_out(now).is_some() {
                let ties = match contact.ties() {
                    0 => "<span>no tie</span>".to_owned(),
                    1 => "<span>1 tie</span>".to_owned(),
                    n => format!("<span>{n} ties</span>"),
                };
                assert!(line.contains(&ties), "{ties}: {line}");
                ties_seen.insert(contact.ties());
            }
        }
        assert!(10 < with_reasons && 1 < ties_seen.len(), "{with_reasons} {ties_seen:?}");
    });
}

#[test]
fn correspondents_stand_in_the_order_in_which_they_are_likely_clients() {
    run(async {
        let house = firm().await;
        // Many letters one way say less than a few both ways.
        let mut mail = String::new();
        for n in 20..32 {
            mail +=
                &letter(n, "Jan <jan@weekly.example>", "amy@quill.example", 9, "This week", "News for you.");
        }
        for n in 33..36 {
            mail += &letter(n, "Pat <pat@both.example>", "amy@quill.example", 9, "Our lease", "Thank you.");
            mail +=
                &letter(n + 10, "amy@quill.example", "pat@both.example", 10, "Re: Our lease", "Here it is.");
        }
        bring(&house, "amy", &mail).await;
        let page = house.person("Amy").await.get("/correspondents").await.ok();
        let names: Vec<&str> = page
            .split("<span class=\"who\"><b>")
            .skip(1)
            .map(|rest| rest.split("</b>").next().unwrap())
            .collect();
        assert_eq!(names, ["both.example", "acme.example", "weekly.example", "may@gmail.com"], "{page}");
        assert!(page.contains("with whom most letters go both ways stand first"), "and the page says so");
        let line = page.split("<b>weekly.example</b>").nth(1).unwrap().split("</li>").next().unwrap();
        assert!(line.contains("wrote 12 messages, got 0"), "{line}");
        // The file and the program give the same order.
        let csv = house.person("Amy").await.get("/correspondents.csv").await.ok();
        let rows: Vec<&str> = csv.lines().skip(1).map(|row| row.split(',').next().unwrap()).collect();
        assert_eq!(rows, names);
    });
}

#[test]
fn a_feed_holds_what_its_owner_owes_and_nothing_of_anybody_else() {
    run(async {
        let house = House::new().await;
        let mut all = BTreeSet::new();
        let mut holding = 0;
        for name in ["Helen", "Marcus", "Owen"] {
            let feed = house.token(name, Scope::Feed).await;
            let request = Request::get(format!("/feed/{feed}.ics")).body(Body::empty()).unwrap();
            let page = house.send(request).await.ok();
            let uids = page.lines().filter_map(|line| line.strip_prefix("UID:")?.strip_suffix("@regard"));
            let uids: BTreeSet<String> = uids.map(str::to_owned).collect();
            assert_eq!(uids.len(), page.matches("BEGIN:VEVENT").count(), "{page}");
            let asker = house.asker(name).await;
            for open in asker.open().filter(|open| uids.contains(&open.owed.id.to_string())) {
                assert_eq!(open.owed.owner, Some(asker.staff), "{:?}", open.owed);
            }
            let mine = house.person(name).await.get("/today").await;
            let shown: BTreeSet<String> = mine
                .text
                .split("<li class=\"line\" id=\"o-")
                .skip(1)
                .map(|rest| rest.split('"').next().unwrap().to_owned())
                .collect();
            assert_eq!(uids, shown, "what {name} owes today, and all of it");
            assert!(all.is_disjoint(&uids), "nothing is two people's");
            holding += usize::from(!uids.is_empty());
            all.extend(uids);
        }
        assert!(1 < holding, "more than one of them owes something");
    });
}
