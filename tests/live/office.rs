//! An office with a record, and a private server on which its people have mailboxes.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use wire::imap::Session;
use wire::net::{Limits, Login, Reach, Secret, Security, Target, Trust};

use crate::dovecot::{Dovecot, PASSWORD};
use crate::sink::{Sink, Ways};

pub(crate) struct Office {
    pub(crate) server: Dovecot,
    /// Where mail ends that is sent.
    pub(crate) sink: Sink,
    folder: tempfile::TempDir,
    /// A database server instead of the folder.
    database: Option<String>,
}

/// The key to passwords where the database is a server.
const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// What a command said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) good: bool,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    #[track_caller]
    pub(crate) fn ok(self) -> Said {
        assert!(self.good, "{}\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub(crate) fn json(self) -> Value {
        let said = self.ok();
        serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{e}: {}", said.out))
    }
}

impl Office {
    /// One with a list of its people and of its only client.
    pub(crate) fn open() -> Office {
        Office::open_on(None)
    }

    /// The same on a database server.
    pub(crate) fn open_on_a_server() -> Office {
        Office::open_on(Some(crate::support::postgres::new_database()))
    }

    /// The same with a server that has further settings.
    pub(crate) fn open_with(settings: &str) -> Office {
        Office::open_at(None, settings)
    }

    /// Both: on a database server, with a mail server that has further settings.
    pub(crate) fn open_on_a_server_with(settings: &str) -> Office {
        Office::open_at(Some(crate::support::postgres::new_database()), settings)
    }

    fn open_on(database: Option<String>) -> Office {
        Office::open_at(database, "")
    }

    fn open_at(database: Option<String>, settings: &str) -> Office {
        let sink = Sink::start(Ways::default());
        let office = Office {
            server: Dovecot::start_submitting_with(sink.port, settings),
            sink,
            folder: tempfile::tempdir().expect("a folder"),
            database,
        };
        office.write("certificate.pem", &office.server.certificate);
        let staff = "name,email,role,phone\nAlice Quill,alice@example.org,Partner,\nBob Ward,bob@example.org,Clerk,\n";
        let clients = "client_id,name,kind,since,tier,point_person,annual_revenue\n\
            c1,Acme Mills,organisation,2020-01-01,,alice@example.org,\n";
        let contacts = "client_id,name,email,phone\nc1,Jo Fenn,jo@acme.example,\n";
        for (what, text) in [("staff", staff), ("clients", clients), ("contacts", contacts)] {
            let path = office.write(&format!("{what}.csv"), text);
            office.run(&["import", what, &path, "--zone", "Europe/London"]).ok();
        }
        office
    }

    /// Writes a file beside the record; gives its path.
    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.display().to_string()
    }

    /// Puts a message into a folder on the server, as the server itself or another program does.
    pub(crate) fn append(&self, user: &str, folder: &str, text: &str) {
        let target = Target {
            host: "localhost".to_owned(),
            port: self.server.imap,
            security: Security::Plain,
            reach: Reach::Private,
            trust: Trust::Machine,
        };
        let login = Login::Password { user: user.to_owned(), password: Secret::new(PASSWORD) };
        crate::support::run(async {
            let mut session = Session::open(&target, &login, Limits::default()).await.expect("signed in");
            session.append(folder, &["\\Seen"], text.as_bytes()).await.expect("put there");
            session.close().await;
        });
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_regard"));
        for name in
            ["REGARD_DATA", "REGARD_DATABASE", "REGARD_ZONE", "REGARD_BY", "REGARD_BATCH", "REGARD_KEY"]
        {
            command.env_remove(name);
        }
        command.args(args).stdin(Stdio::null());
        match &self.database {
            None => command.arg("--data").arg(self.data()),
            Some(url) => command.arg("--database").arg(url).env("REGARD_KEY", KEY),
        };
        command.env("REGARD_PASSWORD", PASSWORD);
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Said {
        said(self.command(args).output().expect("it runs"))
    }

    /// Connects somebody's mailbox.
    pub(crate) fn connect(&self, user: &str, more: &[&str]) -> Said {
        let address = format!("{user}@example.org");
        let imap = format!("localhost:{}", self.server.imaps);
        let smtp = format!("localhost:{}", self.server.submission[1]);
        let authority = self.folder.path().join("certificate.pem").display().to_string();
        let mut args = vec!["connect", "add", &address, "--imap", &imap, "--smtp", &smtp, "--user", user];
        args.extend(["--authority", &authority]);
        args.extend(more);
        self.run(&args)
    }

    /// Connects Alice's mailbox with nothing between it and where sent mail ends.
    pub(crate) fn connect_straight(&self) -> Said {
        self.connect_by("alice", self.sink.port)
    }

    /// Connects somebody's mailbox, with a server on this machine for what leaves; it is not tried first.
    pub(crate) fn connect_by(&self, user: &str, smtp: u16) -> Said {
        let address = format!("{user}@example.org");
        let imap = format!("localhost:{}", self.server.imap);
        let smtp = format!("localhost:{smtp}");
        self.run(&[
            "connect",
            "add",
            &address,
            "--untested",
            "--user",
            user,
            "--private-network",
            "--imap",
            &imap,
            "--imap-security",
            "plain",
            "--smtp",
            &smtp,
            "--smtp-security",
            "plain",
        ])
        .ok()
    }

    /// The id of the answer that is owed.
    pub(crate) fn answer_owed(&self) -> String {
        let owed = self.owed();
        let is_owed = |owed: &&Value| owed["kind"] == "answer" && owed["state"] == "open";
        let answer = owed.iter().find(is_owed).unwrap_or_else(|| panic!("an answer is owed: {owed:?}"));
        answer["id"].as_str().expect("an id").to_owned()
    }

    /// Runs a command with a text on its standard input.
    pub(crate) fn write_to(&self, args: &[&str], text: &str) -> Said {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it runs");
        child.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("written");
        said(child.wait_with_output().expect("it ends"))
    }

    /// What is owed now.
    pub(crate) fn owed(&self) -> Vec<Value> {
        let today = self.run(&["today", "--json"]).json();
        today["obligations"].as_array().expect("a list").clone()
    }

    pub(crate) fn sync(&self) -> Value {
        self.run(&["sync", "--json"]).json()["mailboxes"].clone()
    }

    /// Jo writes to Alice.
    pub(crate) fn jo_writes(&self, n: u32, body: &str) {
        self.server.deliver("alice", &letter(n, body));
    }
}

pub(crate) fn said(out: Output) -> Said {
    Said {
        good: out.status.success(),
        out: String::from_utf8_lossy(&out.stdout).into_owned(),
        err: String::from_utf8_lossy(&out.stderr).into_owned(),
    }
}

/// A letter of Jo's to Alice, of today.
pub(crate) fn letter(n: u32, body: &str) -> String {
    let now = regard::clock::now() - jiff::SignedDuration::from_mins(i64::from(n));
    let date = jiff::fmt::rfc2822::to_string(&now.to_zoned(jiff::tz::TimeZone::UTC)).expect("a date");
    format!(
        "From: Jo Fenn <jo@acme.example>\nTo: Alice Quill <alice@example.org>\nSubject: The lease, part {n}\n\
         Message-ID: <letter-{n}@acme.example>\nDate: {date}\n\n{body}\n"
    )
}
