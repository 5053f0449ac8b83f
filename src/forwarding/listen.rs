//! Takes mail for secret addresses by LMTP, and brings it into the record before it says so.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::{Either, select};
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;
use reading::letter::{self, Letter};
use rustc_hash::FxHashMap;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;
use wire::lmtp::{self, Rules, Verdict};
use wire::mail::{Flags, Folder, Role};

use super::Local;
use super::store::{self, Address};
use crate::db::{Db, Durability, Tx};
use crate::error::{Error, Result, Trouble};
use crate::firm::{self, Firm};
use crate::ids::{FirmId, SourceId};
use crate::intake::live::{Arrived, Live};
use crate::intake::settle::Pace;
use crate::record::accounts::Reached;
use crate::record::sources;
use crate::staff;

/// Binds the address at which mail is taken.
pub async fn bound(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let words = format!("cannot be listened on ({error}); choose another with --lmtp");
        Error::invalid(address.to_string(), words)
    })
}

/// Takes mail until the future is dropped. Whoever is in the middle of a message then was told nothing, and tries again.
pub async fn serve(listener: &TcpListener, db: &Db, now: fn() -> Timestamp, rules: Rules) {
    let intake =
        Intake { db, now, lives: RefCell::default(), places: RefCell::default(), last: RefCell::default() };
    let mut talks = FuturesUnordered::new();
    loop {
        if rules.connections <= talks.len() {
            talks.next().await;
        }
        let accepted = std::pin::pin!(listener.accept());
        let stream = match talks.is_empty() {
            true => accepted.await,
            false => match select(accepted, talks.next()).await {
                Either::Left((accepted, _)) => accepted,
                Either::Right(_) => continue,
            },
        };
        match stream {
            Ok((stream, _)) => talks.push(talk(stream, &intake, &rules)),
            // Out of file handles, say: that passes.
            Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
        }
    }
}

async fn talk(stream: TcpStream, intake: &Intake<'_>, rules: &Rules) {
    // Answers are small, and the other side waits for each; of several letters' answers none waits for another.
    let _ = stream.set_nodelay(true);
    // Whoever hangs up in the middle tries again; nothing of it was kept.
    let _ = lmtp::converse(stream, intake, rules).await;
}

/// The way from a mail server into the record.
struct Intake<'a> {
    db: &'a Db,
    now: fn() -> Timestamp,
    /// The way into the record of each firm to which something came.
    lives: RefCell<FxHashMap<FirmId, Rc<Mutex<Live>>>>,
    /// Where the letters of each address lie to which something came.
    places: RefCell<FxHashMap<i64, Place>>,
    /// The number given to a letter last.
    last: RefCell<u32>,
}

/// Where the letters for an address lie.
#[derive(Clone)]
struct Place {
    folder: Arc<Folder>,
    /// What stands for it among the files that were read.
    source: SourceId,
}

impl lmtp::Desk for Intake<'_> {
    async fn knows(&self, address: &str) -> Verdict {
        match self.look_up(address).await {
            Ok(true) => Verdict::Taken,
            Ok(false) => Verdict::Unknown,
            Err(error) => later(&error),
        }
    }

    async fn keep(&self, address: &str, message: &[u8]) -> Verdict {
        match self.take(address, message).await {
            Ok(true) => Verdict::Taken,
            Ok(false) => Verdict::Unknown,
            Err(error) => later(&error),
        }
    }
}

/// What is wrong here is told in the log; the mail server tries again.
fn later(error: &Error) -> Verdict {
    eprintln!("regard: mail that was handed in is not taken now: {error}");
    match error {
        Error::Storage { trouble: Trouble::Full, .. } => Verdict::NoRoom,
        _ => Verdict::Later("it cannot be kept now"),
    }
}

