//! Defines folding: lower case, and letters without their marks, for comparing what people type with what is written.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Adds one character in lower case and without its marks: å ä → a, ö → o, é → e, æ → ae; others as they are.
pub(crate) fn push_folded(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    for c in c.to_lowercase() {
        match c {
            'å' | 'ä' | 'á' | 'à' | 'â' | 'ã' => out.push('a'),
            'ö' | 'ó' | 'ò' | 'ô' | 'õ' | 'ø' => out.push('o'),
            'é' | 'è' | 'ê' | 'ë' => out.push('e'),
            'ü' | 'ú' | 'ù' | 'û' => out.push('u'),
            'í' | 'ì' | 'î' | 'ï' => out.push('i'),
            'ñ' => out.push('n'),
            'ç' => out.push('c'),
            'ý' | 'ÿ' => out.push('y'),
            'æ' => out.push_str("ae"),
            'ß' => out.push_str("ss"),
            _ => out.push(c),
        }
    }
}

/// `str::to_lowercase`, faster for what Swedish is written with.
pub(crate) fn lower(s: &str) -> String {
    let mut out = s.to_owned();
    out.make_ascii_lowercase();
    let mut at = 0;
    let mut capitals = false;
    let bytes = s.as_bytes();
    while let Some(skip) = bytes.get(at..).and_then(|rest| rest.iter().position(|b| *b >= 0x80)) {
        at += skip;
        match (bytes.get(at), bytes.get(at + 1)) {
            // À to Þ, but for the sign of multiplication between them.
            (Some(0xc3), Some(second)) => {
                capitals |= matches!(second, 0x80..=0x96 | 0x98..=0x9e);
                at += 2;
            }
            // Signs up to U+00BF, and those from U+2000 to U+203F, dashes and quotation marks among them.
            (Some(0xc2), _) => at += 2,
            (Some(0xe2), Some(0x80)) => at += 3,
            _ => return s.to_lowercase(),
        }
    }
    let small = |c: char| match c {
        'À'..='Ö' | 'Ø'..='Þ' => char::from_u32(c as u32 + 32).unwrap_or(c),
        c => c,
    };
    if capitals { out.chars().map(small).collect() } else { out }
}

/// Lower case without marks: `Järvas` → `jarvas`. Expects NFC. Idempotent.
pub fn fold(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    s.chars().for_each(|c| push_folded(c, &mut out));
    out
}

/// True if the word has a letter that folding changes beyond its case, so that it was typed with care.
pub fn has_marks(s: &str) -> bool {
    fold(s) != s.to_lowercase()
}

/// A key for comparing names as people write them: NFC, folded, every run of white space, hyphens, dashes or
/// slashes one space, nothing at the ends. `Enskede–Årsta/ Vantör` and `enskede arsta vantor` have the same key.
pub fn name_key(s: &str) -> String {
    let nfc: Cow<'_, str> = if is_nfc(s) { Cow::Borrowed(s) } else { Cow::Owned(s.nfc().collect()) };
    let mut out = String::with_capacity(nfc.len());
    let mut gap = false;
    for c in nfc.chars() {
        if c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '–' | '—' | '/') {
            gap = !out.is_empty();
        } else {
            if gap {
                out.push(' ');
            }
            gap = false;
            push_folded(c, &mut out);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_meet_however_written() {
        assert_eq!(name_key("Enskede–Årsta/ Vantör"), name_key("enskede arsta vantor"));
        assert_eq!(name_key("Ja\u{308}rva"), "jarva");
        assert_ne!(name_key("Järva"), name_key("Järvas"));
    }

    proptest! {
        #[test]
        fn lower_case_is_that_of_the_standard_library(s in "\\PC{0,20}|[A-Za-zÀ-ÿ –×ßİΣσς§°µ“”…€K]{0,20}") {
            prop_assert_eq!(lower(&s), s.to_lowercase());
        }

        #[test]
        fn folding_is_idempotent(s in "\\PC{0,40}") {
            prop_assert_eq!(fold(&fold(&s)), fold(&s));
            prop_assert_eq!(name_key(&name_key(&s)), name_key(&s));
        }
    }
}
