//! A firm for a story: a copy of the sample firm's record, the server on it, and who works there.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};

use sqlx::{ConnectOptions, Connection};

use regard::access::{passwords, secret::Secret, sessions};
use regard::db::{Db, Durability, Location};
use regard::ids::{FirmId, StaffId};
use regard::mailboxes::secret::SealedSecret;
use regard::mailboxes::{self, FetchBy, Health, SecretKind, SendBy, Server};
use regard::record::sources;
use regard::{firm, staff};
use wire::net::{Reach, Security};

use crate::driver;
use crate::page::{Look, Page};

/// When stories take place: a Monday morning, an hour before the firm opens.
pub(crate) const NOW: &str = "2025-09-01T08:00:00+01:00";
/// The password of whoever has one.
pub(crate) const PASSWORD: &str = "a quiet river bank";

/// The owner of the sample firm, and her partner.
pub(crate) const HELEN: &str = "helen@tiddfarrow.example";
pub(crate) const MARCUS: &str = "marcus@tiddfarrow.example";

/// How the server is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    /// As `regard demo`: whoever comes is the owner of the firm.
    Open,
    /// As `regard`: whoever comes signs in.
    Locked,
    /// As `regard` in an empty folder: whoever comes first sets up their firm.
    First,
}

/// A server on a record of its own; both are gone when dropped.
pub(crate) struct House {
    pub(crate) address: String,
    folder: tempfile::TempDir,
    server: Option<Child>,
    door: Door,
    /// What the server's clock shows when it starts.
    now: &'static str,
    pages: Arc<Mutex<Vec<Page>>>,
}

impl House {
    /// Opens the sample firm.
    pub(crate) fn open(door: Door) -> House {
        let folder = tempfile::tempdir().expect("a folder");
        if door != Door::First {
            driver::copy(sample(), folder.path());
        }
        let mut house =
            House { address: String::new(), folder, server: None, door, now: NOW, pages: Arc::default() };
        house.start("127.0.0.1:0");
        house
    }

    fn start(&mut self, listen: &str) {
        let mut command = program();
        match self.door {
            Door::Open => command.args(["demo", "--now", self.now, "--to"]).arg(self.folder.path()),
            Door::Locked | Door::First => command.arg("--data").arg(self.record()),
        };
        // Mail servers of tests are on this machine.
        command.env("REGARD_PRIVATE_NETWORK", "true");
        command.env("REGARD_CALL_LOGS", self.calls_folder());
        let (server, address) = serve(command.args(["--listen", listen]));
        (self.server, self.address) = (Some(server), address);
    }

    /// The folder of the record.
    pub(crate) fn record(&self) -> PathBuf {
        self.folder.path().join(&NOW[..10]).join("record")
    }

    /// Where logs of calls may lie that are followed.
    pub(crate) fn calls_folder(&self) -> &Path {
        self.folder.path()
    }

    /// A file of the sample firm.
    pub(crate) fn file(&self, name: &str) -> String {
        let path = self.folder.path().join(&NOW[..10]).join(name);
        std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    }

    /// Stops the server, and starts it again at the same address.
    pub(crate) fn restart(&mut self) {
        self.stop();
        let listen = self.address.trim_start_matches("http://").to_owned();
        self.start(&listen);
    }

    /// Starts the server anew at another moment of that day.
    pub(crate) fn at(&mut self, now: &'static str) {
        self.now = now;
        self.restart();
    }

    /// Stops the server as a person would.
    pub(crate) fn stop(&mut self) {
        let Some(mut server) = self.server.take() else { return };
        let pid = server.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs");
        server.wait().expect("the server ends");
    }

