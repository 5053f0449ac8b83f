//! Letters, calls and lists into the record.
//!
//! `read` is the parallel stage; `traffic`, `own` and `place` find out who is who where nobody has said it.

pub mod addresses;

pub mod correspondents;
pub mod enlist;
pub mod gather;
pub mod import;
pub mod lists;
pub mod live;
pub mod mentions;
pub mod own;
pub mod place;
pub mod read;
pub mod robots;
pub mod roster;
pub mod settle;
pub mod standing;
pub mod tally;
pub mod taught;
pub mod traffic;

/// The word for what a folder is for, in tables.
pub fn role_name(role: wire::mail::Role) -> &'static str {
    import::batch::role_word(role)
}
