//! Runs the readable specification in `tests/fields/*.md`: snippets and the fields expected of them.
//!
//! A case is a heading, a fenced `text` block (read as a text file, then split and parsed like any other) and a fenced
//! `json` block with what must be in the record. `tests/fields/README.md` says how the two are compared.

use std::path::{Path, PathBuf};

use diarium::ingest::{self, Document, Options};
use diarium::lexicon::Lexicon;
use diarium::parse::Parser;
use diarium::split;
use serde_json::Value;

/// One snippet with what is expected of it.
struct Case {
    /// File, line and heading, as a failure names them.
    name: String,
    text: String,
    want: Value,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fields")
}

/// The cases of one file.
fn cases(path: &Path) -> Vec<Case> {
    let source = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (mut heading, mut text) = (String::new(), None);
    let mut fence: Option<(String, usize, Vec<&str>)> = None;
    let mut out = Vec::new();
    for (i, line) in source.lines().enumerate() {
        match (&mut fence, line.strip_prefix("```")) {
            (None, Some(kind)) => fence = Some((kind.trim().to_string(), i + 1, Vec::new())),
            (None, None) => {
                if let Some(h) = line.strip_prefix('#') {
                    assert!(text.is_none(), "{file}:{}: a `text` block without `json` before this heading", i + 1);
                    heading = h.trim_start_matches('#').trim().to_string();
                }
            }
            (Some((_, _, lines)), None) => lines.push(line),
            (Some(_), Some(_)) => {
                let (kind, at, lines) = fence.take().expect("inside a fence");
                match kind.as_str() {
                    // A line `---page---` begins a new page.
                    "text" => text = Some(lines.join("\n").replace("\n---page---\n", "\n\u{c}")),
                    "json" => {
                        let text = text.take().unwrap_or_else(|| panic!("{file}:{at}: `json` without a `text` before"));
                        let want = serde_json::from_str(&lines.join("\n"))
                            .unwrap_or_else(|e| panic!("{file}:{at}: no JSON: {e}"));
                        out.push(Case { name: format!("{file}:{at}: {heading}"), text: text + "\n", want });
                    }
                    _ => {}
                }
            }
        }
    }
    assert!(fence.is_none() && text.is_none(), "{file}: a block is not closed or has no `json`");
    out
}

/// Adds what of `want` is not in `got`, with the path to it.
fn compare(path: &str, got: &Value, want: &Value, misses: &mut Vec<String>) {
    match (got, want) {
        (Value::Object(got), Value::Object(want)) => {
            for (key, want) in want {
                match got.get(key) {
                    Some(got) => compare(&format!("{path}.{key}"), got, want, misses),
                    None => misses.push(format!("{path}.{key}: not there, wanted {want}")),
                }
            }
        }
        (Value::Array(all), Value::Array(want)) if want.last().is_some_and(|w| w == "…") => {
            // Among others: each wanted one matches some value, in order.
            let mut rest = all.as_slice();
            for (i, w) in want.iter().enumerate().take(want.len() - 1) {
                let found = rest.iter().position(|g| {
                    let mut m = Vec::new();
                    compare("", g, w, &mut m);
                    m.is_empty()
                });
                match found {
                    Some(at) => rest = rest.get(at + 1..).unwrap_or_default(),
                    None => misses.push(format!("{path}[{i}]: wanted {w} among {}", brief(got))),
                }
            }
        }
        (Value::Array(all), Value::Array(want)) => {
            if all.len() != want.len() {
                misses.push(format!("{path}: {} of them, wanted {}: {}", all.len(), want.len(), brief(got)));
                return;
            }
            for (i, (g, w)) in all.iter().zip(want).enumerate() {
                compare(&format!("{path}[{i}]"), g, w, misses);
            }
        }
        (Value::Number(g), Value::Number(w)) if g.as_f64() == w.as_f64() => {}
        _ if got == want => {}
        _ => misses.push(format!("{path}: {}, wanted {want}", brief(got))),
    }
}

/// A value without its evidence, for a message.
fn brief(value: &Value) -> String {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(o) => {
                o.remove("evidence");
                o.retain(|_, v| !v.is_null() && v.as_array().is_none_or(|a| !a.is_empty()));
                o.values_mut().for_each(strip);
            }
            Value::Array(a) => a.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut value = value.clone();
    strip(&mut value);
    value.to_string()
}

/// Every quote stands where its evidence says.
fn check_quotes(path: &str, doc: &Document, value: &Value, misses: &mut Vec<String>) {
    match value {
        Value::Object(o) => {
            if let (Some(start), Some(end), Some(quote)) = (o.get("start"), o.get("end"), o.get("quote")) {
                let at = |v: &Value| v.as_u64().and_then(|n| usize::try_from(n).ok());
                let there = at(start).zip(at(end)).and_then(|(s, e)| doc.text.get(s..e));
                if there != quote.as_str() {
                    misses.push(format!("{path}: the quote {quote} does not stand at {start}..{end}"));
                }
            }
            o.iter().for_each(|(k, v)| check_quotes(&format!("{path}.{k}"), doc, v, misses));
        }
        Value::Array(a) => {
            a.iter().enumerate().for_each(|(i, v)| check_quotes(&format!("{path}[{i}]"), doc, v, misses))
        }
        _ => {}
    }
}

#[test]
fn every_snippet_gives_its_fields() {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder())
        .expect("tests/fields")
        .map(|e| e.expect("a file").path())
        .filter(|p| p.extension().is_some_and(|e| e == "md") && !p.ends_with("README.md"))
        .collect();
    files.sort();
    // FIELDS_ONLY=votes runs one file, while it is being written.
    if let Ok(only) = std::env::var("FIELDS_ONLY") {
        files.retain(|p| p.file_stem().is_some_and(|s| s.to_string_lossy() == only));
    }
    let lex = Lexicon::built_in();
    let parser = Parser::new(&lex);
    let (mut run, mut failed) = (0, Vec::new());
    for case in files.iter().flat_map(|f| cases(f)) {
        run += 1;
        let doc = ingest::read(case.text.as_bytes(), "snippet.txt", &lex, &Options::default())
            .unwrap_or_else(|e| panic!("{}: {e}", case.name));
        let mut misses = Vec::new();
        let mut records = Vec::new();
        for part in split::split(doc, &lex) {
            let record = serde_json::to_value(parser.parse(&part)).expect("a record is JSON");
            check_quotes("", &part, &record, &mut misses);
            records.push(record);
        }
        match (&case.want, records.as_slice()) {
            (Value::Object(_), [one]) => compare("", one, &case.want, &mut misses),
            _ => compare("", &Value::Array(records), &case.want, &mut misses),
        }
        if !misses.is_empty() {
            failed.push(format!("{}\n    {}", case.name, misses.join("\n    ")));
        }
    }
    assert!(run > 0, "no case was run");
    assert!(failed.is_empty(), "{} of {run} cases failed:\n{}", failed.len(), failed.join("\n"));
}
