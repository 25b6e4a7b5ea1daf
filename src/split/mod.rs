//! Defines splitting: a file that holds several documents becomes those documents.
//!
//! A bundle is its documents: each part has its own text from 0 and its own furniture; pages keep their numbers in the
//! file. A part's id is the file's with its first page, so a better splitter renames nothing else.

mod boundary;

use crate::base::{Note, Span};
use crate::ingest::Document;
use crate::ingest::document::{Block, BlockKind, PageText, Part, Zone};
use crate::lexicon::Lexicon;

/// Splits a bundle into what it holds; a file that is one document comes back as it was.
pub fn split(doc: Document, lex: &Lexicon) -> Vec<Document> {
    let starts = boundary::first_pages(&doc, lex);
    if starts.len() < 2 {
        return vec![doc];
    }
    let last_of_file = doc.pages.last().map_or(1, |p| p.number);
    let ends = starts.iter().skip(1).map(|s| s - 1).chain([last_of_file]);
    let of = starts.len() as u32;
    (1..)
        .zip(starts.iter().zip(ends))
        .map(|(index, (first_page, last_page))| cut(&doc, Part { index, of, first_page: *first_page, last_page }))
        .collect()
}

/// Text that is moved to a part: where it stood, and where it stands now.
#[derive(Clone, Copy)]
struct Move {
    from: Span,
    to: u32,
}

impl Move {
    /// The text of blocks that follow one another, put at `to`.
    fn of(blocks: &[&Block], to: usize) -> Self {
        let from = match (blocks.first(), blocks.last()) {
            (Some(first), Some(last)) => first.span.join(last.span),
            _ => Span::default(),
        };
        Move { from, to: to as u32 }
    }

    fn place(self, span: Span) -> Option<Span> {
        (self.from.contains(span) && !self.from.is_empty())
            .then(|| Span { start: span.start - self.from.start + self.to, end: span.end - self.from.start + self.to })
    }
}

/// One part of a document.
fn cut(doc: &Document, part: Part) -> Document {
    let inside = |page: u32| (part.first_page..=part.last_page).contains(&page);
    let blocks_of = |body: bool| -> Vec<&Block> {
        doc.blocks.iter().filter(|b| inside(b.page) && (b.zone == Zone::Body) == body).collect()
    };
    let (body_blocks, furniture_blocks) = (blocks_of(true), blocks_of(false));
    let body = Move::of(&body_blocks, 0);
    let gap = if body.from.is_empty() || furniture_blocks.is_empty() { "" } else { "\n\n" };
    let furniture = Move::of(&furniture_blocks, body.from.len() + gap.len());
    let text = [doc.quote(body.from), gap, doc.quote(furniture.from)].concat();
    let place = |span: Span| body.place(span).or_else(|| furniture.place(span));
    // A sentence that runs on over a boundary stays with the part it begins in.
    let page_in = |page: u32| page.clamp(part.first_page, part.last_page);
    let mut out = Document {
        id: doc.id.part(part.first_page),
        origin: doc.origin.clone(),
        text,
        body_end: body.from.len() as u32,
        pages: doc.pages.iter().filter(|p| inside(p.number)).cloned().collect(),
        blocks: doc.blocks.iter().filter_map(|b| Some(Block { span: place(b.span)?, ..b.clone() })).collect(),
        lines: Vec::new(),
        words: Vec::new(),
        notes: Vec::new(),
    };
    out.origin.part = Some(part);
    for line in &doc.lines {
        if let Some(span) = place(line.span) {
            let mut line = line.clone();
            line.span = span;
            line.page = page_in(line.page);
            out.lines.push(line);
        }
    }
    for word in &doc.words {
        if let Some(span) = place(word.span) {
            out.words.push(crate::ingest::document::Word { span, page: page_in(word.page), rect: word.rect });
        }
    }
    set_ranges(&mut out);
    out.notes = doc.notes.iter().filter_map(|n| note_of_part(n, doc, part, &place)).collect();
    level_title(&mut out.blocks, part.first_page);
    out
}

/// Sets the pages' ranges by the lines.
fn set_ranges(doc: &mut Document) {
    for page in &mut doc.pages {
        page.ranges.clear();
    }
    let mut runs: Vec<(u32, Span)> = Vec::new();
    for line in &doc.lines {
        let in_body = |s: Span| s.start < doc.body_end;
        match runs.last_mut() {
            Some((page, run)) if *page == line.page && in_body(*run) == in_body(line.span) => {
                *run = run.join(line.span)
            }
            _ => runs.push((line.page, line.span)),
        }
    }
    for (number, span) in runs {
        if let Ok(i) = doc.pages.binary_search_by_key(&number, |p| p.number)
            && let Some(page) = doc.pages.get_mut(i)
        {
            page.ranges.push(span);
        }
    }
}

