//! Who is not placed yet: seen by nobody but whose mailbox holds them, and placed with one key.

use axum::http::StatusCode;
use regard::access::tokens::Scope;
use regard::access::{Access, passwords};
use regard::db::Durability;
use regard::ids::StaffId;
use regard::intake::import::{self, Watch};
use regard::intake::settle::settle;
use regard::record::sources;
use regard::set_up::person;

use crate::house::{FIRM, House, Page, Person, run};

/// A word that stands only in letters of somebody whom nobody has placed.
pub(crate) const SECRET: &str = "wolfhound";

pub(crate) fn letter(n: u32, from: &str, to: &str, day: u32, subject: &str, text: &str) -> String {
    format!(
        "From x@y.example Mon Jun  1 09:00:00 2026\nMessage-ID: <{n}@made.example>\nDate: {day} Jun 2026 09:{n:02}:00 +0100\nFrom: {from}\nTo: {to}\nSubject: {subject}\n\n{text}\n\n"
    )
}

/// A firm of Amy (owner), Bo (staff) and Cy (looks only), each with a mailbox.
pub(crate) async fn firm() -> House {
    let house = House::empty().await;
    let form = [
        ("firm", "Quill"),
        ("zone", "Europe/London"),
        ("monday", "9-17"),
        ("tuesday", "9-17"),
        ("wednesday", "9-17"),
        ("thursday", "9-17"),
        ("friday", "9-17"),
        ("name", "Amy Quill"),
        ("email", "amy@quill.example"),
        ("password", "correct horse battery"),
    ];
    house.nobody().post_bare("/set-up", &form).await;
    let now = house.app.now();
    let mut tx = house.app.db.write(Durability::Act).await.unwrap();
    for (name, email, access) in
        [("Bo Reed", "bo@quill.example", Access::Staff), ("Cy Low", "cy@quill.example", Access::ReadOnly)]
    {
        let staff = person(&mut tx, FIRM, name, email, access, now).await.unwrap();
        let hashed = passwords::hash("another horse battery").unwrap();
        passwords::save(&mut tx, FIRM, staff, email, &hashed, now).await.unwrap();
    }
    tx.commit().await.unwrap();
    let ask = format!("Could you send me the {SECRET} papers by Friday, please?");
    let amys = letter(1, "Jo Ash <jo@acme.example>", "amy@quill.example", 8, &format!("The {SECRET}"), &ask)
        + &letter(
            2,
            "amy@quill.example",
            "jo@acme.example",
            9,
            &format!("Re: The {SECRET}"),
            &format!("I'll send the {SECRET} on Thursday."),
        )
        + &letter(
            3,
            "Jo Ash <jo@acme.example>",
            "amy@quill.example",
            12,
            &format!("Re: The {SECRET}"),
            &format!("When will the {SECRET} papers come?"),
        )
        + &letter(
            4,
            "Aunt May <may@gmail.com>",
            "amy@quill.example",
            12,
            "Sunday lunch",
            "Will you come to lunch on Sunday, with the wolfhound?",
        );
    let bos = letter(
        11,
        "Kim <kim@other.example>",
        "bo@quill.example",
        10,
        "Our sale",
        "When can we meet about the sale?",
    ) + &letter(
        12,
        "Jo Ash <jo@acme.example>",
        "bo@quill.example",
        10,
        "Another thing",
        "Could you tell me who deals with the bill?",
    ) + &letter(
        13,
        "Aunt May <may@gmail.com>",
        "bo@quill.example",
        11,
        "To Bo",
        "Could you tell Amy to ring me about the garden?",
    );
    bring(&house, "amy", &amys).await;
    bring(&house, "bo", &bos).await;
    house
}

/// A mailbox that belongs to somebody.
pub(crate) async fn bring(house: &House, whose: &str, mail: &str) {
    let path = house.app.works.folder().unwrap().join(format!("{whose}.mbox"));
    std::fs::write(&path, mail).unwrap();
    let owner = house.staff(&whose[..1].to_uppercase()).await;
    let app = house.app.clone();
    let runtime = tokio::runtime::Handle::current();
    let task = move || {
        let found = wire::mail::sources(&[path]).sources;
        let (changed, _) = runtime.block_on(import::changed(&app.db, FIRM, &found)).unwrap();
        let settings = runtime
            .block_on(async { regard::firm::store::load(&mut app.db.read().await.unwrap(), FIRM).await })
            .unwrap();
        let stop = std::sync::atomic::AtomicBool::new(false);
        let watch = Watch { stop: &stop, progress: &|_, _| {}, batch: 100 };
        let now = app.now();
        import::mail(&runtime, &app.db, FIRM, &changed, &settings.calendar().unwrap(), now, &watch).unwrap();
        runtime.block_on(async {
            let mut tx = app.db.write(Durability::Act).await.unwrap();
            sources::adopt_mailboxes(&mut tx, FIRM, owner, now).await.unwrap();
            tx.commit().await.unwrap();
            settle(&app.db, FIRM, now).await.unwrap();
        });
    };
    tokio::task::spawn_blocking(task).await.unwrap();
}

