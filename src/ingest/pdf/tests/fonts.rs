//! Fonts that say in different ways what their codes mean.

use super::{one_page, page, stream, texts};

/// Bytes as a stream of hexadecimal digits.
fn hex_stream(dict: &str, bytes: &[u8]) -> String {
    let digits: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    stream(&format!("/Filter/ASCIIHexDecode{dict}"), &digits)
}

/// What a page shows whose text is in font F2. The font's program is object 7.
fn shown(font: &str, show: &str, program: &str) -> Vec<String> {
    let bytes = one_page("", &format!("BT /F2 10 Tf 50 700 Td {show} Tj ET"), &[font, "null", program]);
    texts(&page(&bytes)).into_iter().map(str::to_string).collect()
}

/// A font of the kind TrueType with these tables (OpenType specification, "Organization of an OpenType font").
fn sfnt(mut tables: Vec<(&[u8; 4], Vec<u8>)>) -> Vec<u8> {
    tables.sort_by_key(|t| t.0);
    let mut out = vec![0, 1, 0, 0, 0, tables.len() as u8, 0, 0, 0, 0, 0, 0];
    let mut at = out.len() + 16 * tables.len();
    for (tag, data) in &tables {
        out.extend(*tag);
        out.extend([0; 4]);
        out.extend((at as u32).to_be_bytes());
        out.extend((data.len() as u32).to_be_bytes());
        at += data.len();
    }
    tables.iter().for_each(|(_, data)| out.extend(data));
    out
}

/// A `cmap` table of one part: its platform and encoding, and its data.
fn cmap(platform: u8, encoding: u8, part: &[u8]) -> Vec<u8> {
    let mut out = vec![0, 0, 0, 1, 0, platform, 0, encoding, 0, 0, 0, 12];
    out.extend(part);
    out
}

/// Which glyph each of some codes has, in format 12: codes in growing order.
fn groups(codes: &[(u32, u32)]) -> Vec<u8> {
    let mut out = vec![0, 12, 0, 0];
    for n in [16 + 12 * codes.len() as u32, 0, codes.len() as u32] {
        out.extend(n.to_be_bytes());
    }
    codes.iter().for_each(|(code, glyph)| [*code, *code, *glyph].iter().for_each(|n| out.extend(n.to_be_bytes())));
    out
}

/// A `post` table that names the glyphs from 0 on.
fn post(names: &[&str]) -> Vec<u8> {
    let mut out = vec![0, 2, 0, 0];
    out.extend([0; 28]);
    out.extend((names.len() as u16).to_be_bytes());
    (0..names.len() as u16).for_each(|i| out.extend((258 + i).to_be_bytes()));
    for name in names {
        out.push(name.len() as u8);
        out.extend(name.bytes());
    }
    out
}

/// An INDEX of a CFF program (Adobe Technical Note 5176, 5).
fn index(items: &[&[u8]]) -> Vec<u8> {
    let mut out = (items.len() as u16).to_be_bytes().to_vec();
    if items.is_empty() {
        return out;
    }
    out.push(1);
    let mut at = 1u8;
    out.push(at);
    for item in items {
        at += item.len() as u8;
        out.push(at);
    }
    items.iter().for_each(|i| out.extend(*i));
    out
}

