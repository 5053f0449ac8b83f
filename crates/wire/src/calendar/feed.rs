//! A calendar that other programs subscribe to (iCalendar, RFC 5545): moments at which something falls due.

use calcard::common::PartialDateTime;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarProperty, ICalendarValue,
};
use jiff::Timestamp;

/// One moment in a feed, or the hours until it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Due {
    /// The same each time the feed is fetched, so that programs change what they have and double nothing.
    pub uid: String,
    /// What stands in the calendar.
    pub summary: String,
    /// More words.
    pub description: String,
    /// When it may be done first, where hours were told: "between 2 and 4".
    pub from: Option<Timestamp>,
    /// When it falls due.
    pub at: Timestamp,
    /// A page about it; empty where there is none.
    pub url: String,
}

/// Writes a feed. `made_at` stamps every item; `name` is what programs call the calendar.
pub fn feed(name: &str, items: &[Due], made_at: Timestamp) -> String {
    let mut whole = ICalendarComponent::new(ICalendarComponentType::VCalendar);
    whole.add_property(ICalendarProperty::Version, text("2.0"));
    whole.add_property(ICalendarProperty::Prodid, text("-//Regard//What is owed//EN"));
    whole.add_property(ICalendarProperty::Method, text("PUBLISH"));
    whole.add_property(ICalendarProperty::Name, text(name));
    whole.add_property(ICalendarProperty::Other("X-WR-CALNAME".into()), text(name));
    whole.component_ids = (1..=items.len() as u32).collect();
    let mut components = vec![whole];
    components.extend(items.iter().map(|item| event(item, made_at)));
    ICalendar { components }.to_string()
}

/// Writes one moment as a thing of its own in a calendar on a server.
pub fn event_alone(item: &Due, made_at: Timestamp) -> String {
    let mut whole = ICalendarComponent::new(ICalendarComponentType::VCalendar);
    whole.add_property(ICalendarProperty::Version, text("2.0"));
    whole.add_property(ICalendarProperty::Prodid, text("-//Regard//What is owed//EN"));
    whole.component_ids = vec![1];
    ICalendar { components: vec![whole, event(item, made_at)] }.to_string()
}

/// An event of no length, where no hours were told: a moment. Neither takes time from anybody's day.
fn event(item: &Due, made_at: Timestamp) -> ICalendarComponent {
    let mut event = ICalendarComponent::new(ICalendarComponentType::VEvent);
    event.add_uid(&item.uid);
    event.add_dtstamp(utc(made_at));
    let moment = |at| ICalendarValue::PartialDateTime(Box::new(utc(at)));
    event.add_property(ICalendarProperty::Dtstart, moment(item.from.unwrap_or(item.at)));
    if item.from.is_some() {
        event.add_property(ICalendarProperty::Dtend, moment(item.at));
    }
    event.add_property(ICalendarProperty::Summary, text(&item.summary));
    if !item.description.is_empty() {
        event.add_property(ICalendarProperty::Description, text(&item.description));
    }
    if !item.url.is_empty() {
        event.add_property(ICalendarProperty::Url, text(&item.url));
    }
    event.add_property(ICalendarProperty::Transp, text("TRANSPARENT"));
    event
}

fn text(words: &str) -> ICalendarValue {
    ICalendarValue::Text(words.to_owned())
}

fn utc(at: Timestamp) -> PartialDateTime {
    PartialDateTime::from_utc_timestamp(at.as_second())
}
