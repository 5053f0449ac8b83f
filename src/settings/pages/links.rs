//! Addresses of ours that somebody carries elsewhere: whole, with the machine that they lead to.

use axum::http::HeaderMap;
use axum::http::header::HOST;

use crate::db::Tx;
use crate::error::Result;
use crate::ids::FirmId;
use crate::notices::web_address;
use crate::web::visitor::{is_secure, is_this_machine};

/// A whole address.
pub(super) struct Link {
    pub(super) href: String,
    /// It opens on the machine where Regard runs, and nowhere else.
    pub(super) is_here_only: bool,
}

/// The whole address of `path`: under the one by which the firm opens Regard, else under the one that was asked just now.
pub(super) async fn whole(tx: &mut Tx, headers: &HeaderMap, firm: FirmId, path: &str) -> Result<Link> {
    if let Some(web) = web_address(tx, firm).await? {
        return Ok(Link { href: format!("{web}{path}"), is_here_only: false });
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
    let scheme = if is_secure(headers) { "https" } else { "http" };
    Ok(Link { href: format!("{scheme}://{host}{path}"), is_here_only: is_this_machine(host) })
}
