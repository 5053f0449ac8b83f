//! Contacts that a file or an address book proposes: the same person, a person of their own, or no contact.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::theirs::is_free;
use crate::app::App;
use crate::board::Asker;
use crate::clients::people::contact_at;
use crate::clients::proposed::{self, Desk, Proposed, State as Standing, Why, Word};
use crate::clients::{Contact, store};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{AddressId, CardId, ClientId, ContactId, StaffId};
use crate::record::texts::{self, as_written};
use crate::record::{audit, book};
use crate::report::words::counted;
use crate::settings::commit_and_refold;
use crate::web::csv::export;
use crate::web::forms::{Posted, Query};
use crate::web::page::{Frame, page};
use crate::web::said::Telling;
use crate::web::trouble::Trouble;
use crate::web::visitor::Visitor;

/// So many are on one page.
const A_PAGE: usize = 40;
/// So many that were decided can be taken back from the page.
const DECIDED: usize = 30;
const HERE: &str = "/clients/proposed";
const HEAD: [&str; 9] =
    ["name", "client", "role", "emails", "phones", "why", "resembles", "reached", "state"];

/// What can be said of a card, in the order of the keys.
const WORDS: [(Word, &str, &str); 3] = [
    (Word::Join, "join", "The same person"),
    (Word::Add, "add", "A person of their own"),
    (Word::Leave, "leave", "No contact"),
];

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    said: String,
    /// What was just decided, divided by commas.
    undo: String,
}

#[derive(Template)]
#[template(path = "clients/proposed.html")]
struct ProposedPage<'a> {
    frame: Frame,
    said: String,
    undo: Vec<String>,
    lines: Vec<Line<'a>>,
    total: String,
    left: usize,
    words: Vec<(usize, &'static str, &'static str)>,
    decided: Vec<(i64, String, &'static str)>,
}

struct Line<'a> {
    id: i64,
    name: String,
    client: &'a str,
    client_id: i64,
    /// What stands on the card.
    card: String,
    /// What speaks for it.
    why: String,
    /// Whom it resembles; empty for nobody.
    resembles: String,
    /// By what they are reached.
    reached: String,
}

/// How many cards wait for a word that somebody may see.
pub(super) async fn waiting(tx: &mut Tx, asker: &Asker) -> Result<usize> {
    let open = proposed::open(tx, asker.firm).await?;
    let waits = |client, staff, contact| may_see(asker, client, staff) && !is_of_removed(asker, contact);
    Ok(open.into_iter().filter(|(client, staff, contact)| waits(*client, *staff, *contact)).count())
}

/// A card of somebody who was removed waits for nothing, and says nothing, until they are a contact again.
fn is_of_removed(asker: &Asker, contact: Option<ContactId>) -> bool {
    let directory = &asker.board.firm.book.directory;
    contact.is_some_and(|contact| directory.removed_at(contact).is_some())
}

/// Cards of clients whom somebody sees; of an address book those of its owner alone.
fn may_see(asker: &Asker, client: ClientId, staff: Option<StaffId>) -> bool {
    staff.is_none_or(|staff| staff == asker.staff) && asker.client(client).is_ok()
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    let pile = Pile::load(&app, asker).await?;
    let (open, decided): (Vec<&Proposed>, Vec<&Proposed>) =
        pile.cards.iter().partition(|card| card.state == Standing::Open);
    let lines: Result<Vec<_>> = open.iter().take(A_PAGE).map(|card| pile.line(asker, card)).collect();
    let said = |card: &&Proposed| (card.id.0, called(card, pile.contact(card)), standing(card.state));
    Ok(page(&ProposedPage {
        frame: Frame::new(&visitor, "clients"),
        said: asked.said.chars().take(300).collect(),
        undo: asked.undo.split(',').filter(|id| !id.is_empty()).take(A_PAGE).map(str::to_owned).collect(),
        total: match open.len() {
            0 => String::new(),
            n => counted(n, "card waits", "cards wait"),
        },
        left: open.len().saturating_sub(A_PAGE),
        words: WORDS.iter().enumerate().map(|(n, (_, value, words))| (n + 1, *value, *words)).collect(),
        decided: decided.iter().take(DECIDED).map(said).collect(),
        lines: lines?,
    })?)
}

