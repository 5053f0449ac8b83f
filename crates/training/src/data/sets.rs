//! How each labelled set is read.

use std::path::Path;

use reading::acts::Label;
use reading::acts::training::Seer;
use serde::Deserialize;

use super::{Sample, Source, lines};

/// Our own passages are the kind of mail that the reader is for, and were labelled with care.
const OWN_WEIGHT: f32 = 2.0;
/// Whole messages as they came show what ordinary mail is like.
const WHOLE_WEIGHT: f32 = 2.0;

/// The remark on passages of customers of shops and lines.
pub const CONSUMER: &str = "consumer";

/// Our own passages: one file for each act, of passages that do it (1) and near misses (0).
pub fn passages(seer: &Seer, folder: &Path, source: Source) -> Vec<Sample> {
    let mut samples = Vec::new();
    for label in Label::ALL {
        let path = folder.join(format!("{}.tsv", label.name()));
        if label.act().is_none() && !path.exists() {
            continue;
        }
        samples.extend(labelled(seer, &path, label, label.name(), source));
    }
    samples.iter_mut().for_each(|sample| sample.weight = OWN_WEIGHT);
    samples
}

/// Our own passages as customers of shops and lines write them: complaints (1) and near misses (0).
pub fn consumer(seer: &Seer, folder: &Path, source: Source) -> Vec<Sample> {
    let samples = labelled(seer, &folder.join("consumer.tsv"), Label::Complaint, CONSUMER, source);
    samples.into_iter().map(|sample| sample.with_post(seer)).collect()
}

/// The lines of a file, each with its truth (1 or 0) for one label.
fn labelled(seer: &Seer, path: &Path, label: Label, note: &str, source: Source) -> Vec<Sample> {
    let mut samples = Vec::new();
    for (number, line) in lines(path).iter().skip(1).enumerate() {
        let Some((truth, text)) = line.split_once('\t') else { continue };
        let text = text.replace("\\n", "\n");
        let mut sample =
            Sample::new(seer, source, &format!("{note}{number}"), &text).know(label, truth == "1");
        // A hold is a promise by definition.
        if label == Label::Hold && truth == "1" {
            sample = sample.know(Label::Promise, true);
        }
        sample.note = note.to_owned();
        samples.push(sample);
    }
    samples
}

/// Acts that one passage may well do together: where it does one, the other is not known unless it is said.
const TOGETHER: [(Label, Label); 5] = [
    (Label::Departure, Label::Complaint),
    (Label::Departure, Label::Thanks),
    (Label::Complaint, Label::Chase),
    (Label::Complaint, Label::Comment),
    (Label::Thanks, Label::Comment),
];

/// Our own passages of which all is known: which side wrote them, and every act they do ("-" for none).
pub fn mixed(seer: &Seer, folder: &Path, source: Source) -> Vec<Sample> {
    let incoming = [Label::Chase, Label::Complaint, Label::Thanks, Label::Departure, Label::Comment];
    let outgoing = [Label::Promise, Label::Hold, Label::Excuse, Label::Apology];
    let mut samples = Vec::new();
    for (number, line) in lines(&folder.join("mixed.tsv")).iter().skip(1).enumerate() {
        let fields: Vec<&str> = line.splitn(3, '\t').collect();
        let [side, does, text] = fields[..] else { continue };
        let does: Vec<Label> =
            Label::ALL.into_iter().filter(|l| does.split(',').any(|name| name == l.name())).collect();
        let text = text.replace("\\n", "\n");
        let mut sample = Sample::new(seer, source, &format!("mixed{number}"), &text);
        for &label in if side == "in" { &incoming[..] } else { &outgoing[..] } {
            let may = |&(a, b): &(Label, Label)| {
                (a == label && does.contains(&b)) || (b == label && does.contains(&a))
            };
            let done = does.contains(&label);
            if done || !TOGETHER.iter().any(may) {
                sample = sample.know(label, done);
            }
        }
        // Whether the other acts ask for something as well is not told.
        if does.contains(&Label::Request) {
            sample = sample.know(Label::Request, true);
        }
        sample.note = "mixed".to_owned();
        sample.weight = OWN_WEIGHT;
        samples.push(sample);
    }
    samples
}

