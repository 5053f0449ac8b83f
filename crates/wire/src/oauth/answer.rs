//! What token servers answer.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::Refused;
use crate::net::{Secret, Trouble};

/// How often a server may be asked whether somebody said yes, where it does not say.
const INTERVAL: u64 = 5;
/// For how long a token is taken to be good, where the server does not say.
const LASTS: u64 = 3600;
/// For how long a short code is taken to be good, where the server does not say.
const CODE_LASTS: u64 = 900;

/// What a server answered.
#[derive(Debug)]
pub(super) struct Answer {
    /// The number that says how it went: 200 for well.
    pub(super) status: u16,
    /// The answer itself.
    pub(super) body: Vec<u8>,
}

/// What signs in to a mailbox, and what gets the next of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    /// Signs in.
    pub access: Secret,
    /// Gets new tokens; none where the server gave no new one, and the old one stays.
    pub refresh: Option<Secret>,
    /// For how long the first is good.
    pub lasts: Duration,
}

/// A short code to be typed on another device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// What asks whether it was typed.
    pub code: Secret,
    /// The code to type.
    pub user_code: String,
    /// Where to type it.
    pub address: String,
    /// How often may be asked.
    pub every: Duration,
    /// For how long it is good.
    pub lasts: Duration,
}

#[derive(Deserialize)]
struct Given {
    access_token: String,
    refresh_token: Option<String>,
    #[serde(default)]
    expires_in: Option<Number>,
}

#[derive(Deserialize)]
struct GivenDevice {
    device_code: String,
    user_code: String,
    // As the standard has it, and as Google had it before.
    #[serde(alias = "verification_url")]
    verification_uri: String,
    interval: Option<Number>,
    expires_in: Option<Number>,
}

/// Some servers write numbers as texts.
#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Number(u64),
    Text(String),
}

impl Number {
    fn or(number: Option<Number>, usual: u64) -> Duration {
        let seconds = match number {
            Some(Number::Number(seconds)) => Some(seconds),
            Some(Number::Text(text)) => text.parse().ok(),
            None => None,
        };
        // What lasts longer than a year is no token's time.
        Duration::from_secs(seconds.unwrap_or(usual).min(366 * 24 * 3600))
    }
}

#[derive(Deserialize)]
struct Wrong {
    error: String,
    error_description: Option<String>,
    // Microsoft's numbers of what is wrong; whatever others mean by the name is passed over.
    error_codes: Option<Value>,
}

/// Microsoft's numbers for a secret where none may be (AADSTS700025), and for none where one must be (AADSTS7000218).
const ABOUT_SECRET: [u64; 2] = [700_025, 7_000_218];

impl Wrong {
    fn is_about_secret(&self) -> bool {
        let codes = self.error_codes.as_ref().and_then(Value::as_array);
        codes.is_some_and(|codes| {
            codes.iter().filter_map(Value::as_u64).any(|code| ABOUT_SECRET.contains(&code))
        })
    }
}

/// The tokens of an answer, or why there are none.
pub(super) fn tokens(answer: &Answer) -> Result<Tokens, Refused> {
    if answer.status != 200 {
        return Err(refused(answer));
    }
    let given: Given = serde_json::from_slice(&answer.body).map_err(|_| refused(answer))?;
    if given.access_token.is_empty() {
        return Err(Refused::Said("it gave no token".to_owned()));
    }
    Ok(Tokens {
        access: Secret::new(given.access_token),
        refresh: given.refresh_token.filter(|token| !token.is_empty()).map(Secret::new),
        lasts: Number::or(given.expires_in, LASTS),
    })
}

/// The short code of an answer, or why there is none.
pub(super) fn device(answer: &Answer) -> Result<Device, Refused> {
    if answer.status != 200 {
        return Err(refused(answer));
    }
    let given: GivenDevice = serde_json::from_slice(&answer.body).map_err(|_| refused(answer))?;
    let is_address =
        given.verification_uri.starts_with("https://") || given.verification_uri.starts_with("http://");
    if !is_address || 200 < given.user_code.len() {
        return Err(Refused::Said("it does not say where to type the code".to_owned()));
    }
    Ok(Device {
        code: Secret::new(given.device_code),
        user_code: plain(&given.user_code),
        address: plain(&given.verification_uri),
        every: Number::or(given.interval, INTERVAL).max(Duration::from_secs(1)),
        lasts: Number::or(given.expires_in, CODE_LASTS),
    })
}

