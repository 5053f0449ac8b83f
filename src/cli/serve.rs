//! `regard` without a command: the web app, and the work in the background beside it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::net::TcpListener;
use wire::net::Limits;

use super::connect;
use super::open::{self, Place};
use crate::access::secret::Secret;
use crate::app::outside::Allowed;
use crate::app::{App, Handles};
use crate::background::Background;
use crate::clock::{self, Clock};
use crate::config::{Config, Flags};
use crate::db::Db;
use crate::forwarding::listen;
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

/// What the web app does beside its pages.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Beside {
    /// Fetches and sends no mail beside the pages: another process does, with `regard work`
    #[arg(long)]
    no_work: bool,
    #[command(flatten)]
    forwarded: Forwarded,
}

/// Mail that is handed in.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct Forwarded {
    /// Takes mail for secret addresses here by LMTP (Settings, My mailboxes, makes them), such as 127.0.0.1:2424
    #[arg(long, value_name = "ADDR")]
    pub(super) lmtp: Option<SocketAddr>,
}

impl Forwarded {
    /// What this says among the settings.
    pub(super) fn flags(&self) -> Flags {
        Flags { lmtp: self.lmtp.map(|address| address.to_string()), ..Flags::default() }
    }
}

/// Binds where mail is handed in, where that is set.
pub(super) async fn handed_in(config: &Config) -> Result<Option<TcpListener>> {
    let Some(address) = config.lmtp()? else { return Ok(None) };
    let listener = listen::bound(address).await?;
    eprintln!("regard: mail for secret addresses is taken at {} by LMTP", listener.local_addr()?);
    Ok(Some(listener))
}

/// How often a mailbox is fetched though its server tells of nothing new.
const EVERY: Duration = Duration::from_secs(60);
/// While somebody waits for a page, servers may take no longer than this for one step.
const PATIENCE: Duration = Duration::from_secs(15);

/// Serves the record until somebody asks to stop.
pub(super) fn run(listen: &Listen, beside: &Beside, place: &Place) -> Result<()> {
    if beside.no_work && beside.forwarded.lmtp.is_some() {
        bail!("--lmtp is work, and --no-work leaves that to another process: give it to `regard work`");
    }
    let config = place.config(beside.forwarded.flags())?;
    let runtime = open::runtime()?;
    let stop = open::stop_flag(&runtime, open::STOPPING)?;
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
        allow(&app, &config, beside);
        let listener = bound(listen.listen).await?;
        let worked = work(&app, &config, beside, &stop).await?;
        serve_on(&app, listener, stop, if is_new { "/set-up" } else { "/" }).await?;
        if let Some(worked) = worked {
            // What it met it has told.
            drop(tokio::task::spawn_blocking(move || worked.join()).await);
        }
        app.db.close().await;
        Ok(())
    })
}

/// Lets pages reach the servers of mailboxes, as far as the settings of this installation go.
fn allow(app: &App, config: &Config, beside: &Beside) {
    let keys = connect::keys(config, true).map_err(|error| error.to_string());
    let reach = config.reach(false);
    let limits = Limits { connect: PATIENCE, quiet: PATIENCE, command: PATIENCE, ..Limits::default() };
    app.outside.allow(Allowed {
        keys,
        reach,
        call_logs: config.call_logs.value.clone(),
        limits,
        works: !beside.no_work,
    });
    if config.lmtp.value.is_some() || config.lmtp_domain.value.is_some() {
        app.outside.take_forwarded(config.lmtp_domain.value.clone());
    }
}

/// Begins the work in the background, in this process and on a thread of its own.
async fn work(
    app: &App,
    config: &Config,
    beside: &Beside,
    stop: &Arc<AtomicBool>,
) -> Result<Option<JoinHandle<()>>> {
    if beside.no_work {
        return Ok(None);
    }
    match app.outside.keys() {
        Ok(keys) => {
            let (db, keys, stop) = (app.db.patient(), keys.clone(), Arc::clone(stop));
            let lmtp = handed_in(config).await?;
            Ok(Some(Background { db, keys, every: EVERY, now: clock::now, stop, lmtp }.begin()?))
        }
        Err(error) => {
            eprintln!("regard: no mail is fetched or sent: {error}");
            Ok(None)
        }
    }
}

/// Serves `app` and prints where, until `stop` is set.
pub(super) async fn serve(app: App, listen: SocketAddr, stop: Arc<AtomicBool>, path: &str) -> Result<()> {
    serve_on(&app, bound(listen).await?, stop, path).await?;
    app.db.close().await;
    Ok(())
}

async fn bound(listen: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(listen).await.with_context(|| {
        format!("listening on {listen}. If another program uses it, choose another with --listen")
    })
}

async fn serve_on(app: &App, listener: TcpListener, stop: Arc<AtomicBool>, path: &str) -> Result<()> {
    let address = listener.local_addr().context("asking where it listens")?;
    println!("Regard is open at http://{address}{path}");
    println!("Stop it with Ctrl-C.");
    web::serve(Arc::clone(app), listener, stopped(stop)).await
}

async fn stopped(stop: Arc<AtomicBool>) {
    while !stop.load(std::sync::atomic::Ordering::Relaxed) {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
