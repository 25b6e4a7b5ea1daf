//! Defines `Results`, the public shape of an answer, and fills it from the catalog.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use super::explain::{Why, WordExplained, why};
use super::resolve::labels;
use super::snippet::{Marker, Snippet};
use super::speak::Try;
use crate::base::PartialDate;
use crate::catalog::{self, CatalogError};
use crate::index::card::DecisionCard;
use crate::index::{Counts, EntryHit, Stands};
use crate::lexicon::Lexicon;
use crate::parse::record::Status;
use crate::query::{Field, Query};

/// An answer, in the order of the public shape.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Results {
    /// The query as typed.
    pub query: String,
    /// How many documents (or decisions) match, exactly.
    pub total: u64,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// The hits asked for.
    pub hits: Vec<Hit>,
    /// Exact counts over the whole result, by the name of the facet; empty if not asked for.
    pub facets: Facets,
    /// What to try when nothing was found.
    pub suggestions: Vec<String>,
    /// How the query was read.
    pub read_as: String,
    /// What could not be searched.
    pub unsearched: Unsearched,
    /// How many documents (or decisions) there are; only there if none of them matched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub searched: Option<u64>,
    /// How each word was understood; only there if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explain: Option<Vec<WordExplained>>,
    /// What was asked, as it was read: no part of the public shape.
    #[serde(skip)]
    pub asked: Query,
    /// The suggestions, as what they do to the request: no part of the public shape.
    #[serde(skip)]
    pub tries: Vec<Try>,
}

/// The facets with their values, in the order of the table of fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facets(Vec<(&'static str, Vec<FacetCount>)>);

impl Facets {
    /// The values of a facet; none if it was not counted.
    pub fn get(&self, name: &str) -> Option<&[FacetCount]> {
        self.0.iter().find(|(n, _)| *n == name).map(|(_, counts)| counts.as_slice())
    }
}

impl Serialize for Facets {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_map(self.0.iter().map(|(name, counts)| (name, counts)))
    }
}

/// One value of a facet.
#[derive(Clone, Debug, PartialEq)]
pub struct FacetCount {
    /// The value, as filters take it.
    pub value: Arc<str>,
    /// The value for people.
    pub label: Arc<str>,
    /// How many of the result have it.
    pub count: u64,
}

impl Serialize for FacetCount {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut out = s.serialize_struct("FacetCount", 3)?;
        out.serialize_field("value", &*self.value)?;
        out.serialize_field("label", &*self.label)?;
        out.serialize_field("count", &self.count)?;
        out.end()
    }
}

/// What of the corpus could not be searched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Unsearched {
    /// Files that could not be read.
    pub failed_files: u64,
    /// Pages that show something but have no letters.
    pub textless_pages: u64,
}

/// One hit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hit {
    /// Id of the document.
    pub id: String,
    /// How well it matches; comparable within one answer.
    pub score: f32,
    /// Title of the document.
    pub title: Option<String>,
    /// Kind of the document.
    pub kind: String,
    /// Date of the document, or of its meeting.
    pub date: Option<PartialDate>,
    /// Its year.
    pub year: Option<i16>,
    /// Id of its own district.
    pub district: Option<String>,
    /// Id of the district asked for that it has become part of; only there if districts are taken as now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub district_now: Option<String>,
    /// The body it belongs to.
    pub authority: Option<String>,
    /// Its own diary number; for a decision in an item that item's.
    pub dnr: Option<String>,
    /// Path of its file.
    pub path: String,
    /// Pages of the file where the words stand, or the decision.
    pub pages: Vec<u32>,
    /// Pieces of the text with the words marked.
    pub snippets: Vec<Snippet>,
    /// The decision, when decisions were asked for.
    pub decision: Option<DecisionHit>,
    /// What speaks for the hit; only there if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Vec<Why>>,
}

/// A decision that was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DecisionHit {
    /// Where it stands.
    pub status: Status,
    /// Its number in its list.
    pub number: Option<String>,
    /// The decision, verbatim.
    pub text: String,
    /// Who decides.
    pub actor: Option<String>,
    /// What it does.
    pub actions: Vec<String>,
    /// Who is given the task.
    pub assignee: Option<String>,
    /// The item it stands in, if in one.
    pub item: Option<ItemOfHit>,
}

/// The item of a decision.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ItemOfHit {
    /// `§ 12`.
    pub number: String,
    /// Its title.
    pub title: Option<String>,
    /// Its diary numbers.
    pub dnr: Vec<String>,
}

/// Fills one hit, given where its words stand and, if it is to be explained, what each adds to its score; none if the catalog does not hold its document (any more).
pub(super) fn hit(
    found: EntryHit,
    stands: Vec<Option<Stands>>,
    catalog: &catalog::Reader,
    marker: &Marker,
    points: Option<Vec<f32>>,
) -> Result<Option<Hit>, CatalogError> {
    let Some(path) = catalog.path(&found.doc)? else { return Ok(None) };
    let card = found.card;
    let mut hit = Hit {
        id: found.doc.to_string(),
        score: found.score,
        title: card.title,
        kind: card.kind,
        date: card.date,
        year: card.year,
        district: card.district,
        district_now: None,
        authority: card.authority,
        dnr: card.dnr,
        path,
        pages: Vec::new(),
        snippets: Vec::new(),
        decision: None,
        why: None,
    };
    match card.decision {
        Some(decision) => {
            let page = decision.pages.first().copied().unwrap_or(1);
            hit.snippets.extend(marker.whole(&decision.text, page));
            let item_title = decision.item.as_ref().and_then(|(_, title, _)| title.as_deref());
            let title = item_title.or(hit.title.as_deref()).unwrap_or_default();
            hit.why = points.map(|p| why(marker, title, &marker.often(&decision.text), &p));
            hit.pages.clone_from(&decision.pages);
            hit.decision = Some(decision_hit(decision));
        }
        None if marker.marks_anything() => {
            if let Some(text) = catalog.text(&found.doc)? {
                let shown = marker.shown(&text, &card.places, stands);
                hit.why = points.map(|p| why(marker, hit.title.as_deref().unwrap_or_default(), &shown.often, &p));
                (hit.pages, hit.snippets) = (shown.pages, shown.snippets);
            }
        }
        None => {}
    }
    Ok(Some(hit))
}

fn decision_hit(d: DecisionCard) -> DecisionHit {
    DecisionHit {
        status: d.status,
        number: d.number,
        text: d.text,
        actor: d.actor,
        actions: d.actions,
        assignee: d.assignee,
        item: d.item.map(|(number, title, dnr)| ItemOfHit { number, title, dnr }),
    }
}

/// The facets for people: most frequent first, years newest first.
pub(super) fn facets(mut counted: BTreeMap<Field, Counts>, lex: &Lexicon) -> Facets {
    let list = |field: Field, counts: Counts| {
        let labels = labels(field, lex);
        let mut list: Vec<FacetCount> = counts
            .into_iter()
            .map(|(value, count)| FacetCount {
                label: labels.get(&*value).map_or_else(|| value.clone(), |l| (*l).into()),
                value,
                count,
            })
            .collect();
        // They come in the order of their values.
        if field == Field::Year {
            list.reverse();
        } else {
            list.sort_by_key(|c| Reverse(c.count));
        }
        list
    };
    let one = |field: Field| Some((field.name(), list(field, counted.remove(&field)?)));
    Facets(Field::facets().filter_map(one).collect())
}
