//! The sample firm, brought into an empty record.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::error::{Error, Result};
use crate::firm::Firm;
use crate::firm::settings::Settings;
use crate::intake::enlist::List;

/// The zone that the sample firm lives in.
pub const ZONE: &str = "Europe/London";
/// Its name.
pub const NAME: &str = "Tidd Farrow";

/// Its lists, by file.
pub const LISTS: [(List, &str); 6] = [
    (List::Staff, "staff.csv"),
    (List::Clients, "clients.csv"),
    (List::Contacts, "contacts.csv"),
    (List::Matters, "matters.csv"),
    (List::Absences, "absences.csv"),
    (List::Calls, "calls.csv"),
];

/// Writes its files into a folder, dated up to a day.
pub fn write(folder: &Path, today: Date) -> Result<PathBuf> {
    let zone = TimeZone::get(ZONE).map_err(|e| Error::Unexpected(e.into()))?;
    let folder = folder.join(format!("sample-{today}"));
    for (path, content) in &sample::firm(today, &zone).files {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|e| Error::file(parent, e))?;
        }
        fs::write(&path, content).map_err(|e| Error::file(&path, e))?;
    }
    Ok(folder)
}

/// What its own file says of the firm.
pub fn apply(folder: &Path, firm: &mut Firm) -> Result<()> {
    NAME.clone_into(&mut firm.name);
    ZONE.clone_into(&mut firm.zone);
    Settings::read(&folder.join("firm.toml"))?.apply(firm)?;
    Ok(())
}
