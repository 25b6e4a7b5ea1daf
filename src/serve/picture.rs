//! Pictures of pages: drawn from the original file, personal identity numbers black, kept as long as there is room.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use super::app::{App, State};
use crate::catalog::{self, CatalogError, StoredDocument, place_path};
use crate::ingest::{Limits, render, source};

/// Room for pictures that were drawn, in bytes.
const ROOM: usize = 64 << 20;

/// A picture of a page (PNG) of a document, by its id and the page's number.
type Kept = (String, u32, Arc<Vec<u8>>);

/// Pictures that were drawn, the one asked for last at the end.
#[derive(Default)]
pub(super) struct Pictures {
    kept: Mutex<VecDeque<Kept>>,
    /// One page is drawn at a time: drawing takes all the memory of a large picture.
    drawing: Mutex<()>,
}

impl Pictures {
    fn get(&self, id: &str, page: u32) -> Option<Arc<Vec<u8>>> {
        let mut kept = self.kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let at = kept.iter().position(|(i, p, _)| i == id && *p == page)?;
        let found = kept.remove(at)?;
        let picture = Arc::clone(&found.2);
        kept.push_back(found);
        Some(picture)
    }

    fn keep(&self, id: &str, page: u32, picture: &Arc<Vec<u8>>) {
        let mut kept = self.kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        kept.push_back((id.to_string(), page, Arc::clone(picture)));
        while kept.iter().map(|(_, _, p)| p.len()).sum::<usize>() > ROOM && kept.len() > 1 {
            kept.pop_front();
        }
    }
}

/// Why a document's original cannot be given out or drawn.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoOriginal {
    #[error("{0}")]
    Catalog(#[from] CatalogError),
    /// No file of the ledger has this content any more, as far as can be seen.
    #[error("the file is not where it was, or has changed")]
    Gone,
    /// It has personal identity numbers.
    #[error("personal identity numbers are masked in this document")]
    Masked,
    /// The page cannot be drawn.
    #[error("{0}")]
    Undrawn(String),
}

/// The bytes of a document's file, from a place in the ledger whose content still is what was read.
pub(super) fn original(stored: &StoredDocument, catalog: &catalog::Reader) -> Result<Vec<u8>, NoOriginal> {
    let places = catalog.places_of_content(&stored.origin.blake3)?;
    for place in places {
        if let Ok(source) = source::load(&place_path(&place), &Limits::default())
            && source.hash.to_hex().as_str() == stored.origin.blake3
        {
            return Ok(source.bytes);
        }
    }
    Err(NoOriginal::Gone)
}

/// The picture (PNG) of a page of a document, by its number in the file.
pub(super) fn of_page(
    app: &App,
    state: &State,
    stored: &StoredDocument,
    page: u32,
) -> Result<Arc<Vec<u8>>, NoOriginal> {
    // What is black in it may change with its record.
    let id = &format!("{}@{}", stored.id, stored.seq);
    if let Some(kept) = app.pictures.get(id, page) {
        return Ok(kept);
    }
    let _one = app.pictures.drawing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(kept) = app.pictures.get(id, page) {
        return Ok(kept);
    }
    let drawn = app.with_catalog(state, |catalog| {
        let document = catalog.document(&stored.id)?.ok_or(NoOriginal::Gone)?;
        let bytes = original(stored, catalog)?;
        let drawn = render::found_png(&document, &bytes, page, &[]);
        drawn.ok_or_else(|| NoOriginal::Undrawn(format!("there is no page {page}")))?.map_err(NoOriginal::Undrawn)
    })?;
    let drawn = Arc::new(drawn);
    app.pictures.keep(id, page, &drawn);
    Ok(drawn)
}
