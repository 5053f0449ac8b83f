//! The record of a client: its entries in time order, whoever they were filed under.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::book::FirmBook;
use crate::entry::{Decision, Entry, Message, Of, Verdict};
use crate::ids::{AddressId, ClientId, NaturalKey};
use crate::people::Directory;

/// All entries about one client, in the order of [`Entry::order`], each once.
#[derive(Debug, Clone)]
pub struct Record<'a> {
    /// Whose record it is.
    pub client: ClientId,
    entries: Vec<&'a Entry>,
}

impl<'a> Record<'a> {
    /// The record of a client from entries in any order; of copies of one entry the first is kept.
    pub fn new(client: ClientId, entries: impl IntoIterator<Item = &'a Entry>) -> Record<'a> {
        // Sorted beside their keys: to look into each entry at each comparison would cost more than the sorting.
        let mut keyed: Vec<_> =
            entries.into_iter().map(|entry| (entry.at(), entry.of(), entry.id(), entry)).collect();
        keyed.sort_unstable_by_key(|(at, of, id, _)| (*at, *of, *id));
        let mut seen = FxHashSet::with_capacity_and_hasher(keyed.len(), Default::default());
        let entries =
            keyed.into_iter().filter(|(_, of, ..)| seen.insert(*of)).map(|(.., entry)| entry).collect();
        Record { client, entries }
    }

    /// Its entries in time order.
    pub fn entries(&self) -> &[&'a Entry] {
        &self.entries
    }
}

/// The records of a firm, by client: of every client in its book, and of everyone else who has an entry.
///
/// A message belongs to every client who wrote it or was sent it, and to those it mentions. One that has no client on
/// it (between colleagues, or with the other side) belongs to every client of its thread, and to those it mentions. A
/// call belongs to the client on the line, a note to whom it is about and who took part, a decision to where what it
/// judges belongs. A note that was taken back (a meeting that was cancelled after all) belongs nowhere.
pub fn records<'a>(entries: impl IntoIterator<Item = &'a Entry>, book: &FirmBook) -> Vec<Record<'a>> {
    let entries: Vec<&Entry> = entries.into_iter().collect();
    let gone = notes_taken_back(&entries);
    let is_gone = |entry: &&Entry| matches!(entry, Entry::Note(note) if gone.contains(&note.key));
    let filed = Filing::of(entries.iter().copied().filter(|entry| !is_gone(entry)), &book.directory);
    let mut by_client = filed.by_client;
    for client in book.all_clients() {
        if book.directory.client(client.id) == client.id {
            by_client.entry(client.id).or_default();
        }
    }
    let mut records: Vec<Record> =
        by_client.into_iter().map(|(client, entries)| Record::new(client, entries)).collect();
    records.sort_unstable_by_key(|record| record.client);
    records
}

/// The clients whose records change when an entry arrives among its neighbours, itself among them. Neighbours are the
/// entries that share its thread, those it points at or that point at it, and theirs in turn; for a decision that
/// places an address or merges clients, every entry that bears these addresses or clients too. Where who is who
/// changes, ask twice: with the directory before and the one after.
pub fn affected<'a>(neighbours: impl IntoIterator<Item = &'a Entry>, directory: &Directory) -> Vec<ClientId> {
    let mut clients = Vec::new();
    let neighbours = neighbours.into_iter().inspect(|entry| {
        if let Entry::Decision(Decision { what, .. }) = entry
            && let Verdict::Merged { from, into } | Verdict::Split { from, into, .. } = what
        {
            // Also clients without any entry: one that is merged has no record, and has one again when it is not.
            clients.extend([*from, *into, directory.client(*from), directory.client(*into)]);
        }
    });
    let filed = Filing::of(neighbours, directory);
    clients.extend(filed.by_client.into_keys());
    clients.sort_unstable();
    clients.dedup();
    clients
}

