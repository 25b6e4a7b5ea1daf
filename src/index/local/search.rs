//! Answers queries: one pass over what matches gives the total, the best hits and the facets, exactly.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;

use tantivy::query::{Query as _, TermQuery};
use tantivy::schema::{IndexRecordOption, Value as _};
use tantivy::{DocAddress, DocId as Row, Searcher, SegmentReader, TantivyDocument, Term};

use super::compounds::Stored;
use super::facets::{BLOCK, Counter, Facet, These};
use super::gather::{self, Leaf, Segment};
use super::longer::Kept;
use super::lower::{self, Plan};
use super::near::Places;
use super::rows::Rows;
use super::schema::{Fields, STEM, UNIT_SEPARATOR};
use super::score;
use super::spelling::Nearly;
use crate::base::DocId;
use crate::index::card::Card;
use crate::index::compounds::Compounds;
use crate::index::engine::{Answer, Ask, Engine, EntryHit, Stands};
use crate::index::entry::KnownName;
use crate::index::terms::Slots;
use crate::index::{IndexError, analyse, terms};
use crate::query::{Field, Node, Sort, Unit};

/// One state of the index, to be searched.
pub struct Reader {
    pub(super) searcher: Searcher,
    pub(super) fields: Fields,
    pub(super) sequence: u64,
    dir: PathBuf,
    /// Opened when first asked for, as are the facets.
    compounds: OnceLock<Stored>,
    facets: BTreeMap<Field, OnceLock<Facet>>,
    kept: Kept,
    /// For each segment.
    units: Vec<OnceLock<[Rows; 2]>>,
}

/// Where a hit stands in the order asked for: smaller comes first.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
struct Rank {
    /// Negated score, or the day so that it sorts as asked.
    main: f64,
    /// Negated day: newer first.
    newest: f64,
    tie: u64,
}

impl Rank {
    fn order(&self, other: &Rank) -> Ordering {
        self.main.total_cmp(&other.main).then(self.newest.total_cmp(&other.newest)).then(self.tie.cmp(&other.tie))
    }
}

/// The best hits so far.
struct Best {
    keep: usize,
    hits: Vec<(Rank, f32, DocAddress)>,
    /// What a hit must be better than once there are enough.
    worst: f64,
}

impl Best {
    fn push(&mut self, rank: Rank, score: f32, at: DocAddress) {
        if self.keep == 0 {
            return;
        }
        self.hits.push((rank, score, at));
        if self.hits.len() >= self.keep.saturating_mul(2).max(64) {
            self.shrink();
        }
    }

    fn shrink(&mut self) {
        if self.hits.len() > self.keep {
            self.hits.select_nth_unstable_by(self.keep - 1, |a, b| a.0.order(&b.0));
            self.hits.truncate(self.keep);
            self.worst = self.hits.iter().map(|h| h.0.main).fold(f64::NEG_INFINITY, f64::max);
        }
    }
}

/// What meets a query in one segment.
struct Found<'p> {
    rows: Rows,
    leaves: Vec<Leaf<'p>>,
    /// What meets all but the filters whose own facets are counted.
    base: Rows,
    /// What meets those filters, each.
    sides: Vec<(Field, Rows)>,
    /// Decisions that meet the conditions which must hold together, each; and documents that have one that meets all of them.
    joined: Vec<(Field, Rows)>,
    of_decisions: Option<Rows>,
    unit: Unit,
}

impl<'p> Found<'p> {
    fn new(segment: &Segment, plan: &'p Plan, unit: &Rows, facets: &[Field]) -> Result<Self, IndexError> {
        let mut base = unit.clone();
        let mut sides: Vec<(Field, Rows)> = Vec::new();
        for (field, part) in &plan.direct {
            let met = segment.met(part, Some(unit))?.rows;
            match sides.iter_mut().find(|(f, _)| f == field) {
                _ if !facets.contains(field) => base.and(&met),
                Some((_, rows)) => rows.and(&met),
                None => sides.push((*field, met)),
            }
        }
        let mut joined: Vec<(Field, Rows)> = Vec::new();
        for (field, part) in &plan.joined {
            let mut met = segment.met(part, Some(segment.decisions))?.rows;
            met.and(segment.decisions);
            joined.push((*field, met));
        }
        let mut found =
            Found { rows: base.clone(), leaves: Vec::new(), base, sides, joined, of_decisions: None, unit: plan.unit };
        let decisions = found.decisions_without(None);
        found.of_decisions = decisions.map(|d| segment.documents(&d)).transpose()?;
        if let (Some(documents), false) = (&found.of_decisions, facets.iter().any(|f| f.info().of_decision)) {
            found.base.and(documents);
        }
        if let Some(words) = &plan.words {
            let met = segment.met(words, Some(&found.base))?;
            found.base.and(&met.rows);
            found.leaves = met.leaves;
        }
        found.rows = found.base_without(None);
        found.rows.and(found.of_decisions.as_ref().unwrap_or(unit));
        Ok(found)
    }

