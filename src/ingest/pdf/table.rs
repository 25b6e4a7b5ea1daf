//! Reads the table of objects (ISO 32000-2, 7.5.4 to 7.5.8) of a sound file, and single objects when they are asked for.
//!
//! Whoever reads all objects spends most of the time on what no page needs: the tree of tags, outlines, images. Nothing odd is
//! borne here: a table that is not as it should be is none, and an object that is not makes the file unsound, so that it is
//! read in another way from the beginning.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::budget::Budget;
use super::crypt::{Cipher, encrypts_nothing};
use super::lexer::{Lexer, Token};
use super::objects::{File, NULL, Objects};
use super::parse::{self, Care};
use super::value::{Data, Dictionary, Object, ObjectId, Stream};

/// How near the file's end the place of the table must stand, in bytes.
const END: usize = 1024;
/// Most sections of one table.
const MAX_SECTIONS: usize = 512;
/// Most objects of one file, and fewest that a small file may have.
const MAX_OBJECTS: usize = 8 << 20;
const MIN_OBJECTS: usize = 1 << 16;
/// Most bytes of an object stream, and of all that are kept unpacked.
const MAX_PACKED: usize = 64 << 20;
/// Deepest that reading one object may lead to others.
const MAX_DEPTH: u8 = 8;

/// The objects of a file, by number.
#[derive(Default)]
pub(super) struct Table {
    slots: Vec<Slot>,
    /// Entries that are in use.
    used: usize,
    /// True if some objects are in object streams.
    packs: bool,
    cipher: Option<Cipher>,
    unpacked: RefCell<Unpacked>,
    odd: Cell<bool>,
    depth: Cell<u8>,
}

#[derive(Default)]
struct Slot {
    place: Place,
    object: OnceCell<Box<Object>>,
}

/// Where an object is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Place {
    /// The table does not say.
    #[default]
    Unknown,
    /// It was deleted.
    Free,
    At {
        offset: u32,
        generation: u16,
    },
    /// In an object stream, as the so manieth.
    In {
        stream: u32,
        index: u32,
    },
}

/// Object streams unpacked so far.
#[derive(Default)]
struct Unpacked {
    streams: BTreeMap<u32, Rc<Pack>>,
    bytes: usize,
}

/// An object stream, unpacked.
struct Pack {
    bytes: Vec<u8>,
    /// Numbers of its objects and where they begin.
    places: Vec<(u32, usize)>,
}

/// Opens a file by its table; none if anything about that is odd.
pub(super) fn open(bytes: &[u8], budget: Budget) -> Option<File<'_>> {
    let header = bytes.get(..bytes.len().min(END))?.windows(5).position(|w| w == b"%PDF-")?;
    let bytes = bytes.get(header..)?;
    let mut file = File { bytes, trailer: Dictionary::default(), objects: Objects::Asked(Table::default()), budget };
    let (table, trailer) = read_table(&file)?;
    file.trailer = trailer;
    let encrypt = file.trailer.get(b"Encrypt").cloned();
    file.objects = Objects::Asked(table);
    if let Some(encrypt) = encrypt {
        let object = file.resolve(&encrypt);
        let Object::Dictionary(dict) = object else { return None };
        if !encrypts_nothing(object) {
            let cipher = Cipher::open(dict, file.trailer.get(b"ID"))?;
            if let Objects::Asked(table) = &mut file.objects {
                table.cipher = Some(cipher);
            }
        }
    }
    (file.dict(&file.trailer, b"Root").is_some() && file.is_sound()).then_some(file)
}

