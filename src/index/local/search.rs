//! Answers queries: one pass over what matches gives the total, the best hits and the facets, exactly.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;

use tantivy::columnar::Column as FastColumn;
use tantivy::query::{EnableScoring, Query as _, TermQuery, Weight};
use tantivy::schema::{IndexRecordOption, Value as _};
use tantivy::{DocAddress, DocId as Row, Searcher, SegmentReader, TantivyDocument, Term};

use super::compounds::Stored;
use super::facets::{BLOCK, Counter, Facet};
use super::lower::{self, Plan};
use super::schema::{Fields, STEM, UNIT_SEPARATOR};
use super::sets::{Rows, documents, offset};
use super::spelling::Nearly;
use crate::base::DocId;
use crate::index::card::Card;
use crate::index::compounds::Compounds;
use crate::index::engine::{Answer, Ask, Counts, Engine, EntryHit, Stands};
use crate::index::entry::KnownName;
use crate::index::terms::Slots;
use crate::index::{IndexError, analyse, terms};
use crate::query::{Field, Sort, Unit};

/// One state of the index, to be searched.
pub struct Reader {
    pub(super) searcher: Searcher,
    pub(super) fields: Fields,
    pub(super) sequence: u64,
    dir: PathBuf,
    /// Opened when first asked for, as are the facets.
    compounds: OnceLock<Stored>,
    facets: BTreeMap<Field, OnceLock<Facet>>,
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

/// A query ready to run on segments: what matches, and which documents have a decision that meets the conditions.
struct Run<'a> {
    entries: Box<dyn Weight>,
    decisions: Option<Box<dyn Weight>>,
    fields: &'a Fields,
    scores: bool,
}

impl Run<'_> {
    /// Calls `each` for every matching row of a segment that is not deleted.
    fn each(&self, reader: &SegmentReader, mut each: impl FnMut(Row, f32)) -> Result<(), IndexError> {
        let with_decision = match &self.decisions {
            Some(weight) => Some(documents(weight.as_ref(), &to_document(self.fields, reader)?, reader)?),
            None => None,
        };
        let alive = reader.alive_bitset();
        let wanted = |row: Row| {
            alive.is_none_or(|a| a.is_alive(row)) && with_decision.as_ref().is_none_or(|rows| rows.contains(row))
        };
        if self.scores {
            self.entries.for_each(reader, &mut |row, score| {
                if wanted(row) {
                    each(row, score);
                }
            })?;
        } else {
            self.entries.for_each_no_score(reader, &mut |rows| {
                rows.iter().filter(|row| wanted(**row)).for_each(|row| each(*row, 0.0));
            })?;
        }
        Ok(())
    }
}

/// The filters on one facet in one segment.
struct Side {
    field: Field,
    lets_through: Rows,
    /// Rows that nothing else keeps out, to be counted.
    block: Vec<Row>,
}

impl Side {
    fn new(field: Field, filters: &dyn Weight, reader: &SegmentReader) -> Result<Self, IndexError> {
        let mut lets_through = Rows::new(reader);
        filters.for_each_no_score(reader, &mut |rows| rows.iter().for_each(|row| lets_through.insert(*row)))?;
        Ok(Side { field, lets_through, block: Vec::new() })
    }

    fn count(&mut self, segment: usize, counters: &mut [(Field, Counter)]) {
        if let Some((_, counter)) = counters.iter_mut().find(|(f, _)| *f == self.field) {
            counter.add(segment, &self.block);
        }
        self.block.clear();
    }
}

fn to_document(fields: &Fields, reader: &SegmentReader) -> Result<FastColumn<u64>, IndexError> {
    Ok(reader.fast_fields().u64(reader.schema().get_field_name(fields.to_document))?)
}

impl Reader {
    pub(super) fn new(searcher: Searcher, fields: Fields, dir: PathBuf, sequence: u64) -> Self {
        let facets = Field::facets().map(|f| (f, OnceLock::new())).collect();
        Reader { searcher, fields, sequence, dir, compounds: OnceLock::new(), facets }
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

    fn run(&self, plan: &Plan, without: &[Field], scores: bool) -> Result<Run<'_>, IndexError> {
        let enable = |scores: bool| {
            if scores {
                EnableScoring::enabled_from_searcher(&self.searcher)
            } else {
                EnableScoring::disabled_from_searcher(&self.searcher)
            }
        };
        let decisions = plan.decisions(without).map(|q| q.weight(enable(false))).transpose()?;
        Ok(Run { entries: plan.entries(without).weight(enable(scores))?, decisions, fields: &self.fields, scores })
    }

