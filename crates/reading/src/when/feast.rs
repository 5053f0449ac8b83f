//! Feasts that the moon dates: of Judaism, Islam, India and China. A Hebrew feast begins on the evening before.

use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::Grain;
use super::day::Which;
use super::hebrew::{ADAR, after_sabbath, hebrew, off_sabbath};
use super::holiday::{east_easter, easter};
use super::lexicon::HOLIDAY;
use super::moon::{chinese_new_year, islamic, sign_day, tithi_day};
use super::read::{Node, Reader, Value};

/// How a feast is dated, and how many days it lasts.
#[derive(Clone, Copy)]
enum Rule {
    /// Month and day of the Hebrew calendar, and days with the evening before.
    Hebrew(u8, i64, i64),
    /// As [`Rule::Hebrew`], one day, moved by a custom.
    HebrewMoved(u8, i64, fn(Date) -> Option<Date>),
    /// Days after Easter, how many days, and of which Easter.
    Easter(i64, i64, fn(i16) -> Option<Date>),
    /// Month and day of the Islamic calendar.
    Islam(i32, i64),
    /// A whole month of it.
    IslamMonth(i32),
    /// The last Friday of Ramadan.
    LastFriday,
    /// Month (Chaitra is 0), tithi and hour, and days after.
    India(u8, u8, f64, i64),
    /// The sun enters a sign, and days after.
    Sign(f64, i64),
    China(i64),
    /// The Zoroastrian year has 365 days.
    Parsi,
}

use Rule::{China, Easter, Hebrew, HebrewMoved, India, Islam, IslamMonth, LastFriday, Parsi, Sign};

