//! Speaks the formats and protocols that letters, calls and lists arrive and leave in. Knows no client and no SQL.
//!
//! [`calendar`] reads calendars (iCalendar).
//! [`calls`] reads lists of telephone calls.
//! [`csv`] reads the lists a firm brings along.
//! [`imap`] looks after the folders of a mailbox on a server.
//! [`mail`] gives raw messages out of mbox files, Maildir trees, single files and archives of these.
//! [`net`] reaches servers, and only those that may be reached.
//! [`smtp`] builds messages and hands them in for sending.

pub mod calendar;
pub mod calls;
pub mod csv;
pub mod imap;
pub mod mail;
pub mod net;
pub mod smtp;
