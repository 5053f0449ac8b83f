//! What a row of each file says.

use jiff::civil::Date;

use super::{Custom, Fields, Money};

/// A row of one of the files.
pub trait Row: Sized {
    /// The file's usual name.
    const FILE: &'static str;
    /// The columns of the contract.
    const COLUMNS: &'static [&'static str];
    /// Those that must be there.
    const REQUIRED: &'static [&'static str];
    /// The column that tells rows apart, where each value may stand once only.
    const KEY: Option<&'static str> = None;

    /// Reads a row; what is wrong with it is noted in the fields, and the row then thrown away.
    fn read(fields: &mut Fields<'_>) -> Self;

    /// The value of the column [`Row::KEY`].
    fn key(&self) -> &str {
        ""
    }
}

/// What kind of client a row names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClientKind {
    /// A company, a public body, an association.
    Organisation,
    /// A natural person.
    Person,
    /// Refers clients, and is none.
    Partner,
    /// Not yet a client.
    Prospect,
    /// A client no more.
    Former,
}

/// The columns of `clients.csv` that tell of a client what no letter says.
const TOLD: [&str; 5] = ["why_came", "circumstances", "expectations", "channel", "heard_of_us"];

/// A row of `clients.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientRow {
    /// The line on which the row begins.
    pub line: u64,
    /// The firm's own id of the client.
    pub client_id: String,
    /// The client's name.
    pub name: String,
    /// What kind of client; an organisation where the file does not say.
    pub kind: ClientKind,
    /// Since when it is a client.
    pub since: Option<Date>,
    /// Its tier, as the firm calls it.
    pub tier: Option<String>,
    /// The one face it knows: a name or an address from the staff list.
    pub point_person: Option<String>,
    /// What it pays in a year.
    pub annual_revenue: Option<Money>,
    /// What the firm knows of it beside: by the name of the column, its words.
    pub told: Vec<(&'static str, String)>,
    /// Fields of other columns.
    pub custom: Custom,
}

/// A row of `contacts.csv`: a person at a client. Several rows of one client and name are one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactRow {
    /// The line on which the row begins.
    pub line: u64,
    /// The client's id.
    pub client_id: String,
    /// The person's name; none for an address of the client as a whole.
    pub name: Option<String>,
    /// E-mail addresses, as written.
    pub emails: Vec<String>,
    /// Telephone numbers, as written.
    pub phones: Vec<String>,
    /// Fields of other columns.
    pub custom: Custom,
}

/// A row of `staff.csv`. Several rows of one name are one person with several addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffRow {
    /// The line on which the row begins.
    pub line: u64,
    /// The person's name.
    pub name: String,
    /// E-mail addresses, as written.
    pub emails: Vec<String>,
    /// What they are in the firm.
    pub role: Option<String>,
    /// Telephone numbers and extensions, as written.
    pub phones: Vec<String>,
    /// Fields of other columns.
    pub custom: Custom,
}

/// A row of `matters.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatterRow {
    /// The line on which the row begins.
    pub line: u64,
    /// The firm's own id of the matter.
    pub matter_id: String,
    /// The client's id.
    pub client_id: String,
    /// What it is called; its id where the file does not say.
    pub name: String,
    /// What kind of work.
    pub kind: Option<String>,
    /// Who does it: a name or an address from the staff list.
    pub handler: Option<String>,
    /// When it was opened.
    pub opened: Option<Date>,
    /// When it was closed; none while it is open.
    pub closed: Option<Date>,
    /// Fields of other columns.
    pub custom: Custom,
}

/// A row of `absences.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AbsenceRow {
    /// The line on which the row begins.
    pub line: u64,
    /// The absent person's address.
    pub email: String,
    /// The first day away.
    pub from: Date,
    /// The last day away.
    pub to: Date,
    /// Who stands in: a name or an address from the staff list; none where nobody does.
    pub cover: Option<String>,
    /// Fields of other columns.
    pub custom: Custom,
}

impl ClientKind {
    fn of(text: &str) -> Option<ClientKind> {
        Some(match text.to_lowercase().as_str() {
            "organisation" | "organization" | "company" => ClientKind::Organisation,
            "person" | "individual" => ClientKind::Person,
            "partner" => ClientKind::Partner,
            "prospect" => ClientKind::Prospect,
            "former" => ClientKind::Former,
            _ => return None,
        })
    }
}

