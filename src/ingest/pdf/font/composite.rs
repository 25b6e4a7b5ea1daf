//! Reads composite fonts: Type 0 over CID fonts (ISO 32000-2, 9.7).

use super::super::budget::MAX_CMAP_BYTES;
use super::super::lexer::{Lexer, Token};
use super::super::objects::{Dictionary, File, Object, as_integer, as_number};
use super::codes::{Paged, Text, Texts};
use super::{Codes, Font, program, tables};
use hayro_cmap::{BfString, CMap, CMapName, CidFamily, WritingMode, load_embedded};

/// How a CMap parts strings into codes, and what it makes of them.
#[derive(Debug)]
pub(super) struct Mapped {
    cmap: Option<CMap>,
    /// Code lengths by first byte range, from the CMap's own code spaces: (first byte low, high, length).
    spaces: Vec<(u8, u8, u8)>,
    unicode: Unicode,
    /// CID to Unicode, of the character collection.
    ucs2: Option<CMap>,
}

/// Whether codes are Unicode themselves.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Unicode {
    No,
    Ucs2,
    Utf16,
}

impl Mapped {
    /// The next code, its length and its CID.
    pub(super) fn next(&self, rest: &[u8]) -> Option<(u32, usize, u32)> {
        let first = *rest.first()?;
        let code = |len: usize| rest.iter().take(len).fold(0u32, |c, b| c << 8 | u32::from(*b));
        if self.unicode != Unicode::No {
            let len = if self.unicode == Unicode::Utf16 && (0xd8..0xdc).contains(&first) { 4 } else { 2 };
            let len = len.min(rest.len());
            let cid = self.cmap.as_ref().and_then(|c| c.lookup_cid_code(code(len), len as u8)).unwrap_or(0);
            return Some((code(len), len, cid));
        }
        let Some(cmap) = &self.cmap else {
            let len = rest.len().min(2);
            return Some((code(len), len, code(len)));
        };
        let mut spaced = self.spaces.iter().filter(|(low, high, _)| (*low..=*high).contains(&first)).peekable();
        if spaced.peek().is_some() {
            let mut shortest = None;
            for &(_, _, len) in spaced {
                let len = usize::from(len).min(rest.len());
                if let Some(cid) = cmap.lookup_cid_code(code(len), len as u8) {
                    return Some((code(len), len, cid));
                }
                shortest.get_or_insert(len);
            }
            let len = shortest.unwrap_or(1).max(1);
            return Some((code(len), len, 0));
        }
        for len in 1..=rest.len().min(4) {
            if let Some(cid) = cmap.lookup_cid_code(code(len), len as u8) {
                return Some((code(len), len, cid));
            }
        }
        let len = if first < 0x80 { 1 } else { rest.len().min(2) };
        Some((code(len), len, 0))
    }

    /// The character a code stands for, as far as the collection knows.
    pub(super) fn text(&self, code: u32, cid: u32) -> Option<char> {
        if self.unicode != Unicode::No {
            let c = match code {
                0..=0xffff => code,
                _ => 0x10000 + ((code >> 16 & 0x3ff) << 10) + (code & 0x3ff),
            };
            // Private characters are those of the collection, which knows most of them by now.
            if !(0xe000..0xf900).contains(&c) {
                return char::from_u32(c);
            }
        }
        match self.ucs2.as_ref()?.lookup_bf_string(cid)? {
            BfString::Char(c) => Some(c),
            BfString::String(s) => s.chars().next(),
        }
    }
}

/// Fills in codes, texts and widths.
pub(super) fn load(font: &mut Font, file: &File, dict: &Dictionary, inner: &Dictionary) {
    font.composite = true;
    font.codes = codes(font, file, dict, inner);
    widths(font, file, inner);
}

