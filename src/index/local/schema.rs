//! Defines the fields of the tantivy index and how text becomes its terms.
//!
//! `text` and `title` hold three kinds of terms at each place: the exact word, its stem after [`STEM`], and its folded stem
//! after [`FOLDED`] for words with marks. The kinds share places, so a phrase may mix them.

use std::collections::BTreeMap;

use tantivy::Index;
use tantivy::schema::{
    FAST, Field as Column, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer};

use crate::index::analyse;
use crate::query::Unit;
use crate::query::field::{FIELDS, Field, Form};

/// First character of a term that is a stem.
pub(super) const STEM: char = '\u{1}';

/// First character of a term that is a folded stem.
pub(super) const FOLDED: char = '\u{2}';

/// Between the parts of a known name's term: field, key, value.
pub(super) const UNIT_SEPARATOR: char = '\u{1f}';

const TOKENIZER: &str = "diarium";

/// The columns of the index.
#[derive(Clone)]
pub(super) struct Fields {
    /// Id of the document.
    pub(super) doc: Column,
    /// What a hit is shown by.
    pub(super) card: Column,
    /// 0 for a document, 1 for a decision.
    pub(super) unit: Column,
    /// Which decision of its document.
    pub(super) ordinal: Column,
    /// For a decision: how many entries after it its document stands.
    pub(super) to_document: Column,
    /// A number that settles ties the same way in every index of the same documents.
    pub(super) tie: Column,
    /// First day of its date, `YYYYMMDD`.
    pub(super) first_day: Column,
    /// Last day of its date.
    pub(super) last_day: Column,
    /// Words of documents' titles, and of decisions' items' titles.
    title: [Column; 2],
    /// All words of documents, and of decisions: apart, so that what is asked of one costs nothing for the other.
    text: [Column; 2],
    /// Names that values are known by.
    pub(super) names: Column,
    /// Values of the fields of the table.
    pub(super) values: BTreeMap<Field, Column>,
}

impl Fields {
    pub(super) fn build() -> (Schema, Fields) {
        let mut b = Schema::builder();
        let words = TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(TOKENIZER)
                .set_index_option(IndexRecordOption::WithFreqsAndPositions),
        );
        let raw = || {
            TextFieldIndexing::default()
                .set_tokenizer("raw")
                .set_index_option(IndexRecordOption::Basic)
                .set_fieldnorms(false)
        };
        let key = TextOptions::default().set_indexing_options(raw());
        let value = key.clone().set_fast("raw");
        let fields = Fields {
            doc: b.add_text_field("doc", STRING | STORED),
            card: b.add_bytes_field("card", STORED),
            unit: b.add_u64_field("unit", INDEXED | FAST),
            ordinal: b.add_u64_field("ordinal", FAST),
            to_document: b.add_u64_field("to_document", FAST),
            tie: b.add_u64_field("tie", FAST),
            first_day: b.add_i64_field("first_day", FAST),
            last_day: b.add_i64_field("last_day", FAST),
            title: ["title_words", "decision_title_words"].map(|name| b.add_text_field(name, words.clone())),
            text: ["text_words", "decision_words"].map(|name| b.add_text_field(name, words.clone())),
            names: b.add_text_field("names", key),
            values: FIELDS
                .iter()
                .filter(|i| !matches!(i.form, Form::Date | Form::Words))
                .map(|i| (i.field, b.add_text_field(i.name, value.clone())))
                .collect(),
        };
        (b.build(), fields)
    }

    /// All words of the entries of this unit.
    pub(super) fn text(&self, unit: Unit) -> Column {
        let [documents, decisions] = self.text;
        if unit == Unit::Document { documents } else { decisions }
    }

    /// The words of their titles.
    pub(super) fn title(&self, unit: Unit) -> Column {
        let [documents, decisions] = self.title;
        if unit == Unit::Document { documents } else { decisions }
    }
}

/// Makes our analyser known to an opened index.
pub(super) fn register(index: &Index) {
    index.tokenizers().register(TOKENIZER, TextAnalyzer::from(Analyser::default()));
}

/// Our analyser as tantivy asks for it.
#[derive(Clone, Default)]
struct Analyser {
    /// The term handed out last; its room is used again for the next.
    token: Token,
}

/// Words analysed in advance, whose terms are handed out one by one.
struct Terms<'a> {
    words: Vec<analyse::Token>,
    /// The word and the kind of term that comes next.
    next: (usize, Kind),
    token: &'a mut Token,
}

#[derive(Clone, Copy)]
enum Kind {
    Stem,
    Folded,
    Exact,
}

impl Tokenizer for Analyser {
    type TokenStream<'a> = Terms<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Terms<'a> {
        Terms { words: analyse::tokens(text), next: (0, Kind::Stem), token: &mut self.token }
    }
}

impl TokenStream for Terms<'_> {
    fn advance(&mut self) -> bool {
        let (i, kind) = self.next;
        let Some(word) = self.words.get(i) else { return false };
        let token = &mut *self.token;
        token.text.clear();
        self.next = match (kind, &word.forms.folded) {
            (Kind::Stem, folded) => {
                token.text.push(STEM);
                token.text.push_str(&word.forms.stem);
                token.offset_from = word.span.start as usize;
                token.offset_to = word.span.end as usize;
                token.position = word.position as usize;
                token.position_length = 1;
                (i, if folded.is_some() { Kind::Folded } else { Kind::Exact })
            }
            (Kind::Folded, Some(folded)) => {
                token.text.push(FOLDED);
                token.text.push_str(folded);
                (i, Kind::Exact)
            }
            (Kind::Folded | Kind::Exact, _) => {
                token.text.push_str(&word.forms.exact);
                (i + 1, Kind::Stem)
            }
        };
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
