//! The rules of each region.

use jiff::civil::Weekday::{Monday, Saturday, Thursday, Wednesday};

use super::Rule::{Before, Brigid, Easter, EveryFifthYear, From, KingOfTheNetherlands, Nth, On};
use super::Weekend::{Nearest, Next, Stays};
use super::{Day, Region, Rule, Weekend};

const fn day(name: &'static str, rule: Rule) -> Day {
    Day { name, rule, from: i16::MIN, to: i16::MAX }
}

/// From a year on.
const fn since(from: i16, name: &'static str, rule: Rule) -> Day {
    Day { name, rule, from, to: i16::MAX }
}

/// Up to and with a year.
const fn until(to: i16, name: &'static str, rule: Rule) -> Day {
    Day { name, rule, from: i16::MIN, to }
}

/// In one year.
const fn once(year: i16, name: &'static str, rule: Rule) -> Day {
    Day { name, rule, from: year, to: year }
}

/// In these years.
const fn between(from: i16, to: i16, name: &'static str, rule: Rule) -> Day {
    Day { name, rule, from, to }
}

const fn region(
    code: &'static str,
    name: &'static str,
    weekend: Weekend,
    days: &'static [&'static [Day]],
) -> Region {
    Region { code, name, weekend, days }
}

const NEW_YEAR: Day = day("New Year’s Day", On(1, 1));
const EPIPHANY: Day = day("Epiphany", On(1, 6));
const MAUNDY_THURSDAY: Day = day("Maundy Thursday", Easter(-3));
const GOOD_FRIDAY: Day = day("Good Friday", Easter(-2));
const EASTER_MONDAY: Day = day("Easter Monday", Easter(1));
const MAY_DAY: Day = day("Labour Day", On(5, 1));
const ASCENSION: Day = day("Ascension Day", Easter(39));
const WHIT_MONDAY: Day = day("Whit Monday", Easter(50));
const CORPUS_CHRISTI: Day = day("Corpus Christi", Easter(60));
const ASSUMPTION: Day = day("Assumption Day", On(8, 15));
const REFORMATION: Day = day("Reformation Day", On(10, 31));
const ALL_SAINTS: Day = day("All Saints’ Day", On(11, 1));
const IMMACULATE: Day = day("Immaculate Conception", On(12, 8));
const CHRISTMAS: Day = day("Christmas Day", On(12, 25));
const SECOND_CHRISTMAS: Day = day("Second day of Christmas", On(12, 26));
const BOXING_DAY: Day = day("Boxing Day", On(12, 26));

/// In the whole of the United Kingdom.
const KINGDOM: &[Day] = &[
    NEW_YEAR,
    GOOD_FRIDAY,
    until(2019, "Early May bank holiday", Nth(5, 1, Monday)),
    once(2020, "Early May bank holiday", On(5, 8)),
    since(2021, "Early May bank holiday", Nth(5, 1, Monday)),
    until(2001, "Spring bank holiday", Nth(5, -1, Monday)),
    once(2002, "Spring bank holiday", On(6, 4)),
    between(2003, 2011, "Spring bank holiday", Nth(5, -1, Monday)),
    once(2012, "Spring bank holiday", On(6, 4)),
    between(2013, 2021, "Spring bank holiday", Nth(5, -1, Monday)),
    once(2022, "Spring bank holiday", On(6, 2)),
    since(2023, "Spring bank holiday", Nth(5, -1, Monday)),
    CHRISTMAS,
    BOXING_DAY,
    once(1999, "Millennium", On(12, 31)),
    once(2002, "Golden Jubilee", On(6, 3)),
    once(2011, "Royal wedding", On(4, 29)),
    once(2012, "Diamond Jubilee", On(6, 5)),
    once(2022, "Platinum Jubilee", On(6, 3)),
    once(2022, "State funeral of Queen Elizabeth II", On(9, 19)),
    once(2023, "Coronation of King Charles III", On(5, 8)),
];

const ENGLAND: &[Day] = &[EASTER_MONDAY, day("Summer bank holiday", Nth(8, -1, Monday))];

const NORTHERN_IRELAND: &[Day] =
    &[day("Saint Patrick’s Day", On(3, 17)), day("Battle of the Boyne", On(7, 12))];

