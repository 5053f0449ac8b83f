//! Asks for what must not stand on the command line.

use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use wire::net::Secret;

use crate::mailboxes::SecretKind;

/// The variable that may hold the password.
const VARIABLE: &str = "REGARD_PASSWORD";

/// Where the password or token is.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct SecretArgs {
    /// Reads the password from the first line of this file; - is standard input. Without it REGARD_PASSWORD is taken,
    /// else it is asked for
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Reads an OAuth 2 access token from the first line of this file; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "password_file")]
    token_file: Option<PathBuf>,
}

impl SecretArgs {
    /// The secret, and what kind it is.
    pub(in crate::cli) fn read(&self, address: &str) -> Result<(Secret, SecretKind)> {
        if let Some(path) = &self.token_file {
            return Ok((first_line(path)?, SecretKind::Token));
        }
        let secret = match &self.password_file {
            Some(path) => first_line(path)?,
            None => match std::env::var(VARIABLE).ok().filter(|text| !text.is_empty()) {
                Some(text) => Secret::new(text),
                None => ask(address)?,
            },
        };
        Ok((secret, SecretKind::Password))
    }
}

fn ask(address: &str) -> Result<Secret> {
    if !std::io::stdin().is_terminal() {
        bail!("no password: give it with --password-file, or in the variable {VARIABLE}");
    }
    let typed =
        rpassword::prompt_password(format!("Password of {address}: ")).context("asking for the password")?;
    if typed.is_empty() {
        bail!("no password was given");
    }
    Ok(Secret::new(typed))
}

/// The secret on the first line of a file; `-` is standard input.
pub(super) fn first_line(path: &Path) -> Result<Secret> {
    let text = match path == Path::new("-") {
        true => {
            let mut text = String::new();
            std::io::stdin().lock().read_to_string(&mut text).context("reading standard input")?;
            text
        }
        false => std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?,
    };
    match text.lines().next().filter(|line| !line.is_empty()) {
        Some(line) => Ok(Secret::new(line)),
        None => bail!("{} is empty", path.display()),
    }
}

/// The text of a file that may be given.
pub(in crate::cli) fn text(path: Option<&Path>) -> Result<Option<String>> {
    let read =
        |path: &Path| std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()));
    path.map(read).transpose()
}
