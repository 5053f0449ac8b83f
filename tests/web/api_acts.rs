//! The acts of the pages, by programs: notes, questions, placing, letting go together, merging, point persons.

use axum::http::StatusCode;
use care::obligation::Kind;
use regard::access::tokens::Scope;
use serde_json::{Value, json};

use crate::correspondents::{firm, subjects};
use crate::house::{House, run};

const VANTAGE: &str = "Vantage Lettings Ltd";
const NORTHGATE: &str = "Northgate Packaging Ltd";

/// Somebody's program.
struct Program<'a> {
    house: &'a House,
    token: String,
}

impl<'a> Program<'a> {
    async fn of(house: &'a House, name: &str, scope: Scope) -> Program<'a> {
        Program { house, token: house.token(name, scope).await }
    }

    async fn get(&self, path: &str) -> Value {
        let page = self.house.with_token(&self.token, &format!("/api/v1/{path}")).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text);
        page.json()
    }

    async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        let page = self.house.ask_json("POST", &self.token, &format!("/api/v1/{path}"), body).await;
        let json = if page.text.starts_with('{') { page.json() } else { Value::Null };
        (page.status, json)
    }

    /// Does something that is done.
    async fn done(&self, path: &str, body: &Value) -> Value {
        let (status, json) = self.post(path, body).await;
        assert_eq!(status, StatusCode::OK, "{path} {body}: {json}");
        json
    }

    /// Takes back what an answer tells how to take back.
    async fn undo(&self, done: &Value) -> Value {
        let decision = done["decision"].as_str().unwrap_or_else(|| panic!("nothing to undo: {done}"));
        self.done(&format!("decisions/{decision}/undoing"), &json!({})).await
    }
}

/// What these acts need, each with a body that is right in its form.
fn acts(client: &str, owed: &str) -> [(String, Value); 8] {
    [
        (format!("clients/{client}/notes"), json!({ "once": "1", "words": "They rang." })),
        (
            format!("obligations/{owed}/questions"),
            json!({ "once": "1", "staff": "marcus@tiddfarrow.example", "words": "Well?" }),
        ),
        (format!("clients/{client}/point-person"), json!({ "staff": "owen@tiddfarrow.example" })),
        (format!("clients/{client}/merging"), json!({ "into": client })),
        (format!("clients/{client}/contacts/joining"), json!({ "who": "a@b.example", "is": "c@b.example" })),
        ("obligations/letting-go".to_owned(), json!({ "count": 1, "reason": "Too old" })),
        ("correspondents/placing".to_owned(), json!({ "names": ["b.example"], "kind": "client" })),
        ("correspondents/undoing".to_owned(), json!({ "names": ["b.example"] })),
    ]
}

async fn open(house: &House, name: &str, kind: Kind) -> Vec<String> {
    let card = house.client(name).await;
    let board = house.asker("Helen").await.board;
    let open = board.open_at(card.id).iter().filter(|open| open.owed.kind == kind);
    open.map(|open| open.owed.id.to_string()).collect()
}

