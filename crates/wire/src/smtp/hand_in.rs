//! Hands a message to the server of a mailbox.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lettre::address::Address;
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use tokio::time::timeout;

use super::Built;
use crate::net::dial::may_dial;
use crate::net::{Limits, Login, Secret, Security, Target, Trouble, distrust, sasl, tls_within, words};

/// Why a message was not handed in.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Nothing was sent; a later attempt may succeed.
    #[error("not now: {0}")]
    Later(String),
    /// The connection ended after the message was given and before the server said that it has it. It may have left.
    #[error("it may have left: {0}")]
    Unsure(String),
    /// These people get no mail there. Nobody got the message.
    #[error("refused for {}", .0.iter().map(|(address, said)| format!("{address} ({said})")).collect::<Vec<_>>().join(", "))]
    Recipients(Vec<(String, String)>),
    /// The server does not let us sign in, or is not who it should be: somebody must look at the settings.
    #[error("{0}")]
    Login(Trouble),
    /// The server does not take this message: too large, not this sender, unwanted words.
    #[error("the server does not take this message: {0}")]
    Message(String),
}

/// Signs in and says goodbye: whether mail could be sent.
pub async fn try_login(target: &Target, login: &Login, limits: &Limits) -> Result<(), Refusal> {
    // Somebody waits for this on a page.
    let mut connection = connect(target, login, limits, limits.connect).await?;
    let _ = within(limits.connect, connection.quit()).await;
    Ok(())
}

/// Hands a message in. All who should get it are accepted, or nobody gets it. Its Bcc header, where it has one, is left
/// out: whom it names is in the list of recipients alone.
pub async fn hand_in(
    target: &Target,
    login: &Login,
    message: &Built,
    limits: &Limits,
) -> Result<(), Refusal> {
    let mut connection = connect(target, login, limits, limits.command).await?;
    let sent = give(&mut connection, message, limits).await;
    // The goodbye matters to nobody any more.
    let _ = within(Duration::from_secs(5), connection.quit()).await;
    sent
}

/// Connects and signs in; the server may take `patience` to greet.
async fn connect(
    target: &Target,
    login: &Login,
    limits: &Limits,
    patience: Duration,
) -> Result<AsyncSmtpConnection, Refusal> {
    let addresses = may_dial(target, limits).await.map_err(of_trouble)?;
    // The name of this machine is nobody's business.
    let hello = ClientId::default();
    let tls = match target.security {
        Security::Plain => None,
        Security::Tls | Security::StartTls => Some(parameters(target)?),
    };
    let at_once = tls.clone().filter(|_| target.security == Security::Tls);
    let open =
        AsyncSmtpConnection::connect_tokio1(&addresses[..], Some(limits.connect), &hello, at_once, None);
    let mut connection = step(patience, open).await.map_err(|e| at_door(target, e))?;
    if let Some(tls) = tls.filter(|_| target.security == Security::StartTls) {
        if !connection.can_starttls() {
            let what = format!("{} offers no TLS", target.host);
            return Err(Refusal::Login(Trouble::NoWayIn(what)));
        }
        step(limits.command, connection.starttls(tls, &hello)).await.map_err(|e| at_door(target, e))?;
    }
    let signed_in = match login {
        Login::Password { user, password } => {
            let credentials = Credentials::new(user.clone(), password.reveal().to_owned());
            let ways = [Mechanism::Plain, Mechanism::Login];
            step(limits.command, connection.auth(&ways, &credentials)).await.map(drop)
        }
        Login::Token { user, token } => by_token(&mut connection, user, token, target, limits).await,
    };
    signed_in.map_err(|failed| match failed {
        Failed::Smtp(e) if e.is_transient() => Refusal::Later(said(&e)),
        Failed::Smtp(e) if e.is_permanent() => Refusal::Login(Trouble::LoginRefused(said(&e))),
        // It offers nothing that could be tried.
        Failed::Smtp(e) if e.is_client() => {
            let what = "offers no way to sign in that is known here; many servers offer one with TLS alone";
            Refusal::Login(Trouble::NoWayIn(format!("{} {what}", target.host)))
        }
        other => Refusal::Later(other.to_string()),
    })?;
    Ok(connection)
}

