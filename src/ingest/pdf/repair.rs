//! Reads the objects of files that lopdf gives up on: scans the bytes for `N G obj` and believes no table.
//!
//! Needed for broken, missing or lying cross-reference tables, cut files, and files with one bad object stream.

use std::collections::BTreeMap;
use std::ops::Range;

use super::budget::Budget;
use super::crypt::{Cipher, encrypts_nothing};
use super::lexer::{Lexer, Token, is_space};
use super::objects::{Data, Dictionary, File, Object, ObjectId, Objects, Stream};
use super::parse::{self, Care};

/// Most objects of one file.
const MAX_OBJECTS: usize = 5_000_000;
/// Most bytes of one object stream.
const MAX_OBJECT_STREAM: usize = 64 << 20;

/// Builds a file's objects anew; none if there is no catalog and no page among them.
pub(super) fn rebuild(bytes: &[u8], budget: Budget) -> Result<File<'_>, Budget> {
    let Scan { mut objects, trailer } = scan(bytes, &budget);
    let mut file = File { bytes, trailer, objects: Objects::All(BTreeMap::new()), budget };
    let encrypt = match file.trailer.get(b"Encrypt") {
        Some(Object::Reference(id)) => objects.get(id).cloned(),
        direct => direct.cloned(),
    };
    if let Some(encrypt) = encrypt
        && !encrypts_nothing(&encrypt)
    {
        let cipher = match &encrypt {
            Object::Dictionary(dict) => Cipher::open(dict, file.trailer.get(b"ID")),
            _ => None,
        };
        let Some(cipher) = cipher else { return Err(file.budget) };
        decrypt(bytes, &mut objects, &cipher, file.trailer.get(b"Encrypt"));
    }
    file.objects = Objects::All(objects);
    unpack(&mut file);
    find_root(&mut file);
    let usable = file.dict(&file.trailer, b"Root").is_some() || has_page(&file);
    if usable { Ok(file) } else { Err(file.budget) }
}

/// Decrypts all objects but the one that says how.
fn decrypt(bytes: &[u8], objects: &mut BTreeMap<ObjectId, Object>, cipher: &Cipher, encrypt: Option<&Object>) {
    for (id, object) in objects {
        if encrypt == Some(&Object::Reference(*id)) {
            continue;
        }
        cipher.strings(*id, object);
        if let Object::Stream(stream) = object
            && let Data::At(range, _) = &stream.data
            && let Some(clear) = cipher.stream(*id, stream, bytes.get(range.clone()).unwrap_or_default())
        {
            stream.data = Data::Own(clear);
        }
    }
}

/// All objects.
fn all<'a>(file: &'a File<'_>) -> impl DoubleEndedIterator<Item = (&'a ObjectId, &'a Object)> {
    match &file.objects {
        Objects::All(all) => Some(all.iter()),
        Objects::Asked(_) => None,
    }
    .into_iter()
    .flatten()
}

fn has_page(file: &File) -> bool {
    all(file).any(|(_, o)| matches!(o, Object::Dictionary(d) if file.name(d, b"Type") == Some(b"Page")))
}

struct Scan {
    objects: BTreeMap<ObjectId, Object>,
    trailer: Dictionary,
}

/// Finds every object and every trailer. Of several with one number, the last that is not nothing counts.
fn scan(bytes: &[u8], budget: &Budget) -> Scan {
    let mut out = Scan { objects: BTreeMap::new(), trailer: Dictionary::default() };
    let mut at = 0usize;
    let mut looked = 0usize;
    while let Some(found) = bytes.get(at..).and_then(|rest| find(rest, b"obj", b"trailer")) {
        let (offset, trailer) = found;
        let start = at + offset;
        looked += 1;
        if (looked.is_multiple_of(1024) && budget.out_of_time()) || out.objects.len() >= MAX_OBJECTS {
            break;
        }
        if trailer {
            at = start + 7;
            let mut lexer = Lexer::at(bytes, at);
            if let Some(Object::Dictionary(dict)) = parse::object(&mut lexer, Care::Lenient) {
                merge(&mut out.trailer, &dict);
                at = lexer.pos().max(at);
            }
            continue;
        }
        at = start + 3;
        let Some(id) = id_before(bytes, start) else { continue };
        let mut lexer = Lexer::at(bytes, at);
        let Some(mut found) = parse::object(&mut lexer, Care::Lenient) else { continue };
        at = lexer.pos().max(at);
        if let Object::Dictionary(dict) = &found
            && let Some((data, end)) = stream_data(bytes, lexer.pos(), dict)
        {
            at = end;
            if matches!(dict.get(b"Type"), Some(Object::Name(name)) if **name == *b"XRef") {
                merge(&mut out.trailer, dict);
            }
            found = Object::Stream(Box::new(Stream { dict: dict.clone(), data: Data::At(data, id) }));
        }
        if !matches!(found, Object::Null) || !out.objects.contains_key(&id) {
            out.objects.insert(id, found);
        }
    }
    out
}

/// The nearest of two words, and whether it is the second.
fn find(data: &[u8], first: &[u8], second: &[u8]) -> Option<(usize, bool)> {
    let mut i = 0;
    while let Some(next) = data.get(i..)?.iter().position(|b| *b == b'o' || *b == b't') {
        i += next;
        let rest = data.get(i..)?;
        if rest.starts_with(first) {
            return Some((i, false));
        }
        if rest.starts_with(second) {
            return Some((i, true));
        }
        i += 1;
    }
    None
}