/// A CFF program whose glyphs have these codes and names.
fn cff(glyphs: &[(u8, &str)]) -> Vec<u8> {
    let names: Vec<&[u8]> = glyphs.iter().map(|g| g.1.as_bytes()).collect();
    let end: &[u8] = &[14];
    let (strings, outlines) = (index(&names), index(&vec![end; glyphs.len() + 1]));
    let number = |n: usize| {
        let mut out = vec![29];
        out.extend((n as u32).to_be_bytes());
        out
    };
    // Charset, encoding and outlines stand behind the fixed parts: header, name, a dictionary of three numbers, strings.
    let charset = 4 + index(&[b"A"]).len() + 5 + 18 + strings.len() + 2;
    let encoding = charset + 1 + 2 * glyphs.len();
    let mut dict = Vec::new();
    for (at, operator) in [(charset, 15), (encoding, 16), (encoding + 2 + glyphs.len(), 17)] {
        dict.extend(number(at));
        dict.push(operator);
    }
    let mut out = vec![1, 0, 4, 1];
    out.extend(index(&[b"A"]));
    out.extend(index(&[&dict]));
    out.extend(strings);
    out.extend(index(&[]));
    assert_eq!(out.len(), charset);
    out.push(0);
    (0..glyphs.len() as u16).for_each(|i| out.extend((391 + i).to_be_bytes()));
    out.extend([0, glyphs.len() as u8]);
    out.extend(glyphs.iter().map(|g| g.0));
    out.extend(outlines);
    out
}

const SYMBOLIC: &str = "<</Type/Font/Subtype/TrueType/BaseFont/AAAAAA+Own/FirstChar 0/LastChar 9/Widths[500 500 500 500 500 \
                        500 500 500 500 500]/FontDescriptor<</FontName/AAAAAA+Own/Flags 4/FontFile2 7 0 R>>>>";

#[test]
fn glyphs_of_a_truetype_font_go_by_their_names() {
    let mut codes = vec![0, 0, 1, 6, 0, 0];
    codes.extend((0..=255u8).map(|c| if c < 4 { c } else { 0 }));
    let program = sfnt(vec![(b"cmap", cmap(1, 0, &codes)), (b"post", post(&[".notdef", "N", "adieresis", "m"]))]);
    assert_eq!(shown(SYMBOLIC, "<010203>", &hex_stream("", &program)), ["Näm"]);
}

#[test]
fn glyphs_of_a_symbolic_truetype_font_stand_among_private_codes() {
    let codes = [(0xf001, 1), (0xf002, 2)];
    let program = sfnt(vec![(b"cmap", cmap(3, 0, &groups(&codes))), (b"post", post(&[".notdef", "aring", "r"]))]);
    assert_eq!(shown(SYMBOLIC, "<0102>", &hex_stream("", &program)), ["år"]);
}

#[test]
fn glyphs_of_a_cid_font_go_by_the_table_of_its_program() {
    let font = "<</Type/Font/Subtype/Type0/BaseFont/AAAAAA+Own/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype\
                /CIDFontType2/BaseFont/AAAAAA+Own/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 500\
                /FontDescriptor<</FontName/AAAAAA+Own/Flags 4/FontFile2 7 0 R>>>>]>>";
    let program = sfnt(vec![(b"cmap", cmap(3, 10, &groups(&[(0x6c, 9), (0xe4, 7), (0x2019, 3)])))]);
    assert_eq!(shown(font, "<000900070003>", &hex_stream("", &program)), ["lä’"]);
}

#[test]
fn cids_are_glyphs_by_way_of_their_map() {
    let font = "<</Type/Font/Subtype/Type0/BaseFont/AAAAAA+Own/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype\
                /CIDFontType2/BaseFont/AAAAAA+Own/CIDToGIDMap 6 0 R/DW 500/FontDescriptor<</Flags 4/FontFile2 7 0 R>>>>]>>";
    let program = hex_stream("", &sfnt(vec![(b"cmap", cmap(3, 10, &groups(&[(0x41, 1), (0xd6, 2)])))]));
    let map = hex_stream("", &[0, 0, 0, 2, 0, 1]);
    let bytes = one_page("", "BT /F2 10 Tf 50 700 Td <00010002> Tj ET", &[font, &map, &program]);
    assert_eq!(texts(&page(&bytes)), ["ÖA"]);
}

#[test]
fn codes_of_a_cff_font_are_those_of_its_program() {
    let font = "<</Type/Font/Subtype/Type1/BaseFont/AAAAAA+Own/FirstChar 0/LastChar 9/Widths[500 500 500 500 500 500 500 500 \
                500 500]/FontDescriptor<</FontName/AAAAAA+Own/Flags 4/FontFile3 7 0 R>>>>";
    let program = cff(&[(1, "V"), (2, "aring"), (3, "r")]);
    assert_eq!(shown(font, "<010203>", &hex_stream("/Subtype/Type1C", &program)), ["Vår"]);
}

