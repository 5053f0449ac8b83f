//! Messages are built as mail programs read them, and handed in to servers good and bad.

#[path = "support/after.rs"]
mod after;
#[path = "support/dovecot.rs"]
mod dovecot;
#[path = "support/ports.rs"]
mod ports;
#[path = "support/sink.rs"]
mod sink;

use std::sync::Arc;
use std::time::{Duration, Instant};

use dovecot::{Dovecot, PASSWORD};
use jiff::civil::date;
use jiff::tz::TimeZone;
use sink::{Sink, Ways};
use wire::net::{Limits, Login, Reach, Secret, Security, Target, Trouble, Trust};
use wire::smtp::{Attachment, Draft, Person, Refusal, Unbuildable, hand_in, message_id, try_login};

fn person(name: &str, address: &str) -> Person {
    Person { name: Some(name.to_owned()), address: address.to_owned() }
}

fn draft() -> Draft {
    let zone = TimeZone::fixed(jiff::tz::offset(1));
    Draft {
        from: person("Amy Müller", "amy@firm.example"),
        to: vec![person("Jo, Fern", "jo@acme.example")],
        cc: vec![],
        bcc: vec![],
        subject: "Ihr Vertrag – Entwurf".to_owned(),
        text: "Dear Jo,\n\nhere it is: ä ö ü.\n.\nFrom now on all is well.".to_owned(),
        html: None,
        signature: Some("Amy Müller\nFirm & Partners".to_owned()),
        attachments: vec![],
        in_reply_to: Some("<q@acme.example>".to_owned()),
        references: vec!["<a@acme.example>".to_owned(), "<q@acme.example>".to_owned()],
        message_id: message_id(7, "amy@firm.example"),
        date: date(2026, 11, 20).at(17, 30, 0, 0).to_zoned(zone).expect("a moment"),
    }
}

fn text(draft: &Draft) -> String {
    String::from_utf8(draft.build().expect("built").bytes).expect("ASCII")
}

fn target(port: u16) -> Target {
    Target {
        host: "localhost".to_owned(),
        port,
        security: Security::Plain,
        reach: Reach::Private,
        trust: Trust::Machine,
    }
}

fn login() -> Login {
    Login::Password { user: "alice".to_owned(), password: Secret::new(PASSWORD) }
}

fn short() -> Limits {
    let short = Duration::from_millis(600);
    Limits { connect: short, quiet: short, command: short, transfer: short, ..Limits::default() }
}

#[test]
fn a_message_has_the_headers_that_threads_and_dates_need() {
    let text = text(&draft());
    assert!(text.is_ascii(), "nothing that a server could mangle");
    let header = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    assert_eq!(header("Message-ID:"), Some("<00000000000000000000000000000007@firm.example>"));
    assert_eq!(header("In-Reply-To:"), Some("<q@acme.example>"));
    assert_eq!(header("References:"), Some("<a@acme.example> <q@acme.example>"));
    assert_eq!(header("Date:"), Some("Fri, 20 Nov 2026 17:30:00 +0100"), "in the writer's zone");
    assert_eq!(text.matches("\r\nDate:").count() + usize::from(text.starts_with("Date:")), 1);
    assert!(text.contains("To: =?utf-8?b?Sm8sIEZlcm4=?= <jo@acme.example>"), "{text}");
    assert!(text.contains("=\r\n") || text.contains("=C3=A4") || text.contains("base64"), "{text}");
}

#[test]
fn parts_and_files_are_put_together() {
    let mut draft = draft();
    draft.html = Some("<p>Dear Jo</p>".to_owned());
    draft.attachments = vec![Attachment {
        name: "Entwurf.pdf".to_owned(),
        media: "application/pdf".to_owned(),
        bytes: vec![0, 1, 2],
    }];
    let text = text(&draft);
    let order = ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf"];
    let places: Vec<usize> = order.iter().map(|part| text.find(part).expect(part)).collect();
    assert!(places.is_sorted(), "{text}");
    assert!(text.contains("AAEC") && text.contains("Firm &amp; Partners"), "{text}");
}

#[test]
fn what_is_no_address_or_breaks_a_header_is_refused() {
    let broken = |change: &dyn Fn(&mut Draft)| {
        let mut draft = draft();
        change(&mut draft);
        draft.build()
    };
    let nobody = broken(&|draft| draft.to.clear());
    assert_eq!(nobody, Err(Unbuildable::Nobody));
    let address = broken(&|draft| draft.to[0].address = "jo@acme.example>\r\nBcc: x@y.example".to_owned());
    assert!(matches!(address, Err(Unbuildable::Address(_))));
    let id = broken(&|draft| draft.in_reply_to = Some("<a>\r\nX: y".to_owned()));
    assert!(matches!(id, Err(Unbuildable::Id(_))));
    let mut split = draft();
    split.subject = "Hello\r\nBcc: thief@example.org".to_owned();
    split.to[0].name = Some("Jo\r\nX-Evil: 1".to_owned());
    let text = text(&split);
    assert!(!text.contains("\r\nBcc:") && !text.contains("\r\nX-Evil"), "{text}");
}

