//! From the bytes of a message to what it asks, promises and means.

pub mod when;
pub mod acts;
pub mod letter;
