//! A server on a copy of the sample firm's record, and people who use it.
#![allow(dead_code, unreachable_pub, reason = "each story uses a part of it")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use jiff::Timestamp;
use regard::access::secret::Secret;
use regard::access::walls::{self, Wall};
use regard::access::{sessions, tokens};
use regard::app::{App, Handles};
use regard::board::{Asker, Card};
use regard::clock::Clock;
use regard::db::{Db, Durability, Location};
use regard::ids::{ClientId, FirmId, MailboxId, MatterId, StaffId};
use regard::mailboxes::secret::SealedSecret;
use regard::mailboxes::{Connection, FetchBy, Health, SecretKind, SendBy, Server};
use regard::outbox::Outgoing;
use regard::record::sources;
use regard::{staff, web};
use tower::ServiceExt;
use wire::net::{Reach, Security};

use crate::support::postgres;

/// A Wednesday morning, in the sample firm's zone.
pub const NOW: &str = "2026-06-17T10:00:00+01:00";
pub const FIRM: FirmId = FirmId(1);

/// The sample firm's record, made once in a run.
fn sample() -> &'static Path {
    static SAMPLE: OnceLock<PathBuf> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder").keep();
        let mut server = Command::new(env!("CARGO_BIN_EXE_regard"))
            .args(["demo", "--listen", "127.0.0.1:0", "--now", NOW, "--to"])
            .arg(&folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("regard runs");
        let mut line = String::new();
        BufReader::new(server.stdout.take().expect("its words")).read_line(&mut line).expect("a line");
        assert!(line.contains("open at"), "{line}");
        // Asked politely, it folds its log into the file.
        let stopped = Command::new("kill").arg(server.id().to_string()).status().expect("kill runs");
        assert!(stopped.success());
        server.wait().expect("it ends");
        folder.join("2026-06-17/record")
    })
}

fn copy_sample(to: &Path) {
    for file in std::fs::read_dir(sample()).expect("the sample's record") {
        let file = file.expect("a file").path();
        if file.is_file() {
            std::fs::copy(&file, to.join(file.file_name().expect("a name"))).expect("a copy");
        }
    }
}

/// Whether the stories are told on PostgreSQL.
fn on_postgres() -> bool {
    std::env::var("REGARD_TESTS_ON").is_ok_and(|on| on == "postgres")
}

/// The sample firm's record in PostgreSQL, made once in a run, to be copied.
fn sample_on_postgres() -> &'static str {
    static SAMPLE: OnceLock<String> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let url = postgres::new_database();
        let kept = sample().join("kept.backup");
        regard(&["backup", &kept.display().to_string(), "--data", &sample().display().to_string()]);
        regard(&["restore", &kept.display().to_string(), "--database", &url]);
        url
    })
}

