//! Threads without headers: which messages of a list belong together.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use anyhow::{Context, Result};
use care::ids::{AddressId, NaturalKey};
use reading::letter::parse;
use reading::thread::{Facts, Threads};

use super::{Asked, Row};

/// Measures the building of threads.
pub fn rows(asked: &Asked) -> Vec<Row> {
    measure(&asked.data).map_err(|e| eprintln!("skipped: {e:#}")).into_iter().flatten().collect()
}

fn measure(data: &Path) -> Result<Vec<Row>> {
    let folder = data.join("support-list");
    let mbox = zstd::decode_all(
        std::fs::File::open(folder.join("list.mbox.zst")).context("opening list.mbox.zst")?,
    )?;
    let links = std::fs::read_to_string(folder.join("links.tsv"))?;
    let truth: HashMap<NaturalKey, Link<'_>> = links.lines().skip(1).filter_map(Link::read).collect();
    let all = facts(&mbox);
    let hidden: Vec<Facts> = all.iter().map(|f| Facts { parents: Vec::new(), ..f.clone() }).collect();
    Ok(vec![
        row("threads by headers (support-list)", &all, &truth),
        row("threads, headers hidden (support-list)", &hidden, &truth),
        answers(&hidden, &truth),
    ])
}

struct Link<'t> {
    parent: Option<NaturalKey>,
    thread: &'t str,
}

impl<'t> Link<'t> {
    fn read(line: &'t str) -> Option<(NaturalKey, Link<'t>)> {
        let mut fields = line.split('\t');
        let key = |id: &str| NaturalKey::of(id.trim_matches(['<', '>']).as_bytes());
        let id = key(fields.next()?);
        let parent = fields.next().filter(|p| !p.is_empty()).map(key);
        Some((id, Link { parent, thread: fields.next()? }))
    }
}

/// The messages of an mbox, as threading needs them.
fn facts(mbox: &[u8]) -> Vec<Facts> {
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut starts: Vec<usize> = memchr::memmem::find_iter(mbox, b"\nFrom ").map(|at| at + 1).collect();
    starts.insert(0, 0);
    starts.push(mbox.len());
    let raw = starts.windows(2).map(|pair| &mbox[pair[0]..pair[1]]);
    raw.filter_map(|raw| parse(raw).ok())
        .map(|letter| {
            Facts::of(&letter, |mailbox| {
                let next = numbers.len() as u32;
                AddressId(*numbers.entry(mailbox.address.clone()).or_insert(next))
            })
        })
        .collect()
}

/// F1 over pairs of messages in one thread.
fn row(task: &'static str, all: &[Facts], truth: &HashMap<NaturalKey, Link<'_>>) -> Row {
    let mut threads = Threads::new();
    all.iter().for_each(|facts| threads.add(facts));
    let mut said: BTreeMap<u64, u64> = BTreeMap::new();
    let mut was: BTreeMap<&str, u64> = BTreeMap::new();
    let mut both: BTreeMap<(u64, &str), u64> = BTreeMap::new();
    for facts in all {
        let (Some(thread), Some(link)) = (threads.thread(facts.key), truth.get(&facts.key)) else { continue };
        *said.entry(thread).or_default() += 1;
        *was.entry(link.thread).or_default() += 1;
        *both.entry((thread, link.thread)).or_default() += 1;
    }
    let mut parts: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for ((_, thread), count) in &both {
        parts.entry(thread).or_default().push(*count);
    }
    let mut mistakes: Vec<_> = parts
        .iter()
        .filter(|(_, parts)| 1 < parts.len())
        .map(|(thread, parts)| format!("{thread} fell into parts of {parts:?}"))
        .collect();
    mistakes.sort_by_key(|m| std::cmp::Reverse(m.len()));
    let pairs = |n: &u64| n * (n - 1) / 2;
    let hit: u64 = both.values().map(pairs).sum();
    let (said, was): (u64, u64) = (said.values().map(pairs).sum(), was.values().map(pairs).sum());
    let (precision, recall) = (hit as f64 / said.max(1) as f64, hit as f64 / was.max(1) as f64);
    let f1 = 2.0 * hit as f64 / (said + was).max(1) as f64;
    Row {
        task,
        measure: format!("F1 of {was} pairs of one thread among {} messages", all.len()),
        floor: "F1 .90",
        goal: ".97",
        figure: format!("F1 {f1:.3}, P {precision:.3}, R {recall:.3}"),
        met_floor: 0.90 <= f1,
        met_goal: 0.97 <= f1,
        mistakes,
        ..Row::default()
    }
}

/// How often the very message answered is found.
fn answers(all: &[Facts], truth: &HashMap<NaturalKey, Link<'_>>) -> Row {
    let mut threads = Threads::new();
    all.iter().for_each(|facts| threads.add(facts));
    let with_parent = all.iter().filter(|f| truth.get(&f.key).is_some_and(|link| link.parent.is_some()));
    let (mut hit, mut found, mut count) = (0, 0, 0);
    for facts in with_parent {
        count += 1;
        let answer = threads.answers(facts.key);
        found += u32::from(answer.is_some());
        hit += u32::from(answer == truth[&facts.key].parent);
    }
    let share = f64::from(hit) / f64::from(count.max(1));
    Row {
        task: "which message is answered, headers hidden (support-list)",
        measure: format!("{count} answers"),
        figure: format!("{hit} right = {:.1} %, {found} found", share * 100.0),
        ..Row::default()
    }
}
