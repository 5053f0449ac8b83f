//! Files that go with a letter: kept once under their hash, in all not larger than mail servers take.

use super::{find, store};
use crate::app::Handles;
use crate::board::Asker;
use crate::db::{Durability, Tx};
use crate::error::{Error, Result};
use crate::ids::{DraftId, FirmId};
use crate::outbox::compose::media_of;
use crate::record::raw;
use crate::report::words::grouped;
use crate::text::line;
use wire::smtp::Attachment;

/// All files of a letter together. Servers commonly take messages of 25 MB, and files grow by a third on their way.
pub const MOST: u64 = 18_000_000;
/// So many files go with one letter.
const MANY: usize = 40;

/// A file that was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedIn {
    /// Its name, as it was told.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Attaches files; all of them, or none.
pub async fn attach(app: &Handles, asker: &Asker, id: DraftId, files: Vec<HandedIn>) -> Result<()> {
    asker.may_act()?;
    let mut tx = app.db.write(Durability::Act).await?;
    let draft = find(&mut tx, asker, id).await?;
    if draft.outgoing.is_some() {
        return Err(Error::unfit("is on its way; take it back first"));
    }
    attach_in(&mut tx, asker.firm, id, files).await?;
    tx.commit().await
}

pub(super) async fn attach_in(tx: &mut Tx, firm: FirmId, draft: DraftId, files: Vec<HandedIn>) -> Result<()> {
    let there = store::files(tx, firm, draft).await?;
    let size = there.iter().map(|file| file.size).sum::<u64>()
        + files.iter().map(|file| file.bytes.len() as u64).sum::<u64>();
    if MOST < size {
        let words = format!(
            "come to {} MB together; mail servers take about {} MB. Send a part of them apart",
            grouped(size.div_ceil(1_000_000)),
            MOST / 1_000_000
        );
        return Err(Error::invalid("the files", words));
    }
    if MANY < there.len() + files.len() {
        return Err(Error::invalid("the files", format!("are more than {MANY}; pack them into one")));
    }
    for (n, file) in files.into_iter().enumerate() {
        let name = safe_name(&file.name, there.len() + n);
        store::add_file(tx, firm, draft, &name, media_of(&name), &raw::pack(&file.bytes)?).await?;
    }
    Ok(())
}

/// Takes a file away again.
pub async fn detach(app: &Handles, asker: &Asker, id: DraftId, file: i64) -> Result<()> {
    asker.may_act()?;
    let mut tx = app.db.write(Durability::Act).await?;
    find(&mut tx, asker, id).await?;
    store::remove_file(&mut tx, asker.firm, id, file).await?;
    tx.commit().await
}

/// The files of a draft as they go with a message.
pub(super) async fn attachments(tx: &mut Tx, firm: FirmId, draft: DraftId) -> Result<Vec<Attachment>> {
    let mut all = Vec::new();
    for file in store::files(tx, firm, draft).await? {
        let bytes = store::bytes(tx, firm, &file.hash).await?;
        all.push(Attachment { name: file.name, media: file.media, bytes });
    }
    Ok(all)
}

/// A name without folders and without what would hide it.
fn safe_name(told: &str, place: usize) -> String {
    let name = told.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().take(120).collect();
    let name = line("the name", &name, 120).unwrap_or_default();
    let name = name.trim_start_matches('.').trim();
    if name.is_empty() { format!("file-{}", place + 1) } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_into_no_folder_and_hide_nothing() {
        assert_eq!(safe_name("../../etc/passwd", 0), "passwd");
        assert_eq!(safe_name("C:\\Users\\jo\\lease.pdf", 0), "lease.pdf");
        assert_eq!(safe_name(".profile", 0), "profile");
        assert_eq!(safe_name("lease\u{202e}fdp.exe", 0), "leasefdp.exe");
        assert_eq!(safe_name("///", 4), "file-5");
    }
}
