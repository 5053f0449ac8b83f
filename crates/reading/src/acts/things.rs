//! The words that name things ("draft", "lease"), hashed, for telling whether a promise was delivered.

use super::words::{HASH_SEED, Shape, Token, hash_byte, hash_word};

/// Words that name nothing, though they are long enough.
const EMPTY: &str = "about above after again against almost also although always among another anything anyone away back been before \
    being below between both cannot come could deal does doing done down during each early either else even ever every everything few \
    first from further give given glad going good great happy have having hear here hope however immediately into just keep know last \
    late later least less like little long look looking made make making many maybe might more most much must need never next nothing \
    now once only other others over perhaps please possible probably quite rather really receive regarding regards ready right same \
    send sent several shall should since some someone something soon shortly still such sure take than thank thanks that their them \
    then there these they thing things think this those though through till time today together tomorrow tonight touch tried trying \
    under unless until upon very want well were what whatever when where whether which while will with within without work working \
    would write year yesterday yours yourself able forward email mail call phone ring contact provide supply share submit deliver \
    prepare check find arrange schedule book finish complete respond reply answer discuss confirm follow update monday tuesday \
    wednesday thursday friday saturday sunday january february march april june july august september october november december \
    morning afternoon evening noon week weeks month months days hours minutes close business attached enclosed find dear hello \
    myself ourselves promise ensure endeavour hopefully latest end best week's today's revert get let try you your our";

/// Past this many words a message is compared by its first ones only.
const MOST: usize = 400;

/// The hashes of the words that name things, sorted, each once.
pub(super) fn of(text: &str, tokens: &[Token]) -> Box<[u32]> {
    let mut things: Vec<u32> = tokens.iter().filter_map(|token| thing(text, token)).take(MOST).collect();
    things.sort_unstable();
    things.dedup();
    things.into()
}

/// The hash of a word that names a thing, without the ending of the plural.
fn thing(text: &str, token: &Token) -> Option<u32> {
    if token.shape != Shape::Word || token.end - token.start < 4 || is_empty(token.hash) {
        return None;
    }
    let word = text.get(token.start as usize..token.end as usize)?;
    Some(hash(word))
}

/// The hash of a word that names a thing: lower case, plural ending off. For attachment names as well.
pub(crate) fn hash(word: &str) -> u32 {
    let word = word.strip_suffix("'s").or_else(|| word.strip_suffix("\u{2019}s")).unwrap_or(word);
    let plural = word.len() > 4 && word.ends_with(['s', 'S']) && !word.ends_with("ss");
    let word = if plural { word.get(..word.len() - 1).unwrap_or(word) } else { word };
    let mut hash = HASH_SEED;
    for c in word.chars().flat_map(char::to_lowercase) {
        let mut utf8 = [0; 4];
        hash = c.encode_utf8(&mut utf8).bytes().fold(hash, hash_byte);
    }
    hash
}

fn is_empty(hash: u32) -> bool {
    use std::sync::LazyLock;
    static HASHES: LazyLock<rustc_hash::FxHashSet<u32>> =
        LazyLock::new(|| EMPTY.split_whitespace().map(hash_word).collect());
    HASHES.contains(&hash)
}
