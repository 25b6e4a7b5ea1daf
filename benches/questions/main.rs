//! Measures questions beside bare tantivy and SQLite FTS5, in one run, on the same generated documents: ten hits with snippets, the
//! total, and the counts of nine facets.
//!
//! What: `examples/generate/documents.rs`, seed 1. Text is read as ingest reads it; the fields are drawn from the document's number
//! instead of being parsed, so that an index of 100,000 documents is made in minutes. Diarium answers from index and catalog, with
//! longer words, pages and exact facets; bare tantivy has one text field with the default tokenizer and nine keyword fast
//! fields (`benches/bare/engine.rs`); SQLite has an FTS5 table and a table of the nine values.
//! Each question is asked in turn of all three, TURNS times; p50 and p99 are over all of them. Where the system tells it (Linux), times
//! are what the processor spent on the asking thread, so that other work on the machine does not count; all three ask on one thread.
//!
//! "Top ten" is diarium without facets. "First time asked" is diarium's first answer to each question after opening, before anything
//! that is kept between questions could be of use. `alone` asks diarium alone, for a profile. All use the program's allocator.
//!
//! `cargo bench --bench questions -- [DOCUMENTS [TURNS [DIR]]] [short] [no-sqlite] [alone]` (DIR is kept and used again)

#![expect(clippy::print_stdout, reason = "a program")]

#[path = "../bare/engine.rs"]
#[expect(dead_code, reason = "the counts of its facets are not looked at")]
mod bare;
#[path = "../../examples/generate/documents.rs"]
mod documents;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bare::Bare;
use diarium::base::DocId;
use diarium::catalog::{self, FileRow, FileState, Prepared, StoredDocument};
use diarium::index::local::{FOLDER, LocalIndex};
use diarium::index::{Entry, entries};
use diarium::ingest::source::Stamp;
use diarium::ingest::{self, Document};
use diarium::lexicon::Lexicon;
use diarium::parse::Record;
use diarium::parse::record::{
    Authority, Decision, DistrictMention, DistrictRole, Handlaggare, MadeWith, Party, PartyRole, Status,
};
use diarium::query::Field;
use diarium::search::{self, Request};
use rayon::prelude::*;
use rusqlite::{Connection, params};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const FACETS: [&str; 9] =
    ["district", "year", "kind", "genre", "authority", "party", "handlaggare", "action", "status"];
const KINDS: [&str; 5] = ["tjansteutlatande", "protokoll", "kallelse", "protokollsutdrag", "overenskommelse"];
const GENRES: [&str; 4] = ["slutrapport", "uppfoljning", "remissvar", "ansokan"];
const ACTIONS: [&str; 6] = ["approve", "file", "reject", "award", "mandate", "refer_back"];
const STATUSES: [Status; 3] = [Status::Proposed, Status::Decided, Status::Moved];

/// How many documents are made and written at a time.
const BATCH: u64 = 1000;

/// A question: how it is typed, and a district it is kept to.
struct Question {
    class: &'static str,
    text: &'static str,
    district: Option<&'static str>,
}

const fn ask(class: &'static str, text: &'static str) -> Question {
    Question { class, text, district: None }
}

const QUESTIONS: [Question; 18] = [
    ask("word", "samverkansavtal"),
    ask("word", "trygghetsvandring"),
    ask("word", "kulturnämnd"),
    ask("word", "bidrag"),
    ask("word", "förvaltning"),
    ask("word", "stöd"),
    ask("word", "till"),
    ask("words", "stöd plan"),
    ask("words", "uppdrag stöd plan"),
    ask("words", "bostadsmiljö förening"),
    ask("words", "ungdomsråd budget"),
    ask("phrase", "\"och att\""),
    ask("phrase", "\"för att\""),
    ask("phrase", "\"till och med\""),
    ask("phrase", "\"stöd till\""),
    Question { class: "filtered", text: "stöd", district: Some("sthlm-farsta") },
    Question { class: "filtered", text: "förvaltning", district: Some("sthlm-jarva") },
    Question { class: "filtered", text: "till", district: Some("sthlm-skarholmen") },
];

