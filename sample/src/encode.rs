//! The encodings of mail that the sample needs, by hand.

/// RFC 2045 quoted-printable, with CRLF line ends.
pub(crate) fn quoted_printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for line in text.lines() {
        let mut column = 0;
        let last = line.len().saturating_sub(1);
        for (i, byte) in line.bytes().enumerate() {
            let plain = matches!(byte, b'!'..=b'<' | b'>'..=b'~') || (byte == b' ' && i != last);
            let width = if plain { 1 } else { 3 };
            if 75 < column + width {
                out.push_str("=\r\n");
                column = 0;
            }
            if plain {
                out.push(char::from(byte));
            } else {
                out.push_str(&format!("={byte:02X}"));
            }
            column += width;
        }
        out.push_str("\r\n");
    }
    out
}

/// RFC 4648 base64 in lines of 76.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for (i, three) in bytes.chunks(3).enumerate() {
        if i != 0 && i % 19 == 0 {
            out.push_str("\r\n");
        }
        let value = three.iter().fold(0u32, |v, &b| (v << 8) | u32::from(b)) << (8 * (3 - three.len()));
        for k in 0..4 {
            let letter = LETTERS[((value >> (18 - 6 * k)) & 63) as usize];
            out.push(if k <= three.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

/// RFC 2047 words where a header is not plain ASCII.
pub(crate) fn header_words(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut words = vec![String::new()];
    for c in text.chars() {
        if words.last().is_some_and(|word| 40 < word.len() + c.len_utf8()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(c);
        }
    }
    let encoded: Vec<String> =
        words.iter().map(|word| format!("=?UTF-8?B?{}?=", base64(word.as_bytes()))).collect();
    encoded.join("\r\n ")
}

pub(crate) fn html_escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_pads() {
        assert_eq!(base64(b"foobar"), "Zm9vYmFy");
        assert_eq!(base64(b"foob"), "Zm9vYg==");
        assert_eq!(base64(b"fooba"), "Zm9vYmE=");
    }

    #[test]
    fn quoted_printable_breaks_lines_and_keeps_end_spaces() {
        assert_eq!(quoted_printable("a=é "), "a=3D=C3=A9=20\r\n");
        assert!(quoted_printable(&"x".repeat(300)).lines().all(|line| line.len() <= 76));
    }
}
