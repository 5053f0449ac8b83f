//! Settings: from flags, else from variables, else from `regard.toml` in the data folder, else as they are by default.
//!
//! ```toml
//! # regard.toml, beside the database
//! database = "postgres://regard@localhost/regard"   # instead of the embedded database in this folder
//! zone = "Europe/London"                             # of the firm, when an import makes it
//! by = "amy@firm.example"                            # who decides, where the command line does not say
//! batch = 4096                                       # messages that an import writes at once
//! private_network = true                             # mailboxes may be on servers in the firm's own network
//! call_logs = ["/var/log/asterisk"]                  # owners may have logs of calls followed that lie in these folders
//! lmtp = "127.0.0.1:2424"                            # mail for secret addresses is taken here
//! lmtp_domain = "regard.firm.example"                # what stands behind the @ of these addresses
//! ```

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use serde::Deserialize;
use wire::net::Reach;

use crate::db::Location;

/// The data folder where nothing else is said.
pub const DATA: &str = "./regard-data";
/// How many messages an import writes at once: more make it no faster.
pub const BATCH: usize = 4096;
/// Folders in which telephone systems keep their logs where nothing else is said.
pub const CALL_LOGS: [&str; 2] = ["/var/log/asterisk", "/var/log/freeswitch"];
/// The file of settings in the data folder.
pub const FILE: &str = "regard.toml";

/// Where a setting came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The command line.
    Flag,
    /// The variable of this name.
    Variable(&'static str),
    /// `regard.toml`.
    File,
    /// Nobody said anything.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Flag => f.write_str("the command line"),
            Origin::Variable(name) => write!(f, "the variable {name}"),
            Origin::File => f.write_str(FILE),
            Origin::Default => f.write_str("the default"),
        }
    }
}

/// A setting and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set<T> {
    /// What is set.
    pub value: T,
    /// By whom.
    pub origin: Origin,
}

/// All settings.
#[derive(Debug, Clone)]
pub struct Config {
    /// The folder of the embedded database, and of `regard.toml`. `--data`, `REGARD_DATA`.
    pub data: Set<PathBuf>,
    /// A PostgreSQL database instead of the embedded one. `--database`, `REGARD_DATABASE`, `database`.
    pub database: Set<Option<String>>,
    /// The zone of the firm when an import makes it, by IANA name. `--zone`, `REGARD_ZONE`, `zone`.
    pub zone: Set<Option<String>>,
    /// Who decides where the command line does not say, by mail address. `--by`, `REGARD_BY`, `by`.
    pub by: Set<Option<String>>,
    /// How many messages an import writes at once; a killed import loses at most so many. `REGARD_BATCH`, `batch`.
    pub batch: Set<usize>,
    /// Whether servers that people name, in the web app or on the command line, may be on this machine or in a private
    /// network.
    /// `REGARD_PRIVATE_NETWORK`, `private_network`.
    pub private_network: Set<bool>,
    /// Folders in which logs of calls lie that people may have followed in the web app; parted by colons in the variable.
    /// `REGARD_CALL_LOGS`, `call_logs`.
    pub call_logs: Set<Vec<PathBuf>>,
    /// Where mail for secret addresses is taken by LMTP; nowhere unless somebody says. `--lmtp`, `REGARD_LMTP`, `lmtp`.
    pub lmtp: Set<Option<String>>,
    /// What stands behind the @ of these addresses. `REGARD_LMTP_DOMAIN`, `lmtp_domain`.
    pub lmtp_domain: Set<Option<String>>,
}

/// What flags say.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--data`.
    pub data: Option<PathBuf>,
    /// `--database`.
    pub database: Option<String>,
    /// `--zone`.
    pub zone: Option<String>,
    /// `--by`.
    pub by: Option<String>,
    /// `--lmtp`.
    pub lmtp: Option<String>,
}

/// What the file says.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Written {
    database: Option<String>,
    zone: Option<String>,
    by: Option<String>,
    batch: Option<usize>,
    private_network: Option<bool>,
    call_logs: Option<Vec<PathBuf>>,
    lmtp: Option<String>,
    lmtp_domain: Option<String>,
}

impl Config {
    /// Where connections may go to servers that people name; `allowed` where a flag says so of this one.
    pub fn reach(&self, allowed: bool) -> Reach {
        if allowed || self.private_network.value { Reach::Private } else { Reach::Public }
    }

