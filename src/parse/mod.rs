//! Defines parsing: a `Document` becomes a `Record`. Segment first, then fields; one field per file.
//!
//! `Parser` holds what is compiled once from the vocabulary; `fields::FIELDS` is the one list of rules, in order.

pub(crate) mod context;
pub(crate) mod districts;
pub(crate) mod fields;
pub(crate) mod head;
pub(crate) mod pattern;
pub(crate) mod person;
mod proof;
pub mod record;
pub(crate) mod segment;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod text;
mod unreliable;

pub use record::Record;

use std::cell::{OnceCell, RefCell};

use crate::ingest::Document;
use crate::lexicon::Lexicon;
use context::Context;
use fields::{FIELDS, Rules};
use head::Labels;
use segment::{HeadingIndex, Segments};

/// Version of the parser. Raise it with every change that can change a `Record`; records are then made again.
pub const VERSION: u32 = 6;

/// Reads fields of documents. Compile it once and share it: it holds the vocabulary and every compiled pattern.
#[derive(Debug)]
pub struct Parser {
    lex: Lexicon,
    headings: HeadingIndex,
    labels: Labels,
    rules: Rules,
}

impl Parser {
    /// A parser for this vocabulary.
    pub fn new(lex: &Lexicon) -> Self {
        Parser { headings: HeadingIndex::new(lex), labels: Labels::new(lex), rules: Rules::new(lex), lex: lex.clone() }
    }

    /// The names of the fields that are read, in order.
    pub fn fields() -> impl Iterator<Item = &'static str> {
        FIELDS.iter().map(|f| f.name)
    }

    /// Reads the fields of one document.
    pub fn parse(&self, doc: &Document) -> Record {
        self.with_context(doc, |cx| {
            let mut record = Record { kind: "okand".into(), ..Record::default() };
            if unreliable::is_unreliable(doc) {
                fields::warnings::read(cx, &mut record);
                record.warnings.push(unreliable::warning(&Record::holdable()));
                return record;
            }
            for field in FIELDS {
                (field.read)(cx, &mut record);
            }
            proof::complete(&mut record);
            record
        })
    }

    /// Segments a document and hands what the fields are read from to `f`.
    pub(crate) fn with_context<T>(&self, doc: &Document, f: impl FnOnce(&Context) -> T) -> T {
        let segments = Segments::of(doc, &self.headings);
        let head = head::groups(doc, segments.head, &self.labels, &self.rules);
        f(&Context {
            doc,
            lex: &self.lex,
            rules: &self.rules,
            headings: &self.headings,
            labels: &self.labels,
            segments,
            head,
            body_sentences: OnceCell::new(),
            last_sentences: RefCell::default(),
        })
    }
}

/// Reads the fields of one document with a parser made for it alone; for many documents make one `Parser`.
pub fn parse(doc: &Document, lex: &Lexicon) -> Record {
    Parser::new(lex).parse(doc)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::testing;

    /// Pieces that rules look for, with letters of two bytes where an offset could go wrong.
    const PIECES: [&str; 28] = [
        "Dnr ",
        "JÄRVA 2024/45",
        "2023/KÖKÖ 0362",
        "KÖ-2024-10-02",
        "§ 12 ",
        "Till\n",
        "Handläggare\n",
        "Åsa Öst",
        "\n\n",
        "\n",
        "\t",
        "# ",
        "## ",
        "@margin\n",
        "Beslut",
        "Bilagor",
        "Attesterat av",
        "2024-10-02",
        "(tidigare ",
        "Spånga-\nTensta",
        " stadsdelsnämnd",
        "För ",
        "Avdelningschef",
        "1. ",
        "• ",
        "08-508 18 161",
        "e@ö.se",
        "112 25 Östersund",
    ];

    proptest! {
        #[test]
        fn any_document_is_parsed_and_every_quote_is_the_text(picks in prop::collection::vec(0..PIECES.len(), 0..60), other in "\\PC{0,30}") {
            let mut source: String = picks.iter().map(|i| PIECES[*i]).collect();
            source.push_str(&other);
            let doc = testing::document(&source);
            let record = testing::parser().parse(&doc);
            let proofs = record.evidence.iter().chain(record.dnr.iter().flat_map(|d| &d.evidence));
            for e in proofs.chain(record.signatories.iter().flat_map(|s| &s.evidence)) {
                prop_assert_eq!(&doc.text[e.start as usize..e.end as usize], &e.quote);
            }
        }
    }
}
