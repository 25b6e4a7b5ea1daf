//! Measures reading and parsing in-process, one thread.
//!
//! What: `ingest::read` and `Parser::parse` on documents in memory: generated reports of 3 kB and 50 kB and minutes of
//! 300 kB (`examples/generate/documents.rs`, seed 1; words by Zipf's law, growing vocabulary), and the PDF files of
//! `corpus/`. Throughput counts bytes of the file. Not measured here: disk, catalog, index; BENCHMARKS.md has whole commands.
//!
//! `cargo bench --bench ingest`

#[path = "../examples/generate/documents.rs"]
#[expect(dead_code, reason = "the generator's choice of sizes is not used here")]
mod documents;

use std::path::{Path, PathBuf};

use diarium::ingest::{self, Document};
use diarium::lexicon::Lexicon;
use diarium::parse::Parser;
use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use documents::Size;

/// The program's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

const SIZES: [Size; 3] = [Size::Short, Size::Long, Size::Huge];

fn made(size: Size) -> Vec<String> {
    (0..8).map(|n| documents::document(1, n, size).text).collect()
}

fn read(bytes: &[u8], name: &str, lex: &Lexicon) -> Document {
    ingest::read(bytes, name, lex, &ingest::Options::default()).unwrap_or_else(|e| panic!("{name} {e}"))
}

fn total(texts: &[impl AsRef<[u8]>]) -> BytesCount {
    BytesCount::new(texts.iter().map(|t| t.as_ref().len()).sum::<usize>())
}

#[divan::bench(args = SIZES)]
fn read_txt(bencher: Bencher, size: Size) {
    let (lex, texts) = (Lexicon::built_in(), made(size));
    bencher
        .counter(total(&texts))
        .bench(|| texts.iter().map(|t| read(t.as_bytes(), "a.txt", &lex).blocks.len()).sum::<usize>());
}

#[divan::bench(args = SIZES)]
fn parse(bencher: Bencher, size: Size) {
    let (lex, texts) = (Lexicon::built_in(), made(size));
    let parser = Parser::new(&lex);
    let docs: Vec<Document> = texts.iter().map(|t| read(t.as_bytes(), "a.txt", &lex)).collect();
    bencher.counter(total(&texts)).bench(|| docs.iter().for_each(|d| drop(black_box(parser.parse(d)))));
}

fn pdf_files(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            pdf_files(&path, out);
        } else if path.extension().is_some_and(|e| e == "pdf") {
            out.push(path);
        }
    }
    out.sort();
}

fn pdfs() -> Vec<Vec<u8>> {
    let mut paths = Vec::new();
    pdf_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"), &mut paths);
    paths.iter().map(|p| std::fs::read(p).unwrap_or_else(|e| panic!("{}: {e}", p.display()))).collect()
}

#[divan::bench]
fn read_pdf(bencher: Bencher) {
    let (lex, files) = (Lexicon::built_in(), pdfs());
    bencher.counter(total(&files)).bench(|| files.iter().map(|b| read(b, "a.pdf", &lex).blocks.len()).sum::<usize>());
}
