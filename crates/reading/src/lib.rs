//! From the bytes of a message to what it asks, promises and means.

pub mod acts;
pub mod check;
pub mod letter;
pub mod thread;
pub mod when;
