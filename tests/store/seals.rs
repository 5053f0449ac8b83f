//! Secrets that are sealed anew while something else is put in their place.

use std::time::Duration;

use jiff::Timestamp;
use regard::db::{Db, Durability, Location};
use regard::ids::{FirmId, SubscriptionId};
use regard::mailboxes::SecretKind;
use regard::mailboxes::secret::Keys;
use regard::subscriptions::store::{self, SEALS};
use regard::subscriptions::{self, Subscription};
use wire::net::Secret;

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

async fn kept(db: &Db, firm: FirmId, id: SubscriptionId, keys: &Keys) -> String {
    let mut tx = db.read().await.unwrap();
    let sealed = SEALS.one(&mut tx, firm, id.0).await.unwrap();
    keys.open(firm, regard::ids::MailboxId(id.0), &sealed).unwrap().reveal().to_owned()
}

async fn an_account(db: &Db, firm: FirmId, id: i64, keys: &Keys, now: Timestamp) -> Subscription {
    let mut new = a_book(SubscriptionId(id));
    new.secret = subscriptions::seal(keys, firm, new.id, &Secret::new("old")).unwrap();
    let mut tx = db.write(Durability::Act).await.unwrap();
    store::add(&mut tx, firm, &new, now).await.unwrap();
    tx.commit().await.unwrap();
    new
}

#[test]
fn a_password_that_is_changed_while_all_are_sealed_anew_is_kept_and_one_that_is_taken_away_hinders_nothing() {
    run(async {
        let url = postgres::new_database();
        let db = Db::open(&Location::Url(url)).await.unwrap();
        let (firm, _) = firm(&db).await;
        let (old, new) = (keys(KEY, ""), keys(NEXT, KEY));
        let changed = an_account(&db, firm, 71, &old, now()).await;
        let removed = an_account(&db, firm, 72, &old, now()).await;
        // Somebody changes one password and takes the other account away; whoever seals anew reads both before that is
        // kept, and must wait for it.
        let mut theirs = db.write(Durability::Act).await.unwrap();
        let changed = Subscription { signs_in: SecretKind::Password, ..changed };
        subscriptions::renew(&mut theirs, firm, &old, &changed, &Secret::new("new")).await.unwrap();
        store::remove(&mut theirs, firm, removed.id).await.unwrap();
        let seals_anew = async {
            let mut tx = db.write(Durability::Act).await.unwrap();
            let sealed = SEALS.seal_anew(&mut tx, &new, firm).await.unwrap();
            tx.commit().await.unwrap();
            sealed
        };
        let keeps = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            theirs.commit().await.unwrap();
        };
        let (sealed, ()) = tokio::join!(seals_anew, keeps);
        assert_eq!(sealed, 1);
        // The old key opens nothing any more.
        assert_eq!(kept(&db, firm, changed.id, &keys(NEXT, "")).await, "new");
    });
}
