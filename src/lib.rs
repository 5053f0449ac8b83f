//! Regard: what a firm owes its clients today, and who is about to feel forgotten.