    /// What meets all but conditions on decisions and the filters on one facet.
    fn base_without(&self, without: Option<Field>) -> Rows {
        let mut rows = self.base.clone();
        self.sides.iter().filter(|(f, _)| Some(*f) != without).for_each(|(_, side)| rows.and(side));
        rows
    }

    /// Decisions that meet the conditions but those on one field; none if there are no others.
    fn decisions_without(&self, without: Option<Field>) -> Option<Rows> {
        let mut others = self.joined.iter().filter(|(f, _)| Some(*f) != without).map(|(_, rows)| rows);
        let mut rows = others.next()?.clone();
        others.for_each(|other| rows.and(other));
        Some(rows)
    }

    /// Counts a facet; `these` meet all.
    fn count(&self, segment: &Segment, field: Field, these: &These, counter: &mut Counter) -> Result<(), IndexError> {
        let of_decision = self.unit == Unit::Document && field.info().of_decision;
        if of_decision && let Some(mut decisions) = self.decisions_without(Some(field)) {
            // Documents that have a decision with this value which meets the other conditions.
            let documents = self.base_without(None);
            let document = segment.document()?;
            let mut kept = Vec::new();
            decisions.and(segment.decisions);
            decisions.each(|d| kept.extend(Some(d).filter(|d| documents.contains(document(*d)))));
            kept.chunks(BLOCK).for_each(|block| counter.add_documents(segment.number, block, &document));
            return Ok(());
        }
        let own = self.sides.iter().any(|(f, _)| *f == field) || (of_decision && !self.joined.is_empty());
        if !own {
            counter.add(segment.number, these);
            return Ok(());
        }
        let mut rows = self.base_without(Some(field));
        if let Some(documents) = self.of_decisions.as_ref().filter(|_| !of_decision) {
            rows.and(documents);
        }
        counter.add(segment.number, &these.others(&rows));
        Ok(())
    }
}

impl Reader {
    pub(super) fn new(searcher: Searcher, fields: Fields, dir: PathBuf, sequence: u64) -> Self {
        let facets = Field::facets().map(|f| (f, OnceLock::new())).collect();
        let units = searcher.segment_readers().iter().map(|_| OnceLock::new()).collect();
        Reader { searcher, fields, sequence, dir, compounds: OnceLock::new(), facets, kept: Kept::default(), units }
    }

    /// The values of a facet; none of a field that is no facet.
    fn facet(&self, field: Field) -> Result<Option<&Facet>, IndexError> {
        let Some(known) = self.facets.get(&field) else { return Ok(None) };
        if let Some(facet) = known.get() {
            return Ok(Some(facet));
        }
        let opened = Facet::open(&self.searcher, field)?;
        Ok(Some(known.get_or_init(|| opened)))
    }

    /// Rows of documents and of decisions that are not deleted, in each segment.
    fn units(&self, segment: usize, reader: &SegmentReader) -> Result<&[Rows; 2], IndexError> {
        let Some(known) = self.units.get(segment) else { return Err(IndexError::Engine("no such segment".into())) };
        if let Some(units) = known.get() {
            return Ok(units);
        }
        let inverted = reader.inverted_index(self.fields.unit)?;
        let rows = |unit: u64| {
            let mut rows = Rows::none(reader.max_doc());
            let term = inverted.get_term_info(&Term::from_field_u64(self.fields.unit, unit));
            if let Some(term) = term.map_err(tantivy::TantivyError::from)? {
                gather::read(&inverted, &[term], &mut rows)?;
            }
            if let Some(alive) = reader.alive_bitset() {
                let mut kept = Rows::none(reader.max_doc());
                rows.each(|row| {
                    if alive.is_alive(row) {
                        kept.insert(row);
                    }
                });
                rows = kept;
            }
            Ok::<_, IndexError>(rows)
        };
        let made = [rows(0)?, rows(1)?];
        Ok(known.get_or_init(|| made))
    }

