//! How likely a client is to leave or go quiet, as dated reasons.