#[test]
fn a_token_that_only_reads_does_none_of_them_and_a_wall_hides_what_they_are_about() {
    run(async {
        let house = House::new().await;
        let card = house.client(VANTAGE).await;
        let (client, owed) = (card.id.0.to_string(), open(&house, VANTAGE, Kind::Answer).await.remove(0));
        let reads = Program::of(&house, "Helen", Scope::Read).await;
        let before = house.log().await;
        for (path, body) in acts(&client, &owed) {
            let (status, refused) = reads.post(&path, &body).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {refused}");
            assert!(refused["error"]["detail"].as_str().unwrap().contains("only read"), "{path}: {refused}");
        }
        assert_eq!(house.log().await, before, "nothing was done");

        house.wall("Marcus Tidd", card.id).await;
        let walled = Program::of(&house, "Marcus", Scope::Act).await;
        for (path, body) in &acts(&client, &owed)[..5] {
            let (status, refused) = walled.post(path, body).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{path}: {refused}");
            assert!(!refused.to_string().contains("Vantage"), "{refused}");
        }
        let other = house.client(NORTHGATE).await.id.0;
        let (status, _) = walled.post(&format!("clients/{other}/merging"), &json!({ "into": client })).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "nor is it the other of two");
        let helen = Program::of(&house, "Helen", Scope::Act).await;
        let asks = json!({ "once": "1", "staff": "marcus@tiddfarrow.example", "words": "Well?" });
        let (status, refused) = helen.post(&format!("obligations/{owed}/questions"), &asks).await;
        assert_eq!(status, StatusCode::CONFLICT, "{refused}");
        assert!(refused.to_string().contains("kept out of this client"), "{refused}");

        // Whoever may only look does not act by a program either.
        house.give_access("Owen", "read_only").await;
        let looks = Program::of(&house, "Owen", Scope::Act).await;
        for (path, body) in acts(&client, &owed) {
            let (status, refused) = looks.post(&path, &body).await;
            assert!(status.is_client_error(), "{path}: {refused}");
        }
        assert!(open(&house, VANTAGE, Kind::Question).await.is_empty());
    });
}

#[test]
fn a_call_is_logged_a_colleague_is_mentioned_and_each_is_taken_back() {
    run(async {
        let house = House::new().await;
        let helen = Program::of(&house, "Helen", Scope::Act).await;
        let client = house.client(VANTAGE).await.id.0;
        let notes = format!("clients/{client}/notes");
        let contacts = helen.get(&format!("clients/{client}/contacts")).await;
        let toby = contacts["contacts"].as_array().unwrap().iter().find(|one| one["name"] == "Toby Marchant");
        let toby = toby.expect("Toby")["emails"][0].as_str().unwrap().to_uppercase();

        let promises = open(&house, VANTAGE, Kind::Promise).await;
        let call =
            json!({ "once": "a", "kind": "call", "with": toby, "promised": "send the draft by Friday" });
        let noted = helen.done(&notes, &call).await;
        assert_eq!(open(&house, VANTAGE, Kind::Promise).await.len(), promises.len() + 1, "{noted}");
        let again = helen.done(&notes, &call).await;
        assert!(again["decision"].is_null() && again.to_string().contains("noted already"), "{again}");
        let page = house.person("Helen").await.get(&format!("/clients/{client}")).await.ok();
        assert!(page.contains("You spoke on the telephone with Toby Marchant"), "{page}");
        helen.undo(&noted).await;
        assert_eq!(open(&house, VANTAGE, Kind::Promise).await, promises);

        let mention = json!({ "once": "b", "words": "@Marcus Tidd, could you ring Toby before Friday?" });
        let noted = helen.done(&notes, &mention).await;
        assert!(noted["words"].as_str().unwrap().contains("Marcus Tidd will find"), "{noted}");
        let marcus = Program::of(&house, "Marcus", Scope::Act).await;
        let questions = format!("obligations?kind=question&client={client}");
        assert_eq!(marcus.get(&questions).await["total"], 1, "{noted}");
        helen.undo(&noted).await;
        assert_eq!(marcus.get(&questions).await["total"], 0);

        for (body, status, words) in [
            (json!({ "once": "", "words": "x" }), 422, "1 to 200"),
            (json!({ "words": "x" }), 422, "once"),
            (json!({ "once": "c", "words": "x", "kind": "evil" }), 422, "a call, a meeting"),
            (json!({ "once": "c", "words": "x".repeat(20_001) }), 422, "at most 20000"),
            (json!({ "once": "c", "kind": "text" }), 409, "is empty"),
            (
                json!({ "once": "c", "kind": "call", "with": "nobody@b.example" }),
                409,
                "is nobody of this client",
            ),
        ] {
            let (is, refused) = helen.post(&notes, &body).await;
            assert_eq!(is, status, "{refused}");
            assert!(refused.to_string().contains(words), "{words}: {refused}");
        }
        assert_eq!(open(&house, VANTAGE, Kind::Promise).await, promises);
    });
}

