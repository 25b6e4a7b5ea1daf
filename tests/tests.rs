//! The one integration test binary.

mod bad_input;
mod cli;
mod crash;
mod docs;
mod exports;
mod fields;
mod gold;
mod lexicon;
mod linear;
mod reading;
mod registers;
mod relevance;
mod schema;
mod search;
mod serve;
mod structure;
mod unroll;
mod util;