fn main() {
    let all: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let (flags, words): (Vec<&String>, Vec<&String>) =
        all.iter().partition(|a| ["short", "no-sqlite", "alone"].contains(&a.as_str()));
    let count: u64 = words.first().and_then(|w| w.parse().ok()).unwrap_or(2000);
    let turns: usize = words.get(1).and_then(|w| w.parse().ok()).unwrap_or(20);
    let made = tempfile::tempdir().expect("a temporary folder");
    let dir = words.get(2).map_or_else(|| made.path().to_path_buf(), PathBuf::from);
    let short = flags.iter().any(|f| *f == "short");
    let alone = flags.iter().any(|f| *f == "alone");
    let sqlite = !alone && !flags.iter().any(|f| *f == "no-sqlite");
    if !dir.join("text.bytes").is_file() {
        build(&dir, count, short, sqlite);
    }
    let bytes: u64 =
        std::fs::read_to_string(dir.join("text.bytes")).expect("just written").trim().parse().expect("a number");
    println!("{count} generated documents, {:.1} MB of text\n", bytes as f64 / 1e6);
    println!("| part | MB | times the text |\n|---|--:|--:|");
    for part in ["index/tantivy", "index/catalog.sqlite", "bare", "fts.sqlite"] {
        let size = bytes_of(&dir.join(part));
        println!("| {part} | {:.1} | {:.2} |", size as f64 / 1e6, size as f64 / bytes as f64);
    }
    questions(&dir, turns, !alone, sqlite);
}

/// The record of a document, drawn from its number.
fn record(n: u64, doc: &Document, lex: &Lexicon) -> Record {
    let pick = |salt: u64, of: usize| {
        (n.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(salt * 0x1234_5677) >> 17) as usize % of
    };
    let district = &lex.districts[pick(1, lex.districts.len())];
    let sentences: Vec<&str> = doc.body().split_inclusive(". ").filter(|s| s.len() > 20).collect();
    let decisions = (0..if doc.body().len() > 100_000 { 60 } else { 2 }).map(|i| Decision {
        status: STATUSES[pick(20 + i, 3)],
        number: None,
        text: sentences.get(i as usize).map(|s| s.chars().take(200).collect()).unwrap_or_default(),
        actor: Some("Stadsdelsnämnden".into()),
        actions: vec![ACTIONS[pick(40 + i, 6)].into()],
        assignee: None,
        section: None,
        evidence: Vec::new(),
    });
    Record {
        kind: KINDS[pick(2, 5)].into(),
        genres: vec![GENRES[pick(3, 4)].into()],
        title: doc.body().lines().next().map(|l| l.chars().take(120).collect()),
        year: Some(2010 + pick(4, 15) as i16),
        date: format!("{}-{:02}-{:02}", 2010 + pick(4, 15), 1 + pick(5, 12), 1 + pick(6, 28)).parse().ok(),
        authority: Some(Authority {
            name: district.official_board_name.clone(),
            district: Some(district.id.clone()),
            evidence: Vec::new(),
        }),
        districts: vec![DistrictMention {
            id: district.id.clone(),
            name: district.name.clone(),
            role: DistrictRole::Own,
            evidence: Vec::new(),
        }],
        parties: vec![Party {
            name: format!("Föreningen Nummer {}", pick(7, 3000)),
            role: PartyRole::Civil,
            org_nr: None,
            org_nr_raw: None,
            org_nr_valid: None,
            org_nr_suggestion: None,
            former_names: Vec::new(),
            aliases: Vec::new(),
            evidence: Vec::new(),
        }],
        handlaggare: vec![Handlaggare {
            name: format!("Handläggare Nummer {}", pick(8, 400)),
            phone: None,
            email: None,
            title: None,
            evidence: Vec::new(),
        }],
        decisions: decisions.collect(),
        ..Record::default()
    }
}

