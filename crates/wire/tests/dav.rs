//! Calendars and address books on a real server: found from its front door, followed by marks, and what happens when
//! marks mean nothing, passwords are wrong, or the server goes away.

#[path = "support/ports.rs"]
mod ports;
#[path = "support/radicale.rs"]
mod radicale;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use radicale::{Radicale, SECRET, USER};
use wire::dav::{Dav, Kind, Put};
use wire::http::{Address, Client, Question};
use wire::net::{Limits, Login, Reach, Secret, Trouble, Trust};

fn run<T>(story: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(story)
}

/// Somebody who signs in on a server.
fn client(server: &Radicale, password: &str) -> Client {
    client_of(Address::parse(&server.url("/")).unwrap(), password)
}

fn client_of(server: Address, password: &str) -> Client {
    let limits = Limits {
        connect: Duration::from_secs(5),
        quiet: Duration::from_secs(2),
        command: Duration::from_secs(20),
        ..Limits::default()
    };
    let login = Login::Password { user: USER.to_owned(), password: Secret::new(password) };
    let login = Some((login, server));
    Client { reach: Reach::Private, trust: Trust::Machine, limits, login }
}

fn dav(server: &Radicale, kind: Kind) -> Dav {
    Dav { client: client(server, SECRET), kind }
}

const EVENT: &str = "SUMMARY:The lease\nDTSTART:20250826T090000Z\nDTEND:20250826T100000Z";

#[test]
fn calendars_and_books_are_found_from_any_address_of_the_server() {
    let server = Radicale::start();
    server.make_calendar("work");
    server.make_calendar("home");
    server.make_book("people");
    let names = |kind: Kind, start: &str| {
        let found = run(dav(&server, kind).discover(&Address::parse(&server.url(start)).unwrap()));
        found.map(|all| all.into_iter().map(|one| one.name).collect::<Vec<_>>())
    };
    for start in ["/", "/alice/"] {
        assert_eq!(names(Kind::Calendar, start).unwrap(), ["home", "work"], "{start}");
        assert_eq!(names(Kind::AddressBook, start).unwrap(), ["people"], "{start}");
    }
    assert_eq!(names(Kind::Calendar, "/alice/work/").unwrap(), ["work"]);
    let found =
        run(dav(&server, Kind::Calendar).discover(&Address::parse(&server.url("/")).unwrap())).unwrap();
    assert!(found.iter().all(|one| one.may_write));
    let work = run(dav(&server, Kind::Calendar).collection(&found[1].address)).unwrap();
    assert_eq!(work, found[1]);
    let mut server = server;
    server.lock("/alice/work/");
    let work = run(dav(&server, Kind::Calendar).collection(&found[1].address)).unwrap();
    assert!(!work.may_write, "the server says so");
    // Another password, and a server that is none.
    let wrong = Dav { client: client(&server, "wrong"), kind: Kind::Calendar };
    let refused = run(wrong.discover(&Address::parse(&server.url("/")).unwrap())).unwrap_err();
    assert!(refused.is_login(), "{refused}");
}

#[test]
fn what_changed_is_told_once_and_found_again_when_marks_mean_nothing() {
    let server = Radicale::start();
    let path = server.make_calendar("work");
    for n in 0..120 {
        server.put_event(&path, &format!("e{n}"), EVENT);
    }
    let dav = dav(&server, Kind::Calendar);
    let at = Address::parse(&server.url(&path)).unwrap();
    let mut known = BTreeMap::new();
    let first = run(dav.look(&at, None, &known)).unwrap();
    assert_eq!((first.changed.len(), first.gone.len()), (120, 0));
    let token = first.token.clone().expect("a mark");
    let paths: Vec<String> = first.changed.keys().cloned().collect();
    let items = run(dav.fetch(&at, &paths)).unwrap();
    assert_eq!(items.len(), 120);
    for item in items {
        assert!(item.words.contains("SUMMARY:The lease"), "{}", item.words);
        known.insert(item.path, item.etag);
    }
    assert_eq!(known, first.changed);

    let nothing = run(dav.look(&at, Some(&token), &known)).unwrap();
    assert!(nothing.changed.is_empty() && nothing.gone.is_empty(), "{nothing:?}");
    server.put_event(&path, "e7", &EVENT.replace("lease", "sale"));
    server.put_event(&path, "new", EVENT);
    server.delete(&format!("{path}e3.ics"));
    let changed = |news: &wire::dav::News| news.changed.keys().cloned().collect::<Vec<_>>();
    let wanted = [format!("{path}e7.ics"), format!("{path}new.ics")];
    let news = run(dav.look(&at, Some(&token), &known)).unwrap();
    assert_eq!(changed(&news), wanted);
    assert_eq!(news.gone.iter().collect::<Vec<_>>(), [&format!("{path}e3.ics")]);

    // The server no longer knows the mark, or never did: the same is found by comparison.
    server.forget_marks(&path);
    for token in [Some(token.as_str()), Some("http://radicale.org/ns/sync/of-another-time"), Some("x"), None]
    {
        let news = run(dav.look(&at, token, &known)).unwrap();
        assert_eq!((changed(&news), news.gone.len()), (wanted.to_vec(), 1), "{token:?}");
    }
}