/// Names in lower case, without marks, divided by strokes.
const FEASTS: &[(&str, Rule)] = &[
    ("rosh hashanah|rosh hashana|rosh hashanna|yom teruah|jewish new year", Hebrew(7, 1, 3)),
    ("yom kippur|day of atonement", Hebrew(7, 10, 1)),
    (
        "sukkot|succot|succos|sukkos|feast of the ingathering|feast of tabernacles|feast of booths",
        Hebrew(7, 15, 9),
    ),
    ("hoshana rabbah|hoshana raba", Hebrew(7, 21, 1)),
    ("shemini atzeret|shmini atzeret", Hebrew(7, 22, 1)),
    ("simchat torah|simhat torah", Hebrew(7, 23, 1)),
    ("hanukkah|hanukah|hannukkah|hannukah|chanukah|chanukkah|festival of lights", Hebrew(9, 25, 8)),
    ("tu bishvat|tu b shvat|tu b shevat", Hebrew(11, 15, 1)),
    ("purim", Hebrew(ADAR, 14, 1)),
    ("shushan purim", Hebrew(ADAR, 15, 1)),
    ("passover|pesach|pesah", Hebrew(1, 15, 9)),
    ("yom hashoah|holocaust day|holocaust remembrance day|yom ha shoah", Hebrew(1, 27, 1)),
    ("yom haatzmaut|yom ha atzmaut|israeli independence day", HebrewMoved(2, 5, off_sabbath)),
    ("lag baomer|lag b omer|lag ba omer", Hebrew(2, 18, 1)),
    ("shavuot|shavuos|feast of weeks", Hebrew(3, 6, 3)),
    ("tisha b av|tish a b av|tisha bav", HebrewMoved(5, 9, after_sabbath)),
    ("lent", Easter(-46, 46, easter)),
    ("great lent|great fast|orthodox lent", Easter(-48, 40, east_easter)),
    ("holy week", Easter(-7, 7, easter)),
    ("islamic new year|hijri new year|muharram", Islam(1, 1)),
    ("ashura|day of ashura", Islam(1, 10)),
    ("mawlid|mawlid al nabawi|mawlid an nabi|milad un nabi|eid milad|mawlid al nabi", Islam(3, 12)),
    ("isra and mi raj|isra and miraj|isra and mi'raj|lailat al miraj|prophet s ascension", Islam(7, 27)),
    ("night journey|ascension to heaven", Islam(7, 27)),
    (
        "laylat al qadr|laylat al kadr|lailat al qadr|night of measures|night of power|night of destiny",
        Islam(9, 27),
    ),
    ("ramadan|ramadhan|ramzan", IslamMonth(9)),
    ("jamat ul vida|jumu atul wida|jumuatul wida|jumat ul wida", LastFriday),
    ("eid al fitr|eid ul fitr|id al fitr|id ul fitr|eid", Islam(10, 1)),
    (
        "eid al adha|eid ul adha|id al adha|id ul adha|bakr id|bakr eid|bakrid|sacrifice feast|feast of sacrifice",
        Islam(12, 10),
    ),
    (
        "chinese new year|chinese new years|chinese lunar new year|chinese lunar new years|lunar new year|spring festival",
        China(0),
    ),
    ("diwali|deepavali|dipavali|lakshmi puja|lakshmi pooja", India(6, 30, 18.0, 0)),
    (
        "choti diwali|chhoti diwali|kali chaudas|naraka chaturdashi|naraka nivaran chaturdashi",
        India(6, 30, 18.0, -1),
    ),
    ("dhanteras|dhanatrayodashi|dhantrayodashi", India(6, 30, 18.0, -2)),
    ("govardhan puja|annakut", India(6, 30, 18.0, 1)),
    ("bhai dooj|bhau beej|bhai duj", India(6, 30, 18.0, 2)),
    ("chhath|chhath puja|dala puja|surya shashthi|dala chhath", India(6, 30, 18.0, 6)),
    ("dussehra|dasara|vijayadashami|vijaya dashami|dasera", India(6, 10, 18.0, 0)),
    ("navaratri|navratri", India(6, 1, 6.0, 0)),
    ("karva chauth|karwa chauth", India(6, 19, 20.0, 0)),
    ("valmiki jayanti|pargat diwas|maharishi valmiki jayanti", India(6, 15, 6.0, 0)),
    ("guru nanak jayanti|guru nanak gurpurab|gurpurab", India(7, 15, 6.0, 0)),
    ("guru gobind singh jayanti|guru gobind singh birthday|guru govind singh jayanti", India(9, 7, 6.0, 0)),
    ("vasant panchami|basant panchami|saraswati puja", India(10, 5, 9.0, 0)),
    (
        "guru ravidas jayanti|guru ravidass jayanti|guru ravidas birthday|guru ravidass birthday",
        India(10, 15, 6.0, 0),
    ),
    ("maha shivaratri|maha shivratri|shivaratri|shivratri", India(10, 29, 24.0, 0)),
    ("holika dahan|chhoti holi|choti holi|kamudu pyre", India(11, 15, 19.0, 0)),
    ("holi|dhulandi|dhuli vandana|phagwah|dhulivandan", India(11, 15, 19.0, 1)),
    ("ugadi|yugadi|gudi padwa|samvatsaradi|chaitra sukhladi", India(0, 1, 6.0, 0)),
    ("rama navami|ram navami|ramnavami", India(0, 9, 12.0, 0)),
    ("mahavir jayanti|mahaveer jayanti|mahaveer janma kalyanak|mahavir janma kalyanak", India(0, 13, 6.0, 0)),
    ("hanuman jayanti", India(0, 15, 6.0, 0)),
    ("akshaya tritiya", India(1, 3, 9.0, 0)),
    ("vesak|vaisakha|wesak|buddha day|buddha purnima|buddha s birthday", India(1, 15, 18.0, 0)),
    ("ratha yatra|rath yatra", India(3, 2, 6.0, 0)),
    ("guru purnima", India(3, 15, 9.0, 0)),
    ("raksha bandhan|rakhi", India(4, 15, 12.0, 0)),
    ("krishna janmashtami|janmashtami|gokulashtami", India(4, 23, 24.0, 0)),
    ("ganesh chaturthi|vinayaka chaturthi|ganesha chaturthi|vinayak chaturthi", India(5, 4, 12.0, 0)),
    ("pongal|makar sankranti|makara sankranthi|makara sankranti|maghi|thai pongal", Sign(270.0, 0)),
    ("bogi|bhogi|bogi pandigai|lohri", Sign(270.0, -1)),
    ("maattu pongal|mattu pongal", Sign(270.0, 1)),
    ("kaanum pongal|kanum pongal|kanni pongal", Sign(270.0, 2)),
    ("vaisakhi|baisakhi|vasakhi|vaishakhi|tamil new year|puthandu", Sign(0.0, 0)),
    ("parsi new year|jamshedi navroz|jamshedi nowroz", Parsi),
];

