use super::address::Mailbox;
pub(super) struct Closing {
    pub(super) body: String,
    pub(super) signature: Option<String>,
}
pub(super) fn find(text: &str, _sender: Option<&Mailbox>) -> Closing {
    Closing { body: text.to_owned(), signature: None }
}
