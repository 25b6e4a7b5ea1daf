//! Defines corrections: what a person says where the rules are wrong, in a TOML file kept beside the corpus and applied on every run.
//!
//! What concerns one document changes its record, with rule `correction` in its evidence; what concerns organisations is
//! applied where registers are made; what is taken down is never stored.

mod apply;
mod mask;

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::base::fold::name_key;

/// The rule that evidence of a corrected value names.
pub const RULE: &str = "correction";

/// Code of the warning that a correction could not be applied.
pub const FAILED: &str = "correction_failed";

/// A corrections file.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Corrections {
    #[serde(default)]
    merge: Vec<Merge>,
    #[serde(default)]
    split: Vec<Split>,
    #[serde(default)]
    rename: Vec<Rename>,
    #[serde(default)]
    set: Vec<Set>,
    #[serde(default)]
    reject: Vec<Reject>,
    #[serde(default)]
    take_down: Vec<TakeDown>,
    /// Hash of the file; none without one.
    #[serde(skip)]
    version: Option<String>,
    #[serde(skip)]
    names: mask::Patterns,
}

/// These organisations are one.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Merge {
    organisations: Vec<String>,
    #[serde(default, rename = "why")]
    _why: String,
}

/// In these documents a name means another organisation.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Split {
    organisation: String,
    documents: Vec<String>,
    #[serde(rename = "as")]
    into: String,
    #[serde(default, rename = "why")]
    _why: String,
}

/// An organisation is to be shown under this name.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Rename {
    organisation: String,
    name: String,
    #[serde(default, rename = "why")]
    _why: String,
}

/// A field of a record has this value.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Set {
    document: String,
    field: String,
    value: toml::Value,
    quote: Option<String>,
    #[serde(default, rename = "why")]
    _why: String,
}

/// A value of a record is wrong and nothing is to stand for it.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Reject {
    document: String,
    field: String,
    value: Option<String>,
    #[serde(default, rename = "why")]
    _why: String,
}

/// A document, or every place of a name, is not to be shown.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct TakeDown {
    document: Option<String>,
    name: Option<String>,
    #[serde(default)]
    why: String,
}

/// Why a corrections file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum CorrectionsError {
    /// It cannot be read.
    #[error("{path}: the corrections file cannot be read ({cause})")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// It is not in the form of one.
    #[error("{path}: is no corrections file: {message}")]
    Form {
        /// Which.
        path: PathBuf,
        /// What is wrong, with its line.
        message: String,
    },
}

impl Corrections {
    /// Reads a file.
    ///
    /// # Errors
    /// If it cannot be read, or is not in the form of one.
    pub fn load(path: &Path) -> Result<Self, CorrectionsError> {
        let bytes = std::fs::read(path).map_err(|cause| CorrectionsError::Read { path: path.to_path_buf(), cause })?;
        let form = |message: String| CorrectionsError::Form { path: path.to_path_buf(), message };
        let text = String::from_utf8(bytes).map_err(|e| form(format!("it is not UTF-8 ({e})")))?;
        Self::parse(&text).map_err(form)
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// What is wrong with it, for people.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut read: Corrections = toml::from_str(text).map_err(|e| e.to_string())?;
        if let Some(one) = read.take_down.iter().find(|t| t.document.is_some() == t.name.is_some()) {
            return Err(format!("[[take_down]] takes either `document` or `name` (why = {:?})", one.why));
        }
        if read.take_down.iter().any(|t| t.name.as_ref().is_some_and(|n| name_key(n).chars().count() < 5)) {
            return Err("[[take_down]] of a name shorter than five letters would hide other words".to_string());
        }
        if let Some(one) = read.merge.iter().find(|m| m.organisations.len() < 2) {
            return Err(format!("[[merge]] takes two organisations or more, not {:?}", one.organisations));
        }
        for field in read.set.iter().map(|s| &s.field).chain(read.reject.iter().map(|r| &r.field)) {
            apply::check(field)?;
        }
        let hash = |text: &str| blake3::hash(text.as_bytes()).to_hex()[..16].to_string();
        // What is masked, or a part left out, is gone from what is stored: another list of them needs the files again.
        let parts = read.take_down.iter().filter_map(|t| t.document.as_deref()).filter(|d| d.contains("-p"));
        let names = read.names_taken_down().chain(parts).collect::<Vec<_>>().join("\n");
        let masked = if names.is_empty() { String::new() } else { format!("+{}", hash(&names)) };
        read.version = Some(format!("{}{masked}", hash(text)));
        Ok(read)
    }

