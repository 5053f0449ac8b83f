//! `regard export --contacts`.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::{Context, Result};
use serde_json::json;

use super::super::{open, options};
use super::{ExportArgs, client};
use crate::access::walls;
use crate::clients::{self, cards};
use crate::config::Config;
use crate::error::Error;
use crate::record::book;
use crate::report::words::counted;
use crate::staff::SOMEBODY;

/// Writes the contacts of one client or of all, but for those from whom a wall keeps whoever asks.
pub(super) fn export(args: &ExportArgs, config: &Config) -> Result<()> {
    let cards = open::runtime()?.block_on(async {
        let (db, firm) = open::existing(config).await?;
        let by = open::decider(&db, firm.id, config).await?;
        let mut tx = db.read().await?;
        let mut chosen = clients::store::all(&mut tx, firm.id).await?;
        chosen.retain(|client| !client.is_proposed());
        if let Some(named) = &args.client {
            let one = client(&mut tx, firm.id, named).await?.id;
            chosen.retain(|client| client.id == one);
        }
        let walls = walls::all(&mut tx, firm.id).await?;
        let is_walled = |id| {
            by != SOMEBODY && walls.iter().any(|w| w.staff == by && w.client == id && w.matter.is_none())
        };
        chosen.retain(|client| !is_walled(client.id));
        let chosen: BTreeMap<_, _> = chosen.into_iter().map(|client| (client.id, client.name)).collect();
        let known = book::load(&mut tx, firm.id).await?;
        anyhow::Ok(cards::of_clients(&mut tx, firm.id, &chosen, &known.directory).await?)
    })?;
    let text = wire::contacts::write(&cards);
    let Some(path) = &args.to else {
        return std::io::stdout().write_all(text.as_bytes()).context("writing to standard output");
    };
    std::fs::write(path, text).map_err(|error| Error::file(path, error))?;
    if args.json {
        return options::print_json(&json!({"contacts": cards.len(), "file": path.display().to_string()}));
    }
    let words = counted(cards.len(), "contact", "contacts");
    writeln!(std::io::stdout(), "Wrote {words} into {}.", path.display())
        .context("writing to standard output")
}
