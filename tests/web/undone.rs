//! What people write and change of a client, taken back: its name and tier, and notes with all that they opened.

use care::obligation::Kind;
use care::today::{Group, group};
use regard::board::Card;
use regard::ids::ClientId;

use crate::house::{FIRM, House, Page, run};

const HELEN: &str = "Helen Farrow";
const MARCUS: &str = "Marcus Tidd";
const VANTAGE: &str = "Vantage Lettings Ltd";

/// Where what was just done is undone.
fn undoing(page: &Page) -> String {
    assert_eq!(page.status, 303, "{}", page.text);
    let after = page.location().split("&undo=").nth(1).expect("something that can be undone");
    format!("/decisions/{}/undoing", after.split('&').next().unwrap())
}

async fn now_is(house: &House, card: &Card) -> (String, Option<String>) {
    let card = house.asker(HELEN).await.board.firm.clients[&card.id].clone();
    (card.name, card.tier)
}

/// How much of one kind is open at a client.
async fn open(house: &House, card: &Card, kind: Kind) -> usize {
    let board = house.asker(HELEN).await.board;
    board.open_at(card.id).iter().filter(|open| open.owed.kind == kind).count()
}

/// When what is owed to a client falls due.
async fn dues(house: &House, card: &Card) -> Vec<jiff::Timestamp> {
    let board = house.asker(HELEN).await.board;
    let mut dues: Vec<_> = board.open_at(card.id).iter().map(|open| open.owed.due_at).collect();
    dues.sort();
    dues
}

#[test]
fn a_name_and_a_tier_are_as_they_were_after_undo() {
    run(async {
        let house = House::new().await;
        let (helen, card) = (house.person(HELEN).await, house.client(VANTAGE).await);
        let path = format!("/clients/{}", card.id.0);
        let details = format!("{path}/details");
        let before = (now_is(&house, &card).await, dues(&house, &card).await);
        let tier = before.0.1.clone().expect("a tier");

        let named = helen.post(&details, &[("name", "Vantage Homes"), ("tier", &tier)]).await;
        let tiered = helen.post(&details, &[("name", "Vantage Homes"), ("tier", "a")]).await;
        assert_eq!(now_is(&house, &card).await, ("Vantage Homes".to_owned(), Some("a".to_owned())));
        assert_ne!(dues(&house, &card).await, before.1, "another tier was promised other times");
        let page = helen.get(named.location()).await.ok();
        assert!(page.contains(&format!("action=\"{}\"", undoing(&named))), "the notice offers it: {page}");
        let page = helen.get(&path).await.ok();
        assert!(page.contains(&format!("action=\"{}\"", undoing(&tiered))), "and the client's page: {page}");

        assert!(page.contains("You changed this just now; before, it was tier B."), "{page}");

        // An earlier one says nothing of how they are called now.
        let renamed = helen.post(&details, &[("name", "Vantage plc"), ("tier", "a")]).await;
        let back = helen.post(&undoing(&named), &[("back", &path)]).await;
        assert!(back.location().contains("changed%20again%20since"), "{}", back.location());
        let back = helen.post(&undoing(&renamed), &[("back", &path)]).await;
        assert!(
            back.location().starts_with(&format!("{path}?said=Undone.%20It%20is%20Vantage%20Homes%20again."))
        );
        // What it did not touch is as somebody made it since.
        let back = helen.post(&undoing(&named), &[("back", &path)]).await;
        let words = format!("{path}?said=Undone.%20It%20is%20Vantage%20Lettings%20Ltd%20again.");
        assert!(back.location().starts_with(&words), "{}", back.location());
        assert_eq!(now_is(&house, &card).await, (before.0.0.clone(), Some("a".to_owned())));
        let back = helen.post(&undoing(&tiered), &[("back", &path)]).await;
        let words = format!("{path}?said=Undone.%20It%20is%20tier%20{}%20again.", tier.to_uppercase());
        assert!(back.location().starts_with(&words), "{}", back.location());
        assert_eq!((now_is(&house, &card).await, dues(&house, &card).await), before);
        let back = helen.post(&undoing(&tiered), &[("back", &path)]).await;
        assert!(back.location().contains("undone%20already"), "{}", back.location());
        let page = helen.get(&path).await.ok();
        assert!(!page.contains("/decisions/change-"), "nothing is left to undo: {page}");
        let log = house.log().await;
        assert!(log.iter().any(|(act, _)| act == "undid"), "{log:?}");
        assert!(
            log.iter().all(|(_, detail)| !detail.contains("Homes")),
            "the log outlives who is erased: {log:?}"
        );
    });
}

