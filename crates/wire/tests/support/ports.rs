//! Ports of this machine for the servers that tests start.

use std::net::TcpListener;
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

/// Below those that a system gives away itself (Linux: from 32768 on), or whatever connects somewhere could take one
/// before its server has it.
const FIRST: u32 = 12_000;
const COUNT: u32 = 20_000;
/// So many are one program's own; those that run beside it begin elsewhere.
const A_PROGRAM: u32 = 500;

/// A port that nobody has, and that is given to nobody else in this program.
pub(crate) fn free_port() -> u16 {
    static GIVEN: AtomicU32 = AtomicU32::new(0);
    let begin = process::id() % (COUNT / A_PROGRAM) * A_PROGRAM;
    loop {
        let given = GIVEN.fetch_add(1, Ordering::Relaxed);
        assert!(given < COUNT, "no port is free");
        let port = u16::try_from(FIRST + (begin + given) % COUNT).expect("a port");
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
