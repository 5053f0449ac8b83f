//! Whose a calendar is, whom an event names, and who comes.

use std::path::Path;

use care::people::Who;
use wire::calendar::{Calendar, Event};

use super::{Desk, coming};
use crate::clients::domains::{domain_of, organisation_domain};
use crate::ids::StaffId;
use crate::intake::enlist::away;

impl Desk<'_> {
    /// Whose calendar it is: as told, else by its name, else by that of the file.
    pub(super) fn owner(&self, path: &Path, calendar: &Calendar) -> Option<StaffId> {
        let file = path.file_stem().map(|name| name.to_string_lossy().into_owned());
        let names = [self.options.of.clone(), calendar.name.clone(), file];
        names.iter().flatten().find_map(|name| self.person(name))
    }

    /// The person of the firm of this address, name or (where only one has it) first name.
    fn person(&self, text: &str) -> Option<StaffId> {
        let text = text.trim();
        self.lists.named(text).or_else(|| {
            let first =
                |name: &str| name.split_whitespace().next().is_some_and(|n| n.eq_ignore_ascii_case(text));
            let mut found = self.lists.people.iter().filter(|person| first(&person.name));
            let person = found.next()?;
            found.next().is_none().then_some(person.id)
        })
    }

    /// The person of the firm whom the words name: in a calendar of the whole team.
    pub(super) fn named_in(&self, summary: &str) -> Option<StaffId> {
        let before_cover =
            summary.to_lowercase().find("cover").and_then(|at| summary.get(..at)).unwrap_or(summary);
        let words = away::plain(before_cover);
        let people = self.lists.people.iter();
        let whole = people.clone().find(|person| {
            let name = away::plain(&person.name);
            !name.trim().is_empty() && words.contains(&name)
        });
        whole.map(|person| person.id).or_else(|| words.split_whitespace().find_map(|word| self.person(word)))
    }

    pub(super) fn cover(&self, text: &str, away: StaffId) -> Option<StaffId> {
        let name = away::cover(text)?;
        let words: Vec<&str> = name.split_whitespace().collect();
        let found = (1..=words.len().min(4)).rev().find_map(|n| self.person(&words[..n].join(" ")));
        found.filter(|cover| *cover != away)
    }

    /// The people of the firm who come, whoever asked first.
    pub(super) fn ours(&self, event: &Event) -> impl Iterator<Item = StaffId> {
        coming(event).filter_map(|guest| self.who(&guest.address)?.staff())
    }

    /// Who has an address, by what is known of it, else of its domain.
    pub(super) fn who(&self, address: &str) -> Option<Who> {
        let known = self.lists.book.find(address).map(|address| self.book.directory.who(address));
        known.filter(|who| *who != Who::Unplaced).or_else(|| {
            let domain = domain_of(address)?;
            self.domains.get(domain).or_else(|| self.domains.get(organisation_domain(domain))).copied()
        })
    }
}