#[test]
fn what_a_colleague_changed_only_they_and_owners_undo_and_nobody_behind_a_wall() {
    run(async {
        let house = House::new().await;
        let (helen, marcus) = (house.person(HELEN).await, house.person(MARCUS).await);
        let card = house.client(VANTAGE).await;
        let path = format!("/clients/{}", card.id.0);
        let changed =
            helen.post(&format!("{path}/details"), &[("name", "Vantage Homes"), ("tier", "b")]).await;
        let noted = helen.post(&format!("{path}/notes"), &[("words", "They may sell."), ("once", "1")]).await;
        house.give_access(MARCUS, "staff").await;
        for undo in [undoing(&changed), undoing(&noted)] {
            let refused = marcus.post(&undo, &[]).await;
            assert_eq!(refused.status, 422, "{}", refused.text);
            assert!(refused.text.contains("need to be an owner"), "{}", refused.text);
        }
        house.give_access(MARCUS, "owner").await;
        house.wall(MARCUS, card.id).await;
        for undo in [undoing(&changed), undoing(&noted)] {
            assert_eq!(marcus.post(&undo, &[]).await.status, 404, "he knows of no such client");
        }
        let log = house.log().await;
        assert_eq!(log.iter().filter(|(act, _)| act == "refused").count(), 2, "{log:?}");
        assert_eq!(now_is(&house, &card).await.0, "Vantage Homes");
        for undo in ["/decisions/change-7/undoing", "/decisions/change-x/undoing"] {
            assert_eq!(helen.post(undo, &[]).await.status, 404, "{undo}");
        }
    });
}

#[test]
fn nobody_behind_a_wall_undoes_what_was_decided_about_that_client() {
    run(async {
        let house = House::new().await;
        let (helen, marcus) = (house.person(HELEN).await, house.person(MARCUS).await);
        house.give_access(MARCUS, "owner").await;
        let asker = house.asker(MARCUS).await;
        let before = asker.board.firm.before_regard;
        let of = |is: &dyn Fn(Kind, Group) -> bool| -> (String, ClientId) {
            let open = asker.open().filter(|open| is(open.owed.kind, group(&open.owed, before)));
            let seen = open.filter_map(|open| Some((open, asker.client(open.owed.client).ok()?)));
            // The same one each time: what a letter to two clients opened may be undone by who sees one of them.
            let first = seen.min_by_key(|(open, card)| (open.owed.opened_at, card.name.clone()));
            let (found, _) = first.expect("something open");
            (found.owed.id.to_string(), found.owed.client)
        };
        let (answer, one) = of(&|kind, group| kind == Kind::Answer && group == Group::Owed);
        let (_, other) = of(&|_, group| group == Group::BeforeRegard);
        let (quiet, third) = of(&|kind, _| kind == Kind::CheckIn);

        // His own decisions, one taken back and one not; upkeep; many at once; two clients joined.
        let let_go = [("what", "not_needed"), ("reason", "Settled")];
        let decided = undoing(&marcus.post(&format!("/owed/{answer}/decisions"), &let_go).await);
        assert_eq!(marcus.post(&decided, &[]).await.status, 303, "nothing is in the way yet");
        let again = undoing(&marcus.post(&format!("/owed/{answer}/decisions"), &let_go).await);
        let spared = undoing(&helen.post(&format!("/owed/{quiet}/decisions"), &let_go).await);
        let many = marcus.get("/today?whose=firm&group=before_regard").await;
        let count = many.between("name=\"count\" value=\"", "\"").to_owned();
        let fields = [("whose", "firm"), ("count", &count), ("reason", "Too long ago to matter")];
        let together = undoing(&marcus.post("/today/letting-go", &fields).await);
        let into = house.client(VANTAGE).await;
        let apart = |card: &&Card| card.is_confirmed() && ![one, other, third, into.id].contains(&card.id);
        let from = asker.board.firm.clients.values().filter(apart).min_by_key(|card| &card.name).unwrap();
        let merging = format!("/clients/{}/merging", from.id.0);
        let merged = undoing(&marcus.post(&merging, &[("other", VANTAGE)]).await);

        for client in [one, other, third, into.id] {
            house.wall(MARCUS, client).await;
        }
        for undo in [&again, &spared, &together, &merged] {
            assert_eq!(marcus.post(undo, &[]).await.status, 404, "{undo}");
        }
        let log = house.log().await;
        let refused =
            log.iter().filter(|(act, detail)| act == "refused" && detail.starts_with("POST /decisions/"));
        assert_eq!(refused.count(), 4, "{log:?}");
        // Nothing came back, so whoever may undoes it.
        for undo in [again, spared, together, merged] {
            let back = helen.post(&undo, &[]).await;
            assert!(back.location().contains("Undone"), "{undo}: {}", back.text);
            let again = helen.post(&undo, &[]).await;
            assert!(
                again.location().contains("undone%20already"),
                "a second click: {undo}: {}",
                again.location()
            );
        }
    });
}

