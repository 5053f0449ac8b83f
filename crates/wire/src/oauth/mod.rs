//! Signs in by OAuth 2: with a code that comes back to a page of ours (RFC 6749, with PKCE, RFC 7636), or with a short
//! code that somebody types on another device (RFC 8628); and gets a new token when one ends.

mod answer;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use url::form_urlencoded::Serializer;

use crate::http::{self, Address, Question};
use crate::net::{Limits, Reach, Secret, Trouble, Trust};

use answer::Answer;

pub use answer::{Device, Tokens};

/// Who asks, and where.
#[derive(Debug, Clone)]
pub struct Client {
    /// The firm's own id with that server.
    pub id: String,
    /// The secret that goes with it, where the server gave one.
    pub secret: Option<Secret>,
    /// Where a person says yes.
    pub authorize: String,
    /// Where tokens are given.
    pub token: String,
    /// Where a short code is given for typing it elsewhere; none where the server does not do that.
    pub device: Option<String>,
    /// What is asked for, with blanks between.
    pub scopes: String,
    /// What the server wants to hear besides when a person is sent to it.
    pub extra: Vec<(String, String)>,
    /// Where connections may go.
    pub reach: Reach,
    /// Whose word is taken for who the server is.
    pub trust: Trust,
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The server was not reached, or says nothing sensible: it may pass.
    #[error("{0}")]
    Server(Trouble),
    /// What we hold is of no use any more: taken away, run out, used already. Somebody must sign in again.
    #[error("the sign-in has ended: {0}")]
    Ended(String),
    /// The server does not take our id or the secret that goes with it, or not any more: whoever got them must look.
    #[error("it does not take the firm’s id or its secret: {0}")]
    Client(String),
    /// The server knows our id, and wants this asked without the secret that goes with it, or with it. Microsoft says so: what
    /// was got by a short code it renews for nobody who shows one.
    #[error("it takes this only without the secret that goes with the firm’s id, or only with it: {0}")]
    Secret(String),
    /// The server does not know what is asked, or not like this: somebody must look at the settings.
    #[error("the server refused: {0}")]
    Said(String),
    /// Nobody has said yes yet.
    #[error("nobody has said yes yet")]
    Pending,
    /// Nobody has said yes yet, and we asked too often.
    #[error("nobody has said yes yet, and it was asked too often")]
    SlowDown,
}

impl Client {
    /// Where to send a person's browser. The answer comes back to `redirect`, with `state`; the one who made `verifier`
    /// alone can use it.
    pub fn address(&self, redirect: &str, state: &str, verifier: &str, hint: &str) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
        let mut pairs = vec![
            ("response_type", "code"),
            ("client_id", &self.id),
            ("redirect_uri", redirect),
            ("scope", &self.scopes),
            ("state", state),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        if !hint.is_empty() {
            pairs.push(("login_hint", hint));
        }
        pairs.extend(self.extra.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let joined = if self.authorize.contains('?') { '&' } else { '?' };
        format!("{}{joined}{}", self.authorize, encoded(&pairs))
    }

    /// Gets tokens for the code that came back.
    pub async fn redeem(
        &self,
        code: &str,
        redirect: &str,
        verifier: &str,
        limits: &Limits,
    ) -> Result<Tokens, Refused> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect),
            ("code_verifier", verifier),
        ];
        self.tokens(&form, limits).await
    }

    /// Gets new tokens for a refresh token. Where the server gives another refresh token, the old one is of no use any
    /// more: whoever asks keeps the new one before anything else.
    pub async fn refresh(&self, refresh: &Secret, limits: &Limits) -> Result<Tokens, Refused> {
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh.reveal())];
        self.tokens(&form, limits).await
    }

    /// Asks for a short code that somebody types on another device.
    pub async fn device(&self, limits: &Limits) -> Result<Device, Refused> {
        let none = || Refused::Said("it gives no codes to type elsewhere".to_owned());
        let url = self.device.as_deref().ok_or_else(none)?;
        let answer = self.post(url, &[("scope", &self.scopes)], limits).await?;
        answer::device(&answer)
    }

    /// Asks whether somebody has typed that code and said yes.
    pub async fn device_tokens(&self, device: &Secret, limits: &Limits) -> Result<Tokens, Refused> {
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", device.reveal()),
        ];
        self.tokens(&form, limits).await
    }

    async fn tokens(&self, form: &[(&str, &str)], limits: &Limits) -> Result<Tokens, Refused> {
        answer::tokens(&self.post(&self.token, form, limits).await?)
    }

    async fn post(&self, url: &str, form: &[(&str, &str)], limits: &Limits) -> Result<Answer, Refused> {
        let address = Address::parse(url).map_err(|words| Refused::Said(format!("{url} {words}")))?;
        let mut form = form.to_vec();
        form.push(("client_id", &self.id));
        if let Some(secret) = &self.secret {
            form.push(("client_secret", secret.reveal()));
        }
        let form = encoded(&form);
        let client =
            http::Client { reach: self.reach, trust: self.trust.clone(), limits: *limits, login: None };
        let question = Question {
            method: "POST",
            address: &address,
            headers: &[("accept", "application/json")],
            body: Some(("application/x-www-form-urlencoded", form.as_bytes())),
        };
        let answer = client.ask_here(&question).await.map_err(Refused::Server)?;
        Ok(Answer { status: answer.status, body: answer.body })
    }
}

/// Names and values as a form or an address holds them.
fn encoded(pairs: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_sent_with_what_the_server_needs_and_nothing_secret() {
        let client = Client {
            id: "our id".to_owned(),
            secret: Some(Secret::new("hush")),
            authorize: "https://login.example/authorize?tenant=x".to_owned(),
            token: String::new(),
            device: None,
            scopes: "https://mail.example/ offline".to_owned(),
            extra: vec![("access_type".to_owned(), "offline".to_owned())],
            reach: Reach::Public,
            trust: Trust::Machine,
        };
        // The challenge of RFC 7636, appendix B.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let address = client.address("http://127.0.0.1:4646/back", "state", verifier, "amy@firm.example");
        assert!(
            address.starts_with("https://login.example/authorize?tenant=x&response_type=code&"),
            "{address}"
        );
        for part in [
            "client_id=our+id",
            "redirect_uri=http%3A%2F%2F127.0.0.1%3A4646%2Fback",
            "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            "code_challenge_method=S256",
            "login_hint=amy%40firm.example",
            "access_type=offline",
        ] {
            assert!(address.contains(part), "{part} in {address}");
        }
        assert!(!address.contains("hush") && !address.contains(verifier));
    }
}
