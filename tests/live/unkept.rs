//! What is private leaves nothing behind: neither what lies in private folders, nor what private correspondents write and
//! are written.

use regard::db::{Db, Durability, Location};
use regard::ids::StaffId;
use regard::record::excluded;
use sqlx::{ConnectOptions, Connection};

use crate::office::{Office, letter};
use crate::support::run;

const ASKS: &str = "Dear Alice,\n\nCould you send me the signed lease, please?\n\nJo";

/// Alice keeps these out of her mailboxes, as she does on her page.
fn keeps_out(office: &Office, whom: &[&str]) {
    run(async {
        let db = Db::open(&Location::Folder(office.data())).await.expect("the record");
        let mut tx = db.write(Durability::Act).await.expect("a transaction");
        let firm = regard::firm::store::all(&mut tx).await.expect("firms").remove(0);
        let people = regard::staff::store::all(&mut tx, firm.id).await.expect("people");
        let alice: StaffId = people.iter().find(|one| one.name == "Alice Quill").expect("Alice").id;
        for whom in whom {
            let what = excluded::what(whom).expect("an address or domain");
            excluded::add(&mut tx, firm.id, alice, &what, regard::clock::now()).await.expect("kept out");
        }
        tx.commit().await.expect("it is written");
        db.close().await;
    });
}

/// Each table that holds a text somewhere, in whatever column; compressed letters are not looked into.
fn tables_with(office: &Office, text: &str) -> Vec<String> {
    run(async {
        let file = office.data().join(regard::db::FILE);
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).read_only(true);
        let mut record = options.connect().await.expect("the record opens");
        let tables = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
        let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut record).await.expect("tables");
        let mut found = Vec::new();
        for table in tables {
            let columns = "SELECT name FROM pragma_table_info($1)";
            let columns: Vec<String> =
                sqlx::query_scalar(columns).bind(&table).fetch_all(&mut record).await.expect("columns");
            for column in columns {
                let asked = format!(
                    "SELECT COUNT(*) FROM \"{table}\" WHERE instr(CAST(\"{column}\" AS BLOB), CAST($1 AS BLOB)) > 0"
                );
                let asked = sqlx::query_scalar(sqlx::AssertSqlSafe(asked)).bind(text);
                let holds: i64 = asked.fetch_one(&mut record).await.expect("a number");
                if holds != 0 {
                    found.push(format!("{table}.{column}"));
                }
            }
        }
        record.close().await.expect("it closes");
        found
    })
}

fn rows(office: &Office, table: &str) -> i64 {
    run(async {
        let file = office.data().join(regard::db::FILE);
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).read_only(true);
        let mut record = options.connect().await.expect("the record opens");
        let asked = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}")));
        let rows = asked.fetch_one(&mut record).await.expect("a number");
        record.close().await.expect("it closes");
        rows
    })
}

#[test]
fn nothing_is_kept_of_private_folders_and_of_private_correspondents() {
    let office = Office::open();
    office.connect("alice", &["--private-network"]).ok();
    office.sync();
    keeps_out(&office, &["may@aunts.example", "dance.example"]);
    for folder in ["Private", "Private/Letters", "Persönlich"] {
        office.server.admin(&["mailbox", "create", "-u", "alice", folder]);
    }
    let from = |n: u32, who: &str| letter(n, ASKS).replace("jo@acme.example", who);
    office.server.deliver("alice", &from(1, "may@aunts.example"));
    office.server.deliver("alice", &from(2, "tea@club.dance.example"));
    // What she writes to them alone; what she writes to them and a client is the client's.
    let writes = |n: u32, to: &str| {
        letter(n, "See you on Sunday.")
            .replace("To: Alice Quill <alice@example.org>", &format!("To: {to}"))
            .replace("Jo Fenn <jo@acme.example>\n", "Alice Quill <alice@example.org>\n")
    };
    office.append("alice", "Sent", &writes(3, "may@aunts.example, tea@club.dance.example"));
    for (n, folder) in
        [(4, "Private"), (5, "Private/Letters"), (6, "Pers&APY-nlich"), (7, "Drafts"), (8, "Trash")]
    {
        office.append("alice", folder, &from(n, "hidden@acme.example"));
    }
    let kept = ["entry", "message", "raw", "address"];
    let before = kept.map(|table| rows(&office, table));
    let fetched = office.sync();
    assert_eq!(fetched[0]["added"], 0, "{fetched}");
    assert_eq!(fetched[0]["left_out"], 3, "{fetched}");
    assert_eq!(kept.map(|table| rows(&office, table)), before);
    for (text, where_it_may) in [
        ("aunts.example", &["excluded.what"][..]),
        ("dance.example", &["excluded.what"]),
        ("hidden@acme", &[]),
        ("See you on Sunday", &[]),
    ] {
        assert_eq!(tables_with(&office, text), where_it_may, "{text}");
    }
    // They are fetched where she lets them in, and a client's letters are.
    office.jo_writes(9, ASKS);
    office.append("alice", "Sent", &writes(10, "may@aunts.example, jo@acme.example"));
    let fetched = office.sync();
    assert_eq!(fetched[0]["added"], 2, "{fetched}");
    assert!(!tables_with(&office, "letter-9@").is_empty(), "what is kept is found so");
}
