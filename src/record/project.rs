//! What is owed, made from the record: the fold with what the program leaves out of it, and its rows renewed.

use std::collections::{BTreeMap, BTreeSet};

use care::book::FirmBook;
use care::entry::{Decision, Entry, Verdict};
use care::obligation::Obligation;
use care::record::{Record, affected, records};
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use sqlx::{query, query_scalar};

use super::outlook::{self, Contact};
use super::stand::{Stand, Traffic};
use super::warm::{Known, Later, News, Visit};
use super::{book, changes, lately, owed, read};
use crate::db::{Tx, run, sql};
use crate::error::Result;
use crate::ids::{AddressId, ClientId, EntryId, FirmId, NaturalKey};

const BEHIND: &str = "UPDATE firm SET behind = $2 WHERE firm_id = $1";
const IS_BEHIND: &str = "SELECT behind FROM firm WHERE firm_id = $1";

/// Notes whether entries came in that who is who and what is owed do not know of yet.
pub async fn mark_behind(tx: &mut Tx, firm: FirmId, behind: bool) -> Result<()> {
    run!(tx, query(BEHIND).bind(firm.0).bind(behind)).map(drop)
}

/// Whether entries came in that who is who and what is owed do not know of yet: an import was stopped, or a new version
/// of the program keeps what is owed in another form.
pub async fn is_behind(tx: &mut Tx, firm: FirmId) -> Result<bool> {
    sql!(tx, c => query_scalar(IS_BEHIND).bind(firm.0).fetch_one(c).await)
}

/// What follows from all records of a firm.
#[derive(Debug, Default)]
pub struct Folded {
    /// Everything that is or was owed.
    pub obligations: Vec<Obligation>,
    /// What is known of the contact with each client.
    pub contacts: Vec<(ClientId, Contact)>,
}

/// Everything that is or was owed, from all entries of a firm.
pub fn fold_all(entries: &[Entry], book: &FirmBook) -> Vec<Obligation> {
    fold_whole(entries, book).obligations
}

/// What follows from all entries of a firm.
pub fn fold_whole(entries: &[Entry], book: &FirmBook) -> Folded {
    let records = records(entries, book);
    let each: Vec<(Vec<Obligation>, Contact)> =
        records.par_iter().map(|record| fold_one(record, book)).collect();
    let mut whole = Folded::default();
    for (record, (owed, contact)) in records.iter().zip(each) {
        whole.obligations.extend(owed);
        whole.contacts.push((record.client, contact));
    }
    whole
}

fn fold_one(record: &Record<'_>, book: &FirmBook) -> (Vec<Obligation>, Contact) {
    let owed = care::fold::fold(record, book);
    complete(record, book, owed, Traffic::of(record, book))
}

/// The same, and where the fold stands.
fn fold_and_stand(record: &Record<'_>, book: &FirmBook) -> (Vec<Obligation>, Contact, Option<Stand>) {
    let traffic = Traffic::of(record, book);
    let (owed, fold) = care::fold::fold_and_stand(record, book);
    let (owed, contact) = complete(record, book, owed, traffic);
    let stand = fold.map(|fold| Stand { fold, traffic, contact: Some(contact.clone()) });
    (owed, contact, stand)
}

fn complete(
    record: &Record<'_>,
    book: &FirmBook,
    mut owed: Vec<Obligation>,
    traffic: Traffic,
) -> (Vec<Obligation>, Contact) {
    owed.retain(|owed| traffic.owes(owed));
    let contact = Contact::of(record, &book.directory, &owed, traffic.likeness());
    (owed, contact)
}

/// Where the fold of a client's record stands.
pub(super) fn stand_of(entries: &[Entry], client: ClientId, book: &FirmBook) -> Option<Stand> {
    let records = records(entries, book);
    let record = records.iter().find(|record| record.client == client)?;
    // Of how many clients somebody will ask is not known: what is known of the contact is read when they do.
    fold_and_stand(record, book).2.map(|stand| Stand { contact: None, ..stand })
}