#[test]
fn a_colleague_is_asked_about_what_is_owed_once() {
    run(async {
        let house = House::new().await;
        let helen = Program::of(&house, "Helen", Scope::Act).await;
        let owed = open(&house, VANTAGE, Kind::Answer).await.remove(0);
        let path = format!("obligations/{owed}/questions");
        let marcus = house.staff("Marcus").await;
        let ask = json!({ "once": "a", "staff": marcus.0.to_string(), "words": "the files are with you" });
        let asked = helen.done(&path, &ask).await;
        assert_eq!(open(&house, VANTAGE, Kind::Question).await.len(), 1, "{asked}");
        assert!(helen.done(&path, &ask).await["decision"].is_null(), "asked already");
        let by_address =
            json!({ "once": "b", "staff": "MARCUS@tiddfarrow.example", "words": "and the keys?" });
        let again = helen.done(&path, &by_address).await;
        assert_eq!(open(&house, VANTAGE, Kind::Question).await.len(), 2);
        helen.undo(&again).await;
        helen.undo(&asked).await;
        assert!(open(&house, VANTAGE, Kind::Question).await.is_empty());
        for (staff, status) in [("77", 404), ("nobody@b.example", 404)] {
            let (is, refused) =
                helen.post(&path, &json!({ "once": "c", "staff": staff, "words": "?" })).await;
            assert_eq!(is, status, "{staff}: {refused}");
        }
        let (is, _) = helen.post("obligations/00000000000000ff/questions", &ask).await;
        assert_eq!(is, StatusCode::NOT_FOUND);
    });
}