/// Of these entries, those that belong to a client's record. They must hold every message of each thread among them.
pub fn filed<'a>(
    entries: impl IntoIterator<Item = &'a Entry>,
    client: ClientId,
    directory: &Directory,
) -> Vec<&'a Entry> {
    Filing::of(entries, directory).by_client.remove(&client).unwrap_or_default()
}

/// Entries on their way into the records they belong to.
#[derive(Default)]
struct Filing<'a> {
    by_client: FxHashMap<ClientId, Vec<&'a Entry>>,
    /// Messages that have no client on them.
    clientless: Vec<(&'a Message, &'a Entry)>,
    decisions: Vec<(&'a Entry, &'a Decision)>,
}

impl<'a> Filing<'a> {
    fn of(entries: impl IntoIterator<Item = &'a Entry>, directory: &Directory) -> Filing<'a> {
        let mut filing = Filing::default();
        let mut clients = Vec::new();
        for entry in entries {
            match entry {
                Entry::Decision(decision) => {
                    filing.decisions.push((entry, decision));
                    continue;
                }
                Entry::Message(message) => {
                    clients.clear();
                    clients.extend(addresses(message).filter_map(|address| directory.who(address).client()));
                    if clients.is_empty() {
                        filing.clientless.push((message, entry));
                    }
                    clients.extend(message.mentions.iter().map(|&client| directory.client(client)));
                }
                Entry::Call(call) => {
                    clients.clear();
                    clients.extend([call.from, call.to].iter().filter_map(|&a| directory.who(a).client()));
                }
                Entry::Note(note) => {
                    clients.clear();
                    clients.push(directory.client(note.client));
                    clients.extend(note.with.iter().filter_map(|&a| directory.who(a).client()));
                }
            }
            clients.sort_unstable();
            clients.dedup();
            for client in &clients {
                filing.by_client.entry(*client).or_default().push(entry);
            }
        }
        filing.file_by_thread();
        filing.file_decisions(directory);
        filing
    }

    fn file_by_thread(&mut self) {
        let mut threads: FxHashMap<u64, Vec<ClientId>> =
            self.clientless.iter().map(|(message, _)| (message.thread, Vec::new())).collect();
        if threads.is_empty() {
            return;
        }
        for (client, entries) in &self.by_client {
            for entry in entries {
                if let Entry::Message(message) = entry
                    && let Some(clients) = threads.get_mut(&message.thread)
                    && clients.last() != Some(client)
                {
                    clients.push(*client);
                }
            }
        }
        for (message, entry) in &self.clientless {
            for client in threads.get(&message.thread).into_iter().flatten() {
                self.by_client.entry(*client).or_default().push(entry);
            }
        }
    }

    fn file_decisions(&mut self, directory: &Directory) {
        if self.decisions.is_empty() {
            return;
        }
        let mut places: FxHashMap<Of, Vec<ClientId>> = FxHashMap::default();
        for (_, decision) in &self.decisions {
            places.extend(decision.what.judges().map(|of| (of, Vec::new())));
        }
        for (client, entries) in &self.by_client {
            for entry in entries {
                if let Some(clients) = places.get_mut(&entry.of()) {
                    clients.push(*client);
                }
            }
        }
        // A decision about a decision is filed where that one is: so once more for each step of such a chain.
        let mut waiting = std::mem::take(&mut self.decisions);
        waiting.sort_unstable_by_key(|(entry, _)| entry.order());
        loop {
            let before = waiting.len();
            waiting.retain(|&(entry, decision)| {
                let clients = match (decision.what.client(), decision.what.judges()) {
                    (Some(client), _) => vec![directory.client(client)],
                    (None, Some(of)) => places.get(&of).cloned().unwrap_or_default(),
                    (None, None) => return false,
                };
                for client in &clients {
                    self.by_client.entry(*client).or_default().push(entry);
                }
                if !clients.is_empty()
                    && let Some(place) = places.get_mut(&entry.of())
                {
                    *place = clients.clone();
                }
                clients.is_empty()
            });
            if waiting.len() == before || waiting.is_empty() {
                break;
            }
        }
    }
}

/// The notes that a taking-back points at, which stands itself.
fn notes_taken_back(entries: &[&Entry]) -> FxHashSet<NaturalKey> {
    let decisions = entries.iter().filter_map(|e| if let Entry::Decision(d) = e { Some(d) } else { None });
    let targets = takings_back(decisions);
    if targets.is_empty() {
        return FxHashSet::default();
    }
    let notes = entries.iter().filter_map(|e| if let Entry::Note(note) = e { Some(note.key) } else { None });
    let mut standing = FxHashMap::default();
    notes.filter(|note| targets.contains_key(note) && !stands(*note, &targets, &mut standing)).collect()
}

/// Everyone who wrote a message or was sent it.
fn addresses(message: &Message) -> impl Iterator<Item = AddressId> + '_ {
    std::iter::once(message.from).chain(message.recipients())
}

