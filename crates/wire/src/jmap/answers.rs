//! What methods answer, in the forms that several of them have.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::net::Trouble;

/// No id is longer, in bytes; the protocol says 255.
const LONGEST_ID: usize = 1000;

/// Things that were asked for.
#[derive(Deserialize)]
pub(super) struct Got<T> {
    #[serde(default)]
    pub(super) state: String,
    pub(super) list: Vec<T>,
    /// The ids of those that are not there.
    #[serde(default, rename = "notFound")]
    pub(super) not_found: Option<Vec<String>>,
}

/// Things that were looked for.
#[derive(Deserialize)]
pub(super) struct Found {
    pub(super) ids: Vec<String>,
    #[serde(default)]
    pub(super) total: Option<u64>,
}

/// What became of things that were to be made, by the names that they have in the question.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Outcome<T, N> {
    created: Option<BTreeMap<String, T>>,
    not_created: Option<BTreeMap<String, N>>,
}

/// The name of a thing that is made alone.
pub(super) const ONE: &str = "one";

impl<T, N> Outcome<T, N> {
    /// What was made of a thing that was to be made alone, and why it was not.
    pub(super) fn one(self) -> (Option<T>, Option<N>) {
        (
            self.created.and_then(|mut all| all.remove(ONE)),
            self.not_created.and_then(|mut all| all.remove(ONE)),
        )
    }
}

/// A thing that was made.
#[derive(Deserialize)]
pub(super) struct Made {
    pub(super) id: String,
}

/// Ids that can be kept.
pub(super) fn fit(ids: Vec<String>) -> Result<Vec<String>, Trouble> {
    ids.into_iter().map(fit_one).collect()
}

/// An id that can be kept.
pub(super) fn fit_one(id: String) -> Result<String, Trouble> {
    is_fit(&id)?;
    Ok(id)
}

/// Whether an id can be kept.
pub(super) fn is_fit(id: &str) -> Result<(), Trouble> {
    match id.is_empty() || LONGEST_ID < id.len() || id.contains('\0') {
        true => Err(Trouble::Broke("it gave something an id that is none".to_owned())),
        false => Ok(()),
    }
}
