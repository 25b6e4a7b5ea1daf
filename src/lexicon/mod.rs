//! Defines `Lexicon`: the vocabulary of Swedish administration, as data.
//!
//! The files in `data/` are compiled in; `--lexicon DIR` replaces any of them by a file of the same name.
//! Adding a spelling touches no Rust: see the README beside this file.

mod later;
mod schema;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

pub use later::Later;
pub use schema::*;

/// The files a lexicon consists of, with their built-in text.
const FILES: [(&str, &str); 18] = [
    ("abbreviations.json", include_str!("data/abbreviations.json")),
    ("actions.json", include_str!("data/actions.json")),
    ("agreements.json", include_str!("data/agreements.json")),
    ("bodies.json", include_str!("data/bodies.json")),
    ("confidence.json", include_str!("data/confidence.json")),
    ("dates.json", include_str!("data/dates.json")),
    ("districts.json", include_str!("data/districts.json")),
    ("dnr.json", include_str!("data/dnr.json")),
    ("figures.json", include_str!("data/figures.json")),
    ("headings.json", include_str!("data/headings.json")),
    ("kinds.json", include_str!("data/kinds.json")),
    ("meetings.json", include_str!("data/meetings.json")),
    ("names.json", include_str!("data/names.json")),
    ("parties.json", include_str!("data/parties.json")),
    ("references.json", include_str!("data/references.json")),
    ("synonyms.json", include_str!("data/synonyms.json")),
    ("titles.json", include_str!("data/titles.json")),
    ("words.json", include_str!("data/words.json")),
];

/// The file that no record depends on.
const OF_SEARCH: &str = "synonyms.json";

/// The vocabulary. Immutable once loaded; passed by reference, never global.
#[derive(Clone, Debug)]
pub struct Lexicon {
    /// Abbreviations whose full stop ends no sentence.
    pub abbreviations: Vec<String>,
    /// What decisions do.
    pub actions: Actions,
    /// Words about agreements and their parties.
    pub agreements: Agreements,
    /// Words that names of committees, offices and departments end in.
    pub bodies: Bodies,
    /// What was measured of each rule.
    pub confidence: Confidence,
    /// Month names and number words.
    pub dates: Dates,
    /// District committees and their succession.
    pub districts: Later<Vec<District>>,
    /// Words after a district's name that make it a committee.
    pub district_suffixes: Later<Vec<String>>,
    /// Labels of diary numbers, and what only looks like one.
    pub dnr: DnrWords,
    /// Units of money and of what is counted.
    pub figures: Figures,
    /// Given names: tell surname first from given name first.
    pub given_names: Vec<String>,
    /// Section headings.
    pub headings: Vec<Heading>,
    /// The places in `headings` of those with a spelling, by the spelling's [`heading_key`].
    pub spellings: BTreeMap<String, Vec<usize>>,
    /// Patterns of headings that name a body, with the places in `headings` of those they belong to.
    pub heading_patterns: HeadingPatterns,
    /// Kinds and genres of documents.
    pub kinds: Vec<Kind>,
    /// The least score that makes a document of a kind.
    pub kind_threshold: i32,
    /// Labels in the head of minutes and notices.
    pub meetings: MeetingWords,
    /// Particles of surnames.
    pub name_particles: Vec<String>,
    /// Political parties.
    pub political_parties: Vec<PoliticalParty>,
    /// Laws, programmes and other things that documents refer to.
    pub references: References,
    /// Titles of officials and elected members.
    pub titles: Titles,
    /// Small words, by what they tell of a line or sentence.
    pub words: Words,
    /// Letters that stand for words, in search.
    pub acronyms: Vec<Acronym>,
    /// Hash of all files that records are made with.
    pub version: String,
}

/// Why a lexicon could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LexiconError {
    /// The folder or a file in it cannot be read.
    #[error("{path}: cannot be read ({cause}); --lexicon takes a folder with files like those in src/lexicon/data")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// A file is not in the expected form.
    #[error("{path}: line {line}, column {column}: {message}")]
    Form {
        /// Which.
        path: PathBuf,
        /// Line of the fault, from 1.
        line: usize,
        /// Column of the fault, from 1.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// A pattern is no regular expression.
    #[error("{path}: \"{pattern}\" is no regular expression of the regex crate: {message}")]
    Pattern {
        /// In which file.
        path: PathBuf,
        /// As written.
        pattern: String,
        /// What is wrong, with its place.
        message: String,
    },
    /// The folder holds none of the lexicon's files.
    #[error("{path}: holds none of the lexicon's files ({})", FILES.map(|f| f.0).join(", "))]
    Empty {
        /// Which.
        path: PathBuf,
    },
}

