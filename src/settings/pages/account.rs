//! One's own account: password, sessions, tokens.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::agents::browser;
use super::links::{Link, whole};
use super::{Nothing, Said, Tab, frame, lead, tabs};
use crate::access::secret::Secret;
use crate::access::tokens::Scope;
use crate::access::{passwords, sessions, tokens};
use crate::app::App;
use crate::app::limits::tried_too_often;
use crate::db::Durability;
use crate::drafts;
use crate::error::{Error, Result};
use crate::outbox::Way;
use crate::record::audit;
use crate::sign_in::pages::let_in;
use crate::today::words::When;
use crate::web::forms::{Path, Posted, Query};
use crate::web::page::{Frame, page};
use crate::web::said::Telling;
use crate::web::trouble::Trouble;
use crate::web::visitor::Visitor;

#[derive(Template)]
#[template(path = "settings/account.html")]
struct AccountPage {
    frame: Frame,
    tabs: Vec<Tab>,
    email: String,
    /// The browser in words, what it calls itself, since when and until when.
    sessions: Vec<(String, String, When, When)>,
    tokens: Vec<(i64, String, &'static str, When)>,
    /// How their letters end.
    signature: String,
    /// Letters go into the drafts of their mailbox, and not out.
    by_drafts: bool,
    /// What tells one form for a token from another.
    once: String,
    fresh: Option<Fresh>,
}

/// What was made this moment, and is shown once.
enum Fresh {
    Token(String),
    Feed(Link),
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(said): Query<Said>,
) -> Result<Response, Trouble> {
    Ok(account(&app, &visitor, &said, None).await?)
}

async fn account(app: &App, visitor: &Visitor, said: &Said, fresh: Option<Fresh>) -> Result<Response> {
    let (asker, now) = (&visitor.asker, app.now());
    let mut tx = app.db.read().await?;
    let email = passwords::of_staff(&mut tx, asker.firm, asker.staff).await?.map(|(email, _)| email);
    let open = sessions::all(&mut tx, asker.firm, asker.staff, now).await?;
    let made = tokens::all(&mut tx, asker.firm, asker.staff).await?;
    let writing = drafts::store::writing(&mut tx, asker.firm, asker.staff).await?;
    tx.commit().await?;
    let when = |at: crate::db::Ts| When::new(at.into(), now, &asker.zone);
    page(&AccountPage {
        frame: frame(visitor, said),
        tabs: tabs(visitor, "/settings"),
        email: email.unwrap_or_default(),
        sessions: open
            .into_iter()
            .map(|one| (browser(&one.agent), one.agent, when(one.made_at), when(one.seen_at)))
            .collect(),
        tokens: made
            .into_iter()
            .map(|one| (one.token_id, one.name, scope_words(&one.scope), when(one.made_at)))
            .collect(),
        signature: writing.signature,
        by_drafts: writing.way == Way::Drafts,
        once: Secret::new()?.text(),
        fresh,
    })
}

fn scope_words(scope: &str) -> &'static str {
    match scope {
        "read" => "may look",
        "act" => "may look and act",
        _ => "only the calendar feed",
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct PasswordForm {
    current: String,
    password: String,
}

/// A new password ends all sessions but a new one of this browser.
pub(super) async fn password(
    State(app): State<App>,
    headers: HeaderMap,
    Posted { visitor, form }: Posted<PasswordForm>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    let known = passwords::of_staff(&mut app.db.read().await?, asker.firm, asker.staff).await?;
    let (email, hashed) = known.ok_or_else(|| Error::invalid("you", "sign in without a password here"))?;
    let wait = app.limits.count(&email, None);
    wait.map_err(tried_too_often)?;
    let (current, fresh) = (form.current, form.password);
    let checked = tokio::task::spawn_blocking(move || {
        passwords::is_right(&current, Some(&hashed)).then(|| passwords::hash(&fresh))
    });
    let checked = checked.await.map_err(|e| Error::Unexpected(e.into()))?;
    let hashed = checked.ok_or_else(|| Error::invalid("the current password", "is another one"))??;
    let mut tx = app.db.write(Durability::Act).await?;
    passwords::save(&mut tx, asker.firm, asker.staff, &email, &hashed, now).await?;
    sessions::close_all(&mut tx, asker.firm, asker.staff).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "changed_password", "", now).await?;
    tx.commit().await?;
    let told = Telling::of("The password is changed, and every other session is signed out.");
    Ok(told.on(let_in(&app, asker.firm, asker.staff, &headers, Some("/settings")).await?))
}

#[derive(Debug, Deserialize)]
pub(super) struct TokenForm {
    name: String,
    scope: String,
    #[serde(default)]
    once: String,
}

pub(super) async fn make_token(
    State(app): State<App>,
    headers: HeaderMap,
    Posted { visitor, form }: Posted<TokenForm>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    let scope = Scope::named(&form.scope).ok_or_else(|| Error::invalid("the scope", "is none of these"))?;
    if scope == Scope::Act {
        asker.may_act()?;
    }
    let secret = visitor.secret_of_form(&form.once, &[&form.name, scope.name()])?;
    let mut tx = app.db.write(Durability::Act).await?;
    if tokens::make(&mut tx, asker.firm, asker.staff, &secret, &form.name, scope, now).await? {
        audit::note(&mut tx, asker.firm, asker.staff, "made_token", &form.name, now).await?;
    }
    let text = format!("{}.{}", asker.firm.0, secret.text());
    let fresh = match scope {
        Scope::Feed => Fresh::Feed(whole(&mut tx, &headers, asker.firm, &format!("/feed/{text}.ics")).await?),
        Scope::Read | Scope::Act => Fresh::Token(text),
    };
    tx.commit().await?;
    Ok(account(&app, &visitor, &Said::default(), Some(fresh)).await?)
}

pub(super) async fn remove_token(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, .. }: Posted<Nothing>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    let mut tx = app.db.write(Durability::Act).await?;
    let name = tokens::remove(&mut tx, asker.firm, asker.staff, id).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "removed_token", &name, app.now()).await?;
    tx.commit().await?;
    Ok(lead("/settings", "The token is worth nothing any more."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_called_by_its_name() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                    Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0";
        assert_eq!(browser(edge), "Edge on Windows");
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 \
                     (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
        assert_eq!(browser(phone), "Safari on an iPhone");
        assert_eq!(browser("curl/8.5.0"), "curl/8.5.0");
    }
}
