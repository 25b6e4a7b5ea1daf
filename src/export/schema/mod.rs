//! Defines the one table of fields: what a record has, by name, type, unit and meaning, and the tables made from it.
//!
//! The JSON Schema, the data dictionary, the heads of CSV files, the schemas of Parquet and SQLite files and of data packages are all
//! made from it; the tests hold it against what is written.

mod column;
pub mod dictionary;
pub mod json_schema;
pub mod record;
mod registers;
mod tables;

pub use column::{Column, ColumnKind, Source, Step};
pub use registers::{PRINTED, Register};
pub use tables::{Rows, TABLES, Table, TableSpec, tables};

/// The type of a value of a record.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Bool,
    /// A date: `YYYY-MM-DD`, or `YYYY-MM` or `YYYY` where no more is known.
    Date,
    /// Counts by what is counted: an object of whole numbers.
    Tally,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// An object.
    Object(&'static Object),
    /// A list of objects.
    Objects(&'static Object),
    /// A list of one kind.
    List(&'static Kind),
}

/// An object with its fields, in the order in which they are written.
#[derive(Debug)]
pub struct Object {
    /// Its name in the JSON Schema.
    pub name: &'static str,
    /// What one is.
    pub about: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
}

impl Object {
    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|f| f.name == name)
    }
}

/// One field of an object.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its key.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it may be `null`: looked for and not found.
    pub null: bool,
    /// In what it is counted, if in anything.
    pub unit: Option<&'static str>,
    /// What it means.
    pub about: &'static str,
}

impl Field {
    /// A field that always has a value.
    pub(super) const fn new(name: &'static str, kind: Kind, about: &'static str) -> Field {
        Field { name, kind, null: false, unit: None, about }
    }

    /// The same, but it may be `null`.
    pub(super) const fn or_null(self) -> Field {
        Field { null: true, ..self }
    }

    /// The same, counted in this unit.
    pub(super) const fn in_unit(self, unit: &'static str) -> Field {
        Field { unit: Some(unit), ..self }
    }
}
