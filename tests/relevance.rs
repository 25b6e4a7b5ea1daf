//! Search against what people judged: how well the questions of `relevance/queries.txt` are answered beside SQLite FTS5 and plain
//! tantivy, and which longer words a word finds, by `relevance/compounds.txt`.
//!
//! `just relevance` prints the tables of EVALUATION.md. The corpus is `corpus/` and, as noise, generated documents.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use diarium::catalog;
use diarium::index::analyse::{forms, tokens};
use diarium::index::compounds;
use diarium::index::local::{FOLDER, LocalIndex};
use diarium::lexicon::Lexicon;
use diarium::search::{self, Request};
use tantivy::collector::TopDocs;
use tantivy::query::QueryParser;
use tantivy::schema::{STORED, STRING, Schema, TEXT, Value as _};
use tantivy::{Index, TantivyDocument};

use crate::util::Bench;

#[path = "../examples/generate/documents.rs"]
#[expect(dead_code, reason = "only short ones are made here")]
mod documents;

/// Generated documents among those of the corpus, which answer no question.
const NOISE: u64 = 150;

/// How far down a list is looked for what answers.
const DEPTH: usize = 200;

/// A question with the grade of each document that answers it.
struct Question {
    text: String,
    grades: BTreeMap<String, u32>,
}

fn questions() -> Vec<Question> {
    let lines = include_str!("relevance/queries.txt").lines().filter(|l| !l.starts_with('#') && !l.trim().is_empty());
    let read = |line: &str| {
        let (text, grades) = line.split_once(" = ").unwrap_or_else(|| panic!("no grades: {line}"));
        let grade = |g: &str| g.split_once(':').map(|(d, n)| (d.to_string(), n.parse().unwrap())).unwrap();
        Question { text: text.trim().to_string(), grades: grades.split_whitespace().map(grade).collect() }
    };
    lines.map(read).collect()
}

/// Normalised discounted cumulative gain of the first ten: gain 2^grade - 1, discount log2 of the place plus one.
fn ndcg(ranked: &[String], grades: &BTreeMap<String, u32>) -> f64 {
    let gain = |grade: u32| f64::from(2u32.pow(grade) - 1);
    let sum = |grades: &mut dyn Iterator<Item = u32>| -> f64 {
        grades.take(10).zip(2u32..).map(|(g, place)| gain(g) / f64::from(place).log2()).sum()
    };
    let mut best: Vec<u32> = grades.values().copied().collect();
    best.sort_unstable_by(|a, b| b.cmp(a));
    let ideal = sum(&mut best.into_iter());
    sum(&mut ranked.iter().map(|d| grades.get(d).copied().unwrap_or(0))) / ideal
}

fn recall(ranked: &[String], grades: &BTreeMap<String, u32>) -> f64 {
    let found: BTreeSet<&String> = ranked.iter().filter(|d| grades.contains_key(*d)).collect();
    found.len() as f64 / grades.len() as f64
}

/// One document as the other engines get it.
struct Plain {
    key: String,
    title: String,
    text: String,
}

/// The number a document of the corpus is judged under: that of its file, and its part of a bundle.
fn key(path: &str, part: Option<u32>) -> String {
    let name = Path::new(path).file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let number: String = name.chars().take_while(char::is_ascii_digit).collect();
    match part {
        _ if path.starts_with("noise") || number.len() != 2 => name,
        Some(part) => format!("{number}/{part}"),
        None => number,
    }
}

/// `tests/` in which a corpus lies and an index of it.
struct Answered {
    bench: Bench,
    plain: Vec<Plain>,
}

