//! What a client is called, its tier, and what its record tells of it: shown, and changed in one form.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use care::particular::Particular;
use jiff::Timestamp;
use serde::Deserialize;

use super::change::{self, Way};
use super::client::{self, Asked, Refused};
use super::find;
use crate::app::App;
use crate::board::{Asker, Card};
use crate::clients::changed::{Change, What};
use crate::clients::details::{self, Detail, Details};
use crate::db::{Durability, Tx};
use crate::error::{Error, Result};
use crate::record::{audit, changes};
use crate::report::told::{called, lack, lacking};
use crate::text::{self, line, said_back};
use crate::today::acts::Done;
use crate::today::pages::lead_back;
use crate::web::forms::{Path, Posted, own_path};
use crate::web::said::Telling;
use crate::web::trouble::Trouble;

/// So much of what was typed and is too long is said back, in characters: more than anybody types by mistake.
const SAID_BACK: usize = 20_000;

/// What a client's record tells of it, as its page shows it.
pub(super) struct Told {
    /// What it tells: what that is, and the words.
    pub(super) told: Vec<(&'static str, String)>,
    /// What it lacks of what is demanded, as a sentence; empty where it lacks nothing.
    pub(super) lack: String,
    /// The first of what it lacks.
    pub(super) first: &'static str,
    pub(super) form: DetailsForm,
}

/// The form by which name, tier, and what the record tells are changed.
pub(super) struct DetailsForm {
    pub(super) name: String,
    pub(super) tier: String,
    /// What the two are by now, where that is other than what was typed.
    pub(super) name_by_now: String,
    pub(super) tier_by_now: String,
    /// The tiers that they may have.
    pub(super) tiers: Vec<String>,
    pub(super) fields: Vec<Field>,
    /// How all of it stood when the page was made.
    pub(super) seen: String,
    /// The page that it leads back to; empty for the client's.
    pub(super) back: String,
    /// Why it could not be taken; empty where nothing was handed in.
    pub(super) wrong: String,
    pub(super) is_open: bool,
    /// The last change that whoever asks may take back: its key, and what it was before.
    pub(super) earlier: Option<(String, String)>,
}

/// Something that a record tells or may tell.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) called: &'static str,
    pub(super) words: String,
    /// What the record says by now, where that is other than what was typed.
    pub(super) by_now: String,
    /// The record lacks it.
    pub(super) is_missed: bool,
    /// Whoever opens the page came to fill it.
    pub(super) is_first: bool,
}

/// What a client's record tells of it.
pub(super) async fn told(
    tx: &mut Tx,
    asker: &Asker,
    card: &Card,
    changed: &[Change],
    asked: &Asked,
    now: Timestamp,
) -> Result<Told> {
    let details = details::now_are(tx, asker.firm, card.id).await?;
    let lacks = lacking(&asker.board.firm.book, card.id, now);
    let wanted = Particular::named(&asked.tell);
    let field = |what: Particular| Field {
        name: what.name(),
        called: called(what),
        words: details.told.get(&what).cloned().unwrap_or_default(),
        by_now: String::new(),
        is_missed: lacks.has(what),
        is_first: wanted == Some(what),
    };
    let is_as_now =
        |what: &What| matches!(what, What::Client { old, new } if details::is_left_so(&details, old, new));
    let of_client = |one: &&Change| one.client == card.id && matches!(one.what, What::Client { .. });
    let form = DetailsForm {
        name: details.name.clone(),
        tier: details.tier.clone().unwrap_or_default(),
        name_by_now: String::new(),
        tier_by_now: String::new(),
        tiers: change::tiers(asker),
        fields: Particular::ALL.map(field).into(),
        seen: details.marks(),
        back: own_path(Some(&asked.back)).unwrap_or_default().to_owned(),
        wrong: String::new(),
        is_open: wanted.is_some(),
        earlier: change::earlier(asker, changed.iter().find(of_client), is_as_now, now),
    };
    Ok(Told {
        told: details.told.into_iter().map(|(what, words)| (called(what), words)).collect(),
        lack: lack(lacks),
        first: lacks.iter().next().map_or("", Particular::name),
        form,
    })
}

/// What was typed of a client and could not be taken.
pub(super) struct Wrong {
    filled: Filled,
    words: String,
}

impl Wrong {
    /// Puts it where it was typed, so that it is mended there. What nobody touched stands there as it is by now.
    pub(super) fn put_into(self, form: &mut DetailsForm) {
        let untouched = self.filled.as_typed().untouched(&self.filled.seen);
        let lines = [
            (Detail::Name, &mut form.name, &mut form.name_by_now, &self.filled.name),
            (Detail::Tier, &mut form.tier, &mut form.tier_by_now, &self.filled.tier),
        ];
        for (one, field, by_now, typed) in lines {
            let Some(typed) = typed.as_ref().filter(|_| !untouched.contains(&one)) else { continue };
            let stands = std::mem::replace(field, said_back(typed));
            if !stands.eq_ignore_ascii_case(field) {
                *by_now = if stands.is_empty() { "none".to_owned() } else { stands };
            }
        }
        for field in &mut form.fields {
            let what = Particular::named(field.name).filter(|what| !untouched.contains(&Detail::Told(*what)));
            let Some(typed) = what.and_then(|what| self.filled.told(what)) else { continue };
            let typed = text::text("", typed, usize::MAX).unwrap_or_default();
            let typed: String = typed.chars().take(SAID_BACK).collect();
            let stands = std::mem::replace(&mut field.words, typed);
            if stands != field.words {
                field.by_now = stands;
            }
        }
        // Whoever sees what stands by now, beside what they typed, means what they send again.
        (form.wrong, form.is_open) = (self.words, true);
        form.back = own_path(Some(&self.filled.back)).unwrap_or_default().to_owned();
    }
}

