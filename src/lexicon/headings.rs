//! Defines `Headings`: the section headings, with what finds the heading that a line is.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use regex::Regex;

use super::Heading;
use super::needs::needs;

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
    pub(super) fn new(list: Vec<Heading>) -> Self {
        Headings { spellings: spellings(&list), patterns: HeadingPatterns::new(&list), list }
    }
}

/// True for a line, in lower case, that only says by which proposal ("enligt förvaltningens förslag") or is somebody's own
/// sentence: no heading, although it holds the words of one.
fn refers(line: &str) -> bool {
    ["enligt ", "i enlighet ", "bifall ", "avslag ", "avslå ", "med ", "att ", "ja ", "nej ", "ja-", "nej-"]
        .iter()
        .any(|w| line.starts_with(w))
        || [" vi ", " jag "].iter().any(|w| line.contains(w))
}

/// The patterns of headings.
#[derive(Clone, Debug)]
pub struct HeadingPatterns(Vec<Pattern>);

/// One pattern, compiled for the first line that may fit it.
#[derive(Clone, Debug)]
struct Pattern {
    source: String,
    /// Place of its heading.
    place: usize,
    /// One of these is in every line that fits; nothing is known if there is none.
    needs: Vec<String>,
    compiled: OnceLock<Regex>,
}

impl Pattern {
    fn fits(&self, line: &str) -> bool {
        if !self.needs.is_empty() && !self.needs.iter().any(|piece| line.contains(piece.as_str())) {
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
    fn new(headings: &[Heading]) -> Self {
        let all = headings.iter().enumerate().flat_map(|(place, h)| h.patterns.iter().map(move |p| (place, p)));
        let pattern = |(place, source): (usize, &String)| Pattern {
            source: source.clone(),
            place,
            needs: needs(source),
            compiled: OnceLock::new(),
        };
        HeadingPatterns(all.map(pattern).collect())
    }

    /// The place in `headings` of the heading that a line is by its pattern: `Socialnämndens beslut`.
    pub fn place(&self, line: &str) -> Option<usize> {
        let line = line.trim().trim_end_matches([':', '.']).trim_end();
        if line.len() > 160 {
            return None;
        }
        let lower = line.to_lowercase();
        if refers(&lower) {
            return None;
        }
        self.0.iter().find(|pattern| pattern.fits(&lower)).map(|pattern| pattern.place)
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
