//! A whole expression: a limit ("by", "before"), what it limits, and what may stand behind it.

use super::lexicon::{LIMIT, OPEN};
use super::read::{Node, Reader, Value, longer};
use super::token::Kind;
use super::{Grain, Limit};

/// Nouns that a time may hang on: "before the hearing".
pub(super) const EVENTS: &[&str] = &[
    "hearing",
    "meeting",
    "trial",
    "call",
    "closing",
    "completion",
    "exchange",
    "deadline",
    "conference",
    "audit",
    "board",
    "filing",
    "launch",
    "event",
    "holidays",
    "holiday",
    "vacation",
    "leave",
    "interview",
    "appointment",
    "mediation",
    "deposition",
    "arbitration",
    "signing",
    "review",
    "session",
    "visit",
    "presentation",
    "workshop",
    "handover",
    "handoff",
    "election",
    "exam",
    "wedding",
    "move",
    "sale",
    "settlement",
    "judgment",
    "judgement",
    "decision",
    "ruling",
    "inspection",
    "survey",
    "valuation",
    "demo",
    "kickoff",
    "kick-off",
    "release",
    "trip",
    "discussion",
    "negotiations",
    "renewal",
    "expiry",
    "inquest",
    "tribunal",
    "inquiry",
    "assessment",
];

