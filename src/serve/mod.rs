//! Defines the reading room: web pages and an API over the same index, catalog and registers.
//!
//! `app` holds what all requests share, `door` lets connections in, `http` guards and routes, `address` turns an address into a question
//! and back, `clerk` makes the registers beside the requests, and each page or resource has a file. `strings.json` has every word that a
//! page says. Pages are HTML that works without scripts; documents are hostile, so every value is escaped by the templates, and the policy
//! that goes with each answer lets nothing run.

mod address;
mod api;
mod app;
mod cite;
mod clerk;
mod document;
mod door;
mod entry;
mod feed;
mod field;
mod http;
mod lang;
mod names;
mod openapi;
mod pack;
mod page;
mod picture;
mod rates;
mod register;
mod results;
mod stream;
mod table;
#[cfg(test)]
mod tests;
mod words;
mod years;

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::corrections::Corrections;
use crate::lexicon::Lexicon;

/// How to serve.
#[derive(Clone, Debug)]
pub struct Options {
    /// Folder of the catalog and the index.
    pub index: PathBuf,
    /// Address to listen on.
    pub bind: SocketAddr,
    /// Names of this machine that requests may ask for, besides those of the loopback address and the address itself.
    pub allow_hosts: Vec<String>,
    /// Whether originals are given out in which personal identity numbers were masked.
    pub originals: bool,
}

/// Listens and answers until the process is told to stop. Calls `ready` with the address once it listens.
///
/// # Errors
/// If there is no index, or the address cannot be listened on.
pub fn serve(
    options: Options,
    lex: Lexicon,
    corrections: Corrections,
    ready: impl FnOnce(SocketAddr),
) -> anyhow::Result<()> {
    let app = app::App::open(options, app::Times::default(), lex, corrections)?;
    http::listen(app, ready)
}
