//! Every SQL text keeps the rules that let the schema be spread over many servers by firm: the firm leads every key,
//! every question and every join names it, and there are no triggers, serials or MERGE.

mod support;

use std::path::{Path, PathBuf};

use regard::db::ColumnKind;
use support::{Kind, Place, run};

/// Texts that are about the whole database, not about a firm's rows.
const WHOLE: [&str; 15] = [
    "SELECT node, until_at FROM node",
    "INSERT INTO node (",
    "CREATE TABLE IF NOT EXISTS schema_version",
    "SELECT COALESCE(MAX(version), 0) FROM schema_version",
    "SELECT version FROM schema_version",
    "INSERT INTO schema_version",
    "SELECT 1 FROM sqlite_master",
    "SELECT 1::bigint FROM pg_class",
    "SELECT name FROM sqlite_master",
    "SELECT name, type FROM pragma_table_info",
    "SELECT relname::text FROM pg_class",
    "SELECT column_name::text, udt_name::text FROM information_schema",
    "SELECT pg_advisory_xact_lock",
    "SELECT 'ok'",
    "INSERT INTO entry_words (entry_words) VALUES ('delete-all')",
];
/// Texts that read or write all firms on purpose: which firms there are, backup and restore, and the words that the index
/// knows, which say only how the firm's own are asked for.
const ALL_FIRMS: [&str; 12] = [
    "WITH RECURSIVE known (term) AS (\n        SELECT (SELECT term FROM entry_words_vocabulary ",
    "SELECT firm_id, name, zone, currency, hours, holidays, domains, standards, lead_id, region,\n        named_domains FROM firm ORDER BY",
    "SELECT firm_id FROM firm LIMIT 1",
    "SELECT firm_id, entry_id FROM message ORDER BY firm_id, entry_id",
    "SELECT {} FROM {}",
    "UPDATE firm SET behind = $1",
    "UPDATE firm SET revision = revision + $1",
    "SELECT COALESCE(MAX(revision), 0) FROM firm",
    "DELETE FROM {}",
    "DELETE FROM entry_words",
    "INSERT INTO {into} VALUES",
    "INSERT INTO {} VALUES",
];

