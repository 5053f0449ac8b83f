//! Telephone numbers as people and switches write them.

/// Longer than any number in use; the standard allows 15 digits.
const LONGEST: usize = 20;
/// Internal numbers.
const EXTENSION: std::ops::RangeInclusive<usize> = 2..=5;
/// How many digits at the end tell two spellings of one number alike.
const TELLING: usize = 9;
/// Short numbering plans have seven or eight digits.
const SHORTEST: usize = 7;

/// A number in one form: `+` and digits where the country is told or given (`GB`), else the digits as they stand;
/// internal extensions of two to five digits stay as they are. None where it is no number.
pub fn normal_number(text: &str, default_country: Option<&str>) -> Option<String> {
    let (international, digits) = digits(text)?;
    let country = default_country.and_then(country);
    if !international && EXTENSION.contains(&digits.len()) {
        return Some(digits);
    }
    if international {
        return Some(format!("+{digits}"));
    }
    let Some(country) = country else { return Some(digits) };
    let (code, trunk) = (country.code, country.trunk);
    if let Some(rest) = digits.strip_prefix("011").filter(|_| code == "1") {
        return Some(format!("+{rest}"));
    }
    // An eight is a trunk prefix only before a full number; in most of these plans a local number may begin with it.
    let national = match digits.strip_prefix(trunk).filter(|rest| !trunk.is_empty() && !rest.is_empty()) {
        Some(rest) if trunk == "0" || rest.len() == 10 => Some(rest),
        _ if code == "1" && digits.len() == 10 => Some(digits.as_str()),
        _ if trunk.is_empty() && (8..=10).contains(&digits.len()) => Some(digits.as_str()),
        _ => None,
    };
    Some(match national {
        Some(national) => format!("+{code}{national}"),
        None if digits.starts_with(code) && 11 <= digits.len() => format!("+{digits}"),
        None => digits,
    })
}

/// Whether two texts are spellings of one number: the same digits, or the same last nine (or all of the shorter,
/// where it has seven or eight). Extensions must be the same.
pub fn same_number(a: &str, b: &str) -> bool {
    let (Some((_, a)), Some((_, b))) = (digits(a), digits(b)) else { return false };
    if a == b {
        return true;
    }
    let shorter = a.len().min(b.len());
    SHORTEST <= shorter && tail(&a, shorter.min(TELLING)) == tail(&b, shorter.min(TELLING))
}

/// What to look a number up by: two spellings of a number of nine digits or more have the same. None for no number.
pub fn number_key(text: &str) -> Option<String> {
    let (_, digits) = digits(text)?;
    Some(tail(&digits, TELLING).to_string())
}

/// Whether a text is an internal number.
pub(super) fn is_extension(text: &str) -> bool {
    digits(text).is_some_and(|(international, digits)| !international && EXTENSION.contains(&digits.len()))
}

/// Whether a text is a number outside the firm.
pub(super) fn is_outside(text: &str) -> bool {
    digits(text).is_some_and(|(_, digits)| SHORTEST <= digits.len())
}

fn tail(digits: &str, length: usize) -> &str {
    digits.get(digits.len().saturating_sub(length)..).unwrap_or(digits)
}

/// The digits of a number, and whether they begin with a country's code.
fn digits(text: &str) -> Option<(bool, String)> {
    let text = text.trim();
    let text = ["tel:", "sip:", "sips:"].iter().find_map(|scheme| text.strip_prefix(scheme)).unwrap_or(text);
    let text = text.split(['@', ';']).next().unwrap_or(text);
    let lower = text.to_lowercase();
    let end = ["ext", "x", "#"].iter().filter_map(|mark| lower.find(mark)).filter(|at| 5 < *at).min();
    let number = &lower[..end.unwrap_or(lower.len())];
    if number.chars().any(char::is_alphabetic) {
        return None;
    }
    let plus = number.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '+').starts_with('+');
    // "+44 (0)20 …": the zero is for those who ring from within the country.
    let number = if plus { number.replacen("(0)", "", 1) } else { number.to_string() };
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let (international, digits) = match digits.strip_prefix("00").filter(|rest| SHORTEST <= rest.len()) {
        Some(rest) => (true, rest.to_string()),
        None => (plus, digits),
    };
    (2 <= digits.len() && digits.len() <= LONGEST).then_some((international, digits))
}

