//! Reads PDF tokens (ISO 32000-2, 7.2 and 7.3) from bytes: content streams, CMaps, font programs and, for repair, files.
//!
//! No token allocates: names and operators are slices of the input, strings go to one buffer that the caller clears.
//! Nothing is an error here; readers must bear anything, so what makes no sense is skipped.

/// A piece of the lexer's string buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub start: u32,
    pub end: u32,
}

/// One token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'a> {
    Number(f64),
    /// A name without its slash, escapes (`#20`) not resolved: see [`unescape`].
    Name(&'a [u8]),
    String(Piece),
    ArrayStart,
    ArrayEnd,
    DictStart,
    DictEnd,
    /// An operator or keyword.
    Word(&'a [u8]),
    End,
}

const REGULAR: u8 = 0;
const SPACE: u8 = 1;
const DELIMITER: u8 = 2;

static CLASS: [u8; 256] = {
    let mut t = [REGULAR; 256];
    let spaces = b"\0\t\n\x0c\r ";
    let mut i = 0;
    while i < spaces.len() {
        t[spaces[i] as usize] = SPACE;
        i += 1;
    }
    let delimiters = b"()<>[]{}/%";
    i = 0;
    while i < delimiters.len() {
        t[delimiters[i] as usize] = DELIMITER;
        i += 1;
    }
    t
};

/// True for the six bytes that PDF takes as white space.
pub(super) fn is_space(byte: u8) -> bool {
    CLASS[byte as usize] == SPACE
}

/// True for bytes of names, numbers and operators.
pub(super) fn is_regular(byte: u8) -> bool {
    CLASS[byte as usize] == REGULAR
}

/// The values of hexadecimal digits; 255 for other bytes.
static DIGIT: [u8; 256] = {
    let mut t = [255; 256];
    let mut i = 0;
    while i < 16 {
        t[b"0123456789abcdef"[i] as usize] = i as u8;
        t[b"0123456789ABCDEF"[i] as usize] = i as u8;
        i += 1;
    }
    t
};

/// Value of a hexadecimal digit.
pub(super) fn hex(byte: u8) -> Option<u8> {
    Some(DIGIT[byte as usize]).filter(|digit| *digit < 16)
}

/// Resolves `#xx` in a name.
pub(super) fn unescape(name: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    if !name.contains(&b'#') {
        return name.into();
    }
    let mut out = Vec::with_capacity(name.len());
    let mut i = 0;
    while let Some(&byte) = name.get(i) {
        match (byte, name.get(i + 1).and_then(|b| hex(*b)), name.get(i + 2).and_then(|b| hex(*b))) {
            (b'#', Some(high), Some(low)) => {
                out.push(high << 4 | low);
                i += 3;
            }
            _ => {
                out.push(byte);
                i += 1;
            }
        }
    }
    out.into()
}

const POWERS: [f64; 10] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

/// Reads tokens one after the other.
pub(super) struct Lexer<'a> {
    data: &'a [u8],
    pos: usize,
    /// The bytes of the strings read since it was last cleared.
    pub strings: Vec<u8>,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Lexer { data, pos: 0, strings: Vec::new() }
    }

    pub(super) fn at(data: &'a [u8], pos: usize) -> Self {
        Lexer { data, pos: pos.min(data.len()), strings: Vec::new() }
    }

    pub(super) fn pos(&self) -> usize {
        self.pos
    }

    pub(super) fn seek(&mut self, pos: usize) {
        self.pos = pos.min(self.data.len());
    }

    pub(super) fn data(&self) -> &'a [u8] {
        self.data
    }

    /// The bytes of a string token; empty once the buffer was cleared.
    pub(super) fn string(&self, piece: Piece) -> &[u8] {
        self.strings.get(piece.start as usize..piece.end as usize).unwrap_or_default()
    }

    #[inline]
    pub(super) fn skip_space(&mut self) {
        while let Some(&byte) = self.data.get(self.pos) {
            if is_space(byte) {
                self.pos += 1;
            } else if byte == b'%' {
                while self.data.get(self.pos).is_some_and(|b| *b != b'\n' && *b != b'\r') {
                    self.pos += 1;
                }
            } else {
                break;
            }
        }
    }

    /// Skips white space, but not comments.
    pub(super) fn skip_blank(&mut self) {
        while self.data.get(self.pos).is_some_and(|b| is_space(*b)) {
            self.pos += 1;
        }
    }

    pub(super) fn next(&mut self) -> Token<'a> {
        loop {
            self.skip_space();
            let Some(&byte) = self.data.get(self.pos) else { return Token::End };
            match byte {
                b'0'..=b'9' | b'-' | b'+' | b'.' => return self.number(),
                b'/' => {
                    self.pos += 1;
                    return Token::Name(self.regular());
                }
                b'(' => return Token::String(self.literal()),
                b'<' if self.data.get(self.pos + 1) == Some(&b'<') => {
                    self.pos += 2;
                    return Token::DictStart;
                }
                b'<' => return Token::String(self.hexadecimal()),
                b'>' if self.data.get(self.pos + 1) == Some(&b'>') => {
                    self.pos += 2;
                    return Token::DictEnd;
                }
                b'[' => {
                    self.pos += 1;
                    return Token::ArrayStart;
                }
                b']' => {
                    self.pos += 1;
                    return Token::ArrayEnd;
                }
                b'>' | b'{' | b'}' | b')' => self.pos += 1,
                _ => return Token::Word(self.regular()),
            }
        }
    }

    #[inline]
    fn regular(&mut self) -> &'a [u8] {
        let rest = &self.data[self.pos..];
        let len = rest.iter().position(|b| !is_regular(*b)).unwrap_or(rest.len());
        self.pos += len;
        &rest[..len]
    }

    /// Reads a number as leniently as other readers do: `--5`, `1.2.3`, `12-3` give a number, never an error.
    fn number(&mut self) -> Token<'a> {
        match self.plain_number() {
            Some(number) => Token::Number(number),
            None => self.odd_number(),
        }
    }

    /// Reads a number of few digits with at most a sign before and a point inside, as nearly all are.
    #[inline]
    fn plain_number(&mut self) -> Option<f64> {
        // So many digits and a point are whole numbers that a float holds, and a power of ten that it holds.
        const MOST: usize = 15;
        let rest = self.data.get(self.pos..)?;
        let (sign, digits) = match rest {
            [b'-', digits @ ..] => (1, digits),
            _ => (0, rest),
        };
        let (mut value, whole) = figures(0, digits);
        let mut length = whole;
        let mut next = digits.get(length).copied();
        let mut decimals = 0;
        if next == Some(b'.') {
            (value, decimals) = figures(value, digits.get(whole + 1..).unwrap_or_default());
            length += 1 + decimals;
            next = digits.get(length).copied();
        }
        if whole + decimals == 0 || length > MOST || matches!(next, Some(b'.' | b'-' | b'+')) {
            return None;
        }
        let mut value = value as f64;
        if decimals > 0 {
            value /= POWERS.get(decimals)?;
        }
        self.pos += sign + length;
        Some(if sign > 0 { -value } else { value })
    }

    #[cold]
    #[inline(never)]
    fn odd_number(&mut self) -> Token<'a> {
        let start = self.pos;
        let mut negative = false;
        let mut digits = 0usize;
        let mut value = 0.0f64;
        let mut decimals: Option<usize> = None;
        let mut ended = false;
        while let Some(&byte) = self.data.get(self.pos) {
            match byte {
                b'0'..=b'9' => {
                    digits += 1;
                    if !ended {
                        match &mut decimals {
                            Some(n) if *n >= 9 => {}
                            Some(n) => {
                                *n += 1;
                                value = value * 10.0 + f64::from(byte - b'0');
                            }
                            None => value = value * 10.0 + f64::from(byte - b'0'),
                        }
                    }
                }
                b'.' if decimals.is_none() => decimals = Some(0),
                b'.' => ended = true,
                b'-' if digits == 0 => negative = true,
                b'+' if digits == 0 => {}
                b'-' => ended = true,
                _ => break,
            }
            self.pos += 1;
        }
        if digits == 0 && self.data.get(self.pos).is_some_and(|b| is_regular(*b)) {
            self.pos = start + 1;
            self.regular();
            return Token::Word(&self.data[start..self.pos]);
        }
        value /= POWERS[decimals.unwrap_or(0).min(9)];
        Token::Number(if negative { -value } else { value })
    }

    #[inline(never)]
    fn literal(&mut self) -> Piece {
        let start = self.strings.len() as u32;
        let mut depth = 0usize;
        loop {
            let rest = self.data.get(self.pos..).unwrap_or_default();
            let plain = rest.iter().position(|b| matches!(b, b'\\' | b'(' | b')' | b'\r')).unwrap_or(rest.len());
            let (plain, rest) = rest.split_at(plain);
            self.strings.extend_from_slice(plain);
            let Some(&byte) = rest.first() else {
                self.pos = self.data.len();
                break;
            };
            self.pos += plain.len() + 1;
            match byte {
                b'\\' => self.escape(),
                b'(' => {
                    depth += 1;
                    if depth > 1 {
                        self.strings.push(byte);
                    }
                }
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                    self.strings.push(byte);
                }
                b'\r' => {
                    if self.data.get(self.pos) == Some(&b'\n') {
                        self.pos += 1;
                    }
                    self.strings.push(b'\n');
                }
                _ => self.strings.push(byte),
            }
        }
        Piece { start, end: self.strings.len() as u32 }
    }

    fn escape(&mut self) {
        let Some(&byte) = self.data.get(self.pos) else { return };
        self.pos += 1;
        match byte {
            b'n' => self.strings.push(b'\n'),
            b'r' => self.strings.push(b'\r'),
            b't' => self.strings.push(b'\t'),
            b'b' => self.strings.push(8),
            b'f' => self.strings.push(12),
            b'\n' => {}
            b'\r' => {
                if self.data.get(self.pos) == Some(&b'\n') {
                    self.pos += 1;
                }
            }
            b'0'..=b'7' => {
                let mut code = u32::from(byte - b'0');
                for _ in 0..2 {
                    match self.data.get(self.pos) {
                        Some(&digit @ b'0'..=b'7') => {
                            code = code * 8 + u32::from(digit - b'0');
                            self.pos += 1;
                        }
                        _ => break,
                    }
                }
                self.strings.push(code as u8);
            }
            other => self.strings.push(other),
        }
    }

    #[inline(never)]
    fn hexadecimal(&mut self) -> Piece {
        let start = self.strings.len() as u32;
        self.pos += 1;
        let mut high: Option<u8> = None;
        loop {
            if high.is_none() {
                // Nearly always whole pairs up to the end.
                let (pairs, _) = self.data.get(self.pos..).unwrap_or_default().as_chunks::<2>();
                for pair in pairs {
                    let (a, b) = (DIGIT[pair[0] as usize], DIGIT[pair[1] as usize]);
                    if a | b > 15 {
                        break;
                    }
                    self.strings.push(a << 4 | b);
                    self.pos += 2;
                }
            }
            let Some(&byte) = self.data.get(self.pos) else { break };
            self.pos += 1;
            if byte == b'>' {
                break;
            }
            if let Some(digit) = hex(byte) {
                match high.take() {
                    Some(h) => self.strings.push(h << 4 | digit),
                    None => high = Some(digit),
                }
            }
        }
        if let Some(h) = high {
            self.strings.push(h << 4);
        }
        Piece { start, end: self.strings.len() as u32 }
    }
}