fn corpus() -> Answered {
    let bench = Bench::new();
    for n in 0..NOISE {
        let made = documents::document(7, n, documents::Size::Short);
        bench.write(&format!("noise/{n}.txt"), made.text);
    }
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for entry in walkdir::WalkDir::new(&own).into_iter().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|e| e == "pdf" || e == "txt") {
            bench.write(&path.strip_prefix(&own).unwrap().to_string_lossy(), fs::read(path).unwrap());
        }
    }
    bench.ingest(&[]);
    let reader = catalog::Reader::open(&bench.index()).unwrap();
    let plain = reader.documents().map(|stored| {
        let stored = stored.unwrap();
        Plain {
            key: key(&stored.path, stored.origin.part.map(|p| p.index)),
            title: stored.record.title.clone().unwrap_or_default(),
            text: reader.text(&stored.id).unwrap().unwrap_or_default(),
        }
    });
    let plain = plain.collect();
    Answered { bench, plain }
}

impl Answered {
    fn ours(&self) -> impl FnMut(&str) -> Vec<String> {
        let index = self.bench.index();
        let engine = LocalIndex::open(&index.join(FOLDER)).and_then(|i| i.reader()).unwrap();
        let catalog = catalog::Reader::open(&index).unwrap();
        let lex = Lexicon::built_in();
        move |text| {
            let request = Request { text: text.into(), limit: DEPTH, ..Request::default() };
            let results = search::search(&request, &engine, &catalog, &lex).unwrap();
            let part = |id: &str| {
                let stored = catalog.by_id_prefix(id, 1).unwrap().pop().unwrap();
                stored.origin.part.map(|p| p.index)
            };
            results.hits.iter().map(|h| key(&h.path, part(&h.id))).collect()
        }
    }

    /// SQLite FTS5 with its default tokenizer; each word quoted, so that none is read as an operator.
    fn sqlite(&self, between: &'static str) -> impl FnMut(&str) -> Vec<String> {
        let db = rusqlite::Connection::open_in_memory().unwrap();
        db.execute("CREATE VIRTUAL TABLE d USING fts5(key UNINDEXED, title, text)", []).unwrap();
        for p in &self.plain {
            db.execute("INSERT INTO d VALUES (?1, ?2, ?3)", [&p.key, &p.title, &p.text]).unwrap();
        }
        move |text| {
            let words: Vec<String> = match text.contains('"') {
                true => vec![text.to_string()],
                false => text.split_whitespace().map(|w| format!("\"{w}\"")).collect(),
            };
            let mut found = db.prepare_cached("SELECT key FROM d WHERE d MATCH ?1 ORDER BY rank LIMIT ?2").unwrap();
            let rows = found.query_map(rusqlite::params![words.join(between), DEPTH as i64], |r| r.get(0)).unwrap();
            rows.map(Result::unwrap).collect()
        }
    }

    /// Tantivy with its default tokenizer.
    fn tantivy(&self, all: bool) -> impl FnMut(&str) -> Vec<String> {
        let mut schema = Schema::builder();
        let key = schema.add_text_field("key", STRING | STORED);
        let (title, text) = (schema.add_text_field("title", TEXT), schema.add_text_field("text", TEXT));
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads::<TantivyDocument>(1, 50 << 20).unwrap();
        for p in &self.plain {
            writer
                .add_document(tantivy::doc!(key => p.key.as_str(), title => p.title.as_str(), text => p.text.as_str()))
                .unwrap();
        }
        writer.commit().unwrap();
        let searcher = index.reader().unwrap().searcher();
        let mut parser = QueryParser::for_index(&index, vec![title, text]);
        if all {
            parser.set_conjunction_by_default();
        }
        move |typed| {
            let (query, _) = parser.parse_query_lenient(typed);
            let top = searcher.search(&query, &TopDocs::with_limit(DEPTH).order_by_score()).unwrap();
            let stored = top.into_iter().map(|(_, at)| searcher.doc::<TantivyDocument>(at).unwrap());
            stored.map(|d| d.get_first(key).unwrap().as_str().unwrap().to_string()).collect()
        }
    }
}