    /// Puts the best of the rows of a segment among the best.
    fn rank(
        &self,
        segment: &Segment,
        sort: Sort,
        by_score: bool,
        leaves: Vec<Leaf>,
        rows: Vec<Row>,
        best: &mut Best,
    ) -> Result<(), IndexError> {
        if best.keep == 0 {
            return Ok(());
        }
        let scored = if by_score {
            score::best(segment.number, segment.reader, leaves, rows, best.keep, -best.worst as f32)?
        } else {
            rows.into_iter().map(|row| (row, 0.0)).collect()
        };
        let columns = segment.reader.fast_fields();
        let schema = segment.reader.schema();
        let days = columns.i64(schema.get_field_name(self.fields.first_day))?;
        let ties = columns.u64(schema.get_field_name(self.fields.tie))?;
        let number = u32::try_from(segment.number).unwrap_or(u32::MAX);
        let mut push = |row: Row, score: f32| {
            // Negation puts the best first; a score below the worst kept one needs no look at the columns.
            let by_score_main = -f64::from(score);
            if by_score && by_score_main > best.worst {
                return;
            }
            let day = days.first(row).map(|d| d as f64);
            let newest = day.map_or(f64::INFINITY, |d| -d);
            let main = match sort {
                Sort::Relevance => by_score_main,
                Sort::Newest => newest,
                Sort::Oldest => day.unwrap_or(f64::INFINITY),
            };
            let rank = Rank { main, newest, tie: ties.first(row).unwrap_or(0) };
            best.push(rank, score, DocAddress::new(number, row));
        };
        scored.into_iter().for_each(|(row, score)| push(row, score));
        Ok(())
    }

    fn hit(&self, unit: Unit, score: f32, at: DocAddress) -> Result<EntryHit, IndexError> {
        let stored: TantivyDocument = self.searcher.doc(at)?;
        let doc = stored.get_first(self.fields.doc).and_then(|v| v.as_str()).unwrap_or_default();
        let card = stored.get_first(self.fields.card).and_then(|v| v.as_bytes()).unwrap_or_default();
        let card: Card = postcard::from_bytes(card).map_err(|e| IndexError::Engine(e.to_string()))?;
        let ordinal = if unit == Unit::Decision {
            let reader = self.searcher.segment_reader(at.segment_ord);
            let column = reader.fast_fields().u64(reader.schema().get_field_name(self.fields.ordinal))?;
            column.first(at.doc_id).unwrap_or(0)
        } else {
            0
        };
        Ok(EntryHit {
            doc: DocId::from_stored(doc),
            unit,
            ordinal: u32::try_from(ordinal).unwrap_or(u32::MAX),
            score,
            card,
            at: u64::from(at.segment_ord) << 32 | u64::from(at.doc_id),
        })
    }

    /// Calls `each` for every known name whose term begins so.
    fn names(&self, prefix: &str, mut each: impl FnMut(KnownName)) -> Result<(), IndexError> {
        let failed = |e: std::io::Error| IndexError::Engine(e.to_string());
        for reader in self.searcher.segment_readers() {
            let inverted = reader.inverted_index(self.fields.names)?;
            let mut terms = inverted.terms().range().ge(prefix.as_bytes()).into_stream().map_err(failed)?;
            while terms.advance() {
                let Ok(text) = std::str::from_utf8(terms.key()) else { continue };
                if !text.starts_with(prefix) {
                    break;
                }
                let mut parts = text.split(UNIT_SEPARATOR);
                if let (Some(field), Some(key), Some(value)) = (parts.next(), parts.next(), parts.next())
                    && let Some(field) = Field::by_name(field)
                {
                    each(KnownName { field, key: key.to_string(), value: value.to_string() });
                }
            }
        }
        Ok(())
    }
}

impl Engine for Reader {
    fn sequence(&self) -> u64 {
        self.sequence
    }

    fn len(&self, unit: Unit) -> Result<u64, IndexError> {
        let term = Term::from_field_u64(self.fields.unit, u64::from(unit == Unit::Decision));
        if self.searcher.segment_readers().iter().all(|r| !r.has_deletes()) {
            return Ok(self.searcher.doc_freq(&term)?);
        }
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        Ok(query.count(&self.searcher)? as u64)
    }

