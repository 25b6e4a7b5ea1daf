//! Reads simple fonts: Type 1, TrueType and Type 3 with codes of one byte (ISO 32000-2, 9.6).

use super::super::lexer::unescape;
use super::super::objects::{Dictionary, File, Object, Stream, as_integer, as_number};
use super::codes::{Paged, Texts};
use super::{Font, composite, glyphs, program, tables};

/// Fills in texts and widths.
pub(super) fn load(
    font: &mut Font,
    file: &File,
    dict: &Dictionary,
    subtype: &[u8],
    name: &[u8],
    descriptor: Option<&Dictionary>,
) {
    if !descriptor.is_some_and(program::is_embedded) && composite::east_asian(font, file, dict, name) {
        return;
    }
    encode(font, file, dict, subtype, name, descriptor);
    let unit = if subtype == b"Type3" { type3(font, file, dict) } else { 0.001 };
    widths(font, file, dict, name, descriptor, unit);
}

/// Which table a standard encoding's name means.
fn named(name: &[u8]) -> Option<&'static [u16; 256]> {
    match name {
        b"WinAnsiEncoding" => Some(&tables::WIN_ANSI),
        b"MacRomanEncoding" => Some(&tables::MAC_ROMAN),
        b"StandardEncoding" => Some(&tables::STANDARD),
        b"MacExpertEncoding" => Some(&tables::MAC_EXPERT),
        b"PDFDocEncoding" => Some(&tables::PDF_DOC),
        _ => None,
    }
}

fn contains(name: &[u8], part: &[u8]) -> bool {
    name.windows(part.len()).any(|w| w.eq_ignore_ascii_case(part))
}

fn encode(
    font: &mut Font,
    file: &File,
    dict: &Dictionary,
    subtype: &[u8],
    name: &[u8],
    descriptor: Option<&Dictionary>,
) {
    let encoding = file.get(dict, b"Encoding");
    let (base, differences) = match encoding {
        Object::Name(name) => (named(name), None),
        Object::Dictionary(dict) => {
            (file.name(dict, b"BaseEncoding").and_then(named), file.array(dict, b"Differences"))
        }
        _ => (None, None),
    };
    // Differences go first, where ToUnicode is silent.
    let mut unknown = [false; 256];
    let mut code = 0i64;
    let mut named_codes = [false; 256];
    for object in differences.unwrap_or_default() {
        match file.resolve(object) {
            Object::Name(name) => {
                if let Ok(at) = u8::try_from(code) {
                    if let Some(slot) = named_codes.get_mut(usize::from(at)) {
                        *slot = true;
                    }
                    if !font.texts.has(u32::from(at)) {
                        let name = unescape(name);
                        match glyphs::text(&name) {
                            Some(text) => font.texts.set(u32::from(at), &text),
                            None if name.as_ref() == b".notdef" => {}
                            None if subtype == b"Type3" && tex_letter(&name, at).is_some() => {
                                font.texts.set(u32::from(at), tex_letter(&name, at).unwrap_or(""));
                            }
                            None => {
                                if let Some(slot) = unknown.get_mut(usize::from(at)) {
                                    *slot = true;
                                }
                                if let Some(slot) = named_codes.get_mut(usize::from(at)) {
                                    *slot = false;
                                }
                            }
                        }
                    }
                }
                code = code.saturating_add(1);
            }
            other => {
                if let Some(n) = as_integer(other) {
                    code = n;
                }
            }
        }
    }
    let symbolic = descriptor.and_then(|d| file.integer(d, b"Flags")).is_some_and(|f| f & 4 != 0);
    let own = if contains(name, b"ZapfDingbats") {
        Some(&tables::ZAPF_DINGBATS)
    } else if contains(name, b"Symbol") && !contains(name, b"SymbolMT-") && base.is_none() {
        Some(&tables::SYMBOL)
    } else {
        None
    };
    let trusted = if symbolic && subtype == b"TrueType" && differences.is_none() { None } else { base };
    // Names made from codes (`a228`), as bitmap fonts have them, stand for the characters of Latin 1.
    let latin = subtype == b"TrueType" || subtype == b"Type3" || symbolic;
    let fallback = own.or(base).unwrap_or(if latin { &tables::WIN_ANSI } else { &tables::STANDARD });
    if own.is_none() && (unknown.contains(&true) || trusted.is_none()) && descriptor.is_some_and(program::is_embedded) {
        // The font program knows what the other codes mean; it is opened when one of them is met.
        font.unsettled = Some(Box::new(Unsettled { settled: named_codes, unknown, fallback }));
        return;
    }
    fill(&mut font.texts, fallback, &named_codes);
}

/// What TeX's bitmap fonts, which name glyphs by their codes (`a28`), have where Latin 1 has nothing: the Cork encoding,
/// the ligatures of the older one, the bullet of the companion fonts.
fn tex_letter(name: &[u8], code: u8) -> Option<&'static str> {
    let number = std::str::from_utf8(name.strip_prefix(b"a")?).ok()?;
    if number.parse() != Ok(code) {
        return None;
    }
    Some(match code {
        11 | 27 => "ff",
        12 | 28 => "fi",
        13 | 29 => "fl",
        14 | 30 => "ffi",
        15 | 31 => "ffl",
        16 => "“",
        17 => "”",
        18 => "„",
        19 => "«",
        20 => "»",
        21 => "–",
        22 => "—",
        136 => "•",
        159 => "§",
        _ => return None,
    })
}

