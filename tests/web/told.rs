//! What a client's record tells beside what happened: filled in, by two at once, behind a wall, by programs.

use care::obligation::{Kind, Obligation};
use regard::access::tokens::Scope;
use regard::board::Card;
use serde_json::{Value, json};

use crate::house::{House, Page, Person, run};

const HELEN: &str = "Helen Farrow";
const MARCUS: &str = "Marcus Tidd";
/// Of tier b: of them the record must say why they came, and does not.
const REDCAP: &str = "Redcap Logistics Ltd";
/// Of tier a: it must say more, and says nothing.
const HOLLIS: &str = "Hollis Instruments plc";

/// The record gap that is open at a client.
async fn gap(house: &House, card: &Card) -> Option<Obligation> {
    let board = house.asker(HELEN).await.board;
    let gaps = board.open_at(card.id).iter().filter(|open| open.owed.kind == Kind::RecordGap);
    let gaps: Vec<Obligation> = gaps.map(|open| open.owed.clone()).collect();
    assert!(gaps.len() < 2, "{gaps:?}");
    gaps.into_iter().next()
}

fn undoing(page: &Page) -> String {
    assert_eq!(page.status, 303, "{}", page.text);
    let after = page.location().split("&undo=").nth(1).expect("something that can be undone");
    format!("/decisions/{}/undoing", after.split('&').next().unwrap())
}

