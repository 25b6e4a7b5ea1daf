//! Holds what was decided beside what was proposed, point by point.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::case::{Fate, Outcome, Step, StepRole};
use super::mention::{DecisionMention, Proof};
use super::name::org_key;
use crate::base::PartialDate;
use crate::lexicon::Lexicon;
use crate::parse::record::Status;

/// Words that say nothing of what is decided: who decides.
#[derive(Debug)]
pub struct Words {
    actors: BTreeSet<String>,
    as_proposed: Vec<String>,
}

/// Fewest shared words, as a share of all, of two points that are about the same.
const ALIKE: f64 = 0.5;

/// Actions of procedure: they are no part of a proposal.
const PROCEDURE: [&str; 3] = ["immediate_adjustment", "adjourn", "elect"];

impl Words {
    /// Those of a vocabulary.
    pub fn of(lex: &Lexicon) -> Self {
        let actors =
            lex.actions.actors.iter().flat_map(|a| org_key(a).split(' ').map(str::to_string).collect::<Vec<_>>());
        let small = ["att", "beslutar", "dels", "samt", "och"].map(str::to_string);
        let as_proposed = lex.actions.as_proposed.iter().map(|p| org_key(p)).collect();
        Words { actors: actors.chain(small).collect(), as_proposed }
    }

    fn content(&self, text: &str) -> Vec<String> {
        let key = org_key(text);
        key.split(' ').filter(|w| !self.actors.contains(*w) && !w.is_empty()).map(str::to_string).collect()
    }

    fn says_as_proposed(&self, text: &str) -> bool {
        let key = org_key(text);
        self.as_proposed.iter().any(|p| key.contains(p.as_str()))
    }
}

/// What became of one point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Decided as proposed.
    Same,
    /// Decided, with other words or figures.
    Changed,
    /// Decided without having been proposed.
    Added,
    /// Proposed and not decided.
    LeftOut,
}

/// A point proposed, decided, or both.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Point {
    /// What became of it.
    pub verdict: Verdict,
    /// As proposed.
    #[serde(serialize_with = "shared_maybe")]
    pub proposed: Option<Arc<str>>,
    /// As decided.
    #[serde(serialize_with = "shared_maybe")]
    pub decided: Option<Arc<str>>,
    /// Where both stand.
    pub mentions: Vec<Proof>,
}

/// A decision beside the proposal it was made on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// Id of the proposal.
    pub proposal: String,
    /// Id of the minutes.
    pub decision: String,
    /// Number of the item.
    pub item: Option<String>,
    /// Day of the decision.
    pub date: Option<PartialDate>,
    /// How the proposal came out.
    pub fate: Fate,
    /// Whether anything was decided otherwise than proposed.
    pub differs: bool,
    /// Point by point.
    pub points: Vec<Point>,
}

/// Compares each decision of a case with the proposal for the same meeting, else with the last one before it.
pub(super) fn compare(steps: &[Step], words: &Words) -> Vec<Comparison> {
    let proposes = |s: &&Step| {
        !matches!(s.role, StepRole::Minutes | StepRole::Agenda | StepRole::Agreement)
            && s.decisions.iter().any(|d| d.status == Status::Proposed)
    };
    let mut out = Vec::new();
    for decision in steps.iter().filter(|s| s.role == StepRole::Minutes) {
        let decided: Vec<&DecisionMention> = decision
            .decisions
            .iter()
            .filter(|d| d.status == Status::Decided && !d.actions.iter().any(|a| PROCEDURE.contains(&a.as_str())))
            .collect();
        if decided.is_empty() {
            continue;
        }
        let for_it = |s: &&Step| s.meeting_date.is_some() && s.meeting_date == decision.meeting_date;
        let before = |s: &&Step| s.meeting_date.is_none() && s.date.is_some() && s.date <= decision.date;
        let proposal = steps.iter().filter(proposes).rfind(for_it).or(steps.iter().filter(proposes).rfind(before));
        let Some(proposal) = proposal else { continue };
        let proposed: Vec<&DecisionMention> = proposal
            .decisions
            .iter()
            .filter(|d| d.status == Status::Proposed && !d.actions.iter().any(|a| PROCEDURE.contains(&a.as_str())))
            .collect();
        let points = points(&proposed, &decided, words);
        out.push(Comparison {
            proposal: proposal.document.clone(),
            decision: decision.document.clone(),
            item: decision.item.clone(),
            date: decision.date,
            fate: Outcome::of(decision).map_or(Fate::Other, |o| o.fate),
            differs: points.iter().any(|p| p.verdict != Verdict::Same),
            points,
        });
    }
    out
}

