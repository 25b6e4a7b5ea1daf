//! The verification pack of a search, as `diarium pack` writes it: fewer hits, for it is made while somebody waits.

use std::io::Cursor;
use std::sync::TryLockError;

use axum::http::StatusCode;

use super::address::Question;
use super::app::{App, State};
use super::http::{Answer, Ask};
use super::page::{bad_address, fault, refused};
use super::words;
use crate::export::ExportError;
use crate::export::pack::Pack;
use crate::search::{self, Request, SearchError};

/// Where it is.
pub(super) const PATH: &str = "/pack.zip";
/// Hits in a pack, the best first.
pub(super) const HITS: usize = 10;

/// The pack of a search.
pub(super) fn answer(app: &App, state: &State, ask: &Ask) -> Answer {
    let lang = ask.lang;
    let question = match Question::read(ask.query.as_deref()) {
        Ok(question) => question,
        Err(e) => return bad_address(lang, &e),
    };
    if question.is_empty() {
        return fault(lang, StatusCode::BAD_REQUEST, lang.t("pack.of_nothing"));
    }
    let _one = match app.packing.try_lock() {
        Ok(one) => one,
        Err(TryLockError::Poisoned(one)) => one.into_inner(),
        Err(TryLockError::WouldBlock) => return fault(lang, StatusCode::SERVICE_UNAVAILABLE, lang.t("pack.busy")),
    };
    let request = Request { limit: HITS, facets: false, ..question.request.clone() };
    let made = app.with_catalog(state, |catalog| {
        let results = search::search(&request, &state.engine, catalog, &app.lex)?;
        let filters: Vec<String> = question
            .parameters()
            .into_iter()
            .filter(|(name, _)| !matches!(*name, "q" | "sort" | "page" | "per_page"))
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let pack = Pack { results: &results, catalog, lex: &app.lex, filters: filters.join(" ") };
        let mut out = Cursor::new(Vec::new());
        pack.write_to(&mut out)?;
        Ok::<_, PackError>(out.into_inner())
    });
    match made {
        Ok(bytes) => Answer::new("application/zip", bytes).named("diarium-pack.zip"),
        Err(PackError::Search(e)) => refused(ask, &e, &question),
        Err(e) => fault(lang, StatusCode::INTERNAL_SERVER_ERROR, &words::failed(lang, &e.to_string())),
    }
}

/// Why there is no pack.
#[derive(Debug, thiserror::Error)]
enum PackError {
    #[error(transparent)]
    Search(#[from] SearchError),
    #[error(transparent)]
    Export(#[from] ExportError),
    #[error(transparent)]
    Catalog(#[from] crate::catalog::CatalogError),
}
