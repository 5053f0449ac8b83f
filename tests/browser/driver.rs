//! Chromium, driven by chromedriver: one driver for all stories of this program, a browser of its own for each.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::after::afterwards;
use crate::ports::free_port;

/// The address of the driver, started when first asked for.
pub(crate) fn address() -> &'static str {
    static ADDRESS: OnceLock<String> = OnceLock::new();
    ADDRESS.get_or_init(start)
}

/// Where Chromium is.
pub(crate) fn chromium() -> PathBuf {
    installed("chromium", "chromium")
}

fn installed(program: &str, package: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut all = std::env::split_paths(&path).map(|folder| folder.join(program));
    all.find(|file| file.exists()).unwrap_or_else(|| {
        panic!(
            "these tests need {program}: install it (Debian: apt-get install {package}; scripts/test does so)"
        )
    })
}

fn start() -> String {
    let program = installed("chromedriver", "chromium-driver");
    chromium();
    for _ in 0..3 {
        let port = free_port();
        let mut driver = Command::new(&program)
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("chromedriver starts");
        if is_up(&mut driver, port) {
            watch(&driver);
            return format!("http://127.0.0.1:{port}");
        }
        // Whatever is left of it is of no use.
        let _ = driver.kill();
    }
    panic!("chromedriver ({}) did not start", program.display());
}

fn is_up(driver: &mut Child, port: u16) -> bool {
    let patience = Instant::now() + Duration::from_secs(20);
    while Instant::now() < patience && driver.try_wait().is_ok_and(|ended| ended.is_none()) {
        if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

/// Ends the driver and its browsers when this program is no more.
fn watch(driver: &Child) {
    afterwards(&format!("kill -TERM -{0} 2>/dev/null; sleep 1; kill -KILL -{0}", driver.id()));
}

/// Copies a folder and everything in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder to copy").flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            std::fs::copy(&from, &to).expect("a file is copied");
        }
    }
}
