//! What went wrong, as somebody says it who never read a protocol.

use std::io::{Error, ErrorKind};

use super::Security;

/// What a command is about. Whatever is no command is in words already.
pub(crate) fn of_command(command: &'static str) -> &'static str {
    match command {
        "CAPABILITY" => "the question what it can do",
        "STARTTLS" => "the beginning of TLS",
        "LOGIN" | "AUTHENTICATE" => "the sign-in",
        "LIST" | "Mailbox/get" | "Mailbox/query" => "the listing of folders",
        "EXAMINE" => "the opening of the folder",
        "CREATE" | "Mailbox/set" => "the making of a folder",
        "FETCH" | "Email/query" | "Email/get" => "the listing of messages",
        "SEARCH" => "the search for a message",
        "APPEND" | "Email/import" => "the storing of a message",
        "Email/set" => "the moving of a message",
        "Email/changes" => "the telling of what changed",
        "IDLE" | "NOOP" => "the wait for mail",
        "GETQUOTAROOT" | "Quota/get" => "the question how full it is",
        "Identity/get" => "the question who may send",
        "EmailSubmission/set" => "the sending of a message",
        words => words,
    }
}

/// How a connection is protected, behind "a server for IMAP".
pub(crate) fn of_security(security: Security) -> &'static str {
    match security {
        Security::Tls => "with TLS from the first byte",
        Security::StartTls => "with STARTTLS",
        Security::Plain => "without TLS",
    }
}

/// What the machine says of a connection.
pub(crate) fn of_io(error: &Error) -> String {
    let words = match error.kind() {
        ErrorKind::ConnectionRefused => "nothing takes connections at that port",
        ErrorKind::TimedOut => "nobody answers",
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => "no way leads there from this machine",
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            "it ended the connection"
        }
        _ => return error.to_string(),
    };
    words.to_owned()
}
