//! A private Cyrus: JMAP, IMAP and LMTP on free ports of this machine. It runs as an ordinary user out of the folder into
//! which `scripts/test` unpacked it, and ends with the test that started it.

#![allow(dead_code, reason = "each test program uses its part of this")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::after::afterwards;
use crate::ports::free_port;

/// Everybody's password, at first.
pub(crate) const SECRET: &str = "pw-ü";

/// A server that runs until this is dropped.
pub(crate) struct Cyrus {
    folder: PathBuf,
    /// Where JMAP is spoken, without TLS.
    pub(crate) http: u16,
    imap: u16,
    lmtp: u16,
    password: Arc<Mutex<String>>,
    /// Its processes are one group, with the number of the first.
    running: Mutex<Option<Child>>,
}

impl Cyrus {
    /// Starts one that hands mail for sending to a port of this machine.
    pub(crate) fn start(relay: u16) -> Cyrus {
        Cyrus::start_with(relay, "")
    }

    /// The same with further settings.
    pub(crate) fn start_with(relay: u16, more: &str) -> Cyrus {
        // Its name is short: the path of a socket is.
        let folder = tempfile::Builder::new().prefix("regard-cy-").tempdir().expect("a folder").keep();
        for name in ["conf/db", "conf/socket", "conf/proc", "conf/log", "conf/lock", "spool", "sasl"] {
            fs::create_dir_all(folder.join(name)).expect("a folder");
        }
        // Whoever it runs as may not be let into the home of whoever unpacked it.
        copy(&unpacked(), &folder.join("root"));
        let password = Arc::new(Mutex::new(SECRET.to_owned()));
        check_passwords(&folder.join("sasl/mux"), &password);
        let mut server = Cyrus { folder, http: 0, imap: 0, lmtp: 0, password, running: Mutex::default() };
        // A port may be taken before it has it.
        for _ in 0..3 {
            [server.http, server.imap, server.lmtp] = [(); 3].map(|()| free_port());
            fs::write(server.folder.join("imapd.conf"), server.settings(relay) + more).expect("settings");
            fs::write(server.folder.join("cyrus.conf"), server.services()).expect("settings");
            if is_root() {
                let owned = Command::new("chown").args(["-R", "nobody:"]).arg(&server.folder).status();
                assert!(owned.expect("chown runs").success());
            }
            if server.begin() {
                return server;
            }
        }
        panic!("Cyrus does not start in {}", server.folder.display())
    }

    /// Starts it, or starts it again after [`Cyrus::stop`]; false where it does not come up.
    pub(crate) fn begin(&self) -> bool {
        let root = self.folder.join("root");
        self.stop();
        let _ = fs::remove_file(self.pid_file());
        let mut command = match is_root() {
            true => {
                let mut command = Command::new("runuser");
                command.args(["-u", "nobody", "--"]).arg(root.join("master"));
                command
            }
            false => Command::new(root.join("master")),
        };
        let started = command
            .arg("-C")
            .arg(self.folder.join("imapd.conf"))
            .arg("-M")
            .arg(self.folder.join("cyrus.conf"))
            .arg("-p")
            .arg(self.pid_file())
            .env("LD_LIBRARY_PATH", root.join("lib"))
            .current_dir("/")
            // It is ended together with all that it started.
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let started = started.expect("Cyrus runs");
        watch(started.id(), &self.folder);
        *self.running.lock().expect("no panic") = Some(started);
        let patience = Instant::now() + Duration::from_secs(30);
        while Instant::now() < patience {
            // Its services are forked when they are asked first.
            if answers(self.http, "GET / HTTP/1.0\r\n\r\n")
                && answers(self.lmtp, "")
                && answers(self.imap, "")
            {
                return true;
            }
            thread::sleep(Duration::from_millis(50));
        }
        false
    }

    /// Ends it as if its machine had failed.
    pub(crate) fn stop(&self) {
        if let Some(mut running) = self.running.lock().expect("no panic").take() {
            let group = format!("-{}", running.id());
            let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
            let _ = running.wait();
        }
    }

