//! CMaps: the data is a font's ToUnicode CMap and, in its first bytes' place, its encoding.
#![no_main]

mod shared;

/// Codes of one, two and three bytes, some of them in the ranges that CMaps like.
const CONTENTS: &[u8] =
    b"BT /F 12 Tf 72 700 Td <00010002004100420061ffff> Tj 0 -14 Td (Hej \\345\\344\\366) Tj <e38080> Tj ET";

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    // The first byte says what the data is for: the text, the codes, or both.
    let (which, data) = data.split_first().map_or((0, data), |(first, rest)| (first % 3, rest));
    let encoding = if which == 0 { "/Identity-H" } else { "7 0 R" };
    let unicode = if which == 1 { "" } else { "/ToUnicode 7 0 R" };
    let font = format!(
        "<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding {encoding} {unicode} /DescendantFonts \
         [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) \
         /Supplement 0 >> /DW 600 >>] >>"
    );
    shared::read(&shared::pdf(CONTENTS, &font, &[("", b""), ("/Type /CMap /CMapName /A", data)]), "a.pdf");
});
