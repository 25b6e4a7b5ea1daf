//! Counts judgements: precision, recall and F1, strict and lenient; evidence; confidence by bands and by rules.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Evaluation, Judgement};

/// Counts of one row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Found and equal to what was wanted.
    pub right: usize,
    /// Found and overlapping with what was wanted, or equal.
    pub near: usize,
    /// Found.
    pub found: usize,
    /// Wanted: the support.
    pub wanted: usize,
}

/// Precision, recall and F1 of one row, each 0 to 1; 1 where there was nothing to find and nothing was found.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Scores {
    /// Of what was found, how much is right.
    pub precision: f64,
    /// Of what was wanted, how much was found.
    pub recall: f64,
    /// Harmonic mean of both.
    pub f1: f64,
}

impl Count {
    /// Adds one judgement.
    pub fn add(&mut self, j: &Judgement) {
        self.right += usize::from(j.strict);
        self.near += usize::from(j.lenient);
        self.found += usize::from(j.got.is_some());
        self.wanted += usize::from(j.want.is_some());
    }

    /// The sum of both.
    pub fn plus(self, o: Count) -> Count {
        Count {
            right: self.right + o.right,
            near: self.near + o.near,
            found: self.found + o.found,
            wanted: self.wanted + o.wanted,
        }
    }

    /// By equality.
    pub fn strict(self) -> Scores {
        scores(self.right, self.found, self.wanted)
    }

    /// By overlap.
    pub fn lenient(self) -> Scores {
        scores(self.near, self.found, self.wanted)
    }
}

fn scores(right: usize, found: usize, wanted: usize) -> Scores {
    let share = |of: usize| if of == 0 { 1.0 } else { right as f64 / of as f64 };
    let both = found + wanted;
    Scores {
        precision: share(found),
        recall: share(wanted),
        f1: if both == 0 { 1.0 } else { 2.0 * right as f64 / both as f64 },
    }
}

/// Lower bounds of the bands of confidence, highest first.
pub const BANDS: [f64; 3] = [0.9, 0.7, 0.0];

/// Found values of one band of confidence, or of one rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Trust {
    /// Found values.
    pub values: usize,
    /// Of them right.
    pub right: usize,
    /// Sum of their confidences.
    pub claimed: f64,
}

impl Trust {
    fn add(&mut self, confidence: f64, right: bool) {
        self.values += 1;
        self.right += usize::from(right);
        self.claimed += confidence;
    }

    /// Share of right values; none without values.
    pub fn share(self) -> Option<f64> {
        (self.values > 0).then(|| self.right as f64 / self.values as f64)
    }

    /// Mean of the confidences; none without values.
    pub fn mean(self) -> Option<f64> {
        (self.values > 0).then(|| self.claimed / self.values as f64)
    }
}

/// The band of a confidence, by its place in [`BANDS`].
pub fn band(confidence: f64) -> usize {
    // Confidences are kept in 32 bits: 0.9 must not fall under 0.9.
    BANDS.iter().position(|b| confidence + 1e-6 >= *b).unwrap_or(BANDS.len() - 1)
}

impl Evaluation {
    /// The found values by band of confidence, in the order of [`BANDS`].
    pub fn calibration(&self) -> [Trust; BANDS.len()] {
        let mut bands = [Trust::default(); BANDS.len()];
        for j in &self.judgements {
            if let (Some(c), Some(_)) = (j.confidence, &j.got)
                && let Some(b) = bands.get_mut(band(c))
            {
                b.add(c, j.strict);
            }
        }
        bands
    }

    /// The found values by the rule that read them.
    pub fn rules(&self) -> BTreeMap<String, Trust> {
        let mut rules: BTreeMap<String, Trust> = BTreeMap::new();
        for j in &self.judgements {
            if let (Some(rule), Some(c), Some(_)) = (&j.rule, j.confidence, &j.got) {
                rules.entry(rule.clone()).or_default().add(c, j.strict);
            }
        }
        rules
    }

    /// The rules as the vocabulary's `confidence.json` has them, a line for each.
    pub fn measured_text(&self) -> String {
        let line =
            |(rule, t): (String, Trust)| format!("  {rule:?}: {{\"values\": {}, \"right\": {}}}", t.values, t.right);
        let lines: Vec<String> = self.rules().into_iter().map(line).collect();
        format!("{{\n \"rules\": {{\n{}\n }}\n}}\n", lines.join(",\n"))
    }

    /// Found values whose quote can be searched for them, and those of them that it shows.
    pub fn held(&self) -> (usize, usize) {
        let held: Vec<bool> = self.judgements.iter().filter_map(|j| j.held).collect();
        (held.len(), held.iter().filter(|h| **h).count())
    }

    /// Found values whose place the label says, and those of them whose evidence lies there.
    pub fn placed(&self) -> (usize, usize) {
        let placed: Vec<bool> = self.judgements.iter().filter_map(|j| j.placed).collect();
        (placed.len(), placed.iter().filter(|p| **p).count())
    }

    /// All rows together.
    pub fn total(&self) -> Count {
        let mut total = Count::default();
        self.judgements.iter().for_each(|j| total.add(j));
        total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_wanted_and_nothing_found_is_right_and_an_invention_is_not() {
        assert_eq!(Count::default().strict(), Scores { precision: 1.0, recall: 1.0, f1: 1.0 });
        let invented = Count { found: 1, ..Count::default() }.strict();
        assert_eq!((invented.precision, invented.recall, invented.f1), (0.0, 1.0, 0.0));
        let half = Count { right: 1, near: 2, found: 2, wanted: 2 };
        assert_eq!((half.strict().f1, half.lenient().f1), (0.5, 1.0));
    }

    #[test]
    fn bands_hold_their_lower_bounds_also_in_32_bits() {
        assert_eq!([1.0, f64::from(0.9f32), 0.89, f64::from(0.7f32), 0.1].map(band), [0, 0, 1, 1, 2]);
    }
}