/// A command that signs in with a token.
struct ByToken(&'static str, String);

impl fmt::Display for ByToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AUTH {} {}\r\n", self.0, STANDARD.encode(&self.1))
    }
}

/// What is answered where a token was refused and the reason is asked back: then the refusal comes.
struct Heard(&'static str);

impl fmt::Display for Heard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\r\n", self.0)
    }
}

/// Signs in with a token: as Google and Microsoft first had it, else as RFC 7628 has it.
async fn by_token(
    connection: &mut AsyncSmtpConnection,
    user: &str,
    token: &Secret,
    target: &Target,
    limits: &Limits,
) -> Result<(), Failed> {
    let (command, heard) = match connection.server_info().supports_auth_mechanism(Mechanism::Xoauth2) {
        true => (ByToken("XOAUTH2", sasl::xoauth2(user, token)), Heard("")),
        false => {
            let response = sasl::oauthbearer(user, token, &target.host, target.port);
            (ByToken("OAUTHBEARER", response), Heard(sasl::HEARD))
        }
    };
    let mut answer = step(limits.command, connection.command(command)).await?;
    if answer.has_code(334) {
        answer = step(limits.command, connection.command(heard)).await?;
    }
    // Whoever still asks does not let us in.
    if answer.has_code(334) { Err(Failed::TimedOut) } else { Ok(()) }
}

fn parameters(target: &Target) -> Result<TlsParameters, Refusal> {
    let mut builder = TlsParameters::builder(target.host.clone());
    for certificate in target.trust.extra().map_err(Refusal::Login)? {
        let bad = |e: smtp::Error| Refusal::Login(Trouble::BadAuthority(e.to_string()));
        builder = builder.add_root_certificate(Certificate::from_der(certificate.to_vec()).map_err(bad)?);
    }
    builder.build().map_err(|e| Refusal::Login(Trouble::BadAuthority(e.to_string())))
}

async fn give(connection: &mut AsyncSmtpConnection, message: &Built, limits: &Limits) -> Result<(), Refusal> {
    let from = address(&message.from)?;
    let recipients: Vec<Address> =
        message.recipients.iter().map(|to| address(to)).collect::<Result<_, _>>()?;
    let mut options = Vec::new();
    if !message.from.is_ascii() || message.recipients.iter().any(|to| !to.is_ascii()) {
        if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            let what = "the server cannot send to addresses with letters beyond ASCII".to_owned();
            return Err(Refusal::Message(what));
        }
        options.push(MailParameter::SmtpUtfEight);
    }
    let mail = Mail::new(Some(from), options);
    step(limits.command, connection.command(mail)).await.map_err(before_the_message)?;
    let mut refused = Vec::new();
    for to in recipients {
        match step(limits.command, connection.command(Rcpt::new(to.clone(), Vec::new()))).await {
            Ok(_) => {}
            Err(Failed::Smtp(e)) if e.is_permanent() => refused.push((to.to_string(), said(&e))),
            Err(failed) => return Err(before_the_message(failed)),
        }
    }
    if !refused.is_empty() {
        return Err(Refusal::Recipients(refused));
    }
    step(limits.command, connection.command(Data)).await.map_err(before_the_message)?;
    let bytes = without_bcc(&message.bytes);
    match step(limits.transfer, connection.message(&bytes)).await {
        Ok(_) => Ok(()),
        Err(Failed::Smtp(e)) if e.is_permanent() => Err(Refusal::Message(said(&e))),
        Err(Failed::Smtp(e)) if e.is_transient() => Err(Refusal::Later(said(&e))),
        Err(failed) => Err(Refusal::Unsure(failed.to_string())),
    }
}

