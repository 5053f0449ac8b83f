//! A server that gives tokens (OAuth 2), on a port of this machine: it knows PKCE, short codes and rotation, takes tokens
//! away, and is away as it is told. Dovecot asks it whether a token is good.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub(crate) const CLIENT: &str = "the firm's id";
pub(crate) const SECRET: &str = "the firm's secret, which nobody may find";
/// Short codes are given as this one.
pub(crate) const USER_CODE: &str = "WDJB-MJHT";

/// What grants a token for a short code.
const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// What it does about the secret where something was got by a short code.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Codes {
    /// It wants it as everywhere (RFC 8628).
    #[default]
    WithSecret,
    /// It renews nothing for whoever shows one, and takes none to be right: Microsoft, where public client flows are allowed.
    Public,
    /// It gives and renews nothing without one, nor with one: Microsoft, where they are not.
    Forbidden,
}

/// What it knows.
#[derive(Default)]
pub(crate) struct Known {
    /// Codes that were given: the challenge, and where they were sent.
    codes: HashMap<String, (String, String)>,
    /// How often somebody said yes.
    yes: usize,
    /// What signs in.
    good: HashSet<String>,
    /// What gets the next one, and to whom it was given.
    refresh: HashMap<String, String>,
    /// Which of these were got by a short code, and what it does about the secret there.
    by_code: HashSet<String>,
    pub(crate) short_codes: Codes,
    /// How often the secret went along.
    pub(crate) with_secret: usize,
    /// As whom it knows the firm, and the secret that it takes of it.
    pub(crate) client: String,
    pub(crate) secret: String,
    /// Somebody typed the short code and said yes.
    pub(crate) typed: bool,
    /// It answers nothing that is of use.
    pub(crate) away: bool,
    /// So long after it gave tokens it says so.
    pub(crate) pause: std::time::Duration,
    /// Seconds for which a token is said to be good.
    pub(crate) lasts: u64,
    /// How often it was asked for tokens, and how often it gave some for a refresh token.
    pub(crate) asked: usize,
    pub(crate) renewed: usize,
    /// What was asked for when somebody was to say yes, the last at the end.
    pub(crate) scopes: Vec<String>,
    /// Every token that it ever gave.
    pub(crate) given: Vec<String>,
}

#[derive(Clone)]
pub(crate) struct IssuerServer {
    pub(crate) port: u16,
    known: Arc<Mutex<Known>>,
}

type Fields = HashMap<String, String>;

impl IssuerServer {
    pub(crate) fn start() -> IssuerServer {
        let known = Arc::new(Mutex::new(Known {
            lasts: 3600,
            client: CLIENT.to_owned(),
            secret: SECRET.to_owned(),
            ..Known::default()
        }));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a listener");
        let port = listener.local_addr().expect("its address").port();
        let server = IssuerServer { port, known };
        let state = server.clone();
        std::thread::spawn(move || {
            crate::support::run(async move {
                let router = Router::new()
                    .route("/authorize", get(authorize))
                    .route("/token", post(token))
                    .route("/device", post(device))
                    .route("/introspect", post(introspect))
                    .with_state(state);
                let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
                axum::serve(listener, router).await.expect("it serves");
            });
        });
        server
    }

    pub(crate) fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().expect("no panic")
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }

    /// Whether a token signs in.
    pub(crate) fn is_good(&self, token: &str) -> bool {
        self.known().good.contains(token)
    }

    /// Takes every token away that signs in; what gets the next one stays good.
    pub(crate) fn revoke(&self) {
        self.known().good.clear();
    }

    /// Takes everything away.
    pub(crate) fn revoke_all(&self) {
        let mut known = self.known();
        known.good.clear();
        known.refresh.clear();
    }

    /// Says yes as a person in a browser does; gives what comes back: state and code.
    pub(crate) fn say_yes(&self, address: &str) -> (String, String) {
        let path = address.split_once("/authorize").expect("its address").1;
        let answer = crate::support::run(async {
            use tokio::io::{AsyncReadExt, AsyncWriteExt};
            let mut stream =
                tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.expect("it listens");
            let ask = format!("GET /authorize{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            stream.write_all(ask.as_bytes()).await.expect("asked");
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.expect("an answer");
            answer
        });
        let body = answer.split("\r\n\r\n").nth(1).expect("a body").to_owned();
        let (state, code) = body.split_once(' ').unwrap_or_else(|| panic!("no yes: {answer}"));
        (state.to_owned(), code.to_owned())
    }

    /// What Dovecot needs to ask it: settings, and the file they name.
    pub(crate) fn dovecot(&self) -> (String, ForDovecot) {
        let path = std::env::temp_dir().join(format!("regard-oauth2-{}.conf", self.port));
        let file = format!(
            "introspection_mode = post\nintrospection_url = {}\nusername_attribute = username\n\
             active_attribute = active\nactive_value = true\n",
            self.url("introspect")
        );
        std::fs::write(&path, file).expect("written");
        let settings = format!(
            "auth_mechanisms = plain login oauthbearer xoauth2\npassdb {{\n  driver = oauth2\n  \
             mechanisms = xoauth2 oauthbearer\n  args = {}\n}}\n",
            path.display()
        );
        (settings, ForDovecot(path))
    }
}

