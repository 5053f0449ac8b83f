//! Reports as tables: what was promised, answered, chased; who carries how much; which clients hang on one tie; who left.
//!
//! Each is a function from the whole record to one [`Table`], which is printed as text, CSV, JSON or a page.

mod answers;
mod chases;
mod contact_load;
mod departures;
mod pareto;
mod promises;
pub mod table;
mod ties;
mod whole;

pub use table::Table;
pub use whole::Whole;

/// A report: its name, what it says, and how it is made.
pub struct Report {
    /// The name on the command line.
    pub name: &'static str,
    /// What it says, in one line.
    pub about: &'static str,
    make: fn(&Whole) -> Table,
}

impl Report {
    /// Makes it.
    pub fn make(&self, whole: &Whole) -> Table {
        (self.make)(whole)
    }

    /// The report of that name.
    pub fn named(name: &str) -> Option<&'static Report> {
        let name = name.replace('_', "-");
        REPORTS.iter().find(|report| report.name == name)
    }
}

/// All reports.
pub const REPORTS: &[Report] = &[
    Report {
        name: "promises",
        about: "promises by month and person: kept, kept late, moved, broken",
        make: promises::table,
    },
    Report {
        name: "answers",
        about: "how long answers took in working hours, by person, client and month",
        make: answers::table,
    },
    Report { name: "chases", about: "how often clients had to ask again, and whom", make: chases::table },
    Report {
        name: "contact-load",
        about: "messages in and out by person and week, against what was open",
        make: contact_load::table,
    },
    Report { name: "ties", about: "clients that hang on one tie, or on none", make: ties::table },
    Report {
        name: "pareto",
        about: "which clients make most of the traffic, and of the revenue",
        make: pareto::table,
    },
    Report {
        name: "departures",
        about: "who left and why, beside the split that is known of firms like yours",
        make: departures::table,
    },
];