/// Our own whole messages: whether each needs a reply, and whether it is bulk or automatic.
pub fn messages(seer: &Seer, folder: &Path, source: Source) -> Vec<Sample> {
    let mut samples = Vec::new();
    for (number, line) in lines(&folder.join("messages.tsv")).iter().skip(1).enumerate() {
        let fields: Vec<&str> = line.splitn(3, '\t').collect();
        let [reply, bulk, text] = fields[..] else { continue };
        let mut sample = Sample::new(seer, source, &format!("messages{number}"), &text.replace("\\n", "\n"))
            .know(Label::NeedsReply, reply == "1")
            .know(Label::Bulk, bulk == "1")
            // As with other whole messages: what needs a reply asks for something.
            .know(Label::Request, reply == "1");
        sample.note = "messages".to_owned();
        sample.weight = OWN_WEIGHT;
        samples.push(sample);
    }
    samples
}

/// email-intent: sentences, with the verified label.
pub fn email_intent(seer: &Seer, data: &Path) -> Vec<Sample> {
    let mut samples = Vec::new();
    for line in lines(&data.join("email-intent/sentences.tsv")).iter().skip(1) {
        let mut fields = line.splitn(3, '\t');
        let (Some(_), Some(truth), Some(text)) = (fields.next(), fields.next(), fields.next()) else {
            continue;
        };
        if truth.is_empty() {
            continue;
        }
        // The same sentence stays in the same part.
        let group: String = text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
        samples
            .push(Sample::new(seer, Source::EmailIntent, &group, text).know(Label::Request, truth == "Yes"));
    }
    samples
}

/// bc3: sentences; what two annotators said is true, what one alone said is not known.
pub fn bc3(seer: &Seer, data: &Path) -> Vec<Sample> {
    let mut samples = Vec::new();
    for line in lines(&data.join("bc3-email-acts/sentences.tsv")).iter().skip(1) {
        let fields: Vec<&str> = line.splitn(11, '\t').collect();
        let [thread, _, _, _, _, requests, commits, _, _, _, text] = fields[..] else { continue };
        let mut sample = Sample::new(seer, Source::Bc3, thread, text);
        for (label, said) in [(Label::Request, requests), (Label::Promise, commits)] {
            let said: u32 = said.parse().unwrap_or(0);
            if said != 1 {
                sample = sample.know(label, said >= 2);
            }
        }
        sample.note = format!("{requests} {commits}");
        samples.push(sample);
    }
    samples
}

#[derive(Deserialize)]
struct MailexMessage {
    file: String,
    tokens: Vec<String>,
    bio: Vec<String>,
}

/// mailex: the sentences of each message, by the words marked in them.
pub fn mailex(seer: &Seer, data: &Path) -> Vec<Sample> {
    let mut samples = Vec::new();
    for line in lines(&data.join("mailex-events/messages.jsonl")) {
        let Ok(message) = serde_json::from_str::<MailexMessage>(&line) else { continue };
        let owner = message.file.split('_').next().unwrap_or_default();
        let (text, starts) = joined(&message.tokens);
        for (from, to) in seer.see(&text).places() {
            let inside = |i: &usize| (from..to).contains(&starts[*i]);
            let marks: Vec<(usize, &str)> =
                (0..starts.len()).filter(inside).map(|i| (i, message.bio[i].as_str())).collect();
            let has = |what: &str| {
                marks.iter().any(|(_, bio)| bio.strip_prefix("B_").is_some_and(|b| b.starts_with(what)))
            };
            let future =
                marks.iter().any(|&(i, bio)| bio == "B_Deliver_Action_Data" && is_future(&message.tokens, i));
            let Some(sentence) = text.get(from..to) else { continue };
            let mut sample =
                Sample::new(seer, Source::Mailex, owner, sentence).know(Label::Request, has("Request_"));
            // Past and present deeds carry the same mark: they are no promise, and neither are unmarked words.
            sample = sample.know(Label::Promise, future);
            sample.weight = 0.7;
            samples.push(sample);
        }
    }
    samples
}

