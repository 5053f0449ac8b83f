//! Brings the tables of a database to this version of the program: forward only, each step whole or not at all.

use sqlx::{AssertSqlSafe, query, query_as, query_scalar};

use super::{Db, Durability, Ts, Tx, dialect, run, sql, tx};
use crate::clock;
use crate::error::{Error, Result, Trouble};

/// One step, once for each database.
pub(super) struct Migration {
    pub(super) number: i64,
    pub(super) sqlite: &'static str,
    pub(super) postgres: &'static str,
}

macro_rules! migration {
    ($number:literal, $file:literal) => {
        Migration {
            number: $number,
            sqlite: include_str!(concat!("../../migrations/sqlite/", $file)),
            postgres: include_str!(concat!("../../migrations/postgres/", $file)),
        }
    };
}

/// All steps, in order.
pub(super) const MIGRATIONS: &[Migration] = &[
    migration!(1, "0001_the_record.sql"),
    migration!(2, "0002_departures.sql"),
    migration!(3, "0003_the_web.sql"),
    migration!(4, "0004_connected_mailboxes.sql"),
    migration!(5, "0005_outlook.sql"),
    migration!(6, "0006_first_visit.sql"),
    migration!(7, "0007_settings.sql"),
    migration!(8, "0008_taught.sql"),
    migration!(9, "0009_mailboxes_alone.sql"),
    migration!(10, "0010_drafts.sql"),
    migration!(11, "0011_returned.sql"),
    migration!(12, "0012_calendars_and_contacts.sql"),
    migration!(13, "0013_letters.sql"),
    migration!(14, "0014_oauth.sql"),
    migration!(15, "0015_logs_of_calls.sql"),
    migration!(16, "0016_forwarded_mail.sql"),
    migration!(17, "0017_owed_in_few_columns.sql"),
    migration!(18, "0018_jmap.sql"),
    migration!(19, "0019_changed_clients.sql"),
    migration!(20, "0020_changed_contacts.sql"),
    migration!(22, "0022_signed_in_calendars.sql"),
    migration!(23, "0023_cards_written.sql"),
    migration!(24, "0024_removed_contacts.sql"),
    migration!(25, "0025_outlook_before.sql"),
    migration!(26, "0026_particulars.sql"),
    migration!(27, "0027_named_by_number.sql"),
    migration!(28, "0028_known_words.sql"),
];

const VERSIONS: &str =
    "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY, applied_at BIGINT)";
const LATEST: &str = "SELECT COALESCE(MAX(version), 0) FROM schema_version";
const DONE: &str = "SELECT version FROM schema_version";
const APPLIED: &str = "INSERT INTO schema_version (version, applied_at) VALUES ($1, $2)";

pub(super) async fn run(db: &Db) -> Result<()> {
    if 0 < latest(db).await? && is_done(&done(&mut Tx::begin(db, tx::Aim::Read).await?).await?) {
        return Ok(());
    }
    let mut tx = Tx::begin(db, tx::Aim::Write(Durability::Act)).await?;
    if let Some(lock) = dialect::lock_migrations(&tx) {
        run!(&mut tx, query(lock))?;
    }
    if is_foreign(&mut tx).await? {
        let cause = anyhow::anyhow!("it has tables, and none that says which version of Regard made them");
        return Err(Error::Storage { place: db.place().into(), trouble: Trouble::Foreign, cause });
    }
    run!(&mut tx, query(VERSIONS))?;
    let done = done(&mut tx).await?;
    if let Some(later) = done.iter().max().filter(|later| newest() < **later) {
        let cause = anyhow::anyhow!("its tables are of version {later}, this program knows {}", newest());
        return Err(Error::Storage { place: db.place().into(), trouble: Trouble::Newer, cause });
    }
    // Steps are written side by side, so one of a lower number may come after one of a higher.
    for step in MIGRATIONS.iter().filter(|step| !done.contains(&step.number)) {
        apply(&mut tx, step).await?;
    }
    tx.commit().await
}

/// The steps that a database has taken.
async fn done(tx: &mut Tx) -> Result<Vec<i64>> {
    sql!(tx, c => query_scalar(DONE).fetch_all(c).await)
}

/// Whether nothing is left to do, and nothing was done that this program does not know.
fn is_done(done: &[i64]) -> bool {
    done.len() == MIGRATIONS.len() && MIGRATIONS.iter().all(|step| done.contains(&step.number))
}

async fn apply(tx: &mut Tx, step: &Migration) -> Result<()> {
    let text = if tx.is_lite() { step.sqlite } else { step.postgres };
    for statement in statements(text) {
        run!(tx, query(AssertSqlSafe(statement.as_str())).persistent(false))?;
    }
    let now = Ts::from(clock::now());
    run!(tx, query(APPLIED).bind(step.number).bind(now.0))?;
    Ok(())
}

/// The version of the tables as they stand; 0 where there are none yet.
pub(super) async fn latest(db: &Db) -> Result<i64> {
    let mut tx = Tx::begin(db, tx::Aim::Read).await?;
    if !has_versions(&mut tx).await? {
        return Ok(0);
    }
    sql!(&mut tx, c => query_scalar(LATEST).fetch_one(c).await)
}

async fn has_versions(tx: &mut Tx) -> Result<bool> {
    let exists = dialect::table_exists(tx);
    let found: Option<(i64,)> =
        sql!(tx, c => query_as(exists).bind("schema_version").fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// Whether another program's tables are there, and none of ours.
async fn is_foreign(tx: &mut Tx) -> Result<bool> {
    if has_versions(tx).await? {
        return Ok(false);
    }
    let any = dialect::any_table(tx);
    let found: Option<(i64,)> = sql!(tx, c => query_as(any).fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// The version of the tables that this program makes.
pub(super) fn newest() -> i64 {
    MIGRATIONS.last().map_or(0, |step| step.number)
}

/// The statements of a migration, without its comments.
pub(super) fn statements(text: &str) -> impl Iterator<Item = String> {
    let bare: String =
        text.lines().filter(|line| !line.trim_start().starts_with("--")).flat_map(|l| [l, "\n"]).collect();
    let parts: Vec<String> =
        bare.split(';').map(|part| part.trim().to_owned()).filter(|p| !p.is_empty()).collect();
    parts.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Location;

    #[test]
    fn a_step_that_was_passed_over_is_taken_later() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let folder = tempfile::tempdir().expect("a folder");
            let db = Db::open(&Location::Folder(folder.path().to_owned())).await.expect("a database");
            let first = MIGRATIONS[0].number;
            assert!(is_done(&done(&mut db.read().await.expect("read")).await.expect("steps")));
            // As in a database that was made before that step was written.
            let mut tx = db.write(Durability::Act).await.expect("write");
            let last = MIGRATIONS.iter().find(|step| step.sqlite.contains("CREATE TABLE holding_reply"));
            let number = last.expect("a step").number;
            for text in [
                "DROP TABLE holding_reply",
                "DROP TABLE holding_look",
                "ALTER TABLE draft DROP COLUMN blind_copies",
            ] {
                run!(&mut tx, query(text)).expect("dropped");
            }
            let forget = ["DELETE", "FROM schema_version WHERE version =", &number.to_string()].join(" ");
            run!(&mut tx, query(AssertSqlSafe(forget))).expect("forgotten");
            tx.commit().await.expect("kept");
            assert!(first < number && number < newest());
            run(&db).await.expect("taken");
            assert!(is_done(&done(&mut db.read().await.expect("read")).await.expect("steps")));
        });
    }
}