    /// The address of the server.
    pub(crate) fn url(&self) -> String {
        format!("http://localhost:{}/", self.http)
    }

    /// Gives everybody another password.
    pub(crate) fn set_password(&self, password: &str) {
        password.clone_into(&mut self.password.lock().expect("no panic"));
    }

    /// Delivers messages to a user, as a mail server would.
    pub(crate) fn deliver(&self, user: &str, messages: &[String]) {
        let mut say = Talk::new(self.lmtp);
        say.ask("", '2');
        say.ask("LHLO test\r\n", '2');
        for message in messages {
            say.ask("MAIL FROM:<sender@example.net>\r\n", '2');
            say.ask(&format!("RCPT TO:<{user}>\r\n"), '2');
            say.ask("DATA\r\n", '3');
            let body = message.replace("\r\n", "\n").replace("\n.", "\n..").replace('\n', "\r\n");
            say.ask(&format!("{body}\r\n.\r\n"), '2');
        }
    }

    /// Does things by IMAP as a user, one command after the other, and gives what was answered.
    pub(crate) fn imap(&self, user: &str, commands: &[&str]) -> String {
        let stream = TcpStream::connect(("127.0.0.1", self.imap)).expect("IMAP answers");
        let mut lines = BufReader::new(stream.try_clone().expect("a second handle")).lines();
        let mut write = stream;
        lines.next().expect("a greeting").expect("a greeting");
        let password = self.password.lock().expect("no panic").clone();
        let login = format!("AUTHENTICATE PLAIN {}", plain(user, &password));
        let mut heard = String::new();
        for (n, command) in std::iter::once(login.as_str()).chain(commands.iter().copied()).enumerate() {
            write.write_all(format!("t{n} {command}\r\n").as_bytes()).expect("written");
            loop {
                let line = lines.next().expect("an answer").expect("an answer");
                heard.push_str(&line);
                heard.push('\n');
                if let Some(done) = line.strip_prefix(&format!("t{n} ")) {
                    assert!(done.starts_with("OK"), "{command}: {line}");
                    break;
                }
            }
        }
        heard
    }

    fn settings(&self, relay: u16) -> String {
        let d = self.folder.display();
        let owner = if is_root() { "nobody".to_owned() } else { output(Command::new("id").arg("-un")) };
        format!(
            "configdirectory: {d}/conf
partition-default: {d}/spool
defaultpartition: default
cyrus_user: {owner}
admins: admin
altnamespace: yes
unixhierarchysep: yes
virtdomains: off
allowplaintext: yes
sasl_pwcheck_method: saslauthd
sasl_saslauthd_path: {d}/sasl/mux
sasl_mech_list: PLAIN
autocreate_quota: 0
autocreate_post: yes
autocreate_inbox_folders: Sent | Drafts | Trash | Junk | Private
xlist-sent: Sent
xlist-drafts: Drafts
xlist-trash: Trash
xlist-junk: Junk
conversations: yes
conversations_db: twoskip
httpmodules: jmap
idlesocket: {d}/conf/socket/idle
lmtpsocket: {d}/conf/socket/lmtp
search_engine: none
servername: localhost
duplicatesuppression: no
skiplist_unsafe: yes
smtp_backend: host
smtp_host: 127.0.0.1:{relay}/noauth
"
        )
    }

    fn services(&self) -> String {
        let d = self.folder.display();
        let service = |name: &str, program: &str, port: u16| {
            let program = format!("{d}/root/{program}");
            format!("  {name} cmd=\"{program} -C {d}/imapd.conf\" listen=\"127.0.0.1:{port}\" prefork=0\n")
        };
        format!(
            "START {{\n  recover cmd=\"{d}/root/ctl_cyrusdb -C {d}/imapd.conf -r\"\n}}\nSERVICES {{\n{}{}{}}}\n\
             EVENTS {{\n}}\nDAEMON {{\n  idled cmd=\"{d}/root/idled -C {d}/imapd.conf\"\n}}\n",
            service("http", "httpd", self.http),
            service("imap", "imapd", self.imap),
            service("lmtp", "lmtpd", self.lmtp).replace("imapd.conf\" ", "imapd.conf -a\" "),
        )
    }

