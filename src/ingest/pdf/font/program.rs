//! Reads embedded font programs, when nothing else says what a font's codes mean: TrueType, CFF and Type 1.

use ttf_parser::{GlyphId, PlatformId, RawFace, Tag, cff, cmap, post};

use super::super::budget::MAX_FONT_BYTES;
use super::super::lexer::{Lexer, Token};
use super::super::objects::{Dictionary, File};
use super::codes::{Paged, Texts};
use super::{glyphs, simple};

/// An embedded font program.
enum Program {
    /// TrueType, or OpenType around CFF.
    Sfnt(Vec<u8>),
    Cff(Vec<u8>),
    Type1(Vec<u8>),
}

const KEYS: [&[u8]; 3] = [b"FontFile2", b"FontFile3", b"FontFile"];

/// True if a font brings its program with it.
pub(super) fn is_embedded(descriptor: &Dictionary) -> bool {
    KEYS.iter().any(|key| descriptor.has(key))
}

fn open(file: &File, descriptor: &Dictionary) -> Option<Program> {
    let stream = KEYS.iter().find_map(|k| file.stream(descriptor, k))?;
    let bytes = file.bytes(stream, MAX_FONT_BYTES).bytes;
    match bytes.get(..4)? {
        [0, 1, 0, 0] | b"true" | b"OTTO" | b"ttcf" => Some(Program::Sfnt(bytes)),
        [1, 0, ..] => Some(Program::Cff(bytes)),
        b"%!PS" | b"%!Fo" | [0x80, 1, ..] => Some(Program::Type1(bytes)),
        _ => None,
    }
}

/// The tables of a TrueType font that speak of text.
struct Sfnt<'a> {
    cmap: Option<cmap::Table<'a>>,
    post: Option<post::Table<'a>>,
    cff: Option<cff::Table<'a>>,
}