const SCOTLAND: &[Day] = &[
    day("2nd January", On(1, 2)),
    day("Summer bank holiday", Nth(8, 1, Monday)),
    since(2007, "Saint Andrew’s Day", On(11, 30)),
    once(2026, "World Cup bank holiday", On(6, 15)),
];

const IRELAND: &[Day] = &[
    NEW_YEAR,
    since(2023, "Saint Brigid’s Day", Brigid),
    day("Saint Patrick’s Day", On(3, 17)),
    once(2022, "Remembrance of those who died of Covid-19", On(3, 18)),
    EASTER_MONDAY,
    day("May Day", Nth(5, 1, Monday)),
    day("June holiday", Nth(6, 1, Monday)),
    day("August holiday", Nth(8, 1, Monday)),
    day("October holiday", Nth(10, -1, Monday)),
    CHRISTMAS,
    day("Saint Stephen’s Day", On(12, 26)),
];

const UNITED_STATES: &[Day] = &[
    NEW_YEAR,
    day("Martin Luther King Jr. Day", Nth(1, 3, Monday)),
    day("Washington’s Birthday", Nth(2, 3, Monday)),
    day("Memorial Day", Nth(5, -1, Monday)),
    since(2021, "Juneteenth", On(6, 19)),
    day("Independence Day", On(7, 4)),
    day("Labor Day", Nth(9, 1, Monday)),
    day("Columbus Day", Nth(10, 2, Monday)),
    day("Veterans Day", On(11, 11)),
    day("Thanksgiving Day", Nth(11, 4, Thursday)),
    CHRISTMAS,
];

const CANADA: &[Day] = &[
    NEW_YEAR,
    GOOD_FRIDAY,
    EASTER_MONDAY,
    day("Victoria Day", Before(5, 25, Monday)),
    day("Canada Day", On(7, 1)),
    day("Labour Day", Nth(9, 1, Monday)),
    since(2021, "Day for Truth and Reconciliation", On(9, 30)),
    day("Thanksgiving Day", Nth(10, 2, Monday)),
    day("Remembrance Day", On(11, 11)),
    CHRISTMAS,
    BOXING_DAY,
];

const GERMANY: &[Day] = &[
    NEW_YEAR,
    GOOD_FRIDAY,
    EASTER_MONDAY,
    MAY_DAY,
    ASCENSION,
    WHIT_MONDAY,
    day("Day of German Unity", On(10, 3)),
    once(2017, "Reformation Day", On(10, 31)),
    CHRISTMAS,
    SECOND_CHRISTMAS,
];
const WOMEN: Rule = On(3, 8);
const REFORMATION_SINCE_2018: &[Day] = &[since(2018, "Reformation Day", On(10, 31))];

const FRANCE: &[Day] = &[
    NEW_YEAR,
    EASTER_MONDAY,
    MAY_DAY,
    day("Victory Day", On(5, 8)),
    ASCENSION,
    WHIT_MONDAY,
    day("National Day", On(7, 14)),
    ASSUMPTION,
    ALL_SAINTS,
    day("Armistice Day", On(11, 11)),
    CHRISTMAS,
];

const AUSTRIA: &[Day] = &[
    NEW_YEAR,
    EPIPHANY,
    EASTER_MONDAY,
    MAY_DAY,
    ASCENSION,
    WHIT_MONDAY,
    CORPUS_CHRISTI,
    ASSUMPTION,
    day("National Day", On(10, 26)),
    ALL_SAINTS,
    IMMACULATE,
    CHRISTMAS,
    SECOND_CHRISTMAS,
];

const SWITZERLAND: &[Day] = &[NEW_YEAR, ASCENSION, day("National Day", On(8, 1)), CHRISTMAS];

const NETHERLANDS: &[Day] = &[
    NEW_YEAR,
    EASTER_MONDAY,
    until(2013, "Queen’s Day", On(4, 30)),
    since(2014, "King’s Day", KingOfTheNetherlands),
    day("Liberation Day", EveryFifthYear(5, 5)),
    ASCENSION,
    WHIT_MONDAY,
    CHRISTMAS,
    SECOND_CHRISTMAS,
];

const BELGIUM: &[Day] = &[
    NEW_YEAR,
    EASTER_MONDAY,
    MAY_DAY,
    ASCENSION,
    WHIT_MONDAY,
    day("National Day", On(7, 21)),
    ASSUMPTION,
    ALL_SAINTS,
    day("Armistice Day", On(11, 11)),
    CHRISTMAS,
];

