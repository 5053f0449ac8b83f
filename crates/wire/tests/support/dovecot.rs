//! A private Dovecot: IMAP with TLS, STARTTLS and plain, LMTP, and folders for every purpose. It runs as an ordinary
//! user on free ports of this machine, and ends with the test that started it.

#![allow(dead_code, reason = "each test program uses its part of this")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::after::afterwards;
use crate::ports::free_port;

/// Everybody's password.
pub(crate) const PASSWORD: &str = "pw \"and\" ü";
/// Those who have a mailbox: `alice@example.org` signs in as `alice`.
pub(crate) const USERS: [&str; 3] = ["alice", "bob", "carol"];

/// A server that runs until this is dropped.
pub(crate) struct Dovecot {
    folder: PathBuf,
    /// IMAP, plain and with STARTTLS.
    pub(crate) imap: u16,
    /// IMAP with TLS.
    pub(crate) imaps: u16,
    /// LMTP.
    pub(crate) lmtp: u16,
    /// Submission with STARTTLS, and with TLS; zero where it takes no mail.
    pub(crate) submission: [u16; 2],
    /// Its certificate, in PEM form, for `localhost`.
    pub(crate) certificate: String,
}

impl Dovecot {
    /// Starts one with all that it can do.
    pub(crate) fn start() -> Dovecot {
        Dovecot::start_with("")
    }

    /// Starts one with further settings.
    pub(crate) fn start_with(more: &str) -> Dovecot {
        let folder = tempfile::Builder::new().prefix("regard-imap-").tempdir().expect("a folder");
        // Dovecot takes its time to end; whoever watches it removes the folder after it.
        let folder = folder.keep();
        let certificate = certificate(&folder);
        fs::create_dir(folder.join("mail")).expect("a folder");
        fs::write(folder.join("users"), users(PASSWORD)).expect("users");
        if is_root() {
            run(Command::new("chown").args(["-R", "nobody:"]).arg(&folder));
        }
        let mut server = Dovecot { folder, imap: 0, imaps: 0, lmtp: 0, submission: [0; 2], certificate };
        // A port may be taken before Dovecot has it.
        for _ in 0..3 {
            let ports = [(); 3].map(|()| free_port());
            [server.imap, server.imaps, server.lmtp] = ports;
            let config = settings(&server.folder, ports) + more;
            fs::write(server.folder.join("dovecot.conf"), config).expect("settings");
            if server.begin() {
                return server;
            }
        }
        panic!("Dovecot does not start: {}", server.log())
    }

    /// Starts one that also takes mail for sending, and passes it on to a port of this machine.
    pub(crate) fn start_submitting(relay: u16) -> Dovecot {
        Dovecot::start_submitting_with(relay, "")
    }

    /// The same with further settings.
    pub(crate) fn start_submitting_with(relay: u16, more: &str) -> Dovecot {
        let [plain, tls] = [(); 2].map(|()| free_port());
        let further = more;
        let more = format!(
            "protocols = imap lmtp submission
submission_host = 127.0.0.1
submission_relay_host = 127.0.0.1
submission_relay_port = {relay}
service submission-login {{
  chroot =
  inet_listener submission {{
    port = {plain}
  }}
  inet_listener submissions {{
    port = {tls}
    ssl = yes
  }}
}}
"
        );
        let mut server = Dovecot::start_with(&(more + further));
        server.submission = [plain, tls];
        server
    }

