//! Speaks the formats that letters, calls and lists arrive in. Knows no client and no SQL.
//!
//! [`mail`] gives raw messages out of mbox files, Maildir trees, single files and archives of these.

pub mod mail;
