//! Who may come in and what they may see: passwords, sessions, tokens, walls.

pub mod invitations;
pub mod passwords;
pub mod secret;
pub mod sessions;
pub mod tokens;
pub mod walls;

/// What somebody may do in Regard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// Looks only.
    ReadOnly,
    /// Works with clients.
    Staff,
    /// Also sets up the firm: people, walls, standards.
    Owner,
}

impl Access {
    /// The word in tables and lists.
    pub fn name(self) -> &'static str {
        match self {
            Access::ReadOnly => "read_only",
            Access::Staff => "staff",
            Access::Owner => "owner",
        }
    }

    /// The access of that name. An unknown word lets somebody look only.
    pub fn named(name: &str) -> Access {
        match name {
            "owner" => Access::Owner,
            "staff" => Access::Staff,
            _ => Access::ReadOnly,
        }
    }
}
