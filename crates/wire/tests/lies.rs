//! Servers that lie, hang, drown us or are no IMAP servers at all: every one ends in a plain error, in bounded time.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use wire::http::{Address, Client};
use wire::imap::{FolderState, Part, Session, UidSet};
use wire::jmap::Jmap;
use wire::net::{Limits, Login, Reach, Secret, Security, Target, Trouble, Trust};

/// What the server sends for a command; `{tag}` stands for its tag. None: it does as every server does.
type Answer = Option<String>;

const OPEN: &str = "* 3 EXISTS\r\n* OK [UIDVALIDITY 9] x\r\n* OK [UIDNEXT 4] x\r\n{tag} OK opened\r\n";
const LIST: &str = "* 1 FETCH (UID 1)\r\n* 2 FETCH (UID 2)\r\n* 3 FETCH (UID 3)\r\n{tag} OK\r\n";
const SIZES: &str = "* 1 FETCH (UID 1 RFC822.SIZE 5 FLAGS ())\r\n* 2 FETCH (UID 2 RFC822.SIZE 5 FLAGS ())\r\n\
    * 3 FETCH (UID 3 RFC822.SIZE 5 FLAGS ())\r\n{tag} OK\r\n";

struct Liar {
    port: u16,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Liar {
    async fn start(
        greeting: &'static str,
        offers: &'static str,
        answer: impl Fn(&str) -> Answer + Clone + Send + 'static,
    ) -> Liar {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let list = heard.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (read, mut write) = stream.into_split();
                let mut lines = BufReader::new(read).lines();
                let (answer, list) = (answer.clone(), list.clone());
                tokio::spawn(async move {
                    let _ = write.write_all(greeting.as_bytes()).await;
                    while let Ok(Some(line)) = lines.next_line().await {
                        list.lock().expect("no panic").push(line.clone());
                        let (tag, command) = line.split_once(' ').unwrap_or(("", &line));
                        let usual = || match command.split(' ').next().unwrap_or_default() {
                            "CAPABILITY" => format!("* CAPABILITY {offers}\r\n{{tag}} OK\r\n"),
                            "EXAMINE" => OPEN.to_owned(),
                            "UID" if command.ends_with("(UID)") => LIST.to_owned(),
                            "UID" if command.contains("SIZE") => SIZES.to_owned(),
                            _ => "{tag} OK\r\n".to_owned(),
                        };
                        let reply = answer(command).unwrap_or_else(usual).replace("{tag}", tag);
                        for part in reply.split("{slow}") {
                            if write.write_all(part.as_bytes()).await.is_err() {
                                return;
                            }
                            if part.len() < reply.len() {
                                tokio::time::sleep(Duration::from_millis(40)).await;
                            }
                        }
                        if reply.ends_with("{end}") {
                            return;
                        }
                    }
                });
            }
        });
        Liar { port, heard }
    }

    /// One that greets well and can do what every server can.
    async fn that(answer: impl Fn(&str) -> Answer + Clone + Send + 'static) -> Liar {
        Liar::start("* OK hello\r\n", "IMAP4rev1", answer).await
    }

    async fn open(&self) -> Result<Session, Trouble> {
        self.open_with(Security::Plain, &password()).await
    }

    async fn open_with(&self, security: Security, login: &Login) -> Result<Session, Trouble> {
        let target = Target {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            security,
            reach: Reach::Private,
            trust: Trust::Machine,
        };
        let short = Duration::from_millis(500);
        let limits =
            Limits { connect: short, quiet: short, command: short, transfer: short * 2, ..Limits::default() };
        Session::open(&target, login, limits).await
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().expect("no panic").clone()
    }
}

fn password() -> Login {
    Login::Password { user: "amy".to_owned(), password: Secret::new("secret") }
}

/// The trouble of a session that looks at a folder and fetches what is new, which must come soon.
async fn trouble(liar: &Liar) -> Trouble {
    let begun = Instant::now();
    let trouble = async {
        let mut session = liar.open().await?;
        let news = session.look("INBOX", &FolderState::default()).await?;
        let new: Vec<u32> = news.new.newest_first().collect();
        let batch = session.fetch(&new, Part::Whole).await?;
        batch.ended.map_or(Ok(()), Err)
    };
    let trouble: Result<(), Trouble> = trouble.await;
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    trouble.expect_err("it lied")
}

fn only(begins: &'static str, says: &'static str) -> impl Fn(&str) -> Answer + Clone + Send + 'static {
    move |command: &str| command.starts_with(begins).then(|| says.to_owned())
}

