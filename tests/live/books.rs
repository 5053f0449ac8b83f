//! Contacts of clients in somebody's own address book: written only where they want that, as cards of ours alone.

use jiff::Timestamp;
use regard::access::walls::{self, Wall};
use regard::board::Boards;
use regard::clients::proposed;
use regard::db::{Db, Durability, Location};
use regard::firm;
use regard::ids::{FirmId, StaffId};
use regard::record::changes;
use regard::staff;
use serde_json::Value;

use crate::beside::{Work, within};
use crate::office::Office;
use crate::radicale::{Radicale, SECRET, USER};

/// Alice’s address book, in which she has a card of her own.
struct Books {
    office: Office,
    server: Radicale,
    path: String,
}

impl Books {
    fn open() -> Books {
        let office = Office::open();
        let server = Radicale::start();
        let path = server.make_book("people");
        server.put_card(&path, "may", "FN:Aunt May\nEMAIL:may@gmail.com\nTEL:+44 1632 960009");
        let password = office.write("dav-password", SECRET);
        let url = server.url("/");
        let args =
            ["subscribe", "add", &url, "--of", "alice@example.org", "--kind", "carddav", "--user", USER];
        office.run(&[&args[..], &["--private-network", "--password-file", &password]].concat()).ok();
        Books { office, server, path }
    }

    fn listed(&self) -> Value {
        self.office.run(&["subscribe", "list", "--json"]).json()["subscriptions"][0].clone()
    }

    /// Switches it on, or off.
    fn switch(&self, on: bool) {
        let listed = self.listed();
        let id = listed["id"].as_str().expect("a number");
        let wish: &[&str] = if on { &["--into", "people"] } else { &["--nowhere"] };
        self.office.run(&[&["subscribe", "write", id][..], wish].concat()).ok();
    }

    /// The names of our cards there.
    fn ours(&self) -> Vec<String> {
        let listed = self.server.ask("PROPFIND", &self.path, "Depth: 1\r\n", "").1;
        let hrefs = listed.split("<href>").skip(1).filter_map(|part| part.split('<').next());
        let names = hrefs.filter_map(|href| href.rsplit('/').next()).map(str::to_owned);
        names.filter(|name| name.starts_with("regard-contact-")).collect()
    }

    /// The only card of ours that is there, with its mark.
    fn card(&self) -> String {
        let ours = self.ours();
        let [name] = ours.as_slice() else { panic!("{ours:?}") };
        self.get(name)
    }

    /// Something there, with its mark and when it was written; not with when it was asked for.
    fn get(&self, name: &str) -> String {
        let answer = self.server.ask("GET", &format!("{}{name}", self.path), "", "").1;
        answer.split_inclusive('\n').filter(|line| !line.starts_with("Date:")).collect()
    }

    /// Changes it there, as a telephone does.
    fn change(&self, from: &str, to: &str) {
        let name = self.ours().remove(0);
        let card = self.card();
        let words = card.split("\r\n\r\n").nth(1).expect("a card");
        assert!(words.contains(from), "{words}");
        let path = format!("{}{name}", self.path);
        let said = self.server.ask("PUT", &path, "Content-Type: text/vcard\r\n", &words.replace(from, to));
        assert!(matches!(said.0, 201 | 204), "{said:?}");
    }

    fn contacts(&self, rows: &str) {
        let rows = format!("client_id,name,email,phone\n{rows}");
        self.office.run(&["import", "contacts", &self.office.write("more.csv", &rows)]).ok();
    }

    fn look(&self) {
        self.office.run(&["sync"]).ok();
    }

    /// How many cards wait for somebody's word.
    fn proposed(&self) -> usize {
        self.beside(async |db, firm| proposed::open(&mut db.read().await.unwrap(), firm).await.unwrap().len())
    }

    fn has_own(&self) -> bool {
        self.get("may.vcf").contains("Aunt May")
    }

    /// Does something in the record beside the program.
    fn beside<T>(&self, act: impl AsyncFnOnce(&Db, FirmId) -> T) -> T {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let db = Db::open(&Location::Folder(self.office.data())).await.expect("the record opens");
            let firm = firm::store::all(&mut db.read().await.unwrap()).await.unwrap().remove(0).id;
            let done = act(&db, firm).await;
            db.close().await;
            done
        })
    }
}

async fn bob(db: &Db, firm: FirmId) -> StaffId {
    let people = staff::store::all(&mut db.read().await.unwrap(), firm).await.unwrap();
    people.iter().find(|person| person.name == "Bob Ward").expect("Bob").id
}

/// Puts up a wall between Bob and the only client, or takes it down.
async fn wall(db: &Db, firm: FirmId, stands: bool) {
    let (bob, board) = (bob(db, firm).await, Boards::default().now(db, firm).await.unwrap());
    let client = board.firm.clients.values().find(|card| card.name == "Acme Mills").expect("Acme").id;
    let mut tx = db.write(Durability::Act).await.unwrap();
    let (reason, set_at) = ("a conflict".to_owned(), Timestamp::UNIX_EPOCH);
    match stands {
        true => {
            let wall = Wall { staff: bob, client, matter: None, reason, set_by: bob, set_at };
            walls::raise(&mut tx, firm, &wall).await.unwrap();
        }
        false => walls::lower(&mut tx, firm, bob, client, None).await.unwrap(),
    }
    changes::note_everything(&mut tx, firm).await.unwrap();
    tx.commit().await.unwrap();
}