/// Every page, list, search, count, file and answer of the API that shows something of the record.
pub(crate) const DOORS: [&str; 27] = [
    "/today",
    "/today?whose=firm",
    "/today?whose=firm&group=perhaps",
    "/today?whose=firm&group=upkeep",
    "/today?whose=firm&group=before_regard",
    "/today?whose=my_clients",
    "/today?whose=firm&by=client",
    "/clients",
    "/clients?q=acme",
    "/search?q=wolfhound",
    "/search?q=acme",
    "/correspondents",
    "/api/v1/obligations?whose=firm",
    "/api/v1/clients?q=acme",
    "/today.csv?whose=firm",
    "/clients.csv",
    "/correspondents.csv",
    "/search.csv?q=wolfhound",
    "/search.csv?q=acme",
    "/clients/contacts.vcf",
    "/clients/contacts.csv",
    "/clients/proposed",
    "/clients/proposed.csv",
    "/api/v1/correspondents",
    "/outbox",
    "/outbox.csv",
    "/api/v1/outbox?whose=firm",
];

/// What must not be told to anybody else.
const TOLD: [&str; 5] = [SECRET, "jo@acme.example", "acme.example", "Jo Ash", "Aunt May"];

pub(crate) async fn sees_nothing(person: &Person, whose: &str, besides: &[&str]) {
    for door in DOORS {
        let page = person.get(door).await;
        // What somebody typed stands in the field where they typed it.
        let text = page.text.replace("value=\"wolfhound\"", "").replace("value=\"acme\"", "");
        let text = text.replace("“wolfhound”", "").replace("“acme”", "");
        for secret in TOLD.iter().filter(|secret| !besides.contains(secret)) {
            assert!(!text.contains(secret), "{whose} sees {secret} at {door}: {}", page.text);
        }
    }
}

fn id_on(page: &Page) -> String {
    page.between("<li class=\"line\" id=\"o-", "\"").to_owned()
}

async fn cy(house: &House) -> Person {
    house.person("Cy").await
}

