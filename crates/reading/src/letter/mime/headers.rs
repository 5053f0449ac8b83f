//! The headers of a message, read in one pass.

use mail_parser::{Address, DateTime, Header, HeaderName, HeaderValue, Message};

use crate::letter::address::{self, Mailbox};
use crate::letter::model::Letter;
use crate::letter::sent;

/// More recipients than this are a mailing, and the rest of them helps nobody.
const MOST_RECIPIENTS: usize = 2_000;
/// A longer chain is cut at its old end, but for its root.
const MOST_REFERENCES: usize = 500;

/// What the headers say about the message itself.
#[derive(Default)]
pub(in crate::letter) struct Headers {
    pub(in crate::letter) from: Option<Mailbox>,
    pub(in crate::letter) subject: String,
    pub(in crate::letter) date_words: Option<String>,
    letter: Letter,
}

/// What the headers and report parts say about how the message came about.
#[derive(Default, Debug)]
pub(in crate::letter) struct Clues {
    /// Auto-Submitted, lower case.
    pub(in crate::letter) auto_submitted: Option<String>,
    /// Precedence, lower case.
    pub(in crate::letter) precedence: Option<String>,
    /// A List-Id, List-Post or old list header is there.
    pub(in crate::letter) list: bool,
    /// List-Unsubscribe or Feedback-ID is there.
    pub(in crate::letter) unsubscribe: bool,
    /// X-Autoreply, X-Autorespond and their kin.
    pub(in crate::letter) autoreply: bool,
    /// Return-Path is `<>`.
    pub(in crate::letter) empty_return_path: bool,
    /// Return-Path otherwise, lower case.
    pub(in crate::letter) return_path: Option<String>,
    /// X-Failed-Recipients.
    pub(in crate::letter) failed_recipients: Vec<String>,
    /// The root's type, lower case.
    pub(in crate::letter) media_type: String,
    /// The report-type of a multipart/report, lower case.
    pub(in crate::letter) report_type: Option<String>,
    /// A machine names itself (X-Mailer, User-Agent), lower case.
    pub(in crate::letter) mailer: Option<String>,
    /// message/delivery-status parts.
    pub(in crate::letter) delivery_status: Vec<String>,
    /// message/feedback-report parts.
    pub(in crate::letter) feedback_report: Vec<String>,
    /// message/disposition-notification is there.
    pub(in crate::letter) disposition: bool,
    /// Headers of the message that a report is about: from an enclosed message, or its headers alone.
    pub(in crate::letter) original_to: Vec<String>,
    /// Whether a message or its headers were enclosed.
    pub(in crate::letter) encloses: bool,
    /// X-Auto-Response-Suppress is there.
    pub(in crate::letter) suppresses_answers: bool,
    /// X-List is there: a list program that knows no List-Id.
    pub(in crate::letter) old_list: bool,
}

