//! Contacts written as vCard 4.0 (RFC 6350).

use calcard::vcard::{VCard, VCardEntry, VCardProperty, VCardVersion};

use super::{Card, FOR};

/// Writes cards one after the other.
pub fn write(cards: &[Card]) -> String {
    let mut out = String::new();
    for card in cards {
        // A text grows as long as there is memory, so nothing is lost by not asking.
        let _ = of_card(card).write_to(&mut out, VCardVersion::V4_0);
    }
    out
}

fn of_card(card: &Card) -> VCard {
    let mut entries = vec![entry(VCardProperty::Prodid, "-//Regard//Contacts//EN")];
    entries.extend(card.uid.iter().map(|uid| entry(VCardProperty::Uid, uid)));
    // The standard asks for a name; whoever has none goes by an address or the place they work at.
    let name = [Some(&card.name), card.emails.first(), card.phones.first(), card.organisation.as_ref()];
    let name = name.into_iter().flatten().find(|name| !name.is_empty());
    entries.push(entry(VCardProperty::Fn, name.map_or("", String::as_str)));
    entries.extend(card.organisation.iter().map(|name| entry(VCardProperty::Org, name)));
    entries.extend(card.role.iter().map(|role| entry(VCardProperty::Title, role)));
    entries.extend(card.emails.iter().map(|email| entry(VCardProperty::Email, email)));
    entries.extend(card.phones.iter().map(|phone| entry(VCardProperty::Tel, phone)));
    let written_for = card.written_for.iter();
    entries.extend(written_for.map(|whom| entry(VCardProperty::Other(FOR.to_owned()), whom)));
    VCard { entries }
}

fn entry(property: VCardProperty, text: &str) -> VCardEntry {
    VCardEntry::new(property).with_value(text.to_owned())
}