#[test]
fn what_nobody_placed_is_seen_by_nobody_but_the_mailboxs_owner() {
    run(async {
        let house = firm().await;
        let (amy, bo, cy) = (house.person("Amy").await, house.person("Bo").await, cy(&house).await);
        let hers = amy.get("/today?whose=firm").await;
        assert!(hers.text.contains(SECRET), "her own mailbox holds it: {}", hers.text);
        assert!(
            !hers.text.contains("about the sale"),
            "being the owner of the firm shows her no more of Bo's"
        );
        let list = amy.get("/correspondents").await;
        assert!(list.text.contains("acme.example") && list.text.contains("may@gmail.com"), "{}", list.text);
        assert!(!list.text.contains("other.example"), "{}", list.text);
        sees_nothing(&cy, "Cy", &[]).await;
        // Bo has letters of both, but none of Amy's.
        sees_nothing(&bo, "Bo", &["jo@acme.example", "acme.example", "Jo Ash", "Aunt May"]).await;
        let his = bo.get("/correspondents").await;
        assert!(
            his.text.contains("other.example") && his.text.contains("wrote 1 message, got 0"),
            "{}",
            his.text
        );

        // By forged ids: what is hers is not found, and the refusal is noted.
        let id = id_on(&hers);
        for (person, name) in [(&bo, "Bo"), (&cy, "Cy")] {
            let page = person.get(&format!("/owed/{id}")).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{name}");
            assert!(!page.text.contains(SECRET));
            let path = format!("/owed/{id}/decisions");
            let refused = person.post(&path, &[("what", "kept"), ("means", "phone")]).await;
            assert!(
                refused.status.is_client_error() && !refused.text.contains(SECRET),
                "{name}: {}",
                refused.text
            );
        }
        let token = house.token("Bo", Scope::Act).await;
        let page = house.with_token(&token, &format!("/api/v1/obligations/{id}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{}", page.text);
        let placed = bo.post("/correspondents", &[("kind", "client"), ("w:may@gmail.com", "1")]).await;
        assert_eq!(placed.status, StatusCode::SEE_OTHER, "she wrote to him as well");
        let forged = cy.post("/correspondents", &[("kind", "client"), ("w:acme.example", "1")]).await;
        assert!(forged.status.is_client_error());
        let forged = amy.post("/correspondents", &[("kind", "client"), ("w:other.example", "1")]).await;
        assert_eq!(forged.status, StatusCode::NOT_FOUND, "not even an owner places whom only Bo knows");
        let undone = amy.post("/correspondents/undoing", &[("w:may@gmail.com", "1")]).await;
        assert_eq!(undone.status, StatusCode::NOT_FOUND, "and nobody takes back what another said");
        regard::app::seen::write(&house.app).await.unwrap();
    });
}

#[test]
fn placing_is_live_for_everybody_and_can_be_taken_back() {
    run(async {
        let house = firm().await;
        let (amy, bo) = (house.person("Amy").await, house.person("Bo").await);
        let placed = amy.post("/correspondents", &[("kind", "client"), ("w:acme.example", "1")]).await;
        let page = amy.get(placed.location()).await;
        assert!(page.text.contains("acme.example: client."), "{}", page.text);
        assert!(
            !page.text.contains("name=\"w:acme.example\" value=\"1\"> <span class=\"who\""),
            "it waits no more"
        );
        let his = bo.get("/today?whose=firm").await;
        assert!(his.text.contains(SECRET), "a client is everybody's: {}", his.text);
        // The same as when everything is settled anew.
        let before = owed(&house).await;
        settle(&house.app.db, FIRM, house.app.now()).await.unwrap();
        assert_eq!(owed(&house).await, before);
        // A double click places once; the second is told so.
        let again = amy.post("/correspondents", &[("kind", "client"), ("w:acme.example", "1")]).await;
        assert!(again.text.contains("is placed already"), "{}", again.text);
        let back = amy.post("/correspondents/undoing", &[("w:acme.example", "1")]).await;
        assert!(amy.get(back.location()).await.text.contains("Only you see them again"));
        sees_nothing(&bo, "Bo", &["jo@acme.example", "acme.example", "Jo Ash", "Aunt May"]).await;
        assert!(amy.get("/today?whose=firm").await.text.contains(SECRET), "she sees it still");
        let before = owed(&house).await;
        settle(&house.app.db, FIRM, house.app.now()).await.unwrap();
        assert_eq!(owed(&house).await, before);
        // A third party opens nothing.
        let both = [("kind", "third_party"), ("w:acme.example", "1"), ("w:may@gmail.com", "1")];
        let placed = amy.post("/correspondents", &both).await;
        assert!(amy.get(placed.location()).await.text.contains("2 correspondents: third party."));
        assert!(!amy.get("/today?whose=firm").await.text.contains(SECRET));
        let before = owed(&house).await;
        settle(&house.app.db, FIRM, house.app.now()).await.unwrap();
        assert_eq!(owed(&house).await, before);
    });
}

#[test]
fn what_somebody_decided_about_whom_only_they_know_is_undone_by_nobody_else() {
    run(async {
        let house = firm().await;
        let (amy, bo) = (house.person("Amy").await, house.person("Bo").await);
        let page = bo.get("/today?whose=firm").await;
        let line = page.text.split("<li class=\"line\" id=\"o-").find(|line| line.contains("about the sale"));
        let id = &line.expect("what Kim asked of him")[..16];
        let path = format!("/owed/{id}/decisions");
        let done = bo.post(&path, &[("what", "kept"), ("means", "phone")]).await;
        let key = done.location().split("undo=").nth(1).expect("it can be undone");
        let undo = format!("/decisions/{}/undoing", &key[..16]);
        assert_eq!(amy.post(&undo, &[]).await.status, StatusCode::NOT_FOUND, "though she owns the firm");
        let back = bo.post(&undo, &[]).await;
        assert!(back.location().contains("It%20stands%20again"), "{}", back.location());
    });
}

#[test]
fn whose_placing_was_taken_back_has_no_name_in_the_log() {
    run(async {
        let house = firm().await;
        house.give_access("Bo", "owner").await;
        let (amy, bo) = (house.person("Amy").await, house.person("Bo").await);
        let log = async |who: &Person| {
            let page = who.get("/settings/log?act=placed").await.ok();
            let file = who.get("/settings/log.csv?act=placed").await.ok();
            page.split("<tbody>").nth(1).unwrap_or_default().to_owned() + &file
        };
        amy.post("/correspondents", &[("kind", "prospect"), ("w:acme.example", "1")]).await;
        let client = house.client("acme.example").await.id.0;
        let placed = format!("client {client} as prospect");
        assert!(house.log().await.contains(&("placed".to_owned(), placed)));
        assert!(log(&bo).await.contains("client “acme.example” as prospect"), "{}", log(&bo).await);
        // As an earlier Regard told it.
        let now = house.app.now();
        let mut tx = house.app.db.write(Durability::Act).await.unwrap();
        let by = house.staff("Amy").await;
        regard::record::audit::note(&mut tx, FIRM, by, "placed", "acme.example client", now).await.unwrap();
        tx.commit().await.unwrap();
        assert!(log(&bo).await.contains("acme.example client"));
        amy.post("/correspondents/undoing", &[("w:acme.example", "1")]).await;
        for who in [&bo, &amy] {
            let told = log(who).await;
            assert!(!told.contains("acme") && told.contains("(not for you to see) as prospect"), "{told}");
        }
    });
}

async fn owed(house: &House) -> Vec<String> {
    let mut tx = house.app.db.read().await.unwrap();
    let open = regard::record::owed::open(&mut tx, FIRM, None, 1000).await.unwrap();
    let mut all: Vec<String> = open
        .iter()
        .map(|owed| format!("{} {:?} {} {:?}", owed.id, owed.kind, owed.client.0, owed.due_at))
        .collect();
    all.sort();
    all
}

#[test]
fn private_mail_is_erased_from_ones_own_mailbox_and_from_nobody_elses() {
    run(async {
        let house = firm().await;
        let amy = house.person("Amy").await;
        assert!(amy.get("/correspondents").await.text.contains("you are asked first"), "it is said before");
        let may = [("kind", "private"), ("w:may@gmail.com", "1")];
        let asked = amy.post("/correspondents", &may).await.ok();
        assert!(asked.contains("may@gmail.com") && asked.contains("Erase the words of 1 letter"), "{asked}");
        assert!(asked.contains("no Undo brings them back"), "{asked}");
        let before = subjects(&house).await;
        assert!(before.contains(&"Sunday lunch".to_owned()), "asking erases nothing: {before:?}");
        assert!(amy.get("/correspondents").await.text.contains("may@gmail.com"), "and places nobody");
        let nobody = amy.post("/correspondents", &[("kind", "private")]).await;
        assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY, "whom is not said");
        let both = [("kind", "private"), ("w:may@gmail.com", "1"), ("w:acme.example", "1")];
        let asked = amy.post("/correspondents", &both).await.ok();
        assert!(asked.contains("Erase the words of 4 letters") && asked.contains("acme.example"), "{asked}");
        let placed = amy.post("/correspondents", &[may[0], may[1], ("sure", "1")]).await;
        let page = amy.get(placed.location()).await;
        assert!(page.text.contains("The words of 1 letter were erased for good"), "{}", page.text);
        let notice = page.between("class=\"notice\"", "</div>");
        assert!(!notice.contains("<button"), "no Undo that undoes nothing: {notice}");
        let subjects = subjects(&house).await;
        assert!(!subjects.contains(&"Sunday lunch".to_owned()), "{subjects:?}");
        assert!(subjects.contains(&"To Bo".to_owned()), "what lies in Bo's mailbox is Bo's: {subjects:?}");
        let helper: StaffId = house.staff("Bo").await;
        assert_ne!(helper, house.staff("Amy").await);
    });
}

