//! Bare tantivy: one text field with the default tokenizer, a keyword fast field for each facet, and nothing of diarium's.
//!
//! What diarium costs is measured against this: `benches/bare/main.rs` for writing; `Bare::search` gives the same ten
//! hits, facets and snippets for questions.

use std::path::Path;

use tantivy::collector::{Count, MultiCollector, TopDocs};
use tantivy::query::QueryParser;
use tantivy::schema::{FAST, Field, STORED, Schema, TEXT, TextFieldIndexing, TextOptions, Value as _};
use tantivy::snippet::SnippetGenerator;
use tantivy::{Index, IndexReader, TantivyDocument, TantivyError};

/// An index.
pub struct Bare {
    index: Index,
    text: Field,
    facets: Vec<Field>,
}

/// What a search gives.
#[derive(Debug, Default)]
pub struct Answer {
    /// How many documents match.
    pub total: usize,
    /// For each facet its values and counts, the highest first.
    pub facets: Vec<Vec<(String, u64)>>,
    /// The marked snippets of the first ten.
    pub snippets: Vec<String>,
}

impl Bare {
    /// An empty index in an existing folder, with these facets; the text is kept for snippets if `stored`.
    pub fn create(dir: &Path, facets: &[&str], stored: bool) -> Result<Bare, TantivyError> {
        let mut schema = Schema::builder();
        let text =
            if stored { schema.add_text_field("text", TEXT | STORED) } else { schema.add_text_field("text", TEXT) };
        let keyword = TextOptions::default()
            .set_indexing_options(TextFieldIndexing::default().set_tokenizer("raw").set_fieldnorms(false))
            | FAST;
        let facets = facets.iter().map(|f| schema.add_text_field(f, keyword.clone())).collect();
        Ok(Bare { index: Index::create_in_dir(dir, schema.build())?, text, facets })
    }

    /// The index of a folder, with the facets it was made with.
    pub fn open(dir: &Path, facets: &[&str]) -> Result<Bare, TantivyError> {
        let index = Index::open_in_dir(dir)?;
        let schema = index.schema();
        let facets = facets.iter().map(|f| schema.get_field(f)).collect::<Result<_, _>>()?;
        Ok(Bare { text: schema.get_field("text")?, index, facets })
    }

    /// Writes documents, commits, and waits until merges have ended. Each is a text and the values of the facets, in order.
    pub fn write<T: AsRef<str>, V: AsRef<[Vec<String>]>>(
        &self,
        documents: impl Iterator<Item = (T, V)>,
        threads: usize,
        thread_bytes: usize,
    ) -> Result<(), TantivyError> {
        let mut writer = self.index.writer_with_num_threads::<TantivyDocument>(threads, threads * thread_bytes)?;
        for (text, values) in documents {
            let mut document = TantivyDocument::default();
            document.add_text(self.text, text.as_ref());
            for (field, values) in self.facets.iter().zip(values.as_ref()) {
                values.iter().for_each(|v| document.add_text(*field, v));
            }
            writer.add_document(document)?;
        }
        writer.commit()?;
        writer.wait_merging_threads()
    }

    /// Opens what was written for searching.
    pub fn reader(&self) -> Result<IndexReader, TantivyError> {
        self.index.reader()
    }

    /// The first ten documents with snippets, how many there are, and the counts of every facet. All words must match.
    pub fn search(&self, reader: &IndexReader, question: &str) -> Result<Answer, TantivyError> {
        let searcher = reader.searcher();
        let mut parser = QueryParser::for_index(&self.index, vec![self.text]);
        parser.set_conjunction_by_default();
        let query = parser.parse_query(question).map_err(|e| TantivyError::InvalidArgument(e.to_string()))?;
        let mut collectors = MultiCollector::new();
        let count = collectors.add_collector(Count);
        let top = collectors.add_collector(TopDocs::with_limit(10).order_by_score());
        let names = self.facets.iter().map(|f| self.index.schema().get_field_name(*f).to_string());
        let facets: Vec<_> = names.map(|name| collectors.add_collector(facet::Counts { field: name })).collect();
        let mut fruit = searcher.search(&query, &collectors)?;
        let snippets = SnippetGenerator::create(&searcher, &query, self.text)?;
        let hits = top.extract(&mut fruit);
        let mut answer = Answer { total: count.extract(&mut fruit), ..Answer::default() };
        for (_, address) in hits {
            let document: TantivyDocument = searcher.doc(address)?;
            let text = document.get_first(self.text).and_then(|v| v.as_str()).unwrap_or_default();
            answer.snippets.push(snippets.snippet(text).to_html());
        }
        answer.facets = facets.into_iter().map(|f| f.extract(&mut fruit)).collect();
        Ok(answer)
    }
}

mod facet {
    //! Counts the values of one fast field over all hits.

    use std::collections::BTreeMap;

    use tantivy::collector::{Collector, SegmentCollector};
    use tantivy::columnar::StrColumn;
    use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

    pub struct Counts {
        pub field: String,
    }

    pub struct OfSegment {
        column: Option<StrColumn>,
        counts: Vec<u64>,
    }

    impl Collector for Counts {
        type Fruit = Vec<(String, u64)>;
        type Child = OfSegment;

        fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<OfSegment> {
            let column = segment.fast_fields().str(&self.field)?;
            let values = column.as_ref().map_or(0, |c| c.num_terms());
            Ok(OfSegment { column, counts: vec![0; values] })
        }

        fn requires_scoring(&self) -> bool {
            false
        }

        fn merge_fruits(&self, all: Vec<Vec<(String, u64)>>) -> tantivy::Result<Vec<(String, u64)>> {
            let mut sum: BTreeMap<String, u64> = BTreeMap::new();
            for (value, n) in all.into_iter().flatten() {
                *sum.entry(value).or_default() += n;
            }
            let mut sorted: Vec<(String, u64)> = sum.into_iter().collect();
            sorted.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
            Ok(sorted)
        }
    }

    impl SegmentCollector for OfSegment {
        type Fruit = Vec<(String, u64)>;

        fn collect(&mut self, doc: DocId, _: Score) {
            for ord in self.column.iter().flat_map(|c| c.term_ords(doc)) {
                if let Some(n) = self.counts.get_mut(ord as usize) {
                    *n += 1;
                }
            }
        }

        fn harvest(self) -> Vec<(String, u64)> {
            let Some(column) = self.column else { return Vec::new() };
            let mut out = Vec::new();
            for (ord, n) in self.counts.iter().enumerate().filter(|(_, n)| **n > 0) {
                let mut value = String::new();
                if column.ord_to_str(ord as u64, &mut value).unwrap_or(false) {
                    out.push((value, *n));
                }
            }
            out
        }
    }
}