/// How a client is to be: what is left out stays as it is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Filled {
    pub(crate) name: Option<String>,
    pub(crate) tier: Option<String>,
    pub(crate) why_came: Option<String>,
    pub(crate) circumstances: Option<String>,
    pub(crate) expectations: Option<String>,
    pub(crate) channel: Option<String>,
    pub(crate) heard_of_us: Option<String>,
    /// How all of it was seen, see [`Details::marks`]; empty where that was not looked at.
    pub(crate) seen: String,
    /// The page that the form leads back to.
    pub(crate) back: String,
}

impl Filled {
    /// What was typed of it; none where it was left out.
    fn told(&self, what: Particular) -> Option<&str> {
        match what {
            Particular::WhyCame => self.why_came.as_deref(),
            Particular::Circumstances => self.circumstances.as_deref(),
            Particular::Expectations => self.expectations.as_deref(),
            Particular::Channel => self.channel.as_deref(),
            Particular::HeardOfUs => self.heard_of_us.as_deref(),
        }
    }

    /// What it says, as it was typed.
    fn as_typed(&self) -> Details {
        let told = Particular::ALL.into_iter().filter_map(|what| Some((what, self.told(what)?.to_owned())));
        Details { name: self.name.clone().unwrap_or_default(), tier: self.tier.clone(), told: told.collect() }
    }

    /// What it says, and, where it says nothing, what stands.
    fn typed(&self, now: &Details) -> Result<Details> {
        let name =
            self.name.as_ref().map_or_else(|| Ok(now.name.clone()), |name| line("the name", name, 200))?;
        let tier = self.tier.as_ref().map(|tier| line("the tier", tier, 40)).transpose()?;
        let tier = tier.or_else(|| now.tier.clone()).filter(|tier| !tier.is_empty());
        if name.is_empty() {
            return Err(Error::invalid("the name", "is missing"));
        }
        let mut told = now.told.clone();
        for what in Particular::ALL {
            match self.told(what).map(|words| text::text("", words, usize::MAX)).transpose()? {
                Some(words) if words.is_empty() => drop(told.remove(&what)),
                Some(words) => drop(told.insert(what, words)),
                None => {}
            }
        }
        Ok(Details { name, tier, told })
    }
}

/// Changes what is known of a client.
pub(super) async fn change(
    State(app): State<App>,
    Path(id): Path<String>,
    Posted { visitor, form }: Posted<Filled>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_act()?;
    let card = find(asker, &id)?;
    let here = own_path(Some(&form.back)).map_or_else(|| format!("/clients/{}", card.id.0), str::to_owned);
    match keep(&app, asker, card, &form).await {
        Ok(Some(change)) => {
            let said = format!("Changed. Before, {}.", change::before(&change.what));
            Ok(Telling { said, undo: change.key(), ..Telling::default() }.lead(&here))
        }
        Ok(None) => {
            let words = "Nothing was changed: it stands here so already.".to_owned();
            Ok(lead_back(&here, &Done::Already { words }))
        }
        Err(Error::Invalid { field, words }) => {
            let wrong = Refused::Details(Wrong { filled: form, words: format!("{field} {words}") });
            let page = client::shown(&app, &visitor, card, &Asked::default(), Some(wrong)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Makes a client be as somebody says; none where it is so already.
pub(crate) async fn keep(app: &App, asker: &Asker, card: &Card, filled: &Filled) -> Result<Option<Change>> {
    asker.may_act()?;
    let now = app.now();
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    let new = meant(&mut tx, asker, card, filled).await?;
    let change = details::change(&mut tx, asker.firm, card.id, new, asker.staff, now).await?;
    if let Some(change) = &change {
        let detail = change::detail(change, Way::There);
        audit::note(&mut tx, asker.firm, asker.staff, "changed", &detail, now).await?;
        app.commit(asker.firm, tx).await?;
    }
    Ok(change)
}

/// What whoever filled in the form means, which may be so.
async fn meant(tx: &mut Tx, asker: &Asker, card: &Card, filled: &Filled) -> Result<Details> {
    let now = details::now_are(tx, asker.firm, card.id).await?;
    let mut new = filled.typed(&now)?.meant(&filled.seen, &now).map_err(|both| changed_meanwhile(&both))?;
    details::refuse_long(&new, &now, called)?;
    if new.tier != now.tier
        && let Some(tier) = new.tier.take()
    {
        new.tier = Some(change::known_tier(asker, &tier)?);
    }
    Ok(new)
}

fn changed_meanwhile(both: &[Detail]) -> Error {
    let name = |one: &Detail| match one {
        Detail::Name => "the name".to_owned(),
        Detail::Tier => "the tier".to_owned(),
        Detail::Told(what) => format!("“{}”", called(*what)),
    };
    let names: Vec<String> = both.iter().map(name).collect();
    let words = "changed since you opened the page; look once more, and keep what is right";
    Error::invalid(names.join(" and "), words)
}