/// How the form on a client's page says that all of it stood.
async fn seen(person: &Person, path: &str) -> String {
    let page = person.get(path).await;
    let form = page.between("/details\">", "</form>").to_owned();
    form.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

async fn told(house: &House, card: &Card) -> Value {
    let token = house.token(HELEN, Scope::Read).await;
    let page = house.with_token(&token, &format!("/api/v1/clients/{}", card.id.0)).await;
    let whole: Value = serde_json::from_str(&page.ok()).unwrap();
    json!({"told": whole["told"], "lacks": whole["lacks"]})
}

#[test]
fn what_a_record_lacks_is_owed_until_it_is_told_and_again_after_undo() {
    run(async {
        let house = House::new().await;
        let (helen, card) = (house.person(HELEN).await, house.client(REDCAP).await);
        let path = format!("/clients/{}", card.id.0);
        let before = gap(&house, &card).await.expect("a record gap");
        let page = helen.get(&path).await.ok();
        assert!(page.contains("The record does not say why they came."), "{page}");
        assert!(page.contains(&format!("{path}?tell=why_came")), "{page}");
        let list = helen.get("/today?whose=firm&group=upkeep&kind=record_gap").await.ok();
        assert!(list.contains("The record does not say why they came."), "{list}");
        let opened = helen.get(&format!("/owed/{}", before.id)).await.ok();
        let form = format!("{path}?tell=why_came&#38;back=/today");
        assert!(opened.contains(&form), "{opened}");
        let page = helen.get(&form.replace("&#38;", "&")).await;
        let form = page.between("id=\"tell\" open", "</form>").to_owned();
        assert!(
            form.contains("name=\"why_came\" rows=\"2\" maxlength=\"4000\" dir=\"auto\" autofocus"),
            "{form}"
        );
        assert!(form.contains("name=\"back\" value=\"/today\""), "{form}");

        let words = "A claim of a haulier <b>from Leeds</b>,\r\nwhich nobody else took";
        let seen = seen(&helen, &path).await;
        let fields = [
            ("name", REDCAP),
            ("tier", "b"),
            ("why_came", words),
            ("seen", &seen),
            ("back", "/today?whose=firm"),
        ];
        let kept = helen.post(&format!("{path}/details"), &fields).await;
        assert!(kept.location().starts_with("/today?whose=firm&said=Changed."), "{}", kept.location());
        assert_eq!(gap(&house, &card).await, None);
        let page = helen.get(&path).await.ok();
        assert!(page.contains("A claim of a haulier &#60;b&#62;from Leeds&#60;/b&#62;,\nwhich"), "{page}");
        assert!(!page.contains("The record does not say"), "{page}");
        assert!(page.contains("before, “Why they came” was empty."), "{page}");
        let csv = helen.get("/clients.csv").await.ok();
        assert!(csv.contains("from Leeds</b>,\nwhich nobody else took"), "{csv}");
        let log = house.log().await;
        assert!(
            log.iter().any(|(_, what)| what == &format!("client {}: why_came told", card.id.0)),
            "{log:?}"
        );
        assert!(
            log.iter().all(|(_, what)| !what.contains("Leeds")),
            "the log outlives who is erased: {log:?}"
        );
        let again = helen.post(&format!("{path}/details"), &fields).await;
        assert!(again.location().contains("Nothing%20was%20changed"), "{}", again.location());

        let back = helen.post(&undoing(&kept), &[("back", &path)]).await;
        assert!(back.location().contains("Undone.%20The%20record%20tells%20what%20it%20told%20before."));
        assert_eq!(gap(&house, &card).await, Some(before.clone()), "the same one, due when it was");
        assert_eq!(told(&house, &card).await, json!({"told": {}, "lacks": ["why_came"]}));

        // Told, and taken away some other day: then it lacks anew.
        helen.post(&format!("{path}/details"), &[("why_came", "A claim")]).await;
        let away = helen.post(&format!("{path}/details"), &[("why_came", " ")]).await;
        let anew = gap(&house, &card).await.expect("a gap anew");
        assert!(before.opened_at < anew.opened_at && before.id != anew.id, "{anew:?}");
        assert!(away.location().contains("was%20%E2%80%9CA%20claim%E2%80%9D."), "{}", away.location());
        helen.post(&undoing(&away), &[]).await;
        assert_eq!(gap(&house, &card).await, None);
        assert_eq!(told(&house, &card).await, json!({"told": {"why_came": "A claim"}, "lacks": []}));
    });
}

#[test]
fn a_record_gap_may_be_planned_and_let_go_and_is_not_asked_for_again() {
    run(async {
        let house = House::new().await;
        let (helen, card) = (house.person(HELEN).await, house.client(REDCAP).await);
        let owed = gap(&house, &card).await.expect("a record gap");
        let decisions = format!("/owed/{}/decisions", owed.id);
        let moved = helen.post(&decisions, &[("what", "moved"), ("until", "2026-07-01T12:00")]).await;
        let planned = gap(&house, &card).await.expect("still open");
        assert_eq!(planned.due_at, "2026-07-01T11:00:00Z".parse().unwrap());
        let spared = helen.post(&decisions, &[("what", "not_needed"), ("reason", "Settled")]).await;
        assert_eq!(gap(&house, &card).await, None);
        let page = helen.get(&format!("/owed/{}", owed.id)).await.ok();
        assert!(!page.contains("Tell it"), "nothing is owed any more: {page}");
        helen.post(&undoing(&spared), &[]).await;
        helen.post(&undoing(&moved), &[]).await;
        assert_eq!(gap(&house, &card).await, Some(owed));
    });
}

#[test]
fn two_at_once_lose_nothing_of_what_they_tell() {
    run(async {
        let house = House::new().await;
        let (helen, marcus) = (house.person(HELEN).await, house.person(MARCUS).await);
        let card = house.client(HOLLIS).await;
        let path = format!("/clients/{}", card.id.0);
        let details = format!("{path}/details");
        let stale = seen(&helen, &path).await;
        let all = |why: &'static str, channel: &'static str, seen: &str| {
            let fields = [("name", HOLLIS), ("tier", "a"), ("why_came", why), ("circumstances", "")];
            let rest = [("expectations", ""), ("channel", channel), ("heard_of_us", "")];
            let fields = fields.into_iter().chain(rest).map(|(name, value)| (name, value.to_owned()));
            fields.chain([("seen", seen.to_owned())]).collect::<Vec<_>>()
        };
        let post = async |person: &Person, fields: Vec<(&str, String)>| {
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            person.post(&details, &fields).await
        };
        assert_eq!(post(&marcus, all("", "By telephone", &stale)).await.status, 303);
        assert_eq!(post(&helen, all("A takeover", "", &stale)).await.status, 303);
        let both = json!({"why_came": "A takeover", "channel": "By telephone"});
        assert_eq!(told(&house, &card).await["told"], both, "what helen left empty marcus had filled");

        // The same, otherwise: what she typed and what he wrote stand side by side until somebody chooses.
        let refused = post(&helen, all("A takeover", "By letter", &stale)).await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.text.contains("“Preferred channel” changed since you opened the page"),
            "{}",
            refused.text
        );
        let form = refused.between("id=\"tell\" open", "</form>").to_owned();
        assert!(form.contains(">By letter</textarea>"), "{form}");
        assert!(form.contains("It says by now: “By telephone”"), "{form}");
        assert_eq!(told(&house, &card).await["told"], both);
        let second =
            form.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        assert_eq!(post(&helen, all("A takeover", "By letter", &second)).await.status, 303);
        assert_eq!(told(&house, &card).await["told"]["channel"], "By letter");

        // What she left as she saw it is not put over what he wrote, though her page had to be sent again.
        let stale = seen(&helen, &path).await;
        let renamed =
            [("name", "Hollis Ltd"), ("tier", "b"), ("channel", "By fax"), ("why_came", "A merger")];
        assert_eq!(marcus.post(&details, &renamed).await.status, 303);
        let refused = post(&helen, all("A sale", "By letter", &stale)).await;
        assert_eq!(refused.status, 422);
        let form = refused.between("id=\"tell\" open", "</form>").to_owned();
        assert!(form.contains("value=\"Hollis Ltd\"") && form.contains(">By fax</textarea>"), "{form}");
        assert!(form.contains(">A sale</textarea>") && form.contains("“A merger”"), "{form}");
        assert!(form.contains("<option value=\"b\" selected>"), "{form}");
        let clash = [("name", "Hollis plc"), ("tier", "c"), ("seen", stale.as_str())];
        let refused = helen.post(&details, &clash).await;
        let form = refused.between("id=\"tell\" open", "</form>").to_owned();
        assert!(form.contains("by now: “Hollis Ltd”") && form.contains("by now: “B”"), "{form}");
        assert_eq!(house.client("Hollis Ltd").await.tier.as_deref(), Some("b"));
        marcus.post(&details, &[("name", HOLLIS), ("tier", "a")]).await;

        let long = "x".repeat(4001);
        let refused = helen.post(&details, &[("expectations", &long)]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains("“Expectations” takes at most 4000 characters"), "{}", refused.text);
        assert!(refused.text.contains(&long), "what was typed is there still");
        assert_eq!(helen.get(&details).await.status, 303, "who loads it again sees the client");
    });
}