/// A note stays with the part it is about; one about the whole file, with every part.
fn note_of_part(note: &Note, doc: &Document, part: Part, place: &impl Fn(Span) -> Option<Span>) -> Option<Note> {
    let mut note = note.clone();
    if let Some(span) = note.span {
        note.span = Some(place(span)?);
    } else if note.code == "textless_page" {
        let names = |n: u32| note.message.contains(&format!("page {n} "));
        let inside = |n: u32| (part.first_page..=part.last_page).contains(&n);
        doc.pages.iter().find(|p| p.text == PageText::Textless && inside(p.number) && names(p.number))?;
    }
    Some(note)
}

/// The first of the highest headings on a part's first page is its title.
fn level_title(blocks: &mut [Block], first_page: u32) {
    let level = |b: &Block| match b.kind {
        BlockKind::Heading { level } if b.zone == Zone::Body => Some(level),
        _ => None,
    };
    let Some(highest) = blocks.iter().filter(|b| b.page == first_page).filter_map(level).min() else { return };
    let mut titled = false;
    for block in blocks.iter_mut() {
        if level(block) == Some(highest) {
            let level = if titled { highest.max(2) } else { 1 };
            titled = true;
            block.kind = BlockKind::Heading { level };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{Options, txt};

    fn parts(pages: &[&str]) -> Vec<Document> {
        let lex = Lexicon::built_in();
        let doc = txt::read(pages.join("\u{c}").as_bytes(), None, &lex, &Options::default()).unwrap();
        doc.check().unwrap();
        let parts = split(doc, &lex);
        for part in &parts {
            assert_eq!(part.check(), Ok(()));
        }
        parts
    }

    const NOTICE: &str = "Sida 1 (1)\nBjörkens stadsdelsnämnd\nKallelse\n2024-10-17\n\nKallelse till sammanträde\n\nNämnden kallas till sammanträde den 24 oktober 2024.\n";
    const REPORT: &str = "Sida 1 (2)\nBjörkens stadsdelsförvaltning\nTjänsteutlåtande\nDnr BJÖRK 2024/7\n\nHandläggare\nAnna Ek\nTelefon: 08-508 00 000\n\nTill\nBjörkens stadsdelsnämnd\n\nRapport om partnerskap\n\nFörvaltningen har följt upp partnerskapet och bedömer att det har\n";
    const REPORT_2: &str = "Sida 2 (2)\nTjänsteutlåtande\nDnr BJÖRK 2024/7\n\ngett goda resultat för alla.\n\nFöreningen har följt sin plan.\n\nNämnden har gett sitt stöd.\n\nSlut.\n";

    #[test]
    fn a_bundle_is_its_documents() {
        let parts = parts(&[NOTICE, REPORT, REPORT_2]);
        assert_eq!(parts.len(), 2);
        let [notice, report] = parts.as_slice() else { panic!("two parts") };
        assert_eq!(notice.origin.part, Some(Part { index: 1, of: 2, first_page: 1, last_page: 1 }));
        assert_eq!(report.origin.part, Some(Part { index: 2, of: 2, first_page: 2, last_page: 3 }));
        assert_eq!(report.id.as_str(), format!("{}-p2", notice.id.as_str().trim_end_matches("-p1")));
        assert!(report.body().starts_with("Rapport om partnerskap"));
        assert!(report.body().contains("bedömer att det har gett goda resultat för alla.\n\n"), "{}", report.text);
        assert!(!notice.text.contains("Anna Ek") && report.text.contains("Anna Ek"));
        assert_eq!(report.pages.iter().map(|p| p.number).collect::<Vec<_>>(), [2, 3]);
        let end = report.text.find("gett").unwrap();
        assert_eq!(report.pages_of(Span::new(end, end + 4)), [3]);
    }

    #[test]
    fn one_document_stays_one() {
        assert_eq!(parts(&[REPORT, REPORT_2]).len(), 1);
        // The same head on every page, without page counts, is no new document.
        let page = "Upplands stad\nTjänsteskrivelse\nDnr SN 2018/98\n\nStycke ett om saken.\n";
        assert_eq!(parts(&[page, page, page]).len(), 1);
        // A cover without a number comes before the first counted page.
        let cover = "Minnesanteckningar\n\nApril 2016\n";
        let counted = "1 (2)\n\nSammanfattning\n\nMötet handlade om stödet till föreningar.\n";
        assert_eq!(parts(&[cover, counted, "2 (2)\n\nMer om samma sak.\n"]).len(), 1);
    }
}