/// A file that is gone when this is dropped.
pub(crate) struct ForDovecot(PathBuf);

impl Drop for ForDovecot {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

async fn authorize(State(server): State<IssuerServer>, Query(asked): Query<Fields>) -> (StatusCode, String) {
    let has = |name: &str, value: &str| asked.get(name).is_some_and(|known| known == value);
    let mut known = server.known();
    if !has("client_id", &known.client)
        || !has("response_type", "code")
        || !has("code_challenge_method", "S256")
    {
        return (StatusCode::BAD_REQUEST, "wrong".to_owned());
    }
    known.scopes.push(asked["scope"].clone());
    known.yes += 1;
    let code = format!("code/{}", known.yes);
    known.codes.insert(code.clone(), (asked["code_challenge"].clone(), asked["redirect_uri"].clone()));
    // In the place of a redirect: what it would carry.
    (StatusCode::OK, format!("{} {code}", asked["state"]))
}

fn refused(error: &str) -> (StatusCode, Json<Value>) {
    let status = if error == "invalid_client" { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
    (status, Json(json!({ "error": error, "error_description": "so it is" })))
}

/// As Microsoft says it: `invalid_client`, with a number of its own.
fn refused_by_number(code: u64, words: &str) -> (StatusCode, Json<Value>) {
    let words = format!("AADSTS{code}: {words}");
    let body = json!({ "error": "invalid_client", "error_description": words, "error_codes": [code] });
    (StatusCode::UNAUTHORIZED, Json(body))
}

impl Known {
    fn tokens(&mut self, by_code: bool) -> (StatusCode, Json<Value>) {
        let n = self.given.len();
        let (access, refresh) = (format!("access-{n}-never-shown"), format!("refresh-{n}-never-shown"));
        self.good.insert(access.clone());
        self.refresh.insert(refresh.clone(), self.client.clone());
        if by_code {
            self.by_code.insert(refresh.clone());
        }
        self.given.extend([access.clone(), refresh.clone()]);
        let given = json!({ "access_token": access, "refresh_token": refresh, "expires_in": self.lasts });
        (StatusCode::OK, Json(given))
    }
}

async fn token(State(server): State<IssuerServer>, Form(form): Form<Fields>) -> (StatusCode, Json<Value>) {
    let (answer, pause) = {
        let mut known = server.known();
        (known.answer(&form), known.pause)
    };
    tokio::time::sleep(pause).await;
    answer
}

impl Known {
    fn answer(&mut self, form: &Fields) -> (StatusCode, Json<Value>) {
        self.asked += 1;
        if self.away {
            return (StatusCode::SERVICE_UNAVAILABLE, Json(json!("try later")));
        }
        let field = |name: &str| form.get(name).cloned().unwrap_or_default();
        let (grant, secret) = (field("grant_type"), form.get("client_secret"));
        self.with_secret += usize::from(secret.is_some());
        let by_code = grant == DEVICE || self.by_code.contains(&field("refresh_token"));
        if field("client_id") != self.client {
            return refused("invalid_client");
        }
        match (self.short_codes, by_code, secret) {
            (Codes::Public, true, Some(_)) if grant == "refresh_token" => {
                let words =
                    "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.";
                return refused_by_number(700_025, words);
            }
            (Codes::Public, true, None) => {}
            (Codes::Forbidden, true, _) => {
                let words = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
                return refused_by_number(7_000_218, words);
            }
            (_, _, secret) if secret != Some(&self.secret) => return refused("invalid_client"),
            _ => {}
        }
        match grant.as_str() {
            "authorization_code" => {
                let Some((challenge, redirect)) = self.codes.remove(&field("code")) else {
                    return refused("invalid_grant");
                };
                let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(field("code_verifier").as_bytes()));
                if proof != challenge || redirect != field("redirect_uri") {
                    return refused("invalid_grant");
                }
                self.tokens(false)
            }
            // Each gets the next one once.
            "refresh_token" => match self.refresh.remove(&field("refresh_token")) {
                Some(whose) if whose == self.client => {
                    self.renewed += 1;
                    self.tokens(by_code)
                }
                _ => refused("invalid_grant"),
            },
            DEVICE => match self.typed {
                true if field("device_code") == "device" => self.tokens(true),
                true => refused("invalid_grant"),
                false => refused("authorization_pending"),
            },
            _ => refused("unsupported_grant_type"),
        }
    }
}

async fn device(State(server): State<IssuerServer>, Form(form): Form<Fields>) -> (StatusCode, Json<Value>) {
    if form.get("client_id").is_none_or(|id| *id != server.known().client) {
        return refused("invalid_client");
    }
    server.known().scopes.extend(form.get("scope").cloned());
    let place = server.url("type-it-here");
    let given = json!({ "device_code": "device", "user_code": USER_CODE, "verification_uri": place,
        "interval": 1, "expires_in": 60 });
    (StatusCode::OK, Json(given))
}

async fn introspect(State(server): State<IssuerServer>, Form(form): Form<Fields>) -> Json<Value> {
    let is_good = form.get("token").is_some_and(|token| server.known().good.contains(token));
    Json(json!({ "active": is_good, "username": "alice" }))
}
