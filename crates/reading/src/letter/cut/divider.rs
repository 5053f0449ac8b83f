//! Lines that part one message from another: `-----Original Message-----`, `Begin forwarded message:`, a rule of
//! underscores above copied headers.

use super::lines::{self, Line};
use super::{Intro, fields, notes};

/// Between dashes: an answer follows these.
const ORIGINAL: &[&str] = &[
    "original message",
    "ursprüngliche nachricht",
    "originalnachricht",
    "original-nachricht",
    "message d'origine",
    "message d’origine",
    "message original",
    "mensaje original",
    "mensagem original",
    "messaggio originale",
    "oorspronkelijk bericht",
    "origineel bericht",
    "ursprungligt meddelande",
    "originalmeddelande",
    "originalmeddelelse",
    "oprindelig meddelelse",
    "oprindelig besked",
    "opprinnelig melding",
    "original melding",
    "alkuperäinen viesti",
    "oryginalna wiadomość",
    "wiadomość oryginalna",
    "treść oryginalnej wiadomości",
    "původní zpráva",
    "pôvodná správa",
    "исходное сообщение",
    "оригинальное сообщение",
    "orijinal mesaj",
    "özgün ileti",
    "eredeti üzenet",
    "mesaj original",
    "original e-mail",
    "original email",
    "original text",
    "reply separator",
    "原始邮件",
    "原邮件",
    "原始郵件",
    "元のメッセージ",
    "original appointment",
    "original task",
    "원본 메시지",
    "원본 메세지",
    "αρχικό μήνυμα",
    "הודעה מקורית",
    "izvorna poruka",
    "izvorno sporočilo",
    "algne kiri",
    "original post",
    "urspr. nachricht",
    "originele bericht",
];
/// Between dashes: something passed on follows these.
const FORWARDED: &[&str] = &[
    "forwarded message",
    "forwarded by",
    "forwarded mail",
    "forwarded letter",
    "weitergeleitete nachricht",
    "weitergeleitet von",
    "message transféré",
    "message transmis",
    "mensaje reenviado",
    "mensagem encaminhada",
    "mensagem reencaminhada",
    "messaggio inoltrato",
    "doorgestuurd bericht",
    "doorgestuurd door",
    "vidarebefordrat meddelande",
    "videresendt meddelelse",
    "videresendt besked",
    "videresendt melding",
    "välitetty viesti",
    "wiadomość przekazana",
    "przekazana wiadomość",
    "treść przekazanej wiadomości",
    "přeposlaná zpráva",
    "preposlaná správa",
    "пересылаемое сообщение",
    "пересланное сообщение",
    "переслане повідомлення",
    "iletilen mesaj",
    "yönlendirilen ileti",
    "továbbított üzenet",
    "továbbított levél",
    "mesaj redirecționat",
    "转发邮件",
    "转发的邮件",
    "轉寄郵件",
    "転送メッセージ",
    "전달된 메시지",
    "προωθημένο μήνυμα",
];
/// Alone on a line, with a colon.
const BEGINS: &[&str] = &[
    "begin forwarded message",
    "anfang der weitergeleiteten nachricht",
    "début du message transféré",
    "début du message réexpédié",
    "inicio del mensaje reenviado",
    "início da mensagem encaminhada",
    "início da mensagem reencaminhada",
    "inizio messaggio inoltrato",
    "begin doorgestuurd bericht",
    "vidarebefordrat brev",
    "vidarebefordrat mejl",
    "videresendt brev",
    "videresend melding",
    "videresendt melding",
    "välitetty viesti alkaa",
    "początek przekazywanej wiadomości",
    "začátek přeposílané zprávy",
    "начало переадресованного сообщения",
    "iletinin başı",
    "転送されたメッセージ",
    "下面是被转发的邮件",
    "以下是轉寄的郵件",
    "전달된 메시지 시작",
    "továbbított levél kezdete",
    "start of forwarded message",
    "original message processed by",
];

