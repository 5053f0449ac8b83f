//! A channel that falls silent is told: to the right person, once, and again when it is well.
//!
//! What is wrong is seen from how mailboxes do ([`of_mailboxes`]), from letters of ours that came back and from those
//! that could not leave. Everything stands on the person's pages as long as it lasts, and goes to them by mail through a
//! mailbox that works.

mod besides;
mod over;
mod tell;

use jiff::{SignedDuration, Timestamp};
use sqlx::query_as;

use super::alarm_rows;
use crate::db::{Db, Durability, Ts, Tx, sql};
use crate::error::Result;
use crate::firm;
use crate::ids::{FirmId, MailboxId, StaffId};
use crate::mailboxes::oauth::renew::SIGN_IN_AGAIN;
use crate::mailboxes::{self, Connection};
use crate::record::changes;
use over::Over;
use tell::{can_tell, tell};

/// From here on a mailbox counts as full: letters to it are about to be sent back.
const FULL: u32 = 97;
/// It counts as emptied below this, so that one letter more or less does not tell anew.
const ROOMY: u32 = 95;
/// Letters that came back or did not leave are looked for so far back.
const BACK: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How many of them are looked at in one go.
const MOST: i64 = 50;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The server refuses the login.
    Login,
    /// Nothing was fetched for a while.
    Silent,
    /// The mailbox is full.
    Full,
    /// A letter of ours to a client came back.
    Bounced,
    /// A letter could not leave.
    NotSent,
    /// A voicemail takes no more messages.
    Voicemail,
    /// A calendar or address book elsewhere is not followed.
    Calendar,
    /// A server that gives tokens does not take the firm's id or secret any more.
    Issuer,
}

impl Kind {
    const ALL: [Kind; 8] = [
        Kind::Login,
        Kind::Silent,
        Kind::Full,
        Kind::Bounced,
        Kind::NotSent,
        Kind::Voicemail,
        Kind::Calendar,
        Kind::Issuer,
    ];

    /// The word in tables.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Login => "login",
            Kind::Silent => "silent",
            Kind::Full => "full",
            Kind::Bounced => "bounced",
            Kind::NotSent => "not_sent",
            Kind::Voicemail => "voicemail",
            Kind::Calendar => "calendar",
            Kind::Issuer => "issuer",
        }
    }

    pub(super) fn named(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    fn is_of_mailbox(self) -> bool {
        matches!(self, Kind::Login | Kind::Silent | Kind::Full)
    }

    /// It is about a letter; else it is over when the mailbox, voicemail or calendar is well.
    pub fn is_of_letter(self) -> bool {
        matches!(self, Kind::Bounced | Kind::NotSent)
    }
}

/// Something that is wrong, or was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// Its id.
    pub id: i64,
    /// What.
    pub kind: Kind,
    /// Which mailbox, letter or message on its way.
    pub about: i64,
    /// Whom it concerns; none where only the owners of the firm can do something.
    pub staff: Option<StaffId>,
    /// In words.
    pub words: String,
    /// Since when.
    pub begun: Timestamp,
    /// Until when.
    pub over: Option<Timestamp>,
    pub(super) told: bool,
}

/// Something that should be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What.
    pub kind: Kind,
    /// Which mailbox, letter or message on its way.
    pub about: i64,
    /// Whom it concerns.
    pub staff: Option<StaffId>,
    /// In words.
    pub words: String,
    /// Since when.
    pub since: Timestamp,
}

/// What is wrong with mailboxes at this moment. `open` is what was told and is not over.
pub fn of_mailboxes(all: &[(Connection, Option<StaffId>)], open: &[Alarm], now: Timestamp) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    for (connection, staff) in all.iter().filter(|(connection, _)| !connection.paused) {
        let health = &connection.health;
        let of = |kind, words: String, since| {
            let words = format!("{}: {words}", connection.address);
            Wanted { kind, about: connection.id.0, staff: *staff, words, since }
        };
        let is_open = |kind| open.iter().any(|alarm| alarm.kind == kind && alarm.about == connection.id.0);
        // Of a sign-in that an owner must mend whose mailbox it is hears once that lasts.
        match (&health.trouble, health.silence(now)) {
            (Some(trouble), _) if trouble.is_login() => {
                let then = match trouble.words.contains(SIGN_IN_AGAIN) {
                    true => "",
                    false => ". Give it a new password",
                };
                let words = format!("its server lets nobody in. {}{then}", trouble.words);
                wanted.push(of(Kind::Login, words, trouble.since));
            }
            (_, Some(words)) => {
                let since = health.fetched.or(health.since).unwrap_or(now);
                wanted.push(of(Kind::Silent, words, since));
            }
            _ => {}
        }
        let limit = if is_open(Kind::Full) { ROOMY } else { FULL };
        if let Some(full) = health.full.filter(|full| limit <= *full) {
            let words = format!("it is {full} % full. Letters to it will soon be sent back: make room");
            wanted.push(of(Kind::Full, words, now));
        }
    }
    wanted
}