/// Reads all sections, the newest first, and its trailer.
fn read_table(file: &File<'_>) -> Option<(Table, Dictionary)> {
    let mut table = Table::default();
    let mut newest: Option<Dictionary> = None;
    let mut seen: Vec<usize> = Vec::new();
    let mut next = Some(start(file.bytes)?);
    while let Some(at) = next {
        if seen.contains(&at) || seen.len() >= MAX_SECTIONS || file.budget.out_of_time() {
            return None;
        }
        seen.push(at);
        let mut section =
            Section { most: (file.bytes.len() / 4).clamp(MIN_OBJECTS, MAX_OBJECTS), ..Section::default() };
        let trailer = section.read(file, at)?;
        if let Some(hybrid) = trailer.get(b"XRefStm") {
            section.read_stream(file, offset(hybrid)?)?;
        }
        table.add(&section);
        next = match trailer.get(b"Prev") {
            Some(prev) => Some(offset(prev)?),
            None => None,
        };
        newest.get_or_insert(trailer);
    }
    table.used = table.slots.iter().filter(|s| matches!(s.place, Place::At { .. } | Place::In { .. })).count();
    table.packs = table.slots.iter().any(|s| matches!(s.place, Place::In { .. }));
    Some((table, newest?))
}

/// Where the table begins, as the end of the file says.
fn start(bytes: &[u8]) -> Option<usize> {
    let end = bytes.get(bytes.len().saturating_sub(END)..)?;
    let word = b"startxref";
    let at = end.windows(word.len()).rposition(|w| w == word)?;
    let mut lexer = Lexer::at(end, at + word.len());
    let Token::Number(place) = lexer.next() else { return None };
    lexer.skip_blank();
    let closed = end.get(lexer.pos()..)?.starts_with(b"%%EOF");
    whole(place).filter(|_| closed).map(|place| beside(bytes, place).unwrap_or(place))
}

/// Where a table stands that begins a little before or after the place that is said, if none begins there.
fn beside(bytes: &[u8], place: usize) -> Option<usize> {
    const FAR: usize = 64;
    let there = bytes.get(place..)?;
    let is_object = there.get(..there.len().min(24))?.windows(3).any(|w| w == b"obj");
    if there.starts_with(b"xref") || is_object {
        return None;
    }
    let from = place.saturating_sub(FAR);
    let near = bytes.get(from..bytes.len().min(place + FAR))?;
    let found = near.windows(5).position(|w| matches!(w, [b'\n' | b'\r', b'x', b'r', b'e', b'f']))?;
    Some(from + found + 1)
}

fn offset(object: &Object) -> Option<usize> {
    if let Object::Number(n) = object { whole(*n) } else { None }
}

fn whole(n: f64) -> Option<usize> {
    (n >= 0.0 && n <= f64::from(u32::MAX) && n.fract() == 0.0).then_some(n as usize)
}

/// The entries of one section: those in use, those of its stream beside it, and those that are free.
#[derive(Default)]
struct Section {
    used: Vec<(u32, Place)>,
    free: Vec<u32>,
    /// Numbers must be smaller.
    most: usize,
}

impl Section {
    /// Reads a section of either kind; gives its trailer.
    fn read(&mut self, file: &File<'_>, at: usize) -> Option<Dictionary> {
        let rest = file.bytes.get(at..)?;
        if !rest.starts_with(b"xref") {
            return self.read_stream(file, at);
        }
        let mut lexer = Lexer::at(file.bytes, at + 4);
        loop {
            let (first, count) = match lexer.next() {
                Token::Word(b"trailer") => break,
                Token::Number(first) => match lexer.next() {
                    Token::Number(count) => (whole(first)?, whole(count)?),
                    _ => return None,
                },
                _ => return None,
            };
            lexer.skip_blank();
            let mut at = lexer.pos();
            for number in first..first.checked_add(count)? {
                let (line, length) = entry(file.bytes.get(at..)?)?;
                self.put(number, line)?;
                at += length;
            }
            lexer.seek(at);
        }
        match parse::object(&mut lexer, Care::Strict)? {
            Object::Dictionary(trailer) => Some(trailer),
            _ => None,
        }
    }

