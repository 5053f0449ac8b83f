//! Storylines: what happens in a kind of matter, step by step, with many wordings for every sentence.
//!
//! They are written as text in `sample/stories`, one file for a kind of work:
//!
//! ```text
//! = buy-house                      a storyline begins
//! kind Residential purchase        what the matter list calls it; none for an everyday exchange
//! for person                       person, organisation or any
//! by helen ruth                    who of the firm does such work
//! with fiona.cheung                the third party; any solicitor where this is left out
//! title Purchase of {place}
//! subject {place} || Buying {place}
//! fact place = 14 Mill Lane || 3 Chapel Row
//! >> in 0 new file=offer.pdf       who writes, how many working days after the step before, and how
//! One sentence. || The same in other words. || ~casual people say this || ^formal ones this
//! ? a sentence that may be left out
//!
//! After an empty line a new paragraph.
//! ```

use std::collections::BTreeMap;

use crate::prng::Prng;
use crate::voice::{Register, Voice};

/// Who writes to whom in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The client's first contact to the handler.
    In,
    /// The client's second contact (or the first, where there is one alone) to the handler.
    InSecond,
    /// The handler to whoever of the client wrote last.
    Out,
    /// The handler's colleague to the client.
    Assist,
    /// The third party to the handler.
    Other,
    /// The handler to the third party.
    ToOther,
    /// The handler to a colleague.
    Ask,
    /// The colleague to the handler.
    Tell,
    /// They talk on the telephone; nothing is written.
    Call,
}

/// One step.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) role: Role,
    /// Working days after the step before; 0 is within hours.
    pub(crate) gap: f64,
    pub(crate) new_thread: bool,
    pub(crate) forward: bool,
    pub(crate) copy_second: bool,
    pub(crate) copy_colleague: bool,
    pub(crate) file: Option<&'static str>,
    /// In so many of a hundred matters this step happens.
    pub(crate) percent: u32,
    pub(crate) subject: Vec<&'static str>,
    paragraphs: Vec<Vec<Slot>>,
}

/// One sentence in several wordings.
#[derive(Debug, Clone)]
struct Slot {
    optional: bool,
    wordings: Vec<(Option<Register>, &'static str)>,
}

/// A storyline.
#[derive(Debug, Clone)]
pub(crate) struct Story {
    pub(crate) name: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) audience: &'static str,
    pub(crate) by: Vec<&'static str>,
    /// Who may be the third party, by the beginning of their address; any solicitor where this says nothing.
    pub(crate) with: Vec<&'static str>,
    pub(crate) title: &'static str,
    pub(crate) subject: Vec<&'static str>,
    pub(crate) facts: Vec<(&'static str, Vec<&'static str>)>,
    pub(crate) steps: Vec<Step>,
}

/// Reads the storylines of one file.
pub(crate) fn stories(text: &'static str) -> Vec<Story> {
    let mut stories: Vec<Story> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("= ") {
            stories.push(Story {
                name: name.trim(),
                kind: "",
                audience: "any",
                by: Vec::new(),
                with: Vec::new(),
                title: "",
                subject: Vec::new(),
                facts: Vec::new(),
                steps: Vec::new(),
            });
        } else if let Some(story) = stories.last_mut() {
            story.line(line);
        }
    }
    stories
}

impl Story {
    fn line(&mut self, line: &'static str) {
        if let Some(head) = line.strip_prefix(">> ") {
            self.steps.extend(Step::head(head));
            return;
        }
        if let Some(step) = self.steps.last_mut() {
            step.line(line);
            return;
        }
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "kind" => self.kind = rest.trim(),
            "for" => self.audience = rest.trim(),
            "by" => self.by = rest.split_whitespace().collect(),
            "with" => self.with = rest.split_whitespace().collect(),
            "title" => self.title = rest.trim(),
            "subject" => self.subject = wordings(rest).collect(),
            "fact" => {
                if let Some((name, values)) = rest.split_once('=') {
                    self.facts.push((name.trim(), wordings(values).collect()));
                }
            }
            _ => {}
        }
    }
}

fn wordings(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.split("||").map(str::trim).filter(|wording| !wording.is_empty())
}