fn codes(font: &mut Font, file: &File, dict: &Dictionary, inner: &Dictionary) -> Codes {
    let family = file.dict(inner, b"CIDSystemInfo").map(|info| {
        let text = |key: &[u8]| match file.get(info, key) {
            Object::String(s) => s.clone(),
            _ => Vec::new(),
        };
        CidFamily::from_registry_ordering(&text(b"Registry"), &text(b"Ordering"))
    });
    let predefined = |name: CMapName<'_>| CMap::parse(load_embedded(name)?, load_embedded);
    let ucs2 =
        if font.texts.is_empty() { family.as_ref().and_then(CidFamily::ucs2_cmap).and_then(predefined) } else { None };
    match file.get(dict, b"Encoding") {
        Object::Name(name) => {
            font.vertical = name.ends_with(b"-V") || **name == *b"V";
            if name.starts_with(b"Identity") {
                return match ucs2 {
                    None => Codes::Double,
                    ucs2 => {
                        Codes::Mapped(Box::new(Mapped { cmap: None, spaces: Vec::new(), unicode: Unicode::No, ucs2 }))
                    }
                };
            }
            let has = |part: &[u8]| name.windows(part.len()).any(|w| w == part);
            let unicode = if has(b"UCS2") {
                Unicode::Ucs2
            } else if has(b"UTF16") {
                Unicode::Utf16
            } else {
                Unicode::No
            };
            match predefined(CMapName::from_bytes(name)) {
                None if unicode == Unicode::No => Codes::Double,
                cmap => Codes::Mapped(Box::new(Mapped { cmap, spaces: Vec::new(), unicode, ucs2 })),
            }
        }
        Object::Stream(stream) => {
            let decoded = file.bytes(stream, MAX_CMAP_BYTES);
            font.cut |= decoded.cut;
            let Some(cmap) = CMap::parse(&decoded.bytes, load_embedded) else { return Codes::Double };
            font.vertical = file.integer(&stream.dict, b"WMode") == Some(1)
                || cmap.metadata().writing_mode == Some(WritingMode::Vertical);
            let spaces = code_spaces(&decoded.bytes);
            Codes::Mapped(Box::new(Mapped { cmap: Some(cmap), spaces, unicode: Unicode::No, ucs2 }))
        }
        _ => Codes::Double,
    }
}

