//! Diarium reads Swedish council records, extracts their fields with proof, and makes them searchable.
//!
//! The rooms follow the flow: [`ingest`] reads a file into a `Document`, [`split`] parts a bundle, [`parse`] makes a
//! `Record`, [`corrections`] lets a person put it right, [`catalog`] keeps both, [`registry`] makes registers of all records, [`index`] makes them searchable with what [`query`] can ask and [`search`] answers,
//! [`export`] writes the public shapes, [`evaluate`] holds records against what people read. [`pipeline`] is the one place that names the whole way; [`serve`] shows it all as web pages, [`cli`] is the program.
//! ARCHITECTURE.md has the map.

pub mod base;
pub mod catalog;
pub mod cli;
pub mod corrections;
pub mod evaluate;
pub mod export;
pub mod index;
pub mod ingest;
pub mod lexicon;
pub mod parse;
pub mod pipeline;
pub mod query;
pub mod registry;
pub mod search;
pub mod serve;
pub mod split;
#[cfg(test)]
mod testing;