impl Lexicon {
    /// The built-in vocabulary.
    pub fn built_in() -> Self {
        Self::from_texts(&FILES.map(|(name, text)| (PathBuf::from(name), text.to_string())))
            .expect("the built-in vocabulary is tested")
    }

    /// The built-in vocabulary with every file replaced that `dir` holds.
    ///
    /// # Errors
    /// If the folder cannot be read, holds none of the files, or one of them is not in the expected form.
    pub fn with_dir(dir: &Path) -> Result<Self, LexiconError> {
        let read_error = |path: &Path, cause| LexiconError::Read { path: path.to_path_buf(), cause };
        std::fs::read_dir(dir).map_err(|e| read_error(dir, e))?;
        let mut found = false;
        let mut texts = Vec::with_capacity(FILES.len());
        for (name, built_in) in FILES {
            let path = dir.join(name);
            match std::fs::read_to_string(&path) {
                Ok(text) => {
                    found = true;
                    texts.push((path, text));
                }
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                    texts.push((PathBuf::from(name), built_in.to_string()));
                }
                Err(e) => return Err(read_error(&path, e)),
            }
        }
        if !found {
            return Err(LexiconError::Empty { path: dir.to_path_buf() });
        }
        let lexicon = Self::from_texts(&texts)?;
        lexicon.districts.check()?;
        lexicon.district_suffixes.check()?;
        lexicon.check_patterns(dir)?;
        Ok(lexicon)
    }

    /// Compiles every pattern once; those built in are tested, those of a folder may hold a slip.
    fn check_patterns(&self, dir: &Path) -> Result<(), LexiconError> {
        let actions = self.actions.actions.iter().flat_map(|a| &a.patterns).chain(&self.actions.opinion_verbs);
        let actions = actions.map(|p| ("actions.json", p));
        let types = self.agreements.types.iter().flat_map(|t| &t.patterns).map(|p| ("agreements.json", p));
        let a = &self.agreements;
        let says =
            [&a.cofinanced, &a.not_cofinanced, &a.challenge_absent, &a.challenge_present, &a.programme, &a.not_renewed];
        let says = says.into_iter().chain([&a.case_cues, &a.case_links, &a.case_passives]);
        let says = says.flatten().map(|p| ("agreements.json", p));
        let cues = self.kinds.iter().flat_map(|k| k.strong.iter().chain(&k.weak).chain(&k.against));
        let cues = cues.filter_map(|c| match c {
            Cue::Pattern { re, .. } => Some(("kinds.json", re)),
            _ => None,
        });
        let headings = self.headings.iter().flat_map(|h| &h.patterns).map(|p| ("headings.json", p));
        for (file, pattern) in actions.chain(types).chain(says).chain(cues).chain(headings) {
            if let Err(e) = regex::Regex::new(pattern) {
                let (path, pattern, message) = (dir.join(file), pattern.clone(), e.to_string());
                return Err(LexiconError::Pattern { path, pattern, message });
            }
        }
        Ok(())
    }

    fn from_texts(texts: &[(PathBuf, String)]) -> Result<Self, LexiconError> {
        let mut hasher = blake3::Hasher::new();
        for (_, text) in texts.iter().zip(FILES).filter(|(_, (name, _))| *name != OF_SEARCH).map(|(text, _)| text) {
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
        let version = hasher.finalize().to_hex()[..16].to_string();
        let [
            abbreviations,
            actions,
            agreements,
            bodies,
            confidence,
            dates,
            districts,
            dnr,
            figures,
            headings,
            kinds,
            meetings,
            names,
            parties,
            references,
            synonyms,
            titles,
            words,
        ] = texts
        else {
            unreachable!("as many texts as FILES")
        };
        let kinds: Kinds = parse(kinds)?;
        let headings = parse::<Headings>(headings)?.headings;
        let names: Names = parse(names)?;
        Ok(Lexicon {
            abbreviations: parse::<Abbreviations>(abbreviations)?.abbreviations,
            actions: parse(actions)?,
            agreements: parse(agreements)?,
            bodies: parse(bodies)?,
            confidence: parse(confidence)?,
            dates: parse(dates)?,
            districts: Later::new(districts, |file| Ok(parse::<Districts>(file)?.districts)),
            district_suffixes: Later::new(districts, |file| Ok(parse::<Districts>(file)?.match_suffixes)),
            dnr: parse(dnr)?,
            spellings: spellings(&headings),
            heading_patterns: HeadingPatterns::new(&headings),
            headings,
            figures: parse(figures)?,
            given_names: names.given_names,
            kinds: kinds.kinds,
            kind_threshold: kinds.threshold,
            meetings: parse(meetings)?,
            name_particles: names.particles,
            political_parties: parse::<Parties>(parties)?.parties,
            references: parse(references)?,
            acronyms: parse::<Synonyms>(synonyms)?.acronyms,
            titles: parse(titles)?,
            words: parse(words)?,
            version,
        })
    }

    /// The district with this id.
    pub fn district(&self, id: &str) -> Option<&District> {
        self.districts.iter().find(|d| d.id == id)
    }
}