#[test]
fn glyphs_of_a_cff_font_in_a_cid_font_go_by_their_names() {
    let font = "<</Type/Font/Subtype/Type0/BaseFont/AAAAAA+Own/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype\
                /CIDFontType0/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 500\
                /FontDescriptor<</Flags 4/FontFile3 7 0 R>>>>]>>";
    let program = cff(&[(1, "ouml"), (2, "odieresis"), (3, "n")]);
    let said = shown(font, "<00020003>", &hex_stream("/Subtype/CIDFontType0C", &program));
    assert_eq!(said, ["ön"]);
}

#[test]
fn codes_of_a_type_1_font_are_those_of_its_clear_part() {
    let font = "<</Type/Font/Subtype/Type1/BaseFont/AAAAAA+Own/FirstChar 0/LastChar 255/FontDescriptor<</Flags 4/FontFile 7 0 \
                R>>>>";
    let own = "%!PS-AdobeFont-1.0: Own\n/Encoding 256 array\n0 1 255 {1 index exch /.notdef put} for\ndup 1 /Aring put\n\
               dup 2 /r put\ndup 3 /endash put\nreadonly def\ncurrentfile eexec";
    assert_eq!(shown(font, "<010203>", &stream("", own)), ["År–"]);
    let standard = "%!PS-AdobeFont-1.0: Own\n/Encoding StandardEncoding def\ncurrentfile eexec";
    assert_eq!(shown(font, "(a\\256)", &stream("", standard)), ["afi"]);
}

#[test]
fn standard_encodings_differ_where_they_do() {
    let font = |more: &str| format!("<</Type/Font/Subtype/Type1/BaseFont/Helvetica{more}>>");
    let shows = |more: &str, codes: &str| shown(&font(more), codes, "null");
    assert_eq!(shows("/Encoding/MacRomanEncoding", "(\\214\\212\\232\\320)"), ["åäö–"]);
    assert_eq!(shows("/Encoding/WinAnsiEncoding", "(\\345\\344\\366\\226\\200)"), ["åäö–€"]);
    assert_eq!(shows("", "('\\261\\341)"), ["’–Æ"], "what says nothing is in Adobe's own encoding");
    let differs = "/Encoding<</BaseEncoding/MacRomanEncoding/Differences[65/Adieresis 200/endash]>>";
    assert_eq!(shows(differs, "(AB\\310\\214)"), ["ÄB–å"]);
}

#[test]
fn symbol_fonts_have_codes_of_their_own() {
    let font = |name: &str| format!("<</Type/Font/Subtype/Type1/BaseFont/{name}>>");
    assert_eq!(shown(&font("Symbol"), "(a\\243\\267)", "null"), ["α≤•"]);
    assert_eq!(shown(&font("ZapfDingbats"), "(4)", "null"), ["✔"]);
}

#[test]
fn letters_are_as_they_are_searched_for() {
    // A ligature, a letter and its mark apart, a soft hyphen, a bullet of Word's.
    let map = stream("", "5 beginbfchar <01> <FB01> <02> <0061030A> <03> <00AD> <04> <F0B7> <05> <006E> endbfchar");
    let font = "<</Type/Font/Subtype/TrueType/BaseFont/X/FirstChar 0/LastChar 9/Widths[500 500 500 500 500 500 500 500 500 \
                500]/ToUnicode 7 0 R>>";
    let bytes = one_page("", "BT /F2 10 Tf 50 700 Td <04> Tj 20 0 Td <01050305020501> Tj ET", &[font, "null", &map]);
    let lex = crate::lexicon::Lexicon::built_in();
    let document = super::super::read(&bytes, None, &lex, &crate::ingest::Options::default()).expect("a document");
    assert_eq!(document.text.trim(), "• finnånfi");
}
