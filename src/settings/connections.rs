//! Mailboxes on servers, connected by the people whose they are.
//!
//! Everybody connects their own and gives its password; an owner of the firm sees how all of them do, and can let one
//! rest or take it away, but reads no secret and sets none.

use jiff::Timestamp;
use sqlx::query_as;
use wire::folders::Folder;
use wire::net::{Login, Secret};

use super::commit;
use super::fit::{By, are_fit, may_be_connected};
use crate::access::Access;
use crate::app::App;
use crate::app::limits::tried_too_often;
use crate::board::Asker;
use crate::db::{Durability, Tx, sql};
use crate::error::{Error, Result};
use crate::ids::{FirmId, MailboxId, StaffId};
use crate::mailboxes::oauth::Held;
use crate::mailboxes::oauth::renew::Signer;
use crate::mailboxes::secret::SealedSecret;
use crate::mailboxes::{Connection, FetchBy, Health, SecretKind, SendBy, store, trial};
use crate::record::addresses::{AddressBook, AddressKind};
use crate::record::{audit, changes, sources};
use crate::text::counted;

const OWNERS: &str = "SELECT mailbox_id, staff_id FROM mailbox WHERE firm_id = $1";

/// How somebody wants to connect a mailbox.
pub struct Wish {
    /// Its address.
    pub address: String,
    /// How mail is fetched.
    pub fetch_by: FetchBy,
    /// How mail is handed in.
    pub send_by: SendBy,
    /// Who signs in; empty for the address.
    pub user: String,
    /// Certificates of the firm's own authority, in PEM form; empty for none.
    pub authority: String,
    /// The server puts a copy of what is sent into the folder of sent mail by itself.
    pub server_keeps_copy: bool,
    /// It is nobody's alone: everybody who may act sends from it. Owners of the firm connect and manage it.
    pub is_shared: bool,
}

/// With what somebody signs in.
pub struct Given {
    /// What kind of secret it is.
    pub kind: SecretKind,
    /// The password, the token, or what an OAuth 2 server gave, as it is sealed.
    pub secret: Secret,
    /// Who gave it.
    pub oauth: Option<i64>,
}

impl Given {
    /// A password or token that somebody typed.
    pub fn typed(kind: SecretKind, secret: Secret) -> Given {
        Given { kind, secret, oauth: None }
    }

    /// What really signs in.
    pub(super) fn really(&self) -> Result<Secret> {
        match self.kind {
            SecretKind::OAuth => Ok(Held::open(&self.secret)?.access()),
            SecretKind::Password | SecretKind::Token => Ok(self.secret.clone()),
        }
    }
}

/// A connected mailbox, and whose it is.
pub struct Theirs {
    /// The mailbox.
    pub connection: Connection,
    /// Whose it is, where that is known.
    pub owner: Option<StaffId>,
}

impl Theirs {
    /// Whether somebody may change it: whose it is; of one that is nobody's alone, owners of the firm.
    pub fn is_managed_by(&self, asker: &Asker) -> bool {
        match self.owner {
            Some(owner) => owner == asker.staff,
            None => asker.access == Access::Owner,
        }
    }
}

/// All connected mailboxes of the firm, by address.
pub async fn all(tx: &mut Tx, firm: FirmId) -> Result<Vec<Theirs>> {
    let owners: Vec<(i64, Option<i64>)> = sql!(tx, c => query_as(OWNERS).bind(firm.0).fetch_all(c).await)?;
    let owner =
        |id: MailboxId| owners.iter().find(|(mailbox, _)| *mailbox == id.0).and_then(|(_, owner)| *owner);
    let theirs = |connection: Connection| Theirs { owner: owner(connection.id).map(StaffId), connection };
    Ok(store::all(tx, firm).await?.into_iter().map(theirs).collect())
}

/// A mailbox of one's own; for owners of the firm a shared one as well.
pub async fn own(tx: &mut Tx, asker: &Asker, id: MailboxId) -> Result<Connection> {
    asker.may_act()?;
    let all = all(tx, asker.firm).await?;
    let own = all.into_iter().find(|one| one.connection.id == id && one.is_managed_by(asker));
    own.map(|one| one.connection).ok_or(Error::NotFound)
}

/// A mailbox of one's own; for owners of the firm anybody's.
async fn managed(tx: &mut Tx, asker: &Asker, id: MailboxId) -> Result<Connection> {
    if asker.access != Access::Owner {
        return own(tx, asker, id).await;
    }
    let all = store::all(tx, asker.firm).await?;
    all.into_iter().find(|connection| connection.id == id).ok_or(Error::NotFound)
}

