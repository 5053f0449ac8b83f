//! The words of the business, working time, and the fold from record to obligations.
//!
//! Pure: no database, no network, no clock. The moment is handed in.
//!
//! Read in this order: [`acts`] what a passage of a message does; [`hours`] when a firm is open;
//! [`people`] who is who; [`particular`] what is known of them beside; [`entry`] what happened; [`record`] what happened with one client;
//! [`standard`] what the firm promises; [`book`] what the firm knows; [`obligation`] what is owed, and how it ended;
//! [`fold`] how the one follows from the other; [`holding`] what can be told to whoever will have to wait.

pub mod acts;
pub mod book;
pub mod entry;
pub mod fold;
pub mod holding;
pub mod hours;
pub mod ids;
pub mod obligation;
pub mod particular;
pub mod people;
pub mod record;
pub mod standard;
pub mod today;