/// The names that begin with a word.
static BY_FIRST_WORD: LazyLock<FxHashMap<&str, Vec<(&str, Rule)>>> = LazyLock::new(|| {
    let mut names: FxHashMap<&str, Vec<(&str, Rule)>> = FxHashMap::default();
    for (name, rule) in FEASTS.iter().flat_map(|(all, rule)| all.split('|').map(move |name| (name, *rule))) {
        let first = name.split(' ').next().unwrap_or(name);
        names.entry(first).or_default().push((name, rule));
    }
    names
});

/// First words that are common in other senses.
const COMMON: &[&str] = &[
    "day",
    "night",
    "feast",
    "festival",
    "spring",
    "the",
    "islamic",
    "jewish",
    "lunar",
    "israeli",
    "prophet",
    "lent",
    "great",
    "holy",
    "orthodox",
    "sacrifice",
    "ascension",
    "chinese",
    "tamil",
];

/// First words of feasts that hardly mean anything else.
pub(super) fn telling_words() -> impl Iterator<Item = &'static str> {
    first_words().filter(|word| 2 < word.len() && !COMMON.contains(word))
}

/// The words that feasts' names begin with.
pub(super) fn first_words() -> impl Iterator<Item = &'static str> {
    FEASTS.iter().flat_map(|(names, _)| names.split('|')).filter_map(|name| name.split(' ').next())
}

impl Reader<'_> {
    /// A feast by name, of a year where one is said, else the coming one.
    pub(super) fn feast(&self, i: usize) -> Option<Node> {
        let (which, start) = match self.which(i) {
            Some((which, at)) => (Some(which), at),
            None => (None, i),
        };
        let bare = self.skip(start, &["the"]);
        self.feast_at(which, start).or_else(|| if start < bare { self.feast_at(which, bare) } else { None })
    }

    fn feast_at(&self, which: Option<Which>, i: usize) -> Option<Node> {
        let (rule, next) = self.feast_name(i)?;
        let node = self.in_year(which, next, |year| Some(rule.days(year)?.0))?;
        let first = node.one_day()?;
        let last = self.days_on(first, rule.days(first.year())?.1 - 1)?;
        let grain = if first == last { Grain::Day } else { Grain::Part };
        Some(Node { value: Value::Days(first, last), grain, ..node })
    }

    fn feast_name(&self, i: usize) -> Option<(Rule, usize)> {
        if !self.begins(i, HOLIDAY) {
            return None;
        }
        let named = BY_FIRST_WORD.get(self.word(i))?;
        let found = named.iter().filter_map(|(name, rule)| Some((*rule, self.name(i, name)?)));
        let (rule, next) = found.max_by_key(|(_, next)| *next)?;
        Some((rule, self.skip(next, &["day"])))
    }
}

impl Rule {
    /// The first day in a year, and how many days.
    fn days(self, year: i16) -> Option<(Date, i64)> {
        let one = |date: Date, later: i64| Some((date.checked_add(later.days()).ok()?, 1));
        match self {
            Hebrew(month, day, days) => Some((hebrew(year, month, day - 1)?, days)),
            HebrewMoved(month, day, moved) => one(moved(hebrew(year, month, day)?)?, -1),
            Easter(later, days, easter) => Some((easter(year)?.checked_add(later.days()).ok()?, days)),
            Islam(month, day) => one(islamic(year, month, day)?.0, 0),
            IslamMonth(month) => islamic(year, month, 1),
            LastFriday => {
                let (first, length) = islamic(year, 9, 1)?;
                let last = first.checked_add((length - 1).days()).ok()?;
                one(last, -i64::from(last.weekday().since(jiff::civil::Weekday::Friday)))
            }
            India(month, tithi, hour, later) => one(tithi_day(year, month, tithi, hour)?, later),
            Sign(degrees, later) => one(sign_day(year, degrees)?, later),
            China(later) => one(chinese_new_year(year)?, later),
            Parsi => {
                let years = i64::from(year) - 2018;
                let date = Date::constant(2018, 8, 17).checked_add((365 * years).days()).ok()?;
                if date.year() == year { one(date, 0) } else { None }
            }
        }
    }
}