fn build(dir: &Path, count: u64, short: bool, sqlite: bool) {
    let lex = Lexicon::built_in();
    let index_dir = dir.join("index");
    std::fs::create_dir_all(dir.join("bare")).expect("room on the disk");
    let index = LocalIndex::open_or_create(&index_dir.join(FOLDER)).expect("an index");
    let mut writer = index.writer().expect("an index");
    let mut catalog = catalog::Writer::open_or_create(&index_dir).expect("a catalog");
    let bare = Bare::create(&dir.join("bare"), &FACETS, true).expect("an index");
    let mut fts = sqlite.then(|| fts(&dir.join("fts.sqlite")));
    let (mut bytes, mut sequence) = (0, 0);
    let mut spent = [Duration::ZERO; 4];
    let mut values: Vec<Vec<Vec<String>>> = Vec::new();
    for from in (0..count).step_by(BATCH as usize) {
        let begun = Instant::now();
        let batch: Vec<(String, Vec<Entry>, Prepared, String)> = (from..(from + BATCH).min(count))
            .into_par_iter()
            .map(|n| {
                let size = if short { documents::Size::Short } else { documents::size_of(1, n) };
                let made = documents::document(1, n, size);
                let options = ingest::Options::default();
                let mut doc = ingest::read(made.text.as_bytes(), &made.path, &lex, &options).expect("good text");
                let hash = blake3::hash(made.text.as_bytes());
                doc.id = DocId::of_file(&hash);
                doc.origin.blake3 = hash.to_hex().to_string();
                let record = record(n, &doc, &lex);
                let entries = entries(&doc, &record);
                let (text, blake3) = (doc.body().to_string(), doc.origin.blake3.clone());
                let stored = StoredDocument::new(made.path, &doc, record, MadeWith::default());
                (text, entries, Prepared::new(&stored, doc).expect("packed"), blake3)
            })
            .collect();
        spent[0] += begun.elapsed();
        let begun = Instant::now();
        let mut rows = catalog.begin().expect("a catalog");
        for ((_, _, prepared, blake3), n) in batch.iter().zip(from..) {
            rows.put_file(&row(&format!("{n}.txt"), blake3)).expect("a catalog");
            rows.put_documents(blake3, "", std::slice::from_ref(prepared)).expect("a catalog");
        }
        sequence = rows.commit().expect("a catalog").unwrap_or(sequence);
        spent[1] += begun.elapsed();
        let facets: Vec<Vec<Vec<String>>> = batch.iter().map(|(_, e, _, _)| facets_of(e)).collect();
        if let Some(db) = &mut fts {
            let begun = Instant::now();
            let tx = db.transaction().expect("a database");
            for (((text, ..), values), n) in batch.iter().zip(&facets).zip(from..) {
                tx.prepare_cached("INSERT INTO d(rowid, text) VALUES (?1, ?2)")
                    .and_then(|mut q| q.execute(params![n as i64, text]))
                    .expect("a row");
                let one = |i: usize| values.get(i).and_then(|v| v.first()).cloned();
                tx.prepare_cached("INSERT INTO f VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")
                    .and_then(|mut q| {
                        q.execute(params![
                            n as i64,
                            one(0),
                            one(1),
                            one(2),
                            one(3),
                            one(4),
                            one(5),
                            one(6),
                            one(7),
                            one(8)
                        ])
                    })
                    .expect("a row");
            }
            tx.commit().expect("a database");
            spent[2] += begun.elapsed();
        }
        let begun = Instant::now();
        for (text, entries, _, _) in batch {
            bytes += text.len() as u64;
            writer.add(entries).expect("an index");
        }
        spent[3] += begun.elapsed();
        values.extend(facets);
    }
    let begun = Instant::now();
    writer.commit(sequence).and_then(|()| writer.finish()).expect("an index");
    spent[3] += begun.elapsed();
    let begun = Instant::now();
    index.save_compounds().expect("room on the disk");
    let compounds = begun.elapsed();
    let texts = (0..count).map(|n| {
        let size = if short { documents::Size::Short } else { documents::size_of(1, n) };
        documents::document(1, n, size).text
    });
    let begun = Instant::now();
    bare.write(texts.zip(values), 2, 128 << 20).expect("an index");
    let bare = begun.elapsed();
    std::fs::write(dir.join("text.bytes"), bytes.to_string()).expect("room on the disk");
    println!(
        "made in: reading and packing {:.0} s, catalog {:.0} s, FTS5 {:.0} s, index {:.0} s, table of compounds {:.2} s, bare tantivy with generating {:.0} s\n",
        spent[0].as_secs_f64(),
        spent[1].as_secs_f64(),
        spent[2].as_secs_f64(),
        spent[3].as_secs_f64(),
        compounds.as_secs_f64(),
        bare.as_secs_f64()
    );
}

