//! When events take place: what repeats, unrolled.

use std::collections::BTreeMap;
use std::str::FromStr;

use calcard::common::PartialDateTime;
use calcard::common::timezone::Tz;
use calcard::icalendar::dates::{CalendarErrorType, TimeOrDelta};
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarMethod, ICalendarProperty, ICalendarValue,
};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::When;

/// What takes place more often than this is no appointment.
const MOST: usize = 5000;

/// Each time at which something of a calendar takes place.
#[derive(Default)]
pub(super) struct Unrolled {
    /// The component that says what it is, and when it takes place.
    pub(super) times: Vec<(usize, When)>,
    /// Components that cannot be read, and why.
    pub(super) errors: Vec<(usize, String)>,
}

/// Components that belong together: an event and its moved or changed occurrences.
type Group = Vec<usize>;

impl Unrolled {
    pub(super) fn of(calendar: &ICalendar, zone: &TimeZone, until: Timestamp) -> Unrolled {
        let mut unrolled = Unrolled::default();
        if is_cancelled(calendar) {
            return unrolled;
        }
        let zones: Vec<&ICalendarComponent> = calendar.timezones().collect();
        let own = zone.iana_name().and_then(|name| Tz::from_str(name).ok()).unwrap_or(Tz::UTC);
        let (mut once, mut repeated): ([Group; 2], Vec<Group>) = Default::default();
        for group in groups(calendar) {
            match group.iter().any(|n| calendar.components[*n].is_recurrent_or_override()) {
                true => repeated.push(group),
                false => once[usize::from(is_days(&calendar.components[group[0]]))].extend(group),
            }
        }
        for group in once.into_iter().chain(repeated).filter(|group| !group.is_empty()) {
            unrolled.add(calendar, &zones, own, until, &group);
        }
        unrolled
    }

    fn add(
        &mut self,
        calendar: &ICalendar,
        zones: &[&ICalendarComponent],
        own: Tz,
        until: Timestamp,
        group: &Group,
    ) {
        let is_days = is_days(&calendar.components[group[0]]);
        let mut part = ICalendar::default();
        part.components
            .extend(group.iter().map(|n| bounded(calendar.components[*n].clone(), until, is_days)));
        part.components.extend(zones.iter().map(|zone| (*zone).clone()));
        // Days have no zone: those of UTC are as good as any, and never skip an hour.
        let found = part.expand_dates(if is_days { Tz::UTC } else { own }, MOST);
        if MOST <= found.events.len()
            && part.components.iter().any(ICalendarComponent::is_recurrent_or_override)
        {
            self.errors.push((group[0], format!("it repeats more than {MOST} times; end it earlier")));
            return;
        }
        let of = |component: u32| group.get(component as usize).copied();
        for error in found.errors {
            self.errors.extend(of(error.comp_id).map(|n| (n, words(&error.error))));
        }
        for event in found.events {
            let Some(component) = of(event.comp_id) else { continue };
            let from = event.start.timestamp();
            let to = match event.end {
                // The library lets it last until midnight; the standard says that it takes no time.
                _ if !is_days && !has_end(&calendar.components[component]) => from,
                TimeOrDelta::Time(end) => end.timestamp(),
                TimeOrDelta::Delta(long) => from.saturating_add(long.num_seconds()),
            };
            match when(from, to, is_days) {
                Some(when) if begins(when) <= until => self.times.push((component, when)),
                Some(_) => {}
                None => self.errors.push((component, "DTSTART has a year that cannot be meant".to_owned())),
            }
        }
    }
}

/// Events by what they have in common with their moved occurrences, in the order of the file.
fn groups(calendar: &ICalendar) -> Vec<Group> {
    let mut by_uid: BTreeMap<&str, usize> = BTreeMap::new();
    let mut groups: Vec<Group> = Vec::new();
    for (n, component) in calendar.components.iter().enumerate() {
        if component.component_type != ICalendarComponentType::VEvent {
            continue;
        }
        match component.uid().filter(|uid| !uid.is_empty()) {
            Some(uid) => {
                let place = *by_uid.entry(uid).or_insert(groups.len());
                if place == groups.len() {
                    groups.push(Group::new());
                }
                groups[place].push(n);
            }
            None => groups.push(vec![n]),
        }
    }
    groups
}

fn is_cancelled(calendar: &ICalendar) -> bool {
    let Some(whole) = calendar.components.first() else { return true };
    whole.entries.iter().any(|entry| {
        entry.name == ICalendarProperty::Method
            && matches!(entry.values.first(), Some(ICalendarValue::Method(ICalendarMethod::Cancel)))
    })
}

/// It takes whole days: its beginning is a day without an hour.
fn is_days(component: &ICalendarComponent) -> bool {
    component.entries.iter().any(|entry| {
        entry.name == ICalendarProperty::Dtstart
            && matches!(entry.values.first(), Some(ICalendarValue::PartialDateTime(at)) if !at.has_time())
    })
}

fn has_end(component: &ICalendarComponent) -> bool {
    let is_end =
        |name: &ICalendarProperty| matches!(name, ICalendarProperty::Dtend | ICalendarProperty::Duration);
    component.entries.iter().any(|entry| is_end(&entry.name))
}

/// What repeats without an end, or ends later, ends at a moment.
fn bounded(mut component: ICalendarComponent, until: Timestamp, is_days: bool) -> ICalendarComponent {
    let last = match is_days {
        true => PartialDateTime::from_date_timestamp(until.as_second()),
        false => PartialDateTime::from_utc_timestamp(until.as_second()),
    };
    for value in component.entries.iter_mut().flat_map(|entry| &mut entry.values) {
        if let ICalendarValue::RecurrenceRule(rule) = value
            && rule.count.is_none()
            && rule.until.as_ref().is_none_or(|end| last.year < end.year)
        {
            rule.until = Some(last.clone());
        }
    }
    component
}

fn begins(when: When) -> Timestamp {
    match when {
        When::Time(from, _) => from,
        When::Days(from, _) => from.to_zoned(TimeZone::UTC).map_or(Timestamp::MAX, |day| day.timestamp()),
    }
}

/// Seconds from and to, as what they mean. An end that is not after the beginning is none.
fn when(from: i64, to: i64, is_days: bool) -> Option<When> {
    let (from, to) = (Timestamp::from_second(from).ok()?, Timestamp::from_second(to.max(from)).ok()?);
    if !is_days {
        return Some(When::Time(from, to));
    }
    let day = |at: Timestamp| -> Date { at.to_zoned(TimeZone::UTC).date() };
    // The end of days is the first one that is not among them.
    let last = if from < to { day(to).yesterday().ok()? } else { day(from) };
    Some(When::Days(day(from), last.max(day(from))))
}

fn words(error: &CalendarErrorType) -> String {
    match error {
        CalendarErrorType::MissingDtStart => "DTSTART is missing; an event begins at some time".to_owned(),
        CalendarErrorType::InvalidDtStart => "DTSTART is no time that exists".to_owned(),
        CalendarErrorType::InvalidDtEnd => "DTEND is no time that exists".to_owned(),
        CalendarErrorType::InvalidDuration => "DURATION is no length of time".to_owned(),
        CalendarErrorType::RRule(why) => format!("RRULE cannot be followed: {why}"),
    }
}
