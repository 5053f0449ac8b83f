//! One client's record: the page, the timeline, letters with their files, and what is changed there.

use std::collections::BTreeSet;

use care::entry::Entry;
use care::obligation::Obligation;
use regard::board::Card;
use regard::intake::settle::settle;
use regard::record::{audit, read};

use crate::house::{FIRM, House, Page, Person, run};

const HELEN: &str = "Helen Farrow";
const VANTAGE: &str = "Vantage Lettings Ltd";
const NORTHGATE: &str = "Northgate Packaging Ltd";

/// What stands behind each of these marks, up to the next quote or ampersand.
fn after(text: &str, mark: &str) -> Vec<String> {
    let end = |rest: &str| rest.split(['"', '&', '?', '<', '/']).next().unwrap_or_default().to_owned();
    text.split(mark).skip(1).map(end).collect()
}

/// The decision that can be undone, by where a form led.
fn undo_of(page: &Page) -> String {
    assert_eq!(page.status, 303, "{}", page.text);
    after(page.location(), "undo=").pop().expect("a decision that can be undone")
}

/// Every entry that the timeline shows, page after page.
async fn walk(person: &Person, path: &str) -> Vec<String> {
    let (mut all, mut next) = (Vec::new(), path.to_owned());
    for _ in 0..200 {
        let part = person.part(&next).await.ok();
        all.extend(after(&part, "id=\"e-"));
        match after(&part, "?before=").pop() {
            Some(before) => next = format!("{path}?before={before}"),
            None => return all,
        }
    }
    panic!("the timeline of {path} has no end");
}

#[test]
fn the_timeline_shows_each_entry_once_whatever_the_page() {
    run(async {
        let house = House::new().await;
        let asker = house.asker(HELEN).await;
        let card = house.client(VANTAGE).await;
        let book = &asker.board.firm.book;
        let mut tx = house.app.db.read().await.unwrap();
        let record = read::load_record(&mut tx, FIRM, card.id, book).await.unwrap();
        let is_theirs = |address| book.directory.who(address).client() == Some(card.id);
        let theirs: BTreeSet<String> = record
            .iter()
            .filter(|entry| match entry {
                Entry::Message(m) => {
                    is_theirs(m.from) || m.recipients().any(is_theirs) || m.mentions.contains(&card.id)
                }
                Entry::Call(call) => is_theirs(call.from) || is_theirs(call.to),
                Entry::Note(_) => true,
                Entry::Decision(_) => false,
            })
            .map(|entry| entry.id().0.to_string())
            .collect();
        drop(tx);
        let shown = walk(&house.person(HELEN).await, &format!("/clients/{}", card.id.0)).await;
        assert!(60 < shown.len(), "{}", shown.len());
        assert_eq!(shown.iter().cloned().collect::<BTreeSet<_>>().len(), shown.len(), "none is shown twice");
        assert_eq!(shown.into_iter().collect::<BTreeSet<_>>(), theirs);
    });
}

#[test]
fn the_page_says_who_they_are_what_is_owed_and_what_happened() {
    run(async {
        let house = House::new().await;
        let helen = house.person(HELEN).await;
        let card = house.client(VANTAGE).await;
        let page = helen.get(&format!("/clients/{}", card.id.0)).await.ok();
        for words in [
            "tier B",
            "Point person",
            "Toby Marchant",
            "toby@vantagelettings.example",
            "Owed to them",
            "Who talks to whom",
            "times from them",
            "Matters",
            "wrote to",
            "Our files",
        ] {
            assert!(page.contains(words), "{words}");
        }
        assert!(page.len() < 40_000, "{}", page.len());
    });
}