    fn search(&self, ask: &Ask) -> Result<Answer, IndexError> {
        let by_score = ask.sort == Sort::Relevance && ask.query.words != Node::All && ask.limit > 0;
        let plan = Plan::new(&ask.query, &self.fields, &self.searcher, &self.kept, by_score)?;
        let facets: Vec<Field> = Field::facets().filter(|_| ask.facets).collect();
        let mut counters: Vec<(Field, Counter)> = Vec::with_capacity(facets.len());
        for field in &facets {
            counters.extend(self.facet(*field)?.map(|facet| (*field, Counter::new(facet))));
        }
        let keep = if ask.limit == 0 { 0 } else { ask.offset.saturating_add(ask.limit) };
        let mut best = Best { keep, hits: Vec::new(), worst: f64::INFINITY };
        let mut answer = Answer::default();
        for (number, reader) in self.searcher.segment_readers().iter().enumerate() {
            let [documents, decisions] = self.units(number, reader)?;
            let segment = Segment { reader, number, fields: &self.fields, decisions };
            let unit = if ask.query.unit == Unit::Document { documents } else { decisions };
            let found = Found::new(&segment, &plan, unit, &facets)?;
            answer.total += found.rows.len();
            let these = These::new(&found.rows, unit, usize::from(ask.query.unit == Unit::Decision));
            for (field, counter) in &mut counters {
                found.count(&segment, *field, &these, counter)?;
            }
            self.rank(&segment, ask.sort, by_score, found.leaves, these.into_rows(), &mut best)?;
        }
        answer.facets.extend(counters.into_iter().map(|(field, counter)| (field, counter.counts())));
        best.shrink();
        best.hits.sort_by(|a, b| a.0.order(&b.0));
        for (_, score, at) in best.hits.into_iter().skip(ask.offset).take(ask.limit) {
            answer.hits.push(self.hit(ask.query.unit, score, at)?);
        }
        Ok(answer)
    }

    fn stands(&self, hits: &[&EntryHit], wanted: &[&Slots]) -> Result<Vec<Vec<Option<Stands>>>, IndexError> {
        let mut all: Vec<Vec<Option<Stands>>> =
            hits.iter().map(|_| wanted.iter().map(|s| s.are_listed().then(Stands::new)).collect()).collect();
        // Postings are read forwards, so segment by segment and row by row.
        let unit = hits.first().map_or(Unit::Document, |h| h.unit);
        let mut order: Vec<(u64, usize)> = hits.iter().zip(0..).map(|(h, i)| (h.at, i)).collect();
        order.sort_unstable();
        for of_segment in order.chunk_by(|a, b| a.0 >> 32 == b.0 >> 32) {
            let Some((at, _)) = of_segment.first() else { continue };
            let segment = usize::try_from(at >> 32).unwrap_or(usize::MAX);
            let Some(reader) = self.searcher.segment_readers().get(segment) else { continue };
            let inverted = reader.inverted_index(self.fields.text(unit))?;
            for (which, slots) in wanted.iter().enumerate().filter(|(_, s)| s.are_listed()) {
                let terms = lower::places_in(&inverted, &lower::texts(slots))?;
                let Some(mut places) = Places::open(&inverted, &terms, slots.between)? else { continue };
                let rows = of_segment.iter().map(|(at, i)| ((at & u64::from(u32::MAX)) as Row, *i));
                places.stands(rows, |hit, found| {
                    if let Some(places) = all.get_mut(hit).and_then(|h| h.get_mut(which)) {
                        *places = Some(found);
                    }
                });
            }
        }
        Ok(all)
    }

    fn values_known_as(&self, field: Field, key: &str) -> Result<Vec<String>, IndexError> {
        let mut values = std::collections::BTreeSet::new();
        self.names(&format!("{field}{UNIT_SEPARATOR}{key}{UNIT_SEPARATOR}"), |n| {
            values.insert(n.value);
        })?;
        Ok(values.into_iter().collect())
    }

    fn found_in(&self, word: &str) -> Result<u64, IndexError> {
        let term =
            Term::from_field_text(self.fields.text(Unit::Document), &format!("{STEM}{}", analyse::forms(word).stem));
        Ok(self.searcher.doc_freq(&term)?)
    }

    fn compounds(&self, word: &str) -> Result<Compounds, IndexError> {
        let table = match self.compounds.get() {
            Some(table) => table,
            None => {
                let opened = Stored::open(&self.dir, &self.searcher, self.fields.text(Unit::Document), self.sequence)?;
                self.compounds.get_or_init(|| opened)
            }
        };
        Ok(table.of(word))
    }

    fn similar_words(&self, word: &str, limit: usize) -> Result<Vec<String>, IndexError> {
        let typed = &analyse::forms(word).exact;
        let mut found: BTreeMap<String, (usize, u64)> = BTreeMap::new();
        let nearly = Nearly::new(typed, terms::slips(typed.chars().count()), true);
        nearly.words(&self.searcher, self.fields.text(Unit::Document), |w, n| {
            if let Some(changes) = terms::slip(typed, w) {
                found.entry(w.to_string()).or_insert((changes, 0)).1 += n;
            }
        })?;
        Ok(terms::nearest(found.into_iter().map(|(w, (c, n))| (c, n, w)).collect(), limit))
    }

    fn known_names(&self, field: Field) -> Result<Vec<KnownName>, IndexError> {
        let mut names = BTreeMap::new();
        self.names(&format!("{field}{UNIT_SEPARATOR}"), |n| {
            names.insert(n, ());
        })?;
        Ok(names.into_keys().collect())
    }
}
