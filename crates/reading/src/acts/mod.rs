//! What the passages of a message do: its acts, and what the message as a whole wants.

mod reader;

pub use reader::{Leaving, Reader, Reading};
