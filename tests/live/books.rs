//! Contacts of clients in somebody's own address book: written only where they want that, as cards of ours alone.

use jiff::Timestamp;
use regard::access::walls::{self, Wall};
use regard::board::Boards;
use regard::clients::proposed;
use regard::clients::said::Said;
use regard::db::{Db, Durability, Location};
use regard::firm;
use regard::ids::{FirmId, StaffId, SubscriptionId};
use regard::record::changes;
use regard::staff;
use regard::subscriptions::known::{self, What, Written};
use serde_json::Value;

use crate::beside::{Work, within};
use crate::office::Office;
use crate::radicale::{Radicale, SECRET, USER};

/// Alice’s address book, in which she has a card of her own.
pub(crate) struct Books {
    pub(crate) office: Office,
    server: Radicale,
    path: String,
}

impl Books {
    pub(crate) fn open() -> Books {
        let office = Office::open();
        let server = Radicale::start();
        let path = server.make_book("people");
        server.put_card(&path, "may", "FN:Aunt May\nEMAIL:may@gmail.com\nTEL:+44 1632 960009");
        let books = Books { office, server, path };
        books.follow();
        books
    }

    fn follow(&self) {
        self.follow_for("alice@example.org");
    }

    fn follow_for(&self, whom: &str) {
        let password = self.office.write("dav-password", SECRET);
        let url = self.server.url("/");
        let args = ["subscribe", "add", &url, "--of", whom, "--kind", "carddav", "--user", USER];
        self.office.run(&[&args[..], &["--private-network", "--password-file", &password]].concat()).ok();
    }

    fn listed(&self) -> Value {
        self.office.run(&["subscribe", "list", "--json"]).json()["subscriptions"][0].clone()
    }

