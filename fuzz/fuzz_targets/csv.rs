//! Any bytes as each of the lists a firm brings along. The first byte chooses the list.
#![no_main]

use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;
use wire::csv::{
    self, AbsenceRow, ClientRow, ContactRow, DepartureRow, MatterRow, Row, RowError, Settings, StaffRow,
};

fuzz_target!(|input: &[u8]| {
    let Some((choice, file)) = input.split_first() else { return };
    match choice % 8 {
        0 => check_list::<ClientRow>(file),
        1 => check_list::<ContactRow>(file),
        2 => check_list::<StaffRow>(file),
        3 => check_list::<MatterRow>(file),
        4 => check_list::<AbsenceRow>(file),
        6 => check_list::<DepartureRow>(file),
        7 => check_calendar(file),
        _ => {
            const ZONES: [&str; 4] = ["UTC", "Europe/London", "Pacific/Apia", "America/New_York"];
            let zone = ZONES[usize::from(choice / 8 % 4)];
            let (rows, errors) = wire::calls::read_all(
                file,
                &TimeZone::get(zone).unwrap_or(TimeZone::UTC),
                &wire::calls::Columns::default(),
            );
            let lines = lines(file);
            assert!(rows.iter().all(|row| (1..=lines).contains(&row.line)), "{lines} lines: {rows:?}");
            check_errors(file, &errors);
        }
    }
});

fn check_list<R: Row>(file: &[u8]) {
    let settings = Settings { currency: "GBP".into() };
    let (rows, errors) = csv::read_all::<R>(file, &settings);
    assert!(rows.len() as u64 <= lines(file), "more rows than lines");
    check_errors(file, &errors);
}

fn check_calendar(file: &[u8]) {
    let until = jiff::Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_hours(24 * 365 * 60);
    let (calendar, errors) = wire::calendar::read(file, &TimeZone::UTC, until);
    let all = lines(file);
    assert!(calendar.events.iter().all(|event| (1..=all).contains(&event.line)));
    check_errors(file, &errors);
}

fn check_errors(file: &[u8], errors: &[RowError]) {
    let lines = lines(file);
    for error in errors {
        assert!((1..=lines).contains(&error.line), "{error} of {lines} lines");
        assert!(!error.what.is_empty());
    }
}

/// Lines may end in `\n`, `\r\n` or `\r`.
fn lines(file: &[u8]) -> u64 {
    file.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64 + 1
}
