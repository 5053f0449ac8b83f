//! Secrets that are sealed anew while something else is put in their place, in each table that holds some.

use std::time::Duration;

use regard::calls::hooks;
use regard::db::{Db, Durability, Location, Tx};
use regard::ids::{FirmId, MailboxId, StaffId, SubscriptionId};
use regard::mailboxes::oauth::begun::{self, To, Wish};
use regard::mailboxes::oauth::{self, Issuer};
use regard::mailboxes::provider::Provider;
use regard::mailboxes::seals::Seals;
use regard::mailboxes::secret::{Keys, SealedSecret};
use regard::mailboxes::{self, Connection, FetchBy, Health, SecretKind, SendBy, Server};
use regard::subscriptions;
use wire::net::{Reach, Secret, Security};

use crate::proposed::a_book;
use crate::support::made::{firm, now};
use crate::support::{postgres, run};

const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const NEXT: &str = "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100";

fn keys(new: &str, old: &str) -> Keys {
    let variable = |name: &str| match name {
        "REGARD_KEY" => Some(new.to_owned()),
        "REGARD_KEY_OLD" => Some(old.to_owned()),
        _ => None,
    };
    Keys::find(None, variable, false).expect("keys")
}

/// Wherever something is sealed, as `regard connect rotate-key` goes through it.
const TABLES: [(Table, &Seals); 5] = [
    (Table::Mailboxes, &mailboxes::store::SEALS),
    (Table::Subscriptions, &subscriptions::store::SEALS),
    (Table::Telephones, &hooks::SEALS),
    (Table::Issuers, &oauth::store::SEALS),
    (Table::Begun, &begun::SEALS),
];
const AMY: StaffId = StaffId(1);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Table {
    Mailboxes,
    Subscriptions,
    Telephones,
    Issuers,
    Begun,
}

fn sealed(keys: &Keys, firm: FirmId, id: i64, text: &str) -> SealedSecret {
    keys.seal(firm, MailboxId(id), &Secret::new(text)).unwrap()
}

fn a_mailbox(id: i64, secret: SealedSecret) -> Connection {
    let server = Server { host: "mail.firm.example".to_owned(), port: 993, security: Security::Tls };
    Connection {
        id: MailboxId(id),
        address: format!("{id}@firm.example"),
        fetch_by: FetchBy::Imap(server.clone()),
        send_by: SendBy::Smtp(server),
        user: "amy".to_owned(),
        kind: SecretKind::Password,
        secret,
        oauth: None,
        signed_in: None,
        authority: None,
        reach: Reach::Public,
        folders: None,
        signature: None,
        keeps_copy: true,
        paused: false,
        health: Health::default(),
    }
}

fn an_issuer(id: i64, secret: SealedSecret) -> Issuer {
    Issuer {
        id,
        name: "Ours".to_owned(),
        provider: Provider::Other,
        client_id: "firm-17".to_owned(),
        secret: Some(secret),
        authorize: "https://login.firm.example/authorize".to_owned(),
        token: "https://login.firm.example/token".to_owned(),
        device: None,
        scopes: "mail".to_owned(),
        calendar_scopes: None,
        contact_scopes: None,
    }
}

impl Table {
    /// Puts a secret into it; gives whose it is.
    async fn add(self, tx: &mut Tx, firm: FirmId, keys: &Keys) -> i64 {
        let id = tx.new_id();
        let secret = sealed(keys, firm, id, "old");
        match self {
            Table::Mailboxes => {
                mailboxes::store::save(tx, firm, &a_mailbox(id, secret), now()).await.unwrap();
            }
            Table::Subscriptions => {
                let mut one = a_book(SubscriptionId(id));
                one.secret = secret;
                subscriptions::store::add(tx, firm, &one, now()).await.unwrap();
            }
            Table::Telephones => {
                hooks::add(tx, firm, id, "Desk", &secret.0, AMY, now()).await.unwrap();
            }
            Table::Issuers => oauth::store::add(tx, firm, &an_issuer(id, secret), now()).await.unwrap(),
            Table::Begun => {
                let to = begun::Subscription {
                    kind: "caldav".to_owned(),
                    name: String::new(),
                    address: "https://dav.firm.example/".to_owned(),
                    closes: false,
                };
                let wish = Wish::new(To::Subscription(to), String::new());
                let until = now() + begun::LASTS;
                let (secret, every) = (Secret::new("old"), jiff::SignedDuration::from_secs(5));
                let new =
                    begun::New { oauth: 1, mark: [7; 32], secret, wish: &wish, device: None, every, until };
                return begun::add(tx, keys, firm, AMY, new, now()).await.unwrap();
            }
        }
        id
    }

