//! A private Radicale: calendars and address books (CalDAV, CardDAV) on a free port of this machine, until the test that
//! started it ends.

#![allow(dead_code, reason = "each test program uses its part of this")]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::ports::free_port;

/// Everybody's password.
pub(crate) const SECRET: &str = "pw-ü";
/// Whose calendars there are.
pub(crate) const USER: &str = "alice";

/// A server that runs until this is dropped.
pub(crate) struct Radicale {
    folder: tempfile::TempDir,
    /// Where it listens.
    pub(crate) port: u16,
    running: Option<Child>,
}

impl Radicale {
    /// Starts one that holds nothing.
    pub(crate) fn start() -> Radicale {
        let folder = tempfile::Builder::new().prefix("regard-dav-").tempdir().expect("a folder");
        let mut server = Radicale { folder, port: 0, running: None };
        server.set_password(SECRET);
        // A port may be taken before it has it.
        for _ in 0..3 {
            server.port = free_port();
            let folder = server.folder.path().display();
            let config = format!(
                "[server]\nhosts = 127.0.0.1:{}\n[auth]\ntype = htpasswd\nhtpasswd_filename = {folder}/users\n\
                 htpasswd_encryption = plain\ndelay = 0\nhtpasswd_cache = False\n[storage]\n\
                 filesystem_folder = {folder}/things\n[web]\ntype = none\n[logging]\nlevel = warning\n",
                server.port
            );
            fs::write(server.folder.path().join("config"), config).expect("settings");
            if server.begin() {
                return server;
            }
        }
        panic!(
            "Radicale does not start: {}",
            fs::read_to_string(server.folder.path().join("log")).unwrap_or_default()
        )
    }

    /// Starts it again where it was ended.
    pub(crate) fn begin(&mut self) -> bool {
        let log = fs::File::create(self.folder.path().join("log")).expect("a log");
        let mut child = Command::new(python())
            .args(["-m", "radicale", "--config"])
            .arg(self.folder.path().join("config"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("Python runs");
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(60) {
            if child.try_wait().expect("its state").is_some() {
                return false;
            }
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                self.running = Some(child);
                return true;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let _ = child.kill();
        let _ = child.wait();
        false
    }

    /// Ends it as if its machine had failed.
    pub(crate) fn kill(&mut self) {
        if let Some(mut running) = self.running.take() {
            let _ = running.kill();
            let _ = running.wait();
        }
    }

    /// Lets nobody write into a calendar any more.
    pub(crate) fn lock(&mut self, calendar: &str) {
        self.kill();
        let folder = self.folder.path();
        let rights = format!(
            "[locked]\nuser: .+\ncollection: {}\npermissions: r\n[rest]\nuser: .+\ncollection: .*\npermissions: RrWw\n",
            calendar.trim_matches('/')
        );
        fs::write(folder.join("rights"), rights).expect("rights");
        let config = fs::read_to_string(folder.join("config")).expect("settings");
        let rights = format!("{config}[rights]\ntype = from_file\nfile = {}/rights\n", folder.display());
        fs::write(folder.join("config"), rights).expect("settings");
        assert!(self.begin(), "it starts again");
    }

    pub(crate) fn set_password(&self, password: &str) {
        fs::write(self.folder.path().join("users"), format!("{USER}:{password}\n")).expect("users");
    }

    /// The address of something on it.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.port)
    }

    /// Makes a calendar.
    pub(crate) fn make_calendar(&self, name: &str) -> String {
        let path = format!("/{USER}/{name}/");
        let body = format!(
            "<?xml version=\"1.0\"?><c:mkcalendar xmlns:d=\"DAV:\" xmlns:c=\"urn:ietf:params:xml:ns:caldav\"><d:set>\
             <d:prop><d:displayname>{name}</d:displayname></d:prop></d:set></c:mkcalendar>"
        );
        assert_eq!(self.ask("MKCALENDAR", &path, "", &body).0, 201);
        path
    }

    /// Makes an address book.
    pub(crate) fn make_book(&self, name: &str) -> String {
        let path = format!("/{USER}/{name}/");
        let body = format!(
            "<?xml version=\"1.0\"?><d:mkcol xmlns:d=\"DAV:\" xmlns:a=\"urn:ietf:params:xml:ns:carddav\"><d:set><d:prop>\
             <d:resourcetype><d:collection/><a:addressbook/></d:resourcetype><d:displayname>{name}</d:displayname>\
             </d:prop></d:set></d:mkcol>"
        );
        assert_eq!(self.ask("MKCOL", &path, "", &body).0, 201);
        path
    }

    /// Puts an event, or what else stands in a calendar, there.
    pub(crate) fn put_event(&self, calendar: &str, name: &str, event: &str) {
        let text = format!(
            "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\nBEGIN:VEVENT\nUID:{name}\nDTSTAMP:20250101T000000Z\n\
             {event}\nEND:VEVENT\nEND:VCALENDAR\n"
        );
        let kind = "Content-Type: text/calendar\r\n";
        let said = self.ask("PUT", &format!("{calendar}{name}.ics"), kind, &text.replace('\n', "\r\n"));
        assert!(matches!(said.0, 201 | 204), "{said:?}");
    }

    /// Puts a card there.
    pub(crate) fn put_card(&self, book: &str, name: &str, card: &str) {
        let text = format!("BEGIN:VCARD\nVERSION:3.0\nUID:{name}\n{card}\nEND:VCARD\n");
        let kind = "Content-Type: text/vcard\r\n";
        let said = self.ask("PUT", &format!("{book}{name}.vcf"), kind, &text.replace('\n', "\r\n"));
        assert!(matches!(said.0, 201 | 204), "{said:?}");
    }

    pub(crate) fn delete(&self, path: &str) {
        assert_eq!(self.ask("DELETE", path, "", "").0, 200);
    }

    /// Forgets how it was before, so that marks of then mean nothing.
    pub(crate) fn forget_marks(&self, collection: &str) {
        let root = self.folder.path().join("things/collection-root");
        let cache = root.join(collection.trim_matches('/')).join(".Radicale.cache/sync-token");
        fs::remove_dir_all(&cache).unwrap_or_else(|e| panic!("{}: {e}", cache.display()));
    }

    /// Asks it something as its own user; status and answer.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        let login = STANDARD.encode(format!("{USER}:{SECRET}"));
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {login}\r\n\
             Connection: close\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
        )
        .expect("asked");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let status = answer.split_whitespace().nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        (status, answer)
    }
}

impl Drop for Radicale {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The Python that has Radicale: where `scripts/test` put it.
fn python() -> PathBuf {
    let given = std::env::var_os("REGARD_RADICALE").map(PathBuf::from);
    let cache = || {
        let home = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
        let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")));
        home.map(|home| home.join("regard/radicale/bin/python"))
    };
    let found = given.or_else(cache).filter(|path| Path::new(path).exists());
    found.expect("no Radicale: `bash scripts/test` installs it, and REGARD_RADICALE names its Python")
}
