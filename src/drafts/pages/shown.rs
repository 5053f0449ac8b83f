//! What the page of a letter shows around it.

use jiff::{Timestamp, ToSpan};

use crate::board::Asker;
use crate::db::Tx;
use crate::drafts::check::{self, Found};
use crate::drafts::send::sender;
use crate::drafts::standing::{kind_moment, stands};
use crate::drafts::words::{Blanks, also_written_to, spelled};
use crate::drafts::{self, Draft, Fields, Purpose, store};
use crate::error::Result;
use crate::outbox::Way;
use crate::outbox::compose::Answered;
use crate::report::words::{counted, grouped, one_line};
use crate::today::words::{When, spoken};

/// A letter that is written, with all that stands around it.
pub(super) struct Composing<'a> {
    pub(super) id: i64,
    pub(super) title: String,
    pub(super) client: &'a str,
    pub(super) client_href: String,
    pub(super) back: String,
    /// The mailboxes to choose from: id, address, chosen.
    pub(super) senders: Vec<(i64, String, bool)>,
    pub(super) fields: Fields,
    /// To whom their letter went as well, and who gets no copy.
    pub(super) also: String,
    pub(super) signature: String,
    /// Their letter: the line above it, and its words.
    pub(super) quoted: Option<(String, String)>,
    pub(super) files: Vec<(i64, String, String)>,
    pub(super) texts: Vec<(i64, String, String)>,
    pub(super) checked: Checked,
    /// When it would be kinder to let it arrive.
    pub(super) kind: String,
    /// When it leaves where "later" is chosen, as a browser takes it.
    pub(super) later: String,
    pub(super) by_drafts: bool,
    /// It is on its way already: the message, and where it stands.
    pub(super) leaving: Option<(i64, String)>,
    /// Why it was not sent just now; empty where nothing was refused.
    pub(super) refused: String,
    /// The field that is to be mended, as the refusal names it.
    pub(super) wrong: String,
}

/// What is told beside a letter.
pub(super) struct Checked {
    pub(super) id: i64,
    pub(super) beside: Vec<String>,
    pub(super) found: Vec<Found>,
    pub(super) saved: String,
}

/// A letter with all that stands around it.
pub(super) async fn composing<'a>(
    tx: &mut Tx,
    asker: &'a Asker,
    draft: Draft,
    back: String,
    now: Timestamp,
) -> Result<Composing<'a>> {
    let answered = drafts::answered(tx, asker, &draft).await?;
    let senders = drafts::senders(tx, asker).await?;
    let from = sender(&senders, &draft).ok();
    let writing = store::writing(tx, asker.firm, asker.staff).await?;
    let signature = match (writing.signature.is_empty(), from) {
        (true, Some(from)) => from.signature.clone().unwrap_or_default(),
        _ => writing.signature.clone(),
    };
    let card = asker.board.firm.clients.get(&draft.target.client);
    let to = draft.fields.to.split(['<', ',']).next().unwrap_or_default().trim().trim_matches('"').to_owned();
    let blanks = Blanks::of(tx, asker, draft.target.client, &to).await?;
    let texts = store::texts(tx, asker.firm).await?;
    let files = store::files(tx, asker.firm, draft.id).await?;
    let theirs = drafts::whom::their_clock(tx, asker, &draft.fields.to, answered.as_ref(), now).await?;
    let kind = kind_moment(asker, theirs, now);
    let later = kind.as_ref().map_or_else(|| next_morning(asker, now), jiff::Zoned::timestamp);
    let also = match &answered {
        Some(answered) => also_written_to(tx, asker, draft.target.client, answered.letter()).await?.1,
        None => Vec::new(),
    };
    let leaving = match draft.outgoing {
        Some(id) => {
            let known = crate::outbox::store::one(tx, asker.firm, id).await?;
            Some((id.0, stands(asker, &known, now)))
        }
        None => None,
    };
    let checked = checked(tx, asker, &draft, now).await?;
    let chosen = from.map(|from| from.id);
    Ok(Composing {
        id: draft.id.0,
        title: title(draft.target.purpose, &to),
        client: card.map_or("", |card| &card.name),
        client_href: card
            .filter(|card| card.is_confirmed())
            .map(|card| format!("/clients/{}", card.id.0))
            .unwrap_or_default(),
        back,
        senders: senders.iter().map(|one| (one.id.0, one.address.clone(), Some(one.id) == chosen)).collect(),
        also: spelled(&also),
        signature,
        quoted: answered.as_ref().map(|answered| quoted(asker, answered)),
        files: files.into_iter().map(|file| (file.id, file.name, size(file.size))).collect(),
        texts: texts.into_iter().map(|text| (text.text_id, text.name, blanks.fill(&text.words))).collect(),
        checked,
        kind: kind.map(|at| kind_words(asker, &at, &to, now)).unwrap_or_default(),
        later: later.to_zoned(asker.zone.clone()).strftime("%Y-%m-%dT%H:%M").to_string(),
        by_drafts: writing.way == Way::Drafts,
        leaving,
        refused: String::new(),
        wrong: String::new(),
        fields: draft.fields,
    })
}

