//! Bringing mail and lists in: a file that is handed in, or a path on the server's machine.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use askama::Template;
use axum::Router;
use axum::extract::multipart::Field;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Multipart, Request, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{RequestExt, http::header::REFRESH};
use serde::Deserialize;
use tokio::io::AsyncWriteExt;

use crate::app::App;
use crate::app::work::called;
use crate::error::{Error, Result};
use crate::ids::StaffId;
use crate::record::{counts, sources};
use crate::report::words::counted;
use crate::set_up::bring::{self, What, list_named};
use crate::text::line;
use crate::web::forms::{Posted, is_same_site};
use crate::web::page::{Frame, page};
use crate::web::trouble::Trouble;
use crate::web::visitor::{Door, Visitor};

/// No file that is handed in is larger; larger ones are read from a path on the machine.
const LARGEST: u64 = 32 << 30;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/bring-in", get(show))
        .route("/bring-in/file", post(file).layer(DefaultBodyLimit::disable()))
        .route("/bring-in/path", post(path))
        .route("/bring-in/stopping", post(stop))
}

#[derive(Template)]
#[template(path = "set_up/bring_in.html")]
struct BringInPage {
    frame: Frame,
    /// What goes on, or ended last.
    work: Option<Shown>,
    /// Files whose reading was cut off: where they lie, and what they are called.
    unfinished: Vec<(String, String)>,
    /// Nothing was read here yet.
    is_empty: bool,
}

struct Shown {
    what: String,
    goes_on: bool,
    done: u64,
    of: u64,
    words: String,
    trouble: String,
}

async fn show(State(app): State<App>, visitor: Visitor) -> Result<Response, Trouble> {
    visitor.asker.may_set_up()?;
    let firm = visitor.asker.firm;
    let work = app.works.of(firm).map(|work| {
        let (done, messages) = (work.done.load(Ordering::Relaxed), work.messages.load(Ordering::Relaxed));
        let goes_on = work.ended().is_none();
        let (words, trouble) = match work.ended() {
            Some(Ok(words)) => (words, String::new()),
            Some(Err(trouble)) => (String::new(), trouble),
            None if work.bytes <= done && 0 < done => {
                ("Finding out who is who and what is owed.".to_owned(), String::new())
            }
            None => (format!("{} so far.", counted(messages as usize, "message", "messages")), String::new()),
        };
        Shown { what: work.what.clone(), goes_on, done: done.min(work.bytes), of: work.bytes, words, trouble }
    });
    let goes_on = work.as_ref().is_some_and(|work| work.goes_on);
    let mut tx = app.db.read().await?;
    let known = sources::sources(&mut tx, firm).await?;
    let is_empty = work.is_none() && !counts::has_any(&mut tx, firm).await?;
    tx.commit().await?;
    let unfinished = known
        .into_iter()
        .filter(|source| !goes_on && !source.done && Path::new(&source.path).exists())
        .map(|source| {
            let path = Path::new(&source.path);
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let shown = if app.works.is_handed_in(path) { called(&name) } else { &source.path };
            (source.path.clone(), shown.to_owned())
        })
        .collect();
    let shown = page(&BringInPage { frame: Frame::new(&visitor, "settings"), work, unfinished, is_empty })?;
    // Told by the header, so that it works without script.
    Ok(if goes_on { ([(REFRESH, "2")], shown).into_response() } else { shown })
}

#[derive(Debug, Deserialize)]
struct PathForm {
    path: String,
    #[serde(default)]
    kind: String,
}

async fn path(
    State(app): State<App>,
    Posted { visitor, form }: Posted<PathForm>,
) -> Result<Response, Trouble> {
    visitor.asker.may_set_up()?;
    let path = PathBuf::from(line("the path", &form.path, 4000)?);
    if !path.is_absolute() {
        return Err(Error::invalid(
            "the path",
            "must be whole, from the root of the machine, like /home/amy/Mail",
        )
        .into());
    }
    if !path.exists() {
        let words = format!("{} is not there on the machine where Regard runs", path.display());
        return Err(Error::invalid("the path", words).into());
    }
    let called = format!("Reading {}", path.display());
    begin(&app, &visitor, &form.kind, path, called)
}

