//! Finds what a decision does: the lexicon's verbs, in order of the text.

use std::sync::LazyLock;

use crate::parse::pattern::{Regex, RegexSet};

use crate::base::Span;
use crate::lexicon::Actions as Vocabulary;

/// The lexicon's actions, compiled.
#[derive(Debug)]
pub(crate) struct Actions {
    any: RegexSet,
    /// The action and the pattern of each in `any`.
    patterns: Vec<(usize, Regex)>,
    ids: Vec<String>,
    negations: Vec<String>,
}

/// What a pattern found.
struct Found {
    start: usize,
    end: usize,
    action: usize,
}

impl Actions {
    /// Compiles the vocabulary. Frame and speech verbs ("beslutar", "föreslår", "yrkar") are no actions of a point.
    pub fn new(vocabulary: &Vocabulary) -> Self {
        let (mut ids, mut patterns) = (Vec::new(), Vec::new());
        for action in &vocabulary.actions {
            // "godkänner … och lägger … till handlingarna" is two actions, each with patterns of its own.
            if matches!(action.group.as_str(), "speech" | "frame") || action.id == "approve_and_file" {
                continue;
            }
            for source in &action.patterns {
                if let Ok(regex) = Regex::ignoring_case(source) {
                    patterns.push((ids.len(), regex));
                }
            }
            ids.push(action.id.clone());
        }
        let negations = vocabulary.negation.iter().filter(|n| !n.contains(' ')).cloned().collect();
        let any = RegexSet::new(patterns.iter().map(|(_, r): &(usize, Regex)| r.clone()).collect());
        Actions { any, patterns, ids, negations }
    }

    /// The ids of the actions in a text, in order, each once.
    pub fn of(&self, text: &str) -> Vec<String> {
        self.placed(text).into_iter().map(|(id, _)| id).collect()
    }

    /// The ids of the actions in a text, in order, each once, with the words that say so.
    pub fn placed(&self, text: &str) -> Vec<(String, Span)> {
        let mut found: Vec<Found> = Vec::new();
        for i in self.any.candidates(text) {
            let Some((action, regex)) = self.patterns.get(i) else { continue };
            let hits = regex.find_iter(text).map(|m| Found { start: m.start(), end: m.end(), action: *action });
            found.extend(hits.filter(|f| self.counts(text, f)));
        }
        found.sort_by_key(|f| (f.start, f.action));
        found.truncate(64);
        let id = |f: &Found| self.ids.get(f.action).map_or("", String::as_str);
        let covered = |f: &Found, by: &str| found.iter().any(|g| id(g) == by && g.start <= f.start && f.start < g.end);
        let mut out: Vec<(String, Span)> = Vec::new();
        for f in &found {
            let name = id(f);
            let inside = match name {
                "forward" | "approve" | "adopt" | "deem_answered" => covered(f, "answer_referral"),
                _ => false,
            };
            if !inside && !out.iter().any(|(o, _)| o == name) {
                out.push((name.to_string(), Span::new(f.start, f.end)));
            }
        }
        out
    }

    /// Whether a verb is said, not denied, and no noun in a phrase of its own ("inför en förlängning").
    fn counts(&self, text: &str, f: &Found) -> bool {
        let hit = text.get(f.start..f.end).unwrap_or("");
        let mut from = f.start.saturating_sub(240);
        while !text.is_char_boundary(from) {
            from += 1;
        }
        let so_far = text.get(from..f.start).unwrap_or("");
        let before: Vec<String> = last_words(so_far, 4);
        let after: Vec<String> = text
            .get(f.end..)
            .unwrap_or("")
            .split_whitespace()
            .take(1)
            .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
            .collect();
        let denied = |w: &String| self.negations.contains(w);
        if before.iter().rev().take(2).any(denied) || after.iter().any(denied) {
            return false;
        }
        // What a condition or an addition tells is no decision of this point.
        let so_far = so_far.to_lowercase();
        if so_far.contains("tillägget att") || so_far.contains("förutsättning att") {
            return false;
        }
        // "de riktlinjer som nämnden antog": what was done before.
        if let [.., som, who] = before.as_slice()
            && matches!(som.as_str(), "som" | "vilka" | "vilket")
            && ["nämnden", "styrelsen", "fullmäktige", "utskottet"].iter().any(|b| who.ends_with(b))
        {
            return false;
        }
        // "antar att", "anses att": supposes.
        if hit.to_lowercase().starts_with("anta") && after.first().is_some_and(|w| w == "att") {
            return false;
        }
        static NOUN: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"(?i)(?:ing|ingen|ningar|styrkan)$").expect("tested pattern"));
        if NOUN.is_match(hit) && !hit.contains(' ') {
            let governed = before.last().is_some_and(|w| {
                matches!(
                    w.as_str(),
                    "i" | "vid" | "inför" | "under" | "efter" | "till" | "om" | "för" | "av" | "med" | "eventuell"
                )
            });
            let decided = before.iter().rev().nth(1).is_some_and(|w| w.starts_with("beslut"));
            let possible = before.iter().any(|w| w.starts_with("möjlighet") || w == "option");
            return !(governed && !decided || possible);
        }
        true
    }
}

/// The last words of a text, in order, lower case; never looks farther back than it needs.
fn last_words(text: &str, count: usize) -> Vec<String> {
    let mut words: Vec<String> = text
        .rsplit(|c: char| c.is_whitespace())
        .filter(|w| !w.is_empty())
        .take(count)
        .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .collect();
    words.reverse();
    words
}