/// Connects a mailbox, once both logins work. It rests until its folders are chosen.
pub async fn connect(app: &App, asker: &Asker, wish: Wish, given: Given) -> Result<MailboxId> {
    asker.may_act()?;
    let (keys, now) = (app.outside.keys()?, app.now());
    let address = wish.address.trim().to_lowercase();
    let mut tx = app.db.read().await?;
    may_be_connected(&mut tx, asker.firm, By::of(asker), &address).await?;
    tx.commit().await?;
    if wish.is_shared {
        asker.may_set_up()?;
    }
    let reach = app.outside.allowed()?.reach;
    are_fit(&wish.fetch_by, &wish.send_by, reach)?;
    let authority = Some(wish.authority.trim().to_owned()).filter(|text| !text.is_empty());
    let mut connection = Connection {
        id: MailboxId(0),
        user: if wish.user.trim().is_empty() { address.clone() } else { wish.user.trim().to_owned() },
        address,
        fetch_by: wish.fetch_by,
        send_by: wish.send_by,
        kind: given.kind,
        secret: SealedSecret(Vec::new()),
        oauth: given.oauth,
        signed_in: Some(now),
        authority,
        reach,
        folders: None,
        signature: None,
        keeps_copy: !wish.server_keeps_copy,
        paused: true,
        health: Health::default(),
    };
    sign_in(app, asker, &connection, connection.login(given.really()?)).await?;
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    may_be_connected(&mut tx, asker.firm, By::of(asker), &connection.address).await?;
    let mut book = AddressBook::default();
    book.refresh(&mut tx, asker.firm).await?;
    let number = book.number(AddressKind::Email, &connection.address, "");
    book.save(&mut tx, asker.firm).await?;
    let (firm, owner) = (asker.firm, (!wish.is_shared).then_some(asker.staff));
    connection.id = sources::mailbox(&mut tx, firm, &connection.address, Some(number), owner, now).await?;
    connection.secret = keys.seal(firm, connection.id, &given.secret)?;
    store::save(&mut tx, firm, &connection, now).await?;
    audit::note(&mut tx, firm, asker.staff, "connected", &connection.address, now).await?;
    commit(app, asker, tx).await?;
    Ok(connection.id)
}

/// Signs in to both servers; gives the folders.
async fn sign_in(app: &App, asker: &Asker, connection: &Connection, login: Login) -> Result<Vec<Folder>> {
    count(app, asker)?;
    let limits = &app.outside.allowed()?.limits;
    trial::sign_in(connection, &login, limits)
        .await
        .map_err(|refused| Error::invalid(&connection.address, format!("was not reached: {refused}")))
}

/// What signs in to a connected mailbox at this moment.
async fn login(app: &App, asker: &Asker, connection: &Connection) -> Result<Login> {
    let (keys, limits) = (app.outside.keys()?, &app.outside.allowed()?.limits);
    let now = || app.now();
    let signer = Signer { db: &app.db, firm: asker.firm, keys, limits, now: &now };
    signer.login(connection).await.map_err(|failure| failure.told(&connection.address, "was not reached"))
}

/// Servers lock out whoever tries too often, and this one shall not be used to guess passwords.
pub(super) fn count(app: &App, asker: &Asker) -> Result<()> {
    let counted = app.limits.count(&format!("mailboxes of {}", asker.staff.0), None);
    counted.map_err(tried_too_often)
}

/// The folders on the server, for choosing among them. Nothing is guessed by it, so whoever got in after many tries is not
/// kept waiting before them.
pub async fn folders(app: &App, asker: &Asker, connection: &Connection) -> Result<Vec<Folder>> {
    let counted = app.limits.count(&format!("folders of {}", asker.staff.0), None);
    counted.map_err(tried_too_often)?;
    let login = login(app, asker, connection).await?;
    trial::folders(connection, &login, &app.outside.allowed()?.limits)
        .await
        .map_err(|refused| Error::invalid(&connection.address, format!("was not reached: {refused}")))
}

/// Says which folders are fetched (none: the usual ones), and lets the fetching begin.
pub async fn choose(
    app: &App,
    asker: &Asker,
    id: MailboxId,
    chosen: Option<Vec<String>>,
) -> Result<Connection> {
    let mut tx = app.db.write(Durability::Act).await?;
    let mut connection = own(&mut tx, asker, id).await?;
    if chosen.as_ref().is_some_and(|names| names.is_empty() || names.iter().any(|name| name.contains('\n'))) {
        return Err(Error::invalid("the folders", "are none; choose at least one"));
    }
    let detail = format!(
        "{}: {}",
        connection.address,
        match &chosen {
            Some(names) => counted(names.len(), "chosen folder", "chosen folders"),
            None => "the usual folders".to_owned(),
        }
    );
    (connection.folders, connection.paused) = (chosen, false);
    store::choose(&mut tx, asker.firm, id, connection.folders.as_deref(), app.now()).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "chose_folders", &detail, app.now()).await?;
    tx.commit().await?;
    Ok(connection)
}

/// Signs in to both servers, and changes nothing; gives how many folders there are.
pub async fn test(app: &App, asker: &Asker, id: MailboxId) -> Result<(Connection, usize)> {
    let connection = own(&mut app.db.read().await?, asker, id).await?;
    let login = login(app, asker, &connection).await?;
    let found = sign_in(app, asker, &connection, login).await?;
    Ok((connection, found.iter().filter(|folder| folder.holds_mail).count()))
}