fn title(purpose: Purpose, to: &str) -> String {
    let what = match purpose {
        Purpose::Answer => "Answer",
        Purpose::Hold => "When they will hear",
        Purpose::NewDate => "A new date",
        Purpose::CheckIn => "A short word",
        Purpose::Thanks => "Thanks",
        Purpose::Letter => "Letter",
    };
    match (to.is_empty(), purpose) {
        (true, _) => what.to_owned(),
        (false, Purpose::Hold | Purpose::NewDate) => format!("{what}, for {to}"),
        (false, _) => format!("{what} to {to}"),
    }
}

fn quoted(asker: &Asker, answered: &Answered) -> (String, String) {
    let whole = answered.quoted(&asker.board.firm.zone);
    let (head, words) = whole.split_once('\n').unwrap_or((&whole, ""));
    (head.to_owned(), words.to_owned())
}

fn kind_words(asker: &Asker, at: &jiff::Zoned, to: &str, now: Timestamp) -> String {
    let theirs = now.to_zoned(at.time_zone().clone());
    let here = at.timestamp().to_zoned(asker.zone.clone());
    let who = if to.is_empty() { "them".to_owned() } else { one_line(to, 40) };
    let first = spoken(&here, &now.to_zoned(asker.zone.clone()));
    match at.offset() == here.offset() {
        true => format!("It is out of hours for {who}. In working time it would arrive {first}."),
        false => format!(
            "It is {} where {who} is. In working time there it would arrive {first} of your clock.",
            theirs.strftime("%H:%M")
        ),
    }
}

/// Nine in the morning of the next working day.
fn next_morning(asker: &Asker, now: Timestamp) -> Timestamp {
    let calendar = &asker.board.firm.book.calendar;
    let mut day = now.to_zoned(asker.zone.clone()).date();
    for _ in 0..30 {
        day = day.saturating_add(1.day());
        if calendar.is_working_day(day) {
            break;
        }
    }
    day.at(9, 0, 0, 0).to_zoned(asker.zone.clone()).map_or(now, |at| at.timestamp())
}

fn size(bytes: u64) -> String {
    match bytes {
        small @ 0..1000 => counted(small as usize, "byte", "bytes"),
        bytes => format!("{} kB", grouped(bytes / 1000)),
    }
}

/// What is told beside a letter at this moment.
pub(super) async fn checked(tx: &mut Tx, asker: &Asker, draft: &Draft, now: Timestamp) -> Result<Checked> {
    let mut beside = drafts::beside(tx, asker, draft, now).await?;
    if let Some(answers) = draft.answers.filter(|_| draft.target.owed.is_some())
        && crate::outbox::store::wrote_first(tx, asker.firm, answers, draft.made).await?
    {
        beside.push("They have written again since you began. Look at it before you send this.".to_owned());
    }
    let found = match draft.changed {
        Some(_) => check::draft(tx, asker, draft, now).await?,
        None => Vec::new(),
    };
    let saved = draft.changed.map(|at| When::new(at, now, &asker.zone).words).unwrap_or_default();
    Ok(Checked { id: draft.id.0, beside, found, saved })
}
