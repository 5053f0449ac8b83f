//! The model: one row of weights for each cue, and one for each hashed word, pair and triple.
//!
//! A sentence's score for a label is the bias, plus the weights of its cues, plus the sum of its rows over the root of
//! how many there are. The score becomes a probability by a line fitted on texts that the model had not seen.

use super::cues::{self, Cue};
use super::features::{self, DENSE};
use super::label::Label;
use super::post;
use super::rows::TABLE_BITS;

/// Weights of a row; more than there are labels, so that a row fills 16 bytes.
pub const WIDTH: usize = 16;
/// How many rows the table has.
pub const ROWS: usize = 1 << TABLE_BITS;
/// Features of a whole message.
pub const OF_MESSAGE: usize = 48;
/// What a sentence scores before anything is found in it.
pub const BIAS: f32 = -3.5;

/// How many weights posts have.
pub const OF_POSTS: usize = 1 << post::BITS;

const MAGIC: &[u8; 8] = b"regard\x00\x02";

/// The weights.
#[derive(Clone)]
pub struct Model {
    /// Score of an empty sentence, by label.
    pub bias: [f32; WIDTH],
    /// Weights of cues and signs.
    pub dense: Vec<[f32; WIDTH]>,
    /// Weights of hashed features, in units of `scale`.
    pub table: Vec<[i8; WIDTH]>,
    /// The unit of the table, by label.
    pub scale: [f32; WIDTH],
    /// Slope and offset from score to log odds, by label.
    pub line: [(f32, f32); WIDTH],
    /// Weights of a message's features for needs_reply and for bulk; the last is the bias.
    pub message: [[f32; OF_MESSAGE + 1]; 2],
    /// Whether a post complains.
    pub posts: Posts,
}

/// Weights by which posts are judged.
#[derive(Clone)]
pub struct Posts {
    /// Weights of what the model sees of a post, in units of `unit`.
    pub weights: Vec<i8>,
    /// Their unit; 0 where nothing was learnt.
    pub unit: f32,
    /// Score of an empty post.
    pub bias: f32,
    /// Slope and offset from score to log odds.
    pub line: (f32, f32),
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Model({} rows)", self.table.len())
    }
}

impl Model {
    /// The rules as written by hand, with nothing learnt.
    pub fn by_hand() -> Model {
        let mut dense = vec![[0.0; WIDTH]; DENSE];
        for (number, weights) in dense.iter_mut().enumerate() {
            for label in Label::ALL {
                weights[label as usize] = cues::prior(number, label);
            }
        }
        for &(sign, label, says) in features::SIGNS_SAY {
            dense[Cue::COUNT + sign as usize][label as usize] = says;
        }
        Model {
            bias: [BIAS; WIDTH],
            dense,
            table: vec![[0; WIDTH]; ROWS],
            scale: [0.0; WIDTH],
            line: [(1.0, 0.0); WIDTH],
            message: super::message::by_hand(),
            posts: Posts { weights: vec![0; OF_POSTS], unit: 0.0, bias: 0.0, line: (1.0, 0.0) },
        }
    }

    /// As bytes, for the file of weights. All numbers are little-endian.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        let mut floats = Vec::new();
        floats.extend(self.bias);
        floats.extend(self.scale);
        floats.extend(self.line.iter().flat_map(|l| [l.0, l.1]));
        floats.extend(self.message.iter().flatten());
        floats.extend([self.posts.unit, self.posts.bias, self.posts.line.0, self.posts.line.1]);
        floats.extend(self.dense.iter().flatten());
        for float in floats {
            out.extend(float.to_le_bytes());
        }
        out.extend(self.table.iter().flatten().chain(&self.posts.weights).map(|&w| w as u8));
        out
    }

    /// From the bytes of a file of weights; none where they were written for another set of cues.
    pub fn from_bytes(bytes: &[u8]) -> Option<Model> {
        let mut model = Model::by_hand();
        let rest = bytes.strip_prefix(MAGIC)?;
        let floats = WIDTH * 4 + 2 * (OF_MESSAGE + 1) + 4 + DENSE * WIDTH;
        let (head, table) = rest.split_at_checked(floats * 4)?;
        let (table, posts) = table.split_at_checked(ROWS * WIDTH)?;
        if posts.len() != OF_POSTS {
            return None;
        }
        let (words, _) = head.as_chunks::<4>();
        let mut words = words.iter().map(|&word| f32::from_le_bytes(word));
        let mut next = || words.next().unwrap_or(0.0);
        model.bias = std::array::from_fn(|_| next());
        model.scale = std::array::from_fn(|_| next());
        model.line = std::array::from_fn(|_| (next(), next()));
        model.message = std::array::from_fn(|_| std::array::from_fn(|_| next()));
        model.posts.unit = next();
        model.posts.bias = next();
        model.posts.line = (next(), next());
        model.posts.weights = posts.iter().map(|&byte| byte as i8).collect();
        model.dense.iter_mut().for_each(|row| *row = std::array::from_fn(|_| next()));
        let (rows, _) = table.as_chunks::<WIDTH>();
        for (row, bytes) in model.table.iter_mut().zip(rows) {
            *row = bytes.map(|byte| byte as i8);
        }
        Some(model)
    }
}