/// Gives a mailbox another password or token, once both logins work with it.
pub async fn new_secret(app: &App, asker: &Asker, id: MailboxId, given: Given) -> Result<Connection> {
    let known = own(&mut app.db.read().await?, asker, id).await?;
    let connection = Connection { kind: given.kind, oauth: given.oauth, ..known };
    sign_in(app, asker, &connection, connection.login(given.really()?)).await?;
    let mut tx = app.db.write(Durability::Act).await?;
    own(&mut tx, asker, id).await?;
    // Sealed in the transaction: the key may be changed before it.
    let secret = app.outside.keys()?.seal(asker.firm, id, &given.secret)?;
    let connection = Connection { secret, ..connection };
    store::signed_in(&mut tx, asker.firm, &connection, app.now()).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "changed_login", &connection.address, app.now()).await?;
    tx.commit().await?;
    Ok(connection)
}

/// Lets a mailbox rest, or go on.
pub async fn pause(app: &App, asker: &Asker, id: MailboxId, paused: bool) -> Result<Connection> {
    let mut tx = app.db.write(Durability::Act).await?;
    let connection = managed(&mut tx, asker, id).await?;
    match paused {
        true => store::rest(&mut tx, asker.firm, id).await?,
        false => store::go_on(&mut tx, asker.firm, id, app.now()).await?,
    }
    let act = if paused { "paused_mailbox" } else { "resumed_mailbox" };
    audit::note(&mut tx, asker.firm, asker.staff, act, &connection.address, app.now()).await?;
    tx.commit().await?;
    Ok(connection)
}

/// Sets what is put under letters that are sent from a mailbox.
pub async fn sign(app: &App, asker: &Asker, id: MailboxId, signature: &str) -> Result<Connection> {
    let signature = crate::text::text("the signature", signature, 2000)?;
    let mut tx = app.db.write(Durability::Act).await?;
    let mut connection = own(&mut tx, asker, id).await?;
    connection.signature = Some(signature).filter(|text| !text.is_empty());
    store::sign(&mut tx, asker.firm, id, connection.signature.as_deref()).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "changed_signature", &connection.address, app.now())
        .await?;
    tx.commit().await?;
    Ok(connection)
}

/// Forgets how to reach a mailbox, and its password. What was fetched stays in the record.
pub async fn remove(app: &App, asker: &Asker, id: MailboxId) -> Result<Connection> {
    let mut tx = app.db.write(Durability::Act).await?;
    let connection = managed(&mut tx, asker, id).await?;
    store::remove(&mut tx, asker.firm, id).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "disconnected", &connection.address, app.now()).await?;
    // Who looks after it, and may send from it, is asked of what is connected.
    commit(app, asker, tx).await?;
    Ok(connection)
}

/// How a mailbox does, for a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// In words.
    pub words: String,
    /// Somebody has to do something.
    pub is_trouble: bool,
    /// It is being fetched, so that the words change from moment to moment.
    pub is_busy: bool,
}

/// How a mailbox does at this moment; `when` says a moment in the reader's words.
pub fn standing(c: &Connection, now: Timestamp, when: impl Fn(Timestamp) -> String) -> Standing {
    let told = |words: String, is_trouble| Standing { words, is_trouble, is_busy: false };
    let health = &c.health;
    if c.paused {
        return match health.fetched {
            None => told("Not started: choose its folders, and the fetching begins.".to_owned(), false),
            Some(_) => told("Rests. Nothing is fetched until you let it go on.".to_owned(), false),
        };
    }
    match &health.trouble {
        Some(trouble) if trouble.is_login() => {
            return told(format!("Cannot sign in since {}: {}.", when(trouble.since), trouble.words), true);
        }
        Some(trouble) => {
            let words = format!(
                "Not reached since {}: {}. It is tried again by itself.",
                when(trouble.since),
                trouble.words
            );
            return told(words, health.alarm(now).is_some());
        }
        None => {}
    }
    if let Some(far) = &health.fetching {
        let grouped = crate::report::words::grouped;
        let words = format!("Fetching {}: {} of {}.", far.folder, grouped(far.done), grouped(far.of));
        return Standing { words, is_trouble: false, is_busy: true };
    }
    match (health.fetched, health.alarm(now)) {
        (Some(at), Some(_)) => told(
            format!(
                "No mail was fetched since {}: nothing looks after it. Is `regard work` running?",
                when(at)
            ),
            true,
        ),
        (None, Some(_)) => {
            told("Was never fetched: nothing looks after it. Is `regard work` running?".to_owned(), true)
        }
        (None, None) => {
            Standing { words: "Begins in a moment.".to_owned(), is_trouble: false, is_busy: true }
        }
        (Some(at), None) => told(format!("Waiting for mail. Last looked {}.", when(at)), false),
    }
}