#[test]
fn what_is_walled_or_made_up_is_not_found_and_noted() {
    run(async {
        let house = House::new().await;
        let card = house.client(VANTAGE).await;
        let path = format!("/clients/{}", card.id.0);
        let marcus = house.person("Marcus Tidd").await;
        let page = marcus.get(&path).await.ok();
        let entry = after(&page, "/entries/").remove(0);
        assert_eq!(marcus.get(&format!("/entries/{entry}")).await.status, 200);
        house.wall("Marcus Tidd", card.id).await;
        let refused = [
            path.clone(),
            format!("{path}?before=1-1"),
            format!("/entries/{entry}"),
            format!("/entries/{entry}?whole=1"),
            format!("/entries/{entry}/files/0"),
            "/clients/1".into(),
            "/clients/%00".into(),
            "/clients/-9223372036854775808".into(),
            "/clients/99999999999999999999".into(),
            "/entries/1".into(),
            "/entries/x".into(),
        ];
        for path in refused {
            let page = marcus.get(&path).await;
            assert_eq!(page.status, 404, "{path}");
            assert!(!page.text.contains("Vantage") && !page.text.contains("Toby"), "{path}");
        }
        for (path, fields) in [
            (format!("{path}/details"), vec![("name", "Mine")]),
            (format!("{path}/point-person"), vec![("staff", "1")]),
            (format!("{path}/merging"), vec![("other", NORTHGATE)]),
            (format!("{path}/people/joining"), vec![("who", "1"), ("is", "2")]),
            (format!("/entries/{entry}/reading"), vec![("what", "not_needed")]),
        ] {
            assert_eq!(marcus.post(&path, &fields).await.status, 404, "{path}");
        }
        // Nor can the walled one be named as the other of two.
        let other = house.client(NORTHGATE).await;
        let merged = marcus.post(&format!("/clients/{}/merging", other.id.0), &[("other", VANTAGE)]).await;
        assert_eq!(merged.status, 422, "{}", merged.text);
        assert!(merged.text.contains("is not known"), "{}", merged.text);
        regard::app::seen::write(&house.app).await.unwrap();
        let mut tx = house.app.db.read().await.unwrap();
        let noted = audit::last(&mut tx, FIRM, 50).await.unwrap();
        assert!(noted.contains(&("refused".into(), format!("GET {path}"))), "{noted:?}");
    });
}

#[test]
fn a_letter_opens_whole_and_its_files_are_only_saved() {
    run(async {
        let house = House::new().await;
        let helen = house.person(HELEN).await;
        let card = house.client(VANTAGE).await;
        let mut files = None;
        for entry in walk(&helen, &format!("/clients/{}", card.id.0)).await {
            let part = helen.part(&format!("/entries/{entry}")).await;
            if part.text.contains("/files/0") {
                files = Some((entry, part.text));
                break;
            }
        }
        let (entry, part) = files.expect("a letter with a file");
        assert!(part.contains("The whole letter as it was sent") && !part.contains("<html"), "{part}");
        let whole = helen.get(&format!("/entries/{entry}?whole=1")).await.ok();
        assert!(whole.contains("Only what was written new"), "{whole}");
        let file = helen.get(&format!("/entries/{entry}/files/0")).await;
        assert_eq!(file.status, 200);
        let header = |name: &str| file.headers[name].to_str().unwrap().to_owned();
        assert!(header("content-disposition").starts_with("attachment; filename*=UTF-8''"));
        assert_eq!(header("content-type"), "application/octet-stream");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert!(header("content-security-policy").contains("sandbox"));
        assert_eq!(helen.get(&format!("/entries/{entry}/files/99")).await.status, 404);
        assert_eq!(helen.get(&format!("/entries/{entry}/files/x")).await.status, 404);
    });
}

/// What is owed to a client.
async fn open(house: &House, card: &Card) -> Vec<Obligation> {
    let asker = house.asker(HELEN).await;
    asker.board.open_at(card.id).iter().map(|open| open.owed.clone()).collect()
}

#[test]
fn a_wrong_reading_is_corrected_and_the_correction_undone() {
    run(async {
        let house = House::new().await;
        let helen = house.person(HELEN).await;
        let card = house.client(VANTAGE).await;
        let path = format!("/clients/{}", card.id.0);
        let before = open(&house, &card).await;
        let answer =
            before.iter().find(|owed| owed.kind == care::obligation::Kind::Answer).expect("an open answer");
        let key = answer.evidence[0].of.key();
        let mut tx = house.app.db.read().await.unwrap();
        let entry = read::entries(&mut tx, FIRM, &[key]).await.unwrap().remove(0).id().0;
        drop(tx);
        let form = format!("/entries/{entry}/reading");
        let done = helen.post(&form, &[("what", "not_needed"), ("back", &path)]).await;
        assert!(done.location().starts_with(&format!("{path}?said=")), "{}", done.location());
        assert!(open(&house, &card).await.iter().all(|owed| owed.id != answer.id));
        let undone = helen.post(&format!("/decisions/{}/undoing", undo_of(&done)), &[("back", &path)]).await;
        assert_eq!(undone.status, 303);
        assert_eq!(open(&house, &card).await.len(), before.len());
        // Whoever came from a search or a list is led back there, told of it, and offered Undo there.
        for back in ["/search?q=lease", "/clients?q=vantage&by=name", "/clients"] {
            let done = helen.post(&form, &[("what", "not_needed"), ("back", back)]).await;
            let there = helen.get(done.location()).await.ok();
            assert!(there.contains("This letter needs no answer."), "{back}");
            let undo = format!("/decisions/{}/undoing", undo_of(&done));
            let (_, offered) =
                there.split_once(&format!("action=\"{undo}\"")).expect("it is taken back there");
            let (_, to) = offered.split_once("name=\"back\" value=\"").expect("it leads back");
            let to = to.split('"').next().unwrap().replace("&#38;", "&");
            assert_eq!(to, back);
            let undone = helen.post(&undo, &[("back", &to)]).await;
            assert!(helen.get(undone.location()).await.ok().contains("Undone"), "{back}");
        }
        for (what, n, status) in [("not_that", "99", 404), ("not_that", "x", 404), ("evil", "", 422)] {
            let refused = helen.post(&form, &[("what", what), ("n", n)]).await;
            assert_eq!(refused.status, status, "{what} {n}");
        }
        house.give_access(HELEN, "read_only").await;
        assert_eq!(
            helen.post(&form, &[("what", "not_needed")]).await.status,
            422,
            "who only looks changes nothing"
        );
    });
}

