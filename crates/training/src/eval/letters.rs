//! Quotes and signatures: what of a letter is new.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result};
use reading::letter::{BlockKind, Letter, parse};
use serde::Deserialize;
use serde_json::Value;

use super::measure::{Counts, f1_interval, wilson};
use super::{Asked, Row};

/// Measures the cutting of quotes and of signatures.
pub fn rows(asked: &Asked) -> Vec<Row> {
    [quotes(&asked.data), signatures(&asked.data)]
        .into_iter()
        .filter_map(|row| row.map_err(|e| eprintln!("skipped: {e:#}")).ok())
        .collect()
}

/// The files of a compressed archive, by name.
pub(super) fn archive(path: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let file = std::fs::File::open(path).with_context(|| format!("opening {}", path.display()))?;
    let mut decoder = zstd::Decoder::new(file)?;
    decoder.window_log_max(27)?;
    let mut tar = tar::Archive::new(decoder);
    let mut files = BTreeMap::new();
    for entry in tar.entries()? {
        let mut entry = entry?;
        if entry.header().entry_type().is_file() {
            let name = entry.path()?.to_string_lossy().into_owned();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            files.insert(name, bytes);
        }
    }
    Ok(files)
}

#[derive(Deserialize)]
struct Expectation {
    file: String,
    check: String,
    value: Value,
    sender: Option<String>,
}

fn quotes(data: &Path) -> Result<Row> {
    let folder = data.join("reply-quotes");
    let files = archive(&folder.join("mails.tar.zst"))?;
    let expected = std::fs::read_to_string(folder.join("expected.jsonl"))?;
    let (mut met, mut all) = (0, 0);
    let mut by_source: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    let mut mistakes = Vec::new();
    for line in expected.lines() {
        let wanted: Expectation = serde_json::from_str(line)?;
        let bytes = files
            .iter()
            .find(|(name, _)| name.ends_with(&format!("/{}", wanted.file)) || **name == wanted.file)
            .map(|(_, bytes)| bytes)
            .with_context(|| format!("no file {}", wanted.file))?;
        let Ok(letter) = parse(&as_message(&wanted, bytes)) else {
            all += 1;
            continue;
        };
        let is_met = is_met(&letter, &wanted);
        all += 1;
        met += u32::from(is_met);
        let source =
            by_source.entry(wanted.file.split('/').next().unwrap_or_default().to_owned()).or_default();
        source.0 += u32::from(is_met);
        source.1 += 1;
        if !is_met {
            mistakes.push(format!(
                "{} {}: wanted {:.200} | new {:.200?} | signature {:?} | quoted {}",
                wanted.file,
                wanted.check,
                wanted.value,
                letter.new_text,
                letter.signature,
                letter.quoted.len()
            ));
        }
    }
    let share = f64::from(met) / f64::from(all);
    let (low, high) = wilson(met, all);
    let sources: Vec<_> = by_source.iter().map(|(name, (met, all))| format!("{name} {met}/{all}")).collect();
    Ok(Row {
        task: "quoted text (reply-quotes)",
        measure: format!("expectations met of {all}: {}", sources.join(", ")),
        floor: "92 %",
        goal: "98 %",
        figure: format!("{met}/{all} = {:.1} % ({:.1}–{:.1})", share * 100.0, low * 100.0, high * 100.0),
        met_floor: 0.92 <= share,
        met_goal: 0.98 <= share,
        mistakes,
        ..Row::default()
    })
}

fn as_message(wanted: &Expectation, bytes: &[u8]) -> Vec<u8> {
    if wanted.file.ends_with(".eml") {
        return bytes.to_vec();
    }
    let kind = if wanted.file.ends_with(".html") { "html" } else { "plain" };
    let mut raw = format!("Subject: x\nContent-Type: text/{kind}; charset=utf-8\n").into_bytes();
    if let Some(sender) = &wanted.sender {
        raw.extend_from_slice(format!("X-From: {sender}\n").as_bytes());
    }
    raw.push(b'\n');
    // One of the sources marks signatures in the mails themselves.
    raw.extend_from_slice(String::from_utf8_lossy(bytes).replace("#sig#", "").as_bytes());
    raw
}

/// Words without the spaces and lines between them; the sources differ in both.
fn squeeze(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c == '\u{feff}').collect()
}