#[test]
fn the_log_names_the_client_of_a_change_and_tells_nothing_of_it_behind_a_wall() {
    run(async {
        let house = House::new().await;
        let (helen, marcus) = (house.person(HELEN).await, house.person(MARCUS).await);
        let card = house.client(VANTAGE).await;
        helen
            .post(&format!("/clients/{}/details", card.id.0), &[("name", "Vantage Homes"), ("tier", "b")])
            .await;
        let log = helen.get("/settings/log?act=changed").await.ok();
        assert!(log.contains("client “Vantage Homes”: another name"), "{log}");
        let note = [("kind", "text"), ("words", "They like to be rung."), ("once", "1")];
        helen.post(&format!("/clients/{}/notes", card.id.0), &note).await;
        let log = helen.get("/settings/log?act=noted").await.ok();
        assert!(log.contains("client “Vantage Homes”: “You noted”, today"), "{log}");
        assert!(!log.contains("not for you to see"), "{log}");
        house.give_access(MARCUS, "owner").await;
        house.wall(MARCUS, card.id).await;
        for door in ["/settings/log?act=changed", "/settings/log.csv?act=changed"] {
            let log = marcus.get(door).await.ok();
            assert!(log.contains("client (not for you to see): another name"), "{log}");
            assert!(!log.contains("Vantage") && !log.contains(&card.id.0.to_string()), "{log}");
        }
    });
}

#[test]
fn a_note_goes_with_all_that_it_opened() {
    run(async {
        let house = House::new().await;
        let (helen, card) = (house.person(HELEN).await, house.client(VANTAGE).await);
        let path = format!("/clients/{}", card.id.0);
        let (promises, questions) =
            (open(&house, &card, Kind::Promise).await, open(&house, &card, Kind::Question).await);
        let fields = [
            ("kind", "meeting"),
            ("words", "@Marcus Tidd, could you check the survey?"),
            ("promised", "send the draft by Friday"),
            ("once", "1"),
        ];
        let noted = helen.post(&format!("{path}/notes"), &fields).await;
        assert_eq!(open(&house, &card, Kind::Promise).await, promises + 1);
        assert_eq!(open(&house, &card, Kind::Question).await, questions + 1);
        let page = helen.get(&path).await.ok();
        assert!(page.contains("could you check the survey?"), "{page}");
        let id = page.split("<li class=\"line note\" id=\"e-").nth(1).expect("the note").split('"').next();
        let entry = format!("/entries/{}", id.unwrap());
        let opened = helen.get(&entry).await.ok();
        assert!(opened.contains(&format!("action=\"{}\"", undoing(&noted))), "{opened}");

        let undone = helen.post(&undoing(&noted), &[("back", &path)]).await;
        assert!(undone.location().contains("in%20the%20record%20no%20more"), "{}", undone.location());
        assert_eq!(open(&house, &card, Kind::Promise).await, promises);
        assert_eq!(open(&house, &card, Kind::Question).await, questions);
        let page = helen.get(&path).await.ok();
        assert!(!page.contains("could you check the survey?"), "{page}");
        // Nothing is lost: whoever has its address reads it, and what became of it.
        let opened = helen.get(&entry).await.ok();
        assert!(opened.contains("You took it back") && opened.contains("the survey?"), "{opened}");
        assert!(!opened.contains("Take this note back"), "{opened}");
        let again = helen.post(&undoing(&noted), &[("back", &path)]).await;
        assert!(again.location().contains("undone%20already"), "{}", again.location());
        assert_eq!(open(&house, &card, Kind::Promise).await, promises, "taken back once");
    });
}

#[test]
fn what_changed_nothing_that_is_owed_is_undone_once_as_well() {
    run(async {
        let house = House::new().await;
        let (helen, card) = (house.person(HELEN).await, house.client(VANTAGE).await);
        let path = format!("/clients/{}/notes", card.id.0);
        let noted = helen.post(&path, &[("words", "They moved house."), ("once", "1")]).await;
        let undone = helen.post(&undoing(&noted), &[]).await;
        assert!(!undone.location().contains("already"), "{}", undone.location());
        let again = helen.post(&undoing(&noted), &[]).await;
        assert!(again.location().contains("undone%20already"), "{}", again.location());
    });
}

