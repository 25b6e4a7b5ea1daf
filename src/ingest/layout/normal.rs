//! Normalises characters, once, before anything has a place: NFC, ligatures resolved, soft hyphens and controls gone,
//! private-use bullets `•`, odd spaces plain.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// A text file's characters: as [`normalise_word`], with `\n`, `\t` and `\u{c}` (page break) kept and spaces plain.
pub fn normalise(s: &str) -> String {
    clean(s, true)
}

/// A printed word's characters: NFC, ligatures resolved, soft hyphens, controls and byte order marks gone.
pub fn normalise_word(s: &str) -> String {
    clean(s, false)
}

fn clean(s: &str, breaks: bool) -> String {
    let mut out = String::with_capacity(s.len());
    let mut composed = true;
    let mut rest = s;
    loop {
        let (run, after) = rest.split_at_checked(plain_run(rest.as_bytes(), breaks)).unwrap_or((rest, ""));
        out.push_str(run);
        let mut chars = after.chars();
        let Some(c) = chars.next() else { break };
        push(c, &mut out, breaks);
        // No letter before the first combining mark is open to one, nor are dashes, quotation marks and bullets.
        composed &= c < '\u{300}' || ('\u{2010}'..='\u{2027}').contains(&c);
        rest = chars.as_str();
    }
    if composed { out } else { compose(out) }
}

/// How many bytes stay as they are, up to the first that may not: visible ASCII, spaces, and the letters from À to ÿ.
fn plain_run(bytes: &[u8], breaks: bool) -> usize {
    let mut at = 0;
    loop {
        match bytes.get(at) {
            Some(b' '..=b'~') => at += 1,
            Some(0xc3) => at += 2,
            Some(b'\n' | b'\t' | 0xc) if breaks => at += 1,
            _ => return at,
        }
    }
}

fn compose(s: String) -> String {
    if is_nfc_quick(s.chars()) == IsNormalized::Yes { s } else { s.nfc().collect() }
}

fn push(c: char, out: &mut String, breaks: bool) {
    match c {
        '\n' | '\t' | '\u{c}' if breaks => out.push(c),
        '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{b}' if breaks => out.push('\n'),
        'ﬀ' => out.push_str("ff"),
        'ﬁ' => out.push_str("fi"),
        'ﬂ' => out.push_str("fl"),
        'ﬃ' => out.push_str("ffi"),
        'ﬄ' => out.push_str("ffl"),
        'ﬅ' => out.push_str("ft"),
        'ﬆ' => out.push_str("st"),
        // Symbol and Wingdings bullets as Word writes them: dot, square, dash, arrow, tick, ring, box.
        '\u{f0b7}' | '\u{f0a7}' | '\u{f02d}' | '\u{f0d8}' | '\u{f0fc}' | '\u{f0a8}' | '\u{f06f}' | '\u{f076}'
        | '\u{f0e0}' | '\u{f0a1}' | '\u{f06e}' | '\u{f0de}' | '\u{f0bf}' => out.push('•'),
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => out.push(' '),
        '\u{ad}'
        | '\u{feff}'
        | '\u{fffe}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{fff9}'..='\u{fffb}' => {}
        '\u{2010}' | '\u{2011}' => out.push('-'),
        // The symbol fonts' copies of ASCII.
        '\u{f020}'..='\u{f07e}' => out.push(char::from_u32(c as u32 - 0xf000).unwrap_or('•')),
        c if c.is_control() => {}
        c => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn oddities_are_gone() {
        assert_eq!(normalise("o\u{308}ver\u{ad}syn \u{f0b7}\u{a0}ﬁnans\0"), "översyn • finans");
        assert_eq!(normalise_word("e\u{301}n\n"), "én");
    }

    proptest! {
        #[test]
        fn runs_of_plain_letters_change_nothing(s in "[a-zÅäöé –—•\n\u{ad}\u{301}\u{308}ﬁ\u{2010}\u{a0}\u{c}]{0,30}|\\PC{0,30}") {
            for breaks in [true, false] {
                let mut out = String::new();
                s.chars().for_each(|c| push(c, &mut out, breaks));
                prop_assert_eq!(clean(&s, breaks), compose(out));
            }
        }

        #[test]
        fn is_idempotent(s in "\\PC{0,40}") {
            prop_assert_eq!(normalise(&normalise(&s)), normalise(&s));
        }
    }
}
