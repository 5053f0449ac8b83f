//! What the firm is and what it promises, for its owners.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use care::particular::Particular;
use care::standard::{Rhythm, Standard, WorkSpan};
use serde::Deserialize;

use super::{Nothing, Said, Tab, frame, lead, tabs};
use crate::app::App;
use crate::board::Asker;
use crate::db::{Durability, Tx};
use crate::error::{Error, Result};
use crate::firm::store::load;
use crate::ids::StaffId;
use crate::record::{audit, changes};
use crate::report::told::called;
use crate::set_up::FirmForm;
use crate::set_up::pages::FirmFields;
use crate::settings::{commit_and_refold, history};
use crate::text::line;
use crate::today::words::When;
use crate::web::forms::{Path, Posted, Query};
use crate::web::page::{Frame, page};
use crate::web::trouble::Trouble;
use crate::web::visitor::Visitor;

/// A change that can be taken back.
struct Earlier {
    id: i64,
    words: String,
    when: When,
}

#[derive(Template)]
#[template(path = "settings/firm.html")]
struct FirmPage {
    frame: Frame,
    tabs: Vec<Tab>,
    fields: FirmFields,
    earlier: Vec<Earlier>,
}

#[derive(Template)]
#[template(path = "settings/standards.html")]
struct StandardsPage {
    frame: Frame,
    tabs: Vec<Tab>,
    tiers: Vec<Tier>,
    earlier: Vec<Earlier>,
}

/// What one tier is promised, as the form has it.
struct Tier {
    name: String,
    title: String,
    answer: String,
    callback: String,
    question: String,
    cover: String,
    wanted: u16,
    worst: u16,
    valued: bool,
    second_tie: u16,
    /// What a record may have to tell: name, words, and whether it must.
    record: Vec<(&'static str, &'static str, bool)>,
    record_gap: String,
}

async fn earlier(tx: &mut Tx, asker: &Asker, what: &str, app: &App) -> Result<Vec<Earlier>> {
    let all = history::all(tx, asker.firm).await?;
    Ok(all
        .into_iter()
        .filter(|change| change.what == what)
        .take(10)
        .map(|change| Earlier {
            id: change.change_id,
            words: asker.name_of(StaffId(change.changed_by_id)).to_owned(),
            when: When::new(change.changed_at.into(), app.now(), &asker.zone),
        })
        .collect())
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(said): Query<Said>,
) -> Result<Response, Trouble> {
    visitor.asker.may_set_up()?;
    let mut tx = app.db.read().await?;
    let firm = load(&mut tx, visitor.asker.firm).await?;
    let earlier = earlier(&mut tx, &visitor.asker, "firm", &app).await?;
    tx.commit().await?;
    let (tabs, frame) = (tabs(&visitor, "/settings/firm"), frame(&visitor, &said));
    Ok(page(&FirmPage { frame, tabs, fields: FirmFields::new(FirmForm::of(&firm)), earlier })?)
}

pub(super) async fn save(
    State(app): State<App>,
    Posted { visitor, form }: Posted<FirmForm>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    asker.may_set_up()?;
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    let mut firm = load(&mut tx, asker.firm).await?;
    form.apply(&mut firm)?;
    history::save(&mut tx, "firm", &firm, asker.staff, now).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "changed_firm", &firm.name, now).await?;
    commit_and_refold(&app, asker, tx).await?;
    Ok(lead("/settings/firm", "Kept. What is owed follows the new hours and days."))
}

pub(super) async fn standards(
    State(app): State<App>,
    visitor: Visitor,
    Query(said): Query<Said>,
) -> Result<Response, Trouble> {
    visitor.asker.may_set_up()?;
    let mut tx = app.db.read().await?;
    let firm = load(&mut tx, visitor.asker.firm).await?;
    let earlier = earlier(&mut tx, &visitor.asker, "standards", &app).await?;
    tx.commit().await?;
    let standards = firm.standards.unwrap_or_default();
    let mut tiers = vec![tier("", &standards.default)];
    tiers.extend(standards.tiers.iter().map(|(name, standard)| tier(name, standard)));
    let (tabs, frame) = (tabs(&visitor, "/settings/standards"), frame(&visitor, &said));
    Ok(page(&StandardsPage { frame, tabs, tiers, earlier })?)
}

