//! Which message a message answers.

use care::ids::NaturalKey;

use super::{CLOCK_SECONDS, HAS_HEADERS, IS_REPLY, Post, SUBJECT_SECONDS, Threads};

impl Threads {
    /// The message that this one answers or passes on, among those added: as its headers say; else the nearest that
    /// it quotes; else, for an answer without threading headers, the latest earlier one of its subject that was
    /// written by somebody it is sent to.
    pub fn answers(&self, key: NaturalKey) -> Option<NaturalKey> {
        let node = self.find_node(key.0)?;
        let index = self.nodes[node as usize].post;
        let post = self.posts.get(index as usize)?;
        let found = self
            .named(index, post)
            .or_else(|| self.quoted(index, post))
            .or_else(|| self.same_subject(index, post))?;
        Some(NaturalKey(self.nodes[self.posts[found as usize].node as usize].hash))
    }

    fn named(&self, index: u32, post: &Post) -> Option<u32> {
        let mut parents = (0..post.parents).map(|at| self.nodes[self.parent(index, at) as usize].post);
        parents.find(|parent| (*parent as usize) < self.posts.len() && *parent != index)
    }

    /// Of several messages with the same first words, the latest before this one; a wrong clock may put it after.
    fn quoted(&self, index: u32, post: &Post) -> Option<u32> {
        let first = post.first_quote as usize;
        let quotes = &self.quotes[first..first + usize::from(post.quotes)];
        quotes.iter().find_map(|quote| {
            let mut best = None;
            let mut at = self.first_with(quote.fingerprint);
            while let Some(original) = self.posts.get(at as usize) {
                if self.quotes_link(at, index) {
                    best = best.max(Some((self.nearness(original, post), at)));
                }
                at = original.same_fingerprint;
            }
            best.map(|(_, at)| at)
        })
    }

    /// Greater is nearer: earlier messages by how late they are, then later ones by how early.
    fn nearness(&self, original: &Post, post: &Post) -> (bool, u32, u64) {
        let hash = self.nodes[original.node as usize].hash;
        if original.sent <= post.sent {
            return (true, original.sent, hash);
        }
        (false, CLOCK_SECONDS.saturating_sub(original.sent - post.sent), hash)
    }

    fn same_subject(&self, index: u32, post: &Post) -> Option<u32> {
        if post.flags & (IS_REPLY | HAS_HEADERS) != IS_REPLY || post.subject == 0 || post.sent == 0 {
            return None;
        }
        let month = post.sent / SUBJECT_SECONDS;
        let mut best = None;
        for month in month.saturating_sub(1)..=month {
            let mut at = self.first_of(post.subject, month);
            while let Some(other) = self.posts.get(at as usize) {
                let earlier =
                    at != index && other.sent < post.sent && post.sent - other.sent <= SUBJECT_SECONDS;
                if earlier
                    && other.subject == post.subject
                    && other.from != post.from
                    && self.share_person(other, post)
                {
                    let is_to_writer = self.people(post).contains(&other.from);
                    let hash = self.nodes[other.node as usize].hash;
                    best = best.max(Some(((is_to_writer, other.sent, hash), at)));
                }
                at = other.same_subject;
            }
        }
        best.map(|(_, at)| at)
    }
}
