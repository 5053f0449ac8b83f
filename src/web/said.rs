//! What was just done, said at the top of the page that a form leads to. The sentence travels in the address, sealed
//! with the session: whoever makes a link for somebody else to follow puts no word, and no Undo, into our notices.

use axum::body::Body;
use axum::extract::{Query, Request};
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::trouble::form_urlencoded;
use super::visitor::{COOKIE_NAME, session_cookie, with_firm};
use crate::access::secret::Secret;

/// The fields of an address that only we write.
const OURS: [&str; 4] = ["said", "undo", "wrong", "seal"];

/// What the page that a form leads to is to say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Telling {
    /// What was done, as a sentence.
    pub said: String,
    /// What "Undo" takes back; empty: nothing.
    pub undo: String,
    /// The field of the form that is to be mended; empty: none.
    pub wrong: String,
    /// The place of the page where it is said, where that is not its top.
    pub place: &'static str,
}

impl Telling {
    /// What was done, without a way back.
    pub fn of(said: &str) -> Telling {
        Telling { said: said.to_owned(), ..Telling::default() }
    }

    /// Leads to a page of ours that says it.
    pub fn lead(self, to: &str) -> Response {
        self.on(Redirect::to(to).into_response())
    }

    /// Puts it into an answer that leads somewhere already.
    pub fn on(self, mut answer: Response) -> Response {
        answer.extensions_mut().insert(self);
        answer
    }

    fn sealed_by(&self, secret: &Secret) -> String {
        secret.seal(&[&self.said, &self.undo, &self.wrong])
    }

    /// The address `to`, which says it.
    fn address(&self, to: &str, secret: &Secret) -> String {
        let to = without(to);
        let joined = if to.contains('?') { '&' } else { '?' };
        let mut address = format!("{to}{joined}said={}", form_urlencoded(&self.said));
        for (name, value) in [("undo", &self.undo), ("wrong", &self.wrong)] {
            if !value.is_empty() {
                address.push_str(&format!("&{name}={}", form_urlencoded(value)));
            }
        }
        address.push_str(&format!("&seal={}", self.sealed_by(secret)));
        if !self.place.is_empty() {
            address.push_str(&format!("#{}", self.place));
        }
        address
    }
}

/// Takes notices out of what is asked for that this session was never told, and seals those that it is told.
pub async fn sealed(mut request: Request<Body>, next: Next) -> Response {
    let session = session_cookie(request.headers()).map(|(_, secret)| secret);
    if let Some(asked) = foreign(request.uri(), session.as_ref()) {
        *request.uri_mut() = asked;
    }
    let mut answer = next.run(request).await;
    let Some(telling) = answer.extensions_mut().remove::<Telling>() else { return answer };
    let to = answer.headers().get(LOCATION).and_then(|to| to.to_str().ok()).map(str::to_owned);
    // An answer that lets somebody in gives them another session than they asked with.
    if let (Some(to), Some(secret)) = (to, given(answer.headers()).or(session))
        && let Ok(address) = HeaderValue::from_str(&telling.address(&to, &secret))
    {
        answer.headers_mut().insert(LOCATION, address);
    }
    answer
}

/// The address without its notice, where that is not one of ours.
fn foreign(uri: &Uri, session: Option<&Secret>) -> Option<Uri> {
    let Query(fields) = Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    fields.iter().find(|(name, _)| OURS.contains(&name.as_str()))?;
    let of = |wanted: &str| {
        let mut values = fields.iter().filter(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
        (values.next().unwrap_or_default().to_owned(), values.next().is_none())
    };
    let ((said, a), (undo, b), (wrong, c), (seal, d)) = (of("said"), of("undo"), of("wrong"), of("seal"));
    let telling = Telling { said, undo, wrong, place: "" };
    let is_ours = session.is_some_and(|secret| Secret::is_same(&telling.sealed_by(secret), &seal));
    if is_ours && a && b && c && d {
        return None;
    }
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    without(path).parse().ok()
}

/// An address of ours without what only we say.
fn without(address: &str) -> String {
    let address = address.split('#').next().unwrap_or_default();
    let Some((path, _)) = address.split_once('?') else { return address.to_owned() };
    let fields =
        address.parse().ok().and_then(|uri: Uri| Query::<Vec<(String, String)>>::try_from_uri(&uri).ok());
    let Some(Query(fields)) = fields else { return path.to_owned() };
    if fields.iter().all(|(name, _)| !OURS.contains(&name.as_str())) {
        return address.to_owned();
    }
    let kept = fields.iter().filter(|(name, _)| !OURS.contains(&name.as_str()));
    let kept: Vec<String> =
        kept.map(|(name, value)| format!("{}={}", form_urlencoded(name), form_urlencoded(value))).collect();
    if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }
}

/// The session that an answer gives.
fn given(headers: &HeaderMap) -> Option<Secret> {
    let lines = headers.get_all(SET_COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut values = lines.filter_map(|line| line.split(';').next()?.split_once('='));
    let (_, value) = values.find(|(name, _)| *name == COOKIE_NAME)?;
    with_firm(value).map(|(_, secret)| secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(address: &str, secret: &Secret) -> String {
        let uri: Uri = address.split('#').next().unwrap().parse().unwrap();
        foreign(&uri, Some(secret)).map_or("as it is".to_owned(), |uri| uri.to_string())
    }

    #[test]
    fn only_what_this_session_was_told_is_said() {
        let (mine, other) = (Secret::new().unwrap(), Secret::new().unwrap());
        let telling = Telling { undo: "0f".into(), ..Telling::of("Done & kept.") };
        let address = telling.address("/today?whose=firm&said=old", &mine);
        assert!(address.starts_with("/today?whose=firm&said=Done%20%26%20kept.&undo=0f&seal="), "{address}");
        assert_eq!(asked(&address, &mine), "as it is");
        assert_eq!(asked(&address, &other), "/today?whose=firm");
        assert_eq!(asked(&address.replace("0f", "1f"), &mine), "/today?whose=firm");
        assert_eq!(asked(&format!("{address}&said=More"), &mine), "/today?whose=firm");
        assert_eq!(asked("/today?%73aid=Call%20me", &mine), "/today");
        assert_eq!(asked("/today?kind=answer", &mine), "as it is");
        let placed = Telling { place: "refused", wrong: "To".into(), ..Telling::of("Not sent.") };
        let address = placed.address("/drafts/1?back=%2Ftoday", &mine);
        assert!(address.ends_with("#refused"), "{address}");
        assert_eq!(asked(&address, &mine), "as it is");
    }
}
