//! Defines what may be asked: the `Query` tree, its lenient syntax, and the one table of searchable fields.
//!
//! Knows no engine. Every engine answers the same `Query` from the same entries.

pub mod field;

pub use field::Field;
