//! Reads PDF files: from objects to words with boxes, page by page.
//!
//! `table` gives the objects of a sound file as they are asked for; where anything is odd, lopdf gives them all, and where that
//! gives up, `repair`. From the content streams up all is our own, since other readers give no places or know no bounds. No
//! lopdf type leaves this room: what goes out is [`RawDocument`].

mod annotations;
mod budget;
mod content;
mod crypt;
mod damage;
mod fields;
mod filter;
mod font;
mod foreign;
mod lexer;
mod matrix;
mod objects;
pub mod page;
mod parse;
mod repair;
mod shapes;
mod structure;
mod table;
#[cfg(test)]
mod tests;
mod tree;
mod unseen;
mod value;
mod words;

pub use page::{RawDocument, RawInfo, RawPage, RawWord, Tag};

use std::collections::BTreeMap;

use lopdf::LoadOptions;

use self::budget::{Bound, Budget};
use self::content::{Reader, Shared};
use self::font::Mend;
use self::objects::{File, Object, Objects};
use self::structure::PageRoles;
use self::tree::PageNode;
use self::unseen::Unseen;
use super::{Document, Options, Problem, layout, ocr};
use crate::base::{Note, guard};
use crate::lexicon::Lexicon;

/// True if a PDF's header stands in the first 1024 bytes (ISO 32000-2, 7.5.2, with the latitude readers give), or, where the
/// header is lost, a comment and an object begin the file.
pub fn looks_like_pdf(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(1024)];
    let has = |piece: &[u8]| head.windows(piece.len()).any(|w| w == piece);
    has(b"%PDF-") || bytes.starts_with(b"%") && has(b" 0 obj") && has(b"<<")
}

/// Reads a PDF's bytes; their hash, where it is known, is not computed again.
///
/// # Errors
/// If no page can be found, it needs a password, has no letters, or goes over a limit.
pub fn read(bytes: &[u8], hash: Option<blake3::Hash>, lex: &Lexicon, options: &Options) -> Result<Document, Problem> {
    let mut raw = load(bytes, options)?;
    let mut seen = damage::look(&raw, lex);
    let mends = seen.mends(&raw);
    if !mends.is_empty() {
        raw = load_mended(bytes, options, &mends)?;
        raw.notes.push(damage::note(&mends));
        seen = damage::look(&raw, lex);
    }
    seen.mark(&mut raw);
    ocr::apply(bytes, &mut raw, options.ocr)?;
    layout::pdf::document(raw, bytes, hash, lex)
}

/// Reads what the pages of a PDF show.
///
/// # Errors
/// If no page can be found, it needs a password, or goes over a limit.
pub fn load(bytes: &[u8], options: &Options) -> Result<RawDocument, Problem> {
    load_mended(bytes, options, &BTreeMap::new())
}

/// As [`load`], with what puts the letters of some fonts right.
fn load_mended(bytes: &[u8], options: &Options, mends: &BTreeMap<u16, Mend>) -> Result<RawDocument, Problem> {
    let limits = options.limits;
    if bytes.len() as u64 > limits.file_bytes {
        return Err(Problem::OverLimit {
            code: "limit_file_bytes",
            limit: format!("{} MB per file", limits.file_bytes >> 20),
            found: format!("{} MB", bytes.len() >> 20),
        });
    }
    let mut budget = Budget::new(limits);
    if let Some(file) = table::open(bytes, budget.again()) {
        let nodes = tree::pages(&file, limits.pages as usize);
        if !nodes.is_empty() && tree::lost(&file, &nodes) == 0 {
            let read = read_pages(&file, &nodes, mends);
            if file.is_sound() || file.budget.out_of_time() {
                return read;
            }
        }
        budget = file.budget.again();
    }
    // Our own reader of objects has bounds on their nesting; lopdf may need more of the stack than a program has at its start.
    guard::on_deep_stack(|| load_all(bytes, budget, mends)).unwrap_or_else(|detail| Err(Problem::Internal { detail }))
}

/// Reads what the pages show with all objects read first.
fn load_all(bytes: &[u8], budget: Budget, mends: &BTreeMap<u16, Mend>) -> Result<RawDocument, Problem> {
    let limits = budget.limits;
    let (file, rebuilt) = open(bytes, budget)?;
    let mut document = read_pages(&file, &tree::pages(&file, limits.pages as usize), mends)?;
    if rebuilt || !has_end(bytes) {
        document.notes.push(Note::warning(
            "pdf_rebuilt",
            "The file's table of objects is missing or wrong, so they were found by searching it; pages at its end may be missing.",
        ));
    }
    Ok(document)
}

