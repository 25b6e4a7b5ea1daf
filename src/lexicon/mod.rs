//! Defines `Lexicon`: the vocabulary of Swedish administration, as data.
//!
//! The files in `data/` are compiled in; `--lexicon DIR` replaces any of them by a file of the same name.
//! Adding a spelling touches no Rust: see the README beside this file.

mod headings;
mod later;
mod municipalities;
mod needs;
mod schema;

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

pub use headings::{HeadingPatterns, Headings, Spellings, heading_key};
use later::File;
pub use later::Later;
pub use municipalities::{Counties, County, Municipalities, Municipality};
pub use schema::*;

/// The files a lexicon consists of, with their built-in text.
const FILES: [(&str, &str); 19] = [
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
    ("municipalities.json", include_str!("data/municipalities.json")),
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
    pub abbreviations: Later<Vec<String>>,
    /// What decisions do.
    pub actions: Later<Actions>,
    /// Words about agreements and their parties.
    pub agreements: Later<Agreements>,
    /// Words that names of committees, offices and departments end in.
    pub bodies: Later<Bodies>,
    /// What was measured of each rule.
    pub confidence: Later<Confidence>,
    /// Month names and number words.
    pub dates: Later<Dates>,
    /// District committees and their succession.
    pub districts: Later<Vec<District>>,
    /// Words after a district's name that make it a committee.
    pub district_suffixes: Later<Vec<String>>,
    /// Labels of diary numbers, and what only looks like one.
    pub dnr: Later<DnrWords>,
    /// Units of money and of what is counted.
    pub figures: Later<Figures>,
    /// Given names: tell surname first from given name first.
    pub given_names: Later<Vec<String>>,
    /// Section headings.
    pub headings: Later<Headings>,
    /// Kinds and genres of documents.
    pub kinds: Later<Vec<Kind>>,
    /// The least score that makes a document of a kind.
    pub kind_threshold: Later<i32>,
    /// Labels in the head of minutes and notices.
    pub meetings: Later<MeetingWords>,
    /// Municipalities and regions by county.
    pub municipalities: Later<Municipalities>,
    /// Particles of surnames.
    pub name_particles: Later<Vec<String>>,
    /// Political parties.
    pub political_parties: Later<Vec<PoliticalParty>>,
    /// Laws, programmes and other things that documents refer to.
    pub references: Later<References>,
    /// Titles of officials and elected members.
    pub titles: Later<Titles>,
    /// Small words, by what they tell of a line or sentence.
    pub words: Later<Words>,
    /// Letters that stand for words, in search.
    pub acronyms: Later<Vec<Acronym>>,
    files: Vec<Arc<File>>,
    version: OnceLock<String>,
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
        let file = |(name, text): (&str, &'static str)| File { path: PathBuf::from(name), text: Cow::Borrowed(text) };
        Self::of(FILES.map(|f| Arc::new(file(f))))
    }

    /// The built-in vocabulary with every file replaced that `dir` holds.
    ///
    /// # Errors
    /// If the folder cannot be read, holds none of the files, or one of them is not in the expected form.
    pub fn with_dir(dir: &Path) -> Result<Self, LexiconError> {
        let read_error = |path: &Path, cause| LexiconError::Read { path: path.to_path_buf(), cause };
        std::fs::read_dir(dir).map_err(|e| read_error(dir, e))?;
        let mut found = false;
        let mut files = FILES.map(|(name, text)| File { path: PathBuf::from(name), text: Cow::Borrowed(text) });
        for file in &mut files {
            let path = dir.join(&file.path);
            match std::fs::read_to_string(&path) {
                Ok(text) => {
                    found = true;
                    *file = File { path, text: Cow::Owned(text) };
                }
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
                Err(e) => return Err(read_error(&path, e)),
            }
        }
        if !found {
            return Err(LexiconError::Empty { path: dir.to_path_buf() });
        }
        let lexicon = Self::of(files.map(Arc::new));
        lexicon.check()?;
        lexicon.check_patterns(dir)?;
        Ok(lexicon)
    }

    /// Reads every file once; those built in are tested, those of a folder may hold a slip.
    fn check(&self) -> Result<(), LexiconError> {
        let Lexicon {
            abbreviations,
            actions,
            agreements,
            bodies,
            confidence,
            dates,
            districts,
            district_suffixes,
            dnr,
            figures,
            given_names,
            headings,
            kinds,
            kind_threshold,
            meetings,
            municipalities,
            name_particles,
            political_parties,
            references,
            titles,
            words,
            acronyms,
            files: _,
            version: _,
        } = self;
        abbreviations.check()?;
        actions.check()?;
        agreements.check()?;
        bodies.check()?;
        confidence.check()?;
        dates.check()?;
        districts.check()?;
        district_suffixes.check()?;
        dnr.check()?;
        figures.check()?;
        given_names.check()?;
        headings.check()?;
        kinds.check()?;
        kind_threshold.check()?;
        meetings.check()?;
        municipalities.check()?;
        name_particles.check()?;
        political_parties.check()?;
        references.check()?;
        titles.check()?;
        words.check()?;
        acronyms.check()
    }

    /// Compiles every pattern once; those built in are tested, those of a folder may hold a slip.
    fn check_patterns(&self, dir: &Path) -> Result<(), LexiconError> {
        let actions = self.actions.actions.iter().flat_map(|a| &a.patterns).chain(&self.actions.opinion_verbs);
        let actions = actions.map(|p| ("actions.json", p));
        let types = self.agreements.types.iter().flat_map(|t| &t.patterns).map(|p| ("agreements.json", p));
        let a = &self.agreements;
        let says =
            [&a.cofinanced, &a.not_cofinanced, &a.challenge_absent, &a.challenge_present, &a.programme, &a.not_renewed];
        let says = says.into_iter().chain([
            &a.case_cues,
            &a.case_links,
            &a.case_passives,
            &a.renewed,
            &a.outcome,
            &a.option_unused,
            &a.partner_links,
        ]);
        let says = says.flatten().map(|p| ("agreements.json", p));
        let cues = self.kinds.iter().flat_map(|k| k.strong.iter().chain(&k.weak).chain(&k.against));
        let cues = cues.filter_map(|c| match c {
            Cue::Pattern { re, .. } => Some(("kinds.json", re)),
            _ => None,
        });
        let headings = self.headings.list.iter().flat_map(|h| &h.patterns).map(|p| ("headings.json", p));
        for (file, pattern) in actions.chain(types).chain(says).chain(cues).chain(headings) {
            if let Err(e) = regex::Regex::new(pattern) {
                let (path, pattern, message) = (dir.join(file), pattern.clone(), e.to_string());
                return Err(LexiconError::Pattern { path, pattern, message });
            }
        }
        Ok(())
    }

    /// The vocabulary of these files, in the order of [`FILES`]; none is read yet.
    fn of(files: [Arc<File>; FILES.len()]) -> Self {
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
            municipalities,
            names,
            parties,
            references,
            synonyms,
            titles,
            words,
        ] = &files;
        Lexicon {
            abbreviations: Later::new(abbreviations, |f| Ok(f.read::<Abbreviations>()?.abbreviations)),
            actions: Later::new(actions, File::read),
            agreements: Later::new(agreements, File::read),
            bodies: Later::new(bodies, File::read),
            confidence: Later::new(confidence, File::read),
            dates: Later::new(dates, File::read),
            districts: Later::new(districts, |f| Ok(f.read::<Districts>()?.districts)),
            district_suffixes: Later::new(districts, |f| Ok(f.read::<DistrictSuffixes>()?.match_suffixes)),
            dnr: Later::new(dnr, File::read),
            headings: Later::new(headings, |f| Ok(Headings::new(f.read::<HeadingList>()?))),
            figures: Later::new(figures, File::read),
            given_names: Later::new(names, |f| Ok(f.read::<Names>()?.given_names)),
            kinds: Later::new(kinds, |f| Ok(f.read::<Kinds>()?.kinds)),
            kind_threshold: Later::new(kinds, |f| Ok(f.read::<KindThreshold>()?.threshold)),
            meetings: Later::new(meetings, File::read),
            municipalities: Later::new(municipalities, |f| Ok(Municipalities::new(f.read::<Counties>()?))),
            name_particles: Later::new(names, |f| Ok(f.read::<Names>()?.particles)),
            political_parties: Later::new(parties, |f| Ok(f.read::<Parties>()?.parties)),
            references: Later::new(references, File::read),
            acronyms: Later::new(synonyms, |f| Ok(f.read::<Synonyms>()?.acronyms)),
            titles: Later::new(titles, File::read),
            words: Later::new(words, File::read),
            version: OnceLock::new(),
            files: files.to_vec(),
        }
    }

    /// Hash of all files that records are made with.
    pub fn version(&self) -> &str {
        self.version.get_or_init(|| {
            let mut hasher = blake3::Hasher::new();
            for (file, _) in self.files.iter().zip(FILES).filter(|(_, (name, _))| *name != OF_SEARCH) {
                hasher.update(&(file.text.len() as u64).to_le_bytes());
                hasher.update(file.text.as_bytes());
            }
            hasher.finalize().to_hex()[..16].to_string()
        })
    }

    /// The district with this id.
    pub fn district(&self, id: &str) -> Option<&District> {
        self.districts.iter().find(|d| d.id == id)
    }
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
        for kind in lex.kinds.iter() {
            for cue in kind.strong.iter().chain(&kind.weak).chain(&kind.against) {
                match cue {
                    Cue::Pattern { re, .. } => assert!(regex::Regex::new(re).is_ok(), "{}: {re}", kind.id),
                    Cue::Headings { headings: ids } | Cue::Labels { labels: ids } => {
                        for id in ids {
                            assert!(lex.headings.list.iter().any(|h| h.id == *id), "{}: unknown heading {id}", kind.id);
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
    fn every_municipality_and_region_is_there_with_its_code() {
        let lex = Lexicon::built_in();
        let towns = lex.municipalities.counties.iter().flat_map(|c| c.municipalities.iter().map(move |m| (c, m)));
        let mut codes: Vec<&str> = towns.clone().map(|(_, m)| m.code.as_str()).collect();
        assert_eq!((lex.municipalities.counties.len(), codes.len()), (21, 290));
        assert!(towns.clone().all(|(c, m)| m.code.len() == 4 && m.code.starts_with(&c.code)));
        codes.dedup();
        assert_eq!(codes.len(), 290);
        for (line, name) in [
            ("HELSINGBORG", "Helsingborgs stad"),
            ("Karlstads kommun", "Karlstads kommun"),
            ("Malå", "Malå kommun"),
            ("KOMMUNEN I MALÅ", ""),
            ("Västra Götalandsregionen", "Västra Götalandsregionen"),
            ("Örebro läns landsting", "Örebro läns landsting"),
            ("Borås Stad", "Borås stad"),
            ("Dorotea kommun", "Dorotea kommun"),
        ] {
            assert_eq!(lex.municipalities.named(line).unwrap_or_default(), name, "{line}");
        }
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