impl Reader<'_> {
    /// The longest expression that begins at `i`.
    pub(super) fn expression(&self, i: usize) -> Option<Node> {
        let plain = longer(self.set(i), self.limited(i));
        let node = longer(plain, longer(self.bound_to_event(i), self.present(i)))?;
        let node = self.behind(node);
        (self.stands_free(i, node.next) && self.year_named(i, &node)).then_some(node)
    }

    /// "by", "no later than", "until" and their kin.
    pub(super) fn limit(&self, i: usize) -> Option<(Limit, usize)> {
        if !self.begins(i, LIMIT) {
            return None;
        }
        const WORDS: &[(&[&str], Limit)] = &[
            (&["by", "no", "later", "than"], Limit::By),
            (&["no", "later", "than"], Limit::By),
            (&["not", "later", "than"], Limit::By),
            (&["on", "or", "before"], Limit::By),
            (&["before", "or", "on"], Limit::By),
            (&["as", "late", "as"], Limit::By),
            (&["latest", "by"], Limit::By),
            (&["latest"], Limit::By),
            (&["by"], Limit::By),
            (&["due"], Limit::By),
            (&["prior", "to"], Limit::Before),
            (&["ahead", "of"], Limit::Before),
            (&["in", "advance", "of"], Limit::Before),
            (&["earlier", "than"], Limit::Before),
            (&["sooner", "than"], Limit::Before),
            (&["before"], Limit::Before),
            (&["up", "until"], Limit::Until),
            (&["up", "to"], Limit::Until),
            (&["until"], Limit::Until),
            (&["untill"], Limit::Until),
            (&["till"], Limit::Until),
            (&["til"], Limit::Until),
            (&["through"], Limit::Until),
            (&["later", "than"], Limit::After),
            (&["greater", "than"], Limit::After),
            (&["any", "time", "after"], Limit::After),
            (&["anytime", "after"], Limit::After),
            (&["any", "time", "from"], Limit::From),
            (&["not", "before"], Limit::From),
            (&["after"], Limit::After),
            (&["as", "early", "as"], Limit::From),
            (&["as", "of"], Limit::From),
            (&["with", "effect", "from"], Limit::From),
            (&["starting", "from"], Limit::From),
            (&["starting", "on"], Limit::From),
            (&["beginning", "on"], Limit::From),
            (&["starting"], Limit::From),
            (&["beginning"], Limit::From),
            (&["since"], Limit::From),
            (&["from"], Limit::From),
        ];
        WORDS.iter().find_map(|(words, limit)| Some((*limit, self.after(i, words)?)))
    }

    fn limited(&self, i: usize) -> Option<Node> {
        let plain = self.core(i);
        let Some((limit, at)) = self.limit(i) else { return plain };
        let mut at =
            self.skip(at, &["around", "about", "approximately", "sometime", "the", "very", "latest"]);
        at = self.skip(at, &["of"]);
        // "by the 3rd" needs its "the"
        let the = if 0 < at && self.word(at - 1) == "the" { at - 1 } else { at };
        let reader = Reader { by: limit == Limit::By, ..*self };
        let inner = longer(reader.core(the), reader.core(at));
        let limited =
            inner.filter(|n| !matches!(n.value, Value::Lasting(_) | Value::Every)).map(|n| n.limited(limit));
        // "before lunch" and "from 3 to 5" are readings of their own
        match (plain, limited) {
            (Some(plain), Some(limited)) if plain.next < limited.next => Some(limited),
            (Some(plain), _) => Some(plain),
            (None, limited) => limited,
        }
    }

    /// A time without limit.
    fn core(&self, i: usize) -> Option<Node> {
        let about =
            self.skip(i, &["around", "about", "approximately", "roughly", "circa", "sometime", "around"]);
        let plain = self.core_at(i);
        if i < about { longer(plain, self.core_at(self.skip(about, &["on", "in"]))) } else { plain }
    }

    fn core_at(&self, i: usize) -> Option<Node> {
        let simple = self.simple(i);
        longer(longer(longer(self.range(i, simple), simple), self.duration(i)), self.going_on(i))
    }

    /// "or later", "at the latest", "onwards".
    fn behind(&self, node: Node) -> Node {
        let tail = |words: &[&str]| self.after(node.next, words);
        let from = tail(&["or", "later"])
            .filter(|at| self.word(*at) != "than")
            .or_else(|| tail(&["and", "later"]))
            .or_else(|| tail(&["or", "after"]).filter(|_| node.grain == Grain::Year))
            .or_else(|| tail(&["and", "greater"]))
            .or_else(|| tail(&["onwards"]))
            .or_else(|| tail(&["onward"]))
            .or_else(|| tail(&["and", "after"]).filter(|at| self.is(*at, &["", ".", ","])));
        if let Some(next) = from.filter(|_| node.limit == Limit::On) {
            return node.ending(next).limited(Limit::From);
        }
        let by = tail(&["at", "the", "latest"])
            .or_else(|| tail(&["at", "latest"]))
            .or_else(|| tail(&["latest"]))
            .or_else(|| tail(&["or", "earlier"]))
            .or_else(|| tail(&["or", "sooner"]))
            .or_else(|| tail(&["or", "before"]));
        match by {
            Some(next) if matches!(node.limit, Limit::On | Limit::By) => node.ending(next).limited(Limit::By),
            _ => node,
        }
    }

    /// "right now", "at the moment", "to date".
    fn present(&self, i: usize) -> Option<Node> {
        if !self.begins(i, OPEN) {
            return None;
        }
        let now = |next| Some(Node::new(next, Value::Exact(self.said_at), Grain::Second));
        let alone = self.tokens.len() == 1;
        match (self.word(i), self.word(i + 1), self.word(i + 2)) {
            ("right" | "just", "now", _) => now(i + 2),
            ("now" | "atm", "" | "." | "!" | "?", _) if alone || self.word(i) == "atm" => now(i + 1),
            ("at", "the", "moment" | "minute") => now(i + 3),
            ("at", "present", _) => now(i + 2),
            ("at", "this", "time" | "moment" | "point") => now(i + 3),
            ("to" | "till" | "until", "date", _) => now(i + 2).map(|n| n.limited(Limit::Until)),
            ("right" | "straight", "away", _) | ("at", "once", _) => Some(Node::day(i + 2, self.today())),
            ("immediately" | "straightaway", ..) if self.word(i + 1) != "after" => {
                Some(Node::day(i + 1, self.today()))
            }
            _ => None,
        }
    }

    /// "before the hearing", "as soon as we hear from them", "ASAP": words that no calendar resolves.
    fn bound_to_event(&self, i: usize) -> Option<Node> {
        if !self.begins(i, OPEN | LIMIT) {
            return None;
        }
        let unresolved = |next| Some(Node::new(next, Value::Unresolved, Grain::Day));
        if self.is(i, &["asap", "a.s.a.p"]) {
            return unresolved(i + 1);
        }
        if let Some(next) = self.after(i, &["as", "soon", "as"]).or_else(|| self.after(i, &["once"])) {
            let pronoun = ["we", "i", "they", "he", "she", "it", "you", "the", "our", "your", "this", "that"];
            return match self.word(next) {
                "possible" => unresolved(next + 1),
                word if pronoun.contains(&word) => unresolved(self.clause_end(next)),
                _ => None,
            };
        }
        if let Some(next) = self.after(i, &["at", "your", "earliest", "convenience"]) {
            return unresolved(next);
        }
        let (limit, at) = match self.limit(i) {
            Some((Limit::From, _)) | None => {
                let next = self.after(i, &["in", "time", "for"]).or_else(|| self.after(i, &["following"]));
                (Limit::By, next.or_else(|| self.after(i, &["upon"]))?)
            }
            Some(found) => found,
        };
        let at = self.after(at, &["the", "time", "of"]).unwrap_or(at);
        let first =
            self.skip(at, &["the", "our", "your", "this", "that", "next", "their", "my", "his", "her"]);
        let led = at < first;
        for noun in first..first + 3 {
            if EVENTS.contains(&self.word(noun))
                && (led || self.is(noun, &["completion", "exchange", "closing"]))
            {
                return unresolved(noun + 1).map(|n| n.limited(limit));
            }
            if self.kind(noun) != Some(Kind::Word) {
                return None;
            }
        }
        None
    }

    /// The end of a clause, at most twelve words on.
    fn clause_end(&self, i: usize) -> usize {
        let ends = |at: usize| self.kind(at) != Some(Kind::Word) && self.word(at) != "'";
        (i..i + 12)
            .find(|at| ends(*at) || (i < *at && self.is(*at, &["and", "but"])))
            .unwrap_or(i + 12)
            .min(self.tokens.len())
    }

    /// "2025-03-14" or "20250314": seldom part of anything else.
    fn whole_date(&self, i: usize, next: usize) -> bool {
        self.digits(i).is_some_and(|(_, len)| (len == 4 && i + 5 == next) || len == 8)
    }

    /// No part of a number, name or address: "$3", "4a", "650-650-6500".
    fn stands_free(&self, i: usize, next: usize) -> bool {
        if next <= i || self.tokens.len() < next {
            return false;
        }
        let digits = |at: usize| self.kind(at) == Some(Kind::Digits);
        let wordish = |at: usize| matches!(self.kind(at), Some(Kind::Digits | Kind::Word));
        let last = next - 1;
        if digits(i) && self.glued(i) && 0 < i {
            let long = self.whole_date(i, next);
            let mark = self.word(i - 1);
            let open = matches!(mark, "(" | "\"" | "'" | "@" | "=" | "[" | "~" | "<" | ">" | "*" | "," | ";")
                || (mark == ":" && 1 < i && self.kind(i - 2) == Some(Kind::Word))
                || (matches!(mark, ":" | "-" | "_" | "/" | ".")
                    && !(1 < i && self.glued(i - 1) && wordish(i - 2)))
                || (long
                    && !(1 < i && self.glued(i - 1) && digits(i - 2))
                    && self.kind(i - 1) == Some(Kind::Mark));
            if !open {
                return false;
            }
        }
        if !digits(i)
            && self.glued(i)
            && 0 < i
            && (digits(i - 1) || self.is(i - 1, &["$", "#", "/", "_", "@", "."]))
        {
            return false;
        }
        if 1 < i && digits(i) && self.word(i - 1) == "$" {
            return false;
        }
        if digits(last) && self.glued(next) {
            let long = self.whole_date(i, next);
            let closed = self.kind(next) == Some(Kind::Mark)
                && self.word(next) != "%"
                && !(self.is(next, &[".", ",", ":", "/", "-", "_"])
                    && self.glued(next + 1)
                    && digits(next + 1));
            return closed || (long && self.kind(next) == Some(Kind::Mark));
        }
        // A word cut in two, as in "may_be"
        !(self.glued(next) && (wordish(next) || self.is(next, &["_", "@"])))
    }
}