/// The whole number that `value` becomes with the digits that some bytes begin with, and how many there are. Wrong where
/// there are more than 19.
#[inline]
fn figures(mut value: u64, bytes: &[u8]) -> (u64, usize) {
    let mut count = 0;
    for byte in bytes {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
        count += 1;
    }
    (value, count)
}

#[cfg(test)]
mod tests {
    use super::{Lexer, Token, unescape};

    fn words(data: &[u8]) -> Vec<String> {
        let mut lexer = Lexer::new(data);
        let mut out = Vec::new();
        loop {
            out.push(match lexer.next() {
                Token::End => return out,
                Token::Number(n) => n.to_string(),
                Token::Name(n) => format!("/{}", String::from_utf8_lossy(n)),
                Token::String(p) => format!("({})", String::from_utf8_lossy(lexer.string(p))),
                Token::Word(w) => String::from_utf8_lossy(w).into_owned(),
                other => format!("{other:?}"),
            });
        }
    }

    #[test]
    fn reads_numbers_of_every_kind() {
        assert_eq!(
            words(b"1 -2 +3 .5 -.25 4. --7 0.0001 1.2.3 12-3"),
            ["1", "-2", "3", "0.5", "-0.25", "4", "-7", "0.0001", "1.2", "12"]
        );
        // More digits than a float holds.
        let long = words(b"123456789012345678901234 0.12345678901234567 .000000000000000000001 1234567890123456.");
        assert_eq!(long, ["123456789012345670000000", "0.123456789", "0", "1234567890123456"]);
    }