    fn put(&mut self, number: usize, place: Place) -> Option<()> {
        let number = u32::try_from(number).ok().filter(|n| (*n as usize) < self.most)?;
        match place {
            Place::Free => self.free.push(number),
            Place::Unknown => {}
            used => self.used.push((number, used)),
        }
        Some(())
    }

    /// Reads a section that is a stream; gives its dictionary.
    fn read_stream(&mut self, file: &File<'_>, at: usize) -> Option<Dictionary> {
        let (_, Object::Stream(stream)) = whole_object(file, at, None)? else { return None };
        let dict = &stream.dict;
        if file.name(dict, b"Type") != Some(b"XRef") {
            return None;
        }
        let decoded = file.bytes(&stream, MAX_PACKED);
        let list = |key: &[u8]| -> Option<Vec<usize>> { file.array(dict, key)?.iter().map(offset).collect() };
        let widths = list(b"W")?;
        let [kind, second, third] = *widths.get(..3)? else { return None };
        let size = offset(dict.get(b"Size")?)?;
        let index = if dict.has(b"Index") { list(b"Index")? } else { vec![0, size] };
        let width = kind.checked_add(second)?.checked_add(third)?;
        if decoded.cut || widths.iter().any(|w| *w > 8) || width == 0 {
            return None;
        }
        let mut rows = decoded.bytes.chunks_exact(width);
        for part in index.chunks_exact(2) {
            let [first, count] = *part else { return None };
            for number in first..first.checked_add(count)? {
                let row = rows.next()?;
                let field = |from: usize, length: usize| {
                    row.get(from..from + length).map(|b| b.iter().fold(0u64, |n, b| n << 8 | u64::from(*b)))
                };
                let (a, b) = (field(kind, second)?, field(kind + second, third)?);
                let place = match if kind == 0 { 1 } else { field(0, kind)? } {
                    0 => Place::Free,
                    1 => Place::At { offset: u32::try_from(a).ok()?, generation: u16::try_from(b).ok()? },
                    2 => Place::In { stream: u32::try_from(a).ok()?, index: u32::try_from(b).ok()? },
                    _ => Place::Unknown,
                };
                self.put(number, place)?;
            }
        }
        Some(stream.dict)
    }
}

/// One line of a table, and its length: `0000000017 00000 n` and a line's end of one or two characters.
fn entry(line: &[u8]) -> Option<(Place, usize)> {
    let number = |from: usize, to: usize| {
        let digits = line.get(from..to)?;
        digits.iter().all(u8::is_ascii_digit).then(|| digits.iter().fold(0u64, |n, d| n * 10 + u64::from(d - b'0')))
    };
    let (offset, generation) = (number(0, 10)?, number(11, 16)?);
    let length = match line.get(16..20)? {
        [b' ', _, b' ', b'\r' | b'\n'] | [b' ', _, b'\r', b'\n'] => 20,
        [b' ', _, b'\r' | b'\n', _] => 19,
        _ => return None,
    };
    if line.get(10) != Some(&b' ') {
        return None;
    }
    let place = match line.get(17)? {
        b'n' => Place::At { offset: u32::try_from(offset).ok()?, generation: u16::try_from(generation).ok()? },
        b'f' => Place::Free,
        _ => return None,
    };
    Some((place, length))
}

/// The object that stands at a place, if it is the one looked for.
fn whole_object(file: &File<'_>, at: usize, wanted: Option<ObjectId>) -> Option<(ObjectId, Object)> {
    let mut lexer = Lexer::at(file.bytes, at);
    let id = parse::head(&mut lexer).filter(|id| wanted.is_none_or(|w| w == *id))?;
    let object = parse::object(&mut lexer, Care::Strict)?;
    let Object::Dictionary(dict) = object else { return Some((id, object)) };
    let Some(word_end) = parse::stream_start(file.bytes, lexer.pos()) else {
        return Some((id, Object::Dictionary(dict)));
    };
    let length = offset(file.resolve(dict.get(b"Length")?))?;
    let range = parse::sound_data(file.bytes, word_end, length)?;
    Some((id, Object::Stream(Box::new(Stream { dict, data: Data::At(range, id) }))))
}

