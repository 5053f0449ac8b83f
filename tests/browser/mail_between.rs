//! Stands between Regard and an IMAP server: passes on what both say, or cuts, slows, holds back and garbles what the
//! server says, as it is told.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

type Change = dyn Fn(&[u8]) -> Vec<u8> + Send + Sync;

/// What becomes of what the server says.
#[derive(Clone)]
pub(crate) enum Way {
    /// It is passed on.
    On,
    /// The connection ends after so many bytes.
    CutAfter(u64),
    /// After so many bytes nothing comes any more, and the connection stays.
    HangAfter(u64),
    /// So many bytes come at a time, with so long between them.
    Slow(usize, Duration),
    /// Each line is changed.
    Alters(Arc<Change>),
}

pub(crate) struct Between {
    pub(crate) port: u16,
    way: Arc<Mutex<Way>>,
}

impl Between {
    /// One that passes on everything to a port of this machine.
    pub(crate) fn start(behind: u16) -> Between {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let between = Between { port, way: Arc::new(Mutex::new(Way::On)) };
        let way = Arc::clone(&between.way);
        thread::spawn(move || {
            for near in listener.incoming().flatten() {
                let way = way.lock().expect("no panic").clone();
                let Ok(far) = TcpStream::connect(("127.0.0.1", behind)) else { continue };
                join(near, far, way);
            }
        });
        between
    }

    /// Connections that are made from now on are treated like this.
    pub(crate) fn behave(&self, way: Way) {
        *self.way.lock().expect("no panic") = way;
    }
}

fn join(near: TcpStream, far: TcpStream, way: Way) {
    let (asks, asked) = (near.try_clone().expect("a copy"), far.try_clone().expect("a copy"));
    thread::spawn(move || {
        // What ends on one side ends on the other; nobody asks why.
        let _ = std::io::copy(&mut &asks, &mut &asked);
        let _ = asked.shutdown(Shutdown::Both);
    });
    thread::spawn(move || {
        let _ = answer(&near, &far, way);
        let _ = near.shutdown(Shutdown::Both);
        let _ = far.shutdown(Shutdown::Both);
    });
}

fn answer(mut near: &TcpStream, mut far: &TcpStream, way: Way) -> std::io::Result<()> {
    match way {
        Way::On => std::io::copy(&mut far, &mut near).map(drop),
        Way::CutAfter(bytes) => std::io::copy(&mut far.take(bytes), &mut near).map(drop),
        Way::HangAfter(bytes) => {
            std::io::copy(&mut far.take(bytes), &mut near)?;
            // What is said meanwhile is swallowed, until the server ends it.
            std::io::copy(&mut far, &mut std::io::sink()).map(drop)
        }
        Way::Slow(bytes, pause) => {
            let mut room = vec![0; bytes];
            loop {
                let read = far.read(&mut room)?;
                if read == 0 {
                    return Ok(());
                }
                near.write_all(&room[..read])?;
                thread::sleep(pause);
            }
        }
        Way::Alters(alter) => {
            let (mut lines, mut line) = (BufReader::new(far), Vec::new());
            while lines.read_until(b'\n', &mut line)? != 0 {
                near.write_all(&alter(&line))?;
                line.clear();
            }
            Ok(())
        }
    }
}