/// The `N G ` that stands before `obj`.
fn id_before(bytes: &[u8], obj: usize) -> Option<ObjectId> {
    let mut at = obj;
    let mut number_before = |digits: usize| -> Option<u32> {
        while at > 0 && bytes.get(at - 1).is_some_and(|b| is_space(*b)) {
            at -= 1;
        }
        let end = at;
        while at > 0 && end - at < digits && bytes.get(at - 1).is_some_and(u8::is_ascii_digit) {
            at -= 1;
        }
        std::str::from_utf8(bytes.get(at..end)?).ok()?.parse().ok()
    };
    let generation = number_before(5)?;
    let number = number_before(10)?;
    Some((number, u16::try_from(generation).ok()?))
}

fn merge(into: &mut Dictionary, from: &Dictionary) {
    for key in [&b"Root"[..], b"Info", b"Encrypt", b"ID"] {
        if let Some(value) = from.get(key) {
            into.set(key, value.clone());
        }
    }
}

/// A stream's data, if `stream` comes next, and where it ends.
fn stream_data(bytes: &[u8], after: usize, dict: &Dictionary) -> Option<(Range<usize>, usize)> {
    let mut start = parse::stream_start(bytes, after)?;
    match (bytes.get(start), bytes.get(start + 1)) {
        (Some(b'\r'), Some(b'\n')) => start += 2,
        (Some(b'\n' | b'\r'), _) => start += 1,
        _ => {}
    }
    // The length is right only if `endstream` follows.
    if let Some(Object::Number(length)) = dict.get(b"Length")
        && *length >= 0.0
        && let Some(end) = start.checked_add(*length as usize)
        && let Some(tail) = bytes.get(end..)
    {
        let space = tail.iter().take(3).take_while(|b| is_space(**b)).count();
        if tail.get(space..).is_some_and(|t| t.starts_with(b"endstream")) {
            return Some((start..end, end + space + 9));
        }
    }
    let rest = bytes.get(start..)?;
    let end = search(rest, b"endstream").or_else(|| search(rest, b"endobj")).unwrap_or(rest.len());
    let data = rest.get(..end)?;
    let data = data.strip_suffix(b"\n").unwrap_or(data);
    let data = data.strip_suffix(b"\r").unwrap_or(data);
    Some((start..start + data.len(), start + end))
}

fn search(data: &[u8], word: &[u8]) -> Option<usize> {
    let first = *word.first()?;
    let mut at = 0;
    while let Some(next) = data.get(at..)?.iter().position(|b| *b == first) {
        at += next;
        if data.get(at..)?.starts_with(word) {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Takes the objects out of the object streams (ISO 32000-2, 7.5.7). Those found in the open count before them.
fn unpack(file: &mut File<'_>) {
    let mut found: BTreeMap<ObjectId, Object> = BTreeMap::new();
    for (_, object) in all(file) {
        let Object::Stream(stream) = object else { continue };
        if file.name(&stream.dict, b"Type") != Some(b"ObjStm") {
            continue;
        }
        if file.budget.out_of_time() || found.len() >= MAX_OBJECTS {
            break;
        }
        let decoded = file.bytes(stream, MAX_OBJECT_STREAM.min(file.budget.limits.stream_bytes));
        let first = file.integer(&stream.dict, b"First").and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        let count = file.integer(&stream.dict, b"N").and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        let mut heads = Lexer::new(&decoded.bytes);
        for _ in 0..count.min(MAX_OBJECTS) {
            let (Token::Number(number), Token::Number(offset)) = (heads.next(), heads.next()) else { break };
            let mut lexer = Lexer::at(&decoded.bytes, first.saturating_add(offset.max(0.0) as usize));
            if let Some(object) = parse::object(&mut lexer, Care::Lenient) {
                found.insert((number.max(0.0) as u32, 0), object);
            }
        }
    }
    if let Objects::All(objects) = &mut file.objects {
        for (id, object) in found {
            objects.entry(id).or_insert(object);
        }
    }
}

/// Sees to it that the trailer leads to a catalog, if there is one.
fn find_root(file: &mut File<'_>) {
    let leads = file
        .dict(&file.trailer, b"Root")
        .is_some_and(|r| file.name(r, b"Type") == Some(b"Catalog") && file.dict(r, b"Pages").is_some());
    if leads {
        return;
    }
    let catalog = all(file).rev().find_map(|(id, object)| match object {
        Object::Dictionary(dict) if file.name(dict, b"Type") == Some(b"Catalog") && dict.has(b"Pages") => Some(*id),
        _ => None,
    });
    if let Some(id) = catalog {
        file.trailer.set(b"Root", Object::Reference(id));
    }
}

#[cfg(test)]
mod tests {
    use super::super::budget::Budget;
    use super::super::objects::Object;
    use super::rebuild;
    use crate::ingest::Limits;

    #[test]
    fn finds_objects_without_any_table() {
        let bytes = b"%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R/Note(a \\) endobj)>>endobj
4 0 obj <</Length 999>> stream
BT ET
endstream endobj
5 0 obj [1 2 0 R 3.5 -4 /A#20B <</X null>>] endobj";
        let file = rebuild(bytes, Budget::new(Limits::default())).ok().expect("a catalog");
        assert_eq!(super::super::tree::pages(&file, 10).len(), 1);
        let Object::Stream(stream) = file.object((4, 0)) else { panic!("no stream") };
        assert_eq!(file.bytes(stream, 100).bytes, b"BT ET");
        let Object::Array(list) = file.object((5, 0)) else { panic!("no array") };
        assert_eq!(list.len(), 6);
        assert_eq!(list[1], Object::Reference((2, 0)));
        assert_eq!(list[4], Object::Name((&b"A B"[..]).into()));
    }

    #[test]
    fn nesting_is_bounded() {
        let mut bytes = b"%PDF-1.4\n1 0 obj ".to_vec();
        bytes.extend(std::iter::repeat_n(b'[', 100_000));
        assert!(rebuild(&bytes, Budget::new(Limits::default())).is_err());
    }
}