impl Headers {
    pub(super) fn read(fields: &[Header<'_>], raw: &[u8]) -> (Headers, Clues) {
        let mut headers = Headers::default();
        let mut clues = Clues::default();
        let mut date = None;
        let mut received: Option<DateTime> = None;
        let mut said = DirectoryNames::default();
        for field in fields {
            match &field.name {
                HeaderName::Date if date.is_none() => {
                    date = Some((field.value.as_datetime().copied(), words_of(field, raw)))
                }
                HeaderName::Received => {
                    if received.is_none() {
                        received = field.value.as_received().and_then(|r| r.date);
                    }
                }
                HeaderName::Other(name) => headers.read_other(name, field, raw, &mut said, &mut clues),
                _ => headers.read_known(field, raw, &mut clues),
            }
        }
        let letter = &mut headers.letter;
        (letter.sent, letter.sent_problem) =
            sent::choose(date.as_ref().map(|(value, words)| (*value, words.as_ref())), received);
        headers.date_words = date.map(|(_, words)| words.trim().to_owned()).filter(|w| !w.is_empty());
        said.give_to(letter);
        headers.from = letter.from.clone();
        headers.subject = letter.subject.clone();
        (headers, clues)
    }

    pub(in crate::letter) fn into_letter(self) -> Letter {
        self.letter
    }

    fn read_known(&mut self, field: &Header<'_>, raw: &[u8], clues: &mut Clues) {
        let letter = &mut self.letter;
        let value = &field.value;
        match &field.name {
            HeaderName::MessageId if letter.message_id.is_none() => letter.message_id = ids(value).pop(),
            HeaderName::InReplyTo => letter.in_reply_to.extend(ids(value)),
            HeaderName::References => {
                letter.references.extend(ids(value));
                let extra = letter.references.len().saturating_sub(MOST_REFERENCES);
                if 0 < extra {
                    letter.references.drain(1..=extra);
                }
            }
            HeaderName::Subject if letter.subject.is_empty() => {
                letter.subject = one_line(value.as_text().unwrap_or_default())
            }
            HeaderName::From if letter.from.is_none() => letter.from = first(value, field, raw),
            HeaderName::Sender if letter.sender.is_none() => letter.sender = first(value, field, raw),
            HeaderName::ReplyTo => push_all(&mut letter.reply_to, value),
            HeaderName::To | HeaderName::ApparentlyTo => push_all(&mut letter.to, value),
            HeaderName::Cc => push_all(&mut letter.cc, value),
            HeaderName::Bcc => push_all(&mut letter.bcc, value),
            HeaderName::DeliveredTo | HeaderName::OriginalRecipient => {
                push_delivered(letter, &words_of(field, raw))
            }
            HeaderName::ListId | HeaderName::ListPost | HeaderName::ListSubscribe => clues.list = true,
            HeaderName::ListUnsubscribe | HeaderName::ListUnsubscribePost | HeaderName::CfblFeedbackId => {
                clues.unsubscribe = true
            }
            HeaderName::AutoSubmitted | HeaderName::Autosubmitted => {
                clues.auto_submitted = Some(lower(field, raw))
            }
            HeaderName::ReturnPath => {
                let path = lower(field, raw);
                clues.empty_return_path = path == "<>";
                clues.return_path = Some(address::tidy_address(&path));
            }
            HeaderName::ContentType => {
                if let Some(kind) = value.as_content_type() {
                    clues.media_type = format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default())
                        .to_ascii_lowercase();
                    clues.report_type = kind.attribute("report-type").map(str::to_ascii_lowercase);
                }
            }
            _ => {}
        }
    }

    fn read_other(
        &mut self,
        name: &str,
        field: &Header<'_>,
        raw: &[u8],
        said: &mut DirectoryNames,
        clues: &mut Clues,
    ) {
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        if !name.starts_with(['x', 'X']) {
            if is("Precedence") {
                clues.precedence = Some(lower(field, raw));
            } else if is("User-Agent") {
                clues.mailer = Some(lower(field, raw));
            } else if is("Feedback-ID") {
                clues.unsubscribe = true;
            } else if is("Mailing-List") {
                clues.list = true;
            } else if is("Envelope-To") {
                push_delivered(&mut self.letter, &words_of(field, raw));
            } else if is("Failed-Recipient") {
                clues.failed_recipients.push(lower(field, raw));
            }
            return;
        }
        if is("X-From") {
            said.from = directory(field, raw).into_iter().next();
        } else if is("X-To") {
            said.to = directory(field, raw);
        } else if is("X-cc") {
            said.cc = directory(field, raw);
        } else if is("X-Mailer") {
            clues.mailer = Some(lower(field, raw));
        } else if is("X-Failed-Recipients") {
            let words = lower(field, raw);
            clues
                .failed_recipients
                .extend(words.split(',').map(address::tidy_address).filter(|a| !a.is_empty()));
        } else if is("X-Original-To") || is("X-Delivered-To") || is("X-Envelope-To") {
            push_delivered(&mut self.letter, &words_of(field, raw));
        } else if is("X-Mailing-List") || is("X-BeenThere") || is("X-Mailman-Version") {
            clues.list = true;
        } else if [
            "X-Autoreply",
            "X-Autorespond",
            "X-Autoresponder",
            "X-Auto-Response-From",
            "X-Auto-Reply-From",
            "X-AutoReply-From",
        ]
        .iter()
        .any(|other| is(other))
        {
            clues.autoreply = !matches!(lower(field, raw).as_str(), "no" | "false");
        } else if is("X-Auto-Response-Suppress") {
            clues.suppresses_answers = true;
        } else if is("X-List") {
            clues.old_list = true;
        }
    }
}

/// The names that a directory gave to writer and recipients.
#[derive(Default)]
struct DirectoryNames {
    from: Option<Mailbox>,
    to: Vec<Mailbox>,
    cc: Vec<Mailbox>,
}

impl DirectoryNames {
    fn give_to(self, letter: &mut Letter) {
        if let Some(named) = self.from {
            match &mut letter.from {
                Some(from) => name(from, named),
                None => letter.from = Some(named),
            }
        }
        give_list(&mut letter.to, self.to);
        give_list(&mut letter.cc, self.cc);
    }
}