    fn pid_file(&self) -> PathBuf {
        self.folder.join("master.pid")
    }
}

impl Drop for Cyrus {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A conversation in lines with three digits.
struct Talk {
    write: TcpStream,
    lines: std::io::Lines<BufReader<TcpStream>>,
}

impl Talk {
    fn new(port: u16) -> Talk {
        let write = TcpStream::connect(("127.0.0.1", port)).expect("it answers");
        let lines = BufReader::new(write.try_clone().expect("a second handle")).lines();
        Talk { write, lines }
    }

    fn ask(&mut self, line: &str, good: char) {
        self.write.write_all(line.as_bytes()).expect("written");
        loop {
            let answer = self.lines.next().expect("an answer").expect("an answer");
            assert!(answer.starts_with(good), "{line:?}: {answer}");
            if answer.as_bytes().get(3) != Some(&b'-') {
                return;
            }
        }
    }
}

/// Says whose password is right, in the place of a daemon of the system.
fn check_passwords(path: &Path, password: &Arc<Mutex<String>>) {
    let listener = UnixListener::bind(path).expect("a socket");
    fs::set_permissions(path, fs::Permissions::from_mode(0o777)).expect("for all");
    let password = Arc::clone(password);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let password = password.lock().expect("no panic").clone();
            let _ = check(stream, &password);
        }
    });
}

fn check(mut stream: UnixStream, password: &str) -> std::io::Result<()> {
    let mut fields = Vec::new();
    for _ in 0..4 {
        let mut length = [0; 2];
        stream.read_exact(&mut length)?;
        let mut field = vec![0; usize::from(u16::from_be_bytes(length))];
        stream.read_exact(&mut field)?;
        fields.push(field);
    }
    let answer: &[u8] = if fields[1] == password.as_bytes() { b"OK" } else { b"NO" };
    stream.write_all(&[&[0, 2], answer].concat())
}

fn plain(user: &str, password: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(format!("\0{user}\0{password}"))
}

/// Whether something answers at a port.
fn answers(port: u16, ask: &str) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
    stream.write_all(ask.as_bytes()).is_ok() && stream.read(&mut [0; 16]).is_ok_and(|read| read != 0)
}

/// Where `scripts/test` unpacked it.
fn unpacked() -> PathBuf {
    let given = std::env::var_os("REGARD_CYRUS").map(PathBuf::from);
    let cache = || {
        let home = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
        let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")));
        home.map(|home| home.join("regard/cyrus"))
    };
    let found = given.or_else(cache).filter(|path| path.join("usr/lib/cyrus/bin/httpd").exists());
    found.expect("no Cyrus: `bash scripts/test` unpacks it, and REGARD_CYRUS names the folder")
}

/// Copies its programs, and the libraries that came with them.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to.join("lib")).expect("a folder");
    for program in ["master", "httpd", "imapd", "lmtpd", "idled", "ctl_cyrusdb"] {
        fs::copy(from.join("usr/lib/cyrus/bin").join(program), to.join(program)).expect("a program");
    }
    for folder in ["usr/lib", "lib"].map(|lib| from.join(lib)) {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            // The folder of the machine's kind: x86_64-linux-gnu.
            for library in fs::read_dir(entry.path()).into_iter().flatten().flatten() {
                let path = library.path();
                if path.is_file() && path.to_string_lossy().contains(".so") {
                    fs::copy(&path, to.join("lib").join(library.file_name())).expect("a library");
                }
            }
        }
    }
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|this| this.uid() == 0)
}

fn output(command: &mut Command) -> String {
    let out = command.output().expect("it runs");
    String::from_utf8_lossy(&out.stdout).trim().to_owned()
}

/// Ends the server and removes its folder when this program is no more.
fn watch(group: u32, folder: &Path) {
    afterwards(&format!(
        "grep -qs '{0}' /proc/{group}/cmdline && kill -KILL -- -{group}; sleep 0.2; rm -rf '{0}'",
        folder.display()
    ));
}
