//! Threads: which messages belong together, and which one answers which, also where headers were stripped.
//!
//! Three kinds of link join two messages: their headers (References, In-Reply-To, also through a parent that is
//! missing); a quote in one whose first words are those of the other, with a person in common; and, for an answer
//! without any threading header, the same subject with a person in common at most 30 days apart. Each link depends on
//! the two messages alone, so the threads are the same in whatever order messages arrive, and only ever merge.

mod answers;
mod facts;
mod table;
#[cfg(test)]
mod tests;

use care::ids::NaturalKey;

pub use facts::Facts;

use crate::letter::Fingerprint;
use table::{NONE, Table};

/// An answer by subject comes within this time of what it answers.
const SUBJECT_SECONDS: u32 = 30 * 86_400;
/// An answer that quotes comes within this time of what it quotes.
const QUOTE_SECONDS: u32 = 800 * 86_400;
/// Clocks are wrong by up to this: an answer may seem older than what it quotes.
const CLOCK_SECONDS: u32 = 2 * 86_400;

/// All threads of a firm's mail. Messages are added one by one, in any order.
#[derive(Default)]
pub struct Threads {
    /// Every Message-ID that was seen or named, and every message without one.
    nodes: Vec<Node>,
    posts: Vec<Post>,
    quotes: Vec<Quote>,
    /// For each post its people, then the nodes it refers to, nearest first.
    lists: Vec<u32>,
    by_hash: Table,
    by_fingerprint: Table,
    by_quote: Table,
    by_subject: Table,
    /// Threads that became part of another since [`Threads::take_merged`] was last asked.
    merged: Vec<u64>,
}

/// A message or a gap where one is missing.
struct Node {
    hash: u64,
    /// The node above it in its tree; itself at the root, which has the least hash of the thread.
    up: u32,
    /// The message, once it is here.
    post: u32,
}

struct Post {
    node: u32,
    /// 32 bits of the base subject's hash; people and time are compared as well, so more would be waste.
    subject: u32,
    fingerprint: u64,
    /// Seconds since 1970; 0 where unknown.
    sent: u32,
    from: u32,
    same_fingerprint: u32,
    same_subject: u32,
    list: u32,
    people: u8,
    parents: u8,
    quotes: u8,
    flags: u8,
    first_quote: u32,
}

struct Quote {
    fingerprint: u64,
    post: u32,
    next: u32,
}

const IS_REPLY: u8 = 1;
const HAS_HEADERS: u8 = 2;

impl Threads {
    /// No messages.
    pub fn new() -> Threads {
        Threads::default()
    }

    /// How many messages were added.
    pub fn len(&self) -> usize {
        self.posts.len()
    }

    /// Whether none was added.
    pub fn is_empty(&self) -> bool {
        self.posts.is_empty()
    }

    /// Adds a message. One that is already here changes nothing.
    pub fn add(&mut self, facts: &Facts) {
        let node = self.node(facts.key.0);
        if self.nodes[node as usize].post != NONE {
            return;
        }
        let index = self.posts.len() as u32;
        self.nodes[node as usize].post = index;
        let post = self.post(node, facts);
        self.posts.push(post);
        self.link_headers(index);
        self.link_quoters(index);
        self.link_quoted(index, &facts.quoted);
        self.link_subject(index);
    }

    /// The thread of a message: the same number for all its messages, whatever the order of arrival, until threads
    /// merge. None where the message was never added.
    pub fn thread(&self, key: NaturalKey) -> Option<u64> {
        let node = self.find_node(key.0)?;
        (self.nodes[node as usize].post != NONE).then(|| self.nodes[self.root(node) as usize].hash)
    }