/// What is left open of a simple font's codes: those in neither ToUnicode nor the differences.
#[derive(Debug)]
pub(super) struct Unsettled {
    settled: [bool; 256],
    /// Codes that the differences name by a name that says nothing.
    unknown: [bool; 256],
    fallback: &'static [u16; 256],
}

impl Unsettled {
    pub(super) fn is_unknown(&self, code: u32) -> bool {
        self.unknown.get(code as usize).copied().unwrap_or(false)
    }
}

/// What a simple font's open codes stand for: by its program and, where that is silent, by a table.
pub(super) fn by_program(file: &File, dict: &Dictionary, open: &Unsettled) -> Texts {
    let mut texts = Texts::default();
    if let Some(descriptor) = file.dict(dict, b"FontDescriptor") {
        program::simple(&mut texts, file, descriptor, &open.settled);
    }
    fill(&mut texts, open.fallback, &open.settled);
    texts
}

/// Gives the codes that are still open what a table says.
fn fill(texts: &mut Texts, table: &[u16; 256], settled: &[bool; 256]) {
    for ((code, unit), settled) in (0u32..).zip(table).zip(settled) {
        if *unit >= 32
            && !settled
            && !texts.has(code)
            && let Some(c) = char::from_u32(u32::from(*unit))
        {
            texts.set_char(code, c);
        }
    }
}

fn widths(font: &mut Font, file: &File, dict: &Dictionary, name: &[u8], descriptor: Option<&Dictionary>, unit: f32) {
    let missing = descriptor.and_then(|d| file.number(d, b"MissingWidth")).unwrap_or(0.0) * unit;
    font.widths = Paged::new(missing);
    if let Some(list) = file.array(dict, b"Widths") {
        let first = file.integer(dict, b"FirstChar").unwrap_or(0);
        for (i, object) in list.iter().enumerate().take(256) {
            let code = first.saturating_add(i as i64);
            if let (Ok(code @ 0..=255), Some(width)) = (u32::try_from(code), as_number(file.resolve(object))) {
                font.widths.set(code, width * unit);
            }
        }
        return;
    }
    // One of the standard fonts, or one that is drawn as if it were.
    let symbol = contains(name, b"Symbol");
    let table: Option<&[u16; 256]> = if contains(name, b"Courier") || contains(name, b"Mono") {
        None
    } else if symbol {
        Some(&tables::WIDTHS_SYMBOL)
    } else if contains(name, b"Times") || contains(name, b"Serif") || contains(name, b"Georgia") {
        Some(match (font.bold, font.italic) {
            (false, false) => &tables::WIDTHS_TIMES_ROMAN,
            (true, false) => &tables::WIDTHS_TIMES_BOLD,
            (false, true) => &tables::WIDTHS_TIMES_ITALIC,
            (true, true) => &tables::WIDTHS_TIMES_BOLD_ITALIC,
        })
    } else if font.bold {
        Some(&tables::WIDTHS_HELVETICA_BOLD)
    } else {
        Some(&tables::WIDTHS_HELVETICA)
    };
    for code in 0..256u32 {
        let width = match table {
            None => 600,
            Some(table) if symbol => table.get(code as usize).copied().unwrap_or(500),
            Some(table) => {
                // The tables go by WinAnsi code; the font's own codes may be others.
                let unit = match font.texts.get(code) {
                    super::Text::Char(c) => c as u32,
                    _ => {
                        font.unsettled.as_ref().and_then(|o| o.fallback.get(code as usize)).map_or(0, |u| u32::from(*u))
                    }
                };
                let at = tables::WIN_ANSI.iter().position(|u| u32::from(*u) == unit && unit > 0);
                at.and_then(|at| table.get(at)).copied().unwrap_or(556)
            }
        };
        font.widths.set(code, f32::from(width) * 0.001);
    }
}

/// The procedure that draws a code of a Type 3 font.
pub(in super::super) fn procedure<'a>(file: &'a File<'a>, dict: &'a Dictionary, code: u32) -> Option<&'a Stream> {
    let differences = file.array(file.dict(dict, b"Encoding")?, b"Differences")?;
    let mut at = 0i64;
    let mut found = None;
    for object in differences {
        match file.resolve(object) {
            Object::Name(name) => {
                if at == i64::from(code) {
                    found = Some(name);
                }
                at = at.saturating_add(1);
            }
            other => at = as_integer(other).unwrap_or(at),
        }
    }
    file.stream(file.dict(dict, b"CharProcs")?, &unescape(found?))
}

/// Reads a Type 3 font's matrix and box; gives the factor from glyph space to shares of the size.
fn type3(font: &mut Font, file: &File, dict: &Dictionary) -> f32 {
    let Some(matrix) = file.matrix(dict, b"FontMatrix") else { return 0.001 };
    let height = file.rect(dict, b"FontBBox").map_or(0.0, |b| b.height()) * matrix.d.abs();
    if (matrix.d.abs() - 0.001).abs() > 1e-5 && (0.05..20.0).contains(&height) {
        font.scale = height;
    }
    let unit = (matrix.a * matrix.a + matrix.b * matrix.b).sqrt();
    if unit.is_finite() { unit } else { 0.001 }
}

/// What a code of Adobe's standard encoding stands for.
pub(super) fn standard(code: u8) -> Option<char> {
    tables::STANDARD.get(usize::from(code)).filter(|u| **u >= 32).and_then(|u| char::from_u32(u32::from(*u)))
}

/// Sets what a glyph name says, if it says anything.
pub(super) fn set_named(texts: &mut Texts, code: u8, name: &[u8]) {
    if let Some(text) = glyphs::text(name) {
        texts.set(u32::from(code), &text);
    }
}
