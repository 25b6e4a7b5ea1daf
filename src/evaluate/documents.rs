//! Finds the labelled documents: in the catalog of an index, or read straight from folders.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde_json::Value;
use walkdir::WalkDir;

use super::gold::Label;
use crate::catalog::{CatalogError, Reader};
use crate::ingest::{self, Document};
use crate::lexicon::Lexicon;
use crate::parse::Parser;
use crate::pipeline;

/// One document with its record.
#[derive(Clone, Debug)]
pub struct Found {
    /// Where its file lies.
    pub path: String,
    /// Page of the file on which it begins.
    pub first_page: u32,
    /// Its text and layout.
    pub document: Document,
    /// Its record, in the public shape.
    pub record: Value,
}

/// The documents at hand, by what labels know of them.
#[derive(Debug, Default)]
pub struct Documents {
    by_hash: BTreeMap<String, Vec<Found>>,
    by_name: BTreeMap<String, String>,
    /// Files that labels ask for and that cannot be read, with why.
    pub unreadable: Vec<(PathBuf, String)>,
}

/// Why folders could not be looked through.
#[derive(Debug, thiserror::Error)]
#[error("{path}: cannot be read ({cause}); --documents takes folders with PDF and TXT files, or such files")]
pub struct FolderError {
    /// Which.
    pub path: PathBuf,
    /// Why.
    pub cause: std::io::Error,
}

fn found(path: String, document: Document, record: &crate::parse::Record) -> Found {
    let first_page = document.pages.first().map_or(1, |p| p.number);
    Found { path, first_page, document, record: serde_json::to_value(record).unwrap_or_default() }
}

fn stem(path: &str) -> String {
    Path::new(path).file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

impl Documents {
    /// The labelled documents as a catalog has them.
    ///
    /// # Errors
    /// If there is no catalog, or it cannot be read.
    pub fn of_catalog(index: &Path, labels: &[Label]) -> Result<Self, CatalogError> {
        let catalog = Reader::open(index)?;
        let mut out = Documents::default();
        let names: BTreeSet<&str> = labels.iter().filter(|l| l.blake3.is_none()).map(|l| l.name.as_str()).collect();
        let mut hashes: BTreeSet<String> = labels.iter().filter_map(|l| l.blake3.clone()).collect();
        if !names.is_empty() {
            for row in catalog.files(None)? {
                let name = stem(&row.path);
                if let (true, Some(hash)) = (names.contains(name.as_str()), row.blake3) {
                    hashes.insert(hash.clone());
                    out.by_name.entry(name).or_insert(hash);
                }
            }
        }
        for hash in hashes {
            for stored in catalog.of_content(&hash)? {
                if let Some(document) = catalog.document(&stored.id)? {
                    let found = found(stored.path, document, &stored.record);
                    out.by_hash.entry(hash.clone()).or_default().push(found);
                }
            }
        }
        Ok(out)
    }

    /// The labelled documents below folders, read with this vocabulary. Files that no label asks for are not read, only hashed.
    ///
    /// # Errors
    /// If a folder cannot be looked through.
    pub fn of_folders(
        folders: &[PathBuf],
        labels: &[Label],
        lex: &Lexicon,
        options: &ingest::Options,
    ) -> Result<Self, FolderError> {
        let names: BTreeSet<&str> = labels.iter().filter(|l| l.blake3.is_none()).map(|l| l.name.as_str()).collect();
        let hashes: BTreeSet<&str> = labels.iter().filter_map(|l| l.blake3.as_deref()).collect();
        let mut files = Vec::new();
        for folder in folders {
            std::fs::metadata(folder).map_err(|cause| FolderError { path: folder.clone(), cause })?;
            let entries =
                WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter().filter_map(Result::ok);
            files.extend(entries.filter(|e| e.file_type().is_file() && readable(e.path())).map(|e| e.into_path()));
        }
        // Hash first: what labels speak of is a small part of a large archive.
        let hashed: Vec<(PathBuf, Result<String, String>)> = files
            .into_par_iter()
            .map(|f| {
                let hash = hash(&f).map_err(|e| e.to_string());
                (f, hash)
            })
            .collect();
        let mut out = Documents::default();
        let mut wanted: BTreeMap<String, PathBuf> = BTreeMap::new();
        for (file, hash) in hashed {
            let name = stem(&file.to_string_lossy());
            match hash {
                Ok(hash) => {
                    let named = names.contains(name.as_str()) && !out.by_name.contains_key(&name);
                    if named {
                        out.by_name.insert(name, hash.clone());
                    }
                    if named || hashes.contains(hash.as_str()) {
                        wanted.entry(hash).or_insert(file);
                    }
                }
                Err(why) if names.contains(name.as_str()) => out.unreadable.push((file, why)),
                Err(_) => {}
            }
        }
        let parser = Parser::new(lex);
        let read: Vec<_> = wanted
            .into_par_iter()
            .map(|(hash, file)| {
                let read = pipeline::read_file_with(&file, lex, &parser, options);
                (hash, file, read)
            })
            .collect();
        for (hash, file, read) in read {
            match read {
                Ok(parts) => {
                    let path = file.to_string_lossy();
                    let parts = parts.into_iter().map(|(doc, record)| found(path.to_string(), doc, &record));
                    out.by_hash.insert(hash, parts.collect());
                }
                Err(problem) => out.unreadable.push((file, problem.to_string())),
            }
        }
        Ok(out)
    }

    /// The documents of the file that a label speaks of, in order; empty if it is not there.
    pub fn of(&self, label: &Label) -> &[Found] {
        let hash = label.blake3.as_ref().or_else(|| self.by_name.get(&label.name));
        hash.and_then(|h| self.by_hash.get(h)).map_or(&[], Vec::as_slice)
    }
}

fn readable(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("pdf") || e.eq_ignore_ascii_case("txt"))
}

fn hash(path: &Path) -> std::io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(std::fs::File::open(path)?)?;
    Ok(hasher.finalize().to_hex().to_string())
}