#[test]
fn nobody_behind_a_wall_sees_or_tells_anything_and_readers_only_read() {
    run(async {
        let house = House::new().await;
        let (helen, marcus) = (house.person(HELEN).await, house.person(MARCUS).await);
        let card = house.client(HOLLIS).await;
        let path = format!("/clients/{}", card.id.0);
        helen.post(&format!("{path}/details"), &[("why_came", "A secret takeover")]).await;
        let owed = gap(&house, &card).await.expect("the rest still lacks");
        let token = house.token(MARCUS, Scope::Act).await;
        house.wall(MARCUS, card.id).await;
        let api = format!("/api/v1{path}");
        assert_eq!(marcus.post(&format!("{path}/details"), &[("why_came", "x")]).await.status, 404);
        assert_eq!(house.ask_json("PATCH", &token, &api, &json!({"why_came": "x"})).await.status, 404);
        assert_eq!(house.with_token(&token, &api).await.status, 404);
        assert_eq!(marcus.get(&format!("{path}?tell=channel")).await.status, 404);
        assert_eq!(marcus.get(&format!("/owed/{}", owed.id)).await.status, 404);
        assert!(!marcus.get("/clients.csv").await.ok().contains("takeover"));
        assert!(helen.get("/clients.csv").await.ok().contains("takeover"));
        assert_eq!(told(&house, &card).await["told"], json!({"why_came": "A secret takeover"}));

        house.give_access("Owen Bellamy", "read_only").await;
        let owen = house.person("Owen Bellamy").await;
        let page = owen.get(&path).await.ok();
        assert!(page.contains("A secret takeover") && !page.contains("?tell="), "{page}");
        let refused = owen.post(&format!("{path}/details"), &[("why_came", "x")]).await;
        assert!(refused.status.is_client_error(), "{}", refused.text);
        assert_eq!(told(&house, &card).await["told"], json!({"why_came": "A secret takeover"}));
    });
}

