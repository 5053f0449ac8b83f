//! `departures.csv`: who left, and why.

use jiff::civil::Date;

use super::{Custom, Fields, Row};

/// A row of `departures.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepartureRow {
    /// The line on which the row begins.
    pub line: u64,
    /// The client's id.
    pub client_id: String,
    /// When the firm noticed.
    pub noticed: Date,
    /// When they had really gone; none where nobody knows.
    pub left: Option<Date>,
    /// Why; none while nobody knows.
    pub reason: Option<Reason>,
    /// How that is known; given with a reason.
    pub evidence: Option<Evidence>,
    /// The client's words, or ours.
    pub words: Option<String>,
    /// Fields of other columns.
    pub custom: Custom,
}

/// Why a client left: the reasons of the known split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Died, or ceased to exist.
    Died,
    /// Moved away.
    Moved,
    /// Went to a friend, or where a friend sent them.
    Friend,
    /// Was won by a competitor: price, offer.
    Competitor,
    /// Was dissatisfied with the work.
    Dissatisfied,
    /// Felt forgotten.
    FeltForgotten,
}

/// How the reason is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// The client said so.
    Said,
    /// We think so.
    Think,
}

impl Reason {
    /// All of them, in the order of the known split.
    pub const ALL: [Reason; 6] = [
        Reason::Died,
        Reason::Moved,
        Reason::Friend,
        Reason::Competitor,
        Reason::Dissatisfied,
        Reason::FeltForgotten,
    ];

    /// The word for it in lists and tables.
    pub fn name(self) -> &'static str {
        match self {
            Reason::Died => "died",
            Reason::Moved => "moved",
            Reason::Friend => "friend",
            Reason::Competitor => "competitor",
            Reason::Dissatisfied => "dissatisfied",
            Reason::FeltForgotten => "felt_forgotten",
        }
    }

    /// The reason of that name, however it is spaced.
    pub fn named(text: &str) -> Option<Reason> {
        let name = text.to_lowercase().replace([' ', '-'], "_");
        Reason::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

impl Evidence {
    /// The word for it in lists and tables.
    pub fn name(self) -> &'static str {
        match self {
            Evidence::Said => "said",
            Evidence::Think => "think",
        }
    }

    /// The evidence of that name.
    pub fn named(text: &str) -> Option<Evidence> {
        [Evidence::Said, Evidence::Think].into_iter().find(|e| e.name().eq_ignore_ascii_case(text))
    }
}

impl Row for DepartureRow {
    const FILE: &'static str = "departures.csv";
    const COLUMNS: &'static [&'static str] = &["client_id", "noticed", "left", "reason", "evidence", "words"];
    const REQUIRED: &'static [&'static str] = &["client_id", "noticed"];

    fn read(fields: &mut Fields<'_>) -> DepartureRow {
        fields.required("noticed");
        let reason = fields.named("reason", Reason::named, || {
            let names: Vec<&str> = Reason::ALL.iter().map(|reason| reason.name()).collect();
            format!("write one of {}, or nothing where it is not known", names.join(", "))
        });
        let evidence = fields.named("evidence", Evidence::named, || {
            "write said where the client said so, think where we only think so".to_owned()
        });
        if reason.is_some() && fields.optional("evidence").is_none() {
            fields.wrong("evidence", "a reason needs it: said by the client, or only what we think?");
        }
        if reason.is_none() && evidence.is_some() && fields.optional("reason").is_none() {
            fields.wrong("reason", "evidence is given, but not for what; write the reason");
        }
        DepartureRow {
            line: fields.line(),
            client_id: fields.required("client_id"),
            noticed: fields.date("noticed").unwrap_or(Date::ZERO),
            left: fields.date("left"),
            reason,
            evidence,
            words: fields.optional("words"),
            custom: fields.custom(),
        }
    }
}
