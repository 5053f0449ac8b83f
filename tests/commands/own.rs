//! What is the firm's own and its clients' is not lost by a slip, and read by nobody else.

use std::fs;
use std::path::Path;

use crate::run::Record;
use crate::village::{lists, mail};

#[test]
fn neither_the_firm_nor_a_listed_client_can_be_placed_away() {
    let folder = tempfile::tempdir().expect("a folder");
    let mail = mail(folder.path(), 40);
    lists(folder.path());
    let record = Record::new(folder.path(), "data");
    record.import("mail", &mail);
    for name in ["staff", "clients", "contacts"] {
        record.run(&["import", name, &folder.path().join(format!("{name}.csv")).display().to_string()]).ok();
    }
    let (owed, entries) = (record.owed(), record.run(&["verify", "--json"]).json());
    for (text, kind, why) in [
        ("quillward.example", "private", "firm's own"),
        ("amy@quillward.example", "client", "firm's own"),
        ("jo@fennmill.example", "private", "Fenn Mill"),
        ("fennmill.example", "private", "Fenn Mill"),
        ("una.thorp@gmail.com", "third-party", "Una Thorp"),
    ] {
        let said = record.run(&["place", text, kind, "--yes"]);
        assert_eq!(said.code, Some(1), "{text} {kind}: {}", said.out);
        assert!(said.err.contains(why), "{text} {kind}: {}", said.err);
    }
    assert_eq!((record.owed(), record.run(&["verify", "--json"]).json()), (owed, entries));
}

#[cfg(unix)]
#[test]
fn only_whoever_runs_it_can_read_what_is_kept() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let mail = mail(folder.path(), 10);
    let record = Record::new(folder.path(), "data");
    record.import("mail", &mail);
    let file = folder.path().join("all.regard");
    record.run(&["backup", &file.display().to_string()]).ok();
    let others = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o077;
    let mut looked = 0;
    for path in fs::read_dir(&record.data).expect("the folder").flatten().map(|entry| entry.path()) {
        assert_eq!(others(&path), 0, "{}", path.display());
        looked += 1;
    }
    assert!(0 < looked && others(&record.data) == 0 && others(&file) == 0);
}

#[test]
fn a_backup_takes_the_place_of_an_earlier_one_and_of_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let mail = mail(folder.path(), 10);
    let record = Record::new(folder.path(), "data");
    record.import("mail", &mail);
    let (mine, nightly) = (folder.path().join("accounts.txt"), folder.path().join("nightly.regard"));
    fs::write(&mine, "all that we own").expect("written");
    let said = record.run(&["backup", &mine.display().to_string()]);
    assert!(said.code == Some(1) && said.err.contains("no backup"), "{said:?}");
    assert_eq!(fs::read_to_string(&mine).expect("it is there"), "all that we own");
    for _ in 0..2 {
        record.run(&["backup", &nightly.display().to_string()]).ok();
    }
}

#[test]
fn the_database_of_another_program_is_left_alone() {
    use sqlx::{Connection, Executor, Row};
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    fs::create_dir(&data).expect("a folder");
    let url = format!("sqlite://{}?mode=rwc", data.join("regard.sqlite").display());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let tables = |make: bool| {
        runtime.block_on(async {
            let mut connection = sqlx::SqliteConnection::connect(&url).await.expect("the database");
            if make {
                connection.execute("CREATE TABLE invoice (number INTEGER)").await.expect("made");
            }
            let row = connection.fetch_one("SELECT COUNT(*) FROM sqlite_master").await.expect("counted");
            connection.close().await.expect("closed");
            row.get::<i64, _>(0)
        })
    };
    assert_eq!(tables(true), 1);
    let record = Record::new(folder.path(), "data");
    let mail = mail(folder.path(), 3);
    for args in [&["today"][..], &["import", "mail", &mail.display().to_string(), "--zone", "UTC"]] {
        let said = record.run(args);
        assert!(said.code == Some(1) && said.err.contains("another program"), "{said:?}");
    }
    assert_eq!(tables(false), 1);
}
