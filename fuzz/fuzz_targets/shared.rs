//! What the targets share.

use std::sync::LazyLock;

use diarium::ingest::{self, Document, Limits, Options, Problem};
use diarium::lexicon::Lexicon;

/// The built-in vocabulary, made once.
pub static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::built_in);

/// Small bounds: a bomb must be seen as one soon.
pub fn options() -> Options {
    let limits = Limits {
        file_bytes: 1 << 20,
        text_bytes: 1 << 20,
        pages: 50,
        stream_bytes: 4 << 20,
        operators: 50_000,
        seconds: 5,
        ..Limits::default()
    };
    Options { limits, ..Options::default() }
}

/// Reads bytes and checks what comes out.
#[allow(dead_code, reason = "not every target reads a whole file")]
pub fn read(bytes: &[u8], name: &str) {
    match ingest::read(bytes, name, &LEXICON, &options()) {
        Ok(document) => check(&document),
        Err(Problem::Internal { detail }) => panic!("{detail}"),
        Err(_) => {}
    }
}

/// Every place in a document is one.
#[allow(dead_code, reason = "not every target reads a whole file")]
pub fn check(document: &Document) {
    if let Err(why) = document.check() {
        panic!("{why}");
    }
}

/// A PDF of one page with these objects after the usual ones (1 catalog, 2 pages, 3 page, 4 its contents, 5 its font).
#[allow(dead_code, reason = "not every target makes a file")]
pub fn pdf(contents: &[u8], font: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    let mut object = |out: &mut Vec<u8>, dict: &str, stream: Option<&[u8]>| {
        offsets.push(out.len());
        out.extend_from_slice(format!("{} 0 obj\n", offsets.len()).as_bytes());
        match stream {
            None => out.extend_from_slice(dict.as_bytes()),
            Some(data) => {
                out.extend_from_slice(format!("<< {dict} /Length {} >>\nstream\n", data.len()).as_bytes());
                out.extend_from_slice(data);
                out.extend_from_slice(b"\nendstream");
            }
        }
        out.extend_from_slice(b"\nendobj\n");
    };
    object(&mut out, "<< /Type /Catalog /Pages 2 0 R >>", None);
    object(&mut out, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", None);
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /CropBox [20 20 575 822] /Contents 4 0 R \
                /Resources << /Font << /F 5 0 R /F1 5 0 R /F2 5 0 R >> /XObject << /X 6 0 R >> /Pattern << /P 6 0 R >> >> >>";
    object(&mut out, page, None);
    object(&mut out, "", Some(contents));
    object(&mut out, font, None);
    for (dict, stream) in more {
        object(&mut out, dict, Some(stream));
    }
    let xref = out.len();
    out.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1).as_bytes());
    for offset in &offsets {
        out.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    let trailer = format!("trailer << /Size {} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n", offsets.len() + 1);
    out.extend_from_slice(trailer.as_bytes());
    out
}