    /// Counts one facet that the main pass cannot: it is filtered by, or it is of decisions that conditions hold for.
    fn count_apart(&self, plan: &Plan, unit: Unit, field: Field) -> Result<Counts, IndexError> {
        let Some(facet) = self.facet(field)? else { return Ok(Counts::new()) };
        let mut counter = Counter::new(facet);
        let run = self.run(plan, &[field], false)?;
        let by_decision = unit == Unit::Document && field.info().of_decision;
        for (segment, reader) in self.searcher.segment_readers().iter().enumerate() {
            match &run.decisions {
                Some(decisions) if by_decision => {
                    let mut documents = Rows::new(reader);
                    run.each(reader, |row, _| documents.insert(row))?;
                    let to_document = to_document(&self.fields, reader)?;
                    let document = |decision: Row| decision + offset(&to_document, decision);
                    let mut block = Vec::with_capacity(BLOCK);
                    decisions.for_each_no_score(reader, &mut |rows| {
                        block.clear();
                        block.extend(rows.iter().filter(|d| documents.contains(document(**d))));
                        counter.add_documents(segment, &block, document);
                    })?;
                }
                _ => {
                    let mut block = Vec::with_capacity(BLOCK);
                    run.each(reader, |row, _| {
                        block.push(row);
                        if block.len() == BLOCK {
                            counter.add(segment, &block);
                            block.clear();
                        }
                    })?;
                    counter.add(segment, &block);
                }
            }
        }
        Ok(counter.counts())
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
        let plan = Plan::new(&ask.query, &self.fields, &self.searcher)?;
        let by_score = ask.sort == Sort::Relevance && plan.ranks();
        let facets: Vec<Field> = Field::facets().filter(|_| ask.facets).collect();
        // What a facet's own filter alone keeps out is counted for that facet: such filters are looked at row by row.
        let sided: Vec<Field> = plan.direct().into_iter().filter(|f| facets.contains(f)).collect();
        let run = self.run(&plan, &sided, by_score)?;
        let off = EnableScoring::disabled_from_searcher(&self.searcher);
        let sides: Vec<(Field, Box<dyn Weight>)> =
            sided.iter().map(|f| Ok((*f, plan.only(*f).weight(off)?))).collect::<Result<_, IndexError>>()?;
        let (apart, along): (Vec<Field>, Vec<Field>) = facets.into_iter().partition(|f| {
            let of_decisions = ask.query.unit == Unit::Document && f.info().of_decision;
            plan.joins(*f) || (of_decisions && plan.decisions(&[*f]).is_some())
        });

        let mut answer = Answer::default();
        let mut best = Best { keep: ask.offset.saturating_add(ask.limit), hits: Vec::new(), worst: f64::INFINITY };
        let mut counters: Vec<(Field, Counter)> = Vec::with_capacity(along.len());
        for field in &along {
            counters.extend(self.facet(*field)?.map(|facet| (*field, Counter::new(facet))));
        }
        let mut block = Vec::with_capacity(BLOCK);
        for (segment, reader) in (0..).zip(self.searcher.segment_readers()) {
            let here = segment as usize;
            let columns = reader.fast_fields();
            let schema = reader.schema();
            let days = columns.i64(schema.get_field_name(self.fields.first_day))?;
            let ties = columns.u64(schema.get_field_name(self.fields.tie))?;
            let mut sides: Vec<Side> =
                sides.iter().map(|(f, weight)| Side::new(*f, weight.as_ref(), reader)).collect::<Result<_, _>>()?;
            run.each(reader, |row, score| {
                let mut out = sides.iter_mut().filter(|s| !s.lets_through.contains(row));
                if let Some(side) = out.next() {
                    // Kept out by more than one filter, a row counts for none.
                    if out.next().is_none() {
                        side.block.push(row);
                        if side.block.len() == BLOCK {
                            side.count(here, &mut counters);
                        }
                    }
                    return;
                }
                answer.total += 1;
                block.push(row);
                if block.len() == BLOCK {
                    counters.iter_mut().for_each(|(_, c)| c.add(here, &block));
                    block.clear();
                }
                // Negation puts the best first; a score below the worst kept one needs no look at the columns.
                let by_score_main = -f64::from(score);
                if best.keep == 0 || (by_score && by_score_main > best.worst) {
                    return;
                }
                let day = days.first(row).map(|d| d as f64);
                let newest = day.map_or(f64::INFINITY, |d| -d);
                let main = match ask.sort {
                    Sort::Relevance => by_score_main,
                    Sort::Newest => newest,
                    Sort::Oldest => day.unwrap_or(f64::INFINITY),
                };
                let rank = Rank { main, newest, tie: ties.first(row).unwrap_or(0) };
                best.push(rank, score, DocAddress::new(segment, row));
            })?;
            counters.iter_mut().for_each(|(_, c)| c.add(here, &block));
            block.clear();
            sides.iter_mut().for_each(|s| s.count(here, &mut counters));
        }
        answer.facets.extend(counters.into_iter().map(|(field, counter)| (field, counter.counts())));
        for field in apart {
            answer.facets.insert(field, self.count_apart(&plan, ask.query.unit, field)?);
        }
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
            for (which, slots) in wanted.iter().enumerate().filter(|(_, s)| s.are_listed()) {
                let rows = of_segment.iter().map(|(at, i)| ((at & u64::from(u32::MAX)) as Row, *i));
                lower::near(self.fields.text(unit), slots).stands(reader, rows, |hit, found| {
                    if let Some(places) = all.get_mut(hit).and_then(|h| h.get_mut(which)) {
                        *places = Some(found);
                    }
                })?;
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
