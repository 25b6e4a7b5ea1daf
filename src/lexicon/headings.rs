//! Defines `Headings`: the section headings, with what finds the heading that a line is.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use regex::Regex;

use super::Heading;
use super::needs::Needs;
use super::schema::HeadingList;

/// The section headings and how they are found.
#[derive(Clone, Debug)]
pub struct Headings {
    /// The headings, in the order of their file.
    pub list: Vec<Heading>,
    /// The places in `list` of those with a spelling, by the spelling's [`heading_key`].
    pub spellings: BTreeMap<String, Vec<usize>>,
    /// Patterns of headings that name a body, with the places in `list` of those they belong to.
    pub patterns: HeadingPatterns,
}

impl Headings {
    /// These headings, ready to be found.
    pub(super) fn new(file: HeadingList) -> Self {
        Headings { spellings: spellings(&file.headings), patterns: HeadingPatterns::new(&file), list: file.headings }
    }
}

/// The patterns of headings.
#[derive(Clone, Debug)]
pub struct HeadingPatterns {
    patterns: Vec<Pattern>,
    /// How lines begin, in lower case, that only say by which proposal ("enligt förvaltningens förslag").
    not_begins: Vec<String>,
    /// What is in somebody's own sentence.
    not_holds: Vec<String>,
}

/// One pattern, compiled for the first line that may fit it.
#[derive(Clone, Debug)]
struct Pattern {
    source: String,
    /// Place of its heading.
    place: usize,
    needs: Needs,
    compiled: OnceLock<Regex>,
}

impl Pattern {
    fn fits(&self, line: &str) -> bool {
        if !self.needs.met(line) {
            return false;
        }
        let compiled = self.compiled.get_or_init(|| {
            let whole = format!("^(?:{})$", self.source);
            Regex::new(&whole).expect("built in and tested, or checked when it was loaded")
        });
        compiled.is_match(line)
    }
}

impl HeadingPatterns {
    fn new(file: &HeadingList) -> Self {
        let all = file.headings.iter().enumerate().flat_map(|(place, h)| h.patterns.iter().map(move |p| (place, p)));
        let pattern = |(place, source): (usize, &String)| Pattern {
            source: source.clone(),
            place,
            needs: Needs::of(source),
            compiled: OnceLock::new(),
        };
        HeadingPatterns {
            patterns: all.map(pattern).collect(),
            not_begins: file.pattern_not_begins.clone(),
            not_holds: file.pattern_not_holds.clone(),
        }
    }

    /// The place in `headings` of the heading that a line is by its pattern: `Socialnämndens beslut`.
    pub fn place(&self, line: &str) -> Option<usize> {
        let line = line.trim().trim_end_matches([':', '.']).trim_end();
        if line.len() > 160 {
            return None;
        }
        let lower = line.to_lowercase();
        let refers = self.not_begins.iter().any(|w| lower.starts_with(w.as_str()))
            || self.not_holds.iter().any(|w| lower.contains(w.as_str()));
        if refers {
            return None;
        }
        self.patterns.iter().find(|pattern| pattern.fits(&lower)).map(|pattern| pattern.place)
    }
}

/// A line without colon at its end, in lower case: how spellings of headings are looked up.
pub fn heading_key(line: &str) -> String {
    line.trim().trim_end_matches(':').trim_end().to_lowercase()
}

/// The spellings that stand for themselves: not those with a gap (`…`) or in brackets.
fn spellings(headings: &[Heading]) -> BTreeMap<String, Vec<usize>> {
    let mut out: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (i, heading) in headings.iter().enumerate() {
        for spelling in heading.variants.iter().filter(|v| !v.contains('…') && !v.starts_with('(')) {
            out.entry(heading_key(spelling)).or_default().push(i);
        }
    }
    out
}