impl Table {
    /// Adds an older section: what is known already stays.
    fn add(&mut self, section: &Section) {
        let free = section.free.iter().map(|n| (*n, Place::Free));
        for (number, place) in section.used.iter().copied().chain(free) {
            let number = number as usize;
            if number >= self.slots.len() {
                self.slots.resize_with(number + 1, Slot::default);
            }
            if let Some(slot) = self.slots.get_mut(number)
                && slot.place == Place::Unknown
            {
                slot.place = place;
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.used
    }

    pub(super) fn cipher(&self) -> Option<&Cipher> {
        self.cipher.as_ref()
    }

    /// True if every object asked for was as it should be.
    pub(super) fn is_sound(&self) -> bool {
        !self.odd.get()
    }

    /// The object with an id, read now if it was not before; `Null` if there is none.
    pub(super) fn object(&self, file: &File<'_>, id: ObjectId) -> &Object {
        let Some(slot) = self.slots.get(id.0 as usize).filter(|s| s.place != Place::Unknown) else {
            // It may still be in an object stream.
            self.odd.set(self.odd.get() || self.packs);
            return &NULL;
        };
        let there = match slot.place {
            Place::At { generation, .. } => generation == id.1,
            Place::In { .. } => id.1 == 0,
            Place::Free | Place::Unknown => false,
        };
        if !there {
            return &NULL;
        }
        if let Some(object) = slot.object.get() {
            return object;
        }
        self.depth.set(self.depth.get() + 1);
        let read = if self.depth.get() <= MAX_DEPTH { self.read(file, id, slot.place) } else { None };
        self.depth.set(self.depth.get() - 1);
        self.odd.set(self.odd.get() || read.is_none());
        slot.object.get_or_init(|| Box::new(read.unwrap_or(Object::Null)))
    }

    fn read(&self, file: &File<'_>, id: ObjectId, place: Place) -> Option<Object> {
        match place {
            Place::At { offset, .. } => {
                let (_, mut object) = whole_object(file, offset as usize, Some(id))?;
                if let Some(cipher) = &self.cipher {
                    cipher.strings(id, &mut object);
                }
                Some(object)
            }
            Place::In { stream, index } => {
                let pack = self.pack(file, stream)?;
                let (_, offset) = pack.places.get(index as usize).filter(|(number, _)| *number == id.0)?;
                parse::object(&mut Lexer::at(&pack.bytes, *offset), Care::Strict)
            }
            Place::Free | Place::Unknown => None,
        }
    }

    /// An object stream, unpacked.
    fn pack(&self, file: &File<'_>, number: u32) -> Option<Rc<Pack>> {
        if let Some(pack) = self.unpacked.borrow().streams.get(&number) {
            return Some(Rc::clone(pack));
        }
        let Place::At { generation, .. } = self.slots.get(number as usize)?.place else { return None };
        let Object::Stream(stream) = self.object(file, (number, generation)) else { return None };
        if file.name(&stream.dict, b"Type") != Some(b"ObjStm") || file.budget.out_of_time() {
            return None;
        }
        let decoded = file.bytes(stream, MAX_PACKED.min(file.budget.limits.stream_bytes));
        let (first, count) = (file.integer(&stream.dict, b"First")?, file.integer(&stream.dict, b"N")?);
        let (first, count) = (usize::try_from(first).ok()?, usize::try_from(count).ok()?);
        if decoded.cut || count > decoded.bytes.len() {
            return None;
        }
        let mut heads = Lexer::new(decoded.bytes.get(..first)?);
        let mut places = Vec::with_capacity(count);
        for _ in 0..count {
            let (Token::Number(number), Token::Number(offset)) = (heads.next(), heads.next()) else { return None };
            places.push((u32::try_from(whole(number)?).ok()?, first.checked_add(whole(offset)?)?));
        }
        let pack = Rc::new(Pack { bytes: decoded.bytes, places });
        let mut unpacked = self.unpacked.borrow_mut();
        if unpacked.bytes.saturating_add(pack.bytes.len()) > MAX_PACKED {
            *unpacked = Unpacked::default();
        }
        unpacked.bytes += pack.bytes.len();
        unpacked.streams.insert(number, Rc::clone(&pack));
        Some(pack)
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::super::budget::Budget;
    use super::super::{foreign, tree};
    use super::*;
    use crate::ingest::Limits;

    fn opened(bytes: &[u8]) -> Option<File<'_>> {
        open(bytes, Budget::new(Limits::default()))
    }

    /// True if two objects are the same, as far as numbers can be that are kept with fewer digits.
    fn same(file: &File<'_>, ours: &Object, theirs: &Object) -> bool {
        // lopdf writes the length of a stream that it read into its dictionary.
        let dicts = |a: &Dictionary, b: &Dictionary| {
            b.iter().all(|(k, v)| k == b"Length" || a.get(k).is_some_and(|o| same(file, o, v)))
        };
        match (ours, theirs) {
            (Object::Number(a), Object::Number(b)) => (a - b).abs() <= 1e-6 * a.abs().max(1.0),
            (Object::Array(a), Object::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(file, a, b))
            }
            (Object::Dictionary(a), Object::Dictionary(b)) => dicts(a, b),
            (Object::Stream(a), Object::Stream(b)) => dicts(&a.dict, &b.dict) && file.raw(a) == file.raw(b),
            (a, b) => a == b,
        }
    }

    fn pdf_files(dir: &Path, out: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() && !path.ends_with("hostile") && !path.ends_with("pdfjs") {
                pdf_files(&path, out);
            } else if path.extension().is_some_and(|e| e == "pdf") && path.metadata().is_ok_and(|m| m.len() < 1 << 19) {
                out.push(path);
            }
        }
    }

