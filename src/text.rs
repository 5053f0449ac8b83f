//! Texts by places that count Unicode scalar values.

/// The part of a text between two places.
pub fn scalars(text: &str, start: u32, end: u32) -> &str {
    // Up to the end asked for: what comes after may be long.
    let until = text.len().min(end as usize);
    if text.as_bytes()[..until].is_ascii() {
        return text.get(start as usize..until).unwrap_or_default();
    }
    let mut places = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let from = places.nth(start as usize).unwrap_or(text.len());
    let to = match end.checked_sub(start) {
        None | Some(0) => from,
        Some(length) => places.nth(length as usize - 1).unwrap_or(text.len()),
    };
    text.get(from..to).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_scalar_values() {
        assert_eq!(scalars("Could you?", 0, 5), "Could");
        assert_eq!(scalars("für Zoë 🙂 da", 4, 9), "Zoë 🙂");
        assert_eq!(scalars("für", 1, 3), "ür");
        assert_eq!(scalars("für", 2, 2), "");
        assert_eq!(scalars("für", 2, 99), "r");
        assert_eq!(scalars("on für", 0, 4), "on f");
        assert_eq!(scalars("abc", 2, 99), "c");
        assert_eq!(scalars("abc", 9, 12), "");
    }
}
