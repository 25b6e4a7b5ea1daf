//! Reads objects from bytes: strictly, as a sound file has them, or leniently, as they can be made out in a damaged one.

use std::ops::Range;

use super::lexer::{Lexer, Token, is_regular, is_space, unescape};
use super::value::{Dictionary, Name, Object, ObjectId};

/// Deepest nesting of arrays and dictionaries that is kept.
const MAX_DEPTH: usize = 100;

/// How to take what is not as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Care {
    /// There is no object then.
    Strict,
    /// As far as it makes sense.
    Lenient,
}

/// Reads one object; none where there is none.
pub(super) fn object(lexer: &mut Lexer<'_>, care: Care) -> Option<Object> {
    let token = lexer.next();
    let object = from_token(lexer, token, care, 0);
    lexer.strings.clear();
    object
}

fn from_token(lexer: &mut Lexer<'_>, token: Token<'_>, care: Care, depth: usize) -> Option<Object> {
    Some(match token {
        Token::End | Token::ArrayEnd | Token::DictEnd => return None,
        Token::Number(n) => {
            if n >= 0.0
                && n.fract() == 0.0
                && n <= f64::from(u32::MAX)
                && let Some(generation) = generation(lexer)
            {
                return Some(Object::Reference((n as u32, generation)));
            }
            Object::Number(n)
        }
        Token::Name(name) => Object::Name(Name::from(&*unescape(name))),
        Token::String(piece) => {
            let object = Object::String(lexer.string(piece).to_vec());
            lexer.strings.clear();
            object
        }
        Token::Word(b"true") => Object::Boolean(true),
        Token::Word(b"false") => Object::Boolean(false),
        Token::Word(b"null") => Object::Null,
        Token::Word(_) => return None,
        Token::ArrayStart if depth < MAX_DEPTH => Object::Array(array(lexer, care, depth)?),
        Token::DictStart if depth < MAX_DEPTH => Object::Dictionary(dictionary(lexer, care, depth)?),
        Token::ArrayStart | Token::DictStart => return None,
    })
}

fn array(lexer: &mut Lexer<'_>, care: Care, depth: usize) -> Option<Vec<Object>> {
    let mut items = Vec::new();
    loop {
        match lexer.next() {
            Token::ArrayEnd => return Some(items),
            Token::End | Token::DictEnd if care == Care::Lenient => return Some(items),
            Token::Word(b"endobj" | b"stream" | b"endstream" | b"obj") => return None,
            token => match from_token(lexer, token, care, depth + 1) {
                Some(item) => items.push(item),
                None if care == Care::Strict => return None,
                None => {}
            },
        }
    }
}

fn dictionary(lexer: &mut Lexer<'_>, care: Care, depth: usize) -> Option<Dictionary> {
    let mut entries: Vec<(Name, Object)> = Vec::new();
    loop {
        match lexer.next() {
            Token::DictEnd => break,
            Token::Name(key) => {
                let before = lexer.pos();
                let token = lexer.next();
                let value = match token {
                    Token::DictEnd | Token::End | Token::Word(b"endobj" | b"stream" | b"endstream") => {
                        if care == Care::Strict {
                            return None;
                        }
                        if let Token::Word(_) = token {
                            lexer.seek(before);
                        }
                        break;
                    }
                    token => from_token(lexer, token, care, depth + 1),
                };
                match value {
                    None if care == Care::Strict => return None,
                    value => entries.push((Name::from(&*unescape(key)), value.unwrap_or(Object::Null))),
                }
            }
            _ if care == Care::Strict => return None,
            Token::End => break,
            Token::Word(word @ (b"endobj" | b"stream" | b"endstream")) => {
                lexer.seek(lexer.pos() - word.len());
                break;
            }
            _ => {}
        }
    }
    Some(entries.into())
}

