//! Proves the reader on small files written here, and on the files made to hurt if they are at hand.

mod files;
mod fonts;

use super::{RawDocument, RawPage, Tag, load};
use crate::ingest::{Limits, Options, Problem};

/// Puts objects into a file with a right cross-reference table. Object 1 is the catalog.
fn file(objects: &[String]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", i + 1).bytes());
    }
    let xref = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        out.extend(format!("{place:010} 00000 n \n").bytes());
    }
    out.extend(format!("trailer <</Size {}/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF", objects.len() + 1).bytes());
    out
}

fn stream(dict: &str, data: &str) -> String {
    format!("<<{dict}/Length {}>>\nstream\n{data}\nendstream", data.len())
}

/// A file of one page: its entries, its content, more objects from number 5 on. Font F1 is Helvetica.
fn one_page(entries: &str, content: &str, more: &[&str]) -> Vec<u8> {
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_string(),
        "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 600 800]/Resources<</Font<</F1 <</Type/Font/Subtype/Type1\
         /BaseFont/Helvetica/Encoding/WinAnsiEncoding>>/F2 5 0 R>>/XObject<</X1 6 0 R>>>>>>"
            .to_string(),
        format!("<</Type/Page/Parent 2 0 R/Contents 4 0 R{entries}>>"),
        stream("", content),
    ];
    objects.extend(more.iter().map(|o| (*o).to_string()));
    file(&objects)
}

fn read(bytes: &[u8]) -> RawDocument {
    load(bytes, &Options::default()).expect("a readable file")
}

fn page(bytes: &[u8]) -> RawPage {
    read(bytes).pages.remove(0)
}

fn texts(page: &RawPage) -> Vec<&str> {
    page.words.iter().map(|w| w.text.as_str()).collect()
}

#[test]
fn follows_the_text_state() {
    let page = page(&one_page(
        "",
        "BT /F1 10 Tf 14 TL 100 700 Td (Till n\\344mnden) Tj T* [(f\\366)-20(r)-300(20)10(24)] TJ
         (rad tre) ' 2 1 (a b) \" 1 0 0 1 50 50 Tm 5 Ts (upp) Tj 0 Ts 50 Tz (smal) Tj ET",
        &[],
    ));
    assert_eq!(texts(&page), ["Till", "nämnden", "för", "2024", "rad", "tre", "a", "b", "upp", "smal"]);
    let by = |text: &str| page.words.iter().find(|w| w.text == text).expect(text);
    assert_eq!(by("för").baseline, 686.0);
    assert_eq!(by("tre").baseline, 672.0);
    assert_eq!(by("upp").baseline, 55.0);
    assert!(by("Till").space_after && !by("nämnden").space_after);
    // Helvetica: T 611, i 222, l 222, l 222 thousandths.
    assert!((by("Till").rect.x1 - 112.77).abs() < 0.02, "{:?}", by("Till").rect);
    assert_eq!(by("Till").size, 10.0);
}

#[test]
fn places_are_those_of_the_page_as_shown() {
    let content = "BT /F1 10 Tf 1 0 0 1 150 250 Tm (ord) Tj ET";
    let cropped = page(&one_page("/CropBox[100 200 500 700]", content, &[]));
    assert_eq!((cropped.size, cropped.words[0].rect.x0, cropped.words[0].baseline), ((400.0, 500.0), 50.0, 50.0));
    let turned = page(&one_page("/CropBox[100 200 500 700]/Rotate 90", content, &[]));
    assert_eq!((turned.size, turned.words[0].angle), ((500.0, 400.0), 270));
    assert_eq!((turned.words[0].baseline, turned.words[0].rect.y1), (50.0, 350.0));
    let upright = page(&one_page("/Rotate 90", "BT /F1 10 Tf 0 1 -1 0 150 250 Tm (ord) Tj ET", &[]));
    assert_eq!(upright.words[0].angle, 0);
}

#[test]
fn what_lies_outside_the_page_is_not_shown() {
    let content = "BT /F1 10 Tf 100 900 Td (helt och borta) Tj 0 -200 Td (h\\344r) Tj ET";
    let read = read(&one_page("", content, &[]));
    assert!(read.notes.iter().any(|n| n.code == "text_outside_page" && n.message.contains("page 1 (3 words)")));
    let page = &read.pages[0];
    assert_eq!(texts(page), ["här"]);
}

#[test]
fn what_is_cut_off_is_kept_apart_if_it_is_little() {
    let content = "BT /F1 10 Tf 120 10 Td (fil.qxd) Tj 0 200 Td (h\\344r st\\345r det mesta) Tj 0 900 Td (borta) Tj ET";
    let read = |content: &str| read(&one_page("/CropBox[100 200 500 700]", content, &[])).pages.remove(0);
    let marked = read(content);
    assert_eq!(texts(&marked), ["här", "står", "det", "mesta"]);
    assert_eq!(marked.cut_off.iter().map(|w| w.text.as_str()).collect::<Vec<_>>(), ["fil.qxd"]);
    // Pages that share what they hold and each show a part: what is cut off here is shown there.
    let half = read("BT /F1 10 Tf 120 10 Td (en sida till) Tj 0 200 Td (en sida) Tj ET");
    assert!(half.cut_off.is_empty() && texts(&half) == ["en", "sida"]);
}

