//! `regard` without a command: the web app.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::net::TcpListener;

use super::open::{self, Place};
use crate::access::secret::Secret;
use crate::app::{App, Handles};
use crate::clock::Clock;
use crate::config::Flags;
use crate::db::Db;
use crate::set_up::{self, bring};
use crate::web;

/// Where the web app listens where nothing else is said.
pub(super) const LISTEN: &str = "127.0.0.1:4646";

/// Where the web app listens.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Listen {
    /// The address to listen on
    #[arg(long, value_name = "ADDR", default_value = LISTEN)]
    pub(super) listen: SocketAddr,
}

/// Serves the record until somebody asks to stop.
pub(super) fn run(listen: &Listen, place: &Place) -> Result<()> {
    let config = place.config(Flags::default())?;
    let runtime = open::runtime()?;
    let stop = open::stop_flag(&runtime)?;
    runtime.block_on(async {
        let db = Db::open(&config.location()).await?;
        let app = Handles::new(db, Clock::default(), None);
        app.works.keep_in(std::path::absolute(config.data.value.join("handed-in"))?);
        let is_new = set_up::is_needed(&mut app.db.read().await?).await?;
        if is_new && !listen.listen.ip().is_loopback() {
            let code = Secret::new()?.text()[..8].to_owned();
            println!("The set-up code, asked for on the first visit: {code}");
            app.works.ask_for(code);
        }
        bring::recover(&app).await?;
        serve(app, listen.listen, stop, if is_new { "/set-up" } else { "/" }).await
    })
}

/// Serves `app` and prints where, until `stop` is set.
pub(super) async fn serve(app: App, listen: SocketAddr, stop: Arc<AtomicBool>, path: &str) -> Result<()> {
    let listener = TcpListener::bind(listen).await.with_context(|| {
        format!("listening on {listen}. If another program uses it, choose another with --listen")
    })?;
    let address = listener.local_addr().context("asking where it listens")?;
    println!("Regard is open at http://{address}{path}");
    println!("Stop it with Ctrl-C.");
    let db = app.db.clone();
    web::serve(app, listener, stopped(stop)).await?;
    db.close().await;
    Ok(())
}

async fn stopped(stop: Arc<AtomicBool>) {
    while !stop.load(std::sync::atomic::Ordering::Relaxed) {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