    #[test]
    fn reads_strings_with_escapes_and_nesting() {
        assert_eq!(words(br"(a(b)c\)\101\n) <48 656C6> % gone"), ["(a(b)c)A\n)", "(Hel`)"]);
    }

    #[test]
    fn parts_tokens_that_stand_close() {
        assert_eq!(
            words(b"[(a)-3(b)]TJ/F1 12Tf<</A 1>>BDC"),
            [
                "ArrayStart",
                "(a)",
                "-3",
                "(b)",
                "ArrayEnd",
                "TJ",
                "/F1",
                "12",
                "Tf",
                "DictStart",
                "/A",
                "1",
                "DictEnd",
                "BDC"
            ]
        );
    }

    #[test]
    fn bears_unclosed_strings_and_stray_brackets() {
        assert_eq!(words(b") } > (open"), ["(open)"]);
        assert_eq!(words(b"<4"), ["(@)"]);
        assert_eq!(words(b"<4 1 4x2><434><4F4f"), ["(AB)", "(C@)", "(OO)"]);
        assert_eq!(words(b"- -x"), ["-0", "-x"]);
    }

    #[test]
    fn resolves_escapes_in_names() {
        assert_eq!(unescape(b"A#20B#zz").as_ref(), b"A B#zz");
    }
}
