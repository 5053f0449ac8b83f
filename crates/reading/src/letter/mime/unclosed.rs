//! The text in which a message ends that lacks its last border, having been cut off on its way, say. The MIME reader
//! takes it for a file, undecoded.

use mail_parser::decoders::base64::base64_decode;
use mail_parser::{Message, MimeHeaders, PartType};

use crate::letter::mend;

/// Such a text.
pub(super) struct Unclosed {
    /// Its place among the parts.
    pub(super) part: u32,
    /// Decoded.
    pub(super) text: String,
    pub(super) is_html: bool,
    /// Says what another part says.
    pub(super) is_alternative: bool,
}

/// The last part, where it is such a text.
pub(super) fn find(message: &Message<'_>) -> Option<Unclosed> {
    let (place, part) = message.parts.iter().enumerate().next_back()?;
    let PartType::Text(text) = &part.body else { return None };
    let kind = part.content_type();
    let subtype = kind.and_then(|kind| kind.subtype()).unwrap_or("plain").to_ascii_lowercase();
    let is_text = kind.is_none_or(|kind| kind.ctype().eq_ignore_ascii_case("text"))
        && matches!(subtype.as_str(), "plain" | "html");
    let is_file =
        part.attachment_name().is_some() || part.content_disposition().is_some_and(|d| d.is_attachment());
    let place = place as u32;
    let is_known = message.text_body.contains(&place) || message.html_body.contains(&place);
    if place == 0 || !part.is_encoding_problem || !is_text || is_file || is_known {
        return None;
    }
    let text = match part.content_transfer_encoding().map(str::to_ascii_lowercase).as_deref() {
        Some("quoted-printable") => mend::guess_charset(mend::quoted_printable(text.as_bytes())).0,
        Some("base64") => mend::guess_charset(decoded(text)?).0,
        _ => text.as_ref().to_owned(),
    };
    let is_alternative = message.parts.iter().any(|other| {
        let kind = other.content_type().and_then(|kind| kind.subtype());
        let holds = matches!(&other.body, PartType::Multipart(parts) if parts.contains(&place));
        holds && kind.is_some_and(|kind| kind.eq_ignore_ascii_case("alternative"))
    });
    Some(Unclosed { part: place, text, is_html: subtype == "html", is_alternative })
}

/// As much as there are whole groups of four letters.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut letters: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    letters.truncate(letters.len() / 4 * 4);
    base64_decode(&letters)
}

#[cfg(test)]
mod tests {
    use crate::letter::parse;

    #[test]
    fn the_text_of_a_message_that_was_cut_off_is_read() {
        for (part, wanted) in [
            ("\nCould you call?\n", "Could you call?"),
            ("Content-Type: text/plain; charset=utf-8\n\nCould you", "Could you"),
            ("Content-Transfer-Encoding: quoted-printable\n\nCaf=C3=A9 at=\n noon?\n", "Café at noon?"),
            ("Content-Transfer-Encoding: base64\n\nQ291bGQgeW91\nIGNhbG", "Could you ca"),
            ("Content-Type: text/html\n\n<p>Could <b>you</b>", "Could you"),
        ] {
            let raw = format!("From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\n{part}");
            let letter = parse(raw.as_bytes()).unwrap();
            assert_eq!(letter.new_text.trim(), wanted, "{part}");
            assert!(letter.attachments.is_empty(), "{part}");
        }
    }

    #[test]
    fn a_page_beside_the_text_is_read_and_one_in_its_stead_is_not() {
        for (kind, wanted) in [("mixed", "Here it is.\nAnd more."), ("alternative", "Here it is.")] {
            let raw = format!(
                "From: a@b.example\nContent-Type: multipart/{kind}; boundary=x\n\n--x\n\nHere it is.\n--x\n\
                 Content-Type: text/html\n\n<p>And more.</p>\n"
            );
            assert_eq!(parse(raw.as_bytes()).unwrap().new_text.trim(), wanted);
        }
    }

    #[test]
    fn a_file_that_was_cut_off_is_no_text() {
        let raw = "From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nHere it is.\n--x\n\
                   Content-Type: text/plain; name=log.txt\nContent-Disposition: attachment\n\n0 0 0 0\n";
        let letter = parse(raw.as_bytes()).unwrap();
        assert_eq!(letter.new_text.trim(), "Here it is.");
        assert_eq!(letter.attachments.len(), 1);
    }
}
