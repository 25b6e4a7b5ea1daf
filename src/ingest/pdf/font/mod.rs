//! Reads fonts: what each code of a shown string stands for and how wide it is (ISO 32000-2, 9.5 to 9.10).
//!
//! In order of trust: the ToUnicode CMap, the encoding with its differences, the predefined CMaps of CID fonts, and what
//! the embedded font program tells of itself. Programs are opened only when nothing before them speaks.

mod codes;
mod composite;
mod glyphs;
mod program;
mod simple;
mod tables;
mod to_unicode;

use std::cell::OnceCell;

use super::budget::MAX_FONT_BYTES;
use super::lexer::unescape;
use super::objects::{Dictionary, File, Object, as_dict};
pub(super) use codes::Text;
use codes::{Paged, Texts};
pub(super) use simple::procedure;
pub(super) use tables::PDF_DOC;

/// How strings part into codes.
#[derive(Debug)]
enum Codes {
    /// One byte each.
    Single,
    /// Two bytes each; the code is the CID.
    Double,
    /// As a CMap says.
    Mapped(Box<composite::Mapped>),
}

/// What puts letters right that stand for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mend {
    /// Every letter is the one so many places on in Unicode.
    Shift(i32),
    /// Letters are numbers of glyphs in the standard Macintosh order.
    MacintoshOrder,
    /// Letters are numbers of glyphs in the order of Latin 1, without the space that does not break and the soft hyphen: the
    /// Liberation fonts have this order.
    LatinOrder,
    /// Letters are numbers of glyphs in the order of Latin 1, with these: the DejaVu fonts, Noto Mono.
    LatinBlock,
}

impl Mend {
    /// The letter meant.
    pub(super) fn apply(self, c: char) -> char {
        match self {
            Mend::Shift(by) => (c as u32).checked_add_signed(by).and_then(char::from_u32).unwrap_or(c),
            Mend::MacintoshOrder => composite::in_standard_order(c as u32).unwrap_or(c),
            Mend::LatinOrder => composite::in_latin_order(c as u32, false).unwrap_or(c),
            Mend::LatinBlock => composite::in_latin_order(c as u32, true).unwrap_or(c),
        }
    }
}

impl std::fmt::Display for Mend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Mend::Shift(by) => write!(f, "{by:+} places"),
            Mend::MacintoshOrder | Mend::LatinOrder | Mend::LatinBlock => write!(f, "numbers of glyphs"),
        }
    }
}

/// One font, ready to read strings with.
#[derive(Debug)]
pub(super) struct Font {
    /// The same number for the same font of a file.
    pub number: u16,
    pub bold: bool,
    pub italic: bool,
    /// True if its lines run downwards.
    pub vertical: bool,
    /// Share of the size above and below (negative) the baseline.
    pub ascent: f32,
    pub descent: f32,
    /// Size of the letters as a share of the font size; other than 1 in Type 3 fonts only.
    pub scale: f32,
    /// True for a Type 3 font whose codes no ToUnicode CMap explains: procedures that show text say more than names.
    pub drawn: bool,
    /// True if it unpacks to more than is read.
    pub cut: bool,
    /// True if its ToUnicode CMap says more than is kept.
    pub map_cut: bool,
    /// What puts its letters right, if they stand for others.
    pub mend: Option<Mend>,
    codes: Codes,
    texts: Texts,
    widths: Paged<f32>,
    /// Advance downwards per letter, as a share of the size, in a vertical font.
    down: f32,
    /// True if it has CIDs; what its program says of them is read when it is first needed.
    composite: bool,
    /// What is left open of a simple font's codes until its program is asked.
    unsettled: Option<Box<simple::Unsettled>>,
    by_program: OnceCell<Texts>,
}

/// A letter of a string: its code, what it stands for by the font's tables, its width as a share of the font size.
pub(super) type Letter<'f> = (Code, Text<'f>, f32);