#[test]
fn questions_are_answered_better_than_by_plain_engines() {
    let questions = questions();
    assert!(questions.len() >= 60);
    let answered = corpus();
    let known: BTreeSet<&String> = answered.plain.iter().map(|p| &p.key).collect();
    for q in &questions {
        q.grades.keys().for_each(|d| assert!(known.contains(d), "{}: there is no document {d}", q.text));
    }
    let mut table = vec![("engine", String::from("nDCG@10"), String::from("recall"))];
    let mut scores = Vec::new();
    let show = std::env::var("RELEVANCE_MISSES").is_ok();
    let mut measure = |name: &'static str, ask: &mut dyn FnMut(&str) -> Vec<String>, show: bool| {
        let n = questions.len() as f64;
        let (mut gain, mut found) = (0.0, 0.0);
        for q in &questions {
            let ranked = ask(&q.text);
            let (g, r) = (ndcg(&ranked, &q.grades), recall(&ranked, &q.grades));
            if show && (g < 0.9 || r < 1.0) {
                let first: Vec<&String> = ranked.iter().take(10).collect();
                let missed: Vec<&String> = q.grades.keys().filter(|d| !ranked.contains(d)).collect();
                println!("{}: nDCG@10 {g:.2}, recall {r:.2}; first {first:?}; missed {missed:?}", q.text);
            }
            gain += g / n;
            found += r / n;
        }
        table.push((name, format!("{gain:.3}"), format!("{found:.3}")));
        scores.push((gain, found));
    };
    measure("diarium", &mut answered.ours(), show);
    measure("SQLite FTS5, all words", &mut answered.sqlite(" "), false);
    measure("SQLite FTS5, any word", &mut answered.sqlite(" OR "), false);
    measure("tantivy, all words", &mut answered.tantivy(true), false);
    measure("tantivy, any word", &mut answered.tantivy(false), false);
    println!("{} questions, {} documents", questions.len(), answered.plain.len());
    table.iter().for_each(|(name, gain, found)| println!("| {name} | {gain} | {found} |"));
    let (ours, others) = scores.split_first().unwrap();
    for other in others {
        assert!(ours.0 > other.0 && ours.1 > other.1, "{table:?}");
    }
}

#[test]
fn longer_words_are_those_that_readers_mean() {
    let mut pairs: Vec<(&str, &str, bool)> = Vec::new();
    let mut meant = true;
    for line in include_str!("relevance/compounds.txt").lines().filter(|l| !l.starts_with('#')) {
        match line {
            "[yes]" => meant = true,
            "[no]" => meant = false,
            line => {
                let (part, words) = line.split_once(": ").unwrap_or_else(|| panic!("{line}"));
                pairs.extend(words.split_whitespace().map(|w| (part, w, meant)));
            }
        }
    }
    assert!(pairs.len() >= 150);
    // The index's words are those of the corpus and of the list.
    let mut words: BTreeMap<String, u64> = BTreeMap::new();
    let mut add = |text: &str| tokens(text).iter().for_each(|t| *words.entry(t.forms.exact.clone()).or_default() += 1);
    let sources = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus/sources");
    for entry in fs::read_dir(sources).unwrap().flatten() {
        add(&fs::read_to_string(entry.path()).unwrap());
    }
    pairs.iter().for_each(|(part, word, _)| add(&format!("{part} {word}")));
    let table = compounds::table(&words);
    let finds =
        |part: &str, word: &str| compounds::find(part, |key| table.get(key).cloned()).stems.contains(&forms(word).stem);
    let (mut right, mut wrong, mut missed) = (Vec::new(), Vec::new(), Vec::new());
    for (part, word, meant) in &pairs {
        match (finds(part, word), meant) {
            (true, true) => right.push((part, word)),
            (true, false) => wrong.push((part, word)),
            (false, true) => missed.push((part, word)),
            (false, false) => {}
        }
    }
    let precision = right.len() as f64 / (right.len() + wrong.len()) as f64;
    let recall = right.len() as f64 / (right.len() + missed.len()) as f64;
    println!("{} pairs: precision {precision:.3}, recall {recall:.3}", pairs.len());
    println!("wrong: {wrong:?}\nmissed: {missed:?}");
    assert!(precision >= 0.97 && recall >= 0.84, "wrong {wrong:?}, missed {missed:?}");
}
