use super::*;
use crate::base::Rect;
use crate::ingest::Limits;
use crate::testing::{shared, skipped};

fn page(number: u32) -> RawPage {
    RawPage {
        number,
        size: (595.0, 842.0),
        has_contents: true,
        images: vec![Rect::new(0.0, 0.0, 595.0, 842.0)],
        ..RawPage::default()
    }
}

/// The scan of `../shared`, if it and an engine are here.
fn scan() -> Option<Vec<u8>> {
    let path = shared("pdfs/council/skannad__image.pdf")?;
    if Engine::find().is_err() {
        skipped("tesseract with Swedish data not found");
        return None;
    }
    std::fs::read(path).ok()
}

#[test]
fn never_changes_nothing() {
    let before = RawDocument { pages: vec![page(1)], ..RawDocument::default() };
    let mut after = before.clone();
    apply(b"", &mut after, Ocr::Never).unwrap();
    assert_eq!(after, before);
}

#[test]
fn empty_pages_need_no_engine() {
    let blank = RawPage { has_contents: false, ..page(1) };
    let before = RawDocument { pages: vec![blank], ..RawDocument::default() };
    let mut after = before.clone();
    apply(b"", &mut after, Ocr::Force).unwrap();
    assert_eq!(after, before);
}

#[test]
fn a_page_that_cannot_be_drawn_says_so() {
    let Ok(engine) = Engine::find() else { return skipped("tesseract with Swedish data not found") };
    let mut document = RawDocument { pages: vec![page(1), page(2)], ..RawDocument::default() };
    document.pages[1].notes.push(Note::warning("limit_operators", "Page 2: too many."));
    read_pages(&engine, b"no pdf", &mut document, &[1, 2]);
    for page in &document.pages {
        let note = page.notes.last().unwrap();
        assert_eq!((note.code.as_ref(), page.ocr), ("ocr_failed", false), "{note:?}");
    }
}

#[test]
fn a_file_without_letters_says_what_to_try() {
    let mut document = RawDocument { pages: vec![page(1)], ..RawDocument::default() };
    assert!(advice(&document).starts_with("read it with `--ocr auto`"));
    document.pages[0].notes.push(Note::warning("ocr_failed", "Page 1 was not read by OCR: too large."));
    assert_eq!(advice(&document), "page 1 was not read by OCR: too large");
}

#[test]
fn pages_are_named_or_counted() {
    assert_eq!(pages_are(&[3]), "Page 3 is");
    assert_eq!(pages_are(&[1, 2, 4]), "Pages 1, 2 and 4 are");
    assert_eq!(pages_are(&(1..=30).collect::<Vec<_>>()), "30 pages are");
}

#[test]
fn a_scan_gets_its_words_where_they_stand() {
    let Some(bytes) = scan() else { return };
    let options = crate::ingest::Options { limits: Limits::default(), ..Default::default() };
    let mut document = crate::ingest::pdf::load(&bytes, &options).unwrap();
    assert!(document.pages[0].words.is_empty());
    apply(&bytes, &mut document, Ocr::Auto).unwrap();
    let page = &document.pages[0];
    assert!(page.ocr && page.words.len() > 150, "{:?}", page.notes);
    let (w, h) = page.size;
    assert!(page.words.iter().all(|word| {
        let r = word.rect;
        r.x0 >= 0.0 && r.x1 <= w && r.y0 >= 0.0 && r.y1 <= h && r.y0 < word.baseline + 3.0 && word.baseline < r.y1
    }));
    // The letterhead stands at the top left.
    let first = page.words.iter().find(|w| w.text == "Stockholms").unwrap();
    assert!(first.rect.x1 < w / 2.0 && first.baseline > 0.9 * h, "{first:?}");
    assert!(page.notes.iter().any(|n| n.code == "ocr_page"), "{:?}", page.notes);
    // A page with letters is left alone.
    let words = page.words.clone();
    apply(&bytes, &mut document, Ocr::Auto).unwrap();
    assert_eq!(document.pages[0].words, words);
}