#[test]
fn correspondents_are_placed_by_whose_mailbox_holds_them_and_by_nobody_else() {
    run(async {
        let house = firm().await;
        let (amy, bo) =
            (Program::of(&house, "Amy", Scope::Act).await, Program::of(&house, "Bo", Scope::Act).await);
        let names = async |program: &Program<'_>| -> Vec<String> {
            let list = program.get("correspondents").await;
            let all = list["correspondents"].as_array().unwrap();
            assert_eq!(list["total"], all.len());
            let likeness: Vec<f64> = all.iter().map(|one| one["likeness"].as_f64().unwrap()).collect();
            assert!(likeness.is_sorted_by(|a, b| b <= a), "the most client-like first: {list}");
            all.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names(&amy).await, ["acme.example", "may@gmail.com"]);
        let one = amy.get("correspondents?most=1").await["correspondents"][0].clone();
        assert_eq!(
            (&one["people"], &one["wrote"], &one["received"]),
            (&json!(["Jo Ash"]), &json!(2), &json!(1))
        );
        assert!(!names(&bo).await.is_empty() && !names(&amy).await.contains(&"other.example".to_owned()));

        // Not even an owner of the firm places whom a colleague's mailbox alone holds.
        let theirs = json!({ "names": ["acme.example", "other.example"], "kind": "client" });
        assert_eq!(amy.post("correspondents/placing", &theirs).await.0, StatusCode::NOT_FOUND);
        assert_eq!(names(&amy).await, ["acme.example", "may@gmail.com"], "and of several none");
        let both = json!({ "names": ["acme.example", "may@gmail.com"], "kind": "third_party" });
        assert_eq!(amy.done("correspondents/placing", &both).await["addresses"], 2);
        assert!(names(&amy).await.is_empty());
        let (status, refused) = amy.post("correspondents/placing", &both).await;
        assert_eq!(status, StatusCode::CONFLICT, "{refused}");
        let back = json!({ "names": ["acme.example", "may@gmail.com"] });
        assert_eq!(
            bo.post("correspondents/undoing", &back).await.0,
            StatusCode::NOT_FOUND,
            "hers to take back"
        );
        amy.done("correspondents/undoing", &back).await;
        assert_eq!(names(&amy).await, ["acme.example", "may@gmail.com"]);

        for kind in ["client", "prospect", "partner", "robot"] {
            let acme = json!({ "names": ["acme.example"], "kind": kind });
            amy.done("correspondents/placing", &acme).await;
            let clients = bo.get("clients?q=acme").await;
            let expected = match kind {
                "client" => json!("organisation"),
                "robot" => Value::Null,
                kind => json!(kind),
            };
            assert_eq!(clients["clients"][0]["kind"], expected, "{kind}: {clients}");
            amy.done("correspondents/undoing", &json!({ "names": ["acme.example"] })).await;
            assert_eq!(bo.get("clients?q=acme").await["total"], 0);
        }

        // What cannot be undone is said first, and done only for whoever is sure.
        let private = json!({ "names": ["may@gmail.com"], "kind": "private" });
        let (status, refused) = amy.post("correspondents/placing", &private).await;
        assert_eq!(status, StatusCode::CONFLICT);
        assert!(refused.to_string().contains("words of 1 letter for good"), "{refused}");
        assert!(subjects(&house).await.contains(&"Sunday lunch".to_owned()));
        let sure = json!({ "names": ["may@gmail.com"], "kind": "private", "sure": true });
        assert_eq!(amy.done("correspondents/placing", &sure).await["erased"], 1);
        assert!(!subjects(&house).await.contains(&"Sunday lunch".to_owned()));
        assert!(subjects(&house).await.contains(&"To Bo".to_owned()), "what lies in Bo's mailbox is his");
        for body in [
            json!({ "names": [], "kind": "client" }),
            json!({ "names": ["acme.example"], "kind": "staff" }),
            json!({ "names": "acme.example", "kind": "client" }),
        ] {
            let (status, refused) = amy.post("correspondents/placing", &body).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {refused}");
        }

        // Nobody asks a colleague about a letter that only they themselves may see.
        let hers =
            amy.get("obligations?whose=firm").await["obligations"][0]["id"].as_str().unwrap().to_owned();
        let ask = json!({ "once": "1", "staff": "bo@quill.example", "words": "Do you know them?" });
        let (status, refused) = amy.post(&format!("obligations/{hers}/questions"), &ask).await;
        assert_eq!(status, StatusCode::CONFLICT, "{refused}");
        assert!(refused.to_string().contains("nobody has placed"), "{refused}");
        assert_eq!(bo.post(&format!("obligations/{hers}/questions"), &ask).await.0, StatusCode::NOT_FOUND);
    });
}

#[test]
fn what_is_older_than_regard_is_let_go_together_and_comes_back_together() {
    run(async {
        let house = House::new().await;
        let helen = Program::of(&house, "Helen", Scope::Act).await;
        let list = "obligations?whose=firm&group=before_regard";
        let before = helen.get(list).await;
        let count = before["total"].as_u64().unwrap();
        assert!(1 < count, "{before}");
        let body =
            |count: u64| json!({ "whose": "firm", "count": count, "reason": "Too long ago to matter" });
        let other = helen.done("obligations/letting-go", &body(count + 1)).await;
        assert!(other["decision"].is_null() && other.to_string().contains("Nothing was changed"), "{other}");
        assert_eq!(helen.get(list).await["total"], count);

        // Only what is asked for.
        let client = &before["obligations"][0]["client"];
        let theirs = helen.get(&format!("{list}&client={}", client.as_str().unwrap())).await["total"].clone();
        let some = json!({ "whose": "firm", "client": client, "count": theirs, "reason": "Settled" });
        let gone = helen.done("obligations/letting-go", &some).await;
        assert_eq!(helen.get(list).await["total"], count - theirs.as_u64().unwrap(), "{gone}");
        helen.undo(&gone).await;

        let gone = helen.done("obligations/letting-go", &body(count)).await;
        assert_eq!(helen.get(list).await["total"], 0);
        helen.undo(&gone).await;
        assert_eq!(helen.get(list).await["obligations"], before["obligations"]);
        for wrong in [
            json!({ "count": 0, "reason": "x" }),
            json!({ "count": count, "reason": "" }),
            json!({ "count": count, "reason": "x", "kind": "nonsense" }),
            json!({ "count": count }),
        ] {
            let (status, refused) = helen.post("obligations/letting-go", &wrong).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}: {refused}");
        }
    });
}