impl Intake<'_> {
    /// Whether mail for an address is taken; where not, that is listed.
    async fn look_up(&self, address: &str) -> Result<bool> {
        let mut tx = self.db.read().await?;
        if let Some(local) = Local::of(address)
            && store::find(&mut tx, &local).await?.is_some()
        {
            return Ok(true);
        }
        let firms = firm::store::all(&mut tx).await?;
        tx.commit().await?;
        // Which firm was meant shows in the address, or in its domain; one firm alone is meant by all.
        let named = Local::of(address).map(|local| local.firm);
        let domain = address.rsplit_once('@').map(|(_, domain)| domain.to_lowercase()).unwrap_or_default();
        let is_meant = |firm: &&Firm| {
            Some(firm.id) == named
                || firm.domains.iter().any(|own| domain == *own || domain.ends_with(&format!(".{own}")))
        };
        let meant = firms.iter().find(is_meant).or(firms.first().filter(|_| firms.len() == 1));
        if let Some(firm) = meant {
            let mut tx = self.db.write(Durability::Import).await?;
            store::refuse(&mut tx, firm.id, address, (self.now)()).await?;
            tx.commit().await?;
        }
        Ok(false)
    }

    /// Takes a message into the record; false where the address was revoked meanwhile.
    async fn take(&self, address: &str, message: &[u8]) -> Result<bool> {
        let Some(local) = Local::of(address) else { return Ok(false) };
        let now = (self.now)();
        let mut tx = self.db.read().await?;
        let Some(known) = store::find(&mut tx, &local).await? else { return Ok(false) };
        let firm = firm::store::load(&mut tx, local.firm).await?;
        let originals = originals(&mut tx, &firm, message).await?;
        tx.commit().await?;
        let place = self.place(&firm, &known, now).await?;
        let arrive = |raw| Arrived {
            raw,
            number: self.number(now),
            flags: Flags::default(),
            folder: Arc::clone(&place.folder),
            source: place.source,
        };
        let arrived: Vec<Arrived> = originals.into_iter().map(arrive).collect();
        let heard = Reached::HandedIn(known.id, arrived.len() as u64);
        let live = self.live(&firm)?;
        let mut live = live.lock().await;
        let taken = live.take(arrived, Vec::new(), Some(heard), true, now).await;
        // Where the letter could not be kept, its place is looked up again by the next one.
        let taken = taken.inspect_err(|_| drop(self.places.borrow_mut().remove(&known.id)))?;
        let pace = Pace::of(self.db, firm.id);
        if !taken.settled && pace.settle_if_it_pays(self.db, firm.id, &self.now).await? {
            live.settled();
        }
        Ok(true)
    }

    /// Where the letters for an address lie.
    async fn place(&self, firm: &Firm, known: &Address, now: Timestamp) -> Result<Place> {
        if let Some(place) = self.places.borrow().get(&known.id) {
            return Ok(place.clone());
        }
        let folder = Folder {
            mailbox: Some(store::mailbox_name(&known.name)),
            name: "Forwarded".to_owned(),
            role: Role::Inbox,
        };
        let mut tx = self.db.write(Durability::Import).await?;
        let kind = crate::intake::role_name(folder.role);
        let id = sources::folder(&mut tx, firm.id, known.mailbox, &folder.name, kind).await?;
        let path = format!("forwarded to {}", known.name);
        let source = sources::server_folder(&mut tx, firm.id, id, &path, now).await?.source;
        tx.commit().await?;
        let place = Place { folder: Arc::new(folder), source };
        self.places.borrow_mut().insert(known.id, place.clone());
        Ok(place)
    }

    /// A number for a letter, by which what cannot be read is told apart: the second, and a further one within it.
    fn number(&self, now: Timestamp) -> u32 {
        let mut last = self.last.borrow_mut();
        *last = (now.as_second() as u32).max(last.wrapping_add(1));
        *last
    }

    fn live(&self, firm: &Firm) -> Result<Rc<Mutex<Live>>> {
        if let Some(live) = self.lives.borrow().get(&firm.id) {
            return Ok(Rc::clone(live));
        }
        let live = Rc::new(Mutex::new(Live::new(self.db, firm)?));
        self.lives.borrow_mut().insert(firm.id, Rc::clone(&live));
        Ok(live)
    }
}

/// The messages that a message passes on, where the firm's own server or somebody of the firm passed it on; else itself.
async fn originals(tx: &mut Tx, firm: &Firm, message: &[u8]) -> Result<Vec<Vec<u8>>> {
    // What cannot be read is kept as it is, and listed.
    let Ok(read) = letter::parse(message) else { return Ok(vec![message.to_vec()]) };
    if !letter::is_journal_report(message) && !is_ours(tx, firm, &read).await? {
        return Ok(vec![message.to_vec()]);
    }
    let found = letter::originals(message, &read);
    Ok(if found.is_empty() { vec![message.to_vec()] } else { found })
}

/// Whether somebody of the firm wrote it.
async fn is_ours(tx: &mut Tx, firm: &Firm, letter: &Letter) -> Result<bool> {
    let Some(from) = &letter.from else { return Ok(false) };
    let address = from.address.to_lowercase();
    if address.rsplit_once('@').is_some_and(|(_, domain)| firm.domains.contains(domain)) {
        return Ok(true);
    }
    staff::store::has_address(tx, firm.id, &address).await
}