/// A message as everybody may have it: without the header that names who gets a copy in secret.
pub(crate) fn without_bcc(bytes: &[u8]) -> Cow<'_, [u8]> {
    let head = bytes.windows(4).position(|four| four == b"\r\n\r\n").map_or(bytes.len(), |at| at + 2);
    let mut kept = Vec::new();
    let (mut inside, mut found) = (false, false);
    for line in bytes[..head].split_inclusive(|byte| *byte == b'\n') {
        // A line that begins with a blank goes on with the header above it.
        if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            inside = line.get(..4).is_some_and(|name| name.eq_ignore_ascii_case(b"bcc:"));
        }
        found |= inside;
        if !inside {
            kept.extend_from_slice(line);
        }
    }
    if !found {
        return Cow::Borrowed(bytes);
    }
    kept.extend_from_slice(&bytes[head..]);
    Cow::Owned(kept)
}

fn address(text: &str) -> Result<Address, Refusal> {
    text.parse().map_err(|_| Refusal::Message(format!("{text:?} is not an address")))
}

/// How one step failed.
enum Failed {
    Smtp(smtp::Error),
    TimedOut,
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failed::Smtp(error) => f.write_str(&said(error)),
            Failed::TimedOut => f.write_str("the server took too long"),
        }
    }
}

async fn step<T>(time: Duration, doing: impl Future<Output = Result<T, smtp::Error>>) -> Result<T, Failed> {
    within(time, doing).await.ok_or(Failed::TimedOut)?.map_err(Failed::Smtp)
}

async fn within<T>(time: Duration, doing: impl Future<Output = T>) -> Option<T> {
    timeout(time, doing).await.ok()
}

/// The words of an error with those beneath it: what the server said comes last.
fn said(error: &smtp::Error) -> String {
    let mut words = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        let inner_words = inner.to_string();
        if !words.contains(&inner_words) {
            words.push_str(": ");
            words.push_str(&inner_words);
        }
        source = inner.source();
    }
    words.chars().filter(|c| !c.is_control()).take(300).collect()
}

fn at_door(target: &Target, failed: Failed) -> Refusal {
    let error = match failed {
        Failed::Smtp(error) => error,
        Failed::TimedOut => return Refusal::Later(Trouble::TimedOut(target.security.greeting()).to_string()),
    };
    if let Some(met) = tls_within(&error) {
        return Refusal::Login(distrust(target, met));
    }
    if error.is_tls() || said(&error).contains("certificate") {
        return Refusal::Login(Trouble::Untrusted { host: target.host.clone(), what: said(&error) });
    }
    Refusal::Later(match of_machine(&error) {
        Some(words) => format!("{target} cannot be reached: {words}"),
        None if error.is_response() => {
            format!("this is no SMTP server, or it hung up; see whether {}", target.is_meant_for("SMTP"))
        }
        None => said(&error),
    })
}

/// What the machine said of a connection that did not come about.
fn of_machine(error: &smtp::Error) -> Option<String> {
    let mut next = std::error::Error::source(error);
    while let Some(error) = next {
        if let Some(io) = error.downcast_ref::<std::io::Error>().filter(|io| io.get_ref().is_none()) {
            return Some(words::of_io(io));
        }
        next = error.source();
    }
    None
}

fn before_the_message(failed: Failed) -> Refusal {
    match failed {
        Failed::Smtp(e) if e.is_permanent() => Refusal::Message(said(&e)),
        other => Refusal::Later(other.to_string()),
    }
}

fn of_trouble(trouble: Trouble) -> Refusal {
    match trouble.may_pass() {
        true => Refusal::Later(trouble.to_string()),
        false => Refusal::Login(trouble),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_gets_a_copy_in_secret_stands_in_no_header() {
        let with = b"To: a@b.example\r\nBCC: Bo <bo@c.example>,\r\n\t=?utf-8?q?x?= <d@e.example>\r\n f@g.example\r\nSubject: x\r\n\r\nBcc: stays\r\n";
        let without = b"To: a@b.example\r\nSubject: x\r\n\r\nBcc: stays\r\n";
        assert_eq!(&*without_bcc(with), without);
        assert!(matches!(without_bcc(without), Cow::Borrowed(same) if same == without));
        assert_eq!(&*without_bcc(b"Bcc: a@b.example"), b"");
    }
}
