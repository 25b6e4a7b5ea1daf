//! Reads streams: undoes their filters (ISO 32000-2, 7.4), as far as they go, never past a bound.
//!
//! A damaged stream gives what came before the damage. Image filters end the pipeline: no text is behind them.

use super::lexer::{hex, is_space};
use super::objects::{Dictionary, File, Object, as_dict, as_name};
use std::cell::RefCell;

use flate2::{Decompress, FlushDecompress, Status};

/// A stream's bytes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Decoded {
    pub bytes: Vec<u8>,
    /// True if the bound was reached and the rest left out.
    pub cut: bool,
    /// True if the bytes are those of an image format.
    pub image: bool,
}

/// Most filters on one stream.
const MAX_FILTERS: usize = 8;

/// Undoes the filters of a stream. Names may be abbreviated, filters and parameters indirect or in arrays.
pub(super) fn decode(file: &File, dict: &Dictionary, content: &[u8], max: usize) -> Decoded {
    let entry = |long: &[u8], short: &[u8]| match file.get(dict, long) {
        Object::Null => file.get(dict, short),
        object => object,
    };
    let filters = list(entry(b"Filter", b"F"));
    let params = list(entry(b"DecodeParms", b"DP"));
    let mut out = Decoded::default();
    let mut owned: Option<Vec<u8>> = None;
    for (i, object) in filters.iter().take(MAX_FILTERS).enumerate() {
        let Some(name) = as_name(file.resolve(object)) else { continue };
        let input = owned.as_deref().unwrap_or(content);
        let param = params.get(i).and_then(|o| as_dict(file.resolve(o)));
        let mut result = match name {
            b"FlateDecode" | b"Fl" => inflate(input, max),
            b"LZWDecode" | b"LZW" => {
                let early = param.and_then(|p| file.integer(p, b"EarlyChange")).unwrap_or(1) != 0;
                lzw(input, early, max)
            }
            b"ASCII85Decode" | b"A85" => ascii85(input, max),
            b"ASCIIHexDecode" | b"AHx" => ascii_hex(input, max),
            b"RunLengthDecode" | b"RL" => run_length(input, max),
            b"DCTDecode" | b"DCT" | b"JPXDecode" | b"JBIG2Decode" | b"CCITTFaxDecode" | b"CCF" => {
                out.image = true;
                break;
            }
            // Crypt filters were undone with the file's encryption; what is unknown is passed on as it is.
            _ => continue,
        };
        if matches!(name, b"FlateDecode" | b"Fl" | b"LZWDecode" | b"LZW")
            && let Some(param) = param
        {
            let number = |key: &[u8], default: usize| {
                file.integer(param, key).and_then(|n| usize::try_from(n).ok()).unwrap_or(default)
            };
            let shape = Shape {
                colors: number(b"Colors", 1),
                bits: number(b"BitsPerComponent", 8),
                columns: number(b"Columns", 1),
            };
            match number(b"Predictor", 1) {
                2 => undo_tiff(&mut result.0, shape),
                10.. => result.0 = undo_png(&result.0, shape),
                _ => {}
            }
        }
        out.cut |= result.1;
        owned = Some(result.0);
    }
    out.bytes = match owned {
        Some(bytes) => bytes,
        None if content.len() > max => {
            out.cut = true;
            content.get(..max).unwrap_or_default().to_vec()
        }
        None => content.to_vec(),
    };
    out
}

fn list(object: &Object) -> &[Object] {
    match object {
        Object::Array(array) => array,
        Object::Null => &[],
        single => std::slice::from_ref(single),
    }
}

/// Bytes and whether the bound cut them.
type Output = (Vec<u8>, bool);

/// Inflates zlib data; bare deflate data, a wrong header, a wrong checksum and a missing end are borne.
fn inflate(input: &[u8], max: usize) -> Output {
    // Some writers put a line end between `stream` and the data more than the standard has.
    let skipped = input.iter().take(2).take_while(|b| matches!(b, b'\r' | b'\n')).count();
    let input = input.get(skipped..).unwrap_or_default();
    let first = inflate_as(input, true, max);
    if !first.0.is_empty() || input.len() < 3 {
        return first;
    }
    let bare = inflate_as(input.get(2..).unwrap_or_default(), false, max);
    if bare.0.is_empty() { inflate_as(input, false, max) } else { bare }
}

thread_local! {
    /// Making one anew for every stream costs more than unpacking a small one.
    static INFLATER: RefCell<Decompress> = RefCell::new(Decompress::new(true));
}

