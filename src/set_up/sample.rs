//! The sample firm, brought into an empty record.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::db::Db;
use crate::error::{Error, Result};
use crate::firm::Firm;
use crate::firm::settings::Settings;
use crate::ids::{FirmId, StaffId};
use crate::intake::enlist::{List, Rules, calendars, enlist};

/// The zone that the sample firm lives in.
pub const ZONE: &str = "Europe/London";
/// Its name.
pub const NAME: &str = "Tidd Farrow";

/// Its lists, by file.
const LISTS: [(List, &str); 7] = [
    (List::Staff, "staff.csv"),
    (List::Clients, "clients.csv"),
    (List::Contacts, "contacts.csv"),
    (List::Matters, "matters.csv"),
    (List::Absences, "absences.csv"),
    (List::Calls, "calls.csv"),
    (List::Departures, "departures.csv"),
];

/// Writes its files into a folder, dated up to a day.
pub fn write(folder: &Path, today: Date, zone: &TimeZone) -> Result<()> {
    for (path, content) in &sample::firm(today, zone).files {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|e| Error::file(parent, e))?;
        }
        fs::write(&path, content).map_err(|e| Error::file(&path, e))?;
    }
    Ok(())
}

/// Takes its lists and its calendar into the record.
pub async fn enlist_all(
    db: &Db,
    firm: FirmId,
    folder: &Path,
    zone: &TimeZone,
    by: StaffId,
    now: Timestamp,
) -> Result<()> {
    for (list, name) in LISTS {
        let rules = Rules { zone, skip_bad: false, columns: None, by, called: name };
        enlist(db, firm, list, &[folder.join(name)], rules, now).await?;
    }
    let calendar = [folder.join("calendar.ics")];
    calendars::import(db, firm, &calendar, zone, &calendars::Options::default(), now).await?;
    Ok(())
}

/// What its own file says of the firm.
pub fn apply(folder: &Path, firm: &mut Firm) -> Result<()> {
    NAME.clone_into(&mut firm.name);
    ZONE.clone_into(&mut firm.zone);
    Settings::read(&folder.join("firm.toml"))?.apply(firm)?;
    Ok(())
}