#[tokio::test]
async fn what_is_no_imap_server_is_said_to_be_none() {
    for greeting in ["SSH-2.0-OpenSSH_9.2\r\n", "220 mail ESMTP\r\n", "HTTP/1.1 400 Bad Request\r\n"] {
        let liar = Liar::start(greeting, "", |_| None).await;
        let trouble = liar.open().await.err().expect("no session");
        assert!(matches!(&trouble, Trouble::Stranger(what) if what.contains("no IMAP server")), "{trouble}");
    }
    // Who hangs up says nothing: what to look at is said instead.
    let mute = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = mute.local_addr().expect("its address").port();
    tokio::spawn(async move { while mute.accept().await.is_ok() {} });
    let hung_up = Liar { port, heard: Arc::default() };
    let ends = |begins| Liar::start("* OK hello\r\n", "IMAP4rev1 AUTH=PLAIN", only(begins, "{end}"));
    for liar in [hung_up, ends("CAPABILITY").await, ends("AUTHENTICATE").await] {
        let words = liar.open().await.err().expect("no session").to_string();
        let what = format!("127.0.0.1:{} is meant for IMAP without TLS", liar.port);
        assert!(
            words.starts_with("the connection ended before anybody") && words.ends_with(&what),
            "{words}"
        );
    }
    // Of what is done nobody needs to know the word of the protocol.
    let words = trouble(&Liar::that(only("EXAMINE", "{tag} NO not now\r\n")).await).await.to_string();
    assert_eq!(words, "the server refused the opening of the folder: not now");
    let words = trouble(&Liar::that(only("EXAMINE", "{end}")).await).await.to_string();
    assert_eq!(words, "the connection ended in the opening of the folder");
    let silent = Liar::start("", "", |_| None).await;
    assert!(matches!(silent.open().await.err(), Some(Trouble::TimedOut(_))));
    let busy = Liar::start("* BYE too many connections\r\n", "", |_| None).await;
    assert!(matches!(busy.open().await.err(), Some(Trouble::Goodbye(said)) if said.contains("too many")));
}

#[tokio::test]
async fn what_is_no_web_server_is_said_to_be_none() {
    let liar = Liar::that(|_| Some("{tag} BAD what?\r\n".to_owned())).await;
    let start = Address::parse(&format!("http://127.0.0.1:{}", liar.port)).expect("an address");
    let login = Some((password(), start.clone()));
    let (reach, trust, limits) = (Reach::Private, Trust::Machine, Limits::default());
    let trouble = Jmap::open(Client { reach, trust, limits, login }, &start).await.err();
    let words = trouble.expect("no session").to_string();
    assert!(
        words.contains("no web server answers there (HTTP); see whether the address is right"),
        "{words}"
    );
}

#[tokio::test]
async fn a_password_is_never_said_where_it_could_be_heard() {
    let stripped = Liar::that(only("STARTTLS", "{tag} NO not today\r\n")).await;
    let trouble = stripped.open_with(Security::StartTls, &password()).await.err().expect("no session");
    assert!(matches!(trouble, Trouble::NoWayIn(_)), "{trouble}");
    assert_eq!(stripped.heard().len(), 1, "{:?}", stripped.heard());

    let in_between = Liar::start("* PREAUTH welcome\r\n", "IMAP4rev1", |_| None).await;
    let trouble = in_between.open_with(Security::StartTls, &password()).await.err().expect("no session");
    assert!(matches!(trouble, Trouble::Broke(_)) && in_between.heard().is_empty());

    let disabled = Liar::start("* OK\r\n", "IMAP4rev1 LOGINDISABLED", |_| None).await;
    assert!(matches!(disabled.open().await.err(), Some(Trouble::NoWayIn(_))));
    assert!(disabled.heard().iter().all(|line| !line.contains("secret")));
}

