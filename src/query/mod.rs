//! Defines what may be asked: the `Query` tree, its lenient syntax, and the one table of searchable fields.
//!
//! Knows no engine. Every engine answers the same `Query` from the same entries.

pub mod field;
pub mod syntax;

pub use field::Field;
pub use syntax::{Slip, parse, slips};

use crate::base::DocId;

/// Which of the two units is searched, ranked and counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// A document.
    #[default]
    Document,
    /// One decision of a document.
    Decision,
}

/// What is asked. Filters hold together; those on a decision hold for one and the same decision.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// What is listed and counted.
    pub unit: Unit,
    /// The words.
    pub words: Node,
    /// The filters, all of which must hold.
    pub filters: Vec<Filter>,
}

/// A tree of words.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Node {
    /// Everything.
    #[default]
    All,
    /// A word, or several joined by hyphens and the like, in any inflection.
    Word(String),
    /// A word by its beginning.
    Prefix(String),
    /// Words as written, in this order.
    Phrase {
        /// The words.
        words: String,
        /// How many other words may stand between them, all together.
        between: u32,
    },
    /// Words spelt nearly so.
    Fuzzy {
        /// The word.
        word: String,
        /// How many letters may be changed, left out, added or swapped with their neighbour: 1 or 2.
        changes: u8,
    },
    /// Longer words that a word is a part of, as the index has them; they count less than the word itself.
    Compounds {
        /// The word, as typed.
        of: String,
        /// The longer words, by stem; the most frequent first.
        stems: Vec<String>,
        /// How many rarer ones are not looked for.
        left_out: usize,
    },
    /// Words that must stand in the title.
    InTitle(Box<Node>),
    /// Words that must stand in a decision, with its item's title.
    InDecision(Box<Node>),
    /// `name:value` with a name that no field has; refused when the query is read.
    UnknownField {
        /// The name.
        name: String,
        /// What stands after the colon.
        value: String,
    },
    /// What was typed, or, counting less, something that means the same.
    Also {
        /// As typed.
        typed: Box<Node>,
        /// What means the same.
        also: Vec<Node>,
    },
    /// A field's value as typed; becomes [`Node::Is`] when the vocabulary is asked what it means.
    Typed {
        /// The field.
        field: Field,
        /// As typed.
        value: String,
    },
    /// A condition on a field; one on a decision's field holds for any decision of a document.
    Is(Filter),
    /// This document, or a decision of it.
    Document(DocId),
    /// At least so many of these.
    Some {
        /// How many.
        least: usize,
        /// Of these.
        of: Vec<Node>,
    },
    /// Not this.
    Not(Box<Node>),
    /// All of these; none of them is everything.
    And(Vec<Node>),
    /// At least one of these; none of them is nothing.
    Or(Vec<Node>),
}

impl Node {
    /// A phrase with nothing between its words.
    pub fn phrase(words: impl Into<String>) -> Node {
        Node::Phrase { words: words.into(), between: 0 }
    }
}

/// A condition on one field.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    /// The field.
    pub field: Field,
    /// At least one of these must hold.
    pub any: Vec<Value>,
}

/// What a field's value must be.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// This.
    Is(String),
    /// A number in this range, both ends included; for a date (`YYYYMMDD`) one that can lie in it.
    Range(i64, i64),
    /// Words that must stand in it; of a decision alone.
    Words(Node),
}

/// In which order hits come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Best first; equally good ones newest first.
    #[default]
    Relevance,
    /// Oldest first, undated last.
    Oldest,
    /// Newest first, undated last.
    Newest,
}