#[tokio::test]
async fn who_gets_a_copy_in_secret_stands_in_ones_own_copy_alone() {
    let sink = Sink::start(Ways::default());
    let mut draft = draft();
    draft.bcc = vec![person("Hidden, H", "hidden@firm.example"), person("Ü", "second@firm.example")];
    let built = draft.build().expect("built");
    assert!(String::from_utf8_lossy(&built.bytes).contains("hidden@firm.example"), "in one's own copy");
    hand_in(&target(sink.port), &login(), &built, &short()).await.expect("taken");
    let taken = sink.taken().remove(0);
    assert_eq!(taken.to, ["hidden@firm.example", "jo@acme.example", "second@firm.example"]);
    let text = taken.text.to_lowercase();
    assert!(!text.contains("bcc:") && !text.contains("hidden@") && !text.contains("second@"), "{text}");
}

#[tokio::test]
async fn a_message_arrives_as_it_was_written() {
    let sink = Sink::start(Ways::default());
    let built = draft().build().expect("built");
    hand_in(&target(sink.port), &login(), &built, &short()).await.expect("handed in");
    let [taken] = &sink.taken()[..] else { panic!("one message: {:?}", sink.taken()) };
    assert_eq!(
        (taken.from.as_str(), &taken.to[..]),
        ("amy@firm.example", &["jo@acme.example".to_owned()][..])
    );
    assert_eq!(taken.text.trim_end(), String::from_utf8_lossy(&built.bytes).trim_end());
    assert_eq!(sink.logins(), [format!("\0alice\0{PASSWORD}")]);
}

#[tokio::test]
async fn what_goes_wrong_is_sorted_by_what_can_be_done() {
    let built = draft().build().expect("built");
    let attempt = async |ways: Ways| {
        let sink = Sink::start(ways);
        let tried = hand_in(&target(sink.port), &login(), &built, &short()).await;
        assert!(sink.taken().is_empty());
        tried.expect_err("refused")
    };
    let login_refused = attempt(Ways { login: Some("535 no such password"), ..Ways::default() }).await;
    assert!(
        matches!(&login_refused, Refusal::Login(Trouble::LoginRefused(said)) if said.contains("no such password")),
        "{login_refused:?}"
    );
    let busy = attempt(Ways { login: Some("454 later please"), ..Ways::default() }).await;
    assert!(matches!(busy, Refusal::Later(_)), "{busy:?}");
    let refused = vec![("jo@acme.example", "550 no such mailbox")];
    let nobody = attempt(Ways { refused, ..Ways::default() }).await;
    let Refusal::Recipients(who) = &nobody else { panic!("{nobody:?}") };
    assert_eq!(who[0].0, "jo@acme.example");
    assert!(who[0].1.contains("no such mailbox"));
    let refused = vec![("jo@acme.example", "451 greylisted")];
    assert!(matches!(attempt(Ways { refused, ..Ways::default() }).await, Refusal::Later(_)));
    let sender = attempt(Ways { mail: Some("553 not yours"), ..Ways::default() }).await;
    assert!(matches!(sender, Refusal::Message(_)), "{sender:?}");
    let large = attempt(Ways { data: Some("552 too large"), ..Ways::default() }).await;
    assert!(matches!(large, Refusal::Message(_)), "{large:?}");
    let full = attempt(Ways { data: Some("452 disk full"), ..Ways::default() }).await;
    assert!(matches!(full, Refusal::Later(_)), "{full:?}");
    let lost = attempt(Ways { data: Some(""), ..Ways::default() }).await;
    assert!(matches!(lost, Refusal::Unsure(_)), "{lost:?}");
    let begun = Instant::now();
    let silent = attempt(Ways { silent: true, ..Ways::default() }).await;
    assert!(matches!(silent, Refusal::Later(_)) && begun.elapsed() < Duration::from_secs(5), "{silent:?}");
    let token_only = attempt(Ways { offers: Some("XOAUTH2"), ..Ways::default() }).await;
    assert!(matches!(token_only, Refusal::Login(_)), "{token_only:?}");
}