    /// Starts it, or starts it again after [`Dovecot::stop`]; false where it does not come up.
    pub(crate) fn begin(&mut self) -> bool {
        let config = self.folder.join("dovecot.conf");
        let started = as_owner("dovecot").arg("-c").arg(config).stderr(Stdio::null()).status();
        if !started.expect("these tests need Dovecot (Debian: dovecot-imapd, dovecot-lmtpd)").success() {
            return false;
        }
        watch(&self.pid_file(), &self.folder);
        let patience = Instant::now() + Duration::from_secs(20);
        while Instant::now() < patience {
            if TcpStream::connect(("127.0.0.1", self.imap)).is_ok()
                && TcpStream::connect(("127.0.0.1", self.lmtp)).is_ok()
            {
                return true;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        false
    }

    /// Ends it, and waits until it is gone.
    pub(crate) fn stop(&mut self) {
        let Some(pid) = self.end() else { return };
        let patience = Instant::now() + Duration::from_secs(20);
        // A process that ended and was not asked after yet runs no more.
        let runs = || {
            let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
            status.lines().any(|line| line.starts_with("State:") && !line.contains('Z'))
        };
        while runs() && Instant::now() < patience {
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Delivers a message to a user, as a mail server would.
    pub(crate) fn deliver(&self, user: &str, message: &str) {
        self.deliver_all(user, &[message.to_owned()]);
    }

    /// Delivers several messages to a user, one after the other.
    pub(crate) fn deliver_all(&self, user: &str, messages: &[String]) {
        let stream = TcpStream::connect(("127.0.0.1", self.lmtp)).expect("LMTP answers");
        let mut answers = BufReader::new(stream.try_clone().expect("a second handle")).lines();
        let mut write = stream;
        let mut say = |line: &str, good: char| {
            write.write_all(line.as_bytes()).expect("written");
            loop {
                let answer = answers.next().expect("an answer").expect("an answer");
                assert!(answer.starts_with(good), "{line:?}: {answer}");
                if answer.as_bytes().get(3) != Some(&b'-') {
                    return;
                }
            }
        };
        say("", '2');
        say("LHLO test\r\n", '2');
        for message in messages {
            say(&format!("MAIL FROM:<{}>\r\n", sender_of(message)), '2');
            say(&format!("RCPT TO:<{user}@example.org>\r\n"), '2');
            say("DATA\r\n", '3');
            let body = message.replace("\r\n", "\n").replace("\n.", "\n..").replace('\n', "\r\n");
            say(&format!("{body}\r\n.\r\n"), '2');
        }
    }

    /// Gives everybody another password.
    pub(crate) fn set_password(&self, password: &str) {
        // It looks at the file again after a second.
        std::thread::sleep(Duration::from_millis(1500));
        fs::write(self.folder.join("users"), users(password)).expect("users");
        std::thread::sleep(Duration::from_millis(1500));
    }

    /// Runs Dovecot's own tool for mailboxes.
    pub(crate) fn admin(&self, arguments: &[&str]) -> String {
        let config = self.folder.join("dovecot.conf");
        let out = as_owner("doveadm").arg("-c").arg(config).args(arguments).output().expect("doveadm runs");
        assert!(out.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8_lossy(&out.stdout).into_owned()
    }

    /// Removes the mailbox of a user from the disk, so that it begins anew with other numbers.
    pub(crate) fn wipe(&self, user: &str) {
        let _ = fs::remove_dir_all(self.folder.join("mail").join(user));
    }

    /// Where its certificate and the key to it are.
    pub(crate) fn certificate_files(&self) -> (PathBuf, PathBuf) {
        (self.folder.join("certificate.pem"), self.folder.join("key.pem"))
    }

    /// What it wrote into its log.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.join("dovecot.log")).unwrap_or_default()
    }

    fn pid_file(&self) -> PathBuf {
        self.folder.join("run/master.pid")
    }

    fn end(&self) -> Option<String> {
        let pid = fs::read_to_string(self.pid_file()).ok()?.trim().to_owned();
        let _ = Command::new("kill").arg(&pid).stderr(Stdio::null()).status();
        Some(pid)
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        self.end();
    }
}

/// Whom the envelope names: whoever wrote the message.
fn sender_of(message: &str) -> &str {
    let from = message.lines().find_map(|line| line.strip_prefix("From: ")).unwrap_or_default();
    let inside = from.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    let address = inside.map_or(from, |(address, _)| address).trim();
    if address.is_ascii() && address.contains('@') { address } else { "sender@example.net" }
}

fn users(password: &str) -> String {
    USERS.iter().map(|user| format!("{user}:{{PLAIN}}{password}\n")).collect()
}

fn certificate(folder: &Path) -> String {
    let (key, certificate) = (folder.join("key.pem"), folder.join("certificate.pem"));
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
        ])
        .args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout"])
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .stderr(Stdio::null())
        .status();
    assert!(made.expect("openssl runs").success());
    fs::read_to_string(certificate).expect("a certificate")
}

fn settings(folder: &Path, [imap, imaps, lmtp]: [u16; 3]) -> String {
    let owner = fs::metadata(folder).expect("the folder is there");
    let (uid, gid, d) = (owner.uid(), owner.gid(), folder.display());
    let name = owner_name();
    format!(
        "base_dir = {d}/run
state_dir = {d}/run
log_path = {d}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = {name}
default_internal_group = {group}
default_login_user = {name}
first_valid_uid = {uid}
last_valid_uid = {uid}
first_valid_gid = 0
mail_uid = {uid}
mail_gid = {gid}
mail_location = sdbox:{d}/mail/%n
mail_fsync = never
auth_username_format = %Ln
ssl = yes
ssl_cert = <{d}/certificate.pem
ssl_key = <{d}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
auth_cache_size = 0
protocol imap {{
  mail_max_userip_connections = 100
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%n {d}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={d}/mail/%n allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
  mailbox Drafts {{
    auto = create
    special_use = \\Drafts
  }}
  mailbox Junk {{
    auto = create
    special_use = \\Junk
  }}
  mailbox Trash {{
    auto = create
    special_use = \\Trash
  }}
  mailbox Ablage {{
    auto = create
    special_use = \\Archive
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  chroot =
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
service auth-worker {{
  user = {name}
}}
",
        group = group_name(),
    )
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|this| this.uid() == 0)
}

fn owner_name() -> String {
    if is_root() { "nobody".to_owned() } else { output(Command::new("id").arg("-un")) }
}

fn group_name() -> String {
    output(Command::new("id").args(["-gn", &owner_name()]))
}

fn output(command: &mut Command) -> String {
    let out = command.output().expect("it runs");
    String::from_utf8_lossy(&out.stdout).trim().to_owned()
}

fn as_owner(program: &str) -> Command {
    let path = ["/usr/sbin", "/usr/bin"].iter().map(|dir| Path::new(dir).join(program)).find(|p| p.exists());
    let program = path.unwrap_or_else(|| PathBuf::from(program));
    let mut command = if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "nobody", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir("/");
    command
}

/// Ends the server and removes its folder when this program is no more.
fn watch(pid_file: &Path, folder: &Path) {
    afterwards(&format!(
        "p=$(cat '{}' 2>/dev/null); kill $p 2>/dev/null; n=0; \
         while kill -0 $p 2>/dev/null && [ $n -lt 200 ]; do n=$((n+1)); sleep 0.1; done; rm -rf '{}'",
        pid_file.display(),
        folder.display()
    ));
}

fn run(command: &mut Command) {
    let done = command.status().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    assert!(done.success(), "{command:?}: {done}");
}
