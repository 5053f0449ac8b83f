//! Opening times as people type them: one line a weekday, "09:00-12:30, 13:30-17:30", nothing where it is closed.

use jiff::civil::{Time, time};

use super::Hours;
use crate::error::{Error, Result};

/// The days of the week, Monday first, as forms name them.
pub const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Reads the lines of a week.
pub fn read(lines: [&str; 7]) -> Result<Hours> {
    let mut week: [Vec<(Time, Time)>; 7] = Default::default();
    for ((periods, line), day) in week.iter_mut().zip(lines).zip(DAYS) {
        for text in line.split([',', ';', '\n']).map(str::trim).filter(|text| !text.is_empty()) {
            periods.push(period(text).ok_or_else(|| {
                Error::invalid(
                    format!("the hours of {day}"),
                    format!("have “{text}”, which is no period; write them like 09:00-12:30, 13:30-17:30"),
                )
            })?);
        }
        periods.sort_unstable();
    }
    if week.iter().all(Vec::is_empty) {
        return Err(Error::invalid("the hours", "are empty: the firm must be open at some time"));
    }
    Ok(Hours(week))
}

/// The lines of a week; Monday to Friday 09:00 to 17:00 where none was told.
pub fn lines(hours: Option<&Hours>) -> [String; 7] {
    let usual = || vec![(time(9, 0, 0, 0), time(17, 0, 0, 0))];
    std::array::from_fn(|day| {
        let periods = match hours {
            Some(Hours(week)) => week[day].clone(),
            None if day < 5 => usual(),
            None => Vec::new(),
        };
        let text = |(from, to): &(Time, Time)| format!("{}-{}", from.strftime("%H:%M"), to.strftime("%H:%M"));
        periods.iter().map(text).collect::<Vec<_>>().join(", ")
    })
}

fn period(text: &str) -> Option<(Time, Time)> {
    let (from, to) = text.split_once(['-', '–', '—'])?;
    Some((clock(from)?, clock(to)?))
}

/// An hour: "9", "9:00", "09.30".
fn clock(text: &str) -> Option<Time> {
    let text = text.trim();
    let (hour, minute) = text.split_once([':', '.', 'h']).unwrap_or((text, "0"));
    let number = |text: &str| if text.len() <= 2 { text.parse::<i8>().ok() } else { None };
    Time::new(number(hour)?, number(minute)?, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_read_as_people_type_it_and_written_as_it_is_read() {
        let typed = ["9-12.30, 13:30 – 17:30", "09:00-17:00", "", "9-17", "9-15", "", ""];
        let hours = read(typed).unwrap();
        let lines = lines(Some(&hours));
        assert_eq!(lines[0], "09:00-12:30, 13:30-17:30");
        assert_eq!((lines[2].as_str(), lines[4].as_str()), ("", "09:00-15:00"));
        assert_eq!(read(lines.each_ref().map(String::as_str)).unwrap(), hours);
    }

    #[test]
    fn what_is_no_hour_is_said_with_its_day() {
        let wrong = |text| read(["", text, "", "", "", "", ""]).unwrap_err().to_string();
        for text in ["all day", "9:75-17", "25-26", "9-"] {
            assert!(wrong(text).contains("Tuesday"), "{text}");
        }
        assert!(read([""; 7]).is_err());
    }
}
