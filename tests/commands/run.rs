//! Runs the program as a person would.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use regard::db::{Db, Location};
use regard::firm;
use regard::record::audit;
use serde_json::Value;

/// The moment at which stories are asked what is owed.
pub(crate) const NOW: &str = "2025-09-03T09:00:00+01:00";

/// What a command said and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    pub(crate) fn of(output: Output) -> Said {
        Said {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("UTF-8 on standard output"),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// It ended well.
    #[track_caller]
    pub(crate) fn ok(self) -> Said {
        assert_eq!(self.code, Some(0), "{}\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub(crate) fn json(self) -> Value {
        let said = self.ok();
        serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error} in {}", said.out))
    }
}

/// The program with nothing set by the environment.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_regard"));
    for name in ["REGARD_DATA", "REGARD_DATABASE", "REGARD_ZONE", "REGARD_BY", "REGARD_BATCH"] {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

/// Runs the program to its end.
pub(crate) fn regard(args: &[&str]) -> Said {
    Said::of(program().args(args).output().expect("the program runs"))
}

/// A record in a folder of its own.
pub(crate) struct Record {
    pub(crate) data: PathBuf,
}

impl Record {
    pub(crate) fn new(folder: &Path, name: &str) -> Record {
        Record { data: folder.join(name) }
    }

    pub(crate) fn run(&self, args: &[&str]) -> Said {
        Said::of(self.command(args).output().expect("the program runs"))
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = program();
        command.args(args).arg("--data").arg(&self.data);
        command
    }

    pub(crate) fn import(&self, what: &str, path: &Path) -> Value {
        let path = path.display().to_string();
        self.run(&["import", what, &path, "--zone", "Europe/London", "--json"]).json()
    }

    /// What is and was owed at [`NOW`].
    pub(crate) fn owed(&self) -> Value {
        self.run(&["today", "--now", NOW, "--json"]).json()["obligations"].clone()
    }

    /// What the log says last: act and detail.
    pub(crate) fn log(&self) -> Vec<(String, String)> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let db = Db::open(&Location::Folder(self.data.clone())).await.expect("the record");
            let mut tx = db.read().await.expect("begun");
            let firm = firm::store::all(&mut tx).await.expect("firms")[0].id;
            let log = audit::last(&mut tx, firm, 20).await.expect("the log");
            drop(tx);
            db.close().await;
            log
        })
    }

    pub(crate) fn is_whole(&self) {
        self.run(&["verify"]).ok();
    }
}