/// The word marked stands within a few words after one of the future.
fn is_future(tokens: &[String], at: usize) -> bool {
    let before = &tokens[at.saturating_sub(4)..=at];
    let will = before.iter().any(|t| matches!(t.to_lowercase().as_str(), "will" | "'ll" | "shall" | "wo"));
    will || before.windows(2).any(|w| w[0].eq_ignore_ascii_case("going") && w[1] == "to")
}

/// Words joined again into a text, and where each begins.
fn joined(tokens: &[String]) -> (String, Vec<usize>) {
    let mut text = String::new();
    let mut starts = Vec::new();
    let mut open = true;
    for token in tokens {
        let tight =
            token.starts_with('\'') || token == "n't" || token.chars().all(|c| ".,;:?!)%".contains(c));
        if !open && !tight {
            text.push(' ');
        }
        starts.push(text.len());
        text.push_str(token);
        open = token == "(" || token == "$";
    }
    (text, starts)
}

#[derive(Deserialize)]
struct EnronMessage {
    mailbox: String,
    direction: String,
    draw: String,
    #[serde(default)]
    sent: String,
    text: String,
    labels: Vec<String>,
    #[serde(default)]
    promise: Option<EnronPromise>,
}

#[derive(Deserialize)]
struct EnronPromise {
    due_day: Option<String>,
}

/// enron-message-acts: whole messages. The group is the mailbox.
pub fn enron(seer: &Seer, data: &Path) -> Vec<Sample> {
    let incoming = [
        (Label::NeedsReply, "needs_reply"),
        (Label::Chase, "status_chase"),
        (Label::Complaint, "complaint"),
        (Label::Thanks, "thanks"),
        (Label::Departure, "departure"),
        (Label::Leaving, "contact_leaving"),
        (Label::Bulk, "bulk_or_automatic"),
    ];
    let outgoing = [(Label::Promise, "promise"), (Label::Excuse, "excuse"), (Label::Apology, "apology")];
    let mut samples = Vec::new();
    for (number, line) in lines(&data.join("enron-message-acts/messages.jsonl")).iter().enumerate() {
        let Ok(message) = serde_json::from_str::<EnronMessage>(line) else { continue };
        let mut sample = Sample::new(seer, Source::Enron, &message.mailbox, &message.text);
        let known: &[(Label, &str)] = if message.direction == "incoming" { &incoming } else { &outgoing };
        for &(label, name) in known {
            sample = sample.know(label, message.labels.iter().any(|l| l == name));
        }
        if message.direction == "incoming" {
            // What needs a reply asks for something, near enough; a newsletter's orders are no requests.
            sample = sample.know(Label::Request, message.labels.iter().any(|l| l == "needs_reply"));
        }
        sample.weight = WHOLE_WEIGHT;
        let day = message.promise.and_then(|p| p.due_day).unwrap_or_default();
        sample.note = format!("{}\t{}\t{day}\tline {}", message.draw, message.sent, number + 1);
        samples.push(sample);
    }
    samples
}

/// complaint-tweets: the group is the trade of the firm addressed; a tweet to no firm is a group of its own.
pub fn tweets(seer: &Seer, data: &Path) -> Vec<Sample> {
    let mut samples = Vec::new();
    for line in lines(&data.join("complaint-tweets/tweets.tsv")).iter().skip(1) {
        let fields: Vec<&str> = line.splitn(4, '\t').collect();
        let [id, domain, truth, text] = fields[..] else { continue };
        let group = if domain.starts_with("random") { id } else { domain };
        let sample = Sample::new(seer, Source::Tweets, group, text).know(Label::Complaint, truth == "1");
        samples.push(sample.with_post(seer));
    }
    samples
}
