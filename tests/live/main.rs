//! Mail as it arrives: from private servers into the record, and out again.

#[path = "../../crates/wire/tests/support/between.rs"]
mod between;
#[path = "../../crates/wire/tests/support/cyrus.rs"]
mod cyrus;
#[path = "../../crates/wire/tests/support/dovecot.rs"]
mod dovecot;
#[path = "../../crates/wire/tests/support/radicale.rs"]
mod radicale;
#[path = "../../crates/wire/tests/support/sink.rs"]
mod sink;
#[path = "../support/mod.rs"]
mod support;

mod alarms;
mod beside;
mod books;
mod calendars;
mod calls;
mod codes;
mod feed;
mod few;
mod forwarded;
mod gate;
mod holding;
mod issuer;
mod jmap;
mod mailboxes;
mod new_secret;
mod oauth;
mod office;
mod one_copy;
mod outbox;
mod postfix;
mod removed;
mod signed_in;
mod stopping;
mod store;
mod taken_back;
mod unkept;
mod withheld;
mod written;

use support::{after, ports};
