//! What the model tells of a sentence or of a whole message.

use care::acts::ActKind;

/// What the model tells. The first nine are the acts, in the order of [`ActKind`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Label {
    /// See [`ActKind::Request`].
    Request,
    /// See [`ActKind::Chase`].
    Chase,
    /// See [`ActKind::Complaint`].
    Complaint,
    /// See [`ActKind::Thanks`].
    Thanks,
    /// See [`ActKind::Departure`].
    Departure,
    /// See [`ActKind::Comment`].
    Comment,
    /// See [`ActKind::Promise`].
    Promise,
    /// See [`ActKind::Hold`].
    Hold,
    /// See [`ActKind::Excuse`].
    Excuse,
    /// Says sorry.
    Apology,
    /// Somebody leaves a job.
    Leaving,
    /// Of a message: it needs a reply.
    NeedsReply,
    /// Of a message: it reads like a newsletter or a notice of a system.
    Bulk,
}

impl Label {
    /// All labels, in order.
    pub const ALL: [Label; 13] = [
        Label::Request,
        Label::Chase,
        Label::Complaint,
        Label::Thanks,
        Label::Departure,
        Label::Comment,
        Label::Promise,
        Label::Hold,
        Label::Excuse,
        Label::Apology,
        Label::Leaving,
        Label::NeedsReply,
        Label::Bulk,
    ];

    /// How many labels there are.
    pub const COUNT: usize = Label::ALL.len();

    /// How many of them are told of a sentence; the rest are told of a message.
    pub const OF_SENTENCE: usize = 11;

    /// The label of an act.
    pub fn of(kind: ActKind) -> Label {
        Label::ALL[kind as usize]
    }

    /// The act that this label stands for.
    pub fn act(self) -> Option<ActKind> {
        ActKind::ALL.get(self as usize).copied()
    }

    /// Its name in the files of labelled passages.
    pub fn name(self) -> &'static str {
        match self {
            Label::Apology => "apology",
            Label::Leaving => "leaving",
            Label::NeedsReply => "needs_reply",
            Label::Bulk => "bulk",
            _ => self.act().map_or("", ActKind::name),
        }
    }
}