#[test]
fn text_in_a_tiling_pattern_is_read_once() {
    let pattern = |entries: &str| {
        let dict = format!("/Type/Pattern/PatternType 1/PaintType 1/TilingType 1{entries}");
        stream(&dict, "BT /F1 10 Tf 5 5 Td (ruta) Tj ET")
    };
    let page = |content: &str, entries: &str| {
        page(&one_page(
            "/Resources<</Font<</F1 6 0 R>>/Pattern<</P1 5 0 R>>>>",
            content,
            &[&pattern(entries), "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"],
        ))
    };
    let content = "/Pattern cs /P1 scn 100 500 300 100 re f 100 300 300 100 re f 0 g 0 0 50 50 re f";
    let whole = page(content, "/BBox[0 0 300 100]/XStep 300/YStep 100/Matrix[1 0 0 1 100 500]");
    assert_eq!(texts(&whole), ["ruta"]);
    assert_eq!((whole.words[0].rect.x0, whole.words[0].baseline), (105.0, 505.0));
    // The tile in the area's upper left, where the pattern's own lies elsewhere.
    let moved = page(content, "/BBox[0 0 50 20]/XStep 50/YStep 20");
    assert_eq!((moved.words[0].rect.x0, moved.words[0].baseline), (105.0, 585.0));
    // Nothing where nothing is filled with it, or off the page.
    assert!(page("/Pattern cs /P1 scn 0 g 100 500 300 100 re f", "/BBox[0 0 50 20]").words.is_empty());
    assert!(page("/Pattern cs /P1 scn 900 900 30 10 re f", "/BBox[0 0 50 20]").words.is_empty());
}

#[test]
fn forms_are_drawn_in_place_and_never_in_themselves() {
    let form = stream(
        "/Type/XObject/Subtype/Form/BBox[0 0 100 100]/Matrix[1 0 0 1 10 10]/Resources<</Font<</F1 <</Type/Font/Subtype\
         /Type1/BaseFont/Times-Bold>>>>/XObject<</X1 6 0 R>>>>",
        "BT /F1 10 Tf (form) Tj ET /X1 Do",
    );
    let page = page(&one_page("", "q 2 0 0 2 100 100 cm /X1 Do Q BT /F1 9 Tf (efter) Tj ET", &["null", &form]));
    assert_eq!(texts(&page), ["form", "efter"]);
    assert_eq!((page.words[0].rect.x0, page.words[0].baseline, page.words[0].size), (120.0, 120.0, 20.0));
    assert!(page.words[0].bold && !page.words[1].bold);
}

#[test]
fn marked_content_tells_artifacts_and_replacements() {
    let page = page(&one_page(
        "",
        "BT /F1 10 Tf 50 700 Td /Artifact BMC (Sida) Tj EMC 0 -20 Td /H1 <</MCID 3>> BDC (Rubrik) Tj EMC
         0 -20 Td /Span <</ActualText (\\376\\377\\000f\\000i\\000n)>> BDC (xxx) Tj EMC ( slut) Tj
         0 -20 Td (av-) Tj /Span <</ActualText (\\376\\377\\000\\255)>> BDC (-) Tj EMC ET",
        &[],
    ));
    assert_eq!(texts(&page), ["Sida", "Rubrik", "fin", "slut", "av-\u{ad}"]);
    assert!(page.words[0].artifact && page.words[0].tag == Some(Tag::Artifact));
    assert_eq!(
        (page.words[1].mcid, page.words[1].tag, page.words[1].artifact),
        (Some(3), Some(Tag::Heading(1)), false)
    );
}

#[test]
fn the_structure_tree_says_what_a_piece_is() {
    let bytes = file(&[
        "<</Type/Catalog/Pages 2 0 R/MarkInfo<</Marked true>>/StructTreeRoot 5 0 R>>".into(),
        "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 600 800]>>".into(),
        "<</Type/Page/Parent 2 0 R/Contents 4 0 R/StructParents 0/Resources<</Font<</F1 <</Type/Font/Subtype/Type1\
         /BaseFont/Helvetica>>>>>>>>"
            .into(),
        stream(
            "",
            "BT /F1 9 Tf 9 99 Td /Span <</MCID 0>> BDC (cell) Tj EMC 0 -20 Td /P <</MCID 1>> BDC (rubrik) Tj EMC ET",
        ),
        "<</Type/StructTreeRoot/RoleMap<</Rubrik1/H2>>/ParentTree<</Nums[0 [6 0 R 7 0 R]]>>>>".into(),
        "<</S/Span/P 8 0 R>>".into(),
        "<</S/Rubrik1/P 5 0 R>>".into(),
        "<</S/TD/P 5 0 R>>".into(),
    ]);
    let document = read(&bytes);
    assert!(document.tagged);
    let tags: Vec<_> = document.pages[0].words.iter().map(|w| w.tag).collect();
    assert_eq!(tags, [Some(Tag::TableCell), Some(Tag::Heading(2))]);
}

