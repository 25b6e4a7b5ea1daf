//! Defines `Engine`: what every engine answers, in our own words. No engine's type crosses this line.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::IndexError;
use super::card::Card;
use super::compounds::Compounds;
use super::entry::KnownName;
use super::terms::Slots;
use crate::base::DocId;
use crate::query::{Field, Query, Sort, Unit};

/// A query with what is wanted of its result.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ask {
    /// What is asked.
    pub query: Query,
    /// In which order.
    pub sort: Sort,
    /// How many hits to leave out at the start.
    pub offset: usize,
    /// How many hits to give at most.
    pub limit: usize,
    /// Whether to count the facets.
    pub facets: bool,
}

/// One entry that matches.
#[derive(Clone, Debug, PartialEq)]
pub struct EntryHit {
    /// Its document.
    pub doc: DocId,
    /// What it is.
    pub unit: Unit,
    /// For a decision: which one.
    pub ordinal: u32,
    /// How well it matches; 0 without words. Comparable within one result only.
    pub score: f32,
    /// What it is shown by.
    pub card: Card,
    /// The engine's own number for it, good for questions about this hit alone.
    pub at: u64,
}

/// Where words stand in an entry: the places of the first and the last word, as in [`super::card::Places`].
pub type Stands = Vec<(u32, u32)>;

/// The counts of one facet: how many entries of the result have each value, in the order of the values.
pub type Counts = Vec<(Arc<str>, u64)>;

/// What an engine answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// How many entries match, exactly.
    pub total: u64,
    /// The hits asked for.
    pub hits: Vec<EntryHit>,
    /// Counts over the whole result, exact. A facet that is filtered by is counted as if its own filters were not there,
    /// so that each count is what the total would be with that value added. In a result of documents a count on a
    /// decision's field is of documents with a decision that has this value and meets all other conditions on decisions.
    pub facets: BTreeMap<Field, Counts>,
}

/// Answers queries from one unchanging state of the index.
pub trait Engine {
    /// The catalog's sequence that this state belongs to.
    fn sequence(&self) -> u64;

    /// How many entries of this unit there are.
    ///
    /// # Errors
    /// If the index cannot be read.
    fn len(&self, unit: Unit) -> Result<u64, IndexError>;

    /// Answers a query.
    ///
    /// # Errors
    /// If the index cannot be read.
    fn search(&self, ask: &Ask) -> Result<Answer, IndexError>;

    /// Where words stand in hits: for each hit and each of `wanted`, in order. None for words by their beginning or spelt nearly so, which
    /// only the text can tell.
    ///
    /// # Errors
    /// If the index cannot be read.
    fn stands(&self, hits: &[&EntryHit], wanted: &[&Slots]) -> Result<Vec<Vec<Option<Stands>>>, IndexError>;

    /// The values of a field that are known by this [`crate::base::fold::name_key`].
    ///
    /// # Errors
    /// If the index cannot be read.
    fn values_known_as(&self, field: Field, key: &str) -> Result<Vec<String>, IndexError>;

    /// In how many documents a word stands in any inflection; those dropped a moment ago may count.
    ///
    /// # Errors
    /// If the index cannot be read.
    fn found_in(&self, word: &str) -> Result<u64, IndexError>;

    /// The longer words of the index that a typed word is a part of. Words of entries dropped a moment ago may be among them.
    ///
    /// # Errors
    /// If the index cannot be read.
    fn compounds(&self, word: &str) -> Result<Compounds, IndexError>;

    /// Words of the index spelt nearly like this one, nearest and then most frequent first.
    ///
    /// # Errors
    /// If the index cannot be read.
    fn similar_words(&self, word: &str, limit: usize) -> Result<Vec<String>, IndexError>;

    /// Every name of a field's values, for suggestions.
    ///
    /// # Errors
    /// If the index cannot be read.
    fn known_names(&self, field: Field) -> Result<Vec<KnownName>, IndexError>;
}