/// Looks what is wrong, notes what began and what is over, and tells those whom it concerns.
pub async fn watch(db: &Db, firm: FirmId, now: Timestamp) -> Result<()> {
    let mut tx = db.read().await?;
    let found = changed(&mut tx, firm, now).await?;
    let untold = alarm_rows::untold(&mut tx, firm).await?;
    // Where nobody can be told, as long as the one mailbox of a firm lets nobody in, nothing is written each time.
    let can_tell = can_tell(&mut tx, firm, &untold).await?;
    tx.commit().await?;
    if found.is_nothing() && !can_tell {
        return Ok(());
    }
    let mut tx = db.write(Durability::Act).await?;
    // Open pages hear of it; and of several processes one comes after the other here, so that nothing is told twice.
    changes::note_besides(&mut tx, firm).await?;
    let found = changed(&mut tx, firm, now).await?;
    for wanted in &found.began {
        alarm_rows::add(&mut tx, firm, wanted).await?;
    }
    for (id, is_told) in found.over {
        alarm_rows::over(&mut tx, firm, id, is_told, now).await?;
    }
    let settings = firm::store::load(&mut tx, firm).await?;
    for alarm in alarm_rows::untold(&mut tx, firm).await? {
        tell(&mut tx, &settings, &alarm, now).await?;
    }
    tx.commit().await
}

/// What began and what is over since it was last looked.
struct Changed {
    began: Vec<Wanted>,
    /// Which alarms, and whether that is told.
    over: Vec<(i64, bool)>,
}

impl Changed {
    fn is_nothing(&self) -> bool {
        self.began.is_empty() && self.over.is_empty()
    }
}

async fn changed(tx: &mut Tx, firm: FirmId, now: Timestamp) -> Result<Changed> {
    let open = alarm_rows::open(tx, firm).await?;
    let all = with_owners(tx, firm).await?;
    let mut wrong = of_mailboxes(&all, &open, now);
    wrong.extend(besides::mailboxes(tx, firm, now).await?);
    let is = |alarm: &Alarm, wanted: &Wanted| alarm.kind == wanted.kind && alarm.about == wanted.about;
    let letters = letters(tx, firm, now).await?;
    let mut over = Vec::new();
    for alarm in &open {
        let lasts = if alarm.kind.is_of_letter() { &letters } else { &wrong };
        if lasts.iter().any(|wanted| is(alarm, wanted)) {
            continue;
        }
        let became = match alarm.kind.is_of_mailbox() {
            true => over::of_mailbox(alarm, &all, &wrong),
            false => over::of_others(tx, firm, alarm, now).await?,
        };
        if became != Over::Not {
            over.push((alarm.id, became == Over::Well));
        }
    }
    let mut began: Vec<Wanted> =
        wrong.into_iter().filter(|wanted| !open.iter().any(|alarm| is(alarm, wanted))).collect();
    for wanted in letters {
        // Of one letter it is told once, however long it lies there.
        if alarm_rows::known(tx, firm, wanted.kind, wanted.about).await?.is_empty() {
            began.push(wanted);
        }
    }
    Ok(Changed { began, over })
}

const OWNERS: &str = "SELECT mailbox_id, staff_id FROM mailbox WHERE firm_id = $1";

async fn with_owners(tx: &mut Tx, firm: FirmId) -> Result<Vec<(Connection, Option<StaffId>)>> {
    let owners: Vec<(i64, Option<i64>)> = sql!(tx, c => query_as(OWNERS).bind(firm.0).fetch_all(c).await)?;
    let owner = |id: MailboxId| owners.iter().find(|(mailbox, _)| *mailbox == id.0).and_then(|(_, o)| *o);
    let all = mailboxes::store::all(tx, firm).await?;
    Ok(all.into_iter().map(|one| (owner(one.id).map(StaffId), one)).map(|(o, one)| (one, o)).collect())
}

const LETTERS: &str = "SELECT outgoing_id, by_id, state, recipients, trouble FROM outgoing
    WHERE firm_id = $1 AND state IN ('failed', 'returned') AND by_id IS NOT NULL AND $2 < next_at
    ORDER BY outgoing_id DESC LIMIT $3";

/// Letters that could not leave, and those that came back.
async fn letters(tx: &mut Tx, firm: FirmId, now: Timestamp) -> Result<Vec<Wanted>> {
    type Row = (i64, Option<i64>, String, String, Option<String>);
    let rows: Vec<Row> = sql!(tx, c => query_as(LETTERS).bind(firm.0).bind(Ts::from(now - BACK)).bind(MOST)
        .fetch_all(c).await)?;
    let wanted = |(about, by, state, recipients, trouble): Row| {
        let to = recipients.lines().collect::<Vec<_>>().join(", ");
        let why = trouble.map(|trouble| format!(": {trouble}")).unwrap_or_default();
        let (kind, words) = if state == "returned" {
            (Kind::Bounced, format!("your letter to {to} came back, so it answers nothing{why}"))
        } else {
            (Kind::NotSent, format!("your letter to {to} did not leave{why}"))
        };
        Wanted { kind, about, staff: by.map(StaffId), words, since: now }
    };
    Ok(rows.into_iter().map(wanted).collect())
}