const LUXEMBOURG: &[Day] = &[
    NEW_YEAR,
    EASTER_MONDAY,
    MAY_DAY,
    since(2019, "Europe Day", On(5, 9)),
    ASCENSION,
    WHIT_MONDAY,
    day("National Day", On(6, 23)),
    ASSUMPTION,
    ALL_SAINTS,
    CHRISTMAS,
    SECOND_CHRISTMAS,
];

const ITALY: &[Day] = &[
    NEW_YEAR,
    EPIPHANY,
    EASTER_MONDAY,
    day("Liberation Day", On(4, 25)),
    MAY_DAY,
    day("Republic Day", On(6, 2)),
    ASSUMPTION,
    since(2026, "Saint Francis", On(10, 4)),
    ALL_SAINTS,
    IMMACULATE,
    CHRISTMAS,
    day("Saint Stephen’s Day", On(12, 26)),
];

const SPAIN: &[Day] = &[
    NEW_YEAR,
    EPIPHANY,
    GOOD_FRIDAY,
    MAY_DAY,
    ASSUMPTION,
    day("National Day", On(10, 12)),
    ALL_SAINTS,
    day("Constitution Day", On(12, 6)),
    IMMACULATE,
    CHRISTMAS,
];

const PORTUGAL: &[Day] = &[
    NEW_YEAR,
    GOOD_FRIDAY,
    day("Freedom Day", On(4, 25)),
    MAY_DAY,
    until(2012, "Corpus Christi", Easter(60)),
    since(2016, "Corpus Christi", Easter(60)),
    day("Portugal Day", On(6, 10)),
    ASSUMPTION,
    until(2012, "Republic Day", On(10, 5)),
    since(2016, "Republic Day", On(10, 5)),
    until(2012, "All Saints’ Day", On(11, 1)),
    since(2016, "All Saints’ Day", On(11, 1)),
    until(2012, "Restoration of Independence", On(12, 1)),
    since(2016, "Restoration of Independence", On(12, 1)),
    IMMACULATE,
    CHRISTMAS,
];

const DENMARK: &[Day] = &[
    NEW_YEAR,
    MAUNDY_THURSDAY,
    GOOD_FRIDAY,
    EASTER_MONDAY,
    until(2023, "Great Prayer Day", Easter(26)),
    ASCENSION,
    WHIT_MONDAY,
    CHRISTMAS,
    SECOND_CHRISTMAS,
];

const NORWAY: &[Day] = &[
    NEW_YEAR,
    MAUNDY_THURSDAY,
    GOOD_FRIDAY,
    EASTER_MONDAY,
    MAY_DAY,
    day("Constitution Day", On(5, 17)),
    ASCENSION,
    WHIT_MONDAY,
    CHRISTMAS,
    SECOND_CHRISTMAS,
];

const SWEDEN: &[Day] = &[
    NEW_YEAR,
    EPIPHANY,
    GOOD_FRIDAY,
    EASTER_MONDAY,
    MAY_DAY,
    ASCENSION,
    since(2005, "National Day", On(6, 6)),
    day("Midsummer Day", From(6, 20, Saturday)),
    day("All Saints’ Day", From(10, 31, Saturday)),
    CHRISTMAS,
    SECOND_CHRISTMAS,
];

const FINLAND: &[Day] = &[
    NEW_YEAR,
    EPIPHANY,
    GOOD_FRIDAY,
    EASTER_MONDAY,
    MAY_DAY,
    ASCENSION,
    day("Midsummer Day", From(6, 20, Saturday)),
    day("All Saints’ Day", From(10, 31, Saturday)),
    day("Independence Day", On(12, 6)),
    CHRISTMAS,
    SECOND_CHRISTMAS,
];

const POLAND: &[Day] = &[
    NEW_YEAR,
    since(2011, "Epiphany", On(1, 6)),
    EASTER_MONDAY,
    MAY_DAY,
    day("Constitution Day", On(5, 3)),
    CORPUS_CHRISTI,
    ASSUMPTION,
    ALL_SAINTS,
    day("Independence Day", On(11, 11)),
    since(2025, "Christmas Eve", On(12, 24)),
    CHRISTMAS,
    SECOND_CHRISTMAS,
];

