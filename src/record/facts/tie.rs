//! What threading needs to know of a message, in few bytes: kept so that the next import ties new mail to old.

use reading::letter::Fingerprint;
use reading::thread::Facts;

use super::{Reader, Unreadable, VERSION, Writer};
use crate::ids::NaturalKey;

const IS_REPLY: u8 = 1;
const AUTOMATIC: u8 = 2;

/// What threading needs to know, to be stored.
pub fn pack_tie(facts: &Facts) -> Vec<u8> {
    let mut out = Writer::default();
    out.byte(VERSION);
    out.byte(if facts.is_reply { IS_REPLY } else { 0 } | if facts.automatic { AUTOMATIC } else { 0 });
    out.list(&facts.parents, |out, parent| out.whole(*parent));
    out.whole(facts.subject);
    out.option(facts.from, Writer::address);
    out.addresses(&facts.people);
    out.option(facts.sent, Writer::at);
    out.whole(facts.fingerprint.number());
    out.list(&facts.quoted, |out, quoted| out.whole(quoted.number()));
    out.0
}

/// What was stored for the message of that key.
pub fn unpack_tie(key: NaturalKey, packed: &[u8]) -> Result<Facts, Unreadable> {
    let mut from = Reader(packed);
    let version = from.byte()?;
    if version != VERSION {
        return Err(Unreadable::Unknown(version.into()));
    }
    let flags = from.byte()?;
    Ok(Facts {
        key,
        parents: from.list(Reader::whole)?.into(),
        subject: from.whole()?,
        is_reply: flags & IS_REPLY != 0,
        from: from.option(Reader::address)?,
        people: from.addresses()?.into(),
        sent: from.option(Reader::at)?,
        fingerprint: Fingerprint::from_number(from.whole()?),
        quoted: from.list(|from| from.whole().map(Fingerprint::from_number))?.into(),
        automatic: flags & AUTOMATIC != 0,
    })
}