/// What somebody's pages show of mailboxes and voicemails: what concerns them, and for owners of the firm what concerns nobody else.
/// Letters that came back or did not leave stand in the outbox.
pub async fn shown(tx: &mut Tx, firm: FirmId, staff: StaffId, is_owner: bool) -> Result<Vec<Alarm>> {
    let mut open = alarm_rows::open(tx, firm).await?;
    let concerns = |alarm: &Alarm| alarm.staff == Some(staff) || (is_owner && alarm.staff.is_none());
    open.retain(|alarm| !alarm.kind.is_of_letter() && concerns(alarm));
    Ok(open)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mailboxes::secret::SealedSecret;
    use crate::mailboxes::{FetchBy, Health, SecretKind, SendBy, Server, Trouble, TroubleKind};
    use wire::net::{Reach, Security};

    const NINE: &str = "2026-11-20T09:00:00Z";

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    fn mailbox(health: Health) -> (Connection, Option<StaffId>) {
        let server = Server { host: "imap.firm.example".to_owned(), port: 993, security: Security::Tls };
        let connection = Connection {
            id: MailboxId(7),
            address: "amy@firm.example".to_owned(),
            fetch_by: FetchBy::Imap(server.clone()),
            send_by: SendBy::Smtp(server),
            user: "amy".to_owned(),
            kind: SecretKind::Password,
            secret: SealedSecret(Vec::new()),
            oauth: None,
            signed_in: None,
            authority: None,
            reach: Reach::Public,
            folders: None,
            signature: None,
            keeps_copy: true,
            paused: false,
            health,
        };
        (connection, Some(StaffId(3)))
    }

    fn kinds(health: &Health, open: &[Alarm], now: &str) -> Vec<Kind> {
        of_mailboxes(&[mailbox(health.clone())], open, at(now))
            .into_iter()
            .map(|wanted| wanted.kind)
            .collect()
    }

    #[test]
    fn a_refused_login_is_told_at_once_and_silence_after_a_while_and_one_that_rests_is_left_alone() {
        let fetched = Some(at("2026-11-20T09:00:00Z"));
        let well = Health { fetched, ..Health::default() };
        assert_eq!(kinds(&well, &[], "2026-11-20T09:10:00Z"), []);
        assert_eq!(kinds(&well, &[], "2026-11-20T09:20:00Z"), [Kind::Silent]);
        let since = at("2026-11-20T09:01:00Z");
        let trouble = |kind| Some(Trouble { words: "no".to_owned(), kind, since });
        let refused = Health { trouble: trouble(TroubleKind::Login), ..well.clone() };
        assert_eq!(kinds(&refused, &[], "2026-11-20T09:01:00Z"), [Kind::Login], "one thing, not two");
        let away = Health { trouble: trouble(TroubleKind::Other), ..well.clone() };
        assert_eq!(kinds(&away, &[], "2026-11-20T09:02:00Z"), [], "once is nothing");
        let owners = Health { trouble: trouble(TroubleKind::Issuer), ..well };
        assert_eq!(
            kinds(&owners, &[], "2026-11-20T09:02:00Z"),
            [],
            "told to the owners, once for all mailboxes"
        );
        assert_eq!(kinds(&owners, &[], "2026-11-20T09:20:00Z"), [Kind::Silent]);
        let mut resting = mailbox(refused);
        resting.0.paused = true;
        assert_eq!(of_mailboxes(&[resting], &[], at("2026-11-21T09:00:00Z")), []);
    }

    #[test]
    fn whoever_signs_in_without_a_password_is_asked_for_none() {
        let of = |words: &str| {
            let trouble = Trouble { words: words.to_owned(), kind: TroubleKind::Login, since: at(NINE) };
            let health = Health { trouble: Some(trouble), ..Health::default() };
            of_mailboxes(&[mailbox(health)], &[], at(NINE)).remove(0).words
        };
        assert!(of("refused").ends_with("refused. Give it a new password"));
        let ended = of(&format!("the sign-in has ended; {SIGN_IN_AGAIN}"));
        assert!(ended.ends_with(SIGN_IN_AGAIN), "{ended}");
    }

    #[test]
    fn a_full_mailbox_is_told_once_though_letters_come_and_go_at_the_limit() {
        let fetched = Some(at("2026-11-20T09:00:00Z"));
        let of = |full| Health { fetched, full: Some(full), ..Health::default() };
        let now = "2026-11-20T09:01:00Z";
        assert_eq!(kinds(&of(96), &[], now), []);
        assert_eq!(kinds(&of(97), &[], now), [Kind::Full]);
        let open = Alarm {
            id: 1,
            kind: Kind::Full,
            about: 7,
            staff: None,
            words: String::new(),
            begun: at(now),
            over: None,
            told: true,
        };
        assert_eq!(kinds(&of(96), std::slice::from_ref(&open), now), [Kind::Full], "not well yet");
        assert_eq!(kinds(&of(94), &[open], now), []);
    }
}