#[test]
fn two_clients_are_merged_and_split_back() {
    run(async {
        let house = House::new().await;
        let helen = house.person(HELEN).await;
        let (from, into) = (house.client(VANTAGE).await, house.client(NORTHGATE).await);
        let (path, other) = (format!("/clients/{}", from.id.0), format!("/clients/{}", into.id.0));
        let (mine, theirs) = (walk(&helen, &path).await, walk(&helen, &other).await);
        helen.post(&format!("{path}/details"), &[("why_came", "A flood in the cellar")]).await;
        let merged = helen.post(&format!("{path}/merging"), &[("other", "northgate packaging")]).await;
        assert!(merged.location().starts_with(&other), "{}", merged.location());
        assert_eq!(helen.get(&path).await.location(), other, "the old address leads on");
        let both = walk(&helen, &other).await;
        assert!(mine.iter().chain(&theirs).all(|entry| both.contains(entry)), "all of both is there");
        let list = helen.part("/clients?q=vantage").await.ok();
        assert!(list.contains("Northgate") && !list.contains(&format!("id=\"c-{}\"", from.id.0)), "{list}");
        // A wall around the one that is no more still keeps out of its entries.
        house.wall("Marcus Tidd", from.id).await;
        let marcus = house.person("Marcus Tidd").await;
        assert_eq!(marcus.get(&other).await.status, 404);
        let page = helen.get(&other).await.ok();
        assert!(page.contains("Split it back"), "{page}");
        let told =
            format!("({VANTAGE})</span></dt><dd class=\"told\" dir=\"auto\">A flood in the cellar</dd>");
        assert!(page.contains(&told), "what the record of the one told stands there: {page}");
        helen.post(&format!("/decisions/{}/undoing", undo_of(&merged)), &[]).await;
        assert!(!helen.get(&other).await.ok().contains("A flood"), "and goes with it");
        assert_eq!(walk(&helen, &path).await, mine);
        let after: BTreeSet<String> = walk(&helen, &other).await.into_iter().collect();
        assert!(
            theirs.iter().all(|entry| after.contains(entry))
                && !mine.iter().any(|entry| after.contains(entry) && !theirs.contains(entry))
        );
    });
}

/// The people that the page of a client offers, by number: what they are called.
fn people_on(page: &str) -> Vec<(String, String)> {
    let choice = page.split("<select name=\"who\">").nth(1).and_then(|rest| rest.split("</select>").next());
    let options = choice.unwrap_or_default().split("<option value=\"").skip(1);
    options
        .filter_map(|option| {
            let (number, rest) = option.split_once("\">")?;
            Some((number.to_owned(), rest.split(" (").next()?.to_owned()))
        })
        .collect()
}

/// The people whom the page of a client names.
fn names_on(page: &str) -> Vec<String> {
    let list = page.split("<h2>People</h2>").nth(1).and_then(|rest| rest.split("</ul>").next());
    after(list.unwrap_or_default(), "<li><b>")
}