#[tokio::test]
async fn tokens_are_said_in_both_forms_and_refused_in_words() {
    let token = Login::Token { user: "amy@firm.example".to_owned(), token: Secret::new("tok") };
    for (offers, begins) in [("IMAP4rev1 AUTH=XOAUTH2", "user="), ("IMAP4rev1 AUTH=OAUTHBEARER", "n,a=")] {
        let takes = |command: &str| match command.split(' ').next() {
            Some("AUTHENTICATE") => Some("+ \r\n".to_owned()),
            Some("CAPABILITY") => None,
            // The tag is that of the command before: the token itself has none.
            _ => Some("R2 OK welcome\r\n".to_owned()),
        };
        let server = Liar::start("* OK\r\n", offers, takes).await;
        server
            .open_with(Security::Plain, &token)
            .await
            .map(|_| ())
            .unwrap_or_else(|e| panic!("{offers}: {e}"));
        let coded = server.heard()[2].clone();
        let plain =
            base64::Engine::decode(&base64::engine::general_purpose::STANDARD, coded).expect("base64");
        let plain = String::from_utf8(plain).expect("text");
        assert!(plain.starts_with(begins) && plain.contains("auth=Bearer tok\x01\x01"), "{plain:?}");
    }
    // The refusal comes as a question, which wants an empty answer.
    let refuses = |command: &str| match command {
        "AUTHENTICATE XOAUTH2" => Some("+ \r\n".to_owned()),
        "CAPABILITY" => None,
        "" => Some("R2 NO token expired\r\n".to_owned()),
        _ => Some("+ eyJzdGF0dXMiOiI0MDAifQ==\r\n".to_owned()),
    };
    let server = Liar::start("* OK\r\n", "IMAP4rev1 AUTH=XOAUTH2", refuses).await;
    let trouble = server.open_with(Security::Plain, &token).await.err().expect("refused");
    assert!(matches!(&trouble, Trouble::LoginRefused(said) if said.contains("expired")), "{trouble}");
    let asks_on = Liar::start("* OK\r\n", "IMAP4rev1 AUTH=XOAUTH2", |command| {
        (command != "CAPABILITY").then(|| "+ \r\n".to_owned())
    });
    let trouble = asks_on.await.open_with(Security::Plain, &token).await.err().expect("no session");
    assert!(matches!(trouble, Trouble::Broke(_)), "{trouble}");
}

#[tokio::test]
async fn hanging_dribbling_and_breaking_off_end_in_time() {
    let hangs = Liar::that(only("EXAMINE", "* 3 EXISTS\r\n")).await;
    assert!(matches!(trouble(&hangs).await, Trouble::TimedOut(_)));
    let dribbles = Liar::that(|command: &str| {
        command.starts_with("EXAMINE").then(|| "* OK still here\r\n{slow}".repeat(200))
    });
    assert!(matches!(trouble(&dribbles.await).await, Trouble::TimedOut(_)));
    let breaks_off =
        Liar::that(only("UID FETCH 1:3 (UID INT", "* 1 FETCH (UID 1 BODY[] {5}\r\nab{slow}{end}"));
    let trouble = trouble(&breaks_off.await).await;
    assert!(matches!(trouble, Trouble::Closed(_) | Trouble::TimedOut(_)), "{trouble}");
}

#[tokio::test]
async fn more_than_was_asked_for_is_refused() {
    let huge = Liar::that(only("UID FETCH 1:3 (UID INT", "* 1 FETCH (UID 1 BODY[] {3999999999}\r\nab"));
    let refused = trouble(&huge.await).await;
    assert!(matches!(&refused, Trouble::Broke(what) if what.contains("3999999999")), "{refused}");
    let drowns = Liar::that(|command: &str| {
        command.starts_with("EXAMINE").then(|| "* OK blah blah blah blah\r\n".repeat(100_000))
    });
    assert!(matches!(trouble(&drowns.await).await, Trouble::Broke(_)));
    let endless = Liar::that(|command: &str| command.starts_with("EXAMINE").then(|| "x".repeat(3 << 20)));
    assert!(matches!(trouble(&endless.await).await, Trouble::Broke(_)));
    let many = Liar::that(|command: &str| {
        command.ends_with("1:* (UID)").then(|| {
            (1..3000).map(|n| format!("* {n} FETCH (UID {n})\r\n")).collect::<String>() + "{tag} OK\r\n"
        })
    });
    let refused = trouble(&many.await).await;
    assert!(matches!(&refused, Trouble::Broke(what) if what.contains("more messages than")), "{refused}");
}

#[tokio::test]
async fn wrong_numbers_are_refused() {
    let zero = Liar::that(only("UID FETCH 1:*", "* 1 FETCH (UID 0)\r\n{tag} OK\r\n"));
    assert!(matches!(trouble(&zero.await).await, Trouble::Broke(_)));
    let no_generation = Liar::that(only("EXAMINE", "* 3 EXISTS\r\n{tag} OK\r\n"));
    assert!(matches!(trouble(&no_generation.await).await, Trouble::Broke(_)));
    let no_count = Liar::that(only("EXAMINE", "* OK [UIDVALIDITY 9] x\r\n{tag} OK\r\n"));
    assert!(matches!(trouble(&no_count.await).await, Trouble::Broke(_)));
    let other_tag = Liar::that(only("EXAMINE", "X99 OK\r\n"));
    assert!(matches!(trouble(&other_tag.await).await, Trouble::Broke(_)));
}