/// Reads the pages of an opened file.
fn read_pages<'a>(
    file: &'a File<'_>,
    nodes: &[PageNode<'a>],
    mends: &'a BTreeMap<u16, Mend>,
) -> Result<RawDocument, Problem> {
    let limits = file.budget.limits;
    if nodes.is_empty() {
        return Err(Problem::Damaged { detail: "it has no page".into() });
    }
    if nodes.len() > limits.pages as usize {
        return Err(Problem::OverLimit {
            code: "limit_pages",
            limit: format!("{} pages per file", limits.pages),
            found: "more pages".into(),
        });
    }
    let mut shared = Shared::new(file, mends);
    let mut document = RawDocument {
        pages: Vec::with_capacity(nodes.len()),
        info: structure::info(file),
        notes: Vec::new(),
        tagged: structure::is_tagged(file),
    };
    let mut unseen = Vec::with_capacity(nodes.len());
    for (number, node) in (1..).zip(nodes) {
        let (page, seen) = read_page(file, &mut shared, node, number);
        document.pages.push(page);
        unseen.push(seen);
    }
    unseen::keep_marks(&mut document.pages);
    let kept = document.pages.iter().any(|p| !p.cut_off.is_empty());
    document.notes.extend(unseen::notes(&unseen, kept));
    Ok(document)
}

/// True if the offset of the table of objects stands near the file's end (ISO 32000-2, 7.5.5, with the latitude readers
/// give); a file that was cut off has none.
fn has_end(bytes: &[u8]) -> bool {
    bytes[bytes.len().saturating_sub(4096)..].windows(9).any(|w| w == b"startxref")
}

/// From this size on, in bytes, the data of images are not kept: nothing here looks at them.
const LARGE_FILE: usize = 48 << 20;

/// Drops an image's data but for its first byte; lopdf reads empty streams again.
fn drop_images(id: lopdf::ObjectId, object: &mut lopdf::Object) -> Option<(lopdf::ObjectId, lopdf::Object)> {
    match object {
        lopdf::Object::Stream(stream) => {
            if stream.dict.get(b"Subtype").and_then(lopdf::Object::as_name).is_ok_and(|s| s == b"Image") {
                stream.content.truncate(1);
                stream.content.shrink_to_fit();
            }
            // lopdf keeps the changed object; what is given back counts only for those out of object streams.
            Some((id, lopdf::Object::Null))
        }
        other => Some((id, other.clone())),
    }
}

/// Opens a file's objects, all of them; where lopdf gives up or finds no page, by looking for them ourselves.
fn open(bytes: &[u8], budget: Budget) -> Result<(File<'_>, bool), Problem> {
    let options = LoadOptions {
        password: Some(String::new()),
        filter: (bytes.len() > LARGE_FILE).then_some(drop_images),
        max_decompressed_size: Some(budget.limits.stream_bytes),
        ..LoadOptions::default()
    };
    let (first, budget) = match lopdf::Document::load_mem_with_options(bytes, options) {
        Ok(doc) => {
            let trailer = foreign::take_dictionary(doc.trailer);
            let file = File { bytes, trailer, objects: Objects::All(foreign::take_all(doc.objects)), budget };
            let (pages, lost) = tree::count(&file);
            if pages > 0 && lost == 0 {
                return Ok((file, false));
            }
            if pages > 0 {
                // The table lies about some objects: the bytes may know better.
                let again = repair::rebuild(bytes, file.budget.again());
                return match again {
                    Ok(found) if better(tree::count(&found), (pages, lost)) => Ok((found, true)),
                    _ => Ok((file, false)),
                };
            }
            (Problem::Damaged { detail: "it has no page".into() }, file.budget)
        }
        Err(lopdf::Error::InvalidPassword) => (Problem::Encrypted, budget),
        Err(error) => (Problem::Damaged { detail: error.to_string() }, budget),
    };
    match repair::rebuild(bytes, budget) {
        Ok(file) if tree::count(&file).0 > 0 => Ok((file, true)),
        _ => Err(first),
    }
}

/// True if one way of reading shows more pages that have their contents than another.
fn better(new: (usize, usize), old: (usize, usize)) -> bool {
    new.0.saturating_sub(new.1) > old.0.saturating_sub(old.1)
}

