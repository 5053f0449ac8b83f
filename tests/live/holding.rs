//! The holding reply, with real servers: whom it goes to, with which headers, once a day, and never in circles.

use std::time::{Duration, Instant};

use regard::db::{Db, Durability, Location};
use regard::firm::Hours;

use crate::beside::{Work, within};
use crate::office::{Office, letter};
use crate::support::run;

const ASKS: &str = "Dear Alice,\n\nCould you send me the signed lease, please?\n\nJo";
const WORDS: &str = "Dear {contact first name},\n\nThank you for your message. You will hear from {who answers} by {by when}.\n\
    {who stands in} stands in until then.\n\nKind regards\n{firm}\n";

/// A day from today.
fn day(from_now: i64) -> String {
    let day = regard::clock::now() + jiff::SignedDuration::from_hours(24 * from_now);
    day.to_zoned(jiff::tz::TimeZone::get("Europe/London").expect("a zone")).date().to_string()
}

/// An office that says so when Alice is away: she is, and Bob stands in.
fn away() -> Office {
    away_in(Office::open())
}

fn away_in(office: Office) -> Office {
    office.connect_by("alice", office.sink.port).ok();
    let absences =
        format!("email,from,to,cover\nalice@example.org,{},{},bob@example.org\n", day(-1), day(20));
    let path = office.write("absences.csv", &absences);
    office.run(&["import", "absences", &path]).ok();
    let words = office.write("words.txt", WORDS);
    office.run(&["holding", "on", "--words", &words]).ok();
    office.sync();
    office
}

#[test]
fn whoever_waits_is_told_once_who_stands_in_and_by_when_and_still_waits() {
    let office = away();
    let worker = Work::begin(&office);
    std::thread::sleep(Duration::from_secs(2));
    // Nobody can be answered at such an address; whoever comes after is.
    let unfit = letter(7, ASKS).replace("jo@acme.example>\nTo", "fenn..office@acme.example>\nTo");
    office.server.deliver("alice", &unfit);
    within(15, "the first letter", || {
        office.run(&["today", "--json"]).json().to_string().contains("letter-7@")
    });
    office.jo_writes(1, ASKS);
    within(20, "the holding reply", || !office.sink.taken().is_empty());
    let taken = office.sink.taken().remove(0);
    let header = |name: &str| taken.text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    assert_eq!(taken.to, ["jo@acme.example"]);
    assert_eq!(header("Auto-Submitted:"), Some("auto-replied"));
    assert_eq!(header("Precedence:"), Some("bulk"));
    assert_eq!(header("In-Reply-To:"), Some("<letter-1@acme.example>"));
    assert_eq!(header("References:"), Some("<letter-1@acme.example>"));
    assert_eq!(header("Subject:"), Some("Auto: The lease, part 1"));
    let read = reading::letter::parse(taken.text.as_bytes()).expect("a letter");
    assert!(read.text.starts_with("Dear Jo,") && read.text.contains("from Alice Quill by "), "{}", read.text);
    assert!(read.text.contains("Bob Ward stands in until then."), "{}", read.text);

    // It is in the record and in the folder of sent mail, and the client still waits for a person.
    within(10, "the copy", || {
        office.server.admin(&["search", "-u", "alice", "mailbox", "Sent", "all"]).lines().count() == 1
    });
    let answer = office.owed().into_iter().find(|owed| owed["kind"] == "answer").expect("an answer");
    assert_eq!((&answer["state"], &answer["chases"]), (&"open".into(), &0.into()));
    assert!(office.owed().iter().all(|owed| owed["kind"] != "promise"), "{:?}", office.owed());

    // What the server took for unwanted is owed an answer, and a person looks at it first.
    let unwanted = letter(8, ASKS).replace("jo@acme.example", "kim@acme.example");
    office.append("alice", "Junk", &unwanted);
    // What comes next from Jo is not answered by a machine again that day; nor is what no person wrote.
    office.jo_writes(2, "When can I have it?");
    for (n, more) in
        [(3, "Auto-Submitted: auto-replied"), (4, "List-Id: <x.acme.example>"), (5, "Precedence: bulk")]
    {
        let robot =
            letter(n, ASKS).replace("jo@acme.example>\nTo", &format!("kim@acme.example>\n{more}\nTo"));
        office.server.deliver("alice", &robot);
    }
    let stranger = letter(6, ASKS).replace("jo@acme.example", "jo@elsewhere.example");
    office.server.deliver("alice", &stranger);
    within(15, "all of them to be looked at", || {
        let today = office.run(&["today", "--json"]).json().to_string();
        today.contains("letter-2@") && today.contains("letter-8@")
    });
    std::thread::sleep(Duration::from_secs(8));
    assert_eq!(office.sink.taken().len(), 1, "{:?}", office.sink.taken());
    drop(worker);
    let shown = office.run(&["holding", "show", "--json"]).json();
    let sent = shown["sent"].as_array().expect("a list");
    assert_eq!(sent.len(), 1, "{shown}");
    assert_eq!((&sent[0]["why"], &sent[0]["state"]), (&"away".into(), &"sent".into()));
    office.run(&["verify"]).ok();
}