fn inflate_as(input: &[u8], header: bool, max: usize) -> Output {
    INFLATER.with_borrow_mut(|state| {
        state.reset(header);
        inflate_with(state, input, max)
    })
}

fn inflate_with(state: &mut Decompress, input: &[u8], max: usize) -> Output {
    let mut out = Vec::with_capacity(input.len().saturating_mul(4).clamp(512, 1 << 20).min(max));
    loop {
        if out.len() >= max {
            return (out, true);
        }
        if out.len() == out.capacity() {
            out.reserve_exact(out.capacity().max(512).min(max - out.len()));
        }
        let (read, written) = (state.total_in(), out.len());
        let rest = input.get(read as usize..).unwrap_or_default();
        match state.decompress_vec(rest, &mut out, FlushDecompress::None) {
            Ok(Status::StreamEnd) | Err(_) => break,
            Ok(_) if state.total_in() == read && out.len() == written => break,
            Ok(_) => {}
        }
    }
    let cut = out.len() > max;
    out.truncate(max);
    (out, cut)
}

fn lzw(input: &[u8], early: bool, max: usize) -> Output {
    let mut decoder = if early {
        weezl::decode::Decoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8)
    } else {
        weezl::decode::Decoder::new(weezl::BitOrder::Msb, 8)
    };
    let mut out = Vec::new();
    let mut chunk = vec![0u8; 16 << 10];
    let mut input = input;
    loop {
        let result = decoder.decode_bytes(input, &mut chunk);
        out.extend_from_slice(chunk.get(..result.consumed_out).unwrap_or_default());
        input = input.get(result.consumed_in..).unwrap_or_default();
        if out.len() > max {
            out.truncate(max);
            return (out, true);
        }
        match result.status {
            Ok(weezl::LzwStatus::Ok) if result.consumed_in > 0 || result.consumed_out > 0 => {}
            _ => return (out, false),
        }
    }
}

fn ascii85(input: &[u8], max: usize) -> Output {
    let mut out = Vec::with_capacity((input.len() / 5 * 4 + 4).min(max));
    let mut group = [0u32; 5];
    let mut filled = 0usize;
    for &byte in input {
        match byte {
            b'z' if filled == 0 => out.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => {
                if let Some(slot) = group.get_mut(filled) {
                    *slot = u32::from(byte - b'!');
                }
                filled += 1;
                if filled == 5 {
                    out.extend_from_slice(&value85(group).to_be_bytes());
                    filled = 0;
                }
            }
            b'~' => break,
            _ => {}
        }
        if out.len() > max {
            out.truncate(max);
            return (out, true);
        }
    }
    if filled > 1 {
        for slot in group.iter_mut().skip(filled) {
            *slot = 84;
        }
        out.extend(value85(group).to_be_bytes().iter().take(filled - 1));
    }
    (out, false)
}

fn value85(group: [u32; 5]) -> u32 {
    group.iter().fold(0u32, |v, d| v.wrapping_mul(85).wrapping_add(*d))
}

fn ascii_hex(input: &[u8], max: usize) -> Output {
    let mut out = Vec::with_capacity((input.len() / 2 + 1).min(max));
    let mut high: Option<u8> = None;
    for &byte in input {
        if byte == b'>' {
            break;
        }
        let Some(digit) = hex(byte) else {
            if is_space(byte) {
                continue;
            }
            break;
        };
        match high.take() {
            Some(h) => out.push(h << 4 | digit),
            None => high = Some(digit),
        }
        if out.len() > max {
            out.truncate(max);
            return (out, true);
        }
    }
    out.extend(high.map(|h| h << 4));
    (out, false)
}

fn run_length(input: &[u8], max: usize) -> Output {
    let mut out = Vec::new();
    let mut rest = input;
    while let [length, tail @ ..] = rest {
        match *length {
            128 => break,
            n @ 0..128 => {
                let n = usize::from(n) + 1;
                let (literal, tail) = tail.split_at(n.min(tail.len()));
                out.extend_from_slice(literal);
                rest = tail;
            }
            n => {
                let Some((byte, tail)) = tail.split_first() else { break };
                out.resize(out.len() + 257 - usize::from(n), *byte);
                rest = tail;
            }
        }
        if out.len() > max {
            out.truncate(max);
            return (out, true);
        }
    }
    (out, false)
}

/// Shape of the rows that a predictor works on.
#[derive(Clone, Copy)]
struct Shape {
    colors: usize,
    bits: usize,
    columns: usize,
}

