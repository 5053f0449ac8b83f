//! Numbers, ordinals and years, in digits and in words.

use super::read::Reader;

impl Reader<'_> {
    /// A whole number in words, one to ninety-nine; "twenty and four" and "a hundred" too.
    pub(super) fn number_words(&self, i: usize) -> Option<(u32, usize)> {
        let entry = self.entry(i);
        if 0 < entry.small {
            return Some((u32::from(entry.small), i + 1));
        }
        if entry.tens == 0 {
            return None;
        }
        let tens = u32::from(entry.tens);
        let unit = self.skip(i + 1, &["-", "and"]);
        match self.small(unit).filter(|n| *n < 10) {
            Some(n) => Some((tens + n, unit + 1)),
            None => Some((tens, i + 1)),
        }
    }

    fn small(&self, i: usize) -> Option<u32> {
        Some(u32::from(self.entry(i).small)).filter(|n| 0 < *n)
    }

    /// A whole number, in digits or words.
    pub(super) fn whole(&self, i: usize) -> Option<(u32, usize)> {
        self.digits(i).map(|(n, _)| (n, i + 1)).or_else(|| self.number_words(i))
    }

    /// A number that may have a fraction: "2.5", "1/2", "½", "three", "3 1/2".
    pub(super) fn number(&self, i: usize) -> Option<(f64, usize)> {
        if let Some(fraction) = fraction(self.word(i)) {
            return Some((fraction, i + 1));
        }
        let (whole, next) = self.whole(i)?;
        if self.digits(i).is_some()
            && self.glued(next)
            && self.glued(next + 1)
            && let Some((tail, len)) = self.digits(next + 1)
        {
            match self.word(next) {
                "." => {
                    return Some((f64::from(whole) + f64::from(tail) / 10f64.powi(len as i32), next + 2));
                }
                "/" if whole < tail && tail <= 4 => {
                    return Some((f64::from(whole) / f64::from(tail), next + 2));
                }
                _ => {}
            }
        }
        if let Some(fraction) = fraction(self.word(next)) {
            return Some((f64::from(whole) + fraction, next + 1));
        }
        Some((f64::from(whole), next))
    }

    /// "1st", "21st", "first", "twenty-first".
    pub(super) fn ordinal(&self, i: usize) -> Option<(u32, usize)> {
        if let Some((n, _)) = self.digits(i) {
            let tail = self.is(i + 1, &["st", "nd", "rd", "th"]) && self.glued(i + 1);
            return tail.then_some((n, i + 2));
        }
        let entry = self.entry(i);
        if 0 < entry.ordinal {
            return Some((u32::from(entry.ordinal), i + 1));
        }
        if entry.tens == 0 {
            return None;
        }
        let unit = self.skip(i + 1, &["-"]);
        let n = self.entry(unit).ordinal;
        (0 < n && n < 10).then_some((u32::from(entry.tens + n), unit + 1))
    }

    /// A day of the month: "5", "5th", "fifth", "twenty nine".
    pub(super) fn month_day(&self, i: usize) -> Option<(i8, usize)> {
        let (n, next) = self.ordinal(i).or_else(|| match self.digits(i) {
            Some((n, len)) => (len <= 2).then_some((n, i + 1)),
            None => self.number_words(i),
        })?;
        (1..=31).contains(&n).then_some((n as i8, next))
    }

    /// A year of four digits, "'87", or in words ("two thousand and five", "nineteen eighty six").
    pub(super) fn year(&self, i: usize) -> Option<(i16, usize)> {
        if let Some((n, 4)) = self.digits(i) {
            return (1000..=2999).contains(&n).then_some((n as i16, i + 1));
        }
        if self.word(i) == "'" && self.glued(i + 1) {
            return self.short_year(i + 1);
        }
        self.year_words(i)
    }

    /// A year of two digits: 50 to 99 are of the last century.
    pub(super) fn short_year(&self, i: usize) -> Option<(i16, usize)> {
        match self.digits(i) {
            Some((n, 2)) => Some((n as i16 + if n < 50 { 2000 } else { 1900 }, i + 1)),
            _ => None,
        }
    }

    fn year_words(&self, i: usize) -> Option<(i16, usize)> {
        if self.word(i) == "two" && self.word(i + 1) == "thousand" {
            let rest = self.skip(i + 2, &["and"]);
            return match self.number_words(rest) {
                Some((n, next)) if n < 100 => Some((2000 + n as i16, next)),
                _ => Some((2000, i + 2)),
            };
        }
        let century = self.small(i).filter(|n| (10..=19).contains(n)).or_else(|| {
            // "twenty nineteen"
            (self.word(i) == "twenty" && self.small(i + 1).is_some_and(|n| 10 <= n)).then_some(20)
        })?;
        let rest = self.skip(self.skip(i + 1, &["hundred"]), &["and"]);
        let (n, next) = self.number_words(rest).filter(|(n, _)| (10..100).contains(n) || i + 1 < rest)?;
        Some(((century * 100 + n) as i16, next))
    }
}

fn fraction(word: &str) -> Option<f64> {
    Some(match word {
        "½" => 0.5,
        "¼" => 0.25,
        "¾" => 0.75,
        _ => return None,
    })
}