/// Reads the rest of `N G R` after its first number, if it is one: the generation.
fn generation(lexer: &mut Lexer<'_>) -> Option<u16> {
    let data = lexer.data();
    let byte = |at: usize| data.get(at).copied();
    let spaces = |mut at: usize| {
        let most = at + 8;
        while at < most && byte(at).is_some_and(is_space) {
            at += 1;
        }
        at
    };
    let start = spaces(lexer.pos());
    let (mut at, mut generation) = (start, 0u32);
    while let Some(digit @ b'0'..=b'9') = byte(at).filter(|_| at < start + 6) {
        generation = generation * 10 + u32::from(digit - b'0');
        at += 1;
    }
    let after = spaces(at);
    if at == start || after == at || byte(after) != Some(b'R') || byte(after + 1).is_some_and(is_regular) {
        return None;
    }
    let generation = u16::try_from(generation).ok()?;
    lexer.seek(after + 1);
    Some(generation)
}

/// Reads `N G obj`.
pub(super) fn head(lexer: &mut Lexer<'_>) -> Option<ObjectId> {
    let (Token::Number(number), Token::Number(generation)) = (lexer.next(), lexer.next()) else { return None };
    let whole = |n: f64, most: f64| n >= 0.0 && n <= most && n.fract() == 0.0;
    let id = whole(number, f64::from(u32::MAX)) && whole(generation, f64::from(u16::MAX));
    (id && lexer.next() == Token::Word(b"obj")).then_some((number as u32, generation as u16))
}

/// Where the data of a stream begin, if the word `stream` comes next.
pub(super) fn stream_start(bytes: &[u8], after: usize) -> Option<usize> {
    let mut lexer = Lexer::at(bytes, after);
    lexer.skip_space();
    let start = lexer.pos() + 6;
    bytes.get(lexer.pos()..)?.starts_with(b"stream").then_some(start)
}

/// The data of a stream that are as long as is said: `endstream` follows them, after a line's end or at once.
pub(super) fn sound_data(bytes: &[u8], word_end: usize, length: usize) -> Option<Range<usize>> {
    let blanks = bytes.get(word_end..)?.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    let start = word_end + blanks + line_end(bytes.get(word_end + blanks..)?);
    let end = start.checked_add(length)?;
    let tail = bytes.get(end..)?;
    let sound = start > word_end + blanks && tail.get(line_end(tail)..)?.starts_with(b"endstream");
    sound.then_some(start..end)
}

/// Length of the line's end that bytes begin with.
fn line_end(bytes: &[u8]) -> usize {
    match bytes {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::{Care, Lexer, Object, object};

    fn read(bytes: &[u8], care: Care) -> Option<Object> {
        object(&mut Lexer::new(bytes), care)
    }

    #[test]
    fn reads_objects_of_every_kind() {
        let Some(Object::Array(list)) = read(b"[1 2 0 R 3.5 -4 /A#20B (a(b)) <</X null/Y true>> 7 0 8]", Care::Strict)
        else {
            panic!("no array")
        };
        assert_eq!(list.len(), 10);
        assert_eq!(list[1], Object::Reference((2, 0)));
        assert_eq!(list[4], Object::Name((&b"A B"[..]).into()));
        assert_eq!(list[5], Object::String(b"a(b)".to_vec()));
        let Object::Dictionary(dict) = &list[6] else { panic!("no dictionary") };
        assert_eq!((dict.get(b"X"), dict.get(b"Y")), (Some(&Object::Null), Some(&Object::Boolean(true))));
        assert_eq!(list[7..], [7.0, 0.0, 8.0].map(Object::Number));
    }

    #[test]
    fn what_is_not_sound_is_an_object_only_for_the_lenient() {
        for odd in [&b"<</A 1 /B>>"[..], b"[1 2", b"<</A [1 2>>", b"<</A 1", b"[1 x 2]", b"<< 1 /A 2>>"] {
            assert_eq!(read(odd, Care::Strict), None, "{}", String::from_utf8_lossy(odd));
            assert!(read(odd, Care::Lenient).is_some());
        }
    }

    #[test]
    fn nesting_is_bounded() {
        for care in [Care::Strict, Care::Lenient] {
            read(&[b'['; 100_000], care);
        }
    }
}
