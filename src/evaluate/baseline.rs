//! Defines the baseline: how every field of a set did when it was last agreed on, so that a fall is seen.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Evaluation;
use super::tally::Count;

/// A fall of F1 that is no fall yet, beside one value.
const NOISE: f64 = 0.01;

/// Counts of a row as kept: right, found, wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept(pub usize, pub usize, pub usize);

impl Kept {
    fn f1(self) -> f64 {
        Count { right: self.0, near: self.0, found: self.1, wanted: self.2 }.strict().f1
    }
}

/// By set, then by field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Baseline(pub BTreeMap<String, BTreeMap<String, Kept>>);

impl Baseline {
    /// Keeps how a set does now.
    pub fn keep(&mut self, set: &str, evaluation: &Evaluation) {
        let rows = evaluation.rows(|_| true).into_iter();
        let kept = rows.map(|(field, c)| (field, Kept(c.right, c.found, c.wanted))).collect();
        self.0.insert(set.to_string(), kept);
    }

    /// As JSON, a line for each field, so that a change can be read.
    pub fn to_text(&self) -> String {
        let sets = self.0.iter().map(|(set, rows)| {
            let rows: Vec<String> = rows.iter().map(|(f, k)| format!("  {f:?}: [{}, {}, {}]", k.0, k.1, k.2)).collect();
            format!(" {set:?}: {{\n{}\n }}", rows.join(",\n"))
        });
        format!("{{\n{}\n}}\n", sets.collect::<Vec<_>>().join(",\n"))
    }

    /// The fields of a set that fell by more than noise: by more than 0.01 and one value. Each line says how far.
    pub fn falls(&self, set: &str, evaluation: &Evaluation) -> Vec<String> {
        let Some(kept) = self.0.get(set) else { return vec![format!("{set}: is not in the baseline")] };
        let now: BTreeMap<String, Count> = evaluation.rows(|_| true).into_iter().collect();
        let mut falls = Vec::new();
        for (field, before) in kept {
            let count = now.get(field).copied().unwrap_or_default();
            if count.wanted == 0 && count.found == 0 && before.2 > 0 {
                falls.push(format!("{set}: {field}: is no longer judged, {} values were", before.2));
                continue;
            }
            let f1 = count.strict().f1;
            let one = 1.0 / count.wanted.max(count.found).max(1) as f64;
            if f1 < before.f1() - NOISE - one {
                falls.push(format!("{set}: {field}: F1 fell from {:.3} to {f1:.3}", before.f1()));
            }
        }
        falls
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::{Judgement, empty};

    fn evaluation(right: usize, wrong: usize) -> Evaluation {
        let one = |strict: bool| Judgement {
            field: "dnr".into(),
            want: Some("1".into()),
            got: Some("1".into()),
            strict,
            lenient: strict,
            ..empty()
        };
        let judgements = (0..right).map(|_| one(true)).chain((0..wrong).map(|_| one(false))).collect();
        Evaluation { judgements, ..Evaluation::default() }
    }

    #[test]
    fn one_value_is_noise_and_more_is_a_fall() {
        let mut baseline = Baseline::default();
        baseline.keep("set", &evaluation(40, 0));
        assert!(baseline.falls("set", &evaluation(39, 1)).is_empty());
        assert_eq!(baseline.falls("set", &evaluation(37, 3)), ["set: dnr: F1 fell from 1.000 to 0.925"]);
        assert_eq!(baseline.falls("set", &Evaluation::default()), ["set: dnr: is no longer judged, 40 values were"]);
        assert_eq!(baseline.falls("other", &evaluation(1, 0)), ["other: is not in the baseline"]);
        assert_eq!(serde_json::from_str::<Baseline>(&baseline.to_text()).unwrap(), baseline);
    }
}
