//! The web server: routes, who is asking, forms, live updates, assets, the error page. No business here.

pub mod assets;
pub mod csv;
pub mod fit;
pub mod forms;
pub mod headers;
pub mod letter;
pub mod live;

pub mod page;
pub mod said;
pub mod trouble;
pub mod visitor;

use std::future::Future;
use std::net::SocketAddr;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::app::{self, App};
use crate::{
    api, calls, clients, correspondents, drafts, forwarding, holding, notes, set_up, settings, sign_in, today,
};

/// No form is longer; a file that is handed in has a limit of its own.
const LONGEST_FORM: usize = 2 * 1024 * 1024;

/// All pages.
pub fn router(app: App) -> Router {
    Router::new()
        .merge(today::pages::routes())
        .merge(clients::pages::routes())
        .merge(notes::pages::routes())
        .merge(calls::pages::routes())
        .merge(calls::api::routes())
        .merge(forwarding::pages::routes())
        .merge(drafts::pages::routes())
        .merge(sign_in::pages::routes())
        .merge(set_up::pages::routes())
        .merge(settings::pages::routes())
        .merge(holding::pages::routes())
        .merge(correspondents::pages::routes())
        .merge(live::routes())
        .merge(api::routes())
        .fallback(trouble::no_such_page)
        .layer(middleware::from_fn(fit::asked))
        .layer(DefaultBodyLimit::max(LONGEST_FORM))
        .layer(middleware::from_fn_with_state(app.clone(), trouble::framed))
        .layer(middleware::from_fn(said::sealed))
        .merge(assets::routes())
        .layer(middleware::from_fn(headers::secure))
        .layer(middleware::from_fn(to_the_end))
        .layer(CatchPanicLayer::custom(trouble::panicked))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .with_state(app)
}

/// What somebody asks to be done is done to its end, also where they are gone before it is (a tab that is closed): what was
/// said to another server meanwhile would be forgotten, such as a token that is good for one use.
async fn to_the_end(request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        Err(ended) => match ended.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The program stops.
            Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        },
    }
}

/// Serves pages until `stop` is done; what is under way then is finished first.
pub async fn serve(
    app: App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let background = app::live::watch(app.clone());
    let notes = app::seen::write_on(app.clone());
    let (live, works) = (app.clone(), app.clone());
    let stop = async move {
        stop.await;
        live.live.close();
    };
    // The last piece of a page shall not wait until the browser has said that it has the first ones.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let served = axum::serve(listener, router(app).into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(stop)
        .await;
    background.abort();
    works.works.stop().await;
    notes.stop().await;
    served.context("serving pages")
}