#[test]
fn something_is_put_there_only_over_what_is_known() {
    let server = Radicale::start();
    let path = server.make_book("people");
    let dav = dav(&server, Kind::AddressBook);
    let at = Address::parse(&server.url(&format!("{path}jo.vcf"))).unwrap();
    let card = |name: &str| format!("BEGIN:VCARD\r\nVERSION:4.0\r\nUID:jo\r\nFN:{name}\r\nEND:VCARD\r\n");
    let put = |at: &Address, name: &str, over: Option<&str>| run(dav.put(at, &card(name), over));
    let Put::Stands(etag) = put(&at, "Jo", None).unwrap() else { panic!("not taken") };
    assert!(!etag.is_empty());
    assert_eq!(put(&at, "Jo", None).unwrap(), Put::Another, "it is there already");
    let Put::Stands(newer) = put(&at, "Jo Fenn", Some(&etag)).unwrap() else { panic!("not taken") };
    assert_eq!(put(&at, "Old Jo", Some(&etag)).unwrap(), Put::Another, "it is another meanwhile");
    let beside = Address::parse(&server.url(&format!("{path}beside.vcf"))).unwrap();
    assert_eq!(put(&beside, "Jo", None).unwrap(), Put::Twice, "she stands there under another name");
    let nowhere = Address::parse(&server.url(&format!("{}jo.vcf", path.replace("people", "gone")))).unwrap();
    let refused = put(&nowhere, "Jo", None).expect_err("there is no such book");
    assert!(refused.to_string().contains("409"), "{refused}");
    let items = run(dav.fetch(&at, &[at.path().to_owned()])).unwrap();
    assert!(items[0].words.contains("FN:Jo Fenn"), "{items:?}");
    assert!(!run(dav.remove(&at, &etag)).unwrap());
    assert!(run(dav.remove(&at, &newer)).unwrap() && run(dav.remove(&at, &newer)).unwrap());
}

