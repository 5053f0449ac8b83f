//! Broken, odd and large mail: nothing falls over, and texts and files are those that other readers find.

use std::collections::BTreeMap;
use std::panic::catch_unwind;
use std::path::Path;

use anyhow::Result;
use reading::letter::{Letter, Note, parse};
use serde_json::Value;

use super::letters::archive;
use super::measure::wilson;
use super::{Asked, Row};

/// Measures the reading of MIME.
pub fn rows(asked: &Asked) -> Vec<Row> {
    measure(&asked.data).map_err(|e| eprintln!("skipped: {e:#}")).into_iter().flatten().collect()
}

fn measure(data: &Path) -> Result<Vec<Row>> {
    let files = archive(&data.join("mime-cases/cases.tar.zst"))?;
    Ok(vec![faults(&files), trees(&files)])
}

/// All mail in the set, and all that only looks like it, is read without a fault.
fn faults(files: &BTreeMap<String, Vec<u8>>) -> Row {
    let mut mistakes = Vec::new();
    let mut unreadable = 0;
    for (name, bytes) in files {
        match catch_unwind(|| parse(bytes)) {
            Ok(Ok(_)) => {}
            Ok(Err(_)) => unreadable += 1,
            Err(_) => mistakes.push(format!("{name}: fell over")),
        }
    }
    let met = files.len() - mistakes.len();
    row(
        "MIME: no crash (mime-cases)",
        format!("all {} files, {unreadable} of them no mail", files.len()),
        (met as u32, files.len() as u32),
        mistakes,
    )
}

/// The text and the files of the cases that come with another reader's result.
fn trees(files: &BTreeMap<String, Vec<u8>>) -> Row {
    let (mut met, mut all) = (0, 0);
    let mut mistakes = Vec::new();
    for (name, bytes) in files {
        let wrong = if format!("/{name}").contains("/sw/") && name.ends_with(".eml") {
            other(files, name, ".json")
                .and_then(|json| serde_json::from_slice(json).ok())
                .map(|json| differs(bytes, &json))
        } else if format!("/{name}").contains("/m4j/") && name.ends_with(".msg") {
            first_text(files, name).and_then(|text| str::from_utf8(text).ok()).map(|text| lacks(bytes, text))
        } else {
            None
        };
        let Some(wrong) = wrong else { continue };
        all += 1;
        met += u32::from(wrong.is_none());
        mistakes.extend(wrong.map(|words| format!("{name}: {words:.200}")));
    }
    row(
        "MIME: texts and files (mime-cases)",
        format!("{all} comparable cases of mail-parser and mime4j"),
        (met, all),
        mistakes,
    )
}

/// The first text of mime4j's tree, of the message itself or of one enclosed in it.
fn first_text<'f>(files: &'f BTreeMap<String, Vec<u8>>, name: &str) -> Option<&'f Vec<u8>> {
    let tree = str::from_utf8(other(files, name, "_decoded.xml")?).ok()?;
    let (_, after) = tree.split_once("<text-body name=\"")?;
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    files.get(&format!("{folder}/{}", after.split('"').next()?))
}

/// The file beside another, with another ending.
fn other<'f>(files: &'f BTreeMap<String, Vec<u8>>, name: &str, ending: &str) -> Option<&'f Vec<u8>> {
    let (stem, _) = name.rsplit_once('.')?;
    files.get(&format!("{stem}{ending}"))
}

/// Readers guess differently at characters of no said set, and at text that was left encoded.
fn squeeze(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_graphic()).collect::<String>()
}

/// How a letter differs from mail-parser's result: in its plain text bodies, or in how many files it has.
///
/// A text in which a message was cut off before its border is a text for us, and a file with a fault for that library:
/// the tree is the same.
fn differs(bytes: &[u8], wanted: &Value) -> Option<String> {
    let Ok(letter) = parse(bytes) else { return Some("unreadable".to_owned()) };
    let ids = |name: &str| wanted[name].as_array().cloned().unwrap_or_default();
    let part = |id: &Value| &wanted["parts"][id.as_u64().unwrap_or_default() as usize];
    let body = |id: &Value| &part(id)["body"];
    let cut_off: Vec<Value> = ids("attachments")
        .into_iter()
        .filter(|id| body(id).get("Text").is_some() && part(id)["is_encoding_problem"] == true)
        .collect();
    let is_plain = ids("text_body").iter().all(|id| body(id).get("Html").is_none());
    let joined = |ids: &[Value]| ids.iter().filter_map(|id| body(id)["Text"].as_str()).collect::<String>();
    let text = joined(&ids("text_body"));
    let whole = squeeze(&text) + &squeeze(&joined(&cut_off));
    // Text that a sender's program left encoded is decoded here, and there it is not.
    let is_same = !letter.notes.contains(&Note::QuotedPrintableMended);
    let found = squeeze(&letter.text);
    if is_plain && is_same && !text.trim().is_empty() && found != squeeze(&text) && found != whole {
        return Some(format!("text: wanted {text:?}, found {:?}", letter.text));
    }
    let (texts, pages) = (ids("text_body"), ids("html_body"));
    let hung = ids("attachments").into_iter().filter(|id| {
        let is_text = body(id).get("Text").is_some() || body(id).get("Html").is_some();
        !(is_text && (texts.contains(id) || pages.contains(id)))
    });
    let hung = hung.count();
    let as_text = if found == whole { cut_off.len() } else { 0 };
    let met = (hung - as_text..=hung).contains(&letter.attachments.len());
    (!met).then(|| format!("files: wanted {hung}, found {}", files_of(&letter)))
}

fn files_of(letter: &Letter) -> String {
    letter.attachments.iter().map(|a| format!("{} ", a.media_type)).collect()
}

/// Whether the first decoded text is missing from a letter.
fn lacks(bytes: &[u8], text: &str) -> Option<String> {
    let Ok(letter) = parse(bytes) else { return Some("unreadable".to_owned()) };
    let enclosed = letter.quoted.iter().map(|quoted| quoted.text.as_str());
    let found: String = std::iter::once(letter.text.as_str()).chain(enclosed).map(squeeze).collect();
    (!found.contains(&squeeze(text))).then(|| format!("wanted {text:?}, found {:?}", letter.text))
}

fn row(task: &'static str, measure: String, (met, all): (u32, u32), mistakes: Vec<String>) -> Row {
    let share = f64::from(met) / f64::from(all.max(1));
    let (low, high) = wilson(met, all);
    Row {
        task,
        measure,
        floor: "97 %",
        goal: "99.5 %",
        figure: format!("{met}/{all} = {:.1} % ({:.1}–{:.1})", share * 100.0, low * 100.0, high * 100.0),
        met_floor: 0.97 <= share,
        met_goal: 0.995 <= share,
        mistakes,
        ..Row::default()
    }
}