impl Step {
    fn head(head: &'static str) -> Option<Step> {
        let mut words = head.split_whitespace();
        let role = match words.next()? {
            "in" => Role::In,
            "in2" => Role::InSecond,
            "out" => Role::Out,
            "assist" => Role::Assist,
            "other" => Role::Other,
            "toother" => Role::ToOther,
            "ask" => Role::Ask,
            "tell" => Role::Tell,
            "call" => Role::Call,
            _ => return None,
        };
        let mut step = Step {
            role,
            gap: words.next()?.parse().ok()?,
            new_thread: false,
            forward: false,
            copy_second: false,
            copy_colleague: false,
            file: None,
            percent: 100,
            subject: Vec::new(),
            paragraphs: vec![Vec::new()],
        };
        for word in words {
            match word.split_once('=') {
                Some(("file", name)) => step.file = Some(name),
                Some(("maybe", percent)) => step.percent = percent.parse().ok()?,
                _ => match word {
                    "new" => step.new_thread = true,
                    "fw" => step.forward = true,
                    "cc2" => step.copy_second = true,
                    "ccus" => step.copy_colleague = true,
                    _ => return None,
                },
            }
        }
        Some(step)
    }

    fn line(&mut self, line: &'static str) {
        if let Some(subject) = line.strip_prefix("subject ") {
            self.subject = wordings(subject).collect();
        } else if line.trim().is_empty() {
            self.paragraphs.push(Vec::new());
        } else if let Some(paragraph) = self.paragraphs.last_mut() {
            let (optional, text) = line.strip_prefix('?').map_or((false, line), |text| (true, text));
            let bare = |wording: &'static str| wording.strip_prefix('?').map_or(wording, str::trim_start);
            let wordings = wordings(text).map(bare).map(|wording| match wording.chars().next() {
                Some('~') => (Some(Register::Casual), &wording[1..]),
                Some('^') => (Some(Register::Formal), &wording[1..]),
                _ => (None, wording),
            });
            paragraph.push(Slot { optional, wordings: wordings.collect() });
        }
    }

    /// All wordings of all sentences.
    #[cfg(test)]
    pub(crate) fn passages(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.paragraphs.iter().flatten().flat_map(|slot| slot.wordings.iter().map(|(_, words)| *words))
    }
}

/// Remembers which wording of a sentence was used last, so that the next one who needs it says it otherwise.
#[derive(Debug, Default)]
pub(crate) struct Rotation(BTreeMap<usize, usize>);

impl Rotation {
    /// The body of a step in somebody's voice, placeholders still in it.
    pub(crate) fn body(&mut self, step: &Step, voice: &Voice, chance: &mut Prng) -> String {
        let mut paragraphs = Vec::new();
        for slots in &step.paragraphs {
            let mut sentences = Vec::new();
            for slot in slots {
                let left_out = if voice.brief { 85 } else { 40 };
                if slot.optional && chance.chance(left_out) {
                    continue;
                }
                sentences.extend(self.wording(slot, voice.register));
            }
            if !sentences.is_empty() {
                paragraphs.push(sentences.join(" "));
            }
        }
        paragraphs.join("\n\n")
    }

    fn wording(&mut self, slot: &Slot, register: Register) -> Option<&'static str> {
        let fits = |mark: &Option<Register>| match (mark, register) {
            (Some(Register::Casual), Register::Formal) | (Some(Register::Formal), Register::Casual) => false,
            (Some(Register::Casual), _) => register == Register::Casual,
            (Some(Register::Formal), _) => register == Register::Formal,
            _ => true,
        };
        let fitting: Vec<&str> =
            slot.wordings.iter().filter(|(mark, _)| fits(mark)).map(|(_, w)| *w).collect();
        let all: Vec<&str> = slot.wordings.iter().map(|(_, words)| *words).collect();
        let from = if fitting.is_empty() { all } else { fitting };
        let key = slot.wordings.first().map_or(0, |(_, words)| words.as_ptr().addr());
        // Where the text lies in memory differs from build to build, but only serves to tell sentences apart.
        let used = self.0.entry(key).or_default();
        *used += 1;
        from.get((*used - 1) % from.len().max(1)).copied()
    }
}
