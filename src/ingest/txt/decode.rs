//! Finds a text file's character encoding and decodes it; says what was odd.
//!
//! Order: byte order mark, zero bytes (UTF-16), valid UTF-8, UTF-8 with a few bad bytes, one byte per character. There,
//! bytes 0x80–0x9F tell Windows-1252 from ISO-8859-1, and Swedish letters between letters tell Mac from Windows.

use encoding_rs::{Encoding, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::base::Note;

/// A decoded text with its encoding's IANA name in lower case.
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) encoding: &'static str,
    pub(super) notes: Vec<Note>,
}

/// Decodes bytes. Anything decodes; whether it is text is not asked here.
pub(super) fn decode(bytes: &[u8]) -> Decoded {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return unicode(rest, UTF_8, "utf-8");
    }
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return unicode(rest, UTF_16LE, "utf-16le");
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return unicode(rest, UTF_16BE, "utf-16be");
    }
    if let Some((encoding, name)) = utf16_by_zeros(bytes) {
        return unicode(bytes, encoding, name);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => mended(text.to_string(), "utf-8", Vec::new()),
        Err(_) if mostly_utf8(bytes) => unicode(bytes, UTF_8, "utf-8"),
        Err(_) => single_byte(bytes),
    }
}

fn unicode(bytes: &[u8], encoding: &'static Encoding, name: &'static str) -> Decoded {
    let (text, bad) = encoding.decode_without_bom_handling(bytes);
    let mut notes = Vec::new();
    if bad {
        let n = text.chars().filter(|c| *c == '\u{fffd}').count();
        notes
            .push(Note::warning("bad_bytes", format!("{n} place(s) are not valid {name} and were replaced by U+FFFD")));
    }
    mended(text.into_owned(), name, notes)
}

/// UTF-16 without a mark: nearly every second byte of western text is zero, all on the same side.
fn utf16_by_zeros(bytes: &[u8]) -> Option<(&'static Encoding, &'static str)> {
    let head = bytes.get(..bytes.len().min(4096) & !1).filter(|h| h.len() >= 4)?;
    let zeros = |side: usize| head.iter().skip(side).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    if odd * 10 >= half * 7 && even * 20 <= half {
        Some((UTF_16LE, "utf-16le"))
    } else if even * 10 >= half * 7 && odd * 20 <= half {
        Some((UTF_16BE, "utf-16be"))
    } else {
        None
    }
}

/// True for UTF-8 with a few bytes spoilt or cut off: at least ten sound letters beyond ASCII for every bad place.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good >= 10 * bad
}