impl Shape {
    fn row(self) -> usize {
        self.colors.saturating_mul(self.bits).saturating_mul(self.columns).div_ceil(8).max(1)
    }

    fn pixel(self) -> usize {
        (self.colors.saturating_mul(self.bits) / 8).max(1)
    }
}

/// TIFF predictor 2, for whole bytes; other depths hold images only.
fn undo_tiff(data: &mut [u8], shape: Shape) {
    if shape.bits != 8 {
        return;
    }
    let pixel = shape.pixel();
    for row in data.chunks_mut(shape.row()) {
        for i in pixel..row.len() {
            let left = row.get(i - pixel).copied().unwrap_or(0);
            if let Some(byte) = row.get_mut(i) {
                *byte = byte.wrapping_add(left);
            }
        }
    }
}

/// PNG predictors: each row says which.
fn undo_png(data: &[u8], shape: Shape) -> Vec<u8> {
    let (row, pixel) = (shape.row(), shape.pixel());
    let mut out: Vec<u8> = Vec::with_capacity(data.len());
    let mut above = vec![0u8; row.min(data.len())];
    let mut current = above.clone();
    for line in data.chunks(row.saturating_add(1)) {
        let Some((kind, bytes)) = line.split_first() else { break };
        for (i, &byte) in bytes.iter().enumerate() {
            let left = if i >= pixel { current.get(i - pixel).copied().unwrap_or(0) } else { 0 };
            let up = above.get(i).copied().unwrap_or(0);
            let corner = if i >= pixel { above.get(i - pixel).copied().unwrap_or(0) } else { 0 };
            let guess = match kind {
                1 => left,
                2 => up,
                3 => ((u16::from(left) + u16::from(up)) / 2) as u8,
                4 => paeth(left, up, corner),
                _ => 0,
            };
            if let Some(slot) = current.get_mut(i) {
                *slot = byte.wrapping_add(guess);
            }
        }
        out.extend_from_slice(current.get(..bytes.len()).unwrap_or_default());
        std::mem::swap(&mut above, &mut current);
    }
    out
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(up), i16::from(corner));
    let p = a + b - c;
    let (da, db, dc) = ((p - a).abs(), (p - b).abs(), (p - c).abs());
    if da <= db && da <= dc {
        left
    } else if db <= dc {
        up
    } else {
        corner
    }
}

#[cfg(test)]
mod tests {
    use super::{Shape, ascii_hex, ascii85, inflate, lzw, run_length, undo_png};
    use std::io::Write;

    fn deflated(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(data).expect("memory");
        encoder.finish().expect("memory")
    }

    #[test]
    fn a_truncated_flate_stream_gives_what_came_before() {
        let text: Vec<u8> = (0..4000u32).flat_map(|n| n.to_string().into_bytes()).collect();
        let packed = deflated(&text);
        let (whole, cut) = inflate(&packed, 1 << 20);
        assert!(!cut && whole == text);
        let (part, _) = inflate(&packed[..packed.len() / 2], 1 << 20);
        assert!(part.len() > 1000 && text.starts_with(&part));
        let (bare, _) = inflate(&packed[2..], 1 << 20);
        assert_eq!(bare, text);
    }

    #[test]
    fn a_bomb_stops_at_the_bound() {
        let packed = deflated(&vec![b' '; 1 << 20]);
        let (out, cut) = inflate(&packed, 5000);
        assert!(cut);
        assert_eq!(out.len(), 5000);
        assert_eq!(run_length(&[129, b'a', 129, b'b'], 100), (vec![b'a'; 100], true));
    }

    #[test]
    fn undoes_the_text_filters() {
        assert_eq!(ascii85(b"87cURD]i,\"Ebo80~>", 100).0, b"Hello World!");
        assert_eq!(ascii85(b"z~>", 100).0, [0, 0, 0, 0]);
        assert_eq!(ascii_hex(b"48 65 6c6C 6>", 100).0, b"Hell`");
        assert_eq!(run_length(&[2, b'a', b'b', b'c', 254, b'x', 128], 100).0, b"abcxxx");
        assert_eq!(lzw(&[0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01], true, 100).0, b"-----A---B");
    }

    #[test]
    fn undoes_png_rows() {
        let shape = Shape { colors: 1, bits: 8, columns: 3 };
        assert_eq!(undo_png(&[1, 1, 1, 1, 2, 1, 1, 1], shape), [1, 2, 3, 2, 3, 4]);
    }
}