    /// Brings flags, variables and file together. `variable` gives the value of an environment variable.
    pub fn read(flags: Flags, variable: impl Fn(&str) -> Option<String>) -> Result<Config> {
        let variable = |name: &'static str| variable(name).filter(|text| !text.is_empty());
        let data = match (flags.data, variable("REGARD_DATA")) {
            (Some(value), _) => Set { value, origin: Origin::Flag },
            (None, Some(text)) => Set { value: text.into(), origin: Origin::Variable("REGARD_DATA") },
            (None, None) => Set { value: DATA.into(), origin: Origin::Default },
        };
        let written = written(&data.value.join(FILE))?;
        let pick =
            |flag: Option<String>, name: &'static str, file: Option<String>| match (flag, variable(name)) {
                (Some(text), _) => Set { value: Some(text), origin: Origin::Flag },
                (None, Some(text)) => Set { value: Some(text), origin: Origin::Variable(name) },
                (None, None) if file.is_some() => Set { value: file, origin: Origin::File },
                (None, None) => Set { value: None, origin: Origin::Default },
            };
        let batch = match (variable("REGARD_BATCH"), written.batch) {
            (Some(text), _) => {
                let value =
                    text.parse().map_err(|_| anyhow!("REGARD_BATCH is {text:?}; give a whole number"))?;
                Set { value, origin: Origin::Variable("REGARD_BATCH") }
            }
            (None, Some(value)) => Set { value, origin: Origin::File },
            (None, None) => Set { value: BATCH, origin: Origin::Default },
        };
        if batch.value == 0 {
            bail!("batch is 0 by {}; give a number of messages, such as {BATCH}", batch.origin);
        }
        let private_network = match (variable("REGARD_PRIVATE_NETWORK"), written.private_network) {
            (Some(text), _) => Set {
                value: text
                    .parse()
                    .map_err(|_| anyhow!("REGARD_PRIVATE_NETWORK is {text:?}; give true or false"))?,
                origin: Origin::Variable("REGARD_PRIVATE_NETWORK"),
            },
            (None, Some(value)) => Set { value, origin: Origin::File },
            (None, None) => Set { value: false, origin: Origin::Default },
        };
        let call_logs = match (variable("REGARD_CALL_LOGS"), written.call_logs) {
            (Some(text), _) => Set {
                value: std::env::split_paths(&text).collect(),
                origin: Origin::Variable("REGARD_CALL_LOGS"),
            },
            (None, Some(value)) => Set { value, origin: Origin::File },
            (None, None) => Set { value: CALL_LOGS.map(PathBuf::from).to_vec(), origin: Origin::Default },
        };
        Ok(Config {
            batch,
            private_network,
            call_logs,
            data,
            database: pick(flags.database, "REGARD_DATABASE", written.database),
            zone: pick(flags.zone, "REGARD_ZONE", written.zone),
            by: pick(flags.by, "REGARD_BY", written.by),
            lmtp: pick(flags.lmtp, "REGARD_LMTP", written.lmtp),
            lmtp_domain: pick(None, "REGARD_LMTP_DOMAIN", written.lmtp_domain),
        })
    }

    /// Where mail for secret addresses is taken; none where it is taken nowhere.
    pub fn lmtp(&self) -> Result<Option<SocketAddr>> {
        let Set { value: Some(text), origin } = &self.lmtp else { return Ok(None) };
        let address = text.parse();
        address
            .map(Some)
            .map_err(|_| anyhow!("lmtp is {text:?} by {origin}; give an address such as 127.0.0.1:2424"))
    }

    /// Where the database is.
    pub fn location(&self) -> Location {
        match &self.database.value {
            Some(url) => Location::Url(url.clone()),
            None => Location::Folder(self.data.value.clone()),
        }
    }
}

fn written(path: &Path) -> Result<Written> {
    match std::fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text).with_context(|| format!("{} was not understood", path.display())),
        Err(error)
            if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) =>
        {
            Ok(Written::default())
        }
        Err(error) => Err(error).with_context(|| format!("reading {}", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(folder: &Path, flags: Flags, variables: &[(&str, &str)]) -> Result<Config> {
        let flags = Flags { data: Some(folder.to_owned()), ..flags };
        Config::read(flags, |name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn flags_come_before_variables_and_these_before_the_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "zone = \"Europe/Rome\"\nby = \"amy@firm.example\"")
            .unwrap();
        let flags = Flags { zone: Some("Asia/Tokyo".into()), ..Flags::default() };
        let config = read(folder.path(), flags, &[("REGARD_ZONE", "UTC"), ("REGARD_BY", "bo@firm.example")]);
        let config = config.unwrap();
        assert_eq!(config.zone, Set { value: Some("Asia/Tokyo".into()), origin: Origin::Flag });
        assert_eq!(config.by.origin, Origin::Variable("REGARD_BY"));
        let config = read(folder.path(), Flags::default(), &[("REGARD_ZONE", "")]).unwrap();
        assert_eq!(config.zone, Set { value: Some("Europe/Rome".into()), origin: Origin::File });
        assert_eq!(config.database.origin, Origin::Default);
        assert_eq!(config.location(), Location::Folder(folder.path().into()));
    }

    #[test]
    fn a_wrong_setting_is_named() {
        let folder = tempfile::tempdir().unwrap();
        for (text, named) in [
            ("zonw = \"UTC\"", "zonw"),
            ("zone = 7", "zone"),
            ("batch = 0", "batch"),
            ("zone", FILE),
            ("lmtp = \"7\"", "lmtp"),
        ] {
            std::fs::write(folder.path().join(FILE), text).unwrap();
            let read = read(folder.path(), Flags::default(), &[]).and_then(|config| config.lmtp());
            let error = format!("{:#}", read.unwrap_err());
            assert!(error.contains(named), "{error}");
        }
    }
}