    #[test]
    fn gives_the_objects_that_lopdf_gives() {
        let mut files = Vec::new();
        pdf_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"), &mut files);
        if let Some(shared) = crate::testing::shared("pdfs") {
            pdf_files(&shared, &mut files);
        }
        let mut compared = 0;
        // Numbers and strings that are not as they should be may be read in more than one way.
        let mut others: Vec<String> = Vec::new();
        for path in &files {
            let bytes = std::fs::read(path).expect("a file");
            let (Some(file), Ok(doc)) = (opened(&bytes), lopdf::Document::load_mem(&bytes)) else { continue };
            let Objects::Asked(table) = &file.objects else { panic!("all objects at once") };
            for (id, theirs) in foreign::take_all(doc.objects) {
                let ours = file.object(id);
                if !table.odd.replace(false) {
                    compared += 1;
                    if !same(&file, ours, &theirs) {
                        others.push(format!("{} {id:?}", path.display()));
                    }
                }
            }
        }
        assert!(compared > 20 * files.len(), "{compared} objects of {} files", files.len());
        assert!(others.len() * 1000 <= compared, "{} of {compared}: {others:?}", others.len());
    }

    /// A file of objects, some of them in an object stream, with a table that is a stream.
    fn packed(catalog: &str) -> Vec<u8> {
        let mut out = b"%PDF-1.7\n".to_vec();
        let pages = "<</Type/Pages/Kids[3 0 R]/Count 1>>";
        let body = format!("{catalog} {pages}");
        let heads = format!("1 0 2 {} ", catalog.len() + 1);
        let page = out.len();
        out.extend(b"3 0 obj <</Type/Page/Parent 2 0 R/Note(a \\) b)>> endobj\n");
        let pack = out.len();
        let (first, length) = (heads.len(), heads.len() + body.len());
        let dict = format!("4 0 obj <</Type/ObjStm/N 2/First {first}/Length {length}>>");
        out.extend(format!("{dict}\nstream\n{heads}{body}\nendstream endobj\n").bytes());
        let table = out.len();
        let rows: [[usize; 3]; 6] = [[0, 0, 255], [2, 4, 0], [2, 4, 1], [1, page, 0], [1, pack, 0], [1, table, 0]];
        out.extend(b"5 0 obj <</Type/XRef/Size 6/W[1 2 1]/Root 1 0 R/Length 24>>\nstream\n");
        rows.iter()
            .for_each(|[kind, place, last]| out.extend([*kind as u8, (place >> 8) as u8, *place as u8, *last as u8]));
        out.extend(format!("\nendstream endobj\nstartxref\n{table}\n%%EOF\n").bytes());
        out
    }

