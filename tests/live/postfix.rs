//! A private Postfix that hands mail for its domains on by LMTP, and lets nothing leave this machine.

#![allow(dead_code, reason = "each test program uses its part of this")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::dovecot::Dovecot;
use crate::ports::free_port;

/// Every mail server of the story hands mail to Regard under this name.
pub(crate) const DOMAIN: &str = "regard.example.org";

pub(crate) struct Postfix {
    folder: PathBuf,
    port: u16,
    /// Submission with STARTTLS by those who sign in; zero where nobody may.
    pub(crate) submission: u16,
}

impl Postfix {
    /// Starts one; none where this user may not: its master has to become other users.
    pub(crate) fn start(lmtp: u16) -> Option<Postfix> {
        Postfix::begin(DOMAIN, lmtp, "", "", 0)
    }

    /// Starts one for domains whose mailboxes lie on this server, which also says at a port of this machine who may
    /// submit mail.
    pub(crate) fn for_mailboxes(domains: &str, server: &Dovecot, logins: u16) -> Option<Postfix> {
        let (certificate, key) = server.certificate_files();
        let main = format!(
            // What is handed in is delivered as it was: whoever hands it in takes the Bcc out.
            "message_drop_headers =
smtpd_tls_cert_file = {}
smtpd_tls_key_file = {}
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{logins}
",
            certificate.display(),
            key.display()
        );
        let port = free_port();
        let master = format!(
            "127.0.0.1:{port} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_tls_auth_only=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
"
        );
        Postfix::begin(domains, server.lmtp, &main, &master, port)
    }

    fn begin(
        domains: &str,
        lmtp: u16,
        more_main: &str,
        more_master: &str,
        submission: u16,
    ) -> Option<Postfix> {
        let uid = Command::new("id").arg("-u").output().expect("id runs").stdout;
        if uid.trim_ascii() != b"0" {
            eprintln!("SKIPPED: a private Postfix can only be started by root");
            return None;
        }
        // Its sockets have short names only.
        let folder = tempfile::Builder::new().prefix("pf").tempdir_in("/tmp").expect("a folder").keep();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(&folder, mode).expect("rights");
        for name in ["etc", "spool", "data"] {
            fs::create_dir(folder.join(name)).expect("a folder");
        }
        assert!(
            Command::new("chown").arg("postfix").arg(folder.join("data")).status().expect("chown").success()
        );
        let port = free_port();
        let at = folder.display();
        let main = format!(
            "compatibility_level = 3.6
queue_directory = {at}/spool
data_directory = {at}/data
maillog_file = {at}/log
maillog_file_prefixes = {at}
mail_owner = postfix
setgid_group = postdrop
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
myhostname = mail.example.org
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
virtual_mailbox_domains = {domains}
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
smtpd_relay_restrictions = reject_unauth_destination
default_transport = discard:
relay_transport = discard:
local_transport = error:no local mail
alias_maps =
minimal_backoff_time = 2s
maximal_backoff_time = 4s
queue_run_delay = 2s
lmtp_data_done_timeout = 20s
"
        );
        let mut master =
            format!("127.0.0.1:{port} inet n - n - - smtpd\npostlog unix-dgram n - n - 1 postlogd\n");
        for line in [
            "pickup unix n - n 60 1 pickup",
            "cleanup unix n - n - 0 cleanup",
            "qmgr unix n - n 2 1 qmgr",
            "tlsmgr unix - - n 1000? 1 tlsmgr",
            "rewrite unix - - n - - trivial-rewrite",
            "bounce unix - - n - 0 bounce",
            "defer unix - - n - 0 bounce",
            "trace unix - - n - 0 bounce",
            "verify unix - - n - 1 verify",
            "flush unix n - n 1000? 0 flush",
            "proxymap unix - - n - - proxymap",
            "smtp unix - - n - - smtp",
            "error unix - - n - - error",
            "retry unix - - n - - error",
            "discard unix - - n - - discard",
            "lmtp unix - - n - - lmtp",
            "anvil unix - - n - 1 anvil",
            "scache unix - - n - 1 scache",
        ] {
            master.push_str(line);
            master.push('\n');
        }
        fs::write(folder.join("etc/main.cf"), main + more_main).expect("settings");
        fs::write(folder.join("etc/master.cf"), master + more_master).expect("settings");
        let server = Postfix { folder, port, submission };
        server.ask("start");
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(60), "Postfix does not start: {}", server.log());
            std::thread::sleep(Duration::from_millis(100));
        }
        Some(server)
    }

    fn ask(&self, what: &str) {
        let asked = Command::new("postfix").arg("-c").arg(self.folder.join("etc")).arg(what).output();
        let asked = asked.expect("Postfix is there: scripts/test installs it");
        assert!(asked.status.success(), "{}{}", String::from_utf8_lossy(&asked.stderr), self.log());
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// Hands a message in by SMTP, as another mail server does.
    pub(crate) fn send(&self, from: &str, to: &[&str], message: &str) {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        let mut answers = BufReader::new(stream.try_clone().expect("a copy")).lines();
        let say = |line: &str| {
            (&stream).write_all(format!("{line}\r\n").as_bytes()).expect("said");
        };
        let mut good = |what: &str| loop {
            let line = answers.next().expect("an answer").expect("an answer");
            assert!(line.starts_with(['2', '3']), "{what}: {line}");
            if line.as_bytes().get(3) != Some(&b'-') {
                return;
            }
        };
        good("greeting");
        say("EHLO there.example");
        good("EHLO");
        say(&format!("MAIL FROM:<{from}>"));
        good("MAIL");
        for to in to {
            say(&format!("RCPT TO:<{to}>"));
            good("RCPT");
        }
        say("DATA");
        good("DATA");
        let text = message.replace("\r\n", "\n").replace('\n', "\r\n").replace("\r\n.", "\r\n..");
        say(&format!("{text}\r\n."));
        good("the message");
        say("QUIT");
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        self.ask("stop");
        let _ = fs::remove_dir_all(&self.folder);
    }
}