#[test]
fn on_a_database_server_too_whoever_waits_is_told() {
    let office = away_in(Office::open_on_a_server());
    let worker = Work::begin(&office);
    std::thread::sleep(Duration::from_secs(2));
    office.jo_writes(1, ASKS);
    within(20, "the holding reply", || !office.sink.taken().is_empty());
    drop(worker);
    let shown = office.run(&["holding", "show", "--json"]).json();
    assert_eq!(shown["sent"][0]["to"], "jo@acme.example", "{shown}");
}

#[test]
fn out_of_hours_too_and_never_when_it_is_off() {
    let office = Office::open();
    office.connect_by("alice", office.sink.port).ok();
    office.sync();
    // The firm is open on the day after tomorrow alone.
    let data = office.data();
    run(async move {
        let db = Db::open(&Location::Folder(data)).await.expect("the record");
        let mut tx = db.write(Durability::Act).await.expect("a transaction");
        let mut firm = regard::firm::store::all(&mut tx).await.expect("the firm").remove(0);
        let open: jiff::civil::Date = day(2).parse().expect("a day");
        let mut week: [Vec<_>; 7] = Default::default();
        let hours = (jiff::civil::time(9, 0, 0, 0), jiff::civil::time(17, 0, 0, 0));
        week[open.weekday().to_monday_zero_offset() as usize] = vec![hours];
        firm.hours = Some(Hours(week));
        regard::firm::store::save(&mut tx, &firm, regard::clock::now()).await.expect("kept");
        tx.commit().await.expect("kept");
        db.close().await;
    });
    let worker = Work::begin(&office);
    office.jo_writes(1, ASKS);
    within(15, "the letter", || !office.owed().is_empty());
    std::thread::sleep(Duration::from_secs(7));
    assert!(office.sink.taken().is_empty(), "nobody switched it on");
    assert!(!office.run(&["holding", "on"]).good, "there are no words");
    let words = office.write("words.txt", WORDS);
    office.run(&["holding", "on", "--words", &words]).ok();
    std::thread::sleep(Duration::from_secs(7));
    assert!(office.sink.taken().is_empty(), "what came before it was switched on is a person's");
    office.jo_writes(2, "And the plan of the roof, could you send that too?");
    within(20, "the holding reply", || !office.sink.taken().is_empty());
    let read = reading::letter::parse(office.sink.taken()[0].text.as_bytes()).expect("a letter");
    assert!(!read.text.contains("stands in"), "nobody does: {}", read.text);
    drop(worker);
}

/// Two offices that are each other's client, both away, both at work; a person of the one writes to the other. What
/// each sends is carried to the other, changed on its way. Gives how many messages each of them sent.
fn circle(on_the_way: impl Fn(&str) -> String) -> (usize, usize) {
    let (here, there) = (away(), away());
    for (office, other) in [(&here, "bob@there.example"), (&there, "bob@here.example")] {
        let client = format!("client_id,name,email,phone\nc1,Other,{other},\n");
        let path = office.write("others.csv", &client);
        office.run(&["import", "contacts", &path]).ok();
    }
    let workers = [Work::begin(&here), Work::begin(&there)];
    std::thread::sleep(Duration::from_secs(2));
    let first = letter(1, ASKS).replace("Jo Fenn <jo@acme.example>", "Bob <bob@there.example>");
    here.server.deliver("alice", &first);
    let carried = |from: &Office, to: &Office, name: &str, done: &mut usize| {
        let taken = from.sink.taken();
        for message in &taken[*done..] {
            let text = message.text.replace("\r\n", "\n").replace("alice@example.org", name);
            let text = text.replacen("To: ", "To: Alice <alice@example.org>, ", 1);
            to.server.deliver("alice", &on_the_way(&text));
        }
        *done = taken.len();
    };
    let (mut a, mut b) = (0, 0);
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(25) {
        carried(&here, &there, "bob@here.example", &mut a);
        carried(&there, &here, "bob@there.example", &mut b);
        std::thread::sleep(Duration::from_millis(200));
    }
    drop(workers);
    (here.sink.taken().len(), there.sink.taken().len())
}

#[test]
fn two_that_answer_by_themselves_do_not_answer_each_other() {
    assert_eq!(circle(str::to_owned), (1, 0));
    // A mail server on the way that takes every mark of a machine out, and makes a question of it.
    let stripped = |text: &str| {
        let marks = ["Auto-Submitted:", "Precedence:", "X-Auto-Response-Suppress:"];
        let lines = text.lines().filter(|line| !marks.iter().any(|mark| line.starts_with(mark)));
        let text = lines.collect::<Vec<_>>().join("\n").replace("Subject: Auto: ", "Subject: Question: ");
        text.replace("You will hear", "Could you send me the lease, please? You will hear")
    };
    assert_eq!(circle(stripped), (1, 0), "its id is known");
    let disguised = |text: &str| stripped(text).replace("regard-hold.", "x.");
    assert_eq!(circle(disguised), (1, 1), "each says it once, and the circle ends");
}
