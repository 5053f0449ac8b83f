//! What is owed, and how it ended.