    #[test]
    fn reads_tables_that_are_streams_and_objects_in_streams() {
        let bytes = packed("<</Type/Catalog/Pages 2 0 R>>");
        let file = opened(&bytes).expect("a sound file");
        assert_eq!(tree::pages(&file, 10).len(), 1);
        assert!(file.is_sound());
        assert_eq!((file.len(), file.object((3, 1)), file.object((0, 0))), (5, &Object::Null, &Object::Null));
        // One that the table does not know may be anywhere.
        file.object((9, 0));
        assert!(!file.is_sound());
    }

    #[test]
    fn what_is_odd_is_left_to_others() {
        let bytes = packed("<</Type/Catalog/Pages 2 0 R>>");
        let text = |from: &str, to: &str| {
            let at = bytes.windows(from.len()).position(|w| w == from.as_bytes()).expect(from);
            [&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat()
        };
        assert!(opened(&text("startxref\n", "startxref\n1")).is_none());
        assert!(opened(&text("/W[1 2 1]", "/W[1 9 1]")).is_none());
        assert!(opened(&text("/Size 6", "/Size 7")).is_none());
        assert!(opened(&text("/N 2/", "/N 3/")).is_none());
        assert!(opened(&packed("<</Type/Catalog/Pages 2 0 R")).is_none());
        let moved = text("3 0 obj <<", "3 1 obj <<");
        let file = opened(&moved).expect("a table");
        assert_eq!((file.object((3, 0)), file.is_sound()), (&Object::Null, false));
    }

    #[test]
    fn a_newer_section_counts_before_an_older_one() {
        let mut out = b"%PDF-1.4\n".to_vec();
        let mut places = Vec::new();
        for object in ["<</Type/Catalog/Pages 2 0 R>>", "<</Kids[]>>", "(gone)", "(old)", "(new)"] {
            places.push(out.len());
            let number = places.len().min(4);
            out.extend(format!("{number} 0 obj {object} endobj\n").bytes());
        }
        let line = |place: usize| format!("{place:010} 00000 n \n");
        let older = out.len();
        out.extend(b"xref\n0 5\n0000000000 65535 f \n");
        places[..4].iter().for_each(|p| out.extend(line(*p).bytes()));
        out.extend(b"trailer <</Size 5/Root 1 0 R>>\nstartxref\n0\n%%EOF\n");
        let newer = out.len();
        out.extend(format!("xref\n3 2\n0000000000 00001 f \n{}", line(places[4])).bytes());
        out.extend(format!("trailer <</Size 5/Root 1 0 R/Prev {older}>>\nstartxref\n{newer}\n%%EOF\n").bytes());
        let file = opened(&out).expect("a sound file");
        assert_eq!(file.object((4, 0)), &Object::String(b"new".to_vec()));
        assert_eq!((file.object((3, 0)), file.is_sound()), (&Object::Null, true));
        let turned = String::from_utf8_lossy(&out).replace(&format!("/Prev {older}"), &format!("/Prev {newer}"));
        assert!(opened(turned.as_bytes()).is_none());
    }
}
