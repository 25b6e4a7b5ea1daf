use std::cell::RefCell;
use std::io::Write as _;

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

/// A table of the engine's: one line of words that run level, with this confidence.
fn table(confidence: u8, words: &[&str]) -> String {
    let word = |(i, word): (usize, &&str)| {
        format!("5\t1\t1\t1\t1\t{}\t{}\t100\t60\t20\t{confidence}\t{word}\n", i + 1, 100 + 80 * i)
    };
    words.iter().enumerate().map(word).collect()
}

#[test]
fn a_picture_that_makes_no_sense_is_turned_until_it_does() {
    // Of 1000 by 400 pixels, dark at its upper left corner.
    let mut grey = vec![255; 400_000];
    grey[0] = 0;
    let picture = Picture { width: 1000, height: 400, grey, dpi: 72.0 };
    let seen = RefCell::new(Vec::new());
    // An engine that can read what has its dark corner at the lower left: after three quarters, clockwise.
    let engine = |picture: &Picture, _: Duration| {
        let corner = picture.grey.iter().position(|g| *g == 0).unwrap();
        seen.borrow_mut().push((picture.width, corner / picture.width > 0, corner % picture.width > 0));
        let right = picture.width == 400 && corner == 999 * 400;
        Ok(if right { table(95, &["Nämnden", "beslutar"]) } else { table(20, &["uǝpuɯɐN", "x"]) })
    };
    let read = read_picture(&picture, (1000.0, 400.0), READ_TIME, engine).unwrap();
    assert_eq!(*seen.borrow(), [(1000, false, false), (1000, true, true), (400, false, true), (400, true, false)]);
    let [first, second] = read.words.as_slice() else { panic!("{read:?}") };
    assert_eq!((first.text.as_str(), first.angle, second.angle), ("Nämnden", 270, 270));
    // It runs down, 100 points from the right edge: that is the top of the turned picture.
    assert!(first.rect.x1 > 895.0 && first.rect.x1 < 905.0, "{first:?}");
    assert!(first.rect.y1 > 299.0 && second.rect.y1 < first.rect.y0, "{read:?}");

    // What is read well is not turned, and without time nothing is.
    seen.borrow_mut().clear();
    let well = |_: &Picture, _: Duration| Ok(table(80, &["Nämnden"]));
    assert_eq!(read_picture(&picture, (1000.0, 400.0), READ_TIME, well).unwrap().words[0].angle, 0);
    read_picture(&picture, (1000.0, 400.0), Duration::ZERO, engine).unwrap();
    assert_eq!(seen.borrow().len(), 1);
}

/// A PDF of pages that are grey pictures at 300 dots per inch.
fn scanned(pictures: &[Picture]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    let mut object = |head: String, data: &[u8]| {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n{head}", places.len()).bytes());
        if !data.is_empty() {
            out.extend(b"\nstream\n".iter().chain(data).chain(b"\nendstream"));
        }
        out.extend(b"\nendobj\n");
    };
    let kids: String = (0..pictures.len()).map(|i| format!("{} 0 R ", 3 + 3 * i)).collect();
    object("<</Type/Catalog/Pages 2 0 R>>".into(), b"");
    object(format!("<</Type/Pages/Kids[{kids}]/Count {}>>", pictures.len()), b"");
    for (i, picture) in pictures.iter().enumerate() {
        let (w, h) = (picture.width as f32 * 0.24, picture.height as f32 * 0.24);
        let (contents, image) = (4 + 3 * i, 5 + 3 * i);
        let show = format!("{w} 0 0 {h} 0 0 cm /I Do");
        let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(&picture.grey).unwrap();
        let packed = packed.finish().unwrap();
        let page = format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 {w} {h}]/Contents {contents} 0 R/Resources<</XObject<</I {image} 0 R>>>>>>"
        );
        object(page, b"");
        object(format!("<</Length {}>>", show.len()), show.as_bytes());
        let image = format!(
            "<</Subtype/Image/Width {}/Height {}/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode/Length {}>>",
            picture.width,
            picture.height,
            packed.len()
        );
        object(image, &packed);
    }
    let size = places.len() + 1;
    let at = out.len();
    out.extend(format!("xref\n0 {size}\n0000000000 65535 f \n").bytes());
    places.iter().for_each(|place| out.extend(format!("{place:010} 00000 n \n").bytes()));
    out.extend(format!("trailer <</Size {size}/Root 1 0 R>>\nstartxref\n{at}\n%%EOF").bytes());
    out
}