#[test]
fn contacts_stand_in_ones_own_address_book_only_while_that_is_wanted_and_follow_what_is_known() {
    let books = Books::open();
    let work = Work::begin(&books.office);
    within(60, "the first look", || !books.listed()["fetched_at"].is_null());
    std::thread::sleep(std::time::Duration::from_secs(5));
    assert_eq!(books.ours(), [""; 0], "nobody asked for it");
    books.switch(true);
    within(60, "the card", || books.ours().len() == 1);
    let card = books.card();
    for words in ["FN:Jo Fenn", "ORG:Acme Mills", "EMAIL:jo@acme.example", "UID:regard-contact-"] {
        assert!(card.contains(words), "{words}: {card}");
    }

    books.contacts("c1,Jo Fenn,jo@acme.example,+44 1632 960001\nc1,Kim Lee,kim@acme.example,\n");
    within(60, "what is new", || books.ours().len() == 2);
    let jo = || {
        let cards = books.ours().into_iter().map(|name| books.get(&name));
        cards.filter(|card| card.contains("Jo Fenn")).collect::<Vec<_>>().concat()
    };
    within(60, "her number", || jo().contains("TEL:+44 1632 960001"));

    // Something else changes: the cards stay as they were written.
    let before = jo();
    let letter = crate::office::letter(30, "Dear Alice,\n\nCould you send me the lease, please?\n\nJo");
    books.office.run(&["import", "mail", &books.office.write("letter.eml", &letter)]).ok();
    std::thread::sleep(std::time::Duration::from_secs(12));
    assert_eq!(jo(), before, "also when it was written, to the second");
    books.look();
    assert_eq!(books.proposed(), 0, "what was written here is nobody's to propose");

    // A wall round the client, for whomever: others may look into an address book.
    books.beside(async |db, firm| wall(db, firm, true).await);
    within(60, "the cards to go", || books.ours().is_empty());
    books.beside(async |db, firm| wall(db, firm, false).await);
    within(60, "them again", || books.ours().len() == 2);
    books.office.run(&["erase", "c1", "--yes"]).ok();
    within(60, "who is erased to go", || books.ours().is_empty());
    assert!(books.has_own(), "her own card is left alone");
    drop(work);
}

#[test]
fn what_was_changed_there_is_proposed_here_left_there_and_not_written_over() {
    let books = Books::open();
    books.switch(true);
    let work = Work::begin(&books.office);
    within(60, "the card", || books.ours().len() == 1);
    books.change("EMAIL:jo@acme.example", "TITLE:Director\r\nEMAIL:jo@acme.example\r\nTEL:+44 1632 960002");
    // Either the program at work looks first, or this.
    within(60, "the proposal", || {
        books.look();
        books.proposed() == 1
    });
    let known = books.office.run(&["export", "--contacts"]).ok().out;
    assert!(!known.contains("960002") && !known.contains("Director"), "not without a word: {known}");
    // It is another here meanwhile, and stays there as she wants it.
    books.contacts("c1,Jo Fenn,jo.fenn@acme.example,\n");
    std::thread::sleep(std::time::Duration::from_secs(12));
    let card = books.card();
    assert!(card.contains("Director") && card.contains("960002") && !card.contains("jo.fenn@"), "{card}");
    books.switch(false);
    std::thread::sleep(std::time::Duration::from_secs(8));
    assert!(books.card().contains("Director"), "it is hers now");
    books.switch(true);
    std::thread::sleep(std::time::Duration::from_secs(8));
    assert!(books.card().contains("Director"), "and is not written over later either");
    assert!(books.has_own());
    drop(work);
}

#[test]
fn switched_off_all_goes_and_a_card_written_before_it_was_noted_is_no_second_one() {
    let books = Books::open();
    books.switch(true);
    let work = Work::begin(&books.office);
    within(60, "the card", || books.ours().len() == 1);
    let (name, card) = (books.ours().remove(0), books.card());
    books.switch(false);
    within(60, "it to go", || books.ours().is_empty());
    drop(work);

    // As if the power had failed after the card was put there, and before that was noted.
    let words = card.split("\r\n\r\n").nth(1).expect("a card").to_owned();
    let said =
        books.server.ask("PUT", &format!("{}{name}", books.path), "Content-Type: text/vcard\r\n", &words);
    assert!(matches!(said.0, 201 | 204), "{said:?}");
    books.switch(true);
    let work = Work::begin(&books.office);
    books.contacts("c1,Jo Fenn,jo@acme.example,+44 1632 960001\n");
    within(60, "the card to follow", || books.card().contains("960001"));
    assert_eq!(books.ours(), [name]);
    books.switch(false);
    within(60, "it to go", || books.ours().is_empty());
    assert!(books.has_own());
    drop(work);
}

#[test]
fn into_an_address_book_that_may_only_be_read_nothing_is_written_and_that_is_told() {
    let mut books = Books::open();
    books.switch(true);
    let path = books.path.clone();
    books.server.lock(&path);
    let id = books.listed()["id"].as_str().expect("a number").to_owned();
    let refused = books.office.run(&["subscribe", "write", &id, "--into", "people"]);
    assert!(!refused.good && refused.err.contains("not written into"), "{refused:?}");
    let work = Work::begin(&books.office);
    within(60, "the refusal", || {
        books.listed()["refused"].as_str().is_some_and(|words| words.contains("403"))
    });
    assert_eq!(books.listed()["trouble"], Value::Null, "it is read all the same");
    let told = books.office.run(&["subscribe", "list"]).ok().out;
    assert!(told.contains("nothing is written there"), "{told}");
    drop(work);
}
