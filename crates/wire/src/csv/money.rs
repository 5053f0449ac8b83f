//! Amounts of money as people write them.

/// An amount in a currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Money {
    /// The amount in the currency's smallest unit: pence, cents; yen have none, dinars have a thousand.
    pub minor: i64,
    /// The currency's three letters (ISO 4217).
    pub currency: String,
}

/// Why a text is no amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not written as an amount.
    #[error("{0:?} is no amount; write it as 12500.00 or 12500 EUR")]
    NotAnAmount(String),
    /// More than can be counted.
    #[error("{0:?} is more than can be counted")]
    TooLarge(String),
}

const SIGNS: [(&str, &str); 8] = [
    ("US$", "USD"),
    ("A$", "AUD"),
    ("C$", "CAD"),
    ("NZ$", "NZD"),
    ("£", "GBP"),
    ("€", "EUR"),
    ("¥", "JPY"),
    ("₹", "INR"),
];
/// Currencies that call themselves dollars, for which a lone `$` in a list of theirs stands.
const DOLLARS: [&str; 7] = ["USD", "AUD", "CAD", "NZD", "SGD", "HKD", "TWD"];
const WITHOUT_MINOR: [&str; 16] = [
    "JPY", "KRW", "VND", "CLP", "ISK", "UGX", "PYG", "XAF", "XOF", "XPF", "RWF", "BIF", "DJF", "GNF", "KMF",
    "VUV",
];
const WITH_THOUSANDTHS: [&str; 7] = ["KWD", "BHD", "OMR", "JOD", "TND", "IQD", "LYD"];
/// The currencies in use (ISO 4217, January 2026), parted by spaces.
const CURRENCIES: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD \
    CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF \
    GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK \
    LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD \
    OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN \
    SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG \
    XOF XPF YER ZAR ZMW ZWG";

impl Money {
    /// Reads `12,500.00`, `£12500`, `12 500,00 €`, `12500 EUR`, `-3'000`; where no currency is named, it is `default`.
    ///
    /// The last of `.` and `,` parts the fraction, unless it stands several times or before just three digits that
    /// the currency cannot have as a fraction: `12.500` and `12,500` are both twelve thousand five hundred.
    pub fn parse(text: &str, default: &str) -> Result<Money, MoneyError> {
        let wrong = || MoneyError::NotAnAmount(text.to_string());
        let compact: String =
            text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '’' | '_')).collect();
        let (negative, unsigned) = match compact.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest),
            None => (false, compact.as_str()),
        };
        let (number, currency) = take_currency(unsigned, default).ok_or_else(wrong)?;
        let (negative, number) = match number.strip_prefix('-') {
            Some(rest) if !negative => (true, rest),
            _ => (negative, number),
        };
        let digits = fraction_digits(&currency);
        let (whole, fraction) = split_fraction(number, digits).ok_or_else(wrong)?;
        let scale = 10_i64.pow(digits as u32);
        let fraction = format!("{fraction:0<digits$}").parse::<i64>().unwrap_or(0);
        let minor = whole
            .parse::<i64>()
            .ok()
            .and_then(|whole| whole.checked_mul(scale)?.checked_add(fraction))
            .ok_or_else(|| MoneyError::TooLarge(text.to_string()))?;
        Ok(Money { minor: if negative { -minor } else { minor }, currency })
    }

    /// How many whole units it is, such as pounds, without the sign and the fraction.
    pub fn whole(&self) -> u64 {
        self.minor.unsigned_abs() / 10_u64.pow(fraction_digits(&self.currency) as u32)
    }

    /// The amount alone, as spreadsheets take it: `-12500.05`; yen have no fraction.
    pub fn plain(&self) -> String {
        let digits = fraction_digits(&self.currency);
        let (sign, fraction) = (if self.minor < 0 { "-" } else { "" }, self.minor.unsigned_abs());
        match digits {
            0 => format!("{sign}{}", self.whole()),
            _ => format!("{sign}{}.{:0digits$}", self.whole(), fraction % 10_u64.pow(digits as u32)),
        }
    }
}

/// The three letters of a currency that somebody typed; none where there is no such currency.
pub fn currency(text: &str) -> Option<String> {
    let letters = text.trim().to_ascii_uppercase();
    CURRENCIES.split_whitespace().any(|known| known == letters).then_some(letters)
}

fn fraction_digits(currency: &str) -> usize {
    match currency {
        _ if WITHOUT_MINOR.contains(&currency) => 0,
        _ if WITH_THOUSANDTHS.contains(&currency) => 3,
        _ => 2,
    }
}

