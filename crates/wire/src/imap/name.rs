//! Words inside commands.

use crate::net::Trouble;

/// A word in quotes. What would end the command early is refused.
pub(super) fn quoted(word: &str) -> Result<String, Trouble> {
    if word.chars().any(|c| c.is_control()) {
        return Err(Trouble::Broke(format!("a name holds a control character: {word:?}")));
    }
    Ok(format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_end_its_command() {
        assert_eq!(quoted("a \"b\" \\c").unwrap(), r#""a \"b\" \\c""#);
        assert!(quoted("x\r\nA1 DELETE INBOX").is_err());
    }
}
