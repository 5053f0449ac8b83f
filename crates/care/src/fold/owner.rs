//! Who owes an answer.

use jiff::Timestamp;

use super::Fold;
use crate::entry::Message;
use crate::ids::{AddressId, ClientId, StaffId};
use crate::people::Who;

impl Fold<'_> {
    /// Among To: the handler of a matter of the client, else the point person, else the first of ours. Without any
    /// of ours in To, the same among Cc. Else the point person, else whose mailbox it lay in, else who leads.
    pub(super) fn owner_of(&self, message: &Message, at: Timestamp) -> Option<StaffId> {
        self.owner_among(&message.to, at)
            .or_else(|| self.owner_among(&message.cc, at))
            .or(self.point_person.filter(|&staff| self.works_here(staff, at)))
            .or_else(|| {
                let mailbox = self.book.directory.who(message.mailbox?).staff()?;
                self.works_here(mailbox, at).then_some(mailbox)
            })
            .or(self.book.lead)
    }

    fn owner_among(&self, addresses: &[AddressId], at: Timestamp) -> Option<StaffId> {
        let mut first = None;
        let mut is_point_person = false;
        for &address in addresses {
            let Who::Staff(staff) = self.book.directory.who(address) else { continue };
            if !self.works_here(staff, at) {
                continue;
            }
            if self.handles(staff, at) {
                return Some(staff);
            }
            first = first.or(Some(staff));
            is_point_person |= self.point_person == Some(staff);
        }
        if is_point_person { self.point_person } else { first }
    }

    /// Whether somebody handles a matter of the client that was open at that moment.
    fn handles(&self, staff: StaffId, at: Timestamp) -> bool {
        let matters = self.profile.map_or(&[][..], |profile| &profile.matters);
        matters.iter().filter(|matter| matter.handler == Some(staff)).any(|matter| {
            if matter.opened.is_none() && matter.closed.is_none() {
                return true;
            }
            let date = self.book.calendar.date_of(at);
            matter.opened.is_none_or(|opened| opened <= date)
                && matter.closed.is_none_or(|closed| date <= closed)
        })
    }

    pub(super) fn works_here(&self, staff: StaffId, at: Timestamp) -> bool {
        let left = self.book.staff(staff).and_then(|staff| staff.left);
        left.is_none_or(|left| self.book.calendar.date_of(at) <= left)
    }

    /// Who looks after the client at that moment.
    pub(super) fn keeper(&self, at: Timestamp) -> Option<StaffId> {
        self.point_person.filter(|&staff| self.works_here(staff, at)).or(self.book.lead)
    }

    /// The client that the promises of a message are given to: the first in To; else the first in Cc, where nobody
    /// else outside the firm is in To.
    pub(super) fn promisee(&self, message: &Message) -> Option<ClientId> {
        let directory = &self.book.directory;
        let first =
            |addresses: &[AddressId]| addresses.iter().find_map(|&address| directory.who(address).client());
        let outsider = |&address: &AddressId| !matches!(directory.who(address), Who::Staff(_) | Who::Robot);
        first(&message.to).or_else(|| if message.to.iter().any(outsider) { None } else { first(&message.cc) })
    }

    /// A message from one of ours to others of ours, and to nobody else.
    pub(super) fn is_internal(&self, message: &Message, from: StaffId) -> bool {
        let mut to_colleague = false;
        for address in message.recipients() {
            match self.book.directory.who(address) {
                Who::Staff(staff) => to_colleague |= staff != from,
                Who::Robot => {}
                _ => return false,
            }
        }
        to_colleague
    }
}