fn row(path: &str, blake3: &str) -> FileRow {
    FileRow {
        path: path.into(),
        state: FileState::Ok,
        code: None,
        message: None,
        stamp: Stamp { bytes: 1, modified: 2 },
        blake3: Some(blake3.into()),
        root: "/r".into(),
        place: format!("/r/{path}"),
        partial: None,
        made_with: String::new(),
        seq: 0,
    }
}

fn facets_of(entries: &[Entry]) -> Vec<Vec<String>> {
    let document = entries.last();
    let of = |name: &&str| {
        let values = Field::by_name(name).and_then(|f| document?.values.get(&f));
        values.into_iter().flatten().cloned().collect()
    };
    FACETS.iter().map(of).collect()
}

fn fts(path: &Path) -> Connection {
    let db = Connection::open(path).expect("a database");
    db.execute_batch(&format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;
         CREATE VIRTUAL TABLE d USING fts5(text); CREATE TABLE f (id INTEGER PRIMARY KEY, {});",
        FACETS.join(", ")
    ))
    .expect("a database");
    db
}

/// The same answer from SQLite: hits and snippets, then the nine counts over the rows that match.
fn ask_fts(db: &Connection, q: &Question) -> u64 {
    let text = match q.text.starts_with('"') {
        true => q.text.to_string(),
        false => q.text.split(' ').map(|w| format!("\"{w}\"")).collect::<Vec<_>>().join(" "),
    };
    let kept =
        q.district.map(|d| format!(" AND rowid IN (SELECT id FROM f WHERE district = '{d}')")).unwrap_or_default();
    db.execute_batch("CREATE TEMP TABLE IF NOT EXISTS hits (id INTEGER PRIMARY KEY); DELETE FROM hits")
        .expect("a table");
    let total = db
        .prepare_cached(&format!("INSERT INTO hits SELECT rowid FROM d WHERE d MATCH ?1{kept}"))
        .and_then(|mut s| s.execute([&text]))
        .expect("an answer");
    let top = format!(
        "SELECT rowid, snippet(d, 0, '<b>', '</b>', '…', 30) FROM d WHERE d MATCH ?1{kept} ORDER BY rank LIMIT 10"
    );
    let mut top = db.prepare_cached(&top).expect("a query");
    let rows = top.query_map([&text], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, String>(1)?))).expect("an answer");
    std::hint::black_box(rows.map(Result::unwrap).collect::<Vec<_>>());
    for facet in FACETS {
        let sql = format!("SELECT {facet}, count(*) FROM hits JOIN f USING (id) GROUP BY 1 ORDER BY 2 DESC");
        let mut counts = db.prepare_cached(&sql).expect("a query");
        let rows =
            counts.query_map([], |r| Ok((r.get::<_, Option<String>>(0)?, r.get::<_, i64>(1)?))).expect("an answer");
        std::hint::black_box(rows.map(Result::unwrap).collect::<Vec<_>>());
    }
    total as u64
}

