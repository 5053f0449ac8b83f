//! Imports that are broken off, killed, or find the disk full.

use std::collections::BTreeSet;

use proptest::prelude::*;
use regard::db::{Db, Durability};
use regard::ids::{FirmId, FolderId, NaturalKey};
use regard::record::addresses::AddressBook;
use regard::record::{sources, store, verify};

use crate::support::made::{Mail, firm};
use crate::support::{Kind, Place, run};
use crate::{import, is_whole, some_mail, told};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// However an import is cut into batches, and however often it stops between or within them, the record is the
    /// same in the end.
    #[test]
    fn a_broken_import_goes_on_to_the_same_record(count in 1u64..60, stops in prop::collection::vec((1usize..9, 0usize..4), 0..6)) {
        let mails = some_mail(count);
        run(async {
            let (whole, broken) = (Place::new(Kind::Embedded), Place::new(Kind::Embedded));
            let one = whole.open().await;
            let (id, folder) = firm(&one).await;
            import(&one, id, folder, &mails, 16, usize::MAX).await;
            let mut other = broken.open().await;
            let (other_id, other_folder) = firm(&other).await;
            for (batch, batches) in stops {
                import(&other, other_id, other_folder, &mails, batch, batches).await;
                cut_off(&other, other_id, other_folder, &mails).await;
                other.close().await;
                other = broken.open().await;
            }
            import(&other, other_id, other_folder, &mails, 16, usize::MAX).await;
            assert_eq!(told(&one, id).await, told(&other, other_id).await);
            is_whole(&other, other_id).await;
        });
    }
}

/// Writes a batch that is never committed.
async fn cut_off(db: &Db, firm: FirmId, folder: FolderId, mails: &[Mail]) {
    let mut tx = db.write(Durability::Import).await.unwrap();
    let mut addresses = AddressBook::default();
    addresses.refresh(&mut tx, firm).await.unwrap();
    let new: Vec<_> = mails.iter().map(|mail| mail.arrives(&mut addresses, folder)).collect();
    addresses.save(&mut tx, firm).await.unwrap();
    store::add_messages(&mut tx, firm, &new).await.unwrap();
}

/// The child of the test below: imports without end, in small batches, until it is killed.
#[test]
fn child_that_is_killed() {
    let Ok(folder) = std::env::var("REGARD_TEST_KILLED") else { return };
    run(async {
        let db = Db::open(&regard::db::Location::Folder(folder.into())).await.unwrap();
        let firms = regard::firm::store::all(&mut db.read().await.unwrap()).await.unwrap();
        import(&db, firms[0].id, FolderId(1), &some_mail(4000), 20, usize::MAX).await;
    });
}

#[test]
fn kill_at_any_moment_loses_nothing() {
    run(async {
        let mails = some_mail(4000);
        let whole = Place::new(Kind::Embedded);
        let one = whole.open().await;
        let (one_id, _) = firm(&one).await;
        import(&one, one_id, FolderId(1), &mails, 500, usize::MAX).await;
        let place = Place::new(Kind::Embedded);
        let db = place.open().await;
        let (id, _) = firm(&db).await;
        db.close().await;
        let regard::db::Location::Folder(folder) = &place.location else { panic!("an embedded database") };
        for kill in 0..8u64 {
            let mut child = std::process::Command::new(std::env::current_exe().unwrap())
                .args(["stopped::child_that_is_killed", "--exact", "--nocapture"])
                .env("REGARD_TEST_KILLED", folder)
                .stdout(std::process::Stdio::null())
                .spawn()
                .unwrap();
            std::thread::sleep(std::time::Duration::from_millis(60 + 37 * kill));
            child.kill().unwrap();
            child.wait().unwrap();
        }
        let db = place.open().await;
        let reached = sources::sources(&mut db.read().await.unwrap(), id).await.unwrap();
        println!("killed 8 times, {:?} of {} reached", reached.first().map(|s| s.reached), mails.len());
        import(&db, id, FolderId(1), &mails, 500, usize::MAX).await;
        assert_eq!(told(&one, one_id).await, told(&db, id).await);
        let found = verify::verify(&db, id, |_, _| Vec::new(), |_, _| {}).await.unwrap();
        // The folder number of this test is made up.
        assert!(found.iter().all(|finding| finding.words.contains("folder")), "{found:?}");
    });
}

/// The child of the test below: imports where no file may grow past a limit, and says what happened.
#[test]
fn child_whose_disk_is_full() {
    let Ok(folder) = std::env::var("REGARD_TEST_FULL") else { return };
    run(async {
        let location = regard::db::Location::Folder(folder.into());
        let said = async {
            let db = Db::open(&location).await?;
            let firms = regard::firm::store::all(&mut db.read().await?).await?;
            let mut addresses = AddressBook::default();
            for some in some_mail(4000).chunks(500) {
                let mut tx = db.write(Durability::Import).await?;
                addresses.refresh(&mut tx, firms[0].id).await?;
                let new: Vec<_> = some.iter().map(|mail| mail.arrives(&mut addresses, FolderId(1))).collect();
                addresses.save(&mut tx, firms[0].id).await?;
                store::add_messages(&mut tx, firms[0].id, &new).await?;
                tx.commit().await?;
            }
            Ok::<(), regard::error::Error>(())
        };
        println!("said: {}", said.await.unwrap_err());
    });
}

#[test]
fn a_full_disk_is_said_and_loses_nothing() {
    run(async {
        let place = Place::new(Kind::Embedded);
        let db = place.open().await;
        let (id, _) = firm(&db).await;
        let mails = some_mail(4000);
        import(&db, id, FolderId(1), &mails[..100], 50, 9).await;
        let before = told(&db, id).await;
        db.close().await;
        let regard::db::Location::Folder(folder) = &place.location else { panic!("an embedded database") };
        // A limit on the size of files stands in for a disk without space; its signal is ignored, so that writing fails.
        let script =
            "trap '' XFSZ; ulimit -f 1200; exec \"$0\" stopped::child_whose_disk_is_full --exact --nocapture";
        let done = std::process::Command::new("bash")
            .args(["-c", script])
            .arg(std::env::current_exe().unwrap())
            .env("REGARD_TEST_FULL", folder)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&done.stdout);
        assert!(said.contains("regard.sqlite: the disk is full; nothing that was saved"), "{said}");
        let db = place.open().await;
        let after = told(&db, id).await;
        assert!(
            before.0.iter().all(|(key, entry)| after.0.get(key) == Some(entry)),
            "what was saved is there"
        );
        import(&db, id, FolderId(1), &mails, 500, usize::MAX).await;
        let all: BTreeSet<NaturalKey> = mails.iter().map(Mail::key).collect();
        assert_eq!(told(&db, id).await.0.into_keys().collect::<BTreeSet<_>>(), all);
    });
}