/// Lists of one length name the same people in the same order.
fn give_list(mailboxes: &mut Vec<Mailbox>, named: Vec<Mailbox>) {
    if mailboxes.is_empty() {
        *mailboxes = named;
    } else if mailboxes.len() == named.len() {
        mailboxes.iter_mut().zip(named).for_each(|(mailbox, named)| name(mailbox, named));
    }
}

/// A name of the directory is better than none, and than one word that is no name of a person ("office").
fn name(mailbox: &mut Mailbox, named: Mailbox) {
    let is_weak = mailbox.name.as_ref().is_none_or(|n| !n.contains(' '));
    if is_weak && named.name.as_ref().is_some_and(|n| !n.contains('@')) {
        mailbox.name = named.name;
    }
    if mailbox.account.is_none() {
        mailbox.account = named.account;
    }
}

impl Clues {
    pub(super) fn add_report(&mut self, media_type: &str, text: &str) {
        match media_type {
            "message/feedback-report" => self.feedback_report.push(text.to_owned()),
            "message/disposition-notification" => self.disposition = true,
            "message/delivery-status" | "message/global-delivery-status" => {
                self.delivery_status.push(text.to_owned())
            }
            _ => {
                self.encloses = true;
                for line in text.lines().take(200) {
                    if line.get(..3).is_some_and(|to| to.eq_ignore_ascii_case("to:")) {
                        self.original_to.extend(Mailbox::from_words(&line[3..]).map(|m| m.address));
                    }
                }
            }
        }
    }

    pub(super) fn add_enclosed(&mut self, message: &Message<'_>) {
        self.encloses = true;
        if let Some(to) = message.to() {
            self.original_to.extend(to.iter().take(5).filter_map(|a| a.address()).map(address::tidy_address));
        }
    }
}

fn directory(field: &Header<'_>, raw: &[u8]) -> Vec<Mailbox> {
    address::directory_list(&words_of(field, raw))
}

fn push_delivered(letter: &mut Letter, words: &str) {
    let address = address::tidy_address(words.rsplit(';').next().unwrap_or_default());
    if address.contains('@') && !letter.delivered_to.contains(&address) && letter.delivered_to.len() < 20 {
        letter.delivered_to.push(address);
    }
}

fn lower(field: &Header<'_>, raw: &[u8]) -> String {
    words_of(field, raw).trim().to_lowercase()
}

/// The value as it stands, unfolded.
fn words_of<'r>(field: &Header<'_>, raw: &'r [u8]) -> std::borrow::Cow<'r, str> {
    let bytes = raw.get(field.offset_start as usize..field.offset_end as usize).unwrap_or_default();
    let words = String::from_utf8_lossy(bytes);
    if words.trim_end().contains(['\n', '\r']) { one_line(&words).into() } else { words }
}

fn one_line(words: &str) -> String {
    let words = words.trim();
    if !words.contains(['\n', '\r', '\t', '\0']) {
        return words.to_owned();
    }
    words
        .split(['\n', '\r', '\t', '\0'])
        .map(str::trim)
        .filter(|w| !w.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn ids(value: &HeaderValue<'_>) -> Vec<String> {
    let keep = |id: &str| {
        let id = id.trim().trim_matches(['<', '>']);
        let is_id = !id.is_empty() && id.len() <= 1_000 && !id.contains(char::is_whitespace);
        is_id.then(|| id.to_owned())
    };
    match value {
        HeaderValue::Text(id) => keep(id).into_iter().collect(),
        HeaderValue::TextList(list) => list.iter().filter_map(|id| keep(id)).collect(),
        _ => Vec::new(),
    }
}

fn first(value: &HeaderValue<'_>, field: &Header<'_>, raw: &[u8]) -> Option<Mailbox> {
    let mut all = Vec::new();
    push_some(&mut all, value, 4);
    let best = all.iter().position(|m| m.address.contains('@')).unwrap_or(0);
    if best < all.len() {
        return Some(all.swap_remove(best));
    }
    Mailbox::from_words(&words_of(field, raw))
}

fn push_all(mailboxes: &mut Vec<Mailbox>, value: &HeaderValue<'_>) {
    push_some(mailboxes, value, MOST_RECIPIENTS);
}

fn push_some(mailboxes: &mut Vec<Mailbox>, value: &HeaderValue<'_>, most: usize) {
    let Some(address) = value.as_address() else { return };
    let mut push = |addr: &mail_parser::Addr<'_>| {
        if mailboxes.len() < most
            && let Some(mailbox) = Mailbox::new(addr.name(), addr.address())
        {
            mailboxes.push(mailbox);
        }
    };
    match address {
        Address::List(list) => list.iter().for_each(&mut push),
        Address::Group(groups) => groups.iter().flat_map(|g| &g.addresses).for_each(&mut push),
    }
}