fn regard(args: &[&str]) {
    let done = Command::new(env!("CARGO_BIN_EXE_regard")).args(args).output().expect("regard runs");
    assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// A server on a copy of the sample firm's record.
pub struct House {
    pub app: App,
    router: Router,
    _folder: tempfile::TempDir,
}

impl House {
    pub async fn new() -> House {
        let folder = tempfile::tempdir().expect("a folder");
        let location = if on_postgres() {
            Location::Url(postgres::copy_of(sample_on_postgres()))
        } else {
            copy_sample(folder.path());
            Location::Folder(folder.path().into())
        };
        let db = Db::open(&location).await.expect("the record opens");
        let now: Timestamp = NOW.parse().expect("a moment");
        let app = Handles::new(db, Clock::starting_at(now), None);
        House { router: web::router(app.clone()), app, _folder: folder }
    }

    /// A server on a record in which nothing is yet.
    pub async fn empty() -> House {
        let folder = tempfile::tempdir().expect("a folder");
        let location = if on_postgres() {
            Location::Url(postgres::new_database())
        } else {
            Location::Folder(folder.path().join("record"))
        };
        let db = Db::open(&location).await.expect("the record opens");
        let now: Timestamp = NOW.parse().expect("a moment");
        let app = Handles::new(db, Clock::starting_at(now), None);
        app.works.keep_in(folder.path().join("handed-in"));
        House { router: web::router(app.clone()), app, _folder: folder }
    }

    /// What a program with this token gets.
    pub async fn with_token(&self, token: &str, path: &str) -> Page {
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        sent(&self.router, request.body(Body::empty()).unwrap()).await
    }

    /// What a program with this token gets that hands something in as JSON.
    pub async fn ask_json(&self, method: &str, token: &str, path: &str, body: &serde_json::Value) -> Page {
        let request = Request::builder().method(method).uri(path);
        let request = request.header("authorization", format!("Bearer {token}"));
        let request = request.header("content-type", "application/json");
        sent(&self.router, request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// The same browser at a server that was started again, by another clock.
    pub fn restarted(&self, person: &Person, moment: &str) -> Person {
        let now: Timestamp = moment.parse().expect("a moment");
        let app = Handles::new(self.app.db.clone(), Clock::starting_at(now), None);
        Person { router: web::router(app), cookie: person.cookie.clone(), mark: person.mark.clone() }
    }

    /// The firm as it is stored.
    pub async fn firm(&self) -> regard::firm::Firm {
        regard::firm::store::load(&mut self.app.db.read().await.unwrap(), FIRM).await.unwrap()
    }

    /// Somebody with a browser who is not signed in.
    pub fn nobody(&self) -> Person {
        Person { router: self.router.clone(), cookie: String::new(), mark: String::new() }
    }

    /// Whoever was just signed in by an answer.
    pub async fn with_cookie_of(&self, page: &Page) -> Person {
        let line = page.headers.get(header::SET_COOKIE).expect("a session").to_str().unwrap();
        let cookie = line.split(';').next().unwrap().to_owned();
        let secret = cookie.split_once('.').and_then(|(_, text)| Secret::parse(text)).expect("a secret");
        Person { router: self.router.clone(), cookie, mark: secret.form_mark() }
    }

    /// Somebody of the firm by the beginning of their name.
    pub async fn staff(&self, name: &str) -> StaffId {
        let people = staff::store::all(&mut self.app.db.read().await.unwrap(), FIRM).await.unwrap();
        let found = people.iter().find(|person| person.name.starts_with(name));
        found.unwrap_or_else(|| panic!("nobody is called {name}")).id
    }

    /// Somebody of the firm, signed in.
    pub async fn person(&self, name: &str) -> Person {
        self.signed_in(name, self.app.now()).await
    }

    /// Somebody who signs in at a later moment, at a server by that clock.
    pub async fn person_at(&self, name: &str, moment: &str) -> Person {
        let person = self.signed_in(name, moment.parse().expect("a moment")).await;
        self.restarted(&person, moment)
    }

    async fn signed_in(&self, name: &str, now: Timestamp) -> Person {
        let staff = self.staff(name).await;
        let mut tx = self.app.db.write(Durability::Act).await.unwrap();
        let secret = sessions::open(&mut tx, FIRM, staff, "a test", now).await.unwrap();
        tx.commit().await.unwrap();
        Person {
            router: self.router.clone(),
            cookie: format!("regard={}.{}", FIRM.0, secret.text()),
            mark: secret.form_mark(),
        }
    }

    /// A token of somebody.
    pub async fn token(&self, name: &str, scope: tokens::Scope) -> String {
        let staff = self.staff(name).await;
        let mut tx = self.app.db.write(Durability::Act).await.unwrap();
        let (secret, now) = (Secret::new().unwrap(), self.app.now());
        tokens::make(&mut tx, FIRM, staff, &secret, "a test", scope, now).await.unwrap();
        tx.commit().await.unwrap();
        format!("{}.{}", FIRM.0, secret.text())
    }

    /// Somebody changes what a person may do.
    pub async fn give_access(&self, name: &str, access: &str) {
        let mut tx = self.app.db.write(Durability::Act).await.unwrap();
        let mut people = staff::store::all(&mut tx, FIRM).await.unwrap();
        let person = people.iter_mut().find(|person| person.name.starts_with(name)).unwrap();
        person.access = access.to_owned();
        staff::store::save(&mut tx, FIRM, person, self.app.now()).await.unwrap();
        regard::record::changes::note_everything(&mut tx, FIRM).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Somebody of the firm, as the program knows them.
    pub async fn asker(&self, name: &str) -> Asker {
        let staff = self.staff(name).await;
        let board = self.app.boards.now(&self.app.db, FIRM).await.expect("the board");
        let asker = web::visitor::asker(&self.app, FIRM, staff, board.revision).await;
        asker.expect("an asker").expect("they work here")
    }

    /// A client by its name.
    pub async fn client(&self, name: &str) -> Card {
        let board = self.app.boards.now(&self.app.db, FIRM).await.expect("the board");
        let found = board.firm.clients.values().find(|card| card.name == name);
        found.unwrap_or_else(|| panic!("no client is called {name}")).clone()
    }

    /// Keeps somebody out of a client.
    pub async fn wall(&self, name: &str, client: ClientId) {
        self.wall_off(name, client, None).await;
    }

    /// Keeps somebody out of a client, or of one matter of it.
    pub async fn wall_off(&self, name: &str, client: ClientId, matter: Option<MatterId>) {
        let staff = self.staff(name).await;
        let reason = "a conflict".to_owned();
        let wall = Wall { staff, client, matter, reason, set_by: staff, set_at: self.app.now() };
        let mut tx = self.app.db.write(Durability::Act).await.unwrap();
        walls::raise(&mut tx, FIRM, &wall).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Connects a mailbox of somebody's, as far as writing goes: nobody answers at its servers.
    pub async fn connect(&self, name: &str) -> MailboxId {
        let staff = self.staff(name).await;
        let address = self.asker(name).await.face().expect("a face").email.clone();
        self.connect_for(address, Some(staff)).await
    }

    /// Connects a mailbox that is nobody's alone.
    pub async fn connect_shared(&self, address: &str) -> MailboxId {
        self.connect_for(address.to_owned(), None).await
    }

    /// Connects a mailbox of that address and owner.
    pub async fn connect_for(&self, address: String, owner: Option<StaffId>) -> MailboxId {
        let server = |port| Server { host: "127.0.0.1".to_owned(), port, security: Security::Tls };
        let mut tx = self.app.db.write(Durability::Act).await.unwrap();
        let id = sources::mailbox(&mut tx, FIRM, &address, None, owner, self.app.now()).await.unwrap();
        let connection = Connection {
            id,
            user: address.clone(),
            address,
            fetch_by: FetchBy::Imap(server(1)),
            send_by: SendBy::Smtp(server(1)),
            kind: SecretKind::Password,
            secret: SealedSecret(Vec::new()),
            oauth: None,
            signed_in: None,
            authority: None,
            reach: Reach::Private,
            folders: None,
            signature: None,
            keeps_copy: true,
            paused: false,
            health: Health::default(),
        };
        regard::mailboxes::store::save(&mut tx, FIRM, &connection, self.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// Everything on its way out, the newest first.
    pub async fn outgoing(&self) -> Vec<Outgoing> {
        regard::outbox::store::all(&mut self.app.db.read().await.unwrap(), FIRM, 50).await.unwrap()
    }

    /// What the log says last.
    pub async fn log(&self) -> Vec<(String, String)> {
        regard::app::seen::write(&self.app).await.unwrap();
        regard::record::audit::last(&mut self.app.db.read().await.unwrap(), FIRM, 20).await.unwrap()
    }

    /// Listens on a free port of this machine; gives the address.
    pub async fn listen(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let router = self.router.clone();
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}")
    }

    /// A request by nobody who is known.
    pub async fn send(&self, request: Request<Body>) -> Page {
        sent(&self.router, request).await
    }
}

/// Somebody with a browser.
pub struct Person {
    router: Router,
    pub cookie: String,
    pub mark: String,
}

impl Person {
    /// The same session, with another mark on its forms.
    pub fn with_mark(&self, mark: String) -> Person {
        Person { router: self.router.clone(), cookie: self.cookie.clone(), mark }
    }

    pub async fn get(&self, path: &str) -> Page {
        let request = Request::get(path).header(header::COOKIE, &self.cookie);
        sent(&self.router, request.body(Body::empty()).unwrap()).await
    }

    /// The part of a page that its script asks for.
    pub async fn part(&self, path: &str) -> Page {
        let request = Request::get(path).header(header::COOKIE, &self.cookie).header("x-part", "1");
        sent(&self.router, request.body(Body::empty()).unwrap()).await
    }

    /// Asks in any way, with a body of that kind.
    pub async fn ask(&self, method: Method, path: &str, kind: &str, body: String) -> Page {
        let request = Request::builder().method(method).uri(path);
        let request = request.header(header::COOKIE, &self.cookie).header(header::CONTENT_TYPE, kind);
        sent(&self.router, request.body(Body::from(body)).unwrap()).await
    }

    /// What is said before an answer itself, which is not read: it may not end.
    pub async fn head(&self, request: Request<Body>) -> (StatusCode, HeaderMap) {
        let answer = self.router.clone().oneshot(request).await.expect("an answer").into_parts().0;
        (answer.status, answer.headers)
    }

    /// Hands in a form of one of our pages.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut fields = fields.to_vec();
        fields.push(("mark", &self.mark));
        self.post_bare(path, &fields).await
    }

    /// Hands in a form from a page of ours, as a browser tells.
    pub async fn post_from(&self, page: &str, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", web::trouble::form_urlencoded(value)))
            .collect();
        body.push(format!("mark={}", self.mark));
        let request = Request::post(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::HOST, "care.example")
            .header(header::REFERER, format!("https://care.example{page}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        sent(&self.router, request.body(Body::from(body.join("&"))).unwrap()).await
    }

    /// Hands in a form with files: fields, then name and bytes of each file.
    pub async fn post_files(&self, path: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Page {
        let mut body = Vec::new();
        for (name, value) in fields.iter().chain([&("mark", self.mark.as_str())]) {
            let head = format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(head.as_bytes());
        }
        for (name, bytes) in files {
            let head = format!(
                "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
                 Content-Type: text/html\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--x--\r\n");
        let request = Request::post(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
        sent(&self.router, request.body(Body::from(body)).unwrap()).await
    }

    /// Hands in a form without the mark of our pages.
    pub async fn post_bare(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", web::trouble::form_urlencoded(value)))
            .collect();
        let request = Request::post(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        sent(&self.router, request.body(Body::from(body.join("&"))).unwrap()).await
    }
}

async fn sent(router: &Router, request: Request<Body>) -> Page {
    let response = router.clone().oneshot(request).await.expect("an answer");
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.expect("the whole answer").to_bytes();
    Page { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
}

/// What was answered.
#[derive(Debug)]
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Page {
    /// What a page shows, which is there.
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text);
        self.text
    }

    /// Where it leads.
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |location| location.to_str().unwrap())
    }

    /// The JSON that it holds.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// What stands between two texts, the first time they stand there.
    pub fn between(&self, before: &str, after: &str) -> &str {
        let rest = self.text.split_once(before).unwrap_or_else(|| panic!("no {before} in {}", self.text)).1;
        rest.split_once(after).map_or(rest, |(found, _)| found)
    }
}

/// Tells a story.
pub fn run(story: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(story);
}
