//! Opens connections.

use std::error::Error;
use std::io;
use std::net::{IpAddr, SocketAddr};

use rustls::pki_types::ServerName;
use rustls::{AlertDescription as Alert, CertificateError as Why, Error as Tls};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::{Limits, Security, Target, Trouble, resolve};

/// A connection, protected or not.
pub(crate) trait Io: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Io for T {}

/// Connects, and protects the connection at once where the target says so.
pub(crate) async fn dial(target: &Target, limits: &Limits) -> Result<Box<dyn Io>, Trouble> {
    let stream = dial_plain(target, limits).await?;
    match target.security {
        Security::Tls => secure(Box::new(stream), target, limits).await,
        Security::StartTls | Security::Plain => Ok(Box::new(stream)),
    }
}

/// Connects to the first of the server's addresses that answers.
pub(crate) async fn dial_plain(target: &Target, limits: &Limits) -> Result<TcpStream, Trouble> {
    let mut last = None;
    for address in may_dial(target, limits).await? {
        match timeout(limits.connect, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // Commands are short and wait for their answer.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Ok(Err(error)) => last = Some(error),
            Err(_) => last = Some(io::ErrorKind::TimedOut.into()),
        }
    }
    let source = last.unwrap_or_else(|| io::ErrorKind::NotFound.into());
    Err(Trouble::Unreachable { target: target.to_string(), source })
}

/// The addresses to try; for an unprotected connection only this machine's own.
pub(crate) async fn may_dial(target: &Target, limits: &Limits) -> Result<Vec<SocketAddr>, Trouble> {
    let mut addresses = resolve(target, limits).await?;
    if target.security == Security::Plain {
        addresses.retain(|address| address.ip().is_loopback());
        if addresses.is_empty() {
            let what = format!("{} without TLS would send the password in clear over a network", target.host);
            return Err(Trouble::NoWayIn(what));
        }
    }
    Ok(addresses)
}

/// What TLS met, somewhere within an error.
pub(crate) fn tls_within<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a Tls> {
    let mut next = Some(error);
    while let Some(error) = next {
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let inner = inner.and_then(|inner| inner.downcast_ref::<Tls>());
        if let Some(tls) = error.downcast_ref::<Tls>().or(inner) {
            return Some(tls);
        }
        next = error.source();
    }
    None
}

/// Why nobody knows who is at the other end, in words that say what to do.
pub(crate) fn distrust(target: &Target, met: &Tls) -> Trouble {
    let untrusted = |what: String| Trouble::Untrusted { host: target.host.clone(), what };
    let why = match met {
        Tls::InvalidCertificate(why) => why,
        // The other side went on as if nothing were protected.
        Tls::InvalidMessage(_) if target.security == Security::Tls => {
            let words = "no TLS is spoken at port PORT from the first byte; another port is meant, or STARTTLS, or, in an address, http:";
            return untrusted(words.replace("PORT", &target.port.to_string()));
        }
        Tls::AlertReceived(Alert::UnrecognisedName) => {
            let words = "it does not know itself by this name; write the server's name as it calls itself";
            return untrusted(words.to_owned());
        }
        Tls::AlertReceived(
            Alert::HandshakeFailure | Alert::ProtocolVersion | Alert::InsufficientSecurity,
        )
        | Tls::PeerIncompatible(_) => {
            let words = "both sides agree on no way of TLS; it must know version 1.2 or a later one";
            return untrusted(words.to_owned());
        }
        _ => return untrusted(met.to_string()),
    };
    let words = match why {
        // Of somebody else whose name is that of an authority, the key or the signature does not fit.
        Why::UnknownIssuer
        | Why::BadSignature
        | Why::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            "nobody known here vouches for its certificate; if it is of your own authority, give that \
             (--authority FILE, or on the page under More)"
        }
        Why::Expired | Why::ExpiredContext { .. } => "its certificate has expired",
        Why::NotValidForName | Why::NotValidForNameContext { .. } => {
            "its certificate is for another name; write the server's name as it stands there"
        }
        // What OpenSSL makes where nothing else is said.
        Why::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            "its certificate is one for an authority and not for a server; make one with basicConstraints=CA:FALSE"
        }
        _ => return untrusted(met.to_string()),
    };
    untrusted(words.to_owned())
}

/// Whether the other side hung up.
fn is_hung_up(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
}

/// Protects an open connection and makes sure who is at the other end.
pub(crate) async fn secure(
    stream: Box<dyn Io>,
    target: &Target,
    limits: &Limits,
) -> Result<Box<dyn Io>, Trouble> {
    let untrusted = |what: String| Trouble::Untrusted { host: target.host.clone(), what };
    let host = target.host.trim_start_matches('[').trim_end_matches(']');
    let name = match host.parse::<IpAddr>() {
        Ok(address) => ServerName::from(address),
        Err(_) => ServerName::try_from(host.to_owned()).map_err(|e| untrusted(e.to_string()))?,
    };
    let connector = TlsConnector::from(target.trust.config()?);
    match timeout(limits.connect, connector.connect(name, stream)).await {
        Ok(Ok(stream)) => Ok(Box::new(stream)),
        Ok(Err(error)) if error.kind() == io::ErrorKind::InvalidData => Err(match tls_within(&error) {
            Some(met) => distrust(target, met),
            None => untrusted(error.to_string()),
        }),
        // Where something else is spoken, many hang up on what they do not understand.
        Ok(Err(error)) if is_hung_up(&error) => Err(Trouble::HungUp(target.speaks_tls())),
        Ok(Err(error)) => Err(Trouble::Unreachable { target: target.to_string(), source: error }),
        Err(_) => Err(Trouble::TimedOut("the agreement on keys")),
    }
}
