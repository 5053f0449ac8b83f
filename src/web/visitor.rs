//! Who is asking: the session of a browser, or the token of a program.

use axum::extract::FromRequestParts;
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use jiff::tz::TimeZone;

use super::trouble::Trouble;
use crate::access::secret::Secret;
use crate::access::tokens::Scope;
use crate::access::{sessions, tokens};
use crate::app::App;
use crate::board::Asker;
use crate::db::Durability;
use crate::error::{Error, Result};
use crate::ids::{FirmId, StaffId};

/// The name of the cookie. A browser gives it only to the address that set it.
pub const COOKIE_NAME: &str = "regard";

/// Somebody who is signed in, with what a page needs of them.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Who they are, and what they may see.
    pub asker: Asker,
    /// The mark that forms of this session carry.
    pub form_mark: String,
    /// How they came in.
    pub door: Door,
}

/// How somebody came in.
#[derive(Debug, Clone)]
pub enum Door {
    /// With a browser that signed in.
    Session(Secret),
    /// With a token that may do this.
    Token(Scope),
}

impl Visitor {
    /// A new secret. A form that is handed in twice, by a double click or from the page before, gets the same one again, by
    /// what tells it from others (`once`) and what was filled in.
    pub fn secret_of_form(&self, once: &str, filled: &[&str]) -> Result<Secret> {
        match &self.door {
            Door::Session(own) if !once.is_empty() => Ok(own.of_form(&[&[once], filled].concat())),
            _ => Secret::new(),
        }
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Visitor, Trouble> {
        if let Some(known) = parts.extensions.get::<Visitor>() {
            return Ok(known.clone());
        }
        let visitor = visitor(parts, app).await.map_err(|error| Trouble::of(error, parts))?;
        let visitor = visitor.ok_or_else(|| Trouble::signed_out(parts))?;
        parts.extensions.insert(visitor.clone());
        Ok(visitor)
    }
}

async fn visitor(parts: &Parts, app: &App) -> Result<Option<Visitor>> {
    let now = app.now();
    if let Some((firm, secret)) = bearer(&parts.headers) {
        let token = tokens::find(&mut app.db.read().await?, firm, &secret).await?;
        let Some(token) = token else { return Ok(None) };
        let allowed = match token.scope {
            Scope::Act => true,
            Scope::Read => matches!(parts.method, Method::GET | Method::HEAD),
            Scope::Feed => false,
        };
        if !allowed {
            return Err(Error::invalid("this token", format!("may only {}", token.scope.name())));
        }
        let asker = asker(app, firm, token.staff, token.revision).await?;
        return Ok(asker.map(|asker| Visitor {
            asker,
            form_mark: String::new(),
            door: Door::Token(token.scope),
        }));
    }
    let Some((firm, secret)) = session_cookie(&parts.headers) else { return Ok(None) };
    let mut tx = app.db.read().await?;
    let found = sessions::find(&mut tx, firm, &secret, now).await?;
    tx.commit().await?;
    let Some(session) = found else { return Ok(None) };
    if session.unnoted {
        let mut tx = app.db.write(Durability::Import).await?;
        sessions::note(&mut tx, firm, &secret, now).await?;
        tx.commit().await?;
    }
    let asker = asker(app, firm, session.staff, session.revision).await?;
    let form_mark = secret.form_mark();
    app.kept.know(&form_mark);
    Ok(asker.map(|asker| Visitor {
        asker: Asker { zone: reader_zone(&parts.headers).unwrap_or(asker.zone), ..asker },
        form_mark,
        door: Door::Session(secret),
    }))
}

/// Somebody of the firm with the firm as it is at `revision` or later.
pub async fn asker(app: &App, firm: FirmId, staff: StaffId, revision: i64) -> Result<Option<Asker>> {
    let board = app.boards.at(&app.db, firm, revision).await?;
    let today = app.now().to_zoned(board.firm.zone.clone()).date();
    Ok(Asker::new(firm, staff, board, today))
}

/// The firm and secret of the session's cookie.
pub fn session_cookie(headers: &HeaderMap) -> Option<(FirmId, Secret)> {
    with_firm(cookie(headers, COOKIE_NAME)?)
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut values = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    values.find(|(name, _)| *name == wanted).map(|(_, value)| value)
}

/// The zone of the machine that reads, where its script told it and it is a zone that we know.
fn reader_zone(headers: &HeaderMap) -> Option<TimeZone> {
    TimeZone::get(cookie(headers, "zone")?).ok()
}

fn bearer(headers: &HeaderMap) -> Option<(FirmId, Secret)> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| with_firm(token.trim()))?
}

/// A secret with its firm before it, as cookies and tokens carry it: `1.0f3c…`.
pub fn with_firm(text: &str) -> Option<(FirmId, Secret)> {
    let (firm, secret) = text.split_once('.')?;
    Some((FirmId(firm.parse().ok()?), Secret::parse(secret)?))
}

/// The line that gives a browser its session. `secure` where the page came over TLS.
pub fn cookie_line(firm: FirmId, secret: &Secret, secure: bool) -> String {
    let seconds = sessions::LASTS.as_secs();
    let secure = if secure { "; Secure" } else { "" };
    format!(
        "{COOKIE_NAME}={}.{}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}",
        firm.0,
        secret.text()
    )
}

/// The line that takes the session from a browser.
pub fn no_cookie_line() -> String {
    format!("{COOKIE_NAME}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
}

/// Whether what a browser calls the host (`Host`, with its port or without) is the machine that it runs on: nobody else
/// comes here by that name.
pub fn is_this_machine(host: &str) -> bool {
    let machine = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next(),
        None => host.split(':').next(),
    };
    machine.is_some_and(|machine| ["127.0.0.1", "localhost", "::1"].contains(&machine))
}

/// Whether the page came over TLS, by what a proxy in front of us says.
pub fn is_secure(headers: &HeaderMap) -> bool {
    headers.get("x-forwarded-proto").is_some_and(|proto| proto.as_bytes() == b"https")
}
