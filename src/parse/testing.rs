//! Makes documents for tests out of plain text, in the shape `ingest` gives them.

use std::sync::LazyLock;

use super::{Parser, Record};
use crate::base::{DocId, Span};
use crate::ingest::Document;
use crate::ingest::document::{Block, BlockKind, Line, Origin, Page, PageText, Zone};
use crate::lexicon::Lexicon;

/// A parser with the built-in vocabulary, made once for all tests.
pub(crate) fn parser() -> &'static Parser {
    static PARSER: LazyLock<Parser> = LazyLock::new(|| Parser::new(&Lexicon::built_in()));
    &PARSER
}

/// Parses what `document` makes of `source`.
pub(crate) fn parse(source: &str) -> Record {
    parser().parse(&document(source))
}

/// A document of one page from blocks parted by empty lines.
///
/// A block that begins with `# ` is a title, `## ` a heading, `• `, `- ` or `1. ` a list item; one with a tab is a table;
/// one of several lines is a paragraph if its first line is longer than 60 characters, else lines. A block whose first
/// line is `@margin`, `@letterhead`, `@head` or `@foot` stands, without that line, in that zone behind the body.
pub(crate) fn document(source: &str) -> Document {
    let zone_of = |s: &str| match s.lines().next() {
        Some("@margin") => Zone::Margin,
        Some("@letterhead") => Zone::Letterhead,
        Some("@head") => Zone::Head,
        Some("@foot") => Zone::Foot,
        _ => Zone::Body,
    };
    let sources: Vec<&str> = source.split("\n\n").map(|s| s.trim_matches('\n')).filter(|s| !s.is_empty()).collect();
    let mut doc = Document {
        id: DocId::from_stored("test"),
        origin: Origin { media_type: "text/plain".into(), file_pages: 1, ..Origin::default() },
        text: String::new(),
        body_end: 0,
        pages: Vec::new(),
        blocks: Vec::new(),
        lines: Vec::new(),
        words: Vec::new(),
        notes: Vec::new(),
    };
    let (body, furniture): (Vec<&str>, Vec<&str>) = sources.into_iter().partition(|s| zone_of(s) == Zone::Body);
    for s in &body {
        push(&mut doc, s, Zone::Body);
    }
    doc.body_end = u32::try_from(doc.text.len()).unwrap();
    for s in &furniture {
        push(&mut doc, s.split_once('\n').map_or("", |x| x.1), zone_of(s));
    }
    let all = Span::new(0, doc.text.len());
    doc.pages.push(Page { number: 1, size: None, ranges: vec![all], text: PageText::Own });
    doc
}

fn push(doc: &mut Document, source: &str, zone: Zone) {
    let numbered = source.split_once(". ").is_some_and(|(n, _)| n.len() < 3 && n.bytes().all(|b| b.is_ascii_digit()));
    let (kind, text) = if let Some(t) = source.strip_prefix("# ") {
        (BlockKind::Heading { level: 1 }, t.replace('\n', " "))
    } else if let Some(t) = source.strip_prefix("## ") {
        (BlockKind::Heading { level: 2 }, t.replace('\n', " "))
    } else if source.contains('\t') {
        (BlockKind::Table, source.to_string())
    } else if numbered || source.starts_with("• ") || source.starts_with("- ") {
        (BlockKind::ListItem, source.replace('\n', " "))
    } else if source.contains('\n') && source.lines().next().is_some_and(|l| l.chars().count() <= 60) {
        (BlockKind::Lines, source.to_string())
    } else {
        (BlockKind::Paragraph, source.replace('\n', " "))
    };
    if !doc.text.is_empty() {
        doc.text.push_str("\n\n");
    }
    let start = doc.text.len();
    let mut from = start;
    for line in text.split('\n') {
        let span = Span::new(from, from + line.len());
        doc.lines.push(Line { span, page: 1, rect: None, size: 0.0, bold: false });
        from += line.len() + 1;
    }
    doc.text.push_str(&text);
    doc.blocks.push(Block { kind, zone, span: Span::new(start, doc.text.len()), page: 1, header_rows: 0 });
}
