//! Counts of right and wrong, and how sure they make us.

/// Right and wrong answers of a yes-or-no question.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Yes, and it was.
    pub hit: u32,
    /// Yes, but it was not.
    pub false_alarm: u32,
    /// No, but it was.
    pub miss: u32,
    /// No, and it was not.
    pub silent: u32,
}

impl Counts {
    /// Counts one answer.
    pub fn add(&mut self, said: bool, truth: bool) {
        match (said, truth) {
            (true, true) => self.hit += 1,
            (true, false) => self.false_alarm += 1,
            (false, true) => self.miss += 1,
            (false, false) => self.silent += 1,
        }
    }

    /// Of those said, how many were right.
    pub fn precision(&self) -> f64 {
        ratio(self.hit, self.hit + self.false_alarm)
    }

    /// Of those that were, how many were said.
    pub fn recall(&self) -> f64 {
        ratio(self.hit, self.hit + self.miss)
    }

    /// The harmonic mean of precision and recall.
    pub fn f1(&self) -> f64 {
        ratio(2 * self.hit, 2 * self.hit + self.false_alarm + self.miss)
    }

    /// All right answers over all.
    pub fn accuracy(&self) -> f64 {
        ratio(self.hit + self.silent, self.all())
    }

    /// How many answers.
    pub fn all(&self) -> u32 {
        self.hit + self.false_alarm + self.miss + self.silent
    }
}

fn ratio(part: u32, whole: u32) -> f64 {
    if whole == 0 { 0.0 } else { f64::from(part) / f64::from(whole) }
}

/// Wilson's 95 % interval of a share.
pub fn wilson(part: u32, whole: u32) -> (f64, f64) {
    if whole == 0 {
        return (0.0, 1.0);
    }
    let (n, p, z) = (f64::from(whole), ratio(part, whole), 1.96);
    let centre = p + z * z / (2.0 * n);
    let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z * z / n;
    (((centre - half) / scale).max(0.0), ((centre + half) / scale).min(1.0))
}

/// The 95 % interval of F1, from 1,000 resamples of the answers with a fixed seed.
pub fn f1_interval(answers: &[(bool, bool)]) -> (f64, f64) {
    interval(answers, |counts| counts.f1())
}

/// The 95 % interval of any figure of the counts, from 1,000 resamples with a fixed seed.
pub fn interval(answers: &[(bool, bool)], figure: impl Fn(&Counts) -> f64) -> (f64, f64) {
    if answers.is_empty() {
        return (0.0, 1.0);
    }
    let mut random = Random::new(7);
    let mut figures: Vec<f64> = (0..1000)
        .map(|_| {
            let mut counts = Counts::default();
            for _ in 0..answers.len() {
                let (said, truth) = answers[random.below(answers.len())];
                counts.add(said, truth);
            }
            figure(&counts)
        })
        .collect();
    figures.sort_by(f64::total_cmp);
    (figures[25], figures[974])
}

/// Numbers that look random and are the same in every run (SplitMix64).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// Begins a row of numbers.
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// The next number.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`; 0 where `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next_u64() % n.max(1) as u64) as usize
    }

    /// Puts a row into another order.
    pub fn shuffle<T>(&mut self, row: &mut [T]) {
        for i in (1..row.len()).rev() {
            row.swap(i, self.below(i + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_as_in_the_books() {
        let (low, high) = wilson(8, 10);
        assert!((low - 0.4902).abs() < 0.001 && (high - 0.9433).abs() < 0.001, "{low} {high}");
        assert_eq!(wilson(0, 0), (0.0, 1.0));
    }

    #[test]
    fn counts_give_the_usual_figures() {
        let mut counts = Counts::default();
        for (said, truth) in [(true, true), (true, true), (true, false), (false, true), (false, false)] {
            counts.add(said, truth);
        }
        assert!((counts.precision() - 2.0 / 3.0).abs() < 1e-9);
        assert!((counts.recall() - 2.0 / 3.0).abs() < 1e-9);
        assert!((counts.f1() - 2.0 / 3.0).abs() < 1e-9);
        assert!((counts.accuracy() - 0.6).abs() < 1e-9);
    }
}