fn begin(
    app: &App,
    visitor: &Visitor,
    kind: &str,
    path: PathBuf,
    called: String,
) -> Result<Response, Trouble> {
    let what = match kind {
        "" | "mail" => What::Mail(path),
        list => match list_named(list) {
            Some(list) => What::List(list, path),
            None => {
                return Err(
                    Error::invalid("the kind", format!("“{list}” is nothing that is read here")).into()
                );
            }
        },
    };
    bring::start(app, visitor.asker.firm, visitor.asker.staff, what, called)?;
    Ok(Redirect::to("/bring-in").into_response())
}

#[derive(Debug, Deserialize)]
struct Nothing {}

async fn stop(State(app): State<App>, Posted { visitor, .. }: Posted<Nothing>) -> Result<Response, Trouble> {
    visitor.asker.may_set_up()?;
    if let Some(work) = app.works.of(visitor.asker.firm) {
        work.stop.store(true, Ordering::Relaxed);
    }
    Ok(Redirect::to("/bring-in").into_response())
}

/// A file that somebody hands in: written to disk as it comes, never held in memory.
async fn file(State(app): State<App>, request: Request) -> Result<Response, Trouble> {
    let (mut parts, body) = request.into_parts();
    let visitor = Visitor::from_request_parts(&mut parts, &app).await?;
    visitor.asker.may_set_up()?;
    if !is_same_site(&parts.headers) {
        return Err(foreign(&parts));
    }
    let kept = parts.clone();
    let form: Result<Multipart, _> = Request::from_parts(parts, body).extract().await;
    let mut form =
        form.map_err(|refused| Error::invalid("the file", format!("was not understood: {refused}")))?;
    let (mut is_ours, mut kind) = (false, String::new());
    while let Some(field) = form.next_field().await.map_err(cut_off)? {
        match field.name().unwrap_or_default() {
            "mark" => {
                let mark = field.text().await.map_err(cut_off)?;
                is_ours = matches!(&visitor.door, Door::Session(secret) if secret.is_form_mark(&mark));
            }
            "kind" => kind = field.text().await.map_err(cut_off)?,
            "file" => {
                // The mark stands before the file in our own pages: nothing of a foreign form reaches the disk.
                if !is_ours {
                    return Err(foreign(&kept));
                }
                let (path, name) = keep(&app, visitor.asker.staff, field).await?;
                return begin(&app, &visitor, &kind, path, format!("Reading {name}"));
            }
            _ => {}
        }
    }
    Err(Error::invalid("the file", "is missing: choose one").into())
}

fn foreign(parts: &Parts) -> Trouble {
    Trouble::of(
        Error::invalid("this form", "did not come from a page of this session; load the page again"),
        parts,
    )
}

fn cut_off(refused: axum::extract::multipart::MultipartError) -> Error {
    Error::invalid("the file", format!("did not arrive whole: {refused}. Nothing was done; hand it in again"))
}

/// Writes a file to the disk; gives where it lies and what it was called.
async fn keep(app: &App, by: StaffId, mut field: Field<'_>) -> Result<(PathBuf, String)> {
    let name: String = field.file_name().unwrap_or_default().chars().take(100).collect();
    let fit = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' };
    let safe: String = name.chars().map(fit).collect();
    let id = app.now().as_millisecond();
    let path = app.works.folder()?.join(format!("{id}-{}-{}", by.0, safe.trim_start_matches('.')));
    let written = write(&path, &mut field).await;
    match written {
        Ok(0) => {
            drop(std::fs::remove_file(&path));
            Err(Error::invalid("the file", "is missing or empty: choose one"))
        }
        Ok(_) => Ok((path, line("the name", &name, 100)?)),
        Err(error) => {
            drop(std::fs::remove_file(&path));
            Err(error)
        }
    }
}

async fn write(path: &Path, field: &mut Field<'_>) -> Result<u64> {
    let failed = |e: std::io::Error| Error::file(path, e);
    let mut out = tokio::io::BufWriter::new(tokio::fs::File::create(path).await.map_err(failed)?);
    let mut length = 0;
    while let Some(bytes) = field.chunk().await.map_err(cut_off)? {
        length += bytes.len() as u64;
        if LARGEST < length {
            return Err(Error::invalid(
                "the file",
                "is too large to hand in; put it on the machine and give its path",
            ));
        }
        out.write_all(&bytes).await.map_err(failed)?;
    }
    out.flush().await.map_err(failed)?;
    Ok(length)
}