/// The scores of one sentence, while they are added up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sum {
    dense: [f32; WIDTH],
    hashed: [i32; WIDTH],
    /// Rows that are not in `hashed` yet: sums of few enough of them fit into half the space.
    small: [i16; WIDTH],
    rows: u32,
}

/// So many rows of one byte each fit into 16 bits.
const FIT: u32 = 256;

impl Sum {
    pub fn new(model: &Model) -> Sum {
        Sum { dense: model.bias, hashed: [0; WIDTH], small: [0; WIDTH], rows: 0 }
    }

    pub fn add_dense(&mut self, weights: &[f32; WIDTH]) {
        for (sum, weight) in self.dense.iter_mut().zip(weights) {
            *sum += weight;
        }
    }

    pub fn add_row(&mut self, weights: &[i8; WIDTH]) {
        for (sum, weight) in self.small.iter_mut().zip(weights) {
            *sum += i16::from(*weight);
        }
        self.rows += 1;
        if self.rows.is_multiple_of(FIT) {
            self.hashed = self.whole();
            self.small = [0; WIDTH];
        }
    }

    /// The sums of all rows.
    fn whole(&self) -> [i32; WIDTH] {
        std::array::from_fn(|l| self.hashed[l] + i32::from(self.small[l]))
    }

    /// The scores, by label.
    pub fn scores(&self, model: &Model) -> [f32; WIDTH] {
        let root = (self.rows.max(1) as f32).sqrt();
        let hashed = self.whole();
        std::array::from_fn(|l| self.dense[l] + hashed[l] as f32 * model.scale[l] / root)
    }

    /// What the hashed features say, by label.
    pub fn hashed(&self, model: &Model) -> [f32; WIDTH] {
        let root = (self.rows.max(1) as f32).sqrt();
        let hashed = self.whole();
        std::array::from_fn(|l| hashed[l] as f32 * model.scale[l] / root)
    }

    /// Adds what another sentence's rows say.
    pub fn add_rows_of(&mut self, other: &Sum) {
        self.hashed = self.whole();
        self.small = [0; WIDTH];
        for (sum, more) in self.hashed.iter_mut().zip(other.whole()) {
            *sum += more;
        }
        self.rows += other.rows;
    }
}

/// Acts that few messages do, and those that do mostly do once. Thanks are not among them: who thanks, thanks at length.
const RARE: [Label; 5] = [Label::Chase, Label::Complaint, Label::Departure, Label::Comment, Label::Excuse];

/// By how much the score falls where the letter is e times as long.
const DILUTION: f32 = 0.8;

/// Up to so many sentences a text is short. Whoever complains in few words does nothing else in them.
const IN_SHORT: usize = 3;

/// Of a long letter any one sentence is less likely the one that does a rare act: takes the scores down.
pub fn in_letter(scores: &mut [f32; WIDTH], sentences: usize) {
    let down = DILUTION * (sentences.max(1) as f32).ln();
    for label in RARE {
        scores[label as usize] -= down;
    }
    scores[Label::Complaint as usize] += down.min(DILUTION * (IN_SHORT as f32).ln());
}

/// From log odds to a probability.
pub fn logistic(score: f32) -> f32 {
    1.0 / (1.0 + (-score).exp())
}

/// From a probability to log odds, none of them beyond all doubt.
pub(super) fn log_odds(p: f32) -> f32 {
    let p = p.clamp(0.001, 0.999);
    (p / (1.0 - p)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_survive_their_file() {
        let mut model = Model::by_hand();
        model.posts = Posts { weights: vec![3; OF_POSTS], unit: 0.5, bias: -1.0, line: (2.0, 0.25) };
        model.posts.weights[OF_POSTS - 1] = -7;
        model.table[ROWS - 1][WIDTH - 1] = -9;
        let read = Model::from_bytes(&model.to_bytes()).expect("read again");
        assert_eq!((read.dense, read.table, read.message), (model.dense, model.table, model.message));
        let (read, posts) = (read.posts, model.posts);
        assert_eq!(
            (read.weights, read.unit, read.bias, read.line),
            (posts.weights, posts.unit, posts.bias, posts.line)
        );
    }
}