#[test]
fn a_server_that_goes_away_hangs_or_lies_is_told_apart() {
    let mut server = Radicale::start();
    let path = server.make_calendar("work");
    let at = Address::parse(&server.url(&path)).unwrap();
    let known = BTreeMap::new();
    let dav = dav(&server, Kind::Calendar);
    assert!(run(dav.look(&at, None, &known)).is_ok());
    server.set_password("another");
    assert!(run(dav.look(&at, None, &known)).unwrap_err().is_login());
    server.set_password(SECRET);
    server.kill();
    let gone = run(dav.look(&at, None, &known)).unwrap_err();
    assert!(matches!(gone, Trouble::Unreachable { .. }) && gone.may_pass(), "{gone}");
    assert!(server.begin());
    assert!(run(dav.look(&at, None, &known)).is_ok());
    // A form that reaches where nothing may be reached.
    let public =
        Dav { client: Client { reach: Reach::Public, ..client(&server, SECRET) }, kind: Kind::Calendar };
    assert!(matches!(run(public.look(&at, None, &known)).unwrap_err(), Trouble::Forbidden { .. }));

    let answers: [(&[u8], &str); 6] = [
        (b"", "ended"),
        (b"HTTP/1.1 207 Multi-Status\r\nContent-Length: 500\r\n\r\n<d:multistatus", "too long"),
        (b"HTTP/1.1 207 Multi-Status\r\nContent-Length: 4\r\n\r\n<a/>", "WebDAV"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", "200"),
        (b"HTTP/1.1 301 Moved\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n", "sends on"),
        (b"SSH-2.0-liar\r\n\r\n", "no web server answers there"),
    ];
    for (answer, words) in answers {
        let port = liar(answer);
        let at = Address::parse(&format!("http://localhost:{port}/dav/")).unwrap();
        let told = run(dav.look(&at, None, &known)).unwrap_err().to_string();
        assert!(told.contains(words), "{told}");
    }
}

#[test]
fn a_feed_is_asked_only_for_what_is_new_and_keeps_its_key_to_itself() {
    let answer = b"HTTP/1.1 304 Not Modified\r\nETag: \"7\"\r\n\r\n";
    let address = Address::parse(&format!("http://localhost:{}/secret-key/amy.ics", liar(answer))).unwrap();
    let client = Client { login: None, ..client_of(address.clone(), "") };
    let headers = [("if-none-match", "\"7\"")];
    let question = Question { method: "GET", address: &address, headers: &headers, body: None };
    let answer = run(client.ask(&question)).unwrap();
    assert_eq!((answer.status, answer.header("etag")), (304, Some("\"7\"")));
    let missing = Address::parse(&format!(
        "http://localhost:{}/secret-key/amy.ics",
        liar(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")
    ));
    let missing = missing.unwrap();
    let question = Question { method: "GET", address: &missing, headers: &[], body: None };
    let told = run(client.ask(&question)).unwrap().trouble("to give the calendar").to_string();
    assert!(told.contains("404") && !told.contains("secret-key"), "{told}");
}

#[test]
fn no_server_is_told_a_password_because_another_one_names_it() {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let thief = listening(Arc::clone(&heard), "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n".to_owned());
    let home = format!(
        "<d:multistatus xmlns:d=\"DAV:\" xmlns:c=\"urn:ietf:params:xml:ns:caldav\"><d:response><d:href>/</d:href>\
         <d:propstat><d:prop><c:calendar-home-set><d:href>http://localhost:{thief}/home/</d:href></c:calendar-home-set>\
         </d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response></d:multistatus>"
    );
    let sent =
        format!("HTTP/1.1 302 Found\r\nLocation: http://localhost:{thief}/on\r\nContent-Length: 0\r\n\r\n");
    let named = format!("HTTP/1.1 207 Multi-Status\r\nContent-Length: {}\r\n\r\n{home}", home.len());
    for (answer, asked) in [(named, "/home/"), (sent, "/on")] {
        let own = Arc::new(Mutex::new(Vec::new()));
        let liar =
            Address::parse(&format!("http://localhost:{}/", listening(Arc::clone(&own), answer))).unwrap();
        let dav = Dav { client: client_of(liar.clone(), SECRET), kind: Kind::Calendar };
        assert!(run(dav.discover(&liar)).is_err());
        let is_told = |all: &Mutex<Vec<String>>, begins: &str| {
            let all = all.lock().unwrap();
            let asked = all.iter().find(|asked| asked.contains(begins)).expect("it was asked");
            asked.to_lowercase().contains("authorization:")
        };
        assert!(is_told(&own, "PROPFIND / "), "the server itself is told");
        assert!(!is_told(&heard, asked), "{asked}");
    }
}

/// A server that gives everybody the same answer, and notes what it was asked.
fn listening(heard: Arc<Mutex<Vec<String>>>, answer: String) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut asked = [0; 4096];
            let read = stream.read(&mut asked).unwrap_or(0);
            heard.lock().expect("a list").push(String::from_utf8_lossy(&asked[..read]).into_owned());
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    port
}

/// A server that gives everybody the same answer, and then says nothing more.
fn liar(answer: &'static [u8]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            std::thread::spawn(move || {
                let mut asked = [0; 4096];
                let _ = stream.read(&mut asked);
                let _ = stream.write_all(answer);
                if !answer.is_empty() {
                    std::thread::sleep(Duration::from_secs(10));
                }
            });
        }
    });
    port
}