    /// The threads that became part of another since this was last asked: messages that are stored under these numbers
    /// have others now.
    pub fn take_merged(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.merged)
    }

    /// All messages with their threads, in order of arrival.
    pub fn all(&self) -> impl Iterator<Item = (NaturalKey, u64)> + '_ {
        self.posts.iter().map(|post| {
            let key = NaturalKey(self.nodes[post.node as usize].hash);
            (key, self.nodes[self.root(post.node) as usize].hash)
        })
    }

    /// Bytes held, about.
    pub fn bytes(&self) -> usize {
        self.nodes.capacity() * size_of::<Node>()
            + self.merged.capacity() * 8
            + self.posts.capacity() * size_of::<Post>()
            + self.quotes.capacity() * size_of::<Quote>()
            + self.lists.capacity() * 4
            + [&self.by_hash, &self.by_fingerprint, &self.by_quote, &self.by_subject]
                .iter()
                .map(|t| t.bytes())
                .sum::<usize>()
    }

    fn post(&mut self, node: u32, facts: &Facts) -> Post {
        let list = self.lists.len() as u32;
        let people = &facts.people[..facts.people.len().min(100)];
        self.lists.extend(people.iter().map(|p| p.0));
        let parents = facts.parents.len().min(12);
        for &parent in &facts.parents[..parents] {
            let parent = self.node(parent);
            self.lists.push(parent);
        }
        // The root of a long chain ties the thread together even where all between is missing.
        let mut named = parents as u8;
        if parents < facts.parents.len()
            && let Some(&root) = facts.parents.last()
        {
            let root = self.node(root);
            self.lists.push(root);
            named += 1;
        }
        let headers = if facts.parents.is_empty() { 0 } else { HAS_HEADERS };
        Post {
            node,
            subject: if facts.automatic { 0 } else { (facts.subject ^ (facts.subject >> 32)) as u32 },
            fingerprint: facts.fingerprint.value(),
            sent: facts.sent.map_or(0, |at| u32::try_from(at.as_second()).unwrap_or(0)),
            from: facts.from.map_or(NONE, |from| from.0),
            same_fingerprint: NONE,
            same_subject: NONE,
            list,
            people: people.len() as u8,
            parents: named,
            quotes: 0,
            flags: headers | if facts.is_reply { IS_REPLY } else { 0 },
            first_quote: self.quotes.len() as u32,
        }
    }

    fn link_headers(&mut self, index: u32) {
        let node = self.posts[index as usize].node;
        for at in 0..self.posts[index as usize].parents {
            let parent = self.parent(index, at);
            self.union(node, parent);
        }
    }

    /// Joins the message with those that quote it.
    fn link_quoters(&mut self, index: u32) {
        let fingerprint = self.posts[index as usize].fingerprint;
        if fingerprint == 0 {
            return;
        }
        let posts = &self.posts;
        let head = self.by_fingerprint.replace(
            fingerprint,
            index,
            |i| posts[i as usize].fingerprint == fingerprint,
            |i| posts[i as usize].fingerprint,
        );
        self.posts[index as usize].same_fingerprint = head;
        let quotes = &self.quotes;
        let mut at = self.by_quote.get(fingerprint, |i| quotes[i as usize].fingerprint == fingerprint);
        while let Some(quote) = self.quotes.get(at as usize) {
            let (quoter, next) = (quote.post, quote.next);
            if self.quotes_link(index, quoter) {
                self.union(self.posts[index as usize].node, self.posts[quoter as usize].node);
            }
            at = next;
        }
    }

    /// Joins the message with those that it quotes.
    fn link_quoted(&mut self, index: u32, quoted: &[Fingerprint]) {
        for fingerprint in quoted.iter().filter(|f| !f.is_none()).take(20) {
            let fingerprint = fingerprint.value();
            let quote = self.quotes.len() as u32;
            let quotes = &self.quotes;
            let next = self.by_quote.replace(
                fingerprint,
                quote,
                |i| quotes[i as usize].fingerprint == fingerprint,
                |i| quotes[i as usize].fingerprint,
            );
            self.quotes.push(Quote { fingerprint, post: index, next });
            self.posts[index as usize].quotes += 1;
            let mut at = self.first_with(fingerprint);
            while let Some(post) = self.posts.get(at as usize) {
                let next = post.same_fingerprint;
                if self.quotes_link(at, index) {
                    self.union(self.posts[at as usize].node, self.posts[index as usize].node);
                }
                at = next;
            }
        }
    }

    /// Joins the message with others of its subject, months apart at most one.
    fn link_subject(&mut self, index: u32) {
        let post = &self.posts[index as usize];
        let (subject, sent) = (post.subject, post.sent);
        if subject == 0 || sent == 0 {
            return;
        }
        let month = sent / SUBJECT_SECONDS;
        let posts = &self.posts;
        let bucket = bucket(subject, month);
        let head = self.by_subject.replace(
            bucket,
            index,
            |i| posts[i as usize].bucket() == bucket,
            |i| posts[i as usize].bucket(),
        );
        self.posts[index as usize].same_subject = head;
        for month in month.saturating_sub(1)..=month + 1 {
            let mut at = self.first_of(subject, month);
            while let Some(other) = self.posts.get(at as usize) {
                let next = other.same_subject;
                if self.subject_links(index, at) {
                    self.union(self.posts[index as usize].node, self.posts[at as usize].node);
                }
                at = next;
            }
        }
    }

    fn first_with(&self, fingerprint: u64) -> u32 {
        self.by_fingerprint.get(fingerprint, |i| self.posts[i as usize].fingerprint == fingerprint)
    }

    fn first_of(&self, subject: u32, month: u32) -> u32 {
        let bucket = bucket(subject, month);
        self.by_subject.get(bucket, |i| self.posts[i as usize].bucket() == bucket)
    }

    /// Whether the quote in `quoter` can be of `original`: a person in common, and not long after.
    fn quotes_link(&self, original: u32, quoter: u32) -> bool {
        if original == quoter {
            return false;
        }
        let (o, q) = (&self.posts[original as usize], &self.posts[quoter as usize]);
        let in_time = o.sent == 0
            || q.sent == 0
            || (o.sent <= q.sent.saturating_add(CLOCK_SECONDS)
                && q.sent <= o.sent.saturating_add(QUOTE_SECONDS));
        in_time && self.share_person(o, q)
    }

    /// Whether two messages of one subject belong together: one of them is an answer that no header ties to anything.
    fn subject_links(&self, a: u32, b: u32) -> bool {
        let (a, b) = (&self.posts[a as usize], &self.posts[b as usize]);
        let ties = |post: &Post| post.flags & (IS_REPLY | HAS_HEADERS) == IS_REPLY;
        a.subject == b.subject
            && (ties(a) || ties(b))
            && b.sent.abs_diff(a.sent) <= SUBJECT_SECONDS
            && self.share_person(a, b)
    }

    fn share_person(&self, a: &Post, b: &Post) -> bool {
        let (a, b) = (self.people(a), self.people(b));
        a.iter().any(|person| b.contains(person))
    }

    fn people(&self, post: &Post) -> &[u32] {
        let start = post.list as usize;
        &self.lists[start..start + usize::from(post.people)]
    }

    fn parent(&self, index: u32, at: u8) -> u32 {
        let post = &self.posts[index as usize];
        self.lists[post.list as usize + usize::from(post.people) + usize::from(at)]
    }

    /// The node of a hash, made where it is new.
    fn node(&mut self, hash: u64) -> u32 {
        if let Some(node) = self.find_node(hash) {
            return node;
        }
        let node = self.nodes.len() as u32;
        self.nodes.push(Node { hash, up: node, post: NONE });
        let nodes = &self.nodes;
        self.by_hash.replace(hash, node, |_| false, |i| nodes[i as usize].hash);
        node
    }

    fn find_node(&self, hash: u64) -> Option<u32> {
        let node = self.by_hash.get(hash, |i| self.nodes[i as usize].hash == hash);
        (node != NONE).then_some(node)
    }

    fn root(&self, mut node: u32) -> u32 {
        while self.nodes[node as usize].up != node {
            node = self.nodes[node as usize].up;
        }
        node
    }

    fn union(&mut self, a: u32, b: u32) {
        let (a, b) = (self.short_root(a), self.short_root(b));
        if a == b {
            return;
        }
        let (least, other) =
            if self.nodes[a as usize].hash < self.nodes[b as usize].hash { (a, b) } else { (b, a) };
        self.nodes[other as usize].up = least;
        self.merged.push(self.nodes[other as usize].hash);
    }

    /// The root, halving the way to it for the next time.
    fn short_root(&mut self, mut node: u32) -> u32 {
        loop {
            let up = self.nodes[node as usize].up;
            if up == node {
                return node;
            }
            let above = self.nodes[up as usize].up;
            self.nodes[node as usize].up = above;
            node = above;
        }
    }
}

impl Post {
    fn bucket(&self) -> u64 {
        bucket(self.subject, self.sent / SUBJECT_SECONDS)
    }
}

fn bucket(subject: u32, month: u32) -> u64 {
    // Mixed so that both halves of the hash tell subjects and months apart.
    let mixed = (u64::from(subject) << 32 | u64::from(month)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ (mixed >> 32)
}
