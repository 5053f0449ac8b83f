//! Whom a letter goes to that nobody has addressed yet, and who of those named is whose.

use care::people::Who;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use reading::letter::Sent;
use sqlx::query_scalar;
use wire::smtp::Person;

use super::clock;
use super::words::read_people;
use crate::board::Asker;
use crate::db::{Ts, Tx, sql};
use crate::error::Result;
use crate::ids::{AddressId, ClientId, NaturalKey};
use crate::outbox::compose::Answered;
use crate::record::{addresses, texts};

const LAST_FROM: &str = "SELECT e.natural_key FROM entry_address a
    JOIN message m ON m.firm_id = a.firm_id AND m.entry_id = a.entry_id
    JOIN entry e ON e.firm_id = a.firm_id AND e.entry_id = a.entry_id
    WHERE a.firm_id = $1 AND a.address = $2 AND a.role = 'from' AND a.at <= $3
    ORDER BY a.at DESC, a.entry_id DESC LIMIT 1";

/// At which address somebody of a client is written to first: whoever we really talk to, the one we talk to most; nobody who
/// is no contact any more.
pub(super) async fn likeliest(tx: &mut Tx, asker: &Asker, client: ClientId) -> Result<Option<AddressId>> {
    let house = &asker.board.firm;
    let contact = asker.board.contact_with(client);
    let mut pairs: Vec<_> = contact.pairs.iter().collect();
    pairs.sort_by_key(|pair| std::cmp::Reverse((pair.staff == asker.staff, pair.heard + pair.told)));
    let others = house.addresses.get(&client).into_iter().flatten().copied();
    let all: Vec<AddressId> = pairs.into_iter().map(|pair| pair.address).chain(others).collect();
    let texts = texts::addresses(tx, asker.firm, all.iter().copied()).await?;
    let is_mail = |address: &AddressId| texts.get(address).is_some_and(|(text, _)| text.contains('@'));
    Ok(all.into_iter().filter(is_mail).find(|address| !house.book.directory.is_removed(*address)))
}

/// These people without whoever is no contact of a client any more.
pub(super) async fn still_there(tx: &mut Tx, asker: &Asker, people: Vec<Person>) -> Result<Vec<Person>> {
    let mut there = Vec::with_capacity(people.len());
    for person in people {
        let known = addresses::find(tx, asker.firm, &person.address.to_lowercase()).await?;
        if !known.is_some_and(|known| asker.board.firm.book.directory.is_removed(known)) {
            there.push(person);
        }
    }
    Ok(there)
}

/// Where the clock hangs of whoever a letter is addressed to first: by their last letters, else by the one that it answers,
/// where that is not our own. None where these tell nothing, or whoever writes may not see them.
pub(super) async fn their_clock(
    tx: &mut Tx,
    asker: &Asker,
    to: &str,
    answered: Option<&Answered>,
    now: Timestamp,
) -> Result<Option<TimeZone>> {
    // As long as it is typed, it may be no address yet.
    let first = read_people("To", to).unwrap_or_default().into_iter().next();
    let known = match first {
        Some(person) => addresses::find(tx, asker.firm, &person.address.to_lowercase()).await?,
        None => None,
    };
    let zone = &asker.board.firm.zone;
    let mut letters = Vec::new();
    if let Some(known) = known
        && let Some(newest) = sent_before(tx, asker, known, Timestamp::MAX).await?
    {
        letters.push(newest);
        for before in clock::more_before(newest, zone, now) {
            letters.extend(sent_before(tx, asker, known, before).await?);
        }
        letters.dedup();
        return Ok(clock::zone_of(&letters, zone));
    }
    let Some(letter) = answered.map(Answered::letter) else { return Ok(None) };
    let is_own = match &letter.from {
        Some(from) => is_ours(tx, asker, &from.address).await?,
        None => false,
    };
    letters.extend(letter.sent.filter(|_| !is_own));
    Ok(clock::zone_of(&letters, zone))
}

/// When the last letter from an address was sent that came before this moment, if whoever asks may see it.
async fn sent_before(tx: &mut Tx, asker: &Asker, from: AddressId, before: Timestamp) -> Result<Option<Sent>> {
    let (firm, from) = (asker.firm.0, i64::from(from.0));
    let last: Option<i64> = sql!(tx, c => {
        query_scalar(LAST_FROM).bind(firm).bind(from).bind(Ts::from(before)).fetch_optional(c).await
    })?;
    let Some(key) = last else { return Ok(None) };
    let theirs = super::letter_seen(tx, asker, NaturalKey(key.cast_unsigned())).await?;
    Ok(theirs.and_then(|theirs| theirs.letter().sent))
}

/// Whether an address is of somebody who works here.
pub(super) async fn is_ours(tx: &mut Tx, asker: &Asker, address: &str) -> Result<bool> {
    let known = addresses::find(tx, asker.firm, address).await?;
    let who = known.map(|known| asker.board.firm.book.directory.who(known));
    Ok(matches!(who, Some(Who::Staff(_))))
}

/// Somebody at an address, as a line of To names them; nobody where that is no mail address.
pub(super) async fn contact_of(
    tx: &mut Tx,
    asker: &Asker,
    address: Option<AddressId>,
    name: &str,
) -> Result<Vec<Person>> {
    let Some(address) = address else { return Ok(Vec::new()) };
    let found = texts::addresses(tx, asker.firm, [address]).await?;
    let Some((text, known)) = found.get(&address).filter(|(text, _)| text.contains('@')) else {
        return Ok(Vec::new());
    };
    let name = if name.is_empty() || name.contains('@') { known.as_str() } else { name };
    Ok(vec![Person { name: (!name.is_empty()).then(|| name.to_owned()), address: text.clone() }])
}
