//! Measures ingest beside bare tantivy: how much longer it takes to read, parse, store and index than to index alone.
//!
//! What: generated documents (`examples/generate/documents.rs`, seed 1), in memory for tantivy and for the index stage,
//! as files for the whole. Two threads write the index in all of them, whole ingest has two jobs. Shortest of the turns, which run by
//! turns, so that what else the machine does meets all alike; the processor's time of all threads (Linux only) is told too, for it
//! says more on a machine that is busy. The texts that bare tantivy indexes are those of the documents, the values of its nine fast
//! fields those of the records; it stores no text.
//!
//! `cargo bench --bench bare -- [DOCUMENTS [TURNS [short]]]`

#![expect(clippy::print_stdout, reason = "a program")]

#[path = "../../examples/generate/documents.rs"]
mod documents;
#[expect(dead_code, reason = "no questions are asked here")]
mod engine;

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use diarium::index::local::LocalIndex;
use diarium::index::{Entry, entries};
use diarium::ingest::{self, Document};
use diarium::lexicon::Lexicon;
use diarium::parse::{self, Parser, record::MadeWith};
use diarium::pipeline::{self, Progress, Settings};
use diarium::query::{Field, Unit};
use engine::Bare;

/// The program's allocator, for both sides.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// As `index::local::Writer` has.
const THREAD_BYTES: usize = 128 << 20;

const FACETS: [(Field, &str); 9] = [
    (Field::District, "district"),
    (Field::Year, "year"),
    (Field::Kind, "kind"),
    (Field::Genre, "genre"),
    (Field::Authority, "authority"),
    (Field::Party, "party"),
    (Field::Handlaggare, "handlaggare"),
    (Field::Action, "action"),
    (Field::Status, "status"),
];

struct Silent;

impl Progress for Silent {
    fn begin(&self, _: usize) {}
    fn step(&self) {}
}

fn main() {
    let mut words = std::env::args().skip(1).filter(|a| !a.starts_with("--"));
    let count = words.next().and_then(|w| w.parse().ok()).unwrap_or(1000);
    let turns = words.next().and_then(|w| w.parse().ok()).unwrap_or(3);
    let short = words.next().is_some();
    let size = |n| if short { documents::Size::Short } else { documents::size_of(1, n) };
    let made: Vec<_> = (0..count).map(|n| documents::document(1, n, size(n))).collect();
    let megabytes = made.iter().map(|m| m.text.len()).sum::<usize>() as f64 / 1e6;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let corpus = folder.path().join("corpus");
    for m in &made {
        let path = corpus.join(&m.path);
        std::fs::create_dir_all(path.parent().expect("below the corpus")).expect("room on the disk");
        std::fs::write(path, &m.text).expect("room on the disk");
    }

    let lex = Lexicon::built_in();
    let mut rows: Vec<Row> = Vec::new();
    for turn in 0..turns {
        let fresh = |name: &str| {
            let dir = folder.path().join(format!("{name}{turn}"));
            std::fs::create_dir_all(&dir).expect("room on the disk");
            dir
        };
        let begun = Clock::start();
        let read: Vec<Document> = made
            .iter()
            .map(|m| ingest::read(m.text.as_bytes(), &m.path, &lex, &ingest::Options::default()).expect("good text"))
            .collect();
        keep(&mut rows, "reading, one thread", begun.stop(), 0);
        let parser = Parser::new(&lex);
        let begun = Clock::start();
        let records: Vec<_> = read.iter().map(|d| parser.parse(d)).collect();
        keep(&mut rows, "parsing, one thread", begun.stop(), 0);
        let all: Vec<Vec<Entry>> = read.iter().zip(&records).map(|(d, r)| entries(d, r)).collect();
        drop((read, records));
        let values: Vec<Vec<Vec<String>>> = all.iter().map(|e| facets_of(e)).collect();

        let dir = fresh("bare");
        let begun = Clock::start();
        let bare = Bare::create(&dir, &FACETS.map(|f| f.1), false).expect("an index");
        let documents = made.iter().zip(&values).map(|(m, v)| (m.text.as_str(), v.as_slice()));
        bare.write(documents, 2, THREAD_BYTES).expect("an index");
        keep(&mut rows, "bare tantivy, two threads", begun.stop(), bytes_of(&dir));
        drop(bare);

        let dir = fresh("index");
        let begun = Clock::start();
        let mut writer = LocalIndex::open_or_create(&dir).and_then(|i| i.writer()).expect("an index");
        all.into_iter().try_for_each(|e| writer.add(e)).expect("an index");
        writer.commit(1).and_then(|()| writer.finish()).expect("an index");
        keep(&mut rows, "index stage, two threads", begun.stop(), bytes_of(&dir));

        let dir = fresh("whole");
        let begun = Clock::start();
        ingest_all(&corpus, &dir, &lex);
        keep(&mut rows, "whole ingest, two jobs", begun.stop(), bytes_of(&dir));
    }

    let bare = rows.iter().find(|r| r.what.starts_with("bare")).map_or((1.0, 1.0), |r| r.time);
    println!("{count} generated documents, {megabytes:.1} MB; shortest of {turns} turns.\n");
    println!("| what | s | MB/s | times bare tantivy | processor s | times bare tantivy | size, times the text |");
    println!("|---|--:|--:|--:|--:|--:|--:|");
    for Row { what, time: (s, cpu), bytes } in rows {
        let size = if bytes > 0 { format!("{:.2}", bytes as f64 / 1e6 / megabytes) } else { "–".to_string() };
        let (rate, times, cpu_times) = (megabytes / s, s / bare.0, cpu / bare.1);
        println!("| {what} | {s:.2} | {rate:.1} | {times:.1} | {cpu:.2} | {cpu_times:.1} | {size} |");
    }
}

/// What was measured: seconds on the wall and of the processor, and bytes on the disk.
struct Row {
    what: &'static str,
    time: (f64, f64),
    bytes: u64,
}

/// Measures seconds on the wall, and those of the processor in all threads.
struct Clock(Instant, f64);

impl Clock {
    fn start() -> Clock {
        Clock(Instant::now(), processor().unwrap_or(0.0))
    }

    fn stop(&self) -> (f64, f64) {
        (self.0.elapsed().as_secs_f64(), processor().map_or(f64::NAN, |now| now - self.1))
    }
}

/// Seconds of processor that this process has used, from `/proc/self/stat` (fields 14 and 15, a hundred to the second).
fn processor() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = stat.rsplit(')').next()?.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) / 100.0)
}

fn keep(rows: &mut Vec<Row>, what: &'static str, time: (f64, f64), bytes: u64) {
    match rows.iter_mut().find(|r| r.what == what) {
        Some(row) => row.time = (row.time.0.min(time.0), row.time.1.min(time.1)),
        None => rows.push(Row { what, time, bytes }),
    }
}

fn facets_of(entries: &[Entry]) -> Vec<Vec<String>> {
    let document = entries.iter().find(|e| e.unit == Unit::Document);
    let of = |field| document.and_then(|d| d.values.get(&field)).into_iter().flatten().cloned().collect();
    FACETS.iter().map(|(field, _)| of(*field)).collect()
}

fn bytes_of(dir: &Path) -> u64 {
    let files = std::fs::read_dir(dir).into_iter().flatten().flatten();
    files.map(|f| if f.path().is_dir() { bytes_of(&f.path()) } else { f.metadata().map_or(0, |m| m.len()) }).sum()
}

fn ingest_all(corpus: &Path, index: &Path, lex: &Lexicon) {
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