/// Why a server gave nothing, by the words of RFC 6749 and RFC 8628. What is no word of these, and what fails on the
/// server's side, may pass.
fn refused(answer: &Answer) -> Refused {
    let Ok(wrong) = serde_json::from_slice::<Wrong>(&answer.body) else {
        let what = format!("it answered {} and nothing that is known", answer.status);
        return Refused::Server(Trouble::Broke(what));
    };
    let words = match &wrong.error_description {
        Some(words) => format!("{} ({})", plain(words), plain(&wrong.error)),
        None => plain(&wrong.error),
    };
    match wrong.error.as_str() {
        "authorization_pending" => Refused::Pending,
        "slow_down" => Refused::SlowDown,
        "invalid_grant" | "access_denied" | "expired_token" | "interaction_required" | "login_required" => {
            Refused::Ended(words)
        }
        "invalid_client" if wrong.is_about_secret() => Refused::Secret(words),
        // The first two are the standard's (a secret that has run out is one of them), the others Google's.
        "invalid_client" | "unauthorized_client" | "deleted_client" | "disabled_client" => {
            Refused::Client(words)
        }
        "temporarily_unavailable" | "server_error" => Refused::Server(Trouble::Goodbye(words)),
        _ if 500 <= answer.status || answer.status == 429 => Refused::Server(Trouble::Goodbye(words)),
        _ => Refused::Said(words),
    }
}

/// The server's words, for people.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer { status, body: body.as_bytes().to_vec() }
    }

    #[test]
    fn answers_are_read_as_servers_write_them() {
        let full = r#"{"access_token":"a","refresh_token":"r","expires_in":"3599","token_type":"Bearer"}"#;
        let given = tokens(&answer(200, full)).expect("tokens");
        assert_eq!((given.access.reveal(), given.lasts), ("a", Duration::from_secs(3599)));
        assert_eq!(given.refresh.as_ref().map(Secret::reveal), Some("r"));
        let bare = tokens(&answer(200, r#"{"access_token":"a"}"#)).expect("tokens");
        assert_eq!((bare.refresh, bare.lasts), (None, Duration::from_secs(3600)));
        let google =
            r#"{"device_code":"d","user_code":"AB-CD","verification_url":"https://g.example/device"}"#;
        let given = device(&answer(200, google)).expect("a code");
        assert_eq!((given.user_code.as_str(), given.every), ("AB-CD", Duration::from_secs(5)));
        let wrong = r#"{"device_code":"d","user_code":"A","verification_uri":"javascript:alert(1)"}"#;
        assert!(device(&answer(200, wrong)).is_err());
    }

    #[test]
    fn what_may_pass_is_told_from_what_must_be_done_again() {
        let of = |status, error: &str| refused(&answer(status, &format!(r#"{{"error":"{error}"}}"#)));
        assert!(matches!(of(400, "invalid_grant"), Refused::Ended(_)));
        assert!(matches!(of(400, "authorization_pending"), Refused::Pending));
        assert!(matches!(of(400, "slow_down"), Refused::SlowDown));
        for error in ["invalid_client", "unauthorized_client", "deleted_client"] {
            assert!(matches!(of(401, error), Refused::Client(_)), "{error}");
        }
        for code in [700_025, 7_000_218] {
            let body = format!(r#"{{"error":"invalid_client","error_codes":[{code}]}}"#);
            assert!(matches!(refused(&answer(401, &body)), Refused::Secret(_)), "{code}");
        }
        for codes in ["[7000215]", "[]", "\"700025\"", "null"] {
            let body = format!(r#"{{"error":"invalid_client","error_codes":{codes}}}"#);
            assert!(matches!(refused(&answer(401, &body)), Refused::Client(_)), "{codes}");
        }
        assert!(matches!(of(400, "invalid_scope"), Refused::Said(_)));
        assert!(matches!(of(503, "anything"), Refused::Server(_)));
        assert!(matches!(refused(&answer(502, "<html>")), Refused::Server(_)));
        assert!(matches!(tokens(&answer(200, "<html>")), Err(Refused::Server(_))));
    }
}
