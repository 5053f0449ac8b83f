//! Notes: calls with what was promised, questions to colleagues, and what nobody may write.

use care::obligation::{Kind, Obligation};
use regard::board::Card;

use crate::house::{House, run};

const HELEN: &str = "Helen Farrow";
const MARCUS: &str = "Marcus Tidd";
const VANTAGE: &str = "Vantage Lettings Ltd";

/// What is open of one kind at a client.
async fn open(house: &House, card: &Card, kind: Kind) -> Vec<Obligation> {
    let board = house.asker(HELEN).await.board;
    board.open_at(card.id).iter().map(|open| open.owed.clone()).filter(|owed| owed.kind == kind).collect()
}

#[test]
fn a_call_is_kept_with_what_was_promised_and_only_once() {
    run(async {
        let house = House::new().await;
        let (helen, card) = (house.person(HELEN).await, house.client(VANTAGE).await);
        let path = format!("/clients/{}", card.id.0);
        let before = open(&house, &card, Kind::Promise).await.len();
        let page = helen.get(&path).await.ok();
        let toby = page
            .split("<select name=\"with\"><option value=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next());
        let fields = [
            ("kind", "call"),
            ("words", "Toby is calmer now & <b>listens</b>.\0\u{202e}"),
            ("promised", "send the draft by Friday"),
            ("with", toby.expect("somebody to have spoken with")),
            ("once", "1"),
        ];
        let kept = helen.post(&format!("{path}/notes"), &fields).await;
        assert!(kept.location().contains("promised%20is%20open"), "{}", kept.location());
        let again = helen.post(&format!("{path}/notes"), &fields).await;
        assert!(again.location().contains("noted%20already"), "{}", again.location());
        let promises = open(&house, &card, Kind::Promise).await;
        assert_eq!(promises.len(), before + 1);
        let staff = house.staff(HELEN).await;
        let mine = promises.iter().find(|owed| owed.owner == Some(staff)).expect("a promise of Helen's");
        assert_eq!(mine.due_at.to_string(), "2026-06-19T16:00:00Z", "closing of that Friday");
        let page = helen.get(&path).await.ok();
        assert!(page.contains("You spoke on the telephone with Toby Marchant"), "{page}");
        assert!(page.contains(
            "Toby is calmer now &#38; &#60;b&#62;listens&#60;/b&#62;. I will send the draft by Friday."
        ));
        let owed = helen.get(&format!("/owed/{}", mine.id)).await.ok();
        assert!(owed.contains("<mark>I will send the draft by Friday"), "{owed}");
    });
}

#[test]
fn a_call_is_logged_by_saying_with_whom() {
    run(async {
        let house = House::new().await;
        let (helen, card) = (house.person(HELEN).await, house.client(VANTAGE).await);
        let path = format!("/clients/{}", card.id.0);
        let page = helen.get(&path).await.ok();
        let log = page.split("data-key=\"l\"").nth(1).expect("a form for calls");
        let toby =
            log.split("name=\"with\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let calls = |page: &str| page.matches("You spoke on the telephone with Toby Marchant").count();
        let before = calls(&page);
        for once in ["1", "1", "2"] {
            let fields = [("kind", "call"), ("with", toby), ("once", once), ("promised", "")];
            assert_eq!(helen.post(&format!("{path}/notes"), &fields).await.status, 303, "{once}");
        }
        assert_eq!(calls(&helen.get(&path).await.ok()), before + 2, "a double click logs one call");
        let nobody = [("kind", "call"), ("with", ""), ("once", "3")];
        let refused = helen.post(&format!("{path}/notes"), &nobody).await;
        assert!(refused.text.contains("a few words are enough"), "{}", refused.text);
    });
}

#[test]
fn a_colleague_who_is_asked_finds_the_question_and_answers_it() {
    run(async {
        let house = House::new().await;
        let (helen, marcus) = (house.person(HELEN).await, house.person(MARCUS).await);
        let card = house.client(VANTAGE).await;
        let path = format!("/clients/{}", card.id.0);
        let words = "They may leave. @Marcus Tidd, could you ring Toby before Friday?";
        let asked = helen.post(&format!("{path}/notes"), &[("words", words), ("once", "1")]).await;
        assert!(asked.location().contains("Marcus%20Tidd%20will%20find"), "{}", asked.location());
        let questions = open(&house, &card, Kind::Question).await;
        let [question] = questions.as_slice() else { panic!("one question: {questions:?}") };
        assert_eq!(question.owner, Some(house.staff(MARCUS).await));
        let today = marcus.get("/today?kind=question").await.ok();
        assert!(today.contains("@Marcus Tidd, could you ring Toby before Friday?"), "{today}");
        let opened = marcus.get(&format!("/owed/{}", question.id)).await.ok();
        assert!(opened.contains("Your answer, as a note at this client"), "{opened}");
        assert!(
            opened.contains("They may leave. <mark>@Marcus Tidd, could you ring Toby before Friday?</mark>")
        );
        let answer = [("words", "Rang him, all is well."), ("back", "/today"), ("once", "2")];
        let answered = marcus.post(&format!("{path}/notes"), &answer).await;
        assert!(answered.location().starts_with("/today?said="), "{}", answered.location());
        assert!(open(&house, &card, Kind::Question).await.is_empty());

        // A mention that asks nothing opens nothing.
        helen.post(&format!("{path}/notes"), &[("words", "@Marcus Tidd rang them."), ("once", "3")]).await;
        assert!(open(&house, &card, Kind::Question).await.is_empty());
    });
}

#[test]
fn a_colleague_is_asked_from_what_is_owed() {
    run(async {
        let house = House::new().await;
        let helen = house.person(HELEN).await;
        let card = house.client(VANTAGE).await;
        let answer = open(&house, &card, Kind::Answer).await.remove(0);
        let marcus = house.staff(MARCUS).await.0.to_string();
        let form = format!("/owed/{}/questions", answer.id);
        let page = helen.get(&format!("/owed/{}", answer.id)).await.ok();
        assert!(page.contains(&format!("action=\"{form}\"")), "{page}");
        let fields = [("staff", marcus.as_str()), ("words", "the files are with you"), ("back", "/today")];
        assert!(helen.post(&form, &fields).await.location().starts_with("/today?said="));
        let question = open(&house, &card, Kind::Question).await.remove(0);
        assert_eq!(question.owner, Some(house.staff(MARCUS).await), "asked, however it is worded");
        let nobody = helen.post(&form, &[("staff", "77"), ("words", "x")]).await;
        assert!(nobody.status.is_client_error() && nobody.text.contains("work here"), "{}", nobody.text);
        assert_eq!(helen.post(&form, &[("staff", &marcus), ("words", " ")]).await.status, 422);
        assert_eq!(helen.post("/owed/00000000000000ff/questions", &fields).await.status, 404);

        house.wall(MARCUS, card.id).await;
        let refused = helen.post(&form, &[("staff", &marcus), ("words", "again?"), ("once", "2")]).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert!(refused.text.contains("kept out of this client"), "{}", refused.text);
    });
}

#[test]
fn what_nobody_may_write_is_refused_with_words() {
    run(async {
        let house = House::new().await;
        let (helen, marcus) = (house.person(HELEN).await, house.person(MARCUS).await);
        let card = house.client(VANTAGE).await;
        let form = format!("/clients/{}/notes", card.id.0);
        let long = "x".repeat(1_000_000);
        for (fields, words) in [
            (vec![("words", long.as_str())], "at most 20000"),
            (vec![("words", " \n\t")], "is empty"),
            (vec![("words", "a"), ("kind", "evil")], "call, a meeting"),
        ] {
            let refused = helen.post(&form, &fields).await;
            assert_eq!(refused.status, 422, "{words}: {}", refused.text);
            assert!(
                refused.text.replace(',', "").contains(&words.replace(',', "")),
                "{words}: {}",
                refused.text
            );
        }
        house.wall(MARCUS, card.id).await;
        assert_eq!(marcus.post(&form, &[("words", "a")]).await.status, 404);
        assert_eq!(helen.post_bare(&form, &[("words", "a"), ("mark", "0")]).await.status, 422);
        house.give_access(HELEN, "read_only").await;
        assert_eq!(helen.post(&form, &[("words", "a")]).await.status, 422);
    });
}