#[test]
#[cfg(feature = "ocr")]
fn an_image_too_large_to_unpack_is_not_drawn() {
    let dot = Picture { width: 1, height: 1, grey: vec![0], dpi: 300.0 };
    let bytes = scanned(&[Picture { width: 100, height: 100, grey: vec![0; 10_000], ..dot }]);
    assert!(Drawer::open(&bytes).grey(1, (24.0, 24.0)).is_ok());
    let text: Vec<u8> = bytes.iter().map(|b| if b.is_ascii() { *b } else { b'.' }).collect();
    let at = String::from_utf8(text).unwrap().find("/Width 100/Height 100").unwrap();
    let mut large = bytes;
    large.splice(at..at + 21, b"/Width 90000/Height 90000".iter().copied());
    let why = Drawer::open(&large).grey(1, (24.0, 24.0)).unwrap_err();
    assert_eq!(why, "an image has 8100 million dots, more than 100");
}

#[test]
#[cfg(feature = "ocr")]
fn scans_that_lie_on_their_side_or_stand_on_their_head_are_read() {
    if Engine::find().is_err() {
        return skipped("tesseract with Swedish data not found");
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = path.join("corpus/enskede-arsta-vantor/2022/13_lyktan_aterremiss.pdf");
    let printed = std::fs::read(path).unwrap();
    // The upper half of a page.
    let whole = Drawer::open(&printed).grey(1, (595.3, 841.9)).unwrap();
    let (width, height) = (whole.width, whole.height / 2);
    let upright = Picture { width, height, grey: whole.grey[..width * height].to_vec(), ..whole };
    let pictures: Vec<Picture> = [0, 90, 180, 270].iter().map(|degrees| upright.turned(*degrees)).collect();
    let bytes = scanned(&pictures);

    let options = crate::ingest::Options { ocr: Ocr::Auto, ..Default::default() };
    let mut raw = crate::ingest::pdf::load(&bytes, &options).unwrap();
    apply(&bytes, &mut raw, Ocr::Auto).unwrap();
    let angles: Vec<u16> = raw.pages.iter().map(|p| crate::ingest::turn::main_angle(&p.words)).collect();
    assert_eq!(angles, [0, 270, 180, 90]);

    let lex = crate::lexicon::Lexicon::built_in();
    let document = crate::ingest::layout::pdf::document(raw, &bytes, None, &lex).unwrap();
    let text = crate::ingest::render::pages_text(&document);
    for (i, page) in text.split('\x0c').enumerate() {
        for sentence in ["idéburet offentligt partnerskap", "Stadsdelsnämnden avsätter", "Rasmus Trädlund"] {
            assert!(page.contains(sentence), "{sentence:?} is not on page {}:\n{page}", i + 1);
        }
    }
    // Places are those of the page as shown: the title stands at the left, the right, the foot or the head of it.
    let places: Vec<_> = document
        .words
        .iter()
        .filter(|w| document.quote(w.span).starts_with("Återremitterat"))
        .map(|w| {
            let (w_, h_) = document.pages[w.page as usize - 1].size.unwrap();
            let (x, y) = ((w.rect.x0 + w.rect.x1) / 2.0 / w_, (w.rect.y0 + w.rect.y1) / 2.0 / h_);
            assert!(w.rect.x0 >= 0.0 && w.rect.x1 <= w_ && w.rect.y0 >= 0.0 && w.rect.y1 <= h_, "{w:?}");
            (x, y)
        })
        .collect();
    let [first, right, upside, left] = places.as_slice() else { panic!("{places:?}") };
    let near = |a: (f32, f32), b: (f32, f32)| (a.0 - b.0).abs() < 0.03 && (a.1 - b.1).abs() < 0.03;
    let (x, y) = *first;
    assert!(near(*right, (y, 1.0 - x)) && near(*upside, (1.0 - x, 1.0 - y)) && near(*left, (1.0 - y, x)), "{places:?}");
}
