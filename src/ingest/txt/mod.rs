//! Reads text files: what other programs made of a PDF or a Word document, or a plain text.

mod decode;
mod lines;
mod listed;
mod portal;
mod rows;
mod structure;
mod unrolled;

use super::document::{Origin, PageText};
use super::layout::{PageInfo, assemble, normalise};
use super::{Document, Options, Problem, error};
use crate::base::{DocId, Note};
use crate::lexicon::Lexicon;

/// Reads a text file's bytes; their hash, where it is known, is not computed again.
///
/// # Errors
/// If the bytes are no text or over a limit.
pub fn read(bytes: &[u8], hash: Option<blake3::Hash>, lex: &Lexicon, options: &Options) -> Result<Document, Problem> {
    let limit = options.limits.text_bytes;
    if bytes.len() as u64 > limit {
        return Err(Problem::OverLimit {
            code: "limit_text_bytes",
            limit: format!("{} MB for a text file", limit >> 20),
            found: format!("{} MB", bytes.len() >> 20),
        });
    }
    if bytes.is_empty() {
        return Err(Problem::Empty);
    }
    if is_known_binary(bytes) {
        return Err(Problem::Binary { found: error::describe(bytes) });
    }
    let decoded = decode::decode(bytes);
    if !is_text(&decoded.text) {
        return Err(Problem::Binary { found: "binary data".to_string() });
    }
    let text = if decoded.text.contains('\r') {
        normalise(&decoded.text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        normalise(&decoded.text)
    };
    let text = portal::plain(&text).unwrap_or(text);
    let own = listed::without(&text);
    let unrolled = unrolled::restore(own.unwrap_or(&text), lex);
    let source = lines::split(unrolled.as_deref().or(own).unwrap_or(&text), lex);
    let drafts = structure::read(&source, lex);
    let pages: Vec<PageInfo> =
        (1..=source.pages).map(|number| PageInfo { number, size: None, text: PageText::Own }).collect();
    let assembled = assemble(drafts, &pages, lex);
    let mut notes: Vec<Note> = decoded.notes;
    notes.extend(assembled.notes);
    if own.is_some() {
        let message = "what the portal lists of other papers, before the text, was taken off";
        notes.push(Note::info("list_of_papers_removed", message));
    }
    if unrolled.is_some() {
        let message = "pages stood on one line each; their lines were found again by the words that begin lines";
        notes.push(Note::info("lines_restored", message));
    }
    if assembled.text.trim().is_empty() {
        return Err(Problem::Empty);
    }
    let hash = hash.unwrap_or_else(|| blake3::hash(bytes));
    Ok(Document {
        id: DocId::of_file(&hash),
        origin: Origin {
            blake3: hash.to_hex().to_string(),
            bytes: bytes.len() as u64,
            media_type: "text/plain".to_string(),
            encoding: Some(decoded.encoding.to_string()),
            file_pages: source.pages,
            ..Origin::default()
        },
        text: assembled.text,
        body_end: assembled.body_end,
        pages: assembled.pages,
        blocks: assembled.blocks,
        lines: assembled.lines,
        words: assembled.words,
        notes,
    })
}

/// True for formats that a text reader must not show as text.
fn is_known_binary(bytes: &[u8]) -> bool {
    const MAGIC: [&[u8]; 9] = [
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0",
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"II*\0",
        b"MM\0*",
        b"{\\rtf",
        b"\x1f\x8b",
        b"\x7fELF",
    ];
    let head = bytes.get(..bytes.len().min(512)).unwrap_or(bytes).to_ascii_lowercase();
    let start = head.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(0);
    let markup = head.get(start..).unwrap_or(&[]);
    MAGIC.iter().any(|m| bytes.starts_with(m))
        || [&b"<!doctype html"[..], b"<html", b"<?xml"].iter().any(|m| markup.starts_with(m))
}

/// True unless control characters, characters nobody writes, or U+FFFD are more than one in fifty.
fn is_text(text: &str) -> bool {
    let (mut all, mut odd) = (0usize, 0usize);
    for c in text.chars() {
        all += 1;
        let control = c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{b}' | '\u{1a}' | '\u{85}');
        odd += usize::from(control || c == '\u{fffd}' || ('\u{fff0}'..='\u{fff8}').contains(&c));
    }
    odd * 50 <= all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::document::{BlockKind, Zone};
    use crate::testing::{shared, shared_text};
    use proptest::prelude::*;

    fn doc(text: &str) -> Document {
        let doc = read(text.as_bytes(), None, &Lexicon::built_in(), &Options::default()).unwrap();
        doc.check().unwrap();
        doc
    }

    /// As a PDF's text comes out: title in large letters, headings glued to their text, margin block and page ends
    /// inside sentences.
    const WRAPPED: &str = " Rapport om idéburet offentligt partnerskap \n(IOP) - Tallmo IF \n\nFörslag till beslut \nNämnden godkänner rapporten och lägger den till handlingarna \n\n\
        Sammanfattning \nTallmo IF och Björkens stadsdelsnämnd (tidigare Eken-\nLindens stadsdelsnämnd) har samverkat inom ramen för flera \növerenskommelser mellan åren 2018-2024 och arbetet med upp-\nföljning har lett till att \n\n\
        Handläggare\nAnna Ek\nTelefon: 08-508 00 000\n\nTill\nBjörkens stadsdelsnämnd\n\nTjänsteutlåtande\nDnr BJÖRK 2024/7\n\n2024-10-02\nTallvägen 6\n112 25 Stockholm\nanna.ek@example.se\n\
        \x20parterna har nått målen. Avtalet gäller till och med den \n31 december 2024. Föreningen har enligt avtalet följt sin plan. \n\nTallmo IF \nNämnden har haft ett avtal med föreningen (organisationsnummer \n802412-\n3455) sedan 2018 och det har varit bra för alla parter i det. \n\n\
        \u{f0b7} Första punkten som är lång och går över till \n\nStora Torget. \n\u{f0b7} Andra punkten \n\n\
        Bo Berg  Eva Falk \nStadsdelsdirektör  Avdelningschef \nBjörkens stadsdelsförvaltning  Björkens stadsdelsförvaltning \n\nBilagor \nAvtal 2024\n";

    #[test]
    fn wrapped_text_becomes_one_flow() {
        let d = doc(WRAPPED);
        let body = d.body();
        for want in [
            "Rapport om idéburet offentligt partnerskap (IOP) - Tallmo IF\n\nFörslag till beslut\n\n",
            "(tidigare Eken-Lindens stadsdelsnämnd)",
            "arbetet med uppföljning har lett till att parterna har nått målen.",
            "till och med den 31 december 2024.",
            "\n\nTallmo IF\n\nNämnden har",
            "802412-3455",
            "• Första punkten som är lång och går över till Stora Torget.\n• Andra punkten",
            "Bo Berg\nStadsdelsdirektör\nBjörkens stadsdelsförvaltning\n\nEva Falk\nAvdelningschef\nBjörkens stadsdelsförvaltning",
            "Bilagor\n\nAvtal 2024",
        ] {
            assert!(body.contains(want), "missing {want:?} in\n{body}");
        }
        let furniture = &d.text[d.body_end as usize..];
        for want in ["Handläggare\nAnna Ek\nTelefon: 08-508 00 000", "Dnr BJÖRK 2024/7", "anna.ek@example.se"] {
            assert!(furniture.contains(want), "missing {want:?} in\n{furniture}");
            assert!(!body.contains(want));
        }
        assert_eq!(d.pages.len(), 2);
        let heading = d.blocks.iter().find(|b| d.quote(b.span) == "Tallmo IF").unwrap();
        assert!(matches!(heading.kind, BlockKind::Heading { .. }));
        assert!(matches!(d.blocks[0].kind, BlockKind::Heading { level: 1 }));
        let sentence = d.text.find("upp").map(|i| crate::base::Span::new(i, d.text.find("målen").unwrap())).unwrap();
        assert_eq!(d.pages_of(sentence), [1, 2]);
    }

    /// As Word saves it: one paragraph a line, an empty line inside a sentence.
    #[test]
    fn paragraph_lines_run_on_over_an_empty_line() {
        let long = "Nämnden och föreningen har samverkat i många år inom ramen för flera överenskommelser och det har gått bra. ";
        let d = doc(&format!(
            "\n\nHandläggare\nAnna Ek\nTelefon: 08-508 00 000\n\nTill\nBjörkens stadsdelsnämnd\n\nRapport om partnerskap\n\nAvtal mellan Tallmo IF och nämnden\n\n\
             Förslag till beslut\n\n1. Nämnden godkänner rapporten\n2. Nämnden lägger den till handlingarna\n\nÄrendet\n\n{long}Det gällde till den 1 mars 2020 med möjlighet till ett\n\nårs förlängning. {long}Sedan gällde det till och med\n\n31 december 2021. {long}\n\n\
             Namn\tDatum\nBo Berg, Direktör\t2024-10-09\nEva Falk, Chef\t2024-10-08"
        ));
        let body = d.body();
        for want in [
            "Rapport om partnerskap\n\nAvtal mellan",
            "1. Nämnden godkänner rapporten\n2. Nämnden lägger den till handlingarna\n\nÄrendet",
            "till ett års förlängning.",
            "till och med 31 december 2021.",
            "Namn\tDatum\nBo Berg, Direktör\t2024-10-09\n",
        ] {
            assert!(body.contains(want), "missing {want:?} in\n{body}");
        }
        let table = d.blocks.iter().find(|b| b.kind == BlockKind::Table).unwrap();
        assert_eq!(table.header_rows, 1);
        assert!(d.blocks.iter().any(|b| b.zone == Zone::Margin && d.quote(b.span).starts_with("Till\n")));
    }

    #[test]
    fn page_breaks_heads_and_numbers_are_known() {
        let page = |n: u32, text: &str| format!("Tallmo kommun\nProtokoll 2024-05-0{n}\nSida {n} (3)\n\n{text}\n\n");
        let text = [page(1, "Nämnden har behandlat en fråga som"), page(2, "är stor. Nytt stycke."), page(3, "Slut.")]
            .join("\u{c}");
        let d = doc(&text);
        assert_eq!(d.pages.len(), 3);
        assert_eq!(d.body(), "Nämnden har behandlat en fråga som är stor. Nytt stycke.\n\nSlut.");
        let numbers: Vec<u32> = d.blocks.iter().filter(|b| b.zone == Zone::PageNumber).map(|b| b.page).collect();
        assert_eq!(numbers, [1, 2, 3]);
        assert!(d.blocks.iter().any(|b| b.zone == Zone::Head && d.quote(b.span).contains("Protokoll 2024-05-02")));
    }

    #[test]
    fn items_of_minutes_are_headings_and_titles_under_names_are_not() {
        let d = doc(
            "Protokoll fört vid sammanträde\n\n§ 1 Val av justerare\n\nBeslut\n\nNämnden utser Bo Berg.\n\n§ 2 Anmälan av protokoll\n\nBeslut\n\nProtokollet läggs till handlingarna.\n\nEva Falk\nOrdförande\n",
        );
        let headings: Vec<(&str, BlockKind)> = d
            .blocks
            .iter()
            .filter(|b| matches!(b.kind, BlockKind::Heading { level } if level > 1))
            .map(|b| (d.quote(b.span), b.kind))
            .collect();
        let (two, three) = (BlockKind::Heading { level: 2 }, BlockKind::Heading { level: 3 });
        let want =
            [("§ 1 Val av justerare", two), ("Beslut", three), ("§ 2 Anmälan av protokoll", two), ("Beslut", three)];
        assert_eq!(headings, want);
        assert!(d.body().ends_with("Eva Falk\nOrdförande"));
    }

    #[test]
    fn hyphens_as_the_examples_say() {
        let Some(json) = shared_text("domain/hyphenation_examples.json") else { return };
        let data: serde_json::Value = serde_json::from_str(&json).unwrap();
        for case in data["examples"].as_array().unwrap() {
            let (raw, joined) = (case["raw"].as_str().unwrap(), case["joined"].as_str().unwrap());
            let d = doc(&format!("Nämnden har haft fråga om {raw} under hela året och det går bra.\n"));
            assert!(d.body().contains(joined), "{raw:?}: {joined:?} not in {:?}", d.body());
        }
    }

    #[test]
    fn what_is_no_text_says_so() {
        let lex = Lexicon::built_in();
        let options = Options::default();
        let read = |b: &[u8]| read(b, None, &lex, &options);
        let junk: Vec<u8> = (0..5000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        assert!(matches!(read(&junk), Err(Problem::Binary { .. })));
        assert!(matches!(read(b"PK\x03\x04abc"), Err(Problem::Binary { .. })));
        assert!(matches!(read(b" \n\n"), Err(Problem::Empty)));
        let mut small = Options::default();
        small.limits.text_bytes = 10;
        assert!(matches!(super::read(b"hello hello hello", None, &lex, &small), Err(Problem::OverLimit { .. })));
    }

    #[test]
    fn the_seeds_hang_together() {
        let Some(dir) = shared("seeds") else { return };
        let entries = std::fs::read_dir(&dir).unwrap();
        let lex = Lexicon::built_in();
        for path in entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "txt")) {
            let d = read(&std::fs::read(&path).unwrap(), None, &lex, &Options::default()).unwrap();
            d.check().unwrap();
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let lex = Lexicon::built_in();
            if let Ok(d) = read(&bytes, None, &lex, &Options::default()) {
                prop_assert_eq!(d.check(), Ok(()));
            }
        }

        #[test]
        fn any_text_hangs_together(parts in proptest::collection::vec(prop_oneof![
            Just("Handläggare\n"), Just("Till\n"), Just("Dnr A 2024/1\n"), Just("\n\n"), Just("\u{c}"), Just("\n"), Just(" "),
            Just("• punkt"), Just("1. ett\n"), Just("Sida 1 (2)\n"), Just("Sida 2 (2)\n"), Just("a\tb\n"), Just("\t"), Just("upp-\n"), Just("följning "),
            Just("Bo Berg  Eva Falk\nChef  Chef\n"), Just("- "), Just("-\n"), Just("811218-9876"), Just("Beslut\n"), Just("\u{ad}"), Just("å"),
        ], 0..40)) {
            let lex = Lexicon::built_in();
            if let Ok(d) = read(parts.concat().as_bytes(), None, &lex, &Options::default()) {
                prop_assert_eq!(d.check(), Ok(()));
            }
        }
    }
}
