//! How a person writes: greeting, closing, register, habits and the program they write with.

use crate::people::Person;
use crate::prng::Prng;

/// How stiff somebody writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Register {
    Formal,
    Plain,
    Casual,
}

/// What somebody writes with: it decides the headers, the parts and the form of the quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Program {
    Outlook,
    OutlookGerman,
    Gmail,
    GmailFrench,
    GmailGerman,
    GmailPolish,
    Apple,
    Phone,
    Thunderbird,
    /// Sends HTML and nothing else.
    HtmlOnly,
}

/// A person's way of writing.
#[derive(Debug, Clone)]
pub(crate) struct Voice {
    pub(crate) register: Register,
    pub(crate) program: Program,
    /// Leaves out what need not be said.
    pub(crate) brief: bool,
    /// No capital letters.
    lower: bool,
    /// Of a hundred words that are easily misspelt, so many are.
    typos: u32,
    greetings: &'static [&'static str],
    closings: &'static [&'static str],
    sign_last: bool,
}

impl Voice {
    /// From two words: a manner and a program.
    pub(crate) fn of(words: &str) -> Voice {
        let mut voice = Voice {
            register: Register::Plain,
            program: Program::Outlook,
            brief: false,
            lower: false,
            typos: 0,
            greetings: &["Hi {first},", "Dear {first},", "Hello {first},"],
            closings: &["Kind regards,", "Regards,", "Best wishes,"],
            sign_last: false,
        };
        for word in words.split_whitespace() {
            voice.manner(word);
            voice.program = program(word).unwrap_or(voice.program);
        }
        voice
    }

    fn manner(&mut self, word: &str) {
        let (register, greetings, closings): (Register, &[&str], &[&str]) = match word {
            "brisk" => (Register::Casual, &["{first},", "{first} -", ""], &["", "Thx", "Rgds"]),
            "warm" => (
                Register::Plain,
                &["Dear {first},", "Hello {first},", "Good {part} {first},"],
                &["With best wishes,", "Warm regards,", "All good wishes,"],
            ),
            "chatty" => (
                Register::Casual,
                &["Hi {first}!", "Hello {first},", "Hiya {first},", "{Part} {first}!"],
                &["All the best,", "Cheers,", "Have a lovely day,", "Speak soon,"],
            ),
            "formal" => (
                Register::Formal,
                &["Dear {first},", "Dear {title} {last},"],
                &["Kind regards,", "Yours sincerely,", "With kind regards,"],
            ),
            "elder" => (
                Register::Formal,
                &["Dear {title} {last},"],
                &["Yours sincerely,", "Yours faithfully,", "With kind regards,"],
            ),
            "lower" => {
                (Register::Casual, &["hi {first}", "hey {first}", "{first}"], &["ta", "thanks", "x", ""])
            }
            "typo" => (
                Register::Casual,
                &["Hi {first}", "hi {first},", "Hello"],
                &["Thanks", "Cheers", "Many thanks"],
            ),
            "german" => (
                Register::Formal,
                &["Dear {title} {last},", "Dear {first},", "Hello {first},"],
                &["Best regards", "Kind regards from Bremen", "Mit freundlichen Grüßen"],
            ),
            "french" => (
                Register::Plain,
                &["Dear {first},", "Bonjour {first},"],
                &["Bien à vous,", "Best regards,", "Cordialement,"],
            ),
            "polish" => {
                (Register::Plain, &["Hello {first},", "Dear {first},"], &["Best regards,", "Pozdrawiam,"])
            }
            "dry" => {
                (Register::Plain, &["{first},", "Dear {first},"], &["Yours, as ever,", "Yours,", "Onwards,"])
            }
            "plain" => (Register::Plain, self.greetings, self.closings),
            _ => return,
        };
        (self.register, self.greetings, self.closings) = (register, greetings, closings);
        self.brief = word == "brisk";
        self.lower = word == "lower";
        self.typos = if word == "typo" { 60 } else { 0 };
        self.sign_last = word == "elder";
    }
}

fn program(word: &str) -> Option<Program> {
    Some(match word {
        "outlook" => Program::Outlook,
        "outlookde" => Program::OutlookGerman,
        "gmail" => Program::Gmail,
        "gmailfr" => Program::GmailFrench,
        "gmailde" => Program::GmailGerman,
        "gmailpl" => Program::GmailPolish,
        "apple" => Program::Apple,
        "phone" => Program::Phone,
        "thunderbird" => Program::Thunderbird,
        "html" => Program::HtmlOnly,
        _ => return None,
    })
}