#[test]
fn composite_fonts_go_by_their_unicode_map() {
    let map = stream("", "1 beginbfchar <0001> <00E5> endbfchar 1 beginbfrange <0002> <0003> <0041> endbfrange");
    let page = page(&one_page(
        "",
        "BT /F2 10 Tf 100 700 Td <000200010003> Tj ET",
        &[
            "<</Type/Font/Subtype/Type0/BaseFont/X-BoldItalic/Encoding/Identity-H/ToUnicode 7 0 R/DescendantFonts[\
             <</Type/Font/Subtype/CIDFontType2/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>\
             /DW 500/W[1 [600] 2 3 700]>>]>>",
            "null",
            &map,
        ],
    ));
    assert_eq!(texts(&page), ["AåB"]);
    let word = &page.words[0];
    assert!(word.bold && word.italic);
    assert!((word.rect.width() - 20.0).abs() < 0.01);
}

#[test]
fn a_font_that_says_nothing_has_its_glyphs_in_the_usual_order() {
    let page = page(&one_page(
        "",
        "BT /F2 10 Tf 100 700 Td <0031006c005000510047> Tj ET",
        &["<</Type/Font/Subtype/Type0/BaseFont/Arial/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype\
           /CIDFontType2/BaseFont/Arial/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)>>>>]>>"],
    ));
    assert_eq!(texts(&page), ["Nämnd"]);
}

#[test]
fn predefined_cmaps_are_known() {
    let page = page(&one_page(
        "",
        "BT /F2 10 Tf 100 700 Td <93fa967b8cea> Tj ET",
        &["<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/90ms-RKSJ-H/DescendantFonts[<</Type/Font/Subtype\
             /CIDFontType0/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 2>>>>]>>"],
    ));
    assert_eq!(texts(&page), ["日本語"]);
}

#[test]
fn simple_fonts_go_by_their_differences() {
    let page = page(&one_page(
        "",
        "BT /F2 10 Tf 100 700 Td (\\001\\002c) Tj ET",
        &["<</Type/Font/Subtype/Type1/BaseFont/X/Encoding<</Differences[1/Aring/uni00F6]>>/FirstChar 0/LastChar 99>>"],
    ));
    assert_eq!(texts(&page), ["Åöc"]);
}

#[test]
fn inline_images_are_skipped_whole() {
    let page = page(&one_page(
        "",
        "q 20 0 0 10 5 5 cm BI /W 4 /H 1 /BPC 8 /CS /G ID \x01EI \x02\x03 EI Q BT /F1 9 Tf (kvar) Tj ET",
        &[],
    ));
    assert_eq!(texts(&page), ["kvar"]);
    assert_eq!((page.images.len(), page.images[0].x1), (1, 25.0));
}

#[test]
fn fields_show_their_appearances_unless_hidden() {
    let form = stream("/Subtype/Form/BBox[0 0 100 20]", "BT /F1 10 Tf (svar) Tj ET");
    let fields = "/Annots[<</Subtype/Widget/Rect[300 400 400 420]/AP<</N 6 0 R>>>>\
                  <</Subtype/Widget/F 2/Rect[0 0 9 9]/AP<</N 6 0 R>>>>]";
    let page = page(&one_page(fields, "", &["null", &form]));
    assert_eq!(texts(&page), ["svar"]);
    assert_eq!((page.words[0].rect.x0, page.words[0].baseline), (300.0, 400.0));
}

#[test]
fn fields_stand_after_what_names_them() {
    let form = stream("/Subtype/Form/BBox[0 0 100 20]", "BT /F1 10 Tf (svar) Tj ET");
    let fields = "/Annots[<</Subtype/Widget/Rect[150 398 250 418]/AP<</N 6 0 R>>>>\
                  <</Subtype/Widget/Rect[50 280 150 300]/AP<</N 6 0 R>>>>\
                  <</Subtype/Stamp/Rect[150 350 250 370]/AP<</N 6 0 R>>>>]";
    let labels = "BT /F1 10 Tf 50 400 Td (Namn) Tj 0 -50 Td (Ort och) Tj 0 -50 Td (Vad) Tj 100 0 Td (Hur) Tj ET";
    let page = page(&one_page(fields, labels, &["null", &form]));
    assert_eq!(texts(&page), ["Namn", "svar", "Ort", "och", "Vad", "svar", "Hur", "svar"]);
}