fn questions(dir: &Path, turns: usize, bare: bool, sqlite: bool) {
    let lex = Lexicon::built_in();
    let index = dir.join("index");
    // Unless it is there as this version makes it.
    LocalIndex::open(&index.join(FOLDER)).and_then(|i| i.save_compounds()).expect("just built");
    let begun = now();
    let engine = LocalIndex::open(&index.join(FOLDER)).and_then(|i| i.reader()).expect("just built");
    let catalog = catalog::Reader::open(&index).expect("just built");
    let first = request(&QUESTIONS[0]);
    search::search(&first, &engine, &catalog, &lex).expect("an answer");
    println!("\nopening to the first answer: {:.1} ms", (now() - begun).as_secs_f64() * 1e3);
    let first: Vec<f64> = QUESTIONS
        .iter()
        .map(|q| {
            let begun = now();
            search::search(&request(q), &engine, &catalog, &lex).expect("an answer");
            (now() - begun).as_secs_f64() * 1e3
        })
        .collect();
    println!("\nmemory after all questions, without peers: {}", memory());
    let bare = bare.then(|| Bare::open(&dir.join("bare"), &FACETS).expect("just built"));
    let reader = bare.as_ref().map(|b| b.reader().expect("just built"));
    let db = sqlite.then(|| Connection::open(dir.join("fts.sqlite")).expect("just built"));

    println!(
        "\n| question | documents | diarium ms | as typed | top ten | bare ms | times bare | FTS5 ms | FTS5, times diarium |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    );
    let mut all: [Vec<f64>; 5] = [const { Vec::new() }; 5];
    for q in &QUESTIONS {
        let filter = q.district.map(|d| format!(" AND district:\"{d}\"")).unwrap_or_default();
        let for_bare = format!("{}{filter}", q.text);
        let request = request(q);
        let typed = Request { no_synonyms: true, ..request.clone() };
        let top = Request { facets: false, ..request.clone() };
        let mut times: [Vec<f64>; 5] = [const { Vec::new() }; 5];
        let mut total = 0;
        for turn in 0..turns {
            let mut timed = |which: usize, once: &mut dyn FnMut()| {
                let begun = now();
                once();
                times[which].push((now() - begun).as_secs_f64() * 1e3);
            };
            timed(0, &mut || total = search::search(&request, &engine, &catalog, &lex).expect("an answer").total);
            timed(1, &mut || drop(search::search(&typed, &engine, &catalog, &lex).expect("an answer")));
            timed(2, &mut || drop(search::search(&top, &engine, &catalog, &lex).expect("an answer")));
            if let (Some(bare), Some(reader)) = (&bare, &reader) {
                timed(3, &mut || drop(bare.search(reader, &for_bare).expect("an answer")));
            }
            if let Some(db) = db.as_ref().filter(|_| turn < 3) {
                timed(4, &mut || {
                    std::hint::black_box(ask_fts(db, q));
                });
            }
        }
        let median = |i: usize| percentile(&times[i], 0.5);
        println!(
            "| {} `{}`{} | {total} | {:.2} | {:.2} | {:.2} | {:.2} | {:.1} | {:.1} | {:.1} |",
            q.class,
            q.text,
            q.district.map(|d| format!(", {d}")).unwrap_or_default(),
            median(0),
            median(1),
            median(2),
            median(3),
            median(0) / median(3),
            median(4),
            median(4) / median(0),
        );
        for (all, times) in all.iter_mut().zip(times) {
            all.extend(times);
        }
    }
    println!("\n| over all questions | p50 ms | p99 ms |\n|---|--:|--:|");
    println!("| diarium, first time asked | {:.2} | {:.2} |", percentile(&first, 0.5), percentile(&first, 0.99));
    for (name, times) in
        ["diarium", "diarium, words as typed", "diarium, top ten alone", "bare tantivy", "SQLite FTS5"].iter().zip(&all)
    {
        println!("| {name} | {:.2} | {:.2} |", percentile(times, 0.5), percentile(times, 0.99));
    }
    println!("\nmemory of the whole run, peers included: {}", memory());
}

fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let memory = status.lines().filter(|l| l.starts_with("VmRSS") || l.starts_with("Rss") || l.starts_with("VmHWM"));
    memory.map(|l| l.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("; ")
}

/// What the processor spent on this thread; the time of day where the system does not tell.
fn now() -> Duration {
    static BEGUN: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    // The count is brought up to date when a thread steps aside.
    std::thread::yield_now();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let spent = told.and_then(|t| t.split(' ').next()?.parse().ok());
    spent.map_or_else(|| BEGUN.elapsed(), Duration::from_nanos)
}

fn request(q: &Question) -> Request {
    let filters = q.district.map(|d| (Field::District, vec![d.to_string()])).into_iter().collect();
    Request { text: q.text.to_string(), filters, limit: 10, facets: true, ..Request::default() }
}

fn percentile(times: &[f64], share: f64) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.get(((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1))).copied().unwrap_or(0.0)
}

fn bytes_of(path: &Path) -> u64 {
    if path.is_file() {
        return path.metadata().map_or(0, |m| m.len());
    }
    std::fs::read_dir(path).into_iter().flatten().flatten().map(|f| bytes_of(&f.path())).sum()
}