/// Names of fonts that programs of East Asian Windows wrote as simple ones, in the code page's own bytes: the code page,
/// what the name begins with, the CMap that parts such strings, and the character collection (ISO 32000-2, 9.7.5.2).
static EAST_ASIAN: [(&encoding_rs::Encoding, &[char], CMapName<'static>, &[u8]); 2] = [
    (encoding_rs::GBK, &['宋', '黑', '仿', '楷', '隶', '幼', '华', '新'], CMapName::GbkEucH, b"GB1"),
    (encoding_rs::SHIFT_JIS, &['Ｍ'], CMapName::N90msRksjH, b"Japan1"),
];

/// Reads a simple font that is a composite one in all but name: not embedded, called in the bytes of an East Asian code
/// page, its strings in that code page too. False if it is none.
pub(super) fn east_asian(font: &mut Font, file: &File, dict: &Dictionary, name: &[u8]) -> bool {
    if name.is_ascii() || !font.texts.is_empty() {
        return false;
    }
    let known = EAST_ASIAN.iter().find(|(page, firsts, ..)| {
        page.decode_without_bom_handling_and_without_replacement(name).is_some_and(|n| n.starts_with(*firsts))
    });
    let Some((_, _, cmap, ordering)) = known else { return false };
    let predefined = |name: CMapName<'_>| CMap::parse(load_embedded(name)?, load_embedded);
    let family = CidFamily::from_registry_ordering(b"Adobe", ordering);
    let (Some(cmap), Some(ucs2)) = (predefined(*cmap), family.ucs2_cmap().and_then(predefined)) else { return false };
    font.widths = Paged::new(1.0);
    if let Some(list) = file.array(dict, b"Widths") {
        let first = file.integer(dict, b"FirstChar").unwrap_or(0);
        for (i, object) in list.iter().enumerate().take(256) {
            if let (Ok(code @ 0..128), Some(width)) =
                (u32::try_from(first.saturating_add(i as i64)), as_number(file.resolve(object)))
                && let Some(cid) = cmap.lookup_cid_code(code, 1)
            {
                font.widths.set(cid, width * 0.001);
            }
        }
    }
    let mapped = Mapped { cmap: Some(cmap), spaces: Vec::new(), unicode: Unicode::No, ucs2: Some(ucs2) };
    font.codes = Codes::Mapped(Box::new(mapped));
    true
}

/// Reads `begincodespacerange` sections.
fn code_spaces(data: &[u8]) -> Vec<(u8, u8, u8)> {
    let mut out = Vec::new();
    let mut lexer = Lexer::new(data);
    let mut pending = Vec::new();
    loop {
        match lexer.next() {
            Token::End => return out,
            Token::String(piece) if pending.len() < 512 => pending.push(piece),
            Token::Word(word) => {
                if word == b"endcodespacerange" {
                    for pair in pending.chunks_exact(2) {
                        if let [low, high] = pair
                            && let (low, high) = (lexer.string(*low), lexer.string(*high))
                            && let (Some(a), Some(b), Ok(len @ 1..=4)) =
                                (low.first(), high.first(), u8::try_from(low.len()))
                        {
                            out.push((*a, *b, len));
                        }
                    }
                    out.truncate(256);
                    out.sort_by_key(|(low, _, len)| (*len, *low));
                }
                pending.clear();
                lexer.strings.clear();
            }
            _ => {}
        }
    }
}

fn widths(font: &mut Font, file: &File, inner: &Dictionary) {
    font.widths = Paged::new(file.number(inner, b"DW").unwrap_or(1000.0) * 0.001);
    if let Some(pair) = file.numbers::<2>(inner, b"DW2") {
        font.down = pair[1] * 0.001;
    }
    let Some(list) = file.array(inner, b"W") else { return };
    let mut i = 0;
    // Each CID should be named once; a list that goes on far longer is made to hurt.
    let mut left = 1_000_000usize;
    let integer = |at: usize| list.get(at).and_then(|o| as_integer(file.resolve(o)));
    while let Some(first) = list.get(i).filter(|_| left > 0) {
        let Some(first) = as_integer(file.resolve(first)).and_then(|n| u32::try_from(n).ok()).filter(|n| *n <= 0xffff)
        else {
            i += 1;
            continue;
        };
        match list.get(i + 1).map(|o| file.resolve(o)) {
            Some(Object::Array(widths)) => {
                for (cid, object) in (first..=0xffff).zip(widths) {
                    left = left.saturating_sub(1);
                    if let Some(width) = as_number(file.resolve(object)) {
                        font.widths.set(cid, width * 0.001);
                    }
                }
                i += 2;
            }
            Some(_) => {
                let last = integer(i + 1).unwrap_or(0).clamp(0, 0xffff) as u32;
                if let Some(width) = list.get(i + 2).and_then(|o| as_number(file.resolve(o))) {
                    for cid in first..=last {
                        left = left.saturating_sub(1);
                        font.widths.set(cid, width * 0.001);
                    }
                }
                i += 3;
            }
            None => break,
        }
    }
}

/// What the CIDs stand for by the font program, or, where there is none, by the order that glyphs have in the fonts of
/// Windows and Macintosh: what Identity-H without a program and without ToUnicode nearly always means.
pub(super) fn by_cid(file: &File, dict: &Dictionary) -> Texts {
    let mut texts = Texts::default();
    let Some(inner) = super::descendant(file, dict) else { return texts };
    let descriptor = file.dict(inner, b"FontDescriptor");
    let embedded = descriptor.is_some_and(program::is_embedded);
    if !embedded {
        let roman = file.name(inner, b"Subtype") == Some(b"CIDFontType2")
            && file.name(dict, b"Encoding").is_some_and(|e| e.starts_with(b"Identity"));
        if roman {
            standard_order(&mut texts);
        }
        return texts;
    }
    let Some(glyphs) = descriptor.and_then(|d| program::by_glyph(file, d)) else { return texts };
    let map = match file.get(inner, b"CIDToGIDMap") {
        Object::Stream(stream) => Some(file.bytes(stream, 1 << 18).bytes),
        _ => None,
    };
    for cid in 0..=0xffffu32 {
        let glyph = match (&map, &glyphs.cids) {
            (Some(map), _) => match map.get(cid as usize * 2..cid as usize * 2 + 2) {
                Some([high, low]) => u32::from(*high) << 8 | u32::from(*low),
                _ => break,
            },
            (None, Some(cids)) => cids.get(cid),
            (None, None) => cid,
        };
        match glyphs.texts.get(glyph) {
            Text::Char(c) => texts.set_char(cid, c),
            Text::Str(s) => texts.set(cid, s),
            Text::None => {}
        }
    }
    texts
}

/// The standard Macintosh order of glyphs (OpenType specification, `post` table): ASCII from 3, then Mac OS Roman.
fn standard_order(texts: &mut Texts) {
    for glyph in 3..=0xffu32 {
        if let Some(c) = in_standard_order(glyph) {
            texts.set_char(glyph, c);
        }
    }
}

/// What a glyph stands for by its number in fonts that have the letters of Latin 1 in their order: with all of the block from
/// its space on (`whole`), or without that and the soft hyphen.
pub(super) fn in_latin_order(glyph: u32, whole: bool) -> Option<char> {
    let point = match glyph {
        3..98 => glyph + 0x1d,
        98..=193 if whole => glyph + 0x3e,
        98..110 => glyph + 0x3f,
        110..192 => glyph + 0x40,
        _ => return None,
    };
    char::from_u32(point)
}

/// What a glyph stands for by its number in the standard Macintosh order.
pub(super) fn in_standard_order(glyph: u32) -> Option<char> {
    let code = match glyph {
        3..98 => glyph + 0x1d,
        98..=225 => glyph + 0x1e,
        _ => return None,
    };
    let unit = tables::MAC_ROMAN.get(code as usize).copied().unwrap_or(0);
    char::from_u32(u32::from(unit)).filter(|c| *c >= ' ')
}