#[test]
fn a_space_that_word_spacing_takes_back_parts_nothing() {
    let page = page(&one_page("", "BT /F1 10 Tf 50 400 Td -2.6 Tw (f\\366r t) Tj 0 -50 Td -1 Tw (om det) Tj ET", &[]));
    assert_eq!(texts(&page), ["fört", "om", "det"]);
}

#[test]
fn bitmap_fonts_of_tex_have_their_ligatures() {
    let font = "<</Type/Font/Subtype/Type3/FontBBox[0 0 10 10]/FontMatrix[0.1 0 0 0.1 0 0]/FirstChar 28/LastChar 97\
                /Encoding<</Differences[28/a28 97/a97]>>/CharProcs<<>>>>";
    let page = page(&one_page("", "BT /F2 10 Tf 50 700 Td (\\034a) Tj ET", &[font]));
    assert_eq!(page.words.iter().map(|w| w.text.as_str()).collect::<String>(), "fia");
}

#[test]
fn procedures_of_fonts_show_the_text_they_draw() {
    let font = "<</Type/Font/Subtype/Type3/FontBBox[0 0 1000 1000]/FontMatrix[0.001 0 0 0.001 0 0]/FirstChar 65/LastChar 67\
                /Widths[600 600 600]/Encoding<</Differences[65/x1/x2/x3]>>/CharProcs<</x1 7 0 R/x2 8 0 R/x3 9 0 R>>\
                /Resources<</Font<</G1 <</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>>>>>";
    let shows = |letter: &str| stream("", &format!("600 0 d0 BT /G1 1000 Tf ({letter}) Tj ET 0 0 600 5 re f"));
    let draws = stream("", "600 0 d0 0 0 500 700 re f");
    let page = page(&one_page(
        "",
        "BT /F2 10 Tf 50 700 Td (AB) Tj 100 0 Td (C) Tj ET",
        &[font, "null", &shows("p"), &shows("\\345"), &draws],
    ));
    assert_eq!(texts(&page), ["på", "C"], "and by the code where the procedure shows nothing");
    assert_eq!((page.words[0].rect.x0, page.words[0].baseline, page.words[0].size.round()), (50.0, 700.0, 10.0));
    assert!(page.rules.is_empty());
}

#[test]
fn lines_of_vertical_fonts_run_down() {
    let font = "<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-V/DescendantFonts[<</Type/Font/Subtype/CIDFontType0\
                /CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 6>>/W[1[500 500]]>>]>>";
    let page = page(&one_page("", "BT /F2 10 Tf 300 700 Td <034A034B> Tj ET", &[font]));
    let word = &page.words[0];
    assert_eq!((word.angle, word.text.chars().count()), (270, 2), "{word:?}");
    assert!(word.rect.y1 <= 701.0 && (word.rect.height() - 20.0).abs() < 0.5, "{:?}", word.rect);
}

#[test]
fn fields_without_appearances_show_their_values() {
    let fields = [
        "<</Subtype/Widget/Rect[50 700 250 716]/FT/Tx/V(F\\366reningen Eken)/DA(/Helv 10 Tf 0 g)>>",
        "<</Subtype/Widget/Rect[50 600 150 660]/Parent 5 0 R>>",
        "<</Subtype/Widget/Rect[50 500 150 516]/FT/Ch/V(b)/Opt[[(a)(Ja)][(b)(Nej)]]>>",
        "<</Subtype/Widget/Rect[50 400 150 416]/FT/Tx/Ff 8192/V(hemligt)>>",
        "<</Subtype/Widget/Rect[50 300 150 316]/FT/Tx/F 2/V(dolt)>>",
        "<</Subtype/Widget/Rect[50 200 150 216]/FT/Btn/V/Yes>>",
    ];
    let several = "<</FT/Tx/Ff 4096/V(Vi vill ordna l\\344ger f\\366r barn\\rp\\345 lovet)/DA(/Helv 10 Tf)>>";
    let page = page(&one_page(&format!("/Annots[{}]", fields.join(" ")), "", &[several]));
    assert_eq!(
        texts(&page),
        ["Föreningen", "Eken", "Vi", "vill", "ordna", "läger", "för", "barn", "på", "lovet", "Nej"]
    );
    let by = |text: &str| page.words.iter().find(|w| w.text == text).expect(text);
    assert!(page.has_contents && by("Eken").size == 10.0 && (700.0..716.0).contains(&by("Eken").baseline));
    assert!(
        by("Vi").baseline > by("barn").baseline && by("barn").baseline > by("på").baseline,
        "lines one below the other"
    );
}

