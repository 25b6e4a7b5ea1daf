//! Measures questions in-process: from the words typed to results with snippets and pages.
//!
//! What: `search::search` on an index of 2,000 generated documents (`examples/generate/documents.rs`, seed 1; 80 % about
//! 3 kB, 15 % 50 kB, 5 % 300 kB, some 50 MB of text), made once in a temporary folder; ten hits with snippets each time.
//! Not measured here: starting the program; BENCHMARKS.md has whole commands.
//!
//! `cargo bench --bench search`

#[path = "../examples/generate/documents.rs"]
mod documents;

use std::path::Path;
use std::sync::LazyLock;
use std::sync::atomic::AtomicBool;

use diarium::catalog;
use diarium::index::Engine;
use diarium::index::local::{FOLDER, LocalIndex};
use diarium::ingest;
use diarium::lexicon::Lexicon;
use diarium::parse::{self, record::MadeWith};
use diarium::pipeline::{self, Progress, Settings};
use diarium::query::{Field, Unit};
use diarium::search::{self, Request};
use divan::{Bencher, black_box};

const DOCUMENTS: u64 = 2000;

struct Silent;

impl Progress for Silent {
    fn begin(&self, _: usize) {}
    fn step(&self) {}
}

/// The folder with corpus and index.
static FOLDER_OF_ALL: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (corpus, index) = (folder.path().join("corpus"), folder.path().join("index"));
    for n in 0..DOCUMENTS {
        let made = documents::document(1, n, documents::size_of(1, n));
        let path = corpus.join(made.path);
        std::fs::create_dir_all(path.parent().expect("below the corpus")).expect("room on the disk");
        std::fs::write(path, made.text).expect("room on the disk");
    }
    build(&corpus, &index, &Lexicon::built_in());
    folder
});

fn build(corpus: &Path, index: &Path, lex: &Lexicon) {
    let settings = Settings {
        index,
        jobs: 2,
        prune: false,
        retry: None,
        reading: ingest::Options::default(),
        made_with: MadeWith {
            extractor: ingest::VERSION.to_string(),
            parser: parse::VERSION.to_string(),
            lexicon: lex.version().to_string(),
            corrections: None,
        },
        corrections: &diarium::corrections::Corrections::default(),
    };
    let offers = [pipeline::Offer::Path(corpus.to_path_buf())];
    pipeline::run(&offers, lex, &settings, &Silent, &AtomicBool::new(false)).expect("a good corpus");
}

fn main() {
    LazyLock::force(&FOLDER_OF_ALL);
    divan::main();
    // What is static is not dropped.
    let _ = std::fs::remove_dir_all(FOLDER_OF_ALL.path());
}

fn ask(bencher: Bencher, request: Request) {
    let index = FOLDER_OF_ALL.path().join("index");
    let lex = Lexicon::built_in();
    let engine = LocalIndex::open(&index.join(FOLDER)).and_then(|i| i.reader()).expect("just built");
    let catalog = catalog::Reader::open_as_of(&index, engine.sequence()).expect("just built");
    let request = Request { limit: 10, ..request };
    let once = || search::search(&request, &engine, &catalog, &lex).expect("a good question");
    assert!(once().total > 0, "{request:?} finds nothing");
    bencher.bench_local(|| black_box(once()));
}

fn words(text: &str) -> Request {
    Request { text: text.to_string(), ..Request::default() }
}

#[divan::bench(args = ["samverkansavtal", "förvaltning", "uppdrag stöd plan", "\"och att\"", "till"])]
fn text(bencher: Bencher, text: &str) {
    ask(bencher, words(text));
}

#[divan::bench(args = ["samverkansavtal", "förvaltning", "till"])]
fn text_with_nine_facets(bencher: Bencher, text: &str) {
    ask(bencher, Request { facets: true, ..words(text) });
}

#[divan::bench]
fn text_with_filters(bencher: Bencher) {
    let filters = vec![(Field::District, vec!["järva".to_string()]), (Field::Year, vec!["2022".to_string()])];
    ask(bencher, Request { filters, ..words("stöd") });
}

#[divan::bench]
fn decisions_of_one_kind(bencher: Bencher) {
    let filters = vec![(Field::Action, vec!["award".to_string()])];
    ask(bencher, Request { unit: Unit::Decision, filters, facets: true, ..Request::default() });
}
