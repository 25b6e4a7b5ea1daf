//! Reads the objects of files that lopdf gives up on: scans the bytes for `N G obj` and believes no table.
//!
//! Needed for broken, missing or lying cross-reference tables, cut files, and files with one bad object stream.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Object, ObjectId, Stream, StringFormat};

use super::budget::Budget;
use super::lexer::{Lexer, Token, is_regular, is_space, unescape};
use super::objects::File;

/// Deepest nesting of arrays and dictionaries that is kept.
const MAX_DEPTH: usize = 100;
/// Most objects of one file.
const MAX_OBJECTS: usize = 5_000_000;
/// Most bytes of one object stream.
const MAX_OBJECT_STREAM: usize = 64 << 20;

/// Builds a file's objects anew; none if there is no catalog and no page among them.
pub(super) fn rebuild(bytes: &[u8], budget: Budget) -> Result<File, Budget> {
    let scan = scan(bytes, &budget);
    let mut doc = lopdf::Document::new();
    doc.objects = scan.objects;
    doc.trailer = scan.trailer;
    doc.max_id = doc.objects.keys().next_back().map_or(0, |id| id.0);
    let mut file = File { doc, budget };
    if file.doc.trailer.has(b"Encrypt") && !encrypts_nothing(&file) {
        if file.doc.authenticate_password("").is_err() {
            return Err(file.budget);
        }
        // Objects that cannot be decrypted are lost; the others are not.
        let _ = file.doc.decrypt("");
    }
    unpack(&mut file);
    find_root(&mut file);
    let usable = file.dict(&file.doc.trailer, b"Root").is_some() || has_page(&file);
    if usable { Ok(file) } else { Err(file.budget) }
}

/// True if the file is encrypted but for its pages: only what is attached needs a password.
pub(super) fn encrypts_nothing(file: &File) -> bool {
    let Some(dict) = file.dict(&file.doc.trailer, b"Encrypt") else { return false };
    let identity = |key: &[u8]| matches!(file.name(dict, key), None | Some(b"Identity"));
    file.integer(dict, b"V").is_some_and(|v| v >= 4) && identity(b"StmF") && identity(b"StrF")
}

fn has_page(file: &File) -> bool {
    file.doc.objects.values().any(|o| matches!(o, Object::Dictionary(d) if file.name(d, b"Type") == Some(b"Page")))
}

struct Scan {
    objects: BTreeMap<ObjectId, Object>,
    trailer: Dictionary,
}

/// Finds every object and every trailer. Of several with one number, the last that is not nothing counts.
fn scan(bytes: &[u8], budget: &Budget) -> Scan {
    let mut out = Scan { objects: BTreeMap::new(), trailer: Dictionary::new() };
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
            if let Some(Object::Dictionary(dict)) = object(&mut lexer, 0) {
                merge(&mut out.trailer, &dict);
                at = lexer.pos().max(at);
            }
            continue;
        }
        at = start + 3;
        let Some(id) = id_before(bytes, start) else { continue };
        let mut lexer = Lexer::at(bytes, at);
        let Some(mut found) = object(&mut lexer, 0) else { continue };
        at = lexer.pos().max(at);
        if let Object::Dictionary(dict) = &found
            && let Some((data, end)) = stream_data(bytes, lexer.pos(), dict)
        {
            at = end;
            if dict.get(b"Type").and_then(Object::as_name).is_ok_and(|t| t == b"XRef") {
                merge(&mut out.trailer, dict);
            }
            let mut stream = Stream::new(dict.clone(), Vec::new());
            stream.content = data.to_vec();
            found = Object::Stream(stream);
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
    for (key, value) in from {
        if matches!(key.as_slice(), b"Root" | b"Info" | b"Encrypt" | b"ID") {
            into.set(key.clone(), value.clone());
        }
    }
}