    /// Somebody puts another in its place. Where nobody can, it is sealed anew by somebody else at that moment.
    async fn change(self, tx: &mut Tx, firm: FirmId, keys: &Keys, id: i64) -> &'static str {
        let secret = sealed(keys, firm, id, "new");
        match self {
            Table::Mailboxes => {
                mailboxes::store::signed_in(tx, firm, &a_mailbox(id, secret), now()).await.unwrap();
            }
            Table::Subscriptions => {
                let one = a_book(SubscriptionId(id));
                subscriptions::renew(tx, firm, keys, &one, &Secret::new("new")).await.unwrap();
            }
            Table::Issuers => {
                oauth::store::change_secret(tx, firm, id, Some(&secret)).await.unwrap();
            }
            Table::Telephones => {
                hooks::SEALS.seal_anew(tx, keys, firm).await.unwrap();
                return "old";
            }
            Table::Begun => {
                begun::SEALS.seal_anew(tx, keys, firm).await.unwrap();
                return "old";
            }
        }
        "new"
    }

    async fn remove(self, tx: &mut Tx, firm: FirmId, id: i64) {
        match self {
            Table::Mailboxes => mailboxes::store::remove(tx, firm, MailboxId(id)).await.unwrap(),
            Table::Subscriptions => {
                subscriptions::store::remove(tx, firm, SubscriptionId(id)).await.unwrap();
            }
            Table::Telephones => drop(hooks::remove(tx, firm, id).await.unwrap()),
            Table::Issuers => oauth::store::remove(tx, firm, id).await.unwrap(),
            Table::Begun => assert!(begun::take(tx, firm, AMY, id).await.unwrap()),
        }
    }
}

#[test]
fn a_secret_that_is_changed_while_all_are_sealed_anew_is_kept_and_one_that_is_taken_away_hinders_nothing() {
    run(async {
        let url = postgres::new_database();
        let db = Db::open(&Location::Url(url)).await.unwrap();
        let (firm, _) = firm(&db).await;
        for (table, seals) in TABLES {
            is_kept(&db, firm, table, seals).await;
        }
    });
}

async fn is_kept(db: &Db, firm: FirmId, table: Table, seals: &Seals) {
    let (old, new) = (keys(KEY, ""), keys(NEXT, KEY));
    let mut tx = db.write(Durability::Act).await.unwrap();
    let changed = table.add(&mut tx, firm, &old).await;
    let removed = table.add(&mut tx, firm, &old).await;
    tx.commit().await.unwrap();
    // Somebody changes one secret and takes the other away; whoever seals anew reads both before that is kept, and must
    // wait for it.
    let mut theirs = db.write(Durability::Act).await.unwrap();
    let is = table.change(&mut theirs, firm, &old, changed).await;
    table.remove(&mut theirs, firm, removed).await;
    let seals_anew = async {
        let mut tx = db.write(Durability::Act).await.unwrap();
        let sealed = seals.seal_anew(&mut tx, &new, firm).await.unwrap();
        tx.commit().await.unwrap();
        sealed
    };
    let keeps = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        theirs.commit().await.unwrap();
    };
    let (sealed, ()) = tokio::join!(seals_anew, keeps);
    assert_eq!(sealed, 1, "{table:?}");
    // The old key opens nothing any more.
    let kept = seals.one(&mut db.read().await.unwrap(), firm, changed).await.unwrap();
    let opened = keys(NEXT, "").open(firm, MailboxId(changed), &kept);
    assert_eq!(opened.expect("sealed with the new key").reveal(), is, "{table:?}");
}