/// All cards as a file, also those of which something was said.
pub(super) async fn csv(State(app): State<App>, visitor: Visitor) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    let pile = Pile::load(&app, asker).await?;
    let row = |card: &Proposed| {
        let line = pile.line(asker, card)?;
        let state = if card.state == Standing::Open { "waits" } else { standing(card.state) };
        Ok(vec![
            line.name,
            line.client.to_owned(),
            card.role.clone().unwrap_or_default(),
            card.emails.join("; "),
            card.phones.join("; "),
            line.why,
            line.resembles,
            line.reached,
            state.to_owned(),
        ])
    };
    let rows: Result<Vec<_>> = pile.cards.iter().map(row).collect();
    Ok(export(&app, asker, "proposed.csv", &HEAD, rows?).await?)
}

/// The cards that somebody may see, with whom they may be.
struct Pile {
    cards: Vec<Proposed>,
    contacts: Vec<Contact>,
    /// The addresses of these, as they are written.
    texts: FxHashMap<AddressId, (String, String)>,
}

impl Pile {
    async fn load(app: &App, asker: &Asker) -> Result<Pile> {
        let mut tx = app.db.read().await?;
        let mut cards = proposed::all(&mut tx, asker.firm).await?;
        cards.retain(|card| may_see(asker, card.client, card.staff) && !is_of_removed(asker, card.contact));
        let contacts = store::contacts(&mut tx, asker.firm).await?;
        let numbers = contacts.iter().flat_map(|contact| contact.addresses.iter().copied());
        let texts = texts::addresses(&mut tx, asker.firm, numbers).await?;
        tx.commit().await?;
        Ok(Pile { cards, contacts, texts })
    }

    fn contact(&self, card: &Proposed) -> Option<&Contact> {
        self.contacts.iter().find(|contact| Some(contact.id) == card.contact)
    }

    fn line<'a>(&self, asker: &'a Asker, card: &Proposed) -> Result<Line<'a>> {
        let contact = self.contact(card);
        let of = contact.into_iter().flat_map(|contact| &contact.addresses);
        let of = of.filter_map(|address| self.texts.get(address));
        let reached: Vec<&str> = of.map(|(text, name)| as_written(text, name)).collect();
        let client = asker.client(card.client)?;
        Ok(Line {
            id: card.id.0,
            name: called(card, contact),
            client: &client.name,
            client_id: client.id.0,
            card: on_card(card),
            why: why(card, &client.name),
            resembles: contact.map(|contact| contact.name.clone()).unwrap_or_default(),
            reached: reached.join(", "),
        })
    }
}

/// What was said of a card; empty where nothing was.
fn standing(state: Standing) -> &'static str {
    match state {
        Standing::Joined => "joined",
        Standing::Added => "a contact of their own",
        Standing::Left => "no contact",
        Standing::Open => "",
    }
}

/// What stands on a card in the place of a name; of a contact's own card only what was changed stands here.
fn called(card: &Proposed, contact: Option<&Contact>) -> String {
    let own = contact.filter(|_| card.why == Why::Changed).map(|contact| &contact.name);
    let names = [Some(&card.name), own, card.emails.first(), card.phones.first()];
    names.into_iter().flatten().find(|name| !name.is_empty()).cloned().unwrap_or_default()
}

fn on_card(card: &Proposed) -> String {
    // A number is read on one line.
    let phones = card.phones.iter().map(|phone| phone.replace(' ', "\u{a0}"));
    card.role.iter().chain(&card.emails).cloned().chain(phones).collect::<Vec<_>>().join(" · ")
}

fn why(card: &Proposed, client: &str) -> String {
    match card.why {
        Why::Domain => format!("An address on it is of {client}."),
        Why::Organisation => format!("{client} stands on it."),
        Why::Address => "An address or number on it is somebody’s already.".to_owned(),
        Why::Name => "Somebody there has that name.".to_owned(),
        Why::Changed => "This card was written here, and you changed it there.".to_owned(),
    }
}

/// The ticks of the form are fields of their own, each named by the card.
fn ticked(form: &BTreeMap<String, String>) -> Vec<CardId> {
    form.keys().filter_map(|name| name.strip_prefix("w:")?.parse().ok().map(CardId)).collect()
}

