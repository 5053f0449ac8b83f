//! Weekdays: "Friday", "next Tuesday", "Friday week", "Monday of next week", "a week on Friday".

use jiff::civil::{Date, Weekday};

use super::day::Which;
use super::read::{Node, Reader};

impl Reader<'_> {
    /// "Friday", "next Tuesday", "Friday week", "Monday of next week", "next week on Tuesday", "a week on Friday".
    pub(super) fn weekday_day(&self, i: usize) -> Option<Node> {
        if let Some(node) = self.week_then_weekday(i) {
            return Some(node);
        }
        let start = self.skip(i, &["on"]);
        let (which, at) = match self.which(start) {
            Some((which, at)) => (Some(which), at),
            None => (None, self.skip(start, &["the"])),
        };
        let at = self.skip(at, &["one"]);
        let (weekday, next) = self.weekday(at)?;
        if self.is(next, &["'"]) && self.word(next + 1) == "s" && self.digits(next + 2).is_none() {
            return self.named_weekday(which, weekday, next + 2);
        }
        if let Some(node) = self.weekday_dated(weekday, which, next) {
            return Some(node);
        }
        self.weekday_tail(weekday, which, next).or_else(|| self.named_weekday(which, weekday, next))
    }

    /// "Friday 3 March", "Friday the 14th", "Friday (3/14)", "Friday-Jun-15".
    fn weekday_dated(&self, weekday: Weekday, which: Option<Which>, i: usize) -> Option<Node> {
        let at = self.skip(self.skip(i, &[",", "(", "-", "."]), &["the"]);
        let node = self.month_date(at, Some(weekday)).or_else(|| self.numeric_date(at)).or_else(|| {
            if matches!(which, None | Some(Which::This)) {
                self.day_of_month(at, Some(weekday))
            } else {
                None
            }
        })?;
        let closed = if self.word(at.max(1) - 1) == "(" { self.skip(node.next, &[")"]) } else { node.next };
        Some(node.ending(closed))
    }

    /// What may follow a weekday: "week", "after next", "of next week".
    fn weekday_tail(&self, weekday: Weekday, which: Option<Which>, i: usize) -> Option<Node> {
        let today = self.today();
        let of = self.skip(self.skip(i, &["of", "from", "in", ",", "-"]), &["the"]);
        if self.word(i) == "week" && which.is_none() && !self.starts_day_of_week(i) {
            let date = self.coming(weekday)?;
            return Some(Node::day(i + 1, self.days_on(date, 7)?));
        }
        if let Some(next) = self.after(i, &["fortnight"]) {
            return Some(Node::day(next, self.days_on(self.coming(weekday)?, 14)?));
        }
        if let Some(next) = self.after(i, &["after", "next"]) {
            return Some(Node::day(next, self.days_on(self.first_after(today, weekday)?, 7)?));
        }
        if let Some((which, at)) = self
            .which(of)
            .or_else(|| (self.word(of) == "week" && self.is(i, &["of", "in"])).then_some((Which::This, of)))
            && self.word(at) == "week"
        {
            return self.weekday_in(weekday, which, at + 1);
        }
        if self.word(i) == "next"
            && which.is_none()
            && !self.starts_unit(i + 1)
            && self.month(i + 1).is_none()
        {
            return self.named_weekday(Some(Which::Next), weekday, i + 1);
        }
        None
    }

    fn starts_day_of_week(&self, i: usize) -> bool {
        self.is(i + 1, &["of", "commencing", "beginning", "starting"])
    }

    /// "next week on Tuesday", "this week Monday", "last week's Sunday", "previous week - Monday".
    fn week_then_weekday(&self, i: usize) -> Option<Node> {
        let (which, at) = self.which(i)?;
        let after = self.after(at, &["week"])?;
        let at = self.skip(self.skip(self.possessive(after), &[",", "-"]), &["on"]);
        let (weekday, next) = self.weekday(at)?;
        self.weekday_in(weekday, which, next)
    }

    fn weekday_in(&self, weekday: Weekday, which: Which, next: usize) -> Option<Node> {
        let monday = self.days_on(self.monday(self.today())?, 7 * which.weeks())?;
        let date = self.days_on(monday, i64::from(weekday.to_monday_zero_offset()))?;
        Some(Node { past: which.weeks() < 0, ..Node::day(next, date) })
    }

    fn named_weekday(&self, which: Option<Which>, weekday: Weekday, next: usize) -> Option<Node> {
        match which {
            None => Some(Node::day(next, self.coming(weekday)?).floating()),
            Some(Which::This) if !self.looks_back => {
                let date = self.this_weekday(weekday)?;
                Some(Node::day(next, date).floating())
            }
            Some(Which::Coming) => Some(Node::day(next, self.first_after(self.today(), weekday)?)),
            Some(Which::Past | Which::This) => {
                Some(Node { past: true, ..Node::day(next, self.last_before(self.today(), weekday)?) })
            }
            Some(which) => self.weekday_in(weekday, which, next),
        }
    }

    /// "this Friday", said on a Friday, is today; else the coming one.
    fn this_weekday(&self, weekday: Weekday) -> Option<Date> {
        if self.today().weekday() == weekday {
            Some(self.today())
        } else {
            self.first_after(self.today(), weekday)
        }
    }

    /// The next occurrence after the day of sending; with "by", today before closing; looking back, the last one.
    fn coming(&self, weekday: Weekday) -> Option<Date> {
        let today = self.today();
        if self.looks_back {
            return self.last_before(today, weekday);
        }
        let open = self.calendar.closing(today).is_none_or(|closing| self.said_at < closing);
        if self.by && today.weekday() == weekday && open {
            return Some(today);
        }
        self.first_after(today, weekday)
    }

    pub(super) fn first_after(&self, date: Date, weekday: Weekday) -> Option<Date> {
        let days = i64::from(date.weekday().until(weekday));
        self.days_on(date, if days == 0 { 7 } else { days })
    }

    fn last_before(&self, date: Date, weekday: Weekday) -> Option<Date> {
        let days = i64::from(date.weekday().since(weekday));
        self.days_on(date, if days == 0 { -7 } else { -days })
    }
}