    /// What a record is made with: a hash of the file, with one of the names taken down behind `+`; none without a file.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// How many corrections there are.
    pub fn len(&self) -> usize {
        let of_documents = self.set.len() + self.reject.len() + self.take_down.len();
        self.merge.len() + self.split.len() + self.rename.len() + of_documents
    }

    /// True without corrections.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Ids, numbers or names of organisations that are one.
    pub fn merges(&self) -> impl Iterator<Item = &[String]> {
        self.merge.iter().map(|m| m.organisations.as_slice())
    }

    /// The name of the organisation that a name means in a document, where it was split off.
    pub fn split(&self, name: &str, document: &str, path: &str) -> Option<&str> {
        let is = |s: &&Split| {
            name_key(&s.organisation) == name_key(name)
                && s.documents.iter().any(|d| d == document || self.masked_path(d) == path)
        };
        self.split.iter().find(is).map(|s| s.into.as_str())
    }

    /// The name to show for an organisation known by one of these names or numbers.
    pub fn renamed<'a>(&self, mut known: impl Iterator<Item = &'a str>) -> Option<&str> {
        if self.rename.is_empty() {
            return None;
        }
        let keys: Vec<(&Rename, String)> = self.rename.iter().map(|r| (r, name_key(&r.organisation))).collect();
        known.find_map(|n| keys.iter().find(|(_, k)| *k == name_key(n))).map(|(r, _)| r.name.as_str())
    }

    /// Why a document is taken down, by its id, its file's BLAKE3 or its path as shown; none if it is not.
    pub fn taken_down(&self, id_or_hash: &str, path: &str) -> Option<&str> {
        let is = |t: &&TakeDown| {
            t.document
                .as_deref()
                .is_some_and(|d| self.masked_path(d) == path || (d.len() >= 32 && id_or_hash.starts_with(d)))
        };
        self.take_down.iter().find(is).map(|t| t.why.as_str())
    }

    /// The documents whose values are corrected, by id or path as typed.
    pub fn documents(&self) -> impl Iterator<Item = &str> {
        self.set.iter().map(|s| s.document.as_str()).chain(self.reject.iter().map(|r| r.document.as_str()))
    }

    fn names_taken_down(&self) -> impl Iterator<Item = &str> {
        self.take_down.iter().filter_map(|t| t.name.as_deref())
    }
}

/// True if records made with one version of the corrections can be made again from the stored text with another: the same names
/// are masked and the same parts of bundles left out.
pub fn same_text(a: Option<&str>, b: Option<&str>) -> bool {
    let masked = |v: Option<&str>| v.and_then(|v| v.split_once('+')).map(|(_, m)| m.to_string());
    masked(a) == masked(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_in_the_file_is_told() {
        for (text, said) in [
            ("[[merge]]\norganisations = [\"a\"]", "two organisations"),
            ("[[set]]\ndocument = \"a\"\nfield = \"nonsense\"\nvalue = 1", "nonsense"),
            ("[[take_down]]\nwhy = \"x\"", "either `document` or `name`"),
            ("[[take_down]]\nname = \"Bo\"", "shorter than five letters"),
            ("[[sett]]\na = 1", "unknown field"),
        ] {
            let message = Corrections::parse(text).unwrap_err();
            assert!(message.contains(said), "{message}");
        }
    }

    #[test]
    fn the_version_tells_which_names_are_masked() {
        let with = |text: &str| Corrections::parse(text).unwrap().version().map(str::to_string);
        let a = with("[[take_down]]\nname = \"Alva Ek\"");
        let b = with("[[take_down]]\nname = \"Alva Ek\"\nwhy = \"asked\"");
        let c = with("[[rename]]\norganisation = \"a\"\nname = \"b\"");
        assert_ne!(a, b);
        assert!(same_text(a.as_deref(), b.as_deref()));
        assert!(!same_text(a.as_deref(), c.as_deref()) && same_text(None, c.as_deref()));
    }
}
