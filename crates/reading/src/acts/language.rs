//! Whether a text is English, by its script and its commonest words: only English is read for acts.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::features::Analysis;
use super::words::{Shape, Token, hash_word};

/// What a text is written in, as far as the reader cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English, or too little to tell.
    #[default]
    English,
    /// Mostly another language: its acts are not read.
    Other,
}

/// So many words are enough to tell.
const MOST: usize = 200;

/// So many English words, and few of others, leave no doubt.
const PLAINLY: u32 = 12;

/// Words that nearly every English text has, without those that are as common in another language ("is", "do", "in").
const ENGLISH: &str = "the and you your with this that have has will would please could should been they their from \
    it are be not what when which there if our were by thank thanks dear regards did does about any know need \
    send how who his her its them these those us me call";

/// The commonest words of other languages, without those that are English as well.
const OTHERS: [&str; 12] = [
    // German
    "das und ich sie wir nicht ist sind zu mit für auf ein eine einen einem dem haben habe bitte wann kann können ihre \
     ihren ihr ihnen uns mir noch auch wie bei vielen danke grüße grüßen sehr geehrte geehrter guten werden wird wurde \
     oder aber wenn dass bis zum zur schon heute morgen unterlagen rechnung vertrag frage",
    // French
    "et vous nous je pas pour une dans que qui avec votre vos notre nos bonjour merci cordialement avez avons être cette \
     ce ne au aux sont mais pouvez quand pouvezvous avezvous svp j'ai c'est n'est d'un d'une qu'il s'il demain contrat \
     facture",
    // Spanish
    "los las por para usted ustedes gracias hola saludos está están como pero muy su sus necesito puede podría cuándo \
     más estimado estimada señor señora mañana contrato factura",
    // Portuguese
    "os não uma você obrigado obrigada olá são seu sua pode quando mais prezado bom dia amanhã",
    // Italian
    "il gli che sono una buongiorno cordiali saluti può anche lei grazie domani contratto fattura",
    // Dutch
    "het een niet met voor zijn ik wij jullie bedankt groet groeten kunt graag nog ook naar wanneer uw morgen",
    // Swedish, Danish and Norwegian
    "och att det är för inte jag tack og ikke jeg på takk hilsen när hej",
    // Polish
    "nie jest się że dzień dobry dziękuję proszę czy jak pani pozdrawiam oraz",
    // Czech and Slovak
    "že jsem prosím děkuji dobrý den kdy jste ale ďakujem",
    // Turkish
    "ve bir bu için ile merhaba teşekkürler teşekkür lütfen",
    // Hungarian
    "és nem hogy egy köszönöm kérem tisztelt üdvözlettel mikor",
    // Romanian and Finnish
    "și nu este pentru vă mulțumesc bună ziua kiitos että milloin hei",
];

/// As common, but parts of names and places in English letters: they count only beside one of the others.
const OF_NAMES: &str = "le la les de der den des du del da van von di el y est al";

/// Thanks, in languages other than English.
const THANKS: &str = "danke dank merci gracias grazie obrigado obrigada bedankt dank tack tak takk dziękuję dzięki děkuji \
    děkuju ďakujem köszönöm teşekkürler teşekkür mulțumesc kiitos hvala спасибо благодарю дякую благодаря ευχαριστώ شكرا \
    شكراً תודה ありがとう ありがとうございます ありがとうございました 谢谢 謝謝 감사합니다 धन्यवाद ขอบคุณ";

/// A message of thanks has no more words.
const BARE: usize = 12;

/// What a word tells.
#[derive(Clone, Copy)]
enum Tells {
    English,
    Other,
    /// Other, beside another word that tells so.
    Beside,
}

static WORDS: LazyLock<FxHashMap<u32, Tells>> = LazyLock::new(|| {
    let tells = |list: &'static str, tells| list.split_whitespace().map(move |word| (hash_word(word), tells));
    let mut words: FxHashMap<u32, Tells> = tells(OF_NAMES, Tells::Beside).collect();
    words.extend(OTHERS.iter().flat_map(|list| tells(list, Tells::Other)));
    words.extend(tells(ENGLISH, Tells::English));
    words
});

/// The language of a text, from its words in their order.
pub(super) fn of<'a>(text: &str, words: impl Iterator<Item = &'a Token>) -> Language {
    let (mut english, mut other, mut beside, mut accents) = (0, 0, 0, 0);
    let (mut latin, mut foreign, mut known) = (0, 0, false);
    for word in words.filter(|t| t.shape == Shape::Word).take(MOST) {
        let letters = word.end - word.start;
        if is_latin(word.first) {
            latin += letters;
        } else {
            // Letters of most other scripts have two or three bytes.
            foreign += letters / 2;
        }
        known |= word.word != 0;
        if PLAINLY <= english && 4 * other <= english && foreign < latin {
            break;
        }
        match WORDS.get(&word.hash) {
            Some(Tells::English) => english += 1,
            Some(Tells::Other) => other += 1,
            Some(Tells::Beside) => beside += 1,
            None if known => {}
            None => {
                let plain = text.get(word.start as usize..word.end as usize).is_none_or(str::is_ascii);
                accents += u32::from(!plain && word.first.is_lowercase());
            }
        }
    }
    // A word with an accent may be borrowed ("café"); where no word at all is one that English rules name, it tells.
    other += if known { 0 } else { accents };
    other += beside.min(other);
    if latin < foreign || english < other { Language::Other } else { Language::English }
}

/// Letters of the Latin script with all their accents.
fn is_latin(letter: char) -> bool {
    matches!(letter, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// Nothing but thanks, in another language than English.
fn only_thanks(tokens: &[Token]) -> bool {
    static HASHES: LazyLock<Vec<u32>> = LazyLock::new(|| THANKS.split_whitespace().map(hash_word).collect());
    let words = || tokens.iter().filter(|t| t.shape == Shape::Word);
    words().count() <= BARE && words().any(|t| HASHES.contains(&t.hash))
}

/// A letter that is not read, as long as its form does not speak against it. These are proposed and never stated; there
/// are no labelled letters by which they could be calibrated.
const UNREAD: f32 = 0.6;
/// The same where it has a question mark.
const UNREAD_QUESTION: f32 = 0.7;
/// Bare thanks, greetings alone, newsletters.
const NOTHING_ASKED: f32 = 0.1;

/// How likely a letter in another language needs a reply, by its form alone.
pub(super) fn needs_reply(analysis: &Analysis, bulk: f32) -> f32 {
    let asks = analysis.tokens.iter().any(|t| t.is_mark('?'));
    if asks && bulk < 0.5 {
        UNREAD_QUESTION
    } else if analysis.body.is_empty() || 0.5 <= bulk || only_thanks(&analysis.tokens) {
        NOTHING_ASKED
    } else {
        UNREAD
    }
}
