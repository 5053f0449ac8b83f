//! Speaks the formats and protocols that letters, calls and lists arrive and leave in. Knows no client and no SQL.
//!
//! [`calendar`] reads calendars (iCalendar).
//! [`calls`] reads lists of telephone calls.
//! [`contacts`] reads and writes address books (vCard).
//! [`csv`] reads the lists a firm brings along.
//! [`dav`] keeps calendars and address books on servers in step (CalDAV, CardDAV).
//! [`folders`] says what the folders of a mailbox are for.
//! [`http`] asks servers by HTTP.
//! [`imap`] looks after the folders of a mailbox on a server.
//! [`jmap`] looks after a mailbox on a server that speaks JMAP.
//! [`lmtp`] takes mail that another server delivers.
//! [`mail`] gives raw messages out of mbox files, Maildir trees, single files and archives of these.
//! [`net`] reaches servers, and only those that may be reached.
//! [`oauth`] gets tokens that sign in to mailboxes.
//! [`smtp`] builds messages and hands them in for sending.

pub mod calendar;
pub mod calls;
pub mod contacts;
pub mod csv;
pub mod dav;
pub mod folders;
pub mod http;
pub mod imap;
pub mod jmap;
pub mod lmtp;
pub mod mail;
pub mod net;
pub mod oauth;
pub mod smtp;