/// A stream's data, if `stream` comes next, and where it ends.
fn stream_data<'a>(bytes: &'a [u8], after: usize, dict: &Dictionary) -> Option<(&'a [u8], usize)> {
    let mut lexer = Lexer::at(bytes, after);
    lexer.skip_space();
    let mut start = lexer.pos();
    if !bytes.get(start..)?.starts_with(b"stream") {
        return None;
    }
    start += 6;
    match (bytes.get(start), bytes.get(start + 1)) {
        (Some(b'\r'), Some(b'\n')) => start += 2,
        (Some(b'\n' | b'\r'), _) => start += 1,
        _ => {}
    }
    // The length is right only if `endstream` follows.
    if let Ok(Object::Integer(length)) = dict.get(b"Length")
        && let Ok(length) = usize::try_from(*length)
        && let Some(end) = start.checked_add(length)
        && let Some(tail) = bytes.get(end..)
    {
        let space = tail.iter().take(3).take_while(|b| is_space(**b)).count();
        if tail.get(space..).is_some_and(|t| t.starts_with(b"endstream")) {
            return Some((bytes.get(start..end)?, end + space + 9));
        }
    }
    let rest = bytes.get(start..)?;
    let end = search(rest, b"endstream").or_else(|| search(rest, b"endobj")).unwrap_or(rest.len());
    let data = rest.get(..end)?;
    let data = data.strip_suffix(b"\n").unwrap_or(data);
    let data = data.strip_suffix(b"\r").unwrap_or(data);
    Some((data, start + end))
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

/// Reads one object; none where there is none.
fn object(lexer: &mut Lexer<'_>, depth: usize) -> Option<Object> {
    let token = lexer.next();
    let object = from_token(lexer, token, depth);
    if depth == 0 {
        lexer.strings.clear();
    }
    object
}

fn from_token(lexer: &mut Lexer<'_>, token: Token<'_>, depth: usize) -> Option<Object> {
    Some(match token {
        Token::End | Token::ArrayEnd | Token::DictEnd => return None,
        Token::Number(n) => {
            if n >= 0.0 && n.fract() == 0.0 && n <= f64::from(u32::MAX) {
                if let Some(reference) = reference(lexer, n as u32) {
                    return Some(reference);
                }
                Object::Integer(n as i64)
            } else if n.fract() == 0.0 && n.abs() < 9e15 {
                Object::Integer(n as i64)
            } else {
                Object::Real(n as f32)
            }
        }
        Token::Name(name) => Object::Name(unescape(name).into_owned()),
        Token::String(piece) => {
            let object = Object::String(lexer.string(piece).to_vec(), StringFormat::Literal);
            lexer.strings.clear();
            object
        }
        Token::Word(b"true") => Object::Boolean(true),
        Token::Word(b"false") => Object::Boolean(false),
        Token::Word(b"null") => Object::Null,
        Token::Word(_) => return None,
        Token::ArrayStart => {
            let mut items = Vec::new();
            if depth >= MAX_DEPTH {
                return None;
            }
            loop {
                match lexer.next() {
                    Token::ArrayEnd | Token::End | Token::DictEnd => break,
                    Token::Word(b"endobj" | b"stream" | b"endstream" | b"obj") => return None,
                    token => items.extend(from_token(lexer, token, depth + 1)),
                }
            }
            Object::Array(items)
        }
        Token::DictStart => {
            let mut dict = Dictionary::new();
            if depth >= MAX_DEPTH {
                return None;
            }
            loop {
                match lexer.next() {
                    Token::Name(key) => {
                        let before = lexer.pos();
                        let token = lexer.next();
                        match token {
                            Token::DictEnd | Token::End => break,
                            Token::Word(b"endobj" | b"stream" | b"endstream") => {
                                lexer.seek(before);
                                break;
                            }
                            _ => {}
                        }
                        let value = from_token(lexer, token, depth + 1);
                        dict.set(unescape(key).into_owned(), value.unwrap_or(Object::Null));
                    }
                    Token::DictEnd | Token::End => break,
                    Token::Word(word @ (b"endobj" | b"stream" | b"endstream")) => {
                        lexer.seek(lexer.pos() - word.len());
                        break;
                    }
                    _ => {}
                }
            }
            Object::Dictionary(dict)
        }
    })
}

/// Reads the rest of `N G R`, if it is one.
fn reference(lexer: &mut Lexer<'_>, number: u32) -> Option<Object> {
    let before = lexer.pos();
    let data = lexer.data();
    let mut at = before;
    let spaces = |at: usize| data.get(at..).map_or(0, |d| d.iter().take(8).take_while(|b| is_space(**b)).count());
    at += spaces(at);
    let digits = data.get(at..)?.iter().take(6).take_while(|b| b.is_ascii_digit()).count();
    let generation: u16 = std::str::from_utf8(data.get(at..at + digits)?).ok()?.parse().ok()?;
    at += digits;
    let gap = spaces(at);
    at += gap;
    if gap == 0 || data.get(at) != Some(&b'R') || data.get(at + 1).is_some_and(|b| is_regular(*b)) {
        return None;
    }
    lexer.seek(at + 1);
    Some(Object::Reference((number, generation)))
}

/// Takes the objects out of the object streams (ISO 32000-2, 7.5.7). Those found in the open count before them.
fn unpack(file: &mut File) {
    let mut found: BTreeMap<ObjectId, Object> = BTreeMap::new();
    for object in file.doc.objects.values() {
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
            if let Some(object) = self::object(&mut lexer, 0) {
                found.insert((number.max(0.0) as u32, 0), object);
            }
        }
    }
    for (id, object) in found {
        file.doc.objects.entry(id).or_insert(object);
    }
}

/// Sees to it that the trailer leads to a catalog, if there is one.
fn find_root(file: &mut File) {
    let leads = file
        .dict(&file.doc.trailer, b"Root")
        .is_some_and(|r| file.name(r, b"Type") == Some(b"Catalog") && file.dict(r, b"Pages").is_some());
    if leads {
        return;
    }
    let catalog = file.doc.objects.iter().rev().find_map(|(id, object)| match object {
        Object::Dictionary(dict) if file.name(dict, b"Type") == Some(b"Catalog") && dict.has(b"Pages") => Some(*id),
        _ => None,
    });
    if let Some(id) = catalog {
        file.doc.trailer.set("Root", Object::Reference(id));
    }
}

#[cfg(test)]
mod tests {
    use super::super::budget::Budget;
    use super::rebuild;
    use crate::ingest::Limits;
    use lopdf::Object;

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
        let Some(Object::Stream(stream)) = file.doc.objects.get(&(4, 0)) else { panic!("no stream") };
        assert_eq!(stream.content, b"BT ET");
        let Some(Object::Array(list)) = file.doc.objects.get(&(5, 0)) else { panic!("no array") };
        assert_eq!(list.len(), 6);
        assert_eq!(list[1], Object::Reference((2, 0)));
        assert_eq!(list[4], Object::Name(b"A B".to_vec()));
    }

    #[test]
    fn nesting_is_bounded() {
        let mut bytes = b"%PDF-1.4\n1 0 obj ".to_vec();
        bytes.extend(std::iter::repeat_n(b'[', 100_000));
        assert!(rebuild(&bytes, Budget::new(Limits::default())).is_err());
    }
}
