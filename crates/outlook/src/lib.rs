//! How likely a client is to leave or go quiet, as dated reasons, never a bare number.
//!
//! First form: reasons that follow from what is owed and from the traffic itself, each with the day since which it
//! holds, a weight and its evidence. Silence is bad data, never neutral: a client to whom nobody ever wrote is at
//! risk, not unknown. Inbound and outbound contact count apart.

mod quiet;
mod reasons;

pub use quiet::{RECENT, Traffic, writes_less};
pub use reasons::{Facts, Outlook, Reason, ReasonKind, Risk, Said, assess};
