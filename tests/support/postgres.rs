//! A private PostgreSQL for this test program: started when first asked for, stopped when the program ends, however
//! it ends. One server for all tests, a database of its own for each.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use sqlx::Connection;

use super::after::afterwards;
use super::ports::free_port;

const PASSWORD: &str = "secret";

struct Server {
    port: u16,
}

/// The URL of a new, empty database.
pub fn new_database() -> String {
    made("")
}

/// The URL of a new database that holds what another holds, which nobody may be using.
pub fn copy_of(url: &str) -> String {
    let name = url.rsplit('/').next().expect("a name");
    made(&format!("TEMPLATE {name}"))
}

fn made(from: &str) -> String {
    static SERVER: OnceLock<Server> = OnceLock::new();
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let server = SERVER.get_or_init(start);
    let name = format!("t{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let sql = format!("CREATE DATABASE {name} {from}");
    // One at a time: PostgreSQL copies the template, which nobody else may be using.
    static MAKING: Mutex<()> = Mutex::new(());
    let _making = MAKING.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let url = format!("postgres://app:{PASSWORD}@127.0.0.1:{}/postgres", server.port);
    // A test may already run on a runtime of its own, so this has another thread.
    std::thread::spawn(move || {
        super::run(async {
            let mut server = sqlx::PgConnection::connect(&url).await.expect("PostgreSQL answers");
            sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut server).await.expect("a database is made");
        });
    })
    .join()
    .expect("a database is made");
    format!("postgres://app:{PASSWORD}@127.0.0.1:{}/{name}", server.port)
}

/// Where PostgreSQL's programs are.
fn binaries() -> PathBuf {
    let debian = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|d| d.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut all = debian.chain(std::env::split_paths(&path));
    all.find(|dir| dir.join("initdb").exists() && dir.join("postgres").exists())
        .expect("these tests need PostgreSQL: install it (Debian: apt-get install postgresql)")
}

fn start() -> Server {
    let folder = std::env::temp_dir().join(format!("regard-pg-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for PostgreSQL");
    let (data, password) = (folder.join("data"), folder.join("pw"));
    std::fs::write(&password, PASSWORD).expect("a password file");
    if is_root() {
        // PostgreSQL refuses to run as root; its own user must own everything.
        run(Command::new("chown").args(["-R", "postgres"]).arg(&folder));
    }
    let pwfile = format!("--pwfile={}", password.display());
    let options =
        ["-U", "app", "-A", "scram-sha-256", &pwfile, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"];
    run(as_owner("initdb").arg("-D").arg(&data).args(options).stdout(Stdio::null()));
    for _ in 0..3 {
        if let Some(port) = try_start(&folder, &data) {
            return Server { port };
        }
    }
    let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
    panic!("PostgreSQL did not start; its log says:\n{log}");
}

#[expect(clippy::zombie_processes, reason = "the watcher ends it when this program is no more")]
fn try_start(folder: &Path, data: &Path) -> Option<u16> {
    let port = free_port();
    let log = std::fs::File::options().create(true).append(true).open(folder.join("log")).expect("a log");
    let settings =
        ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "max_connections=200"];
    let mut command = as_owner("postgres");
    command.arg("-D").arg(data).args(["-p", &port.to_string()]);
    for setting in settings {
        command.args(["-c", setting]);
    }
    let mut child = command.stdout(Stdio::null()).stderr(log).spawn().expect("PostgreSQL starts");
    let patience = Instant::now() + Duration::from_secs(30);
    while Instant::now() < patience {
        if child.try_wait().is_ok_and(|ended| ended.is_some()) {
            return None;
        }
        let pid = data.join("postmaster.pid");
        if std::fs::read_to_string(&pid).is_ok_and(|text| text.contains("ready")) {
            watch(data, folder);
            return Some(port);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let _ = child.kill();
    None
}

/// Ends the server and removes its folder when this program is no more.
fn watch(data: &Path, folder: &Path) {
    afterwards(&format!(
        "p=$(head -1 '{0}/postmaster.pid'); kill -INT $p; \
         while kill -0 $p 2>/dev/null; do sleep 0.05; done; rm -rf '{1}'",
        data.display(),
        folder.display()
    ));
}

fn as_owner(program: &str) -> Command {
    let program = binaries().join(program);
    let mut command = if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir("/");
    command
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|this| this.uid() == 0)
}

fn run(command: &mut Command) {
    let done = command.status().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    assert!(done.success(), "{command:?}: {done}");
}
