//! What chooses on Today: whose, which group, which kind, how divided; and what is said above the list.

use care::obligation::Kind;
use care::today::{Group, Hurt};

use super::Asked;
use crate::board::Asker;
use crate::report::words::{counted, grouped};
use crate::today::list::{Divided, Filter, Listed, Whose};
use crate::today::words;

/// A link that chooses something, with a count.
pub(super) struct Tab {
    pub(super) words: String,
    pub(super) count: String,
    pub(super) href: String,
    pub(super) is_here: bool,
}

pub(super) fn headline(listed: &Listed<'_>, group: Group) -> String {
    let count = |hurt: Hurt| listed.hurts[hurt as usize];
    let (coming, today) = (count(Hurt::Coming), count(Hurt::DueToday));
    let late: usize = listed.hurts.iter().sum::<usize>() - coming - today;
    match (group, listed.total) {
        (_, 0) => String::new(),
        (Group::Owed, _) => {
            let parts = [(late, "pressing"), (today, "due today"), (coming, "coming")];
            let parts = parts.into_iter().filter(|(n, _)| 0 < *n);
            let parts: Vec<String> = parts.map(|(n, what)| format!("{} {what}", grouped(n as u64))).collect();
            format!("{}.", parts.join(", "))
        }
        (Group::Upkeep, _) => String::new(),
        (_, total) => format!("{}.", counted(total, "thing", "things")),
    }
}

pub(super) fn about(group: Group) -> &'static str {
    match group {
        Group::Owed => "",
        Group::Upkeep => {
            "No client waits for these; they keep a relation sound. Three a day are enough for each person."
        }
        Group::Perhaps => {
            "Read with less confidence: of these, more than one in ten may be wrong. One key says so."
        }
        Group::BeforeRegard => {
            "Older than a month when your mail was first read. Work them off, or let them go together."
        }
    }
}

pub(super) fn empty(filter: &Filter, group: Group, later: usize) -> String {
    match (group, filter.whose) {
        _ if filter.is_narrow() && (group != Group::Upkeep || later == 0) => "Nothing of what you ask for is open here.".into(),
        (Group::Owed, Whose::Mine) => "You owe nobody a word. When a client writes, rings, or is promised something, it stands here until it is kept.".into(),
        (Group::Owed, _) => "Nobody waits for a word, and nothing that was promised is open.".into(),
        (Group::Upkeep, _) if 0 < later => {
            "That is enough upkeep for today. What is left comes back tomorrow, three a day.".into()
        }
        (Group::Upkeep, _) => "Every relation here is in order.".into(),
        (Group::Perhaps, _) => "Everything here was read with confidence.".into(),
        (Group::BeforeRegard, _) => "Nothing from before Regard is left. Well done.".into(),
    }
}

pub(super) fn tabs(asked: &Asked, filter: &Filter) -> Vec<Tab> {
    let words = |whose| match whose {
        Whose::Mine => "Mine",
        Whose::MyClients => "My clients",
        Whose::Firm => "Firm",
    };
    let tab = |whose: Whose| {
        let value = if whose == Whose::default() { "" } else { whose.name() };
        let href = asked.with("whose", value);
        Tab { words: words(whose).to_owned(), count: String::new(), href, is_here: whose == filter.whose }
    };
    Whose::ALL.into_iter().map(tab).collect()
}

pub(super) fn group_tabs(asked: &Asked, listed: &Listed<'_>, here: Group) -> Vec<Tab> {
    let words = |group| match group {
        Group::Owed => "Owed",
        Group::Upkeep => "Upkeep",
        Group::Perhaps => "Perhaps",
        Group::BeforeRegard => "Before Regard",
    };
    let tab = |group: Group| {
        let count = listed.groups[group as usize];
        let value = if group == Group::Owed { "" } else { group.name() };
        let tab = Tab {
            words: words(group).to_owned(),
            count: grouped(count as u64),
            href: asked.with("group", value),
            is_here: group == here,
        };
        (0 < count || group == here || group == Group::Owed).then_some(tab)
    };
    Group::ALL.into_iter().filter_map(tab).collect()
}

pub(super) fn kind_tabs(asked: &Asked, filter: &Filter, listed: &Listed<'_>) -> Vec<Tab> {
    let tab = |(kind, count): &(Kind, usize)| Tab {
        words: words::kind(*kind).to_owned(),
        count: grouped(*count as u64),
        href: asked.with("kind", if filter.kind == Some(*kind) { "" } else { kind.name() }),
        is_here: filter.kind == Some(*kind),
    };
    listed.kinds.iter().map(tab).collect()
}

/// The one client and the one person whose things alone are listed, by name: a link lists those of all again.
pub(super) fn only_tabs(asker: &Asker, asked: &Asked, filter: &Filter) -> Vec<Tab> {
    let firm = &asker.board.firm;
    // Of who is not placed yet, whoever has a letter of theirs knows the name.
    let client = filter
        .client
        .and_then(|client| firm.clients.get(&client))
        .filter(|card| asker.sees_client(card) || asker.open().any(|open| open.owed.client == card.id));
    let person = filter.owner.and_then(|owner| firm.people.get(&owner));
    let tab = |name: &str, words: &String| Tab {
        words: words.clone(),
        count: String::new(),
        href: asked.with(name, ""),
        is_here: true,
    };
    let client = client.map(|card| tab("client", &card.name));
    client.into_iter().chain(person.map(|face| tab("person", &face.name))).collect()
}

pub(super) fn division_tabs(asked: &Asked, filter: &Filter) -> Vec<Tab> {
    let words = |divided| match divided {
        Divided::Not => "What hurts most",
        Divided::Client => "Client",
        Divided::Person => "Person",
        Divided::Kind => "Kind",
    };
    let tab = |divided: Divided| Tab {
        words: words(divided).to_owned(),
        count: String::new(),
        href: asked.with("by", divided.name()),
        is_here: divided == filter.divided,
    };
    Divided::ALL.into_iter().map(tab).collect()
}
