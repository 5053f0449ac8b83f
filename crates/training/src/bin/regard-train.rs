//! Trains the weights that come with the program:
//! `regard-train [--data DIR] [--own crates/training/passages] [--out crates/reading/weights]`.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use training::data::{self, Sample, Source};
use training::learn::{Settings, learn};

fn main() -> Result<()> {
    let mut data = PathBuf::from("../shared/data");
    let mut own = PathBuf::from("crates/training/passages");
    let mut out = PathBuf::from("crates/reading/weights");
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().with_context(|| format!("{word} needs a value"))?;
        match word.as_str() {
            "--data" => data = PathBuf::from(value),
            "--own" => own = PathBuf::from(value),
            "--out" => out = PathBuf::from(value),
            _ => bail!(
                "unknown argument {word}; usage: regard-train [--data DIR] [--own crates/training/passages] \
                 [--out crates/reading/weights]"
            ),
        }
    }
    let samples = data::all(&data, &own);
    // What may only be measured never reaches the weights that are passed on.
    let samples: Vec<&Sample> = samples.iter().filter(|s| s.source != Source::Tweets).collect();
    if samples.is_empty() {
        bail!("no labelled texts under {} and {}", data.display(), own.display());
    }
    let model = learn(&samples, Settings::default());
    let path = out.join("reader.bin");
    let bytes = model.to_bytes();
    std::fs::write(&path, &bytes).with_context(|| format!("writing {}", path.display()))?;
    println!("{} texts, {} bytes in {}", samples.len(), bytes.len(), path.display());
    Ok(())
}
