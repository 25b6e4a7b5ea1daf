//! Resolves what was typed: where things are and how to speak, for every command.

use std::path::{Path, PathBuf};

use crate::corrections::Corrections;
use crate::lexicon::Lexicon;
use crate::parse::record::MadeWith;
use crate::{ingest, parse};

use super::args::Global;
use super::term::Term;

/// The corrections file that is used if none is named and it is there.
const CORRECTIONS: &str = "corrections.toml";

/// What every command needs to know.
#[derive(Debug)]
pub struct Config {
    /// Folder of the catalog and the index.
    pub index: PathBuf,
    /// How to speak.
    pub term: Term,
    lexicon: Option<PathBuf>,
    corrections: Option<PathBuf>,
}

impl Config {
    /// Resolves the options that every command takes.
    pub fn new(global: &Global) -> Self {
        Config {
            index: global.index.clone(),
            term: Term::new(global.color, global.quiet),
            lexicon: global.lexicon.clone(),
            corrections: global.corrections.clone(),
        }
    }

    /// The vocabulary to read with.
    ///
    /// # Errors
    /// If `--lexicon` names a folder that is not one of a vocabulary.
    pub fn lexicon(&self) -> anyhow::Result<Lexicon> {
        Ok(match &self.lexicon {
            Some(dir) => Lexicon::with_dir(dir)?,
            None => Lexicon::built_in(),
        })
    }

    /// The versions that records are made with now.
    ///
    /// # Errors
    /// If a named corrections file cannot be read.
    pub fn made_with(&self, lexicon: &Lexicon) -> anyhow::Result<MadeWith> {
        Ok(MadeWith {
            extractor: ingest::VERSION.to_string(),
            parser: parse::VERSION.to_string(),
            lexicon: lexicon.version().to_string(),
            corrections: self.corrections()?.version().map(str::to_string),
        })
    }

    /// What a person says where the rules are wrong; empty without a file.
    ///
    /// # Errors
    /// If a named corrections file cannot be read, or one is not in the form of one.
    pub fn corrections(&self) -> anyhow::Result<Corrections> {
        match &self.corrections {
            Some(path) => Ok(Corrections::load(path)?),
            None if Path::new(CORRECTIONS).exists() => Ok(Corrections::load(Path::new(CORRECTIONS))?),
            None => Ok(Corrections::default()),
        }
    }
}