pub(super) async fn decide(
    State(app): State<App>,
    Posted { visitor, form }: Posted<BTreeMap<String, String>>,
) -> Result<Response, Trouble> {
    let word = form.get("word").and_then(|name| WORDS.iter().find(|(_, known, _)| known == name));
    let (word, _, called) =
        word.ok_or_else(|| Error::invalid("the word", "is none that can be said here"))?;
    let Said { done, unfit, closed } = said(&app, &visitor.asker, &ticked(&form), *word).await?;
    let mut said = format!("{}: {}.", counted(done.len(), "card", "cards"), called.to_lowercase());
    if 0 < closed {
        said.push_str(&format!(
            " {} left out: somebody else has it here, or only a colleague has letters with it, who can say whose it is.",
            counted(closed, "address was", "addresses were")
        ));
    }
    if 0 < unfit {
        said.push_str(&format!(
            " {} nobody that it could be; say whether it is a person of their own.",
            counted(unfit, "card resembles", "cards resemble")
        ));
    }
    let undo: Vec<String> = done.iter().map(|card| card.0.to_string()).collect();
    Ok(Telling { said, undo: undo.join(","), ..Telling::default() }.lead(HERE))
}

pub(super) async fn undo(
    State(app): State<App>,
    Posted { visitor, form }: Posted<BTreeMap<String, String>>,
) -> Result<Response, Trouble> {
    let taken = said(&app, &visitor.asker, &ticked(&form), Word::TakeBack).await?;
    let words = match taken.done.is_empty() {
        true => "Nothing was changed: that was taken back already, or who it was is no contact any more.",
        false => "Taken back. They wait for your word again.",
    };
    Ok(Telling::of(words).lead(HERE))
}

/// What became of what somebody said of cards.
struct Said {
    /// Those of which it was done.
    done: Vec<CardId>,
    /// Of so many it did not fit.
    unfit: usize,
    /// So many addresses on them are not theirs to give.
    closed: usize,
}

/// Does what somebody says of some cards.
async fn said(app: &App, asker: &Asker, cards: &[CardId], word: Word) -> Result<Said> {
    asker.may_act()?;
    if cards.is_empty() {
        return Err(Error::invalid("nobody", "is chosen: tick whom you mean first"));
    }
    let now = app.now();
    let (mut tx, mut desk) = Desk::begin(&app.db, asker.firm).await?;
    let gives = matches!(word, Word::Join | Word::Add);
    let mut giving = if gives { sifted(&mut tx, asker, &mut desk, cards).await? } else { BTreeMap::new() };
    let mut said = Said { done: Vec::new(), unfit: 0, closed: 0 };
    for card in cards {
        let mut theirs = desk.cards().iter().filter(|known| may_see(asker, known.client, known.staff));
        let client = theirs.find(|known| known.id == *card).ok_or(Error::NotFound)?.client;
        let (free, closed) = giving.remove(card).unwrap_or_default();
        if !desk.decide(&mut tx, *card, word, &free, asker.staff, now).await? {
            said.unfit += 1;
            continue;
        }
        said.closed += closed;
        let what = match word {
            Word::Join => "joined",
            Word::Add => "added",
            Word::Leave => "left out",
            Word::TakeBack => "taken back",
        };
        let detail = format!("client {}: a proposed contact was {what}", client.0);
        audit::note(&mut tx, asker.firm, asker.staff, "changed", &detail, now).await?;
        said.done.push(*card);
    }
    commit_and_refold(app, asker, tx).await?;
    Ok(said)
}

/// Of each of these cards the addresses that a contact may be given because of it, and how many others there are that
/// they do not have.
async fn sifted(
    tx: &mut Tx,
    asker: &Asker,
    desk: &mut Desk,
    cards: &[CardId],
) -> Result<BTreeMap<CardId, (Vec<AddressId>, usize)>> {
    let numbered = desk.number(tx, cards).await?;
    let book = book::at_hand(tx, asker.firm).await?.book;
    let mut sifted = BTreeMap::new();
    for (id, addresses) in numbered {
        let card = desk.cards().iter().find(|card| card.id == id).ok_or(Error::NotFound)?;
        let client = book.directory.client(card.client);
        let (mut free, mut closed) = (Vec::new(), 0);
        for address in addresses {
            if is_free(tx, asker, &book, client, address).await? {
                free.push(address);
            } else if contact_at(&book.directory, address).is_none_or(|has| Some(has) != card.contact) {
                closed += 1;
            }
        }
        sifted.insert(id, (free, closed));
    }
    Ok(sifted)
}
