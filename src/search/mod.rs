//! Defines search: a request in people's words becomes `Results`, each hit with its snippets and the pages they stand on.
//!
//! The engine finds; titles, texts and pages come from the catalog as of the engine's sequence, for the hits shown alone.

mod compounds;
mod dnr;
mod explain;
mod like;
mod resolve;
mod results;
mod snippet;
mod speak;
mod suggest;
mod synonyms;
#[cfg(test)]
mod tests;
mod unsearched;

use std::time::Instant;

pub use dnr::read as read_dnr;
pub use explain::{Why, WordExplained};
pub use resolve::{Succession, UnknownField, UnknownValue, label};
pub use results::{DecisionHit, FacetCount, Facets, Hit, ItemOfHit, Results, Unsearched};
pub use snippet::Snippet;
pub use speak::{English, PHRASES, Speaker, Try, describe, say};
pub use suggest::nearest;

use crate::base::DocId;
use crate::catalog::{self, CatalogError};
use crate::index::{Ask, Engine, IndexError};
use crate::lexicon::Lexicon;
use crate::query::{self, Field, Filter, Node, Query, Sort, Unit, Value};

/// What a person asks for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// The query as typed.
    pub text: String,
    /// What is listed and counted.
    pub unit: Unit,
    /// A document that hits must be similar to.
    pub like: Option<DocId>,
    /// Whether words are taken as typed alone, without those that mean the same.
    pub no_synonyms: bool,
    /// Filters as typed: at least one of a field's values must hold, and all fields.
    pub filters: Vec<(Field, Vec<String>)>,
    /// No document dated before this: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub from: Option<String>,
    /// No document dated after this.
    pub to: Option<String>,
    /// Whether a district stands for those it came from too.
    pub succession: Succession,
    /// In which order.
    pub sort: Sort,
    /// How many hits to leave out at the start.
    pub offset: usize,
    /// How many hits to give at most.
    pub limit: usize,
    /// Whether to count the facets.
    pub facets: bool,
    /// Whether a facet that is filtered by counts only what its own filters let through, as in a table, instead of what
    /// could be chosen besides, as in a list of choices.
    pub within: bool,
    /// Whether to say how words were understood and what speaks for each hit.
    pub explain: bool,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// A filter's value means nothing.
    #[error(transparent)]
    Value(#[from] UnknownValue),
    /// The query names a field that there is not.
    #[error(transparent)]
    Field(#[from] UnknownField),
    /// The index failed.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The catalog failed.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

/// Reads a request into a query, asking the vocabulary and the index what its values mean.
///
/// # Errors
/// If a value means nothing, or the index cannot be read.
pub fn read(request: &Request, engine: &dyn Engine, lex: &Lexicon) -> Result<Query, SearchError> {
    let resolve = resolve::Resolve { engine, lex, succession: request.succession };
    let mut filters = Vec::new();
    for (field, typed) in &request.filters {
        let mut any = Vec::new();
        for value in typed {
            any.extend(resolve.value(*field, value)?);
        }
        filters.push(Filter { field: *field, any });
    }
    if request.from.is_some() || request.to.is_some() {
        let from = resolve.date(Field::From, request.from.as_deref())?;
        let to = resolve.date(Field::To, request.to.as_deref())?;
        filters.push(Filter { field: Field::Date, any: vec![resolve::between(from, to)] });
    }
    let typed = query::parse(&dnr::mark(&request.text, lex));
    let words = if request.no_synonyms {
        resolve.node(typed)?
    } else {
        compounds::expand(resolve.node(synonyms::expand(typed, lex))?, engine)?
    };
    // A condition that stands by itself is a filter like any other, so those on decisions hold together.
    let all = match words {
        Node::And(all) => all,
        node => vec![node],
    };
    let mut words = Vec::new();
    for node in all {
        match node {
            Node::Is(f) => filters.push(f),
            Node::InDecision(inner) if request.unit == Unit::Document => {
                filters.push(Filter { field: Field::Decision, any: vec![Value::Words(*inner)] });
            }
            node => words.push(node),
        }
    }
    let words = match words.len() {
        0 => Node::All,
        1 => words.remove(0),
        _ => Node::And(words),
    };
    Ok(Query { unit: request.unit, words, filters })
}

/// Makes filters conditions of the query, so that no facet is counted without them. In a result of documents those on
/// decisions stay filters, since together they must hold for one and the same decision.
fn fix_filters(query: &mut Query) {
    let stays = |f: &Filter| query.unit == Unit::Document && f.field.info().of_decision;
    let (stay, fixed): (Vec<Filter>, Vec<Filter>) = std::mem::take(&mut query.filters).into_iter().partition(stays);
    query.filters = stay;
    if !fixed.is_empty() {
        let words = std::mem::replace(&mut query.words, Node::All);
        let words = (words != Node::All).then_some(words);
        query.words = Node::And(words.into_iter().chain(fixed.into_iter().map(Node::Is)).collect());
    }
}

/// Where the words of a request stand in a text, as ranges of its bytes, in order.
///
/// # Errors
/// If a value means nothing, or the index cannot be read.
pub fn places(
    request: &Request,
    engine: &dyn Engine,
    lex: &Lexicon,
    text: &str,
) -> Result<Vec<crate::base::Span>, SearchError> {
    Ok(snippet::Marker::new(&read(request, engine, lex)?).marks(text))
}

/// Answers a request.
///
/// # Errors
/// If a value means nothing, or index or catalog cannot be read.
pub fn search(
    request: &Request,
    engine: &dyn Engine,
    catalog: &catalog::Reader,
    lex: &Lexicon,
) -> Result<Results, SearchError> {
    let start = Instant::now();
    let mut query = read(request, engine, lex)?;
    if let Some(like) = request.like.as_ref().map(|id| like::like(id, catalog, engine)).transpose()?.flatten() {
        let words = std::mem::take(&mut query.words);
        query.words = if words == Node::All { like } else { Node::And(vec![words, like]) };
    }
    if request.within {
        fix_filters(&mut query);
    }
    let ask = Ask { query, sort: request.sort, offset: request.offset, limit: request.limit, facets: request.facets };
    let mut answer = engine.search(&ask)?;
    let mut hits = Vec::with_capacity(answer.hits.len());
    let marker = snippet::Marker::new(&ask.query);
    let stands = snippet::stands(&answer.hits, &marker, engine, request.explain)?;
    for (hit, stands) in std::mem::take(&mut answer.hits).into_iter().zip(stands) {
        let why = if request.explain { Some(explain::points(&hit, &marker, engine)?) } else { None };
        hits.extend(results::hit(hit, stands, catalog, &marker, why)?);
    }
    if request.succession == Succession::Now {
        for hit in &mut hits {
            hit.district_now = hit.district.as_ref().and_then(|d| resolve::district_now(&ask.query, d, lex));
        }
    }
    let suggest = suggest::Suggest { ask: &ask, engine, lex, succession: request.succession };
    let mut tries: Vec<Try> = query::slips(&request.text).into_iter().map(Try::Slip).collect();
    tries.extend(suggest.what_to_try(answer.total)?);
    let searched = (answer.total == 0).then(|| engine.len(request.unit)).transpose()?;
    let explain = request.explain.then(|| explain::words(&ask.query, &marker, engine)).transpose()?;
    Ok(Results {
        query: request.text.clone(),
        total: answer.total,
        took_ms: u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX),
        hits,
        facets: results::facets(answer.facets, lex),
        suggestions: tries.iter().map(|t| say(t, lex, &English)).collect(),
        read_as: describe(&ask.query, lex, request.succession, &English),
        unsearched: unsearched::count(catalog)?,
        searched,
        explain,
        asked: ask.query,
        tries,
    })
}
