//! A server that lists messages by JMAP and does not give them: it is asked again at each look, until they come.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};

use crate::between::{Between, Way};
use crate::cyrus::SECRET;
use crate::jmap::Firm;

const LOST: &str = "lists this message and does not give it";

/// A firm whose server answers what is fetched as it is told: a status and no bytes, or as it should.
fn withholding(status: u16) -> (Firm, Between, Arc<AtomicBool>) {
    let firm = Firm::open();
    let between = Between::start(firm.cyrus.http, "alice", SECRET);
    let withholds = Arc::new(AtomicBool::new(true));
    let asked = Arc::clone(&withholds);
    between.behave(move |question| {
        match question.path.contains("/download/") && asked.load(Ordering::Relaxed) {
            true => Way::Says(status, "text/plain", String::new()),
            false => Way::On,
        }
    });
    firm.connect(between.port, &[]).ok();
    (firm, between, withholds)
}

/// How many messages are listed as lost.
fn lost(firm: &Firm) -> usize {
    firm.office.run(&["doctor"]).out.matches(LOST).count()
}

/// How often messages were fetched since this was asked last.
fn downloads(between: &Between) -> usize {
    between.heard().iter().filter(|asked| asked.path.contains("/download/")).count()
}

#[test]
fn what_was_listed_and_not_given_is_asked_for_again_until_it_comes() {
    for status in [404, 410, 200] {
        let (firm, between, withholds) = withholding(status);
        firm.jo_writes(1..=2);
        firm.brings(0, 0);
        assert_eq!((lost(&firm), downloads(&between)), (2, 2), "{status}: told, and keeps nothing back");
        firm.brings(0, 0);
        assert_eq!((lost(&firm), downloads(&between)), (2, 2), "{status}: asked again, and told once");
        // One of them is on the server no more, and nobody asks for it.
        firm.cyrus.imap("alice", &["SELECT INBOX", "STORE 1 +FLAGS (\\Deleted)", "EXPUNGE"]);
        firm.brings(0, 0);
        downloads(&between);
        withholds.store(false, Ordering::Relaxed);
        firm.jo_writes(3..=3);
        firm.brings(2, 0);
        assert_eq!((lost(&firm), downloads(&between)), (1, 2), "{status}: it came with what is new");
        firm.brings(0, 0);
        assert_eq!(downloads(&between), 0, "{status}: what came is asked for no more");
        assert!(
            firm.office
                .owed()
                .iter()
                .any(|owed| owed["evidence"][0]["message_id"] == "<letter-2@acme.example>")
        );
        firm.office.run(&["verify"]).ok();
    }
}

#[test]
fn what_was_not_given_may_have_been_moved_meanwhile() {
    let (firm, between, withholds) = withholding(404);
    firm.jo_writes(1..=2);
    firm.brings(0, 0);
    firm.cyrus.imap("alice", &["SELECT INBOX", "MOVE 1 Private", "MOVE 1 Sent"]);
    withholds.store(false, Ordering::Relaxed);
    downloads(&between);
    firm.brings(1, 0);
    assert_eq!(downloads(&between), 1, "what lies in a private folder now is not asked for");
    assert_eq!(lost(&firm), 1);
}

#[test]
fn what_was_not_given_and_is_refused_in_other_words_keeps_nothing_back() {
    let firm = Firm::open();
    let between = Between::start(firm.cyrus.http, "alice", SECRET);
    let status = Arc::new(AtomicU16::new(404));
    let says = Arc::clone(&status);
    between.behave(move |question| match says.load(Ordering::Relaxed) {
        status if status != 200 && question.path.contains("/download/") => {
            Way::Says(status, "text/plain", String::new())
        }
        _ => Way::On,
    });
    firm.connect(between.port, &[]).ok();
    firm.jo_writes(1..=1);
    firm.brings(0, 0);
    for refused in [500, 503, 403] {
        status.store(refused, Ordering::Relaxed);
        firm.brings(0, 0);
        assert_eq!(lost(&firm), 1, "{refused}: it stays noted");
    }
    status.store(200, Ordering::Relaxed);
    firm.brings(1, 0);
    assert_eq!(lost(&firm), 0);
}