fn points(proposed: &[&DecisionMention], decided: &[&DecisionMention], words: &Words) -> Vec<Point> {
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    let content = |all: &[&DecisionMention]| all.iter().map(|d| words.content(&d.text)).collect::<Vec<_>>();
    let (left, right) = (content(proposed), content(decided));
    let (of_left, of_right) = (sets(&left), sets(&right));
    for (i, a) in of_left.iter().enumerate() {
        for (j, b) in of_right.iter().enumerate() {
            let score = alike(a, b);
            if score >= ALIKE {
                pairs.push((score, i, j));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut of: Vec<Option<usize>> = vec![None; decided.len()];
    let mut used: BTreeSet<usize> = BTreeSet::new();
    for (_, i, j) in pairs {
        if let Some(slot @ None) = of.get_mut(j)
            && used.insert(i)
        {
            *slot = Some(i);
        }
    }
    // "… beslutar enligt förslaget" stands for all that was proposed.
    let whole = decided.iter().zip(&of).any(|(d, i)| i.is_none() && words.says_as_proposed(&d.text));
    let mut out = Vec::new();
    for (j, d) in decided.iter().enumerate() {
        let with = of.get(j).copied().flatten();
        let p = with.and_then(|i| proposed.get(i));
        let verdict = match with {
            Some(i) if left.get(i) == right.get(j) => Verdict::Same,
            Some(_) => Verdict::Changed,
            None if words.says_as_proposed(&d.text) => Verdict::Same,
            None => Verdict::Added,
        };
        let mentions = p.iter().flat_map(|p| &p.mentions).chain(&d.mentions).cloned().collect();
        let proposed = p.map(|p| p.text.clone());
        out.push(Point { verdict, proposed, decided: Some(d.text.clone()), mentions });
    }
    for (i, p) in proposed.iter().enumerate().filter(|(i, _)| !used.contains(i)) {
        let verdict = if whole { Verdict::Same } else { Verdict::LeftOut };
        let mentions = p.mentions.clone();
        let point = Point { verdict, proposed: Some(p.text.clone()), decided: None, mentions };
        out.insert(i.min(out.len()), point);
    }
    out
}

fn sets(all: &[Vec<String>]) -> Vec<BTreeSet<&str>> {
    all.iter().map(|words| words.iter().map(String::as_str).collect()).collect()
}

/// Share of words that two points have in common (Dice).
fn alike(a: &BTreeSet<&str>, b: &BTreeSet<&str>) -> f64 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    2.0 * a.intersection(b).count() as f64 / (a.len() + b.len()) as f64
}

fn shared_maybe<S: Serializer>(text: &Option<Arc<str>>, s: S) -> Result<S::Ok, S::Error> {
    text.as_deref().serialize(s)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decision(status: Status, text: &str) -> DecisionMention {
        DecisionMention { status, number: None, text: text.into(), actions: vec![], actor: None, mentions: vec![] }
    }

    fn verdicts(proposed: &[&str], decided: &[&str]) -> Vec<Verdict> {
        let make = |all: &[&str], status| all.iter().map(|t| decision(status, t)).collect::<Vec<_>>();
        let (p, d) = (make(proposed, Status::Proposed), make(decided, Status::Decided));
        let words = Words::of(&Lexicon::built_in());
        let points = points(&p.iter().collect::<Vec<_>>(), &d.iter().collect::<Vec<_>>(), &words);
        points.into_iter().map(|p| p.verdict).collect()
    }

    #[test]
    fn a_sum_lowered_is_a_change_and_a_new_task_an_addition() {
        let proposed = ["Stadsdelsnämnden beviljar föreningen 450 000 kronor för 2019.", "Nämnden justerar beslutet."];
        let decided =
            ["Stadsdelsnämnden beviljar föreningen 400 000 kronor för 2019.", "Förvaltningen ska återkomma i mars."];
        assert_eq!(verdicts(&proposed, &decided), [Verdict::Changed, Verdict::LeftOut, Verdict::Added]);
        assert_eq!(verdicts(&proposed[..1], &["Nämnden beviljar föreningen 450 000 kronor för 2019"]), [Verdict::Same]);
    }

    #[test]
    fn a_decision_as_proposed_stands_for_all_points() {
        let decided = ["Stadsdelsnämnden beslutar enligt förvaltningens förslag."];
        assert_eq!(verdicts(&["Rapporten godkänns.", "Planen antas."], &decided), [Verdict::Same; 3]);
    }
}