struct Country {
    /// Two letters (ISO 3166).
    name: &'static str,
    code: &'static str,
    /// What is dialled before a number within the country.
    trunk: &'static str,
    /// Time zones in it.
    zones: &'static [&'static str],
}

const fn at(
    name: &'static str,
    code: &'static str,
    trunk: &'static str,
    zones: &'static [&'static str],
) -> Country {
    Country { name, code, trunk, zones }
}

fn country(name: &str) -> Option<&'static Country> {
    COUNTRIES.iter().find(|country| country.name.eq_ignore_ascii_case(name))
}

/// The country (two letters) in which a time zone lies, for [`normal_number`].
pub fn country_of_zone(zone: &str) -> Option<&'static str> {
    COUNTRIES.iter().find(|country| country.zones.contains(&zone)).map(|country| country.name)
}

const COUNTRIES: [Country; 58] = [
    at(
        "GB",
        "44",
        "0",
        &["Europe/London", "GB", "Europe/Belfast", "Europe/Jersey", "Europe/Guernsey", "Europe/Isle_of_Man"],
    ),
    at("IE", "353", "0", &["Europe/Dublin", "Eire"]),
    at(
        "US",
        "1",
        "1",
        &[
            "America/New_York",
            "America/Chicago",
            "America/Denver",
            "America/Los_Angeles",
            "America/Phoenix",
            "America/Anchorage",
            "Pacific/Honolulu",
            "America/Detroit",
            "America/Boise",
            "America/Indiana/Indianapolis",
            "America/Kentucky/Louisville",
            "US/Eastern",
            "US/Central",
            "US/Mountain",
            "US/Pacific",
        ],
    ),
    at(
        "CA",
        "1",
        "1",
        &[
            "America/Toronto",
            "America/Vancouver",
            "America/Montreal",
            "America/Edmonton",
            "America/Winnipeg",
            "America/Halifax",
            "America/Regina",
            "America/St_Johns",
        ],
    ),
    at("DE", "49", "0", &["Europe/Berlin", "Europe/Busingen"]),
    at("AT", "43", "0", &["Europe/Vienna"]),
    at("CH", "41", "0", &["Europe/Zurich"]),
    at("LI", "423", "", &["Europe/Vaduz"]),
    at("FR", "33", "0", &["Europe/Paris"]),
    at("BE", "32", "0", &["Europe/Brussels"]),
    at("NL", "31", "0", &["Europe/Amsterdam"]),
    at("LU", "352", "", &["Europe/Luxembourg"]),
    // A number in Italy keeps its zero.
    at("IT", "39", "", &["Europe/Rome", "Europe/San_Marino", "Europe/Vatican"]),
    at("ES", "34", "", &["Europe/Madrid", "Atlantic/Canary", "Africa/Ceuta"]),
    at("PT", "351", "", &["Europe/Lisbon", "Atlantic/Madeira", "Atlantic/Azores"]),
    at("DK", "45", "", &["Europe/Copenhagen"]),
    at("NO", "47", "", &["Europe/Oslo"]),
    at("SE", "46", "0", &["Europe/Stockholm"]),
    at("FI", "358", "0", &["Europe/Helsinki"]),
    at("IS", "354", "", &["Atlantic/Reykjavik"]),
    at("PL", "48", "", &["Europe/Warsaw"]),
    at("CZ", "420", "", &["Europe/Prague"]),
    at("SK", "421", "0", &["Europe/Bratislava"]),
    at("HU", "36", "06", &["Europe/Budapest"]),
    at("SI", "386", "0", &["Europe/Ljubljana"]),
    at("HR", "385", "0", &["Europe/Zagreb"]),
    at("RS", "381", "0", &["Europe/Belgrade"]),
    at("RO", "40", "0", &["Europe/Bucharest"]),
    at("BG", "359", "0", &["Europe/Sofia"]),
    at("GR", "30", "", &["Europe/Athens"]),
    at("CY", "357", "", &["Asia/Nicosia", "Europe/Nicosia"]),
    at("MT", "356", "", &["Europe/Malta"]),
    at("EE", "372", "", &["Europe/Tallinn"]),
    at("LV", "371", "", &["Europe/Riga"]),
    at("LT", "370", "0", &["Europe/Vilnius"]),
    at("UA", "380", "0", &["Europe/Kyiv", "Europe/Kiev"]),
    at(
        "RU",
        "7",
        "8",
        &["Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Novosibirsk", "Asia/Vladivostok"],
    ),
    at("KZ", "7", "8", &["Asia/Almaty"]),
    at("TR", "90", "0", &["Europe/Istanbul"]),
    at("IL", "972", "0", &["Asia/Jerusalem", "Asia/Tel_Aviv"]),
    at("AE", "971", "0", &["Asia/Dubai"]),
    at("SA", "966", "0", &["Asia/Riyadh"]),
    at("IN", "91", "0", &["Asia/Kolkata", "Asia/Calcutta"]),
    at("PK", "92", "0", &["Asia/Karachi"]),
    at("SG", "65", "", &["Asia/Singapore"]),
    at("HK", "852", "", &["Asia/Hong_Kong"]),
    at("CN", "86", "0", &["Asia/Shanghai"]),
    at("TW", "886", "0", &["Asia/Taipei"]),
    at("JP", "81", "0", &["Asia/Tokyo"]),
    at("KR", "82", "0", &["Asia/Seoul"]),
    at(
        "AU",
        "61",
        "0",
        &[
            "Australia/Sydney",
            "Australia/Melbourne",
            "Australia/Brisbane",
            "Australia/Perth",
            "Australia/Adelaide",
            "Australia/Hobart",
            "Australia/Darwin",
            "Australia/Canberra",
        ],
    ),
    at("NZ", "64", "0", &["Pacific/Auckland"]),
    at("ZA", "27", "0", &["Africa/Johannesburg"]),
    at("NG", "234", "0", &["Africa/Lagos"]),
    at("KE", "254", "0", &["Africa/Nairobi"]),
    at("EG", "20", "0", &["Africa/Cairo"]),
    at("BR", "55", "0", &["America/Sao_Paulo"]),
    at("MX", "52", "", &["America/Mexico_City"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_for_all_spellings() {
        let cases = [
            ("+44 20 7946 0001", "GB", Some("+442079460001")),
            ("+44 (0)20 7946 0001", "GB", Some("+442079460001")),
            ("0044 20 7946 0001", "GB", Some("+442079460001")),
            ("020 7946 0001", "GB", Some("+442079460001")),
            ("(020) 7946-0001 ext. 12", "GB", Some("+442079460001")),
            ("442079460001", "GB", Some("+442079460001")),
            ("sip:02079460001@pbx.example", "GB", Some("+442079460001")),
            ("020 7946 0001", "", Some("02079460001")),
            ("(212) 555-0100", "US", Some("+12125550100")),
            ("1-212-555-0100", "US", Some("+12125550100")),
            ("011 44 20 7946 0001", "US", Some("+442079460001")),
            ("8 916 555 01 00", "RU", Some("+79165550100")),
            ("06 5550 1234", "IT", Some("+390655501234")),
            ("22 34 56 78", "NO", Some("+4722345678")),
            ("201", "GB", Some("201")),
            ("6789", "", Some("6789")),
            ("anonymous", "GB", None),
            ("client1", "GB", None),
            ("7", "GB", None),
            ("", "GB", None),
            ("&", "GB", None),
            ("123456789012345678901", "GB", None),
        ];
        for (text, country, form) in cases {
            let country = Some(country).filter(|country| !country.is_empty());
            assert_eq!(normal_number(text, country).as_deref(), form, "{text}");
        }
    }

    #[test]
    fn two_spellings_of_one_number() {
        for (a, b, same) in [
            ("+44 20 7946 0001", "020 7946 0001", true),
            ("00442079460001", "(020) 7946 0001", true),
            ("+4722345678", "22 34 56 78", true),
            ("+44 20 7946 0001", "020 7946 0002", false),
            ("201", "201", true),
            ("201", "+44 20 7946 0201", false),
            ("anonymous", "anonymous", false),
        ] {
            assert_eq!(same_number(a, b), same, "{a} {b}");
            assert_eq!(same_number(b, a), same, "{b} {a}");
        }
        assert_eq!(number_key("+44 20 7946 0001"), number_key("020 7946 0001"));
    }

    #[test]
    fn every_zone_is_one() {
        for zone in COUNTRIES.iter().flat_map(|country| country.zones) {
            assert!(jiff::tz::TimeZone::get(zone).is_ok(), "{zone}");
        }
        assert_eq!(country_of_zone("Europe/London"), Some("GB"));
        assert_eq!(country_of_zone("Etc/UTC"), None);
    }
}
