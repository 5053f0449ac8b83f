use super::fingerprint::Fingerprint;
use super::model::{Block, BlockKind, Quoted};
#[derive(Default)]
pub(super) struct Cut {
    pub(super) new_text: String,
    pub(super) blocks: Vec<Block>,
    pub(super) quoted: Vec<Quoted>,
    pub(super) fingerprint: Fingerprint,
}
pub(super) fn cut(text: &str) -> Cut {
    Cut {
        new_text: text.to_owned(),
        blocks: vec![Block { kind: BlockKind::New, start: 0, end: text.len() }],
        quoted: Vec::new(),
        fingerprint: Fingerprint::of(text),
    }
}