impl Row for ClientRow {
    const FILE: &'static str = "clients.csv";
    const COLUMNS: &'static [&'static str] = &[
        "client_id",
        "name",
        "kind",
        "since",
        "tier",
        "point_person",
        "annual_revenue",
        "why_came",
        "circumstances",
        "expectations",
        "channel",
        "heard_of_us",
    ];
    const REQUIRED: &'static [&'static str] = &["client_id", "name"];
    const KEY: Option<&'static str> = Some("client_id");

    fn read(fields: &mut Fields<'_>) -> ClientRow {
        let kind = fields.optional("kind").map(|text| {
            ClientKind::of(&text).unwrap_or_else(|| {
                let what =
                    format!("{text:?} is no kind; write organisation, person, partner, prospect or former");
                fields.wrong("kind", what);
                ClientKind::Organisation
            })
        });
        ClientRow {
            line: fields.line(),
            client_id: fields.required("client_id"),
            name: fields.required("name"),
            kind: kind.unwrap_or(ClientKind::Organisation),
            since: fields.date("since"),
            tier: fields.optional("tier"),
            point_person: fields.optional("point_person"),
            annual_revenue: fields.money("annual_revenue"),
            told: TOLD.iter().filter_map(|column| Some((*column, fields.optional(column)?))).collect(),
            custom: fields.custom(),
        }
    }

    fn key(&self) -> &str {
        &self.client_id
    }
}

impl Row for ContactRow {
    const FILE: &'static str = "contacts.csv";
    const COLUMNS: &'static [&'static str] = &["client_id", "name", "email", "phone"];
    const REQUIRED: &'static [&'static str] = &["client_id", "email"];

    fn read(fields: &mut Fields<'_>) -> ContactRow {
        let row = ContactRow {
            line: fields.line(),
            client_id: fields.required("client_id"),
            name: fields.optional("name"),
            emails: fields.emails("email"),
            phones: fields.phones("phone"),
            custom: fields.custom(),
        };
        if row.name.is_none() && fields.optional("email").is_none() && row.phones.is_empty() {
            fields.wrong("email", "neither name, address nor number; fill in one of them");
        }
        row
    }
}

impl Row for StaffRow {
    const FILE: &'static str = "staff.csv";
    const COLUMNS: &'static [&'static str] = &["name", "email", "role", "phone"];
    const REQUIRED: &'static [&'static str] = &["name", "email"];

    fn read(fields: &mut Fields<'_>) -> StaffRow {
        StaffRow {
            line: fields.line(),
            name: fields.required("name"),
            emails: fields.emails("email"),
            role: fields.optional("role"),
            phones: fields.phones("phone"),
            custom: fields.custom(),
        }
    }
}

impl Row for MatterRow {
    const FILE: &'static str = "matters.csv";
    const COLUMNS: &'static [&'static str] =
        &["matter_id", "client_id", "name", "kind", "handler", "opened", "closed"];
    const REQUIRED: &'static [&'static str] = &["matter_id", "client_id"];
    const KEY: Option<&'static str> = Some("matter_id");

    fn read(fields: &mut Fields<'_>) -> MatterRow {
        let matter_id = fields.required("matter_id");
        let (opened, closed) = (fields.date("opened"), fields.date("closed"));
        if let (Some(opened), Some(closed)) = (opened, closed)
            && closed < opened
        {
            fields.wrong("closed", format!("{closed} is before the matter was opened ({opened})"));
        }
        MatterRow {
            line: fields.line(),
            client_id: fields.required("client_id"),
            name: fields.optional("name").unwrap_or_else(|| matter_id.clone()),
            matter_id,
            kind: fields.optional("kind"),
            handler: fields.optional("handler"),
            opened,
            closed,
            custom: fields.custom(),
        }
    }

    fn key(&self) -> &str {
        &self.matter_id
    }
}

impl Row for AbsenceRow {
    const FILE: &'static str = "absences.csv";
    const COLUMNS: &'static [&'static str] = &["email", "from", "to", "cover"];
    const REQUIRED: &'static [&'static str] = &["email", "from", "to"];

    fn read(fields: &mut Fields<'_>) -> AbsenceRow {
        fields.required("email");
        let email = fields.emails("email").into_iter().next().unwrap_or_default();
        fields.required("from");
        fields.required("to");
        let (from, to) = (fields.date("from").unwrap_or(Date::ZERO), fields.date("to").unwrap_or(Date::MAX));
        if to < from {
            fields.wrong("to", format!("{to} is before the first day away ({from})"));
        }
        AbsenceRow {
            line: fields.line(),
            email,
            from,
            to,
            cover: fields.optional("cover"),
            custom: fields.custom(),
        }
    }
}
