//! Letters from outside: a client writes, somebody answers in the browser, and the answer arrives.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use fantoccini::Locator;
use regard::access::sessions;
use regard::db::{Db, Durability, Location};
use regard::{firm, staff};

use crate::keyboard::press;
use crate::office::Office;
use crate::page::{Look, Page};
use crate::sink::Ways;

const ASKS: &str = "Dear Alice,\n\nCould you send me the signed lease, please?\n\nJo";
const ANSWER: &str =
    "Dear Jo,\n\nYes: the signed lease went out to you by post this morning.\n\nKind regards\nAlice";

/// An office whose pages are open; beside them its mail is fetched and sent.
pub(crate) struct Open {
    pub(crate) office: Office,
    pub(crate) page: Page,
    web: Child,
}

impl Open {
    async fn new(look: Look) -> Open {
        let office = Office::open();
        office.connect_straight();
        Open::of(office, look).await
    }

    /// One whose mailboxes are connected.
    pub(crate) async fn of(office: Office, look: Look) -> Open {
        office.sync();
        Open::with(office, look, &[]).await
    }

    /// One of which nothing was fetched yet; the pages are begun with these further words.
    pub(crate) async fn with(office: Office, look: Look, more: &[&str]) -> Open {
        let mut web = office.command(&["--listen", "127.0.0.1:0"]);
        web.args(more);
        let mut web = web.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it runs");
        let mut lines = BufReader::new(web.stdout.take().expect("its words")).lines();
        let line = lines.next().and_then(Result::ok).unwrap_or_default();
        let address = line.split_whitespace().find(|word| word.starts_with("http://")).expect("an address");
        let address = address.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        let page = Page::open(&address, &office.data().with_file_name("browser"), look).await;
        let db = Db::open(&Location::Folder(office.data())).await.expect("the record opens");
        let mut tx = db.write(Durability::Act).await.expect("a transaction");
        let firm = firm::store::all(&mut tx).await.expect("the firm").remove(0).id;
        let people = staff::store::all(&mut tx, firm).await.expect("people");
        let alice = people.iter().find(|person| person.name.starts_with("Alice")).expect("Alice").id;
        let secret =
            sessions::open(&mut tx, firm, alice, "a test", regard::clock::now()).await.expect("a session");
        tx.commit().await.expect("written");
        db.close().await;
        page.set_cookie("regard", &format!("{}.{}", firm.0, secret.text())).await;
        Open { office, page, web }
    }

