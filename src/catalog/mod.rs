//! Defines the catalog, the truth that everything else can be rebuilt from: every file ever offered, every document with
//! its text, every record.

mod stored;

pub use stored::StoredDocument;