#[test]
fn every_question_names_its_firm() {
    let (mut checked, mut broken) = (0, Vec::new());
    for file in rust_files(&root().join("src")) {
        for text in string_literals(&std::fs::read_to_string(&file).unwrap()) {
            let text = text.trim();
            let is_sql =
                ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "CREATE ", "MERGE ", "REPLACE ", "WITH "];
            if !is_sql.iter().any(|word| text.starts_with(word))
                || WHOLE.iter().any(|whole| text.starts_with(whole))
            {
                continue;
            }
            if ALL_FIRMS
                .iter()
                .any(|all| text == *all || (all.contains(['{', '\n']) && text.starts_with(all)))
            {
                continue;
            }
            if let Err(wrong) = keeps_rules(text) {
                broken.push(format!("{}: {wrong}:\n{text}", file.display()));
            }
            checked += 1;
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n\n"));
    assert!(60 < checked, "only {checked} texts were found: the search for them is wrong");
}

/// Whether one statement names the firm wherever it must.
fn keeps_rules(text: &str) -> Result<(), String> {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for bad in ["MERGE ", "REPLACE INTO", "INSERT OR ", "TRIGGER", "SERIAL", "AUTOINCREMENT", "RETURNING *"] {
        if words.contains(bad) {
            return Err(format!("{bad} is not for us"));
        }
    }
    if let Some(rest) = words.strip_prefix("INSERT INTO ") {
        let columns = rest.split_once('(').map_or("", |(_, columns)| columns);
        if !columns.starts_with("firm_id") && !columns.starts_with("rowid, firm,") {
            return Err("an INSERT begins with firm_id".into());
        }
    }
    for conflict in words.match_indices("ON CONFLICT (").map(|(at, found)| &words[at + found.len()..]) {
        if !conflict.starts_with("firm_id") {
            return Err("a conflict is about a key that firm_id leads".into());
        }
    }
    // SQLite's index of words knows rows by the number of their entry, and the firm as a word.
    let indexes = ["FROM entry_words WHERE rowid IN", "WHERE entry_words MATCH 'firm:f' || $1"];
    let indexed: usize = indexes.iter().map(|index| words.matches(index).count()).sum();
    let reads = words.matches(" FROM ").count() - words.matches(" FROM (").count() - indexed
        + usize::from(words.starts_with("UPDATE "));
    let joins = words.matches(" JOIN ").count();
    let names = words.matches("firm_id = ").count();
    if names < reads + joins {
        return Err(format!("{reads} tables and {joins} joins, but the firm is named {names} times"));
    }
    for join in words.split(" JOIN ").skip(1) {
        let on = join.split(" ON ").nth(1).unwrap_or_default();
        let is_joined =
            on.split(" WHERE ").next().and_then(|on| on.split(" AND ").next()).is_some_and(|first| {
                first
                    .split_once(" = ")
                    .is_some_and(|(a, b)| a.ends_with(".firm_id") && b.trim().ends_with(".firm_id"))
            });
        if !is_joined {
            return Err("a join begins with the equality of firm_id".into());
        }
    }
    Ok(())
}

#[test]
fn the_rules_would_catch_what_breaks_them() {
    for wrong in [
        "SELECT name FROM client WHERE client_id = $1",
        "SELECT a.x FROM a JOIN b ON b.id = a.id AND b.firm_id = a.firm_id WHERE a.firm_id = $1",
        "SELECT a.x FROM a JOIN b ON b.firm_id = a.firm_id AND b.id = a.id WHERE a.id = $1",
        "INSERT INTO client (client_id, firm_id) VALUES ($1, $2)",
        "INSERT INTO client (firm_id, client_id) VALUES ($1, $2) ON CONFLICT (client_id) DO NOTHING",
        "UPDATE client SET name = $2 WHERE client_id = $1",
        "DELETE FROM a WHERE firm_id = $1 AND id IN (SELECT id FROM b)",
        "MERGE INTO client USING other",
        "SELECT w.hit FROM (SELECT rowid AS hit FROM entry_words WHERE entry_words MATCH $2) w
            JOIN entry e ON e.firm_id = $1 AND e.entry_id = w.hit",
    ] {
        assert!(keeps_rules(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn both_schemas_have_the_same_tables_and_columns() {
    run(async {
        let (lite, server) = (Place::new(Kind::Embedded), Place::new(Kind::Server));
        let (lite, server) = (lite.open().await, server.open().await);
        let (mut ours, mut theirs) = (lite.tables().await.unwrap(), server.tables().await.unwrap());
        ours.sort_by(|a, b| a.name.cmp(&b.name));
        theirs.sort_by(|a, b| a.name.cmp(&b.name));
        assert!(25 < ours.len());
        for (one, other) in ours.iter().zip(&theirs) {
            assert_eq!(one.name, other.name);
            let names = |table: &regard::db::Table| -> Vec<(String, ColumnKind)> {
                let kind = |kind| match kind {
                    ColumnKind::At | ColumnKind::Flag => ColumnKind::Int,
                    kind => kind,
                };
                table.columns.iter().map(|column| (column.name.clone(), kind(column.kind))).collect()
            };
            assert_eq!(names(one), names(other), "columns of {}", one.name);
        }
        assert_eq!(ours.len(), theirs.len());
    });
}

#[test]
fn migrations_are_numbered_alike_and_the_firm_leads_every_key() {
    let folder = |name: &str| {
        let mut files: Vec<PathBuf> = std::fs::read_dir(root().join("migrations").join(name))
            .unwrap()
            .map(|e| e.unwrap().path())
            .collect();
        files.sort();
        files
    };
    let (sqlite, postgres) = (folder("sqlite"), folder("postgres"));
    let names =
        |files: &[PathBuf]| files.iter().map(|f| f.file_name().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(names(&sqlite), names(&postgres));
    // A number that was given to a change and not needed is left out.
    let mut before = 0;
    for file in names(&sqlite) {
        let number = file.to_string_lossy().split('_').next().and_then(|n| n.parse::<usize>().ok());
        assert!(number.is_some_and(|number| before < number), "{}", file.display());
        before = number.unwrap_or_default();
    }
    for file in sqlite.iter().chain(&postgres) {
        let text = std::fs::read_to_string(file).unwrap();
        let bare: String = text.lines().filter(|line| !line.starts_with("--")).collect::<Vec<_>>().join("\n");
        // What is owed follows from the record and can be made anew; nothing else is ever thrown away.
        let bare = bare.replace("DROP TABLE obligation;", "");
        for bad in ["TRIGGER", "SERIAL", "AUTOINCREMENT", "IDENTITY", "DROP "] {
            assert!(!bare.to_uppercase().contains(bad), "{}: {bad}", file.display());
        }
        for statement in bare.split(';').map(str::trim).filter(|s| !s.is_empty()) {
            check_keys(statement, &file.display().to_string());
        }
    }
}

fn check_keys(statement: &str, file: &str) {
    let words = statement.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.starts_with("CREATE TABLE node ") || words.contains("USING gin") || words.contains("USING fts5")
    {
        return;
    }
    if let Some((_, key)) = words.split_once("PRIMARY KEY (") {
        assert!(key.starts_with("firm_id"), "{file}: {words}");
    } else if words.starts_with("CREATE TABLE") {
        // SQLite's entries are found by one number, which no other firm's have; PostgreSQL's key begins with the firm.
        assert!(
            file.contains("sqlite") && words.contains("(firm_id INTEGER") || words.contains("( firm_id"),
            "{words}"
        );
    }
    if words.contains(" INDEX ") {
        assert!(words.contains("(firm_id"), "{file}: {words}");
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            files.push(path);
        }
    }
    files
}

/// The string literals of a source file, with line continuations joined; tables written by [`Insert`] become whole
/// statements.
fn string_literals(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let code: String = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let mut rest = code.as_str();
    let mut into: Option<String> = None;
    while let Some(start) = rest.find('"') {
        let is_character = rest[..start].ends_with('\'') && rest[start + 1..].starts_with('\'');
        let before = rest[..start].trim_end();
        let (is_into, is_then) = (before.ends_with("into:"), before.ends_with("then:"));
        rest = &rest[start + 1..];
        if is_character {
            continue;
        }
        let mut text = String::new();
        let mut letters = rest.char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => {
                    rest = &rest[at + 1..];
                    break;
                }
                '\\' => match letters.next() {
                    Some((_, '\n')) => {
                        let next = letters.as_str();
                        let skipped = next.len() - next.trim_start().len();
                        if 0 < skipped {
                            letters.nth(skipped - 1);
                        }
                    }
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, other)) => text.push(other),
                    None => break,
                },
                other => text.push(other),
            }
        }
        if is_into {
            into = Some(text);
        } else if is_then {
            found.push(format!("INSERT INTO {} VALUES (…) {text}", into.take().unwrap_or_default()));
        } else {
            found.push(text);
        }
    }
    found
}
