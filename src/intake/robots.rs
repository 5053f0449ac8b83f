//! Addresses that no person writes from.

/// Local parts of robots, as whole words of the part before the `@`.
const ROBOTS: [&str; 34] = [
    "abuse",
    "alert",
    "alerts",
    "autoreply",
    "bounce",
    "bounces",
    "daemon",
    "digest",
    "donotreply",
    "listserv",
    "mailer",
    "mailman",
    "majordomo",
    "marketing",
    "news",
    "newsletter",
    "newsletters",
    "noreply",
    "notification",
    "notifications",
    "notify",
    "offers",
    "postmaster",
    "promo",
    "promotions",
    "reminder",
    "reminders",
    "reply",
    "root",
    "subscribe",
    "subscriptions",
    "unsubscribe",
    "update",
    "updates",
];

/// Whether an address looks like a machine's: `no-reply@…`, `bounces+123@…`, `mailer-daemon@…`.
pub fn is_robot(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default();
    let joined: String = local.chars().filter(|c| c.is_ascii_alphabetic()).collect();
    ["noreply", "donotreply", "mailerdaemon"].iter().any(|robot| joined.starts_with(robot))
        || local.split(|c: char| !c.is_ascii_alphabetic()).any(|word| ROBOTS.binary_search(&word).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn robots_are_told_by_their_names() {
        assert!(ROBOTS.is_sorted());
        for robot in
            ["no-reply@a.example", "bounces+12@b.example", "mailer-daemon@c.example", "news@d.example"]
        {
            assert!(is_robot(robot), "{robot}");
        }
        for person in ["jo@a.example", "newsome@b.example", "updike@c.example", "rooter@d.example"] {
            assert!(!is_robot(person), "{person}");
        }
    }
}
