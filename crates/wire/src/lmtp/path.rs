//! The address and the parameters of MAIL and RCPT.

/// What MAIL or RCPT names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// The address between the angle brackets, without a route; empty for nobody (`<>`).
    pub(super) address: String,
    /// Parameters: the name in capitals, and the value where one is given.
    pub(super) parameters: Vec<(String, Option<String>)>,
}

impl Asked {
    /// Reads `FROM:<address> NAME=value …`.
    pub(super) fn read(text: &str, word: &str) -> Option<Asked> {
        let (head, rest) = text.split_once(':')?;
        if !head.trim_end().eq_ignore_ascii_case(word) {
            return None;
        }
        let rest = rest.trim_start().strip_prefix('<')?;
        let end = closing(rest)?;
        let (path, parameters) = (&rest[..end], &rest[end + 1..]);
        if !parameters.is_empty() && !parameters.starts_with(' ') {
            return None;
        }
        // "<@relay.example:amy@firm.example>": the way it came is of no use.
        let address = match path.strip_prefix('@') {
            Some(route) => route.split_once(':')?.1,
            None => path,
        };
        if address.chars().any(|c| c.is_control()) {
            return None;
        }
        let parameter = |part: &str| match part.split_once('=') {
            Some((name, value)) => (name.to_ascii_uppercase(), Some(value.to_owned())),
            None => (part.to_ascii_uppercase(), None),
        };
        Some(Asked {
            address: address.to_owned(),
            parameters: parameters.split_ascii_whitespace().map(parameter).collect(),
        })
    }
}

/// Where the angle bracket closes; one in quotes is part of the address.
fn closing(text: &str) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '>' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_parameters_are_read() {
        let read =
            |text: &str| Asked::read(text, "FROM").map(|asked| (asked.address, asked.parameters.len()));
        assert_eq!(read("FROM:<amy@firm.example> SIZE=7 SMTPUTF8"), Some(("amy@firm.example".to_owned(), 2)));
        assert_eq!(read("from: <>"), Some((String::new(), 0)));
        assert_eq!(read("FROM:<@relay.example:amy@firm.example>"), Some(("amy@firm.example".to_owned(), 0)));
        assert_eq!(read("FROM:<\"a>b\"@firm.example>"), Some(("\"a>b\"@firm.example".to_owned(), 0)));
        for wrong in ["", "FROM", "FROM:amy@firm.example", "FROM:<amy", "TO:<amy>", "FROM:<amy>SIZE=7"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