fn is_met(letter: &Letter, wanted: &Expectation) -> bool {
    let text = squeeze(wanted.value.as_str().unwrap_or_default());
    let new = squeeze(&letter.new_text);
    let signature = squeeze(letter.signature.as_deref().unwrap_or_default());
    let second = letter.quoted.get(usize::from(letter.new_text.is_empty()));
    let body = second.map(|q| squeeze(&q.text)).unwrap_or_default();
    let header = second.map(|q| squeeze(&q.header)).unwrap_or_default();
    match wanted.check.as_str() {
        // Some of the sources cut quotes alone: the signature may stand.
        // And one leaves the rule above the quoted headers.
        "visible_equals" => {
            let text = text.trim_end_matches('-');
            new == text || format!("{new}{signature}") == text
        }
        "visible_contains" => new.contains(&text),
        "visible_lacks" => !new.contains(&text),
        "first_fragment_equals" => first_fragment(letter) == text,
        "signature_equals" => signature == text.replace("#sig#", ""),
        "signature_contains" => signature.contains(&text),
        "signature_lacks" => !signature.contains(&text),
        "second_body_equals" => body == text.trim_start_matches('>'),
        "second_body_contains" => body.contains(&text),
        "second_body_lacks" => !body.contains(&text),
        "second_headers_contains" => header.contains(&text),
        "messages_in_thread" => {
            let own = usize::from(!letter.new_text.is_empty() || letter.signature.is_some());
            wanted.value.as_u64() == Some((own + letter.quoted.len()) as u64)
        }
        "fragments_quoted" => flags(letter, |kind| kind == Fragment::Quoted) == wanted.value,
        "fragments_signature" => flags(letter, |kind| kind == Fragment::Signature) == wanted.value,
        _ => false,
    }
}

/// The first stretch of new words.
fn first_fragment(letter: &Letter) -> String {
    let new = squeeze(&letter.new_text);
    let first = letter
        .blocks
        .iter()
        .find(|b| b.kind == BlockKind::New)
        .map(|b| squeeze(&letter.text[b.start..b.end]));
    let first = first.unwrap_or_default();
    let same = first.chars().zip(new.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a);
    same.collect()
}

#[derive(Clone, Copy, PartialEq)]
enum Fragment {
    New,
    Quoted,
    Signature,
}

fn flags(letter: &Letter, is: impl Fn(Fragment) -> bool) -> Value {
    let new = squeeze(&letter.new_text);
    let mut fragments = Vec::new();
    for block in &letter.blocks {
        let words = squeeze(&letter.text[block.start..block.end]);
        if words.is_empty() {
            continue;
        }
        if block.kind == BlockKind::Quoted {
            fragments.push(Fragment::Quoted);
            continue;
        }
        let own: usize = words.chars().zip(new.chars()).take_while(|(a, b)| a == b).count();
        if new.contains(&words) {
            fragments.push(Fragment::New);
            continue;
        }
        let follows_quote = fragments.last() == Some(&Fragment::Quoted);
        let is_apart = follows_quote && letter.text[block.start..].starts_with("\n\n");
        if 0 < own || is_apart {
            fragments.push(Fragment::New);
        }
        // The sources count a name and a list's footer as two.
        let rule = words.find("____").filter(|at| own < words[..*at].chars().count());
        fragments.extend(std::iter::repeat_n(Fragment::Signature, 1 + usize::from(rule.is_some())));
    }
    fragments.into_iter().map(|f| Value::Bool(is(f))).collect()
}

#[derive(Deserialize)]
struct Marked {
    id: String,
    sender: String,
    lines: Vec<String>,
    is_signature: Vec<u8>,
}

fn signatures(data: &Path) -> Result<Row> {
    let text = std::fs::read_to_string(data.join("signature-lines/messages.jsonl"))?;
    let mut counts = Counts::default();
    let mut answers = Vec::new();
    let mut mistakes = Vec::new();
    for line in text.lines() {
        let marked: Marked = serde_json::from_str(line)?;
        let raw = format!(
            "X-From: {}\nContent-Type: text/plain; charset=utf-8\n\n{}\n",
            marked.sender,
            marked.lines.join("\n")
        );
        let Ok(letter) = parse(raw.as_bytes()) else { continue };
        let said = signature_lines(&letter, &marked.lines);
        for ((said, truth), words) in said.iter().zip(&marked.is_signature).zip(&marked.lines) {
            let truth = *truth == 1;
            counts.add(*said, truth);
            answers.push((*said, truth));
            if *said != truth {
                let kind = if *said { "cut" } else { "left" };
                mistakes.push(format!("{} ({}) {kind}: {words:.100}", marked.id, marked.sender));
            }
        }
    }
    let (low, high) = f1_interval(&answers);
    Ok(Row {
        task: "signature (signature-lines)",
        measure: format!("F1 of {} lines, {} of signatures", counts.all(), counts.hit + counts.miss),
        plain: "F1 .76",
        floor: "F1 .93",
        goal: ".97",
        figure: format!(
            "F1 {:.3} ({low:.3}–{high:.3}), P {:.3}, R {:.3}",
            counts.f1(),
            counts.precision(),
            counts.recall()
        ),
        met_floor: 0.93 <= counts.f1(),
        met_goal: 0.97 <= counts.f1(),
        mistakes,
    })
}

/// Which lines of a body the letter holds as its signature; blank lines never count.
fn signature_lines(letter: &Letter, lines: &[String]) -> Vec<bool> {
    let mut closing: Vec<&str> = letter
        .signature
        .as_deref()
        .unwrap_or_default()
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .collect();
    let mut said = vec![false; lines.len()];
    for (line, said) in lines.iter().zip(&mut said).rev() {
        let line = line.trim();
        if !line.is_empty() && closing.last() == Some(&line) {
            closing.pop();
            *said = true;
        }
    }
    said
}