/// Reads one page.
fn read_page<'a>(file: &'a File<'_>, shared: &mut Shared<'a>, node: &PageNode<'a>, number: u32) -> (RawPage, Unseen) {
    file.budget.begin_page();
    let mut page = RawPage { number, size: node.size(), ..RawPage::default() };
    if let Some(bound) = file.budget.reached() {
        page.has_contents = true;
        page.notes.push(reached_on(number, bound, file));
        return (page, Unseen::default());
    }
    let (data, cut) = contents(file, node);
    page.has_contents = !data.iter().all(|b| lexer::is_space(*b));
    let roles = PageRoles::of(file, node.dict);
    let mut reader = Reader::new(file, shared, page, roles);
    if cut {
        reader.reach(Bound::StreamBytes);
    }
    reader.run(&data, &node.resources, node.matrix());
    let lines = fields::lines(file, node);
    for fields in [false, true] {
        let forms = annotations::appearances(file, node, fields);
        if fields && !(forms.is_empty() && lines.is_empty()) {
            reader.begin_fields();
        }
        for (form, map) in forms {
            reader.page.has_contents = true;
            reader.form(form, &node.resources, map.then(node.matrix()));
        }
    }
    for line in lines {
        reader.page.has_contents = true;
        reader.write(&line.text, line.at, line.size, node.matrix());
    }
    let (mut page, paper, mut reached) = reader.done();
    drop_shown_twice(&mut page.words);
    let seen = unseen::look(&mut page, &paper, node.sheet());
    page.cut_off.truncate(file.budget.spend_words(page.cut_off.len()));
    let kept = file.budget.spend_words(page.words.len());
    if kept < page.words.len() {
        page.words.truncate(kept);
        reached.push(Bound::Words);
    }
    let shapes = [page.rules.len(), page.boxes.len(), page.images.len(), page.drawings.len()];
    let fit = file.budget.spend_shapes(shapes.iter().sum());
    if !fit {
        // An image stays: it says that a page without letters shows something.
        page.rules = Vec::new();
        page.boxes = Vec::new();
        page.drawings = Vec::new();
        page.images.truncate(1);
    }
    if !fit || shapes.iter().any(|n| *n >= budget::MAX_SHAPES) {
        reached.push(Bound::Shapes);
    }
    page.notes.extend(reached.into_iter().map(|bound| reached_on(number, bound, file)));
    (page, seen)
}

/// Says that a bound was reached on a page.
fn reached_on(number: u32, bound: Bound, file: &File) -> Note {
    Note::warning(bound.code(), format!("Page {number}: {}.", bound.message(&file.budget.limits)))
}

/// Drops the words of an invisible layer that visible words say too, in the same place.
fn drop_shown_twice(words: &mut Vec<RawWord>) {
    const ROW: f32 = 8.0;
    // More words than this do not stand on one line.
    const MOST: usize = 1000;
    if words.iter().all(|w| !w.hidden) || words.iter().all(|w| w.hidden) {
        return;
    }
    let row = |y: f32| (y / ROW) as i32;
    let mut visible: BTreeMap<i32, Vec<usize>> = BTreeMap::new();
    for (i, word) in words.iter().enumerate().filter(|(_, w)| !w.hidden) {
        visible.entry(row((word.rect.y0 + word.rect.y1) / 2.0)).or_default().push(i);
    }
    let twice: Vec<bool> = words
        .iter()
        .map(|word| {
            let at = row((word.rect.y0 + word.rect.y1) / 2.0);
            word.hidden
                && visible
                    .range(at.saturating_sub(1)..=at.saturating_add(1))
                    .flat_map(|(_, list)| list.iter().take(MOST))
                    .any(|i| {
                        words.get(*i).is_some_and(|other| other.text == word.text && other.rect.overlaps(word.rect))
                    })
        })
        .collect();
    let mut twice = twice.into_iter();
    words.retain(|_| !twice.next().unwrap_or(false));
}

/// A page's content streams, one after the other, and whether a bound cut them.
fn contents(file: &File, node: &PageNode<'_>) -> (Vec<u8>, bool) {
    let mut data = Vec::new();
    let mut cut = false;
    let object = file.get(node.dict, b"Contents");
    let parts = match object {
        Object::Array(parts) => parts.as_slice(),
        single => std::slice::from_ref(single),
    };
    for part in parts {
        if let Object::Stream(stream) = file.resolve(part) {
            let decoded = file.bytes(stream, file.budget.bytes_left());
            file.budget.spend(decoded.bytes.len().max(1));
            cut |= decoded.cut;
            if data.is_empty() {
                data = decoded.bytes;
            } else {
                data.push(b'\n');
                data.extend_from_slice(&decoded.bytes);
            }
            if cut || file.budget.out_of_time() {
                break;
            }
        }
    }
    (data, cut)
}
