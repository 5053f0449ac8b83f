//! Looks at what somebody wants to subscribe to, to see whether it can be.

use futures_util::FutureExt;
use wire::dav::Dav;
use wire::http::{Client, Question};
use wire::net::{Limits, Secret, Trouble};

use super::{Folder, Subscription, signed_in};
use crate::error::Error;
use crate::mailboxes::failure::Failure;
use crate::mailboxes::oauth::renew::Signer;

/// Reads a feed, or lists the folders of an account.
pub async fn look(of: &Subscription, secret: &Secret, limits: Limits) -> Result<Vec<Folder>, Failure> {
    let client = of.client(secret, limits)?;
    let address = of.address(secret)?;
    let folders = match of.kind.dav() {
        None => feed(&client, &address).await.map(|()| Vec::new())?,
        Some(kind) => folders(Dav { client, kind }, &address).await?,
    };
    if folders.is_empty() && of.kind.dav().is_some() {
        return Err(Error::invalid(address.shown(), "was reached, but holds none for this name").into());
    }
    Ok(folders)
}

/// The same for one that is followed, with what signs in to it at this moment.
pub async fn look_again(signer: &Signer<'_>, of: &Subscription) -> Result<Vec<Folder>, Failure> {
    let limits = *signer.limits;
    signed_in(signer, of, |secret| async move { look(of, &secret, limits).await }.boxed()).await
}

/// Refuses a calendar or an address book into which whoever signs in may not write.
pub async fn may_be_written(signer: &Signer<'_>, of: &Subscription, folder: &Folder) -> Result<(), Failure> {
    let kind =
        of.kind.dav().ok_or_else(|| Error::invalid(&of.name, "is no account into which is written"))?;
    let address = wire::http::Address::parse(&folder.path);
    let address = address.map_err(|words| Error::invalid(&folder.name, words))?;
    let (limits, address) = (*signer.limits, &address);
    let collection = |secret: Secret| {
        async move {
            let dav = Dav { client: of.client(&secret, limits)?, kind };
            Ok(dav.collection(address).await?)
        }
        .boxed()
    };
    let found = signed_in(signer, of, collection).await?;
    match found.may_write {
        true => Ok(()),
        false => Err(Error::invalid(&folder.name, "may be read with that name, and not written into").into()),
    }
}

async fn feed(client: &Client, address: &wire::http::Address) -> std::result::Result<(), Trouble> {
    let question = Question { method: "GET", address, headers: &[], body: None };
    let answer = client.ask(&question).await?;
    if answer.status != 200 {
        return Err(answer.trouble("to give the calendar"));
    }
    let begins = String::from_utf8_lossy(&answer.body[..answer.body.len().min(1000)]).to_ascii_uppercase();
    match begins.contains("BEGIN:VCALENDAR") {
        true => Ok(()),
        false => Err(Trouble::Broke("what it gives is no calendar (iCalendar)".to_owned())),
    }
}

/// The folders of an account; all are chosen until somebody says otherwise.
pub(super) async fn folders(
    dav: Dav,
    address: &wire::http::Address,
) -> std::result::Result<Vec<Folder>, Trouble> {
    let found = dav.discover(address).await?;
    let folder = |one: wire::dav::Collection| Folder {
        path: one.address.reveal().to_owned(),
        name: one.name,
        chosen: true,
        token: None,
    };
    Ok(found.into_iter().map(folder).collect())
}