/// The divider at a line, with the headers below it.
pub(super) fn read(lines: &[Line<'_>], at: usize) -> Option<Intro> {
    let text = lines[at].text.trim_start();
    let first = text.chars().next()?;
    if matches!(first, '-' | '_' | '=' | '*' | '–' | '—' | '+' | '~' | '#') {
        return ruled(lines, at, text);
    }
    let may_begin = lines[at].may_end || text.starts_with('O') || text.starts_with('o');
    if !may_begin || 90 < text.len() {
        return None;
    }
    let lower = text.to_lowercase();
    if BEGINS.iter().any(|b| lower.starts_with(b)) && (lines[at].may_end || lower.starts_with("original")) {
        return Some(with_headers(lines, at, at + 1, true));
    }
    None
}

/// A line that begins with a rule: words of the tables inside it, or none and copied headers below.
fn ruled(lines: &[Line<'_>], at: usize, text: &str) -> Option<Intro> {
    let is_rule =
        |c: char| matches!(c, '-' | '_' | '=' | '*' | '–' | '—' | '+' | '~' | '#' | ' ' | '\t' | '>' | '<');
    let words = text.trim_start_matches(is_rule);
    let rule = text.len() - words.len();
    if words.is_empty() {
        return bare_rule(lines, at, text);
    }
    if rule < 2 || 200 < words.len() {
        return None;
    }
    let lower = words.trim_end_matches(is_rule).to_lowercase();
    let ends_ruled = words.ends_with(['-', '_', '=', '*', '—', '–', '+', '~']);
    let starts = |table: &[&str]| table.iter().any(|word| lower.starts_with(word));
    if starts(FORWARDED) {
        // "Forwarded by Ada Moss on 03/03/2026 11:00 ⏎ AM ---": the rule's end may stand on the next line.
        let mut end = at + 1;
        if !ends_ruled
            && let Some(next) = lines.get(end)
            && next.text.ends_with("--")
            && next.text.len() < 80
        {
            end += 1;
        }
        return Some(with_headers(lines, at, end, true));
    }
    let short = lower.len() < 60;
    if short && starts(ORIGINAL) {
        return Some(with_headers(lines, at, at + 1, false));
    }
    // "---- On Wed, 24 Feb 2021 14:02:50 +0530 ada@moss.example wrote ----"
    let inner = words.trim_end_matches(is_rule);
    super::attribution::of_words(inner, ends_ruled).map(|intro| Intro { lines: 1, ..intro })
}

/// A rule without words: a divider where copied headers follow it.
fn bare_rule(lines: &[Line<'_>], at: usize, text: &str) -> Option<Intro> {
    if text.len() < 3 {
        return None;
    }
    let next = lines::skip_blank(lines, at + 1);
    if 3 < next - at || next == lines.len() {
        return None;
    }
    let first = fields::field(&lines[next])?;
    if first.0 == fields::Field::Subject || first.0 == fields::Field::Other {
        return None;
    }
    let intro = fields::block(lines, next, false)?;
    Some(Intro { lines: intro.lines + next - at, ..intro })
}

/// A sure divider: whatever headers follow belong to it.
fn with_headers(lines: &[Line<'_>], at: usize, end: usize, forwarded: bool) -> Intro {
    let next = lines::skip_blank(lines, end);
    let found = (next < lines.len() && next - end <= 5)
        .then(|| {
            fields::block(lines, next, true)
                .or_else(|| notes::block(lines, next))
                .or_else(|| lone_name(lines, next))
        })
        .flatten();
    match found {
        Some(intro) => Intro { lines: next + intro.lines - at, forwarded, ..intro },
        None => Intro { lines: end - at, forwarded, ..Intro::default() },
    }
}

/// Outlook sometimes leaves an empty line or a name between its divider and the headers.
fn lone_name(lines: &[Line<'_>], at: usize) -> Option<Intro> {
    let next = lines::skip_blank(lines, at + 1);
    if 80 < lines[at].text.len() || 2 < next - at || next == lines.len() {
        return None;
    }
    let intro = fields::block(lines, next, true)?;
    Some(Intro { lines: next + intro.lines - at, ..intro })
}