/// True for a line, in lower case, that only says by which proposal ("enligt förvaltningens förslag") or is somebody's own
/// sentence: no heading, although it holds the words of one.
fn refers(line: &str) -> bool {
    ["enligt ", "i enlighet ", "bifall ", "avslag ", "avslå ", "med "].iter().any(|w| line.starts_with(w))
        || [" vi ", " jag "].iter().any(|w| line.contains(w))
}

/// The patterns of headings.
#[derive(Clone, Debug)]
pub struct HeadingPatterns {
    sources: Vec<String>,
    places: Vec<usize>,
    /// Compiled for the first line that may be one of them.
    set: OnceLock<regex::RegexSet>,
}

impl HeadingPatterns {
    fn new(headings: &[Heading]) -> Self {
        let (mut sources, mut places) = (Vec::new(), Vec::new());
        for (i, heading) in headings.iter().enumerate() {
            for pattern in &heading.patterns {
                sources.push(format!("^(?:{pattern})$"));
                places.push(i);
            }
        }
        HeadingPatterns { sources, places, set: OnceLock::new() }
    }

    /// The place in `headings` of the heading that a line is by its pattern: `Socialnämndens beslut`.
    pub fn place(&self, line: &str) -> Option<usize> {
        // Most lines hold none of the words that these headings have.
        const WORDS: [&str; 8] =
            ["beslut", "förslag", "föresl", "reservation", "uttalande", "anteckning", "anslag", "omröstning"];
        let line = line.trim().trim_end_matches([':', '.']).trim_end();
        if line.len() > 160 {
            return None;
        }
        let lower = line.to_lowercase();
        if !WORDS.iter().any(|w| lower.contains(w)) && !lower.starts_with("votering") || refers(&lower) {
            return None;
        }
        let set = self.set.get_or_init(|| {
            regex::RegexSet::new(&self.sources).expect("built in and tested, or checked when it was loaded")
        });
        let first = set.matches(&lower).iter().next()?;
        self.places.get(first).copied()
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

fn parse<T: serde::de::DeserializeOwned>((path, text): &(PathBuf, String)) -> Result<T, LexiconError> {
    serde_json::from_str(text).map_err(|e| LexiconError::Form {
        path: path.clone(),
        line: e.line(),
        column: e.column(),
        message: e.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_vocabulary_loads_and_hangs_together() {
        let lex = Lexicon::built_in();
        for d in lex.districts.iter() {
            for other in d.predecessors.iter().chain(&d.successors) {
                assert!(lex.district(other).is_some(), "{}: unknown {other}", d.id);
            }
        }
        for kind in &lex.kinds {
            for cue in kind.strong.iter().chain(&kind.weak).chain(&kind.against) {
                match cue {
                    Cue::Pattern { re, .. } => assert!(regex::Regex::new(re).is_ok(), "{}: {re}", kind.id),
                    Cue::Headings { headings: ids } | Cue::Labels { labels: ids } => {
                        for id in ids {
                            assert!(lex.headings.iter().any(|h| h.id == *id), "{}: unknown heading {id}", kind.id);
                        }
                    }
                    Cue::Shape { .. } => {}
                }
            }
        }
        for action in &lex.actions.actions {
            for pattern in &action.patterns {
                assert!(regex::Regex::new(pattern).is_ok(), "{}: {pattern}", action.id);
            }
        }
        lex.check_patterns(Path::new("data")).unwrap();
    }

    #[test]
    fn a_slip_in_a_pattern_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let (_, actions) = FILES.into_iter().find(|(name, _)| *name == "actions.json").unwrap();
        let first = &Lexicon::built_in().actions.actions[0].patterns[0];
        let first = serde_json::to_string(first).unwrap();
        std::fs::write(dir.path().join("actions.json"), actions.replacen(&first, "\"((\"", 1)).unwrap();
        let error = Lexicon::with_dir(dir.path()).unwrap_err().to_string();
        assert!(error.contains("actions.json: \"((\" is no regular expression"), "{error}");
    }
}