    /// Switches it on, or off.
    pub(crate) fn switch(&self, on: bool) {
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

    /// The words of the only card of ours that is there.
    fn words(&self) -> String {
        body(&self.card())
    }

    /// The name of somebody's card of ours; empty where there is none.
    fn name_of(&self, whom: &str) -> String {
        let is_theirs = |name: &String| self.get(name).contains(&format!("FN:{whom}"));
        self.ours().into_iter().find(is_theirs).unwrap_or_default()
    }

    /// Somebody's card of ours.
    fn of(&self, whom: &str) -> String {
        self.get(&self.name_of(whom))
    }

    pub(crate) fn stands(&self, whom: &str) -> bool {
        !self.name_of(whom).is_empty()
    }

    /// Puts something there, as another program does.
    fn put(&self, name: &str, words: &str) {
        let path = format!("{}{name}", self.path);
        let said = self.server.ask("PUT", &path, "Content-Type: text/vcard\r\n", words);
        assert!(matches!(said.0, 201 | 204), "{said:?}");
    }

    /// Changes the only card of ours, as a telephone does.
    fn change(&self, from: &str, to: &str) {
        let words = self.words();
        assert!(words.contains(from), "{words}");
        self.put(&self.ours().remove(0), &words.replace(from, to));
    }

    /// Notes that a card is about to be written.
    fn begun(&self, name: &str, words: &str) {
        let said = wire::contacts::read(words.as_bytes()).0.first().and_then(Said::of);
        assert!(said.is_some(), "{words}");
        let address = self.server.url(&format!("{}{name}", self.path));
        let begun = Written { address, etag: String::new(), what: What::Begun, said };
        let id = SubscriptionId(self.listed()["id"].as_str().expect("a number").parse().expect("a number"));
        self.beside(async |db, firm| {
            let mut tx = db.write(Durability::Act).await.unwrap();
            known::wrote(&mut tx, firm, id, &begun).await.unwrap();
            tx.commit().await.unwrap();
        });
    }

    pub(crate) fn contacts(&self, rows: &str) {
        let rows = format!("client_id,name,email,phone\n{rows}");
        self.office.run(&["import", "contacts", &self.office.write("more.csv", &rows)]).ok();
    }

    pub(crate) fn look(&self) {
        self.office.run(&["sync"]).ok();
    }

    /// How many cards wait for somebody's word.
    pub(crate) fn proposed(&self) -> usize {
        self.beside(async |db, firm| proposed::open(&mut db.read().await.unwrap(), firm).await.unwrap().len())
    }

    pub(crate) fn has_own(&self) -> bool {
        self.get("may.vcf").contains("Aunt May")
    }

    /// Does something in the record beside the program.
    pub(crate) fn beside<T>(&self, act: impl AsyncFnOnce(&Db, FirmId) -> T) -> T {
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

/// What was answered, without what stands before it.
fn body(answer: &str) -> String {
    answer.split("\r\n\r\n").nth(1).expect("a body").to_owned()
}

pub(crate) async fn bob(db: &Db, firm: FirmId) -> StaffId {
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
    // Before it is looked at the first time it would have been written into.
    within(60, "the first look", || !books.listed()["fetched_at"].is_null());
    assert_eq!(books.ours(), [""; 0], "nobody asked for it");
    books.switch(true);
    within(60, "the card", || books.ours().len() == 1);
    let card = books.card();
    for words in ["FN:Jo Fenn", "ORG:Acme Mills", "EMAIL:jo@acme.example", "UID:regard-contact-"] {
        assert!(card.contains(words), "{words}: {card}");
    }

    books.contacts("c1,Jo Fenn,jo@acme.example,+44 1632 960001\nc1,Kim Lee,kim@acme.example,\n");
    within(60, "her number", || books.of("Jo Fenn").contains("TEL:+44 1632 960001"));
    within(60, "what is new", || books.stands("Kim Lee"));

    // Something else changes: the cards stay as they were written.
    let before = books.of("Jo Fenn");
    let letter = crate::office::letter(30, "Dear Alice,\n\nCould you send me the lease, please?\n\nJo");
    books.office.run(&["import", "mail", &books.office.write("letter.eml", &letter)]).ok();
    books.contacts("c1,Lee Ray,lee@acme.example,\n");
    within(60, "whoever comes after her", || books.stands("Lee Ray"));
    assert_eq!(books.of("Jo Fenn"), before, "also when it was written, to the second");
    books.look();
    assert_eq!(books.proposed(), 0, "what was written here is nobody's to propose");

    // A wall round the client, for whomever: others may look into an address book.
    books.beside(async |db, firm| wall(db, firm, true).await);
    within(60, "the cards to go", || books.ours().is_empty());
    books.beside(async |db, firm| wall(db, firm, false).await);
    within(60, "them again", || books.ours().len() == 3);
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
    // It is another here meanwhile, and stays there as she wants it. Whoever is newer is written after her.
    books.contacts("c1,Jo Fenn,jo.fenn@acme.example,\nc1,Kim Lee,kim@acme.example,\n");
    within(60, "whoever comes after her", || books.stands("Kim Lee"));
    let card = books.of("Jo Fenn");
    assert!(card.contains("Director") && card.contains("960002") && !card.contains("jo.fenn@"), "{card}");
    books.switch(false);
    within(60, "the other to go", || !books.stands("Kim Lee"));
    assert!(books.card().contains("Director"), "it is hers now");
    books.switch(true);
    within(60, "the other again", || books.stands("Kim Lee"));
    assert!(books.of("Jo Fenn").contains("Director"), "and is not written over later either");
    assert!(books.has_own());
    drop(work);
}

#[test]
fn switched_off_all_goes_and_a_card_written_before_it_was_noted_is_no_second_one() {
    let books = Books::open();
    books.switch(true);
    let work = Work::begin(&books.office);
    within(60, "the card", || books.ours().len() == 1);
    let (name, words) = (books.ours().remove(0), books.words());
    books.switch(false);
    within(60, "it to go", || books.ours().is_empty());
    drop(work);

    // As if the power had failed after the card was put there, and before that was noted.
    books.begun(&name, &words);
    books.put(&name, &words);
    books.switch(true);
    books.contacts("c1,Jo Fenn,jo@acme.example,+44 1632 960001\n");
    let work = Work::begin(&books.office);
    within(60, "the card to follow", || books.card().contains("960001"));
    assert_eq!(books.ours(), [name.as_str()]);
    books.switch(false);
    within(60, "it to go", || books.ours().is_empty());
    drop(work);

    // And where it is wanted no more when the power comes back, it goes.
    books.begun(&name, &words);
    books.put(&name, &words);
    let work = Work::begin(&books.office);
    within(60, "it to go again", || books.ours().is_empty());
    assert!(books.has_own());
    drop(work);
}

#[test]
fn a_card_of_her_own_under_our_name_is_left_as_she_wants_it() {
    let books = Books::open();
    let exported = books.office.run(&["export", "--contacts"]).ok().out;
    let uid = exported.lines().find_map(|line| line.strip_prefix("UID:")).expect("a mark").trim();
    // A program of hers keeps what was exported under its mark, and she adds a birthday.
    let name = format!("{uid}.vcf");
    books.put(&name, &exported.replace("END:VCARD", "BDAY:19800521\r\nEND:VCARD"));
    books.contacts("c1,Jo Fenn,jo@acme.example,+44 1632 960001\nc1,Kim Lee,kim@acme.example,\n");
    books.switch(true);
    let work = Work::begin(&books.office);
    within(60, "whoever comes after her", || books.stands("Kim Lee"));
    assert!(books.get(&name).contains("BDAY:19800521"), "{}", books.get(&name));
    assert!(!books.get(&name).contains("960001"));

    // What she changed stays also where the account is removed and followed again.
    let kim = books.name_of("Kim Lee");
    books.contacts("c1,Lee Ray,lee@acme.example,\n");
    within(60, "a third", || books.stands("Lee Ray"));
    let lee = books.get(&books.name_of("Lee Ray"));
    books.put(&kim, &body(&books.get(&kim)).replace("END:VCARD", "TITLE:Clerk\r\nEND:VCARD"));
    drop(work);
    let id = books.listed()["id"].as_str().expect("a number").to_owned();
    books.office.run(&["subscribe", "remove", &id]).ok();
    books.follow();
    books.look();
    assert_eq!(books.proposed(), 1, "it is of nobody's writing any more, so what she changed is asked about");
    books.switch(true);
    books.contacts("c1,Mo Sand,mo@acme.example,\n");
    let work = Work::begin(&books.office);
    within(60, "a fourth", || books.stands("Mo Sand"));
    assert!(books.get(&kim).contains("TITLE:Clerk") && books.get(&name).contains("BDAY"));
    assert_eq!(body(&books.get(&books.name_of("Lee Ray"))), body(&lee), "nobody touched it");
    books.switch(false);
    within(60, "ours to go", || !books.stands("Lee Ray") && !books.stands("Mo Sand"));
    assert!(books.get(&kim).contains("TITLE:Clerk") && books.get(&name).contains("BDAY"));
    drop(work);
}

#[test]
fn one_card_that_the_server_does_not_take_keeps_no_other_from_being_written() {
    let books = Books::open();
    let exported = books.office.run(&["export", "--contacts"]).ok().out;
    // Hers stands there under another name: a server takes no second one.
    books.put("jo.vcf", &exported);
    books.contacts("c1,Kim Lee,kim@acme.example,\n");
    books.switch(true);
    let work = Work::begin(&books.office);
    within(60, "whoever comes after her", || books.stands("Kim Lee"));
    assert_eq!(books.ours(), [books.name_of("Kim Lee").as_str()]);
    assert_eq!(books.listed()["refused"], Value::Null, "nothing is wrong with that");
    books.switch(false);
    within(60, "ours to go", || books.ours().is_empty());
    assert!(books.get("jo.vcf").contains("Jo Fenn") && books.has_own());
    drop(work);
}

#[test]
fn into_one_address_book_contacts_are_written_for_one_person() {
    let books = Books::open();
    books.switch(true);
    books.follow_for("bob@example.org");
    let listed = books.office.run(&["subscribe", "list", "--json"]).json()["subscriptions"].clone();
    let ids = listed.as_array().expect("some").iter().map(|one| one["id"].as_str().expect("a number"));
    let writes = |id: &str| books.office.run(&["subscribe", "write", id, "--into", "people"]);
    let refused: Vec<_> = ids.map(writes).filter(|said| !said.good).collect();
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(refused[0].err.contains("somebody else already"), "{refused:?}");

    // And where the same address book is reached by another address, so that only the cards in it tell.
    let work = Work::begin(&books.office);
    within(60, "the card", || books.ours().len() == 1);
    let (name, words) = (books.ours().remove(0), books.words());
    books.switch(false);
    within(60, "it to go", || books.ours().is_empty());
    let whose = words.lines().find(|line| line.starts_with("X-REGARD-FOR:")).expect("for whom").to_owned();
    books.put(&name, &words.replace(&whose, "X-REGARD-FOR:1"));
    books.switch(true);
    within(60, "the refusal", || {
        books.listed()["refused"].as_str().is_some_and(|words| words.contains("somebody else already"))
    });
    assert!(books.card().contains("X-REGARD-FOR:1"));
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