#[tokio::test]
async fn a_token_is_handed_over_as_the_big_providers_want_it() {
    let sink = Sink::start(Ways { offers: Some("XOAUTH2"), ..Ways::default() });
    let token = Login::Token { user: "amy@firm.example".to_owned(), token: Secret::new("abc") };
    try_login(&target(sink.port), &token, &short()).await.expect("signed in");
    assert_eq!(sink.logins(), ["user=amy@firm.example\x01auth=Bearer abc\x01\x01"]);
}

#[tokio::test]
async fn a_real_submission_server_takes_mail_by_tls_and_starttls() {
    let sink = Sink::start(Ways::default());
    let server = Dovecot::start_submitting(sink.port);
    let trust = Trust::Also(Arc::from(server.certificate.as_str()));
    let limits = Limits::default();
    for (security, port) in
        [(Security::StartTls, server.submission[0]), (Security::Tls, server.submission[1])]
    {
        let target = Target { security, trust: trust.clone(), ..target(port) };
        let built = draft().build().expect("built");
        let done = hand_in(&target, &login(), &built, &limits).await;
        done.unwrap_or_else(|e| panic!("{security:?}: {e}; {}", server.log()));
        let wrong = Login::Password { user: "alice".to_owned(), password: Secret::new("no") };
        let refused = try_login(&target, &wrong, &limits).await.expect_err("refused");
        assert!(matches!(refused, Refusal::Login(Trouble::LoginRefused(_))), "{refused:?}");
        let stranger = Target { trust: Trust::Machine, ..target.clone() };
        let refused = try_login(&stranger, &login(), &limits).await.expect_err("refused");
        assert!(matches!(refused, Refusal::Login(Trouble::Untrusted { .. })), "{refused:?}");
    }
    assert_eq!(sink.taken().len(), 2);
    let public = Target { reach: Reach::Public, ..target(server.submission[1]) };
    let refused = try_login(&public, &login(), &limits).await.expect_err("refused");
    assert!(matches!(refused, Refusal::Login(Trouble::Forbidden { .. })), "{refused:?}");
}

#[tokio::test]
async fn who_is_told_a_wrong_server_port_or_protection_hears_what_to_do() {
    let sink = Sink::start(Ways::default());
    let server = Dovecot::start_submitting(sink.port);
    let trust = Trust::Also(Arc::from(server.certificate.as_str()));
    let tried = async |host: &str, port: u16, security: Security| {
        let host = host.to_owned();
        let target = Target { host, security, trust: trust.clone(), ..target(port) };
        let begun = Instant::now();
        let limits = Limits { connect: Duration::from_secs(2), ..Limits::default() };
        let words = try_login(&target, &login(), &limits).await.expect_err("refused").to_string();
        assert!(begun.elapsed() < Duration::from_secs(10), "{words}: {:?}", begun.elapsed());
        assert!(!words.contains("onnection error") && !words.contains("corrupt"), "{words}");
        words
    };
    let [plain, tls] = server.submission;
    let words = tried("localhost", plain, Security::Tls).await;
    assert!(
        words.contains(&format!("no TLS is spoken at port {plain}")) && words.contains("STARTTLS"),
        "{words}"
    );
    let words = tried("localhost", tls, Security::StartTls).await;
    assert!(words.contains("nobody is greeted without it"), "{words}");
    let foreign = Sink::start(Ways { offers: Some("CRAM-MD5"), ..Ways::default() });
    let words = tried("localhost", foreign.port, Security::Plain).await;
    assert!(words.contains("offers no way to sign in"), "{words}");
    let words = tried("127.0.0.1", tls, Security::Tls).await;
    assert!(words.contains("its certificate is for another name; write the server's name"), "{words}");
    let words = tried("localhost", 1, Security::Tls).await;
    assert!(
        words.contains("localhost:1 cannot be reached: nothing takes connections at that port"),
        "{words}"
    );
    let words = tried("localhost", server.imaps, Security::Tls).await;
    assert!(words.contains("this is no SMTP server"), "{words}");
    let stranger = Target { security: Security::Tls, ..target(tls) };
    let words = try_login(&stranger, &login(), &short()).await.expect_err("refused").to_string();
    assert!(words.contains("nobody known here vouches") && words.contains("--authority FILE"), "{words}");
}

#[tokio::test]
async fn without_tls_nothing_is_said_where_tls_was_wanted() {
    let sink = Sink::start(Ways::default());
    let target = Target { security: Security::StartTls, ..target(sink.port) };
    let refused = try_login(&target, &login(), &short()).await.expect_err("refused");
    assert!(matches!(refused, Refusal::Login(Trouble::NoWayIn(_))), "{refused:?}");
    assert!(sink.logins().is_empty());
}