    /// What a command of the program prints about this record.
    pub(crate) fn regard(&self, args: &[&str]) -> String {
        let out = program().args(args).arg("--data").arg(self.record()).output().expect("the program runs");
        assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).expect("UTF-8")
    }

    /// The report of the sample firm as a page that stands alone, made once for all stories.
    pub(crate) fn report(&self) -> &'static str {
        static REPORT: OnceLock<String> = OnceLock::new();
        REPORT.get_or_init(|| {
            let (folder, page) = (self.folder.path(), self.folder.path().join("report.html"));
            let mut command = program();
            command.args(["demo", "--now", NOW, "--to"]).arg(folder).arg("--html").arg(&page);
            assert!(command.output().expect("the program runs").status.success());
            std::fs::read_to_string(page).expect("a page")
        })
    }

    /// How many decisions the record holds.
    pub(crate) async fn decisions(&self) -> i64 {
        let file = self.record().join(regard::db::FILE);
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).read_only(true);
        let mut record = options.connect().await.expect("the record opens");
        let count = sqlx::query_scalar("SELECT COUNT(*) FROM decision").fetch_one(&mut record).await;
        record.close().await.expect("it closes");
        count.expect("a count")
    }

    /// A browser that looks in this way.
    pub(crate) async fn browser(&self, look: Look) -> Page {
        let folder = self.folder.path().join(format!("browser-{}", self.pages.lock().unwrap().len()));
        let page = Page::open(&self.address, &folder, look).await;
        self.pages.lock().unwrap().push(page.clone());
        page
    }

    /// A browser in which somebody is signed in.
    pub(crate) async fn browser_of(&self, email: &str, look: Look) -> Page {
        let page = self.browser(look).await;
        let (firm, staff) = self.who(email).await;
        let db = self.db().await;
        let mut tx = db.write(Durability::Act).await.expect("a transaction");
        // A session that was made at another time than the server's would end those that are open there.
        let now = match self.door {
            Door::Open => self.now.parse().expect("a moment"),
            Door::Locked | Door::First => regard::clock::now(),
        };
        let secret: Secret = sessions::open(&mut tx, firm, staff, "a test", now).await.expect("a session");
        tx.commit().await.expect("it is written");
        db.close().await;
        page.set_cookie("regard", &format!("{}.{}", firm.0, secret.text())).await;
        page
    }

    /// Connects a mailbox of somebody's, as far as writing goes: nobody answers at its servers.
    pub(crate) async fn connect(&self, email: &str) {
        let (firm, staff) = self.who(email).await;
        let db = self.db().await;
        let now = regard::clock::now();
        let server = |port| Server { host: "127.0.0.1".to_owned(), port, security: Security::Tls };
        let mut tx = db.write(Durability::Act).await.expect("a transaction");
        let id = sources::mailbox(&mut tx, firm, email, None, Some(staff), now).await.expect("a mailbox");
        let connection = mailboxes::Connection {
            id,
            address: email.to_owned(),
            user: email.to_owned(),
            fetch_by: FetchBy::Imap(server(1)),
            send_by: SendBy::Smtp(server(1)),
            kind: SecretKind::Password,
            secret: SealedSecret(Vec::new()),
            oauth: None,
            signed_in: None,
            authority: None,
            reach: Reach::Private,
            folders: None,
            signature: Some("Helen Farrow\nPartner, Tidd & Farrow\n020 7946 0011".to_owned()),
            keeps_copy: true,
            paused: false,
            health: Health::default(),
        };
        mailboxes::store::save(&mut tx, firm, &connection, now).await.expect("it is connected");
        tx.commit().await.expect("it is written");
        db.close().await;
    }

    /// As if all mail of somebody's mailbox had been fetched.
    pub(crate) async fn has_fetched(&self, email: &str) {
        let (firm, _) = self.who(email).await;
        let db = self.db().await;
        let mut tx = db.write(Durability::Act).await.expect("a transaction");
        let all = mailboxes::store::all(&mut tx, firm).await.expect("the mailboxes");
        let id = all.iter().find(|one| one.address == email).expect("it is connected").id;
        mailboxes::store::fetched(&mut tx, firm, id, None, regard::clock::now()).await.expect("it is noted");
        tx.commit().await.expect("it is written");
        db.close().await;
    }

    /// Gives somebody [`PASSWORD`].
    pub(crate) async fn give_password(&self, email: &str) {
        let (firm, staff) = self.who(email).await;
        let db = self.db().await;
        let hash = passwords::hash(PASSWORD).expect("a hash");
        let mut tx = db.write(Durability::Act).await.expect("a transaction");
        let now = regard::clock::now();
        passwords::save(&mut tx, firm, staff, email, &hash, now).await.expect("a password");
        tx.commit().await.expect("it is written");
        db.close().await;
    }

    /// Ends all sessions, as if their time were over.
    pub(crate) async fn end_sessions(&self, email: &str) {
        let (firm, staff) = self.who(email).await;
        let db = self.db().await;
        let mut tx = db.write(Durability::Act).await.expect("a transaction");
        sessions::close_all(&mut tx, firm, staff).await.expect("they end");
        tx.commit().await.expect("it is written");
        db.close().await;
    }

    /// Closes every browser.
    pub(crate) fn closing(&self) -> Arc<Mutex<Vec<Page>>> {
        Arc::clone(&self.pages)
    }

    async fn db(&self) -> Db {
        Db::open(&Location::Folder(self.record())).await.expect("the record opens")
    }

    async fn who(&self, email: &str) -> (FirmId, StaffId) {
        let db = self.db().await;
        let mut tx = db.read().await.expect("a transaction");
        let firm = firm::store::all(&mut tx).await.expect("the firm").remove(0).id;
        let address = regard::record::addresses::find(&mut tx, firm, email).await.expect("an answer");
        let people = staff::store::all(&mut tx, firm).await.expect("people");
        let person = people.iter().find(|p| p.addresses.contains(&address.expect("a known address")));
        let staff = person.expect("somebody of the firm").id;
        drop(tx);
        db.close().await;
        (firm, staff)
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop();
    }
}

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_regard"));
    for name in ["REGARD_DATA", "REGARD_DATABASE", "REGARD_ZONE", "REGARD_BY", "REGARD_BATCH"] {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

/// Starts a server and reads where it listens.
fn serve(command: &mut Command) -> (Child, String) {
    let mut server = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program runs");
    let mut lines = BufReader::new(server.stdout.take().expect("its output")).lines();
    let line = lines.next().and_then(Result::ok).unwrap_or_default();
    // Its last line; after that nobody needs to listen.
    drop(lines.next());
    let address = line.split_whitespace().find(|word| word.starts_with("http://"));
    let address = address.unwrap_or_else(|| panic!("the server did not say where it listens: {line:?}"));
    let host = address.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
    (server, host)
}

/// The sample firm, made once for all stories; gone when this program ends.
fn sample() -> &'static Path {
    static SAMPLE: OnceLock<PathBuf> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("regard-browser-{}", std::process::id()));
        let mut command = program();
        command.args(["demo", "--now", NOW, "--listen", "127.0.0.1:0", "--to"]).arg(&folder);
        let (mut server, _) = serve(&mut command);
        Command::new("kill").args(["-TERM", &server.id().to_string()]).status().expect("kill runs");
        server.wait().expect("the server ends");
        // Raw mail lies in the record; the files beside it are not needed again, but `demo` writes them anew.
        let script = format!("cat >/dev/null; rm -rf '{}'", folder.display());
        let guard = Command::new("sh").args(["-c", &script]).stdin(Stdio::piped()).spawn().expect("a shell");
        // The pipe closes when the program ends, whichever way.
        std::mem::forget(guard);
        folder
    })
}