#[test]
fn programs_tell_what_they_know_and_overwrite_nothing_that_they_did_not_see() {
    run(async {
        let house = House::new().await;
        let card = house.client(HOLLIS).await;
        let token = house.token(HELEN, Scope::Act).await;
        let path = format!("/api/v1/clients/{}", card.id.0);
        let whole: Value = serde_json::from_str(&house.with_token(&token, &path).await.ok()).unwrap();
        assert_eq!(whole["lacks"], json!(["why_came", "expectations", "channel"]));
        let kept =
            house.ask_json("PATCH", &token, &path, &json!({"channel": "By letter", "tier": "b"})).await;
        let change: Value = serde_json::from_str(&kept.ok()).unwrap();
        let now = house.client(HOLLIS).await;
        assert_eq!(now.tier.as_deref(), Some("b"));
        assert_eq!(
            told(&house, &card).await,
            json!({"told": {"channel": "By letter"}, "lacks": ["why_came"]})
        );
        let stale = json!({"channel": "By telephone", "seen": whole["seen"]});
        let refused = house.ask_json("PATCH", &token, &path, &stale).await;
        assert_eq!(refused.status, 409, "{}", refused.text);
        let undo = format!("/api/v1/decisions/{}/undoing", change["change"].as_str().unwrap());
        house.ask_json("POST", &token, &undo, &json!({})).await.ok();
        assert_eq!(told(&house, &card).await, json!({"told": {}, "lacks": whole["lacks"]}));
        assert_eq!(house.client(HOLLIS).await.tier.as_deref(), Some("a"));
        let same = house.ask_json("PATCH", &token, &path, &json!({"name": HOLLIS})).await.ok();
        assert_eq!(serde_json::from_str::<Value>(&same).unwrap(), json!({"change": null}));
        let wrong = house.ask_json("PATCH", &token, &path, &json!({"shoe_size": "9"})).await;
        assert_eq!(wrong.status, 422, "{}", wrong.text);
        let reader = house.token(HELEN, Scope::Read).await;
        let refused = house.ask_json("PATCH", &reader, &path, &json!({"channel": "x"})).await;
        assert!(refused.status.is_client_error(), "{}", refused.text);
    });
}

#[test]
fn what_a_tier_demands_is_said_under_standards_and_is_owed_at_once() {
    run(async {
        let house = House::new().await;
        let (helen, card) = (house.person(HELEN).await, house.client(REDCAP).await);
        let page = helen.get("/settings/standards").await.ok();
        assert!(page.contains("name=\"why_came\" value=\"1\" checked"), "{page}");
        let usual = [("tier", ""), ("answer", "1 day"), ("callback", "4 hours"), ("question", "1 day")];
        let usual = usual.into_iter().chain([("cover", "5 days"), ("wanted", "45"), ("worst", "90")]);
        let usual: Vec<(&str, &str)> = usual.chain([("second_tie", "6"), ("record_gap", "2 days")]).collect();
        assert_eq!(helen.post("/settings/standards", &usual).await.status, 303);
        assert_eq!(gap(&house, &card).await, None, "nothing is demanded of tier b any more");
        let more = [usual.clone(), vec![("heard_of_us", "1")]].concat();
        assert_eq!(helen.post("/settings/standards", &more).await.status, 303);
        assert!(gap(&house, &card).await.is_some());
        assert_eq!(told(&house, &card).await["lacks"], json!(["heard_of_us"]));
        // One tier alone: the others keep what is demanded of everybody.
        let hollis = house.client(HOLLIS).await;
        assert_eq!(told(&house, &hollis).await["lacks"], json!(["why_came", "expectations", "channel"]));
        let of_a = [vec![("tier", "a")], usual[1..].to_vec(), vec![("circumstances", "1")]].concat();
        assert_eq!(helen.post("/settings/standards", &of_a).await.status, 303);
        assert_eq!(told(&house, &hollis).await["lacks"], json!(["circumstances"]));
        assert_eq!(told(&house, &card).await["lacks"], json!(["heard_of_us"]));
        assert!(gap(&house, &hollis).await.is_some());
        let none = [vec![("tier", "a"), ("remove", "1")], usual[1..].to_vec()].concat();
        assert_eq!(helen.post("/settings/standards", &none).await.status, 303);
        assert_eq!(told(&house, &hollis).await["lacks"], json!(["heard_of_us"]), "that of every client");
        let wrong = [usual, vec![("record_gap", "soon")]].concat();
        assert_eq!(helen.post("/settings/standards", &wrong).await.status, 422);
        let page = helen.get("/settings/standards").await.ok();
        assert!(page.contains("name=\"record_gap\" value=\"2 days\""), "{page}");
    });
}