fn tier(name: &str, standard: &Standard) -> Tier {
    Tier {
        name: name.to_owned(),
        title: if name.is_empty() {
            "Every client".to_owned()
        } else {
            format!("Tier {}", name.to_uppercase())
        },
        answer: standard.answer.to_string(),
        callback: standard.callback.to_string(),
        question: standard.question.to_string(),
        cover: standard.cover.to_string(),
        wanted: standard.check_in.wanted_days,
        worst: standard.check_in.worst_days,
        valued: standard.valued,
        second_tie: standard.second_tie_weeks,
        record: Particular::ALL.map(|one| (one.name(), called(one), standard.record.has(one))).into(),
        record_gap: standard.record_gap.to_string(),
    }
}

#[derive(Debug, Deserialize)]
#[serde(default)]
pub(super) struct StandardForm {
    tier: String,
    answer: String,
    callback: String,
    question: String,
    cover: String,
    wanted: String,
    worst: String,
    valued: String,
    second_tie: String,
    why_came: String,
    circumstances: String,
    expectations: String,
    channel: String,
    heard_of_us: String,
    record_gap: String,
    remove: String,
}

impl Default for StandardForm {
    fn default() -> StandardForm {
        let usual = tier("", &Standard::default());
        StandardForm {
            tier: String::new(),
            answer: usual.answer,
            callback: usual.callback,
            question: usual.question,
            cover: usual.cover,
            wanted: usual.wanted.to_string(),
            worst: usual.worst.to_string(),
            valued: String::new(),
            second_tie: usual.second_tie.to_string(),
            why_came: String::new(),
            circumstances: String::new(),
            expectations: String::new(),
            channel: String::new(),
            heard_of_us: String::new(),
            record_gap: usual.record_gap,
            remove: String::new(),
        }
    }
}

impl StandardForm {
    fn standard(&self) -> Result<Standard> {
        let span = |field: &str, text: &str| {
            text.parse::<WorkSpan>()
                .map_err(|wrong| Error::invalid(field.to_owned(), format!("is wrong: {wrong}")))
        };
        let number = |field: &str, text: &str| {
            let number = text.trim().parse::<u16>();
            number.map_err(|_| {
                Error::invalid(field.to_owned(), format!("is “{text}”, which is no whole number"))
            })
        };
        let wanted_days = number("the wanted silence", &self.wanted)?;
        let worst_days = number("the worst silence", &self.worst)?;
        if wanted_days == 0 || worst_days < wanted_days {
            return Err(Error::invalid(
                "the worst silence",
                "must not be shorter than the wanted one, nor nothing",
            ));
        }
        Ok(Standard {
            answer: span("the time for an answer", &self.answer)?,
            callback: span("the time to call back", &self.callback)?,
            question: span("the time for a colleague's question", &self.question)?,
            cover: span("the time to name a cover", &self.cover)?,
            check_in: Rhythm { wanted_days, worst_days },
            valued: !self.valued.is_empty(),
            second_tie_weeks: number("the weeks for a second tie", &self.second_tie)?,
            record: Particular::ALL.into_iter().filter(|one| !self.demands(*one).is_empty()).collect(),
            record_gap: span("the time to complete a record", &self.record_gap)?,
        })
    }

    /// What stands in the box of something that a record may have to tell.
    fn demands(&self, one: Particular) -> &str {
        match one {
            Particular::WhyCame => &self.why_came,
            Particular::Circumstances => &self.circumstances,
            Particular::Expectations => &self.expectations,
            Particular::Channel => &self.channel,
            Particular::HeardOfUs => &self.heard_of_us,
        }
    }
}

pub(super) async fn save_standard(
    State(app): State<App>,
    Posted { visitor, form }: Posted<StandardForm>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    asker.may_set_up()?;
    let name = line("the tier", &form.tier, 40)?.to_lowercase();
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    let mut firm = load(&mut tx, asker.firm).await?;
    let mut standards = firm.standards.take().unwrap_or_default();
    if !form.remove.is_empty() {
        standards.tiers.remove(&name);
    } else if name.is_empty() {
        standards.default = form.standard()?;
    } else {
        standards.tiers.insert(name.clone(), form.standard()?);
    }
    firm.standards = Some(standards);
    history::save(&mut tx, "standards", &firm, asker.staff, now).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "changed_standards", &name, now).await?;
    commit_and_refold(&app, asker, tx).await?;
    Ok(lead("/settings/standards", "Kept. What is owed follows the new standard."))
}

pub(super) async fn bring_back(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, .. }: Posted<Nothing>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    asker.may_set_up()?;
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    let what = history::bring_back(&mut tx, asker.firm, id, asker.staff, now).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "brought_back", &what, now).await?;
    commit_and_refold(&app, asker, tx).await?;
    Ok(lead(&format!("/settings/{what}"), "It is again as it was before that change."))
}