pub(super) const REGIONS: &[Region] = &[
    region("GB-ENG", "England and Wales", Next, &[KINGDOM, ENGLAND]),
    region("GB-SCT", "Scotland", Next, &[KINGDOM, SCOTLAND]),
    region("GB-NIR", "Northern Ireland", Next, &[KINGDOM, ENGLAND, NORTHERN_IRELAND]),
    region("IE", "Ireland", Stays, &[IRELAND]),
    region("US", "United States (federal)", Nearest, &[UNITED_STATES]),
    region("CA", "Canada (federal)", Next, &[CANADA]),
    region("DE", "Germany (days of all states)", Stays, &[GERMANY]),
    region("DE-BW", "Germany: Baden-Württemberg", Stays, &[GERMANY, &[EPIPHANY, CORPUS_CHRISTI, ALL_SAINTS]]),
    region(
        "DE-BY",
        "Germany: Bavaria",
        Stays,
        &[GERMANY, &[EPIPHANY, CORPUS_CHRISTI, ASSUMPTION, ALL_SAINTS]],
    ),
    region(
        "DE-BE",
        "Germany: Berlin",
        Stays,
        &[
            GERMANY,
            &[
                since(2019, "Women’s Day", WOMEN),
                once(2020, "Liberation", On(5, 8)),
                once(2025, "Liberation", On(5, 8)),
            ],
        ],
    ),
    region("DE-BB", "Germany: Brandenburg", Stays, &[GERMANY, &[REFORMATION]]),
    region("DE-HB", "Germany: Bremen", Stays, &[GERMANY, REFORMATION_SINCE_2018]),
    region("DE-HH", "Germany: Hamburg", Stays, &[GERMANY, REFORMATION_SINCE_2018]),
    region("DE-HE", "Germany: Hesse", Stays, &[GERMANY, &[CORPUS_CHRISTI]]),
    region("DE-NI", "Germany: Lower Saxony", Stays, &[GERMANY, REFORMATION_SINCE_2018]),
    region(
        "DE-MV",
        "Germany: Mecklenburg-Vorpommern",
        Stays,
        &[GERMANY, &[REFORMATION, since(2023, "Women’s Day", WOMEN)]],
    ),
    region("DE-NW", "Germany: North Rhine-Westphalia", Stays, &[GERMANY, &[CORPUS_CHRISTI, ALL_SAINTS]]),
    region("DE-RP", "Germany: Rhineland-Palatinate", Stays, &[GERMANY, &[CORPUS_CHRISTI, ALL_SAINTS]]),
    region("DE-SL", "Germany: Saarland", Stays, &[GERMANY, &[CORPUS_CHRISTI, ASSUMPTION, ALL_SAINTS]]),
    region(
        "DE-SN",
        "Germany: Saxony",
        Stays,
        &[GERMANY, &[REFORMATION, day("Day of Repentance and Prayer", Before(11, 23, Wednesday))]],
    ),
    region("DE-ST", "Germany: Saxony-Anhalt", Stays, &[GERMANY, &[EPIPHANY, REFORMATION]]),
    region("DE-SH", "Germany: Schleswig-Holstein", Stays, &[GERMANY, REFORMATION_SINCE_2018]),
    region(
        "DE-TH",
        "Germany: Thuringia",
        Stays,
        &[GERMANY, &[REFORMATION, since(2019, "Children’s Day", On(9, 20))]],
    ),
    region("AT", "Austria", Stays, &[AUSTRIA]),
    region("CH", "Switzerland (days of all cantons)", Stays, &[SWITZERLAND]),
    region("FR", "France", Stays, &[FRANCE]),
    region(
        "FR-57",
        "France: Alsace and Moselle",
        Stays,
        &[FRANCE, &[GOOD_FRIDAY, day("Saint Stephen’s Day", On(12, 26))]],
    ),
    region("NL", "Netherlands", Stays, &[NETHERLANDS]),
    region("BE", "Belgium", Stays, &[BELGIUM]),
    region("LU", "Luxembourg", Stays, &[LUXEMBOURG]),
    region("IT", "Italy", Stays, &[ITALY]),
    region("ES", "Spain (national)", Stays, &[SPAIN]),
    region("PT", "Portugal", Stays, &[PORTUGAL]),
    region("DK", "Denmark", Stays, &[DENMARK]),
    region("NO", "Norway", Stays, &[NORWAY]),
    region("SE", "Sweden", Stays, &[SWEDEN]),
    region("FI", "Finland", Stays, &[FINLAND]),
    region("PL", "Poland", Stays, &[POLAND]),
];