#[test]
fn the_point_person_is_set_and_clients_and_people_are_joined_and_split() {
    run(async {
        let house = House::new().await;
        let helen = Program::of(&house, "Helen", Scope::Act).await;
        let (vantage, northgate) = (house.client(VANTAGE).await.id.0, house.client(NORTHGATE).await.id.0);
        let (one, other) = (format!("clients/{vantage}"), format!("clients/{northgate}"));
        let before = helen.get(&one).await;
        let body = json!({ "staff": "owen@tiddfarrow.example" });
        let set = helen.done(&format!("{one}/point-person"), &body).await;
        assert_eq!(helen.get(&one).await["point_person"], "owen@tiddfarrow.example");
        let again = helen.done(&format!("{one}/point-person"), &body).await;
        assert!(again["decision"].is_null(), "{again}");
        helen.undo(&set).await;
        assert_eq!(helen.get(&one).await["point_person"], before["point_person"]);

        let whole = helen.get(&other).await;
        let merged = helen.done(&format!("{one}/merging"), &json!({ "into": northgate.to_string() })).await;
        let both = helen.get(&other).await;
        let obligations = |client: &Value| client["obligations"].as_array().unwrap().len();
        assert!(obligations(&whole) < obligations(&both), "what is owed to the one is owed to the other");
        // Whoever did not merge them learns from the client how they are split.
        assert_eq!(both["merged"], json!([{ "name": VANTAGE, "decision": merged["decision"] }]));
        helen.undo(&both["merged"][0]).await;
        assert_eq!((helen.get(&one).await, helen.get(&other).await), (before, whole));
        let (status, same) =
            helen.post(&format!("{one}/merging"), &json!({ "into": vantage.to_string() })).await;
        assert_eq!(status, StatusCode::CONFLICT, "{same}");

        let contacts = helen.get(&format!("{other}/contacts")).await;
        let [who, is, ..] = contacts["contacts"].as_array().unwrap().as_slice() else {
            panic!("two people: {contacts}")
        };
        let body = json!({ "who": who["emails"][0], "is": is["emails"][0] });
        let joined = helen.done(&format!("{other}/contacts/joining"), &body).await;
        let after = helen.get(&format!("{other}/contacts")).await;
        let found = |id: &Value| after["contacts"].as_array().unwrap().iter().find(|one| one["id"] == *id);
        assert!(found(&who["id"]).is_none(), "{after}");
        let whole = found(&is["id"]).expect("the other one");
        assert!(whole["emails"].as_array().unwrap().contains(&who["emails"][0]), "{whole}");
        let decisions = whole["joined"].as_array().unwrap();
        assert!(!decisions.is_empty() && is["joined"] == json!([]), "{whole}");
        let again = helen.done(&format!("{other}/contacts/joining"), &body).await;
        assert!(again["decision"].is_null(), "{again}");
        // Split by what the contact tells, then joined again and taken back by what was answered.
        for decision in decisions {
            helen.undo(&json!({ "decision": decision })).await;
        }
        assert_eq!(helen.get(&format!("{other}/contacts")).await, contacts, "{joined}");
        let joined = helen.done(&format!("{other}/contacts/joining"), &body).await;
        helen.undo(&joined).await;
        assert_eq!(helen.get(&format!("{other}/contacts")).await, contacts);
        let nobody = json!({ "who": "nobody@b.example", "is": is["emails"][0] });
        let (status, refused) = helen.post(&format!("{other}/contacts/joining"), &nobody).await;
        assert_eq!(status, StatusCode::CONFLICT, "{refused}");
    });
}
