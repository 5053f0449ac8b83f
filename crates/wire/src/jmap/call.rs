//! Calls methods.

use serde::Deserialize;
use serde_json::{Value, json};

use super::Jmap;
use super::account::{CORE, MAIL};
use crate::http::{Address, Answer, Most, Question};
use crate::net::{Trouble, words};

/// What a server says of its trouble is cut to so many characters.
const SAID: usize = 200;
/// No answer to a call is longer, in bytes.
const LONGEST: usize = 16 << 20;

/// A method that was refused.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Refused {
    /// The kind of trouble, in the protocol's word.
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    description: Option<String>,
    /// What is there already in the place of what was to be made.
    #[serde(default, rename = "existingId")]
    pub(super) existing: Option<String>,
}

impl Refused {
    /// In the server's words.
    pub(super) fn words(&self) -> String {
        let words = match &self.description {
            Some(words) if !words.is_empty() => format!("{} ({words})", self.kind),
            _ => self.kind.clone(),
        };
        words.chars().filter(|c| !c.is_control()).take(SAID).collect()
    }

    pub(super) fn trouble(self, method: &'static str) -> Trouble {
        Trouble::Said { command: method, said: self.words() }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answered {
    method_responses: Vec<(String, Value, String)>,
    #[serde(default)]
    session_state: Option<String>,
}

impl Jmap {
    /// Calls a method of the account and reads what it answers; the inner error is what the server said against it.
    pub(super) async fn call<T: for<'a> Deserialize<'a>>(
        &mut self,
        using: &'static str,
        method: &'static str,
        arguments: Value,
    ) -> Result<Result<T, Refused>, Trouble> {
        let body = self.body(using, &[(method, arguments)])?;
        let address = self.account.api.clone();
        let (answer, _) = self.calls.ask_for(&question(&address, &body), Most::Whole(LONGEST)).await?;
        let mut all = self.answers(method, &answer)?;
        let (name, answered, _) = all.swap_remove(0);
        read(method, &name, answered)
    }

    /// The words of several calls at once.
    pub(super) fn body(
        &self,
        using: &'static str,
        calls: &[(&'static str, Value)],
    ) -> Result<String, Trouble> {
        let calls: Vec<Value> = calls
            .iter()
            .enumerate()
            .map(|(number, (method, arguments))| json!([method, arguments, number.to_string()]))
            .collect();
        let mut names = vec![CORE, MAIL, using];
        names.dedup();
        let body = json!({ "using": names, "methodCalls": calls }).to_string();
        match self.account.limits.request < body.len() {
            true => Err(Trouble::Broke("it takes no question as long as this one".to_owned())),
            false => Ok(body),
        }
    }

    /// What the server answered, call by call; at least one.
    pub(super) fn answers(
        &mut self,
        method: &'static str,
        answer: &Answer,
    ) -> Result<Vec<(String, Value, String)>, Trouble> {
        if answer.status != 200 {
            // The protocol has words of its own for what is wrong with a question as a whole.
            let told: Option<Value> = serde_json::from_slice(&answer.body).ok();
            let word = |name| told.as_ref().and_then(|told| told.get(name)?.as_str().map(str::to_owned));
            return Err(match word("detail").or_else(|| word("type")).filter(|_| answer.status != 401) {
                Some(words) => {
                    let said = format!("{} {words}", answer.status).chars().take(SAID).collect();
                    Trouble::Said { command: method, said }
                }
                None => answer.trouble(method),
            });
        }
        let read = serde_json::from_slice::<Answered>(&answer.body);
        let answered = read.map_err(|_| broke(method))?;
        self.stale |= answered.session_state.is_some_and(|state| state != self.account.state);
        match answered.method_responses.first() {
            Some((_, _, number)) if number == "0" => Ok(answered.method_responses),
            _ => Err(broke(method)),
        }
    }
}

/// The question that calls methods.
pub(super) fn question<'a>(address: &'a Address, body: &'a str) -> Question<'a> {
    Question {
        method: "POST",
        address,
        headers: &[("accept", "application/json")],
        body: Some(("application/json", body.as_bytes())),
    }
}

/// Reads what a method answered.
pub(super) fn read<T: for<'a> Deserialize<'a>>(
    method: &'static str,
    name: &str,
    answered: Value,
) -> Result<Result<T, Refused>, Trouble> {
    let broke = |_| broke(method);
    match name {
        "error" => serde_json::from_value(answered).map(Err).map_err(broke),
        name if name == method => serde_json::from_value(answered).map(Ok).map_err(broke),
        _ => Err(self::broke(method)),
    }
}

fn broke(method: &'static str) -> Trouble {
    Trouble::Broke(format!("its answer to {} cannot be read", words::of_command(method)))
}