/// The number without the sign or letters of its currency, which stand before or after it.
fn take_currency<'a>(text: &'a str, default: &str) -> Option<(&'a str, String)> {
    for (sign, currency) in SIGNS {
        if let Some(rest) = text.strip_prefix(sign).or_else(|| text.strip_suffix(sign)) {
            return Some((rest, currency.to_string()));
        }
    }
    if let Some(rest) = text.strip_prefix('$').or_else(|| text.strip_suffix('$')) {
        let currency = if DOLLARS.contains(&default) { default } else { "USD" };
        return Some((rest, currency.to_string()));
    }
    let letters = |part: &str| part.len() == 3 && part.bytes().all(|b| b.is_ascii_alphabetic());
    let end = text.len().checked_sub(3);
    if let Some((head, rest)) = text.split_at_checked(3).filter(|(head, _)| letters(head)) {
        return Some((rest, head.to_ascii_uppercase()));
    }
    if let Some((rest, tail)) =
        end.and_then(|end| text.split_at_checked(end)).filter(|(_, tail)| letters(tail))
    {
        return Some((rest, tail.to_ascii_uppercase()));
    }
    Some((text, default.to_string())).filter(|(text, _)| !text.is_empty())
}

/// The digits before and after the fraction's mark.
fn split_fraction(number: &str, digits: usize) -> Option<(String, String)> {
    let sound = number.bytes().all(|b| b.is_ascii_digit() || b == b',' || b == b'.');
    if !sound || !number.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let plain = |part: &str| part.bytes().filter(u8::is_ascii_digit).map(char::from).collect::<String>();
    let Some(at) = number.rfind(['.', ',']) else { return Some((number.to_string(), String::new())) };
    let (whole, fraction) = (&number[..at], &number[at + 1..]);
    let mark = &number[at..=at];
    let other = if mark == "." { "," } else { "." };
    let groups = fraction.len() == 3 && digits != 3 && !whole.is_empty();
    if whole.contains(mark) || (groups && !whole.contains(other)) {
        // No fraction: every mark parts groups of three digits.
        let grouped = number.split(['.', ',']).skip(1).all(|group| group.len() == 3);
        let alike = !number.contains(other);
        return (grouped && alike).then(|| (plain(number), String::new()));
    }
    let grouped = whole.split(other).skip(1).all(|group| group.len() == 3);
    let short = fraction.len() <= digits || fraction[digits..].bytes().all(|b| b == b'0');
    let whole = if whole.is_empty() { "0".to_string() } else { plain(whole) };
    (grouped && short && !whole.is_empty())
        .then(|| (whole, fraction[..fraction.len().min(digits)].to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_as_people_write_them() {
        let cases: [(&str, i64, &str); 22] = [
            ("12,500.00", 1_250_000, "GBP"),
            ("£12500", 1_250_000, "GBP"),
            ("12500 EUR", 1_250_000, "EUR"),
            ("EUR 12.500,50", 1_250_050, "EUR"),
            ("12 500,5 €", 1_250_050, "EUR"),
            ("12\u{a0}500", 1_250_000, "GBP"),
            ("12'500.00 chf", 1_250_000, "CHF"),
            ("12,500", 1_250_000, "GBP"),
            ("12.500", 1_250_000, "GBP"),
            ("12,50", 1_250, "GBP"),
            ("1,234,567", 123_456_700, "GBP"),
            ("1.234.567", 123_456_700, "GBP"),
            (".5", 50, "GBP"),
            ("0", 0, "GBP"),
            ("-300", -30_000, "GBP"),
            ("£-300", -30_000, "GBP"),
            ("$7", 700, "USD"),
            ("¥12,500", 12_500, "JPY"),
            ("1.234 KWD", 1_234, "KWD"),
            ("12.5000", 1_250, "GBP"),
            ("1e3", 0, ""),
            ("", 0, ""),
        ];
        for (text, minor, currency) in cases {
            let got = Money::parse(text, "GBP");
            match currency {
                "" => assert!(got.is_err(), "{text}: {got:?}"),
                _ => assert_eq!(got, Ok(Money { minor, currency: currency.to_string() }), "{text}"),
            }
        }
    }

    #[test]
    fn amounts_are_shown_in_the_units_of_their_currency() {
        for (minor, currency, whole, plain) in [
            (1_250_005, "GBP", 12_500, "12500.05"),
            (-5, "EUR", 0, "-0.05"),
            (12_500, "JPY", 12_500, "12500"),
            (1_234, "KWD", 1, "1.234"),
        ] {
            let money = Money { minor, currency: currency.to_string() };
            assert_eq!((money.whole(), money.plain().as_str()), (whole, plain), "{money:?}");
        }
    }

    #[test]
    fn a_currency_is_one_that_is_in_use() {
        for (text, known) in [(" eur ", Some("EUR")), ("ZWG", Some("ZWG")), ("ERU", None), ("", None)] {
            assert_eq!(currency(text).as_deref(), known, "{text}");
        }
    }

    #[test]
    fn no_amounts() {
        for text in [
            "about 5",
            "12.345.6",
            "1,23,456",
            "12.34.56",
            "12,345.678",
            "5 pounds",
            "£",
            "--5",
            "99999999999999999999",
        ] {
            assert!(Money::parse(text, "GBP").is_err(), "{text}: {:?}", Money::parse(text, "GBP"));
        }
    }
}