#[tokio::test]
async fn what_nobody_asked_for_is_passed_over_and_what_does_not_come_is_told() {
    let gives = "* 9 FETCH (UID 77 BODY[] {3}\r\nabc)\r\n* 1 FETCH (UID 1 BODY[] {5}\r\nfirst)\r\n\
        * 1 FETCH (UID 1 BODY[] {5}\r\nfirst)\r\n* WHATEVER this is\r\n* 2 FETCH (BODY[] {2}\r\nxx)\r\n{tag} OK\r\n";
    let liar = Liar::that(only("UID FETCH 1:3 (UID INT", gives)).await;
    let mut session = liar.open().await.expect("a session");
    let news = session.look("INBOX", &FolderState::default()).await.expect("a look");
    assert_eq!(news.new.to_string(), "1:3");
    let batch = session.fetch(&[3, 2, 1], Part::Whole).await.expect("a batch");
    assert_eq!(batch.messages.len(), 1);
    assert_eq!((batch.messages[0].uid, &batch.messages[0].raw[..]), (1, &b"first"[..]));
    assert_eq!((batch.withheld.len(), batch.gone.len(), batch.taken), (2, 0, 3));
}

#[tokio::test]
async fn two_letters_under_one_number_are_taken_for_neither() {
    let gives = "* 1 FETCH (UID 1 BODY[] {5}\r\nfirst)\r\n* 2 FETCH (UID 2 BODY[] {3}\r\ntwo)\r\n\
        * 3 FETCH (UID 2 BODY[] {5}\r\nthree)\r\n{tag} OK\r\n";
    let liar = Liar::that(only("UID FETCH 1:3 (UID INT", gives)).await;
    let mut session = liar.open().await.expect("a session");
    session.look("INBOX", &FolderState::default()).await.expect("a look");
    let mut batch = session.fetch(&[3, 2, 1], Part::Whole).await.expect("a batch");
    batch.withheld.sort_unstable();
    assert_eq!((batch.messages.len(), batch.messages[0].uid, &batch.withheld[..]), (1, 1, &[2, 3][..]));
}

#[tokio::test]
async fn what_came_whole_before_the_line_broke_is_had() {
    let gives = "* 1 FETCH (UID 1 BODY[] {5}\r\nfirst)\r\n* 2 FETCH (UID 2 BODY[] {900}\r\nhalf{slow}{end}";
    let liar = Liar::that(only("UID FETCH 1:3 (UID INT", gives)).await;
    let mut session = liar.open().await.expect("a session");
    session.look("INBOX", &FolderState::default()).await.expect("a look");
    let batch = session.fetch(&[3, 2, 1], Part::Whole).await.expect("a batch");
    assert!(batch.ended.is_some() && batch.gone.is_empty() && batch.withheld.is_empty(), "{batch:?}");
    assert_eq!((batch.messages.len(), &batch.messages[0].raw[..]), (1, &b"first"[..]));
}

#[tokio::test]
async fn a_server_that_counts_wrongly_makes_no_loop() {
    let liar = Liar::that(only(
        "EXAMINE",
        "* 500 EXISTS\r\n* OK [UIDVALIDITY 9] x\r\n* OK [UIDNEXT 4] x\r\n{tag} OK\r\n",
    ));
    let mut session = liar.await.open().await.expect("a session");
    let known: UidSet = (1..=3).collect();
    let state = FolderState { uidvalidity: 9, uidnext: 4, modseq: 0, known };
    let news = session.look("INBOX", &state).await.expect("a look");
    assert!(news.new.is_empty() && news.vanished.is_empty());
}

#[tokio::test]
async fn a_refusal_is_told_in_the_servers_words_without_anything_secret() {
    let liar = Liar::that(only("LOGIN", "{tag} NO [AUTHENTICATIONFAILED] Invalid credentials\r\n")).await;
    let trouble = liar.open().await.err().expect("refused");
    assert!(matches!(trouble, Trouble::LoginRefused(_)));
    assert!(
        trouble.to_string().contains("Invalid credentials") && !format!("{trouble:?}").contains("secret")
    );
}
