//! Reads ToUnicode CMaps (ISO 32000-2, 9.10.3): code to text. Ranges and the whole are capped.

use super::super::lexer::{Lexer, Piece, Token};
use super::codes::Texts;

/// What a ToUnicode CMap says.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct ToUnicode {
    pub texts: Texts,
    /// How many entries it has; a long text counts as many.
    pub entries: usize,
    /// True if the cap on entries was reached.
    pub cut: bool,
}

/// Most tokens between two operators that are kept.
const MAX_PENDING: usize = 400_000;

/// Reads a CMap, at most so many entries of it. What makes no sense is skipped.
pub(in super::super) fn read(data: &[u8], max: usize) -> ToUnicode {
    let mut out = ToUnicode::default();
    let mut left = max;
    let mut lexer = Lexer::new(data);
    let mut pending: Vec<Token<'_>> = Vec::new();
    let mut units: Vec<u16> = Vec::new();
    loop {
        match lexer.next() {
            Token::End => break,
            Token::Word(word) => {
                match word {
                    b"endbfchar" => chars(&mut out, &mut left, &lexer, &pending, &mut units),
                    b"endbfrange" => ranges(&mut out, &mut left, &lexer, &pending, &mut units),
                    _ => {}
                }
                pending.clear();
                lexer.strings.clear();
            }
            token if pending.len() < MAX_PENDING => pending.push(token),
            _ => {}
        }
        if left == 0 {
            out.cut = true;
            break;
        }
    }
    out.entries = max - left;
    out
}

fn chars(out: &mut ToUnicode, left: &mut usize, lexer: &Lexer<'_>, tokens: &[Token<'_>], units: &mut Vec<u16>) {
    let mut i = 0;
    while let (Some(from), Some(to)) = (tokens.get(i), tokens.get(i + 1)) {
        i += 2;
        let Token::String(from) = from else {
            i -= 1;
            continue;
        };
        let code = code(lexer.string(*from));
        match to {
            Token::String(to) => put(out, left, code, lexer.string(*to), 0, units),
            Token::Name(name) => {
                if let Some(text) = super::glyphs::text(name) {
                    out.texts.set(code, &text);
                    *left = left.saturating_sub(1);
                }
            }
            _ => {}
        }
    }
}

fn ranges(out: &mut ToUnicode, left: &mut usize, lexer: &Lexer<'_>, tokens: &[Token<'_>], units: &mut Vec<u16>) {
    let mut i = 0;
    while let (Some(Token::String(low)), Some(Token::String(high))) = (tokens.get(i), tokens.get(i + 1)) {
        let (low, high) = (code(lexer.string(*low)), code(lexer.string(*high)));
        match tokens.get(i + 2) {
            Some(Token::String(to)) => {
                let to: Piece = *to;
                for (step, code) in (low..=high).enumerate() {
                    if *left == 0 {
                        return;
                    }
                    put(out, left, code, lexer.string(to), step as u32, units);
                }
                i += 3;
            }
            Some(Token::ArrayStart) => {
                i += 3;
                let mut code = low;
                while let Some(Token::String(to)) = tokens.get(i) {
                    if code <= high {
                        put(out, left, code, lexer.string(*to), 0, units);
                    }
                    code = code.saturating_add(1);
                    i += 1;
                }
                i += 1;
            }
            _ => i += 3,
        }
    }
}

/// A code of one to four bytes.
fn code(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0u32, |code, byte| code << 8 | u32::from(*byte))
}

/// Maps a code to UTF-16BE text whose last unit is raised by `step`.
fn put(out: &mut ToUnicode, left: &mut usize, code: u32, utf16: &[u8], step: u32, units: &mut Vec<u16>) {
    units.clear();
    units.extend(utf16.chunks(2).take(64).map(|pair| match pair {
        [high, low] => u16::from_be_bytes([*high, *low]),
        [single] => u16::from(*single),
        _ => 0,
    }));
    *left = left.saturating_sub(units.len().max(1));
    if let [unit] = units.as_slice()
        && let Some(c) = char::from_u32(u32::from(*unit).wrapping_add(step))
    {
        out.texts.set_char(code, c);
        return;
    }
    let mut text: String = char::decode_utf16(units.iter().copied()).filter_map(Result::ok).collect();
    if step > 0
        && let Some(last) = text.pop()
    {
        text.extend(char::from_u32(last as u32 + step));
    }
    text.retain(|c| c != '\0');
    out.texts.set(code, &text);
}

#[cfg(test)]
mod tests {
    use super::super::super::budget::MAX_CMAP_ENTRIES;
    use super::super::codes::Text;

    fn read(data: &[u8]) -> super::ToUnicode {
        super::read(data, MAX_CMAP_ENTRIES)
    }

    #[test]
    fn reads_chars_ranges_and_lists() {
        let map = read(
            b"/CIDInit /ProcSet findresource begin 1 begincodespacerange <0000> <FFFF> endcodespacerange
              2 beginbfchar <0003> <0020> <0010> <006600660069> endbfchar
              2 beginbfrange <0024> <0026> <0041> <0030> <0031> [<00E5> <00E4>] endbfrange
              1 beginbfrange <50> <51> <D83DDE00> endbfrange endcmap",
        );
        let t = &map.texts;
        assert_eq!(t.get(3), Text::Char(' '));
        assert_eq!(t.get(0x10), Text::Str("ffi"));
        assert_eq!((t.get(0x24), t.get(0x26)), (Text::Char('A'), Text::Char('C')));
        assert_eq!((t.get(0x30), t.get(0x31)), (Text::Char('å'), Text::Char('ä')));
        assert_eq!(t.get(0x51), Text::Char('😁'));
        assert!(!map.cut);
        assert_eq!(map.entries, 1 + 3 + 3 + 2 + 2 * 2);
    }

    #[test]
    fn a_huge_range_is_capped() {
        let map = read(b"1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange");
        assert!(map.cut);
        assert_eq!(map.entries, MAX_CMAP_ENTRIES);
    }
}