#[test]
fn two_people_of_a_client_are_joined_and_split_off() {
    run(async {
        let house = House::new().await;
        let helen = house.person(HELEN).await;
        let card = house.client(NORTHGATE).await;
        let path = format!("/clients/{}", card.id.0);
        let before = helen.get(&path).await.ok();
        let people = people_on(&before);
        let [(who, gone), (is, stays), ..] = people.as_slice() else { panic!("{people:?}: {before}") };
        let owed = open(&house, &card).await;
        let join = format!("{path}/people/joining");
        let joined = helen.post(&join, &[("who", who), ("is", is)]).await;
        let page = helen.get(joined.location()).await.ok();
        assert!(page.contains(&format!("They are one person now: {stays}.")), "{page}");
        let after = names_on(&page);
        assert!(after.len() + 1 == people.len() && !after.contains(gone), "{after:?}");
        assert!(page.contains("Split it off"), "{page}");
        let found = helen.part(&format!("/clients?q={}", stays.replace(' ', "%20"))).await.ok();
        assert!(found.contains(NORTHGATE), "{found}");
        let log = house.log().await;
        let told =
            log.iter().find(|(_, detail)| detail.contains("two people are one")).expect("a line of it");
        assert!(!told.1.contains(stays.as_str()) && !told.1.contains(gone.as_str()), "{told:?}");
        // The same when everything is settled anew, and a second click changes nothing.
        settle(&house.app.db, FIRM, house.app.now()).await.unwrap();
        assert_eq!(names_on(&helen.get(&path).await.ok()), after);
        let again = helen.post(&join, &[("who", who), ("is", is)]).await;
        assert!(helen.get(again.location()).await.text.contains("the same person already"));
        helen.post(&format!("/decisions/{}/undoing", undo_of(&joined)), &[]).await;
        assert_eq!(people_on(&helen.get(&path).await.ok()), people);
        assert_eq!(open(&house, &card).await, owed);
        for (who, is) in [("x", is.as_str()), (who, "4000000000"), (who, "0")] {
            assert_eq!(helen.post(&join, &[("who", who), ("is", is)]).await.status, 422, "{who} {is}");
        }
        house.give_access(HELEN, "read_only").await;
        assert_eq!(helen.post(&join, &[("who", who), ("is", is)]).await.status, 422);
    });
}

#[test]
fn name_tier_and_point_person_are_changed_and_noted() {
    run(async {
        let house = House::new().await;
        let helen = house.person(HELEN).await;
        let card = house.client(VANTAGE).await;
        let path = format!("/clients/{}", card.id.0);
        let hostile = "<script>alert(1)</script> \u{202e}& Sons";
        let done = helen.post(&format!("{path}/details"), &[("name", hostile), ("tier", "a")]).await;
        assert_eq!(done.status, 303, "{}", done.text);
        let page = helen.get(&path).await.ok();
        assert!(page.contains("&#60;script&#62;alert(1)&#60;/script&#62; &#38; Sons"), "{page}");
        assert!(!page.contains("<script>alert") && page.contains("tier A"), "{page}");
        let owen = house.staff("Owen Bellamy").await;
        let made = helen.post(&format!("{path}/point-person"), &[("staff", &owen.0.to_string())]).await;
        let list = helen.part(&format!("/clients?person={}&q=sons", owen.0)).await.ok();
        assert!(list.contains("Owen Bellamy"), "{list}");
        helen.post(&format!("/decisions/{}/undoing", undo_of(&made)), &[]).await;
        let list = helen.part(&format!("/clients?person={}&q=sons", owen.0)).await.ok();
        assert!(list.contains("Nobody is like that"), "{list}");
        let refused = helen.post(&format!("{path}/point-person"), &[("staff", "77")]).await;
        assert!(refused.status.is_client_error(), "{}", refused.text);
        assert!(refused.text.contains("work here"), "{}", refused.text);
        let mut tx = house.app.db.read().await.unwrap();
        let noted = audit::last(&mut tx, FIRM, 50).await.unwrap();
        assert!(noted.iter().any(|(_, detail)| detail.contains("tier b → a")), "{noted:?}");
    });
}

#[test]
fn what_of_a_record_was_looked_at_stands_in_the_log_also_as_a_part_or_found() {
    run(async {
        let house = House::new().await;
        let card = house.client(VANTAGE).await;
        let marcus = house.person("Marcus Tidd").await;
        let saw = format!("client {}", card.id.0);
        let looks = async || {
            let log = house.log().await.into_iter();
            log.filter(|(act, _)| act == "saw").map(|(_, what)| what).collect::<Vec<_>>()
        };
        assert_eq!(marcus.part(&format!("/clients/{}?before=9-9", card.id.0)).await.status, 200);
        assert_eq!(looks().await, [saw]);
        assert!(marcus.get("/search?q=wolfhound").await.ok().contains("Search"));
        assert_eq!(looks().await.len(), 1, "nothing was found");
        for _ in 0..2 {
            assert!(marcus.get("/search?q=lease").await.ok().contains("/entries/"));
        }
        assert_eq!(looks().await[0], "letters that a search found");
        assert_eq!(looks().await.len(), 2, "the same look is noted once");
    });
}