/// The words of a message from greeting to name, as its writer would put them.
pub(crate) fn dress(from: &Person, to: &Person, body: &str, hour: i8, chance: &mut Prng) -> String {
    let voice = &from.voice;
    let part = if hour < 12 { "morning" } else { "afternoon" };
    let title = if to.title.is_empty() { &to.first } else { &to.title };
    let last = if to.title.is_empty() { "" } else { to.last.as_str() };
    let greeting = chance
        .pick(voice.greetings)
        .replace("{first}", &to.first)
        .replace("{title} {last}", format!("{title} {last}").trim())
        .replace("{part}", part)
        .replace(
            "{Part}",
            if hour < 12 {
                "Morning"
            } else if hour < 17 {
                "Afternoon"
            } else {
                "Evening"
            },
        );
    let closing = *chance.pick(voice.closings);
    let name = if voice.sign_last { from.name() } else { from.first.clone() };
    let mut text = String::new();
    if !greeting.is_empty() {
        text.push_str(&greeting);
        text.push_str("\n\n");
    }
    text = if voice.lower { text.to_lowercase() } else { text };
    text.push_str(&habits(voice, body, chance));
    text.push_str("\n\n");
    if !closing.is_empty() {
        text.push_str(closing);
        text.push('\n');
    }
    text.push_str(&if voice.lower { name.to_lowercase() } else { name });
    text
}

fn habits(voice: &Voice, body: &str, chance: &mut Prng) -> String {
    let mut text = body.to_owned();
    if voice.register == Register::Formal {
        for (short, long) in LONG_FORMS {
            text = text.replace(short, long);
        }
    }
    if voice.lower {
        text = text.to_lowercase();
    }
    if 0 < voice.typos {
        for (right, wrong) in SLIPS {
            if text.contains(right) && chance.chance(voice.typos) {
                text = text.replacen(right, wrong, 1);
            }
        }
    }
    text
}

const LONG_FORMS: [(&str, &str); 28] = [
    ("There's ", "There is "),
    ("there's ", "there is "),
    ("that's ", "that is "),
    ("It's ", "It is "),
    ("I'm ", "I am "),
    ("I've ", "I have "),
    ("I'll ", "I will "),
    ("I'd ", "I would "),
    ("We're ", "We are "),
    ("we're ", "we are "),
    ("We've ", "We have "),
    ("we've ", "we have "),
    ("We'll ", "We will "),
    ("we'll ", "we will "),
    ("we'd ", "we would "),
    ("don't", "do not"),
    ("doesn't", "does not"),
    ("didn't", "did not"),
    ("haven't", "have not"),
    ("hasn't", "has not"),
    ("isn't", "is not"),
    ("wasn't", "was not"),
    ("can't", "cannot"),
    ("couldn't", "could not"),
    ("wouldn't", "would not"),
    ("won't", "will not"),
    ("it's ", "it is "),
    ("That's ", "That is "),
];

const SLIPS: [(&str, &str); 20] = [
    ("definitely", "definately"),
    ("receive", "recieve"),
    ("separate", "seperate"),
    (" the ", " teh "),
    ("because", "becuase"),
    ("tomorrow", "tommorow"),
    ("agreement", "agreemnt"),
    ("you're", "your"),
    ("their ", "there "),
    ("Thank you", "Thankyou"),
    ("attached", "attatched"),
    ("solicitor", "solicitior"),
    ("address", "adress"),
    ("really", "realy"),
    ("believe", "beleive"),
    ("know", "no"),
    ("signed", "sigend"),
    (", ", " , "),
    ("until", "untill"),
    ("and ", "adn "),
];

/// What stands under the name: a block for people at work, a word for telephones, nothing for most others.
pub(crate) fn signature(person: &Person, is_reply: bool) -> String {
    if person.voice.program == Program::Phone {
        return "\n\nSent from my iPhone".to_owned();
    }
    if person.house.is_empty() {
        return String::new();
    }
    let house = &person.house;
    if is_reply && person.voice.brief {
        return format!("\n\n{} | {house}", person.name());
    }
    let mut block = format!("\n\n{}\n{}\n{house}\n{}", person.name(), person.role, person.phone);
    if person.side == crate::people::Side::Staff {
        block.push_str(" | 4 Corn Street, Wexcombe WX1 2TF\nwww.tiddfarrow.example");
        if !is_reply {
            block.push_str(
                "\n\nTidd & Farrow Solicitors is authorised and regulated. This e-mail may be \
                    confidential. If it \
                 reached you by mistake, please tell us and delete it. We will never change our bank \
                 details by e-mail.",
            );
        }
    }
    block
}
