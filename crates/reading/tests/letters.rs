//! Every pair under `letters/`: a message, and what must be read in it. Also: nothing makes the reader fall over.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use reading::letter::{Automatic, Letter, parse};
use serde_json::{Map, Value, json};

#[test]
fn every_letter_is_read_as_its_twin_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/letters");
    let mut wrong = Vec::new();
    let mut read = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "eml") {
            read += 1;
            compare(&path, &mut wrong);
        }
    }
    assert!(25 <= read, "only {read} letters in {}", folder.display());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_round_of_letters_is_as_many_letters_and_a_copy_is_none() {
    let to = |who: &str, id: &str| {
        let text = format!(
            "From: Amy <amy@firm.example>\r\nTo: {who}\r\nSubject: We move\r\nMessage-ID: <{id}@firm.example>\r\n\
             Date: Mon, 1 Sep 2025 09:00:00 +0100\r\n\r\nFrom Monday you find us in Mill Lane.\r\n"
        );
        parse(text.as_bytes()).unwrap().content_key()
    };
    let (jo, kim) = ("Jo <jo@acme.example>", "Kim <kim@other.example>");
    assert_ne!(to(jo, "1"), to(kim, "2"));
    assert_eq!(to(jo, "1"), to("jo@acme.example", "3"));
    assert_eq!(to(&format!("{jo}, {kim}"), "1"), to(&format!("{kim}, {jo}"), "4"));
}

fn compare(path: &Path, wrong: &mut Vec<String>) {
    let letter = parse(&fs::read(path).unwrap()).unwrap();
    let wanted = fs::read_to_string(path.with_extension("json")).unwrap();
    let wanted: Map<String, Value> = serde_json::from_str(&wanted).unwrap();
    for (name, wanted) in &wanted {
        let found = value(&letter, name);
        if found != *wanted {
            wrong.push(format!("{}: {name}\n  wanted {wanted}\n  found  {found}", path.display()));
        }
    }
}

fn value(letter: &Letter, name: &str) -> Value {
    let quoted = &letter.quoted;
    match name {
        "message_id" => json!(letter.message_id),
        "from" => json!(letter.from.as_ref().map(|f| &f.address)),
        "from_name" => json!(letter.from.as_ref().and_then(|f| f.name.as_ref())),
        "from_account" => json!(letter.from.as_ref().and_then(|f| f.account.as_ref())),
        "to" => letter.to.iter().map(|m| json!(m.address)).collect(),
        "to_name" => letter.to.iter().map(|m| json!(m.name)).collect(),
        "sent" => json!(letter.sent.map(|s| s.at.to_string())),
        "sent_problem" => json!(letter.sent_problem.map(|p| format!("{p:?}"))),
        "subject" => json!(letter.subject),
        "base_subject" => json!(letter.base_subject()),
        "is_reply" => json!(letter.is_reply()),
        "is_forward" => json!(letter.is_forward()),
        "new_text" => json!(letter.new_text),
        "signature" => json!(letter.signature),
        "quoted" => json!(quoted.len()),
        "quoted_from" => quoted.iter().map(|q| json!(q.from.as_ref().map(|f| &f.address))).collect(),
        "quoted_name" => {
            quoted.iter().map(|q| json!(q.from.as_ref().and_then(|f| f.name.as_ref()))).collect()
        }
        "quoted_subject" => quoted.iter().map(|q| json!(q.subject)).collect(),
        "quoted_text" => quoted.iter().map(|q| json!(q.text)).collect(),
        "attachments" => letter
            .attachments
            .iter()
            .map(|a| json!(format!("{} {} {}", a.name.as_deref().unwrap_or("-"), a.media_type, a.size)))
            .collect(),
        "notes" => letter.notes.iter().map(|n| json!(format!("{n:?}"))).collect(),
        "calendar" => json!(letter.calendar.as_ref().map(|c| {
            format!("{} {}", c.method, c.answer.as_deref().unwrap_or_default()).trim().to_owned()
        })),
        "automatic" => json!(letter.automatic.map(|a| match a {
            Automatic::List { personal: true } => "List personal".to_owned(),
            Automatic::List { personal: false } => "List".to_owned(),
            other => format!("{other:?}"),
        })),
        "bounce" => json!(
            letter
                .bounce
                .as_ref()
                .and_then(|b| b.failures.first())
                .map(|f| { format!("{} {}", f.recipient, f.reason.name()) })
        ),
        other => json!(format!("the test knows no {other:?}")),
    }
}

fn samples() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/letters");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "eml"));
    paths.sort();
    paths.iter().map(|p| fs::read(p).unwrap()).collect()
}

/// What holds for every letter that was read.
fn check(raw: &[u8]) -> Result<(), TestCaseError> {
    let Ok(letter) = parse(raw) else { return Ok(()) };
    let mut end = 0;
    for block in &letter.blocks {
        prop_assert!(block.start == end && block.start <= block.end, "blocks follow one another");
        prop_assert!(letter.text.get(block.start..block.end).is_some(), "blocks end between characters");
        end = block.end;
    }
    prop_assert!(letter.blocks.is_empty() || end == letter.text.len(), "blocks cover the text");
    for line in letter.new_text.lines().map(str::trim).filter(|l| !l.is_empty()) {
        prop_assert!(letter.text.contains(line), "new words stand in the text");
    }
    prop_assert_eq!(letter.key(), parse(raw).map(|again| again.key()).unwrap_or(letter.key()));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        check(&bytes)?;
    }

    #[test]
    fn any_words_do_no_harm(words in "(Subject: x\n|From: |Content-Type: (text/html|multipart/mixed; boundary=b|message/rfc822)\n|\n|--b\n|> |On .{0,9} wrote:\n|<div>|</|&#|=\n|é|\u{0}|--\n){0,60}") {
        check(words.as_bytes())?;
    }

    #[test]
    fn changed_letters_do_no_harm(
        which in 0usize..30,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in any::<prop::sample::Index>(),
    ) {
        let samples = samples();
        let mut raw = samples[which % samples.len()].clone();
        for (at, byte) in changes {
            let at = at.index(raw.len());
            raw[at] = byte;
        }
        check(&raw)?;
        raw.truncate(cut.index(raw.len() + 1));
        check(&raw)?;
    }
}

#[test]
fn huge_and_twisted_messages_are_read_in_bounded_time() {
    let head = "From: a@b.example\nSubject: x\n";
    let long_line = format!("{head}\n{}\n", "wrote: > ".repeat(120_000));
    let long_html = format!("{head}Content-Type: text/html\n\n{}", "<blockquote><p>a &amp; ".repeat(40_000));
    let parts = "--b\nContent-Type: multipart/mixed; boundary=none\n\nx\n".repeat(10_000);
    let many_parts = format!("{head}Content-Type: multipart/mixed; boundary=b\n\n{parts}--b--\n");
    let nested = format!("{head}{}", "Content-Type: message/rfc822\n\n".repeat(20_000));
    let quotes = format!(
        "{head}\n{}",
        (0..5_000).map(|i| format!("{} line\n", ">".repeat(i % 200))).collect::<String>()
    );
    let colons = format!("{head}\n{}", "From: a\nTo: b\n".repeat(20_000));
    let nul = format!("{head}\n{}", "a\0b\n".repeat(50_000));
    for raw in [long_line, long_html, many_parts, nested, quotes, colons, nul] {
        let start = std::time::Instant::now();
        assert!(parse(raw.as_bytes()).is_ok());
        let took = start.elapsed();
        assert!(took.as_secs() < 20, "{took:?} for {:?}…", &raw[..60]);
    }
}