#[test]
fn the_log_says_in_words_what_was_read_decided_and_undone() {
    run(async {
        let house = House::new().await;
        let (helen, marcus) = (house.person(HELEN).await, house.person(MARCUS).await);
        let card = house.client(VANTAGE).await;
        let board = house.asker(HELEN).await.board;
        let answer = board.open_at(card.id).iter().find(|open| open.owed.kind == Kind::Answer);
        let id = answer.expect("an answer that is owed").owed.id;
        let record = helen.get(&format!("/clients/{}", card.id.0)).await.ok();
        let entry = record.split("href=\"/entries/").nth(1).expect("a letter").split('?').next().unwrap();
        helen.get(&format!("/entries/{entry}")).await.ok();
        let done = helen.post(&format!("/owed/{id}/decisions"), &[("what", "kept")]).await;
        helen.post(&undoing(&done), &[]).await;
        let many = helen.get("/today?whose=firm&group=before_regard").await;
        let count = many.between("name=\"count\" value=\"", "\"").to_owned();
        let fields = [("whose", "firm"), ("count", &count), ("reason", "Too long ago to matter")];
        let gone = undoing(&helen.post("/today/letting-go", &fields).await);
        helen.post(&gone, &[]).await;

        let say = async |who: &crate::house::Person, act: &str| {
            who.get(&format!("/settings/log?act={act}")).await.ok()
        };
        let saw = say(&helen, "saw").await;
        assert!(saw.contains("“Toby Marchant wrote to Ruth Askew”, "), "{saw}");
        let decided = say(&helen, "decided").await;
        assert!(decided.contains("kept answer, “Vantage Lettings Ltd”"), "{decided}");
        let undid = say(&helen, "undid").await;
        assert!(
            undid.contains("“You said that it is done” of “Toby Marchant wrote to Ruth Askew”, today"),
            "{undid}"
        );
        assert!(undid.contains(&format!(">{count} things let go together</td>")), "{undid}");
        let together = say(&helen, "let%20go%20together").await;
        assert!(together.contains(&format!(">{count} things from before Regard</td>")), "{together}");
        for page in [&saw, &decided, &undid, &together] {
            assert!(!page.contains(entry) && !page.contains(&id.to_string()), "{page}");
        }
        let file = helen.get("/settings/log.csv?act=decided").await.ok();
        assert!(file.contains(&id.to_string()), "a program has its number: {file}");

        // Whom a wall keeps out of the client learns nothing of it.
        house.give_access(MARCUS, "owner").await;
        house.wall(MARCUS, card.id).await;
        let forged = marcus.post(&undoing(&done), &[]).await;
        assert_eq!(forged.status, 404);
        let refused = say(&helen, "refused").await;
        assert!(
            refused.contains(
                "/decisions/“You said that it is done” of “Toby Marchant wrote to Ruth Askew”, today"
            ),
            "{refused}"
        );
        for act in ["saw", "decided", "undid", "refused"] {
            let log = say(&marcus, act).await;
            assert!(log.contains("(not for you to see)"), "{act}: {log}");
            for word in
                ["Vantage", "Toby", "Ruth Askew wrote", "said that it is done", entry, &id.to_string()]
            {
                let told = log.split("<tbody>").nth(1).expect("lines");
                assert!(!told.contains(word), "{act} {word}: {told}");
            }
        }
    });
}

#[test]
fn the_log_names_a_matter_to_whom_no_wall_keeps_out_of_it() {
    run(async {
        let house = House::new().await;
        let (helen, marcus) = (house.person(HELEN).await, house.person(MARCUS).await);
        house.give_access(MARCUS, "owner").await;
        let mut tx = house.app.db.read().await.unwrap();
        let matter = regard::matters::store::all(&mut tx, FIRM).await.unwrap().remove(0);
        drop(tx);
        let (number, staff) = (matter.id.0.to_string(), house.staff(MARCUS).await.0.to_string());
        let client = house.asker(HELEN).await.board.firm.clients[&matter.client].clone();
        let wall =
            [("staff", &*staff), ("client", &client.key), ("matter", &matter.name), ("reason", "Theirs")];
        let raised = helen.post("/settings/walls", &wall).await;
        assert_eq!(raised.status, 303, "{}", raised.text);

        let doors = ["/settings/log?act=raised_wall", "/settings/log.csv?act=raised_wall"];
        let seen = format!("{MARCUS} client “{}” matter ", client.name);
        for (door, named) in doors.into_iter().zip([format!("“{}”", matter.name), number.clone()]) {
            let log = helen.get(door).await.ok();
            assert!(log.contains(&format!("{seen}{named}")), "{door}: {log}");
            let log = marcus.get(door).await.ok();
            assert!(log.contains(&format!("{seen}(not for you to see)")), "{door}: {log}");
            assert!(!log.contains(&matter.name) && !log.contains(&number), "{door}: {log}");
        }
        let client = client.id.0.to_string();
        let away = [("staff", &*staff), ("client", &client), ("matter", &number)];
        assert_eq!(helen.post("/settings/walls/lowering", &away).await.status, 303);
        let log = marcus.get("/settings/log?act=lowered_wall").await.ok();
        assert!(log.contains(&format!("{seen}“{}”", matter.name)), "he sees it again: {log}");
    });
}