impl<'a> Sfnt<'a> {
    fn parse(bytes: &'a [u8]) -> Option<Sfnt<'a>> {
        let face = RawFace::parse(bytes, 0).ok()?;
        let table = |tag: &[u8; 4]| face.table(Tag::from_bytes(tag));
        Some(Sfnt {
            cmap: table(b"cmap").and_then(cmap::Table::parse),
            post: table(b"post").and_then(post::Table::parse),
            cff: table(b"CFF ").and_then(cff::Table::parse),
        })
    }

    /// What every glyph stands for, by the Unicode tables.
    fn by_glyph(&self) -> Paged<u32> {
        let mut out = Paged::new(0u32);
        let Some(cmap) = &self.cmap else { return out };
        let mut left = 100_000usize;
        for table in cmap.subtables.into_iter().filter(|t| t.is_unicode() && t.platform_id != PlatformId::Macintosh) {
            table.codepoints(|point| {
                left = left.saturating_sub(1);
                if left > 0
                    && let Some(glyph) = table.glyph_index(point)
                    && glyph.0 != 0
                {
                    let known = out.get(u32::from(glyph.0));
                    // Private characters give way; of several, the first stays.
                    if known == 0 || ((0xe000..0xf900).contains(&known) && !(0xe000..0xf900).contains(&point)) {
                        out.set(u32::from(glyph.0), point);
                    }
                }
            });
        }
        out
    }

    fn name(&self, glyph: u16) -> Option<String> {
        let named = self.post.and_then(|p| p.names().into_iter().nth(usize::from(glyph)));
        let name = named.or_else(|| self.cff.as_ref().and_then(|c| c.glyph_name(GlyphId(glyph))))?;
        glyphs::text(name.as_bytes())
    }
}

/// Fills in what the codes of a simple font mean, where nothing is known.
pub(super) fn simple(texts: &mut Texts, file: &File, descriptor: &Dictionary, settled: &[bool; 256]) {
    let free = |texts: &Texts, code: u8| {
        !texts.has(u32::from(code)) && !settled.get(usize::from(code)).copied().unwrap_or(false)
    };
    match open(file, descriptor) {
        Some(Program::Sfnt(bytes)) => {
            let Some(sfnt) = Sfnt::parse(&bytes) else { return };
            let Some(cmap) = &sfnt.cmap else { return };
            let by_glyph = sfnt.by_glyph();
            let names: Vec<&str> = sfnt.post.map(|p| p.names().into_iter().collect()).unwrap_or_default();
            for code in 0..=255u8 {
                if !free(texts, code) {
                    continue;
                }
                let glyph = cmap.subtables.into_iter().find_map(|t| {
                    let code = u32::from(code);
                    let symbol = t.platform_id == PlatformId::Windows && t.encoding_id == 0;
                    let mac = t.platform_id == PlatformId::Macintosh;
                    let found = if symbol {
                        [0xf000, 0xf100, 0xf200, 0].iter().find_map(|high| t.glyph_index(high + code))
                    } else if mac {
                        t.glyph_index(code)
                    } else {
                        None
                    };
                    found.filter(|g| g.0 != 0)
                });
                let Some(glyph) = glyph else { continue };
                let unicode = char::from_u32(by_glyph.get(u32::from(glyph.0))).filter(|c| *c >= ' ');
                match (unicode, names.get(usize::from(glyph.0)).and_then(|n| glyphs::text(n.as_bytes()))) {
                    (Some(c), _) if !('\u{e000}'..'\u{f900}').contains(&c) => texts.set_char(u32::from(code), c),
                    (_, Some(text)) => texts.set(u32::from(code), &text),
                    _ => {}
                }
            }
        }
        Some(Program::Cff(bytes)) => {
            let Some(table) = cff::Table::parse(&bytes) else { return };
            for code in 0..=255u8 {
                if free(texts, code)
                    && let Some(name) = table.glyph_index(code).and_then(|g| table.glyph_name(g))
                {
                    simple::set_named(texts, code, name.as_bytes());
                }
            }
        }
        Some(Program::Type1(bytes)) => type1(texts, &bytes, free),
        None => {}
    }
}

/// Reads the encoding in the clear part of a Type 1 program: `dup 65 /A put`, or the standard one by name.
fn type1(texts: &mut Texts, bytes: &[u8], free: impl Fn(&Texts, u8) -> bool) {
    let Some(start) = bytes.windows(9).position(|w| w == b"/Encoding") else { return };
    let mut lexer = Lexer::at(bytes, start + 9);
    let mut code: Option<f64> = None;
    let mut glyph: Option<&[u8]> = None;
    for _ in 0..4000 {
        match lexer.next() {
            Token::End | Token::Word(b"def" | b"readonly" | b"eexec") => return,
            Token::Word(b"StandardEncoding") => {
                for code in 0..=255u8 {
                    if free(texts, code)
                        && let Some(c) = simple::standard(code)
                    {
                        texts.set_char(u32::from(code), c);
                    }
                }
                return;
            }
            Token::Number(n) => code = Some(n),
            Token::Name(name) => glyph = Some(name),
            Token::Word(b"put") => {
                if let (Some(code @ 0.0..=255.0), Some(name)) = (code, glyph)
                    && free(texts, code as u8)
                {
                    simple::set_named(texts, code as u8, name);
                }
            }
            _ => lexer.strings.clear(),
        }
    }
}

/// What the glyphs of a CID font's program stand for, by glyph number. Nothing if the program does not say.
pub(super) fn by_glyph(file: &File, descriptor: &Dictionary) -> Option<Glyphs> {
    let mut out = Glyphs { texts: Default::default(), cids: None };
    match open(file, descriptor)? {
        Program::Sfnt(bytes) => {
            let sfnt = Sfnt::parse(&bytes)?;
            let map = sfnt.by_glyph();
            for glyph in 0..=u16::MAX {
                if let Some(c) = char::from_u32(map.get(u32::from(glyph))).filter(|c| *c >= ' ') {
                    out.texts.set_char(u32::from(glyph), c);
                }
            }
            let names: Vec<&str> = sfnt.post.map(|p| p.names().into_iter().collect()).unwrap_or_default();
            for (glyph, name) in names.iter().enumerate() {
                if !out.texts.has(glyph as u32)
                    && let Some(text) = glyphs::text(name.as_bytes())
                {
                    out.texts.set(glyph as u32, &text);
                }
            }
            if let Some(cff) = &sfnt.cff {
                out.cff(cff);
                for glyph in 0..cff.number_of_glyphs() {
                    if !out.texts.has(u32::from(glyph))
                        && let Some(text) = sfnt.name(glyph)
                    {
                        out.texts.set(u32::from(glyph), &text);
                    }
                }
            }
        }
        Program::Cff(bytes) => {
            let table = cff::Table::parse(&bytes)?;
            out.cff(&table);
            for glyph in 0..table.number_of_glyphs() {
                if let Some(text) = table.glyph_name(GlyphId(glyph)).and_then(|n| glyphs::text(n.as_bytes())) {
                    out.texts.set(u32::from(glyph), &text);
                }
            }
        }
        Program::Type1(_) => return None,
    }
    Some(out)
}

/// What a program's glyphs stand for.
pub(super) struct Glyphs {
    pub texts: Texts,
    /// Glyph by CID, where the program has CIDs of its own.
    pub cids: Option<Paged<u32>>,
}

impl Glyphs {
    fn cff(&mut self, table: &cff::Table<'_>) {
        let mut cids = Paged::new(0u32);
        for glyph in 0..table.number_of_glyphs() {
            if let Some(cid) = table.glyph_cid(GlyphId(glyph)) {
                cids.set(u32::from(cid), u32::from(glyph));
            }
        }
        if !cids.is_empty() {
            self.cids = Some(cids);
        }
    }
}