    /// Waits for something that mail servers take part in.
    pub(crate) async fn until(&self, what: &str, most: u64, is_so: impl AsyncFn() -> bool) -> Duration {
        let begun = Instant::now();
        while !is_so().await {
            if Duration::from_secs(most) < begun.elapsed() {
                panic!("waited in vain for {what}\n{}", self.page.text("body").await);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        begun.elapsed()
    }

    /// Puts words into the letter, as somebody who pastes them.
    pub(crate) async fn write(&self, words: &str) {
        let words = serde_json::to_string(words).expect("words");
        let script = format!(
            "const w = document.querySelector('.letterform textarea'); w.focus(); w.setSelectionRange(0, w.value.length); \
             document.execCommand('insertText', false, {words}); return w.value"
        );
        self.page.script(&script).await;
    }

    async fn words(&self) -> String {
        let found = self.page.script("return document.querySelector('.letterform textarea').value").await;
        found.as_str().unwrap_or_default().to_owned()
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let pid = self.web.id().to_string();
        if std::process::Command::new("kill").args(["-TERM", &pid]).status().is_ok() {
            // Nobody is interested in how it ended.
            drop(self.web.wait());
        }
    }
}

pub(crate) fn told(tell: impl AsyncFnOnce()) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    tokio::task::LocalSet::new().block_on(&runtime, tell());
}

#[test]
fn a_client_writes_and_is_answered_from_today() {
    told(async || {
        let open = Open::new(Look::DESK).await;
        let (office, page) = (&open.office, &open.page);
        page.go("/today").await;
        page.see(".empty").await;

        // Within five seconds what Jo asks stands on the open page.
        office.jo_writes(1, ASKS);
        let took =
            open.until("the letter on Today", 20, async || page.has(".line[data-kind=answer]").await).await;
        println!("on Today {} ms after it was delivered", took.as_millis());
        assert!(took < Duration::from_secs(5), "{took:?}");

        // Answered in place, by keyboard; what could be better is underlined.
        page.type_keys("ja").await;
        page.see(".line .composing textarea").await;
        assert!(open.words().await.starts_with("Dear Jo,"), "{}", open.words().await);
        let bad =
            "Dear Jo,\n\nSorry for the delay, I was swamped with other work. The lease is attached.\n\nAlice";
        open.write(bad).await;
        page.see(".findings li[data-kind=excuse]").await;
        page.see(".findings li[data-kind=attachment_missing]").await;
        page.read(".under", "swamped").await;
        assert!(page.has(".under u").await, "it is underlined where it stands");
        open.write(ANSWER).await;
        page.miss(".findings li").await;

        // Sent by one key, and taken back: it is there as it was.
        page.see(".letterform textarea").await.send_keys("\u{e009}\u{e007}").await.expect("keys");
        page.read(".notice", "leaves in").await;
        page.read(".notice button", "Take it back").await;
        page.read(".line .leaving", "your letter leaves").await;
        page.click(".notice button").await;
        page.see(".composing textarea").await;
        assert_eq!(open.words().await, ANSWER);
        assert!(office.sink.taken().is_empty());

        // Sent again, it leaves when its time is over, once, with the right headers.
        page.click(".letterform button.first").await;
        page.read(".notice", "leaves in").await;
        let took = open.until("the answer to leave", 40, async || !office.sink.taken().is_empty()).await;
        assert!(Duration::from_secs(12) < took, "it could be taken back for a while: {took:?}");
        open.until("the line to go", 10, async || !page.has(".line[data-kind=answer]").await).await;
        let [taken] = &office.sink.taken()[..] else { panic!("one message: {:?}", office.sink.taken()) };
        assert_eq!(
            (taken.from.as_str(), &taken.to[..]),
            ("alice@example.org", &["jo@acme.example".to_owned()][..])
        );
        let header = |name: &str| taken.text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        assert_eq!(header("In-Reply-To:"), Some("<letter-1@acme.example>"));
        assert_eq!(header("References:"), Some("<letter-1@acme.example>"));
        assert_eq!(header("Subject:"), Some("Re: The lease, part 1"));
        let letter = reading::letter::parse(taken.text.as_bytes()).expect("a letter");
        assert_eq!(letter.new_text.trim(), ANSWER.split("\n\nKind").next().expect("words"));
        assert!(letter.text.contains("> Could you send me the signed lease, please?"), "{}", letter.text);

        // The record knew at once, and the copy in the folder of sent mail adds nothing.
        assert!(
            office.owed().iter().any(|owed| owed["kind"] == "answer" && owed["state"] == "kept"),
            "{:?}",
            office.owed()
        );
        let sent =
            || office.server.admin(&["search", "-u", "alice", "mailbox", "Sent", "all"]).lines().count();
        open.until("the copy", 10, async || sent() == 1).await;
        open.until("the sync of the copy", 20, async || {
            let fetched = office.sync();
            fetched[0]["added"] == 0 && sent() == 1
        })
        .await;
        page.go("/outbox").await;
        page.read("main", "Left today").await;
        assert_eq!(page.count("[id^=m-]").await, 1, "what was taken back is no more");
        office.run(&["verify"]).ok();
        drop(page.client.clone().close().await);
    });
}

#[test]
fn what_the_firm_said_by_itself_stands_quietly_with_what_is_owed() {
    told(async || {
        let open = Open::new(Look::PHONE).await;
        let (office, page) = (&open.office, &open.page);
        let day = |n: i64| (regard::clock::now() + jiff::SignedDuration::from_hours(24 * n)).to_string();
        let away = format!("email,from,to,cover\nalice@example.org,{},{},\n", &day(-1)[..10], &day(20)[..10]);
        office.run(&["import", "absences", &office.write("absences.csv", &away)]).ok();
        let words = "Dear {contact first name},\n\nYou will hear from us by {by when}.\n\n{firm}\n";
        office.run(&["holding", "on", "--words", &office.write("words.txt", words)]).ok();
        office.sync();
        page.go("/today").await;
        office.jo_writes(1, ASKS);
        open.until("the holding reply", 30, async || !office.sink.taken().is_empty()).await;

        // The open page says so by itself, and the thing stands there as before.
        page.read(".line[data-kind=answer] .why", "holding reply today").await;
        page.go("/today").await;
        page.click(".line[data-kind=answer] a").await;
        page.read(".opened .held", "A holding reply went to jo@acme.example by itself today").await;
        page.read(".opened .held", "they will hear by").await;
        page.read(".opened", "signed lease").await;
        let client = page.attr(".opened a[href^='/clients/']", "href").await;
        page.go(&client).await;
        page.read(".line[data-kind=answer] .why", "holding reply today").await;
        drop(page.client.clone().close().await);
    });
}

#[test]
fn a_hold_moves_what_waits_a_new_date_moves_the_promise_and_a_draft_is_left_to_ones_own_program() {
    told(async || {
        let open = Open::new(Look::DESK).await;
        let (office, page) = (&open.office, &open.page);
        office.jo_writes(1, ASKS);
        page.go("/today").await;
        page.see(".line[data-kind=answer]").await;
        let id = office.answer_owed();

        // The words that say when they will hear, as they are proposed.
        page.type_keys("jh").await;
        page.see("details[data-key=h][open] form[data-compose]").await;
        press(page, "details[data-key=h] button.first").await;
        page.see(".composing textarea").await;
        assert!(open.words().await.contains("You will hear from us by"), "{}", open.words().await);
        press(page, ".letterform button.first").await;
        page.read(".notice", "leaves in").await;
        // Nobody needs to wait for the end of the time to take it back.
        page.go("/outbox").await;
        press(page, ".turns button[value=now]").await;
        open.until("the hold to leave", 20, async || office.sink.taken().len() == 1).await;
        let moved = |id: &str| office.owed().iter().any(|owed| owed["id"] == *id && owed["state"] == "moved");
        open.until("the answer to be moved", 10, async || moved(&id)).await;
        let promised = || {
            let owed = office.owed();
            let open = owed.iter().find(|owed| owed["kind"] == "promise" && owed["state"] == "open");
            open.map(|owed| owed["id"].as_str().expect("an id").to_owned())
        };
        let promise = promised().expect("the promise that continues it");

        // Another date, told before the first one passes.
        page.go(&format!("/owed/{promise}")).await;
        page.click("details[data-key=m] summary").await;
        let day = regard::clock::now() + jiff::SignedDuration::from_hours(6 * 24);
        let day = day.to_zoned(jiff::tz::TimeZone::get("Europe/London").expect("a zone")).date();
        page.script(&format!("document.querySelector('details[data-key=m] form[data-compose] input[name=until]').value = '{day}T12:00'")).await;
        page.click("details[data-key=m] form[data-compose] button").await;
        page.see(".composing textarea").await;
        let said = format!("You will hear from us by {}, 12:00, instead of ", day.strftime("%A %-d %B"));
        assert!(open.words().await.contains(&said), "{}", open.words().await);
        page.click(".letterform button.first").await;
        page.read(".notice", "leaves in").await;
        page.go("/outbox").await;
        page.click(".turns button[value=now]").await;
        open.until("the new date to leave", 20, async || office.sink.taken().len() == 2).await;
        open.until("the promise to be moved", 10, async || moved(&promise)).await;
        let continued = promised().expect("a promise with the new date");
        assert_ne!(continued, promise);

        // A letter for one's own program: in its drafts, marked as one, and sent to nobody.
        page.go(&format!("/owed/{continued}")).await;
        page.click(".opened form[data-key=a] button").await;
        page.see(".composing textarea").await;
        open.write(ANSWER).await;
        page.click(".letterform button[value=drafts]").await;
        page.read(".notice", "among the drafts").await;
        let drafts =
            || office.server.admin(&["search", "-u", "alice", "mailbox", "Drafts", "draft"]).lines().count();
        open.until("the draft in the mailbox", 20, async || drafts() == 1).await;
        page.go("/outbox").await;
        page.read("main", "send it from there").await;
        assert_eq!(office.sink.taken().len(), 2);
        assert!(promised() == Some(continued), "what was not sent is still owed");
        office.run(&["verify"]).ok();
        drop(page.client.clone().close().await);
    });
}

#[test]
fn what_does_not_leave_is_told_on_today_and_stays_owed() {
    told(async || {
        let open = Open::new(Look::PHONE).await;
        let (office, page) = (&open.office, &open.page);
        let refused = vec![("jo@acme.example", "550 no such mailbox")];
        office.sink.behave(Ways { refused, ..Ways::default() });
        office.jo_writes(1, ASKS);
        page.go("/today").await;
        page.see(".line[data-kind=answer]").await;
        page.click(".line > a").await;
        page.click(".opened form[data-compose] button").await;
        page.see(".composing textarea").await;
        let overflow = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(page.script(overflow).await, 0, "nothing is wider than the phone");
        open.write(ANSWER).await;
        page.click(".letterform button.first").await;
        page.read(".notice", "leaves in").await;
        open.until("the refusal on Today", 40, async || page.text("main").await.contains("did not leave"))
            .await;
        page.read(".trouble", "no such mailbox").await;
        assert!(page.has(".line[data-kind=answer]").await, "it is still owed");

        // Changed and sent again: the words are there.
        office.sink.behave(Ways::default());
        page.click(".trouble a").await;
        page.see("#m-0, .turns button[value=back]").await;
        page.click(".turns button[value=back]").await;
        page.see(".composing textarea").await;
        assert_eq!(open.words().await, ANSWER);

        // For later, and Jo writes first: it is held back and shown.
        // It stands open already where Jo's working day is over.
        page.script("document.querySelector('.letterform details.act').open = true").await;
        let soon = regard::clock::now() + jiff::SignedDuration::from_secs(70);
        let zone = jiff::tz::TimeZone::get("Europe/London").expect("a zone");
        let at = soon.to_zoned(zone).strftime("%Y-%m-%dT%H:%M:%S").to_string();
        page.script(&format!(
            "const at = document.querySelector('[name=at]'); at.step = 1; at.value = '{at}'"
        ))
        .await;
        let later = page.client.find(Locator::Css("button[name=when]")).await.expect("a button");
        later.click().await.expect("clicked");
        page.read(".notice", "leaves").await;
        let again = crate::office::letter(0, "Never mind, I found it. But when is the court date?")
            .replace("letter-0@", "again@")
            .replace("part 0", "part 1")
            .replace("Message-ID:", "In-Reply-To: <letter-1@acme.example>\nMessage-ID:");
        office.server.deliver("alice", &again);
        page.go("/today").await;
        open.until("the holding back", 110, async || page.text("main").await.contains("is held back")).await;
        // The firm's own people may be told of the refusal meanwhile.
        let taken = office.sink.taken();
        assert!(!taken.iter().flat_map(|one| &one.to).any(|to| to == "jo@acme.example"), "{taken:?}");
        drop(page.client.clone().close().await);
    });
}