/// The decisions that nobody has taken back, in their order; takings-back themselves are left out.
pub fn in_force<'a>(decisions: impl IntoIterator<Item = &'a Decision>) -> Vec<&'a Decision> {
    let mut decisions: Vec<&Decision> = decisions.into_iter().collect();
    decisions.sort_unstable_by_key(|decision| (decision.at, decision.key, decision.entry));
    let mut seen = FxHashSet::default();
    decisions.retain(|decision| seen.insert(decision.key));
    let against = takings_back(decisions.iter().copied());
    let mut standing = FxHashMap::default();
    decisions.retain(|decision| {
        stands(decision.key, &against, &mut standing) && !matches!(decision.what, Verdict::TakenBack { .. })
    });
    decisions
}

/// The decisions that take an entry back, and that nobody has taken back themselves.
pub fn taking_back(entry: NaturalKey, decisions: &[Decision]) -> impl Iterator<Item = &Decision> {
    let against = takings_back(decisions);
    let mut standing = FxHashMap::default();
    let of_entry =
        move |one: &&Decision| matches!(one.what, Verdict::TakenBack { decision } if decision == entry);
    decisions.iter().filter(of_entry).filter(move |one| stands(one.key, &against, &mut standing))
}

/// What is taken back, and by which decisions.
fn takings_back<'a>(
    decisions: impl IntoIterator<Item = &'a Decision>,
) -> FxHashMap<NaturalKey, Vec<NaturalKey>> {
    let mut against: FxHashMap<NaturalKey, Vec<NaturalKey>> = FxHashMap::default();
    for decision in decisions {
        if let Verdict::TakenBack { decision: target } = decision.what {
            against.entry(target).or_default().push(decision.key);
        }
    }
    against
}

/// A decision stands unless a taking-back that stands points at it. `standing` holds what is known already.
fn stands(
    key: NaturalKey,
    against: &FxHashMap<NaturalKey, Vec<NaturalKey>>,
    standing: &mut FxHashMap<NaturalKey, bool>,
) -> bool {
    let backs = |key| against.get(&key).map_or(&[][..], Vec::as_slice);
    // Chains are followed on a list of our own: one may be as long as the record.
    let mut path = vec![key];
    while let Some(&one) = path.last() {
        // Until it is known, it does not stand: so two that take each other back end here.
        let ahead = backs(one).iter().filter(|back| !standing.contains_key(back)).copied();
        let ahead: Vec<NaturalKey> = if standing.contains_key(&one) { Vec::new() } else { ahead.collect() };
        standing.entry(one).or_insert(false);
        if ahead.is_empty() {
            let taken_back = backs(one).iter().any(|back| standing.get(back) == Some(&true));
            standing.insert(one, !taken_back);
            path.pop();
        }
        path.extend(ahead);
    }
    standing.get(&key).copied().unwrap_or(true)
}