#[test]
fn ocr_layers_are_marked_hidden() {
    let page = page(&one_page("", "BT 3 Tr /F1 10 Tf 10 10 Td (dold) Tj 0 Tr 0 20 Td (synlig) Tj ET", &[]));
    assert_eq!(page.words.iter().map(|w| w.hidden).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn an_invisible_layer_gives_way_to_the_same_visible_words() {
    let page = page(&one_page(
        "",
        "BT /F1 10 Tf 9 9 Td (lika) Tj 0 20 Td (syns) Tj ET BT 3 Tr /F1 10 Tf 9 9 Td (lika) Tj 0 40 Td (dold) Tj ET",
        &[],
    ));
    assert_eq!(texts(&page), ["lika", "syns", "dold"]);
}

#[test]
fn a_table_that_lies_about_the_contents_is_not_believed() {
    let bytes = one_page("", "BT /F1 10 Tf 10 10 Td (kvar) Tj ET", &[]);
    let text = String::from_utf8(bytes).expect("letters");
    let place = text.find("4 0 obj").expect("contents");
    let lying = text.replace(&format!("{place:010} 00000 n"), &format!("{:010} 00000 n", 12));
    assert_ne!(text, lying);
    assert_eq!(texts(&page(lying.as_bytes())), ["kvar"]);
}

#[test]
fn a_broken_table_is_rebuilt() {
    let mut bytes = one_page("", "BT /F1 10 Tf 10 10 Td (kvar) Tj ET", &[]);
    let notes = |bytes: &[u8]| load(bytes, &Options::default()).expect("a page").notes;
    assert!(notes(&bytes).is_empty());
    let at = bytes.windows(4).position(|w| w == b"xref").expect("a table");
    bytes.truncate(at);
    assert_eq!(texts(&page(&bytes)), ["kvar"]);
    assert_eq!(notes(&bytes)[0].code, "pdf_rebuilt");
    let moved: Vec<u8> = bytes.iter().copied().chain(b"startxref\n7\n%%EOF".iter().copied()).collect();
    assert_eq!(texts(&page(&moved)), ["kvar"]);
}

#[test]
fn limits_are_told_and_keep_what_was_read() {
    let content = "BT /F1 10 Tf 10 10 Td (kvar) Tj ET ".repeat(100);
    let bytes = one_page("", &content, &[]);
    let options = |limits: Limits| Options { limits, ..Options::default() };
    let few = load(&bytes, &options(Limits { operators: 20, ..Limits::default() })).expect("a page");
    assert_eq!(few.pages[0].notes[0].code, "limit_operators");
    assert!(!few.pages[0].words.is_empty());
    let small = load(&bytes, &options(Limits { stream_bytes: 200, ..Limits::default() })).expect("a page");
    assert_eq!(small.pages[0].notes[0].code, "limit_stream_bytes");
    let none = load(&bytes, &options(Limits { pages: 0, ..Limits::default() }));
    assert!(matches!(none, Err(Problem::OverLimit { .. })), "{none:?}");
    let tiny = load(&bytes, &options(Limits { file_bytes: 10, ..Limits::default() }));
    assert!(matches!(tiny, Err(Problem::OverLimit { .. })));
}

/// The codes of a page's notes.
fn codes(page: &RawPage) -> Vec<&str> {
    page.notes.iter().map(|n| n.code.as_ref()).collect()
}

fn read_within(bytes: &[u8], limits: Limits) -> RawDocument {
    load(bytes, &Options { limits, ..Options::default() }).expect("a readable file")
}

#[test]
fn refused_files_say_which_limit_they_go_over() {
    let bytes = one_page("", "", &[]);
    let refused = |limits| load(&bytes, &Options { limits, ..Options::default() }).expect_err("a limit").code();
    assert_eq!(refused(Limits { pages: 0, ..Limits::default() }), "limit_pages");
    assert_eq!(refused(Limits { file_bytes: 10, ..Limits::default() }), "limit_file_bytes");
}

#[test]
fn the_time_of_a_file_is_limited() {
    let limits = Limits { seconds: 0, ..Limits::default() };
    let late = read_within(&one_page("", "BT /F1 10 Tf 10 10 Td (borta) Tj ET", &[]), limits);
    assert_eq!((codes(&late.pages[0]), late.pages[0].has_contents), (vec!["limit_time"], true));
    assert!(late.pages[0].notes[0].message.contains("more than 0 s"));
}

#[test]
fn the_letters_of_a_page_and_the_words_of_a_file_are_limited() {
    let bytes = one_page("", "BT /F1 10 Tf 10 10 Td (ett tu tre fyra) Tj ET", &[]);
    let few = read_within(&bytes, Limits { letters: 6, ..Limits::default() });
    assert_eq!((texts(&few.pages[0]), codes(&few.pages[0])), (vec!["ett", "tu"], vec!["limit_letters"]));

    let kid = "<</Type/Page/Parent 2 0 R/Contents 4 0 R>>".to_string();
    let pages = file(&[
        "<</Type/Catalog/Pages 2 0 R>>".into(),
        "<</Type/Pages/Kids[3 0 R 5 0 R 6 0 R]/Count 3/MediaBox[0 0 600 800]/Resources<</Font<</F1 <</Type/Font/Subtype\
         /Type1/BaseFont/Helvetica>>>>>>>>"
            .into(),
        kid.clone(),
        stream("", "BT /F1 10 Tf 10 10 Td (ett tu tre) Tj ET"),
        kid.clone(),
        kid,
    ]);
    let few = read_within(&pages, Limits { words: 5, ..Limits::default() });
    let words: Vec<usize> = few.pages.iter().map(|p| p.words.len()).collect();
    assert_eq!(words, [3, 2, 0]);
    assert_eq!(
        (codes(&few.pages[0]), codes(&few.pages[1]), codes(&few.pages[2])),
        (vec![], vec!["limit_words"], vec!["limit_words"])
    );
    assert!(few.pages[2].has_contents, "its text is missing");
    assert!(read_within(&pages, Limits { words: 9, ..Limits::default() }).pages.iter().all(|p| p.notes.is_empty()));
}

#[test]
fn states_and_marks_nest_only_so_deep() {
    let inner = "BT /F1 10 Tf 10 10 Td (inne) Tj ET";
    let outer = "BT /F1 10 Tf 10 50 Td (ute) Tj ET";
    for (open, close) in [("q ", "Q "), ("/P BMC ", "EMC ")] {
        let nested = |depth| format!("{}{inner} {}{outer}", open.repeat(depth), close.repeat(depth));
        let deep = page(&one_page("", &nested(600), &[]));
        assert_eq!((texts(&deep).len(), codes(&deep)), (2, vec!["limit_nesting"]), "{open}");
        let usual = page(&one_page("", &nested(100), &[]));
        assert_eq!((texts(&usual).len(), codes(&usual)), (2, vec![]), "{open}");
    }
}

/// A file whose form X1 draws these; each of them draws the next one as often as is said.
fn forms(depth: usize, times: usize) -> Vec<u8> {
    let form = |i: usize| {
        let next = format!("/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</N {} 0 R>>>>", i + 7);
        stream(&next, &"/N Do ".repeat(times))
    };
    let all: Vec<String> = std::iter::once("null".to_string()).chain((0..depth).map(form)).collect();
    one_page("", "/X1 Do BT /F1 10 Tf 10 10 Td (kvar) Tj ET", &all.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn forms_nest_only_so_deep_and_are_drawn_only_so_often() {
    let deep = page(&forms(40, 1));
    assert_eq!((texts(&deep), codes(&deep)), (vec!["kvar"], vec!["limit_form_depth"]));
    // Ten forms each of which draws the next ten times: a thousand million letters, if nobody counted.
    let many = page(&forms(10, 10));
    assert_eq!((texts(&many), codes(&many)), (vec![], vec!["limit_forms"]));
}

#[test]
fn cmaps_and_fonts_are_limited() {
    let font = "<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/ToUnicode 7 0 R/DescendantFonts[\
                <</Type/Font/Subtype/CIDFontType2/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)>>>>]>>";
    let show = "BT /F2 10 Tf 100 700 Td <0001> Tj ET";
    let wide = stream("", "1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange");
    let cut = page(&one_page("", show, &[font, "null", &wide]));
    assert_eq!((texts(&cut), codes(&cut)), (vec!["B"], vec!["limit_cmap"]));
    let coded = font.replace("/Identity-H", " 8 0 R");
    let map = stream("", "1 beginbfchar <0001> <00C5> endbfchar");
    let long = stream("/Type/CMap", &format!("{}endcmap", " ".repeat((4 << 20) + 1)));
    assert_eq!(codes(&page(&one_page("", show, &[&coded, "null", &map, &long]))), ["limit_font"]);
}

#[test]
fn shapes_are_limited() {
    let many = page(&one_page("", &"9 9 90 90 re S ".repeat(21_000), &[]));
    assert_eq!(codes(&many), ["limit_shapes"]);
    assert!(many.boxes.len() <= 20_000);
}

#[test]
fn a_page_with_contents_and_no_text_is_reported() {
    let kid = |contents| format!("<</Type/Page/Parent 2 0 R/Contents {contents} 0 R>>");
    let bytes = file(&[
        "<</Type/Catalog/Pages 2 0 R>>".into(),
        "<</Type/Pages/Kids[3 0 R 5 0 R 7 0 R]/Count 3/MediaBox[0 0 600 800]/Resources<</Font<</F1 <</Type/Font/Subtype\
         /Type1/BaseFont/Helvetica>>>>>>>>"
            .into(),
        kid(4),
        stream("", "BT /F1 10 Tf 10 10 Td (kvar) Tj ET"),
        kid(6),
        stream("", "0 0 600 800 re f"),
        kid(8),
        stream("", " "),
    ]);
    let lex = crate::lexicon::Lexicon::built_in();
    let document = super::read(&bytes, None, &lex, &Options::default()).expect("a document");
    let told: Vec<&str> =
        document.notes.iter().filter(|n| n.code == "textless_page").map(|n| n.message.as_str()).collect();
    assert!(matches!(told.as_slice(), [one] if one.starts_with("page 2 ")), "{told:?}");
    assert_eq!(
        super::read(&one_page("", "0 0 9 9 re f", &[]), None, &lex, &Options::default()).expect_err("no text").code(),
        "no_text"
    );
}

#[test]
fn a_file_that_lost_its_header_is_still_a_pdf() {
    let mut bytes = one_page("", "BT /F1 10 Tf 10 10 Td (kvar) Tj ET", &[]);
    bytes.splice(..9, b"%\xe2\xe3\xcf\xd3\n".iter().copied());
    assert!(super::looks_like_pdf(&bytes));
    assert_eq!(texts(&page(&bytes)), ["kvar"]);
    assert!(!super::looks_like_pdf(b"en text om 10 0 obj och <<"));
}

#[test]
fn rubbish_is_a_problem_not_a_panic() {
    for bytes in [&b"%PDF-1.4"[..], b"%PDF-1.4\n1 0 obj\n<<", b"%PDF-1.7\ntrailer <</Root 1 0 R>>", b"%PDF-"] {
        assert!(matches!(load(bytes, &Options::default()), Err(Problem::Damaged { .. })));
    }
}

#[test]
fn no_cut_and_no_flipped_byte_panics() {
    let map = stream("", "1 beginbfrange <0002> <0003> <0041> endbfrange");
    let bytes = one_page(
        "/Annots[<</Rect[0 0 9 9]/AP<</N 6 0 R>>>>]",
        "q BT /F2 10 Tf 10 10 Td [<0002>-99(x)] TJ ET BI /W 1 ID x EI /P <</MCID 0>> BDC 0 0 9 9 re f EMC /X1 Do Q",
        &["<</Subtype/Type0/Encoding/Identity-H/ToUnicode 7 0 R/DescendantFonts[<</W[1 [6] 2 3 7]>>]>>", "null", &map],
    );
    for at in 0..bytes.len() {
        let _ = load(&bytes[..at], &Options::default());
        for value in [0u8, b'9', b'<', b'(', b'/', 0xff] {
            let mut copy = bytes.clone();
            copy[at] = value;
            let _ = load(&copy, &Options::default());
        }
    }
}

#[test]
fn files_made_to_hurt_stay_inside_the_limits() {
    let Some(folder) = crate::testing::shared("pdfs/hostile") else { return };
    let entries = std::fs::read_dir(&folder).unwrap();
    // Unpacking by the gigabyte is for optimised builds; here a smaller bound proves the same.
    let limits = Limits { stream_bytes: 8 << 20, ..Limits::default() };
    let options = Options { limits, ..Options::default() };
    for path in entries.filter_map(|e| Some(e.ok()?.path())).filter(|p| p.extension().is_some_and(|e| e == "pdf")) {
        let bytes = std::fs::read(&path).expect("a readable folder");
        let result = load(&bytes, &options);
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let document = result.unwrap_or_else(|p| panic!("{name}: {p}"));
        let words: usize = document.pages.iter().map(|p| p.words.len()).sum();
        let told = document.pages.iter().any(|p| !p.notes.is_empty());
        assert!(words > 0 || told, "{name} shows nothing and says nothing");
    }
}

/// A sentence or two in which function words are as common as anywhere.
const PROSE: &str = "N\u{e4}mnden har beslutat att godk\u{e4}nna rapporten och l\u{e4}gga den till handlingarna med det som \u{e4}r kvar \
                     f\u{f6}r \u{e5}ret och p\u{e5} omr\u{e5}det inom ramen f\u{f6}r budget 2024";

fn whole(bytes: &[u8]) -> crate::ingest::Document {
    let lex = crate::lexicon::Lexicon::built_in();
    super::read(bytes, None, &lex, &Options::default()).expect("a readable file")
}

/// Lines of eight words as hexadecimal strings of two-byte codes.
fn hex_lines(text: &str, code: impl Fn(char) -> u32) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let lines: Vec<String> = words
        .chunks(8)
        .map(|line| {
            let codes: String = line.join(" ").chars().map(|c| format!("{:04X}", code(c))).collect();
            format!("0 -20 Td <{codes}> Tj")
        })
        .collect();
    format!("BT /F2 10 Tf 50 700 Td {} ET", lines.join(" "))
}

fn identity_font(to_unicode: &str) -> [String; 2] {
    let map = stream("", to_unicode);
    [
        "<</Type/Font/Subtype/Type0/BaseFont/AAAAAA+Text/Encoding/Identity-H/ToUnicode 6 0 R/DescendantFonts[<</Type/Font\
         /Subtype/CIDFontType2/BaseFont/AAAAAA+Text/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>\
         /DW 500>>]>>"
            .to_string(),
        map,
    ]
}

#[test]
fn letters_a_constant_shift_away_are_put_right_with_digits_and_spaces() {
    let [font, map] = identity_font("1 beginbfrange <0001> <00FF> <0001> endbfrange");
    let prose = format!("{PROSE} {PROSE}");
    let doc = whole(&one_page("", &hex_lines(&prose, |c| c as u32 - 29), &[&font, &map]));
    assert_eq!(doc.text.split_whitespace().collect::<Vec<_>>(), prose.split_whitespace().collect::<Vec<_>>());
    assert!(doc.notes.iter().any(|n| n.code == "text_layer_repaired" && n.message.contains("+29")), "{:?}", doc.notes);
    assert!(doc.notes.iter().all(|n| n.code != "text_layer_unreliable"));
}

#[test]
fn numbers_of_glyphs_that_pass_for_letters_are_put_right() {
    // The standard Macintosh order: ASCII from 3; å, ä and ö are glyphs 110, 108 and 124.
    let glyph = |c: char| match c {
        '\u{e5}' => 110,
        '\u{e4}' => 108,
        '\u{f6}' => 124,
        c => c as u32 - 29,
    };
    let [font, map] = identity_font("1 beginbfrange <0001> <00FF> <0001> endbfrange");
    let prose = format!("{PROSE} {PROSE}");
    let doc = whole(&one_page("", &hex_lines(&prose, glyph), &[&font, &map]));
    assert_eq!(doc.text.split_whitespace().collect::<Vec<_>>(), prose.split_whitespace().collect::<Vec<_>>());
}

#[test]
fn a_layer_whose_letters_make_no_words_is_noticed() {
    // Codes in the order in which letters first come, as subset fonts have them, and nothing that says what they mean.
    let mut order: Vec<char> = Vec::new();
    PROSE.chars().for_each(|c| {
        if c != ' ' && !order.contains(&c) {
            order.push(c);
        }
    });
    let code = |c: char| order.iter().position(|o| *o == c).map_or(32, |at| at as u32 + 0x42);
    let [font, map] = identity_font("1 beginbfrange <0001> <00FF> <0001> endbfrange");
    let doc = whole(&one_page("", &hex_lines(&[PROSE; 4].join(" "), code), &[&font, &map]));
    let note = doc.notes.iter().find(|n| n.code == "text_layer_unreliable").expect("a note");
    assert!(note.message.contains("page 1") && note.span.is_some(), "{note:?}");
    assert_eq!(doc.pages[0].text, crate::ingest::document::PageText::Unreliable);
}

#[test]
fn codes_whose_names_say_nothing_are_shown_as_unknown() {
    let names: String = (1..=30).map(|i| format!("/C{i:04}")).collect();
    let font = format!(
        "<</Type/Font/Subtype/Type1/BaseFont/AAAAAA+Own/FirstChar 1/LastChar 30/Widths[{}]/Encoding<</Type/Encoding\
         /Differences[1{names}]>>/FontDescriptor<</Type/FontDescriptor/FontName/AAAAAA+Own/Flags 4/FontFile3 7 0 R>>>>",
        "500 ".repeat(30)
    );
    let program = stream("/Subtype/Type1C", "\u{1}");
    let page =
        page(&one_page("", "BT /F2 10 Tf 50 700 Td <010203> Tj /F1 10 Tf ( kvar) Tj ET", &[&font, "null", &program]));
    assert_eq!(texts(&page), ["\u{fffd}\u{fffd}\u{fffd}", "kvar"]);
}

#[test]
fn text_that_is_not_to_be_seen_is_told_of() {
    let told = |content: &str| {
        let notes = read(&one_page("", content, &[])).notes;
        notes.into_iter().filter(|n| n.code == "hidden_text").map(|n| n.message).collect::<Vec<_>>()
    };
    let hidden =
        told("BT /F1 10 Tf 50 700 Td (syns) Tj 1 g 0 -50 Td (vitt) Tj 0 g 3 Tr 0 -50 Td (helt och inte) Tj ET");
    assert_eq!(hidden.len(), 1, "{hidden:?}");
    assert!(hidden[0].contains("page 1 (4 letters)") && hidden[0].contains("page 1 (3 words)"), "{hidden:?}");
    // White on a coloured box, and invisible words over a picture, are as they should be.
    assert!(told("0 0 1 rg 40 690 200 30 re f BT 1 1 1 rg /F1 10 Tf 50 700 Td (rubrik i vitt) Tj ET").is_empty());
    let picture = "q 500 0 0 700 50 50 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \u{1} EI Q BT 3 Tr /F1 10 Tf 60 700 Td (en skannad rad) Tj ET";
    assert!(told(picture).is_empty());
}
