//! Speaks the formats and protocols that letters, calls and lists arrive in.