/// The CID font of a composite font.
fn descendant<'a>(file: &'a File<'a>, dict: &'a Dictionary) -> Option<&'a Dictionary> {
    match file.get(dict, b"DescendantFonts") {
        Object::Array(list) => list.first().and_then(|o| as_dict(file.resolve(o))),
        object => as_dict(object),
    }
}

/// One code of a string.
#[derive(Clone, Copy, Debug)]
pub(super) struct Code {
    pub code: u32,
    pub len: usize,
    cid: u32,
}

impl Font {
    /// Reads a font dictionary.
    pub(super) fn load(file: &File, dict: &Dictionary, number: u16) -> Font {
        let subtype = file.name(dict, b"Subtype").unwrap_or_default();
        let mut font = Font {
            number,
            bold: false,
            italic: false,
            vertical: false,
            ascent: 0.8,
            descent: -0.2,
            scale: 1.0,
            drawn: subtype == b"Type3" && !dict.has(b"ToUnicode"),
            cut: false,
            map_cut: false,
            mend: None,
            codes: Codes::Single,
            texts: Texts::default(),
            widths: Paged::new(0.0),
            down: -1.0,
            composite: false,
            unsettled: None,
            by_program: OnceCell::new(),
        };
        if let Some(stream) = file.stream(dict, b"ToUnicode") {
            let decoded = file.bytes(stream, MAX_FONT_BYTES);
            let map = to_unicode::read(&decoded.bytes, file.budget.cmap_entries_left());
            file.budget.spend_cmap_entries(map.entries);
            (font.cut, font.map_cut) = (decoded.cut, map.cut);
            font.texts = map.texts;
        }
        let descendant = descendant(file, dict);
        let composite = subtype == b"Type0" || descendant.is_some();
        let inner = if composite { descendant.unwrap_or(dict) } else { dict };
        let name = file.name(dict, b"BaseFont").map(|n| unescape(n).into_owned()).unwrap_or_default();
        let descriptor = file.dict(inner, b"FontDescriptor");
        font.style(file, &name, descriptor);
        if composite {
            composite::load(&mut font, file, dict, inner);
        } else {
            simple::load(&mut font, file, dict, subtype, &name, descriptor);
        }
        font
    }

    fn style(&mut self, file: &File, name: &[u8], descriptor: Option<&Dictionary>) {
        let lower = String::from_utf8_lossy(name).to_lowercase();
        let has = |words: &[&str]| words.iter().any(|w| lower.contains(w));
        self.bold = has(&["bold", "black", "heavy", "demi", "-fet", ",fet"]) && !has(&["semilight"]);
        self.italic = has(&["italic", "oblique", "kursiv", "slanted"]);
        let Some(descriptor) = descriptor else { return };
        let flags = file.integer(descriptor, b"Flags").unwrap_or(0);
        self.bold |= flags & (1 << 18) != 0 || file.number(descriptor, b"FontWeight").is_some_and(|w| w >= 600.0);
        self.italic |= flags & (1 << 6) != 0;
        let share = |key: &[u8]| file.number(descriptor, key).map(|n| n / 1000.0);
        if let Some(ascent) = share(b"Ascent").filter(|a| (0.5..1.2).contains(a)) {
            self.ascent = ascent.min(0.95);
        }
        if let Some(descent) = share(b"Descent").filter(|d| (-0.5..-0.05).contains(d)) {
            self.descent = descent.max(-0.3);
        }
    }

    /// The code that a string goes on with.
    #[inline]
    pub(super) fn next(&self, string: &[u8], at: usize) -> Option<Code> {
        match &self.codes {
            Codes::Single => string.get(at).map(|b| Code { code: u32::from(*b), len: 1, cid: u32::from(*b) }),
            Codes::Double => match (string.get(at), string.get(at + 1)) {
                (Some(high), Some(low)) => {
                    let code = u32::from(*high) << 8 | u32::from(*low);
                    Some(Code { code, len: 2, cid: code })
                }
                (Some(high), None) => Some(Code { code: u32::from(*high), len: 1, cid: u32::from(*high) }),
                _ => None,
            },
            Codes::Mapped(map) => map.next(string.get(at..)?).map(|(code, len, cid)| Code { code, len, cid }),
        }
    }

