//! What a component says about an event.

use calcard::icalendar::{
    ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarFrequency, ICalendarParameterName,
    ICalendarProperty, ICalendarStatus, ICalendarValue,
};

use super::{Event, Guest, When};

/// A description longer than this is an agenda in a file of its own, or the small print of a conference room.
const DESCRIPTION: usize = 4000;

/// The event that a component describes; none where it was cancelled or is something else.
pub(super) fn event(source: &ICalendarComponent, line: u64, when: When) -> Option<Event> {
    if source.component_type != ICalendarComponentType::VEvent
        || source.status() == Some(&ICalendarStatus::Cancelled)
    {
        return None;
    }
    let summary = text(source, &ICalendarProperty::Summary);
    let start = match when {
        When::Days(from, _) => from.to_string(),
        When::Time(from, _) => from.to_string(),
    };
    let uid = source.uid().map(str::trim).filter(|uid| !uid.is_empty()).unwrap_or(&summary);
    Some(Event {
        line,
        uid: format!("{uid} {start}"),
        when,
        description: text(source, &ICalendarProperty::Description).chars().take(DESCRIPTION).collect(),
        categories: all(source, &ICalendarProperty::Categories)
            .flat_map(|entry| entry.values.iter().filter_map(|value| value.as_text()))
            .map(|text| text.trim().to_owned())
            .collect(),
        organiser: all(source, &ICalendarProperty::Organizer).find_map(guest),
        guests: all(source, &ICalendarProperty::Attendee).filter_map(guest).collect(),
        private: matches!(
            text(source, &ICalendarProperty::Class).to_ascii_uppercase().as_str(),
            "PRIVATE" | "CONFIDENTIAL"
        ),
        away: own(source, "X-MICROSOFT-CDO-BUSYSTATUS").is_some_and(|busy| busy.eq_ignore_ascii_case("OOF")),
        routine: all(source, &ICalendarProperty::Rrule).flat_map(|entry| &entry.values).any(|value| {
            matches!(value, ICalendarValue::RecurrenceRule(rule) if !matches!(
                rule.freq,
                ICalendarFrequency::Yearly | ICalendarFrequency::Monthly
            ))
        }),
        summary,
    })
}

fn all<'a>(
    source: &'a ICalendarComponent,
    name: &'a ICalendarProperty,
) -> impl Iterator<Item = &'a ICalendarEntry> {
    source.entries.iter().filter(move |entry| entry.name == *name)
}

fn text(source: &ICalendarComponent, name: &ICalendarProperty) -> String {
    let value = all(source, name).find_map(|entry| entry.values.first()?.as_text());
    value.map(|text| text.trim().to_owned()).unwrap_or_default()
}

/// A property that a program added to the standard.
fn own<'a>(source: &'a ICalendarComponent, name: &str) -> Option<&'a str> {
    source.entries.iter().find_map(|entry| match &entry.name {
        ICalendarProperty::Other(other) if other.eq_ignore_ascii_case(name) => {
            entry.values.first()?.as_text()
        }
        _ => None,
    })
}

/// A person by whom or to whom an invitation went; none for rooms and things, and where no address is given.
fn guest(entry: &ICalendarEntry) -> Option<Guest> {
    let parameter = |name| entry.parameter(&name).and_then(|value| value.as_text()).map(str::trim);
    let kind = parameter(ICalendarParameterName::Cutype).unwrap_or_default();
    if kind.eq_ignore_ascii_case("ROOM") || kind.eq_ignore_ascii_case("RESOURCE") {
        return None;
    }
    let is_address =
        |text: &&str| text.split_once('@').is_some_and(|(name, at)| !name.is_empty() && !at.is_empty());
    let address = entry.calendar_address().map(str::trim).filter(is_address);
    // Servers that name people by a path of their own put the address beside it.
    let address = address.or_else(|| parameter(ICalendarParameterName::Email).filter(is_address))?;
    let declined = parameter(ICalendarParameterName::Partstat).unwrap_or_default();
    Some(Guest {
        address: address.to_lowercase(),
        name: parameter(ICalendarParameterName::Cn).filter(|name| !name.is_empty()).map(str::to_owned),
        declined: declined.eq_ignore_ascii_case("DECLINED"),
    })
}
