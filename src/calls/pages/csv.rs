//! The lists of Settings, Telephone, as spreadsheets.

use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;

use super::super::{hooks, logs};
use crate::app::App;
use crate::board::Asker;
use crate::report::findings::Moment;
use crate::web::csv::export;
use crate::web::trouble::Trouble;
use crate::web::visitor::Visitor;

const SYSTEMS: [&str; 3] = ["name", "made_at", "last_call_at"];
const LOGS: [&str; 7] = ["log", "line", "calls", "read_at", "looked_at", "trouble", "trouble_since"];
const UNREAD: [&str; 4] = ["log", "line", "why", "met_at"];

fn moment(asker: &Asker, at: Option<Timestamp>) -> String {
    at.map(|at| Moment::new(at, &asker.zone).to_string()).unwrap_or_default()
}

/// The systems that tell of each call.
pub(super) async fn systems(State(app): State<App>, visitor: Visitor) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_set_up()?;
    let mut tx = app.db.read().await?;
    let all = hooks::all(&mut tx, asker.firm).await?;
    tx.commit().await?;
    let row = |hook: hooks::Hook| {
        let [made, heard] = [Some(hook.made_at), hook.heard_at].map(|at| moment(asker, at.map(Into::into)));
        vec![hook.name, made, heard]
    };
    Ok(export(&app, asker, "systems.csv", &SYSTEMS, all.into_iter().map(row).collect()).await?)
}

/// The logs that are followed.
pub(super) async fn logs(State(app): State<App>, visitor: Visitor) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_set_up()?;
    let mut tx = app.db.read().await?;
    let all = logs::all(&mut tx, asker.firm).await?;
    tx.commit().await?;
    let row = |log: logs::Log| {
        let (trouble, since) = log.trouble.unzip();
        vec![
            log.path,
            log.place.line.to_string(),
            log.calls.to_string(),
            moment(asker, log.read),
            moment(asker, log.looked),
            trouble.unwrap_or_default(),
            moment(asker, since),
        ]
    };
    Ok(export(&app, asker, "call_logs.csv", &LOGS, all.into_iter().map(row).collect()).await?)
}

/// The lines of them that could not be read.
pub(super) async fn unread(State(app): State<App>, visitor: Visitor) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_set_up()?;
    let mut tx = app.db.read().await?;
    let all = logs::all(&mut tx, asker.firm).await?;
    let wrong = logs::wrong(&mut tx, asker.firm).await?;
    tx.commit().await?;
    let row = |one: logs::Wrong| {
        let log = all.iter().find(|log| log.id == one.log).map(|log| log.path.clone());
        vec![log.unwrap_or_default(), one.line.to_string(), one.error, moment(asker, Some(one.met))]
    };
    Ok(export(&app, asker, "unread_lines.csv", &UNREAD, wrong.into_iter().map(row).collect()).await?)
}
