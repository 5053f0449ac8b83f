//! Speaks the formats that letters, calls and lists arrive in. Knows no client and no SQL.
//!
//! [`calls`] reads lists of telephone calls.
//! [`csv`] reads the lists a firm brings along.
//! [`mail`] gives raw messages out of mbox files, Maildir trees, single files and archives of these.

pub mod calls;
pub mod csv;
pub mod mail;