/// How client-like the traffic of a correspondent is, 0 to 1: both sides must write. Ten messages in the direction
/// with fewer make it certain.
pub fn likeness(wrote: u32, received: u32) -> f64 {
    const CERTAIN: f64 = 10.0;
    let both = f64::from(wrote.min(received));
    let one_way = f64::from(wrote.max(received).min(1)) * 0.05;
    ((1.0 + both).ln() / (1.0 + CERTAIN).ln()).min(1.0).max(one_way)
}

/// What folding everything anew came to.
#[derive(Debug)]
pub struct Refolded {
    /// How many entries were folded.
    pub entries: usize,
    /// How much is and was owed.
    pub obligations: usize,
    /// In what the kept obligations were not those; they are now.
    pub difference: owed::Difference,
}

/// Folds every entry of a firm anew and puts what that gives in the place of what is kept. `told` is called as each
/// part begins: `read`, `fold`, `compare`.
pub async fn refold(tx: &mut Tx, firm: FirmId, mut told: impl FnMut(&'static str)) -> Result<Refolded> {
    told("read");
    changes::hold(tx, firm).await?;
    let book = book::load(tx, firm).await?;
    let mut entries = Vec::new();
    read::load_all(tx, firm, |entry| entries.push(entry)).await?;
    told("fold");
    let Folded { obligations, contacts } = fold_whole(&entries, &book);
    told("compare");
    outlook::replace_all(tx, firm, &contacts).await?;
    let difference = owed::replace_all(tx, firm, &obligations).await?;
    Ok(Refolded { entries: entries.len(), obligations: obligations.len(), difference })
}

/// The same, where all entries are at hand.
pub async fn renew_from(tx: &mut Tx, firm: FirmId, entries: &[Entry]) -> Result<usize> {
    let book = book::load(tx, firm).await?;
    let whole = fold_whole(entries, &book);
    outlook::replace_all(tx, firm, &whole.contacts).await?;
    owed::replace_all(tx, firm, &whole.obligations).await?;
    Ok(whole.obligations.len())
}

/// The clients whose record a decision touches, which is in the record already. What a decision about another decision
/// touches is what that one touches.
pub async fn touched(
    tx: &mut Tx,
    firm: FirmId,
    decision: &Decision,
    book: &FirmBook,
) -> Result<Vec<ClientId>> {
    let judged = read::judged_by(tx, firm, &[&decision.what]).await?;
    let mut clients = BTreeSet::new();
    for what in read::decisions_in(&judged).chain([decision]).map(|decision| &decision.what) {
        if let Verdict::Merged { from, into } | Verdict::Split { from, into, .. } = what {
            let now = [from, into].map(|client| book.directory.client(*client));
            clients.extend([*from, *into].into_iter().chain(now));
        } else if what.places() {
            clients.extend(book.all_clients().iter().map(|client| client.id));
        }
        clients.extend(what.client().map(|client| book.directory.client(client)));
    }
    for entry in &judged {
        match entry {
            Entry::Decision(_) => {}
            Entry::Message(message) => {
                let thread = read::thread(tx, firm, message.thread).await?;
                clients.extend(affected(&thread, &book.directory));
            }
            entry => clients.extend(affected([entry], &book.directory)),
        }
    }
    Ok(clients.into_iter().collect())
}

/// The clients whose record messages in these threads touch.
pub async fn touched_by_threads(
    tx: &mut Tx,
    firm: FirmId,
    threads: &[u64],
    book: &FirmBook,
) -> Result<Vec<ClientId>> {
    let mut clients = BTreeSet::new();
    for thread in threads {
        let entries = read::thread(tx, firm, *thread).await?;
        clients.extend(affected(&entries, &book.directory));
    }
    Ok(clients.into_iter().collect())
}

/// Makes anew what is owed to the clients whose record messages in these threads touch. `all_new` names the entries that
/// are new in them, where the rest of the record stands as it was; none where more may have changed.
pub async fn renew_threads(
    tx: &mut Tx,
    firm: FirmId,
    threads: &[u64],
    all_new: Option<&FxHashSet<EntryId>>,
    book: &FirmBook,
) -> Result<()> {
    let mut clients: BTreeMap<ClientId, Vec<Entry>> = BTreeMap::new();
    for thread in threads {
        let entries = read::thread(tx, firm, *thread).await?;
        for client in affected(&entries, &book.directory) {
            clients.entry(client).or_default().extend(entries.iter().cloned());
        }
    }
    let mut visit = Visit::begin(tx, firm).await?;
    for (client, entries) in clients {
        let news = all_new.map(|new| News { entries, new });
        let stepped = match &news {
            Some(news) => go_on(tx, firm, client, news, book, &mut visit).await?,
            None => false,
        };
        if !stepped {
            renew_one(tx, firm, client, news, book, &mut visit).await?;
        }
    }
    visit.end(tx);
    Ok(())
}

/// Makes right what is owed to a client by one step of the fold, where it goes on from where it stood: an entry more costs
/// the same on a record of one year and of twenty. False where the record is to be folded whole; then nothing was done.
async fn go_on(
    tx: &mut Tx,
    firm: FirmId,
    client: ClientId,
    news: &News<'_>,
    book: &FirmBook,
    visit: &mut Visit,
) -> Result<bool> {
    let stand = visit.take_stand(client);
    let stepped = stand.and_then(|stand| stand.step(client, &news.entries, news.new, book));
    let Some(mut stepped) = stepped else { return Ok(false) };
    let contact = outlook::go_on(tx, firm, client, &book.directory, &mut stepped).await?;
    let Some(contact) = contact else { return Ok(false) };
    owed::go_on(tx, firm, &stepped.step).await?;
    let noted = changes::note_one(tx, firm, client).await?;
    lately::tell(tx, (firm, client, noted), stepped.step.clone(), contact);
    #[cfg(debug_assertions)]
    assert_as_folded_whole(tx, firm, client, book).await?;
    visit.keep_step(client, stepped.stand, Later::of(stepped.entries, stepped.step), noted);
    Ok(true)
}

/// A step is never more than a shorter way.
#[cfg(debug_assertions)]
async fn assert_as_folded_whole(tx: &mut Tx, firm: FirmId, client: ClientId, book: &FirmBook) -> Result<()> {
    let entries = read::load_record(tx, firm, client, book).await?;
    let records = records(&entries, book);
    let record = records.iter().find(|record| record.client == client);
    let (owed, contact) = record.map(|record| fold_one(record, book)).unzip();
    let mut kept = owed::of_client(tx, firm, client).await?;
    kept.sort_by_key(|owed| (owed.opened_at, owed.kind, owed.id));
    assert_eq!(Some(kept), owed, "a step of the fold gave something else than the whole");
    assert_eq!(outlook::of_client(tx, firm, client).await?, contact, "and so of the contact");
    Ok(())
}

/// Makes anew what is owed to those whom it concerns that some addresses are somebody else's than before: the clients whose
/// they were and are, and those on the threads that they take part in.
pub async fn renew_addresses(
    tx: &mut Tx,
    firm: FirmId,
    addresses: &[AddressId],
    before: &FirmBook,
    after: &FirmBook,
) -> Result<()> {
    let mut threads = BTreeSet::new();
    let mut clients = BTreeSet::new();
    for address in addresses {
        clients.extend([before, after].into_iter().filter_map(|book| book.directory.who(*address).client()));
    }
    for entry in &read::with_addresses(tx, firm, addresses).await? {
        match entry {
            Entry::Message(message) => drop(threads.insert(message.thread)),
            other => clients.extend(affected([other], &after.directory)),
        }
    }
    for thread in threads {
        let entries = read::thread(tx, firm, thread).await?;
        clients.extend(affected(&entries, &before.directory));
        clients.extend(affected(&entries, &after.directory));
    }
    let clients: Vec<ClientId> = clients.into_iter().collect();
    renew_clients_by(tx, firm, &clients, after).await.map(drop)
}

/// Makes anew what is owed to these clients, and gives what became another by it. Whoever changed in this transaction
/// what the firm's book is made from has noted it ([`changes::note_everything`]).
pub async fn renew_clients(tx: &mut Tx, firm: FirmId, clients: &[ClientId]) -> Result<owed::Changed> {
    changes::hold(tx, firm).await?;
    let book = book::at_hand(tx, firm).await?.book;
    renew_clients_by(tx, firm, clients, &book).await
}

/// The same, where the book is at hand.
pub async fn renew_clients_by(
    tx: &mut Tx,
    firm: FirmId,
    clients: &[ClientId],
    book: &FirmBook,
) -> Result<owed::Changed> {
    renew(tx, firm, book, clients.iter().map(|client| (*client, None)).collect()).await
}

/// The same for clients to whose records one decision was added, and nothing else changed.
pub async fn renew_decided(
    tx: &mut Tx,
    firm: FirmId,
    clients: &[ClientId],
    decision: NaturalKey,
    book: &FirmBook,
) -> Result<owed::Changed> {
    let entries = read::entries(tx, firm, &[decision]).await?;
    let new = entries.iter().map(Entry::id).collect();
    let news = || Some(News { entries: entries.clone(), new: &new });
    renew(tx, firm, book, clients.iter().map(|client| (*client, news())).collect()).await
}

async fn renew(
    tx: &mut Tx,
    firm: FirmId,
    book: &FirmBook,
    clients: Vec<(ClientId, Option<News<'_>>)>,
) -> Result<owed::Changed> {
    let mut changed = owed::Changed::default();
    let mut visit = Visit::begin(tx, firm).await?;
    for (client, news) in clients {
        let owed::Changed { before, after } = renew_one(tx, firm, client, news, book, &mut visit).await?;
        changed.before.extend(before);
        changed.after.extend(after);
    }
    visit.end(tx);
    for side in [&mut changed.before, &mut changed.after] {
        side.sort_unstable_by_key(|owed| owed.id);
    }
    Ok(changed)
}

/// Folds the whole record of one client.
async fn renew_one(
    tx: &mut Tx,
    firm: FirmId,
    client: ClientId,
    news: Option<News<'_>>,
    book: &FirmBook,
    visit: &mut Visit,
) -> Result<owed::Changed> {
    let known = visit.take(client).zip(news).and_then(|(known, news)| known.with(news));
    let (entries, kept) = match known {
        Some(Known { entries, owed }) => (entries, Some(owed)),
        None => (read::load_record(tx, firm, client, book).await?, None),
    };
    let records = records(&entries, book);
    let (mut owed, mut contact, mut stand) = (Vec::new(), None, None);
    if let Some(record) = records.iter().find(|record| record.client == client) {
        let folded = fold_and_stand(record, book);
        (owed, contact, stand) = (folded.0, Some(folded.1), folded.2);
    }
    outlook::replace(tx, firm, client, contact.as_ref()).await?;
    let changed = owed::replace(tx, firm, client, kept, &owed).await?;
    let noted = changes::note_one(tx, firm, client).await?;
    lately::tell(tx, (firm, client, noted), changed.step(), contact.unwrap_or_default());
    visit.keep(client, Known { entries, owed }, stand, noted);
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_are_those_with_whom_both_sides_talk() {
        assert!(likeness(40, 0) < 0.1);
        assert!(likeness(0, 40) < 0.1);
        assert!(0.4 < likeness(2, 3));
        assert_eq!(likeness(12, 30), 1.0);
    }
}