fn single_byte(bytes: &[u8]) -> Decoded {
    let high = bytes.iter().any(|b| (0x80..=0x9f).contains(b));
    if !high {
        let text = bytes.iter().map(|b| char::from(*b)).collect();
        return Decoded { text, encoding: "iso-8859-1", notes: Vec::new() };
    }
    let (windows, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    let (mac, _) = MACINTOSH.decode_without_bom_handling(bytes);
    if swedish_letters(&mac) > 2 * swedish_letters(&windows) {
        return Decoded { text: mac.into_owned(), encoding: "macintosh", notes: Vec::new() };
    }
    let mut notes = Vec::new();
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    let head = bytes.get(..bytes.len().min(1 << 20)).unwrap_or(bytes);
    detector.feed(head, true);
    let guess = detector.guess(Some(b"se"), chardetng::Utf8Detection::Deny);
    if guess != WINDOWS_1252 {
        let message = format!("read as windows-1252, though the letters look like {}", guess.name().to_lowercase());
        notes.push(Note::warning("encoding_unsure", message));
    }
    Decoded { text: windows.into_owned(), encoding: "windows-1252", notes }
}

/// How many of å ä ö stand between or beside ASCII letters.
fn swedish_letters(text: &str) -> usize {
    let mut before = ' ';
    text.chars()
        .filter(|c| {
            let hit = matches!(c, 'å' | 'ä' | 'ö') && before.is_ascii_alphabetic();
            before = *c;
            hit
        })
        .count()
}

/// Undoes UTF-8 that was read as Windows-1252 and written as UTF-8 again (`Ã¥` for `å`), if the whole text then is
/// valid and has no letter left of that kind; otherwise only notes it.
fn mended(text: String, encoding: &'static str, mut notes: Vec<Note>) -> Decoded {
    let suspects = count_mojibake(&text);
    if suspects == 0 {
        return Decoded { text, encoding, notes };
    }
    if swedish_letters(&text) == 0
        && let Some(whole) = undo_mojibake(&text)
        && count_mojibake(&whole) == 0
    {
        let message = format!("{suspects} letters were written twice over (Ã¥ for å) and have been put right");
        notes.push(Note::info("mojibake_repaired", message));
        return Decoded { text: whole, encoding, notes };
    }
    let message =
        format!("{suspects} places look like letters written twice over (Ã¥ for å); they are left as they are");
    notes.push(Note::warning("mojibake", message));
    Decoded { text, encoding, notes }
}

fn count_mojibake(text: &str) -> usize {
    const PAIRS: [&str; 8] = ["Ã¥", "Ã¤", "Ã¶", "Ã…", "Ã„", "Ã–", "Ã©", "â€"];
    // `Ã` or `â`.
    if !text.as_bytes().windows(2).any(|pair| matches!(pair, [0xc3, 0x83 | 0xa2])) {
        return 0;
    }
    PAIRS.iter().map(|p| text.matches(p).count()).sum()
}

fn undo_mojibake(text: &str) -> Option<String> {
    let (bytes, _, lost) = WINDOWS_1252.encode(text);
    if lost { None } else { String::from_utf8(bytes.into_owned()).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Överenskommelse om åtgärder – på två år";

    fn codes(d: &Decoded) -> Vec<&str> {
        d.notes.iter().map(|n| n.code.as_ref()).collect()
    }

    #[test]
    fn encodings_are_told_apart() {
        let le: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let (w1252, ..) = WINDOWS_1252.encode(TEXT);
        let mac: Vec<u8> = b"\x85verenskommelse om \x8ctg\x8arder p\x8c tv\x8c \x8cr".to_vec();
        let cases: [(&[u8], &str); 8] = [
            (TEXT.as_bytes(), "utf-8"),
            (&[b"\xef\xbb\xbf", TEXT.as_bytes()].concat(), "utf-8"),
            (&le, "utf-16le"),
            (&[b"\xff\xfe", &le[..]].concat(), "utf-16le"),
            (&be, "utf-16be"),
            (&[b"\xfe\xff", &be[..]].concat(), "utf-16be"),
            (&w1252, "windows-1252"),
            (&mac, "macintosh"),
        ];
        for (bytes, want) in cases {
            let got = decode(bytes);
            assert_eq!(got.encoding, want);
            assert!(got.text.starts_with("Överenskommelse om åtgärder"), "{want}: {}", got.text);
            assert!(got.notes.is_empty(), "{want}: {:?}", got.notes);
        }
        let latin1 = decode(b"\xd6verenskommelse om \xe5tg\xe4rder");
        assert_eq!((latin1.encoding, latin1.text.as_str()), ("iso-8859-1", "Överenskommelse om åtgärder"));
    }

    #[test]
    fn spoilt_text_is_noted() {
        let twice = decode("Ã–verenskommelse om Ã¥tgÃ¤rder".as_bytes());
        assert_eq!((twice.text.as_str(), codes(&twice)), ("Överenskommelse om åtgärder", vec!["mojibake_repaired"]));
        let mixed = decode("för Ã¥tgÃ¤rder".as_bytes());
        assert_eq!(codes(&mixed), ["mojibake"]);
        let mut cut = "åäö".repeat(20).into_bytes();
        cut.pop();
        let cut = decode(&cut);
        assert_eq!((cut.encoding, codes(&cut)), ("utf-8", vec!["bad_bytes"]));
    }
}