    /// The letters of a string in a font whose codes have one byte; none where that needs more than looking them up.
    #[inline]
    pub(super) fn letters_of_one_byte<'f>(&'f self, string: &'f [u8]) -> Option<impl Iterator<Item = Letter<'f>>> {
        let Codes::Single = self.codes else { return None };
        let (texts, widths) = (self.texts.first_page()?, self.widths.first_page()?);
        Some(string.iter().map(|byte| {
            let (code, at) = (u32::from(*byte), usize::from(*byte));
            (Code { code, len: 1, cid: code }, self.texts.meant(texts[at]), widths[at])
        }))
    }

    /// The letters of a string in a font whose codes have two bytes; none where that needs more than looking them up.
    #[inline]
    pub(super) fn letters_of_two_bytes<'f>(&'f self, string: &'f [u8]) -> Option<impl Iterator<Item = Letter<'f>>> {
        let (Codes::Double, (pairs, [])) = (&self.codes, string.as_chunks::<2>()) else { return None };
        Some(pairs.iter().map(|pair| {
            let code = u32::from(u16::from_be_bytes(*pair));
            (Code { code, len: 2, cid: code }, self.texts.get(code), self.widths.get(code))
        }))
    }

    /// What a code stands for.
    #[inline]
    pub(super) fn text(&self, code: Code) -> Text<'_> {
        match self.texts.get(code.code) {
            Text::None => {
                if let Codes::Mapped(map) = &self.codes
                    && let Some(c) = map.text(code.code, code.cid)
                {
                    return Text::Char(c);
                }
                Text::None
            }
            text => text,
        }
    }

    /// What a code stands for that [`Font::text`] does not know: by the font program, which is opened now. `dict` is the
    /// one this font was read from.
    pub(super) fn text_by_program(&self, file: &File, dict: &Dictionary, code: Code) -> Text<'_> {
        if !self.composite {
            let Some(open) = &self.unsettled else { return Text::None };
            // Named codes whose names say nothing show something all the same.
            return match self.by_program.get_or_init(|| simple::by_program(file, dict, open)).get(code.code) {
                Text::None if open.is_unknown(code.code) => Text::Char('\u{fffd}'),
                text => text,
            };
        }
        match self.by_program.get_or_init(|| composite::by_cid(file, dict)).get(code.cid) {
            Text::None => Text::Char('\u{fffd}'),
            text => text,
        }
    }

    /// What a code stands for in a font whose letters are put right; `text` is what its tables say. Codes of one byte for which
    /// they say nothing, digits and points among them, are put right like the others.
    pub(super) fn mended<'t>(&self, mend: Mend, code: Code, text: Text<'t>) -> Text<'t> {
        let single = matches!(self.codes, Codes::Single);
        let by_code = || char::from_u32(code.code).filter(|_| single && code.code > 0);
        match (mend, text) {
            (Mend::MacintoshOrder | Mend::LatinOrder | Mend::LatinBlock, Text::Char(c)) if c > '\u{ff}' => {
                Text::Char(mend.apply(by_code().unwrap_or(c)))
            }
            (_, Text::Char(c)) => Text::Char(mend.apply(c)),
            (_, Text::None) => by_code().map(|c| mend.apply(c)).filter(|c| *c >= ' ').map_or(Text::None, Text::Char),
            (_, Text::Str(_)) => text,
        }
    }

    /// How far a code moves on, as a share of the font size.
    #[inline]
    pub(super) fn width(&self, code: Code) -> f32 {
        self.widths.get(code.cid)
    }

    /// How far a code moves down (negative), as a share of the font size, in a vertical font.
    pub(super) fn down(&self) -> f32 {
        self.down
    }
}
