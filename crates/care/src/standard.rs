//! What the firm promises its clients, by tier.
