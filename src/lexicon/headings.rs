//! Defines `Headings`: the section headings, with what finds the heading that a line is.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use foldhash::fast::FixedState;
use regex::Regex;

use super::Heading;
use super::needs::{Line, Needs};
use super::schema::HeadingList;
use crate::base::fold::lower;

/// Longest heading with a pattern, in bytes.
const LONGEST: usize = 160;

/// The section headings and how they are found.
#[derive(Clone, Debug)]
pub struct Headings {
    /// The headings, in the order of their file.
    pub list: Vec<Heading>,
    /// The places in `list` of those with a spelling.
    pub spellings: Spellings,
    /// Patterns of headings that name a body, with the places in `list` of those they belong to.
    pub patterns: HeadingPatterns,
}

impl Headings {
    /// These headings, ready to be found.
    pub(super) fn new(file: HeadingList) -> Self {
        Headings {
            spellings: Spellings::new(&file.headings),
            patterns: HeadingPatterns::new(&file),
            list: file.headings,
        }
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
    /// What a line must hold.
    needs: Needs,
    compiled: OnceLock<Regex>,
}

impl Pattern {
    fn fits(&self, line: &str) -> bool {
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
        if line.len() > LONGEST { None } else { self.place_of_key(&lower(line)) }
    }

    /// As [`HeadingPatterns::place`], by the line's [`heading_key`].
    pub fn place_of_key(&self, key: &str) -> Option<usize> {
        let line = key.trim_end_matches([':', '.']).trim_end();
        if line.len() > LONGEST {
            return None;
        }
        let pieces = Line::new(line);
        let mut may = self.patterns.iter().filter(|pattern| pattern.needs.met(&pieces)).peekable();
        may.peek()?;
        let refers = self.not_begins.iter().any(|w| line.starts_with(w.as_str()))
            || self.not_holds.iter().any(|w| line.contains(w.as_str()));
        if refers { None } else { may.find(|pattern| pattern.fits(line)).map(|pattern| pattern.place) }
    }
}

/// A line without colon at its end, in lower case: how spellings of headings are looked up.
pub fn heading_key(line: &str) -> String {
    lower(line.trim().trim_end_matches(':').trim_end())
}

/// The spellings that stand for themselves, not those with a gap (`…`) or in brackets, each with the places of its headings.
#[derive(Clone, Debug)]
pub struct Spellings {
    places: HashMap<String, Places, FixedState>,
    /// Those of labels, with the places of their headings.
    labels: Vec<(String, usize)>,
    /// How those begin: their first two bytes by a hash, as bits.
    label_starts: [u64; 4],
    /// Those whole, and their beginnings up to a space.
    label_keys: HashSet<String, FixedState>,
    label_begins: HashSet<String, FixedState>,
}

/// The places of the headings with one spelling, nearly always one.
#[derive(Clone, Debug)]
struct Places {
    first: usize,
    more: Vec<usize>,
}

/// A hash of a text's first two characters whatever their case, if both are ASCII.
fn start_of(text: &str) -> Option<u8> {
    match text.as_bytes() {
        [a, b, ..] if a.is_ascii() && b.is_ascii() => {
            Some(a.to_ascii_lowercase().wrapping_mul(37) ^ b.to_ascii_lowercase())
        }
        _ => None,
    }
}

impl Spellings {
    fn new(headings: &[Heading]) -> Self {
        let mut labels = Vec::new();
        let most = headings.iter().map(|h| h.variants.len()).sum();
        let mut places: HashMap<String, Places, FixedState> =
            HashMap::with_capacity_and_hasher(most, FixedState::default());
        for (i, heading) in headings.iter().enumerate() {
            for spelling in heading.variants.iter().filter(|v| is_spelling(v)) {
                let key = heading_key(spelling);
                if heading.role == "meta" {
                    labels.push((key.clone(), i));
                }
                match places.entry(key) {
                    Entry::Occupied(mut known) => known.get_mut().more.push(i),
                    Entry::Vacant(new) => _ = new.insert(Places { first: i, more: Vec::new() }),
                }
            }
        }
        let mut label_starts = [0u64; 4];
        for start in labels.iter().map(|(key, _): &(String, usize)| start_of(key)) {
            match start.map(|start| (label_starts.get_mut(usize::from(start >> 6)), start & 63)) {
                Some((Some(bits), bit)) => *bits |= 1 << bit,
                _ => label_starts = [u64::MAX; 4],
            }
        }
        let keys = || labels.iter().map(|(key, _)| key.as_str());
        let label_keys = keys().map(str::to_string).collect();
        let begins = |key: &'_ str| key.match_indices(' ').map(|(i, _)| i).collect::<Vec<usize>>();
        let label_begins =
            keys().flat_map(|key| begins(key).into_iter().filter_map(|i| Some(key.get(..i)?.to_string()))).collect();
        Spellings { places, labels, label_starts, label_keys, label_begins }
    }

    /// The [`heading_key`]s of headings that are labels, each with the place of one of its headings.
    pub fn of_labels(&self) -> impl Iterator<Item = (&str, usize)> {
        self.labels.iter().map(|(key, place)| (key.as_str(), *place))
    }

    /// Whether a label may begin with this word.
    pub fn may_begin_label(&self, word: &str) -> bool {
        let may_start = start_of(word).is_none_or(|start| {
            self.label_starts.get(usize::from(start >> 6)).is_some_and(|b| b >> (start & 63) & 1 == 1)
        });
        if !may_start {
            return false;
        }
        let word = lower(word);
        self.label_begins.contains(&word) || self.label_keys.contains(word.trim().trim_end_matches(':').trim_end())
    }

    /// The places of the headings with this [`heading_key`], in the order of their file.
    pub fn places(&self, key: &str) -> impl DoubleEndedIterator<Item = usize> {
        self.places.get(key).into_iter().flat_map(|p| [p.first].into_iter().chain(p.more.iter().copied()))
    }
}

/// True if a way of writing a heading is no description.
fn is_spelling(variant: &str) -> bool {
    let gap = || variant.as_bytes().contains(&0xe2) && variant.contains('…');
    !variant.starts_with('(') && !gap()
}