#[test]
fn of_private_mail_each_letter_is_counted_once_and_never_again() {
    run(async {
        let house = firm().await;
        let (ned, both) = ("Ned <ned@duo.example>", "amy@quill.example, Pip <pip@duo.example>");
        bring(&house, "amys", &letter(21, ned, both, 12, "The boat", "Shall we sail on Sunday?")).await;
        let amy = house.person("Amy").await;
        let duo = [("kind", "private"), ("w:duo.example", "1"), ("sure", "1")];
        let asked = amy.post("/correspondents", &duo[..2]).await.ok();
        assert!(asked.contains("Erase the words of 1 letter"), "{asked}");
        let placed = amy.post("/correspondents", &duo).await;
        let page = amy.get(placed.location()).await.ok();
        assert!(page.contains("The words of 1 letter were erased for good"), "{page}");
        amy.post("/correspondents/undoing", &[("w:duo.example", "1")]).await;
        let again = amy.post("/correspondents", &duo[..2]).await.ok();
        assert!(again.contains("nothing is erased"), "its words are gone already: {again}");
    });
}

pub(crate) async fn subjects(house: &House) -> Vec<String> {
    let mut tx = house.app.db.read().await.unwrap();
    let mut keys = Vec::new();
    regard::record::read::load_all(&mut tx, FIRM, |entry| keys.push(entry.key())).await.unwrap();
    let letters = regard::record::texts::letters(&mut tx, FIRM, keys).await.unwrap();
    letters.into_values().map(|letter| letter.subject).collect()
}
