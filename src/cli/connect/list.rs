//! `regard connect list`.

use anyhow::Result;
use jiff::Timestamp;
use serde::Serialize;

use super::open;
use crate::clock;
use crate::config::Config;
use crate::mailboxes::store;
use crate::mailboxes::{Connection, junk};

#[derive(Debug, clap::Args)]
pub(super) struct ListArgs {
    /// Prints one JSON object instead of words
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Listed {
    mailboxes: Vec<One>,
    in_junk: Vec<Junk>,
}

#[derive(Serialize)]
struct One {
    address: String,
    fetched_by: String,
    sent_by: String,
    user: String,
    folders: Option<Vec<String>>,
    fetched_at: Option<Timestamp>,
    tried_at: Option<Timestamp>,
    /// What somebody should know.
    alarm: Option<String>,
    trouble: Option<String>,
}

#[derive(Serialize)]
struct Junk {
    mailbox: String,
    client: String,
    from: String,
    subject: String,
    at: Timestamp,
}

pub(super) async fn list(args: &ListArgs, config: &Config) -> Result<String> {
    let (db, firm) = open::existing(config).await?;
    let mut tx = db.read().await?;
    let (all, junk) = (store::all(&mut tx, firm.id).await?, junk::all(&mut tx, firm.id).await?);
    let now = clock::now();
    let listed = Listed {
        mailboxes: all.iter().map(|connection| one(connection, now)).collect(),
        in_junk: junk
            .into_iter()
            .map(|letter| Junk {
                mailbox: letter.mailbox,
                client: letter.client_name,
                from: letter.sender,
                subject: letter.subject,
                at: letter.sent,
            })
            .collect(),
    };
    match args.json {
        true => Ok(serde_json::to_string_pretty(&listed)? + "\n"),
        false => Ok(words(&listed)),
    }
}

fn one(connection: &Connection, now: Timestamp) -> One {
    One {
        address: connection.address.clone(),
        fetched_by: connection.fetch_by.shown(),
        sent_by: connection.send_by.shown(),
        user: connection.user.clone(),
        folders: connection.folders.clone(),
        fetched_at: connection.health.fetched,
        tried_at: connection.health.tried,
        alarm: connection.alarm(now),
        trouble: connection.health.trouble.as_ref().map(|trouble| trouble.words.clone()),
    }
}

fn words(listed: &Listed) -> String {
    if listed.mailboxes.is_empty() {
        return "No mailbox is connected. Connect one: regard connect add EMAIL --imap HOST\n".to_owned();
    }
    let mut text = String::new();
    for one in &listed.mailboxes {
        text.push_str(&format!(
            "{}\n  fetched from {}, sent by {}\n",
            one.address, one.fetched_by, one.sent_by
        ));
        match one.fetched_at {
            Some(at) => text.push_str(&format!("  last fetched {at}\n")),
            None => text.push_str("  never fetched\n"),
        }
        if let Some(alarm) = one.alarm.as_ref().or(one.trouble.as_ref()) {
            text.push_str(&format!("  ! {alarm}\n"));
        }
    }
    if !listed.in_junk.is_empty() {
        text.push_str("\nFrom clients, among unwanted mail on the server:\n");
        for letter in &listed.in_junk {
            text.push_str(&format!(
                "  {}: {} <{}> wrote “{}” at {}\n",
                letter.mailbox, letter.client, letter.from, letter.subject, letter.at
            ));
        }
    }
    text
}
